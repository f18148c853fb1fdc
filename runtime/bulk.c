/*
 * bulk.c: many rows or keys in one statement, which selects them from the caller's array.
 *
 * The array is the table-valued function quarry_rows_N(?1), N columns c1 … cN, whose
 * argument is a pointer that SQL cannot make up. A row's bind function fills cells
 * instead of parameters, and the cells are the row's columns. This file must not know
 * what the columns mean. Where one statement would mean something else than a loop, it is
 * a loop.
 */
#include "internal.h"

#include <string.h>

static const char pointer_type[] = "quarry_rows";

/* The array, and the place in it. */
typedef struct source {
    quarry_db *db;
    const quarry_row_type *type; /* of rows to write; NULL: keys to look up */
    char *rows;
    size_t count;
    size_t stride;
    void (*bind)(quarry_stmt *stmt, const void *row);
    quarry_stmt stmt;     /* cells only */
    int64_t *keys;        /* assigned by the database; NULL: it assigns none */
    quarry_status status; /* why a row was refused, before SQLite saw it */
    bool is_list;         /* of a query: NULL is no value of it */
    bool abandoned;       /* no telling which keys were assigned: to be done as a loop */
} source;

static void *row_at(const source *from, size_t index)
{
    return from->rows + index * from->stride;
}

static int64_t *key_at(const source *from, size_t index)
{
    return (int64_t *)(void *)((char *)row_at(from, index) + from->type->key_offset);
}

static quarry_status open_source(source *from, int columns)
{
    size_t size = (size_t)columns * sizeof *from->stmt.cells;
    from->stmt.db = from->db;
    from->stmt.cell_count = columns;
    from->stmt.cells = quarry_allocate(size);
    if (from->stmt.cells == NULL)
        return quarry_fail(from->db, QUARRY_NO_MEMORY, NULL, NULL,
                           "memory ran out before many rows were handed over");
    memset(from->stmt.cells, 0, size);
    return QUARRY_OK;
}

static void close_source(source *from)
{
    if (from->stmt.cells == NULL)
        return;
    quarry_cells_clear(from->stmt.cells, from->stmt.cell_count);
    quarry_release(from->stmt.cells);
}

/* ---- handing rows over --------------------------------------------------------- */

/* Fills the cells from the row; SQLITE_ERROR and from->status where it is refused. */
static int hand_over(source *from, size_t index)
{
    void *row = row_at(from, index);
    if (from->type != NULL && from->type->prepare != NULL)
        from->status = from->type->prepare(from->db, row);
    if (from->status == QUARRY_OK) {
        from->bind(&from->stmt, row);
        from->status = from->stmt.status;
    }
    if (from->status == QUARRY_OK && from->is_list &&
        from->stmt.cells[0].kind == SQLITE_NULL)
        from->status = quarry_misuse(from->db, "a list has a value that is NULL");
    if (from->status != QUARRY_OK)
        return SQLITE_ERROR;
    if (from->keys != NULL && *key_at(from, index) == 0)
        sqlite3_set_last_insert_rowid(from->db->handle, INT64_MIN);
    return SQLITE_OK;
}

/*
 * SQLite comes for the next row: it has written this one, and its key is known. If it has
 * not (it collects all rows first where the table has triggers), or if it was an update,
 * no key was assigned, and the rest would be guesswork.
 */
static int take_key(source *from, size_t index)
{
    if (from->keys == NULL || *key_at(from, index) != 0)
        return SQLITE_OK;
    from->keys[index] = sqlite3_last_insert_rowid(from->db->handle);
    from->abandoned = from->keys[index] == INT64_MIN;
    return from->abandoned ? SQLITE_ERROR : SQLITE_OK;
}

/* ---- the virtual table --------------------------------------------------------- */

typedef struct rows_table {
    sqlite3_vtab base;
    int columns;
} rows_table;

typedef struct rows_cursor {
    sqlite3_vtab_cursor base;
    source *from;
    size_t index;
} rows_cursor;

