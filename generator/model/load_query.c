/*
 * load_query.c: views and queries as they are written: the text with its place, what it
 * shall return, the types that the schema gives. It must not know what the SQL means.
 */
#include "load.h"

#include "../base/names.h"

#include <string.h>

/* The value at `key` of an entry's map, whose keys are those of `place`. */
static bool read_keys(struct loader *loader, const struct entry *entry, enum place place,
                      const char *wanted, const struct node **values)
{
    if (entry->value->kind == NODE_MAP) {
        language_read(loader->diags, place, entry->value, values);
        return true;
    }
    language_wrong_kind(loader->diags, entry->value, language[place].name, wanted);
    return false;
}

/* ---- views ---------------------------------------------------------------------- */

/* Views and tables share their names in SQL. */
static bool is_free_name(struct loader *loader, const struct node *key)
{
    const struct view *view = map_get(&loader->schema->views_by_name, key->text);

    if (view != NULL)
        load_twice(loader, key, "view", view->span);
    return view == NULL;
}

/* SQLite would call the second of two, in any case, by a name that nobody wrote. */
static void load_view_column(struct loader *loader, struct map *seen,
                             const struct node *name)
{
    char *folded = arena_strdup(loader->arena, name->text), *c;
    const struct span *first;

    for (c = folded; *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    first = load_first(loader, seen, folded, name->span);

    if (first != NULL)
        load_twice(loader, name, "column", *first);
}

static void load_view_columns(struct loader *loader, const struct node *list,
                              struct view *view)
{
    struct map seen = {.count = 0};
    size_t i;

    view->columns = list;
    if (list == NULL)
        return;
    if (list->count == 0)
        diag_hint(diag_error(loader->diags, 125, list->span, "a view needs a column"),
                  "without `columns` they are called as the SELECT calls them");
    for (i = 0; i < list->count; i++)
        if (load_is_blank(list->items[i]))
            language_wrong_kind(loader->diags, list->items[i], "`columns`", "names");
        else
            load_view_column(loader, &seen, list->items[i]);
}

void load_view(struct loader *loader, const struct entry *entry)
{
    const struct node *values[VIEW_KEYS] = {NULL};
    struct view *view;

    if (!is_free_name(loader, entry->key) ||
        !read_keys(loader, entry, PLACE_VIEW, "a map {sql}", values) ||
        values[VIEW_SQL] == NULL)
        return;
    if (values[VIEW_ROW] == NULL || load_is_blank(entry->key))
        load_name(loader, entry->key); /* C knows only the row */
    view = ARENA_NEW(loader->arena, struct view);
    view->name = entry->key->text;
    view->span = entry->key->span;
    view->row = values[VIEW_ROW] != NULL ? values[VIEW_ROW]->text
                                         : name_singular(loader->arena, view->name);
    view->doc = load_text(values[VIEW_DOC]);
    load_allows(loader, values[VIEW_LINT], &view->allows);
    load_view_columns(loader, values[VIEW_COLUMNS], view);
    view->node = values[VIEW_SQL];
    view->sql = view->node->text;
    *VEC_ADD(loader->arena, &loader->schema->views) = view;
    map_put(loader->arena, &loader->schema->views_by_name, view->name, view);
}

/* ---- queries -------------------------------------------------------------------- */

static void load_types(struct loader *loader, const struct node *map,
                       struct column_list *columns)
{
    size_t i;

    for (i = 0; map != NULL && i < map->count; i++) {
        const struct entry *entry = &map->entries[i];
        struct column *column = ARENA_NEW(loader->arena, struct column);

        column->name = entry->key->text;
        column->span = entry->key->span;
        column->node = entry->value;
        load_column_type(loader, column, entry->value);
        if (column->type != TYPE_KINDS)
            *VEC_ADD(loader->arena, columns) = column;
    }
}

static void load_orders(struct loader *loader, const struct node *map,
                        struct query *query)
{
    size_t i;

    for (i = 0; map != NULL && i < map->count; i++) {
        const struct entry *entry = &map->entries[i];
        struct query_order *order;

        load_name(loader, entry->key);
        if (entry->value->kind != NODE_SCALAR || *entry->value->text == '\0') {
            language_wrong_kind(loader->diags, entry->value, "an order",
                                "the terms of an ORDER BY");
            continue;
        }
        order = VEC_ADD(loader->arena, &query->orders);
        order->name = entry->key->text;
        order->span = entry->key->span;
        order->node = entry->value;
        order->sql = entry->value->text;
    }
}

static void load_embeds(struct loader *loader, const struct node *list,
                        struct query *query)
{
    struct map seen = {.count = 0};
    size_t i;

    for (i = 0; list != NULL && i < list->count; i++) {
        struct query_embed *embed;

        if (load_is_repeated(loader, &seen, list->items[i], "table"))
            continue;
        load_name(loader, list->items[i]);
        embed = VEC_ADD(loader->arena, &query->embeds);
        embed->name = list->items[i]->text;
        embed->span = list->items[i]->span;
    }
}

static void load_facts(struct loader *loader, struct query *query,
                       const struct node *const *values)
{
    query->doc = load_text(values[QUERY_DOC]);
    load_allows(loader, values[QUERY_LINT], &query->allows);
    query->row = load_text(values[QUERY_ROW]);
    query->row_span = values[QUERY_ROW] != NULL ? values[QUERY_ROW]->span : query->span;
    query->returns_span = values[QUERY_RETURNS]->span;
    query->returns = (enum query_returns)language_choice(language_returns,
                                                         values[QUERY_RETURNS]->text);
    query->node = values[QUERY_SQL];
    query->sql = query->node->text;
    load_types(loader, values[QUERY_PARAMS], &query->params);
    load_types(loader, values[QUERY_COLUMNS], &query->columns);
    load_orders(loader, values[QUERY_ORDER], query);
    load_embeds(loader, values[QUERY_EMBED], query);
}

void load_query(struct loader *loader, const struct entry *entry)
{
    const struct query *first =
        map_get(&loader->schema->queries_by_name, entry->key->text);
    const struct node *values[QUERY_KEYS] = {NULL};
    struct query *query;

    if (first != NULL) {
        load_twice(loader, entry->key, "query", first->span);
        return;
    }
    load_name(loader, entry->key);
    if (!read_keys(loader, entry, PLACE_QUERY, "a map {sql, returns}", values) ||
        values[QUERY_SQL] == NULL || values[QUERY_RETURNS] == NULL)
        return;
    query = ARENA_NEW(loader->arena, struct query);
    query->name = entry->key->text;
    query->span = entry->key->span;
    load_facts(loader, query, values);
    *VEC_ADD(loader->arena, &loader->schema->queries) = query;
    map_put(loader->arena, &loader->schema->queries_by_name, query->name, query);
}
