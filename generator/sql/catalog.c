/*
 * catalog.c: see catalog.h. A declared type is taken at its word: an INTEGER column holds
 * integers, although a table that is not STRICT may hold anything; generated code checks it
 * when it reads (QUARRY_MISMATCH). That a column is not NULL only constraints say.
 */
#include "catalog.h"

#include "catalog_known.h"
#include "parse_ddl.h"
#include "token.h"

#include <string.h>

/* ---- declared types ------------------------------------------------------------------ */

/* True where `declared` has the word in it, in any case. */
static bool has(const char *declared, const char *word)
{
    size_t length = strlen(word);

    for (; *declared != '\0'; declared++)
        if (sqlite3_strnicmp(declared, word, (int)length) == 0)
            return true;
    return false;
}

enum affinity catalog_affinity(const char *declared)
{
    if (has(declared, "INT"))
        return AFFINITY_INTEGER;
    if (has(declared, "CHAR") || has(declared, "CLOB") || has(declared, "TEXT"))
        return AFFINITY_TEXT;
    if (*declared == '\0' || has(declared, "BLOB"))
        return AFFINITY_BLOB;
    if (has(declared, "REAL") || has(declared, "FLOA") || has(declared, "DOUB"))
        return AFFINITY_REAL;
    return AFFINITY_NUMERIC;
}

/* Names with a meaning that SQLite itself gives none; each with what it may be stored as. */
static const struct {
    const char *declared, *semantic;
    unsigned classes;
} meanings[] = {
    {"BOOL", "bool", CLASS_INTEGER},
    {"BOOLEAN", "bool", CLASS_INTEGER},
    {"DATE", "date", CLASS_NUMBER | CLASS_TEXT},
    {"TIME", "time", CLASS_NUMBER | CLASS_TEXT},
    {"DATETIME", "timestamp", CLASS_NUMBER | CLASS_TEXT},
    {"TIMESTAMP", "timestamp", CLASS_NUMBER | CLASS_TEXT},
    {"TIMESTAMPTZ", "timestamp", CLASS_NUMBER | CLASS_TEXT},
    {"JSON", "json", CLASS_NUMBER | CLASS_TEXT},
    {"UUID", "uuid", CLASS_TEXT},
    {"NUMERIC", NULL, CLASS_NUMBER},
    {"DECIMAL", NULL, CLASS_NUMBER},
    {"NUMBER", NULL, CLASS_NUMBER},
    {"MONEY", NULL, CLASS_NUMBER},
};
enum {
    MEANINGS = sizeof meanings / sizeof *meanings
};

/* By its first word: DECIMAL(10, 2), TIMESTAMP WITH TIME ZONE. */
static int find_meaning(const char *declared)
{
    size_t length = strcspn(declared, " (");
    int i;

    for (i = 0; i < MEANINGS; i++)
        if (strlen(meanings[i].declared) == length &&
            sqlite3_strnicmp(meanings[i].declared, declared, (int)length) == 0)
            return i;
    return -1;
}

unsigned catalog_classes(const char *declared)
{
    int meaning = find_meaning(declared);

    if (meaning >= 0)
        return meanings[meaning].classes;
    switch (catalog_affinity(declared)) {
    case AFFINITY_INTEGER: return CLASS_INTEGER;
    case AFFINITY_TEXT: return CLASS_TEXT;
    case AFFINITY_REAL: return CLASS_REAL;
    case AFFINITY_BLOB: return *declared == '\0' ? CLASS_ANY : CLASS_BLOB;
    default: return CLASS_ANY;
    }
}

const char *catalog_semantic(const char *declared)
{
    int meaning = find_meaning(declared);

    return meaning >= 0 ? meanings[meaning].semantic : NULL;
}

/* ---- reading ------------------------------------------------------------------------- */

static sqlite3_stmt *prepare(struct catalog *catalog, const char *sql)
{
    sqlite3_stmt *statement = NULL;

    if (sqlite3_prepare_v2(catalog->db, sql, -1, &statement, NULL) != SQLITE_OK)
        catalog->failed = true;
    return statement;
}

/* The next row; at the end the statement is gone. */
static bool fetch(struct catalog *catalog, sqlite3_stmt *statement)
{
    int rc = statement == NULL ? SQLITE_DONE : sqlite3_step(statement);

    if (rc == SQLITE_ROW)
        return true;
    if (sqlite3_finalize(statement) != SQLITE_OK)
        catalog->failed = true;
    return false;
}

