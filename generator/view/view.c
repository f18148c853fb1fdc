/*
 * view.c: the schema as a whole: its names, enums, tables, and the statements that create
 * it.
 */
#include "view.h"

#include "../base/names.h"
#include "../base/workers.h"
#include "../migrate/history.h"
#include "../model/ddl.h"
#include "build.h"
#include "../sql/query.h"
#include "text.h"
#include "view_sample.h"

#include <string.h>

/* clang-format off */
#define SCHEMA_FIELDS(X)                                                                 \
    X(name)                                                                              \
    X(upper)                                                                             \
    X(guard)                                                                             \
    X(has_doc)                                                                           \
    X(doc_lines)                                                                         \
    X(abi)                                                                               \
    X(version)                                                                           \
    X(fingerprint)                                                                       \
    X(enums) X(tables) X(rows) X(views) X(queries) X(uses_lists) X(has_single) X(has_statements) X(has_queries) X(query_count) X(table_count) X(ddl)   \
    X(uses_math) X(trusts_schema) X(test) X(has_migrations) X(migrations)                    \
    X(migration_count) X(calls) X(count_rows) X(reversible) X(next_version)
/* clang-format on */
#define SCHEMA_NUMBER(field) SCHEMA_##field,
#define FIELD_NAME(field)    #field,
enum {
    SCHEMA_FIELDS(SCHEMA_NUMBER) SCHEMA_COUNT
};
static const char *const schema_names[] = {SCHEMA_FIELDS(FIELD_NAME) NULL};
static struct shape schema_shape = {.names = schema_names};

/* clang-format off */
#define ENUM_FIELDS(X)                                                                   \
    X(enum)                                                                              \
    X(type)                                                                              \
    X(opt_type)                                                                          \
    X(rule)                                                                              \
    X(has_doc)                                                                           \
    X(doc_lines)                                                                         \
    X(text) X(values) X(first_constant) X(undeclared) X(read) X(read_optional)
/* clang-format on */
#define ENUM_NUMBER(field) ENUM_##field,
enum {
    ENUM_FIELDS(ENUM_NUMBER) ENUM_FIELD_COUNT
};
static const char *const enum_names[] = {ENUM_FIELDS(FIELD_NAME) NULL};
static struct shape enum_shape = {.names = enum_names};

enum {
    DOC_WIDTH = 84,
    ITEMS_AT_ONCE = 8
};

/* The runtime's interface that is emitted (QUARRY_ABI), and the schema's version in
 * files. */
static const char abi[] = "2";
static const char version[] = "1";

/* ---- lists that several workers make --------------------------------------------- */

/* Builds item `index` of a list, and only reads what others made. */
typedef struct value build_item(struct builder *builder, size_t index);

struct crew {
    struct builder builders[WORKERS_LIMIT];
    struct arena arenas[WORKERS_LIMIT];
    build_item *build;
    struct value *items;
    size_t count;
};

static void build_some(void *context, size_t task, size_t worker)
{
    struct crew *crew = context;
    size_t i = task * ITEMS_AT_ONCE, end = i + ITEMS_AT_ONCE;

    for (; i < end && i < crew->count; i++)
        crew->items[i] = crew->build(&crew->builders[worker], i);
}

/* The list of `count` items. Its bytes don't depend on who built which. */
static struct value build_list(struct builder *builder, size_t count, build_item *build)
{
    struct value *items = ARENA_ARRAY(builder->arena, struct value, count);
    struct crew crew = {.build = build, .items = items, .count = count};
    size_t i;

    for (i = 0; i < WORKERS_LIMIT; i++) {
        crew.builders[i] = *builder;
        crew.builders[i].arena = &crew.arenas[i];
    }
    workers_run((count + ITEMS_AT_ONCE - 1) / ITEMS_AT_ONCE, build_some, &crew);
    for (i = 0; i < WORKERS_LIMIT; i++) {
        builder->uses_math |= crew.builders[i].uses_math;
        builder->tests_many |= crew.builders[i].tests_many;
        builder->tests_defer |= crew.builders[i].tests_defer;
        builder->tests_errors |= crew.builders[i].tests_errors;
        builder->tests_blob |= crew.builders[i].tests_blob;
        builder->tests_labels |= crew.builders[i].tests_labels;
        builder->tests_any |= crew.builders[i].tests_any;
        builder->tests_copy |= crew.builders[i].tests_copy;
        arena_join(builder->arena, &crew.arenas[i]);
    }
    return value_list(builder->arena, items, count);
}

/* ---- enums ----------------------------------------------------------------------------
 */

static struct value enum_values(struct builder *builder, const struct enumeration *e)
{
    static const char *const names[] = {"constant", "value", "comma",
                                        "text_c",   "first", NULL};
    static struct shape shape = {.names = names};
    struct arena *arena = builder->arena;
    struct value *items = ARENA_ARRAY(arena, struct value, e->values.count);
    size_t i;

