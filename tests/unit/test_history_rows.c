/*
 * test_history_rows.c: the steps of a migration that change rows: insert, update, delete,
 * SQL of the user's, their way back, and what they destroy.
 */
#include "history_trial.h"

/* ---- rows -------------------------------------------------------------------------- */

static void test_rows(void **state)
{
    (void)state;
    steps_give("",
               "      - insert: {table: owners, rows: [{id: 3, name: \"O'Neil\"}]}\n"
               "        down: [{delete: {table: owners, where: {id: 3}}}]\n",
               "SELECT group_concat(name) FROM owners", "Ada,Bob,O'Neil");
    steps_give(
        "",
        "      - update: {table: dogs, set: {age: 7, name: \"a''b\"}, where: {age: "
        "null}}\n        down: []\n",
        "SELECT group_concat(name || age) FROM dogs", "Rex3,a''b7");
    steps_give("    accept: data_loss\n",
               "      - delete: {table: owners, where: id = 2}\n        down: []\n",
               "SELECT group_concat(name) FROM dogs", "Rex");
    steps_give("",
               "      - sql: \"UPDATE dogs SET name = ';--'; DELETE FROM keyless;\"\n"
               "        down: []\n",
               "SELECT name || (SELECT count(*) FROM keyless) FROM dogs", ";--0");
    steps_fail("", "      - insert: {table: dogs, rows: [{nam: x}]}\n        down: []\n",
               "has no column `nam`");
    steps_fail("",
               "      - insert: {table: dogs, rows: [{name: x, age: -1}]}\n        down: "
               "[]\n",
               "breaks a rule of `age`");
    steps_fail("", "      - insert: {table: owners, rows: [{id: 3, name: x}]}\n",
               "the way back is missing");
    steps_fail("", "      - sql: DELETE FROM dogs\n", "the way back is missing");
    steps_fail("", "      - sql: ROLLBACK\n        down: []\n",
               "cannot have this statement");
    steps_fail("", "      - sql: PRAGMA foreign_keys = OFF\n        down: []\n",
               "cannot have this statement");
    steps_fail("", "      - sql: \" ; \"\n        down: []\n", "there is no statement");
}

/* The rows of a table that the migration itself makes go with it. */
static void test_rows_of_new_tables(void **state)
{
    (void)state;
    steps_give(NULL,
               "      - create_table: {name: cats, columns: {a: text}}\n"
               "      - insert: {table: cats, rows: [{a: x}, {a: y}]}\n"
               "      - sql: INSERT INTO cats SELECT name FROM dogs\n",
               "SELECT group_concat(a) FROM (SELECT a FROM cats ORDER BY a)",
               "Fido,Rex,x,y");
}

/* SQL that changes the structure: the steps after it build on what it made. */
static void test_structure_by_sql(void **state)
{
    (void)state;
    steps_give(
        "",
        "      - sql: |\n"
        "          CREATE TABLE cats (a TEXT NOT NULL, b INTEGER) STRICT;\n"
        "          CREATE TRIGGER t AFTER INSERT ON cats BEGIN\n"
        "            SELECT CASE WHEN new.b THEN 1 ELSE 2 END;\n"
        "          END;\n"
        "          INSERT INTO cats VALUES ('x', 1);\n"
        "        down: [{sql: DROP TABLE cats}]\n"
        "      - add_column: {table: cats, column: {c: {type: text, default: z}}}\n"
        "      - drop_column: {table: keyless, column: t}\n"
        "    accept: data_loss\n    irreversible: gone\n",
        "SELECT a || b || c || (SELECT count(*) FROM sqlite_schema WHERE type = "
        "'trigger') FROM cats",
        "x1z1");
}

static void test_written_down(void **state)
{
    struct trial t;

    second(&t,
           "    accept: data_loss\n    down:\n      - add_column: {table: dogs, "
           "column: {age: {type: integer?, min: 0}}, before: owner}\n",
           "      - drop_column: {table: dogs, column: age}\n");
    (void)state;
    assert_string_equal(t.m.report, "");
    assert_true(t.history->versions.items[1].has_down);
    assert_true(prove_data(&t.stage, &t.history->versions.items[1]));
    modelling_free(&t.m);
}

/* ---- what is destroyed ------------------------------------------------------------- */

/* The losses that are found in steps, joined; "" where there are none. */
static void loses(const char *steps, const char *losses)
{
    const char *found = "";
    struct trial t;
    size_t i;

    second(&t, LOSS, steps);
    if (t.history == NULL)
        fail_msg("%s\n%s", steps, t.m.report);
    for (i = 0; i < t.history->versions.items[1].up.losses.count; i++)
        found = arena_printf(&t.m.arena, "%s%s%s", found, i > 0 ? "; " : "",
                             t.history->versions.items[1].up.losses.items[i].text);
    if (strcmp(found, losses) != 0)
        fail_msg("%s\nloses %s, not %s", steps, found, losses);
    assert_int_equal(t.history->versions.items[1].up.destroys, *losses != '\0');
    modelling_free(&t.m);
}

