/*
 * test_ddl.c: the SQL of a model: its form exactly, its meaning as SQLite takes it:
 * values at the boundary of every rule, and past it.
 */
#include "modelling.h"

#include "../../generator/base/names.h"

#include <float.h>
#include <math.h>

static const char *table_sql(struct modelling *m, const char *name)
{
    struct buf text;
    const char *copy;

    buf_init(&text);
    ddl_table(modelling_table(m, name), m->schema, &text);
    copy = arena_strdup(&m->arena, text.data);
    buf_release(&text);
    return copy;
}

static void test_form(void **state)
{
    struct modelling m = modelling_good(
        "tables:\n"
        "  hosts:\n"
        "    columns:\n"
        "      id: {type: text, primary_key: true, max_length: 64}\n"
        "      name: {type: text, collation: nocase, unique: true}\n"
        "      port: {type: integer, default: 2375, min: 1, max: 65535}\n"
        "      parent: {type: text?, references: hosts.id, on_delete: set_null, "
        "on_update: "
        "cascade, deferrable: true}\n"
        "      twice: {type: integer, generated: {sql: port * 2, stored: true}}\n"
        "      thrice: {type: integer, generated: port * 3}\n"
        "      group: {type: int32?, sql_name: Group By}\n"
        "    unique: [[name, port], {columns: [port], name: one_port}]\n"
        "    checks: [\"port <> 13\", {name: tall, sql: \"length(name) > 0\\n  AND name "
        "<> "
        "'a\\n b'\"}]\n"
        "  parts:\n"
        "    columns: {id: integer, host_id: text, port: integer, note: text?}\n"
        "    primary_key: [id, host_id]\n"
        "    without_rowid: true\n"
        "    foreign_keys: [{columns: [host_id, port], references: [hosts.name, "
        "hosts.port],"
        " on_delete: restrict}]\n"
        "  counters: {columns: {id: {type: integer, primary_key: true, autoincrement: "
        "true}}}\n"
        "  loose: {strict: false, columns: {id: {type: text?, sql_type: "
        "VARCHAR(40)}}}\n");

    (void)state;
    assert_string_equal(
        table_sql(&m, "hosts"),
        "CREATE TABLE hosts (\n"
        "    id TEXT NOT NULL PRIMARY KEY CONSTRAINT hosts_id_length CHECK (length(id) "
        "<= "
        "64),\n"
        "    name TEXT NOT NULL COLLATE NOCASE UNIQUE,\n"
        "    port INTEGER NOT NULL DEFAULT 2375\n"
        "        CONSTRAINT hosts_port_range CHECK (port BETWEEN 1 AND 65535),\n"
        "    parent TEXT\n"
        "        REFERENCES hosts (id) ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE "
        "INITIALLY DEFERRED,\n"
        "    twice INTEGER NOT NULL GENERATED ALWAYS AS (port * 2) STORED,\n"
        "    thrice INTEGER NOT NULL GENERATED ALWAYS AS (port * 3) VIRTUAL,\n"
        "    \"Group By\" INTEGER\n"
        "        CONSTRAINT hosts_group_type CHECK (\"Group By\" BETWEEN -2147483648 AND "
        "2147483647),\n"
        "    CONSTRAINT hosts_name_port_unique UNIQUE (name, port),\n"
        "    CONSTRAINT one_port UNIQUE (port),\n"
        "    CONSTRAINT hosts_check_1 CHECK (port <> 13),\n"
        "    CONSTRAINT tall CHECK (\n"
        "        length(name) > 0\n"
        "          AND name <> 'a\n b'\n"
        "    )\n"
        ") STRICT");
    assert_string_equal(
        table_sql(&m, "parts"),
        "CREATE TABLE parts (\n"
        "    id INTEGER NOT NULL,\n"
        "    host_id TEXT NOT NULL,\n"
        "    port INTEGER NOT NULL,\n"
        "    note TEXT,\n"
        "    PRIMARY KEY (id, host_id),\n"
        "    CONSTRAINT parts_host_id_port_fkey FOREIGN KEY (host_id, port)\n"
        "        REFERENCES hosts (name, port) ON DELETE RESTRICT\n"
        ") STRICT, WITHOUT ROWID");
    assert_string_equal(table_sql(&m, "counters"),
                        "CREATE TABLE counters (\n"
                        "    id INTEGER PRIMARY KEY AUTOINCREMENT\n"
                        ") STRICT");
    assert_string_equal(table_sql(&m, "loose"), "CREATE TABLE loose (\n"
                                                "    id VARCHAR(40)\n"
                                                ")");
    modelling_free(&m);
}

