/*
 * history.c: see history.h: each migration's way up, and its way back, written or derived
 * from the parts of the way up.
 */
#include "history.h"

#include "checksum.h"

#include <string.h>

const char *history_word(const struct migration_step *step)
{
    return language[PLACE_STEP].keys[step->word].name;
}

static bool make_steps(struct history_maker *maker, const struct migration_steps *steps)
{
    size_t i = 0;

    while (i < steps->count) {
        if (step_is_data(steps->items[i].word)) {
            if (!history_data(maker, &steps->items[i++]))
                return false;
        } else {
            size_t taken = history_run(maker, &steps->items[i], steps->count - i);

            if (taken == 0)
                return false;
            i += taken;
        }
    }
    return true;
}

/* ---- the way up --------------------------------------------------------------- */

/* The step that a plan's loss is about: the first of its kind in the part. */
static struct span loss_span(const struct history_part *part)
{
    size_t i;

    for (i = 0; i < part->count; i++)
        if (part->step[i].word == STEP_KEY_DROP_TABLE ||
            part->step[i].word == STEP_KEY_DROP_VIRTUAL_TABLE ||
            part->step[i].word == STEP_KEY_DROP_COLUMN ||
            part->step[i].word == STEP_KEY_ALTER_COLUMN)
            return part->step[i].span;
    return part->step->span;
}

static void report_loss(const struct stage *stage, const struct history_part *part)
{
    struct span span = loss_span(part);
    size_t i;

    for (i = 0; i < part->plan->warnings.count; i++)
        if (part->plan->warnings.items[i].kind == WARNING_DATA_LOSS) {
            diag_hint(diag_error(stage->diags, 414, span, "this destroys data: %s",
                                 part->plan->warnings.items[i].text),
                      "write `accept: data_loss` in the migration if it is meant");
            return; /* the others stand at the same place */
        }
}

static void check_losses(const struct stage *stage, const struct history_version *version)
{
    size_t i;

    for (i = 0; i < version->parts.count && !version->migration->accept_data_loss; i++)
        if (version->parts.items[i].plan != NULL &&
            version->parts.items[i].plan->destroys)
            report_loss(stage, &version->parts.items[i]);
    history_report_losses(stage, version, 0);
}

/* ---- the way back ------------------------------------------------------------- */

/* NULL, or why the way back of a part cannot be derived. */
static const char *not_derivable(const struct history_part *part)
{
    if (part->plan != NULL)
        return part->plan->destroys ? "what it destroys does not come back by itself"
                                    : NULL;
    return part->step->down != NULL || part->undone ? NULL
                                                    : "how to undo it cannot be known";
}

static bool is_derivable(const struct stage *stage, const struct history_version *version)
{
    bool good = true;
    size_t i;

    for (i = 0; i < version->parts.count; i++) {
        const struct history_part *part = &version->parts.items[i];
        const char *why = not_derivable(part);

        if (why == NULL)
            continue;
        good = false;
        diag_hint(diag_error(stage->diags, 415,
                             part->plan != NULL ? loss_span(part) : part->step->span,
                             "the way back is missing: %s", why),
                  part->plan != NULL
                      ? "`down:` with steps, or `irreversible: why`, in the migration"
                      : "`down:` beside the step, `[]` where nothing need be undone; "
                        "or `irreversible: why` in the migration");
    }
    return good;
}

static bool add_reverse_plan(const struct stage *stage, struct script *script,
                             const struct history_part *part)
{
    struct rename_text renames = diff_reverse_renames(stage->arena, part->plan->diff);
    const struct plan *plan = NULL;
    const char *error = NULL;
    struct diff *diff = diff_structures(stage->arena, part->plan->diff->to,
                                        part->plan->diff->from, &renames, &error);

    if (diff != NULL)
        plan = plan_make(stage->arena, diff, &error);
    if (plan == NULL) {
        diag_error(stage->diags, 413, part->step->span, "the way back: %s", error);
        return false;
    }
    history_add_plan(stage, script, plan, part->step->span);
    return true;
}

static bool derive(const struct stage *stage, struct history_version *version)
{
    size_t i;

    for (i = version->parts.count; i-- > 0;) {
        const struct history_part *part = &version->parts.items[i];
        struct history_maker maker = {stage, version, part->after, &version->down, false};

        if (part->plan != NULL) {
            if (!add_reverse_plan(stage, &version->down, part))
                return false;
        } else if (part->step->down != NULL && !make_steps(&maker, part->step->down)) {
            return false;
        }
    }
    return true;
}

static bool make_down(const struct stage *stage, struct history_version *version)
{
    struct history_maker maker = {stage, version, version->after, &version->down, false};

    if (version->migration->irreversible != NULL)
        return true;
    version->has_down = true;
    if (version->migration->down != NULL)
        return make_steps(&maker, version->migration->down);
    return is_derivable(stage, version) && derive(stage, version);
}

/* ---- all ---------------------------------------------------------------------- */

static bool make_version(const struct stage *stage, struct history_version *version)
{
    struct history_maker maker = {stage, version, version->before, &version->up, true};
    size_t errors = diags_errors(stage->diags);

    if (!make_steps(&maker, &version->migration->up))
        return false;
    version->after = maker.state;
    history_find_losses(stage, version);
    check_losses(stage, version);
    return make_down(stage, version) && diags_errors(stage->diags) == errors;
}

struct history *history_make(const struct stage *stage)
{
    const struct migrations *migrations = stage->schema->migrations;
    struct history *history = ARENA_NEW(stage->arena, struct history);
    struct state *state = state_new(stage);
    const char *chain = "";
    size_t i;

    history->empty = state;
    for (i = 0; i < migrations->list.count; i++) {
        struct history_version *version = VEC_ADD(stage->arena, &history->versions);

        version->migration = migrations->list.items[i];
        version->before = state;
        version->checksum = chain =
            checksum_migration(stage->arena, stage->schema, version->migration, chain);
        if (!make_version(stage, version))
            return NULL;
        state = version->after;
    }
    return history;
}
