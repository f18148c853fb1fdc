/*
 * bind_select.c: SELECT, compounds and common tables: the names of what they yield, and what
 * the names in them mean. It must not know types.
 */
#include "infer_internal.h"

#include <stdlib.h>
#include <string.h>

/* ---- names of columns ---------------------------------------------------------------- */

static const char *name_of_column(const struct binding *binding)
{
    const struct relation *relation;
    size_t i;

    if (binding->name != NULL)
        return binding->name;
    relation = binding->source->relation;
    if (binding->column >= 0)
        return relation->columns[binding->column].name;
    for (i = 0; relation->table != NULL && i < relation->table->column_count; i++)
        if (relation->table->columns[i].is_rowid)
            return relation->table->columns[i].name;
    return "rowid";
}

static const struct expr *skip_collate(const struct expr *expr)
{
    while (expr->kind == EXPR_COLLATE)
        expr = expr->left;
    return expr;
}

static const struct expr *skip_likely(const struct expr *expr)
{
    while (expr->kind == EXPR_COLLATE ||
           (expr->kind == EXPR_CALL && expr->list.count > 0 &&
            (name_same(expr->name, "likely") || name_same(expr->name, "unlikely") ||
             name_same(expr->name, "likelihood"))))
        expr = expr->kind == EXPR_COLLATE ? expr->left : expr->list.items[0];
    return expr;
}

/* As SQLite sees it: no mark of a parameter, nor a blank where one ended it. */
static const char *text_of(struct infer *infer, struct range range)
{
    char *text =
        infer_plain_sql(infer->arena, infer->text + range.start, range.end - range.start);
    size_t length = strlen(text);

    while (length > 0 && text[length - 1] == ' ')
        text[--length] = '\0';
    return text;
}

/* As it is called where it stands: SQLite names a subquery before it looks at columns. */
static const char *name_of_result(struct infer *infer, const struct result *result,
                                  enum naming naming)
{
    const struct expr *expr = result->expr;

    if (result->alias != NULL)
        return result->alias;
    if (naming != NAMING_RESULT)
        expr = skip_collate(expr);
    if (naming == NAMING_VIEW)
        expr = skip_likely(expr);
    if (expr->kind == EXPR_COLUMN && naming == NAMING_SUBQUERY)
        return expr->name;
    if (expr->kind == EXPR_COLUMN && expr->binding != NULL &&
        (expr->binding->name != NULL || expr->binding->kind == BIND_COLUMN ||
         expr->binding->kind == BIND_NO_ROWID))
        return name_of_column(expr->binding);
    return text_of(infer, result->range);
}

const char *name_in_subquery(struct infer *infer, const struct relation *relation,
                             const char *name, bool *meets_joined)
{
    unsigned count = 0;
    int taken;

    if (name_same(name, "true") || name_same(name, "false"))
        name = arena_printf(infer->arena, "column%zu", relation->count + 1);
    while ((taken = relation_find(relation, name)) != COLUMN_NONE) {
        size_t length = strlen(name), at = length;

        if (meets_joined != NULL && relation->columns[taken].joined)
            *meets_joined = true;

        while (at > 1 && name[at - 1] >= '0' && name[at - 1] <= '9')
            at--;
        if (at > 1 && name[at - 1] == ':')
            length = at - 1;
        name = arena_printf(infer->arena, "%.*s:%u", (int)length, name, ++count);
    }
    return name;
}

static struct output *add_output(struct infer *infer, struct relation *relation,
                                 const char *name, enum naming naming)
{
    return relation_add(
        infer, relation,
        naming == NAMING_RESULT ? name : name_in_subquery(infer, relation, name, NULL));
}

/* A column that a later USING joins, left of a RIGHT or FULL join, is what its name is. */
static bool is_joined_later(const struct joins *joins, size_t index, const char *name)
{
    size_t i;

    for (i = index + 1; joins->items[index]->left_of_right && i < joins->count; i++)
        if (joined_pair(joins->items[i], name) != NULL)
            return true;
    return false;
}

static struct expr *expand(struct infer *infer, struct scope *scope,
                           const struct result *result, size_t index, size_t column)
{
    const struct joined *joined = scope->all.items[index];
    struct expr *expr = ARENA_NEW(infer->arena, struct expr);

    expr->kind = EXPR_COLUMN;
    expr->range = expr->name_range = result->range;
    expr->name = joined_name(joined, column);
    if (is_joined_later(&scope->all, index, expr->name))
        bind_column(infer, scope, expr);
    else
        expr->binding = joined_binding(infer, scope, joined, column);
    return expr;
}

