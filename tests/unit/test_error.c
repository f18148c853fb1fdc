/*
 * test_error.c: every violated constraint gives its status and names table, column and
 * constraint, however odd the names are. SQLite makes the messages, so it is the judge.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../runtime/internal.h"
#include "sample_schema.h"

/* ---- a schema of odd names ------------------------------------------------------ */

static const char *const odd_ddl[] = {
    "CREATE TABLE \"a.b\" (\"c, a.b.d\" TEXT UNIQUE, \"d\" INTEGER, e REAL,"
    " CONSTRAINT both CHECK (e < 10), UNIQUE (\"d\", \"c, a.b.d\")) STRICT",
    "CREATE TABLE \"it's \"\"x\"\"\" (k INTEGER PRIMARY KEY, \"näme 'q'\" TEXT NOT NULL,"
    " CONSTRAINT both CHECK (k < 10), CHECK (k <> 5)) STRICT",
    "CREATE UNIQUE INDEX by_lower ON \"it's \"\"x\"\"\" (lower(\"näme 'q'\"))",
    "CREATE TABLE nodes (id INTEGER PRIMARY KEY, up INTEGER, x INTEGER, y TEXT,"
    " CONSTRAINT up_key FOREIGN KEY (up) REFERENCES nodes (id),"
    " CONSTRAINT pair_key FOREIGN KEY (x, y) REFERENCES pairs (x, y)) STRICT",
    "CREATE TABLE pairs (x INTEGER NOT NULL, y TEXT NOT NULL, PRIMARY KEY (x, y)) STRICT",
    "CREATE TABLE gone (x INTEGER, y TEXT, FOREIGN KEY (x, y) REFERENCES pairs (x, y)"
    " ON DELETE CASCADE) STRICT",
    "CREATE TRIGGER no_delete BEFORE DELETE ON \"a.b\""
    " BEGIN SELECT RAISE(ABORT, 'rows stay'); END",
    NULL,
};

static const quarry_column odd_columns[] = {
    {.name = "c, a.b.d"}, {.name = "d"}, {.name = "e"}};
static const quarry_check_name odd_checks[] = {{"both", 2}};
static const int odd_text[] = {0};
static const int odd_both[] = {1, 0};
static const quarry_unique odd_uniques[] = {{"two", odd_both, 2}, {"one", odd_text, 1}};
static const quarry_row_type odd_type = {.table = "a.b",
                                         .columns = odd_columns,
                                         .column_count = 3,
                                         .key_column = -1,
                                         .checks = odd_checks,
                                         .check_count = 1,
                                         .uniques = odd_uniques,
                                         .unique_count = 2};

static const quarry_column quote_columns[] = {{.name = "k"}, {.name = "näme 'q'"}};
static const quarry_check_name quote_checks[] = {{"both", 0}};
static const quarry_row_type quote_type = {.table = "it's \"x\"",
                                           .columns = quote_columns,
                                           .column_count = 2,
                                           .key_column = 0,
                                           .checks = quote_checks,
                                           .check_count = 1};

typedef struct node {
    int64_t id;
    quarry_opt_int64 up;
    quarry_opt_int64 x;
    const char *y;
} node;

static void node_bind(quarry_stmt *stmt, const void *of)
{
    const node *row = of;

    quarry_bind_key(stmt, 1, row->id);
    quarry_bind_opt_int64(stmt, 2, row->up);
    quarry_bind_opt_int64(stmt, 3, row->x);
    quarry_bind_text(stmt, 4, row->y);
}

static const quarry_column node_columns[] = {
    {.name = "id"}, {.name = "up"}, {.name = "x"}, {.name = "y"}};
static const int up_columns[] = {1};
static const int pair_columns[] = {2, 3};
static const int gone_columns[] = {0, 1};
static const char *const id_parent[] = {"id"};
static const char *const pair_parent[] = {"x", "y"};
static const quarry_foreign_key node_keys[] = {
    {"up_key", up_columns, "nodes", id_parent, 1},
    {"pair_key", pair_columns, "pairs", pair_parent, 2}};
