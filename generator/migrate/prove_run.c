/*
 * prove_run.c: runs the script of a migration as the runtime does, see prove.h.
 */
#include "prove.h"

#include "scratch.h"

#include "../base/steps.h"

#include <string.h>

static bool exec(sqlite3 *db, const char *sql)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

static bool fail(struct prove_fault *fault, const struct script_step *step,
                 const char *sql, const char *message)
{
    *fault = (struct prove_fault){step, sql, message};
    return false;
}

static bool run_step(const struct stage *stage, sqlite3 *db,
                     const struct script_step *step, struct prove_fault *fault)
{
    const char *error;
    size_t i;

    for (i = 0; i < step->sql.count; i++) {
        if (!scratch_run(stage->arena, db, step->sql.items[i], &error))
            return fail(fault, step, step->sql.items[i], steps_message(stage->arena, db));
        if (sqlite3_get_autocommit(db) != 0)
            return fail(fault, step, step->sql.items[i], "it ended the transaction");
    }
    return true;
}

/* The first row without its parent; NULL: there is none. */
static const char *violation(const struct stage *stage, sqlite3 *db)
{
    sqlite3_stmt *statement = NULL;
    const char *message = NULL;

    if (sqlite3_prepare_v2(db, "PRAGMA foreign_key_check", -1, &statement, NULL) ==
            SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        message = arena_printf(stage->arena, "a row of %s would have no parent in %s",
                               (const char *)sqlite3_column_text(statement, 0),
                               (const char *)sqlite3_column_text(statement, 2));
    if (sqlite3_finalize(statement) != SQLITE_OK && message == NULL)
        message = steps_message(stage->arena, db);
    return message;
}

static bool run_inside(const struct stage *stage, sqlite3 *db,
                       const struct script *script, struct prove_fault *fault)
{
    const char *message;
    size_t i;

    for (i = 0; i < script->steps.count; i++)
        if (!run_step(stage, db, &script->steps.items[i], fault))
            return false;
    message = script->foreign_keys_off ? violation(stage, db) : NULL;
    if (message != NULL)
        return fail(fault, NULL, NULL, message);
    return exec(db, "COMMIT") || fail(fault, NULL, NULL, steps_message(stage->arena, db));
}

bool prove_run(const struct stage *stage, sqlite3 *db, const struct script *script,
               struct prove_fault *fault)
{
    bool good;

    exec(db, script->foreign_keys_off ? "PRAGMA foreign_keys = OFF"
                                      : "PRAGMA foreign_keys = ON");
    exec(db, "BEGIN IMMEDIATE");
    good = run_inside(stage, db, script, fault);
    if (sqlite3_get_autocommit(db) == 0)
        exec(db, "ROLLBACK");
    exec(db, "PRAGMA legacy_alter_table = OFF");
    exec(db, "PRAGMA foreign_keys = OFF");
    return good;
}
