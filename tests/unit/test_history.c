/*
 * test_history.c: each kind of step of a migration, up and down, on tables with rows, with
 * SQLite as judge; checksums; schema.lock.
 */
#include "../../generator/migrate/checksum.h"
#include "../../generator/migrate/lock.h"
#include "../../generator/migrate/prove.h"
#include "../../generator/migrate/scratch.h"
#include "modelling.h"

/* A schema with migrations, and what was made of them. */
struct trial {
    struct modelling m;
    struct stage stage;
    struct history *history;
};

static const char first[] =
    "tables: {}\n"
    "migrations:\n"
    "  - version: 1\n"
    "    name: one\n"
    "    up:\n"
    "      - create_table:\n"
    "          name: owners\n"
    "          columns: {id: {type: integer, primary_key: true}, name: {type: text, "
    "unique: true}}\n"
    "      - create_table:\n"
    "          name: dogs\n"
    "          columns:\n"
    "            id: {type: integer, primary_key: true, autoincrement: true}\n"
    "            name: text\n"
    "            age: {type: integer?, min: 0}\n"
    "            owner: {type: integer?, references: owners.id, on_delete: cascade}\n"
    "          indexes: [[name]]\n"
    "          checks: [{name: short, sql: length(name) < 20}]\n"
    "      - create_table: {name: keyless, columns: {n: integer, t: text?}}\n";

static const char rows[] =
    "INSERT INTO owners VALUES (1, 'Ada'), (2, 'Bob');"
    "INSERT INTO dogs VALUES (1, 'Rex', 3, 1), (5, 'Fido', NULL, 2),"
    "  (9, 'Old', 15, NULL);"
    "DELETE FROM dogs WHERE id = 9;"
    "INSERT INTO keyless (rowid, n, t) VALUES (7, 1, 'a'), (70, 2, "
    "NULL), (700, 3, '');";

/* A stage points into the trial, which therefore stays where it is. */
static void trial(struct trial *t, const char *more)
{
    char *text;
    size_t size;
    FILE *out;

    *t = (struct trial){.history = NULL};
    t->m.diags = diags_new(&t->m.arena);
    text = arena_printf(&t->m.arena, "quarry: 1\nname: t\n%s%s", first, more);
    t->m.schema = model_read_text(&t->m.arena, t->m.diags, "t.yaml", text, strlen(text));
    if (t->m.schema != NULL) {
        t->stage = (struct stage){&t->m.arena, t->m.diags, t->m.schema};
        t->history = history_make(&t->stage);
    }
    out = open_memstream(&t->m.report, &size);
    diags_print(t->m.diags, out, false);
    fclose(out);
}

/* A second migration with these keys and steps. */
static void second(struct trial *t, const char *keys, const char *steps)
{
    char text[4000];

    snprintf(text, sizeof text, "  - version: 2\n    name: two\n%s    up:\n%s", keys,
             steps);
    trial(t, text);
}

static void run_script(struct trial *t, sqlite3 *db, const struct script *script)
{
    struct prove_fault fault;

    if (!prove_run(&t->stage, db, script, &fault))
        fail_msg("%s\n%s", fault.message, fault.sql != NULL ? fault.sql : "");
}

static char *dump(struct trial *t, sqlite3 *db)
{
    static const char *const queries[] = {
        "SELECT group_concat(quote(rowid) || quote(id) || quote(name)) FROM owners",
        "SELECT group_concat(quote(rowid) || quote(id) || quote(name) || quote(age) || "
        "quote(owner)) FROM dogs",
        "SELECT group_concat(quote(rowid) || quote(n) || quote(t)) FROM keyless",
        "SELECT group_concat(name || seq) FROM sqlite_sequence"};
    char *all = arena_strdup(&t->m.arena, "");
    size_t i;

    for (i = 0; i < sizeof queries / sizeof *queries; i++)
        all = arena_printf(&t->m.arena, "%s|%s", all, modelling_query(db, queries[i]));
    return all;
}

