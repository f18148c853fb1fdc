/*
 * test_migrate_failure.c: a migration that fails leaves the version before it, whole, and
 * the connection as it was: steps and functions that fail or meddle with the transaction,
 * rows that would lose their parent, locks, a full disk, interrupts.
 */
#include "migrate_trial.h"

/* ---- a schema whose only difference is one further step -------------------------- */

struct changed {
    quarry_schema schema;
    quarry_migration migrations[CHAIN_COUNT];
    quarry_migration_step steps[8];
};

/* chain_schema with `step` before the `at`th of the migration after `position`, or with
   `down` of the one before. */
static void insert_step(struct changed *changed, int position, bool down, int at,
                        quarry_migration_step step)
{
    quarry_migration *migration;
    const quarry_migration_step *from;
    int count;

    changed->schema = chain_schema;
    memcpy(changed->migrations, chain_migrations, sizeof changed->migrations);
    changed->schema.migrations = changed->migrations;
    migration = &changed->migrations[down ? position - 1 : position];
    from = down ? migration->down : migration->up;
    count = down ? migration->down_count : migration->up_count;
    memcpy(changed->steps, from, (size_t)at * sizeof *from);
    changed->steps[at] = step;
    memcpy(changed->steps + at + 1, from + at, (size_t)(count - at) * sizeof *from);
    if (down) {
        migration->down = changed->steps;
        migration->down_count = count + 1;
    } else {
        migration->up = changed->steps;
        migration->up_count = count + 1;
    }
}

static quarry_migration_step sql_step(const char *const *sql)
{
    return (quarry_migration_step){"break", sql, NULL};
}

static quarry_migration_step call_step(quarry_work *work)
{
    return (quarry_migration_step){"call it", NULL, work};
}

static void expect_place(quarry_db *db, const quarry_migration *migration, int step,
                         quarry_status cause)
{
    const quarry_error *error = quarry_last_error(db);

    assert_int_equal(error->version, migration->version);
    assert_string_equal(error->migration, migration->name);
    assert_int_equal(error->step, step);
    assert_int_equal(error->cause, cause);
}

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

/* ---- what can't be undone -------------------------------------------------------- */

static void test_irreversible(void **state)
{
    quarry_db *db = trial_open(&chain_schema, ":memory:", false);
    quarry_migration_list *list = NULL;
    struct changed changed;

    (void)state;
    trial_migrate(db, 9);
    insert_step(&changed, 9, false, 0, sql_step(NULL));
    changed.migrations[3].irreversible = "the states are lost";
    db->schema = &changed.schema;
    expect_error(db, quarry_migrate(db, 3, NULL), QUARRY_MIGRATION,
                 "migration 4 (states) can't be undone: the states are lost");
    expect_place(db, &changed.migrations[3], 0, QUARRY_MISUSE);
    expect_error(db, quarry_migrate_reset(db, NULL), QUARRY_MIGRATION, "can't be undone");
    expect_error(db, quarry_migrate_refresh(db, NULL), QUARRY_MIGRATION, "be undone");
    expect_error(db, quarry_migrate_back(db, 6, NULL), QUARRY_MIGRATION, "be undone");
    trial_expect(quarry_sqlite(db), 9);
    assert_int_equal(quarry_migrate_status(db, &list), QUARRY_OK);
    assert_string_equal(list->rows[3].irreversible, "the states are lost");
    quarry_migration_list_free(list);
    assert_int_equal(quarry_migrate_back(db, 5, NULL), QUARRY_OK);
    trial_expect(quarry_sqlite(db), 4);
    quarry_close(db);
}

/* ---- rows without parent --------------------------------------------------------- */

/* Those of earlier days are no reason to refuse, also while a table is renamed. */
static void test_old_orphans_stay(void **state)
{
    static const char *const rename[] = {"ALTER TABLE containers RENAME TO boxes",
                                         "ALTER TABLE boxes RENAME TO containers", NULL};
    struct changed changed;
    quarry_db *db = trial_open(&chain_schema, ":memory:", false);
    sqlite3 *handle = quarry_sqlite(db);

    (void)state;
    trial_migrate(db, 3);
    make_orphan(db,
                "INSERT INTO containers (host_id, name) VALUES ('x', 'o1'), ('y', 'o2')");
    insert_step(&changed, 6, false, 0, sql_step(rename));
    db->schema = &changed.schema;
    trial_migrate(db, QUARRY_LATEST);
    assert_int_equal(trial_ask(handle, "SELECT count(*) FROM pragma_foreign_key_check"),
                     2);
    trial_migrate(db, 3);
    assert_int_equal(trial_ask(handle, "SELECT count(*) FROM pragma_foreign_key_check"),
                     2);
    quarry_close(db);
}

