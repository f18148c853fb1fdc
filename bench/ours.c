/*
 * ours.c: the workloads through generated code, as a program would write them. It must
 * not know the runtime's inside.
 */
#include "bench.h"

#include <string.h>

static void check(const quarry_db *db, quarry_status status)
{
    if (status != QUARRY_OK)
        die("quarry: %s: %s", quarry_status_name(status), quarry_last_error(db)->message);
}

/* ---- the connection ------------------------------------------------------------- */

static void *ours_open(const char *path)
{
    quarry_options options;
    quarry_db *db = NULL;

    quarry_options_init(&options);
    options.ignore_environment = true;
    check(db, dockstat_open(path, &options, &db));
    return db;
}

static sqlite3 *ours_handle(void *connection)
{
    return quarry_sqlite(connection);
}

static void ours_close(void *connection)
{
    quarry_close(connection);
}

/* ---- writing -------------------------------------------------------------------- */

static void ours_insert(void *connection, struct run *run)
{
    run_start(run);
    check(connection, quarry_begin(connection));
    for (size_t i = 0; i < run->data->count; i++)
        check(connection, dockstat_container_stat_insert(connection, &run->stats[i]));
    check(connection, quarry_commit(connection));
    run_stop(run);
}

static void ours_update_columns(void *connection, struct run *run)
{
    stat_row row;

    dockstat_container_stat_init(&row);
    run_start(run);
    check(connection, quarry_begin(connection));
    for (size_t i = 0; i < run->data->count; i++) {
        row.id = run->data->keys[i];
        row.memory_usage = (int64_t)i;
        check(connection,
              dockstat_container_stat_update_columns(
                  connection, &row, QUARRY_BIT(DOCKSTAT_CONTAINER_STAT_MEMORY_USAGE)));
    }
    check(connection, quarry_commit(connection));
    run_stop(run);
}

static void ours_update(void *connection, struct run *run)
{
    run_start(run);
    check(connection, quarry_begin(connection));
    for (size_t i = 0; i < run->data->count; i++) {
        run->stats[i].id = run->data->keys[i];
        check(connection, dockstat_container_stat_update(connection, &run->stats[i]));
    }
    check(connection, quarry_commit(connection));
    run_stop(run);
}

static void ours_delete(void *connection, struct run *run)
{
    run_start(run);
    check(connection, quarry_begin(connection));
    for (size_t i = 0; i < run->data->count / 2; i++)
        check(connection, dockstat_container_stat_delete(connection, run->data->keys[i]));
    check(connection, quarry_commit(connection));
    run_stop(run);
}

static void ours_upsert(void *connection, struct run *run)
{
    run_start(run);
    check(connection, quarry_begin(connection));
    for (size_t i = 0; i < run->data->configs; i++)
        check(connection, dockstat_configuration_upsert(connection, &run->config[i]));
    check(connection, quarry_commit(connection));
    run_stop(run);
}

static void ours_insert_many(void *connection, struct run *run)
{
    run_start(run);
    check(connection,
          dockstat_container_stat_insert_many(connection, run->stats, run->data->count));
    run_stop(run);
}

static void ours_upsert_many_config(void *connection, struct run *run)
{
    run_start(run);
    check(connection, dockstat_configuration_upsert_many(connection, run->config,
                                                         run->data->configs));
    run_stop(run);
}

static void ours_upsert_many_stat(void *connection, struct run *run)
{
    run_start(run);
    check(connection,
          dockstat_container_stat_upsert_many(connection, run->stats, run->data->count));
    run_stop(run);
}

/* ---- reading -------------------------------------------------------------------- */

static void get_all(quarry_db *db, struct run *run)
{
    for (size_t i = 0; i < run->data->count; i++) {
        stat_row *row = NULL;

        check(db, dockstat_container_stat_get(db, run->data->keys[i], &row));
        run->sum = sum_stat(run->sum, row);
        dockstat_container_stat_free(row);
    }
}

static void ours_get(void *connection, struct run *run)
{
    run_start(run);
    get_all(connection, run);
    run_stop(run);
}

