/*
 * apply.h: carries out a plan on a database, whole or not at all. It must not know where
 * the plan comes from.
 */
#ifndef MIGRATE_APPLY_H
#define MIGRATE_APPLY_H

#include "plan.h"

struct apply_options {
    bool accept_data_loss; /* without it a plan that destroys data is refused */
};

/*
 * In one transaction, foreign keys off where the plan needs that: the structure must be
 * the one that the plan starts from; no foreign key may be violated that was not before;
 * every view and trigger must compile that can; the structure reached must be the
 * target's. False and `error` (in the arena) otherwise: then nothing has changed. The
 * connection's foreign_keys and legacy_alter_table are as before in any case. No
 * transaction may be open.
 */
bool plan_apply(struct arena *arena, const struct plan *plan, sqlite3 *db,
                const struct apply_options *options, const char **error);

#endif
