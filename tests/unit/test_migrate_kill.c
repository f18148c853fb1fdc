/*
 * test_migrate_kill.c: the migrating process is killed at each change that it makes to a
 * file, whole or torn, and separately each of these changes fails: on reopening the
 * database is at the version before or the one after, sound, with every row. Each of the
 * ten migrations is taken up and down, with a log (WAL) and with a rollback journal.
 *
 * QUARRY_EVERY=n tries each n-th point only; not set, a number that keeps this test short.
 */
#include "fault_vfs.h"
#include "migrate_trial.h"

#include <sys/wait.h>
#include <unistd.h>

static long every = 1;

struct tally {
    long points;
    long before; /* found at the version before … */
    long after;  /* … and after */
};

/* ---- files as they are before --------------------------------------------------- */

struct image {
    char *bytes;
    size_t size;
};

/* The file at each version, closed: [wal][position]. */
static struct image images[2][CHAIN_COUNT + 1];

static struct image read_image(void)
{
    FILE *file = fopen(path, "rb");
    struct image image = {NULL, 0};

    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    image.size = (size_t)ftell(file);
    rewind(file);
    image.bytes = malloc(image.size + 1);
    assert_int_equal(fread(image.bytes, 1, image.size, file), image.size);
    fclose(file);
    return image;
}

static void remove_files(void)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};
    char name[TEMP_PATH_SIZE + 16];

    for (int i = 0; i < 4; i++) {
        snprintf(name, sizeof name, "%s%s", path, suffixes[i]);
        unlink(name);
    }
}

static void write_image(const struct image *image)
{
    FILE *file;

    remove_files();
    file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(image->bytes, 1, image->size, file), image->size);
    fclose(file);
}

/* ---- one point ------------------------------------------------------------------ */

/* Without waiting, and with few pages in memory, so that a rebuild writes before its
   commit. */
static quarry_status migrate(bool wal, int version)
{
    quarry_options options = trial_options();
    quarry_db *db = NULL;
    quarry_status status;

    options.pending = QUARRY_PENDING_IGNORE;
    options.wal = wal;
    options.cache_kib = 16;
    options.synchronous =
        QUARRY_SYNCHRONOUS_NORMAL; /* the order of changes depends on it */
    status = quarry_open(&chain_schema, path, &options, &db);
    if (status == QUARRY_OK)
        status = quarry_migrate(db, version, NULL);
    quarry_close(db);
    return status;
}

/* How many changes there are when nothing happens. */
static long count_changes(bool wal, int from, int to)
{
    write_image(&images[wal][from]);
    fault_arm(FAULT_NONE, 0, false);
    assert_int_equal(migrate(wal, chain_version(to)), QUARRY_OK);
    return fault.changes;
}

/* Returns true where the process was killed: else it has come to its end. */
static bool migrate_in_child(bool wal, int version, enum fault_kind kind, long at)
{
    int result = 0;
    const pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        fault_arm(kind, at, false);
        _exit(migrate(wal, version) == QUARRY_OK ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &result, 0), child);
    if (WIFSIGNALED(result))
        return WTERMSIG(result) == SIGKILL;
    assert_int_equal(WEXITSTATUS(result), 0);
    return false;
}

static void judge(int from, int to, bool must_be_after, struct tally *tally)
{
    sqlite3 *handle = NULL;
    int64_t version;

    fault_arm(FAULT_NONE, 0, false);
    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    trial_check_sound(handle);
    version = trial_ask(handle, "PRAGMA user_version");
    assert_true(version == chain_version(to) ||
                (version == chain_version(from) && !must_be_after));
    trial_expect(handle, version == chain_version(to) ? to : from);
    sqlite3_close(handle);
    tally->points++;
    tally->before += version == chain_version(from);
    tally->after += version == chain_version(to);
}

static void kill_at(bool wal, int from, int to, enum fault_kind kind, long at,
                    struct tally *tally)
{
    bool killed;

    write_image(&images[wal][from]);
    killed = migrate_in_child(wal, chain_version(to), kind, at);
    judge(from, to, !killed, tally);
}

static void fail_at(bool wal, int from, int to, enum fault_kind kind, long at, bool stays,
                    struct tally *tally)
{
    quarry_status status;

    write_image(&images[wal][from]);
    fault_arm(kind, at, stays);
    status = migrate(wal, chain_version(to));
    fault_arm(FAULT_NONE, 0, false);
    judge(from, to, status == QUARRY_OK, tally);
}

/* ---- all points ----------------------------------------------------------------- */

static long turn; /* so that the points left out are others each time */

static bool is_chosen(void)
{
    return ++turn % every == 0;
}

static void each_kill(bool wal, int from, int to, struct tally *tally)
{
    const long count = count_changes(wal, from, to);

    assert_true(count > 5);
    for (long at = 1; at <= count + 1; at++) { /* the last is not reached */
        if (is_chosen())
            kill_at(wal, from, to, FAULT_KILL, at, tally);
        if (is_chosen())
            kill_at(wal, from, to, FAULT_TEAR, at, tally);
    }
}

