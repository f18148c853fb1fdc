/*
 * test_tables.c: which tables statements read and write, against what is expected and
 * against what SQLite tells its authorizer.
 */
#include "sql/tables.h"

#include "base/buf.h"
#include "sql/parse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char schema[] =
    "CREATE TABLE hosts (id TEXT PRIMARY KEY, name TEXT, parent TEXT REFERENCES hosts"
    "  ON DELETE SET NULL);"
    "CREATE TABLE containers (id INTEGER PRIMARY KEY, host TEXT REFERENCES hosts (id)"
    "  ON DELETE CASCADE ON UPDATE CASCADE, state TEXT, image INTEGER REFERENCES images);"
    "CREATE TABLE stats (container INTEGER REFERENCES containers ON DELETE CASCADE,"
    "  cpu REAL);"
    "CREATE TABLE images (id INTEGER PRIMARY KEY, tag TEXT UNIQUE);"
    "CREATE TABLE notes (container INTEGER REFERENCES containers (id) ON DELETE SET NULL,"
    "  body TEXT);"
    "CREATE TABLE audit (id INTEGER PRIMARY KEY, what TEXT);"
    "CREATE TABLE counters (name TEXT PRIMARY KEY ON CONFLICT REPLACE, value INTEGER);"
    "CREATE TABLE lone (a, b);"
    "CREATE TABLE ping (a); CREATE TABLE pong (a);"
    "CREATE VIEW running AS SELECT c.id, h.name FROM containers c JOIN hosts h"
    "  ON h.id = c.host WHERE c.state = 'running';"
    "CREATE VIEW nested (n) AS SELECT name FROM running UNION SELECT what FROM audit;"
    "CREATE TRIGGER state_changed AFTER UPDATE OF state ON containers"
    "  WHEN new.state <> old.state BEGIN"
    "  INSERT INTO audit (what) VALUES (new.state);"
    "  UPDATE counters SET value = value + 1 WHERE name = 'changes'; END;"
    "CREATE TRIGGER note_gone BEFORE DELETE ON notes BEGIN"
    "  INSERT INTO audit (what) SELECT body FROM lone, notes; END;"
    "CREATE TRIGGER renaming INSTEAD OF UPDATE OF name ON running BEGIN"
    "  UPDATE hosts SET name = new.name WHERE id IN (SELECT host FROM containers"
    "    WHERE id = old.id); END;"
    "CREATE TRIGGER there AFTER INSERT ON ping BEGIN INSERT INTO pong VALUES (1); END;"
    "CREATE TRIGGER back AFTER INSERT ON pong BEGIN INSERT INTO ping VALUES (1); END;";

