/*
 * view_table.c: a table as types, descriptions, statements and functions.
 */
#include "build.h"

#include "../base/names.h"
#include "../model/ddl.h"
#include "statement.h"
#include "text.h"
#include "view_sample.h"

#include <string.h>

/* clang-format off */
#define TABLE_FIELDS(X)                                                                  \
    X(table)                                                                             \
    X(sql_name_c)                                                                        \
    X(row)                                                                               \
    X(type)                                                                              \
    X(upper)                                                                             \
    X(rule)                                                                              \
    X(has_doc)                                                                           \
    X(doc_lines)                                                                         \
    X(columns)                                                                           \
    X(column_count)                                                                      \
    X(wide) X(has_key) X(single_key) X(composite_key) X(key) X(key_elements) X(          \
        key_count) X(key_array_type) X(key_element_type) X(assigns_key) X(or_abort) X(key_field)     \
        X(rowid_constant) X(has_foreign_keys) X(foreign_keys) X(foreign_key_count) X(    \
            has_checks) X(checks) X(check_count) X(has_unique_names) X(unique_names) X(unique_name_count) X(defaults) X(default_labels)           \
            X(has_rules) X(stamps) X(has_stamps) X(touches) X(has_touches) X(touch_text) \
                X(updatable) X(can_update) X(returning) X(has_returning) X(              \
                    upsert_returning) X(has_upsert_returning) X(upsert_sets_key)         \
                    X(sets_back) X(set_back_text) X(keeps_created) X(created_text) X(    \
                        has_bulk) X(bulk_because) X(has_fetch) X(has_fetch_list) X(gets) \
                        X(lists) X(orders) X(slots) X(test) X(lacks_parent) X(sql_insert) X(slot_insert) \
                            X(sql_insert_many) X(slot_insert_many) X(sql_upsert)         \
                                X(slot_upsert) X(sql_upsert_many) X(slot_upsert_many)    \
                                    X(sql_get) X(slot_get) X(sql_get_many)               \
                                        X(slot_get_many) X(sql_exists) X(slot_exists)    \
                                            X(sql_update) X(slot_update)                 \
                                                X(slot_update_columns) X(sql_delete)     \
                                                    X(slot_delete) X(sql_list)           \
                                                        X(slot_list) X(sql_each)         \
                                                            X(slot_each) X(sql_count)    \
                                                                X(slot_count)
/* clang-format on */
#define TABLE_NUMBER(field) TABLE_##field,
#define FIELD_NAME(field)   #field,
enum {
    TABLE_FIELDS(TABLE_NUMBER) TABLE_COUNT
};
static const char *const table_names[] = {TABLE_FIELDS(FIELD_NAME) NULL};
static struct shape table_shape = {.names = table_names};

enum {
    DOC_WIDTH = 84,
    MASK_BITS = 64
};

/* A list under construction. */
struct items {
    struct arena *arena;
    VEC(struct value) list;
};

static struct value items_value(const struct items *items)
{
    return value_list(items->arena, items->list.items, items->list.count);
}

static struct value object(struct arena *arena, struct shape *shape,
                           const struct object *base, const struct value *fields,
                           size_t count)
{
    return value_copy(arena, shape, base, fields, count);
}

static struct value c_name(struct arena *arena, const char *name)
{
    return value_text(text_c_string(arena, name, strlen(name)));
}

/* ---- foreign keys and checks ----------------------------------------------------------
 */

static struct value foreign_key_columns(struct table_builder *table,
                                        const struct foreign_key *key)
{
    static const char *const names[] = {"parent_c", NULL};
    static struct shape shape = {.names = names};
    struct arena *arena = table->builder->arena;
    struct value own = view_parameters(table, &key->columns, VIEW_PARAMETER);
    struct items items = {.arena = arena};
    size_t i;

    for (i = 0; i < key->columns.count; i++) {
        struct value parent = c_name(arena, key->parent_columns.items[i]->sql_name);

        *VEC_ADD(arena, &items.list) =
            object(arena, &shape, own.list->items[i].object, &parent, 1);
    }
    return items_value(&items);
}

