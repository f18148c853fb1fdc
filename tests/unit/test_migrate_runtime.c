/*
 * test_migrate_runtime.c: migrations as a program sees them: every way from one version to
 * another, what NAME_open() does, what is refused, and that whatever fails leaves the
 * version before it, whole. Judges are the generator's comparison of structures and
 * SQLite's own checks.
 */
#include "migrate_trial.h"

static quarry_db *open_memory(void)
{
    return trial_open(&chain_schema, ":memory:", false);
}

/* ---- every way ------------------------------------------------------------------ */

static void test_every_way_up_and_down(void **state)
{
    (void)state;
    for (int i = 0; i <= CHAIN_COUNT; i++) {
        for (int j = 0; j <= CHAIN_COUNT; j++) {
            quarry_db *db = open_memory();
            int version = -1;

            trial_migrate(db, chain_version(i));
            trial_migrate(db, chain_version(j));
            trial_expect(quarry_sqlite(db), j);
            trial_check_sound(quarry_sqlite(db));
            assert_int_equal(quarry_schema_version(db, &version), QUARRY_OK);
            assert_int_equal(version, chain_version(j));
            quarry_close(db);
        }
    }
}

static void test_there_and_back_through_all(void **state)
{
    quarry_db *db = open_memory();

    (void)state;
    assert_int_equal(quarry_migrate(db, QUARRY_LATEST, NULL), QUARRY_OK);
    for (int i = CHAIN_COUNT; i-- > 0;) {
        assert_int_equal(quarry_migrate_back(db, 1, NULL), QUARRY_OK);
        trial_expect(quarry_sqlite(db), i);
    }
    assert_int_equal(quarry_migrate_back(db, 1, NULL), QUARRY_OK);
    assert_int_equal(quarry_migrate(db, QUARRY_LATEST, NULL), QUARRY_OK);
    assert_int_equal(quarry_migrate_back(db, 0, NULL), QUARRY_OK);
    trial_expect(quarry_sqlite(db), CHAIN_COUNT);
    assert_int_equal(quarry_migrate_back(db, 3, NULL), QUARRY_OK);
    trial_expect(quarry_sqlite(db), CHAIN_COUNT - 3);
    assert_int_equal(quarry_migrate_refresh(db, NULL), QUARRY_OK);
    trial_expect(quarry_sqlite(db), CHAIN_COUNT);
    assert_int_equal(quarry_migrate_reset(db, NULL), QUARRY_OK);
    trial_expect(quarry_sqlite(db), 0);
    assert_int_equal(quarry_migrate_refresh(db, NULL), QUARRY_OK);
    trial_expect(quarry_sqlite(db), CHAIN_COUNT);
    assert_int_equal(quarry_migrate_back(db, INT32_MAX, NULL), QUARRY_OK);
    trial_expect(quarry_sqlite(db), 0);
    quarry_close(db);
}

static void test_versions_that_are_none(void **state)
{
    static const int versions[] = {-1, 10, 11, 13, INT32_MIN, INT32_MAX - 1};
    quarry_db *db = open_memory();

    (void)state;
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        expect_error(db, quarry_migrate(db, versions[i], NULL), QUARRY_MISUSE,
                     "has no migration");
        expect_error(db, quarry_migrate_baseline(db, versions[i], NULL), QUARRY_MISUSE,
                     "has no migration");
    }
    expect_error(db, quarry_migrate_back(db, -1, NULL), QUARRY_MISUSE, "negative");
    assert_int_equal(trial_ask(quarry_sqlite(db), "SELECT count(*) FROM sqlite_schema"),
                     0);
    quarry_close(db);
}

/* Rows that a program wrote at one version are there at the next: those of the counter,
   of parents whose children would cascade, and of the rowid. */
