/*
 * place.c: where a finding is: in the YAML that the model remembers, or in SQL, where the
 * CREATE statements are looked up by their names. It must not know rules.
 */
#include "lint.h"

#include "../sql/token.h"

#include <string.h>

const struct table *lint_model(const struct lint *lint, const struct table_shape *shape)
{
    return map_get(&lint->tables, name_lower(lint->arena, shape->table->name));
}

struct lint_place lint_at_span(const struct lint *lint, struct span span,
                               const struct allows *allows)
{
    struct lint_place place = {.span = span, .allows = {allows}};

    if (lint->schema != NULL)
        place.allows[ALLOW_LEVELS - 1] = &lint->schema->allows;
    return place;
}

/* ---- in SQL -------------------------------------------------------------------------- */

struct cursor {
    const struct lint *lint;
    const char *text;
    size_t length;
    struct token token;
};

static bool next(struct cursor *cursor)
{
    cursor->token = token_at(cursor->text, cursor->length,
                             cursor->token.offset + cursor->token.length);
    return cursor->token.kind != TOKEN_END;
}

static bool is_name(const struct cursor *cursor, const char *name)
{
    if (cursor->token.kind != TOKEN_WORD && cursor->token.kind != TOKEN_QUOTED &&
        cursor->token.kind != TOKEN_STRING)
        return false;
    return name_same(token_value(cursor->lint->arena, cursor->text, cursor->token), name);
}

/* CREATE [UNIQUE] TABLE|INDEX [IF NOT EXISTS] [schema.]name: at the name or at no name. */
static bool skip_to_name(struct cursor *cursor, enum keyword what)
{
    struct cursor behind;

    while (next(cursor) && cursor->token.keyword != what)
        if (cursor->token.kind != TOKEN_WORD || cursor->token.keyword == KEYWORD_NONE)
            return false;
    if (!next(cursor))
        return false;
    if (cursor->token.keyword == KEYWORD_IF)
        while (cursor->token.keyword != KEYWORD_EXISTS || !next(cursor))
            if (!next(cursor))
                return false;
    behind = *cursor;
    if (next(&behind) && behind.token.kind == TOKEN_DOT && next(&behind))
        *cursor = behind;
    return true;
}

/* The cursor at the name of the object where it is created. */
static bool find_created(struct cursor *cursor, enum keyword what, const char *name)
{
    do {
        if (cursor->token.keyword == KEYWORD_CREATE && skip_to_name(cursor, what) &&
            is_name(cursor, name))
            return true;
    } while (next(cursor));
    return false;
}

static struct cursor cursor_new(const struct lint *lint)
{
    struct cursor cursor = {.lint = lint};

    if (lint->source != NULL) {
        cursor.text = lint->source->text;
        cursor.length = lint->source->length;
    }
    return cursor;
}

static struct span span_of(const struct cursor *cursor)
{
    return span_at(cursor->lint->source, cursor->token.offset, cursor->token.length);
}

static struct span no_place(const struct lint *lint)
{
    return (struct span){.at = {.source = lint->source}};
}

static struct span find_object(const struct lint *lint, enum keyword what,
                               const char *name)
{
    struct cursor cursor = cursor_new(lint);

    return name != NULL && find_created(&cursor, what, name) ? span_of(&cursor)
                                                             : no_place(lint);
}

/* A name behind a bracket or comma that is in no further brackets is a column's. */
static struct span find_column(const struct lint *lint, const char *table,
                               const char *column)
{
    struct cursor cursor = cursor_new(lint);
    int depth = 0;
    bool begins = false;

    if (!find_created(&cursor, KEYWORD_TABLE, table))
        return no_place(lint);
    while (next(&cursor) && cursor.token.kind != TOKEN_SEMICOLON) {
        if (begins && depth == 1 && is_name(&cursor, column))
            return span_of(&cursor);
        begins = cursor.token.kind == TOKEN_LEFT || cursor.token.kind == TOKEN_COMMA;
        depth += cursor.token.kind == TOKEN_LEFT;
        depth -= cursor.token.kind == TOKEN_RIGHT;
    }
    return find_object(lint, KEYWORD_TABLE, table);
}

/* ---- in either ----------------------------------------------------------------------- */

struct lint_place lint_at_table(struct lint *lint, const struct table_shape *shape)
{
    const struct table *model = lint_model(lint, shape);

