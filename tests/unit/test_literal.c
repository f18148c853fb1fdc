/*
 * test_literal.c: values of every type at their bounds and one past them. SQLite itself
 * judges JSON, dates and moments.
 */
#include "../../generator/model/calendar.h"
#include "../../generator/model/json.h"
#include "loading.h"

#include <sqlite3.h>

/* The default of a column of `type`, in a schema with `options`. */
static struct loading with_default(const char *options, const char *type,
                                   const char *value)
{
    char text[2048];

    snprintf(text, sizeof text,
             "%s\nenums:\n  mood: [good, \"so so\"]\n  level: {storage: integer, values: "
             "{low: "
             "-5, high: 5}}\ntables:\n  t:\n    columns:\n      id: {type: integer, "
             "primary_key: true}\n      c:\n        type: %s\n        default: %s\n",
             options, type, value);
    return loading(text);
}

static struct literal literal_of(struct loading *l)
{
    if (l->report[0] != '\0')
        fail_msg("%s", l->report);
    assert_true(loading_column(l, "t", "c")->has_default);
    return loading_column(l, "t", "c")->default_value;
}

static void integer_is(const char *options, const char *type, const char *value,
                       int64_t expected)
{
    struct loading l = with_default(options, type, value);
    struct literal literal = literal_of(&l);

    assert_int_equal(literal.kind, LITERAL_INTEGER);
    assert_true(literal.integer == expected);
    loading_free(&l);
}

static void text_is(const char *options, const char *type, const char *value,
                    const char *expected)
{
    struct loading l = with_default(options, type, value);
    struct literal literal = literal_of(&l);

    assert_int_equal(literal.kind, LITERAL_TEXT);
    assert_string_equal(literal.text, expected);
    assert_int_equal(literal.length, strlen(expected));
    loading_free(&l);
}

static void is_refused(const char *options, const char *type, const char *value,
                       const char *code)
{
    struct loading l = with_default(options, type, value);

    if (diags_errors(l.diags) != 1 || strstr(l.report, code) == NULL)
        fail_msg("%s: %s: expected one error %s, got:\n%s", type, value, code, l.report);
    loading_free(&l);
}

static void test_integers(void **state)
{
    (void)state;
    integer_is("", "integer", "0", 0);
    integer_is("", "integer", "-1", -1);
    integer_is("", "integer", "9223372036854775807", INT64_MAX);
    integer_is("", "integer", "-9223372036854775808", INT64_MIN);
    integer_is("", "integer", "0x10", 16);
    integer_is("", "int32", "2147483647", INT32_MAX);
    integer_is("", "int32", "-2147483648", INT32_MIN);
    is_refused("", "integer", "9223372036854775808", "[Q0141]");
    is_refused("", "integer", "-9223372036854775809", "[Q0141]");
    is_refused("", "int32", "2147483648", "[Q0141]");
    is_refused("", "int32", "-2147483649", "[Q0141]");
    is_refused("", "integer", "1.5", "[Q0140]");
    is_refused("", "integer", "1e3", "[Q0140]");
    is_refused("", "integer", "\"1\"", "[Q0140]");
    is_refused("", "integer", "\"\"", "[Q0140]");
    is_refused("", "integer", "true", "[Q0140]");
    is_refused("", "integer", "{}", "[Q0140]");
    is_refused("", "integer", "0x", "[Q0140]");
    is_refused("", "integer", "+", "[Q0140]");
}

static void test_bools(void **state)
{
    (void)state;
    integer_is("", "bool", "true", 1);
    integer_is("", "bool", "false", 0);
    is_refused("", "bool", "yes", "[Q0140]");
    is_refused("", "bool", "1", "[Q0140]");
    is_refused("", "bool", "\"true\"", "[Q0140]");
}

static void real_is(const char *value, double expected)
{
    struct loading l = with_default("", "real", value);
    struct literal literal = literal_of(&l);

    assert_int_equal(literal.kind, LITERAL_REAL);
    assert_memory_equal(&literal.real, &expected, sizeof expected);
    loading_free(&l);
}

static void test_reals(void **state)
{
    (void)state;
    real_is("0", 0.0);
    real_is("-0.0", 0.0); /* SQLite may lose the sign: it is not kept here either */
    real_is("0.1", 0.1);
    real_is("1e308", 1e308);
    real_is("1.7976931348623157e308", 1.7976931348623157e308);
    real_is("5e-324", 5e-324);
    real_is("12", 12.0);
    is_refused("", "real", "1e309", "[Q0141]");
    is_refused("", "real", "-1e309", "[Q0141]");
    is_refused("", "real", ".inf", "[Q0140]");
    is_refused("", "real", ".nan", "[Q0140]");
    is_refused("", "real", "x", "[Q0140]");
    is_refused("", "real", "\"0.5\"", "[Q0140]");
    is_refused("", "real", "1,5", "[Q0140]");
}

