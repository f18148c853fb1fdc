/*
 * statement.c: see statement.h. Column names stand bare: that parses faster, and reads
 * well.
 */
#include "statement.h"

#include "../base/buf.h"
#include "../base/names.h"
#include "../model/ddl.h"

#include <string.h>

bool column_is_updatable(const struct column *column)
{
    return column->key_position == 0 && column->generated == NULL;
}

bool column_is_created(const struct column *column)
{
    return column->has_default && column->default_value.kind == LITERAL_NOW &&
           !column->touch;
}

static bool is_by_value(const struct column *column)
{
    return type_table[column->type].shape == C_NUMBER || column->type == TYPE_UUID;
}

bool column_comes_back(const struct column *column)
{
    return column->generated != NULL && is_by_value(column);
}

bool column_is_returned_key(const struct column *column)
{
    return column->key_position > 0 && is_by_value(column);
}

/* Whether an insert gives anything back. */
static bool has_computed(const struct table *table)
{
    size_t i;

    for (i = 0; i < table->columns.count; i++)
        if (column_comes_back(table->columns.items[i]))
            return true;
    return false;
}

static bool has_returned_key(const struct table *table)
{
    size_t i;

    for (i = 0; i < table->key.columns.count; i++)
        if (column_is_returned_key(table->key.columns.items[i]))
            return true;
    return false;
}

static const char *sql_name(struct arena *arena, const struct column *column)
{
    return name_sql(arena, column->sql_name);
}

static const char *finish(struct arena *arena, struct buf *out)
{
    const char *sql = arena_strndup(arena, out->data, out->length);

    buf_release(out);
    return sql;
}

static void add_separator(struct buf *out, bool *first)
{
    if (!*first)
        buf_adds(out, ", ");
    *first = false;
}

/* "a, b, c" of the columns that are not generated, each as `format` says of its name. */
static void add_written(struct arena *arena, const struct table *table, struct buf *out)
{
    bool first = true;
    size_t i;

    for (i = 0; i < table->columns.count; i++) {
        const struct column *column = table->columns.items[i];

        if (column->generated != NULL)
            continue;
        add_separator(out, &first);
        buf_adds(out, sql_name(arena, column));
    }
}

/* "?1, ?2" or "c1, c2" for the same columns. */
static void add_numbers(const struct table *table, const char *prefix, struct buf *out)
{
    bool first = true;
    size_t i;

    for (i = 0; i < table->columns.count; i++) {
        if (table->columns.items[i]->generated != NULL)
            continue;
        add_separator(out, &first);
        buf_addf(out, "%s%zu", prefix, i + 1);
    }
}

/* RETURNING with NULL in the place of what isn't needed, so that column N is column N. */
static void add_returning(struct arena *arena, const struct table *table, bool key,
                          struct buf *out)
{
    bool wanted = (key && has_returned_key(table)) || has_computed(table);
    bool started = false;
    size_t last = 0, i;

    for (i = 0; wanted && i < table->columns.count; i++) {
        const struct column *column = table->columns.items[i];
        bool is_key = (key || table->key.assigned) && column_is_returned_key(column);

        if (!column_comes_back(column) && !is_key)
            continue;
        buf_adds(out, started ? ", " : "\nRETURNING ");
        for (; last < i; last++)
            buf_adds(out, "NULL, ");
        /* "+": SQLite 3.40 gives a bare name the affinity of the table's first column */
        buf_addf(out, "+%s", sql_name(arena, column));
        last = i + 1;
        started = true;
    }
}

static void add_insert(struct arena *arena, const struct table *table, struct buf *out)
{
    buf_addf(out, "INSERT%s INTO %s (", ddl_or_abort(table),
             name_sql(arena, table->sql_name));
    add_written(arena, table, out);
    buf_adds(out, ")\nVALUES (");
    add_numbers(table, "?", out);
    buf_addc(out, ')');
}

static void add_insert_many(struct arena *arena, const struct table *table,
                            struct buf *out)
{
    buf_addf(out, "INSERT%s INTO %s (", ddl_or_abort(table),
             name_sql(arena, table->sql_name));
    add_written(arena, table, out);
    buf_adds(out, ")\nSELECT ");
    add_numbers(table, "c", out);
    buf_addf(out, "\nFROM quarry_rows_%zu(?1)", table->columns.count);
}

static bool contains(const struct columns *columns, const struct column *column)
{
    size_t i;

    for (i = 0; i < columns->count; i++)
        if (columns->items[i] == column)
            return true;
    return false;
}

