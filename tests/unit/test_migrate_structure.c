/*
 * test_migrate_structure.c: what is the same structure and what is not, and the steps
 * that a difference is told in.
 */
#include "migrate/diff.h"
#include "migrate/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static const struct structure *structure_of(const char *sql)
{
    const char *error = NULL;
    const struct structure *structure = scratch_structure(&arena, sql, &error);

    if (structure == NULL)
        fail_msg("%s: %s", sql, error);
    return structure;
}

struct pair {
    const char *a, *b;
};

static const struct pair same[] = {
    {"", " -- nothing\n"},
    {"CREATE TABLE t(a INT, b)", "create table [t] (\"a\" int -- x\n, b);"},
    {"CREATE TABLE t(a INTEGER PRIMARY KEY)",
     "CREATE TABLE t(a INTEGER, PRIMARY KEY(a))"},
    {"CREATE TABLE t(a INTEGER PRIMARY KEY)",
     "CREATE TABLE t(a INTEGER NOT NULL PRIMARY KEY)"},
    {"CREATE TABLE t(a UNIQUE, b UNIQUE)", "CREATE TABLE t(a, b, UNIQUE(b), UNIQUE(a))"},
    {"CREATE TABLE t(a CHECK (a > 0))", "CREATE TABLE t(a, CHECK ((t.a>0)))"},
    {"CREATE TABLE p(x PRIMARY KEY); CREATE TABLE t(a REFERENCES p)",
     "CREATE TABLE t(a, FOREIGN KEY (a) REFERENCES P(x) ON DELETE NO ACTION MATCH "
     "SIMPLE);"
     "CREATE TABLE p(x PRIMARY KEY)"},
    {"CREATE TABLE t(a REFERENCES p(x) DEFERRABLE INITIALLY IMMEDIATE)",
     "CREATE TABLE t(a CONSTRAINT f REFERENCES p(x) NOT DEFERRABLE)"},
    {"CREATE TABLE t(a DEFAULT (1), b DEFAULT \"x\")",
     "CREATE TABLE t(a DEFAULT 1, b DEFAULT 'x')"},
    {"CREATE TABLE t(a COLLATE BINARY, b NULL)", "CREATE TABLE t(a, b)"},
    {"CREATE TABLE t(a, b AS (a + 1))",
     "CREATE TABLE t(a, b GENERATED ALWAYS AS (a+1) VIRTUAL)"},
    {"CREATE TABLE t(a VARCHAR(40))", "CREATE TABLE t(a varchar ( 40 ))"},
    {"CREATE TABLE t(a NOT NULL ON CONFLICT ABORT)", "CREATE TABLE t(a NOT NULL)"},
    {"CREATE TABLE t(a TEXT PRIMARY KEY) WITHOUT ROWID",
     "CREATE TABLE t(a TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID"},
    {"CREATE TABLE t(a); CREATE INDEX i ON t(a ASC) WHERE (a > 1)",
     "CREATE TABLE t(a); CREATE INDEX main.i ON T ([a]) WHERE a>1;"},
    {"CREATE TABLE t(a); CREATE TRIGGER x INSERT ON t BEGIN SELECT 1; END",
     "CREATE TABLE t(a); CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW BEGIN SELECT "
     "1; "
     "END;"},
    {"CREATE TABLE t(a INTEGER DEFAULT 0)", "CREATE TABLE t(a INTEGER DEFAULT 0.0)"},
    {"CREATE TABLE t(a INT DEFAULT -16)", "CREATE TABLE t(a INT DEFAULT (-0x10))"},
    {"CREATE TABLE t(a REAL DEFAULT 1e3)", "CREATE TABLE t(a REAL DEFAULT +1000)"},
    {"CREATE TABLE t(a); CREATE TRIGGER x AFTER INSERT ON t WHEN new.a BEGIN SELECT 1; "
     "END",
     "CREATE TABLE t(a); CREATE TRIGGER x AFTER INSERT ON t WHEN ((new.a)) BEGIN SELECT "
     "1; END"},
    {"CREATE TABLE t(a DEFAULT Word)", "CREATE TABLE t(a DEFAULT 'Word')"},
    {"CREATE TABLE t(a DEFAULT \"A b\")", "CREATE TABLE t(a DEFAULT 'A b')"},
    {"CREATE TABLE t(a DEFAULT true)", "CREATE TABLE t(a DEFAULT TRUE)"},
    {"CREATE TABLE t(a); CREATE TABLE u(b)", "CREATE TABLE u(b); CREATE TABLE t(a)"},
    {"CREATE VIRTUAL TABLE f USING fts5(a, b)",
     "CREATE VIRTUAL TABLE f USING FTS5 (a,b)"},
};

