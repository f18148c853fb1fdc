/*
 * migrate.c: which migrations a file gets: what NAME_open() does by itself, and the calls
 * of quarry.h that go up, down, or take a file as it is. It must not know how one
 * migration is carried out (migrate_run.c).
 */
#include "migrate.h"

#include <string.h>

static const quarry_migrate_options no_options;

/* ---- what must hold ------------------------------------------------------------- */

static bool has_running_statement(quarry_db *db)
{
    sqlite3_stmt *stmt = sqlite3_next_stmt(db->handle, NULL);

    while (stmt != NULL && !sqlite3_stmt_busy(stmt))
        stmt = sqlite3_next_stmt(db->handle, stmt);
    return stmt != NULL;
}

/* An open SELECT would make DROP TABLE fail, and a transaction could not be of one
   migration. */
static quarry_status check_usable(quarry_db *db, const quarry_migrate_options *options)
{
    if (db == NULL || db->handle == NULL)
        return quarry_misuse(db, "migrating needs an open connection");
    if (db->schema->migration_count == 0)
        return quarry_fail(db, QUARRY_MISUSE, NULL, NULL, "schema %s has no migrations",
                           db->schema->name);
    if (!sqlite3_get_autocommit(db->handle))
        return quarry_misuse(db, "migrations can't be run inside a transaction");
    if (db->cursors != NULL || has_running_statement(db))
        return quarry_misuse(
            db, "migrations can't be run while a cursor or a statement is open");
    if (db->read_only && !options->dry_run)
        return quarry_fail(db, QUARRY_READ_ONLY, NULL, NULL,
                           "%.300s: the database was opened for reading only", db->path);
    return QUARRY_OK;
}

static quarry_status no_history(quarry_db *db)
{
    return quarry_fail(db, QUARRY_DRIFT, NULL, NULL,
                       "%.200s: the file has tables but no history of migrations; if its "
                       "tables are those of a version of schema %s, open it with the "
                       "option `baseline` or call quarry_migrate_baseline()",
                       db->path, db->schema->name);
}

/* What locate() found. */
struct place {
    quarry_file_state state;
    int position;
    bool compared; /* the tables, just now */
};

/* Proved by the history, and by the tables where they are to be checked and nothing tells
   that they are right. */
static quarry_status locate_inside(quarry_db *db, struct place *place)
{
    const quarry_file_state *state = &place->state;
    quarry_status status = quarry_state_read(db, &place->state);

    if (status != QUARRY_OK)
        return status;
    if (!state->history && state->objects > 0)
        return no_history(db);
    status = quarry_history_position(db, state, &place->position);
    if (status != QUARRY_OK || !db->check_schema || state->objects == 0 ||
        state->position == place->position)
        return status;
    place->compared = true;
    return quarry_compare_tables(db, place->position);
}

/* Where the file stands. One transaction: another process may be migrating it. */
static quarry_status locate(quarry_db *db, bool dry_run, int *position)
{
    struct place place = {.position = 0};
    quarry_status status = quarry_begin_deferred(db);

    if (status == QUARRY_OK)
        status = locate_inside(db, &place);
    status = quarry_end_transaction(db, status);
    if (status == QUARRY_OK && place.compared && !dry_run)
        quarry_remember(db, &place.state, place.position);
    *position = place.position;
    return status;
}

/* ---- going ---------------------------------------------------------------------- */

/* Prepared statements remember what the tables were like. */
static void forget_statements(quarry_db *db)
{
    for (int i = 0; i < db->slot_count; i++)
        quarry_stmt_release(&db->slots[i]);
}

/* Where another process is migrating too, the position is read again. */
static quarry_status go(quarry_db *db, const quarry_migrate_options *options,
                        int *position, int target)
{
    quarry_status status = QUARRY_OK;

    while (status == QUARRY_OK && *position != target) {
        const bool down = *position > target;
        bool moved = false;

        status = quarry_migration_run(db, options, *position, down, &moved);
        if (status == QUARRY_OK && moved)
            status = locate(db, options->dry_run, position);
        else if (status == QUARRY_OK)
            *position += down ? -1 : 1;
    }
    forget_statements(db);
    return status;
}

