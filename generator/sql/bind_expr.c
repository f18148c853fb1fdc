/*
 * bind_expr.c: finds what every name in an expression means, and for an aggregate the query
 * over whose rows it runs. It must not know types.
 */
#include "infer_internal.h"

void bind_exprs(struct infer *infer, struct scope *scope, struct exprs *exprs)
{
    size_t i;

    for (i = 0; i < exprs->count; i++)
        bind_expr(infer, scope, exprs->items[i]);
}

void bind_terms(struct infer *infer, struct scope *scope, struct terms *terms)
{
    size_t i;

    for (i = 0; i < terms->count; i++)
        bind_expr(infer, scope, terms->items[i].expr);
}

void bind_window(struct infer *infer, struct scope *scope, struct window *window)
{
    bind_exprs(infer, scope, &window->partition);
    bind_terms(infer, scope, &window->order);
    bind_expr(infer, scope, window->start_expr);
    bind_expr(infer, scope, window->end_expr);
}

static void bind_arguments(struct infer *infer, struct scope *scope, struct expr *expr)
{
    bind_exprs(infer, scope, &expr->list);
    bind_terms(infer, scope, &expr->order);
    bind_expr(infer, scope, expr->filter);
}

/* True where one of the arguments is a column outside the common table. */
static bool bind_aggregated(struct infer *infer, struct scope *scope, struct expr *expr)
{
    const struct expr *around = infer->aggregate;
    bool before = infer->refers_outside, found;

    infer->aggregate = expr;
    infer->refers_outside = false;
    bind_arguments(infer, scope, expr);
    found = infer->refers_outside;
    infer->aggregate = around;
    infer->refers_outside = before || found;
    return found;
}

/* ORDER BY and GROUP BY see no query around, though a result that they name may. */
static bool is_shut_in(const struct scope *scope, const struct scope *of)
{
    for (; scope != NULL && scope != of; scope = scope->parent)
        if (scope->is_closed)
            return true;
    return false;
}

/*
 * SQLite's rule: an aggregate belongs to the innermost query, from where it stands outward,
 * that its arguments refer to; one that refers to none belongs to where it stands.
 */
static void bind_aggregate(struct infer *infer, struct scope *scope, struct expr *expr)
{
    struct scope *outer = infer->innermost;
    unsigned limit = infer->innermost_limit;

    infer->innermost = NULL;
    infer->innermost_limit = scope->depth;
    if (bind_aggregated(infer, scope, expr) && infer->innermost == NULL)
        expr->aggregate_of = NULL; /* found where the common table is used */
    else
        expr->aggregate_of = infer->innermost != NULL ? infer->innermost : scope;
    if (is_shut_in(scope, expr->aggregate_of))
        expr->aggregate_of = NULL;
    /* One that stands in a subquery of the WHERE, say, makes no aggregate of the query. */
    if (expr->aggregate_of != NULL && expr->aggregate_of->in_results)
        expr->aggregate_of->is_aggregate = true;
    infer->innermost_limit = limit;
    if (infer->innermost == NULL || infer->innermost->depth > limit ||
        (outer != NULL && outer->depth > infer->innermost->depth))
        infer->innermost = outer;
}

static void bind_call(struct infer *infer, struct scope *scope, struct expr *expr)
{
    bool known;

    expr->function = function_find(expr->name, expr->list.count, &known);
    if (known && expr->function == NULL)
        infer_fail(infer, expr->name_range, NULL, "%s() does not take %zu argument%s",
                   expr->name, expr->list.count, expr->list.count == 1 ? "" : "s");
    if (expr->over != NULL) {
        bind_arguments(infer, scope, expr);
        bind_window(infer, scope, expr->over);
    } else if (expr->function != NULL && expr->function->kind == FUNCTION_AGGREGATE) {
        bind_aggregate(infer, scope, expr);
    } else {
        bind_arguments(infer, scope, expr);
    }
}

/* SQLite makes a constant of `x IN ()` and never looks at x. */
static bool is_in_nothing(const struct expr *expr)
{
    return expr->kind == EXPR_IN && expr->is_list && expr->list.count == 0;
}

static void bind_in(struct infer *infer, struct scope *scope, struct expr *expr)
{
    if (!expr->is_list && expr->select == NULL) {
        expr->in_relation =
            bind_table(infer, scope, expr->schema, expr->name, expr->name_range);
    }
}

/* A column that SQLite knows to have a value: NOT NULL, and of no outer join. */
static bool is_never_null(const struct expr *expr)
{
    const struct binding *binding;
    const struct source *source;
    size_t i;

    while (expr->kind == EXPR_UNARY && (expr->op == OP_PLUS || expr->op == OP_NEGATE))
        expr = expr->left;
    binding = expr->kind == EXPR_COLUMN ? expr->binding : NULL;
    if (binding == NULL || binding->kind != BIND_COLUMN || binding->name != NULL)
        return false;
    source = binding->source;
    for (i = 0; i < source->scope->all.count; i++) {
        const struct joined *joined = source->scope->all.items[i];

        if (joined->source == source &&
            (joined->left_of_right ||
             (joined->item != NULL &&
              (joined->item->join == JOIN_LEFT || joined->item->join == JOIN_FULL))))
            return false;
    }
    return source->relation->table != NULL &&
           source->relation->table->kind == CATALOG_TABLE &&
           (binding->column < 0 ||
            source->relation->table->columns[binding->column].not_null);
}

/* Of IS NULL of such a column SQLite makes a constant, which refers to no query. */
static void bind_is_null(struct infer *infer, struct scope *scope, struct expr *expr)
{
    struct scope *innermost = infer->innermost;

    bind_expr(infer, scope, expr->left);
    if (!infer_failed(infer) && is_never_null(expr->left))
        infer->innermost = innermost;
}

void bind_expr(struct infer *infer, struct scope *scope, struct expr *expr)
{
    if (expr == NULL || infer_failed(infer) || is_in_nothing(expr))
        return;
    switch (expr->kind) {
    case EXPR_COLUMN: bind_column(infer, scope, expr); return;
    case EXPR_PARAMETER: expr->parameter = parameter_at(infer, expr->range.start); return;
    case EXPR_CALL: bind_call(infer, scope, expr); return;
    case EXPR_IS_NULL: bind_is_null(infer, scope, expr); return;
    case EXPR_IN: bind_in(infer, scope, expr); break;
    default: break;
    }
    bind_expr(infer, scope, expr->left);
    bind_expr(infer, scope, expr->right);
    bind_expr(infer, scope, expr->extra);
    bind_exprs(infer, scope, &expr->list);
    if (expr->select != NULL)
        bind_select(infer, scope, expr->select, NULL);
}