static void test_rows_of_the_program_stay(void **state)
{
    quarry_db *db = open_memory();
    sqlite3 *handle = quarry_sqlite(db);

    (void)state;
    trial_migrate(db, 3);
    trial_run(handle,
              "INSERT INTO hosts (rowid, id, name) VALUES (77, 'z', 'Zeta');"
              "INSERT INTO containers (id, host_id, name) VALUES (900, 'z', 'x');"
              "INSERT INTO containers (id, host_id, name) VALUES (5000, 'z', 'y');"
              "DELETE FROM containers WHERE id = 5000");
    trial_migrate(db, QUARRY_LATEST);
    assert_int_equal(trial_ask(handle, "SELECT rowid FROM hosts WHERE name = 'ZETA'"),
                     77);
    assert_int_equal(trial_ask(handle, "SELECT count(*) FROM containers"),
                     CHAIN_CONTAINERS + 1);
    assert_int_equal(trial_ask(handle, "SELECT seq FROM sqlite_sequence"), 5000);
    assert_int_equal(
        trial_ask(handle, "SELECT count(*) FROM tags WHERE container_id = 900"), 1);
    trial_migrate(db, 3);
    assert_int_equal(trial_ask(handle, "SELECT rowid FROM hosts WHERE name = 'Zeta'"),
                     77);
    assert_int_equal(trial_ask(handle, "SELECT seq FROM sqlite_sequence"), 5000);
    quarry_close(db);
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

/* ---- opening -------------------------------------------------------------------- */

static void test_open_migrates(void **state)
{
    const quarry_options options = trial_options();

    (void)state;
    for (int i = 0; i <= CHAIN_COUNT; i++) {
        make_file(i);
        expect_open(&chain_schema, &options, QUARRY_OK, "");
        expect_file(CHAIN_COUNT);
        expect_open(&chain_schema, &options, QUARRY_OK, "");
        temp_remove(path);
        temp_path(path);
    }
}

static void test_open_of_a_new_file(void **state)
{
    const quarry_options options = trial_options();
    quarry_options once = trial_options();
    quarry_migrate_options migrate = {.dry_run = true}; /* which opening does not heed */
    int calls = 0;

    (void)state;
    migrate.context = &calls;
    once.migrate = &migrate;
    expect_open(&chain_schema, &once, QUARRY_OK, "");
    assert_int_equal(calls, 1);
    expect_file(CHAIN_COUNT);
    assert_int_equal(
        ask_file("SELECT count(*) FROM quarry_schema WHERE name = 'chain' AND"
                 " version = 12 AND fingerprint = 'c12' AND cookie ="
                 " (SELECT schema_version FROM pragma_schema_version)"),
        1);
    expect_open(&chain_schema, &options, QUARRY_OK, "");
}

static void test_open_refuses(void **state)
{
    quarry_options options = trial_options();
    quarry_db *db = NULL;

    (void)state;
    make_file(4);
    options.pending = QUARRY_PENDING_REFUSE;
    expect_open(&chain_schema, &options, QUARRY_PENDING,
                "at version 4 of schema chain, and this program needs version 12");
    expect_file(4);
    options.pending = QUARRY_PENDING_MIGRATE;
    options.read_only = true;
    assert_int_equal(quarry_open(&chain_schema, path, &options, &db), QUARRY_PENDING);
    assert_non_null(strstr(quarry_last_error(db)->message, "for reading only"));
    assert_int_equal(quarry_last_error(db)->version, 5);
    assert_string_equal(quarry_last_error(db)->migration, "audit");
    quarry_close(db);
    options.pending = QUARRY_PENDING_IGNORE;
    assert_int_equal(quarry_open(&chain_schema, path, &options, &db), QUARRY_OK);
    expect_error(db, quarry_migrate(db, QUARRY_LATEST, NULL), QUARRY_READ_ONLY,
                 "for reading only");
    quarry_close(db);
    expect_file(4);
    options.pending = (quarry_pending)3;
    expect_open(&chain_schema, &options, QUARRY_MISUSE, "`pending`");
}

static void test_open_refuses_an_empty_file(void **state)
{
    quarry_options options = trial_options();

    (void)state;
    options.pending = QUARRY_PENDING_REFUSE;
    expect_open(&chain_schema, &options, QUARRY_PENDING, "at version 0");
    options.pending = QUARRY_PENDING_MIGRATE;
    options.read_only = true;
    expect_open(&chain_schema, &options, QUARRY_PENDING, "at version 0");
    assert_int_equal(ask_file("SELECT count(*) FROM sqlite_schema"), 0);
}

static void test_environment(void **state)
{
    quarry_options options = trial_options();

    (void)state;
    options.ignore_environment = false;
    setenv("CHAIN_DATABASE_MIGRATIONS", "Refuse", 1);
    expect_open(&chain_schema, &options, QUARRY_PENDING, "at version 0");
    setenv("CHAIN_DATABASE_MIGRATIONS", "later", 1);
    expect_open(
        &chain_schema, &options, QUARRY_MISUSE,
        "CHAIN_DATABASE_MIGRATIONS: 'later' is not one of migrate, refuse, ignore");
    setenv("CHAIN_DATABASE_MIGRATIONS", "migrate", 1);
    expect_open(&chain_schema, &options, QUARRY_OK, "");
    unsetenv("CHAIN_DATABASE_MIGRATIONS");
}

/* ---- newer, drift --------------------------------------------------------------- */

static void test_newer(void **state)
{
    quarry_options options = trial_options();
    quarry_schema older = chain_schema;

    (void)state;
    make_file(CHAIN_COUNT);
    older.migration_count = CHAIN_COUNT - 1;
    older.version = 9;
    expect_open(&older, &options, QUARRY_NEWER,
                "has version 12 of the schema, and this program knows schema chain up to "
                "version 9");
    options.check_schema = false;
    expect_open(&older, &options, QUARRY_NEWER, "version 12");
    options.pending = QUARRY_PENDING_IGNORE;
    expect_open(&older, &options, QUARRY_NEWER, "version 12");
    expect_file(CHAIN_COUNT);
}

struct lie {
    const char *sql;
    const char *message;
    quarry_status status;
};

/* Each is told to a file at version 12, and what remembers that it is right is taken. */
static const struct lie lies[] = {
    {"UPDATE quarry_migrations SET checksum = 'other' WHERE version = 3",
     "migration 3 (notes) is not the one that was applied: its checksum is c03, the "
     "file's other",
     QUARRY_DRIFT},
    {"DELETE FROM quarry_migrations WHERE version = 4",
     "has not had migration 4 (states), but a later one", QUARRY_DRIFT},
    {"INSERT INTO quarry_migrations VALUES (10, 'alien', 'x', 0, 0, 1)",
     "has had migration 10 (alien), which this program does not know", QUARRY_DRIFT},
    {"INSERT INTO quarry_migrations VALUES (0, '', '', -1, NULL, 0)",
     "has had migration 0 ()", QUARRY_DRIFT},
    {"INSERT INTO quarry_migrations VALUES (-9223372036854775807, '', '', -1, NULL, 0)",
     "has had migration -9223372036854775807 ()", QUARRY_DRIFT},
    {"INSERT INTO quarry_migrations VALUES (13, 'next', 'x', 0, 0, 1)", "version 13",
     QUARRY_NEWER},
    {"INSERT INTO quarry_migrations VALUES (9223372036854775807, 'x', 'x', 0, 0, 1)",
     "version 9223372036854775807", QUARRY_NEWER},
    {"DELETE FROM quarry_migrations", "user_version is 12, but the history",
     QUARRY_DRIFT},
    {"PRAGMA user_version = 9", "user_version is 9, but the history", QUARRY_DRIFT},
    {"PRAGMA user_version = -1", "user_version is -1", QUARRY_DRIFT},
    {"PRAGMA user_version = 13", "version 13", QUARRY_NEWER},
    {"DROP TABLE quarry_migrations", "no history", QUARRY_DRIFT},
    {"DROP TABLE quarry_migrations; CREATE TABLE quarry_migrations (x)", "no such column",
     QUARRY_ERROR},
    {"DROP INDEX tags_place", "index tags_place: is missing", QUARRY_DRIFT},
    {"ALTER TABLE hosts ADD COLUMN more TEXT", "column hosts.more: is not in the schema",
     QUARRY_DRIFT},
    {"DROP TRIGGER containers_noted", "trigger containers_noted: is missing",
     QUARRY_DRIFT},
    {"CREATE TABLE mine (x); CREATE INDEX mine_x ON mine (x)", NULL, QUARRY_OK},
};

static void test_drift(void **state)
{
    const quarry_options options = trial_options();

    (void)state;
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        make_file(CHAIN_COUNT);
        run_on_file(lies[i].sql);
        run_on_file("DELETE FROM quarry_schema");
        expect_open(&chain_schema, &options, lies[i].status, lies[i].message);
        temp_remove(path);
        temp_path(path);
    }
}