static const char *text_of(struct catalog *catalog, sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);

    return arena_strdup(catalog->arena, text == NULL ? "" : text);
}

static char *lower(struct arena *arena, const char *name)
{
    char *result = arena_strdup(arena, name), *at;

    for (at = result; *at != '\0'; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at - 'A' + 'a');
    return result;
}

/* Asks with a format of sqlite3_mprintf's (%Q, %w). */
static sqlite3_stmt *ask(struct catalog *catalog, const char *format, const char *a,
                         const char *b)
{
    char *sql = sqlite3_mprintf(format, a, b);
    sqlite3_stmt *statement;

    if (sql == NULL)
        out_of_memory();
    statement = prepare(catalog, sql);
    sqlite3_free(sql);
    return statement;
}

static bool yields(struct catalog *catalog, const char *format, const char *a,
                   const char *b)
{
    sqlite3_stmt *statement = ask(catalog, format, a, b);
    bool found = statement != NULL && sqlite3_step(statement) == SQLITE_ROW;

    sqlite3_finalize(statement);
    return found;
}

/* A key that has an index of its own is not the rowid: `INTEGER PRIMARY KEY DESC`. */
static bool has_key_index(struct catalog *catalog, const struct catalog_table *table)
{
    return yields(catalog, "SELECT 1 FROM pragma_index_list(%Q, %Q) WHERE origin = 'pk'",
                  table->name, table->schema);
}

static void explain_null(struct catalog_table *table, struct catalog_column *column,
                         bool key)
{
    if (column->is_rowid)
        column->because = "INTEGER PRIMARY KEY is the rowid";
    else if (column->not_null)
        column->because = key ? "PRIMARY KEY that cannot be NULL" : "NOT NULL";
    else if (table->kind == CATALOG_VIRTUAL)
        column->because = "a virtual table's column can be NULL";
    else
        column->because =
            key ? "a PRIMARY KEY can be NULL here" : "not declared NOT NULL";
}

static void read_column(struct catalog *catalog, struct catalog_table *table,
                        sqlite3_stmt *row, bool single_key)
{
    struct catalog_column *column = &table->columns[sqlite3_column_int(row, 0)];
    int hidden = sqlite3_column_int(row, 5);
    bool key = sqlite3_column_int(row, 4) > 0;

    column->table = table;
    column->name = text_of(catalog, row, 1);
    column->declared = text_of(catalog, row, 2);
    column->semantic = catalog_semantic(column->declared);
    column->affinity = catalog_affinity(column->declared);
    column->classes = catalog_classes(column->declared);
    column->has_default = sqlite3_column_int(row, 6) != 0;
    column->hidden = hidden == 1;
    column->generated = hidden >= 2;
    /* SQLite keeps small integers in REAL columns, and may show one that is computed. */
    if (column->generated && (column->classes & CLASS_REAL) != 0)
        column->classes |= CLASS_INTEGER;
    column->is_rowid = key && single_key && table->has_rowid &&
                       table->kind == CATALOG_TABLE &&
                       sqlite3_stricmp(column->declared, "INTEGER") == 0 &&
                       !has_key_index(catalog, table);
    column->says_not_null = sqlite3_column_int(row, 3) != 0;
    column->not_null = table->kind == CATALOG_TABLE &&
                       (sqlite3_column_int(row, 3) != 0 || column->is_rowid ||
                        (key && (table->strict || !table->has_rowid)));
    if (table->strict && sqlite3_stricmp(column->declared, "ANY") == 0)
        column->affinity = AFFINITY_BLOB;
    /* Its type is the word HIDDEN, which SQLite takes away when it has the affinity. */
    if (column->hidden && *column->declared == '\0')
        column->affinity = AFFINITY_NUMERIC;
    explain_null(table, column, key);
}

static int count_of(struct catalog *catalog, const char *format,
                    const struct catalog_table *table)
{
    sqlite3_stmt *statement = ask(catalog, format, table->name, table->schema);
    int count = 0;

    if (statement != NULL && sqlite3_step(statement) == SQLITE_ROW)
        count = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    return count;
}