static void test_table_with_orphans_is_renamed(void **state)
{
    static const char *const rename[] = {"DROP VIEW placed",
                                         "DROP TRIGGER "
                                         "containers_noted",
                                         "ALTER TABLE containers RENAME TO boxes", NULL};
    struct changed changed;
    quarry_db *db = trial_open(&chain_schema, ":memory:", false);

    (void)state;
    trial_migrate(db, 5);
    make_orphan(db,
                "INSERT INTO containers (host_id, name, state) VALUES ('x', 'o', 'new')");
    insert_step(&changed, 6, false, 1, sql_step(rename));
    db->schema = &changed.schema;
    trial_migrate(db, 7);
    assert_int_equal(trial_ask(quarry_sqlite(db), "SELECT count(*) FROM boxes"),
                     CHAIN_CONTAINERS + 1);
    quarry_close(db);
}

struct loss {
    const char *sql;
    const char *message;
};

static const struct loss losses[] = {
    {"DELETE FROM hosts WHERE id = 'a'", "80 rows of containers would have no row in "
                                         "hosts to refer to"},
    {"INSERT INTO containers (host_id, name, state) VALUES ('nobody', 'x', 'new')",
     "1 row of containers would have no row in hosts"},
    {"DELETE FROM hosts", "240 rows of containers would have no row in hosts"},
};

/* In a migration that runs with foreign keys off. Of `old` orphans before, that is no
   difference: only the new ones count. */
static void lose(const struct loss *loss, bool old)
{
    const char *const sql[] = {loss->sql, NULL};
    struct changed changed;
    quarry_db *db = trial_open(&chain_schema, ":memory:", false);

    trial_migrate(db, 6);
    if (old)
        make_orphan(db, "INSERT INTO containers (host_id, name, state)"
                        " VALUES ('x', 'o1', 'new'), ('y', 'o2', 'new')");
    insert_step(&changed, 6, false, 1, sql_step(sql));
    db->schema = &changed.schema;
    expect_error(db, quarry_migrate(db, 7, NULL), QUARRY_MIGRATION, loss->message);
    expect_place(db, &changed.migrations[6], 0, QUARRY_FOREIGN_KEY);
    if (!old)
        trial_expect(quarry_sqlite(db), 6);
    assert_int_equal(trial_ask(quarry_sqlite(db), "SELECT count(*) FROM containers"),
                     CHAIN_CONTAINERS + (old ? 2 : 0));
    assert_int_equal(trial_ask(quarry_sqlite(db), "SELECT count(*) FROM hosts"), 3);
    expect_settings(db, 1, 0);
    quarry_close(db);
}

static void test_new_orphans_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof losses / sizeof *losses; i++) {
        lose(&losses[i], false);
        lose(&losses[i], true);
    }
}

/* A parent key that is not unique can't be checked. */
static void test_keys_that_cannot_be_checked(void **state)
{
    static const char *const loosen[] = {
        "PRAGMA legacy_alter_table = ON",
        "CREATE TABLE new_hosts (id TEXT, name TEXT, rank INTEGER)",
        "INSERT INTO new_hosts SELECT * FROM hosts",
        "DROP TABLE hosts",
        "ALTER TABLE new_hosts RENAME TO hosts",
        "PRAGMA legacy_alter_table = OFF",
        NULL};
    struct changed changed;
    quarry_db *db = trial_open(&chain_schema, ":memory:", false);

    (void)state;
    trial_migrate(db, 6);
    insert_step(&changed, 6, false, 1, sql_step(loosen));
    db->schema = &changed.schema;
    expect_error(db, quarry_migrate(db, 7, NULL), QUARRY_MIGRATION, "not unique");
    trial_expect(quarry_sqlite(db), 6);
    make_orphan(db, "CREATE TABLE a (x); CREATE TABLE b (x REFERENCES a (x));"
                    "INSERT INTO b VALUES (1)");
    db->schema = &chain_schema;
    trial_migrate(db, 7); /* it could not be checked before either */
    quarry_close(db);
}

/* A deferred key is found at the commit. */
static void test_deferred_until_commit(void **state)
{
    static const char *const defer[] = {
        "PRAGMA defer_foreign_keys = ON",
        "INSERT INTO containers (host_id, name) VALUES ('nobody', 'x')", NULL};
    struct changed changed;
    quarry_db *db = trial_open(&chain_schema, ":memory:", false);

    (void)state;
    trial_migrate(db, 2);
    insert_step(&changed, 2, false, 0, sql_step(defer));
    db->schema = &changed.schema;
    expect_error(db, quarry_migrate(db, 3, NULL), QUARRY_MIGRATION, "migration 3");
    expect_place(db, &changed.migrations[2], 0, QUARRY_FOREIGN_KEY);
    trial_expect(quarry_sqlite(db), 2);
    expect_settings(db, 1, 0);
    quarry_close(db);
}

