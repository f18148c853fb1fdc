/*
 * type_expr.c: types of expressions, from the leaves up: which storage classes a value can
 * have and whether it can be NULL, each with its reason. Calls are in type_call.c.
 */
#include "infer_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct type known(unsigned classes, const char *why, struct range range)
{
    return (struct type){.classes = classes, .reason = {why, range}};
}

static struct type maybe(unsigned classes, const char *why, struct range range)
{
    return (struct type){.classes = classes, .nullable = true, .reason = {why, range}};
}

/* ---- combining ----------------------------------------------------------------------- */

static bool is_bool(const struct type *type)
{
    return type->semantic != NULL && strcmp(type->semantic, "bool") == 0;
}

/* A meaning that both have; 0, 1, TRUE and FALSE have that of the bool that they meet. */
static const char *unite_semantic(const struct type *a, const struct type *b)
{
    if (is_bool(a) && b->is_bit)
        return a->semantic;
    if (a->is_bit && is_bool(b))
        return b->semantic;
    if (a->semantic == NULL || b->semantic == NULL ||
        strcmp(a->semantic, b->semantic) != 0)
        return NULL;
    return a->semantic;
}

struct type type_unite(struct type a, struct type b)
{
    struct type both = a;

    both.classes = a.classes | b.classes;
    both.nullable = a.nullable || b.nullable;
    both.untyped = a.untyped || b.untyped;
    both.nonzero = a.nonzero && b.nonzero;
    both.is_bit = a.is_bit && b.is_bit;
    both.infinite = a.infinite || b.infinite;
    if (!a.nullable && b.nullable)
        both.reason = b.reason;
    if (a.classes == 0)
        both.semantic = b.semantic;
    else if (b.classes != 0)
        both.semantic = unite_semantic(&a, &b);
    if (a.origin != b.origin)
        both.origin = NULL;
    if (a.affinity != b.affinity)
        both.affinity = AFFINITY_NONE;
    return both;
}

struct type type_strict(unsigned classes, struct range range, const struct expr *a,
                        const struct expr *b)
{
    struct type type = known(classes, "no operand can be NULL", range);

    if (a != NULL && a->type->nullable)
        type = maybe(classes, a->type->reason.text, a->type->reason.at);
    else if (b != NULL && b->type->nullable)
        type = maybe(classes, b->type->reason.text, b->type->reason.at);
    type.untyped = (a != NULL && a->type->untyped) || (b != NULL && b->type->untyped);
    if (classes != CLASS_INTEGER)
        type.infinite =
            (a != NULL && a->type->infinite) || (b != NULL && b->type->infinite);
    return type;
}

/* ---- columns and parameters ---------------------------------------------------------- */

struct type type_of_column(const struct scope *scope, const struct source *source,
                           int column)
{
    const struct relation *relation = source->relation;
    const struct fact *fact;
    struct type type;

    if (column == COLUMN_ROWID)
        type = (struct type){
            .classes = CLASS_INTEGER,
            .affinity = AFFINITY_INTEGER,
            .origin = &relation->table->rowid,
            .reason = {relation->table->rowid.because, {0, 0}},
        };
    else
        type = relation->columns[column].type;
    if (source->null_extended && facts_real(scope, source) == NULL) {
        type.nullable = true;
        type.reason = (struct reason){"an outer join finds no row", source->null_at};
    }
    fact = type.nullable ? facts_column(scope, source, column) : NULL;
    if (fact != NULL) {
        type.nullable = false;
        type.reason = (struct reason){"a condition excludes NULL", fact->because};
    }
    return type;
}

static struct type merged_type(const struct scope *scope, const struct merged *merged)
{
    struct type type = merged->type;
    const struct fact *fact = type.nullable ? facts_column(scope, merged, 0) : NULL;

    if (fact != NULL) {
        type.nullable = false;
        type.reason = (struct reason){"a condition excludes NULL", fact->because};
    }
    return type;
}

/*
 * HAVING says that the column is not NULL; but SQLite does not ask a column that is NOT NULL,
 * although it is NULL here.
 */
