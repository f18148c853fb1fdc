/*
 * rules_key.c: primary keys and foreign keys. What YAML refuses as an error is looked for
 * too, because SQL files and databases have it. See lint.h.
 */
#include "lint.h"

#include <string.h>

/* ---- primary keys -------------------------------------------------------------------- */

static void check_primary(struct lint *lint, const struct table_shape *shape)
{
    struct lint_place place = lint_at_table(lint, shape);

    if (table_def_primary_key(shape->def) == NULL &&
        !lint_allowed(lint, &place, FINDING_NO_PRIMARY_KEY))
        diag_hint(diag_warning(lint->diags, FINDING_NO_PRIMARY_KEY, place.span,
                               "the table `%s` has no primary key", shape->table->name),
                  "without one no row can be named for certain: a rowid can change");
}

static const struct catalog_column *catalog_column(const struct table_shape *shape,
                                                   const char *name)
{
    size_t i;

    for (i = 0; name != NULL && i < shape->table->column_count; i++)
        if (name_same(shape->table->columns[i].name, name))
            return &shape->table->columns[i];
    return NULL;
}

static void check_null_key(struct lint *lint, const struct table_shape *shape,
                           const char *name)
{
    const struct catalog_column *column = catalog_column(shape, name);
    struct lint_place place;

    if (column == NULL || column->not_null)
        return;
    place = lint_at_column(lint, shape, name);
    if (!lint_allowed(lint, &place, FINDING_KEY_CAN_BE_NULL))
        diag_hint(diag_warning(lint->diags, FINDING_KEY_CAN_BE_NULL, place.span,
                               "the primary key `%s` can be NULL, in many rows", name),
                  "SQLite needs NOT NULL beside PRIMARY KEY");
}

static void check_rowid(struct lint *lint, const struct table_shape *shape,
                        const struct key_def *key)
{
    const char *name = key->terms.items[0].name;
    const struct catalog_column *column = catalog_column(shape, name);
    struct lint_place place;

    if (key->terms.count != 1 || column == NULL || column->is_rowid ||
        !shape->table->has_rowid || column->affinity != AFFINITY_INTEGER)
        return;
    place = lint_at_column(lint, shape, name);
    if (!lint_allowed(lint, &place, FINDING_KEY_NOT_ROWID))
        diag_hint(diag_warning(lint->diags, FINDING_KEY_NOT_ROWID, place.span,
                               "`%s` is declared %s, so it is not the rowid", name,
                               column->declared),
                  "only `INTEGER PRIMARY KEY` is: else an index more, and no numbers "
                  "given by SQLite");
}

/* ---- what a foreign key refers to ---------------------------------------------------- */

static bool same_names(const struct index_shape *index, const struct name_list *names)
{
    size_t i, k;

    if (index->terms->count != names->count)
        return false;
    for (i = 0; i < names->count; i++) {
        for (k = 0; k < index->terms->count; k++)
            if (index->terms->items[k].name != NULL &&
                name_same(index->terms->items[k].name, names->items[i]))
                break;
        if (k == index->terms->count)
            return false;
    }
    return true;
}

/* As the columns themselves compare: SQLite takes no other index. */
static bool has_own_collations(const struct index_shape *index)
{
    size_t i;

    for (i = 0; i < index->terms->count; i++)
        if (strcmp(shape_collation(index->table, &index->terms->items[i]),
                   shape_column_collation(index->table, index->terms->items[i].name)) !=
            0)
            return false;
    return true;
}

static bool is_key_of(const struct table_shape *parent, const struct name_list *names)
{
    size_t i;

    for (i = 0; i < parent->indexes.count; i++) {
        const struct index_shape *index = &parent->indexes.items[i];

        if (index->unique && index->where == NULL && same_names(index, names) &&
            has_own_collations(index))
            return true;
    }
    return false;
}

