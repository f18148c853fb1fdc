/*
 * functions.h: a row for each function of SQLite: how many arguments, what comes out of what
 * goes in, when it is NULL. It must not know queries.
 */
#ifndef SQL_FUNCTIONS_H
#define SQL_FUNCTIONS_H

#include <stdbool.h>
#include <stddef.h>

enum function_kind {
    FUNCTION_SCALAR,
    FUNCTION_AGGREGATE, /* also over a window */
    FUNCTION_WINDOW     /* only over a window */
};

enum null_rule {
    NULL_NEVER,
    NULL_ALWAYS, /* it can be NULL whatever the arguments are */
    NULL_ANY,    /* NULL where any argument is */
    NULL_FIRST,  /* NULL where the first argument is */
    NULL_ALL,    /* NULL where all arguments are */
    NULL_NUMBER, /* where any argument is, or is no number */
    NULL_WAVE,   /* as NULL_NUMBER; also where it is infinite */
    NULL_BRANCH, /* iif: where one of the two branches is */
    NULL_NULLIF,
    NULL_JSON_PART, /* as NULL_FIRST; also where a path finds nothing */
    NULL_JSON_EDIT, /* as NULL_FIRST; also where the root is replaced by NULL, or gone */
    NULL_SUBSTR,    /* as NULL_ANY; also where a blob is empty */
    NULL_FORMAT,    /* printf: where the format is NULL or yields nothing */
    NULL_DATE,      /* where the moment is none; proved only for constants */
    NULL_GROUP,     /* aggregate: no row in the group has an argument that is not NULL */
    NULL_TOTAL,     /* never, but of infinities */
    NULL_CONCAT,    /* as NULL_GROUP; also where all that is concatenated is empty */
    NULL_FRAME,    /* first_value, last_value: the frame is empty, or the argument NULL */
    NULL_NEIGHBOUR /* lag, lead: beyond the edge the default, or NULL */
};

enum result_rule {
    RESULT_FIXED,
    RESULT_FIRST,    /* as the first argument */
    RESULT_UNION,    /* as any of the arguments */
    RESULT_BRANCHES, /* iif */
    RESULT_NUMBER,   /* integer of integer, real of real; else `classes` */
    RESULT_REPLACE,  /* text, or the first argument as it is where there is no pattern */
    RESULT_JSON,     /* text, or what the root is replaced by */
    RESULT_SUBSTR,   /* blob of blob, else text */
    RESULT_LAG       /* the first argument or the third */
};

struct function {
    const char *name;
    int least, most; /* arguments; most -1: any number */
    enum function_kind kind;
    enum null_rule null;
    enum result_rule result;
    unsigned classes;
    const char *hints; /* what arguments are: i r t b n(umber) = (like the others) *; the
                          last one holds for the rest */
    bool varies;       /* does not yield the same twice */
    bool infinite;     /* it can be infinite, or a text that is as a number, whatever the
                          arguments are */
};

/* NULL: unknown. `*known` says whether there is one of that name at all. */
const struct function *function_find(const char *name, size_t arguments, bool *known);

/* The name most like it, or NULL. */
const char *function_suggest(const char *name);

#endif
