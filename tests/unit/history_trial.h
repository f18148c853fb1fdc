/*
 * history_trial.h: a schema with a first migration and a second one to be tried, with rows
 * in the tables, SQLite as judge, for the tests of histories. It must not know single
 * kinds of steps.
 */
#ifndef HISTORY_TRIAL_H
#define HISTORY_TRIAL_H

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
static inline void trial_of(struct trial *t, const char *start, const char *more)
{
    char *text;
    size_t size;
    FILE *out;

    *t = (struct trial){.history = NULL};
    t->m.diags = diags_new(&t->m.arena);
    text = arena_printf(&t->m.arena, "quarry: 1\nname: t\n%s%s", start, more);
    t->m.schema = model_read_text(&t->m.arena, t->m.diags, "t.yaml", text, strlen(text));
    if (t->m.schema != NULL) {
        t->stage = (struct stage){&t->m.arena, t->m.diags, t->m.schema,
                                  ARENA_NEW(&t->m.arena, struct map)};
        t->history = history_make(&t->stage);
    }
    out = open_memstream(&t->m.report, &size);
    diags_print(t->m.diags, out, false);
    fclose(out);
}

static inline void trial(struct trial *t, const char *more)
{
    trial_of(t, first, more);
}

/* A second migration with these keys and steps. */
static inline void second(struct trial *t, const char *keys, const char *steps)
{
    char text[4000];

    snprintf(text, sizeof text, "  - version: 2\n    name: two\n%s    up:\n%s", keys,
             steps);
    trial(t, text);
}

static inline void run_script(struct trial *t, sqlite3 *db, const struct script *script)
{
    struct prove_fault fault;

    if (!prove_run(&t->stage, db, script, &fault))
        fail_msg("%s\n%s", fault.message, fault.sql != NULL ? fault.sql : "");
}

static inline char *dump(struct trial *t, sqlite3 *db)
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

static inline const char *structure_text(struct trial *t, sqlite3 *db)
{
    return arena_strdup(&t->m.arena,
                        modelling_query(db, "SELECT count(*) FROM sqlite_schema"));
}

/*
 * The steps give the answer to the query; with `keys` NULL they are also undone, and
 * everything is as before.
 */
static inline void steps_give(const char *keys, const char *steps, const char *query,
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

static inline void steps_fail(const char *keys, const char *steps, const char *message)
{
    struct trial t;

    second(&t, keys, steps);
    if (t.history != NULL || strstr(t.m.report, message) == NULL)
        fail_msg("%s\nreports\n%s", steps, t.m.report);
    modelling_free(&t.m);
}

#define LOSS "    accept: data_loss\n    irreversible: gone\n"

#endif
