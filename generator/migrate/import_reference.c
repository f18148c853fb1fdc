/*
 * import_reference.c: the foreign keys of an imported table, see import.h. One that SQLite
 * itself refuses whenever a row is written is named in a comment.
 */
#include "import_internal.h"

#include "../sql/token.h"

#include <string.h>

struct name_list import_parent_columns(const struct importer *importer,
                                       const struct foreign_key_def *key)
{
    const struct table_def *parent = structure_table(importer->structure, key->parent);
    const struct key_def *primary = parent != NULL ? table_def_primary_key(parent) : NULL;
    struct name_list names = {0};
    size_t i;

    if (parent == NULL || key->parent_columns.count > 0)
        return parent == NULL ? names : key->parent_columns;
    for (i = 0; primary != NULL && i < primary->terms.count; i++)
        if (primary->terms.items[i].name != NULL) {
            const char **name = VEC_ADD(importer->arena, &names);

            *name = primary->terms.items[i].name;
        }
    return names;
}

static void add_parent(const struct importer *importer, size_t parent,
                       const struct name_list *columns)
{
    size_t i;

    buf_addc(importer->out, '[');
    for (i = 0; i < columns->count; i++) {
        const char *name = import_name(&importer->columns[parent], columns->items[i]);

        buf_addf(importer->out, "%s%s.%s", i > 0 ? ", " : "",
                 importer->tables.items[parent].name,
                 name != NULL ? name : columns->items[i]);
    }
    buf_addc(importer->out, ']');
}

/* ---- what SQLite takes and the language does not ---------------------------------------- */

static bool same_columns(const struct term_defs *terms, const struct name_list *columns)
{
    size_t i, k;

    for (i = 0; i < terms->count; i++) {
        if (terms->items[i].name == NULL || terms->items[i].collation != NULL)
            return false;
        for (k = 0; k < columns->count; k++)
            if (name_same(terms->items[i].name, columns->items[k]))
                break;
        if (k == columns->count)
            return false;
    }
    return terms->count == columns->count;
}

/* SQLite finds that out when a row is written: "foreign key mismatch". */
static bool is_unique(const struct structure *structure, const struct table_def *parent,
                      const struct name_list *columns)
{
    size_t i;

    for (i = 0; i < parent->keys.count; i++)
        if (same_columns(&parent->keys.items[i].terms, columns))
            return true;
    for (i = 0; i < structure->indexes.count; i++) {
        const struct index_def *index = structure->indexes.items[i];

        if (name_same(index->table, parent->name) && index->unique &&
            index->where.text == NULL && same_columns(&index->terms, columns))
            return true;
    }
    return false;
}

static const char *type_of(const struct importer *importer, size_t table,
                           const char *column)
{
    size_t at = table_def_column(importer->structure->tables.items[table], column);

    if (at == NO_COLUMN)
        return NULL;
    return import_is_own(&importer->own[table][at])
               ? import_own_name(&importer->own[table][at])
               : importer->types[table][at];
}

static bool same_types(const struct importer *importer, size_t table, size_t parent,
                       const struct foreign_key_def *key, const struct name_list *columns)
{
    size_t i;

    for (i = 0; i < columns->count; i++) {
        const char *from = type_of(importer, table, key->columns.items[i]);
        const char *to = type_of(importer, parent, columns->items[i]);

        if (from == NULL || to == NULL || strcmp(from, to) != 0)
            return false;
    }
    return true;
}

/* ---- types that must be the same ---------------------------------------------------------- */

static enum type_kind kind_of(const struct importer *importer, size_t table,
                              size_t column)
{
    const struct own_type *own = &importer->own[table][column];

    return import_is_own(own) ? own->column.type
                              : type_find(importer->types[table][column]);
}

static bool is_same(const struct importer *importer, size_t table, size_t column,
                    size_t parent, size_t to)
{
    enum type_kind kind = kind_of(importer, table, column);

    if (kind != kind_of(importer, parent, to))
        return false;
    return kind != TYPE_ENUM ||
           import_same_values(importer->own[table][column].column.enumeration,
                              importer->own[parent][to].column.enumeration);
}

/* Both, where one is not so yet and what is declared is the same. */
static bool make_plain(struct importer *importer, size_t table, size_t column,
                       size_t parent, size_t to)
{
    bool *from_plain = &importer->is_plain[table][column];
    bool *to_plain = &importer->is_plain[parent][to];

    if (is_same(importer, table, column, parent, to) || (*from_plain && *to_plain) ||
        strcmp(importer->types[table][column], importer->types[parent][to]) != 0)
        return false;
    *from_plain = *to_plain = true;
    return true;
}

static bool equal_types(struct importer *importer, size_t table,
                        const struct foreign_key_def *key)
{
    const struct structure *structure = importer->structure;
    struct name_list columns = import_parent_columns(importer, key);
    size_t parent = import_table(importer, key->parent), i;
    bool changed = false;

    if (parent == NO_COLUMN || columns.count != key->columns.count)
        return false;
    for (i = 0; i < columns.count; i++) {
        size_t from =
            table_def_column(structure->tables.items[table], key->columns.items[i]);
        size_t to = table_def_column(structure->tables.items[parent], columns.items[i]);

        if (from != NO_COLUMN && to != NO_COLUMN)
            changed = make_plain(importer, table, from, parent, to) || changed;
    }
    return changed;
}

bool import_equal_types(struct importer *importer)
{
    bool changed = false;
    size_t i, k;

    for (i = 0; i < importer->structure->tables.count; i++) {
        const struct table_def *def = importer->structure->tables.items[i];

        for (k = 0; k < def->foreign_keys.count; k++)
            changed = equal_types(importer, i, &def->foreign_keys.items[k]) || changed;
    }
    return changed;
}

static bool is_expressible(const struct importer *importer, size_t table,
                           const struct foreign_key_def *key,
                           const struct name_list *columns)
{
    size_t parent = import_table(importer, key->parent);

    return parent != NO_COLUMN && columns->count == key->columns.count &&
           is_unique(importer->structure, importer->structure->tables.items[parent],
                     columns) &&
           same_types(importer, table, parent, key, columns);
}

void import_foreign_keys(const struct importer *importer, size_t table)
{
    const struct table_def *def = importer->structure->tables.items[table];
    bool begun = false;
    size_t i;

    for (i = 0; i < def->foreign_keys.count; i++) {
        const struct foreign_key_def *key = &def->foreign_keys.items[i];
        struct name_list columns = import_parent_columns(importer, key);

        if (!is_expressible(importer, table, key, &columns)) {
            import_comment(importer->out, "    ", "foreign key to", key->parent);
            continue;
        }
        import_heading(importer->out, "foreign_keys", &begun);
        buf_adds(importer->out, "      - {columns: ");
        import_names(importer, &importer->columns[table], &key->columns);
        buf_adds(importer->out, ", references: ");
        add_parent(importer, import_table(importer, key->parent), &columns);
        import_actions(importer, key);
        import_name_key(importer->out, key->name);
        buf_adds(importer->out, "}\n");
    }
}