static void each_failure(bool wal, int from, int to, struct tally *tally)
{
    const long count = count_changes(wal, from, to);

    for (long at = 1; at <= count + 1; at++) {
        for (int i = 0; i < 4; i++) {
            if (is_chosen())
                fail_at(wal, from, to, i < 2 ? FAULT_ERROR : FAULT_FULL, at, i % 2 == 0,
                        tally);
        }
    }
}

typedef void each_point(bool wal, int from, int to, struct tally *tally);

static void each_migration(bool wal, each_point *each, struct tally *tally)
{
    for (int i = 0; i < CHAIN_COUNT; i++) {
        each(wal, i, i + 1, tally);
        each(wal, i + 1, i, tally);
    }
}

/* The points that were counted beforehand stand in the test's name. */
static void try_all(bool wal, each_point *each, void **state)
{
    struct tally tally = {0, 0, 0};

    turn = 0;
    each_migration(wal, each, &tally);
    assert_int_equal(tally.points, *(long *)*state);
    assert_true(tally.before > tally.points / 10);
    assert_true(tally.after > 0);
}

static void test_killed_with_wal(void **state)
{
    try_all(true, each_kill, state);
}

static void test_killed_with_journal(void **state)
{
    try_all(false, each_kill, state);
}

static void test_failing_with_wal(void **state)
{
    try_all(true, each_failure, state);
}

static void test_failing_with_journal(void **state)
{
    try_all(false, each_failure, state);
}

/* From nothing to the newest in one opening: any version that is whole is good. */
static void test_killed_on_the_whole_way(void **state)
{
    long changes;
    long versions = 0;

    (void)state;
    remove_files();
    fault_arm(FAULT_NONE, 0, false);
    assert_int_equal(migrate(true, QUARRY_LATEST), QUARRY_OK);
    changes = fault.changes;
    for (long at = 1; at <= changes; at += every) {
        sqlite3 *handle = NULL;
        int position = 0;

        remove_files();
        migrate_in_child(true, QUARRY_LATEST, FAULT_KILL, at);
        assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
        trial_check_sound(handle);
        position = (int)trial_applied(handle);
        trial_expect(handle, position);
        sqlite3_close(handle);
        versions |= 1L << position;
        assert_int_equal(migrate(true, QUARRY_LATEST), QUARRY_OK);
    }
    assert_int_equal(versions, (1L << (CHAIN_COUNT + 1)) - 1);
}

/* ---- setting up ----------------------------------------------------------------- */

static void make_images(void)
{
    trial_make_versions(NULL);
    temp_path(path);
    for (int wal = 0; wal < 2; wal++) {
        for (int i = 0; i <= CHAIN_COUNT; i++) {
            remove_files();
            assert_int_equal(migrate(wal == 1, chain_version(i)), QUARRY_OK);
            images[wal][i] = read_image();
        }
    }
}

static int free_images(void **state)
{
    for (int wal = 0; wal < 2; wal++) {
        for (int i = 0; i <= CHAIN_COUNT; i++)
            free(images[wal][i].bytes);
    }
    temp_remove(path);
    return trial_free_versions(state);
}

static long count_all(bool wal, int from, int to, long variants)
{
    return (count_changes(wal, from, to) + 1) * variants;
}

/* How many points there are, of those that are tried. */
static long count_points(bool wal, long variants)
{
    long points = 0;

    for (int i = 0; i < CHAIN_COUNT; i++) {
        points += count_all(wal, i, i + 1, variants);
        points += count_all(wal, i + 1, i, variants);
    }
    return points / every;
}

static struct CMUnitTest named(CMUnitTestFunction run, const char *what, bool wal,
                               long variants)
{
    static char names[4][80];
    static long points[4];
    static int used;
    const int i = used++;

    points[i] = count_points(wal, variants);
    snprintf(names[i], sizeof names[i], "%s_%ld_points", what, points[i]);
    return (struct CMUnitTest){names[i], run, NULL, NULL, &points[i]};
}

static long read_every(void)
{
    const char *text = getenv("QUARRY_EVERY");
    const long number = text == NULL ? 7 : atol(text);

    return number < 1 ? 1 : number;
}

int main(void)
{
    every = read_every();
    fault_install();
    make_images();
    {
        const struct CMUnitTest tests[] = {
            named(test_killed_with_wal, "killed_with_wal", true, 2),
            named(test_killed_with_journal, "killed_with_journal", false, 2),
            named(test_failing_with_wal, "failing_with_wal", true, 4),
            named(test_failing_with_journal, "failing_with_journal", false, 4),
            cmocka_unit_test(test_killed_on_the_whole_way),
        };

        return cmocka_run_group_tests(tests, NULL, free_images);
    }
}
