/*
 * row_insert.h: an INSERT of a row of literals, for those who let SQLite judge rows. It
 * must not know where the rows come from.
 */
#ifndef ROW_INSERT_H
#define ROW_INSERT_H

#include "model.h"

#include <sqlite3.h>

/* INSERT of all columns that are not generated; NULL where SQLite refuses it. */
sqlite3_stmt *row_insert_prepare(struct arena *arena, sqlite3 *db,
                                 const struct table *table);

/* Runs it with one value per column of the table and resets it. The status is SQLite's. */
int row_insert_run(sqlite3_stmt *stmt, const struct table *table,
                   const struct literal *values);

#endif
