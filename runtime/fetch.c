/*
 * fetch.c: runs a SELECT and gives its rows to the caller to own: one, all, or a number.
 *
 * All rows come in a single sqlite3_step() where that is faster: the SELECT is wrapped in
 * one that calls an aggregate function for each row. Order is never at stake: what has an
 * ORDER BY is stepped through, see compile_rows().
 * This file must not know what the columns mean: read.c and the row's type do.
 */
#include "internal.h"

#include <string.h>

enum {
    FEW_COLUMNS = 32,
    ALIGNMENT = sizeof(max_align_t)
};

/* A fetch of all rows under way. */
struct quarry_pull {
    quarry_reader reader;
    size_t count;
    size_t capacity; /* rows for which there is room */
    char *items;
    bool by_key;   /* in the order of the key … */
    bool unsorted; /* … in which they do not come */
};

/* ---- taking rows --------------------------------------------------------------- */

static quarry_status out_of_memory(quarry_db *db, const quarry_row_type *type)
{
    return quarry_fail(db, QUARRY_NO_MEMORY, type->table, NULL,
                       "memory ran out while rows of %s were being read", type->table);
}

static bool grow(struct quarry_pull *pull)
{
    quarry_arena *arena = pull->reader.arena;
    const quarry_row_type *type = pull->reader.type;
    char *items = quarry_arena_items(arena, (pull->count + 1) * type->size);
    if (items == NULL) {
        pull->reader.status = out_of_memory(pull->reader.db, type);
        return false;
    }
    pull->items = items;
    pull->capacity = arena->items_capacity / type->size;
    return true;
}

/*
 * Room for as many rows as there were the last time, so that they are rarely moved. What
 * is not there for so many may be there for one.
 */
static bool make_room(struct quarry_pull *pull, size_t expected)
{
    size_t size = pull->reader.type->size;
    if (expected > 0 && expected <= SIZE_MAX / size)
        (void)quarry_arena_items(pull->reader.arena, expected * size);
    return grow(pull);
}

static int64_t key_of(const struct quarry_pull *pull, size_t index)
{
    const quarry_row_type *type = pull->reader.type;
    int64_t key;
    memcpy(&key, pull->items + index * type->size + type->key_offset, sizeof key);
    return key;
}

/* Reads the row at which the reader stands. */
static bool take_row(struct quarry_pull *pull)
{
    const quarry_row_type *type = pull->reader.type;
    if (pull->count == pull->capacity && !grow(pull))
        return false;
    type->read(&pull->reader, pull->items + pull->count * type->size);
    if (pull->by_key && pull->count > 0 &&
        key_of(pull, pull->count - 1) > key_of(pull, pull->count))
        pull->unsorted = true;
    pull->count++;
    return pull->reader.status == QUARRY_OK;
}

static void pull_step(sqlite3_context *context, int count, sqlite3_value **values)
{
    const quarry_db *db = sqlite3_user_data(context);
    struct quarry_pull *pull = db->pull;
    if (pull == NULL || count != pull->reader.type->column_count) {
        sqlite3_result_error(context, "quarry_pull() is the runtime's own", -1);
        return;
    }
    pull->reader.values = values;
    if (!take_row(pull))
        sqlite3_result_error(context, "a row was refused", -1);
}

static void pull_final(sqlite3_context *context)
{
    sqlite3_result_null(context);
}

/* ---- preparing ----------------------------------------------------------------- */

static quarry_status register_pull(quarry_db *db)
{
    if (db->pull_function)
        return QUARRY_OK;
    int code = sqlite3_create_function_v2(db->handle, "quarry_pull", -1,
                                          SQLITE_UTF8 | SQLITE_DIRECTONLY, db, NULL,
                                          pull_step, pull_final, NULL);
    if (code != SQLITE_OK)
        return quarry_fail_sqlite(db, code, NULL);
    db->pull_function = true;
    return QUARRY_OK;
}

static void add_names(sqlite3_str *sql, int count)
{
    for (int i = 1; i <= count; i++)
        sqlite3_str_appendf(sql, i == 1 ? "(c%d" : ", c%d", i);
    sqlite3_str_appendchar(sql, 1, ')');
}

