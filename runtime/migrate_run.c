/*
 * migrate_run.c: carries out one migration: the connection's settings, the transaction,
 * the steps, the foreign keys, the row in the history. Whatever happens, either all of it
 * is in the file or nothing. It must not know which migrations are wanted (migrate.c).
 */
#include "migrate.h"

#include <string.h>

/* What a COMMIT gives that the hook refuses. */
enum {
    COMMIT_REFUSED = SQLITE_CONSTRAINT_COMMITHOOK
};

struct run {
    quarry_db *db;
    const quarry_migrate_options *options;
    const quarry_migration *migration;
    const quarry_migration_step *steps;
    int step_count;
    int step; /* the one that runs, from 1; 0: none */
    int position;
    bool down;
    bool foreign_keys;    /* enforced meanwhile */
    bool right;           /* the tables were those of the position */
    bool moved;           /* another process was faster */
    quarry_faults faults; /* views and triggers that did not work before */
    quarry_kept kept;     /* indexes and triggers before tables are dropped */
    int saved_foreign_keys;
    int saved_legacy;
};

/* ---- SQL ------------------------------------------------------------------------ */

static void tell(const quarry_migrate_options *options, const char *sql)
{
    if (options->sql != NULL)
        options->sql(sql, options->context);
}

quarry_status quarry_migration_sql(quarry_db *db, const quarry_migrate_options *options,
                                   const char *sql)
{
    tell(options, sql);
    return options->dry_run ? QUARRY_OK : quarry_exec(db, sql);
}

static quarry_status execute(struct run *run, const char *sql)
{
    return quarry_migration_sql(run->db, run->options, sql);
}

/* Text from sqlite3_mprintf(), which it frees. */
static quarry_status execute_made(struct run *run, char *sql)
{
    quarry_status status;

    if (sql == NULL)
        return quarry_fail(run->db, QUARRY_NO_MEMORY, NULL, NULL, "memory ran out");
    status = execute(run, sql);
    sqlite3_free(sql);
    return status;
}

/* ---- errors --------------------------------------------------------------------- */

/* What the surroundings do keeps its status; what a step does by itself is QUARRY_MIGRATION.
 */
static bool is_of_surroundings(quarry_status status)
{
    switch (status) {
    case QUARRY_BUSY:
    case QUARRY_READ_ONLY:
    case QUARRY_FULL:
    case QUARRY_IO:
    case QUARRY_CORRUPT:
    case QUARRY_CANNOT_OPEN:
    case QUARRY_NO_MEMORY:
    case QUARRY_INTERRUPTED: return true;
    default: return false;
    }
}

/* "migration 3 (add_alias), step 2 of 4, add column hosts.alias: ..." */
static void name_place(const struct run *run, char *text, int size)
{
    const char *undone = run->down ? "undoing " : "";

    if (run->step == 0)
        sqlite3_snprintf(size, text, "%smigration %d (%.80s)", undone,
                         run->migration->version, run->migration->name);
    else
        sqlite3_snprintf(size, text, "%smigration %d (%.80s), step %d of %d, %.100s",
                         undone, run->migration->version, run->migration->name, run->step,
                         run->step_count, run->steps[run->step - 1].text);
}

/* What SQLite's own functions report inside ALTER TABLE comes as a plain error, whose
   message ends with what it was. */
static quarry_status true_status(const quarry_error *error, quarry_status status)
{
    if (status != QUARRY_ERROR || error->sqlite_code != SQLITE_ERROR)
        return status;
    if (strstr(error->message, ": interrupted)") != NULL)
        return QUARRY_INTERRUPTED;
    return strstr(error->message, ": out of memory)") != NULL ? QUARRY_NO_MEMORY : status;
}

