/*
 * view_sample_column.c: which columns the emitted tests compare, change, have to set, and
 * expect to be set; found by reasoning over the sample rows. It must not know what the
 * tests say.
 */
#include "view_sample.h"

#include "../model/sample.h"
#include "../model/sample_value.h"
#include "statement.h"
#include "text.h"
#include "view_sample_fields.h"

/* How two values of a column are compared. */
static struct value compared(struct tester *tester, const struct column *column)
{
    static const char *const names[] = {"as_number", "as_text",   "as_blob",
                                        "as_uuid",   "as_labels", NULL};
    static struct shape shape = {.names = names};
    enum c_shape c = type_table[column->type].shape;
    struct value fields[] = {
        value_flag(c == C_NUMBER), value_flag(c == C_POINTER), value_flag(c == C_BLOB),
        value_flag(column->type == TYPE_UUID), value_flag(column->type == TYPE_LABELS)};

    return tester_object(tester, &shape, tester_column(tester, column), fields, 5);
}

/* The name of how two values of a column are compared, in the emitted file. */
static const char *kind_of(const struct column *column)
{
    if (column->generated != NULL)
        return "COMPUTED";
    switch (type_table[column->type].shape) {
    case C_NUMBER: return column->type == TYPE_REAL ? "REAL" : "NUMBER";
    case C_POINTER: return "TEXT";
    case C_BLOB: return "BLOB";
    case C_STRUCT: break;
    }
    return column->type == TYPE_LABELS ? "LABELS" : "UUID";
}

/* Each column with its {kind}, in the order of their numbers. */
static struct value fields_of(struct tester *tester)
{
    static const char *const names[] = {"kind", NULL};
    static struct shape shape = {.names = names};
    value_vec list = {0};
    size_t i;

    for (i = 0; i < tester->t->columns.count; i++) {
        const struct column *column = tester->t->columns.items[i];
        struct value kind = value_text(kind_of(column));

        *VEC_ADD(tester->arena, &list) =
            tester_object(tester, &shape, tester_column(tester, column), &kind, 1);
    }
    return tester_list(tester, &list);
}

static void set_compared(struct tester *tester, struct value *f)
{
    value_vec computed = {0};
    size_t i;

    for (i = 0; i < tester->t->columns.count; i++) {
        const struct column *column = tester->t->columns.items[i];

        if (column->generated != NULL && column_comes_back(column))
            *VEC_ADD(tester->arena, &computed) = compared(tester, column);
    }
    f[TEST_fields] = fields_of(tester);
    f[TEST_computed] = tester_list(tester, &computed);
}

typedef bool chooses(struct tester *tester, const struct column *column);

static struct value choose(struct tester *tester, chooses *wanted)
{
    value_vec columns = {0};
    size_t i;

    for (i = 0; i < tester->t->columns.count; i++)
        if (wanted(tester, tester->t->columns.items[i]))
            *VEC_ADD(tester->arena, &columns) = tester->table->columns[i];
    return tester_list(tester, &columns);
}

static bool is_free(struct tester *tester, const struct column *column)
{
    return tester->moves[column->index] == SAMPLE_FREE;
}

static bool is_joint(struct tester *tester, const struct column *column)
{
    return tester->moves[column->index] == SAMPLE_JOINT;
}

static bool has_default(const struct column *column, enum literal_kind kind)
{
    return column->has_default && column->generated == NULL &&
           column->default_value.kind == kind;
}

bool tester_is_created(const struct column *column)
{
    return has_default(column, LITERAL_NOW) && !column->touch &&
           column->key_position == 0;
}

static bool is_created(struct tester *tester, const struct column *column)
{
    return tester_is_created(column) && tester->moves[column->index] != SAMPLE_FIXED;
}

static bool is_touched(struct tester *tester, const struct column *column)
{
    (void)tester;
    return column->touch;
}

/* Whether SQLite's numbers, from 1 in an empty table, are valid, and some are left. */
static bool has_room(struct tester *tester)
{
    enum {
        ROOM = 16
    };
    const struct table *t = tester->t;
    const struct column *key = t->key.columns.items[0];
    struct literal value = {.kind = LITERAL_INTEGER, .integer = 1};
    size_t row;

    for (row = 0; row < t->sample_count; row++) {
        int64_t used = t->samples[row].values[key->index].integer;

        if (used > INT64_MAX - ROOM || (key->has_max && used > key->max.integer - ROOM))
            return false;
    }
    return sample_satisfies(key, &value) && key->one_of.count == 0 &&
           !tester_mentions(t, key) && !tester_in_expression(tester, key);
}

/* Whether a row can get a key from SQLite: not where the key refers, or is referred to by
 * its own row. */
static bool assigns_new(struct tester *tester)
{
    const struct table *t = tester->t;
    size_t i;

    for (i = 0; i < t->foreign_keys.count; i++)
        if (t->foreign_keys.items[i].parent == t &&
            sample_refers(t, &t->foreign_keys.items[i], SAMPLE_ROWS))
            return false;
    return t->key.assigned && t->sample_count > 1 &&
           !tester_is_foreign(t, t->key.columns.items[0]) && has_room(tester);
}

