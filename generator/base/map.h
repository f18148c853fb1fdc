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

/* The value, or NULL. */
void *map_get(const struct map *map, const char *key);

/* Sets or replaces; `value` is not NULL. */
void map_put(struct arena *arena, struct map *map, const char *key, void *value);

#endif
