/*
 * infer.h: what a statement takes and yields: every parameter and column with its type,
 * whether it can be NULL, and why. Pure functions of the SQL text and the catalog; SQLite is
 * asked only afterwards (referee_query.h, adversary.h) and may only object.
 */
#ifndef SQL_INFER_H
#define SQL_INFER_H

#include "ast.h"
#include "catalog.h"
#include "parse.h"

/* Why a value is or is not nullable: a rule, and the bytes of the statement it looks at. */
struct reason {
    const char *text;
    struct range at; /* end 0: no place in this text */
};

struct type {
    unsigned classes; /* of values that are not NULL */
    bool nullable;
    bool combined; /* of several SELECTs: SQLite may look at another one's column */
    bool infinite; /* as a number it can be infinite, by what it is computed of */
    bool untyped;  /* it depends on a parameter whose type nothing says */
    bool nonzero;  /* a number other than 0, where it is not NULL */
    bool is_bit;   /* a literal 0, 1, TRUE or FALSE: beside a bool it is one too */
    const char *semantic; /* bool, timestamp …, where the value is a column's; or NULL */
    enum affinity affinity;
    const struct catalog_column *origin; /* the column it is copied from, or NULL */
    struct reason reason;
};

struct output {
    const char *name;
    struct range range; /* of its expression; end 0: from a `*` */
    struct type type;
    bool hidden; /* of a virtual table */
    bool joined; /* in brackets: stands for several columns, by USING */
};

/* A name in a common table that it does not know; in the arguments of `aggregate`, or NULL. */
struct foreign {
    struct expr *expr;
    const struct expr *aggregate;
};

struct relation {
    struct output *columns;
    size_t count, capacity;
    struct catalog_table *table; /* of a table; else NULL */
    bool has_row;                /* it has at least one row, whatever the data */

    /* of a common table */
    struct cte *cte;
    struct scope *scope; /* in which it is declared */
    bool bound, binding, typed, typing;
    VEC(struct foreign) foreign; /* names of columns outside */
    size_t core;                 /* the one that is being bound */
    size_t first_recursive;      /* the core at which the recursion begins; 0: none */
};

struct parameter {
    const char *name; /* ":since", "?1", without Quarry's mark */
    int index;        /* SQLite's, from 1 */
    bool is_list;     /* :ids... */
    bool can_be_null; /* :x? and parameters that are not `:name` */
    int strength; /* of what types it: 0 nothing, 1 a function or operator, 2 a column */
    struct type type;
    struct range place;    /* where it first stands … */
    struct range typed_at; /* … and where it is typed */
    struct range conflict; /* where it has another type; end 0: nowhere */
    struct type other;
};

struct inferred {
    const struct statement *statement;
    struct relation *columns; /* of the result; none for a change without RETURNING */
    struct parameter **parameters; /* by index */
    size_t parameter_count;
    bool writes_loosely; /* what it changes is not STRICT: it may store any value */
    bool at_most_one;    /* an aggregate without GROUP BY, VALUES of one row, LIMIT 1 */
};

/* False and *error, with a place and perhaps a suggestion, where a name means nothing. */
bool infer_statement(struct arena *arena, struct catalog *catalog, const char *text,
                     size_t length, struct statement *statement,
                     struct inferred *inferred, struct sql_error *error);

/* A type that the schema gives for a parameter: it outweighs what the statement says. */
struct given {
    const char *name; /* ":since" */
    struct type type;
};
bool infer_statement_given(struct arena *arena, struct catalog *catalog, const char *text,
                           size_t length, struct statement *statement,
                           const struct given *given, size_t given_count,
                           struct inferred *inferred, struct sql_error *error);

/* integer, real, text, blob, null, any, or what `semantic` says. */
const char *type_name(const struct type *type);

/* The storage class behind it: integer, real, text, blob, null, any. */
const char *type_storage(const struct type *type);

/* The text for SQLite: the marks of parameters are blanks, all offsets stay. */
char *infer_plain_sql(struct arena *arena, const char *text, size_t length);

#endif
