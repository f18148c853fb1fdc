/*
 * advise.c: candidates, tried one after the other in the database: what makes the plan
 * better stays there until the statement is done, so that each further one is judged with
 * it. See advise.h.
 */
#include "advise_internal.h"

#include "../base/findings.h"
#include "walk.h"

#include <string.h>

/* ---- telling ------------------------------------------------------------------------- */

static int code_of(const struct condition *condition, const struct table_shape *shape)
{
    bool indexed = trial_is_indexed(shape, condition->column);

    if (condition->is_expression && indexed)
        return FINDING_EXPRESSION;
    if (condition->is_like && indexed)
        return FINDING_LIKE_CASE;
    if (condition->term.collation != NULL && indexed)
        return FINDING_COLLATION;
    return condition->joined || condition->outer ? FINDING_JOIN_SCAN : FINDING_SCAN;
}

static const char *why(struct trial *trial, int code, const struct condition *condition,
                       const struct table_shape *shape, const struct query_plan *before)
{
    struct arena *arena = trial->adviser->arena;
    const char *table = shape->table->name;

    switch (code) {
    case FINDING_EXPRESSION:
        return arena_printf(arena,
                            "every row of `%s` is read: an index on `%s` does not know "
                            "`%s`",
                            table, condition->column, condition->term.expression);
    case FINDING_LIKE_CASE:
        return arena_printf(arena,
                            "every row of `%s` is read: LIKE ignores case, the index on "
                            "`%s` does not",
                            table, condition->column);
    case FINDING_COLLATION:
        return arena_printf(arena,
                            "every row of `%s` is read: the index on `%s` does not "
                            "compare as %s",
                            table, condition->column, condition->term.collation);
    case FINDING_JOIN_SCAN:
        return before->automatic > trial->plan.automatic
                   ? arena_printf(arena,
                                  "each run builds an index of all rows of `%s` for this "
                                  "join",
                                  table)
                   : arena_printf(arena,
                                  "every row of `%s` is read for this join, perhaps many "
                                  "times",
                                  table);
    default:
        return arena_printf(arena, "every row of `%s` is read to find those that match",
                            table);
    }
}

/* ---- candidates ---------------------------------------------------------------------- */

static bool has_column(const struct advised_index *index,
                       const struct condition *condition)
{
    size_t i;

    for (i = 0; i < index->terms.count; i++) {
        const struct advised_term *term = &index->terms.items[i];

        if (condition->term.column == NULL
                ? term->expression != NULL &&
                      strcmp(term->expression, condition->term.expression) == 0
                : term->column != NULL && name_same(term->column, condition->term.column))
            return true;
    }
    return false;
}

static void add_condition(struct trial *trial, struct advised_index *index,
                          const struct condition *condition)
{
    if (!has_column(index, condition))
        *VEC_ADD(trial->adviser->arena, &index->terms) = condition->term;
}

static void add_equal(struct trial *trial, struct advised_index *index,
                      const struct conditions *conditions, bool joined, bool coarse)
{
    size_t i;

    for (i = 0; i < conditions->list.count; i++) {
        const struct condition *condition = &conditions->list.items[i];

        if (condition->kind == CONDITION_EQUAL && !condition->is_expression &&
            condition->joined == joined && condition->is_coarse == coarse)
            add_condition(trial, index, condition);
    }
}

/* What tells rows apart best comes first; what is coarse only where it is not alone. */
static struct advised_index equal_index(struct trial *trial,
                                        const struct table_shape *shape,
                                        const struct conditions *conditions, bool joined)
{
    struct advised_index index = {.table = shape};

    if (joined)
        add_equal(trial, &index, conditions, true, false);
    add_equal(trial, &index, conditions, false, false);
    add_equal(trial, &index, conditions, false, true);
    return index;
}

/* The condition behind the first term; NULL: there is no term. */
static const struct condition *first_of(const struct conditions *conditions,
                                        const struct advised_index *index)
{
    struct advised_index first = *index;
    size_t i;

    if (first.terms.count > 1)
        first.terms.count = 1;
    for (i = 0; i < conditions->list.count; i++)
        if (has_column(&first, &conditions->list.items[i]))
            return &conditions->list.items[i];
    return NULL;
}

