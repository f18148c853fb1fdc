/*
 * type_call.c: types of function calls, by the rules of the function table; aggregates and
 * windows. It must not know single functions, but for date and time of constants.
 */
#include "infer_internal.h"

#include <string.h>

/* ---- windows ------------------------------------------------------------------------- */

void type_window(struct infer *infer, struct scope *scope, struct window *window)
{
    type_exprs(infer, scope, &window->partition);
    type_terms(infer, scope, &window->order);
    type_expr(infer, scope, window->start_expr);
    type_expr(infer, scope, window->end_expr);
    if (window->start_expr != NULL)
        type_want(infer, window->start_expr, CLASS_INTEGER);
    if (window->end_expr != NULL)
        type_want(infer, window->end_expr, CLASS_INTEGER);
}

static const struct window *find_window(const struct scope *scope, const char *name)
{
    size_t i;

    for (i = 0; scope->core != NULL && i < scope->core->windows.count; i++)
        if (name_same(scope->core->windows.items[i]->name, name))
            return scope->core->windows.items[i];
    return NULL;
}

/* The ORDER BY may stand in the window that this one is based on. */
static const struct terms *window_order(const struct scope *scope,
                                        const struct window *window)
{
    int rounds = 0;

    while (window != NULL && window->order.count == 0 && window->base != NULL &&
           rounds++ < 100)
        window = find_window(scope, window->base);
    return window == NULL ? NULL : &window->order;
}

/* RANGE with an offset adds it to the value: only among numbers is that sure to work. */
static bool range_is_safe(const struct scope *scope, const struct window *window)
{
    const struct terms *order = window_order(scope, window);
    const struct type *type;

    if (window->unit != FRAME_RANGE ||
        (window->start_expr == NULL && window->end_expr == NULL))
        return true;
    if (order == NULL || order->count != 1 || order->items[0].expr->type == NULL)
        return false;
    type = order->items[0].expr->type;
    return type->classes != 0 && (type->classes & (CLASS_TEXT | CLASS_BLOB)) == 0;
}

bool window_has_current_row(const struct scope *scope, const struct window *window)
{
    if (window->is_reference)
        window = find_window(scope, window->base);
    if (window == NULL)
        return false;
    if (!window->has_frame)
        return true;
    if (window->exclude == EXCLUDE_CURRENT_ROW || window->exclude == EXCLUDE_GROUP)
        return false;
    return window->start <= BOUND_CURRENT_ROW && window->end >= BOUND_CURRENT_ROW &&
           range_is_safe(scope, window);
}

/* ---- when it is NULL ----------------------------------------------------------------- */

static void set_null(struct type *type, const char *why, struct range range)
{
    type->nullable = true;
    type->reason = (struct reason){why, range};
}

static void null_as(struct type *type, const struct expr *argument)
{
    if (!argument->type->nullable || type->nullable)
        return;
    type->nullable = true;
    type->reason = argument->type->reason;
}

static void null_any(struct type *type, const struct exprs *list, size_t first)
{
    size_t i;

    for (i = first; i < list->count; i++)
        null_as(type, list->items[i]);
}

static void null_all(struct type *type, const struct exprs *list, struct range range)
{
    size_t i;

    for (i = 0; i < list->count; i++)
        if (!list->items[i]->type->nullable) {
            type->reason = (struct reason){"one of the arguments cannot be NULL",
                                           list->items[i]->range};
            return;
        }
    set_null(type, "all arguments can be NULL", range);
}

static void null_number(struct type *type, const struct expr *expr)
{
    size_t i;

    null_any(type, &expr->list, 0);
    for (i = 0; i < expr->list.count && !type->nullable; i++)
        if ((expr->list.items[i]->type->classes & (CLASS_TEXT | CLASS_BLOB)) != 0)
            set_null(type, "what is no number gives NULL", expr->list.items[i]->range);
}

/* Of nothing but what SQLite 3.40 knows; others give NULL there. */
static bool is_format(const struct expr *expr)
{
    const char *at;

    if (expr->kind != EXPR_STRING)
        return false;
    for (at = strchr(expr->text, '%'); at != NULL; at = strchr(at + 2, '%'))
        if (at[1] == '\0' || strchr("dfHjJmMsSwWY%", at[1]) == NULL)
            return false;
    return true;
}

