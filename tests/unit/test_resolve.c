/*
 * test_resolve.c: keys, constraints, references, indexes and seeds as they come out of
 * resolving. What has to be refused, with its exact place, stands in tests/must_fail/.
 */
#include "loading.h"

#include <time.h>

#define ID "id: {type: integer, primary_key: true}"

/* ---- primary keys ------------------------------------------------------------- */

static void key_is(const char *table, bool is_rowid, bool assigned, const char *columns)
{
    struct loading l;
    const struct primary_key *key;
    char text[512];

    snprintf(text, sizeof text,
             "enums: {level: {storage: integer, values: {a: 1}}}\n"
             "tables:\n  t: {%s}\n",
             table);
    l = loading_good(text);
    key = &loading_table(&l, "t")->key;
    assert_string_equal(loading_names(&l, &key->columns), columns);
    if (key->is_rowid != is_rowid || key->assigned != assigned)
        fail_msg("%s: rowid %d, assigned %d", table, key->is_rowid, key->assigned);
    loading_free(&l);
}

static void test_primary_keys(void **state)
{
    (void)state;
    key_is("columns: {a: text}", false, false, "");
    key_is("columns: {a: {type: integer, primary_key: true}}", true, true, "a");
    key_is("columns: {a: integer}, primary_key: [a]", true, true, "a");
    key_is("columns: {a: {type: int32, primary_key: true}}", true, false, "a");
    key_is("columns: {a: {type: timestamp, primary_key: true}}", true, false, "a");
    key_is("columns: {a: {type: level, primary_key: true}}", true, false, "a");
    key_is("columns: {a: {type: text, primary_key: true}}", false, false, "a");
    key_is("columns: {a: integer, b: integer}, primary_key: [b, a]", false, false, "b a");
    key_is("without_rowid: true, columns: {a: {type: integer, primary_key: true}}", false,
           false, "a");
    key_is("columns: {a: {type: integer, primary_key: true, sql_type: INT}}", false,
           false, "a");
    key_is("columns: {a: {type: integer, primary_key: true, sql_type: integer}}", true,
           true, "a");
    key_is("strict: false, columns: {a: {type: integer, primary_key: true, sql_type: "
           "BIGINT}}",
           false, false, "a");
    key_is("columns: {a: {type: integer, primary_key: false}}", false, false, "");
}

static void test_key_positions(void **state)
{
    struct loading l = loading_good(
        "tables: {t: {columns: {a: text, b: text, c: text}, primary_key: [c, a]}}\n");

    (void)state;
    assert_int_equal(loading_column(&l, "t", "a")->key_position, 2);
    assert_int_equal(loading_column(&l, "t", "b")->key_position, 0);
    assert_int_equal(loading_column(&l, "t", "c")->key_position, 1);
    loading_free(&l);
}

static void test_autoincrement(void **state)
{
    struct loading l =
        loading_good("tables: {t: {columns: {id: {type: integer, autoincrement: "
                     "true}}, primary_key: [id]}}\n");

    (void)state;
    assert_true(loading_table(&l, "t")->key.autoincrement);
    loading_free(&l);
}

/* ---- unique constraints, checks ----------------------------------------------- */

static void test_uniques(void **state)
{
    struct loading l =
        loading_good("tables:\n  t:\n    columns: {" ID
                     ", a: {type: text, unique: true}, b: text, c: {type: "
                     "text, collation: nocase}}\n    unique: [[b, a], {columns: [b, c], "
                     "name: \"Own Name\"}]\n"
                     "    indexes:\n"
                     "      - {columns: [b desc], unique: true}\n"
                     "      - {columns: [c collate nocase], unique: true, name: same}\n"
                     "      - {columns: [c collate binary], unique: true, name: other}\n"
                     "      - {columns: [a, c], unique: true, where: a > 'x'}\n"
                     "      - {columns: [lower(b)], unique: true}\n");
    const struct table *t = loading_table(&l, "t");

    (void)state;
    assert_int_equal(t->uniques.count, 5);
    assert_string_equal(t->uniques.items[0].name, "t_a_unique");
    assert_string_equal(t->uniques.items[1].name, "t_b_a_unique");
    assert_string_equal(loading_names(&l, &t->uniques.items[1].columns), "b a");
    assert_string_equal(t->uniques.items[2].name, "Own Name");
    assert_true(t->uniques.items[2].is_constraint);
    assert_string_equal(t->uniques.items[3].name, "idx_t_b");
    assert_string_equal(t->uniques.items[4].name, "same");
    assert_false(t->uniques.items[4].is_constraint);
    loading_free(&l);
}

