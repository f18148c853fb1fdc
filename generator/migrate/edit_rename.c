/*
 * edit_rename.c: steps that rename tables and columns, see edit.h: also in everything
 * that names them. Views and triggers are rewritten by SQLite itself.
 */
#include "edit.h"

#include "scratch.h"

#include "../base/names.h"
#include "../sql/token.h"

#include <string.h>

/* What changes in the texts of a table. */
struct renaming {
    struct arena *arena;
    const char *name, *to;         /* in the schema */
    const char *sql_name, *sql_to; /* in SQL */
    bool table;                    /* a table: only what qualifies a column */
};

/* ---- SQL ---------------------------------------------------------------------- */

static bool is_renamed(const struct renaming *renaming, const char *sql,
                       const struct token *tokens, size_t i)
{
    if (tokens[i].kind != TOKEN_QUOTED &&
        (tokens[i].kind != TOKEN_WORD ||
         (tokens[i].keyword != KEYWORD_NONE && !keyword_is_plain(tokens[i].keyword))))
        return false;
    if (!name_same(token_value(renaming->arena, sql, tokens[i]), renaming->sql_name))
        return false;
    return renaming->table
               ? tokens[i + 1].kind == TOKEN_DOT
               : tokens[i + 1].kind != TOKEN_LEFT && tokens[i + 1].kind != TOKEN_DOT;
}

/* The expression with the new name wherever the old one is a name. */
static const char *renamed_sql(const struct renaming *renaming, const char *sql)
{
    const char *to = name_sql(renaming->arena, renaming->sql_to), *result;
    struct token *tokens;
    size_t count, i, from = 0;
    struct buf out;

    tokens = token_list(renaming->arena, sql, strlen(sql), &count);
    buf_init(&out);
    for (i = 0; i + 1 < count; i++) {
        if (!is_renamed(renaming, sql, tokens, i))
            continue;
        buf_add(&out, sql + from, tokens[i].offset - from);
        buf_adds(&out, to);
        from = tokens[i].offset + tokens[i].length;
    }
    buf_adds(&out, sql + from);
    result = arena_strndup(renaming->arena, out.data, out.length);
    buf_release(&out);
    return result;
}

static struct node *with_text(struct arena *arena, const struct node *node,
                              const char *text)
{
    struct node *copy = ARENA_NEW(arena, struct node);

    *copy = *node;
    if (strcmp(text, node->text) != 0) {
        copy->text = text;
        copy->length = strlen(text);
    }
    return copy;
}

static const struct node *sql_node(const struct renaming *renaming,
                                   const struct node *node)
{
    return with_text(renaming->arena, node, renamed_sql(renaming, node->text));
}

/* The map with the SQL under `key` renamed, if it has that key. */
static const struct node *with_sql(const struct renaming *renaming,
                                   const struct node *map, const char *key)
{
    const struct node *sql = node_get(map, key);

    return sql != NULL && sql->kind == NODE_SCALAR
               ? node_with(renaming->arena, map, key, sql_node(renaming, sql))
               : map;
}

/* ---- lists of columns --------------------------------------------------------- */

/* A column's name, or a term that begins with it, or an expression. */
static const struct node *renamed_term(const struct renaming *renaming,
                                       const struct node *term)
{
    size_t length = strlen(renaming->name);

    if (term->kind != NODE_SCALAR)
        return term;
    if (!renaming->table && strncmp(term->text, renaming->name, length) == 0 &&
        (term->text[length] == '\0' || term->text[length] == ' '))
        return with_text(
            renaming->arena, term,
            arena_printf(renaming->arena, "%s%s", renaming->to, term->text + length));
    return strpbrk(term->text, "(.\"") != NULL ? sql_node(renaming, term) : term;
}

/* Each item, by `rename`. */
static const struct node *each(const struct renaming *renaming, const struct node *list,
                               const struct node *(*rename)(const struct renaming *,
                                                            const struct node *))
{
    struct node *copy = node_list(renaming->arena, list->span);
    size_t i;

    copy->items = ARENA_ARRAY(renaming->arena, struct node *, list->count);
    copy->count = list->count;
    for (i = 0; i < list->count; i++)
        copy->items[i] = (struct node *)rename(renaming, list->items[i]);
    return copy;
}

/* A list of columns, or a map {columns, where, …}. */
static const struct node *renamed_rule(const struct renaming *renaming,
                                       const struct node *rule)
{
    const struct node *columns = node_get(rule, "columns");

    if (rule->kind == NODE_LIST)
        return each(renaming, rule, renamed_term);
    if (columns != NULL && columns->kind == NODE_LIST)
        rule = node_with(renaming->arena, rule, "columns",
                         each(renaming, columns, renamed_term));
    return with_sql(renaming, rule, "where");
}

static const struct node *renamed_check(const struct renaming *renaming,
                                        const struct node *check)
{
    return check->kind == NODE_SCALAR ? sql_node(renaming, check)
                                      : with_sql(renaming, check, "sql");
}

/* ---- columns ------------------------------------------------------------------ */

