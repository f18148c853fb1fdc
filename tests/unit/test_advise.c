/*
 * test_advise.c: what is advised for a statement, and what is not; the database is as it was
 * afterwards. That an index helps is tried by the adviser itself.
 */
#include "sql/advise.h"

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
    "CREATE TABLE hosts (id TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL, port INTEGER);"
    "CREATE TABLE c (id INTEGER PRIMARY KEY, host TEXT NOT NULL, state TEXT NOT NULL,"
    "  created INTEGER NOT NULL, name TEXT, nick TEXT COLLATE NOCASE, done BOOLEAN);"
    "CREATE INDEX c_name ON c (name);"
    "CREATE INDEX c_host ON c (host);"
    "CREATE INDEX c_created ON c (created) WHERE done = 1;"
    "CREATE TABLE few (id INTEGER PRIMARY KEY, kind TEXT);"
    "CREATE TABLE big (id INTEGER PRIMARY KEY, kind TEXT, \"a b\" TEXT);"
    "CREATE VIEW running AS SELECT id, host FROM c WHERE state = 'running';"
    "CREATE VIRTUAL TABLE texts USING fts5 (body);";

/* "code table(terms)"; a note without an index is left out. */
static const struct {
    const char *sql, *expected;
} cases[] = {
    /* found already */
    {"SELECT * FROM c WHERE id = 1", ""},
    {"SELECT * FROM c WHERE host = :h", ""},
    {"SELECT * FROM c WHERE host = :h AND state = :s", ""},
    {"SELECT * FROM c WHERE name > :n AND state = :s", ""},
    {"SELECT * FROM c WHERE created > 5 AND done = 1", ""},
    {"SELECT * FROM c JOIN hosts ON hosts.id = c.host WHERE c.id = 3", ""},
    {"SELECT * FROM c ORDER BY id DESC LIMIT 5", ""},
    {"SELECT * FROM c ORDER BY name LIMIT 5", ""},
    {"SELECT max(name) FROM c", ""},
    /* nothing can be found */
    {"SELECT 1", ""},
    {"SELECT * FROM c LIMIT 10", ""},
    {"SELECT * FROM c", ""},
    {"SELECT * FROM c WHERE name LIKE '%x%'", ""},
    {"SELECT * FROM c WHERE name LIKE :pattern", ""},
    {"SELECT * FROM c WHERE state <> :s", ""},
    {"SELECT * FROM c WHERE state = name", ""},
    {"SELECT * FROM c WHERE +state = :s", ""},
    {"SELECT * FROM c WHERE state NOT IN ('a', 'b')", ""},
    {"SELECT * FROM c WHERE state IS NOT NULL", ""},
    {"SELECT * FROM c WHERE created > host", ""},
    {"SELECT * FROM c WHERE done = 1", ""},
    {"SELECT * FROM c WHERE created + :n > 5", ""},
    {"SELECT state, count(*) FROM c GROUP BY state", ""},
    {"SELECT body FROM texts WHERE body = 'x'", ""},
    {"SELECT * FROM json_each('[1]') WHERE value = 1", ""},
    {"SELECT * FROM few WHERE kind = 'a' ORDER BY kind", ""},
    {"INSERT INTO c (host, state, created) VALUES ('a', 'b', 1)", ""},
    {"DELETE FROM c", ""},
    /* equal, then a range */
    {"SELECT * FROM c WHERE state = :s", "L301 c(state)"},
    {"SELECT * FROM c WHERE :s = state", "L301 c(state)"},
    {"SELECT * FROM c WHERE state IS :s", "L301 c(state)"},
    {"SELECT * FROM c WHERE state IN (:a, :b)", "L301 c(state)"},
    {"SELECT * FROM c WHERE state IN (SELECT id FROM hosts)", "L301 c(state)"},
    {"SELECT * FROM c WHERE state IS NULL", ""}, /* NOT NULL: SQLite knows better */
    {"SELECT * FROM hosts WHERE port IS NULL", ""},
    {"SELECT * FROM c WHERE created BETWEEN :a AND :b", "L301 c(created)"},
    {"SELECT * FROM c WHERE created >= :a AND state = :s", "L301 c(state, created)"},
    {"SELECT * FROM c WHERE done = 1 AND state = :s", "L301 c(state, done)"},
    {"SELECT * FROM c x WHERE x.state = :s AND x.state = :t", "L301 c(state)"},
    {"SELECT * FROM c WHERE (state, created) = (:a, :b)", "L301 c(state, created)"},
    {"SELECT * FROM c WHERE nick = :n", "L301 c(nick)"},
    {"SELECT * FROM c WHERE state = :s COLLATE NOCASE", "L301 c(state COLLATE nocase)"},
    {"SELECT * FROM c WHERE state GLOB 'run*'", "L301 c(state)"},
    {"SELECT * FROM c WHERE state LIKE 'run%'", "L301 c(state COLLATE nocase)"},
    {"SELECT * FROM c WHERE nick LIKE 'run%'", "L301 c(nick)"},
    {"SELECT * FROM big WHERE \"a b\" = :x", "L301 big(\"a b\")"},
    {"UPDATE c SET state = 'x' WHERE created < :t", "L301 c(created)"},
    {"DELETE FROM c WHERE state = :s", "L301 c(state)"},
    {"SELECT state FROM c WHERE created = 1 UNION SELECT name FROM hosts WHERE port = 1",
     "L301 c(created) L301 hosts(port)"},
    {"SELECT (SELECT count(*) FROM c WHERE state = 'x')", "L301 c(state)"},
    {"WITH x AS (SELECT * FROM c WHERE state = 'x') SELECT * FROM x", "L301 c(state)"},
    {"INSERT INTO few (kind) SELECT name FROM c WHERE state = 'x'", "L301 c(state)"},
    {"SELECT host, count(*) FROM c WHERE state = 'x' GROUP BY host",
     "L301 c(state, host)"},
    /* joins */
    {"SELECT * FROM c JOIN hosts h ON h.name = c.state", "L302 hosts(name)"},
    {"SELECT * FROM c, hosts h WHERE h.name = c.state", "L302 hosts(name)"},
    {"SELECT * FROM hosts LEFT JOIN c ON c.state = hosts.name", "L302 c(state)"},
    {"SELECT * FROM big b JOIN c ON c.id = b.id JOIN hosts ON hosts.port = c.created",
     "L302 hosts(port) L304 big()"},
    {"SELECT * FROM hosts WHERE EXISTS (SELECT 1 FROM c WHERE c.state = hosts.name)",
     "L302 c(state)"},
    {"SELECT (SELECT max(created) FROM c WHERE state = h.name) FROM hosts h",
     "L302 c(state)"},
    {"SELECT * FROM c JOIN few ON few.kind = c.name", ""},
    {"SELECT * FROM c CROSS JOIN big USING (id)", ""},
    {"SELECT * FROM hosts JOIN (SELECT name AS n, port AS p FROM hosts) x ON x.n = name",
     "L302 hosts(name)"},
    /* order */
    {"SELECT * FROM c WHERE host = :h ORDER BY created DESC LIMIT 5",
     "L303 c(host, created)"},
    {"SELECT * FROM c WHERE host = :h ORDER BY created", "note c(host, created)"},
    {"SELECT * FROM c WHERE done = 1 ORDER BY state LIMIT 5", "L303 c(done, state)"},
    {"SELECT * FROM c WHERE done = 1 ORDER BY state", "note c(done, state)"},
    {"SELECT * FROM hosts WHERE port IS NULL ORDER BY name", "note hosts(port, name)"},
    {"SELECT * FROM c WHERE host = :h ORDER BY created DESC, state",
     "note c(host, created DESC, state)"},
    {"SELECT * FROM c WHERE host = :h ORDER BY created, id", "note c(host, created)"},
    {"SELECT id, created AS t FROM c WHERE host = :h ORDER BY t",
     "note c(host, created)"},
    {"SELECT id, created FROM c WHERE host = :h ORDER BY 2", "note c(host, created)"},
    {"SELECT c.*, 1 FROM c WHERE host = :h ORDER BY 4", "note c(host, created)"},
    {"SELECT * FROM c ORDER BY created LIMIT 3", "L303 c(created)"},
    {"SELECT * FROM c ORDER BY created", "note c(created)"},
    {"SELECT * FROM big ORDER BY kind", "L303 big(kind) L304 big()"},
    {"SELECT * FROM c ORDER BY name COLLATE NOCASE LIMIT 3",
     "L303 c(name COLLATE nocase)"},
    {"SELECT * FROM c WHERE state = :s ORDER BY created LIMIT 3",
     "L301 c(state, created)"},
    {"SELECT state, count(*) AS n FROM c GROUP BY state ORDER BY n LIMIT 3", ""},
    {"SELECT * FROM c ORDER BY random() LIMIT 3", ""},
    /* an index is there and does not help */
    {"SELECT * FROM c WHERE lower(name) = :n", "L305 c(lower(name))"},
    {"SELECT * FROM c WHERE lower(c.name) = lower(:n)", "L305 c(lower(name))"},
    {"SELECT * FROM c WHERE lower(state) = :n", "L301 c(lower(state))"},
    {"SELECT * FROM c WHERE created / 1000 = :n", "L301 c(created / 1000)"},
    {"SELECT * FROM c WHERE created = random()", "L301 c(created)"},
    {"SELECT * FROM c WHERE name LIKE 'abc%'", "L306 c(name COLLATE nocase)"},
    {"SELECT * FROM c WHERE name = :n COLLATE NOCASE", "L308 c(name COLLATE nocase)"},
    {"SELECT * FROM c WHERE name = :n OR host = :h", ""},
    {"SELECT * FROM c WHERE name = :n OR state = :s", "L307 c(state)"},
    {"SELECT * FROM c WHERE nick = :n OR state = :s OR name = :n",
     "L307 c(nick) c(state)"},
    {"SELECT * FROM c WHERE name = :n OR length(state) > 5", ""},
    /* known to be big */
    {"SELECT count(*) FROM big", "L304 big()"},
    {"SELECT * FROM big LIMIT 10", ""},
    {"SELECT * FROM big WHERE kind LIKE '%x%' LIMIT 10", "L304 big()"},
    {"SELECT * FROM running", ""}, /* a view is advised about on its own */
};

