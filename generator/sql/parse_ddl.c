/*
 * parse_ddl.c: CREATE TABLE, see parse_ddl.h; CREATE INDEX, VIEW and TRIGGER are in
 * parse_ddl_object.c. Expressions are only delimited here, by their parentheses: their
 * keys are formed at the end, when all columns are known. It must not judge grammar.
 */
#include "parse_ddl_internal.h"

#include "../base/names.h"

#include <string.h>

struct table_reader {
    struct ddl_reader base;
    struct table_def *table;
    const char *constraint; /* the name that the next constraint gets */
};

/* ---- constraints ------------------------------------------------------------------ */

static const char *take_constraint_name(struct table_reader *reader)
{
    const char *name = reader->constraint;

    reader->constraint = NULL;
    return name;
}

/* [NOT] DEFERRABLE [INITIALLY DEFERRED | IMMEDIATE]; true: it was there. */
static bool read_deferrable(struct ddl_reader *reader, bool *deferred)
{
    bool negated = ddl_is(reader, KEYWORD_NOT) &&
                   reader->tokens[reader->at + 1].keyword == KEYWORD_DEFERRABLE;

    if (negated)
        reader->at++;
    if (!ddl_accept(reader, KEYWORD_DEFERRABLE))
        return false;
    if (ddl_accept(reader, KEYWORD_INITIALLY)) {
        *deferred = ddl_is(reader, KEYWORD_DEFERRED) && !negated;
        reader->at++;
    }
    return true;
}

static enum def_action read_action(struct ddl_reader *reader)
{
    if (ddl_accept(reader, KEYWORD_CASCADE))
        return ACTION_CASCADE;
    if (ddl_accept(reader, KEYWORD_RESTRICT))
        return ACTION_RESTRICT;
    if (ddl_accept(reader, KEYWORD_NO)) {
        ddl_expect(reader, KEYWORD_ACTION);
        return ACTION_NO_ACTION;
    }
    ddl_expect(reader, KEYWORD_SET);
    if (ddl_accept(reader, KEYWORD_NULL))
        return ACTION_SET_NULL;
    ddl_expect(reader, KEYWORD_DEFAULT);
    return ACTION_SET_DEFAULT;
}

static void read_names(struct ddl_reader *reader, struct name_list *names)
{
    ddl_need(reader, TOKEN_LEFT);
    do {
        const char **name = VEC_ADD(reader->arena, names);

        *name = ddl_name(reader);
        if (ddl_accept(reader, KEYWORD_COLLATE)) /* read and ignored, as in SQLite */
            ddl_name(reader);
        if (!ddl_accept(reader, KEYWORD_ASC))
            ddl_accept(reader, KEYWORD_DESC);
    } while (ddl_take(reader, TOKEN_COMMA));
    ddl_need(reader, TOKEN_RIGHT);
}

/* From behind REFERENCES to the end of its actions. */
static void read_references(struct ddl_reader *reader, struct foreign_key_def *key)
{
    key->parent = ddl_name(reader);
    if (ddl_token(reader)->kind == TOKEN_LEFT)
        read_names(reader, &key->parent_columns);
    for (;;) {
        if (ddl_accept(reader, KEYWORD_MATCH)) {
            ddl_name(reader);
        } else if (ddl_is(reader, KEYWORD_ON)) {
            reader->at++;
            if (ddl_accept(reader, KEYWORD_DELETE))
                key->on_delete = read_action(reader);
            else if (ddl_accept(reader, KEYWORD_UPDATE))
                key->on_update = read_action(reader);
            else if (ddl_accept(reader, KEYWORD_INSERT))
                read_action(reader);
            else
                return;
        } else {
            return;
        }
    }
}

static void read_check(struct table_reader *reader, size_t column)
{
    struct check_def *check = VEC_ADD(reader->base.arena, &reader->table->checks);

    check->name = take_constraint_name(reader);
    check->column = column;
    ddl_parenthesised(&reader->base, &check->sql.first, &check->sql.end);
    ddl_conflict(&reader->base);
}

/* PRIMARY KEY or UNIQUE with its list, from behind those words. */
static void read_table_key(struct table_reader *reader, bool primary)
{
    struct key_def *key = VEC_ADD(reader->base.arena, &reader->table->keys);
    size_t first, end;

    key->name = take_constraint_name(reader);
    key->primary = primary;
    ddl_parenthesised(&reader->base, &first, &end);
    if (reader->base.failed)
        return;
    key->autoincrement = primary && end > first &&
                         reader->base.tokens[end - 1].keyword == KEYWORD_AUTOINCREMENT;
    ddl_terms(&reader->base, first, end, &key->terms);
    key->conflict = ddl_conflict(&reader->base);
}

