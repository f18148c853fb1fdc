/*
 * bind.c: scopes, and what a column's name means in them, by the rules of SQLite's
 * lookupName(). It must not know types.
 */
#include "infer_internal.h"
#include "walk.h"

#include "../base/names.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void infer_fail(struct infer *infer, struct range range, const char *hint,
                const char *format, ...)
{
    va_list arguments;

    if (infer_failed(infer))
        return;
    va_start(arguments, format);
    infer->error.message = arena_vprintf(infer->arena, format, arguments);
    va_end(arguments);
    infer->error.range = range;
    infer->error.hint =
        hint == NULL ? NULL : arena_printf(infer->arena, "did you mean `%s`?", hint);
}

bool infer_failed(const struct infer *infer)
{
    return infer->error.message != NULL;
}

/* ---- scopes and relations ------------------------------------------------------------ */

struct scope *scope_new(struct infer *infer, struct scope *parent, struct core *core)
{
    struct scope *scope = ARENA_NEW(infer->arena, struct scope);

    scope->parent = parent;
    scope->depth = parent == NULL ? 1 : parent->depth + 1;
    scope->core = core;
    scope->joins = &scope->all;
    return scope;
}

struct source *scope_add(struct infer *infer, struct scope *scope, const char *name,
                         struct relation *relation)
{
    struct source *source = ARENA_NEW(infer->arena, struct source);

    source->name = name;
    source->relation = relation;
    source->scope = scope;
    *VEC_ADD(infer->arena, &scope->sources) = source;
    return source;
}

bool name_is_rowid(const char *name)
{
    return name_same(name, "rowid") || name_same(name, "oid") ||
           name_same(name, "_rowid_");
}

bool relation_is_rowid(const struct relation *relation, const char *name)
{
    return relation->table != NULL && relation->table->has_rowid && name_is_rowid(name);
}

int relation_find(const struct relation *relation, const char *name)
{
    size_t i;

    for (i = 0; i < relation->count; i++)
        if (name_same(relation->columns[i].name, name))
            return (int)i;
    return COLUMN_NONE;
}

struct output *relation_add(struct infer *infer, struct relation *relation,
                            const char *name)
{
    struct output *output;

    relation->columns = vec_grow(infer->arena, relation->columns, relation->count,
                                 &relation->capacity, sizeof *relation->columns);
    output = &relation->columns[relation->count++];
    *output = (struct output){.name = name};
    return output;
}

bool names_have(const struct names *names, const char *name)
{
    size_t i;

    for (i = 0; names != NULL && i < names->count; i++)
        if (name_same(names->items[i].text, name))
            return true;
    return false;
}

/* ---- parameters ---------------------------------------------------------------------- */

static struct parameter *find_parameter(struct infer *infer, const char *name, int index)
{
    size_t i;

    for (i = 0; i < infer->parameters.count; i++) {
        struct parameter *parameter = infer->parameters.items[i];

        if (name != NULL ? strcmp(parameter->name, name) == 0 : parameter->index == index)
            return parameter;
    }
    return NULL;
}

static int last_index(const struct infer *infer)
{
    int last = 0;
    size_t i;

    for (i = 0; i < infer->parameters.count; i++)
        if (infer->parameters.items[i]->index > last)
            last = infer->parameters.items[i]->index;
    return last;
}

static struct parameter *new_parameter(struct infer *infer, const char *name, int index,
                                       struct token token)
{
    struct parameter *parameter = ARENA_NEW(infer->arena, struct parameter);

    parameter->name = name;
    parameter->index = index;
    parameter->can_be_null = name[0] != ':';
    parameter->place = (struct range){token.offset, token.offset + token.length};
    parameter->type = (struct type){
        .classes = CLASS_ANY,
        .untyped = true,
        .reason = {"nothing says what this parameter is", parameter->place},
    };
    *VEC_ADD(infer->arena, &infer->parameters) = parameter;
    return parameter;
}