static struct value foreign_keys(struct table_builder *table)
{
    static const char *const names[] = {"name_c", "columns", "parent_c", "count", NULL};
    static struct shape shape = {.names = names};
    struct arena *arena = table->builder->arena;
    struct items items = {.arena = arena};
    size_t i;

    for (i = 0; i < table->table->foreign_keys.count; i++) {
        const struct foreign_key *key = &table->table->foreign_keys.items[i];
        struct value fields[] = {c_name(arena, key->name),
                                 foreign_key_columns(table, key),
                                 c_name(arena, key->parent->sql_name),
                                 value_text(text_size(arena, key->columns.count))};

        *VEC_ADD(arena, &items.list) = object(arena, &shape, NULL, fields, 4);
    }
    return items_value(&items);
}

static void add_check(struct items *items, const char *name, struct value constant)
{
    static const char *const names[] = {"name_c", "constant", NULL};
    static struct shape shape = {.names = names};
    struct value fields[] = {c_name(items->arena, name), constant};

    *VEC_ADD(items->arena, &items->list) = object(items->arena, &shape, NULL, fields, 2);
}

static struct value checks(struct table_builder *table)
{
    const unsigned constant = value_symbol("constant");
    struct arena *arena = table->builder->arena;
    struct items items = {.arena = arena};
    size_t i, j;

    for (i = 0; i < table->table->columns.count; i++) {
        const struct column_check *made;
        size_t count =
            ddl_column_checks(arena, table->table, table->table->columns.items[i],
                              table->builder->schema, &made);

        for (j = 0; j < count; j++)
            add_check(&items, made[j].name,
                      *value_field(table->columns[i].object, constant));
    }
    for (i = 0; i < table->table->checks.count; i++)
        if (table->table->checks.items[i].name != NULL)
            add_check(&items, table->table->checks.items[i].name, value_absent());
    return items_value(&items);
}

/* ---- defaults ------------------------------------------------------------------- */

static struct value labels_of(struct arena *arena, const struct literal *literal)
{
    static const char *const names[] = {"key_c", "value_c", NULL};
    static struct shape shape = {.names = names};
    struct items items = {.arena = arena};
    size_t i;

    for (i = 0; i < literal->label_count; i++) {
        struct value fields[] = {c_name(arena, literal->labels[i].key),
                                 c_name(arena, literal->labels[i].value)};

        *VEC_ADD(arena, &items.list) = object(arena, &shape, NULL, fields, 2);
    }
    return items_value(&items);
}

/* Zeroed memory is the default already for what is absent, NULL, or an empty map. */
static bool needs_default(const struct column *column)
{
    const struct literal *literal = &column->default_value;

    if (!column->has_default || column->generated != NULL ||
        literal->kind == LITERAL_NULL)
        return false;
    if (literal->kind == LITERAL_RANDOM)
        return column->nullable; /* sets .has */
    return column->type != TYPE_LABELS || column->nullable || literal->label_count > 0;
}

static struct value view_default(struct table_builder *table, const struct column *column)
{
    static const char *const names[] = {"plain", "blob", "uuid",  "labels",
                                        "c",     "size", "count", NULL};
    static struct shape shape = {.names = names};
    struct arena *arena = table->builder->arena;
    const struct literal *literal = &column->default_value;
    bool random = literal->kind == LITERAL_RANDOM;
    bool labels = column->type == TYPE_LABELS;
    struct value fields[] = {
        value_flag(column->type != TYPE_BLOB && column->type != TYPE_UUID && !labels),
        value_flag(column->type == TYPE_BLOB),
        value_flag(column->type == TYPE_UUID && !random),
        value_flag(labels && literal->label_count > 0),
        value_text(view_c_literal(table->builder, column, literal)),
        value_text(text_size(arena, literal->length)),
        value_text(text_size(arena, literal->label_count)),
    };

    return object(arena, &shape, table->columns[column->index].object, fields, 7);
}

