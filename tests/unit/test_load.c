/*
 * test_load.c: files, options, enums, mixins and columns as they come out of loading.
 * What has to be refused, with its exact place, stands in tests/must_fail/.
 */
#include "loading.h"

#include <sys/stat.h>
#include <unistd.h>

#define TABLE(columns)                                                                   \
    "tables: {t: {columns: {id: {type: integer, primary_key: true}, " columns "}}}\n"

/* ---- the top ------------------------------------------------------------------ */

static void test_defaults(void **state)
{
    struct loading l = loading_good("tables: {hosts: {columns: {id: text}}}\n");
    const struct table *table = loading_table(&l, "hosts");

    (void)state;
    assert_string_equal(l.schema->name, "t");
    assert_null(l.schema->doc);
    assert_true(l.schema->options.strict);
    assert_int_equal(l.schema->options.timestamp, TIME_UNIX_MS);
    assert_string_equal(table->row, "host");
    assert_string_equal(table->sql_name, "hosts");
    assert_true(table->strict);
    assert_false(table->without_rowid);
    assert_int_equal(table->key.columns.count, 0);
    assert_int_equal(table->span.at.line, 3);
    assert_int_equal(table->span.at.column, 10);
    loading_free(&l);
}

static void test_options(void **state)
{
    struct loading l = loading_good(
        "doc: A b.\noptions: {strict: false, timestamp: text}\n"
        "tables: {a: {columns: {t: timestamp}}, b: {strict: true, columns: {x: "
        "text}}}\n");

    (void)state;
    assert_string_equal(l.schema->doc, "A b.");
    assert_false(loading_table(&l, "a")->strict);
    assert_true(loading_table(&l, "b")->strict);
    assert_int_equal(loading_column(&l, "a", "t")->storage, STORE_TEXT);
    assert_string_equal(loading_column(&l, "a", "t")->sql_type, "TEXT");
    loading_free(&l);
}

static void test_table_facts(void **state)
{
    struct loading l = loading_good(
        "tables:\n  t: {row: thing, doc: D, without_rowid: true, sql_name: \"The "
        "T\", columns: {a: {type: text, primary_key: true, sql_name: \"A a\"}}}\n");
    const struct table *table = loading_table(&l, "t");

    (void)state;
    assert_string_equal(table->row, "thing");
    assert_string_equal(table->doc, "D");
    assert_string_equal(table->sql_name, "The T");
    assert_true(table->without_rowid);
    assert_string_equal(loading_column(&l, "t", "a")->sql_name, "A a");
    loading_free(&l);
}

/* ---- columns ------------------------------------------------------------------ */

static void test_types(void **state)
{
    static const struct {
        const char *name;
        enum type_kind type;
        enum storage storage;
        const char *sql_type;
    } types[] = {
        {"integer", TYPE_INTEGER, STORE_INTEGER, "INTEGER"},
        {"int32", TYPE_INT32, STORE_INTEGER, "INTEGER"},
        {"bool", TYPE_BOOL, STORE_INTEGER, "INTEGER"},
        {"real", TYPE_REAL, STORE_REAL, "REAL"},
        {"text", TYPE_TEXT, STORE_TEXT, "TEXT"},
        {"blob", TYPE_BLOB, STORE_BLOB, "BLOB"},
        {"timestamp", TYPE_TIMESTAMP, STORE_INTEGER, "INTEGER"},
        {"date", TYPE_DATE, STORE_TEXT, "TEXT"},
        {"json", TYPE_JSON, STORE_TEXT, "TEXT"},
        {"labels", TYPE_LABELS, STORE_TEXT, "TEXT"},
        {"uuid", TYPE_UUID, STORE_TEXT, "TEXT"},
        {"words", TYPE_ENUM, STORE_TEXT, "TEXT"},
        {"numbers", TYPE_ENUM, STORE_INTEGER, "INTEGER"},
    };
    char text[512];
    size_t i, nullable;

    (void)state;
    for (i = 0; i < sizeof types / sizeof *types; i++)
        for (nullable = 0; nullable < 4; nullable++) {
            struct loading l;
            const struct column *c;

            snprintf(text, sizeof text,
                     "enums: {words: [a], numbers: {storage: integer, values: {a: 7}}}\n"
                     "tables: {t: {columns: {c: %s%s%s%s}}}\n",
                     nullable & 2 ? "{type: " : "", types[i].name,
                     nullable & 1 ? "?" : "", nullable & 2 ? "}" : "");
            l = loading_good(text);
            c = loading_column(&l, "t", "c");
            assert_int_equal(c->type, types[i].type);
            assert_int_equal(c->storage, types[i].storage);
            assert_string_equal(c->sql_type, types[i].sql_type);
            assert_true(c->nullable == ((nullable & 1) != 0));
            assert_true((c->enumeration != NULL) == (c->type == TYPE_ENUM));
            loading_free(&l);
        }
}

