/*
 * test_migrate_plan.c: plans made and applied to databases with rows, foreign keys on:
 * what survives, what is refused, and that a refusal leaves everything as it was.
 */
#include "migrate/apply.h"
#include "migrate/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;
static sqlite3 *db;

static int set_up(void **state)
{
    (void)state;
    return sqlite3_open(":memory:", &db) == SQLITE_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    sqlite3_close(db);
    arena_release(&arena);
    return 0;
}

static void run(const char *sql)
{
    char *message = NULL;

    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
}

/* All rows of a query: columns joined by '|', rows by ' '. */
static const char *ask(const char *sql)
{
    sqlite3_stmt *statement = NULL;
    const char *text = "";
    int i;

    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    while (sqlite3_step(statement) == SQLITE_ROW)
        for (i = 0; i < sqlite3_column_count(statement); i++) {
            const char *value = (const char *)sqlite3_column_text(statement, i);

            text = arena_printf(&arena, "%s%s%s", text,
                                i > 0 ? "|" : (*text != '\0' ? " " : ""),
                                value != NULL ? value : "NULL");
        }
    sqlite3_finalize(statement);
    return text;
}

static struct plan *plan_to(const char *to, const char *rename)
{
    struct rename_text renames = {&rename, rename != NULL};
    const char *error = NULL;
    struct structure *from = structure_read(&arena, db, &error);
    struct structure *target = scratch_structure(&arena, to, &error);
    struct diff *diff;
    struct plan *plan = NULL;

    if (target == NULL)
        fail_msg("%s: %s", to, error);
    diff = diff_structures(&arena, from, target, &renames, &error);
    if (diff != NULL)
        plan = plan_make(&arena, diff, &error);
    if (plan == NULL)
        fail_msg("%s: %s", to, error);
    return plan;
}

static const char *apply(const struct plan *plan)
{
    static const struct apply_options options = {.accept_data_loss = true};
    const char *error = NULL;
    bool done = plan_apply(&arena, plan, db, &options, &error);

    assert_int_equal(done, error == NULL);
    assert_int_equal(sqlite3_get_autocommit(db), 1);
    return error;
}

static void migrate(const char *to, const char *rename)
{
    const char *error = apply(plan_to(to, rename));

    if (error != NULL)
        fail_msg("%s", error);
    assert_int_equal(plan_to(to, NULL)->statements.count, 0);
}

static bool rebuilds(const char *from, const char *to)
{
    const char *error;
    struct structure *a = scratch_structure(&arena, from, &error);
    struct structure *b = scratch_structure(&arena, to, &error);
    struct diff *diff = diff_structures(&arena, a, b, NULL, &error);
    struct plan *plan = plan_make(&arena, diff, &error);

    if (plan == NULL)
        fail_msg("%s: %s", to, error);
    assert_true(plan->statements.count > 0);
    return plan->rebuilt.count > 0;
}

/* ---- ALTER or rebuild
 * --------------------------------------------------------------------------- */

struct pair {
    const char *from, *to;
};

static const struct pair easy[] = {
    {"CREATE TABLE t(a)", "CREATE TABLE t(a, b TEXT)"},
    {"CREATE TABLE t(a)", "CREATE TABLE t(a, b NOT NULL DEFAULT -1)"},
    {"CREATE TABLE t(a)", "CREATE TABLE t(a, b AS (a + 1) VIRTUAL)"},
    {"CREATE TABLE t(a)", "CREATE TABLE t(a, b REFERENCES t(a))"},
    {"CREATE TABLE t(a)", "CREATE TABLE t(a, b, FOREIGN KEY (b) REFERENCES t(a))"},
    {"CREATE TABLE t(a)", "CREATE TABLE t(a, b, CONSTRAINT x CHECK (b > a))"},
    {"CREATE TABLE t(a, b)", "CREATE TABLE t(a)"},
    {"CREATE TABLE t(a, b CHECK (b > 0))", "CREATE TABLE t(a)"},
    {"CREATE TABLE t(a)", "CREATE TABLE t(b)"},
    {"CREATE TABLE t(a, b); CREATE INDEX i ON t(b); CREATE VIEW v AS SELECT b FROM t",
     "CREATE TABLE t(a)"},
};