/* The client data of a module is its number of columns. */
static int rows_connect(sqlite3 *handle, void *data, int argc, const char *const *argv,
                        sqlite3_vtab **table, char **message)
{
    int columns = (int)(intptr_t)data;
    sqlite3_str *sql = sqlite3_str_new(handle);
    (void)argc, (void)argv, (void)message;
    sqlite3_str_appendall(sql, "CREATE TABLE x(");
    for (int i = 1; i <= columns; i++)
        sqlite3_str_appendf(sql, "c%d, ", i);
    sqlite3_str_appendall(sql, "source HIDDEN)");
    char *text = sqlite3_str_finish(sql);
    int code = text == NULL ? SQLITE_NOMEM : sqlite3_declare_vtab(handle, text);
    sqlite3_free(text);
    if (code != SQLITE_OK)
        return code;
    rows_table *made = quarry_allocate(sizeof *made);
    if (made == NULL)
        return SQLITE_NOMEM;
    memset(made, 0, sizeof *made);
    made->columns = columns;
    *table = &made->base;
    return sqlite3_vtab_config(handle, SQLITE_VTAB_DIRECTONLY);
}

static int rows_disconnect(sqlite3_vtab *table)
{
    quarry_release(table);
    return SQLITE_OK;
}

/* Without its argument the table is empty; with one that is not there yet it can't begin.
 */
static int rows_best_index(sqlite3_vtab *table, sqlite3_index_info *info)
{
    int hidden = ((const rows_table *)(const void *)table)->columns;
    bool seen = false;
    for (int i = 0; i < info->nConstraint; i++) {
        const struct sqlite3_index_constraint *constraint = &info->aConstraint[i];
        if (constraint->iColumn != hidden || constraint->op != SQLITE_INDEX_CONSTRAINT_EQ)
            continue;
        seen = true;
        if (!constraint->usable)
            continue;
        info->aConstraintUsage[i].argvIndex = 1;
        info->aConstraintUsage[i].omit = 1;
        info->idxNum = 1;
        info->estimatedCost = 100;
        info->estimatedRows = 100;
        return SQLITE_OK;
    }
    return seen ? SQLITE_CONSTRAINT : SQLITE_OK;
}

static int rows_open(sqlite3_vtab *table, sqlite3_vtab_cursor **cursor)
{
    rows_cursor *made = quarry_allocate(sizeof *made);
    (void)table;
    if (made == NULL)
        return SQLITE_NOMEM;
    memset(made, 0, sizeof *made);
    *cursor = &made->base;
    return SQLITE_OK;
}

static int rows_close(sqlite3_vtab_cursor *cursor)
{
    quarry_release(cursor);
    return SQLITE_OK;
}

/* Of a list, SQLite is told why: nobody asks its source. */
static int hand_over_from(rows_cursor *at, size_t index)
{
    int code = hand_over(at->from, index);
    if (code == SQLITE_OK || !at->from->is_list)
        return code;
    at->base.pVtab->zErrMsg = sqlite3_mprintf("%s", at->from->db->error.message);
    return SQLITE_MISUSE;
}

static int rows_filter(sqlite3_vtab_cursor *cursor, int plan, const char *name, int argc,
                       sqlite3_value **argv)
{
    rows_cursor *at = (rows_cursor *)(void *)cursor;
    (void)name, (void)argc;
    at->from = plan == 0 ? NULL : sqlite3_value_pointer(argv[0], pointer_type);
    at->index = 0;
    if (at->from == NULL || at->from->count == 0)
        return SQLITE_OK;
    return hand_over_from(at, 0);
}

static int rows_next(sqlite3_vtab_cursor *cursor)
{
    rows_cursor *at = (rows_cursor *)(void *)cursor;
    int code = take_key(at->from, at->index);
    at->index++;
    if (code != SQLITE_OK || at->index >= at->from->count)
        return code;
    return hand_over_from(at, at->index);
}

