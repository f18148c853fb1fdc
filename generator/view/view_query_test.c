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
    VALUES = SAMPLE_ROWS, /* of a list */
    LONGEST_SQL = 4000
};

/* The lengths of lists that are tried, and how many of its values are in them. */
static const size_t lengths[] = {0, 1, 2, 1000};

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
                             size_t length)
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
            done = replace_list(&out, tester->values[number], length, done);
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

static void add_case(const struct query_tester *tester, struct cases *cases,
                     unsigned filters, size_t order, size_t length)
{
    static const char *const names[] = {"case_filters", "case_order", "length", NULL};
    static struct shape shape = {.names = names};
    struct arena *arena = tester->builder->arena;
    const char *sql =
        plain_sql(tester, query_joined(arena, tester->typed, filters, order), length);
    const struct value fields[] = {value_text(arena_printf(arena, "%uu", filters)),
                                   value_text(text_size(arena, order)),
                                   value_text(text_size(arena, length))};

    if (strlen(sql) <= LONGEST_SQL) /* else there is no case, and perhaps no test */
        *VEC_ADD(arena, &cases->list) =
            value_copy(arena, &shape, text_sql_object(arena, "", sql).object, fields, 3);
}

static bool has_lists(const struct query_tester *tester)
{
    size_t i;

    for (i = 0; i < tester->typed->params.count; i++)
        if (tester->typed->params.items[i].is_list)
            return true;
    return false;
}

/* All filters with all lengths and orders; each filter alone, and none. */
static struct value make_cases(const struct query_tester *tester)
{
    struct cases cases = {.arena = tester->builder->arena};
    unsigned all = (1u << tester->typed->filters) - 1;
    size_t orders = tester->query->orders.count, i;
    int filter;

    for (i = 0; i < sizeof lengths / sizeof *lengths; i++)
        if (has_lists(tester) || i + 1 == sizeof lengths / sizeof *lengths)
            add_case(tester, &cases, all, 0, lengths[i]);
    for (i = 1; i < orders; i++)
        add_case(tester, &cases, all, i, lengths[3]);
    for (filter = 0; filter < tester->typed->filters; filter++)
        add_case(tester, &cases, 1u << filter, 0, lengths[3]);
    if (all != 0)
        add_case(tester, &cases, 0, 0, lengths[3]);
    return value_list(tester->builder->arena, cases.list.items, cases.list.count);
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
        value_text(param->is_list ? ""
                                  : sample_expression(builder, param->column,
                                                      &tester->values[index][0])),
        list_values(tester, param, tester->values[index]),
        value_text(param->filter == 0
                       ? NULL
                       : arena_printf(arena, "%uu", 1u << (param->filter - 1))),
    };

    return value_copy(arena, &shape, NULL, fields, sizeof fields / sizeof *fields);
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

struct value view_query_test(struct builder *builder, const struct query *query)
{
    static const char *const names[] = {"cases", "has_cases", "test_params", NULL};
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
    fields[1] = value_flag(fields[0].list->count > 0);
    fields[2] = test_params(&tester);
    return value_new(builder->arena, &shape, NULL, fields);
}
