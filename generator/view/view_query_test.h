/*
 * view_query_test.h: what the emitted tests need of a query: values for its parameters, as
 * C and as SQL. Nothing else in the view may use it.
 */
#ifndef VIEW_QUERY_TEST_H
#define VIEW_QUERY_TEST_H

#include "build.h"

/* The field `test` of a query. */
struct value view_query_test(struct builder *builder, const struct query *query);

/* The columns of a row that are integers, as bits, for C: 0x6u. */
const char *view_integers(struct arena *arena, const struct table *row);

#endif
