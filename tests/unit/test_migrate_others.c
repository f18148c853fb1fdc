/*
 * test_migrate_others.c: indexes, triggers and views that somebody else has put on the
 * schema's tables: they outlive a migration, or it is refused.
 */
#include "migrate_trial.h"

static quarry_db *open_memory(void)
{
    return trial_open(&chain_schema, ":memory:", false);
}

/* What somebody else has put on tables that are rebuilt: indexes, triggers, a view. They
   stay as long as their columns do, and fire nothing while the rows are copied. */
static void test_objects_of_others_stay(void **state)
{
    static const char count[] =
        "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'mine%'";
    quarry_db *db = open_memory();
    sqlite3 *handle = quarry_sqlite(db);

    (void)state;
    trial_migrate(db, 3);
    trial_run(handle, "CREATE TABLE mine (x);"
                      "CREATE INDEX mine_name ON containers (name DESC);"
                      "CREATE TRIGGER mine_insert AFTER INSERT ON containers BEGIN"
                      " INSERT INTO mine VALUES (new.id); END;"
                      "CREATE TRIGGER mine_delete AFTER DELETE ON hosts BEGIN"
                      " INSERT INTO mine VALUES (old.id); END;"
                      "CREATE INDEX mine_host ON hosts (lower(name));"
                      "CREATE VIEW mine_view AS SELECT name FROM hosts");
    trial_migrate(db, QUARRY_LATEST);
    assert_int_equal(trial_ask(handle, count), 6);
    assert_int_equal(trial_ask(handle, "SELECT count(*) FROM mine"), 0);
    trial_migrate(db, 3);
    assert_int_equal(trial_ask(handle, count), 6);
    assert_int_equal(trial_ask(handle, "SELECT count(*) FROM mine"), 0);
    trial_run(handle, "INSERT INTO containers (host_id, name) VALUES ('a', 'x');"
                      "DELETE FROM hosts WHERE id = 'b'");
    assert_int_equal(trial_ask(handle, "SELECT count(*) FROM mine"), 2);
    quarry_close(db);
}

/* Also where the table is renamed before it is rebuilt, as plans do it. */
static void test_objects_of_others_on_a_renamed_table(void **state)
{
    static const char *const sql[] = {
        "ALTER TABLE audit RENAME TO notes",
        "PRAGMA legacy_alter_table = ON",
        "CREATE TABLE new_notes (container_id INTEGER PRIMARY KEY, what TEXT)",
        "INSERT OR IGNORE INTO new_notes SELECT container_id, what FROM notes",
        "drop table notes",
        "ALTER TABLE new_notes RENAME TO notes",
        "PRAGMA legacy_alter_table = OFF",
        NULL};
    const quarry_migration_step steps[] = {{"rename and rebuild", sql, NULL}};
    quarry_migration migrations[CHAIN_COUNT];
    quarry_schema schema = chain_schema;
    quarry_db *db = open_memory();
    sqlite3 *handle = quarry_sqlite(db);

    (void)state;
    memcpy(migrations, chain_migrations, sizeof migrations);
    migrations[5].up = steps;
    migrations[5].up_count = 1;
    migrations[5].up_foreign_keys_off = true;
    schema.migrations = migrations;
    trial_migrate(db, 5);
    trial_run(handle, "CREATE INDEX mine ON audit (what)");
    db->schema = &schema;
    trial_migrate(db, 6);
    assert_int_equal(trial_ask(handle, "SELECT count(*) FROM sqlite_schema WHERE"
                                       " name = 'mine' AND tbl_name = 'notes'"),
                     1);
    quarry_close(db);
}

struct breaker {
    const char *sql;     /* of somebody else, at version 8 */
    const char *message; /* NULL: it still works at 12, and back at 3 */
    int version;         /* of the migration that would break it */
};

/* Of the two columns that go, one by ALTER TABLE, which SQLite guards, one in a rebuild. */
static const struct breaker breakers[] = {
    {"CREATE VIEW mine AS SELECT tag FROM tags", "view mine would no longer work", 8},
    {"CREATE VIEW mine AS SELECT state FROM containers", "view mine would no longer", 4},
    {"CREATE VIEW mine AS SELECT rank FROM hosts", "error in view mine", 6},
    {"CREATE VIEW mine AS SELECT name FROM hosts", NULL, 0},
    {"CREATE VIEW mine AS SELECT absent FROM hosts", "error in view mine", 9},
    {"CREATE TRIGGER mine AFTER INSERT ON hosts BEGIN INSERT INTO tags VALUES (1, 'x');"
     " END",
     "triggers on hosts would no longer work", 12},
    {"CREATE TRIGGER mine AFTER DELETE ON hosts BEGIN DELETE FROM tags; END",
     "triggers on hosts would no longer work", 8},
    {"CREATE TRIGGER mine AFTER UPDATE OF rank ON hosts BEGIN DELETE FROM audit; END",
     NULL, 0}, /* it never fires again */
    {"CREATE TRIGGER mine AFTER UPDATE OF name ON hosts BEGIN DELETE FROM audit; END",
     "triggers on hosts would no longer work", 5},
};

