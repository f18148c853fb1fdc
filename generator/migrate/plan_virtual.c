/*
 * plan_virtual.c: how a virtual table is made anew, see plan.h. The rows of an FTS5 table
 * with content of its own are copied; one on the content of another table is filled from
 * that; of other modules nothing is known and their rows are lost.
 */
#include "plan.h"

#include "../base/names.h"
#include "../sql/token.h"

#include <string.h>

/* The arguments of a module: names of columns, and whether content is another table's. */
struct module {
    bool is_fts5;
    bool is_external;    /* its content is that of another table */
    bool is_empty;       /* content='': its values can't be read back */
    const char *content; /* whose content it is on, or NULL */
    struct name_list columns;
};

static void read_content(struct arena *arena, const char *text,
                         const struct token *tokens, size_t at, size_t end,
                         struct module *module)
{
    module->is_empty = at >= end || *token_value(arena, text, tokens[at]) == '\0';
    module->is_external = !module->is_empty;
    module->content = module->is_external ? token_value(arena, text, tokens[at]) : NULL;
}

static void read_argument(struct arena *arena, const char *text,
                          const struct token *tokens, size_t first, size_t end,
                          struct module *module)
{
    const char **column;
    size_t i;

    if (first >= end)
        return;
    for (i = first; i < end; i++)
        if (tokens[i].kind == TOKEN_EQUAL) {
            if (name_same(token_value(arena, text, tokens[first]), "content"))
                read_content(arena, text, tokens, i + 1, end, module);
            return;
        }
    column = VEC_ADD(arena, &module->columns);
    *column = token_value(arena, text, tokens[first]);
}

static struct module read_module(struct arena *arena, const struct table_def *table)
{
    struct module module = {0};
    const char *text =
        table->is_virtual && table->module.text != NULL ? table->module.text : "";
    size_t count, i, first = 2;
    struct token *tokens = token_list(arena, text, strlen(text), &count);

    module.is_fts5 = name_same(token_value(arena, text, tokens[0]), "fts5");
    for (i = 2; i < count; i++)
        if (tokens[i].kind == TOKEN_COMMA || tokens[i].kind == TOKEN_RIGHT) {
            read_argument(arena, text, tokens, first, i, &module);
            first = i + 1;
        }
    return module;
}

/* "a, b": the columns that both have. */
static const char *common_columns(struct arena *arena, const struct module *from,
                                  const struct module *to)
{
    const char *list = "";
    size_t i, j;

    for (i = 0; i < to->columns.count; i++)
        for (j = 0; j < from->columns.count; j++)
            if (name_same(to->columns.items[i], from->columns.items[j]))
                list = arena_printf(arena, "%s, %s", list,
                                    name_sql(arena, to->columns.items[i]));
    return list;
}

static bool can_copy(const struct module *from, const struct module *to)
{
    return from->is_fts5 && to->is_fts5 && !from->is_external && !to->is_external &&
           !from->is_empty && !to->is_empty;
}

bool plan_keeps_rows(struct arena *arena, const struct table_change *change)
{
    struct module from = read_module(arena, change->from);
    struct module to = read_module(arena, change->to);
    size_t i;

    if (to.is_fts5 && to.is_external)
        return true;
    if (!can_copy(&from, &to))
        return false;
    for (i = 0; i < from.columns.count; i++) {
        struct module one = {.columns = {&from.columns.items[i], 1, 1}};

        if (*common_columns(arena, &one, &to) == '\0')
            return false;
    }
    return true;
}

void plan_fill(struct arena *arena, struct plan *plan, const struct table_def *table)
{
    struct module module = read_module(arena, table);
    const char *name = name_sql(arena, table->name);

    if (module.is_fts5 && module.is_external)
        plan_add(arena, plan, NULL, "INSERT INTO %s (%s) VALUES ('rebuild')", name, name);
}

/* True where some value that the index was made of can be another afterwards. */
static bool table_changes(const struct table_change *change, const struct module *module)
{
    size_t i, column;

    for (i = 0; i < module->columns.count; i++) {
        column = table_def_column(change->to, module->columns.items[i]);
        if (column != NO_COLUMN &&
            (change->columns == NULL || change->columns[column].origin == NO_COLUMN ||
             diff_values_change(change, column)))
            return true;
    }
    return false;
}

/* A view can be on others: where any table's values change its own may. */
static bool view_changes(struct arena *arena, const struct diff *diff, const char *name)
{
    const struct program_def *to = structure_view(diff->to, name);
    size_t i, j;

    if (to == NULL)
        return false;
    for (i = 0; i < diff->tables.count; i++)
        for (j = 0; !diff->tables.items[i].to->is_virtual &&
                    j < diff->tables.items[i].to->columns.count;
             j++)
            if (diff_values_change(&diff->tables.items[i], j))
                return true;
    return !diff_same_program(arena, diff, structure_view(diff->from, name), to, false);
}

bool plan_is_stale(struct arena *arena, const struct diff *diff,
                   const struct table_def *table)
{
    struct module module = read_module(arena, table);
    size_t i;

    if (!module.is_fts5 || !module.is_external)
        return false;
    for (i = 0; i < diff->created.count; i++)
        if (name_same(diff->created.items[i]->name, module.content))
            return true;
    for (i = 0; i < diff->tables.count; i++)
        if (name_same(diff->tables.items[i].to->name, module.content) &&
            !diff->tables.items[i].to->is_virtual)
            return table_changes(&diff->tables.items[i], &module);
    return view_changes(arena, diff, module.content);
}

void plan_anew(struct arena *arena, struct plan *plan, const struct table_change *change)
{
    struct module from = read_module(arena, change->from);
    struct module to = read_module(arena, change->to);
    const char *name = name_sql(arena, change->to->name), *new, *columns;

    if (!can_copy(&from, &to)) {
        plan_add(arena, plan, NULL, "DROP TABLE %s", name);
        plan_add(arena, plan, NULL, "%s", change->to->text);
        return;
    }
    new = name_sql(arena, plan_new_name(arena, plan, change->to->name));
    columns = common_columns(arena, &from, &to);
    plan_add(arena, plan, NULL, "%s", table_def_renamed(arena, change->to, new));
    plan_add(arena, plan, NULL, "INSERT INTO %s (rowid%s)\nSELECT rowid%s\n  FROM %s",
             new, columns, columns, name);
    plan_add(arena, plan, NULL, "DROP TABLE %s", name);
    plan_add(arena, plan, NULL, "ALTER TABLE %s RENAME TO %s", new, name);
}

bool plan_is_index(struct arena *arena, const struct table_def *table)
{
    struct module module = read_module(arena, table);

    return module.is_fts5 && module.is_external;
}
