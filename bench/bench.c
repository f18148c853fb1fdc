/*
 * bench.c: runs each workload by hand-written code and by generated code in turn, on
 * fresh copies of the same file, compares the CPU time of each pair and the checksums of
 * what was read and written, and prints the ratios.
 *
 *     bench [--pairs N] [--rows N] [--only WORKLOAD] [--instructions] FOLDER
 *
 * Database files and results.json go to FOLDER. With --instructions, under valgrind's
 * callgrind, each runs once and the counts are dumped for instructions.pl. It must not
 * know how a workload is done.
 */
#include "bench.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#if defined(__has_include)
#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#endif
#endif

#ifndef CALLGRIND_TOGGLE_COLLECT
#define CALLGRIND_TOGGLE_COLLECT   (void)0
#define CALLGRIND_ZERO_STATS       (void)0
#define CALLGRIND_DUMP_STATS_AT(x) (void)(x)
#endif

enum {
    ENGINES = 3,
    PATH_SIZE = 1024
};

static const struct engine *const engines[ENGINES] = {&hand_engine, &quarry_engine,
                                                      &hand_serialized_engine};
enum {
    HAND,
    QUARRY,
    HAND_SERIALIZED
};

/* What a workload starts from, and which rows it writes. */
static const struct {
    const char *name;
    double target;
    bool full;    /* starts from the database that has rows */
    bool writes;  /* so that what the tables hold is compared, too */
    bool changed; /* writes data->changed, not data->stats */
} workloads[WORKLOADS] = {
    [INSERT] = {"insert", 1.03, false, true, false},
    [UPDATE_COLUMNS] = {"update_columns", 1.03, true, true, false},
    [UPDATE] = {"update", 0, true, true, true},
    [DELETE] = {"delete", 1.03, true, true, false},
    [UPSERT] = {"upsert configurations", 0, true, true, false},
    [GET] = {"get", 1.05, true, false, false},
    [GET_INSIDE] = {"get in a transaction", 0, true, false, false},
    [CURSOR] = {"cursor", 1.05, true, false, false},
    [INSERT_MANY] = {"insert_many", 0.75, false, true, false},
    [UPSERT_MANY_CONFIG] = {"upsert_many configurations", 0.70, true, true, false},
    [UPSERT_MANY_STAT] = {"upsert_many container_stats", 0.70, true, true, true},
    [GET_MANY] = {"get_many", 0.30, true, false, false},
    [GET_MANY_INSIDE] = {"get_many in a transaction", 0, true, false, false},
    [LIST] = {"list", 0.65, true, false, false},
    [QUERY_RANGE] = {"query, a range of 100", 1.05, true, false, false},
    [QUERY_AGGREGATE] = {"query, an aggregate", 1.05, true, false, false},
};

struct settings {
    size_t pairs;
    size_t rows;
    const char *only;
    const char *folder;
    bool instructions;
};

/* ---- measuring ------------------------------------------------------------------ */

