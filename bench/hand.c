/*
 * hand.c: the floor: the workloads as a careful programmer writes them against SQLite's
 * own interface. Statements are prepared once and reused, values bound with
 * SQLITE_STATIC, results read with sqlite3_column_*; a list is an array of structs that
 * doubles, and each of its strings a strdup(). It must not know the runtime.
 */
#include "bench.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum statement {
    HAND_INSERT,
    HAND_UPDATE_COLUMN,
    HAND_UPDATE,
    HAND_DELETE,
    HAND_GET,
    HAND_LIST,
    HAND_UPSERT_STAT,
    HAND_UPSERT_CONFIG,
    HAND_RANGE,
    HAND_AGGREGATE,
    HAND_STATEMENTS
};

#define STAT_COLUMNS                                                                     \
    "id, container_id, host_id, cpu_usage, memory_usage, memory_limit, network_rx, "     \
    "network_tx, disk_read, disk_write, timestamp"
#define STAT_VALUES "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"

static const char *const statements[HAND_STATEMENTS] = {
    [HAND_INSERT] = "INSERT INTO container_stats (" STAT_COLUMNS ") " STAT_VALUES,
    [HAND_UPDATE_COLUMN] = "UPDATE container_stats SET memory_usage = ?2 WHERE id = ?1",
    [HAND_UPDATE] = "UPDATE container_stats SET container_id = ?2, host_id = ?3, "
                    "cpu_usage = ?4, memory_usage = ?5, memory_limit = ?6, "
                    "network_rx = ?7, network_tx = ?8, disk_read = ?9, disk_write = ?10, "
                    "timestamp = ?11 WHERE id = ?1",
    [HAND_DELETE] = "DELETE FROM container_stats WHERE id = ?1",
    [HAND_GET] = "SELECT " STAT_COLUMNS " FROM container_stats WHERE id = ?1",
    [HAND_LIST] = "SELECT " STAT_COLUMNS " FROM container_stats ORDER BY id",
    [HAND_UPSERT_STAT] =
        "INSERT INTO container_stats (" STAT_COLUMNS ") " STAT_VALUES
        " ON CONFLICT (id) DO UPDATE SET container_id = excluded.container_id, "
        "host_id = excluded.host_id, cpu_usage = excluded.cpu_usage, "
        "memory_usage = excluded.memory_usage, memory_limit = excluded.memory_limit, "
        "network_rx = excluded.network_rx, network_tx = excluded.network_tx, "
        "disk_read = excluded.disk_read, disk_write = excluded.disk_write",
    [HAND_UPSERT_CONFIG] =
        "INSERT INTO configurations (key, value, updated) VALUES (?1, ?2, ?3) "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value, "
        "updated = excluded.updated",
    [HAND_RANGE] = "SELECT " STAT_COLUMNS " FROM container_stats "
                   "WHERE container_id = ?1 AND timestamp >= ?2 "
                   "ORDER BY timestamp DESC LIMIT ?3",
    [HAND_AGGREGATE] = "SELECT avg(cpu_usage), avg(memory_usage) FROM container_stats "
                       "WHERE container_id = ?1 AND timestamp >= ?2",
};

struct hand {
    sqlite3 *handle;
    sqlite3_stmt *stmts[HAND_STATEMENTS];
};

static void check(const struct hand *hand, bool good)
{
    if (!good)
        die("hand-written: %s", sqlite3_errmsg(hand->handle));
}

/* ---- the connection ------------------------------------------------------------- */

static void execute(const struct hand *hand, const char *sql)
{
    check(hand, sqlite3_exec(hand->handle, sql, NULL, NULL, NULL) == SQLITE_OK);
}

