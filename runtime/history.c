/*
 * history.c: the table quarry_migrations, one row for each migration that the file has
 * had, and what it says about where the file stands. It must not know how migrations are
 * run.
 */
#include "migrate.h"

#include <string.h>

const char quarry_history_table[] = "CREATE TABLE IF NOT EXISTS quarry_migrations (\n"
                                    "    version INTEGER NOT NULL PRIMARY KEY,\n"
                                    "    name TEXT NOT NULL,\n"
                                    "    checksum TEXT NOT NULL,\n"
                                    "    applied_at INTEGER NOT NULL,\n"
                                    "    duration_ms INTEGER,\n"
                                    "    abi INTEGER NOT NULL\n"
                                    ") STRICT";

/* ---- reading -------------------------------------------------------------------- */

static const char read_rows[] = "SELECT version, name, checksum, applied_at, duration_ms"
                                "  FROM main.quarry_migrations ORDER BY version";

const char *quarry_copy_column(quarry_arena *arena, sqlite3_stmt *stmt, int column)
{
    const char *text = (const char *)sqlite3_column_text(stmt, column);
    const size_t size = (size_t)sqlite3_column_bytes(stmt, column) + 1;
    char *copy = text == NULL ? NULL : quarry_arena_allocate_text(arena, size);

    if (copy != NULL)
        memcpy(copy, text, size);
    return copy;
}

static bool add_row(quarry_history *history, sqlite3_stmt *stmt)
{
    const size_t size = ((size_t)history->count + 1) * sizeof *history->rows;
    quarry_applied *rows = quarry_arena_items(history->arena, size);
    quarry_applied *row;

    if (rows == NULL)
        return false;
    history->rows = rows;
    row = &rows[history->count++];
    row->version = sqlite3_column_int64(stmt, 0);
    row->name = quarry_copy_column(history->arena, stmt, 1);
    row->checksum = quarry_copy_column(history->arena, stmt, 2);
    row->applied_at = sqlite3_column_int64(stmt, 3);
    row->duration_ms =
        sqlite3_column_type(stmt, 4) == SQLITE_NULL ? -1 : sqlite3_column_int64(stmt, 4);
    return row->name != NULL && row->checksum != NULL;
}

static quarry_status add_rows(quarry_db *db, quarry_history *history)
{
    sqlite3_stmt *stmt = NULL;
    int code = sqlite3_prepare_v2(db->handle, read_rows, -1, &stmt, NULL);
    bool memory = true;

    while (code == SQLITE_OK && memory && sqlite3_step(stmt) == SQLITE_ROW)
        memory = add_row(history, stmt);
    code = stmt == NULL ? code : sqlite3_finalize(stmt);
    if (code != SQLITE_OK)
        return quarry_fail_sqlite(db, code, read_rows);
    return memory ? QUARRY_OK
                  : quarry_no_memory(db, "the history of migrations was being read");
}

quarry_status quarry_history_read(quarry_db *db, bool exists, quarry_history *history)
{
    quarry_status status;

    memset(history, 0, sizeof *history);
    history->arena = quarry_arena_new();
    if (history->arena == NULL)
        return quarry_no_memory(db, "the history of migrations was being read");
    status = exists ? add_rows(db, history) : QUARRY_OK;
    if (status != QUARRY_OK)
        quarry_history_release(history);
    return status;
}

void quarry_history_release(quarry_history *history)
{
    quarry_arena_free(history->arena);
    memset(history, 0, sizeof *history);
}

/* ---- where the file stands ------------------------------------------------------ */

static quarry_status newer(quarry_db *db, int64_t version)
{
    return quarry_fail(
        db, QUARRY_NEWER, NULL, NULL,
        "%.300s: the file has version %lld of the schema, and this program "
        "knows schema %s up to version %d",
        db->path, (long long)version, db->schema->name, db->schema->version);
}

/* Which migration it is about, for programs. */
static quarry_status about(quarry_db *db, const quarry_migration *migration)
{
    db->error.migration = migration->name;
    db->error.version = migration->version;
    return db->error.status;
}

static quarry_status unknown(quarry_db *db, const quarry_applied *row)
{
    quarry_fail(db, QUARRY_DRIFT, NULL, NULL,
                "%.200s: the file has had migration %lld (%.100s), which this program "
                "does not know",
                db->path, (long long)row->version, row->name);
    db->error.version = (int)row->version;
    return QUARRY_DRIFT;
}

