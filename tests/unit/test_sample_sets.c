/*
 * test_sample_sets.c: which rows are the same in a key or unique index, and what the search
 * for sample rows finds; SQLite is the judge of the rows found.
 */
#include "modelling.h"

#include "../../generator/model/judge.h"
#include "../../generator/model/sample.h"
#include "../../generator/model/sample_sets.h"

static struct literal text(const char *value)
{
    return (struct literal){.kind = LITERAL_TEXT, .text = value, .length = strlen(value)};
}

static const char tables[] =
    "tables:\n"
    "  ts:\n"
    "    columns:\n"
    "      id: {type: integer, primary_key: true}\n"
    "      a: {type: text, collation: nocase}\n"
    "      b: {type: text?, unique: true}\n"
    "      c: {type: text, generated: upper(b)}\n"
    "    unique: [[a, b]]\n"
    "    indexes:\n"
    "      - {columns: [a collate binary], unique: true}\n"
    "      - {columns: [lower(b)], unique: true}\n"
    "      - {columns: [a], where: id > 5, unique: true, name: some}\n"
    "      - {columns: [c, a], unique: true}\n";

static void sets_are_found(void **state)
{
    struct modelling m = modelling_good(tables);
    const struct table *t = modelling_table(&m, "ts");
    struct sample_sets sets = sample_sets_of(&m.arena, t);
    static const size_t columns[] = {1, 1, 2, 2, 1, 1, 2, 2};
    static const bool exact[] = {true, true, true, false, true, false, false, false};

    (void)state;
    assert_int_equal(sets.count, 8);
    for (size_t i = 0; i < sets.count; i++) {
        assert_int_equal(sets.items[i].columns.count, columns[i]);
        assert_int_equal(sets.items[i].exact, exact[i]);
    }
    modelling_free(&m);
}

static void rows_clash(void **state)
{
    struct modelling m = modelling_good(tables);
    const struct table *t = modelling_table(&m, "ts");
    struct sample_sets sets = sample_sets_of(&m.arena, t);
    struct literal x[4] = {{.kind = LITERAL_INTEGER, .integer = 7}, text("A"), text("b")};
    struct literal y[4] = {{.kind = LITERAL_INTEGER, .integer = 8}, text("a"), text("b")};
    const struct literal *one = t->samples[1].values, *two = t->samples[2].values;

    (void)state;
    assert_int_equal(sample_clash(t, &sets.items[0], x, y), CLASH_NONE);
    assert_int_equal(sample_clash(t, &sets.items[1], x, y), CLASH_SURE);
    assert_int_equal(sample_clash(t, &sets.items[2], x, y), CLASH_SURE); /* NOCASE */
    assert_int_equal(sample_clash(t, &sets.items[4], x, y), CLASH_NONE); /* BINARY */
    assert_int_equal(sample_clash(t, &sets.items[5], x, y), CLASH_PERHAPS);
    assert_int_equal(sample_clash(t, &sets.items[5], one, two), CLASH_NONE);
    assert_int_equal(sample_clash(t, &sets.items[6], one, one), CLASH_PERHAPS);
    y[2].kind = LITERAL_NULL;
    assert_int_equal(sample_clash(t, &sets.items[1], x, y), CLASH_NONE);
    x[2].kind = LITERAL_NULL;
    assert_int_equal(sample_clash(t, &sets.items[1], x, y), CLASH_NONE);
    modelling_free(&m);
}

static void the_judge_knows_checks(void **state)
{
    struct modelling m = modelling_good("tables:\n"
                                        "  ts:\n"
                                        "    columns:\n"
                                        "      id: {type: integer, primary_key: true}\n"
                                        "      a: integer?\n"
                                        "      b: {type: integer, unique: true}\n"
                                        "    checks: [a < b, b <> 7, a IS NOT 3]\n");
    struct judge *judge = judge_new(&m.arena, m.schema);
    const struct table *t = modelling_table(&m, "ts");
    struct literal row[3] = {{.kind = LITERAL_INTEGER, .integer = 1},
                             {.kind = LITERAL_INTEGER, .integer = 9},
                             {.kind = LITERAL_INTEGER, .integer = 7}};
    const struct literal *twice[] = {row, row};
    bool failed[3];

    (void)state;
    assert_true(judge_is_needed(t));
    assert_true(judge_take(judge, t));
    assert_true(judge_row(judge, row, failed));
    assert_true(failed[0] && failed[1] && !failed[2]);
    assert_false(judge_rows(judge, twice, 1));
    row[1].kind = LITERAL_NULL;
    assert_true(judge_row(judge, row, failed));
    assert_true(!failed[0] && failed[1] && !failed[2]);
    row[2].integer = 8;
    assert_true(judge_rows(judge, twice, 1));
    assert_false(judge_rows(judge, twice, 2));
    row[2].kind = LITERAL_NULL; /* NOT NULL */
    assert_false(judge_row(judge, row, failed));
    judge_free(judge);
    modelling_free(&m);
}

/* How many rows of the table there are. */
static size_t rows_of(const char *table)
{
    struct arena arena = {0};
    struct modelling m = modelling_good(
        arena_printf(&arena, "enums: {side: [left, right]}\ntables:\n%s", table));
    size_t count = modelling_table(&m, "ts")->sample_count;

    modelling_free(&m);
    arena_release(&arena);
    return count;
}

static void as_many_rows_as_can_be(void **state)
{
    (void)state;
    assert_int_equal(rows_of("  ts: {columns: {a: {type: bool, unique: true}}}\n"), 2);
    assert_int_equal(
        rows_of("  ts: {columns: {a: {type: integer, unique: true, one_of: [4]}}}\n"), 1);
    assert_int_equal(rows_of("  ts: {columns: {a: side, b: bool}, unique: [[a, b]]}\n"),
                     3);
    assert_int_equal(
        rows_of("  ts: {columns: {a: side, b: bool}, unique: [[a, b], [b]]}\n"), 2);
    assert_int_equal(
        rows_of(
            "  ts: {columns: {a: {type: integer, primary_key: true, min: 1, max: 2}}}\n"),
        2);
    assert_int_equal(rows_of("  ps: {columns: {id: {type: bool, primary_key: true}}}\n"
                             "  ts:\n"
                             "    columns:\n"
                             "      a: {type: bool, references: ps.id}\n"
                             "      b: {type: bool, references: ps.id}\n"
                             "    primary_key: [a, b]\n"
                             "    checks: [a <> b]\n"),
                     2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(sets_are_found),
                                       cmocka_unit_test(rows_clash),
                                       cmocka_unit_test(the_judge_knows_checks),
                                       cmocka_unit_test(as_many_rows_as_can_be)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
