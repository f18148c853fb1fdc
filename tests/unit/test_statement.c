/*
 * test_statement.c: slots, caches of UPDATEs, every bind, and the runs. Values are read
 * back through SQLite's own typeof() and quote(), which see what was really stored.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>

#include "../../runtime/internal.h"
#include "sample_schema.h"

static int open_db(void **state)
{
    *state = sample_open();
    assert_non_null(*state);
    return 0;
}

static int close_db(void **state)
{
    quarry_close(*state);
    return 0;
}

enum {
    ANY_SLOT = 12,
    TEXT_SIZE = 512
};

static void query(quarry_db *db, const char *sql, char text[TEXT_SIZE])
{
    sqlite3_stmt *stmt = NULL;

    assert_int_equal(sqlite3_prepare_v2(quarry_sqlite(db), sql, -1, &stmt, NULL), 0);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    snprintf(text, TEXT_SIZE, "%s", (const char *)sqlite3_column_text(stmt, 0));
    sqlite3_finalize(stmt);
}

static void expect_query(quarry_db *db, const char *sql, const char *expected)
{
    char text[TEXT_SIZE];

    query(db, sql, text);
    assert_string_equal(text, expected);
}

/* ---- slots ---------------------------------------------------------------------- */

static void test_slots_are_kept(void **state)
{
    quarry_db *db = *state;
    quarry_stmt *first = quarry_prepare(db, ANY_SLOT, "SELECT 1");
    sqlite3_stmt *handle = first->handle;

    assert_non_null(handle);
    assert_int_equal(quarry_run(first, NULL, NULL), QUARRY_OK);
    assert_ptr_equal(quarry_prepare(db, ANY_SLOT, "SELECT 1"), first);
    assert_ptr_equal(first->handle, handle);
    assert_int_equal(quarry_run(first, NULL, NULL), QUARRY_OK);
}

static void test_busy_slot_gives_another(void **state)
{
    quarry_db *db = *state;
    quarry_stmt *held = quarry_prepare(db, ANY_SLOT, "SELECT 1");
    quarry_stmt *other;

    held->busy = true;
    other = quarry_prepare(db, ANY_SLOT, "SELECT 1");
    assert_ptr_not_equal(other, held);
    assert_true(other->transient);
    assert_int_equal(quarry_run(other, NULL, NULL), QUARRY_OK);
    quarry_stmt_done(held);
    assert_ptr_equal(quarry_prepare(db, ANY_SLOT, "SELECT 1"), held);
    quarry_stmt_done(held);
}

/* A function of the program's that SQL calls: writes ?1 - 1 by the same slot. */
static void write_one_less(sqlite3_context *context, int argc, sqlite3_value **argv)
{
    quarry_db *db = sqlite3_user_data(context);
    const int64_t number = sqlite3_value_int64(argv[0]);
    quarry_stmt *stmt;

    (void)argc;
    if (number > 0) {
        stmt = quarry_prepare(db, ANY_SLOT, "INSERT INTO v VALUES (?1, again(?1))");
        quarry_bind_int64(stmt, 1, number - 1);
        assert_int_equal(quarry_run(stmt, NULL, NULL), QUARRY_OK);
    }
    sqlite3_result_int64(context, number);
}

