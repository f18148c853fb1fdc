/*
 * facts.c: what cannot be NULL because a condition is true: the rules of SQL's three-valued
 * logic, read backwards. It must not know where conditions stand.
 */
#include "infer_internal.h"

#include <string.h>

/* ---- sets ---------------------------------------------------------------------------- */

static bool same_fact(const struct fact *a, const struct fact *b)
{
    if (a->nonzero != b->nonzero)
        return false;
    if (a->expr != NULL || b->expr != NULL)
        return a->expr != NULL && b->expr != NULL && expr_same(a->expr, b->expr);
    return a->source == b->source && a->column == b->column &&
           a->parameter == b->parameter;
}

static const struct fact *find(const struct facts *facts, const struct fact *wanted,
                               size_t i)
{
    for (; i < facts->count; i++)
        if (same_fact(&facts->items[i], wanted))
            return &facts->items[i];
    return NULL;
}

static void add(struct infer *infer, struct facts *facts, struct fact fact)
{
    *VEC_ADD(infer->arena, facts) = fact;
}

void facts_add(struct infer *infer, struct facts *facts, const struct facts *more)
{
    size_t i;

    for (i = 0; i < more->count; i++)
        add(infer, facts, more->items[i]);
}

void facts_add_column(struct infer *infer, struct facts *facts, const void *source,
                      int column, struct range because)
{
    add(infer, facts,
        (struct fact){.source = source, .column = column, .because = because});
}

typedef void rule(struct infer *infer, const struct expr *expr, struct facts *facts);

/* What follows from either of two. */
static void add_common(struct infer *infer, rule *rule_a, const struct expr *a,
                       rule *rule_b, const struct expr *b, struct facts *facts)
{
    struct facts of_a = {0}, of_b = {0};
    size_t i;

    rule_a(infer, a, &of_a);
    if (of_a.count == 0)
        return;
    rule_b(infer, b, &of_b);
    for (i = 0; i < of_a.count; i++)
        if (find(&of_b, &of_a.items[i], 0) != NULL)
            add(infer, facts, of_a.items[i]);
}

/* ---- what is not NULL where a value is not ------------------------------------------- */

/* A comparison with a hidden column may tell a virtual table what to do, as `rank` does. */
static bool is_hidden(const struct expr *expr)
{
    const struct binding *binding = expr == NULL ? NULL : expr->binding;

    return binding != NULL && binding->kind == BIND_COLUMN && binding->column >= 0 &&
           binding->source->relation->columns[binding->column].hidden;
}

static bool is_directive(const struct expr *expr)
{
    return is_hidden(expr) || is_hidden(expr->left) || is_hidden(expr->right);
}

static void of_binding(struct infer *infer, const struct expr *expr, struct facts *facts)
{
    const struct binding *binding = expr->binding;

    if (binding == NULL)
        return;
    if (binding->kind == BIND_ALIAS)
        facts_of_value(infer, binding->alias, facts);
    else if (binding->kind == BIND_MERGED)
        facts_add_column(infer, facts, binding->merged, 0, expr->range);
    else if (binding->kind == BIND_COLUMN)
        facts_add_column(infer, facts, binding->source, binding->column, expr->range);
}

static bool is_row(const struct expr *expr)
{
    return expr != NULL &&
           (expr->kind == EXPR_ROW ||
            (expr->kind == EXPR_SELECT && expr->select->relation->count > 1));
}

static void of_list(struct infer *infer, const struct exprs *list, struct facts *facts)
{
    size_t i;

    for (i = 0; i < list->count; i++)
        facts_of_value(infer, list->items[i], facts);
}

/* A list that is only :ids... can be empty, and IN an empty list is never NULL. */
static bool has_fixed_item(const struct exprs *list)
{
    size_t i;

    for (i = 0; i < list->count; i++)
        if (list->items[i]->parameter == NULL || !list->items[i]->parameter->is_list)
            return true;
    return false;
}

/* NULL_ALWAYS functions that are NULL where the first argument is, besides other cases. */
static bool is_strict_first(const char *name)
{
    static const char *const names[] = {
        "json_extract", "sqrt",  "ln",  "log",   "log2", "log10",   "acos",  "asin",
        "atanh",        "acosh", "pow", "power", "mod",  "unicode", "unhex",
    };
    size_t i;

    for (i = 0; i < sizeof names / sizeof *names; i++)
        if (name_same(names[i], name))
            return true;
    return false;
}

static bool can_be_blob(const struct expr *expr)
{
    return expr->type == NULL || (expr->type->classes & CLASS_BLOB) != 0;
}

