/*
 * test_parse_ddl.c: CREATE statements as structs. What is expected of names, types and
 * flags is asked of SQLite's own pragmas where there is one.
 */
#include "sql/parse_ddl.h"

#include <sqlite3.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static const struct table_def *parse(const char *sql)
{
    const struct table_def *table = table_def_parse(&arena, sql);

    assert_non_null(table);
    return table;
}

/* ---- against SQLite --------------------------------------------------------------- */

static const char *const tables[] = {
    "CREATE TABLE t(a)",
    "CREATE TABLE 'quoted'('a b' integer, [c] text, \"d\"\"d\" real, `e` blob)",
    "CREATE TABLE t(a INTEGER PRIMARY KEY AUTOINCREMENT, b VARCHAR (40) NOT NULL)",
    "CREATE TABLE t(a UNSIGNED BIG INT, b DECIMAL(10,5) DEFAULT -1.5, c DOUBLE "
    "PRECISION)",
    "CREATE TABLE t(a TEXT NOT NULL ON CONFLICT IGNORE DEFAULT 'it''s', b DEFAULT "
    "(1+(2)))",
    "CREATE TABLE t(a, b, c, PRIMARY KEY (b, a DESC)) WITHOUT ROWID",
    "CREATE TABLE t(a INT, b ANY) STRICT, WITHOUT ROWID, STRICT",
    "CREATE TABLE t(a INT PRIMARY KEY, b TEXT) STRICT, WITHOUT ROWID",
    "CREATE TABLE t(a INT, b INT GENERATED ALWAYS AS (a + 1) STORED, c AS (a) VIRTUAL, d "
    "AS (1))",
    "CREATE TABLE t(a CONSTRAINT x NOT NULL CONSTRAINT y DEFAULT 5 CONSTRAINT z UNIQUE)",
    "CREATE TABLE t(a REFERENCES p ON DELETE SET NULL ON UPDATE CASCADE MATCH FULL "
    "NOT DEFERRABLE INITIALLY DEFERRED, b REFERENCES p(x) DEFERRABLE INITIALLY DEFERRED)",
    "CREATE TABLE t(a, b, CONSTRAINT k FOREIGN KEY (a, b) REFERENCES p(x, y) ON DELETE "
    "RESTRICT ON UPDATE NO ACTION CHECK (a > 0) UNIQUE (a, b))",
    "CREATE TABLE t(a -- one, two\n, /* b, */ c TEXT /* ) */ DEFAULT ')' -- (\n)",
    "CREATE TABLE t(key, action, \"select\", row TEXT, generated, always INT)",
    "CREATE TABLE t(a DEFAULT CURRENT_TIMESTAMP, b DEFAULT x'00', c DEFAULT +5, d "
    "DEFAULT id)",
    "CREATE TABLE t(a CHECK (a IN (1, 2, (3))) NULL, b COLLATE NOCASE COLLATE rtrim)",
    "CREATE TABLE t(a PRIMARY KEY DESC, b UNIQUE ON CONFLICT REPLACE)",
    "CREATE TABLE t(a long text with (10), b)",
    "CREATE TABLE t(a TEXT, b INTEGER, c TEXT, PRIMARY KEY (a, b)) STRICT",
    "CREATE TABLE t(a TEXT, b INTEGER PRIMARY KEY) STRICT",
    "CREATE TABLE \xc3\xa9(\xc3\xa9 TEXT)",
};

/* SQLite does not say that a rowid is never NULL. */
static void expect_column(const struct column_def *column, sqlite3_stmt *info,
                          bool is_rowid)
{
    const char *value = (const char *)sqlite3_column_text(info, 4);
    int hidden = sqlite3_column_int(info, 6);

    assert_string_equal(column->name, sqlite3_column_text(info, 1));
    if (!is_rowid)
        assert_int_equal(column->not_null, sqlite3_column_int(info, 3));
    assert_int_equal(column->generated.key != NULL, hidden != 0);
    assert_int_equal(column->stored, hidden == 3);
    assert_int_equal(column->value.key != NULL, value != NULL);
    if (sqlite3_column_bytes(info, 2) == 0)
        assert_null(column->type.key);
}

