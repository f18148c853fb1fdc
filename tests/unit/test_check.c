/*
 * test_check.c: the rules of columns: what passes at the boundary, what is refused one
 * past it, with which status and in which words.
 */
#include "../../runtime/internal.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const quarry_column columns[] = {{.name = "name"}, {.name = "port"}};
static const quarry_row_type type = {
    .table = "hosts", .columns = columns, .column_count = 2, .key_column = -1};

static quarry_error error;
static quarry_checker checker;

static void start(void)
{
    memset(&error, 0, sizeof error);
    checker = (quarry_checker){&type, &error, QUARRY_OK};
}

static void passes(void)
{
    if (checker.status != QUARRY_OK)
        fail_msg("refused: %s", error.message);
    start();
}

static void refuses(quarry_status status, int column, const char *message)
{
    assert_int_equal(checker.status, status);
    assert_int_equal(error.status, status);
    assert_string_equal(error.message, message);
    assert_string_equal(error.table, "hosts");
    assert_string_equal(error.column, columns[column].name);
    start();
}

static void texts(void **state)
{
    (void)state;
    start();
    quarry_check_text(&checker, 0, "", QUARRY_REQUIRED, 0, 3);
    passes();
    quarry_check_text(&checker, 0, NULL, QUARRY_NULLABLE, 1, 3);
    passes();
    quarry_check_text(&checker, 0, "\xC3\xA9\xC3\xA9\xC3\xA9", QUARRY_REQUIRED, 3, 3);
    passes();
    quarry_check_text(&checker, 0, NULL, QUARRY_REQUIRED, 0, SIZE_MAX);
    refuses(QUARRY_NOT_NULL, 0, "hosts.name: must not be NULL");
    quarry_check_text(&checker, 0, "", QUARRY_REQUIRED, 1, SIZE_MAX);
    refuses(QUARRY_CHECK, 0, "hosts.name: has 0 characters, at least 1 are needed");
    quarry_check_text(&checker, 0, "abcd", QUARRY_NULLABLE, 0, 3);
    refuses(QUARRY_CHECK, 0, "hosts.name: has 4 characters, at most 3 are allowed");
    quarry_check_text(&checker, 0, "\xFF", QUARRY_REQUIRED, 0, SIZE_MAX);
    refuses(QUARRY_INVALID, 0, "hosts.name: is not valid UTF-8");
}

static void texts_of_any_length(void **state)
{
    (void)state;
    start();
    quarry_check_any_text(&checker, 0, NULL, QUARRY_NULLABLE);
    quarry_check_any_text(&checker, 0, "", QUARRY_REQUIRED);
    quarry_check_any_text(&checker, 0, "a longer one with \xC3\xA9 in it",
                          QUARRY_REQUIRED);
    passes();
    quarry_check_any_text(&checker, 0, NULL, QUARRY_REQUIRED);
    refuses(QUARRY_NOT_NULL, 0, "hosts.name: must not be NULL");
    for (int size = 1; size < 80; size++) {
        char text[81];
        for (int at = 0; at < size; at++) { /* alone, without what must follow it */
            memset(text, 'x', (size_t)size);
            text[size] = '\0';
            quarry_check_any_text(&checker, 0, text, QUARRY_REQUIRED);
            passes();
            text[at] = (char)0xC3;
            quarry_check_any_text(&checker, 0, text, QUARRY_NULLABLE);
            refuses(QUARRY_INVALID, 0, "hosts.name: is not valid UTF-8");
            quarry_check_text(&checker, 0, text, QUARRY_NULLABLE, 0, SIZE_MAX);
            refuses(QUARRY_INVALID, 0, "hosts.name: is not valid UTF-8");
        }
    }
}

static void blobs(void **state)
{
    (void)state;
    start();
    quarry_check_blob(&checker, 0, (quarry_blob){NULL, 0}, 0, 0);
    passes();
    quarry_check_blob(&checker, 0, (quarry_blob){"\0\xFF", 2}, 2, 2);
    passes();
    quarry_check_blob(&checker, 0, (quarry_blob){"abc", 3}, 0, 2);
    refuses(QUARRY_CHECK, 0, "hosts.name: has 3 bytes, at most 2 are allowed");
    quarry_check_blob(&checker, 0, (quarry_blob){NULL, 0}, 1, 2);
    refuses(QUARRY_CHECK, 0, "hosts.name: has 0 bytes, at least 1 are needed");
    quarry_check_blob(&checker, 0, (quarry_blob){NULL, 5}, 0, SIZE_MAX);
    refuses(QUARRY_INVALID, 0, "hosts.name: has 5 bytes, but no data");
}

