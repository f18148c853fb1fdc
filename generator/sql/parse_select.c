/*
 * parse_select.c: SELECT, VALUES, compounds, WITH, ORDER BY and LIMIT. See parse_internal.h.
 */
#include "parse_internal.h"

static void parse_result(struct parser *parser, struct result *result)
{
    result->range.start = parser->token.offset;
    if (parser_take(parser, TOKEN_STAR)) {
        result->range.end = parser->last_end;
        return;
    }
    if (parser_at_name(parser, NAME_ANY) && parser_peek(parser).kind == TOKEN_DOT) {
        struct parser saved = *parser;
        const char *table = parser_name(parser, NAME_ANY, "a name");

        parser_next(parser);
        if (parser_take(parser, TOKEN_STAR)) {
            result->star_table = table;
            result->range.end = parser->last_end;
            return;
        }
        *parser = saved;
    }
    result->expr = parser_expression(parser);
    result->range.end = parser->last_end;
    if (parser_accept(parser, KEYWORD_AS))
        result->alias = parser_name(parser, NAME_ANY, "an alias");
    else if (parser_at_name(parser, NAME_ALIAS))
        result->alias = parser_name(parser, NAME_ALIAS, "an alias");
}

void parse_results(struct parser *parser, struct results *results)
{
    do {
        struct result result = {0};

        parse_result(parser, &result);
        *VEC_ADD(parser->arena, results) = result;
    } while (parser_take(parser, TOKEN_COMMA));
}

static void parse_nulls(struct parser *parser, struct term *term)
{
    if (!parser_accept(parser, KEYWORD_NULLS))
        return;
    if (parser_accept(parser, KEYWORD_FIRST)) {
        term->nulls_first = true;
    } else {
        parser_expect(parser, KEYWORD_LAST);
        term->nulls_last = true;
    }
}

void parser_order(struct parser *parser, struct terms *terms)
{
    do {
        struct term term = {.expr = parser_expression(parser)};

        if (parser_accept(parser, KEYWORD_ASC))
            term.order = ORDER_ASC;
        else if (parser_accept(parser, KEYWORD_DESC))
            term.order = ORDER_DESC;
        parse_nulls(parser, &term);
        *VEC_ADD(parser->arena, terms) = term;
    } while (parser_take(parser, TOKEN_COMMA));
}

void parse_limit(struct parser *parser, struct expr **limit, struct expr **offset)
{
    if (!parser_accept(parser, KEYWORD_LIMIT))
        return;
    *limit = parser_expression(parser);
    if (parser_accept(parser, KEYWORD_OFFSET)) {
        *offset = parser_expression(parser);
    } else if (parser_take(parser, TOKEN_COMMA)) {
        *offset = *limit;
        *limit = parser_expression(parser);
    }
}

static void parse_windows(struct parser *parser, struct windows *windows)
{
    if (!parser_accept(parser, KEYWORD_WINDOW))
        return;
    do {
        struct window *window = ARENA_NEW(parser->arena, struct window);

        window->name = parser_name(parser, NAME_ANY, "a window's name");
        parser_expect(parser, KEYWORD_AS);
        parse_window(parser, window);
        *VEC_ADD(parser->arena, windows) = window;
    } while (parser_take(parser, TOKEN_COMMA));
}

static void parse_grouping(struct parser *parser, struct core *core)
{
    if (parser_accept(parser, KEYWORD_GROUP)) {
        parser_expect(parser, KEYWORD_BY);
        parser_expressions(parser, &core->group);
    }
    if (parser_accept(parser, KEYWORD_HAVING))
        core->having = parser_expression(parser);
    parse_windows(parser, &core->windows);
}

static void parse_plain(struct parser *parser, struct core *core)
{
    parser_expect(parser, KEYWORD_SELECT);
    if (parser_accept(parser, KEYWORD_DISTINCT))
        core->distinct = true;
    else
        parser_accept(parser, KEYWORD_ALL);
    parse_results(parser, &core->results);
    if (parser_accept(parser, KEYWORD_FROM)) {
        core->has_from = true;
        parse_from(parser, &core->from);
    }
    if (parser_accept(parser, KEYWORD_WHERE))
        core->where = parser_expression(parser);
    parse_grouping(parser, core);
}

