/*
 * test_list_table.c: lists as emitted statements read them: of no value, one and two, twice in
 * a statement, in NOT IN, and not bound at all.
 */
#include "sql/list_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static sqlite3 *open_db(void)
{
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    assert_true(list_table_register(db));
    return db;
}

static void add(sqlite3 *db, struct list_values *list, const char *literal)
{
    char *sql = sqlite3_mprintf("SELECT %s", literal);
    sqlite3_stmt *value = NULL;

    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &value, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(value), SQLITE_ROW);
    list->values[list->count++] = sqlite3_value_dup(sqlite3_column_value(value, 0));
    sqlite3_finalize(value);
    sqlite3_free(sql);
}

/* The one number that a statement gives with ?1 as the list. */
static int result_of(sqlite3 *db, const char *sql, struct list_values *list)
{
    sqlite3_stmt *statement = NULL;
    int result;

    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    if (list != NULL)
        list_bind(statement, 1, list);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    result = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    return result;
}

#define LIST "(SELECT c1 FROM quarry_rows_1(?1))"

static void test_lengths(void **state)
{
    static const char numbers[] =
        "WITH n(x) AS (VALUES (1), (2), (3)) SELECT count(*) FROM n WHERE x IN " LIST;
    static const char others[] =
        "WITH n(x) AS (VALUES (1), (2), (3)) SELECT count(*) FROM n WHERE x NOT IN " LIST;
    sqlite3 *db = open_db();
    struct list_values list = {.count = 0};

    (void)state;
    assert_int_equal(result_of(db, numbers, NULL), 0);
    assert_int_equal(result_of(db, numbers, &list), 0);
    assert_int_equal(result_of(db, others, &list), 3);
    add(db, &list, "2");
    assert_int_equal(result_of(db, numbers, &list), 1);
    assert_int_equal(result_of(db, others, &list), 2);
    add(db, &list, "3");
    assert_int_equal(result_of(db, numbers, &list), 2);
    assert_int_equal(result_of(db, others, &list), 1);
    assert_int_equal(
        result_of(db, "SELECT (1 IN " LIST ") + 10 * (3 IN " LIST ")", &list), 10);
    list_release(&list);
    assert_int_equal(list.count, 0);
    sqlite3_close(db);
}

static void test_values(void **state)
{
    sqlite3 *db = open_db();
    struct list_values list = {.count = 0};

    (void)state;
    add(db, &list, "'it''s'");
    add(db, &list, "x'00ff'");
    assert_int_equal(result_of(db, "SELECT 'it''s' IN " LIST, &list), 1);
    assert_int_equal(result_of(db, "SELECT x'00ff' IN " LIST, &list), 1);
    assert_int_equal(result_of(db, "SELECT x'00' IN " LIST, &list), 0);
    assert_int_equal(result_of(db, "SELECT count(*) FROM quarry_rows_1(?1)", &list), 2);
    list_release(&list);
    sqlite3_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_values),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
