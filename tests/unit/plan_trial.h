/*
 * plan_trial.h: a database in memory, its structure as plans see it, and plans that are
 * made and applied to it, for the tests of plans. It must not know what is changed.
 */
#ifndef PLAN_TRIAL_H
#define PLAN_TRIAL_H

#include "migrate/apply.h"
#include "migrate/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;
static sqlite3 *db;

static inline int set_up(void **state)
{
    (void)state;
    return sqlite3_open(":memory:", &db) == SQLITE_OK ? 0 : -1;
}

static inline int tear_down(void **state)
{
    (void)state;
    sqlite3_close(db);
    arena_release(&arena);
    return 0;
}

static inline void run(const char *sql)
{
    char *message = NULL;

    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
}

/* All rows of a query: columns joined by '|', rows by ' '. */
static inline const char *ask(const char *sql)
{
    sqlite3_stmt *statement = NULL;
    const char *text = "";
    int i;

    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    while (sqlite3_step(statement) == SQLITE_ROW)
        for (i = 0; i < sqlite3_column_count(statement); i++) {
            const char *value = (const char *)sqlite3_column_text(statement, i);

            text = arena_printf(&arena, "%s%s%s", text,
                                i > 0 ? "|" : (*text != '\0' ? " " : ""),
                                value != NULL ? value : "NULL");
        }
    sqlite3_finalize(statement);
    return text;
}

static inline struct plan *plan_to(const char *to, const char *rename)
{
    struct rename_text renames = {&rename, rename != NULL};
    const char *error = NULL;
    struct structure *from = structure_read(&arena, db, &error);
    struct structure *target = scratch_structure(&arena, to, &error);
    struct diff *diff;
    struct plan *plan = NULL;

    if (target == NULL)
        fail_msg("%s: %s", to, error);
    diff = diff_structures(&arena, from, target, &renames, &error);
    if (diff != NULL)
        plan = plan_make(&arena, diff, &error);
    if (plan == NULL)
        fail_msg("%s: %s", to, error);
    return plan;
}

static inline const char *apply(const struct plan *plan)
{
    static const struct apply_options options = {.accept_data_loss = true};
    const char *error = NULL;
    bool done = plan_apply(&arena, plan, db, &options, &error);

    assert_int_equal(done, error == NULL);
    assert_int_equal(sqlite3_get_autocommit(db), 1);
    return error;
}

static inline void migrate(const char *to, const char *rename)
{
    const char *error = apply(plan_to(to, rename));

    if (error != NULL)
        fail_msg("%s", error);
    assert_int_equal(plan_to(to, NULL)->statements.count, 0);
}

static inline bool rebuilds(const char *from, const char *to)
{
    const char *error;
    struct structure *a = scratch_structure(&arena, from, &error);
    struct structure *b = scratch_structure(&arena, to, &error);
    struct diff *diff = diff_structures(&arena, a, b, NULL, &error);
    struct plan *plan = plan_make(&arena, diff, &error);

    if (plan == NULL)
        fail_msg("%s: %s", to, error);
    assert_true(plan->statements.count > 0);
    return plan->rebuilt.count > 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
