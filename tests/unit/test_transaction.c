/*
 * test_transaction.c: begin, commit, rollback, nesting, retries, and what happens when
 * SQLite ends a transaction by itself. What is in the table afterwards is the judge.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../runtime/internal.h"
#include "sample_schema.h"
#include "temp_file.h"

static int open_db(void **state)
{
    quarry_db *db = sample_open();

    assert_non_null(db);
    assert_int_equal(
        quarry_exec(db, "CREATE TABLE t (x INTEGER UNIQUE ON CONFLICT ROLLBACK)"), 0);
    *state = db;
    return 0;
}

static int close_db(void **state)
{
    quarry_close(*state);
    return 0;
}

static quarry_status insert(quarry_db *db, int x)
{
    char sql[64];

    snprintf(sql, sizeof sql, "INSERT INTO t VALUES (%d)", x);
    return quarry_exec(db, sql);
}

static int64_t sum(quarry_db *db)
{
    sqlite3_stmt *stmt = NULL;
    int64_t value;

    sqlite3_prepare_v2(quarry_sqlite(db), "SELECT total(x) FROM t", -1, &stmt, NULL);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    value = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return value;
}

/* ---- one level, several levels --------------------------------------------------------
 */

static void test_commit_and_rollback(void **state)
{
    quarry_db *db = *state;

    assert_int_equal(quarry_in_transaction(db), 0);
    assert_int_equal(quarry_begin(db), QUARRY_OK);
    assert_int_equal(quarry_in_transaction(db), 1);
    assert_int_equal(sqlite3_txn_state(quarry_sqlite(db), "main"), SQLITE_TXN_WRITE);
    insert(db, 1);
    assert_int_equal(quarry_commit(db), QUARRY_OK);
    assert_int_equal(quarry_begin_deferred(db), QUARRY_OK);
    assert_int_equal(sqlite3_txn_state(quarry_sqlite(db), "main"), SQLITE_TXN_NONE);
    insert(db, 2);
    assert_int_equal(quarry_rollback(db), QUARRY_OK);
    assert_int_equal(quarry_in_transaction(db), 0);
    assert_int_equal(sum(db), 1);
}

static void test_without_begin(void **state)
{
    quarry_db *db = *state;

    assert_int_equal(quarry_commit(db), QUARRY_MISUSE);
    assert_string_equal(quarry_last_error(db)->message, "commit without begin");
    assert_int_equal(quarry_rollback(db), QUARRY_MISUSE);
    assert_int_equal(quarry_exec(db, NULL), QUARRY_MISUSE);
    assert_int_equal(quarry_transaction(db, NULL, NULL), QUARRY_MISUSE);
}

static void test_nesting(void **state)
{
    quarry_db *db = *state;

    for (int i = 0; i < 12; i++) {
        assert_int_equal(quarry_begin(db), QUARRY_OK);
        insert(db, 1 << i);
    }
    assert_int_equal(quarry_in_transaction(db), 12);
    for (int i = 11; i >= 0; i--) /* odd levels are undone, even ones kept */
        assert_int_equal(i % 2 ? quarry_rollback(db) : quarry_commit(db), QUARRY_OK);
    assert_int_equal(quarry_in_transaction(db), 0);
    assert_int_equal(sum(db), 1);
    assert_int_equal(quarry_begin(db), QUARRY_OK);
    assert_int_equal(quarry_begin(db), QUARRY_OK);
    insert(db, 2);
    assert_int_equal(quarry_commit(db), QUARRY_OK);
    assert_int_equal(quarry_begin(db), QUARRY_OK);
    insert(db, 4);
    assert_int_equal(quarry_rollback(db), QUARRY_OK);
    assert_int_equal(quarry_commit(db), QUARRY_OK);
    assert_int_equal(sum(db), 3);
}

/* ---- SQLite ends it by itself --------------------------------------------------- */

