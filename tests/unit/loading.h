/*
 * loading.h: for tests of load and resolve: a schema from text, with what was reported.
 * The later steps (check, referee) don't run here.
 */
#ifndef LOADING_H
#define LOADING_H

#include "../../generator/model/load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct loading {
    struct arena arena;
    struct diags *diags;
    struct schema *schema; /* also after errors */
    char *report;          /* as printed, without colour */
};

static inline void loading_report(struct loading *l)
{
    size_t size;
    FILE *out = open_memstream(&l->report, &size);

    diags_print(l->diags, out, false);
    fclose(out);
}

/* Loads `text` as it is, as if it stood in the file `path`. */
static inline struct loading loading_text(const char *path, const char *text)
{
    struct loading l = {.schema = NULL};
    const struct node *root;

    l.diags = diags_new(&l.arena);
    root = node_read(&l.arena, l.diags, diags_source(l.diags, path, text, strlen(text)));
    if (root != NULL)
        l.schema = load_schema(&l.arena, l.diags, root, path);
    loading_report(&l);
    return l;
}

/* Loads "quarry: 1\nname: t\n" and `text`. */
static inline struct loading loading(const char *text)
{
    char *whole = malloc(strlen(text) + 64);
    struct loading l = {.schema = NULL};
    const struct node *root;
    char *kept;

    sprintf(whole, "quarry: 1\nname: t\n%s", text);
    l.diags = diags_new(&l.arena);
    kept = arena_strdup(&l.arena, whole);
    free(whole);
    root =
        node_read(&l.arena, l.diags, diags_source(l.diags, "t.yaml", kept, strlen(kept)));
    if (root != NULL)
        l.schema = load_schema(&l.arena, l.diags, root, "t.yaml");
    loading_report(&l);
    return l;
}

static inline void loading_free(struct loading *l)
{
    arena_release(&l->arena);
    free(l->report);
}

/* A schema without errors and warnings. */
static inline struct loading loading_good(const char *text)
{
    struct loading l = loading(text);

    assert_string_equal(l.report, "");
    assert_non_null(l.schema);
    return l;
}

/* The text is reported with exactly one error (or warning), which holds `message`. */
static inline void loading_fails(const char *text, const char *message)
{
    struct loading l = loading(text);

    if (strstr(l.report, message) == NULL)
        fail_msg("`%s` is missing in:\n%s", message, l.report);
    if (diags_errors(l.diags) + diags_warnings(l.diags) != 1)
        fail_msg("more than one error:\n%s", l.report);
    loading_free(&l);
}

static inline struct table *loading_table(const struct loading *l, const char *name)
{
    struct table *table = map_get(&l->schema->tables_by_name, name);

    assert_non_null(table);
    return table;
}

static inline struct column *loading_column(const struct loading *l, const char *table,
                                            const char *name)
{
    struct column *column = map_get(&loading_table(l, table)->by_name, name);

    assert_non_null(column);
    return column;
}

/* "a b c" of columns. */
static inline char *loading_names(struct loading *l, const struct columns *columns)
{
    char *names = arena_strdup(&l->arena, "");
    size_t i;

    for (i = 0; i < columns->count; i++)
        names = arena_printf(&l->arena, "%s%s%s", names, i > 0 ? " " : "",
                             columns->items[i]->name);
    return names;
}

static inline char *loading_columns(struct loading *l, const char *table)
{
    const struct table *t = loading_table(l, table);
    struct columns columns = {.items = t->columns.items, .count = t->columns.count};

    return loading_names(l, &columns);
}

#endif
