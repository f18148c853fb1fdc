/*
 * effects.c: see effects.h. What cannot be read (SQLite accepts more than it documents) has
 * no effects.
 */
#include "effects.h"

#include <string.h>

struct effects {
    VEC(struct table_effects *) tables;
    struct map by_name; /* lower case */
};

static sqlite3_stmt *rows_of(struct catalog *catalog, const char *type)
{
    sqlite3_stmt *row = NULL;
    char *sql = sqlite3_mprintf("SELECT name, sql FROM main.sqlite_schema"
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

static void add_table(struct catalog *catalog, const char *name, const char *sql)
{
    struct effects *effects = catalog->effects;
    struct table_effects *table = ARENA_NEW(catalog->arena, struct table_effects);

    table->table = catalog_find(catalog, "main", name);
    if (table->table == NULL)
        return;
    if (table->table->kind == CATALOG_TABLE)
        table->def = table_def_parse(catalog->arena, sql);
    table->replaces = table->def != NULL && replaces(table->def);
    *VEC_ADD(catalog->arena, &effects->tables) = table;
    map_put(catalog->arena, &effects->by_name, name_lower(catalog->arena, name), table);
}

static void read_tables(struct catalog *catalog)
{
    sqlite3_stmt *row = rows_of(catalog, "'table', 'view'");

    while (row != NULL && sqlite3_step(row) == SQLITE_ROW)
        add_table(catalog, text_at(catalog, row, 0), text_at(catalog, row, 1));
    sqlite3_finalize(row);
    add_table(catalog, "sqlite_schema", "");
}

static struct table_effects *find(struct catalog *catalog, const char *name)
{
    return map_get(&catalog->effects->by_name, name_lower(catalog->arena, name));
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

static void add_link(struct catalog *catalog, struct table_effects *child,
                     const struct foreign_key_def *key)
{
    struct table_effects *parent = find(catalog, key->parent);
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

    for (i = 0; i < catalog->effects->tables.count; i++) {
        struct table_effects *table = catalog->effects->tables.items[i];

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
        struct trigger *trigger =
            parse_trigger(catalog->arena, text_at(catalog, row, 1), &error);
        struct table_effects *table =
            trigger == NULL ? NULL : find(catalog, trigger->table);

        if (table != NULL)
            *VEC_ADD(catalog->arena, &table->triggers) = trigger;
    }
    sqlite3_finalize(row);
}

/* ---- questions ----------------------------------------------------------------------- */

struct table_effects *effects_of(struct catalog *catalog,
                                 const struct catalog_table *table)
{
    if (catalog->effects == NULL) {
        catalog->effects = ARENA_NEW(catalog->arena, struct effects);
        read_tables(catalog);
        link_tables(catalog);
        read_triggers(catalog);
    }
    return strcmp(table->schema, "main") == 0 ? find(catalog, table->name) : NULL;
}

bool effects_column_is_rowid(const struct table_effects *effects, const char *column)
{
    static const char *const names[] = {"rowid", "oid", "_rowid_"};
    size_t i, key;

    if (effects->def == NULL)
        return false;
    key = table_def_rowid(effects->def);
    if (key != NO_COLUMN && name_same(effects->def->columns.items[key].name, column))
        return true;
    for (i = 0; i < sizeof names / sizeof *names; i++)
        if (name_same(names[i], column))
            return table_def_column(effects->def, column) == NO_COLUMN;
    return false;
}