static quarry_status skipped(quarry_db *db, const quarry_migration *migration)
{
    quarry_fail(db, QUARRY_DRIFT, NULL, NULL,
                "%.200s: the file has not had migration %d (%.100s), but a later one",
                db->path, migration->version, migration->name);
    return about(db, migration);
}

static quarry_status edited(quarry_db *db, const quarry_migration *migration,
                            const quarry_applied *row)
{
    quarry_fail(db, QUARRY_DRIFT, NULL, NULL,
                "%.200s: migration %d (%.80s) is not the one that was applied: its "
                "checksum is %.64s, the file's %.64s",
                db->path, migration->version, migration->name, migration->checksum,
                row->checksum);
    return about(db, migration);
}

/* The rows must be the first migrations of the program, one by one. */
static quarry_status match_rows(quarry_db *db, const quarry_history *history)
{
    const quarry_schema *schema = db->schema;

    for (int i = 0; i < history->count; i++) {
        const quarry_applied *row = &history->rows[i];

        if (i >= schema->migration_count || row->version < schema->migrations[i].version)
            return unknown(db, row);
        if (row->version > schema->migrations[i].version)
            return skipped(db, &schema->migrations[i]);
        if (strcmp(row->checksum, schema->migrations[i].checksum) != 0)
            return edited(db, &schema->migrations[i], row);
    }
    return QUARRY_OK;
}

static quarry_status other_version(quarry_db *db, int64_t user_version, int64_t version)
{
    return quarry_fail(db, QUARRY_DRIFT, NULL, NULL,
                       "%.300s: user_version is %lld, but the history of migrations says "
                       "version %lld",
                       db->path, (long long)user_version, (long long)version);
}

static quarry_status judge(quarry_db *db, const quarry_history *history,
                           int64_t user_version)
{
    const int64_t version =
        history->count == 0 ? 0 : history->rows[history->count - 1].version;
    const int64_t latest =
        quarry_position_version(db->schema, db->schema->migration_count);
    quarry_status status;

    if (version > latest || user_version > latest)
        return newer(db, version > user_version ? version : user_version);
    status = match_rows(db, history);
    if (status == QUARRY_OK && user_version != version)
        status = other_version(db, user_version, version);
    return status;
}

quarry_status quarry_history_position(quarry_db *db, const quarry_file_state *state,
                                      int *position)
{
    quarry_history history;
    quarry_status status = quarry_history_read(db, state->history, &history);

    if (status != QUARRY_OK)
        return status;
    status = judge(db, &history, state->user_version);
    *position = history.count;
    quarry_history_release(&history);
    return status;
}

/* ---- inside the lock ------------------------------------------------------------ */

static const char read_newest[] =
    "SELECT (SELECT user_version FROM pragma_user_version),"
    " (SELECT checksum FROM main.quarry_migrations ORDER BY version DESC LIMIT 1)";

/* The newest row has the checksum of that position; none: position 0. */
static quarry_status newest_is(quarry_db *db, int position, bool *at)
{
    const char *wanted =
        position == 0 ? "" : db->schema->migrations[position - 1].checksum;
    sqlite3_stmt *stmt = NULL;
    int code = sqlite3_prepare_v2(db->handle, read_newest, -1, &stmt, NULL);

    *at = false;
    if (code == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW) {
        const char *checksum = (const char *)sqlite3_column_text(stmt, 1);

        *at = strcmp(checksum == NULL ? "" : checksum, wanted) == 0 &&
              sqlite3_column_int64(stmt, 0) ==
                  quarry_position_version(db->schema, position);
    }
    code = stmt == NULL ? code : sqlite3_finalize(stmt);
    return code == SQLITE_OK ? QUARRY_OK : quarry_fail_sqlite(db, code, read_newest);
}

quarry_status quarry_history_is_at(quarry_db *db, int position, bool *at, bool *right)
{
    quarry_file_state state;
    const quarry_status status = quarry_state_read(db, &state);

    *at = false;
    if (status != QUARRY_OK)
        return status;
    *right = state.position == position || (position == 0 && state.objects == 0);
    if (state.history)
        return newest_is(db, position, at);
    *at = position == 0 && state.user_version == 0;
    return QUARRY_OK;
}

/* ---- writing -------------------------------------------------------------------- */

