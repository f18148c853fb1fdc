/*
 * generator.c: how long `quarry generate` takes and how much memory it needs on schemas
 * of 1,000 and 4,000 tables, and whether its time grows in proportion.
 *
 *     generator QUARRY RUNS FOLDER SCHEMA-1000 SCHEMA-4000
 *
 * Each schema is generated RUNS times into an empty folder; wall time and the largest
 * resident size come from wait4(). The results go to FOLDER/generator.json. It must not
 * know what is generated.
 */
#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE /* wait4() */
#endif

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    MOST_RUNS = 100,
    PATH_SIZE = 1024
};

struct figures {
    double ms, ms_min, ms_max;
    double cpu; /* milliseconds of all processors, also the system's */
    double mib;
};

struct limit {
    const char *name;
    const char *unit;
    double value, min, max;
    double target; /* 0: none */
};

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "generator: %s\n", what);
    exit(1);
}

static double now_ms(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static int wait_for(pid_t child, struct rusage *usage)
{
    int status = -1;

    if (child < 0 || wait4(child, &status, 0, usage) != child)
        die("a program can't be run");
    return status;
}

static void remove_folder(const char *folder)
{
    struct rusage usage;
    pid_t child = fork();

    if (child == 0) {
        execlp("rm", "rm", "-rf", "--", folder, (char *)NULL);
        _exit(127);
    }
    if (wait_for(child, &usage) != 0)
        die("the folder can't be removed");
}

static double ms_of(struct timeval time)
{
    return (double)time.tv_sec * 1e3 + (double)time.tv_usec / 1e3;
}

/* One run with the option `jobs`, or NULL; its wall and CPU time in milliseconds, its largest resident size in MiB. */
static double run_once(const char *quarry, const char *jobs, const char *schema,
                       const char *folder, double *cpu, double *mib)
{
    struct rusage usage;
    double start;
    pid_t child;

    remove_folder(folder);
    start = now_ms();
    child = fork();
    if (child == 0) {
        execl(quarry, quarry, "generate", schema, "-o", folder, jobs, (char *)NULL);
        _exit(127);
    }
    if (wait_for(child, &usage) != 0)
        die("quarry generate failed");
    *cpu = ms_of(usage.ru_utime) + ms_of(usage.ru_stime);
    *mib = (double)usage.ru_maxrss / 1024;
    return now_ms() - start;
}

static int compare_doubles(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;

    return (left > right) - (left < right);
}

static struct figures measure(const char *quarry, const char *jobs, const char *schema,
                              const char *folder, int runs)
{
    double ms[MOST_RUNS], cpu[MOST_RUNS], mib[MOST_RUNS];

    for (int i = 0; i < runs; i++)
        ms[i] = run_once(quarry, jobs, schema, folder, &cpu[i], &mib[i]);
    remove_folder(folder);
    qsort(ms, (size_t)runs, sizeof *ms, compare_doubles);
    qsort(cpu, (size_t)runs, sizeof *cpu, compare_doubles);
    qsort(mib, (size_t)runs, sizeof *mib, compare_doubles);
    return (struct figures){ms[runs / 2], ms[0], ms[runs - 1], cpu[runs / 2],
                            mib[runs / 2]};
}

static void print_limit(const struct limit *limit)
{
    bool missed = limit->target > 0 && limit->value > limit->target;

    printf("%-34s %8.1f %-4s", limit->name, limit->value, limit->unit);
    if (limit->min < limit->max)
        printf(" (%.1f..%.1f)", limit->min, limit->max);
    if (limit->target > 0)
        printf("  target %.1f%s", limit->target, missed ? "  MISSED" : "");
    putchar('\n');
}

static void write_limit(FILE *file, const struct limit *limit)
{
    fprintf(file,
            "  {\"workload\": \"%s\", \"implementation\": \"quarry\", \"value\": %.3f, "
            "\"unit\": \"%s\", \"min\": %.3f, \"max\": %.3f, \"target\": ",
            limit->name, limit->value, limit->unit, limit->min, limit->max);
    if (limit->target > 0)
        fprintf(file, "%.1f}", limit->target);
    else
        fprintf(file, "null}");
}

static void write_json(const char *path, const struct limit *limits, size_t count)
{
    FILE *file = fopen(path, "w");

    if (file == NULL)
        die("the results can't be written");
    fputs("[\n", file);
    for (size_t i = 0; i < count; i++) {
        write_limit(file, &limits[i]);
        fputs(i + 1 < count ? ",\n" : "\n", file);
    }
    fputs("]\n", file);
    if (ferror(file) || fclose(file) != 0)
        die("the results can't be written");
}

int main(int argc, char **argv)
{
    char folder[PATH_SIZE], json[PATH_SIZE];
    int runs = argc == 6 ? atoi(argv[2]) : 0;

    if (runs < 1 || runs > MOST_RUNS || strlen(argv[3]) > PATH_SIZE - 20)
        die("usage: generator QUARRY RUNS FOLDER SCHEMA-1000 SCHEMA-4000");
    snprintf(folder, sizeof folder, "%s/generated", argv[3]);
    snprintf(json, sizeof json, "%s/generator.json", argv[3]);
    struct figures less = measure(argv[1], NULL, argv[4], folder, runs);
    struct figures alone = measure(argv[1], "-j1", argv[4], folder, runs);
    struct figures more = measure(argv[1], NULL, argv[5], folder, runs);
    const struct limit limits[] = {
        {"generate 1,000 tables", "ms", less.ms, less.ms_min, less.ms_max, 400},
        {"generate 1,000 tables, CPU", "ms", less.cpu, less.cpu, less.cpu, 0},
        {"generate 1,000 tables, --jobs=1", "ms", alone.ms, alone.ms_min, alone.ms_max,
         0},
        {"generate 1,000 tables, memory", "MiB", less.mib, less.mib, less.mib, 150},
        {"generate 4,000 tables", "ms", more.ms, more.ms_min, more.ms_max, 0},
        {"generate 4,000 tables, memory", "MiB", more.mib, more.mib, more.mib, 0},
        {"time(4,000) / time(1,000)", "", more.ms / less.ms, more.ms / less.ms,
         more.ms / less.ms, 4.5},
    };
    size_t count = sizeof limits / sizeof *limits;

    for (size_t i = 0; i < count; i++)
        print_limit(&limits[i]);
    write_json(json, limits, count);
    return 0;
}