static void read_table_foreign_key(struct table_reader *reader)
{
    struct foreign_key_def *key =
        VEC_ADD(reader->base.arena, &reader->table->foreign_keys);

    ddl_expect(&reader->base, KEYWORD_KEY);
    key->name = take_constraint_name(reader);
    read_names(&reader->base, &key->columns);
    ddl_expect(&reader->base, KEYWORD_REFERENCES);
    read_references(&reader->base, key);
    read_deferrable(&reader->base, &key->deferred);
}

/* One constraint of a table; false: there is none here. */
static bool read_table_constraint(struct table_reader *reader)
{
    struct ddl_reader *base = &reader->base;

    while (ddl_accept(base, KEYWORD_CONSTRAINT))
        reader->constraint = ddl_name(base);
    if (ddl_accept(base, KEYWORD_PRIMARY)) {
        ddl_expect(base, KEYWORD_KEY);
        read_table_key(reader, true);
    } else if (ddl_accept(base, KEYWORD_UNIQUE)) {
        read_table_key(reader, false);
    } else if (ddl_accept(base, KEYWORD_CHECK)) {
        read_check(reader, NO_COLUMN);
    } else if (ddl_accept(base, KEYWORD_FOREIGN)) {
        read_table_foreign_key(reader);
    } else {
        return false;
    }
    return true;
}

/* ---- columns ---------------------------------------------------------------------- */

/* Everything that can be a name, GENERATED ALWAYS at its end apart, and one parenthesis.
 */
static void read_type(struct ddl_reader *reader, struct sql_piece *type)
{
    size_t first = reader->at, ignored;

    while (ddl_is_name(ddl_token(reader)) &&
           !(ddl_is(reader, KEYWORD_GENERATED) &&
             reader->tokens[reader->at + 1].keyword == KEYWORD_ALWAYS))
        reader->at++;
    if (reader->at > first && ddl_token(reader)->kind == TOKEN_LEFT)
        ddl_parenthesised(reader, &ignored, &ignored);
    type->first = first;
    type->end = reader->at;
}

static bool is_constant(const struct ddl_reader *reader, size_t first, size_t end)
{
    const struct token *token;

    ddl_strip(reader, &first, &end);
    if (first < end && (reader->tokens[first].kind == TOKEN_PLUS ||
                        reader->tokens[first].kind == TOKEN_MINUS))
        first++;
    token = &reader->tokens[first];
    if (end != first + 1)
        return false;
    if (token->kind == TOKEN_WORD)
        return token->keyword != KEYWORD_CURRENT_DATE &&
               token->keyword != KEYWORD_CURRENT_TIME &&
               token->keyword != KEYWORD_CURRENT_TIMESTAMP;
    return token->kind != TOKEN_PARAMETER && token->kind != TOKEN_BROKEN;
}

static void read_default(struct ddl_reader *reader, struct column_def *column)
{
    size_t ignored;

    column->value.first = reader->at;
    if (ddl_token(reader)->kind == TOKEN_LEFT) {
        ddl_parenthesised(reader, &ignored, &ignored);
    } else {
        if (!ddl_take(reader, TOKEN_PLUS))
            ddl_take(reader, TOKEN_MINUS);
        if (ddl_token(reader)->kind == TOKEN_END)
            reader->failed = true;
        else
            reader->at++;
    }
    column->value.end = reader->at;
    column->value_is_constant =
        is_constant(reader, column->value.first, column->value.end);
}

static void read_column_key(struct table_reader *reader, const struct column_def *column,
                            bool primary)
{
    struct ddl_reader *base = &reader->base;
    struct key_def *key = VEC_ADD(base->arena, &reader->table->keys);
    struct term_def *term = VEC_ADD(base->arena, &key->terms);

    key->name = take_constraint_name(reader);
    key->primary = primary;
    key->on_column = true;
    term->name = column->name;
    if (primary && !ddl_accept(base, KEYWORD_ASC))
        term->descending = ddl_accept(base, KEYWORD_DESC);
    key->conflict = ddl_conflict(base);
    key->autoincrement = primary && ddl_accept(base, KEYWORD_AUTOINCREMENT);
}

static void read_column_references(struct table_reader *reader,
                                   const struct column_def *column)
{
    struct foreign_key_def *key =
        VEC_ADD(reader->base.arena, &reader->table->foreign_keys);
    const char **name = VEC_ADD(reader->base.arena, &key->columns);

    *name = column->name;
    key->on_column = true;
    key->name = take_constraint_name(reader);
    read_references(&reader->base, key);
}

