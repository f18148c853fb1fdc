/*
 * steps.c: see steps.h. SQLite counts a statement's steps itself and calls the handler at
 * every so many of them, so the limit is that number, and nothing has to be kept.
 */
#include "steps.h"

static int stop(void *nothing)
{
    (void)nothing;
    return 1;
}

void steps_limit(sqlite3 *db, int steps)
{
    sqlite3_progress_handler(db, steps, stop, NULL);
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, STEPS_LENGTH);
}

bool steps_exceeded(sqlite3 *db)
{
    return sqlite3_errcode(db) == SQLITE_INTERRUPT;
}

const char *steps_message(struct arena *arena, sqlite3 *db)
{
    if (steps_exceeded(db))
        return "it was stopped: it takes too many steps, or never ends";
    return arena_strdup(arena, sqlite3_errmsg(db));
}
