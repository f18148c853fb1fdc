/*
 * view_sample.c: a table as its emitted tests see it. Each list holds what one kind of
 * test goes through; its objects stand on those of the columns and accesses, whose fields
 * they keep. It must not know what the tests say.
 */
#include "view_sample.h"

#include "../base/names.h"
#include "../model/sample.h"
#include "../model/sqltext.h"
#include "text.h"
#include "view_sample_fields.h"

#include <string.h>

#define FIELD_NAME(field) #field,
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
    return value_copy(tester->arena, shape, base, fields, count);
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

/* ---- ancestors ------------------------------------------------------------------- */

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

/* Whether a row of the table refers back, by `key`, to the row that refers to it. */
static bool refers_back(struct tester *tester, const struct table *table,
                        const struct foreign_key *key)
{
    const struct table *t = tester->t;
    bool any = false;
    size_t i, row;

    for (i = 0; i < t->foreign_keys.count; i++)
        for (row = 0; t->foreign_keys.items[i].parent == table && row < t->sample_count;
             row++) {
            size_t there = tester_parent(tester, &t->foreign_keys.items[i], row);

            any = true;
            if (there < table->sample_count &&
                !sample_is_parent(key, table->samples[there].values,
                                  t->samples[row].values))
                return false;
        }
    return any;
}

/*
 * In a circle, whether a delete changes more than the row: rows that it needs lose a
 * reference that a check of theirs is about, or go too, and with them other rows.
 */
static bool disturbs(struct tester *tester, const struct table *table,
                     const struct foreign_key *key)
{
    size_t c;

    if (key->parent != tester->t)
        return false;
    if (key->on_delete == FK_CASCADE)
        return !refers_back(tester, table, key);
    for (c = 0; c < key->columns.count; c++)
        if ((key->on_delete == FK_SET_NULL || key->on_delete == FK_SET_DEFAULT) &&
            tester_mentions(table, key->columns.items[c]))
            return true;
    return false;
}

static bool is_entangled(struct tester *tester)
{
    size_t i, k;

    for (i = 0; i < tester->ancestors.count; i++)
        for (k = 0; k < tester->ancestors.items[i]->foreign_keys.count; k++)
            if (disturbs(tester, tester->ancestors.items[i],
                         &tester->ancestors.items[i]->foreign_keys.items[k]))
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
    f[TEST_entangled] = value_flag(is_entangled(tester));
    f[TEST_circle] = value_flag(tester->deferred && is_incomplete(tester));
    f[TEST_run] = value_text(tester->deferred ? "run_deferred" : "run");
    tester->builder->tests_defer |=
        tester->deferred && !value_is_true(&f[TEST_entangled]);
}

/* ---- the table ------------------------------------------------------------------ */

/* Helpers that all tests of the table need. */
static void note_helpers(struct tester *tester)
{
    size_t i;

    tester->builder->tests_any = true;
    for (i = 0; i < tester->t->columns.count; i++) {
        const struct column *column = tester->t->columns.items[i];

        if (column->generated != NULL)
            continue;
        tester->builder->tests_blob |= type_table[column->type].shape == C_BLOB;
        tester->builder->tests_labels |= column->type == TYPE_LABELS;
    }
}

static void set_refused(struct tester *tester, struct value *f)
{
    if (value_is_true(&f[TEST_entangled]))
        return;
    note_helpers(tester);
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
    tester->builder->tests_errors |= value_is_true(&f[TEST_bad]) ||
                                     value_is_true(&f[TEST_mismatches]) ||
                                     value_is_true(&f[TEST_uniques]);
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
        .ancestors = sample_ancestors(builder->arena, builder->schema, table->table),
        .sets = sample_sets_of(builder->arena, table->table),
    };
    struct value *f = ARENA_ARRAY(builder->arena, struct value, TEST_COUNT);

    tester.moves = sample_moves(builder->arena, tester.t, &tester.ancestors);
    tester.deferred = sample_is_deferred(builder->schema, tester.t, &tester.ancestors);
    f[TEST_table_c] = value_text(text_c_string(builder->arena, table->table->sql_name,
                                               strlen(table->table->sql_name)));
    f[TEST_delete_c] = delete_all(builder, table->table);
    set_rows(&tester, f);
    set_extremes(&tester, f);
    set_initial(&tester, f);
    tester_columns(&tester, f);
    set_ancestors(&tester, f);
    set_refused(&tester, f);
    set_accesses(&tester, f, accesses);
    return value_new(builder->arena, &test_shape, NULL, f);
}

