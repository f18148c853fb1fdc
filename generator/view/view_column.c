/*
 * view_column.c: a column as a field of a struct, as a parameter, as rules to check.
 */
#include "build.h"

#include "../base/names.h"
#include "../model/calendar.h"
#include "text.h"

#include <string.h>

/* clang-format off */
#define COLUMN_FIELDS(X)                                                                 \
    X(name)                                                                              \
    X(sql_name_c)                                                                        \
    X(field)                                                                             \
    X(constant)                                                                          \
    X(type_name)                                                                         \
    X(field_type)                                                                        \
    X(nullable)                                                                          \
    X(optional_value)                                                                    \
    X(is_plain) X(is_enum_text) X(is_enum_integer) X(enum) X(enum_type) X(bind) X(read)  \
        X(by_address) X(number) X(in_row) X(in_key) X(is_parameter) X(is_element) X(in_params)        \
            X(is_assigned) X(generated) X(labels) X(fixed) X(key_collation) X(comment_lines) X(rules)     \
                X(one_of) X(comma)
/* clang-format on */
#define COLUMN_NUMBER(field) COLUMN_##field,
#define FIELD_NAME(field)    #field,
enum {
    COLUMN_FIELDS(COLUMN_NUMBER) COLUMN_COUNT
};
static const char *const column_names[] = {COLUMN_FIELDS(FIELD_NAME) NULL};
static struct shape column_shape = {.names = column_names};

/* clang-format off */
#define RULE_FIELDS(X)                                                                   \
    X(text)                                                                              \
    X(blob)                                                                              \
    X(int64)                                                                             \
    X(real)                                                                              \
    X(pattern)                                                                           \
    X(one_of_text)                                                                       \
    X(one_of_int64)                                                                      \
    X(one_of_real)                                                                       \
    X(enumeration) X(json) X(date) X(uuid) X(labels) X(time_text) X(required) X(limited) \
        X(min) X(max) X(glob_c) X(count)
/* clang-format on */
#define RULE_NUMBER(field) RULE_##field,
enum {
    RULE_FIELDS(RULE_NUMBER) RULE_COUNT
};
static const char *const rule_names[] = {RULE_FIELDS(FIELD_NAME) NULL};
static struct shape rule_shape = {.names = rule_names};

/* clang-format off */
#define PARAMETER_FIELDS(X)                                                              \
    X(parameter)                                                                         \
    X(c_type)                                                                            \
    X(bind)                                                                              \
    X(number) X(in_row) X(in_key) X(is_parameter) X(is_element) X(in_params) X(sep) X(comma) X(or)
/* clang-format on */
#define PARAMETER_NUMBER(field) PARAMETER_##field,
enum {
    PARAMETER_FIELDS(PARAMETER_NUMBER) PARAMETER_COUNT
};
static const char *const parameter_names[] = {PARAMETER_FIELDS(FIELD_NAME) NULL};
static struct shape parameter_shape = {.names = parameter_names};

enum {
    COMMENT_WIDTH = 78
};

static bool is_optional_value(const struct column *column)
{
    enum c_shape shape = type_table[column->type].shape;

    return column->nullable && (shape == C_NUMBER || shape == C_STRUCT);
}

const char *view_constant(struct builder *builder, const struct enumeration *enumeration,
                          const struct enumerator *value)
{
    struct arena *arena = builder->arena;

    return arena_printf(arena, "%s_%s_%s", builder->upper,
                        name_to_upper(arena, enumeration->name),
                        name_to_upper(arena, value->name));
}

/* "int64_t" → "int64_t ", "const char *" as it is. */
static const char *before_name(struct arena *arena, const char *type)
{
    return type[strlen(type) - 1] == '*' ? type : arena_printf(arena, "%s ", type);
}

const char *view_c_type(struct builder *builder, const struct column *column,
                        bool nullable)
{
    const struct type_info *info = &type_table[column->type];

    if (column->type == TYPE_ENUM)
        return arena_printf(builder->arena, nullable ? "%s_opt_%s " : "%s_%s ",
                            builder->schema->name, column->enumeration->name);
    return before_name(builder->arena, nullable ? info->c_optional : info->c_type);
}