static const quarry_foreign_key gone_keys[] = {
    {NULL, gone_columns, "pairs", pair_parent, 2}};
static const quarry_row_type node_type = {.table = "nodes",
                                          .columns = node_columns,
                                          .column_count = 4,
                                          .key_column = 0,
                                          .bind = node_bind,
                                          .foreign_keys = node_keys,
                                          .foreign_key_count = 2};
static const quarry_column pair_names[] = {{.name = "x"}, {.name = "y"}};
static const quarry_row_type pair_type = {
    .table = "pairs", .columns = pair_names, .column_count = 2, .key_column = -1};
static const quarry_row_type gone_type = {.table = "gone",
                                          .columns = pair_names,
                                          .column_count = 2,
                                          .key_column = -1,
                                          .foreign_keys = gone_keys,
                                          .foreign_key_count = 1};

static const quarry_row_type *const odd_tables[] = {&odd_type, &quote_type, &gone_type,
                                                    &node_type, &pair_type};
static const quarry_schema odd_schema = {.abi = QUARRY_ABI,
                                         .name = "odd",
                                         .environment = "ODD_",
                                         .version = 3,
                                         .fingerprint = "odd",
                                         .ddl = odd_ddl,
                                         .tables = odd_tables,
                                         .table_count = 5,
                                         .statement_count = 8};

static int open_odd(void **state)
{
    quarry_options options;
    quarry_db *db = NULL;

    quarry_options_init(&options);
    options.ignore_environment = true;
    assert_int_equal(quarry_open(&odd_schema, ":memory:", &options, &db), QUARRY_OK);
    *state = db;
    return 0;
}

static int close_odd(void **state)
{
    quarry_close(*state);
    return 0;
}

static bool same(const char *left, const char *right)
{
    return left == right || (left != NULL && right != NULL && strcmp(left, right) == 0);
}

static void expect_error(quarry_db *db, quarry_status got, quarry_status status,
                         const char *table, const char *column, const char *constraint,
                         const char *message)
{
    const quarry_error *error = quarry_last_error(db);

    assert_int_equal(got, status);
    assert_int_equal(error->status, status);
    if (!same(error->table, table) || !same(error->column, column) ||
        !same(error->constraint, constraint) || strstr(error->message, message) == NULL)
        fail_msg("got %s . %s (%s): %s", error->table, error->column, error->constraint,
                 error->message);
}

static quarry_status exec(quarry_db *db, const char *sql)
{
    const quarry_status status = quarry_exec(db, sql);

    if (status != QUARRY_OK)
        assert_string_equal(quarry_last_error(db)->sql, sql);
    return status;
}

/* ---- constraints ---------------------------------------------------------------- */

static void test_unique_of_odd_names(void **state)
{
    quarry_db *db = *state;

    assert_int_equal(exec(db, "INSERT INTO \"a.b\" VALUES ('x', 1, 1)"), QUARRY_OK);
    expect_error(db, exec(db, "INSERT INTO \"a.b\" VALUES ('x', 2, 1)"), QUARRY_UNIQUE,
                 "a.b", "c, a.b.d", "one", "a.b.c, a.b.d: another row has");
    assert_int_equal(quarry_last_error(db)->sqlite_code, SQLITE_CONSTRAINT_UNIQUE);
    assert_int_equal(exec(db, "CREATE TABLE kept AS SELECT * FROM \"a.b\";"
                              "DROP TRIGGER no_delete; DROP TABLE \"a.b\";"
                              "CREATE TABLE \"A.b\" (\"C, a.b.d\" TEXT, \"D\" INTEGER,"
                              " e REAL, UNIQUE (\"D\", \"C, a.b.d\"), UNIQUE (e));"
                              "INSERT INTO \"a.b\" SELECT * FROM kept"),
                     QUARRY_OK);
    expect_error(db, exec(db, "INSERT INTO \"a.b\" VALUES ('x', 1, 2)"), QUARRY_UNIQUE,
                 "a.b", "d", "two", "A.b.D, A.b.C, a.b.d: another row has");
    expect_error(db, exec(db, "INSERT INTO \"a.b\" VALUES ('y', 7, 1)"), QUARRY_UNIQUE,
                 "a.b", "e", NULL, "A.b.e: another row has");
    expect_error(db, exec(db, "INSERT INTO pairs VALUES (1, 'a'), (1, 'a')"),
                 QUARRY_UNIQUE, "pairs", "x", NULL,
                 "pairs.x, pairs.y: another row has these values (UNIQUE constraint");
}