static void read_generated(struct ddl_reader *reader, struct column_def *column)
{
    ddl_parenthesised(reader, &column->generated.first, &column->generated.end);
    if (ddl_is(reader, KEYWORD_NONE)) { /* STORED and VIRTUAL */
        column->stored = name_same(
            token_value(reader->arena, reader->text, *ddl_token(reader)), "stored");
        reader->at++;
    } else {
        ddl_accept(reader, KEYWORD_VIRTUAL);
    }
}

/* DEFERRABLE stands apart from its REFERENCES, and is about the last one. */
static bool read_column_deferrable(struct table_reader *reader)
{
    bool deferred = false;

    if (!read_deferrable(&reader->base, &deferred))
        return false;
    if (reader->table->foreign_keys.count > 0)
        reader->table->foreign_keys.items[reader->table->foreign_keys.count - 1]
            .deferred = deferred;
    return true;
}

/* NULL and NOT NULL; the first says nothing. */
static void read_not_null(struct ddl_reader *reader, struct column_def *column)
{
    ddl_expect(reader, KEYWORD_NULL);
    column->not_null = true;
    column->not_null_conflict = ddl_conflict(reader);
}

static bool read_column_rule(struct table_reader *reader, struct column_def *column,
                             size_t index)
{
    struct ddl_reader *base = &reader->base;

    if (ddl_accept(base, KEYWORD_CHECK))
        read_check(reader, index);
    else if (ddl_accept(base, KEYWORD_REFERENCES))
        read_column_references(reader, column);
    else if (ddl_accept(base, KEYWORD_UNIQUE))
        read_column_key(reader, column, false);
    else if (ddl_accept(base, KEYWORD_PRIMARY)) {
        ddl_expect(base, KEYWORD_KEY);
        read_column_key(reader, column, true);
    } else
        return false;
    return true;
}

/* One constraint of a column; false: there is none here. */
static bool read_column_constraint(struct table_reader *reader, struct column_def *column,
                                   size_t index)
{
    struct ddl_reader *base = &reader->base;

    if (ddl_accept(base, KEYWORD_CONSTRAINT)) {
        reader->constraint = ddl_name(base);
        return true;
    }
    if (read_column_deferrable(reader) || read_column_rule(reader, column, index))
        return true;
    if (ddl_accept(base, KEYWORD_DEFAULT))
        read_default(base, column);
    else if (ddl_accept(base, KEYWORD_NULL))
        ddl_conflict(base);
    else if (ddl_accept(base, KEYWORD_NOT))
        read_not_null(base, column);
    else if (ddl_accept(base, KEYWORD_COLLATE))
        column->collation = name_lower(base->arena, ddl_name(base));
    else if (ddl_accept(base, KEYWORD_AS))
        read_generated(base, column);
    else if (ddl_accept(base, KEYWORD_GENERATED))
        ddl_expect(base, KEYWORD_ALWAYS);
    else
        return false;
    reader->constraint = NULL; /* such names are never seen again */
    return true;
}

static void read_column(struct table_reader *reader)
{
    struct table_def *table = reader->table;
    struct column_def *column = VEC_ADD(reader->base.arena, &table->columns);
    size_t index = table->columns.count - 1, first = reader->base.at;

    column->name = ddl_name(&reader->base);
    read_type(&reader->base, &column->type);
    while (!reader->base.failed && read_column_constraint(reader, column, index))
        continue;
    reader->constraint = NULL;
    column->text = ddl_source(&reader->base, first, reader->base.at);
    if (column->collation != NULL && strcmp(column->collation, "binary") == 0)
        column->collation = NULL;
}

/* ---- the whole -------------------------------------------------------------------- */

static void read_options(struct ddl_reader *reader, struct table_def *table)
{
    do {
        if (ddl_accept(reader, KEYWORD_WITHOUT)) {
            ddl_name(reader);
            table->without_rowid = true;
        } else if (ddl_is(reader, KEYWORD_NONE)) {
            ddl_name(reader);
            table->strict = true;
        }
    } while (ddl_take(reader, TOKEN_COMMA));
}

static void read_body(struct table_reader *reader)
{
    struct ddl_reader *base = &reader->base;

    ddl_need(base, TOKEN_LEFT);
    do {
        if (!read_table_constraint(reader))
            read_column(reader);
        else
            while (read_table_constraint(reader)) /* commas may be left out */
                continue;
    } while (!base->failed && ddl_take(base, TOKEN_COMMA));
    ddl_need(base, TOKEN_RIGHT);
    read_options(base, reader->table);
}

