/*
 * infer_trial.h: a statement against a schema, and what is inferred of it, as one line:
 *
 *     :low integer, :name text? => id integer, name text?
 *     error `ids`: no column `ids` (did you mean `id`?)
 *
 * Every statement is also shown to SQLite (referee_query.h) and run on random rows
 * (adversary.h), so that an expectation that is wrong of SQLite fails too.
 */
#ifndef INFER_TRIAL_H
#define INFER_TRIAL_H

#include "base/buf.h"
#include "sql/adversary.h"
#include "sql/referee_query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

struct infer_case {
    const char *sql, *expected;
};

static void show_type(struct buf *out, const char *name, const struct type *type)
{
    buf_addf(out, "%s %s%s", name, type_name(type), type->nullable ? "?" : "");
}

static void show_inferred(struct buf *out, const struct inferred *inferred)
{
    size_t i;

    for (i = 0; i < inferred->parameter_count; i++) {
        struct type type = inferred->parameters[i]->type;

        type.nullable = inferred->parameters[i]->can_be_null;
        buf_adds(out, i == 0 ? "" : ", ");
        show_type(out, inferred->parameters[i]->name, &type);
        if (inferred->parameters[i]->conflict.end != 0)
            buf_addf(out, " or %s", type_name(&inferred->parameters[i]->other));
    }
    if (inferred->parameter_count > 0)
        buf_adds(out, inferred->columns->count > 0 ? " => " : "");
    for (i = 0; i < inferred->columns->count; i++) {
        buf_adds(out, i == 0 ? "" : ", ");
        show_type(out, inferred->columns->columns[i].name,
                  &inferred->columns->columns[i].type);
    }
}

static void show_error(struct buf *out, const char *sql, const struct sql_error *error)
{
    size_t end = error->range.end < strlen(sql) ? error->range.end : strlen(sql);

    buf_addf(out, "error `%.*s`: %s", (int)(end - error->range.start),
             sql + error->range.start, error->message);
    if (error->hint != NULL)
        buf_addf(out, " (%s)", error->hint);
}

/* What is inferred, or the first objection. The caller frees it. */
static char *infer_shown(sqlite3 *db, const char *sql)
{
    struct arena arena = {0};
    struct catalog catalog;
    struct sql_error error = {0};
    struct inferred inferred;
    struct statement *statement;
    struct buf out;
    size_t length;

    buf_init(&out);
    assert_true(catalog_read(&catalog, &arena, db));
    statement = parse_statement(&arena, sql, strlen(sql), 0, NULL, &error);
    if (statement == NULL || !infer_statement(&arena, &catalog, sql, strlen(sql),
                                              statement, &inferred, &error))
        show_error(&out, sql, &error);
    else if (!referee_query(&arena, db, sql, statement->range, &inferred, &error) ||
             !adversary_attack(&arena, db, &catalog,
                               infer_plain_sql(&arena, sql, strlen(sql)), &inferred,
                               &error))
        show_error(&out, sql, &error);
    else
        show_inferred(&out, &inferred);
    arena_release(&arena);
    return buf_detach(&out, &length);
}

static void check_cases(const char *schema, const struct infer_case *cases, size_t count)
{
    sqlite3 *db = NULL;
    size_t i, wrong = 0;

    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    if (sqlite3_exec(db, schema, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s", sqlite3_errmsg(db));
    for (i = 0; i < count; i++) {
        char *shown = infer_shown(db, cases[i].sql);

        if (strcmp(shown, cases[i].expected) != 0) {
            print_error("%s\n    expected %s\n    found    %s\n", cases[i].sql,
                        cases[i].expected, shown);
            wrong++;
        }
        free(shown);
    }
    sqlite3_close(db);
    assert_int_equal(wrong, 0);
}

#define CHECK_CASES(schema, cases)                                                       \
    check_cases(schema, cases, sizeof(cases) / sizeof *(cases))

#endif
