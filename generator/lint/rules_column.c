/*
 * rules_column.c: declared types that mislead, integers that are bools, and what nothing
 * uses. See lint.h.
 */
#include "lint.h"

#include <ctype.h>
#include <string.h>

/* ---- declared types ------------------------------------------------------------------ */

/* INT, BIGINT, UINT, INT8, INTEGER: a whole word that means a whole number. */
static bool is_integer_word(const char *word, size_t length)
{
    static const char *const before[] = {"",    "U",    "TINY",  "SMALL",   "MEDIUM",
                                         "BIG", "LONG", "UTINY", "UNSIGNED"};
    size_t i;

    while (length > 0 && isdigit((unsigned char)word[length - 1]))
        length--;
    for (i = 0; i < sizeof before / sizeof *before; i++) {
        size_t skip = strlen(before[i]);

        if (length < skip + 3 || sqlite3_strnicmp(word, before[i], (int)skip) != 0)
            continue;
        if ((length == skip + 3 && sqlite3_strnicmp(word + skip, "INT", 3) == 0) ||
            (length == skip + 7 && sqlite3_strnicmp(word + skip, "INTEGER", 7) == 0))
            return true;
    }
    return false;
}

static bool has_integer_word(const char *type)
{
    while (*type != '\0') {
        size_t length = 0;

        while (isalnum((unsigned char)type[length]) || type[length] == '_')
            length++;
        if (length > 0 && is_integer_word(type, length))
            return true;
        type += length > 0 ? length : 1;
    }
    return false;
}

/* What SQLite makes of it, where that is not what it says; else NULL. */
static const char *misleads(const struct catalog_column *column)
{
    if (column->affinity == AFFINITY_INTEGER && !has_integer_word(column->declared))
        return "a whole number, because INT is in it";
    if (column->affinity == AFFINITY_NUMERIC &&
        (sqlite3_strnicmp(column->declared, "STRING", 6) == 0 ||
         sqlite3_stricmp(column->declared, "STR") == 0))
        return "a number: '007' becomes 7";
    return NULL;
}

static void check_type(struct lint *lint, const struct table_shape *shape,
                       const struct catalog_column *column)
{
    const char *what = shape->table->strict ? NULL : misleads(column);
    struct lint_place place;

    if (what == NULL)
        return;
    place = lint_at_column(lint, shape, column->name);
    if (!lint_allowed(lint, &place, FINDING_TYPE_MISLEADS))
        diag_hint(diag_warning(lint->diags, FINDING_TYPE_MISLEADS, place.span,
                               "`%s` is declared %s, to SQLite %s", column->name,
                               column->declared, what),
                  "declare INTEGER, REAL, TEXT or BLOB");
}

/* ---- bools --------------------------------------------------------------------------- */

static bool is_integer(const struct literal *literal, int64_t value)
{
    return literal->kind == LITERAL_INTEGER && literal->integer == value;
}

static bool is_zero_or_one(const struct column *column)
{
    if (column->type != TYPE_INTEGER && column->type != TYPE_INT32)
        return false;
    if (column->one_of.count == 2)
        return (is_integer(&column->one_of.items[0], 0) &&
                is_integer(&column->one_of.items[1], 1)) ||
               (is_integer(&column->one_of.items[0], 1) &&
                is_integer(&column->one_of.items[1], 0));
    return column->has_min && column->has_max && is_integer(&column->min, 0) &&
           is_integer(&column->max, 1);
}

static void check_bool(struct lint *lint, const struct table_shape *shape,
                       const struct column *column)
{
    struct lint_place place = lint_at_column(lint, shape, column->sql_name);

    if (is_zero_or_one(column) && !lint_allowed(lint, &place, FINDING_BOOL_AS_INTEGER))
        diag_hint(diag_warning(lint->diags, FINDING_BOOL_AS_INTEGER, place.span,
                               "`%s` is 0 or 1 only", column->name),
                  "type: bool");
}

void lint_columns(struct lint *lint, const struct table_shape *shape)
{
    const struct table *model = lint_model(lint, shape);
    size_t i;

    for (i = 0; i < shape->table->column_count; i++)
        check_type(lint, shape, &shape->table->columns[i]);
    for (i = 0; model != NULL && i < model->columns.count; i++)
        check_bool(lint, shape, model->columns.items[i]);
}

/* ---- what nothing uses --------------------------------------------------------------- */

static bool is_listed(const struct column_list *columns,
                      const struct enumeration *enumeration)
{
    size_t i;

    for (i = 0; i < columns->count; i++)
        if (columns->items[i]->enumeration == enumeration)
            return true;
    return false;
}

static bool is_used(const struct lint *lint, const struct enumeration *enumeration)
{
    size_t i, k;

    for (i = 0; i < lint->schema->tables.count; i++) {
        const struct table *table = lint->schema->tables.items[i];

        for (k = 0; k < table->columns.count; k++)
            if (table->columns.items[k]->enumeration == enumeration)
                return true;
    }
    for (i = 0; i < lint->schema->queries.count; i++)
        if (is_listed(&lint->schema->queries.items[i]->params, enumeration) ||
            is_listed(&lint->schema->queries.items[i]->columns, enumeration))
            return true;
    return false;
}

void lint_unused(struct lint *lint)
{
    size_t i;

    for (i = 0; i < lint->schema->enums.count; i++) {
        const struct enumeration *enumeration = lint->schema->enums.items[i];
        struct lint_place place =
            lint_at_span(lint, enumeration->span, &enumeration->allows);

        if (!is_used(lint, enumeration) &&
            !lint_allowed(lint, &place, FINDING_ENUM_UNUSED))
            diag_warning(lint->diags, FINDING_ENUM_UNUSED, place.span,
                         "no column is a `%s`", enumeration->name);
    }
    for (i = 0; i < lint->schema->mixins.count; i++) {
        const struct mixin_use *mixin = &lint->schema->mixins.items[i];
        struct lint_place place = lint_at_span(lint, mixin->span, NULL);

        if (!mixin->used && !lint_allowed(lint, &place, FINDING_MIXIN_UNUSED))
            diag_warning(lint->diags, FINDING_MIXIN_UNUSED, place.span,
                         "no table uses the mixin `%s`", mixin->name);
    }
}