static void ours_get_inside(void *connection, struct run *run)
{
    run_start(run);
    check(connection, quarry_begin_deferred(connection));
    get_all(connection, run);
    check(connection, quarry_commit(connection));
    run_stop(run);
}

static void ours_cursor(void *connection, struct run *run)
{
    dockstat_container_stat_cursor cursor;

    run_start(run);
    dockstat_container_stat_each(connection, &cursor);
    while (dockstat_container_stat_next(&cursor))
        run->sum = sum_stat(run->sum, &cursor.row);
    check(connection, dockstat_container_stat_close(&cursor));
    run_stop(run);
}

static void get_batches(quarry_db *db, struct run *run)
{
    const struct data *data = run->data;

    for (size_t i = 0; i < data->count; i += BATCH) {
        size_t wanted = data->count - i < BATCH ? data->count - i : BATCH;
        dockstat_container_stat_list *list = NULL;

        check(db, dockstat_container_stat_get_many(db, data->keys + i, wanted, &list));
        for (size_t k = 0; k < list->count; k++)
            run->sum = sum_stat(run->sum, &list->rows[k]);
        dockstat_container_stat_list_free(list);
    }
}

static void ours_get_many(void *connection, struct run *run)
{
    run_start(run);
    get_batches(connection, run);
    run_stop(run);
}

static void ours_get_many_inside(void *connection, struct run *run)
{
    run_start(run);
    check(connection, quarry_begin_deferred(connection));
    get_batches(connection, run);
    check(connection, quarry_commit(connection));
    run_stop(run);
}

static void ours_list(void *connection, struct run *run)
{
    dockstat_container_stat_list *list = NULL;

    run_start(run);
    check(connection, dockstat_container_stat_list_all(connection, &list));
    run_stop(run);
    for (size_t i = 0; i < list->count; i++)
        run->sum = sum_stat(run->sum, &list->rows[i]);
    run_start(run);
    dockstat_container_stat_list_free(list);
    run_stop(run);
}

static void ours_range(void *connection, struct run *run)
{
    run_start(run);
    for (size_t i = 0; i < run->data->count / ROWS_A_QUERY; i++) {
        dockstat_container_stat_list *list = NULL;

        check(connection, dockstat_recent_container_stats(
                              connection, run->data->containers[i % CONTAINERS].id, 0,
                              RANGE_LIMIT, &list));
        for (size_t k = 0; k < list->count; k++)
            run->sum = sum_stat(run->sum, &list->rows[k]);
        dockstat_container_stat_list_free(list);
    }
    run_stop(run);
}

static void ours_aggregate(void *connection, struct run *run)
{
    run_start(run);
    for (size_t i = 0; i < run->data->count / ROWS_A_QUERY; i++) {
        dockstat_average_usage_row row;

        check(connection,
              dockstat_average_usage(connection, run->data->containers[i % CONTAINERS].id,
                                     0, &row));
        run->sum = sum_number(run->sum, (int64_t)(row.cpu.value * 1e6));
        run->sum = sum_number(run->sum, (int64_t)row.memory.value);
    }
    run_stop(run);
}

const struct engine quarry_engine = {
    "quarry",
    ours_open,
    ours_handle,
    ours_close,
    {
        [INSERT] = ours_insert,
        [UPDATE_COLUMNS] = ours_update_columns,
        [UPDATE] = ours_update,
        [DELETE] = ours_delete,
        [UPSERT] = ours_upsert,
        [GET] = ours_get,
        [GET_INSIDE] = ours_get_inside,
        [CURSOR] = ours_cursor,
        [INSERT_MANY] = ours_insert_many,
        [UPSERT_MANY_CONFIG] = ours_upsert_many_config,
        [UPSERT_MANY_STAT] = ours_upsert_many_stat,
        [GET_MANY] = ours_get_many,
        [GET_MANY_INSIDE] = ours_get_many_inside,
        [LIST] = ours_list,
        [QUERY_RANGE] = ours_range,
        [QUERY_AGGREGATE] = ours_aggregate,
    },
};