static const struct pair different[] = {
    {"CREATE TABLE t(a)", ""},
    {"CREATE TABLE t(a)", "CREATE TABLE T(a)"},
    {"CREATE TABLE t(a)", "CREATE TABLE t(A)"},
    {"CREATE TABLE t(a, b)", "CREATE TABLE t(b, a)"},
    {"CREATE TABLE t(a INT)", "CREATE TABLE t(a INTEGER)"},
    {"CREATE TABLE t(a INTEGER PRIMARY KEY)",
     "CREATE TABLE t(a INTEGER PRIMARY KEY DESC)"},
    {"CREATE TABLE t(a INTEGER PRIMARY KEY)",
     "CREATE TABLE t(a INTEGER PRIMARY KEY AUTOINCREMENT)"},
    {"CREATE TABLE t(a INTEGER PRIMARY KEY DESC)",
     "CREATE TABLE t(a INTEGER, PRIMARY KEY (a DESC))"},
    {"CREATE TABLE t(a NOT NULL)", "CREATE TABLE t(a)"},
    {"CREATE TABLE t(a INT PRIMARY KEY)", "CREATE TABLE t(a INT NOT NULL PRIMARY KEY)"},
    {"CREATE TABLE t(a NOT NULL)", "CREATE TABLE t(a NOT NULL ON CONFLICT IGNORE)"},
    {"CREATE TABLE t(a DEFAULT 'X')", "CREATE TABLE t(a DEFAULT 'x')"},
    {"CREATE TABLE t(a DEFAULT Word)", "CREATE TABLE t(a DEFAULT word)"},
    {"CREATE TABLE t(a); CREATE TRIGGER x AFTER INSERT ON t WHEN new.a BEGIN SELECT 1; "
     "END",
     "CREATE TABLE t(a); CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; END"},
    {"CREATE TABLE t(a); CREATE TRIGGER x AFTER INSERT ON t WHEN new.a BEGIN SELECT 1; "
     "END",
     "CREATE TABLE t(a); CREATE TRIGGER x AFTER INSERT ON t WHEN (new.a) = (1) BEGIN "
     "SELECT 1; END"},
    {"CREATE TABLE t(a DEFAULT true)", "CREATE TABLE t(a DEFAULT 'true')"},
    {"CREATE TABLE t(a DEFAULT 1)", "CREATE TABLE t(a DEFAULT '1')"},
    {"CREATE TABLE t(a DEFAULT 1)", "CREATE TABLE t(a DEFAULT 1.0)"},
    {"CREATE TABLE t(a TEXT DEFAULT 1)", "CREATE TABLE t(a TEXT DEFAULT 1.0)"},
    {"CREATE TABLE t(a INTEGER DEFAULT 1)", "CREATE TABLE t(a INTEGER DEFAULT -1)"},
    {"CREATE TABLE t(a INTEGER DEFAULT 1)", "CREATE TABLE t(a INTEGER DEFAULT (1 + 0))"},
    {"CREATE TABLE t(a NUMERIC DEFAULT 9007199254740993)",
     "CREATE TABLE t(a NUMERIC DEFAULT 9007199254740992.0)"},
    {"CREATE TABLE t(a COLLATE NOCASE)", "CREATE TABLE t(a)"},
    {"CREATE TABLE t(a UNIQUE)", "CREATE TABLE t(a)"},
    {"CREATE TABLE t(a UNIQUE)", "CREATE TABLE t(a UNIQUE ON CONFLICT REPLACE)"},
    {"CREATE TABLE t(a UNIQUE)", "CREATE TABLE t(a); CREATE UNIQUE INDEX i ON t(a)"},
    {"CREATE TABLE t(a, b, UNIQUE(a, b))", "CREATE TABLE t(a, b, UNIQUE(b, a))"},
    {"CREATE TABLE t(a, b, UNIQUE(a))", "CREATE TABLE t(a, b, UNIQUE(a DESC))"},
    {"CREATE TABLE t(a CHECK (a > 0))", "CREATE TABLE t(a CHECK (a > 1))"},
    {"CREATE TABLE t(a CONSTRAINT x CHECK (a > 0))", "CREATE TABLE t(a CHECK (a > 0))"},
    {"CREATE TABLE t(a CHECK (a > 0), CHECK (a > 0))", "CREATE TABLE t(a CHECK (a > 0))"},
    {"CREATE TABLE t(a REFERENCES p)", "CREATE TABLE t(a REFERENCES q)"},
    {"CREATE TABLE t(a REFERENCES p ON DELETE CASCADE)",
     "CREATE TABLE t(a REFERENCES p)"},
    {"CREATE TABLE t(a REFERENCES p DEFERRABLE INITIALLY DEFERRED)",
     "CREATE TABLE t(a REFERENCES p)"},
    {"CREATE TABLE t(a CONSTRAINT x REFERENCES p)",
     "CREATE TABLE t(a CONSTRAINT y REFERENCES p)"},
    {"CREATE TABLE t(a, b AS (a))", "CREATE TABLE t(a, b AS (a) STORED)"},
    {"CREATE TABLE t(a INT) STRICT", "CREATE TABLE t(a INT)"},
    {"CREATE TABLE t(a PRIMARY KEY NOT NULL) WITHOUT ROWID",
     "CREATE TABLE t(a PRIMARY KEY NOT NULL)"},
    {"CREATE TABLE t(a); CREATE INDEX i ON t(a)",
     "CREATE TABLE t(a); CREATE UNIQUE INDEX i ON t(a)"},
    {"CREATE TABLE t(a); CREATE INDEX i ON t(a)",
     "CREATE TABLE t(a); CREATE INDEX i ON t(a) WHERE a > 0"},
    {"CREATE TABLE t(a); CREATE INDEX i ON t(a)",
     "CREATE TABLE t(a); CREATE INDEX i ON t(a COLLATE NOCASE)"},
    {"CREATE TABLE t(a); CREATE INDEX i ON t(a)",
     "CREATE TABLE t(a); CREATE INDEX j ON t(a)"},
    {"CREATE VIEW v AS SELECT 'A' a", "CREATE VIEW v AS SELECT 'a' a"},
    {"CREATE VIEW v AS SELECT \"A\" a", "CREATE VIEW v AS SELECT \"a \" a"},
    {"CREATE VIEW v(a) AS SELECT 1", "CREATE VIEW v(b) AS SELECT 1"},
    {"CREATE TABLE t(a); CREATE TRIGGER x INSERT ON t BEGIN SELECT 1; END",
     "CREATE TABLE t(a); CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; END"},
    {"CREATE VIRTUAL TABLE f USING fts5(a)", "CREATE VIRTUAL TABLE f USING fts5(b)"},
};

