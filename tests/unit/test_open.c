/*
 * test_open.c: options, environment and everything that can be wrong with a path or a
 * file; what the connection is then told is read back from SQLite.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "../../runtime/internal.h"
#include "sample_schema.h"
#include "temp_file.h"

static char path[TEMP_PATH_SIZE];

static int make_path(void **state)
{
    (void)state;
    temp_path(path);
    return 0;
}

static int remove_path(void **state)
{
    (void)state;
    temp_remove(path);
    return 0;
}

static quarry_options plain(void)
{
    quarry_options options;

    quarry_options_init(&options);
    options.ignore_environment = true;
    return options;
}

static int64_t ask(quarry_db *db, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    int64_t value;

    assert_int_equal(sqlite3_prepare_v2(quarry_sqlite(db), sql, -1, &stmt, NULL), 0);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    value = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return value;
}

static void expect_refused(const char *file, const quarry_options *options,
                           quarry_status status, const char *message)
{
    quarry_db *db = NULL;

    assert_int_equal(quarry_open(&sample_schema, file, options, &db), status);
    assert_non_null(db);
    assert_int_equal(quarry_last_error(db)->status, status);
    if (strstr(quarry_last_error(db)->message, message) == NULL)
        fail_msg("got: %s", quarry_last_error(db)->message);
    quarry_close(db);
}

static void write_file(const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* ---- what is set ---------------------------------------------------------------- */

static void test_defaults(void **state)
{
    quarry_db *db = NULL;

    (void)state;
    assert_int_equal(quarry_open(&sample_schema, path, NULL, &db), QUARRY_OK);
    assert_string_equal(quarry_path(db), path);
    assert_int_equal(ask(db, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), 1);
    assert_int_equal(ask(db, "PRAGMA synchronous"), 1);
    assert_int_equal(ask(db, "PRAGMA foreign_keys"), 1);
    assert_int_equal(ask(db, "PRAGMA cache_size"), -65536);
    assert_int_equal(ask(db, "PRAGMA busy_timeout"), 5000);
    assert_int_equal(ask(db, "PRAGMA trusted_schema"), 0);
    assert_int_equal(ask(db, "PRAGMA mmap_size"), 0);
    assert_int_equal(quarry_exec(db, "SELECT \"no such column\""), QUARRY_ERROR);
    quarry_exec(db, "PRAGMA writable_schema = 1");
    assert_int_equal(quarry_exec(db, "DELETE FROM sqlite_schema"), QUARRY_ERROR);
    quarry_close(db);
}

static void test_options(void **state)
{
    quarry_options options = plain();
    quarry_db *db = NULL;

    (void)state;
    options.wal = false;
    options.foreign_keys = false;
    options.synchronous = QUARRY_SYNCHRONOUS_EXTRA;
    options.cache_kib = 0;
    options.mmap_bytes = 1 << 20;
    options.busy_timeout_ms = 0;
    assert_int_equal(quarry_open(&sample_schema, path, &options, &db), QUARRY_OK);
    assert_int_equal(ask(db, "SELECT journal_mode = 'delete' FROM pragma_journal_mode"),
                     1);
    assert_int_equal(ask(db, "PRAGMA foreign_keys"), 0);
    assert_int_equal(ask(db, "PRAGMA synchronous"), 3);
    assert_int_equal(ask(db, "PRAGMA cache_size"), -2000);
    assert_int_equal(ask(db, "PRAGMA mmap_size"), 1 << 20);
    assert_int_equal(ask(db, "PRAGMA busy_timeout"), 0);
    quarry_close(db);
    quarry_options_init(NULL);
}

static void test_bad_options(void **state)
{
    quarry_options options = plain();

    (void)state;
    expect_refused(NULL, &options, QUARRY_MISUSE, "path");
    expect_refused("", &options, QUARRY_MISUSE, "path");
    options.busy_timeout_ms = -1;
    expect_refused(path, &options, QUARRY_MISUSE, "negative");
    options = plain();
    options.cache_kib = -1;
    expect_refused(path, &options, QUARRY_MISUSE, "negative");
    options = plain();
    options.mmap_bytes = -1;
    expect_refused(path, &options, QUARRY_MISUSE, "negative");
    options = plain();
    options.synchronous = (quarry_synchronous)4;
    expect_refused(path, &options, QUARRY_MISUSE, "synchronous");
}

/* ---- the environment ------------------------------------------------------------ */

