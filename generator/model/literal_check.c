/*
 * literal_check.c: whether a value keeps the rules of its column. The same rules become
 * checks in SQL and in C; here they are kept at generation time.
 */
#include "literal.h"

#include <sqlite3.h>
#include <stdio.h>

static struct diag *outside(const struct literal_reader *reader,
                            const struct column *column, const struct literal *literal,
                            const char *what)
{
    return diag_error(reader->diags, 142, literal->span, "%s breaks a rule of `%s`", what,
                      column->name);
}

static void hint_bound(struct diag *diag, const char *key, const struct literal *bound)
{
    if (bound->kind == LITERAL_REAL)
        diag_hint(diag, "its `%s` is %.15g", key, bound->real);
    else
        diag_hint(diag, "its `%s` is %lld", key, (long long)bound->integer);
    diag_note(diag, bound->span, "the rule is here");
}

static bool check_range(const struct literal_reader *reader, const struct column *column,
                        const struct literal *literal, const char *what)
{
    if (column->has_min && literal_compare(literal, &column->min) < 0)
        hint_bound(outside(reader, column, literal, what), "min", &column->min);
    else if (column->has_max && literal_compare(literal, &column->max) > 0)
        hint_bound(outside(reader, column, literal, what), "max", &column->max);
    else
        return true;
    return false;
}

/* Characters of a text, bytes of a blob. */
static size_t length_of(const struct literal *literal)
{
    size_t i, count = 0;

    if (literal->kind == LITERAL_BLOB)
        return literal->length;
    for (i = 0; i < literal->length; i++)
        count += ((unsigned char)literal->text[i] & 0xc0) != 0x80;
    return count;
}

static bool check_length(const struct literal_reader *reader, const struct column *column,
                         const struct literal *literal, const char *what)
{
    size_t length = length_of(literal);

    if (column->has_min_length && length < column->min_length)
        diag_hint(outside(reader, column, literal, what),
                  "%zu long, its `min_length` is %zu", length, column->min_length);
    else if (column->has_max_length && length > column->max_length)
        diag_hint(outside(reader, column, literal, what),
                  "%zu long, its `max_length` is %zu", length, column->max_length);
    else
        return true;
    return false;
}

static bool check_pattern(const struct literal_reader *reader,
                          const struct column *column, const struct literal *literal,
                          const char *what)
{
    if (column->pattern == NULL || sqlite3_strglob(column->pattern, literal->text) == 0)
        return true;
    diag_hint(outside(reader, column, literal, what), "its `pattern` is `%s`",
              column->pattern);
    return false;
}

static bool check_one_of(const struct literal_reader *reader, const struct column *column,
                         const struct literal *literal, const char *what)
{
    size_t i;

    for (i = 0; i < column->one_of.count; i++)
        if (literal_equal(&column->one_of.items[i], literal))
            return true;
    if (column->one_of.count == 0)
        return true;
    diag_note(outside(reader, column, literal, what), column->one_of.items[0].span,
              "it is not in `one_of`");
    return false;
}

bool literal_check(const struct literal_reader *reader, const struct column *column,
                   const struct literal *literal, const char *what)
{
    switch (literal->kind) {
    case LITERAL_INTEGER:
    case LITERAL_REAL:
        if (!check_range(reader, column, literal, what))
            return false;
        break;
    case LITERAL_TEXT:
        if (!check_length(reader, column, literal, what) ||
            !check_pattern(reader, column, literal, what))
            return false;
        break;
    case LITERAL_BLOB: return check_length(reader, column, literal, what);
    case LITERAL_NULL:
    case LITERAL_NOW:
    case LITERAL_RANDOM: return true;
    }
    return check_one_of(reader, column, literal, what);
}
