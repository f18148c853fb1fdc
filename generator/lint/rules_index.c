/*
 * rules_index.c: indexes and unique constraints that do nothing, or not what they seem to.
 * A partial index is compared only with one of the same condition. See lint.h.
 */
#include "lint.h"

#include <string.h>

static bool same_where(const struct index_shape *a, const struct index_shape *b)
{
    if (a->where == NULL || b->where == NULL)
        return a->where == b->where;
    return strcmp(a->where, b->where) == 0;
}

/* True where `longer` begins with all terms of `index`, in its direction or its reverse. */
static bool begins_with(const struct index_shape *longer, const struct index_shape *index)
{
    bool reverse;
    size_t i;

    if (longer->terms->count < index->terms->count)
        return false;
    reverse = longer->terms->items[0].descending != index->terms->items[0].descending;
    for (i = 0; i < index->terms->count; i++) {
        const struct term_def *a = &longer->terms->items[i], *b = &index->terms->items[i];

        if (!shape_same_term(index->table, a, b) ||
            (a->descending != b->descending) != reverse)
            return false;
    }
    return true;
}

static const char *describe(struct lint *lint, const struct index_shape *index)
{
    switch (index->origin) {
    case ORIGIN_ROWID:
    case ORIGIN_KEY:
        return arena_printf(lint->arena, "the primary key (%s)",
                            lint_terms(lint, index->terms));
    case ORIGIN_UNIQUE:
        return arena_printf(lint->arena, "the unique constraint (%s)",
                            lint_terms(lint, index->terms));
    default:
        return arena_printf(lint->arena, "the index `%s` (%s)", index->name,
                            lint_terms(lint, index->terms));
    }
}

static void note_other(struct lint *lint, struct diag *diag,
                       const struct index_shape *other)
{
    struct lint_place place = lint_at_index(lint, other);

    if (place.span.at.line > 0)
        diag_note(diag, place.span, "%s is here", describe(lint, other));
}

/* ---- indexes ------------------------------------------------------------------------- */

static void report(struct lint *lint, const struct index_shape *index,
                   const struct index_shape *other)
{
    bool twice = index->terms->count == other->terms->count;
    int code = twice ? FINDING_INDEX_TWICE : FINDING_INDEX_IS_PREFIX;
    struct lint_place place = lint_at_index(lint, index);
    struct diag *diag;

    if (lint_allowed(lint, &place, code))
        return;
    diag =
        diag_warning(lint->diags, code, place.span, "the index `%s` %s %s", index->name,
                     twice ? "repeats" : "is the beginning of", describe(lint, other));
    diag_hint(diag, "remove it: what it can find, the other one finds");
    note_other(lint, diag, other);
}

/* Of two that are the same the later one is too much. */
static bool makes_useless(const struct index_shape *other,
                          const struct index_shape *index)
{
    bool same = other->terms->count == index->terms->count;

    if (other == index || !same_where(other, index) || !begins_with(other, index))
        return false;
    if (index->unique)
        return same && other->unique && other < index;
    return !same || other->unique || other < index;
}

static void check_created(struct lint *lint, const struct table_shape *shape,
                          const struct index_shape *index)
{
    size_t i;

    for (i = 0; i < shape->indexes.count; i++)
        if (makes_useless(&shape->indexes.items[i], index)) {
            report(lint, index, &shape->indexes.items[i]);
            return;
        }
}

static bool is_bool(struct lint *lint, const struct table_shape *shape, const char *name)
{
    const struct table *model = lint_model(lint, shape);
    const struct column_def *column = shape_column(shape, name);
    size_t i;

    for (i = 0; model != NULL && i < model->columns.count; i++)
        if (name_same(model->columns.items[i]->sql_name, name))
            return model->columns.items[i]->type == TYPE_BOOL;
    return column != NULL && column->type.text != NULL &&
           sqlite3_strnicmp(column->type.text, "bool", 4) == 0;
}

static void check_bool(struct lint *lint, const struct table_shape *shape,
                       const struct index_shape *index)
{
    struct lint_place place = lint_at_index(lint, index);
    const char *name = index->terms->items[0].name;

    if (index->unique || index->where != NULL || index->terms->count != 1 ||
        name == NULL || !is_bool(lint, shape, name) ||
        lint_allowed(lint, &place, FINDING_INDEX_ON_BOOL))
        return;
    diag_hint(diag_warning(lint->diags, FINDING_INDEX_ON_BOOL, place.span,
                           "the index `%s` has only two values to tell rows apart",
                           index->name),
              "index other columns where %s = 1 (or 0), whichever is rare", name);
}

