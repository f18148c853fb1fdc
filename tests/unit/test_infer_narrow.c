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
        {"SELECT count(*) AS n, id FROM t HAVING NOT (id IS NULL)",
         "n integer, id integer?"},
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

/* Formats that are sure to yield something. */
static void test_formats(void **state)
{
    static const struct infer_case cases[] = {
        {"SELECT printf('%s-%05.2f', b, a) AS f FROM t", "f text"},
        {"SELECT printf('') AS f", "f text?"},
        {"SELECT printf(b, 1) AS f FROM t", "f text?"},
        {"SELECT format('%y') AS f", "f text?"},
        {"SELECT format('100%') AS f", "f text?"},
        {"SELECT strftime('%Y-%m', 'now') AS f", "f text"},
        {"SELECT strftime('%Y %q', 'now') AS f", "f text?"},
        {"SELECT strftime('50%', 'now') AS f", "f text?"},
    };

    (void)state;
    CHECK_CASES(schema, cases);
}

/* What people write to exclude NULL, each way through which it must be seen. */
static void test_usual(void **state)
{
    static const struct infer_case cases[] = {
        {"SELECT a FROM t WHERE a = :p", ":p integer => a integer"},
        {"SELECT a FROM t WHERE a > 3 AND b IS NOT NULL", "a integer"},
        {"SELECT a FROM t WHERE a IN (1, 2)", "a integer"},
        {"SELECT a FROM t WHERE a NOT IN (1, 2)", "a integer"},
        {"SELECT a FROM t WHERE a IS NOT 1", "a integer?"},
        {"SELECT a FROM t WHERE a IS 1", "a integer"},
        {"SELECT a FROM t WHERE a BETWEEN :x AND :y",
         ":x integer, :y integer => a integer"},
        {"SELECT b FROM t WHERE b || 'x' = 'yx'", "b text"},
        {"SELECT a FROM t WHERE a = 1 OR a = 2", "a integer"},
        {"SELECT a FROM t WHERE a = 1 OR b = ''", "a integer?"},
        {"SELECT a FROM t WHERE NOT (a IS NULL OR b IS NULL)", "a integer"},
        {"SELECT a FROM t WHERE (a, b) = (1, 'x')", "a integer"},
        {"SELECT a FROM t WHERE (a > 1) IS TRUE", "a integer"},
        {"SELECT a FROM t WHERE CASE WHEN a THEN 1 ELSE 0 END", "a integer?"},
        {"SELECT a FROM t WHERE coalesce(a, 0) = 0", "a integer?"},
        {"SELECT e FROM t JOIN u ON u.e = t.a", "e real"},
        {"SELECT a FROM (SELECT a FROM t WHERE a > 1)", "a integer"},
        {"WITH w AS (SELECT a FROM t WHERE a > 1) SELECT a FROM w", "a integer"},
        {"SELECT x FROM (SELECT a AS x FROM t) WHERE x > 1", "x integer"},
        {"SELECT CASE WHEN a IS NULL THEN 0 ELSE a END AS x FROM t", "x integer"},
        {"SELECT CASE WHEN a > 1 THEN a WHEN a IS NOT NULL THEN a ELSE 0 END AS x FROM t",
         "x integer"},
        {"SELECT sum(a) FILTER (WHERE a > 1) AS x FROM t GROUP BY b", "x integer?"},
        {"SELECT a, max(b) AS x FROM t GROUP BY a HAVING a IS NOT NULL",
         "a integer, x text?"},
        {"SELECT a FROM t WHERE a > 1 UNION SELECT id FROM t", "a integer"},
        {"SELECT a FROM t WHERE a > 1 UNION SELECT a FROM t", "a integer?"},
        {"SELECT a FROM t WHERE a > 1 INTERSECT SELECT a FROM t", "a integer"},
        {"SELECT a FROM t EXCEPT SELECT a FROM t WHERE a IS NULL", "a integer?"},
        {"SELECT a + 1 AS x FROM t WHERE a + 1 > 2", "x integer"},
        {"SELECT max(a) AS x FROM t GROUP BY b HAVING max(a) > 2", "x integer"},
    };

    (void)state;
    CHECK_CASES(schema, cases);
}

/* A comparison with a hidden column of a virtual table need not be one. */
static void test_hidden(void **state)
{
    static const struct infer_case cases[] = {
        {"SELECT rank FROM f WHERE rank = 'bm25(1.0)'", "rank real?"},
        {"SELECT a FROM f WHERE a = 'x'", "a text"},
        {"SELECT a FROM f WHERE a = rank", "a text?"},
    };

    (void)state;
    CHECK_CASES("CREATE VIRTUAL TABLE f USING fts5(a);", cases);
}

/* Parameters, from where they stand. */
static void test_parameters(void **state)
{
    static const struct infer_case cases[] = {
        {"SELECT 1 AS x FROM t WHERE :p BETWEEN a AND 9", ":p integer => x integer"},
        {"SELECT 1 AS x FROM t WHERE b LIKE :p", ":p text => x integer"},
        {"SELECT 1 AS x FROM t WHERE :p? IS NULL OR a = :p?", ":p integer? => x integer"},
        {"SELECT 1 AS x FROM t WHERE :p IS NULL OR a = :p", ":p integer => x integer"},
        {"SELECT 1 AS x LIMIT :n OFFSET :o", ":n integer, :o integer => x integer"},
        {"SELECT a + :n AS x FROM t", ":n integer => x integer?"},
        {"SELECT e * :n AS x FROM u", ":n real => x real?"},
        {"SELECT datetime(:t) AS x", ":t text => x text?"},
        {"SELECT 1 AS x FROM t WHERE b IN (:p, 'x')", ":p text => x integer"},
        {"SELECT 1 AS x FROM t WHERE (a, b) = (:p, :q)",
         ":p integer, :q text => x integer"},
        {"SELECT 1 AS x FROM t WHERE a IN (SELECT :p)", ":p integer => x integer"},
        {"SELECT coalesce(:p?, a, 0) AS x FROM t", ":p integer? => x integer"},
        {"SELECT CASE a WHEN :p THEN 1 ELSE 2 END AS x FROM t",
         ":p integer => x integer"},
        {"SELECT substr(b, :p, :q) AS x FROM t", ":p integer, :q integer => x text?"},
        {"SELECT CAST(:p AS REAL) AS x", ":p real => x real"},
        {"SELECT 1 AS x FROM t WHERE b = :p OR a = :p",
         ":p text or integer => x integer"},
        {"SELECT 1 AS x FROM t WHERE a = :p AND id = :p", ":p integer => x integer"},
        {"SELECT a FROM t WHERE a = ?2 AND b = ?1", "?1 text?, ?2 integer? => a integer"},
        {"SELECT :p AS x", ":p null => x null"},
        {"SELECT 1 + :p?", ":p integer? => 1 + :p integer?"},
        {"SELECT (:p? + 1), 2", ":p integer? => (:p  + 1) integer?, 2 integer"},
    };

    (void)state;
    CHECK_CASES(schema, cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_like),    cmocka_unit_test(test_replace),
        cmocka_unit_test(test_rowless), cmocka_unit_test(test_strange_aggregates),
        cmocka_unit_test(test_formats), cmocka_unit_test(test_usual),
        cmocka_unit_test(test_hidden),  cmocka_unit_test(test_parameters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
