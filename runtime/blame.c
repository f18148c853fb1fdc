/*
 * blame.c: finds out which foreign key failed. SQLite says only that one did, so after
 * the error the row's parents are looked for, or the children of what was to be deleted.
 * All of it is best effort: what can't be found leaves the error as it is.
 */
#include "internal.h"

#include <string.h>

/* ---- statements -----------------------------------------------------------------------
 */

/* Prepares the text that was built, and frees it. NULL where that fails. */
static sqlite3_stmt *prepare_built(quarry_db *db, sqlite3_str *built)
{
    char *sql = sqlite3_str_finish(built);
    sqlite3_stmt *stmt = NULL;

    if (sql != NULL)
        sqlite3_prepare_v2(db->handle, sql, -1, &stmt, NULL);
    sqlite3_free(sql);
    return stmt;
}

/* SQLITE_ROW, SQLITE_DONE, or an error, such as one of a bind. */
static int step_once(sqlite3_stmt *stmt, int bound)
{
    const int code = bound == SQLITE_OK ? sqlite3_step(stmt) : bound;

    sqlite3_finalize(stmt);
    return code;
}

/* ---- naming the key ------------------------------------------------------------------
 */

static void add_value(sqlite3_str *text, const quarry_cell *cell)
{
    enum {
        LONGEST = 80
    };

    switch (cell->kind) {
    case SQLITE_INTEGER:
        sqlite3_str_appendf(text, "%lld", (long long)cell->integer);
        break;
    case SQLITE_FLOAT: sqlite3_str_appendf(text, "%!.15g", cell->real); break;
    case SQLITE_TEXT: {
        const size_t cut =
            cell->size > LONGEST ? quarry_utf8_cut(cell->data, LONGEST) : cell->size;

        sqlite3_str_appendf(text, "'%.*s%s'", (int)cut, (const char *)cell->data,
                            cut < cell->size ? "…" : "");
        break;
    }
    default:
        sqlite3_str_appendf(text, "a blob of %llu bytes", (unsigned long long)cell->size);
    }
}

/* Puts the key into the error, which keeps SQLite's code and the statement. */
static void name_key(quarry_db *db, const quarry_row_type *type,
                     const quarry_foreign_key *key, sqlite3_str *built)
{
    char *message = sqlite3_str_finish(built);
    quarry_error *error = &db->error;

    error->table = type->table;
    error->column = type->columns[key->columns[0]].name;
    error->constraint = key->name;
    if (message != NULL) {
        const size_t length = quarry_utf8_cut(message, QUARRY_MESSAGE_SIZE - 1);

        memcpy(error->message, message, length);
        error->message[length] = '\0';
    }
    sqlite3_free(message);
}

static void add_columns(sqlite3_str *text, const quarry_row_type *type,
                        const quarry_foreign_key *key)
{
    for (int i = 0; i < key->count; i++)
        sqlite3_str_appendf(text, "%s%s.%s", i == 0 ? "" : ", ", type->table,
                            type->columns[key->columns[i]].name);
}

/* ---- the parent of a row --------------------------------------------------------------
 */

static bool concerns(const quarry_foreign_key *key, const quarry_cell *cells,
                     uint64_t mask)
{
    bool written = mask == 0;

    for (int i = 0; i < key->count; i++) {
        if (cells[key->columns[i]].kind == SQLITE_NULL)
            return false;
        written = written || (key->columns[i] < 64 && (mask >> key->columns[i] & 1) != 0);
    }
    return written;
}

static bool same_cell(const quarry_cell *left, const quarry_cell *right)
{
    if (left->kind != right->kind)
        return false;
    switch (left->kind) {
    case SQLITE_INTEGER: return left->integer == right->integer;
    case SQLITE_FLOAT: return left->real == right->real;
    case SQLITE_TEXT:
    case SQLITE_BLOB:
        return left->size == right->size &&
               memcmp(left->data, right->data, left->size) == 0;
    default: return false;
    }
}