/* A format that has something in it, and no conversion that printf() would end at. */
static void null_format(struct type *type, const struct expr *expr)
{
    const struct expr *format = expr->list.count > 0 ? expr->list.items[0] : NULL;
    const char *at;

    if (format != NULL && format->kind == EXPR_STRING && format->text[0] != '\0') {
        for (at = strchr(format->text, '%'); at != NULL; at = strchr(at + 1, '%')) {
            at += 1 + strspn(at + 1, "-+ 0,!#.123456789");
            if (*at == '\0' || strchr("diufeEgGxXoscqQw%", *at) == NULL)
                break;
        }
        if (at == NULL)
            return;
    }
    set_null(type, "a format that yields nothing gives NULL", expr->range);
}

/* strftime() has its format before the moment. */
static void null_date(struct type *type, const struct expr *expr)
{
    size_t first = name_same(expr->name, "strftime") ? 1 : 0;

    null_any(type, &expr->list, 0);
    if (type->nullable)
        return;
    if (first == 1 && !is_format(expr->list.items[0]))
        set_null(type, "of what may be no format strftime() is NULL", expr->range);
    else if (!moment_is_valid(&expr->list, first))
        set_null(type, "what is no moment gives NULL", expr->range);
}

static bool is_windowed(const struct expr *expr)
{
    return expr->over != NULL;
}

/* Of a group that has rows, or a frame that does, an argument that is never NULL. */
static void null_group(struct type *type, const struct scope *scope,
                       const struct expr *expr)
{
    const struct scope *of = expr->aggregate_of;

    if (of == NULL && !is_windowed(expr))
        set_null(type, "it runs over the rows of a query around", expr->range);
    else if (expr->filter != NULL)
        set_null(type, "FILTER may leave no row", expr->filter->range);
    else if (is_windowed(expr) && !window_has_current_row(scope, expr->over))
        set_null(type, "the frame may be empty", expr->over->range);
    else if (!is_windowed(expr) && !of->has_group && !of->has_row)
        set_null(type, "an aggregate without GROUP BY may run over no rows", expr->range);
    else if (expr->list.count > 0)
        null_as(type, expr->list.items[0]);
}

/* Infinity, and infinity with the other sign: together, or leaving the frame of a window. */
static void null_sum(struct type *type, const struct expr *expr)
{
    if (!type->nullable && expr->function->result != RESULT_FIRST &&
        expr->list.items[0]->type->infinite)
        set_null(type, "of infinities a sum can be NULL", expr->range);
}

/* Over a window, SQLite's group_concat() of nothing but one empty text is NULL. */
static void null_concat(struct type *type, const struct scope *scope,
                        const struct expr *expr)
{
    null_group(type, scope, expr);
    if (!type->nullable && is_windowed(expr) &&
        (expr->list.items[0]->type->classes & (CLASS_TEXT | CLASS_BLOB)) != 0)
        set_null(type, "of an empty text group_concat() can be NULL", expr->range);
}

static void null_neighbour(struct type *type, const struct expr *expr)
{
    if (expr->list.count < 3) {
        set_null(type, "beyond the first or last row it is NULL", expr->range);
        return;
    }
    null_as(type, expr->list.items[0]);
    null_as(type, expr->list.items[2]);
}

static bool is_constant(const struct expr *expr)
{
    return expr->kind == EXPR_INTEGER || expr->kind == EXPR_STRING;
}

static void null_nullif(struct type *type, const struct expr *expr)
{
    const struct expr *a = expr->list.items[0], *b = expr->list.items[1];

    if (is_constant(a) && a->kind == b->kind && strcmp(a->text, b->text) != 0)
        return;
    set_null(type, "NULLIF is NULL where both are equal", expr->range);
}

/* A path that leads into the JSON: of the root, `$`, anything can become anything. */
static bool is_inner_path(const struct expr *expr)
{
    while (expr->kind == EXPR_BINARY && expr->op == OP_CONCAT && !expr->type->nullable)
        expr = expr->left;
    return expr->kind == EXPR_STRING && expr->text[0] == '$' &&
           (expr->text[1] == '.' || expr->text[1] == '[');
}

/* Of the whole, what is there; at a path, perhaps nothing. */
static void null_json_part(struct type *type, const struct expr *expr)
{
    null_as(type, expr->list.items[0]);
    if (expr->list.count > 1)
        set_null(type, "the JSON path may find nothing", expr->list.items[1]->range);
}

static bool is_remove(const struct expr *expr)
{
    return name_same(expr->name, "json_remove");
}

