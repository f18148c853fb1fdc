/*
 * import_agree.c: the two sides of a foreign key of an imported table get one type, where
 * what is declared and what is found in them allows that: DDL that was never enforced says
 * INT here and NUMERIC there.
 */
#include "import_internal.h"

#include "../base/names.h"
#include "../migrate/diff.h"
#include "../sql/token.h"

#include <string.h>

static size_t table_index(const struct importer *importer, const char *name)
{
    size_t i;

    for (i = 0; i < importer->structure->tables.count; i++)
        if (name_same(importer->structure->tables.items[i]->name, name))
            return i;
    return NO_COLUMN;
}

/* Whether values of the type are stored as they are in a column with this affinity. */
static bool affinity_takes(const char *affinity, const char *type)
{
    if (strcmp(affinity, "BLOB") == 0)
        return true;
    if (strcmp(type, "integer") == 0)
        return strcmp(affinity, "INTEGER") == 0 || strcmp(affinity, "NUMERIC") == 0;
    if (strcmp(type, "real") == 0)
        return strcmp(affinity, "REAL") == 0 || strcmp(affinity, "NUMERIC") == 0;
    return strcmp(type, "text") == 0 && strcmp(affinity, "TEXT") == 0;
}

static unsigned classes_of(const char *type)
{
    if (strcmp(type, "integer") == 0)
        return 1;
    if (strcmp(type, "real") == 0)
        return 2 | 1;
    return strcmp(type, "text") == 0 ? 4 : 8;
}

static bool can_be(const struct importer *importer, size_t table, size_t column,
                   const char *type)
{
    const struct table_def *def = importer->structure->tables.items[table];
    const struct column_def *one = &def->columns.items[column];

    return !def->strict && affinity_takes(column_affinity(one), type) &&
           (import_classes_found(importer, def, one) & ~classes_of(type)) == 0;
}

static bool agree(struct importer *importer, size_t child, size_t column, size_t parent,
                  size_t parent_column)
{
    const char **a = &importer->types[child][column];
    const char **b = &importer->types[parent][parent_column];

    if (strcmp(*a, *b) == 0)
        return false;
    if (strcmp(*a, "real") == 0 && can_be(importer, child, column, *b))
        *a = *b;
    else if (can_be(importer, parent, parent_column, *a))
        *b = *a;
    else if (can_be(importer, child, column, *b))
        *a = *b;
    else
        return false;
    return true;
}

static bool agree_key(struct importer *importer, size_t table,
                      const struct foreign_key_def *key)
{
    const struct table_def *def = importer->structure->tables.items[table];
    size_t parent = table_index(importer, key->parent), i;
    struct name_list columns = import_parent_columns(importer, key);
    bool changed = false;

    for (i = 0; parent != NO_COLUMN && i < key->columns.count && i < columns.count; i++) {
        size_t from = table_def_column(def, key->columns.items[i]);
        size_t to =
            table_def_column(importer->structure->tables.items[parent], columns.items[i]);

        if (from != NO_COLUMN && to != NO_COLUMN)
            changed = agree(importer, table, from, parent, to) || changed;
    }
    return changed;
}

void import_agree_types(struct importer *importer)
{
    const struct structure *structure = importer->structure;
    size_t rounds = structure->tables.count + 1, i, j;
    bool changed = true;

    while (changed && rounds-- > 0) { /* keys of keys; a circle ends it too */
        changed = false;
        for (i = 0; i < structure->tables.count; i++)
            for (j = 0; j < structure->tables.items[i]->foreign_keys.count; j++)
                changed = agree_key(importer, i,
                                    &structure->tables.items[i]->foreign_keys.items[j]) ||
                          changed;
    }
}
