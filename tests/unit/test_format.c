/*
 * test_format.c: format_text() gives what vsnprintf() gives, byte for byte, at every size
 * of the buffer: for the directives that it knows, and for those that it hands on.
 */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/format.h"

enum {
    SIZE = 128
};

/* Formats with both into buffers of every size, and compares bytes and results. */
__attribute__((format(printf, 1, 2))) static void same(const char *format, ...)
{
    for (size_t size = 0; size <= SIZE; size++) {
        char ours[SIZE + 1], theirs[SIZE + 1];
        va_list arguments;
        int got, wanted;

        memset(ours, '#', sizeof ours);
        memset(theirs, '#', sizeof theirs);
        va_start(arguments, format);
        got = format_text(ours, size, format, arguments);
        va_end(arguments);
        va_start(arguments, format);
        wanted = vsnprintf(theirs, size, format, arguments);
        va_end(arguments);
        assert_int_equal(got, wanted);
        if (size > 0) /* what lies behind the NUL is nobody's */
            assert_string_equal(ours, theirs);
        assert_int_equal(ours[size], '#');
    }
}

static void known_directives(void **state)
{
    (void)state;
    same("nothing to fill in");
    same("%s", "");
    same("%s and %s%s", "one", "two", "three");
    same("%d %d %d %d", 0, -1, INT_MAX, INT_MIN);
    same("%u %u", 0u, UINT_MAX);
    same("%zu %zu", (size_t)0, SIZE_MAX);
    same("%ld %ld %ld", 0L, LONG_MAX, LONG_MIN);
    same("%lld %lld %lld", 0LL, LLONG_MAX, LLONG_MIN);
    same("%03o %03o %03o %03o %03o %03o", 0u, 7u, 8u, 0377u, 0777u, 01000u);
    same("%03o %03o", 0u, UINT_MAX);
    same("%c%c 100%%", 'a', '"');
    same("[%.*s] [%.*s] [%.*s]", 2, "abc", 0, "abc", 9, "abc");
}

static void other_directives(void **state)
{
    (void)state;
    same("%s %03o %s", "octal", 7u, "after");
    same("%5d|%-5d|%+d", 42, 42, 42);
    same("%.15g %f", 0.1, 1e10);
    same("%.3s and %10s", "abcdef", "wide");
    same("%x %lu %lld", 255u, ULONG_MAX, LLONG_MIN);
    same("%s then %.*s", "first", -1, "a negative precision counts as none");
}

/* Not all bytes of a part need to end with a NUL. */
static void part_without_end(void **state)
{
    const char bytes[3] = {'x', 'y', 'z'};

    (void)state;
    same("<%.*s>", 3, bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_directives),
        cmocka_unit_test(other_directives),
        cmocka_unit_test(part_without_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