static bool is_known_group(const struct scope *scope, const struct binding *binding)
{
    const struct relation *relation =
        binding->kind == BIND_COLUMN ? binding->source->relation : NULL;

    if (relation != NULL &&
        (binding->column < 0 || !relation->columns[binding->column].type.nullable))
        return false;
    return binding->kind == BIND_MERGED
               ? facts_column(scope, binding->merged, 0) != NULL
               : facts_column(scope, binding->source, binding->column) != NULL;
}

static struct type column_type(struct infer *infer, struct scope *scope,
                               struct expr *expr)
{
    const struct binding *binding = expr->binding;
    struct type type;

    switch (binding->kind) {
    case BIND_STRING: return known(CLASS_TEXT, "a literal", expr->range);
    case BIND_TRUTH: {
        struct type truth = known(CLASS_INTEGER, "a literal", expr->range);

        truth.is_bit = true;
        return truth;
    }
    case BIND_ALIAS:
        if (binding->alias->type == NULL)
            type_expr(infer, binding->scope, binding->alias);
        return *binding->alias->type;
    case BIND_FOREIGN:
        return maybe(CLASS_ANY | CLASS_OVERFLOW,
                     "a column outside the common table can be anything", expr->range);
    case BIND_NO_ROWID:
        return maybe(expr->quoted ? CLASS_INTEGER | CLASS_TEXT : CLASS_INTEGER,
                     "a subquery has no rowid of its own", expr->range);
    case BIND_MERGED: type = merged_type(scope, binding->merged); break;
    default: type = type_of_column(scope, binding->source, binding->column); break;
    }
    if (scope_is_rowless(binding->scope) && !is_known_group(scope, binding)) {
        type.nullable = true;
        type.reason = (struct reason){
            "an aggregate without GROUP BY yields a row even from no rows", expr->range};
    }
    if (type.reason.at.end == 0)
        type.reason.at = expr->range;
    return type;
}

static struct type parameter_type(const struct scope *scope, const struct expr *expr)
{
    const struct parameter *parameter = expr->parameter;
    struct type type = parameter == NULL ? maybe(CLASS_ANY, "a parameter", expr->range)
                                         : parameter->type;
    const struct fact *fact;

    type.origin = NULL;
    type.affinity = AFFINITY_NONE;
    type.nonzero = type.is_bit = false;
    type.nullable = parameter == NULL || parameter->can_be_null;
    fact = type.nullable ? facts_parameter(scope, parameter) : NULL;
    if (fact != NULL) {
        type.nullable = false;
        type.reason = (struct reason){"a condition excludes NULL", fact->because};
    } else {
        type.reason = (struct reason){type.nullable ? "NULL can be bound to the parameter"
                                                    : "the parameter takes no NULL",
                                      expr->range};
    }
    return type;
}

/* ---- literals ------------------------------------------------------------------------ */

/* Decimal beyond 64 bits is REAL; hexadecimal is refused by SQLite there. */
static struct type integer_type(const struct expr *expr)
{
    static const char limit[] = "9223372036854775807";
    const char *digits = expr->text + strspn(expr->text, "0");
    size_t length = strlen(digits);
    bool hex = expr->text[0] == '0' && (expr->text[1] == 'x' || expr->text[1] == 'X');
    bool big = length > sizeof limit - 1 ||
               (length == sizeof limit - 1 && strcmp(digits, limit) > 0);

    struct type type =
        known(big && !hex ? CLASS_REAL : CLASS_INTEGER, "a literal", expr->range);

    type.is_bit = strcmp(expr->text, "0") == 0 || strcmp(expr->text, "1") == 0;
    return type;
}

/* 9e999, and a text that becomes that as a number. */
static struct type literal_type(const struct expr *expr, unsigned classes)
{
    struct type type = known(classes, "a literal", expr->range);

    type.infinite = isinf(strtod(expr->text, NULL)) != 0;
    return type;
}

/* ---- operators ----------------------------------------------------------------------- */

static struct type bits(struct infer *infer, struct expr *expr)
{
    type_want(infer, expr->left, CLASS_INTEGER);
    if (expr->right != NULL)
        type_want(infer, expr->right, CLASS_INTEGER);
    return type_strict(CLASS_INTEGER, expr->range, expr->left, expr->right);
}

static struct type comparison(struct infer *infer, struct expr *expr)
{
    type_meet(infer, expr->left, expr->right);
    return type_strict(CLASS_INTEGER, expr->range, expr->left, expr->right);
}

