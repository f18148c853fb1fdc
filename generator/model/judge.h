/*
 * judge.h: asks SQLite whether rows can be in a table, for tables that have expressions
 * of the user's. What SQLite makes of an expression is the same in all its versions, so
 * the answers are facts about the schema. It must not know how rows are made.
 */
#ifndef JUDGE_H
#define JUDGE_H

#include "model.h"

struct judge;

/* Opens nothing before it is asked. */
struct judge *judge_new(struct arena *arena, const struct schema *schema);
void judge_free(struct judge *judge);

/* Whether the table has expressions: checks, computed columns, indexes of that kind. */
bool judge_is_needed(const struct table *table);

/*
 * Makes the table in a database in memory; foreign keys are not looked at. False where
 * SQLite refuses the table, which is for the referee to report.
 */
bool judge_take(struct judge *judge, const struct table *table);

/*
 * Tries a row alone. Sets failed[i] of each check of the user's that it breaks. False
 * where SQLite refuses the row for another reason: a computed value of the wrong type.
 */
bool judge_row(struct judge *judge, const struct literal *values, bool *failed);

/* Whether all `count` rows can be in the table together. */
bool judge_rows(struct judge *judge, const struct literal *const *rows, size_t count);

#endif