static const struct pair hard[] = {
    {"CREATE TABLE t(a INT)", "CREATE TABLE t(a TEXT)"},
    {"CREATE TABLE t(a)", "CREATE TABLE t(a NOT NULL)"},
    {"CREATE TABLE t(a)", "CREATE TABLE t(a DEFAULT 1)"},
    {"CREATE TABLE t(a)", "CREATE TABLE t(a, b UNIQUE)"},
    {"CREATE TABLE t(a)", "CREATE TABLE t(a, b NOT NULL)"},
    {"CREATE TABLE t(a)", "CREATE TABLE t(a, b NOT NULL DEFAULT NULL)"},
    {"CREATE TABLE t(a)", "CREATE TABLE t(a, b DEFAULT CURRENT_TIMESTAMP)"},
    {"CREATE TABLE t(a)", "CREATE TABLE t(a, b DEFAULT (1 + 1))"},
    {"CREATE TABLE t(a)", "CREATE TABLE t(a, b AS (a) STORED)"},
    {"CREATE TABLE t(a)", "CREATE TABLE t(a, b DEFAULT 1 REFERENCES t(a))"},
    {"CREATE TABLE t(a)", "CREATE TABLE t(b, a)"},
    {"CREATE TABLE t(a)", "CREATE TABLE t(a, CHECK (a > 0))"},
    {"CREATE TABLE t(a, b UNIQUE)", "CREATE TABLE t(a)"},
    {"CREATE TABLE t(a, b, CHECK (b > 0))", "CREATE TABLE t(a)"},
    {"CREATE TABLE t(a, b, FOREIGN KEY (b) REFERENCES t(a))", "CREATE TABLE t(a)"},
    {"CREATE TABLE t(a, -- comment\n b)", "CREATE TABLE t(a)"},
    {"CREATE TABLE t(a CHECK (a > b), b)", "CREATE TABLE t(a)"},
    {"CREATE TABLE t(a INT)", "CREATE TABLE t(a INT) STRICT"},
};

static void a_table_is_rebuilt_only_where_it_must_be(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof easy / sizeof *easy; i++)
        if (rebuilds(easy[i].from, easy[i].to))
            fail_msg("rebuilt: %s | %s", easy[i].from, easy[i].to);
    for (i = 0; i < sizeof hard / sizeof *hard; i++)
        if (!rebuilds(hard[i].from, hard[i].to))
            fail_msg("not rebuilt: %s | %s", hard[i].from, hard[i].to);
}

/* On rows, because ALTER TABLE can succeed on an empty table only. */
static void every_change_works_on_rows_and_back(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof easy / sizeof *easy; i++) {
        run("PRAGMA foreign_keys = ON");
        run(easy[i].from);
        run("INSERT INTO t(a) VALUES (NULL), (NULL)");
        migrate(easy[i].to, NULL);
        assert_string_equal(ask("SELECT count(*) FROM t"), "2");
        migrate(easy[i].from, NULL);
        assert_string_equal(ask("SELECT count(*) FROM t"), "2");
        migrate("", NULL);
    }
}

static void all_changes_of_a_table_are_one_rebuild(void **state)
{
    const struct plan *plan;

    (void)state;
    run("CREATE TABLE t(a INT, b, c)");
    plan = plan_to("CREATE TABLE t(d, a TEXT NOT NULL CHECK (a <> ''), b UNIQUE)", NULL);
    assert_int_equal(plan->rebuilt.count, 1);
    assert_int_equal(plan->statements.count, 6);
}

/* ---- what survives
 * ------------------------------------------------------------------------------ */

static const char *const family =
    "CREATE TABLE p(id INTEGER PRIMARY KEY AUTOINCREMENT, n TEXT, z);"
    "CREATE TABLE c(id INTEGER PRIMARY KEY, pid INT REFERENCES p(id) ON DELETE CASCADE);"
    "CREATE TABLE log(what);"
    "CREATE INDEX pn ON p(lower(n)) WHERE n IS NOT NULL;"
    "CREATE VIEW v AS SELECT n FROM p; CREATE VIEW w AS SELECT n FROM v;"
    "CREATE TRIGGER pi AFTER INSERT ON p BEGIN INSERT INTO log VALUES ('insert'); END;"
    "CREATE TRIGGER pd BEFORE DELETE ON p BEGIN INSERT INTO log VALUES ('delete'); END;"
    "CREATE TRIGGER ci AFTER INSERT ON c BEGIN UPDATE p SET n = 'c' WHERE id = new.pid; "
    "END;"
    "CREATE TRIGGER vi INSTEAD OF INSERT ON v BEGIN INSERT INTO p(n) VALUES (new.n); "
    "END;";

