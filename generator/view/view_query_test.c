/*
 * view_query_test.c: see view_query_test.h. Each case is the statement with values written
 * into it, which plain SQLite runs too: the emitted function must find as many rows.
 */
#include "view_query_test.h"

#include "../model/ddl.h"
#include "../model/sample.h"
#include "../sql/query.h"
#include "text.h"
#include "view_sample.h"

#include <stdlib.h>
#include <string.h>

enum {
    VALUES = SAMPLE_ROWS /* of a list */
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* The lengths of lists that are tried, and how many of its values are in them. */
static const size_t lengths[] = {0, 1, 2, 1000};

/* What a case gives the query. */
struct choice {
    unsigned filters;
    size_t order;
    size_t length; /* of lists */
    size_t null;   /* the parameter that is NULL, from 1; 0: none */
};

struct query_tester {
    struct builder *builder;
    const struct query *query;
    const struct typed_query *typed;
    struct literal (*values)[VALUES]; /* of each parameter */
};

/* ---- values ---------------------------------------------------------------------- */

static struct literal text_literal(const char *text)
{
    return (struct literal){.kind = LITERAL_TEXT, .text = text, .length = strlen(text)};
}

static struct literal enum_literal(const struct column *column, size_t number)
{
    const struct enumeration *e = column->enumeration;
    const struct enumerator *value = &e->values.items[number % e->values.count];
    struct literal literal = text_literal(value->text);