/* ---- binding and reading -------------------------------------------------------- */

/* How a timestamp goes to and from its storage. */
static const char *time_access(const struct builder *builder)
{
    switch (builder->schema->options.timestamp) {
    case TIME_UNIX: return "time_seconds";
    case TIME_TEXT: return "time_text";
    default: return "int64";
    }
}

static const char *read_access(const struct builder *builder, const struct column *column)
{
    return column->type == TYPE_TIMESTAMP ? time_access(builder)
                                          : type_table[column->type].access;
}

/* Small numbers that can't be NULL are bound as int64; everything else as it is read. */
static const char *bind_access(struct builder *builder, const struct column *column)
{
    const char *read = read_access(builder, column);

    if (column->type == TYPE_ENUM)
        return read;
    if (column->nullable && type_table[column->type].shape != C_POINTER)
        return arena_printf(builder->arena, "opt_%s", read);
    if (column->type == TYPE_BOOL || column->type == TYPE_INT32)
        return "int64";
    return read;
}

/* ---- comments ------------------------------------------------------------------------
 */

static void add_fact(struct buf *out, const char *fact)
{
    if (out->length > 0)
        buf_adds(out, "; ");
    buf_adds(out, fact);
}

/* The schema's words, then the facts as a sentence or a continuation, as the words end.
 */
static const char *join_doc(struct arena *arena, const char *doc, char *facts)
{
    size_t length = doc == NULL ? 0 : strlen(doc);

    while (length > 0 && (doc[length - 1] == '\n' || doc[length - 1] == ' '))
        length--;
    if (length == 0 || *facts == '\0')
        return length == 0 ? facts : doc;
    if (strchr(".!?", doc[length - 1]) == NULL)
        return arena_printf(arena, "%.*s; %s", (int)length, doc, facts);
    if (*facts >= 'a' && *facts <= 'z')
        *facts = (char)(*facts - 'a' + 'A');
    return arena_printf(arena, "%.*s %s.", (int)length, doc, facts);
}

static const char *literal_prose(struct builder *builder, const struct column *column,
                                 const struct literal *literal)
{
    switch (literal->kind) {
    case LITERAL_NOW: return "the time of the insert";
    case LITERAL_RANDOM: return "random";
    case LITERAL_NULL: return "NULL";
    default: return view_c_literal(builder, column, literal);
    }
}

static void add_lengths(struct arena *arena, const struct column *column, struct buf *out)
{
    const char *unit = column->type == TYPE_BLOB ? "bytes" : "characters";

    if (column->has_min_length && column->has_max_length)
        add_fact(out, arena_printf(arena, "%zu to %zu %s", column->min_length,
                                   column->max_length, unit));
    else if (column->has_max_length)
        add_fact(out, arena_printf(arena, "at most %zu %s", column->max_length, unit));
    else if (column->has_min_length && column->min_length > 0)
        add_fact(out, arena_printf(arena, "at least %zu %s", column->min_length, unit));
}

static void add_bounds(struct builder *builder, const struct column *column,
                       struct buf *out)
{
    struct arena *arena = builder->arena;
    const char *least =
        column->has_min ? literal_prose(builder, column, &column->min) : "";
    const char *most =
        column->has_max ? literal_prose(builder, column, &column->max) : "";

    if (column->has_min && column->has_max)
        add_fact(out, arena_printf(arena, "%s to %s", least, most));
    else if (column->has_min)
        add_fact(out, arena_printf(arena, "at least %s", least));
    else if (column->has_max)
        add_fact(out, arena_printf(arena, "at most %s", most));
    add_lengths(arena, column, out);
}

static const struct foreign_key *foreign_key_of(const struct table *table,
                                                const struct column *column)
{
    size_t i;

    for (i = 0; i < table->foreign_keys.count; i++) {
        const struct foreign_key *key = &table->foreign_keys.items[i];

        if (key->columns.count == 1 && key->columns.items[0] == column)
            return key;
    }
    return NULL;
}

