/*
 * test_migrate_failure.c: a migration that fails leaves the version before it, whole, and
 * the connection as it was: steps and functions that fail or meddle with the transaction.
 */
#include "changed_trial.h"

/* ---- steps that fail ------------------------------------------------------------- */

static const char *const bad_sql[] = {"INSERT INTO nowhere VALUES (1)", NULL};

/* The failing step comes before the `at`th of the migration. */
static void fail_at(int position, bool down, int at)
{
    struct changed changed;
    quarry_db *db = trial_open(&chain_schema, ":memory:", false);
    const int target = down ? 0 : CHAIN_COUNT;
    quarry_status status;

    trial_migrate(db, chain_version(position));
    insert_step(&changed, position, down, at, sql_step(bad_sql));
    db->schema = &changed.schema;
    status = quarry_migrate(db, chain_version(target), NULL);
    expect_error(db, status, QUARRY_MIGRATION, "no such table: nowhere");
    expect_place(db, &changed.migrations[down ? position - 1 : position], at + 1,
                 QUARRY_ERROR);
    assert_string_equal(quarry_last_error(db)->sql, bad_sql[0]);
    assert_int_equal(quarry_last_error(db)->sqlite_code, SQLITE_ERROR);
    trial_expect(quarry_sqlite(db), position);
    trial_check_sound(quarry_sqlite(db));
    expect_settings(db, 1, 0);
    db->schema = &chain_schema;
    trial_migrate(db, chain_version(target));
    trial_expect(quarry_sqlite(db), target);
    quarry_close(db);
}

static void test_every_step_fails(void **state)
{
    (void)state;
    for (int i = 0; i < CHAIN_COUNT; i++) {
        for (int at = 0; at <= chain_migrations[i].up_count; at++)
            fail_at(i, false, at);
        for (int at = 0; at <= chain_migrations[i].down_count; at++)
            fail_at(i + 1, true, at);
    }
}

/* Those before the one that fails stay. */
static void test_open_stops_in_the_middle(void **state)
{
    const quarry_options options = trial_options();
    struct changed changed;
    quarry_db *db = NULL;

    (void)state;
    insert_step(&changed, 6, false, 1, sql_step(bad_sql));
    expect_error(db, quarry_open(&changed.schema, path, &options, &db), QUARRY_MIGRATION,
                 "migration 7 (nocase), step 2 of 2, break: ");
    expect_place(db, &changed.migrations[6], 2, QUARRY_ERROR);
    assert_string_equal(quarry_last_error(db)->sql, bad_sql[0]);
    assert_int_equal(quarry_migrate(db, 1, NULL), QUARRY_MISUSE);
    quarry_close(db);
    db = trial_open(&chain_schema, path, true);
    trial_expect(quarry_sqlite(db), 6);
    quarry_close(db);
    assert_int_equal(quarry_open(&chain_schema, path, &options, &db), QUARRY_OK);
    trial_expect(quarry_sqlite(db), CHAIN_COUNT);
    quarry_close(db);
}

struct breach {
    const char *sql;
    const char *message;
    quarry_status cause;
};

/* Statements that end the transaction, or break what the file promises. */
static const struct breach breaches[] = {
    {"COMMIT", "a statement has ended the transaction", QUARRY_MISUSE},
    {"ROLLBACK", "a statement has ended the transaction", QUARRY_MISUSE},
    {"ROLLBACK TO quarry_nothing", "no such savepoint", QUARRY_ERROR},
    {"RELEASE quarry_migration", "a step has ended the transaction", QUARRY_MISUSE},
    {"BEGIN", "within a transaction", QUARRY_ERROR},
    {"VACUUM", "VACUUM", QUARRY_ERROR},
    {"INSERT INTO hosts (id, name) VALUES ('a', 'once more')", "hosts.id", QUARRY_UNIQUE},
    {"INSERT INTO hosts (id, name) VALUES (1, NULL)", "hosts.name", QUARRY_NOT_NULL},
    {"INSERT INTO containers (host_id, name, state) VALUES ('nobody', 'x', 'new')",
     "missing", QUARRY_FOREIGN_KEY},
    {"INSERT OR ROLLBACK INTO hosts (id, name) VALUES ('a', 'x')", "hosts.id",
     QUARRY_UNIQUE},
    {"SELECT json('{')", "malformed", QUARRY_ERROR},
    {"syntax", "syntax error", QUARRY_ERROR},
};

static void test_breaches(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof breaches / sizeof *breaches; i++) {
        const char *const sql[] = {breaches[i].sql, NULL};
        quarry_db *db = trial_open(&chain_schema, ":memory:", false);
        struct changed changed;

        trial_migrate(db, 5);
        trial_run(quarry_sqlite(db), "PRAGMA legacy_alter_table = ON");
        insert_step(&changed, 5, false, 1, sql_step(sql));
        db->schema = &changed.schema;
        expect_error(db, quarry_migrate(db, 6, NULL), QUARRY_MIGRATION,
                     breaches[i].message);
        assert_int_equal(quarry_last_error(db)->cause, breaches[i].cause);
        trial_expect(quarry_sqlite(db), 5);
        expect_settings(db, 1, 1);
        db->schema = &chain_schema;
        trial_migrate(db, QUARRY_LATEST);
        trial_expect(quarry_sqlite(db), CHAIN_COUNT);
        expect_settings(db, 1, 1);
        quarry_close(db);
    }
}

