/*
 * advise_condition.c: which columns of a table the conditions of a SELECT compare, and with
 * what. See advise_internal.h. It must not know indexes.
 */
#include "advise_internal.h"

#include "../base/buf.h"
#include "walk.h"

#include <string.h>

const struct table_shape *source_shape(const struct adviser *adviser,
                                       const struct source *source)
{
    const struct catalog_table *table = source->relation->table;
    const struct table_shape *shape;

    if (table == NULL || table->kind != CATALOG_TABLE)
        return NULL;
    shape = shape_of(adviser->catalog, table);
    return shape != NULL && shape->def != NULL ? shape : NULL;
}

/* ---- what an expression looks at ----------------------------------------------------- */

static const struct expr *behind_alias(const struct expr *expr)
{
    while (expr != NULL && expr->kind == EXPR_COLUMN && expr->binding != NULL &&
           expr->binding->kind == BIND_ALIAS)
        expr = expr->binding->alias;
    return expr;
}

struct looks {
    const struct search *search;
    bool own, others;   /* columns of the table; of other tables of the level */
    bool outer;         /* columns of tables around it */
    const char *column; /* of the table, where it is one only … */
    bool many;          /* … and not so */
    bool unknown;       /* something that cannot be looked through */
};

static const char *column_name(const struct source *source, int column)
{
    return column == COLUMN_ROWID ? "rowid" : source->relation->columns[column].name;
}

static bool is_around(const struct search *search, const struct scope *scope)
{
    const struct scope *at;

    for (at = search->level->scope->parent; at != NULL; at = at->parent)
        if (at == scope)
            return true;
    return false;
}

static void look(void *context, struct expr *expr)
{
    struct looks *looks = context;
    const struct expr *real = behind_alias(expr);
    const struct binding *binding = real->kind == EXPR_COLUMN ? real->binding : NULL;

    if (real != expr || (binding != NULL && binding->kind == BIND_MERGED)) {
        looks->unknown = true;
        return;
    }
    if (binding == NULL || binding->kind != BIND_COLUMN)
        return;
    if (binding->scope != looks->search->level->scope) {
        looks->outer = looks->outer || is_around(looks->search, binding->scope);
        return;
    }
    if (binding->source != looks->search->source) {
        looks->others = true;
        return;
    }
    looks->own = true;
    if (looks->column != NULL &&
        !name_same(looks->column, column_name(binding->source, binding->column)))
        looks->many = true;
    looks->column = column_name(binding->source, binding->column);
}

static struct looks looks_of(const struct search *search, struct expr *expr)
{
    struct looks looks = {.search = search};
    const struct walker walker = {.context = &looks, .expr = look};

    walk_expression(&walker, expr);
    return looks;
}

/* ---- one side of a comparison -------------------------------------------------------- */

/* The column of the table that it is; NULL: it is none. */
const char *search_column(const struct search *search, const struct expr *expr)
{
    expr = behind_alias(expr);
    if (expr != NULL && expr->kind == EXPR_COLLATE)
        expr = behind_alias(expr->left);
    if (expr == NULL || expr->kind != EXPR_COLUMN || expr->binding == NULL ||
        expr->binding->kind != BIND_COLUMN || expr->binding->source != search->source)
        return NULL;
    return column_name(search->source, expr->binding->column);
}

const char *search_collation(const struct search *search, const struct expr *expr)
{
    return expr != NULL && expr->kind == EXPR_COLLATE
               ? name_lower(search->adviser->arena, expr->name)
               : NULL;
}

/* Of a column of any table: the collation that it is declared with. */
static const char *declared_collation(const struct search *search,
                                      const struct expr *expr)
{
    const struct table_shape *shape;

    expr = behind_alias(expr);
    if (expr == NULL || expr->kind != EXPR_COLUMN || expr->binding == NULL ||
        expr->binding->kind != BIND_COLUMN)
        return NULL;
    shape = source_shape(search->adviser, expr->binding->source);
    if (shape == NULL)
        return "binary";
    return shape_column_collation(
        shape, column_name(expr->binding->source, expr->binding->column));
}

