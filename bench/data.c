/*
 * data.c: the benchmark's data, made by a generator of its own so that every run and
 * every machine has the same, and checksums of what was read and written. It must not
 * know who reads and writes.
 */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- numbers -------------------------------------------------------------------- */

/* SplitMix64. */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);

    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static int64_t below(uint64_t *state, uint64_t limit)
{
    return (int64_t)(next_random(state) % limit);
}

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count, size);

    if (memory == NULL)
        die("out of memory");
    return memory;
}

/* `format` has one conversion, for `number`. */
static char *text_of(const char *format, long long number)
{
    char text[128];

    snprintf(text, sizeof text, format, number);
    return strcpy(allocate(strlen(text) + 1, 1), text);
}

/* ---- rows ----------------------------------------------------------------------- */

static void make_hosts(struct data *data)
{
    for (int i = 0; i < HOSTS; i++) {
        dockstat_host_init(&data->hosts[i]);
        data->hosts[i].id = text_of("host-%02lld", i);
        data->hosts[i].name = data->hosts[i].id;
        data->hosts[i].address = "127.0.0.1";
    }
}

/* An id of 64 hexadecimal digits, as Docker's are. */
static char *container_id(uint64_t *state)
{
    char *id = allocate(65, 1);

    for (int i = 0; i < 4; i++)
        snprintf(id + (size_t)i * 16, 17, "%016llx",
                 (unsigned long long)next_random(state));
    return id;
}

static void make_containers(struct data *data, uint64_t *state)
{
    for (int i = 0; i < CONTAINERS; i++) {
        dockstat_container *container = &data->containers[i];

        dockstat_container_init(container);
        container->id = container_id(state);
        container->name = text_of("container-%lld", i);
        container->image = "nginx:latest";
        container->host_id = data->hosts[i % HOSTS].id;
        container->status = "Up 2 minutes";
        container->state = DOCKSTAT_CONTAINER_STATE_RUNNING;
    }
}

/* Measurements as they come: all containers, then all again some seconds later. */
static void make_stat(const struct data *data, stat_row *row, size_t index,
                      uint64_t *state)
{
    const dockstat_container *container = &data->containers[index % CONTAINERS];

    dockstat_container_stat_init(row);
    row->container_id = container->id;
    row->host_id = container->host_id;
    row->cpu_usage = (double)below(state, 1000000) / 1e6;
    row->memory_usage = below(state, 1u << 30);
    row->memory_limit = INT64_C(1) << 31;
    row->network_rx = below(state, UINT64_C(1) << 40);
    row->network_tx = below(state, UINT64_C(1) << 40);
    row->disk_read = below(state, UINT64_C(1) << 36);
    row->disk_write = below(state, UINT64_C(1) << 36);
    row->timestamp = INT64_C(1700000000000) + (int64_t)(index / CONTAINERS) * 10000 +
                     below(state, 999);
}

static void make_stats(struct data *data, uint64_t *state)
{
    data->stats = allocate(data->count, sizeof *data->stats);
    data->changed = allocate(data->count, sizeof *data->changed);
    for (size_t i = 0; i < data->count; i++)
        make_stat(data, &data->stats[i], i, state);
    for (size_t i = 0; i < data->count; i++) {
        make_stat(data, &data->changed[i], i, state);
        data->changed[i].id = (int64_t)(data->count / 2 + i + 1);
    }
}

static void make_keys(struct data *data, uint64_t *state)
{
    data->keys = allocate(data->count, sizeof *data->keys);
    for (size_t i = 0; i < data->count; i++)
        data->keys[i] = (int64_t)i + 1;
    for (size_t i = data->count; i > 1; i--) {
        size_t other = (size_t)below(state, i);
        int64_t key = data->keys[i - 1];

        data->keys[i - 1] = data->keys[other];
        data->keys[other] = key;
    }
}

