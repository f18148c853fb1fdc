/*
 * steps.h: bounds what SQL of a schema may do while code is generated: a statement that
 * never ends, or takes all memory, must become a message. Steps of SQLite's virtual machine
 * are counted, not time, so that a schema is accepted or refused on every machine alike. It
 * must not know where the SQL comes from.
 */
#ifndef STEPS_H
#define STEPS_H

#include "arena.h"

#include <sqlite3.h>
#include <stdbool.h>

enum {
    STEPS_MOST = 100000000,  /* of a statement of a migration: about a second */
    STEPS_TRIAL = 5000000,   /* of one that is tried on a few rows */
    STEPS_LENGTH = 50000000, /* bytes of a value */
};

/*
 * From now on each statement of the connection is interrupted after so many steps, those of
 * its triggers included, counted over all its runs since it was prepared. Values are at most
 * STEPS_LENGTH bytes long. Replaces any progress handler; 0 steps: takes it away.
 */
void steps_limit(sqlite3 *db, int steps);

/* True where the connection's last statement ended so. */
bool steps_exceeded(sqlite3 *db);

/* The connection's last error, with a message of its own where that is the limit. */
const char *steps_message(struct arena *arena, sqlite3 *db);

#endif