/* SQLite: what is written, on the left first; then that of a column, on the left first. */
static const char *collation_of(const struct search *search, const struct expr *left,
                                const struct expr *right)
{
    const char *collation = search_collation(search, left);

    if (collation == NULL)
        collation = search_collation(search, right);
    if (collation == NULL)
        collation = declared_collation(search, left);
    if (collation == NULL)
        collation = declared_collation(search, right);
    return collation == NULL ? "binary" : collation;
}

/* The SQL of an expression without the table's name before its columns. */
static const char *bare_sql(const struct search *search, const struct expr *expr)
{
    const char *text = search->text, *sql;
    size_t at = expr->range.start, end = expr->range.end;
    struct buf out;

    buf_init(&out);
    while (at < end) {
        struct token token = token_at(text, end, at), next;

        if (token.kind == TOKEN_END)
            break;
        next = token_at(text, end, token.offset + token.length);
        buf_add(&out, text + at, token.offset - at);
        if (next.kind == TOKEN_DOT && next.offset < end) {
            at = next.offset + next.length;
            continue;
        }
        buf_add(&out, text + token.offset, token.length);
        at = token.offset + token.length;
    }
    sql = arena_strndup(search->adviser->arena, out.data, out.length);
    buf_release(&out);
    return sql;
}

static bool is_bool_column(const struct search *search, const char *name)
{
    int column = relation_find(search->source->relation, name);
    const struct type *type;

    if (column < 0)
        return false;
    type = &search->source->relation->columns[column].type;
    return type->semantic != NULL && strcmp(type->semantic, "bool") == 0;
}

/* ---- comparisons --------------------------------------------------------------------- */

static void add_column(const struct search *search, enum condition_kind kind,
                       const char *column, const char *collation,
                       const struct looks *other, struct range at)
{
    struct condition *condition =
        VEC_ADD(search->adviser->arena, &search->conditions->list);
    const char *own = shape_column_collation(search->shape, column);

    *condition = (struct condition){
        .kind = kind,
        .joined = other->others,
        .outer = other->outer,
        .column = column,
        .is_coarse = is_bool_column(search, column),
        .at = at,
    };
    condition->term.column = column;
    if (collation != NULL && strcmp(own, collation) != 0)
        condition->term.collation = collation;
}

/* A function or operator over one column of the table, without the parameters. */
static bool is_indexable(const struct search *search, struct expr *expr,
                         const struct looks *looks)
{
    (void)search;
    if (!looks->own || looks->many || looks->others || looks->unknown)
        return false;
    return expr->kind == EXPR_CALL || expr->kind == EXPR_CAST ||
           (expr->kind == EXPR_BINARY && expr->op > OP_GREATER_EQUAL);
}

static bool has_parameter(const char *text, struct range range)
{
    struct token token = token_at(text, range.end, range.start);

    for (; token.kind != TOKEN_END;
         token = token_at(text, range.end, token.offset + token.length))
        if (token.kind == TOKEN_PARAMETER)
            return true;
    return false;
}

static void add_expression(const struct search *search, enum condition_kind kind,
                           struct expr *expr, const struct looks *other, struct range at)
{
    struct looks looks = looks_of(search, expr);
    struct condition *condition;

    if (!is_indexable(search, expr, &looks) || has_parameter(search->text, expr->range))
        return;
    condition = VEC_ADD(search->adviser->arena, &search->conditions->list);
    *condition = (struct condition){
        .kind = kind,
        .joined = other->others,
        .outer = other->outer,
        .column = looks.column,
        .is_expression = true,
        .at = at,
    };
    condition->term.expression = bare_sql(search, expr);
}

/* `own` compared with `other`. */
static void add_side(const struct search *search, enum condition_kind kind,
                     struct expr *own, struct expr *other, const char *collation,
                     struct range at)
{
    struct looks looks = looks_of(search, other);
    const char *column = search_column(search, own);

