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
    bool is_bool;
    bool is_expression; /* a function or operator over one column … */
    bool is_like;       /* LIKE, which ignores case */
    const char *column; /* … this one; else that of the term; never NULL */
    struct range at;
};

struct conditions {
    VEC(struct condition) list;
};

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

/* The table behind a source; NULL: a view, a subquery, a virtual table. */
const struct table_shape *source_shape(const struct adviser *adviser,
                                       const struct source *source);

#endif
