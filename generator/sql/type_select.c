/*
 * type_select.c: types of what SELECTs, compounds and common tables yield, and whether they
 * are sure to yield a row.
 */
#include "infer_internal.h"

#include <stdlib.h>
#include <string.h>

/* ---- results ------------------------------------------------------------------------- */

void type_results(struct infer *infer, struct scope *scope, struct results *results,
                  struct output *outputs)
{
    size_t i, k;

    for (i = 0; i < results->count; i++) {
        struct result *result = &results->items[i];

        type_exprs(infer, scope, &result->expanded);
        for (k = 0; k < result->expanded.count; k++)
            (outputs++)->type = *result->expanded.items[k]->type;
        if (result->expr == NULL)
            continue;
        type_expr(infer, scope, result->expr);
        (outputs++)->type = *result->expr->type;
    }
}

/* ---- cores --------------------------------------------------------------------------- */

static bool type_values(struct infer *infer, struct scope *scope, struct core *core,
                        struct output *outputs)
{
    size_t i, k;

    for (i = 0; i < core->values.count; i++) {
        struct exprs *row = &core->values.items[i];

        type_exprs(infer, scope, row);
        for (k = 0; k < row->count; k++)
            outputs[k].type = i == 0 ? *row->items[k]->type
                                     : type_unite(outputs[k].type, *row->items[k]->type);
    }
    return true;
}

static void apply_condition(struct infer *infer, struct scope *scope,
                            struct expr *condition)
{
    type_expr(infer, scope, condition);
    if (condition == NULL)
        return;
    facts_of_true(infer, condition, &scope->facts);
    facts_close(infer, scope);
}

/* True where it is sure to yield a row. */
static bool type_plain(struct infer *infer, struct scope *scope, struct core *core,
                       struct output *outputs)
{
    bool has_row;
    size_t i;

    scope->facts.count = 0;
    scope->in_case = false;
    scope->grouped_now = false;
    scope->in_aggregate = 0;
    scope->has_row = false;
    type_from(infer, scope, &core->from);
    apply_condition(infer, scope, core->where);
    scope->has_row = scope->has_row && core->where == NULL;
    type_exprs(infer, scope, &core->group);
    scope->group_facts = scope->facts.count;
    scope->grouped_now = true;
    apply_condition(infer, scope, core->having);
    has_row = scope->has_row;
    scope->has_row = has_row || (!scope->has_group && nonzero_has_row(scope));
    for (i = 0; i < core->windows.count; i++)
        type_window(infer, scope, core->windows.items[i]);
    type_results(infer, scope, &core->results, outputs);
    if (core->having != NULL)
        return false;
    return has_row || (scope->is_aggregate && !scope->has_group);
}

static bool type_core(struct infer *infer, struct core *core, struct output *outputs)
{
    return core->is_values ? type_values(infer, core->scope, core, outputs)
                           : type_plain(infer, core->scope, core, outputs);
}

/* ---- compounds ----------------------------------------------------------------------- */

/* What SQLite makes of the text of a number: in a RIGHT JOIN the first SELECT's type counts. */
static unsigned converted(enum affinity affinity)
{
    switch (affinity) {
    case AFFINITY_NUMERIC:
    case AFFINITY_INTEGER: return CLASS_NUMBER;
    case AFFINITY_REAL: return CLASS_REAL;
    default: return 0;
    }
}

/* EXCEPT keeps rows of the left; INTERSECT those that are on both sides. */
static struct type combine(enum compound compound, struct type left, struct type right)
{
    struct type type;

    if (compound == COMPOUND_EXCEPT) {
        left.combined = true;
        /* In a RIGHT JOIN SQLite converts to the other column's type. */
        if (left.affinity != right.affinity && right.affinity > AFFINITY_BLOB)
            left.classes |= right.classes;
        return left;
    }
    type = type_unite(left, right);
    type.affinity = left.affinity;
    if ((right.classes & CLASS_TEXT) != 0)
        type.classes |= converted(left.affinity);
    if (compound == COMPOUND_INTERSECT && type.nullable) {
        type.nullable = left.nullable && right.nullable;
        type.reason = left.nullable ? right.reason : left.reason;
    }
    return type;
}

static bool combine_row(enum compound compound, bool left, bool right)
{
    switch (compound) {
    case COMPOUND_UNION:
    case COMPOUND_UNION_ALL: return left || right;
    default: return false;
    }
}

