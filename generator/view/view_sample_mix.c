/*
 * view_sample_mix.c: rows that the emitted tests put together from several sample rows,
 * and whether they would be the same as another row in a key or unique columns. It must
 * not know C or views.
 */
#include "view_sample.h"

#include "../model/sample.h"
#include "../model/sample_value.h"
#include "../model/sqltext.h"

#include <string.h>

struct literal *tester_copy(struct tester *tester, size_t row)
{
    size_t count = tester->t->columns.count;
    struct literal *copy = ARENA_ARRAY(tester->arena, struct literal, count);

    memcpy(copy, tester->t->samples[row].values, count * sizeof *copy);
    return copy;
}

struct literal *tester_mix(struct tester *tester, size_t key, size_t rest)
{
    struct literal *values = tester_copy(tester, key);
    size_t i;

    for (i = 0; i < tester->t->columns.count; i++)
        if (tester->moves[i] != SAMPLE_FIXED)
            values[i] = tester->t->samples[rest].values[i];
    return values;
}

void tester_set(struct tester *tester, struct literal *values,
                const struct columns *columns, size_t row)
{
    size_t i;

    for (i = 0; i < columns->count; i++)
        values[columns->items[i]->index] =
            tester->t->samples[row].values[columns->items[i]->index];
}

void tester_keep_created(struct tester *tester, struct literal *values, size_t row)
{
    size_t i;

    for (i = 0; i < tester->t->columns.count; i++)
        if (tester_is_created(tester->t->columns.items[i]) &&
            tester->moves[i] != SAMPLE_FIXED)
            values[i] = tester->t->samples[row].values[i];
}

/* In the same order: else the error may name another column first. */
static bool same_columns(const struct columns *a, const struct columns *b)
{
    size_t i;

    for (i = 0; i < a->count && i < b->count; i++)
        if (a->items[i] != b->items[i])
            return false;
    return a->count == b->count;
}

static bool has_new_key(const struct tester *tester, const struct sample_set *set)
{
    return tester->t->key.assigned &&
           tester_contains(&set->columns, tester->t->key.columns.items[0]);
}

bool tester_clashes(const struct tester *tester, const struct literal *a,
                    const struct literal *b, bool new_key)
{
    size_t i;

    for (i = 0; i < tester->sets.count; i++) {
        const struct sample_set *set = &tester->sets.items[i];

        if (new_key && has_new_key(tester, set))
            continue;
        if (sample_clash(tester->t, set, a, b) != CLASH_NONE)
            return true;
    }
    return false;
}

bool tester_clashes_only(const struct tester *tester, const struct columns *columns,
                         const struct literal *a, const struct literal *b)
{
    bool found = false;
    size_t i;

    for (i = 0; i < tester->sets.count; i++) {
        const struct sample_set *set = &tester->sets.items[i];
        enum sample_clash clash = sample_clash(tester->t, set, a, b);

        if (clash == CLASH_NONE)
            continue;
        if (clash == CLASH_PERHAPS || !same_columns(&set->columns, columns))
            return false;
        found = true;
    }
    return found;
}

bool tester_in_expression(const struct tester *tester, const struct column *column)
{
    const struct table *t = tester->t;
    size_t i, k;

    for (i = 0; i < t->indexes.count; i++) {
        const struct index *index = &t->indexes.items[i];

        if (index->where != NULL && sql_mentions(index->where, column->sql_name))
            return true;
        for (k = 0; k < index->terms.count; k++)
            if (index->terms.items[k].sql != NULL &&
                sql_mentions(index->terms.items[k].sql, column->sql_name))
                return true;
    }
    return false;
}

bool sample_is_parent(const struct foreign_key *key, const struct literal *child,
                      const struct literal *parent)
{
    size_t i;

    for (i = 0; i < key->columns.count; i++)
        if (!sample_equal(key->parent_columns.items[i],
                          &child[key->columns.items[i]->index],
                          &parent[key->parent_columns.items[i]->index]))
            return false;
    return true;
}

size_t tester_parent(const struct tester *tester, const struct foreign_key *key,
                     size_t row)
{
    const struct table *parent = key->parent;
    size_t i = 0;

    while (
        i < parent->sample_count &&
        !sample_is_parent(key, tester->t->samples[row].values, parent->samples[i].values))
        i++;
    return i;
}

bool tester_touch_is_bound(const struct tester *tester)
{
    size_t i, k;

    for (i = 0; i < tester->t->columns.count; i++) {
        const struct column *column = tester->t->columns.items[i];

        if (!column->touch)
            continue;
        if (tester_mentions(tester->t, column))
            return true;
        for (k = 0; k < tester->sets.count; k++)
            if (tester_contains(&tester->sets.items[k].columns, column))
                return true;
    }
    return false;
}

bool tester_upsert_is_bound(const struct tester *tester)
{
    size_t i;

    for (i = 0; i < tester->t->columns.count; i++)
        if (tester_is_created(tester->t->columns.items[i]) &&
            tester->moves[i] == SAMPLE_JOINT)
            return true;
    return tester_touch_is_bound(tester);
}
