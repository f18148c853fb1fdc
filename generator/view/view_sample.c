/*
 * view_sample.c: a table as its emitted tests see it. Each list holds what one kind of
 * test goes through; its objects stand on those of the columns and accesses, whose fields
 * they keep. It must not know what the tests say.
 */
#include "view_sample.h"

#include "../base/names.h"
#include "../model/sample.h"
#include "../model/sample_value.h"
#include "../model/sqltext.h"
#include "statement.h"
#include "text.h"

#include <string.h>

/* clang-format off */
#define TEST_FIELDS(X)                                                                   \
    X(rows)                                                                              \
    X(row_count)                                                                         \
    X(several)                                                                           \
    X(ordinary)                                                                          \
    X(extremes)                                                                          \
    X(extreme_count)                                                                     \
    X(initial)                                                                           \
    X(compared)                                                                          \
    X(ancestors)                                                                         \
    X(has_ancestors) X(deferred) X(moving) X(has_moving) X(free_count) X(needed) X(now)  \
        X(random) X(created) X(bad) X(has_bad) X(bad_sql) X(has_bad_sql) X(uniques)      \
            X(has_uniques) X(missing) X(has_missing) X(deletes) X(mismatches)            \
                X(has_mismatches) X(finds) X(has_finds) X(lists_by) X(sorted)            \
                    X(has_lists) X(by_key) X(run) X(has_extremes) X(has_now) X(computed) \
                        X(table_c) X(delete_c) X(touched) X(has_touched) X(reversed)     \
                            X(assigns_new) X(is_not_key) X(upserts_new) X(many_move) X(touch_is_bound) X(upsert_is_bound) X(circle)
/* clang-format on */
#define TEST_NUMBER(field) TEST_##field,
#define FIELD_NAME(field)  #field,
enum {
    TEST_FIELDS(TEST_NUMBER) TEST_COUNT
};
static const char *const test_names[] = {TEST_FIELDS(FIELD_NAME) NULL};
static struct shape test_shape = {.names = test_names};

enum {
    EXTREMES = 4,
    FIELD_INDENT = 12
};

struct value tester_list(struct tester *tester, const value_vec *vec)
{
    return value_list(tester->arena, vec->items, vec->count);
}

/* An object with the fields given; more fields of the same names come from `base`. */
struct value tester_object(struct tester *tester, struct shape *shape,
                           const struct object *base, const struct value *fields,
                           size_t count)
{
    struct value *copy = ARENA_ARRAY(tester->arena, struct value, count);

    memcpy(copy, fields, count * sizeof *fields);
    return value_new(tester->arena, shape, base, copy);
}

const struct object *tester_column(struct tester *tester, const struct column *column)
{
    return tester->table->columns[column->index].object;
}

bool tester_contains(const struct columns *columns, const struct column *column)
{
    size_t i;

    for (i = 0; i < columns->count; i++)
        if (columns->items[i] == column)
            return true;
    return false;
}

/* ---- rows ----------------------------------------------------------------------- */

/* A column that is set: {init} on the column's object. */
static void add_field(struct tester *tester, value_vec *fields,
                      const struct column *column, const struct literal *literal)
{
    static const char *const names[] = {"init", NULL};
    static struct shape shape = {.names = names};
    struct value init =
        value_text(sample_initializer(tester->builder, column, literal, FIELD_INDENT));

    *VEC_ADD(tester->arena, fields) =
        tester_object(tester, &shape, tester_column(tester, column), &init, 1);
}

/* The fields that are not zero, or the first one: a row of none is no C. */
static struct value row_of(struct tester *tester, const struct literal *literals)
{
    static const char *const names[] = {"fields", NULL};
    static struct shape shape = {.names = names};
    const struct column *first = NULL;
    struct value list;
    value_vec fields = {0};
    size_t i;

    for (i = 0; i < tester->t->columns.count; i++) {
        const struct column *column = tester->t->columns.items[i];

        if (column->generated != NULL)
            continue;
        first = first == NULL ? column : first;
        if (literals[i].kind != LITERAL_NULL)
            add_field(tester, &fields, column, &literals[i]);
    }
    if (fields.count == 0 && first != NULL)
        add_field(tester, &fields, first, &literals[first->index]);
    list = tester_list(tester, &fields);
    return tester_object(tester, &shape, NULL, &list, 1);
}

