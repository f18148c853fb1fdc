/*
 * test_scratch.c: scratch databases as images: a copy has the rows, the structure and the
 * unknown functions and collations of the database that it is a copy of, and is its own.
 */
#include "migrate/scratch.h"
#include "modelling.h"

static struct arena arena;

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void run(sqlite3 *db, const char *sql)
{
    const char *error = NULL;

    if (!scratch_run(&arena, db, sql, &error))
        fail_msg("%s: %s", sql, error);
}

static void a_copy_is_its_own(void **state)
{
    const struct scratch_image *image;
    sqlite3 *db = scratch_open(), *copy;

    (void)state;
    run(db, "CREATE TABLE t(a INTEGER PRIMARY KEY AUTOINCREMENT, b BLOB);"
            "CREATE VIEW v AS SELECT * FROM t;"
            "INSERT INTO t VALUES (7, zeroblob(100000))");
    image = scratch_image(&arena, db);
    run(db, "DELETE FROM t");
    copy = scratch_from(&arena, image);
    assert_string_equal(modelling_query(copy, "SELECT a || '.' || length(b) FROM v"),
                        "7.100000");
    run(copy, "BEGIN; INSERT INTO t(b) VALUES (x'00'); DROP VIEW v; ROLLBACK;"
              "INSERT INTO t(b) SELECT zeroblob(300000)");
    assert_string_equal(modelling_query(copy, "SELECT max(a) FROM v"), "8");
    assert_string_equal(modelling_query(copy, "PRAGMA integrity_check"), "ok");
    assert_string_equal(modelling_query(copy, "PRAGMA foreign_keys"), "0");
    sqlite3_close(copy);
    copy = scratch_from(&arena, image);
    assert_string_equal(modelling_query(copy, "SELECT max(a) FROM v"), "7");
    sqlite3_close(copy);
    sqlite3_close(db);
}

static void an_empty_one_is_empty(void **state)
{
    sqlite3 *db = scratch_open();
    sqlite3 *copy = scratch_from(&arena, scratch_image(&arena, db));

    (void)state;
    assert_string_equal(modelling_query(copy, "SELECT count(*) FROM sqlite_schema"), "0");
    run(copy, "CREATE TABLE t(a); INSERT INTO t VALUES (1)");
    sqlite3_close(copy);
    sqlite3_close(db);
}

/* An INSERT that is not run by scratch_run() must find the functions of CHECKs too. */
static void unknown_functions_come_along(void **state)
{
    sqlite3 *db = scratch_open(), *copy, *second;

    (void)state;
    run(db, "CREATE TABLE t(a TEXT COLLATE theirs CHECK (theirs(a) IS NULL), "
            "b CHECK (others(b, 1) IS NULL));"
            "CREATE INDEX i ON t(a)");
    copy = scratch_from(&arena, scratch_image(&arena, db));
    second = scratch_from(&arena, scratch_image(&arena, copy));
    assert_int_equal(
        sqlite3_exec(copy, "INSERT INTO t VALUES (1, 2), (2, 1)", NULL, NULL, NULL),
        SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(second, "INSERT INTO t VALUES (1, 2), (2, 1)", NULL, NULL, NULL),
        SQLITE_OK);
    assert_string_equal(modelling_query(second, "SELECT group_concat(a) FROM t"), "1,2");
    sqlite3_close(second);
    sqlite3_close(copy);
    sqlite3_close(db);
}

static void a_structure_is_built_once(void **state)
{
    const char *error = NULL;
    struct structure *structure = scratch_structure(
        &arena, "CREATE TABLE t(a); CREATE VIEW v AS SELECT a FROM t;", &error);
    sqlite3 *first, *second;

    (void)state;
    assert_null(*structure->image);
    first = scratch_of(&arena, structure, &error);
    assert_non_null(*structure->image);
    run(first, "INSERT INTO t VALUES (1); DROP VIEW v");
    second = scratch_of(&arena, structure, &error);
    assert_string_equal(modelling_query(second, "SELECT count(*) FROM v"), "0");
    sqlite3_close(second);
    sqlite3_close(first);
    structure->tables.items[0]->text = "CREATE TABLE t(nonsense";
    *structure->image = NULL;
    assert_null(scratch_of(&arena, structure, &error));
    assert_non_null(strstr(error, "table t"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_copy_is_its_own, tear_down),
        cmocka_unit_test_teardown(an_empty_one_is_empty, tear_down),
        cmocka_unit_test_teardown(unknown_functions_come_along, tear_down),
        cmocka_unit_test_teardown(a_structure_is_built_once, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