static void test_unique_expression(void **state)
{
    quarry_db *db = *state;

    expect_error(db, exec(db, "INSERT INTO \"it's \"\"x\"\"\" VALUES (1, 'A'), (2, 'a')"),
                 QUARRY_UNIQUE, "it's \"x\"", NULL, "by_lower",
                 "it's \"x\": another row has this value");
    expect_error(db, exec(db, "INSERT INTO \"it's \"\"x\"\"\" VALUES (1, 'A'), (1, 'b')"),
                 QUARRY_UNIQUE, "it's \"x\"", "k", NULL, "another row has this value");
}

static void test_not_null(void **state)
{
    quarry_db *db = *state;

    expect_error(db, exec(db, "INSERT INTO \"it's \"\"x\"\"\" VALUES (1, NULL)"),
                 QUARRY_NOT_NULL, "it's \"x\"", "näme 'q'", NULL,
                 "it's \"x\".näme 'q': must not be NULL (NOT NULL constraint failed");
}

static void test_check_of_the_statement_goes_first(void **state)
{
    quarry_db *db = *state;
    quarry_stmt *stmt =
        quarry_prepare(db, 0, "INSERT INTO \"it's \"\"x\"\"\" VALUES (?1, ?2)");

    quarry_bind_int64(stmt, 1, 11);
    quarry_bind_text(stmt, 2, "n");
    expect_error(db, quarry_run(stmt, &quote_type, NULL), QUARRY_CHECK, "it's \"x\"", "k",
                 "both", "it's \"x\".k: breaks a check (CHECK constraint failed: both)");
    expect_error(db, exec(db, "INSERT INTO \"a.b\" VALUES ('x', 1, 11)"), QUARRY_CHECK,
                 "a.b", "e", "both", "a.b.e: breaks a check");
    expect_error(db, exec(db, "INSERT INTO \"it's \"\"x\"\"\" VALUES (5, 'f')"),
                 QUARRY_CHECK, NULL, NULL, NULL,
                 "breaks a check (CHECK constraint failed: k <> 5)");
}

static void test_data_type(void **state)
{
    quarry_db *db = *state;

    expect_error(db, exec(db, "INSERT INTO \"a.b\" VALUES ('x', 'one', 1)"), QUARRY_CHECK,
                 "a.b", "d", NULL, "cannot store TEXT value in INTEGER column a.b.d");
}

static void test_trigger(void **state)
{
    quarry_db *db = *state;

    assert_int_equal(exec(db, "INSERT INTO \"a.b\" VALUES ('x', 1, 1)"), QUARRY_OK);
    expect_error(db, exec(db, "DELETE FROM \"a.b\""), QUARRY_CONSTRAINT, NULL, NULL, NULL,
                 "the database refuses this change (rows stay)");
}

static void test_table_the_schema_does_not_have(void **state)
{
    quarry_db *db = *state;

    assert_int_equal(exec(db, "CREATE TABLE other (a UNIQUE, b NOT NULL)"), QUARRY_OK);
    expect_error(db, exec(db, "INSERT INTO other VALUES (1, 1), (1, 2)"), QUARRY_UNIQUE,
                 "other", "a", NULL, "other.a: another row has this value");
    expect_error(db, exec(db, "INSERT INTO other VALUES (1, NULL)"), QUARRY_NOT_NULL,
                 "other", "b", NULL, "other.b: must not be NULL");
}

/* ---- foreign keys --------------------------------------------------------------- */

static quarry_status insert_node(quarry_db *db, node *row)
{
    quarry_stmt *stmt =
        quarry_prepare(db, 1, "INSERT INTO nodes (id, up, x, y) VALUES (?1, ?2, ?3, ?4)");

    node_bind(stmt, row);
    return quarry_run_insert(stmt, &node_type, row);
}