/* How many columns the index compares that tell rows apart. */
static size_t count_fine(const struct conditions *conditions,
                         const struct advised_index *index)
{
    size_t i, count = 0;

    for (i = 0; i < conditions->list.count; i++)
        count += !conditions->list.items[i].is_coarse &&
                 has_column(index, &conditions->list.items[i]);
    return count;
}

/* ---- one table of a level ------------------------------------------------------------ */

struct table_trial {
    struct trial *trial;
    const struct level *level;
    const struct source *source;
    const struct table_shape *shape;
    struct conditions conditions;
};

static bool is_repeated(const struct advised_index *index)
{
    size_t i, k;

    for (i = 0; i < index->terms.count; i++)
        for (k = 0; k < i; k++)
            if (index->terms.items[i].column != NULL &&
                index->terms.items[k].column != NULL &&
                name_same(index->terms.items[i].column, index->terms.items[k].column))
                return true;
    return false;
}

/* The rows that the index finds are told by `condition`. */
static bool try_find(struct table_trial *t, const struct advised_index *index,
                     const struct condition *condition)
{
    struct query_plan before;
    struct advice *advice;
    int code;

    if (index->terms.count == 0 || condition == NULL || is_repeated(index) ||
        count_fine(&t->conditions, index) == 0 ||
        !trial_try(t->trial, index, 1, WANT_FIND, &before))
        return false;
    code = code_of(condition, t->shape);
    advice = trial_tell(t->trial, code, condition->at);
    advice->message = why(t->trial, code, condition, t->shape, &before);
    trial_add_index(t->trial, advice, index);
    return true;
}

static bool order_fits(const struct table_trial *t)
{
    return t->level->order != NULL && t->level->order->count > 0;
}

static struct range order_range(const struct table_trial *t)
{
    const struct terms *order = t->level->order;

    return (struct range){order->items[0].expr->range.start,
                          order->items[order->count - 1].expr->range.end};
}

/* The equal columns, then the order without them. False: there is nothing to add. */
static bool add_order(struct table_trial *t, struct advised_index *index,
                      const struct advised_index *order)
{
    size_t i, before = index->terms.count;

    for (i = 0; i < order->terms.count; i++) {
        const struct condition condition = {.term = order->terms.items[i]};

        if (!has_column(index, &condition))
            *VEC_ADD(t->trial->adviser->arena, &index->terms) = order->terms.items[i];
    }
    return index->terms.count > before;
}

/* With a LIMIT a sort reads all to show a few; else an index costs as well. */
static int sort_code(const struct table_trial *t)
{
    return t->level->limited || trial_rows(t->trial, t->shape) > ADVISE_SMALL
               ? FINDING_SORT
               : 0;
}

static void tell_order(struct table_trial *t, const struct advised_index *index,
                       bool narrowed, const struct query_plan *before)
{
    const struct condition *first = first_of(&t->conditions, index);
    struct advice *advice;

    if (narrowed && trial_finds(&t->trial->plan, before)) {
        advice = trial_tell(t->trial, code_of(first, t->shape), first->at);
        advice->message = why(t->trial, advice->code, first, t->shape, before);
    } else {
        advice = trial_tell(t->trial, sort_code(t), order_range(t));
        advice->message =
            arena_printf(t->trial->adviser->arena, "%s of `%s` are sorted each time",
                         narrowed ? "rows" : "all rows", t->shape->table->name);
    }
    trial_add_index(t->trial, advice, index);
}

static bool try_order(struct table_trial *t)
{
    struct advised_index index = equal_index(t->trial, t->shape, &t->conditions, false);
    bool narrowed = count_fine(&t->conditions, &index) > 0;
    struct advised_index order;
    struct query_plan before;

    if (!order_fits(t) || !order_find(t->trial->adviser, t->level, t->source, &order) ||
        !add_order(t, &index, &order) || is_repeated(&index) ||
        !trial_try(t->trial, &index, 1, WANT_ANY, &before))
        return false;
    tell_order(t, &index, narrowed, &before);
    return true;
}

/* Equal columns, then those of GROUP BY: groups then come one after the other. */
static bool try_group(struct table_trial *t)
{
    struct advised_index index = equal_index(t->trial, t->shape, &t->conditions, false);
    struct advised_index group;

    return index.terms.count > 0 &&
           group_find(t->trial->adviser, t->level, t->source, &group) &&
           add_order(t, &index, &group) &&
           try_find(t, &index, first_of(&t->conditions, &index));
}