static void equal_structures_are_equal(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof same / sizeof *same; i++) {
        const struct structure *a = structure_of(same[i].a), *b = structure_of(same[i].b);

        if (!structure_equal(a, b) || !structure_equal(b, a))
            fail_msg("different: %s | %s", same[i].a, same[i].b);
    }
}

static void different_structures_are_different(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof different / sizeof *different; i++) {
        const struct structure *a = structure_of(different[i].a);
        const struct structure *b = structure_of(different[i].b);

        if (structure_equal(a, b) || structure_equal(b, a))
            fail_msg("equal: %s | %s", different[i].a, different[i].b);
        assert_true(structure_equal(a, a));
        assert_true(structure_equal(b, b));
    }
}

/* ---- steps ------------------------------------------------------------------------ */

/* All steps' texts, a line each. */
static const char *steps(const char *from, const char *to, const char *rename)
{
    struct rename_text renames = {&rename, rename != NULL};
    const char *error = NULL, *text = "";
    struct diff *diff =
        diff_structures(&arena, structure_of(from), structure_of(to), &renames, &error);
    size_t i;

    if (diff == NULL)
        return error;
    for (i = 0; i < diff->steps.count; i++)
        text = arena_printf(&arena, "%s%s%s\n", text, diff->steps.items[i].text,
                            diff->steps.items[i].destroys ? " (destroys)" : "");
    return text;
}

