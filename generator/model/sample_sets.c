/*
 * sample_sets.c: see sample_sets.h.
 */
#include "sample_sets.h"

#include "sample.h"
#include "sample_value.h"
#include "sqltext.h"

struct finder {
    struct arena *arena;
    const struct table *table;
    VEC(struct sample_set) sets;
    bool *seen; /* computed columns of the set at hand: they may need each other */
};

static struct sample_set *new_set(struct finder *finder)
{
    struct sample_set *set = VEC_ADD(finder->arena, &finder->sets);
    size_t count = finder->table->columns.count;

    *set = (struct sample_set){.exact = true};
    set->columns.items = ARENA_ARRAY(finder->arena, struct column *, count);
    set->collations = ARENA_ARRAY(finder->arena, const char *, count);
    finder->seen = ARENA_ARRAY(finder->arena, bool, count);
    return set;
}

/* A column that is there twice keeps the collation that tells more values apart. */
static void add_column(struct sample_set *set, struct column *column,
                       const char *collation)
{
    for (size_t i = 0; i < set->columns.count; i++)
        if (set->columns.items[i] == column) {
            set->exact = false;
            return;
        }
    set->collations[set->columns.count] = collation;
    set->columns.items[set->columns.count++] = column;
}

static void add_mentioned(struct finder *finder, struct sample_set *set, const char *sql)
{
    set->exact = false;
    for (size_t i = 0; i < finder->table->columns.count; i++) {
        struct column *column = finder->table->columns.items[i];

        if (finder->seen[i] || !sql_mentions(sql, column->sql_name))
            continue;
        if (column->generated == NULL) {
            add_column(set, column, NULL);
        } else {
            finder->seen[i] = true;
            add_mentioned(finder, set, column->generated);
        }
    }
}

static void add_term(struct finder *finder, struct sample_set *set, struct column *column,
                     const char *sql, const char *collation)
{
    if (column != NULL)
        sql = column->generated;
    if (sql != NULL)
        add_mentioned(finder, set, sql);
    else
        add_column(set, column, collation);
}

static void add_columns(struct finder *finder, const struct columns *columns)
{
    struct sample_set *set;

    if (columns->count == 0)
        return;
    set = new_set(finder);
    for (size_t i = 0; i < columns->count; i++)
        add_term(finder, set, columns->items[i], NULL, columns_collation(columns, i));
}

static void add_index(struct finder *finder, const struct index *index)
{
    struct sample_set *set = new_set(finder);

    for (size_t i = 0; i < index->terms.count; i++) {
        const struct index_term *term = &index->terms.items[i];
        struct column *column = NULL;

        if (term->column != NULL)
            column = finder->table->columns.items[term->column->index];
        add_term(finder, set, column, term->sql, term->collation);
    }
    if (index->where != NULL)
        add_mentioned(finder, set, index->where);
}

struct sample_sets sample_sets_of(struct arena *arena, const struct table *table)
{
    struct finder finder = {.arena = arena, .table = table};

    add_columns(&finder, &table->key.columns);
    for (size_t i = 0; i < table->uniques.count; i++)
        add_columns(&finder, &table->uniques.items[i].columns);
    for (size_t i = 0; i < table->indexes.count; i++)
        if (table->indexes.items[i].unique)
            add_index(&finder, &table->indexes.items[i]);
    return (struct sample_sets){finder.sets.items, finder.sets.count};
}

/* ---- comparing ------------------------------------------------------------------ */

static bool same_value(const struct column *column, const char *collation,
                       const struct literal *a, const struct literal *b)
{
    struct column as = *column;

    if (collation != NULL)
        as.collation = collation;
    return sample_equal(&as, a, b);
}

/* True where both are NULL, too: what an expression makes of them is the same. */
static bool identical(const struct literal *a, const struct literal *b)
{
    if (a->kind == LITERAL_NULL || b->kind == LITERAL_NULL)
        return a->kind == b->kind;
    return sample_equal(&(struct column){0}, a, b);
}

static bool all_identical(const struct columns *columns, const struct literal *a,
                          const struct literal *b)
{
    for (size_t i = 0; i < columns->count; i++)
        if (!identical(&a[columns->items[i]->index], &b[columns->items[i]->index]))
            return false;
    return true;
}

/* A sample row that has the same values in the columns, or the number of them. */
static size_t like_row(const struct table *table, const struct columns *columns,
                       const struct literal *values)
{
    size_t row = 0;

    while (row < table->sample_count &&
           !all_identical(columns, values, table->samples[row].values))
        row++;
    return row;
}

enum sample_clash sample_clash(const struct table *table, const struct sample_set *set,
                               const struct literal *a, const struct literal *b)
{
    const struct columns *columns = &set->columns;
    size_t like_a, like_b;

    if (set->exact) {
        for (size_t i = 0; i < columns->count; i++) {
            const struct column *column = columns->items[i];

            if (!same_value(column, set->collations[i], &a[column->index],
                            &b[column->index]))
                return CLASH_NONE;
        }
        return CLASH_SURE;
    }
    like_a = like_row(table, columns, a);
    like_b = like_row(table, columns, b);
    if (like_a < table->sample_count && like_b < table->sample_count &&
        like_a != like_b && !all_identical(columns, a, b))
        return CLASH_NONE;
    return CLASH_PERHAPS;
}