static void test_texts(void **state)
{
    (void)state;
    text_is("", "text", "abc", "abc");
    text_is("", "text", "\"\"", "");
    text_is("", "text", "12", "12");
    text_is("", "text", "true", "true");
    text_is("", "text", "now", "now");
    text_is("", "text", "\"null\"", "null");
    text_is("", "text", "\"größer, it's 'x' \\\\\"", "größer, it's 'x' \\");
    is_refused("", "text", "null", "[Q0144]");
    is_refused("", "text", "", "[Q0144]");
    is_refused("", "text", "[a]", "[Q0140]");
}

static void test_blobs(void **state)
{
    struct loading l = with_default("", "blob", "x'00fFAb'");
    struct literal literal = literal_of(&l);

    (void)state;
    assert_int_equal(literal.kind, LITERAL_BLOB);
    assert_int_equal(literal.length, 3);
    assert_memory_equal(literal.text, "\x00\xff\xab", 3);
    loading_free(&l);
    l = with_default("", "blob", "X''");
    literal = literal_of(&l);
    assert_int_equal(literal.kind, LITERAL_BLOB);
    assert_int_equal(literal.length, 0);
    loading_free(&l);
    is_refused("", "blob", "x'0'", "[Q0140]");
    is_refused("", "blob", "x'0g'", "[Q0140]");
    is_refused("", "blob", "x'00", "[Q0140]");
    is_refused("", "blob", "x", "[Q0140]");
    is_refused("", "blob", "0x00", "[Q0140]");
    is_refused("", "blob", "\"\"", "[Q0140]");
}

static void test_enums(void **state)
{
    struct loading l = with_default("", "mood", "so so");

    (void)state;
    assert_string_equal(literal_of(&l).text, "so so");
    assert_string_equal(literal_of(&l).enumerator->name, "so_so");
    loading_free(&l);
    integer_is("", "level", "low", -5);
    is_refused("", "mood", "so_so", "[Q0143]");
    is_refused("", "mood", "Good", "[Q0143]");
    is_refused("", "level", "5", "[Q0143]");
    is_refused("", "mood", "[good]", "[Q0140]");
}

static void test_moments(void **state)
{
    static const char unix_s[] = "options: {timestamp: unix}";
    static const char text[] = "options: {timestamp: text}";

    (void)state;
    integer_is("", "timestamp", "1970-01-01", 0);
    integer_is("", "timestamp", "1969-12-31T23:59:59.999Z", -1);
    integer_is("", "timestamp", "2024-02-29T12:34:56.7Z", 1709210096700);
    integer_is("", "timestamp", "0000-01-01", -62167219200000);
    integer_is("", "timestamp", "9999-12-31T23:59:59.999Z", 253402300799999);
    integer_is("", "timestamp", "12", 12);
    integer_is("", "timestamp", "-9223372036854775807", -INT64_MAX);
    integer_is(unix_s, "timestamp", "2024-02-29T12:34:56Z", 1709210096);
    integer_is(unix_s, "timestamp", "9223372036854775", 9223372036854775);
    text_is(text, "timestamp", "2024-02-29", "2024-02-29T00:00:00.000Z");
    text_is(text, "timestamp", "0000-01-01T00:00:00.05Z", "0000-01-01T00:00:00.050Z");
    is_refused("", "timestamp", "-9223372036854775808", "[Q0141]"); /* QUARRY_NOW */
    is_refused(unix_s, "timestamp", "9223372036854776", "[Q0141]");
    is_refused(unix_s, "timestamp", "2024-02-29T12:34:56.7Z", "[Q0140]");
    is_refused(text, "timestamp", "12", "[Q0140]");
    is_refused("", "timestamp", "2023-02-29", "[Q0140]");
    is_refused("", "timestamp", "2024-01-01T24:00:00Z", "[Q0140]");
    is_refused("", "timestamp", "2024-01-01T00:60:00Z", "[Q0140]");
    is_refused("", "timestamp", "2024-01-01T00:00:60Z", "[Q0140]");
    is_refused("", "timestamp", "2024-01-01T00:00:00", "[Q0140]");
    is_refused("", "timestamp", "2024-01-01T00:00:00.1234Z", "[Q0140]");
    is_refused("", "timestamp", "2024-01-01T00:00:00.Z", "[Q0140]");
    is_refused("", "timestamp", "10000-01-01", "[Q0140]");
    is_refused("", "timestamp", "\"12\"", "[Q0140]");
}