static int rows_eof(sqlite3_vtab_cursor *cursor)
{
    const rows_cursor *at = (const rows_cursor *)(void *)cursor;
    return at->from == NULL || at->index >= at->from->count;
}

/*
 * True where the NUL behind a text is certain: texts made here lack it, and a UUID may
 * have lost it, which then is 36 bytes long.
 */
static bool is_terminated(const quarry_cell *cell)
{
    return cell->data != cell->small && cell->size != sizeof((quarry_uuid *)0)->text - 1;
}

/* With its NUL, so that SQLite need not copy it for a length() in a CHECK. */
static void give_text(sqlite3_context *context, const quarry_cell *cell)
{
    if (is_terminated(cell))
        sqlite3_result_text(context, cell->data, -1, SQLITE_STATIC);
    else
        sqlite3_result_text64(context, cell->data, cell->size, SQLITE_STATIC,
                              SQLITE_UTF8);
}

static int rows_column(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int column)
{
    const source *from = ((const rows_cursor *)(void *)cursor)->from;
    if (column >= from->stmt.cell_count)
        return SQLITE_OK; /* the hidden one: NULL */
    const quarry_cell *cell = &from->stmt.cells[column];
    switch (cell->kind) {
    case SQLITE_INTEGER: sqlite3_result_int64(context, cell->integer); break;
    case SQLITE_FLOAT: sqlite3_result_double(context, cell->real); break;
    case SQLITE_TEXT: give_text(context, cell); break;
    case SQLITE_BLOB:
        sqlite3_result_blob64(context, cell->data, cell->size, SQLITE_STATIC);
        break;
    default: break;
    }
    return SQLITE_OK;
}

static int rows_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *rowid)
{
    *rowid = (sqlite3_int64)((const rows_cursor *)(void *)cursor)->index;
    return SQLITE_OK;
}

/* No xCreate: it is there without CREATE VIRTUAL TABLE, and can't be made by it. */
static const sqlite3_module rows_module = {
    .xConnect = rows_connect,
    .xBestIndex = rows_best_index,
    .xDisconnect = rows_disconnect,
    .xOpen = rows_open,
    .xClose = rows_close,
    .xFilter = rows_filter,
    .xNext = rows_next,
    .xEof = rows_eof,
    .xColumn = rows_column,
    .xRowid = rows_rowid,
};

quarry_status quarry_rows_register(quarry_db *db, int columns)
{
    char name[40];
    if (db->handle == NULL)
        return quarry_misuse(db, "the connection is not open");
    while (db->rows_modules < columns) {
        int count = db->rows_modules + 1;
        sqlite3_snprintf(sizeof name, name, "quarry_rows_%d", count);
        int code = sqlite3_create_module_v2(db->handle, name, &rows_module,
                                            (void *)(intptr_t)count, NULL);
        if (code != SQLITE_OK)
            return quarry_fail_sqlite(db, code, NULL);
        db->rows_modules = count;
    }
    return QUARRY_OK;
}

/* ---- writing in one statement -------------------------------------------------- */

/* True where a loop over the rows can tell which of them is to blame. */
static bool concerns_a_row(quarry_status status)
{
    switch (status) {
    case QUARRY_UNIQUE:
    case QUARRY_FOREIGN_KEY:
    case QUARRY_NOT_NULL:
    case QUARRY_CHECK:
    case QUARRY_INVALID:
    case QUARRY_CONSTRAINT:
    case QUARRY_MISMATCH:
    case QUARRY_TOO_BIG:
    case QUARRY_MISUSE:
    case QUARRY_ERROR: return true;
    default: return false;
    }
}

static void set_keys(const source *from)
{
    for (size_t i = 0; from->keys != NULL && i < from->count; i++) {
        if (*key_at(from, i) == 0)
            *key_at(from, i) = from->keys[i];
    }
}

