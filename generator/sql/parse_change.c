/*
 * parse_change.c: INSERT, REPLACE, UPDATE, DELETE, with UPSERT and RETURNING. See
 * parse_internal.h.
 */
#include "parse_internal.h"

static enum keyword parse_conflict(struct parser *parser)
{
    enum keyword conflict;

    if (!parser_accept(parser, KEYWORD_OR))
        return KEYWORD_NONE;
    conflict = parser->token.keyword;
    switch (conflict) {
    case KEYWORD_ABORT:
    case KEYWORD_FAIL:
    case KEYWORD_IGNORE:
    case KEYWORD_REPLACE:
    case KEYWORD_ROLLBACK: parser_next(parser); return conflict;
    default: parser_fail(parser, "ABORT, FAIL, IGNORE, REPLACE or ROLLBACK");
    }
    return KEYWORD_NONE;
}

/* table, schema.table, either with AS alias */
static void parse_target(struct parser *parser, struct from_item *target)
{
    target->range.start = target->name_range.start = parser->token.offset;
    target->name = parser_name(parser, NAME_ANY, "a table's name");
    if (parser_take(parser, TOKEN_DOT)) {
        target->schema = target->name;
        target->name_range.start = parser->token.offset;
        target->name = parser_name(parser, NAME_ANY, "a table's name");
    }
    target->name_range.end = parser->last_end;
    if (parser_accept(parser, KEYWORD_AS))
        target->alias = parser_name(parser, NAME_ANY, "an alias");
    target->range.end = parser->last_end;
}

static void parse_set(struct parser *parser, struct assignments *set)
{
    parser_expect(parser, KEYWORD_SET);
    do {
        struct assignment assignment = {0};
        size_t start = parser->token.offset;

        if (parser_at(parser, TOKEN_LEFT)) {
            assignment.is_row = true;
            parse_name_list(parser, &assignment.columns);
        } else {
            struct name *name = VEC_ADD(parser->arena, &assignment.columns);

            name->text = parser_name(parser, NAME_ANY, "a column's name");
            name->range = (struct range){start, parser->last_end};
        }
        parser_need(parser, TOKEN_EQUAL, "`=`");
        assignment.value = parser_expression(parser);
        *VEC_ADD(parser->arena, set) = assignment;
    } while (parser_take(parser, TOKEN_COMMA));
}

static void parse_returning(struct parser *parser, struct statement *statement)
{
    if (!parser_accept(parser, KEYWORD_RETURNING))
        return;
    statement->has_returning = true;
    parse_results(parser, &statement->returning);
}

static void parse_upsert_target(struct parser *parser, struct upsert *upsert)
{
    if (!parser_take(parser, TOKEN_LEFT))
        return;
    upsert->has_target = true;
    parser_order(parser, &upsert->target);
    parser_need(parser, TOKEN_RIGHT, "`,` or `)`");
    if (parser_accept(parser, KEYWORD_WHERE))
        upsert->target_where = parser_expression(parser);
}

static void parse_upsert(struct parser *parser, struct upsert *upsert)
{
    upsert->range.start = parser->token.offset;
    parser_next(parser);
    parser_expect(parser, KEYWORD_CONFLICT);
    parse_upsert_target(parser, upsert);
    parser_expect(parser, KEYWORD_DO);
    if (parser_accept(parser, KEYWORD_NOTHING)) {
        upsert->nothing = true;
    } else if (parser_accept(parser, KEYWORD_UPDATE)) {
        parse_set(parser, &upsert->set);
        if (parser_accept(parser, KEYWORD_WHERE))
            upsert->where = parser_expression(parser);
    } else {
        parser_fail(parser, "NOTHING or UPDATE");
    }
    upsert->range.end = parser->last_end;
}

/* One without a target can only be the last. */
static void parse_upserts(struct parser *parser, struct statement *statement)
{
    bool more = true;

    while (more && parser_is(parser, KEYWORD_ON)) {
        struct upsert upsert = {0};

        parse_upsert(parser, &upsert);
        more = upsert.has_target;
        *VEC_ADD(parser->arena, &statement->upserts) = upsert;
    }
}

static void parse_insert(struct parser *parser, struct statement *statement)
{
    statement->kind = STATEMENT_INSERT;
    if (parser_accept(parser, KEYWORD_REPLACE)) {
        statement->conflict = KEYWORD_REPLACE;
    } else {
        parser_next(parser);
        statement->conflict = parse_conflict(parser);
    }
    parser_expect(parser, KEYWORD_INTO);
    parse_target(parser, &statement->target);
    if (parser_at(parser, TOKEN_LEFT)) {
        statement->has_columns = true;
        parse_name_list(parser, &statement->columns);
    }
    if (parser_accept(parser, KEYWORD_DEFAULT)) {
        parser_expect(parser, KEYWORD_VALUES);
        statement->default_values = true;
    } else if (parser_at_select(parser)) {
        statement->select = parser_select(parser);
        parse_upserts(parser, statement);
    } else {
        parser_fail(parser, "VALUES, SELECT or DEFAULT VALUES");
    }
    parse_returning(parser, statement);
}

static void parse_rest(struct parser *parser, struct statement *statement)
{
    if (parser_accept(parser, KEYWORD_WHERE))
        statement->where = parser_expression(parser);
    parse_returning(parser, statement);
}

static void parse_update(struct parser *parser, struct statement *statement)
{
    statement->kind = STATEMENT_UPDATE;
    parser_next(parser);
    statement->conflict = parse_conflict(parser);
    parse_target(parser, &statement->target);
    parse_indexed(parser, &statement->target);
    parse_set(parser, &statement->set);
    if (parser_accept(parser, KEYWORD_FROM)) {
        statement->has_from = true;
        parse_from(parser, &statement->from);
    }
    parse_rest(parser, statement);
}

static void parse_delete(struct parser *parser, struct statement *statement)
{
    statement->kind = STATEMENT_DELETE;
    parser_next(parser);
    parser_expect(parser, KEYWORD_FROM);
    parse_target(parser, &statement->target);
    parse_indexed(parser, &statement->target);
    parse_rest(parser, statement);
}

/* Debian's SQLite knows these: SQLITE_ENABLE_UPDATE_DELETE_LIMIT. */
static void parse_change_limit(struct parser *parser, struct statement *statement)
{
    if (statement->kind == STATEMENT_INSERT)
        return;
    if (parser_accept(parser, KEYWORD_ORDER)) {
        parser_expect(parser, KEYWORD_BY);
        parser_order(parser, &statement->order);
    }
    parse_limit(parser, &statement->limit, &statement->offset);
}

struct statement *parse_change(struct parser *parser, struct with *with)
{
    struct statement *statement = ARENA_NEW(parser->arena, struct statement);

    statement->with = with;
    switch (parser->token.keyword) {
    case KEYWORD_INSERT:
    case KEYWORD_REPLACE: parse_insert(parser, statement); break;
    case KEYWORD_UPDATE: parse_update(parser, statement); break;
    case KEYWORD_DELETE: parse_delete(parser, statement); break;
    default:
        parser_fail(parser, "SELECT, VALUES, INSERT, REPLACE, UPDATE or DELETE");
        return statement;
    }
    parse_change_limit(parser, statement);
    return statement;
}
