/*
 * parse_ddl_object.c: CREATE INDEX, VIEW and TRIGGER, and questions about what was
 * parsed; see parse_ddl.h. The body of a view or trigger is taken as tokens, not
 * understood.
 */
#include "parse_ddl_internal.h"

#include <string.h>

/* ---- indexes ---------------------------------------------------------------------- */

static struct map *column_names(struct arena *arena, const struct table_def *table)
{
    struct map *names = ARENA_NEW(arena, struct map);
    size_t i;

    for (i = 0; i < table->columns.count; i++)
        map_put(arena, names, name_lower(arena, table->columns.items[i].name), names);
    map_put(arena, names, "rowid", names);
    return names;
}

static const char *index_key(struct arena *arena, const struct index_def *index)
{
    struct buf out;
    const char *key;

    buf_init(&out);
    buf_addf(&out, "%s %s", index->unique ? "unique" : "",
             name_lower(arena, index->table));
    ddl_terms_key(&index->terms, &out);
    if (index->where.key != NULL)
        buf_addf(&out, " where %s", index->where.key);
    key = arena_strndup(arena, out.data, out.length);
    buf_release(&out);
    return key;
}

struct index_def *index_def_parse(struct arena *arena, const char *sql,
                                  const struct table_def *table)
{
    struct index_def *index = ARENA_NEW(arena, struct index_def);
    struct ddl_reader reader;
    size_t first, end;

    ddl_open(&reader, arena, sql);
    index->text = sql;
    ddl_expect(&reader, KEYWORD_CREATE);
    index->unique = ddl_accept(&reader, KEYWORD_UNIQUE);
    ddl_expect(&reader, KEYWORD_INDEX);
    index->name = ddl_object_name(&reader);
    ddl_expect(&reader, KEYWORD_ON);
    index->table = ddl_name(&reader);
    ddl_parenthesised(&reader, &first, &end);
    if (reader.failed)
        return NULL;
    reader.names = table != NULL ? column_names(arena, table) : NULL;
    reader.own = index->table;
    ddl_terms(&reader, first, end, &index->terms);
    if (ddl_accept(&reader, KEYWORD_WHERE)) {
        index->where.first = reader.at;
        while (ddl_token(&reader)->kind != TOKEN_END &&
               ddl_token(&reader)->kind != TOKEN_SEMICOLON)
            reader.at++;
        index->where.end = reader.at;
        ddl_complete(&reader, &index->where);
    }
    ddl_take(&reader, TOKEN_SEMICOLON);
    if (reader.failed || ddl_token(&reader)->kind != TOKEN_END)
        return NULL;
    index->key = index_key(arena, index);
    return index;
}

/* ---- views and triggers ----------------------------------------------------------- */

static void add_mention(struct ddl_reader *reader, struct map *seen,
                        struct program_def *program, const struct token *token)
{
    const char **name;
    char *lower =
        name_lower(reader->arena, token_value(reader->arena, reader->text, *token));

    if (map_get(seen, lower) != NULL)
        return;
    map_put(reader->arena, seen, lower, program);
    name = VEC_ADD(reader->arena, &program->mentions);
    *name = lower;
}

/* All names behind the object's own; those without double quotes also become `bare`. */
static void read_mentions(struct ddl_reader *reader, struct program_def *program,
                          struct map *bare)
{
    struct map seen = {0};
    size_t i;

    for (i = reader->at; i < reader->count; i++) {
        const struct token *token = &reader->tokens[i];

        if (!ddl_is_name(token) && token->kind != TOKEN_WORD)
            continue;
        add_mention(reader, &seen, program, token);
        if (reader->text[token->offset] != '"' && token->kind != TOKEN_STRING)
            map_put(reader->arena, bare,
                    name_lower(reader->arena,
                               token_value(reader->arena, reader->text, *token)),
                    program);
    }
}

/* The names of the database and those used bare here. A map has no iterator: look in
 * both. */
static void choose_names(struct ddl_reader *reader, const struct program_def *program,
                         const struct map *names, struct map *bare)
{
    size_t i;

    for (i = 0; i < program->mentions.count; i++)
        if (names != NULL && map_get(names, program->mentions.items[i]) != NULL)
            map_put(reader->arena, bare, program->mentions.items[i], reader->arena);
    reader->names = names != NULL ? bare : NULL;
}

/* The condition without parentheses around it: " when …", or "". */
static const char *read_condition(struct ddl_reader *reader)
{
    size_t first, end;

    if (!ddl_accept(reader, KEYWORD_WHEN))
        return "";
    first = reader->at;
    while (ddl_token(reader)->kind != TOKEN_END && !ddl_is(reader, KEYWORD_BEGIN)) {
        size_t inner, inner_end;

        if (ddl_token(reader)->kind == TOKEN_LEFT)
            ddl_parenthesised(reader, &inner, &inner_end);
        else
            reader->at++;
    }
    end = reader->at;
    ddl_strip(reader, &first, &end);
    return arena_printf(reader->arena, " when %s", ddl_key(reader, first, end));
}