static void steps_say_what_changes(void **state)
{
    (void)state;
    assert_string_equal(steps("CREATE TABLE t(a INT)",
                              "CREATE TABLE t(a TEXT NOT NULL, b REAL DEFAULT 1.5)",
                              NULL),
                        "alter column t.a: type INT to TEXT, not null\n"
                        "add column t.b: REAL default 1.5\n");
    assert_string_equal(
        steps("CREATE TABLE t(a TEXT, b)", "CREATE TABLE t(a INT)", NULL),
        "drop column t.b (destroys)\nalter column t.a: type TEXT to INT (destroys)\n");
    assert_string_equal(steps("CREATE TABLE t(a)", "CREATE VIEW t AS SELECT 1", NULL),
                        "drop table t (destroys)\ncreate view t\n");
    assert_string_equal(
        steps("CREATE TABLE t(a INT)",
              "CREATE TABLE t(a INT UNIQUE CHECK (a > 0) REFERENCES t(a)) STRICT", NULL),
        "alter table t: strict\nadd unique (a) to t\n"
        "add foreign key (a) references t (a) to t\nadd check (a > 0) to t\n");
}

static void renames_are_only_what_is_told(void **state)
{
    (void)state;
    assert_string_equal(steps("CREATE TABLE a(x)", "CREATE TABLE b(x)", NULL),
                        "drop table a (destroys)\ncreate table b\n");
    assert_string_equal(steps("CREATE TABLE a(x)", "CREATE TABLE b(x)", "a:b"),
                        "rename table a to b\n");
    assert_string_equal(steps("CREATE TABLE a(x)", "CREATE TABLE a(y)", "a.x:y"),
                        "rename column a.x to y\n");
    assert_string_equal(steps("CREATE TABLE a(x)", "CREATE TABLE A(X)", NULL),
                        "rename table a to A\nrename column A.x to X\n");
    assert_string_equal(steps("CREATE TABLE \"a:b.c\"(\"x.y\")",
                              "CREATE TABLE \"a:b.c\"(\"z:z\")", "a:b.c.x.y:z:z"),
                        "rename column a:b.c.x.y to z:z\n");
}

/* What follows a rename is no difference: foreign keys, checks, indexes, generated. */
static void what_follows_a_rename_is_no_step(void **state)
{
    (void)state;
    assert_string_equal(
        steps("CREATE TABLE p(id INTEGER PRIMARY KEY, n CHECK (n <> 'n'), g AS (n));"
              "CREATE INDEX i ON p(lower(n)) WHERE n > 0;"
              "CREATE TABLE c(r REFERENCES p(id))",
              "CREATE TABLE p(id INTEGER PRIMARY KEY, m CHECK (m <> 'n'), g AS (m));"
              "CREATE INDEX i ON p(lower(m)) WHERE m > 0;"
              "CREATE TABLE c(r REFERENCES p(id))",
              "p.n:m"),
        "rename column p.n to m\n");
    assert_string_equal(
        steps("CREATE TABLE p(id PRIMARY KEY); CREATE TABLE c(r REFERENCES p)",
              "CREATE TABLE q(id PRIMARY KEY); CREATE TABLE c(r REFERENCES q)", "p:q"),
        "rename table p to q\n");
}