/* A row may refer to itself, and is not there to be found after its INSERT failed. */
static bool refers_to_itself(const quarry_row_type *type, const quarry_foreign_key *key,
                             const quarry_cell *cells)
{
    if (sqlite3_stricmp(type->table, key->parent) != 0)
        return false;
    for (int i = 0; i < key->count; i++) {
        const int parent = quarry_find_column(type, key->parent_columns[i]);

        if (parent < 0 || !same_cell(&cells[parent], &cells[key->columns[i]]))
            return false;
    }
    return true;
}

static bool parent_is_missing(quarry_db *db, const quarry_foreign_key *key,
                              const quarry_cell *cells)
{
    sqlite3_str *sql = sqlite3_str_new(NULL);
    sqlite3_stmt *stmt;
    int code = SQLITE_OK;

    sqlite3_str_appendf(sql, "SELECT 1 FROM \"%w\"", key->parent);
    for (int i = 0; i < key->count; i++)
        sqlite3_str_appendf(sql, "%s\"%w\" = ?%d", i == 0 ? " WHERE " : " AND ",
                            key->parent_columns[i], i + 1);
    stmt = prepare_built(db, sql);
    for (int i = 0; stmt != NULL && code == SQLITE_OK && i < key->count; i++)
        code = quarry_cell_bind(&cells[key->columns[i]], stmt, i + 1);
    return stmt != NULL && step_once(stmt, code) == SQLITE_DONE;
}

static void name_parent(quarry_db *db, const quarry_row_type *type,
                        const quarry_foreign_key *key, const quarry_cell *cells)
{
    sqlite3_str *text = sqlite3_str_new(NULL);

    add_columns(text, type, key);
    sqlite3_str_appendf(text, ": no row of %s has ", key->parent);
    for (int i = 0; i < key->count; i++) {
        sqlite3_str_appendf(text, "%s%s ", i == 0 ? "" : " and ", key->parent_columns[i]);
        add_value(text, &cells[key->columns[i]]);
    }
    name_key(db, type, key, text);
}

/* The row's values in cells, as `bind` sets them; NULL without memory. */
static quarry_cell *cells_of(quarry_db *db, const quarry_row_type *type, const void *row)
{
    const size_t size = (size_t)type->column_count * sizeof(quarry_cell);
    quarry_cell *cells = quarry_allocate(size);
    quarry_stmt stmt = {.db = db, .cells = cells, .cell_count = type->column_count};

    if (cells == NULL)
        return NULL;
    memset(cells, 0, size);
    quarry_cells_clear(cells, type->column_count);
    type->bind(&stmt, row);
    return cells;
}

void quarry_blame_parent(quarry_db *db, const quarry_row_type *type, const void *row,
                         uint64_t mask)
{
    quarry_cell *cells;

    if (type->foreign_key_count == 0 || type->bind == NULL)
        return;
    cells = cells_of(db, type, row);
    if (cells == NULL)
        return;
    for (int i = 0; i < type->foreign_key_count; i++) {
        const quarry_foreign_key *key = &type->foreign_keys[i];

        if (!concerns(key, cells, mask) || refers_to_itself(type, key, cells) ||
            !parent_is_missing(db, key, cells))
            continue;
        name_parent(db, type, key, cells);
        break;
    }
    quarry_cells_clear(cells, type->column_count);
    quarry_release(cells);
}

/* ---- the children of a row ------------------------------------------------------ */

/* "FROM t WHERE …" of a DELETE, which selects what it would have deleted. */
static const char *rows_of(const quarry_stmt *deleting)
{
    const char *from = deleting->sql;

    if (from == NULL || sqlite3_strnicmp(from, "DELETE ", 7) != 0)
        return NULL;
    from += 7;
    while (*from == ' ' || *from == '\n')
        from++;
    return sqlite3_strnicmp(from, "FROM ", 5) == 0 ? from : NULL;
}

