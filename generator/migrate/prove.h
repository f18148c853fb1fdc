/*
 * prove.h: runs a history of migrations on real SQLite databases in memory: what they make
 * must be the declared tables, and with rows in the tables each way down and up again
 * must give back what was there. It must not know how the SQL was made.
 */
#ifndef MIGRATE_PROVE_H
#define MIGRATE_PROVE_H

#include "history.h"

/* False: something does not hold, and was reported. */
bool prove_history(const struct stage *stage, struct history *history);

/* A database that all ways up have made, or NULL: one fails, which is not reported. */
sqlite3 *prove_reached(const struct stage *stage, const struct history *history);

/* The structure of the declared tables, or NULL after errors. */
struct structure *prove_declared(const struct stage *stage);

/* Whether SQLite compiles all declared triggers; what not is reported at its word. */
bool prove_triggers(const struct stage *stage);

/* ---- parts (prove_run.c, prove_rows.c, …) --------- -------------------------------- */

/* How a script ended. */
struct prove_fault {
    const struct script_step *step; /* the one that failed, or NULL: the end */
    const char *sql;                /* of it, or NULL */
    const char *message;
};

/*
 * Runs a script as the runtime does: in one transaction, foreign keys off where it says
 * so and then looked at before the commit. Calls are left out. False: nothing changed.
 */
bool prove_run(const struct stage *stage, sqlite3 *db, const struct script *script,
               struct prove_fault *fault);

/*
 * A database with the tables of a state and rows in them that keep all rules, foreign
 * keys too. NULL after errors.
 */
sqlite3 *prove_rows(const struct stage *stage, struct state *state);

/* Deletes rows whose parents are missing, until there are none. */
void prove_remove_orphans(const struct stage *stage, sqlite3 *db);

/* Fills what emitted tests need: rows of each version, and what becomes of them. */
void prove_samples(const struct stage *stage, struct history *history);

/*
 * Runs the way up with rows in the tables and adds to its losses what went from tables that
 * a step does not name: by triggers. False: the migration does not accept that.
 */
bool prove_losses(const struct stage *stage, struct history_version *version);

/* Down and up again with rows, and the rows of the version before on the way up. */
bool prove_data(const struct stage *stage, const struct history_version *version);

#endif
