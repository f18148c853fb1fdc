/*
 * view_sample_refuse.c: what the emitted tests try and must be refused: values that break
 * a rule, in C and in SQL, keys that are taken, parents that are missing.
 */
#include "view_sample.h"

#include "../model/sample.h"
#include "../model/sample_value.h"
#include "../model/sqltext.h"
#include "text.h"

#include <string.h>

enum {
    MANY_LETTERS = 2000,
    FEW_LETTERS = 20
};

static struct value c_name(struct tester *tester, const char *name)
{
    return value_text(text_c_string(tester->arena, name, strlen(name)));
}

static const struct literal *sample_of(struct tester *tester, size_t row,
                                       const struct column *column)
{
    return &tester->t->samples[row].values[column->index];
}

/* ---- values that are refused ---------------------------------------------------- */

/* Texts of one letter as a call of the tests' own letters(). */
static const char *bad_expression(struct tester *tester, const struct column *column,
                                  const struct literal *literal)
{
    if (literal->kind == LITERAL_TEXT && literal->length > FEW_LETTERS &&
        literal->length <= MANY_LETTERS &&
        strspn(literal->text, "a") == literal->length) {
        tester->builder->tests_many = true;
        return arena_printf(tester->arena, "many(%zu)", literal->length);
    }
    return sample_expression(tester->builder, column, literal);
}

static void add_bad(struct tester *tester, value_vec *list, const struct column *column,
                    const char *expression, const char *status, const char *rule)
{
    static const char *const names[] = {"expression", "status", "rule", NULL};
    static struct shape shape = {.names = names};
    struct value fields[] = {value_text(expression), value_text(status),
                             value_text(rule)};

    *VEC_ADD(tester->arena, list) =
        tester_object(tester, &shape, tester_column(tester, column), fields, 3);
}

/* What no column can hold, where no other rule of the column comes first. */
static void add_invalid(struct tester *tester, value_vec *list,
                        const struct column *column)
{
    bool short_enough = !column->has_min_length || column->min_length <= 1;
    bool long_enough = !column->has_max_length || column->max_length >= 1;

    if (column->generated != NULL)
        return;
    if (column->type == TYPE_TEXT && short_enough && long_enough)
        add_bad(tester, list, column, "\"\\377\"", "QUARRY_INVALID", "not UTF-8");
    if (column->type == TYPE_REAL)
        add_bad(tester, list, column,
                column->nullable ? "(quarry_opt_double){true, NAN}" : "NAN",
                "QUARRY_INVALID", "not a number");
}

struct value tester_bad(struct tester *tester)
{
    value_vec list = {0};
    size_t i, b;

    for (i = 0; i < tester->t->columns.count; i++) {
        const struct column *column = tester->t->columns.items[i];
        const struct bad_value *bad;
        size_t count =
            sample_bad_values(tester->arena, tester->builder->schema, column, &bad);

        for (b = 0; b < count; b++) {
            bool assigned = tester->t->key.assigned && column->key_position > 0;

            if (assigned && bad[b].value.integer == 0)
                continue; /* of such a key 0 means: assign one */
            add_bad(tester, &list, column, bad_expression(tester, column, &bad[b].value),
                    bad[b].status, bad[b].rule);
        }
        add_invalid(tester, &list, column);
    }
    return tester_list(tester, &list);
}

static void add_sql(struct tester *tester, value_vec *list, const struct column *column,
                    const char *expression)
{
    static const char *const names[] = {"sql_c", NULL};
    static struct shape shape = {.names = names};
    struct value sql = value_text(sample_update(tester->table, column, expression));

    *VEC_ADD(tester->arena, list) =
        tester_object(tester, &shape, tester_column(tester, column), &sql, 1);
}

static bool in_generated(const struct table *table, const struct column *column)
{
    size_t i;

    for (i = 0; i < table->columns.count; i++)
        if (table->columns.items[i]->generated != NULL &&
            sql_mentions(table->columns.items[i]->generated, column->sql_name))
            return true;
    return false;
}

/* NULL, a value of the wrong kind, values past the bounds. */
struct value tester_bad_sql(struct tester *tester)
{
    value_vec list = {0};
    size_t i, number;

    for (i = 0; i < tester->t->columns.count; i++) {
        const struct column *column = tester->t->columns.items[i];
        const char *sql;

        for (number = 0; column->generated == NULL; number++) {
            sql = sample_refused_sql(tester->builder, column, number);
            if (sql == NULL)
                break;
            add_sql(tester, &list, column, sql);
        }
    }
    return tester_list(tester, &list);
}

/* What SQLite stores when it doesn't check, and reading must refuse. */
struct value tester_mismatches(struct tester *tester)
{
    value_vec list = {0};
    size_t i;

    for (i = 0; i < tester->t->columns.count; i++) {
        const struct column *column = tester->t->columns.items[i];
        const char *sql = sample_mismatch_sql(tester->builder, tester->t, column);

        if (sql != NULL && column->generated == NULL &&
            !in_generated(tester->t, column) && !tester_is_own_parent(tester, column))
            add_sql(tester, &list, column, sql);
    }
    return tester_list(tester, &list);
}

/* ---- unique columns ------------------------------------------------------------- */

bool tester_can_take(struct tester *tester, const struct columns *columns)
{
    bool is_key = columns == &tester->t->key.columns;
    size_t i;

    for (i = 0; i < columns->count; i++) {
        const struct column *column = columns->items[i];

        if (sample_of(tester, tester->ordinary, column)->kind == LITERAL_NULL ||
            (is_key ? !sample_key_is_free(tester->t)
                    : tester->moves[column->index] != SAMPLE_FREE))
            return false;
    }
    return columns->count > 0 && tester->t->sample_count > 1;
}

