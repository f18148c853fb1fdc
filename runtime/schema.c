/*
 * schema.c: makes the schema's tables in an empty database, and finds out at every other
 * opening whether the file's tables are still those. A row of `quarry_schema` remembers
 * the answer, so the usual opening is one small read. It must not know how tables are
 * compared (drift.c), nor what migrations do (migrate.c).
 */
#include "migrate.h"

#include <string.h>

static const char create_table[] = "CREATE TABLE IF NOT EXISTS quarry_schema (\n"
                                   "    name TEXT NOT NULL PRIMARY KEY,\n"
                                   "    version INTEGER NOT NULL,\n"
                                   "    fingerprint TEXT NOT NULL,\n"
                                   "    cookie INTEGER NOT NULL\n"
                                   ") STRICT";

static const char read_versions[] =
    "SELECT (SELECT user_version FROM pragma_user_version),"
    "       (SELECT schema_version FROM pragma_schema_version),"
    "       count(*) FILTER (WHERE tbl_name NOT IN ('quarry_schema', 'quarry_migrations')"
    "         AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'),"
    "       total(type = 'table' AND name = 'quarry_schema'),"
    "       total(type = 'table' AND name = 'quarry_migrations')"
    "  FROM main.sqlite_schema";

/* The + keeps it from the index: the table has one row, so that is one page less. */
static const char read_row[] =
    "SELECT (SELECT user_version FROM pragma_user_version),"
    "       (SELECT schema_version FROM pragma_schema_version),"
    "       version, fingerprint, cookie"
    "  FROM main.quarry_schema WHERE +name = ?1";

static const char write_row[] =
    "INSERT INTO main.quarry_schema (name, version, fingerprint, cookie)"
    " VALUES (?1, ?2, ?3,"
    "         CASE WHEN ?4 THEN (SELECT schema_version FROM pragma_schema_version)"
    "              ELSE -1 END)"
    " ON CONFLICT (name) DO UPDATE SET version = excluded.version,"
    " fingerprint = excluded.fingerprint, cookie = excluded.cookie";

/* ---- positions ------------------------------------------------------------------ */

int quarry_position_version(const quarry_schema *schema, int position)
{
    if (schema->migration_count == 0)
        return schema->version;
    return position == 0 ? 0 : schema->migrations[position - 1].version;
}

const char *quarry_position_fingerprint(const quarry_schema *schema, int position)
{
    if (schema->migration_count == 0)
        return schema->fingerprint;
    return position == 0 ? "" : schema->migrations[position - 1].checksum;
}

/* The position that has this fingerprint, or -1. Asked from the newest, the usual one. */
static int find_position(const quarry_schema *schema, const char *fingerprint)
{
    for (int i = schema->migration_count; i >= 0; i--) {
        if (strcmp(quarry_position_fingerprint(schema, i), fingerprint) == 0)
            return i;
    }
    return -1;
}

/* ---- reading the state ---------------------------------------------------------- */

/* The state as far as our row tells it. */
static void read_columns(quarry_db *db, sqlite3_stmt *stmt, quarry_file_state *state)
{
    const char *fingerprint = (const char *)sqlite3_column_text(stmt, 3);
    const quarry_schema *schema = db->schema;

    state->user_version = sqlite3_column_int64(stmt, 0);
    state->cookie = sqlite3_column_int64(stmt, 1);
    state->version = sqlite3_column_int64(stmt, 2);
    if (fingerprint != NULL && sqlite3_column_int64(stmt, 4) == state->cookie)
        state->position = find_position(schema, fingerprint);
    if (state->position >= 0 &&
        state->version != quarry_position_version(schema, state->position))
        state->position = -1;
    state->known = state->position == schema->migration_count &&
                   (schema->migration_count == 0 ? state->user_version <= schema->version
                                                 : state->user_version == state->version);
}

static int read_our_row(quarry_db *db, quarry_file_state *state)
{
    sqlite3_stmt *stmt = NULL;
    int code = sqlite3_prepare_v2(db->handle, read_row, -1, &stmt, NULL);

    if (code != SQLITE_OK)
        return code;
    sqlite3_bind_text(stmt, 1, db->schema->name, -1, SQLITE_STATIC);
    if (sqlite3_step(stmt) == SQLITE_ROW)
        read_columns(db, stmt, state);
    return sqlite3_finalize(stmt);
}

