/*
 * ddl_check.c: the CHECK constraints that a column's type and rules make. They say in SQL
 * what the generated validate function says in C, so that no other door lets bad data in.
 */
#include "ddl.h"

#include "../base/names.h"

#include <string.h>

/* What one column's checks are made with. */
struct maker {
    struct arena *arena;
    const struct table *table;
    const struct column *column;
    const char *name;    /* as SQL */
    const char *operand; /* as SQL, compared byte by byte whatever the collation */
    struct buf sql;
    VEC(struct column_check) checks;
};

static void keep(struct maker *maker, const char *suffix)
{
    struct column_check *check = VEC_ADD(maker->arena, &maker->checks);

    check->name = arena_printf(maker->arena, "%s_%s_%s", maker->table->name,
                               maker->column->name, suffix);
    check->sql = arena_strndup(maker->arena, maker->sql.data, maker->sql.length);
    buf_clear(&maker->sql);
}

static void keep_text(struct maker *maker, const char *suffix, const char *sql)
{
    buf_adds(&maker->sql, sql);
    keep(maker, suffix);
}

static void add_bounds(struct maker *maker, const char *operand,
                       const struct literal *min, const struct literal *max)
{
    buf_adds(&maker->sql, operand);
    buf_adds(&maker->sql, min != NULL && max != NULL ? " BETWEEN "
                          : min != NULL              ? " >= "
                                                     : " <= ");
    if (min != NULL)
        ddl_literal(min, &maker->sql);
    if (min != NULL && max != NULL)
        buf_adds(&maker->sql, " AND ");
    if (max != NULL)
        ddl_literal(max, &maker->sql);
}

static void check_range(struct maker *maker)
{
    static const struct literal least = {.kind = LITERAL_INTEGER, .integer = INT32_MIN};
    static const struct literal most = {.kind = LITERAL_INTEGER, .integer = INT32_MAX};
    const struct column *column = maker->column;
    const struct literal *min = column->has_min ? &column->min : NULL;
    const struct literal *max = column->has_max ? &column->max : NULL;
    bool written = min != NULL || max != NULL;

    if (column->type == TYPE_INT32 && min == NULL)
        min = &least;
    if (column->type == TYPE_INT32 && max == NULL)
        max = &most;
    if (min == NULL && max == NULL)
        return;
    add_bounds(maker, maker->operand, min, max);
    keep(maker, written ? "range" : "type");
}

static void check_length(struct maker *maker)
{
    const struct column *column = maker->column;
    struct literal min = {.kind = LITERAL_INTEGER,
                          .integer = (int64_t)column->min_length};
    struct literal max = {.kind = LITERAL_INTEGER,
                          .integer = (int64_t)column->max_length};
    bool at_least = column->has_min_length && column->min_length > 0;

    if (!at_least && !column->has_max_length)
        return;
    if (at_least && column->has_max_length && column->min_length == column->max_length) {
        buf_addf(&maker->sql, "length(%s) = %zu", maker->name, column->min_length);
    } else {
        const char *operand = arena_printf(maker->arena, "length(%s)", maker->name);

        add_bounds(maker, operand, at_least ? &min : NULL,
                   column->has_max_length ? &max : NULL);
    }
    keep(maker, "length");
}

static void check_enum(struct maker *maker)
{
    const struct enumeration *enumeration = maker->column->enumeration;

    buf_addf(&maker->sql, "%s IN (", maker->operand);
    for (size_t i = 0; i < enumeration->values.count; i++) {
        const struct enumerator *value = &enumeration->values.items[i];

        buf_adds(&maker->sql, i > 0 ? ", " : "");
        if (enumeration->storage == STORE_TEXT)
            buf_adds(&maker->sql, text_sql(maker->arena, value->text));
        else
            buf_addf(&maker->sql, "%lld", (long long)value->value);
    }
    buf_addc(&maker->sql, ')');
    keep(maker, "one_of"); /* the same as a column {type: text, one_of: […]} has */
}

