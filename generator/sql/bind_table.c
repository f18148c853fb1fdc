/*
 * bind_table.c: what a table's own expressions say of its columns: a generated column is
 * what its expression is, and a CHECK that is false of NULL rules NULL out. CHECKs pass on
 * NULL, so `CHECK (x > 0)` says nothing; `CHECK (typeof(x) = 'integer')` does. It must not
 * know queries.
 */
#include "infer_internal.h"
#include "table_shape.h"

#include <string.h>

/* ---- what a condition can be where one column is NULL ---------------------------------- */

enum truth {
    IS_TRUE = 1,
    IS_FALSE = 2,
    IS_NULL = 4,
    IS_ANY = 7
};

struct check {
    const struct relation *relation;
    int column; /* that is NULL */
};

static unsigned truths(const struct check *check, const struct expr *expr);

static unsigned swapped(unsigned a)
{
    return ((a & IS_TRUE) != 0 ? (unsigned)IS_FALSE : 0) |
           ((a & IS_FALSE) != 0 ? (unsigned)IS_TRUE : 0) | (a & IS_NULL);
}

static unsigned both(unsigned a, unsigned b)
{
    unsigned result = (a | b) & IS_FALSE;

    if ((a & b & IS_TRUE) != 0)
        result |= IS_TRUE;
    if (((a & IS_NULL) != 0 && (b & (IS_TRUE | IS_NULL)) != 0) ||
        ((b & IS_NULL) != 0 && (a & (IS_TRUE | IS_NULL)) != 0))
        result |= IS_NULL;
    return result;
}

/* NULL for sure. */
static bool is_null(const struct check *check, const struct expr *expr)
{
    return truths(check, expr) == IS_NULL;
}

/* typeof(x), of which x is NULL. */
static bool is_type_of_null(const struct check *check, const struct expr *expr)
{
    return expr->kind == EXPR_CALL && expr->function != NULL &&
           name_same(expr->name, "typeof") && is_null(check, expr->list.items[0]);
}

static bool is_other_type(const struct expr *expr)
{
    return expr->kind == EXPR_STRING && strcmp(expr->text, "null") != 0;
}

static unsigned of_comparison(const struct check *check, const struct expr *expr)
{
    bool equal = expr->op == OP_EQUAL || expr->op == OP_IS;

    if ((equal || expr->op == OP_UNEQUAL || expr->op == OP_IS_NOT) &&
        ((is_type_of_null(check, expr->left) && is_other_type(expr->right)) ||
         (is_type_of_null(check, expr->right) && is_other_type(expr->left))))
        return equal ? IS_FALSE : IS_TRUE;
    if (expr->op == OP_IS || expr->op == OP_IS_NOT)
        return IS_TRUE | IS_FALSE;
    return is_null(check, expr->left) || is_null(check, expr->right) ? IS_NULL : IS_ANY;
}

static unsigned of_binary(const struct check *check, const struct expr *expr)
{
    unsigned left, right;

    if (expr->op != OP_AND && expr->op != OP_OR)
        return of_comparison(check, expr);
    left = truths(check, expr->left);
    right = truths(check, expr->right);
    return expr->op == OP_AND ? both(left, right)
                              : swapped(both(swapped(left), swapped(right)));
}

static unsigned of_in(const struct check *check, const struct expr *expr)
{
    size_t i;

    if (!expr->is_list || expr->list.count == 0)
        return IS_ANY;
    if (is_null(check, expr->left))
        return IS_NULL;
    if (!is_type_of_null(check, expr->left))
        return IS_ANY;
    for (i = 0; i < expr->list.count; i++)
        if (!is_other_type(expr->list.items[i]))
            return IS_ANY;
    return expr->negated ? IS_TRUE : IS_FALSE;
}

/* Functions that are NULL where an argument is; json_valid() is 0 in some versions. */
static unsigned of_call(const struct check *check, const struct expr *expr)
{
    size_t i;

    if (expr->function == NULL || expr->function->kind != FUNCTION_SCALAR ||
        expr->function->null != NULL_ANY || name_same(expr->name, "json_valid") ||
        name_same(expr->name, "like") || name_same(expr->name, "glob") ||
        expr->function->result == RESULT_REPLACE)
        return IS_ANY;
    for (i = 0; i < expr->list.count; i++)
        if (is_null(check, expr->list.items[i]))
            return IS_NULL;
    return IS_ANY;
}

static unsigned of_null_test(const struct check *check, const struct expr *expr)
{
    if (!is_null(check, expr->left))
        return IS_TRUE | IS_FALSE;
    return expr->negated ? IS_FALSE : IS_TRUE;
}