static struct type concatenation(struct infer *infer, struct expr *expr)
{
    struct type type = type_strict(CLASS_TEXT, expr->range, expr->left, expr->right);

    type_want(infer, expr->left, CLASS_TEXT);
    type_want(infer, expr->right, CLASS_TEXT);
    type.infinite = true; /* '1e' || '999' */
    return type;
}

static struct type binary(struct infer *infer, struct expr *expr)
{
    switch (expr->op) {
    case OP_ADD:
    case OP_SUBTRACT:
    case OP_MULTIPLY:
    case OP_DIVIDE:
    case OP_REMAINDER: return type_arithmetic(infer, expr);
    case OP_AND_BITS:
    case OP_OR_BITS:
    case OP_SHIFT_LEFT:
    case OP_SHIFT_RIGHT: return bits(infer, expr);
    case OP_CONCAT: return concatenation(infer, expr);
    case OP_ARROW:
    case OP_LONG_ARROW:
        type_want(infer, expr->left, CLASS_TEXT);
        return maybe(expr->op == OP_ARROW ? CLASS_TEXT : CLASS_NUMBER | CLASS_TEXT,
                     "the JSON path may find nothing", expr->range);
    case OP_IS:
    case OP_IS_NOT:
        type_meet(infer, expr->left, expr->right);
        return known(CLASS_INTEGER, "IS never yields NULL", expr->range);
    case OP_AND:
    case OP_OR: return type_strict(CLASS_INTEGER, expr->range, expr->left, expr->right);
    default: return comparison(infer, expr);
    }
}

static struct type unary(struct infer *infer, struct expr *expr)
{
    unsigned classes;

    switch (expr->op) {
    case OP_PLUS: {
        struct type type = *expr->left->type;

        type.affinity = AFFINITY_NONE;
        return type;
    }
    case OP_NEGATE:
        classes = type_number(expr->left->type->classes);
        type_want(infer, expr->left, CLASS_NUMBER);
        /* - 9223372036854775808 is one literal to SQLite. */
        if (expr->left->kind == EXPR_INTEGER && !expr->left->parenthesised)
            classes = strcmp(expr->left->text, "9223372036854775808") == 0 ? CLASS_INTEGER
                                                                           : classes;
        else if ((classes & CLASS_INTEGER) != 0)
            classes |= CLASS_OVERFLOW;
        return type_strict(classes, expr->range, expr->left, NULL);
    case OP_INVERT: return bits(infer, expr);
    default: return type_strict(CLASS_INTEGER, expr->range, expr->left, NULL);
    }
}

static unsigned cast_classes(const char *name)
{
    switch (catalog_affinity(name)) {
    case AFFINITY_TEXT: return CLASS_TEXT;
    case AFFINITY_INTEGER: return CLASS_INTEGER;
    case AFFINITY_REAL: return CLASS_REAL;
    case AFFINITY_BLOB: return *name == '\0' ? CLASS_NUMBER : CLASS_BLOB;
    default: return CLASS_NUMBER;
    }
}

static struct type cast(struct infer *infer, struct expr *expr)
{
    unsigned classes = cast_classes(expr->text);
    struct type type = type_strict(classes, expr->range, expr->left, NULL);

    type_want(infer, expr->left, classes);
    type.untyped = false;
    type.affinity = catalog_affinity(expr->text);
    /* A number stays what it is: only INTEGER and REAL convert numbers. */
    if (classes == CLASS_NUMBER && !expr->left->type->untyped &&
        type_number(expr->left->type->classes) == expr->left->type->classes)
        type.classes = expr->left->type->classes;
    return type;
}

/* ---- predicates ---------------------------------------------------------------------- */

static struct type like(struct infer *infer, struct expr *expr)
{
    struct type type;

    type_want(infer, expr->left, CLASS_TEXT);
    type_want(infer, expr->right, CLASS_TEXT);
    if (expr->extra != NULL)
        type_want(infer, expr->extra, CLASS_TEXT);
    if (expr->keyword != KEYWORD_LIKE && expr->keyword != KEYWORD_GLOB)
        return maybe(CLASS_INTEGER, "what the function yields is not known", expr->range);
    type = type_strict(CLASS_INTEGER, expr->range, expr->left, expr->right);
    if (!type.nullable && expr->extra != NULL)
        type = type_strict(CLASS_INTEGER, expr->range, expr->extra, NULL);
    return type;
}

