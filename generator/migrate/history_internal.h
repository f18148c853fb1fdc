/*
 * history_internal.h: what the files that make one step of changed rows share
 * (history_data.c, history_sql.c). Nobody else needs it.
 */
#ifndef MIGRATE_HISTORY_INTERNAL_H
#define MIGRATE_HISTORY_INTERNAL_H

#include "history.h"

#include "../model/literal.h"

struct data_maker {
    struct history_maker *maker;
    const struct migration_step *step;
    const struct table *table; /* of insert, update and delete */
    struct literal_reader reader;
    struct script_step *out;
    VEC(const char *) written; /* tables that rows are changed in, names in SQL */
};

/*
 * Runs a statement on the tables as they are, and notes which tables it writes. `node` and
 * `offset`: where it stands, `node` NULL: it is made by Quarry. False: SQLite refuses it,
 * which is reported, at `span` where no word of it is to blame.
 */
bool history_try(struct data_maker *data, sqlite3 *db, const char *sql,
                 const struct node *node, size_t offset, struct span span);

/* False: the SQL has a parameter, for which nothing could be bound; it is reported. */
bool history_no_parameter(const struct stage *stage, const struct node *node);

/* The step `sql`: its statements, and what they do to the structure. */
bool history_sql(struct data_maker *data, sqlite3 *db);

#endif
