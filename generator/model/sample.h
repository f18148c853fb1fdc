/*
 * sample.h: rows that satisfy every rule of a table, made from the schema alone, the same
 * on every machine. Emitted tests insert them; the referee proves that SQLite takes them.
 */
#ifndef SAMPLE_H
#define SAMPLE_H

#include "model.h"

/*
 * Rows 0, 1 and 2 of a table are valid, and all foreign keys refer to sample rows of their
 * parents: row N to row N where it can be (a nullable one in a cycle is NULL). Row 0 has
 * the least values allowed (empty text, the minimum, NULL where nullable), row 1 the
 * greatest that are practical (maximum, longest text up to 200 characters, some beyond
 * ASCII), row 2 ordinary ones. Columns that an expression of the user's names have
 * ordinary values in all rows, or what a search found (sample_search.c).
 *
 * The first table->sample_count rows can be in the table together, which is fewer where a
 * key has fewer than three values (a table of one row, a key that is a bool); the others
 * are valid alone. It is 0 where no valid row was found: then nothing of the table is
 * tested.
 */
enum {
    SAMPLE_ROWS = 3
};

struct sample {
    struct literal *values; /* one per column; generated columns: LITERAL_NULL */
};

/* A value that breaks one rule of a column, with the status of quarry.h that it gives. */
struct bad_value {
    struct literal value; /* of an enum: LITERAL_INTEGER, its number in C */
    const char *status;   /* "QUARRY_CHECK" */
    const char *rule;     /* "greater than the maximum" */
};

/*
 * Fills table->samples of all tables. Where rules of the user's own (a check, a pattern)
 * can't be met by construction, the column's `examples` and then other values are tried.
 * Why none was found is reported by the referee, which asks for `examples`.
 */
void sample_plan(struct arena *arena, struct diags *diags, struct schema *schema);

/* The values that a column must refuse: one past each bound, undeclared enum, bad JSON, …
 */
size_t sample_bad_values(struct arena *arena, const struct schema *schema,
                         const struct column *column, const struct bad_value **values);

#endif