static void test_checks(void **state)
{
    struct loading l =
        loading_good("tables: {t: {columns: {" ID "}, checks: [id > 0, {sql: id < 9, "
                     "name: \"at most\"}, id <> 5]}}\n");
    const struct table *t = loading_table(&l, "t");

    (void)state;
    assert_int_equal(t->checks.count, 3);
    assert_string_equal(t->checks.items[0].name, "t_check_1");
    assert_string_equal(t->checks.items[1].name, "at most");
    assert_string_equal(t->checks.items[2].name, "t_check_3");
    assert_string_equal(t->checks.items[2].sql, "id <> 5");
    loading_free(&l);
}

static void test_warnings(void **state)
{
    (void)state;
    loading_fails("tables: {t: {columns: {" ID
                  ", a: {type: text, unique: true}}, unique: [[a]]}}\n",
                  "warning: these columns are unique already [Q0190]");
    loading_fails("tables: {t: {columns: {" ID ", a: text}, unique: [[id]]}}\n",
                  "[Q0190]");
    loading_fails("tables: {t: {columns: {" ID ", a: {type: integer, references: t.id}}, "
                  "foreign_keys: [{columns: [a], references: [t.id]}]}}\n",
                  "warning: these columns refer to `t` already [Q0191]");
    loading_fails("tables: {t: {strict: false, columns: {" ID
                  ", a: {type: text, sql_type: "
                  "\"NUMERIC(10, 2)\"}}}}\n",
                  "turns '007' into 7 [Q0192]");
}

static void test_sql_types(void **state)
{
    struct loading l = loading_good("tables:\n  loose: {strict: false, columns: {a: "
                                    "{type: text, sql_type: VARCHAR(40)}, b: "
                                    "{type: real, sql_type: \"DECIMAL(10, 2)\"}, c: "
                                    "{type: integer, sql_type: UNSIGNED BIG "
                                    "INT}, d: {type: text, sql_type: \"\"}, e: {type: "
                                    "timestamp, sql_type: DATETIME}, f: "
                                    "{type: real, sql_type: double precision}}}\n"
                                    "  strict: {columns: {a: {type: text, sql_type: "
                                    "any}, b: {type: integer, sql_type: int}, "
                                    "c: {type: bool, sql_type: INTEGER}}}\n");

    (void)state;
    assert_string_equal(loading_column(&l, "loose", "a")->sql_type, "VARCHAR(40)");
    assert_string_equal(loading_column(&l, "loose", "d")->sql_type, "");
    assert_string_equal(loading_column(&l, "strict", "b")->sql_type, "int");
    loading_free(&l);
}

/* ---- indexes ------------------------------------------------------------------ */

static void term_is(const char *yaml, const char *column, const char *sql,
                    const char *collation, bool descending, const char *name)
{
    struct loading l;
    const struct index *index;
    const struct index_term *term;
    char text[512];

    snprintf(text, sizeof text,
             "tables: {t: {columns: {" ID ", name: text, a_b: text}, indexes: [[%s]]}}\n",
             yaml);
    l = loading_good(text);
    index = &loading_table(&l, "t")->indexes.items[0];
    term = &index->terms.items[0];
    if (column != NULL)
        assert_string_equal(term->column->name, column);
    else
        assert_string_equal(term->sql, sql);
    assert_true((term->sql == NULL) == (sql == NULL));
    assert_true((term->collation == NULL) == (collation == NULL));
    if (collation != NULL)
        assert_string_equal(term->collation, collation);
    assert_true(term->descending == descending);
    assert_string_equal(index->name, name);
    loading_free(&l);
}

