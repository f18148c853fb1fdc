/*
 * arena.c: see arena.h. Chunks double in size, so that a run makes few of them, and a
 * large request gets a chunk of its own.
 */
#include "arena.h"

#include "format.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FIRST_CHUNK = 64 * 1024,
    LARGEST_CHUNK = 4 * 1024 * 1024,
    USAGE_ERROR = 2
};

struct arena_chunk {
    struct arena_chunk *before;
    size_t size;
    alignas(max_align_t) char memory[];
};

_Noreturn void out_of_memory(void)
{
    fputs("quarry: error: out of memory\n", stderr);
    exit(USAGE_ERROR);
}

void *must_realloc(void *memory, size_t size)
{
    void *moved = realloc(memory, size > 0 ? size : 1);

    if (moved == NULL)
        out_of_memory();
    return moved;
}

static void add_chunk(struct arena *arena, size_t needed)
{
    size_t size = arena->chunks == NULL ? FIRST_CHUNK : arena->chunks->size * 2;
    struct arena_chunk *chunk;

    if (size > LARGEST_CHUNK)
        size = LARGEST_CHUNK;
    if (size < needed)
        size = needed;
    if (size > SIZE_MAX - sizeof *chunk)
        out_of_memory();
    chunk = calloc(1, sizeof *chunk + size); /* zeroed: large ones cost nothing for it */
    if (chunk == NULL)
        out_of_memory();
    chunk->before = arena->chunks;
    chunk->size = size;
    arena->chunks = chunk;
    arena->next = chunk->memory;
    arena->end = chunk->memory + size;
}

/* Leaves out `skip` bytes and takes the next `size`. */
static void *take(struct arena *arena, size_t skip, size_t size)
{
    char *memory;

    if (arena->next == NULL || (size_t)(arena->end - arena->next) < skip ||
        (size_t)(arena->end - arena->next) - skip < size) {
        add_chunk(arena, size);
        skip = 0;
    }
    memory = arena->next + skip;
    arena->next = memory + size;
    return memory;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    const size_t align = alignof(max_align_t);

    return take(arena, (align - (uintptr_t)arena->next % align) % align, size);
}

/* Text needs no alignment; a third of all memory is short text. */
char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
    char *copy;

    if (length == SIZE_MAX)
        out_of_memory();
    copy = take(arena, 0, length + 1);
    if (length > 0)
        memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return arena_strndup(arena, text, strlen(text));
}

char *arena_vprintf(struct arena *arena, const char *format, va_list arguments)
{
    char small[256];
    va_list again;
    int length;
    char *text;

    va_copy(again, arguments);
    length = format_text(small, sizeof small, format, again);
    va_end(again);
    if (length < 0)
        out_of_memory();
    if ((size_t)length < sizeof small)
        return arena_strndup(arena, small, (size_t)length);
    text = arena_alloc(arena, (size_t)length + 1);
    format_text(text, (size_t)length + 1, format, arguments);
    return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    char *text;

    va_start(arguments, format);
    text = arena_vprintf(arena, format, arguments);
    va_end(arguments);
    return text;
}

/* Behind the first chunk of `into`, which goes on being filled. */
void arena_join(struct arena *into, struct arena *from)
{
    struct arena_chunk *last = from->chunks;

    if (into->chunks == NULL) {
        *into = *from;
    } else if (last != NULL) {
        while (last->before != NULL)
            last = last->before;
        last->before = into->chunks->before;
        into->chunks->before = from->chunks;
    }
    *from = (struct arena){0};
}

void arena_release(struct arena *arena)
{
    struct arena_chunk *chunk = arena->chunks;

    while (chunk != NULL) {
        struct arena_chunk *before = chunk->before;

        free(chunk);
        chunk = before;
    }
    *arena = (struct arena){0};
}

void *vec_grow(struct arena *arena, void *items, size_t count, size_t *capacity,
               size_t size)
{
    void *moved;

    if (count < *capacity)
        return items;
    *capacity = *capacity == 0 ? 4 : *capacity * 2;
    if (*capacity > SIZE_MAX / size)
        out_of_memory();
    moved = arena_alloc(arena, *capacity * size);
    if (count > 0)
        memcpy(moved, items, count * size);
    return moved;
}
