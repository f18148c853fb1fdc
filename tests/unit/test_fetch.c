/*
 * test_fetch.c: one row, all rows and numbers: order, ends, errors half way, memory that
 * runs out. What SQLite itself answers to the same SELECT is the expected order.
 */
#include "failing_memory.h"
#include "sample_schema.h"
#include "../../runtime/internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define HOSTS      "SELECT id, name, port, load FROM hosts"
#define CONTAINERS "SELECT id, host_id, name, note, data FROM containers"

enum {
    ROWS = 1000,
    SLOT_A = SAMPLE_CONTAINER_LIST + 1,
    SLOT_B,
    SLOT_C,
    SLOT_D
};

static quarry_db *db;

/* Hosts h0 … h999 with their ports in another order, a container each. */
static int fill(void **state)
{
    (void)state;
    db = sample_open();
    if (db == NULL)
        return -1;
    return quarry_exec(
               db, "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n"
                   " WHERE i < 999) INSERT INTO hosts SELECT 'h' || i,"
                   " 'name ' || i, 1 + (i * 7919) % 1000, i / 4.0 FROM n;"
                   "INSERT INTO containers SELECT port, id, name,"
                   " nullif(name, 'name 5'), zeroblob(port % 3) FROM hosts") == QUARRY_OK
               ? 0
               : -1;
}

static int empty(void **state)
{
    (void)state;
    quarry_close(db);
    return 0;
}

/* ---- one row ----------------------------------------------------------------------- */

static quarry_status get_host(const char *id, sample_host **row)
{
    quarry_stmt *stmt = quarry_prepare(db, SAMPLE_HOST_GET, HOSTS " WHERE id = ?1");
    quarry_bind_text(stmt, 1, id);
    return quarry_fetch_one(stmt, &sample_host_type, (void **)row);
}

static void one_row(void **state)
{
    sample_host *row = NULL;
    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(get_host("h17", &row), QUARRY_OK);
        assert_string_equal(row->id, "h17");
        assert_string_equal(row->name, "name 17");
        assert_true(row->load.has && row->load.value > 4.2);
        quarry_free(row);
        assert_int_equal(get_host("none", &row), QUARRY_NOT_FOUND);
        assert_null(row);
    }
}

static void one_row_of_many_takes_the_first(void **state)
{
    void *row;
    (void)state;
    assert_int_equal(quarry_fetch_one(quarry_prepare(db, SLOT_A, HOSTS " ORDER BY port"),
                                      &sample_host_type, &row),
                     QUARRY_OK);
    assert_int_equal(((sample_host *)row)->port, 1);
    quarry_free(row);
    /* The statement was reset: a table that is read can't be dropped. */
    assert_int_equal(quarry_exec(db, "SAVEPOINT x; DROP TABLE containers; ROLLBACK TO x;"
                                     " RELEASE x"),
                     QUARRY_OK);
}

static void one_row_that_is_wrong(void **state)
{
    void *row = &row;
    (void)state;
    quarry_stmt *stmt =
        quarry_prepare(db, SLOT_B, "SELECT id, NULL, port, load FROM hosts");
    assert_int_equal(quarry_fetch_one(stmt, &sample_host_type, &row), QUARRY_MISMATCH);
    assert_null(row);
    row = &row;
    stmt = quarry_prepare(db, SLOT_C, "SELECT abs(-9223372036854775808)");
    assert_int_equal(quarry_fetch_one(stmt, &sample_host_type, &row), QUARRY_ERROR);
    assert_null(row);
    assert_non_null(strstr(quarry_last_error(db)->message, "integer overflow"));
    row = &row;
    stmt = quarry_prepare(db, SLOT_D, "SELECT nonsense");
    assert_int_equal(quarry_fetch_one(stmt, &sample_host_type, &row), QUARRY_ERROR);
    assert_null(row);
}

static void no_place_for_the_result(void **state)
{
    (void)state;
    quarry_stmt *stmt = quarry_prepare(db, SAMPLE_HOST_LIST, HOSTS);
    assert_int_equal(quarry_fetch_one(stmt, &sample_host_type, NULL), QUARRY_MISUSE);
    assert_int_equal(quarry_fetch_rows(stmt, &sample_host_type, NULL), QUARRY_MISUSE);
    assert_int_equal(quarry_fetch_exists(stmt, NULL), QUARRY_MISUSE);
    assert_int_equal(quarry_fetch_int64(stmt, NULL), QUARRY_MISUSE);
}

