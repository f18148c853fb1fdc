/*
 * edit_table.c: steps that make, drop and change tables and columns, see edit.h.
 */
#include "edit.h"

#include "../base/names.h"

#include <string.h>

bool edit_state(const struct stage *stage, struct state *state,
                const struct migration_step *step, struct edit_rename *rename)
{
    static bool (*const edits[STEP_KEY_WORDS])(struct editor *) = {
        [STEP_KEY_CREATE_TABLE] = edit_create_table,
        [STEP_KEY_DROP_TABLE] = edit_drop_table,
        [STEP_KEY_RENAME_TABLE] = edit_rename_table,
        [STEP_KEY_ALTER_TABLE] = edit_alter_table,
        [STEP_KEY_ADD_COLUMN] = edit_add_column,
        [STEP_KEY_DROP_COLUMN] = edit_drop_column,
        [STEP_KEY_RENAME_COLUMN] = edit_rename_column,
        [STEP_KEY_ALTER_COLUMN] = edit_alter_column,
        [STEP_KEY_CREATE_INDEX] = edit_add_rule,
        [STEP_KEY_DROP_INDEX] = edit_drop_rule,
        [STEP_KEY_ADD_FOREIGN_KEY] = edit_add_rule,
        [STEP_KEY_DROP_FOREIGN_KEY] = edit_drop_rule,
        [STEP_KEY_ADD_UNIQUE] = edit_add_rule,
        [STEP_KEY_DROP_UNIQUE] = edit_drop_rule,
        [STEP_KEY_ADD_CHECK] = edit_add_rule,
        [STEP_KEY_DROP_CHECK] = edit_drop_rule,
        [STEP_KEY_CREATE_VIEW] = edit_create_view,
        [STEP_KEY_DROP_VIEW] = edit_drop_view,
        [STEP_KEY_CREATE_TRIGGER] = edit_create_trigger,
        [STEP_KEY_DROP_TRIGGER] = edit_drop_trigger,
        [STEP_KEY_CREATE_VIRTUAL_TABLE] = edit_create_virtual_table,
        [STEP_KEY_DROP_VIRTUAL_TABLE] = edit_drop_virtual_table,
    };
    struct editor editor = {stage, state, step, rename};

    *rename = (struct edit_rename){0};
    if (!edits[step->word](&editor))
        return false;
    state_touch(state);
    return true;
}

/* ---- finding ------------------------------------------------------------------ */

struct state_table *edit_table(struct editor *editor)
{
    const struct node *name = editor->step->values[RULE_TABLE];
    struct state_table *table = state_table(editor->state, name->text);
    struct suggestion suggestion;
    struct diag *diag;
    size_t i;

    if (table != NULL)
        return table;
    diag = diag_error(editor->stage->diags, 410, name->span,
                      "at this step there is no table `%s`", name->text);
    suggest_init(&suggestion, name->text);
    for (i = 0; i < editor->state->tables.count; i++)
        suggest_try(&suggestion, editor->state->tables.items[i].name);
    if (suggestion.best != NULL)
        diag_hint(diag, "did you mean `%s`?", suggestion.best);
    return NULL;
}

const struct node *edit_columns(const struct state_table *table)
{
    return node_get(table->node, "columns");
}

bool edit_has_column(struct editor *editor, const struct state_table *table,
                     const struct node *name)
{
    const struct node *columns = edit_columns(table);
    struct suggestion suggestion;
    struct diag *diag;
    size_t i;

    if (node_get(columns, name->text) != NULL)
        return true;
    diag = diag_error(editor->stage->diags, 410, name->span,
                      "at this step `%s` has no column `%s`", table->name, name->text);
    suggest_init(&suggestion, name->text);
    for (i = 0; i < columns->count; i++)
        suggest_try(&suggestion, columns->entries[i].key->text);
    if (suggestion.best != NULL)
        diag_hint(diag, "did you mean `%s`?", suggestion.best);
    return false;
}

void edit_set(struct editor *editor, struct state_table *table, const char *key,
              const struct node *value)
{
    struct arena *arena = editor->stage->arena;

    table->node = value != NULL ? node_with(arena, table->node, key, value)
                                : node_without(arena, table->node, key);
}

struct node *edit_long_form(struct arena *arena, const struct node *column)
{
    return column->kind == NODE_MAP ? (struct node *)column
                                    : node_with(arena, NULL, "type", column);
}

/* ---- tables ------------------------------------------------------------------- */

static void taken(struct editor *editor, const struct node *name, struct span first)
{
    struct diag *diag = diag_error(editor->stage->diags, 411, name->span,
                                   "at this step there is a `%s` already", name->text);

    if (first.at.line != 0)
        diag_note(diag, first, "it was made here");
}