/* Enforced while it runs, whatever the program has chosen for itself. */
static void test_foreign_keys_off_in_the_program(void **state)
{
    quarry_options options = trial_options();
    quarry_db *db = NULL;

    (void)state;
    options.foreign_keys = false;
    assert_int_equal(quarry_open(&chain_schema, path, &options, &db), QUARRY_OK);
    trial_expect(quarry_sqlite(db), CHAIN_COUNT);
    trial_migrate(db, 1); /* whose way down deletes by cascade */
    trial_expect(quarry_sqlite(db), 1);
    expect_settings(db, 0, 0);
    quarry_close(db);
}

/* ---- functions ------------------------------------------------------------------- */

static quarry_status return_check(quarry_db *db, void *context)
{
    (void)context;
    return quarry_exec(db, "INSERT INTO containers (host_id, name, state)"
                           " VALUES ('a', 'x', 'neither')");
}

static quarry_status return_not_found(quarry_db *db, void *context)
{
    (void)db;
    (void)context;
    return QUARRY_NOT_FOUND;
}

static quarry_status do_commit(quarry_db *db, void *context)
{
    (void)context;
    quarry_commit(db);
    return QUARRY_OK;
}

static quarry_status do_raw_commit(quarry_db *db, void *context)
{
    (void)context;
    sqlite3_exec(quarry_sqlite(db), "DELETE FROM hosts; COMMIT", NULL, NULL, NULL);
    return QUARRY_OK;
}

static quarry_status do_rollback(quarry_db *db, void *context)
{
    (void)context;
    return quarry_rollback(db);
}

static quarry_status do_begin(quarry_db *db, void *context)
{
    (void)context;
    return quarry_begin(db);
}

static quarry_status do_begin_anew(quarry_db *db, void *context)
{
    (void)context;
    sqlite3_exec(quarry_sqlite(db), "ROLLBACK; BEGIN IMMEDIATE; DELETE FROM hosts", NULL,
                 NULL, NULL);
    return QUARRY_OK;
}

static quarry_status do_begin_anew_with_savepoint(quarry_db *db, void *context)
{
    (void)context;
    sqlite3_exec(quarry_sqlite(db),
                 "ROLLBACK; BEGIN; SAVEPOINT quarry_call; DELETE FROM hosts", NULL, NULL,
                 NULL);
    return QUARRY_OK;
}

static quarry_status leave_cursor(quarry_db *db, void *context)
{
    static quarry_cursor cursor;

    (void)context;
    quarry_cursor_open(&cursor, db, 0, "SELECT id, name, rank FROM hosts",
                       &chain_host_type);
    return QUARRY_OK;
}

static sqlite3_stmt *left;

static quarry_status leave_statement(quarry_db *db, void *context)
{
    (void)context;
    sqlite3_prepare_v2(quarry_sqlite(db), "SELECT id FROM hosts", -1, &left, NULL);
    sqlite3_step(left);
    return QUARRY_OK;
}

static quarry_status make_table(quarry_db *db, void *context)
{
    (void)context;
    return quarry_exec(db, "CREATE TABLE surprise (x)");
}

static quarry_status leave_old_error(quarry_db *db, void *context)
{
    (void)context;
    quarry_exec(db, "syntax");
    return QUARRY_CHECK;
}

struct meddler {
    quarry_work *work;
    const char *message;
    quarry_status cause;
};

static const struct meddler meddlers[] = {
    {return_check, "state IN ('new', 'old')", QUARRY_CHECK},
    {return_not_found, "the function returned the status `not found`", QUARRY_NOT_FOUND},
    {do_commit, "the function has ended the transaction", QUARRY_MISUSE},
    {do_raw_commit, "the function has ended the transaction", QUARRY_MISUSE},
    {do_rollback, "the function has ended the transaction", QUARRY_MISUSE},
    {do_begin, "has begun a transaction that it has not ended", QUARRY_MISUSE},
    {do_begin_anew, "the function has ended the transaction", QUARRY_MISUSE},
    {do_begin_anew_with_savepoint, "the function has changed tables", QUARRY_MISUSE},
    {leave_cursor, "the function has left a cursor open", QUARRY_MISUSE},
    {leave_statement, "the function has left a statement open", QUARRY_MISUSE},
    {make_table, "the function has changed tables", QUARRY_MISUSE},
    {leave_old_error, "the function returned the status `check`", QUARRY_CHECK},
};

static void meddle(const struct meddler *meddler)
{
    quarry_db *db = trial_open(&chain_schema, path, true);
    struct changed changed;
    int calls = 0;

    trial_migrate(db, 5);
    insert_step(&changed, 5, false, 1, call_step(meddler->work));
    db->schema = &changed.schema;
    expect_error(db, quarry_migrate(db, 6, &(quarry_migrate_options){.context = &calls}),
                 QUARRY_MIGRATION, meddler->message);
    expect_place(db, &changed.migrations[5], 2, meddler->cause);
    trial_expect(quarry_sqlite(db), 5);
    sqlite3_finalize(left);
    left = NULL;
    expect_settings(db, 1, 0);
    db->schema = &chain_schema;
    trial_migrate(db, QUARRY_LATEST);
    quarry_close(db);
    db = trial_open(&chain_schema, path, true);
    trial_expect(quarry_sqlite(db), CHAIN_COUNT);
    quarry_close(db);
}

static void test_functions_that_meddle(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof meddlers / sizeof *meddlers; i++) {
        meddle(&meddlers[i]);
        temp_remove(path);
        temp_path(path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_step_fails),
        FILES(test_open_stops_in_the_middle),
        cmocka_unit_test(test_breaches),
        FILES(test_foreign_keys_off_in_the_program),
        FILES(test_functions_that_meddle),
    };

    return cmocka_run_group_tests(tests, trial_make_versions, trial_free_versions);
}