/* " COLLATE NOCASE" where a key compares a column otherwise than the column itself. */
static const char *collate(struct arena *arena, const struct columns *columns, size_t i)
{
    const char *collation = columns_collation(columns, i);

    return collation == NULL
               ? ""
               : arena_printf(arena, " COLLATE %s", name_sql(arena, collation));
}

static void add_names(struct arena *arena, const struct columns *columns, struct buf *out)
{
    size_t i;

    for (i = 0; i < columns->count; i++)
        buf_addf(out, "%s%s%s", i > 0 ? ", " : "", sql_name(arena, columns->items[i]),
                 collate(arena, columns, i));
}

/* The same as terms of ORDER BY. */
static void add_order(struct arena *arena, const struct columns *columns, struct buf *out)
{
    size_t i;

    for (i = 0; i < columns->count; i++)
        buf_addf(out, "%s%s%s%s", i > 0 ? ", " : "", sql_name(arena, columns->items[i]),
                 collate(arena, columns, i), columns_descend(columns, i) ? " DESC" : "");
}

/* Where a column's value stands in SQLite's registers: virtual columns come last. */
static size_t register_of(const struct table *table, const struct column *column)
{
    bool is_virtual = column->generated != NULL && !column->stored;
    size_t at = 0, i;

    for (i = 0; i < table->columns.count; i++) {
        const struct column *other = table->columns.items[i];
        bool later = other->generated != NULL && !other->stored;

        at += is_virtual == later ? i < column->index : is_virtual;
    }
    return at;
}

bool statement_excluded_is_wrong(const struct table *table)
{
    size_t i;

    for (i = 0; i < table->columns.count; i++)
        if (table->columns.items[i]->storage == STORE_REAL &&
            register_of(table, table->columns.items[i]) != i)
            return true;
    return false;
}

static void add_set(struct arena *arena, const struct table *table,
                    const struct column *column, struct buf *out)
{
    const char *name = sql_name(arena, column);

    if (statement_excluded_is_wrong(table))
        buf_addf(out, "%s = ?%zu", name, column->index + 1);
    else
        buf_addf(out, "%s = excluded.%s", name, name);
}

static void add_conflict(struct arena *arena, const struct table *table,
                         const struct columns *unique, struct buf *out)
{
    bool first = true;
    size_t i;

    buf_adds(out, "\nON CONFLICT (");
    add_names(arena, unique, out);
    for (i = 0; i < table->columns.count; i++) {
        const struct column *column = table->columns.items[i];

        if (!column_is_updatable(column) || column_is_created(column) ||
            contains(unique, column))
            continue;
        buf_adds(out, first ? ") DO UPDATE SET\n" : ", ");
        add_set(arena, table, column, out);
        first = false;
    }
    if (first && unique == &table->key.columns && !has_computed(table)) {
        buf_adds(out, ") DO NOTHING");
    } else if (first) { /* something must be set, or nothing would come back */
        buf_adds(out, ") DO UPDATE SET ");
        add_set(arena, table, unique->items[0], out);
    }
}

const char *statement_insert(struct arena *arena, const struct table *table)
{
    struct buf out;

    buf_init(&out);
    add_insert(arena, table, &out);
    add_returning(arena, table, false, &out);
    return finish(arena, &out);
}

const char *statement_insert_many(struct arena *arena, const struct table *table)
{
    struct buf out;

    buf_init(&out);
    add_insert_many(arena, table, &out);
    return finish(arena, &out);
}

const char *statement_upsert(struct arena *arena, const struct table *table,
                             const struct columns *unique)
{
    struct buf out;

    buf_init(&out);
    add_insert(arena, table, &out);
    add_conflict(arena, table, unique == NULL ? &table->key.columns : unique, &out);
    add_returning(arena, table, unique != NULL, &out);
    return finish(arena, &out);
}

const char *statement_upsert_many(struct arena *arena, const struct table *table)
{
    struct buf out;

    buf_init(&out);
    add_insert_many(arena, table, &out);
    buf_adds(&out, "\nWHERE true"); /* or ON would be taken for a join's */
    add_conflict(arena, table, &table->key.columns, &out);
    return finish(arena, &out);
}

/* SELECT of all columns, each with `prefix` before its name. */
static void add_select(struct arena *arena, const struct table *table, const char *prefix,
                       struct buf *out)
{
    size_t i;