/* What a pointer's type can't say, and the rules that are no bounds. */
static void add_form(struct builder *builder, const struct column *column,
                     struct buf *out)
{
    enum c_shape shape = type_table[column->type].shape;

    if (column->nullable && (shape == C_POINTER || shape == C_BLOB))
        add_fact(out, "may be NULL");
    if (column->type == TYPE_DATE)
        add_fact(out, "YYYY-MM-DD");
    if (column->type == TYPE_JSON)
        add_fact(out, "JSON");
    if (column->pattern != NULL)
        add_fact(out, arena_printf(builder->arena, "matches %s", column->pattern));
    if (column->collation != NULL)
        add_fact(out, arena_printf(builder->arena, "compared by %s", column->collation));
    if (column->touch)
        add_fact(out, "set by every update");
}

static struct value comment_lines(struct table_builder *table,
                                  const struct column *column)
{
    struct builder *builder = table->builder;
    const struct foreign_key *key = foreign_key_of(table->table, column);
    struct value lines;
    struct buf out;

    buf_init(&out);
    if (column->key_position > 0)
        add_fact(&out, table->table->key.assigned ? "primary key; 0: assigned by insert"
                                                  : "primary key");
    if (key != NULL)
        add_fact(&out,
                 arena_printf(builder->arena, "refers to %s.%s", key->parent->sql_name,
                              key->parent_columns.items[0]->sql_name));
    if (column->generated != NULL)
        add_fact(&out, "computed by SQLite");
    add_form(builder, column, &out);
    add_bounds(builder, column, &out);
    if (column->has_default && column->default_value.kind != LITERAL_NULL &&
        column->type != TYPE_LABELS)
        add_fact(&out,
                 arena_printf(builder->arena, "default: %s",
                              literal_prose(builder, column, &column->default_value)));
    lines = text_field_comment(
        builder->arena, join_doc(builder->arena, column->doc, out.data), COMMENT_WIDTH);
    buf_release(&out);
    return lines;
}

/* ---- rules ---------------------------------------------------------------------- */

struct rules {
    struct builder *builder;
    const struct column *column;
    VEC(struct value) list;
};

/* A new rule of a kind, with all else absent. */
static struct value *add_rule(struct rules *rules, int kind)
{
    struct arena *arena = rules->builder->arena;
    struct value *fields = ARENA_ARRAY(arena, struct value, RULE_COUNT);
    size_t i;

    for (i = 0; i < RULE_COUNT; i++)
        fields[i] = value_absent();
    fields[kind] = value_flag(true);
    *VEC_ADD(arena, &rules->list) = value_new(arena, &rule_shape, NULL, fields);
    return fields;
}

static void add_length_rule(struct rules *rules, int kind)
{
    const struct column *column = rules->column;
    struct arena *arena = rules->builder->arena;
    struct value *rule = add_rule(rules, kind);

    rule[RULE_required] = value_flag(!column->nullable);
    rule[RULE_limited] = value_flag(column->min_length > 0 || column->has_max_length);
    rule[RULE_min] = value_text(text_size(arena, column->min_length));
    if (column->has_max_length)
        rule[RULE_max] = value_text(text_size(arena, column->max_length));
}

static void add_range_rule(struct rules *rules, int kind)
{
    const struct column *column = rules->column;
    struct value *rule = add_rule(rules, kind);

    if (column->has_min)
        rule[RULE_min] = value_text(view_c_literal(rules->builder, column, &column->min));
    if (column->has_max)
        rule[RULE_max] = value_text(view_c_literal(rules->builder, column, &column->max));
    if (kind == RULE_real)
        rules->builder->uses_math = true;
}

