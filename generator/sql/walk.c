/*
 * walk.c: see walk.h.
 */
#include "walk.h"

static void walk_select(const struct walker *walker, struct select *select);

static void walk_exprs(const struct walker *walker, struct exprs *exprs)
{
    size_t i;

    for (i = 0; i < exprs->count; i++)
        walk_expression(walker, exprs->items[i]);
}

static void walk_terms(const struct walker *walker, struct terms *terms)
{
    size_t i;

    for (i = 0; i < terms->count; i++)
        walk_expression(walker, terms->items[i].expr);
}

static void walk_window(const struct walker *walker, struct window *window)
{
    if (window == NULL)
        return;
    walk_exprs(walker, &window->partition);
    walk_terms(walker, &window->order);
    walk_expression(walker, window->start_expr);
    walk_expression(walker, window->end_expr);
}

void walk_expression(const struct walker *walker, struct expr *expr)
{
    if (expr == NULL)
        return;
    if (walker->expr != NULL)
        walker->expr(walker->context, expr);
    walk_expression(walker, expr->left);
    walk_expression(walker, expr->right);
    walk_expression(walker, expr->extra);
    walk_expression(walker, expr->filter);
    walk_exprs(walker, &expr->list);
    walk_terms(walker, &expr->order);
    walk_window(walker, expr->over);
    walk_select(walker, expr->select);
}

static void walk_from(const struct walker *walker, struct from *from)
{
    size_t i;

    for (i = 0; i < from->count; i++) {
        struct from_item *item = &from->items[i];

        walk_exprs(walker, &item->arguments);
        walk_select(walker, item->select);
        if (item->group != NULL)
            walk_from(walker, item->group);
        walk_expression(walker, item->on);
    }
}

static void walk_results(const struct walker *walker, struct results *results)
{
    size_t i;

    for (i = 0; i < results->count; i++)
        walk_expression(walker, results->items[i].expr);
}

static void walk_core(const struct walker *walker, struct select *select,
                      struct core *core)
{
    size_t i;

    if (walker->core != NULL)
        walker->core(walker->context, select, core);
    for (i = 0; i < core->values.count; i++)
        walk_exprs(walker, &core->values.items[i]);
    walk_results(walker, &core->results);
    walk_from(walker, &core->from);
    walk_expression(walker, core->where);
    walk_exprs(walker, &core->group);
    walk_expression(walker, core->having);
    for (i = 0; i < core->windows.count; i++)
        walk_window(walker, core->windows.items[i]);
}

static void walk_with(const struct walker *walker, struct with *with)
{
    size_t i;

    for (i = 0; with != NULL && i < with->count; i++)
        walk_select(walker, with->items[i].select);
}

static void walk_select(const struct walker *walker, struct select *select)
{
    size_t i;

    if (select == NULL)
        return;
    if (walker->select != NULL)
        walker->select(walker->context, select);
    walk_with(walker, select->with);
    for (i = 0; i < select->core_count; i++)
        walk_core(walker, select, select->cores[i]);
    walk_terms(walker, &select->order);
    walk_expression(walker, select->limit);
    walk_expression(walker, select->offset);
}

static void walk_set(const struct walker *walker, struct assignments *set)
{
    size_t i;

    for (i = 0; i < set->count; i++)
        walk_expression(walker, set->items[i].value);
}

void walk_statement(const struct walker *walker, struct statement *statement)
{
    size_t i;

    walk_with(walker, statement->with);
    walk_select(walker, statement->select);
    walk_from(walker, &statement->from);
    walk_set(walker, &statement->set);
    walk_expression(walker, statement->where);
    for (i = 0; i < statement->upserts.count; i++) {
        walk_set(walker, &statement->upserts.items[i].set);
        walk_expression(walker, statement->upserts.items[i].where);
    }
    walk_results(walker, &statement->returning);
    walk_terms(walker, &statement->order);
    walk_expression(walker, statement->limit);
    walk_expression(walker, statement->offset);
}
