/*
 * test_utf8_length.c: quarry_utf8_length() reads ASCII in words of several sizes, so here
 * each character and each broken one stands at each place of texts of each length.
 * SQLite's length() is the judge of good texts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "internal.h"

enum {
    LONGEST = 80
};

/* `insert` at `place` of `length` letters, in memory that ends with the text. */
static char *text_with(const char *insert, size_t place, size_t length)
{
    size_t more = strlen(insert);
    char *text = malloc(length + more + 1);

    assert_non_null(text);
    memset(text, 'a', length + more);
    memcpy(text + place, insert, more);
    text[length + more] = '\0';
    return text;
}

static size_t length_by_sqlite(sqlite3_stmt *stmt, const char *text)
{
    size_t length;

    sqlite3_bind_text(stmt, 1, text, -1, SQLITE_STATIC);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    length = (size_t)sqlite3_column_int64(stmt, 0);
    sqlite3_reset(stmt);
    return length;
}

static void good_everywhere(void **state)
{
    static const char *const inserts[] = {"",  "b", "\x7f", "é", "€", "\xf0\x9f\x98\x80",
                                          "éé"};
    sqlite3_stmt *stmt = NULL;
    sqlite3 *db = NULL;

    (void)state;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT length(?1)", -1, &stmt, NULL),
                     SQLITE_OK);
    for (size_t i = 0; i < sizeof inserts / sizeof *inserts; i++)
        for (size_t length = 0; length < LONGEST; length++)
            for (size_t place = 0; place <= length; place++) {
                char *text = text_with(inserts[i], place, length);
                size_t got = SIZE_MAX;

                assert_true(quarry_utf8_length(text, &got));
                assert_int_equal(got, length_by_sqlite(stmt, text));
                free(text);
            }
    sqlite3_finalize(stmt);
    sqlite3_close(db);
}

static void bad_everywhere(void **state)
{
    static const char *const inserts[] = {
        "\x80",     "\xff",         "\xc3",         "\xe2\x82",
        "\xc0\x80", "\xed\xa0\x80", "\xf0\x9f\x98", "\xf4\x90\x80\x80"};
    size_t got;

    (void)state;
    for (size_t i = 0; i < sizeof inserts / sizeof *inserts; i++)
        for (size_t length = 0; length < LONGEST; length++)
            for (size_t place = 0; place <= length; place++) {
                char *text = text_with(inserts[i], place, length);

                assert_false(quarry_utf8_length(text, &got));
                free(text);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_everywhere),
        cmocka_unit_test(bad_everywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
