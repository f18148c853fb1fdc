/*
 * sample.c: see sample.h. Tables are filled parents first; then rows that are the same in
 * a key or a unique index get other variants of their own values until they differ.
 */
#include "sample.h"

#include "sample_value.h"
#include "sqltext.h"

#include <string.h>

enum {
    ATTEMPTS = 64,
    ROUNDS = 4
};

/* Columns that must differ between rows. */
struct key_set {
    struct columns columns;
};

/* A foreign key whose parent comes later, or is the table itself. */
struct late_key {
    struct table *table;
    const struct foreign_key *key;
};

struct sampler {
    struct arena *arena;
    const struct schema *schema;
    struct table *table;
    bool *plain;  /* per column: named by an expression of the user's */
    bool *copied; /* per column: part of a foreign key whose parent is filled */
    bool *unset;  /* per column: NULL in all rows, to break a cycle */
    VEC(struct key_set) sets;
    VEC(struct late_key) late;
};

/* ---- what the table's rules say about its columns ------------------------------- */

static void mark_plain(struct sampler *sampler, const char *sql)
{
    const struct table *table = sampler->table;

    for (size_t i = 0; sql != NULL && i < table->columns.count; i++)
        if (sql_mentions(sql, table->columns.items[i]->sql_name))
            sampler->plain[i] = true;
}

static void find_plain(struct sampler *sampler)
{
    const struct table *table = sampler->table;

    for (size_t i = 0; i < table->checks.count; i++)
        mark_plain(sampler, table->checks.items[i].sql);
    for (size_t i = 0; i < table->columns.count; i++)
        mark_plain(sampler, table->columns.items[i]->generated);
    for (size_t i = 0; i < table->indexes.count; i++) {
        const struct index *index = &table->indexes.items[i];

        for (size_t t = 0; t < index->terms.count; t++)
            if (index->terms.items[t].column == NULL)
                mark_plain(sampler, index->terms.items[t].sql);
    }
}

static bool has_column(const struct columns *columns, const struct column *column)
{
    for (size_t i = 0; i < columns->count; i++)
        if (columns->items[i] == column)
            return true;
    return false;
}

static void add_to_set(struct columns *set, struct column *column)
{
    if (!has_column(set, column))
        set->items[set->count++] = column;
}

/* What an expression or a generated column depends on stands for it. */
static void add_mentioned(const struct table *table, struct columns *set, const char *sql)
{
    for (size_t i = 0; i < table->columns.count; i++)
        if (table->columns.items[i]->generated == NULL &&
            sql_mentions(sql, table->columns.items[i]->sql_name))
            add_to_set(set, table->columns.items[i]);
}

static struct columns *new_set(struct sampler *sampler)
{
    struct columns *set = &VEC_ADD(sampler->arena, &sampler->sets)->columns;

    set->items =
        ARENA_ARRAY(sampler->arena, struct column *, sampler->table->columns.count);
    set->count = 0; /* what was there before belongs to another table */
    return set;
}

static void add_column_set(struct sampler *sampler, const struct columns *columns)
{
    struct columns *set;

    if (columns->count == 0)
        return;
    set = new_set(sampler);
    for (size_t i = 0; i < columns->count; i++) {
        if (columns->items[i]->generated != NULL)
            add_mentioned(sampler->table, set, columns->items[i]->generated);
        else
            add_to_set(set, columns->items[i]);
    }
}

static void find_sets(struct sampler *sampler)
{
    const struct table *table = sampler->table;

    add_column_set(sampler, &table->key.columns);
    for (size_t i = 0; i < table->uniques.count; i++)
        add_column_set(sampler, &table->uniques.items[i].columns);
    for (size_t i = 0; i < table->indexes.count; i++) {
        const struct index *index = &table->indexes.items[i];
        struct columns *set;

        if (!index->unique)
            continue;
        set = new_set(sampler);
        for (size_t t = 0; t < index->terms.count; t++) {
            const struct index_term *term = &index->terms.items[t];
            const char *sql = term->column != NULL ? term->column->generated : term->sql;

            if (sql != NULL)
                add_mentioned(table, set, sql);
            else if (term->column != NULL)
                add_to_set(set, table->columns.items[term->column->index]);
        }
    }
}

