/*
 * import_program.c: virtual tables, views and triggers of an imported database, see import.h. Their SQL
 * stays as it was written.
 */
#include "import_internal.h"

#include "../base/names.h"
#include "../model/json.h"
#include "../sql/parse.h"

#include <string.h>

/* A statement that is read from its beginning. */
struct program_reader {
    const char *text;
    size_t length;
    struct token token; /* at hand */
};

static void next(struct program_reader *reader)
{
    reader->token = token_at(reader->text, reader->length,
                             reader->token.offset + reader->token.length);
}

static bool accept(struct program_reader *reader, enum keyword keyword)
{
    if (reader->token.keyword != keyword)
        return false;
    next(reader);
    return true;
}

/* Behind CREATE, what it is, and its name. */
static struct program_reader read_program(struct arena *arena, const char *text,
                                          enum keyword what)
{
    struct program_reader reader = {.text = text, .length = strlen(text)};
    struct parser parser;

    parser_init(&parser, arena, reader.text, reader.length, 0);
    parser_created(&parser, what);
    reader.token = parser.token;
    return reader;
}

/* The text from one offset to another without blanks around it. */
static const char *piece(struct arena *arena, const struct program_reader *reader,
                         size_t from, size_t to)
{
    while (from < to && strchr(" \t\r\n", reader->text[from]) != NULL)
        from++;
    while (to > from && strchr(" \t\r\n", reader->text[to - 1]) != NULL)
        to--;
    return arena_strndup(arena, reader->text + from, to - from);
}

static void add_sql(const struct importer *importer, const char *key, const char *sql)
{
    buf_addf(importer->out, "    %s: ", key);
    json_string(importer->out, sql);
    buf_addc(importer->out, '\n');
}

static void add_heading(const struct importer *importer, const char *heading,
                        const char *name, bool *begun)
{
    if (!*begun)
        buf_addf(importer->out, "\n%s:\n", heading);
    *begun = true;
    buf_adds(importer->out, "  ");
    json_string(importer->out, name);
    buf_adds(importer->out, ":\n");
}

/* ---- virtual tables ----------------------------------------------------------------- */

/* Up to the comma or parenthesis that ends it; `at` is its first token. */
static size_t find_argument_end(const struct token *tokens, size_t count, size_t at)
{
    size_t depth = 0;

    for (; at + 1 < count; at++) {
        if (depth == 0 && tokens[at].kind == TOKEN_COMMA)
            return at;
        depth += tokens[at].kind == TOKEN_LEFT;
        depth -= tokens[at].kind == TOKEN_RIGHT && depth > 0;
    }
    return at;
}

/* "[a, b]" of "module(a, b)". */
static void add_arguments(const struct importer *importer, const char *text)
{
    const char *separator = "    arguments: [";
    struct token *tokens;
    size_t count, i, end;

    tokens = token_list(importer->arena, text, strlen(text), &count);
    while (count > 0 && tokens[count - 1].kind == TOKEN_END)
        count--;
    for (i = 2; i + 1 < count; i = end + 1) {
        end = find_argument_end(tokens, count, i);
        if (end == i)
            continue; /* nothing between two commas */
        buf_adds(importer->out, separator);
        json_string(importer->out,
                    arena_strndup(importer->arena, text + tokens[i].offset,
                                  tokens[end - 1].offset + tokens[end - 1].length -
                                      tokens[i].offset));
        separator = ", ";
    }
    buf_adds(importer->out, separator[0] == ',' ? "]\n" : "");
}

static void import_virtual_table(const struct importer *importer,
                                 const struct table_def *table, bool *begun)
{
    const char *text = table->module.text != NULL ? table->module.text : "";
    struct token module = token_at(text, strlen(text), 0);

    add_heading(importer, "virtual_tables", table->name, begun);
    add_sql(importer, "module", token_value(importer->arena, text, module));
    add_arguments(importer, text);
}

/* ---- views -------------------------------------------------------------------------- */

/* A noun for C that nothing else has. */
static const char *choose_row(struct importer *importer, const char *name)
{
    const char *row =
        name_singular(importer->arena, name_to_snake(importer->arena, name));
    const char *base = row;
    unsigned i;

    for (i = 2; import_row_is_taken(importer, row); i++)
        row = arena_printf(importer->arena, "%s_%u", base, i);
    map_put(importer->arena, &importer->rows, row, importer);
    return row;
}

/* "(a, b)" before AS, where it is there. */
static void add_view_columns(const struct importer *importer,
                             struct program_reader *reader)
{
    const char *separator = "    columns: [";

    if (reader->token.kind != TOKEN_LEFT)
        return;
    for (next(reader);
         reader->token.kind != TOKEN_RIGHT && reader->token.kind != TOKEN_END;
         next(reader)) {
        if (reader->token.kind == TOKEN_COMMA)
            continue;
        buf_adds(importer->out, separator);
        json_string(importer->out,
                    token_value(importer->arena, reader->text, reader->token));
        separator = ", ";
    }
    buf_adds(importer->out, "]\n");
    next(reader);
}

