/*
 * smells_internal.h: what the files share that look for smells.
 */
#ifndef SQL_SMELLS_INTERNAL_H
#define SQL_SMELLS_INTERNAL_H

#include "infer_internal.h"
#include "smells.h"

struct smells {
    struct arena *arena;
    struct catalog *catalog;
    const char *text;
    struct statement *statement;
    struct advices *advices;
};

struct advice *smell(struct smells *smells, int code, struct range at,
                     const char *message, const char *hint);

/* The parts of the WHERE and of all ON of a SELECT, as joined by AND. */
void smells_parts(struct smells *smells, const struct core *core, struct exprs *parts);

/* Each column of the SELECT's own tables that an expression names, subqueries too. */
void smells_columns(const struct core *core, struct expr *expr, void *context,
                    void (*take)(void *context, const struct expr *column));

/* The column that an expression is; NULL: it is none of these tables. */
const struct binding *smells_column(const struct core *core, const struct expr *expr);

void smells_of_group(struct smells *smells, struct core *core);

#endif
