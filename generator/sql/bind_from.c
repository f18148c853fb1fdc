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
        bind_foreign(infer, scope, cte->relation);
        return cte->relation;
    }
    table = catalog_find(infer->catalog, schema, name);
    if (table != NULL)
        return relation_of_table(infer, table, range);
    fail_table(infer, name, range);
    return ARENA_NEW(infer->arena, struct relation);
}

/* ---- the items of a FROM ------------------------------------------------------------- */

static struct source *add_subquery(struct infer *infer, struct scope *scope,
                                   const struct from_item *item)
{
    bind_select(infer, scope->parent, item->select, NULL);
    return scope_add(infer, scope, item->alias == NULL ? "" : item->alias,
                     item->select->relation);
}

static struct source *add_table(struct infer *infer, struct scope *scope,
                                const struct from_item *item)
{
    struct relation *relation =
        bind_table(infer, scope->parent, item->schema, item->name, item->name_range);

    return scope_add(infer, scope, item->alias == NULL ? item->name : item->alias,
                     relation);
}

static void bind_items(struct infer *infer, struct scope *scope, struct from *from,
                       struct joins *joins);

/* Brackets that FROM begins with mean nothing: names see what is in them one by one. */
static bool is_plain(const struct from_item *item, const struct joins *joins)
{
    return item->kind == FROM_GROUP && item->alias == NULL && joins->count == 0;
}

/* Brackets around one table; an alias inside is lost. */
static void rename_joined(struct joined *joined, const struct from_item *item)
{
    const struct from_item *inside = joined->item;

    joined->name = item->alias;
    if (item->alias == NULL && joined->source != NULL)
        joined->name = inside->kind == FROM_SELECT ? "" : inside->name;
    if (joined->source != NULL)
        joined->source->name = joined->name;
}

static struct joined *bind_group(struct infer *infer, struct scope *scope,
                                 struct from_item *item)
{
    struct joins *joins = ARENA_NEW(infer->arena, struct joins);
    struct joined *joined;

    bind_items(infer, scope, item->group, joins);
    if (!infer_failed(infer))
        joins_pair(infer, scope, joins);
    if (joins->count == 1) {
        joined = joins->items[0];
        rename_joined(joined, item);
    } else {
        joined = ARENA_NEW(infer->arena, struct joined);
        joined->name = item->alias;
        item->group->joins = joins;
        joins_enclose(infer, scope, joins, joined);
    }
    return joined;
}

static struct joined *bind_item(struct infer *infer, struct scope *scope,
                                struct from_item *item)
{
    struct joined *joined;

    if (item->kind == FROM_GROUP)
        return bind_group(infer, scope, item);
    joined = ARENA_NEW(infer->arena, struct joined);
    joined->source = item->kind == FROM_SELECT ? add_subquery(infer, scope, item)
                                               : add_table(infer, scope, item);
    joined->source->item = item;
    joined->name = joined->source->name;
    return joined;
}

static void bind_items(struct infer *infer, struct scope *scope, struct from *from,
                       struct joins *joins)
{
    size_t i;

    for (i = 0; i < from->count && !infer_failed(infer); i++) {
        struct from_item *item = &from->items[i];
        size_t first = scope->sources.count;

        if (is_plain(item, joins)) {
            bind_items(infer, scope, item->group, joins);
            continue;
        }
        item->joined = bind_item(infer, scope, item);
        item->joined->item = item;
        item->joined->first = first;
        item->joined->end = scope->sources.count;
        *VEC_ADD(infer->arena, joins) = item->joined;
    }
}

/* What stands in brackets sees what is in them, and no result. */
static void bind_in_brackets(struct infer *infer, struct scope *scope, struct from *group)
{
    const struct joins *joins = scope->joins;
    struct results *aliases = scope->aliases;

    if (group->joins != NULL) {
        scope->joins = group->joins;
        scope->aliases = NULL;
    }
    bind_conditions(infer, scope, group);
    scope->joins = joins;
    scope->aliases = aliases;
}

/* They may name tables that are joined later. */
void bind_conditions(struct infer *infer, struct scope *scope, struct from *from)
{
    size_t i;

    for (i = 0; i < from->count; i++) {
        if (from->items[i].kind == FROM_GROUP)
            bind_in_brackets(infer, scope, from->items[i].group);
        bind_expr(infer, scope, from->items[i].on);
        bind_exprs(infer, scope, &from->items[i].arguments);
    }
}

void bind_from(struct infer *infer, struct scope *scope, struct from *from)
{
    bind_items(infer, scope, from, &scope->all);
    if (!infer_failed(infer))
        joins_pair(infer, scope, &scope->all);
}

/* Behind UPDATE's table: several are a subquery, as if in brackets. */
void bind_update_from(struct infer *infer, struct scope *scope, struct from *from)
{
    struct from_item *item = ARENA_NEW(infer->arena, struct from_item);
    struct joins *joins = ARENA_NEW(infer->arena, struct joins);
    struct joined *joined;

    bind_items(infer, scope, from, joins);
    if (from->count == 0 || infer_failed(infer))
        return;
    joins_pair(infer, scope, joins);
    if (joins->count == 1) {
        joined = joins->items[0];
    } else {
        joined = ARENA_NEW(infer->arena, struct joined);
        joins_enclose(infer, scope, joins, joined);
        from->joins = joins;
    }
    *item = (struct from_item){.kind = FROM_GROUP, .group = from, .join = JOIN_COMMA};
    joined->item = item;
    *VEC_ADD(infer->arena, &scope->all) = joined;
    bind_in_brackets(infer, scope, from);
}
