/*
 * load_enum.c: enums: a list of texts, or a map from names to what is stored. It must not
 * know columns.
 */
#include "load.h"

#include "../base/names.h"

#include <string.h>

/* The enum being loaded, and what it has already, to find the second of a kind. */
struct values {
    struct loader *loader;
    struct enumeration *enumeration;
    struct map names, texts, numbers; /* of struct span * */
};

static bool is_first(struct values *v, struct map *map, const char *key, struct span span,
                     const char *what)
{
    const struct span *first = load_first(v->loader, map, key, span);

    if (first != NULL)
        diag_note(
            diag_error(v->loader->diags, 117, span, "%s `%s` is there twice", what, key),
            *first, "the first is here");
    return first == NULL;
}

static void add(struct values *v, const char *name, const struct node *node,
                int64_t number, struct span span)
{
    struct enumerator *enumerator;
    bool is_text = v->enumeration->storage == STORE_TEXT;

    if (!is_first(v, &v->names, name, span, "the constant") ||
        !is_first(v, is_text ? &v->texts : &v->numbers,
                  is_text ? node->text
                          : arena_printf(v->loader->arena, "%lld", (long long)number),
                  node->span, "the value"))
        return;
    enumerator = VEC_ADD(v->loader->arena, &v->enumeration->values);
    enumerator->name = name;
    enumerator->text = is_text ? node->text : name;
    enumerator->value = is_text ? (int64_t)v->enumeration->values.count : number;
    enumerator->span = span;
}

static void add_item(struct values *v, const struct node *item)
{
    if (v->enumeration->storage == STORE_INTEGER) {
        diag_hint(diag_error(v->loader->diags, 118, item->span,
                             "an enum that is stored as integers needs names for them"),
                  "write a map: {low: 10, high: 20}");
        return;
    }
    if (item->kind != NODE_SCALAR || item->length == 0) {
        diag_hint(
            diag_error(v->loader->diags, 118, item->span,
                       "a value of an enum needs text, not %s",
                       item->kind == NODE_SCALAR ? "nothing" : node_kind_name(item)),
            "a map {name: text} can name any text, also an empty one");
        return;
    }
    add(v, name_to_snake(v->loader->arena, item->text), item, 0, item->span);
}

static void add_entry(struct values *v, const struct entry *entry)
{
    const struct node *value = entry->value;
    long long number = 0;

    if (!load_name(v->loader, entry->key))
        return;
    if (value->kind != NODE_SCALAR) {
        diag_error(v->loader->diags, 118, value->span,
                   "a value of an enum needs %s, not %s",
                   v->enumeration->storage == STORE_TEXT ? "text" : "a whole number",
                   node_kind_name(value));
        return;
    }
    if (v->enumeration->storage == STORE_INTEGER &&
        (!node_int64(value, &number) || number < INT32_MIN || number > INT32_MAX)) {
        diag_hint(diag_error(v->loader->diags, 118, value->span,
                             "a value of this enum needs a whole number of 32 bits"),
                  "C's enum constants go from -2147483648 to 2147483647");
        return;
    }
    add(v, entry->key->text, value, number, entry->key->span);
}

static void load_values(struct values *v, const struct node *node)
{
    size_t i, errors = diags_errors(v->loader->diags);

    if (node->kind != NODE_MAP && node->kind != NODE_LIST) {
        language_wrong_kind(v->loader->diags, node, "an enum",
                            "a list of texts or a map");
        return;
    }
    for (i = 0; i < node->count; i++)
        if (node->kind == NODE_MAP)
            add_entry(v, &node->entries[i]);
        else
            add_item(v, node->items[i]);
    for (i = 0; i < v->enumeration->values.count; i++)
        map_put(v->loader->arena, &v->enumeration->by_text,
                v->enumeration->values.items[i].text, &v->enumeration->values.items[i]);
    if (v->enumeration->values.count == 0 && diags_errors(v->loader->diags) == errors)
        diag_error(v->loader->diags, 116, node->span, "the enum `%s` has no values",
                   v->enumeration->name);
}

static void load_definition(struct values *v, const struct node *node)
{
    const struct node *keys[ENUM_KEYS];

    if (node->kind != NODE_MAP) {
        load_values(v, node);
        return;
    }
    language_read(v->loader->diags, PLACE_ENUM, node, keys);
    v->enumeration->doc = load_text(keys[ENUM_DOC]);
    load_allows(v->loader, keys[ENUM_LINT], &v->enumeration->allows);
    if (keys[ENUM_STORAGE] != NULL && strcmp(keys[ENUM_STORAGE]->text, "integer") == 0)
        v->enumeration->storage = STORE_INTEGER;
    if (keys[ENUM_VALUES] != NULL)
        load_values(v, keys[ENUM_VALUES]);
}

static bool check_enum_name(struct loader *loader, const struct node *key)
{
    const struct enumeration *first = map_get(&loader->schema->enums_by_name, key->text);

    if (type_find(key->text) != TYPE_KINDS)
        diag_error(loader->diags, 115, key->span,
                   "`%s` is a type: an enum needs another name", key->text);
    else if (first != NULL)
        load_twice(loader, key, "enum", first->span);
    else
        return true;
    return false;
}

void load_enum(struct loader *loader, const struct entry *entry)
{
    struct values v = {.loader = loader};
    size_t errors = diags_errors(loader->diags);

    if (!check_enum_name(loader, entry->key))
        return;
    load_name(loader, entry->key);
    v.enumeration = ARENA_NEW(loader->arena, struct enumeration);
    v.enumeration->name = entry->key->text;
    v.enumeration->span = entry->key->span;
    v.enumeration->storage = STORE_TEXT;
    *VEC_ADD(loader->arena, &loader->schema->enums) = v.enumeration;
    map_put(loader->arena, &loader->schema->enums_by_name, v.enumeration->name,
            v.enumeration);
    load_definition(&v, entry->value);
    if (diags_errors(loader->diags) != errors)
        map_put(loader->arena, &loader->broken_enums, v.enumeration->name, v.enumeration);
}
