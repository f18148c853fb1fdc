/*
 * sample_sets.h: which columns must differ between the rows of a table: its keys, unique
 * constraints and unique indexes. It must not know where the rows come from.
 */
#ifndef SAMPLE_SETS_H
#define SAMPLE_SETS_H

#include "model.h"

/* Columns that must differ together. */
struct sample_set {
    struct columns columns;  /* stored ones: what an expression names stands for it */
    const char **collations; /* per column, NULL: that of the column */
    bool exact; /* false: an expression, a computed column or a WHERE has a say */
};

struct sample_sets {
    const struct sample_set *items;
    size_t count;
};

enum sample_clash {
    CLASH_NONE,
    CLASH_PERHAPS, /* only SQLite can tell */
    CLASH_SURE
};

struct sample_sets sample_sets_of(struct arena *arena, const struct table *table);

/*
 * Whether two rows of the table, one value per column, are equal in the set. Where the
 * set is not exact, rows that have in all its columns the values of two different sample
 * rows don't clash, as those are in the table together.
 */
enum sample_clash sample_clash(const struct table *table, const struct sample_set *set,
                               const struct literal *a, const struct literal *b);

#endif
