/*
 * map.c: see map.h. Open addressing, at most half full, FNV-1a. A slot keeps the hash, so
 * that keys, which lie all over the memory, are read only when they are the one.
 */
#include "map.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct map_slot {
    const char *key;
    void *value;
    size_t hash;
};

static size_t hash(const char *key)
{
    uint64_t h = 14695981039346656037u;

    for (; *key != '\0'; key++)
        h = (h ^ (unsigned char)*key) * 1099511628211u;
    return (size_t)(h ^ h >> 32);
}

static struct map_slot *find(const struct map *map, const char *key, size_t key_hash)
{
    size_t at = key_hash & (map->capacity - 1);

    while (map->slots[at].key != NULL &&
           (map->slots[at].hash != key_hash || strcmp(map->slots[at].key, key) != 0))
        at = (at + 1) & (map->capacity - 1);
    return &map->slots[at];
}

/* Of a key that is not in the map. */
static struct map_slot *free_slot(const struct map *map, size_t key_hash)
{
    size_t at = key_hash & (map->capacity - 1);

    while (map->slots[at].key != NULL)
        at = (at + 1) & (map->capacity - 1);
    return &map->slots[at];
}

void *map_get(const struct map *map, const char *key)
{
    return map->capacity == 0 ? NULL : find(map, key, hash(key))->value;
}

static void grow(struct arena *arena, struct map *map, size_t capacity)
{
    struct map larger = {.capacity = capacity};
    size_t i;

    larger.slots = ARENA_ARRAY(arena, struct map_slot, larger.capacity);
    larger.count = map->count;
    for (i = 0; i < map->capacity; i++)
        if (map->slots[i].key != NULL)
            *free_slot(&larger, map->slots[i].hash) = map->slots[i];
    *map = larger;
}

void map_reserve(struct arena *arena, struct map *map, size_t count)
{
    size_t capacity = map->capacity == 0 ? 16 : map->capacity;

    while (capacity / 2 < count)
        capacity *= 2;
    if (capacity > map->capacity)
        grow(arena, map, capacity);
}

void map_put(struct arena *arena, struct map *map, const char *key, void *value)
{
    size_t key_hash = hash(key);
    struct map_slot *slot;

    if (map->count * 2 >= map->capacity)
        map_reserve(arena, map, map->count + 1);
    slot = find(map, key, key_hash);
    if (slot->key == NULL) {
        slot->key = key;
        slot->hash = key_hash;
        map->count++;
    }
    slot->value = value;
}
