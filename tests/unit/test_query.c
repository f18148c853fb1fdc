/*
 * test_query.c: what queries take and yield in types of the schema, how many statements
 * they stand for, which rows are the same; and that lists can be empty for inference.
 */
#include "sql/query.h"

#include "modelling.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char tables[] =
    "enums:\n"
    "  state: [open, closed]\n"
    "  level: {storage: integer, values: {low: 10, high: 20}}\n"
    "tables:\n"
    "  hosts:\n"
    "    columns:\n"
    "      id: {type: text, primary_key: true}\n"
    "      name: text\n"
    "      note: text?\n"
    "  things:\n"
    "    columns:\n"
    "      id: {type: integer, primary_key: true}\n"
    "      host: {type: text?, references: hosts.id}\n"
    "      state: {type: state, default: open}\n"
    "      level: level?\n"
    "      made: timestamp\n"
    "      born: date?\n"
    "      uid: uuid\n"
    "      flag: bool\n"
    "      small: int32\n"
    "      weight: real\n"
    "      bytes: blob?\n"
    "views:\n"
    "  open_things: {sql: \"SELECT id, state, made FROM things WHERE state = 'open'\"}\n"
    "queries:\n";

/* Types one query, `q`, whose other keys stand behind its SQL. */
static struct modelling typed(const char *sql, const char *keys)
{
    struct arena arena = {0};
    struct modelling m = modelling_good(arena_printf(
        &arena, "%s  q:\n    sql: |\n      %s\n    %s\n", tables, sql, keys));

    queries_type(&m.arena, m.diags, m.schema);
    diags_print(m.diags, stderr, false);
    assert_int_equal(diags_errors(m.diags), 0);
    arena_release(&arena);
    return m;
}

/* "state level? text" */
static const char *types_of(struct arena *arena, const struct table *row)
{
    const char *text = "";
    size_t i;

    for (i = 0; row != NULL && i < row->columns.count; i++) {
        const struct column *column = row->columns.items[i];

        text = arena_printf(arena, "%s%s%s%s", text, i > 0 ? " " : "",
                            column->type == TYPE_ENUM ? column->enumeration->name
                                                      : type_table[column->type].name,
                            column->nullable ? "?" : "");
    }
    return text;
}

static const char *params_of(struct arena *arena, const struct typed_query *query)
{
    struct table table = {0};
    size_t i;

    for (i = 0; i < query->params.count; i++)
        *VEC_ADD(arena, &table.columns) = query->params.items[i].column;
    return types_of(arena, &table);
}

