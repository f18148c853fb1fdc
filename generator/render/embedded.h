/*
 * embedded.h: the templates of templates/ as they are inside the program. The build makes
 * their array with embed.c: `embed OUT.c templates`. It must not know what they say.
 */
#ifndef EMBEDDED_H
#define EMBEDDED_H

#include <stddef.h>

/* The file NAME.mustache; a NUL stands behind its `length` bytes. */
struct embedded {
    const char *name, *text;
    size_t length;
};

/* Sorted by name, as strcmp() has it. */
extern const struct embedded embedded_templates[];
extern const size_t embedded_count;

/* The template of that name, or NULL. */
const struct embedded *embedded_find(const char *name);

#endif
