/*
 * sample_search.h: makes a sample row of a table valid by trying other values, a bounded
 * search with the same result everywhere. Only sample*.c may include it.
 */
#ifndef SAMPLE_SEARCH_H
#define SAMPLE_SEARCH_H

#include "judge.h"
#include "sample_sets.h"

/* A table whose rows are being made. */
struct sampler {
    struct arena *arena;
    const struct schema *schema;
    struct table *table;
    struct judge *judge;
    bool judged; /* SQLite has a say: the table has expressions */
    bool *plain; /* per column: named by an expression of the user's */
    bool *unset; /* per column: NULL in all rows, to break a cycle */
    struct sample_sets sets;
};

/* Whether the key's parent has its rows by now, and is another table. */
bool sample_is_filled(const struct table *table, const struct foreign_key *key);

/*
 * Changes row `row` of the table until it is valid beside the first `before` rows; it has
 * to be filled. False where nothing was found; then the row is as near as it came.
 */
bool sample_search(struct sampler *sampler, size_t row, size_t before);

/* Whether the row is valid as it is. */
bool sample_is_good(struct sampler *sampler, size_t row, size_t before);

#endif