/*
 * A LIKE or GLOB that has a value: SQLite can be built to answer 0 as soon as one side is a
 * blob, without a look at the other one. So a side is known only where the other is no blob.
 */
static void of_like(struct infer *infer, const struct expr *a, const struct expr *b,
                    struct facts *facts)
{
    if (!can_be_blob(b))
        facts_of_value(infer, a, facts);
    if (!can_be_blob(a))
        facts_of_value(infer, b, facts);
}

/* NULL_ANY; but replace() with an empty pattern never looks at the third argument. */
static void of_strict(struct infer *infer, const struct expr *expr, struct facts *facts)
{
    const struct exprs *list = &expr->list;
    size_t i;

    if (name_same(expr->name, "like") || name_same(expr->name, "glob")) {
        of_like(infer, list->items[0], list->items[1], facts);
        return;
    }
    for (i = 0; i < list->count; i++)
        if (i < 2 || expr->function->result != RESULT_REPLACE)
            facts_of_value(infer, list->items[i], facts);
}

static void of_call(struct infer *infer, const struct expr *expr, struct facts *facts)
{
    add(infer, facts, (struct fact){.expr = expr, .because = expr->range});
    if (expr->function == NULL || expr->over != NULL || expr->list.count == 0 ||
        expr->function->kind != FUNCTION_SCALAR || name_same(expr->name, "json_valid"))
        return; /* json_valid(NULL) is 0 in SQLite 3.40, and NULL in later ones */
    switch (expr->function->null) {
    case NULL_ANY: of_strict(infer, expr, facts); break;
    case NULL_NUMBER:
    case NULL_WAVE:
    case NULL_SUBSTR:
    case NULL_DATE: of_list(infer, &expr->list, facts); break;
    case NULL_FIRST:
    case NULL_JSON_PART:
    case NULL_NULLIF: facts_of_value(infer, expr->list.items[0], facts); break;
    case NULL_ALWAYS:
        if (is_strict_first(expr->name))
            facts_of_value(infer, expr->list.items[0], facts);
        break;
    default: break;
    }
}

static bool has_own_null(enum operator op)
{
    return op == OP_DIVIDE || op == OP_REMAINDER || op == OP_ARROW || op == OP_LONG_ARROW;
}

static void of_binary(struct infer *infer, const struct expr *expr, struct facts *facts)
{
    if (has_own_null(expr->op))
        add(infer, facts, (struct fact){.expr = expr, .because = expr->range});
    switch (expr->op) {
    case OP_IS:
    case OP_IS_NOT: return;
    case OP_AND:
    case OP_OR:
        add_common(infer, facts_of_value, expr->left, facts_of_value, expr->right, facts);
        return;
    default: break;
    }
    if (is_row(expr->left) || is_row(expr->right))
        return;
    facts_of_value(infer, expr->left, facts);
    facts_of_value(infer, expr->right, facts);
}

/* A row of the subquery exists: what its WHERE says of tables around it holds. */
static void of_select(struct infer *infer, const struct select *select,
                      struct facts *facts)
{
    const struct scope *scope = select->cores[0]->scope;
    size_t i;

    if (select->core_count != 1 || scope == NULL ||
        (scope->is_aggregate && !scope->has_group))
        return;
    for (i = 0; i < scope->facts.count; i++) {
        const struct fact *fact = &scope->facts.items[i];
        bool inner = false;
        size_t k;

        for (k = 0; k < scope->sources.count; k++)
            inner = inner || fact->source == scope->sources.items[k];
        for (k = 0; k < scope->merged.count; k++)
            inner = inner || fact->source == scope->merged.items[k];
        if (!inner && fact->expr == NULL)
            add(infer, facts, *fact);
    }
}

void facts_of_value(struct infer *infer, const struct expr *expr, struct facts *facts)
{
    if (infer->ignores_facts || is_directive(expr))
        return;
    switch (expr->kind) {
    case EXPR_COLUMN: of_binding(infer, expr, facts); break;
    case EXPR_PARAMETER:
        add(infer, facts,
            (struct fact){.parameter = expr->parameter, .because = expr->range});
        break;
    case EXPR_UNARY:
    case EXPR_COLLATE:
    case EXPR_CAST: facts_of_value(infer, expr->left, facts); break;
    case EXPR_BINARY: of_binary(infer, expr, facts); break;
    case EXPR_LIKE:
        if (expr->keyword == KEYWORD_LIKE || expr->keyword == KEYWORD_GLOB)
            of_like(infer, expr->left, expr->right, facts);
        break;
    case EXPR_BETWEEN:
        if (!is_row(expr->left))
            facts_of_value(infer, expr->left, facts);
        break;
    case EXPR_IN:
        if (expr->is_list && has_fixed_item(&expr->list) && !is_row(expr->left))
            facts_of_value(infer, expr->left, facts);
        break;
    case EXPR_CALL: of_call(infer, expr, facts); break;
    case EXPR_CASE:
        add(infer, facts, (struct fact){.expr = expr, .because = expr->range});
        break;
    case EXPR_SELECT:
        add(infer, facts, (struct fact){.expr = expr, .because = expr->range});
        of_select(infer, expr->select, facts);
        break;
    default: break;
    }
}

