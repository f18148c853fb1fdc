/*
 * prove_samples.c: rows for the emitted tests of migrations, see prove.h: what a version
 * takes, and how many rows each table has once they went through all later migrations.
 * All of it is tried here as the emitted test does it.
 */
#include "prove.h"

#include "scratch.h"

#include "../base/names.h"
#include "../model/ddl.h"

#include <string.h>

/* ---- rows as INSERTs ---------------------------------------------------------- */

/* "INSERT INTO t (a, b) VALUES (" as a query that gives whole statements. */
static const char *dump_query(const struct stage *stage, const struct table *table)
{
    const char *text, *separator = "";
    struct buf names, values;
    size_t i;

    buf_init(&names);
    buf_init(&values);
    for (i = 0; i < table->columns.count; i++) {
        const char *name = name_sql(stage->arena, table->columns.items[i]->sql_name);

        if (table->columns.items[i]->generated != NULL)
            continue;
        buf_addf(&names, "%s%s", separator, name);
        buf_addf(&values, "%squote(%s)", *separator != '\0' ? " || ', ' || " : "", name);
        separator = ", ";
    }
    text = arena_printf(
        stage->arena, "SELECT %s || %s || ')' FROM %s ORDER BY 1",
        text_sql(stage->arena,
                 arena_printf(stage->arena, "INSERT%s INTO %s (%s)\n    VALUES (",
                              ddl_or_abort(table),
                              name_sql(stage->arena, table->sql_name), names.data)),
        values.length > 0 ? values.data : "''", name_sql(stage->arena, table->sql_name));
    buf_release(&names);
    buf_release(&values);
    return text;
}

static void dump_rows(const struct stage *stage, sqlite3 *db, const struct table *table,
                      struct sql_list *rows)
{
    sqlite3_stmt *statement = NULL;

    if (sqlite3_prepare_v2(db, dump_query(stage, table), -1, &statement, NULL) ==
        SQLITE_OK)
        while (sqlite3_step(statement) == SQLITE_ROW)
            *VEC_ADD(stage->arena, rows) = arena_strdup(
                stage->arena, (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
}

static struct sql_list find_rows(const struct stage *stage, struct state *state)
{
    const struct schema *model = state_model(stage, state);
    struct sql_list rows = {0};
    sqlite3 *db = model != NULL ? prove_rows(stage, state) : NULL;
    size_t i;

    for (i = 0; db != NULL && i < model->creation.count; i++)
        dump_rows(stage, db, model->creation.items[i], &rows);
    sqlite3_close(db);
    return rows;
}

/* ---- the trial ---------------------------------------------------------------- */

static bool run_ups(const struct stage *stage, sqlite3 *db, const struct history *history,
                    size_t from, size_t to)
{
    struct prove_fault fault;

    for (; from < to; from++)
        if (!prove_run(stage, db, &history->versions.items[from].up, &fault))
            return false;
    return true;
}

/* Inserts what goes in, and keeps only that. */
static void insert_rows(sqlite3 *db, struct sql_list *rows)
{
    size_t i, kept = 0;

    sqlite3_exec(db, "PRAGMA foreign_keys = ON", NULL, NULL, NULL);
    for (i = 0; i < rows->count; i++)
        if (sqlite3_exec(db, rows->items[i], NULL, NULL, NULL) == SQLITE_OK)
            rows->items[kept++] = rows->items[i];
    rows->count = kept;
    sqlite3_exec(db, "PRAGMA foreign_keys = OFF", NULL, NULL, NULL);
}

static const char *counts(const struct stage *stage, sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    const char *text = NULL;

    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        text =
            arena_strdup(stage->arena, (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    return text;
}

static bool calls_after(const struct history *history, size_t version)
{
    size_t i;

    for (; version < history->versions.count; version++)
        for (i = 0; i < history->versions.items[version].up.steps.count; i++)
            if (history->versions.items[version].up.steps.items[i].call != NULL)
                return true;
    return false;
}

/* False: with these rows a later migration fails, as it may where NULLs are forbidden. */
static bool try_rows(const struct stage *stage, struct history *history, size_t version,
                     struct sql_list *rows)
{
    struct history_version *target = &history->versions.items[version - 1];
    sqlite3 *db = scratch_from(stage->arena, target->reached);
    bool good;

    insert_rows(db, rows);
    good = run_ups(stage, db, history, version, history->versions.count);
    if (good) {
        target->rows = *rows;
        target->counts =
            calls_after(history, version) ? NULL : counts(stage, db, history->counts_sql);
    }
    sqlite3_close(db);
    return good;
}

/* "SELECT (SELECT count(*) FROM a) || ' ' || (SELECT count(*) FROM b)". */
static const char *counts_query(const struct stage *stage)
{
    const struct schema *schema = stage->schema;
    const char *text;
    struct buf sql;
    size_t i;

    buf_init(&sql);
    buf_adds(&sql, "SELECT ''");
    for (i = 0; i < schema->tables.count; i++)
        buf_addf(&sql, "\n       || ' ' || (SELECT count(*) FROM %s)",
                 name_sql(stage->arena, schema->tables.items[i]->sql_name));
    text = arena_strndup(stage->arena, sql.data, sql.length);
    buf_release(&sql);
    return text;
}

void prove_samples(const struct stage *stage, struct history *history)
{
    size_t i;

    history->counts_sql = counts_query(stage);
    for (i = 1; i <= history->versions.count; i++) {
        struct sql_list rows = find_rows(stage, history->versions.items[i - 1].after);
        struct sql_list none = {0};

        if (!try_rows(stage, history, i, &rows))
            try_rows(stage, history, i, &none);
    }
}
