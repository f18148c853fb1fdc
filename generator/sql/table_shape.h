/*
 * table_shape.h: what belongs to a table: its definition, keys and indexes, triggers, and
 * foreign keys both ways. It is read from the schema's text once and kept in the catalog.
 * It must not know statements.
 */
#ifndef SQL_TABLE_SHAPE_H
#define SQL_TABLE_SHAPE_H

#include "catalog.h"
#include "parse_ddl.h"
#include "parse_trigger.h"

struct link { /* a foreign key */
    struct table_shape *child, *parent;
    const struct foreign_key_def *key;
    const struct name_list
        *parent_columns; /* those of the primary key, if none are told */
};

enum index_origin {
    ORIGIN_ROWID, /* INTEGER PRIMARY KEY: the table itself */
    ORIGIN_KEY,   /* of another PRIMARY KEY */
    ORIGIN_UNIQUE,
    ORIGIN_CREATED /* by CREATE INDEX */
};

struct index_shape {
    enum index_origin origin;
    const char *name; /* NULL: a constraint without a name */
    const struct term_defs *terms;
    bool unique;
    const char *where; /* the key of the condition, as of struct sql_piece; NULL: none */
    const struct table_shape *table;
};

struct table_shape {
    const struct catalog_table *table; /* or a view */
    const struct table_def *def;       /* NULL: a view, a virtual table, SQLite's own */
    VEC(struct index_shape) indexes;
    VEC(struct trigger_tree *) triggers;
    VEC(struct link *) as_child, as_parent;
    bool replaces; /* a key of it says ON CONFLICT REPLACE */
};

/* All tables and views of the schema main, in the order of their creation. */
struct table_shape *const *shapes_all(struct catalog *catalog, size_t *count);

/* NULL: it is in no schema (json_each, pragma_table_info), or in another than main. */
struct table_shape *shape_of(struct catalog *catalog, const struct catalog_table *table);

/* The column of that name; NULL: none, or the rowid. */
const struct column_def *shape_column(const struct table_shape *shape, const char *name);

/* How a term of an index, or a column, compares: lower case, "binary" where none is told. */
const char *shape_collation(const struct table_shape *shape, const struct term_def *term);
const char *shape_column_collation(const struct table_shape *shape, const char *name);

/* Terms of the same column or expression, with the same collation. */
bool shape_same_term(const struct table_shape *shape, const struct term_def *a,
                     const struct term_def *b);

/* True where the name means the rowid: that of an INTEGER PRIMARY KEY, or rowid itself. */
bool shape_column_is_rowid(const struct table_shape *shape, const char *column);

#endif
