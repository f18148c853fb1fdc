/*
 * test_view.c: the view value by value: the SQL of statements (SQLite prepares it),
 * C types, rules, and what emitted tests rely on.
 */
#include "modelling.h"

#include "../../generator/view/statement.h"
#include "../../generator/view/text.h"
#include "../../generator/view/view.h"
#include "../../generator/view/view_sample.h"

/* ---- statements ------------------------------------------------------------------- */

static const char tables[] =
    "tables:\n"
    "  hosts:\n"
    "    columns:\n"
    "      id: {type: integer, primary_key: true}\n"
    "      name: {type: text, unique: true}\n"
    "      note: text?\n"
    "      made: {type: timestamp, default: now}\n"
    "      size: {type: integer, generated: length(name)}\n"
    "    indexes: [[note]]\n"
    "  pairs:\n"
    "    columns:\n"
    "      a: integer\n"
    "      b: text\n"
    "    primary_key: [b, a]\n"
    "  notes:\n"
    "    columns: {note: text?}\n"
    "  odd:\n"
    "    sql_name: Order Details\n"
    "    columns:\n"
    "      id: {type: text, primary_key: true, sql_name: 'say \"hi\"'}\n"
    "      group_name: {type: text, sql_name: group}\n";

static void statements_are_these(void **state)
{
    struct modelling m = modelling_good(tables);
    const struct table *hosts = modelling_table(&m, "hosts");
    const struct table *pairs = modelling_table(&m, "pairs");
    const struct table *notes = modelling_table(&m, "notes");
    const struct table *odd = modelling_table(&m, "odd");

    (void)state;
    assert_string_equal(
        statement_insert(&m.arena, hosts),
        "INSERT INTO hosts (id, name, note, made)\nVALUES (?1, ?2, ?3, ?4)\n"
        "RETURNING +id, NULL, NULL, NULL, +size");
    assert_string_equal(
        statement_insert_many(&m.arena, pairs),
        "INSERT INTO pairs (a, b)\nSELECT c1, c2\nFROM quarry_rows_2(?1)");
    assert_string_equal(statement_upsert(&m.arena, pairs, NULL),
                        "INSERT INTO pairs (a, b)\nVALUES (?1, ?2)\n"
                        "ON CONFLICT (b, a) DO NOTHING");
    assert_string_equal(statement_upsert_many(&m.arena, odd),
                        "INSERT INTO \"Order Details\" (\"say \"\"hi\"\"\", \"group\")\n"
                        "SELECT c1, c2\nFROM quarry_rows_2(?1)\nWHERE true\n"
                        "ON CONFLICT (\"say \"\"hi\"\"\") DO UPDATE SET\n"
                        "\"group\" = excluded.\"group\"");
    assert_string_equal(statement_get(&m.arena, pairs, &pairs->key.columns),
                        "SELECT a, b\nFROM pairs\nWHERE b = ?1 AND a = ?2");
    assert_string_equal(statement_exists(&m.arena, pairs),
                        "SELECT 1\nFROM pairs\nWHERE b = ?1 AND a = ?2");
    assert_string_equal(
        statement_update(&m.arena, hosts),
        "UPDATE hosts SET\nname = ?2, note = ?3, made = ?4\nWHERE id = ?1");
    assert_string_equal(statement_delete(&m.arena, odd),
                        "DELETE FROM \"Order Details\"\nWHERE \"say \"\"hi\"\"\" = ?1");
    assert_string_equal(statement_list(&m.arena, pairs, false),
                        "SELECT a, b\nFROM pairs\nORDER BY b, a");
    assert_string_equal(statement_list(&m.arena, notes, false),
                        "SELECT note\nFROM notes");
    assert_string_equal(statement_count(&m.arena, notes), "SELECT count(*)\nFROM notes");
    modelling_free(&m);
}

/* NULL is found where the parameter can be NULL. */
static void a_nullable_parameter_finds_null(void **state)
{
    struct modelling m = modelling_good(tables);
    const struct table *hosts = modelling_table(&m, "hosts");
    size_t i, lists = 0;

    (void)state;
    for (i = 0; i < hosts->accesses.count; i++)
        if (hosts->accesses.items[i].kind == ACCESS_LIST) {
            assert_string_equal(
                statement_access(&m.arena, hosts, &hosts->accesses.items[i]),
                "SELECT id, name, note, made, size\nFROM hosts\n"
                "WHERE note IS ?1\nORDER BY id");
            lists++;
        }
    assert_int_equal(lists, 1);
    modelling_free(&m);
}