static void import_view(struct importer *importer, size_t index, bool *begun)
{
    const struct program_def *view = importer->structure->views.items[index];
    struct program_reader reader =
        read_program(importer->arena, importer->views[index], KEYWORD_VIEW);

    add_heading(importer, "views", view->name, begun);
    buf_addf(importer->out, "    row: %s\n", choose_row(importer, view->name));
    add_view_columns(importer, &reader);
    accept(&reader, KEYWORD_AS);
    add_sql(importer, "sql",
            piece(importer->arena, &reader, reader.token.offset, reader.length));
}

/* ---- triggers ----------------------------------------------------------------------- */

/* "after update", and where its columns begin in *columns. */
static const char *read_moment(struct importer *importer, struct program_reader *reader,
                               size_t *columns)
{
    const char *time = "before", *event = "insert";

    *columns = 0;
    if (accept(reader, KEYWORD_AFTER)) {
        time = "after";
    } else if (accept(reader, KEYWORD_INSTEAD)) {
        accept(reader, KEYWORD_OF);
        time = "instead of";
    } else {
        accept(reader, KEYWORD_BEFORE);
    }
    if (accept(reader, KEYWORD_UPDATE))
        event = "update";
    else if (accept(reader, KEYWORD_DELETE))
        event = "delete";
    else
        accept(reader, KEYWORD_INSERT);
    if (accept(reader, KEYWORD_OF))
        *columns = reader->token.offset;
    while (reader->token.kind != TOKEN_END && !accept(reader, KEYWORD_ON))
        next(reader);
    return arena_printf(importer->arena, "%s %s", time, event);
}

/* The columns of OF, named as in the schema; `table` NO_COLUMN: it is a view. */
static void add_columns(struct importer *importer, size_t table, const char *text,
                        size_t at)
{
    size_t length = strlen(text), i;
    struct token token = token_at(text, length, at);
    const char *separator = "    columns: [";

    for (; token.keyword != KEYWORD_ON && token.kind != TOKEN_END;
         token = token_at(text, length, token.offset + token.length)) {
        const char *name = token_value(importer->arena, text, token);

        if (token.kind == TOKEN_COMMA)
            continue;
        for (i = 0; table != NO_COLUMN && i < importer->columns[table].count; i++)
            if (name_same(importer->columns[table].items[i].sql, name))
                name = importer->columns[table].items[i].name;
        buf_adds(importer->out, separator);
        json_string(importer->out, name);
        separator = ", ";
    }
    buf_adds(importer->out, "]\n");
}

/* The table's place in the structure, or NO_COLUMN. */
static size_t table_of(const struct importer *importer, const char *name)
{
    size_t i;

    for (i = 0; i < importer->structure->tables.count; i++)
        if (name_same(importer->structure->tables.items[i]->name, name))
            return i;
    return NO_COLUMN;
}

/* WHEN up to the BEGIN that is no name: the last but for those in the body is the first. */
static void add_condition(struct importer *importer, struct program_reader *reader)
{
    size_t from;

    while (reader->token.kind != TOKEN_END && reader->token.keyword != KEYWORD_WHEN &&
           reader->token.keyword != KEYWORD_BEGIN)
        next(reader);
    if (!accept(reader, KEYWORD_WHEN))
        return;
    from = reader->token.offset;
    while (reader->token.kind != TOKEN_END && reader->token.keyword != KEYWORD_BEGIN)
        next(reader);
    add_sql(importer, "condition",
            piece(importer->arena, reader, from, reader->token.offset));
}

/* Where the END of the whole begins. */
static size_t find_end(const struct program_reader *reader)
{
    struct token token = reader->token, last = token;

    for (; token.kind != TOKEN_END;
         token = token_at(reader->text, reader->length, token.offset + token.length))
        if (token.keyword == KEYWORD_END)
            last = token;
    return last.offset;
}

static void import_trigger(struct importer *importer, size_t index, bool *begun)
{
    const struct program_def *trigger = importer->structure->triggers.items[index];
    struct program_reader reader =
        read_program(importer->arena, importer->triggers[index], KEYWORD_TRIGGER);
    size_t table = table_of(importer, trigger->table), columns;
    const char *moment = read_moment(importer, &reader, &columns);

    add_heading(importer, "triggers", trigger->name, begun);
    add_sql(importer, "on",
            table != NO_COLUMN ? importer->tables.items[table].name : trigger->table);
    buf_addf(importer->out, "    when: %s\n", moment);
    if (columns != 0)
        add_columns(importer, table, reader.text, columns);
    next(&reader); /* the table */
    add_condition(importer, &reader);
    accept(&reader, KEYWORD_BEGIN);
    add_sql(importer, "sql",
            piece(importer->arena, &reader, reader.token.offset, find_end(&reader)));
}

void import_programs(struct importer *importer)
{
    const struct structure *structure = importer->structure;
    bool virtuals = false, views = false, triggers = false;
    size_t i;

    import_program_texts(importer);
    for (i = 0; i < structure->tables.count; i++)
        if (structure->tables.items[i]->is_virtual)
            import_virtual_table(importer, structure->tables.items[i], &virtuals);

    for (i = 0; i < structure->views.count; i++)
        import_view(importer, i, &views);
    for (i = 0; i < structure->triggers.count; i++)
        import_trigger(importer, i, &triggers);
}
