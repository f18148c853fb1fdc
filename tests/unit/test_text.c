/*
 * test_text.c: texts, numbers and prose as C literals and comments: what is written reads
 * back, in every locale, and no text can leave its literal or its comment.
 */
#include "modelling.h"

#include "../../generator/view/text.h"
#include "../../generator/view/value.h"

#include <float.h>
#include <locale.h>
#include <math.h>

/* ---- literals -------------------------------------------------------------------------
 */

/* Reads a C string literal back as a compiler would, octal escapes of three digits. */
static size_t read_literal(const char *text, char *out)
{
    size_t count = 0;

    assert_int_equal(*text++, '"');
    while (*text != '"') {
        char c = *text++;

        assert_int_not_equal(c, '\0');
        if (c == '\\') {
            static const char letters[] = "n\nt\tr\r\"\"\\\\??";
            const char *found = strchr(letters, *text);

            if (*text >= '0' && *text <= '7') {
                c = (char)((text[0] - '0') * 64 + (text[1] - '0') * 8 + (text[2] - '0'));
                text += 3;
            } else {
                assert_non_null(found);
                c = found[1];
                text++;
            }
        }
        out[count++] = c;
    }
    assert_int_equal(text[1], '\0');
    return count;
}

static void a_c_string_reads_back(void **state)
{
    struct arena arena = {0};
    char all[256], back[1024];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof all; i++)
        all[i] = (char)(i + 1);
    assert_int_equal(read_literal(text_c_string(&arena, all, 255), back), 255);
    assert_memory_equal(back, all, 255);
    all[1] = '\0';
    assert_int_equal(read_literal(text_c_bytes(&arena, all, 256), back), 256);
    assert_memory_equal(back, all, 256);
    assert_string_equal(text_c_string(&arena, "", 0), "\"\"");
    assert_string_equal(text_c_string(&arena, "a\"b\\c\n\t\r", 8),
                        "\"a\\\"b\\\\c\\n\\t\\r\"");
    assert_string_equal(text_c_string(&arena,
                                      "\x01"
                                      "1\x7f",
                                      3),
                        "\"\\0011\\177\"");
    assert_string_equal(text_c_string(&arena, "gr\xc3\xb6\xc3\x9f", 6),
                        "\"gr\xc3\xb6\xc3\x9f\"");
    assert_string_equal(text_c_bytes(&arena,
                                     "\0\xff"
                                     "a",
                                     3),
                        "\"\\000\\377a\"");
    arena_release(&arena);
}

static void no_trigraph_stands_in_a_c_string(void **state)
{
    struct arena arena = {0};

    (void)state;
    assert_null(strstr(text_c_string(&arena, "?\?/ ?\?\?= ?\?\?\?", 13), "??"));
    assert_string_equal(text_c_string(&arena, "a?b", 3), "\"a?b\"");
    arena_release(&arena);
}

static void numbers_as_c(void **state)
{
    struct arena arena = {0};

    (void)state;
    assert_string_equal(text_int64(&arena, INT64_MIN), "INT64_MIN");
    assert_string_equal(text_int64(&arena, INT64_MIN + 1), "-9223372036854775807");
    assert_string_equal(text_int64(&arena, INT64_MAX), "9223372036854775807");
    assert_string_equal(text_int64(&arena, 0), "0");
    assert_string_equal(text_size(&arena, SIZE_MAX), "18446744073709551615");
    assert_string_equal(text_double(&arena, 1), "1.0");
    assert_string_equal(text_double(&arena, -2.5), "-2.5");
    assert_string_equal(text_double(&arena, 0.1), "0.1");
    assert_string_equal(text_double(&arena, 1e300), "1e+300");
    arena_release(&arena);
}

static void doubles_read_back(void **state)
{
    static const double values[] = {0.0,
                                    -0.0,
                                    0.1,
                                    1.0 / 3,
                                    DBL_MAX,
                                    -DBL_MAX,
                                    DBL_MIN,
                                    5e-324,
                                    1e15,
                                    1e16,
                                    123456789.123456789,
                                    2.5e-7};
    struct arena arena = {0};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof values / sizeof *values; i++) {
        const char *text = text_double(&arena, values[i]);

        assert_true(strtod(text, NULL) == values[i]);
        assert_non_null(strpbrk(text, ".e")); /* C takes it for a double */
    }
    arena_release(&arena);
}

