/*
 * statement.h: the SQL of the statements that a table's functions run. Clauses start on
 * new lines. Parameter ?N is column N of the table, so that one function binds a row for
 * all of them; in look-ups it is the N-th parameter. It knows the model and SQL, not C.
 */
#ifndef STATEMENT_H
#define STATEMENT_H

#include "../model/model.h"

const char *statement_insert(struct arena *arena, const struct table *table);
const char *statement_insert_many(struct arena *arena, const struct table *table);

/* `unique` NULL: on the primary key. */
const char *statement_upsert(struct arena *arena, const struct table *table,
                             const struct columns *unique);
const char *statement_upsert_many(struct arena *arena, const struct table *table);

const char *statement_get(struct arena *arena, const struct table *table,
                          const struct columns *columns);
const char *statement_get_many(struct arena *arena, const struct table *table);
const char *statement_exists(struct arena *arena, const struct table *table);
const char *statement_update(struct arena *arena, const struct table *table);
const char *statement_delete(struct arena *arena, const struct table *table);
/*
 * All rows by primary key. In `bulk` form, for tables whose key the database assigns: without
 * ORDER BY, as quarry_fetch_rows_by_key() wants it.
 */
const char *statement_list(struct arena *arena, const struct table *table, bool bulk);
const char *statement_access(struct arena *arena, const struct table *table,
                             const struct access *access);
const char *statement_count(struct arena *arena, const struct table *table);

/*
 * Whether `excluded.x` can be a wrong value: SQLite (3.40 for one) makes REAL of
 * an integer in an upsert's values where a virtual column stands before, counting columns
 * where it should count registers. Then upserts name the parameters instead, and those of
 * many rows go row by row.
 */
bool statement_excluded_is_wrong(const struct table *table);

/* Facts about columns that statements and templates share. */

/* Set by upserts and updates: neither in the primary key nor generated. */
bool column_is_updatable(const struct column *column);

/* The time of a row's creation: its default is `now` and no update touches it. */
bool column_is_created(const struct column *column);

/* Computed by SQLite and of a type that needs no memory: an insert gives it back. */
bool column_comes_back(const struct column *column);

/* In the primary key and of such a type: an upsert on other columns gives it back. */
bool column_is_returned_key(const struct column *column);

#endif