/* An upsert on other columns than the key changes neither them, nor the key, nor `made`.
 */
static void an_upsert_by_keeps_what_it_must(void **state)
{
    struct modelling m = modelling_good(tables);
    const struct table *hosts = modelling_table(&m, "hosts");
    const char *sql = statement_upsert(&m.arena, hosts, &hosts->uniques.items[0].columns);

    (void)state;
    assert_non_null(
        strstr(sql, "ON CONFLICT (name) DO UPDATE SET\nnote = excluded.note\n"));
    assert_non_null(strstr(sql, "RETURNING +id, NULL, NULL, NULL, +size"));
    modelling_free(&m);
}

static void prepares(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *stmt = NULL;

    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
        fail_msg("%s\n%s", sql, sqlite3_errmsg(db));
    sqlite3_finalize(stmt);
}

static void sqlite_takes_all_statements(void **state)
{
    struct modelling m = modelling_good(tables);
    sqlite3 *db = modelling_database(&m);
    size_t i, k;

    (void)state;
    for (i = 0; i < m.schema->tables.count; i++) {
        const struct table *t = m.schema->tables.items[i];

        prepares(db, statement_insert(&m.arena, t));
        prepares(db, statement_list(&m.arena, t, false));
        prepares(db, statement_list(&m.arena, t, true));
        prepares(db, statement_count(&m.arena, t));
        for (k = 0; k < t->accesses.count; k++)
            prepares(db, statement_access(&m.arena, t, &t->accesses.items[k]));
        for (k = 0; k < t->uniques.count; k++)
            prepares(db, statement_upsert(&m.arena, t, &t->uniques.items[k].columns));
        if (t->key.columns.count == 0)
            continue;
        prepares(db, statement_upsert(&m.arena, t, NULL));
        prepares(db, statement_get(&m.arena, t, &t->key.columns));
        prepares(db, statement_exists(&m.arena, t));
        prepares(db, statement_delete(&m.arena, t));
    }
    sqlite3_close(db);
    modelling_free(&m);
}

/* ---- the view as a whole ---------------------------------------------------------- */

/* The view as JSON, for a look at single lines of it. */
static char *view_json(struct modelling *m)
{
    struct value view = view_build(&m->arena, m->schema);
    struct buf out;

    buf_init(&out);
    value_json(&view, &out);
    return buf_detach(&out, NULL);
}

static void expect_view(const char *columns, const char *const *lines)
{
    char *text = NULL, *json;
    struct modelling m;
    struct arena arena = {0};

    text = arena_printf(&arena,
                        "enums: {mood: [good, bad]}\ntables:\n  rows:\n    columns:\n"
                        "      id: {type: integer, primary_key: true}\n%s",
                        columns);
    m = modelling_good(text);
    json = view_json(&m);
    for (; *lines != NULL; lines++)
        if (strstr(json, *lines) == NULL)
            fail_msg("`%s` is not in the view of\n%s", *lines, columns);
    free(json);
    modelling_free(&m);
    arena_release(&arena);
}

#define EXPECT_VIEW(columns, ...)                                                        \
    expect_view(columns, (const char *const[]){__VA_ARGS__, NULL})

static void columns_have_their_c_types(void **state)
{
    (void)state;
    EXPECT_VIEW("      a: integer?\n", "\"field_type\": \"quarry_opt_int64 \"");
    EXPECT_VIEW("      a: int32\n", "\"field_type\": \"int32_t \"");
    EXPECT_VIEW("      a: bool\n", "\"field_type\": \"bool \"");
    EXPECT_VIEW("      a: real?\n", "\"field_type\": \"quarry_opt_double \"");
    EXPECT_VIEW("      a: text\n", "\"field_type\": \"const char *\"");
    EXPECT_VIEW("      a: text?\n", "\"field_type\": \"const char *\"");
    EXPECT_VIEW("      a: blob?\n", "\"field_type\": \"quarry_blob \"");
    EXPECT_VIEW("      a: timestamp\n", "\"field_type\": \"quarry_timestamp \"");
    EXPECT_VIEW("      a: uuid?\n", "\"field_type\": \"quarry_opt_uuid \"");
    EXPECT_VIEW("      a: labels\n", "\"field_type\": \"quarry_labels \"");
    EXPECT_VIEW("      a: mood\n", "\"field_type\": \"t_mood \"");
    EXPECT_VIEW("      a: mood?\n", "\"field_type\": \"t_opt_mood \"");
}