static struct value view_default_labels(struct table_builder *table,
                                        const struct column *column)
{
    static const char *const names[] = {"items", NULL};
    static struct shape shape = {.names = names};
    struct arena *arena = table->builder->arena;
    struct value fields = labels_of(arena, &column->default_value);

    return object(arena, &shape, table->columns[column->index].object, &fields, 1);
}

static void set_defaults(struct table_builder *table, struct value *f)
{
    struct arena *arena = table->builder->arena;
    struct items defaults = {.arena = arena}, labels = {.arena = arena};
    size_t i;

    for (i = 0; i < table->table->columns.count; i++) {
        const struct column *column = table->table->columns.items[i];

        if (!needs_default(column))
            continue;
        *VEC_ADD(arena, &defaults.list) = view_default(table, column);
        if (column->type == TYPE_LABELS && column->default_value.label_count > 0)
            *VEC_ADD(arena, &labels.list) = view_default_labels(table, column);
    }
    f[TABLE_defaults] = items_value(&defaults);
    f[TABLE_default_labels] = items_value(&labels);
}

/* ---- choices of columns --------------------------------------------------------- */

typedef bool chooses(const struct table *table, const struct column *column);

static struct columns choose(struct table_builder *table, chooses *wanted)
{
    const struct table *t = table->table;
    struct columns columns = {
        .items = ARENA_ARRAY(table->builder->arena, struct column *, t->columns.count)};
    size_t i;

    for (i = 0; i < t->columns.count; i++)
        if (wanted(t, t->columns.items[i]))
            columns.items[columns.count++] = t->columns.items[i];
    return columns;
}

static bool is_updatable(const struct table *table, const struct column *column)
{
    (void)table;
    return column_is_updatable(column);
}

static bool is_touched(const struct table *table, const struct column *column)
{
    (void)table;
    return column->touch;
}

static bool is_created(const struct table *table, const struct column *column)
{
    (void)table;
    return column_is_created(column) && column_is_updatable(column);
}

static bool is_assigned_key(const struct table *table, const struct column *column)
{
    return table->key.assigned && column->key_position > 0;
}

static bool comes_back_from_upsert(const struct table *table, const struct column *column)
{
    (void)table;
    return column_is_returned_key(column) || column_comes_back(column);
}

static bool comes_back(const struct table *table, const struct column *column)
{
    (void)table;
    return column_comes_back(column);
}

static bool comes_back_with_key(const struct table *table, const struct column *column)
{
    return is_assigned_key(table, column) || column_comes_back(column);
}

static bool is_random(const struct column *column)
{
    return column->has_default && column->default_value.kind == LITERAL_RANDOM;
}

static bool is_set_back(const struct table *table, const struct column *column)
{
    return comes_back_with_key(table, column) || is_random(column) ||
           (column->has_default && column->default_value.kind == LITERAL_NOW);
}

static struct value stamps(struct table_builder *table)
{
    static const char *const names[] = {"now", "random", "seconds", NULL};
    static struct shape shape = {.names = names};
    struct arena *arena = table->builder->arena;
    struct items items = {.arena = arena};
    size_t i;

    for (i = 0; i < table->table->columns.count; i++) {
        const struct column *column = table->table->columns.items[i];
        bool now = column->type == TYPE_TIMESTAMP;
        bool seconds = now && table->builder->schema->options.timestamp == TIME_UNIX;
        struct value fields[] = {value_flag(now), value_flag(!now), value_flag(seconds)};

        if (column->generated == NULL && (now || is_random(column)))
            *VEC_ADD(arena, &items.list) =
                object(arena, &shape, table->columns[i].object, fields, 3);
    }
    return items_value(&items);
}

/* Whether one statement over all rows means what a loop over them means; else why not. */
static const char *bulk_forbidden(const struct table *table, bool has_returning)
{
    if (has_returning)
        return "Row by row, because every row gets its computed columns back.";
    if (table->refers_to_itself)
        return "Row by row: a row may refer only to rows of this table that come before "
               "it.";
    if (statement_excluded_is_wrong(table))
        return "Row by row: SQLite mixes up columns of an upsert that come after virtual "
               "ones.";
    return NULL;
}

