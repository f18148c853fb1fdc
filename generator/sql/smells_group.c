/*
 * smells_group.c: columns of a grouped SELECT that are neither grouped by nor the same in all
 * rows of a group: SQLite takes them from any row. What GROUP BY determines is followed
 * through equal columns and keys of tables. See smells.h.
 */
#include "smells_internal.h"

#include "../base/findings.h"

#include <string.h>

struct determined {
    const struct source *source;
    int column; /* DETERMINED_ALL: all of them */
};

enum {
    DETERMINED_ALL = -3
};

struct grouping {
    struct smells *smells;
    struct core *core;
    struct exprs parts; /* conditions */
    VEC(struct determined) known;
    bool told;
};

static bool is_known(const struct grouping *grouping, const struct source *source,
                     int column)
{
    size_t i;

    for (i = 0; i < grouping->known.count; i++)
        if (grouping->known.items[i].source == source &&
            (grouping->known.items[i].column == column ||
             grouping->known.items[i].column == DETERMINED_ALL))
            return true;
    return false;
}

static bool learn(struct grouping *grouping, const struct source *source, int column)
{
    if (is_known(grouping, source, column))
        return false;
    *VEC_ADD(grouping->smells->arena, &grouping->known) =
        (struct determined){source, column};
    return true;
}

/* ---- keys ---------------------------------------------------------------------------- */

static bool knows_terms(const struct grouping *grouping, const struct source *source,
                        const struct index_shape *index)
{
    size_t i;

    for (i = 0; i < index->terms->count; i++) {
        const char *name = index->terms->items[i].name;
        int column = name == NULL ? COLUMN_NONE : relation_find(source->relation, name);

        if (column == COLUMN_NONE || !is_known(grouping, source, column))
            return false;
    }
    return true;
}

/* Of what is no table the keys are not known: its columns are taken as they are. */
static bool learn_by_key(struct grouping *grouping, const struct source *source)
{
    const struct catalog_table *table = source->relation->table;
    const struct table_shape *shape =
        table == NULL ? NULL : shape_of(grouping->smells->catalog, table);
    bool all =
        shape == NULL || shape->def == NULL || is_known(grouping, source, COLUMN_ROWID);
    size_t i;

    for (i = 0; !all && i < shape->indexes.count; i++)
        all = shape->indexes.items[i].unique && shape->indexes.items[i].where == NULL &&
              knows_terms(grouping, source, &shape->indexes.items[i]);
    return all && learn(grouping, source, DETERMINED_ALL);
}

/* ---- conditions ---------------------------------------------------------------------- */

static void take_unknown(void *context, const struct expr *column)
{
    struct grouping *grouping = context;
    const struct binding *binding = smells_column(grouping->core, column);

    if (!is_known(grouping, binding->source, binding->column))
        grouping->told = true;
}

/* All columns in it are determined. */
static bool is_determined(struct grouping *grouping, struct expr *expr)
{
    bool before = grouping->told, unknown;

    grouping->told = false;
    smells_columns(grouping->core, expr, grouping, take_unknown);
    unknown = grouping->told;
    grouping->told = before;
    return !unknown;
}

static bool learn_side(struct grouping *grouping, const struct expr *side,
                       struct expr *other)
{
    const struct binding *binding = smells_column(grouping->core, side);

    return binding != NULL && is_determined(grouping, other) &&
           learn(grouping, binding->source, binding->column);
}

static bool learn_by_condition(struct grouping *grouping, const struct expr *expr)
{
    bool learned;

    if (expr->kind != EXPR_BINARY || (expr->op != OP_EQUAL && expr->op != OP_IS))
        return false;
    learned = learn_side(grouping, expr->left, expr->right);
    return learn_side(grouping, expr->right, expr->left) || learned;
}

/* A name of USING is the same in all tables that have it; more than those hardly do. */
static bool learn_name(struct grouping *grouping, const char *name)
{
    const struct scope *scope = grouping->core->scope;
    bool known = false, learned = false;
    size_t i;

    for (i = 0; i < scope->sources.count; i++) {
        int column = relation_find(scope->sources.items[i]->relation, name);

        known = known || (column != COLUMN_NONE &&
                          is_known(grouping, scope->sources.items[i], column));
    }
    for (i = 0; known && i < scope->sources.count; i++) {
        int column = relation_find(scope->sources.items[i]->relation, name);

        if (column != COLUMN_NONE)
            learned = learn(grouping, scope->sources.items[i], column) || learned;
    }
    return learned;
}

static bool learn_by_using(struct grouping *grouping, const struct from *from)
{
    bool learned = false;
    size_t i, k;

    for (i = 0; i < from->count; i++) {
        const struct from_item *item = &from->items[i];

        if (item->kind == FROM_GROUP)
            learned = learn_by_using(grouping, item->group) || learned;
        for (k = 0; item->joined != NULL && k < item->joined->pairs.count; k++)
            learned = learn_name(grouping, item->joined->pairs.items[k].name) || learned;
    }
    return learned;
}

static void learn_all(struct grouping *grouping)
{
    const struct scope *scope = grouping->core->scope;
    bool learned = true;
    size_t i;

    while (learned) {
        learned = learn_by_using(grouping, &grouping->core->from);
        for (i = 0; i < scope->sources.count; i++)
            learned = learn_by_key(grouping, scope->sources.items[i]) || learned;
        for (i = 0; i < grouping->parts.count; i++)
            learned = learn_by_condition(grouping, grouping->parts.items[i]) || learned;
    }
}

