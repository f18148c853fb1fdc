/*
 * test_migrate_report.c: what migrating tells: the status of each migration, dry runs,
 * progress; and which connections it refuses.
 */
#include "migrate_trial.h"

static quarry_db *open_memory(void)
{
    return trial_open(&chain_schema, ":memory:", false);
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
    assert_int_equal(ask_file("PRAGMA user_version"), 1);
    run_on_file(script);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_status),   cmocka_unit_test(test_dry_run),
        FILES(test_dry_run_reads_only),  FILES(test_dry_run_of_a_baseline),
        cmocka_unit_test(test_progress), cmocka_unit_test(test_no_usable_connection),
    };

    return cmocka_run_group_tests(tests, trial_make_versions, trial_free_versions);
}
