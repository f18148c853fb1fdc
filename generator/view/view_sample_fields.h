/*
 * view_sample_fields.h: the fields of a table's `test`. Only view_sample*.c may include it.
 */
#ifndef VIEW_SAMPLE_FIELDS_H
#define VIEW_SAMPLE_FIELDS_H

#include "build.h"

struct tester;

/* clang-format off */
#define TEST_FIELDS(X) \
    X(rows) X(row_count) X(several) X(ordinary) X(extremes) X(extreme_count) X(initial) \
    X(fields) X(ancestors) X(has_ancestors) X(deferred) X(moving) X(has_moving) \
    X(free_count) X(needed) X(now) X(random) X(created) X(bad) X(has_bad) X(bad_sql) \
    X(has_bad_sql) X(uniques) X(has_uniques) X(missing) X(has_missing) X(deletes) \
    X(mismatches) X(has_mismatches) X(finds) X(has_finds) X(lists_by) X(sorted) \
    X(has_lists) X(by_key) X(run) X(has_extremes) X(has_now) X(computed) X(table_c) \
    X(delete_c) X(touched) X(has_touched) X(reversed) X(assigns_new) X(is_not_key) \
    X(upserts_new) X(many_move) X(touch_is_bound) X(upsert_is_bound) X(circle) \
    X(entangled)
/* clang-format on */
#define TEST_NUMBER(field) TEST_##field,
enum {
    TEST_FIELDS(TEST_NUMBER) TEST_COUNT
};

/* Fills the fields that say how columns are compared, and which of them do what. */
void tester_columns(struct tester *tester, struct value *f);

#endif