/* The SELECT as a common table expression, whose columns get names of our own. */
static char *wrap(const char *sql, int columns)
{
    sqlite3_str *wrapped = sqlite3_str_new(NULL);
    sqlite3_str_appendall(wrapped, "WITH quarry_pulled");
    add_names(wrapped, columns);
    sqlite3_str_appendf(wrapped, " AS (%s\n) SELECT quarry_pull", sql);
    add_names(wrapped, columns);
    sqlite3_str_appendall(wrapped, " FROM quarry_pulled");
    return sqlite3_str_finish(wrapped);
}

bool quarry_program_has(quarry_db *db, const char *sql, const char *opcode)
{
    sqlite3_stmt *program = NULL;
    char *text = sqlite3_mprintf("EXPLAIN %s", sql);
    bool has = text == NULL || sqlite3_prepare_v2(db->handle, text, -1, &program, NULL);
    while (!has && sqlite3_step(program) == SQLITE_ROW) {
        const char *found = (const char *)sqlite3_column_text(program, 1);
        has = found == NULL || strcmp(found, opcode) == 0;
    }
    sqlite3_finalize(program);
    sqlite3_free(text);
    return has;
}

/*
 * A SELECT that becomes one with the aggregate is wrapped. Where it can't, because it has
 * an ORDER BY or is a compound, it would run as a coroutine and copy each row: stepping
 * through it is faster then, and what does not prepare gets its error from there.
 */
static void compile_rows(quarry_stmt *stmt, const char *sql, const quarry_row_type *type)
{
    quarry_db *db = stmt->db;
    int limit = sqlite3_limit(db->handle, SQLITE_LIMIT_FUNCTION_ARG, -1);
    stmt->status = register_pull(db);
    if (stmt->status != QUARRY_OK)
        return;
    char *wrapped = wrap(sql, type->column_count);
    if (wrapped == NULL) {
        stmt->status = out_of_memory(db, type);
        return;
    }
    stmt->pulls =
        type->column_count <= limit && !quarry_program_has(db, wrapped, "InitCoroutine");
    quarry_stmt_compile(stmt, stmt->pulls ? wrapped : sql);
    sqlite3_free(wrapped);
    if (stmt->status != QUARRY_OK || stmt->pulls ||
        sqlite3_column_count(stmt->handle) == type->column_count)
        return;
    sqlite3_finalize(stmt->handle);
    stmt->handle = NULL;
    stmt->status = quarry_misuse(db, "a SELECT has not the columns of its type");
}

quarry_stmt *quarry_prepare_rows(quarry_db *db, int slot, const char *sql,
                                 const quarry_row_type *type)
{
    quarry_stmt *stmt = quarry_slot(db, slot);
    if (stmt->status == QUARRY_OK && stmt->handle == NULL)
        compile_rows(stmt, sql, type);
    return stmt;
}

/* ---- sorting by the key -------------------------------------------------------- */

static void swap_rows(char *a, char *b, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        char kept = a[i];
        a[i] = b[i];
        b[i] = kept;
    }
}

/* Moves the row at `index` down a heap of `count` rows, to below the larger keys. */
static void sift(const struct quarry_pull *pull, size_t index, size_t count)
{
    size_t size = pull->reader.type->size;
    for (;;) {
        size_t child = 2 * index + 1;
        if (child >= count)
            return;
        if (child + 1 < count && key_of(pull, child + 1) > key_of(pull, child))
            child++;
        if (key_of(pull, index) >= key_of(pull, child))
            return;
        swap_rows(pull->items + index * size, pull->items + child * size, size);
        index = child;
    }
}

/* A heap sort, because qsort() can't be told where the key stands. Rarely needed. */
static void sort_rows(const struct quarry_pull *pull)
{
    size_t size = pull->reader.type->size;
    for (size_t i = pull->count / 2; i > 0; i--)
        sift(pull, i - 1, pull->count);
    for (size_t i = pull->count; i > 1; i--) {
        swap_rows(pull->items, pull->items + (i - 1) * size, size);
        sift(pull, 0, i - 1);
    }
}

