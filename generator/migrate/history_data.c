/*
 * history_data.c: steps that change rows as SQL, see history.h: insert, update, delete;
 * and calls of the program's functions. Each statement is run on empty tables, so that
 * SQLite refuses it here and not on the user's machine. SQL of the user's: history_sql.c.
 */
#include "history_internal.h"

#include "scratch.h"

#include "../base/message.h"
#include "../base/names.h"
#include "../base/steps.h"
#include "../model/ddl.h"
#include "../model/sqltext.h"
#include "../sql/token.h"

#include <string.h>

/* ---- values ------------------------------------------------------------------- */

static const struct column *find_column(struct data_maker *data, const struct node *name)
{
    const struct column *column = map_get(&data->table->by_name, name->text);
    struct suggestion suggestion;
    struct diag *diag;
    size_t i;

    if (column != NULL)
        return column;
    diag =
        diag_error(data->maker->stage->diags, 410, name->span,
                   "at this step `%s` has no column `%s`", data->table->name, name->text);
    suggest_init(&suggestion, name->text);
    for (i = 0; i < data->table->columns.count; i++)
        suggest_try(&suggestion, data->table->columns.items[i]->name);
    if (suggestion.best != NULL)
        diag_hint(diag, "did you mean `%s`?", suggestion.best);
    return NULL;
}

/* Adds "name OPERATOR value" or, where `values` is given, the two apart. */
static bool add_value(struct data_maker *data, const struct entry *entry,
                      const char *operator, struct buf * names, struct buf *values)
{
    const struct column *column = find_column(data, entry->key);
    struct literal literal;

    if (column == NULL)
        return false;
    if (column->generated != NULL) {
        diag_error(data->maker->stage->diags, 147, entry->key->span,
                   "`%s` is generated: nothing can be written into it", column->name);
        return false;
    }
    if (!literal_read(&data->reader, column, entry->value, LITERAL_OF_DEFAULT,
                      &literal) ||
        !literal_check(&data->reader, column, &literal, "the value"))
        return false;
    buf_adds(names, name_sql(data->maker->stage->arena, column->sql_name));
    if (values == NULL)
        buf_adds(names, operator);
    ddl_value(column, &literal, data->maker->stage->schema,
              values != NULL ? values : names);
    return true;
}

static bool add_values(struct data_maker *data, const struct node *map,
                       const char *operator, const char * separator, struct buf *out)
{
    bool good = true;
    size_t i;

    for (i = 0; i < map->count; i++) {
        buf_adds(out, i > 0 ? separator : "");
        good = add_value(data, &map->entries[i], operator, out, NULL) && good;
    }
    return good;
}

/* " WHERE …" of values or of SQL; nothing where there is no condition. */
static bool add_where(struct data_maker *data, const struct node *where, struct buf *out)
{
    const char *why;

    if (where == NULL)
        return true;
    buf_adds(out, "\n WHERE ");
    if (where->kind == NODE_MAP && where->count > 0)
        return add_values(data, where, " IS ", " AND ", out);
    if (where->kind == NODE_SCALAR &&
        where->text[strspn(where->text, " \t\r\n")] != '\0') {
        why = sql_unbalanced(where->text);
        if (why != NULL)
            diag_error(data->maker->stage->diags, 215, where->span,
                       "this is not one SQL expression: %s", why);
        buf_addf(out, "(%s\n)", where->text);
        return why == NULL && history_no_parameter(data->maker->stage, where);
    }
    language_wrong_kind(data->maker->stage->diags, where, "`where`",
                        "values by column, or SQL");
    return false;
}

/* ---- running ------------------------------------------------------------------ */

static void note_table(struct data_maker *data, const char *table)
{
    struct arena *arena = data->maker->stage->arena;
    const char *copy = arena_strdup(arena, table);

    *VEC_ADD(arena, &data->written) = copy;
    *VEC_ADD(arena, &data->maker->script->written) = copy;
}

