/*
 * changed_trial.h: the chain of migrations with one further step anywhere, for the tests of
 * migrations that fail. It must not know why they fail.
 */
#ifndef CHANGED_TRIAL_H
#define CHANGED_TRIAL_H

#include "migrate_trial.h"

/* ---- a schema whose only difference is one further step -------------------------- */

struct changed {
    quarry_schema schema;
    quarry_migration migrations[CHAIN_COUNT];
    quarry_migration_step steps[8];
};

/* chain_schema with `step` before the `at`th of the migration after `position`, or with
   `down` of the one before. */
static inline void insert_step(struct changed *changed, int position, bool down, int at,
                               quarry_migration_step step)
{
    quarry_migration *migration;
    const quarry_migration_step *from;
    int count;

    changed->schema = chain_schema;
    memcpy(changed->migrations, chain_migrations, sizeof changed->migrations);
    changed->schema.migrations = changed->migrations;
    migration = &changed->migrations[down ? position - 1 : position];
    from = down ? migration->down : migration->up;
    count = down ? migration->down_count : migration->up_count;
    memcpy(changed->steps, from, (size_t)at * sizeof *from);
    changed->steps[at] = step;
    memcpy(changed->steps + at + 1, from + at, (size_t)(count - at) * sizeof *from);
    if (down) {
        migration->down = changed->steps;
        migration->down_count = count + 1;
    } else {
        migration->up = changed->steps;
        migration->up_count = count + 1;
    }
}

static inline quarry_migration_step sql_step(const char *const *sql)
{
    return (quarry_migration_step){"break", sql, NULL};
}

static inline quarry_migration_step call_step(quarry_work *work)
{
    return (quarry_migration_step){"call it", NULL, work};
}

static inline void expect_place(quarry_db *db, const quarry_migration *migration,
                                int step, quarry_status cause)
{
    const quarry_error *error = quarry_last_error(db);

    assert_int_equal(error->version, migration->version);
    assert_string_equal(error->migration, migration->name);
    assert_int_equal(error->step, step);
    assert_int_equal(error->cause, cause);
}

#endif