/* Where the machine has a locale with a decimal comma. */
static void doubles_have_a_point_in_every_locale(void **state)
{
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8", "tr_TR.UTF-8",
                                        "fr_FR.UTF-8"};
    struct arena arena = {0};
    size_t i = 0;

    (void)state;
    while (i < 4 && setlocale(LC_NUMERIC, names[i]) == NULL)
        i++;
    assert_string_equal(text_double(&arena, 0.5), "0.5");
    assert_string_equal(text_double(&arena, 2), "2.0");
    setlocale(LC_NUMERIC, "C");
    arena_release(&arena);
}

/* ---- comments --------------------------------------------------------------------- */

static void expect_lines(struct value list, const char *const *lines, size_t count)
{
    size_t i;

    assert_int_equal(list.list->count, count);
    for (i = 0; i < count; i++)
        assert_string_equal(list.list->items[i].text, lines[i]);
}

#define EXPECT_COMMENT(text, width, ...)                                                 \
    expect_lines(text_comment(&arena, text, width), (const char *const[]){__VA_ARGS__},  \
                 sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static void prose_wraps(void **state)
{
    struct arena arena = {0};

    (void)state;
    assert_int_equal(text_comment(&arena, "", 10).list->count, 0);
    assert_int_equal(text_comment(&arena, "\n\n", 10).list->count, 0);
    EXPECT_COMMENT("one two three", 7, "one two", "three");
    EXPECT_COMMENT("one two three", 13, "one two three");
    EXPECT_COMMENT("one\ntwo\n", 20, "one two");
    EXPECT_COMMENT("one\n\ntwo", 20, "one", "", "two");
    EXPECT_COMMENT("unbreakable word", 5, "unbreakable", "word");
    EXPECT_COMMENT("list:\n  a\n  b\nend", 20, "list:", "  a", "  b", "end");
    EXPECT_COMMENT("\xc3\xa4\xc3\xa4\xc3\xa4 b", 5, "\xc3\xa4\xc3\xa4\xc3\xa4 b");
    arena_release(&arena);
}

/* Nothing in a doc can end the comment that it stands in, or begin another. */
static void a_comment_can_not_be_left(void **state)
{
    static const char *const docs[] = {"*/",    "/*",  "a */ b /* c", "**//**/",
                                       "*/*/*", "/*/", "?\?/",        "?\?\?/?\?/"};
    struct arena arena = {0};
    size_t i, k;

    (void)state;
    for (i = 0; i < sizeof docs / sizeof *docs; i++) {
        const struct list *lines = text_comment(&arena, docs[i], 80).list;

        assert_true(lines->count > 0);
        for (k = 0; k < lines->count; k++) {
            assert_null(strstr(lines->items[k].text, "*/"));
            assert_null(strstr(lines->items[k].text, "/*"));
            assert_null(strstr(lines->items[k].text, "??"));
        }
    }
    assert_string_equal(text_comment_safe(&arena, "a\tb\x01"), "a b ");
    arena_release(&arena);
}

static void a_field_comment_opens_and_closes_once(void **state)
{
    struct arena arena = {0};
    struct value comment = text_field_comment(&arena, "one two three", 7);
    struct buf out;

    (void)state;
    buf_init(&out);
    value_json(&comment, &out);
    assert_non_null(strstr(out.data, "\"open\": \"/* \",\n    \"text\": \"one two\",\n"
                                     "    \"close\": \"\""));
    assert_non_null(strstr(out.data, "\"open\": \"   \",\n    \"text\": \"three\",\n"
                                     "    \"close\": \" */\""));
    assert_int_equal(text_field_comment(&arena, "", 7).list->count, 0);
    buf_release(&out);
    arena_release(&arena);
}

static void headings_are_equally_long(void **state)
{
    struct arena arena = {0};

    (void)state;
    assert_int_equal(strlen("hosts") + strlen(text_rule(&arena, "hosts")),
                     strlen("container_stats") +
                         strlen(text_rule(&arena, "container_stats")));
    assert_string_equal(text_rule(&arena,
                                  "a_name_of_eighty_characters_which_is_longer_than_any_"
                                  "that_the_language_takes_now"),
                        "----");
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_c_string_reads_back),
        cmocka_unit_test(no_trigraph_stands_in_a_c_string),
        cmocka_unit_test(numbers_as_c),
        cmocka_unit_test(doubles_read_back),
        cmocka_unit_test(doubles_have_a_point_in_every_locale),
        cmocka_unit_test(prose_wraps),
        cmocka_unit_test(a_comment_can_not_be_left),
        cmocka_unit_test(a_field_comment_opens_and_closes_once),
        cmocka_unit_test(headings_are_equally_long),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