static void read_columns(struct catalog *catalog, struct catalog_table *table)
{
    int keys = count_of(
        catalog, "SELECT count(*) FROM pragma_table_xinfo(%Q, %Q) WHERE pk > 0", table);
    sqlite3_stmt *row;

    table->column_count = (size_t)count_of(
        catalog, "SELECT count(*) FROM pragma_table_xinfo(%Q, %Q)", table);
    table->columns =
        ARENA_ARRAY(catalog->arena, struct catalog_column, table->column_count + 1);
    row = ask(catalog,
              "SELECT cid, name, type, \"notnull\", pk, hidden, dflt_value IS NOT NULL"
              "  FROM pragma_table_xinfo(%Q, %Q)",
              table->name, table->schema);
    while (fetch(catalog, row))
        read_column(catalog, table, row, keys == 1);
}

static void set_rowid(struct catalog_table *table)
{
    table->rowid = (struct catalog_column){
        .name = "rowid",
        .declared = "INTEGER",
        .table = table,
        .affinity = AFFINITY_INTEGER,
        .classes = CLASS_INTEGER,
        .not_null = true,
        .because = "a rowid is never NULL",
        .is_rowid = true,
    };
}

/* Full-text tables hold text; `rank` is what bm25() says, NULL without a MATCH. */
static void set_search(struct catalog_table *table)
{
    size_t i;

    for (i = 0; i < table->column_count; i++) {
        struct catalog_column *column = &table->columns[i];

        if (!column->hidden)
            column->classes = CLASS_TEXT;
        else if (sqlite3_stricmp(column->name, "rank") == 0)
            column->classes = CLASS_REAL;
    }
}

/* fts5vocab: texts, and numbers of rows and places. */
static void set_vocabulary(struct catalog_table *table)
{
    size_t i;

    for (i = 0; i < table->column_count; i++) {
        struct catalog_column *column = &table->columns[i];
        bool text = strcmp(column->name, "term") == 0 || strcmp(column->name, "col") == 0;

        if (!column->hidden)
            column->classes = text ? CLASS_TEXT : CLASS_INTEGER;
    }
}

/* rtree: a number, coordinates, and what `+name` says, which can be anything. */
static void set_boxes(struct catalog_table *table, const char *module,
                      unsigned coordinates)
{
    struct token token = token_at(module, strlen(module), 0);
    size_t others = 0, i;

    for (; token.kind != TOKEN_END;
         token = token_at(module, strlen(module), token.offset + token.length))
        others += token.kind == TOKEN_PLUS;
    for (i = 0; i + others < table->column_count; i++)
        table->columns[i].classes = i == 0 ? CLASS_INTEGER : coordinates;
    catalog_set_rtree(table);
}

/* What the columns of a module hold that declares none of their types. */
static void set_module(struct catalog *catalog, struct catalog_table *table,
                       const char *text)
{
    const char *module =
        token_value(catalog->arena, text, token_at(text, strlen(text), 0));
    static const char *const searches[] = {"fts3", "fts4", "fts5"};
    size_t i;

    for (i = 0; i < sizeof searches / sizeof *searches; i++)
        if (sqlite3_stricmp(module, searches[i]) == 0)
            set_search(table);
    if (sqlite3_stricmp(module, "fts5vocab") == 0)
        set_vocabulary(table);
    else if (sqlite3_stricmp(module, "rtree") == 0)
        set_boxes(table, text, CLASS_REAL);
    else if (sqlite3_stricmp(module, "rtree_i32") == 0)
        set_boxes(table, text, CLASS_INTEGER);
}

static void read_module(struct catalog *catalog, struct catalog_table *table)
{
    sqlite3_stmt *row =
        ask(catalog, "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = %Q",
            table->name, NULL);
    const struct table_def *def;

    if (row != NULL && sqlite3_step(row) == SQLITE_ROW) {
        def = table_def_parse(catalog->arena, text_of(catalog, row, 0));
        if (def != NULL && def->is_virtual && def->module.text != NULL)
            set_module(catalog, table, def->module.text);
    }
    sqlite3_finalize(row);
}

static struct catalog_table *add(struct catalog *catalog, const char *schema,
                                 const char *name, const char *kind)
{
    struct catalog_table *table = ARENA_NEW(catalog->arena, struct catalog_table);

    table->schema = schema;
    table->name = name;
    table->kind = strcmp(kind, "view") == 0      ? CATALOG_VIEW
                  : strcmp(kind, "virtual") == 0 ? CATALOG_VIRTUAL
                                                 : CATALOG_TABLE;
    set_rowid(table);
    *VEC_ADD(catalog->arena, &catalog->tables) = table;
    return table;
}