static void test_missing_parent(void **state)
{
    quarry_db *db = *state;
    node row = {.id = 1, .up = {true, 7}};

    expect_error(db, insert_node(db, &row), QUARRY_FOREIGN_KEY, "nodes", "up", "up_key",
                 "nodes.up: no row of nodes has id 7");
    assert_int_equal(quarry_last_error(db)->sqlite_code, SQLITE_CONSTRAINT_FOREIGNKEY);
    assert_non_null(strstr(quarry_last_error(db)->sql, "INSERT INTO nodes"));
    row.up.value = 1; /* itself: fine; so it is the pair */
    row.x = (quarry_opt_int64){true, 3};
    row.y = "it's";
    expect_error(db, insert_node(db, &row), QUARRY_FOREIGN_KEY, "nodes", "x", "pair_key",
                 "nodes.x, nodes.y: no row of pairs has x 3 and y 'it's'");
    row.y = NULL; /* a key with a NULL in it refers to nothing */
    assert_int_equal(insert_node(db, &row), QUARRY_OK);
}

static void test_update_blames_what_it_writes(void **state)
{
    static const int keys[] = {0};
    quarry_db *db = *state;
    node row = {.id = 1};
    quarry_stmt *stmt;

    assert_int_equal(insert_node(db, &row), QUARRY_OK);
    row = (node){.id = 1, .up = {true, 77}, .x = {true, 1}, .y = "a"};
    stmt = quarry_prepare_update(db, 2, &node_type, keys, 1, 0xC);
    node_bind(stmt, &row);
    expect_error(db, quarry_run_change(stmt, &node_type, &row), QUARRY_FOREIGN_KEY,
                 "nodes", "x", "pair_key", "no row of pairs has x 1 and y 'a'");
}

static quarry_status delete_pair(quarry_db *db, int64_t x, const char *y)
{
    quarry_stmt *stmt = quarry_prepare_delete(
        db, 3, "DELETE FROM pairs WHERE x = ?1 AND y = ?2", &pair_type);

    quarry_bind_int64(stmt, 1, x);
    quarry_bind_text(stmt, 2, y);
    return quarry_run_change(stmt, &pair_type, NULL);
}

static void test_children_are_blamed(void **state)
{
    quarry_db *db = *state;

    assert_int_equal(exec(db, "INSERT INTO pairs VALUES (1, 'a'), (2, 'b');"
                              "INSERT INTO gone VALUES (1, 'a'), (2, 'b');"
                              "INSERT INTO nodes VALUES (1, NULL, 1, 'a')"),
                     QUARRY_OK);
    expect_error(db, delete_pair(db, 1, "a"), QUARRY_FOREIGN_KEY, "nodes", "x",
                 "pair_key",
                 "nodes.x, nodes.y: a row of nodes still refers to this row of pairs");
    assert_int_equal(delete_pair(db, 2, "b"), QUARRY_OK); /* gone: on delete cascade */
    assert_int_equal(delete_pair(db, 2, "b"), QUARRY_NOT_FOUND);
    assert_int_equal(quarry_last_error(db)->status, QUARRY_FOREIGN_KEY);
}

static void test_foreign_key_without_row(void **state)
{
    quarry_db *db = *state;

    expect_error(db, exec(db, "INSERT INTO nodes (up) VALUES (9)"), QUARRY_FOREIGN_KEY,
                 NULL, NULL, NULL, "a row that is referred to is missing");
}

/* ---- the rest ------------------------------------------------------------------- */

static void test_other_errors(void **state)
{
    quarry_db *db = *state;

    expect_error(db, exec(db, "SELEKT 1"), QUARRY_ERROR, NULL, NULL, NULL,
                 "syntax error");
    expect_error(db, exec(db, "SELECT zeroblob(2000000000)"), QUARRY_TOO_BIG, NULL, NULL,
                 NULL, "limit of SQLite");
    expect_error(db, exec(db, "PRAGMA query_only = 1; DELETE FROM pairs"),
                 QUARRY_READ_ONLY, NULL, NULL, NULL, "can't be written");
}

