/*
 * sample.c: see sample.h. Tables are filled parents first; each row is then searched for
 * what is still wrong with it (sample_search.c). It must not know C or tests.
 */
#include "sample.h"

#include "sample_search.h"
#include "sample_value.h"
#include "sqltext.h"

#include <stdint.h>
#include <string.h>

/* A foreign key whose parent comes later. */
struct late_key {
    struct table *table;
    const struct foreign_key *key;
};

struct planner {
    struct sampler sampler;
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

        if (index->unique)
            mark_plain(sampler, index->where);
        for (size_t t = 0; t < index->terms.count; t++)
            if (index->terms.items[t].column == NULL)
                mark_plain(sampler, index->terms.items[t].sql);
    }
}

/* ---- values of the table's own -------------------------------------------------- */

/*
 * Keys that SQLite assigns go on from the greatest, so that one can't be the last; 0 is
 * none, as it asks for a new one.
 */
static bool assigned_key(const struct sampler *sampler, const struct column *column,
                         size_t row, size_t variant, struct literal *value)
{
    static const int64_t far[SAMPLE_ROWS] = {0, INT64_C(2147483647), 2},
                         near[] = {0, 4, 2};
    int64_t low = 1, high = INT64_MAX;
    const int64_t *steps = far;

    if (column->key_position == 0 || !sampler->table->key.assigned ||
        column->one_of.count > 0)
        return false;
    if (column->has_min && column->min.integer > low)
        low = column->min.integer;
    if (column->has_max)
        high = column->max.integer;
    if (high < low)
        return false;
    if (high - low < 2 * far[1] || column->constrained)
        steps = near;
    if (high - low < steps[row] + (int64_t)(variant * SAMPLE_ROWS))
        return false;
    *value =
        (struct literal){.kind = LITERAL_INTEGER,
                         .integer = low + steps[row] + (int64_t)(variant * SAMPLE_ROWS)};
    return true;
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
    if (sampler->plain[column->index] || column->constrained)
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
    return row == 0 && column->nullable && column->examples.count == 0 &&
           !column->referenced;
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

static bool is_optional(const struct foreign_key *key)
{
    for (size_t i = 0; i < key->columns.count; i++)
        if (key->columns.items[i]->nullable && key->columns.items[i]->key_position == 0)
            return true;
    return false;
}

static bool is_named(const struct table *table, const struct column *column)
{
    for (size_t i = 0; i < table->checks.count; i++)
        if (sql_mentions(table->checks.items[i].sql, column->sql_name))
            return true;
    for (size_t i = 0; i < table->columns.count; i++)
        if (table->columns.items[i]->generated != NULL &&
            sql_mentions(table->columns.items[i]->generated, column->sql_name))
            return true;
    return false;
}

/*
 * A foreign key that can't be NULL needs values in the columns that it refers to, and
 * ordinary ones where an expression of the referring table names it.
 */
static void mark_referenced(const struct schema *schema)
{
    for (size_t t = 0; t < schema->creation.count; t++) {
        const struct table *table = schema->creation.items[t];

        for (size_t i = 0; i < table->foreign_keys.count; i++) {
            const struct foreign_key *key = &table->foreign_keys.items[i];

            for (size_t c = 0; c < key->columns.count; c++) {
                key->parent_columns.items[c]->referenced |= !is_optional(key);
                key->parent_columns.items[c]->constrained |=
                    is_named(table, key->columns.items[c]);
            }
        }
    }
}

static void unset(struct sampler *sampler, const struct foreign_key *key)
{
    for (size_t c = 0; c < key->columns.count; c++) {
        const struct column *column = key->columns.items[c];

        if (column->nullable && column->key_position == 0)
            sampler->unset[column->index] = true;
    }
}

/* What is nullable is NULL where there is no row to refer to. */
static void break_cycles(struct planner *planner)
{
    struct sampler *sampler = &planner->sampler;
    struct table *table = sampler->table;

    for (size_t i = 0; i < table->foreign_keys.count; i++) {
        const struct foreign_key *key = &table->foreign_keys.items[i];

        if (sample_is_filled(table, key))
            continue;
        if (is_optional(key))
            unset(sampler, key);
        else if (key->parent != table && key->parent->samples == NULL)
            *VEC_ADD(sampler->arena, &planner->late) = (struct late_key){table, key};
        else if (key->parent != table)
            table->lacks_parent = key->parent;
    }
}

static void copy_key(struct sampler *sampler, const struct foreign_key *key)
{
    const struct table *parent = key->parent;

    for (size_t row = 0; row < SAMPLE_ROWS; row++)
        for (size_t c = 0; c < key->columns.count; c++) {
            const struct column *column = key->columns.items[c];

            if (is_null_in(sampler, column, row))
                continue;
            sampler->table->samples[row].values[column->index] =
                parent->samples[row % parent->sample_count]
                    .values[key->parent_columns.items[c]->index];
        }
}

static void copy_keys(struct sampler *sampler)
{
    const struct table *table = sampler->table;

    for (size_t i = 0; i < table->foreign_keys.count; i++)
        if (sample_is_filled(table, &table->foreign_keys.items[i]))
            copy_key(sampler, &table->foreign_keys.items[i]);
}

/* ---- all tables ----------------------------------------------------------------- */

static void copy_row(struct table *table, size_t to, size_t from)
{
    memcpy(table->samples[to].values, table->samples[from].values,
           table->columns.count * sizeof *table->samples[to].values);
}

/* As many rows as can be there together; the others are valid alone. */
static void make_valid(struct sampler *sampler)
{
    struct table *table = sampler->table;

    table->sample_count = 0;
    if (table->lacks_parent != NULL)
        return;
    while (table->sample_count < SAMPLE_ROWS &&
           sample_search(sampler, table->sample_count, table->sample_count))
        table->sample_count++;
    for (size_t row = table->sample_count; row < SAMPLE_ROWS && table->sample_count > 0;
         row++)
        if (!sample_search(sampler, row, 0))
            copy_row(table, row, 0);
}

static void take(struct sampler *sampler, struct table *table)
{
    struct arena *arena = sampler->arena;

    sampler->table = table;
    sampler->sets = sample_sets_of(arena, table);
    sampler->plain = ARENA_ARRAY(arena, bool, table->columns.count);
    sampler->unset = ARENA_ARRAY(arena, bool, table->columns.count);
    sampler->judged = judge_is_needed(table) && judge_take(sampler->judge, table);
}

static void plan_table(struct planner *planner, struct table *table)
{
    struct sampler *sampler = &planner->sampler;

    take(sampler, table);
    find_plain(sampler);
    break_cycles(planner);
    fill_own(sampler);
    copy_keys(sampler);
    make_valid(sampler);
}

/* Rows of tables in a circle, once the last of them has its own. */
static void close_cycles(struct planner *planner)
{
    for (size_t i = 0; i < planner->late.count; i++) {
        struct late_key *late = &planner->late.items[i];

        take(&planner->sampler, late->table);
        if (late->key->parent->sample_count > 0)
            copy_key(&planner->sampler, late->key);
        else
            late->table->lacks_parent = late->key->parent;
    }
}

/* True for the table itself, too. */
static bool comes_later(const struct schema *schema, const struct table *parent,
                        const struct table *table)
{
    size_t i = 0;

    while (schema->creation.items[i] != parent && schema->creation.items[i] != table)
        i++;
    return schema->creation.items[i] == table;
}

/* What was NULL to break a cycle stays so. */
static void unset_cycles(struct sampler *sampler)
{
    const struct table *table = sampler->table;

    for (size_t i = 0; i < table->foreign_keys.count; i++)
        if (is_optional(&table->foreign_keys.items[i]) &&
            comes_later(sampler->schema, table->foreign_keys.items[i].parent, table))
            unset(sampler, &table->foreign_keys.items[i]);
}

/* Whether the row is valid, or, the first time, can be made so. */
static bool is_kept(struct sampler *sampler, size_t row, size_t before, size_t round)
{
    return sample_is_good(sampler, row, before) ||
           (round == 0 && sample_search(sampler, row, before));
}

/* Corrects rows that the closing of a circle made invalid, or takes them back. */
static void verify(struct sampler *sampler, struct table *table, size_t round)
{
    if (table->sample_count == 0)
        return;
    take(sampler, table);
    find_plain(sampler);
    unset_cycles(sampler);
    for (size_t row = 0; row < table->sample_count; row++)
        if (!is_kept(sampler, row, row, round))
            table->sample_count = row;
    for (size_t row = table->sample_count; row < SAMPLE_ROWS && table->sample_count > 0;
         row++)
        if (!is_kept(sampler, row, 0, round))
            copy_row(table, row, 0);
    for (size_t i = 0; i < table->foreign_keys.count; i++)
        if (table->foreign_keys.items[i].parent->sample_count == 0 &&
            table->sample_count == 0)
            table->lacks_parent = table->foreign_keys.items[i].parent;
}

/* Once more than there are tables: each round but the last takes back a row at least. */
static void verify_all(struct planner *planner, const struct schema *schema)
{
    size_t rounds =
        planner->late.count > 0 ? SAMPLE_ROWS * schema->creation.count + 2 : 0;
    size_t before = SIZE_MAX;

    for (size_t round = 0; round < rounds; round++) {
        size_t rows = 0;

        for (size_t i = 0; i < schema->creation.count; i++) {
            verify(&planner->sampler, schema->creation.items[i], round);
            rows += schema->creation.items[i]->sample_count;
        }
        if (round > 1 && rows == before)
            return;
        before = rows;
    }
}

void sample_plan(struct arena *arena, struct diags *diags, struct schema *schema)
{
    struct planner planner = {.sampler = {.arena = arena, .schema = schema}};

    (void)diags;
    planner.sampler.judge = judge_new(arena, schema);
    for (size_t i = 0; i < schema->creation.count; i++) {
        schema->creation.items[i]->samples = NULL;
        schema->creation.items[i]->lacks_parent = NULL;
    }
    mark_referenced(schema);
    for (size_t i = 0; i < schema->creation.count; i++)
        plan_table(&planner, schema->creation.items[i]);
    close_cycles(&planner);
    verify_all(&planner, schema);
    judge_free(planner.sampler.judge);
}
