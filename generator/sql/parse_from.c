/*
 * parse_from.c: what stands behind FROM: tables, subqueries, functions, joins. See
 * parse_internal.h. It must not know which tables there are.
 */
#include "parse_internal.h"

enum join_word {
    WORD_INNER = 1,
    WORD_CROSS = 2,
    WORD_NATURAL = 4,
    WORD_LEFT = 8,
    WORD_RIGHT = 16,
    WORD_OUTER = 32
};

static unsigned join_word(struct token token)
{
    switch (token.keyword) {
    case KEYWORD_INNER: return WORD_INNER;
    case KEYWORD_CROSS: return WORD_INNER | WORD_CROSS;
    case KEYWORD_NATURAL: return WORD_NATURAL;
    case KEYWORD_LEFT: return WORD_LEFT | WORD_OUTER;
    case KEYWORD_RIGHT: return WORD_RIGHT | WORD_OUTER;
    case KEYWORD_FULL: return WORD_LEFT | WORD_RIGHT | WORD_OUTER;
    case KEYWORD_OUTER: return WORD_OUTER;
    default: return 0;
    }
}

/* The combinations that sqlite3JoinType() refuses. */
static bool is_join(unsigned words)
{
    if ((words & WORD_INNER) != 0 && (words & WORD_OUTER) != 0)
        return false;
    return (words & WORD_OUTER) == 0 || (words & (WORD_LEFT | WORD_RIGHT)) != 0;
}

static enum join_kind join_of(unsigned words)
{
    if ((words & WORD_LEFT) != 0)
        return (words & WORD_RIGHT) != 0 ? JOIN_FULL : JOIN_LEFT;
    if ((words & WORD_RIGHT) != 0)
        return JOIN_RIGHT;
    return (words & WORD_CROSS) != 0 ? JOIN_CROSS : JOIN_INNER;
}

/* At most three words before JOIN. */
static bool parse_join(struct parser *parser, struct from_item *item)
{
    unsigned words = 0;
    int count = 0;

    if (parser_take(parser, TOKEN_COMMA)) {
        item->join = JOIN_COMMA;
        return true;
    }
    while (join_word(parser->token) != 0 && count++ < 3) {
        words |= join_word(parser->token);
        parser_next(parser);
    }
    if (count == 0 && !parser_is(parser, KEYWORD_JOIN))
        return false;
    if (!is_join(words))
        parser_fail(parser, "JOIN behind a join type that exists");
    parser_expect(parser, KEYWORD_JOIN);
    item->join = join_of(words);
    item->natural = (words & WORD_NATURAL) != 0;
    return true;
}

static void parse_alias(struct parser *parser, struct from_item *item)
{
    if (parser_accept(parser, KEYWORD_AS))
        item->alias = parser_name(parser, NAME_ANY, "an alias");
    else if (parser_at_name(parser, NAME_ALIAS))
        item->alias = parser_name(parser, NAME_ALIAS, "an alias");
}

void parse_indexed(struct parser *parser, struct from_item *item)
{
    if (parser_accept(parser, KEYWORD_INDEXED)) {
        parser_expect(parser, KEYWORD_BY);
        item->indexed_by = parser_name(parser, NAME_ANY, "an index's name");
    } else if (parser_is(parser, KEYWORD_NOT)) {
        parser_next(parser);
        parser_expect(parser, KEYWORD_INDEXED);
        item->not_indexed = true;
    }
}

void parse_name_list(struct parser *parser, struct names *names)
{
    parser_need(parser, TOKEN_LEFT, "`(`");
    do {
        struct name *name = VEC_ADD(parser->arena, names);
        size_t start = parser->token.offset;

        name->text = parser_name(parser, NAME_ANY, "a column's name");
        name->range = (struct range){start, parser->last_end};
    } while (parser_take(parser, TOKEN_COMMA));
    parser_need(parser, TOKEN_RIGHT, "`,` or `)`");
}

static void parse_on(struct parser *parser, struct from_item *item)
{
    if (parser_accept(parser, KEYWORD_ON)) {
        item->on = parser_expression(parser);
    } else if (parser_accept(parser, KEYWORD_USING)) {
        item->has_using = true;
        parse_name_list(parser, &item->using_names);
    } else {
        return;
    }
    if (item->join == JOIN_FIRST && !parser_failed(parser))
        parser_fail(parser, "a JOIN before ON or USING");
    if (item->natural)
        parser_fail(parser, "no ON or USING behind a NATURAL join");
}

static void parse_bracketed(struct parser *parser, struct from_item *item)
{
    parser_next(parser);
    if (parser_at_select(parser)) {
        item->kind = FROM_SELECT;
        item->select = parser_select(parser);
    } else {
        item->kind = FROM_GROUP;
        item->group = ARENA_NEW(parser->arena, struct from);
        parse_from(parser, item->group);
    }
    parser_need(parser, TOKEN_RIGHT, "`)`");
}

static void parse_table(struct parser *parser, struct from_item *item)
{
    item->name_range.start = parser->token.offset;
    item->name = parser_name(parser, NAME_ANY, "a table's name or `(`");
    if (parser_take(parser, TOKEN_DOT)) {
        item->schema = item->name;
        item->name_range.start = parser->token.offset;
        item->name = parser_name(parser, NAME_ANY, "a table's name");
    }
    item->name_range.end = parser->last_end;
    if (!parser_take(parser, TOKEN_LEFT))
        return;
    item->kind = FROM_CALL;
    if (!parser_at(parser, TOKEN_RIGHT))
        parser_expressions(parser, &item->arguments);
    parser_need(parser, TOKEN_RIGHT, "`,` or `)`");
}

static void parse_item(struct parser *parser, struct from_item *item)
{
    item->range.start = parser->token.offset;
    if (parser_at(parser, TOKEN_LEFT))
        parse_bracketed(parser, item);
    else
        parse_table(parser, item);
    parse_alias(parser, item);
    if (item->kind == FROM_TABLE)
        parse_indexed(parser, item);
    item->range.end = parser->last_end;
    parse_on(parser, item);
}

void parse_from(struct parser *parser, struct from *from)
{
    struct from_item item = {.join = JOIN_FIRST};

    if (!parser_enter(parser))
        return;
    do {
        parse_item(parser, &item);
        *VEC_ADD(parser->arena, from) = item;
        item = (struct from_item){.join = JOIN_COMMA};
    } while (!parser_failed(parser) && parse_join(parser, &item));
    parser_leave(parser);
}
