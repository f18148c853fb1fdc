/*
 * type_from.c: what joins do: which tables they may fill with NULLs, what their conditions
 * say of the rows that remain, and whether at least one row remains.
 */
#include "infer_internal.h"

/* One side of a join: its tables, what holds in its rows, and whether it has one at all. */
struct side {
    size_t first, end; /* of scope->sources */
    struct facts facts;
    bool has_row;
    bool has_inner_on; /* in it stands an inner join with ON */
};

static void type_items(struct infer *infer, struct scope *scope, struct from *from,
                       struct side *side);

static void type_source(struct infer *infer, struct scope *scope, struct source *source,
                        struct from_item *item)
{
    source->null_extended = false;
    source->when_real.count = 0;
    if (item->kind == FROM_SELECT)
        type_select(infer, item->select, scope->parent);
    else if (source->relation->cte != NULL)
        type_relation(infer, source->relation);
    type_exprs(infer, scope, &item->arguments);
}

/* ---- USING --------------------------------------------------------------------------- */

static struct type type_of_binding(const struct scope *scope,
                                   const struct binding *binding)
{
    return binding->kind == BIND_MERGED
               ? binding->merged->type
               : type_of_column(scope, binding->source, binding->column);
}

/* coalesce(left, right): a row has one of them at least, so NULL only where that is. */
static void type_merged(const struct scope *scope, struct merged *merged)
{
    struct type right = type_of_binding(scope, merged->right.items[0]);
    size_t i;

    for (i = 1; i < merged->right.count; i++) {
        struct type more = type_of_binding(scope, merged->right.items[i]);
        bool nullable = right.nullable && more.nullable;

        right = type_unite(right, more);
        right.nullable = nullable;
    }
    if (merged->left == NULL)
        merged->type = (struct type){.classes = CLASS_ANY, .nullable = true};
    else
        merged->type = type_unite(type_of_binding(scope, merged->left), right);
    merged->type.origin = NULL;
}

static void add_binding(struct infer *infer, struct facts *facts,
                        const struct binding *binding, struct range because)
{
    if (binding != NULL && binding->kind == BIND_MERGED)
        facts_add_column(infer, facts, binding->merged, 0, because);
    else if (binding != NULL && binding->kind == BIND_COLUMN)
        facts_add_column(infer, facts, binding->source, binding->column, because);
}

/*
 * Where an outer join puts NULL in a column that is NOT NULL, SQLite 3.40 does not see it in
 * USING: it looks NULL up in the other table, and finds it. Without RIGHT and FULL joins it
 * makes that outer join an inner one first.
 */
static bool is_equal_by_null(const struct scope *scope, const struct pair *pair)
{
    const struct binding *left = pair->left;
    const struct source *source = left == NULL ? NULL : left->source;

    if (!pair->with_outer || source == NULL || !source->null_extended ||
        (left->column >= 0 && source->relation->columns[left->column].type.nullable))
        return false;
    return pair->right != NULL && type_of_binding(scope, pair->right).nullable;
}

static void type_pairs(struct infer *infer, struct scope *scope,
                       const struct from_item *item, struct facts *facts)
{
    size_t i;

    for (i = 0; i < item->joined->pairs.count; i++) {
        const struct pair *pair = &item->joined->pairs.items[i];

        if (pair->merged != NULL)
            type_merged(scope, pair->merged);
        if (is_equal_by_null(scope, pair))
            continue;
        add_binding(infer, facts, pair->left, pair->range);
        add_binding(infer, facts, pair->right, pair->range);
    }
}

/* ---- joins --------------------------------------------------------------------------- */

static void extend(struct infer *infer, struct scope *scope, const struct side *side,
                   const struct facts *on, struct range range)
{
    size_t i;

    for (i = side->first; i < side->end; i++) {
        struct source *source = scope->sources.items[i];

        if (!source->null_extended)
            source->null_at = range;
        source->null_extended = true;
        facts_add(infer, &source->when_real, &side->facts);
        facts_add(infer, &source->when_real, on);
    }
}