static const char *structure_text(struct trial *t, sqlite3 *db)
{
    return arena_strdup(&t->m.arena,
                        modelling_query(db, "SELECT count(*) FROM sqlite_schema"));
}

/*
 * The steps give the answer to the query; with `keys` NULL they are also undone, and
 * everything is as before.
 */
static void steps_give(const char *keys, const char *steps, const char *query,
                       const char *answer)
{
    struct trial t;
    sqlite3 *db = scratch_open();
    const char *before, *objects, *error = "";

    second(&t, keys != NULL ? keys : "", steps);
    if (t.history == NULL)
        fail_msg("%s\n%s", steps, t.m.report);
    assert_string_equal(t.m.report, "");
    run_script(&t, db, &t.history->versions.items[0].up);
    assert_true(scratch_run(&t.m.arena, db, rows, &error));
    before = dump(&t, db);
    objects = structure_text(&t, db);
    run_script(&t, db, &t.history->versions.items[1].up);
    if (strcmp(modelling_query(db, query), answer) != 0)
        fail_msg("%s\n%s\nis %s, not %s", steps, query, modelling_query(db, query),
                 answer);
    assert_string_equal(modelling_query(db, "PRAGMA integrity_check"), "ok");
    assert_string_equal(modelling_query(db, "PRAGMA foreign_key_check"), "NULL");
    if (keys == NULL) {
        assert_true(t.history->versions.items[1].has_down);
        run_script(&t, db, &t.history->versions.items[1].down);
        assert_string_equal(dump(&t, db), before);
        assert_string_equal(structure_text(&t, db), objects);
    }
    sqlite3_close(db);
    modelling_free(&t.m);
}

static void steps_fail(const char *keys, const char *steps, const char *message)
{
    struct trial t;

    second(&t, keys, steps);
    if (t.history != NULL || strstr(t.m.report, message) == NULL)
        fail_msg("%s\nreports\n%s", steps, t.m.report);
    modelling_free(&t.m);
}

