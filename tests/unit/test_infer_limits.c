/*
 * test_infer_limits.c: what the fuzzer of the resolver found (make fuzz-infer), each in its
 * smallest form: infinity, rowids that are none, aggregates of queries around, and where
 * SQLite 3.40 itself sees no NULL.
 */
#include "infer_trial.h"

static const char schema[] =
    "CREATE TABLE a (id INTEGER PRIMARY KEY, x INTEGER NOT NULL, r REAL NOT NULL,"
    "    t TEXT NOT NULL) STRICT;"
    "CREATE TABLE b (id INTEGER PRIMARY KEY, x INTEGER, y INTEGER) STRICT;"
    "CREATE TABLE k (id INT NOT NULL, d REAL, e INTEGER) STRICT;"
    "CREATE TABLE u (id INTEGER, x INT UNIQUE, z INTEGER NOT NULL) STRICT;"
    "CREATE VIEW v AS SELECT x FROM a;";

static void test_infinity(void **state)
{
    static const struct infer_case cases[] = {
        /* What is stored is taken to be finite. */
        {"SELECT r * x AS n, r - r AS m FROM a", "n real, m real"},
        {"SELECT exp(r) AS n FROM a", "n real"},
        {"SELECT exp(r) * x AS n FROM a", "n real?"},
        {"SELECT x * -exp(r) AS n FROM a", "n real?"},
        {"SELECT exp(r) * 2 AS n, exp(r) + 1 AS m FROM a", "n real, m real"},
        {"SELECT exp(r) * 0 AS n FROM a", "n real?"},
        {"SELECT exp(r) - cosh(r) AS n FROM a", "n real?"},
        {"SELECT sinh(r) / 2 AS n, exp(r) / 9e999 AS m FROM a", "n real, m real?"},
        {"SELECT 9e999 - 9e999 AS n, 9e999 AS m", "n real?, m real"},
        {"SELECT '9e999' * 0 AS n, '9e99' * 0 AS m", "n real?, m real"},
        {"SELECT exp(r) % 3 AS n FROM a", "n real"},
        {"SELECT sin(exp(r)) AS n, atan(exp(r)) AS m, sin(r) AS o FROM a",
         "n real?, m real, o real"},
        {"SELECT sign(exp(r)) * x AS n FROM a", "n integer"},
        {"SELECT sum(exp(r)) AS n, sum(r) AS m FROM a GROUP BY x", "n real?, m real"},
        {"SELECT total(sinh(r)) AS n, total(r) AS m FROM a", "n real?, m real"},
        {"SELECT max(exp(r)) AS n, max(r) * 0 AS m FROM a GROUP BY x", "n real, m real"},
        {"SELECT n * 0 AS m FROM (SELECT max(exp(r)) AS n FROM a GROUP BY x)", "m real?"},
        {"SELECT CASE WHEN x THEN exp(r) ELSE 1.0 END * r AS n FROM a", "n real?"},
        {"SELECT CAST(exp(r) AS INTEGER) * 0 AS n FROM a", "n integer"},
        {"SELECT (t || '9e999') * 0 AS n, t * 0 AS m FROM a", "n real?, m real"},
        {"SELECT printf('%d', x) * x AS n FROM a", "n real?"},
        {"WITH w AS (SELECT 1.0 AS n UNION ALL SELECT exp(n) FROM w LIMIT 9)"
         " SELECT n * 0 AS m FROM w",
         "m real?"},
    };

    (void)state;
    CHECK_CASES(schema, cases);
}

static void test_rowid(void **state)
{
    static const struct infer_case cases[] = {
        {"SELECT \"rowid\" AS r FROM a, u", "r text"},
        {"SELECT \"rowid\" AS r FROM a", "r integer"},
        {"SELECT \"rowid\" AS r FROM a, v", "r any?"},
        {"SELECT \"rowid\" AS r FROM (SELECT 1 AS z), a", "r any?"},
        {"SELECT \"rowid\" AS r FROM (SELECT 1 AS z) AS q", "r any?"},
        {"SELECT rowid AS r FROM (SELECT 1 AS z) AS q", "r integer?"},
        {"WITH w AS (SELECT 1 AS z) SELECT \"rowid\" AS r FROM w, a", "r integer"},
        {"SELECT (SELECT \"rowid\" FROM a, u LIMIT 1) AS r FROM b", "r text?"},
        {"SELECT (SELECT \"rowid\" WHERE 1) AS r FROM a", "r integer?"},
        {"SELECT a.\"rowid\" AS r FROM a, v", "r integer"},
    };

    (void)state;
    CHECK_CASES(schema, cases);
}

