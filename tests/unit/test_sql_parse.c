/*
 * test_sql_parse.c: the SQL parser against SQLite's: what SQLite prepares is accepted, what it
 * calls a syntax error is refused. Statements of our own, then those with tokens removed,
 * doubled, swapped and replaced at random (fixed seed).
 */
#include "sql/parse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

static const char *const statements[] = {
    "SELECT 1",
    "SELECT 1;",
    "SELECT a, b AS c, d e, t.*, * FROM t",
    "SELECT DISTINCT a FROM t WHERE b = 1 GROUP BY a, b HAVING count(*) > 1 ORDER BY 1 "
    "DESC NULLS LAST, a COLLATE nocase LIMIT 10 OFFSET 5",
    "SELECT ALL a FROM t LIMIT 5, 10",
    "SELECT a FROM t HAVING a > 1",
    "VALUES (1, 2), (3, 4)",
    "VALUES (1) UNION SELECT 2 UNION ALL VALUES (3) EXCEPT SELECT 4 INTERSECT SELECT 5 "
    "ORDER BY 1",
    "WITH c AS (SELECT 1), d(x, y) AS MATERIALIZED (VALUES (1, 2)), e AS NOT "
    "MATERIALIZED (SELECT 3) SELECT * FROM c, d, e",
    "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 10) SELECT "
    "n FROM r",
    "SELECT * FROM a JOIN b ON a.x = b.x LEFT JOIN c USING (id, x) NATURAL LEFT OUTER "
    "JOIN d CROSS JOIN e, f",
    "SELECT * FROM a RIGHT JOIN b ON 1 FULL OUTER JOIN c ON 2 INNER JOIN d NATURAL FULL "
    "JOIN e",
    "SELECT * FROM (a JOIN b ON 1) AS x LEFT JOIN (SELECT 1) y ON 1, (c, d)",
    "SELECT * FROM main.t AS u INDEXED BY i, v NOT INDEXED, json_each('[1]') AS j, "
    "json_tree(t.a, '$')",
    "SELECT * FROM t 'alias', u \"b c\", v [d e], w `f`",
    "SELECT 'x' 'alias', 1 \"b\", 2 [c], 3 desc, 4 end",
    "SELECT x'00ff', X'', 1.5, .5, 5., 1e3, 1.5e-3, 0xFF, 9223372036854775807, "
    "9223372036854775808",
    "SELECT ?, ?7, :a, @b, $c, $d::e(f), :g::h",
    "SELECT -a, +b, ~c, NOT d, - -1, NOT NOT e, -NOT f",
    "SELECT a OR b AND NOT c = d < e | f + g * h || i COLLATE nocase",
    "SELECT a = NOT b AND c, 1 + NOT 2 + 3",
    "SELECT a == b, a <> b, a != b, a << 1 >> 2 & 3, a % b / c - d",
    "SELECT a IS NULL, a IS NOT NULL, a ISNULL, a NOTNULL, a NOT NULL, a IS b, a IS NOT "
    "b",
    "SELECT a IS DISTINCT FROM b, a IS NOT DISTINCT FROM b",
    "SELECT a LIKE b, a NOT LIKE b ESCAPE 'x', a GLOB b, a REGEXP b, a MATCH b, a NOT "
    "MATCH b",
    "SELECT a BETWEEN b AND c, a NOT BETWEEN b AND c AND d, a BETWEEN 1 = 2 AND 3 AND 4",
    "SELECT a IN (), a NOT IN (1, 2), a IN (SELECT 1), a IN t, a IN main.t, a IN f(1, "
    "2), (a, b) IN (VALUES (1, 2))",
    "SELECT EXISTS (SELECT 1), NOT EXISTS (SELECT 1), (SELECT 1), (VALUES (1))",
    "SELECT CASE WHEN a THEN b END, CASE a WHEN 1 THEN 2 WHEN 3 THEN 4 ELSE 5 END",
    "SELECT CAST(a AS TEXT), CAST(a AS VARCHAR(10)), CAST(a AS DECIMAL(10, -2)), CAST(a "
    "AS long type name), CAST(a AS)",
    "SELECT (a, b) = (c, d), (a, b, c) < (SELECT 1, 2, 3), (a, b) BETWEEN (1, 2) AND (3, "
    "4)",
    "SELECT count(*), count(DISTINCT a), max(ALL b), f(), f(1, 2), replace(a, 'b', 'c'), "
    "like(1, 2), glob('a', 'b'), if(1, 2)",
    "SELECT count(*) FILTER (WHERE a), sum(a) FILTER (WHERE b) OVER (PARTITION BY c), "
    "sum(a) OVER w, row_number() OVER () FROM t WINDOW w AS (ORDER BY a), v AS (w ROWS 1 "
    "PRECEDING)",
    "SELECT sum(a) OVER (ORDER BY b ROWS BETWEEN 1 PRECEDING AND 2 FOLLOWING EXCLUDE "
    "CURRENT ROW)",
    "SELECT sum(a) OVER (ORDER BY b RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED "
    "FOLLOWING EXCLUDE TIES)",
    "SELECT sum(a) OVER (ORDER BY b GROUPS BETWEEN CURRENT ROW AND 1 + 1 FOLLOWING "
    "EXCLUDE GROUP)",
    "SELECT sum(a) OVER (w PARTITION BY x, y ORDER BY z DESC GROUPS UNBOUNDED PRECEDING "
    "EXCLUDE NO OTHERS)",
    "SELECT over, filter, window, rows, range, groups, first, last, nulls FROM t",
    "SELECT over(1), filter(2), window(3) FROM over, filter AS filter, window window",
    "SELECT a -> 'b' ->> '$.c', a ->> 1 || b -> 2",
    "SELECT CURRENT_DATE, CURRENT_TIME, CURRENT_TIMESTAMP, current_date",
    "SELECT \"a\".\"b\", [a].[b], `a`.`b`, 'a'.'b', main.t.c, a.left, left, cross, "
    "indexed FROM t",
    "SELECT t.rowid, _rowid_, oid FROM t",
    "SELECT abort, action, after, analyze, asc, attach, before, begin, by, cascade, "
    "column, conflict FROM t",
    "SELECT database, deferred, desc, detach, do, each, end, exclude, exclusive, "
    "explain, fail FROM t",
    "SELECT following, for, generated, ignore, immediate, initially, instead, key, like, "
    "match, materialized FROM t",
    "SELECT no, of, offset, others, partition, plan, pragma, preceding, query, "
    "recursive, regexp, reindex FROM t",
    "SELECT release, rename, replace, restrict, rollback, row, savepoint, temp, "
    "temporary, ties, trigger FROM t",
    "SELECT unbounded, vacuum, view, virtual, with, without, if FROM t",
    "SELECT 1 /* c */ -- d\n, 2 /* not closed",
    "SELECT é, größe AS \"ü\" FROM t",
    "INSERT INTO t VALUES (1, 2)",
    "INSERT INTO main.t AS u (a, b) SELECT 1, 2",
    "INSERT OR IGNORE INTO t (a) VALUES (1), (2) ON CONFLICT DO NOTHING",
    "INSERT INTO t (a) VALUES (1) ON CONFLICT (a COLLATE nocase DESC, b) WHERE c > 0 DO "
    "UPDATE SET a = excluded.a, (b, c) = (1, 2) WHERE d ON CONFLICT DO UPDATE SET a = 1 "
    "RETURNING *, a AS b",
    "INSERT INTO t DEFAULT VALUES RETURNING rowid",
    "REPLACE INTO t SELECT * FROM u WHERE true ON CONFLICT (a) DO NOTHING",
    "INSERT OR REPLACE INTO t WITH c AS (SELECT 1) SELECT * FROM c",
    "WITH c AS (SELECT 1) INSERT INTO t SELECT * FROM c RETURNING a + 1",
    "UPDATE t SET a = 1, b = b + 1 WHERE c = 2 RETURNING *",
    "UPDATE OR FAIL main.t AS u INDEXED BY i SET (a, b) = (SELECT 1, 2), c = "
    "DEFAULT_VALUE",
    "UPDATE t SET a = u.a FROM u JOIN v ON 1 WHERE t.b = u.b RETURNING t.a",
    "WITH c AS (SELECT 1) UPDATE t SET a = 1",
    "DELETE FROM t",
    "DELETE FROM main.t AS u NOT INDEXED WHERE a RETURNING a, b",
    "DELETE FROM t WHERE a ORDER BY b LIMIT 1 OFFSET 2",
    "UPDATE t SET a = 1 ORDER BY b LIMIT 3",
    "WITH c AS (SELECT 1) DELETE FROM t WHERE a IN c",
    "SELECT RAISE(IGNORE), RAISE(ABORT, 'x'), RAISE(FAIL, y), RAISE(ROLLBACK, \"z\")",
    "SELECT",
    "SELECT FROM t",
    "SELECT 1 FROM",
    "SELECT 1 WHERE",
    "SELECT 1,",
    "SELECT (1",
    "SELECT 1)",
    "SELECT 1 1",
    "SELECT a b c",
    "SELECT 'abc",
    "SELECT x'0'",
    "SELECT 1a",
    "SELECT a.b.c.d",
    "SELECT a BETWEEN 1",
    "SELECT CASE END",
    "SELECT CASE a END",
    "SELECT CAST(a)",
    "SELECT cast",
    "SELECT a IN 1",
    "SELECT a NOT b",
    "SELECT a IS",
    "SELECT count(*, 1)",
    "SELECT count(1 *)",
    "SELECT count(DISTINCT)",
    "SELECT left(1)",
    "SELECT * FROM t OUTER JOIN u",
    "SELECT * FROM t LEFT INNER JOIN u",
    "SELECT * FROM t JOIN u USING ()",
    "SELECT * FROM t JOIN u ON 1 USING (a)",
    "SELECT sum(a) OVER (ORDER BY b ROWS 1 FOLLOWING)",
    "SELECT sum(a) OVER (ROWS BETWEEN UNBOUNDED FOLLOWING AND CURRENT ROW)",
    "SELECT 1 UNION ORDER BY 1",
    "SELECT 1 ORDER BY 1 UNION SELECT 2",
    "SELECT 1 LIMIT 1 UNION SELECT 2",
    "VALUES (1) ORDER BY 1",
    "VALUES (1) LIMIT 1",
    "VALUES (1), (1, 2)",
    "VALUES ()",
    "WITH SELECT 1",
    "WITH c AS SELECT 1 SELECT 2",
    "WITH c (SELECT 1) SELECT 2",
    "INSERT t VALUES (1)",
    "INSERT INTO t",
    "INSERT INTO t SET a = 1",
    "INSERT INTO t DEFAULT VALUES ON CONFLICT DO NOTHING",
    "INSERT INTO t VALUES (1) ON CONFLICT DO UPDATE",
    "INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING ON CONFLICT DO NOTHING",
    "UPDATE t",
    "UPDATE t SET",
    "UPDATE t SET a",
    "UPDATE t SET a == 1",
    "DELETE t",
    "DELETE FROM t RETURNING",
    "SELECT ()",
    "SELECT (,)",
    "SELECT (1,)",
    "SELECT #1",
    "SELECT :",
    "SELECT a ! b",
    "SELECT 1 2",
    "SELECT \x01",
    "SELECT a FROM t GROUP",
    "SELECT a FROM t GROUP BY",
    "SELECT a FROM t ORDER BY a NULLS",
    "FROM t",
    "",
    "SELECT a -> ->> b",
    "SELECT a ESCAPE b",
    "SELECT a LIKE b ESCAPE",
    "SELECT a COLLATE",
    "SELECT exists 1",
};
enum {
    STATEMENTS = sizeof statements / sizeof *statements
};

