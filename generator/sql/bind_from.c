/*
 * bind_from.c: the tables of a FROM: which they are, and which columns joins merge. It must
 * not know types.
 */
#include "infer_internal.h"

#include "../base/names.h"

/* ---- which table a name means -------------------------------------------------------- */

static struct cte *find_cte(struct scope *scope, const char *name)
{
    size_t i;

    for (; scope != NULL; scope = scope->parent)
        for (i = 0; scope->with != NULL && i < scope->with->count; i++)
            if (name_same(scope->with->items[i].name, name))
                return &scope->with->items[i];
    return NULL;
}

static void fail_table(struct infer *infer, const char *name, struct range range)
{
    struct suggestion suggestion;
    size_t i;

    suggest_init(&suggestion, name);
    for (i = 0; i < infer->catalog->tables.count; i++)
        suggest_try(&suggestion, infer->catalog->tables.items[i]->name);
    infer_fail(infer, range, suggestion.best, "no table `%s`", name);
}

struct relation *bind_table(struct infer *infer, struct scope *scope, const char *schema,
                            const char *name, struct range range)
{
    struct cte *cte = schema == NULL ? find_cte(scope, name) : NULL;
    struct catalog_table *table;

    if (cte != NULL) {
        if (!cte->relation->bound)
            bind_cte(infer, cte->relation);
        return cte->relation;
    }
    table = catalog_find(infer->catalog, schema, name);
    if (table != NULL)
        return relation_of_table(infer, table, range);
    fail_table(infer, name, range);
    return ARENA_NEW(infer->arena, struct relation);
}

/* ---- joins --------------------------------------------------------------------------- */

/* The first of sources [first, end) that shows the column; NULL: none. */
static struct source *find_source(const struct scope *scope, size_t first, size_t end,
                                  const char *name, int *column)
{
    for (; first < end; first++) {
        struct source *source = scope->sources.items[first];

        *column = relation_find(source->relation, name);
        if (*column != COLUMN_NONE && !source->relation->columns[*column].hidden)
            return source;
    }
    return NULL;
}

/* What the name meant before a FULL join becomes one with what it joins. */
static void merge(struct infer *infer, struct scope *scope, size_t first, size_t middle,
                  const char *name, struct source *right, int column)
{
    struct expr expr = {.kind = EXPR_COLUMN, .name = name};
    struct merged *merged = ARENA_NEW(infer->arena, struct merged);

    match_columns(infer, scope, first, middle, &expr, &merged->left);
    merged->name = name;
    merged->right = right;
    merged->right_column = column;
    *VEC_ADD(infer->arena, &scope->merged) = merged;
}

static void add_name(struct infer *infer, struct names **names, const struct name *name)
{
    if (*names == NULL)
        *names = ARENA_NEW(infer->arena, struct names);
    *VEC_ADD(infer->arena, *names) = *name;
}

/* All tables of the right side: in brackets they are one to the join. */
static void add_using(struct infer *infer, struct scope *scope, size_t middle,
                      const struct from_item *item, const struct name *name)
{
    for (; middle < scope->sources.count; middle++) {
        struct source *source = scope->sources.items[middle];

        add_name(infer, &source->using_names, name);
        if (item->kind == FROM_GROUP)
            add_name(infer, &source->outer_names, name);
        source->using_join = item->join;
    }
}

/* NATURAL is USING of all columns that both sides show. */
static void find_natural(struct infer *infer, struct scope *scope, size_t first,
                         size_t middle, size_t end, struct from_item *item)
{
    size_t i, k;
    int column;

    item->using_names = (struct names){0};
    for (i = middle; i < end; i++)
        for (k = 0; k < scope->sources.items[i]->relation->count; k++) {
            const struct output *output = &scope->sources.items[i]->relation->columns[k];

            if (output->hidden || names_have(&item->using_names, output->name) ||
                find_source(scope, first, middle, output->name, &column) == NULL)
                continue;
            *VEC_ADD(infer->arena, &item->using_names) =
                (struct name){output->name, item->range};
        }
}

