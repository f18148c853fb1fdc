/*
 * test_infer_join.c: what names mean where tables are joined, and what joins fill with NULL:
 * USING, NATURAL, RIGHT, FULL, brackets; common tables that look outside.
 */
#include "infer_trial.h"

static const char schema[] =
    "CREATE TABLE a (id INTEGER PRIMARY KEY, x INTEGER NOT NULL, n TEXT) STRICT;"
    "CREATE TABLE b (id INTEGER PRIMARY KEY, x TEXT NOT NULL, m REAL NOT NULL) STRICT;"
    "CREATE TABLE c (id INTEGER PRIMARY KEY, x REAL, k BLOB NOT NULL) STRICT;"
    "CREATE VIEW v AS SELECT likely(x), n FROM a;";

static void test_outer(void **state)
{
    static const struct infer_case cases[] = {
        {"SELECT a.x, m FROM a LEFT JOIN b ON b.id = a.id", "x integer, m real?"},
        {"SELECT a.x, m FROM a RIGHT JOIN b ON b.id = a.id", "x integer?, m real"},
        {"SELECT a.x, m FROM a FULL JOIN b ON b.id = a.id", "x integer?, m real?"},
        {"SELECT a.id, m FROM a LEFT JOIN b ON b.id = a.id WHERE m > 1",
         "id integer, m real"},
        {"SELECT a.x, b.x FROM a LEFT JOIN b ON b.id = a.id WHERE b.id IS NOT NULL",
         "x integer, x text"},
        {"SELECT a.x, m, k FROM a LEFT JOIN (b JOIN c ON b.id = c.id) ON a.id = b.id",
         "x integer, m real?, k blob?"},
        {"SELECT a.x, m, k FROM a LEFT JOIN (b JOIN c ON b.id = c.id) ON a.id = b.id "
         "WHERE m IS NOT NULL",
         "x integer, m real, k blob"},
        {"SELECT a.x, m, k FROM a LEFT JOIN (b LEFT JOIN c ON b.id = c.id) ON "
         "a.id = b.id WHERE m IS NOT NULL",
         "x integer, m real, k blob?"},
        {"SELECT k FROM a LEFT JOIN b ON a.id = b.id JOIN c ON c.id = b.id", "k blob"},
        {"SELECT m FROM a LEFT JOIN b ON a.id = b.id JOIN c ON c.id = b.id", "m real"},
        {"SELECT m FROM a LEFT JOIN b ON a.id = b.id LEFT JOIN c ON c.id = b.id",
         "m real?"},
    };

    (void)state;
    CHECK_CASES(schema, cases);
}

static void test_using(void **state)
{
    static const struct infer_case cases[] = {
        {"SELECT id, a.id, b.id FROM a LEFT JOIN b USING (id)",
         "id integer, id integer, id integer?"},
        {"SELECT id, a.id, b.id FROM a RIGHT JOIN b USING (id)",
         "id integer, id integer?, id integer"},
        {"SELECT id FROM a FULL JOIN b USING (id)", "id integer"},
        {"SELECT id FROM a FULL JOIN b USING (id) LEFT JOIN c USING (id)", "id integer"},
        {"SELECT id FROM a FULL JOIN b USING (id) FULL JOIN c USING (id)", "id integer"},
        {"SELECT a.id, m FROM c RIGHT JOIN (a FULL JOIN b USING (id)) ON k",
         "id:1 integer?, m real?"},
        {"SELECT a.id, * FROM a RIGHT JOIN b USING (id)",
         "id integer?, id integer, x integer?, n text?, x text, m real"},
        {"SELECT a.* FROM a RIGHT JOIN b USING (id)", "id integer, x integer?, n text?"},
        {"SELECT * FROM a NATURAL JOIN b", "id integer, x integer, n text?, m real"},
        {"SELECT * FROM a NATURAL FULL JOIN b", "id integer, x any, n text?, m real?"},
        {"SELECT a.id FROM a JOIN b USING (z)",
         "error `z`: column `z` of USING must be in the tables on both sides"},
        {"SELECT x FROM a JOIN b USING (id)",
         "error `x`: `x` could be a column of two tables"},
    };

    (void)state;
    CHECK_CASES(schema, cases);
}

/* To SQLite, brackets that FROM does not begin with are a subquery. */
static void test_brackets(void **state)
{
    static const struct infer_case cases[] = {
        {"SELECT * FROM (a JOIN b USING (id)) JOIN c USING (id)",
         "id integer, x integer, n text?, x text, m real, x real?, k blob"},
        {"SELECT * FROM c JOIN (a JOIN b USING (id)) USING (id)",
         "id integer, x real?, k blob, x integer, n text?, x:1 text, m real"},
        {"SELECT * FROM c LEFT JOIN (a NATURAL JOIN b) ON c.id = a.id",
         "id integer, x real?, k blob, id integer?, x integer?, n text?, m real?"},
        {"SELECT id, a.id, b.m FROM c JOIN (a JOIN b USING (id)) USING (id)",
         "id integer, id:1 integer, m real"},
        {"SELECT * FROM a NATURAL FULL JOIN (b FULL JOIN c ON b.id = c.id)",
         "id integer?, x any?, n text?, m real?, id:1 integer?, x:1 real?, k blob?"},
        {"SELECT a.* FROM c JOIN (a JOIN b USING (id))",
         "id:1 integer, x integer, n text?"},
        {"SELECT z.m, a.n FROM c JOIN (a JOIN b USING (id)) AS z", "m real, n text?"},
        {"SELECT z.n FROM b JOIN (a) AS z", "n text?"},
        {"SELECT n FROM b JOIN (a AS lost) ON a.id = b.id", "n text?"},
        {"SELECT lost.n FROM b JOIN (a AS lost)",
         "error `lost.n`: no table `lost` in this query"},
        {"SELECT * FROM c JOIN (a JOIN b ON c.id = a.id)",
         "error `c.id`: no table `c` in this query"},
        {"SELECT m FROM (a JOIN b ON c.id = a.id) JOIN c", "m real"},
    };

    (void)state;
    CHECK_CASES(schema, cases);
}

