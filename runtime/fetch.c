/*
 * fetch.c: runs a SELECT and gives its rows to the caller to own: one, all, or a number.
 *
 * Rows come from pull.c, which says how. This file must not know what the columns mean:
 * read.c and the row's type do.
 */
#include "internal.h"

#include <string.h>

enum {
    ALIGNMENT = sizeof(max_align_t),
    LONG_LIST = 256 * 1024 /* bytes of rows from which equal texts are shared */
};

/* A fetch of all rows under way. */
struct list {
    struct quarry_pull pull; /* must be the first */
    size_t count;
    size_t capacity; /* rows for which there is room */
    char *items;
    bool seen_long; /* `texts` were asked for */
    bool by_key;    /* in the order of the key … */
    bool unsorted;  /* … in which they do not come */
};

/* ---- taking rows --------------------------------------------------------------- */

static bool has_texts(const quarry_row_type *type)
{
    int column = 0;
    while (column < type->column_count && type->columns[column].fixed)
        column++;
    return column < type->column_count;
}

/* A list that gets long is worth a table of its texts; without memory it does without. */
static void share_texts(struct list *list)
{
    quarry_reader *reader = &list->pull.reader;
    if (list->seen_long || reader->arena->items_capacity < LONG_LIST)
        return;
    list->seen_long = true;
    if (has_texts(reader->type))
        reader->texts = quarry_texts_new();
}

static bool grow(struct list *list)
{
    quarry_reader *reader = &list->pull.reader;
    size_t size = reader->type->size;
    char *items = quarry_arena_items(reader->arena, (list->count + 1) * size);
    if (items == NULL) {
        reader->status = quarry_rows_no_memory(reader->db, reader->type);
        return false;
    }
    list->items = items;
    list->capacity = reader->arena->items_capacity / size;
    share_texts(list);
    return true;
}

/*
 * Room for as many rows as there were the last time, so that they are rarely moved. What
 * is not there for so many may be there for one.
 */
static bool make_room(struct list *list, size_t expected)
{
    const quarry_reader *reader = &list->pull.reader;
    size_t size = reader->type->size;
    if (expected > 0 && expected <= SIZE_MAX / size)
        (void)quarry_arena_items(reader->arena, expected * size);
    return grow(list);
}

static int64_t key_of(const struct list *list, size_t index)
{
    const quarry_row_type *type = list->pull.reader.type;
    int64_t key;
    memcpy(&key, list->items + index * type->size + type->key_offset, sizeof key);
    return key;
}

static bool take_into_list(struct quarry_pull *pull)
{
    struct list *list = (struct list *)(void *)pull;
    const quarry_row_type *type = pull->reader.type;
    if (list->count == list->capacity && !grow(list))
        return false;
    type->read(&pull->reader, list->items + list->count * type->size);
    if (list->by_key && list->count > 0 &&
        key_of(list, list->count - 1) > key_of(list, list->count))
        list->unsorted = true;
    list->count++;
    return pull->reader.status == QUARRY_OK;
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
static void sift(const struct list *list, size_t index, size_t count)
{
    size_t size = list->pull.reader.type->size;
    for (;;) {
        size_t child = 2 * index + 1;
        if (child >= count)
            return;
        if (child + 1 < count && key_of(list, child + 1) > key_of(list, child))
            child++;
        if (key_of(list, index) >= key_of(list, child))
            return;
        swap_rows(list->items + index * size, list->items + child * size, size);
        index = child;
    }
}

/* A heap sort, because qsort() can't be told where the key stands. Rarely needed. */
static void sort_rows(const struct list *list)
{
    size_t size = list->pull.reader.type->size;
    for (size_t i = list->count / 2; i > 0; i--)
        sift(list, i - 1, list->count);
    for (size_t i = list->count; i > 1; i--) {
        swap_rows(list->items, list->items + (i - 1) * size, size);
        sift(list, 0, i - 1);
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

/* Takes rows until there are no more, or one is refused. */
static quarry_status take_all(quarry_stmt *stmt, struct quarry_pull *pull)
{
    int code;
    do {
        code = quarry_pull_next(stmt, pull);
    } while (code == SQLITE_ROW);
    if (pull->reader.status != QUARRY_OK)
        return pull->reader.status;
    return code == SQLITE_DONE ? QUARRY_OK
                               : quarry_fail_sqlite(stmt->db, code, stmt->sql);
}

static quarry_status fetch_into(quarry_stmt *stmt, const quarry_row_type *type,
                                bool by_key, quarry_arena *arena, quarry_rows *rows)
{
    struct list list = {.pull = {.reader = {.arena = arena, .db = stmt->db, .type = type},
                                 .take = take_into_list},
                        .by_key = by_key};
    void *room = arena == NULL ? NULL : quarry_arena_allocate(arena, 3 * sizeof(void *));
    if (room == NULL)
        return quarry_rows_no_memory(stmt->db, type);
    if (!make_room(&list, stmt->rows_before))
        return list.pull.reader.status;
    quarry_status status = take_all(stmt, &list.pull);
    quarry_release(list.pull.reader.texts);
    if (status != QUARRY_OK)
        return status;
    if (list.unsorted)
        sort_rows(&list);
    stmt->rows_before = list.count;
    *rows = (quarry_rows){list.items, list.count, arena, room};
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

/* A fetch of one row. */
struct one {
    struct quarry_pull pull; /* must be the first */
    char *block;             /* the row, then its strings; NULL after a failure */
};

static bool take_one(struct quarry_pull *pull)
{
    struct one *one = (struct one *)(void *)pull;
    quarry_reader *reader = &pull->reader;
    const quarry_row_type *type = reader->type;
    size_t start = (type->size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    size_t bytes = quarry_row_bytes(reader->values, type);
    quarry_arena arena;
    quarry_release(one->block); /* of a row that came out of step, see pull.c */
    one->block = quarry_allocate(start + bytes);
    if (one->block == NULL) {
        reader->status = quarry_rows_no_memory(reader->db, type);
        return false;
    }
    quarry_arena_over(&arena, one->block + start, bytes);
    reader->arena = &arena;
    type->read(reader, one->block);
    if (reader->status == QUARRY_OK && arena.chunks != NULL)
        reader->status = quarry_misuse(reader->db, "a row took more than its size");
    quarry_arena_release(&arena);
    return reader->status == QUARRY_OK;
}

quarry_status quarry_fetch_block(quarry_stmt *stmt, const quarry_row_type *type,
                                 void **row)
{
    struct one one = {
        .pull = {.reader = {.db = stmt->db, .type = type}, .take = take_one}};
    int code = quarry_pull_next(stmt, &one.pull);
    quarry_status status = one.pull.reader.status;
    if (status == QUARRY_OK && code == SQLITE_ROW) {
        *row = one.block;
        return QUARRY_OK;
    }
    quarry_release(one.block);
    if (status != QUARRY_OK)
        return status;
    if (code == SQLITE_DONE)
        return QUARRY_NOT_FOUND;
    return quarry_fail_sqlite(stmt->db, code, stmt->sql);
}

quarry_status quarry_fetch_one(quarry_stmt *stmt, const quarry_row_type *type, void **row)
{
    quarry_status status = stmt->status;
    if (row == NULL)
        return no_place(stmt, "a get needs a place for its row");
    *row = NULL;
    if (status == QUARRY_OK)
        status = quarry_fetch_block(stmt, type, row);
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
        stmt->busy = true;
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
        stmt->busy = true;
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