/* Completes the error that a call has left in the connection. */
static quarry_status failed(struct run *run, quarry_status status)
{
    quarry_error *error = &run->db->error;
    char place[256];
    char message[QUARRY_MESSAGE_SIZE + 4];

    status = true_status(error, status);
    name_place(run, place, (int)sizeof place);
    sqlite3_snprintf(sizeof message, message, "%.*s: %s",
                     (int)quarry_utf8_cut(place, sizeof place - 2), place,
                     error->message);
    message[quarry_utf8_cut(message, QUARRY_MESSAGE_SIZE - 1)] = '\0';
    memcpy(error->message, message, strlen(message) + 1);
    error->cause = status;
    error->status = is_of_surroundings(status) ? status : QUARRY_MIGRATION;
    error->migration = run->migration->name;
    error->version = run->migration->version;
    error->step = run->step;
    return error->status;
}

static quarry_status ended(struct run *run, const char *what)
{
    return quarry_fail(run->db, QUARRY_MISUSE, NULL, NULL,
                       "%s has ended the transaction of the migration", what);
}

/* A savepoint that is no longer there went with the transaction in which it was made. */
static quarry_status release(struct run *run, const char *sql, const char *what)
{
    const int code = sqlite3_exec(run->db->handle, sql, NULL, NULL, NULL);

    if (code == SQLITE_ERROR)
        return ended(run, what);
    return code == SQLITE_OK ? QUARRY_OK : quarry_fail_sqlite(run->db, code, sql);
}

/* ---- settings of the connection ------------------------------------------------- */

static int get_switch(quarry_db *db, int which)
{
    int value = 0;

    sqlite3_db_config(db->handle, which, -1, &value);
    return value;
}

/* PRAGMA foreign_keys does nothing inside a transaction, so it comes before, and is read
   back. The statement is the one that a dry run shows. */
static quarry_status set_foreign_keys(struct run *run)
{
    const int wanted = (int)run->foreign_keys;

    if (run->saved_foreign_keys == wanted)
        return QUARRY_OK;
    tell(run->options, wanted ? "PRAGMA foreign_keys = ON" : "PRAGMA foreign_keys = OFF");
    sqlite3_db_config(run->db->handle, SQLITE_DBCONFIG_ENABLE_FKEY, wanted, NULL);
    if (get_switch(run->db, SQLITE_DBCONFIG_ENABLE_FKEY) == wanted)
        return QUARRY_OK;
    return quarry_fail(run->db, QUARRY_ERROR, NULL, NULL,
                       "this build of SQLite can't turn foreign keys on or off");
}

static quarry_status change_settings(struct run *run)
{
    sqlite3 *handle = run->db->handle;

    run->saved_foreign_keys = get_switch(run->db, SQLITE_DBCONFIG_ENABLE_FKEY);
    run->saved_legacy = get_switch(run->db, SQLITE_DBCONFIG_LEGACY_ALTER_TABLE);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, 0, NULL);
    return set_foreign_keys(run);
}

static void restore_settings(struct run *run)
{
    sqlite3 *handle = run->db->handle;

    if (handle == NULL)
        return;
    if (run->saved_foreign_keys != (int)run->foreign_keys)
        tell(run->options, run->saved_foreign_keys ? "PRAGMA foreign_keys = ON"
                                                   : "PRAGMA foreign_keys = OFF");
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_FKEY, run->saved_foreign_keys, NULL);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, run->saved_legacy,
                      NULL);
}

/* ---- the program's functions ---------------------------------------------------- */

static sqlite3_stmt *running(quarry_db *db)
{
    sqlite3_stmt *stmt = sqlite3_next_stmt(db->handle, NULL);

    while (stmt != NULL && !sqlite3_stmt_busy(stmt))
        stmt = sqlite3_next_stmt(db->handle, stmt);
    return stmt;
}

static int64_t cookie_of(quarry_db *db)
{
    static const char sql[] = "PRAGMA main.schema_version";
    sqlite3_stmt *stmt = NULL;
    int64_t cookie = -1;

    if (sqlite3_prepare_v2(db->handle, sql, -1, &stmt, NULL) == SQLITE_OK &&
        sqlite3_step(stmt) == SQLITE_ROW)
        cookie = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return cookie;
}

