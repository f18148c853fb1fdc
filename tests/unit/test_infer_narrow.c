/*
 * test_infer_narrow.c: what conditions say of NULL, and where they say nothing.
 */
#include "infer_trial.h"

static const char schema[] =
    "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b TEXT,"
    " c BLOB, d ANY) STRICT;"
    "CREATE TABLE u (id INTEGER PRIMARY KEY, t_id INTEGER, e REAL)"
    " STRICT;";

/* SQLite can be built to say 0 of a LIKE with a blob, whatever the other side is. */
static void test_like(void **state)
{
    static const struct infer_case cases[] = {
        {"SELECT b FROM t WHERE b LIKE 'x%'", "b text"},
        {"SELECT b FROM t WHERE b NOT LIKE 'x%'", "b text"},
        {"SELECT b, a FROM t WHERE b LIKE a", "b text, a integer"},
        {"SELECT b, a FROM t WHERE b NOT LIKE a", "b text, a integer"},
        {"SELECT b, d FROM t WHERE b LIKE d", "b text, d any"},
        {"SELECT b, d FROM t WHERE b NOT LIKE d", "b text?, d any"},
        {"SELECT b, d FROM t WHERE NOT (b LIKE d)", "b text?, d any"},
        {"SELECT b, d FROM t WHERE NOT (b NOT LIKE d)", "b text, d any"},
        {"SELECT b, c FROM t WHERE b NOT GLOB c", "b text?, c blob"},
        {"SELECT b, c FROM t WHERE (b LIKE c) IS NOT NULL", "b text?, c blob"},
        {"SELECT b, c FROM t WHERE like(b, c) = 0", "b text?, c blob"},
        {"SELECT b, a FROM t WHERE glob(b, a) = 0", "b text, a integer"},
    };

    (void)state;
    CHECK_CASES(schema, cases);
}

/* replace() with an empty pattern yields the first argument, whatever the third is. */
static void test_replace(void **state)
{
    static const struct infer_case cases[] = {
        {"SELECT a, b, d FROM t WHERE replace(a, b, d) <> ''",
         "a integer, b text, d any?"},
        {"SELECT replace(b, 'x', 'y') AS r FROM t", "r text?"},
    };

    (void)state;
    CHECK_CASES(schema, cases);
}

/* An aggregate without GROUP BY yields a row for which no WHERE was ever true. */
static void test_rowless(void **state)
{
    static const struct infer_case cases[] = {
        {"SELECT count(*) AS n, a FROM t WHERE a > 1", "n integer, a integer?"},
        {"SELECT count(*) AS n, :x? AS x FROM t WHERE a > :x?",
         ":x integer? => n integer, x integer?"},
        {"SELECT :x? AS x FROM t WHERE a > :x?", ":x integer? => x integer"},
        {"SELECT count(*) AS n, a + 1 AS m FROM t WHERE a + 1 > 1",
         "n integer, m integer?"},
        {"SELECT count(*) AS n, a FROM t WHERE a > 1 GROUP BY a", "n integer, a integer"},
        {"SELECT max(a) AS m FROM t WHERE a > 1", "m integer?"},
        {"SELECT max(a) AS m FROM t WHERE a > 1 HAVING max(a) > 0", "m integer"},
        {"SELECT count(*) AS n, a FROM t HAVING a > 0", "n integer, a integer"},
        {"SELECT t.id, (SELECT count(*) + u.id FROM t AS s WHERE u.e > 1) AS n FROM t "
         "LEFT JOIN u ON u.t_id = t.id",
         "id integer, n integer?"},
    };

    (void)state;
    CHECK_CASES(schema, cases);
}

/* An aggregate that belongs to a query, but stands in a subquery of its WHERE. */
static void test_strange_aggregates(void **state)
{
    static const struct infer_case cases[] = {
        {"SELECT (SELECT count(*) OVER () FROM t WHERE EXISTS (SELECT sum(t.a)) = 0) AS "
         "n",
         "n integer?"},
        {"SELECT (SELECT 1 FROM t WHERE EXISTS (SELECT sum(t.a)) = 0) AS n",
         "n integer?"},
        {"SELECT (SELECT sum(t.a) FROM u) AS n, id FROM t", "n integer?, id integer?"},
    };

    (void)state;
    CHECK_CASES(schema, cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_like),
        cmocka_unit_test(test_replace),
        cmocka_unit_test(test_rowless),
        cmocka_unit_test(test_strange_aggregates),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