static void test_environment(void **state)
{
    quarry_db *db = NULL;

    (void)state;
    setenv("DATABASE_PATH", "/nonexistent/folder/x.db", 1);
    setenv("SAMPLE_DATABASE_PATH", path, 1);
    setenv("DATABASE_WAL_MODE", "OFF", 1);
    setenv("DATABASE_BUSY_TIMEOUT", "77", 1);
    setenv("SAMPLE_DATABASE_TIMEOUT", "88", 1);
    setenv("DATABASE_SYNCHRONOUS", "full", 1);
    setenv("DATABASE_CACHE_KIB", "123", 1);
    setenv("DATABASE_MMAP_BYTES", "4096", 1);
    setenv("DATABASE_READ_ONLY", "", 1);
    assert_int_equal(quarry_open(&sample_schema, ":memory:", NULL, &db), QUARRY_OK);
    assert_string_equal(quarry_path(db), path);
    assert_int_equal(ask(db, "SELECT journal_mode = 'delete' FROM pragma_journal_mode"),
                     1);
    assert_int_equal(ask(db, "PRAGMA busy_timeout"), 88);
    assert_int_equal(ask(db, "PRAGMA synchronous"), 2);
    assert_int_equal(ask(db, "PRAGMA cache_size"), -123);
    assert_int_equal(ask(db, "PRAGMA mmap_size"), 4096);
    quarry_close(db);
    setenv("DATABASE_READ_ONLY", "Yes", 1);
    assert_int_equal(quarry_open(&sample_schema, NULL, NULL, &db), QUARRY_OK);
    assert_int_equal(quarry_exec(db, "DELETE FROM hosts"), QUARRY_READ_ONLY);
    quarry_close(db);
}