/* ---- results ------------------------------------------------------------------------- */

/* An aggregate of this SELECT, over all rows of the group. */
static bool is_aggregate(const struct grouping *grouping, const struct expr *expr)
{
    return expr->kind == EXPR_CALL && expr->aggregate_of == grouping->core->scope &&
           expr->over == NULL;
}

static bool is_grouped(const struct grouping *grouping, const struct expr *expr)
{
    const struct exprs *group = &grouping->core->group;
    const char *text = grouping->smells->text;
    size_t length = expr->range.end - expr->range.start, i;

    for (i = 0; i < group->count; i++) {
        const struct range range = group->items[i]->range;

        if (range.end - range.start == length &&
            strncmp(text + range.start, text + expr->range.start, length) == 0)
            return true;
    }
    return false;
}

static void check(struct grouping *grouping, struct expr *expr);

static void check_list(struct grouping *grouping, const struct exprs *list)
{
    size_t i;

    for (i = 0; i < list->count; i++)
        check(grouping, list->items[i]);
}

static void tell(struct grouping *grouping, const struct expr *expr)
{
    smell(grouping->smells, FINDING_BARE_COLUMN, expr->range,
          arena_printf(grouping->smells->arena,
                       "`%s` is of any row of its group: it is not grouped by",
                       expr->name),
          "add it to GROUP BY, or say which: min(), max()");
    grouping->told = true;
}

/* The first is enough. Subqueries and windows are left alone. */
static void check(struct grouping *grouping, struct expr *expr)
{
    const struct binding *binding;

    if (expr == NULL || grouping->told || is_aggregate(grouping, expr) ||
        expr->over != NULL || is_grouped(grouping, expr))
        return;
    binding = smells_column(grouping->core, expr);
    if (binding != NULL && expr->kind == EXPR_COLUMN && expr->binding == binding &&
        !is_known(grouping, binding->source, binding->column))
        tell(grouping, expr);
    check(grouping, expr->left);
    check(grouping, expr->right);
    check(grouping, expr->extra);
    check_list(grouping, &expr->list);
}

/* ---- the whole ----------------------------------------------------------------------- */

struct extremes {
    const struct core *core;
    bool found;
};

/* With one min() or max() SQLite takes the other columns from its row, as documented. */
static bool has_extreme(const struct grouping *grouping, const struct expr *expr)
{
    size_t i;

    if (expr == NULL)
        return false;
    if (is_aggregate(grouping, expr))
        return name_same(expr->name, "min") || name_same(expr->name, "max");
    for (i = 0; i < expr->list.count; i++)
        if (has_extreme(grouping, expr->list.items[i]))
            return true;
    return has_extreme(grouping, expr->left) || has_extreme(grouping, expr->right) ||
           has_extreme(grouping, expr->extra);
}

static void learn_group(struct grouping *grouping)
{
    struct core *core = grouping->core;
    size_t i;

    for (i = 0; i < core->group.count; i++) {
        struct expr *expr = core->group.items[i];
        const struct binding *binding;

        if (expr->kind == EXPR_INTEGER) { /* a result's number */
            size_t number = (size_t)(*expr->text - '0');

            if (number == 0 || number > core->results.count || expr->text[1] != '\0' ||
                core->results.items[number - 1].expr == NULL)
                continue;
            expr = core->results.items[number - 1].expr;
        }
        binding = smells_column(core, expr);
        if (binding != NULL)
            learn(grouping, binding->source, binding->column);
    }
}

static bool groups_by_number(const struct core *core)
{
    size_t i;

    for (i = 0; i < core->group.count; i++)
        if (core->group.items[i]->kind == EXPR_INTEGER)
            return true;
    return false;
}

/* An alias or a number can stand for a whole expression: then its parts are grouped too. */
static bool is_named_group(const struct core *core, const struct result *result,
                           size_t number)
{
    size_t i;

    for (i = 0; i < core->group.count; i++) {
        const struct expr *expr = core->group.items[i];

        if (expr->kind == EXPR_INTEGER && (size_t)(*expr->text - '0') == number &&
            expr->text[1] == '\0')
            return true;
        if (expr->kind == EXPR_COLUMN && expr->binding != NULL &&
            expr->binding->kind == BIND_ALIAS && expr->binding->alias == result->expr)
            return true;
    }
    return false;
}

void smells_of_group(struct smells *smells, struct core *core)
{
    struct grouping grouping = {.smells = smells, .core = core};
    size_t i;

    if (!core->scope->has_group && !core->scope->is_aggregate)
        return;
    for (i = 0; i < core->results.count; i++)
        if (has_extreme(&grouping, core->results.items[i].expr) ||
            (core->results.items[i].expr == NULL && groups_by_number(core)))
            return;
    smells_parts(smells, core, &grouping.parts);
    learn_group(&grouping);
    learn_all(&grouping);
    for (i = 0; i < core->results.count; i++) {
        struct result *result = &core->results.items[i];

        if (result->expr == NULL)
            check_list(&grouping, &result->expanded);
        else if (!is_named_group(core, result, i + 1))
            check(&grouping, result->expr);
    }
}
