/*
 * modelling.h: for tests of what follows loading: whole models from schema text, with
 * what was reported, and a database in memory that judges them.
 */
#ifndef MODELLING_H
#define MODELLING_H

#include "../../generator/model/ddl.h"
#include "../../generator/model/sample.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct modelling {
    struct arena arena;
    struct diags *diags;
    struct schema *schema; /* NULL after an error */
    char *report;          /* as printed, without colour */
};

/* Reads "quarry: 1\nname: t\n" and `text`. */
static inline struct modelling modelling(const char *text)
{
    struct modelling m = {.schema = NULL};
    char *whole;
    size_t size;
    FILE *out;

    m.diags = diags_new(&m.arena);
    whole = arena_printf(&m.arena, "quarry: 1\nname: t\n%s", text);
    m.schema = model_read_text(&m.arena, m.diags, "t.yaml", whole, strlen(whole));
    out = open_memstream(&m.report, &size);
    diags_print(m.diags, out, false);
    fclose(out);
    return m;
}

static inline void modelling_free(struct modelling *m)
{
    arena_release(&m->arena);
    free(m->report);
}

static inline struct modelling modelling_good(const char *text)
{
    struct modelling m = modelling(text);

    assert_string_equal(m.report, "");
    assert_non_null(m.schema);
    return m;
}

/* `count` errors and warnings, of which one is printed with each of the two texts. */
static inline void modelling_reports(const char *text, size_t count, const char *message,
                                     const char *more)
{
    struct modelling m = modelling(text);

    if (strstr(m.report, message) == NULL)
        fail_msg("`%s` is missing in:\n%s", message, m.report);
    if (strstr(m.report, more) == NULL)
        fail_msg("`%s` is missing in:\n%s", more, m.report);
    if (diags_errors(m.diags) + diags_warnings(m.diags) != count)
        fail_msg("not %zu errors:\n%s", count, m.report);
    modelling_free(&m);
}

static inline void modelling_fails(const char *text, const char *message,
                                   const char *more)
{
    modelling_reports(text, 1, message, more);
}

static inline struct table *modelling_table(const struct modelling *m, const char *name)
{
    struct table *table = map_get(&m->schema->tables_by_name, name);

    assert_non_null(table);
    return table;
}

static inline struct column *modelling_column(const struct modelling *m,
                                              const char *table, const char *name)
{
    struct column *column = map_get(&modelling_table(m, table)->by_name, name);

    assert_non_null(column);
    return column;
}

/* A database in memory with the schema's tables, indexes and seeds. */
static inline sqlite3 *modelling_database(struct modelling *m)
{
    const struct ddl_statement *list;
    size_t count = ddl_schema(&m->arena, m->schema, &list), i;
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    for (i = 0; i < count; i++)
        if (sqlite3_exec(db, list[i].sql, NULL, NULL, NULL) != SQLITE_OK)
            fail_msg("%s\n%s", list[i].sql, sqlite3_errmsg(db));
    return db;
}

/* The first column of the first row as text; NULL as "NULL". Valid until the next call.
 */
static inline const char *modelling_query(sqlite3 *db, const char *sql)
{
    static char value[512];
    sqlite3_stmt *stmt = NULL;

    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
        fail_msg("%s\n%s", sql, sqlite3_errmsg(db));
    if (sqlite3_step(stmt) == SQLITE_ROW && sqlite3_column_text(stmt, 0) != NULL)
        snprintf(value, sizeof value, "%s", (const char *)sqlite3_column_text(stmt, 0));
    else
        strcpy(value, "NULL");
    if (sqlite3_finalize(stmt) != SQLITE_OK)
        fail_msg("%s\n%s", sql, sqlite3_errmsg(db));
    return value;
}

static inline const char *modelling_literal(struct modelling *m,
                                            const struct literal *value)
{
    struct buf text;
    const char *copy;

    buf_init(&text);
    ddl_literal(value, &text);
    copy = arena_strdup(&m->arena, text.data);
    buf_release(&text);
    return copy;
}

#endif
