/*
 * advise.h: what would make a statement faster: which tables it reads whole although an
 * index could find the rows, what it sorts although an index has the order. The ideas come
 * from our own look at the statement; each is tried on a real SQLite, in an empty database,
 * and told only where its plan gets better by it. It must not know how advice is printed.
 */
#ifndef SQL_ADVISE_H
#define SQL_ADVISE_H

#include "infer.h"
#include "query_plan.h"
#include "table_shape.h"

enum {
    ADVISE_SMALL = 1000 /* reading so many rows each time is no fault */
};

/* A term of an index that would help. */
struct advised_term {
    const char *column;     /* in SQL; NULL: an expression … */
    const char *expression; /* … this one */
    const char *collation;  /* lower case; NULL: the column's own */
    bool descending;
};

struct advised_index {
    const struct table_shape *table;
    VEC(struct advised_term) terms;
};

struct advice {
    int code;        /* of findings.h; 0: a note: nothing has to be done about it */
    struct range at; /* in the statement's text */
    const char *message;
    const char *hint;                  /* or NULL */
    VEC(struct advised_index) indexes; /* all of them together help */
};

struct advices {
    VEC(struct advice) list;
};

struct adviser {
    struct arena *arena;
    struct catalog *catalog; /* its database gets indexes, and loses them again */
    /* About how many rows a table has; 0: not known, perhaps many. May be NULL. */
    size_t (*rows)(void *context, const struct table_shape *table);
    void *context;
};

/*
 * `statement` was resolved by infer_statement() and taken by SQLite. `plan` is set to what
 * SQLite does now. False where there is no plan.
 */
bool advise(const struct adviser *adviser, const char *text, struct statement *statement,
            struct query_plan *plan, struct advices *advices);

/* As CREATE INDEX takes them: "a, b COLLATE NOCASE, lower(c) DESC". */
const char *advised_terms_sql(struct arena *arena, const struct advised_index *index);

#endif