static void no_connection(void **state)
{
    void *row = &row;
    quarry_rows rows;
    bool exists = true;
    int64_t number = 7;
    (void)state;
    assert_int_equal(
        quarry_fetch_one(quarry_prepare(NULL, 0, HOSTS), &sample_host_type, &row),
        QUARRY_MISUSE);
    assert_null(row);
    assert_int_equal(
        quarry_fetch_rows(quarry_prepare_rows(NULL, 0, HOSTS, &sample_host_type),
                          &sample_host_type, &rows),
        QUARRY_MISUSE);
    assert_null(rows.arena);
    assert_int_equal(quarry_fetch_exists(quarry_prepare(NULL, 0, HOSTS), &exists),
                     QUARRY_MISUSE);
    assert_false(exists);
    assert_int_equal(quarry_fetch_int64(quarry_prepare(NULL, 0, HOSTS), &number),
                     QUARRY_MISUSE);
    assert_int_equal(number, 0);
}

/* ---- all rows -----------------------------------------------------------------------
 */

static quarry_status list(int slot, const char *sql, const quarry_row_type *type,
                          bool by_key, quarry_rows *rows)
{
    quarry_stmt *stmt = quarry_prepare_rows(db, slot, sql, type);
    return by_key ? quarry_fetch_rows_by_key(stmt, type, rows)
                  : quarry_fetch_rows(stmt, type, rows);
}

