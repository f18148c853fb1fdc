/*
 * test_cursor.c: cursors from open to close, several at once, and ends of all kinds.
 */
#include "sample_schema.h"
#include "../../runtime/internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define HOSTS "SELECT id, name, port, load FROM hosts ORDER BY port"

enum {
    SLOT = SAMPLE_CONTAINER_LIST + 1,
    OTHER
};

static quarry_db *db;

static int fill(void **state)
{
    (void)state;
    db = sample_open();
    if (db == NULL)
        return -1;
    return quarry_exec(db,
                       "INSERT INTO hosts VALUES ('a', 'A', 1, 0.5), ('b', 'B', 2, NULL),"
                       " ('c', 'C', 3, 1)") == QUARRY_OK
               ? 0
               : -1;
}

static int empty(void **state)
{
    (void)state;
    quarry_close(db);
    return 0;
}

static quarry_stmt *open_hosts(quarry_cursor *cursor)
{
    return quarry_cursor_open(cursor, db, SLOT, HOSTS, &sample_host_type);
}

static void reads_all_rows(void **state)
{
    quarry_cursor cursor;
    sample_host row;
    (void)state;
    for (int round = 0; round < 3; round++) {
        int count = 0;
        open_hosts(&cursor);
        while (quarry_cursor_next(&cursor, &row)) {
            count++;
            assert_int_equal(row.port, count);
            assert_int_equal(row.id[0], 'a' + count - 1);
            assert_int_equal(row.load.has, count != 2);
        }
        assert_int_equal(count, 3);
        assert_null(db->cursors); /* it ended by itself */
        assert_false(quarry_cursor_next(&cursor, &row));
        assert_int_equal(quarry_cursor_close(&cursor), QUARRY_OK);
        assert_int_equal(quarry_cursor_close(&cursor), QUARRY_OK);
    }
}

static void closing_early_frees_the_statement(void **state)
{
    quarry_cursor cursor;
    sample_host row;
    (void)state;
    open_hosts(&cursor);
    assert_true(quarry_cursor_next(&cursor, &row));
    assert_int_equal(quarry_cursor_close(&cursor), QUARRY_OK);
    assert_false(quarry_cursor_next(&cursor, &row));
    assert_false(sqlite3_stmt_busy(db->slots[SLOT].handle));
    assert_int_equal(quarry_exec(db, "DROP TABLE containers; DROP TABLE hosts"),
                     QUARRY_OK);
}

/* Both on one slot, each at its own place, closed in the order of opening. */
static void two_cursors_on_one_slot(void **state)
{
    quarry_cursor first, second, third;
    sample_host a, b;
    (void)state;
    open_hosts(&first);
    assert_true(quarry_cursor_next(&first, &a));
    open_hosts(&second);
    assert_true(quarry_cursor_next(&second, &b));
    assert_true(quarry_cursor_next(&second, &b));
    assert_int_equal(a.port, 1);
    assert_int_equal(b.port, 2);
    assert_true(quarry_cursor_next(&first, &a));
    assert_int_equal(a.port, 2);
    assert_int_equal(quarry_cursor_close(&first), QUARRY_OK);
    open_hosts(&third);
    assert_true(quarry_cursor_next(&second, &b));
    assert_int_equal(b.port, 3);
    assert_true(quarry_cursor_next(&third, &a));
    assert_false(quarry_cursor_next(&second, &b));
    assert_int_equal(quarry_cursor_close(&third), QUARRY_OK);
    assert_int_equal(quarry_cursor_close(&second), QUARRY_OK);
    assert_null(db->cursors);
}

static void parameters(void **state)
{
    quarry_cursor cursor;
    sample_host row;
    (void)state;
    for (int i = 1; i <= 3; i++) {
        quarry_stmt *stmt = quarry_cursor_open(
            &cursor, db, SLOT, "SELECT id, name, port, load FROM hosts WHERE port = ?1",
            &sample_host_type);
        quarry_bind_int64(stmt, 1, i);
        assert_true(quarry_cursor_next(&cursor, &row));
        assert_int_equal(row.port, i);
        assert_int_equal(quarry_cursor_close(&cursor), QUARRY_OK);
    }
}

