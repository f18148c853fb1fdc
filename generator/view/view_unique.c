/*
 * view_unique.c: the names of a table's unique constraints and indexes with their
 * columns, by which the runtime names what a row violates: SQLite names columns only.
 * It must not know the runtime.
 */
#include "build.h"

#include "text.h"

#include <string.h>

static struct value view_unique(struct table_builder *table, const char *name,
                                const struct columns *columns)
{
    static const char *const names[] = {"name_c", "columns", "count", NULL};
    static struct shape shape = {.names = names};
    struct arena *arena = table->builder->arena;
    struct value *fields = ARENA_ARRAY(arena, struct value, 3);

    fields[0] = value_text(text_c_string(arena, name, strlen(name)));
    fields[1] = view_parameters(table, columns, VIEW_PARAMETER);
    fields[2] = value_text(text_size(arena, columns->count));
    return value_new(arena, &shape, NULL, fields);
}

/* The columns of an index; false where it has an expression, by which SQLite names it. */
static bool columns_of(struct table_builder *table, const struct index *index,
                       struct columns *columns)
{
    columns->count = index->terms.count;
    columns->items = ARENA_ARRAY(table->builder->arena, struct column *, columns->count);
    for (size_t i = 0; i < columns->count; i++) {
        const struct column *column = index->terms.items[i].column;

        if (column == NULL)
            return false;
        columns->items[i] = table->table->columns.items[column->index];
    }
    return true;
}

/* Unique indexes of all rows are among the table's uniques, those of some rows are not. */
struct value view_unique_names(struct table_builder *table)
{
    const struct table *t = table->table;
    struct arena *arena = table->builder->arena;
    struct value *items =
        ARENA_ARRAY(arena, struct value, t->uniques.count + t->indexes.count);
    size_t count = 0;

    for (size_t i = 0; i < t->uniques.count; i++)
        items[count++] =
            view_unique(table, t->uniques.items[i].name, &t->uniques.items[i].columns);
    for (size_t i = 0; i < t->indexes.count; i++) {
        const struct index *index = &t->indexes.items[i];
        struct columns columns;

        if (index->unique && index->where != NULL && columns_of(table, index, &columns))
            items[count++] = view_unique(table, index->name, &columns);
    }
    return value_list(arena, items, count);
}