static void test_terms(void **state)
{
    (void)state;
    term_is("name", "name", NULL, NULL, false, "idx_t_name");
    term_is("name asc", "name", NULL, NULL, false, "idx_t_name");
    term_is("a_b  DESC ", "a_b", NULL, NULL, true, "idx_t_a_b");
    term_is("name collate nocase", "name", NULL, "NOCASE", false, "idx_t_name");
    term_is("name COLLATE Rtrim desc", "name", NULL, "RTRIM", true, "idx_t_name");
    term_is("name collate BINARY", "name", NULL, "BINARY", false, "idx_t_name");
    term_is("lower(name)", NULL, "lower(name)", NULL, false, "idx_t_expr");
    term_is("lower(name)desc", NULL, "lower(name)", NULL, true, "idx_t_expr");
    term_is("lower(name) ASC", NULL, "lower(name)", NULL, false, "idx_t_expr");
    term_is("id + 1 desc", NULL, "id + 1", NULL, true, "idx_t_expr");
    term_is("\"name || 'desc'\"", NULL, "name || 'desc'", NULL, false, "idx_t_expr");
    term_is("\"id + a_desc\"", NULL, "id + a_desc", NULL, false, "idx_t_expr");
    term_is("\"lower(name), id\"", NULL, "lower(name), id", NULL, false, "idx_t_expr");
}

static void test_indexes(void **state)
{
    struct loading l =
        loading_good("tables: {t: {columns: {" ID
                     ", a: text, b: text}, indexes: [[a, b desc], {columns: [a, "
                     "lower(b)], where: b > 'x', unique: true}, {columns: [b], name: "
                     "\"Own One\"}]}}\n");
    const struct table *t = loading_table(&l, "t");

    (void)state;
    assert_int_equal(t->indexes.count, 3);
    assert_string_equal(t->indexes.items[0].name, "idx_t_a_b");
    assert_null(t->indexes.items[0].where);
    assert_string_equal(t->indexes.items[1].name, "idx_t_a_expr");
    assert_string_equal(t->indexes.items[1].where, "b > 'x'");
    assert_true(t->indexes.items[1].unique);
    assert_string_equal(t->indexes.items[2].name, "Own One");
    loading_free(&l);
}

/* ---- references --------------------------------------------------------------- */

static void test_references(void **state)
{
    struct loading l = loading_good(
        "tables:\n"
        "  child:\n"
        "    columns:\n"
        "      " ID "\n"
        "      up: {type: integer?, references: child.id, on_delete: set_null, "
        "on_update: "
        "cascade, deferrable: true}\n"
        "      code: {type: text, references: parent.code, on_delete: restrict}\n"
        "      x: {type: integer, default: 1}\n"
        "      y: integer\n"
        "    foreign_keys:\n"
        "      - {columns: [x, y], references: [parent.b, parent.a], on_delete: cascade, "
        "name: "
        "\"F K\"}\n"
        "      - {columns: [y, x], references: [parent.c, parent.b]}\n"
        "  parent: {columns: {a: integer, b: integer, c: integer, code: {type: text, "
        "unique: "
        "true}}, primary_key: [a, b], indexes: [{columns: [b, c], unique: true}]}\n");
    const struct table *t = loading_table(&l, "child");
    const struct foreign_key *k = t->foreign_keys.items;

    (void)state;
    assert_int_equal(t->foreign_keys.count, 4);
    assert_ptr_equal(k[0].parent, t);
    assert_string_equal(k[0].name, "child_up_fkey");
    assert_true(k[0].on_delete == FK_SET_NULL && k[0].on_update == FK_CASCADE);
    assert_true(k[0].deferrable && !k[1].deferrable);
    assert_true(k[1].on_delete == FK_RESTRICT && k[1].on_update == FK_NO_ACTION);
    assert_ptr_equal(k[1].parent, loading_table(&l, "parent"));
    assert_string_equal(k[2].name, "F K");
    assert_string_equal(loading_names(&l, &k[2].columns), "x y");
    assert_string_equal(loading_names(&l, &k[2].parent_columns), "b a");
    assert_string_equal(k[3].name, "child_y_x_fkey");
    assert_string_equal(loading_names(&l, &k[3].parent_columns), "c b");
    loading_free(&l);
}