static const char *key_text(struct arena *arena, const struct key_def *key)
{
    static const char *const conflicts[] = {"", " rollback", " fail", " ignore",
                                            " replace"};
    struct buf out;
    const char *text;

    buf_init(&out);
    buf_adds(&out, key->primary ? "primary key" : "unique");
    ddl_terms_key(&key->terms, &out);
    buf_adds(&out, conflicts[key->conflict]);
    if (key->autoincrement)
        buf_adds(&out, " autoincrement");
    text = arena_strndup(arena, out.data, out.length);
    buf_release(&out);
    return text;
}

/* No primary key of a table without a rowid or a STRICT one holds NULL, nor does a rowid,
 * whether that is written or not. */
static void complete_key_columns(struct table_def *table)
{
    const struct key_def *key = table_def_primary_key(table);
    size_t i, column;

    if (table_def_rowid(table) != NO_COLUMN)
        table->columns.items[table_def_rowid(table)].not_null = true;
    if (!table->without_rowid && !table->strict)
        return;
    for (i = 0; key != NULL && i < key->terms.count; i++) {
        column = key->terms.items[i].name != NULL
                     ? table_def_column(table, key->terms.items[i].name)
                     : NO_COLUMN;
        if (column != NO_COLUMN)
            table->columns.items[column].not_null = true;
    }
}

/*
 * A name alone is a text in DEFAULT, in the case in which it is written:
 * https://www.sqlite.org/quirks.html, section 8.
 */
static void key_of_name(struct ddl_reader *reader, struct sql_piece *piece)
{
    const struct token *token = &reader->tokens[piece->first];
    const char *text = reader->text;
    const char *value;

    if (piece->key == NULL || piece->end != piece->first + 1 ||
        (token->kind != TOKEN_QUOTED &&
         (token->kind != TOKEN_WORD || token->keyword != KEYWORD_NONE)))
        return;
    value = token_value(reader->arena, text, *token);
    if (token->kind == TOKEN_QUOTED ||
        (!name_same(value, "true") && !name_same(value, "false")))
        piece->key = text_sql(reader->arena, value);
}

static void complete_table(struct ddl_reader *reader, struct table_def *table)
{
    struct map *names = ARENA_NEW(reader->arena, struct map);
    size_t i;

    for (i = 0; i < table->columns.count; i++)
        map_put(reader->arena, names,
                name_lower(reader->arena, table->columns.items[i].name), table);
    map_put(reader->arena, names, "rowid", table);
    reader->names = names;
    reader->own = table->name;
    for (i = 0; i < table->columns.count; i++) {
        struct column_def *column = &table->columns.items[i];

        ddl_complete(reader, &column->generated);
        ddl_complete(reader, &column->value);
        key_of_name(reader, &column->value);
        column->value_is_null =
            column->value.key != NULL && strcmp(column->value.key, "null") == 0;
    }
    for (i = 0; i < table->checks.count; i++)
        ddl_complete(reader, &table->checks.items[i].sql);
    for (i = 0; i < table->keys.count; i++)
        table->keys.items[i].key = key_text(reader->arena, &table->keys.items[i]);
    reader->names = NULL;
    reader->own = NULL;
    for (i = 0; i < table->columns.count; i++)
        ddl_complete(reader, &table->columns.items[i].type);
}

static void read_module(struct ddl_reader *reader, struct table_def *table)
{
    table->is_virtual = true;
    ddl_expect(reader, KEYWORD_USING);
    table->module.first = reader->at;
    table->module.end = reader->count - 1;
    ddl_complete(reader, &table->module);
}

static void read_name(struct ddl_reader *reader, struct table_def *table)
{
    const struct token *token;

    table->name = ddl_object_name(reader);
    token = &reader->tokens[reader->at > 0 ? reader->at - 1 : 0];
    table->name_at = token->offset;
    table->name_length = token->length;
}

struct table_def *table_def_parse(struct arena *arena, const char *sql)
{
    struct table_reader reader = {.table = ARENA_NEW(arena, struct table_def)};
    struct ddl_reader *base = &reader.base;

    ddl_open(base, arena, sql);
    reader.table->text = sql;
    ddl_expect(base, KEYWORD_CREATE);
    if (!ddl_accept(base, KEYWORD_TEMP))
        ddl_accept(base, KEYWORD_TEMPORARY);
    if (ddl_accept(base, KEYWORD_VIRTUAL)) {
        ddl_expect(base, KEYWORD_TABLE);
        read_name(base, reader.table);
        read_module(base, reader.table);
    } else {
        ddl_expect(base, KEYWORD_TABLE);
        read_name(base, reader.table);
        read_body(&reader);
    }
    ddl_take(base, TOKEN_SEMICOLON);
    if (base->failed || (!reader.table->is_virtual && ddl_token(base)->kind != TOKEN_END))
        return NULL;
    complete_table(base, reader.table);
    complete_key_columns(reader.table);
    return reader.table;
}
