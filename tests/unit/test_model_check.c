/*
 * test_model_check.c: the rules of a whole schema (check.c, order.c, sqltext.c): each
 * error with its place and code, each warning, and the order in which tables are created.
 */
#include "modelling.h"

#include "../../generator/model/sqltext.h"

static void test_sql_names(void **state)
{
    (void)state;
    modelling_fails(
        "tables:\n"
        "  ts: {columns: {a: text}}\n"
        "  us: {sql_name: TS, columns: {a: text}}\n",
        "t.yaml:5:3: error: the table `TS` has in SQL the name of the table `ts`",
        "t.yaml:4:3: note: first named here");
    modelling_fails("tables:\n"
                    "  ts: {columns: {a: text}, indexes: [{columns: [a], name: x}]}\n"
                    "  us: {columns: {a: text}, indexes: [{columns: [a], name: X}]}\n",
                    "t.yaml:5:", "[Q0210]");
    modelling_fails("tables:\n"
                    "  ts: {columns: {a: text}, indexes: [{columns: [a], name: Us}]}\n"
                    "  us: {columns: {a: text}}\n",
                    "the index `Us` has in SQL the name of the table `us`", "[Q0210]");
    modelling_fails("tables: {ts: {sql_name: SQLite_x, columns: {a: text}}}\n",
                    "start with `sqlite_` are reserved", "[Q0211]");
    modelling_fails("tables: {quarry_ts: {columns: {a: text}}}\n",
                    "start with `quarry_` are reserved", "[Q0211]");
    modelling_fails("tables: {ts: {columns: {a: text, b: {type: text, sql_name: A}}}}\n",
                    "the column `b` has in SQL the name of the column `a`", "[Q0212]");
    modelling_fails("tables: {ts: {columns: {a: text}, checks: [{name: x, sql: a > '1'}, "
                    "{name: X, sql: a > '2'}]}}\n",
                    "two checks are called `X`", "[Q0214]");
}

/* Two indexes on a column that differ in more than their default name. */
static void test_default_names(void **state)
{
    (void)state;
    modelling_fails("tables:\n"
                    "  ts: {columns: {a: text}, indexes: [[a], [a desc]]}\n",
                    "[Q0210]", "give one of them a `name`");
}

static void test_too_many_columns(void **state)
{
    struct buf text;
    size_t i;

    (void)state;
    buf_init(&text);
    buf_adds(&text, "tables:\n  ts:\n    columns:\n");
    for (i = 0; i < 2000; i++)
        buf_addf(&text, "      c%zu: integer\n", i);
    {
        struct modelling m = modelling_good(text.data);

        modelling_free(&m);
    }
    buf_adds(&text, "      one_more: integer\n");
    modelling_fails(text.data, "has 2001 columns; SQLite takes 2000", "[Q0213]");
    buf_release(&text);
}

static void test_expressions(void **state)
{
    static const char *const expressions[][2] = {
        {"(a > 1", "a `)` is missing"},
        {"a > 1) OR (b", "there is a `)` too many"},
        {"a > 'x", "a quote does not end"},
        {"a; DROP", "there is a `;` in it"},
        {"a > 1 /* x", "a comment does not end"},
        {"a, b", "there is a `,` outside"},
        {"-- nothing", "it is empty"}};
    char text[256];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof expressions / sizeof expressions[0]; i++) {
        snprintf(text, sizeof text,
                 "tables: {ts: {columns: {a: integer}, checks: [\"%s\"]}}\n",
                 expressions[i][0]);
        modelling_fails(text, expressions[i][1], "[Q0215]");
    }
    modelling_fails(
        "tables: {ts: {columns: {a: integer, b: {type: integer, generated: (a}}}}\n",
        "a `)` is missing", "[Q0215]");
    modelling_fails(
        "tables: {ts: {columns: {a: integer}, indexes: [{columns: [a], where: a)}]}}\n",
        "t.yaml:3:70", "[Q0215]");
    modelling_fails(
        "tables: {ts: {columns: {a: integer}, indexes: [{columns: [a], where: 'a > 1 "
        "-- x'}]}}\n",
        "a `--` comment can't stand in an index", "[Q0216]");
    modelling_fails(
        "tables: {ts: {columns: {a: integer}, indexes: [{columns: ['a + 1 -- x']}]}}\n",
        "write it as /* comment */", "[Q0216]");
}

