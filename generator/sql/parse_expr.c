/*
 * parse_expr.c: expressions, by climbing the precedences of SQLite's grammar. See
 * parse_internal.h. It must not know statements.
 */
#include "parse_internal.h"

#include <string.h>

/* From the loosest to the tightest, as SQLite's parse.y declares them. */
enum precedence {
    PREC_NONE,
    PREC_OR,
    PREC_AND,
    PREC_NOT,
    PREC_EQUAL, /* =, IS, LIKE, BETWEEN, IN, ISNULL … */
    PREC_ORDER, /* <, <=, >, >= */
    PREC_BITS,
    PREC_SUM,
    PREC_PRODUCT,
    PREC_CONCAT, /* ||, ->, ->> */
    PREC_COLLATE,
    PREC_UNARY
};

struct infix {
    enum precedence precedence;
    enum operator op;
};

static const struct infix infixes[TOKEN_BROKEN + 1] = {
    [TOKEN_EQUAL] = {PREC_EQUAL, OP_EQUAL},
    [TOKEN_UNEQUAL] = {PREC_EQUAL, OP_UNEQUAL},
    [TOKEN_LESS] = {PREC_ORDER, OP_LESS},
    [TOKEN_LESS_EQUAL] = {PREC_ORDER, OP_LESS_EQUAL},
    [TOKEN_GREATER] = {PREC_ORDER, OP_GREATER},
    [TOKEN_GREATER_EQUAL] = {PREC_ORDER, OP_GREATER_EQUAL},
    [TOKEN_AND_BITS] = {PREC_BITS, OP_AND_BITS},
    [TOKEN_OR_BITS] = {PREC_BITS, OP_OR_BITS},
    [TOKEN_SHIFT_LEFT] = {PREC_BITS, OP_SHIFT_LEFT},
    [TOKEN_SHIFT_RIGHT] = {PREC_BITS, OP_SHIFT_RIGHT},
    [TOKEN_PLUS] = {PREC_SUM, OP_ADD},
    [TOKEN_MINUS] = {PREC_SUM, OP_SUBTRACT},
    [TOKEN_STAR] = {PREC_PRODUCT, OP_MULTIPLY},
    [TOKEN_SLASH] = {PREC_PRODUCT, OP_DIVIDE},
    [TOKEN_PERCENT] = {PREC_PRODUCT, OP_REMAINDER},
    [TOKEN_CONCAT] = {PREC_CONCAT, OP_CONCAT},
    [TOKEN_ARROW] = {PREC_CONCAT, OP_ARROW},
    [TOKEN_LONG_ARROW] = {PREC_CONCAT, OP_LONG_ARROW},
};

static struct expr *climb(struct parser *parser, enum precedence least);

/* ---- nodes --------------------------------------------------------------------------- */

struct expr *expr_new(struct parser *parser, enum expr_kind kind, size_t start)
{
    struct expr *expr = ARENA_NEW(parser->arena, struct expr);

    expr->kind = kind;
    expr->range = (struct range){start, start};
    return expr;
}

static unsigned deeper(unsigned depth, const struct expr *part)
{
    return part != NULL && part->depth > depth ? part->depth : depth;
}

struct expr *expr_done(struct parser *parser, struct expr *expr)
{
    unsigned depth = 0;
    size_t i;

    depth = deeper(depth, expr->left);
    depth = deeper(depth, expr->right);
    depth = deeper(depth, expr->extra);
    depth = deeper(depth, expr->filter);
    for (i = 0; i < expr->list.count; i++)
        depth = deeper(depth, expr->list.items[i]);
    if (expr->select != NULL && expr->select->depth > depth)
        depth = expr->select->depth;
    expr->depth = depth + 1;
    expr->range.end = parser->last_end;
    if (expr->depth > SQL_DEPTH)
        parser_too_deep(parser);
    return expr;
}

/* ---- operands ------------------------------------------------------------------------ */

static struct expr *literal(struct parser *parser, enum expr_kind kind)
{
    struct expr *expr = expr_new(parser, kind, parser->token.offset);

    expr->keyword = parser->token.keyword;
    expr->text = token_value(parser->arena, parser->text, parser->token);
    parser_next(parser);
    return expr_done(parser, expr);
}

static struct expr *unary(struct parser *parser, enum operator op,
                          enum precedence precedence)
{
    struct expr *expr = expr_new(parser, EXPR_UNARY, parser->token.offset);

    parser_next(parser);
    expr->op = op;
    expr->left = climb(parser, precedence);
    return expr_done(parser, expr);
}

