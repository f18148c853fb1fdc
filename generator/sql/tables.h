/*
 * tables.h: which tables a statement reads and writes, by itself and through views,
 * triggers and the actions of foreign keys. A pure function of the statement and what the
 * database's schema says; foreign keys are taken to be enforced, triggers not to be
 * recursive. It must not know types or plans.
 */
#ifndef SQL_TABLES_H
#define SQL_TABLES_H

#include "ast.h"
#include "catalog.h"

struct table_use {
    const struct catalog_table *table; /* a table or a virtual table, never a view */
    bool reads; /* its rows can change what the statement does or yields */
    bool inserts, updates, deletes; /* rows of it; a REPLACE also deletes */
    const char *through; /* "view `v`", "trigger `t`", "foreign key of `t`"; NULL: the
                            statement names it */
};

struct table_uses {
    VEC(struct table_use) list; /* each table once, by name */
};

/*
 * `statement` need not be resolved (infer.h). Functions that are used as tables (json_each)
 * are none. Tables that do not exist are left out. All memory is of `arena`, but what is
 * known of the schema, which is read at the first call, is kept in the catalog.
 */
void tables_used(struct arena *arena, struct catalog *catalog,
                 const struct statement *statement, struct table_uses *uses);

/* The same of reading all of a table or view. */
void tables_of_view(struct arena *arena, struct catalog *catalog,
                    const struct catalog_table *view, struct table_uses *uses);

/* Where the SELECT begins in a CREATE VIEW. */
size_t view_select_at(struct arena *arena, const char *sql);

bool table_use_writes(const struct table_use *use);

#endif