static void columns_keep_their_types(void **state)
{
    static const struct {
        const char *sql, *types;
    } cases[] = {
        {"SELECT state, level, made, born, uid, flag, small, weight, bytes FROM things",
         "state level? timestamp date? uuid bool int32 real blob?"},
        {"SELECT max(state) AS a, min(level) AS b, max(made) AS c FROM things",
         "state? level? timestamp?"},
        {"SELECT t.state, h.name, h.note FROM hosts AS h LEFT JOIN things AS t ON t.host "
         "= "
         "h.id",
         "state? text text?"},
        {"SELECT sum(small) AS a, avg(level) AS b, count(flag) AS c, total(weight) AS d "
         "FROM things",
         "integer? real? integer real"},
        {"SELECT coalesce(level, 10) AS a, upper(state) AS b, flag + 0 AS c FROM things",
         "integer text integer"},
        {"SELECT (SELECT made FROM things WHERE host = h.id) AS a FROM hosts AS h",
         "timestamp?"},
        {"WITH x AS (SELECT uid, born FROM things) SELECT * FROM x WHERE born IS NOT "
         "NULL",
         "uuid date"},
        {"SELECT state FROM things UNION SELECT state FROM open_things", "state"},
        {"INSERT INTO things (made, uid, flag, small, weight) VALUES (1, "
         "'123e4567-e89b-42d3-a456-426614174000', 1, 1, 1) RETURNING state, level",
         "state level?"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        struct modelling m = typed(cases[i].sql, "returns: many");
        const struct typed_query *query = m.schema->queries.items[0]->typed;

        assert_string_equal(types_of(&m.arena, query->row), cases[i].types);
        modelling_free(&m);
    }
}

static void parameters_have_the_types_they_meet(void **state)
{
    static const struct {
        const char *sql, *keys, *types;
    } cases[] = {
        {"SELECT id FROM things WHERE state = :a AND level > :b AND made < :c AND uid = "
         ":d",
         "returns: many", "state level timestamp uuid"},
        {"SELECT id FROM things WHERE level IS :a? AND flag = :b LIMIT :c",
         "returns: many", "level? bool integer"},
        {"SELECT id FROM things WHERE id IN (:a...) AND state NOT IN (:b...)",
         "returns: many", "integer state"},
        {"UPDATE things SET level = :level?, small = :small WHERE id = :id",
         "returns: count", "level? int32 integer"},
        {"SELECT id FROM things WHERE 1 [[ AND state = :a ]] [[ AND id IN (:b...) ]]",
         "returns: many", "state? integer"},
        {"SELECT id FROM things WHERE :a IS NOT NULL",
         "{returns: many, params: {a: timestamp?}}", "timestamp?"},
        {"SELECT h.id FROM hosts AS h WHERE h.name LIKE :a", "returns: many", "text"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        struct modelling m;

        if (cases[i].keys[0] == '{')
            m = typed(cases[i].sql, "returns: many\n    params: {a: timestamp?}");
        else
            m = typed(cases[i].sql, cases[i].keys);
        assert_string_equal(params_of(&m.arena, m.schema->queries.items[0]->typed),
                            cases[i].types);
        modelling_free(&m);
    }
}

static void rows_are_shared(void **state)
{
    static const struct {
        const char *sql, *row;
        enum query_result result;
    } cases[] = {
        {"SELECT * FROM hosts", "host", RESULT_ROW},
        {"SELECT h.* FROM things AS t JOIN hosts AS h ON h.id = t.host", "host",
         RESULT_ROW},
        {"SELECT h.* FROM things AS t LEFT JOIN hosts AS h ON h.id = t.host", "q_row",
         RESULT_ROW},
        {"SELECT id, name FROM hosts", "q_row", RESULT_ROW},
        {"SELECT * FROM open_things", "open_thing", RESULT_STRUCT},
        {"SELECT id, state, made FROM things", "q_row", RESULT_STRUCT},
        {"SELECT count(*) AS n FROM things", "q_row", RESULT_VALUE},
        {"SELECT name FROM hosts", "q_row", RESULT_ROW},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        struct modelling m = typed(cases[i].sql, "returns: optional");
        const struct typed_query *query = m.schema->queries.items[0]->typed;

        assert_string_equal(query->row->row, cases[i].row);
        assert_int_equal(query->result, cases[i].result);
        modelling_free(&m);
    }
}

/* `x NOT IN (:ids...)` does not say that x is not NULL: the list may be empty. */
static void empty_lists_prove_nothing(void **state)
{
    struct modelling m =
        typed("SELECT note, note IN (:a...) AS b FROM hosts WHERE note NOT IN (:a...)",
              "returns: many");

    (void)state;
    assert_string_equal(types_of(&m.arena, m.schema->queries.items[0]->typed->row),
                        "text? integer?");
    modelling_free(&m);
    m = typed("SELECT note FROM hosts WHERE note IN (:a...)", "returns: many");
    assert_string_equal(types_of(&m.arena, m.schema->queries.items[0]->typed->row),
                        "text");
    modelling_free(&m);
}

static void filters_and_orders_are_statements(void **state)
{
    struct modelling m = typed("SELECT * FROM hosts WHERE 1[[AND name = :a]][[ AND note "
                               "= :b ]]ORDER BY [[order]];",
                               "returns: many\n    order: {up: name, down: name DESC}");
    const struct query *query = m.schema->queries.items[0];
    char text[1000] = "";
    size_t i;

    (void)state;
    assert_int_equal(query_variants(query), 8);
    for (i = 0; i < query->typed->pieces.count; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%d%d<%s>",
                 query->typed->pieces.items[i].filter,
                 query->typed->pieces.items[i].order, query->typed->pieces.items[i].sql);
    assert_string_equal(text,
                        "00<SELECT id, name, note FROM hosts WHERE 1>10< AND name = ?1>"
                        "20< AND note = ?2>00< ORDER BY>01< name>02< name DESC>");
    modelling_free(&m);
}

static void tables_are_told(void **state)
{
    struct modelling m = typed("DELETE FROM hosts WHERE id = :id", "returns: exec");
    const struct typed_query *query = m.schema->queries.items[0]->typed;
    size_t i, written = 0;

    (void)state;
    for (i = 0; i < query->uses.list.count; i++)
        written += table_use_writes(&query->uses.list.items[i]);
    assert_int_equal(written, 1);
    assert_string_equal(query->target->name, "hosts");
    assert_true(query->is_change);
    modelling_free(&m);
}

static void one_row_is_known(void **state)
{
    static const struct {
        const char *sql;
        bool alone, has_row;
    } cases[] = {
        {"SELECT count(*) AS n FROM things", true, true},
        {"SELECT count(*) AS n FROM things GROUP BY state", false, false},
        {"SELECT id FROM things LIMIT 1", true, false},
        {"SELECT id FROM things WHERE id = 1", false, false},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        struct modelling m = typed(cases[i].sql, "returns: optional");

        assert_int_equal(m.schema->queries.items[0]->typed->is_alone, cases[i].alone);
        assert_int_equal(m.schema->queries.items[0]->typed->has_row, cases[i].has_row);
        modelling_free(&m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_keep_their_types),
        cmocka_unit_test(parameters_have_the_types_they_meet),
        cmocka_unit_test(rows_are_shared),
        cmocka_unit_test(empty_lists_prove_nothing),
        cmocka_unit_test(filters_and_orders_are_statements),
        cmocka_unit_test(tables_are_told),
        cmocka_unit_test(one_row_is_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
