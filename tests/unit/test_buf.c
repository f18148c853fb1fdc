/*
 * test_buf.c: text that grows: always ended by a NUL, may hold NULs, handed over once.
 */
#include "../../generator/base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void empty_is_an_empty_string(void **state)
{
    struct buf buf;

    (void)state;
    buf_init(&buf);
    assert_string_equal(buf.data, "");
    buf_add(&buf, NULL, 0);
    buf_adds(&buf, "");
    buf_repeat(&buf, 'x', 0);
    buf_addf(&buf, "%s", "");
    buf_clear(&buf);
    assert_string_equal(buf.data, "");
    assert_int_equal(buf.length, 0);
    buf_release(&buf);
    buf_release(&buf);
}

static void appends_in_every_way(void **state)
{
    struct buf buf;

    (void)state;
    buf_init(&buf);
    buf_adds(&buf, "one");
    buf_addc(&buf, ' ');
    buf_repeat(&buf, '-', 3);
    buf_addf(&buf, " %d %s", -7, "x");
    buf_add(&buf, "\0y", 2);
    assert_int_equal(buf.length, 14);
    assert_memory_equal(buf.data, "one --- -7 x\0y", 15);
    buf_release(&buf);
}

static void grows_over_every_boundary(void **state)
{
    struct buf buf;
    size_t i;

    (void)state;
    buf_init(&buf);
    for (i = 0; i < 100000; i++) {
        buf_addc(&buf, (char)('a' + i % 26));
        assert_int_equal(buf.data[i + 1], 0);
    }
    for (i = 0; i < 100000; i++)
        assert_int_equal(buf.data[i], 'a' + i % 26);
    buf_addf(&buf, "%070000d", 1);
    assert_int_equal(buf.length, 170000);
    buf_release(&buf);
}

static void clear_starts_again(void **state)
{
    struct buf buf;

    (void)state;
    buf_init(&buf);
    buf_adds(&buf, "first");
    buf_clear(&buf);
    assert_string_equal(buf.data, "");
    buf_adds(&buf, "2");
    assert_string_equal(buf.data, "2");
    buf_release(&buf);
}

static void detach_hands_over(void **state)
{
    struct buf buf;
    size_t length = 99;
    char *text;

    (void)state;
    buf_init(&buf);
    text = buf_detach(&buf, &length);
    assert_string_equal(text, "");
    assert_int_equal(length, 0);
    free(text);
    buf_add(&buf, "a\0b", 3);
    text = buf_detach(&buf, &length);
    assert_memory_equal(text, "a\0b", 4);
    assert_int_equal(length, 3);
    assert_string_equal(buf.data, "");
    buf_adds(&buf, "new");
    assert_string_equal(buf.data, "new");
    free(text);
    text = buf_detach(&buf, NULL);
    free(text);
    buf_release(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_is_an_empty_string),
        cmocka_unit_test(appends_in_every_way),
        cmocka_unit_test(grows_over_every_boundary),
        cmocka_unit_test(clear_starts_again),
        cmocka_unit_test(detach_hands_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