static void make_family(void)
{
    run("PRAGMA foreign_keys = ON");
    run(family);
    run("INSERT INTO p(id, n) VALUES (3, 'a'), (7, 'b'), (20, 'gone');"
        "DELETE FROM p WHERE id = 20; INSERT INTO c(id, pid) VALUES (1, 3), (2, 3), (3, "
        "7);"
        "DELETE FROM log; UPDATE p SET n = 'n' || id");
}

/* `family` with the table p replaced. */
static const char *family_with(const char *table, const char *rest)
{
    return arena_printf(&arena, "%s;%s", table,
                        rest != NULL ? rest : strstr(family, "CREATE TABLE c"));
}

static void a_rebuild_keeps_what_hangs_on_the_table(void **state)
{
    (void)state;
    make_family();
    migrate(family_with("CREATE TABLE p(id INTEGER PRIMARY KEY AUTOINCREMENT, "
                        "n TEXT NOT NULL, z INT DEFAULT 4)",
                        NULL),
            NULL);
    assert_string_equal(ask("SELECT * FROM p"), "3|n3|NULL 7|n7|NULL");
    assert_string_equal(ask("SELECT * FROM c"), "1|3 2|3 3|7");
    assert_string_equal(ask("SELECT count(*) FROM log"), "0");
    assert_string_equal(ask("SELECT n FROM w"), "n3 n7");
    assert_string_equal(
        ask("SELECT name FROM sqlite_schema WHERE type = 'trigger' ORDER BY 1"),
        "ci pd pi vi");
    assert_string_equal(ask("SELECT seq FROM sqlite_sequence"), "20");
    assert_string_equal(ask("PRAGMA foreign_keys"), "1");
    run("INSERT INTO v VALUES ('new')");
    assert_string_equal(ask("SELECT max(id) FROM p"), "21");
    run("DELETE FROM p WHERE id = 3");
    assert_string_equal(ask("SELECT * FROM c"), "3|7");
    assert_string_equal(ask("SELECT * FROM log"), "insert delete");
}

static void a_rename_takes_references_along(void **state)
{
    (void)state;
    make_family();
    migrate(
        "CREATE TABLE q(id INTEGER PRIMARY KEY AUTOINCREMENT, n TEXT, z);"
        "CREATE TABLE c(id INTEGER PRIMARY KEY, pid INT REFERENCES q ON DELETE CASCADE);"
        "CREATE TABLE log(what); CREATE VIEW v AS SELECT n FROM q",
        "p:q");
    assert_string_equal(ask("SELECT id, n FROM q"), "3|n3 7|n7");
    assert_string_equal(ask("SELECT * FROM c"), "1|3 2|3 3|7");
    assert_string_equal(ask("SELECT count(*) FROM log"), "0");
    assert_string_equal(ask("SELECT name, seq FROM sqlite_sequence"), "q|20");
    run("DELETE FROM q WHERE id = 3");
    assert_string_equal(ask("SELECT * FROM c"), "3|7");
}

static void an_empty_table_keeps_its_counter(void **state)
{
    (void)state;
    run("CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, a); INSERT INTO t VALUES "
        "(9, 1);"
        "DELETE FROM t; CREATE TABLE never(id INTEGER PRIMARY KEY AUTOINCREMENT, a)");
    migrate("CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, a NOT NULL);"
            "CREATE TABLE never(id INTEGER PRIMARY KEY AUTOINCREMENT, a NOT NULL)",
            NULL);
    run("INSERT INTO t(a) VALUES (1); INSERT INTO never(a) VALUES (1)");
    assert_string_equal(ask("SELECT (SELECT id FROM t), (SELECT id FROM never)"), "10|1");
}

static void rowids_survive_without_an_alias(void **state)
{
    (void)state;
    run("CREATE TABLE t(a); INSERT INTO t(rowid, a) VALUES (5, 'x'), (9, 'y');"
        "CREATE TABLE u(rowid, a); INSERT INTO u(_rowid_, rowid) VALUES (8, 'z')");
    migrate("CREATE TABLE t(a NOT NULL); CREATE TABLE u(rowid NOT NULL, a)", NULL);
    assert_string_equal(ask("SELECT rowid, a FROM t"), "5|x 9|y");
    assert_string_equal(ask("SELECT _rowid_, rowid FROM u"), "8|z");
    migrate("CREATE TABLE t(id INTEGER PRIMARY KEY, a NOT NULL)", NULL);
    assert_string_equal(ask("SELECT id, a FROM t"), "5|x 9|y");
}

