/*
 * test_view_sample_value.c: long values as C, whose repeated parts have names. What the
 * names stand for is checked by tests/t/emitted.t, with a compiler.
 */
#include "../../generator/view/view_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define STRANGE "é日𝄞Z'\"\\% ß"

static struct arena arena;

static int release(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static const char *repeat(const char *unit, size_t count, const char *end)
{
    struct buf text;
    const char *copy;

    buf_init(&text);
    while (count-- > 0)
        buf_adds(&text, unit);
    buf_adds(&text, end);
    copy = arena_strdup(&arena, text.data);
    buf_release(&text);
    return copy;
}

static void expect(enum type_kind type, const char *value, size_t length,
                   const char *expected)
{
    struct builder builder = {.arena = &arena};
    const struct column column = {.type = type};
    const struct literal literal = {.kind =
                                        type == TYPE_BLOB ? LITERAL_BLOB : LITERAL_TEXT,
                                    .text = value,
                                    .length = length};

    assert_string_equal(sample_initializer(&builder, &column, &literal, 4), expected);
}

static void expect_text(const char *unit, size_t count, const char *end,
                        const char *expected)
{
    const char *text = repeat(unit, count, end);

    expect(TYPE_TEXT, text, strlen(text), expected);
}

static void long_texts_have_names(void **state)
{
    (void)state;
    expect_text("", 0, "", "\"\"");
    expect_text("", 0, "b", "\"b\"");
    expect_text(STRANGE, 1, "", "STRANGE_10");
    expect_text(STRANGE, 1, "é日𝄞", "STRANGE_10\n    \"é日𝄞\"");
    expect_text("é日𝄞Z'\"\\% x", 1, "", "\"é日𝄞Z'\\\"\\\\% x\"");
    expect_text(STRANGE, 9, "", "STRANGE_50 STRANGE_10 STRANGE_10 STRANGE_10 STRANGE_10");
    expect_text(STRANGE, 20, "", "STRANGE_200");
    expect_text(STRANGE, 26, "!", "STRANGE_200 STRANGE_50 STRANGE_10\n    \"!\"");
    expect_text("a", 99, "",
                "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"\n"
                "    \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"");
    expect_text("a", 100, "", "WIDE_100");
    expect_text("a", 1001, "", "WIDE_1000\n    \"a\"");
    expect_text("a", 1600, "", "WIDE_1000 WIDE_500 WIDE_100");
    expect_text("a", 8000, "",
                "WIDE_1000 WIDE_1000 WIDE_1000 WIDE_1000 WIDE_1000 WIDE_1000 WIDE_1000\n"
                "    WIDE_1000");
}

static void long_blobs_have_a_name(void **state)
{
    char bytes[600];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(unsigned char)(255 - i % 256);
    expect(TYPE_BLOB, bytes, 0, "{\"\", 0}");
    expect(TYPE_BLOB, bytes, 2, "{\"\\377\\376\", 2}");
    expect(TYPE_BLOB, bytes, 16, "{BYTES_256, 16}");
    expect(TYPE_BLOB, bytes, 256, "{BYTES_256, 256}");
    expect(TYPE_BLOB, bytes, 257, "{BYTES_256 BYTES_256, 257}");
    expect(TYPE_BLOB, bytes, 600, "{BYTES_256 BYTES_256 BYTES_256, 600}");
    bytes[16] = 0;
    expect(
        TYPE_BLOB, bytes, 17,
        "{\"\\377\\376\\375\\374\\373\\372\\371\\370\\367\\366\\365\\364\\363\\362\\361"
        "\"\n     \"\\360\\000\", 17}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(long_texts_have_names, release),
        cmocka_unit_test_teardown(long_blobs_have_a_name, release),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
