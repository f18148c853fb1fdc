/*
 * table_shape.c: see table_shape.h. What cannot be read, because SQLite accepts more than it
 * documents, is left out.
 */
#include "table_shape.h"

#include "token.h"

#include <string.h>

struct shapes {
    VEC(struct table_shape *) tables;
    struct map by_name; /* lower case */
};

static sqlite3_stmt *rows_of(struct catalog *catalog, const char *type)
{
    sqlite3_stmt *row = NULL;
    char *sql = sqlite3_mprintf("SELECT name, sql, tbl_name FROM main.sqlite_schema"
                                " WHERE type IN (%s) ORDER BY rowid",
                                type);

    if (sql == NULL)
        out_of_memory();
    if (sqlite3_prepare_v2(catalog->db, sql, -1, &row, NULL) != SQLITE_OK)
        catalog->failed = true;
    sqlite3_free(sql);
    return row;
}

static const char *text_at(struct catalog *catalog, sqlite3_stmt *row, int column)
{
    const char *text = (const char *)sqlite3_column_text(row, column);

    return arena_strdup(catalog->arena, text == NULL ? "" : text);
}

/* ---- tables -------------------------------------------------------------------------- */

static bool replaces(const struct table_def *def)
{
    size_t i;

    for (i = 0; i < def->keys.count; i++)
        if (def->keys.items[i].conflict == CONFLICT_REPLACE)
            return true;
    return false;
}

static void add_keys(struct catalog *catalog, struct table_shape *table)
{
    bool has_rowid = table_def_rowid(table->def) != NO_COLUMN;
    size_t i;

    for (i = 0; i < table->def->keys.count; i++) {
        const struct key_def *key = &table->def->keys.items[i];

        *VEC_ADD(catalog->arena, &table->indexes) =
            (struct index_shape){.origin = !key->primary ? ORIGIN_UNIQUE
                                           : has_rowid   ? ORIGIN_ROWID
                                                         : ORIGIN_KEY,
                                 .name = key->name,
                                 .terms = &key->terms,
                                 .unique = true,
                                 .table = table};
    }
}

static void add_table(struct catalog *catalog, const char *name, const char *sql)
{
    struct shapes *shape = catalog->shapes;
    struct table_shape *table = ARENA_NEW(catalog->arena, struct table_shape);

    table->table = catalog_find(catalog, "main", name);
    if (table->table == NULL)
        return;
    if (table->table->kind == CATALOG_TABLE)
        table->def = table_def_parse(catalog->arena, sql);
    table->replaces = table->def != NULL && replaces(table->def);
    if (table->def != NULL)
        add_keys(catalog, table);
    *VEC_ADD(catalog->arena, &shape->tables) = table;
    map_put(catalog->arena, &shape->by_name, name_lower(catalog->arena, name), table);
}

static void read_tables(struct catalog *catalog)
{
    sqlite3_stmt *row = rows_of(catalog, "'table', 'view'");

    while (row != NULL && sqlite3_step(row) == SQLITE_ROW)
        add_table(catalog, text_at(catalog, row, 0), text_at(catalog, row, 1));
    sqlite3_finalize(row);
    add_table(catalog, "sqlite_schema", "");
}

static struct table_shape *find(struct catalog *catalog, const char *name)
{
    return map_get(&catalog->shapes->by_name, name_lower(catalog->arena, name));
}

/* ---- indexes ------------------------------------------------------------------------- */

static void add_index(struct catalog *catalog, struct table_shape *table, const char *sql)
{
    const struct index_def *index = index_def_parse(catalog->arena, sql, table->def);

    if (index != NULL)
        *VEC_ADD(catalog->arena, &table->indexes) =
            (struct index_shape){.origin = ORIGIN_CREATED,
                                 .name = index->name,
                                 .terms = &index->terms,
                                 .unique = index->unique,
                                 .where = index->where.key,
                                 .table = table};
}

static void read_indexes(struct catalog *catalog)
{
    sqlite3_stmt *row = rows_of(catalog, "'index'");

    while (row != NULL && sqlite3_step(row) == SQLITE_ROW) {
        struct table_shape *table = find(catalog, text_at(catalog, row, 2));

        if (table != NULL && table->def != NULL)
            add_index(catalog, table, text_at(catalog, row, 1));
    }
    sqlite3_finalize(row);
}

/* ---- foreign keys -------------------------------------------------------------------- */