/* A question mark alone gets the number behind the highest so far, ?N its own. */
static struct parameter *numbered(struct infer *infer, const char *name,
                                  struct token token)
{
    int index = token.length > 1 ? atoi(name + 1) : last_index(infer) + 1;
    struct parameter *parameter = find_parameter(infer, NULL, index);

    if (parameter != NULL)
        return parameter;
    return new_parameter(infer, arena_printf(infer->arena, "?%d", index), index, token);
}

static struct parameter *named(struct infer *infer, char *name, struct token token)
{
    size_t length = token.length;
    bool can_be_null = name[length - 1] == '?';
    bool is_list = length > 4 && strcmp(name + length - 3, "...") == 0;
    struct parameter *parameter;

    name[length - (can_be_null ? 1 : is_list ? 3 : 0)] = '\0';
    parameter = find_parameter(infer, name, 0);
    if (parameter == NULL)
        parameter = new_parameter(infer, name, last_index(infer) + 1, token);
    if (can_be_null)
        parameter->can_be_null = true;
    if (is_list)
        parameter->is_list = true;
    return parameter;
}

/* In the order of the text, as SQLite numbers them. */
void parameters_find(struct infer *infer, const char *text, size_t length)
{
    struct token token = token_at(text, length, 0);

    for (; token.kind != TOKEN_END;
         token = token_at(text, length, token.offset + token.length)) {
        struct occurrence *occurrence;
        char *name;

        if (token.kind != TOKEN_PARAMETER)
            continue;
        name = token_value(infer->arena, text, token);
        occurrence = VEC_ADD(infer->arena, &infer->occurrences);
        occurrence->offset = token.offset;
        occurrence->parameter =
            name[0] == '?' ? numbered(infer, name, token) : named(infer, name, token);
    }
}

static int compare_occurrence(const void *key, const void *item)
{
    size_t offset = *(const size_t *)key;
    const struct occurrence *occurrence = item;

    return offset < occurrence->offset ? -1 : offset > occurrence->offset;
}

struct parameter *parameter_at(struct infer *infer, size_t offset)
{
    struct occurrence *found = NULL;

    if (infer->occurrences.count > 0)
        found = bsearch(&offset, infer->occurrences.items, infer->occurrences.count,
                        sizeof *infer->occurrences.items, compare_occurrence);
    return found == NULL ? NULL : found->parameter;
}

/* ---- columns ------------------------------------------------------------------------- */

struct binding *binding_new(struct infer *infer, struct scope *scope,
                            enum binding_kind kind)
{
    struct binding *binding = ARENA_NEW(infer->arena, struct binding);

    binding->kind = kind;
    binding->scope = scope;
    return binding;
}

static void refer_alias(struct infer *infer, struct expr *alias);

/* Remembers that `scope` was referred to, for the aggregate around. */
static void refer(struct infer *infer, struct scope *scope)
{
    if (scope->depth > infer->innermost_limit)
        return;
    if (infer->innermost == NULL || scope->depth > infer->innermost->depth)
        infer->innermost = scope;
}

static void refer_expr(void *context, struct expr *expr)
{
    const struct binding *binding = expr->kind == EXPR_COLUMN ? expr->binding : NULL;

    if (binding != NULL && binding->kind == BIND_ALIAS)
        refer_alias(context, binding->alias);
    else if (binding != NULL && binding->scope != NULL && binding->kind != BIND_STRING &&
             binding->kind != BIND_TRUTH)
        refer(context, binding->scope);
}

/* The name of a result stands for what the result refers to. */
static void refer_alias(struct infer *infer, struct expr *alias)
{
    const struct walker walker = {.context = infer, .expr = refer_expr};

    walk_expression(&walker, alias);
}

static void refer_column(struct infer *infer, struct scope *scope,
                         const struct binding *binding)
{
    if (binding->kind == BIND_ALIAS)
        refer_alias(infer, binding->alias);
    else
        refer(infer, scope);
}