static void test_references_of_mixins(void **state)
{
    struct loading l =
        loading_good("mixins: {owned: {owner: {type: integer, references: a.id}}}\n"
                     "tables: {a: {use: [owned], columns: {" ID "}}, b: {use: "
                     "[owned], columns: {" ID "}}}\n");

    (void)state;
    assert_int_equal(loading_table(&l, "a")->foreign_keys.count, 1);
    assert_ptr_equal(loading_table(&l, "b")->foreign_keys.items[0].columns.items[0],
                     loading_column(&l, "b", "owner"));
    loading_free(&l);
}

/* ---- seeds -------------------------------------------------------------------- */

static void test_seeds(void **state)
{
    struct loading l = loading_good("enums: {e: [x, y]}\ntables: {t: {columns: {" ID
                                    ", a: text, b: {type: integer, default: "
                                    "7}, c: e?, d: {type: integer, generated: b + 1}}, "
                                    "seed: [{a: p}, {id: 5, a: \"\", b: 0, "
                                    "c: y}, {c: null, a: q}]}}\n");
    const struct table *t = loading_table(&l, "t");
    const struct seed *s = t->seeds.items;

    (void)state;
    assert_int_equal(t->seeds.count, 3);
    assert_true(!s[0].given[0] && s[0].given[1] && !s[0].given[2] && !s[0].given[4]);
    assert_string_equal(s[0].values[1].text, "p");
    assert_true(s[0].values[2].integer == 7);
    assert_int_equal(s[0].values[3].kind, LITERAL_NULL);
    assert_true(s[1].given[0] && s[1].values[0].integer == 5 &&
                s[1].values[2].integer == 0);
    assert_string_equal(s[1].values[3].enumerator->name, "y");
    assert_true(s[2].given[3] && s[2].values[3].kind == LITERAL_NULL);
    loading_free(&l);
}

/* ---- cost --------------------------------------------------------------------- */

static double seconds_for(unsigned tables)
{
    clock_t start;
    struct buf text;
    unsigned i;
    struct loading l;

    buf_init(&text);
    buf_adds(&text, "mixins: {m: {created: {type: timestamp, default: now}}}\ntables:\n");
    for (i = 0; i < tables; i++)
        buf_addf(&text,
                 "  t%u: {use: [m], columns: {" ID
                 ", a: {type: text, default: x, max_length: 9}, "
                 "b: {type: integer?, references: t%u.id, on_delete: set_null}, c: text, "
                 "d: int32, "
                 "e: bool}, indexes: [[a, b desc]], unique: [[c]]}\n",
                 i, (i * 7 + 1) % tables);
    start = clock();
    l = loading_good(text.data);
    assert_int_equal(l.schema->tables.count, tables);
    loading_free(&l);
    buf_release(&text);
    return (double)(clock() - start) / CLOCKS_PER_SEC;
}

static void test_cost_is_linear(void **state)
{
    double small = seconds_for(500), large = seconds_for(4000);

    (void)state;
    if (large > 8 * 3 * small + 0.05)
        fail_msg("500 tables: %.3f s, 4000: %.3f s", small, large);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_primary_keys),
        cmocka_unit_test(test_key_positions),
        cmocka_unit_test(test_autoincrement),
        cmocka_unit_test(test_uniques),
        cmocka_unit_test(test_checks),
        cmocka_unit_test(test_warnings),
        cmocka_unit_test(test_sql_types),
        cmocka_unit_test(test_terms),
        cmocka_unit_test(test_indexes),
        cmocka_unit_test(test_references),
        cmocka_unit_test(test_references_of_mixins),
        cmocka_unit_test(test_seeds),
        cmocka_unit_test(test_cost_is_linear),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
