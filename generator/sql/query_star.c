/*
 * query_star.c: what `*` stands for in the outermost SELECT or RETURNING, written out: the
 * columns of the schema in its order, whatever a database file has. Mostly a column is
 * `table.name`. What a FULL JOIN makes of two columns, and columns of what has no name, are
 * called by their name alone, as SQLite does it; where that would mean several columns (in
 * brackets, as `id:1`) the `*` stays, and then no row can be made of it.
 */
#include "query_star.h"

#include "../base/buf.h"
#include "../base/names.h"
#include "infer_internal.h"

#include <string.h>

static bool is_nameable(const struct expr *expr)
{
    return expr->kind == EXPR_COLUMN && expr->binding != NULL &&
           expr->binding->kind == BIND_COLUMN && expr->binding->column >= 0 &&
           expr->binding->name == NULL && expr->binding->source->name != NULL &&
           expr->binding->source->name[0] != '\0';
}

/* How many columns of that name a `*` alone would show. */
static size_t times_shown(const struct scope *scope, const char *name)
{
    size_t found = 0, i, k;

    for (i = 0; i < scope->all.count; i++) {
        const struct joined *joined = scope->all.items[i];

        for (k = 0; k < joined_count(joined); k++)
            found += name_same(joined_name(joined, k), name) &&
                     !joined_is_hidden(joined, k) && joined_pair(joined, name) == NULL &&
                     (joined->source != NULL || !joined->shown.items[k].unlisted);
    }
    return found;
}

/* False: it has no name of its own. */
static bool add_column(struct buf *out, struct arena *arena, const struct scope *scope,
                       const struct expr *expr, bool qualified)
{
    bool nameable = is_nameable(expr);

    if (!nameable && (scope == NULL || strchr(expr->name, ':') != NULL ||
                      times_shown(scope, expr->name) != 1))
        return false;
    if (out->length > 0)
        buf_adds(out, ", ");
    if (nameable && qualified)
        buf_addf(out, "%s.", name_sql(arena, expr->binding->source->name));
    buf_adds(out, name_sql(arena, expr->name));
    return true;
}

/* NULL: the `*` has to stay. */
static const char *columns_of(struct arena *arena, const struct scope *scope,
                              const struct result *result, bool qualified)
{
    const char *text = NULL;
    struct buf out;
    size_t i;

    buf_init(&out);
    for (i = 0; i < result->expanded.count; i++)
        if (!add_column(&out, arena, scope, result->expanded.items[i], qualified))
            break;
    if (i > 0 && i == result->expanded.count)
        text = arena_strndup(arena, out.data, out.length);
    buf_release(&out);
    return text;
}

static void add_results(struct arena *arena, const struct scope *scope,
                        const struct results *results, bool qualified,
                        struct splices *splices)
{
    size_t i;

    for (i = 0; i < results->count; i++) {
        const char *text = results->items[i].expr != NULL
                               ? NULL
                               : columns_of(arena, scope, &results->items[i], qualified);

        if (text != NULL)
            *VEC_ADD(arena, splices) = (struct splice){results->items[i].range, text};
    }
}

void query_stars(struct arena *arena, const struct statement *statement,
                 struct splices *splices)
{
    size_t i;

    if (statement->kind != STATEMENT_SELECT) {
        add_results(arena, NULL, &statement->returning, false, splices);
        return;
    }
    for (i = 0; i < statement->select->core_count; i++) {
        const struct core *core = statement->select->cores[i];

        if (!core->is_values)
            add_results(arena, core->scope, &core->results,
                        core->scope->sources.count > 1, splices);
    }
}