/* Whether the ordinary row can come with a new key beside row 0 with the rest of row 1. */
static bool upserts_new(struct tester *tester)
{
    struct literal *there = tester_mix(tester, 0, 1);

    if (!assigns_new(tester))
        return false;
    tester_keep_created(tester, there, 0);
    return !tester_clashes(tester, there, tester->t->samples[tester->ordinary].values,
                           true);
}

/* Whether row 0, created as row 1 was, can be there together with the other rows. */
static bool many_can_move(struct tester *tester)
{
    struct literal *first = tester_copy(tester, 0);
    size_t row;

    tester_keep_created(tester, first, 1);
    for (row = 1; row < tester->t->sample_count; row++)
        if (tester_clashes(tester, first, tester->t->samples[row].values, false))
            return false;
    return true;
}

static bool refers_to(const struct table *table, const struct table *parent,
                      const struct column *column)
{
    size_t i;

    for (i = 0; i < table->foreign_keys.count; i++)
        if (table->foreign_keys.items[i].parent == parent &&
            tester_contains(&table->foreign_keys.items[i].parent_columns, column))
            return true;
    return false;
}

bool tester_is_own_parent(const struct tester *tester, const struct column *column)
{
    size_t i;

    for (i = 0; i < tester->ancestors.count; i++)
        if (refers_to(tester->ancestors.items[i], tester->t, column))
            return true;
    return refers_to(tester->t, tester->t, column);
}

/* What must be set besides the defaults to make a row. */
static bool is_needed(struct tester *tester, const struct column *column)
{
    bool is_key = column->key_position > 0;
    bool is_null = column->has_default ? column->default_value.kind == LITERAL_NULL
                                       : column->nullable;

    if (column->generated != NULL || (is_key && assigns_new(tester)))
        return false;
    if (tester_mentions(tester->t, column))
        return true;
    if (tester_is_foreign(tester->t, column))
        return is_key || !is_null || tester->moves[column->index] != SAMPLE_FREE;
    if (is_key)
        return !column->has_default || tester_is_own_parent(tester, column);
    return (!column->has_default && !is_null) ||
           tester->moves[column->index] != SAMPLE_FREE;
}

static bool is_now(struct tester *tester, const struct column *column)
{
    return has_default(column, LITERAL_NOW) && !is_needed(tester, column);
}

static bool is_random(struct tester *tester, const struct column *column)
{
    return has_default(column, LITERAL_RANDOM) && !is_needed(tester, column);
}

static struct value concatenated(struct tester *tester, struct value a, struct value b)
{
    value_vec all = {0};
    size_t i;

    for (i = 0; i < a.list->count; i++)
        *VEC_ADD(tester->arena, &all) = a.list->items[i];
    for (i = 0; i < b.list->count; i++)
        *VEC_ADD(tester->arena, &all) = b.list->items[i];
    return tester_list(tester, &all);
}

/* The key's columns with what joins them: column != A && column != B. */
static struct value joined_key(struct tester *tester)
{
    static const char *const names[] = {"and", NULL};
    static struct shape shape = {.names = names};
    const struct columns *key = &tester->t->key.columns;
    value_vec columns = {0};
    size_t i;

    for (i = 0; i < key->count; i++) {
        struct value and = value_text(i + 1 < key->count ? " && " : "");

        *VEC_ADD(tester->arena, &columns) =
            tester_object(tester, &shape, tester_column(tester, key->items[i]), &and, 1);
    }
    return tester_list(tester, &columns);
}

void tester_columns(struct tester *tester, struct value *f)
{
    struct value free = choose(tester, is_free);

    set_compared(tester, f);
    f[TEST_moving] = concatenated(tester, free, choose(tester, is_joint));
    f[TEST_has_moving] =
        value_flag(tester->t->key.columns.count > 0 && f[TEST_moving].list->count > 0 &&
                   !tester_touch_is_bound(tester));
    tester->builder->tests_copy |= value_is_true(&f[TEST_has_moving]);
    f[TEST_free_count] = value_text(
        free.list->count == 0 ? NULL : text_size(tester->arena, free.list->count));
    f[TEST_needed] = choose(tester, is_needed);
    f[TEST_now] = choose(tester, is_now);
    f[TEST_assigns_new] = value_flag(assigns_new(tester));
    f[TEST_upserts_new] = value_flag(upserts_new(tester));
    f[TEST_upsert_is_bound] = value_flag(tester_upsert_is_bound(tester));
    f[TEST_touch_is_bound] = value_flag(tester_touch_is_bound(tester));
    f[TEST_many_move] =
        value_flag(value_is_true(&f[TEST_has_moving]) && many_can_move(tester));
    f[TEST_has_now] = value_flag(value_is_true(&f[TEST_now]));
    f[TEST_is_not_key] = joined_key(tester);
    f[TEST_random] = choose(tester, is_random);
    f[TEST_is_not_key] = joined_key(tester);
    f[TEST_touched] = choose(tester, is_touched);
    f[TEST_has_touched] = value_flag(value_is_true(&f[TEST_touched]));
    f[TEST_created] = choose(tester, is_created);
}