static quarry_status up_and_down(quarry_db *db)
{
    const quarry_status status = quarry_migrate(db, QUARRY_LATEST, NULL);

    return status == QUARRY_OK ? quarry_migrate(db, 3, NULL) : status;
}

static void test_programs_of_others_that_would_break(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof breakers / sizeof *breakers; i++) {
        const struct breaker *breaker = &breakers[i];
        quarry_db *db = open_memory();
        quarry_status status;

        trial_migrate(db, 8);
        trial_run(quarry_sqlite(db), breaker->sql);
        status = up_and_down(db);
        if (status == QUARRY_OK && breaker->message != NULL)
            fail_msg("no error: %s", breaker->sql);
        if (breaker->message == NULL) {
            assert_int_equal(status, QUARRY_OK);
        } else {
            expect_error(db, status, QUARRY_MIGRATION, breaker->message);
            if (quarry_last_error(db)->version != breaker->version)
                fail_msg("%s", quarry_last_error(db)->message);
        }
        quarry_close(db);
    }
}

/* Nor is what the schema itself makes so: a function that the connection doesn't trust. */
static void test_program_of_the_schema_that_is_refused(void **state)
{
    static const char *const sql[] = {
        "CREATE TRIGGER checked AFTER INSERT ON hosts WHEN load_extension(new.name) BEGIN"
        " SELECT 1; END",
        "CREATE VIEW \"quoted view\" AS SELECT load_extension('x') AS \"a \"\"b\"",
        "ALTER TABLE hosts ADD COLUMN rank INTEGER", NULL};
    const quarry_migration_step steps[] = {{"make them", sql, NULL}};
    quarry_migration migrations[CHAIN_COUNT];
    quarry_schema schema = chain_schema;
    quarry_db *db = open_memory();

    (void)state;
    memcpy(migrations, chain_migrations, sizeof migrations);
    migrations[5].up = steps;
    migrations[5].up_count = 1;
    schema.migrations = migrations;
    trial_migrate(db, 5);
    db->schema = &schema;
    trial_migrate(db, 6);
    assert_int_not_equal(sqlite3_exec(quarry_sqlite(db),
                                      "INSERT INTO hosts VALUES"
                                      " ('x', 'x', 1)",
                                      NULL, NULL, NULL),
                         SQLITE_OK);
    quarry_close(db);
}

/* What did not work before is no reason to refuse. */
static void test_program_of_others_that_is_broken(void **state)
{
    quarry_db *db = open_memory();

    (void)state;
    trial_migrate(db, 9);
    trial_run(
        quarry_sqlite(db),
        "CREATE VIEW mine AS SELECT absent FROM hosts;"
        "CREATE TRIGGER mine_too AFTER INSERT ON hosts BEGIN SELECT * FROM mine; END;"
        "CREATE TRIGGER mine_three INSTEAD OF INSERT ON mine BEGIN SELECT 1; END");
    trial_migrate(db, 12);
    assert_int_equal(trial_ask(quarry_sqlite(db), "SELECT count(*) FROM tags"),
                     CHAIN_CONTAINERS);
    quarry_close(db);
}

/* One that needs a column which goes can't be kept, and is not dropped in silence. */
static void test_object_of_others_in_the_way(void **state)
{
    quarry_db *db = open_memory();
    sqlite3 *handle = quarry_sqlite(db);

    (void)state;
    trial_migrate(db, 4);
    trial_run(handle, "CREATE INDEX mine ON containers (state)");
    expect_error(db, quarry_migrate(db, 3, NULL), QUARRY_MIGRATION,
                 "index mine on containers, which is not the schema's, can't be made "
                 "again: SQLite reports an error (no such column: state)");
    assert_int_equal(quarry_last_error(db)->version, 4);
    assert_int_equal(trial_ask(handle, "SELECT count(*) FROM sqlite_schema"
                                       " WHERE name = 'mine'"),
                     1);
    trial_run(handle, "DROP INDEX mine");
    trial_expect(handle, 4);
    trial_migrate(db, 3);
    trial_expect(handle, 3);
    quarry_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_objects_of_others_stay),
        cmocka_unit_test(test_objects_of_others_on_a_renamed_table),
        cmocka_unit_test(test_programs_of_others_that_would_break),
        cmocka_unit_test(test_program_of_the_schema_that_is_refused),
        cmocka_unit_test(test_program_of_others_that_is_broken),
        cmocka_unit_test(test_object_of_others_in_the_way),
    };

    return cmocka_run_group_tests(tests, trial_make_versions, trial_free_versions);
}
