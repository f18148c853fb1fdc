/*
 * test_runtime_value.c: UTF-8, UUIDs, timestamps and dates of the runtime. SQLite is the
 * judge of lengths and times; of UTF-8 it is a second decoder, written from RFC 3629's
 * table.
 */
#include "../../runtime/internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

static sqlite3 *judge;

static int open_judge(void **state)
{
    (void)state;
    return sqlite3_open(":memory:", &judge) == SQLITE_OK ? 0 : -1;
}

static int close_judge(void **state)
{
    (void)state;
    return sqlite3_close(judge) == SQLITE_OK ? 0 : -1;
}

/* ---- UTF-8 ---------------------------------------------------------------------- */

/* Decodes by value: computes the code point, then asks whether it may be written so. */
static bool reference_length(const unsigned char *p, size_t *length)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    for (*length = 0; *p != 0; ++*length) {
        int size = *p < 0x80             ? 1
                   : (*p & 0xE0) == 0xC0 ? 2
                   : (*p & 0xF0) == 0xE0 ? 3
                   : (*p & 0xF8) == 0xF0 ? 4
                                         : 0;
        if (size == 0)
            return false;
        uint32_t c = size == 1 ? *p : *p & (0xFFu >> (size + 1));
        for (int i = 1; i < size; i++) {
            if ((p[i] & 0xC0) != 0x80)
                return false;
            c = c << 6 | (p[i] & 0x3F);
        }
        if (c < least[size] || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
            return false;
        p += size;
    }
    return true;
}

static void check_utf8(const char *text)
{
    size_t ours = 0, theirs = 0;
    bool valid = reference_length((const unsigned char *)text, &theirs);
    /* In a block of its own size, so that a read beyond the NUL is found. */
    char *copy = malloc(strlen(text) + 1);
    assert_non_null(copy);
    memcpy(copy, text, strlen(text) + 1);
    assert_int_equal(quarry_utf8_length(copy, &ours), valid);
    if (valid)
        assert_int_equal(ours, theirs);
    free(copy);
}

/* Each pair of bytes at the head of a sequence, before and behind others. */
static void utf8_agrees_with_the_table(void **state)
{
    static const char *const tails[] = {"",         "\x80",     "\xBF",
                                        "\x80\x80", "\xBF\xBF", "x",
                                        "\x80x",    "\xC0",     "12345678\xC3\xA9"};
    char text[64];
    (void)state;
    for (unsigned a = 1; a < 256; a++) {
        for (unsigned b = 0; b < 256; b++) {
            for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
                snprintf(text, sizeof text, "12345678%c%c%s", (int)a, (int)b, tails[i]);
                check_utf8(text);
                check_utf8(text + 8);
                check_utf8(text + 5);
            }
        }
    }
}

static void utf8_counts_as_sqlite_does(void **state)
{
    static const char *const texts[] = {"",
                                        "a",
                                        "12345678",
                                        "123456789",
                                        "\xC3\xA9t\xC3\xA9",
                                        "12345678\xE2\x82\xAC-12345678",
                                        "\xF0\x9F\x98\x80\xF4\x8F\xBF\xBF",
                                        "\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF"};
    sqlite3_stmt *stmt;
    size_t length;
    (void)state;
    sqlite3_prepare_v2(judge, "SELECT length(?1)", -1, &stmt, NULL);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        sqlite3_bind_text(stmt, 1, texts[i], -1, SQLITE_STATIC);
        assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
        assert_true(quarry_utf8_length(texts[i], &length));
        assert_int_equal(length, sqlite3_column_int64(stmt, 0));
        sqlite3_reset(stmt);
    }
    sqlite3_finalize(stmt);
}

static void utf8_of_a_megabyte(void **state)
{
    const size_t size = 1 << 20;
    char *text = malloc(size + 1);
    size_t length;
    (void)state;
    assert_non_null(text);
    memset(text, 'x', size);
    text[size] = '\0';
    assert_true(quarry_utf8_length(text, &length));
    assert_int_equal(length, size);
    text[size - 1] = '\x80';
    assert_false(quarry_utf8_length(text, &length));
    free(text);
}

/* ---- UUIDs ---------------------------------------------------------------------- */