static void set_rows(struct tester *tester, struct value *f)
{
    value_vec rows = {0};
    size_t i;

    for (i = 0; i < SAMPLE_ROWS; i++)
        *VEC_ADD(tester->arena, &rows) = row_of(tester, tester->t->samples[i].values);
    f[TEST_rows] = tester_list(tester, &rows);
    f[TEST_reversed] = value_text(tester->t->sample_count == 3   ? "2, 1, 0"
                                  : tester->t->sample_count == 2 ? "1, 0"
                                                                 : "0");
    f[TEST_row_count] = value_text(text_size(tester->arena, tester->t->sample_count));
    f[TEST_several] = value_flag(tester->t->sample_count > 1);
    f[TEST_ordinary] = value_text(text_size(tester->arena, tester->ordinary));
}

/* What init() sets: the defaults; what is generated stays at zero. */
static void set_initial(struct tester *tester, struct value *f)
{
    value_vec fields = {0};
    size_t i;

    for (i = 0; i < tester->t->columns.count; i++) {
        const struct column *column = tester->t->columns.items[i];
        const struct literal *value = &column->default_value;
        static const char *const names[] = {"init", NULL};
        static struct shape shape = {.names = names};
        struct value init;

        if (!column->has_default || column->generated != NULL ||
            value->kind == LITERAL_NULL)
            continue;
        if (value->kind == LITERAL_NOW)
            init = value_text(column->nullable ? "{true, QUARRY_NOW}" : "QUARRY_NOW");
        else if (value->kind == LITERAL_RANDOM)
            init = value_text(column->nullable ? "{true, {\"\"}}" : "{\"\"}");
        else
            init = value_text(
                sample_initializer(tester->builder, column, value, FIELD_INDENT));
        *VEC_ADD(tester->arena, &fields) =
            tester_object(tester, &shape, tester_column(tester, column), &init, 1);
    }
    f[TEST_initial] = tester_list(tester, &fields);
}

bool tester_mentions(const struct table *table, const struct column *column)
{
    size_t i;

    for (i = 0; i < table->checks.count; i++)
        if (sql_mentions(table->checks.items[i].sql, column->sql_name))
            return true;
    for (i = 0; i < table->columns.count; i++)
        if (table->columns.items[i]->generated != NULL &&
            sql_mentions(table->columns.items[i]->generated, column->sql_name))
            return true;
    return false;
}

bool tester_is_foreign(const struct table *table, const struct column *column)
{
    size_t i, c;

    for (i = 0; i < table->foreign_keys.count; i++)
        for (c = 0; c < table->foreign_keys.items[i].columns.count; c++)
            if (table->foreign_keys.items[i].columns.items[c] == column)
                return true;
    return false;
}

/* Ordinary rows in which each column that may has a value that is easily got wrong. */
static void set_extremes(struct tester *tester, struct value *f)
{
    const struct table *t = tester->t;
    value_vec rows = {0};
    size_t number, i;

    for (number = 0; number < EXTREMES; number++) {
        struct literal *row =
            ARENA_ARRAY(tester->arena, struct literal, t->columns.count);
        bool any = false;

        memcpy(row, t->samples[tester->ordinary].values, t->columns.count * sizeof *row);
        for (i = 0; i < t->columns.count; i++) {
            const struct column *column = t->columns.items[i];
            struct literal value;

            if (tester->moves[i] != SAMPLE_FREE || tester_mentions(t, column) ||
                tester_is_foreign(t, column) || tester_in_expression(tester, column) ||
                !sample_extreme(tester->builder, column, number, &value))
                continue;
            row[i] = value;
            any = true;
        }
        if (any)
            *VEC_ADD(tester->arena, &rows) = row_of(tester, row);
    }
    f[TEST_extremes] = tester_list(tester, &rows);
    f[TEST_has_extremes] = value_flag(rows.count > 0);
    f[TEST_extreme_count] = value_text(text_size(tester->arena, rows.count));
}

/* ---- columns -------------------------------------------------------------------- */

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

