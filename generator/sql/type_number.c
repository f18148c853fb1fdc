/*
 * type_number.c: the types of + - * / %: what numbers operands become, division by zero, and
 * infinity, which less infinity or times zero is NULL. What is stored, and what is bound to
 * parameters, is taken to be finite, and sums and products of it too.
 */
#include "infer_internal.h"

unsigned type_number(unsigned classes)
{
    unsigned number = classes & (CLASS_NUMBER | CLASS_OVERFLOW);

    if ((classes & (CLASS_TEXT | CLASS_BLOB)) != 0)
        number |= CLASS_NUMBER;
    return number;
}

static unsigned arithmetic_classes(enum operator op, unsigned a, unsigned b)
{
    unsigned classes = 0;

    a = type_number(a);
    b = type_number(b);
    if (a == 0 || b == 0)
        return 0;
    if ((a & b & CLASS_INTEGER) != 0)
        classes |= op == OP_REMAINDER ? CLASS_INTEGER : CLASS_INTEGER | CLASS_OVERFLOW;
    classes |= (a | b) & (CLASS_REAL | CLASS_OVERFLOW);
    return classes;
}

/* Infinity less infinity, divided by it, or times zero. */
static bool is_undefined(const struct expr *expr)
{
    const struct expr *left = expr->left, *right = expr->right;
    bool a = left->type->infinite, b = right->type->infinite;

    if (expr->op == OP_REMAINDER)
        return false; /* it is of integers */
    if (expr->op != OP_MULTIPLY)
        return a && b;
    return (a && !nonzero_divisor(right, false)) || (b && !nonzero_divisor(left, false));
}

struct type type_arithmetic(struct infer *infer, struct expr *expr)
{
    const struct expr *left = expr->left, *right = expr->right;
    struct type type;

    type_meet(infer, left, right);
    type_want(infer, left, CLASS_NUMBER);
    type_want(infer, right, CLASS_NUMBER);
    type = type_strict(
        arithmetic_classes(expr->op, left->type->classes, right->type->classes),
        expr->range, left, right);
    type.infinite = type.infinite && expr->op != OP_REMAINDER;
    if (type.nullable)
        return type;
    if ((expr->op == OP_DIVIDE || expr->op == OP_REMAINDER) &&
        !nonzero_divisor(right, expr->op == OP_REMAINDER)) {
        type.nullable = true;
        type.reason = (struct reason){"division by zero gives NULL", expr->range};
    } else if (is_undefined(expr)) {
        type.nullable = true;
        type.reason = (struct reason){"infinity less infinity, or times zero, gives NULL",
                                      expr->range};
    }
    return type;
}
