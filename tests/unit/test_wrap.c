/*
 * test_wrap.c: the last form of emitted C: where long lines break, what stays as it is,
 * and that it does not matter in which pieces text comes.
 */
#include "../../generator/render/wrap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- helpers --------------------------------------------------------------------------
 */

/* Wraps `text`, written in pieces of `size` bytes. */
static char *wrapped(const char *text, size_t size)
{
    struct buf_sink collected;
    struct wrap_sink wrap;
    size_t length = strlen(text), i;
    struct buf buf;

    buf_init(&buf);
    buf_sink_init(&collected, &buf);
    wrap_init(&wrap, &collected.sink);
    for (i = 0; i < length; i += size)
        assert_true(
            wrap.sink.write(&wrap.sink, text + i, length - i < size ? length - i : size));
    assert_true(wrap_finish(&wrap));
    return buf_detach(&buf, NULL);
}

static void expect_wrapped(const char *text, const char *wanted)
{
    static const size_t sizes[] = {SIZE_MAX / 2, 1, 7, 90};
    size_t i;

    for (i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char *got = wrapped(text, sizes[i]);

        assert_string_equal(got, wanted);
        free(got);
    }
}

static void expect_same(const char *text)
{
    expect_wrapped(text, text);
}

static size_t characters(const char *text, size_t length)
{
    size_t count = 0, i;

    for (i = 0; i < length; i++)
        count += ((unsigned char)text[i] & 0xc0) != 0x80;
    return count;
}

/* No line of the text is wider than a line may be. */
static void expect_narrow(const char *text)
{
    const char *line = text;

    while (*line != '\0') {
        size_t length = strcspn(line, "\n");

        assert_true(characters(line, length) <= WRAP_WIDTH);
        line += length + (line[length] == '\n');
    }
}

/* The same tokens: what is left without blanks and line ends, which code may gain. */
static void expect_tokens(const char *got, const char *text)
{
    for (;;) {
        got += strspn(got, " \n");
        text += strspn(text, " \n");
        assert_int_equal(*got, *text);
        if (*text == '\0')
            return;
        got++;
        text++;
    }
}

/* ---- what stays -----------------------------------------------------------------------
 */

static void short_lines_stay(void **state)
{
    (void)state;
    expect_same("");
    expect_same("int a;\n");
    expect_same("int a;\n\nint b;\n");
    expect_same("    if (a)\n        b();\n");
    expect_same("#include <string.h>\n");
}

static void a_line_of_the_width_stays(void **state)
{
    char line[WRAP_WIDTH + 2];

    (void)state;
    memset(line, 'a', WRAP_WIDTH);
    memcpy(line, "f(a, b)", 7);
    line[WRAP_WIDTH] = '\n';
    line[WRAP_WIDTH + 1] = '\0';
    expect_same(line);
}

/* 90 characters, not bytes. */
static void width_is_of_characters(void **state)
{
    struct buf line;

    (void)state;
    buf_init(&line);
    buf_adds(&line, "f(a, \"");
    while (line.length < 6 + (size_t)(WRAP_WIDTH - 8) * 2)
        buf_adds(&line, "\xc3\xa9");
    buf_adds(&line, "\")\n");
    assert_int_equal(characters(line.data, line.length - 1), WRAP_WIDTH);
    expect_same(line.data);
    buf_release(&line);
}

static void one_long_token_stays(void **state)
{
    char line[400];

    (void)state;
    memset(line, 'x', sizeof line);
    line[sizeof line - 2] = '\n';
    line[sizeof line - 1] = '\0';
    expect_same(line);
}

static void strings_are_never_broken(void **state)
{
    (void)state;
    expect_same(
        "    \"a, b, c, d, e && f || g ? h : i, a, b, c, d, e && f || g ? h : i, a, b, "
        "c, d, e && f || g ? h : i\"\n");
    expect_same(
        "    \"a quote \\\", and more, a, b, c, d, e && f || g ? h : i, a, b, c, d, e && "
        "f || g ? h\"\n");
    expect_same("x = ',';\n");
}

/* ---- what goes -------------------------------------------------------------------- */

static void blanks_and_empty_lines_go(void **state)
{
    (void)state;
    expect_wrapped("int a;   \n", "int a;\n");
    expect_wrapped("a\n\n\n\nb\n", "a\n\nb\n");
    expect_wrapped("a\n   \n \nb\n", "a\n\nb\n");
    expect_wrapped("a\n\n\nb\n\n\nc\n", "a\n\nb\n\nc\n");
}

static void a_last_line_without_end_gets_one(void **state)
{
    (void)state;
    expect_wrapped("int a;", "int a;\n");
    expect_wrapped("int a;\nint b;", "int a;\nint b;\n");
}

/* ---- where lines break ------------------------------------------------------------ */

static void arguments_go_under_the_parenthesis(void **state)
{
    (void)state;
    expect_wrapped(
        "quarry_status dockstat_container_get_many(quarry_db *db, const char *const "
        "*keys, size_t count);\n",
        "quarry_status dockstat_container_get_many(quarry_db *db, const char *const "
        "*keys,\n"
        "                                          size_t count);\n");
}

static void as_far_out_as_possible(void **state)
{
    (void)state;
    expect_wrapped("    check(first_function_with_a_name(one, two, three), "
                   "second_function_with_a_name(four, five));\n",
                   "    check(first_function_with_a_name(one, two, three),\n"
                   "          second_function_with_a_name(four, five));\n");
}

static void conditions_go_under_each_other(void **state)
{
    (void)state;
    expect_wrapped("    if (this_is_a_long_condition_of_its_own && "
                   "and_this_is_a_second_condition_that_is_long)\n",
                   "    if (this_is_a_long_condition_of_its_own &&\n"
                   "        and_this_is_a_second_condition_that_is_long)\n");
}

