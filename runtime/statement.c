/*
 * statement.c: keeps prepared statements, one for each slot of the schema, and runs those
 * that write. A slot is an index, so finding its statement costs no look-up by text. It
 * must not know how results are read (fetch.c, cursor.c) or values are bound (bind.c).
 */
#include "internal.h"

#include <string.h>

/* The UPDATEs of one slot, by the set of columns that they write. */
enum {
    CACHED_UPDATES = 8
};

struct quarry_update_cache {
    int newest;
    uint64_t clock;
    uint64_t used[CACHED_UPDATES];
    quarry_stmt stmts[CACHED_UPDATES];
};

/* What a NULL connection prepares. Nobody writes to it: binds and runs look at the handle
   and the status first. */
static const quarry_stmt no_connection = {.status = QUARRY_MISUSE};

/* ---- life ---------------------------------------------------------------------------
 */

void quarry_stmt_clear(quarry_stmt *stmt)
{
    sqlite3_finalize(stmt->handle);
    quarry_release(stmt->values);
    memset(stmt, 0, sizeof *stmt);
}

void quarry_stmt_done(quarry_stmt *stmt)
{
    if (stmt->transient) {
        quarry_stmt_clear(stmt);
        quarry_release(stmt);
        return;
    }
    if (stmt->handle == NULL)
        return;
    sqlite3_reset(stmt->handle);
    stmt->busy = false;
}

void quarry_stmt_release(quarry_stmt *stmt)
{
    for (int i = 0; stmt->updates != NULL && i < CACHED_UPDATES; i++)
        quarry_stmt_clear(&stmt->updates->stmts[i]);
    quarry_release(stmt->updates);
    quarry_stmt_clear(stmt);
}

/* ---- preparing ----------------------------------------------------------------------
 */

/* What is returned where there is no statement to return. */
static quarry_stmt *failed(quarry_db *db, quarry_status status)
{
    db->failed = (quarry_stmt){.db = db, .status = status};
    return &db->failed;
}

static quarry_stmt *transient(quarry_db *db)
{
    quarry_stmt *stmt = quarry_allocate(sizeof *stmt);

    if (stmt == NULL)
        return failed(db, quarry_no_memory(db, "a statement was being prepared"));
    memset(stmt, 0, sizeof *stmt);
    stmt->db = db;
    stmt->transient = true;
    return stmt;
}

quarry_stmt *quarry_slot(quarry_db *db, int slot)
{
    quarry_stmt *stmt;

    if (db == NULL)
        return (quarry_stmt *)&no_connection;
    if (slot < 0 || slot >= db->slot_count)
        return failed(db, quarry_misuse(db, "the connection has no such statement"));
    stmt = &db->slots[slot];
    if (stmt->busy)
        return transient(db);
    stmt->db = db;
    stmt->status = QUARRY_OK;
    return stmt;
}

quarry_status quarry_stmt_compile(quarry_stmt *stmt, const char *sql)
{
    quarry_db *db = stmt->db;
    const int code = sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT,
                                        &stmt->handle, NULL);

    if (code != SQLITE_OK)
        stmt->status = quarry_fail_sqlite(db, code, sql);
    else if (stmt->handle == NULL)
        stmt->status = quarry_misuse(db, "a statement is empty");
    else
        stmt->sql = sqlite3_sql(stmt->handle);
    stmt->direct = (unsigned)sqlite3_bind_parameter_count(stmt->handle);
    return stmt->status;
}

static quarry_stmt *prepare_first(quarry_db *db, int slot, const char *sql)
{
    quarry_stmt *stmt = quarry_slot(db, slot);

    if (stmt->status == QUARRY_OK && stmt->handle == NULL)
        quarry_stmt_compile(stmt, sql);
    return stmt;
}

quarry_stmt *quarry_prepare(quarry_db *db, int slot, const char *sql)
{
    quarry_stmt *stmt;

    if (db == NULL || (unsigned)slot >= (unsigned)db->slot_count)
        return prepare_first(db, slot, sql);
    stmt = &db->slots[slot];
    if (stmt->handle == NULL || stmt->busy)
        return prepare_first(db, slot, sql);
    stmt->status = QUARRY_OK;
    return stmt;
}

