/*
 * state_node.c: new nodes out of old ones, see state.h. Nodes are shared between states
 * and never changed in place.
 */
#include "state.h"

#include <string.h>

static struct node *new_node(struct arena *arena, enum node_kind kind, struct span span)
{
    struct node *node = ARENA_NEW(arena, struct node);

    node->kind = kind;
    node->span = span;
    node->text = "";
    return node;
}

struct node *node_text(struct arena *arena, const char *text, struct span span)
{
    struct node *node = new_node(arena, NODE_SCALAR, span);

    node->text = text;
    node->length = strlen(text);
    return node;
}

struct node *node_map(struct arena *arena, struct span span)
{
    return new_node(arena, NODE_MAP, span);
}

struct node *node_list(struct arena *arena, struct span span)
{
    return new_node(arena, NODE_LIST, span);
}

/* A copy with room for one entry more. */
static struct node *copy_map(struct arena *arena, const struct node *map,
                             struct span span)
{
    struct node *copy = node_map(arena, map != NULL ? map->span : span);
    size_t count = map != NULL ? map->count : 0;

    copy->entries = ARENA_ARRAY(arena, struct entry, count + 1);
    if (count > 0)
        memcpy(copy->entries, map->entries, count * sizeof *copy->entries);
    copy->count = count;
    return copy;
}

struct node *node_with(struct arena *arena, const struct node *map, const char *key,
                       const struct node *value)
{
    struct node *copy = copy_map(arena, map, value->span);
    size_t i;

    for (i = 0; i < copy->count; i++)
        if (strcmp(copy->entries[i].key->text, key) == 0)
            break;
    if (i == copy->count) {
        copy->entries[i].key = node_text(arena, key, value->span);
        copy->count++;
    }
    copy->entries[i].value = (struct node *)value;
    return copy;
}

struct node *node_without(struct arena *arena, const struct node *map, const char *key)
{
    struct node *copy = copy_map(arena, map, map->span);
    size_t i, kept = 0;

    for (i = 0; i < copy->count; i++)
        if (strcmp(copy->entries[i].key->text, key) != 0)
            copy->entries[kept++] = copy->entries[i];
    copy->count = kept;
    return copy;
}

struct node *node_list_with(struct arena *arena, const struct node *list,
                            const struct node *item)
{
    struct node *copy = node_list(arena, list != NULL ? list->span : item->span);
    size_t count = list != NULL ? list->count : 0;

    copy->items = ARENA_ARRAY(arena, struct node *, count + 1);
    if (count > 0)
        memcpy(copy->items, list->items, count * sizeof *copy->items);
    copy->items[count] = (struct node *)item;
    copy->count = count + 1;
    return copy;
}

struct node *node_list_without(struct arena *arena, const struct node *list, size_t index)
{
    struct node *copy = node_list(arena, list->span);
    size_t i;

    copy->items = ARENA_ARRAY(arena, struct node *, list->count);
    for (i = 0; i < list->count; i++)
        if (i != index)
            copy->items[copy->count++] = list->items[i];
    return copy;
}
