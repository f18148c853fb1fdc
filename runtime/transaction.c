/*
 * transaction.c: transactions that nest by savepoints, and SQL that is run as text. The
 * depth counts what the caller has begun; where SQLite rolls back by itself, the count
 * follows. It must not know tables or rows.
 */
#include "internal.h"

#include <stdio.h>

enum {
    TRIES = 3 /* of a rollback for which memory ran out */
};

/* ---- what SQLite has done by itself --------------------------------------------------
 */

void quarry_notice_rollback(quarry_db *db)
{
    if (db->depth == 0 || db->handle == NULL || !sqlite3_get_autocommit(db->handle))
        return;
    db->lost = db->depth;
    db->depth = 0;
}

/* ---- statements -----------------------------------------------------------------------
 */

static const char *const fixed_sql[QUARRY_SQL_COUNT] = {
    [QUARRY_SQL_IMMEDIATE] = "BEGIN IMMEDIATE",
    [QUARRY_SQL_DEFERRED] = "BEGIN",
    [QUARRY_SQL_COMMIT] = "COMMIT",
    [QUARRY_SQL_ROLLBACK] = "ROLLBACK",
};

/* Prepared once: a short transaction would spend as long on parsing as on writing. */
static int prepare_fixed(quarry_db *db, int which)
{
    if (db->fixed[which] != NULL)
        return SQLITE_OK;
    return sqlite3_prepare_v3(db->handle, fixed_sql[which], -1, SQLITE_PREPARE_PERSISTENT,
                              &db->fixed[which], NULL);
}

static int run_fixed(quarry_db *db, int which)
{
    int code = prepare_fixed(db, which);

    if (code != SQLITE_OK)
        return code;
    sqlite3_step(db->fixed[which]);
    return sqlite3_reset(db->fixed[which]);
}

/* A savepoint's name is the number of begins around it. */
static int run_savepoint(quarry_db *db, const char *format, int level)
{
    char sql[96];

    snprintf(sql, sizeof sql, format, level, level);
    return sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
}

static bool is_open(quarry_db *db)
{
    return db != NULL && db->handle != NULL;
}

/* ---- begin, commit, rollback ---------------------------------------------------------
 */

/* Ends what SQLite has open, all of it. */
static void roll_back_all(quarry_db *db)
{
    for (int i = 0; i < TRIES && !sqlite3_get_autocommit(db->handle); i++)
        (void)run_fixed(db, QUARRY_SQL_ROLLBACK);
    quarry_notice_rollback(db);
}

/* What is begun can be ended: ROLLBACK is there before it, and then needs no memory. */
static int begin_outermost(quarry_db *db, int how)
{
    int code = prepare_fixed(db, QUARRY_SQL_ROLLBACK);

    if (code == SQLITE_OK)
        code = run_fixed(db, how);
    if (code != SQLITE_OK)
        roll_back_all(db);
    return code;
}

static quarry_status begin(quarry_db *db, int how)
{
    bool inside;
    int code;

    if (!is_open(db))
        return quarry_misuse(db, "begin needs an open connection");
    quarry_notice_rollback(db);
    inside = !sqlite3_get_autocommit(db->handle); /* also of the program's own BEGIN */
    code = inside ? run_savepoint(db, "SAVEPOINT quarry_%d", db->depth)
                  : begin_outermost(db, how);
    if (code == SQLITE_OK && db->depth == 0)
        db->inside = inside;
    if (code != SQLITE_OK)
        return quarry_fail_sqlite(db, code, fixed_sql[how]);
    db->lost = 0;
    db->depth++;
    return QUARRY_OK;
}

quarry_status quarry_begin(quarry_db *db)
{
    return begin(db, QUARRY_SQL_IMMEDIATE);
}

quarry_status quarry_begin_deferred(quarry_db *db)
{
    return begin(db, QUARRY_SQL_DEFERRED);
}

static quarry_status nothing_to_commit(quarry_db *db)
{
    if (db->lost == 0)
        return quarry_misuse(db, "commit without begin");
    db->lost--;
    return quarry_misuse(
        db, "commit: SQLite has rolled this transaction back at an earlier error");
}

quarry_status quarry_commit(quarry_db *db)
{
    int code;

    if (!is_open(db))
        return quarry_misuse(db, "commit needs an open connection");
    quarry_notice_rollback(db);
    if (db->depth == 0)
        return nothing_to_commit(db);
    code = db->depth == 1 && !db->inside
               ? run_fixed(db, QUARRY_SQL_COMMIT)
               : run_savepoint(db, "RELEASE quarry_%d", db->depth - 1);
    if (code != SQLITE_OK)
        return quarry_fail_sqlite(db, code, fixed_sql[QUARRY_SQL_COMMIT]);
    db->depth--;
    return QUARRY_OK;
}