static struct type between(struct infer *infer, struct expr *expr)
{
    struct type type;

    type_meet(infer, expr->left, expr->right);
    type_meet(infer, expr->left, expr->extra);
    type = type_strict(CLASS_INTEGER, expr->range, expr->left, expr->right);
    return type.nullable ? type
                         : type_strict(CLASS_INTEGER, expr->range, expr->extra, NULL);
}

static bool list_is_nullable(const struct exprs *list, struct reason *reason)
{
    size_t i;

    for (i = 0; i < list->count; i++)
        if (list->items[i]->type->nullable) {
            *reason = list->items[i]->type->reason;
            return true;
        }
    return false;
}

static struct type in(struct infer *infer, struct expr *expr)
{
    const struct relation *relation =
        expr->select != NULL ? expr->select->relation : expr->in_relation;
    struct type type;
    size_t i;

    if (expr->is_list && expr->list.count == 0)
        return known(CLASS_INTEGER, "IN an empty list is never NULL", expr->range);
    type = type_strict(CLASS_INTEGER, expr->range, expr->left, NULL);
    for (i = 0; expr->is_list && i < expr->list.count; i++)
        type_meet(infer, expr->left, expr->list.items[i]);
    if (expr->is_list && !type.nullable)
        type.nullable = list_is_nullable(&expr->list, &type.reason);
    if (relation == NULL || relation->count == 0)
        return type;
    if (relation->count == 1)
        type_hint(infer, expr->left, &relation->columns[0].type);
    if (expr->select != NULL)
        type_meet_select(infer, expr->left, expr->select);
    for (i = 0; i < relation->count && !type.nullable; i++)
        if (relation->columns[i].type.nullable)
            type = maybe(CLASS_INTEGER, relation->columns[i].type.reason.text,
                         relation->columns[i].type.reason.at);
    return type;
}

/* ---- CASE ---------------------------------------------------------------------------- */

/*
 * CASE, and iif(): `list` from `first` on holds conditions and results by turns. A result
 * is typed knowing that its condition is true and those before it are not.
 */
struct type type_branches(struct infer *infer, struct scope *scope, struct expr *expr,
                          size_t first)
{
    size_t mark = scope->facts.count, i;
    struct type type = {.affinity = AFFINITY_NONE};
    bool any = false, outermost = !scope->in_case;

    if (outermost)
        scope->case_facts = mark;
    scope->in_case = true;
    for (i = first; i + 1 < expr->list.count; i += 2) {
        struct expr *condition = expr->list.items[i], *result = expr->list.items[i + 1];
        size_t before;

        type_expr(infer, scope, condition);
        before = scope->facts.count;
        if (expr->left == NULL)
            facts_of_true(infer, condition, &scope->facts);
        else
            facts_of_value(infer, expr->left, &scope->facts);
        type_expr(infer, scope, result);
        type = any ? type_unite(type, *result->type) : *result->type;
        any = true;
        scope->facts.count = before;
        if (expr->left == NULL)
            facts_of_untrue(infer, condition, &scope->facts);
    }
    if (i < expr->list.count) {
        type_expr(infer, scope, expr->list.items[i]);
        type = type_unite(type, *expr->list.items[i]->type);
    } else if (expr->extra != NULL) {
        type_expr(infer, scope, expr->extra);
        type = type_unite(type, *expr->extra->type);
    } else {
        type.nullable = true;
        type.reason =
            (struct reason){"without ELSE it is NULL where no WHEN is true", expr->range};
    }
    scope->facts.count = mark;
    scope->in_case = !outermost;
    type.affinity = AFFINITY_NONE;
    return type;
}

static void meet_branches(struct infer *infer, struct expr *expr)
{
    size_t i;

    for (i = 0; i + 1 < expr->list.count; i += 2) {
        if (expr->left != NULL)
            type_meet(infer, expr->left, expr->list.items[i]);
        type_hint(infer, expr->list.items[i + 1], expr->type);
    }
    if (expr->extra != NULL)
        type_hint(infer, expr->extra, expr->type);
}