static const struct link *find_link(const struct table_shape *shape,
                                    const struct foreign_key_def *key)
{
    size_t i;

    for (i = 0; i < shape->as_child.count; i++)
        if (shape->as_child.items[i]->key == key)
            return shape->as_child.items[i];
    return NULL;
}

/* What is wrong with it, or NULL. */
static const char *mismatch(struct lint *lint, const struct foreign_key_def *key,
                            const struct link *link)
{
    if (link == NULL)
        return arena_printf(lint->arena, "there is no table `%s`", key->parent);
    if (link->parent->def == NULL)
        return arena_printf(lint->arena, "`%s` is no ordinary table", key->parent);
    if (key->columns.count != link->parent_columns->count)
        return arena_printf(lint->arena, "%zu columns can't refer to %zu",
                            key->columns.count, link->parent_columns->count);
    if (!is_key_of(link->parent, link->parent_columns))
        return arena_printf(lint->arena, "(%s) is no primary key of `%s`, nor unique",
                            lint_names(lint, link->parent_columns), key->parent);
    return NULL;
}

static bool check_mismatch(struct lint *lint, const struct table_shape *shape,
                           const struct foreign_key_def *key, const struct link *link)
{
    const char *why = mismatch(lint, key, link);
    struct lint_place place;

    if (why == NULL)
        return true;
    place = lint_at_key(lint, shape, key);
    if (!lint_allowed(lint, &place, FINDING_KEY_MISMATCH))
        diag_hint(diag_warning(lint->diags, FINDING_KEY_MISMATCH, place.span,
                               "no row can be written by this foreign key: %s", why),
                  "SQLite says so only when a row is written and foreign keys are on");
    return false;
}

/* ---- types --------------------------------------------------------------------------- */

static const char *difference(struct lint *lint, const struct link *link, size_t i)
{
    const struct catalog_column *child =
        catalog_column(link->child, link->key->columns.items[i]);
    const struct catalog_column *parent =
        catalog_column(link->parent, link->parent_columns->items[i]);
    const char *a, *b;

    if (child == NULL || parent == NULL)
        return NULL;
    if (child->affinity != parent->affinity)
        return arena_printf(lint->arena, "`%s` is %s, `%s.%s` is %s", child->name,
                            *child->declared != '\0' ? child->declared : "of no type",
                            link->parent->table->name, parent->name,
                            *parent->declared != '\0' ? parent->declared : "of no type");
    a = shape_column_collation(link->child, child->name);
    b = shape_column_collation(link->parent, parent->name);
    return strcmp(a, b) == 0
               ? NULL
               : arena_printf(lint->arena, "`%s` compares as %s, `%s.%s` as %s",
                              child->name, a, link->parent->table->name, parent->name, b);
}

static void check_types(struct lint *lint, const struct link *link)
{
    struct lint_place place;
    size_t i;

    for (i = 0; i < link->key->columns.count; i++) {
        const char *why = difference(lint, link, i);

        if (why == NULL)
            continue;
        place = lint_at_key(lint, link->child, link->key);
        if (!lint_allowed(lint, &place, FINDING_KEY_TYPES_DIFFER))
            diag_hint(diag_warning(lint->diags, FINDING_KEY_TYPES_DIFFER, place.span,
                                   "a foreign key of another type: %s", why),
                      "declare both the same: else rows are not found, or without an "
                      "index");
        return;
    }
}

/* ---- actions ------------------------------------------------------------------------- */

static bool sets_null(const struct column_def *column, enum def_action action)
{
    if (action == ACTION_SET_NULL)
        return true;
    return action == ACTION_SET_DEFAULT &&
           (column->value.key == NULL || column->value_is_null);
}

static void check_action(struct lint *lint, const struct link *link, const char *what,
                         enum def_action action)
{
    struct lint_place place;
    size_t i;

