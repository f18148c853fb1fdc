/*
 * emit.h: one schema through the last stages, model → view → templates → files. Every
 * template whose name begins with `schema` makes a file: `schema.h.mustache` makes
 * NAME.h, `schema_test.c.mustache` NAME_test.c; the others are partials.
 */
#ifndef EMIT_H
#define EMIT_H

#include "../render/files.h"
#include "cli.h"

struct emitter;

struct emit_options {
    const char *output;    /* the folder that gets a folder for each schema */
    const char *templates; /* a folder of the user's templates; NULL: the built-in ones */
    const char *only; /* a pattern that a file's name must match, or NULL (fnmatch) */
};

/* Reads and parses the templates. NULL after an error, which is printed; *status is set.
 */
struct emitter *emitter_new(struct arena *arena, const struct emit_options *options,
                            int *status);

/*
 * Renders the schema's files into `set`. Returns an exit status; errors are printed, but
 * where the set could not take a file: then *write_failed, and files_finish() prints why.
 */
int emit_schema(struct emitter *emitter, struct file_set *set, struct work *work,
                bool *write_failed);

/* The templates that were read from a folder, for the depfile: `count` paths. */
const char *const *emitter_files(const struct emitter *emitter, size_t *count);

#endif