static void parse_values(struct parser *parser, struct core *core)
{
    core->is_values = true;
    parser_next(parser);
    do {
        struct exprs row = {0};
        size_t start = parser->token.offset;

        parser_need(parser, TOKEN_LEFT, "`(`");
        parser_expressions(parser, &row);
        parser_need(parser, TOKEN_RIGHT, "`,` or `)`");
        if (core->values.count > 0 && row.count != core->values.items[0].count)
            parser_refuse(parser, (struct range){start, parser->last_end},
                          "all rows of VALUES must have as many values as the first");
        *VEC_ADD(parser->arena, &core->values) = row;
    } while (parser_take(parser, TOKEN_COMMA));
}

static struct core *parse_core(struct parser *parser, enum compound compound)
{
    struct core *core = ARENA_NEW(parser->arena, struct core);

    core->compound = compound;
    core->range.start = parser->token.offset;
    if (parser_is(parser, KEYWORD_VALUES))
        parse_values(parser, core);
    else
        parse_plain(parser, core);
    core->range.end = parser->last_end;
    return core;
}

static enum compound parse_compound(struct parser *parser)
{
    if (parser_accept(parser, KEYWORD_UNION))
        return parser_accept(parser, KEYWORD_ALL) ? COMPOUND_UNION_ALL : COMPOUND_UNION;
    if (parser_accept(parser, KEYWORD_INTERSECT))
        return COMPOUND_INTERSECT;
    return parser_accept(parser, KEYWORD_EXCEPT) ? COMPOUND_EXCEPT : COMPOUND_NONE;
}

/* Behind a VALUES neither ORDER BY nor LIMIT can stand. */
static void parse_tail(struct parser *parser, struct select *select)
{
    if (select->cores[select->core_count - 1]->is_values)
        return;
    if (parser_accept(parser, KEYWORD_ORDER)) {
        parser_expect(parser, KEYWORD_BY);
        parser_order(parser, &select->order);
    }
    parse_limit(parser, &select->limit, &select->offset);
}

static void add_core(struct parser *parser, struct select *select, struct core *core)
{
    select->cores = vec_grow(parser->arena, select->cores, select->core_count,
                             &select->core_capacity, sizeof *select->cores);
    select->cores[select->core_count++] = core;
}

static void parse_body(struct parser *parser, struct select *select)
{
    enum compound compound = COMPOUND_NONE;

    if (parser_is(parser, KEYWORD_WITH))
        select->with = parse_with(parser);
    do
        add_core(parser, select, parse_core(parser, compound));
    while ((compound = parse_compound(parser)) != COMPOUND_NONE);
    parse_tail(parser, select);
}

struct select *parser_select(struct parser *parser)
{
    struct select *select = ARENA_NEW(parser->arena, struct select);

    select->range.start = parser->token.offset;
    if (parser_enter(parser)) {
        parse_body(parser, select);
        parser_leave(parser);
    } else {
        add_core(parser, select, ARENA_NEW(parser->arena, struct core));
    }
    select->range.end = parser->last_end;
    return select;
}

static void parse_cte(struct parser *parser, struct cte *cte)
{
    cte->range.start = cte->name_range.start = parser->token.offset;
    cte->name = parser_name(parser, NAME_ANY, "the name of a common table");
    cte->name_range.end = parser->last_end;
    if (parser_at(parser, TOKEN_LEFT)) {
        cte->has_columns = true;
        parse_name_list(parser, &cte->columns);
    }
    parser_expect(parser, KEYWORD_AS);
    if (parser_accept(parser, KEYWORD_NOT)) {
        parser_expect(parser, KEYWORD_MATERIALIZED);
        cte->materialized = MATERIALIZED_NOT;
    } else if (parser_accept(parser, KEYWORD_MATERIALIZED)) {
        cte->materialized = MATERIALIZED_YES;
    }
    parser_need(parser, TOKEN_LEFT, "`(`");
    cte->select = parser_select(parser);
    parser_need(parser, TOKEN_RIGHT, "`)`");
    cte->range.end = parser->last_end;
}

struct with *parse_with(struct parser *parser)
{
    struct with *with = ARENA_NEW(parser->arena, struct with);

    parser_next(parser);
    with->recursive = parser_accept(parser, KEYWORD_RECURSIVE);
    do {
        struct cte cte = {0};

        parse_cte(parser, &cte);
        *VEC_ADD(parser->arena, with) = cte;
    } while (parser_take(parser, TOKEN_COMMA));
    return with;
}