static void test_aggregate_outside(void **state)
{
    static const struct infer_case cases[] = {
        /* min() is of the rows of `a`: there is one row even of none. */
        {"SELECT a.x, (WITH w AS (SELECT EXISTS (SELECT min(a.x)) AS n)"
         " SELECT n FROM w) AS n FROM a",
         "x integer?, n integer"},
        {"SELECT a.x, (WITH w AS (SELECT EXISTS (SELECT min(z.x) FROM a AS z) AS n)"
         " SELECT n FROM w) AS n FROM a",
         "x integer, n integer"},
        {"SELECT a.x, (SELECT x - 1 AS y GROUP BY y HAVING min(y) IS NOT NULL) AS n"
         " FROM a",
         "x integer?, n integer?"},
        {"SELECT a.x, (SELECT (x IS NOT FALSE) AS y GROUP BY y HAVING min(y) > 0) AS n"
         " FROM a",
         "x integer?, n integer?"},
        /* … IS NULL of a column that is NOT NULL refers to nothing. */
        {"SELECT max(y) AS m FROM (SELECT (SELECT min(a.x IS NULL)) AS y FROM a)",
         "m integer?"},
        {"SELECT a.x, (SELECT min(+b.y IS NULL)) AS y FROM a, b",
         "x integer?, y integer?"},
        /* … but ORDER BY sees no query around. */
        {"SELECT count(*) AS n, max(y) AS m FROM (SELECT EXISTS (SELECT a.x AS z"
         " ORDER BY max(z)) AS y FROM a)",
         "n integer, m integer?"},
        {"SELECT a.x, (SELECT z.x AS y FROM a AS z GROUP BY y HAVING min(y) > 0) AS n"
         " FROM a",
         "x integer, n integer?"},
    };

    (void)state;
    CHECK_CASES(schema, cases);
}

/* SQLite 3.40 finds NULL by USING where a column that is NOT NULL is NULL by a join. */
static void test_using_null(void **state)
{
    static const struct infer_case cases[] = {
        {"SELECT a.x FROM a RIGHT JOIN b ON a.id = b.id JOIN u USING (x)",
         "error `x`: `x` could be a column of two tables"},
        {"SELECT a.x, z FROM a RIGHT JOIN k ON a.id = k.id JOIN u USING (x)",
         "x integer?, z integer"},
        {"SELECT a.r, z FROM k FULL JOIN a ON a.id = k.id NATURAL JOIN (SELECT x, z FROM "
         "u)",
         "r real?, z integer"},
        /* … but not where the other column holds no NULL, nor by ON. */
        {"SELECT a.x, k.d FROM a RIGHT JOIN k ON a.id = k.e"
         " JOIN (SELECT id AS x FROM b) USING (x)",
         "x integer, d real?"},
        {"SELECT a.x, z FROM a RIGHT JOIN k ON a.id = k.id JOIN u ON u.x = a.x",
         "x integer, z integer"},
        /* Without a RIGHT or FULL join the LEFT join becomes an INNER one. */
        {"SELECT a.r, z FROM k LEFT JOIN a ON a.id = k.id JOIN u USING (x)",
         "r real, z integer"},
        {"SELECT a.r, z FROM k LEFT JOIN a ON a.id = k.id LEFT JOIN u USING (x)"
         " WHERE z IS NOT NULL",
         "r real?, z integer"},
        {"SELECT b.y, z FROM k LEFT JOIN b ON b.id = k.id LEFT JOIN u USING (x)"
         " WHERE z IS NOT NULL AND b.y > 0",
         "y integer, z integer"},
    };

    (void)state;
    CHECK_CASES(schema, cases);
}