/* ---- DELETE -------------------------------------------------------------------------
 */

/* Gives the statement the connection's cells for its key, which are made at first use. */
static void remember_key(quarry_db *db, quarry_stmt *stmt, const quarry_row_type *type)
{
    const int parameters = sqlite3_bind_parameter_count(stmt->handle);

    stmt->barren = !quarry_is_parent(db->schema, type);
    if (stmt->barren)
        return;
    if (db->key_cells == NULL)
        db->key_cells =
            quarry_allocate((size_t)db->key_cell_count * sizeof *db->key_cells);
    if (db->key_cells == NULL) {
        stmt->status = quarry_no_memory(db, "a DELETE was being prepared");
        return;
    }
    memset(db->key_cells, 0, (size_t)db->key_cell_count * sizeof *db->key_cells);
    if (parameters > db->key_cell_count)
        return;
    stmt->cells = db->key_cells;
    stmt->cell_count = parameters;
    stmt->direct = 0;
}

quarry_stmt *quarry_prepare_delete(quarry_db *db, int slot, const char *sql,
                                   const quarry_row_type *type)
{
    quarry_stmt *stmt = quarry_prepare(db, slot, sql);

    if (!stmt->barren && stmt->status == QUARRY_OK && stmt->cells == NULL)
        remember_key(db, stmt, type);
    return stmt;
}

/* ---- UPDATE of some columns ----------------------------------------------------- */

static void add_assignment(sqlite3_str *sql, const quarry_row_type *type, int column,
                           const char *before)
{
    sqlite3_str_appendf(sql, "%s\"%w\" = ?%d", before, type->columns[column].name,
                        column + 1);
}

static void add_where(sqlite3_str *sql, const quarry_row_type *type, const int *keys,
                      int key_count)
{
    for (int i = 0; i < key_count; i++) {
        const char *collation = type->columns[keys[i]].key_collation;

        add_assignment(sql, type, keys[i], i == 0 ? " WHERE " : " AND ");
        if (collation != NULL)
            sqlite3_str_appendf(sql, " COLLATE %s", collation);
    }
}

static sqlite3_str *start_update(const quarry_row_type *type)
{
    sqlite3_str *sql = sqlite3_str_new(NULL);

    sqlite3_str_appendf(sql, "UPDATE%s \"%w\"", type->or_abort ? " OR ABORT" : "",
                        type->table);
    return sql;
}

/* Prepares the text that was built, and frees it. */
static void compile_built(quarry_stmt *stmt, sqlite3_str *built)
{
    char *sql = sqlite3_str_finish(built);

    stmt->partial = true;
    if (sql == NULL)
        stmt->status = quarry_no_memory(stmt->db, "an UPDATE was being prepared");
    else
        quarry_stmt_compile(stmt, sql);
    sqlite3_free(sql);
}

static void compile_update(quarry_stmt *stmt, const quarry_row_type *type,
                           const int *keys, int key_count, uint64_t mask)
{
    sqlite3_str *sql = start_update(type);
    const char *before = " SET ";

    for (int i = 0; i < type->column_count && i < 64; i++) {
        if ((mask >> i & 1) == 0)
            continue;
        add_assignment(sql, type, i, before);
        before = ", ";
    }
    add_where(sql, type, keys, key_count);
    compile_built(stmt, sql);
}

/* The cache's place for `mask`: where it is, or the one that was not used for longest. */
static int find_update(struct quarry_update_cache *cache, uint64_t mask)
{
    int oldest = 0;

    for (int i = 0; i < CACHED_UPDATES; i++) {
        if (cache->stmts[i].mask == mask)
            return i;
        if (cache->used[i] < cache->used[oldest])
            oldest = i;
    }
    return oldest;
}

static bool make_cache(quarry_db *db, quarry_stmt *slot)
{
    slot->updates = quarry_allocate(sizeof *slot->updates);
    if (slot->updates == NULL) {
        slot->status = quarry_no_memory(db, "an UPDATE was being prepared");
        return false;
    }
    memset(slot->updates, 0, sizeof *slot->updates);
    return true;
}