static void uuids_read_both_cases(void **state)
{
    quarry_uuid uuid;
    (void)state;
    assert_true(quarry_uuid_parse("F81D4FAE-7DEC-11D0-a765-00A0C91E6BF6", &uuid));
    assert_string_equal(uuid.text, "f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
    assert_true(quarry_uuid_parse("00000000-0000-0000-0000-000000000000", &uuid));
}

static void uuids_refuse_anything_else(void **state)
{
    static const char *const texts[] = {"",
                                        "f81d4fae",
                                        "f81d4fae-7dec-11d0-a765-00a0c91e6bf",
                                        "f81d4fae-7dec-11d0-a765-00a0c91e6bf6 ",
                                        "f81d4fae-7dec-11d0-a765-00a0c91e6bf67",
                                        "f81d4fae-7dec-11d0-a76500a0c91e6bf6-",
                                        "f81d4fae07dec-11d0-a765-00a0c91e6bf6",
                                        "g81d4fae-7dec-11d0-a765-00a0c91e6bf6",
                                        "{81d4fae-7dec-11d0-a765-00a0c91e6bf}"};
    quarry_uuid uuid = {"as it was"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_false(quarry_uuid_parse(texts[i], &uuid));
    assert_false(quarry_uuid_parse(NULL, &uuid));
    assert_false(quarry_uuid_parse("f81d4fae-7dec-11d0-a765-00a0c91e6bf6", NULL));
    assert_string_equal(uuid.text, "as it was");
}

static void random_uuids_are_version_4(void **state)
{
    quarry_uuid seen[100], parsed;
    (void)state;
    for (int i = 0; i < 100; i++) {
        seen[i] = quarry_uuid_random();
        assert_true(quarry_uuid_parse(seen[i].text, &parsed));
        assert_memory_equal(&seen[i], &parsed, sizeof parsed);
        assert_int_equal(seen[i].text[14], '4');
        assert_non_null(strchr("89ab", seen[i].text[19]));
        for (int j = 0; j < i; j++)
            assert_string_not_equal(seen[i].text, seen[j].text);
    }
}

/* ---- timestamps ----------------------------------------------------------------- */

static const int64_t first_ms = INT64_C(-62167219200000);
static const int64_t last_ms = INT64_C(253402300799999);

static void check_time(sqlite3_stmt *stmt, int64_t ms)
{
    char text[QUARRY_TIMESTAMP_SIZE];
    quarry_timestamp back;
    int64_t rest = (ms % 1000 + 1000) % 1000;
    sqlite3_bind_int64(stmt, 1, (ms - rest) / 1000);
    sqlite3_bind_int64(stmt, 2, rest);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    assert_true(quarry_timestamp_format(ms, text));
    assert_string_equal(text, (const char *)sqlite3_column_text(stmt, 0));
    assert_true(quarry_timestamp_parse(text, &back));
    assert_true(back == ms);
    sqlite3_reset(stmt);
}

static int days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

/* Walks through every day there is, one after another. */
static void days_follow_the_calendar(void **state)
{
    int year = 0, month = 1, day = 1;
    char expected[40], text[QUARRY_TIMESTAMP_SIZE];
    (void)state;
    for (int64_t ms = first_ms; ms <= last_ms; ms += 86400000) {
        snprintf(expected, sizeof expected, "%04d-%02d-%02dT00:00:00.000Z", year, month,
                 day);
        assert_true(quarry_timestamp_format(ms, text));
        if (strcmp(text, expected) != 0)
            fail_msg("%s instead of %s", text, expected);
        if (++day > days_in(year, month)) {
            day = 1;
            month = month % 12 + 1;
            year += month == 1;
        }
    }
    assert_int_equal(year, 10000);
}

/*
 * In whole seconds, of which SQLite's arithmetic loses nothing, and from the year 400 on:
 * SQLite 3.40 takes 100, 200 and 300 for leap years.
 */
static void times_are_those_of_sqlite(void **state)
{
    const int64_t year_400 = INT64_C(-49544438400000);
    sqlite3_stmt *stmt;
    uint64_t random = 88172645463325252u;
    (void)state;
    sqlite3_prepare_v2(judge,
                       "SELECT strftime('%Y-%m-%dT%H:%M:%S', ?1, 'unixepoch')"
                       " || printf('.%03dZ', ?2)",
                       -1, &stmt, NULL);
    check_time(stmt, 0);
    check_time(stmt, -1);
    check_time(stmt, 1);
    check_time(stmt, year_400);
    check_time(stmt, last_ms);
    for (int i = 0; i < 20000; i++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        check_time(stmt, year_400 + (int64_t)(random % (uint64_t)(last_ms - year_400)));
    }
    sqlite3_finalize(stmt);
}

static void times_outside_the_years_are_refused(void **state)
{
    char text[QUARRY_TIMESTAMP_SIZE];
    (void)state;
    assert_false(quarry_timestamp_format(first_ms - 1, text));
    assert_false(quarry_timestamp_format(last_ms + 1, text));
    assert_false(quarry_timestamp_format(INT64_MIN, text));
    assert_false(quarry_timestamp_format(INT64_MAX, text));
}

static void times_are_read_in_all_forms(void **state)
{
    static const struct {
        const char *text;
        int64_t ms;
    } cases[] = {{"1970-01-01", 0},
                 {"1970-01-01T00:00", 0},
                 {"1970-01-01 00:00:01", 1000},
                 {"1970-01-01T00:00:00.5", 500},
                 {"1970-01-01T00:00:00.0019999999999Z", 1},
                 {"1969-12-31T23:59:59.999Z", -1},
                 {"1970-01-01T02:00+02:00", 0},
                 {"1969-12-31T18:30:00-05:30", 0},
                 {"2024-02-29T12:00:00.123Z", INT64_C(1709208000123)},
                 {"0000-01-01", INT64_C(-62167219200000)},
                 {"9999-12-31T23:59:59.999Z", INT64_C(253402300799999)}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        quarry_timestamp time = 42;
        assert_true(quarry_timestamp_parse(cases[i].text, &time));
        assert_true(time == cases[i].ms);
    }
}

static void other_times_are_refused(void **state)
{
    static const char *const texts[] = {"",
                                        "now",
                                        "1970",
                                        "1970-1-1",
                                        "1970-01-01T",
                                        "1970-01-01T00",
                                        "1970-01-01T24:00",
                                        "1970-01-01T00:60",
                                        "1970-01-01T00:00:60",
                                        "1970-01-01T00:00:00.",
                                        "1970-01-01T00:00:00.Z",
                                        "1970-01-01T00:00Zx",
                                        "1970-01-01T00:00z",
                                        "1970-01-01T00:00+1",
                                        "1970-01-01T00:00+24:00",
                                        "1970-01-01Z",
                                        " 1970-01-01",
                                        "1970-01-01 ",
                                        "1970-02-29",
                                        "1900-02-29",
                                        "2100-02-29",
                                        "2000-02-30",
                                        "2000-04-31",
                                        "2000-13-01",
                                        "2000-00-01",
                                        "2000-01-00",
                                        "-001-01-01",
                                        "10000-01-01",
                                        "0000-01-01T00:00+00:01",
                                        "9999-12-31T23:59-00:01"};
    quarry_timestamp time = 42;
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (quarry_timestamp_parse(texts[i], &time))
            fail_msg("accepted: %s", texts[i]);
    }
    assert_false(quarry_timestamp_parse(NULL, &time));
    assert_false(quarry_timestamp_parse("1970-01-01", NULL));
    assert_true(time == 42);
}

/* All that look like dates, against SQLite's date(), which normalises what is none. */
static void dates_are_those_of_sqlite(void **state)
{
    static const int years[] = {400,  401,  404,  500,  1900, 1999,
                                2000, 2023, 2024, 2100, 9999};
    sqlite3_stmt *stmt;
    char text[32];
    (void)state;
    sqlite3_prepare_v2(judge, "SELECT date(?1, '+0 days') IS ?1", -1, &stmt, NULL);
    for (size_t y = 0; y < sizeof years / sizeof *years; y++) {
        for (int i = 0; i < 14 * 33; i++) {
            snprintf(text, sizeof text, "%04d-%02d-%02d", years[y], i / 33, i % 33);
            sqlite3_bind_text(stmt, 1, text, -1, SQLITE_STATIC);
            assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
            assert_int_equal(quarry_date_valid(text), sqlite3_column_int(stmt, 0));
            sqlite3_reset(stmt);
        }
    }
    sqlite3_finalize(stmt);
    assert_true(quarry_date_valid("0000-02-29"));
    assert_false(quarry_date_valid("0100-02-29"));
    assert_false(quarry_date_valid(NULL));
    assert_false(quarry_date_valid("2024-01-15T00:00"));
    assert_false(quarry_date_valid("2024-01-1"));
}

static void now_is_the_time(void **state)
{
    int64_t before = (int64_t)time(NULL) * 1000;
    int64_t now = quarry_now();
    (void)state;
    assert_true(now >= before && now <= ((int64_t)time(NULL) + 1) * 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_agrees_with_the_table),
        cmocka_unit_test(utf8_counts_as_sqlite_does),
        cmocka_unit_test(utf8_of_a_megabyte),
        cmocka_unit_test(uuids_read_both_cases),
        cmocka_unit_test(uuids_refuse_anything_else),
        cmocka_unit_test(random_uuids_are_version_4),
        cmocka_unit_test(days_follow_the_calendar),
        cmocka_unit_test(times_are_those_of_sqlite),
        cmocka_unit_test(times_outside_the_years_are_refused),
        cmocka_unit_test(times_are_read_in_all_forms),
        cmocka_unit_test(other_times_are_refused),
        cmocka_unit_test(dates_are_those_of_sqlite),
        cmocka_unit_test(now_is_the_time),
    };
    return cmocka_run_group_tests(tests, open_judge, close_judge);
}