/* Runs the statement over the source; *again: the rows are to be written in a loop. */
static quarry_status run_source(source *from, quarry_stmt *stmt, bool *again)
{
    quarry_db *db = from->db;
    quarry_status status;
    sqlite3_int64 last = sqlite3_last_insert_rowid(db->handle);
    int code = sqlite3_bind_pointer(stmt->handle, 1, from, pointer_type, NULL);
    stmt->busy = true;
    if (code == SQLITE_OK)
        code = sqlite3_step(stmt->handle);
    if (code == SQLITE_DONE) {
        status = QUARRY_OK;
    } else {
        status = from->status;
        if (status == QUARRY_OK)
            status = quarry_fail_row(db, code, stmt->sql, from->type);
        *again = from->abandoned || concerns_a_row(status);
        sqlite3_set_last_insert_rowid(db->handle, last);
    }
    sqlite3_reset(stmt->handle);
    sqlite3_bind_null(stmt->handle, 1);
    return status;
}

static quarry_stmt *prepare_write(quarry_db *db, int slot, const char *sql)
{
    static const char *const of_triggers[] = {"Program", NULL};
    quarry_stmt *stmt = quarry_slot(db, slot);
    if (stmt->status == QUARRY_OK && stmt->handle == NULL &&
        quarry_stmt_compile(stmt, sql) == QUARRY_OK)
        stmt->fires = quarry_program_has(db, sql, of_triggers);
    return stmt;
}

/*
 * RAISE(FAIL) in a trigger ends a statement without undoing it, and so does a row that is
 * refused on its way in where SQLite saw no constraint to keep a journal for. Alone a
 * statement is a transaction; with triggers, and inside of one, it needs a savepoint.
 */
static quarry_status run_guarded(source *from, quarry_stmt *stmt, bool *again)
{
    int depth = from->db->depth;
    quarry_status status = quarry_begin(from->db);
    if (status != QUARRY_OK)
        return status;
    status = run_source(from, stmt, again);
    if (status == QUARRY_OK)
        status = quarry_commit(from->db);
    if (status != QUARRY_OK)
        quarry_abandon(from->db, depth);
    return status;
}

static quarry_status write_at_once(source *from, int slot, const char *sql, bool *again)
{
    quarry_db *db = from->db;
    quarry_status status = quarry_rows_register(db, from->type->column_count);
    if (status == QUARRY_OK)
        status = open_source(from, from->type->column_count);
    if (status != QUARRY_OK)
        return status;
    quarry_stmt *stmt = prepare_write(db, slot, sql);
    int depth = db->depth;
    status = stmt->status;
    if (status == QUARRY_OK)
        status = stmt->fires || !sqlite3_get_autocommit(db->handle)
                     ? run_guarded(from, stmt, again)
                     : run_source(from, stmt, again);
    quarry_stmt_done(stmt);
    close_source(from);
    quarry_notice_rollback(db);
    if (db->depth < depth)
        *again = false; /* the caller's transaction is gone, and a loop would hide that */
    if (status == QUARRY_OK)
        set_keys(from);
    return status;
}

/* ---- writing in a loop --------------------------------------------------------- */

static void remember_keys(const source *from)
{
    for (size_t i = 0; from->keys != NULL && i < from->count; i++)
        from->keys[i] = *key_at(from, i);
}

static void restore_keys(const source *from)
{
    for (size_t i = 0; from->keys != NULL && i < from->count; i++)
        *key_at(from, i) = from->keys[i];
}

static quarry_status write_in_loop(const source *from,
                                   quarry_status (*write_one)(quarry_db *, void *))
{
    quarry_db *db = from->db;
    int depth = db->depth;
    quarry_status status = quarry_begin(db);
    if (status != QUARRY_OK)
        return status;
    remember_keys(from);
    for (size_t i = 0; i < from->count && status == QUARRY_OK; i++) {
        status = write_one(db, row_at(from, i));
        if (status != QUARRY_OK)
            db->error.row = i;
    }
    if (status == QUARRY_OK)
        status = quarry_commit(db);
    if (status != QUARRY_OK) {
        quarry_abandon(db, depth);
        restore_keys(from);
    }
    return status;
}