static quarry_status check_reversible(quarry_db *db, int position, int target)
{
    for (int i = position; i > target; i--) {
        const quarry_migration *migration = &db->schema->migrations[i - 1];

        if (migration->irreversible == NULL)
            continue;
        quarry_fail(db, QUARRY_MIGRATION, NULL, NULL,
                    "migration %d (%.100s) can't be undone: %.300s", migration->version,
                    migration->name, migration->irreversible);
        db->error.migration = migration->name;
        db->error.version = migration->version;
        db->error.cause = QUARRY_MISUSE;
        return QUARRY_MIGRATION;
    }
    return QUARRY_OK;
}

static quarry_status begin_going(quarry_db *db, const quarry_migrate_options **options,
                                 int *position)
{
    quarry_status status;

    if (*options == NULL)
        *options = &no_options;
    status = check_usable(db, *options);
    return status == QUARRY_OK ? locate(db, (*options)->dry_run, position) : status;
}

/* ---- the calls of quarry.h ------------------------------------------------------ */

/* The position of a version, or -1. */
static int position_of(const quarry_schema *schema, int version)
{
    if (version == QUARRY_LATEST)
        return schema->migration_count;
    for (int i = 0; i <= schema->migration_count; i++) {
        if (quarry_position_version(schema, i) == version)
            return i;
    }
    return -1;
}

static quarry_status no_such_version(quarry_db *db, int version)
{
    return quarry_fail(db, QUARRY_MISUSE, NULL, NULL, "schema %s has no migration %d",
                       db->schema->name, version);
}

quarry_status quarry_migrate(quarry_db *db, int version,
                             const quarry_migrate_options *options)
{
    int position = 0;
    int target;
    quarry_status status = begin_going(db, &options, &position);

    if (status != QUARRY_OK)
        return status;
    target = position_of(db->schema, version);
    if (target < 0)
        return no_such_version(db, version);
    status = check_reversible(db, position, target);
    return status == QUARRY_OK ? go(db, options, &position, target) : status;
}

quarry_status quarry_migrate_back(quarry_db *db, int steps,
                                  const quarry_migrate_options *options)
{
    int position = 0;
    int target;
    quarry_status status = begin_going(db, &options, &position);

    if (status != QUARRY_OK)
        return status;
    if (steps < 0)
        return quarry_misuse(db, "the number of migrations to undo is negative");
    target = steps < position ? position - steps : 0;
    status = check_reversible(db, position, target);
    return status == QUARRY_OK ? go(db, options, &position, target) : status;
}

quarry_status quarry_migrate_reset(quarry_db *db, const quarry_migrate_options *options)
{
    return quarry_migrate(db, 0, options);
}

/* In a dry run the file stays where it is, so both ways are one walk. */
quarry_status quarry_migrate_refresh(quarry_db *db, const quarry_migrate_options *options)
{
    int position = 0;
    quarry_status status = begin_going(db, &options, &position);

    if (status == QUARRY_OK)
        status = check_reversible(db, position, 0);
    if (status == QUARRY_OK)
        status = go(db, options, &position, 0);
    if (status == QUARRY_OK)
        status = go(db, options, &position, db->schema->migration_count);
    return status;
}

/* ---- baseline ------------------------------------------------------------------- */

static quarry_status record_all(quarry_db *db, const quarry_migrate_options *options,
                                int position)
{
    quarry_status status = quarry_migration_sql(db, options, quarry_history_table);

    for (int i = 0; status == QUARRY_OK && i < position; i++) {
        char *sql = quarry_history_insert(&db->schema->migrations[i], -1);

        status = sql == NULL ? quarry_no_memory(db, "a baseline was recorded")
                             : quarry_migration_sql(db, options, sql);
        sqlite3_free(sql);
    }
    return status;
}

static quarry_status record_baseline(quarry_db *db, const quarry_migrate_options *options,
                                     int position)
{
    quarry_status status = record_all(db, options, position);
    char pragma[64];
    int code;

    sqlite3_snprintf(sizeof pragma, pragma, "PRAGMA main.user_version = %d",
                     quarry_position_version(db->schema, position));
    if (status == QUARRY_OK)
        status = quarry_migration_sql(db, options, pragma);
    if (status != QUARRY_OK || options->dry_run)
        return status;
    code = quarry_bookkeeping_create(db);
    if (code == SQLITE_OK)
        code = quarry_bookkeeping_write(db, position, true);
    return code == SQLITE_OK ? QUARRY_OK : quarry_fail_sqlite(db, code, "quarry_schema");
}