static void bind_using(struct infer *infer, struct scope *scope, size_t first,
                       size_t middle, struct from_item *item)
{
    size_t end = scope->sources.count, i;

    if (item->natural)
        find_natural(infer, scope, first, middle, end, item);
    for (i = 0; i < item->using_names.count; i++) {
        const struct name *name = &item->using_names.items[i];
        int column;
        struct source *left = find_source(scope, first, middle, name->text, &column);
        struct source *right = find_source(scope, middle, end, name->text, &column);

        if (left == NULL || right == NULL) {
            infer_fail(infer, name->range, NULL,
                       "column `%s` of USING must be in the tables on both sides",
                       name->text);
            return;
        }
        if (item->join == JOIN_FULL)
            merge(infer, scope, first, middle, name->text, right, column);
        add_using(infer, scope, middle, item, name);
    }
}

/* ---- the items of a FROM ------------------------------------------------------------- */

static void bind_subquery(struct infer *infer, struct scope *scope,
                          struct from_item *item)
{
    struct source *source;

    bind_select(infer, scope->parent, item->select, NULL);
    source = scope_add(infer, scope, item->alias == NULL ? "" : item->alias,
                       item->select->relation);
    source->item = item;
}

static void bind_named(struct infer *infer, struct scope *scope, struct from_item *item)
{
    struct relation *relation =
        bind_table(infer, scope, item->schema, item->name, item->name_range);
    struct source *source =
        scope_add(infer, scope, item->alias == NULL ? item->name : item->alias, relation);

    source->item = item;
    bind_exprs(infer, scope, &item->arguments);
}

static void bind_items(struct infer *infer, struct scope *scope, struct from *from);

/* (a JOIN b) AS c is (SELECT * FROM a JOIN b) AS c. */
static void group_to_select(struct infer *infer, struct from_item *item)
{
    struct select *select = ARENA_NEW(infer->arena, struct select);
    struct core *core = ARENA_NEW(infer->arena, struct core);

    core->range = select->range = item->range;
    core->has_from = true;
    core->from = *item->group;
    *VEC_ADD(infer->arena, &core->results) = (struct result){.range = item->range};
    select->cores = ARENA_ARRAY(infer->arena, struct core *, 1);
    select->cores[0] = core;
    select->core_count = select->core_capacity = 1;
    item->kind = FROM_SELECT;
    item->select = select;
}

static void bind_group(struct infer *infer, struct scope *scope, struct from *group)
{
    size_t i;

    group->names = ARENA_NEW(infer->arena, struct relation);
    group->first_source = scope->sources.count;
    bind_items(infer, scope, group);
    group->end_source = scope->sources.count;
    for (i = group->first_source; i < group->end_source; i++)
        if (scope->sources.items[i]->group == NULL)
            scope->sources.items[i]->group = group;
}

static void bind_item(struct infer *infer, struct scope *scope, struct from_item *item)
{
    if (item->kind == FROM_GROUP && item->alias != NULL)
        group_to_select(infer, item);
    switch (item->kind) {
    case FROM_SELECT: bind_subquery(infer, scope, item); break;
    case FROM_GROUP: bind_group(infer, scope, item->group); break;
    default: bind_named(infer, scope, item); break;
    }
}

static void bind_items(struct infer *infer, struct scope *scope, struct from *from)
{
    size_t first = scope->sources.count, i, k;

    for (i = 0; i < from->count && !infer_failed(infer); i++) {
        size_t middle = scope->sources.count;

        bind_item(infer, scope, &from->items[i]);
        if (from->items[i].join == JOIN_RIGHT || from->items[i].join == JOIN_FULL)
            for (k = first; k < middle; k++)
                scope->sources.items[k]->left_of_right = true;
        if (!infer_failed(infer))
            bind_using(infer, scope, first, middle, &from->items[i]);
    }
}

/* An ON may name tables that are joined later, so all of them come last. One in brackets
 * sees what is in the brackets. */
static void bind_conditions(struct infer *infer, struct scope *scope, struct from *from)
{
    size_t i;

    for (i = 0; i < from->count; i++) {
        if (from->items[i].kind == FROM_GROUP) {
            const struct from *visible = scope->visible;

            scope->visible = from->items[i].group;
            bind_conditions(infer, scope, from->items[i].group);
            scope->visible = visible;
        }
        bind_expr(infer, scope, from->items[i].on);
    }
}

void bind_from(struct infer *infer, struct scope *scope, struct from *from)
{
    bind_items(infer, scope, from);
    bind_conditions(infer, scope, from);
}