static sqlite3 *db;

static int open_db(void **state)
{
    (void)state;
    return sqlite3_open(":memory:", &db);
}

static int close_db(void **state)
{
    (void)state;
    return sqlite3_close(db);
}

enum verdict {
    GOOD,
    SYNTAX,
    OTHER
};

static enum verdict sqlite_says(const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int rc = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
    const char *message = sqlite3_errmsg(db);

    sqlite3_finalize(statement);
    if (rc == SQLITE_OK)
        return statement == NULL ? OTHER : GOOD;
    if (strncmp(message, "near ", 5) == 0 ||
        strstr(message, "incomplete input") != NULL ||
        strncmp(message, "unrecognized token", 18) == 0)
        return SYNTAX;
    /* What says that names are unknown was parsed to its end. */
    return strncmp(message, "no such", 7) == 0 ? GOOD : OTHER;
}

static bool we_accept(const char *sql, char *message, size_t size)
{
    struct arena arena = {0};
    struct sql_error error = {0};
    bool good = parse_statement(&arena, sql, strlen(sql), 0, NULL, &error) != NULL;

    assert_int_equal(good, error.message == NULL);
    assert_true(error.range.start <= error.range.end);
    assert_true(error.range.end <= strlen(sql));
    snprintf(message, size, "%s", good ? "accepted" : error.message);
    arena_release(&arena);
    return good;
}