static unsigned of_column(const struct check *check, const struct expr *expr)
{
    const struct binding *binding = expr->binding;

    return binding != NULL && binding->kind == BIND_COLUMN &&
                   binding->source->relation == check->relation &&
                   binding->column == check->column
               ? IS_NULL
               : IS_ANY;
}

static unsigned truths(const struct check *check, const struct expr *expr)
{
    switch (expr->kind) {
    case EXPR_NULL: return IS_NULL;
    case EXPR_COLUMN: return of_column(check, expr);
    case EXPR_IS_NULL: return of_null_test(check, expr);
    case EXPR_UNARY:
        return expr->op == OP_NOT           ? swapped(truths(check, expr->left))
               : is_null(check, expr->left) ? IS_NULL
                                            : IS_ANY;
    case EXPR_COLLATE:
    case EXPR_CAST: return is_null(check, expr->left) ? IS_NULL : IS_ANY;
    case EXPR_BINARY: return of_binary(check, expr);
    case EXPR_BETWEEN: return is_null(check, expr->left) ? IS_NULL : IS_ANY;
    case EXPR_IN: return of_in(check, expr);
    case EXPR_CALL: return of_call(check, expr);
    default: return IS_ANY;
    }
}

/* ---- the table's expressions ------------------------------------------------------------ */

/* In a resolver of its own, over the table's columns as they are known so far; NULL: unknown. */
static struct expr *resolve(const struct infer *around, struct relation *relation,
                            const char *text)
{
    struct infer infer = {
        .arena = around->catalog->arena, .catalog = around->catalog, .text = text};
    struct scope *scope = scope_new(&infer, NULL, NULL);
    struct parser parser;
    struct expr *expr;

    joins_show(&infer, scope, scope_add(&infer, scope, relation->table->name, relation));
    parser_init(&parser, infer.arena, text, strlen(text), 0);
    expr = parser_expression(&parser);
    if (parser_failed(&parser) || !parser_at(&parser, TOKEN_END))
        return NULL;
    bind_expr(&infer, scope, expr);
    if (infer_failed(&infer))
        return NULL;
    type_expr(&infer, scope, expr);
    return expr;
}

/* True where something is known that was not. */
static bool take_generated(struct output *output, const struct type *type)
{
    bool changed = false;

    if (output->type.nullable && !type->nullable) {
        output->type.nullable = false;
        output->type.reason = (struct reason){"generated of what cannot be NULL", {0, 0}};
        changed = true;
    }
    /* Without a declared type nothing is converted; small reals can show as integers. */
    if (output->type.origin->declared[0] == '\0' && output->type.classes == CLASS_ANY &&
        type->classes != 0 && !type->untyped && type->classes != CLASS_ANY) {
        output->type.classes = type->classes;
        if ((type->classes & CLASS_REAL) != 0)
            output->type.classes |= CLASS_INTEGER;
        changed = true;
    }
    return changed;
}

/* One column may be generated of another, so that there are not more rounds than columns. */
static void type_generated(const struct infer *infer, const struct table_shape *shape,
                           struct relation *relation)
{
    bool changed = true;
    size_t i;

    while (changed) {
        changed = false;
        for (i = 0; i < relation->count && i < shape->def->columns.count; i++) {
            const struct sql_piece *piece = &shape->def->columns.items[i].generated;
            const struct expr *expr =
                piece->text == NULL ? NULL : resolve(infer, relation, piece->text);

            if (expr != NULL && take_generated(&relation->columns[i], expr->type))
                changed = true;
        }
    }
}

static void apply_check(struct relation *relation, const struct expr *expr)
{
    size_t i;

    for (i = 0; i < relation->count; i++) {
        struct check check = {relation, (int)i};
        struct type *type = &relation->columns[i].type;

        if (!type->nullable || truths(&check, expr) != IS_FALSE)
            continue;
        type->nullable = false;
        type->reason = (struct reason){"a CHECK excludes NULL", {0, 0}};
    }
}

void bind_table_expressions(struct infer *infer, struct relation *relation)
{
    const struct table_shape *shape = shape_of(infer->catalog, relation->table);
    size_t i;

    if (shape == NULL || shape->def == NULL)
        return;
    for (i = 0; i < shape->def->checks.count; i++) {
        const struct expr *expr =
            resolve(infer, relation, shape->def->checks.items[i].sql.text);

        if (expr != NULL)
            apply_check(relation, expr);
    }
    type_generated(infer, shape, relation);
}
