/*
 * parse_call.c: calls of functions with FILTER and OVER, windows, CASE, CAST, RAISE. See
 * parse_internal.h. It must not know which functions there are.
 */
#include "parse_internal.h"

/* ---- windows ------------------------------------------------------------------------- */

static struct expr *bound_of(struct parser *parser, enum frame_bound *bound,
                             bool can_follow)
{
    struct expr *expr;

    if (parser_accept(parser, KEYWORD_CURRENT)) {
        parser_expect(parser, KEYWORD_ROW);
        *bound = BOUND_CURRENT_ROW;
        return NULL;
    }
    if (parser_accept(parser, KEYWORD_UNBOUNDED)) {
        *bound = parser_is(parser, KEYWORD_FOLLOWING) ? BOUND_UNBOUNDED_FOLLOWING
                                                      : BOUND_UNBOUNDED_PRECEDING;
        if (!parser_accept(parser, KEYWORD_FOLLOWING))
            parser_expect(parser, KEYWORD_PRECEDING);
        return NULL;
    }
    expr = parser_expression(parser);
    *bound = parser_is(parser, KEYWORD_FOLLOWING) ? BOUND_FOLLOWING : BOUND_PRECEDING;
    if (!can_follow || !parser_accept(parser, KEYWORD_FOLLOWING))
        parser_expect(parser, KEYWORD_PRECEDING);
    return expr;
}

static void exclude(struct parser *parser, struct window *window)
{
    if (parser_accept(parser, KEYWORD_NO)) {
        parser_expect(parser, KEYWORD_OTHERS);
    } else if (parser_accept(parser, KEYWORD_CURRENT)) {
        parser_expect(parser, KEYWORD_ROW);
        window->exclude = EXCLUDE_CURRENT_ROW;
    } else if (parser_accept(parser, KEYWORD_GROUP)) {
        window->exclude = EXCLUDE_GROUP;
    } else if (parser_accept(parser, KEYWORD_TIES)) {
        window->exclude = EXCLUDE_TIES;
    } else {
        parser_fail(parser, "NO OTHERS, CURRENT ROW, GROUP or TIES");
    }
}

/* SQLite's sqlite3WindowAlloc() refuses the same. */
static void check_bounds(struct parser *parser, const struct window *window)
{
    bool bad_start = window->start == BOUND_UNBOUNDED_FOLLOWING;
    bool bad_end = window->end == BOUND_UNBOUNDED_PRECEDING;
    bool crossed =
        (window->start == BOUND_FOLLOWING &&
         (window->end == BOUND_PRECEDING || window->end == BOUND_CURRENT_ROW)) ||
        (window->start == BOUND_CURRENT_ROW && window->end == BOUND_PRECEDING);

    if (bad_start || bad_end || crossed)
        parser_fail(parser, "a frame that begins before it ends");
}

static void frame(struct parser *parser, struct window *window)
{
    window->has_frame = true;
    window->unit = parser_is(parser, KEYWORD_ROWS)     ? FRAME_ROWS
                   : parser_is(parser, KEYWORD_GROUPS) ? FRAME_GROUPS
                                                       : FRAME_RANGE;
    parser_next(parser);
    if (parser_accept(parser, KEYWORD_BETWEEN)) {
        window->start_expr = bound_of(parser, &window->start, true);
        parser_expect(parser, KEYWORD_AND);
        window->end_expr = bound_of(parser, &window->end, true);
    } else {
        window->start_expr = bound_of(parser, &window->start, false);
        window->end = BOUND_CURRENT_ROW;
    }
    check_bounds(parser, window);
    if (parser_accept(parser, KEYWORD_EXCLUDE))
        exclude(parser, window);
}

static bool at_frame(const struct parser *parser)
{
    return parser_is(parser, KEYWORD_RANGE) || parser_is(parser, KEYWORD_ROWS) ||
           parser_is(parser, KEYWORD_GROUPS);
}

static bool at_base(const struct parser *parser)
{
    return parser_at_name(parser, NAME_ANY) && !at_frame(parser) &&
           !parser_is(parser, KEYWORD_PARTITION);
}

void parse_window(struct parser *parser, struct window *window)
{
    window->range.start = parser->token.offset;
    window->start = BOUND_UNBOUNDED_PRECEDING;
    window->end = BOUND_CURRENT_ROW;
    parser_need(parser, TOKEN_LEFT, "`(`");
    if (at_base(parser))
        window->base = parser_name(parser, NAME_ANY, "a window's name");
    if (parser_accept(parser, KEYWORD_PARTITION)) {
        parser_expect(parser, KEYWORD_BY);
        parser_expressions(parser, &window->partition);
    }
    if (parser_accept(parser, KEYWORD_ORDER)) {
        parser_expect(parser, KEYWORD_BY);
        parser_order(parser, &window->order);
    }
    if (at_frame(parser))
        frame(parser, window);
    parser_need(parser, TOKEN_RIGHT, "`)`");
    window->range.end = parser->last_end;
}

/* ---- calls --------------------------------------------------------------------------- */

