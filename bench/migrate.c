/*
 * migrate.c: how long the runtime takes to rebuild a table of 1,000,000 rows, against the
 * same procedure written by hand and run in the sqlite3 shell.
 *
 *     migrate FOLDER [ROUNDS [ROWS]]
 *
 * Both get a copy of the same file and the same settings of the connection, as processes of
 * their own, in turns; the medians of their wall times and CPU times are compared. The
 * shell is `sqlite3` of the PATH. It must not know the generator.
 */
#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE /* wait4() */
#endif

#include "quarry_emit.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    MOST_ROUNDS = 99,
    PATH_SIZE = 1024
};

/* ---- the migration -------------------------------------------------------------- */

#define MAKE_HOSTS                                                                       \
    "CREATE TABLE hosts (id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL) STRICT"
#define MAKE_STATS(name, more)                                                           \
    "CREATE TABLE " name " (id INTEGER NOT NULL PRIMARY KEY,"                            \
    " host_id INTEGER NOT NULL REFERENCES hosts (id) ON DELETE CASCADE,"                 \
    " cpu REAL NOT NULL, memory INTEGER" more ", note TEXT) STRICT"
#define MAKE_INDEX "CREATE INDEX stats_host ON stats (host_id)"
#define LEGACY_ON  "PRAGMA legacy_alter_table = ON"
#define COPY                                                                             \
    "INSERT INTO new_stats (id, host_id, cpu, memory, note)"                             \
    " SELECT id, host_id, cpu, ifnull(memory, 0), note FROM stats"
#define DROP       "DROP TABLE stats"
#define RENAME     "ALTER TABLE new_stats RENAME TO stats"
#define LEGACY_OFF "PRAGMA legacy_alter_table = OFF"

static const char *const initial_sql[] = {MAKE_HOSTS, MAKE_STATS("stats", ""), MAKE_INDEX,
                                          NULL};
static const char *const rebuild_sql[] = {
    LEGACY_ON,  MAKE_STATS("new_stats", " NOT NULL DEFAULT 0"),
    COPY,       DROP,
    RENAME,     LEGACY_OFF,
    MAKE_INDEX, NULL};

static const quarry_migration_step initial[] = {{"create tables", initial_sql, NULL}};
static const quarry_migration_step rebuild[] = {{"rebuild stats", rebuild_sql, NULL}};

static const quarry_migration migrations[] = {
    {.version = 1, .name = "initial", .checksum = "1", .up = initial, .up_count = 1},
    {.version = 2,
     .name = "rebuild",
     .checksum = "2",
     .up = rebuild,
     .up_count = 1,
     .up_foreign_keys_off = true},
};

static const char *const no_ddl[] = {NULL};
static const quarry_schema schema = {
    .abi = QUARRY_ABI,
    .name = "bench",
    .environment = "BENCH_",
    .version = 2,
    .fingerprint = "bench",
    .ddl = no_ddl,
    .statement_count = 1,
    .migrations = migrations,
    .migration_count = 2,
};

/* What a careful hand writes: SQLite's own procedure, https://sqlite.org/lang_altertable.html */
static const char by_hand[] =
    ".bail on\n"
    "PRAGMA journal_mode = WAL;\nPRAGMA synchronous = NORMAL;\n"
    "PRAGMA cache_size = -65536;\nPRAGMA busy_timeout = 5000;\n"
    "PRAGMA foreign_keys = OFF;\nBEGIN IMMEDIATE;\n" LEGACY_ON ";\n" MAKE_STATS(
        "new_stats", " NOT NULL DEFAULT 0") ";\n" COPY ";\n" DROP ";\n" RENAME
                                            ";\n" LEGACY_OFF ";\n" MAKE_INDEX ";\n"
                                            "PRAGMA foreign_key_check;\nPRAGMA "
                                            "user_version = 2;\nCOMMIT;\n"
                                            "PRAGMA foreign_keys = ON;\n";

/* ---- files ---------------------------------------------------------------------- */

static char folder[PATH_SIZE / 2];

static const char *file_in_folder(char path[PATH_SIZE], const char *name)
{
    snprintf(path, PATH_SIZE, "%s/%s", folder, name);
    return path;
}

static void die(const char *what)
{
    fprintf(stderr, "migrate: %s\n", what);
    exit(2);
}

static quarry_db *open_at(const char *path, int version)
{
    quarry_options options;
    quarry_db *db = NULL;

    quarry_options_init(&options);
    options.ignore_environment = true;
    options.pending = QUARRY_PENDING_IGNORE;
    if (quarry_open(&schema, path, &options, &db) != QUARRY_OK ||
        quarry_migrate(db, version, NULL) != QUARRY_OK)
        die(quarry_last_error(db)->message);
    return db;
}

