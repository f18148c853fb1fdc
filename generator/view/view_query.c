/*
 * view_query.c: queries as functions: parameters, filters, statements. What they mean was
 * decided in sql/query.h.
 */
#include "build.h"

#include "../base/names.h"
#include "../sql/query.h"
#include "text.h"
#include "view_query_test.h"
#include "view_result.h"

#include <string.h>

#define FIELD_NAME(field) #field,

enum {
    MANY_PARAMETERS = 4 /* more go into a struct */
};

/* ---- parameters ------------------------------------------------------------------ */

/* A query on its way into the view. */
struct query_builder {
    struct builder *builder;
    const struct query *query;
    const struct typed_query *typed;
    struct table params; /* its parameters as columns */
    struct table_builder columns;
    const char *function;
    bool has_params; /* they come as a struct */
};

/* clang-format off */
#define PARAM_FIELDS(X)                                                                  \
    X(is_list) X(list_type) X(element) X(needs_text) X(needs_enum) X(filter_bit)         \
    X(needs_partner) X(given_value) X(given_data) X(given_pointer) X(and_then) X(or_else) X(sql_name)     \
    X(query)
/* clang-format on */
#define PARAM_NUMBER(field) PARAM_##field,
enum {
    PARAM_FIELDS(PARAM_NUMBER) PARAM_COUNT
};
static const char *const param_names[] = {PARAM_FIELDS(FIELD_NAME) NULL};
static struct shape param_shape = {.names = param_names};

static const char *list_type(struct builder *builder, const struct column *column)
{
    const char *type = view_c_type(builder, column, false);

    return type[strlen(type) - 1] == '*'
               ? arena_printf(builder->arena, "%sconst *", type)
               : arena_printf(builder->arena, "const %s*", type);
}

static const char *filter_bits(struct arena *arena, unsigned filters)
{
    return filters == 0 ? NULL : arena_printf(arena, "%uu", filters);
}

static bool is_of(const struct query_param *param, int filter)
{
    return filter == 0 || (param->filters >> (filter - 1) & 1) != 0;
}

/* How many parameters say whether the filter is there; those of other filters count too. */
static size_t count_own(const struct typed_query *typed, int filter, bool *shares)
{
    size_t count = 0, i;

    *shares = false;
    for (i = 0; i < typed->params.count; i++) {
        const struct query_param *param = &typed->params.items[i];

        if (!is_of(param, filter))
            continue;
        count++;
        *shares = *shares || param->filters != 1u << (filter - 1);
    }
    return count;
}

/*
 * True where the parameter can be given and still be in no filter: one of several of each of
 * its filters, of which one is another filter's too. Where none is, the filter itself checks
 * that all are given together.
 */
static bool needs_partner(const struct typed_query *typed,
                          const struct query_param *param)
{
    bool any = false, shares;
    int filter;

    for (filter = 1; filter <= typed->filters; filter++) {
        if (param->filters == 0 || !is_of(param, filter))
            continue;
        if (count_own(typed, filter, &shares) == 1)
            return false;
        any = any || shares;
    }
    return any;
}

/* How the caller says that a filter's value is there. */
static void set_given(const struct query_param *param, struct value *f)
{
    enum c_shape shape = type_table[param->column->type].shape;
    bool pointer = param->is_list || shape == C_POINTER;

    f[PARAM_given_pointer] = value_flag(pointer);
    f[PARAM_given_data] = value_flag(!pointer && shape == C_BLOB);
    f[PARAM_given_value] = value_flag(!pointer && shape != C_BLOB);
}

static bool is_text_enum(const struct column *column)
{
    return column->type == TYPE_ENUM && column->storage == STORE_TEXT;
}

