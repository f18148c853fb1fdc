/*
 * view_access.c: the look-ups and lists of a table besides those of its primary key.
 */
#include "build.h"

#include "../base/names.h"
#include "statement.h"
#include "text.h"

#include <string.h>

/* clang-format off */
#define ACCESS_FIELDS(X)                                                                 \
    X(access)                                                                            \
    X(access_text)                                                                       \
    X(because)                                                                           \
    X(parameters)                                                                        \
    X(order_text)                                                                        \
    X(where)                                                                             \
    X(sql_get_by)                                                                        \
    X(sql_get_by_variable)                                                               \
    X(slot_get_by) X(sql_upsert_by) X(sql_upsert_by_variable) X(slot_upsert_by)          \
        X(sql_list_by) X(sql_list_by_variable) X(slot_list_by) X(sql_list_ordered)       \
            X(sql_list_ordered_variable) X(slot_list_ordered)
/* clang-format on */
#define ACCESS_NUMBER(field) ACCESS_##field,
#define FIELD_NAME(field)    #field,
enum {
    ACCESS_FIELDS(ACCESS_NUMBER) ACCESS_FIELD_COUNT
};
static const char *const access_names[] = {ACCESS_FIELDS(FIELD_NAME) NULL};
static struct shape access_shape = {.names = access_names};

const char *view_slot(struct table_builder *table, const char *verb)
{
    struct arena *arena = table->builder->arena;

    return name_to_upper(arena,
                         arena_printf(arena, "slot_%s_%s", table->table->row, verb));
}

const char *view_column_names(struct table_builder *table, const struct columns *columns)
{
    struct arena *arena = table->builder->arena;
    const char *text = "";
    size_t i;

    for (i = 0; i < columns->count; i++)
        text = arena_printf(arena, "%s%s%s", text,
                            i == 0                    ? ""
                            : i + 1 == columns->count ? " and "
                                                      : ", ",
                            columns->items[i]->name);
    return text;
}

/* Sets the three fields from `at` on: the SQL, its variable and its slot. */
static void set_statement(struct table_builder *table, struct value *at, const char *verb,
                          const char *access, const char *sql)
{
    struct arena *arena = table->builder->arena;
    const char *name = arena_printf(arena, "%s_%s", verb, access);
    const char *variable = arena_printf(arena, "%s_%s_sql", table->table->row, name);

    at[0] = text_sql_object(arena, variable, sql);
    at[1] = value_text(variable);
    at[2] = value_text(view_slot(table, name));
}

static void set_statements(struct table_builder *table, const struct access *access,
                           struct value *f)
{
    struct arena *arena = table->builder->arena;
    const struct table *t = table->table;

    switch (access->kind) {
    case ACCESS_GET:
        set_statement(table, &f[ACCESS_sql_get_by], "get_by", access->name,
                      statement_get(arena, t, &access->columns));
        set_statement(table, &f[ACCESS_sql_upsert_by], "upsert_by", access->name,
                      statement_upsert(arena, t, &access->columns));
        break;
    case ACCESS_LIST:
        set_statement(table, &f[ACCESS_sql_list_by], "list_by", access->name,
                      statement_access(arena, t, access));
        break;
    case ACCESS_ORDER:
        set_statement(table, &f[ACCESS_sql_list_ordered], "list_ordered_by", access->name,
                      statement_access(arena, t, access));
    }
}

static struct value view_access(struct table_builder *table, const struct access *access)
{
    struct arena *arena = table->builder->arena;
    struct value *f = ARENA_ARRAY(arena, struct value, ACCESS_FIELD_COUNT);
    size_t i;

    for (i = 0; i < ACCESS_FIELD_COUNT; i++)
        f[i] = value_absent();
    f[ACCESS_access] = value_text(access->name);
    f[ACCESS_access_text] = value_text(view_column_names(table, &access->columns));
    f[ACCESS_because] = value_text(text_comment_safe(arena, access->because));
    f[ACCESS_parameters] = view_parameters(table, &access->columns, VIEW_PARAMETER);
    f[ACCESS_order_text] = value_text(
        access->order_by == NULL ? NULL : text_comment_safe(arena, access->order_by));
    f[ACCESS_where] = value_text(access->where);
    set_statements(table, access, f);
    return value_new(arena, &access_shape, NULL, f);
}

static struct value accesses_of(struct table_builder *table, enum access_kind kind)
{
    const struct table *t = table->table;
    struct arena *arena = table->builder->arena;
    struct value *items = ARENA_ARRAY(arena, struct value, t->accesses.count);
    size_t count = 0, i;

    for (i = 0; i < t->accesses.count; i++)
        if (t->accesses.items[i].kind == kind)
            items[count++] = view_access(table, &t->accesses.items[i]);
    return value_list(arena, items, count);
}

void view_accesses(struct table_builder *table, struct value *gets, struct value *lists,
                   struct value *orders)
{
    *gets = accesses_of(table, ACCESS_GET);
    *lists = accesses_of(table, ACCESS_LIST);
    *orders = accesses_of(table, ACCESS_ORDER);
}