static void test_messages_are_cut_between_characters(void **state)
{
    quarry_db *db = *state;
    char sql[1600] = "SELECT \"a";
    size_t length;

    for (int i = 0; i < 500; i++)
        strcat(sql, "é");
    strcat(sql, "\"");
    assert_int_equal(quarry_exec(db, sql), QUARRY_ERROR);
    length = strlen(quarry_last_error(db)->message);
    assert_true(length > 400 && length < QUARRY_MESSAGE_SIZE);
    assert_int_equal(
        quarry_fail(db, QUARRY_MISMATCH, "t", "c", "x%s", strchr(sql, 'a') + 1),
        QUARRY_MISMATCH);
    assert_int_equal(strlen(quarry_last_error(db)->message), QUARRY_MESSAGE_SIZE - 1);
    quarry_fail(db, QUARRY_MISMATCH, "t", "c", "%s", strchr(sql, 'a') + 1);
    assert_int_equal(strlen(quarry_last_error(db)->message), QUARRY_MESSAGE_SIZE - 2);
    assert_string_equal(quarry_last_error(db)->column, "c");
    assert_null(quarry_last_error(db)->sql);
}

static void test_statuses_have_names(void **state)
{
    (void)state;
    for (int i = 0; i <= QUARRY_ERROR; i++)
        assert_true(strlen(quarry_status_name((quarry_status)i)) > 1);
    assert_string_equal(quarry_status_name(QUARRY_NOT_FOUND), "not found");
    assert_string_equal(quarry_status_name((quarry_status)(QUARRY_ERROR + 1)),
                        "unknown status");
    assert_string_equal(quarry_status_name((quarry_status)-1), "unknown status");
}

static void test_null_connection(void **state)
{
    quarry_error error;

    (void)state;
    assert_int_equal(quarry_last_error(NULL)->status, QUARRY_MISUSE);
    assert_true(quarry_last_error(NULL)->message[0] != '\0');
    assert_int_equal(quarry_misuse(NULL, "x"), QUARRY_MISUSE);
    assert_int_equal(quarry_fail(NULL, QUARRY_CHECK, NULL, NULL, "x"), QUARRY_CHECK);
    assert_null(quarry_error_of(NULL));
    quarry_error_set(NULL, QUARRY_CHECK, NULL, NULL, "x");
    memset(&error, 1, sizeof error);
    quarry_error_set(&error, QUARRY_CHECK, "t", NULL, "%d", 5);
    assert_string_equal(error.message, "5");
    assert_int_equal(error.row, 0);
    assert_null(error.column);
}

static void test_utf8_cut(void **state)
{
    (void)state;
    assert_int_equal(quarry_utf8_cut("", 5), 0);
    assert_int_equal(quarry_utf8_cut("abc", 5), 3);
    assert_int_equal(quarry_utf8_cut("abc", 3), 3);
    assert_int_equal(quarry_utf8_cut("a\xF0\x9F\x98\x80z", 4), 1);
    assert_int_equal(quarry_utf8_cut("a\xF0\x9F\x98\x80z", 5), 5);
    assert_int_equal(quarry_utf8_cut("\x80\x80\x80", 2), 0);
}

#define ODD(test) cmocka_unit_test_setup_teardown(test, open_odd, close_odd)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ODD(test_unique_of_odd_names),
        ODD(test_unique_expression),
        ODD(test_not_null),
        ODD(test_check_of_the_statement_goes_first),
        ODD(test_data_type),
        ODD(test_trigger),
        ODD(test_table_the_schema_does_not_have),
        ODD(test_missing_parent),
        ODD(test_update_blames_what_it_writes),
        ODD(test_children_are_blamed),
        ODD(test_foreign_key_without_row),
        ODD(test_other_errors),
        ODD(test_messages_are_cut_between_characters),
        cmocka_unit_test(test_statuses_have_names),
        cmocka_unit_test(test_null_connection),
        cmocka_unit_test(test_utf8_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
