/*
 * ast.h: SQL statements as trees, as they are written: every node with its bytes in the text
 * (start, end), names without their quotes. The fields behind "resolver" are filled in by
 * infer.h; the parser leaves them zero. All nodes live in one arena.
 */
#ifndef SQL_AST_H
#define SQL_AST_H

#include "../base/arena.h"
#include "token.h"

#include <stdbool.h>
#include <stdint.h>

/* Deeper expressions and queries than this are refused, as SQLite does by default. */
enum {
    SQL_DEPTH = 1000
};

struct range {
    size_t start, end;
};

enum expr_kind {
    EXPR_NULL,
    EXPR_INTEGER, /* `text` as written */
    EXPR_REAL,
    EXPR_STRING,
    EXPR_BLOB,
    EXPR_NOW,       /* CURRENT_DATE, _TIME, _TIMESTAMP: see `keyword` */
    EXPR_PARAMETER, /* `text` as written, with Quarry's mark */
    EXPR_COLUMN,    /* name, perhaps table and schema */
    EXPR_UNARY,     /* op left */
    EXPR_BINARY,    /* left op right */
    EXPR_IS_NULL,   /* left IS NULL, ISNULL; negated: NOTNULL, NOT NULL */
    EXPR_LIKE,      /* left [NOT] keyword right [ESCAPE extra] */
    EXPR_BETWEEN,   /* left [NOT] BETWEEN right AND extra */
    EXPR_IN,        /* left [NOT] IN list, select or table */
    EXPR_EXISTS,    /* EXISTS select; NOT EXISTS is a unary NOT over it */
    EXPR_SELECT,    /* (select) */
    EXPR_CASE,      /* CASE [left] list: when, then, … [ELSE extra] */
    EXPR_CAST,      /* CAST(left AS text) */
    EXPR_COLLATE,   /* left COLLATE name */
    EXPR_CALL,      /* name(list), name(*) */
    EXPR_ROW,       /* (list), at least two */
    EXPR_RAISE      /* RAISE(IGNORE), RAISE(ABORT, 'text'): see `keyword` and `text` */
};

enum operator{
    OP_NONE,
    OP_NOT,
    OP_NEGATE,
    OP_PLUS, /* unary */
    OP_INVERT,
    OP_OR,
    OP_AND,
    OP_EQUAL,
    OP_UNEQUAL,
    OP_IS,     /* IS, IS NOT DISTINCT FROM */
    OP_IS_NOT, /* IS NOT, IS DISTINCT FROM */
    OP_LESS,
    OP_LESS_EQUAL,
    OP_GREATER,
    OP_GREATER_EQUAL,
    OP_AND_BITS,
    OP_OR_BITS,
    OP_SHIFT_LEFT,
    OP_SHIFT_RIGHT,
    OP_ADD,
    OP_SUBTRACT,
    OP_MULTIPLY,
    OP_DIVIDE,
    OP_REMAINDER,
    OP_CONCAT,
    OP_ARROW,     /* -> */
    OP_LONG_ARROW /* ->> */
};

struct expr;
struct select;

struct exprs {
    struct expr **items;
    size_t count, capacity;
};

enum order {
    ORDER_NONE,
    ORDER_ASC,
    ORDER_DESC
};

struct term { /* of ORDER BY, GROUP BY, a primary key */
    struct expr *expr;
    enum order order;
    bool nulls_first, nulls_last;
};

struct terms {
    struct term *items;
    size_t count, capacity;
};

enum frame_unit {
    FRAME_RANGE,
    FRAME_ROWS,
    FRAME_GROUPS
};
enum frame_bound {
    BOUND_UNBOUNDED_PRECEDING,
    BOUND_PRECEDING,
    BOUND_CURRENT_ROW,
    BOUND_FOLLOWING,
    BOUND_UNBOUNDED_FOLLOWING
};
enum frame_exclude {
    EXCLUDE_NONE,
    EXCLUDE_CURRENT_ROW,
    EXCLUDE_GROUP,
    EXCLUDE_TIES
};

struct window {
    struct range range;
    const char *name;  /* in a WINDOW clause */
    const char *base;  /* OVER name, OVER (name …) */
    bool is_reference; /* OVER name: nothing else is set */
    struct exprs partition;
    struct terms order;
    bool has_frame; /* else: RANGE UNBOUNDED PRECEDING to CURRENT ROW */
    enum frame_unit unit;
    enum frame_bound start, end;
    struct expr *start_expr, *end_expr;
    enum frame_exclude exclude;
};

struct windows {
    struct window **items;
    size_t count, capacity;
};

struct expr {
    enum expr_kind kind;
    enum operator op;
    struct range range;
    unsigned depth;
    bool negated; /* of IS NULL, LIKE, BETWEEN, IN */
    bool parenthesised;
    bool quoted;   /* EXPR_COLUMN: a lone "name", which may turn out to be a string */
    bool distinct; /* name(DISTINCT …) */
    bool star;     /* name(*) */
    bool is_list;  /* EXPR_IN: `list` (perhaps empty), not select or table */
    enum keyword keyword;
    const char *schema, *table, *name, *text;
    struct range name_range; /* of a column's or function's name, for the caret */
    struct expr *left, *right, *extra, *filter;
    struct exprs list;
    struct terms order; /* in an aggregate; SQLite 3.44 */
    struct window *over;
    struct select *select;

