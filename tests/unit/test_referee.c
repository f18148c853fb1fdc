/*
 * test_referee.c: what SQLite refuses is reported where it stands in the schema: the
 * word, the expression, the index, the seed; and sample rows that a check of the user's
 * excludes.
 */
#include "../../generator/base/workers.h"

#include "../../generator/base/workers.h"

#include "modelling.h"

#include <time.h>

static void test_checks(void **state)
{
    (void)state;
    modelling_fails(
        "tables:\n"
        "  ts:\n"
        "    columns: {a: integer}\n"
        "    checks: [a > 0, \"a < nope\", {name: c, sql: a > 1}]\n",
        "t.yaml:6:26: error: SQLite refuses the check `ts_check_2`: no such column: "
        "nope [Q0240]",
        "      |                          ^~~~\n");
}

static void test_more_checks(void **state)
{
    (void)state;
    modelling_fails("tables:\n"
                    "  ts:\n"
                    "    columns: {a: integer}\n"
                    "    checks:\n"
                    "      - sql: |\n"
                    "          a > 0\n"
                    "            AND a < frobnicate(5)\n",
                    "t.yaml:9:21: error:", "no such function: frobnicate [Q0240]");
    modelling_fails("tables: {ts: {columns: {a: integer}, checks: [\"a > > 1\"]}}\n",
                    "t.yaml:3:52: error:", "near \">\": syntax error [Q0240]");
    modelling_fails(
        "tables: {ts: {columns: {a: integer}, checks: [\"a > (SELECT 1)\"]}}\n",
        "subqueries prohibited in CHECK constraints", "[Q0240]");
    modelling_fails("tables: {ts: {columns: {a: integer}, checks: [\"a > ?1\"]}}\n",
                    "parameters prohibited in CHECK constraints", "[Q0240]");
    modelling_fails(
        "tables: {ts: {columns: {d: date}, checks: [\"d <= date('now')\"]}}\n",
        "t.yaml:3:50: error: SQLite refuses the check `ts_check_1`",
        "non-deterministic use of date() in a CHECK constraint [Q0240]");
}

static void test_generated(void **state)
{
    (void)state;
    modelling_fails(
        "tables: {ts: {columns: {a: integer, b: {type: integer, generated: a + "
        "nope}}}}\n",
        "t.yaml:3:71: error: SQLite refuses the generated column `b`",
        "no such column: nope [Q0241]");
    modelling_fails(
        "tables:\n  ts:\n    columns:\n      a: integer\n      b: {type: integer, "
        "generated: {sql: random() + a, stored: true}}\n",
        "t.yaml:7:43: error: SQLite refuses the generated column `b`", "[Q0241]");
    modelling_fails(
        "tables: {ts: {columns: {a: {type: integer, generated: b}, b: {type: integer, "
        "generated: a}, c: text}}}\n",
        "needs its own value", "[Q0241]");
}

static void test_indexes(void **state)
{
    (void)state;
    modelling_fails("tables: {ts: {columns: {a: text}, indexes: [[a, lower(b)]]}}\n",
                    "t.yaml:3:55: error: SQLite refuses the index",
                    "no such column: b [Q0242]");
    modelling_fails("tables: {ts: {columns: {a: text}, indexes: [[random()]]}}\n",
                    "non-deterministic functions prohibited in index expressions",
                    "[Q0242]");
    modelling_fails(
        "tables: {ts: {columns: {a: text}, indexes: [{columns: [a], where: a > b}]}}\n",
        "t.yaml:3:71: error: SQLite refuses the index", "no such column: b [Q0242]");
    modelling_fails(
        "tables: {ts: {columns: {a: text}, indexes: [{columns: [a], where: a IN "
        "(SELECT 1)}]}}\n",
        "subqueries prohibited in partial index", "[Q0242]");
}

/* One broken table hides no other, and its rows are not tried. */
static void test_several(void **state)
{
    (void)state;
    modelling_reports("tables:\n"
                      "  as: {row: a, columns: {a: integer}, checks: [x > 1, y > 1]}\n"
                      "  bs: {columns: {a: integer}, checks: [z > 1], seed: [{a: 1}]}\n"
                      "  cs: {columns: {a: integer}, indexes: [[lower(q)], {columns: "
                      "[upper(r)], name: i}]}\n",
                      5, "no such column: y", "no such column: r");
}

