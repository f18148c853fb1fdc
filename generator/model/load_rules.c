/*
 * load_rules.c: the rules of a column, which its type must have, and the values that must
 * keep them: default, one_of, examples. The column's type is known here.
 */
#include "load.h"
#include "habit.h"

#include <string.h>

/* True where the key is there and the type takes it. */
static bool applies(struct loader *loader, const struct draft_column *draft,
                    enum column_key key, bool taken, const char *instead)
{
    const struct node *node = draft->values[key];
    const struct column *column = draft->column;

    if (node == NULL)
        return false;
    if (taken)
        return true;
    diag_hint(diag_error(loader->diags, 134, node->span,
                         "`%s` has no meaning for `%s`, of type `%s`",
                         language[PLACE_COLUMN].keys[key].name, column->name,
                         column->enumeration != NULL ? column->enumeration->name
                                                     : type_table[column->type].name),
              "%s", instead);
    return false;
}

static bool load_bound(struct loader *loader, const struct draft_column *draft,
                       enum column_key key, struct literal *bound)
{
    const struct type_info *type = &type_table[draft->column->type];

    return applies(loader, draft, key, type->has_range,
                   type->has_length
                       ? "for lengths there are `min_length` and `max_length`"
                       : "only integer, int32 and real have bounds") &&
           literal_read(&loader->reader, draft->column, draft->values[key],
                        LITERAL_OF_RULE, bound);
}

static void load_range(struct loader *loader, struct draft_column *draft)
{
    struct column *column = draft->column;

    column->has_min = load_bound(loader, draft, COLUMN_MIN, &column->min);
    column->has_max = load_bound(loader, draft, COLUMN_MAX, &column->max);
    if (!column->has_min || !column->has_max ||
        literal_compare(&column->min, &column->max) <= 0)
        return;
    diag_note(diag_error(loader->diags, 135, column->max.span,
                         "the `max` of `%s` is less than its `min`", column->name),
              column->min.span, "the `min` is here");
    column->has_max = false;
}

static bool load_length(struct loader *loader, const struct draft_column *draft,
                        enum column_key key, size_t *length)
{
    long long number;

    if (!applies(loader, draft, key, type_table[draft->column->type].has_length,
                 "only text and blob have a length") ||
        !node_int64(draft->values[key], &number))
        return false;
    *length = (size_t)number;
    return true;
}

static void load_lengths(struct loader *loader, struct draft_column *draft)
{
    struct column *column = draft->column;

    column->has_min_length =
        load_length(loader, draft, COLUMN_MIN_LENGTH, &column->min_length);
    column->has_max_length =
        load_length(loader, draft, COLUMN_MAX_LENGTH, &column->max_length);
    if (!column->has_min_length || !column->has_max_length ||
        column->min_length <= column->max_length)
        return;
    diag_note(diag_error(loader->diags, 135, draft->values[COLUMN_MAX_LENGTH]->span,
                         "the `max_length` of `%s` is less than its `min_length`",
                         column->name),
              draft->values[COLUMN_MIN_LENGTH]->span, "the `min_length` is here");
    column->has_max_length = false;
}

/* The bracket of a set that has no end, or NULL: such a pattern matches nothing. */
static const char *open_set(const char *pattern)
{
    const char *set, *c;

    for (set = strchr(pattern, '['); set != NULL; set = strchr(c, '[')) {
        c = set + 1;
        c += *c == '^';
        c += *c == ']';
        c = strchr(c, ']');
        if (c == NULL)
            return set;
    }
    return NULL;
}