char *quarry_history_insert(const quarry_migration *migration, int64_t duration)
{
    char text[24] = "NULL";

    if (duration >= 0)
        sqlite3_snprintf(sizeof text, text, "%lld", (long long)duration);
    return sqlite3_mprintf("INSERT INTO quarry_migrations"
                           " (version, name, checksum, applied_at, duration_ms, abi)\n"
                           "VALUES (%d, %Q, %Q, %lld, %s, %d)",
                           migration->version, migration->name, migration->checksum,
                           (long long)quarry_now(), text, QUARRY_ABI);
}

char *quarry_history_delete(const quarry_migration *migration)
{
    return sqlite3_mprintf("DELETE FROM quarry_migrations WHERE version = %d",
                           migration->version);
}

/* ---- status --------------------------------------------------------------------- */

/* What is handed out, and what owns it. */
struct owned_list {
    quarry_migration_list list;
    quarry_history history;
};

static quarry_migration_state known_state(const quarry_migration *migration)
{
    return (quarry_migration_state){
        .version = migration->version,
        .name = migration->name,
        .known = true,
        .duration_ms = -1,
        .checksum = migration->checksum,
        .destroys = migration->destroys,
        .irreversible = migration->irreversible,
    };
}

static void add_applied(quarry_migration_state *state, const quarry_applied *row)
{
    state->applied = true;
    state->applied_at = row->applied_at;
    state->duration_ms = row->duration_ms;
    state->applied_checksum = row->checksum;
    if (state->known)
        return;
    state->version = row->version > INT32_MAX ? INT32_MAX : (int)row->version;
    state->name = row->name;
}

/* Both lists are ordered by version: a merge. */
static void merge(const quarry_schema *schema, struct owned_list *owned)
{
    const quarry_history *history = &owned->history;
    int i = 0;
    int j = 0;

    while (i < schema->migration_count || j < history->count) {
        quarry_migration_state state = {.duration_ms = -1};
        const bool known = i < schema->migration_count &&
                           (j == history->count ||
                            schema->migrations[i].version <= history->rows[j].version);

        if (known)
            state = known_state(&schema->migrations[i++]);
        if (j < history->count && (!known || history->rows[j].version == state.version))
            add_applied(&state, &history->rows[j++]);
        owned->list.rows[owned->list.count++] = state;
    }
}

/* The table is looked for first: a file that has none is no error. */
static quarry_status read_history(quarry_db *db, quarry_history *history)
{
    quarry_file_state state;
    const quarry_status status = quarry_state_read(db, &state);

    return status == QUARRY_OK ? quarry_history_read(db, state.history, history) : status;
}

static quarry_status make_list(quarry_db *db, quarry_history *history,
                               quarry_migration_list **list)
{
    const size_t count = (size_t)(db->schema->migration_count + history->count);
    struct owned_list *owned = quarry_arena_allocate(history->arena, sizeof *owned);
    quarry_migration_state *rows =
        quarry_arena_allocate(history->arena, count * sizeof *rows);

    if (owned == NULL || rows == NULL)
        return quarry_no_memory(db, "the history of migrations was being read");
    *owned = (struct owned_list){.list = {rows, 0}, .history = *history};
    merge(db->schema, owned);
    *list = &owned->list;
    return QUARRY_OK;
}

quarry_status quarry_migrate_status(quarry_db *db, quarry_migration_list **list)
{
    quarry_history history;
    quarry_status status;

    if (list != NULL)
        *list = NULL;
    if (db == NULL || db->handle == NULL || list == NULL)
        return quarry_misuse(db, "the status of migrations needs an open connection and "
                                 "a place for the list");
    status = read_history(db, &history);
    if (status != QUARRY_OK)
        return status;
    status = make_list(db, &history, list);
    if (status != QUARRY_OK)
        quarry_history_release(&history);
    return status;
}

void quarry_migration_list_free(quarry_migration_list *list)
{
    if (list != NULL)
        quarry_arena_free(((struct owned_list *)list)->history.arena);
}

quarry_status quarry_schema_version(quarry_db *db, int *version)
{
    quarry_file_state state;
    quarry_status status;

    if (db == NULL || db->handle == NULL || version == NULL)
        return quarry_misuse(db, "the version of a file needs an open connection and a "
                                 "place for it");
    status = quarry_state_read(db, &state);
    if (status == QUARRY_OK)
        *version = db->schema->migration_count > 0 && !state.history
                       ? 0
                       : (int)state.user_version;
    return status;
}
