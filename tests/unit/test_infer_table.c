/*
 * test_infer_table.c: what CHECKs and generated columns say of NULL. A CHECK passes on NULL:
 * only one that is false of it says anything.
 */
#include "infer_trial.h"

static const char schema[] =
    "CREATE TABLE c1 (x INTEGER CHECK (x > 0), y INTEGER);"
    "CREATE TABLE c2 (x INTEGER CHECK (x IS NOT NULL), y INTEGER);"
    "CREATE TABLE c3 (x INTEGER CHECK (NOT x ISNULL AND y > 0), y INTEGER);"
    "CREATE TABLE c4 (x INTEGER CHECK (x IS NOT NULL OR y > 0), y INTEGER);"
    "CREATE TABLE c5 (x INTEGER CHECK (typeof(x) = 'integer'), y INTEGER);"
    "CREATE TABLE c6 (x INTEGER CHECK (typeof(x) IN ('integer', 'null')), y INTEGER);"
    "CREATE TABLE c7 (x INTEGER CHECK (typeof(x) IN ('integer', 'real')), y INTEGER);"
    "CREATE TABLE c8 (x TEXT CHECK (length(x) > 0 AND x IS NOT NULL), y INTEGER);"
    "CREATE TABLE c9 (x TEXT CHECK (coalesce(x, '') <> 'a'), y INTEGER);"
    "CREATE TABLE d1 (x INTEGER CHECK (x IN (1, 2)), y INTEGER);"
    "CREATE TABLE d2 (x INTEGER CHECK (NOT (x IS NULL OR x = 5)), y INTEGER);"
    "CREATE TABLE d3 (x INTEGER CHECK (y IS NOT NULL), y INTEGER);"
    "CREATE TABLE d4 (x INTEGER CHECK ((x IS NOT NULL) + 0), y INTEGER);"
    "CREATE TABLE d5 (x INTEGER CHECK (x BETWEEN 1 AND 5), y INTEGER);"
    "CREATE TABLE d6 (x INTEGER CHECK (CASE WHEN x IS NULL THEN 1 END), y INTEGER);"
    "CREATE TABLE d7 (x INTEGER CHECK (typeof(x) = 'null' OR x > 1), y INTEGER);"
    "CREATE TABLE g (id INTEGER PRIMARY KEY, a TEXT NOT NULL, n INTEGER, r REAL NOT NULL,"
    " k AS (r * 2), b TEXT AS (upper(a)), l INTEGER AS (length(b)) STORED, m AS (n + 1),"
    " o TEXT AS (nullif(a, '')), p INTEGER AS (coalesce(n, 0)) NOT NULL,"
    " q AS (d || 'x'), d TEXT AS (a || id) VIRTUAL);"
    "CREATE TABLE h (g_id INTEGER REFERENCES g);"
    "CREATE TABLE json_each_thing (type INTEGER, value TEXT);";

static void test_checks(void **state)
{
    static const struct infer_case cases[] = {
        {"SELECT x, y FROM c1", "x integer?, y integer?"},
        {"SELECT x, y FROM c2", "x integer, y integer?"},
        {"SELECT x, y FROM c3", "x integer, y integer?"},
        {"SELECT x, y FROM c4", "x integer?, y integer?"},
        {"SELECT x, y FROM c5", "x integer, y integer?"},
        {"SELECT x, y FROM c6", "x integer?, y integer?"},
        {"SELECT x, y FROM c7", "x integer, y integer?"},
        {"SELECT x, y FROM c8", "x text, y integer?"},
        {"SELECT x, y FROM c9", "x text?, y integer?"},
        {"SELECT x, y FROM d1", "x integer?, y integer?"},
        {"SELECT x, y FROM d2", "x integer, y integer?"},
        {"SELECT x, y FROM d3", "x integer?, y integer"},
        {"SELECT x, y FROM d4", "x integer?, y integer?"},
        {"SELECT x, y FROM d5", "x integer?, y integer?"},
        {"SELECT x, y FROM d6", "x integer?, y integer?"},
        {"SELECT x, y FROM d7", "x integer?, y integer?"},
        {"SELECT c2.x, c1.y FROM c1 LEFT JOIN c2 ON c1.y = c2.y",
         "x integer?, y integer?"},
    };

    (void)state;
    CHECK_CASES(schema, cases);
}

static void test_generated(void **state)
{
    static const struct infer_case cases[] = {
        {"SELECT k, b, l, m FROM g", "k real, b text, l integer, m integer?"},
        {"SELECT o, p, q, d FROM g", "o text?, p integer, q text, d text"},
        {"SELECT max(k) AS k FROM g", "k real?"},
        {"SELECT g.b FROM h LEFT JOIN g ON g.id = h.g_id", "b text?"},
    };

    (void)state;
    CHECK_CASES(schema, cases);
}

/* By name; a user's table of such a name is what it declares. */
static void test_known(void **state)
{
    static const struct infer_case cases[] = {
        {"SELECT type, value FROM json_each_thing", "type integer?, value text?"},
        {"SELECT name, sql FROM sqlite_schema", "name text, sql text?"},
        {"SELECT name, dflt_value, pk FROM pragma_table_info('g')",
         "name text, dflt_value text?, pk integer"},
        {"SELECT type, value FROM json_each('[]')", "type text, value any?"},
    };

    (void)state;
    CHECK_CASES(schema, cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_checks),
        cmocka_unit_test(test_generated),
        cmocka_unit_test(test_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