/* json_set(json, path, value …) and json_remove(json, path …). */
static void null_json_edit(struct type *type, const struct expr *expr)
{
    const struct exprs *list = &expr->list;
    size_t step = is_remove(expr) ? 1 : 2, i;

    null_as(type, list->items[0]);
    for (i = 1; i < list->count && !type->nullable; i += step)
        if (!is_inner_path(list->items[i]) &&
            (step == 1 || (i + 1 < list->count && list->items[i + 1]->type->nullable)))
            set_null(type, "the path may be that of the root", list->items[i]->range);
}

/* What replaces the root is the result, whatever it is. */
static unsigned json_classes(const struct expr *expr)
{
    const struct exprs *list = &expr->list;
    unsigned classes = CLASS_TEXT;
    size_t i;

    for (i = 1; !is_remove(expr) && i + 1 < list->count; i += 2)
        if (!is_inner_path(list->items[i]))
            classes |= list->items[i + 1]->type->classes;
    return classes;
}

static void apply_null(struct type *type, const struct scope *scope,
                       const struct expr *expr)
{
    type->nullable = false;
    type->reason = (struct reason){"the function does not yield NULL here", expr->range};
    switch (expr->function->null) {
    case NULL_NEVER:
    case NULL_BRANCH: break;
    case NULL_ALWAYS: set_null(type, "the function can yield NULL", expr->range); break;
    case NULL_ANY: null_any(type, &expr->list, 0); break;
    case NULL_SUBSTR:
        null_any(type, &expr->list, 0);
        if (!type->nullable && (type->classes & CLASS_BLOB) != 0)
            set_null(type, "of an empty blob substr() is NULL", expr->range);
        break;
    case NULL_FIRST: null_as(type, expr->list.items[0]); break;
    case NULL_JSON_PART: null_json_part(type, expr); break;
    case NULL_JSON_EDIT: null_json_edit(type, expr); break;
    case NULL_ALL: null_all(type, &expr->list, expr->range); break;
    case NULL_NUMBER: null_number(type, expr); break;
    case NULL_WAVE:
        null_number(type, expr);
        if (!type->nullable && expr->list.items[0]->type->infinite)
            set_null(type, "of infinity it is NULL", expr->range);
        break;
    case NULL_NULLIF: null_nullif(type, expr); break;
    case NULL_FORMAT: null_format(type, expr); break;
    case NULL_DATE: null_date(type, expr); break;
    case NULL_GROUP:
        null_group(type, scope, expr);
        null_sum(type, expr);
        break;
    case NULL_TOTAL: null_sum(type, expr); break;
    case NULL_CONCAT: null_concat(type, scope, expr); break;
    case NULL_FRAME:
        if (expr->over == NULL || !window_has_current_row(scope, expr->over))
            set_null(type, "the frame may be empty", expr->range);
        null_as(type, expr->list.items[0]);
        break;
    case NULL_NEIGHBOUR: null_neighbour(type, expr); break;
    }
}

/* ---- what it is ---------------------------------------------------------------------- */

static struct type united(const struct exprs *list)
{
    struct type type = *list->items[0]->type;
    size_t i;

    for (i = 1; i < list->count; i++)
        type = type_unite(type, *list->items[i]->type);
    type.affinity = AFFINITY_NONE;
    return type;
}

/* abs(), ceil(), sum(): what is no number becomes what the table says. */
static unsigned number_classes(const struct function *function, unsigned argument)
{
    unsigned classes = argument & (CLASS_NUMBER | CLASS_OVERFLOW);

    if ((argument & (CLASS_TEXT | CLASS_BLOB)) != 0)
        classes |= function->classes;
    return classes;
}

static unsigned substr_classes(unsigned argument)
{
    unsigned classes = argument & CLASS_BLOB;

    if ((argument & ~(unsigned)CLASS_BLOB) != 0)
        classes |= CLASS_TEXT;
    return classes;
}

/* With an empty pattern replace() yields its first argument, a number too. */
static unsigned replace_classes(const struct exprs *list)
{
    const struct expr *pattern = list->items[1];

    if (pattern->kind == EXPR_STRING && pattern->text[0] != '\0')
        return CLASS_TEXT;
    return CLASS_TEXT | list->items[0]->type->classes;
}

static struct type result_type(const struct expr *expr)
{
    const struct function *function = expr->function;
    struct type first = {0};

