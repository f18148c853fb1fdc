/*
 * test_history_loss.c: what SQL of a migration destroys without saying so: values that
 * foreign keys give up, rows in the way of a table's conflict clause, tables and columns
 * that are dropped before anything has read them.
 */
#include "history_trial.h"

#include <cmocka.h>

static const char start[] =
    "tables: {}\n"
    "migrations:\n"
    "  - version: 1\n"
    "    name: one\n"
    "    up:\n"
    "      - create_table:\n"
    "          name: hosts\n"
    "          columns: {id: {type: integer, primary_key: true}, note: text?, n: "
    "integer}\n"
    "      - create_table:\n"
    "          name: items\n"
    "          columns:\n"
    "            id: {type: integer, primary_key: true}\n"
    "            host: {type: integer?, references: hosts.id, on_delete: set_null,\n"
    "                   on_update: cascade}\n"
    "            other: {type: integer, default: 1, references: hosts.id,\n"
    "                    on_update: set_default}\n"
    "            up: {type: integer?, references: items.id, on_delete: set_null}\n"
    "      - create_table:\n"
    "          name: codes\n"
    "          columns: {id: {type: integer, primary_key: true}, code: text, n: "
    "integer}\n"
    "          unique: [{columns: [code], on_conflict: replace}]\n"
    "      - create_table:\n"
    "          name: pairs\n"
    "          columns: {code: {type: text, primary_key: true}, n: integer?}\n"
    "          primary_key_on_conflict: replace\n"
    "  - version: 2\n"
    "    name: two\n"
    "    accept: data_loss\n"
    "    irreversible: gone\n"
    "    up:\n"
    "      - ";

/* The losses of a step, joined; "" where there are none. */
static void loses(const char *step, const char *losses)
{
    const struct script *up;
    const char *found = "";
    struct trial t;
    size_t i;

    trial_of(&t, start, step);
    if (t.history == NULL)
        fail_msg("%s\n%s", step, t.m.report);
    up = &t.history->versions.items[1].up;
    for (i = 0; i < up->losses.count; i++)
        found = arena_printf(&t.m.arena, "%s%s%s", found, i > 0 ? "; " : "",
                             up->losses.items[i].text);
    if (strcmp(found, losses) != 0)
        fail_msg("%s\nloses %s, not %s", step, found, losses);
    assert_int_equal(up->destroys, *losses != '\0');
    modelling_free(&t.m);
}

static void test_values_given_up(void **state)
{
    (void)state;
    loses("delete: {table: hosts, where: 'true'}\n",
          "values of items.host go with rows of hosts");
    loses("sql: DELETE FROM items WHERE id > 5\n",
          "values of items.up go with rows of items");
    loses("sql: UPDATE hosts SET id = id + 1000\n",
          "values of items.other go with keys of hosts");
    loses("update: {table: hosts, set: {id: 5}}\n",
          "values of items.other go with keys of hosts");
    loses("sql: UPDATE OR REPLACE hosts SET id = id + 1\n",
          "REPLACE deletes rows of hosts that are in the way; values of items.host go "
          "with rows of hosts; values of items.other go with rows of hosts");
    loses("sql: \"INSERT INTO hosts VALUES (1, 'a', 1) ON CONFLICT (id) DO UPDATE SET "
          "id = 9\"\n",
          "values of items.other go with keys of hosts");
    loses("sql: UPDATE hosts SET note = 'x'\n", "");
    loses("sql: UPDATE items SET host = NULL, up = NULL, other = 1\n", "");
    loses("sql: DELETE FROM codes\n", "");
}

#define WAY "ON CONFLICT REPLACE of the table deletes rows of "