    for (i = 0; i < e->values.count; i++) {
        const struct enumerator *value = &e->values.items[i];
        const char *text = e->storage == STORE_TEXT ? value->text : value->name;
        struct value *f = ARENA_ARRAY(arena, struct value, 5);

        f[0] = value_text(view_constant(builder, e, value));
        f[1] = value_text(text_int64(arena, value->value));
        f[2] = value_text(i + 1 < e->values.count ? "," : "");
        f[3] = value_text(text_c_string(arena, text, strlen(text)));
        f[4] = value_flag(i == 0);
        items[i] = value_new(arena, &shape, NULL, f);
    }
    return value_list(arena, items, e->values.count);
}

/* Whether a column uses the enum at all, and whether a nullable one does. */
static void table_uses(const struct table *table, const struct enumeration *e, bool *used,
                       bool *optional)
{
    size_t i;

    for (i = 0; i < table->columns.count; i++) {
        const struct column *column = table->columns.items[i];

        if (column->enumeration != e)
            continue;
        *optional = *optional || column->nullable;
        *used = true;
    }
}

static void enum_uses(const struct schema *schema, const struct enumeration *e,
                      bool *used, bool *optional)
{
    size_t i;

    *used = *optional = false;
    for (i = 0; i < schema->tables.count; i++)
        table_uses(schema->tables.items[i], e, used, optional);
    for (i = 0; i < schema->rows.count; i++)
        table_uses(schema->rows.items[i], e, used, optional);
    for (i = 0; i < schema->queries.count; i++)
        if (schema->queries.items[i]->typed->row != NULL)
            table_uses(schema->queries.items[i]->typed->row, e, used, optional);
}

static struct value view_enum(struct builder *builder, const struct enumeration *e)
{
    struct arena *arena = builder->arena;
    const char *schema = builder->schema->name;
    struct value *f = ARENA_ARRAY(arena, struct value, ENUM_FIELD_COUNT);
    bool used, optional;

    enum_uses(builder->schema, e, &used, &optional);
    f[ENUM_enum] = value_text(e->name);
    f[ENUM_type] = value_text(arena_printf(arena, "%s_%s", schema, e->name));
    f[ENUM_opt_type] = value_text(arena_printf(arena, "%s_opt_%s", schema, e->name));
    f[ENUM_rule] = value_text(text_rule(arena, e->name));
    f[ENUM_has_doc] = value_flag(e->doc != NULL && *e->doc != '\0');
    f[ENUM_doc_lines] = text_comment(arena, e->doc == NULL ? "" : e->doc, DOC_WIDTH);
    f[ENUM_text] = value_flag(e->storage == STORE_TEXT);
    f[ENUM_values] = enum_values(builder, e);
    f[ENUM_first_constant] = value_text(view_constant(builder, e, &e->values.items[0]));
    f[ENUM_undeclared] = value_text(view_sample_undeclared(builder, e));
    f[ENUM_read] = value_flag(used);
    f[ENUM_read_optional] = value_flag(optional);
    return value_new(arena, &enum_shape, NULL, f);
}

static struct value view_enums(struct builder *builder)
{
    const struct schema *schema = builder->schema;
    struct value *items = ARENA_ARRAY(builder->arena, struct value, schema->enums.count);
    size_t i;

    for (i = 0; i < schema->enums.count; i++)
        items[i] = view_enum(builder, schema->enums.items[i]);
    return value_list(builder->arena, items, schema->enums.count);
}

/* ---- the statements that create the schema -------------------------------------- */

/* The lines of the statement, the last with its semicolon. */
static struct value sql_lines(struct arena *arena, const char *sql)
{
    VEC(struct value) lines = {0};

    for (;;) {
        const char *end = strchr(sql, '\n');

        *VEC_ADD(arena, &lines) =
            value_text(end == NULL ? arena_printf(arena, "%s;", sql)
                                   : arena_strndup(arena, sql, (size_t)(end - sql)));
        if (end == NULL)
            return value_list(arena, lines.items, lines.count);
        sql = end + 1;
    }
}

/*
 * What SQLite 3.40 takes for unsafe in a schema that is not trusted: JSON functions, and in
 * triggers and views virtual tables, fts5 among them. Any mention counts: one too many only
 * leaves a switch on.
 */
static bool needs_trust(const struct schema *schema)
{
    static const char *const words[] = {"json", "JSON", "VIRTUAL TABLE", "virtual table"};
    size_t i, k;

    for (k = 0; k < sizeof words / sizeof *words; k++) {
        for (i = 0; i < schema->ddl_count; i++)
            if (strstr(schema->ddl[i].sql, words[k]) != NULL)
                return true;
        if (view_migrations_mention(schema, words[k]))
            return true;
    }
    return false;
}

static struct value view_statement(struct builder *builder, size_t index)
{
    static const char *const names[] = {"sql_lines", NULL};
    static struct shape shape = {.names = names};
    struct arena *arena = builder->arena;
    const char *sql = builder->schema->ddl[index].sql;
    const char *variable = arena_printf(arena, "ddl_%zu", index + 1);
    struct value object = text_sql_object(arena, variable, sql);
    struct value *f = ARENA_NEW(arena, struct value);