static void integers(void **state)
{
    (void)state;
    start();
    quarry_check_int64(&checker, 1, 1, 1, 65535);
    quarry_check_int64(&checker, 1, 65535, 1, 65535);
    quarry_check_int64(&checker, 1, INT64_MIN, INT64_MIN, INT64_MAX);
    quarry_check_int64(&checker, 1, INT64_MAX, INT64_MIN, INT64_MAX);
    passes();
    quarry_check_int64(&checker, 1, 70000, 1, 65535);
    refuses(QUARRY_CHECK, 1, "hosts.port: 70000 is not from 1 to 65535");
    quarry_check_int64(&checker, 1, 0, 1, 65535);
    refuses(QUARRY_CHECK, 1, "hosts.port: 0 is not from 1 to 65535");
    quarry_check_int64(&checker, 1, INT64_MIN, 0, INT64_MAX);
    refuses(QUARRY_CHECK, 1, "hosts.port: -9223372036854775808 is less than 0");
    quarry_check_int64(&checker, 1, INT64_MAX, INT64_MIN, -1);
    refuses(QUARRY_CHECK, 1, "hosts.port: 9223372036854775807 is more than -1");
}

static void doubles(void **state)
{
    (void)state;
    start();
    quarry_check_double(&checker, 1, -0.0, 0, 100);
    quarry_check_double(&checker, 1, 100, 0, 100);
    quarry_check_double(&checker, 1, (double)INFINITY, -(double)INFINITY,
                        (double)INFINITY);
    passes();
    quarry_check_double(&checker, 1, 100.1, 0, 100);
    refuses(QUARRY_CHECK, 1, "hosts.port: 100.1 is more than 100");
    quarry_check_double(&checker, 1, nextafter(0.1, 0), 0.1, 100);
    refuses(QUARRY_CHECK, 1, "hosts.port: 0.09999999999999999 is less than 0.1");
    quarry_check_double(&checker, 1, (double)NAN, -(double)INFINITY, (double)INFINITY);
    refuses(QUARRY_INVALID, 1, "hosts.port: NaN is no number that can be stored");
}

static void patterns(void **state)
{
    (void)state;
    start();
    quarry_check_pattern(&checker, 0, "web-1", "web-[0-9]*");
    quarry_check_pattern(&checker, 0, NULL, "x");
    passes();
    quarry_check_pattern(&checker, 0, "Web-1", "web-*");
    refuses(QUARRY_CHECK, 0, "hosts.name: 'Web-1' does not match the pattern 'web-*'");
}

static void one_of(void **state)
{
    static const char *const words[] = {"a", "bc"};
    static const int64_t numbers[] = {INT64_MIN, 0, 20};
    static const double reals[] = {0.5, 1};
    const char *many[200];
    (void)state;
    start();
    quarry_check_one_of(&checker, 0, "bc", words, 2);
    quarry_check_one_of(&checker, 0, NULL, words, 2);
    quarry_check_one_of_int64(&checker, 1, INT64_MIN, numbers, 3);
    quarry_check_one_of_double(&checker, 1, 0.5, reals, 2);
    passes();
    quarry_check_one_of(&checker, 0, "", words, 2);
    refuses(QUARRY_CHECK, 0, "hosts.name: '' is not one of 'a', 'bc'");
    quarry_check_one_of_int64(&checker, 1, 7, numbers, 3);
    refuses(QUARRY_CHECK, 1, "hosts.port: 7 is not one of -9223372036854775808, 0, 20");
    quarry_check_one_of_double(&checker, 1, 0.75, reals, 2);
    refuses(QUARRY_CHECK, 1, "hosts.port: 0.75 is not one of 0.5, 1");
    quarry_check_one_of_double(&checker, 1, (double)NAN, reals, 2);
    refuses(QUARRY_INVALID, 1, "hosts.port: NaN is no number that can be stored");
    for (int i = 0; i < 200; i++)
        many[i] = "some word";
    quarry_check_one_of(&checker, 0, "x", many, 200);
    assert_non_null(strstr(error.message, "'some word', ..."));
    start();
}

