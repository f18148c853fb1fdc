/*
 * infer_internal.h: what the resolver's files share. Two passes: bind (bind_*.c) finds what
 * every name means and which query an aggregate belongs to; type (type_*.c) then computes
 * types from the leaves up. Names of columns are complete after the first pass, types after
 * the second, which runs again where a parameter was typed behind its use, and in rounds
 * for a recursive common table. A common table is typed when it is first used, anew each
 * time the SELECT that declares it is: so no query takes more than linear time.
 */
#ifndef SQL_INFER_INTERNAL_H
#define SQL_INFER_INTERNAL_H

#include "functions.h"
#include "infer.h"

struct scope;

/*
 * Something known not to be NULL in every row that is looked at: a column of a source, a
 * merged column, a parameter, or an expression.
 */
struct fact {
    const void *source; /* struct source or struct merged, or NULL */
    int column;
    const struct parameter *parameter;
    const struct expr *expr;
    bool nonzero; /* instead: `expr` is not zero, where it is not NULL */
    struct range because;
};

struct facts {
    struct fact *items;
    size_t count, capacity;
};

/* One table of a FROM. */
struct source {
    const char *name, *schema;
    struct from_item *item;
    struct relation *relation;
    struct scope *scope;

    bool qualified_only; /* `excluded` */
    bool null_extended;  /* an outer join may put NULLs here */
    struct range null_at;
    struct facts when_real; /* what holds in rows where this table has one */
};

/* A column of USING or NATURAL in a FULL join: coalesce(left, right …). */
struct merged {
    struct binding *left; /* a column, or what was merged before */
    VEC(struct binding *) right;
    size_t first, end; /* which of the scope's sources are joined */
    struct type type;
};

/* Two columns that are equal by USING or NATURAL. */
struct pair {
    const char *name;
    struct range range;
    struct binding *left; /* NULL: of several tables, whichever is not NULL first */
    struct binding *right;
    struct merged *merged; /* in a FULL join */
    bool with_outer;       /* it, or a RIGHT or FULL join of the FROM, is an outer join */
};

/* A column that brackets show: of which table, and as what it is known outside. */
struct shown {
    const char *schema, *table, *name; /* table NULL: several, joined by USING */
    const char *unique;                /* `id:1` where the name comes twice */
    struct binding *binding;
    bool is_joined; /* stands for all columns of that name */
    bool unlisted;  /* not in a * outside */
};

/*
 * What a join joins, as SQLite sees it: a table, or brackets, which are a subquery that shows
 * the columns of all tables in it, by their tables' names.
 */
struct joined {
    const char *name;             /* NULL: brackets without an alias */
    const struct from_item *item; /* NULL: what a statement changes */
    struct source *source;        /* NULL: brackets */
    VEC(struct shown) shown;      /* of brackets */
    VEC(struct pair) pairs;       /* joined to what stands before it */
    size_t first, end;            /* which of the scope's sources are in it */
    bool left_of_right;           /* a RIGHT or FULL join follows */
};

struct joins {
    struct joined **items;
    size_t count, capacity;
};

/* What one SELECT, or a statement, sees. */
struct scope {
    struct scope *parent;
    unsigned depth;
    struct core *core; /* or NULL */
    struct with *with; /* common tables declared here: then it has no sources */
    VEC(struct source *) sources;
    VEC(struct merged *) merged;
    struct joins all;
    const struct joins
        *joins; /* where names are looked up: `all`, or what is in brackets */
    struct results *aliases;   /* results that names may mean */
    bool in_results;           /* what it yields is being bound */
    bool is_aggregate;         /* it has an aggregate of its own there … */
    bool has_group;            /* … over groups of GROUP BY */
    struct relation *boundary; /* of this common table: see BIND_FOREIGN */
    bool is_view;              /* around what a view is */
    bool is_closed;            /* no name is looked up outside: of GROUP and ORDER BY */

