/*
 * structure.c: see structure.h.
 */
#include "structure.h"

#include "../base/buf.h"
#include "../sql/token.h"

#include <string.h>

struct object_row {
    const char *type, *name, *table, *sql;
};

struct schema_reader {
    struct arena *arena;
    sqlite3 *db;
    struct structure *structure;
    struct map shadows; /* tables that belong to virtual ones */
    VEC(struct object_row) rows;
    const char *error;
};

/* ---- reading ---------------------------------------------------------------------- */

static const char *column_text(struct schema_reader *reader, sqlite3_stmt *statement,
                               int column)
{
    const unsigned char *text = sqlite3_column_text(statement, column);

    return arena_strdup(reader->arena, text != NULL ? (const char *)text : "");
}

static void fail(struct schema_reader *reader)
{
    if (reader->error == NULL)
        reader->error = arena_strdup(reader->arena, sqlite3_errmsg(reader->db));
}

/* A library without table_list (before 3.37) shows the tables of virtual ones as tables.
 */
static void read_shadows(struct schema_reader *reader)
{
    sqlite3_stmt *statement = NULL;

    if (sqlite3_prepare_v2(reader->db,
                           "SELECT name FROM pragma_table_list "
                           "WHERE schema = 'main' AND type = 'shadow'",
                           -1, &statement, NULL) == SQLITE_OK)
        while (sqlite3_step(statement) == SQLITE_ROW)
            map_put(reader->arena, &reader->shadows,
                    name_lower(reader->arena, column_text(reader, statement, 0)), reader);
    sqlite3_finalize(statement);
}

static void read_rows(struct schema_reader *reader)
{
    sqlite3_stmt *statement = NULL;
    int rc = sqlite3_prepare_v2(
        reader->db,
        "SELECT type, name, tbl_name, sql FROM main.sqlite_schema ORDER BY rowid", -1,
        &statement, NULL);

    while (rc == SQLITE_OK && (rc = sqlite3_step(statement)) == SQLITE_ROW) {
        struct object_row *row = VEC_ADD(reader->arena, &reader->rows);

        row->type = column_text(reader, statement, 0);
        row->name = column_text(reader, statement, 1);
        row->table = column_text(reader, statement, 2);
        row->sql = column_text(reader, statement, 3);
        rc = SQLITE_OK;
    }
    if (rc != SQLITE_DONE)
        fail(reader);
    sqlite3_finalize(statement);
}

/* SQLite's own, and the two tables in which the runtime keeps its books. */
static bool is_internal(const struct object_row *row)
{
    return sqlite3_strnicmp(row->name, "sqlite_", 7) == 0 || *row->sql == '\0' ||
           sqlite3_stricmp(row->table, "quarry_schema") == 0 ||
           sqlite3_stricmp(row->table, "quarry_migrations") == 0;
}

static void not_understood(struct schema_reader *reader, const struct object_row *row)
{
    if (reader->error == NULL)
        reader->error =
            arena_printf(reader->arena, "the definition of %s %s cannot be read",
                         row->type, row->name);
}

static void add_name(struct schema_reader *reader, const char *name)
{
    map_put(reader->arena, &reader->structure->names, name_lower(reader->arena, name),
            reader->structure);
}

static void add_table(struct schema_reader *reader, const struct object_row *row)
{
    struct table_def *table = table_def_parse(reader->arena, row->sql);
    struct table_def **place;
    size_t i;

    if (table == NULL) {
        not_understood(reader, row);
        return;
    }
    table->name = row->name;
    place = VEC_ADD(reader->arena, &reader->structure->tables);
    *place = table;
    map_put(reader->arena, &reader->structure->by_name,
            name_lower(reader->arena, table->name), table);
    add_name(reader, table->name);
    for (i = 0; i < table->columns.count; i++)
        add_name(reader, table->columns.items[i].name);
}

static void add_index(struct schema_reader *reader, const struct object_row *row)
{
    struct index_def *index = index_def_parse(
        reader->arena, row->sql, structure_table(reader->structure, row->table));
    struct index_def **place;

    if (index == NULL) {
        not_understood(reader, row);
        return;
    }
    place = VEC_ADD(reader->arena, &reader->structure->indexes);
    *place = index;
    map_put(reader->arena, &reader->structure->index_name,
            name_lower(reader->arena, index->name), index);
}

static void add_program(struct schema_reader *reader, const struct object_row *row,
                        bool trigger)
{
    struct program_def *program =
        program_def_parse(reader->arena, row->sql, trigger, &reader->structure->names);
    struct program_def **place;

    if (program == NULL) {
        not_understood(reader, row);
        return;
    }
    if (trigger)
        place = VEC_ADD(reader->arena, &reader->structure->triggers);
    else
        place = VEC_ADD(reader->arena, &reader->structure->views);
    *place = program;
}