/* Two statements in one text are judged by their first in SQLite, and refused here. */
static bool has_more(const char *sql)
{
    const char *semicolon = strchr(sql, ';');

    return semicolon != NULL && semicolon[1] != '\0';
}

static bool is_other_kind(const char *sql)
{
    static const char *const others[] = {"EXPLAIN", "CREATE",  "DROP",      "ALTER",
                                         "BEGIN",   "COMMIT",  "END",       "ROLLBACK",
                                         "PRAGMA",  "ATTACH",  "DETACH",    "VACUUM",
                                         "REINDEX", "ANALYZE", "SAVEPOINT", "RELEASE"};
    size_t length = strlen(sql), i;
    struct token first = token_at(sql, length, 0);

    if (first.kind == TOKEN_SEMICOLON)
        return true;
    for (i = 0; i < sizeof others / sizeof *others; i++)
        if (first.length == strlen(others[i]) &&
            sqlite3_strnicmp(sql + first.offset, others[i], (int)first.length) == 0)
            return true;
    return false;
}

static bool agrees(const char *sql)
{
    char message[300];
    enum verdict verdict;
    bool good;

    if (has_more(sql) || is_other_kind(sql))
        return true;
    verdict = sqlite_says(sql);
    good = we_accept(sql, message, sizeof message);
    /* SQLite may see another mistake first. */
    if (!good && strncmp(message, "all rows", 8) == 0)
        return true;
    if (verdict == OTHER || good == (verdict == GOOD))
        return true;
    print_message("%s\n  SQLite: %s, we: %s\n", sql, sqlite3_errmsg(db), message);
    return false;
}

