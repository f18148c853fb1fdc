/*
 * test_infer_change.c: INSERT, UPDATE and DELETE: what their parameters are, and what
 * RETURNING yields.
 */
#include "infer_trial.h"

static const char schema[] =
    "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b TEXT NOT NULL DEFAULT '', c "
    "REAL)"
    " STRICT;"
    "CREATE TABLE s (id INTEGER PRIMARY KEY, a REAL, d TEXT) STRICT;"
    "CREATE TABLE w (id INTEGER PRIMARY KEY, a INTEGER) STRICT;"
    "CREATE TRIGGER w_changed BEFORE UPDATE ON w BEGIN SELECT 1; END;"
    "CREATE VIEW v AS SELECT id, b AS n FROM t;"
    "CREATE TRIGGER v_insert INSTEAD OF INSERT ON v BEGIN SELECT 1; END;"
    "CREATE TRIGGER v_update INSTEAD OF UPDATE ON v BEGIN SELECT 1; END;"
    "CREATE TRIGGER v_delete INSTEAD OF DELETE ON v BEGIN SELECT 1; END;"
    "CREATE TABLE g (id INTEGER PRIMARY KEY, a TEXT, r REAL AS (a * 1.5)) STRICT;";

static void test_insert(void **state)
{
    static const struct infer_case cases[] = {
        {"INSERT INTO t (a, b, c) VALUES (:a?, :b, :c?)",
         ":a integer?, :b text, :c real?"},
        {"INSERT INTO t VALUES (:id, :a, :b, :c)",
         ":id integer, :a integer, :b text, :c real"},
        {"INSERT INTO t (a) VALUES (1) RETURNING id, a, b, c",
         "id integer, a integer, b text, c real?"},
        {"INSERT INTO t (a) SELECT a FROM s RETURNING a", "a integer?"},
        {"INSERT INTO t (a) SELECT id FROM s WHERE d = :d RETURNING a AS x",
         ":d text => x integer"},
        {"INSERT INTO t (id, a) VALUES (1, :a?) ON CONFLICT (id) DO UPDATE SET a = "
         "excluded.a + :n RETURNING a",
         ":a integer?, :n integer => a integer?"},
        {"INSERT INTO t DEFAULT VALUES RETURNING *",
         "id integer, a integer?, b text, c real?"},
        {"INSERT INTO t (a, nix) VALUES (1, 2)", "error `nix`: no column `nix` in `t`"},
    };

    (void)state;
    CHECK_CASES(schema, cases);
}

static void test_update(void **state)
{
    static const struct infer_case cases[] = {
        {"UPDATE t SET a = :a?, b = :b WHERE id = :id",
         ":a integer?, :b text, :id integer"},
        {"UPDATE t SET a = 1 RETURNING a, c", "a integer, c real?"},
        {"UPDATE t SET a = 1, a = c RETURNING a", "a integer?"},
        {"UPDATE t SET a = c, a = 1 RETURNING a", "a integer"},
        {"UPDATE w SET a = 1 RETURNING a", "a integer?"},
        {"UPDATE t SET b = b || :x WHERE c > 1 RETURNING c", ":x text => c real"},
        {"UPDATE t SET (a, b) = (:a, :b) RETURNING id",
         ":a integer, :b text => id integer"},
        {"UPDATE t SET a = x.id FROM s AS x WHERE x.d = t.b RETURNING a, b",
         "a integer, b text"},
        {"UPDATE t SET c = x.a FROM s AS x, w WHERE x.id = w.id AND w.a = t.a RETURNING "
         "c",
         "c real?"},
        {"UPDATE t SET c = x.a FROM s AS x JOIN w ON w.id = t.id",
         "error `t.id`: no table `t` in this query"},
    };

    (void)state;
    CHECK_CASES(schema, cases);
}

static void test_delete(void **state)
{
    static const struct infer_case cases[] = {
        {"DELETE FROM t WHERE a > :low RETURNING a, c",
         ":low integer => a integer, c real?"},
        {"DELETE FROM t WHERE id IN (SELECT id FROM s WHERE d LIKE :p) RETURNING id",
         ":p text => id integer"},
    };

    (void)state;
    CHECK_CASES(schema, cases);
}

/* Nothing holds what is written to a view to its types. */
static void test_views(void **state)
{
    static const struct infer_case cases[] = {
        {"INSERT INTO v (n) VALUES ('x') RETURNING id, n", "id any?, n any?"},
        {"UPDATE v SET n = 1 RETURNING id, n", "id any?, n any?"},
        {"DELETE FROM v RETURNING id, n", "id integer, n text"},
    };

    (void)state;
    CHECK_CASES(schema, cases);
}

/* SQLite may show an integer where the column is computed. */
static void test_generated(void **state)
{
    static const struct infer_case cases[] = {
        {"SELECT r FROM g", "r real?"},
        {"SELECT * FROM g AS x NATURAL FULL JOIN g AS y", "id integer, a text?, r real?"},
    };

    (void)state;
    CHECK_CASES(schema, cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_insert),    cmocka_unit_test(test_update),
        cmocka_unit_test(test_delete),    cmocka_unit_test(test_views),
        cmocka_unit_test(test_generated),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
