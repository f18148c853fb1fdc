/*
 * test_migrate_together.c: several processes migrate one file at once, and each version is
 * migrated by exactly one of them; and what it costs to open a file that is current.
 *
 * QUARRY_ROUNDS=n: so many rounds of the first (200: `make stress-migrations`).
 */
#include "fault_vfs.h"
#include "migrate_trial.h"

#include <sys/wait.h>
#include <unistd.h>

enum {
    PROCESSES = 8
};

static long rounds = 6;

/* ---- together ------------------------------------------------------------------- */

/* The context of a process: first what chain_rank_hosts counts in. */
struct child {
    int calls;
    int out;
};

/* Tells the parent which version this process has migrated. */
static bool tell_parent(const quarry_progress *progress, void *context)
{
    const unsigned char version = (unsigned char)progress->version;

    if (progress->step > progress->step_count)
        return write(((struct child *)context)->out, &version, 1) == 1;
    return true;
}

static int open_in_child(int gate, int out, bool wal)
{
    quarry_options options = trial_options();
    struct child child = {0, out};
    quarry_migrate_options migrate = {.progress = tell_parent, .context = &child};
    quarry_db *db = NULL;
    quarry_status status;
    char go;

    options.wal = wal;
    options.migrate = &migrate;
    if (read(gate, &go, 1) != 0)
        return 99;
    status = quarry_open(&chain_schema, path, &options, &db);
    if (status != QUARRY_OK)
        fprintf(stderr, "%s\n", quarry_last_error(db)->message);
    quarry_close(db);
    return (int)status;
}

static void start_children(pid_t children[PROCESSES], int out, bool wal)
{
    int gate[2];

    assert_int_equal(pipe(gate), 0);
    for (int i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            close(gate[1]);
            _exit(open_in_child(gate[0], out, wal));
        }
    }
    close(gate[0]);
    close(gate[1]); /* all start now */
}

/* Each version above `from` once. */
static void expect_each_once(int in, int from)
{
    int times[CHAIN_COUNT + 3] = {0};
    unsigned char version;

    while (read(in, &version, 1) == 1) {
        assert_in_range(version, 1, CHAIN_COUNT + 2);
        times[version]++;
    }
    for (int i = 1; i <= CHAIN_COUNT; i++)
        assert_int_equal(times[chain_version(i)], i > from);
}

static void migrate_together(int from, bool wal)
{
    pid_t children[PROCESSES];
    quarry_db *db;
    int results[2];

    db = trial_open(&chain_schema, path, wal);
    trial_migrate(db, chain_version(from));
    quarry_close(db);
    assert_int_equal(pipe(results), 0);
    start_children(children, results[1], wal);
    close(results[1]);
    for (int i = 0; i < PROCESSES; i++) {
        int result = -1;

        assert_int_equal(waitpid(children[i], &result, 0), children[i]);
        assert_true(WIFEXITED(result));
        assert_int_equal(WEXITSTATUS(result), QUARRY_OK);
    }
    expect_each_once(results[0], from);
    close(results[0]);
    db = trial_open(&chain_schema, path, wal);
    trial_check_sound(quarry_sqlite(db));
    trial_expect(quarry_sqlite(db), CHAIN_COUNT);
    quarry_close(db);
}

static void test_eight_processes_at_once(void **state)
{
    (void)state;
    for (long i = 0; i < rounds; i++) {
        migrate_together(i % 3 == 2 ? 4 : 0, i % 2 == 0);
        temp_remove(path);
        temp_path(path);
    }
}

/* ---- the cost of opening ---------------------------------------------------------- */

struct cost {
    long reads;      /* of files */
    long statements; /* that read the database */
};

static long statements;

static int count_statement(unsigned event, void *context, void *stmt, void *text)
{
    (void)event;
    (void)context;
    (void)stmt;
    statements += strncmp(text, "SELECT", 6) == 0;
    return 0;
}

/* As an auto-extension: also for connections that the runtime makes. */
static int trace_statements(sqlite3 *handle, char **error, const void *api)
{
    (void)error;
    (void)api;
    sqlite3_trace_v2(handle, SQLITE_TRACE_STMT, count_statement, NULL);
    return SQLITE_OK;
}

static struct cost cost_of(void (*open_it)(void))
{
    struct cost cost;

    fault_arm(FAULT_NONE, 0, false);
    statements = 0;
    open_it();
    cost.reads = fault.reads;
    cost.statements = statements;
    return cost;
}

static void open_with_quarry(void)
{
    const quarry_options options = trial_options();
    quarry_db *db = NULL;

    assert_int_equal(quarry_open(&chain_schema, path, &options, &db), QUARRY_OK);
    quarry_close(db);
}

/* What any program does that opens a file and asks for one row of a table. */
static void open_plainly(void)
{
    sqlite3 *handle = NULL;

    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    trial_run(handle, "PRAGMA journal_mode = WAL");
    trial_ask(handle, "PRAGMA user_version");
    sqlite3_close(handle);
}

static void open_and_ask(void)
{
    sqlite3 *handle = NULL;

    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    trial_run(handle, "PRAGMA journal_mode = WAL");
    trial_ask(handle, "SELECT id FROM containers WHERE id = 1");
    sqlite3_close(handle);
}

static void test_cost_of_opening(void **state)
{
    struct cost ours;
    struct cost plain;
    struct cost asking;

    (void)state;
    open_with_quarry();
    ours = cost_of(open_with_quarry);
    plain = cost_of(open_plainly);
    asking = cost_of(open_and_ask);
    print_message("# reads: %ld; plain open and user_version: %ld; and a row: %ld; "
                  "statements: %ld\n",
                  ours.reads, plain.reads, asking.reads, ours.statements);
    assert_true(ours.reads <= plain.reads + 2);
    assert_true(ours.reads <= asking.reads);
    assert_true(ours.statements <= 2);
}

int main(void)
{
    const char *text = getenv("QUARRY_ROUNDS");
    const struct CMUnitTest tests[] = {
        FILES(test_eight_processes_at_once),
        FILES(test_cost_of_opening),
    };

    if (text != NULL)
        rounds = atol(text);
    fault_install();
    sqlite3_auto_extension((void (*)(void))trace_statements);
    return cmocka_run_group_tests(tests, trial_make_versions, trial_free_versions);
}