struct fixture {
    struct arena arena;
    struct catalog catalog;
    sqlite3 *db;
};

static int set_up(void **state)
{
    struct fixture *fixture = must_realloc(NULL, sizeof *fixture);

    *fixture = (struct fixture){0};
    assert_int_equal(sqlite3_open(":memory:", &fixture->db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(fixture->db, schema, NULL, NULL, NULL), SQLITE_OK);
    assert_true(catalog_read(&fixture->catalog, &fixture->arena, fixture->db));
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    sqlite3_close(fixture->db);
    arena_release(&fixture->arena);
    free(fixture);
    return 0;
}

static size_t rows(void *context, const struct table_shape *table)
{
    (void)context;
    if (strcmp(table->table->name, "few") == 0)
        return ADVISE_SMALL;
    return strcmp(table->table->name, "big") == 0 ? ADVISE_SMALL + 1 : 0;
}

static struct advices advices_of(struct fixture *fixture, const char *sql,
                                 struct query_plan *plan)
{
    const struct adviser adviser = {&fixture->arena, &fixture->catalog, rows, NULL};
    struct advices advices;
    struct inferred inferred;
    struct sql_error error = {0};
    struct statement *statement =
        parse_statement(&fixture->arena, sql, strlen(sql), 0, NULL, &error);

    if (statement == NULL || !infer_statement(&fixture->arena, &fixture->catalog, sql,
                                              strlen(sql), statement, &inferred, &error))
        fail_msg("%s: %s", sql, error.message);
    if (!advise(&adviser, sql, statement, plan, &advices))
        fail_msg("%s: %s", sql, sqlite3_errmsg(fixture->db));
    return advices;
}

static void add_indexes(struct fixture *fixture, struct buf *out,
                        const struct advice *advice)
{
    size_t i;

    for (i = 0; i < advice->indexes.count; i++) {
        const struct advised_index *index = &advice->indexes.items[i];

        buf_addf(out, " %s(%s)", index->table->table->name,
                 advised_terms_sql(&fixture->arena, index));
    }
    if (advice->indexes.count == 0)
        buf_adds(out, " big()");
}

static void as_expected(void **state)
{
    struct fixture *fixture = *state;
    int failed = 0;
    size_t i, k;

    for (i = 0; i < COUNT(cases); i++) {
        struct query_plan plan;
        struct advices advices = advices_of(fixture, cases[i].sql, &plan);
        struct buf text;

        buf_init(&text);
        for (k = 0; k < advices.list.count; k++) {
            const struct advice *advice = &advices.list.items[k];

            if (advice->code == 0 && advice->indexes.count == 0)
                continue;
            buf_adds(&text, text.length > 0 ? " " : "");
            if (advice->code > 0)
                buf_addf(&text, "L%03d", advice->code - FINDING_BASE);
            else
                buf_adds(&text, "note");
            add_indexes(fixture, &text, advice);
            assert_non_null(advice->message);
            assert_true(advice->at.end <= strlen(cases[i].sql));
            assert_true(advice->at.start < advice->at.end);
        }
        if (strcmp(text.data, cases[i].expected) != 0) {
            print_error("%s\n  is       %s\n  expected %s\n", cases[i].sql, text.data,
                        cases[i].expected);
            for (k = 0; k < plan.lines.count; k++)
                print_error("    %s\n", plan.lines.items[k].text);
            failed++;
        }
        buf_release(&text);
    }
    assert_int_equal(failed, 0);
}

static int objects(struct fixture *fixture)
{
    sqlite3_stmt *row = NULL;
    int count;

    sqlite3_prepare_v2(fixture->db, "SELECT count(*) FROM sqlite_schema", -1, &row, NULL);
    sqlite3_step(row);
    count = sqlite3_column_int(row, 0);
    sqlite3_finalize(row);
    return count;
}

static void the_database_is_as_before(void **state)
{
    struct fixture *fixture = *state;
    int before = objects(fixture);
    struct query_plan plan;
    size_t i;

    for (i = 0; i < COUNT(cases); i++)
        advices_of(fixture, cases[i].sql, &plan);
    assert_int_equal(objects(fixture), before);
}

/* After what is advised is done, nothing is advised any more. */
static void advice_is_enough(void **state)
{
    struct fixture *fixture = *state;
    size_t i, k, n;

    for (i = 0; i < COUNT(cases); i++) {
        struct query_plan plan;
        struct advices advices = advices_of(fixture, cases[i].sql, &plan);

        sqlite3_exec(fixture->db, "SAVEPOINT s", NULL, NULL, NULL);
        for (k = 0; k < advices.list.count; k++)
            for (n = 0; n < advices.list.items[k].indexes.count; n++) {
                const struct advised_index *index =
                    &advices.list.items[k].indexes.items[n];
                const char *sql = arena_printf(
                    &fixture->arena, "CREATE INDEX x_%zu_%zu ON %s (%s)", k, n,
                    index->table->table->name, advised_terms_sql(&fixture->arena, index));

                assert_int_equal(sqlite3_exec(fixture->db, sql, NULL, NULL, NULL),
                                 SQLITE_OK);
            }
        advices = advices_of(fixture, cases[i].sql, &plan);
        for (k = 0; k < advices.list.count; k++)
            if (advices.list.items[k].indexes.count > 0)
                fail_msg("%s: %s", cases[i].sql, advices.list.items[k].message);
        sqlite3_exec(fixture->db, "ROLLBACK TO s; RELEASE s", NULL, NULL, NULL);
    }
}

static void plans_are_trees(void **state)
{
    struct fixture *fixture = *state;
    struct query_plan plan;

    advices_of(fixture,
               "SELECT * FROM c WHERE state IN (SELECT name FROM hosts) ORDER BY created",
               &plan);
    assert_int_equal(plan.lines.count, 4);
    assert_int_equal(plan.lines.items[0].depth, 0);
    assert_string_equal(plan.lines.items[2].text, "SCAN hosts");
    assert_int_equal(plan.lines.items[2].depth, 1);
    assert_int_equal(plan.lines.items[2].parent, plan.lines.items[1].id);
    assert_int_equal(plan.scans, 2);
    assert_int_equal(plan.sorts, 1);
    assert_int_equal(plan.automatic, 0);
    assert_true(query_plan_scans(&plan, "HOSTS"));
    assert_false(query_plan_scans(&plan, "host"));
    assert_false(query_plan_is_automatic(&plan, "c"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(as_expected, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_database_is_as_before, set_up, tear_down),
        cmocka_unit_test_setup_teardown(advice_is_enough, set_up, tear_down),
        cmocka_unit_test_setup_teardown(plans_are_trees, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
