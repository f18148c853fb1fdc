/*
 * view_sample_access.c: what the emitted tests expect of deletes, look-ups and lists,
 * found by reasoning over the sample rows. It must not know what the tests say.
 */
#include "view_sample.h"

#include "../model/sample.h"
#include "text.h"

#include <string.h>

/* ---- deletes of a parent -------------------------------------------------------- */

static bool is_optional_key(const struct foreign_key *key)
{
    size_t i;

    for (i = 0; i < key->columns.count; i++)
        if (!key->columns.items[i]->nullable || key->columns.items[i]->key_position > 0)
            return false;
    return true;
}

static bool shares_columns(const struct foreign_key *a, const struct foreign_key *b)
{
    size_t i;

    for (i = 0; i < a->columns.count; i++)
        if (tester_contains(&b->columns, a->columns.items[i]))
            return true;
    return false;
}

/* Whether the row's other key can be NULL while this one is tried. */
static bool can_unset(struct tester *tester, const struct foreign_key *key,
                      const struct foreign_key *other)
{
    size_t i;

    if (other == key || !is_optional_key(other) || shares_columns(other, key))
        return false;
    for (i = 0; i < other->columns.count; i++)
        if (tester_mentions(tester->t, other->columns.items[i]))
            return false;
    return true;
}

static bool refers_to(const struct table *table, const struct table *parent)
{
    size_t i;

    for (i = 0; i < table->foreign_keys.count; i++)
        if (table->foreign_keys.items[i].parent == parent)
            return true;
    return false;
}

/* Whether the row's other key can refer to the parent of row 0 while this one is tried.
 */
static bool can_redirect(struct tester *tester, const struct foreign_key *key,
                         const struct foreign_key *other)
{
    size_t parent, i;

    if (other == key || other->parent != key->parent || shares_columns(other, key) ||
        can_unset(tester, key, other) || key->parent->sample_count < 2)
        return false;
    for (i = 0; i < other->columns.count; i++)
        if (other->columns.items[i]->key_position > 0 ||
            tester_mentions(tester->t, other->columns.items[i]))
            return false;
    parent = tester_parent(tester, other, 0);
    return tester->ordinary > 0 && parent < key->parent->sample_count &&
           parent != tester_parent(tester, key, tester->ordinary);
}

/* Whether the delete concerns the table's row through this key and nothing else. */
static bool is_plain(struct tester *tester, const struct foreign_key *key)
{
    const struct table *t = tester->t;
    bool cascades = key->on_delete == FK_CASCADE, ahead = false;
    size_t i;

    for (i = 0; i < tester->ancestors.count; i++)
        ahead = ahead || refers_to(tester->ancestors.items[i], key->parent);
    for (i = 0; i < t->foreign_keys.count; i++) {
        const struct foreign_key *other = &t->foreign_keys.items[i];

        if (other == key || can_unset(tester, key, other) ||
            can_redirect(tester, key, other))
            continue;
        if (other->parent == key->parent && other->on_delete != key->on_delete)
            return false;
        cascades = cascades && other->on_delete == FK_CASCADE;
    }
    for (i = 0; ahead && i < tester->ancestors.count; i++) {
        const struct table *table = tester->ancestors.items[i];
        size_t k;

        for (k = 0; k < table->foreign_keys.count; k++)
            cascades = cascades && table->foreign_keys.items[k].on_delete == FK_CASCADE;
    }
    return !ahead || cascades;
}

/* Whether the ordinary row refers to a parent row that the tests can delete. */
static bool can_delete_parent(struct tester *tester, const struct foreign_key *key)
{
    const struct literal *row = tester->t->samples[tester->ordinary].values;
    size_t i;

    if (key->parent == tester->t || key->parent->key.columns.count == 0 ||
        key->deferrable)
        return false;
    /* where all keys are checked later, RESTRICT is too */
    if (tester->deferred &&
        (key->on_delete == FK_NO_ACTION || key->on_delete == FK_RESTRICT))
        return false;
    for (i = 0; i < key->columns.count; i++) {
        const struct column *column = key->columns.items[i];

        if (row[column->index].kind == LITERAL_NULL || tester_mentions(tester->t, column))
            return false;
        if (key->on_delete == FK_SET_NULL && !column->nullable)
            return false;
    }
    return key->on_delete != FK_SET_DEFAULT && is_plain(tester, key) &&
           tester_parent(tester, key, tester->ordinary) < key->parent->sample_count;
}

