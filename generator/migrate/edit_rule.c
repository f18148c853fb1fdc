/*
 * edit_rule.c: steps that add and drop indexes, foreign keys, unique constraints and
 * checks, see edit.h. What a column says of itself (`unique: true`, `references`) is
 * found too.
 */
#include "edit.h"

#include "../sql/token.h"

#include <string.h>

/* The key of the table whose list the step changes. */
static const char *list_key(enum step_key word)
{
    switch (word) {
    case STEP_KEY_CREATE_INDEX:
    case STEP_KEY_DROP_INDEX: return "indexes";
    case STEP_KEY_ADD_FOREIGN_KEY:
    case STEP_KEY_DROP_FOREIGN_KEY: return "foreign_keys";
    case STEP_KEY_ADD_UNIQUE:
    case STEP_KEY_DROP_UNIQUE: return "unique";
    default: return "checks";
    }
}

bool edit_add_rule(struct editor *editor)
{
    const char *key = list_key(editor->step->word);
    struct arena *arena = editor->stage->arena;
    struct state_table *table = edit_table(editor);

    if (table == NULL)
        return false;
    edit_set(editor, table, key,
             node_list_with(arena, node_get(table->node, key),
                            node_without(arena, editor->step->value, "table")));
    return true;
}

/* ---- dropping ----------------------------------------------------------------- */

/* What a rule looks like in the model, to be compared with what the step names. */
struct rule {
    const char *name;
    const struct columns *columns; /* NULL: a check, or an index with expressions */
    const char *sql;               /* of a check */
};

static bool has_columns(const struct columns *columns, const struct node *names)
{
    size_t i;

    if (columns == NULL || columns->count != names->count)
        return false;
    for (i = 0; i < names->count; i++)
        if (strcmp(columns->items[i]->name, names->items[i]->text) != 0)
            return false;
    return true;
}

static bool is_meant(const struct editor *editor, const struct rule *rule)
{
    const struct node *name = editor->step->values[DROP_RULE_NAME];
    const struct node *columns = editor->step->values[DROP_RULE_COLUMNS];
    const struct node *sql = editor->step->values[DROP_RULE_SQL];

    if (sql != NULL && (rule->sql == NULL || strcmp(rule->sql, sql->text) != 0))
        return false;
    if (name != NULL && (rule->name == NULL || !name_same(rule->name, name->text)))
        return false;
    return columns == NULL || has_columns(rule->columns, columns);
}

/* The plain columns of an index; false: it has other terms. */
static bool index_columns(struct arena *arena, const struct index *index,
                          struct columns *columns)
{
    size_t i;

    columns->items = ARENA_ARRAY(arena, struct column *, index->terms.count);
    columns->count = 0;
    for (i = 0; i < index->terms.count; i++) {
        if (index->terms.items[i].column == NULL)
            return false;
        columns->items[columns->count++] = (struct column *)index->terms.items[i].column;
    }
    return true;
}

/* Rules of the model in the order of the list `key`, which those of columns precede. */
static size_t collect(struct editor *editor, const struct table *table,
                      struct rule **rules)
{
    struct arena *arena = editor->stage->arena;
    enum step_key word = editor->step->word;
    size_t i, count = table->indexes.count + table->foreign_keys.count +
                      table->uniques.count + table->checks.count;
    struct rule *list = ARENA_ARRAY(arena, struct rule, count + 1);

    count = 0;
    for (i = 0; word == STEP_KEY_DROP_INDEX && i < table->indexes.count; i++) {
        struct columns *columns = ARENA_NEW(arena, struct columns);

        list[count++] = (struct rule){
            table->indexes.items[i].name,
            index_columns(arena, &table->indexes.items[i], columns) ? columns : NULL,
            NULL};
    }
    for (i = 0; word == STEP_KEY_DROP_FOREIGN_KEY && i < table->foreign_keys.count; i++)
        list[count++] = (struct rule){table->foreign_keys.items[i].name,
                                      &table->foreign_keys.items[i].columns, NULL};
    for (i = 0; word == STEP_KEY_DROP_UNIQUE && i < table->uniques.count; i++)
        if (table->uniques.items[i].is_constraint)
            list[count++] = (struct rule){table->uniques.items[i].name,
                                          &table->uniques.items[i].columns, NULL};
    for (i = 0; word == STEP_KEY_DROP_CHECK && i < table->checks.count; i++)
        list[count++] =
            (struct rule){table->checks.items[i].name, NULL, table->checks.items[i].sql};
    *rules = list;
    return count;
}