static void add_one_of_rule(struct rules *rules)
{
    enum storage storage = rules->column->storage;
    int kind = storage == STORE_TEXT   ? RULE_one_of_text
               : storage == STORE_REAL ? RULE_one_of_real
                                       : RULE_one_of_int64;
    struct value *rule = add_rule(rules, kind);

    rule[RULE_count] =
        value_text(text_size(rules->builder->arena, rules->column->one_of.count));
}

/* The rule that each type has by itself, or -1. */
static const int type_rule[TYPE_KINDS] = {
    [TYPE_INTEGER] = -1,     [TYPE_INT32] = -1,
    [TYPE_BOOL] = -1,        [TYPE_REAL] = -1,
    [TYPE_TEXT] = -1,        [TYPE_BLOB] = -1,
    [TYPE_TIMESTAMP] = -1,   [TYPE_DATE] = RULE_date,
    [TYPE_JSON] = RULE_json, [TYPE_LABELS] = RULE_labels,
    [TYPE_UUID] = RULE_uuid, [TYPE_ENUM] = RULE_enumeration,
};

static struct value column_rules(struct builder *builder, const struct column *column)
{
    struct rules rules = {.builder = builder, .column = column};
    const struct type_info *info = &type_table[column->type];

    if (column->generated == NULL) {
        if (info->shape == C_POINTER)
            add_length_rule(&rules, RULE_text);
        if (info->shape == C_BLOB && (column->has_min_length || column->has_max_length))
            add_length_rule(&rules, RULE_blob);
        if (column->type == TYPE_REAL)
            add_range_rule(&rules, RULE_real);
        else if (column->has_min || column->has_max)
            add_range_rule(&rules, RULE_int64);
        if (type_rule[column->type] >= 0)
            add_rule(&rules, type_rule[column->type]);
        if (column->type == TYPE_TIMESTAMP &&
            builder->schema->options.timestamp == TIME_TEXT)
            add_rule(&rules, RULE_time_text);
        if (column->pattern != NULL)
            add_rule(&rules, RULE_pattern)[RULE_glob_c] = value_text(
                text_c_string(builder->arena, column->pattern, strlen(column->pattern)));
        if (column->one_of.count > 0)
            add_one_of_rule(&rules);
    }
    return value_list(builder->arena, rules.list.items, rules.list.count);
}

static struct value one_of(struct builder *builder, const struct column *column)
{
    static const char *const names[] = {"element_type", "items", NULL};
    static struct shape shape = {.names = names};
    struct arena *arena = builder->arena;
    struct value *items = ARENA_ARRAY(arena, struct value, column->one_of.count);
    struct value *fields = ARENA_ARRAY(arena, struct value, 2);
    size_t i;

    if (column->one_of.count == 0)
        return value_absent();
    for (i = 0; i < column->one_of.count; i++)
        items[i] = value_text(view_c_literal(builder, column, &column->one_of.items[i]));
    fields[0] = value_text(column->storage == STORE_TEXT   ? "char *const "
                           : column->storage == STORE_REAL ? "double "
                                                           : "int64_t ");
    fields[1] = value_list(arena, items, column->one_of.count);
    return value_new(arena, &shape, NULL, fields);
}

/* ---- literals -------------------------------------------------------------------------
 */

/* A timestamp as it is stored, as milliseconds. */
static int64_t milliseconds(const struct builder *builder, const struct literal *literal)
{
    int64_t value = 0;

    if (literal->kind == LITERAL_TEXT) {
        calendar_moment(literal->text, &value); /* the loader has read it before */
        return value;
    }
    return builder->schema->options.timestamp == TIME_UNIX ? literal->integer * 1000
                                                           : literal->integer;
}