static const struct name_list *key_columns(struct catalog *catalog,
                                           const struct table_def *def)
{
    const struct key_def *key = def != NULL ? table_def_primary_key(def) : NULL;
    struct name_list *names = ARENA_NEW(catalog->arena, struct name_list);
    size_t i;

    for (i = 0; key != NULL && i < key->terms.count; i++)
        *VEC_ADD(catalog->arena, names) = key->terms.items[i].name;
    return names;
}

static void add_link(struct catalog *catalog, struct table_shape *child,
                     const struct foreign_key_def *key)
{
    struct table_shape *parent = find(catalog, key->parent);
    struct link *link;

    if (parent == NULL)
        return;
    link = ARENA_NEW(catalog->arena, struct link);
    *link = (struct link){child, parent, key, &key->parent_columns};
    if (key->parent_columns.count == 0)
        link->parent_columns = key_columns(catalog, parent->def);
    *VEC_ADD(catalog->arena, &child->as_child) = link;
    *VEC_ADD(catalog->arena, &parent->as_parent) = link;
}

static void link_tables(struct catalog *catalog)
{
    size_t i, k;

    for (i = 0; i < catalog->shapes->tables.count; i++) {
        struct table_shape *table = catalog->shapes->tables.items[i];

        for (k = 0; table->def != NULL && k < table->def->foreign_keys.count; k++)
            add_link(catalog, table, &table->def->foreign_keys.items[k]);
    }
}

/* ---- triggers ------------------------------------------------------------------------ */

static void read_triggers(struct catalog *catalog)
{
    sqlite3_stmt *row = rows_of(catalog, "'trigger'");

    while (row != NULL && sqlite3_step(row) == SQLITE_ROW) {
        struct sql_error error;
        struct trigger_tree *trigger =
            parse_trigger(catalog->arena, text_at(catalog, row, 1), &error);
        struct table_shape *table =
            trigger == NULL ? NULL : find(catalog, trigger->table);

        if (table != NULL)
            *VEC_ADD(catalog->arena, &table->triggers) = trigger;
    }
    sqlite3_finalize(row);
}

/* ---- questions ----------------------------------------------------------------------- */

static void read_all(struct catalog *catalog)
{
    if (catalog->shapes != NULL)
        return;
    catalog->shapes = ARENA_NEW(catalog->arena, struct shapes);
    read_tables(catalog);
    read_indexes(catalog);
    link_tables(catalog);
    read_triggers(catalog);
}

struct table_shape *const *shapes_all(struct catalog *catalog, size_t *count)
{
    read_all(catalog);
    *count = catalog->shapes->tables.count;
    return catalog->shapes->tables.items;
}

struct table_shape *shape_of(struct catalog *catalog, const struct catalog_table *table)
{
    read_all(catalog);
    return strcmp(table->schema, "main") == 0 ? find(catalog, table->name) : NULL;
}

bool shape_column_is_rowid(const struct table_shape *shape, const char *column)
{
    static const char *const names[] = {"rowid", "oid", "_rowid_"};
    size_t i, key;

    if (shape->def == NULL)
        return false;
    key = table_def_rowid(shape->def);
    if (key != NO_COLUMN && name_same(shape->def->columns.items[key].name, column))
        return true;
    for (i = 0; i < sizeof names / sizeof *names; i++)
        if (name_same(names[i], column))
            return table_def_column(shape->def, column) == NO_COLUMN;
    return false;
}

const struct column_def *shape_column(const struct table_shape *shape, const char *name)
{
    size_t column = name == NULL ? NO_COLUMN : table_def_column(shape->def, name);

    return column == NO_COLUMN ? NULL : &shape->def->columns.items[column];
}

const char *shape_column_collation(const struct table_shape *shape, const char *name)
{
    const struct column_def *column = shape_column(shape, name);

    return column != NULL && column->collation != NULL ? column->collation : "binary";
}

const char *shape_collation(const struct table_shape *shape, const struct term_def *term)
{
    return term->collation != NULL ? term->collation
                                   : shape_column_collation(shape, term->name);
}

bool shape_same_term(const struct table_shape *shape, const struct term_def *a,
                     const struct term_def *b)
{
    bool same = a->name != NULL && b->name != NULL
                    ? name_same(a->name, b->name)
                    : a->name == NULL && b->name == NULL && a->sql.key != NULL &&
                          b->sql.key != NULL && strcmp(a->sql.key, b->sql.key) == 0;

    return same && strcmp(shape_collation(shape, a), shape_collation(shape, b)) == 0;
}
