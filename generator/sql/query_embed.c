/*
 * query_embed.c: which columns of a result are a table's row as a whole: `embed: [host]`
 * makes `host.*` a struct inside the row. It must not know what else a row has.
 */
#include "query_internal.h"

#include <string.h>

static struct diag *fail(const struct typing *typing, const struct query_embed *embed,
                         const char *format)
{
    return diag_error(typing->typer->diags, 316, embed->span, format, embed->name);
}

/* The `x.*` of that name in the outermost SELECT, and the number of its first column. */
static const struct result *find_star(const struct typing *typing, const char *name,
                                      size_t *first)
{
    const struct select *select = typing->statement->select;
    const struct results *results;
    size_t i;

    if (typing->statement->kind != STATEMENT_SELECT || select->core_count != 1 ||
        select->cores[0]->is_values)
        return NULL;
    results = &select->cores[0]->results;
    *first = 0;
    for (i = 0; i < results->count; i++) {
        const struct result *result = &results->items[i];

        if (result->star_table != NULL && name_same(result->star_table, name))
            return result;
        *first += result->expr != NULL ? 1 : result->expanded.count;
    }
    return NULL;
}

/* The table whose columns these are, all and in their order; or NULL. */
static const struct table *table_of(const struct typing *typing, size_t first,
                                    size_t count)
{
    const struct output *outputs = typing->inferred->columns->columns + first;
    const struct table *table =
        count == 0 || outputs[0].type.origin == NULL
            ? NULL
            : model_table(typing->typer, outputs[0].type.origin->table);
    size_t i;

    if (table == NULL || table->columns.count != count)
        return NULL;
    for (i = 0; i < count; i++)
        if (model_column(typing->typer, &outputs[i].type) != table->columns.items[i])
            return NULL;
    return table;
}

/* An outer join's missing row is told by a column that is NULL and else never is. */
static bool set_nullable(const struct typing *typing, const struct query_embed *wanted,
                         struct embed *embed)
{
    const struct output *outputs = typing->inferred->columns->columns + embed->first;
    size_t i, sure = 0;

    for (i = 0; i < embed->table->columns.count; i++) {
        if (embed->table->columns.items[i]->nullable)
            continue;
        sure++;
        embed->key = embed->first + i;
        embed->nullable = outputs[i].type.nullable;
        if (embed->nullable)
            return true;
    }
    if (sure > 0)
        return true;
    fail(typing, wanted, "`%s` has no column that is never NULL: it can't be embedded");
    return false;
}

static bool add_embed(const struct typing *typing, struct table *row,
                      const struct query_embed *wanted)
{
    size_t first = 0;
    const struct result *star = find_star(typing, wanted->name, &first);
    struct embed embed = {.name = wanted->name, .first = first};

    if (star == NULL) {
        diag_hint(fail(typing, wanted, "the statement does not select `%s.*`"),
                  "SELECT %s.*, … FROM … AS %s", wanted->name, wanted->name);
        return false;
    }
    embed.table = table_of(typing, first, star->expanded.count);
    if (embed.table == NULL) {
        fail(typing, wanted, "`%s.*` are not the columns of a table of the schema");
        return false;
    }
    if (!set_nullable(typing, wanted, &embed))
        return false;
    *VEC_ADD(typing->typer->arena, &row->embeds) = embed;
    return true;
}

bool row_embeds(const struct typing *typing, struct table *row)
{
    bool good = true;
    size_t i;

    for (i = 0; typing->query != NULL && i < typing->query->embeds.count; i++)
        good = add_embed(typing, row, &typing->query->embeds.items[i]) && good;
    return good;
}

const struct embed *row_embed_at(const struct table *row, size_t column)
{
    size_t i;

    for (i = 0; i < row->embeds.count; i++) {
        const struct embed *embed = &row->embeds.items[i];

        if (column >= embed->first && column < embed->first + embed->table->columns.count)
            return embed;
    }
    return NULL;
}

bool query_is_field(const struct table *row, const struct column *column)
{
    return row_embed_at(row, column->index) == NULL;
}