static struct type scalar_select(struct infer *infer, struct scope *scope,
                                 struct expr *expr)
{
    const struct relation *relation = expr->select->relation;
    struct type type;

    type_select(infer, expr->select, scope);
    type = relation->columns[0].type;
    if (!relation->has_row) {
        type.nullable = true;
        type.reason = (struct reason){"the subquery may find no row", expr->range};
    }
    return type;
}

/* ---- all kinds ----------------------------------------------------------------------- */

static void type_parts(struct infer *infer, struct scope *scope, struct expr *expr)
{
    if (expr->kind == EXPR_IN && expr->is_list && expr->list.count == 0)
        return; /* nor was it bound */
    type_expr(infer, scope, expr->left);
    if (expr->kind == EXPR_CASE || expr->kind == EXPR_CALL)
        return;
    type_expr(infer, scope, expr->right);
    type_expr(infer, scope, expr->extra);
    type_exprs(infer, scope, &expr->list);
    if (expr->select != NULL && expr->kind != EXPR_SELECT)
        type_select(infer, expr->select, scope);
    if (expr->in_relation != NULL)
        type_relation(infer, expr->in_relation);
}

static struct type type_of(struct infer *infer, struct scope *scope, struct expr *expr)
{
    switch (expr->kind) {
    case EXPR_NULL: return maybe(0, "the literal NULL", expr->range);
    case EXPR_INTEGER: return integer_type(expr);
    case EXPR_REAL: return literal_type(expr, CLASS_REAL);
    case EXPR_STRING: return literal_type(expr, CLASS_TEXT);
    case EXPR_BLOB: return known(CLASS_BLOB, "a literal", expr->range);
    case EXPR_NOW: return known(CLASS_TEXT, "never NULL", expr->range);
    case EXPR_PARAMETER: return parameter_type(scope, expr);
    case EXPR_COLUMN: return column_type(infer, scope, expr);
    case EXPR_UNARY: return unary(infer, expr);
    case EXPR_BINARY: return binary(infer, expr);
    case EXPR_IS_NULL: return known(CLASS_INTEGER, "IS never yields NULL", expr->range);
    case EXPR_LIKE: return like(infer, expr);
    case EXPR_BETWEEN: return between(infer, expr);
    case EXPR_IN: return in(infer, expr);
    case EXPR_EXISTS: return known(CLASS_INTEGER, "EXISTS is 0 or 1", expr->range);
    case EXPR_SELECT: return scalar_select(infer, scope, expr);
    case EXPR_CASE: return type_branches(infer, scope, expr, 0);
    case EXPR_CAST: return cast(infer, expr);
    case EXPR_COLLATE: return *expr->left->type;
    case EXPR_CALL: return type_call(infer, scope, expr);
    case EXPR_ROW: {
        struct type type = known(0, "no part can be NULL", expr->range);

        type.nullable = list_is_nullable(&expr->list, &type.reason);
        return type;
    }
    case EXPR_RAISE: break;
    }
    return maybe(0, "RAISE yields nothing", expr->range);
}

void type_expr(struct infer *infer, struct scope *scope, struct expr *expr)
{
    const struct fact *fact;
    struct type type;

    if (expr == NULL)
        return;
    type_parts(infer, scope, expr);
    type = type_of(infer, scope, expr);
    if (type.nullable && expr->kind != EXPR_COLUMN && expr->kind != EXPR_NULL) {
        fact = facts_expr(scope, expr);
        if (fact != NULL) {
            type.nullable = false;
            type.reason = (struct reason){"a condition excludes NULL", fact->because};
        }
    }
    if (expr->type == NULL)
        expr->type = ARENA_NEW(infer->arena, struct type);
    *expr->type = type;
    expr->type->nonzero = nonzero_is(scope, expr);
    if (expr->kind == EXPR_CASE)
        meet_branches(infer, expr);
}

void type_exprs(struct infer *infer, struct scope *scope, struct exprs *exprs)
{
    size_t i;

    for (i = 0; i < exprs->count; i++)
        type_expr(infer, scope, exprs->items[i]);
}

void type_terms(struct infer *infer, struct scope *scope, struct terms *terms)
{
    size_t i;

    for (i = 0; i < terms->count; i++)
        type_expr(infer, scope, terms->items[i].expr);
}