static void a_full_text_index_on_the_table_still_answers(void **state)
{
    const char *index = "CREATE VIRTUAL TABLE f USING fts5(body, content='d');";

    (void)state;
    run("CREATE TABLE d(k TEXT PRIMARY KEY, body TEXT);"
        "INSERT INTO d VALUES ('a', 'alpha'), ('b', 'beta'), ('c', 'gamma')");
    run(index);
    run("INSERT INTO f(f) VALUES ('rebuild'); DELETE FROM d WHERE k = 'a';"
        "INSERT INTO f(f, rowid, body) VALUES ('delete', 1, 'alpha')");
    migrate(arena_printf(&arena,
                         "CREATE TABLE d(k TEXT PRIMARY KEY, body TEXT NOT NULL);%s",
                         index),
            NULL);
    assert_string_equal(ask("SELECT rowid, body FROM f WHERE f MATCH 'beta'"), "2|beta");
    run("INSERT INTO f(f, rank) VALUES ('integrity-check', 1)");
}

static void a_full_text_table_keeps_its_rows(void **state)
{
    (void)state;
    run("CREATE VIRTUAL TABLE f USING fts5(title, body); CREATE VIEW v AS SELECT body "
        "FROM f;"
        "INSERT INTO f(rowid, title, body) VALUES (7, 'One', 'running fast')");
    assert_false(
        plan_to("CREATE VIRTUAL TABLE f USING fts5(body, title, tokenize = porter);"
                "CREATE VIEW v AS SELECT body FROM f",
                NULL)
            ->destroys);
    migrate("CREATE VIRTUAL TABLE f USING fts5(body, title, tokenize = porter);"
            "CREATE VIEW v AS SELECT body FROM f",
            NULL);
    assert_string_equal(ask("SELECT rowid, title FROM f WHERE f MATCH 'run'"), "7|One");
    run("INSERT INTO f(f) VALUES ('integrity-check')");
    assert_true(plan_to("CREATE VIRTUAL TABLE f USING fts5(body)", NULL)->destroys);
    migrate("CREATE VIRTUAL TABLE f USING fts5(body)", NULL);
    assert_string_equal(ask("SELECT rowid, * FROM f"), "7|running fast");
}

static void a_new_full_text_index_is_filled(void **state)
{
    (void)state;
    run("CREATE TABLE d(body TEXT); INSERT INTO d VALUES ('alpha')");
    migrate(
        "CREATE TABLE d(body TEXT); CREATE VIRTUAL TABLE f USING fts5(body, content=d)",
        NULL);
    assert_string_equal(ask("SELECT rowid FROM f WHERE f MATCH 'alpha'"), "1");
    migrate("CREATE TABLE d(body TEXT NOT NULL);"
            "CREATE VIRTUAL TABLE f USING fts5(body, content=d, prefix=2)",
            NULL);
    assert_string_equal(ask("SELECT rowid FROM f WHERE f MATCH 'al*'"), "1");
}

/* SQLite writes "text" as 'text' when it renames: that is no difference. */
static void strings_in_double_quotes_survive_a_rename(void **state)
{
    (void)state;
    run("CREATE TABLE t(a, b CHECK (b <> \"zz\")); CREATE INDEX i ON t(a) WHERE b <> "
        "\"Lit\"");
    migrate("CREATE TABLE t(c, b CHECK (b <> \"zz\"));"
            "CREATE INDEX i ON t(c) WHERE b <> \"Lit\"",
            "t.a:c");
}

static void keys_to_oneself_survive(void **state)
{
    (void)state;
    run("PRAGMA foreign_keys = ON;"
        "CREATE TABLE t(id INTEGER PRIMARY KEY, up REFERENCES t(id) ON DELETE CASCADE, "
        "x);"
        "INSERT INTO t VALUES (1, NULL, 1), (2, 1, 2), (3, 2, 3)");
    migrate(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, up REFERENCES t(id) ON DELETE CASCADE, "
        "x NOT NULL)",
        NULL);
    assert_string_equal(ask("SELECT count(*) FROM t"), "3");
    assert_string_equal(ask("SELECT \"table\" FROM pragma_foreign_key_list('t')"), "t");
    run("DELETE FROM t WHERE id = 1");
    assert_string_equal(ask("SELECT count(*) FROM t"), "0");
}

