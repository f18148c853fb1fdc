/*
 * test_smells.c: statements that most likely say something else than was meant, and those
 * like them that are right.
 */
#include "sql/smells.h"

#include "base/buf.h"
#include "base/findings.h"
#include "sql/parse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char schema[] =
    "CREATE TABLE hosts (id TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL, note TEXT);"
    "CREATE TABLE c (id INTEGER PRIMARY KEY, host TEXT NOT NULL, state TEXT,"
    "  created INTEGER NOT NULL);"
    "CREATE TABLE pairs (a INT NOT NULL, b INT NOT NULL, x, PRIMARY KEY (a, b));"
    "CREATE VIEW v AS SELECT host, count(*) AS n FROM c GROUP BY host;";

/* "code words": the words of the statement that it is about. */
static const struct {
    const char *sql, *expected;
} cases[] = {
    {"SELECT * FROM c WHERE state = NULL", "L201 state = NULL"},
    {"SELECT state <> NULL FROM c", "L201 state <> NULL"},
    {"SELECT * FROM c WHERE NULL < created", "L201 NULL < created"},
    {"SELECT * FROM c WHERE state IS NULL", ""},
    {"SELECT * FROM c WHERE state IS NOT NULL", ""},
    {"UPDATE c SET state = NULL WHERE state = NULL", "L201 state = NULL"},
    {"UPDATE c SET state = NULL", ""},
    {"SELECT CASE state WHEN NULL THEN 1 END FROM c", ""},

    {"SELECT * FROM c WHERE host NOT IN (SELECT note FROM hosts)",
     "L202 host NOT IN (SELECT note FROM hosts)"},
    {"SELECT * FROM c WHERE host NOT IN (SELECT id FROM hosts)", ""},
    {"SELECT * FROM c WHERE host IN (SELECT note FROM hosts)", ""},
    {"SELECT * FROM c WHERE host NOT IN (SELECT note FROM hosts WHERE note IS NOT NULL)",
     ""},
    {"SELECT * FROM c WHERE host NOT IN (SELECT note FROM hosts WHERE note > 'a')", ""},
    {"SELECT * FROM c WHERE host NOT IN ('a', NULL)", "L202 host NOT IN ('a', NULL)"},
    {"SELECT * FROM c WHERE host NOT IN ('a', :b)", ""},

    {"SELECT * FROM c LEFT JOIN hosts h ON h.id = c.host WHERE h.name = 'x'",
     "L203 hosts h"},
    {"SELECT * FROM c LEFT JOIN hosts h ON h.id = c.host AND h.name = 'x'", ""},
    {"SELECT * FROM c LEFT JOIN hosts h ON h.id = c.host WHERE h.name IS NULL", ""},
    {"SELECT * FROM c LEFT JOIN hosts h ON h.id = c.host WHERE h.name IS NOT NULL",
     "L203 hosts h"},
    {"SELECT * FROM c LEFT JOIN hosts h ON h.id = c.host WHERE c.state = 'x'", ""},
    {"SELECT * FROM c LEFT JOIN hosts h ON h.id = c.host WHERE coalesce(h.name, '') = ''",
     ""},
    {"SELECT * FROM c LEFT JOIN hosts h ON h.id = c.host JOIN pairs ON pairs.x = h.note",
     "L203 hosts h"},
    {"SELECT * FROM c LEFT JOIN hosts h ON h.id = c.host WHERE h.name = 'x' OR c.id = 1",
     ""},

    {"SELECT * FROM c WHERE state = \"running\"", "L204 \"running\""},
    {"SELECT * FROM c WHERE \"state\" = 'running'", ""},
    {"SELECT \"x\"", "L204 \"x\""},

    {"SELECT * FROM c LIMIT 10", "L205 10"},
    {"SELECT * FROM c LIMIT :n OFFSET 5", "L205 :n"},
    {"SELECT * FROM c LIMIT 1", ""},
    {"SELECT * FROM c ORDER BY id LIMIT 10", ""},
    {"SELECT count(*) FROM c LIMIT 10", ""},
    {"SELECT * FROM (SELECT * FROM c ORDER BY id) LIMIT 10", ""},
    {"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
     " LIMIT 10",
     ""},
    {"SELECT * FROM hosts WHERE id IN (SELECT host FROM c LIMIT 10)", ""},

    {"SELECT * FROM c, hosts", "L206 hosts"},
    {"SELECT * FROM c JOIN hosts AS h WHERE c.state = 'x'", "L206 hosts AS h"},
    {"SELECT * FROM c CROSS JOIN hosts", ""},
    {"SELECT * FROM c, hosts WHERE hosts.id = c.host", ""},
    {"SELECT * FROM c, hosts WHERE hosts.id = :id", ""},
    {"SELECT * FROM c JOIN hosts USING (id)", ""},
    {"SELECT * FROM c NATURAL JOIN hosts", ""},
    {"SELECT * FROM c, json_each(c.state)", ""},
    {"SELECT * FROM c, (SELECT max(created) AS m FROM c) AS x", ""},
    {"WITH x AS (SELECT 1 AS n) SELECT * FROM c, x", ""},
    {"SELECT * FROM hosts h, c WHERE EXISTS (SELECT 1 FROM pairs WHERE x = h.id AND a = "
     "c.id)",
     ""},

    {"SELECT host, state, count(*) FROM c GROUP BY host", "L207 state"},
    {"SELECT host, c.state || 'x', count(*) FROM c GROUP BY host", "L207 c.state"},
    {"SELECT state, count(*) FROM c", "L207 state"},
    {"SELECT host, count(*) FROM c GROUP BY host", ""},
    {"SELECT host, max(state), count(*) FROM c GROUP BY host", ""},
    {"SELECT host, state, max(created) FROM c GROUP BY host", ""},
    {"SELECT host, group_concat(state) FROM c GROUP BY host", ""},
    {"SELECT host AS h, count(*) FROM c GROUP BY h", ""},
    {"SELECT created / 60 AS m, count(*) FROM c GROUP BY m", ""},
    {"SELECT created / 60, count(*) FROM c GROUP BY 1", ""},
    {"SELECT created / 60, count(*) FROM c GROUP BY created / 60", ""},
    {"SELECT created / 60 * 60, count(*) FROM c GROUP BY created / 60", ""},
    {"SELECT created, count(*) FROM c GROUP BY created / 60", "L207 created"},
    {"SELECT id, state, count(*) FROM c GROUP BY id", ""},
    {"SELECT rowid, state, count(*) FROM c GROUP BY rowid", ""},
    {"SELECT h.name, count(*) FROM c JOIN hosts h ON h.id = c.host GROUP BY h.id", ""},
    {"SELECT h.name, count(*) FROM c JOIN hosts h ON h.id = c.host GROUP BY c.host", ""},
    {"SELECT h.id, h.name, count(c.id) FROM hosts h LEFT JOIN c ON c.host = h.id"
     " GROUP BY h.id",
     ""},
    {"SELECT h.id, c.state, count(c.id) FROM hosts h LEFT JOIN c ON c.host = h.id"
     " GROUP BY h.id",
     "L207 c.state"},
    {"SELECT a, x, count(*) FROM pairs GROUP BY a", "L207 x"},
    {"SELECT a, b, x, count(*) FROM pairs GROUP BY a, b", ""},
    {"SELECT a, x, count(*) FROM pairs WHERE b = :b GROUP BY a", ""},
    {"SELECT name, count(*) FROM hosts JOIN c USING (id) GROUP BY c.id", ""},
    {"SELECT host, (SELECT name FROM hosts WHERE id = host), count(*) FROM c GROUP BY "
     "host",
     ""},
    {"SELECT host, n, count(*) FROM v GROUP BY host", ""},
    {"SELECT host, count(*) OVER () FROM c", ""},
    {"SELECT host, sum(count(*)) OVER (ORDER BY host) FROM c GROUP BY host", ""},
    {"SELECT * FROM c GROUP BY host", "L207 *"},
};