static void make_file(const char *path, long rows)
{
    char sql[512];
    quarry_db *db;

    unlink(path);
    db = open_at(path, 1);
    snprintf(sql, sizeof sql,
             "INSERT INTO hosts WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL"
             " SELECT i + 1 FROM n WHERE i < 1000) SELECT i, 'host ' || i FROM n;"
             "INSERT INTO stats WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL"
             " SELECT i + 1 FROM n WHERE i < %ld) SELECT i, 1 + i * 7919 %% 1000,"
             " i / 7.0, CASE WHEN i %% 10 THEN i * 31 END, 'note number ' || i FROM n",
             rows);
    if (quarry_exec(db, sql) != QUARRY_OK)
        die(quarry_last_error(db)->message);
    quarry_close(db);
}

static void copy_file(const char *from, const char *to)
{
    static char buffer[1 << 20];
    FILE *in = fopen(from, "rb");
    FILE *out = fopen(to, "wb");
    size_t size;

    if (in == NULL || out == NULL)
        die("the file can't be copied");
    while ((size = fread(buffer, 1, sizeof buffer, in)) > 0) {
        if (fwrite(buffer, 1, size, out) != size)
            die("the file can't be written");
    }
    fclose(in);
    fflush(out);
    fsync(fileno(out));
    fclose(out);
}

/* ---- measuring ------------------------------------------------------------------ */

struct figures {
    double wall;
    double cpu;
};

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double seconds_of(const struct timeval *time)
{
    return (double)time->tv_sec + (double)time->tv_usec / 1e6;
}

static void run_ours(const char *path)
{
    quarry_close(open_at(path, 2));
    _exit(0);
}

static void run_shell(const char *path)
{
    char script[PATH_SIZE];

    if (freopen(file_in_folder(script, "by_hand.sql"), "r", stdin) == NULL ||
        freopen("/dev/null", "w", stdout) == NULL)
        _exit(2);
    execlp("sqlite3", "sqlite3", "-batch", path, (char *)NULL);
    _exit(2);
}

static struct figures measure(void (*run)(const char *path))
{
    char original[PATH_SIZE];
    char copy[PATH_SIZE];
    struct rusage usage;
    double start;
    pid_t child;
    int result = 0;

    copy_file(file_in_folder(original, "migrate.db"), file_in_folder(copy, "copy.db"));
    start = seconds();
    child = fork();
    if (child == 0)
        run(copy);
    if (wait4(child, &result, 0, &usage) != child || result != 0)
        die("a run failed; is sqlite3 installed?");
    unlink(copy);
    return (struct figures){seconds() - start,
                            seconds_of(&usage.ru_utime) + seconds_of(&usage.ru_stime)};
}

static int compare(const void *left, const void *right)
{
    const double a = *(const double *)left;
    const double b = *(const double *)right;

    return (a > b) - (a < b);
}

static double median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, compare);
    return values[count / 2];
}

static void write_script(void)
{
    char path[PATH_SIZE];
    FILE *file = fopen(file_in_folder(path, "by_hand.sql"), "w");

    if (file == NULL || fputs(by_hand, file) < 0 || fclose(file) != 0)
        die("the script can't be written");
}

int main(int count, char **arguments)
{
    const long rounds = count > 2 ? atol(arguments[2]) : 5;
    const long rows = count > 3 ? atol(arguments[3]) : 1000000;
    double wall[2][MOST_ROUNDS];
    double cpu[2][MOST_ROUNDS];
    char path[PATH_SIZE];

    if (count < 2 || rounds < 1 || rounds > MOST_ROUNDS || rows < 1)
        die("usage: migrate FOLDER [ROUNDS [ROWS]]");
    snprintf(folder, sizeof folder, "%s", arguments[1]);
    make_file(file_in_folder(path, "migrate.db"), rows);
    write_script();
    for (int i = 0; i < rounds; i++) {
        for (int j = 0; j < 2; j++) {
            const struct figures figures = measure(j == 0 ? run_ours : run_shell);

            wall[j][i] = figures.wall;
            cpu[j][i] = figures.cpu;
        }
    }
    printf("rebuild of %ld rows   wall      CPU\n", rows);
    for (int j = 0; j < 2; j++)
        printf("%-22s %7.3f s %7.3f s\n", j == 0 ? "quarry_migrate" : "sqlite3 shell",
               median(wall[j], (int)rounds), median(cpu[j], (int)rounds));
    printf("%-22s %7.2f   %7.2f   target 1.10\n", "ratio",
           median(wall[0], (int)rounds) / median(wall[1], (int)rounds),
           median(cpu[0], (int)rounds) / median(cpu[1], (int)rounds));
    unlink(path);
    return 0;
}
