/*
 * test_arena.c: alignment, zeroed memory, large requests, copies with NULs, growing
 * arrays.
 */
#include "../../generator/base/arena.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void memory_is_zeroed_and_aligned(void **state)
{
    struct arena arena = {0};
    size_t size, i;

    (void)state;
    for (size = 0; size < 3000; size += 7) {
        unsigned char *memory = arena_alloc(&arena, size);

        assert_int_equal((uintptr_t)memory % alignof(max_align_t), 0);
        for (i = 0; i < size; i++)
            assert_int_equal(memory[i], 0);
        memset(memory, 0xAA, size);
    }
    arena_release(&arena);
}

static void pieces_do_not_overlap(void **state)
{
    enum {
        COUNT = 5000
    };
    struct arena arena = {0};
    static unsigned char *pieces[COUNT];
    size_t i, j;

    (void)state;
    for (i = 0; i < COUNT; i++) {
        pieces[i] = arena_alloc(&arena, i % 97 + 1);
        memset(pieces[i], (int)(i % 251), i % 97 + 1);
    }
    for (i = 0; i < COUNT; i++)
        for (j = 0; j <= i % 97; j++)
            assert_int_equal(pieces[i][j], i % 251);
    arena_release(&arena);
}

static void large_requests_work(void **state)
{
    struct arena arena = {0};
    char *small = arena_strdup(&arena, "small");
    char *large = arena_alloc(&arena, 10 * 1024 * 1024);

    (void)state;
    memset(large, 'x', 10 * 1024 * 1024);
    assert_string_equal(small, "small");
    assert_string_equal(arena_strdup(&arena, "after"), "after");
    arena_release(&arena);
}

static void copies_keep_nuls(void **state)
{
    struct arena arena = {0};
    char *copy = arena_strndup(&arena, "a\0b", 3);

    (void)state;
    assert_memory_equal(copy, "a\0b", 4);
    assert_string_equal(arena_strndup(&arena, NULL, 0), "");
    assert_string_equal(arena_strdup(&arena, ""), "");
    arena_release(&arena);
}

static void printf_has_any_length(void **state)
{
    struct arena arena = {0};
    char *text = arena_printf(&arena, "%0100000d", 7);

    (void)state;
    assert_int_equal(strlen(text), 100000);
    assert_int_equal(text[99999], '7');
    assert_string_equal(arena_printf(&arena, "%s", ""), "");
    arena_release(&arena);
}

static void release_leaves_a_usable_arena(void **state)
{
    struct arena arena = {0};

    (void)state;
    arena_release(&arena);
    arena_alloc(&arena, 1);
    arena_release(&arena);
    assert_string_equal(arena_strdup(&arena, "again"), "again");
    arena_release(&arena);
}

static void vectors_keep_what_was_added(void **state)
{
    struct arena arena = {0};
    VEC(int) numbers = {0};
    int i;

    (void)state;
    for (i = 0; i < 100000; i++) {
        int *added = VEC_ADD(&arena, &numbers);

        assert_int_equal(*added, 0);
        *added = i;
    }
    assert_int_equal(numbers.count, 100000);
    for (i = 0; i < 100000; i++)
        assert_int_equal(numbers.items[i], i);
    arena_release(&arena);
}

/* Of two arenas of several chunks each: all stays readable and both go on. */
static void joined_arenas_keep_their_memory(void **state)
{
    struct arena into = {0}, from = {0}, none = {0};
    char *texts[2000];
    int i;

    (void)state;
    for (i = 0; i < 2000; i++)
        texts[i] = arena_printf(i % 2 == 0 ? &into : &from, "%0*d", 500, i);
    arena_join(&into, &from);
    arena_join(&into, &none);
    assert_string_equal(arena_strdup(&from, "new"), "new");
    assert_string_equal(arena_strdup(&into, "more"), "more");
    for (i = 0; i < 2000; i++)
        assert_int_equal(atoi(texts[i]), i);
    arena_join(&none, &into);
    assert_int_equal(atoi(texts[1999]), 1999);
    assert_null(into.chunks);
    arena_release(&from);
    arena_release(&none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_and_aligned),
        cmocka_unit_test(pieces_do_not_overlap),
        cmocka_unit_test(large_requests_work),
        cmocka_unit_test(copies_keep_nuls),
        cmocka_unit_test(printf_has_any_length),
        cmocka_unit_test(release_leaves_a_usable_arena),
        cmocka_unit_test(joined_arenas_keep_their_memory),
        cmocka_unit_test(vectors_keep_what_was_added),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