static void test_column_facts(void **state)
{
    struct loading l = loading_good(TABLE(
        "a: {type: text, doc: D, collation: nocase, min_length: 0, max_length: 9, "
        "pattern: "
        "\"x*\", examples: [x, xy]}, b: {type: integer, min: -1, max: 1, one_of: [-1, "
        "1]}, "
        "c: {type: timestamp, touch: true}, d: {type: text, generated: {sql: upper(a), "
        "stored: true}}, e: {type: text?, generated: a, collation: rtrim}, f: {type: "
        "text, "
        "collation: binary}"));
    const struct column *a = loading_column(&l, "t", "a"),
                        *b = loading_column(&l, "t", "b");
    const struct column *d = loading_column(&l, "t", "d"),
                        *e = loading_column(&l, "t", "e");

    (void)state;
    assert_string_equal(a->doc, "D");
    assert_string_equal(a->collation, "NOCASE");
    assert_true(a->has_min_length && a->has_max_length && !a->has_min && !a->has_default);
    assert_int_equal(a->min_length, 0);
    assert_int_equal(a->max_length, 9);
    assert_string_equal(a->pattern, "x*");
    assert_int_equal(a->examples.count, 2);
    assert_true(b->has_min && b->has_max && b->min.integer == -1 && b->max.integer == 1);
    assert_int_equal(b->one_of.count, 2);
    assert_true(loading_column(&l, "t", "c")->touch);
    assert_string_equal(d->generated, "upper(a)");
    assert_true(d->stored && !e->stored);
    assert_string_equal(e->collation, "RTRIM");
    assert_null(loading_column(&l, "t", "f")->collation);
    loading_free(&l);
}

/* ---- enums -------------------------------------------------------------------- */

static void test_enums(void **state)
{
    struct loading l =
        loading_good("enums:\n  a: [x, k8s-node, \"2 B\"]\n"
                     "  b: {doc: D, values: {none: \"\", some: x}}\n"
                     "  c: {storage: integer, values: {low: -2147483648, high: "
                     "2147483647}}\n" TABLE("b: a"));
    const struct enumeration *a = map_get(&l.schema->enums_by_name, "a");
    const struct enumeration *b = map_get(&l.schema->enums_by_name, "b");
    const struct enumeration *c = map_get(&l.schema->enums_by_name, "c");

    (void)state;
    assert_int_equal(l.schema->enums.count, 3);
    assert_int_equal(a->values.count, 3);
    assert_string_equal(a->values.items[1].name, "k8s_node");
    assert_string_equal(a->values.items[1].text, "k8s-node");
    assert_true(a->values.items[0].value == 1 && a->values.items[2].value == 3);
    assert_string_equal(a->values.items[2].name, "n2_b");
    assert_string_equal(b->doc, "D");
    assert_string_equal(b->values.items[0].text, "");
    assert_int_equal(c->storage, STORE_INTEGER);
    assert_string_equal(c->values.items[0].text, "low");
    assert_true(c->values.items[0].value == INT32_MIN);
    loading_free(&l);
}