static quarry_status no_reason(quarry_db *db, quarry_status status)
{
    if (db->error.status == status)
        return status;
    return quarry_fail(db, status, NULL, NULL, "the function returned the status `%s`",
                       quarry_status_name(status));
}

/* What a function has to leave as it was. The savepoint tells whether the transaction is
   still the one in which it was made. */
static quarry_status check_call(struct run *run, int64_t cookie)
{
    quarry_db *db = run->db;
    quarry_status status;

    if (db->cursors != NULL || running(db) != NULL)
        return quarry_fail(db, QUARRY_MISUSE, NULL, NULL,
                           "the function has left a %s open",
                           db->cursors != NULL ? "cursor" : "statement");
    if (db->depth != 1)
        return quarry_misuse(db, "the function has begun a transaction that it has not "
                                 "ended, or ended one that it has not begun");
    status = release(run, "RELEASE quarry_call", "the function");
    if (status != QUARRY_OK)
        return status;
    if (cookie_of(db) != cookie)
        return quarry_misuse(db, "the function has changed tables, which only the other "
                                 "steps may");
    return QUARRY_OK;
}

/* An error at which SQLite rolls back is the function's own, and told as such. */
static quarry_status call(struct run *run, quarry_work *work)
{
    quarry_db *db = run->db;
    const int64_t cookie = cookie_of(db);
    quarry_status status = quarry_exec(db, "SAVEPOINT quarry_call");
    bool told;

    if (status != QUARRY_OK)
        return status;
    memset(&db->error, 0, sizeof db->error);
    status = work(db, run->options->context);
    quarry_notice_rollback(db);
    told = status != QUARRY_OK && db->error.status == status;
    if (sqlite3_get_autocommit(db->handle) && !told)
        return ended(run, "the function");
    return status == QUARRY_OK ? check_call(run, cookie) : no_reason(db, status);
}

/* ---- steps ---------------------------------------------------------------------- */

static bool drops_table(const char *sql)
{
    return sqlite3_strnicmp(sql, "DROP TABLE", 10) == 0;
}

static quarry_status run_statement(struct run *run, const char *sql)
{
    quarry_status status = QUARRY_OK;

    if (drops_table(sql) && !run->options->dry_run)
        status = quarry_kept_note(run->db, &run->kept);
    return status == QUARRY_OK ? execute(run, sql) : status;
}

/* ON CONFLICT ROLLBACK in a schema ends the transaction behind our back, with an error of
   its own; a statement that does so without one, or tries to, is in the wrong place. */
static quarry_status run_statements(struct run *run, const char *const *sql)
{
    quarry_status status = QUARRY_OK;

    for (; status == QUARRY_OK && sql != NULL && *sql != NULL; sql++) {
        status = run_statement(run, *sql);
        if (run->options->dry_run)
            continue;
        if (status == QUARRY_OK ? sqlite3_get_autocommit(run->db->handle)
                                : run->db->error.sqlite_code == COMMIT_REFUSED)
            status = ended(run, "a statement");
    }
    return status;
}

static bool go_on(const struct run *run, int step, const char *text)
{
    const quarry_progress progress = {
        .version = run->migration->version,
        .name = run->migration->name,
        .down = run->down,
        .step = step,
        .step_count = run->step_count,
        .text = text,
    };

    return run->options->dry_run || run->options->progress == NULL ||
           run->options->progress(&progress, run->options->context);
}

static quarry_status stopped(struct run *run)
{
    return quarry_fail(run->db, QUARRY_INTERRUPTED, NULL, NULL,
                       "the program's progress function has stopped it");
}

static void tell_text(struct run *run, const char *text)
{
    char *comment;

    if (run->options->sql == NULL)
        return;
    comment = sqlite3_mprintf("-- %s", text);
    if (comment != NULL)
        tell(run->options, comment);
    sqlite3_free(comment);
}