/* BEFORE and FOR EACH ROW may be left out and mean the same. */
static void read_trigger_key(struct ddl_reader *reader, struct program_def *trigger)
{
    size_t first, timing = reader->at;
    bool before = ddl_accept(reader, KEYWORD_BEFORE);

    first = before ? reader->at : timing;
    while (ddl_token(reader)->kind != TOKEN_END && !ddl_is(reader, KEYWORD_ON))
        reader->at++;
    ddl_expect(reader, KEYWORD_ON);
    trigger->table = ddl_object_name(reader);
    trigger->key = ddl_key(reader, first, reader->at);
    if (ddl_accept(reader, KEYWORD_FOR)) {
        ddl_expect(reader, KEYWORD_EACH);
        ddl_expect(reader, KEYWORD_ROW);
    }
    trigger->key =
        arena_printf(reader->arena, "%s%s", trigger->key, read_condition(reader));
    trigger->key = arena_printf(reader->arena, "%s %s", trigger->key,
                                ddl_key(reader, reader->at, reader->count - 1));
}

/* The names that a view gives its columns are no strings, whatever their quotes. */
static const char *view_key(struct ddl_reader *reader)
{
    const struct map *names = reader->names;
    size_t first = reader->at, end = first;
    const char *columns;

    if (reader->tokens[first].kind == TOKEN_LEFT)
        while (end < reader->count && reader->tokens[end++].kind != TOKEN_RIGHT)
            continue;
    reader->names = NULL;
    columns = ddl_key(reader, first, end);
    reader->names = names;
    return arena_printf(reader->arena, "%s %s", columns,
                        ddl_key(reader, end, reader->count - 1));
}

struct program_def *program_def_parse(struct arena *arena, const char *sql, bool trigger,
                                      const struct map *names)
{
    struct program_def *program = ARENA_NEW(arena, struct program_def);
    struct ddl_reader reader;
    struct map *bare = ARENA_NEW(arena, struct map);

    ddl_open(&reader, arena, sql);
    program->text = sql;
    ddl_expect(&reader, KEYWORD_CREATE);
    if (!ddl_accept(&reader, KEYWORD_TEMP))
        ddl_accept(&reader, KEYWORD_TEMPORARY);
    ddl_expect(&reader, trigger ? KEYWORD_TRIGGER : KEYWORD_VIEW);
    program->name = ddl_object_name(&reader);
    if (reader.failed)
        return NULL;
    while (reader.count > reader.at + 1 &&
           reader.tokens[reader.count - 2].kind == TOKEN_SEMICOLON)
        reader.count--; /* the last one is passed over as if it were TOKEN_END */
    read_mentions(&reader, program, bare);
    choose_names(&reader, program, names, bare);
    if (trigger)
        read_trigger_key(&reader, program);
    else
        program->key = view_key(&reader);
    return reader.failed ? NULL : program;
}

/* ---- questions -------------------------------------------------------------------- */

size_t table_def_column(const struct table_def *table, const char *name)
{
    size_t i;

    for (i = 0; i < table->columns.count; i++)
        if (name_same(table->columns.items[i].name, name))
            return i;
    return NO_COLUMN;
}

const struct key_def *table_def_primary_key(const struct table_def *table)
{
    size_t i;

    for (i = 0; i < table->keys.count; i++)
        if (table->keys.items[i].primary)
            return &table->keys.items[i];
    return NULL;
}

size_t table_def_rowid(const struct table_def *table)
{
    const struct key_def *key = table_def_primary_key(table);
    size_t column;

    if (key == NULL || table->without_rowid || table->is_virtual ||
        key->terms.count != 1 || key->terms.items[0].name == NULL)
        return NO_COLUMN;
    if (key->on_column && key->terms.items[0].descending)
        return NO_COLUMN;
    column = table_def_column(table, key->terms.items[0].name);
    if (column == NO_COLUMN || table->columns.items[column].type.key == NULL ||
        strcmp(table->columns.items[column].type.key, "integer") != 0)
        return NO_COLUMN;
    return column;
}

/* True for the old name before a dot, that is not itself behind one. */
static bool is_qualifier(const struct ddl_reader *reader, size_t at, const char *name)
{
    if (!ddl_is_name(&reader->tokens[at]) || reader->tokens[at + 1].kind != TOKEN_DOT ||
        (at > 0 && reader->tokens[at - 1].kind == TOKEN_DOT))
        return false;
    return name_same(token_value(reader->arena, reader->text, reader->tokens[at]), name);
}

char *table_def_renamed(struct arena *arena, const struct table_def *table,
                        const char *name)
{
    struct ddl_reader reader;
    struct buf out;
    size_t copied = table->name_at + table->name_length, i;
    char *text;

    buf_init(&out);
    buf_add(&out, table->text, table->name_at);
    buf_adds(&out, name);
    ddl_open(&reader, arena, table->text);
    for (i = 0; i + 1 < reader.count; i++) {
        if (reader.tokens[i].offset < copied || !is_qualifier(&reader, i, table->name))
            continue;
        buf_add(&out, table->text + copied, reader.tokens[i].offset - copied);
        copied = reader.tokens[i + 1].offset + 1; /* behind the dot */
    }
    buf_adds(&out, table->text + copied);
    text = arena_strndup(arena, out.data, out.length);
    buf_release(&out);
    return text;
}