/* Lists hosts by `sql`, which SQLite steps through for comparison. */
static void check_hosts(int slot, const char *sql, bool pulled)
{
    quarry_rows rows;
    size_t i = 0;
    sqlite3_stmt *stmt;
    quarry_stmt *ours = pulled ? quarry_prepare_rows(db, slot, sql, &sample_host_type)
                               : quarry_prepare(db, slot, sql);
    assert_int_equal(quarry_fetch_rows(ours, &sample_host_type, &rows), QUARRY_OK);
    assert_non_null(rows.items);
    assert_non_null(rows.list);
    memset(rows.list, 0xA5, 3 * sizeof(void *));
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

/* By a sorter, by an index, backwards, with a limit, from a compound, twice each. */
static void lists_keep_their_order(void **state)
{
    static const char *const selects[] = {
        HOSTS " ORDER BY port",
        HOSTS " ORDER BY port DESC",
        HOSTS " ORDER BY name DESC",
        HOSTS " ORDER BY id LIMIT 10 OFFSET 5",
        HOSTS " ORDER BY port % 10, name LIMIT 100",
        HOSTS " WHERE port > 990 ORDER BY load",
        HOSTS " WHERE port < 5 UNION ALL " HOSTS " WHERE port > 995 ORDER BY 3 DESC",
        "WITH big AS (" HOSTS " WHERE port > 500) SELECT * FROM big ORDER BY 3",
        "SELECT h.id, h.name, c.id, h.load FROM hosts AS h JOIN containers AS c"
        " ON c.host_id = h.id ORDER BY c.id DESC -- a comment",
        HOSTS " WHERE id = 'none'",
        HOSTS "\nORDER BY port",
        HOSTS "\nORDER BY name DESC",
        HOSTS "\nORDER BY \"name\", ID DESC",
        HOSTS " WHERE port > 900\nORDER BY load DESC, port",
        HOSTS "\nORDER BY rowid DESC",
        HOSTS "\nORDER BY name LIMIT 7",
        "SELECT name AS id, id AS name, port, load FROM hosts\nORDER BY name",
        "SELECT 'x', name, port, load FROM hosts\nORDER BY id DESC",
    };
    (void)state;
    for (size_t i = 0; i < sizeof selects / sizeof *selects; i++) {
        check_hosts(SAMPLE_CONTAINER_LIST + 1 + (int)i, selects[i], true);
        check_hosts(SAMPLE_CONTAINER_LIST + 1 + (int)i, selects[i], true);
    }
}

static void lists_without_pulling(void **state)
{
    (void)state;
    check_hosts(SLOT_A, HOSTS " ORDER BY port", false);
}

/* Wrapped where that is faster, and stepped where it would be slower. */
static void lists_in_the_faster_way(void **state)
{
    static const struct {
        const char *sql;
        quarry_mode mode;
    } cases[] = {
        {HOSTS, QUARRY_AT_ONCE},
        {HOSTS " WHERE port BETWEEN 5 AND 10", QUARRY_AT_ONCE},
        {HOSTS "\nORDER BY id", QUARRY_EACH},
        {HOSTS "\nORDER BY \"id\" DESC", QUARRY_EACH},
        {HOSTS " WHERE id > 'h5'\nORDER BY id", QUARRY_EACH},
        {HOSTS "\nORDER BY port", QUARRY_STEPPED},   /* by a sorter */
        {HOSTS " ORDER BY id", QUARRY_STEPPED},      /* not in a line of its own */
        {HOSTS "\nORDER BY id + 1", QUARRY_STEPPED}, /* no column */
        {"SELECT id AS i, name, port, load FROM hosts\nORDER BY id", QUARRY_STEPPED},
    };
    (void)state;
    for (int i = 0; i < (int)(sizeof cases / sizeof *cases); i++) {
        check_hosts(SLOT_A + i, cases[i].sql, true);
        if (db->slots[SLOT_A + i].mode != cases[i].mode)
            fail_msg("%s: mode %d", cases[i].sql, (int)db->slots[SLOT_A + i].mode);
    }
}

/* Rows that are sorted after they were taken come to nobody. */
static void rows_out_of_step_are_refused(void **state)
{
    quarry_rows rows;
    sample_host *row;
    (void)state;
    check_hosts(SLOT_A, HOSTS, true); /* makes the functions known */
    for (int i = 0; i < 2; i++) {
        quarry_stmt *stmt =
            quarry_prepare(db, SLOT_B,
                           "WITH q(c1, c2, c3, c4) AS (" HOSTS ") SELECT"
                           " quarry_row(c4, c1, c2, c3) FROM q ORDER BY c3");
        stmt->mode = QUARRY_EACH;
        assert_int_equal(i == 0
                             ? quarry_fetch_rows(stmt, &sample_host_type, &rows)
                             : quarry_fetch_one(stmt, &sample_host_type, (void **)&row),
                         QUARRY_MISUSE);
    }
    assert_null(rows.arena);
    assert_null(row);
}

/* They take nothing where nobody waits for rows. */
static void the_functions_are_the_runtimes_own(void **state)
{
    static const char *const calls[] = {"SELECT quarry_row(1)", "SELECT quarry_pull(1)",
                                        "SELECT quarry_pull()", "SELECT quarry_row()"};
    (void)state;
    check_hosts(SLOT_A, HOSTS, true);
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        assert_int_equal(quarry_exec(db, calls[i]), QUARRY_ERROR);
    assert_int_equal(quarry_exec(db, "CREATE VIEW v AS SELECT quarry_row(1);"
                                     "SELECT * FROM v"),
                     QUARRY_ERROR);
}

static void check_by_key(int slot, const char *sql)
{
    quarry_rows rows;
    assert_int_equal(list(slot, sql, &sample_container_type, true, &rows), QUARRY_OK);
    assert_int_equal(rows.count, ROWS);
    const sample_container *row = rows.items;
    for (int i = 0; i < ROWS; i++) {
        assert_int_equal(row[i].id, i + 1);
        assert_int_equal(atoi(row[i].host_id + 1), atoi(row[i].name + 5));
        assert_true(row[i].data.size == (size_t)(i + 1) % 3 && row[i].data.data != NULL);
        assert_true((row[i].note == NULL) == (strcmp(row[i].name, "name 5") == 0));
    }
    quarry_arena_free(rows.arena);
}

/* Also where SQLite gives them in another order: then they are sorted here. */
static void lists_by_key(void **state)
{
    (void)state;
    check_by_key(SLOT_A, CONTAINERS " NOT INDEXED");
    check_by_key(SLOT_B, CONTAINERS " ORDER BY name");
    check_by_key(SLOT_C, CONTAINERS " ORDER BY id DESC");
    quarry_exec(db, "PRAGMA reverse_unordered_selects = ON");
    check_by_key(SLOT_A, CONTAINERS " NOT INDEXED");
    quarry_exec(db, "PRAGMA reverse_unordered_selects = OFF");
}

static void parameters_keep_their_numbers(void **state)
{
    quarry_rows rows;
    (void)state;
    for (int i = 0; i < 3; i++) {
        quarry_stmt *stmt = quarry_prepare_rows(
            db, SLOT_A, HOSTS " WHERE port >= ?2 AND port < ?1 ORDER BY port",
            &sample_host_type);
        quarry_bind_int64(stmt, 2, 10 + i);
        quarry_bind_int64(stmt, 1, 20);
        assert_int_equal(quarry_fetch_rows(stmt, &sample_host_type, &rows), QUARRY_OK);
        assert_int_equal(rows.count, 10 - i);
        assert_int_equal(((sample_host *)rows.items)[0].port, 10 + i);
        quarry_arena_free(rows.arena);
    }
}

/* An error at the first, a middle and the last row ends the list and leaves nothing. */
static void an_error_ends_the_list(void **state)
{
    static const int places[] = {1, 500, 1000};
    char sql[200];
    quarry_rows rows;
    (void)state;
    for (int i = 0; i < 3; i++) {
        snprintf(sql, sizeof sql,
                 "SELECT id, host_id, nullif(id, %d) || '', note, data FROM containers"
                 " ORDER BY id",
                 places[i]);
        assert_int_equal(list(SLOT_A + i, sql, &sample_container_type, false, &rows),
                         QUARRY_MISMATCH);
        assert_int_equal(quarry_last_error(db)->rowid, places[i]);
        assert_string_equal(quarry_last_error(db)->column, "name");
        assert_true(rows.items == NULL && rows.count == 0 && rows.arena == NULL);
    }
    assert_int_equal(list(SLOT_D, HOSTS " WHERE abs(-9223372036854775808) > 0",
                          &sample_host_type, false, &rows),
                     QUARRY_ERROR);
    assert_null(rows.arena);
}

static void a_select_that_does_not_prepare(void **state)
{
    static const char sql[] = "SELECT id, nonsense, 1, 2 FROM hosts";
    quarry_rows rows;
    (void)state;
    assert_int_equal(list(SLOT_A, sql, &sample_host_type, false, &rows), QUARRY_ERROR);
    assert_string_equal(quarry_last_error(db)->sql, sql);
    assert_non_null(strstr(quarry_last_error(db)->message, "nonsense"));
    assert_int_equal(
        list(SLOT_B, "SELECT id FROM hosts", &sample_host_type, false, &rows),
        QUARRY_MISUSE);
}

/* The function is nobody else's: SQL text can't reach a fetch. */
static void the_function_is_private(void **state)
{
    (void)state;
    assert_int_not_equal(quarry_exec(db, "SELECT quarry_pull(1, 2)"), QUARRY_OK);
    quarry_exec(db, "CREATE VIEW v AS SELECT quarry_pull(1)");
    assert_int_not_equal(quarry_exec(db, "SELECT * FROM v"), QUARRY_OK);
}

/* A user's function that lists while a list is fetched, even from the same slot. */
static int nested_depth;
static void nested(sqlite3_context *context, int count, sqlite3_value **values);

static quarry_status nested_list(quarry_rows *rows)
{
    return list(SLOT_A, HOSTS " WHERE nested(port) > 0 ORDER BY port LIMIT 5",
                &sample_host_type, false, rows);
}

static void nested(sqlite3_context *context, int count, sqlite3_value **values)
{
    quarry_rows rows;
    (void)count;
    if (nested_depth++ == 0) {
        if (nested_list(&rows) != QUARRY_OK || rows.count != 5)
            sqlite3_result_error(context, "the inner list failed", -1);
        quarry_arena_free(rows.arena);
    }
    nested_depth--;
    sqlite3_result_value(context, values[0]);
}

static void lists_nest(void **state)
{
    quarry_rows rows;
    (void)state;
    sqlite3_create_function(db->handle, "nested", 1, SQLITE_UTF8, NULL, nested, NULL,
                            NULL);
    assert_int_equal(nested_list(&rows), QUARRY_OK);
    assert_int_equal(rows.count, 5);
    assert_int_equal(((sample_host *)rows.items)[4].port, 5);
    quarry_arena_free(rows.arena);
}

/* ---- many columns -------------------------------------------------------------------
 */

enum {
    WIDE = 200
};
static quarry_column wide_columns[WIDE];

static void read_wide(quarry_reader *reader, void *to)
{
    for (int i = 0; i < WIDE; i++)
        ((int64_t *)to)[i] = quarry_read_int64(reader, i);
}

/* More columns than a function may have arguments, and than fit on the stack. */
static void wide_rows(void **state)
{
    const quarry_row_type type = {.table = "wide",
                                  .columns = wide_columns,
                                  .column_count = WIDE,
                                  .key_column = -1,
                                  .size = WIDE * sizeof(int64_t),
                                  .read = read_wide};
    char sql[2000] = "SELECT ";
    void *row;
    quarry_rows rows;
    (void)state;
    for (int i = 0; i < WIDE; i++)
        sprintf(sql + strlen(sql), "%s%d", i == 0 ? "" : ", ", i);
    strcat(sql, " UNION ALL SELECT port");
    for (int i = 1; i < WIDE; i++)
        strcat(sql, ", 7");
    strcat(sql, " FROM hosts");
    assert_int_equal(list(SLOT_A, sql, &type, false, &rows), QUARRY_OK);
    assert_int_equal(rows.count, ROWS + 1);
    assert_int_equal(((int64_t *)rows.items)[199], 199);
    quarry_arena_free(rows.arena);
    assert_int_equal(quarry_fetch_one(quarry_prepare(db, SLOT_B, sql), &type, &row),
                     QUARRY_OK);
    assert_int_equal(((int64_t *)row)[199], 199);
    quarry_free(row);
}

/* ---- numbers -------------------------------------------------------------------------
 */

static void numbers(void **state)
{
    bool exists;
    int64_t number;
    (void)state;
    assert_int_equal(
        quarry_fetch_int64(quarry_prepare(db, SLOT_A, "SELECT count(*) FROM hosts"),
                           &number),
        QUARRY_OK);
    assert_int_equal(number, ROWS);
    assert_int_equal(
        quarry_fetch_exists(quarry_prepare(db, SLOT_B, "SELECT 1 FROM hosts"), &exists),
        QUARRY_OK);
    assert_true(exists);
    assert_int_equal(
        quarry_fetch_exists(quarry_prepare(db, SLOT_C, "SELECT 1 FROM hosts WHERE 0"),
                            &exists),
        QUARRY_OK);
    assert_false(exists);
    assert_int_equal(
        quarry_fetch_int64(quarry_prepare(db, SLOT_D, "SELECT 1 WHERE 0"), &number),
        QUARRY_NOT_FOUND);
    assert_int_equal(
        quarry_fetch_int64(quarry_prepare(db, SLOT_D + 1, "SELECT max(name) FROM hosts"),
                           &number),
        QUARRY_MISMATCH);
    assert_int_equal(number, 0);
    assert_int_equal(
        quarry_fetch_exists(quarry_prepare(db, SLOT_D + 2, "SELECT"), &exists),
        QUARRY_ERROR);
}

/* ---- memory --------------------------------------------------------------------------
 */

/* Each allocation fails in turn; the sanitizer finds what is left behind. */
static void memory_runs_out(void **state)
{
    quarry_rows rows = {0};
    sample_host *row;
    quarry_status status = QUARRY_NO_MEMORY;
    int failures = 0;
    (void)state;
    for (int i = 0; status != QUARRY_OK; i++) {
        quarry_set_allocator(&counted);
        arm(i + 1, true);
        status = list(SLOT_A, HOSTS, &sample_host_type, false, &rows);
        if (status == QUARRY_OK)
            status = get_host("h1", &row);
        quarry_set_allocator(NULL);
        failures += status != QUARRY_OK;
        if (status != QUARRY_OK) {
            assert_int_equal(status, QUARRY_NO_MEMORY);
            assert_int_equal(quarry_last_error(db)->status, QUARRY_NO_MEMORY);
        }
        if (rows.arena != NULL)
            quarry_arena_free(rows.arena);
    }
    assert_true(failures > 4);
    quarry_free(row);
}

static void rows_outlive_the_connection(void **state)
{
    quarry_rows rows;
    sample_host *row;
    (void)state;
    assert_int_equal(list(SLOT_A, HOSTS, &sample_host_type, false, &rows), QUARRY_OK);
    assert_int_equal(get_host("h3", &row), QUARRY_OK);
    quarry_close(db);
    db = NULL;
    assert_string_equal(row->name, "name 3");
    assert_string_equal(((sample_host *)rows.items)[ROWS - 1].id, "h999");
    quarry_free(row);
    quarry_arena_free(rows.arena);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, fill, empty)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_row),
        TEST(one_row_of_many_takes_the_first),
        TEST(one_row_that_is_wrong),
        TEST(no_place_for_the_result),
        TEST(no_connection),
        TEST(lists_keep_their_order),
        TEST(lists_without_pulling),
        TEST(lists_in_the_faster_way),
        TEST(rows_out_of_step_are_refused),
        TEST(the_functions_are_the_runtimes_own),
        TEST(lists_by_key),
        TEST(parameters_keep_their_numbers),
        TEST(an_error_ends_the_list),
        TEST(a_select_that_does_not_prepare),
        TEST(the_function_is_private),
        TEST(lists_nest),
        TEST(wide_rows),
        TEST(numbers),
        TEST(memory_runs_out),
        TEST(rows_outlive_the_connection),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
