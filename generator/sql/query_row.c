/*
 * query_row.c: what a row of a query or view is in C: a table's row where it is the same, a
 * row that several queries share, or one of its own. It must not know parameters.
 */
#include "../base/names.h"
#include "../model/symbols.h"
#include "query_internal.h"

#include <string.h>

enum {
    LONGEST_VIEW_NAME = 1000
};

bool query_is_by_value(const struct column *column)
{
    return type_table[column->type].shape == C_NUMBER || column->type == TYPE_UUID;
}

/* ---- what the schema says of columns ------------------------------------------------- */

static struct output *find_output(const struct inferred *inferred, const char *name)
{
    size_t i;

    for (i = 0; i < inferred->columns->count; i++)
        if (strcmp(inferred->columns->columns[i].name, name) == 0)
            return &inferred->columns->columns[i];
    return NULL;
}

static bool override(const struct typing *typing, const struct column *column)
{
    struct output *output = find_output(typing->inferred, column->name);
    struct type type = model_type(column);

    if (output == NULL) {
        diag_error(typing->typer->diags, 314, column->span,
                   "the statement has no column `%s`", column->name);
        return false;
    }
    if (output->type.classes != 0 && (output->type.classes & type.classes) == 0) {
        diag_note(diag_error(typing->typer->diags, 314, column->span,
                             "`%s` is %s and can't be %s", column->name,
                             type_name(&output->type), type_table[column->type].name),
                  query_place(typing->text, &typing->variant, output->range),
                  "the column is here");
        return false;
    }
    type.origin = output->type.origin;
    type.reason = (struct reason){"the schema says so", output->range};
    output->type = type;
    return true;
}

bool row_overrides(struct typing *typing)
{
    const struct column_list *columns = &typing->query->columns;
    bool good = true;
    size_t i;

    for (i = 0; i < columns->count; i++)
        good = override(typing, columns->items[i]) && good;
    return good;
}

/* ---- columns ------------------------------------------------------------------------- */

static struct span place_of(const struct typing *typing, const struct output *output)
{
    return query_place(typing->text, &typing->variant, output->range);
}

/* A word that C could have: letters, digits and underscores; of any case. */
static bool is_word(const char *name)
{
    return (*name < '0' || *name > '9') &&
           name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
                             "0123456789")] == '\0' &&
           *name != '\0';
}

/* A view's columns are called by SQLite: any name becomes one that C can have. */
static const char *view_name(const struct typing *typing, const struct table *row,
                             const char *name)
{
    struct arena *arena = typing->typer->arena;
    const char *base = name_to_snake(arena, name), *unique;
    unsigned i;

    if (symbols_taken(base) != NULL)
        base = arena_printf(arena, "%s_value", base);
    unique = base;
    for (i = 2; map_get(&row->by_name, unique) != NULL; i++)
        unique = arena_printf(arena, "%s_%u", base, i);
    return unique;
}

/* The column of a view in FROM that SQLite calls so: it has its name in C; or NULL. */
static const struct column *column_of_view(const struct typing *typing, const char *name)
{
    const struct select *select = typing->statement->select;
    size_t i, k;

    if (select == NULL)
        return NULL;
    for (i = 0; i < select->cores[0]->from.count; i++) {
        const struct from_item *item = &select->cores[0]->from.items[i];
        const struct view *view =
            item->kind != FROM_TABLE
                ? NULL
                : map_get(&typing->typer->schema->views_by_name, item->name);

        for (k = 0;
             view != NULL && view->result != NULL && k < view->result->columns.count; k++)
            if (strcmp(view->result->columns.items[k]->sql_name, name) == 0)
                return view->result->columns.items[k];
    }
    return NULL;
}

/* Names stand in C strings, which can't be of any length; an unnamed expression is its text. */
static bool is_too_long(const struct typing *typing, const struct output *output)
{
    size_t limit = typing->query == NULL ? LONGEST_VIEW_NAME : NAME_LIMIT;

    if (strlen(output->name) <= limit)
        return false;
    diag_hint(typing_fail(typing, 303, output->range,
                          "the name of this column is longer than %zu characters", limit),
              "give it a short one: `AS name`");
    return true;
}

