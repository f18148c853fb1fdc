/*
 * query_values.c: see query_values.h. Only what is certain is looked at: a column itself,
 * with its own collation, beside a literal.
 */
#include "query_values.h"

#include "../base/names.h"
#include "walk.h"

#include <stdlib.h>
#include <string.h>

/* ---- a column and a literal ---------------------------------------------------------- */

/*
 * The schema's column that the expression is; NULL: it is something else, or a column that
 * can hold what is not of its type, because its table is not STRICT.
 */
static const struct column *column_of(const struct typing *typing,
                                      const struct expr *expr)
{
    const struct column *column;

    if (expr == NULL || expr->kind != EXPR_COLUMN || expr->type == NULL ||
        expr->type->combined)
        return NULL;
    column = model_column(typing->typer, expr->type);
    return column == NULL || column->type == TYPE_ENUM ||
                   expr->type->origin->table->strict
               ? column
               : NULL;
}

static bool is_number(const char *text)
{
    char *end;

    strtod(text, &end);
    return end != text && end[strspn(end, " \t\n\r\f\v")] == '\0';
}

static bool is_declared(const struct enumeration *enumeration, const struct expr *literal)
{
    size_t i;

    if (enumeration->storage == STORE_TEXT)
        return map_get(&enumeration->by_text, literal->text) != NULL;
    for (i = 0; i < enumeration->values.count; i++)
        if (strtoll(literal->text, NULL, 0) == enumeration->values.items[i].value)
            return true;
    return false;
}

/* "open, paid, shipped …": the first of them. */
static const char *values_of(struct arena *arena, const struct enumeration *enumeration)
{
    const char *text = "";
    size_t i;

    for (i = 0; i < enumeration->values.count && strlen(text) < 60; i++) {
        const struct enumerator *value = &enumeration->values.items[i];
        const char *separator = i > 0 ? ", " : "";

        text = enumeration->storage == STORE_INTEGER
                   ? arena_printf(arena, "%s%s%lld", text, separator,
                                  (long long)value->value)
                   : arena_printf(arena, "%s%s%s", text, separator, value->text);
    }
    return i < enumeration->values.count ? arena_printf(arena, "%s …", text) : text;
}

static void refuse_enum(const struct typing *typing,
                        const struct enumeration *enumeration, const struct expr *literal)
{
    struct diag *diag =
        typing_fail(typing, 321, literal->range, "`%s` is no value of the enum `%s`",
                    literal->text, enumeration->name);
    struct suggestion suggestion;
    size_t i;

    suggest_init(&suggestion, literal->text);
    for (i = 0; i < enumeration->values.count && enumeration->storage == STORE_TEXT; i++)
        suggest_try(&suggestion, enumeration->values.items[i].text);
    if (suggestion.best != NULL)
        diag_hint(diag, "did you mean `%s`?", suggestion.best);
    else
        diag_hint(diag, "it has %s", values_of(typing->typer->arena, enumeration));
}

/* What the column holds, where the literal is of another kind; NULL: it could be equal. */
static const char *other_kind(const struct column *column, const struct expr *literal)
{
    bool number = literal->kind == EXPR_INTEGER || literal->kind == EXPR_REAL;

    if (column->storage == STORE_INTEGER && literal->kind == EXPR_STRING &&
        !is_number(literal->text))
        return column->type == TYPE_TIMESTAMP ? "milliseconds since 1970"
               : column->type == TYPE_BOOL    ? "0 or 1"
                                              : "an integer";
    if (column->storage == STORE_REAL && literal->kind == EXPR_STRING &&
        !is_number(literal->text))
        return "a real";
    if ((column->type == TYPE_TIMESTAMP || column->type == TYPE_DATE) &&
        column->storage == STORE_TEXT && number)
        return column->type == TYPE_DATE ? "a text such as '2024-01-15'"
                                         : "a text such as '2024-01-15T10:00:00.000Z'";
    return NULL;
}

/* An enum's name where its number is meant gets a hint. */
static void refuse_kind(const struct typing *typing, const struct column *column,
                        const struct expr *literal, const char *kind)
{
    struct diag *diag =
        typing_fail(typing, 321, literal->range, "`%s` is %s, and this is not",
                    column->sql_name, kind);
    const struct enumerator *value =
        column->type == TYPE_ENUM ? map_get(&column->enumeration->by_text, literal->text)
                                  : NULL;

    if (value != NULL)
        diag_hint(diag, "`%s` is stored as %lld", value->text, (long long)value->value);
}

static const struct expr *literal_of(const struct expr *expr)
{
    return expr != NULL && (expr->kind == EXPR_INTEGER || expr->kind == EXPR_REAL ||
                            expr->kind == EXPR_STRING)
               ? expr
               : NULL;
}

/* `equals`: the value itself is meant, not what is less or more than it. */
static void check_value(const struct typing *typing, const struct column *column,
                        const struct expr *value, bool equals)
{
    const struct expr *literal = literal_of(value);
    const char *kind;

    if (column == NULL || literal == NULL || column->collation != NULL)
        return;
    kind = other_kind(column, literal);
    if (kind != NULL)
        refuse_kind(typing, column, literal, kind);
    else if (equals && column->type == TYPE_ENUM &&
             (literal->kind == EXPR_STRING) ==
                 (column->enumeration->storage == STORE_TEXT) &&
             literal->kind != EXPR_REAL && !is_declared(column->enumeration, literal))
        refuse_enum(typing, column->enumeration, literal);
}