static void set_choices(struct table_builder *table, struct value *f)
{
    struct columns updatable = choose(table, is_updatable);
    struct columns touched = choose(table, is_touched);
    struct columns created = choose(table, is_created);
    struct columns back = choose(table, comes_back);
    struct columns back_key = choose(table, comes_back_with_key);
    struct columns back_upsert = choose(table, comes_back_from_upsert);
    struct columns set_back = choose(table, is_set_back);
    const char *forbidden = bulk_forbidden(table->table, back.count > 0);

    f[TABLE_updatable] = view_parameters(table, &updatable, VIEW_PARAMETER);
    f[TABLE_can_update] =
        value_flag(updatable.count > 0 && table->table->key.columns.count > 0);
    f[TABLE_touches] = view_parameters(table, &touched, VIEW_PARAMETER);
    f[TABLE_has_touches] = value_flag(touched.count > 0);
    f[TABLE_touch_text] = value_text(view_column_names(table, &touched));
    f[TABLE_keeps_created] = value_flag(created.count > 0);
    f[TABLE_created_text] = value_text(view_column_names(table, &created));
    f[TABLE_has_returning] = value_flag(back.count > 0);
    f[TABLE_returning] =
        view_parameters(table, back.count > 0 ? &back_key : &back, VIEW_PARAMETER);
    f[TABLE_upsert_returning] = view_parameters(table, &back_upsert, VIEW_PARAMETER);
    f[TABLE_upsert_sets_key] = value_flag(back_upsert.count > back.count);
    f[TABLE_sets_back] = value_flag(set_back.count > 0);
    f[TABLE_set_back_text] = value_text(view_column_names(table, &set_back));
    f[TABLE_has_bulk] = value_flag(forbidden == NULL);
    f[TABLE_bulk_because] = value_text(forbidden);
    f[TABLE_stamps] = stamps(table);
    f[TABLE_has_stamps] = value_flag(f[TABLE_stamps].list->count > 0);
}

/* ---- the key -------------------------------------------------------------------- */

static void set_key(struct table_builder *table, struct value *f)
{
    struct builder *builder = table->builder;
    const struct primary_key *key = &table->table->key;
    size_t count = key->columns.count;
    const char *element = count == 1
                              ? view_c_type(builder, key->columns.items[0], false)
                              : arena_printf(builder->arena, "%s_key ", table->type);
    bool pointer = count == 1 && element[strlen(element) - 1] == '*';

    f[TABLE_has_key] = value_flag(count > 0);
    f[TABLE_single_key] = value_flag(count == 1);
    f[TABLE_composite_key] = value_flag(count > 1);
    f[TABLE_key] = view_parameters(table, &key->columns, VIEW_PARAMETER);
    f[TABLE_key_elements] = view_parameters(
        table, &key->columns, count == 1 ? VIEW_KEY_ELEMENT : VIEW_KEY_FIELD);
    f[TABLE_key_count] = value_text(text_size(builder->arena, count));
    element = pointer ? arena_printf(builder->arena, "%sconst *", element)
                      : arena_printf(builder->arena, "const %s*", element);
    f[TABLE_key_array_type] = value_text(element);
    f[TABLE_key_element_type] = value_text(element);
    f[TABLE_assigns_key] = value_flag(key->assigned);
    f[TABLE_key_field] = value_text(key->assigned ? key->columns.items[0]->name : NULL);
    if (key->is_rowid) {
        const struct column *column = key->columns.items[0];

        f[TABLE_rowid_constant] =
            value_text(arena_printf(builder->arena, "%s_%s", table->upper,
                                    name_to_upper(builder->arena, column->name)));
    }
}

/* ---- statements ----------------------------------------------------------------- */

/* Sets SQL and slot, which follow each other among the fields. */
static void set_statement(struct table_builder *table, struct value *at, const char *verb,
                          const char *sql)
{
    struct arena *arena = table->builder->arena;

    at[0] = text_sql_object(
        arena, arena_printf(arena, "%s_%s_sql", table->table->row, verb), sql);
    at[1] = value_text(view_slot(table, verb));
}