/* ---- the surroundings ------------------------------------------------------------- */

static void test_busy(void **state)
{
    sqlite3 *other = NULL;
    quarry_db *db;

    (void)state;
    db = trial_open(&chain_schema, path, true);
    trial_migrate(db, 6);
    sqlite3_busy_timeout(quarry_sqlite(db), 50);
    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    trial_run(other, "BEGIN IMMEDIATE");
    expect_error(db, quarry_migrate(db, 7, NULL), QUARRY_BUSY,
                 "migration 7 (nocase): another connection holds a lock");
    assert_int_equal(quarry_last_error(db)->version, 7);
    trial_run(other, "ROLLBACK");
    expect_settings(db, 1, 0);
    trial_expect(quarry_sqlite(db), 6);
    trial_run(other, "BEGIN; SELECT count(*) FROM hosts"); /* a reader is no obstacle */
    trial_migrate(db, QUARRY_LATEST);
    sqlite3_close(other);
    quarry_close(db);
}

/* The reader's lock is in the way of a commit that is not into a log. */
static void test_busy_at_commit(void **state)
{
    sqlite3 *other = NULL;
    quarry_db *db = trial_open(&chain_schema, path, false);

    (void)state;
    trial_migrate(db, 6);
    sqlite3_busy_timeout(quarry_sqlite(db), 50);
    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    trial_run(other, "BEGIN; SELECT count(*) FROM hosts");
    expect_error(db, quarry_migrate(db, 7, NULL), QUARRY_BUSY, "migration 7");
    sqlite3_close(other);
    trial_expect(quarry_sqlite(db), 6);
    expect_settings(db, 1, 0);
    trial_migrate(db, QUARRY_LATEST);
    quarry_close(db);
}

static void test_full(void **state)
{
    quarry_db *db = trial_open(&chain_schema, path, true);
    char sql[64];

    (void)state;
    trial_migrate(db, 3);
    snprintf(sql, sizeof sql, "PRAGMA max_page_count = %d",
             (int)trial_ask(quarry_sqlite(db), "PRAGMA page_count") + 3);
    trial_run(quarry_sqlite(db), sql);
    expect_error(db, quarry_migrate(db, 4, NULL), QUARRY_FULL, "migration 4 (states)");
    trial_expect(quarry_sqlite(db), 3);
    expect_settings(db, 1, 0);
    trial_run(quarry_sqlite(db), "PRAGMA max_page_count = 1000000");
    trial_migrate(db, QUARRY_LATEST);
    trial_expect(quarry_sqlite(db), CHAIN_COUNT);
    quarry_close(db);
}

static long interrupt_after;

static int interrupting(void *db)
{
    if (--interrupt_after == 0)
        quarry_interrupt(db);
    return 0;
}

/* At each of many places, also in those statements that are Quarry's own. */
static void test_interrupt(void **state)
{
    long n = 1;
    int hits = 0;

    (void)state;
    for (bool hit = true; hit; n += 1 + n / 3) {
        quarry_db *db = trial_open(&chain_schema, ":memory:", false);
        quarry_status status;

        trial_migrate(db, 6);
        interrupt_after = n;
        sqlite3_progress_handler(quarry_sqlite(db), 20, interrupting, db);
        status = quarry_migrate(db, 7, NULL);
        sqlite3_progress_handler(quarry_sqlite(db), 0, NULL, NULL);
        hit = interrupt_after <= 0;
        if (status != QUARRY_OK) {
            hits++;
            expect_error(db, status, QUARRY_INTERRUPTED, "interrupted");
            trial_expect(quarry_sqlite(db), 6);
        } else {
            trial_expect(quarry_sqlite(db), 7);
        }
        expect_settings(db, 1, 0);
        quarry_close(db);
    }
    assert_true(hits > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_step_fails),
        FILES(test_open_stops_in_the_middle),
        cmocka_unit_test(test_breaches),
        FILES(test_foreign_keys_off_in_the_program),
        FILES(test_functions_that_meddle),
        cmocka_unit_test(test_irreversible),
        cmocka_unit_test(test_old_orphans_stay),
        cmocka_unit_test(test_table_with_orphans_is_renamed),
        cmocka_unit_test(test_new_orphans_are_refused),
        cmocka_unit_test(test_keys_that_cannot_be_checked),
        cmocka_unit_test(test_deferred_until_commit),
        FILES(test_busy),
        FILES(test_busy_at_commit),
        FILES(test_full),
        cmocka_unit_test(test_interrupt),
    };

    return cmocka_run_group_tests(tests, trial_make_versions, trial_free_versions);
}