/* ---- conditions ---------------------------------------------------------------------- */

static bool is_comparison(const struct expr *expr)
{
    switch (expr->op) {
    case OP_EQUAL:
    case OP_UNEQUAL:
    case OP_IS:
    case OP_IS_NOT:
    case OP_LESS:
    case OP_LESS_EQUAL:
    case OP_GREATER:
    case OP_GREATER_EQUAL: return true;
    default: return false;
    }
}

static void check_binary(const struct typing *typing, const struct expr *expr)
{
    bool equals = expr->op == OP_EQUAL || expr->op == OP_UNEQUAL || expr->op == OP_IS ||
                  expr->op == OP_IS_NOT;

    if (!is_comparison(expr))
        return;
    check_value(typing, column_of(typing, expr->left), expr->right, equals);
    check_value(typing, column_of(typing, expr->right), expr->left, equals);
}

static void check_case(const struct typing *typing, const struct expr *expr)
{
    const struct column *column = column_of(typing, expr->left);
    size_t i;

    for (i = 0; column != NULL && i < expr->list.count; i += 2)
        check_value(typing, column, expr->list.items[i], true);
}

static void see_expr(void *context, struct expr *expr)
{
    const struct typing *typing = context;
    const struct column *column;
    size_t i;

    switch (expr->kind) {
    case EXPR_BINARY: check_binary(typing, expr); break;
    case EXPR_CASE: check_case(typing, expr); break;
    case EXPR_BETWEEN:
        column = column_of(typing, expr->left);
        check_value(typing, column, expr->right, false);
        check_value(typing, column, expr->extra, false);
        break;
    case EXPR_IN:
        column = column_of(typing, expr->left);
        for (i = 0; column != NULL && expr->is_list && i < expr->list.count; i++)
            check_value(typing, column, expr->list.items[i], true);
        break;
    default: break;
    }
}

/* ---- what is written ----------------------------------------------------------------- */

static const struct column *target_column(const struct table *table, const char *name)
{
    size_t i;

    for (i = 0; i < table->columns.count; i++)
        if (name_same(table->columns.items[i]->sql_name, name))
            return table->columns.items[i];
    return NULL;
}

static void check_set(const struct typing *typing, const struct table *table,
                      const struct assignments *set)
{
    size_t i;

    for (i = 0; i < set->count; i++)
        if (set->items[i].columns.count == 1)
            check_value(typing, target_column(table, set->items[i].columns.items[0].text),
                        set->items[i].value, true);
}

static void check_rows(const struct typing *typing, const struct table *table)
{
    const struct statement *statement = typing->statement;
    size_t i, row, k;

    for (i = 0; statement->select != NULL && i < statement->select->core_count; i++) {
        const struct core *core = statement->select->cores[i];

        for (row = 0; row < core->values.count; row++)
            for (k = 0; k < statement->columns.count; k++)
                check_value(typing,
                            target_column(table, statement->columns.items[k].text),
                            core->values.items[row].items[k], true);
    }
}

static bool is_given(const struct statement *statement, const char *name)
{
    size_t i;

    for (i = 0; i < statement->columns.count; i++)
        if (name_same(statement->columns.items[i].text, name))
            return true;
    return false;
}

/* Every row that such an INSERT makes is refused. */
static void check_lacking(const struct typing *typing, const struct catalog_table *table)
{
    const struct statement *statement = typing->statement;
    size_t i;

    for (i = 0; i < table->column_count; i++) {
        const struct catalog_column *column = &table->columns[i];

        if (!column->not_null || column->has_default || column->is_rowid ||
            column->generated || column->hidden || is_given(statement, column->name))
            continue;
        diag_hint(typing_fail(typing, 322, statement->target.name_range,
                              "a row of `%s` needs a value for `%s`", table->name,
                              column->name),
                  "it can't be NULL and has no default");
        return;
    }
}

static void check_change(const struct typing *typing, const struct table *table,
                         const struct catalog_table *told)
{
    const struct statement *statement = typing->statement;
    size_t i;

    check_set(typing, table, &statement->set);
    for (i = 0; i < statement->upserts.count; i++)
        check_set(typing, table, &statement->upserts.items[i].set);
    check_rows(typing, table);
    if (statement->kind == STATEMENT_INSERT &&
        (statement->has_columns || statement->default_values))
        check_lacking(typing, told);
}

bool values_check(const struct typing *typing)
{
    struct typing copy = *typing;
    struct walker walker = {.context = &copy, .expr = see_expr};
    const struct statement *statement = typing->statement;
    size_t errors = diags_errors(typing->typer->diags);
    const struct catalog_table *told = NULL;
    const struct table *table;

    walk_statement(&walker, typing->statement);
    if (statement->kind != STATEMENT_SELECT)
        told = catalog_find(&typing->typer->catalog, statement->target.schema,
                            statement->target.name);
    table = told == NULL || told->kind != CATALOG_TABLE
                ? NULL
                : model_table(typing->typer, told);
    if (table != NULL)
        check_change(typing, table, told);
    return diags_errors(typing->typer->diags) == errors;
}
