/*
 * arena.h: all memory of a run. Nothing in an arena is freed singly; when memory is out the
 * program says so and exits, in arena.c and nowhere else, so no caller checks for NULL.
 * It must not know what it holds.
 */
#ifndef ARENA_H
#define ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena {
    struct arena_chunk *chunks;
    char *next, *end;
};

/* Zeroed memory, aligned for any object. */
void *arena_alloc(struct arena *arena, size_t size);

/* Copies with a NUL at the end; the result of strndup may hold further NULs. */
char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t length);
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list arguments);

/* Moves all that is in `from` into `into`, where it stays where it is; `from` is empty. */
void arena_join(struct arena *into, struct arena *from);

/* Frees everything; the arena is empty and can be used again. */
void arena_release(struct arena *arena);

/* malloc and realloc that don't return NULL, for the few buffers that live outside. */
void *must_realloc(void *memory, size_t size);

/* Says that memory is out and exits; for libraries that report it to their caller. */
_Noreturn void out_of_memory(void);

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count)                                                  \
    ((type *)arena_alloc((arena), sizeof(type) * (count)))

/*
 * A growing array in an arena: VEC(struct column) columns; VEC_ADD(arena, columns) gives a
 * pointer to a new zeroed element, valid until the next one is added.
 */
#define VEC(type)                                                                        \
    struct {                                                                             \
        type *items;                                                                     \
        size_t count;                                                                    \
        size_t capacity;                                                                 \
    }
#define VEC_ADD(arena, vec)                                                              \
    ((vec)->items = vec_grow((arena), (vec)->items, (vec)->count, &(vec)->capacity,      \
                             sizeof *(vec)->items),                                      \
     &(vec)->items[(vec)->count++])
void *vec_grow(struct arena *arena, void *items, size_t count, size_t *capacity,
               size_t size);

#endif
