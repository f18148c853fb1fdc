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

static struct source *find_source(const struct scope *scope, const struct side *side,
                                  const char *name, int *column)
{
    size_t i;

    for (i = side->first; i < side->end; i++) {
        struct source *source = scope->sources.items[i];

        *column = relation_find(source->relation, name);
        if (*column != COLUMN_NONE && !source->relation->columns[*column].hidden)
            return source;
    }
    return NULL;
}

static struct merged *find_merged(const struct scope *scope, const struct source *right,
                                  const char *name)
{
    size_t i;

    for (i = 0; i < scope->merged.count; i++)
        if (scope->merged.items[i]->right == right &&
            name_same(scope->merged.items[i]->name, name))
            return scope->merged.items[i];
    return NULL;
}

/* coalesce(left, right): a row has one of them at least, so NULL only where that is. */
static void type_merged(const struct scope *scope, struct merged *merged)
{
    const struct binding *left = merged->left;
    struct type type;

    if (left == NULL)
        type = (struct type){.classes = CLASS_ANY, .nullable = true};
    else if (left->kind == BIND_MERGED)
        type = left->merged->type;
    else
        type = type_of_column(scope, left->source, left->column);
    merged->type =
        type_unite(type, type_of_column(scope, merged->right, merged->right_column));
    merged->type.origin = NULL;
}

/* Where several tables on the left have the column, SQLite may compare their coalesce(). */
static bool is_alone(const struct scope *scope, const struct side *left, const char *name)
{
    size_t i, count = 0;

    for (i = left->first; i < left->end; i++)
        count += relation_find(scope->sources.items[i]->relation, name) != COLUMN_NONE;
    return count == 1;
}

static void type_using(struct infer *infer, struct scope *scope, const struct side *left,
                       const struct side *right, const struct from_item *item,
                       struct facts *facts)
{
    size_t i;

    for (i = 0; i < item->using_names.count; i++) {
        const struct name *name = &item->using_names.items[i];
        int a, b;
        struct source *of_a = find_source(scope, left, name->text, &a);
        struct source *of_b = find_source(scope, right, name->text, &b);
        struct merged *merged;

        if (of_a == NULL || of_b == NULL)
            continue;
        merged = find_merged(scope, of_b, name->text);
        if (merged != NULL)
            type_merged(scope, merged);
        if (is_alone(scope, left, name->text))
            facts_add_column(infer, facts, of_a, a, name->range);
        facts_add_column(infer, facts, of_b, b, name->range);
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

static bool side_has(const struct scope *scope, const struct side *side,
                     const struct source *source)
{
    size_t i;

    for (i = side->first; i < side->end; i++)
        if (scope->sources.items[i] == source)
            return true;
    return false;
}

static const struct source *leftmost(const struct merged *merged)
{
    const struct binding *left = merged->left;

    while (left != NULL && left->kind == BIND_MERGED)
        left = left->merged->left;
    return left == NULL ? NULL : left->source;
}

/* What is merged inside a side that is filled with NULLs becomes NULL too. */
static void extend_merged(struct scope *scope, const struct side *side,
                          struct range range)
{
    size_t i;

    for (i = 0; i < scope->merged.count; i++) {
        struct merged *merged = scope->merged.items[i];

        if (merged->type.nullable || !side_has(scope, side, merged->right) ||
            !side_has(scope, side, leftmost(merged)))
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
}

static void join_inner(struct infer *infer, struct side *left, const struct side *right,
                       const struct from_item *item, const struct facts *on)
{
    facts_add(infer, &left->facts, &right->facts);
    facts_add(infer, &left->facts, on);
    left->has_row = left->has_row && right->has_row && item->on == NULL &&
                    item->using_names.count == 0;
}

static void join(struct infer *infer, struct scope *scope, struct side *left,
                 struct side *right, struct from_item *item)
{
    struct facts on = {0};

    type_using(infer, scope, left, right, item, &on);
    type_expr(infer, scope, item->on);
    if (item->on != NULL)
        facts_of_true(infer, item->on, &on);
    switch (item->join) {
    case JOIN_LEFT:
    case JOIN_RIGHT:
    case JOIN_FULL: join_outer(infer, scope, left, right, item, &on); break;
    default: join_inner(infer, left, right, item, &on); break;
    }
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