static void check_one_of(struct maker *maker)
{
    const struct column *column = maker->column;

    if (column->one_of.count == 0)
        return;
    buf_addf(&maker->sql, "%s IN (", maker->operand);
    for (size_t i = 0; i < column->one_of.count; i++) {
        buf_adds(&maker->sql, i > 0 ? ", " : "");
        ddl_literal(&column->one_of.items[i], &maker->sql);
    }
    buf_addc(&maker->sql, ')');
    keep(maker, "one_of");
}

/*
 * A modifier makes SQLite compute the date anew: without one, versions before 3.41 give
 * '2023-02-30' back as it came.
 */
#define TWO_DIGITS "[0-9][0-9]"
#define DATE_GLOB  TWO_DIGITS TWO_DIGITS "-" TWO_DIGITS "-" TWO_DIGITS
#define TIME_GLOB  TWO_DIGITS ":" TWO_DIGITS ":" TWO_DIGITS ".[0-9][0-9][0-9]Z"

/* json_valid(NULL) is 0 before SQLite 3.41, not NULL. */
static const char *or_null(const struct maker *maker)
{
    return maker->column->nullable
               ? arena_printf(maker->arena, "%s IS NULL OR ", maker->name)
               : "";
}

static void check_type(struct maker *maker)
{
    struct arena *arena = maker->arena;
    const char *name = maker->name;

    switch (maker->column->type) {
    case TYPE_BOOL:
        keep_text(maker, "type", arena_printf(arena, "%s IN (0, 1)", name));
        break;
    case TYPE_ENUM: check_enum(maker); break;
    case TYPE_JSON:
        keep_text(maker, "type",
                  arena_printf(arena, "%sjson_valid(%s)", or_null(maker), name));
        break;
    case TYPE_LABELS:
        keep_text(maker, "type",
                  arena_printf(arena,
                               maker->column->nullable
                                   ? "%s(json_valid(%s) AND json_type(%s) = 'object')"
                                   : "%sjson_valid(%s) AND json_type(%s) = 'object'",
                               or_null(maker), name, name));
        break;
    case TYPE_DATE:
        keep_text(maker, "type",
                  arena_printf(arena,
                               "%s GLOB '" DATE_GLOB "' AND date(%s, '+0 days') IS %s",
                               name, name, name));
        break;
    case TYPE_UUID:
        keep_text(maker, "type",
                  arena_printf(arena,
                               "%s LIKE '________-____-____-____-____________' "
                               "AND length(replace(%s, '-', '')) = 32 "
                               "AND %s NOT GLOB '*[^-0-9a-f]*'",
                               name, name, name));
        break;
    case TYPE_TIMESTAMP:
        if (maker->column->storage == STORE_TEXT)
            keep_text(
                maker, "type",
                arena_printf(arena,
                             "%s GLOB '" DATE_GLOB "T" TIME_GLOB "' "
                             "AND strftime('%%Y-%%m-%%dT%%H:%%M:%%fZ', %s, '+0 days') "
                             "IS %s",
                             name, name, name));
        break;
    default: break;
    }
}

static void check_pattern(struct maker *maker)
{
    if (maker->column->pattern == NULL)
        return;
    buf_addf(&maker->sql, "%s GLOB %s", maker->name,
             text_sql(maker->arena, maker->column->pattern));
    keep(maker, "pattern");
}

size_t ddl_column_checks(struct arena *arena, const struct table *table,
                         const struct column *column, const struct schema *schema,
                         const struct column_check **checks)
{
    struct maker maker = {.arena = arena, .table = table, .column = column};
    bool collated = column->collation != NULL && strcmp(column->collation, "BINARY") != 0;

    (void)schema;
    maker.name = name_sql(arena, column->sql_name);
    maker.operand =
        collated ? arena_printf(arena, "%s COLLATE BINARY", maker.name) : maker.name;
    buf_init(&maker.sql);
    check_type(&maker);
    check_range(&maker);
    check_length(&maker);
    check_pattern(&maker);
    check_one_of(&maker);
    buf_release(&maker.sql);
    *checks = maker.checks.items;
    return maker.checks.count;
}
