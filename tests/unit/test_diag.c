/*
 * test_diag.c: what a diagnostic looks like, to the byte: place, caret, hint, notes,
 * order, limits, long lines, bytes that must not reach a terminal; and utf8.h, which it
 * rests on.
 */
#include "../../generator/base/diag.h"
#include "../../generator/base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;
static struct diags *diags;

static int setup(void **state)
{
    (void)state;
    diags = diags_new(&arena);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static char *printed_as(bool color, bool json)
{
    char *text = NULL, *copy;
    size_t length;
    FILE *out = open_memstream(&text, &length);

    if (json)
        diags_print_json(diags, out);
    else
        diags_print(diags, out, color);
    fclose(out);
    copy = arena_strndup(&arena, text, length);
    free(text);
    return copy;
}

static char *printed(void)
{
    return printed_as(false, false);
}

static const struct source *source(const char *text)
{
    return diags_source(diags, "a.yaml", text, strlen(text));
}

static struct span at(const struct source *from, unsigned line, unsigned column,
                      unsigned length)
{
    return (struct span){.at = {from, line, column}, .length = length};
}

static void looks_as_documented(void **state)
{
    char text[1000] = "";
    const struct source *from;
    int i;

    (void)state;
    for (i = 0; i < 30; i++)
        strcat(text, "\n");
    strcat(text, "      on_delte: cascade\n");
    from = diags_source(diags, "schema/dockstat.yaml", text, strlen(text));
    diag_hint(diag_error(diags, 104, at(from, 31, 7, 8), "unknown key `%s` in a column",
                         "on_delte"),
              "did you mean `%s`?", "on_delete");
    assert_string_equal(
        printed(),
        "schema/dockstat.yaml:31:7: error: unknown key `on_delte` in a column [Q0104]\n"
        "   31 |       on_delte: cascade\n"
        "      |       ^~~~~~~~ did you mean `on_delete`?\n");
    assert_int_equal(diags_errors(diags), 1);
    assert_int_equal(diags_warnings(diags), 0);
}

static void notes_show_a_second_place(void **state)
{
    const struct source *from = source("name: a\nother: b\nname: c");

    (void)state;
    diag_note(diag_warning(diags, 12, at(from, 3, 1, 4), "duplicate"), at(from, 1, 1, 4),
              "first defined here");
    assert_string_equal(printed(), "a.yaml:3:1: warning: duplicate [Q0012]\n"
                                   "    3 | name: c\n"
                                   "      | ^~~~\n"
                                   "a.yaml:1:1: note: first defined here\n"
                                   "    1 | name: a\n"
                                   "      | ^~~~\n");
    assert_int_equal(diags_warnings(diags), 1);
    assert_int_equal(diags_errors(diags), 0);
}

static void color_only_when_asked(void **state)
{
    (void)state;
    diag_error(diags, 1, at(source("abc"), 1, 2, 2), "bad");
    assert_string_equal(printed_as(true, false),
                        "a.yaml:1:2: \033[1;31merror:\033[0m bad [Q0001]\n"
                        "    1 | abc\n"
                        "      |  \033[1;32m^~\033[0m\n");
}

static void tabs_stay_and_characters_count(void **state)
{
    (void)state;
    diag_error(diags, 1, at(source("\tä: öß x\r\n"), 1, 6, 4), "bad");
    assert_string_equal(printed(), "a.yaml:1:6: error: bad [Q0001]\n"
                                   "    1 | \tä: öß x\n"
                                   "      | \t   ^~\n");
}

static void nothing_garbles_a_terminal(void **state)
{
    (void)state;
    diag_hint(diag_error(diags, 1, at(source("a\033[31m\xFF\xE2\x80\xAE z"), 1, 11, 1),
                         "key `\033[0m\n`"),
              "\007");
    assert_string_equal(printed(), "a.yaml:1:11: error: key `?[0m?` [Q0001]\n"
                                   "    1 | a?[31m?? z\n"
                                   "      |         ^ ?\n");
}

static void no_place_prints_no_line(void **state)
{
    const struct source *from = source("x");

    (void)state;
    diag_hint(diag_error(diags, 7, at(from, 0, 0, 0), "empty"), "write something");
    diag_error(diags, 8, at(from, 0, 0, 0), "other");
    diag_error(diags, 9, at(NULL, 0, 0, 0), "nowhere");
    assert_string_equal(printed(), "quarry: error: nowhere [Q0009]\n"
                                   "a.yaml: error: empty [Q0007]\n"
                                   "      | write something\n"
                                   "a.yaml: error: other [Q0008]\n");
}

static void places_beyond_the_text_are_safe(void **state)
{
    const struct source *from = source("ab\n");

    (void)state;
    diag_error(diags, 1, at(from, 1, 99, 99), "column");
    diag_error(diags, 1, at(from, 2, 1, 0), "end");
    diag_error(diags, 1, at(from, 99, 1, 5), "line");
    assert_string_equal(printed(), "a.yaml:1:99: error: column [Q0001]\n"
                                   "    1 | ab\n"
                                   "      |   ^\n"
                                   "a.yaml:2:1: error: end [Q0001]\n"
                                   "    2 | \n"
                                   "      | ^\n"
                                   "a.yaml:99:1: error: line [Q0001]\n"
                                   "   99 | \n"
                                   "      | ^\n");
}

static void ordered_by_source_and_place(void **state)
{
    const struct source *first = source("abc\ndef\n");
    const struct source *second = diags_source(diags, "b.yaml", "x", 1);
    char *text;

    (void)state;
    diag_error(diags, 1, at(second, 1, 1, 1), "E");
    diag_error(diags, 1, at(first, 2, 1, 1), "D");
    diag_error(diags, 1, at(first, 1, 2, 1), "B");
    diag_warning(diags, 1, at(first, 1, 2, 1), "C");
    diag_error(diags, 1, at(first, 1, 1, 1), "A");
    text = printed();
    assert_true(strstr(text, ": A ") < strstr(text, ": B "));
    assert_true(strstr(text, ": B ") < strstr(text, ": C "));
    assert_true(strstr(text, ": C ") < strstr(text, ": D "));
    assert_true(strstr(text, ": D ") < strstr(text, ": E "));
}

static void first_error_at_a_place_is_kept(void **state)
{
    const struct source *from = source("abc");
    struct diag *dropped;

    (void)state;
    diag_error(diags, 1, at(from, 1, 1, 1), "first");
    dropped = diag_error(diags, 2, at(from, 1, 1, 3), "second");
    diag_hint(dropped, "hint");
    diag_note(dropped, at(from, 1, 2, 1), "note");
    assert_string_equal(printed(), "a.yaml:1:1: error: first [Q0001]\n"
                                   "    1 | abc\n"
                                   "      | ^\n");
    assert_int_equal(diags_errors(diags), 1);
}

static void a_limit_is_kept_and_told(void **state)
{
    enum {
        COUNT = 20000
    };
    char *text = arena_alloc(&arena, COUNT + 1);
    const struct source *from;
    unsigned i;
    const char *end;

    (void)state;
    memset(text, '\n', COUNT);
    from = source(text);
    for (i = 1; i <= COUNT; i++) {
        assert_int_equal(diags_full(diags), i > DIAGS_LIMIT);
        diag_hint(diag_error(diags, 1, at(from, i, 1, 1), "bad"), "h");
    }
    assert_int_equal(diags_errors(diags), COUNT);
    end = "      | ^ h\nquarry: 19900 more errors not shown\n";
    text = printed();
    assert_string_equal(text + strlen(text) - strlen(end), end);
    assert_non_null(strstr(text, "a.yaml:100:1:"));
    assert_null(strstr(text, "a.yaml:101:1:"));
}

/* What two others found is there in their order, as if it had been reported at once. */
static void joined_in_order(void **state)
{
    const struct source *from = source("abc\ndef\n");
    struct diags *one = diags_new(&arena), *two = diags_new(&arena);
    struct diag *diag;
    unsigned i;

    (void)state;
    diag_error(diags, 1, at(from, 1, 1, 1), "before");
    diag = diag_error(one, 2, at(from, 2, 1, 1), "first");
    diag_hint(diag, "hint");
    diag_note(diag, at(from, 1, 2, 1), "note");
    diag_error(two, 3, at(from, 2, 1, 1), "dropped: same place");
    diag_error(two, 4, at(from, 1, 1, 1), "dropped as well");
    diag_warning(two, 5, at(from, 1, 3, 1), "warning");
    diags_join(diags, one);
    diags_join(diags, two);
    diags_join(diags, diags_new(&arena));
    assert_int_equal(diags_errors(diags), 2);
    assert_int_equal(diags_warnings(diags), 1);
    assert_string_equal(printed(), "a.yaml:1:1: error: before [Q0001]\n"
                                   "    1 | abc\n"
                                   "      | ^\n"
                                   "a.yaml:1:3: warning: warning [Q0005]\n"
                                   "    1 | abc\n"
                                   "      |   ^\n"
                                   "a.yaml:2:1: error: first [Q0002]\n"
                                   "    2 | def\n"
                                   "      | ^ hint\n"
                                   "a.yaml:1:2: note: note\n"
                                   "    1 | abc\n"
                                   "      |  ^\n");
    for (i = 0; i < DIAGS_LIMIT + 7; i++)
        diag_error(one, 6, (struct span){0}, "many");
    diags_join(diags, one); /* one of its errors is there already */
    assert_int_equal(diags_errors(diags), 2 + DIAGS_LIMIT + 7);
    assert_true(diags_full(diags));
}

/* The shown part of a line of 5,000 characters, with a caret at each. */
static void long_lines_show_a_window(void **state)
{
    enum {
        COUNT = 5000
    };
    char *text = arena_alloc(&arena, COUNT * 2 + 1), *out, *line, *caret;
    const struct source *from;
    unsigned i;

    (void)state;
    for (i = 0; i < COUNT; i++)
        memcpy(text + 2 * (size_t)i, "ä", 2);
    from = source(text);
    for (i = 1; i <= 2 * COUNT; i += 222) {
        diags = diags_new(&arena);
        diag_error(diags, 1, at(from, 1, i, 4), "bad");
        out = printed();
        assert_int_equal(utf8_first_bad(out, strlen(out)), strlen(out));
        assert_null(strchr(out, '?'));
        line = strchr(out, '\n') + 1;
        caret = strchr(line, '\n') + 1;
        assert_true(caret - line < 8 + 160 + 6 + 2);
        assert_true(strlen(caret) < 8 + 90 + 6);
        assert_non_null(strstr(line, "…"));
    }
    diags = diags_new(&arena);
    diag_error(diags, 1, at(from, 1, 5001, 4), "bad");
    caret = strchr(strchr(printed(), '\n') + 1, '\n');
    assert_string_equal(caret, "\n      |                                ^~\n");
}

static void large_line_numbers_keep_the_gutter(void **state)
{
    char *text = arena_alloc(&arena, 1000001);

    (void)state;
    memset(text, '\n', 1000000);
    text[999999] = 'x';
    diag_error(diags, 1, at(source(text), 1000000, 1, 1), "bad");
    assert_string_equal(printed(), "a.yaml:1000000:1: error: bad [Q0001]\n"
                                   "1000000 | x\n"
                                   "        | ^\n");
}

static void long_messages_are_cut(void **state)
{
    char *key = arena_alloc(&arena, 1000001);
    const char *out;

    (void)state;
    memset(key, 'k', 1000000);
    diag_error(diags, 1, at(source("x"), 1, 1, 1), "key `%s`", key);
    out = printed();
    assert_true(strlen(out) < 800);
    assert_non_null(strstr(out, "k… [Q0001]"));
}

static void lines_are_found(void **state)
{
    const struct source *from = source("\xEF\xBB\xBF"
                                       "a\r\n\nccc\n");
    size_t length;

    (void)state;
    assert_int_equal(from->line_count, 4);
    assert_int_equal(pos_at(from, 3).line, 1);
    assert_int_equal(pos_at(from, 3).column, 1);
    assert_int_equal(pos_at(from, 0).column, 1);
    assert_int_equal(pos_at(from, 6).line, 2);
    assert_int_equal(pos_at(from, 9).line, 3);
    assert_int_equal(pos_at(from, 9).column, 3);
    assert_int_equal(pos_at(from, 11).line, 4);
    assert_int_equal(pos_offset(pos_at(from, 9)), 9);
    assert_memory_equal(source_line(from, 1, &length), "a", 1);
    assert_int_equal(length, 1);
    source_line(from, 5, &length);
    assert_int_equal(length, 0);
    assert_int_equal(span_at(from, 8, 100).length, 2);
    assert_int_equal(source("")->line_count, 1);
    assert_int_equal(diags_source(diags, "null", NULL, 0)->line_count, 1);
}

static void json_is_escaped(void **state)
{
    const struct source *from = source("abc");
    struct diag *diag =
        diag_error(diags, 104, at(from, 1, 2, 1), "a \"b\" \\ \033 ä \xFF");

    (void)state;
    diag_hint(diag, "h\n");
    diag_note(diag, at(from, 1, 1, 1), "n");
    diag_note(diag, at(NULL, 0, 0, 0), "m");
    diag_warning(diags, 7, at(from, 0, 0, 0), "w");
    assert_string_equal(printed_as(false, true),
                        "[{\"file\": \"a.yaml\", \"line\": 0, \"column\": 0, \"length\": "
                        "0, \"severity\": "
                        "\"warning\", \"code\": \"Q0007\", \"message\": \"w\", \"hint\": "
                        "null, \"notes\": []},\n"
                        " {\"file\": \"a.yaml\", \"line\": 1, \"column\": 2, \"length\": "
                        "1, \"severity\": "
                        "\"error\", \"code\": \"Q0104\", \"message\": \"a \\\"b\\\" \\\\ "
                        "\\u001b ä \\ufffd\", "
                        "\"hint\": \"h\\u000a\", \"notes\": ["
                        "{\"file\": \"a.yaml\", \"line\": 1, \"column\": 1, \"length\": "
                        "1, \"message\": \"n\"}, "
                        "{\"file\": null, \"line\": 0, \"column\": 0, \"length\": 0, "
                        "\"message\": \"m\"}]}]\n");
}

static void no_diagnostics_print_nothing(void **state)
{
    (void)state;
    assert_string_equal(printed(), "");
    assert_string_equal(printed_as(false, true), "[]\n");
}

static void utf8_takes_shortest_forms_only(void **state)
{
    static const struct {
        const char *text;
        size_t length, bad;
    } cases[] = {
        {"", 0, 0},
        {"a\0b", 3, 3},
        {"ä€😀", 9, 9},
        {"\x80", 1, 0},
        {"a\xC3", 2, 1},
        {"\xC0\x80", 2, 0},
        {"\xC1\xBF", 2, 0},
        {"\xE0\x9F\xBF", 3, 0},
        {"\xED\x9F\xBF", 3, 3},
        {"\xED\xA0\x80", 3, 0},
        {"\xEE\x80\x80", 3, 3},
        {"\xEF\xBF\xBF", 3, 3},
        {"\xF0\x8F\xBF\xBF", 4, 0},
        {"\xF4\x8F\xBF\xBF", 4, 4},
        {"\xF4\x90\x80\x80", 4, 0},
        {"\xF5\x80\x80\x80", 4, 0},
        {"ab\xE2\x82", 4, 2},
        {"\xE2\x82"
         "a",
         3, 0},
        {"\xFF", 1, 0},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(utf8_first_bad(cases[i].text, cases[i].length), cases[i].bad);
    assert_int_equal(utf8_floor("a€b", 3), 1);
    assert_int_equal(utf8_floor("a€b", 4), 4);
    assert_int_equal(utf8_floor("a", 0), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(looks_as_documented),
        TEST(notes_show_a_second_place),
        TEST(color_only_when_asked),
        TEST(tabs_stay_and_characters_count),
        TEST(nothing_garbles_a_terminal),
        TEST(no_place_prints_no_line),
        TEST(places_beyond_the_text_are_safe),
        TEST(ordered_by_source_and_place),
        TEST(first_error_at_a_place_is_kept),
        TEST(a_limit_is_kept_and_told),
        TEST(joined_in_order),
        TEST(long_lines_show_a_window),
        TEST(large_line_numbers_keep_the_gutter),
        TEST(long_messages_are_cut),
        TEST(lines_are_found),
        TEST(json_is_escaped),
        TEST(no_diagnostics_print_nothing),
        TEST(utf8_takes_shortest_forms_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