static quarry_status run_step(struct run *run)
{
    const quarry_migration_step *step = &run->steps[run->step - 1];
    quarry_status status;

    if (!go_on(run, run->step, step->text))
        return stopped(run);
    tell_text(run, step->text);
    status = run_statements(run, step->sql);
    if (status == QUARRY_OK && step->call != NULL && !run->options->dry_run)
        status = call(run, step->call);
    return status;
}

static quarry_status run_steps(struct run *run)
{
    quarry_status status = QUARRY_OK;

    for (run->step = 1; run->step <= run->step_count; run->step++) {
        status = run_step(run);
        if (status != QUARRY_OK)
            return status;
    }
    run->step = 0;
    return status;
}

/* What changes or drops tables may take away what others' programs need. */
static bool changes_tables(const struct run *run)
{
    for (int i = 0; i < run->step_count; i++) {
        for (const char *const *sql = run->steps[i].sql; sql != NULL && *sql != NULL;
             sql++) {
            if (sqlite3_strnicmp(*sql, "DROP", 4) == 0 ||
                sqlite3_strnicmp(*sql, "ALTER", 5) == 0)
                return true;
        }
    }
    return false;
}

static int next_position(const struct run *run)
{
    return run->down ? run->position - 1 : run->position + 1;
}

/* The steps, and what others have put on the tables that they rebuild. */
static quarry_status run_and_restore(struct run *run)
{
    quarry_status status = run_steps(run);

    if (status == QUARRY_OK)
        status = quarry_kept_restore(run->db, &run->kept, run->position);
    if (status == QUARRY_OK && run->faults.arena != NULL)
        status = quarry_faults_compare(run->db, &run->faults, next_position(run));
    return status;
}

/* ---- foreign keys --------------------------------------------------------------- */

/*
 * Rows without parent that were there before must be told from new ones, but nearly no
 * file has any, and counting costs time. So they are counted afterwards; only where there
 * are some all is rolled back, counted, and done again.
 */
static quarry_status compare_with_before(struct run *run, quarry_orphans *after)
{
    quarry_orphans before;
    quarry_status status = quarry_exec(run->db, "ROLLBACK TO quarry_migration");

    if (status == QUARRY_OK)
        status = quarry_orphans_read(run->db, &before);
    if (status != QUARRY_OK)
        return status;
    if (before.count > 0) {
        quarry_orphans_release(after);
        status = run_and_restore(run);
        if (status == QUARRY_OK)
            status = quarry_orphans_read(run->db, after);
    }
    if (status == QUARRY_OK)
        status = quarry_orphans_compare(run->db, &before, after);
    quarry_orphans_release(&before);
    return status;
}

static quarry_status check_keys(struct run *run)
{
    quarry_orphans after;
    quarry_status status;

    if (run->foreign_keys || run->options->dry_run)
        return QUARRY_OK;
    status = quarry_orphans_read(run->db, &after);
    if (status != QUARRY_OK)
        return status;
    if (after.count > 0)
        status = compare_with_before(run, &after);
    quarry_orphans_release(&after);
    return status;
}

/* ---- the transaction ------------------------------------------------------------ */

static quarry_status record(struct run *run, quarry_timestamp start)
{
    const int position = next_position(run);
    const quarry_timestamp took = quarry_now() - start;
    char pragma[64];
    quarry_status status;
    int code;

    status = execute_made(
        run, run->down ? quarry_history_delete(run->migration)
                       : quarry_history_insert(run->migration, took > 0 ? took : 0));
    sqlite3_snprintf(sizeof pragma, pragma, "PRAGMA main.user_version = %d",
                     quarry_position_version(run->db->schema, position));
    if (status == QUARRY_OK)
        status = execute(run, pragma);
    if (status != QUARRY_OK || run->options->dry_run)
        return status;
    code = quarry_bookkeeping_write(run->db, position, run->right);
    return code == SQLITE_OK ? QUARRY_OK
                             : quarry_fail_sqlite(run->db, code, "quarry_schema");
}