static bool try_equal(struct table_trial *t, bool joined)
{
    struct advised_index index = equal_index(t->trial, t->shape, &t->conditions, joined);
    size_t i, count = index.terms.count;

    for (i = 0; i < t->conditions.list.count; i++) {
        const struct condition *condition = &t->conditions.list.items[i];

        if (condition->kind != CONDITION_RANGE || condition->is_expression ||
            condition->joined)
            continue;
        add_condition(t->trial, &index, condition);
        if (index.terms.count > count &&
            try_find(t, &index, count > 0 ? first_of(&t->conditions, &index) : condition))
            return true;
        index.terms.count = count;
    }
    return try_find(t, &index, first_of(&t->conditions, &index));
}

static bool try_expression(struct table_trial *t)
{
    size_t i;

    for (i = 0; i < t->conditions.list.count; i++) {
        const struct condition *condition = &t->conditions.list.items[i];
        struct advised_index index = {.table = t->shape};

        if (!condition->is_expression)
            continue;
        add_condition(t->trial, &index, condition);
        if (try_find(t, &index, condition))
            return true;
    }
    return false;
}

/* ---- OR ------------------------------------------------------------------------------ */

static const struct condition *side_condition(const struct conditions *side)
{
    size_t i;

    for (i = 0; i < side->list.count; i++)
        if (!side->list.items[i].joined && !side->list.items[i].is_expression)
            return &side->list.items[i];
    return NULL;
}

static bool is_listed(const struct advice *advice, const struct condition *condition)
{
    size_t i;

    for (i = 0; i < advice->indexes.count; i++)
        if (has_column(&advice->indexes.items[i], condition))
            return true;
    return false;
}

static bool list_sides(struct table_trial *t, const struct alternative *alternative,
                       struct advice *advice)
{
    size_t i;

    for (i = 0; i < alternative->sides.count; i++) {
        const struct condition *condition = side_condition(&alternative->sides.items[i]);
        struct advised_index index = {.table = t->shape};

        if (condition == NULL)
            return false;
        if (trial_is_indexed(t->shape, condition->column) || is_listed(advice, condition))
            continue;
        add_condition(t->trial, &index, condition);
        trial_add_index(t->trial, advice, &index);
    }
    return advice->indexes.count > 0;
}

static bool try_or(struct table_trial *t)
{
    struct alternatives alternatives = {0};
    struct query_plan before;
    size_t i;

    alternatives_find(t->trial->adviser, t->trial->text, t->level, t->source,
                      &alternatives);
    for (i = 0; i < alternatives.list.count; i++) {
        struct advice advice = {.code = FINDING_OR_SCAN,
                                .at = alternatives.list.items[i].at};

        if (!list_sides(t, &alternatives.list.items[i], &advice) ||
            !trial_try(t->trial, advice.indexes.items, advice.indexes.count, WANT_FIND,
                       &before))
            continue;
        advice.message = arena_printf(t->trial->adviser->arena,
                                      "every row of `%s` is read: not each side of the "
                                      "OR has an index",
                                      t->shape->table->name);
        *VEC_ADD(t->trial->adviser->arena, &t->trial->advices->list) = advice;
        return true;
    }
    return false;
}

/* The first that helps: what finds rows in their order, then what finds them. */
static void try_table(struct trial *trial, const struct level *level,
                      const struct source *source)
{
    struct table_trial t = {.trial = trial, .level = level, .source = source};

    t.shape = source_shape(trial->adviser, source);
    if (t.shape == NULL || trial_is_small(trial, t.shape))
        return;
    conditions_find(trial->adviser, trial->text, level, source, &t.conditions);
    if (try_order(&t) || try_group(&t) || try_equal(&t, false) || try_equal(&t, true) ||
        try_expression(&t) || try_or(&t))
        return;
}

/* Tables that SQLite itself indexes for the run come first: they gain most. */
static void try_automatic(struct trial *trial, const struct level *level,
                          const struct source *source)
{
    if (query_plan_is_automatic(&trial->plan, source->name))
        try_table(trial, level, source);
}

/* ---- what is left -------------------------------------------------------------------- */