void die(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    fputs("bench: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

static double cpu_seconds(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

void run_start(struct run *run)
{
    CALLGRIND_TOGGLE_COLLECT;
    run->started = cpu_seconds();
}

void run_stop(struct run *run)
{
    run->seconds += cpu_seconds() - run->started;
    CALLGRIND_TOGGLE_COLLECT;
}

/* ---- files ---------------------------------------------------------------------- */

static void path_of(char path[PATH_SIZE], const char *folder, const char *name)
{
    int length = snprintf(path, PATH_SIZE, "%s/%s", folder, name);

    if (length < 0 || length >= PATH_SIZE)
        die("the path of the folder is too long");
}

static void remove_database(const char *folder, const char *name)
{
    static const char *const suffixes[] = {"", "-wal", "-shm"};
    char path[PATH_SIZE], file[64];

    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        snprintf(file, sizeof file, "%s%s", name, suffixes[i]);
        path_of(path, folder, file);
        if (unlink(path) != 0 && errno != ENOENT)
            die("%s: %s", path, strerror(errno));
    }
}

static void copy_file(const char *from, const char *to)
{
    static char buffer[1 << 20];
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    size_t size;

    if (in == NULL || out == NULL)
        die("%s: %s", in == NULL ? from : to, strerror(errno));
    while ((size = fread(buffer, 1, sizeof buffer, in)) > 0)
        fwrite(buffer, 1, size, out);
    if (ferror(in) || fclose(out) != 0)
        die("%s can't be copied", from);
    fclose(in);
}

static void must(quarry_db *db, quarry_status status)
{
    if (status != QUARRY_OK)
        die("%s: %s", quarry_path(db), quarry_last_error(db)->message);
}

/* A table's rows are inserted one by one, so that what is measured makes no template. */
static void fill_parents(quarry_db *db, const struct data *data)
{
    must(db, quarry_begin(db));
    for (int i = 0; i < HOSTS; i++) {
        dockstat_host host = data->hosts[i];
        must(db, dockstat_host_insert(db, &host));
    }
    for (int i = 0; i < CONTAINERS; i++) {
        dockstat_container container = data->containers[i];
        must(db, dockstat_container_insert(db, &container));
    }
    must(db, quarry_commit(db));
}

static void fill_rows(quarry_db *db, const struct data *data)
{
    must(db, quarry_begin(db));
    for (size_t i = 0; i < data->count; i++) {
        stat_row row = data->stats[i];
        must(db, dockstat_container_stat_insert(db, &row));
    }
    for (size_t i = 0; i < data->configs; i += 2) {
        config_row row = data->config[i];
        must(db, dockstat_configuration_insert(db, &row));
    }
    must(db, quarry_commit(db));
}

/* The databases that workloads start from: the generated schema, with and without rows.
 */
static void make_template(const struct settings *settings, const struct data *data,
                          const char *name, bool full)
{
    char path[PATH_SIZE];
    quarry_options options;
    quarry_db *db = NULL;

    remove_database(settings->folder, name);
    path_of(path, settings->folder, name);
    quarry_options_init(&options);
    options.ignore_environment = true;
    must(db, dockstat_open(path, &options, &db));
    fill_parents(db, data);
    if (full)
        fill_rows(db, data);
    must(db, quarry_exec(db, "PRAGMA wal_checkpoint(TRUNCATE)"));
    quarry_close(db);
}

/* ---- one run -------------------------------------------------------------------- */

static void *copy_rows(const void *rows, size_t count, size_t size)
{
    void *copy = malloc(count * size);

    if (copy == NULL)
        die("out of memory");
    return memcpy(copy, rows, count * size);
}

/* Reads what the workload will need into SQLite's cache. */
static void warm(sqlite3 *handle)
{
    static const char sql[] =
        "SELECT sum(memory_usage) FROM container_stats NOT INDEXED;"
        "SELECT count(*) FROM container_stats INDEXED BY "
        "idx_container_stats_container_timestamp WHERE timestamp > 0;"
        "SELECT count(*) FROM configurations WHERE length(value) > 0;"
        "SELECT count(*) FROM containers WHERE id > '';"
        "SELECT count(*) FROM hosts WHERE id > ''";

    if (sqlite3_exec(handle, sql, NULL, NULL, NULL) != SQLITE_OK)
        die("%s", sqlite3_errmsg(handle));
}

static struct run run_once(const struct settings *settings, const struct data *data,
                           enum workload workload, const struct engine *engine)
{
    char from[PATH_SIZE], path[PATH_SIZE], name[128];
    struct run run = {.data = data};
    const stat_row *rows = workloads[workload].changed ? data->changed : data->stats;
    void *connection;

    path_of(from, settings->folder, workloads[workload].full ? "full.db" : "empty.db");
    path_of(path, settings->folder, "run.db");
    remove_database(settings->folder, "run.db");
    copy_file(from, path);
    run.stats = copy_rows(rows, data->count, sizeof *run.stats);
    run.config = copy_rows(data->config, data->configs, sizeof *run.config);
    connection = engine->open(path);
    warm(engine->handle(connection));
    CALLGRIND_ZERO_STATS;
    engine->work[workload](connection, &run);
    snprintf(name, sizeof name, "%s|%s", workloads[workload].name, engine->name);
    CALLGRIND_DUMP_STATS_AT(name);
    for (size_t i = 0; i < data->count; i++) /* the keys that were set back */
        run.sum = sum_number(run.sum, run.stats[i].id);
    if (workloads[workload].writes)
        run.sum ^= sum_database(engine->handle(connection));
    engine->close(connection);
    free(run.stats);
    free(run.config);
    return run;
}

/* ---- pairs ---------------------------------------------------------------------- */

struct samples {
    double *seconds[ENGINES];
    double *ratios;
};

static struct samples samples_new(size_t pairs)
{
    struct samples samples = {{NULL}, NULL};
    double *memory = calloc(pairs * (ENGINES + 1), sizeof *memory);

    if (memory == NULL)
        die("out of memory");
    for (int i = 0; i < ENGINES; i++)
        samples.seconds[i] = memory + (size_t)i * pairs;
    samples.ratios = memory + (size_t)ENGINES * pairs;
    return samples;
}

/* Every other time in the other order, so that neither always comes first. */
static void measure(const struct settings *settings, const struct data *data,
                    enum workload workload, struct samples *samples)
{
    uint64_t sum = 0;

    for (size_t pair = 0; pair < settings->pairs; pair++) {
        for (size_t i = 0; i < ENGINES; i++) {
            size_t which = pair % 2 == 0 ? i : ENGINES - 1 - i;
            struct run run = run_once(settings, data, workload, engines[which]);

            if (pair + i > 0 && run.sum != sum)
                die("%s: %s read or wrote something else", workloads[workload].name,
                    engines[which]->name);
            sum = run.sum;
            samples->seconds[which][pair] = run.seconds;
        }
    }
}

static struct ratios compare(const struct settings *settings, enum workload workload,
                             struct samples *samples, int floor)
{
    const double *ours = samples->seconds[QUARRY], *theirs = samples->seconds[floor];
    size_t pairs = settings->pairs;
    struct ratios result = {.workload = workloads[workload].name,
                            .floor = engines[floor]->name,
                            .target = workloads[workload].target};

    for (size_t i = 0; i < pairs; i++)
        samples->ratios[i] = ours[i] / theirs[i];
    result.median = median_of(samples->ratios, pairs);
    result.min = samples->ratios[0];
    result.max = samples->ratios[pairs - 1];
    for (size_t i = 0; i < pairs; i++)
        samples->ratios[i] = theirs[i];
    result.floor_ms = median_of(samples->ratios, pairs) * 1e3;
    for (size_t i = 0; i < pairs; i++)
        samples->ratios[i] = ours[i];
    result.ms = median_of(samples->ratios, pairs) * 1e3;
    return result;
}

static size_t run_all(const struct settings *settings, const struct data *data,
                      struct ratios *results)
{
    struct samples samples = samples_new(settings->pairs);
    size_t count = 0;

    if (!settings->instructions)
        report_header();
    for (enum workload workload = 0; workload < WORKLOADS; workload++) {
        if (settings->only != NULL &&
            strcmp(settings->only, workloads[workload].name) != 0)
            continue;
        measure(settings, data, workload, &samples);
        results[count] = compare(settings, workload, &samples, HAND);
        results[count + 1] = compare(settings, workload, &samples, HAND_SERIALIZED);
        if (!settings->instructions)
            report_workload(&results[count], &results[count + 1]);
        count += 2;
    }
    free(samples.seconds[0]);
    return count;
}

/* ---- the program ---------------------------------------------------------------- */

static size_t number_of(const char *text)
{
    char *end = NULL;
    unsigned long number = text == NULL ? 0 : strtoul(text, &end, 10);

    if (number == 0 || *end != '\0' || number > 100000000)
        die("%s is no number", text == NULL ? "nothing" : text);
    return number;
}

static struct settings read_arguments(char **argv)
{
    struct settings settings = {.pairs = 7, .rows = 200000};

    for (char **at = argv + 1; *at != NULL; at++) {
        if (strcmp(*at, "--pairs") == 0)
            settings.pairs = number_of(*++at);
        else if (strcmp(*at, "--rows") == 0)
            settings.rows = number_of(*++at);
        else if (strcmp(*at, "--only") == 0)
            settings.only = *++at;
        else if (strcmp(*at, "--instructions") == 0)
            settings.instructions = true;
        else
            settings.folder = *at;
        if (*at == NULL)
            die("an option needs a value");
    }
    if (settings.folder == NULL)
        die("usage: bench [--pairs N] [--rows N] [--only WORKLOAD] [--instructions] "
            "FOLDER");
    if (settings.instructions)
        settings.pairs = 1;
    return settings;
}

int main(int argc, char **argv)
{
    struct settings settings = read_arguments(argv);
    struct ratios results[2 * WORKLOADS];
    char path[PATH_SIZE];
    struct data data;
    size_t count;

    (void)argc;
    data_init(&data, settings.rows);
    make_template(&settings, &data, "empty.db", false);
    make_template(&settings, &data, "full.db", true);
    count = run_all(&settings, &data, results);
    path_of(path, settings.folder, "workloads.json");
    if (!settings.instructions && settings.only == NULL)
        report_json(path, results, count);
    remove_database(settings.folder, "run.db");
    remove_database(settings.folder, "empty.db");
    remove_database(settings.folder, "full.db");
    data_release(&data);
    return 0;
}