static void test_indexes(void **state)
{
    static const char *const expected[] = {
        "CREATE INDEX idx_ts_a_b ON ts (a DESC, b COLLATE NOCASE)",
        "CREATE UNIQUE INDEX \"My Index\" ON ts (lower(b) DESC) WHERE a > 0",
        "CREATE INDEX idx_ts_a ON ts (a)\n"
        "    WHERE b <> 'a long condition, so that all of it does not fit into one "
        "line'"};
    struct modelling m = modelling_good(
        "tables:\n"
        "  ts:\n"
        "    columns: {a: integer, b: text}\n"
        "    indexes:\n"
        "      - [a desc, b collate nocase]\n"
        "      - {columns: [lower(b) desc], where: a > 0, unique: true, name: My Index}\n"
        "      - {columns: [a], where: \"b <> 'a long condition, so that all of it does "
        "not fit "
        "into one line'\"}\n");
    struct table *table = modelling_table(&m, "ts");
    struct buf text;
    size_t i;

    (void)state;
    buf_init(&text);
    assert_int_equal(table->indexes.count, 3);
    for (i = 0; i < 3; i++) {
        buf_clear(&text);
        ddl_index(table, &table->indexes.items[i], &text);
        assert_string_equal(text.data, expected[i]);
    }
    buf_release(&text);
    modelling_free(&m);
}

/* ---- literals, read back by SQLite ---------------------------------------------------
 */

static sqlite3_stmt *selected(sqlite3 *db, const struct literal *literal)
{
    sqlite3_stmt *stmt = NULL;
    struct buf sql;

    buf_init(&sql);
    buf_adds(&sql, "SELECT ");
    ddl_literal(literal, &sql);
    assert_int_equal(sqlite3_prepare_v2(db, sql.data, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    buf_release(&sql);
    return stmt;
}

static void test_numbers(void **state)
{
    static const int64_t integers[] = {0, 1, -1, INT64_MAX, INT64_MIN, INT64_MIN + 1};
    static const double reals[] = {0.0,        1.0,     -1.0,    0.1,         1.0 / 3,
                                   1e300,      -1e-300, DBL_MIN, -2.5e15 / 7, 1e15,
                                   123456.789, 1e22,    5e-324};
    sqlite3 *db;
    size_t i;

    (void)state;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    for (i = 0; i < sizeof integers / sizeof integers[0]; i++) {
        struct literal literal = {.kind = LITERAL_INTEGER, .integer = integers[i]};
        sqlite3_stmt *stmt = selected(db, &literal);

        assert_int_equal(sqlite3_column_type(stmt, 0), SQLITE_INTEGER);
        assert_true(sqlite3_column_int64(stmt, 0) == integers[i]);
        sqlite3_finalize(stmt);
    }
    for (i = 0; i < sizeof reals / sizeof reals[0]; i++) {
        struct literal literal = {.kind = LITERAL_REAL, .real = reals[i]};
        sqlite3_stmt *stmt = selected(db, &literal);

        assert_int_equal(sqlite3_column_type(stmt, 0), SQLITE_FLOAT);
        if (fabs(sqlite3_column_double(stmt, 0) - reals[i]) > fabs(reals[i]) * 1e-15)
            fail_msg("%.17g reads back as %.17g", reals[i],
                     sqlite3_column_double(stmt, 0));
        sqlite3_finalize(stmt);
    }
    sqlite3_close(db);
}

static void test_real_text(void **state)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {{1, "1.0"},        {-0.5, "-0.5"},  {0.1, "0.1"},
                 {1e300, "1e+300"}, {1e15, "1e+15"}, {0.1 + 0.2, "0.30000000000000004"}};
    struct buf out;
    size_t i;

    (void)state;
    buf_init(&out);
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct literal literal = {.kind = LITERAL_REAL, .real = cases[i].value};

        buf_clear(&out);
        ddl_literal(&literal, &out);
        assert_string_equal(out.data, cases[i].text);
        assert_true(strtod(out.data, NULL) == cases[i].value);
    }
    buf_release(&out);
}

