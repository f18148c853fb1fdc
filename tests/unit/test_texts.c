/*
 * test_texts.c: long lists, whose equal texts are one in memory: that they hold what SQLite
 * gives for the same SELECT, and when they share.
 */
#include "sample_schema.h"
#include "../../runtime/internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum {
    SLOT = SAMPLE_CONTAINER_LIST + 1,
    ROWS = 40000
};

static quarry_db *db;

static int open_db(void **state)
{
    (void)state;
    db = sample_open();
    return db == NULL ? -1 : 0;
}

static int close_db(void **state)
{
    (void)state;
    quarry_close(db);
    return 0;
}

#define LONG_LIST(id, name)                                                              \
    "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 39999)"    \
    " SELECT " id " AS id, " name " AS name, i AS port, 0.5 AS load FROM n"

static quarry_status list(int slot, const char *sql, quarry_rows *rows)
{
    quarry_stmt *stmt = quarry_prepare_rows(db, slot, sql, &sample_host_type);
    return quarry_fetch_rows(stmt, &sample_host_type, rows);
}

/* With what SQLite steps through. */
static void compare(int slot, const char *sql)
{
    quarry_rows rows;
    sqlite3_stmt *stmt;
    size_t i = 0;
    assert_int_equal(list(slot, sql, &rows), QUARRY_OK);
    const sample_host *host = rows.items;
    assert_int_equal(sqlite3_prepare_v2(db->handle, sql, -1, &stmt, NULL), SQLITE_OK);
    for (; sqlite3_step(stmt) == SQLITE_ROW; i++) {
        assert_true(i < rows.count);
        assert_string_equal(host[i].id, (const char *)sqlite3_column_text(stmt, 0));
        assert_string_equal(host[i].name, (const char *)sqlite3_column_text(stmt, 1));
        assert_int_equal(host[i].port, sqlite3_column_int64(stmt, 2));
    }
    assert_int_equal(i, rows.count);
    sqlite3_finalize(stmt);
    quarry_arena_free(rows.arena);
}

/* How many texts of the column `id` stand at the place of an earlier row's. */
static size_t count_shared(const char *sql, int slot)
{
    quarry_rows rows;
    size_t shared = 0;
    assert_int_equal(list(slot, sql, &rows), QUARRY_OK);
    const sample_host *host = rows.items;
    assert_int_equal(rows.count, ROWS);
    for (size_t i = 100; i < rows.count; i++)
        shared += host[i].id == host[i - 100].id;
    quarry_arena_free(rows.arena);
    return shared;
}

/* Texts that repeat, that do not, that differ in one byte anywhere, of all lengths. */
static void long_lists_hold_what_sqlite_holds(void **state)
{
    static const char *const selects[] = {
        LONG_LIST("'a text of some length ' || (i % 100)", "'n' || (i % 100)"),
        LONG_LIST("'a text of some length ' || i", "'another text of it ' || (i % 3)"),
        LONG_LIST("substr('0123456789abcdefghijklmnopqrstuvwxyz', 1, i % 37)",
                  "substr('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', 1 + i % 37)"),
        LONG_LIST("'begins as the other ' || (i % 7) || ' that ends as it does'",
                  "char(97 + i % 26, 233, 8364, 128512) || ' and so it goes on'"),
        LONG_LIST("CASE WHEN i < 20000 THEN 'first half' || i ELSE 'the other half' END",
                  "''"),
    };
    (void)state;
    for (size_t i = 0; i < sizeof selects / sizeof *selects; i++)
        compare(SLOT + (int)i, selects[i]);
}

static void equal_texts_of_a_long_list_are_one(void **state)
{
    (void)state;
    assert_true(count_shared(LONG_LIST("'a text of some length ' || (i % 100)", "'n'"),
                             SLOT) > 20000);
    assert_int_equal(count_shared(LONG_LIST("'short ' || (i % 100)", "'n'"), SLOT + 1),
                     0);
    assert_int_equal(
        count_shared(LONG_LIST("'a text of some length ' || i", "'n'"), SLOT + 2), 0);
}

static void *no_big_block(size_t size)
{
    return size > 65536 && size < 80000 ? NULL : malloc(size);
}

static void a_long_list_without_memory_for_its_table(void **state)
{
    const quarry_allocator limited = {no_big_block, realloc, free};
    size_t shared;
    (void)state;
    quarry_set_allocator(&limited);
    shared =
        count_shared(LONG_LIST("'a text of some length ' || (i % 100)", "'n'"), SLOT);
    quarry_set_allocator(NULL);
    assert_int_equal(shared, 0);
}

/* Also where it repeats, and where a valid one differs from it in the last byte only. */
static void a_wrong_text_in_a_long_list(void **state)
{
    static const char *const wrong[] = {"x'6120746578742077697468206120ff'",
                                        "x'61207465787420776974682061206e0075'"};
    char sql[512];
    quarry_rows rows;
    (void)state;
    for (int i = 0; i < 2; i++) {
        snprintf(sql, sizeof sql,
                 LONG_LIST("CASE WHEN i > 30000 THEN CAST(%s AS TEXT) ELSE"
                           " 'a text with a n' || (i %% 9) END",
                           "'n'"),
                 wrong[i]);
        assert_int_equal(list(SLOT + i, sql, &rows), QUARRY_MISMATCH);
        assert_string_equal(quarry_last_error(db)->column, "id");
        assert_null(rows.arena);
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, open_db, close_db)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(long_lists_hold_what_sqlite_holds),
        TEST(equal_texts_of_a_long_list_are_one),
        TEST(a_long_list_without_memory_for_its_table),
        TEST(a_wrong_text_in_a_long_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
