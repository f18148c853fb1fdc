/*
 * advise_order.c: which columns of a table ORDER BY and GROUP BY name. See advise_internal.h.
 */
#include "advise_internal.h"

#include <string.h>

/* The result of that number, from 1, counting what a `*` stands for. NULL: none. */
static struct expr *numbered(const struct results *results, size_t number)
{
    size_t i;

    for (i = 0; i < results->count; i++) {
        const struct result *result = &results->items[i];
        size_t count = result->expr != NULL ? 1 : result->expanded.count;

        if (number <= count)
            return result->expr != NULL ? result->expr
                                        : result->expanded.items[number - 1];
        number -= count;
    }
    return NULL;
}

static struct expr *named(const struct results *results, const char *name)
{
    size_t i, k;

    for (i = 0; i < results->count; i++) {
        const struct result *result = &results->items[i];

        if (result->alias != NULL && name_same(result->alias, name))
            return result->expr;
        for (k = 0; k < result->expanded.count; k++)
            if (name_same(result->expanded.items[k]->name, name))
                return result->expanded.items[k];
    }
    return NULL;
}

/* What a term of ORDER BY means: `1` is the first result, a name may be a result's. */
static struct expr *meant(const struct level *level, struct expr *expr)
{
    size_t number = 0;
    const char *at;

    if (expr->kind == EXPR_COLLATE)
        expr = expr->left;
    if (expr->kind == EXPR_COLUMN && expr->binding == NULL)
        return named(level->results, expr->name);
    if (expr->kind != EXPR_INTEGER)
        return expr;
    for (at = expr->text; *at >= '0' && *at <= '9' && number < 10000; at++)
        number = number * 10 + (size_t)(*at - '0');
    return number == 0 ? NULL : numbered(level->results, number);
}

static bool add_term(const struct search *search, struct expr *expr, bool descending,
                     struct advised_index *index)
{
    const char *collation = search_collation(search, expr), *column;
    struct advised_term *term;

    expr = meant(search->level, expr);
    column = expr == NULL ? NULL : search_column(search, expr);
    if (column == NULL)
        return false;
    term = VEC_ADD(search->adviser->arena, &index->terms);
    *term = (struct advised_term){.column = column, .descending = descending};
    if (collation != NULL &&
        strcmp(collation, shape_column_collation(search->shape, column)) != 0)
        term->collation = collation;
    return true;
}

/* An index is read backwards as well: where all terms descend none has to. */
static void turn(struct advised_index *index)
{
    size_t i;

    for (i = 0; i < index->terms.count; i++)
        if (!index->terms.items[i].descending)
            return;
    for (i = 0; i < index->terms.count; i++)
        index->terms.items[i].descending = false;
}

/* The rowid is at the end of each index. */
static void drop_rowid(const struct table_shape *shape, struct advised_index *index)
{
    const struct advised_term *last = &index->terms.items[index->terms.count - 1];

    if (index->terms.count > 1 && !last->descending &&
        shape_column_is_rowid(shape, last->column))
        index->terms.count--;
}

bool order_find(const struct adviser *adviser, const struct level *level,
                const struct source *source, struct advised_index *index)
{
    struct search search = search_new(adviser, "", level, source, NULL);
    size_t i;

    *index = (struct advised_index){.table = search.shape};
    for (i = 0; level->order != NULL && i < level->order->count; i++)
        if (!add_term(&search, level->order->items[i].expr,
                      level->order->items[i].order == ORDER_DESC, index))
            return false;
    if (index->terms.count == 0)
        return false;
    turn(index);
    drop_rowid(search.shape, index);
    return true;
}

bool group_find(const struct adviser *adviser, const struct level *level,
                const struct source *source, struct advised_index *index)
{
    struct search search = search_new(adviser, "", level, source, NULL);
    size_t i;

    *index = (struct advised_index){.table = search.shape};
    for (i = 0; level->group != NULL && i < level->group->count; i++)
        if (!add_term(&search, level->group->items[i], false, index))
            return false;
    return index->terms.count > 0;
}
