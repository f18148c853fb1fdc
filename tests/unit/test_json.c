/*
 * test_json.c: the JSON validator against SQLite's json_valid(), and labels there and
 * back.
 */
#include "../../runtime/internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static sqlite3 *judge;
static sqlite3_stmt *json_valid;

static int open_judge(void **state)
{
    (void)state;
    sqlite3_open(":memory:", &judge);
    return sqlite3_prepare_v2(judge, "SELECT json_valid(?1)", -1, &json_valid, NULL);
}

static int close_judge(void **state)
{
    (void)state;
    sqlite3_finalize(json_valid);
    return sqlite3_close(judge);
}

static bool sqlite_says(const char *text)
{
    sqlite3_bind_text(json_valid, 1, text, -1, SQLITE_STATIC);
    assert_int_equal(sqlite3_step(json_valid), SQLITE_ROW);
    bool valid = sqlite3_column_int(json_valid, 0) == 1;
    sqlite3_reset(json_valid);
    return valid;
}

/* ---- the validator -------------------------------------------------------------- */

static const char *const samples[] = {"",
                                      " ",
                                      "null",
                                      "true",
                                      "false",
                                      "nul",
                                      "nulls",
                                      "True",
                                      "0",
                                      "-0",
                                      "01",
                                      "-",
                                      "+1",
                                      "1.",
                                      ".5",
                                      "1.5",
                                      "1e5",
                                      "1E+05",
                                      "1e",
                                      "1e+",
                                      "-1.25e-7",
                                      "0x10",
                                      "1 2",
                                      "\"\"",
                                      "\"a",
                                      "\"a\"b",
                                      "\"\\n\"",
                                      "\"\\x\"",
                                      "\"\\",
                                      "\"\\\"",
                                      "\"\\u\"",
                                      "\"\\u12\"",
                                      "\"\\u12aF\"",
                                      "\"\\ud800\"",
                                      "\"\t\"",
                                      "\"\x7f\"",
                                      "'a'",
                                      "[]",
                                      "[ ]",
                                      "[1]",
                                      "[1,]",
                                      "[,1]",
                                      "[1 2]",
                                      "[1",
                                      "]",
                                      "[1]]",
                                      "[1}",
                                      "{}",
                                      "{ }",
                                      "{\"a\"}",
                                      "{\"a\":}",
                                      "{\"a\":1}",
                                      "{\"a\":1,}",
                                      "{a:1}",
                                      "{1:1}",
                                      "{\"a\":1 \"b\":2}",
                                      "{\"a\":1,\"b\":[{},{\"c\":null}]}",
                                      "{\"a\":1]",
                                      "{\"a\" : 1}",
                                      "\r\n\t [1 , 2]\n",
                                      "\v1",
                                      "//1",
                                      "[1]/**/",
                                      "{\"\":\"\"}",
                                      "\"\xC3\xA9\"",
                                      "[[[[[]]]]]",
                                      "[[[[]]]]]",
                                      "{\"a\":{\"a\":{\"a\":1}}}",
                                      "12345678901234567890123",
                                      "[\"a\",\"b\"",
                                      "{\"a\":1,\"a\":2}"};

static void agrees_with_sqlite(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        if (quarry_json_valid(samples[i]) != sqlite_says(samples[i]))
            fail_msg("SQLite says %d: %s", sqlite_says(samples[i]), samples[i]);
    }
}

/* Each sample with a byte left out or replaced: most are broken at one place only. */
static void agrees_on_damaged_texts(void **state)
{
    static const char bytes[] = "\"\\{}[],:01-eE. tfn\x01u";
    char text[128];
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        size_t size = strlen(samples[i]);
        for (size_t at = 0; at < size; at++) {
            snprintf(text, sizeof text, "%.*s%s", (int)at, samples[i],
                     samples[i] + at + 1);
            size_t length;
            if (quarry_utf8_length(text, &length))
                assert_int_equal(quarry_json_valid(text), sqlite_says(text));
            for (size_t b = 0; b < sizeof bytes - 1; b++) {
                snprintf(text, sizeof text, "%s", samples[i]);
                text[at] = bytes[b];
                if (quarry_utf8_length(text, &length))
                    assert_int_equal(quarry_json_valid(text), sqlite_says(text));
            }
        }
    }
}

