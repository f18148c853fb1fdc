/*
 * query_params.c: the parameters of a query: their forms, their types, which belong to an
 * optional filter, and what `params` says of them.
 */
#include "../base/names.h"
#include "query_internal.h"

#include <string.h>

static struct span place(const struct typing *typing, struct range range)
{
    return query_place(typing->text, &typing->variant, range);
}

/* ---- what the schema gives ----------------------------------------------------------- */

static bool is_named(const struct typing *typing, const char *name)
{
    struct token token = token_at(typing->variant.text, typing->variant.length, 0);
    size_t length = strlen(name);

    for (; token.kind != TOKEN_END;
         token = token_at(typing->variant.text, typing->variant.length,
                          token.offset + token.length)) {
        const char *text = typing->variant.text + token.offset;

        if (token.kind == TOKEN_PARAMETER && text[0] == ':' && token.length > length &&
            memcmp(text + 1, name, length) == 0 &&
            (token.length == length + 1 || text[length + 1] == '?' ||
             text[length + 1] == '.'))
            return true;
    }
    return false;
}

bool params_given(struct typing *typing)
{
    const struct column_list *params = &typing->query->params;
    size_t i, errors = diags_errors(typing->typer->diags);

    for (i = 0; i < params->count; i++) {
        const struct column *param = params->items[i];

        if (!is_named(typing, param->name))
            diag_error(typing->typer->diags, 314, param->span,
                       "the statement has no parameter `:%s`", param->name);
        *VEC_ADD(typing->typer->arena, &typing->given) = (struct given){
            arena_printf(typing->typer->arena, ":%s", param->name), model_type(param)};
    }
    return diags_errors(typing->typer->diags) == errors;
}

/* ---- forms --------------------------------------------------------------------------- */

static bool check_form(const struct typing *typing, const struct parameter *parameter)
{
    if (strlen(parameter->name) > NAME_LIMIT + 1) {
        typing_fail(typing, 308, parameter->place,
                    "the name of this parameter is longer than %d characters",
                    NAME_LIMIT);
        return false;
    }
    if (parameter->name[0] == ':' && parameter->name[1] != '\0')
        return true;
    diag_hint(typing_fail(typing, 308, parameter->place, "`%s` has no name for C",
                          parameter->name),
              "write `:name`");
    return false;
}

static bool check_conflict(const struct typing *typing, const struct parameter *parameter)
{
    struct diag *diag;

    if (parameter->conflict.end == 0)
        return true;
    diag = typing_fail(typing, 307, parameter->conflict, "`%s` is %s here, but %s before",
                       parameter->name, type_name(&parameter->other),
                       type_name(&parameter->type));
    diag_note(diag, place(typing, parameter->typed_at), "here it is %s",
              type_name(&parameter->type));
    diag_hint(diag, "use two parameters, or CAST one of the two");
    return false;
}

/* `(` before and `)` behind, and IN before that. */
static bool is_alone_in_list(const struct typing *typing, struct token list)
{
    const char *text = typing->variant.text;
    size_t length = typing->variant.length;
    struct token before[2] = {{0}}, token = token_at(text, length, 0);

    for (; token.offset < list.offset;
         token = token_at(text, length, token.offset + token.length)) {
        before[0] = before[1];
        before[1] = token;
    }
    token = token_at(text, length, list.offset + list.length);
    return before[0].keyword == KEYWORD_IN && before[1].kind == TOKEN_LEFT &&
           token.kind == TOKEN_RIGHT;
}

/* True where the token is the parameter, with or without a mark. */
static bool is_use(const struct typing *typing, struct token token,
                   const struct parameter *parameter)
{
    const char *text = typing->variant.text;
    size_t name = strlen(parameter->name);

    return token.kind == TOKEN_PARAMETER && token.length >= name &&
           memcmp(text + token.offset, parameter->name, name) == 0 &&
           (token.length == name || strchr("?.", text[token.offset + name]) != NULL);
}

/* One value alone inside IN (…) works as `=`: who writes it means a list. */
static void advise_list(const struct typing *typing, const struct parameter *parameter)
{
    const char *text = typing->variant.text;
    size_t length = typing->variant.length;
    struct token token = token_at(text, length, 0);

    for (; token.kind != TOKEN_END;
         token = token_at(text, length, token.offset + token.length)) {
        struct range range = {token.offset, token.offset + token.length};

        if (is_use(typing, token, parameter) && is_alone_in_list(typing, token))
            diag_hint(diag_warning(typing->typer->diags, 323, place(typing, range),
                                   "`%s` is one value, not a list", parameter->name),
                      "a list is `IN (%s...)`; one value needs no IN", parameter->name);
    }
}

/* Every use of a list has its mark, and stands alone inside IN (…). */
static bool check_list(const struct typing *typing, const struct parameter *parameter)
{
    const char *text = typing->variant.text;
    size_t length = typing->variant.length, name = strlen(parameter->name);
    struct token token = token_at(text, length, 0);

    for (; token.kind != TOKEN_END;
         token = token_at(text, length, token.offset + token.length)) {
        struct range range = {token.offset, token.offset + token.length};

        if (!is_use(typing, token, parameter))
            continue;
        if (token.length == name + 3 && is_alone_in_list(typing, token))
            continue;
        diag_hint(typing_fail(typing, 309, range, "a list can't stand here"),
                  "lists stand alone in IN: `x IN (%s...)`", parameter->name);
        return false;
    }
    return true;
}

