/*
 * smells.c: see smells.h. Bare columns of groups are in smells_group.c.
 */
#include "smells_internal.h"

#include "../base/findings.h"
#include "walk.h"

#include <string.h>

struct advice *smell(struct smells *smells, int code, struct range at,
                     const char *message, const char *hint)
{
    struct advice *advice = VEC_ADD(smells->arena, &smells->advices->list);

    *advice = (struct advice){.code = code, .at = at, .message = message, .hint = hint};
    return advice;
}

/* ---- conditions ---------------------------------------------------------------------- */

static void add_parts(struct smells *smells, struct expr *expr, struct exprs *parts)
{
    if (expr == NULL)
        return;
    if (expr->kind == EXPR_BINARY && expr->op == OP_AND) {
        add_parts(smells, expr->left, parts);
        add_parts(smells, expr->right, parts);
    } else {
        *VEC_ADD(smells->arena, parts) = expr;
    }
}

static void add_joins(struct smells *smells, const struct from *from, struct exprs *parts)
{
    size_t i;

    for (i = 0; i < from->count; i++) {
        add_parts(smells, from->items[i].on, parts);
        if (from->items[i].group != NULL)
            add_joins(smells, from->items[i].group, parts);
    }
}

void smells_parts(struct smells *smells, const struct core *core, struct exprs *parts)
{
    add_parts(smells, core->where, parts);
    add_joins(smells, &core->from, parts);
}

const struct binding *smells_column(const struct core *core, const struct expr *expr)
{
    while (expr != NULL && expr->kind == EXPR_COLUMN && expr->binding != NULL &&
           expr->binding->kind == BIND_ALIAS)
        expr = expr->binding->alias;
    if (expr == NULL || expr->kind != EXPR_COLUMN || expr->binding == NULL ||
        expr->binding->kind != BIND_COLUMN || expr->binding->scope != core->scope)
        return NULL;
    return expr->binding;
}

struct column_search {
    const struct core *core;
    void *context;
    void (*take)(void *context, const struct expr *column);
};

static void take_column(void *context, struct expr *expr)
{
    const struct column_search *search = context;

    if (smells_column(search->core, expr) != NULL)
        search->take(search->context, expr);
}

void smells_columns(const struct core *core, struct expr *expr, void *context,
                    void (*take)(void *context, const struct expr *column))
{
    struct column_search search = {core, context, take};
    const struct walker walker = {.context = &search, .expr = take_column};

    walk_expression(&walker, expr);
}

/* ---- NULL ---------------------------------------------------------------------------- */

static void check_equal(struct smells *smells, const struct expr *expr)
{
    const char *hint = expr->op == OP_UNEQUAL ? "write IS NOT NULL" : "write IS NULL";

    if (expr->kind != EXPR_BINARY || expr->op < OP_EQUAL || expr->op > OP_GREATER_EQUAL ||
        expr->op == OP_IS || expr->op == OP_IS_NOT)
        return;
    if (expr->left->kind == EXPR_NULL || expr->right->kind == EXPR_NULL)
        smell(smells, FINDING_EQUALS_NULL, expr->range,
              "a comparison with NULL is never true",
              expr->op == OP_EQUAL || expr->op == OP_UNEQUAL ? hint : NULL);
}

static bool lists_null(const struct expr *expr)
{
    size_t i;

    for (i = 0; i < expr->list.count; i++)
        if (expr->list.items[i]->kind == EXPR_NULL)
            return true;
    return false;
}

static void check_not_in(struct smells *smells, const struct expr *expr)
{
    const struct relation *relation =
        expr->select == NULL ? NULL : expr->select->relation;

    if (expr->kind != EXPR_IN || !expr->negated)
        return;
    if (relation != NULL && relation->count == 1 && relation->columns[0].type.nullable)
        smell(smells, FINDING_NOT_IN_NULL, expr->range,
              arena_printf(smells->arena,
                           "where one `%s` is NULL, this NOT IN finds nothing",
                           relation->columns[0].name),
              "leave out the NULLs in the subquery, or write NOT EXISTS");
    else if (expr->is_list && lists_null(expr))
        smell(smells, FINDING_NOT_IN_NULL, expr->range,
              "NOT IN with a NULL in its list finds nothing", NULL);
}

/* ---- names --------------------------------------------------------------------------- */