    /* in the second pass */
    struct facts facts;
    size_t group_facts; /* those from here on are of the groups, by HAVING */
    bool in_case;       /* in a branch of CASE … */
    size_t case_facts;  /* … facts from here on are of one row, not of its neighbours */
    bool has_row;       /* the FROM and WHERE yield at least one row */
    bool grouped_now;   /* results are typed: what stands behind the grouping */
    unsigned in_aggregate; /* inside the arguments of an aggregate of this scope */
};

enum binding_kind {
    BIND_COLUMN,
    BIND_MERGED,
    BIND_ALIAS,
    BIND_STRING, /* "text" */
    BIND_TRUTH,  /* TRUE, FALSE */
    /* A column outside the common table that names it. SQLite looks where the table is
     * used, so it may be another one in every use: then it can be anything. */
    BIND_FOREIGN,
    /* `rowid` of a subquery or view, where SQLite is built to take that. Where it isn't,
     * it is a table's beside it, or, in double quotes, a text. */
    BIND_NO_ROWID
};

struct binding {
    enum binding_kind kind;
    struct scope *scope;
    struct source *source;
    int column; /* -1: rowid */
    struct merged *merged;
    struct expr *alias;
    const char *name; /* that brackets give it, or NULL */
};

struct occurrence {
    size_t offset;
    struct parameter *parameter;
};

struct infer {
    struct arena *arena;
    struct catalog *catalog;
    const char *text;
    VEC(struct parameter *) parameters;
    VEC(struct occurrence) occurrences;
    struct sql_error error;
    struct scope *innermost; /* the deepest scope that was referred to, for aggregates */
    unsigned innermost_limit;
    const struct expr *aggregate; /* whose arguments are being bound, or NULL … */
    bool refers_outside;          /* … and one is a column outside a common table */
    unsigned recursions;          /* how many are going on, one inside the other */
    bool retype;                  /* a parameter was typed: run again */
    bool ignores_facts;           /* conditions say nothing here: see type_change.c */
};

/* ---- bind.c -------------------------------------------------------------------------- */

/* Records the first error. */
void infer_fail(struct infer *infer, struct range range, const char *hint,
                const char *format, ...) __attribute__((format(printf, 4, 5)));
bool infer_failed(const struct infer *infer);

struct scope *scope_new(struct infer *infer, struct scope *parent, struct core *core);
struct source *scope_add(struct infer *infer, struct scope *scope, const char *name,
                         struct relation *relation);

/* The index of a column; -1: rowid; -2: none. */
enum {
    COLUMN_ROWID = -1,
    COLUMN_NONE = -2
};
int relation_find(const struct relation *relation, const char *name);
bool name_is_rowid(const char *name);
bool relation_is_rowid(const struct relation *relation, const char *name);
struct output *relation_add(struct infer *infer, struct relation *relation,
                            const char *name);
bool names_have(const struct names *names, const char *name);

struct binding *binding_new(struct infer *infer, struct scope *scope,
                            enum binding_kind kind);
void bind_column(struct infer *infer, struct scope *scope, struct expr *expr);
/* Where a common table is used: what the names in it mean that it does not know itself. */
void bind_foreign(struct infer *infer, struct scope *scope, struct relation *relation);
void parameters_find(struct infer *infer, const char *text, size_t length);
struct parameter *parameter_at(struct infer *infer, size_t offset);

/* ---- bind_expr.c --------------------------------------------------------------------- */

void bind_expr(struct infer *infer, struct scope *scope, struct expr *expr); /* or NULL */
void bind_exprs(struct infer *infer, struct scope *scope, struct exprs *exprs);
void bind_terms(struct infer *infer, struct scope *scope, struct terms *terms);
void bind_window(struct infer *infer, struct scope *scope, struct window *window);

/* ---- bind_join.c --------------------------------------------------------------------- */

/* Shows a source that stands in no FROM. */
void joins_show(struct infer *infer, struct scope *scope, struct source *source);
/* What USING and NATURAL join; first all items, then this. */
void joins_pair(struct infer *infer, struct scope *scope, const struct joins *joins);
/* Brackets around `joins`. */
void joins_enclose(struct infer *infer, struct scope *scope, const struct joins *joins,
                   struct joined *brackets);