/* There is nowhere to put the result. */
static quarry_status no_place(quarry_stmt *stmt, const char *message)
{
    quarry_status status = stmt->status;

    if (status == QUARRY_OK)
        status = quarry_misuse(stmt->db, message);
    quarry_stmt_done(stmt);
    return status;
}

/* ---- all rows ------------------------------------------------------------------ */

/* SQLite's code: SQLITE_DONE, or else the error, where it is not the reader's. */
static int step_pull(quarry_stmt *stmt, struct quarry_pull *pull)
{
    quarry_db *db = stmt->db;
    struct quarry_pull *outer = db->pull; /* a fetch whose SQL calls a user's function */
    db->pull = pull;
    int code = sqlite3_step(stmt->handle);
    if (code == SQLITE_ROW)
        code = sqlite3_step(stmt->handle);
    db->pull = outer;
    return code;
}

/* Of rows of more columns than have room here, each value is asked for by itself. */
static int step_plainly(quarry_stmt *stmt, struct quarry_pull *pull)
{
    sqlite3_value *values[FEW_COLUMNS];
    int count = pull->reader.type->column_count;
    int code;
    pull->reader.stmt = stmt->handle;
    pull->reader.values = count <= FEW_COLUMNS ? values : NULL;
    do {
        code = sqlite3_step(stmt->handle);
        if (code == SQLITE_ROW && count <= FEW_COLUMNS)
            quarry_row_values(stmt, values, count);
    } while (code == SQLITE_ROW && take_row(pull));
    pull->reader.values = NULL;
    return code;
}

static quarry_status pull_rows(quarry_stmt *stmt, struct quarry_pull *pull)
{
    stmt->busy = true; /* a user's function in the SQL may fetch from the same slot */
    int code = stmt->pulls ? step_pull(stmt, pull) : step_plainly(stmt, pull);
    if (pull->reader.status != QUARRY_OK)
        return pull->reader.status;
    return code == SQLITE_DONE ? QUARRY_OK
                               : quarry_fail_sqlite(stmt->db, code, stmt->sql);
}

static quarry_status fetch_into(quarry_stmt *stmt, const quarry_row_type *type,
                                bool by_key, quarry_arena *arena, quarry_rows *rows)
{
    struct quarry_pull pull = {.reader = {.arena = arena, .db = stmt->db, .type = type},
                               .by_key = by_key};
    void *list = arena == NULL ? NULL : quarry_arena_allocate(arena, 3 * sizeof(void *));
    if (list == NULL)
        return out_of_memory(stmt->db, type);
    if (!make_room(&pull, stmt->rows_before))
        return pull.reader.status;
    quarry_status status = pull_rows(stmt, &pull);
    if (status != QUARRY_OK)
        return status;
    if (pull.unsorted)
        sort_rows(&pull);
    stmt->rows_before = pull.count;
    *rows = (quarry_rows){pull.items, pull.count, arena, list};
    return QUARRY_OK;
}

static quarry_status fetch_rows(quarry_stmt *stmt, const quarry_row_type *type,
                                bool by_key, quarry_rows *rows)
{
    quarry_status status = stmt->status;
    quarry_arena *arena;
    if (rows == NULL)
        return no_place(stmt, "a list needs a place for its rows");
    memset(rows, 0, sizeof *rows);
    if (status == QUARRY_OK) {
        arena = quarry_arena_new();
        status = fetch_into(stmt, type, by_key, arena, rows);
        if (status != QUARRY_OK)
            quarry_arena_free(arena);
    }
    quarry_stmt_done(stmt);
    return status;
}

quarry_status quarry_fetch_rows(quarry_stmt *stmt, const quarry_row_type *type,
                                quarry_rows *rows)
{
    return fetch_rows(stmt, type, false, rows);
}

quarry_status quarry_fetch_rows_by_key(quarry_stmt *stmt, const quarry_row_type *type,
                                       quarry_rows *rows)
{
    return fetch_rows(stmt, type, true, rows);
}