/* Takes from the columns what makes rule number `index` of those that columns make. */
static const struct node *strip_column(struct editor *editor, const struct node *columns,
                                       size_t index)
{
    static const char *const keys[] = {"references", "on_delete", "on_update",
                                       "deferrable"};
    bool foreign = editor->step->word == STEP_KEY_DROP_FOREIGN_KEY;
    struct arena *arena = editor->stage->arena;
    size_t i, k, seen = 0;

    for (i = 0; i < columns->count; i++) {
        const struct node *column = columns->entries[i].value;
        const struct node *value = node_get(column, foreign ? "references" : "unique");
        bool is_rule = false;

        if (value != NULL && (foreign || (node_bool(value, &is_rule) && is_rule)))
            if (seen++ == index) {
                for (k = 0; foreign && k < sizeof keys / sizeof *keys; k++)
                    column = node_without(arena, column, keys[k]);
                if (!foreign)
                    column = node_without(arena, column, "unique");
                return node_with(arena, columns, columns->entries[i].key->text, column);
            }
    }
    return NULL;
}

static void remove_rule(struct editor *editor, struct state_table *table, size_t index,
                        size_t count)
{
    const char *key = list_key(editor->step->word);
    const struct node *list = node_get(table->node, key);
    size_t listed = list != NULL ? list->count : 0, of_columns = count - listed;

    if (index >= of_columns)
        edit_set(editor, table, key,
                 node_list_without(editor->stage->arena, list, index - of_columns));
    else
        edit_set(editor, table, "columns",
                 strip_column(editor, edit_columns(table), index));
}

static bool same_names(const struct node *a, const struct node *b)
{
    size_t i;

    if (a == NULL || a->kind != NODE_LIST || a->count != b->count)
        return false;
    for (i = 0; i < a->count; i++)
        if (strcmp(a->items[i]->text, b->items[i]->text) != 0)
            return false;
    return true;
}

/* True where an item as it is written is what the step means. */
static bool is_item(const struct editor *editor, const struct node *item)
{
    const struct node *name = editor->step->values[DROP_RULE_NAME];
    const struct node *columns = editor->step->values[DROP_RULE_COLUMNS];
    const struct node *sql = editor->step->values[DROP_RULE_SQL];
    const struct node *own = node_get(item, "name");

    if (name != NULL)
        return own != NULL && own->kind == NODE_SCALAR &&
               name_same(own->text, name->text);
    if (columns != NULL)
        return same_names(item->kind == NODE_LIST ? item : node_get(item, "columns"),
                          columns);
    own = item->kind == NODE_SCALAR ? item : node_get(item, "sql");
    return own != NULL && strcmp(own->text, sql->text) == 0;
}

/* Without the model, which need not hold between two steps. */
static bool drop_item(struct editor *editor, struct state_table *table)
{
    const char *key = list_key(editor->step->word);
    const struct node *list = node_get(table->node, key);
    size_t i;

    for (i = 0; list != NULL && i < list->count; i++)
        if (is_item(editor, list->items[i])) {
            edit_set(editor, table, key,
                     node_list_without(editor->stage->arena, list, i));
            return true;
        }
    return false;
}

static bool not_found(struct editor *editor, const struct state_table *table)
{
    const struct node *name = editor->step->values[DROP_RULE_NAME];
    const struct node *columns = editor->step->values[DROP_RULE_COLUMNS];

    if (columns == NULL)
        columns = editor->step->values[DROP_RULE_SQL];
    diag_error(editor->stage->diags, 410, name != NULL ? name->span : columns->span,
               "at this step `%s` has nothing like this in `%s`", table->name,
               list_key(editor->step->word));
    return false;
}

bool edit_drop_rule(struct editor *editor)
{
    const struct node *name = editor->step->values[DROP_RULE_NAME];
    const struct node *columns = editor->step->values[DROP_RULE_COLUMNS];
    struct state_table *table = edit_table(editor);
    const struct table *model;
    struct rule *rules;
    size_t count, i;

    if (table == NULL)
        return false;
    if (name == NULL && columns == NULL && editor->step->values[DROP_RULE_SQL] == NULL) {
        diag_error(editor->stage->diags, 404, editor->step->span,
                   "the step needs `name` or `columns`");
        return false;
    }
    if (drop_item(editor, table))
        return true;
    if (state_model(editor->stage, editor->state) == NULL)
        return false;
    model = map_get(&editor->state->model->tables_by_name, table->name);
    count = collect(editor, model, &rules);
    for (i = 0; i < count; i++)
        if (is_meant(editor, &rules[i])) {
            remove_rule(editor, table, i, count);
            return true;
        }
    return not_found(editor, table);
}