/* What a column's name means among the first `count` of `joins`; the number of matches. */
size_t joins_match(struct infer *infer, struct scope *scope, const struct joins *joins,
                   size_t count, const struct expr *expr, struct binding **binding);
/*
 * What `rowid` means; `met` counts the tables that it could have been of, here and in the
 * queries inside where it was looked for before.
 */
struct rowids {
    size_t real;   /* tables */
    size_t unreal; /* subqueries and views: SQLite can be built to count them too */
};
size_t joins_match_rowid(struct infer *infer, struct scope *scope,
                         const struct joins *joins, const struct expr *expr,
                         struct rowids *met, struct binding **binding);
const struct pair *joined_pair(const struct joined *joined, const char *name);

/* Its columns, hidden ones too; what each is called, and is. */
size_t joined_count(const struct joined *joined);
const char *joined_name(const struct joined *joined, size_t index);
struct binding *joined_binding(struct infer *infer, struct scope *scope,
                               const struct joined *joined, size_t index);
bool joined_is_of(const struct joined *joined, size_t index, const char *table);
bool joined_is_hidden(const struct joined *joined, size_t index);

/* ---- bind_from.c --------------------------------------------------------------------- */

/* The tables of a FROM; then, when the results are bound, its conditions and arguments. */
void bind_from(struct infer *infer, struct scope *scope, struct from *from);
void bind_update_from(struct infer *infer, struct scope *scope, struct from *from);
void bind_conditions(struct infer *infer, struct scope *scope, struct from *from);
struct relation *bind_table(struct infer *infer, struct scope *scope, const char *schema,
                            const char *name, struct range range);

/* ---- bind_select.c ------------------------------------------------------------------- */

/* Who asks for the names of what a SELECT yields. */
enum naming {
    NAMING_RESULT,   /* the program */
    NAMING_SUBQUERY, /* the query around it */
    NAMING_VIEW
};

/* `cte`: the common table that the select is, or NULL. */
void bind_select(struct infer *infer, struct scope *parent, struct select *select,
                 struct relation *cte);
void bind_results(struct infer *infer, struct scope *scope, struct results *results,
                  struct relation *relation, enum naming naming);
struct scope *bind_with(struct infer *infer, struct scope *scope, struct with *with);
void bind_cte(struct infer *infer, struct relation *relation);
/*
 * What SQLite calls the next column of a subquery: `id:1` where there is an `id`. Sets
 * *meets_joined, which may be NULL, where it tries the name of a joined column.
 */
const char *name_in_subquery(struct infer *infer, const struct relation *relation,
                             const char *name, bool *meets_joined);

/* ---- bind_view.c --------------------------------------------------------------------- */

/* What a table or view yields; views are resolved once, when first named. */
struct relation *relation_of_table(struct infer *infer, struct catalog_table *table,
                                   struct range range);

/* ---- bind_table.c -------------------------------------------------------------------- */

/* What generated columns and CHECKs of a table say of its columns, which stand there. */
void bind_table_expressions(struct infer *infer, struct relation *relation);

/* ---- bind_change.c ------------------------------------------------------------------- */

void bind_change(struct infer *infer, struct statement *statement,
                 struct relation *returning);

/* ---- facts.c ------------------------------------------------------------------------- */

/* Adds what is not NULL wherever `expr`, which is typed, is true, false, or not NULL. */
void facts_of_true(struct infer *infer, const struct expr *expr, struct facts *facts);
void facts_of_false(struct infer *infer, const struct expr *expr, struct facts *facts);
void facts_of_value(struct infer *infer, const struct expr *expr, struct facts *facts);
/* False or NULL: what lets a CASE go on to its next WHEN. */
void facts_of_untrue(struct infer *infer, const struct expr *expr, struct facts *facts);
void facts_add(struct infer *infer, struct facts *facts, const struct facts *more);
void facts_add_column(struct infer *infer, struct facts *facts, const void *source,
                      int column, struct range because);

/* NULL: nothing in this scope or those around it says that it is not NULL. */
const struct fact *facts_column(const struct scope *scope, const void *source,
                                int column);