static void refuses_what_is_not_utf8(void **state)
{
    (void)state;
    assert_false(quarry_json_valid("\"\xC3\""));
    assert_false(quarry_json_valid("\"\xED\xA0\x80\""));
    assert_false(quarry_json_valid(NULL));
}

static void nest(char *text, int depth, const char *opening, const char *closing)
{
    text[0] = '\0';
    char *p = text;
    for (int i = 0; i < depth; i++)
        p += sprintf(p, "%s", opening);
    p += sprintf(p, "1");
    for (int i = 0; i < depth; i++)
        p += sprintf(p, "%s", closing);
}

static void nests_to_a_thousand(void **state)
{
    char *text = malloc(2000000);
    (void)state;
    assert_non_null(text);
    nest(text, 1000, "[", "]");
    assert_true(quarry_json_valid(text));
    nest(text, 1001, "[", "]");
    assert_false(quarry_json_valid(text));
    nest(text, 1000, "{\"a\":", "}");
    assert_true(quarry_json_valid(text));
    nest(text, 1001, "{\"a\":", "}");
    assert_false(quarry_json_valid(text));
    nest(text, 500, "[{\"a\":", "}]");
    assert_true(quarry_json_valid(text));
    memset(text, '[', 1999999);
    text[1999999] = '\0';
    assert_false(quarry_json_valid(text));
    free(text);
}

/* ---- labels --------------------------------------------------------------------- */

static void check_format(const quarry_label *items, size_t count, const char *expected)
{
    quarry_labels labels = {items, count};
    char *json = NULL;
    size_t size = 0;
    assert_true(quarry_labels_format(labels, &json, &size));
    assert_string_equal(json, expected);
    assert_int_equal(size, strlen(expected));
    assert_true(sqlite_says(json));
    quarry_release(json);
}

static void labels_are_written_sorted(void **state)
{
    const quarry_label items[] = {{"b", "2"}, {"a", "1"}, {"B", ""}, {"", "x"}};
    const quarry_label odd[] = {{"q\"\\/", "\b\f\n\r\t\x01\x1f\x7f\xC3\xA9"}};
    const quarry_label none[] = {{NULL, "a"}, {"b", NULL}};
    (void)state;
    check_format(NULL, 0, "{}");
    check_format(items, 4, "{\"\":\"x\",\"B\":\"\",\"a\":\"1\",\"b\":\"2\"}");
    check_format(odd, 1,
                 "{\"q\\\"\\\\/\":\"\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\xC3\xA9\"}");
    check_format(none, 2, "{\"\":\"a\",\"b\":\"\"}");
}

static quarry_status parse(const char *json, quarry_arena *arena, quarry_labels *labels)
{
    quarry_arena_over(arena, NULL, 0);
    return quarry_labels_parse(json, strlen(json), arena, labels);
}

static void labels_are_read(void **state)
{
    quarry_arena arena;
    quarry_labels labels;
    (void)state;
    assert_int_equal(parse(" { \"b\" : \"2\" ,\n\"a\":\"\\u00e9\\ud83d\\ude00\\n\\/\" } ",
                           &arena, &labels),
                     QUARRY_OK);
    assert_int_equal(labels.count, 2);
    assert_string_equal(labels.items[0].key, "a");
    assert_string_equal(labels.items[0].value, "\xC3\xA9\xF0\x9F\x98\x80\n/");
    assert_string_equal(quarry_labels_get(labels, "b"), "2");
    assert_null(quarry_labels_get(labels, "c"));
    assert_null(quarry_labels_get(labels, NULL));
    quarry_arena_release(&arena);
    assert_int_equal(parse("{}", &arena, &labels), QUARRY_OK);
    assert_int_equal(labels.count, 0);
    quarry_arena_release(&arena);
}

