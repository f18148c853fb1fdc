/*
 * test_bulk.c: many rows at once mean what a loop means. So a loop is the judge: each
 * case is run both ways, on two databases, and everything in them must be the same after
 * it.
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

#define INTO_HOSTS      "INSERT INTO hosts (id, name, port, load) "
#define INTO_CONTAINERS "INSERT INTO containers (id, host_id, name, note, data) "
#define FROM_HOSTS      "SELECT c1, c2, c3, c4 FROM quarry_rows_4(?1)"
#define FROM_CONTAINERS "SELECT c1, c2, c3, c4, c5 FROM quarry_rows_5(?1)"
#define ON_KEY                                                                           \
    " ON CONFLICT (id) DO UPDATE SET name = excluded.name, port = excluded.port,"        \
    " load = excluded.load"
#define ON_NAME " ON CONFLICT (host_id, name) DO UPDATE SET note = excluded.note"

static const char hosts_insert[] = INTO_HOSTS FROM_HOSTS;
static const char hosts_upsert[] = INTO_HOSTS FROM_HOSTS " WHERE true" ON_KEY;
static const char containers_insert[] = INTO_CONTAINERS FROM_CONTAINERS;
static const char containers_upsert[] =
    INTO_CONTAINERS FROM_CONTAINERS " WHERE true" ON_NAME;

enum {
    MANY = SAMPLE_CONTAINER_LIST + 1,
    UPSERT_MANY,
    ONE,
    UPSERT_ONE,
    GET_MANY,
    OTHER
};

static quarry_db *db;      /* in one statement … */
static quarry_db *by_loop; /* … and by the loop */
static quarry_row_type host_type, container_type;
static int prepared;

/* As a generated prepare: sets a stamp and validates. */
static quarry_status prepare_host(quarry_db *of, void *row)
{
    sample_host *host = row;
    quarry_checker checker = {&host_type, quarry_error_of(of), QUARRY_OK};
    prepared++;
    if (host->port == 0)
        host->port = 2375;
    quarry_check_text(&checker, 0, host->id, QUARRY_REQUIRED, 0, 64);
    quarry_check_text(&checker, 1, host->name, QUARRY_REQUIRED, 0, 64);
    return checker.status;
}

static quarry_status insert_host(quarry_db *of, void *row)
{
    quarry_status status = prepare_host(of, row);
    return status != QUARRY_OK ? status : sample_host_insert(of, row);
}

static quarry_status upsert_host(quarry_db *of, void *row)
{
    quarry_status status = prepare_host(of, row);
    if (status != QUARRY_OK)
        return status;
    quarry_stmt *stmt =
        quarry_prepare(of, UPSERT_ONE, INTO_HOSTS "VALUES (?1, ?2, ?3, ?4)" ON_KEY);
    sample_host_bind(stmt, row);
    return quarry_run(stmt, &host_type, row);
}

static quarry_status insert_container(quarry_db *of, void *row)
{
    return sample_container_insert(of, row);
}

static void read_id(quarry_reader *reader, void *row)
{
    ((sample_container *)row)->id = quarry_read_int64(reader, 0);
}

static quarry_status upsert_container(quarry_db *of, void *row)
{
    quarry_stmt *stmt = quarry_prepare(
        of, ONE, INTO_CONTAINERS "VALUES (?1, ?2, ?3, ?4, ?5)" ON_NAME " RETURNING id");
    sample_container_bind(stmt, row);
    return quarry_run_returning(stmt, &container_type, row, read_id);
}

static int fill(void **state)
{
    static const char rows[] =
        "INSERT INTO hosts VALUES ('old', 'Old', 1, NULL);"
        "INSERT INTO containers VALUES (40, 'old', 'x', 'n', x'00')";
    (void)state;
    host_type = sample_host_type;
    host_type.prepare = prepare_host;
    container_type = sample_container_type;
    prepared = 0;
    db = sample_open();
    by_loop = sample_open();
    return quarry_exec(db, rows) != QUARRY_OK || quarry_exec(by_loop, rows) != QUARRY_OK;
}

static int empty(void **state)
{
    (void)state;
    quarry_close(db);
    quarry_close(by_loop);
    return 0;
}

/* ---- comparing ------------------------------------------------------------------------
 */