/* What is merged inside a side that is filled with NULLs becomes NULL too. */
static void extend_merged(struct scope *scope, const struct side *side,
                          struct range range)
{
    size_t i;

    for (i = 0; i < scope->merged.count; i++) {
        struct merged *merged = scope->merged.items[i];

        if (merged->type.nullable || merged->first < side->first ||
            merged->end > side->end)
            continue;
        merged->type.nullable = true;
        merged->type.reason = (struct reason){"an outer join finds no row", range};
    }
}

static void join_outer(struct infer *infer, struct scope *scope, struct side *left,
                       struct side *right, const struct from_item *item,
                       const struct facts *on)
{
    bool fills_right = item->join == JOIN_LEFT || item->join == JOIN_FULL;
    bool fills_left = item->join == JOIN_RIGHT || item->join == JOIN_FULL;
    const struct facts nothing = {0};

    /* In a FULL join neither side's row says that the condition was true. */
    if (fills_right && fills_left)
        on = &nothing;
    if (fills_right) {
        extend(infer, scope, right, on, item->range);
        extend_merged(scope, right, item->range);
    }
    if (fills_left) {
        extend(infer, scope, left, on, item->range);
        extend_merged(scope, left, item->range);
    }
    if (item->join == JOIN_LEFT)
        return;
    left->facts = item->join == JOIN_RIGHT ? right->facts : (struct facts){0};
    left->has_row =
        item->join == JOIN_RIGHT ? right->has_row : left->has_row || right->has_row;
    /* SQLite 3.40 takes an ON without columns for a WHERE here: (a JOIN b ON 0) RIGHT JOIN c
       has no row at all. */
    left->has_row = left->has_row && !left->has_inner_on;
}

static void join_inner(struct infer *infer, struct side *left, const struct side *right,
                       const struct from_item *item, const struct facts *on)
{
    facts_add(infer, &left->facts, &right->facts);
    facts_add(infer, &left->facts, on);
    left->has_row = left->has_row && right->has_row && item->on == NULL &&
                    item->joined->pairs.count == 0;
    left->has_inner_on = left->has_inner_on || item->on != NULL;
}

static void join(struct infer *infer, struct scope *scope, struct side *left,
                 struct side *right, struct from_item *item)
{
    struct facts on = {0};

    type_pairs(infer, scope, item, &on);
    type_expr(infer, scope, item->on);
    if (item->on != NULL)
        facts_of_true(infer, item->on, &on);
    switch (item->join) {
    case JOIN_LEFT:
    case JOIN_RIGHT:
    case JOIN_FULL: join_outer(infer, scope, left, right, item, &on); break;
    default: join_inner(infer, left, right, item, &on); break;
    }
    left->has_inner_on = left->has_inner_on || right->has_inner_on;
    left->end = right->end;
}

static void type_item(struct infer *infer, struct scope *scope, struct from_item *item,
                      struct side *side)
{
    struct source *source;

    if (item->kind == FROM_GROUP) {
        type_items(infer, scope, item->group, side);
        return;
    }
    source = scope->sources.items[side->first];
    type_source(infer, scope, source, item);
    side->has_row = source->relation->has_row;
    side->end = side->first + 1;
}

/* The sources from side->first on belong to `from`, in its order. */
static void type_items(struct infer *infer, struct scope *scope, struct from *from,
                       struct side *side)
{
    size_t i;

    type_item(infer, scope, &from->items[0], side);
    for (i = 1; i < from->count; i++) {
        struct side right = {.first = side->end, .end = side->end};

        type_item(infer, scope, &from->items[i], &right);
        join(infer, scope, side, &right, &from->items[i]);
    }
}

void type_from(struct infer *infer, struct scope *scope, struct from *from)
{
    struct side side = {.has_row = true};

    if (from->count > 0) {
        /* Behind what UPDATE changes, where it stands first. */
        side.first = side.end = scope->core == NULL ? 1 : 0;
        type_items(infer, scope, from, &side);
    }
    facts_add(infer, &scope->facts, &side.facts);
    scope->has_row = side.has_row;
    facts_close(infer, scope);
}