#define LOSS "    accept: data_loss\n    irreversible: gone\n"

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
    steps_give("", "      - delete: {table: owners, where: id = 2}\n        down: []\n",
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

/* ---- checksums --------------------------------------------------------------------- */

static const char *checksum_of(struct arena *arena, const char *steps)
{
    struct trial t;
    const char *checksum;

    trial(&t,
          arena_printf(arena,
                       "  - version: 2\n    name: two\n    irreversible: x\n    up:\n%s",
                       steps));
    if (t.history == NULL)
        fail_msg("%s\n%s", steps, t.m.report);
    checksum = arena_strdup(arena, t.history->versions.items[1].checksum);
    modelling_free(&t.m);
    return checksum;
}

static void test_checksum_formatting(void **state)
{
    struct arena arena = {0};
    const char *plain = checksum_of(
        &arena, "      - add_column: {table: dogs, column: {a: {type: text?, max_length: "
                "3}}}\n      - sql: UPDATE dogs SET a = 'x'\n");

    (void)state;
    assert_int_equal(strlen(plain), 64);
    assert_string_equal(plain,
                        checksum_of(&arena, "      # why\n"
                                            "      - add_column:\n"
                                            "          column:\n"
                                            "            a:\n"
                                            "              max_length: 3\n"
                                            "              doc: what it is\n"
                                            "              type: \"text?\"\n"
                                            "          table: 'dogs'\n"
                                            "      - sql: |\n"
                                            "          UPDATE dogs -- all of them\n"
                                            "             SET a = 'x';\n"));
    assert_string_not_equal(
        plain, checksum_of(&arena, "      - add_column: {table: dogs, column: {a: {type: "
                                   "text?, max_length: 4}}}\n"
                                   "      - sql: UPDATE dogs SET a = 'x'\n"));
    assert_string_not_equal(
        plain, checksum_of(&arena, "      - add_column: {table: dogs, column: {a: {type: "
                                   "text?, max_length: 3}}}\n"
                                   "      - sql: UPDATE dogs SET a = 'X'\n"));
    assert_string_not_equal(
        checksum_of(&arena, "      - update: {table: keyless, set: {t: \"1\"}}\n"),
        checksum_of(&arena, "      - update: {table: keyless, set: {t: \"2\"}}\n"));
    assert_string_equal(
        checksum_of(&arena, "      - add_column: {table: dogs, column: {a: text?}}\n"),
        checksum_of(&arena,
                    "      - add_column: {table: dogs, column: {a: {type: text?}}}\n"));
    arena_release(&arena);
}

/* The order of columns is the order in the table. */
static void test_checksum_order(void **state)
{
    struct arena arena = {0};

    (void)state;
    assert_string_not_equal(
        checksum_of(&arena,
                    "      - create_table: {name: x, columns: {a: text, b: text}}\n"),
        checksum_of(&arena,
                    "      - create_table: {name: x, columns: {b: text, a: text}}\n"));
    arena_release(&arena);
}

/* ---- the lock ---------------------------------------------------------------------- */

static struct lock lock_of(struct trial *t, const char *text)
{
    const struct source *source =
        diags_source(t->m.diags, "schema.lock", text, strlen(text));
    struct lock lock = {.entries = {0}};

    lock_read(&t->stage, source, &lock);
    return lock;
}

#define NO_SUM "0000000000000000000000000000000000000000000000000000000000000000"

static void test_lock_round_trip(void **state)
{
    struct trial t;
    struct lock lock;
    struct buf text, again;

    (void)state;
    trial(&t, "");
    lock = lock_of(&t, "# x\n\nother 1 a " NO_SUM "\n");
    buf_init(&text);
    buf_init(&again);
    assert_true(lock_check(&t.stage, t.history, &lock));
    assert_int_equal(lock_missing(&t.stage, t.history, &lock), 1);
    lock_write(&t.stage, t.history, &lock, &text);
    assert_non_null(strstr(text.data, "\nother 1 a 000"));
    assert_non_null(strstr(text.data, "\nt 1 one "));
    lock = lock_of(&t, text.data);
    assert_true(lock_check(&t.stage, t.history, &lock));
    assert_int_equal(lock_missing(&t.stage, t.history, &lock), 0);
    lock_write(&t.stage, t.history, &lock, &again);
    assert_string_equal(text.data, again.data);
    buf_release(&text);
    buf_release(&again);
    modelling_free(&t.m);
}

static void test_lock_refuses(void **state)
{
    struct trial t;
    struct lock lock;

    (void)state;
    trial(&t, "");
    lock = lock_of(&t, "t 1 one " NO_SUM "\n");
    assert_false(lock_check(&t.stage, t.history, &lock));
    lock = lock_of(&t, "t 2 two " NO_SUM "\n");
    assert_false(lock_check(&t.stage, t.history, &lock));
    assert_int_equal(diags_errors(t.m.diags), 2);
    lock_of(&t, "t 1 one\n");
    lock_of(&t, "t 0 one " NO_SUM "\n");
    lock_of(&t, "t 1 one g" NO_SUM "\n");
    assert_int_equal(diags_errors(t.m.diags), 5);
    modelling_free(&t.m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_create_table),
        cmocka_unit_test(test_drop_table),
        cmocka_unit_test(test_rename_table),
        cmocka_unit_test(test_alter_table),
        cmocka_unit_test(test_add_column),
        cmocka_unit_test(test_drop_column),
        cmocka_unit_test(test_rename_column),
        cmocka_unit_test(test_alter_column),
        cmocka_unit_test(test_merging),
        cmocka_unit_test(test_indexes),
        cmocka_unit_test(test_foreign_keys),
        cmocka_unit_test(test_uniques_and_checks),
        cmocka_unit_test(test_programs),
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_rows_of_new_tables),
        cmocka_unit_test(test_structure_by_sql),
        cmocka_unit_test(test_written_down),
        cmocka_unit_test(test_checksum_formatting),
        cmocka_unit_test(test_checksum_order),
        cmocka_unit_test(test_lock_round_trip),
        cmocka_unit_test(test_lock_refuses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