/* What is expected: "table:" and of r, i, u, d what it is; " *" where it is not named. */
static const struct {
    const char *sql, *expected;
} cases[] = {
    {"SELECT 1", ""},
    {"VALUES (1), (2)", ""},
    {"SELECT * FROM lone", "lone:r"},
    {"SELECT count(*) FROM lone", "lone:r"},
    {"SELECT 1 FROM LONE AS x, images", "images:r lone:r"},
    {"SELECT (SELECT max(cpu) FROM stats) FROM lone WHERE a IN (SELECT id FROM hosts)"
     " ORDER BY (SELECT 1 FROM images) LIMIT (SELECT count(*) FROM audit)",
     "audit:r hosts:r images:r lone:r stats:r"},
    {"SELECT 1 WHERE 3 IN ping", "ping:r"},
    {"SELECT 1 FROM (lone JOIN (SELECT 1 FROM audit) ON EXISTS (SELECT 1 FROM stats))",
     "audit:r lone:r stats:r"},
    {"SELECT sum(a) FILTER (WHERE b IN (SELECT id FROM images)) FROM lone",
     "images:r lone:r"},
    {"SELECT sum(a) OVER (ORDER BY (SELECT 1 FROM audit)) FROM lone", "audit:r lone:r"},
    {"SELECT CASE a WHEN 1 THEN (SELECT 1 FROM audit) ELSE 2 END FROM lone",
     "audit:r lone:r"},
    {"SELECT value FROM json_each('[1]')", ""},
    {"SELECT value FROM json_each((SELECT what FROM audit))", "audit:r"},
    {"SELECT name FROM pragma_table_info('lone')", ""},
    {"SELECT count(*) FROM sqlite_master", "sqlite_schema:r"},
    {"SELECT * FROM running", "containers:r* hosts:r*"},
    {"SELECT * FROM running, hosts", "containers:r* hosts:r"},
    {"SELECT * FROM nested", "audit:r* containers:r* hosts:r*"},
    /* common tables hide tables; one that is not used reads nothing */
    {"WITH lone AS (SELECT 1 FROM audit) SELECT * FROM lone", "audit:r"},
    {"WITH lone AS (SELECT 1 FROM audit) SELECT * FROM main.lone", "lone:r"},
    {"WITH x AS (SELECT 1 FROM audit) SELECT * FROM lone", "lone:r"},
    {"WITH x AS (SELECT 1 FROM audit), y AS (SELECT * FROM x) SELECT * FROM y",
     "audit:r"},
    {"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n, lone WHERE i < 5)"
     " SELECT * FROM n",
     "lone:r"},
    {"SELECT * FROM (WITH audit AS (SELECT 1 FROM lone) SELECT * FROM audit), audit",
     "audit:r lone:r"},
    {"SELECT 1 FROM lone UNION SELECT 2 FROM audit", "audit:r lone:r"},
    /* changes */
    {"INSERT INTO lone VALUES (1, 2)", "lone:i"},
    {"INSERT INTO lone DEFAULT VALUES", "lone:i"},
    {"INSERT INTO lone VALUES (1, 2) RETURNING a", "lone:ri"},
    {"INSERT INTO lone SELECT id, tag FROM images", "images:r lone:i"},
    {"WITH x AS (SELECT id, tag FROM images) INSERT INTO lone SELECT * FROM x",
     "images:r lone:i"},
    {"INSERT INTO stats VALUES (1, 2)", "containers:r* stats:i"},
    {"INSERT INTO hosts (id) VALUES ('a')", "hosts:ri"},
    {"INSERT INTO images VALUES (1, 'a') ON CONFLICT DO NOTHING", "images:i"},
    {"INSERT INTO images VALUES (1, 'a') ON CONFLICT (tag) DO NOTHING", "images:ri"},
    {"INSERT INTO images VALUES (1, 'a') ON CONFLICT (id) DO UPDATE SET tag = "
     "excluded.tag",
     "images:riu"},
    {"INSERT INTO images VALUES (1, 'a') ON CONFLICT (id) DO UPDATE SET tag = tag || 'x'",
     "images:riu"},
    {"UPDATE lone SET a = 1", "lone:u"},
    {"UPDATE lone SET a = b", "lone:ru"},
    {"UPDATE lone SET a = 1 WHERE b = 2", "lone:ru"},
    {"UPDATE lone SET a = tag FROM images WHERE images.id = b", "images:r lone:ru"},
    {"UPDATE stats SET cpu = 1", "stats:u"},
    {"UPDATE stats SET container = 1", "containers:r* stats:u"},
    {"DELETE FROM lone", "lone:d"},
    {"DELETE FROM lone WHERE a = 1", "lone:rd"},
    {"DELETE FROM stats WHERE cpu > 1", "stats:rd"},
    /* actions of foreign keys, and what they lead to */
    {"DELETE FROM containers WHERE id = 1", "containers:rd notes:ru* stats:rd*"},
    {"DELETE FROM hosts WHERE id = 'a'", "containers:rd* hosts:rud notes:ru* stats:rd*"},
    {"UPDATE hosts SET name = 'x'", "hosts:u"},
    {"UPDATE hosts SET id = 'x'", "containers:ru* hosts:ru"},
    {"UPDATE hosts SET parent = 'x'", "hosts:ru"},
    {"UPDATE containers SET id = 3", "containers:u notes:r* stats:r*"},
    {"UPDATE containers SET rowid = 3", "containers:u notes:r* stats:r*"},
    {"DELETE FROM images WHERE id = 1", "containers:r* images:rd"},
    {"DELETE FROM notes", "audit:i* lone:r* notes:rd"},
    /* triggers */
    {"UPDATE containers SET state = 'x'", "audit:i* containers:ru counters:rud*"},
    {"UPDATE containers SET image = 1", "containers:u images:r*"},
    {"UPDATE running SET name = 'x' WHERE id = 1", "containers:r* hosts:ru*"},
    {"INSERT INTO ping VALUES (1)", "ping:i pong:i*"},
    /* what is in the way is deleted */
    {"REPLACE INTO images VALUES (1, 'a')", "containers:r* images:id"},
    {"INSERT OR REPLACE INTO hosts (id) VALUES ('a')",
     "containers:rd* hosts:riud notes:ru* stats:rd*"},
    {"UPDATE OR REPLACE images SET tag = 'a'", "containers:r* images:ud"},
    {"INSERT INTO counters VALUES ('a', 1)", "counters:id"},
    {"SELECT * FROM running WHERE id IN (SELECT container FROM notes)",
     "containers:r* hosts:r* notes:r"},
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
    sqlite3_exec(fixture->db, "PRAGMA foreign_keys = ON", NULL, NULL, NULL);
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

static struct table_uses uses_of(struct fixture *fixture, const char *sql)
{
    struct table_uses uses;
    struct sql_error error = {0};
    struct statement *statement =
        parse_statement(&fixture->arena, sql, strlen(sql), 0, NULL, &error);

    if (statement == NULL)
        fail_msg("%s: %s", sql, error.message);
    tables_used(&fixture->arena, &fixture->catalog, statement, &uses);
    return uses;
}

static void as_expected(void **state)
{
    struct fixture *fixture = *state;
    size_t i, k;

    for (i = 0; i < COUNT(cases); i++) {
        struct table_uses uses = uses_of(fixture, cases[i].sql);
        struct buf text;

        buf_init(&text);
        for (k = 0; k < uses.list.count; k++) {
            const struct table_use *use = &uses.list.items[k];

            buf_addf(&text, "%s%s:%s%s%s%s%s", k == 0 ? "" : " ", use->table->name,
                     use->reads ? "r" : "", use->inserts ? "i" : "",
                     use->updates ? "u" : "", use->deletes ? "d" : "",
                     use->through == NULL ? "" : "*");
        }
        if (strcmp(text.data, cases[i].expected) != 0)
            print_error("%s\n  is       %s\n  expected %s\n", cases[i].sql, text.data,
                        cases[i].expected);
        assert_string_equal(text.data, cases[i].expected);
        buf_release(&text);
    }
}

/* ---- SQLite's word ------------------------------------------------------------------- */

enum {
    SEEN = 64
};

struct seen {
    struct {
        char table[32];
        bool reads, inserts, updates, deletes;
    } tables[SEEN];
    size_t count;
};

static int see(void *context, int action, const char *table, const char *b, const char *c,
               const char *d)
{
    struct seen *seen = context;
    size_t i;

    (void)b;
    (void)c;
    (void)d;
    if (action != SQLITE_READ && action != SQLITE_INSERT && action != SQLITE_UPDATE &&
        action != SQLITE_DELETE)
        return SQLITE_OK;
    if (strcmp(table, "sqlite_master") == 0)
        table = "sqlite_schema";
    for (i = 0; i < seen->count; i++)
        if (strcmp(seen->tables[i].table, table) == 0)
            break;
    if (i == seen->count) {
        assert_in_range(i, 0, SEEN - 1);
        seen->count++;
        strcpy(seen->tables[i].table, table);
    }
    seen->tables[i].reads |= action == SQLITE_READ;
    seen->tables[i].inserts |= action == SQLITE_INSERT;
    seen->tables[i].updates |= action == SQLITE_UPDATE;
    seen->tables[i].deletes |= action == SQLITE_DELETE;
    return SQLITE_OK;
}

static const struct table_use *find(const struct table_uses *uses, const char *name)
{
    static const struct table_use nothing;
    size_t i;

    for (i = 0; i < uses->list.count; i++)
        if (name_same(uses->list.items[i].table->name, name))
            return &uses->list.items[i];
    return &nothing;
}

/* Tables that foreign keys tie to one that is written: SQLite counts broken keys there. */
static bool is_tied(struct fixture *fixture, const struct table_uses *uses,
                    const char *name)
{
    bool tied = false;
    size_t i;

    for (i = 0; i < uses->list.count; i++) {
        sqlite3_stmt *row = NULL;

        if (!table_use_writes(&uses->list.items[i]))
            continue;
        sqlite3_prepare_v2(
            fixture->db,
            "SELECT 1 FROM pragma_foreign_key_list(?1) WHERE \"table\" = ?2"
            " UNION SELECT 1 FROM pragma_foreign_key_list(?2)"
            "  WHERE \"table\" = ?1",
            -1, &row, NULL);
        sqlite3_bind_text(row, 1, uses->list.items[i].table->name, -1, SQLITE_STATIC);
        sqlite3_bind_text(row, 2, name, -1, SQLITE_STATIC);
        tied = tied || sqlite3_step(row) == SQLITE_ROW;
        sqlite3_finalize(row);
    }
    return tied;
}

static bool is_of_schema(struct fixture *fixture, const char *name)
{
    const struct catalog_table *table = catalog_find(&fixture->catalog, NULL, name);

    return table != NULL && table->kind == CATALOG_TABLE;
}

static void compare(struct fixture *fixture, const char *sql,
                    const struct table_uses *uses, const struct seen *seen)
{
    bool replaces = strstr(sql, "REPLACE") != NULL;
    size_t i, matched = 0;

    for (i = 0; i < seen->count; i++) {
        const char *name = seen->tables[i].table;
        const struct table_use *use = find(uses, name);

        if (!is_of_schema(fixture, name))
            continue;
        matched += use->table != NULL;
        if (seen->tables[i].inserts != use->inserts ||
            seen->tables[i].updates != use->updates ||
            (seen->tables[i].deletes && !use->deletes) ||
            (use->deletes && !seen->tables[i].deletes && !replaces &&
             strcmp(name, "counters") != 0) ||
            (use->reads && !seen->tables[i].reads) ||
            (seen->tables[i].reads && !use->reads && !is_tied(fixture, uses, name)))
            fail_msg("%s: %s is read %d, inserted %d, updated %d, deleted %d", sql, name,
                     seen->tables[i].reads, seen->tables[i].inserts,
                     seen->tables[i].updates, seen->tables[i].deletes);
    }
    if (matched != uses->list.count)
        fail_msg("%s: SQLite knows of %zu tables, we of %zu", sql, matched,
                 uses->list.count);
}

static void prepare(struct fixture *fixture, const char *sql)
{
    sqlite3_stmt *statement = NULL;

    assert_int_equal(sqlite3_prepare_v2(fixture->db, sql, -1, &statement, NULL),
                     SQLITE_OK);
    sqlite3_finalize(statement);
}

/* The first time SQLite declares the functions that are tables, which is told too. */
static void as_sqlite_says(void **state)
{
    struct fixture *fixture = *state;
    size_t i;

    for (i = 0; i < COUNT(cases); i++) {
        struct table_uses uses = uses_of(fixture, cases[i].sql);
        struct seen seen = {0};

        prepare(fixture, cases[i].sql);
        sqlite3_set_authorizer(fixture->db, see, &seen);
        prepare(fixture, cases[i].sql);
        sqlite3_set_authorizer(fixture->db, NULL, NULL);
        compare(fixture, cases[i].sql, &uses, &seen);
    }
}

static void of_views(void **state)
{
    struct fixture *fixture = *state;
    struct table_uses uses;

    tables_of_view(&fixture->arena, &fixture->catalog,
                   catalog_find(&fixture->catalog, NULL, "running"), &uses);
    assert_int_equal(uses.list.count, 2);
    assert_string_equal(uses.list.items[0].table->name, "containers");
    assert_true(uses.list.items[0].reads);
    assert_false(table_use_writes(&uses.list.items[0]));
    assert_string_equal(uses.list.items[0].through, "view `running`");
}

/* The first thing on the way is named, wherever it leads. */
static void the_way(void **state)
{
    struct fixture *fixture = *state;
    struct table_uses uses = uses_of(fixture, "DELETE FROM hosts");

    assert_string_equal(find(&uses, "stats")->through, "foreign key of `containers`");
    assert_null(find(&uses, "hosts")->through);
    uses = uses_of(fixture, "UPDATE containers SET state = 1");
    assert_string_equal(find(&uses, "audit")->through, "trigger `state_changed`");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(as_expected, set_up, tear_down),
        cmocka_unit_test_setup_teardown(as_sqlite_says, set_up, tear_down),
        cmocka_unit_test_setup_teardown(of_views, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_way, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