static void compare_with_sqlite(const char *sql)
{
    const struct table_def *table = parse(sql);
    sqlite3_stmt *info;
    sqlite3 *db;
    size_t i = 0, keys = 0;

    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        sqlite3_close(db); /* some spellings are refused by this version */
        return;
    }
    sqlite3_prepare_v2(db, "SELECT * FROM pragma_table_xinfo(?)", -1, &info, NULL);
    sqlite3_bind_text(info, 1, table->name, -1, SQLITE_STATIC);
    while (sqlite3_step(info) == SQLITE_ROW) {
        assert_true(i < table->columns.count);
        expect_column(&table->columns.items[i], info, i == table_def_rowid(table));
        i++;
        keys += sqlite3_column_int(info, 5) > 0;
    }
    assert_int_equal(i, table->columns.count);
    assert_int_equal(keys, table_def_primary_key(table) != NULL
                               ? table_def_primary_key(table)->terms.count
                               : 0);
    sqlite3_finalize(info);
    sqlite3_prepare_v2(db, "SELECT wr, strict FROM pragma_table_list WHERE name = ?", -1,
                       &info, NULL);
    sqlite3_bind_text(info, 1, table->name, -1, SQLITE_STATIC);
    assert_int_equal(sqlite3_step(info), SQLITE_ROW);
    assert_int_equal(table->without_rowid, sqlite3_column_int(info, 0));
    assert_int_equal(table->strict, sqlite3_column_int(info, 1));
    sqlite3_finalize(info);
    sqlite3_close(db);
}

static void tables_are_read_as_sqlite_reads_them(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof tables / sizeof *tables; i++)
        compare_with_sqlite(tables[i]);
}

/* ---- what no pragma shows --------------------------------------------------------- */

static void constraints_keep_their_names_and_clauses(void **state)
{
    const struct table_def *table =
        parse("CREATE TABLE t(a INTEGER CONSTRAINT pk PRIMARY KEY ON CONFLICT FAIL "
              "AUTOINCREMENT,"
              " b TEXT COLLATE \"NoCase\" CONSTRAINT \"c 1\" CHECK (b <> '') UNIQUE,"
              " c REFERENCES p DEFERRABLE INITIALLY DEFERRED,"
              " CONSTRAINT u UNIQUE (b DESC, a COLLATE RTRIM) ON CONFLICT IGNORE,"
              " CONSTRAINT f FOREIGN KEY (a, b) REFERENCES q (x, y) ON DELETE CASCADE)");

    (void)state;
    assert_int_equal(table->keys.count, 3);
    assert_string_equal(table->keys.items[0].name, "pk");
    assert_string_equal(table->keys.items[0].key, "primary key (a) fail autoincrement");
    assert_string_equal(table->keys.items[1].key, "unique (b)");
    assert_string_equal(table->keys.items[2].key,
                        "unique (b desc, a collate rtrim) ignore");
    assert_string_equal(table->columns.items[1].collation, "nocase");
    assert_string_equal(table->checks.items[0].name, "c 1");
    assert_int_equal(table->checks.items[0].column, 1);
    assert_string_equal(table->checks.items[0].sql.key, "b <> ''");
    assert_int_equal(table->foreign_keys.count, 2);
    assert_true(table->foreign_keys.items[0].deferred);
    assert_int_equal(table->foreign_keys.items[0].parent_columns.count, 0);
    assert_string_equal(table->foreign_keys.items[1].name, "f");
    assert_int_equal(table->foreign_keys.items[1].on_delete, ACTION_CASCADE);
    assert_int_equal(table->foreign_keys.items[1].columns.count, 2);
}