static void rules_have_their_bounds(void **state)
{
    (void)state;
    EXPECT_VIEW("      a: {type: integer, min: -5, max: 9223372036854775807}\n",
                "\"min\": \"-5\"", "\"max\": \"9223372036854775807\"");
    EXPECT_VIEW("      a: {type: real, min: 0.1}\n", "\"min\": \"0.1\"");
    EXPECT_VIEW("      a: {type: text, min_length: 2, max_length: 7}\n",
                "\"required\": true", "\"limited\": true", "\"min\": \"2\"",
                "\"max\": \"7\"");
    EXPECT_VIEW("      a: {type: text, max_length: 7}\n", "\"limited\": true");
    EXPECT_VIEW("      a: text\n", "\"limited\": false");
    EXPECT_VIEW("      a: {type: text, pattern: '[a\"]*'}\n",
                "\"glob_c\": \"\\\"[a\\\\\\\"]*\\\"\"");
    EXPECT_VIEW("      a: {type: text, one_of: [x, 'y\"']}\n", "\"\\\"y\\\\\\\"\\\"\"");
}

static void defaults_are_c(void **state)
{
    (void)state;
    EXPECT_VIEW("      a: {type: integer, default: -9223372036854775808}\n",
                "\"c\": \"INT64_MIN\"");
    EXPECT_VIEW("      a: {type: mood, default: bad}\n", "\"c\": \"T_MOOD_BAD\"");
    EXPECT_VIEW("      a: {type: bool, default: true}\n", "\"c\": \"true\"");
    EXPECT_VIEW("      a: {type: blob, default: \"x'00ff'\"}\n",
                "\"c\": \"\\\"\\\\000\\\\377\\\"\"", "\"size\": \"2\"");
    EXPECT_VIEW("      a: {type: timestamp, default: '1970-01-01T00:00:01Z'}\n",
                "\"c\": \"1000\"");
}

/* ---- what emitted tests rely on --------------------------------------------------- */

static const char family[] =
    "tables:\n"
    "  parents:\n"
    "    columns:\n"
    "      id: {type: integer, primary_key: true}\n"
    "      a: integer\n"
    "      b: text\n"
    "    unique: [[a, b]]\n"
    "  children:\n"
    "    columns:\n"
    "      id: {type: integer, primary_key: true}\n"
    "      a: integer?\n"
    "      b: text?\n"
    "      low: integer\n"
    "      high: integer\n"
    "      twice: {type: integer, generated: low * 2}\n"
    "      name: {type: text, collation: nocase}\n"
    "      boss: {type: integer?, references: children.id}\n"
    "    foreign_keys: [{columns: [a, b], references: [parents.a, parents.b]}]\n"
    "    checks: [low <= high]\n"
    "    indexes: [[name desc], [lower(name)]]\n";

static void what_moves_alone_is_known(void **state)
{
    struct modelling m = modelling_good(family);
    const struct table *children = modelling_table(&m, "children");
    const enum sample_move *moves =
        sample_moves(&m.arena, children, &(struct sample_tables){0});
    static const enum sample_move wanted[] = {SAMPLE_FIXED, SAMPLE_JOINT, SAMPLE_JOINT,
                                              SAMPLE_JOINT, SAMPLE_JOINT, SAMPLE_FIXED,
                                              SAMPLE_FREE,  SAMPLE_FIXED};
    size_t i;

    (void)state;
    for (i = 0; i < children->columns.count; i++)
        assert_int_equal(moves[i], wanted[i]);
    assert_true(sample_key_is_free(children));
    modelling_free(&m);
}

static void parents_come_first(void **state)
{
    struct modelling m = modelling_good(family);
    const struct table *children = modelling_table(&m, "children");
    struct sample_tables ancestors = sample_ancestors(&m.arena, m.schema, children);

    (void)state;
    assert_int_equal(ancestors.count, 1);
    assert_string_equal(ancestors.items[0]->name, "parents");
    assert_false(sample_is_deferred(m.schema, children, &ancestors));
    modelling_free(&m);
}