/* Cores [first, end) on top of what the relation holds already. */
static void type_cores(struct infer *infer, struct select *select, size_t first,
                       size_t end, struct relation *relation)
{
    struct output *outputs =
        ARENA_ARRAY(infer->arena, struct output, relation->count + 1);
    size_t i, k;

    for (i = first; i < end; i++) {
        struct core *core = select->cores[i];
        bool has_row = type_core(infer, core, outputs);

        relation->has_row =
            i == 0 ? has_row : combine_row(core->compound, relation->has_row, has_row);
        for (k = 0; k < relation->count; k++)
            relation->columns[k].type =
                i == 0
                    ? outputs[k].type
                    : combine(core->compound, relation->columns[k].type, outputs[k].type);
    }
}

static void type_tail(struct infer *infer, struct select *select, struct scope *around)
{
    const struct expr *limit = select->limit;
    size_t i;

    for (i = 0; select->core_count == 1 && i < select->order.count; i++) {
        const struct expr *expr = select->order.items[i].expr;

        while (expr->kind == EXPR_COLLATE)
            expr = expr->left;
        if (expr->kind != EXPR_COLUMN || expr->binding != NULL)
            type_expr(infer, select->cores[0]->scope, select->order.items[i].expr);
    }
    if (around == NULL && limit != NULL)
        around = scope_new(infer, NULL, NULL);
    type_expr(infer, around, select->limit);
    type_expr(infer, around, select->offset);
    if (limit != NULL)
        type_want(infer, limit, CLASS_INTEGER);
    if (select->offset != NULL)
        type_want(infer, select->offset, CLASS_INTEGER);
    if (select->offset != NULL ||
        (limit != NULL && (limit->kind != EXPR_INTEGER || strtod(limit->text, NULL) < 1)))
        select->relation->has_row = false;
}

static void forget_with(struct with *with)
{
    size_t i;

    for (i = 0; with != NULL && i < with->count; i++)
        with->items[i].relation->typed = false;
}

void type_select(struct infer *infer, struct select *select, struct scope *around)
{
    forget_with(select->with);
    type_cores(infer, select, 0, select->core_count, select->relation);
    type_tail(infer, select, around);
}

/* ---- common tables ------------------------------------------------------------------- */

enum {
    RECURSIONS = 3
};

static void copy_types(struct relation *relation, const struct relation *from)
{
    size_t i;

    for (i = 0; i < relation->count; i++)
        relation->columns[i].type = from->columns[i].type;
    relation->has_row = from->has_row;
}

static bool same_types(const struct relation *a, const struct relation *b)
{
    size_t i;

    for (i = 0; i < a->count; i++) {
        const struct type *x = &a->columns[i].type, *y = &b->columns[i].type;

        if (x->classes != y->classes || x->nullable != y->nullable ||
            x->semantic != y->semantic || x->untyped != y->untyped ||
            x->nonzero != y->nonzero || x->infinite != y->infinite ||
            x->is_bit != y->is_bit)
            return false;
    }
    return true;
}

/* Anything and NULL: true of every recursion, where finding out would take too long. */
static void widen(struct relation *relation)
{
    size_t i;

    for (i = 0; i < relation->count; i++)
        relation->columns[i].type = (struct type){
            .classes = CLASS_ANY | CLASS_OVERFLOW,
            .nullable = true,
            .infinite = true,
            .reason = {"recursions too deep in each other", relation->cte->name_range},
        };
}

/*
 * What the recursive part yields depends on what it reads: it is typed on the types found
 * so far, which only grow, until nothing is new.
 */
static void type_recursive(struct infer *infer, struct relation *relation)
{
    struct select *select = relation->cte->select;
    struct relation *inner = select->relation;
    size_t first = relation->first_recursive;
    bool same = false;

    forget_with(select->with);
    type_cores(infer, select, 0, first, inner);
    if (infer->recursions++ >= RECURSIONS)
        widen(inner);
    while (!same) {
        copy_types(relation, inner);
        type_cores(infer, select, first, select->core_count, inner);
        same = same_types(relation, inner);
    }
    infer->recursions--;
    type_tail(infer, select, relation->scope);
    relation->has_row = inner->has_row;
}

void type_relation(struct infer *infer, struct relation *relation)
{
    if (relation->cte == NULL || relation->typed || relation->typing)
        return;
    relation->typing = true;
    if (relation->first_recursive > 0) {
        type_recursive(infer, relation);
    } else {
        type_select(infer, relation->cte->select, relation->scope);
        copy_types(relation, relation->cte->select->relation);
    }
    relation->typing = false;
    relation->typed = true;
}
