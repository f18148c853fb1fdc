/*
 * parse.c: the parser's cursor, its errors and its entry points. See parse.h. It must not
 * know any rule of the grammar but what a statement can begin with.
 */
#include "parse_internal.h"

#include "../base/utf8.h"

#include <string.h>

/* ---- cursor -------------------------------------------------------------------------- */

static struct token behind(const struct parser *parser, struct token token)
{
    return token_at(parser->text, parser->length, token.offset + token.length);
}

/* As SQLite's getToken() in its look-ahead for WINDOW, OVER and FILTER. */
static bool could_be_name(struct token token)
{
    if (token.kind == TOKEN_QUOTED || token.kind == TOKEN_STRING)
        return true;
    if (token.kind != TOKEN_WORD)
        return false;
    switch (token.keyword) {
    case KEYWORD_NONE:
    case KEYWORD_WINDOW:
    case KEYWORD_OVER:
    case KEYWORD_FILTER:
    case KEYWORD_CROSS:
    case KEYWORD_FULL:
    case KEYWORD_INNER:
    case KEYWORD_LEFT:
    case KEYWORD_NATURAL:
    case KEYWORD_OUTER:
    case KEYWORD_RIGHT: return true;
    default: return keyword_is_plain(token.keyword);
    }
}

/* Three words are keywords only where what stands around them says so. */
static bool is_keyword_here(const struct parser *parser, struct token token)
{
    struct token next = behind(parser, token);

    switch (token.keyword) {
    case KEYWORD_WINDOW:
        return could_be_name(next) && behind(parser, next).keyword == KEYWORD_AS;
    case KEYWORD_OVER:
        return parser->previous_right && (next.kind == TOKEN_LEFT || could_be_name(next));
    case KEYWORD_FILTER: return parser->previous_right && next.kind == TOKEN_LEFT;
    default: return true;
    }
}

void parser_refuse(struct parser *parser, struct range range, const char *message)
{
    if (parser->error.message == NULL)
        parser->error = (struct sql_error){range, message, NULL};
    parser->token = (struct token){TOKEN_END, KEYWORD_NONE, parser->length, 0};
}

static void read_token(struct parser *parser, size_t offset)
{
    parser->token = token_at(parser->text, parser->length, offset);
    if (!is_keyword_here(parser, parser->token))
        parser->token.keyword = KEYWORD_NONE;
    if (parser->token.kind == TOKEN_BROKEN) {
        struct range range = {parser->token.offset,
                              parser->token.offset + parser->token.length};

        parser_refuse(parser, range, token_fault(parser->text, parser->token));
    }
}

void parser_init(struct parser *parser, struct arena *arena, const char *text,
                 size_t length, size_t start)
{
    *parser = (struct parser){.arena = arena, .text = text, .length = length};
    parser->last_end = start;
    read_token(parser, start);
}

void parser_next(struct parser *parser)
{
    if (parser->token.kind == TOKEN_END)
        return;
    parser->last_end = parser->token.offset + parser->token.length;
    parser->previous_right = parser->token.kind == TOKEN_RIGHT;
    read_token(parser, parser->last_end);
}

struct token parser_peek(const struct parser *parser)
{
    return behind(parser, parser->token);
}

bool parser_failed(const struct parser *parser)
{
    return parser->error.message != NULL;
}

/* A token as an error names it, not too long and never cut inside a character. */
static const char *shown(const struct parser *parser)
{
    const char *at = parser->text + parser->token.offset;
    size_t length = parser->token.length;

    if (parser->token.kind == TOKEN_END)
        return "the end";
    if (length <= 40)
        return arena_printf(parser->arena, "`%.*s`", (int)length, at);
    return arena_printf(parser->arena, "`%.*s…`", (int)utf8_floor(at, 40), at);
}

void parser_fail(struct parser *parser, const char *expected)
{
    struct range range = {parser->token.offset,
                          parser->token.offset + parser->token.length};

    if (parser_failed(parser))
        return;
    parser_refuse(
        parser, range,
        arena_printf(parser->arena, "expected %s, found %s", expected, shown(parser)));
}

bool parser_is(const struct parser *parser, enum keyword keyword)
{
    return parser->token.kind == TOKEN_WORD && parser->token.keyword == keyword;
}

bool parser_at(const struct parser *parser, enum token_kind kind)
{
    return parser->token.kind == kind;
}

bool parser_accept(struct parser *parser, enum keyword keyword)
{
    if (!parser_is(parser, keyword))
        return false;
    parser_next(parser);
    return true;
}

bool parser_take(struct parser *parser, enum token_kind kind)
{
    if (!parser_at(parser, kind) || kind == TOKEN_END)
        return false;
    parser_next(parser);
    return true;
}

void parser_expect(struct parser *parser, enum keyword keyword)
{
    if (!parser_accept(parser, keyword))
        parser_fail(parser, keyword_name(keyword));
}

void parser_need(struct parser *parser, enum token_kind kind, const char *what)
{
    if (!parser_take(parser, kind))
        parser_fail(parser, what);
}

/* ---- names --------------------------------------------------------------------------- */

