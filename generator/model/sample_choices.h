/*
 * sample_choices.h: values worth trying in a column when the made-up one breaks a rule of
 * the user's own: other made-up values, NULL, what stands in the expressions that name
 * the column, what other columns of the row have. It must not know keys or SQLite.
 */
#ifndef SAMPLE_CHOICES_H
#define SAMPLE_CHOICES_H

#include "model.h"

struct sample_choices {
    const struct literal *items;
    size_t count;
};

/* The column of a row, whose other columns have `values`. */
struct sample_request {
    struct arena *arena;
    const struct schema *schema;
    const struct table *table;
    const struct column *column;
    const struct literal *values;
    size_t row;
    bool may_be_null;
};

/* All satisfy the column's own rules; none is there twice. */
struct sample_choices sample_choices(const struct sample_request *request);

/* Whether the column's rules, its list among them, take the value. */
bool sample_takes(const struct column *column, const struct literal *value);

#endif
