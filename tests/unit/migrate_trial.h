/*
 * migrate_trial.h: for the tests of migrating: a file at any version of a schema, and
 * what stands in it as one text; structures are judged by the generator's comparison.
 */
#ifndef MIGRATE_TRIAL_H
#define MIGRATE_TRIAL_H

#include "../../generator/migrate/diff.h"
#include "../../runtime/internal.h"
#include "chain_schema.h"
#include "temp_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- a file of its own for each test --------------------------------------------- */

static char path[TEMP_PATH_SIZE];

static inline int make_path(void **state)
{
    (void)state;
    temp_path(path);
    return 0;
}

static inline int remove_path(void **state)
{
    (void)state;
    temp_remove(path);
    return 0;
}

#define FILES(test) cmocka_unit_test_setup_teardown(test, make_path, remove_path)

static inline quarry_options trial_options(void)
{
    quarry_options options;

    quarry_options_init(&options);
    options.ignore_environment = true;
    options.busy_timeout_ms = 60000;
    options.synchronous = QUARRY_SYNCHRONOUS_OFF; /* no power fails in a test */
    return options;
}

/* Opens without migrating. */
static inline quarry_db *trial_open(const quarry_schema *schema, const char *at, bool wal)
{
    quarry_options options = trial_options();
    quarry_db *db = NULL;

    options.pending = QUARRY_PENDING_IGNORE;
    options.wal = wal;
    if (quarry_open(schema, at, &options, &db) != QUARRY_OK)
        fail_msg("open: %s", quarry_last_error(db)->message);
    return db;
}

static inline void trial_migrate(quarry_db *db, int version)
{
    if (quarry_migrate(db, version, NULL) != QUARRY_OK)
        fail_msg("to %d: %s", version, quarry_last_error(db)->message);
}

static inline void trial_run(sqlite3 *handle, const char *sql)
{
    char *error = NULL;

    if (sqlite3_exec(handle, sql, NULL, NULL, &error) != SQLITE_OK)
        fail_msg("%s: %s", error, sql);
}

