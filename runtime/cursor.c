/*
 * cursor.c: reads a result row by row in constant memory, its strings borrowed from
 * SQLite.
 *
 * A cursor owns its statement until it ends. The connection keeps a list of those that
 * are open, so that quarry_close() can end them. This file must not know what the columns
 * mean.
 */
#include "internal.h"

#include <string.h>

/* Rows of more are read column by column. */
enum {
    FEW_COLUMNS = 64
};

static void link_in(quarry_cursor *cursor, quarry_db *db)
{
    cursor->previous = &db->cursors;
    cursor->next = db->cursors;
    if (cursor->next != NULL)
        cursor->next->previous = &cursor->next;
    db->cursors = cursor;
}

static void unlink_from(quarry_cursor *cursor)
{
    *cursor->previous = cursor->next;
    if (cursor->next != NULL)
        cursor->next->previous = cursor->previous;
    cursor->next = NULL;
    cursor->previous = NULL;
}

static bool has_labels(const quarry_row_type *type)
{
    for (int i = 0; i < type->column_count; i++) {
        if (type->columns[i].labels)
            return true;
    }
    return false;
}

quarry_stmt *quarry_cursor_open(quarry_cursor *cursor, quarry_db *db, int slot,
                                const char *sql, const quarry_row_type *type)
{
    if (cursor == NULL) {
        quarry_misuse(db, "a cursor needs a place");
        return quarry_prepare(NULL, slot, sql);
    }
    quarry_stmt *stmt = quarry_prepare(db, slot, sql);
    memset(cursor, 0, sizeof *cursor);
    cursor->type = type;
    cursor->labels = has_labels(type);
    cursor->status = stmt->status;
    if (stmt->status != QUARRY_OK && !stmt->transient)
        return stmt; /* it may serve others meanwhile: not the cursor's to give back */
    stmt->busy = true;
    cursor->stmt = stmt;
    link_in(cursor, db);
    return stmt;
}

static void finish(quarry_cursor *cursor, quarry_status status)
{
    quarry_stmt *stmt = cursor->stmt;
    cursor->stmt = NULL;
    cursor->status = status;
    unlink_from(cursor);
    quarry_release(cursor->scratch);
    cursor->scratch = NULL;
    cursor->scratch_size = 0;
    stmt->busy = false;
    quarry_stmt_done(stmt);
}

/* The statement gave no row: it is at its end, or failed. */
static bool end(quarry_cursor *cursor, int code)
{
    const quarry_stmt *stmt = cursor->stmt;
    finish(cursor, code == SQLITE_DONE ? QUARRY_OK
                                       : quarry_fail_sqlite(stmt->db, code, stmt->sql));
    return false;
}

/* ---- labels -------------------------------------------------------------------- */

/* The labels of each row are decoded into one block, which is as large as the largest. */
static size_t labels_size(const quarry_cursor *cursor)
{
    const quarry_row_type *type = cursor->type;
    sqlite3_stmt *handle = cursor->stmt->handle;
    size_t size = 0;
    for (int i = 0; i < type->column_count; i++) {
        if (type->columns[i].labels && sqlite3_column_type(handle, i) == SQLITE_TEXT)
            size += quarry_labels_bytes((size_t)sqlite3_column_bytes(handle, i));
    }
    return size;
}

/* Makes `arena` one for the labels of the row. False: there are none, or no memory. */
static bool make_room(quarry_cursor *cursor, quarry_arena *arena)
{
    size_t size = labels_size(cursor);
    if (size == 0)
        return false;
    if (size > cursor->scratch_size) {
        quarry_release(cursor->scratch);
        cursor->scratch_size = 0;
        cursor->scratch = quarry_allocate(size);
        if (cursor->scratch == NULL)
            return false;
        cursor->scratch_size = size;
    }
    quarry_arena_over(arena, cursor->scratch, cursor->scratch_size);
    return true;
}

/* ---- reading ------------------------------------------------------------------- */

bool quarry_cursor_next(quarry_cursor *cursor, void *row)
{
    quarry_stmt *stmt = cursor == NULL ? NULL : cursor->stmt;
    if (stmt == NULL)
        return false;
    if (stmt->status != QUARRY_OK || row == NULL) {
        finish(cursor,
               stmt->status != QUARRY_OK
                   ? stmt->status
                   : quarry_misuse(stmt->db, "a cursor needs a place for its row"));
        return false;
    }
    int code = sqlite3_step(stmt->handle);
    if (code != SQLITE_ROW)
        return end(cursor, code);
    const quarry_row_type *type = cursor->type;
    quarry_reader reader = {.stmt = stmt->handle, .db = stmt->db, .type = type};
    sqlite3_value *values[FEW_COLUMNS];
    quarry_arena arena;
    if (type->column_count <= FEW_COLUMNS) {
        quarry_row_values(stmt, values, type->column_count);
        reader.values = values;
    }
    if (cursor->labels && make_room(cursor, &arena))
        reader.scratch = &arena;
    type->read(&reader, row);
    if (reader.status == QUARRY_OK)
        return true;
    finish(cursor, reader.status);
    return false;
}

quarry_status quarry_cursor_close(quarry_cursor *cursor)
{
    if (cursor == NULL)
        return QUARRY_OK;
    if (cursor->stmt != NULL)
        finish(cursor, cursor->stmt->status);
    return cursor->status;
}