static size_t match_alias(struct infer *infer, struct scope *scope,
                          const struct expr *expr, struct binding **binding)
{
    size_t i;

    if (expr->table != NULL || scope->aliases == NULL)
        return 0;
    for (i = 0; i < scope->aliases->count; i++) {
        struct result *result = &scope->aliases->items[i];

        if (result->alias == NULL || result->expr == NULL ||
            !name_same(result->alias, expr->name))
            continue;
        *binding = binding_new(infer, scope, BIND_ALIAS);
        (*binding)->alias = result->expr;
        return 1;
    }
    return 0;
}

static struct scope *scope_outside(const struct scope *scope)
{
    return scope->is_closed ? NULL : scope->parent;
}

static void suggest_joined(struct suggestion *suggestion, const struct joined *joined,
                           const char *table)
{
    size_t i;

    for (i = 0; i < joined_count(joined); i++)
        if (table == NULL || joined_is_of(joined, i, table))
            suggest_try(suggestion, joined_name(joined, i));
}

static void suggest_columns(const struct scope *scope, struct suggestion *suggestion,
                            const struct expr *expr)
{
    size_t i;

    for (; scope != NULL; scope = scope_outside(scope))
        for (i = 0; i < scope->joins->count; i++)
            suggest_joined(suggestion, scope->joins->items[i], expr->table);
}

static bool has_table(const struct scope *scope, const char *name)
{
    size_t i, k;

    for (; scope != NULL; scope = scope_outside(scope))
        for (i = 0; i < scope->joins->count; i++)
            for (k = 0; k < joined_count(scope->joins->items[i]); k++)
                if (joined_is_of(scope->joins->items[i], k, name))
                    return true;
    return false;
}

static void fail_column(struct infer *infer, const struct scope *scope,
                        const struct expr *expr)
{
    struct suggestion suggestion;

    suggest_init(&suggestion, expr->name);
    suggest_columns(scope, &suggestion, expr);
    if (expr->table != NULL && !has_table(scope, expr->table))
        infer_fail(infer, expr->range, NULL, "no table `%s` in this query", expr->table);
    else if (expr->table != NULL)
        infer_fail(infer, expr->name_range, suggestion.best, "no column `%s` in `%s`",
                   expr->name, expr->table);
    else
        infer_fail(infer, expr->name_range, suggestion.best, "no column `%s`",
                   expr->name);
}

/* What a name is that no table knows: TRUE, FALSE, or a string in double quotes. */
static bool bind_word(struct infer *infer, struct scope *scope, struct expr *expr)
{
    if (expr->table != NULL)
        return false;
    if (expr->quoted) {
        expr->binding = binding_new(infer, scope, BIND_STRING);
        return true;
    }
    if (!name_same(expr->name, "true") && !name_same(expr->name, "false"))
        return false;
    expr->binding = binding_new(infer, scope, BIND_TRUTH);
    return true;
}

static size_t match_in(struct infer *infer, struct scope *scope, struct expr *expr,
                       struct rowids *met)
{
    const struct joins *joins = scope->joins;
    size_t count = joins_match(infer, scope, joins, joins->count, expr, &expr->binding);

    if (count == 0)
        count = joins_match_rowid(infer, scope, joins, expr, met, &expr->binding);
    return count > 0 ? count : match_alias(infer, scope, expr, &expr->binding);
}

/* TRUE, FALSE and "text" are columns only where there are such. */
static bool is_word_outside(struct infer *infer, struct scope *scope,
                            const struct expr *expr)
{
    struct expr look = *expr;
    struct rowids met = {0};

    if (expr->table != NULL || (!expr->quoted && !name_same(expr->name, "true") &&
                                !name_same(expr->name, "false")))
        return false;
    for (; scope != NULL; scope = scope_outside(scope))
        if (match_in(infer, scope, &look, &met) > 0)
            return false;
    return true;
}

/* It is looked up where the common table is used. */
static void defer(struct infer *infer, struct relation *relation, struct expr *expr,
                  const struct expr *aggregate)
{
    size_t i;

    infer->refers_outside = true;
    for (i = 0; i < relation->foreign.count; i++)
        if (relation->foreign.items[i].expr == expr)
            return;
    *VEC_ADD(infer->arena, &relation->foreign) = (struct foreign){expr, aggregate};
}

