/*
 * query_plan.h: SQLite's plan of a statement (EXPLAIN QUERY PLAN) as a tree, and what counts
 * in it. It depends on the version of SQLite: it is shown to people and may confirm advice,
 * never decide what is emitted.
 */
#ifndef SQL_QUERY_PLAN_H
#define SQL_QUERY_PLAN_H

#include "parse.h"

#include <sqlite3.h>

struct plan_line {
    int id, parent; /* parent 0: the statement itself */
    unsigned depth; /* from 0 */
    const char *text;
};

struct query_plan {
    VEC(struct plan_line) lines; /* from the top; each behind its parent */
    size_t scans;                /* tables and subqueries that are read whole */
    size_t automatic;            /* indexes that SQLite builds for this run alone */
    size_t sorts;                /* temporary B-trees */
};

/* `text` [range] is the statement. False where SQLite does not prepare it. */
bool query_plan_read(struct arena *arena, sqlite3 *db, const char *text,
                     struct range range, struct query_plan *plan);

/* True where a line reads the table of that name, or alias, whole. */
bool query_plan_scans(const struct query_plan *plan, const char *name);

/* True where SQLite indexes the table of that name, or alias, for this run alone. */
bool query_plan_is_automatic(const struct query_plan *plan, const char *name);

bool query_plan_uses(const struct query_plan *plan, const char *index);

/* True where `plan` reads or sorts less than `old`, and nothing more. */
bool query_plan_is_better(const struct query_plan *plan, const struct query_plan *old);

#endif
