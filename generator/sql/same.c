/*
 * same.c: whether two expressions are the same, so that what is known of one is known of the
 * other: in one row both have one value. It must not know what is known.
 */
#include "infer_internal.h"

#include <string.h>

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool same_list(const struct exprs *a, const struct exprs *b)
{
    size_t i;

    if (a->count != b->count)
        return false;
    for (i = 0; i < a->count; i++)
        if (!expr_same(a->items[i], b->items[i]))
            return false;
    return true;
}

static bool same_binding(const struct expr *a, const struct expr *b)
{
    if (a->binding == NULL || b->binding == NULL || a->binding->kind != b->binding->kind)
        return false;
    return a->binding->source == b->binding->source &&
           a->binding->column == b->binding->column &&
           a->binding->merged == b->binding->merged &&
           a->binding->alias == b->binding->alias && a->binding->kind != BIND_FOREIGN &&
           (a->binding->source != NULL || same_text(a->name, b->name));
}

static bool same_call(const struct expr *a, const struct expr *b)
{
    return a->function == b->function && a->function != NULL && !a->function->varies &&
           a->over == NULL && b->over == NULL && a->distinct == b->distinct &&
           a->star == b->star && a->aggregate_of == b->aggregate_of &&
           a->order.count == 0 && b->order.count == 0;
}

bool expr_same(const struct expr *a, const struct expr *b)
{
    if (a == b)
        return true;
    if (a == NULL || b == NULL || a->kind != b->kind || a->op != b->op ||
        a->negated != b->negated || a->keyword != b->keyword || a->select != b->select ||
        a->parameter != b->parameter || a->depth != b->depth)
        return false;
    if (a->kind == EXPR_COLUMN)
        return same_binding(a, b);
    if (a->kind == EXPR_CALL && !same_call(a, b))
        return false;
    return same_text(a->text, b->text) && expr_same(a->left, b->left) &&
           expr_same(a->right, b->right) && expr_same(a->extra, b->extra) &&
           expr_same(a->filter, b->filter) && same_list(&a->list, &b->list);
}