static void a_statement_that_fails(void **state)
{
    quarry_cursor cursor;
    sample_host row;
    (void)state;
    quarry_stmt *stmt =
        quarry_cursor_open(&cursor, db, SLOT, "SELECT x FROM nowhere", &sample_host_type);
    quarry_bind_int64(stmt, 1, 5);
    assert_false(quarry_cursor_next(&cursor, &row));
    assert_int_equal(quarry_cursor_close(&cursor), QUARRY_ERROR);
    assert_int_equal(quarry_cursor_close(&cursor), QUARRY_ERROR);
    /* A second on the slot, prepared for it alone, while the first holds it. */
    quarry_cursor good, bad;
    quarry_cursor_open(&good, db, OTHER, HOSTS, &sample_host_type);
    quarry_cursor_open(&bad, db, OTHER, "SELECT x FROM nowhere", &sample_host_type);
    assert_false(quarry_cursor_next(&bad, &row));
    assert_int_equal(quarry_cursor_close(&bad), QUARRY_ERROR);
    assert_true(quarry_cursor_next(&good, &row));
    assert_int_equal(quarry_cursor_close(&good), QUARRY_OK);
}

static void a_bind_that_fails(void **state)
{
    quarry_cursor cursor;
    sample_host row;
    (void)state;
    quarry_bind_int64(open_hosts(&cursor), 9, 5);
    assert_false(quarry_cursor_next(&cursor, &row));
    assert_int_not_equal(quarry_cursor_close(&cursor), QUARRY_OK);
}

static void a_row_that_is_wrong(void **state)
{
    quarry_cursor cursor;
    sample_host row;
    (void)state;
    quarry_cursor_open(
        &cursor, db, SLOT,
        "SELECT id, nullif(name, 'B'), port, load FROM hosts ORDER BY port",
        &sample_host_type);
    assert_true(quarry_cursor_next(&cursor, &row));
    assert_false(quarry_cursor_next(&cursor, &row));
    assert_false(quarry_cursor_next(&cursor, &row));
    assert_int_equal(quarry_cursor_close(&cursor), QUARRY_MISMATCH);
    assert_string_equal(quarry_last_error(db)->message,
                        "hosts.name: NULL in a column that is NOT NULL");
}

static void a_step_that_fails(void **state)
{
    quarry_cursor cursor;
    sample_host row;
    (void)state;
    quarry_cursor_open(&cursor, db, SLOT,
                       "SELECT id, name, CASE WHEN port = 3 THEN"
                       " abs(-9223372036854775808) ELSE port END, load FROM hosts",
                       &sample_host_type);
    assert_true(quarry_cursor_next(&cursor, &row));
    assert_true(quarry_cursor_next(&cursor, &row));
    assert_false(quarry_cursor_next(&cursor, &row));
    assert_int_equal(quarry_cursor_close(&cursor), QUARRY_ERROR);
    assert_null(db->cursors);
}

static void the_connection_closes_first(void **state)
{
    quarry_cursor first, second;
    sample_host row;
    (void)state;
    open_hosts(&first);
    open_hosts(&second);
    assert_true(quarry_cursor_next(&first, &row));
    assert_true(quarry_cursor_next(&second, &row));
    quarry_close(db);
    db = NULL;
    assert_false(quarry_cursor_next(&first, &row));
    assert_int_equal(quarry_cursor_close(&first), QUARRY_MISUSE);
    assert_int_equal(quarry_cursor_close(&second), QUARRY_MISUSE);
}

static void nulls(void **state)
{
    quarry_cursor cursor;
    sample_host row;
    (void)state;
    assert_int_equal(quarry_cursor_close(NULL), QUARRY_OK);
    assert_false(quarry_cursor_next(NULL, &row));
    quarry_bind_int64(quarry_cursor_open(NULL, db, SLOT, HOSTS, &sample_host_type), 1, 1);
    assert_int_equal(quarry_last_error(db)->status, QUARRY_MISUSE);
    quarry_cursor_open(&cursor, NULL, SLOT, HOSTS, &sample_host_type);
    assert_false(quarry_cursor_next(&cursor, &row));
    assert_int_equal(quarry_cursor_close(&cursor), QUARRY_MISUSE);
    open_hosts(&cursor);
    assert_false(quarry_cursor_next(&cursor, NULL));
    assert_int_equal(quarry_cursor_close(&cursor), QUARRY_MISUSE);
}

/* ---- labels --------------------------------------------------------------------------
 */

static void read_labels(quarry_reader *reader, void *to)
{
    ((quarry_labels *)to)[0] = quarry_read_labels(reader, 0);
    ((quarry_labels *)to)[1] = quarry_read_labels(reader, 1);
}

static const quarry_column label_columns[] = {{.name = "a", .labels = true},
                                              {.name = "b", .labels = true}};
