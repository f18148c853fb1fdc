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
