/*
 * bench.h: what the benchmark's files share: the data, the workloads, and what an
 * implementation of them looks like.
 *
 * Both implementations use the structs of the generated header, so that the layout of a
 * row is no difference between them. This file must not know how either does its work.
 */
#ifndef BENCH_H
#define BENCH_H

#include "dockstat.h"

#include <sqlite3.h>

typedef dockstat_container_stat stat_row;
typedef dockstat_configuration config_row;

/* ---- data.c --------------------------------------------------------------------- */

enum {
    HOSTS = 8,
    CONTAINERS = 500,
    BATCH = 500,       /* keys of one get_many */
    RANGE_LIMIT = 100, /* rows of a range query … */
    ROWS_A_QUERY = 200 /* … one for so many rows of the table */
};

/* The rows to write and the keys to ask for; the same in every run of the program. */
struct data {
    size_t count;
    dockstat_host hosts[HOSTS];
    dockstat_container containers[CONTAINERS];
    stat_row *stats;    /* `count`, their ids 0 */
    stat_row *changed;  /* `count` with ids from count / 2 + 1 on and other figures */
    int64_t *keys;      /* the ids 1 to `count`, shuffled */
    size_t configs;     /* count / 2 */
    config_row *config; /* of which the full database has every other one */
};

void data_init(struct data *data, size_t count);
void data_release(struct data *data);

/* Checksums. Each gives a new sum from the one before and a row. */
uint64_t sum_stat(uint64_t sum, const stat_row *row);
uint64_t sum_number(uint64_t sum, int64_t number);
uint64_t sum_text(uint64_t sum, const char *text);

/* The sum of what the tables hold, without the times at which configurations were set. */
uint64_t sum_database(sqlite3 *handle);

/* ---- runs ----------------------------------------------------------------------- */

/* One timed run of a workload by an implementation. */
struct run {
    const struct data *data;
    stat_row *stats;    /* a copy of data->stats, or of data->changed, to work with */
    config_row *config; /* a copy of data->config */
    uint64_t sum;       /* of what was read; the program adds what was written */
    double seconds;     /* CPU time between run_start() and run_stop(), summed up */
    double started;
};

/* What lies between the two is measured, in instructions too. */
void run_start(struct run *run);
void run_stop(struct run *run);

/* Prints and exits. */
_Noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* ---- workloads ------------------------------------------------------------------ */

enum workload {
    INSERT,
    UPDATE_COLUMNS,
    UPDATE,
    DELETE,
    UPSERT,
    GET,
    GET_INSIDE,
    CURSOR,
    INSERT_MANY,
    UPSERT_MANY_CONFIG,
    UPSERT_MANY_STAT,
    GET_MANY,
    GET_MANY_INSIDE,
    LIST,
    QUERY_RANGE,
    QUERY_AGGREGATE,
    WORKLOADS
};

/* `open` configures the connection as the other implementation does. */
struct engine {
    const char *name;
    void *(*open)(const char *path);
    sqlite3 *(*handle)(void *connection);
    void (*close)(void *connection);
    void (*work[WORKLOADS])(void *connection, struct run *run);
};

extern const struct engine quarry_engine;          /* ours.c */
extern const struct engine hand_engine;            /* hand.c, without SQLite's mutexes */
extern const struct engine hand_serialized_engine; /* hand.c, as sqlite3_open() opens */

/* ---- report.c ------------------------------------------------------------------- */

/* The ratios of one workload to one floor, in the order of the pairs. */
struct ratios {
    const char *workload;
    const char *floor;
    double target; /* 0: none */
    double floor_ms;
    double ms;
    double median, min, max;
};

double median_of(double *values, size_t count); /* sorts them */
void report_header(void);
void report_workload(const struct ratios *plain, const struct ratios *serialized);
void report_json(const char *path, const struct ratios *ratios, size_t count);

#endif
