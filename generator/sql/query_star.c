/*
 * query_star.c: what `*` stands for in the outermost SELECT or RETURNING, written out: the
 * columns of the schema in its order, whatever a database file has. A `*` that no list of
 * names can stand for (USING, joins in brackets) stays.
 */
#include "query_star.h"

#include "../base/buf.h"
#include "../base/names.h"
#include "infer_internal.h"

static bool is_nameable(const struct expr *expr)
{
    return expr->kind == EXPR_COLUMN && expr->binding != NULL &&
           expr->binding->kind == BIND_COLUMN && expr->binding->column >= 0 &&
           expr->binding->name == NULL && expr->binding->source->name != NULL &&
           expr->binding->source->name[0] != '\0';
}

static bool add_column(struct buf *out, struct arena *arena, const struct expr *expr,
                       bool qualified)
{
    const struct source *source = expr->binding->source;

    if (out->length > 0)
        buf_adds(out, ", ");
    if (qualified)
        buf_addf(out, "%s.", name_sql(arena, source->name));
    buf_adds(out, name_sql(arena, source->relation->columns[expr->binding->column].name));
    return true;
}

/* NULL: the `*` has to stay. */
static const char *columns_of(struct arena *arena, const struct result *result,
                              bool qualified)
{
    const char *text = NULL;
    struct buf out;
    size_t i;

    buf_init(&out);
    for (i = 0; i < result->expanded.count; i++)
        if (!is_nameable(result->expanded.items[i]) ||
            !add_column(&out, arena, result->expanded.items[i], qualified))
            break;
    if (i > 0 && i == result->expanded.count)
        text = arena_strndup(arena, out.data, out.length);
    buf_release(&out);
    return text;
}

static void add_results(struct arena *arena, const struct results *results,
                        bool qualified, struct splices *splices)
{
    size_t i;

    for (i = 0; i < results->count; i++) {
        const char *text = results->items[i].expr != NULL
                               ? NULL
                               : columns_of(arena, &results->items[i], qualified);

        if (text != NULL)
            *VEC_ADD(arena, splices) = (struct splice){results->items[i].range, text};
    }
}

void query_stars(struct arena *arena, const struct statement *statement,
                 struct splices *splices)
{
    size_t i;

    if (statement->kind != STATEMENT_SELECT) {
        add_results(arena, &statement->returning, false, splices);
        return;
    }
    for (i = 0; i < statement->select->core_count; i++) {
        const struct core *core = statement->select->cores[i];

        if (!core->is_values)
            add_results(arena, &core->results, core->scope->sources.count > 1, splices);
    }
}
