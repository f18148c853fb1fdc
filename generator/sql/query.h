/*
 * query.h: the schema's views and queries, typed and proved: which parameters a query has,
 * which row it yields, what SQLite is given. What is inferred SQLite has to agree with, and
 * random rows have to bear out. It must not know C or templates.
 */
#ifndef SQL_QUERY_H
#define SQL_QUERY_H

#include "../model/model.h"
#include "tables.h"

enum {
    QUERY_FILTERS = 6,   /* optional filters in a query: 64 statements */
    QUERY_VARIANTS = 256 /* of filters and orders together */
};

struct query_param {
    struct column *column; /* its name and type in C; sql_name: as in the statement */
    bool is_list;          /* any number of values, for IN */
    unsigned filters; /* bits of the optional filters that it is of; 0: always there */
    const struct column *origin; /* a column that it is compared with, or NULL */
};

/* A part of the statement: what stands always, a filter, or the terms of the order. */
struct query_piece {
    const char *sql;
    int filter; /* from 1; 0: stands always */
    int order;  /* from 1: stands where this order is chosen; 0: in all */
};

/* How the result reaches the caller. */
enum query_result {
    RESULT_NONE,
    RESULT_NUMBER, /* int64_t: rows changed, or the integer of a SELECT */
    RESULT_VALUE,  /* one column held by value */
    RESULT_STRUCT, /* a struct without pointers, which the caller has */
    RESULT_ROW,    /* a struct that is allocated */
    RESULT_LIST    /* all rows, or a cursor */
};

struct typed_query {
    VEC(struct query_param) params; /* parameter N of the statement is params[N - 1] */
    enum query_result result;
    struct table *row; /* what a row is: a table, a view's or query's row; NULL: none */
    bool is_change;    /* INSERT, UPDATE, DELETE */
    bool is_alone;     /* there can't be a second row */
    bool has_row;      /* there always is a first one */
    const struct table *target;     /* of a change, where it is a table of the schema */
    VEC(struct query_piece) pieces; /* in their order; one where nothing varies */
    int filters;
    struct table_uses uses; /* which tables it reads and writes */

    /* For explanations: the statement with all filters and the first order, and its types. */
    const char *text;
    size_t length;
    const struct inferred *inferred;
};

/*
 * Types all views and queries: sets view.result, query.typed, schema.rows. Errors are
 * reported at their places in the SQL.
 */
void queries_type(struct arena *arena, struct diags *diags, struct schema *schema);

/* Has a catalog of the schema's tables know what the schema knows of their columns. */
void queries_annotate(struct catalog *catalog, const struct schema *schema);

/*
 * Of a query that varies: its number of statements, and the text of one. `filters`: bits of
 * the filters that are in it, from bit 0; `order` from 0.
 */
size_t query_variants(const struct query *query);

const char *query_joined(struct arena *arena, const struct typed_query *typed,
                         unsigned filters, size_t order);

/* True for a column of a row that is in none of the structs inside it. */
bool query_is_field(const struct table *row, const struct column *column);

/* True for a value without pointers: a number, a bool, a time, an enum, a UUID. */
bool query_is_by_value(const struct column *column);

#endif
