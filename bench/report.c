/*
 * report.c: the table that the benchmark prints and the JSON that it leaves. It must not
 * know how anything was measured.
 */
#include "bench.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare_doubles(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;

    return (left > right) - (left < right);
}

double median_of(double *values, size_t count)
{
    qsort(values, count, sizeof *values, compare_doubles);
    if (count % 2 == 1)
        return values[count / 2];
    return (values[count / 2 - 1] + values[count / 2]) / 2;
}

void report_header(void)
{
    printf("SQLite %s, CPU time; ratio = quarry / hand-written, median of pairs\n\n",
           sqlite3_libversion());
    printf("%-28s %8s %8s  %-19s %6s  %s\n", "workload", "hand ms", "quarry",
           "ratio (min..max)", "target", "to sqlite3_open()");
}

/* Nothing where the target is met. */
static const char *verdict(const struct ratios *ratios)
{
    return ratios->target > 0 && ratios->median > ratios->target ? "  MISSED" : "";
}

void report_workload(const struct ratios *plain, const struct ratios *serialized)
{
    char target[16] = "-";

    if (plain->target > 0)
        snprintf(target, sizeof target, "%.2f", plain->target);
    printf("%-28s %8.1f %8.1f  %.3f (%.3f..%.3f) %6s  %.3f (%.3f..%.3f)%s\n",
           plain->workload, plain->floor_ms, plain->ms, plain->median, plain->min,
           plain->max, target, serialized->median, serialized->min, serialized->max,
           verdict(plain));
    fflush(stdout);
}

#if defined(__clang__)
#define COMPILER "clang " __clang_version__
#elif defined(__GNUC__)
#define COMPILER "gcc " __VERSION__
#else
#define COMPILER "unknown"
#endif

static void write_ratios(FILE *file, const struct ratios *ratios)
{
    fprintf(file,
            "  {\"workload\": \"%s\", \"implementation\": \"quarry\", "
            "\"against\": \"%s\", \"ratio\": %.4f, \"spread\": %.4f, \"min\": %.4f, "
            "\"max\": %.4f, ",
            ratios->workload, ratios->floor, ratios->median, ratios->max - ratios->min,
            ratios->min, ratios->max);
    if (ratios->target > 0)
        fprintf(file, "\"target\": %.2f, ", ratios->target);
    else
        fprintf(file, "\"target\": null, ");
    fprintf(file, "\"ms\": %.3f, \"against_ms\": %.3f, ", ratios->ms, ratios->floor_ms);
    fprintf(file, "\"sqlite\": \"%s\", \"compiler\": \"%s\"}", sqlite3_libversion(),
            COMPILER);
}

void report_json(const char *path, const struct ratios *ratios, size_t count)
{
    FILE *file = fopen(path, "w");

    if (file == NULL)
        die("%s: %s", path, strerror(errno));
    fputs("[\n", file);
    for (size_t i = 0; i < count; i++) {
        write_ratios(file, &ratios[i]);
        fputs(i + 1 < count ? ",\n" : "\n", file);
    }
    fputs("]\n", file);
    if (ferror(file) || fclose(file) != 0)
        die("%s can't be written", path);
}