static void filter(struct parser *parser, struct expr *call)
{
    if (!parser_accept(parser, KEYWORD_FILTER))
        return;
    parser_need(parser, TOKEN_LEFT, "`(`");
    parser_expect(parser, KEYWORD_WHERE);
    call->filter = parser_expression(parser);
    parser_need(parser, TOKEN_RIGHT, "`)`");
}

static void over(struct parser *parser, struct expr *call)
{
    struct window *window;

    if (!parser_accept(parser, KEYWORD_OVER))
        return;
    window = ARENA_NEW(parser->arena, struct window);
    call->over = window;
    if (parser_at(parser, TOKEN_LEFT)) {
        parse_window(parser, window);
        return;
    }
    window->is_reference = true;
    window->range.start = parser->token.offset;
    window->base = parser_name(parser, NAME_ANY, "`(` or a window's name");
    window->range.end = parser->last_end;
}

static void arguments(struct parser *parser, struct expr *call)
{
    if (parser_at(parser, TOKEN_STAR)) {
        parser_next(parser);
        call->star = true;
        return;
    }
    if (parser_accept(parser, KEYWORD_DISTINCT))
        call->distinct = true;
    else
        parser_accept(parser, KEYWORD_ALL);
    if (!parser_at(parser, TOKEN_RIGHT))
        parser_expressions(parser, &call->list);
}

struct expr *parse_call(struct parser *parser)
{
    struct expr *call = expr_new(parser, EXPR_CALL, parser->token.offset);

    call->name_range.start = parser->token.offset;
    call->name = parser_name(parser, NAME_BARE, "a function's name");
    call->name_range.end = parser->last_end;
    parser_need(parser, TOKEN_LEFT, "`(`");
    arguments(parser, call);
    parser_need(parser, TOKEN_RIGHT, "`,` or `)`");
    filter(parser, call);
    over(parser, call);
    return expr_done(parser, call);
}

/* ---- CASE, CAST, RAISE --------------------------------------------------------------- */

struct expr *parse_case(struct parser *parser)
{
    struct expr *expr = expr_new(parser, EXPR_CASE, parser->token.offset);

    parser_next(parser);
    if (!parser_is(parser, KEYWORD_WHEN))
        expr->left = parser_expression(parser);
    do {
        parser_expect(parser, KEYWORD_WHEN);
        *VEC_ADD(parser->arena, &expr->list) = parser_expression(parser);
        parser_expect(parser, KEYWORD_THEN);
        *VEC_ADD(parser->arena, &expr->list) = parser_expression(parser);
    } while (parser_is(parser, KEYWORD_WHEN));
    if (parser_accept(parser, KEYWORD_ELSE))
        expr->extra = parser_expression(parser);
    if (!parser_accept(parser, KEYWORD_END))
        parser_fail(parser, "WHEN, ELSE or END");
    return expr_done(parser, expr);
}

/* A number with its sign, as in VARCHAR(-1): what it says does not matter. */
static void type_number(struct parser *parser)
{
    if (!parser_take(parser, TOKEN_PLUS))
        parser_take(parser, TOKEN_MINUS);
    if (!parser_take(parser, TOKEN_INTEGER))
        parser_need(parser, TOKEN_REAL, "a number");
}

const char *parse_type_name(struct parser *parser)
{
    size_t start = parser->token.offset;

    if (!parser_at_name(parser, NAME_ALIAS))
        return "";
    while (parser_at_name(parser, NAME_ALIAS))
        parser_next(parser);
    if (parser_take(parser, TOKEN_LEFT)) {
        type_number(parser);
        if (parser_take(parser, TOKEN_COMMA))
            type_number(parser);
        parser_need(parser, TOKEN_RIGHT, "`)`");
    }
    return arena_strndup(parser->arena, parser->text + start, parser->last_end - start);
}

struct expr *parse_cast(struct parser *parser)
{
    struct expr *expr = expr_new(parser, EXPR_CAST, parser->token.offset);

    parser_next(parser);
    parser_need(parser, TOKEN_LEFT, "`(`");
    expr->left = parser_expression(parser);
    parser_expect(parser, KEYWORD_AS);
    expr->text = parse_type_name(parser);
    parser_need(parser, TOKEN_RIGHT, "`)`");
    return expr_done(parser, expr);
}

struct expr *parse_raise(struct parser *parser)
{
    struct expr *expr = expr_new(parser, EXPR_RAISE, parser->token.offset);

    parser_next(parser);
    parser_need(parser, TOKEN_LEFT, "`(`");
    expr->keyword = parser->token.keyword;
    switch (parser->token.keyword) {
    case KEYWORD_IGNORE: parser_next(parser); break;
    case KEYWORD_ABORT:
    case KEYWORD_FAIL:
    case KEYWORD_ROLLBACK:
        parser_next(parser);
        parser_need(parser, TOKEN_COMMA, "`,`");
        expr->text = parser_name(parser, NAME_ANY, "a message");
        break;
    default: parser_fail(parser, "IGNORE, ABORT, FAIL or ROLLBACK");
    }
    parser_need(parser, TOKEN_RIGHT, "`)`");
    return expr_done(parser, expr);
}