/* ---- unique constraints -------------------------------------------------------------- */

static const struct term_def *find_term(const struct index_shape *index,
                                        const struct term_def *term)
{
    size_t i;

    for (i = 0; i < index->terms->count; i++)
        if (shape_same_term(index->table, &index->terms->items[i], term))
            return &index->terms->items[i];
    return NULL;
}

/* True where `index` has all terms of `other`, and more. */
static bool contains(const struct index_shape *index, const struct index_shape *other)
{
    size_t i;

    for (i = 0; i < other->terms->count; i++)
        if (find_term(index, &other->terms->items[i]) == NULL)
            return false;
    return index->terms->count > other->terms->count;
}

/* A foreign key can refer only to what is unique by itself. */
static bool is_referred_to(const struct table_shape *shape,
                           const struct index_shape *index)
{
    size_t i, k;

    for (i = 0; i < shape->as_parent.count; i++) {
        const struct name_list *names = shape->as_parent.items[i]->parent_columns;

        for (k = 0; k < names->count; k++)
            if (find_term(index, &(struct term_def){.name = names->items[k]}) == NULL)
                break;
        if (k == names->count && k == index->terms->count)
            return true;
    }
    return false;
}

static void report_implied(struct lint *lint, const struct index_shape *index,
                           const struct index_shape *other)
{
    struct lint_place place = lint_at_index(lint, index);
    struct diag *diag;

    if (lint_allowed(lint, &place, FINDING_UNIQUE_IMPLIED))
        return;
    diag = diag_warning(lint->diags, FINDING_UNIQUE_IMPLIED, place.span,
                        "(%s) is unique already, because of %s",
                        lint_terms(lint, index->terms), describe(lint, other));
    diag_hint(diag, "remove it, or make it an index that is not unique");
    note_other(lint, diag, other);
}

/* What else is unique inside of it, or NULL. */
static const struct index_shape *find_implying(const struct table_shape *shape,
                                               const struct index_shape *index)
{
    size_t i;

    for (i = 0; i < shape->indexes.count; i++) {
        const struct index_shape *other = &shape->indexes.items[i];

        if (other->unique && other->where == NULL && contains(index, other))
            return other;
    }
    return NULL;
}

static bool is_nullable(const struct table_shape *shape, const char *name)
{
    size_t i;

    for (i = 0; i < shape->table->column_count; i++)
        if (name_same(shape->table->columns[i].name, name))
            return !shape->table->columns[i].not_null;
    return false;
}

/* One nullable column alone is unique "where it is given", as it reads. */
static void check_nulls(struct lint *lint, const struct table_shape *shape,
                        const struct index_shape *index)
{
    struct lint_place place = lint_at_index(lint, index);
    size_t i;

    if (index->where != NULL || index->terms->count < 2)
        return;
    for (i = 0; i < index->terms->count; i++) {
        const char *name = index->terms->items[i].name;

        if (name == NULL || !is_nullable(shape, name))
            continue;
        if (!lint_allowed(lint, &place, FINDING_UNIQUE_WITH_NULL))
            diag_hint(diag_warning(lint->diags, FINDING_UNIQUE_WITH_NULL, place.span,
                                   "where `%s` is NULL, (%s) is not unique", name,
                                   lint_terms(lint, index->terms)),
                      "NULLs are not equal: make it NOT NULL, or add a unique index of "
                      "the others where %s IS NULL",
                      name);
        return;
    }
}

static void check_unique(struct lint *lint, const struct table_shape *shape,
                         const struct index_shape *index)
{
    const struct index_shape *implying = find_implying(shape, index);

    if (implying == NULL)
        check_nulls(lint, shape, index);
    else if (!is_referred_to(shape, index))
        report_implied(lint, index, implying);
}

void lint_indexes(struct lint *lint, const struct table_shape *shape)
{
    size_t i;

    for (i = 0; i < shape->indexes.count; i++) {
        const struct index_shape *index = &shape->indexes.items[i];

        if (index->origin == ORIGIN_CREATED) {
            check_created(lint, shape, index);
            check_bool(lint, shape, index);
        }
        if (index->unique && index->origin != ORIGIN_KEY && index->origin != ORIGIN_ROWID)
            check_unique(lint, shape, index);
    }
}