    /* ---- resolver -------------------------------------------------------------------- */
    struct binding *binding; /* of a column */
    struct type *type;
    const struct function *function;
    struct scope *aggregate_of; /* the query over whose rows an aggregate runs */
    struct parameter *parameter;
    struct relation *in_relation; /* EXPR_IN of a table */
};

/* ---- FROM ---------------------------------------------------------------------------- */

struct names {
    struct name {
        const char *text;
        struct range range;
    } * items;
    size_t count, capacity;
};

enum join_kind {
    JOIN_FIRST, /* what FROM begins with */
    JOIN_COMMA,
    JOIN_INNER,
    JOIN_CROSS,
    JOIN_LEFT,
    JOIN_RIGHT,
    JOIN_FULL
};

enum from_kind {
    FROM_TABLE,
    FROM_CALL,
    FROM_SELECT,
    FROM_GROUP
};

struct from_item {
    enum from_kind kind;
    struct range range, name_range;
    const char *schema, *name, *alias;
    struct exprs arguments; /* FROM_CALL */
    struct select *select;  /* FROM_SELECT */
    struct from *group;     /* FROM_GROUP: (a JOIN b) */
    const char *indexed_by;
    bool not_indexed;

    enum join_kind join; /* to all before it */
    bool natural;
    struct expr *on;
    bool has_using;
    struct names using_names;

    struct joined *joined; /* resolver */
};

struct from {
    struct from_item *items;
    size_t count, capacity;

    struct joins *joins; /* resolver: of brackets that names see as one; else NULL */
};

/* ---- SELECT -------------------------------------------------------------------------- */

struct result {
    struct range range; /* of the expression, without its alias */
    struct expr *expr;  /* NULL: * or table.* */
    const char *star_table;
    const char *alias;

    struct exprs expanded; /* resolver: the columns that a * stands for */
};

struct results {
    struct result *items;
    size_t count, capacity;
};

struct values {
    struct exprs *items;
    size_t count, capacity;
};

enum compound {
    COMPOUND_NONE,
    COMPOUND_UNION,
    COMPOUND_UNION_ALL,
    COMPOUND_INTERSECT,
    COMPOUND_EXCEPT
};

struct core {               /* one SELECT or VALUES of a compound */
    enum compound compound; /* to what stands before it */
    struct range range;
    bool is_values;
    struct values values;
    bool distinct;
    struct results results;
    bool has_from;
    struct from from;
    struct expr *where;
    struct exprs group;
    struct expr *having;
    struct windows windows;

    struct scope *scope; /* resolver */
};

struct with;

struct select {
    struct range range;
    unsigned depth;
    struct with *with; /* or NULL */
    struct core **cores;
    size_t core_count, core_capacity;
    struct terms order;
    struct expr *limit, *offset;

    struct relation *relation; /* resolver: what it yields */
};

enum materialized {
    MATERIALIZED_ANY,
    MATERIALIZED_YES,
    MATERIALIZED_NOT
};

struct cte {
    struct range range, name_range;
    const char *name;
    bool has_columns;
    struct names columns;
    enum materialized materialized;
    struct select *select;

    struct relation *relation; /* resolver */
};

struct with {
    bool recursive;
    struct cte *items;
    size_t count, capacity;
};

/* ---- statements that change ---------------------------------------------------------- */

struct assignment { /* SET a = e; (a, b) = e */
    struct names columns;
    bool is_row;
    struct expr *value;
};

struct assignments {
    struct assignment *items;
    size_t count, capacity;
};

struct upsert {
    struct range range;
    bool has_target;
    struct terms target;
    struct expr *target_where;
    bool nothing; /* DO NOTHING */
    struct assignments set;
    struct expr *where;

    struct scope *scope; /* resolver */
};

struct upserts {
    struct upsert *items;
    size_t count, capacity;
};

enum statement_kind {
    STATEMENT_SELECT,
    STATEMENT_INSERT,
    STATEMENT_UPDATE,
    STATEMENT_DELETE
};

struct statement {
    enum statement_kind kind;
    struct range range;
    struct with *with;       /* of INSERT, UPDATE, DELETE */
    struct select *select;   /* SELECT, or the source of INSERT */
    enum keyword conflict;   /* OR REPLACE …; REPLACE INTO too */
    struct from_item target; /* its table, alias, INDEXED BY */
    bool has_columns;
    struct names columns; /* INSERT INTO t(columns) */
    bool default_values;
    struct upserts upserts;
    struct assignments set;
    bool has_from;
    struct from from; /* UPDATE … FROM */
    struct expr *where;
    bool has_returning;
    struct results returning;
    struct terms order; /* UPDATE, DELETE … ORDER BY: SQLite can be built to know it */
    struct expr *limit, *offset;

    struct scope *scope, *returning_scope; /* resolver */
};

#endif