    buf_adds(out, "SELECT ");
    for (i = 0; i < table->columns.count; i++)
        buf_addf(out, "%s%s%s", i > 0 ? ", " : "", prefix,
                 sql_name(arena, table->columns.items[i]));
}

/* WHERE a = ?1 AND b IS ?2: IS where the parameter can be NULL, so that it finds NULL. */
static void add_where(struct arena *arena, const struct columns *columns, bool by_column,
                      struct buf *out)
{
    size_t i;

    for (i = 0; i < columns->count; i++) {
        const struct column *column = columns->items[i];

        buf_addf(out, "%s%s %s ?%zu%s", i == 0 ? "\nWHERE " : " AND ",
                 sql_name(arena, column), column->nullable ? "IS" : "=",
                 by_column ? column->index + 1 : i + 1, collate(arena, columns, i));
    }
}

const char *statement_get(struct arena *arena, const struct table *table,
                          const struct columns *columns)
{
    struct buf out;

    buf_init(&out);
    add_select(arena, table, "", &out);
    buf_addf(&out, "\nFROM %s", name_sql(arena, table->sql_name));
    add_where(arena, columns, false, &out);
    return finish(arena, &out);
}

const char *statement_get_many(struct arena *arena, const struct table *table)
{
    const struct columns *key = &table->key.columns;
    const char *name = name_sql(arena, table->sql_name);
    struct buf out;
    size_t i;

    buf_init(&out);
    add_select(arena, table, arena_printf(arena, "%s.", name), &out);
    buf_addf(&out, "\nFROM quarry_rows_%zu(?1) AS quarry_keys\nCROSS JOIN %s ON ",
             key->count, name);
    for (i = 0; i < key->count; i++)
        buf_addf(&out, "%s%s.%s = quarry_keys.c%zu%s", i > 0 ? " AND " : "", name,
                 sql_name(arena, key->items[i]), i + 1, collate(arena, key, i));
    return finish(arena, &out);
}

const char *statement_exists(struct arena *arena, const struct table *table)
{
    struct buf out;

    buf_init(&out);
    buf_addf(&out, "SELECT 1\nFROM %s", name_sql(arena, table->sql_name));
    add_where(arena, &table->key.columns, false, &out);
    return finish(arena, &out);
}

const char *statement_update(struct arena *arena, const struct table *table)
{
    bool first = true;
    struct buf out;
    size_t i;

    buf_init(&out);
    buf_addf(&out, "UPDATE%s %s SET\n", ddl_or_abort(table),
             name_sql(arena, table->sql_name));
    for (i = 0; i < table->columns.count; i++) {
        const struct column *column = table->columns.items[i];

        if (!column_is_updatable(column))
            continue;
        add_separator(&out, &first);
        buf_addf(&out, "%s = ?%zu", sql_name(arena, column), i + 1);
    }
    add_where(arena, &table->key.columns, true, &out);
    return finish(arena, &out);
}

const char *statement_delete(struct arena *arena, const struct table *table)
{
    struct buf out;

    buf_init(&out);
    buf_addf(&out, "DELETE FROM %s", name_sql(arena, table->sql_name));
    add_where(arena, &table->key.columns, false, &out);
    return finish(arena, &out);
}

const char *statement_list(struct arena *arena, const struct table *table, bool bulk)
{
    struct buf out;

    buf_init(&out);
    add_select(arena, table, "", &out);
    buf_addf(&out, "\nFROM %s", name_sql(arena, table->sql_name));
    if (bulk) {
        buf_adds(&out, " NOT INDEXED");
    } else if (table->key.columns.count > 0) {
        buf_adds(&out, "\nORDER BY ");
        add_order(arena, &table->key.columns, &out);
    }
    return finish(arena, &out);
}

const char *statement_access(struct arena *arena, const struct table *table,
                             const struct access *access)
{
    struct buf out;

    buf_init(&out);
    add_select(arena, table, "", &out);
    buf_addf(&out, "\nFROM %s", name_sql(arena, table->sql_name));
    add_where(arena, &access->columns, false, &out);
    if (access->where != NULL)
        buf_addf(&out, "\nWHERE %s", access->where);
    if (access->order_by != NULL)
        buf_addf(&out, "\nORDER BY %s", access->order_by);
    return finish(arena, &out);
}

const char *statement_count(struct arena *arena, const struct table *table)
{
    return arena_printf(arena, "SELECT count(*)\nFROM %s",
                        name_sql(arena, table->sql_name));
}