static void forms(void **state)
{
    quarry_uuid uuid = {"f81d4fae-7dec-11d0-a765-00a0c91e6bf6"}, upper = uuid, full;
    (void)state;
    start();
    upper.text[0] = 'F';
    memset(&full, 'a', sizeof full);
    quarry_check_json(&checker, 0, "{\"a\":[]}");
    quarry_check_json(&checker, 0, NULL);
    quarry_check_date(&checker, 0, "2024-02-29");
    quarry_check_date(&checker, 0, NULL);
    quarry_check_uuid(&checker, 0, &uuid);
    quarry_check_enum(&checker, 0, "running", "container_state");
    quarry_check_time_text(&checker, 0, INT64_C(253402300799999));
    passes();
    quarry_check_json(&checker, 0, "{");
    refuses(QUARRY_CHECK, 0, "hosts.name: '{' is not valid JSON");
    quarry_check_json(&checker, 0, "\"\xFF\"");
    refuses(QUARRY_INVALID, 0, "hosts.name: is not valid UTF-8");
    quarry_check_date(&checker, 0, "2023-02-29");
    refuses(QUARRY_CHECK, 0, "hosts.name: '2023-02-29' is no day as YYYY-MM-DD");
    quarry_check_date(&checker, 0, "\xFF");
    refuses(QUARRY_INVALID, 0, "hosts.name: is not valid UTF-8");
    quarry_check_uuid(&checker, 0, &upper);
    refuses(
        QUARRY_CHECK, 0,
        "hosts.name: 'F81d4fae-7dec-11d0-a765-00a0c91e6bf6' is no UUID in lower case");
    quarry_check_uuid(&checker, 0, &(quarry_uuid){""});
    refuses(QUARRY_NOT_NULL, 0, "hosts.name: the UUID is not set");
    quarry_check_uuid(&checker, 0, &full);
    refuses(QUARRY_CHECK, 0,
            "hosts.name: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' is no UUID");
    quarry_check_enum(&checker, 0, NULL, "container_state");
    refuses(QUARRY_CHECK, 0, "hosts.name: the value is no container_state");
    quarry_check_time_text(&checker, 0, INT64_C(253402300800000));
    refuses(QUARRY_CHECK, 0,
            "hosts.name: 253402300800000 is not in the years 0000 to 9999");
}

static void labels(void **state)
{
    quarry_label items[] = {{"b", "1"}, {"a", ""}, {"c", "3"}};
    quarry_labels all = {items, 3};
    (void)state;
    start();
    quarry_check_labels(&checker, 0, all);
    quarry_check_labels(&checker, 0, (quarry_labels){NULL, 0});
    passes();
    items[2].key = "b";
    quarry_check_labels(&checker, 0, all);
    refuses(QUARRY_CHECK, 0, "hosts.name: the key 'b' is there twice");
    items[2].value = NULL;
    quarry_check_labels(&checker, 0, all);
    refuses(QUARRY_NOT_NULL, 0, "hosts.name: the value of 'b' must not be NULL");
    items[2].key = NULL;
    quarry_check_labels(&checker, 0, all);
    refuses(QUARRY_NOT_NULL, 0, "hosts.name: a key must not be NULL");
    items[0].value = "\xFF";
    quarry_check_labels(&checker, 0, all);
    refuses(QUARRY_INVALID, 0, "hosts.name: the value of 'b' is not valid UTF-8");
    items[0].key = "\xFF";
    quarry_check_labels(&checker, 0, all);
    refuses(QUARRY_INVALID, 0, "hosts.name: a key is not valid UTF-8");
    quarry_check_labels(&checker, 0, (quarry_labels){NULL, 2});
    refuses(QUARRY_INVALID, 0, "hosts.name: has 2 labels, but no items");
}

static void the_first_failure_stays(void **state)
{
    (void)state;
    start();
    quarry_check_int64(&checker, 1, 0, 1, 2);
    quarry_check_text(&checker, 0, NULL, QUARRY_REQUIRED, 0, 1);
    quarry_check_double(&checker, 0, (double)NAN, 0, 1);
    quarry_check_any_text(&checker, 0, NULL, QUARRY_REQUIRED);
    quarry_check_int64(&checker, 0, 9, 1, 2);
    quarry_check_json(&checker, 0, "{");
    refuses(QUARRY_CHECK, 1, "hosts.port: 0 is not from 1 to 2");
}

static void no_place_for_the_error(void **state)
{
    (void)state;
    checker = (quarry_checker){&type, NULL, QUARRY_OK};
    quarry_check_text(&checker, 0, NULL, QUARRY_REQUIRED, 0, 1);
    assert_int_equal(checker.status, QUARRY_NOT_NULL);
}

/* Cut at the end of a character: the message itself stays UTF-8. */
static void long_values_are_cut(void **state)
{
    char text[4001];
    size_t length;
    (void)state;
    start();
    for (int i = 0; i < 2000; i++)
        memcpy(text + 2 * i, "\xC3\xA9", 3);
    for (int shift = 0; shift < 2; shift++) {
        memcpy(text, "ab", 2);
        quarry_check_json(&checker, 0, text + shift);
        assert_true(quarry_utf8_length(error.message, &length));
        assert_true(length < 100);
        assert_non_null(strstr(error.message, "...' is not valid JSON"));
        start();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts),
        cmocka_unit_test(texts_of_any_length),
        cmocka_unit_test(blobs),
        cmocka_unit_test(integers),
        cmocka_unit_test(doubles),
        cmocka_unit_test(patterns),
        cmocka_unit_test(one_of),
        cmocka_unit_test(forms),
        cmocka_unit_test(labels),
        cmocka_unit_test(the_first_failure_stays),
        cmocka_unit_test(no_place_for_the_error),
        cmocka_unit_test(long_values_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
