/*
 * test_migrate_runtime.c: migrations as a program sees them: every way from one version to
 * another, what NAME_open() does, what is refused, and that whatever fails leaves the
 * version before it, whole. Judges are the generator's comparison of structures and
 * SQLite's own checks.
 */
#include "migrate_trial.h"

static char path[TEMP_PATH_SIZE];

static int make_path(void **state)
{
    (void)state;
    temp_path(path);
    return 0;
}

static int remove_path(void **state)
{
    (void)state;
    temp_remove(path);
    return 0;
}

static quarry_db *open_memory(void)
{
    return trial_open(&chain_schema, ":memory:", false);
}

/* The error is of this status and its message holds the text. */
static void expect_error(quarry_db *db, quarry_status got, quarry_status wanted,
                         const char *text)
{
    if (got != wanted)
        fail_msg("status %s: %s", quarry_status_name(got),
                 got == QUARRY_OK ? "" : quarry_last_error(db)->message);
    assert_int_equal(quarry_last_error(db)->status, wanted);
    if (strstr(quarry_last_error(db)->message, text) == NULL)
        fail_msg("got: %s", quarry_last_error(db)->message);
}

static void expect_open(const quarry_schema *schema, const quarry_options *options,
                        quarry_status wanted, const char *text)
{
    quarry_db *db = NULL;
    const quarry_status status = quarry_open(schema, path, options, &db);

    if (wanted == QUARRY_OK && status != wanted)
        fail_msg("open: %s", quarry_last_error(db)->message);
    if (wanted != QUARRY_OK)
        expect_error(db, status, wanted, text);
    quarry_close(db);
}

static void run(const char *sql)
{
    sqlite3 *handle = NULL;

    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    trial_run(handle, sql);
    sqlite3_close(handle);
}

static int64_t ask(const char *sql)
{
    sqlite3 *handle = NULL;
    int64_t value;

    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    value = trial_ask(handle, sql);
    sqlite3_close(handle);
    return value;
}

/* A file that is at the position. */
static void make_file(int position)
{
    quarry_db *db = trial_open(&chain_schema, path, true);

    trial_migrate(db, chain_version(position));
    quarry_close(db);
}

