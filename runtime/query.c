/*
 * query.c: what named queries need besides tables' functions: statements put together from
 * pieces, one row that must be the only one, rows of numbers by value, and how many rows a
 * change has touched. It must not know what the columns mean.
 */
#include "internal.h"

#include <string.h>

/* ---- statements in pieces ------------------------------------------------------------ */

static bool is_in(const quarry_piece *piece, unsigned filters, int order)
{
    if (piece->order != 0)
        return piece->order == order + 1;
    return piece->filter == 0 || (filters >> (piece->filter - 1) & 1) != 0;
}

/* NULL: no memory. To be freed with sqlite3_free(). */
static char *put_together(const quarry_pieces *pieces, unsigned filters, int order)
{
    sqlite3_str *sql = sqlite3_str_new(NULL);

    for (int i = 0; i < pieces->count; i++)
        if (is_in(&pieces->items[i], filters, order))
            sqlite3_str_appendall(sql, pieces->items[i].sql);
    return sqlite3_str_finish(sql);
}

static quarry_stmt *prepare_text(quarry_db *db, int slot, const char *sql,
                                 const quarry_row_type *type, quarry_way way)
{
    if (way == QUARRY_WAY_RUN)
        return quarry_prepare(db, slot, sql);
    return way == QUARRY_WAY_ROWS ? quarry_prepare_rows(db, slot, sql, type)
                                  : quarry_prepare_row(db, slot, sql, type);
}

quarry_stmt *quarry_prepare_pieces(quarry_db *db, int slot, const quarry_pieces *pieces,
                                   unsigned filters, int order,
                                   const quarry_row_type *type, quarry_way way)
{
    quarry_stmt *stmt;
    char *sql;

    if (order < 0 || order >= pieces->orders) {
        stmt = quarry_slot(db, slot);
        if (stmt->status == QUARRY_OK)
            stmt->status = quarry_misuse(db, "the query has no such order");
        return stmt;
    }
    slot += (order << pieces->filters) + (int)filters;
    stmt = quarry_slot(db, slot);
    if (stmt->status != QUARRY_OK || stmt->handle != NULL)
        return stmt;
    if (stmt->transient)
        quarry_stmt_done(stmt);
    sql = put_together(pieces, filters, order);
    if (sql == NULL) {
        stmt = quarry_slot(db, slot);
        if (stmt->status == QUARRY_OK)
            stmt->status = quarry_no_memory(db, "a statement was being prepared");
        return stmt;
    }
    stmt = prepare_text(db, slot, sql, type, way);
    sqlite3_free(sql);
    return stmt;
}

/* ---- one row ------------------------------------------------------------------------- */

/* A fetch of one row into the caller's struct. */
struct single {
    struct quarry_pull pull; /* must be the first */
    void *place;
};

static bool take_value(struct quarry_pull *pull)
{
    struct single *single = (struct single *)(void *)pull;

    pull->reader.type->read(&pull->reader, single->place);
    return pull->reader.status == QUARRY_OK;
}

static bool refuse_row(struct quarry_pull *pull)
{
    const char *table = pull->reader.type->table;

    pull->reader.status = quarry_fail(pull->reader.db, QUARRY_MISMATCH, table, NULL,
                                      "%s gives more than one row", table);
    return false;
}

static quarry_status failed(quarry_stmt *stmt, int code)
{
    return quarry_fail_row(stmt->db, code, stmt->sql, NULL);
}

/*
 * Steps on behind the first row: a change must run to its end, and what may have a second
 * row must not.
 */
static quarry_status finish(quarry_stmt *stmt, const quarry_row_type *type, bool alone)
{
    struct quarry_pull pull = {.reader = {.db = stmt->db, .type = type},
                               .take = refuse_row};
    int code;

    if (alone && sqlite3_stmt_readonly(stmt->handle))
        return QUARRY_OK;
    code = quarry_pull_next(stmt, &pull);
    if (pull.reader.status != QUARRY_OK) {
        stmt->db->error.sql = stmt->sql;
        return pull.reader.status;
    }
    return code == SQLITE_DONE ? QUARRY_OK : failed(stmt, code);
}