bool edit_create_table(struct editor *editor)
{
    const struct migration_step *step = editor->step;
    const struct node *name = step->values[CREATE_TABLE_NAME];
    const struct state_table *first = state_table(editor->state, name->text);
    struct state_table *table;

    if (first != NULL) {
        taken(editor, name, first->span);
        return false;
    }
    table = VEC_ADD(editor->stage->arena, &editor->state->tables);
    table->name = name->text;
    table->span = name->span;
    table->node = node_without(editor->stage->arena, step->value, "name");
    return true;
}

/* True where a foreign key of `table` refers to the table `name`. */
static const struct node *reference_to(const struct node *reference, const char *name)
{
    size_t length = strlen(name);

    return reference != NULL && reference->kind == NODE_SCALAR &&
                   strncmp(reference->text, name, length) == 0 &&
                   reference->text[length] == '.'
               ? reference
               : NULL;
}

static const struct node *find_reference(const struct state_table *table,
                                         const char *name)
{
    const struct node *columns = edit_columns(table);
    const struct node *keys = node_get(table->node, "foreign_keys"), *found = NULL;
    size_t i, k;

    for (i = 0; columns != NULL && i < columns->count && found == NULL; i++)
        found = reference_to(node_get(columns->entries[i].value, "references"), name);
    for (i = 0; keys != NULL && i < keys->count; i++) {
        const struct node *list = node_get(keys->items[i], "references");

        for (k = 0; list != NULL && k < list->count && found == NULL; k++)
            found = reference_to(list->items[k], name);
    }
    return found;
}

static void drop_triggers_of(struct state *state, const char *sql_name)
{
    size_t i, kept = 0;

    for (i = 0; i < state->triggers.count; i++)
        if (strcmp(state->triggers.items[i].table, sql_name) != 0)
            state->triggers.items[kept++] = state->triggers.items[i];
    state->triggers.count = kept;
}

static const char *sql_name_of(const struct node *node, const char *name)
{
    const struct node *sql_name = node_get(node, "sql_name");

    return sql_name != NULL ? sql_name->text : name;
}

bool edit_drop_table(struct editor *editor)
{
    struct state *state = editor->state;
    struct state_table *table = edit_table(editor);
    size_t i, at;

    if (table == NULL)
        return false;
    for (i = 0; i < state->tables.count; i++) {
        const struct state_table *other = &state->tables.items[i];
        const struct node *reference = find_reference(other, table->name);

        if (other == table || reference == NULL)
            continue;
        diag_note(diag_error(editor->stage->diags, 412,
                             editor->step->values[DROP_OBJECT_NAME]->span,
                             "`%s` refers to `%s`: drop that foreign key first",
                             other->name, table->name),
                  reference->span, "the foreign key is here");
        return false;
    }
    drop_triggers_of(state, sql_name_of(table->node, table->name));
    at = (size_t)(table - state->tables.items);
    memmove(table, table + 1, (state->tables.count - at - 1) * sizeof *table);
    state->tables.count--;
    return true;
}

/* Takes the primary key from the table, where another one comes. */
static void remove_key(struct editor *editor, struct state_table *table)
{
    const struct node *columns = edit_columns(table);
    struct arena *arena = editor->stage->arena;
    struct node *others = node_map(arena, columns->span);
    size_t i;

    others->entries = ARENA_ARRAY(arena, struct entry, columns->count);
    others->count = columns->count;
    for (i = 0; i < columns->count; i++) {
        const struct node *column = columns->entries[i].value;

        others->entries[i] = columns->entries[i];
        if (node_get(column, "primary_key") != NULL)
            others->entries[i].value = node_without(
                arena, node_without(arena, column, "primary_key"), "autoincrement");
    }
    edit_set(editor, table, "columns", others);
    edit_set(editor, table, "primary_key", NULL);
}

/* A column that becomes the primary key takes the place of the one before. */
static void replace_key(struct editor *editor, struct state_table *table,
                        const struct node *column)
{
    const struct node *key = node_get(column, "primary_key");
    bool is_key = false;

    if (key != NULL && node_bool(key, &is_key) && is_key)
        remove_key(editor, table);
}

bool edit_alter_table(struct editor *editor)
{
    static const struct {
        enum alter_table_key key;
        const char *name;
    } keys[] = {{ALTER_TABLE_STRICT, "strict"},
                {ALTER_TABLE_WITHOUT_ROWID, "without_rowid"},
                {ALTER_TABLE_PRIMARY_KEY_ON_CONFLICT, "primary_key_on_conflict"}};
    const struct migration_step *step = editor->step;
    struct state_table *table = edit_table(editor);
    size_t i;

    if (table == NULL)
        return false;
    for (i = 0; i < sizeof keys / sizeof *keys; i++)
        if (step->values[keys[i].key] != NULL)
            edit_set(editor, table, keys[i].name, step->values[keys[i].key]);
    if (step->values[ALTER_TABLE_PRIMARY_KEY] != NULL) {
        remove_key(editor, table);
        if (step->values[ALTER_TABLE_PRIMARY_KEY]->count > 0)
            edit_set(editor, table, "primary_key", step->values[ALTER_TABLE_PRIMARY_KEY]);
    }
    return true;
}