/* ---- the schema ----------------------------------------------------------------- */

static bool uses_type(const struct schema *schema, enum type_kind type)
{
    size_t i, c;

    for (i = 0; i < schema->tables.count; i++)
        for (c = 0; c < schema->tables.items[i]->columns.count; c++)
            if (schema->tables.items[i]->columns.items[c]->type == type)
                return true;
    return false;
}

static struct value drop_trigger(struct builder *builder, const struct trigger *trigger)
{
    const char *sql = arena_printf(builder->arena, "DROP TRIGGER %s",
                                   name_sql(builder->arena, trigger->name));

    return value_text(text_c_string(builder->arena, sql, strlen(sql)));
}

/*
 * What is in the way in a new database: triggers, then rows, children first. Those of views
 * stay: without them what is written to the view could not be.
 */
static struct value in_the_way(struct builder *builder)
{
    static const char *const names[] = {"sql_c", NULL};
    static struct shape shape = {.names = names};
    const struct schema *schema = builder->schema;
    value_vec list = {0};
    size_t i;

    for (i = 0; i < schema->triggers.count; i++) {
        struct value *f = ARENA_NEW(builder->arena, struct value);

        if (schema->triggers.items[i]->table == NULL)
            continue;

        *f = drop_trigger(builder, schema->triggers.items[i]);
        *VEC_ADD(builder->arena, &list) = value_new(builder->arena, &shape, NULL, f);
    }
    for (i = schema->creation.count; i-- > 0;) {
        const struct table *table = schema->creation.items[i];
        struct value *f = ARENA_NEW(builder->arena, struct value);

        *f = delete_all(builder, table);
        if (table->seeds.count > 0 || schema->history != NULL)
            *VEC_ADD(builder->arena, &list) = value_new(builder->arena, &shape, NULL, f);
    }
    return value_list(builder->arena, list.items, list.count);
}

struct value view_sample_schema(struct builder *builder)
{
    static const char *const names[] = {
        "uses_blob",  "uses_labels",    "uses_real",  "uses_many",   "has_deferred",
        "in_the_way", "has_in_the_way", "tests_none", "uses_errors", "uses_bytes",
        "uses_copy",  "change_c",       NULL};
    static struct shape shape = {.names = names};
    const struct schema *schema = builder->schema;
    struct value *f = ARENA_ARRAY(builder->arena, struct value, 12);
    const char *sql;

    f[0] = value_flag(builder->tests_blob);
    f[1] = value_flag(builder->tests_labels);
    f[2] = value_flag(uses_type(schema, TYPE_REAL));
    f[3] = value_flag(builder->tests_many);
    f[4] = value_flag(builder->tests_defer);
    f[5] = in_the_way(builder);
    f[6] = value_flag(value_is_true(&f[5]));
    f[7] = value_flag(!builder->tests_any);
    f[8] = value_flag(builder->tests_errors);
    f[9] = value_flag(uses_type(schema, TYPE_BLOB));
    f[10] = value_flag(builder->tests_copy);
    if (schema->creation.count == 0)
        return value_new(builder->arena, &shape, NULL, f);
    sql = arena_printf(builder->arena, "ALTER TABLE %s ADD COLUMN quarry_test TEXT",
                       name_sql(builder->arena, schema->creation.items[0]->sql_name));
    f[11] = value_text(text_c_string(builder->arena, sql, strlen(sql)));
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
