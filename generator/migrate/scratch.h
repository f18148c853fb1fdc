/*
 * scratch.h: SQLite databases in memory, in which structures are built and plans are
 * tried. They know no functions or collations of an application: unknown collations
 * compare as BINARY, unknown functions give NULL, so that a schema that uses them can be
 * built. SQL run in them can reach no file, and each statement is interrupted after
 * STEPS_MOST steps (base/steps.h); steps_message() says so.
 */
#ifndef SCRATCH_H
#define SCRATCH_H

#include "structure.h"

#include <sqlite3.h>

/* An empty database, foreign keys off. Exits when memory is out. To be closed by
 * sqlite3_close(). */
sqlite3 *scratch_open(void);

/*
 * Runs all statements of a text; stops at the first that fails: false, with SQLite's
 * message and the line in `error`.
 */
bool scratch_run(struct arena *arena, sqlite3 *db, const char *sql, const char **error);

/*
 * Creates everything of a structure; `programs` false: without views and triggers.
 * Virtual tables whose module this SQLite lacks are left out.
 */
bool scratch_build(struct arena *arena, sqlite3 *db, const struct structure *structure,
                   bool programs, const char **error);

/*
 * A database as bytes in the arena, to be opened again and again, with the functions that
 * were unknown. No transaction may be open. It is never NULL.
 */
const struct scratch_image *scratch_image(struct arena *arena, sqlite3 *db);
sqlite3 *scratch_from(struct arena *arena, const struct scratch_image *image);

/*
 * A new database with everything of a structure: built once, then copied. NULL and `error`
 * where SQLite refuses it.
 */
sqlite3 *scratch_of(struct arena *arena, const struct structure *structure,
                    const char **error);

/* ---- part (scratch_image.c): the functions that were registered, a name per line */
const char *scratch_functions(struct arena *arena, sqlite3 *db);
void scratch_add_functions(struct arena *arena, sqlite3 *db, const char *names);

/* The structure that SQL text creates in an empty database, or NULL and `error`. */
struct structure *scratch_structure(struct arena *arena, const char *sql,
                                    const char **error);

/*
 * For any database: NULL, or why SQLite cannot compile the view, or an "INSERT", "UPDATE"
 * or "DELETE" of a table or view that has triggers. That a function, collation or module
 * is not registered here is no fault.
 */
const char *scratch_view_fault(struct arena *arena, sqlite3 *db, const char *view);
const char *scratch_change_fault(struct arena *arena, sqlite3 *db, const char *table,
                                 const char *event);

#endif
