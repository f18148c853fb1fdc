/*
 * referee.h: what the files of the referee share: how SQLite's objection becomes an error
 * at the place in the schema that it is about. Only referee*.c may include it.
 */
#ifndef REFEREE_H
#define REFEREE_H

#include "ddl.h"
#include "model.h"

#include <sqlite3.h>

struct referee {
    struct arena *arena;
    struct diags *diags;
    const struct schema *schema;
    sqlite3 *db; /* in memory, of the batch at hand */
    struct buf sql;
};

/* Reports why SQLite refused the statement, by trying the expressions in it one by one.
 */
void referee_blame(struct referee *referee, const struct ddl_statement *statement);

/* Reports what SQLite refuses in the `default_sql` of the columns; true: nothing. */
bool referee_try_defaults(struct referee *referee, const struct table *table,
                          bool is_created);

/*
 * Reports defaults, and generated columns that need no other, whose value SQLite never
 * takes for the column; true: there are none (referee_fit.c).
 */
bool referee_try_fit(struct referee *referee, const struct table *table);

/* Makes the virtual tables in a database of their own, and reports what SQLite refuses. */
void referee_virtual_tables(struct referee *referee);

/*
 * Reports why SQLite refused a row: the seed, or a sample where that is NULL. That no
 * sample was found is a warning.
 */
void referee_blame_row(struct referee *referee, const struct table *table,
                       const struct seed *seed);

#endif