static void test_running_slot_gives_another(void **state)
{
    quarry_db *db = *state;
    quarry_stmt *stmt;

    assert_int_equal(sqlite3_create_function(quarry_sqlite(db), "again", 1, SQLITE_UTF8,
                                             db, write_one_less, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(quarry_exec(db, "CREATE TABLE v (x, y)"), QUARRY_OK);
    for (int i = 0; i < 2; i++) {
        stmt = quarry_prepare(db, ANY_SLOT, "INSERT INTO v VALUES (?1, again(?1))");
        assert_false(stmt->transient);
        quarry_bind_int64(stmt, 1, 3);
        assert_int_equal(quarry_run(stmt, NULL, NULL), QUARRY_OK);
    }
    expect_query(db, "SELECT group_concat(x || y, ' ') FROM (SELECT * FROM v ORDER BY x)",
                 "00 00 11 11 22 22 33 33");
}

static void test_slots_that_do_not_exist(void **state)
{
    quarry_db *db = *state;
    static const int slots[] = {-1, SAMPLE_SLOTS, INT32_MAX, INT32_MIN};

    for (size_t i = 0; i < sizeof slots / sizeof *slots; i++) {
        quarry_stmt *stmt = quarry_prepare(db, slots[i], "SELECT 1");

        quarry_bind_int64(stmt, 1, 1);
        assert_int_equal(quarry_run(stmt, NULL, NULL), QUARRY_MISUSE);
        assert_int_equal(quarry_last_error(db)->status, QUARRY_MISUSE);
    }
}

static void test_prepare_fails_and_succeeds_later(void **state)
{
    quarry_db *db = *state;
    quarry_stmt *stmt = quarry_prepare(db, ANY_SLOT, "INSERT INTO later VALUES (?1)");

    quarry_bind_int64(stmt, 1, 1);
    assert_int_equal(quarry_run(stmt, NULL, NULL), QUARRY_ERROR);
    assert_non_null(strstr(quarry_last_error(db)->message, "no such table: later"));
    assert_string_equal(quarry_last_error(db)->sql, "INSERT INTO later VALUES (?1)");
    assert_int_equal(quarry_exec(db, "CREATE TABLE later (x)"), QUARRY_OK);
    stmt = quarry_prepare(db, ANY_SLOT, "INSERT INTO later VALUES (?1)");
    quarry_bind_int64(stmt, 1, 1);
    assert_int_equal(quarry_run(stmt, NULL, NULL), QUARRY_OK);
    assert_int_equal(quarry_run(quarry_prepare(db, ANY_SLOT + 1, "  "), NULL, NULL),
                     QUARRY_MISUSE);
}

/* ---- binds ---------------------------------------------------------------------- */

static quarry_stmt *value(quarry_db *db)
{
    quarry_exec(db, "DROP TABLE IF EXISTS v; CREATE TABLE v (x)");
    return quarry_prepare(db, ANY_SLOT, "INSERT INTO v VALUES (?1)");
}

/* Runs the insert whose ?1 was bound, and looks at what is stored. */
static void expect_stored(quarry_db *db, quarry_stmt *stmt, const char *expected)
{
    assert_int_equal(quarry_run(stmt, NULL, NULL), QUARRY_OK);
    expect_query(db, "SELECT quote(x) FROM v", expected);
}

#define STORED(expected, call)                                                           \
    do {                                                                                 \
        quarry_stmt *stmt = value(db);                                                   \
        call;                                                                            \
        expect_stored(db, stmt, expected);                                               \
    } while (0)

static void test_bind_numbers(void **state)
{
    quarry_db *db = *state;

    STORED("NULL", quarry_bind_null(stmt, 1));
    STORED("0", quarry_bind_int64(stmt, 1, 0));
    STORED("-9223372036854775808", quarry_bind_int64(stmt, 1, INT64_MIN));
    STORED("9223372036854775807", quarry_bind_int64(stmt, 1, INT64_MAX));
    STORED("1.5", quarry_bind_double(stmt, 1, 1.5));
    STORED("NULL", quarry_bind_double(stmt, 1, (double)NAN));
    STORED("Inf", quarry_bind_double(stmt, 1, (double)INFINITY));
    STORED("NULL", quarry_bind_key(stmt, 1, 0));
    STORED("-3", quarry_bind_key(stmt, 1, -3));
    STORED("NULL", quarry_bind_opt_int64(stmt, 1, (quarry_opt_int64){false, 5}));
    STORED("5", quarry_bind_opt_int64(stmt, 1, (quarry_opt_int64){true, 5}));
    STORED("NULL", quarry_bind_opt_int32(stmt, 1, (quarry_opt_int32){false, 5}));
    STORED("-2147483648",
           quarry_bind_opt_int32(stmt, 1, (quarry_opt_int32){true, INT32_MIN}));
    STORED("NULL", quarry_bind_opt_bool(stmt, 1, (quarry_opt_bool){false, true}));
    STORED("1", quarry_bind_opt_bool(stmt, 1, (quarry_opt_bool){true, true}));
    STORED("NULL", quarry_bind_opt_double(stmt, 1, (quarry_opt_double){false, 5}));
    STORED("0.25", quarry_bind_opt_double(stmt, 1, (quarry_opt_double){true, 0.25}));
}

static void test_bind_text_and_blobs(void **state)
{
    quarry_db *db = *state;

    STORED("NULL", quarry_bind_text(stmt, 1, NULL));
    STORED("''", quarry_bind_text(stmt, 1, ""));
    STORED("'it''s é'", quarry_bind_text(stmt, 1, "it's é"));
    STORED("X''", quarry_bind_blob(stmt, 1, (quarry_blob){NULL, 0}));
    STORED("X''", quarry_bind_blob(stmt, 1, (quarry_blob){"x", 0}));
    STORED("X'006100'", quarry_bind_blob(stmt, 1, (quarry_blob){"\0a\0", 3}));
    STORED("NULL", quarry_bind_opt_blob(stmt, 1, (quarry_blob){NULL, 0}));
    STORED("X''", quarry_bind_opt_blob(stmt, 1, (quarry_blob){"x", 0}));
}

static void test_bind_times(void **state)
{
    quarry_db *db = *state;

    STORED("1", quarry_bind_time_seconds(stmt, 1, 1999));
    STORED("0", quarry_bind_time_seconds(stmt, 1, 0));
    STORED("-1", quarry_bind_time_seconds(stmt, 1, -1));
    STORED("-1", quarry_bind_time_seconds(stmt, 1, -1000));
    STORED("-9223372036854776", quarry_bind_time_seconds(stmt, 1, INT64_MIN));
    STORED("'1970-01-01T00:00:01.999Z'", quarry_bind_time_text(stmt, 1, 1999));
    STORED("NULL", quarry_bind_opt_time_seconds(stmt, 1, (quarry_opt_int64){false, 9}));
    STORED("2", quarry_bind_opt_time_seconds(stmt, 1, (quarry_opt_int64){true, 2000}));
    STORED("NULL", quarry_bind_opt_time_text(stmt, 1, (quarry_opt_int64){false, 9}));
    STORED("'1969-12-31T23:59:59.999Z'",
           quarry_bind_opt_time_text(stmt, 1, (quarry_opt_int64){true, -1}));
}

static void test_bind_uuid_and_labels(void **state)
{
    const quarry_uuid uuid = {"01234567-89ab-cdef-0123-456789abcdef"};
    const quarry_opt_uuid none = {.has = false};
    const quarry_opt_uuid some = {.has = true, .value = uuid};
    const quarry_label items[] = {{"b", "2"}, {"a", "1\""}};
    const quarry_labels labels = {items, 2};
    quarry_uuid broken;
    quarry_db *db = *state;
    char text[64];

    snprintf(text, sizeof text, "'%s'", uuid.text);
    memset(&broken, 'x', sizeof broken); /* no NUL */
    STORED(text, quarry_bind_uuid(stmt, 1, &uuid));
    STORED("NULL", quarry_bind_opt_uuid(stmt, 1, &none));
    STORED(text, quarry_bind_opt_uuid(stmt, 1, &some));
    STORED("'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'", quarry_bind_uuid(stmt, 1, &broken));
    STORED("'{}'", quarry_bind_labels(stmt, 1, (quarry_labels){NULL, 0}));
    STORED("'{\"a\":\"1\\\"\",\"b\":\"2\"}'", quarry_bind_labels(stmt, 1, labels));
    STORED("NULL", quarry_bind_opt_labels(stmt, 1, (quarry_opt_labels){false, labels}));
    STORED("'{\"a\":\"1\\\"\",\"b\":\"2\"}'",
           quarry_bind_opt_labels(stmt, 1, (quarry_opt_labels){true, labels}));
}

static void test_first_bind_error_stays(void **state)
{
    quarry_db *db = *state;
    quarry_stmt *stmt = value(db);

    quarry_bind_time_text(stmt, 1, INT64_MAX);
    quarry_bind_blob(stmt, 1, (quarry_blob){NULL, 1});
    quarry_bind_int64(stmt, 2, 5);
    assert_int_equal(quarry_run(stmt, NULL, NULL), QUARRY_INVALID);
    assert_non_null(strstr(quarry_last_error(db)->message, "0000 to 9999"));
    stmt = quarry_prepare(db, ANY_SLOT, "");
    quarry_bind_blob(stmt, 1, (quarry_blob){NULL, 1});
    assert_int_equal(quarry_run_change(stmt, NULL, NULL), QUARRY_MISUSE);
    stmt = quarry_prepare(db, ANY_SLOT, "");
    quarry_bind_int64(stmt, 2, 5);
    assert_int_equal(quarry_run_insert(stmt, NULL, NULL), QUARRY_MISUSE);
    expect_query(db, "SELECT count(*) FROM v", "0");
}

static void test_text_over_the_limit(void **state)
{
    quarry_db *db = *state;
    quarry_stmt *stmt = value(db);

    sqlite3_limit(quarry_sqlite(db), SQLITE_LIMIT_LENGTH, 100);
    char text[102];
    memset(text, 'x', 101);
    text[101] = '\0';
    quarry_bind_text(stmt, 1, text);
    assert_int_equal(quarry_run(stmt, NULL, NULL), QUARRY_TOO_BIG);
    stmt = quarry_prepare(db, ANY_SLOT, "");
    quarry_bind_text(stmt, 1, text + 20); /* a row has a few bytes more */
    assert_int_equal(quarry_run(stmt, NULL, NULL), QUARRY_OK);
}

/* ---- cells ---------------------------------------------------------------------- */

static void test_cells(void **state)
{
    const quarry_label items[] = {{"a", "1"}};
    quarry_cell cells[3];
    quarry_stmt stmt = {.db = *state, .cells = cells, .cell_count = 3};

    memset(cells, 0, sizeof cells);
    quarry_bind_labels(&stmt, 1, (quarry_labels){items, 1});
    assert_true(cells[0].owned);
    assert_memory_equal(cells[0].data, "{\"a\":\"1\"}", cells[0].size);
    quarry_bind_labels(&stmt, 1, (quarry_labels){items, 1}); /* frees the first */
    quarry_bind_time_text(&stmt, 2, 0);
    assert_ptr_equal(cells[1].data, cells[1].small);
    assert_memory_equal(cells[1].data, "1970-01-01T00:00:00.000Z", cells[1].size);
    quarry_bind_double(&stmt, 3, 0.5);
    assert_int_equal(cells[2].kind, SQLITE_FLOAT);
    quarry_bind_blob(&stmt, 3, (quarry_blob){NULL, 0});
    assert_int_equal(cells[2].kind, SQLITE_BLOB);
    assert_non_null(cells[2].data);
    quarry_bind_text(&stmt, 3, NULL);
    assert_int_equal(cells[2].kind, SQLITE_NULL);
    assert_int_equal(stmt.status, QUARRY_OK);
    quarry_bind_int64(&stmt, 4, 1);
    assert_int_equal(stmt.status, QUARRY_MISUSE);
    quarry_bind_labels(&stmt, 0, (quarry_labels){items, 1});
    quarry_bind_text(&stmt, -1, "x");
    quarry_bind_null(&stmt, INT32_MAX);
    quarry_cells_clear(cells, 3);
    assert_false(cells[0].owned);
}

/* ---- running -------------------------------------------------------------------- */

static void test_insert_sets_the_key(void **state)
{
    quarry_db *db = *state;
    sample_host host = {.id = "h", .name = "n", .port = 1};
    sample_container given = {.id = 41, .host_id = "h", .name = "a"};
    sample_container assigned = {.host_id = "h", .name = "b"};
    sample_container twice = {.host_id = "h", .name = "b"};

    assert_int_equal(sample_host_insert(db, &host), QUARRY_OK);
    assert_int_equal(sample_container_insert(db, &given), QUARRY_OK);
    assert_int_equal(given.id, 41);
    assert_int_equal(sample_container_insert(db, &assigned), QUARRY_OK);
    assert_int_equal(assigned.id, 42);
    assert_int_equal(sample_container_insert(db, &twice), QUARRY_UNIQUE);
    assert_int_equal(twice.id, 0);
    assert_string_equal(quarry_last_error(db)->column, "host_id");
    host.port = 65536;
    host.id = host.name = "o";
    assert_int_equal(sample_host_insert(db, &host), QUARRY_CHECK);
    assert_string_equal(quarry_last_error(db)->constraint, "hosts_port_range");
    assert_string_equal(quarry_last_error(db)->column, "port");
    assert_int_equal(sample_host_delete(db, "h"), QUARRY_FOREIGN_KEY);
    assert_string_equal(quarry_last_error(db)->table, "containers");
    assert_int_equal(sample_host_delete(db, "none"), QUARRY_NOT_FOUND);
}

/* What refers to a row is looked for by its key: where nothing can, it is not kept. */
static void test_delete_keeps_keys_of_parents(void **state)
{
    quarry_db *db = *state;
    quarry_stmt *stmt = quarry_prepare_delete(
        db, ANY_SLOT, "DELETE FROM containers WHERE id = ?1", &sample_container_type);

    assert_null(stmt->cells);
    quarry_bind_int64(stmt, 1, 5);
    assert_int_equal(quarry_run_change(stmt, &sample_container_type, NULL),
                     QUARRY_NOT_FOUND);
    stmt = quarry_prepare_delete(db, ANY_SLOT + 1, "DELETE FROM hosts WHERE id = ?1",
                                 &sample_host_type);
    assert_non_null(stmt->cells);
    quarry_bind_text(stmt, 1, "h");
    assert_int_equal(stmt->cells[0].kind, SQLITE_TEXT);
    assert_int_equal(quarry_run_change(stmt, &sample_host_type, NULL), QUARRY_NOT_FOUND);
}

static quarry_status update(quarry_db *db, const sample_host *host, uint64_t mask)
{
    static const int keys[] = {0};
    quarry_stmt *stmt =
        quarry_prepare_update(db, SAMPLE_HOST_UPDATE, &sample_host_type, keys, 1, mask);

    sample_host_bind(stmt, host);
    return quarry_run_change(stmt, &sample_host_type, host);
}

static void test_update_masks(void **state)
{
    quarry_db *db = *state;
    sample_host host = {.id = "h", .name = "n", .port = 1};

    assert_int_equal(sample_host_insert(db, &host), QUARRY_OK);
    host = (sample_host){"h", "m", 2, {true, 3}};
    for (int round = 0; round < 3; round++) {
        for (uint64_t mask = 1; mask < 16; mask++) { /* more than the cache holds */
            char expected[64];

            quarry_exec(db, "UPDATE hosts SET name = 'n', port = 1, load = 0.0");
            assert_int_equal(update(db, &host, mask), QUARRY_OK);
            snprintf(expected, sizeof expected, "h %s %d %s", mask & 2 ? "m" : "n",
                     mask & 4 ? 2 : 1, mask & 8 ? "3.0" : "0.0");
            expect_query(db,
                         "SELECT id || ' ' || name || ' ' || port || ' ' || load"
                         " FROM hosts",
                         expected);
        }
    }
    host.id = "other";
    assert_int_equal(update(db, &host, 2), QUARRY_NOT_FOUND);
    assert_int_equal(update(db, &host, 0), QUARRY_MISUSE);
    assert_int_equal(update(db, &host, 16), QUARRY_MISUSE);
    assert_int_equal(update(db, &host, UINT64_MAX), QUARRY_MISUSE);
    host.id = "h";
    assert_int_equal(update(db, &host, 2), QUARRY_OK);
}

static void test_update_cache_keeps_statements(void **state)
{
    static const int keys[] = {0};
    quarry_db *db = *state;
    sample_host host = {.id = "h", .name = "n", .port = 1};
    sqlite3_stmt *handle;

    handle = quarry_prepare_update(db, SAMPLE_HOST_UPDATE, &sample_host_type, keys, 1, 2)
                 ->handle;
    assert_string_equal(sqlite3_sql(handle),
                        "UPDATE \"hosts\" SET \"name\" = ?2 WHERE \"id\" = ?1");
    for (uint64_t mask = 3; mask < 16; mask++) {
        update(db, &host, mask);
        update(db, &host, 2); /* used all the time, so it stays */
    }
    assert_ptr_equal(
        quarry_prepare_update(db, SAMPLE_HOST_UPDATE, &sample_host_type, keys, 1, 2)
            ->handle,
        handle);
}

enum {
    FIRST_MASK = 2,
    OTHER_MASKS = 16
};

/* Updates another row by each mask, the one that is running too: more than are kept. */
static void update_the_other(sqlite3_context *context, int argc, sqlite3_value **argv)
{
    quarry_db *db = sqlite3_user_data(context);
    sample_host other = {.id = "o", .name = "other", .port = 7};

    (void)argc, (void)argv;
    for (uint64_t mask = FIRST_MASK; mask < OTHER_MASKS; mask++)
        assert_int_equal(update(db, &other, mask), QUARRY_OK);
}

static void test_running_update_stays(void **state)
{
    quarry_db *db = *state;
    sample_host host = {.id = "h", .name = "n", .port = 1};
    sample_host other = {.id = "o", .name = "p", .port = 1};

    assert_int_equal(sample_host_insert(db, &host), QUARRY_OK);
    assert_int_equal(sample_host_insert(db, &other), QUARRY_OK);
    assert_int_equal(sqlite3_create_function(quarry_sqlite(db), "again", 0,
                                             SQLITE_UTF8 | SQLITE_INNOCUOUS, db,
                                             update_the_other, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(quarry_exec(db,
                                 "CREATE TRIGGER t AFTER UPDATE ON hosts WHEN new.id ="
                                 " 'h' BEGIN SELECT again(); END"),
                     QUARRY_OK);
    host.name = "m";
    for (int i = 0; i < 2; i++)
        assert_int_equal(update(db, &host, FIRST_MASK), QUARRY_OK);
    expect_query(db, "SELECT group_concat(id || name || port) FROM hosts ORDER BY id",
                 "hm1,oother7");
}

static void test_update_list(void **state)
{
    static const int keys[] = {0, 1};
    static const bool none[4] = {false};
    static const bool chosen[4] = {false, false, true, true};
    quarry_db *db = *state;
    sample_host host = {.id = "h", .name = "n", .port = 1};
    quarry_stmt *stmt;

    assert_int_equal(sample_host_insert(db, &host), QUARRY_OK);
    host.port = 9;
    stmt = quarry_prepare_update_list(db, SAMPLE_HOST_UPDATE, &sample_host_type, keys, 2,
                                      chosen);
    sample_host_bind(stmt, &host);
    assert_int_equal(quarry_run_change(stmt, &sample_host_type, &host), QUARRY_OK);
    expect_query(db, "SELECT port FROM hosts", "9");
    stmt = quarry_prepare_update_list(db, SAMPLE_HOST_UPDATE, &sample_host_type, keys, 2,
                                      none);
    sample_host_bind(stmt, &host);
    assert_int_equal(quarry_run_change(stmt, &sample_host_type, &host), QUARRY_MISUSE);
}

static void read_id(quarry_reader *reader, void *row)
{
    ((sample_container *)row)->id = sqlite3_value_int64(reader->values[0]);
}

static void test_returning(void **state)
{
    quarry_db *db = *state;
    sample_container row = {.host_id = "h", .name = "a"};
    quarry_stmt *stmt;

    quarry_exec(db, "INSERT INTO hosts (id, name) VALUES ('h', 'n')");
    for (int i = 0; i < 3; i++) {
        row.id = i == 0 ? 7 : 0;
        stmt =
            quarry_prepare(db, ANY_SLOT,
                           "INSERT INTO containers (id, host_id, name, note, data)"
                           " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (host_id, name)"
                           " DO UPDATE SET note = 'x' WHERE note IS NULL RETURNING id");
        sample_container_bind(stmt, &row);
        assert_int_equal(
            quarry_run_returning(stmt, &sample_container_type, &row, read_id),
            i == 2 ? QUARRY_NOT_FOUND : QUARRY_OK);
        assert_int_equal(row.id, i == 2 ? 0 : 7);
    }
    row.host_id = "none";
    stmt = quarry_prepare(db, ANY_SLOT, "");
    sample_container_bind(stmt, &row);
    assert_int_equal(quarry_run_returning(stmt, &sample_container_type, &row, read_id),
                     QUARRY_FOREIGN_KEY);
    assert_string_equal(quarry_last_error(db)->column, "host_id");
}

/* After an error the statement is ready for the next call, and holds no lock. */
static void test_errors_reset(void **state)
{
    quarry_db *db = *state;
    sample_host host = {.id = "h", .name = "n", .port = 1};

    for (int i = 0; i < 3; i++) {
        sample_host_insert(db, &host);
        for (sqlite3_stmt *stmt = sqlite3_next_stmt(quarry_sqlite(db), NULL);
             stmt != NULL; stmt = sqlite3_next_stmt(quarry_sqlite(db), stmt))
            assert_false(sqlite3_stmt_busy(stmt));
    }
    assert_int_equal(quarry_last_error(db)->status, QUARRY_UNIQUE);
    assert_int_equal(quarry_exec(db, "DROP TABLE containers; DROP TABLE hosts"),
                     QUARRY_OK);
}

#define WITH_DB(test) cmocka_unit_test_setup_teardown(test, open_db, close_db)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_DB(test_slots_are_kept),
        WITH_DB(test_busy_slot_gives_another),
        WITH_DB(test_running_slot_gives_another),
        WITH_DB(test_slots_that_do_not_exist),
        WITH_DB(test_prepare_fails_and_succeeds_later),
        WITH_DB(test_bind_numbers),
        WITH_DB(test_bind_text_and_blobs),
        WITH_DB(test_bind_times),
        WITH_DB(test_bind_uuid_and_labels),
        WITH_DB(test_first_bind_error_stays),
        WITH_DB(test_text_over_the_limit),
        WITH_DB(test_cells),
        WITH_DB(test_insert_sets_the_key),
        WITH_DB(test_delete_keeps_keys_of_parents),
        WITH_DB(test_update_masks),
        WITH_DB(test_update_cache_keeps_statements),
        WITH_DB(test_running_update_stays),
        WITH_DB(test_update_list),
        WITH_DB(test_returning),
        WITH_DB(test_errors_reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