/* ---- columns ------------------------------------------------------------------ */

/* Where among the columns a new one goes; `count`: at the end. SIZE_MAX: reported. */
static size_t find_place(struct editor *editor, const struct state_table *table,
                         size_t current)
{
    const struct node *before = editor->step->values[STEP_COLUMN_BEFORE];
    const struct node *after = editor->step->values[STEP_COLUMN_AFTER];
    const struct node *columns = edit_columns(table), *name = before;
    size_t i;

    if (before != NULL && after != NULL) {
        diag_error(editor->stage->diags, 404, after->span,
                   "a column has one place: `before` or `after`");
        return SIZE_MAX;
    }
    if (name == NULL)
        name = after;
    if (name == NULL)
        return current;
    if (!edit_has_column(editor, table, name))
        return SIZE_MAX;
    for (i = 0; strcmp(columns->entries[i].key->text, name->text) != 0; i++)
        continue;
    return after != NULL ? i + 1 : i;
}

/* The columns with one put in at `place`; the one at `old` (or none: count) left out. */
static struct node *with_column(struct arena *arena, const struct node *columns,
                                struct entry column, size_t place, size_t old)
{
    struct node *copy = node_map(arena, columns->span);
    size_t i;

    copy->entries = ARENA_ARRAY(arena, struct entry, columns->count + 1);
    for (i = 0; i <= columns->count; i++) {
        if (i == place)
            copy->entries[copy->count++] = column;
        if (i < columns->count && i != old)
            copy->entries[copy->count++] = columns->entries[i];
    }
    return copy;
}

/* The one entry of `column: {name: definition}`. */
static bool given_column(struct editor *editor, struct entry *column)
{
    const struct node *map = editor->step->values[STEP_COLUMN_COLUMN];

    if (map->count == 1) {
        *column = map->entries[0];
        return true;
    }
    diag_error(editor->stage->diags, 404, map->span,
               "`column` needs one column: its name and definition");
    return false;
}

bool edit_add_column(struct editor *editor)
{
    struct state_table *table = edit_table(editor);
    const struct node *columns, *first;
    struct entry column;
    size_t place;

    if (table == NULL || !given_column(editor, &column))
        return false;
    columns = edit_columns(table);
    first = node_get(columns, column.key->text);
    if (first != NULL) {
        taken(editor, column.key, first->span);
        return false;
    }
    place = find_place(editor, table, columns->count);
    if (place == SIZE_MAX)
        return false;
    replace_key(editor, table, column.value);
    columns = edit_columns(table);
    edit_set(editor, table, "columns",
             with_column(editor->stage->arena, columns, column, place, columns->count));
    return true;
}

bool edit_alter_column(struct editor *editor)
{
    struct state_table *table = edit_table(editor);
    const struct node *columns;
    struct entry column;
    size_t old, place;

    if (table == NULL || !given_column(editor, &column) ||
        !edit_has_column(editor, table, column.key))
        return false;
    replace_key(editor, table, column.value);
    columns = edit_columns(table);
    for (old = 0; strcmp(columns->entries[old].key->text, column.key->text) != 0; old++)
        continue;
    place = find_place(editor, table, old);
    if (place == SIZE_MAX)
        return false;
    edit_set(editor, table, "columns",
             with_column(editor->stage->arena, columns, column, place, old));
    return true;
}

/* The item of a list of lists or of maps {columns: …} that names the column, or NULL. */
static const struct node *list_with_column(const struct node *list, const char *column)
{
    size_t i, k;

    for (i = 0; list != NULL && i < list->count; i++) {
        const struct node *item = list->items[i];
        const struct node *names =
            item->kind == NODE_LIST ? item : node_get(item, "columns");

        if (item->kind == NODE_SCALAR && strcmp(item->text, column) == 0)
            return item;
        for (k = 0; names != NULL && k < names->count; k++) {
            const char *text = names->items[k]->text;
            size_t length = strlen(column);

            if (strncmp(text, column, length) == 0 &&
                (text[length] == '\0' || text[length] == ' '))
                return item;
        }
    }
    return NULL;
}

bool edit_drop_column(struct editor *editor)
{
    static const char *const keys[] = {"primary_key", "unique", "foreign_keys",
                                       "indexes"};
    const struct node *name = editor->step->values[DROP_COLUMN_COLUMN];
    struct state_table *table = edit_table(editor);
    size_t i;

    if (table == NULL || !edit_has_column(editor, table, name))
        return false;
    for (i = 0; i < sizeof keys / sizeof *keys; i++) {
        const struct node *user =
            list_with_column(node_get(table->node, keys[i]), name->text);

        if (user == NULL)
            continue;
        diag_note(diag_error(editor->stage->diags, 412, name->span,
                             "`%s` of `%s` names the column: drop or change that first",
                             keys[i], table->name),
                  user->span, "it is here");
        return false;
    }
    edit_set(editor, table, "columns",
             node_without(editor->stage->arena, edit_columns(table), name->text));
    return true;
}
