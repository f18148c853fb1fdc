/*
 * bind.c: hands the values of C structs to SQLite, or to the cells of a bulk write. The
 * usual case, a statement and no cells, is one call of SQLite and two branches. It must
 * not know tables: which value belongs to which parameter is the generated code's matter.
 */
#include "internal.h"

#include <string.h>

/* ---- failures ------------------------------------------------------------------------
 */

/* Writes only to a statement without an error, so never to that of a NULL connection. */
static void refuse(quarry_stmt *stmt, quarry_status status, int parameter,
                   const char *what)
{
    if (stmt->status == QUARRY_OK)
        stmt->status = quarry_fail(stmt->db, status, NULL, NULL, "parameter %d: %s",
                                   parameter, what);
}

static void bind_failed(quarry_stmt *stmt, int code)
{
    if (code == SQLITE_RANGE && stmt->partial)
        return;
    if (stmt->status == QUARRY_OK)
        stmt->status = quarry_fail_sqlite(stmt->db, code, stmt->sql);
}

static inline void note(quarry_stmt *stmt, int code)
{
    if (code != SQLITE_OK)
        bind_failed(stmt, code);
}

/* ---- cells ---------------------------------------------------------------------- */

APART static void clear_cell(quarry_cell *cell)
{
    if (cell->owned)
        quarry_release((void *)cell->data);
    cell->owned = false;
    cell->data = NULL;
    cell->kind = SQLITE_NULL;
}

void quarry_cells_clear(quarry_cell *cells, int count)
{
    for (int i = 0; i < count; i++)
        clear_cell(&cells[i]);
}

APART static quarry_cell *no_cell(quarry_stmt *stmt, int parameter)
{
    refuse(stmt, QUARRY_MISUSE, parameter, "there is no such parameter");
    return NULL;
}

/* The cell of a parameter, emptied, or NULL where there is none. */
static inline quarry_cell *cell_of(quarry_stmt *stmt, int parameter)
{
    quarry_cell *cell;

    if ((unsigned)parameter - 1 >= (unsigned)stmt->cell_count)
        return no_cell(stmt, parameter);
    cell = &stmt->cells[parameter - 1];
    if (cell->owned)
        clear_cell(cell);
    cell->kind = SQLITE_NULL;
    return cell;
}

static void set_bytes(quarry_stmt *stmt, int parameter, int kind, const void *data,
                      size_t size, bool owned)
{
    quarry_cell *cell = cell_of(stmt, parameter);

    if (cell == NULL) {
        if (owned)
            quarry_release((void *)data);
        return;
    }
    cell->kind = kind;
    cell->data = data;
    cell->size = size;
    cell->owned = owned;
}

int quarry_cell_bind(const quarry_cell *cell, sqlite3_stmt *handle, int parameter)
{
    const char *data = cell->data;

    switch (cell->kind) {
    case SQLITE_INTEGER: return sqlite3_bind_int64(handle, parameter, cell->integer);
    case SQLITE_FLOAT: return sqlite3_bind_double(handle, parameter, cell->real);
    case SQLITE_TEXT:
        return sqlite3_bind_text64(handle, parameter, data, cell->size, SQLITE_STATIC,
                                   SQLITE_UTF8);
    case SQLITE_BLOB:
        return sqlite3_bind_blob64(handle, parameter, data, cell->size, SQLITE_STATIC);
    default: return sqlite3_bind_null(handle, parameter);
    }
}

/* ---- the four kinds of SQLite --------------------------------------------------------
 */

/*
 * The usual case goes straight to SQLite. For a number or NULL it can fail only where there
 * is no such parameter, which was looked at, or where the statement is running, but then
 * the slot gave another one: so there is no code to look at. What is unusual stands apart.
 */
static inline bool is_direct(const quarry_stmt *stmt, int parameter)
{
    return (unsigned)parameter - 1 < stmt->direct;
}

APART static void null_apart(quarry_stmt *stmt, int parameter)
{
    if (stmt->cells != NULL)
        (void)cell_of(stmt, parameter);
    if (stmt->handle != NULL)
        note(stmt, sqlite3_bind_null(stmt->handle, parameter));
}

void quarry_bind_null(quarry_stmt *stmt, int parameter)
{
    if (is_direct(stmt, parameter))
        (void)sqlite3_bind_null(stmt->handle, parameter);
    else
        null_apart(stmt, parameter);
}

