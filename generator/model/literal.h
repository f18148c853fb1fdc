/*
 * literal.h: values written in the schema as values of a column's type: defaults, bounds,
 * examples, seeds. Every range is checked here. It must not know tables.
 */
#ifndef LITERAL_H
#define LITERAL_H

#include "model.h"

struct literal_reader {
    struct arena *arena;
    struct diags *diags;
    const struct options *options; /* how timestamps are stored */
};

enum literal_use {
    LITERAL_OF_RULE,    /* a bound, an allowed value: never NULL */
    LITERAL_OF_EXAMPLE, /* NULL where the column is nullable */
    LITERAL_OF_SEED,    /* the same */
    LITERAL_OF_DEFAULT  /* the same; also `now` and `random` */
};

/*
 * Reads `node` as a value of the column's type, which is known. False: it is none, and
 * that was reported (Q0140 to Q0144).
 */
bool literal_read(const struct literal_reader *reader, const struct column *column,
                  const struct node *node, enum literal_use use, struct literal *literal);

/*
 * Reports a value that the column's own rules exclude: min, max, lengths, pattern,
 * one_of. `what` names it: "the default". True: it keeps them.
 */
bool literal_check(const struct literal_reader *reader, const struct column *column,
                   const struct literal *literal, const char *what);

/* The same kind and value; -1, 0, 1 for two numbers of one kind. */
bool literal_equal(const struct literal *a, const struct literal *b);
int literal_compare(const struct literal *a, const struct literal *b);

#endif
