/*
 * bind.c: scopes, and what a column's name means in them, by the rules of SQLite's
 * lookupName(). It must not know types.
 */
#include "infer_internal.h"

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

bool relation_is_rowid(const struct relation *relation, const char *name)
{
    return relation->table != NULL && relation->table->has_rowid &&
           (name_same(name, "rowid") || name_same(name, "oid") ||
            name_same(name, "_rowid_"));
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

static struct binding *bound(struct infer *infer, struct scope *scope,
                             enum binding_kind kind)
{
    struct binding *binding = ARENA_NEW(infer->arena, struct binding);

    binding->kind = kind;
    binding->scope = scope;
    return binding;
}

/* Remembers that `scope` was referred to, for the aggregate around. */
static void refer(struct infer *infer, struct scope *scope)
{
    if (scope->depth > infer->innermost_limit)
        return;
    if (infer->innermost == NULL || scope->depth > infer->innermost->depth)
        infer->innermost = scope;
}

static bool source_named(const struct source *source, const struct expr *expr)
{
    if (expr->table == NULL)
        return !source->qualified_only;
    if (!name_same(source->name, expr->table))
        return false;
    if (expr->schema == NULL)
        return true;
    return source->relation->table != NULL &&
           name_same(source->relation->table->schema, expr->schema);
}

static struct merged *find_merged(const struct scope *scope, const struct source *right,
                                  const char *name)
{
    size_t i;

    for (i = 0; i < scope->merged.count; i++)
        if (scope->merged.items[i]->right == right &&
            name_same(scope->merged.items[i]->name, name))
            return scope->merged.items[i];
    return NULL;
}

static struct binding *bind_to(struct infer *infer, struct scope *scope,
                               struct source *source, int column)
{
    struct binding *binding = bound(infer, scope, BIND_COLUMN);

    binding->source = source;
    binding->column = column;
    return binding;
}

/*
 * A second table with the column, by a USING: an INNER or LEFT join shows the first one's,
 * a RIGHT join the last one's, a FULL join whichever is not NULL.
 */
static void join_match(struct infer *infer, struct scope *scope, struct source *source,
                       int column, const char *name, struct binding **binding)
{
    struct merged *merged;

    if (source->using_join == JOIN_RIGHT && (*binding)->source != source) {
        *binding = bind_to(infer, scope, source, column);
        return;
    }
    merged = source->using_join == JOIN_FULL ? find_merged(scope, source, name) : NULL;
    if (merged == NULL)
        return;
    *binding = bound(infer, scope, BIND_MERGED);
    (*binding)->merged = merged;
}

size_t match_columns(struct infer *infer, struct scope *scope, size_t first, size_t end,
                     const struct expr *expr, struct binding **binding)
{
    size_t i, count = 0;

    for (i = first; i < end; i++) {
        struct source *source = scope->sources.items[i];
        int column = source_named(source, expr)
                         ? relation_find(source->relation, expr->name)
                         : COLUMN_NONE;

        if (column == COLUMN_NONE)
            continue;
        if (count == 0)
            *binding = bind_to(infer, scope, source, column);
        else if (expr->table == NULL && names_have(source->using_names, expr->name)) {
            join_match(infer, scope, source, column, expr->name, binding);
            continue;
        }
        count++;
    }
    return count;
}

/* A table in brackets counts only where there is none outside. */
static size_t match_rowid(struct infer *infer, struct scope *scope,
                          const struct expr *expr, struct binding **binding)
{
    size_t i, count = 0, grouped = 0;

    for (i = 0; i < scope->sources.count; i++) {
        struct source *source = scope->sources.items[i];

        if (!source_named(source, expr) ||
            !relation_is_rowid(source->relation, expr->name))
            continue;
        if (expr->table == NULL && source->group != scope->visible) {
            if (count == 0 && grouped++ == 0)
                *binding = bind_to(infer, scope, source, COLUMN_ROWID);
            continue;
        }
        count++;
        *binding = bound(infer, scope, BIND_COLUMN);
        (*binding)->source = source;
        (*binding)->column = COLUMN_ROWID;
    }
    return count == 1 || (count == 0 && grouped > 0) ? 1 : 0;
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
        *binding = bound(infer, scope, BIND_ALIAS);
        (*binding)->alias = result->expr;
        return 1;
    }
    return 0;
}

static void suggest_columns(const struct scope *scope, struct suggestion *suggestion,
                            const struct expr *expr)
{
    size_t i, k;

    for (; scope != NULL; scope = scope->parent)
        for (i = 0; i < scope->sources.count; i++) {
            const struct source *source = scope->sources.items[i];

            if (!source_named(source, expr))
                continue;
            for (k = 0; k < source->relation->count; k++)
                suggest_try(suggestion, source->relation->columns[k].name);
        }
}

static bool has_source(const struct scope *scope, const char *name)
{
    size_t i;

    for (; scope != NULL; scope = scope->parent)
        for (i = 0; i < scope->sources.count; i++)
            if (name_same(scope->sources.items[i]->name, name))
                return true;
    return false;
}

static void fail_column(struct infer *infer, const struct scope *scope,
                        const struct expr *expr)
{
    struct suggestion suggestion;

    suggest_init(&suggestion, expr->name);
    suggest_columns(scope, &suggestion, expr);
    if (expr->table != NULL && !has_source(scope, expr->table))
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
        expr->binding = bound(infer, scope, BIND_STRING);
        return true;
    }
    if (!name_same(expr->name, "true") && !name_same(expr->name, "false"))
        return false;
    expr->binding = bound(infer, scope, BIND_TRUTH);
    return true;
}

static size_t match_visible(struct infer *infer, struct scope *scope,
                            const struct expr *expr, struct binding **binding)
{
    const struct from *visible = scope->visible;

    return match_columns(infer, scope, visible == NULL ? 0 : visible->first_source,
                         visible == NULL ? scope->sources.count : visible->end_source,
                         expr, binding);
}

void bind_column(struct infer *infer, struct scope *scope, struct expr *expr)
{
    struct scope *at;
    bool foreign = false;
    size_t count;

    for (at = scope; at != NULL; at = at->parent) {
        count = match_visible(infer, at, expr, &expr->binding);
        if (count == 0)
            count = match_rowid(infer, at, expr, &expr->binding);
        if (count == 0)
            count = match_alias(infer, at, expr, &expr->binding);
        if (count > 1)
            infer_fail(infer, expr->range, NULL, "`%s` could be a column of two tables",
                       expr->name);
        if (count > 0) {
            if (foreign)
                expr->binding->kind = BIND_FOREIGN;
            refer(infer, at);
            return;
        }
        foreign = foreign || at->is_boundary;
    }
    if (!bind_word(infer, scope, expr))
        fail_column(infer, scope, expr);
}