APART static void integer_apart(quarry_stmt *stmt, int parameter, int64_t value)
{
    quarry_cell *cell = stmt->cells == NULL ? NULL : cell_of(stmt, parameter);

    if (cell != NULL) {
        cell->kind = SQLITE_INTEGER;
        cell->integer = value;
    }
    if (stmt->handle != NULL)
        note(stmt, sqlite3_bind_int64(stmt->handle, parameter, value));
}

void quarry_bind_int64(quarry_stmt *stmt, int parameter, int64_t value)
{
    if (is_direct(stmt, parameter))
        (void)sqlite3_bind_int64(stmt->handle, parameter, value);
    else
        integer_apart(stmt, parameter, value);
}

APART static void real_apart(quarry_stmt *stmt, int parameter, double value)
{
    quarry_cell *cell = stmt->cells == NULL ? NULL : cell_of(stmt, parameter);

    if (cell != NULL) {
        cell->kind = SQLITE_FLOAT;
        cell->real = value;
    }
    if (stmt->handle != NULL)
        note(stmt, sqlite3_bind_double(stmt->handle, parameter, value));
}

void quarry_bind_double(quarry_stmt *stmt, int parameter, double value)
{
    if (is_direct(stmt, parameter))
        (void)sqlite3_bind_double(stmt->handle, parameter, value);
    else
        real_apart(stmt, parameter, value);
}

APART static void text_apart(quarry_stmt *stmt, int parameter, const char *text)
{
    if (stmt->cells != NULL && text == NULL)
        (void)cell_of(stmt, parameter);
    else if (stmt->cells != NULL)
        set_bytes(stmt, parameter, SQLITE_TEXT, text, strlen(text), false);
    if (stmt->handle != NULL)
        note(stmt, sqlite3_bind_text(stmt->handle, parameter, text, -1, SQLITE_STATIC));
}

/* SQLite makes NULL of a NULL pointer, and refuses what is longer than its limit. */
void quarry_bind_text(quarry_stmt *stmt, int parameter, const char *text)
{
    if (is_direct(stmt, parameter))
        note(stmt, sqlite3_bind_text(stmt->handle, parameter, text, -1, SQLITE_STATIC));
    else
        text_apart(stmt, parameter, text);
}

void quarry_bind_blob(quarry_stmt *stmt, int parameter, quarry_blob blob)
{
    const void *data = blob.data == NULL ? "" : blob.data;

    if (blob.data == NULL && blob.size > 0) {
        refuse(stmt, QUARRY_MISUSE, parameter, "a blob has a size, but its data is NULL");
        return;
    }
    if (stmt->handle != NULL)
        note(stmt, sqlite3_bind_blob64(stmt->handle, parameter, data, blob.size,
                                       SQLITE_STATIC));
    if (stmt->cells != NULL)
        set_bytes(stmt, parameter, SQLITE_BLOB, data, blob.size, false);
}

/* ---- nullable values ------------------------------------------------------------------
 */

void quarry_bind_opt_blob(quarry_stmt *stmt, int parameter, quarry_blob blob)
{
    if (blob.data == NULL && blob.size == 0)
        quarry_bind_null(stmt, parameter);
    else
        quarry_bind_blob(stmt, parameter, blob);
}

void quarry_bind_opt_int64(quarry_stmt *stmt, int parameter, quarry_opt_int64 value)
{
    if (value.has)
        quarry_bind_int64(stmt, parameter, value.value);
    else
        quarry_bind_null(stmt, parameter);
}

void quarry_bind_opt_int32(quarry_stmt *stmt, int parameter, quarry_opt_int32 value)
{
    if (value.has)
        quarry_bind_int64(stmt, parameter, value.value);
    else
        quarry_bind_null(stmt, parameter);
}

void quarry_bind_opt_bool(quarry_stmt *stmt, int parameter, quarry_opt_bool value)
{
    if (value.has)
        quarry_bind_int64(stmt, parameter, value.value);
    else
        quarry_bind_null(stmt, parameter);
}

void quarry_bind_opt_double(quarry_stmt *stmt, int parameter, quarry_opt_double value)
{
    if (value.has)
        quarry_bind_double(stmt, parameter, value.value);
    else
        quarry_bind_null(stmt, parameter);
}