static void test_texts_and_blobs(void **state)
{
    static const char *const texts[] = {"",     "'",      "it''s", "\"",
                                        "é 日", "\n\t\\", "--",    "x'00'"};
    struct literal blob = {.kind = LITERAL_BLOB, .text = "\0\xff'a", .length = 4};
    struct literal null = {.kind = LITERAL_NULL};
    sqlite3 *db;
    sqlite3_stmt *stmt;
    size_t i;

    (void)state;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct literal literal = {
            .kind = LITERAL_TEXT, .text = texts[i], .length = strlen(texts[i])};

        stmt = selected(db, &literal);
        assert_string_equal(sqlite3_column_text(stmt, 0), texts[i]);
        sqlite3_finalize(stmt);
    }
    stmt = selected(db, &blob);
    assert_int_equal(sqlite3_column_bytes(stmt, 0), 4);
    assert_memory_equal(sqlite3_column_blob(stmt, 0), blob.text, 4);
    sqlite3_finalize(stmt);
    stmt = selected(db, &null);
    assert_int_equal(sqlite3_column_type(stmt, 0), SQLITE_NULL);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
}

/* ---- defaults -------------------------------------------------------------------------
 */

static const char defaults[] =
    "tables:\n"
    "  ts:\n"
    "    columns:\n"
    "      id: {type: integer, primary_key: true}\n"
    "      key: {type: uuid, default: random}\n"
    "      made: {type: timestamp, default: now}\n"
    "      least: {type: integer, default: -9223372036854775808}\n"
    "      most: {type: integer, default: 9223372036854775807}\n"
    "      share: {type: real, default: 1}\n"
    "      name: {type: text, default: \"it's\"}\n"
    "      bytes: {type: blob, default: x'00ff'}\n"
    "      tags: {type: labels, default: {}}\n"
    "      day: {type: date, default: '2024-02-29'}\n"
    "      on: {type: bool, default: true}\n"
    "      none: {type: text?, default: null}\n";

static void check_defaults(const char *options, const char *made_is_now)
{
    char text[2048];
    struct modelling m;
    sqlite3 *db;

    snprintf(text, sizeof text, "%s%s", options, defaults);
    m = modelling_good(text);
    db = modelling_database(&m);
    assert_int_equal(sqlite3_exec(db, "INSERT INTO ts DEFAULT VALUES", NULL, NULL, NULL),
                     SQLITE_OK);
    assert_string_equal(modelling_query(db, made_is_now), "1");
    assert_string_equal(
        modelling_query(db,
                        "SELECT least || typeof(least) || most || typeof(most) FROM ts"),
        "-9223372036854775808integer9223372036854775807integer");
    assert_string_equal(
        modelling_query(db,
                        "SELECT typeof(share) || share || name || hex(bytes) || tags || "
                        "day || \"on\" || typeof(none) FROM ts"),
        "real1.0it's00FF{}2024-02-291null");
    sqlite3_close(db);
    modelling_free(&m);
}