static void expect_file(int position)
{
    sqlite3 *handle = NULL;

    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    trial_check_sound(handle);
    trial_expect(handle, position);
    sqlite3_close(handle);
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
    assert_int_equal(ask("SELECT count(*) FROM quarry_schema WHERE name = 'chain' AND"
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
    assert_int_equal(ask("SELECT count(*) FROM sqlite_schema"), 0);
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
        run(lies[i].sql);
        run("DELETE FROM quarry_schema");
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
    run("ALTER TABLE containers ADD COLUMN mine TEXT");
    expect_open(&chain_schema, &options, QUARRY_DRIFT, "column containers.mine");
    assert_int_equal(ask("PRAGMA user_version"), 4);
    unchecked.check_schema = false;
    expect_open(&chain_schema, &unchecked, QUARRY_OK, "");
    assert_int_equal(ask("PRAGMA user_version"), 12);
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

/* A schema without migrations, as the release before them would have made the file. */
static quarry_schema schema_without(void)
{
    quarry_schema schema = chain_schema;

    schema.migrations = NULL;
    schema.migration_count = 0;
    schema.version = 1;
    return schema;
}

static void test_baseline_of_a_file_without_migrations(void **state)
{
    const quarry_schema before = schema_without();
    quarry_options options = trial_options();

    (void)state;
    expect_open(&before, &options, QUARRY_OK, "");
    run("INSERT INTO hosts VALUES ('h', 'host', 1)");
    expect_open(&chain_schema, &options, QUARRY_DRIFT, "quarry_migrate_baseline()");
    options.baseline = 9;
    expect_open(&chain_schema, &options, QUARRY_DRIFT, "tags");
    assert_int_equal(ask("SELECT count(*) FROM sqlite_schema WHERE name ="
                         " 'quarry_migrations'"),
                     0);
    options.baseline = 12;
    expect_open(&chain_schema, &options, QUARRY_OK, "");
    expect_open(&chain_schema, &options, QUARRY_OK, "");
    options.baseline = 0;
    expect_open(&chain_schema, &options, QUARRY_OK, "");
    assert_int_equal(ask("PRAGMA user_version"), 12);
    assert_int_equal(ask("SELECT count(*) FROM quarry_migrations"
                         " WHERE duration_ms IS NULL AND applied_at > 1600000000000"),
                     10);
    assert_int_equal(ask("SELECT count(*) FROM hosts"), 1);
    run("DELETE FROM quarry_schema");
    expect_open(&chain_schema, &options, QUARRY_OK, "");
}

static void test_baseline_then_migrate(void **state)
{
    quarry_options options = trial_options();
    quarry_db *db;

    (void)state;
    make_file(4);
    run("DROP TABLE quarry_migrations; DROP TABLE quarry_schema;"
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
    run("CREATE TABLE mine (x)");
    expect_open(&chain_schema, &options, QUARRY_DRIFT, "no history");
    db = trial_open(&chain_schema, path, true);
    assert_int_equal(quarry_migrate_baseline(db, 0, NULL), QUARRY_OK);
    quarry_close(db);
    expect_open(&chain_schema, &options, QUARRY_OK, "");
    assert_int_equal(ask("SELECT count(*) FROM tags"), CHAIN_CONTAINERS);
    assert_int_equal(ask("SELECT count(*) FROM mine"), 0);
}

/* ---- status --------------------------------------------------------------------- */

static void test_status(void **state)
{
    quarry_migration_list *list = NULL;
    quarry_db *db = open_memory();
    const quarry_timestamp start = quarry_now();

    (void)state;
    assert_int_equal(quarry_migrate_status(db, &list), QUARRY_OK);
    assert_int_equal(list->count, CHAIN_COUNT);
    assert_false(list->rows[0].applied);
    quarry_migration_list_free(list);
    trial_migrate(db, 9);
    trial_run(quarry_sqlite(db),
              "INSERT INTO quarry_migrations VALUES (10, 'alien', 'x', 5, 6, 1);"
              "UPDATE quarry_migrations SET checksum = 'y', duration_ms = NULL"
              " WHERE version = 9");
    assert_int_equal(quarry_migrate_status(db, &list), QUARRY_OK);
    assert_int_equal(list->count, CHAIN_COUNT + 1);
    for (int i = 0; i < 9; i++) {
        const quarry_migration_state *row = &list->rows[i];

        assert_int_equal(row->version, i + 1);
        assert_string_equal(row->name, chain_migrations[i].name);
        assert_true(row->known && row->applied && !row->destroys);
        assert_null(row->irreversible);
        assert_true(row->applied_at >= start && row->applied_at <= quarry_now());
        assert_true(i == 8 ? row->duration_ms == -1 : row->duration_ms >= 0);
        assert_string_equal(row->checksum, chain_migrations[i].checksum);
        assert_string_equal(row->applied_checksum,
                            i == 8 ? "y" : chain_migrations[i].checksum);
    }
    assert_int_equal(list->rows[9].version, 10);
    assert_string_equal(list->rows[9].name, "alien");
    assert_true(list->rows[9].applied && !list->rows[9].known);
    assert_null(list->rows[9].checksum);
    assert_int_equal(list->rows[9].applied_at, 5);
    assert_int_equal(list->rows[10].version, 12);
    assert_true(list->rows[10].known && !list->rows[10].applied);
    assert_true(list->rows[10].destroys);
    assert_int_equal(list->rows[10].duration_ms, -1);
    assert_null(list->rows[10].applied_checksum);
    quarry_migration_list_free(list);
    quarry_close(db);
}

/* ---- dry runs, progress --------------------------------------------------------- */

struct listener {
    int calls; /* first: what chain_rank_hosts counts */
    sqlite3_str *script;
    sqlite3_str *progress;
    int stop_at; /* the version at whose last step it says stop; 0: none */
};

static void note_sql(const char *sql, void *context)
{
    struct listener *listener = context;

    sqlite3_str_appendf(listener->script, "%s;\n", sql);
}

static bool note_progress(const quarry_progress *progress, void *context)
{
    struct listener *listener = context;

    sqlite3_str_appendf(listener->progress, "%s%d %s %d/%d %s\n",
                        progress->down ? "-" : "+", progress->version, progress->name,
                        progress->step, progress->step_count,
                        progress->text == NULL ? "done" : progress->text);
    return progress->version != listener->stop_at ||
           progress->step != progress->step_count;
}

/* What a dry run prints is what migrates: the script alone gives the same file. */
static void test_dry_run(void **state)
{
    struct listener listener = {.script = sqlite3_str_new(NULL)};
    const quarry_migrate_options options = {
        .dry_run = true, .sql = note_sql, .context = &listener};
    quarry_db *db = open_memory();
    sqlite3 *by_hand = NULL;
    char *script;

    (void)state;
    assert_int_equal(quarry_migrate(db, 5, &options), QUARRY_OK);
    assert_int_equal(trial_ask(quarry_sqlite(db), "SELECT count(*) FROM sqlite_schema"),
                     0);
    script = sqlite3_str_finish(listener.script);
    assert_non_null(strstr(script, "-- create table hosts;\nCREATE TABLE hosts ("));
    assert_non_null(strstr(script, "PRAGMA foreign_keys = OFF;\nBEGIN IMMEDIATE;\n"
                                   "-- add column containers.state"));
    assert_int_equal(sqlite3_open(":memory:", &by_hand), SQLITE_OK);
    trial_run(by_hand, "PRAGMA foreign_keys = ON");
    trial_run(by_hand, script);
    trial_expect(by_hand, 5);
    sqlite3_close(by_hand);
    sqlite3_free(script);
    listener.script = sqlite3_str_new(NULL);
    trial_migrate(db, QUARRY_LATEST);
    listener.calls = 0;
    assert_int_equal(quarry_migrate_refresh(db, &options), QUARRY_OK);
    assert_int_equal(listener.calls, 0);
    trial_expect(quarry_sqlite(db), CHAIN_COUNT);
    script = sqlite3_str_finish(listener.script);
    assert_non_null(strstr(script, "-- call chain_rank_hosts;"));
    assert_non_null(strstr(script, "DELETE FROM quarry_migrations WHERE version = 1;"));
    sqlite3_free(script);
    quarry_close(db);
}

static void test_dry_run_reads_only(void **state)
{
    struct listener listener = {.script = sqlite3_str_new(NULL)};
    const quarry_migrate_options options = {
        .dry_run = true, .sql = note_sql, .context = &listener};
    quarry_options reading = trial_options();
    quarry_db *db = NULL;

    (void)state;
    make_file(3);
    reading.read_only = true;
    reading.pending = QUARRY_PENDING_IGNORE;
    assert_int_equal(quarry_open(&chain_schema, path, &reading, &db), QUARRY_OK);
    assert_int_equal(quarry_migrate(db, QUARRY_LATEST, &options), QUARRY_OK);
    quarry_close(db);
    assert_true(sqlite3_str_length(listener.script) > 1000);
    sqlite3_free(sqlite3_str_finish(listener.script));
    expect_file(3);
}

static void test_dry_run_of_a_baseline(void **state)
{
    struct listener listener = {.script = sqlite3_str_new(NULL)};
    const quarry_migrate_options options = {
        .dry_run = true, .sql = note_sql, .context = &listener};
    const quarry_schema before = schema_without();
    const quarry_options plain = trial_options();
    quarry_db *db;
    char *script;

    (void)state;
    expect_open(&before, &plain, QUARRY_OK, "");
    db = trial_open(&chain_schema, path, true);
    expect_error(db, quarry_migrate_baseline(db, 8, &options), QUARRY_DRIFT, "");
    assert_int_equal(sqlite3_str_length(listener.script), 0);
    assert_int_equal(quarry_migrate_baseline(db, QUARRY_LATEST, &options), QUARRY_OK);
    quarry_close(db);
    script = sqlite3_str_finish(listener.script);
    assert_int_equal(ask("PRAGMA user_version"), 1);
    run(script);
    sqlite3_free(script);
    expect_open(&chain_schema, &plain, QUARRY_OK, "");
}

static void test_progress(void **state)
{
    struct listener listener = {.progress = sqlite3_str_new(NULL)};
    const quarry_migrate_options options = {.progress = note_progress,
                                            .context = &listener};
    quarry_db *db = open_memory();
    char *text;

    (void)state;
    assert_int_equal(quarry_migrate(db, 2, &options), QUARRY_OK);
    assert_int_equal(quarry_migrate_back(db, 1, &options), QUARRY_OK);
    text = sqlite3_str_finish(listener.progress);
    assert_string_equal(text, "+1 initial 1/2 create table hosts\n"
                              "+1 initial 2/2 create table containers\n"
                              "+1 initial 3/2 done\n"
                              "+2 rows 1/2 insert rows of hosts\n"
                              "+2 rows 2/2 insert rows of containers\n"
                              "+2 rows 3/2 done\n"
                              "-2 rows 1/1 delete the rows\n"
                              "-2 rows 2/1 done\n");
    sqlite3_free(text);
    listener.progress = sqlite3_str_new(NULL);
    listener.stop_at = 4;
    expect_error(db, quarry_migrate(db, QUARRY_LATEST, &options), QUARRY_INTERRUPTED,
                 "migration 4 (states), step 1 of 1");
    trial_expect(quarry_sqlite(db), 3);
    sqlite3_free(sqlite3_str_finish(listener.progress));
    quarry_close(db);
}

/* ---- misuse --------------------------------------------------------------------- */

static void test_no_usable_connection(void **state)
{
    const quarry_schema without = schema_without();
    quarry_migration_list *list = (quarry_migration_list *)path;
    sqlite3_stmt *stmt = NULL;
    quarry_db *db = open_memory();
    int version;

    (void)state;
    assert_int_equal(quarry_migrate(NULL, 1, NULL), QUARRY_MISUSE);
    assert_int_equal(quarry_migrate_status(NULL, &list), QUARRY_MISUSE);
    assert_null(list);
    assert_int_equal(quarry_migrate_status(db, NULL), QUARRY_MISUSE);
    assert_int_equal(quarry_schema_version(NULL, &version), QUARRY_MISUSE);
    assert_int_equal(quarry_schema_version(db, NULL), QUARRY_MISUSE);
    quarry_migration_list_free(NULL);
    trial_migrate(db, 1);
    assert_int_equal(quarry_begin(db), QUARRY_OK);
    expect_error(db, quarry_migrate(db, 2, NULL), QUARRY_MISUSE, "inside a transaction");
    expect_error(db, quarry_migrate_baseline(db, 2, NULL), QUARRY_MISUSE,
                 "inside a transaction");
    assert_int_equal(quarry_rollback(db), QUARRY_OK);
    sqlite3_prepare_v2(quarry_sqlite(db), "SELECT 1 UNION SELECT 2", -1, &stmt, NULL);
    sqlite3_step(stmt);
    expect_error(db, quarry_migrate(db, 2, NULL), QUARRY_MISUSE, "statement is open");
    sqlite3_finalize(stmt);
    trial_expect(quarry_sqlite(db), 1);
    quarry_close(db);
    db = trial_open(&without, ":memory:", false);
    expect_error(db, quarry_migrate(db, 1, NULL), QUARRY_MISUSE, "has no migrations");
    assert_int_equal(quarry_schema_version(db, &version), QUARRY_OK);
    assert_int_equal(version, 1);
    quarry_close(db);
}

#define FILES(test) cmocka_unit_test_setup_teardown(test, make_path, remove_path)

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
        cmocka_unit_test(test_status),
        cmocka_unit_test(test_dry_run),
        FILES(test_dry_run_reads_only),
        FILES(test_dry_run_of_a_baseline),
        cmocka_unit_test(test_progress),
        cmocka_unit_test(test_no_usable_connection),
    };

    return cmocka_run_group_tests(tests, trial_make_versions, trial_free_versions);
}
