/*
 * effects.h: what a change of a table leads to: its triggers, and foreign keys both ways.
 * It is read from the schema's text once and kept in the catalog. It must not know
 * statements.
 */
#ifndef SQL_EFFECTS_H
#define SQL_EFFECTS_H

#include "catalog.h"
#include "parse_ddl.h"
#include "parse_trigger.h"

struct link { /* a foreign key */
    struct table_effects *child, *parent;
    const struct foreign_key_def *key;
    const struct name_list
        *parent_columns; /* those of the primary key, if none are told */
};

struct table_effects {
    const struct catalog_table *table; /* or a view */
    const struct table_def *def;       /* NULL: a view, a virtual table, SQLite's own */
    VEC(struct trigger *) triggers;
    VEC(struct link *) as_child, as_parent;
    bool replaces; /* a key of it says ON CONFLICT REPLACE */
};

/* NULL: it is in no schema (json_each, pragma_table_info), or in another than main. */
struct table_effects *effects_of(struct catalog *catalog,
                                 const struct catalog_table *table);

/* True where the name means the rowid: that of an INTEGER PRIMARY KEY, or rowid itself. */
bool effects_column_is_rowid(const struct table_effects *effects, const char *column);

#endif
