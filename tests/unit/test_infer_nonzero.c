/*
 * test_infer_nonzero.c: divisors that cannot be zero, bools that stay bools, JSON that is
 * changed, and what a CASE says of other rows: nothing.
 */
#include "infer_trial.h"

static const char schema[] =
    "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER NOT NULL, n INTEGER, r REAL NOT "
    "NULL,"
    " m REAL, s TEXT NOT NULL, flag BOOLEAN NOT NULL, maybe BOOLEAN,"
    " j JSON NOT NULL DEFAULT '{}' CHECK (json_valid(j)));";

static void test_conditions(void **state)
{
    static const struct infer_case cases[] = {
        {"SELECT r / a AS q FROM t", "q real?"},
        {"SELECT r / a AS q FROM t WHERE a > 0", "q real"},
        {"SELECT r / a AS q FROM t WHERE 0 < a", "q real"},
        {"SELECT r / a AS q FROM t WHERE 0 > a", "q real"},
        {"SELECT r / a AS q FROM t WHERE a >= 0", "q real?"},
        {"SELECT r / a AS q FROM t WHERE a > -1", "q real?"},
        {"SELECT r / a AS q FROM t WHERE a <= -1", "q real"},
        {"SELECT r / a AS q FROM t WHERE a = 5", "q real"},
        {"SELECT r / a AS q FROM t WHERE a <> 5", "q real?"},
        {"SELECT r / a AS q FROM t WHERE a IS NOT 0", "q real"},
        {"SELECT r / n AS q FROM t WHERE n IS NOT 0", "q real?"},
        {"SELECT r / n AS q FROM t WHERE NOT (n = 0)", "q real"},
        {"SELECT r / a AS q FROM t WHERE a", "q real"},
        {"SELECT r / a AS q FROM t WHERE NOT a", "q real?"},
        {"SELECT r / a AS q FROM t WHERE a BETWEEN -5 AND 5", "q real?"},
        {"SELECT r / a AS q FROM t WHERE a NOT BETWEEN 1 AND 5", "q real?"},
        {"SELECT r / a AS q FROM t WHERE a > 0 OR a < 0", "q real"},
        {"SELECT r / a AS q FROM t WHERE a > 0 OR id > 0", "q real?"},
        {"SELECT r / a AS q FROM t AS x WHERE EXISTS (SELECT 1 FROM t WHERE a > 0)",
         "q real?"},
        {"SELECT r / s AS q FROM t WHERE s > 0", "q real?"},
        {"SELECT a % r AS q FROM t WHERE r > 0", "q real?"},
        {"SELECT id % a AS q FROM t WHERE a > 0", "q integer"},
        {"SELECT id % 0.5 AS q FROM t", "q real?"},
        {"SELECT iif(a = 0, 0.0, r / a) AS q FROM t", "q real"},
        {"SELECT iif(a = 1, 0.0, r / a) AS q FROM t", "q real?"},
        {"SELECT a AS b, r / a AS q FROM t WHERE b > 0", "b integer, q real"},
        {"SELECT r / :x AS q FROM t WHERE :x > 0.5", ":x real => q real"},
        {"SELECT sum(r) / a AS q FROM t WHERE a > 0", "q real?"},
    };

    (void)state;
    CHECK_CASES(schema, cases);
}

static void test_values(void **state)
{
    static const struct infer_case cases[] = {
        {"SELECT sum(r) / count(*) AS q FROM t GROUP BY a", "q real"},
        {"SELECT sum(r) / count(*) AS q FROM t", "q real?"},
        {"SELECT sum(r) / count(n) AS q FROM t GROUP BY a", "q real?"},
        {"SELECT sum(r) / count(*) FILTER (WHERE n > 1) AS q FROM t GROUP BY a",
         "q real?"},
        {"SELECT r / count(*) OVER (PARTITION BY a) AS q FROM t", "q real"},
        {"SELECT r / count(*) OVER (ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING) AS q FROM "
         "t",
         "q real?"},
        {"SELECT r / row_number() OVER () AS q FROM t", "q real"},
        {"SELECT r / coalesce(nullif(a, 0), 1) AS q FROM t", "q real"},
        {"SELECT r / coalesce(nullif(a, 1), 1) AS q FROM t", "q real?"},
        {"SELECT r / coalesce(n, 1) AS q FROM t", "q real?"},
        {"SELECT r / max(a, 1) AS q FROM t", "q real"},
        {"SELECT r / max(a, 0) AS q FROM t", "q real?"},
        {"SELECT r / CASE WHEN a = 0 THEN 1 ELSE a END AS q FROM t", "q real"},
        {"SELECT r / abs(a) AS q FROM t WHERE a <> 0", "q real"},
        {"SELECT r / (a * 2) AS q FROM t WHERE a <> 0", "q real"},
        {"SELECT r / (r * r) AS q FROM t WHERE r > 0", "q real?"},
        {"SELECT r / CAST(a AS REAL) AS q FROM t WHERE a > 0", "q real"},
        {"SELECT a / CAST(r AS INTEGER) AS q FROM t WHERE r > 0", "q integer?"},
        {"SELECT b / c AS q FROM (SELECT sum(r) AS b, count(*) AS c FROM t GROUP BY a)",
         "q real"},
        {"WITH RECURSIVE x (k) AS (SELECT 2 UNION ALL SELECT k - 1 FROM x WHERE k > 0)"
         " SELECT 1.0 / k AS q FROM x",
         "q real?"},
        {"SELECT max(a) AS x FROM t HAVING count(*) > 0", "x integer"},
        {"SELECT max(a) AS x FROM t HAVING count(*) >= 0", "x integer?"},
        {"SELECT max(n) AS x FROM t HAVING count(*) > 0", "x integer?"},
    };

    (void)state;
    CHECK_CASES(schema, cases);
}