/* ---- one row ------------------------------------------------------------------- */

/* Reads a row whose size is known into one block, which the caller gets. */
static quarry_status read_block(quarry_reader *reader, size_t bytes, void **row)
{
    const quarry_row_type *type = reader->type;
    size_t start = (type->size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    char *block = quarry_allocate(start + bytes);
    quarry_arena arena;
    if (block == NULL)
        return out_of_memory(reader->db, type);
    quarry_arena_over(&arena, block + start, bytes);
    reader->arena = &arena;
    type->read(reader, block);
    if (reader->status == QUARRY_OK && arena.chunks != NULL)
        reader->status = quarry_misuse(reader->db, "a row took more than its size");
    quarry_arena_release(&arena);
    if (reader->status == QUARRY_OK)
        *row = block;
    else
        quarry_release(block);
    return reader->status;
}

static quarry_status read_row(quarry_stmt *stmt, const quarry_row_type *type, void **row)
{
    sqlite3_value *few[FEW_COLUMNS];
    int count = type->column_count;
    quarry_reader reader = {.stmt = stmt->handle, .db = stmt->db, .type = type};
    sqlite3_value **values = few;
    if (count > FEW_COLUMNS)
        values = quarry_allocate((size_t)count * sizeof(sqlite3_value *));
    if (values == NULL)
        return out_of_memory(stmt->db, type);
    quarry_row_values(stmt, values, count);
    reader.values = values;
    quarry_status status = read_block(&reader, quarry_row_bytes(values, type), row);
    if (values != few)
        quarry_release(values);
    return status;
}

quarry_status quarry_fetch_one(quarry_stmt *stmt, const quarry_row_type *type, void **row)
{
    quarry_status status = stmt->status;
    if (row == NULL)
        return no_place(stmt, "a get needs a place for its row");
    *row = NULL;
    if (status == QUARRY_OK) {
        int code = sqlite3_step(stmt->handle);
        if (code == SQLITE_ROW)
            status = read_row(stmt, type, row);
        else if (code == SQLITE_DONE)
            status = QUARRY_NOT_FOUND;
        else
            status = quarry_fail_sqlite(stmt->db, code, stmt->sql);
    }
    quarry_stmt_done(stmt);
    return status;
}

/* ---- numbers ------------------------------------------------------------------- */

quarry_status quarry_fetch_exists(quarry_stmt *stmt, bool *exists)
{
    quarry_status status = stmt->status;
    if (exists == NULL)
        return no_place(stmt, "exists needs a place for its answer");
    *exists = false;
    if (status == QUARRY_OK) {
        int code = sqlite3_step(stmt->handle);
        if (code == SQLITE_ROW)
            *exists = true;
        else if (code != SQLITE_DONE)
            status = quarry_fail_sqlite(stmt->db, code, stmt->sql);
    }
    quarry_stmt_done(stmt);
    return status;
}

/* The integer at which `handle` stands; an expression has no table to be named. */
static quarry_status read_number(quarry_stmt *stmt, int64_t *value)
{
    if (sqlite3_column_type(stmt->handle, 0) != SQLITE_INTEGER) {
        quarry_status status = quarry_fail(stmt->db, QUARRY_MISMATCH, NULL, NULL,
                                           "the result is no integer");
        stmt->db->error.sql = stmt->sql;
        return status;
    }
    *value = sqlite3_column_int64(stmt->handle, 0);
    return QUARRY_OK;
}

quarry_status quarry_fetch_int64(quarry_stmt *stmt, int64_t *value)
{
    quarry_status status = stmt->status;
    if (value == NULL)
        return no_place(stmt, "a number needs a place to go");
    *value = 0;
    if (status == QUARRY_OK) {
        int code = sqlite3_step(stmt->handle);
        if (code == SQLITE_ROW)
            status = read_number(stmt, value);
        else if (code == SQLITE_DONE)
            status = QUARRY_NOT_FOUND;
        else
            status = quarry_fail_sqlite(stmt->db, code, stmt->sql);
    }
    quarry_stmt_done(stmt);
    return status;
}