static int note_write(void *context, int action, const char *table, const char *column,
                      const char *database, const char *program)
{
    struct data_maker *data = context;

    (void)database;
    (void)program;
    history_note(data, action, table, column);
    if ((action == SQLITE_INSERT || action == SQLITE_UPDATE || action == SQLITE_DELETE) &&
        table != NULL && strncmp(table, "sqlite_", 7) != 0)
        note_table(data, table);
    return SQLITE_OK;
}

/* The token of the statement at `offset` that the message names, or the whole scalar. */
static struct span fault_span(struct arena *arena, sqlite3 *db, const struct node *node,
                              size_t offset, struct span span)
{
    const char *word = message_word(arena, sqlite3_errmsg(db));
    struct token token;

    if (node == NULL || word == NULL)
        return span;
    for (token = token_at(node->text, node->length, offset); token.kind != TOKEN_END;
         token = token_at(node->text, node->length, token.offset + token.length))
        if (name_same(token_value(arena, node->text, token), word))
            return node_span_at(node, token.offset, token.length);
    return span;
}

bool history_try(struct data_maker *data, sqlite3 *db, const char *sql,
                 const struct node *node, size_t offset, struct span span)
{
    const struct stage *stage = data->maker->stage;
    const char *error;
    bool good;

    sqlite3_set_authorizer(db, note_write, data);
    good = scratch_run(stage->arena, db, sql, &error);
    sqlite3_set_authorizer(db, NULL, NULL);
    history_noted(data, sql);
    if (!good)
        diag_error(stage->diags, 413, fault_span(stage->arena, db, node, offset, span),
                   "SQLite refuses this: %s", steps_message(stage->arena, db));
    return good;
}

static bool keep(struct data_maker *data, sqlite3 *db, const struct buf *sql,
                 struct span span)
{
    struct arena *arena = data->maker->stage->arena;
    const char *text = arena_strndup(arena, sql->data, sql->length);

    *VEC_ADD(arena, &data->out->sql) = text;
    return history_try(data, db, text, NULL, 0, span);
}

/* ---- insert, update, delete --------------------------------------------------- */

static bool insert_row(struct data_maker *data, sqlite3 *db, const struct node *row)
{
    struct buf names, values;
    bool good = true;
    size_t i;

    if (row->kind != NODE_MAP) {
        language_wrong_kind(data->maker->stage->diags, row, "a row",
                            "a map from columns to values");
        return false;
    }
    buf_init(&names);
    buf_init(&values);
    buf_addf(&names, "INSERT%s INTO %s%s", ddl_or_abort(data->table),
             name_sql(data->maker->stage->arena, data->table->sql_name),
             row->count > 0 ? " (" : " DEFAULT VALUES");
    for (i = 0; i < row->count; i++) {
        buf_adds(&names, i > 0 ? ", " : "");
        buf_adds(&values, i > 0 ? ", " : ")\n    VALUES (");
        good = add_value(data, &row->entries[i], "", &names, &values) && good;
    }
    buf_adds(&names, values.data);
    buf_adds(&names, row->count > 0 ? ")" : "");
    good = good && keep(data, db, &names, row->span);
    buf_release(&names);
    buf_release(&values);
    return good;
}

static bool insert_rows(struct data_maker *data, sqlite3 *db)
{
    const struct node *rows = data->step->values[INSERT_ROWS];
    bool good = true;
    size_t i;

    for (i = 0; i < rows->count; i++)
        good = insert_row(data, db, rows->items[i]) && good;
    return good;
}

static bool update_rows(struct data_maker *data, sqlite3 *db)
{
    const struct node *set = data->step->values[UPDATE_SET];
    struct buf sql;
    bool good;

    if (set->count == 0) {
        diag_error(data->maker->stage->diags, 404, set->span, "`set` sets nothing");
        return false;
    }
    buf_init(&sql);
    buf_addf(&sql, "UPDATE%s %s\n   SET ", ddl_or_abort(data->table),
             name_sql(data->maker->stage->arena, data->table->sql_name));
    good = add_values(data, set, " = ", ", ", &sql) &&
           add_where(data, data->step->values[UPDATE_WHERE], &sql) &&
           keep(data, db, &sql, data->step->span);
    buf_release(&sql);
    return good;
}