/* SQLite makes a text of id where the join materialises the subquery. */
static void test_except(void **state)
{
    static const struct infer_case cases[] = {
        {"SELECT s.id FROM (SELECT 1) AS r RIGHT JOIN (SELECT DISTINCT id FROM b EXCEPT "
         "SELECT x FROM b) AS s",
         "id any"},
        {"SELECT id FROM a EXCEPT SELECT id FROM b", "id integer"},
    };

    (void)state;
    CHECK_CASES(schema, cases);
}

static void test_names(void **state)
{
    static const struct infer_case cases[] = {
        {"SELECT ID, rowid FROM a", "id integer, id integer"},
        {"SELECT * FROM (SELECT ID, rowid, X + 1, TRUE, n COLLATE nocase FROM a)",
         "ID integer, rowid integer, X + 1 integer, column4 integer, n text?"},
        {"SELECT * FROM v", "x integer, n text?"},
        {"SELECT * FROM (SELECT likely(x) FROM a)", "likely(x) integer"},
        {"SELECT * FROM (SELECT x, x, x FROM a)", "x integer, x:1 integer, x:2 integer"},
        {"SELECT big AS s FROM a JOIN b ON big WHERE big",
         "error `big`: no column `big`"},
        {"SELECT a.x > 1 AS big FROM a JOIN b ON big WHERE big", "big integer"},
    };

    (void)state;
    CHECK_CASES(schema, cases);
}

/* GROUP BY and ORDER BY do not look outside: what they do not know in quotes is a text. */
static void test_closed(void **state)
{
    static const struct infer_case cases[] = {
        {"SELECT id FROM a WHERE EXISTS (SELECT m FROM b GROUP BY \"n\")", "id integer"},
        {"SELECT id FROM a WHERE EXISTS (SELECT m FROM b GROUP BY n)",
         "error `n`: no column `n`"},
        {"SELECT (SELECT m FROM b ORDER BY n) AS r FROM a", "error `n`: no column `n`"},
        {"SELECT (SELECT m FROM b WHERE n > '') AS r FROM a", "r real?"},
    };

    (void)state;
    CHECK_CASES(schema, cases);
}

/* More than four columns of a name get random numbers from SQLite. */
static void test_crowd(void **state)
{
    static const struct infer_case cases[] = {
        {"SELECT t.x FROM (SELECT id, x FROM a) AS t, (SELECT id, id, id, id, id, id "
         "FROM a)",
         "x integer"},
        {"SELECT count(*) AS n FROM (SELECT * FROM a JOIN (b JOIN (a AS s JOIN b AS t "
         "USING (id)) USING (id) JOIN c USING (id)) USING (id))",
         "n integer"},
    };

    (void)state;
    CHECK_CASES(schema, cases);
}

/* A common table is looked at anew, with the names around it, wherever it is used. */
static void test_foreign(void **state)
{
    static const struct infer_case cases[] = {
        {"SELECT (WITH w AS (SELECT a.x AS z) SELECT z FROM w) AS r FROM a", "r integer"},
        {"SELECT (WITH w AS (SELECT n AS z) SELECT z FROM w) AS r FROM a WHERE n > ''",
         "r text"},
        {"WITH w AS (SELECT b.m AS z) SELECT (SELECT z FROM w) AS r FROM b", "r any?"},
        {"WITH w AS (SELECT nix AS z) SELECT (SELECT z FROM w) AS r FROM b",
         "error `nix`: no column `nix`"},
        {"WITH w AS (SELECT nix AS z) SELECT 1 AS r", "r integer"},
        {"WITH w AS (SELECT \"text\" AS z, true AS t) SELECT z, t FROM w",
         "z text, t integer"},
        {"SELECT (WITH w AS (SELECT a.x AS z) SELECT count((SELECT z FROM w))) AS r, "
         "a.x FROM a",
         "r integer, x integer?"},
        {"SELECT (WITH w AS (SELECT sum(a.x) AS z) SELECT z FROM w) AS r, a.x FROM a",
         "error `sum`: SQLite: misuse of aggregate: sum()"},
    };

    (void)state;
    CHECK_CASES(schema, cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_outer),    cmocka_unit_test(test_using),
        cmocka_unit_test(test_brackets), cmocka_unit_test(test_names),
        cmocka_unit_test(test_except),   cmocka_unit_test(test_closed),
        cmocka_unit_test(test_crowd),    cmocka_unit_test(test_foreign),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