void quarry_bind_key(quarry_stmt *stmt, int parameter, int64_t key)
{
    if (key == 0)
        quarry_bind_null(stmt, parameter);
    else
        quarry_bind_int64(stmt, parameter, key);
}

/* ---- UUIDs ---------------------------------------------------------------------- */

/* The length is found within the struct, so that one without its NUL is not read past. */
void quarry_bind_uuid(quarry_stmt *stmt, int parameter, const quarry_uuid *uuid)
{
    const char *end = memchr(uuid->text, '\0', sizeof uuid->text);
    const size_t length =
        end == NULL ? sizeof uuid->text - 1 : (size_t)(end - uuid->text);

    if (stmt->handle != NULL)
        note(stmt, sqlite3_bind_text(stmt->handle, parameter, uuid->text, (int)length,
                                     SQLITE_STATIC));
    if (stmt->cells != NULL)
        set_bytes(stmt, parameter, SQLITE_TEXT, uuid->text, length, false);
}

void quarry_bind_opt_uuid(quarry_stmt *stmt, int parameter, const quarry_opt_uuid *uuid)
{
    if (uuid->has)
        quarry_bind_uuid(stmt, parameter, &uuid->value);
    else
        quarry_bind_null(stmt, parameter);
}

/* ---- labels --------------------------------------------------------------------- */

/* The JSON is made here: SQLite frees it, or the cell where there is no statement. */
void quarry_bind_labels(quarry_stmt *stmt, int parameter, quarry_labels labels)
{
    char *json = NULL;
    size_t size = 0;

    if (stmt->handle == NULL && stmt->cells == NULL)
        return;
    if (!quarry_labels_format(labels, &json, &size)) {
        refuse(stmt, QUARRY_NO_MEMORY, parameter, "memory ran out");
        return;
    }
    if (stmt->cells != NULL)
        set_bytes(stmt, parameter, SQLITE_TEXT, json, size, stmt->handle == NULL);
    if (stmt->handle != NULL)
        note(stmt, sqlite3_bind_text64(stmt->handle, parameter, json, size,
                                       quarry_release, SQLITE_UTF8));
}

void quarry_bind_opt_labels(quarry_stmt *stmt, int parameter, quarry_opt_labels labels)
{
    if (labels.has)
        quarry_bind_labels(stmt, parameter, labels.value);
    else
        quarry_bind_null(stmt, parameter);
}

/* ---- times ---------------------------------------------------------------------- */

/* Rounds down, so that times before 1970 stay in order and in their second. */
static int64_t floor_seconds(quarry_timestamp time)
{
    const int64_t seconds = time / 1000;

    return time % 1000 < 0 ? seconds - 1 : seconds;
}

void quarry_bind_time_seconds(quarry_stmt *stmt, int parameter, quarry_timestamp time)
{
    quarry_bind_int64(stmt, parameter, floor_seconds(time));
}

static void set_small(quarry_stmt *stmt, int parameter, const char *text, size_t size)
{
    quarry_cell *cell = cell_of(stmt, parameter);

    if (cell == NULL)
        return;
    memcpy(cell->small, text, size);
    cell->kind = SQLITE_TEXT;
    cell->data = cell->small;
    cell->size = size;
}

void quarry_bind_time_text(quarry_stmt *stmt, int parameter, quarry_timestamp time)
{
    char text[QUARRY_TIMESTAMP_SIZE];

    if (!quarry_timestamp_format(time, text)) {
        refuse(stmt, QUARRY_INVALID, parameter,
               "the time is not within the years 0000 to 9999");
        return;
    }
    if (stmt->handle != NULL)
        note(stmt, sqlite3_bind_text(stmt->handle, parameter, text, (int)strlen(text),
                                     SQLITE_TRANSIENT));
    if (stmt->cells != NULL)
        set_small(stmt, parameter, text, strlen(text));
}

void quarry_bind_opt_time_seconds(quarry_stmt *stmt, int parameter, quarry_opt_int64 time)
{
    if (time.has)
        quarry_bind_time_seconds(stmt, parameter, time.value);
    else
        quarry_bind_null(stmt, parameter);
}

void quarry_bind_opt_time_text(quarry_stmt *stmt, int parameter, quarry_opt_int64 time)
{
    if (time.has)
        quarry_bind_time_text(stmt, parameter, time.value);
    else
        quarry_bind_null(stmt, parameter);
}
