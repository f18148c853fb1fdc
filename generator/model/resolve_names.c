/*
 * resolve_names.c: columns by their names, with suggestions for misspelt ones. What is
 * missing in a table that is broken anyway is not reported.
 */
#include "resolve.h"

#include "../base/names.h"

#include <stdlib.h>
#include <string.h>

struct column *resolve_column(struct loader *loader, const struct draft *draft,
                              const char *name, struct span span)
{
    const struct table *table = draft->table;
    struct column *column = map_get(&table->by_name, name);
    struct suggestion suggestion;
    struct diag *diag;
    size_t i;

    if (column != NULL || draft->incomplete)
        return column;
    diag = diag_error(loader->diags, 123, span, "the table `%s` has no column `%s`",
                      table->name, name);
    suggest_init(&suggestion, name);
    for (i = 0; i < table->columns.count && !diags_full(loader->diags); i++) {
        suggest_try(&suggestion, table->columns.items[i]->name);
        if (strcmp(table->columns.items[i]->sql_name, name) == 0)
            suggestion.best = table->columns.items[i]->name;
    }
    if (suggestion.best != NULL)
        diag_hint(diag, "did you mean `%s`?", suggestion.best);
    diag_note(diag, table->span, "the table is here");
    return NULL;
}

struct draft *resolve_table_name(struct loader *loader, const char *name,
                                 struct span span)
{
    struct draft *found = map_get(&loader->drafts_by_name, name);
    struct suggestion suggestion;
    struct diag *diag;
    size_t i;

    if (found != NULL || loader->incomplete)
        return found;
    diag = diag_error(loader->diags, 127, span, "there is no table `%s`", name);
    for (i = 0; i < loader->schema->virtual_tables.count; i++)
        if (strcmp(loader->schema->virtual_tables.items[i]->name, name) == 0) {
            diag_hint(diag, "SQLite has no triggers on virtual tables, and no references "
                            "to them");
            diag_note(diag, loader->schema->virtual_tables.items[i]->span,
                      "the virtual table is here");
            return NULL;
        }
    suggest_init(&suggestion, name);
    for (i = 0; i < loader->drafts.count && !diags_full(loader->diags); i++)
        suggest_try(&suggestion, loader->drafts.items[i]->table->name);
    if (suggestion.best != NULL)
        diag_hint(diag, "did you mean `%s`?", suggestion.best);
    return NULL;
}

bool resolve_is_listed(struct loader *loader, struct map *listed,
                       const struct column *column, struct span span)
{
    if (load_first(loader, listed, column->name, span) == NULL)
        return false;
    diag_error(loader->diags, 124, span, "the column `%s` is listed twice", column->name);
    return true;
}

/* A column of a list, into `term`, and a collation and a direction where `is_key`. */
static bool read_column(struct loader *loader, const struct draft *draft,
                        const struct node *node, bool is_key, struct index_term *term)
{
    if (is_key && strchr(node->text, ' ') != NULL &&
        resolve_term(loader, draft, node, term))
        return term->column != NULL;
    *term = (struct index_term){.span = node->span};
    if (is_key && strchr(node->text, '(') != NULL)
        diag_hint(diag_error(loader->diags, 123, node->span,
                             "a key has columns: `name`, `name collate nocase desc`"),
                  "for an expression make a unique index");
    else
        term->column = resolve_column(loader, draft, node->text, node->span);
    return term->column != NULL;
}

/* Of `room` columns at most. */
static void add_column(struct loader *loader, const struct draft *draft,
                       struct columns *columns, size_t room,
                       const struct index_term *term)
{
    struct key_term *terms = (struct key_term *)columns->terms;

    if (terms == NULL && (term->collation != NULL || term->descending))
        columns->terms = terms = ARENA_ARRAY(loader->arena, struct key_term, room);
    if (terms != NULL)
        terms[columns->count] = (struct key_term){term->collation, term->descending};
    columns->items[columns->count++] = draft->table->columns.items[term->column->index];
}

static bool read_columns(struct loader *loader, const struct draft *draft,
                         const struct node *list, const char *what, bool is_key,
                         struct columns *columns)
{
    bool good = list->count > 0;
    struct map listed = {.count = 0};
    size_t i;

    if (!good)
        diag_error(loader->diags, 125, list->span, "%s needs a column", what);
    columns->items = ARENA_ARRAY(loader->arena, struct column *, list->count);
    columns->count = 0;
    columns->terms = NULL;
    for (i = 0; i < list->count; i++) {
        const struct node *node = list->items[i];
        struct index_term term;

        if (node->kind != NODE_SCALAR) {
            language_wrong_kind(loader->diags, node, what, "names of columns");
            good = false;
            continue;
        }
        if (!read_column(loader, draft, node, is_key, &term) ||
            resolve_is_listed(loader, &listed, term.column, node->span))
            good = false;
        else
            add_column(loader, draft, columns, list->count, &term);
    }
    return good;
}

bool resolve_column_list(struct loader *loader, const struct draft *draft,
                         const struct node *list, const char *what,
                         struct columns *columns)
{
    return read_columns(loader, draft, list, what, false, columns);
}

bool resolve_key_list(struct loader *loader, const struct draft *draft,
                      const struct node *list, const char *what, struct columns *columns)
{
    return read_columns(loader, draft, list, what, true, columns);
}

static char *join(struct loader *loader, const struct columns *columns, char separator)
{
    struct buf buf;
    char *joined;
    size_t i;

    buf_init(&buf);
    for (i = 0; i < columns->count; i++) {
        if (i > 0)
            buf_addc(&buf, separator);
        buf_adds(&buf, columns->items[i]->name);
    }
    joined = arena_strndup(loader->arena, buf.data, buf.length);
    buf_release(&buf);
    return joined;
}

char *resolve_joined(struct loader *loader, const struct columns *columns)
{
    return join(loader, columns, '_');
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char *resolve_set(struct loader *loader, const struct columns *columns)
{
    const char **names = ARENA_ARRAY(loader->arena, const char *, columns->count + 1);
    struct buf buf;
    char *set;
    size_t i;

    for (i = 0; i < columns->count; i++) {
        const char *collation = columns_collation(columns, i);

        names[i] = columns->items[i]->name;
        if (collation != NULL)
            names[i] = arena_printf(loader->arena, "%s %s", names[i], collation);
    }
    if (columns->count > 1)
        qsort(names, columns->count, sizeof *names, compare_texts);
    buf_init(&buf);
    for (i = 0; i < columns->count; i++)
        buf_addf(&buf, "%s%s", i > 0 ? "," : "", names[i]);
    set = arena_strndup(loader->arena, buf.data, buf.length);
    buf_release(&buf);
    return set;
}