/* ---- values of the table's own -------------------------------------------------- */

/* Keys that SQLite assigns go on from the greatest, so that one can't be the last. */
static bool assigned_key(const struct sampler *sampler, const struct column *column,
                         size_t row, size_t variant, struct literal *value)
{
    static const int64_t keys[SAMPLE_ROWS] = {1, INT64_C(2147483648), 3};

    if (column->key_position == 0 || !sampler->table->key.assigned)
        return false;
    *value = (struct literal){.kind = LITERAL_INTEGER,
                              .integer = keys[row] + (int64_t)(variant * SAMPLE_ROWS)};
    return sample_satisfies(column, value) && column->one_of.count == 0;
}

static struct literal own_value(const struct sampler *sampler,
                                const struct column *column, size_t row, size_t variant)
{
    static const enum sample_style styles[] = {SAMPLE_LEAST, SAMPLE_GREATEST,
                                               SAMPLE_ORDINARY};
    enum sample_style style = styles[row];
    struct literal value;

    if (row + variant < column->examples.count)
        return column->examples.items[row + variant];
    if (variant < column->examples.count)
        return column->examples.items[(row + variant) % column->examples.count];
    if (assigned_key(sampler, column, row, variant, &value))
        return value;
    if (sampler->plain[column->index])
        style = SAMPLE_ORDINARY;
    if (style == SAMPLE_ORDINARY)
        variant += row;
    return sample_value(sampler->arena, sampler->schema, column, style, variant);
}

static bool is_null_in(const struct sampler *sampler, const struct column *column,
                       size_t row)
{
    if (column->generated != NULL || sampler->unset[column->index])
        return true;
    return row == 0 && column->nullable && column->examples.count == 0;
}

static void fill_own(struct sampler *sampler)
{
    struct table *table = sampler->table;

    table->samples = ARENA_ARRAY(sampler->arena, struct sample, SAMPLE_ROWS);
    for (size_t row = 0; row < SAMPLE_ROWS; row++) {
        struct literal *values =
            ARENA_ARRAY(sampler->arena, struct literal, table->columns.count);

        table->samples[row].values = values;
        for (size_t i = 0; i < table->columns.count; i++)
            if (!is_null_in(sampler, table->columns.items[i], row))
                values[i] = own_value(sampler, table->columns.items[i], row, 0);
    }
}

/* ---- foreign keys --------------------------------------------------------------- */

/* False where the parent is the table itself or comes later in the order of creation. */
static bool is_filled(const struct foreign_key *key, const struct table *table)
{
    return key->parent != table && key->parent->samples != NULL;
}

static void break_cycles(struct sampler *sampler)
{
    struct table *table = sampler->table;

    for (size_t i = 0; i < table->foreign_keys.count; i++) {
        const struct foreign_key *key = &table->foreign_keys.items[i];
        bool nullable = false;

        for (size_t c = 0; c < key->columns.count; c++) {
            const struct column *column = key->columns.items[c];

            if (is_filled(key, table))
                sampler->copied[column->index] = true;
            else if (column->nullable)
                nullable = sampler->unset[column->index] = true;
        }
        if (!is_filled(key, table) && !nullable)
            *VEC_ADD(sampler->arena, &sampler->late) = (struct late_key){table, key};
    }
}

static const struct literal *parent_value(struct sampler *sampler, struct table *parent,
                                          const struct column *column, size_t row,
                                          bool needed)
{
    struct literal *value =
        &parent->samples[row % parent->sample_count].values[column->index];

    /* NULL where a child needs a value: any will do, keys of different rows differ. */
    if (value->kind == LITERAL_NULL && needed && column->generated == NULL)
        *value = sample_value(sampler->arena, sampler->schema, column, SAMPLE_ORDINARY,
                              row + SAMPLE_ROWS);
    return value;
}