static void a_leftover_of_the_new_name_is_no_obstacle(void **state)
{
    (void)state;
    run("CREATE TABLE t(a); INSERT INTO t VALUES (1); CREATE TABLE __new_t(mine);"
        "INSERT INTO __new_t VALUES ('mine')");
    migrate("CREATE TABLE t(a NOT NULL); CREATE TABLE __new_t(mine)", NULL);
    assert_string_equal(ask("SELECT a, mine FROM t, __new_t"), "1|mine");
}

static void tables_without_rowid_are_rebuilt(void **state)
{
    (void)state;
    run("CREATE TABLE t(a TEXT PRIMARY KEY, b) WITHOUT ROWID;"
        "INSERT INTO t VALUES ('x', 1), ('w', 2)");
    migrate("CREATE TABLE t(a TEXT PRIMARY KEY, b NOT NULL) WITHOUT ROWID", NULL);
    migrate("CREATE TABLE t(a TEXT PRIMARY KEY, b NOT NULL)", NULL);
    migrate("CREATE TABLE t(b INT NOT NULL, a TEXT, PRIMARY KEY (b, a)) STRICT, WITHOUT "
            "ROWID",
            NULL);
    assert_string_equal(ask("SELECT a, b FROM t"), "x|1 w|2");
}

static void generated_columns_are_not_copied(void **state)
{
    (void)state;
    run("CREATE TABLE t(a INT, b AS (a * 2), c AS (a * 3) STORED); INSERT INTO t VALUES "
        "(4)");
    migrate("CREATE TABLE t(a INT NOT NULL, b AS (a * 5), c)", NULL);
    assert_string_equal(ask("SELECT * FROM t"), "4|20|12");
}

static void names_are_exchanged(void **state)
{
    static const char *texts[] = {"t.a:b", "t.b:a", "x:y", "y:x"};
    struct rename_text renames = {texts, 4};
    const char *error = NULL;
    struct diff *diff;

    (void)state;
    run("CREATE TABLE t(a, b); INSERT INTO t VALUES (1, 2); CREATE TABLE x(p);"
        "CREATE TABLE y(q); INSERT INTO x VALUES ('x'); INSERT INTO y VALUES ('y')");
    diff = diff_structures(
        &arena, structure_read(&arena, db, &error),
        scratch_structure(
            &arena, "CREATE TABLE t(b, a); CREATE TABLE y(p); CREATE TABLE x(q)", &error),
        &renames, &error);
    assert_non_null(diff);
    assert_null(apply(plan_make(&arena, diff, &error)));
    assert_string_equal(ask("SELECT a, b FROM t"), "2|1");
    assert_string_equal(ask("SELECT (SELECT p FROM y), (SELECT q FROM x)"), "x|y");
}

static void what_analyze_found_is_renewed(void **state)
{
    (void)state;
    run("CREATE TABLE t(a); CREATE INDEX i ON t(a); INSERT INTO t VALUES (1); ANALYZE");
    migrate("CREATE TABLE t(a NOT NULL); CREATE INDEX i ON t(a)", NULL);
    assert_string_equal(ask("SELECT count(*) FROM sqlite_stat1"), "1");
}

static void values_are_converted_with_care(void **state)
{
    (void)state;
    run("CREATE TABLE t(a TEXT, b, c TEXT);"
        "INSERT INTO t VALUES ('42', NULL, NULL), ('', 1, ''), (' ', 2, '7')");
    migrate(
        "CREATE TABLE t(a INTEGER, b NOT NULL DEFAULT 'none', c REAL NOT NULL DEFAULT 0)",
        NULL);
    assert_string_equal(ask("SELECT a, b, c FROM t"), "42|none|0.0 NULL|1|0.0  |2|7.0");
}

/* ---- what is refused
 * ---------------------------------------------------------------------------- */

/* The plan fails with a message that holds `message`, and all is as it was. */
static void expect_refusal(const char *to, const char *message)
{
    const char *before = ask("SELECT * FROM sqlite_schema"), *error;
    const char *rows = ask("SELECT rowid, * FROM t"), *keys = ask("PRAGMA foreign_keys");

    error = apply(plan_to(to, NULL));
    if (error == NULL)
        fail_msg("not refused: %s", to);
    if (strstr(error, message) == NULL)
        fail_msg("%s: %s", to, error);
    assert_string_equal(ask("SELECT * FROM sqlite_schema"), before);
    assert_string_equal(ask("SELECT rowid, * FROM t"), rows);
    assert_string_equal(ask("PRAGMA foreign_keys"), keys);
    assert_string_equal(ask("PRAGMA legacy_alter_table"), "0");
}

