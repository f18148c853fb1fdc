/*
 * resolve_mixin.c: mixins use mixins, tables use mixins: which columns a table has, and
 * in which order. A mixin that comes by on two ways counts once. It must not know keys.
 */
#include "resolve.h"

#include "../base/names.h"

#include <string.h>

static void unknown_mixin(struct loader *loader, const struct node *node)
{
    struct suggestion suggestion;
    struct diag *diag;
    size_t i;

    if (loader->incomplete)
        return;
    diag =
        diag_error(loader->diags, 111, node->span, "there is no mixin `%s`", node->text);
    suggest_init(&suggestion, node->text);
    for (i = 0; i < loader->mixins.count && !diags_full(loader->diags); i++)
        suggest_try(&suggestion, loader->mixins.items[i]->name);
    if (suggestion.best != NULL)
        diag_hint(diag, "did you mean `%s`?", suggestion.best);
}

/* The mixin that an item of `use` names; NULL and *incomplete where there is none. */
static struct mixin *find_used(struct loader *loader, struct map *listed,
                               const struct node *item, bool *incomplete)
{
    struct mixin *mixin;

    if (load_is_repeated(loader, listed, item, "mixin"))
        return NULL;
    mixin = map_get(&loader->mixins_by_name, item->text);
    if (mixin != NULL)
        return mixin;
    unknown_mixin(loader, item);
    *incomplete = true;
    return NULL;
}

static void load_mixin(struct loader *loader, struct mixin *mixin);

/* False: the mixin can't be used, since that would go round or too deep. */
static bool can_use(struct loader *loader, const struct mixin *used,
                    const struct node *item)
{
    struct diag *diag;

    if (used->state == MIXIN_OPEN) {
        diag = diag_error(loader->diags, 112, item->span, "the mixin `%s` uses itself",
                          used->name);
        diag_note(diag, used->span, "it is defined here");
        return false;
    }
    if (used->height < MIXIN_DEPTH && loader->mixin_depth <= MIXIN_DEPTH)
        return true;
    diag_error(loader->diags, 113, item->span, "mixins use mixins over %d deep",
               (int)MIXIN_DEPTH);
    return false;
}

static void use_mixin(struct loader *loader, struct mixin *mixin, struct map *listed,
                      const struct node *item)
{
    struct mixin *used = find_used(loader, listed, item, &mixin->incomplete);

    if (used == NULL)
        return;
    if (can_use(loader, used, item))
        load_mixin(loader, used);
    if (used->state != MIXIN_DONE || !can_use(loader, used, item)) {
        mixin->incomplete = true;
        return;
    }
    mixin->incomplete = mixin->incomplete || used->incomplete;
    if (mixin->height <= used->height)
        mixin->height = used->height + 1;
    *VEC_ADD(loader->arena, &mixin->used) = used;
}

static bool is_use(const struct entry *entry)
{
    return entry->value->kind == NODE_LIST && strcmp(entry->key->text, "use") == 0;
}

static void load_use(struct loader *loader, struct mixin *mixin, const struct node *list)
{
    struct map listed = {.count = 0};
    size_t i;

    for (i = 0; i < list->count; i++)
        if (list->items[i]->kind != NODE_SCALAR)
            language_wrong_kind(loader->diags, list->items[i], "`use`",
                                "names of mixins");
    for (i = 0; i < list->count; i++) {
        if (list->items[i]->kind != NODE_SCALAR)
            return;
        use_mixin(loader, mixin, &listed, list->items[i]);
    }
}

static void load_mixin(struct loader *loader, struct mixin *mixin)
{
    size_t i;

    if (mixin->state != MIXIN_NEW)
        return;
    mixin->state = MIXIN_OPEN;
    loader->mixin_depth++;
    if (mixin->node->kind != NODE_MAP) {
        language_wrong_kind(loader->diags, mixin->node, "a mixin", "a map of columns");
        mixin->incomplete = true;
    }
    for (i = 0; mixin->node->kind == NODE_MAP && i < mixin->node->count; i++) {
        const struct entry *entry = &mixin->node->entries[i];

        if (is_use(entry))
            load_use(loader, mixin, entry->value);
        else
            *VEC_ADD(loader->arena, &mixin->columns.list) = load_column(loader, entry);
    }
    mixin->state = MIXIN_DONE;
    loader->mixin_depth--;
}

