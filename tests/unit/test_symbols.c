/*
 * test_symbols.c: the names in C: clashes with both places, words that are taken, and
 * that the list of names is all of what is emitted for a table.
 */
#include "modelling.h"

#include "../../generator/model/symbols.h"

static bool has_symbol(const struct symbols *symbols, const char *name)
{
    size_t i;

    for (i = 0; i < symbols->list.count; i++)
        if (strcmp(symbols->list.items[i].name, name) == 0)
            return true;
    return false;
}

static void test_names(void **state)
{
    static const char *const expected[] = {"t_open",
                                           "T_H",
                                           "t_color",
                                           "t_color_to_string",
                                           "t_color_from_string",
                                           "T_COLOR_DARK_BLUE",
                                           "t_ball",
                                           "t_ball_list",
                                           "t_ball_cursor",
                                           "t_ball_init",
                                           "t_ball_validate",
                                           "t_ball_insert",
                                           "t_ball_insert_many",
                                           "t_ball_upsert",
                                           "t_ball_upsert_many",
                                           "t_ball_upsert_by_name",
                                           "t_ball_get",
                                           "t_ball_get_by_name",
                                           "t_ball_get_many",
                                           "t_ball_exists",
                                           "t_ball_update",
                                           "t_ball_update_columns",
                                           "t_ball_delete",
                                           "t_ball_list_by_color",
                                           "t_ball_list_ordered_by_color_and_size_desc",
                                           "t_ball_each",
                                           "t_ball_next",
                                           "t_ball_close",
                                           "t_ball_count",
                                           "t_ball_free",
                                           "t_ball_list_free",
                                           "T_BALL_ID",
                                           "T_BALL_NAME",
                                           "T_BALL_COLOR",
                                           "t_pair_key"};
    struct modelling m = modelling_good(
        "enums: {color: [red, dark blue]}\n"
        "tables:\n"
        "  balls:\n"
        "    columns: {id: {type: integer, primary_key: true}, name: {type: text, "
        "unique: "
        "true}, color: color, size: integer}\n"
        "    indexes: [[color, size desc]]\n"
        "  pairs: {columns: {a: integer, b: integer}, primary_key: [a, b]}\n");
    struct symbols symbols = {0};
    size_t i;

    (void)state;
    symbols_collect(&m.arena, m.schema, &symbols);
    for (i = 0; i < sizeof expected / sizeof expected[0]; i++)
        if (!has_symbol(&symbols, expected[i]))
            fail_msg("%s is missing", expected[i]);
    assert_false(has_symbol(&symbols, "t_ball_key"));
    modelling_free(&m);
}

/* Each clash is one error with both places; more follow from the first where tables
 * merge. */
static void clash(const char *text, const char *place, const char *note)
{
    struct modelling m = modelling(text);

    if (strstr(m.report, place) == NULL || strstr(m.report, note) == NULL ||
        strstr(m.report, "[Q0200]") == NULL)
        fail_msg("`%s`, `%s` are missing in:\n%s", place, note, m.report);
    assert_int_equal(diags_errors(m.diags), 1);
    assert_null(m.schema);
    modelling_free(&m);
}

static void test_clashes(void **state)
{
    (void)state;
    /* Two tables with one noun. */
    clash("tables:\n"
          "  hosts: {columns: {a: integer}}\n"
          "  machines: {row: host, columns: {a: integer}}\n",
          "t.yaml:5:3: error: the table `machines` makes the name `t_host`",
          "t.yaml:4:3: note: `t_host` is made here first");
    /* The type of one is a function of another. */
    clash("tables:\n"
          "  hosts: {columns: {a: integer}}\n"
          "  inserts: {row: host_insert, columns: {b: integer}}\n",
          "t.yaml:5:3", "t.yaml:4:3: note");
    clash("enums: {host: [a, b]}\ntables:\n  hosts: {columns: {c: integer}}\n",
          "t.yaml:5:3: error: the table `hosts`", "t.yaml:3:9: note");
    /* A constant of an enum and the bit of a column. */
    clash("enums: {host_state: [on]}\ntables:\n  hosts: {columns: {state_on: integer}}\n",
          "the column `state_on` of the table `hosts` makes the name `T_HOST_STATE_ON`",
          "t.yaml:3:22: note");
    /* Two look-ups of one name. */
    clash("tables:\n"
          "  ts: {columns: {a: text, b: text, a_and_b: text}, unique: [[a, b], "
          "[a_and_b]]}\n",
          "t.yaml:4:69: error: the unique constraint ts_a_and_b_unique",
          "t.yaml:4:61: note");
    /* What the schema itself makes. */
    clash("tables: {things: {row: open, columns: {a: integer}}}\n",
          "makes the name `t_open`", "note");
}

static void test_taken(void **state)
{
    static const char *const names[] = {"int",   "class", "errno", "unix",
                                        "stdin", "new",   "assert"};
    char text[128];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(text, sizeof text, "tables: {ts: {columns: {%s: text}}}\n", names[i]);
        modelling_fails(text, "t.yaml:3:25: error: the column's name", "[Q0201]");
    }
    modelling_fails("tables: {ts: {columns: {int: text}}}\n", "is taken by C ",
                    "with `sql_name: int`");
}

static void test_schema_names(void **state)
{
    static const char *const names[] = {"quarry", "sqlite3", "string", "stdio"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct arena arena = {0};
        struct diags *diags = diags_new(&arena);
        const char *text = arena_printf(
            &arena, "quarry: 1\nname: %s\ntables: {ts: {columns: {a: text}}}\n",
            names[i]);

        assert_null(model_read_text(&arena, diags, "t.yaml", text, strlen(text)));
        assert_int_equal(diags_errors(diags), 1);
        arena_release(&arena);
    }
}

/* Many columns of long names make a name no compiler must take. */
static void test_long_names(void **state)
{
    struct buf text;
    size_t i, j;

    (void)state;
    buf_init(&text);
    buf_adds(&text, "tables:\n  ts:\n    columns:\n");
    for (i = 0; i < 20; i++) {
        buf_adds(&text, "      ");
        for (j = 0; j < 60; j++)
            buf_addc(&text, (char)('a' + i));
        buf_adds(&text, ": integer\n");
    }
    buf_adds(&text, "    unique: [[");
    for (i = 0; i < 20; i++) {
        buf_adds(&text, i > 0 ? ", " : "");
        for (j = 0; j < 60; j++)
            buf_addc(&text, (char)('a' + i));
    }
    buf_adds(&text, "]]\n");
    modelling_fails(text.data, "has more than 1023 characters", "[Q0203]");
    buf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),      cmocka_unit_test(test_clashes),
        cmocka_unit_test(test_taken),      cmocka_unit_test(test_schema_names),
        cmocka_unit_test(test_long_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