/* The orders that emitted tests expect are those of SQLite with the same rows. */
static void orders_are_those_of_sqlite(void **state)
{
    struct modelling m = modelling_good(
        "tables:\n  rows:\n    columns:\n"
        "      id: {type: integer, primary_key: true}\n"
        "      a: {type: text, collation: nocase, examples: [b, A, B ]}\n"
        "      b: {type: text, collation: rtrim, examples: [x, 'w  ', w]}\n"
        "      c: {type: real?, examples: [1, -2.5, 1e300]}\n"
        "      d: {type: text, examples: ['\xc3\xa9', e, Z]}\n"
        "      e: integer?\n"
        "    indexes: [[a, b], [b desc, a], [c desc], [d, c], [e desc], [a desc, e],\n"
        "              {columns: [b collate binary], name: idx_binary}]\n");
    const struct table *rows = modelling_table(&m, "rows");
    sqlite3 *db = modelling_database(&m);
    size_t i, row, c, count, orders = 0;

    (void)state;
    for (row = 0; row < rows->sample_count; row++) {
        char *sql = arena_printf(&m.arena, "INSERT INTO rows VALUES (%s",
                                 modelling_literal(&m, &rows->samples[row].values[0]));

        for (c = 1; c < rows->columns.count; c++)
            sql = arena_printf(&m.arena, "%s, %s", sql,
                               modelling_literal(&m, &rows->samples[row].values[c]));
        sql = arena_printf(&m.arena, "%s)", sql);
        assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    }
    for (i = 0; i < rows->accesses.count; i++) {
        const struct access *access = &rows->accesses.items[i];
        const char *numbers = NULL;
        char *wanted = arena_printf(&m.arena, "%s", "");

        if (access->kind != ACCESS_ORDER)
            continue;
        assert_true(sample_order(&m.arena, rows, access, 0, &numbers, &count));
        assert_int_equal(count, rows->sample_count);
        for (row = 0; row < count; row++) {
            const char *id = modelling_query(
                db,
                arena_printf(&m.arena,
                             "SELECT CASE id WHEN 1 THEN 0 WHEN 3 THEN 2 ELSE 1 END FROM "
                             "rows ORDER BY %s LIMIT 1 OFFSET %zu",
                             access->order_by, row));

            wanted = arena_printf(&m.arena, "%s%s%s", wanted, row > 0 ? ", " : "", id);
        }
        assert_string_equal(numbers, wanted);
        orders++;
    }
    assert_int_equal(orders, 7);
    sqlite3_close(db);
    modelling_free(&m);
}

/* Where SQL decides on rows or order, the tests expect none. */
static void no_order_is_made_up(void **state)
{
    struct modelling m = modelling_good(family);
    const struct table *children = modelling_table(&m, "children");
    const char *numbers = NULL;
    size_t i, count, unknown = 0;

    (void)state;
    for (i = 0; i < children->accesses.count; i++)
        if (children->accesses.items[i].kind == ACCESS_ORDER)
            unknown += !sample_order(&m.arena, children, &children->accesses.items[i], 0,
                                     &numbers, &count);
    assert_int_equal(unknown, 1); /* lower(name) */
    modelling_free(&m);
}

/* Every value that is called extreme keeps the rules of its column. */
static void extremes_keep_the_rules(void **state)
{
    struct modelling m =
        modelling_good("tables:\n  rows:\n    columns:\n"
                       "      id: {type: integer, primary_key: true}\n"
                       "      a: {type: integer, min: 0, max: 10}\n"
                       "      b: {type: text, min_length: 1, max_length: 40}\n"
                       "      c: {type: blob, min_length: 2}\n"
                       "      d: {type: int32, one_of: [1, 2]}\n"
                       "      e: {type: real, max: 0}\n");
    struct builder builder = {.arena = &m.arena, .schema = m.schema, .upper = "T"};
    const struct table *rows = modelling_table(&m, "rows");
    static const size_t wanted[] = {4, 1, 2, 2, 0, 1};
    size_t i, number;

    (void)state;
    for (i = 0; i < rows->columns.count; i++) {
        struct literal value;
        size_t count = 0;

        for (number = 0; number < 6; number++)
            count += sample_extreme(&builder, rows->columns.items[i], number, &value);
        assert_int_equal(count, wanted[i]);
    }
    modelling_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statements_are_these),
        cmocka_unit_test(a_nullable_parameter_finds_null),
        cmocka_unit_test(an_upsert_by_keeps_what_it_must),
        cmocka_unit_test(sqlite_takes_all_statements),
        cmocka_unit_test(columns_have_their_c_types),
        cmocka_unit_test(rules_have_their_bounds),
        cmocka_unit_test(defaults_are_c),
        cmocka_unit_test(what_moves_alone_is_known),
        cmocka_unit_test(parents_come_first),
        cmocka_unit_test(orders_are_those_of_sqlite),
        cmocka_unit_test(no_order_is_made_up),
        cmocka_unit_test(extremes_keep_the_rules),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