/* Four batches of tables, `bad` of them with a check that SQLite refuses. */
static void add_tables(struct buf *text, size_t bad)
{
    size_t i;

    buf_adds(text, "tables:\n");
    for (i = 0; i < 200; i++)
        buf_addf(text,
                 "  t_%zu: {row: r_%zu, columns: {a: integer}, checks: [%s%zu > 0]}\n", i,
                 i, i * bad / 200 != (i + 1) * bad / 200 ? "x + " : "a + ", i);
}

/* Who judged which batch, and when it was done, is not to be seen. */
static void test_workers(void **state)
{
    static const size_t bad[] = {1, 3, 99, 100, 101, 200};
    size_t i, workers;

    (void)state;
    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct modelling alone;
        struct buf text;

        buf_init(&text);
        add_tables(&text, bad[i]);
        workers_limit(1);
        alone = modelling(text.data);
        assert_int_equal(diags_errors(alone.diags), bad[i] < 200 ? bad[i] : DIAGS_LIMIT);
        for (workers = 2; workers <= 5; workers++) {
            struct modelling together;

            workers_limit(workers);
            together = modelling(text.data);
            assert_string_equal(together.report, alone.report);
            modelling_free(&together);
        }
        modelling_free(&alone);
        buf_release(&text);
    }
    workers_limit(0);
}

static void test_seeds(void **state)
{
    (void)state;
    modelling_fails("tables:\n"
                    "  ts:\n"
                    "    columns: {a: {type: integer, primary_key: true}}\n"
                    "    seed: [{a: 1}, {a: 2}, {a: 1}]\n",
                    "t.yaml:6:28: error: SQLite refuses this row of `ts`: UNIQUE",
                    "[Q0251]");
    modelling_fails("tables:\n"
                    "  ts:\n"
                    "    columns: {a: {type: integer, examples: [10]}}\n"
                    "    checks: [{name: big, sql: a >= 10}]\n"
                    "    seed: [{a: 9}]\n",
                    "CHECK constraint failed: big", "[Q0251]");
    modelling_fails("tables:\n"
                    "  as: {row: a, columns: {id: {type: integer, primary_key: true}}}\n"
                    "  bs:\n"
                    "    columns: {a_id: {type: integer, references: as.id}}\n"
                    "    seed: [{a_id: 5}]\n",
                    "seed rows of `bs` refer to a row of `as` that does not exist",
                    "[Q0252]");
}

static void test_samples(void **state)
{
    (void)state;
    modelling_fails(
        "tables:\n"
        "  ts:\n"
        "    columns: {a: integer}\n"
        "    checks: [{name: odd, sql: a * a % 100 = 77}]\n",
        "t.yaml:6:31: warning: no tests of `ts`: no row was found that satisfies the "
        "check `odd` [Q0250]",
        "give these columns `examples`");
    {
        struct modelling m = modelling_good(
            "tables:\n"
            "  ts:\n"
            "    columns: {a: {type: integer, examples: [77, 177, -23]}}\n"
            "    checks: [{name: odd, sql: \"abs(a) % 100 IN (77, 23)\"}]\n");

        modelling_free(&m);
    }
}

/* Twice the tables must not take much more than twice the time, in one group or in many.
 */
static double seconds_for(size_t tables, bool chained)
{
    struct buf text;
    struct modelling m;
    clock_t start;
    double seconds;
    size_t i;

    buf_init(&text);
    buf_adds(&text, "tables:\n");
    for (i = 0; i < tables; i++) {
        buf_addf(&text,
                 "  t_%zu:\n    columns:\n      id: {type: integer, primary_key: true}\n"
                 "      name: {type: text, max_length: 9}\n",
                 i);
        if (chained && i > 0)
            buf_addf(&text, "      up: {type: integer, references: t_%zu.id}\n", i - 1);
        buf_adds(&text, "    indexes: [[name]]\n");
    }
    m = modelling_good(text.data);
    start = clock();
    referee_schema(&m.arena, m.diags, m.schema);
    seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    modelling_free(&m);
    buf_release(&text);
    return seconds;
}

static void test_cost(void **state)
{
    int chained;

    (void)state;
    for (chained = 0; chained < 2; chained++) {
        double few = seconds_for(500, chained == 1),
               many = seconds_for(2000, chained == 1);

        if (many > few * 8)
            fail_msg("500 tables take %.3f s, 2000 take %.3f s", few, many);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_checks),    cmocka_unit_test(test_more_checks),
        cmocka_unit_test(test_generated), cmocka_unit_test(test_indexes),
        cmocka_unit_test(test_several),   cmocka_unit_test(test_workers),
        cmocka_unit_test(test_seeds),     cmocka_unit_test(test_samples),
        cmocka_unit_test(test_cost),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