#define WAY "REPLACE deletes rows of "
#define GO  "rows of dogs go with rows of owners"

static void test_replace_is_a_loss(void **state)
{
    static const char *const harmless[] = {
        "      - sql: INSERT OR REPLACE INTO keyless (n) VALUES (1)\n",
        "      - sql: INSERT INTO owners VALUES (1, 'a') ON CONFLICT (id) DO UPDATE SET "
        "name = 'a'\n",
        "      - sql: INSERT OR IGNORE INTO owners VALUES (1, 'a')\n",
        "      - sql: UPDATE owners SET name = replace(name, 'a', 'b') WHERE id OR "
        "replace('a', 'b', 'c')\n",
        "      - create_table: {name: x, columns: {u: {type: text, unique: true}, v: "
        "text?}}\n      - sql: REPLACE INTO x (u) VALUES (1)\n",
    };
    size_t i;

    (void)state;
    loses("      - sql: INSERT OR REPLACE INTO owners VALUES (1, 'a')\n",
          WAY "owners that are in the way; " GO);
    loses("      - sql: WITH x(y) AS (SELECT 1) REPLACE INTO \"owners\" SELECT y, y "
          "FROM x\n",
          WAY "owners that are in the way; " GO);
    loses("      - sql: UPDATE OR REPLACE dogs SET id = id + 1\n",
          WAY "dogs that are in the way");
    loses("      - sql: replace into main.dogs (id, name) values (1, 'x')\n",
          WAY "dogs that are in the way");
    loses("      - sql: replace into dogs (id, name, age, owner) values (1, 'x', 1, 1)\n",
          "");
    loses("      - sql: replace into dogs values (1, 'x', 1, 1)\n", "");
    for (i = 0; i < sizeof harmless / sizeof *harmless; i++)
        loses(harmless[i], "");
}

/* The user's rows are in a table that was renamed, too. */
static void test_replace_in_a_renamed_table(void **state)
{
    (void)state;
    loses("      - rename_table: {table: dogs, to: cats}\n"
          "      - sql: REPLACE INTO cats (id, name) VALUES (1, 'x')\n",
          WAY "cats that are in the way");
}

/* A rebuild puts foreign keys off: nothing cascades, orphans refuse the migration. */
static void test_cascades_are_losses(void **state)
{
    (void)state;
    loses("      - delete: {table: owners, where: 'true'}\n", GO);
    loses("      - delete: {table: dogs, where: 'true'}\n", "");
    loses("      - sql: DELETE FROM owners WHERE 0\n", GO);
    loses("      - delete: {table: owners, where: 'true'}\n"
          "      - add_column: {table: dogs, column: {b: text?}, before: age}\n",
          "");
    loses("      - sql: DROP TABLE keyless\n", "keyless is gone");
    loses("      - sql: ALTER TABLE keyless DROP COLUMN t\n", "keyless.t is gone");
    loses("      - create_table: {name: x, columns: {a: text}}\n"
          "      - sql: DROP TABLE x\n",
          "");
    steps_fail("", "      - delete: {table: owners, where: 'true'}\n        down: []\n",
               "write `accept: data_loss`");
}

static void test_parameters_and_transactions(void **state)
{
    static const char *const refused[] = {
        "BEGIN",
        "COMMIT",
        "END TRANSACTION",
        "ROLLBACK",
        "SAVEPOINT a",
        "RELEASE a",
        "VACUUM",
        "ATTACH ':memory:' AS x",
        "DETACH x",
        "EXPLAIN DELETE FROM dogs",
        "PRAGMA foreign_keys = OFF",
        "pragma user_version = 1",
        "PRAGMA main.journal_mode = DELETE",
    };
    static const char *const parameters[] = {"?", "?7", ":a", "@a", "$a", "$a::b(c)"};
    char text[200];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof refused / sizeof *refused; i++) {
        snprintf(text, sizeof text, "      - sql: \"SELECT 1; %s\"\n", refused[i]);
        steps_fail(LOSS, text, "t.yaml:26:25: error: a migration cannot have this");
    }
    for (i = 0; i < sizeof parameters / sizeof *parameters; i++) {
        snprintf(text, sizeof text, "      - sql: \"SELECT 1, ':a' --?\\n, %s\"\n",
                 parameters[i]);
        steps_fail(LOSS, text, "a migration has no parameters");
    }
    steps_give(LOSS, "      - sql: PRAGMA defer_foreign_keys = ON\n", "SELECT 1", "1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_rows_of_new_tables),
        cmocka_unit_test(test_structure_by_sql),
        cmocka_unit_test(test_written_down),
        cmocka_unit_test(test_replace_is_a_loss),
        cmocka_unit_test(test_replace_in_a_renamed_table),
        cmocka_unit_test(test_cascades_are_losses),
        cmocka_unit_test(test_parameters_and_transactions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