static void test_rolled_back_by_sqlite(void **state)
{
    quarry_db *db = *state;

    assert_int_equal(quarry_begin(db), QUARRY_OK);
    assert_int_equal(quarry_begin(db), QUARRY_OK);
    insert(db, 1);
    assert_int_equal(insert(db, 1), QUARRY_UNIQUE); /* ON CONFLICT ROLLBACK */
    assert_int_equal(quarry_in_transaction(db), 0);
    assert_int_equal(quarry_rollback(db),
                     QUARRY_OK); /* the caller's own, for each begin */
    assert_int_equal(quarry_rollback(db), QUARRY_OK);
    assert_int_equal(quarry_last_error(db)->status, QUARRY_UNIQUE);
    assert_int_equal(quarry_rollback(db), QUARRY_MISUSE);
    assert_int_equal(sum(db), 0);
}

static void test_commit_after_sqlite_rolled_back(void **state)
{
    quarry_db *db = *state;

    assert_int_equal(quarry_begin(db), QUARRY_OK);
    insert(db, 1);
    assert_int_equal(insert(db, 1), QUARRY_UNIQUE);
    assert_int_equal(quarry_commit(db), QUARRY_MISUSE);
    assert_non_null(strstr(quarry_last_error(db)->message, "rolled this transaction"));
    assert_int_equal(quarry_begin(db), QUARRY_OK);
    insert(db, 2);
    assert_int_equal(quarry_commit(db), QUARRY_OK);
    assert_int_equal(sum(db), 2);
}

static void test_ended_by_text(void **state)
{
    quarry_db *db = *state;

    assert_int_equal(quarry_begin(db), QUARRY_OK);
    insert(db, 1);
    assert_int_equal(quarry_exec(db, "COMMIT"), QUARRY_OK);
    assert_int_equal(quarry_in_transaction(db), 0);
    assert_int_equal(quarry_exec(db, "BEGIN"), QUARRY_OK);
    insert(db, 2);
    assert_int_equal(quarry_begin(db), QUARRY_OK); /* a savepoint in the program's own */
    insert(db, 4);
    assert_int_equal(quarry_rollback(db), QUARRY_OK);
    assert_int_equal(quarry_begin(db), QUARRY_OK);
    insert(db, 8);
    assert_int_equal(quarry_commit(db), QUARRY_OK);
    assert_int_equal(quarry_in_transaction(db), 0);
    assert_int_equal(sum(db), 11);
    assert_int_equal(quarry_exec(db, "ROLLBACK"), QUARRY_OK);
    assert_int_equal(sum(db), 1);
}

static void test_commit_that_fails_stays_open(void **state)
{
    quarry_db *db = *state;

    quarry_exec(db, "CREATE TABLE child (h TEXT REFERENCES hosts (id)"
                    " DEFERRABLE INITIALLY DEFERRED)");
    assert_int_equal(quarry_begin(db), QUARRY_OK);
    assert_int_equal(quarry_exec(db, "INSERT INTO child VALUES ('no')"), QUARRY_OK);
    assert_int_equal(quarry_commit(db), QUARRY_FOREIGN_KEY);
    assert_int_equal(quarry_in_transaction(db), 1);
    assert_int_equal(quarry_exec(db, "DELETE FROM child"), QUARRY_OK);
    assert_int_equal(quarry_commit(db), QUARRY_OK);
}

/* ---- a function ----------------------------------------------------------------- */

struct plan {
    int calls;
    quarry_status result;
    int begins; /* that it does not end */
    int commits;
    bool provoke;
};

static quarry_status work(quarry_db *db, void *context)
{
    struct plan *plan = context;

    insert(db, ++plan->calls);
    for (int i = 0; i < plan->begins; i++)
        quarry_begin(db);
    for (int i = 0; i < plan->commits; i++)
        quarry_commit(db);
    if (plan->provoke)
        return insert(db, plan->calls);
    return plan->result;
}