static const quarry_row_type label_type = {.table = "t",
                                           .columns = label_columns,
                                           .column_count = 2,
                                           .key_column = -1,
                                           .size = 2 * sizeof(quarry_labels),
                                           .read = read_labels};

/* Rows of rising and falling size share one block. */
static void labels_of_each_row(void **state)
{
    quarry_cursor cursor;
    quarry_labels labels[2];
    char expected[300];
    int count = 0;
    (void)state;
    quarry_cursor_open(&cursor, db, SLOT,
                       "WITH n(i) AS (VALUES (1), (200), (3), (0), (250)) SELECT"
                       " json_object('k', printf('%.*c', i, 'x')),"
                       " json_object('l', i || '', 'm', 'y') FROM n",
                       &label_type);
    static const int sizes[] = {1, 200, 3, 0, 250};
    while (quarry_cursor_next(&cursor, labels)) {
        memset(expected, 'x', 250);
        expected[sizes[count]] = '\0';
        if (sizes[count] > 0) /* of nothing, printf() makes one character */
            assert_string_equal(quarry_labels_get(labels[0], "k"), expected);
        snprintf(expected, sizeof expected, "%d", sizes[count]);
        assert_string_equal(quarry_labels_get(labels[1], "l"), expected);
        assert_string_equal(quarry_labels_get(labels[1], "m"), "y");
        count++;
    }
    assert_int_equal(count, 5);
    assert_int_equal(quarry_cursor_close(&cursor), QUARRY_OK);
}

/* Texts of rising and falling size stay until the next call on their own cursor. */
static void texts_of_each_row(void **state)
{
    static const char *const selects[] = {HOSTS, "SELECT id, name, port, load FROM hosts",
                                          "SELECT id, name, port, load FROM hosts\n"
                                          "ORDER BY id"};
    static const quarry_mode modes[] = {QUARRY_STEPPED, QUARRY_EACH, QUARRY_EACH};
    static const size_t sizes[] = {1, 70000, 3, 0, 200, 100000};
    (void)state;
    quarry_exec(db, "UPDATE hosts SET name = substr(printf('%.*c', 70000, 'b'), 1,"
                    " CASE id WHEN 'a' THEN 1 WHEN 'b' THEN 70000 ELSE 3 END);"
                    "INSERT INTO hosts VALUES ('d', '', 4, 1), ('e',"
                    " printf('%.*c', 200, 'e'), 5, 1), ('f',"
                    " printf('%.*c', 100000, 'f'), 6, 1)");
    for (int i = 0; i < 3; i++) {
        quarry_cursor cursor, other;
        sample_host row, ignored;
        int count = 0;
        quarry_cursor_open(&cursor, db, SLOT + i, selects[i], &sample_host_type);
        assert_int_equal(cursor.stmt->mode, modes[i]);
        quarry_cursor_open(&other, db, SLOT + i, selects[i], &sample_host_type);
        while (quarry_cursor_next(&cursor, &row)) {
            assert_true(quarry_cursor_next(&other, &ignored));
            assert_true(count == 0 || quarry_cursor_next(&other, &ignored) || count > 2);
            assert_int_equal(strlen(row.name), sizes[count]);
            assert_int_equal(row.id[0], 'a' + count);
            assert_true(row.name[0] == '\0' || row.name[0] == 'b' ||
                        row.name[0] == row.id[0]);
            if (count++ == 2)
                break;
        }
        quarry_cursor_close(&other);
        while (quarry_cursor_next(&cursor, &row))
            assert_int_equal(strlen(row.name), sizes[count++]);
        assert_int_equal(count, 6);
        assert_int_equal(quarry_cursor_close(&cursor), QUARRY_OK);
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
    quarry_cursor cursor;
    quarry_labels labels[2];
    (void)state;
    quarry_cursor_open(&cursor, db, SLOT, "SELECT '{\"a\":\"b\"}', '{}'", &label_type);
    quarry_set_allocator(&none);
    bool more = quarry_cursor_next(&cursor, labels);
    quarry_set_allocator(NULL);
    assert_false(more);
    assert_int_equal(quarry_cursor_close(&cursor), QUARRY_NO_MEMORY);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, fill, empty)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reads_all_rows),
        TEST(closing_early_frees_the_statement),
        TEST(two_cursors_on_one_slot),
        TEST(parameters),
        TEST(a_statement_that_fails),
        TEST(a_bind_that_fails),
        TEST(a_row_that_is_wrong),
        TEST(a_step_that_fails),
        TEST(the_connection_closes_first),
        TEST(nulls),
        TEST(labels_of_each_row),
        TEST(texts_of_each_row),
        TEST(labels_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