static struct select *select_in_brackets(struct parser *parser)
{
    struct select *select;

    parser_need(parser, TOKEN_LEFT, "`(`");
    select = parser_select(parser);
    parser_need(parser, TOKEN_RIGHT, "`)`");
    return select;
}

static struct expr *exists(struct parser *parser)
{
    struct expr *expr = expr_new(parser, EXPR_EXISTS, parser->token.offset);

    parser_next(parser);
    expr->select = select_in_brackets(parser);
    return expr_done(parser, expr);
}

static struct expr *row(struct parser *parser, struct expr *first, size_t start)
{
    struct expr *expr = expr_new(parser, EXPR_ROW, start);

    *VEC_ADD(parser->arena, &expr->list) = first;
    while (parser_take(parser, TOKEN_COMMA))
        *VEC_ADD(parser->arena, &expr->list) = parser_expression(parser);
    parser_need(parser, TOKEN_RIGHT, "`,` or `)`");
    return expr_done(parser, expr);
}

static struct expr *bracketed(struct parser *parser)
{
    size_t start = parser->token.offset;
    struct expr *expr;

    parser_next(parser);
    if (parser_at_select(parser)) {
        expr = expr_new(parser, EXPR_SELECT, start);
        expr->select = parser_select(parser);
        parser_need(parser, TOKEN_RIGHT, "`)`");
        return expr_done(parser, expr);
    }
    expr = parser_expression(parser);
    if (parser_at(parser, TOKEN_COMMA))
        return row(parser, expr, start);
    parser_need(parser, TOKEN_RIGHT, "`)`");
    expr->parenthesised = true;
    expr->range = (struct range){start, parser->last_end};
    return expr;
}

/* name, table.name or schema.table.name */
static struct expr *column(struct parser *parser)
{
    struct expr *expr = expr_new(parser, EXPR_COLUMN, parser->token.offset);

    expr->quoted =
        parser_at(parser, TOKEN_QUOTED) && parser->text[parser->token.offset] == '"';
    expr->name_range.start = parser->token.offset;
    expr->name = parser_name(parser, NAME_ANY, "an expression");
    while (expr->schema == NULL && parser_take(parser, TOKEN_DOT)) {
        expr->schema = expr->table;
        expr->table = expr->name;
        expr->quoted = false;
        expr->name_range.start = parser->token.offset;
        expr->name = parser_name(parser, NAME_ANY, "a column's name");
    }
    expr->name_range.end = parser->last_end;
    return expr_done(parser, expr);
}

static struct expr *named(struct parser *parser)
{
    struct token next = parser_peek(parser);

    if (next.kind == TOKEN_LEFT && parser_at_name(parser, NAME_BARE))
        return parse_call(parser);
    if (parser_at(parser, TOKEN_STRING) && next.kind != TOKEN_DOT)
        return literal(parser, EXPR_STRING);
    if (!parser_at_name(parser, NAME_ANY)) {
        parser_fail(parser, "an expression");
        return expr_done(parser, expr_new(parser, EXPR_NULL, parser->last_end));
    }
    return column(parser);
}

static struct expr *word(struct parser *parser)
{
    switch (parser->token.keyword) {
    case KEYWORD_NULL: return literal(parser, EXPR_NULL);
    case KEYWORD_NOT: return unary(parser, OP_NOT, PREC_NOT);
    case KEYWORD_CURRENT_DATE:
    case KEYWORD_CURRENT_TIME:
    case KEYWORD_CURRENT_TIMESTAMP: return literal(parser, EXPR_NOW);
    case KEYWORD_CASE: return parse_case(parser);
    case KEYWORD_CAST: return parse_cast(parser);
    case KEYWORD_RAISE: return parse_raise(parser);
    case KEYWORD_EXISTS: return exists(parser);
    default: return named(parser);
    }
}

static struct expr *parameter(struct parser *parser)
{
    if (parser->text[parser->token.offset] == '#')
        parser_fail(parser, "an expression");
    return literal(parser, EXPR_PARAMETER);
}

static struct expr *operand(struct parser *parser)
{
    switch (parser->token.kind) {
    case TOKEN_WORD: return word(parser);
    case TOKEN_INTEGER: return literal(parser, EXPR_INTEGER);
    case TOKEN_REAL: return literal(parser, EXPR_REAL);
    case TOKEN_BLOB: return literal(parser, EXPR_BLOB);
    case TOKEN_PARAMETER: return parameter(parser);
    case TOKEN_LEFT: return bracketed(parser);
    case TOKEN_MINUS: return unary(parser, OP_NEGATE, PREC_UNARY);
    case TOKEN_PLUS: return unary(parser, OP_PLUS, PREC_UNARY);
    case TOKEN_NOT_BITS: return unary(parser, OP_INVERT, PREC_UNARY);
    default: return named(parser);
    }
}