static void set_key_statements(struct table_builder *table, struct value *f)
{
    struct arena *arena = table->builder->arena;
    const struct table *t = table->table;

    set_statement(table, &f[TABLE_sql_upsert], "upsert",
                  statement_upsert(arena, t, NULL));
    set_statement(table, &f[TABLE_sql_upsert_many], "upsert_many",
                  statement_upsert_many(arena, t));
    set_statement(table, &f[TABLE_sql_get], "get",
                  statement_get(arena, t, &t->key.columns));
    set_statement(table, &f[TABLE_sql_get_many], "get_many",
                  statement_get_many(arena, t));
    set_statement(table, &f[TABLE_sql_exists], "exists", statement_exists(arena, t));
    set_statement(table, &f[TABLE_sql_delete], "delete", statement_delete(arena, t));
    if (value_is_true(&f[TABLE_can_update])) {
        set_statement(table, &f[TABLE_sql_update], "update", statement_update(arena, t));
        f[TABLE_slot_update_columns] = value_text(view_slot(table, "update_columns"));
    }
}

static void set_statements(struct table_builder *table, struct value *f)
{
    struct arena *arena = table->builder->arena;
    const struct table *t = table->table;

    set_statement(table, &f[TABLE_sql_insert], "insert", statement_insert(arena, t));
    set_statement(table, &f[TABLE_sql_insert_many], "insert_many",
                  statement_insert_many(arena, t));
    set_statement(table, &f[TABLE_sql_list], "list_all",
                  statement_list(arena, t, t->key.assigned));
    set_statement(table, &f[TABLE_sql_each], "each", statement_list(arena, t, false));
    set_statement(table, &f[TABLE_sql_count], "count", statement_count(arena, t));
    if (t->key.columns.count > 0)
        set_key_statements(table, f);
    view_accesses(table, &f[TABLE_gets], &f[TABLE_lists], &f[TABLE_orders]);
    f[TABLE_has_upsert_returning] = value_flag(
        f[TABLE_upsert_returning].list->count > 0 && f[TABLE_gets].list->count > 0);
    f[TABLE_has_fetch_list] =
        value_flag(!t->key.assigned || f[TABLE_lists].list->count > 0 ||
                   f[TABLE_orders].list->count > 0);
    f[TABLE_has_fetch] =
        value_flag(t->key.columns.count > 0 || f[TABLE_gets].list->count > 0);
}

/* Every slot that the table uses, in the order of its functions. */
static struct value slots(struct table_builder *table, const struct value *f)
{
    static const char *const names[] = {"slot", NULL};
    static struct shape shape = {.names = names};
    static const char *const prefixes[] = {"get_by", "upsert_by", "list_by",
                                           "list_ordered_by"};
    static const int of_kind[] = {
        [ACCESS_GET] = 0, [ACCESS_LIST] = 2, [ACCESS_ORDER] = 3};
    static const int direct[] = {
        TABLE_slot_insert,      TABLE_slot_insert_many, TABLE_slot_upsert,
        TABLE_slot_upsert_many, TABLE_slot_get,         TABLE_slot_get_many,
        TABLE_slot_exists,      TABLE_slot_update,      TABLE_slot_update_columns,
        TABLE_slot_delete,      TABLE_slot_list,        TABLE_slot_each,
        TABLE_slot_count};
    struct arena *arena = table->builder->arena;
    struct items items = {.arena = arena};
    size_t i;

    for (i = 0; i < sizeof direct / sizeof *direct; i++)
        if (f[direct[i]].kind == VALUE_TEXT)
            *VEC_ADD(arena, &items.list) = object(arena, &shape, NULL, &f[direct[i]], 1);
    for (i = 0; i < table->table->accesses.count; i++) {
        const struct access *access = &table->table->accesses.items[i];
        int kind = of_kind[access->kind], last = access->kind == ACCESS_GET ? 1 : kind;

        for (; kind <= last; kind++) {
            struct value slot = value_text(view_slot(
                table, arena_printf(arena, "%s_%s", prefixes[kind], access->name)));

            *VEC_ADD(arena, &items.list) = object(arena, &shape, NULL, &slot, 1);
        }
    }
    return items_value(&items);
}

