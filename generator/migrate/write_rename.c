/*
 * write_rename.c: what was renamed, by `--rename`, by the keys `was`, or because names
 * differ in SQL only. See write.h. It must not know how a rename is written.
 */
#include "write.h"

#include "../sql/token.h"

#include <string.h>

static void add_rename(const struct stage *stage, struct write_renames *renames,
                       const char *table, const char *column, const char *old)
{
    size_t i;

    for (i = 0; i < renames->list.count; i++) {
        const struct write_rename *known = &renames->list.items[i];

        if (strcmp(known->table, table) == 0 &&
            (known->column == NULL) == (column == NULL) &&
            (column == NULL || strcmp(known->column, column) == 0))
            return;
    }
    *VEC_ADD(stage->arena, &renames->list) = (struct write_rename){table, column, old};
}

/* The name before that a declared table had. */
static const char *table_before(const struct write_renames *renames, const char *table)
{
    size_t i;

    for (i = 0; i < renames->list.count; i++)
        if (renames->list.items[i].column == NULL &&
            strcmp(renames->list.items[i].table, table) == 0)
            return renames->list.items[i].old;
    return table;
}

/* Names that differ in SQL only, for the letters' case above all. */
static void find_respelled(const struct stage *stage, struct state *state,
                           struct write_renames *renames)
{
    const struct schema *model = state_model(stage, state);
    size_t i, k;

    for (i = 0; model != NULL && i < stage->schema->tables.count; i++) {
        const struct table *table = stage->schema->tables.items[i];
        const struct table *was =
            map_get(&model->tables_by_name, table_before(renames, table->name));

        if (was == NULL)
            continue;
        if (strcmp(was->name, table->name) == 0 &&
            strcmp(was->sql_name, table->sql_name) != 0)
            add_rename(stage, renames, table->name, NULL, was->name);
        for (k = 0; k < table->columns.count; k++) {
            const struct column *column = table->columns.items[k];
            const struct column *before = map_get(&was->by_name, column->name);

            if (before != NULL && strcmp(before->sql_name, column->sql_name) != 0)
                add_rename(stage, renames, table->name, column->name, column->name);
        }
    }
}

/* A key `was` that names what is not there any more has done its work. */
static void read_was(const struct stage *stage, const struct state *state,
                     struct write_renames *renames)
{
    size_t i, k;

    for (i = 0; i < stage->schema->tables.count; i++) {
        const struct table *table = stage->schema->tables.items[i];
        const struct node *was = node_get(table->node, "was");
        const struct state_table *before;

        if (was != NULL && state_table(state, was->text) != NULL)
            add_rename(stage, renames, table->name, NULL, was->text);
        before = state_table(state, table_before(renames, table->name));
        for (k = 0; before != NULL && k < table->columns.count; k++) {
            const struct column *column = table->columns.items[k];

            was = node_get(column->node, "was");
            if (was != NULL &&
                node_get(node_get(before->node, "columns"), was->text) != NULL)
                add_rename(stage, renames, table->name, column->name, was->text);
        }
    }
}

/* The declared table of this name, in the schema or in SQL. */
static const struct table *declared_table(const struct schema *schema, const char *name)
{
    size_t i;

    for (i = 0; i < schema->tables.count; i++)
        if (strcmp(schema->tables.items[i]->name, name) == 0 ||
            name_same(schema->tables.items[i]->sql_name, name))
            return schema->tables.items[i];
    return NULL;
}

static const struct column *column_of(const struct table *table, const char *name)
{
    size_t i;

    for (i = 0; table != NULL && i < table->columns.count; i++)
        if (strcmp(table->columns.items[i]->name, name) == 0 ||
            name_same(table->columns.items[i]->sql_name, name))
            return table->columns.items[i];
    return NULL;
}

static bool read_table_rename(const struct stage *stage, const struct schema *model,
                              const char *old, const char *new,
                              struct write_renames *renames)
{
    const struct table *from = declared_table(model, old);
    const struct table *to = declared_table(stage->schema, new);

    if (from != NULL && to != NULL)
        add_rename(stage, renames, to->name, NULL, from->name);
    return from != NULL && to != NULL;
}

/* The table may be named as it is declared, or as it was. */
static bool read_column_rename(const struct stage *stage, const struct schema *model,
                               const char *table, const char *old, const char *new,
                               struct write_renames *renames)
{
    const struct table *to = declared_table(stage->schema, table), *was;
    const struct column *column, *before;
    size_t i;

    for (i = 0; to == NULL && i < renames->list.count; i++)
        if (renames->list.items[i].column == NULL &&
            strcmp(renames->list.items[i].old, table) == 0)
            to = declared_table(stage->schema, renames->list.items[i].table);
    if (to == NULL)
        return false;
    was = map_get(&model->tables_by_name, table_before(renames, to->name));
    column = column_of(to, new);
    before = column_of(was, old);
    if (column != NULL && before != NULL)
        add_rename(stage, renames, to->name, column->name, before->name);
    return column != NULL && before != NULL;
}

/* "items:items" and "items.name:name" rename nothing. */
static bool is_same_name(const char *text, const char *dot, const char *colon)
{
    const char *old = dot != NULL && dot < colon ? dot + 1 : text;

    return strlen(colon + 1) == (size_t)(colon - old) &&
           strncmp(old, colon + 1, (size_t)(colon - old)) == 0;
}

static bool read_rename(const struct stage *stage, struct state *state, const char *text,
                        bool columns, struct write_renames *renames)
{
    const struct schema *model = state_model(stage, state);
    const char *colon = strchr(text, ':'), *dot = strchr(text, '.');
    struct arena *arena = stage->arena;

    if (model == NULL || colon == NULL || is_same_name(text, dot, colon))
        return false;
    if ((dot != NULL && dot < colon) != columns)
        return true; /* at the other time */
    if (!columns)
        return read_table_rename(stage, model,
                                 arena_strndup(arena, text, (size_t)(colon - text)),
                                 colon + 1, renames);
    return read_column_rename(
        stage, model, arena_strndup(arena, text, (size_t)(dot - text)),
        arena_strndup(arena, dot + 1, (size_t)(colon - dot - 1)), colon + 1, renames);
}

bool write_find_renames(const struct stage *stage, struct state *state,
                        const char *const *texts, size_t count,
                        struct write_renames *renames, const char **error)
{
    for (int columns = 0; columns < 2; columns++)
        for (size_t i = 0; i < count; i++)
            if (!read_rename(stage, state, texts[i], columns != 0, renames)) {
                *error = arena_printf(stage->arena,
                                      "--rename %s: it is OLD:NEW of a table or "
                                      "TABLE.OLD:NEW of a column, OLD as in the last "
                                      "migration, NEW, another name, as in the schema",
                                      texts[i]);
                return false;
            }
    read_was(stage, state, renames);
    find_respelled(stage, state, renames);
    return true;
}
