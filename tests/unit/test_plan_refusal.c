/*
 * test_plan_refusal.c: plans that are refused, and that a refusal leaves everything as it
 * was; views and triggers that do not compile; the script of a plan.
 */
#include "family_trial.h"

/* ---- what is refused -------------------------------------------------------------- */

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

/* ---- views and triggers that do not compile --------------------------------------- */

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

/* ---- the script ------------------------------------------------------------------- */

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
    const struct CMUnitTest tests[] = {
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