static void the_rowid_is_found_by_sqlites_rules(void **state)
{
    (void)state;
    assert_int_equal(table_def_rowid(parse("CREATE TABLE t(a, b INTEGER PRIMARY KEY)")),
                     1);
    assert_int_equal(
        table_def_rowid(parse("CREATE TABLE t(a integer, PRIMARY KEY(a DESC))")), 0);
    assert_int_equal(table_def_rowid(parse("CREATE TABLE t(a INTEGER PRIMARY KEY DESC)")),
                     NO_COLUMN);
    assert_int_equal(table_def_rowid(parse("CREATE TABLE t(a INT PRIMARY KEY)")),
                     NO_COLUMN);
    assert_int_equal(
        table_def_rowid(parse("CREATE TABLE t(a INTEGER PRIMARY KEY) WITHOUT ROWID")),
        NO_COLUMN);
    assert_int_equal(
        table_def_rowid(parse("CREATE TABLE t(a INTEGER, b, PRIMARY KEY(a, b))")),
        NO_COLUMN);
}

static const char *check_key(const char *expression)
{
    return parse(arena_printf(&arena,
                              "CREATE TABLE t(a, \"b c\", \"select\", CHECK (%s))",
                              expression))
        ->checks.items[0]
        .sql.key;
}

static void keys_are_the_same_where_the_meaning_is(void **state)
{
    (void)state;
    assert_string_equal(check_key("a>0"), check_key(" ( A /* x */ > 0 ) "));
    assert_string_equal(check_key("\"a\" > 0"), check_key("[a] > 0 -- c\n"));
    assert_string_equal(check_key("t.a > 0"), check_key("a > 0"));
    assert_string_equal(check_key("a == 1 AND a != 2"), check_key("a = 1 and a <> 2"));
    assert_string_equal(check_key("a = \"text\""), check_key("a = 'text'"));
    assert_string_equal(check_key("[b c] = 1"), check_key("\"B C\" = 1"));
}

static void keys_differ_where_the_meaning_does(void **state)
{
    (void)state;
    assert_string_not_equal(check_key("a = 'X'"), check_key("a = 'x'"));
    assert_string_not_equal(check_key("a = \"X\""), check_key("a = \"x\""));
    assert_string_not_equal(check_key("a = 'a'"), check_key("a = a"));
    assert_string_not_equal(check_key("(a) + (a)"), check_key("a + a"));
    assert_string_not_equal(check_key("\"select\" IS NULL"), check_key("a IS NULL"));
    assert_string_not_equal(check_key("a || 'b'"), check_key("a | 'b'"));
}

/* ---- other statements ------------------------------------------------------------- */

static void indexes_are_read_with_expressions(void **state)
{
    struct index_def *index = index_def_parse(
        &arena,
        "CREATE UNIQUE INDEX IF NOT EXISTS main.\"i x\" ON [t] (a COLLATE NOCASE DESC, "
        "lower(b) ASC, \"c\") WHERE a > 0 AND (b)",
        NULL);

    (void)state;
    assert_non_null(index);
    assert_string_equal(index->name, "i x");
    assert_true(index->unique);
    assert_int_equal(index->terms.count, 3);
    assert_string_equal(index->terms.items[0].name, "a");
    assert_string_equal(index->terms.items[0].collation, "nocase");
    assert_true(index->terms.items[0].descending);
    assert_null(index->terms.items[1].name);
    assert_string_equal(index->terms.items[1].sql.text, "lower(b)");
    assert_string_equal(index->where.key, "a > 0 and ( b )");
}

static void triggers_have_defaults(void **state)
{
    struct program_def *plain = program_def_parse(
        &arena, "CREATE TRIGGER x INSERT ON t BEGIN SELECT 1; END", true, NULL);
    struct program_def *full = program_def_parse(
        &arena, "create trigger y before insert on T for each row begin select 1; end",
        true, NULL);
    struct program_def *after = program_def_parse(
        &arena, "CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; END", true, NULL);

    (void)state;
    assert_string_equal(plain->table, "t");
    assert_string_equal(plain->key, full->key);
    assert_string_not_equal(plain->key, after->key);
}