static struct value query_param(struct query_builder *query, size_t index,
                                const struct object *base, bool last)
{
    struct builder *builder = query->builder;
    struct arena *arena = builder->arena;
    const struct query_param *param = &query->typed->params.items[index];
    struct column *column = param->column;
    struct value *f = ARENA_ARRAY(arena, struct value, PARAM_COUNT);
    bool scalar = !param->is_list && !column->nullable;
    struct columns one = {.items = &column, .count = 1};

    f[PARAM_is_list] = value_flag(param->is_list);
    f[PARAM_list_type] = value_text(list_type(builder, column));
    f[PARAM_element] = view_parameters(&query->columns, &one, VIEW_KEY_ELEMENT);
    f[PARAM_needs_text] =
        value_flag(scalar && type_table[column->type].shape == C_POINTER);
    f[PARAM_needs_enum] = value_flag(!param->is_list && is_text_enum(column));
    f[PARAM_filter_bit] = value_text(filter_bits(arena, param->filters));
    f[PARAM_needs_partner] = value_flag(needs_partner(query->typed, param));
    set_given(param, f);
    f[PARAM_and_then] = value_text(last ? "" : " && ");
    f[PARAM_or_else] = value_text(last ? "" : " || ");
    f[PARAM_sql_name] = value_text(column->sql_name);
    f[PARAM_query] = value_text(query->query->name);
    return value_new(arena, &param_shape, base, f);
}

/* All parameters, or those of one filter. */
static struct value parameters(struct query_builder *query, int filter)
{
    struct arena *arena = query->builder->arena;
    struct columns columns = {.items = query->params.columns.items,
                              .count = query->params.columns.count};
    struct value all = view_parameters(&query->columns, &columns,
                                       query->has_params ? VIEW_PARAMS : VIEW_PARAMETER);
    size_t last = 0, i;
    VEC(struct value) list = {0};

    for (i = 0; i < columns.count; i++)
        if (is_of(&query->typed->params.items[i], filter))
            last = i;
    for (i = 0; i < columns.count; i++)
        if (is_of(&query->typed->params.items[i], filter))
            *VEC_ADD(arena, &list) =
                query_param(query, i, all.list->items[i].object, i == last);
    return value_list(arena, list.items, list.count);
}

/* "low and high" */
static const char *names_of(struct arena *arena, const struct value *list)
{
    unsigned symbol = value_symbol("sql_name");
    const char *text = "";
    size_t i;

    for (i = 0; i < list->list->count; i++)
        text = arena_printf(arena, "%s%s%s", text,
                            i == 0                      ? ""
                            : i + 1 < list->list->count ? ", "
                                                        : " and ",
                            value_field(list->list->items[i].object, symbol)->text);
    return text;
}

static struct value filters(struct query_builder *query)
{
    static const char *const names[] = {"bit", "parameters", "several", "names", NULL};
    static struct shape shape = {.names = names};
    struct arena *arena = query->builder->arena;
    VEC(struct value) list = {0};
    int i;

    for (i = 1; i <= query->typed->filters; i++) {
        struct value own = parameters(query, i);
        bool shares, several = count_own(query->typed, i, &shares) > 1;
        const struct value fields[] = {value_text(filter_bits(arena, 1u << (i - 1))), own,
                                       value_flag(several && !shares),
                                       value_text(names_of(arena, &own))};

        *VEC_ADD(arena, &list) = value_copy(arena, &shape, NULL, fields, 4);
    }
    return value_list(arena, list.items, list.count);
}

/* ---- statements ------------------------------------------------------------------ */

/* The text where it is one line of a C string, or NULL. */
static const char *only_line(const struct value *sql)
{
    const struct list *lines = value_field(sql->object, value_symbol("lines"))->list;

    return lines->count == 1
               ? value_field(lines->items[0].object, value_symbol("text"))->text
               : NULL;
}

static struct value pieces(struct query_builder *query)
{
    static const char *const names[] = {"filter", "order", "single", NULL};
    static struct shape shape = {.names = names};
    struct arena *arena = query->builder->arena;
    VEC(struct value) list = {0};
    size_t i;

    for (i = 0; i < query->typed->pieces.count; i++) {
        const struct query_piece *piece = &query->typed->pieces.items[i];
        struct value sql = text_sql_object(arena, "", piece->sql);
        const struct value fields[] = {
            value_text(piece->filter == 0 ? NULL
                                          : text_size(arena, (size_t)piece->filter)),
            value_text(piece->order == 0 ? NULL : text_size(arena, (size_t)piece->order)),
            value_text(only_line(&sql)),
        };

        *VEC_ADD(arena, &list) = value_copy(arena, &shape, sql.object, fields, 3);
    }
    return value_list(arena, list.items, list.count);
}