static void test_defaults(void **state)
{
    (void)state;
    check_defaults(
        "", "SELECT abs(made - (julianday('now') - 2440587.5) * 86400000.0) < 5000 "
            "AND typeof(made) = 'integer' FROM ts");
    check_defaults("options: {timestamp: unix}\n",
                   "SELECT abs(made - unixepoch('now')) < 5 FROM ts");
    check_defaults("options: {timestamp: text}\n",
                   "SELECT abs(julianday(made) - julianday('now')) < 0.0001 FROM ts");
}

/* A thousand of them: every one of version 4, no two the same. */
static void test_random_uuid(void **state)
{
    struct modelling m = modelling_good(defaults);
    sqlite3 *db = modelling_database(&m);
    int i;

    (void)state;
    for (i = 0; i < 1000; i++)
        assert_int_equal(
            sqlite3_exec(db, "INSERT INTO ts DEFAULT VALUES", NULL, NULL, NULL),
            SQLITE_OK);
    assert_string_equal(
        modelling_query(db, "SELECT count(DISTINCT key) || ' ' || count(DISTINCT "
                            "substr(key, 20, 1)) FROM "
                            "ts WHERE length(key) = 36 AND key = lower(key) AND "
                            "key LIKE '________-____-4___-____-____________' AND "
                            "substr(key, 20, 1) IN ('8', '9', 'a', 'b')"),
        "1000 4");
    sqlite3_close(db);
    modelling_free(&m);
}

/* ---- the checks of columns -------------------------------------------------------- */

struct trial {
    const char *column;
    const char *good; /* values in SQL, separated by ';' */
    const char *bad;
};

static void try_values(sqlite3 *db, const char *column, const char *values, bool good)
{
    char copy[1024], sql[2048], *value, *rest;

    snprintf(copy, sizeof copy, "%s", values);
    for (value = strtok_r(copy, ";", &rest); value != NULL;
         value = strtok_r(NULL, ";", &rest)) {
        int status;

        snprintf(sql, sizeof sql, "INSERT INTO ts (c) VALUES (%s)", value);
        status = sqlite3_exec(db, sql, NULL, NULL, NULL);
        if (good != (status == SQLITE_OK))
            fail_msg("{%s}: %s is %s: %s", column, value, good ? "refused" : "taken",
                     sqlite3_errmsg(db));
    }
}

