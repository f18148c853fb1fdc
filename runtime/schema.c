/*
 * schema.c: makes the schema's tables in an empty database, and finds out at every other
 * opening whether the file's tables are still those. A row of `quarry_schema` remembers
 * the answer, so the usual opening is one small read. It must not know how tables are
 * compared (drift.c).
 */
#include "internal.h"

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
    "       (SELECT count(*) FROM sqlite_schema"
    "         WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'),"
    "       (SELECT count(*) FROM sqlite_schema"
    "         WHERE type = 'table' AND name = 'quarry_schema')";

static const char read_row[] = "SELECT version, fingerprint = ?2 AND cookie = ?3"
                               "  FROM quarry_schema WHERE name = ?1";

static const char write_row[] =
    "INSERT INTO quarry_schema (name, version, fingerprint, cookie)"
    " VALUES (?1, ?2, ?3, (SELECT schema_version FROM pragma_schema_version))"
    " ON CONFLICT (name) DO UPDATE SET version = excluded.version,"
    " fingerprint = excluded.fingerprint, cookie = excluded.cookie";

/* What the file says about itself. */
struct state {
    int64_t user_version;
    int64_t cookie;   /* PRAGMA schema_version: changes with every change of a table */
    int64_t objects;  /* tables, indexes, views and triggers */
    int64_t version;  /* of our row in quarry_schema; 0: none */
    bool bookkeeping; /* there is a table quarry_schema */
    bool known;       /* the row is ours, and nothing has changed since it was written */
};

/* ---- reading the state ---------------------------------------------------------- */

/* SQLITE_ROW from the first step, or an error of preparing it. */
static int start(quarry_db *db, const char *sql, sqlite3_stmt **stmt)
{
    const int code = sqlite3_prepare_v2(db->handle, sql, -1, stmt, NULL);

    return code == SQLITE_OK ? sqlite3_step(*stmt) : code;
}

static int read_our_row(quarry_db *db, struct state *state)
{
    sqlite3_stmt *stmt = NULL;
    int code = sqlite3_prepare_v2(db->handle, read_row, -1, &stmt, NULL);

    if (code != SQLITE_OK)
        return code;
    sqlite3_bind_text(stmt, 1, db->schema->name, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 2, db->schema->fingerprint, -1, SQLITE_STATIC);
    sqlite3_bind_int64(stmt, 3, state->cookie);
    if (sqlite3_step(stmt) == SQLITE_ROW) {
        state->version = sqlite3_column_int64(stmt, 0);
        state->known = sqlite3_column_int(stmt, 1) != 0;
    }
    return sqlite3_finalize(stmt);
}

static quarry_status read_state(quarry_db *db, struct state *state)
{
    sqlite3_stmt *stmt = NULL;
    int code = start(db, read_versions, &stmt);

    memset(state, 0, sizeof *state);
    if (code == SQLITE_ROW) {
        state->user_version = sqlite3_column_int64(stmt, 0);
        state->cookie = sqlite3_column_int64(stmt, 1);
        state->objects = sqlite3_column_int64(stmt, 2);
        state->bookkeeping = sqlite3_column_int(stmt, 3) != 0;
    }
    if (stmt != NULL)
        code = sqlite3_finalize(stmt);
    if (code == SQLITE_OK && state->bookkeeping)
        code = read_our_row(db, state);
    return code == SQLITE_OK ? QUARRY_OK : quarry_fail_sqlite(db, code, read_versions);
}

/* ---- writing the bookkeeping ---------------------------------------------------- */

static int write_our_row(quarry_db *db)
{
    sqlite3_stmt *stmt = NULL;
    const int code = sqlite3_prepare_v2(db->handle, write_row, -1, &stmt, NULL);

    if (code != SQLITE_OK)
        return code;
    sqlite3_bind_text(stmt, 1, db->schema->name, -1, SQLITE_STATIC);
    sqlite3_bind_int(stmt, 2, db->schema->version);
    sqlite3_bind_text(stmt, 3, db->schema->fingerprint, -1, SQLITE_STATIC);
    sqlite3_step(stmt);
    return sqlite3_finalize(stmt);
}