static void strings_in_views_keep_their_case(void **state)
{
    struct map names = {0};
    struct program_def *a, *b, *c;

    (void)state;
    map_put(&arena, &names, "t", &names);
    a = program_def_parse(&arena, "CREATE VIEW v AS SELECT \"Text\" FROM T", false,
                          &names);
    b = program_def_parse(&arena, "CREATE VIEW v AS SELECT \"text\" FROM t", false,
                          &names);
    c = program_def_parse(&arena, "CREATE VIEW v AS SELECT 'Text' FROM \"T\"", false,
                          &names);
    assert_string_not_equal(a->key, b->key);
    assert_string_equal(a->key, c->key);
}

static void a_table_is_renamed_with_its_qualifiers(void **state)
{
    const struct table_def *table =
        parse("CREATE TABLE \"a t\"(x CHECK (\"a t\".x > 0), y REFERENCES \"a t\"(x))");

    (void)state;
    assert_string_equal(table_def_renamed(&arena, table, "n"),
                        "CREATE TABLE n(x CHECK (x > 0), y REFERENCES \"a t\"(x))");
}

static void what_is_no_such_statement_is_null(void **state)
{
    static const char *const bad[] = {
        "",
        "CREATE",
        "CREATE TABLE",
        "CREATE TABLE t",
        "CREATE TABLE t(",
        "CREATE TABLE t(a",
        "CREATE TABLE t(a CHECK (1)",
        "CREATE TABLE t(a DEFAULT",
        "CREATE TABLE t(a REFERENCES",
        "CREATE TABLE t(a, PRIMARY KEY (",
        "CREATE TABLE t(a, PRIMARY KEY ())",
        "CREATE TABLE t(a) x y",
        "CREATE TABLE IF",
        "CREATE TABLE IF NOT",
        "CREATE INDEX i ON t(a",
        "CREATE TABLE t(a 'unterminated)",
        "\xff\xfe",
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_null(table_def_parse(&arena, bad[i]));
        assert_null(index_def_parse(&arena, bad[i], NULL));
        assert_null(program_def_parse(&arena, bad[i], true, NULL));
    }
}

/* Every beginning of a statement: never a crash, whatever the answer. */
static void cut_statements_are_survived(void **state)
{
    size_t i, length;

    (void)state;
    for (i = 0; i < sizeof tables / sizeof *tables; i++)
        for (length = 0; length < strlen(tables[i]); length++) {
            const char *sql = arena_strndup(&arena, tables[i], length);

            table_def_parse(&arena, sql);
            index_def_parse(&arena, sql, NULL);
            program_def_parse(&arena, sql, false, NULL);
        }
}

static void comments_are_seen(void **state)
{
    (void)state;
    assert_true(sql_has_comment("CREATE TABLE t(a, -- x\n b)"));
    assert_true(sql_has_comment("a /* */"));
    assert_false(sql_has_comment("CREATE TABLE t(a DEFAULT '--', b AS (a - -1))"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(tables_are_read_as_sqlite_reads_them, tear_down),
        cmocka_unit_test_teardown(constraints_keep_their_names_and_clauses, tear_down),
        cmocka_unit_test_teardown(the_rowid_is_found_by_sqlites_rules, tear_down),
        cmocka_unit_test_teardown(keys_are_the_same_where_the_meaning_is, tear_down),
        cmocka_unit_test_teardown(keys_differ_where_the_meaning_does, tear_down),
        cmocka_unit_test_teardown(indexes_are_read_with_expressions, tear_down),
        cmocka_unit_test_teardown(triggers_have_defaults, tear_down),
        cmocka_unit_test_teardown(strings_in_views_keep_their_case, tear_down),
        cmocka_unit_test_teardown(a_table_is_renamed_with_its_qualifiers, tear_down),
        cmocka_unit_test_teardown(what_is_no_such_statement_is_null, tear_down),
        cmocka_unit_test_teardown(cut_statements_are_survived, tear_down),
        cmocka_unit_test_teardown(comments_are_seen, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
