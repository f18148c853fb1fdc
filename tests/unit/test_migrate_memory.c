/*
 * test_migrate_memory.c: migrating and opening with the n-th allocation failing, of the
 * runtime's and of SQLite's own: nothing is half done, and nothing leaks.
 *
 * QUARRY_EVERY=1: nearly every n; not set, fewer and fewer.
 */
#include "failing_memory.h"
#include "migrate_trial.h"

/* All of the first allocations, then fewer and fewer; QUARRY_EVERY=1: nearly all. */
static long next_step(long n)
{
    if (getenv("QUARRY_EVERY") != NULL)
        return n < 200 ? 1 : n / 100;
    return n < 10 ? 1 : n / 5;
}

/* Up and down, status and baseline, with a row that lost its parent so that the keys are
   compared. What was reached is told by *position. */
static quarry_status go_about(quarry_db *db)
{
    quarry_migration_list *list = NULL;
    int version;
    quarry_status status = quarry_migrate(db, 8, NULL);

    if (status == QUARRY_OK)
        status = quarry_migrate_back(db, 2, NULL);
    if (status == QUARRY_OK)
        status = quarry_migrate_status(db, &list);
    quarry_migration_list_free(list);
    if (status == QUARRY_OK)
        status = quarry_schema_version(db, &version);
    return status;
}

static quarry_db *start(void)
{
    quarry_db *db = trial_open(&chain_schema, ":memory:", false);

    trial_migrate(db, 6);
    make_orphan(db,
                "INSERT INTO containers (host_id, name, state) VALUES ('x', 'o', 'new')");
    trial_run(quarry_sqlite(db), "CREATE INDEX mine ON hosts (name)");
    return db;
}

static void fail_each(bool all_after)
{
    long n = 1;

    for (bool again = true; again; n += next_step(n)) {
        quarry_db *db = start();
        quarry_status status;

        arm(n, all_after);
        status = go_about(db);
        again = memory_plan.fired;
        arm(0, false);
        if (status != QUARRY_OK) {
            if (status != QUARRY_NO_MEMORY)
                fail_msg("%ld: %s: %s", n, quarry_status_name(status),
                         quarry_last_error(db)->message);
            assert_int_equal(quarry_last_error(db)->status, status);
        }
        if (quarry_sqlite(db) == NULL) { /* not even a rollback was possible */
            assert_true(all_after);
            quarry_close(db);
            continue;
        }
        expect_settings(db, 1, 0);
        assert_int_equal(trial_applied(quarry_sqlite(db)),
                         trial_ask(quarry_sqlite(db), "PRAGMA user_version"));
        trial_migrate(db, QUARRY_LATEST);
        trial_migrate(db, 6);
        assert_int_equal(trial_ask(quarry_sqlite(db), "SELECT count(*) FROM containers"),
                         CHAIN_CONTAINERS + 1);
        assert_int_equal(trial_ask(quarry_sqlite(db), "SELECT count(*) FROM hosts"), 3);
        quarry_close(db);
    }
    assert_true(n > 20);
}

static void test_runtime_memory_fails(void **state)
{
    (void)state;
    quarry_set_allocator(
        &(quarry_allocator){counted_allocate, counted_reallocate, counted_release});
    memory_plan.live = 0;
    fail_each(false);
    fail_each(true);
    assert_int_equal(memory_plan.live, 0);
    quarry_set_allocator(NULL);
}

static void test_sqlite_memory_fails(void **state)
{
    (void)state;
    memory_plan.sqlite_fails = true;
    fail_each(false);
    fail_each(true);
    memory_plan.sqlite_fails = false;
}

/* The same while a file is opened: comparing with the model, baseline, migrating. */
static void open_each(bool all_after, int baseline)
{
    quarry_options options = trial_options();

    options.baseline = baseline;
    options.wal = false;
    for (long n = 1;; n += next_step(n)) {
        quarry_db *db = trial_open(&chain_schema, path, false);
        quarry_status status;
        bool hit;

        trial_migrate(db, 7);
        trial_run(quarry_sqlite(db), "DELETE FROM quarry_schema");
        if (baseline > 0)
            trial_run(quarry_sqlite(db), "DROP TABLE quarry_migrations");
        quarry_close(db);
        arm(n, all_after);
        db = NULL;
        status = quarry_open(&chain_schema, path, &options, &db);
        hit = memory_plan.fired;
        arm(0, false);
        if (status != QUARRY_OK && status != QUARRY_NO_MEMORY)
            fail_msg("%ld: %s: %s", n, quarry_status_name(status),
                     quarry_last_error(db)->message);
        quarry_close(db);
        assert_int_equal(quarry_open(&chain_schema, path, &options, &db), QUARRY_OK);
        trial_expect(quarry_sqlite(db), CHAIN_COUNT);
        quarry_close(db);
        temp_remove(path);
        temp_path(path);
        if (!hit)
            break;
    }
}

static void test_memory_fails_at_opening(void **state)
{
    (void)state;
    memory_plan.sqlite_fails = true;
    open_each(false, 0);
    open_each(true, 0);
    open_each(false, 7);
    memory_plan.sqlite_fails = false;
    quarry_set_allocator(
        &(quarry_allocator){counted_allocate, counted_reallocate, counted_release});
    memory_plan.live = 0;
    open_each(false, 0);
    open_each(true, 7);
    assert_int_equal(memory_plan.live, 0);
    quarry_set_allocator(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_runtime_memory_fails),
        cmocka_unit_test(test_sqlite_memory_fails),
        FILES(test_memory_fails_at_opening),
    };

    if (!replace_sqlite_memory())
        return 1;
    return cmocka_run_group_tests(tests, trial_make_versions, trial_free_versions);
}
