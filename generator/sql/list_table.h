/*
 * list_table.h: the table-valued function quarry_rows_1() of the runtime (runtime/bulk.c), as
 * far as lists of queries need it: in emitted SQL a list is `SELECT c1 FROM
 * quarry_rows_1(:ids)`. Here its values are SQLite's own, so that the statement can be
 * prepared and run as it is emitted. It must not know queries.
 */
#ifndef SQL_LIST_TABLE_H
#define SQL_LIST_TABLE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

/* The values of a list; they are the list's own. */
struct list_values {
    sqlite3_value *values[2];
    size_t count;
};

/* False: memory is out. */
bool list_table_register(sqlite3 *db);

/* Binds the list, which must live as long as it is bound. */
void list_bind(sqlite3_stmt *statement, int index, struct list_values *list);

void list_release(struct list_values *list);

#endif