/* ---- what is not NULL where a condition is true, or false ---------------------------- */

static bool is_truth(const struct expr *expr, const char *word)
{
    return expr->kind == EXPR_COLUMN && expr->binding != NULL &&
           expr->binding->kind == BIND_TRUTH && name_same(expr->name, word);
}

/* a IS b, where one of the two can't be NULL. */
static void of_same(struct infer *infer, const struct expr *expr, struct facts *facts)
{
    if (is_row(expr->left) || is_row(expr->right))
        return;
    if (is_truth(expr->right, "true")) {
        facts_of_true(infer, expr->left, facts);
        return;
    }
    if (is_truth(expr->right, "false")) {
        facts_of_false(infer, expr->left, facts);
        return;
    }
    if (expr->right->type != NULL && !expr->right->type->nullable)
        facts_of_value(infer, expr->left, facts);
    if (expr->left->type != NULL && !expr->left->type->nullable)
        facts_of_value(infer, expr->right, facts);
}

static void of_row(struct infer *infer, const struct expr *expr, struct facts *facts)
{
    if (expr->kind == EXPR_ROW)
        of_list(infer, &expr->list, facts);
    else if (!is_row(expr))
        facts_of_value(infer, expr, facts);
}

static void true_binary(struct infer *infer, const struct expr *expr, struct facts *facts)
{
    switch (expr->op) {
    case OP_AND:
        facts_of_true(infer, expr->left, facts);
        facts_of_true(infer, expr->right, facts);
        break;
    case OP_OR:
        add_common(infer, facts_of_true, expr->left, facts_of_true, expr->right, facts);
        break;
    case OP_IS: of_same(infer, expr, facts); break;
    case OP_EQUAL:
        of_row(infer, expr->left, facts);
        of_row(infer, expr->right, facts);
        break;
    default: facts_of_value(infer, expr, facts); break;
    }
}

static void true_in(struct infer *infer, const struct expr *expr, struct facts *facts)
{
    if (expr->is_list && expr->list.count == 0)
        return;
    if (expr->negated) {
        facts_of_value(infer, expr, facts);
        return;
    }
    of_row(infer, expr->left, facts);
    if (expr->select != NULL)
        of_select(infer, expr->select, facts);
}

static void true_between(struct infer *infer, const struct expr *expr,
                         struct facts *facts)
{
    facts_of_value(infer, expr, facts);
    if (expr->negated || is_row(expr->left))
        return;
    facts_of_value(infer, expr->right, facts);
    facts_of_value(infer, expr->extra, facts);
}

/* What matched is a text on both sides. */
static void of_match(struct infer *infer, const struct expr *expr, struct facts *facts)
{
    if (expr->keyword != KEYWORD_LIKE && expr->keyword != KEYWORD_GLOB)
        return;
    facts_of_value(infer, expr->left, facts);
    facts_of_value(infer, expr->right, facts);
    if (expr->extra != NULL)
        facts_of_value(infer, expr->extra, facts);
}

void facts_of_true(struct infer *infer, const struct expr *expr, struct facts *facts)
{
    if (infer->ignores_facts || is_directive(expr))
        return;
    nonzero_of(infer, expr, true, facts);
    switch (expr->kind) {
    case EXPR_LIKE:
        if (expr->negated)
            facts_of_value(infer, expr, facts);
        else
            of_match(infer, expr, facts);
        break;
    case EXPR_BINARY: true_binary(infer, expr, facts); break;
    case EXPR_UNARY:
        if (expr->op == OP_NOT)
            facts_of_false(infer, expr->left, facts);
        else
            facts_of_value(infer, expr->left, facts);
        break;
    case EXPR_IS_NULL:
        if (expr->negated && !is_row(expr->left))
            facts_of_value(infer, expr->left, facts);
        break;
    case EXPR_IN: true_in(infer, expr, facts); break;
    case EXPR_BETWEEN: true_between(infer, expr, facts); break;
    case EXPR_EXISTS: of_select(infer, expr->select, facts); break;
    case EXPR_COLUMN:
        if (expr->binding != NULL && expr->binding->kind == BIND_ALIAS)
            facts_of_true(infer, expr->binding->alias, facts);
        else
            facts_of_value(infer, expr, facts);
        break;
    default: facts_of_value(infer, expr, facts); break;
    }
}