/* ---- the table ------------------------------------------------------------------ */

static void set_names(struct table_builder *table, struct value *f)
{
    struct arena *arena = table->builder->arena;
    const struct table *t = table->table;

    f[TABLE_table] = value_text(t->name);
    f[TABLE_sql_name_c] = c_name(arena, t->sql_name);
    f[TABLE_row] = value_text(t->row);
    f[TABLE_type] = value_text(table->type);
    f[TABLE_or_abort] = value_flag(t->has_conflicts);
    f[TABLE_upper] = value_text(table->upper);
    f[TABLE_rule] = value_text(text_rule(arena, t->name));
    f[TABLE_has_doc] = value_flag(t->doc != NULL && *t->doc != '\0');
    f[TABLE_doc_lines] = text_comment(arena, t->doc == NULL ? "" : t->doc, DOC_WIDTH);
}

static void set_columns(struct table_builder *table, struct value *f)
{
    const unsigned rules = value_symbol("rules");
    const struct table *t = table->table;
    struct arena *arena = table->builder->arena;
    bool has_rules = false;
    size_t i;

    for (i = 0; i < t->columns.count; i++) {
        table->columns[i] = view_column(table, t->columns.items[i]);
        if (value_is_true(value_field(table->columns[i].object, rules)))
            has_rules = true;
    }
    f[TABLE_columns] = value_list(arena, table->columns, t->columns.count);
    f[TABLE_column_count] = value_text(text_size(arena, t->columns.count));
    f[TABLE_wide] = value_flag(t->columns.count > MASK_BITS);
    f[TABLE_has_rules] = value_flag(has_rules);
}

struct value view_table(struct builder *builder, const struct table *t)
{
    struct arena *arena = builder->arena;
    struct value *f = ARENA_ARRAY(arena, struct value, TABLE_COUNT);
    struct table_builder table = {
        .builder = builder,
        .table = t,
        .type = arena_printf(arena, "%s_%s", builder->schema->name, t->row),
        .upper =
            arena_printf(arena, "%s_%s", builder->upper, name_to_upper(arena, t->row)),
        .columns = ARENA_ARRAY(arena, struct value, t->columns.count),
    };
    size_t i;

    for (i = 0; i < TABLE_COUNT; i++)
        f[i] = value_absent();
    set_names(&table, f);
    set_columns(&table, f);
    set_key(&table, f);
    set_defaults(&table, f);
    set_choices(&table, f);
    f[TABLE_foreign_keys] = foreign_keys(&table);
    f[TABLE_foreign_key_count] = value_text(text_size(arena, t->foreign_keys.count));
    f[TABLE_has_foreign_keys] = value_flag(t->foreign_keys.count > 0);
    f[TABLE_checks] = checks(&table);
    f[TABLE_check_count] = value_text(text_size(arena, f[TABLE_checks].list->count));
    f[TABLE_has_checks] = value_flag(f[TABLE_checks].list->count > 0);
    f[TABLE_unique_names] = view_unique_names(&table);
    f[TABLE_unique_name_count] =
        value_text(text_size(arena, f[TABLE_unique_names].list->count));
    f[TABLE_has_unique_names] = value_flag(f[TABLE_unique_names].list->count > 0);
    set_statements(&table, f);
    f[TABLE_slots] = slots(&table, f);
    if (t->lacks_parent != NULL)
        f[TABLE_lacks_parent] = value_text(t->lacks_parent->name);
    if (t->sample_count == 0)
        return value_new(arena, &table_shape, NULL, f);
    f[TABLE_test] =
        view_sample(&table, &(struct sample_accesses){f[TABLE_gets], f[TABLE_lists],
                                                      f[TABLE_orders]});
    return value_new(arena, &table_shape, NULL, f);
}