static quarry_status make_tables(struct run *run)
{
    quarry_status status = QUARRY_OK;
    int code;

    if (run->position == 0)
        status = execute(run, quarry_history_table);
    if (status != QUARRY_OK || run->options->dry_run)
        return status;
    code = quarry_bookkeeping_create(run->db);
    return code == SQLITE_OK ? QUARRY_OK
                             : quarry_fail_sqlite(run->db, code, "quarry_schema");
}

static int refuse_commit(void *nothing)
{
    (void)nothing;
    return 1;
}

/* No step can commit a half: the hook turns a COMMIT into a rollback. */
static quarry_status run_guarded(struct run *run)
{
    sqlite3 *handle = run->db->handle;
    quarry_status status = quarry_exec(run->db, "SAVEPOINT quarry_migration");

    if (status == QUARRY_OK && changes_tables(run))
        status = quarry_faults_read(run->db, &run->faults);
    if (status != QUARRY_OK)
        return status;
    sqlite3_commit_hook(handle, refuse_commit, NULL);
    status = run_and_restore(run);
    if (status == QUARRY_OK)
        status = check_keys(run);
    sqlite3_commit_hook(handle, NULL, NULL);
    quarry_kept_release(&run->kept);
    quarry_faults_release(&run->faults);
    if (status == QUARRY_OK)
        status = release(run, "RELEASE quarry_migration", "a step");
    return status;
}

static quarry_status run_inside(struct run *run)
{
    const quarry_timestamp start = quarry_now();
    quarry_status status = QUARRY_OK;
    bool at = true;

    if (!run->options->dry_run)
        status = quarry_history_is_at(run->db, run->position, &at, &run->right);
    run->moved = !at;
    if (status != QUARRY_OK || run->moved)
        return status;
    status = make_tables(run);
    if (status == QUARRY_OK)
        status = run->options->dry_run ? run_steps(run) : run_guarded(run);
    if (status == QUARRY_OK)
        status = record(run, start);
    return status;
}

static void end_cursors(quarry_db *db)
{
    while (db->cursors != NULL)
        quarry_cursor_close(db->cursors);
}

static quarry_status run_transaction(struct run *run)
{
    quarry_db *db = run->db;
    quarry_status status = QUARRY_OK;

    tell(run->options, "BEGIN IMMEDIATE");
    if (!run->options->dry_run)
        status = quarry_begin(db);
    if (status == QUARRY_OK)
        status = run_inside(run);
    if (status == QUARRY_OK && !run->moved) {
        tell(run->options, "COMMIT");
        if (!run->options->dry_run)
            status = quarry_commit(db);
    }
    if (status != QUARRY_OK)
        status = failed(run, status);
    if (!run->options->dry_run) {
        end_cursors(db);
        status = quarry_end_transaction(db, status);
    }
    return status;
}

quarry_status quarry_migration_run(quarry_db *db, const quarry_migrate_options *options,
                                   int position, bool down, bool *moved)
{
    const quarry_migration *migration =
        &db->schema->migrations[down ? position - 1 : position];
    struct run run = {
        .db = db,
        .options = options,
        .migration = migration,
        .steps = down ? migration->down : migration->up,
        .step_count = down ? migration->down_count : migration->up_count,
        .position = position,
        .down = down,
        .foreign_keys =
            !(down ? migration->down_foreign_keys_off : migration->up_foreign_keys_off),
    };
    quarry_status status = change_settings(&run);

    status = status == QUARRY_OK ? run_transaction(&run) : failed(&run, status);
    restore_settings(&run);
    *moved = run.moved;
    if (status == QUARRY_OK && !run.moved)
        go_on(&run, run.step_count + 1, NULL);
    return status;
}
