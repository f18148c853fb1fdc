/*
 * test_history.c: each kind of step of a migration that changes tables, up and down, on
 * tables with rows, with SQLite as judge.
 */
#include "history_trial.h"

/* ---- tables ------------------------------------------------------------------------ */

static void test_create_table(void **state)
{
    (void)state;
    steps_give(NULL, "      - create_table: {name: cats, columns: {a: text}}\n",
               "SELECT count(*) FROM cats", "0");
}

static void test_drop_table(void **state)
{
    (void)state;
    steps_give(LOSS, "      - drop_table: keyless\n",
               "SELECT count(*) FROM sqlite_schema WHERE name = 'keyless'", "0");
    steps_fail("", "      - drop_table: keyless\n", "this destroys data");
    steps_fail("    accept: data_loss\n", "      - drop_table: keyless\n",
               "the way back is missing");
    steps_fail(LOSS, "      - drop_table: owners\n", "`dogs` refers to `owners`");
    steps_fail(LOSS, "      - drop_table: {name: nothing}\n", "no table `nothing`");
}

static void test_rename_table(void **state)
{
    (void)state;
    steps_give(NULL, "      - rename_table: {table: owners, to: people}\n",
               "SELECT name FROM people WHERE id = (SELECT owner FROM dogs)", "Ada");
    steps_give(NULL, "      - rename_table: {table: dogs, to: hounds}\n",
               "SELECT name || seq FROM sqlite_sequence", "hounds9");
    steps_give(NULL,
               "      - rename_table: {table: owners, to: a}\n"
               "      - rename_table: {table: a, to: b}\n"
               "      - rename_table: {table: keyless, to: owners}\n"
               "      - rename_table: {table: b, to: keyless}\n",
               "SELECT (SELECT group_concat(rowid) FROM owners) || name FROM keyless",
               "7,70,700Ada");
    steps_fail("", "      - rename_table: {table: owners, to: dogs}\n",
               "there is a `dogs` already");
}

static void test_alter_table(void **state)
{
    (void)state;
    steps_give(NULL, "      - alter_table: {table: keyless, strict: false}\n",
               "SELECT group_concat(rowid) FROM keyless", "7,70,700");
    steps_give("",
               "      - alter_table: {table: keyless, primary_key: [n], without_rowid: "
               "true}\n",
               "SELECT group_concat(n) FROM keyless", "1,2,3");
    steps_give("",
               "      - alter_table: {table: keyless, primary_key: [n]}\n"
               "      - alter_table: {table: keyless, primary_key: []}\n"
               "      - alter_column: {table: keyless, column: {n: {type: int32, "
               "primary_key: true}}}\n",
               "SELECT group_concat(pk) FROM pragma_table_info('keyless')", "1,0");
}

/* ---- columns ----------------------------------------------------------------------- */

static void test_add_column(void **state)
{
    (void)state;
    steps_give(NULL, "      - add_column: {table: dogs, column: {chip: text?}}\n",
               "SELECT group_concat(id || ifnull(chip, '-')) FROM dogs", "1-,5-");
    steps_give(NULL,
               "      - add_column: {table: dogs, column: {tag: {type: integer, default: "
               "4}}, after: id}\n",
               "SELECT cid || name FROM pragma_table_info('dogs') WHERE cid = 1", "1tag");
    steps_give(NULL,
               "      - add_column: {table: dogs, column: {tag: {type: text, default: x, "
               "one_of: [x, y]}}, before: id}\n",
               "SELECT group_concat(tag) FROM dogs", "x,x");
    steps_give(NULL,
               "      - add_column: {table: dogs, column: {since: {type: timestamp, "
               "default: now}}}\n",
               "SELECT count(*) FROM dogs WHERE since > 1600000000000", "2");
    steps_fail("", "      - add_column: {table: dogs, column: {name: text}}\n",
               "there is a `name` already");
    steps_fail("", "      - add_column: {table: dogs, column: {a: text, b: text}}\n",
               "`column` needs one column");
    steps_fail("", "      - add_column: {table: dogs, column: {a: text}, after: b}\n",
               "`dogs` has no column `b`");
}

