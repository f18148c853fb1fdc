/*
 * test_node.c: scalars as values, and where in the source each byte of their text stands.
 */
#include "../../generator/read/node.h"

#include <float.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct node *read_good(const char *text)
{
    struct diags *diags = diags_new(&arena);
    struct node *root =
        node_read(&arena, diags, diags_source(diags, "t", text, strlen(text)));

    diags_print(diags, stderr, false);
    assert_int_equal(diags_errors(diags), 0);
    return root;
}

static const struct node *child(const struct node *node, const char *key)
{
    const struct node *value = node_get(node, key);

    assert_non_null(value);
    return value;
}

static void is_at(struct span span, unsigned line, unsigned column, unsigned length)
{
    assert_int_equal(span.at.line, line);
    assert_int_equal(span.at.column, column);
    assert_int_equal(span.length, length);
}

/* For every byte of the text: that the source has it where node_span_at() says. */
static void check_offsets(const char *text, const char *key)
{
    const struct node *scalar = child(read_good(text), key);
    size_t i;

    for (i = 0; i < scalar->length; i++) {
        struct span span = node_span_at(scalar, i, 1);

        if (scalar->text[i] == '\n')
            continue;
        assert_int_equal(span.length, 1);
        assert_int_equal(text[pos_offset(span.at)], scalar->text[i]);
    }
}

static void offsets_in_text_are_exact(void **state)
{
    (void)state;
    check_offsets("a: 'x'\nsql: SELECT abc FROM t\n", "sql");
    check_offsets("sql: 'SELECT abc'\n", "sql");
    check_offsets("sql: \"SELECT äbc\"\n", "sql");
    check_offsets("q:\n- z\nsql: |\n    SELECT a,\n           b\n\n      FROM t\nz: 1\n",
                  "sql");
    check_offsets("sql: |\n\n\n  SELECT\n    x\n", "sql");
    check_offsets("sql: |2-\n    SELECT\n  x\n", "sql");
    check_offsets("sql: |+ # note\r\n  SELECT\r\n\r\n  x\r\n\r\n", "sql");
    check_offsets("sql: |\n  a\n", "sql");
}

static void other_offsets_give_the_scalar(void **state)
{
    const struct node *node = child(read_good("a: >\n  one\n  two\n"), "a");

    (void)state;
    is_at(node_span_at(node, 4, 3), 3, 3, 3);
    node = child(read_good("a: 'it''s x'\n"), "a");
    is_at(node_span_at(node, 1, 2), 1, 6, 2);
    is_at(node_span_at(node, 5, 1), 1, 11, 1);
    node = child(read_good("a: one\n  two\n"), "a");
    is_at(node_span_at(node, 4, 3), 2, 3, 3);
    node = child(read_good("a: \"x\\u00e9\\n \\\"y\\\n   z w\"\n"), "a");
    is_at(node_span_at(node, 6, 1), 1, 17, 1); /* y */
    is_at(node_span_at(node, 9, 1), 2, 6, 1);  /* w */
    node = child(read_good("a: >-\n  one\n\n    two\n  three x\n"), "a");
    is_at(node_span_at(node, strlen("one\n\n  two\nthree "), 1), 5, 9, 1);
    node = child(read_good("a: abc\n"), "a");
    is_at(node_span_at(node, 99, 99), 1, 7, 0);
    is_at(node_span_at(node, 1, SIZE_MAX), 1, 5, 2);
    node = child(read_good("a: |\n  x\n"), "a");
    is_at(node_span_at(node, 2, 5), 3, 1, 0);
    node = child(read_good("a: |\n"), "a");
    is_at(node_span_at(node, 0, 1), 2, 1, 0);
    node = child(read_good("a: []\n"), "a");
    is_at(node_span_at(node, 3, 1), 1, 4, 1);
}