const char *view_c_literal(struct builder *builder, const struct column *column,
                           const struct literal *literal)
{
    struct arena *arena = builder->arena;

    if (column->type == TYPE_TIMESTAMP &&
        (literal->kind == LITERAL_INTEGER || literal->kind == LITERAL_TEXT))
        return text_int64(arena, milliseconds(builder, literal));
    switch (literal->kind) {
    case LITERAL_NULL: return "NULL";
    case LITERAL_NOW: return "QUARRY_NOW";
    case LITERAL_RANDOM: return "";
    case LITERAL_REAL: return text_double(arena, literal->real);
    case LITERAL_INTEGER:
        if (column->type == TYPE_BOOL)
            return literal->integer != 0 ? "true" : "false";
        if (column->type == TYPE_ENUM)
            return view_constant(builder, column->enumeration, literal->enumerator);
        return text_int64(arena, literal->integer);
    default:
        if (column->type == TYPE_ENUM)
            return view_constant(builder, column->enumeration, literal->enumerator);
        return column->type == TYPE_BLOB
                   ? text_c_bytes(arena, literal->text, literal->length)
                   : text_c_string(arena, literal->text, literal->length);
    }
}

/* ---- the column -----------------------------------------------------------------------
 */

static void set_access(struct table_builder *table, const struct column *column,
                       struct value *f)
{
    struct builder *builder = table->builder;
    struct arena *arena = builder->arena;
    const struct enumeration *e = column->enumeration;
    bool is_key = table->table->key.assigned && column->key_position > 0;

    f[COLUMN_is_plain] = value_flag(e == NULL);
    f[COLUMN_is_enum_text] = value_flag(e != NULL && e->storage == STORE_TEXT);
    f[COLUMN_is_enum_integer] = value_flag(e != NULL && e->storage == STORE_INTEGER);
    f[COLUMN_enum] = value_text(e == NULL ? NULL : e->name);
    f[COLUMN_enum_type] = value_text(
        e == NULL ? NULL : arena_printf(arena, "%s_%s", builder->schema->name, e->name));
    f[COLUMN_is_assigned] = value_flag(is_key);
    f[COLUMN_bind] = value_text(is_key ? "key" : bind_access(builder, column));
    f[COLUMN_read] = value_text(read_access(builder, column));
    f[COLUMN_by_address] = value_flag(column->type == TYPE_UUID);
    f[COLUMN_in_row] = value_flag(true);
    f[COLUMN_in_key] = f[COLUMN_is_parameter] = f[COLUMN_is_element] =
        f[COLUMN_in_params] = value_flag(false);
}

struct value view_column(struct table_builder *table, const struct column *column)
{
    struct builder *builder = table->builder;
    struct arena *arena = builder->arena;
    struct value *f = ARENA_ARRAY(arena, struct value, COLUMN_COUNT);
    const char *upper = name_to_upper(arena, column->name);

    f[COLUMN_name] = value_text(column->sql_name);
    f[COLUMN_sql_name_c] =
        value_text(text_c_string(arena, column->sql_name, strlen(column->sql_name)));
    f[COLUMN_field] = value_text(column->name);
    f[COLUMN_constant] = value_text(
        table->table->is_result ? text_size(arena, column->index)
                                : arena_printf(arena, "%s_%s", table->upper, upper));
    f[COLUMN_type_name] = value_text(type_table[column->type].name);
    f[COLUMN_field_type] = value_text(view_c_type(builder, column, column->nullable));
    f[COLUMN_nullable] = value_flag(column->nullable);
    f[COLUMN_optional_value] = value_flag(is_optional_value(column));
    f[COLUMN_number] = value_text(text_size(arena, column->index + 1));
    f[COLUMN_generated] = value_flag(column->generated != NULL);
    f[COLUMN_labels] = value_flag(column->type == TYPE_LABELS);
    f[COLUMN_fixed] = value_flag(type_table[column->type].shape == C_NUMBER ||
                                 column->type == TYPE_UUID);
    f[COLUMN_key_collation] = value_text(
        column->key_position > 0
            ? columns_collation(&table->table->key.columns, column->key_position - 1)
            : NULL);
    f[COLUMN_comment_lines] = comment_lines(table, column);
    f[COLUMN_rules] = column_rules(builder, column);
    f[COLUMN_one_of] = one_of(builder, column);
    f[COLUMN_comma] =
        value_text(column->index + 1 < table->table->columns.count ? "," : "");
    set_access(table, column, f);
    return value_new(arena, &column_shape, NULL, f);
}

