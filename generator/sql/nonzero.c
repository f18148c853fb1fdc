/*
 * nonzero.c: which numbers cannot be zero, so that dividing by them is not NULL: counts of
 * groups, what a condition compares with zero, coalesce(nullif(x, 0), 1). A value of which
 * that is said may still be NULL. It must not know where conditions stand.
 */
#include "infer_internal.h"

#include <stdlib.h>

/* ---- literals and signs -------------------------------------------------------------- */

static bool literal_value(const struct expr *expr, double *value)
{
    double sign = 1;

    while (expr->kind == EXPR_UNARY && (expr->op == OP_NEGATE || expr->op == OP_PLUS)) {
        sign = expr->op == OP_NEGATE ? -sign : sign;
        expr = expr->left;
    }
    if (expr->kind != EXPR_INTEGER && expr->kind != EXPR_REAL)
        return false;
    *value = sign * strtod(expr->text, NULL);
    return true;
}

/* Without what leaves zero zero and all else not. */
static const struct expr *bare(const struct expr *expr)
{
    for (;;) {
        if (expr->kind == EXPR_COLLATE ||
            (expr->kind == EXPR_UNARY && (expr->op == OP_NEGATE || expr->op == OP_PLUS)))
            expr = expr->left;
        else if (expr->kind == EXPR_COLUMN && expr->binding != NULL &&
                 expr->binding->kind == BIND_ALIAS)
            expr = expr->binding->alias;
        else
            return expr;
    }
}

/* Texts compare greater than all numbers, and are 0 as divisors. */
static bool is_number(const struct expr *expr)
{
    return expr->type != NULL && (expr->type->classes & (CLASS_TEXT | CLASS_BLOB)) == 0;
}

/* ---- conditions ---------------------------------------------------------------------- */

static enum operator mirrored(enum operator op)
{
    switch (op) {
    case OP_LESS: return OP_GREATER;
    case OP_LESS_EQUAL: return OP_GREATER_EQUAL;
    case OP_GREATER: return OP_LESS;
    case OP_GREATER_EQUAL: return OP_LESS_EQUAL;
    default: return op;
    }
}

static enum operator opposite(enum operator op)
{
    switch (op) {
    case OP_LESS: return OP_GREATER_EQUAL;
    case OP_LESS_EQUAL: return OP_GREATER;
    case OP_GREATER: return OP_LESS_EQUAL;
    case OP_GREATER_EQUAL: return OP_LESS;
    case OP_EQUAL: return OP_UNEQUAL;
    case OP_UNEQUAL: return OP_EQUAL;
    case OP_IS: return OP_IS_NOT;
    case OP_IS_NOT: return OP_IS;
    default: return OP_NONE;
    }
}

/* Whether `x op value` rules out that x is 0. */
static bool excludes_zero(enum operator op, double value)
{
    bool zero = value >= 0 && value <= 0;

    switch (op) {
    case OP_UNEQUAL:
    case OP_IS_NOT: return zero;
    case OP_EQUAL:
    case OP_IS: return !zero;
    case OP_GREATER: return value >= 0;
    case OP_GREATER_EQUAL: return value > 0;
    case OP_LESS: return value <= 0;
    case OP_LESS_EQUAL: return value < 0;
    default: return false;
    }
}

static void add(struct infer *infer, struct facts *facts, const struct expr *expr)
{
    expr = bare(expr);
    if (is_number(expr))
        *VEC_ADD(infer->arena, facts) =
            (struct fact){.expr = expr, .nonzero = true, .because = expr->range};
}

static void of_comparison(struct infer *infer, const struct expr *expr, bool truth,
                          struct facts *facts)
{
    enum operator op = truth ? expr->op : opposite(expr->op);
    double value;

    if (literal_value(expr->right, &value) && excludes_zero(op, value))
        add(infer, facts, expr->left);
    else if (literal_value(expr->left, &value) && excludes_zero(mirrored(op), value))
        add(infer, facts, expr->right);
}

static void of_between(struct infer *infer, const struct expr *expr, struct facts *facts)
{
    double low, high;

    if ((literal_value(expr->right, &low) && low > 0) ||
        (literal_value(expr->extra, &high) && high < 0))
        add(infer, facts, expr->left);
}