static void test_keys(void **state)
{
    (void)state;
    modelling_fails("tables: {ts: {without_rowid: true, columns: {a: text}}}\n",
                    "is without rowid and needs a primary key", "[Q0220]");
    modelling_fails("tables: {ts: {columns: {a: {type: json, primary_key: true}}}}\n",
                    "can't be in a primary key: it is of type json", "[Q0222]");
    modelling_fails("tables: {ts: {columns: {a: labels, b: text}, unique: [[b, a]]}}\n",
                    "`a` can't be in a unique key: it is of type labels", "[Q0222]");
    modelling_fails("tables: {ts: {columns: {a: blob}, indexes: [[a]]}}\n",
                    "`a` can't be in an index: it is of type blob", "[Q0222]");
}

static void test_index_warnings(void **state)
{
    (void)state;
    modelling_fails(
        "tables: {ts: {columns: {a: text}, indexes: [[a], {columns: [a], name: "
        "again}]}}\n",
        "warning: the index `again` is the same as `idx_ts_a`", "[Q0290]");
    modelling_fails(
        "tables: {ts: {columns: {a: {type: text, unique: true}}, indexes: [[a]]}}\n",
        "warning: the index `idx_ts_a` has the columns of a unique constraint",
        "[Q0291]");
    modelling_fails(
        "tables: {ts: {columns: {a: {type: text, primary_key: true}}, indexes: [[a]]}}\n",
        "the columns of the primary key", "[Q0291]");
}

/* ---- cycles and the order of creation --------------------------------------------- */

static void expect_order(const char *tables, const char *expected)
{
    struct modelling m = modelling_good(tables);
    struct buf order;
    size_t i;

    buf_init(&order);
    for (i = 0; i < m.schema->creation.count; i++)
        buf_addf(&order, "%s%s%zu%s", i > 0 ? " " : "", m.schema->creation.items[i]->name,
                 m.schema->creation.items[i]->depth,
                 m.schema->creation.items[i]->refers_to_itself ? "*" : "");
    assert_string_equal(order.data, expected);
    buf_release(&order);
    modelling_free(&m);
}

#define ID "id: {type: integer, primary_key: true}"

static void test_order(void **state)
{
    (void)state;
    expect_order("tables:\n"
                 "  cs: {columns: {" ID ", b: {type: integer, references: bs.id}}}\n"
                 "  ds: {columns: {" ID "}}\n"
                 "  bs: {columns: {" ID ", a: {type: integer, references: as.id}}}\n"
                 "  as: {row: a, columns: {" ID
                 ", up: {type: integer?, references: as.id}}}\n",
                 "as0* bs1 cs2 ds0");
}

static void test_soft_cycles(void **state)
{
    (void)state;
    /* a needs b, b may lack a: b comes first, whichever stands first. */
    expect_order("tables:\n"
                 "  bs: {columns: {" ID ", a: {type: integer?, references: as.id}}}\n"
                 "  as: {row: a, columns: {" ID
                 ", b: {type: integer, references: bs.id}}}\n",
                 "bs0 as1");
    expect_order("tables:\n"
                 "  as: {row: a, columns: {" ID
                 ", b: {type: integer, references: bs.id}}}\n"
                 "  bs: {columns: {" ID ", a: {type: integer?, references: as.id}}}\n",
                 "bs0 as1");
    /* What only hangs on a cycle comes after it. */
    expect_order("tables:\n"
                 "  xs: {columns: {" ID ", a: {type: integer?, references: as.id}}}\n"
                 "  as: {row: a, columns: {" ID
                 ", b: {type: integer?, references: bs.id}}}\n"
                 "  bs: {columns: {" ID ", a: {type: integer, references: as.id}}}\n",
                 "as0 bs1 xs1");
}