/* The columns of the key with NULL as C. */
static void add_unset(struct tester *tester, value_vec *list,
                      const struct foreign_key *key)
{
    static const char *const names[] = {"expression", NULL};
    static struct shape shape = {.names = names};
    static const struct literal null = {.kind = LITERAL_NULL};
    size_t i;

    for (i = 0; i < key->columns.count; i++) {
        const struct column *column = key->columns.items[i];
        struct value set = value_text(sample_expression(tester->builder, column, &null));

        *VEC_ADD(tester->arena, list) =
            tester_object(tester, &shape, tester_column(tester, column), &set, 1);
    }
}

/* The columns of the key with the values of row 0. */
static void add_redirect(struct tester *tester, value_vec *list,
                         const struct foreign_key *key)
{
    static const char *const names[] = {"expression", NULL};
    static struct shape shape = {.names = names};
    size_t i;

    for (i = 0; i < key->columns.count; i++) {
        struct value set = value_text(arena_printf(
            tester->arena, "%s_rows[0].%s", tester->t->row, key->columns.items[i]->name));

        *VEC_ADD(tester->arena, list) = tester_object(
            tester, &shape, tester_column(tester, key->columns.items[i]), &set, 1);
    }
}

static struct value parent_key(struct tester *tester, const struct table *parent)
{
    static const char *const names[] = {"field", NULL};
    static struct shape shape = {.names = names};
    value_vec list = {0};
    size_t i;

    for (i = 0; i < parent->key.columns.count; i++) {
        struct value field = value_text(parent->key.columns.items[i]->name);

        *VEC_ADD(tester->arena, &list) = tester_object(tester, &shape, NULL, &field, 1);
    }
    return tester_list(tester, &list);
}

static void add_delete(struct tester *tester, value_vec *list,
                       const struct foreign_key *key)
{
    static const char *const names[] = {
        "name",     "parent_type", "parent_row", "parent_i",   "parent_key", "unset",
        "cascades", "nulled",      "is_nulled",  "is_refused", NULL};
    static struct shape shape = {.names = names};
    const struct foreign_key *keys = tester->t->foreign_keys.items;
    const struct table *parent = key->parent;
    struct arena *arena = tester->arena;
    value_vec unset = {0}, nulled = {0};
    const char *name = "";
    size_t i;

    for (i = 0; i < key->columns.count; i++)
        name = arena_printf(arena, "%s%s%s", name, i > 0 ? "_and_" : "",
                            key->columns.items[i]->name);
    for (i = 0; i < tester->t->foreign_keys.count; i++) {
        if (can_unset(tester, key, &keys[i]))
            add_unset(tester, &unset, &keys[i]);
        if (can_redirect(tester, key, &keys[i]))
            add_redirect(tester, &unset, &keys[i]);
    }
    if (key->on_delete == FK_SET_NULL)
        add_unset(tester, &nulled, key);
    *VEC_ADD(arena, list) = tester_object(
        tester, &shape, NULL,
        (struct value[]){
            value_text(name),
            value_text(
                arena_printf(arena, "%s_%s", tester->builder->schema->name, parent->row)),
            value_text(parent->row),
            value_text(text_size(arena, tester_parent(tester, key, tester->ordinary))),
            parent_key(tester, parent),
            tester_list(tester, &unset),
            value_flag(key->on_delete == FK_CASCADE),
            tester_list(tester, &nulled),
            value_flag(key->on_delete == FK_SET_NULL),
            value_flag(key->on_delete == FK_RESTRICT || key->on_delete == FK_NO_ACTION),
        },
        10);
}

struct value tester_deletes(struct tester *tester)
{
    value_vec list = {0};
    size_t i;

    for (i = 0; i < tester->t->foreign_keys.count; i++)
        if (can_delete_parent(tester, &tester->t->foreign_keys.items[i]))
            add_delete(tester, &list, &tester->t->foreign_keys.items[i]);
    return tester_list(tester, &list);
}

/* ---- look-ups ------------------------------------------------------------------- */

static const struct access *access_of(struct tester *tester, enum access_kind kind,
                                      size_t number)
{
    size_t i;

    for (i = 0; i < tester->t->accesses.count; i++)
        if (tester->t->accesses.items[i].kind == kind && number-- == 0)
            return &tester->t->accesses.items[i];
    return NULL;
}

/* Rows that have NULL, or a computed value, in the columns can't be looked for by them.
 */