static void test_function(void **state)
{
    quarry_db *db = *state;
    struct plan good = {.result = QUARRY_OK};
    struct plan bad = {.calls = 1, .result = QUARRY_CHECK};

    assert_int_equal(quarry_transaction(db, work, &good), QUARRY_OK);
    assert_int_equal(quarry_transaction(db, work, &bad), QUARRY_CHECK);
    assert_int_equal(bad.calls, 2);
    assert_int_equal(sum(db), 1);
    assert_int_equal(quarry_begin(db), QUARRY_OK);
    assert_int_equal(quarry_transaction(db, work, &bad), QUARRY_CHECK);
    assert_int_equal(quarry_transaction(db, work, &good), QUARRY_OK);
    assert_int_equal(quarry_in_transaction(db), 1);
    assert_int_equal(quarry_commit(db), QUARRY_OK);
    assert_int_equal(sum(db), 3);
}

static void test_function_that_does_not_come_out_even(void **state)
{
    quarry_db *db = *state;
    struct plan begins = {.begins = 3};
    struct plan commits = {.calls = 10, .commits = 1};

    assert_int_equal(quarry_transaction(db, work, &begins), QUARRY_MISUSE);
    assert_int_equal(quarry_in_transaction(db), 0);
    assert_int_equal(sum(db), 0);
    assert_int_equal(quarry_transaction(db, work, &commits), QUARRY_MISUSE);
    assert_int_equal(quarry_in_transaction(db), 0);
}

static void test_function_that_makes_sqlite_roll_back(void **state)
{
    quarry_db *db = *state;
    struct plan plan = {.provoke = true};

    assert_int_equal(quarry_transaction(db, work, &plan), QUARRY_UNIQUE);
    assert_int_equal(quarry_last_error(db)->status, QUARRY_UNIQUE);
    assert_int_equal(plan.calls, 1);
    assert_int_equal(quarry_in_transaction(db), 0);
    assert_int_equal(quarry_rollback(db), QUARRY_MISUSE);
}

/* ---- another connection --------------------------------------------------------- */

static int busy_calls;

/* Lets go of the lock when it was asked for the third time. */
static int busy(void *other, int count)
{
    (void)count;
    if (++busy_calls == 3)
        sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL);
    return 0;
}

static void with_writer(int *calls, quarry_status *status, bool lets_go)
{
    char path[TEMP_PATH_SIZE];
    quarry_options options;
    quarry_db *db = NULL;
    sqlite3 *other = NULL;
    struct plan plan = {.result = QUARRY_OK};

    temp_path(path);
    quarry_options_init(&options);
    options.ignore_environment = true;
    assert_int_equal(quarry_open(&sample_schema, path, &options, &db), QUARRY_OK);
    assert_int_equal(quarry_exec(db, "CREATE TABLE t (x)"), QUARRY_OK);
    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    busy_calls = lets_go ? 0 : 100;
    sqlite3_busy_handler(quarry_sqlite(db), busy, other);
    *status = quarry_transaction(db, work, &plan);
    *calls = busy_calls;
    assert_int_equal(quarry_in_transaction(db), 0);
    assert_int_equal(plan.calls, *status == QUARRY_OK);
    sqlite3_close(other);
    quarry_close(db);
    temp_remove(path);
}

static void test_busy_is_tried_again(void **state)
{
    quarry_status status;
    int calls;

    (void)state;
    with_writer(&calls, &status, true);
    assert_int_equal(status, QUARRY_OK);
    assert_int_equal(calls, 3);
    with_writer(&calls, &status, false);
    assert_int_equal(status, QUARRY_BUSY);
    assert_int_equal(calls - 100, 1 + QUARRY_RETRIES);
}

#define WITH_DB(test) cmocka_unit_test_setup_teardown(test, open_db, close_db)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_DB(test_commit_and_rollback),
        WITH_DB(test_without_begin),
        WITH_DB(test_nesting),
        WITH_DB(test_rolled_back_by_sqlite),
        WITH_DB(test_commit_after_sqlite_rolled_back),
        WITH_DB(test_ended_by_text),
        WITH_DB(test_commit_that_fails_stays_open),
        WITH_DB(test_function),
        WITH_DB(test_function_that_does_not_come_out_even),
        WITH_DB(test_function_that_makes_sqlite_roll_back),
        cmocka_unit_test(test_busy_is_tried_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