static void test_hard_cycles(void **state)
{
    (void)state;
    modelling_fails("tables:\n"
                    "  as: {row: a, columns: {" ID
                    ", c: {type: integer, references: cs.id}}}\n"
                    "  bs: {columns: {" ID ", a: {type: integer, references: as.id}}}\n"
                    "  cs: {columns: {" ID ", b: {type: integer, references: bs.id}}}\n",
                    "no row can ever be inserted", "[Q0230]");
    {
        struct modelling m = modelling_good(
            "tables:\n"
            "  as: {row: a, columns: {" ID
            ", b: {type: integer, references: bs.id, deferrable: "
            "true}}}\n"
            "  bs: {columns: {" ID ", a: {type: integer, references: as.id}}}\n"
            "  cs: {columns: {" ID ", c: {type: integer, references: cs.id}}}\n");

        modelling_free(&m);
    }
}

/* Ten thousand tables, each the parent of the one before: no recursion. */
static void test_deep_chain(void **state)
{
    struct arena arena = {0};
    struct diags *diags = diags_new(&arena);
    struct schema schema = {.name = "t"};
    size_t i, count = 10000;

    (void)state;
    for (i = 0; i < count; i++) {
        struct table *table = ARENA_NEW(&arena, struct table);

        table->name = table->sql_name = table->row = arena_printf(&arena, "t%zu", i);
        *VEC_ADD(&arena, &schema.tables) = table;
    }
    for (i = 0; i + 1 < count; i++)
        VEC_ADD(&arena, &schema.tables.items[i]->foreign_keys)->parent =
            schema.tables.items[i + 1];
    check_schema(&arena, diags, &schema);
    assert_int_equal(diags_errors(diags), 0);
    assert_int_equal(schema.creation.count, count);
    for (i = 0; i < count; i++)
        assert_ptr_equal(schema.creation.items[i], schema.tables.items[count - 1 - i]);
    assert_int_equal(schema.tables.items[0]->depth, count - 1);
    arena_release(&arena);
}

/* ---- SQL text --------------------------------------------------------------------- */

static void test_tokens(void **state)
{
    (void)state;
    assert_true(sql_mentions("lower(Name) > 1", "name"));
    assert_true(sql_mentions("\"a \"\"b\"\"\" = 1", "a \"b\""));
    assert_true(sql_mentions("[odd name] + `x`", "x"));
    assert_true(sql_mentions("ts.name", "name"));
    assert_false(sql_mentions("names + 'name' -- name", "name"));
    assert_false(sql_mentions("/* name */ x'ab'", "name"));
    assert_false(sql_mentions("name2", "name"));
    assert_null(sql_unbalanced("a IN (1, 2) AND ')' <> b /* ( */"));
    assert_non_null(sql_unbalanced(""));
    assert_non_null(sql_unbalanced("\"x"));
    assert_non_null(sql_unbalanced("[x"));
}

static void test_blocks(void **state)
{
    static const char *const cases[][2] = {
        {"  a > 1 \n", "(a > 1)"},
        {"a\n  AND b\n\nAND c", "(\n    a\n      AND b\n\n    AND c\n)"},
        {"a = 'x\ny'\nOR b", "(\n    a = 'x\ny'\n    OR b\n)"},
        {"a -- why", "(\n    a -- why\n)"},
        {"a\r\nb", "(\n    a\n    b\n)"},
    };
    struct buf out;
    size_t i;

    (void)state;
    buf_init(&out);
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        buf_clear(&out);
        sql_add_block(&out, cases[i][0], 0);
        assert_string_equal(out.data, cases[i][1]);
    }
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sql_names),
        cmocka_unit_test(test_default_names),
        cmocka_unit_test(test_too_many_columns),
        cmocka_unit_test(test_expressions),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_index_warnings),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_soft_cycles),
        cmocka_unit_test(test_hard_cycles),
        cmocka_unit_test(test_deep_chain),
        cmocka_unit_test(test_tokens),
        cmocka_unit_test(test_blocks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
