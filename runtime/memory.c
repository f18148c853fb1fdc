/*
 * memory.c: the allocation hook, through which all memory of the runtime comes, and
 * arenas, which hold the rows of a list and their strings. It must not know databases,
 * rows or errors: an allocation that fails gives NULL, and the caller makes a status of
 * it.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

/* With malloc's own bookkeeping this stays below 64 KiB, and far below mmap's threshold.
 */
enum {
    CHUNK_SIZE = 65536 - 64,
    ALIGNMENT = 16,
    FIRST_ITEMS = 8192
};

struct quarry_chunk {
    struct quarry_chunk *older;
    size_t unused; /* keeps what follows aligned */
};

static quarry_allocator hook = {malloc, realloc, free};

void quarry_set_allocator(const quarry_allocator *allocator)
{
    static const quarry_allocator standard = {malloc, realloc, free};

    hook = allocator == NULL ? standard : *allocator;
}

void *quarry_allocate(size_t size)
{
    return hook.allocate(size == 0 ? 1 : size);
}

void *quarry_reallocate(void *memory, size_t size)
{
    return hook.reallocate(memory, size == 0 ? 1 : size);
}

void quarry_release(void *memory)
{
    if (memory != NULL)
        hook.release(memory);
}

void quarry_free(void *row)
{
    quarry_release(row);
}

/* ---- arenas --------------------------------------------------------------------- */

void quarry_arena_over(quarry_arena *arena, void *memory, size_t size)
{
    memset(arena, 0, sizeof *arena);
    arena->next = memory;
    arena->end = memory == NULL ? NULL : arena->next + size;
}

quarry_arena *quarry_arena_new(void)
{
    quarry_arena *arena = quarry_allocate(sizeof *arena);

    if (arena != NULL)
        memset(arena, 0, sizeof *arena);
    return arena;
}

void quarry_arena_release(quarry_arena *arena)
{
    quarry_release(arena->items);
    while (arena->chunks != NULL) {
        struct quarry_chunk *chunk = arena->chunks;

        arena->chunks = chunk->older;
        quarry_release(chunk);
    }
    memset(arena, 0, sizeof *arena);
}

void quarry_arena_free(quarry_arena *arena)
{
    if (arena == NULL)
        return;
    quarry_arena_release(arena);
    quarry_release(arena);
}

/* A chunk with room for `size` bytes, which is linked in and returned as free space. */
static char *add_chunk(quarry_arena *arena, size_t size)
{
    struct quarry_chunk *chunk;

    if (size > SIZE_MAX - sizeof *chunk)
        return NULL;
    chunk = quarry_allocate(sizeof *chunk + size);
    if (chunk == NULL)
        return NULL;
    chunk->older = arena->chunks;
    arena->chunks = chunk;
    return (char *)(chunk + 1);
}

/* The slow path of both allocations. What is large gets a chunk of its own, so that the
   rest of the newest one is not lost. */
static void *allocate_in_chunk(quarry_arena *arena, size_t size)
{
    const size_t room = CHUNK_SIZE - sizeof(struct quarry_chunk);
    char *memory;

    if (size > room / 4)
        return add_chunk(arena, size);
    memory = add_chunk(arena, room);
    if (memory == NULL)
        return NULL;
    arena->next = memory + size;
    arena->end = memory + room;
    return memory;
}

void *quarry_arena_allocate_text(quarry_arena *arena, size_t size)
{
    char *memory = arena->next;

    if (memory == NULL || size > (size_t)(arena->end - memory))
        return allocate_in_chunk(arena, size);
    arena->next = memory + size;
    return memory;
}

char *quarry_arena_copy(quarry_arena *arena, const char *text)
{
    const size_t size = strlen(text) + 1;
    char *copy = quarry_arena_allocate_text(arena, size);

    return copy == NULL ? NULL : memcpy(copy, text, size);
}

void *quarry_arena_allocate(quarry_arena *arena, size_t size)
{
    const size_t past = (uintptr_t)arena->next % ALIGNMENT;
    const size_t skip = past == 0 ? 0 : ALIGNMENT - past;
    char *memory = arena->next;

    if (memory == NULL || skip > (size_t)(arena->end - memory) ||
        size > (size_t)(arena->end - memory) - skip)
        return allocate_in_chunk(arena, size);
    arena->next = memory + skip + size;
    return memory + skip;
}

void *quarry_arena_items(quarry_arena *arena, size_t size)
{
    size_t capacity = arena->items_capacity;
    char *items;

    if (arena->items != NULL && size <= capacity)
        return arena->items;
    capacity = capacity > SIZE_MAX / 2 ? size : capacity + capacity / 2;
    if (capacity < FIRST_ITEMS)
        capacity = FIRST_ITEMS;
    if (capacity < size)
        capacity = size;
    items = quarry_reallocate(arena->items, capacity);
    if (items == NULL)
        return NULL;
    arena->items = items;
    arena->items_capacity = capacity;
    return items;
}