static char *dump(quarry_db *of)
{
    static const char sql[] =
        "SELECT group_concat(r, char(10)) FROM (SELECT id || '|' || name || '|' || port "
        "||"
        " '|' || quote(load) AS r FROM hosts UNION ALL SELECT id || '|' || host_id || "
        "'|' ||"
        " name || '|' || quote(note) || '|' || quote(data) FROM containers ORDER BY 1)";
    sqlite3_stmt *stmt;
    assert_int_equal(sqlite3_prepare_v2(of->handle, sql, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    char *text = sqlite3_mprintf("%s", sqlite3_column_text(stmt, 0));
    sqlite3_finalize(stmt);
    return text;
}

static void same_databases(void)
{
    char *a = dump(db), *b = dump(by_loop);
    assert_string_equal(a, b);
    sqlite3_free(a);
    sqlite3_free(b);
}

/* `count` rows, and a copy of them for the loop. Returns the status of both. */
static quarry_status write_both(const char *sql, const quarry_row_type *type, void *rows,
                                size_t count, quarry_status (*one)(quarry_db *, void *))
{
    int slot = sql == hosts_insert || sql == containers_insert ? MANY : UPSERT_MANY;
    slot += type == &host_type ? 0 : OTHER - MANY;
    void *copy = malloc(count * type->size);
    assert_non_null(copy);
    memcpy(copy, rows, count * type->size);
    quarry_status theirs = quarry_write_many(by_loop, 0, NULL, type, copy, count, one);
    quarry_status ours = quarry_write_many(db, slot, sql, type, rows, count, one);
    assert_int_equal(ours, theirs);
    if (ours != QUARRY_OK) {
        const quarry_error *a = quarry_last_error(db), *b = quarry_last_error(by_loop);
        assert_int_equal(a->row, b->row);
        assert_string_equal(a->message, b->message);
        assert_int_equal(a->sqlite_code, b->sqlite_code);
    }
    if (type->assigns_key) {
        for (size_t i = 0; i < count; i++)
            assert_int_equal(((sample_container *)rows)[i].id,
                             ((sample_container *)copy)[i].id);
    }
    free(copy);
    same_databases();
    assert_true(sqlite3_get_autocommit(db->handle) == (db->depth == 0));
    assert_true(quarry_in_transaction(db) == quarry_in_transaction(by_loop));
    return ours;
}

/* ---- hosts ------------------------------------------------------------------------ */

enum {
    COUNT = 300
};
static sample_host hosts[COUNT];
static char host_names[COUNT][24];

static void make_hosts(void)
{
    for (int i = 0; i < COUNT; i++) {
        snprintf(host_names[i], sizeof host_names[i], "host-%d", i);
        hosts[i] =
            (sample_host){host_names[i], host_names[i], i % 7, {i % 2 == 0, i / 4.0}};
    }
}

static void inserts_rows(void **state)
{
    (void)state;
    make_hosts();
    assert_int_equal(write_both(hosts_insert, &host_type, hosts, COUNT, insert_host),
                     QUARRY_OK);
    assert_int_equal(prepared, 2 * COUNT);
    assert_int_equal(hosts[7].port, 2375); /* the stamp is in the caller's row */
}

static void upserts_rows(void **state)
{
    (void)state;
    make_hosts();
    for (int round = 0; round < 3; round++) {
        hosts[0].id = "old";
        hosts[COUNT - 1].id = hosts[5].id; /* a row that the call itself inserted */
        assert_int_equal(write_both(hosts_upsert, &host_type, hosts, COUNT, upsert_host),
                         QUARRY_OK);
        hosts[9].port = 4000 + round;
    }
}

static void one_row_and_none(void **state)
{
    (void)state;
    make_hosts();
    assert_int_equal(write_both(hosts_insert, &host_type, hosts, 1, insert_host),
                     QUARRY_OK);
    int before = sqlite3_total_changes(db->handle);
    assert_int_equal(quarry_write_many(db, MANY, hosts_insert, &host_type, NULL, 0, NULL),
                     QUARRY_OK);
    assert_int_equal(sqlite3_total_changes(db->handle), before);
}

/* What is wrong with row 0, 123 and the last one is found in a statement as in a loop. */
static void bad_hosts(void (*spoil)(sample_host *), quarry_status status,
                      const char *table, const char *column)
{
    static const size_t places[] = {0, 123, COUNT - 1};
    for (int i = 0; i < 3; i++) {
        for (int inside = 0; inside < 2; inside++) {
            make_hosts();
            spoil(&hosts[places[i]]);
            if (inside) {
                quarry_begin(db);
                quarry_begin(by_loop);
            }
            assert_int_equal(
                write_both(hosts_insert, &host_type, hosts, COUNT, insert_host), status);
            const quarry_error *error = quarry_last_error(db);
            assert_int_equal(error->row, places[i]);
            assert_string_equal(error->table, table);
            if (column != NULL)
                assert_string_equal(error->column, column);
            if (inside) {
                assert_int_equal(quarry_commit(db), QUARRY_OK);
                assert_int_equal(quarry_commit(by_loop), QUARRY_OK);
            }
        }
    }
}

static void take_old_name(sample_host *host)
{
    host->name = "Old";
}

static void take_old_id(sample_host *host)
{
    host->id = "old";
}

static void take_port_70000(sample_host *host)
{
    host->port = 70000;
}

static void drop_name(sample_host *host)
{
    host->name = NULL;
}

static void spoil_text(sample_host *host)
{
    host->name = "\xFF";
}

static void the_row_to_blame(void **state)
{
    (void)state;
    bad_hosts(take_old_name, QUARRY_UNIQUE, "hosts", "name");
    bad_hosts(take_old_id, QUARRY_UNIQUE, "hosts", "id");
    bad_hosts(take_port_70000, QUARRY_CHECK, "hosts", "port");
    bad_hosts(drop_name, QUARRY_NOT_NULL, "hosts", "name");
    bad_hosts(spoil_text, QUARRY_INVALID, "hosts", "name");
}

/* The first of two, although the second would be found before SQLite sees the first. */
static void the_first_of_two(void **state)
{
    (void)state;
    make_hosts();
    hosts[10].name = "Old";
    hosts[20].name = NULL;
    assert_int_equal(write_both(hosts_insert, &host_type, hosts, COUNT, insert_host),
                     QUARRY_UNIQUE);
    assert_int_equal(quarry_last_error(db)->row, 10);
}

/* ---- assigned keys ---------------------------------------------------------------- */

static sample_container containers[COUNT];

static void make_containers(void)
{
    make_hosts();
    for (int i = 0; i < COUNT; i++)
        containers[i] =
            (sample_container){i % 5 == 3 ? 1000 - i : 0,
                               "old",
                               host_names[i],
                               i % 3 == 0 ? NULL : "note",
                               {i % 2 == 0 ? NULL : "\0\1", i % 2 == 0 ? 0 : 2}};
}

static void keys_are_set(void **state)
{
    (void)state;
    make_containers();
    assert_int_equal(write_both(containers_insert, &container_type, containers, COUNT,
                                insert_container),
                     QUARRY_OK);
    assert_int_equal(containers[0].id, 41);
    for (int i = 0; i < COUNT; i++)
        assert_true(containers[i].id > 40);
}

static void keys_stay_unset_on_failure(void **state)
{
    (void)state;
    make_containers();
    containers[200].host_id = "nowhere";
    containers[250].name = containers[1].name;
    assert_int_equal(write_both(containers_insert, &container_type, containers, COUNT,
                                insert_container),
                     QUARRY_FOREIGN_KEY);
    assert_int_equal(quarry_last_error(db)->row, 200);
    assert_string_equal(quarry_last_error(db)->column, "host_id");
    for (int i = 0; i < COUNT; i++)
        assert_int_equal(containers[i].id, i % 5 == 3 ? 1000 - i : 0);
}

/* Of rows that are there already, the key can't be known from an insert. */
static void keys_of_upserts(void **state)
{
    (void)state;
    make_containers();
    for (int i = 0; i < COUNT; i++)
        containers[i].id = 0;
    containers[0].name = "x"; /* is there, as 40 */
    containers[100].name = containers[99].name;
    assert_int_equal(write_both(containers_upsert, &container_type, containers, COUNT,
                                upsert_container),
                     QUARRY_OK);
    assert_int_equal(containers[0].id, 40);
    assert_int_equal(containers[99].id, containers[100].id);
}

/* A trigger makes SQLite collect all rows before it writes the first. */
static void keys_with_triggers(void **state)
{
    static const char trigger[] = "CREATE TABLE log (id INTEGER PRIMARY KEY, c INTEGER);"
                                  "INSERT INTO log VALUES (7000, 1);"
                                  "CREATE TRIGGER t AFTER INSERT ON containers BEGIN"
                                  " INSERT INTO log (c) VALUES (new.id); END";
    (void)state;
    assert_int_equal(quarry_exec(db, trigger), QUARRY_OK);
    assert_int_equal(quarry_exec(by_loop, trigger), QUARRY_OK);
    make_containers();
    assert_int_equal(write_both(containers_insert, &container_type, containers, COUNT,
                                insert_container),
                     QUARRY_OK);
    assert_int_equal(containers[0].id, 41);
}

static void triggers_may_refuse(void **state)
{
    static const char trigger[] = "CREATE TRIGGER t BEFORE INSERT ON hosts WHEN"
                                  " new.id = 'host-77' BEGIN SELECT RAISE(%s, 'not 77');"
                                  " END";
    static const char *const hows[] = {"ABORT", "ROLLBACK", "FAIL"};
    (void)state;
    for (int i = 0; i < 3; i++) {
        char sql[200];
        make_hosts();
        snprintf(sql, sizeof sql, trigger, hows[i]);
        quarry_exec(db, sql);
        quarry_exec(by_loop, sql);
        assert_int_equal(write_both(hosts_insert, &host_type, hosts, COUNT, insert_host),
                         QUARRY_CONSTRAINT);
        assert_int_equal(quarry_last_error(db)->row, 77);
        quarry_exec(db, "DROP TRIGGER t");
        quarry_exec(by_loop, "DROP TRIGGER t");
    }
}

/* A trigger that ends the caller's transaction: nothing may be written after it. */
static void a_lost_transaction(void **state)
{
    (void)state;
    make_hosts();
    quarry_exec(db,
                "CREATE TRIGGER t BEFORE INSERT ON hosts WHEN new.id = 'host-77' BEGIN"
                " SELECT RAISE(ROLLBACK, 'not 77'); END");
    assert_int_equal(quarry_begin(db), QUARRY_OK);
    assert_int_equal(
        quarry_write_many(db, MANY, hosts_insert, &host_type, hosts, COUNT, insert_host),
        QUARRY_CONSTRAINT);
    assert_true(sqlite3_get_autocommit(db->handle));
    assert_int_equal(quarry_in_transaction(db), 0);
    assert_int_equal(quarry_rollback(db), QUARRY_OK);
    same_databases();
}

static void nulls(void **state)
{
    quarry_rows rows;
    (void)state;
    make_hosts();
    assert_int_equal(
        quarry_write_many(db, MANY, hosts_insert, &host_type, NULL, 3, insert_host),
        QUARRY_MISUSE);
    assert_int_equal(
        quarry_write_many(NULL, MANY, hosts_insert, &host_type, hosts, 3, insert_host),
        QUARRY_MISUSE);
    assert_int_equal(
        quarry_fetch_many(NULL, 0, "", &host_type, hosts, 1, 8, 1, NULL, &rows),
        QUARRY_MISUSE);
    assert_int_equal(quarry_fetch_many(db, 0, "", &host_type, NULL, 1, 8, 1, NULL, &rows),
                     QUARRY_MISUSE);
    assert_int_equal(quarry_fetch_many(db, 0, "", &host_type, hosts, 1, 8, 1, NULL, NULL),
                     QUARRY_MISUSE);
}

/* The pointer is of a type that SQL can't make. */
static void the_source_is_private(void **state)
{
    int64_t count = -1;
    (void)state;
    make_hosts();
    assert_int_equal(
        quarry_write_many(db, MANY, hosts_insert, &host_type, hosts, 1, insert_host),
        QUARRY_OK);
    assert_int_equal(
        quarry_fetch_int64(
            quarry_prepare(db, OTHER + 1, "SELECT count(*) FROM quarry_rows_4(12345)"),
            &count),
        QUARRY_OK);
    assert_int_equal(count, 0);
    assert_int_equal(
        quarry_fetch_int64(
            quarry_prepare(db, OTHER + 2, "SELECT count(*) FROM quarry_rows_4"), &count),
        QUARRY_OK);
    assert_int_equal(count, 0);
    quarry_exec(db, "CREATE VIEW v AS SELECT * FROM quarry_rows_4(1)");
    assert_int_not_equal(quarry_exec(db, "SELECT * FROM v"), QUARRY_OK);
    assert_int_not_equal(quarry_exec(db, "CREATE VIRTUAL TABLE x USING quarry_rows_4"),
                         QUARRY_OK);
    /* The statement that stays prepared holds no pointer to rows that are gone. */
    assert_int_equal(sqlite3_step(db->slots[MANY].handle), SQLITE_DONE);
    sqlite3_reset(db->slots[MANY].handle);
}

/* ---- looking up ------------------------------------------------------------------- */

typedef struct pair {
    const char *host_id;
    const char *name;
} pair;

static void bind_id(quarry_stmt *stmt, const void *key)
{
    quarry_bind_text(stmt, 1, *(const char *const *)key);
}

static void bind_pair(quarry_stmt *stmt, const void *key)
{
    const pair *both = key;
    quarry_bind_text(stmt, 1, both->host_id);
    quarry_bind_text(stmt, 2, both->name);
}

static quarry_status get_hosts(const char *const *ids, size_t count, quarry_rows *rows)
{
    return quarry_fetch_many(
        db, GET_MANY,
        "SELECT t.id, t.name, t.port, t.load FROM quarry_rows_1(?1) AS k"
        " CROSS JOIN hosts AS t ON t.id = k.c1",
        &host_type, ids, count, sizeof *ids, 1, bind_id, rows);
}

static void gets_in_the_order_of_keys(void **state)
{
    const char *ids[COUNT + 3];
    quarry_rows rows;
    (void)state;
    make_hosts();
    assert_int_equal(write_both(hosts_insert, &host_type, hosts, COUNT, insert_host),
                     QUARRY_OK);
    for (int i = 0; i < COUNT; i++)
        ids[i] = host_names[(i * 7) % COUNT];
    ids[COUNT] = "none";
    ids[COUNT + 1] = NULL;
    ids[COUNT + 2] = "host-3"; /* once more */
    for (int round = 0; round < 2; round++) {
        assert_int_equal(get_hosts(ids, COUNT + 3, &rows), QUARRY_OK);
        assert_int_equal(rows.count, COUNT + 1);
        const sample_host *host = rows.items;
        for (int i = 0; i < COUNT; i++)
            assert_string_equal(host[i].id, ids[i]);
        assert_string_equal(host[COUNT].id, "host-3");
        quarry_arena_free(rows.arena);
    }
    assert_int_equal(get_hosts(ids, 0, &rows), QUARRY_OK);
    assert_int_equal(rows.count, 0);
    assert_non_null(rows.items);
    quarry_arena_free(rows.arena);
}

static void gets_by_two_columns(void **state)
{
    const pair keys[] = {{"old", "y"}, {"old", "x"}, {"none", "x"}};
    quarry_rows rows;
    (void)state;
    assert_int_equal(
        quarry_fetch_many(db, GET_MANY,
                          "SELECT t.id, t.host_id, t.name, t.note, t.data FROM"
                          " quarry_rows_2(?1) AS k CROSS JOIN containers AS t"
                          " ON t.host_id = k.c1 AND t.name = k.c2",
                          &container_type, keys, 3, sizeof *keys, 2, bind_pair, &rows),
        QUARRY_OK);
    assert_int_equal(rows.count, 1);
    assert_int_equal(((sample_container *)rows.items)[0].id, 40);
    quarry_arena_free(rows.arena);
}

/* ---- memory ----------------------------------------------------------------------- */

static void memory_runs_out(void **state)
{
    const char *ids[] = {"old"};
    quarry_rows rows;
    quarry_status status = QUARRY_NO_MEMORY;
    int failures = 0;
    (void)state;
    for (int i = 0; status != QUARRY_OK; i++) {
        make_containers();
        arm(i + 1, true);
        quarry_set_allocator(&counted);
        status = quarry_write_many(db, MANY, containers_insert, &container_type,
                                   containers, COUNT, insert_container);
        quarry_set_allocator(NULL);
        failures += status != QUARRY_OK;
        if (status != QUARRY_OK) {
            assert_int_equal(status, QUARRY_NO_MEMORY);
            assert_int_equal(containers[0].id, 0);
            same_databases();
        }
    }
    status = QUARRY_NO_MEMORY;
    for (int i = 0; status != QUARRY_OK; i++) {
        arm(i + 1, true);
        quarry_set_allocator(&counted);
        status = get_hosts(ids, 1, &rows);
        quarry_set_allocator(NULL);
        failures += status != QUARRY_OK;
        assert_true(status == QUARRY_OK || status == QUARRY_NO_MEMORY);
    }
    assert_int_equal(rows.count, 1);
    quarry_arena_free(rows.arena);
    assert_true(failures > 6);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, fill, empty)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(inserts_rows),
        TEST(upserts_rows),
        TEST(one_row_and_none),
        TEST(the_row_to_blame),
        TEST(the_first_of_two),
        TEST(keys_are_set),
        TEST(keys_stay_unset_on_failure),
        TEST(keys_of_upserts),
        TEST(keys_with_triggers),
        TEST(triggers_may_refuse),
        TEST(a_lost_transaction),
        TEST(nulls),
        TEST(the_source_is_private),
        TEST(gets_in_the_order_of_keys),
        TEST(gets_by_two_columns),
        TEST(memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