static void wrong_renames_are_refused(void **state)
{
    static const char *const wrong[] = {"",    ":",      "t",     "t:",     ":t",
                                        "x:y", "t.a:zz", "t.z:b", "t.a.b:b"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_non_null(strstr(steps("CREATE TABLE t(a)", "CREATE TABLE t(b)", wrong[i]),
                               "no such table or column"));
}

static void two_renames_to_one_name_are_refused(void **state)
{
    const char *texts[] = {"t.a:c", "t.b:c"};
    struct rename_text renames = {texts, 2};
    const char *error = NULL;

    (void)state;
    assert_null(diff_structures(&arena, structure_of("CREATE TABLE t(a, b)"),
                                structure_of("CREATE TABLE t(c)"), &renames, &error));
    assert_non_null(strstr(error, "two renames"));
}

/* Rows of the proof that such a column refuses are no fault of the migration. */
static void strict_tables_refuse_values(void **state)
{
    static const struct {
        const char *from, *to;
        bool risk;
    } types[] = {
        {"TEXT", "INTEGER", true},  {"TEXT", "REAL", true},    {"TEXT", "BLOB", true},
        {"BLOB", "TEXT", true},     {"BLOB", "INTEGER", true}, {"REAL", "INTEGER", true},
        {"INTEGER", "BLOB", true},  {"ANY", "INTEGER", true},  {"INTEGER", "REAL", false},
        {"INTEGER", "TEXT", false}, {"REAL", "TEXT", false},   {"INT", "INTEGER", false},
        {"TEXT", "ANY", false},     {"BLOB", "ANY", false},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof types / sizeof *types; i++) {
        const char *error = NULL,
                   *to = arena_printf(&arena, "CREATE TABLE t(a %s) STRICT", types[i].to);
        struct diff *diff =
            diff_structures(&arena,
                            structure_of(arena_printf(
                                &arena, "CREATE TABLE t(a %s) STRICT", types[i].from)),
                            structure_of(to), NULL, &error);

        if ((diff->steps.items[0].risk != NULL) != types[i].risk)
            fail_msg("%s to %s", types[i].from, types[i].to);
    }
}

/* ---- scratch databases ------------------------------------------------------------ */

static void functions_of_the_application_do_no_harm(void **state)
{
    (void)state;
    structure_of("CREATE TABLE t(a COLLATE unicase CHECK (mine(a)), b AS (theirs(a, 1)));"
                 "CREATE INDEX i ON t(slug(a)); INSERT INTO t VALUES ('x');"
                 "CREATE VIEW v AS SELECT other(a) FROM t");
}

static void sql_reaches_no_file(void **state)
{
    const char *error = NULL;

    (void)state;
    assert_null(
        scratch_structure(&arena, "ATTACH '/tmp/quarry_must_not_exist' AS x", &error));
    assert_null(
        scratch_structure(&arena, "VACUUM INTO '/tmp/quarry_must_not_exist'", &error));
}

static void wrong_sql_is_reported_with_its_line(void **state)
{
    const char *error = NULL;

    (void)state;
    assert_null(
        scratch_structure(&arena, "CREATE TABLE t(a);\n\nCREATE TABLE t(b);", &error));
    assert_string_equal(error, "line 3: table t already exists");
    assert_null(scratch_structure(&arena, "nonsense", &error));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(equal_structures_are_equal, tear_down),
        cmocka_unit_test_teardown(different_structures_are_different, tear_down),
        cmocka_unit_test_teardown(steps_say_what_changes, tear_down),
        cmocka_unit_test_teardown(renames_are_only_what_is_told, tear_down),
        cmocka_unit_test_teardown(what_follows_a_rename_is_no_step, tear_down),
        cmocka_unit_test_teardown(wrong_renames_are_refused, tear_down),
        cmocka_unit_test_teardown(two_renames_to_one_name_are_refused, tear_down),
        cmocka_unit_test_teardown(strict_tables_refuse_values, tear_down),
        cmocka_unit_test_teardown(functions_of_the_application_do_no_harm, tear_down),
        cmocka_unit_test_teardown(sql_reaches_no_file, tear_down),
        cmocka_unit_test_teardown(wrong_sql_is_reported_with_its_line, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