static void test_now_and_random(void **state)
{
    struct loading l = with_default("", "timestamp", "now");

    (void)state;
    assert_int_equal(literal_of(&l).kind, LITERAL_NOW);
    loading_free(&l);
    l = with_default("", "uuid", "random");
    assert_int_equal(literal_of(&l).kind, LITERAL_RANDOM);
    loading_free(&l);
    is_refused("", "integer", "now", "[Q0145]");
    is_refused("", "timestamp", "random", "[Q0145]");
    is_refused("", "timestamp", "\"now\"", "[Q0140]");
}

static void test_dates_and_uuids(void **state)
{
    (void)state;
    text_is("", "date", "2024-02-29", "2024-02-29");
    text_is("", "date", "0000-01-01", "0000-01-01");
    is_refused("", "date", "2100-02-29", "[Q0140]");
    is_refused("", "date", "2024-13-01", "[Q0140]");
    is_refused("", "date", "2024-00-01", "[Q0140]");
    is_refused("", "date", "2024-04-31", "[Q0140]");
    is_refused("", "date", "2024-1-1", "[Q0140]");
    is_refused("", "date", "2024-01-01T00:00:00Z", "[Q0140]");
    text_is("", "uuid", "F47AC10B-58CC-4372-A567-0E02B2C3D479",
            "f47ac10b-58cc-4372-a567-0e02b2c3d479");
    is_refused("", "uuid", "f47ac10b-58cc-4372-a567-0e02b2c3d47", "[Q0140]");
    is_refused("", "uuid", "f47ac10b-58cc-4372-a567-0e02b2c3d4790", "[Q0140]");
    is_refused("", "uuid", "g47ac10b-58cc-4372-a567-0e02b2c3d479", "[Q0140]");
    is_refused("", "uuid", "f47ac10b58cc-4372-a567-0e02b2c3d479--", "[Q0140]");
}

static void test_json_and_labels(void **state)
{
    (void)state;
    text_is("", "json", "{a: [1, 2.5, true, null, x, \"7\", {}]}",
            "{\"a\":[1,2.5,true,null,\"x\",\"7\",{}]}");
    text_is("", "json", "[0x10, +5, 1.0, 1e3, .5]", "[16,5,1.0,1e3,0.5]");
    text_is("", "json", "{\"q\\\"\\\\\\n\\x01ö\": \"\"}",
            "{\"q\\\"\\\\\\n\\u0001ö\":\"\"}");
    text_is("", "json", "12", "12");
    text_is("", "json", "'\"x\"'", "\"x\"");
    text_is("", "json?", "'null'", "null");
    is_refused("", "json", "x", "[Q0140]");
    is_refused("", "json", "'{\"a\":}'", "[Q0140]");
    is_refused("", "json", "[-.INF]", "[Q0140]");
    is_refused("", "json", "null", "[Q0144]");
    text_is("", "labels", "{}", "{}");
    text_is("", "labels", "{b: 1, a: true, \"a.b\": \"\"}",
            "{\"a\":\"true\",\"a.b\":\"\",\"b\":\"1\"}");
    is_refused("", "labels", "{a: null}", "[Q0140]");
    is_refused("", "labels", "{a: {}}", "[Q0140]");
    is_refused("", "labels", "\"{}\"", "[Q0140]");
}

static void test_null(void **state)
{
    static const char *const types[] = {"integer?",   "real?", "text?", "blob?",
                                        "timestamp?", "json?", "uuid?", "labels?",
                                        "mood?",      "date?"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof types / sizeof *types; i++) {
        struct loading l = with_default("", types[i], "null");

        assert_int_equal(literal_of(&l).kind, LITERAL_NULL);
        loading_free(&l);
    }
    is_refused("", "integer", "~", "[Q0144]");
}

