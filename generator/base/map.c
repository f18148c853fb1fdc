/*
 * map.c: see map.h. Open addressing, at most half full, FNV-1a.
 */
#include "map.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct map_slot {
    const char *key;
    void *value;
};

static size_t hash(const char *key)
{
    uint64_t h = 14695981039346656037u;

    for (; *key != '\0'; key++)
        h = (h ^ (unsigned char)*key) * 1099511628211u;
    return (size_t)(h ^ h >> 32);
}

static struct map_slot *find(const struct map *map, const char *key)
{
    size_t at = hash(key) & (map->capacity - 1);

    while (map->slots[at].key != NULL && strcmp(map->slots[at].key, key) != 0)
        at = (at + 1) & (map->capacity - 1);
    return &map->slots[at];
}

void *map_get(const struct map *map, const char *key)
{
    return map->capacity == 0 ? NULL : find(map, key)->value;
}

static void grow(struct arena *arena, struct map *map)
{
    struct map larger = {.capacity = map->capacity == 0 ? 16 : map->capacity * 2};
    size_t i;

    larger.slots = ARENA_ARRAY(arena, struct map_slot, larger.capacity);
    larger.count = map->count;
    for (i = 0; i < map->capacity; i++)
        if (map->slots[i].key != NULL)
            *find(&larger, map->slots[i].key) = map->slots[i];
    *map = larger;
}

void map_put(struct arena *arena, struct map *map, const char *key, void *value)
{
    struct map_slot *slot;

    if (map->count * 2 >= map->capacity)
        grow(arena, map);
    slot = find(map, key);
    if (slot->key == NULL) {
        slot->key = key;
        map->count++;
    }
    slot->value = value;
}