static struct value orders(struct query_builder *query)
{
    static const char *const names[] = {"constant", "comma", "sql_comment", NULL};
    static struct shape shape = {.names = names};
    struct arena *arena = query->builder->arena;
    const char *upper = name_to_upper(arena, query->function);
    VEC(struct value) list = {0};
    size_t i, count = query->query->orders.count;

    for (i = 0; i < count; i++) {
        const struct query_order *order = &query->query->orders.items[i];
        const struct value fields[] = {
            value_text(
                arena_printf(arena, "%s_%s", upper, name_to_upper(arena, order->name))),
            value_text(i + 1 < count ? "," : ""),
            value_text(text_comment_safe(arena, order->sql)),
        };

        *VEC_ADD(arena, &list) = value_copy(arena, &shape, NULL, fields, 3);
    }
    return value_list(arena, list.items, list.count);
}

/* One that has a slot for each of its variants ends with the last one's name. */
static struct value slots(struct query_builder *query)
{
    static const char *const names[] = {"slot", "more", NULL};
    static struct shape shape = {.names = names};
    struct arena *arena = query->builder->arena;
    const char *more = query_variants(query->query) > 1
                           ? text_size(arena, query_variants(query->query) - 1)
                           : NULL;
    VEC(struct value) list = {0};
    struct value fields[] = {
        value_text(view_statement_slot(arena, query->query->name, "")), value_text(more)};

    *VEC_ADD(arena, &list) = value_copy(arena, &shape, NULL, fields, 2);
    if (query->typed->result == RESULT_LIST) {
        fields[0] = value_text(view_statement_slot(arena, query->query->name, "_each"));
        *VEC_ADD(arena, &list) = value_copy(arena, &shape, NULL, fields, 2);
    }
    return value_list(arena, list.items, list.count);
}

/* ---- tables that a query uses ---------------------------------------------------- */

static struct value uses(struct query_builder *query, bool writes)
{
    static const char *const names[] = {"table_name", "table_name_c", NULL};
    static struct shape shape = {.names = names};
    struct arena *arena = query->builder->arena;
    VEC(struct value) list = {0};
    size_t i;

    for (i = 0; i < query->typed->uses.list.count; i++) {
        const struct table_use *use = &query->typed->uses.list.items[i];
        const char *name = use->table->name;
        const struct value fields[] = {
            value_text(name), value_text(text_c_string(arena, name, strlen(name)))};

        if (writes ? table_use_writes(use) : use->reads)
            *VEC_ADD(arena, &list) = value_copy(arena, &shape, NULL, fields, 2);
    }
    return value_list(arena, list.items, list.count);
}

/* ---- queries --------------------------------------------------------------------- */

/* clang-format off */
#define QUERY_FIELDS(X)                                                                  \
    X(query) X(function) X(rule) X(has_doc) X(doc_lines) X(parameters) X(has_parameters) \
    X(has_params) X(lists) X(filters) X(varies) X(pieces) X(piece_count) X(filter_count) \
    X(order_count) X(has_filters) X(has_order) X(orders) X(order_type) X(sql) X(slot)    \
    X(slot_each) X(slots) X(row) X(row_type) X(returns_none) X(returns_number)           \
    X(returns_value) X(returns_struct) X(returns_row) X(returns_list) X(value_type)      \
    X(value_name) X(value_read) X(whose_c) X(alone) X(is_change) X(has_target) X(target) X(may_miss)   \
    X(needs_checks) X(has_pointers) X(null_names) X(reads) X(writes) X(test)
/* clang-format on */
#define QUERY_NUMBER(field) QUERY_##field,
enum {
    QUERY_FIELDS(QUERY_NUMBER) QUERY_FIELD_COUNT
};
static const char *const query_names[] = {QUERY_FIELDS(FIELD_NAME) NULL};
static struct shape query_shape = {.names = query_names};

static struct value only_lists(struct arena *arena, const struct value *list)
{
    VEC(struct value) lists = {0};
    unsigned symbol = value_symbol("is_list");
    size_t i;