static bool mask_fits(const quarry_row_type *type, uint64_t mask)
{
    return mask != 0 && (type->column_count >= 64 || mask >> type->column_count == 0);
}

/* The cache's place is that of a statement which is running: it can't be replaced. */
static quarry_stmt *other_update(quarry_db *db, const quarry_row_type *type,
                                 const int *keys, int key_count, uint64_t mask)
{
    quarry_stmt *stmt = transient(db);

    if (stmt->status != QUARRY_OK)
        return stmt;
    stmt->mask = mask;
    compile_update(stmt, type, keys, key_count, mask);
    return stmt;
}

static quarry_stmt *prepare_update(quarry_db *db, int slot, const quarry_row_type *type,
                                   const int *keys, int key_count, uint64_t mask)
{
    quarry_stmt *owner = quarry_slot(db, slot);
    struct quarry_update_cache *cache = owner->updates;
    quarry_stmt *stmt;
    int place;

    if (owner->status != QUARRY_OK || (cache == NULL && !make_cache(db, owner)))
        return owner;
    cache = owner->updates;
    place = find_update(cache, mask);
    stmt = &cache->stmts[place];
    if (stmt->busy)
        return other_update(db, type, keys, key_count, mask);
    if (!mask_fits(type, mask))
        return failed(db, quarry_misuse(db, "an UPDATE names no column of the table"));
    cache->used[place] = ++cache->clock;
    cache->newest = place;
    stmt->status = QUARRY_OK;
    if (stmt->mask == mask && stmt->handle != NULL)
        return stmt;
    quarry_stmt_clear(stmt);
    stmt->db = db;
    stmt->mask = mask;
    compile_update(stmt, type, keys, key_count, mask);
    return stmt;
}

/* Most programs write the same columns as the last time. */
quarry_stmt *quarry_prepare_update(quarry_db *db, int slot, const quarry_row_type *type,
                                   const int *keys, int key_count, uint64_t mask)
{
    struct quarry_update_cache *cache = NULL;
    quarry_stmt *stmt;

    if (db != NULL && (unsigned)slot < (unsigned)db->slot_count)
        cache = db->slots[slot].updates;
    if (cache == NULL)
        return prepare_update(db, slot, type, keys, key_count, mask);
    stmt = &cache->stmts[cache->newest];
    if (stmt->mask != mask || stmt->handle == NULL || stmt->busy)
        return prepare_update(db, slot, type, keys, key_count, mask);
    stmt->status = QUARRY_OK;
    return stmt;
}

/* Adds "SET a = ?1, …"; false where nothing is chosen. */
static bool add_chosen(sqlite3_str *sql, const quarry_row_type *type, const bool *chosen)
{
    const char *before = " SET ";

    for (int i = 0; i < type->column_count; i++) {
        if (!chosen[i])
            continue;
        add_assignment(sql, type, i, before);
        before = ", ";
    }
    return before[0] == ',';
}

quarry_stmt *quarry_prepare_update_list(quarry_db *db, int slot,
                                        const quarry_row_type *type, const int *keys,
                                        int key_count, const bool *chosen)
{
    quarry_stmt *stmt = quarry_slot(db, slot);
    sqlite3_str *sql;

    if (stmt->status == QUARRY_OK && !stmt->transient)
        stmt = transient(db);
    if (stmt->status != QUARRY_OK)
        return stmt;
    sql = start_update(type);
    if (add_chosen(sql, type, chosen)) {
        add_where(sql, type, keys, key_count);
        compile_built(stmt, sql);
    } else {
        sqlite3_free(sqlite3_str_finish(sql));
        stmt->status = quarry_misuse(db, "an UPDATE names no column of the table");
    }
    return stmt;
}

/* ---- running ------------------------------------------------------------------------
 */

static quarry_status give_up(quarry_stmt *stmt)
{
    const quarry_status status = stmt->status;

    quarry_stmt_done(stmt);
    return status;
}