quarry_status quarry_write_many(quarry_db *db, int slot, const char *sql,
                                const quarry_row_type *type, void *rows, size_t count,
                                quarry_status (*write_one)(quarry_db *db, void *row))
{
    source from = {.db = db,
                   .type = type,
                   .rows = rows,
                   .count = count,
                   .stride = type->size,
                   .bind = type->bind};
    bool again = sql == NULL;
    quarry_status status = QUARRY_OK;
    if (db == NULL || (rows == NULL && count > 0))
        return quarry_misuse(db, "writing many rows needs a connection and the rows");
    if (count == 0)
        return QUARRY_OK;
    if (type->assigns_key) {
        from.keys = count > SIZE_MAX / sizeof(int64_t)
                        ? NULL
                        : quarry_allocate(count * sizeof(int64_t));
        if (from.keys == NULL)
            return quarry_fail(db, QUARRY_NO_MEMORY, type->table, NULL,
                               "memory ran out before rows of %s were written",
                               type->table);
    }
    if (sql != NULL)
        status = write_at_once(&from, slot, sql, &again);
    if (again)
        status = write_in_loop(&from, write_one);
    quarry_release(from.keys);
    return status;
}

/* ---- looking up ---------------------------------------------------------------- */

quarry_status quarry_fetch_many(quarry_db *db, int slot, const char *sql,
                                const quarry_row_type *type, const void *keys,
                                size_t count, size_t key_size, int key_columns,
                                void (*bind_key)(quarry_stmt *stmt, const void *key),
                                quarry_rows *rows)
{
    source from = {.db = db,
                   .rows = (char *)(uintptr_t)keys, /* which are only read */
                   .count = count,
                   .stride = key_size,
                   .bind = bind_key};
    if (rows != NULL)
        memset(rows, 0, sizeof *rows);
    if (db == NULL || rows == NULL || (keys == NULL && count > 0))
        return quarry_misuse(db,
                             "fetching many rows needs a connection, keys and a place");
    quarry_status status = quarry_rows_register(db, key_columns);
    if (status == QUARRY_OK)
        status = open_source(&from, key_columns);
    if (status != QUARRY_OK)
        return status;
    quarry_stmt *stmt = quarry_prepare_rows(db, slot, sql, type);
    sqlite3_stmt *kept = stmt->transient ? NULL : stmt->handle;
    if (stmt->status == QUARRY_OK)
        sqlite3_bind_pointer(stmt->handle, 1, &from, pointer_type, NULL);
    status = quarry_fetch_rows(stmt, type, rows);
    if (kept != NULL)
        sqlite3_bind_null(kept, 1);
    close_source(&from);
    if (from.status != QUARRY_OK)
        status = quarry_fail(db, from.status, type->table, NULL,
                             "a key of %s can't be looked up", type->table);
    return status;
}

/* ---- lists in queries ---------------------------------------------------------- */

static void release_list(void *data)
{
    source *from = data;
    close_source(from);
    quarry_release(from);
}

/* SQLite owns the list as long as the parameter is bound to it. */
void quarry_bind_list(quarry_stmt *stmt, int parameter, const void *items, size_t count,
                      size_t size, void (*bind)(quarry_stmt *stmt, const void *item))
{
    source *from;
    if (stmt->status != QUARRY_OK || stmt->handle == NULL)
        return;
    from = quarry_allocate(sizeof *from);
    if (from == NULL) {
        stmt->status = quarry_fail(stmt->db, QUARRY_NO_MEMORY, NULL, NULL,
                                   "memory ran out before a list was handed over");
        return;
    }
    *from = (source){.db = stmt->db,
                     .rows = (char *)(uintptr_t)items, /* which are only read */
                     .count = count,
                     .stride = size,
                     .bind = bind,
                     .is_list = true};
    stmt->status = open_source(from, 1);
    if (stmt->status == QUARRY_OK)
        sqlite3_bind_pointer(stmt->handle, parameter, from, pointer_type, release_list);
    else
        release_list(from);
}