    for (i = 0; i < list->list->count; i++)
        if (value_is_true(value_field(list->list->items[i].object, symbol)))
            *VEC_ADD(arena, &lists) = list->list->items[i];
    return value_list(arena, lists.items, lists.count);
}

/* Whether some parameter could be what no value of its type is. */
static bool has_checks(const struct query_builder *query)
{
    size_t i;

    for (i = 0; i < query->typed->params.count; i++) {
        const struct query_param *param = &query->typed->params.items[i];
        const struct column *column = param->column;

        if (param->is_list || is_text_enum(column) ||
            (!column->nullable && type_table[column->type].shape == C_POINTER))
            return true;
    }
    return false;
}

/* Whether what a cursor reads from must outlive the call. */
static bool has_pointers(const struct typed_query *typed)
{
    size_t i;

    for (i = 0; i < typed->params.count; i++)
        if (typed->params.items[i].is_list ||
            !query_is_by_value(typed->params.items[i].column))
            return true;
    return false;
}

/* The parameters for which NULL is a value: "note and phone"; NULL: none. */
static const char *null_names(const struct query_builder *query)
{
    struct arena *arena = query->builder->arena;
    const struct typed_query *typed = query->typed;
    const char *text = NULL;
    size_t i, left = 0;

    for (i = 0; i < typed->params.count; i++)
        left += typed->params.items[i].column->nullable &&
                typed->params.items[i].filters == 0;
    for (i = 0; i < typed->params.count; i++) {
        const struct query_param *param = &typed->params.items[i];

        if (!param->column->nullable || param->filters != 0)
            continue;
        text = text == NULL
                   ? param->column->name
                   : arena_printf(arena, "%s%s%s", text, left > 1 ? ", " : " and ",
                                  param->column->name);
        left--;
    }
    return text;
}

static void set_parameters(struct query_builder *query, struct value *f)
{
    struct arena *arena = query->builder->arena;

    f[QUERY_parameters] = parameters(query, 0);
    f[QUERY_has_parameters] = value_flag(query->typed->params.count > 0);
    f[QUERY_has_params] = value_flag(query->has_params);
    f[QUERY_lists] = only_lists(arena, &f[QUERY_parameters]);
    f[QUERY_filters] = filters(query);
    f[QUERY_has_filters] = value_flag(query->typed->filters > 0);
    f[QUERY_filter_count] = value_text(text_size(arena, (size_t)query->typed->filters));
    f[QUERY_orders] = orders(query);
    f[QUERY_has_order] = value_flag(query->query->orders.count > 0);
    f[QUERY_order_count] = value_text(text_size(
        arena, query->query->orders.count > 0 ? query->query->orders.count : 1));
    f[QUERY_needs_checks] = value_flag(query->has_params || has_checks(query));
    f[QUERY_has_pointers] = value_flag(has_pointers(query->typed));
    f[QUERY_null_names] = value_text(null_names(query));
    f[QUERY_order_type] = value_text(arena_printf(arena, "%s_order", query->function));
}

/* "double " → "double" */
static const char *without_blank(struct arena *arena, const char *type)
{
    return arena_strndup(arena, type, strcspn(type, " "));
}

static void set_result(struct query_builder *query, struct value *f)
{
    struct builder *builder = query->builder;
    struct arena *arena = builder->arena;
    const struct table *row = query->typed->row;
    enum query_result result = query->typed->result;

    f[QUERY_returns_none] = value_flag(result == RESULT_NONE);
    f[QUERY_returns_number] = value_flag(result == RESULT_NUMBER);
    f[QUERY_returns_value] = value_flag(result == RESULT_VALUE);
    f[QUERY_returns_struct] = value_flag(result == RESULT_STRUCT);
    f[QUERY_returns_row] = value_flag(result == RESULT_ROW);
    f[QUERY_returns_list] = value_flag(result == RESULT_LIST);
    f[QUERY_alone] = value_text(query->typed->is_alone ? "true" : "false");
    f[QUERY_may_miss] = value_flag(!query->typed->has_row);
    f[QUERY_is_change] = value_flag(query->typed->is_change);
    f[QUERY_has_target] = value_flag(query->typed->target != NULL);
    f[QUERY_target] =
        value_text(query->typed->target == NULL ? NULL : query->typed->target->row);
    if (row == NULL)
        return;
    f[QUERY_row] = value_text(row->row);
    f[QUERY_row_type] =
        value_text(arena_printf(arena, "%s_%s", builder->schema->name, row->row));
    f[QUERY_whose_c] = value_text(text_c_string(arena, row->name, strlen(row->name)));
    if (result != RESULT_VALUE)
        return;
    f[QUERY_value_type] = value_text(
        view_c_type(builder, row->columns.items[0], row->columns.items[0]->nullable));
    f[QUERY_value_name] =
        value_text(without_blank(arena, view_c_type(builder, row->columns.items[0],
                                                    row->columns.items[0]->nullable)));
    f[QUERY_value_read] = view_row_builder(builder, row).columns[0];
}