    if (looks.own || looks.unknown)
        return;
    if (column != NULL)
        add_column(search, kind, column, collation, &looks, at);
    else
        add_expression(search, kind, own, &looks, at);
}

static void add_comparison(const struct search *search, enum condition_kind kind,
                           struct expr *left, struct expr *right, struct range at)
{
    const char *collation = collation_of(search, left, right);

    add_side(search, kind, left, right, collation, at);
    add_side(search, kind, right, left, collation, at);
}

/* (a, b) = (1, 2): each for itself; (a, b) > (1, 2): the first. */
static void add_rows(const struct search *search, enum condition_kind kind,
                     const struct expr *left, const struct expr *right, struct range at)
{
    size_t i, count = kind == CONDITION_EQUAL ? left->list.count : 1;

    for (i = 0; i < count && i < right->list.count; i++)
        add_comparison(search, kind, left->list.items[i], right->list.items[i], at);
}

static void add_binary(const struct search *search, const struct expr *expr)
{
    enum condition_kind kind;

    if (expr->op != OP_IS &&
        (expr->left->kind == EXPR_NULL || expr->right->kind == EXPR_NULL))
        return; /* never true */
    if (expr->op == OP_EQUAL || expr->op == OP_IS)
        kind = CONDITION_EQUAL;
    else if (expr->op >= OP_LESS && expr->op <= OP_GREATER_EQUAL)
        kind = CONDITION_RANGE;
    else
        return;
    if (expr->left->kind == EXPR_ROW && expr->right->kind == EXPR_ROW)
        add_rows(search, kind, expr->left, expr->right, expr->range);
    else
        add_comparison(search, kind, expr->left, expr->right, expr->range);
}

static void add_in(const struct search *search, const struct expr *expr)
{
    const char *column = search_column(search, expr->left);
    struct looks looks = {.search = search};
    const struct walker walker = {.context = &looks, .expr = look};
    size_t i;

    for (i = 0; i < expr->list.count; i++)
        walk_expression(&walker, expr->list.items[i]);
    if (expr->negated || looks.own || looks.unknown)
        return;
    if (column != NULL)
        add_column(search, CONDITION_EQUAL, column,
                   collation_of(search, expr->left, NULL), &looks, expr->range);
    else
        add_expression(search, CONDITION_EQUAL, expr->left, &looks, expr->range);
}

static struct condition *last(const struct search *search)
{
    return &search->conditions->list.items[search->conditions->list.count - 1];
}

/* A pattern that begins with a letter: then it says where in an index to begin. */
static void add_like(const struct search *search, const struct expr *expr)
{
    const char *column = search_column(search, expr->left);
    const char *pattern = expr->right->kind == EXPR_STRING ? expr->right->text : NULL;
    bool like = expr->keyword == KEYWORD_LIKE;
    const struct looks nothing = {0};

    if (column == NULL || pattern == NULL || expr->negated || expr->extra != NULL ||
        (!like && expr->keyword != KEYWORD_GLOB) || *pattern == '\0' ||
        strchr(like ? "%_" : "*?[", *pattern) != NULL)
        return;
    add_column(search, CONDITION_RANGE, column, like ? "nocase" : "binary", &nothing,
               expr->range);
    last(search)->is_like = like;
}

static void add_condition(const struct search *search, struct expr *expr)
{
    const struct looks nothing = {0};

    switch (expr->kind) {
    case EXPR_BINARY: add_binary(search, expr); break;
    case EXPR_IN: add_in(search, expr); break;
    case EXPR_LIKE: add_like(search, expr); break;
    case EXPR_BETWEEN:
        if (!expr->negated)
            add_comparison(search, CONDITION_RANGE, expr->left, expr->right, expr->range);
        break;
    case EXPR_IS_NULL:
        if (!expr->negated && search_column(search, expr->left) != NULL) {
            add_column(search, CONDITION_EQUAL, search_column(search, expr->left), NULL,
                       &nothing, expr->range);
            last(search)->is_coarse = true;
        }
        break;
    default: break;
    }
}

/* ---- all conditions of a level ------------------------------------------------------- */