/* A file that is behind is compared with its own version before anything is done. */
static void test_drift_of_an_old_version(void **state)
{
    const quarry_options options = trial_options();
    quarry_options unchecked = trial_options();

    (void)state;
    make_file(4);
    run_on_file("ALTER TABLE containers ADD COLUMN mine TEXT");
    expect_open(&chain_schema, &options, QUARRY_DRIFT, "column containers.mine");
    assert_int_equal(ask_file("PRAGMA user_version"), 4);
    unchecked.check_schema = false;
    expect_open(&chain_schema, &unchecked, QUARRY_OK, "");
    assert_int_equal(ask_file("PRAGMA user_version"), 12);
    expect_open(&chain_schema, &options, QUARRY_DRIFT, "column containers.mine");
}

static void test_error_tells_which_migration(void **state)
{
    quarry_db *db = open_memory();
    quarry_schema edited = chain_schema;
    quarry_migration migrations[CHAIN_COUNT];

    (void)state;
    trial_migrate(db, 9);
    memcpy(migrations, chain_migrations, sizeof migrations);
    migrations[6].checksum = "edited";
    edited.migrations = migrations;
    db->schema = &edited;
    expect_error(db, quarry_migrate(db, QUARRY_LATEST, NULL), QUARRY_DRIFT,
                 "migration 7 (nocase)");
    assert_int_equal(quarry_last_error(db)->version, 7);
    assert_string_equal(quarry_last_error(db)->migration, "nocase");
    trial_expect(quarry_sqlite(db), 9);
    quarry_close(db);
}

