/*
 * cursor.c: reads a result row by row in constant memory: one block, as large as the
 * largest row's strings, holds those of the current row.
 *
 * A cursor owns its statement until it ends. The connection keeps a list of those that
 * are open, so that quarry_close() can end them. This file must not know what the columns
 * mean.
 */
#include "internal.h"

#include <string.h>

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

quarry_stmt *quarry_cursor_open(quarry_cursor *cursor, quarry_db *db, int slot,
                                const char *sql, const quarry_row_type *type)
{
    if (cursor == NULL) {
        quarry_misuse(db, "a cursor needs a place");
        return quarry_prepare_row(NULL, slot, sql, type);
    }
    return quarry_cursor_over(cursor, db, quarry_prepare_row(db, slot, sql, type), type);
}

quarry_stmt *quarry_cursor_over(quarry_cursor *cursor, quarry_db *db, quarry_stmt *stmt,
                                const quarry_row_type *type)
{
    memset(cursor, 0, sizeof *cursor);
    cursor->type = type;
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
static void end(quarry_cursor *cursor, int code)
{
    const quarry_stmt *stmt = cursor->stmt;
    finish(cursor, code == SQLITE_DONE ? QUARRY_OK
                                       : quarry_fail_sqlite(stmt->db, code, stmt->sql));
}

/* ---- reading ------------------------------------------------------------------- */

/* A step of a cursor. */
struct step {
    struct quarry_pull pull; /* must be the first */
    quarry_cursor *cursor;
    void *row;
};

/* Makes `arena` one over the cursor's block, with room for `size`. False: no memory. */
static bool make_room(quarry_cursor *cursor, size_t size, quarry_arena *arena)
{
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

/* SQLite's own strings end with the function that gets them: hence the copy. */
static bool take_step(struct quarry_pull *pull)
{
    struct step *step = (struct step *)(void *)pull;
    quarry_reader *reader = &pull->reader;
    const quarry_row_type *type = reader->type;
    quarry_arena arena;
    if (!make_room(step->cursor, quarry_row_bytes(reader->values, type), &arena)) {
        reader->status = quarry_rows_no_memory(reader->db, type);
        return false;
    }
    reader->arena = &arena;
    type->read(reader, step->row);
    if (reader->status == QUARRY_OK && arena.chunks != NULL)
        reader->status = quarry_misuse(reader->db, "a row took more than its size");
    quarry_arena_release(&arena);
    return reader->status == QUARRY_OK;
}

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
    struct step step = {
        .pull = {.reader = {.db = stmt->db, .type = cursor->type}, .take = take_step},
        .cursor = cursor,
        .row = row};
    int code = quarry_pull_next(stmt, &step.pull);
    if (step.pull.reader.status != QUARRY_OK)
        finish(cursor, step.pull.reader.status);
    else if (code != SQLITE_ROW)
        end(cursor, code);
    return cursor->stmt != NULL;
}

quarry_status quarry_cursor_close(quarry_cursor *cursor)
{
    if (cursor == NULL)
        return QUARRY_OK;
    if (cursor->stmt != NULL)
        finish(cursor, cursor->stmt->status);
    return cursor->status;
}
