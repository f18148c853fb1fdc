/*
 * parse_trigger.c: see parse_trigger.h.
 */
#include "parse_trigger.h"

#include <string.h>

/* CREATE [TEMP] TRIGGER [IF NOT EXISTS] [schema.]name */
static void read_columns(struct parser *parser, struct names *columns)
{
    do
        *VEC_ADD(parser->arena, columns) =
            (struct name){.text = parser_name(parser, NAME_ANY, "a column's name")};
    while (parser_take(parser, TOKEN_COMMA));
}

/* [BEFORE|AFTER|INSTEAD OF] event ON table */
static void read_event(struct parser *parser, struct trigger_tree *trigger)
{
    if (parser_accept(parser, KEYWORD_INSTEAD))
        parser_expect(parser, KEYWORD_OF);
    else if (!parser_accept(parser, KEYWORD_BEFORE))
        parser_accept(parser, KEYWORD_AFTER);
    if (parser_accept(parser, KEYWORD_INSERT)) {
        trigger->event = CHANGE_INSERT;
    } else if (parser_accept(parser, KEYWORD_DELETE)) {
        trigger->event = CHANGE_DELETE;
    } else {
        parser_expect(parser, KEYWORD_UPDATE);
        trigger->event = CHANGE_UPDATE;
        if (parser_accept(parser, KEYWORD_OF))
            read_columns(parser, &trigger->columns);
    }
    parser_expect(parser, KEYWORD_ON);
    trigger->table = parser_name(parser, NAME_ANY, "a table's name");
    if (parser_take(parser, TOKEN_DOT))
        trigger->table = parser_name(parser, NAME_ANY, "a table's name");
}

static void read_condition(struct parser *parser, struct trigger_tree *trigger)
{
    if (parser_accept(parser, KEYWORD_FOR)) {
        parser_expect(parser, KEYWORD_EACH);
        parser_expect(parser, KEYWORD_ROW);
    }
    if (parser_accept(parser, KEYWORD_WHEN))
        trigger->when = parser_expression(parser);
    if (!parser_is(parser, KEYWORD_BEGIN))
        parser_fail(parser, "BEGIN");
}

/* Each ends with a semicolon, the last one too. */
static void read_statements(struct parser *parser, struct trigger_tree *trigger)
{
    size_t at = parser->token.offset + parser->token.length;
    struct sql_error *error = &parser->error;

    while (!parser_failed(parser) &&
           token_at(parser->text, parser->length, at).keyword != KEYWORD_END) {
        struct statement *statement =
            parse_statement(parser->arena, parser->text, parser->length, at, &at, error);

        if (statement != NULL)
            *VEC_ADD(parser->arena, &trigger->statements) = statement;
    }
}

struct trigger_tree *parse_trigger(struct arena *arena, const char *sql,
                                   struct sql_error *error)
{
    struct trigger_tree *trigger = ARENA_NEW(arena, struct trigger_tree);
    struct parser parser;

    parser_init(&parser, arena, sql, strlen(sql), 0);
    trigger->name = parser_created(&parser, KEYWORD_TRIGGER);
    read_event(&parser, trigger);
    read_condition(&parser, trigger);
    if (!parser_failed(&parser))
        read_statements(&parser, trigger);
    *error = parser.error;
    return parser_failed(&parser) ? NULL : trigger;
}