static void test_statements(void **state)
{
    size_t i, wrong = 0;

    (void)state;
    for (i = 0; i < STATEMENTS; i++)
        wrong += !agrees(statements[i]);
    assert_int_equal(wrong, 0);
}

/* ---- mutations ----------------------------------------------------------------------- */

static uint64_t seed = 42;

static size_t pick(size_t count)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (size_t)((seed >> 33) % count);
}

static void add(char *out, size_t size, const char *text, struct token token)
{
    size_t length = strlen(out);

    if (length + token.length + 2 < size)
        snprintf(out + length, size - length, "%.*s ", (int)token.length,
                 text + token.offset);
}

/* One of the tokens of one of the statements. */
static void add_any(struct arena *arena, char *out, size_t size)
{
    const char *text = statements[pick(STATEMENTS)];
    size_t count;
    struct token *tokens = token_list(arena, text, strlen(text), &count);

    add(out, size, text, tokens[pick(count)]);
}

static void mutate(struct arena *arena, const char *text, char *out, size_t size)
{
    size_t count, i, at;
    struct token *tokens = token_list(arena, text, strlen(text), &count);
    size_t how = pick(4);

    out[0] = '\0';
    at = pick(count);
    for (i = 0; i < count; i++) {
        if (i != at || how == 1)
            add(out, size, text, tokens[i]);
        if (i == at && how == 1)
            add(out, size, text, tokens[i]);
        if (i == at && (how == 2 || how == 3))
            add_any(arena, out, size);
        if (i == at && how == 3)
            add(out, size, text, tokens[i]);
    }
}

static void test_mutations(void **state)
{
    const char *rounds = getenv("QUARRY_PARSE_ROUNDS");
    size_t count = rounds != NULL ? (size_t)strtoul(rounds, NULL, 10) : 20000, wrong = 0;
    char once[1000], twice[1000];
    size_t i;

    (void)state;
    for (i = 0; i < count && wrong < 20; i++) {
        struct arena arena = {0};

        mutate(&arena, statements[pick(STATEMENTS)], once, sizeof once);
        mutate(&arena, once, twice, sizeof twice);
        wrong += !agrees(once);
        wrong += !agrees(twice);
        arena_release(&arena);
    }
    assert_int_equal(wrong, 0);
}