    *f = sql_lines(arena, sql);
    return value_new(arena, &shape, object.object, f);
}

/* ---- the schema ----------------------------------------------------------------- */

static struct value view_one_table(struct builder *builder, size_t index)
{
    return view_table(builder, builder->schema->tables.items[index]);
}

/* "*": every name that begins so is taken; "": only with one of the known endings. */
static void collect_prefixes(struct builder *builder)
{
    static char all[] = "*", some[] = "";
    static const char *const fixed[] = {"quarry", "schema", "the", "ddl"};
    const struct schema *schema = builder->schema;
    size_t i;

    for (i = 0; i < schema->tables.count; i++)
        map_put(builder->arena, &builder->prefixes, schema->tables.items[i]->row, some);
    for (i = 0; i < schema->rows.count; i++)
        map_put(builder->arena, &builder->prefixes, schema->rows.items[i]->row, some);
    for (i = 0; i < schema->queries.count; i++)
        map_put(builder->arena, &builder->prefixes, schema->queries.items[i]->name, some);
    for (i = 0; i < schema->enums.count; i++)
        map_put(builder->arena, &builder->prefixes, schema->enums.items[i]->name, some);
    for (i = 0; i < sizeof fixed / sizeof *fixed; i++)
        map_put(builder->arena, &builder->prefixes, fixed[i], all);
    map_put(builder->arena, &builder->prefixes, schema->name, all);
}

struct value view_build(struct arena *arena, const struct schema *schema)
{
    struct builder builder = {
        .arena = arena, .schema = schema, .upper = name_to_upper(arena, schema->name)};
    struct value *f = ARENA_ARRAY(arena, struct value, SCHEMA_COUNT);

    collect_prefixes(&builder);
    f[SCHEMA_name] = value_text(schema->name);
    f[SCHEMA_upper] = value_text(builder.upper);
    f[SCHEMA_guard] = value_text(arena_printf(arena, "%s_H", builder.upper));
    f[SCHEMA_has_doc] = value_flag(schema->doc != NULL && *schema->doc != '\0');
    f[SCHEMA_doc_lines] =
        text_comment(arena, schema->doc == NULL ? "" : schema->doc, DOC_WIDTH);
    f[SCHEMA_abi] = value_text(abi);
    f[SCHEMA_version] = value_text(schema->history != NULL
                                       ? text_size(arena, schema->history->versions.count)
                                       : version);
    view_migrations(&builder, &f[SCHEMA_migrations], &f[SCHEMA_calls]);
    f[SCHEMA_count_rows] = view_migration_counts(arena, schema);
    f[SCHEMA_next_version] = value_text(text_size(
        arena, schema->history != NULL ? schema->history->versions.count + 1 : 2));
    f[SCHEMA_reversible] = value_flag(view_migrations_reversible(schema));
    f[SCHEMA_has_migrations] = value_flag(schema->history != NULL);
    f[SCHEMA_migration_count] = value_text(
        text_size(arena, schema->history != NULL ? schema->history->versions.count : 0));
    f[SCHEMA_fingerprint] = value_text(ddl_fingerprint(arena, schema));
    f[SCHEMA_enums] = view_enums(&builder);
    f[SCHEMA_tables] = build_list(&builder, schema->tables.count, view_one_table);
    f[SCHEMA_rows] = build_list(&builder, schema->rows.count, view_result_row);
    f[SCHEMA_views] = build_list(&builder, schema->views.count, view_view);
    f[SCHEMA_queries] = build_list(&builder, schema->queries.count, view_query);
    f[SCHEMA_has_queries] = value_flag(schema->queries.count > 0);
    f[SCHEMA_query_count] = value_text(text_size(arena, schema->queries.count));
    f[SCHEMA_has_statements] =
        value_flag(schema->views.count > 0 || schema->queries.count > 0);
    f[SCHEMA_has_single] = value_flag(view_has_single(schema));
    f[SCHEMA_uses_lists] = value_flag(view_uses_lists(schema));
    f[SCHEMA_table_count] = value_text(text_size(arena, schema->tables.count));
    f[SCHEMA_ddl] = build_list(&builder, schema->ddl_count, view_statement);
    f[SCHEMA_trusts_schema] = value_flag(needs_trust(schema));
    f[SCHEMA_uses_math] = value_flag(builder.uses_math);
    f[SCHEMA_test] = view_sample_schema(&builder);
    return value_new(arena, &schema_shape, NULL, f);
}

struct value view_for_file(struct arena *arena, const struct value *view,
                           const char *file)
{
    static const char *const names[] = {"file", NULL};
    static struct shape shape = {.names = names};
    struct value *f = ARENA_NEW(arena, struct value);

    *f = value_text(file);
    return value_new(arena, &shape, view->object, f);
}