/* ---- what can follow an operand ------------------------------------------------------ */

static struct expr *follow(struct parser *parser, enum expr_kind kind, struct expr *left)
{
    struct expr *expr = expr_new(parser, kind, left->range.start);

    expr->left = left;
    return expr;
}

/* The literal 0, and IN (). */
static bool is_false(const struct expr *expr)
{
    const char *digits = expr->text;

    if (expr->kind == EXPR_IN)
        return expr->is_list && expr->list.count == 0 && !expr->negated;
    if (expr->kind != EXPR_INTEGER)
        return false;
    if (digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X'))
        digits += 2;
    return digits[strspn(digits, "0")] == '\0';
}

/* SQLite makes 0 of it before it looks at names and aggregates, which may mean nothing. */
static void fold_and(struct expr *expr)
{
    if (expr->op != OP_AND || (!is_false(expr->left) && !is_false(expr->right)))
        return;
    expr->kind = EXPR_INTEGER;
    expr->text = "0";
    expr->op = OP_NONE;
    expr->left = expr->right = NULL;
}

static struct expr *binary(struct parser *parser, struct expr *left, struct infix infix)
{
    struct expr *expr = follow(parser, EXPR_BINARY, left);

    parser_next(parser);
    expr->op = infix.op;
    expr->right = climb(parser, infix.precedence + 1);
    fold_and(expr);
    return expr_done(parser, expr);
}

static struct expr *is(struct parser *parser, struct expr *left)
{
    struct expr *expr = follow(parser, EXPR_BINARY, left);
    bool negated, distinct = false;

    parser_next(parser);
    negated = parser_accept(parser, KEYWORD_NOT);
    if (parser_is(parser, KEYWORD_DISTINCT)) {
        parser_next(parser);
        parser_expect(parser, KEYWORD_FROM);
        distinct = true;
    }
    expr->op = negated != distinct ? OP_IS_NOT : OP_IS;
    expr->right = climb(parser, PREC_EQUAL + 1);
    if (expr->right->kind == EXPR_NULL) {
        expr->kind = EXPR_IS_NULL;
        expr->negated = expr->op == OP_IS_NOT;
        expr->op = OP_NONE;
        expr->right = NULL;
    }
    return expr_done(parser, expr);
}

static struct expr *is_null(struct parser *parser, struct expr *left, bool negated)
{
    struct expr *expr = follow(parser, EXPR_IS_NULL, left);

    parser_next(parser);
    expr->negated = negated;
    return expr_done(parser, expr);
}

static struct expr *like(struct parser *parser, struct expr *left, bool negated)
{
    struct expr *expr = follow(parser, EXPR_LIKE, left);

    expr->negated = negated;
    expr->keyword = parser->token.keyword;
    parser_next(parser);
    expr->right = climb(parser, PREC_EQUAL + 1);
    if (parser_accept(parser, KEYWORD_ESCAPE))
        expr->extra = climb(parser, PREC_EQUAL + 1);
    return expr_done(parser, expr);
}

static struct expr *between(struct parser *parser, struct expr *left, bool negated)
{
    struct expr *expr = follow(parser, EXPR_BETWEEN, left);

    parser_next(parser);
    expr->negated = negated;
    expr->right = climb(parser, PREC_NOT);
    parser_expect(parser, KEYWORD_AND);
    expr->extra = climb(parser, PREC_EQUAL + 1);
    return expr_done(parser, expr);
}

static void in_brackets(struct parser *parser, struct expr *expr)
{
    parser_next(parser);
    if (parser_at_select(parser)) {
        expr->select = parser_select(parser);
    } else {
        expr->is_list = true;
        if (!parser_at(parser, TOKEN_RIGHT))
            parser_expressions(parser, &expr->list);
    }
    parser_need(parser, TOKEN_RIGHT, "`,` or `)`");
}

/* IN table, IN schema.table, IN function(arguments) */
static void in_table(struct parser *parser, struct expr *expr)
{
    expr->name_range.start = parser->token.offset;
    expr->name = parser_name(parser, NAME_ANY, "`(` or a table's name");
    if (parser_take(parser, TOKEN_DOT)) {
        expr->schema = expr->name;
        expr->name = parser_name(parser, NAME_ANY, "a table's name");
    }
    expr->name_range.end = parser->last_end;
    if (!parser_take(parser, TOKEN_LEFT))
        return;
    if (!parser_at(parser, TOKEN_RIGHT))
        parser_expressions(parser, &expr->list);
    parser_need(parser, TOKEN_RIGHT, "`,` or `)`");
}

static struct expr *in(struct parser *parser, struct expr *left, bool negated)
{
    struct expr *expr = follow(parser, EXPR_IN, left);

    parser_next(parser);
    expr->negated = negated;
    if (parser_at(parser, TOKEN_LEFT))
        in_brackets(parser, expr);
    else
        in_table(parser, expr);
    return expr_done(parser, expr);
}

static struct expr *collate(struct parser *parser, struct expr *left)
{
    struct expr *expr = follow(parser, EXPR_COLLATE, left);

    parser_next(parser);
    expr->name_range.start = parser->token.offset;
    expr->name = parser_name(parser, NAME_ALIAS, "a collation's name");
    expr->name_range.end = parser->last_end;
    return expr_done(parser, expr);
}

/* An operator that is a word, at it or behind a NOT. NULL: none follows. */
static struct expr *word_operator(struct parser *parser, struct expr *left, bool negated)
{
    switch (parser->token.keyword) {
    case KEYWORD_LIKE:
    case KEYWORD_GLOB:
    case KEYWORD_REGEXP:
    case KEYWORD_MATCH: return like(parser, left, negated);
    case KEYWORD_BETWEEN: return between(parser, left, negated);
    case KEYWORD_IN: return in(parser, left, negated);
    default: return NULL;
    }
}

static struct expr *not_operator(struct parser *parser, struct expr *left)
{
    struct expr *expr;

    parser_next(parser);
    if (parser_is(parser, KEYWORD_NULL))
        return is_null(parser, left, true);
    expr = word_operator(parser, left, true);
    if (expr != NULL)
        return expr;
    parser_fail(parser, "NULL, LIKE, GLOB, REGEXP, MATCH, BETWEEN or IN behind NOT");
    return left;
}

static bool not_follows(const struct parser *parser)
{
    switch (parser_peek(parser).keyword) {
    case KEYWORD_INDEXED: return false;
    default: return true;
    }
}

/* The tightest operators that are words, at precedence PREC_EQUAL. NULL: none. */
static struct expr *equal_level(struct parser *parser, struct expr *left)
{
    switch (parser->token.keyword) {
    case KEYWORD_IS: return is(parser, left);
    case KEYWORD_ISNULL: return is_null(parser, left, false);
    case KEYWORD_NOTNULL: return is_null(parser, left, true);
    case KEYWORD_NOT: return not_follows(parser) ? not_operator(parser, left) : NULL;
    default: return word_operator(parser, left, false);
    }
}

static struct expr *word_step(struct parser *parser, struct expr *left,
                              enum precedence least)
{
    if (parser_is(parser, KEYWORD_OR) && least <= PREC_OR)
        return binary(parser, left, (struct infix){PREC_OR, OP_OR});
    if (parser_is(parser, KEYWORD_AND) && least <= PREC_AND)
        return binary(parser, left, (struct infix){PREC_AND, OP_AND});
    if (parser_is(parser, KEYWORD_COLLATE) && least <= PREC_COLLATE)
        return collate(parser, left);
    return least <= PREC_EQUAL ? equal_level(parser, left) : NULL;
}

/* What stands behind `left`, with it; NULL: nothing that binds so tightly. */
static struct expr *step(struct parser *parser, struct expr *left, enum precedence least)
{
    struct infix infix;

    if (parser_failed(parser))
        return NULL;
    if (parser_at(parser, TOKEN_WORD))
        return word_step(parser, left, least);
    infix = infixes[parser->token.kind];
    if (infix.precedence == PREC_NONE || infix.precedence < least)
        return NULL;
    return binary(parser, left, infix);
}

static struct expr *climb(struct parser *parser, enum precedence least)
{
    struct expr *left, *more;

    if (!parser_enter(parser))
        return expr_new(parser, EXPR_NULL, parser->last_end);
    left = operand(parser);
    while ((more = step(parser, left, least)) != NULL)
        left = more;
    parser_leave(parser);
    return left;
}

struct expr *parser_expression(struct parser *parser)
{
    return climb(parser, PREC_OR);
}

void parser_expressions(struct parser *parser, struct exprs *list)
{
    do
        *VEC_ADD(parser->arena, list) = parser_expression(parser);
    while (parser_take(parser, TOKEN_COMMA));
}