void bind_column(struct infer *infer, struct scope *scope, struct expr *expr)
{
    struct rowids met = {0};
    struct scope *at;

    for (at = scope; at != NULL; at = scope_outside(at)) {
        size_t count = match_in(infer, at, expr, &met);

        if (count > 1)
            infer_fail(infer, expr->range, NULL, "`%s` could be a column of two tables",
                       expr->name);
        if (count > 0) {
            refer_column(infer, at, expr->binding);
            return;
        }
        if (at->boundary == NULL)
            continue;
        if (is_word_outside(infer, at->parent, expr))
            break;
        expr->binding = binding_new(infer, NULL, BIND_FOREIGN);
        defer(infer, at->boundary, expr, infer->aggregate);
        return;
    }
    if (!bind_word(infer, scope, expr))
        fail_column(infer, scope, expr);
}

/* ---- columns outside a common table -------------------------------------------------- */

static bool same_column(const struct binding *a, const struct binding *b)
{
    return a->kind == b->kind && a->source == b->source && a->column == b->column &&
           a->merged == b->merged;
}

/* Only of what is around the common table is known how it is typed. */
static bool is_around(const struct scope *scope, const struct relation *relation)
{
    const struct scope *around = relation->scope;

    while (around != NULL && around != scope)
        around = around->parent;
    return around != NULL;
}

/* The column that it is in this use; another one than in a use before: anything. */
static void settle(struct infer *infer, struct scope *scope,
                   const struct relation *relation, struct expr *expr,
                   struct binding *binding)
{
    bool first = expr->binding->kind == BIND_FOREIGN && expr->binding->scope == NULL;
    bool plain = binding->kind == BIND_COLUMN || binding->kind == BIND_MERGED;

    if (first && plain && is_around(scope, relation))
        expr->binding = binding;
    else if (!same_column(expr->binding, binding))
        expr->binding = binding_new(infer, scope, BIND_FOREIGN);
}

/* The query that it is a column of; NULL: one outside another common table, or none. */
static struct scope *find_foreign(struct infer *infer, struct scope *scope,
                                  const struct relation *relation,
                                  const struct foreign *foreign)
{
    struct expr *expr = foreign->expr, look = *expr;
    struct rowids met = {0};
    struct scope *at;

    for (at = scope; at != NULL && !infer_failed(infer); at = scope_outside(at)) {
        size_t count = match_in(infer, at, &look, &met);

        if (count > 1)
            infer_fail(infer, expr->range, NULL, "`%s` could be a column of two tables",
                       expr->name);
        if (count > 0) {
            refer_column(infer, at, look.binding);
            settle(infer, at, relation, expr, look.binding);
            return at;
        }
        if (at->boundary == NULL)
            continue;
        defer(infer, at->boundary, expr, foreign->aggregate);
        return NULL;
    }
    if (!infer_failed(infer))
        fail_column(infer, scope, expr);
    return NULL;
}

/* An aggregate of nothing but such columns makes an aggregate of the query they are of. */
static void settle_aggregate(const struct expr *aggregate, struct scope *of)
{
    if (aggregate != NULL && aggregate->aggregate_of == NULL && of != NULL &&
        of->in_results)
        of->is_aggregate = true;
}

void bind_foreign(struct infer *infer, struct scope *scope, struct relation *relation)
{
    const struct expr *aggregate = NULL;
    struct scope *innermost = NULL;
    size_t i;

    for (i = 0; i < relation->foreign.count && !relation->binding; i++) {
        const struct foreign *foreign = &relation->foreign.items[i];
        struct scope *of = find_foreign(infer, scope, relation, foreign);

        if (foreign->aggregate != aggregate) {
            settle_aggregate(aggregate, innermost);
            aggregate = foreign->aggregate;
            innermost = NULL;
        }
        if (of != NULL && (innermost == NULL || of->depth > innermost->depth))
            innermost = of;
    }
    settle_aggregate(aggregate, innermost);
}