static void test_clauses_of_tables(void **state)
{
    static const char *const harmless[] = {
        "sql: INSERT OR ABORT INTO codes VALUES (1, 'a', 1)\n",
        "sql: INSERT OR IGNORE INTO codes VALUES (1, 'a', 1)\n",
        "sql: UPDATE OR FAIL codes SET code = 'a'\n",
        "sql: UPDATE codes SET n = 1\n",
        "sql: DELETE FROM codes\n",
        "insert: {table: codes, rows: [{id: 1, code: a, n: 1}]}\n",
        "update: {table: codes, set: {code: a}}\n",
        "sql: INSERT INTO pairs VALUES ('a', 1)\n",
        "sql: INSERT INTO pairs (code) VALUES ('a') ON CONFLICT (code) DO NOTHING\n",
        "sql: INSERT INTO hosts VALUES (1, 'a', 1)\n",
    };
    size_t i;

    (void)state;
    loses("sql: INSERT INTO codes VALUES (1, 'a', 1)\n", WAY "codes that are in the way");
    loses("sql: WITH x(y) AS (SELECT 1) INSERT INTO codes SELECT y, y, y FROM x\n",
          WAY "codes that are in the way");
    loses("sql: \"INSERT INTO codes VALUES (1, 'a', 1) ON CONFLICT (id) DO UPDATE SET "
          "n = 1\"\n",
          WAY "codes that are in the way");
    loses("sql: UPDATE codes SET code = 'a'\n", WAY "codes that are in the way");
    loses("sql: INSERT INTO pairs (code) VALUES ('a')\n",
          WAY "pairs that are in the way");
    for (i = 0; i < sizeof harmless / sizeof *harmless; i++)
        loses(harmless[i], "");
}

#define NEW "CREATE TABLE new (code TEXT NOT NULL PRIMARY KEY, n INTEGER) STRICT; "

static void test_drops(void **state)
{
    static const char *const moved[] = {
        NEW "INSERT INTO new SELECT * FROM pairs; DROP TABLE pairs",
        NEW "INSERT INTO new SELECT * FROM main.pairs; DROP TABLE pairs",
        NEW "INSERT INTO new SELECT code, n FROM (SELECT * FROM pairs); DROP TABLE "
            "pairs; ALTER TABLE new RENAME TO pairs",
        "ALTER TABLE pairs RENAME TO \\\"old one\\\"; CREATE TABLE pairs (code TEXT NOT "
        "NULL PRIMARY KEY, n INTEGER) STRICT; INSERT INTO pairs SELECT * FROM [old "
        "one]; DROP TABLE `old one`",
        "CREATE TEMP TABLE kept AS SELECT * FROM pairs; DROP TABLE pairs; " NEW
        "INSERT INTO new SELECT * FROM kept; DROP TABLE kept",
        "UPDATE hosts SET n = (SELECT max(n) FROM pairs); " NEW "DROP TABLE pairs",
        NEW "DROP TABLE new",
        "ALTER TABLE hosts ADD COLUMN b TEXT; UPDATE hosts SET b = note; ALTER TABLE "
        "hosts DROP COLUMN note",
        "ALTER TABLE hosts RENAME COLUMN note TO b",
    };
    size_t i;

    (void)state;
    loses("sql: \"" NEW "DROP TABLE pairs\"\n", "pairs is gone");
    loses("sql: \"" NEW "DROP TABLE pairs; INSERT INTO new SELECT 'a', 1\"\n",
          "pairs is gone");
    loses("sql: \"" NEW "DELETE FROM codes WHERE code IN (SELECT code FROM pairs); DROP "
          "TABLE pairs\"\n",
          "pairs is gone");
    loses("sql: \"" NEW "DROP TABLE pairs; ALTER TABLE new RENAME TO pairs\"\n",
          "pairs is made anew without its rows");
    loses("sql: \"ALTER TABLE main.pairs RENAME TO 'old one'; CREATE TABLE pairs (code "
          "TEXT NOT NULL PRIMARY KEY ON CONFLICT REPLACE, n INTEGER) STRICT; DROP TABLE "
          "[old one]\"\n",
          "pairs is made anew without its rows");
    loses("sql: ALTER TABLE hosts DROP COLUMN note; ALTER TABLE hosts ADD b TEXT\n",
          "hosts.note is gone");
    loses("sql: ALTER TABLE main.hosts DROP note; ALTER TABLE hosts ADD note TEXT\n",
          "hosts.note is gone");
    loses("sql: ALTER TABLE hosts ADD b INTEGER; UPDATE hosts SET b = n; ALTER TABLE "
          "hosts DROP COLUMN note\n",
          "hosts.note is gone");
    for (i = 0; i < sizeof moved / sizeof *moved; i++) {
        char step[600];

        snprintf(step, sizeof step, "sql: \"%s\"\n", moved[i]);
        loses(step, "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_given_up),
        cmocka_unit_test(test_clauses_of_tables),
        cmocka_unit_test(test_drops),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