static void load_pattern(struct loader *loader, struct draft_column *draft)
{
    struct column *column = draft->column;
    const struct node *node = draft->values[COLUMN_PATTERN];
    const char *open;

    if (!applies(loader, draft, COLUMN_PATTERN, type_table[column->type].has_pattern,
                 "only text has patterns"))
        return;
    open = open_set(node->text);
    if (open == NULL) {
        column->pattern = node->text;
        if (habit_pattern(node->text) != NULL)
            diag_hint(diag_warning(loader->diags, 193, node->span,
                                   "this looks like a regular expression, but patterns "
                                   "are GLOBs: `%s` stands for itself",
                                   habit_pattern(node->text)),
                      "`*` is any text, `?` one character, `[a-z]` one of a set; the "
                      "whole text must match");
        return;
    }
    diag_hint(diag_error(loader->diags, 136,
                         node_span_at(node, (size_t)(open - node->text), 1),
                         "the pattern matches nothing: its `[` has no `]`"),
              "`[[]` stands for a bracket itself");
}

/* A text that two values have in common only where they are equal. */
static const char *value_key(struct loader *loader, const struct literal *value)
{
    switch (value->kind) {
    case LITERAL_INTEGER:
        return arena_printf(loader->arena, "%lld", (long long)value->integer);
    case LITERAL_REAL: return arena_printf(loader->arena, "%a", value->real);
    case LITERAL_TEXT:
    case LITERAL_BLOB:
    case LITERAL_NULL:
    case LITERAL_NOW:
    case LITERAL_RANDOM: break;
    }
    return value->text;
}

static bool is_allowed_already(struct loader *loader, struct map *allowed,
                               const struct literal *value)
{
    const struct span *first =
        load_first(loader, allowed, value_key(loader, value), value->span);

    if (first == NULL)
        return false;
    diag_note(diag_error(loader->diags, 137, value->span, "the value is there twice"),
              *first, "the first is here");
    return true;
}

static void load_one_of(struct loader *loader, struct draft_column *draft)
{
    struct column *column = draft->column, alone = *column;
    const struct node *node = draft->values[COLUMN_ONE_OF];
    struct map allowed = {.count = 0};
    struct literal value;
    size_t i;

    if (!applies(loader, draft, COLUMN_ONE_OF, type_table[column->type].has_one_of,
                 "only integer, int32, real and text have it; an enum may serve"))
        return;
    if (node->count == 0)
        diag_error(loader->diags, 137, node->span, "`one_of` allows no value at all");
    for (i = 0; i < node->count; i++) {
        /* `alone` has the other rules only: this one is being made. */
        if (literal_read(&loader->reader, column, node->items[i], LITERAL_OF_RULE,
                         &value) &&
            literal_check(&loader->reader, &alone, &value, "the value") &&
            !is_allowed_already(loader, &allowed, &value))
            *VEC_ADD(loader->arena, &column->one_of) = value;
    }
}

static void load_examples(struct loader *loader, struct draft_column *draft)
{
    const struct node *node = draft->values[COLUMN_EXAMPLES];
    struct literal value;
    size_t i;

    for (i = 0; node != NULL && i < node->count; i++)
        if (literal_read(&loader->reader, draft->column, node->items[i],
                         LITERAL_OF_EXAMPLE, &value) &&
            literal_check(&loader->reader, draft->column, &value, "the example"))
            *VEC_ADD(loader->arena, &draft->column->examples) = value;
}

static void load_default(struct loader *loader, struct draft_column *draft)
{
    struct column *column = draft->column;
    const struct node *node = draft->values[COLUMN_DEFAULT];

    if (node != NULL && literal_read(&loader->reader, column, node, LITERAL_OF_DEFAULT,
                                     &column->default_value))
        literal_check(&loader->reader, column, &column->default_value, "the default");
}

void load_rules(struct loader *loader, struct draft_column *draft)
{
    size_t errors = diags_errors(loader->diags);

    load_range(loader, draft);
    load_lengths(loader, draft);
    load_pattern(loader, draft);
    load_one_of(loader, draft);
    applies(loader, draft, COLUMN_TOUCH, draft->column->type == TYPE_TIMESTAMP,
            "only a timestamp can be set to the time");
    applies(loader, draft, COLUMN_COLLATION, draft->column->type == TYPE_TEXT,
            "only text has a collation");
    if (diags_errors(loader->diags) != errors)
        return; /* values can't be held against broken rules */
    load_examples(loader, draft);
    load_default(loader, draft);
}