    if (e->storage == STORE_INTEGER)
        literal = (struct literal){.kind = LITERAL_INTEGER, .integer = value->value};
    literal.enumerator = value;
    return literal;
}

/* Some value of the type, where no column tells a better one. */
static struct literal any_literal(const struct column *column, size_t number)
{
    switch (column->type) {
    case TYPE_ENUM: return enum_literal(column, number);
    case TYPE_REAL: return (struct literal){.kind = LITERAL_REAL, .real = 0.5};
    case TYPE_TEXT: return text_literal(number == 0 ? "%" : "a");
    case TYPE_DATE: return text_literal("2024-01-15");
    case TYPE_JSON:
    case TYPE_LABELS: return text_literal("{}");
    case TYPE_UUID: return text_literal("123e4567-e89b-42d3-a456-426614174000");
    case TYPE_BLOB:
        return (struct literal){.kind = LITERAL_BLOB, .text = "a", .length = 1};
    case TYPE_TIMESTAMP:
        if (column->storage == STORE_TEXT)
            return text_literal("2024-01-15T10:00:00.000Z");
        break;
    default: break;
    }
    return (struct literal){.kind = LITERAL_INTEGER, .integer = (int64_t)number + 1};
}

static const struct table *table_of(const struct schema *schema,
                                    const struct column *column)
{
    size_t i;

    for (i = 0; i < schema->tables.count; i++) {
        const struct table *table = schema->tables.items[i];

        if (column->index < table->columns.count &&
            table->columns.items[column->index] == column)
            return table;
    }
    return NULL;
}

static bool is_value(const struct literal *literal)
{
    return literal->kind == LITERAL_INTEGER || literal->kind == LITERAL_REAL ||
           literal->kind == LITERAL_TEXT || literal->kind == LITERAL_BLOB;
}

/* A value that a sample row has in the column that the parameter is compared with. */
static struct literal value_of(const struct query_tester *tester,
                               const struct query_param *param, size_t number)
{
    const struct table *table =
        param->origin == NULL ? NULL : table_of(tester->builder->schema, param->origin);
    const struct literal *literal;

    if (param->column->type == TYPE_ENUM)
        return enum_literal(param->column, number);
    if (table == NULL || table->samples == NULL ||
        param->origin->type != param->column->type)
        return any_literal(param->column, number);
    literal = &table->samples[(number + 2) % SAMPLE_ROWS].values[param->origin->index];
    return is_value(literal) ? *literal : any_literal(param->column, number);
}

/* ---- SQL ------------------------------------------------------------------------- */

static void add_value(struct buf *out, const struct literal *literal)
{
    bool number = literal->kind == LITERAL_INTEGER || literal->kind == LITERAL_REAL;

    buf_adds(out, number ? "(" : ""); /* x -:y must not become x --1 */
    ddl_literal(literal, out);
    buf_adds(out, number ? ")" : "");
}

static void add_list(struct buf *out, const struct literal *values, size_t length)
{
    size_t i;

    for (i = 0; i < length && i < VALUES; i++) {
        buf_adds(out, i > 0 ? ", " : "");
        add_value(out, &values[i]);
    }
}

/* The number of the parameter that a token is, from 0. */
static size_t number_of(const struct query_tester *tester, const char *name,
                        size_t length)
{
    size_t i;

    for (i = 0; i < tester->typed->params.count; i++) {
        const char *own = tester->typed->params.items[i].column->sql_name;

        if (name[0] == '?'
                ? strtoul(name + 1, NULL, 10) == i + 1
                : strlen(own) + 1 == length && strncmp(own, name + 1, length - 1) == 0)
            return i;
    }
    return 0;
}

static const char list_source[] = "SELECT c1 FROM quarry_rows_1(";

/* What stands around a list gives way to its values; what is behind it. */
static size_t replace_list(struct buf *out, const struct literal *values, size_t length,
                           size_t behind)
{
    out->length -= strlen(list_source);
    out->data[out->length] = '\0';
    add_list(out, values, length);
    return behind + 1;
}

/* The statement with values in place of its parameters. */
static const char *plain_sql(const struct query_tester *tester, const char *sql,
                             const struct choice *choice)
{
    size_t end = strlen(sql), done = 0;
    struct token token = token_at(sql, end, 0);
    struct buf out;
    const char *text;

    buf_init(&out);
    for (; token.kind != TOKEN_END;
         token = token_at(sql, end, token.offset + token.length)) {
        size_t number;

        if (token.kind != TOKEN_PARAMETER)
            continue;
        buf_add(&out, sql + done, token.offset - done);
        done = token.offset + token.length;
        number = number_of(tester, sql + token.offset, token.length);
        if (tester->typed->params.items[number].is_list)
            done = replace_list(&out, tester->values[number], choice->length, done);
        else if (number + 1 == choice->null)
            buf_adds(&out, "NULL");
        else
            add_value(&out, &tester->values[number][0]);
    }
    buf_adds(&out, sql + done);
    text = arena_strndup(tester->builder->arena, out.data, out.length);
    buf_release(&out);
    return text;
}

/* ---- cases ----------------------------------------------------------------------- */

struct cases {
    struct arena *arena;
    VEC(struct value) list;
};

static bool has_lists(const struct query_tester *tester)
{
    size_t i;

    for (i = 0; i < tester->typed->params.count; i++)
        if (tester->typed->params.items[i].is_list)
            return true;
    return false;
}

/* What is 0 is not written out. */
static const char *or_nothing(struct arena *arena, size_t number)
{
    return number == 0 ? NULL : text_size(arena, number);
}

static void add_case(const struct query_tester *tester, struct cases *cases,
                     struct choice choice)
{
    static const char *const names[] = {"case_filters", "case_order", "length", "null",
                                        NULL};
    static struct shape shape = {.names = names};
    struct arena *arena = cases->arena;
    const char *sql = plain_sql(
        tester, query_joined(arena, tester->typed, choice.filters, choice.order),
        &choice);
    const char *variable = arena_printf(arena, "sql_%zu", cases->list.count);
    const struct value fields[] = {
        value_text(choice.filters == 0 ? NULL
                                       : arena_printf(arena, "%uu", choice.filters)),
        value_text(or_nothing(arena, choice.order)),
        value_text(or_nothing(arena, has_lists(tester) ? choice.length : 0)),
        value_text(or_nothing(arena, choice.null)),
    };

    *VEC_ADD(arena, &cases->list) = value_copy(
        arena, &shape, text_sql_object(arena, variable, sql).object, fields, 4);
}

/* `:x?`: NULL is a value of it, and not that a filter is left out. */
static bool can_be_null(const struct query_param *param)
{
    return param->column->nullable && param->filters == 0;
}

/* Whose parameters are all given where those of `filters` are. */
static unsigned filters_given(const struct typed_query *typed, unsigned filters)
{
    unsigned given = (1u << typed->filters) - 1;
    size_t i;

    for (i = 0; i < typed->params.count; i++)
        if (typed->params.items[i].filters != 0 &&
            (typed->params.items[i].filters & filters) == 0)
            given &= ~typed->params.items[i].filters;
    return given;
}

/* All filters with all lengths and orders; each filter alone, and none; each NULL. */
static struct value make_cases(const struct query_tester *tester)
{
    const struct typed_query *typed = tester->typed;
    struct cases cases = {.arena = tester->builder->arena};
    unsigned all = (1u << typed->filters) - 1;
    size_t longest = lengths[COUNT(lengths) - 1], i;
    int filter;