typedef void take_condition(const struct search *search, struct expr *expr,
                            void *context);

static void each_part(const struct search *search, struct expr *expr,
                      take_condition *take, void *context)
{
    if (expr == NULL)
        return;
    if (expr->kind == EXPR_BINARY && expr->op == OP_AND) {
        each_part(search, expr->left, take, context);
        each_part(search, expr->right, take, context);
    } else {
        take(search, expr, context);
    }
}

/* An outer join's condition finds rows of the table that it joins only. */
static bool helps(const struct search *search, const struct from_item *item)
{
    if (item->join == JOIN_RIGHT || item->join == JOIN_FULL)
        return false;
    return item->join != JOIN_LEFT || search->source->item == item;
}

static void each_condition(const struct search *search, const struct from *from,
                           take_condition *take, void *context)
{
    size_t i;

    for (i = 0; from != NULL && i < from->count; i++) {
        struct from_item *item = &from->items[i];

        if (item->group != NULL)
            each_condition(search, item->group, take, context);
        if (item->on != NULL && helps(search, item))
            each_part(search, item->on, take, context);
    }
}

static void take_all(const struct search *search, struct expr *expr, void *context)
{
    (void)context;
    add_condition(search, expr);
}

/* USING and NATURAL compare columns of the same name. */
static void add_using(const struct search *search, const struct from *from)
{
    const struct looks joined = {.others = true};
    size_t i, k;

    for (i = 0; from != NULL && i < from->count; i++) {
        const struct from_item *item = &from->items[i];

        if (item->join == JOIN_RIGHT || item->join == JOIN_FULL)
            continue;
        for (k = 0; k < item->using_names.count; k++) {
            const struct name *name = &item->using_names.items[k];
            int column = relation_find(search->source->relation, name->text);

            if (column >= 0 && (item->join != JOIN_LEFT || search->source->item == item))
                add_column(search, CONDITION_EQUAL,
                           search->source->relation->columns[column].name, NULL, &joined,
                           item->range);
        }
    }
}

struct search search_new(const struct adviser *adviser, const char *text,
                         const struct level *level, const struct source *source,
                         struct conditions *conditions)
{
    return (struct search){
        .adviser = adviser,
        .text = text,
        .level = level,
        .source = source,
        .shape = source_shape(adviser, source),
        .conditions = conditions,
    };
}

void conditions_find(const struct adviser *adviser, const char *text,
                     const struct level *level, const struct source *source,
                     struct conditions *conditions)
{
    struct search search = search_new(adviser, text, level, source, conditions);

    each_part(&search, level->where, take_all, NULL);
    each_condition(&search, level->from, take_all, NULL);
    add_using(&search, level->from);
}

/* ---- OR ------------------------------------------------------------------------------ */

static void split_or(struct search *search, struct expr *expr,
                     struct alternative *alternative)
{
    if (expr->kind == EXPR_BINARY && expr->op == OP_OR) {
        split_or(search, expr->left, alternative);
        split_or(search, expr->right, alternative);
        return;
    }
    search->conditions = VEC_ADD(search->adviser->arena, &alternative->sides);
    *search->conditions = (struct conditions){0};
    each_part(search, expr, take_all, NULL);
}

static void take_or(const struct search *search, struct expr *expr, void *context)
{
    struct alternatives *alternatives = context;
    struct alternative alternative = {.at = expr->range};
    struct search inner = *search;
    size_t i;

    if (expr->kind != EXPR_BINARY || expr->op != OP_OR)
        return;
    split_or(&inner, expr, &alternative);
    for (i = 0; i < alternative.sides.count; i++)
        if (alternative.sides.items[i].list.count == 0)
            return;
    *VEC_ADD(search->adviser->arena, &alternatives->list) = alternative;
}

void alternatives_find(const struct adviser *adviser, const char *text,
                       const struct level *level, const struct source *source,
                       struct alternatives *alternatives)
{
    struct search search = search_new(adviser, text, level, source, NULL);

    each_part(&search, level->where, take_or, alternatives);
}