/* Whether row 0 with these columns of the ordinary row breaks only this constraint. */
static bool can_collide(struct tester *tester, const struct columns *columns)
{
    const struct literal *taken = tester->t->samples[tester->ordinary].values;
    struct literal *values = tester_copy(tester, 0);

    if (!tester_can_take(tester, columns))
        return false;
    tester_set(tester, values, columns, tester->ordinary);
    return tester_clashes_only(tester, columns, values, taken);
}

/* The name of what makes the columns unique; absent for the primary key, which has none. */
static struct value unique_name(struct tester *tester, const struct columns *columns)
{
    for (size_t i = 0; i < tester->t->uniques.count; i++) {
        const struct unique *unique = &tester->t->uniques.items[i];

        if (unique->columns.count == columns->count &&
            memcmp(unique->columns.items, columns->items,
                   columns->count * sizeof(struct column *)) == 0)
            return c_name(tester, unique->name);
    }
    return value_absent();
}

static void add_unique(struct tester *tester, value_vec *list,
                       const struct columns *columns)
{
    static const char *const names[] = {"unique_columns", "first_c", "updates",
                                        "constraint_c", NULL};
    static struct shape shape = {.names = names};
    bool is_key = columns == &tester->t->key.columns;
    bool stays = !is_key && !tester_touch_is_bound(tester);
    struct value fields[] = {view_parameters(tester->table, columns, VIEW_PARAMETER),
                             c_name(tester, columns->items[0]->sql_name),
                             value_flag(stays), unique_name(tester, columns)};

    *VEC_ADD(tester->arena, list) = tester_object(tester, &shape, NULL, fields, 4);
}

struct value tester_uniques(struct tester *tester)
{
    const struct table *t = tester->t;
    value_vec list = {0};
    size_t i;

    if (can_collide(tester, &t->key.columns))
        add_unique(tester, &list, &t->key.columns);
    for (i = 0; i < t->accesses.count; i++)
        if (t->accesses.items[i].kind == ACCESS_GET &&
            can_collide(tester, &t->accesses.items[i].columns))
            add_unique(tester, &list, &t->accesses.items[i].columns);
    return tester_list(tester, &list);
}

/* ---- foreign keys --------------------------------------------------------------- */

static bool is_a_parent(const struct foreign_key *key, const struct literal *values)
{
    size_t row, i;

    for (row = 0; row < SAMPLE_ROWS; row++) {
        bool same = true;

        for (i = 0; i < key->columns.count; i++) {
            const struct column *column = key->parent_columns.items[i];

            same = same && sample_equal(column, &values[i],
                                        &key->parent->samples[row].values[column->index]);
        }
        if (same)
            return true;
    }
    return false;
}

/* Valid values of the key's columns that no parent has. */
static bool find_missing(struct tester *tester, const struct foreign_key *key,
                         struct literal *missing)
{
    size_t variant, i;

    for (variant = 0; variant < 64; variant++) {
        bool good = true;

        for (i = 0; i < key->columns.count; i++) {
            missing[i] =
                sample_value(tester->arena, tester->builder->schema,
                             key->columns.items[i], SAMPLE_ORDINARY, variant + 5);
            good = good && sample_satisfies(key->columns.items[i], &missing[i]);
        }
        if (good && !is_a_parent(key, missing))
            return true;
    }
    return false;
}

/* Whether a change of the key's columns concerns nothing else. */
static bool key_is_alone(struct tester *tester, const struct foreign_key *key)
{
    size_t i, k;

    for (i = 0; i < key->columns.count; i++) {
        const struct column *column = key->columns.items[i];

        if (column->key_position > 0 || tester_mentions(tester->t, column))
            return false;
        for (k = 0; k < tester->t->foreign_keys.count; k++)
            if (&tester->t->foreign_keys.items[k] != key &&
                tester_contains(&tester->t->foreign_keys.items[k].columns, column))
                return false;
    }
    return true;
}

static void add_missing(struct tester *tester, value_vec *list,
                        const struct foreign_key *key)
{
    static const char *const names[] = {"sets", "first_c", "at_commit", NULL};
    static struct shape shape = {.names = names};
    static const char *const set_names[] = {"expression", NULL};
    static struct shape set_shape = {.names = set_names};
    struct literal *missing =
        ARENA_ARRAY(tester->arena, struct literal, key->columns.count);
    struct value fields[3];
    value_vec sets = {0};
    size_t i;

    if (!key_is_alone(tester, key) || !find_missing(tester, key, missing))
        return;
    for (i = 0; i < key->columns.count; i++) {
        const struct column *column = key->columns.items[i];
        struct value set =
            value_text(sample_expression(tester->builder, column, &missing[i]));

        *VEC_ADD(tester->arena, &sets) =
            tester_object(tester, &set_shape, tester_column(tester, column), &set, 1);
    }
    tester->builder->tests_errors |= !key->deferrable;
    fields[0] = tester_list(tester, &sets);
    fields[1] = c_name(tester, key->columns.items[0]->sql_name);
    fields[2] = value_flag(key->deferrable);
    *VEC_ADD(tester->arena, list) = tester_object(tester, &shape, NULL, fields, 3);
}

struct value tester_missing(struct tester *tester)
{
    value_vec list = {0};
    size_t i;

    for (i = 0; i < tester->t->foreign_keys.count; i++)
        add_missing(tester, &list, &tester->t->foreign_keys.items[i]);
    return tester_list(tester, &list);
}