/* The switches and pragmas of the runtime's open, at its defaults. */
static void configure(const struct hand *hand)
{
    sqlite3_extended_result_codes(hand->handle, 1);
    sqlite3_busy_timeout(hand->handle, 5000);
    sqlite3_db_config(hand->handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
    sqlite3_db_config(hand->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 1, NULL); /* json */
    sqlite3_db_config(hand->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(hand->handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(hand->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    execute(hand, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; "
                  "PRAGMA cache_size = -65536; PRAGMA mmap_size = 0");
}

static void *hand_open(const char *path, int flags)
{
    struct hand *hand = calloc(1, sizeof *hand);

    if (hand == NULL)
        die("out of memory");
    flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    check(hand, sqlite3_open_v2(path, &hand->handle, flags, NULL) == SQLITE_OK);
    configure(hand);
    for (int i = 0; i < HAND_STATEMENTS; i++)
        check(hand, sqlite3_prepare_v3(hand->handle, statements[i], -1,
                                       SQLITE_PREPARE_PERSISTENT, &hand->stmts[i],
                                       NULL) == SQLITE_OK);
    return hand;
}

static void *open_unlocked(const char *path)
{
    return hand_open(path, SQLITE_OPEN_NOMUTEX);
}

/* What sqlite3_open() gives: the library's default, with mutexes in most builds. */
static void *open_serialized(const char *path)
{
    return hand_open(path, 0);
}

static sqlite3 *hand_handle(void *connection)
{
    return ((struct hand *)connection)->handle;
}

static void hand_close(void *connection)
{
    struct hand *hand = connection;

    for (int i = 0; i < HAND_STATEMENTS; i++)
        sqlite3_finalize(hand->stmts[i]);
    sqlite3_close(hand->handle);
    free(hand);
}

/* ---- one row -------------------------------------------------------------------- */

static void bind_stat(sqlite3_stmt *stmt, const stat_row *row)
{
    sqlite3_bind_text(stmt, 2, row->container_id, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 3, row->host_id, -1, SQLITE_STATIC);
    sqlite3_bind_double(stmt, 4, row->cpu_usage);
    sqlite3_bind_int64(stmt, 5, row->memory_usage);
    sqlite3_bind_int64(stmt, 6, row->memory_limit);
    sqlite3_bind_int64(stmt, 7, row->network_rx);
    sqlite3_bind_int64(stmt, 8, row->network_tx);
    sqlite3_bind_int64(stmt, 9, row->disk_read);
    sqlite3_bind_int64(stmt, 10, row->disk_write);
    sqlite3_bind_int64(stmt, 11, row->timestamp);
}

static void finish(const struct hand *hand, sqlite3_stmt *stmt)
{
    check(hand, sqlite3_step(stmt) == SQLITE_DONE);
    sqlite3_reset(stmt);
}

static void insert_stat(const struct hand *hand, stat_row *row)
{
    sqlite3_stmt *stmt = hand->stmts[HAND_INSERT];

    sqlite3_bind_null(stmt, 1);
    bind_stat(stmt, row);
    finish(hand, stmt);
    row->id = sqlite3_last_insert_rowid(hand->handle);
}

/* UPDATE or upsert, by id. */
static void write_stat(const struct hand *hand, enum statement which, const stat_row *row)
{
    sqlite3_stmt *stmt = hand->stmts[which];

    sqlite3_bind_int64(stmt, 1, row->id);
    bind_stat(stmt, row);
    finish(hand, stmt);
}

static int64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_REALTIME, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void upsert_config(const struct hand *hand, config_row *row)
{
    sqlite3_stmt *stmt = hand->stmts[HAND_UPSERT_CONFIG];

    row->updated = now();
    sqlite3_bind_text(stmt, 1, row->key, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 2, row->value, -1, SQLITE_STATIC);
    sqlite3_bind_int64(stmt, 3, row->updated);
    finish(hand, stmt);
}

/* Strings belong to SQLite until the next step. */
static void read_stat(sqlite3_stmt *stmt, stat_row *row)
{
    row->id = sqlite3_column_int64(stmt, 0);
    row->container_id = (const char *)sqlite3_column_text(stmt, 1);
    row->host_id = (const char *)sqlite3_column_text(stmt, 2);
    row->cpu_usage = sqlite3_column_double(stmt, 3);
    row->memory_usage = sqlite3_column_int64(stmt, 4);
    row->memory_limit = sqlite3_column_int64(stmt, 5);
    row->network_rx = sqlite3_column_int64(stmt, 6);
    row->network_tx = sqlite3_column_int64(stmt, 7);
    row->disk_read = sqlite3_column_int64(stmt, 8);
    row->disk_write = sqlite3_column_int64(stmt, 9);
    row->timestamp = sqlite3_column_int64(stmt, 10);
}

static void own_strings(stat_row *row)
{
    row->container_id = strdup(row->container_id);
    row->host_id = strdup(row->host_id);
    if (row->container_id == NULL || row->host_id == NULL)
        die("out of memory");
}

static void free_strings(const stat_row *row)
{
    free((char *)(uintptr_t)row->container_id);
    free((char *)(uintptr_t)row->host_id);
}

static bool get_stat(const struct hand *hand, int64_t id, stat_row *row)
{
    sqlite3_stmt *stmt = hand->stmts[HAND_GET];
    int code;

    sqlite3_bind_int64(stmt, 1, id);
    code = sqlite3_step(stmt);
    if (code == SQLITE_ROW) {
        read_stat(stmt, row);
        own_strings(row);
    }
    check(hand, code == SQLITE_ROW || code == SQLITE_DONE);
    sqlite3_reset(stmt);
    return code == SQLITE_ROW;
}

/* ---- writing -------------------------------------------------------------------- */

static void hand_insert(void *connection, struct run *run)
{
    run_start(run);
    execute(connection, "BEGIN IMMEDIATE");
    for (size_t i = 0; i < run->data->count; i++)
        insert_stat(connection, &run->stats[i]);
    execute(connection, "COMMIT");
    run_stop(run);
}

static void hand_update_columns(void *connection, struct run *run)
{
    struct hand *hand = connection;
    sqlite3_stmt *stmt = hand->stmts[HAND_UPDATE_COLUMN];

    run_start(run);
    execute(hand, "BEGIN IMMEDIATE");
    for (size_t i = 0; i < run->data->count; i++) {
        sqlite3_bind_int64(stmt, 1, run->data->keys[i]);
        sqlite3_bind_int64(stmt, 2, (int64_t)i);
        finish(hand, stmt);
        check(hand, sqlite3_changes(hand->handle) == 1);
    }
    execute(hand, "COMMIT");
    run_stop(run);
}

static void hand_update(void *connection, struct run *run)
{
    struct hand *hand = connection;

    run_start(run);
    execute(hand, "BEGIN IMMEDIATE");
    for (size_t i = 0; i < run->data->count; i++) {
        run->stats[i].id = run->data->keys[i];
        write_stat(hand, HAND_UPDATE, &run->stats[i]);
        check(hand, sqlite3_changes(hand->handle) == 1);
    }
    execute(hand, "COMMIT");
    run_stop(run);
}

static void hand_delete(void *connection, struct run *run)
{
    struct hand *hand = connection;
    sqlite3_stmt *stmt = hand->stmts[HAND_DELETE];

    run_start(run);
    execute(hand, "BEGIN IMMEDIATE");
    for (size_t i = 0; i < run->data->count / 2; i++) {
        sqlite3_bind_int64(stmt, 1, run->data->keys[i]);
        finish(hand, stmt);
        check(hand, sqlite3_changes(hand->handle) == 1);
    }
    execute(hand, "COMMIT");
    run_stop(run);
}

static void hand_upsert_config(void *connection, struct run *run)
{
    run_start(run);
    execute(connection, "BEGIN IMMEDIATE");
    for (size_t i = 0; i < run->data->configs; i++)
        upsert_config(connection, &run->config[i]);
    execute(connection, "COMMIT");
    run_stop(run);
}

static void hand_upsert_stat(void *connection, struct run *run)
{
    run_start(run);
    execute(connection, "BEGIN IMMEDIATE");
    for (size_t i = 0; i < run->data->count; i++)
        write_stat(connection, HAND_UPSERT_STAT, &run->stats[i]);
    execute(connection, "COMMIT");
    run_stop(run);
}

/* ---- reading -------------------------------------------------------------------- */

static void get_all(const struct hand *hand, struct run *run)
{
    stat_row row;

    for (size_t i = 0; i < run->data->count; i++) {
        check(hand, get_stat(hand, run->data->keys[i], &row));
        run->sum = sum_stat(run->sum, &row);
        free_strings(&row);
    }
}

static void hand_get(void *connection, struct run *run)
{
    run_start(run);
    get_all(connection, run);
    run_stop(run);
}

static void hand_get_inside(void *connection, struct run *run)
{
    run_start(run);
    execute(connection, "BEGIN");
    get_all(connection, run);
    execute(connection, "COMMIT");
    run_stop(run);
}

static void hand_cursor(void *connection, struct run *run)
{
    struct hand *hand = connection;
    sqlite3_stmt *stmt = hand->stmts[HAND_LIST];
    stat_row row;
    int code;

    run_start(run);
    while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
        read_stat(stmt, &row);
        run->sum = sum_stat(run->sum, &row);
    }
    check(hand, code == SQLITE_DONE);
    sqlite3_reset(stmt);
    run_stop(run);
}

/* The rows of `keys`, as many as there are, one after another. */
static size_t get_batch(const struct hand *hand, const int64_t *keys, size_t count,
                        stat_row *rows)
{
    size_t found = 0;

    for (size_t i = 0; i < count; i++)
        found += get_stat(hand, keys[i], &rows[found]);
    return found;
}

static void get_batches(const struct hand *hand, struct run *run)
{
    const struct data *data = run->data;

    for (size_t i = 0; i < data->count; i += BATCH) {
        size_t wanted = data->count - i < BATCH ? data->count - i : BATCH;
        stat_row *rows = malloc(wanted * sizeof *rows);

        if (rows == NULL)
            die("out of memory");
        size_t found = get_batch(hand, data->keys + i, wanted, rows);
        for (size_t k = 0; k < found; k++) {
            run->sum = sum_stat(run->sum, &rows[k]);
            free_strings(&rows[k]);
        }
        free(rows);
    }
}

static void hand_get_many(void *connection, struct run *run)
{
    run_start(run);
    get_batches(connection, run);
    run_stop(run);
}

static void hand_get_many_inside(void *connection, struct run *run)
{
    run_start(run);
    execute(connection, "BEGIN");
    get_batches(connection, run);
    execute(connection, "COMMIT");
    run_stop(run);
}

struct stat_list {
    size_t count;
    size_t capacity;
    stat_row *rows;
};

static stat_row *list_add(struct stat_list *list)
{
    if (list->count == list->capacity) {
        list->capacity = list->capacity == 0 ? 16 : list->capacity * 2;
        list->rows = realloc(list->rows, list->capacity * sizeof *list->rows);
        if (list->rows == NULL)
            die("out of memory");
    }
    return &list->rows[list->count++];
}

static void list_stats(const struct hand *hand, sqlite3_stmt *stmt,
                       struct stat_list *list)
{
    int code;

    while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
        stat_row *row = list_add(list);

        read_stat(stmt, row);
        own_strings(row);
    }
    check(hand, code == SQLITE_DONE);
    sqlite3_reset(stmt);
}

static void list_free(struct stat_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free_strings(&list->rows[i]);
    free(list->rows);
}

static void hand_list(void *connection, struct run *run)
{
    struct hand *hand = connection;
    struct stat_list list = {0};

    run_start(run);
    list_stats(hand, hand->stmts[HAND_LIST], &list);
    run_stop(run);
    for (size_t i = 0; i < list.count; i++)
        run->sum = sum_stat(run->sum, &list.rows[i]);
    run_start(run);
    list_free(&list);
    run_stop(run);
}

/* ---- queries -------------------------------------------------------------------- */

static sqlite3_stmt *bind_query(const struct hand *hand, enum statement statement,
                                const char *container)
{
    sqlite3_stmt *stmt = hand->stmts[statement];

    check(hand, sqlite3_bind_text(stmt, 1, container, -1, SQLITE_STATIC) == SQLITE_OK &&
                    sqlite3_bind_int64(stmt, 2, 0) == SQLITE_OK);
    return stmt;
}

static void hand_range(void *connection, struct run *run)
{
    struct hand *hand = connection;

    run_start(run);
    for (size_t i = 0; i < run->data->count / ROWS_A_QUERY; i++) {
        sqlite3_stmt *stmt =
            bind_query(hand, HAND_RANGE, run->data->containers[i % CONTAINERS].id);
        struct stat_list list = {0};

        check(hand, sqlite3_bind_int64(stmt, 3, RANGE_LIMIT) == SQLITE_OK);
        list_stats(hand, stmt, &list);
        for (size_t k = 0; k < list.count; k++)
            run->sum = sum_stat(run->sum, &list.rows[k]);
        list_free(&list);
    }
    run_stop(run);
}

static void hand_aggregate(void *connection, struct run *run)
{
    struct hand *hand = connection;

    run_start(run);
    for (size_t i = 0; i < run->data->count / ROWS_A_QUERY; i++) {
        sqlite3_stmt *stmt =
            bind_query(hand, HAND_AGGREGATE, run->data->containers[i % CONTAINERS].id);

        check(hand, sqlite3_step(stmt) == SQLITE_ROW);
        run->sum = sum_number(run->sum, (int64_t)(sqlite3_column_double(stmt, 0) * 1e6));
        run->sum = sum_number(run->sum, (int64_t)sqlite3_column_double(stmt, 1));
        sqlite3_reset(stmt);
    }
    run_stop(run);
}

#define HAND_WORK                                                                        \
    {                                                                                    \
        [INSERT] = hand_insert, [UPDATE_COLUMNS] = hand_update_columns,                  \
        [UPDATE] = hand_update, [DELETE] = hand_delete, [UPSERT] = hand_upsert_config,   \
        [GET] = hand_get, [GET_INSIDE] = hand_get_inside, [CURSOR] = hand_cursor,        \
        [INSERT_MANY] = hand_insert, [UPSERT_MANY_CONFIG] = hand_upsert_config,          \
        [UPSERT_MANY_STAT] = hand_upsert_stat, [GET_MANY] = hand_get_many,               \
        [GET_MANY_INSIDE] = hand_get_many_inside, [LIST] = hand_list,                    \
        [QUERY_RANGE] = hand_range, [QUERY_AGGREGATE] = hand_aggregate,                  \
    }

const struct engine hand_engine = {"hand", open_unlocked, hand_handle, hand_close,
                                   HAND_WORK};
const struct engine hand_serialized_engine = {"hand, sqlite3_open", open_serialized,
                                              hand_handle, hand_close, HAND_WORK};