/* Inside a transaction, after the last CREATE: the cookie is final then. */
static int write_bookkeeping(quarry_db *db)
{
    char sql[64];
    int code = sqlite3_exec(db->handle, create_table, NULL, NULL, NULL);

    if (code == SQLITE_OK)
        code = write_our_row(db);
    sqlite3_snprintf(sizeof sql, sql, "PRAGMA main.user_version = %d",
                     db->schema->version);
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
    code = write_bookkeeping(db);
    return code == SQLITE_OK ? QUARRY_OK : quarry_fail_sqlite(db, code, create_table);
}

/* Inside the write lock it looks again: another process may have been faster. *state is
   what the file holds then; with objects in it nothing was created. */
static quarry_status create_if_empty(quarry_db *db, struct state *state)
{
    const quarry_status status = read_state(db, state);

    if (status != QUARRY_OK || state->objects > 0)
        return status;
    return run_ddl(db);
}

static quarry_status create(quarry_db *db, struct state *state)
{
    quarry_status status = quarry_begin(db);

    if (status != QUARRY_OK)
        return status;
    status = create_if_empty(db, state);
    if (status == QUARRY_OK)
        status = quarry_commit(db);
    if (status != QUARRY_OK && !sqlite3_get_autocommit(db->handle))
        sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
    quarry_notice_rollback(db);
    db->lost = 0;
    return status;
}

/* ---- checking ------------------------------------------------------------------- */

static quarry_status check_version(quarry_db *db, const struct state *state)
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

/* One read transaction, so that all questions see the same tables. */
static quarry_status check_tables(quarry_db *db)
{
    quarry_status status = quarry_begin_deferred(db);

    if (status != QUARRY_OK)
        return status;
    status = quarry_drift_check(db);
    sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
    quarry_notice_rollback(db);
    db->lost = 0;
    return status;
}

/* True where one of the schema's tables is in the file. */
static bool has_our_tables(quarry_db *db)
{
    static const char sql[] =
        "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1 COLLATE NOCASE";
    sqlite3_stmt *stmt = NULL;
    bool found = false;

    if (sqlite3_prepare_v2(db->handle, sql, -1, &stmt, NULL) != SQLITE_OK)
        return true;
    for (int i = 0; !found && i < db->schema->table_count; i++) {
        sqlite3_bind_text(stmt, 1, db->schema->tables[i]->table, -1, SQLITE_STATIC);
        found = sqlite3_step(stmt) == SQLITE_ROW;
        sqlite3_reset(stmt);
    }
    sqlite3_finalize(stmt);
    return found;
}

/*
 * Remembers that the tables are right. An opening must not fail or wait for that: where
 * another connection writes, the next opening compares again.
 */
static void remember(quarry_db *db, const struct state *state)
{
    struct state now;
    int code;

    sqlite3_busy_timeout(db->handle, 0);
    code = sqlite3_exec(db->handle, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    if (code == SQLITE_OK && read_state(db, &now) == QUARRY_OK &&
        now.cookie == state->cookie && write_bookkeeping(db) == SQLITE_OK)
        sqlite3_exec(db->handle, "COMMIT", NULL, NULL, NULL);
    if (!sqlite3_get_autocommit(db->handle))
        sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
    sqlite3_busy_timeout(db->handle, db->busy_timeout_ms);
}

static quarry_status check(quarry_db *db, const struct state *state)
{
    quarry_status status;

    if (db->schema->table_count > 0 && !has_our_tables(db))
        return quarry_fail(db, QUARRY_DRIFT, NULL, NULL,
                           "%.300s: the file holds other tables and none of schema %s",
                           db->path, db->schema->name);
    status = check_tables(db);
    if (status == QUARRY_OK && !db->read_only)
        remember(db, state);
    return status;
}

static quarry_status refuse_empty(quarry_db *db)
{
    return quarry_fail(
        db, QUARRY_DRIFT, NULL, NULL,
        "%.300s: the file has no tables, and it is opened for reading only", db->path);
}

quarry_status quarry_schema_ensure(quarry_db *db, const quarry_options *options)
{
    struct state state;
    quarry_status status = read_state(db, &state);

    if (status == QUARRY_OK)
        status = check_version(db, &state);
    if (status != QUARRY_OK || state.known)
        return status;
    if (state.objects == 0) {
        if (db->read_only)
            return refuse_empty(db);
        status = create(db, &state);
        if (status != QUARRY_OK || state.objects == 0)
            return status;
        status = check_version(db, &state);
    }
    if (status != QUARRY_OK || state.known || !options->check_schema)
        return status;
    return check(db, &state);
}