/* A column of a table, or in a query of a view, keeps its name in C; other names become snake_case. False: no name. */
static bool name_column(const struct typing *typing, const struct table *row,
                        const struct output *output, const struct column *origin,
                        struct column *column)
{
    struct diag *diag;
    const char *by;

    if (origin == NULL || strcmp(origin->sql_name, output->name) != 0)
        origin = column_of_view(typing, output->name);
    column->sql_name = output->name;
    if (origin != NULL) {
        column->name = origin->name;
        return true;
    }
    if (is_too_long(typing, output))
        return false;
    if (typing->query == NULL) {
        column->name = view_name(typing, row, output->name);
        return true;
    }
    if (!is_word(output->name)) {
        diag_hint(typing_fail(typing, 303, output->range, "the column `%s` needs a name",
                              output->name),
                  "add `AS name`");
        return false;
    }
    column->name = name_to_snake(typing->typer->arena, output->name);
    by = symbols_taken(column->name);
    if (by == NULL)
        return true;
    diag = typing_fail(typing, 201, output->range,
                       "the column's name `%s` is taken by %s", column->name, by);
    diag_hint(diag, "give it another one: `AS %s_value`", column->name);
    return false;
}

static bool is_twice(const struct typing *typing, const struct table *row,
                     const struct output *output, const struct column *column)
{
    const struct column *first = map_get(&row->by_name, column->name);

    if (first == NULL)
        return false;
    diag_hint(typing_fail(typing, 304, output->range, "two columns are called `%s`",
                          column->name),
              "name one of them with AS, or use `embed`");
    return true;
}

static bool add_column(const struct typing *typing, struct table *row,
                       const struct output *output)
{
    struct arena *arena = typing->typer->arena;
    const struct column *origin = model_column(typing->typer, &output->type);
    struct column *column = ARENA_NEW(arena, struct column);

    column->span = place_of(typing, output);
    column->index = row->columns.count;
    column->doc = origin == NULL ? NULL : origin->doc;
    if (!name_column(typing, row, output, origin, column) ||
        is_twice(typing, row, output, column))
        return false;
    if (!model_set(typing->typer, column, &output->type)) {
        diag_hint(typing_fail(typing, 305, output->range,
                              output->type.classes == 0 || output->type.untyped
                                  ? "nothing says of what type the column `%s` is"
                                  : "the column `%s` can be of several types",
                              output->name),
                  "CAST it, or say it: `columns: {%s: text?}`", output->name);
        return false;
    }
    *VEC_ADD(arena, &row->columns) = column;
    map_put(arena, &row->by_name, column->name, column);
    return true;
}

/* A column that is in a struct inside the row: it has no field of its own. */
static void add_embedded(const struct typing *typing, struct table *row,
                         const struct embed *embed)
{
    struct arena *arena = typing->typer->arena;
    struct column *column = ARENA_NEW(arena, struct column);
    const struct column *own =
        embed->table->columns.items[row->columns.count - embed->first];

    *column = *own;
    column->name = arena_printf(arena, "%s.%s", embed->name, own->name);
    column->sql_name = own->sql_name;
    column->index = row->columns.count;
    column->key_position = 0;
    *VEC_ADD(arena, &row->columns) = column;
}

/* A struct is a field too. */
static bool check_embeds(const struct typing *typing, const struct table *row)
{
    size_t i;

    for (i = 0; i < row->embeds.count; i++)
        if (map_get(&row->by_name, row->embeds.items[i].name) != NULL ||
            symbols_taken(row->embeds.items[i].name) != NULL) {
            diag_error(typing->typer->diags, 316, typing->query->embeds.items[i].span,
                       "the row can't have a field `%s`: the name is taken",
                       row->embeds.items[i].name);
            return false;
        }
    return true;
}

/* NULL after errors. `what`: "query average_usage", for messages at run time. */
static struct table *make_row(const struct typing *typing, const char *noun,
                              const char *what)
{
    struct table *row = ARENA_NEW(typing->typer->arena, struct table);
    const struct relation *outputs = typing->inferred->columns;
    bool good = true;
    size_t i;

    row->name = row->sql_name = what;
    row->row = noun;
    row->is_result = true;
    if (!row_embeds(typing, row))
        return NULL;
    for (i = 0; i < outputs->count; i++) {
        const struct embed *embed = row_embed_at(row, i);

        if (embed != NULL)
            add_embedded(typing, row, embed);
        else
            good = add_column(typing, row, &outputs->columns[i]) && good;
    }
    return good && check_embeds(typing, row) ? row : NULL;
}

