/*
 * test_migrate_refusal.c: what makes a migration fail from outside leaves the version
 * before it, whole: no way back, rows that would lose their parent, locks, a full disk,
 * interrupts.
 */
#include "changed_trial.h"

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
