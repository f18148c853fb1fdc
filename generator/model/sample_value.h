/*
 * sample_value.h: single values that satisfy a column's own rules. It must not know other
 * columns, keys or tables.
 */
#ifndef SAMPLE_VALUE_H
#define SAMPLE_VALUE_H

#include "model.h"

enum sample_style {
    SAMPLE_LEAST,
    SAMPLE_GREATEST,
    SAMPLE_ORDINARY
};

/*
 * A value of the column, never NULL. Other variants (0, 1, 2, …) give other values as far
 * as the column's rules leave any: the next to the least, to the greatest, …
 */
struct literal sample_value(struct arena *arena, const struct schema *schema,
                            const struct column *column, enum sample_style style,
                            size_t variant);

/* Whether the column's own rules (range, length, pattern, one_of, type) take the value.
 */
bool sample_satisfies(const struct column *column, const struct literal *value);

/* Whether a unique column takes them for the same; NULL is the same as nothing. */
bool sample_equal(const struct column *column, const struct literal *a,
                  const struct literal *b);

#endif