    for (i = 0; i < link->key->columns.count; i++) {
        const char *name = link->key->columns.items[i];
        const struct column_def *column = shape_column(link->child, name);
        const struct catalog_column *known = catalog_column(link->child, name);

        if (column == NULL || known == NULL || !known->not_null ||
            !sets_null(column, action))
            continue;
        place = lint_at_key(lint, link->child, link->key);
        if (!lint_allowed(lint, &place, FINDING_ACTION_IN_VAIN))
            diag_hint(
                diag_warning(lint->diags, FINDING_ACTION_IN_VAIN, place.span,
                             "ON %s sets `%s` to NULL, which it can't be", what, name),
                "it refuses as RESTRICT does: say that, or make `%s` nullable", name);
        return;
    }
}

/* ---- indexes ------------------------------------------------------------------------- */

/* `x IS NOT NULL` leaves out no row that refers to a parent. */
static bool has_all_references(struct lint *lint, const struct index_shape *index)
{
    const char *name = name_lower(lint->arena, index->terms->items[0].name);

    return index->where == NULL ||
           strcmp(index->where, arena_printf(lint->arena, "%s is not null", name)) == 0 ||
           strcmp(index->where, arena_printf(lint->arena, "%s notnull", name)) == 0;
}

static bool serves(struct lint *lint, const struct index_shape *index,
                   const struct link *link)
{
    const struct term_def *first = &index->terms->items[0];
    size_t i;

    for (i = 0; first->name != NULL && i < link->key->columns.count; i++)
        if (name_same(first->name, link->key->columns.items[i]) &&
            strcmp(shape_collation(index->table, first),
                   shape_column_collation(link->parent,
                                          link->parent_columns->items[i])) == 0)
            return has_all_references(lint, index);
    return false;
}

static bool is_small(struct lint *lint, const struct table_shape *shape)
{
    struct adviser adviser = lint_adviser(lint);
    size_t rows = adviser.rows(lint, shape);

    return rows > 0 && rows <= ADVISE_SMALL;
}

static const char *key_hint(struct lint *lint, const struct link *link)
{
    struct advised_index index = {.table = link->child};
    size_t i;

    for (i = 0; i < link->key->columns.count; i++)
        *VEC_ADD(lint->arena, &index.terms) =
            (struct advised_term){.column = link->key->columns.items[i]};
    return lint_index_hint(lint, &index, 1);
}

static void check_index(struct lint *lint, const struct link *link)
{
    struct lint_place place;
    size_t i;

    for (i = 0; i < link->child->indexes.count; i++)
        if (serves(lint, &link->child->indexes.items[i], link))
            return;
    place = lint_at_key(lint, link->child, link->key);
    if (is_small(lint, link->child) ||
        lint_allowed(lint, &place, FINDING_KEY_WITHOUT_INDEX))
        return;
    diag_hint(diag_warning(lint->diags, FINDING_KEY_WITHOUT_INDEX, place.span,
                           "no index on (%s): each delete in `%s` reads all of `%s`",
                           lint_names(lint, &link->key->columns),
                           link->parent->table->name, link->child->table->name),
              "%s", key_hint(lint, link));
}

void lint_keys(struct lint *lint, const struct table_shape *shape)
{
    const struct key_def *primary = table_def_primary_key(shape->def);
    size_t i;

    check_primary(lint, shape);
    for (i = 0; primary != NULL && i < primary->terms.count; i++)
        check_null_key(lint, shape, primary->terms.items[i].name);
    if (primary != NULL)
        check_rowid(lint, shape, primary);
    for (i = 0; i < shape->def->foreign_keys.count; i++) {
        const struct foreign_key_def *key = &shape->def->foreign_keys.items[i];
        const struct link *link = find_link(shape, key);

        if (!check_mismatch(lint, shape, key, link))
            continue;
        check_types(lint, link);
        check_action(lint, link, "DELETE", key->on_delete);
        check_action(lint, link, "UPDATE", key->on_update);
        check_index(lint, link);
    }
}