    if (model != NULL)
        return lint_at_span(lint, model->span, &model->allows);
    return lint_at_span(lint, find_object(lint, KEYWORD_TABLE, shape->table->name), NULL);
}

/* From its name on SQLite keeps a view or trigger as it was written. */
bool lint_created_shift(const struct lint *lint, enum keyword what, const char *name,
                        const char *sql, size_t *shift)
{
    struct cursor source = cursor_new(lint);
    struct cursor kept = {.lint = lint, .text = sql, .length = strlen(sql)};
    size_t length;

    if (lint->source == NULL || !find_created(&source, what, name) ||
        !find_created(&kept, what, name))
        return false;
    length = kept.length - kept.token.offset;
    *shift = source.token.offset - kept.token.offset;
    return source.length - source.token.offset >= length &&
           memcmp(source.text + source.token.offset, kept.text + kept.token.offset,
                  length) == 0;
}

struct lint_place lint_at_trigger(struct lint *lint, const char *name)
{
    return lint_at_span(lint, find_object(lint, KEYWORD_TRIGGER, name), NULL);
}

struct lint_place lint_at_view(struct lint *lint, const struct catalog_table *view)
{
    return lint_at_span(lint, find_object(lint, KEYWORD_VIEW, view->name), NULL);
}

static struct lint_place inside(struct lint *lint, const struct table *table,
                                struct span span, const struct allows *allows)
{
    struct lint_place place = lint_at_span(lint, span, allows);

    place.allows[2] = &table->allows;
    return place;
}

struct lint_place lint_at_column(struct lint *lint, const struct table_shape *shape,
                                 const char *column)
{
    const struct table *model = lint_model(lint, shape);
    size_t i;

    for (i = 0; model != NULL && i < model->columns.count; i++)
        if (name_same(model->columns.items[i]->sql_name, column))
            return inside(lint, model, model->columns.items[i]->span,
                          &model->columns.items[i]->allows);
    if (model != NULL)
        return lint_at_table(lint, shape);
    return lint_at_span(lint, find_column(lint, shape->table->name, column), NULL);
}

static struct lint_place at_model_index(struct lint *lint, const struct table *model,
                                        const struct index_shape *index)
{
    size_t i;

    for (i = 0; index->name != NULL && i < model->indexes.count; i++)
        if (name_same(model->indexes.items[i].name, index->name))
            return inside(lint, model, model->indexes.items[i].span,
                          &model->indexes.items[i].allows);
    for (i = 0; index->name != NULL && i < model->uniques.count; i++)
        if (name_same(model->uniques.items[i].name, index->name))
            return inside(lint, model, model->uniques.items[i].span,
                          &model->uniques.items[i].allows);
    if (index->terms->count == 1 && index->terms->items[0].name != NULL)
        return lint_at_column(lint, index->table, index->terms->items[0].name);
    return lint_at_table(lint, index->table);
}

struct lint_place lint_at_index(struct lint *lint, const struct index_shape *index)
{
    const struct table *model = lint_model(lint, index->table);

    if (model != NULL)
        return at_model_index(lint, model, index);
    if (index->origin == ORIGIN_CREATED)
        return lint_at_span(lint, find_object(lint, KEYWORD_INDEX, index->name), NULL);
    return lint_at_column(lint, index->table, index->terms->items[0].name);
}

static bool same_columns(const struct foreign_key *key, const struct name_list *names)
{
    size_t i;

    if (key->columns.count != names->count)
        return false;
    for (i = 0; i < names->count; i++)
        if (!name_same(key->columns.items[i]->sql_name, names->items[i]))
            return false;
    return true;
}

struct lint_place lint_at_key(struct lint *lint, const struct table_shape *shape,
                              const struct foreign_key_def *def)
{
    const struct table *model = lint_model(lint, shape);
    size_t i;

    for (i = 0; model != NULL && i < model->foreign_keys.count; i++) {
        const struct foreign_key *key = &model->foreign_keys.items[i];

        if (name_same(key->parent->sql_name, def->parent) &&
            same_columns(key, &def->columns)) {
            struct lint_place place = inside(lint, model, key->span, &key->allows);

            if (key->columns.count == 1)
                place.allows[1] = &key->columns.items[0]->allows;
            return place;
        }
    }
    return lint_at_column(lint, shape, def->columns.items[0]);
}