    if (expr->list.count > 0)
        first = *expr->list.items[0]->type;
    first.affinity = AFFINITY_NONE;
    switch (function->result) {
    case RESULT_FIRST: return first;
    case RESULT_UNION: return united(&expr->list);
    case RESULT_NUMBER:
        return (struct type){.classes = number_classes(function, first.classes),
                             .untyped = first.untyped};
    case RESULT_SUBSTR: return (struct type){.classes = substr_classes(first.classes)};
    case RESULT_JSON: return (struct type){.classes = json_classes(expr)};
    case RESULT_REPLACE: return (struct type){.classes = replace_classes(&expr->list)};
    case RESULT_LAG:
        return expr->list.count < 3 ? first
                                    : type_unite(first, *expr->list.items[2]->type);
    default: return (struct type){.classes = function->classes};
    }
}

/* ---- arguments ----------------------------------------------------------------------- */

static unsigned wanted(char letter)
{
    switch (letter) {
    case 'i': return CLASS_INTEGER;
    case 'r':
    case 'n': return CLASS_NUMBER;
    case 't': return CLASS_TEXT;
    case 'b': return CLASS_BLOB;
    default: return 0;
    }
}

static void hint_arguments(struct infer *infer, const struct expr *expr,
                           const struct type *type)
{
    const char *hint = expr->function->hints;
    size_t i;

    for (i = 0; i < expr->list.count && *hint != '\0'; i++) {
        if (*hint == '=')
            type_hint(infer, expr->list.items[i], type);
        else
            type_want(infer, expr->list.items[i], wanted(*hint));
        if (hint[1] != '\0')
            hint++;
    }
}

/* The arguments that are typed already give the others theirs. */
static void hint_equals(struct infer *infer, const struct expr *expr)
{
    struct type type = {0};
    bool any = false;
    size_t i;

    for (i = 0; i < expr->list.count; i++) {
        const struct type *one = expr->list.items[i]->type;

        if (one == NULL || one->untyped || one->classes == 0)
            continue;
        type = any ? type_unite(type, *one) : *one;
        any = true;
    }
    hint_arguments(infer, expr, &type);
}

/*
 * lag() and its kind look at the row's neighbours, of which a CASE around knows nothing.
 * The shorter list has no room to grow in, so what is added goes elsewhere.
 */
static void type_of_neighbours(struct infer *infer, struct scope *scope,
                               struct exprs *list)
{
    struct facts around = scope->facts;

    scope->facts.count = scope->facts.capacity = scope->case_facts;
    scope->in_case = false;
    type_exprs(infer, scope, list);
    scope->in_case = true;
    scope->facts = around;
}

static void type_arguments(struct infer *infer, struct scope *scope, struct expr *expr)
{
    struct scope *of = expr->over == NULL ? expr->aggregate_of : NULL;
    size_t case_facts = scope->case_facts;

    if (of != NULL)
        of->in_aggregate++;
    if (scope->in_case && expr->function != NULL &&
        expr->function->kind == FUNCTION_WINDOW)
        type_of_neighbours(infer, scope, &expr->list);
    else
        type_exprs(infer, scope, &expr->list);
    scope->case_facts = case_facts;
    type_terms(infer, scope, &expr->order);
    type_expr(infer, scope, expr->filter);
    if (of != NULL)
        of->in_aggregate--;
    if (expr->over != NULL)
        type_window(infer, scope, expr->over);
}

static struct type type_iif(struct infer *infer, struct scope *scope, struct expr *expr)
{
    struct type type = type_branches(infer, scope, expr, 0);

    hint_equals(infer, expr);
    return type;
}

/* Any argument's infinity may come out of it again. */
static bool is_infinite(const struct expr *expr)
{
    bool infinite = expr->function->infinite;
    size_t i;

    for (i = 0; i < expr->list.count; i++)
        infinite = infinite || expr->list.items[i]->type->infinite;
    return infinite && expr->function->classes != CLASS_INTEGER;
}

struct type type_call(struct infer *infer, struct scope *scope, struct expr *expr)
{
    struct type type;

    if (expr->function != NULL && expr->function->result == RESULT_BRANCHES)
        return type_iif(infer, scope, expr);
    type_arguments(infer, scope, expr);
    if (expr->function == NULL)
        return (struct type){
            .classes = CLASS_ANY,
            .nullable = true,
            .reason = {"a function that is not SQLite's own can yield anything",
                       expr->range},
        };
    type = result_type(expr);
    type.origin = expr->function->result == RESULT_FIRST ? type.origin : NULL;
    type.infinite = is_infinite(expr);
    apply_null(&type, scope, expr);
    hint_equals(infer, expr);
    return type;
}