static void check_text(struct smells *smells, const struct expr *expr)
{
    if (expr->kind == EXPR_COLUMN && expr->binding != NULL &&
        expr->binding->kind == BIND_STRING)
        smell(smells, FINDING_TEXT_AS_NAME, expr->range,
              arena_printf(smells->arena,
                           "no column is called `%s`, so that it is a text", expr->name),
              arena_printf(smells->arena, "write '%s'", expr->name));
}

static void check_expr(void *context, struct expr *expr)
{
    check_equal(context, expr);
    check_not_in(context, expr);
    check_text(context, expr);
}

/* ---- joins --------------------------------------------------------------------------- */

/* Its rows of NULLs were possible, until a condition asked for a real one. */
static void check_outer(struct smells *smells, const struct source *source)
{
    if (source->null_at.end == 0 || source->null_extended || source->item == NULL)
        return;
    smell(smells, FINDING_OUTER_AS_INNER, source->item->range,
          arena_printf(smells->arena,
                       "a condition needs a row of `%s`: the outer join is an inner one",
                       source->name),
          "write JOIN, or move the condition into ON");
}

struct links {
    const struct core *core;
    bool linked; /* the source that is looked for is named */
    const struct source *source;
};

static void take_link(void *context, const struct expr *column)
{
    struct links *links = context;

    if (smells_column(links->core, column)->source == links->source)
        links->linked = true;
}

static bool is_plain_join(const struct from_item *item)
{
    return (item->join == JOIN_COMMA || item->join == JOIN_INNER) && item->on == NULL &&
           !item->natural && item->using_names.count == 0 && item->arguments.count == 0;
}

/* A subquery, and a table of constants, may well be of one row. */
static void check_product(struct smells *smells, const struct core *core,
                          const struct source *source)
{
    struct links links = {.core = core, .source = source};
    struct exprs parts = {0};
    size_t i;

    if (source->item == NULL || source->item->kind != FROM_TABLE ||
        source->relation->table == NULL || !is_plain_join(source->item))
        return;
    smells_parts(smells, core, &parts);
    for (i = 0; i < parts.count; i++)
        smells_columns(core, parts.items[i], &links, take_link);
    if (!links.linked)
        smell(smells, FINDING_CROSS_PRODUCT, source->item->range,
              arena_printf(smells->arena, "no condition joins `%s` to the other tables",
                           source->name),
              "add the condition, or write CROSS JOIN");
}

static void check_core(void *context, struct select *select, struct core *core)
{
    size_t i;

    (void)select;
    for (i = 0; core->scope != NULL && i < core->scope->sources.count; i++) {
        check_outer(context, core->scope->sources.items[i]);
        check_product(context, core, core->scope->sources.items[i]);
    }
    if (core->scope != NULL && !core->is_values)
        smells_of_group(context, core);
}

/* ---- LIMIT --------------------------------------------------------------------------- */

static bool is_ordered_below(const struct core *core)
{
    const struct from_item *item = core->from.count > 0 ? &core->from.items[0] : NULL;

    return item != NULL && item->select != NULL && item->select->order.count > 0;
}

/* Of the whole statement only: a subquery of any rows is mostly meant. LIMIT 1 too. */
static void check_limit(struct smells *smells)
{
    const struct statement *statement = smells->statement;
    const struct select *select = statement->select;
    const struct core *core = select == NULL ? NULL : select->cores[0];

    if (statement->kind != STATEMENT_SELECT || select == NULL || select->limit == NULL ||
        select->order.count > 0 || !core->has_from || core->scope == NULL ||
        (core->scope->is_aggregate && !core->scope->has_group) ||
        (select->with != NULL && select->with->recursive) || is_ordered_below(core) ||
        (select->limit->kind == EXPR_INTEGER && strlen(select->limit->text) == 1 &&
         *select->limit->text <= '1'))
        return;
    smell(smells, FINDING_LIMIT_UNORDERED, select->limit->range,
          "LIMIT without ORDER BY: which rows these are is chance", NULL);
}

void smells_find(struct arena *arena, struct catalog *catalog, const char *text,
                 struct statement *statement, struct advices *advices)
{
    struct smells smells = {arena, catalog, text, statement, advices};
    const struct walker walker = {
        .context = &smells, .core = check_core, .expr = check_expr};

    walk_statement(&walker, statement);
    check_limit(&smells);
}