/* ---- filters ------------------------------------------------------------------------- */

/* The bits of the filters that name it; 0: it stands outside of them too, or alone. */
static unsigned filters_of(const struct typing *typing, const struct parameter *parameter)
{
    const struct query_text *text = typing->text;
    size_t name = strlen(parameter->name), i;
    unsigned found = 0;

    for (i = 0; i < text->segments.count; i++) {
        const struct segment *segment = &text->segments.items[i];
        size_t end = segment->range.end;
        struct token token = token_at(text->sql, end, segment->range.start);

        for (; token.kind != TOKEN_END;
             token = token_at(text->sql, end, token.offset + token.length)) {
            const char *at = text->sql + token.offset;

            if (token.kind != TOKEN_PARAMETER ||
                strncmp(at, parameter->name, name) != 0 ||
                (token.length > name && strchr("?.", at[name]) == NULL))
                continue;
            if (segment->filter == 0)
                return 0;
            found |= 1u << (segment->filter - 1);
        }
    }
    return found;
}

static bool check_filter(const struct typing *typing, const struct parameter *parameter,
                         unsigned *filters)
{
    *filters = filters_of(typing, parameter);
    if (*filters == 0 || !parameter->can_be_null)
        return true;
    diag_hint(typing_fail(typing, 310, parameter->place,
                          "`%s` can't be NULL in an optional filter", parameter->name),
              "NULL says that the filter is left out");
    return false;
}

/* A filter is left out where a parameter of its own is not given: it needs one. */
static bool check_filters(const struct typing *typing)
{
    unsigned used = 0;
    bool good = true;
    size_t i;

    for (i = 0; i < typing->typed->params.count; i++)
        used |= typing->typed->params.items[i].filters;
    for (i = 0; i < typing->text->segments.count; i++) {
        const struct segment *segment = &typing->text->segments.items[i];

        if (segment->filter == 0 || (used >> (segment->filter - 1) & 1) != 0)
            continue;
        diag_hint(typing_fail(typing, 310, segment->range,
                              "this filter has no parameter of its own"),
                  "one that stands in filters only says whether it is there");
        good = false;
    }
    return good;
}

/* ---- types --------------------------------------------------------------------------- */

/* Names of C and of the emitted function's other parameters get an underscore. */
static const char *c_name(struct arena *arena, const char *name)
{
    name = name_to_snake(arena, name);
    return name_reserved(name) != NULL ? arena_printf(arena, "%s_", name) : name;
}

static bool set_type(const struct typing *typing, const struct parameter *parameter,
                     struct query_param *param)
{
    const struct typer *typer = typing->typer;

    param->origin = model_column(typer, &parameter->type);
    if (model_set(typer, param->column, &parameter->type))
        return true;
    diag_hint(typing_fail(typing, 306, parameter->place,
                          parameter->type.untyped ? "nothing says of what type `%s` is"
                                                  : "`%s` could be of several types",
                          parameter->name),
              "say it: `params: {%s: integer}`", parameter->name + 1);
    return false;
}

static bool set_param(const struct typing *typing, const struct parameter *parameter,
                      size_t index)
{
    struct arena *arena = typing->typer->arena;
    struct query_param param = {.is_list = parameter->is_list};

    if (!check_form(typing, parameter) || !check_conflict(typing, parameter) ||
        (parameter->is_list && !check_list(typing, parameter)) ||
        !check_filter(typing, parameter, &param.filters))
        return false;
    param.column = ARENA_NEW(arena, struct column);
    param.column->sql_name = parameter->name + 1;
    param.column->name = c_name(arena, parameter->name + 1);
    param.column->span = place(typing, parameter->place);
    param.column->index = index;
    if (!set_type(typing, parameter, &param))
        return false;
    if (!parameter->is_list)
        advise_list(typing, parameter);
    param.column->nullable =
        !param.is_list && (parameter->can_be_null || param.filters != 0);
    *VEC_ADD(arena, &typing->typed->params) = param;
    return true;
}

static bool check_twice(const struct typing *typing)
{
    const struct query_param *params = typing->typed->params.items;
    size_t i, k;

    for (i = 0; i < typing->typed->params.count; i++)
        for (k = 0; k < i; k++) {
            if (strcmp(params[i].column->name, params[k].column->name) != 0)
                continue;
            diag_error(typing->typer->diags, 308, params[i].column->span,
                       "`:%s` and `:%s` have the same name in C",
                       params[i].column->sql_name, params[k].column->sql_name);
            return false;
        }
    return true;
}

bool params_set(struct typing *typing)
{
    const struct inferred *inferred = typing->inferred;
    bool good = true;
    size_t i;

    for (i = 0; i < inferred->parameter_count; i++)
        good = set_param(typing, inferred->parameters[i], i) && good;
    return good && check_filters(typing) && check_twice(typing);
}