static void other_json_is_no_labels(void **state)
{
    static const char *const texts[] = {"",
                                        "null",
                                        "[]",
                                        "\"a\"",
                                        "{",
                                        "{\"a\"}",
                                        "{\"a\":1}",
                                        "{\"a\":null}",
                                        "{\"a\":{}}",
                                        "{\"a\":\"b\",}",
                                        "{\"a\":\"b\"",
                                        "{\"a\":\"b\"}x",
                                        "{}{}",
                                        "{\"a\":\"b\" \"c\":\"d\"}",
                                        "{\"a\":\"\\u0000\"}",
                                        "{\"a\":\"\\ud83d\"}",
                                        "{\"a\":\"\\ud83dx\"}",
                                        "{\"a\":\"\\ud83d\\u0041\"}",
                                        "{\"a\":\"\\ude00\"}",
                                        "{\"a\":\"1\",\"a\":\"2\"}",
                                        "{\"b\":\"\",\"a\":\"1\",\"\\u0061\":\"2\"}"};
    quarry_arena arena;
    quarry_labels labels;
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (parse(texts[i], &arena, &labels) != QUARRY_MISMATCH)
            fail_msg("accepted: %s", texts[i]);
        assert_int_equal(labels.count, 0);
        quarry_arena_release(&arena);
    }
    quarry_arena_over(&arena, NULL, 0);
    assert_int_equal(quarry_labels_parse("{}\0{}", 5, &arena, &labels), QUARRY_MISMATCH);
    quarry_arena_release(&arena);
}

/* The promised size is enough for the most labels that so much JSON can hold. */
static void labels_fit_into_their_bytes(void **state)
{
    (void)state;
    for (int count = 0; count < 3; count++) {
        static const char *const texts[] = {"{}", "{\"\":\"\"}",
                                            "{\"\":\"\",\"a\":\"\"}"};
        size_t size = strlen(texts[count]);
        size_t room = quarry_labels_bytes(size);
        char *memory = malloc(room + 1);
        quarry_arena arena;
        quarry_labels labels;
        assert_non_null(memory);
        quarry_arena_over(&arena, memory + 1, room); /* not aligned */
        assert_int_equal(quarry_labels_parse(texts[count], size, &arena, &labels),
                         QUARRY_OK);
        assert_int_equal(labels.count, count);
        assert_null(arena.chunks);
        free(memory);
    }
}

static void *no_memory(size_t size)
{
    (void)size;
    return NULL;
}

static void labels_without_memory(void **state)
{
    const quarry_allocator none = {no_memory, realloc, free};
    const quarry_label items[] = {{"b", "2"}, {"a", "1"}};
    quarry_arena arena;
    quarry_labels labels = {items, 2};
    char *json = NULL;
    size_t size;
    (void)state;
    quarry_set_allocator(&none);
    bool formatted = quarry_labels_format(labels, &json, &size);
    quarry_status status = parse("{\"a\":\"b\"}", &arena, &labels);
    quarry_set_allocator(NULL);
    assert_false(formatted);
    assert_int_equal(status, QUARRY_NO_MEMORY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_sqlite),
        cmocka_unit_test(agrees_on_damaged_texts),
        cmocka_unit_test(refuses_what_is_not_utf8),
        cmocka_unit_test(nests_to_a_thousand),
        cmocka_unit_test(labels_are_written_sorted),
        cmocka_unit_test(labels_are_read),
        cmocka_unit_test(other_json_is_no_labels),
        cmocka_unit_test(labels_fit_into_their_bytes),
        cmocka_unit_test(labels_without_memory),
    };
    return cmocka_run_group_tests(tests, open_judge, close_judge);
}
