/*
 * infer.c: the entry of the resolver: bind, then type, and what is told of the result. See
 * infer.h.
 */
#include "infer_internal.h"

#include <stdlib.h>
#include <string.h>

static void bind(struct infer *infer, struct statement *statement,
                 struct inferred *inferred)
{
    if (statement->kind == STATEMENT_SELECT) {
        bind_select(infer, NULL, statement->select, NULL);
        inferred->columns = statement->select->relation;
    } else {
        inferred->columns = ARENA_NEW(infer->arena, struct relation);
        bind_change(infer, statement, inferred->columns);
    }
}

/* Once more where a parameter was typed behind its use: types only get sharper by that. */
static void type(struct infer *infer, struct statement *statement,
                 struct inferred *inferred)
{
    int rounds = 0;

    do {
        infer->retype = false;
        if (statement->kind == STATEMENT_SELECT)
            type_select(infer, statement->select, NULL);
        else
            type_change(infer, statement, inferred->columns);
    } while (infer->retype && ++rounds < 4);
}

static bool is_one(const struct expr *limit)
{
    return limit != NULL && limit->kind == EXPR_INTEGER && strcmp(limit->text, "1") == 0;
}

static bool select_is_one(const struct select *select)
{
    const struct core *core = select->cores[0];

    if (is_one(select->limit))
        return true;
    if (select->core_count > 1)
        return false;
    if (core->is_values)
        return core->values.count == 1;
    return !core->has_from || (core->scope->is_aggregate && !core->scope->has_group);
}

static bool at_most_one(const struct statement *statement)
{
    if (statement->kind == STATEMENT_SELECT)
        return select_is_one(statement->select);
    if (statement->kind == STATEMENT_INSERT)
        return statement->select == NULL || select_is_one(statement->select);
    return is_one(statement->limit);
}

static bool writes_loosely(const struct statement *statement)
{
    const struct catalog_table *table;

    if (statement->kind == STATEMENT_SELECT)
        return false;
    table = statement->scope->sources.items[0]->relation->table;
    return table == NULL || !table->strict;
}

static int by_index(const void *a, const void *b)
{
    const struct parameter *const *x = a, *const *y = b;

    return ((*x)->index > (*y)->index) - ((*x)->index < (*y)->index);
}

static void list_parameters(struct infer *infer, struct inferred *inferred)
{
    inferred->parameters = infer->parameters.items;
    inferred->parameter_count = infer->parameters.count;
    if (inferred->parameter_count > 1)
        qsort(inferred->parameters, inferred->parameter_count,
              sizeof *inferred->parameters, by_index);
}

enum {
    GIVEN = 3 /* parameter.strength of a type that the schema gives */
};

static void take_given(struct infer *infer, const struct given *given, size_t count)
{
    size_t i, k;

    for (i = 0; i < infer->parameters.count; i++)
        for (k = 0; k < count; k++) {
            struct parameter *parameter = infer->parameters.items[i];

            if (strcmp(parameter->name, given[k].name) != 0)
                continue;
            parameter->can_be_null = parameter->can_be_null || given[k].type.nullable;
            parameter->strength = GIVEN;
            parameter->type = given[k].type;
            parameter->type.nullable = parameter->can_be_null;
            parameter->type.reason = (struct reason){"given", parameter->place};
        }
}

bool infer_statement(struct arena *arena, struct catalog *catalog, const char *text,
                     size_t length, struct statement *statement,
                     struct inferred *inferred, struct sql_error *error)
{
    return infer_statement_given(arena, catalog, text, length, statement, NULL, 0,
                                 inferred, error);
}

bool infer_statement_given(struct arena *arena, struct catalog *catalog, const char *text,
                           size_t length, struct statement *statement,
                           const struct given *given, size_t given_count,
                           struct inferred *inferred, struct sql_error *error)
{
    struct infer infer = {.arena = arena, .catalog = catalog, .text = text};

    *inferred = (struct inferred){.statement = statement};
    parameters_find(&infer, text, length);
    take_given(&infer, given, given_count);
    bind(&infer, statement, inferred);
    if (!infer_failed(&infer)) {
        type(&infer, statement, inferred);
        list_parameters(&infer, inferred);
        inferred->at_most_one = at_most_one(statement);
        inferred->writes_loosely = writes_loosely(statement);
    }
    *error = infer.error;
    return !infer_failed(&infer);
}

/* ---- names of types ------------------------------------------------------------------ */

const char *type_storage(const struct type *type)
{
    switch (type->classes) {
    case 0: return "null";
    case CLASS_INTEGER:
    case CLASS_INTEGER | CLASS_OVERFLOW: return "integer";
    case CLASS_TEXT: return "text";
    case CLASS_BLOB: return "blob";
    default: break;
    }
    /* Integers among reals are read as reals. */
    return (type->classes & ~(unsigned)(CLASS_NUMBER | CLASS_OVERFLOW)) == 0 ? "real"
                                                                             : "any";
}

const char *type_name(const struct type *type)
{
    if (type->untyped && (type->classes & CLASS_ANY) == CLASS_ANY)
        return "null";
    return type->semantic != NULL ? type->semantic : type_storage(type);
}

char *infer_plain_sql(struct arena *arena, const char *text, size_t length)
{
    char *plain = arena_strndup(arena, text, length);
    struct token token = token_at(text, length, 0);

    for (; token.kind != TOKEN_END;
         token = token_at(text, length, token.offset + token.length)) {
        size_t end = token.offset + token.length;

        if (token.kind != TOKEN_PARAMETER || token.length < 3)
            continue;
        if (plain[end - 1] == '?')
            plain[end - 1] = ' ';
        else if (strncmp(plain + end - 3, "...", 3) == 0)
            memset(plain + end - 3, ' ', 3);
    }
    return plain;
}