/* ---- baseline ------------------------------------------------------------------- */

static void test_baseline_of_a_file_without_migrations(void **state)
{
    const quarry_schema before = schema_without();
    quarry_options options = trial_options();

    (void)state;
    expect_open(&before, &options, QUARRY_OK, "");
    run_on_file("INSERT INTO hosts VALUES ('h', 'host', 1)");
    expect_open(&chain_schema, &options, QUARRY_DRIFT, "quarry_migrate_baseline()");
    options.baseline = 9;
    expect_open(&chain_schema, &options, QUARRY_DRIFT, "tags");
    assert_int_equal(ask_file("SELECT count(*) FROM sqlite_schema WHERE name ="
                              " 'quarry_migrations'"),
                     0);
    options.baseline = 12;
    expect_open(&chain_schema, &options, QUARRY_OK, "");
    expect_open(&chain_schema, &options, QUARRY_OK, "");
    options.baseline = 0;
    expect_open(&chain_schema, &options, QUARRY_OK, "");
    assert_int_equal(ask_file("PRAGMA user_version"), 12);
    assert_int_equal(
        ask_file("SELECT count(*) FROM quarry_migrations"
                 " WHERE duration_ms IS NULL AND applied_at > 1600000000000"),
        10);
    assert_int_equal(ask_file("SELECT count(*) FROM hosts"), 1);
    run_on_file("DELETE FROM quarry_schema");
    expect_open(&chain_schema, &options, QUARRY_OK, "");
}

static void test_baseline_then_migrate(void **state)
{
    quarry_options options = trial_options();
    quarry_db *db;

    (void)state;
    make_file(4);
    run_on_file("DROP TABLE quarry_migrations; DROP TABLE quarry_schema;"
                "PRAGMA user_version = 57"); /* another tool's */
    expect_open(&chain_schema, &options, QUARRY_DRIFT, "no history");
    db = trial_open(&chain_schema, path, true);
    expect_error(db, quarry_migrate(db, QUARRY_LATEST, NULL), QUARRY_DRIFT, "no history");
    expect_error(db, quarry_migrate_baseline(db, 3, NULL), QUARRY_DRIFT,
                 "containers.state: is not in the schema");
    expect_error(db, quarry_migrate_baseline(db, 0, NULL), QUARRY_DRIFT,
                 "not at version 0");
    assert_int_equal(quarry_migrate_baseline(db, 4, NULL), QUARRY_OK);
    expect_error(db, quarry_migrate_baseline(db, 4, NULL), QUARRY_MISUSE,
                 "has a history of migrations already");
    quarry_close(db);
    expect_file(4);
    expect_open(&chain_schema, &options, QUARRY_OK, "");
    expect_file(CHAIN_COUNT);
}

/* Beside tables that are not the schema's. */
static void test_baseline_zero(void **state)
{
    quarry_options options = trial_options();
    quarry_db *db;

    (void)state;
    run_on_file("CREATE TABLE mine (x)");
    expect_open(&chain_schema, &options, QUARRY_DRIFT, "no history");
    db = trial_open(&chain_schema, path, true);
    assert_int_equal(quarry_migrate_baseline(db, 0, NULL), QUARRY_OK);
    quarry_close(db);
    expect_open(&chain_schema, &options, QUARRY_OK, "");
    assert_int_equal(ask_file("SELECT count(*) FROM tags"), CHAIN_CONTAINERS);
    assert_int_equal(ask_file("SELECT count(*) FROM mine"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_way_up_and_down),
        cmocka_unit_test(test_there_and_back_through_all),
        cmocka_unit_test(test_versions_that_are_none),
        cmocka_unit_test(test_rows_of_the_program_stay),
        cmocka_unit_test(test_objects_of_others_stay),
        cmocka_unit_test(test_objects_of_others_on_a_renamed_table),
        cmocka_unit_test(test_programs_of_others_that_would_break),
        cmocka_unit_test(test_program_of_others_that_is_broken),
        cmocka_unit_test(test_object_of_others_in_the_way),
        FILES(test_open_migrates),
        FILES(test_open_of_a_new_file),
        FILES(test_open_refuses),
        FILES(test_open_refuses_an_empty_file),
        FILES(test_environment),
        FILES(test_newer),
        FILES(test_drift),
        FILES(test_drift_of_an_old_version),
        cmocka_unit_test(test_error_tells_which_migration),
        FILES(test_baseline_of_a_file_without_migrations),
        FILES(test_baseline_then_migrate),
        FILES(test_baseline_zero),
    };

    return cmocka_run_group_tests(tests, trial_make_versions, trial_free_versions);
}