static const struct node *renamed_generated(const struct renaming *renaming,
                                            const struct node *column)
{
    const struct node *generated = node_get(column, "generated");

    if (generated == NULL)
        return column;
    return node_with(renaming->arena, column, "generated",
                     generated->kind == NODE_SCALAR
                         ? sql_node(renaming, generated)
                         : with_sql(renaming, generated, "sql"));
}

static const struct node *renamed_columns(const struct renaming *renaming,
                                          const struct node *columns)
{
    struct node *copy = node_map(renaming->arena, columns->span);
    size_t i;

    copy->entries = ARENA_ARRAY(renaming->arena, struct entry, columns->count);
    copy->count = columns->count;
    for (i = 0; i < columns->count; i++) {
        const struct entry *entry = &columns->entries[i];

        copy->entries[i].key = entry->key;
        copy->entries[i].value = (struct node *)renamed_generated(renaming, entry->value);
    }
    return copy;
}

/* The table's own expressions and lists. */
static const struct node *renamed_table(const struct renaming *renaming,
                                        const struct node *table)
{
    static const char *const rules[] = {"unique", "foreign_keys", "indexes"};
    const struct node *list = node_get(table, "primary_key");
    size_t i;

    table = node_with(renaming->arena, table, "columns",
                      renamed_columns(renaming, node_get(table, "columns")));
    if (list != NULL)
        table = node_with(renaming->arena, table, "primary_key",
                          each(renaming, list, renamed_term));
    for (i = 0; i < sizeof rules / sizeof *rules; i++) {
        list = node_get(table, rules[i]);
        if (list != NULL)
            table = node_with(renaming->arena, table, rules[i],
                              each(renaming, list, renamed_rule));
    }
    list = node_get(table, "checks");
    return list == NULL ? table
                        : node_with(renaming->arena, table, "checks",
                                    each(renaming, list, renamed_check));
}

/* ---- references --------------------------------------------------------------- */

/* "table.column" of which a part got another name. `column` NULL: the table did. */
struct target {
    struct arena *arena;
    const char *table, *column, *to;
};

static const struct node *renamed_target(const struct target *target,
                                         const struct node *node)
{
    size_t length = strlen(target->table);
    const char *text = node->text;

    if (node->kind != NODE_SCALAR || strncmp(text, target->table, length) != 0 ||
        text[length] != '.')
        return node;
    if (target->column == NULL)
        return with_text(target->arena, node,
                         arena_printf(target->arena, "%s%s", target->to, text + length));
    if (strcmp(text + length + 1, target->column) != 0)
        return node;
    return with_text(target->arena, node,
                     arena_printf(target->arena, "%s.%s", target->table, target->to));
}

static const struct node *renamed_foreign_key(const struct target *target,
                                              const struct node *key)
{
    const struct node *list = node_get(key, "references");
    struct node *copy;
    size_t i;

    if (list == NULL || list->kind != NODE_LIST)
        return key;
    copy = node_list(target->arena, list->span);
    copy->items = ARENA_ARRAY(target->arena, struct node *, list->count);
    copy->count = list->count;
    for (i = 0; i < list->count; i++)
        copy->items[i] = (struct node *)renamed_target(target, list->items[i]);
    return node_with(target->arena, key, "references", copy);
}

static void rename_references(const struct target *target, struct state_table *table)
{
    const struct node *columns = edit_columns(table);
    const struct node *keys = node_get(table->node, "foreign_keys");
    struct node *list;
    size_t i;

    for (i = 0; i < columns->count; i++) {
        const struct node *column = columns->entries[i].value;
        const struct node *reference = node_get(column, "references");

        if (reference != NULL)
            columns = node_with(target->arena, columns, columns->entries[i].key->text,
                                node_with(target->arena, column, "references",
                                          renamed_target(target, reference)));
    }
    table->node = node_with(target->arena, table->node, "columns", columns);
    if (keys == NULL)
        return;
    list = node_list(target->arena, keys->span);
    list->items = ARENA_ARRAY(target->arena, struct node *, keys->count);
    list->count = keys->count;
    for (i = 0; i < keys->count; i++)
        list->items[i] = (struct node *)renamed_foreign_key(target, keys->items[i]);
    table->node = node_with(target->arena, table->node, "foreign_keys", list);
}

static void rename_all_references(struct editor *editor, const struct target *target)
{
    size_t i;

    for (i = 0; i < editor->state->tables.count; i++)
        rename_references(target, &editor->state->tables.items[i]);
}

/* ---- views and triggers ------------------------------------------------------- */

/* Lets SQLite do the rename and takes over what it makes of views and triggers. */
static bool rename_in_programs(struct editor *editor, struct state *before,
                               const char *sql)
{
    const struct stage *stage = editor->stage;
    const struct structure *renamed;
    const char *error = NULL;
    sqlite3 *db;

    if (before->views.count + before->triggers.count == 0)
        return true;
    db = state_database(stage, before);
    if (db == NULL)
        return false;
    renamed = scratch_run(stage->arena, db, sql, &error)
                  ? structure_read(stage->arena, db, &error)
                  : NULL;
    sqlite3_close(db);
    if (renamed == NULL) {
        diag_error(stage->diags, 413, editor->step->span, "SQLite refuses the rename: %s",
                   error);
        return false;
    }
    state_adopt_programs(stage, editor->state, renamed);
    return true;
}