static int read_all(quarry_db *db, quarry_file_state *state)
{
    sqlite3_stmt *stmt = NULL;
    int code = sqlite3_prepare_v2(db->handle, read_versions, -1, &stmt, NULL);

    if (code == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW) {
        state->user_version = sqlite3_column_int64(stmt, 0);
        state->cookie = sqlite3_column_int64(stmt, 1);
        state->objects = sqlite3_column_int64(stmt, 2);
        state->bookkeeping = sqlite3_column_int(stmt, 3) != 0;
        state->history = sqlite3_column_int(stmt, 4) != 0;
    }
    code = stmt == NULL ? code : sqlite3_finalize(stmt);
    return code == SQLITE_OK && state->bookkeeping ? read_our_row(db, state) : code;
}

/* True where the tables as this connection has read them hold one of that name. It asks
   no statement, so that a file without it leaves no error in anybody's log. */
static bool seems_to_have(quarry_db *db, const char *table)
{
    return sqlite3_table_column_metadata(db->handle, "main", table, NULL, NULL, NULL,
                                         NULL, NULL, NULL) == SQLITE_OK;
}

/* The usual opening ends with the first statement: the row says that all is well. */
quarry_status quarry_state_read(quarry_db *db, quarry_file_state *state)
{
    const quarry_file_state nothing = {.objects = -1, .position = -1};
    int code = SQLITE_OK;

    *state = nothing;
    if (seems_to_have(db, "quarry_schema"))
        code = read_our_row(db, state);
    if (code == SQLITE_OK && state->known) {
        state->bookkeeping = true;
        state->history = db->schema->migration_count > 0;
        return QUARRY_OK;
    }
    *state = nothing;
    if (code == SQLITE_OK)
        code = read_all(db, state);
    return code == SQLITE_OK ? QUARRY_OK : quarry_fail_sqlite(db, code, read_versions);
}

/* ---- writing the bookkeeping ---------------------------------------------------- */

int quarry_bookkeeping_create(quarry_db *db)
{
    return sqlite3_exec(db->handle, create_table, NULL, NULL, NULL);
}

int quarry_bookkeeping_write(quarry_db *db, int position, bool right)
{
    const char *fingerprint = quarry_position_fingerprint(db->schema, position);
    sqlite3_stmt *stmt = NULL;
    const int code = sqlite3_prepare_v2(db->handle, write_row, -1, &stmt, NULL);

    if (code != SQLITE_OK)
        return code;
    sqlite3_bind_text(stmt, 1, db->schema->name, -1, SQLITE_STATIC);
    sqlite3_bind_int(stmt, 2, quarry_position_version(db->schema, position));
    sqlite3_bind_text(stmt, 3, fingerprint, -1, SQLITE_STATIC);
    sqlite3_bind_int(stmt, 4, (int)right);
    sqlite3_step(stmt);
    return sqlite3_finalize(stmt);
}

/* For a file that is at `position`, inside a transaction: user_version, too. */
static int write_bookkeeping(quarry_db *db, int position)
{
    char sql[64];
    int code = quarry_bookkeeping_create(db);

    if (code == SQLITE_OK)
        code = quarry_bookkeeping_write(db, position, true);
    sqlite3_snprintf(sizeof sql, sql, "PRAGMA main.user_version = %d",
                     quarry_position_version(db->schema, position));
    if (code == SQLITE_OK)
        code = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
    return code;
}

/* ---- creating ------------------------------------------------------------------- */

static quarry_status run_ddl(quarry_db *db)
{
    quarry_status status = QUARRY_OK;
    int code;

    for (const char *const *sql = db->schema->ddl; status == QUARRY_OK && *sql != NULL;
         sql++)
        status = quarry_exec(db, *sql);
    if (status != QUARRY_OK)
        return status;
    code = write_bookkeeping(db, 0);
    return code == SQLITE_OK ? QUARRY_OK : quarry_fail_sqlite(db, code, create_table);
}

/* A file that holds our bookkeeping has lost its tables, and does not get them back. */
static bool is_empty(const quarry_file_state *state)
{
    return state->objects == 0 && !state->bookkeeping && !state->history;
}

/* Inside the write lock it looks again: another process may have been faster. *state is
   what the file holds then; where that is not empty nothing was created. */
static quarry_status create_if_empty(quarry_db *db, quarry_file_state *state)
{
    const quarry_status status = quarry_state_read(db, state);

    if (status != QUARRY_OK || !is_empty(state))
        return status;
    return run_ddl(db);
}

