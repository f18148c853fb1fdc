/*
 * describe_rows.c: how rows that are there can refuse a change of a column's values, by
 * the rules of the target that were there before. It judges by what is declared, never by
 * rows, so it errs on the side of a warning.
 */
#include "diff.h"

#include "../base/names.h"
#include "../sql/token.h"

#include <string.h>

struct spread {
    const struct table_change *change;
    bool *changed; /* per column of the target: its values can be others afterwards */
};

static bool becomes_default(const struct column_def *from, const struct column_def *to)
{
    return !from->not_null && to->not_null && to->value.text != NULL &&
           !to->value_is_null;
}

static bool is_integer_like(const char *affinity)
{
    return strcmp(affinity, "INTEGER") == 0 || strcmp(affinity, "NUMERIC") == 0;
}

/* True where values are converted, or are compared in another way. */
static bool affinity_changes(const struct column_def *from, const struct column_def *to)
{
    const char *before = column_affinity(from), *after = column_affinity(to);

    return strcmp(before, after) != 0 &&
           !(is_integer_like(before) && is_integer_like(after));
}

bool diff_values_change(const struct table_change *change, size_t column)
{
    const struct column_change *what;
    const struct column_def *from, *to = &change->to->columns.items[column];

    if (change->columns == NULL) /* it was a virtual table */
        return true;
    what = &change->columns[column];
    if (what->origin == NO_COLUMN)
        return false;
    from = &change->from->columns.items[what->origin];
    return what->generated || what->collation || affinity_changes(from, to) ||
           becomes_default(from, to);
}

/* Whether an expression names a column whose values change. */
static bool is_touched(const struct spread *spread, const struct sql_piece *sql)
{
    size_t i;

    for (i = 0; sql->text != NULL && i < spread->change->to->columns.count; i++)
        if (spread->changed[i] &&
            sql_piece_mentions(sql, spread->change->to->columns.items[i].name))
            return true;
    return false;
}

/* From one column to those that are computed from it. */
static void spread_from(struct arena *arena, struct spread *spread, size_t column)
{
    const struct table_def *to = spread->change->to;
    bool more = true;
    size_t i;

    spread->changed = ARENA_ARRAY(arena, bool, to->columns.count);
    memset(spread->changed, 0, to->columns.count * sizeof *spread->changed);
    spread->changed[column] = true;
    while (more) {
        more = false;
        for (i = 0; i < to->columns.count; i++)
            if (!spread->changed[i] &&
                is_touched(spread, &to->columns.items[i].generated))
                more = spread->changed[i] = true;
    }
}

static bool terms_touched(const struct spread *spread, const struct term_defs *terms)
{
    size_t i;

    for (i = 0; i < terms->count; i++) {
        size_t column = terms->items[i].name != NULL
                            ? table_def_column(spread->change->to, terms->items[i].name)
                            : NO_COLUMN;

        if (column != NO_COLUMN ? spread->changed[column]
                                : is_touched(spread, &terms->items[i].sql))
            return true;
    }
    return false;
}

static bool names_touched(const struct spread *spread, const struct name_list *names)
{
    size_t i;

    for (i = 0; i < names->count; i++) {
        size_t column = table_def_column(spread->change->to, names->items[i]);

        if (column != NO_COLUMN && spread->changed[column])
            return true;
    }
    return false;
}

/* What a foreign key of another table refers to. */
static bool parent_touched(const struct spread *spread, const struct foreign_key_def *key)
{
    const struct key_def *primary = table_def_primary_key(spread->change->to);

    if (!name_same(key->parent, spread->change->to->name))
        return false;
    if (key->parent_columns.count > 0)
        return names_touched(spread, &key->parent_columns);
    return primary != NULL && terms_touched(spread, &primary->terms);
}

static const char *broken_index(struct arena *arena, const struct spread *spread,
                                const struct structure *to)
{
    size_t i;

    for (i = 0; i < to->indexes.count; i++) {
        const struct index_def *index = to->indexes.items[i];

        if (index->unique && name_same(index->table, spread->change->to->name) &&
            (terms_touched(spread, &index->terms) || is_touched(spread, &index->where)))
            return arena_printf(arena, "unique index %s", index->name);
    }
    return NULL;
}

static const char *broken_parent(struct arena *arena, const struct spread *spread,
                                 const struct structure *to)
{
    size_t i, j;

    for (i = 0; i < to->tables.count; i++)
        for (j = 0; j < to->tables.items[i]->foreign_keys.count; j++)
            if (parent_touched(spread, &to->tables.items[i]->foreign_keys.items[j]))
                return arena_printf(arena, "a foreign key of %s",
                                    to->tables.items[i]->name);
    return NULL;
}

static const char *broken_rule(struct arena *arena, const struct spread *spread,
                               const struct structure *to)
{
    const struct table_def *table = spread->change->to;
    const char *broken;
    size_t i;

    for (i = 0; i < table->keys.count; i++)
        if (terms_touched(spread, &table->keys.items[i].terms))
            return table->keys.items[i].key;
    for (i = 0; i < table->checks.count; i++)
        if (is_touched(spread, &table->checks.items[i].sql))
            return arena_printf(arena, "check (%s)", table->checks.items[i].sql.key);
    for (i = 0; i < table->foreign_keys.count; i++)
        if (names_touched(spread, &table->foreign_keys.items[i].columns))
            return arena_printf(arena, "the foreign key to %s",
                                table->foreign_keys.items[i].parent);
    broken = broken_index(arena, spread, to);
    return broken != NULL ? broken : broken_parent(arena, spread, to);
}

/* What held values of all types in a STRICT table holds those of one then. */
static bool was_any(const struct column_def *from, const struct column_def *to)
{
    return from->type.key != NULL && strcmp(from->type.key, "any") == 0 &&
           to->generated.text == NULL && strcmp(to->type.key, "any") != 0;
}

const char *describe_rows_risk(struct arena *arena, const struct diff *diff,
                               const struct table_change *change, size_t column)
{
    const struct column_def *to = &change->to->columns.items[column];
    const struct column_change *what = &change->columns[column];
    struct spread spread = {change, NULL};
    const char *rule;

    if (to->generated.text != NULL && to->not_null &&
        (what->origin == NO_COLUMN || what->generated))
        return "rows for which it yields NULL make it fail";
    if (what->origin == NO_COLUMN)
        return NULL;
    if (change->to->strict && change->from->strict &&
        was_any(&change->from->columns.items[what->origin], to))
        return "values that the type does not take make it fail";
    if (!diff_values_change(change, column))
        return NULL;
    spread_from(arena, &spread, column);
    rule = broken_rule(arena, &spread, diff->to);
    return rule != NULL ? arena_printf(arena, "values can break %s then", rule) : NULL;
}