/* ---- parameters ----------------------------------------------------------------- */

static bool is_among(const char *name, const char *const *names, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static bool ends_with(const char *name, const char *end)
{
    size_t length = strlen(name), size = strlen(end);

    return length >= size && strcmp(name + length - size, end) == 0;
}

/* What stands behind a row's or an enum's name in names of file scope: "host_columns". */
static bool is_static_ending(const char *rest)
{
    static const char *const endings[] = {
        "columns",       "foreign_keys", "checks",     "type",       "updatable",
        "prepare",       "bind",         "bind_all",   "bind_key",   "read",
        "read_opt",      "read_back",    "fetch",      "fetch_list", "list_of",
        "read_back_key", "insert_one",   "upsert_one", "check",      "stamp",
    };

    return is_among(rest, endings, sizeof endings / sizeof *endings) ||
           ends_with(rest, "_sql") || ends_with(rest, "_one_of");
}

/* Whether emitted code has a name of file scope that could be this. */
static bool is_file_scope(struct builder *builder, const char *name)
{
    const char *underscore;

    for (underscore = strchr(name, '_'); underscore != NULL;
         underscore = strchr(underscore + 1, '_')) {
        const char *prefix =
            arena_strndup(builder->arena, name, (size_t)(underscore - name));
        const char *whose = map_get(&builder->prefixes, prefix);

        if (whose != NULL && (*whose == '*' || is_static_ending(underscore + 1)))
            return true;
    }
    return false;
}

/* Names that emitted code uses itself: a parameter of that name gets an underscore. */
static const char *parameter_name(struct builder *builder, const char *name, bool query)
{
    static const char *const taken[] = {"db", "row", "list", "stmt", "exists"};
    static const char *const of_queries[] = {"value",  "count", "cursor", "params",
                                             "status", "found", "rows",   "filters"};

    if (is_among(name, taken, sizeof taken / sizeof *taken) ||
        (query && is_among(name, of_queries, sizeof of_queries / sizeof *of_queries)) ||
        is_file_scope(builder, name))
        return arena_printf(builder->arena, "%s_", name);
    return name;
}

static struct value parameter(struct table_builder *table, const struct column *column,
                              size_t index, size_t count, enum view_place place)
{
    struct builder *builder = table->builder;
    struct arena *arena = builder->arena;
    struct value *f = ARENA_ARRAY(arena, struct value, PARAMETER_COUNT);
    bool last = index + 1 == count;

    f[PARAMETER_parameter] =
        value_text(parameter_name(builder, column->name, table->table->is_result));
    f[PARAMETER_c_type] = value_text(view_c_type(builder, column, column->nullable));
    f[PARAMETER_bind] = value_text(bind_access(builder, column));
    f[PARAMETER_number] = value_text(text_size(arena, index + 1));
    f[PARAMETER_in_row] = value_flag(false);
    f[PARAMETER_in_key] = value_flag(place == VIEW_KEY_FIELD);
    f[PARAMETER_is_parameter] = value_flag(place == VIEW_PARAMETER);
    f[PARAMETER_is_element] = value_flag(place == VIEW_KEY_ELEMENT);
    f[PARAMETER_in_params] = value_flag(place == VIEW_PARAMS);
    f[PARAMETER_sep] = value_text(last ? "" : ", ");
    f[PARAMETER_comma] = value_text(last ? "" : ",");
    f[PARAMETER_or] = value_text(last ? "" : " | ");
    return value_new(arena, &parameter_shape, table->columns[column->index].object, f);
}

struct value view_parameters(struct table_builder *table, const struct columns *columns,
                             enum view_place place)
{
    struct arena *arena = table->builder->arena;
    struct value *items = ARENA_ARRAY(arena, struct value, columns->count);
    size_t i;

    for (i = 0; i < columns->count; i++)
        items[i] = parameter(table, columns->items[i], i, columns->count, place);
    return value_list(arena, items, columns->count);
}
