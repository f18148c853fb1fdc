/*
 * history_sql.c: SQL of the user's in a migration, see history.h: it is cut into
 * statements and run on empty tables, so that what it does to the structure is known. What
 * it does to rows is judged in history_loss.c.
 */
#include "history_internal.h"

#include "../sql/token.h"

#include <string.h>

/* ---- statements --------------------------------------------------------------- */

/* What a transaction cannot hold, would end it, reaches beyond the file or does nothing. */
static bool is_forbidden(const char *sql, const struct token *tokens)
{
    static const enum keyword keywords[] = {
        KEYWORD_BEGIN,     KEYWORD_COMMIT,  KEYWORD_END,    KEYWORD_ROLLBACK,
        KEYWORD_SAVEPOINT, KEYWORD_RELEASE, KEYWORD_VACUUM, KEYWORD_ATTACH,
        KEYWORD_DETACH,    KEYWORD_EXPLAIN};
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
                  tokens[0].keyword == KEYWORD_PRAGMA
                      ? "in a transaction a PRAGMA does nothing, or outlives it; only "
                        "`PRAGMA defer_foreign_keys` may stand here"
                      : "it is one transaction, on one file");
        return false;
    }
    *VEC_ADD(arena, &data->out->sql) = sql;
    return history_try(data, db, sql, node, from, node->span);
}

/* What would be bound to it? SQLite takes one for NULL, without a word. */
bool history_no_parameter(const struct stage *stage, const struct node *node)
{
    struct token token = token_at(node->text, node->length, 0);

    while (token.kind != TOKEN_END && token.kind != TOKEN_PARAMETER)
        token = token_at(node->text, node->length, token.offset + token.length);
    if (token.kind == TOKEN_PARAMETER)
        diag_hint(diag_error(stage->diags, 426,
                             node_span_at(node, token.offset, token.length),
                             "a migration has no parameters: `%s` would be NULL",
                             token_value(stage->arena, node->text, token)),
                  "write the value");
    return token.kind == TOKEN_END;
}

static bool run_sql(struct data_maker *data, sqlite3 *db)
{
    const struct node *node = data->step->value;
    struct token *tokens;
    size_t count, i = 0;

    if (!history_no_parameter(data->maker->stage, node))
        return false;
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

/* A column that is dropped, or is gone while none is new: it was not renamed. Or NULL. */
static const char *lost_column(const struct data_maker *data,
                               const struct table_def *before,
                               const struct table_def *after)
{
    const char *lost = NULL;
    size_t i;

    for (i = 0; i < before->columns.count; i++)
        if (history_dropped(data, before->name, before->columns.items[i].name))
            return before->columns.items[i].name;
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

/* What a table loses, to be said behind its name; NULL: nothing. */
static const char *what_is_lost(const struct data_maker *data,
                                const struct table_def *before,
                                const struct table_def *after, bool renamed)
{
    bool dropped = history_dropped(data, before->name, NULL);
    const char *column;

    if (after == NULL)
        return dropped || !renamed ? " is gone" : NULL;
    if (dropped)
        return " is made anew without its rows";
    column = lost_column(data, before, after);
    return column == NULL
               ? NULL
               : arena_printf(data->maker->stage->arena, ".%s is gone", column);
}

/* Tables and columns that SQL takes away are data lost, as they are in steps. */
static void note_losses(struct data_maker *data, const struct structure *before,
                        const struct structure *after)
{
    const struct history_maker *maker = data->maker;
    bool renamed = has_new_table(before, after);
    size_t i;

    for (i = 0; i < before->tables.count; i++) {
        const struct table_def *table = before->tables.items[i];
        const char *lost =
            what_is_lost(data, table, structure_table(after, table->name), renamed);

        if (lost != NULL && history_is_old(maker->stage, maker->version,
                                           maker->version->parts.count, table->name))
            history_add_loss(maker->stage, maker->script, table->name,
                             data->step->value->span, NULL, "%s%s", table->name, lost);
    }
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
    note_losses(data, before, after);
    if (structure_equal(before, after))
        return true;
    data->maker->state = state_copy(stage, state);
    return state_adopt(stage, data->maker->state, after, data->step->value->span);
}

bool history_sql(struct data_maker *data, sqlite3 *db)
{
    return run_sql(data, db) && adopt(data, db);
}