static void false_binary(struct infer *infer, const struct expr *expr,
                         struct facts *facts)
{
    switch (expr->op) {
    case OP_AND:
        add_common(infer, facts_of_false, expr->left, facts_of_false, expr->right, facts);
        break;
    case OP_OR:
        facts_of_false(infer, expr->left, facts);
        facts_of_false(infer, expr->right, facts);
        break;
    case OP_IS_NOT: of_same(infer, expr, facts); break;
    default: facts_of_value(infer, expr, facts); break;
    }
}

void facts_of_false(struct infer *infer, const struct expr *expr, struct facts *facts)
{
    if (infer->ignores_facts || is_directive(expr))
        return;
    nonzero_of(infer, expr, false, facts);
    switch (expr->kind) {
    case EXPR_LIKE:
        if (expr->negated)
            of_match(infer, expr, facts);
        else
            facts_of_value(infer, expr, facts);
        break;
    case EXPR_BINARY: false_binary(infer, expr, facts); break;
    case EXPR_UNARY:
        if (expr->op == OP_NOT)
            facts_of_true(infer, expr->left, facts);
        else
            facts_of_value(infer, expr->left, facts);
        break;
    case EXPR_IS_NULL:
        if (!expr->negated && !is_row(expr->left))
            facts_of_value(infer, expr->left, facts);
        break;
    case EXPR_COLUMN:
        if (expr->binding != NULL && expr->binding->kind == BIND_ALIAS)
            facts_of_false(infer, expr->binding->alias, facts);
        else
            facts_of_value(infer, expr, facts);
        break;
    default: facts_of_value(infer, expr, facts); break;
    }
}

void facts_of_untrue(struct infer *infer, const struct expr *expr, struct facts *facts)
{
    if (expr->kind == EXPR_BINARY && expr->op == OP_OR) {
        facts_of_untrue(infer, expr->left, facts);
        facts_of_untrue(infer, expr->right, facts);
    } else if (!expr->type->nullable) {
        facts_of_false(infer, expr, facts);
    }
}

/* ---- looking up ---------------------------------------------------------------------- */

bool scope_is_rowless(const struct scope *scope)
{
    return scope->is_aggregate && !scope->has_group && scope->grouped_now &&
           scope->in_aggregate == 0 && !scope->has_row;
}

/* Of the row that an aggregate yields from no rows, only HAVING says anything. */
static size_t first_valid(const struct scope *scope)
{
    return scope_is_rowless(scope) ? scope->group_facts : 0;
}

static const struct fact *look_up(const struct scope *scope, const struct fact *wanted)
{
    const struct fact *fact = NULL;

    for (; scope != NULL && fact == NULL; scope = scope->parent)
        fact = find(&scope->facts, wanted, first_valid(scope));
    return fact;
}

const struct fact *facts_column(const struct scope *scope, const void *source, int column)
{
    struct fact wanted = {.source = source, .column = column};

    return look_up(scope, &wanted);
}

const struct fact *facts_parameter(const struct scope *scope,
                                   const struct parameter *parameter)
{
    struct fact wanted = {.parameter = parameter};

    return look_up(scope, &wanted);
}

const struct fact *facts_expr(const struct scope *scope, const struct expr *expr)
{
    struct fact wanted = {.expr = expr};

    return look_up(scope, &wanted);
}

bool facts_nonzero(const struct scope *scope, const struct expr *expr)
{
    struct fact wanted = {.expr = expr, .nonzero = true};

    return look_up(scope, &wanted) != NULL;
}

const struct fact *facts_real(const struct scope *scope, const struct source *source)
{
    size_t i;

    for (; scope != NULL; scope = scope->parent)
        for (i = first_valid(scope); i < scope->facts.count; i++)
            if (scope->facts.items[i].source == source)
                return &scope->facts.items[i];
    return NULL;
}

/* Every round makes at least one table real, so there are not more rounds than tables. */
void facts_close(struct infer *infer, struct scope *scope)
{
    bool changed = true;
    size_t i;

    while (changed) {
        changed = false;
        for (i = 0; i < scope->sources.count; i++) {
            struct source *source = scope->sources.items[i];

            if (!source->null_extended || facts_real(scope, source) == NULL)
                continue;
            source->null_extended = false;
            facts_add(infer, &scope->facts, &source->when_real);
            changed = true;
        }
    }
}