/* The first error stays: what the look-ups of blame.c run does not replace it. */
static quarry_status run_failed(quarry_stmt *stmt, const quarry_row_type *type,
                                const void *row, int code)
{
    quarry_db *db = stmt->db;
    const quarry_status status = quarry_fail_row(db, code, stmt->sql, type);

    sqlite3_reset(stmt->handle);
    if (status == QUARRY_FOREIGN_KEY && type != NULL && stmt->cells != NULL)
        quarry_blame_child(db, type, stmt);
    else if (status == QUARRY_FOREIGN_KEY && type != NULL && row != NULL)
        quarry_blame_parent(db, type, row, stmt->mask);
    quarry_stmt_done(stmt);
    return status;
}

/* Runs to the end and leaves the statement to be given back; SQLITE_DONE is success. */
static int step_all(sqlite3_stmt *handle)
{
    int code;

    do {
        code = sqlite3_step(handle);
    } while (code == SQLITE_ROW);
    return code;
}

/* After a first step that was not the last one. */
APART static quarry_status run_rest(quarry_stmt *stmt, const quarry_row_type *type,
                                    const void *row, int code)
{
    if (code == SQLITE_ROW)
        code = step_all(stmt->handle);
    if (code != SQLITE_DONE)
        return run_failed(stmt, type, row, code);
    quarry_stmt_done(stmt);
    return QUARRY_OK;
}

/* A function of the program's that a trigger calls may come back for the same slot: it is
   taken meanwhile. */
static inline quarry_status run(quarry_stmt *stmt, const quarry_row_type *type,
                                const void *row)
{
    int code;

    if (stmt->status != QUARRY_OK)
        return give_up(stmt);
    stmt->busy = true;
    code = sqlite3_step(stmt->handle);
    if (code != SQLITE_DONE || stmt->transient)
        return run_rest(stmt, type, row, code);
    sqlite3_reset(stmt->handle);
    stmt->busy = false;
    return QUARRY_OK;
}

quarry_status quarry_run(quarry_stmt *stmt, const quarry_row_type *type, const void *row)
{
    return run(stmt, type, row);
}

quarry_status quarry_run_change(quarry_stmt *stmt, const quarry_row_type *type,
                                const void *row)
{
    quarry_db *db = stmt->db;
    const quarry_status status = run(stmt, type, row);

    if (status != QUARRY_OK)
        return status;
    return sqlite3_changes64(db->handle) > 0 ? QUARRY_OK : QUARRY_NOT_FOUND;
}

quarry_status quarry_run_insert(quarry_stmt *stmt, const quarry_row_type *type, void *row)
{
    quarry_db *db = stmt->db;
    const quarry_status status = run(stmt, type, row);

    if (status == QUARRY_OK && row != NULL && type != NULL && type->assigns_key) {
        int64_t *key = (void *)((char *)row + type->key_offset);

        /* no change: a trigger has ignored the row, and the last key is another's */
        if (*key == 0 && sqlite3_changes64(db->handle) > 0)
            *key = sqlite3_last_insert_rowid(db->handle);
    }
    return status;
}

/* Reads the row on which `stmt` stands, then ends the statement. */
static quarry_status read_returned(quarry_stmt *stmt, const quarry_row_type *type,
                                   void *row,
                                   void (*read)(quarry_reader *reader, void *row))
{
    quarry_reader reader = {.values = quarry_row_room(stmt, type->column_count),
                            .db = stmt->db,
                            .type = type};
    int code;

    if (reader.values == NULL) {
        reader.status = quarry_rows_no_memory(stmt->db, type);
    } else {
        quarry_row_values(stmt, type->column_count);
        read(&reader, row);
    }
    code = step_all(stmt->handle);
    if (code != SQLITE_DONE)
        return run_failed(stmt, type, row, code);
    quarry_stmt_done(stmt);
    return reader.status;
}

quarry_status quarry_run_returning(quarry_stmt *stmt, const quarry_row_type *type,
                                   void *row,
                                   void (*read)(quarry_reader *reader, void *row))
{
    int code;

    if (stmt->status != QUARRY_OK)
        return give_up(stmt);
    stmt->busy = true;
    code = sqlite3_step(stmt->handle);
    if (code == SQLITE_ROW)
        return read_returned(stmt, type, row, read);
    if (code != SQLITE_DONE)
        return run_failed(stmt, type, row, code);
    quarry_stmt_done(stmt);
    return QUARRY_NOT_FOUND;
}