static bool is_join_word(enum keyword keyword)
{
    switch (keyword) {
    case KEYWORD_CROSS:
    case KEYWORD_FULL:
    case KEYWORD_INNER:
    case KEYWORD_LEFT:
    case KEYWORD_NATURAL:
    case KEYWORD_OUTER:
    case KEYWORD_RIGHT: return true;
    default: return false;
    }
}

bool parser_at_name(const struct parser *parser, enum name_class class)
{
    struct token token = parser->token;

    if (token.kind == TOKEN_QUOTED)
        return true;
    if (token.kind == TOKEN_STRING)
        return class != NAME_BARE;
    if (token.kind != TOKEN_WORD)
        return false;
    if (token.keyword == KEYWORD_NONE || keyword_is_plain(token.keyword))
        return true;
    if (class == NAME_ANY)
        return token.keyword == KEYWORD_INDEXED || is_join_word(token.keyword);
    return class == NAME_BARE && token.keyword == KEYWORD_INDEXED;
}

const char *parser_name(struct parser *parser, enum name_class class, const char *what)
{
    const char *name;

    if (!parser_at_name(parser, class)) {
        parser_fail(parser, what);
        return "";
    }
    name = token_value(parser->arena, parser->text, parser->token);
    parser_next(parser);
    return name;
}

const char *parser_created(struct parser *parser, enum keyword what)
{
    const char *wanted = what == KEYWORD_VIEW ? "a view's name" : "a trigger's name";
    const char *name;

    while (!parser_at(parser, TOKEN_END) && !parser_is(parser, what))
        parser_next(parser);
    parser_next(parser);
    if (parser_is(parser, KEYWORD_IF) && parser_peek(parser).keyword == KEYWORD_NOT) {
        parser_next(parser);
        parser_next(parser);
        parser_expect(parser, KEYWORD_EXISTS);
    }
    name = parser_name(parser, NAME_ANY, wanted);
    return parser_take(parser, TOKEN_DOT) ? parser_name(parser, NAME_ANY, wanted) : name;
}

/* ---- depth --------------------------------------------------------------------------- */

void parser_too_deep(struct parser *parser)
{
    struct range range = {parser->token.offset,
                          parser->token.offset + parser->token.length};

    parser_refuse(parser, range, "nested more than 1000 levels deep");
}

bool parser_enter(struct parser *parser)
{
    if (parser->depth < SQL_DEPTH) {
        parser->depth++;
        return true;
    }
    parser_too_deep(parser);
    return false;
}

void parser_leave(struct parser *parser)
{
    parser->depth--;
}

/* ---- entry points -------------------------------------------------------------------- */

bool parser_at_select(const struct parser *parser)
{
    return parser_is(parser, KEYWORD_SELECT) || parser_is(parser, KEYWORD_VALUES) ||
           parser_is(parser, KEYWORD_WITH);
}

static struct statement *statement_of_select(struct parser *parser, struct with *with,
                                             size_t start)
{
    struct statement *statement = ARENA_NEW(parser->arena, struct statement);

    statement->kind = STATEMENT_SELECT;
    statement->select = parser_select(parser);
    if (with != NULL)
        statement->select->with = with;
    statement->select->range.start = start;
    return statement;
}

static struct statement *any_statement(struct parser *parser)
{
    size_t start = parser->token.offset;
    struct with *with = NULL;
    struct statement *statement;

    if (parser_is(parser, KEYWORD_WITH))
        with = parse_with(parser);
    if (parser_is(parser, KEYWORD_SELECT) || parser_is(parser, KEYWORD_VALUES))
        statement = statement_of_select(parser, with, start);
    else
        statement = parse_change(parser, with);
    statement->range = (struct range){start, parser->last_end};
    return statement;
}

static void need_end(struct parser *parser)
{
    if (!parser_at(parser, TOKEN_END))
        parser_fail(parser, "the end");
}

struct statement *parse_statement(struct arena *arena, const char *text, size_t length,
                                  size_t start, size_t *end, struct sql_error *error)
{
    struct parser parser;
    struct statement *statement;

    parser_init(&parser, arena, text, length, start);
    statement = any_statement(&parser);
    if (!parser_at(&parser, TOKEN_END) && !parser_at(&parser, TOKEN_SEMICOLON))
        parser_fail(&parser, "the end of the statement");
    /* A second statement is only read, and judged, by who asks for it. */
    if (end != NULL)
        *end = parser.token.offset + parser.token.length;
    while (end == NULL && parser_take(&parser, TOKEN_SEMICOLON))
        continue;
    if (end == NULL)
        need_end(&parser);
    *error = parser.error;
    return parser_failed(&parser) ? NULL : statement;
}

struct expr *parse_expression(struct arena *arena, const char *text, size_t length,
                              struct sql_error *error)
{
    struct parser parser;
    struct expr *expr;

    parser_init(&parser, arena, text, length, 0);
    expr = parser_expression(&parser);
    need_end(&parser);
    *error = parser.error;
    return parser_failed(&parser) ? NULL : expr;
}

struct select *parse_select(struct arena *arena, const char *text, size_t length,
                            struct sql_error *error)
{
    struct parser parser;
    struct select *select;

    parser_init(&parser, arena, text, length, 0);
    select = parser_select(&parser);
    need_end(&parser);
    *error = parser.error;
    return parser_failed(&parser) ? NULL : select;
}
