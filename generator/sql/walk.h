/*
 * walk.h: a walk over a statement's whole tree, from the outside in. Subqueries, common
 * tables and what stands in expressions come by too, each once. It must not know what
 * anything means.
 */
#ifndef SQL_WALK_H
#define SQL_WALK_H

#include "ast.h"

struct walker {
    void *context;
    /* Each may be NULL. `select`: which the core is part of. */
    void (*select)(void *context, struct select *select);
    void (*core)(void *context, struct select *select, struct core *core);
    void (*expr)(void *context, struct expr *expr);
};

void walk_statement(const struct walker *walker, struct statement *statement);
void walk_expression(const struct walker *walker, struct expr *expr); /* or NULL */

#endif