static void test_drop_column(void **state)
{
    (void)state;
    steps_give(LOSS, "      - drop_column: {table: dogs, column: age}\n",
               "SELECT group_concat(id || name || ifnull(owner, '')) FROM dogs",
               "1Rex1,5Fido2");
    steps_fail(LOSS, "      - drop_column: {table: dogs, column: name}\n",
               "`indexes` of `dogs` names the column");
}

static void test_rename_column(void **state)
{
    (void)state;
    steps_give(NULL, "      - rename_column: {table: dogs, column: name, to: title}\n",
               "SELECT group_concat(title) FROM (SELECT title FROM dogs ORDER BY id)",
               "Rex,Fido");
    steps_give(
        NULL, "      - rename_column: {table: owners, column: id, to: key}\n",
        "SELECT \"from\" || \"table\" || \"to\" FROM pragma_foreign_key_list('dogs')",
        "ownerownerskey");
    steps_give(NULL,
               "      - rename_column: {table: keyless, column: n, to: x}\n"
               "      - rename_column: {table: keyless, column: t, to: n}\n"
               "      - rename_column: {table: keyless, column: x, to: t}\n",
               "SELECT group_concat(t) FROM keyless", "1,2,3");
}

static void test_alter_column(void **state)
{
    (void)state;
    steps_give(NULL,
               "      - alter_column: {table: dogs, column: {age: {type: integer?, max: "
               "99}}}\n",
               "SELECT group_concat(ifnull(age, 'none')) FROM dogs", "3,none");
    steps_give(NULL,
               "      - alter_column: {table: dogs, column: {name: {type: text, default: "
               "x, collation: nocase}}}\n",
               "SELECT group_concat(id) FROM dogs WHERE name = 'REX'", "1");
    steps_give(
        "    irreversible: filled\n    accept: data_loss\n",
        "      - alter_column: {table: dogs, column: {age: {type: integer, default: "
        "0}}}\n",
        "SELECT group_concat(age) FROM dogs", "3,0");
    steps_give(NULL,
               "      - alter_column: {table: dogs, column: {owner: {type: integer?, "
               "references: owners.id, on_delete: cascade}}, before: id}\n",
               "SELECT name FROM pragma_table_info('dogs') WHERE cid = 0", "owner");
}

/* Steps on one table are one rebuild; dropping and adding the same name is none. */
static void test_merging(void **state)
{
    struct trial t;
    size_t i, rebuilds = 0;

    second(&t, "",
           "      - alter_column: {table: dogs, column: {name: {type: "
           "text, collation: nocase}}}\n"
           "      - add_check: {table: dogs, sql: id > 0}\n"
           "      - add_unique: {table: dogs, columns: [owner, name]}\n");
    (void)state;
    assert_non_null(t.history);
    for (i = 0; i < t.history->versions.items[1].up.steps.count; i++)
        rebuilds += strcmp(t.history->versions.items[1].up.steps.items[i].text,
                           "rebuild table dogs") == 0;
    assert_int_equal(rebuilds, 1);
    modelling_free(&t.m);
    steps_give(LOSS,
               "      - drop_column: {table: dogs, column: age}\n"
               "      - add_column: {table: dogs, column: {age: {type: integer?, min: "
               "0}}}\n",
               "SELECT count(age) FROM dogs", "0");
}

/* ---- rules ------------------------------------------------------------------------- */

static void test_indexes(void **state)
{
    (void)state;
    steps_give(NULL,
               "      - create_index: {table: dogs, columns: [lower(name) desc, age], "
               "where: age > 1, name: by_name}\n",
               "SELECT count(*) FROM sqlite_schema WHERE name = 'by_name'", "1");
    steps_give(NULL, "      - drop_index: {table: dogs, columns: [name]}\n",
               "SELECT count(*) FROM sqlite_schema WHERE name = 'idx_dogs_name'", "0");
    steps_give(NULL, "      - drop_index: {table: dogs, name: idx_dogs_name}\n",
               "SELECT count(*) FROM sqlite_schema WHERE name = 'idx_dogs_name'", "0");
    steps_fail("", "      - drop_index: {table: dogs, name: nothing}\n",
               "has nothing like this in `indexes`");
    steps_fail("", "      - create_index: {table: dogs, columns: [nam]}\n",
               "has no column `nam`");
}