/* ---- shapes, places and limits ------------------------------------------------------- */

static void test_shape(void **state)
{
    struct arena arena = {0};
    struct sql_error error;
    const char *text = "a + b * -c COLLATE x OR d";
    struct expr *expr = parse_expression(&arena, text, strlen(text), &error);

    (void)state;
    assert_non_null(expr);
    assert_int_equal(expr->op, OP_OR);
    assert_int_equal(expr->left->op, OP_ADD);
    assert_int_equal(expr->left->right->op, OP_MULTIPLY);
    assert_int_equal(expr->left->right->right->kind, EXPR_COLLATE);
    assert_int_equal(expr->left->right->range.start, 4);
    assert_int_equal(expr->left->right->range.end, 20);
    arena_release(&arena);
}

static void test_error_place(void **state)
{
    struct arena arena = {0};
    struct sql_error error;
    const char *text = "SELECT a FROM WHERE b";

    (void)state;
    assert_null(parse_statement(&arena, text, strlen(text), 0, NULL, &error));
    assert_string_equal(error.message, "expected a table's name or `(`, found `WHERE`");
    assert_int_equal(error.range.start, 14);
    assert_int_equal(error.range.end, 19);
    arena_release(&arena);
}

static void test_script(void **state)
{
    struct arena arena = {0};
    struct sql_error error;
    const char *text = "SELECT 1; SELECT 2";
    size_t end = 0;

    (void)state;
    assert_non_null(parse_statement(&arena, text, strlen(text), 0, &end, &error));
    assert_int_equal(end, 9);
    assert_non_null(parse_statement(&arena, text, strlen(text), end, &end, &error));
    assert_null(parse_statement(&arena, text, strlen(text), 0, NULL, &error));
    arena_release(&arena);
}

static char *repeated(const char *first, const char *each, size_t count,
                      const char *middle, const char *close)
{
    size_t size =
        strlen(first) + count * (strlen(each) + strlen(close)) + strlen(middle) + 1;
    char *text = malloc(size), *at = text;
    size_t i;

    assert_non_null(text);
    at += sprintf(at, "%s", first);
    for (i = 0; i < count; i++)
        at += sprintf(at, "%s", each);
    at += sprintf(at, "%s", middle);
    for (i = 0; i < count; i++)
        at += sprintf(at, "%s", close);
    return text;
}

static void check_depth(const char *first, const char *each, const char *middle,
                        const char *close, size_t good, size_t bad)
{
    char message[200], *text;

    text = repeated(first, each, good, middle, close);
    assert_true(we_accept(text, message, sizeof message));
    free(text);
    text = repeated(first, each, bad, middle, close);
    assert_false(we_accept(text, message, sizeof message));
    assert_string_equal(message, "nested more than 1000 levels deep");
    free(text);
}

static void test_depth(void **state)
{
    (void)state;
    check_depth("SELECT ", "(", "1", ")", 900, 100000);
    check_depth("SELECT 1", " + 1", "", "", 999, 1000);
    check_depth("SELECT ", "- ", "1", "", 900, 100000);
    check_depth("SELECT * FROM ", "(SELECT * FROM ", "t", ")", 400, 100000);
    check_depth("SELECT * FROM ", "(", "t", ")", 900, 100000);
    check_depth("SELECT ", "NOT ", "1", "", 900, 100000);
}

/* Long is not deep. */
static void test_long(void **state)
{
    char message[200];
    char *text = repeated("SELECT 1 IN (1", ", 2", 50000, ")", "");

    (void)state;
    assert_true(we_accept(text, message, sizeof message));
    free(text);
    text = repeated("VALUES (1)", ", (2)", 50000, "", "");
    assert_true(we_accept(text, message, sizeof message));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_statements), cmocka_unit_test(test_mutations),
        cmocka_unit_test(test_shape),      cmocka_unit_test(test_error_place),
        cmocka_unit_test(test_script),     cmocka_unit_test(test_depth),
        cmocka_unit_test(test_long),
    };

    return cmocka_run_group_tests(tests, open_db, close_db);
}