static void test_bools(void **state)
{
    static const struct infer_case cases[] = {
        {"SELECT coalesce(maybe, 0) AS f FROM t", "f bool"},
        {"SELECT ifnull(maybe, TRUE) AS f FROM t", "f bool"},
        {"SELECT coalesce(maybe, 2) AS f FROM t", "f integer"},
        {"SELECT coalesce(maybe, a) AS f FROM t", "f integer"},
        {"SELECT CASE WHEN a > 1 THEN flag ELSE FALSE END AS f FROM t", "f bool"},
        {"SELECT 1 AS f", "f integer"},
        {"SELECT flag AS f FROM t UNION ALL SELECT 0", "f bool"},
        {"SELECT flag AS f FROM t UNION ALL SELECT 3", "f integer"},
    };

    (void)state;
    CHECK_CASES(schema, cases);
}

static void test_neighbours(void **state)
{
    static const struct infer_case cases[] = {
        {"SELECT iif(m IS NOT NULL, first_value(m) OVER (ORDER BY id), 0.0) AS x FROM t",
         "x real?"},
        {"SELECT CASE WHEN m > 0 THEN lag(m, 1, 0.0) OVER (ORDER BY id) ELSE 1.0 END AS x"
         " FROM t",
         "x real?"},
        {"SELECT iif(n > 0, lag(iif(n > 1, n, a), 1, 0) OVER (ORDER BY id), 0) AS x FROM "
         "t",
         "x integer"},
        {"SELECT iif(m IS NOT NULL, sum(m) OVER (ORDER BY id), 0.0) AS x FROM t",
         "x real"},
        {"SELECT first_value(m) OVER (ORDER BY id) AS x FROM t WHERE m IS NOT NULL",
         "x real"},
    };

    (void)state;
    CHECK_CASES(schema, cases);
}

static void test_json(void **state)
{
    static const struct infer_case cases[] = {
        {"SELECT json_set('{}', '$.a', n) AS x FROM t", "x text"},
        {"SELECT json_set('{}', '$', n) AS x FROM t", "x any?"},
        {"SELECT json_set('{}', '$', a) AS x FROM t", "x any"},
        {"SELECT json_set(NULL, '$.a', a) AS x FROM t", "x text?"},
        {"SELECT json_insert('{}', '$.a' || a, n) AS x FROM t", "x text"},
        {"SELECT json_remove('[1]', '$[0]') AS x", "x text"},
        {"SELECT json_remove('[1]', '$') AS x", "x text?"},
        {"SELECT json_array_length('[1]') AS x, json_array_length('[1]', '$.a') AS y",
         "x integer, y integer?"},
        {"SELECT json_type('[1]') AS x, json_patch('{}', '{}') AS y", "x text, y text"},
    };

    (void)state;
    CHECK_CASES(schema, cases);
}

/* A LIMIT stands in no FROM; parameters meet subqueries column by column. */
static void test_places(void **state)
{
    static const struct infer_case cases[] = {
        {"SELECT a FROM t LIMIT CASE WHEN 1 THEN 2 ELSE 3 END", "a integer"},
        {"SELECT a FROM (SELECT a FROM t LIMIT iif(1, 2, 3))", "a integer"},
        {"SELECT a FROM t LIMIT max(:n, 1) * 10", ":n integer => a integer"},
        {"SELECT a FROM t WHERE (a, s) IN (VALUES (:a, :s), (1, :u))",
         ":a integer, :s text, :u text => a integer"},
        {"SELECT a FROM t WHERE a IN (VALUES (:a), (2))", ":a integer => a integer"},
        {"SELECT a FROM t WHERE (a, s) = (SELECT id, :s FROM t)", ":s text => a integer"},
        {"SELECT datetime('now', 'localtime') AS d", "d text"},
        {"SELECT datetime('now', 'auto') AS d", "d text?"},
    };

    (void)state;
    CHECK_CASES(schema, cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conditions), cmocka_unit_test(test_values),
        cmocka_unit_test(test_bools),      cmocka_unit_test(test_neighbours),
        cmocka_unit_test(test_json),       cmocka_unit_test(test_places),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
