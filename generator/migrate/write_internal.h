/*
 * write_internal.h: what the files that write steps share. Only write*.c may include it.
 */
#ifndef WRITE_INTERNAL_H
#define WRITE_INTERNAL_H

#include "write.h"

struct writer {
    const struct stage *stage;
    const struct write_renames *renames;
    struct state *state;
    const struct schema *from; /* the model of the state */
    const struct structure *before, *after;
    struct map
        absent; /* with renames: names of views and virtual tables dropped before */
    struct buf *out;
    unsigned indent;
    size_t count;
};

/* Indents a line that stands `more` spaces inside of a step. */
void write_line(struct writer *writer, unsigned more);

/* Begins "- word: ", and counts it. */
void write_step(struct writer *writer, const char *word);

/* The same with a line end: what it says follows on lines of its own. */
void write_long_step(struct writer *writer, const char *word);

/* The table of the state that a declared one was, or NULL: it is new. */
const struct table *write_old_table(const struct writer *writer, const char *name);

/* True where the table or its indexes differ in SQL, once it has its new name. */
bool write_differs(struct writer *writer, const struct table *old,
                   const struct table *new);

/* What goes away, in the old names, and then what changes, in the new ones. */
void write_drops(struct writer *writer, const struct table *old, const struct table *new);

void write_table(struct writer *writer, const struct table *table);
void write_change(struct writer *writer, const struct table *old,
                  const struct table *new);

#endif