static void rows_that_do_not_fit_refuse_the_plan(void **state)
{
    (void)state;
    run("PRAGMA foreign_keys = ON; CREATE TABLE t(a, b);"
        "INSERT INTO t VALUES (1, NULL), (1, 'x')");
    expect_refusal("CREATE TABLE t(a, b NOT NULL)", "NOT NULL constraint failed");
    expect_refusal("CREATE TABLE t(a UNIQUE, b)", "UNIQUE constraint failed");
    expect_refusal("CREATE TABLE t(a CHECK (a > 1), b)", "CHECK constraint failed");
    expect_refusal("CREATE TABLE t(a, b INTEGER PRIMARY KEY)", "datatype mismatch");
    expect_refusal("CREATE TABLE t(a INT, b INT) STRICT", "cannot store TEXT value");
}

static void conflict_clauses_lose_no_row(void **state)
{
    (void)state;
    run("CREATE TABLE t(a, b); INSERT INTO t VALUES (1, NULL), (1, 'x')");
    expect_refusal("CREATE TABLE t(a UNIQUE ON CONFLICT REPLACE, b)",
                   "UNIQUE constraint");
    expect_refusal("CREATE TABLE t(a UNIQUE ON CONFLICT IGNORE, b)", "UNIQUE constraint");
    expect_refusal("CREATE TABLE t(a UNIQUE ON CONFLICT ROLLBACK, b)",
                   "UNIQUE constraint");
    expect_refusal("CREATE TABLE t(a, b NOT NULL ON CONFLICT IGNORE)",
                   "NOT NULL constraint");
}

static void a_new_orphan_refuses_the_plan(void **state)
{
    (void)state;
    run("PRAGMA foreign_keys = ON; CREATE TABLE p(id INTEGER PRIMARY KEY);"
        "CREATE TABLE t(r); INSERT INTO t VALUES (1)");
    expect_refusal(
        "CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE t(r REFERENCES p)",
        "1 row of t would have no parent in p");
}

static void an_old_orphan_does_not(void **state)
{
    (void)state;
    run("CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE t(r REFERENCES p, x);"
        "INSERT INTO t VALUES (1, 2)");
    migrate(
        "CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE t(r REFERENCES p, x INT)",
        NULL);
}

static void lost_data_must_be_accepted(void **state)
{
    static const char *const lossy[] = {
        "", "CREATE TABLE t(a TEXT)", "CREATE TABLE t(a TEXT, b INT)",
        "CREATE TABLE t(a TEXT, b TEXT NOT NULL DEFAULT '')",
        "CREATE TABLE t(a TEXT, b AS (a))"};
    const struct apply_options options = {.accept_data_loss = false};
    const char *error;
    size_t i;

    (void)state;
    run("CREATE TABLE t(a TEXT, b TEXT)");
    for (i = 0; i < sizeof lossy / sizeof *lossy; i++) {
        const struct plan *plan = plan_to(lossy[i], NULL);

        assert_true(plan->destroys);
        assert_false(plan_apply(&arena, plan, db, &options, &error));
        assert_non_null(strstr(error, "destroys data"));
    }
    assert_false(plan_to("CREATE TABLE t(a TEXT, b TEXT NOT NULL)", NULL)->destroys);
}

static void a_database_that_changed_refuses_the_plan(void **state)
{
    struct plan *plan;

    (void)state;
    run("CREATE TABLE t(a)");
    plan = plan_to("CREATE TABLE t(a, b)", NULL);
    run("CREATE TABLE u(a)");
    assert_non_null(strstr(apply(plan), "not the one that the plan was made for"));
    run("DROP TABLE u; BEGIN");
    {
        const struct apply_options options = {.accept_data_loss = true};
        const char *error;

        assert_false(plan_apply(&arena, plan, db, &options, &error));
        assert_string_equal(error, "a transaction is open");
    }
    run("COMMIT");
    assert_null(apply(plan));
}

/* ---- views and triggers that do not compile
 * ------------------------------------------------------- */

