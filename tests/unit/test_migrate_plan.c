/*
 * test_migrate_plan.c: plans made and applied to databases with rows, foreign keys on:
 * what is altered and what rebuilt, what survives.
 */
#include "family_trial.h"

/* ---- ALTER or rebuild ------------------------------------------------------------- */

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

/* ---- what survives ---------------------------------------------------------------- */

/* ---- what survives -------------------------------------------------------------- */

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

int main(void)
{
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
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