static bool is_big(const struct trial *trial, const struct table_shape *shape)
{
    return trial_rows(trial, shape) > ADVISE_SMALL;
}

/* LIMIT without a condition or a sort ends the reading early. */
static bool ends_early(const struct trial *trial, const struct level *level)
{
    return level->limited && level->where == NULL && trial->plan.sorts == 0;
}

static void tell_scan(struct trial *trial, const struct level *level,
                      const struct source *source)
{
    const struct table_shape *shape = source_shape(trial->adviser, source);
    struct advice *advice;

    if (shape == NULL || trial_is_small(trial, shape) || ends_early(trial, level) ||
        !query_plan_scans(&trial->plan, source->name))
        return;
    advice = trial_tell(trial, is_big(trial, shape) ? FINDING_BIG_SCAN : 0,
                        source->item->name_range);
    if (is_big(trial, shape))
        advice->message =
            arena_printf(trial->adviser->arena, "all rows of `%s` are read, about %zu",
                         shape->table->name, trial_rows(trial, shape));
    else
        advice->message = arena_printf(trial->adviser->arena, "all rows of `%s` are read",
                                       shape->table->name);
}

static void tell_sorts(struct trial *trial)
{
    static const char word[] = "USE TEMP B-TREE FOR ";
    size_t i;

    for (i = 0; i < trial->plan.lines.count; i++) {
        const char *text = trial->plan.lines.items[i].text;

        if (strncmp(text, word, sizeof word - 1) == 0)
            trial_tell(trial, 0, trial->range)->message = arena_printf(
                trial->adviser->arena, "a temporary B-tree sorts rows for %s",
                text + sizeof word - 1);
        else if (strstr(text, "USING AUTOMATIC ") != NULL)
            trial_tell(trial, 0, trial->range)->message = arena_printf(
                trial->adviser->arena, "each run builds an index of its own: %s", text);
    }
}

/* ---- levels -------------------------------------------------------------------------- */

static void add_core(void *context, struct select *select, struct core *core)
{
    struct trial *trial = context;
    struct level *level;

    if (core->is_values || !core->has_from || core->scope == NULL)
        return;
    level = VEC_ADD(trial->adviser->arena, &trial->levels);
    *level = (struct level){
        .scope = core->scope,
        .from = &core->from,
        .where = core->where,
        .order = select->core_count == 1 ? &select->order : NULL,
        .group = &core->group,
        .results = &core->results,
        .limited = select->limit != NULL && select->core_count == 1,
        .distinct = core->distinct,
    };
}

static void add_change(struct trial *trial, struct statement *statement)
{
    struct level *level;

    if (statement->kind != STATEMENT_UPDATE && statement->kind != STATEMENT_DELETE)
        return;
    level = VEC_ADD(trial->adviser->arena, &trial->levels);
    *level = (struct level){.scope = statement->scope,
                            .from = statement->has_from ? &statement->from : NULL,
                            .where = statement->where,
                            .results = &statement->returning,
                            .limited = statement->limit != NULL};
}

static void each_source(struct trial *trial,
                        void (*call)(struct trial *trial, const struct level *level,
                                     const struct source *source))
{
    size_t i, k;

    for (i = 0; i < trial->levels.count; i++)
        for (k = 0; k < trial->levels.items[i].scope->sources.count; k++)
            call(trial, &trial->levels.items[i],
                 trial->levels.items[i].scope->sources.items[k]);
}

bool advise(const struct adviser *adviser, const char *text, struct statement *statement,
            struct query_plan *plan, struct advices *advices)
{
    struct trial trial = {
        .adviser = adviser, .text = text, .range = statement->range, .advices = advices};
    const struct walker walker = {.context = &trial, .core = add_core};

    *advices = (struct advices){0};
    if (!query_plan_read(adviser->arena, adviser->catalog->db, text, statement->range,
                         &trial.plan))
        return false;
    *plan = trial.plan;
    walk_statement(&walker, statement);
    add_change(&trial, statement);
    if (plan->automatic > 0)
        each_source(&trial, try_automatic);
    if (plan->scans + plan->automatic + plan->sorts > 0)
        each_source(&trial, try_table);
    each_source(&trial, tell_scan);
    tell_sorts(&trial);
    trial_drop(&trial, 0);
    return true;
}
