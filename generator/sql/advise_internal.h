/*
 * advise_internal.h: what the adviser's files share: the conditions of one SELECT (or of a
 * change) on one of its tables.
 */
#ifndef SQL_ADVISE_INTERNAL_H
#define SQL_ADVISE_INTERNAL_H

#include "advise.h"
#include "infer_internal.h"

/* A SELECT of its own rows, or an UPDATE or DELETE. */
struct level {
    struct scope *scope;
    struct from *from;   /* or NULL */
    struct expr *where;  /* or NULL */
    struct terms *order; /* or NULL */
    struct exprs *group; /* or NULL */
    struct results *results;
    bool limited, distinct;
};

enum condition_kind {
    CONDITION_EQUAL,
    CONDITION_RANGE
};

/* What an index on a table could find. */
struct condition {
    enum condition_kind kind;
    bool joined; /* it is compared with another table of the same level … */
    bool outer;  /* … or of one around it: once for each of that one's rows */
    struct advised_term term;
    bool is_coarse;     /* a bool, or IS NULL: it leaves perhaps half of the rows */
    bool is_expression; /* a function or operator over one column … */
    bool is_like;       /* LIKE, which ignores case */
    const char *column; /* … this one; else that of the term; never NULL */
    struct range at;
};

struct conditions {
    VEC(struct condition) list;
};

/* ---- advise_condition.c, advise_order.c ---------------------------------------------- */

/* What is looked for in the conditions of a level. */
struct search {
    const struct adviser *adviser;
    const char *text;
    const struct level *level;
    const struct source *source;
    const struct table_shape *shape;
    struct conditions *conditions;
};

struct search search_new(const struct adviser *adviser, const char *text,
                         const struct level *level, const struct source *source,
                         struct conditions *conditions);

/* The column of the table that an expression is; NULL: it is none. */
const char *search_column(const struct search *search, const struct expr *expr);

/* What COLLATE says behind it, in lower case, or NULL. */
const char *search_collation(const struct search *search, const struct expr *expr);

/* The conditions that each row has to meet, so that all help: those joined by AND. */
void conditions_find(const struct adviser *adviser, const char *text,
                     const struct level *level, const struct source *source,
                     struct conditions *conditions);

/* An OR among them, whose sides all have conditions on the table; in order. */
struct alternative {
    struct range at;
    VEC(struct conditions) sides;
};
struct alternatives {
    VEC(struct alternative) list;
};
void alternatives_find(const struct adviser *adviser, const char *text,
                       const struct level *level, const struct source *source,
                       struct alternatives *alternatives);

/* The table's columns that ORDER BY or GROUP BY name, if these name no others. */
bool order_find(const struct adviser *adviser, const struct level *level,
                const struct source *source, struct advised_index *index);
bool group_find(const struct adviser *adviser, const struct level *level,
                const struct source *source, struct advised_index *index);

/* A statement that is being advised about. */
struct trial {
    const struct adviser *adviser;
    const char *text;
    struct range range;     /* of the statement */
    struct query_plan plan; /* with what has been advised */
    struct advices *advices;
    VEC(struct level) levels;
    size_t created; /* indexes, by their numbers */
};

/* ---- advise_trial.c ------------------------------------------------------------------ */

enum wanted {
    WANT_ANY,
    WANT_FIND /* less is read; that less is sorted is not enough */
};

/*
 * Creates the indexes. True where the plan gets better and all of them are used: then they
 * stay, and `before` is the plan without them.
 */
bool trial_try(struct trial *trial, const struct advised_index *indexes, size_t count,
               enum wanted wanted, struct query_plan *before);

/* Drops all indexes but the first `count`. */
void trial_drop(struct trial *trial, size_t count);

/* True where `plan` reads less than `old`. */
bool trial_finds(const struct query_plan *plan, const struct query_plan *old);

size_t trial_rows(const struct trial *trial, const struct table_shape *shape);
bool trial_is_small(const struct trial *trial, const struct table_shape *shape);

/* True where an index begins with the column, whatever its collation. */
bool trial_is_indexed(const struct table_shape *shape, const char *column);

struct advice *trial_tell(struct trial *trial, int code, struct range at);
void trial_add_index(struct trial *trial, struct advice *advice,
                     const struct advised_index *index);

/* The table behind a source; NULL: a view, a subquery, a virtual table. */
const struct table_shape *source_shape(const struct adviser *adviser,
                                       const struct source *source);

#endif
