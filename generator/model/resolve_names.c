/*
 * resolve_names.c: columns by their names, with suggestions for misspelt ones. What is
 * missing in a table that is broken anyway is not reported.
 */
#include "resolve.h"

#include "../base/names.h"

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
    for (i = 0; i < table->columns.count; i++) {
        suggest_try(&suggestion, table->columns.items[i]->name);
        if (strcmp(table->columns.items[i]->sql_name, name) == 0)
            suggestion.best = table->columns.items[i]->name;
    }
    if (suggestion.best != NULL)
        diag_hint(diag, "did you mean `%s`?", suggestion.best);
    diag_note(diag, table->span, "the table is here");
    return NULL;
}

static bool is_listed_before(struct loader *loader, const struct columns *columns,
                             const struct column *column, const struct node *node)
{
    size_t i;

    for (i = 0; i < columns->count; i++) {
        if (columns->items[i] != column)
            continue;
        diag_error(loader->diags, 124, node->span, "the column `%s` is listed twice",
                   column->name);
        return true;
    }
    return false;
}

bool resolve_column_list(struct loader *loader, const struct draft *draft,
                         const struct node *list, const char *what, struct columns *columns)
{
    bool good = list->count > 0;
    size_t i;

    if (!good)
        diag_error(loader->diags, 125, list->span, "%s needs a column", what);
    columns->items = ARENA_ARRAY(loader->arena, struct column *, list->count);
    columns->count = 0;
    for (i = 0; i < list->count; i++) {
        const struct node *node = list->items[i];
        struct column *column;

        if (node->kind != NODE_SCALAR) {
            language_wrong_kind(loader->diags, node, what, "names of columns");
            good = false;
            continue;
        }
        column = resolve_column(loader, draft, node->text, node->span);
        if (column == NULL || is_listed_before(loader, columns, column, node))
            good = false;
        else
            columns->items[columns->count++] = column;
    }
    return good;
}

char *resolve_joined(struct loader *loader, const struct columns *columns)
{
    struct buf buf;
    char *joined;
    size_t i;

    buf_init(&buf);
    for (i = 0; i < columns->count; i++) {
        if (i > 0)
            buf_addc(&buf, '_');
        buf_adds(&buf, columns->items[i]->name);
    }
    joined = arena_strndup(loader->arena, buf.data, buf.length);
    buf_release(&buf);
    return joined;
}

static bool contains(const struct columns *columns, const struct column *column)
{
    size_t i;

    for (i = 0; i < columns->count; i++)
        if (columns->items[i] == column)
            return true;
    return false;
}

bool resolve_same_columns(const struct columns *a, const struct columns *b)
{
    size_t i;

    if (a->count != b->count)
        return false;
    for (i = 0; i < a->count; i++)
        if (!contains(b, a->items[i]))
            return false;
    return true;
}