static bool delete_rows(struct data_maker *data, sqlite3 *db)
{
    struct buf sql;
    bool good;

    buf_init(&sql);
    buf_addf(&sql, "DELETE FROM %s",
             name_sql(data->maker->stage->arena, data->table->sql_name));
    good = add_where(data, data->step->values[DELETE_WHERE], &sql) &&
           keep(data, db, &sql, data->step->span);
    buf_release(&sql);
    return good;
}

/* Finds the table that the step names in the model of the state. */
static bool find_table(struct data_maker *data)
{
    const struct node *name = data->step->values[RULE_TABLE];
    struct schema *model = state_model(data->maker->stage, data->maker->state);

    if (model == NULL)
        return false;
    data->table = map_get(&model->tables_by_name, name->text);
    if (data->table == NULL)
        diag_error(data->maker->stage->diags, 410, name->span,
                   "at this step there is no table `%s`", name->text);
    return data->table != NULL;
}

static bool change_rows(struct data_maker *data, sqlite3 *db)
{
    switch (data->step->word) {
    case STEP_KEY_INSERT: return insert_rows(data, db);
    case STEP_KEY_UPDATE: return update_rows(data, db);
    default: return delete_rows(data, db);
    }
}

/* ---- the step ----------------------------------------------------------------- */

static const char *describe(struct data_maker *data)
{
    struct arena *arena = data->maker->stage->arena;
    const struct migration_step *step = data->step;

    switch (step->word) {
    case STEP_KEY_CALL: return arena_printf(arena, "call %s", step->value->text);
    case STEP_KEY_SQL: return "run SQL";
    case STEP_KEY_INSERT:
        return arena_printf(
            arena, "insert %zu row%s into %s", step->values[INSERT_ROWS]->count,
            step->values[INSERT_ROWS]->count == 1 ? "" : "s", data->table->name);
    case STEP_KEY_UPDATE: return arena_printf(arena, "update %s", data->table->name);
    default: return arena_printf(arena, "delete from %s", data->table->name);
    }
}

/* True where rows are changed only in tables that this migration itself makes. */
static bool is_undone(const struct data_maker *data)
{
    const struct stage *stage = data->maker->stage;
    const struct structure *before = state_structure(stage, data->maker->version->before);
    size_t i;

    if (data->step->word == STEP_KEY_CALL || before == NULL)
        return false;
    for (i = 0; i < data->written.count; i++)
        if (structure_table(before, data->written.items[i]) != NULL)
            return false;
    return true;
}

static bool make_sql(struct data_maker *data)
{
    const struct stage *stage = data->maker->stage;
    sqlite3 *db;
    bool good;

    if (data->step->word == STEP_KEY_CALL) {
        data->out->call = data->step->value->text;
        return true;
    }
    if (data->step->word != STEP_KEY_SQL && !find_table(data))
        return false;
    db = state_database(stage, data->maker->state);
    if (db == NULL)
        return false;
    good =
        data->step->word == STEP_KEY_SQL ? history_sql(data, db) : change_rows(data, db);
    sqlite3_close(db);
    return good;
}

bool history_data(struct history_maker *maker, const struct migration_step *step)
{
    const struct stage *stage = maker->stage;
    struct data_maker data = {.maker = maker, .step = step};
    struct state *before = maker->state;
    struct history_part *part;
    size_t index = maker->script->steps.count;

    data.reader =
        (struct literal_reader){stage->arena, stage->diags, &stage->schema->options};
    data.out = VEC_ADD(stage->arena, &maker->script->steps);
    data.out->span = step->span;
    data.out->data = true;
    data.out->inserts = step->word == STEP_KEY_INSERT;
    if (!make_sql(&data))
        return false;
    data.out->text = describe(&data);
    if (maker->keep_parts) {
        part = VEC_ADD(stage->arena, &maker->version->parts);
        *part = (struct history_part){before, maker->state,     step, 1,
                                      NULL,   is_undone(&data), index};
    }
    return true;
}
