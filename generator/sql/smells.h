/*
 * smells.h: statements that do not say what was meant, most likely: found in the text alone,
 * with its types. It must not know plans or indexes.
 */
#ifndef SQL_SMELLS_H
#define SQL_SMELLS_H

#include "advise.h"

/* `statement` was resolved by infer_statement(). Adds to what is in `advices`. */
void smells_find(struct arena *arena, struct catalog *catalog, const char *text,
                 struct statement *statement, struct advices *advices);

#endif