/* Tables first, because what is in double quotes elsewhere depends on all names. */
static void add_tables(struct schema_reader *reader)
{
    size_t i;

    for (i = 0; i < reader->rows.count; i++) {
        const struct object_row *row = &reader->rows.items[i];

        if (sqlite3_stricmp(row->name, "sqlite_stat1") == 0)
            reader->structure->analyzed = true;
        if (strcmp(row->type, "view") == 0)
            add_name(reader, row->name);
        if (strcmp(row->type, "table") == 0 && !is_internal(row) &&
            map_get(&reader->shadows, name_lower(reader->arena, row->name)) == NULL)
            add_table(reader, row);
    }
}

static void add_others(struct schema_reader *reader)
{
    size_t i;

    for (i = 0; i < reader->rows.count; i++) {
        const struct object_row *row = &reader->rows.items[i];

        if (is_internal(row))
            continue;
        if (strcmp(row->type, "index") == 0 &&
            map_get(&reader->shadows, name_lower(reader->arena, row->table)) == NULL)
            add_index(reader, row);
        else if (strcmp(row->type, "view") == 0)
            add_program(reader, row, false);
        else if (strcmp(row->type, "trigger") == 0)
            add_program(reader, row, true);
    }
}

struct structure *structure_read(struct arena *arena, sqlite3 *db, const char **error)
{
    struct schema_reader reader = {.arena = arena, .db = db};

    reader.structure = ARENA_NEW(arena, struct structure);
    reader.structure->image = ARENA_NEW(arena, const struct scratch_image *);
    read_shadows(&reader);
    read_rows(&reader);
    if (reader.error == NULL)
        add_tables(&reader);
    if (reader.error == NULL)
        add_others(&reader);
    *error = reader.error;
    return reader.error == NULL ? reader.structure : NULL;
}

/* ---- questions -------------------------------------------------------------------- */

struct table_def *structure_table(const struct structure *structure, const char *name)
{
    size_t i;

    if (structure->by_name.count == structure->tables.count)
        return map_get_lower(&structure->by_name, name);
    for (i = 0; i < structure->tables.count; i++)
        if (name_same(structure->tables.items[i]->name, name))
            return structure->tables.items[i];
    return NULL;
}

struct index_def *structure_index(const struct structure *structure, const char *name)
{
    size_t i;

    if (structure->index_name.count == structure->indexes.count)
        return map_get_lower(&structure->index_name, name);
    for (i = 0; i < structure->indexes.count; i++)
        if (name_same(structure->indexes.items[i]->name, name))
            return structure->indexes.items[i];
    return NULL;
}

struct program_def *structure_view(const struct structure *structure, const char *name)
{
    size_t i;

    for (i = 0; i < structure->views.count; i++)
        if (name_same(structure->views.items[i]->name, name))
            return structure->views.items[i];
    return NULL;
}

struct program_def *structure_trigger(const struct structure *structure, const char *name)
{
    size_t i;

    for (i = 0; i < structure->triggers.count; i++)
        if (name_same(structure->triggers.items[i]->name, name))
            return structure->triggers.items[i];
    return NULL;
}

static void add_list(struct buf *out, struct arena *arena, const struct name_list *names)
{
    size_t i;

    for (i = 0; i < names->count; i++)
        buf_addf(out, "%s\"%s\"", i == 0 ? " (" : ", ",
                 name_lower(arena, names->items[i]));
    buf_addc(out, ')');
}

static void add_primary_key(struct buf *out, struct arena *arena,
                            const struct structure *structure, const char *parent)
{
    const struct table_def *table = structure_table(structure, parent);
    const struct key_def *key = table != NULL ? table_def_primary_key(table) : NULL;
    size_t i;

    for (i = 0; key != NULL && i < key->terms.count; i++)
        if (key->terms.items[i].name != NULL)
            buf_addf(out, "%s\"%s\"", i == 0 ? " (" : ", ",
                     name_lower(arena, key->terms.items[i].name));
    buf_addc(out, ')');
}

const char *structure_foreign_key(struct arena *arena, const struct structure *structure,
                                  const struct foreign_key_def *key)
{
    struct buf out;
    const char *text;

    buf_init(&out);
    add_list(&out, arena, &key->columns);
    buf_addf(&out, " \"%s\"", name_lower(arena, key->parent));
    if (key->parent_columns.count > 0)
        add_list(&out, arena, &key->parent_columns);
    else
        add_primary_key(&out, arena, structure, key->parent);
    buf_addf(&out, " delete %d update %d deferred %d", (int)key->on_delete,
             (int)key->on_update, (int)key->deferred);
    text = arena_strndup(arena, out.data, out.length);
    buf_release(&out);
    return text;
}
