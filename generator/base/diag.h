/*
 * diag.h: what is wrong with the user's input, and where. Diagnostics are data: they are
 * collected during a run, so that one run reports many, and printed at its end:
 *
 *     schema/dockstat.yaml:31:7: error: unknown key `on_delte` in a column [Q0104]
 *        31 |       on_delte: cascade
 *           |       ^~~~~~~~ did you mean `on_delete`?
 *
 * Every code stands in docs/diagnostics.md and has a test. It must not know YAML or SQL.
 */
#ifndef DIAG_H
#define DIAG_H

#include "arena.h"

#include <stdbool.h>
#include <stdio.h>

/* A place in a source: line and column count from 1, the column in bytes. line 0: none. */
struct pos {
    const struct source *source;
    unsigned line, column;
};

/* A place and how many bytes from it the caret underlines; never beyond its line. */
struct span {
    struct pos at;
    unsigned length;
};

struct source {
    const char *name; /* as the user named it: a path, or "<stdin>" */
    const char *text;
    size_t length;
    const unsigned
        *lines;        /* offset of each line; the first is behind a byte order mark */
    size_t line_count; /* at least 1; lines end at a line feed */
    size_t order;      /* counts from 0 as registered */
};

/* The place of a byte, and of `length` bytes from it but not beyond its line. */
struct pos pos_at(const struct source *source, size_t offset);
struct span span_at(const struct source *source, size_t offset, size_t length);

/* The offset of a place, and a line's text without its end. line 0: offset 0, no text. */
size_t pos_offset(struct pos pos);
const char *source_line(const struct source *source, unsigned line, size_t *length);

struct diags;

struct diags *diags_new(struct arena *arena);

/* Registers a text and its name, which must outlive the diagnostics. Splits it into lines. */
const struct source *diags_source(struct diags *diags, const char *name, const char *text,
                                  size_t length);

/*
 * Adds what is in `from` behind what is in `diags`, as if it had been reported there. The
 * texts stay in the arena of `from`, which must live as long. Sources are not registered
 * again: both must have the sources of `diags`, or none.
 */
void diags_join(struct diags *diags, const struct diags *from);

/*
 * Adds an error with its code, 104 for Q0104 (findings.h: L101), and returns it so that a hint or notes can be
 * added. Where two errors are at the same place only the first is kept, because the second
 * follows from it; so are two warnings with the same code. All calls are safe on what is
 * returned. Control characters in messages are printed as `?`; long messages are cut.
 */
struct diag *diag_error(struct diags *diags, int code, struct span span,
                        const char *format, ...) __attribute__((format(printf, 4, 5)));
struct diag *diag_warning(struct diags *diags, int code, struct span span,
                          const char *format, ...) __attribute__((format(printf, 4, 5)));

/* What stands behind the caret: "did you mean `x`?". */
void diag_hint(struct diag *diag, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A second place: "first defined here". */
void diag_note(struct diag *diag, struct span span, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* While muted, warnings are dropped. Returns what was so before. */
bool diags_mute_warnings(struct diags *diags, bool muted);

size_t diags_errors(const struct diags *diags);

/*
 * The errors that are kept, in the order found: false behind the last. The message lives as
 * long as the diagnostics.
 */
bool diags_error_at(const struct diags *diags, size_t index, struct pos *at,
                    const char **message);
size_t diags_warnings(const struct diags *diags);

/*
 * True once so many errors were found that going on helps nobody (DIAGS_LIMIT). Further
 * ones, and warnings over the same limit, are counted but not kept, and the end of the
 * printed list says how many.
 */
enum {
    DIAGS_LIMIT = 100
};
bool diags_full(const struct diags *diags);

/* Prints all, ordered by source as registered, then line and column; no count at the end. */
void diags_print(const struct diags *diags, FILE *out, bool color);

/*
 * The same as one JSON array, for editors: objects with file, line, column, length, severity
 * ("error", "warning"), code ("Q0104"), message, hint (or null) and notes, a list of objects
 * with file, line, column, length and message.
 */
void diags_print_json(const struct diags *diags, FILE *out);

#endif
