/*
 * type_hint.c: what a parameter is, from where it stands. A column's type outweighs what an
 * operator or function wants; two columns that differ are a conflict, kept with both places.
 */
#include "infer_internal.h"

#include <string.h>

/* The parameter that an expression is, but for signs and collations; or NULL. */
static struct parameter *parameter_of(const struct expr *expr)
{
    while (expr->kind == EXPR_COLLATE ||
           (expr->kind == EXPR_UNARY && (expr->op == OP_NEGATE || expr->op == OP_PLUS)))
        expr = expr->left;
    return expr->kind == EXPR_PARAMETER ? expr->parameter : NULL;
}

static void note_conflict(struct parameter *parameter, const struct type *type,
                          struct range place)
{
    if (parameter->conflict.end != 0 || parameter->type.classes == 0)
        return;
    if (strcmp(type_storage(&parameter->type), type_storage(type)) == 0)
        return;
    parameter->conflict = place;
    parameter->other = *type;
}

static void give(struct infer *infer, struct parameter *parameter, struct type type,
                 int strength, struct range place)
{
    if (parameter->strength >= strength) {
        if (strength == 2 && parameter->strength == 2)
            note_conflict(parameter, &type, place);
        return;
    }
    parameter->strength = strength;
    parameter->typed_at = place;
    parameter->type = type;
    parameter->type.nullable = parameter->can_be_null;
    parameter->type.classes &= ~(unsigned)CLASS_OVERFLOW;
    infer->retype = true;
}

void type_hint(struct infer *infer, const struct expr *expr, const struct type *type)
{
    struct parameter *parameter = parameter_of(expr);
    bool column = type->origin != NULL;

    if (parameter == NULL || type->untyped || type->classes == 0)
        return;
    if (column || (type->classes & CLASS_ANY) != CLASS_ANY)
        give(infer, parameter, *type, column ? 2 : 1, expr->range);
}

void type_meet(struct infer *infer, const struct expr *a, const struct expr *b)
{
    size_t i;

    if (a->kind == EXPR_ROW && b->kind == EXPR_ROW) {
        for (i = 0; i < a->list.count && i < b->list.count; i++)
            type_meet(infer, a->list.items[i], b->list.items[i]);
        return;
    }
    if (a->kind == EXPR_ROW && b->kind == EXPR_SELECT)
        type_meet_select(infer, a, b->select);
    if (b->kind == EXPR_ROW && a->kind == EXPR_SELECT)
        type_meet_select(infer, b, a->select);
    type_hint(infer, a, b->type);
    type_hint(infer, b, a->type);
}

static void meet_part(struct infer *infer, const struct expr *left, size_t index,
                      const struct expr *right)
{
    if (left->kind != EXPR_ROW && index == 0)
        type_meet(infer, left, right);
    else if (left->kind == EXPR_ROW && index < left->list.count)
        type_meet(infer, left->list.items[index], right);
}

void type_meet_select(struct infer *infer, const struct expr *left,
                      const struct select *select)
{
    size_t i, k, n;

    for (i = 0; i < select->core_count; i++) {
        const struct core *core = select->cores[i];

        for (k = 0; k < core->results.count && core->results.items[k].expr != NULL; k++)
            meet_part(infer, left, k, core->results.items[k].expr);
        for (k = 0; k < core->values.count; k++)
            for (n = 0; n < core->values.items[k].count; n++)
                meet_part(infer, left, n, core->values.items[k].items[n]);
    }
}

void type_want(struct infer *infer, const struct expr *expr, unsigned classes)
{
    struct parameter *parameter = parameter_of(expr);
    struct type type = {.classes = classes, .reason = {"", expr->range}};

    if (parameter != NULL && classes != 0)
        give(infer, parameter, type, 1, expr->range);
}