const struct fact *facts_parameter(const struct scope *scope,
                                   const struct parameter *parameter);
const struct fact *facts_expr(const struct scope *scope, const struct expr *expr);
bool facts_nonzero(const struct scope *scope, const struct expr *expr);

/* NULL: nothing says that the table has a row, although an outer join joins it. */
const struct fact *facts_real(const struct scope *scope, const struct source *source);

/*
 * True where the results of an aggregate without GROUP BY are typed: the row that it yields
 * need not come from any row, so columns are NULL and no condition was ever true.
 */
bool scope_is_rowless(const struct scope *scope);

/* Tables that an outer join would fill with NULLs, but that facts say are there. */
void facts_close(struct infer *infer, struct scope *scope);

/* ---- same.c -------------------------------------------------------------------------- */

/* True where both, which are bound, are sure to have one value in one row; NULL: neither. */
bool expr_same(const struct expr *a, const struct expr *b);

/* ---- nonzero.c ----------------------------------------------------------------------- */

/* Adds what is not zero wherever `expr`, which is typed, is true, or false. */
void nonzero_of(struct infer *infer, const struct expr *expr, bool truth,
                struct facts *facts);
/* True where `expr`, typed but for that, is a number other than zero, or NULL. */
bool nonzero_is(const struct scope *scope, const struct expr *expr);
/* True where it cannot be zero as a divisor; `whole`: cut to an integer first. */
bool nonzero_divisor(const struct expr *expr, bool whole);
/* True where a fact of HAVING says that the group has a row: count(*) > 0. */
bool nonzero_has_row(const struct scope *scope);

/* ---- type_expr.c --------------------------------------------------------------------- */

void type_expr(struct infer *infer, struct scope *scope, struct expr *expr); /* or NULL */
void type_exprs(struct infer *infer, struct scope *scope, struct exprs *exprs);
void type_terms(struct infer *infer, struct scope *scope, struct terms *terms);
struct type type_unite(struct type a, struct type b);
struct type type_of_column(const struct scope *scope, const struct source *source,
                           int column);
struct type type_branches(struct infer *infer, struct scope *scope, struct expr *expr,
                          size_t first);
/* The type of a value that is NULL where one of the operands is. */
struct type type_strict(unsigned classes, struct range range, const struct expr *a,
                        const struct expr *b);

/* ---- type_number.c ------------------------------------------------------------------- */

unsigned type_number(unsigned classes); /* what values of these are as numbers */
struct type type_arithmetic(struct infer *infer, struct expr *expr);

/* ---- type_call.c --------------------------------------------------------------------- */

struct type type_call(struct infer *infer, struct scope *scope, struct expr *expr);
void type_window(struct infer *infer, struct scope *scope, struct window *window);
bool moment_is_valid(const struct exprs *arguments, size_t first); /* type_moment.c */
/* True where the frame of every row has that row in it. */
bool window_has_current_row(const struct scope *scope, const struct window *window);

/* ---- type_select.c, type_from.c, type_change.c --------------------------------------- */

void type_from(struct infer *infer, struct scope *scope, struct from *from);
/* `around`: the scope of what it stands in, for LIMIT. */
void type_select(struct infer *infer, struct select *select, struct scope *around);
void type_results(struct infer *infer, struct scope *scope, struct results *results,
                  struct output *outputs);
void type_relation(struct infer *infer, struct relation *relation);
void type_change(struct infer *infer, struct statement *statement,
                 struct relation *returning);

/* ---- type_hint.c --------------------------------------------------------------------- */

/* Types for what is only a parameter: that of a column or value it meets … */
void type_hint(struct infer *infer, const struct expr *expr, const struct type *type);
/* … both ways, row by row … */
void type_meet(struct infer *infer, const struct expr *a, const struct expr *b);
/* … with each row of a subquery or VALUES, column by column … */
void type_meet_select(struct infer *infer, const struct expr *left,
                      const struct select *select);
/* … or what an operator wants. */
void type_want(struct infer *infer, const struct expr *expr, unsigned classes);

#endif
