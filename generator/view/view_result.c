/*
 * view_result.c: see view_result.h.
 */
#include "view_result.h"

#include "../base/names.h"
#include "../sql/query.h"
#include "text.h"
#include "view_query_test.h"

#include <string.h>

enum {
    DOC_WIDTH = 84
};

const char *view_statement_slot(struct arena *arena, const char *name, const char *verb)
{
    return name_to_upper(arena, arena_printf(arena, "statement_%s%s", name, verb));
}

struct value view_doc_lines(struct arena *arena, const char *doc)
{
    return text_comment(arena, doc == NULL ? "" : doc, DOC_WIDTH);
}

struct table_builder view_row_builder(struct builder *builder, const struct table *table)
{
    struct arena *arena = builder->arena;
    struct table_builder made = {
        .builder = builder,
        .table = table,
        .type = arena_printf(arena, "%s_%s", builder->schema->name,
                             table->row == NULL ? "" : table->row),
        .upper = builder->upper,
        .columns = ARENA_ARRAY(arena, struct value, table->columns.count),
    };
    size_t i;

    for (i = 0; i < table->columns.count; i++)
        made.columns[i] = view_column(&made, table->columns.items[i]);
    return made;
}

/* ---- rows ------------------------------------------------------------------------ */

/* clang-format off */
#define ROW_FIELDS(X)                                                                    \
    X(row) X(type) X(rule) X(whose) X(whose_c) X(has_doc) X(doc_lines) X(columns)        \
    X(column_count) X(fields) X(embeds) X(has_embeds) X(has_list) X(has_free)
/* clang-format on */
#define ROW_NUMBER(field) ROW_##field,
#define FIELD_NAME(field) #field,
enum {
    ROW_FIELDS(ROW_NUMBER) ROW_COUNT
};
static const char *const row_names[] = {ROW_FIELDS(FIELD_NAME) NULL};
static struct shape row_shape = {.names = row_names};

/* Whether a view or query hands rows of the kind over in that way. */
static bool is_given_as(const struct schema *schema, const struct table *row,
                        enum query_result result)
{
    size_t i;

    for (i = 0; i < schema->views.count && result == RESULT_LIST; i++)
        if (schema->views.items[i]->result == row)
            return true;
    for (i = 0; i < schema->queries.count; i++)
        if (schema->queries.items[i]->typed->row == row &&
            schema->queries.items[i]->typed->result == result)
            return true;
    return false;
}

static struct value fields_of(struct arena *arena, const struct table *row,
                              const struct value *columns)
{
    VEC(struct value) list = {0};
    size_t i;

    for (i = 0; i < row->columns.count; i++)
        if (query_is_field(row, row->columns.items[i]))
            *VEC_ADD(arena, &list) = columns[i];
    return value_list(arena, list.items, list.count);
}

static struct value embeds_of(struct builder *builder, const struct table *row)
{
    static const char *const names[] = {"embed",    "embed_type", "embed_row", "first",
                                        "may_miss", "key",        "plus",      NULL};
    static struct shape shape = {.names = names};
    struct arena *arena = builder->arena;
    VEC(struct value) list = {0};
    size_t i;

    for (i = 0; i < row->embeds.count; i++) {
        const struct embed *embed = &row->embeds.items[i];
        const struct value fields[] = {
            value_text(embed->name),
            value_text(
                arena_printf(arena, "%s_%s", builder->schema->name, embed->table->row)),
            value_text(embed->table->row),
            value_text(text_size(arena, embed->first)),
            value_flag(embed->nullable),
            value_text(text_size(arena, embed->key)),
            value_text(i + 1 < row->embeds.count ? " + " : ""),
        };

        *VEC_ADD(arena, &list) = value_copy(arena, &shape, NULL, fields, 7);
    }
    return value_list(arena, list.items, list.count);
}

static void set_row(struct builder *builder, const struct table *row, struct value *f)
{
    struct table_builder table = view_row_builder(builder, row);
    struct arena *arena = builder->arena;

    f[ROW_row] = value_text(row->row);
    f[ROW_type] = value_text(table.type);
    f[ROW_rule] = value_text(text_rule(arena, row->row));
    f[ROW_whose] = value_text(text_comment_safe(arena, row->name));
    f[ROW_whose_c] = value_text(text_c_string(arena, row->name, strlen(row->name)));
    f[ROW_has_doc] = value_flag(row->doc != NULL && *row->doc != '\0');
    f[ROW_doc_lines] = view_doc_lines(arena, row->doc);
    f[ROW_columns] = value_list(arena, table.columns, row->columns.count);
    f[ROW_fields] = fields_of(arena, row, table.columns);
    f[ROW_embeds] = embeds_of(builder, row);
    f[ROW_has_embeds] = value_flag(row->embeds.count > 0);
    f[ROW_column_count] = value_text(text_size(arena, row->columns.count));
    f[ROW_has_list] = value_flag(is_given_as(builder->schema, row, RESULT_LIST));
    f[ROW_has_free] = value_flag(is_given_as(builder->schema, row, RESULT_ROW));
}

struct value view_result_row(struct builder *builder, size_t index)
{
    struct value *f = ARENA_ARRAY(builder->arena, struct value, ROW_COUNT);

    set_row(builder, builder->schema->rows.items[index], f);
    return value_new(builder->arena, &row_shape, NULL, f);
}

/* ---- views ----------------------------------------------------------------------- */

static const char *view_list_sql(struct arena *arena, const struct view *view)
{
    const char *sql = "SELECT ";
    size_t i;

    for (i = 0; i < view->result->columns.count; i++)
        sql = arena_printf(arena, "%s%s%s", sql, i > 0 ? ", " : "",
                           name_sql(arena, view->result->columns.items[i]->sql_name));
    return arena_printf(arena, "%s\nFROM %s", sql, name_sql(arena, view->name));
}

struct value view_view(struct builder *builder, size_t index)
{
    static const char *const names[] = {
        "view",       "row",  "type",  "sql_list", "slot_list", "slot_each", "sql_count",
        "slot_count", "rule", "whose", "whose_c",  "integers",  NULL};
    static struct shape shape = {.names = names};
    const struct view *view = builder->schema->views.items[index];
    struct arena *arena = builder->arena;
    const char *row = view->result->row;
    const char *whose = arena_printf(arena, "view %s", view->name);
    const struct value fields[] = {
        value_text(view->name),
        value_text(row),
        value_text(arena_printf(arena, "%s_%s", builder->schema->name, row)),
        text_sql_object(arena, arena_printf(arena, "%s_list_all_sql", row),
                        view_list_sql(arena, view)),
        value_text(view_statement_slot(arena, row, "_list_all")),
        value_text(view_statement_slot(arena, row, "_each")),
        text_sql_object(
            arena, arena_printf(arena, "%s_count_sql", row),
            arena_printf(arena, "SELECT count(*)\nFROM %s", name_sql(arena, view->name))),
        value_text(view_statement_slot(arena, row, "_count")),
        value_text(text_rule(arena, text_comment_safe(arena, whose))),
        value_text(text_comment_safe(arena, whose)),
        value_text(text_c_string(arena, whose, strlen(whose))),
        value_text(view_integers(arena, view->result)),
    };

    return value_copy(arena, &shape, NULL, fields, sizeof fields / sizeof *fields);
}