static void copy_key(struct sampler *sampler, const struct foreign_key *key)
{
    struct table *table = sampler->table;

    for (size_t row = 0; row < SAMPLE_ROWS; row++)
        for (size_t c = 0; c < key->columns.count; c++) {
            const struct column *column = key->columns.items[c];
            bool optional = column->nullable && column->key_position == 0;

            if (is_null_in(sampler, column, row))
                continue;
            table->samples[row].values[column->index] = *parent_value(
                sampler, key->parent, key->parent_columns.items[c], row, !optional);
        }
}

static void copy_keys(struct sampler *sampler)
{
    const struct table *table = sampler->table;

    for (size_t i = 0; i < table->foreign_keys.count; i++)
        if (is_filled(&table->foreign_keys.items[i], table))
            copy_key(sampler, &table->foreign_keys.items[i]);
}

/* ---- unique keys ---------------------------------------------------------------- */

static bool collides(const struct table *table, const struct columns *set, size_t row,
                     size_t other)
{
    for (size_t i = 0; i < set->count; i++) {
        const struct column *column = set->items[i];

        if (!sample_equal(column, &table->samples[row].values[column->index],
                          &table->samples[other].values[column->index]))
            return false;
    }
    return set->count > 0;
}

static bool collides_before(const struct table *table, const struct columns *set,
                            size_t row)
{
    for (size_t other = 0; other < row; other++)
        if (collides(table, set, row, other))
            return true;
    return false;
}

static bool collides_anywhere(const struct sampler *sampler, size_t row)
{
    for (size_t i = 0; i < sampler->sets.count; i++)
        if (collides_before(sampler->table, &sampler->sets.items[i].columns, row))
            return true;
    return false;
}

/* Tries combinations of the first four variants of each column that is free to vary. */
static void vary(struct sampler *sampler, const struct columns *set, size_t row)
{
    struct table *table = sampler->table;

    for (size_t attempt = 1; attempt < ATTEMPTS; attempt++) {
        size_t rest = attempt;

        for (size_t i = set->count; i-- > 0;) {
            const struct column *column = set->items[i];

            if (sampler->copied[column->index] || is_null_in(sampler, column, row))
                continue;
            table->samples[row].values[column->index] =
                own_value(sampler, column, row, rest % 4);
            rest /= 4;
        }
        if (!collides_before(table, set, row))
            return;
    }
}

static void make_distinct(struct sampler *sampler)
{
    struct table *table = sampler->table;

    for (table->sample_count = 1; table->sample_count < SAMPLE_ROWS;
         table->sample_count++) {
        size_t row = table->sample_count;

        for (size_t round = 0; round < ROUNDS && collides_anywhere(sampler, row); round++)
            for (size_t i = 0; i < sampler->sets.count; i++)
                if (collides_before(table, &sampler->sets.items[i].columns, row))
                    vary(sampler, &sampler->sets.items[i].columns, row);
        if (collides_anywhere(sampler, row))
            return;
    }
}

/* ---- all tables ----------------------------------------------------------------- */

static void plan_table(struct sampler *sampler, struct table *table)
{
    sampler->table = table;
    sampler->sets.count = 0;
    sampler->plain = ARENA_ARRAY(sampler->arena, bool, table->columns.count);
    sampler->copied = ARENA_ARRAY(sampler->arena, bool, table->columns.count);
    sampler->unset = ARENA_ARRAY(sampler->arena, bool, table->columns.count);
    find_plain(sampler);
    find_sets(sampler);
    break_cycles(sampler);
    fill_own(sampler);
    copy_keys(sampler);
    make_distinct(sampler);
}

static void close_cycles(struct sampler *sampler)
{
    for (size_t i = 0; i < sampler->late.count; i++) {
        sampler->table = sampler->late.items[i].table;
        sampler->unset = ARENA_ARRAY(sampler->arena, bool, sampler->table->columns.count);
        copy_key(sampler, sampler->late.items[i].key);
    }
}

void sample_plan(struct arena *arena, struct diags *diags, struct schema *schema)
{
    struct sampler sampler = {.arena = arena, .schema = schema};

    (void)diags;
    for (size_t i = 0; i < schema->creation.count; i++)
        schema->creation.items[i]->samples = NULL;
    for (size_t i = 0; i < schema->creation.count; i++)
        plan_table(&sampler, schema->creation.items[i]);
    close_cycles(&sampler);
}
