/*
 * history_data.c: steps that change rows as SQL, see history.h: insert, update, delete;
 * SQL of the user's, cut into statements and run on empty tables, so that what it does to
 * the structure is known; and calls of the program's functions.
 */
#include "history.h"

#include "scratch.h"

#include "../base/steps.h"
#include "../model/sqltext.h"
#include "../base/names.h"
#include "../model/ddl.h"
#include "../model/literal.h"
#include "../sql/token.h"

#include <string.h>

struct data_maker {
    struct history_maker *maker;
    const struct migration_step *step;
    const struct table *table; /* of insert, update and delete */
    struct literal_reader reader;
    struct script_step *out;
    VEC(const char *) written; /* tables that rows are changed in, names in SQL */
};

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
        return why == NULL;
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

    (void)column;
    (void)database;
    (void)program;
    if ((action == SQLITE_INSERT || action == SQLITE_UPDATE || action == SQLITE_DELETE) &&
        table != NULL && strncmp(table, "sqlite_", 7) != 0)
        note_table(data, table);
    return SQLITE_OK;
}

/* The word that a message of SQLite's names: near "x", no such column: t.x. */
static const char *named_word(struct arena *arena, const char *message)
{
    const char *from = strstr(message, "near \""), *to;

    if (from != NULL) {
        from += strlen("near \"");
        to = strchr(from, '"');
        return to != NULL ? arena_strndup(arena, from, (size_t)(to - from)) : NULL;
    }
    from = strrchr(message, ':');
    if (from == NULL)
        return NULL;
    from += strspn(from, ": ");
    to = strrchr(from, '.');
    return to != NULL ? to + 1 : from;
}

/* The token of the statement at `offset` that the message names, or the whole scalar. */
static struct span fault_span(struct arena *arena, sqlite3 *db, const struct node *node,
                              size_t offset, struct span span)
{
    const char *word = named_word(arena, sqlite3_errmsg(db));
    struct token token;

    if (node == NULL || word == NULL)
        return span;
    for (token = token_at(node->text, node->length, offset); token.kind != TOKEN_END;
         token = token_at(node->text, node->length, token.offset + token.length))
        if (name_same(token_value(arena, node->text, token), word))
            return node_span_at(node, token.offset, token.length);
    return span;
}