static void set_compared(struct tester *tester, struct value *f)
{
    value_vec written = {0}, computed = {0};
    size_t i;

    for (i = 0; i < tester->t->columns.count; i++) {
        const struct column *column = tester->t->columns.items[i];

        if (column->generated == NULL)
            *VEC_ADD(tester->arena, &written) = compared(tester, column);
        else if (column_comes_back(column))
            *VEC_ADD(tester->arena, &computed) = compared(tester, column);
    }
    f[TEST_compared] = tester_list(tester, &written);
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

bool tester_is_own_parent(const struct tester *tester, const struct column *column)
{
    const struct table *t = tester->t;
    size_t i;

    for (i = 0; i < t->foreign_keys.count; i++)
        if (t->foreign_keys.items[i].parent == t &&
            tester_contains(&t->foreign_keys.items[i].parent_columns, column))
            return true;
    return false;
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

static void set_columns(struct tester *tester, struct value *f)
{
    struct value free = choose(tester, is_free);

    set_compared(tester, f);
    f[TEST_moving] = concatenated(tester, free, choose(tester, is_joint));
    f[TEST_has_moving] =
        value_flag(tester->t->key.columns.count > 0 && f[TEST_moving].list->count > 0 &&
                   !tester_touch_is_bound(tester));
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

/* Whether rows of this table alone break a foreign key, which a commit must find. */
static bool is_incomplete(struct tester *tester)
{
    const struct table *t = tester->t;
    size_t i;

    for (i = 0; i < t->foreign_keys.count; i++)
        if (t->foreign_keys.items[i].parent != t &&
            sample_refers(t, &t->foreign_keys.items[i], t->sample_count))
            return true;
    return false;
}

static void set_ancestors(struct tester *tester, struct value *f)
{
    static const char *const names[] = {"row", NULL};
    static struct shape shape = {.names = names};
    value_vec tables = {0};
    size_t i;

    for (i = 0; i < tester->ancestors.count; i++) {
        struct value row = value_text(tester->ancestors.items[i]->row);

        *VEC_ADD(tester->arena, &tables) = tester_object(tester, &shape, NULL, &row, 1);
    }
    f[TEST_ancestors] = tester_list(tester, &tables);
    f[TEST_has_ancestors] = value_flag(tables.count > 0);
    f[TEST_deferred] = value_flag(tester->deferred);
    f[TEST_circle] = value_flag(tester->deferred && is_incomplete(tester));
    f[TEST_run] = value_text(tester->deferred ? "run_deferred" : "run");
    tester->builder->tests_defer |= tester->deferred;
}

/* ---- the table ------------------------------------------------------------------ */

static void set_refused(struct tester *tester, struct value *f)
{
    f[TEST_bad] = tester_bad(tester);
    f[TEST_has_bad] = value_flag(value_is_true(&f[TEST_bad]));
    f[TEST_bad_sql] = tester_bad_sql(tester);
    f[TEST_has_bad_sql] = value_flag(value_is_true(&f[TEST_bad_sql]));
    f[TEST_mismatches] = tester_mismatches(tester);
    f[TEST_has_mismatches] = value_flag(value_is_true(&f[TEST_mismatches]));
    f[TEST_uniques] = tester_uniques(tester);
    f[TEST_has_uniques] = value_flag(value_is_true(&f[TEST_uniques]));
    f[TEST_missing] =
        value_is_true(&f[TEST_deferred]) ? value_absent() : tester_missing(tester);
    /* A circle is tested at its commit. */
    f[TEST_has_missing] = value_flag(value_is_true(&f[TEST_missing]));
    tester->builder->tests_errors |=
        value_is_true(&f[TEST_bad]) || value_is_true(&f[TEST_mismatches]) ||
        value_is_true(&f[TEST_uniques]) || value_is_true(&f[TEST_missing]);
}

static void set_accesses(struct tester *tester, struct value *f,
                         const struct sample_accesses *accesses)
{
    const char *numbers = NULL;
    size_t count;

    f[TEST_deletes] = tester_deletes(tester);
    f[TEST_finds] = tester_finds(tester, &accesses->gets);
    f[TEST_has_finds] = value_flag(value_is_true(&f[TEST_finds]));
    f[TEST_lists_by] = tester_lists_by(tester, &accesses->lists);
    f[TEST_sorted] = tester_sorted(tester, &accesses->orders);
    f[TEST_has_lists] =
        value_flag(value_is_true(&f[TEST_lists_by]) || value_is_true(&f[TEST_sorted]));
    sample_order(tester->arena, tester->t, NULL, 0, &numbers, &count);
    f[TEST_by_key] = value_text(numbers);
}

/* DELETE of all rows of a table, as a C string. */
static struct value delete_all(struct builder *builder, const struct table *table)
{
    const char *sql = arena_printf(builder->arena, "DELETE FROM %s",
                                   name_sql(builder->arena, table->sql_name));

    return value_text(text_c_string(builder->arena, sql, strlen(sql)));
}

struct value view_sample(struct table_builder *table,
                         const struct sample_accesses *accesses)
{
    struct builder *builder = table->builder;
    struct tester tester = {
        .table = table,
        .builder = builder,
        .arena = builder->arena,
        .t = table->table,
        .ordinary = sample_ordinary(table->table),
        .moves = sample_moves(builder->arena, table->table),
        .ancestors = sample_ancestors(builder->arena, builder->schema, table->table),
        .sets = sample_sets_of(builder->arena, table->table),
    };
    struct value *f = ARENA_ARRAY(builder->arena, struct value, TEST_COUNT);

    tester.deferred = sample_is_deferred(builder->schema, tester.t, &tester.ancestors);
    f[TEST_table_c] = value_text(text_c_string(builder->arena, table->table->sql_name,
                                               strlen(table->table->sql_name)));
    f[TEST_delete_c] = delete_all(builder, table->table);
    set_rows(&tester, f);
    set_extremes(&tester, f);
    set_initial(&tester, f);
    set_columns(&tester, f);
    set_ancestors(&tester, f);
    set_refused(&tester, f);
    set_accesses(&tester, f, accesses);
    return value_new(builder->arena, &test_shape, NULL, f);
}

/* ---- the schema ----------------------------------------------------------------- */

static bool uses_type(const struct schema *schema, enum c_shape shape,
                      enum type_kind type)
{
    size_t i, c;

    for (i = 0; i < schema->tables.count; i++)
        for (c = 0; c < schema->tables.items[i]->columns.count &&
                    schema->tables.items[i]->sample_count > 0;
             c++) {
            const struct column *column = schema->tables.items[i]->columns.items[c];

            if (column->generated == NULL && type_table[column->type].shape == shape &&
                (type == TYPE_KINDS || column->type == type))
                return true;
        }
    return false;
}

static bool tests_any(const struct schema *schema)
{
    size_t i;

    for (i = 0; i < schema->tables.count; i++)
        if (schema->tables.items[i]->sample_count > 0)
            return true;
    return false;
}

/* The tables that have rows in a new database, children first. */
static struct value seeded(struct builder *builder)
{
    static const char *const names[] = {"sql_c", NULL};
    static struct shape shape = {.names = names};
    const struct schema *schema = builder->schema;
    value_vec list = {0};
    size_t i;

    for (i = schema->creation.count; i-- > 0;) {
        const struct table *table = schema->creation.items[i];
        struct value *f = ARENA_NEW(builder->arena, struct value);

        *f = delete_all(builder, table);
        if (table->seeds.count > 0)
            *VEC_ADD(builder->arena, &list) = value_new(builder->arena, &shape, NULL, f);
    }
    return value_list(builder->arena, list.items, list.count);
}

struct value view_sample_schema(struct builder *builder)
{
    static const char *const names[] = {
        "uses_blob",    "uses_labels", "uses_real", "uses_many",
        "has_deferred", "seeded",      "has_seeds", "tests_none",
        "uses_errors",  "change_c",    NULL};
    static struct shape shape = {.names = names};
    const struct schema *schema = builder->schema;
    struct value *f = ARENA_ARRAY(builder->arena, struct value, 10);
    const char *sql;

    f[0] = value_flag(uses_type(schema, C_BLOB, TYPE_KINDS));
    f[1] = value_flag(uses_type(schema, C_STRUCT, TYPE_LABELS));
    f[2] = value_flag(uses_type(schema, C_NUMBER, TYPE_REAL));
    f[3] = value_flag(builder->tests_many);
    f[4] = value_flag(builder->tests_defer);
    f[5] = seeded(builder);
    f[6] = value_flag(value_is_true(&f[5]));
    f[7] = value_flag(!tests_any(schema));
    f[8] = value_flag(builder->tests_errors);
    if (schema->creation.count == 0)
        return value_new(builder->arena, &shape, NULL, f);
    sql = arena_printf(builder->arena, "ALTER TABLE %s ADD COLUMN quarry_test TEXT",
                       name_sql(builder->arena, schema->creation.items[0]->sql_name));
    f[9] = value_text(text_c_string(builder->arena, sql, strlen(sql)));
    return value_new(builder->arena, &shape, NULL, f);
}

const char *view_sample_undeclared(struct builder *builder,
                                   const struct enumeration *enumeration)
{
    int64_t number = 0;
    size_t i;

    for (i = 0; i < enumeration->values.count; i++)
        if (enumeration->values.items[i].value == number) {
            number++;
            i = SIZE_MAX; /* once more from the first */
        }
    return text_int64(builder->arena, number);
}