/* ---- rows that are the same ---------------------------------------------------------- */

/* True where a value of `column` is one of `wide` too: a WHERE may have ruled NULL out. */
static bool fits_column(const struct column *wide, const struct column *column)
{
    return strcmp(wide->name, column->name) == 0 && wide->type == column->type &&
           wide->enumeration == column->enumeration &&
           (wide->nullable || !column->nullable);
}

static bool same_embeds(const struct table *a, const struct table *b)
{
    size_t i;

    if (a->embeds.count != b->embeds.count)
        return false;
    for (i = 0; i < a->embeds.count; i++)
        if (strcmp(a->embeds.items[i].name, b->embeds.items[i].name) != 0 ||
            a->embeds.items[i].first != b->embeds.items[i].first ||
            a->embeds.items[i].table != b->embeds.items[i].table ||
            a->embeds.items[i].nullable != b->embeds.items[i].nullable)
            return false;
    return true;
}

/* True where rows of `b` can be given as rows of `a`. */
static bool fits_row(const struct table *a, const struct table *b)
{
    size_t i;

    if (a->columns.count != b->columns.count || !same_embeds(a, b))
        return false;
    for (i = 0; i < a->columns.count; i++)
        if (!fits_column(a->columns.items[i], b->columns.items[i]))
            return false;
    return true;
}

/* The table whose columns these are, all and in order; or NULL. */
static struct table *table_of(const struct typing *typing, const struct table *row)
{
    const struct relation *outputs = typing->inferred->columns;
    struct table *table = NULL;
    size_t i;

    if (outputs->count > 0 && outputs->columns[0].type.origin != NULL)
        table = model_table(typing->typer, outputs->columns[0].type.origin->table);
    if (table == NULL || !fits_row(table, row))
        return NULL;
    for (i = 0; i < outputs->count; i++)
        if (model_column(typing->typer, &outputs->columns[i].type) !=
            table->columns.items[i])
            return NULL;
    return table;
}

/* The view that is all of FROM, where the row is that of the view; or NULL. */
static struct table *view_of(const struct typing *typing, const struct table *row)
{
    const struct select *select = typing->statement->select;
    const struct from *from;
    const struct view *view;

    if (typing->statement->kind != STATEMENT_SELECT || select->core_count != 1)
        return NULL;
    from = &select->cores[0]->from;
    if (from->count != 1 || from->items[0].kind != FROM_TABLE || select->with != NULL)
        return NULL;
    view = map_get(&typing->typer->schema->views_by_name, from->items[0].name);
    return view != NULL && view->result != NULL && fits_row(view->result, row)
               ? view->result
               : NULL;
}

/* ---- rows with names ----------------------------------------------------------------- */

static struct table *table_with_row(const struct typing *typing, const char *noun)
{
    const struct schema *schema = typing->typer->schema;
    size_t i;

    for (i = 0; i < schema->tables.count; i++)
        if (strcmp(schema->tables.items[i]->row, noun) == 0)
            return schema->tables.items[i];
    return map_get(&typing->typer->rows, noun);
}

static void keep_row(struct typing *typing, struct table *row, struct span span)
{
    row->span = span;
    *VEC_ADD(typing->typer->arena, &typing->typer->schema->rows) = row;
    map_put(typing->typer->arena, &typing->typer->rows, row->row, row);
}

/* How two rows differ, for the message. */
static const char *difference(struct arena *arena, const struct table *first,
                              const struct table *row)
{
    size_t i;

    for (i = 0; i < first->columns.count && i < row->columns.count; i++)
        if (!fits_column(first->columns.items[i], row->columns.items[i]))
            return arena_printf(
                arena, "column %zu is `%s` %s%s here, `%s` %s%s there", i + 1,
                row->columns.items[i]->name, type_table[row->columns.items[i]->type].name,
                row->columns.items[i]->nullable ? "?" : "", first->columns.items[i]->name,
                type_table[first->columns.items[i]->type].name,
                first->columns.items[i]->nullable ? "?" : "");
    return arena_printf(arena, "it has %zu columns here, %zu there", row->columns.count,
                        first->columns.count);
}