static inline int64_t trial_ask(sqlite3 *handle, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    int64_t value;

    if (sqlite3_prepare_v2(handle, sql, -1, &stmt, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sqlite3_errmsg(handle), sql);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    value = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return value;
}

/* The error is of this status and its message holds the text. */
static inline void expect_error(quarry_db *db, quarry_status got, quarry_status wanted,
                                const char *text)
{
    if (got != wanted)
        fail_msg("status %s: %s", quarry_status_name(got),
                 got == QUARRY_OK ? "" : quarry_last_error(db)->message);
    assert_int_equal(quarry_last_error(db)->status, wanted);
    if (strstr(quarry_last_error(db)->message, text) == NULL)
        fail_msg("got: %s", quarry_last_error(db)->message);
}

/* What a program has set on its connection, and that no transaction is open. */
static inline void expect_settings(quarry_db *db, int foreign_keys, int legacy)
{
    sqlite3 *handle = quarry_sqlite(db);

    assert_int_equal(trial_ask(handle, "PRAGMA foreign_keys"), foreign_keys);
    assert_int_equal(trial_ask(handle, "PRAGMA legacy_alter_table"), legacy);
    assert_int_equal(quarry_in_transaction(db), 0);
    assert_int_equal(sqlite3_get_autocommit(handle), 1);
    assert_int_equal(quarry_begin(db), QUARRY_OK);
    assert_int_equal(quarry_commit(db), QUARRY_OK);
}

/* Opens, and closes again; the status is that. */
static inline void expect_open(const quarry_schema *schema, const quarry_options *options,
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

/* On the file, with a connection of SQLite's own. */
static inline void run_on_file(const char *sql)
{
    sqlite3 *handle = NULL;

    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    trial_run(handle, sql);
    sqlite3_close(handle);
}

static inline int64_t ask_file(const char *sql)
{
    sqlite3 *handle = NULL;
    int64_t value;

    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    value = trial_ask(handle, sql);
    sqlite3_close(handle);
    return value;
}

/* A file that is at the position. */
static inline void make_file(int position)
{
    quarry_db *db = trial_open(&chain_schema, path, true);

    trial_migrate(db, chain_version(position));
    quarry_close(db);
}

/* ---- dumps ---------------------------------------------------------------------- */

static inline void trial_dump_rows(sqlite3 *handle, const char *sql, sqlite3_str *out)
{
    sqlite3_stmt *stmt = NULL;

    if (sqlite3_prepare_v2(handle, sql, -1, &stmt, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sqlite3_errmsg(handle), sql);
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(stmt); i++)
            sqlite3_str_appendf(out, "%d:%Q,", sqlite3_column_type(stmt, i),
                                sqlite3_column_text(stmt, i));
        sqlite3_str_appendchar(out, 1, '\n');
    }
    assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
}

/* All rows of all tables with their rowids, in order, as one text to be freed with
   sqlite3_free(). */
static inline char *trial_dump(sqlite3 *handle)
{
    static const char list[] =
        "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
        " AND name NOT LIKE 'quarry\\_%' ESCAPE '\\'"
        " AND name NOT IN ('sqlite_schema', 'sqlite_stat1') ORDER BY name";
    sqlite3_str *out = sqlite3_str_new(NULL);
    sqlite3_stmt *tables = NULL;

    sqlite3_str_appendall(out, "rows\n");
    assert_int_equal(sqlite3_prepare_v2(handle, list, -1, &tables, NULL), SQLITE_OK);
    while (sqlite3_step(tables) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(tables, 0);
        const bool sequence = strcmp(name, "sqlite_sequence") == 0;
        char *sql = sqlite3_mprintf(
            "SELECT %s* FROM \"%w\" ORDER BY 1, 2",
            sequence || sqlite3_column_int(tables, 1) ? "" : "rowid, ", name);

        /* An empty sqlite_sequence stays when the last table with a counter goes. */
        if (!sequence)
            sqlite3_str_appendf(out, "table %s\n", name);
        trial_dump_rows(handle, sql, out);
        sqlite3_free(sql);
    }
    sqlite3_finalize(tables);
    return sqlite3_str_finish(out);
}

static inline bool trial_same_structure(sqlite3 *left, sqlite3 *right)
{
    struct arena arena = {0};
    const char *error = NULL;
    struct structure *one = structure_read(&arena, left, &error);
    struct structure *two = structure_read(&arena, right, &error);
    bool same;

    if (one == NULL || two == NULL)
        fail_msg("%s", error);
    same = structure_equal(one, two);
    arena_release(&arena);
    return same;
}

/* The file is sound and no row lacks its parent. */
static inline void trial_check_sound(sqlite3 *handle)
{
    assert_int_equal(trial_ask(handle, "SELECT integrity_check = 'ok' FROM"
                                       " pragma_integrity_check"),
                     1);
    assert_int_equal(trial_ask(handle, "SELECT count(*) FROM pragma_foreign_key_check"),
                     0);
}

/* ---- what each version looks like ------------------------------------------------ */

struct trial_version {
    quarry_db *db; /* in memory, migrated from nothing */
    char *rows;
};

static struct trial_version trial_versions[CHAIN_COUNT + 1];

static inline int trial_make_versions(void **state)
{
    (void)state;
    for (int i = 0; i <= CHAIN_COUNT; i++) {
        trial_versions[i].db = trial_open(&chain_schema, ":memory:", false);
        trial_migrate(trial_versions[i].db, chain_version(i));
        trial_versions[i].rows = trial_dump(quarry_sqlite(trial_versions[i].db));
    }
    return 0;
}

static inline int trial_free_versions(void **state)
{
    (void)state;
    for (int i = 0; i <= CHAIN_COUNT; i++) {
        quarry_close(trial_versions[i].db);
        sqlite3_free(trial_versions[i].rows);
    }
    return 0;
}

static inline int64_t trial_applied(sqlite3 *handle)
{
    if (trial_ask(handle, "SELECT count(*) FROM sqlite_schema WHERE name ="
                          " 'quarry_migrations'") == 0)
        return 0;
    return trial_ask(handle, "SELECT count(*) FROM quarry_migrations");
}

/* The database is what `position` migrations on nothing make, row by row. */
static inline void trial_expect(sqlite3 *handle, int position)
{
    char *rows = trial_dump(handle);

    assert_int_equal(trial_ask(handle, "PRAGMA user_version"), chain_version(position));
    assert_int_equal(trial_applied(handle), position);
    assert_string_equal(rows, trial_versions[position].rows);
    sqlite3_free(rows);
    if (!trial_same_structure(handle, quarry_sqlite(trial_versions[position].db)))
        fail_msg("the structure is not that of version %d", chain_version(position));
}

static inline void expect_file(int position)
{
    sqlite3 *handle = NULL;

    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    trial_check_sound(handle);
    trial_expect(handle, position);
    sqlite3_close(handle);
}

/* The schema without migrations, as the release before them would have made the file. */
static inline quarry_schema schema_without(void)
{
    quarry_schema schema = chain_schema;

    schema.migrations = NULL;
    schema.migration_count = 0;
    schema.version = 1;
    return schema;
}

/* A row whose parent is not there, as earlier days may have left it. */
static inline void make_orphan(quarry_db *db, const char *sql)
{
    trial_run(quarry_sqlite(db), "PRAGMA foreign_keys = OFF");
    trial_run(quarry_sqlite(db), sql);
    trial_run(quarry_sqlite(db), "PRAGMA foreign_keys = ON");
}

#endif