static bool is_known(struct tester *tester, const struct columns *columns, size_t row)
{
    size_t i;

    for (i = 0; i < columns->count; i++)
        if (columns->items[i]->generated != NULL ||
            tester->t->samples[row].values[columns->items[i]->index].kind == LITERAL_NULL)
            return false;
    return true;
}

/* The numbers of the rows that a look-up is tried with. */
static struct value known_rows(struct tester *tester, const struct columns *columns)
{
    const char *numbers = "";
    size_t row;

    for (row = 0; row < tester->t->sample_count; row++)
        if (is_known(tester, columns, row))
            numbers = arena_printf(tester->arena, "%s%s%zu", numbers,
                                   *numbers == '\0' ? "" : ", ", row);
    return value_text(*numbers == '\0' ? NULL : numbers);
}

static bool key_overlaps(struct tester *tester, const struct columns *columns)
{
    size_t i;

    for (i = 0; i < columns->count; i++)
        if (columns->items[i]->key_position > 0)
            return true;
    return tester->t->key.columns.count == 0;
}

/* Whether the ordinary row's key stays when row 0 comes with its unique columns. */
static bool can_upsert(struct tester *tester, const struct columns *columns)
{
    const struct table *t = tester->t;
    struct literal *values = tester_mix(tester, tester->ordinary, 0);

    if (tester_upsert_is_bound(tester) || key_overlaps(tester, columns) ||
        !sample_key_is_free(t) || !tester_can_take(tester, columns))
        return false;
    tester_set(tester, values, columns, tester->ordinary);
    tester_set(tester, values, &t->key.columns, 0);
    return tester_clashes_only(tester, columns, values,
                               t->samples[tester->ordinary].values);
}

struct value tester_finds(struct tester *tester, const struct value *gets)
{
    static const char *const names[] = {"known", "upserts", NULL};
    static struct shape shape = {.names = names};
    value_vec list = {0};
    size_t i;

    for (i = 0; i < gets->list->count; i++) {
        const struct columns *columns = &access_of(tester, ACCESS_GET, i)->columns;
        struct value fields[] = {known_rows(tester, columns),
                                 value_flag(can_upsert(tester, columns))};

        *VEC_ADD(tester->arena, &list) =
            tester_object(tester, &shape, gets->list->items[i].object, fields, 2);
    }
    return tester_list(tester, &list);
}

/* ---- lists ---------------------------------------------------------------------- */

/* What the list by the columns of each row finds: {like, numbers, count}. */
static struct value found_rows(struct tester *tester, const struct access *access)
{
    static const char *const names[] = {"like", "numbers", "count", NULL};
    static struct shape shape = {.names = names};
    value_vec list = {0};
    size_t row, count;

    for (row = 0; row < tester->t->sample_count; row++) {
        const char *numbers;
        struct value fields[3];

        if (!sample_order(tester->arena, tester->t, access, row, &numbers, &count))
            continue;
        fields[0] = value_text(text_size(tester->arena, row));
        fields[1] = value_text(numbers);
        fields[2] = value_text(text_size(tester->arena, count));
        *VEC_ADD(tester->arena, &list) = tester_object(tester, &shape, NULL, fields, 3);
    }
    return tester_list(tester, &list);
}

struct value tester_lists_by(struct tester *tester, const struct value *lists)
{
    static const char *const names[] = {"finds_rows", NULL};
    static struct shape shape = {.names = names};
    value_vec list = {0};
    size_t i;

    for (i = 0; i < lists->list->count; i++) {
        struct value rows = found_rows(tester, access_of(tester, ACCESS_LIST, i));

        *VEC_ADD(tester->arena, &list) =
            tester_object(tester, &shape, lists->list->items[i].object, &rows, 1);
    }
    return tester_list(tester, &list);
}

struct value tester_sorted(struct tester *tester, const struct value *orders)
{
    static const char *const names[] = {"numbers", NULL};
    static struct shape shape = {.names = names};
    value_vec list = {0};
    size_t i, count;

    for (i = 0; i < orders->list->count; i++) {
        const char *numbers = NULL;
        struct value order;

        if (!sample_order(tester->arena, tester->t, access_of(tester, ACCESS_ORDER, i), 0,
                          &numbers, &count))
            numbers = NULL; /* SQL decides: an expression, a partial index */
        order = value_text(numbers);
        *VEC_ADD(tester->arena, &list) =
            tester_object(tester, &shape, orders->list->items[i].object, &order, 1);
    }
    return tester_list(tester, &list);
}
