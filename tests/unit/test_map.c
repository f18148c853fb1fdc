/*
 * test_map.c: finding by string, over growth, replacement and the empty key.
 */
#include "../../generator/base/map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void empty_finds_nothing(void **state)
{
    struct map map = {0};

    (void)state;
    assert_null(map_get(&map, ""));
    assert_null(map_get(&map, "x"));
}

static void puts_and_replaces(void **state)
{
    struct arena arena = {0};
    struct map map = {0};
    int one, two;

    (void)state;
    map_put(&arena, &map, "", &one);
    map_put(&arena, &map, "a", &two);
    assert_ptr_equal(map_get(&map, ""), &one);
    assert_ptr_equal(map_get(&map, arena_strdup(&arena, "a")), &two);
    assert_null(map_get(&map, "A"));
    assert_null(map_get(&map, "aa"));
    map_put(&arena, &map, arena_strdup(&arena, "a"), &one);
    assert_ptr_equal(map_get(&map, "a"), &one);
    assert_int_equal(map.count, 2);
    arena_release(&arena);
}

static void holds_many(void **state)
{
    enum {
        COUNT = 20000
    };
    struct arena arena = {0};
    struct map map = {0};
    static int values[COUNT];
    int i;

    (void)state;
    for (i = 0; i < COUNT; i++)
        map_put(&arena, &map, arena_printf(&arena, "key_%d", i), &values[i]);
    assert_int_equal(map.count, COUNT);
    for (i = 0; i < COUNT; i++)
        assert_ptr_equal(map_get(&map, arena_printf(&arena, "key_%d", i)), &values[i]);
    assert_null(map_get(&map, "key_20000"));
    assert_null(map_get(&map, "key_"));
    arena_release(&arena);
}

/* What room was made for comes without growing, and what was there stays. */
static void reserves(void **state)
{
    static const size_t counts[] = {0, 1, 7, 8, 9, 1000, 1024};
    size_t i, k;

    (void)state;
    for (i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct arena arena = {0};
        struct map map = {0};
        const struct map_slot *slots;
        int before, value;

        map_put(&arena, &map, "before", &before);
        map_reserve(&arena, &map, counts[i] + 1);
        slots = map.slots;
        for (k = 0; k < counts[i]; k++)
            map_put(&arena, &map, arena_printf(&arena, "%zu", k), &value);
        assert_ptr_equal(map.slots, slots);
        assert_int_equal(map.count, counts[i] + 1);
        assert_ptr_equal(map_get(&map, "before"), &before);
        map_reserve(&arena, &map, 1);
        assert_ptr_equal(map.slots, slots);
        arena_release(&arena);
    }
}

static void test_any_case(void **state)
{
    struct arena arena = {0};
    struct map map = {0};
    int values[300], i;

    (void)state;
    assert_null(map_get_lower(&map, "x"));
    for (i = 0; i < 300; i++)
        map_put(&arena, &map, arena_printf(&arena, "key_%d@[\xc3\xa4", i), &values[i]);
    for (i = 0; i < 300; i++) {
        assert_ptr_equal(map_get_lower(&map, arena_printf(&arena, "KeY_%d@[\xc3\xa4", i)),
                         &values[i]);
        assert_null(map_get_lower(&map, arena_printf(&arena, "KeY_%d`{\xc3\xa4", i)));
        assert_null(map_get_lower(&map, arena_printf(&arena, "KeY_%d@[\xc3\x84", i)));
    }
    assert_null(map_get_lower(&map, ""));
    assert_null(map_get_lower(&map, "KEY_"));
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_finds_nothing), cmocka_unit_test(puts_and_replaces),
        cmocka_unit_test(holds_many),          cmocka_unit_test(reserves),
        cmocka_unit_test(test_any_case),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
