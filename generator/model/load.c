/*
 * load.c: nodes as structs. Runs the parts of loading in their order: all files, then all
 * enums (columns need them), mixins, tables; then resolve.c takes over. It must not know
 * what tables mean to each other.
 */
#include "load.h"

#include "../base/names.h"
#include "resolve.h"

#include <string.h>

bool load_flag(const struct node *value)
{
    bool flag = false;

    return value != NULL && node_bool(value, &flag) && flag;
}

const char *load_text(const struct node *value)
{
    return value == NULL ? NULL : value->text;
}

const char *load_conflict(const struct node *value)
{
    static const char *const words[] = {NULL, "ROLLBACK", "FAIL", "IGNORE", "REPLACE"};

    return value == NULL ? NULL : words[language_choice(language_conflicts, value->text)];
}

void load_twice(struct loader *loader, const struct node *node, const char *what,
                struct span first)
{
    diag_note(diag_error(loader->diags, 109, node->span, "%s `%s` is there twice", what,
                         node->text),
              first, "the first is here");
}

const struct span *load_first(struct loader *loader, struct map *map, const char *key,
                              struct span span)
{
    struct span *first = map_get(map, key);

    if (first != NULL)
        return first;
    first = ARENA_NEW(loader->arena, struct span);
    *first = span;
    map_put(loader->arena, map, key, first);
    return NULL;
}

bool load_is_repeated(struct loader *loader, struct map *map, const struct node *node,
                      const char *what)
{
    const struct span *first = load_first(loader, map, node->text, node->span);

    if (first != NULL)
        load_twice(loader, node, what, *first);
    return first != NULL;
}

bool load_name(struct loader *loader, const struct node *key)
{
    if (name_is_snake(key->text))
        return true;
    diag_hint(diag_error(loader->diags, 105, key->span, "`%s` is no name", key->text),
              "lower case letters, digits and single underscores: `%s`",
              name_to_snake(loader->arena, key->text));
    return false;
}

bool load_is_blank(const struct node *key)
{
    return key->text[strspn(key->text, " \t\r\n")] == '\0';
}

bool load_is_partial(const struct node *map, const struct node *const *values,
                     size_t count)
{
    size_t i, used = 0;

    for (i = 0; i < count; i++)
        used += values[i] != NULL;
    return used < map->count;
}

static void add_mixin(struct loader *loader, const struct entry *entry)
{
    struct mixin *mixin = map_get(&loader->mixins_by_name, entry->key->text);

    if (mixin != NULL) {
        load_twice(loader, entry->key, "mixin", mixin->span);
        return;
    }
    load_name(loader, entry->key);
    mixin = ARENA_NEW(loader->arena, struct mixin);
    mixin->name = entry->key->text;
    mixin->span = entry->key->span;
    mixin->node = entry->value;
    *VEC_ADD(loader->arena, &loader->mixins) = mixin;
    map_put(loader->arena, &loader->mixins_by_name, mixin->name, mixin);
}

static void check_version(struct loader *loader, const struct node *node)
{
    long long version;

    if (node == NULL)
        return;
    if (node->kind != NODE_SCALAR || !node_int64(node, &version) || version != 1)
        diag_hint(diag_error(loader->diags, 104, node->span,
                             "this version of the language is not known"),
                  "write `quarry: 1`");
}

static void each_entry(struct loader *loader, const struct node *map,
                       void (*load)(struct loader *loader, const struct entry *entry))
{
    size_t i;

    for (i = 0; map != NULL && i < map->count; i++)
        load(loader, &map->entries[i]);
}

void load_top(struct loader *loader, const struct node *root,
              const struct node *const *values, size_t count)
{
    check_version(loader, values[TOP_QUARRY]);
    if (load_is_partial(root, values, count))
        loader->incomplete = true;
    each_entry(loader, values[TOP_ENUMS], load_enum);
    each_entry(loader, values[TOP_MIXINS], add_mixin);
    each_entry(loader, values[TOP_TABLES], load_table);
    each_entry(loader, values[TOP_VIRTUAL_TABLES], load_virtual_table);
    each_entry(loader, values[TOP_VIEWS], load_view);
    each_entry(loader, values[TOP_QUERIES], load_query);
    each_entry(loader, values[TOP_TRIGGERS], load_trigger);
}

static void load_options(struct loader *loader, const struct node *node)
{
    const struct node *values[OPTIONS_KEYS];
    struct options *options = &loader->schema->options;

    if (node == NULL)
        return;
    language_read(loader->diags, PLACE_OPTIONS, node, values);
    if (values[OPTIONS_STRICT] != NULL)
        options->strict = load_flag(values[OPTIONS_STRICT]);
    if (values[OPTIONS_TIMESTAMP] == NULL)
        return;
    switch (language_choice(language_timestamps, values[OPTIONS_TIMESTAMP]->text)) {
    case 1: options->timestamp = TIME_UNIX; break;
    case 2: options->timestamp = TIME_TEXT; break;
    default: options->timestamp = TIME_UNIX_MS; break;
    }
}

static struct loader new_loader(struct arena *arena, struct diags *diags,
                                const struct node *root)
{
    struct loader loader = {.arena = arena, .diags = diags};

    loader.schema = ARENA_NEW(arena, struct schema);
    loader.schema->span = root->span;
    loader.schema->options.strict = true;
    loader.reader.arena = arena;
    loader.reader.diags = diags;
    loader.reader.options = &loader.schema->options;
    loader.incomplete =
        diags_errors(diags) > 0; /* of a damaged text only a part is there */
    return loader;
}

/* What is left of them when tables have their columns. */
static void list_mixins(struct loader *loader)
{
    size_t i;

    for (i = 0; i < loader->mixins.count; i++) {
        const struct mixin *mixin = loader->mixins.items[i];

        *VEC_ADD(loader->arena, &loader->schema->mixins) =
            (struct mixin_use){mixin->name, mixin->span, mixin->visit > 0};
    }
}

struct schema *load_schema(struct arena *arena, struct diags *diags,
                           const struct node *root, const char *path)
{
    const struct node *values[TOP_KEYS];
    struct loader loader;

    if (root->kind != NODE_MAP) {
        language_wrong_kind(diags, root, "a schema", "a map");
        return NULL;
    }
    loader = new_loader(arena, diags, root);
    language_read(diags, PLACE_SCHEMA, root, values);
    loader.schema->doc = load_text(values[TOP_DOC]);
    loader.schema->name = load_text(values[TOP_NAME]);
    if (values[TOP_NAME] != NULL)
        loader.schema->span = values[TOP_NAME]->span;
    load_options(&loader, values[TOP_OPTIONS]);
    load_allows(&loader, values[TOP_LINT], &loader.schema->allows);
    load_included(&loader, values[TOP_INCLUDE], path);
    load_top(&loader, root, values, TOP_KEYS);
    load_migrations(&loader, values[TOP_MIGRATIONS], path);
    resolve_schema(&loader);
    list_mixins(&loader);
    return loader.schema;
}