static quarry_status create(quarry_db *db, quarry_file_state *state)
{
    quarry_status status = quarry_begin(db);

    if (status != QUARRY_OK)
        return status;
    status = create_if_empty(db, state);
    if (status == QUARRY_OK)
        status = quarry_commit(db);
    return quarry_end_transaction(db, status);
}

/* ---- checking ------------------------------------------------------------------- */

static quarry_status check_version(quarry_db *db, const quarry_file_state *state)
{
    const int64_t version =
        state->version > state->user_version ? state->version : state->user_version;

    if (version <= db->schema->version)
        return QUARRY_OK;
    return quarry_fail(
        db, QUARRY_NEWER, NULL, NULL,
        "%.300s: the file has version %lld of the schema, and this program "
        "knows schema %s up to version %d",
        db->path, (long long)version, db->schema->name, db->schema->version);
}

bool quarry_has_tables(quarry_db *db)
{
    static const char sql[] =
        "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1 COLLATE NOCASE";
    sqlite3_stmt *stmt = NULL;
    bool found = false;

    if (sqlite3_prepare_v2(db->handle, sql, -1, &stmt, NULL) != SQLITE_OK)
        return true;
    for (int i = 0; !found && i < db->schema->table_count; i++) {
        sqlite3_bind_text(stmt, 1, db->schema->tables[i]->table, -1, SQLITE_STATIC);
        found = sqlite3_step(stmt) != SQLITE_DONE; /* an error comes up again later */
        sqlite3_reset(stmt);
    }
    sqlite3_finalize(stmt);
    return found;
}

quarry_status quarry_compare_tables(quarry_db *db, int position)
{
    const quarry_schema *schema = db->schema;

    if (position == schema->migration_count && schema->table_count > 0 &&
        !quarry_has_tables(db))
        return quarry_fail(db, QUARRY_DRIFT, NULL, NULL,
                           "%.300s: the file holds other tables and none of schema %s",
                           db->path, schema->name);
    return quarry_drift_check(db, position);
}

void quarry_remember(quarry_db *db, const quarry_file_state *state, int position)
{
    quarry_file_state now;
    int code;

    if (db->read_only)
        return;
    sqlite3_busy_timeout(db->handle, 0);
    code = sqlite3_exec(db->handle, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    if (code == SQLITE_OK && quarry_state_read(db, &now) == QUARRY_OK &&
        now.cookie == state->cookie && now.user_version == state->user_version &&
        write_bookkeeping(db, position) == SQLITE_OK)
        sqlite3_exec(db->handle, "COMMIT", NULL, NULL, NULL);
    if (!sqlite3_get_autocommit(db->handle))
        sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
    sqlite3_busy_timeout(db->handle, db->busy_timeout_ms);
}

/* One read transaction, so that all questions see the same tables. */
static quarry_status check(quarry_db *db, const quarry_file_state *state)
{
    quarry_status status = quarry_begin_deferred(db);

    if (status == QUARRY_OK)
        status = quarry_compare_tables(db, 0);
    status = quarry_end_transaction(db, status);
    if (status == QUARRY_OK)
        quarry_remember(db, state, 0);
    return status;
}

/* ---- opening -------------------------------------------------------------------- */

static quarry_status refuse_empty(quarry_db *db)
{
    return quarry_fail(
        db, QUARRY_DRIFT, NULL, NULL,
        "%.300s: the file has no tables, and it is opened for reading only", db->path);
}

/* Without migrations. */
static quarry_status ensure(quarry_db *db, const quarry_options *options,
                            quarry_file_state *state)
{
    quarry_status status = check_version(db, state);

    if (status != QUARRY_OK)
        return status;
    if (is_empty(state)) {
        if (db->read_only)
            return refuse_empty(db);
        status = create(db, state);
        if (status != QUARRY_OK || is_empty(state))
            return status;
        status = check_version(db, state);
    }
    if (status != QUARRY_OK || state->known || !options->check_schema)
        return status;
    return check(db, state);
}

quarry_status quarry_schema_ensure(quarry_db *db, const quarry_options *options)
{
    quarry_file_state state;
    const quarry_status status = quarry_state_read(db, &state);

    if (status != QUARRY_OK || state.known)
        return status;
    if (db->schema->migration_count > 0)
        return quarry_migrate_opened(db, options);
    return ensure(db, options, &state);
}