/* SQLite 3.40 applies an ON without columns to the rows of a RIGHT JOIN behind it too. */
static void test_row_lost(void **state)
{
    static const struct infer_case cases[] = {
        {"SELECT max(q) AS n FROM a, b RIGHT JOIN (SELECT 7 AS q)", "n integer"},
        {"SELECT max(q) AS n FROM a JOIN b ON '$' RIGHT JOIN (SELECT 7 AS q)",
         "n integer?"},
        {"SELECT max(q) AS n FROM (a JOIN b ON a.id = b.id AND 0) FULL JOIN"
         " (SELECT 7 AS q) ON 1",
         "n integer?"},
        {"SELECT max(q) AS n FROM a LEFT JOIN (a AS z JOIN b ON 0) ON 1"
         " RIGHT JOIN (SELECT 7 AS q) ON 1",
         "n integer?"},
        {"SELECT max(q) AS n FROM (SELECT * FROM a JOIN b ON 0) RIGHT JOIN"
         " (SELECT 7 AS q) ON 1",
         "n integer"},
        {"SELECT max(q) AS n FROM a LEFT JOIN b ON 0 RIGHT JOIN (SELECT 7 AS q) ON 1",
         "n integer"},
    };

    (void)state;
    CHECK_CASES(schema, cases);
}

/* In RETURNING of a table whose first column is NOT NULL, to SQLite 3.40 all are. */
static void test_returning(void **state)
{
    static const struct infer_case cases[] = {
        {"DELETE FROM k RETURNING CASE WHEN e IS NOT NULL THEN e ELSE 0 END AS n",
         "n integer?"},
        {"DELETE FROM k RETURNING CASE WHEN e IN (SELECT d) THEN e ELSE 0 END AS n",
         "n integer?"},
        {"UPDATE k SET id = 1 RETURNING iif(e IS NULL, 0, e) AS n", "n integer?"},
        {"INSERT INTO k (id) VALUES (1) RETURNING iif(e IS NOT NULL, e, 0) AS n",
         "n integer?"},
        {"DELETE FROM k RETURNING coalesce(e, 0) AS n", "n integer"},
        {"DELETE FROM k WHERE e IS NOT NULL RETURNING e", "e integer"},
        {"DELETE FROM b RETURNING CASE WHEN y IS NOT NULL THEN y ELSE 0 END AS n",
         "n integer"},
        {"SELECT CASE WHEN e IS NOT NULL THEN e ELSE 0 END AS n FROM k", "n integer"},
    };

    (void)state;
    CHECK_CASES(schema, cases);
}

/* Of AND with 0 nothing remains, names and aggregates too. */
static void test_and_zero(void **state)
{
    static const struct infer_case cases[] = {
        {"SELECT (0 AND count(*)) AS n, x FROM a", "n integer, x integer"},
        {"SELECT (1 AND count(*)) AS n, x FROM a", "n integer, x integer?"},
        {"SELECT (count(*) AND (x IN ())) AS n, x FROM a", "n integer, x integer"},
        {"SELECT (count(*) AND x NOT IN ()) AS n, x FROM a", "n integer, x integer?"},
        {"SELECT (nosuch AND 0x00) AS n FROM a WHERE nosuch AND 0", "n integer"},
        {"SELECT (x AND 00 AND :p) AS n FROM a", ":p null => n integer"},
        {"SELECT (nosuch AND 0.0) AS n FROM a", "error `nosuch`: no column `nosuch`"},
        {"SELECT (nosuch OR 0) AS n FROM a", "error `nosuch`: no column `nosuch`"},
        {"SELECT (SELECT 0 AND max(x) FROM a) AS n", "n integer?"},
    };

    (void)state;
    CHECK_CASES(schema, cases);
}

/* The first SELECT of a compound converts the others: hidden columns are numeric. */
static void test_converted(void **state)
{
    static const struct infer_case cases[] = {
        {"SELECT q.c FROM (SELECT x AS b, root AS c FROM json_each('[]'), b UNION ALL"
         " SELECT 1, '16' FROM a) AS q FULL JOIN k",
         "c any?"},
        {"SELECT q.c FROM (SELECT x AS c FROM a UNION ALL SELECT '1.5') AS q FULL JOIN k",
         "c any?"},
    };

    (void)state;
    CHECK_CASES(schema, cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_infinity),          cmocka_unit_test(test_rowid),
        cmocka_unit_test(test_aggregate_outside), cmocka_unit_test(test_using_null),
        cmocka_unit_test(test_returning),         cmocka_unit_test(test_converted),
        cmocka_unit_test(test_and_zero),          cmocka_unit_test(test_row_lost),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