static void index_table(struct catalog *catalog, struct catalog_table *table)
{
    struct arena *arena = catalog->arena;
    const char *name = lower(arena, table->name);

    map_put(arena, &catalog->by_name,
            arena_printf(arena, "%s.%s", lower(arena, table->schema), name), table);
    /* temp hides main, main hides what is attached. */
    if (map_get(&catalog->by_name, name) == NULL || strcmp(table->schema, "temp") == 0)
        map_put(arena, &catalog->by_name, name, table);
}

static void read_tables(struct catalog *catalog)
{
    sqlite3_stmt *row = prepare(catalog, "SELECT schema, name, type, wr, strict"
                                         "  FROM pragma_table_list"
                                         " ORDER BY schema <> 'main', schema, name");

    while (fetch(catalog, row)) {
        struct catalog_table *table =
            add(catalog, text_of(catalog, row, 0), text_of(catalog, row, 1),
                text_of(catalog, row, 2));

        table->has_rowid = sqlite3_column_int(row, 3) == 0 && table->kind != CATALOG_VIEW;
        table->strict = sqlite3_column_int(row, 4) != 0;
        table->is_shadow =
            strcmp((const char *)sqlite3_column_text(row, 2), "shadow") == 0;
        index_table(catalog, table);
    }
}

static void read_views(struct catalog *catalog, const char *schema)
{
    sqlite3_stmt *row = ask(catalog,
                            "SELECT type, name, tbl_name, sql FROM \"%w\".sqlite_schema"
                            " WHERE type IN ('view', 'trigger') AND %Q <> ''",
                            schema, schema);

    while (fetch(catalog, row)) {
        bool view = strcmp((const char *)sqlite3_column_text(row, 0), "view") == 0;
        struct catalog_table *table =
            catalog_find(catalog, schema, text_of(catalog, row, view ? 1 : 2));

        if (table != NULL && view)
            table->sql = text_of(catalog, row, 3);
        else if (table != NULL)
            table->has_triggers = true;
    }
}

static void read_schemas(struct catalog *catalog)
{
    sqlite3_stmt *row = prepare(catalog, "SELECT name FROM pragma_database_list");

    while (fetch(catalog, row))
        read_views(catalog, text_of(catalog, row, 0));
}

bool catalog_read(struct catalog *catalog, struct arena *arena, sqlite3 *db)
{
    size_t i;

    *catalog = (struct catalog){.arena = arena, .db = db};
    read_tables(catalog);
    for (i = 0; i < catalog->tables.count; i++)
        if (catalog->tables.items[i]->kind != CATALOG_VIEW)
            read_columns(catalog, catalog->tables.items[i]);
    for (i = 0; i < catalog->tables.count; i++)
        if (catalog->tables.items[i]->kind == CATALOG_VIRTUAL)
            read_module(catalog, catalog->tables.items[i]);
        else if (sqlite3_strglob("sqlite_*", catalog->tables.items[i]->name) == 0)
            catalog_set_known(
                catalog->tables.items[i]); /* no name that a user can give */
    read_schemas(catalog);
    return !catalog->failed;
}

/* json_each and its kind: SQLite knows them, no list names them. */
static struct catalog_table *find_function(struct catalog *catalog, const char *name)
{
    struct catalog_table probe = {.name = name, .schema = "main"};
    struct catalog_table *table;

    if (count_of(catalog, "SELECT count(*) FROM pragma_table_xinfo(%Q, %Q)", &probe) == 0)
        return NULL;
    table = add(catalog, "main", arena_strdup(catalog->arena, name), "virtual");
    table->has_rowid = true;
    read_columns(catalog, table);
    catalog_set_known(table);
    index_table(catalog, table);
    return table;
}

struct catalog_table *catalog_find(struct catalog *catalog, const char *schema,
                                   const char *name)
{
    const char *key = lower(catalog->arena, name);
    struct catalog_table *table;

    if (strcmp(key, "sqlite_master") == 0)
        key = "sqlite_schema";
    else if (strcmp(key, "sqlite_temp_master") == 0)
        key = "sqlite_temp_schema";
    if (schema != NULL)
        key = arena_printf(catalog->arena, "%s.%s", lower(catalog->arena, schema), key);
    table = map_get(&catalog->by_name, key);
    return table != NULL || schema != NULL ? table : find_function(catalog, name);
}
