/*
 * explain_print.h: what was inferred of a statement, for people and as JSON. It decides
 * nothing.
 */
#ifndef EXPLAIN_PRINT_H
#define EXPLAIN_PRINT_H

#include "../base/buf.h"
#include "../lint/lint.h"
#include "../sql/infer.h"
#include "../sql/tables.h"

/* One explained statement or view. */
struct explained {
    const char *name; /* or NULL */
    const char *kind; /* select, insert, update, delete, view */
    const char *text; /* the SQL that ranges are places of */
    const struct output *columns;
    size_t column_count;
    struct parameter **parameters;
    size_t parameter_count;
    struct table_uses tables;
    const struct query_plan *plan; /* NULL: there is none */
    struct advices advices;
};

/* `lint` knows in whose words advice is given. */
void explain_print(struct buf *out, struct lint *lint, const struct explained *explained);
void explain_print_json(struct buf *out, struct lint *lint,
                        const struct explained *explained);

#endif
