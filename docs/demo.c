/*
 * demo.c: a program that uses generated code as any program would: it opens a database file,
 * writes and reads rows, and shows what errors look like. `make demo` runs it.
 */
#include "dockstat.h"

#include <stdio.h>

/* Prints what went wrong and where. */
static int report(const quarry_db *db, const char *what)
{
    const quarry_error *error = quarry_last_error(db);

    fprintf(stderr, "%s: %s\n", what, error->message);
    return 1;
}

static quarry_status add_host(quarry_db *db, const char *id, const char *name,
                              const char *address)
{
    dockstat_host host;
    quarry_status status;

    dockstat_host_init(
        &host); /* port 2375, enabled, created now: the schema's defaults */
    host.id = id;
    host.name = name;
    host.address = address;
    status = dockstat_host_insert(db, &host);
    if (status == QUARRY_OK)
        printf("inserted host %s (%s), port %lld\n", host.id, host.name,
               (long long)host.port);
    return status;
}

static quarry_status add_container(quarry_db *db, const char *id, const char *name,
                                   const char *image)
{
    dockstat_container container;
    quarry_status status;

    dockstat_container_init(&container);
    container.id = id;
    container.name = name;
    container.image = image;
    container.host_id = "localhost";
    container.status = "Up 2 minutes";
    container.state = DOCKSTAT_CONTAINER_STATE_RUNNING;
    status = dockstat_container_insert(db, &container);
    if (status == QUARRY_OK)
        printf("inserted container %s, state %s\n", container.id,
               dockstat_container_state_to_string(container.state));
    return status;
}

/* One statement for all rows: much faster than a loop, and all of them or none. */
static quarry_status add_stats(quarry_db *db)
{
    enum {
        SAMPLES = 1000
    };
    static dockstat_container_stat stats[SAMPLES];
    quarry_status status;
    int i;

    for (i = 0; i < SAMPLES; i++) {
        dockstat_container_stat_init(&stats[i]);
        stats[i].container_id = i % 2 == 0 ? "nginx" : "redis";
        stats[i].host_id = "localhost";
        stats[i].cpu_usage = (i % 100) / 100.0;
        stats[i].memory_usage = 64 * 1024 * 1024 + i;
        stats[i].memory_limit = 512 * 1024 * 1024;
        stats[i].timestamp = 1700000000000 + i * 1000;
    }
    status = dockstat_container_stat_insert_many(db, stats, SAMPLES);
    if (status == QUARRY_OK)
        printf("inserted %d stats, ids %lld to %lld\n", SAMPLES, (long long)stats[0].id,
               (long long)stats[SAMPLES - 1].id);
    return status;
}

static quarry_status fill(quarry_db *db, void *context)
{
    quarry_status status = add_host(db, "localhost", "Local Docker", "127.0.0.1");

    (void)context;
    if (status == QUARRY_OK)
        status = add_container(db, "nginx", "web", "nginx:latest");
    if (status == QUARRY_OK)
        status = add_container(db, "redis", "cache", "redis:7");
    return status == QUARRY_OK ? add_stats(db) : status;
}

/* Reads a row, changes one column of it, and writes that column only. */
static quarry_status stop_container(quarry_db *db, const char *id)
{
    dockstat_container *container = NULL;
    quarry_status status = dockstat_container_get(db, id, &container);

    if (status != QUARRY_OK)
        return status;
    container->state = DOCKSTAT_CONTAINER_STATE_EXITED;
    status = dockstat_container_update_columns(db, container,
                                               QUARRY_BIT(DOCKSTAT_CONTAINER_STATE));
    if (status == QUARRY_OK)
        printf("stopped container %s (%s)\n", container->id, container->image);
    dockstat_container_free(container);
    return status;
}

static quarry_status list_containers(quarry_db *db)
{
    dockstat_container_list *list = NULL;
    quarry_status status = dockstat_container_list_by_host_id(db, "localhost", &list);
    size_t i;

    for (i = 0; status == QUARRY_OK && i < list->count; i++)
        printf("  %-6s %-14s %s\n", list->rows[i].name, list->rows[i].image,
               dockstat_container_state_to_string(list->rows[i].state));
    dockstat_container_list_free(list);
    return status;
}

/* A cursor reads any number of rows in constant memory. */
static quarry_status print_peak(quarry_db *db)
{
    dockstat_container_stat_cursor cursor;
    double peak = 0;
    quarry_status status;

    dockstat_container_stat_each(db, &cursor);
    while (dockstat_container_stat_next(&cursor))
        if (cursor.row.cpu_usage > peak)
            peak = cursor.row.cpu_usage;
    status = dockstat_container_stat_close(&cursor);
    if (status == QUARRY_OK)
        printf("highest CPU usage %.2f\n", peak);
    return status;
}

static quarry_status set_configuration(quarry_db *db, const char *key, const char *value)
{
    dockstat_configuration configuration;
    quarry_status status;

    dockstat_configuration_init(&configuration);
    configuration.key = key;
    configuration.value = value;
    status = dockstat_configuration_upsert(db, &configuration);
    if (status == QUARRY_OK)
        printf("set %s to %s\n", key, value);
    return status;
}

/* What is refused, by whom, and what the program learns of it. */
static void show_errors(quarry_db *db)
{
    dockstat_container container;
    dockstat_host host;
    quarry_status status;

    dockstat_host_init(&host);
    host.id = "far";
    host.name = "Far away";
    host.address = "10.0.0.9";
    host.port = 70000;
    status = dockstat_host_insert(db, &host);
    printf("a port of 70000: %s\n    %s\n", quarry_status_name(status),
           quarry_last_error(db)->message);

    dockstat_container_init(&container);
    container.id = "lost";
    container.name = "lost";
    container.image = "busybox";
    container.host_id = "nowhere";
    container.status = "Up";
    container.state = DOCKSTAT_CONTAINER_STATE_CREATED;
    status = dockstat_container_insert(db, &container);
    printf("a container of no host: %s\n    %s\n", quarry_status_name(status),
           quarry_last_error(db)->message);
}

static quarry_status work(quarry_db *db)
{
    quarry_status status = quarry_transaction(db, fill, NULL);

    if (status == QUARRY_OK)
        status = stop_container(db, "redis");
    if (status == QUARRY_OK)
        status = list_containers(db);
    if (status == QUARRY_OK)
        status = print_peak(db);
    if (status == QUARRY_OK)
        status = set_configuration(db, "theme", "\"dark\"");
    if (status == QUARRY_OK)
        status = set_configuration(db, "theme", "\"light\"");
    return status;
}

int main(int argc, char **argv)
{
    quarry_db *db = NULL;
    int failed = 0;

    if (dockstat_open(argc > 1 ? argv[1] : "dockstat.db", NULL, &db) != QUARRY_OK) {
        failed = report(db, "open");
    } else {
        printf("opened %s\n", quarry_path(db));
        if (work(db) != QUARRY_OK)
            failed = report(db, "work");
        else
            show_errors(db);
    }
    quarry_close(db);
    return failed;
}
