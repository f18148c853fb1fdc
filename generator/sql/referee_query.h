/*
 * referee_query.h: SQLite as referee of what infer.h says of a statement: it must prepare
 * it, and must see the same columns and parameters. It may object, never decide.
 */
#ifndef SQL_REFEREE_QUERY_H
#define SQL_REFEREE_QUERY_H

#include "infer.h"

/*
 * `text` [range] is the statement. False and *error where SQLite refuses it, with its words
 * and its place, or where it disagrees with `inferred`: then the message begins with
 * "internal error: ". `inferred` NULL: only prepare.
 */
bool referee_query(struct arena *arena, sqlite3 *db, const char *text, struct range range,
                   const struct inferred *inferred, struct sql_error *error);

/*
 * The same for SQL that is made from a statement and emitted: it must yield what the
 * statement does. `range` is where errors are. *made is NULL after errors; else to be
 * finalized.
 */
bool referee_emitted(struct arena *arena, sqlite3 *db, const char *sql,
                     struct range range, const struct inferred *inferred,
                     sqlite3_stmt **made, struct sql_error *error);

#endif