void nonzero_of(struct infer *infer, const struct expr *expr, bool truth,
                struct facts *facts)
{
    switch (expr->kind) {
    case EXPR_BINARY:
        if (opposite(expr->op) != OP_NONE)
            of_comparison(infer, expr, truth, facts);
        break;
    case EXPR_BETWEEN:
        if (truth != expr->negated)
            of_between(infer, expr, facts);
        break;
    case EXPR_COLUMN:
    case EXPR_CALL:
        if (truth)
            add(infer, facts, expr);
        break;
    default: break;
    }
}

/* ---- values -------------------------------------------------------------------------- */

static bool any_positive(const struct exprs *list)
{
    size_t i;
    double value;

    for (i = 0; i < list->count; i++)
        if (literal_value(list->items[i], &value) && value > 0)
            return true;
    return false;
}

/* count(*) of a group that has rows, or of a frame that has its own row. */
static bool count_is_nonzero(const struct scope *scope, const struct expr *expr)
{
    const struct scope *of = expr->aggregate_of;

    if (expr->filter != NULL ||
        (expr->list.count > 0 && expr->list.items[0]->type->nullable))
        return false;
    if (expr->over != NULL)
        return window_has_current_row(scope, expr->over);
    return of != NULL && (of->has_group || (of->has_row && of->grouped_now));
}

static bool is_ranking(const char *name)
{
    return name_same(name, "row_number") || name_same(name, "rank") ||
           name_same(name, "dense_rank") || name_same(name, "ntile");
}

static bool call_is_nonzero(const struct scope *scope, const struct expr *expr)
{
    const struct exprs *list = &expr->list;
    double value;

    if (expr->function == NULL)
        return false;
    if (name_same(expr->name, "count"))
        return count_is_nonzero(scope, expr);
    if (name_same(expr->name, "abs"))
        return list->items[0]->type->nonzero;
    if (name_same(expr->name, "max") && list->count > 1 && any_positive(list))
        return true;
    if (name_same(expr->name, "nullif") && literal_value(list->items[1], &value) &&
        value >= 0 && value <= 0)
        return true;
    return expr->type->nonzero || is_ranking(expr->name);
}

/* Real factors may be so small that their product is 0. */
static bool is_large(const struct expr *expr)
{
    double value;

    if (literal_value(expr, &value))
        return value >= 1 || value <= -1;
    return expr->type->nonzero && (expr->type->classes & CLASS_REAL) == 0;
}

static bool value_is_nonzero(const struct scope *scope, const struct expr *expr)
{
    double value;

    if (literal_value(expr, &value))
        return value > 0 || value < 0;
    switch (expr->kind) {
    case EXPR_CALL: return call_is_nonzero(scope, expr);
    case EXPR_UNARY:
        return (expr->op == OP_NEGATE || expr->op == OP_PLUS) &&
               expr->left->type->nonzero;
    case EXPR_BINARY:
        return expr->op == OP_MULTIPLY && is_large(expr->left) && is_large(expr->right);
    case EXPR_CAST:
        return expr->left->type->nonzero && is_number(expr->left) &&
               (expr->type->classes == CLASS_REAL ||
                (expr->left->type->classes & CLASS_REAL) == 0);
    case EXPR_NULL: return true;
    default: return expr->type->nonzero;
    }
}

bool nonzero_is(const struct scope *scope, const struct expr *expr)
{
    return is_number(expr) &&
           (value_is_nonzero(scope, expr) || facts_nonzero(scope, bare(expr)));
}

bool nonzero_divisor(const struct expr *expr, bool whole)
{
    double value;

    if (whole && literal_value(expr, &value))
        return (value >= 1 && value < 9e18) || (value <= -1 && value > -9e18);
    return expr->type->nonzero && !(whole && (expr->type->classes & CLASS_REAL) != 0);
}

bool nonzero_has_row(const struct scope *scope)
{
    size_t i;

    for (i = scope->group_facts; i < scope->facts.count; i++) {
        const struct fact *fact = &scope->facts.items[i];

        if (fact->nonzero && fact->expr->kind == EXPR_CALL &&
            fact->expr->aggregate_of == scope && fact->expr->over == NULL &&
            fact->expr->function != NULL && name_same(fact->expr->name, "count"))
            return true;
    }
    return false;
}