static void set_statement(struct query_builder *query, struct value *f)
{
    struct arena *arena = query->builder->arena;
    const char *variable = arena_printf(arena, "%s_sql", query->query->name);
    bool varies = query_variants(query->query) > 1 || query->query->orders.count > 0;

    f[QUERY_varies] = value_flag(varies);
    f[QUERY_sql] = text_sql_object(arena, variable, query->typed->pieces.items[0].sql);
    f[QUERY_pieces] = pieces(query);
    f[QUERY_piece_count] = value_text(text_size(arena, query->typed->pieces.count));
    f[QUERY_slot] = value_text(view_statement_slot(arena, query->query->name, ""));
    f[QUERY_slot_each] =
        value_text(view_statement_slot(arena, query->query->name, "_each"));
    f[QUERY_slots] = slots(query);
    f[QUERY_reads] = uses(query, false);
    f[QUERY_writes] = uses(query, true);
}

static void set_params_table(struct query_builder *query)
{
    struct arena *arena = query->builder->arena;
    size_t i;

    query->params = (struct table){.is_result = true};
    for (i = 0; i < query->typed->params.count; i++)
        *VEC_ADD(arena, &query->params.columns) = query->typed->params.items[i].column;
    query->columns = view_row_builder(query->builder, &query->params);
}

struct value view_query(struct builder *builder, size_t index)
{
    struct arena *arena = builder->arena;
    const struct query *q = builder->schema->queries.items[index];
    struct value *f = ARENA_ARRAY(arena, struct value, QUERY_FIELD_COUNT);
    struct query_builder query = {
        .builder = builder,
        .query = q,
        .typed = q->typed,
        .function = arena_printf(arena, "%s_%s", builder->schema->name, q->name),
        .has_params = q->typed->params.count > MANY_PARAMETERS || q->typed->filters > 0 ||
                      q->orders.count > 0,
    };
    size_t i;

    for (i = 0; i < QUERY_FIELD_COUNT; i++)
        f[i] = value_absent();
    set_params_table(&query);
    f[QUERY_query] = value_text(q->name);
    f[QUERY_function] = value_text(query.function);
    f[QUERY_rule] =
        value_text(text_rule(arena, arena_printf(arena, "query %s", q->name)));
    f[QUERY_has_doc] = value_flag(q->doc != NULL && *q->doc != '\0');
    f[QUERY_doc_lines] = view_doc_lines(arena, q->doc);
    set_parameters(&query, f);
    set_result(&query, f);
    set_statement(&query, f);
    f[QUERY_test] = view_query_test(builder, q);
    return value_new(arena, &query_shape, NULL, f);
}

bool view_has_single(const struct schema *schema)
{
    size_t i;

    for (i = 0; i < schema->queries.count; i++) {
        enum query_result result = schema->queries.items[i]->typed->result;

        if (result == RESULT_VALUE || result == RESULT_STRUCT || result == RESULT_ROW)
            return true;
    }
    return false;
}

bool view_uses_lists(const struct schema *schema)
{
    size_t i, k;

    for (i = 0; i < schema->queries.count; i++)
        for (k = 0; k < schema->queries.items[i]->typed->params.count; k++)
            if (schema->queries.items[i]->typed->params.items[k].is_list)
                return true;
    return false;
}
