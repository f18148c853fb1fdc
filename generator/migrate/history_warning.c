/*
 * history_warning.c: what a linter says of migrations. See history.h.
 */
#include "history.h"

static bool is_accepted(const struct migration *migration, enum warning_kind kind)
{
    switch (kind) {
    case WARNING_DATA_LOSS: return migration->accept_data_loss;
    case WARNING_SLOW: return migration->accept_slow;
    case WARNING_CAN_FAIL: return migration->accept_can_fail;
    case WARNING_BROKEN: break;
    }
    return false;
}

/* A table that the migration itself makes has no rows that could be in the way. */
static bool is_new(const struct history_version *version, const char *table)
{
    return table != NULL && version->before->structure != NULL &&
           structure_table(version->before->structure, table) == NULL;
}

static void take_plan(const struct history_version *version, const struct plan *plan,
                      history_take *take, void *context)
{
    size_t i;

    for (i = 0; i < plan->warnings.count; i++) {
        const struct plan_warning *warning = &plan->warnings.items[i];

        if (!is_accepted(version->migration, warning->kind) &&
            (warning->kind == WARNING_DATA_LOSS || !is_new(version, warning->table)))
            take(context, version, warning);
    }
}

static void take_losses(const struct history_version *version, history_take *take,
                        void *context)
{
    size_t i;

    for (i = 0; i < version->up.losses.count && !version->migration->accept_data_loss;
         i++) {
        const struct plan_warning warning = {WARNING_DATA_LOSS,
                                             version->up.losses.items[i].table,
                                             version->up.losses.items[i].text};

        take(context, version, &warning);
    }
}

static void take_risks(const struct history_version *version, history_take *take,
                       void *context)
{
    size_t i;

    for (i = 0; i < version->up.risks.count; i++)
        if (!is_accepted(version->migration, version->up.risks.items[i].kind))
            take(context, version, &version->up.risks.items[i]);
}

void history_warnings(const struct history *history, history_take *take, void *context)
{
    size_t i, k;

    for (i = 0; i < history->versions.count; i++) {
        const struct history_version *version = &history->versions.items[i];

        for (k = 0; k < version->up.plans.count; k++)
            take_plan(version, version->up.plans.items[k], take, context);
        take_losses(version, take, context);
        take_risks(version, take, context);
    }
}