/* Runs a statement on the tables as they are; `node` and `offset`: where it stands. */
static bool try_statement(struct data_maker *data, sqlite3 *db, const char *sql,
                          const struct node *node, size_t offset, struct span span)
{
    const struct stage *stage = data->maker->stage;
    const char *error;
    bool good;

    sqlite3_set_authorizer(db, note_write, data);
    good = scratch_run(stage->arena, db, sql, &error);
    sqlite3_set_authorizer(db, NULL, NULL);
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
    return try_statement(data, db, text, NULL, 0, span);
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
    buf_addf(&names, "INSERT INTO %s%s",
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
    buf_addf(&sql, "UPDATE %s\n   SET ",
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

/* ---- SQL of the user's -------------------------------------------------------- */

/* What a transaction cannot hold, or would end it, or reaches beyond the file. */
static bool is_forbidden(const char *sql, const struct token *tokens)
{
    static const enum keyword keywords[] = {
        KEYWORD_BEGIN,    KEYWORD_COMMIT,    KEYWORD_END,
        KEYWORD_ROLLBACK, KEYWORD_SAVEPOINT, KEYWORD_RELEASE,
        KEYWORD_VACUUM,   KEYWORD_ATTACH,    KEYWORD_DETACH};
    static const char allowed[] = "defer_foreign_keys";
    size_t i;

    for (i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (tokens[0].keyword == keywords[i])
            return true;
    return tokens[0].keyword == KEYWORD_PRAGMA &&
           (tokens[1].length != strlen(allowed) ||
            sqlite3_strnicmp(sql + tokens[1].offset, allowed, (int)strlen(allowed)) != 0);
}

static bool makes_trigger(const struct token *tokens)
{
    size_t i = 1;

    if (tokens[0].keyword != KEYWORD_CREATE)
        return false;
    if (tokens[1].keyword == KEYWORD_TEMP || tokens[1].keyword == KEYWORD_TEMPORARY)
        i++;
    return tokens[i].keyword == KEYWORD_TRIGGER;
}

/* How many tokens the first statement has, without its semicolon. */
static size_t statement_end(const struct token *tokens)
{
    bool trigger = makes_trigger(tokens), ended = false;
    size_t i, cases = 0;

    for (i = 0; tokens[i].kind != TOKEN_END; i++) {
        if (tokens[i].kind == TOKEN_SEMICOLON && (!trigger || ended))
            return i;
        if (tokens[i].keyword == KEYWORD_CASE)
            cases++;
        else if (tokens[i].keyword == KEYWORD_END && cases > 0)
            cases--;
        else if (tokens[i].keyword == KEYWORD_END)
            ended = true;
    }
    return i;
}

static bool run_statement(struct data_maker *data, sqlite3 *db, const struct node *node,
                          const struct token *tokens, size_t count)
{
    struct arena *arena = data->maker->stage->arena;
    size_t from = tokens[0].offset;
    size_t to = tokens[count - 1].offset + tokens[count - 1].length;
    const char *sql = arena_strndup(arena, node->text + from, to - from);

    if (is_forbidden(node->text, tokens)) {
        diag_hint(diag_error(data->maker->stage->diags, 425,
                             node_span_at(node, from, tokens[0].length),
                             "a migration cannot have this statement"),
                  "it is one transaction, on one file");
        return false;
    }
    *VEC_ADD(arena, &data->out->sql) = sql;
    return try_statement(data, db, sql, node, from, node->span);
}

static bool run_sql(struct data_maker *data, sqlite3 *db)
{
    const struct node *node = data->step->value;
    struct token *tokens;
    size_t count, i = 0;

    tokens = token_list(data->maker->stage->arena, node->text, node->length, &count);
    while (tokens[i].kind != TOKEN_END) {
        size_t end = statement_end(tokens + i);

        if (end > 0 && !run_statement(data, db, node, tokens + i, end))
            return false;
        i += end + (tokens[i + end].kind == TOKEN_SEMICOLON);
    }
    if (data->out->sql.count == 0)
        diag_error(data->maker->stage->diags, 404, node->span, "there is no statement");
    return data->out->sql.count > 0;
}

/* A column that is gone and none that is new: it was not renamed. NULL: there is none. */
static const char *lost_column(const struct table_def *before,
                               const struct table_def *after)
{
    const char *lost = NULL;
    size_t i;

    for (i = 0; i < after->columns.count; i++)
        if (table_def_column(before, after->columns.items[i].name) == NO_COLUMN)
            return NULL;
    for (i = 0; i < before->columns.count && lost == NULL; i++)
        if (table_def_column(after, before->columns.items[i].name) == NO_COLUMN)
            lost = before->columns.items[i].name;
    return lost;
}

static bool has_new_table(const struct structure *before, const struct structure *after)
{
    size_t i;

    for (i = 0; i < after->tables.count; i++)
        if (structure_table(before, after->tables.items[i]->name) == NULL)
            return true;
    return false;
}

/* Tables and columns that SQL takes away are data lost, as they are in steps. */
static bool keeps_data(struct data_maker *data, const struct structure *before,
                       const struct structure *after)
{
    const struct stage *stage = data->maker->stage;
    bool renamed = has_new_table(before, after), good = true;
    size_t i;

    if (!data->maker->keep_parts || data->maker->version->migration->accept_data_loss)
        return true;
    for (i = 0; i < before->tables.count; i++) {
        const struct table_def *table = before->tables.items[i];
        const struct table_def *now = structure_table(after, table->name);
        const char *column = now != NULL ? lost_column(table, now) : NULL;

        if (now != NULL ? column == NULL : renamed)
            continue;
        diag_hint(diag_error(stage->diags, 414, data->step->value->span,
                             "this destroys data: %s%s%s is gone", table->name,
                             column != NULL ? "." : "", column != NULL ? column : ""),
                  "write `accept: data_loss` in the migration if it is meant");
        good = false;
    }
    return good;
}

/* Takes over what the SQL did to the structure. */
static bool adopt(struct data_maker *data, sqlite3 *db)
{
    const struct stage *stage = data->maker->stage;
    struct state *state = data->maker->state;
    const struct structure *before = state_structure(stage, state);
    const char *error = NULL;
    struct structure *after = structure_read(stage->arena, db, &error);

    if (before == NULL)
        return false;
    if (after == NULL) {
        diag_error(stage->diags, 413, data->step->value->span, "%s", error);
        return false;
    }
    if (structure_equal(before, after))
        return true;
    if (!keeps_data(data, before, after))
        return false;
    data->maker->state = state_copy(stage, state);
    return state_adopt(stage, data->maker->state, after, data->step->value->span);
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
    good = data->step->word == STEP_KEY_SQL ? run_sql(data, db) && adopt(data, db)
                                            : change_rows(data, db);
    sqlite3_close(db);
    return good;
}

bool history_data(struct history_maker *maker, const struct migration_step *step)
{
    const struct stage *stage = maker->stage;
    struct data_maker data = {.maker = maker, .step = step};
    struct state *before = maker->state;
    struct history_part *part;

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
        *part =
            (struct history_part){before, maker->state, step, 1, NULL, is_undone(&data)};
    }
    return true;
}