static quarry_status fetch_value(quarry_stmt *stmt, const quarry_row_type *type,
                                 void *value)
{
    struct single single = {
        .pull = {.reader = {.db = stmt->db, .type = type}, .take = take_value},
        .place = value};
    int code = quarry_pull_next(stmt, &single.pull);

    if (single.pull.reader.status != QUARRY_OK)
        return single.pull.reader.status;
    if (code == SQLITE_DONE)
        return QUARRY_NOT_FOUND;
    return code == SQLITE_ROW ? QUARRY_OK : failed(stmt, code);
}

/* A change that turns out to have too many rows must not have happened. */
static quarry_status begin(quarry_stmt *stmt, bool alone, bool *guarded)
{
    *guarded = !alone && !sqlite3_stmt_readonly(stmt->handle);
    return *guarded ? quarry_begin(stmt->db) : QUARRY_OK;
}

static quarry_status end(quarry_db *db, quarry_status status, bool guarded, int depth)
{
    if (guarded && (status == QUARRY_OK || status == QUARRY_NOT_FOUND)) {
        quarry_status committed = quarry_commit(db);

        if (committed == QUARRY_OK)
            return status;
        status = committed;
    }
    if (guarded)
        quarry_abandon(db, depth);
    return status;
}

static quarry_status no_place(quarry_stmt *stmt)
{
    quarry_status status = stmt->status;

    if (status == QUARRY_OK)
        status = quarry_misuse(stmt->db, "a query needs a place for its result");
    quarry_stmt_done(stmt);
    return status;
}

/* Into `value`, or where that is NULL into a block of its own. */
static quarry_status fetch(quarry_stmt *stmt, const quarry_row_type *type, void *value,
                           void **row, bool alone)
{
    quarry_status status = value != NULL ? fetch_value(stmt, type, value)
                                         : quarry_fetch_block(stmt, type, row);

    return status == QUARRY_OK ? finish(stmt, type, alone) : status;
}

static quarry_status fetch_guarded(quarry_stmt *stmt, const quarry_row_type *type,
                                   void *value, void **row, bool alone)
{
    quarry_db *db = stmt->db;
    int depth = db->depth;
    bool guarded;
    quarry_status status = begin(stmt, alone, &guarded);

    if (status == QUARRY_OK)
        status = fetch(stmt, type, value, row, alone);
    else
        guarded = false;
    quarry_stmt_done(stmt);
    return end(db, status, guarded, depth);
}

quarry_status quarry_fetch_value(quarry_stmt *stmt, const quarry_row_type *type,
                                 void *value, bool alone)
{
    if (stmt->status != QUARRY_OK || value == NULL)
        return no_place(stmt);
    return fetch_guarded(stmt, type, value, NULL, alone);
}

quarry_status quarry_fetch_single(quarry_stmt *stmt, const quarry_row_type *type,
                                  void **row, bool alone)
{
    quarry_status status;

    if (row != NULL)
        *row = NULL;
    if (stmt->status != QUARRY_OK || row == NULL)
        return no_place(stmt);
    status = fetch_guarded(stmt, type, NULL, row, alone);
    if (status == QUARRY_OK)
        return status;
    quarry_free(*row);
    *row = NULL;
    return status;
}

/* ---- changes ------------------------------------------------------------------------- */

quarry_status quarry_run_count(quarry_stmt *stmt, const quarry_row_type *type,
                               int64_t *count)
{
    quarry_db *db = stmt->db;
    quarry_status status;

    if (count == NULL)
        return no_place(stmt);
    *count = 0;
    status = quarry_run(stmt, type, NULL);
    if (status == QUARRY_OK)
        *count = sqlite3_changes64(db->handle);
    return status;
}