static void blocks_know_their_indent(void **state)
{
    static const struct {
        const char *text;
        unsigned indent;
    } cases[] = {
        {"a: |\n  x\n", 2},  {"a: >\n\n\n    x\n", 4}, {"a: |2\n    x\n", 2},
        {"a: |\n", 0},       {"a: |\n\n\n", 0},        {"a: |1\n   \n", 1},
        {"a:\n  b: 1\n", 0}, {"a: |-\r\n   x\r\n", 3},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(child(read_good(cases[i].text), "a")->indent, cases[i].indent);
}

static struct node plain(const char *text, bool quoted)
{
    return (struct node){
        .kind = NODE_SCALAR, .text = text, .length = strlen(text), .quoted = quoted};
}

static void integers(void **state)
{
    static const struct {
        const char *text;
        bool good;
        long long value;
    } cases[] = {
        {"0", true, 0},
        {"-0", true, 0},
        {"42", true, 42},
        {"-1", true, -1},
        {"+7", true, 7},
        {"9223372036854775807", true, LLONG_MAX},
        {"9223372036854775808", false, 0},
        {"-9223372036854775808", true, LLONG_MIN},
        {"-9223372036854775809", false, 0},
        {"0x1f", true, 31},
        {"0xFF", true, 255},
        {"0x7fffffffffffffff", true, LLONG_MAX},
        {"0x8000000000000000", false, 0},
        {"-0x1", false, 0},
        {"0x", false, 0},
        {"0X1", false, 0},
        {"017", false, 0},
        {"0o17", false, 0},
        {"-01", false, 0},
        {"1_000", false, 0},
        {"", false, 0},
        {"-", false, 0},
        {"1 ", false, 0},
        {"1.0", false, 0},
        {"1e3", false, 0},
        {"abc", false, 0},
        {"true", false, 0},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct node node = plain(cases[i].text, false),
                    quoted = plain(cases[i].text, true);
        long long value = 1;

        assert_int_equal(node_int64(&node, &value), cases[i].good);
        if (cases[i].good)
            assert_true(value == cases[i].value);
        assert_false(node_int64(&quoted, &value));
    }
}

static void reals_and_booleans(void **state)
{
    static const char *const good[] = {"0",   "1.5",  "-2.25",  "+.5",    "3.",
                                       "1e3", "1E-3", "2.5e+2", "1e-400", "0.1"};
    static const char *const bad[] = {"",    ".",     "-",    "e5",  "1e",
                                      "1e+", ".inf",  "inf",  "nan", "00.5",
                                      "1,5", "1e999", "0x1p3"};
    struct node node = plain("true", false), list = {.kind = NODE_LIST};
    double real;
    bool truth = false;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof good / sizeof *good; i++) {
        node = plain(good[i], false);
        assert_true(node_double(&node, &real));
        assert_true(real == strtod(good[i], NULL));
        node.quoted = true;
        assert_false(node_double(&node, &real));
    }
    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        node = plain(bad[i], false);
        assert_false(node_double(&node, &real));
    }
    node = plain("0x10", false);
    assert_true(node_double(&node, &real) && real == 16);
    node = plain("1.7976931348623157e308", false);
    assert_true(node_double(&node, &real) && real == DBL_MAX);
    node = plain("true", false);
    assert_true(node_bool(&node, &truth) && truth);
    node = plain("false", false);
    assert_true(node_bool(&node, &truth) && !truth);
    node = plain("yes", false);
    assert_false(node_bool(&node, &truth));
    node = plain("True", false);
    assert_false(node_bool(&node, &truth));
    node = plain("true", true);
    assert_false(node_bool(&node, &truth));
    assert_false(node_bool(&list, &truth) || node_double(&list, &real));
    assert_false(node_bool(NULL, &truth));
}

static void looking_up_is_safe(void **state)
{
    const struct node *root = read_good("a: 1\nb: [x]\nc: {}\nd:\n");

    (void)state;
    assert_null(node_get(root, "z"));
    assert_null(node_get(root, ""));
    assert_null(node_get(child(root, "b"), "x"));
    assert_null(node_get(NULL, "x"));
    assert_string_equal(node_kind_name(root), "a map");
    assert_string_equal(node_kind_name(child(root, "a")), "text");
    assert_string_equal(node_kind_name(child(root, "b")), "a list");
    assert_string_equal(node_kind_name(child(root, "d")), "nothing");
    assert_string_equal(node_kind_name(NULL), "nothing");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offsets_in_text_are_exact),
        cmocka_unit_test(other_offsets_give_the_scalar),
        cmocka_unit_test(blocks_know_their_indent),
        cmocka_unit_test(integers),
        cmocka_unit_test(reals_and_booleans),
        cmocka_unit_test(looking_up_is_safe),
    };

    return cmocka_run_group_tests(tests, NULL, teardown);
}
