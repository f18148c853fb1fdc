/*
 * ddl.h: the SQL of a model, formatted for people. A pure function of the model: the
 * version of SQLite must never change a byte.
 */
#ifndef DDL_H
#define DDL_H

#include "../base/buf.h"
#include "model.h"

/* CREATE TABLE, CREATE INDEX; without a semicolon, lines joined by '\n', no newline at
 * the end. */
void ddl_table(const struct table *table, const struct schema *schema, struct buf *out);
void ddl_index(const struct table *table, const struct index *index, struct buf *out);

/* CREATE VIEW; the SELECT stands as it was written. */
void ddl_view(const struct view *view, struct buf *out);

void ddl_virtual_table(const struct virtual_table *table, struct buf *out);

/* What fills a table that is an index of another one's rows; false: it is none. */
bool ddl_fill(const struct virtual_table *table, struct buf *out);

/* INSERT of one seed row; columns that the seed does not give are left to their defaults.
 */
void ddl_seed(const struct table *table, const struct seed *seed, struct buf *out);

/* CREATE TRIGGER, likewise. */
void ddl_trigger(const struct trigger *trigger, struct buf *out);

/*
 * A literal as SQL: 'text', 12, 0.5, x'00ff', NULL; reals so that they read back the
 * same. `now` and `random` are expressions that need the column: ddl_value().
 */
void ddl_literal(const struct literal *literal, struct buf *out);
void ddl_value(const struct column *column, const struct literal *literal,
               const struct schema *schema, struct buf *out);

/* The checks that a column's type and rules make, in the order in which they are
 * declared. */
struct column_check {
    const char *name; /* hosts_port_range */
    const char *sql;  /* port BETWEEN 1 AND 65535 */
};
size_t ddl_column_checks(struct arena *arena, const struct table *table,
                         const struct column *column, const struct schema *schema,
                         const struct column_check **checks);

/*
 * What follows INSERT or UPDATE, " OR ABORT" or nothing: a table's conflict clauses are for
 * statements of others, ours must not lose or replace rows unseen.
 */
const char *ddl_or_abort(const struct table *table);

/*
 * All statements that create the schema in an empty database: tables with their indexes,
 * virtual tables, views, seeds, and triggers at the end, so that none fires for a seed.
 */
struct ddl_statement {
    const char *sql;
    struct span span;          /* what in the schema it comes from */
    const struct table *table; /* NULL: a view, a trigger, a virtual table */
    const struct virtual_table *virtual_table; /* made or filled here, else NULL */
    const struct view *view;                   /* of a CREATE VIEW, else NULL */
    const struct index *index;                 /* of a CREATE INDEX, else NULL */
    const struct seed *seed;                   /* of an INSERT, else NULL */
    const struct trigger *trigger;
};
size_t ddl_schema(struct arena *arena, const struct schema *schema,
                  const struct ddl_statement **statements);

/* 16 hexadecimal digits that change with schema->ddl: FNV-1a over all statements. */
const char *ddl_fingerprint(struct arena *arena, const struct schema *schema);

#endif