static void test_bad_environment(void **state)
{
    static const char *const bad[][2] = {
        {"DATABASE_WAL_MODE", "maybe"},
        {"SAMPLE_DATABASE_READ_ONLY", "2"},
        {"DATABASE_BUSY_TIMEOUT", "-1"},
        {"DATABASE_BUSY_TIMEOUT", "5s"},
        {"DATABASE_TIMEOUT", "2147483648"},
        {"DATABASE_CACHE_KIB", " 1"},
        {"DATABASE_CACHE_KIB", "99999999999999999999999"},
        {"DATABASE_MMAP_BYTES", "1e3"},
        {"SAMPLE_DATABASE_SYNCHRONOUS", "1"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        setenv(bad[i][0], bad[i][1], 1);
        expect_refused(path, NULL, QUARRY_MISUSE, bad[i][0]);
        unsetenv(bad[i][0]);
    }
    assert_int_equal(access(path, F_OK), -1);
}

static int clean_environment(void **state)
{
    static const char *const names[] = {"PATH",      "WAL_MODE",  "BUSY_TIMEOUT",
                                        "TIMEOUT",   "READ_ONLY", "SYNCHRONOUS",
                                        "CACHE_KIB", "MMAP_BYTES"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char name[64];

        snprintf(name, sizeof name, "SAMPLE_DATABASE_%s", names[i]);
        unsetenv(name);
        unsetenv(name + strlen("SAMPLE_"));
    }
    return remove_path(state);
}

/* ---- files that can't be opened ------------------------------------------------- */

static void test_missing_files(void **state)
{
    quarry_options options = plain();

    (void)state;
    expect_refused("/nonexistent/folder/x.db", &options, QUARRY_CANNOT_OPEN,
                   "/nonexistent/folder/x.db: the database file can't be opened");
    expect_refused("/tmp", &options, QUARRY_CANNOT_OPEN, "/tmp");
    options.must_exist = true;
    expect_refused(path, &options, QUARRY_CANNOT_OPEN, path);
    options = plain();
    options.read_only = true;
    expect_refused(path, &options, QUARRY_CANNOT_OPEN, path);
    assert_int_equal(access(path, F_OK), -1);
}

static void test_no_database(void **state)
{
    quarry_options options = plain();
    char before[64];
    FILE *file;

    (void)state;
    write_file("this is a letter to a friend and no database, whatever its name is");
    expect_refused(path, &options, QUARRY_CORRUPT, "no SQLite database");
    file = fopen(path, "r");
    assert_non_null(fgets(before, sizeof before, file));
    fclose(file);
    assert_non_null(strstr(before, "letter to a friend"));
}

static void test_empty_file_becomes_a_database(void **state)
{
    quarry_options options = plain();
    quarry_db *db = NULL;

    (void)state;
    write_file("");
    options.must_exist = true;
    assert_int_equal(quarry_open(&sample_schema, path, &options, &db), QUARRY_OK);
    quarry_close(db);
}

/* Root may write everything, so a child without rights tries. */
static void test_file_that_cannot_be_written(void **state)
{
    quarry_options options = plain();
    quarry_db *db = NULL;
    char folder[TEMP_PATH_SIZE];
    int result;
    pid_t child;

    (void)state;
    if (geteuid() != 0)
        skip();
    assert_int_equal(quarry_open(&sample_schema, path, &options, &db), QUARRY_OK);
    quarry_close(db);
    strcpy(folder, path);
    *strrchr(folder, '/') = '\0';
    chmod(folder, 0755);
    chmod(path, 0444);
    child = fork();
    if (child == 0) {
        if (setuid(65534) != 0)
            _exit(9);
        result = (int)quarry_open(&sample_schema, path, &options, &db);
        _exit(result);
    }
    assert_int_equal(waitpid(child, &result, 0), child);
    assert_int_equal(WEXITSTATUS(result), QUARRY_READ_ONLY);
}

static void test_other_interface(void **state)
{
    quarry_schema other = sample_schema;
    quarry_options options = plain();
    quarry_db *db = NULL;

    (void)state;
    other.abi = QUARRY_ABI + 1;
    assert_int_equal(quarry_open(&other, path, &options, &db), QUARRY_MISUSE);
    assert_non_null(strstr(quarry_last_error(db)->message, "generate it again"));
    quarry_close(db);
    db = (quarry_db *)path;
    assert_int_equal(quarry_open(NULL, path, &options, &db), QUARRY_MISUSE);
    assert_null(db);
    assert_int_equal(quarry_open(&sample_schema, path, &options, NULL), QUARRY_MISUSE);
}

/* ---- a connection that did not open, or is none --------------------------------- */

static quarry_status nothing(quarry_db *db, void *context)
{
    (void)db;
    (void)context;
    return QUARRY_OK;
}

static void use_dead(quarry_db *db)
{
    sample_host host = {.id = "h", .name = "n", .port = 1};
    static const int keys[] = {0};
    quarry_stmt *stmt;

    assert_int_equal(sample_host_insert(db, &host), QUARRY_MISUSE);
    assert_int_equal(sample_host_delete(db, "h"), QUARRY_MISUSE);
    stmt = quarry_prepare_update(db, SAMPLE_HOST_UPDATE, &sample_host_type, keys, 1, 2);
    sample_host_bind(stmt, &host);
    assert_int_equal(quarry_run_change(stmt, &sample_host_type, &host), QUARRY_MISUSE);
    assert_int_equal(quarry_begin(db), QUARRY_MISUSE);
    assert_int_equal(quarry_begin_deferred(db), QUARRY_MISUSE);
    assert_int_equal(quarry_commit(db), QUARRY_MISUSE);
    assert_int_equal(quarry_rollback(db), QUARRY_MISUSE);
    assert_int_equal(quarry_exec(db, "SELECT 1"), QUARRY_MISUSE);
    assert_int_equal(quarry_transaction(db, nothing, NULL), QUARRY_MISUSE);
    assert_int_equal(quarry_in_transaction(db), 0);
    assert_null(quarry_sqlite(db));
    quarry_interrupt(db);
}

static void test_dead_connection(void **state)
{
    quarry_options options = plain();
    quarry_db *db = NULL;

    (void)state;
    assert_int_equal(quarry_open(&sample_schema, "/nonexistent/x", &options, &db),
                     QUARRY_CANNOT_OPEN);
    use_dead(db);
    assert_int_equal(quarry_last_error(db)->status, QUARRY_CANNOT_OPEN);
    quarry_close(db);
    use_dead(NULL);
    quarry_close(NULL);
    assert_null(quarry_path(NULL));
}

/* ---- closing, locks ------------------------------------------------------------- */

static void test_close_with_everything_open(void **state)
{
    quarry_db *db = sample_open();
    sample_host host = {.id = "h", .name = "n", .port = 1};
    sqlite3_stmt *own = NULL;

    (void)state;
    assert_int_equal(quarry_begin(db), QUARRY_OK);
    assert_int_equal(sample_host_insert(db, &host), QUARRY_OK);
    sqlite3_prepare_v2(quarry_sqlite(db), "SELECT id FROM hosts", -1, &own, NULL);
    assert_int_equal(sqlite3_step(own), SQLITE_ROW);
    quarry_close(db);
    sqlite3_finalize(own);
}

static void test_close_rolls_back(void **state)
{
    quarry_options options = plain();
    sample_host host = {.id = "h", .name = "n", .port = 1};
    quarry_db *db = NULL;

    (void)state;
    assert_int_equal(quarry_open(&sample_schema, path, &options, &db), QUARRY_OK);
    assert_int_equal(quarry_begin(db), QUARRY_OK);
    assert_int_equal(sample_host_insert(db, &host), QUARRY_OK);
    quarry_close(db);
    assert_int_equal(quarry_open(&sample_schema, path, &options, &db), QUARRY_OK);
    assert_int_equal(ask(db, "SELECT count(*) FROM hosts"), 0);
    quarry_close(db);
}

/* An exclusive lock: neither the switch to WAL nor creating may wait longer than asked.
 */
static void test_locked_file(void **state)
{
    quarry_options options = plain();
    struct timespec start;
    struct timespec end;
    sqlite3 *other = NULL;

    (void)state;
    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    sqlite3_exec(other, "CREATE TABLE t (a); BEGIN EXCLUSIVE", NULL, NULL, NULL);
    options.busy_timeout_ms = 200;
    clock_gettime(CLOCK_MONOTONIC, &start);
    expect_refused(path, &options, QUARRY_BUSY, "another connection holds a lock");
    clock_gettime(CLOCK_MONOTONIC, &end);
    assert_in_range(end.tv_sec - start.tv_sec, 0, 2);
    options.busy_timeout_ms = 0;
    expect_refused(path, &options, QUARRY_BUSY, "another connection holds a lock");
    sqlite3_close(other);
}

static int interrupting(void *db)
{
    quarry_interrupt(db);
    return 0;
}

static void test_interrupt(void **state)
{
    quarry_db *db = sample_open();

    (void)state;
    sqlite3_progress_handler(quarry_sqlite(db), 1000, interrupting, db);
    assert_int_equal(quarry_exec(db, "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL"
                                     " SELECT x + 1 FROM c) SELECT count(*) FROM c"),
                     QUARRY_INTERRUPTED);
    quarry_close(db);
}

/* ---- many at once --------------------------------------------------------------- */

enum {
    PROCESSES = 8
};

static int open_in_child(int gate)
{
    quarry_options options = plain();
    quarry_db *db = NULL;
    quarry_status status;
    char go;

    options.busy_timeout_ms = 20000;
    if (read(gate, &go, 1) != 0)
        return 99;
    status = quarry_open(&sample_schema, path, &options, &db);
    if (status != QUARRY_OK)
        fprintf(stderr, "%s\n", quarry_last_error(db)->message);
    quarry_close(db);
    return (int)status;
}

static void open_together(void)
{
    pid_t children[PROCESSES];
    int gate[2];

    assert_int_equal(pipe(gate), 0);
    for (int i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            close(gate[1]);
            _exit(open_in_child(gate[0]));
        }
    }
    close(gate[0]);
    close(gate[1]); /* all start now */
    for (int i = 0; i < PROCESSES; i++) {
        int result = -1;

        assert_int_equal(waitpid(children[i], &result, 0), children[i]);
        assert_int_equal(WEXITSTATUS(result), QUARRY_OK);
        assert_true(WIFEXITED(result));
    }
}

static void test_eight_processes_create_one_database(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++) {
        open_together();
        unlink(path);
    }
}

#define FILES(test) cmocka_unit_test_setup_teardown(test, make_path, remove_path)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FILES(test_defaults),
        FILES(test_options),
        FILES(test_bad_options),
        cmocka_unit_test_setup_teardown(test_environment, make_path, clean_environment),
        cmocka_unit_test_setup_teardown(test_bad_environment, make_path,
                                        clean_environment),
        FILES(test_missing_files),
        FILES(test_no_database),
        FILES(test_empty_file_becomes_a_database),
        FILES(test_file_that_cannot_be_written),
        FILES(test_other_interface),
        cmocka_unit_test(test_dead_connection),
        cmocka_unit_test(test_close_with_everything_open),
        FILES(test_close_rolls_back),
        FILES(test_locked_file),
        cmocka_unit_test(test_interrupt),
        FILES(test_eight_processes_create_one_database),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