static void a_broken_view_elsewhere_blocks_nothing(void **state)
{
    (void)state;
    run("CREATE TABLE t(a, b); CREATE VIEW broken AS SELECT x FROM missing;"
        "CREATE TABLE u(a); CREATE TRIGGER bad AFTER INSERT ON u BEGIN DELETE FROM "
        "missing; END");
    migrate("CREATE TABLE t(c); CREATE VIEW broken AS SELECT x FROM missing;"
            "CREATE TABLE u(a); CREATE TRIGGER bad AFTER INSERT ON u BEGIN DELETE FROM "
            "missing; "
            "END",
            "t.a:c");
}

static void what_the_target_breaks_is_a_warning(void **state)
{
    struct plan *plan;
    size_t i;
    bool view = false, trigger = false;

    (void)state;
    run("CREATE TABLE t(a); CREATE VIEW v AS SELECT a FROM t; CREATE TABLE u(x);"
        "CREATE TRIGGER g AFTER INSERT ON u BEGIN INSERT INTO t VALUES (new.x); END");
    plan = plan_to(
        "CREATE TABLE t(c, d); CREATE VIEW v AS SELECT a FROM t; CREATE TABLE u(x);"
        "CREATE TRIGGER g AFTER INSERT ON u BEGIN INSERT INTO t VALUES (new.x); END",
        "t.a:c");
    for (i = 0; i < plan->warnings.count; i++) {
        if (plan->warnings.items[i].kind != WARNING_BROKEN)
            continue;
        view = view || strstr(plan->warnings.items[i].text, "view v") != NULL;
        trigger = trigger || strstr(plan->warnings.items[i].text, "INSERT on u") != NULL;
    }
    assert_true(view);
    assert_true(trigger);
    assert_null(apply(plan));
}

/* ---- the script
 * --------------------------------------------------------------------------------- */

static void the_script_does_the_same(void **state)
{
    struct buf script;

    (void)state;
    make_family();
    run("CREATE TABLE \"x\nDROP TABLE p; --\"(a); CREATE VIEW tail AS SELECT 1 -- end");
    buf_init(&script);
    plan_script(
        plan_to(
            family_with("CREATE TABLE p(id INTEGER PRIMARY KEY AUTOINCREMENT, "
                        "n TEXT NOT NULL, z)",
                        arena_printf(&arena,
                                     "%sCREATE TABLE \"x\nDROP TABLE p; "
                                     "--\"(a INT); CREATE VIEW tail AS SELECT 2 -- end",
                                     strstr(family, "CREATE TABLE c"))),
            NULL),
        &script);
    run(script.data);
    buf_release(&script);
    assert_string_equal(ask("SELECT * FROM c"), "1|3 2|3 3|7");
    assert_string_equal(ask("SELECT * FROM tail"), "2");
    assert_string_equal(ask("SELECT count(*) FROM log"), "0");
    assert_string_equal(ask("SELECT id, n FROM p"), "3|n3 7|n7");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_table_is_rebuilt_only_where_it_must_be),
        TEST(every_change_works_on_rows_and_back),
        TEST(all_changes_of_a_table_are_one_rebuild),
        TEST(a_rebuild_keeps_what_hangs_on_the_table),
        TEST(a_rename_takes_references_along),
        TEST(an_empty_table_keeps_its_counter),
        TEST(rowids_survive_without_an_alias),
        TEST(a_full_text_index_on_the_table_still_answers),
        TEST(a_full_text_table_keeps_its_rows),
        TEST(a_new_full_text_index_is_filled),
        TEST(strings_in_double_quotes_survive_a_rename),
        TEST(keys_to_oneself_survive),
        TEST(a_leftover_of_the_new_name_is_no_obstacle),
        TEST(tables_without_rowid_are_rebuilt),
        TEST(generated_columns_are_not_copied),
        TEST(names_are_exchanged),
        TEST(what_analyze_found_is_renewed),
        TEST(values_are_converted_with_care),
        TEST(rows_that_do_not_fit_refuse_the_plan),
        TEST(conflict_clauses_lose_no_row),
        TEST(a_new_orphan_refuses_the_plan),
        TEST(an_old_orphan_does_not),
        TEST(lost_data_must_be_accepted),
        TEST(a_database_that_changed_refuses_the_plan),
        TEST(a_broken_view_elsewhere_blocks_nothing),
        TEST(what_the_target_breaks_is_a_warning),
        TEST(the_script_does_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