static void a_comma_in_a_string_is_no_place(void **state)
{
    (void)state;
    expect_wrapped(
        "    call(\"one, two, three, four, five, six, seven, eight, nine, ten, eleven\", "
        "second_argument);\n",
        "    call(\"one, two, three, four, five, six, seven, eight, nine, ten, "
        "eleven\",\n"
        "         second_argument);\n");
}

static void long_lists_take_many_lines(void **state)
{
    struct buf line;
    char *got;
    size_t i;

    (void)state;
    buf_init(&line);
    buf_adds(&line, "    call(");
    for (i = 0; i < 200; i++)
        buf_addf(&line, "%sargument_%zu", i > 0 ? ", " : "", i);
    buf_adds(&line, ");\n");
    got = wrapped(line.data, line.length);
    expect_narrow(got);
    expect_tokens(got, line.data);
    free(got);
    buf_release(&line);
}

/* Deep nesting, more than the stack of parentheses that is kept. */
static void deep_parentheses_lose_nothing(void **state)
{
    struct buf line;
    char *got;
    size_t i;

    (void)state;
    buf_init(&line);
    buf_adds(&line, "    x = ");
    for (i = 0; i < 100; i++)
        buf_adds(&line, "f(a, ");
    for (i = 0; i < 100; i++)
        buf_adds(&line, ")");
    buf_adds(&line, ";\n");
    got = wrapped(line.data, line.length);
    expect_tokens(got, line.data);
    free(got);
    buf_release(&line);
}

static void broken_quotes_lose_nothing(void **state)
{
    static const char *const texts[] = {"    x = \"no end, a, b, c, d, e, f, g, h, i, j, "
                                        "k, l, m, n, o, p, q, r, s, t, u, v, w, x, "
                                        "y\n",
                                        "    x = 'no end, a, b, c, d, e, f, g, h, i, j, "
                                        "k, l, m, n, o, p, q, r, s, t, u, v, w, x, "
                                        "y\\\n",
                                        "    ))))))))))))))))))))), a, b, c, d, e, f, g, "
                                        "h, i, j, k, l, m, n, o, p, q, r, s, t, u, "
                                        "v, w\n"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof texts / sizeof *texts; i++) {
        char *got = wrapped(texts[i], strlen(texts[i]));

        expect_tokens(got, texts[i]);
        free(got);
    }
}

/* ---- comments --------------------------------------------------------------------- */

static void a_long_comment_becomes_a_block(void **state)
{
    (void)state;
    expect_wrapped(
        "/* A comment that is so long that it does not fit on a line of ninety "
        "characters, not at all. */\n",
        "/*\n"
        " * A comment that is so long that it does not fit on a line of ninety "
        "characters, "
        "not at\n"
        " * all.\n"
        " */\n");
}

static void an_indented_comment_keeps_its_indent(void **state)
{
    char *got = wrapped(
        "    /* A comment that is so long that it does not fit on a line of ninety "
        "characters, (a, b), no. */\n",
        1000);

    (void)state;
    expect_narrow(got);
    assert_memory_equal(got, "    /*\n     * A comment", 22);
    assert_string_equal(got + strlen(got) - 8, "     */\n");
    free(got);
}

static void lines_of_a_block_wrap_with_their_star(void **state)
{
    (void)state;
    expect_wrapped(
        " * A line inside a comment of several lines that is longer than a line may be, "
        "and goes on.\n",
        " * A line inside a comment of several lines that is longer than a line may be, "
        "and goes\n * on.\n");
}

/* ---- the next sink ---------------------------------------------------------------- */

struct failing_sink {
    struct sink sink;
    size_t writes; /* that go well */
};

static bool failing_write(struct sink *sink, const char *text, size_t length)
{
    struct failing_sink *failing = (struct failing_sink *)sink;

    (void)text;
    (void)length;
    return failing->writes > 0 && failing->writes-- > 0;
}

static void a_sink_that_stops_is_heard(void **state)
{
    struct failing_sink failing = {{failing_write}, 0};
    struct wrap_sink wrap;

    (void)state;
    wrap_init(&wrap, &failing.sink);
    assert_false(wrap.sink.write(&wrap.sink, "int a;\n", 7));
    assert_true(wrap_finish(&wrap)); /* nothing was left to write */

    wrap_init(&wrap, &failing.sink);
    assert_true(wrap.sink.write(&wrap.sink, "int a;", 6));
    assert_false(wrap_finish(&wrap));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_lines_stay),
        cmocka_unit_test(a_line_of_the_width_stays),
        cmocka_unit_test(width_is_of_characters),
        cmocka_unit_test(one_long_token_stays),
        cmocka_unit_test(strings_are_never_broken),
        cmocka_unit_test(blanks_and_empty_lines_go),
        cmocka_unit_test(a_last_line_without_end_gets_one),
        cmocka_unit_test(arguments_go_under_the_parenthesis),
        cmocka_unit_test(as_far_out_as_possible),
        cmocka_unit_test(conditions_go_under_each_other),
        cmocka_unit_test(a_comma_in_a_string_is_no_place),
        cmocka_unit_test(long_lists_take_many_lines),
        cmocka_unit_test(deep_parentheses_lose_nothing),
        cmocka_unit_test(broken_quotes_lose_nothing),
        cmocka_unit_test(a_long_comment_becomes_a_block),
        cmocka_unit_test(an_indented_comment_keeps_its_indent),
        cmocka_unit_test(lines_of_a_block_wrap_with_their_star),
        cmocka_unit_test(a_sink_that_stops_is_heard),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
