/*
 * sample_bad.c: for each rule of a column one value that breaks it, and the status with
 * which the generated validate function refuses it. What C can't even write (an int32
 * past its range) is left out.
 */
#include "sample.h"

#include "../base/buf.h"
#include "sample_value.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Longer texts than this would make the emitted tests unreadable. */
enum {
    LONGEST_TEXT = 2000
};

struct bad_list {
    struct arena *arena;
    const struct column *column;
    VEC(struct bad_value) values;
};

static void add(struct bad_list *list, struct literal value, const char *status,
                const char *rule)
{
    *VEC_ADD(list->arena, &list->values) = (struct bad_value){value, status, rule};
}

static struct literal text(struct bad_list *list, const char *value)
{
    return (struct literal){.kind = LITERAL_TEXT,
                            .text = arena_strdup(list->arena, value),
                            .length = strlen(value)};
}

static struct literal integer(int64_t value)
{
    return (struct literal){.kind = LITERAL_INTEGER, .integer = value};
}

static struct literal repeated(struct bad_list *list, enum literal_kind kind,
                               size_t length)
{
    char *bytes = arena_alloc(list->arena, length + 1);

    memset(bytes, kind == LITERAL_TEXT ? 'a' : 0, length);
    return (struct literal){.kind = kind, .text = bytes, .length = length};
}

static void add_null(struct bad_list *list)
{
    const struct column *column = list->column;
    enum c_shape shape = type_table[column->type].shape;
    bool set = column->has_default && column->default_value.kind == LITERAL_RANDOM;

    if (column->nullable || (shape != C_POINTER && column->type != TYPE_UUID) || set)
        return;
    add(list, (struct literal){.kind = LITERAL_NULL}, "QUARRY_NOT_NULL", "not set");
}

static void add_integers(struct bad_list *list)
{
    const struct column *column = list->column;
    int64_t low = column->type == TYPE_INT32 ? INT32_MIN : INT64_MIN;
    int64_t high = column->type == TYPE_INT32 ? INT32_MAX : INT64_MAX;

    if (column->has_min && column->min.integer > low)
        add(list, integer(column->min.integer - 1), "QUARRY_CHECK",
            "less than the minimum");
    if (column->has_max && column->max.integer < high)
        add(list, integer(column->max.integer + 1), "QUARRY_CHECK",
            "greater than the maximum");
}

static double real_of(const struct literal *literal)
{
    return literal->kind == LITERAL_REAL ? literal->real : (double)literal->integer;
}

static void add_real(struct bad_list *list, double value, const char *rule)
{
    if (isfinite(value))
        add(list, (struct literal){.kind = LITERAL_REAL, .real = value}, "QUARRY_CHECK",
            rule);
}

static void add_reals(struct bad_list *list)
{
    const struct column *column = list->column;

    if (column->has_min)
        add_real(list, nextafter(real_of(&column->min), -HUGE_VAL),
                 "less than the minimum");
    if (column->has_max)
        add_real(list, nextafter(real_of(&column->max), HUGE_VAL),
                 "greater than the maximum");
}

static void add_lengths(struct bad_list *list, enum literal_kind kind)
{
    const struct column *column = list->column;

    if (column->has_min_length && column->min_length > 0 &&
        column->min_length <= LONGEST_TEXT)
        add(list, repeated(list, kind, column->min_length - 1), "QUARRY_CHECK",
            "too short");
    if (column->has_max_length && column->max_length < LONGEST_TEXT)
        add(list, repeated(list, kind, column->max_length + 1), "QUARRY_CHECK",
            "too long");
}

/* A text of allowed length that the column's pattern or list does not take. */
static void add_unmatched(struct bad_list *list)
{
    static const char *const tries[] = {"not one of them", "!", "~", "a", "0", "-", ""};
    const struct column *column = list->column;
    struct column lengths = {.has_min_length = column->has_min_length,
                             .has_max_length = column->has_max_length,
                             .min_length = column->min_length,
                             .max_length = column->max_length};

    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        struct literal value = text(list, tries[i]);
        bool listed = column->one_of.count == 0;

        for (size_t v = 0; v < column->one_of.count; v++)
            listed = listed ||
                     sample_equal(&(struct column){0}, &column->one_of.items[v], &value);
        if (!sample_satisfies(&lengths, &value) ||
            (listed && sample_satisfies(column, &value)))
            continue;
        add(list, value, "QUARRY_CHECK",
            listed ? "not of the pattern" : "none of the values allowed");
        return;
    }
}

/* A number that is in range but not in the list. */
static void add_unlisted(struct bad_list *list)
{
    const struct column *column = list->column;

    for (size_t i = 0; i < column->one_of.count; i++) {
        struct literal value = column->one_of.items[i];
        bool listed = false;

        if (value.kind == LITERAL_REAL)
            value.real += 0.5;
        else if (value.integer < (column->type == TYPE_INT32 ? INT32_MAX : INT64_MAX))
            value.integer++;
        for (size_t v = 0; v < column->one_of.count; v++)
            listed = listed || sample_equal(column, &column->one_of.items[v], &value);
        if (listed || !sample_satisfies(column, &value))
            continue;
        add(list, value, "QUARRY_CHECK", "none of the values allowed");
        return;
    }
}

/* The least number from 0 on that stands for nothing. */
static void add_undeclared(struct bad_list *list)
{
    const struct enumeration *enumeration = list->column->enumeration;
    int64_t number = 0;

    for (size_t i = 0; i < enumeration->values.count; i++)
        if (enumeration->values.items[i].value == number) {
            number++;
            i = SIZE_MAX;
        }
    add(list, integer(number), "QUARRY_CHECK", "no value of the enum");
}

size_t sample_bad_values(struct arena *arena, const struct schema *schema,
                         const struct column *column, const struct bad_value **values)
{
    struct bad_list list = {.arena = arena, .column = column};

    (void)schema;
    if (column->generated == NULL) {
        add_null(&list);
        switch (column->type) {
        case TYPE_INTEGER:
        case TYPE_INT32:
            add_integers(&list);
            add_unlisted(&list);
            break;
        case TYPE_REAL:
            add_reals(&list);
            add_unlisted(&list);
            break;
        case TYPE_TEXT:
            add_lengths(&list, LITERAL_TEXT);
            if (column->pattern != NULL || column->one_of.count > 0)
                add_unmatched(&list);
            break;
        case TYPE_BLOB: add_lengths(&list, LITERAL_BLOB); break;
        case TYPE_ENUM: add_undeclared(&list); break;
        case TYPE_JSON: add(&list, text(&list, "{"), "QUARRY_CHECK", "no JSON"); break;
        case TYPE_DATE:
            add(&list, text(&list, "2023-02-29"), "QUARRY_CHECK",
                "a day that does not exist");
            add(&list, text(&list, "2024-1-15"), "QUARRY_CHECK",
                "not written YYYY-MM-DD");
            break;
        case TYPE_UUID:
            add(&list, text(&list, "01234567-89AB-4CDE-8F01-23456789AB01"),
                "QUARRY_CHECK", "in capitals");
            add(&list, text(&list, "no uuid"), "QUARRY_CHECK", "no UUID");
            break;
        case TYPE_BOOL:
        case TYPE_TIMESTAMP:
        case TYPE_LABELS:
        case TYPE_KINDS: break;
        }
    }
    *values = list.values.items;
    return list.values.count;
}
