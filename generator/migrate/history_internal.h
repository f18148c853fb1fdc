/*
 * history_internal.h: what the files that make one step of changed rows share
 * (history_data.c, history_sql.c, history_drop.c). Nobody else needs it.
 */
#ifndef MIGRATE_HISTORY_INTERNAL_H
#define MIGRATE_HISTORY_INTERNAL_H

#include "history.h"

#include "../model/literal.h"

struct data_name {
    const char *table, *column; /* NULL: the table itself */
};

struct data_names {
    struct data_name *items;
    size_t count, capacity;
};

struct data_rename {
    const char *first; /* the table's name when the step began; "": it was not there */
    const char *now;
};

struct data_maker {
    struct history_maker *maker;
    const struct migration_step *step;
    const struct table *table; /* of insert, update and delete */
    struct literal_reader reader;
    struct script_step *out;
    VEC(const char *) written; /* tables that rows are changed in, names in SQL */
    VEC(struct data_rename) renamed;
    struct data_names reading; /* by the statement under way … */
    bool writes, copies;       /* … which writes, or inserts, as well */
    const char *making;        /* the table that it creates, or NULL */
    struct data_names moved;   /* read by statements before that wrote */
    struct data_names dropped; /* and not moved before */
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

/*
 * What a statement of the step does is told: each word of SQLite's authorizer while it is
 * compiled, then, once it ran, that it did.
 */
void history_note(struct data_maker *data, int action, const char *table,
                  const char *column);
void history_noted(struct data_maker *data, const char *sql);

/*
 * True where the step drops the table, or with `column` that column of it, and no
 * statement before that writes anywhere has read it: what it held is lost. Names are those
 * at the start of the step.
 */
bool history_dropped(const struct data_maker *data, const char *table,
                     const char *column);

/* The step `sql`: its statements, and what they do to the structure. */
bool history_sql(struct data_maker *data, sqlite3 *db);

#endif