/* Inside the transaction, so that the tables stay what they were found to be. */
static quarry_status prove(quarry_db *db, int position)
{
    quarry_file_state state;
    quarry_status status = quarry_state_read(db, &state);

    if (status != QUARRY_OK)
        return status;
    if (state.history)
        return quarry_fail(db, QUARRY_MISUSE, NULL, NULL,
                           "%.300s: the file has a history of migrations already",
                           db->path);
    if (position > 0)
        return quarry_drift_check(db, position);
    if (quarry_has_tables(db))
        return quarry_fail(db, QUARRY_DRIFT, NULL, NULL,
                           "%.300s: the file has tables of schema %s, so it is not at "
                           "version 0",
                           db->path, db->schema->name);
    return QUARRY_OK;
}

static quarry_status baseline(quarry_db *db, const quarry_migrate_options *options,
                              int position)
{
    quarry_status status =
        options->dry_run ? quarry_begin_deferred(db) : quarry_begin(db);

    if (status != QUARRY_OK)
        return status;
    status = prove(db, position);
    if (status == QUARRY_OK && options->sql != NULL)
        options->sql("BEGIN IMMEDIATE", options->context);
    if (status == QUARRY_OK)
        status = record_baseline(db, options, position);
    if (status == QUARRY_OK && options->sql != NULL)
        options->sql("COMMIT", options->context);
    if (status == QUARRY_OK && !options->dry_run)
        status = quarry_commit(db);
    return quarry_end_transaction(db, status);
}

quarry_status quarry_migrate_baseline(quarry_db *db, int version,
                                      const quarry_migrate_options *options)
{
    const quarry_migrate_options *chosen = options == NULL ? &no_options : options;
    const quarry_status status = check_usable(db, chosen);
    int position;

    if (status != QUARRY_OK)
        return status;
    position = position_of(db->schema, version);
    if (position < 0)
        return no_such_version(db, version);
    return baseline(db, chosen, position);
}

/* ---- opening -------------------------------------------------------------------- */

static quarry_status pending(quarry_db *db, int position)
{
    const quarry_schema *schema = db->schema;

    quarry_fail(db, QUARRY_PENDING, NULL, NULL,
                "%.200s: the file is at version %d of schema %s, and this program needs "
                "version %d%s",
                db->path, quarry_position_version(schema, position), schema->name,
                quarry_position_version(schema, schema->migration_count),
                db->read_only ? "; it is opened for reading only, and can't be migrated"
                              : "");
    db->error.migration = schema->migrations[position].name;
    db->error.version = schema->migrations[position].version;
    return QUARRY_PENDING;
}

static quarry_status open_at(quarry_db *db, const quarry_options *options, int position)
{
    const quarry_migrate_options *migrate =
        options->migrate == NULL ? &no_options : options->migrate;
    quarry_migrate_options chosen = *migrate;

    chosen.dry_run = false;
    if (position == db->schema->migration_count)
        return QUARRY_OK;
    if (db->read_only || options->pending == QUARRY_PENDING_REFUSE)
        return pending(db, position);
    return go(db, &chosen, &position, db->schema->migration_count);
}

/* The user_version of a file that Quarry has not written says nothing. */
static quarry_status refuse_newer(quarry_db *db)
{
    quarry_file_state state;
    int position;
    const quarry_status status = quarry_state_read(db, &state);

    if (status != QUARRY_OK || !state.history ||
        state.user_version <= db->schema->version)
        return status;
    return quarry_history_position(db, &state, &position);
}

static quarry_status needs_baseline(quarry_db *db, bool *needs)
{
    quarry_file_state state;
    const quarry_status status = quarry_state_read(db, &state);

    *needs = status == QUARRY_OK && !state.history && state.objects > 0;
    return status;
}

/* A baseline that another process has just set is as good. */
static quarry_status take_baseline(quarry_db *db, int version)
{
    bool needs;
    quarry_status status = needs_baseline(db, &needs);

    if (status != QUARRY_OK || !needs)
        return status;
    status = quarry_migrate_baseline(db, version, NULL);
    if (status == QUARRY_MISUSE && needs_baseline(db, &needs) == QUARRY_OK && !needs)
        return QUARRY_OK;
    return status;
}

quarry_status quarry_migrate_opened(quarry_db *db, const quarry_options *options)
{
    quarry_status status = QUARRY_OK;
    int position = 0;

    if (options->pending == QUARRY_PENDING_IGNORE)
        return refuse_newer(db);
    if (options->baseline > 0)
        status = take_baseline(db, options->baseline);
    if (status == QUARRY_OK)
        status = locate(db, db->read_only, &position);
    return status == QUARRY_OK ? open_at(db, options, position) : status;
}