static void test_foreign_keys(void **state)
{
    (void)state;
    steps_give(NULL, "      - drop_foreign_key: {table: dogs, columns: [owner]}\n",
               "SELECT count(*) FROM pragma_foreign_key_list('dogs')", "0");
    steps_give(NULL,
               "      - drop_foreign_key: {table: dogs, name: dogs_owner_fkey}\n"
               "      - add_foreign_key: {table: dogs, columns: [owner], references: "
               "[owners.id], on_delete: set_null}\n",
               "SELECT on_delete FROM pragma_foreign_key_list('dogs')", "SET NULL");
}

static void test_uniques_and_checks(void **state)
{
    (void)state;
    steps_give(NULL, "      - add_unique: {table: keyless, columns: [n, t]}\n",
               "SELECT count(*) FROM pragma_index_list('keyless')", "1");
    steps_give(NULL, "      - drop_unique: {table: owners, columns: [name]}\n",
               "SELECT count(*) FROM pragma_index_list('owners')", "0");
    steps_give(NULL, "      - add_check: {table: keyless, sql: n > 0}\n",
               "SELECT sql LIKE '%CHECK (n > 0)%' FROM sqlite_schema WHERE name = "
               "'keyless'",
               "1");
    steps_give(NULL, "      - drop_check: {table: dogs, name: short}\n",
               "SELECT sql LIKE '%length%' FROM sqlite_schema WHERE name = 'dogs'", "0");
    steps_give(NULL, "      - drop_check: {table: dogs, sql: length(name) < 20}\n",
               "SELECT sql LIKE '%length%' FROM sqlite_schema WHERE name = 'dogs'", "0");
}

/* ---- views and triggers ------------------------------------------------------------ */

#define VIEW                                                                             \
    "      - create_view: {name: old_dogs, sql: SELECT name AS n FROM dogs WHERE age > " \
    "2}\n"
#define TRIGGER                                                                          \
    "      - create_trigger: {name: count_up, on: dogs, when: after update, columns: "   \
    "[name], condition: new.age > 0, sql: UPDATE keyless SET n = n + 1}\n"

static void test_programs(void **state)
{
    (void)state;
    steps_give(NULL, VIEW TRIGGER, "SELECT n FROM old_dogs", "Rex");
    steps_give(NULL,
               VIEW TRIGGER
               "      - rename_column: {table: dogs, column: name, to: title}\n"
               "      - rename_table: {table: keyless, to: counts}\n",
               "SELECT (SELECT n FROM old_dogs) || (SELECT instr(sql, 'counts') > 0 FROM "
               "sqlite_schema WHERE name = 'count_up')",
               "Rex1");
    steps_give(
        NULL,
        VIEW TRIGGER "      - alter_column: {table: dogs, column: {name: {type: text, "
                     "collation: nocase}}}\n",
        "SELECT count(*) FROM sqlite_schema WHERE name IN ('old_dogs', 'count_up')", "2");
    steps_give(
        NULL,
        VIEW TRIGGER "      - drop_view: old_dogs\n      - drop_trigger: count_up\n",
        "SELECT count(*) FROM sqlite_schema WHERE name IN ('old_dogs', 'count_up')", "0");
    steps_fail(LOSS, VIEW "      - drop_column: {table: dogs, column: age}\n",
               "does not compile");
    steps_fail("", VIEW VIEW, "there is a `old_dogs` already");
    steps_fail("", "      - drop_trigger: nothing\n", "there is no trigger `nothing`");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_create_table),  cmocka_unit_test(test_drop_table),
        cmocka_unit_test(test_rename_table),  cmocka_unit_test(test_alter_table),
        cmocka_unit_test(test_add_column),    cmocka_unit_test(test_drop_column),
        cmocka_unit_test(test_rename_column), cmocka_unit_test(test_alter_column),
        cmocka_unit_test(test_merging),       cmocka_unit_test(test_indexes),
        cmocka_unit_test(test_foreign_keys),  cmocka_unit_test(test_uniques_and_checks),
        cmocka_unit_test(test_programs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