/* ---- mixins ------------------------------------------------------------------- */

static void test_mixin_order(void **state)
{
    struct loading l = loading_good(
        "mixins:\n  keyed: {created: timestamp, id: {type: integer, primary_key: "
        "true}}\n  more: {use: [base], m: text}\n  base: {b: text}\n  other: {use: "
        "[base], o: text}\n"
        "tables:\n  t: {use: [keyed, more, other], columns: {own: text}}\n"
        "  u: {use: [keyed]}\n");

    (void)state;
    assert_string_equal(loading_columns(&l, "t"), "id own created m b o"); /* b once */
    assert_string_equal(loading_columns(&l, "u"), "id created");
    assert_true(loading_column(&l, "t", "id") != loading_column(&l, "u", "id"));
    assert_int_equal(loading_column(&l, "t", "b")->index, 4);
    assert_int_equal(loading_column(&l, "u", "created")->index, 1);
    loading_free(&l);
}

static void test_column_named_use(void **state)
{
    struct loading l =
        loading_good("mixins: {a: {use: text}}\ntables: {t: {use: [a]}}\n");

    (void)state;
    assert_string_equal(loading_columns(&l, "t"), "use");
    loading_free(&l);
}

/* A chain of mixins that doubles at each step: 2^40 ways, one visit each. */
static void test_mixin_diamonds(void **state)
{
    struct buf text;
    struct loading l;
    int i;

    (void)state;
    buf_init(&text);
    buf_adds(&text, "mixins:\n  m0: {c0: text}\n  n0: {use: [m0]}\n");
    for (i = 1; i <= 40; i++)
        buf_addf(&text, "  m%d: {use: [m%d, n%d], c%d: text}\n  n%d: {use: [n%d, m%d]}\n",
                 i, i - 1, i - 1, i, i, i - 1, i - 1);
    buf_adds(&text, "tables: {t: {use: [m40, n40]}}\n");
    l = loading_good(text.data);
    assert_int_equal(loading_table(&l, "t")->columns.count, 41);
    loading_free(&l);
    buf_release(&text);
}

/* Nothing recurses as deep as the text says. */
static void test_deep_mixins(void **state)
{
    static const int depths[] = {MIXIN_DEPTH, MIXIN_DEPTH + 1, 100000};
    size_t d;
    int i;

    (void)state;
    for (d = 0; d < 6; d++) { /* used before they are declared, and after */
        struct loading l;
        struct buf text;

        buf_init(&text);
        buf_adds(&text, "mixins:\n");
        for (i = 0; i <= depths[d / 2]; i++) {
            int n = d % 2 == 0 ? i : depths[d / 2] - i;

            if (n == depths[d / 2])
                buf_addf(&text, "  m%d: {c%d: text}\n", n, n);
            else
                buf_addf(&text, "  m%d: {use: [m%d]}\n", n, n + 1);
        }
        buf_adds(&text, "tables: {t: {use: [m0]}}\n");
        l = loading(text.data);
        assert_true((diags_errors(l.diags) == 0) == (d < 2));
        assert_true((strstr(l.report, "over 100 deep [Q0113]") == NULL) == (d < 2));
        loading_free(&l);
        buf_release(&text);
    }
}

/* ---- files -------------------------------------------------------------------- */

static char folder[] = "/tmp/quarry-load-XXXXXX";