    for (i = has_lists(tester) ? 0 : COUNT(lengths) - 1; i < COUNT(lengths); i++)
        add_case(tester, &cases, (struct choice){all, 0, lengths[i], 0});
    for (i = 1; i < tester->query->orders.count; i++)
        add_case(tester, &cases, (struct choice){all, i, longest, 0});
    for (filter = 0; filter < typed->filters; filter++)
        add_case(tester, &cases,
                 (struct choice){filters_given(typed, 1u << filter), 0, longest, 0});
    if (all != 0)
        add_case(tester, &cases, (struct choice){0, 0, longest, 0});
    for (i = 0; i < typed->params.count; i++)
        if (can_be_null(&typed->params.items[i]))
            add_case(tester, &cases, (struct choice){all, 0, longest, i + 1});
    return value_list(cases.arena, cases.list.items, cases.list.count);
}

/* ---- parameters ------------------------------------------------------------------ */

static struct value list_values(const struct query_tester *tester,
                                const struct query_param *param,
                                const struct literal *literals)
{
    struct arena *arena = tester->builder->arena;
    struct value *items = ARENA_ARRAY(arena, struct value, VALUES);
    size_t i;

    for (i = 0; param->is_list && i < VALUES; i++)
        items[i] = value_text(
            sample_initializer(tester->builder, param->column, &literals[i], 8));
    return value_list(arena, items, param->is_list ? VALUES : 0);
}

/* The value as a C expression: NULL in the case that asks for it. */
static const char *initializer(const struct query_tester *tester, size_t index)
{
    static const struct literal null = {.kind = LITERAL_NULL};
    const struct query_param *param = &tester->typed->params.items[index];
    struct builder *builder = tester->builder;
    const char *value =
        sample_expression(builder, param->column, &tester->values[index][0]);

    if (!can_be_null(param))
        return value;
    return arena_printf(builder->arena, "cases[i].null == %zu ? %s : %s", index + 1,
                        sample_expression(builder, param->column, &null), value);
}

static struct value test_param(const struct query_tester *tester, size_t index)
{
    static const char *const names[] = {
        "test_name", "test_is_list", "element_type", "init", "values", "test_bit", NULL};
    static struct shape shape = {.names = names};
    struct builder *builder = tester->builder;
    struct arena *arena = builder->arena;
    const struct query_param *param = &tester->typed->params.items[index];
    const struct value fields[] = {
        value_text(param->column->name),
        value_flag(param->is_list),
        value_text(view_c_type(builder, param->column, false)),
        value_text(param->is_list ? "" : initializer(tester, index)),
        list_values(tester, param, tester->values[index]),
        value_text(param->filters == 0 ? NULL
                                       : arena_printf(arena, "%uu", param->filters)),
    };

    return value_copy(arena, &shape, NULL, fields, COUNT(fields));
}

static struct value test_params(const struct query_tester *tester)
{
    struct arena *arena = tester->builder->arena;
    size_t count = tester->typed->params.count, i;
    struct value *items = ARENA_ARRAY(arena, struct value, count);

    for (i = 0; i < count; i++)
        items[i] = test_param(tester, i);
    return value_list(arena, items, count);
}

const char *view_integers(struct arena *arena, const struct table *row)
{
    unsigned long long bits = 0;
    size_t i;

    for (i = 0; row != NULL && i < row->columns.count && i < 64; i++)
        if (row->columns.items[i]->storage == STORE_INTEGER)
            bits |= 1ull << i;
    return arena_printf(arena, "0x%llxu", bits);
}

struct value view_query_test(struct builder *builder, const struct query *query)
{
    static const char *const names[] = {"cases", "test_params", "integers", NULL};
    static struct shape shape = {.names = names};
    struct query_tester tester = {
        .builder = builder, .query = query, .typed = query->typed};
    size_t count = query->typed->params.count, i, k;
    struct value *fields = ARENA_ARRAY(builder->arena, struct value, 3);

    tester.values = arena_alloc(builder->arena, (count + 1) * sizeof *tester.values);
    for (i = 0; i < count; i++)
        for (k = 0; k < VALUES; k++)
            tester.values[i][k] = value_of(&tester, &query->typed->params.items[i], k);
    fields[0] = make_cases(&tester);
    fields[1] = test_params(&tester);
    fields[2] = value_text(view_integers(builder->arena, query->typed->row));
    return value_new(builder->arena, &shape, NULL, fields);
}
