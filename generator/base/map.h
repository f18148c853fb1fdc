/*
 * map.h: finds a pointer by a string. Keys are borrowed and must outlive the map. It keeps
 * no order: whoever lists things keeps them in a vector of his own, so that no output can
 * depend on a hash.
 */
#ifndef MAP_H
#define MAP_H

#include "arena.h"

struct map {
    struct map_slot *slots;
    size_t count;
    size_t capacity; /* a power of two, or 0 */
};

/* Makes room for `count` keys at once; without it the map grows as they come. */
void map_reserve(struct arena *arena, struct map *map, size_t count);

/* The value, or NULL. */
void *map_get(const struct map *map, const char *key);

/* The same where all keys of the map are in lower case (letters of ASCII), `key` in any. */
void *map_get_lower(const struct map *map, const char *key);

/* Sets or replaces; `value` is not NULL. */
void map_put(struct arena *arena, struct map *map, const char *key, void *value);

#endif