static void write_file(const char *name, const char *text)
{
    char path[256];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static struct loading load_main(const char *text)
{
    char path[256];

    snprintf(path, sizeof path, "%s/main.yaml", folder);
    write_file("main.yaml", text);
    return loading_text(path, text);
}

static const char *file_of(const struct loading *l, size_t i)
{
    return l->schema->files.items[i] + strlen(folder) + 1;
}

static void test_includes(void **state)
{
    struct loading l;

    (void)state;
    write_file("sub/a.yaml",
               "include: [b.yaml, ../c.yaml]\ntables: {a: {use: [m], columns: {s: "
               "e}}}\n");
    write_file("sub/b.yaml", "doc: B.\nquarry: 1\nenums: {e: [x]}\ninclude: []\n");
    write_file("c.yaml",
               "include: [sub/b.yaml]\nmixins: {m: {id: {type: integer, primary_key: "
               "true}}}\ntables: {c: {use: [m]}}\n");
    l = load_main(
        "quarry: 1\nname: t\ninclude: [sub/a.yaml, ./c.yaml]\n"
        "tables: {z: {use: [m], columns: {a_id: {type: integer, references: a.id}}}}\n");
    assert_string_equal(l.report, "");
    assert_int_equal(l.schema->tables.count, 3);
    assert_string_equal(l.schema->tables.items[0]->name, "c");
    assert_string_equal(l.schema->tables.items[1]->name, "a");
    assert_string_equal(l.schema->tables.items[2]->name, "z");
    assert_int_equal(l.schema->files.count, 4);
    assert_string_equal(file_of(&l, 0), "main.yaml");
    assert_string_equal(file_of(&l, 1), "sub/a.yaml");
    assert_string_equal(file_of(&l, 2), "sub/b.yaml");
    assert_string_equal(file_of(&l, 3), "sub/../c.yaml");
    loading_free(&l);
}

static void test_deep_includes(void **state)
{
    struct loading l;
    char name[64], text[128];
    int i;

    (void)state;
    for (i = 1; i <= 101; i++) {
        snprintf(name, sizeof name, "sub/d%d.yaml", i);
        snprintf(text, sizeof text, "include: [d%d.yaml]\n", i + 1);
        if (i == 101)
            snprintf(text, sizeof text, "doc: Last.\n");
        write_file(name, text);
    }
    l = load_main("quarry: 1\nname: t\ninclude: [sub/d2.yaml]\ntables: {t: {columns: {a: "
                  "text}}}\n");
    assert_string_equal(l.report, "");
    loading_free(&l);
    l = load_main("quarry: 1\nname: t\ninclude: [sub/d1.yaml]\ntables: {t: {columns: {a: "
                  "text}}}\n");
    assert_int_equal(diags_errors(l.diags), 1);
    assert_non_null(strstr(l.report, "files include files over 100 deep [Q0108]"));
    loading_free(&l);
    for (i = 1; i <= 101; i++) {
        snprintf(text, sizeof text, "%s/sub/d%d.yaml", folder, i);
        unlink(text);
    }
}

/* What a missing file may have declared is not asked for. */
static void test_missing_include_hides_followers(void **state)
{
    struct loading l = load_main(
        "quarry: 1\nname: t\ninclude: [none.yaml]\ntables: {t: {use: [m], columns: {a: "
        "e, b: {type: integer, references: u.id}}, indexes: [[c]]}}\n");

    (void)state;
    assert_int_equal(diags_errors(l.diags), 1);
    assert_non_null(strstr(l.report, "none.yaml`: No such file or directory [Q0100]"));
    loading_free(&l);
}

static void test_cycle_by_another_name(void **state)
{
    struct loading l;
    char from[256], to[256];

    (void)state;
    snprintf(from, sizeof from, "%s/main.yaml", folder);
    snprintf(to, sizeof to, "%s/link.yaml", folder);
    assert_int_equal(symlink(from, to), 0);
    l = load_main(
        "quarry: 1\nname: t\ninclude: [sub/../link.yaml]\ntables: {t: {columns: {a: "
        "text}}}\n");
    assert_int_equal(diags_errors(l.diags), 1);
    assert_non_null(strstr(l.report, "link.yaml` includes itself [Q0107]"));
    loading_free(&l);
}

static void test_first_file_cannot_be_read(void **state)
{
    const struct span nowhere = {.length = 0};
    struct loading l = {.schema = NULL};

    (void)state;
    l.diags = diags_new(&l.arena);
    assert_null(load_document(&l.arena, l.diags, "/nonexistent/x.yaml", nowhere));
    assert_null(load_document(&l.arena, l.diags, "/tmp", nowhere));
    loading_report(&l);
    assert_int_equal(diags_errors(l.diags), 2);
    assert_non_null(strstr(l.report, "can't read `/nonexistent/x.yaml`: No such file"));
    assert_non_null(strstr(l.report, "can't read `/tmp`: Is a directory"));
    loading_free(&l);
}

static void test_join(void **state)
{
    struct arena arena = {0};

    (void)state;
    assert_string_equal(load_join(&arena, "a.yaml", "b.yaml"), "b.yaml");
    assert_string_equal(load_join(&arena, "x/a.yaml", "b.yaml"), "x/b.yaml");
    assert_string_equal(load_join(&arena, "x/a.yaml", "/b.yaml"), "/b.yaml");
    assert_string_equal(load_join(&arena, "/a.yaml", "../b.yaml"), "/../b.yaml");
    assert_string_equal(load_join(&arena, "-", "b.yaml"), "b.yaml");
    arena_release(&arena);
}

/* ---- one mistake, one error --------------------------------------------------- */

static void test_no_followers(void **state)
{
    (void)state;
    loading_fails(
        "tables: {a: {columns: {id: {type: strin, primary_key: true}}}, b: {columns: {x: "
        "{type: text, references: a.id}}, seed: [{x: 1}]}}\n",
        "[Q0110]");
    loading_fails("enums: {e: [x, x]}\n" TABLE("c: {type: e, default: y}"), "[Q0117]");
    loading_fails("tabels: {}\n" TABLE("c: e"), "[Q0101]");
    loading_fails(
        "mixins: {m: {use: [n], x: text}}\ntables: {t: {use: [m], columns: {id: text}, "
        "indexes: [[y]], unique: [[z]], primary_key: [w]}}\n",
        "[Q0111]");
    loading_fails("tables: {t: {colums: {id: text}, indexes: [[y]]}}\n", "[Q0101]");
    loading_fails(TABLE("c: {type: integer, min: x, default: 5}"), "[Q0140]");
    loading_fails(
        "tables: {t: {columns: {id: {type: text, primary_key: true}, c: {type: text, "
        "default: [x]}}, seed: [{id: a}]}}\n",
        "[Q0140]");
}

static void test_damaged_text_hides_followers(void **state)
{
    (void)state;
    loading_fails("enums: &x {e: [x]}\n" TABLE("c: {type: f}"), "[Q00");
}

static int make_folder(void **state)
{
    char path[256];

    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/sub", folder);
    return mkdir(path, 0777);
}

static int remove_folder(void **state)
{
    static const char *const names[] = {"main.yaml",  "link.yaml", "c.yaml", "sub/a.yaml",
                                        "sub/b.yaml", "sub",       "."};
    char path[256];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        if (i < 5)
            unlink(path);
        else
            rmdir(i == 6 ? folder : path);
    }
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_table_facts),
        cmocka_unit_test(test_types),
        cmocka_unit_test(test_column_facts),
        cmocka_unit_test(test_enums),
        cmocka_unit_test(test_mixin_order),
        cmocka_unit_test(test_column_named_use),
        cmocka_unit_test(test_mixin_diamonds),
        cmocka_unit_test(test_deep_mixins),
        cmocka_unit_test(test_includes),
        cmocka_unit_test(test_deep_includes),
        cmocka_unit_test(test_missing_include_hides_followers),
        cmocka_unit_test(test_cycle_by_another_name),
        cmocka_unit_test(test_first_file_cannot_be_read),
        cmocka_unit_test(test_join),
        cmocka_unit_test(test_no_followers),
        cmocka_unit_test(test_damaged_text_hides_followers),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