static struct table *named_row(struct typing *typing, struct table *row)
{
    const struct query *query = typing->query;
    struct table *first = table_with_row(typing, row->row);
    struct diag *diag;

    if (first == NULL) {
        keep_row(typing, row, query->row_span);
        return row;
    }
    if (fits_row(first, row) && (!first->is_result || fits_row(row, first)))
        return first;
    diag = diag_error(typing->typer->diags, 315, query->row_span,
                      "the row `%s` has other columns elsewhere", row->row);
    diag_hint(diag, "%s", difference(typing->typer->arena, first, row));
    diag_note(diag, first->span, "`%s` is this", row->row);
    return NULL;
}

static struct table *own_row(struct typing *typing, struct table *row)
{
    struct table *same = view_of(typing, row);

    if (same == NULL)
        same = table_of(typing, row);
    if (same != NULL)
        return same;
    keep_row(typing, row, typing->query->span);
    return row;
}

void row_of_view(struct typing *typing, struct view *view)
{
    struct arena *arena = typing->typer->arena;
    struct table *row =
        make_row(typing, view->row, arena_printf(arena, "view %s", view->name));

    if (row == NULL)
        return;
    row->doc = view->doc;
    view->result = row;
    keep_row(typing, row, view->span);
}

/* ---- what a query returns ------------------------------------------------------------ */

static bool is_all_by_value(const struct table *row)
{
    size_t i;

    for (i = 0; i < row->columns.count; i++)
        if (!query_is_by_value(row->columns.items[i]))
            return false;
    return row->embeds.count == 0;
}

static enum query_result result_of(const struct query *query, const struct table *row)
{
    if (query->returns == RETURNS_MANY)
        return RESULT_LIST;
    if (!row->is_result || !is_all_by_value(row))
        return RESULT_ROW;
    return row->columns.count == 1 && query->row == NULL ? RESULT_VALUE : RESULT_STRUCT;
}

/* A SELECT that gives the one number that `count` hands over. */
static void check_count(const struct typing *typing)
{
    const struct relation *outputs = typing->inferred->columns;
    const struct type *type = outputs->count == 1 ? &outputs->columns[0].type : NULL;

    if (type == NULL || type->nullable || strcmp(type_storage(type), "integer") != 0)
        diag_hint(diag_error(typing->typer->diags, 313, typing->query->returns_span,
                             "`count` of a SELECT needs one column, an integer that is "
                             "never NULL"),
                  "SELECT count(*) …");
}

static bool gives_rows(const struct typing *typing)
{
    const struct query *query = typing->query;

    if (query->returns != RETURNS_EXEC && query->returns != RETURNS_COUNT) {
        if (typing->inferred->columns->count > 0)
            return true;
        diag_hint(diag_error(typing->typer->diags, 313, query->returns_span,
                             "the statement gives no rows"),
                  "`exec` or `count`, or add RETURNING");
        return false;
    }
    typing->typed->result = query->returns == RETURNS_EXEC ? RESULT_NONE : RESULT_NUMBER;
    if (query->returns == RETURNS_EXEC && typing->statement->kind == STATEMENT_SELECT)
        diag_hint(diag_error(typing->typer->diags, 313, query->returns_span,
                             "a SELECT has rows to give"),
                  "`one`, `optional`, `many` or `count`");
    else if (typing->statement->kind == STATEMENT_SELECT)
        check_count(typing);
    return false;
}

void row_of_query(struct typing *typing)
{
    struct arena *arena = typing->typer->arena;
    const struct query *query = typing->query;
    struct typed_query *typed = typing->typed;
    const char *noun =
        query->row != NULL ? query->row : arena_printf(arena, "%s_row", query->name);
    struct table *row;

    if (!gives_rows(typing))
        return;
    row = make_row(typing, noun, arena_printf(arena, "query %s", query->name));
    if (row == NULL)
        return;
    typed->result = result_of(query, row);
    if (typed->result == RESULT_VALUE)
        typed->row = row;
    else
        typed->row = query->row != NULL ? named_row(typing, row) : own_row(typing, row);
    if (typed->row != NULL)
        typed->result = result_of(query, typed->row);
}
