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

#define HASH_START UINT64_C(14695981039346656037)

static uint64_t hash_more(uint64_t h, unsigned char byte)
{
    return (h ^ byte) * UINT64_C(1099511628211);
}

static size_t hash_end(uint64_t h)
{
    return (size_t)(h ^ h >> 32);
}

static size_t hash(const char *key)
{
    uint64_t h = HASH_START;

    for (; *key != '\0'; key++)
        h = hash_more(h, (unsigned char)*key);
    return hash_end(h);
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

static unsigned char lower(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static bool is_lower_of(const char *key, const char *text)
{
    while (*key != '\0' && (unsigned char)*key == lower(*text)) {
        key++;
        text++;
    }
    return *key == '\0' && *text == '\0';
}

void *map_get_lower(const struct map *map, const char *key)
{
    uint64_t h = HASH_START;
    size_t at;

    if (map->capacity == 0)
        return NULL;
    for (at = 0; key[at] != '\0'; at++)
        h = hash_more(h, lower(key[at]));
    h = hash_end(h);
    for (at = (size_t)h & (map->capacity - 1); map->slots[at].key != NULL;
         at = (at + 1) & (map->capacity - 1))
        if (map->slots[at].hash == (size_t)h && is_lower_of(map->slots[at].key, key))
            return map->slots[at].value;
    return NULL;
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