/* Ends the innermost without touching the error. Returns SQLite's code. */
static int roll_back(quarry_db *db)
{
    int code;

    if (db->depth == 1 && !db->inside)
        code = run_fixed(db, QUARRY_SQL_ROLLBACK);
    else
        code =
            run_savepoint(db, "ROLLBACK TO quarry_%d; RELEASE quarry_%d", db->depth - 1);
    if (code == SQLITE_OK)
        db->depth--;
    return code;
}

/* After a rollback by SQLite itself the caller's own is expected, and has nothing to do:
   it must not hide the error that it follows. */
quarry_status quarry_rollback(quarry_db *db)
{
    int code;

    if (!is_open(db))
        return quarry_misuse(db, "rollback needs an open connection");
    quarry_notice_rollback(db);
    if (db->depth == 0 && db->lost > 0) {
        db->lost--;
        return QUARRY_OK;
    }
    if (db->depth == 0)
        return quarry_misuse(db, "rollback without begin");
    code = roll_back(db);
    if (code != SQLITE_OK)
        return quarry_fail_sqlite(db, code, fixed_sql[QUARRY_SQL_ROLLBACK]);
    return QUARRY_OK;
}

void quarry_abandon(quarry_db *db, int depth)
{
    quarry_notice_rollback(db);
    for (int i = 0; i < TRIES && db->depth > depth; i++) {
        while (db->depth > depth && roll_back(db) == SQLITE_OK)
            ;
        quarry_notice_rollback(db);
    }
    if (db->depth > depth)
        roll_back_all(db);
    if (db->lost > depth)
        db->lost = depth; /* nobody else will end those that were begun beyond */
}

quarry_status quarry_end_transaction(quarry_db *db, quarry_status status)
{
    roll_back_all(db);
    db->lost = 0;
    if (sqlite3_get_autocommit(db->handle))
        return status;
    if (status == QUARRY_OK)
        status = quarry_fail(db, QUARRY_NO_MEMORY, NULL, NULL,
                             "memory ran out for the end of a transaction");
    quarry_release_handle(db);
    return status;
}

int quarry_in_transaction(const quarry_db *db)
{
    if (db == NULL || db->handle == NULL || sqlite3_get_autocommit(db->handle))
        return 0;
    return db->depth;
}

/* ---- a function inside a transaction --------------------------------------------------
 */

/* Runs `work`, whose begins and commits must come out even. */
static quarry_status run_work(quarry_db *db, quarry_work *work, void *context)
{
    const int depth = db->depth;
    quarry_status status = work(db, context);

    quarry_notice_rollback(db);
    if (status == QUARRY_OK && db->depth != depth)
        status = quarry_misuse(
            db, "the function inside a transaction has begun or ended one too many");
    return status;
}

/* One try. *again: the outermost begin or commit found the database locked. */
static quarry_status try_transaction(quarry_db *db, quarry_work *work, void *context,
                                     bool *again)
{
    const int outer = db->depth;
    quarry_status status = quarry_begin(db);

    *again = false;
    if (status != QUARRY_OK) {
        *again = outer == 0 && status == QUARRY_BUSY;
        return status;
    }
    status = run_work(db, work, context);
    if (status == QUARRY_OK) {
        status = quarry_commit(db);
        *again = outer == 0 && status == QUARRY_BUSY;
    }
    if (status != QUARRY_OK)
        quarry_abandon(db, outer);
    return status;
}

quarry_status quarry_transaction(quarry_db *db, quarry_work *work, void *context)
{
    quarry_status status;
    bool again;

    if (!is_open(db) || work == NULL)
        return quarry_misuse(db, "a transaction needs an open connection and a function");
    quarry_notice_rollback(db);
    status = try_transaction(db, work, context, &again);
    for (int i = 0; again && i < QUARRY_RETRIES; i++)
        status = try_transaction(db, work, context, &again);
    return status;
}

/* ---- text ----------------------------------------------------------------------- */

quarry_status quarry_exec(quarry_db *db, const char *sql)
{
    int code;

    if (!is_open(db) || sql == NULL)
        return quarry_misuse(db, "exec needs an open connection and SQL");
    code = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
    if (code != SQLITE_OK)
        return quarry_fail_sqlite(db, code, sql);
    quarry_notice_rollback(db);
    return QUARRY_OK;
}