static void make_configs(struct data *data, uint64_t *state)
{
    data->configs = data->count / 2;
    data->config = allocate(data->configs, sizeof *data->config);
    for (size_t i = 0; i < data->configs; i++) {
        dockstat_configuration_init(&data->config[i]);
        data->config[i].key = text_of("settings.%016llx", (long long)next_random(state));
        data->config[i].value = text_of("{\"enabled\": true, \"limit\": %lld}",
                                        (long long)below(state, 1000000));
    }
}

void data_init(struct data *data, size_t count)
{
    uint64_t state = 20240115;

    memset(data, 0, sizeof *data);
    data->count = count;
    make_hosts(data);
    make_containers(data, &state);
    make_stats(data, &state);
    make_keys(data, &state);
    make_configs(data, &state);
}

/* The texts are this file's own, though the structs show them as const. */
void data_release(struct data *data)
{
    for (int i = 0; i < HOSTS; i++)
        free((char *)(uintptr_t)data->hosts[i].id);
    for (int i = 0; i < CONTAINERS; i++) {
        free((char *)(uintptr_t)data->containers[i].id);
        free((char *)(uintptr_t)data->containers[i].name);
    }
    for (size_t i = 0; i < data->configs; i++) {
        free((char *)(uintptr_t)data->config[i].key);
        free((char *)(uintptr_t)data->config[i].value);
    }
    free(data->config);
    free(data->stats);
    free(data->changed);
    free(data->keys);
}

/* ---- checksums ------------------------------------------------------------------ */

uint64_t sum_number(uint64_t sum, int64_t number)
{
    sum = (sum ^ (uint64_t)number) * UINT64_C(0x9E3779B97F4A7C15);
    return sum ^ (sum >> 29);
}

/* Eight bytes at a time: it runs within what is measured where rows are read one by one.
 */
uint64_t sum_text(uint64_t sum, const char *text)
{
    size_t size = strlen(text);
    int64_t part;

    for (; size >= sizeof part; size -= sizeof part, text += sizeof part) {
        memcpy(&part, text, sizeof part);
        sum = sum_number(sum, part);
    }
    part = 0;
    memcpy(&part, text, size);
    return sum_number(sum, part ^ (int64_t)size);
}

static uint64_t sum_double(uint64_t sum, double number)
{
    int64_t bits;

    memcpy(&bits, &number, sizeof bits);
    return sum_number(sum, bits);
}

uint64_t sum_stat(uint64_t sum, const stat_row *row)
{
    sum = sum_number(sum, row->id);
    sum = sum_text(sum, row->container_id);
    sum = sum_text(sum, row->host_id);
    sum = sum_double(sum, row->cpu_usage);
    sum = sum_number(sum, row->memory_usage);
    sum = sum_number(sum, row->memory_limit);
    sum = sum_number(sum, row->network_rx);
    sum = sum_number(sum, row->network_tx);
    sum = sum_number(sum, row->disk_read);
    sum = sum_number(sum, row->disk_write);
    return sum_number(sum, row->timestamp);
}

/* Adds every column of every row of a SELECT, its type included. */
static uint64_t sum_select(uint64_t sum, sqlite3 *handle, const char *sql)
{
    sqlite3_stmt *stmt = NULL;

    if (sqlite3_prepare_v2(handle, sql, -1, &stmt, NULL) != SQLITE_OK)
        die("%s: %s", sql, sqlite3_errmsg(handle));
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(stmt); i++) {
            sum = sum_number(sum, sqlite3_column_type(stmt, i));
            sum = sum_text(sum, (const char *)sqlite3_column_text(stmt, i));
        }
    }
    if (sqlite3_finalize(stmt) != SQLITE_OK)
        die("%s: %s", sql, sqlite3_errmsg(handle));
    return sum;
}

uint64_t sum_database(sqlite3 *handle)
{
    uint64_t sum = sum_select(0, handle, "SELECT * FROM container_stats ORDER BY id");

    return sum_select(sum, handle, "SELECT key, value FROM configurations ORDER BY key");
}