static void test_rules(void **state)
{
    (void)state;
    integer_is("", "integer\n        min: 3\n        max: 3", "3", 3);
    is_refused("", "integer\n        min: 3", "2", "its `min` is 3");
    is_refused("", "integer\n        max: -3", "-2", "its `max` is -3");
    is_refused("", "real\n        min: 0.5", "0.25", "its `min` is 0.5");
    text_is("", "text\n        min_length: 2\n        max_length: 2", "öä", "öä");
    is_refused("", "text\n        min_length: 3", "öä", "2 long, its `min_length` is 3");
    is_refused("", "text\n        max_length: 0", "a", "1 long, its `max_length` is 0");
    is_refused("", "blob\n        max_length: 1", "x'0000'",
               "2 long, its `max_length` is 1");
    text_is("", "text\n        pattern: \"[[]a?*[^0-9]\"", "\"[aöx\"", "[aöx");
    is_refused("", "text\n        pattern: \"[[]a?*[^0-9]\"", "\"[aö1\"",
               "its `pattern` is");
    text_is("", "text\n        one_of: [a, \"\"]", "\"\"", "");
    is_refused("", "text\n        one_of: [a]", "b", "it is not in `one_of`");
    is_refused("", "real\n        one_of: [1, 0.5]", "0.25", "it is not in `one_of`");
}

/* ---- SQLite as the judge ------------------------------------------------------ */

static sqlite3_int64 ask(const char *sql, const char *text)
{
    sqlite3_stmt *stmt;
    sqlite3 *db;
    sqlite3_int64 answer;

    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    sqlite3_bind_text(stmt, 1, text, -1, SQLITE_STATIC);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    answer = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return answer;
}

static void test_json_as_sqlite(void **state)
{
    static const char *const texts[] = {
        "",         " ",         "null",        "nul",         "true ",
        " [1 , 2]", "[1,]",      "[,]",         "{\"a\":1}",   "{\"a\":1,}",
        "{a:1}",    "{\"a\" 1}", "\"\\u00e9\"", "\"\\u00g9\"", "\"\\x\"",
        "\"",       "\"\n\"",    "01",          "-1",          "-",
        "1.",       ".5",        "1e",          "1e+5",        "1E-5",
        "1.5e3",    "[[[]]]",    "[[[]]",       "{}",          "{}{}",
        "[1 2]",    "\"a\" ",    "tru",         "truex",       "{\"a\":{\"b\":[{}]}}",
        "\"\\\"\"", "+1",        "'a'",         "[\"ö\"]"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof texts / sizeof *texts; i++)
        if (json_valid(texts[i]) != (ask("SELECT json_valid(?1)", texts[i]) == 1))
            fail_msg("SQLite and json_valid() disagree on: %s", texts[i]);
}

static void test_json_depth(void **state)
{
    char text[2 * JSON_DEPTH + 8];
    size_t depth;

    (void)state;
    for (depth = JSON_DEPTH; depth <= JSON_DEPTH + 1; depth++) {
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        text[2 * depth] = '\0';
        assert_true(json_valid(text) == (depth <= JSON_DEPTH));
    }
}

static void test_calendar_as_sqlite(void **state)
{
    static const char sql[] = "SELECT CAST(strftime('%s', ?1) AS INTEGER)";
    char text[64];
    int year, month, day;

    (void)state;
    for (year = 0; year <= 9999; year += year < 1890 || year > 2110 ? 97 : 1)
        for (month = 1; month <= 12; month += 1)
            for (day = 28; day <= 32; day++) {
                int64_t milliseconds;
                char back[CALENDAR_SIZE];
                bool good;

                snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
                good = calendar_date(text);
                assert_true(good == calendar_moment(text, &milliseconds));
                if (!good)
                    continue;
                calendar_format(milliseconds, back);
                assert_memory_equal(back, text, 10);
                if (day == 28 && month % 4 == 0)
                    assert_true(milliseconds == ask(sql, text) * 1000);
            }
    for (day = 27; day <= 32; day++)
        for (year = 1999; year < 2005; year++) {
            snprintf(text, sizeof text, "%04d-02-%02d", year, day);
            assert_true(calendar_date(text) ==
                        (ask("SELECT date(?1, '+0 days') IS ?1", text) == 1));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_integers),
        cmocka_unit_test(test_bools),
        cmocka_unit_test(test_reals),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_blobs),
        cmocka_unit_test(test_enums),
        cmocka_unit_test(test_moments),
        cmocka_unit_test(test_now_and_random),
        cmocka_unit_test(test_dates_and_uuids),
        cmocka_unit_test(test_json_and_labels),
        cmocka_unit_test(test_null),
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_json_as_sqlite),
        cmocka_unit_test(test_json_depth),
        cmocka_unit_test(test_calendar_as_sqlite),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
