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

bool resolve_column_list(struct loader *loader, const struct draft *draft,
                         const struct node *list, const char *what,
                         struct columns *columns)
{
    bool good = list->count > 0;
    struct map listed = {.count = 0};
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
        if (column == NULL || resolve_is_listed(loader, &listed, column, node->span))
            good = false;
        else
            columns->items[columns->count++] = column;
    }
    return good;
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

static int compare_columns(const void *a, const void *b)
{
    const struct column *const *x = a, *const *y = b;

    return ((*x)->index > (*y)->index) - ((*x)->index < (*y)->index);
}

char *resolve_set(struct loader *loader, const struct columns *columns)
{
    struct columns sorted = {.count = columns->count};

    if (columns->count == 1)
        return join(loader, columns, ',');
    sorted.items = ARENA_ARRAY(loader->arena, struct column *, columns->count);
    if (columns->count > 0) {
        memcpy(sorted.items, columns->items, columns->count * sizeof *columns->items);
        qsort(sorted.items, sorted.count, sizeof *sorted.items, compare_columns);
    }
    return join(loader, &sorted, ',');
}