/* Children that are deleted or set to NULL with their parent do not refuse anything. */
static bool refuses_delete(quarry_db *db, const quarry_row_type *child,
                           const quarry_foreign_key *key)
{
    sqlite3_str *sql = sqlite3_str_new(NULL);
    sqlite3_stmt *stmt;

    sqlite3_str_appendf(sql,
                        "SELECT 1 FROM pragma_foreign_key_list(%Q)"
                        " WHERE \"table\" = %Q COLLATE NOCASE"
                        " AND \"from\" = %Q COLLATE NOCASE"
                        " AND on_delete NOT IN ('CASCADE', 'SET NULL')",
                        child->table, key->parent, child->columns[key->columns[0]].name);
    stmt = prepare_built(db, sql);
    return stmt != NULL && step_once(stmt, SQLITE_OK) == SQLITE_ROW;
}

static void add_list(sqlite3_str *sql, const quarry_foreign_key *key,
                     const quarry_row_type *child)
{
    for (int i = 0; i < key->count; i++)
        sqlite3_str_appendf(sql, "%s\"%w\"", i == 0 ? "" : ", ",
                            child == NULL ? key->parent_columns[i]
                                          : child->columns[key->columns[i]].name);
}

static bool has_children(quarry_db *db, const quarry_row_type *child,
                         const quarry_foreign_key *key, const quarry_stmt *deleting)
{
    sqlite3_str *sql = sqlite3_str_new(NULL);
    sqlite3_stmt *stmt;
    int code = SQLITE_OK;

    sqlite3_str_appendf(sql, "SELECT 1 FROM \"%w\" WHERE (", child->table);
    add_list(sql, key, child);
    sqlite3_str_appendall(sql, ") IN (SELECT ");
    add_list(sql, key, NULL);
    sqlite3_str_appendf(sql, " %s)", rows_of(deleting));
    stmt = prepare_built(db, sql);
    for (int i = 0; stmt != NULL && code == SQLITE_OK && i < deleting->cell_count; i++)
        code = quarry_cell_bind(&deleting->cells[i], stmt, i + 1);
    return stmt != NULL && step_once(stmt, code) == SQLITE_ROW;
}

static void name_child(quarry_db *db, const quarry_row_type *type,
                       const quarry_row_type *child, const quarry_foreign_key *key)
{
    sqlite3_str *text = sqlite3_str_new(NULL);

    add_columns(text, child, key);
    sqlite3_str_appendf(text, ": a row of %s still refers to this row of %s",
                        child->table, type->table);
    name_key(db, child, key, text);
}

/* True where a foreign key of `child` was to blame. */
static bool blame_table(quarry_db *db, const quarry_row_type *type,
                        const quarry_row_type *child, const quarry_stmt *deleting)
{
    for (int i = 0; i < child->foreign_key_count; i++) {
        const quarry_foreign_key *key = &child->foreign_keys[i];

        if (sqlite3_stricmp(key->parent, type->table) != 0 ||
            !refuses_delete(db, child, key) || !has_children(db, child, key, deleting))
            continue;
        name_child(db, type, child, key);
        return true;
    }
    return false;
}

bool quarry_is_parent(const quarry_schema *schema, const quarry_row_type *type)
{
    bool found = false;

    for (int i = 0; !found && i < schema->table_count; i++) {
        const quarry_row_type *child = schema->tables[i];

        for (int k = 0; !found && k < child->foreign_key_count; k++)
            found = sqlite3_stricmp(child->foreign_keys[k].parent, type->table) == 0;
    }
    return found;
}

void quarry_blame_child(quarry_db *db, const quarry_row_type *type,
                        const quarry_stmt *deleting)
{
    bool found = rows_of(deleting) == NULL;

    for (int i = 0; !found && i < db->schema->table_count; i++)
        found = blame_table(db, type, db->schema->tables[i], deleting);
}