static bool is_listed(const struct scope *scope, size_t index, size_t column, bool all)
{
    const struct joined *joined = scope->all.items[index];

    if (joined_is_hidden(joined, column))
        return false;
    if (!all)
        return true;
    if (joined->source == NULL && joined->shown.items[column].unlisted)
        return false;
    return joined_pair(joined, joined_name(joined, column)) == NULL;
}

/* False where the `*` is of another table. */
static bool bind_joined(struct infer *infer, struct scope *scope, struct result *result,
                        size_t index, struct relation *relation, enum naming naming)
{
    const struct joined *joined = scope->all.items[index];
    bool found = false;
    size_t i;

    for (i = 0; i < joined_count(joined); i++) {
        if ((result->star_table != NULL &&
             !joined_is_of(joined, i, result->star_table)) ||
            !is_listed(scope, index, i, result->star_table == NULL))
            continue;
        found = true;
        *VEC_ADD(infer->arena, &result->expanded) =
            expand(infer, scope, result, index, i);
        add_output(infer, relation, joined_name(joined, i), naming);
    }
    return found || joined_count(joined) == 0;
}

static void bind_star(struct infer *infer, struct scope *scope, struct result *result,
                      struct relation *relation, enum naming naming)
{
    bool found = false;
    size_t i;

    result->expanded = (struct exprs){0};
    for (i = 0; i < scope->all.count && !infer_failed(infer); i++)
        found = bind_joined(infer, scope, result, i, relation, naming) || found;
    if (!found && result->star_table != NULL)
        infer_fail(infer, result->range, NULL, "no table `%s` in this query",
                   result->star_table);
    else if (!found)
        infer_fail(infer, result->range, NULL, "`*` without a FROM");
}

void bind_results(struct infer *infer, struct scope *scope, struct results *results,
                  struct relation *relation, enum naming naming)
{
    size_t i;

    for (i = 0; i < results->count && !infer_failed(infer); i++) {
        struct result *result = &results->items[i];

        if (result->expr == NULL) {
            bind_star(infer, scope, result, relation, naming);
            continue;
        }
        bind_expr(infer, scope, result->expr);
        add_output(infer, relation, name_of_result(infer, result, naming), naming)
            ->range = result->range;
    }
}

/* ---- cores --------------------------------------------------------------------------- */

static void bind_values(struct infer *infer, struct scope *scope, struct core *core,
                        struct relation *relation)
{
    size_t i;

    for (i = 0; i < core->values.count; i++)
        bind_exprs(infer, scope, &core->values.items[i]);
    for (i = 0; i < core->values.items[0].count; i++)
        relation_add(infer, relation, arena_printf(infer->arena, "column%zu", i + 1))
            ->range = core->values.items[0].items[i]->range;
}

static void bind_plain(struct infer *infer, struct scope *scope, struct core *core,
                       struct relation *relation, enum naming naming)
{
    size_t i;

    bind_from(infer, scope, &core->from);
    scope->in_results = true;
    bind_results(infer, scope, &core->results, relation, naming);
    scope->in_results = false;
    scope->aliases = &core->results;
    bind_conditions(infer, scope, &core->from);
    bind_expr(infer, scope, core->where);
    scope->is_closed = true;
    bind_exprs(infer, scope, &core->group);
    scope->is_closed = false;
    bind_expr(infer, scope, core->having);
    for (i = 0; i < core->windows.count; i++)
        bind_window(infer, scope, core->windows.items[i]);
    scope->has_group = core->group.count > 0;
}

static void bind_core(struct infer *infer, struct scope *parent, struct core *core,
                      struct relation *relation, enum naming naming)
{
    struct scope *scope = scope_new(infer, parent, core);

    core->scope = scope;
    if (core->is_values)
        bind_values(infer, scope, core, relation);
    else
        bind_plain(infer, scope, core, relation, naming);
}

static bool is_expanded(const struct result *result, const char *name)
{
    size_t i;

    for (i = 0; i < result->expanded.count; i++)
        if (name_same(result->expanded.items[i]->name, name))
            return true;
    return false;
}