/* ---- the steps ---------------------------------------------------------------- */

static const char *sql_name_of(const struct node *node, const char *name)
{
    const struct node *sql_name = node_get(node, "sql_name");

    return sql_name != NULL ? sql_name->text : name;
}

static bool is_free(struct editor *editor, const struct node *to,
                    const struct node *other)
{
    if (other == NULL)
        return true;
    diag_note(diag_error(editor->stage->diags, 411, to->span,
                         "at this step there is a `%s` already", to->text),
              other->span, "it was made here");
    return false;
}

static void note_rename(struct editor *editor, const char *table, const char *column,
                        const char *from, const char *to)
{
    if (strcmp(from, to) != 0)
        *editor->rename = (struct edit_rename){table, column, to};
}

bool edit_rename_table(struct editor *editor)
{
    const struct node *to = editor->step->values[RENAME_TABLE_TO];
    const struct node *sql_to = editor->step->values[RENAME_TABLE_SQL_NAME];
    struct state_table *table = edit_table(editor), *other;
    struct arena *arena = editor->stage->arena;
    struct renaming renaming = {.arena = arena, .table = true};
    struct state *before = state_copy(editor->stage, editor->state);

    if (table == NULL)
        return false;
    other = state_table(editor->state, to->text);
    if (other != NULL && other != table && !is_free(editor, to, other->node))
        return false;
    renaming.name = table->name;
    renaming.to = to->text;
    renaming.sql_name = sql_name_of(table->node, table->name);
    renaming.sql_to = sql_to != NULL ? sql_to->text : to->text;
    table->node = renamed_table(&renaming, table->node);
    edit_set(editor, table, "sql_name", sql_to);
    rename_all_references(editor, &(struct target){arena, table->name, NULL, to->text});
    table->name = to->text;
    note_rename(editor, renaming.sql_name, NULL, renaming.sql_name, renaming.sql_to);
    return editor->rename->table == NULL ||
           rename_in_programs(
               editor, before,
               arena_printf(arena, /* two hops, since the names may differ in case only */
                            "ALTER TABLE %s RENAME TO __quarry_hop;"
                            "ALTER TABLE __quarry_hop RENAME TO %s",
                            name_sql(arena, renaming.sql_name),
                            name_sql(arena, renaming.sql_to)));
}

/* The columns with another key in the place of one, and another `sql_name` in it. */
static struct node *with_key(struct arena *arena, const struct node *columns,
                             const char *name, const struct node *to,
                             const struct node *sql_to)
{
    struct node *copy = node_map(arena, columns->span);
    size_t i;

    copy->entries = ARENA_ARRAY(arena, struct entry, columns->count);
    copy->count = columns->count;
    for (i = 0; i < columns->count; i++) {
        struct entry entry = columns->entries[i];

        if (strcmp(entry.key->text, name) == 0) {
            struct node *column = edit_long_form(arena, entry.value);

            entry.key = (struct node *)to;
            entry.value = sql_to != NULL ? node_with(arena, column, "sql_name", sql_to)
                                         : node_without(arena, column, "sql_name");
        }
        copy->entries[i] = entry;
    }
    return copy;
}

bool edit_rename_column(struct editor *editor)
{
    const struct migration_step *step = editor->step;
    const struct node *name = step->values[RENAME_COLUMN_COLUMN];
    const struct node *to = step->values[RENAME_COLUMN_TO];
    const struct node *sql_to = step->values[RENAME_COLUMN_SQL_NAME];
    struct state_table *table = edit_table(editor);
    struct arena *arena = editor->stage->arena;
    struct renaming renaming = {.arena = arena, .name = name->text, .to = to->text};
    struct state *before = state_copy(editor->stage, editor->state);
    const char *table_sql;

    if (table == NULL || !edit_has_column(editor, table, name))
        return false;
    if (strcmp(name->text, to->text) != 0 &&
        !is_free(editor, to, node_get(edit_columns(table), to->text)))
        return false;
    table_sql = sql_name_of(table->node, table->name);
    renaming.sql_name =
        sql_name_of(node_get(edit_columns(table), name->text), name->text);
    renaming.sql_to = sql_to != NULL ? sql_to->text : to->text;
    table->node = renamed_table(&renaming, table->node);
    edit_set(editor, table, "columns",
             with_key(arena, edit_columns(table), name->text, to, sql_to));
    rename_all_references(editor,
                          &(struct target){arena, table->name, name->text, to->text});
    note_rename(editor, table_sql, renaming.sql_name, renaming.sql_name, renaming.sql_to);
    return editor->rename->table == NULL ||
           rename_in_programs(editor, before,
                              arena_printf(arena, "ALTER TABLE %s RENAME COLUMN %s TO %s",
                                           name_sql(arena, table_sql),
                                           name_sql(arena, renaming.sql_name),
                                           name_sql(arena, renaming.sql_to)));
}