static const char *found(struct arena *arena, struct catalog *catalog, const char *sql)
{
    struct advices advices = {0};
    struct inferred inferred;
    struct sql_error error = {0};
    struct statement *statement =
        parse_statement(arena, sql, strlen(sql), 0, NULL, &error);
    struct buf text;
    const char *result;
    size_t i;

    if (statement == NULL ||
        !infer_statement(arena, catalog, sql, strlen(sql), statement, &inferred, &error))
        fail_msg("%s: %s", sql, error.message);
    smells_find(arena, catalog, sql, statement, &advices);
    buf_init(&text);
    for (i = 0; i < advices.list.count; i++) {
        const struct advice *advice = &advices.list.items[i];

        buf_addf(&text, "%sL%03d ", i == 0 ? "" : ", ", advice->code - FINDING_BASE);
        buf_add(&text, sql + advice->at.start, advice->at.end - advice->at.start);
    }
    result = arena_strdup(arena, text.data);
    buf_release(&text);
    return result;
}

static void as_expected(void **state)
{
    struct arena arena = {0};
    struct catalog catalog;
    sqlite3 *db = NULL;
    int failed = 0;
    size_t i;

    (void)state;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, schema, NULL, NULL, NULL), SQLITE_OK);
    assert_true(catalog_read(&catalog, &arena, db));
    for (i = 0; i < COUNT(cases); i++) {
        const char *text = found(&arena, &catalog, cases[i].sql);
        sqlite3_stmt *statement = NULL;

        if (sqlite3_prepare_v2(db, cases[i].sql, -1, &statement, NULL) != SQLITE_OK)
            fail_msg("%s: %s", cases[i].sql, sqlite3_errmsg(db));
        sqlite3_finalize(statement);
        if (strcmp(text, cases[i].expected) == 0)
            continue;
        print_error("%s\n  is       %s\n  expected %s\n", cases[i].sql, text,
                    cases[i].expected);
        failed++;
    }
    sqlite3_close(db);
    arena_release(&arena);
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_expected),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