/* A number, and a name that is a result's, mean that result. */
static bool is_result(const struct core *core, const struct expr *expr)
{
    size_t i;

    expr = skip_collate(expr);
    if (expr->kind == EXPR_INTEGER)
        return true;
    if (expr->kind != EXPR_COLUMN || expr->table != NULL)
        return false;
    for (i = 0; i < core->results.count; i++)
        if (is_expanded(&core->results.items[i], expr->name) ||
            (core->results.items[i].alias != NULL &&
             name_same(core->results.items[i].alias, expr->name)))
            return true;
    return false;
}

/* The terms of a compound can only be its columns, which SQLite checks. */
static void bind_order(struct infer *infer, struct select *select)
{
    struct scope *scope = select->cores[0]->scope;
    size_t i;

    if (select->core_count > 1)
        return;
    scope->is_closed = true;
    for (i = 0; i < select->order.count; i++)
        if (!is_result(select->cores[0], select->order.items[i].expr))
            bind_expr(infer, scope, select->order.items[i].expr);
    scope->is_closed = false;
}

static void name_cte(struct infer *infer, struct relation *cte,
                     const struct relation *relation)
{
    const struct names *names = &cte->cte->columns;
    size_t i;

    if (names->count > 0 && names->count != relation->count)
        infer_fail(infer, cte->cte->name_range, NULL,
                   "`%s` names %zu columns, but its query yields %zu", cte->cte->name,
                   names->count, relation->count);
    for (i = 0; i < relation->count; i++)
        relation_add(infer, cte,
                     i < names->count ? names->items[i].text : relation->columns[i].name);
}

static void bind_other_core(struct infer *infer, struct scope *scope, struct core *core,
                            const struct select *select)
{
    struct relation other = {0};

    bind_core(infer, scope, core, &other, NAMING_SUBQUERY);
    if (other.count != select->relation->count)
        infer_fail(infer, core->range, NULL,
                   "this part yields %zu columns, the first one %zu", other.count,
                   select->relation->count);
}

void bind_select(struct infer *infer, struct scope *parent, struct select *select,
                 struct relation *cte)
{
    struct scope *scope = bind_with(infer, parent, select->with);
    enum naming naming = parent == NULL    ? NAMING_RESULT
                         : parent->is_view ? NAMING_VIEW
                                           : NAMING_SUBQUERY;
    size_t i;

    select->relation = ARENA_NEW(infer->arena, struct relation);
    bind_core(infer, scope, select->cores[0], select->relation, naming);
    if (cte != NULL && !infer_failed(infer))
        name_cte(infer, cte, select->relation);
    for (i = 1; i < select->core_count && !infer_failed(infer); i++) {
        if (cte != NULL)
            cte->core = i;
        bind_other_core(infer, scope, select->cores[i], select);
    }
    if (infer_failed(infer))
        return;
    bind_order(infer, select);
    bind_expr(infer, scope, select->limit);
    bind_expr(infer, scope, select->offset);
}

/* ---- common tables ------------------------------------------------------------------- */

struct scope *bind_with(struct infer *infer, struct scope *parent, struct with *with)
{
    struct scope *scope = scope_new(infer, parent, NULL);
    size_t i;

    scope->with = with;
    for (i = 0; with != NULL && i < with->count; i++) {
        struct relation *relation = ARENA_NEW(infer->arena, struct relation);

        relation->cte = &with->items[i];
        relation->scope = scope;
        with->items[i].relation = relation;
    }
    /* Each is bound when first used: SQLite looks at no other. */
    return scope;
}

void bind_cte(struct infer *infer, struct relation *relation)
{
    struct scope *innermost = infer->innermost, *boundary;
    unsigned limit = infer->innermost_limit;
    const struct expr *aggregate = infer->aggregate;
    bool refers_outside = infer->refers_outside;

    if (relation->binding) {
        if (relation->count == 0)
            infer_fail(infer, relation->cte->name_range, NULL,
                       "`%s` is defined by itself, with no first part",
                       relation->cte->name);
        if (relation->first_recursive == 0)
            relation->first_recursive = relation->core;
        return;
    }
    relation->binding = true;
    infer->innermost_limit = 0;
    infer->aggregate = NULL;
    boundary = scope_new(infer, relation->scope, NULL);
    boundary->boundary = relation;
    bind_select(infer, boundary, relation->cte->select, relation);
    infer->innermost = innermost;
    infer->innermost_limit = limit;
    infer->aggregate = aggregate;
    infer->refers_outside = refers_outside;
    relation->binding = false;
    relation->bound = true;
}