static void test_checks(void **state)
{
    static const struct trial trials[] = {
        {"type: bool", "0;1;TRUE", "2;-1;NULL"},
        {"type: bool?", "0;1;NULL", "2"},
        {"type: int32", "-2147483648;2147483647;0", "-2147483649;2147483648;NULL"},
        {"type: int32, min: -5", "-5;2147483647", "-6;2147483648"},
        {"type: integer, min: -5, max: 5", "-5;5;0", "-6;6"},
        {"type: integer, min: -9223372036854775808, max: -9223372036854775807",
         "-9223372036854775808", "-9223372036854775806;0"},
        {"type: integer?, max: 5", "5;NULL;-9223372036854775808", "6"},
        {"type: real, min: 0, max: 0.5", "0;0.5;0.25", "-0.001;0.5000001"},
        {"type: integer, one_of: [1, 2, 30]", "1;2;30", "0;3;29"},
        {"type: real, one_of: [0.1, 2]", "0.1;2", "0.2"},
        {"type: text, one_of: [a, it's]", "'a';'it''s'", "'A';'';'its'"},
        {"type: text, one_of: [a], collation: nocase", "'a'", "'A'"},
        {"type: letter", "'a';'b'", "'A';'';'c';1"},
        {"type: text, one_of: [a], collation: rtrim", "'a'", "'a '"},
        {"type: text, min_length: 2, max_length: 3", "'ab';'éé日'", "'a';'abcd';''"},
        {"type: text, min_length: 2, max_length: 2", "'ab'", "'a';'abc'"},
        {"type: text, min_length: 0", "''", "NULL"},
        {"type: blob, max_length: 2", "x'';x'0000'", "x'000000'"},
        {"type: text, pattern: 'a[0-9]*'", "'a1';'a1bc'", "'A1';'a';'ab'"},
        {"type: json", "'{}';'null';'1';'[1,\"a\"]'", "'';'{';'nul';NULL;'{a:1}'"},
        {"type: json?", "'{}';NULL", "'{'"},
        {"type: labels", "'{}';'{\"a\":\"b\"}'", "'[]';'1';'{';NULL"},
        {"type: labels?", "NULL;'{}'", "'[]';'{'"},
        {"type: date", "'2024-02-29';'0000-01-01';'9999-12-31'",
         "'2023-02-29';'2024-13-01';'2024-00-10';'2024-1-1';'';'2024-01-01 ';NULL;'now'"},
        {"type: date?", "'2024-02-29';NULL", "'2023-02-29'"},
        {"type: uuid", "'01234567-89ab-4cde-8f01-23456789abcd'",
         "'01234567-89AB-4CDE-8F01-23456789ABCD';'0123456789ab4cde8f0123456789abcdffff';'"
         "'"
         ";'01234567-89ab-4cde-8f01-23456789abcg';'01234567-89ab-4cde-8f0-123456789abcd'"
         ";'01234567-89ab-4cde-8f01-23456789abcd0';'--------------------------abcdefghij'"
         ";'-1234567-89ab-4cde-8f01-23456789abcd'"},
        {"type: severity", "10;20", "0;1;11"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof trials / sizeof trials[0]; i++) {
        char text[512];
        struct modelling m;
        sqlite3 *db;

        snprintf(text, sizeof text,
                 "enums: {letter: [a, b], severity: {storage: integer, values: {low: 10, "
                 "high: 20}}}\ntables: {ts: {columns: {c: {%s}}}}\n",
                 trials[i].column);
        m = modelling_good(text);
        db = modelling_database(&m);
        try_values(db, trials[i].column, trials[i].good, true);
        try_values(db, trials[i].column, trials[i].bad, false);
        sqlite3_close(db);
        modelling_free(&m);
    }
}

static void test_text_timestamps(void **state)
{
    static const char good[] = "'2024-02-29T10:00:00.000Z';'0000-01-01T00:00:00.000Z';"
                               "'9999-12-31T23:59:59.999Z';'2024-01-15T10:00:00.123Z'";
    static const char bad[] =
        "'2023-02-29T10:00:00.000Z';'2024-01-01T24:00:00.000Z';"
        "'2024-01-01T10:60:00.000Z';'2024-01-01T10:00:60.000Z';"
        "'2024-01-01T10:00:00Z';'2024-01-01 10:00:00.000Z';'';1;NULL;"
        "'2024-01-01T10:00:00.000+'";
    struct modelling m = modelling_good(
        "options: {timestamp: text}\ntables: {ts: {columns: {c: timestamp}}}\n");
    sqlite3 *db = modelling_database(&m);
    char value[64];
    int i;

    (void)state;
    try_values(db, "text timestamp", good, true);
    try_values(db, "text timestamp", bad, false);
    for (i = 0; i < 60000; i += 7) {
        snprintf(value, sizeof value, "'1999-12-31T23:59:%02d.%03dZ'", i / 1000,
                 i % 1000);
        try_values(db, "text timestamp", value, true);
    }
    sqlite3_close(db);
    modelling_free(&m);
}

static void test_comments_in_checks(void **state)
{
    struct modelling m =
        modelling_good("tables:\n"
                       "  ts:\n"
                       "    columns: {a: integer}\n"
                       "    checks: ['a < 5 -- small', 'a > 0 /* not 0 */']\n");
    sqlite3 *db = modelling_database(&m);

    (void)state;
    assert_int_not_equal(sqlite3_exec(db, "INSERT INTO ts VALUES (5)", NULL, NULL, NULL),
                         SQLITE_OK);
    assert_int_not_equal(sqlite3_exec(db, "INSERT INTO ts VALUES (0)", NULL, NULL, NULL),
                         SQLITE_OK);
    sqlite3_close(db);
    modelling_free(&m);
}

static void test_seeds(void **state)
{
    struct modelling m = modelling_good("tables:\n"
                                        "  bs:\n"
                                        "    columns: {id: {type: integer, primary_key: "
                                        "true}, a_id: {type: text, references: "
                                        "as.id}}\n"
                                        "    seed: [{a_id: x}]\n"
                                        "  as:\n"
                                        "    row: a\n"
                                        "    columns: {id: {type: text, primary_key: "
                                        "true}, n: {type: integer, default: 7}}\n"
                                        "    seed: [{id: x}, {id: \"y's\", n: -1}]\n");
    sqlite3 *db = modelling_database(&m);
    const struct ddl_statement *list;
    size_t count = ddl_schema(&m.arena, m.schema, &list);

    (void)state;
    assert_string_equal(list[0].table->name, "as");
    assert_string_equal(list[count - 1].table->name, "bs");
    assert_string_equal(list[count - 2].sql,
                        "INSERT INTO \"as\" (id, n)\n    VALUES ('y''s', -1)");
    assert_non_null(list[count - 1].seed);
    assert_string_equal(
        modelling_query(db, "SELECT group_concat(id || n, '/') FROM \"as\""), "x7/y's-1");
    assert_string_equal(modelling_query(db, "SELECT id || a_id FROM bs"), "1x");
    sqlite3_close(db);
    modelling_free(&m);
}

static void test_fingerprint(void **state)
{
    static const char *const texts[] = {
        "tables: {ts: {columns: {a: integer}}}\n",
        "tables: {ts: {columns: {a: integer?}}}\n",
        "tables: {ts: {columns: {a: integer, b: text}}}\n",
        "tables: {ts: {columns: {a: integer}, indexes: [[a]]}}\n",
        "tables: {ts: {columns: {a: integer}, seed: [{a: 1}]}}\n"};
    char seen[5][32];
    size_t i, j;

    (void)state;
    for (i = 0; i < 5; i++) {
        struct modelling m = modelling_good(texts[i]);
        struct modelling again = modelling_good(texts[i]);

        snprintf(seen[i], sizeof seen[i], "%s", ddl_fingerprint(&m.arena, m.schema));
        assert_int_equal(strlen(seen[i]), 16);
        assert_string_equal(seen[i], ddl_fingerprint(&again.arena, again.schema));
        for (j = 0; j < i; j++)
            assert_string_not_equal(seen[i], seen[j]);
        modelling_free(&m);
        modelling_free(&again);
    }
}

/* Docs say nothing in SQL: they must not change what a database is compared with. */
static void test_fingerprint_ignores_docs(void **state)
{
    struct modelling a = modelling_good("tables: {ts: {columns: {a: integer}}}\n");
    struct modelling b = modelling_good(
        "tables: {ts: {doc: Some., columns: {a: {type: integer, doc: It.}}}}\n");

    (void)state;
    assert_string_equal(ddl_fingerprint(&a.arena, a.schema),
                        ddl_fingerprint(&b.arena, b.schema));
    modelling_free(&a);
    modelling_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_form),
        cmocka_unit_test(test_indexes),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_real_text),
        cmocka_unit_test(test_texts_and_blobs),
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_random_uuid),
        cmocka_unit_test(test_checks),
        cmocka_unit_test(test_text_timestamps),
        cmocka_unit_test(test_comments_in_checks),
        cmocka_unit_test(test_seeds),
        cmocka_unit_test(test_fingerprint),
        cmocka_unit_test(test_fingerprint_ignores_docs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
