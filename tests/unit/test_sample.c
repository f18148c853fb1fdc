/*
 * test_sample.c: sample rows of many tables, inserted into SQLite with foreign keys on;
 * what each row must show; bad values, which the same database must refuse; GLOB against
 * SQLite.
 */
#include "modelling.h"

#include "../../generator/model/glob.h"
#include "../../generator/model/sample_value.h"

/* ---- rows ------------------------------------------------------------------------- */

static void insert(struct modelling *m, sqlite3 *db, const struct table *table,
                   size_t row)
{
    struct buf sql;
    size_t i, count = 0;

    buf_init(&sql);
    buf_addf(&sql, "INSERT INTO \"%s\" (", table->sql_name);
    for (i = 0; i < table->columns.count; i++)
        if (table->columns.items[i]->generated == NULL)
            buf_addf(&sql, "%s\"%s\"", count++ > 0 ? ", " : "",
                     table->columns.items[i]->sql_name);
    buf_adds(&sql, ") VALUES (");
    for (i = count = 0; i < table->columns.count; i++)
        if (table->columns.items[i]->generated == NULL)
            buf_addf(&sql, "%s%s", count++ > 0 ? ", " : "",
                     modelling_literal(m, &table->samples[row].values[i]));
    buf_adds(&sql, ")");
    if (sqlite3_exec(db, sql.data, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s\n%s", sql.data, sqlite3_errmsg(db));
    buf_release(&sql);
}

/* All rows that can be there together, in one transaction, foreign keys on. */
static sqlite3 *filled(struct modelling *m)
{
    sqlite3 *db = modelling_database(m);
    size_t i, row;

    sqlite3_exec(db, "PRAGMA foreign_keys = ON; BEGIN", NULL, NULL, NULL);
    for (row = 0; row < SAMPLE_ROWS; row++)
        for (i = 0; i < m->schema->creation.count; i++)
            if (row < m->schema->creation.items[i]->sample_count)
                insert(m, db, m->schema->creation.items[i], row);
    if (sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s", sqlite3_errmsg(db));
    return db;
}

static const struct literal *sample(const struct modelling *m, const char *table,
                                    size_t row, const char *column)
{
    return &modelling_table(m, table)
                ->samples[row]
                .values[modelling_column(m, table, column)->index];
}

/* The values of a column in the three rows, as SQL. */
static void expect(struct modelling *m, const char *table, const char *column,
                   const char *expected)
{
    const char *values = arena_printf(&m->arena, "%s | %s | %s",
                                      modelling_literal(m, sample(m, table, 0, column)),
                                      modelling_literal(m, sample(m, table, 1, column)),
                                      modelling_literal(m, sample(m, table, 2, column)));

    if (strcmp(values, expected) != 0)
        fail_msg("%s.%s: %s", table, column, values);
}

static void test_types(void **state)
{
    struct modelling m =
        modelling_good("enums: {color: [red, green, blue]}\n"
                       "tables:\n"
                       "  ts:\n"
                       "    columns:\n"
                       "      id: {type: integer, primary_key: true}\n"
                       "      n: integer\n"
                       "      small: int32?\n"
                       "      ranged: {type: integer, min: -2, max: 7}\n"
                       "      on: bool\n"
                       "      share: {type: real, min: 0, max: 1}\n"
                       "      name: {type: text, max_length: 4}\n"
                       "      code: {type: text, min_length: 2, max_length: 2}\n"
                       "      bytes: {type: blob, max_length: 2}\n"
                       "      day: date\n"
                       "      made: timestamp\n"
                       "      hue: color\n"
                       "      key: uuid\n"
                       "      tags: labels\n"
                       "      given: {type: text, examples: [x, y]}\n");
    sqlite3 *db = filled(&m);

    (void)state;
    expect(&m, "ts", "id", "1 | 2147483648 | 3");
    expect(&m, "ts", "n", "-9223372036854775808 | 9223372036854775807 | 4");
    expect(&m, "ts", "small", "NULL | 2147483647 | 5");
    expect(&m, "ts", "ranged", "-2 | 7 | 6");
    expect(&m, "ts", "on", "0 | 1 | 1");
    expect(&m, "ts", "share", "0.0 | 1.0 | 0.046875");
    expect(&m, "ts", "name", "'' | 'é日𝄞Z' | '3'");
    expect(&m, "ts", "code", "'aa' | 'é日' | '3x'");
    expect(&m, "ts", "bytes", "x'' | x'fffe' | x'ff02'");
    expect(&m, "ts", "day", "'0000-01-01' | '9999-12-31' | '2024-03-11'");
    expect(&m, "ts", "made", "-62167219200000 | 253402300799999 | 1709200810002");
    expect(&m, "ts", "hue", "'red' | 'blue' | 'red'");
    expect(&m, "ts", "given", "'x' | 'y' | 'x'");
    assert_string_equal(modelling_query(db, "SELECT count(*) FROM ts"), "3");
    sqlite3_close(db);
    modelling_free(&m);
}

/* Three rows of every one of these can be in the table together. */
static void test_unique(void **state)
{
    static const char *const tables[] = {
        "columns: {a: {type: text, primary_key: true, max_length: 1}}",
        "columns: {a: {type: text, primary_key: true, min_length: 1, max_length: 1}}",
        "columns: {a: {type: text, unique: true, collation: nocase, max_length: 1}}",
        "columns: {a: {type: integer, primary_key: true, min: 5, max: 7}}",
        "columns: {a: {type: integer, primary_key: true, min: 9223372036854775805}}",
        "columns: {a: {type: integer, primary_key: true, autoincrement: true}}",
        "columns: {a: {type: int32, unique: true, max: -2147483646}}",
        "columns: {a: {type: color, primary_key: true}}",
        "columns: {a: bool, b: bool}\n    primary_key: [a, b]",
        "columns: {a: bool, b: bool}\n    unique: [[b, a]]",
        "columns: {a: {type: text, one_of: [x, y, z]}}\n    unique: [[a]]",
        "columns: {a: {type: real, unique: true, one_of: [0.5, 1, 2]}}",
        "columns: {a: {type: real, unique: true, min: 0, max: 1}}",
        "columns: {a: {type: date, primary_key: true}, b: {type: uuid, unique: true}}",
        "columns: {a: {type: timestamp, primary_key: true}}\n    without_rowid: true",
        "columns: {a: {type: text, pattern: 'x[0-9]', primary_key: true}}",
        "columns: {a: {type: text, pattern: '*.*', max_length: 3, unique: true}}",
        "columns: {a: {type: text, examples: [p], unique: true}}",
        "columns: {a: text, b: text}\n    indexes: [{columns: [lower(a)], unique: true}]",
        "columns: {a: text, b: {type: text, generated: upper(a)}}\n    unique: [[b]]",
        "columns: {a: {type: text, one_of: [p, q]}, b: text?}\n    unique: [[a, b]]",
        "columns: {a: bool?}\n    unique: [[a]]",
    };
    char text[512];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        struct modelling m;

        snprintf(text, sizeof text,
                 "enums: {color: [red, green, blue]}\ntables:\n  ts:\n    %s\n",
                 tables[i]);
        m = modelling_good(text);
        if (modelling_table(&m, "ts")->sample_count != SAMPLE_ROWS)
            fail_msg("%s: %zu rows", tables[i], modelling_table(&m, "ts")->sample_count);
        sqlite3_close(filled(&m));
        modelling_free(&m);
    }
}

/* Tables that can't have three rows, and their children. */
static void test_few(void **state)
{
    struct modelling m = modelling_good(
        "tables:\n"
        "  as: {row: a, columns: {id: {type: integer, primary_key: true, min: 1, max: "
        "1}}}\n"
        "  bs: {columns: {a_id: {type: integer, references: as.id, unique: true}}}\n"
        "  cs: {columns: {a_id: {type: integer, references: as.id}}}\n"
        "  ds: {columns: {on: {type: bool, primary_key: true}}}\n"
        "  es: {columns: {on: {type: bool, references: ds.on}, n: bool}, unique: [[on, "
        "n]]}\n");

    (void)state;
    assert_int_equal(modelling_table(&m, "as")->sample_count, 1);
    assert_int_equal(modelling_table(&m, "bs")->sample_count, 1);
    assert_int_equal(modelling_table(&m, "cs")->sample_count, 3);
    assert_int_equal(modelling_table(&m, "ds")->sample_count, 2);
    assert_int_equal(modelling_table(&m, "es")->sample_count, 3);
    sqlite3_close(filled(&m));
    modelling_free(&m);
}

#define ID "id: {type: integer, primary_key: true}"

static void test_foreign_keys(void **state)
{
    struct modelling m = modelling_good(
        "tables:\n"
        "  children:\n"
        "    columns: {" ID
        ", parent_id: {type: text, references: parents.id}, maybe: {type: "
        "text?, references: parents.id}}\n"
        "  parents: {columns: {id: {type: text, primary_key: true}, other: {type: text?, "
        "unique: "
        "true}}}\n"
        "  users: {columns: {other: {type: text, references: parents.other}}}\n"
        "  trees: {columns: {" ID
        ", up: {type: integer?, references: trees.id}, self: {type: "
        "integer, references: trees.id}}}\n"
        "  heads: {columns: {" ID
        ", body_id: {type: integer, references: bodies.id, deferrable: "
        "true}}}\n"
        "  bodies: {row: body, columns: {" ID ", head_id: {type: integer, references: "
        "heads.id}}}\n"
        "  eggs: {columns: {" ID ", hen_id: {type: integer?, references: hens.id}}}\n"
        "  hens: {columns: {" ID ", egg_id: {type: integer, references: eggs.id}}}\n"
        "  tenants: {columns: {" ID "}}\n"
        "  rooms: {columns: {tenant_id: {type: integer, references: tenants.id}, n: "
        "integer}, "
        "primary_key: [tenant_id, n]}\n"
        "  beds: {columns: {tenant_id: {type: integer, references: tenants.id}, n: "
        "integer?}, "
        "foreign_keys: [{columns: [tenant_id, n], references: [rooms.tenant_id, "
        "rooms.n]}]}\n");
    sqlite3 *db = filled(&m);
    size_t row;

    (void)state;
    for (row = 0; row < SAMPLE_ROWS; row++) {
        assert_string_equal(sample(&m, "children", row, "parent_id")->text,
                            sample(&m, "parents", row, "id")->text);
        assert_int_equal(sample(&m, "trees", row, "up")->kind, LITERAL_NULL);
        assert_int_equal(sample(&m, "eggs", row, "hen_id")->kind, LITERAL_NULL);
        assert_true(sample(&m, "heads", row, "body_id")->integer ==
                    sample(&m, "bodies", row, "id")->integer);
    }
    assert_int_equal(sample(&m, "children", 0, "maybe")->kind, LITERAL_NULL);
    assert_int_equal(sample(&m, "children", 1, "maybe")->kind, LITERAL_TEXT);
    assert_string_equal(
        modelling_query(db, "SELECT count(*) FROM pragma_foreign_key_check"), "0");
    sqlite3_close(db);
    modelling_free(&m);
}

/* Checks as people write them are satisfied without examples. */
static void test_checks(void **state)
{
    static const char *const checks[] = {"length(trim(name)) > 0",
                                         "started <= ended",
                                         "low <= high",
                                         "low < high",
                                         "name <> other",
                                         "high >= 0",
                                         "low + high < 1000000",
                                         "high * low > 0",
                                         "name NOT LIKE '% '",
                                         "ended IS NULL OR ended > started",
                                         "low IN (low, high)",
                                         "json_type(extra) = 'object'",
                                         "instr(name, '/') = 0"};
    char text[512];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        struct modelling m;

        snprintf(
            text, sizeof text,
            "tables:\n  ts:\n    columns: {name: text, other: text, started: timestamp, "
            "ended: timestamp?, low: integer, high: integer, extra: json}\n"
            "    checks: [\"%s\"]\n",
            checks[i]);
        m = modelling_good(text);
        sqlite3_close(filled(&m));
        modelling_free(&m);
    }
}

static void test_same_every_time(void **state)
{
    static const char text[] =
        "tables: {ts: {columns: {a: text, b: real, c: uuid, d: json}}}\n";
    struct modelling a = modelling_good(text), b = modelling_good(text);
    size_t row, i;

    (void)state;
    for (row = 0; row < SAMPLE_ROWS; row++)
        for (i = 0; i < 4; i++)
            assert_string_equal(
                modelling_literal(&a, &modelling_table(&a, "ts")->samples[row].values[i]),
                modelling_literal(&b,
                                  &modelling_table(&b, "ts")->samples[row].values[i]));
    modelling_free(&a);
    modelling_free(&b);
}

/* ---- bad values ------------------------------------------------------------------- */

/* Every bad value is refused by the table's own checks too; `expected` lists them. */
static void expect_bad(const char *column, const char *expected)
{
    char text[512];
    const struct bad_value *values;
    struct modelling m;
    struct buf list;
    sqlite3 *db;
    size_t count, i;

    snprintf(text, sizeof text,
             "enums: {color: [red, blue], level: {storage: integer, values: {low: 0, "
             "high: 1}}}\n"
             "tables: {ts: {columns: {c: {%s}, d: integer?}}}\n",
             column);
    m = modelling_good(text);
    db = modelling_database(&m);
    count =
        sample_bad_values(&m.arena, m.schema, modelling_column(&m, "ts", "c"), &values);
    buf_init(&list);
    for (i = 0; i < count; i++) {
        const char *value = modelling_literal(&m, &values[i].value);
        const char *sql = arena_printf(&m.arena, "INSERT INTO ts (c) VALUES (%s)", value);

        buf_addf(&list, "%s%s %s", i > 0 ? "; " : "", value, values[i].status);
        if (sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK)
            fail_msg("{%s}: %s is taken", column, value);
    }
    if (strcmp(list.data, expected) != 0)
        fail_msg("{%s}: %s", column, list.data);
    buf_release(&list);
    sqlite3_close(db);
    modelling_free(&m);
}

static void test_bad_values(void **state)
{
    (void)state;
    expect_bad("type: integer", "");
    expect_bad("type: integer, min: 1, max: 5", "0 QUARRY_CHECK; 6 QUARRY_CHECK");
    expect_bad("type: integer, min: -9223372036854775808, max: 9223372036854775807", "");
    expect_bad("type: int32, min: -2147483648, max: 2147483646",
               "2147483647 QUARRY_CHECK");
    expect_bad("type: integer?, one_of: [1, 2]", "3 QUARRY_CHECK");
    expect_bad("type: real, min: 1", "0.99999999999999989 QUARRY_CHECK");
    expect_bad("type: bool", "");
    expect_bad("type: text", "NULL QUARRY_NOT_NULL");
    expect_bad("type: text?, min_length: 2, max_length: 3",
               "'a' QUARRY_CHECK; 'aaaa' QUARRY_CHECK");
    expect_bad("type: text?, one_of: [a, b]", "'not one of them' QUARRY_CHECK");
    expect_bad("type: text?, pattern: '[a-z]'", "'not one of them' QUARRY_CHECK");
    expect_bad("type: text?, pattern: '?', max_length: 1",
               "'aa' QUARRY_CHECK; '' QUARRY_CHECK");
    expect_bad("type: text?, pattern: '*'", "");
    expect_bad("type: blob, max_length: 1", "x'0000' QUARRY_CHECK");
    expect_bad("type: color", "0 QUARRY_CHECK");
    expect_bad("type: level", "2 QUARRY_CHECK");
    expect_bad("type: json?", "'{' QUARRY_CHECK");
    expect_bad("type: date?", "'2023-02-29' QUARRY_CHECK; '2024-1-15' QUARRY_CHECK");
    expect_bad("type: uuid",
               "NULL QUARRY_NOT_NULL; '01234567-89AB-4CDE-8F01-23456789AB01' "
               "QUARRY_CHECK; 'no uuid' QUARRY_CHECK");
    expect_bad("type: labels?", "");
}

/* ---- patterns --------------------------------------------------------------------- */

static unsigned random_state = 1;

static unsigned random_number(unsigned limit)
{
    random_state = random_state * 1103515245u + 12345u;
    return random_state / 65536u % limit;
}

static void random_text(char *text, const char *letters, size_t most)
{
    size_t length = random_number((unsigned)most), i;

    for (i = 0; i < length; i++)
        text[i] = letters[random_number((unsigned)strlen(letters))];
    text[length] = '\0';
}

/* SQLite's own function is the judge. */
static void test_glob_match(void **state)
{
    static const char *const fixed[][2] = {
        {"[^é]", "é"}, {"[é]", "é"},   {"?", "é"},  {"[]]", "]"}, {"[^]]", "]"},
        {"[a-]", "-"}, {"[-a]", "-"},  {"[a", "a"}, {"", ""},     {"*", ""},
        {"[]", ""},    {"[à-ü]", "é"}, {"[", "["},  {"]", "]"},   {"a*b*c", "abbcc"}};
    char pattern[16], text[16];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
        if (glob_match(fixed[i][0], fixed[i][1]) !=
            (sqlite3_strglob(fixed[i][0], fixed[i][1]) == 0))
            fail_msg("'%s' and '%s'", fixed[i][0], fixed[i][1]);
    for (i = 0; i < 200000; i++) {
        random_text(pattern, "ab*?[]^-", 9);
        random_text(text, "ab]-^", 6);
        if (glob_match(pattern, text) != (sqlite3_strglob(pattern, text) == 0))
            fail_msg("'%s' and '%s'", pattern, text);
    }
}

static void test_glob_sample(void **state)
{
    static const char *const patterns[] = {"*",
                                           "?",
                                           "[a-z]*",
                                           "[^a-z]",
                                           "v[0-9].[0-9]",
                                           "*@*.*",
                                           "[0-9a-f]?*",
                                           "[A-Z][A-Z]*",
                                           "é[à-ü]*",
                                           "[^ -~]",
                                           "[]]",
                                           "a[*]b[?]",
                                           "[[]*",
                                           "x",
                                           "/*",
                                           "sha256:*",
                                           ""};
    struct buf out;
    size_t i, length, variant;

    (void)state;
    buf_init(&out);
    for (i = 0; i < sizeof patterns / sizeof patterns[0]; i++)
        for (length = 0; length < 12; length += 5)
            for (variant = 0; variant < 40; variant++) {
                buf_clear(&out);
                if (!glob_sample(patterns[i], length, variant, &out) ||
                    sqlite3_strglob(patterns[i], out.data) != 0)
                    fail_msg("'%s': '%s'", patterns[i], out.data);
                if (strchr(patterns[i], '*') != NULL &&
                    strstr(patterns[i], "[*]") == NULL && length == 10)
                    assert_int_equal(glob_length(out.data), length);
            }
    assert_false(glob_sample("[a", 1, 0, &out));
    assert_false(glob_sample("[]", 1, 0, &out));
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_types),       cmocka_unit_test(test_unique),
        cmocka_unit_test(test_few),         cmocka_unit_test(test_foreign_keys),
        cmocka_unit_test(test_checks),      cmocka_unit_test(test_same_every_time),
        cmocka_unit_test(test_bad_values),  cmocka_unit_test(test_glob_match),
        cmocka_unit_test(test_glob_sample),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