void resolve_mixins(struct loader *loader)
{
    size_t i;

    for (i = 0; i < loader->mixins.count; i++)
        load_mixin(loader, loader->mixins.items[i]);
}

/* ---- the columns of a table --------------------------------------------------- */

/* What a table gets, while it is put together. */
struct gathering {
    struct loader *loader;
    struct draft *draft;
    struct draft_columns first, own, rest; /* keys of mixins; its own; others of mixins */
    struct map seen;                       /* struct column * by name */
};

static bool is_new(struct gathering *g, const struct column *column,
                   const struct node *use)
{
    struct column *first = map_get(&g->seen, column->name);
    struct diag *diag;

    if (first == NULL)
        return true;
    diag = diag_error(g->loader->diags, 109, use->span,
                      "the mixin brings a column `%s`, which `%s` has already",
                      column->name, g->draft->table->name);
    diag_note(diag, first->span, "the first is here");
    diag_note(diag, column->span, "the second is here");
    return false;
}

static void gather(struct gathering *g, struct draft_columns *into, struct column *column,
                   const struct node **values)
{
    struct draft_column *draft = VEC_ADD(g->loader->arena, &into->list);

    draft->column = column;
    draft->values = values;
    map_put(g->loader->arena, &g->seen, column->name, column);
}

static void gather_mixin(struct gathering *g, struct mixin *mixin, const struct node *use)
{
    size_t i;

    if (mixin->visit == g->loader->visits)
        return;
    mixin->visit = g->loader->visits;
    g->draft->incomplete = g->draft->incomplete || mixin->incomplete;
    for (i = 0; i < mixin->columns.list.count; i++) {
        const struct draft_column *shared = &mixin->columns.list.items[i];
        struct column *column;

        if (!is_new(g, shared->column, use))
            continue;
        column = ARENA_NEW(g->loader->arena, struct column);
        *column = *shared->column;
        gather(g, load_flag(shared->values[COLUMN_PRIMARY_KEY]) ? &g->first : &g->rest,
               column, shared->values);
    }
    for (i = 0; i < mixin->used.count; i++)
        gather_mixin(g, mixin->used.items[i], use);
}

static void gather_used(struct gathering *g, const struct node *list)
{
    struct map listed = {.count = 0};
    size_t i;

    g->loader->visits++;
    for (i = 0; list != NULL && i < list->count; i++) {
        struct mixin *mixin =
            find_used(g->loader, &listed, list->items[i], &g->draft->incomplete);

        if (mixin != NULL)
            gather_mixin(g, mixin, list->items[i]);
    }
}

static void append(struct gathering *g, const struct draft_columns *columns)
{
    struct table *table = g->draft->table;
    size_t i;

    for (i = 0; i < columns->list.count; i++) {
        struct column *column = columns->list.items[i].column;

        column->index = table->columns.count;
        *VEC_ADD(g->loader->arena, &table->columns) = column;
        *VEC_ADD(g->loader->arena, &g->draft->columns.list) = columns->list.items[i];
    }
}

void resolve_columns(struct loader *loader, struct draft *draft)
{
    struct gathering g = {.loader = loader, .draft = draft};
    const struct node *own = draft->values[TABLE_COLUMNS];
    size_t i;

    for (i = 0; own != NULL && i < own->count; i++) {
        struct draft_column column = load_column(loader, &own->entries[i]);

        gather(&g, &g.own, column.column, column.values);
    }
    gather_used(&g, draft->values[TABLE_USE]);
    append(&g, &g.first);
    append(&g, &g.own);
    append(&g, &g.rest);
    draft->table->by_name = g.seen;
    if (draft->table->columns.count == 0 && !draft->incomplete)
        diag_error(loader->diags, 119, draft->table->span,
                   "the table `%s` has no columns", draft->table->name);
    for (i = 0; i < draft->columns.list.count; i++)
        resolve_sql_type(loader, draft, &draft->columns.list.items[i]);
}
