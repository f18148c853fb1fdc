/*
 * query_star.h: the columns that `*` stands for. It must not know the schema: that of the
 * catalog is enough.
 */
#ifndef SQL_QUERY_STAR_H
#define SQL_QUERY_STAR_H

#include "ast.h"

/* Text that stands for a range of a statement's. */
struct splice {
    struct range range;
    const char *text;
};

struct splices {
    struct splice *items;
    size_t count, capacity;
};

/* For each `*` of the result, of a statement that is resolved. */
void query_stars(struct arena *arena, const struct statement *statement,
                 struct splices *splices);

#endif
