/*
 * test_memory.c: the allocation hook and arenas; then what a program does with a
 * database, with the n-th allocation failing for every n, of the runtime's and of
 * SQLite's own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../runtime/internal.h"
#include "failing_memory.h"
#include "sample_schema.h"
#include "temp_file.h"

/* ---- the hook and arenas -------------------------------------------------------- */

static void test_hook(void **state)
{
    void *memory;

    (void)state;
    quarry_set_allocator(&counted);
    memory_plan.live = 0;
    memory = quarry_allocate(0);
    assert_non_null(memory);
    memory = quarry_reallocate(memory, 100);
    assert_int_equal(memory_plan.live, 1);
    quarry_release(memory);
    quarry_release(NULL);
    quarry_free(NULL);
    quarry_arena_free(NULL);
    assert_int_equal(memory_plan.live, 0);
    quarry_set_allocator(NULL);
    memory = quarry_allocate(10);
    assert_int_equal(memory_plan.live, 0);
    quarry_free(memory);
}

static void test_arena_sizes(void **state)
{
    static const size_t sizes[] = {0, 1, 7, 16, 17, 4096, 16000, 65536, 1000000, 3};
    quarry_arena *arena;

    (void)state;
    quarry_set_allocator(&counted);
    memory_plan.live = 0;
    arena = quarry_arena_new();
    for (size_t round = 0; round < 50; round++) {
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            char *aligned = quarry_arena_allocate(arena, sizes[i]);
            char *text = quarry_arena_allocate_text(arena, sizes[i]);

            assert_non_null(aligned);
            assert_non_null(text);
            assert_int_equal((uintptr_t)aligned % 16, 0);
            memset(aligned, 1, sizes[i]);
            memset(text, 2, sizes[i]);
            assert_true(sizes[i] == 0 || (aligned[0] == 1 && aligned[sizes[i] - 1] == 1));
        }
    }
    assert_null(quarry_arena_allocate(arena, SIZE_MAX));
    assert_null(quarry_arena_allocate_text(arena, SIZE_MAX));
    assert_null(quarry_arena_allocate(arena, SIZE_MAX - 8));
    quarry_arena_free(arena);
    assert_int_equal(memory_plan.live, 0);
    quarry_set_allocator(NULL);
}

static void test_arena_small_ones_share_chunks(void **state)
{
    quarry_arena *arena;

    (void)state;
    quarry_set_allocator(&counted);
    memory_plan.live = 0;
    arena = quarry_arena_new();
    for (int i = 0; i < 6000; i++)
        assert_non_null(quarry_arena_allocate_text(arena, 10));
    assert_int_equal(memory_plan.live, 2); /* the arena and one chunk */
    quarry_arena_free(arena);
    quarry_set_allocator(NULL);
}

static void test_arena_items(void **state)
{
    quarry_arena *arena = quarry_arena_new();
    char *items = quarry_arena_items(arena, 1);

    (void)state;
    assert_non_null(items);
    strcpy(items, "kept");
    for (size_t size = 1; size < 1000000; size += 9999)
        assert_non_null(items = quarry_arena_items(arena, size));
    assert_string_equal(items, "kept");
    assert_true(arena->items_capacity >= 990000);
    quarry_arena_free(arena);
}

static void test_arena_over(void **state)
{
    _Alignas(16) char memory[64];
    quarry_arena arena;
    char *outside;

    (void)state;
    quarry_arena_over(&arena, memory, sizeof memory);
    assert_ptr_equal(quarry_arena_allocate_text(&arena, 3), memory);
    assert_ptr_equal(quarry_arena_allocate(&arena, 16), memory + 16);
    assert_ptr_equal(quarry_arena_allocate_text(&arena, 32), memory + 32);
    outside = quarry_arena_allocate_text(&arena, 1);
    assert_non_null(outside);
    assert_true(outside < memory || outside >= memory + sizeof memory);
    quarry_arena_release(&arena);
    quarry_arena_over(&arena, NULL, 0);
    assert_non_null(quarry_arena_allocate(&arena, 8));
    quarry_arena_release(&arena);
}

/* ---- every allocation fails once ------------------------------------------------ */

static const char long_text[] = "a text that is long enough to need memory of its own";

static quarry_status insert_both(quarry_db *db, void *context)
{
    sample_host host = {.id = "h1", .name = long_text, .port = 80};
    sample_container container = {.host_id = "h1", .name = "c", .note = long_text};
    quarry_status status = sample_host_insert(db, &host);

    (void)context;
    if (status == QUARRY_OK)
        status = sample_container_insert(db, &container);
    assert_true(status != QUARRY_OK || container.id == 1);
    return status;
}

static quarry_status update_note(quarry_db *db)
{
    static const int keys[] = {0};
    sample_container container = {.id = 1, .host_id = "h1", .name = "d"};
    quarry_stmt *stmt = quarry_prepare_update(db, SAMPLE_CONTAINER_UPDATE,
                                              &sample_container_type, keys, 1, 0xC);

    sample_container_bind(stmt, &container);
    return quarry_run_change(stmt, &sample_container_type, &container);
}

static quarry_status get_host(quarry_db *db)
{
    void *row = NULL;
    quarry_status status;
    quarry_stmt *stmt = quarry_prepare(
        db, SAMPLE_HOST_GET, "SELECT id, name, port, load FROM hosts WHERE id = ?1");

    quarry_bind_text(stmt, 1, "h1");
    status = quarry_fetch_one(stmt, &sample_host_type, &row);
    assert_true(status == QUARRY_OK ? row != NULL : row == NULL);
    assert_true(status != QUARRY_OK ||
                strcmp(((sample_host *)row)->name, long_text) == 0);
    quarry_free(row);
    return status;
}

/* What is expected to fail must do so, with its own status or for want of memory. */
static quarry_status break_keys(quarry_db *db)
{
    sample_container container = {.host_id = "nowhere", .name = "c"};
    quarry_status status = sample_container_insert(db, &container);

    assert_true(status == QUARRY_FOREIGN_KEY || status == QUARRY_NO_MEMORY);
    if (status == QUARRY_FOREIGN_KEY)
        status = sample_host_delete(db, "h1");
    assert_true(status == QUARRY_FOREIGN_KEY || status == QUARRY_NO_MEMORY);
    return status == QUARRY_FOREIGN_KEY ? QUARRY_OK : status;
}

static quarry_status use(quarry_db *db)
{
    quarry_status status = quarry_transaction(db, insert_both, NULL);

    if (status == QUARRY_OK)
        status = update_note(db);
    if (status == QUARRY_OK)
        status = get_host(db);
    if (status == QUARRY_OK)
        status = break_keys(db);
    return status;
}

static quarry_status whole_life(void)
{
    quarry_options options;
    quarry_db *db = NULL;
    quarry_status status;

    quarry_options_init(&options);
    options.ignore_environment = true;
    status = quarry_open(&sample_schema, ":memory:", &options, &db);
    assert_true(db != NULL || status == QUARRY_NO_MEMORY);
    if (status == QUARRY_OK)
        status = use(db);
    if (status != QUARRY_OK && db != NULL) {
        assert_int_equal(quarry_last_error(db)->status, status);
        assert_true(quarry_last_error(db)->message[0] != '\0');
    }
    quarry_close(db);
    return status;
}

static char path[TEMP_PATH_SIZE];

static quarry_status open_file(void)
{
    quarry_options options;
    quarry_db *db = NULL;
    quarry_status status;

    quarry_options_init(&options);
    options.ignore_environment = true;
    status = quarry_open(&sample_schema, path, &options, &db);
    quarry_close(db);
    return status;
}

/* Each opening compares the tables, as nothing remembers that they are right. */
static quarry_status adopt(void)
{
    const long saved = memory_plan.countdown;
    sqlite3 *handle;

    memory_plan.countdown = 0;
    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    sqlite3_exec(handle, "DROP TABLE IF EXISTS quarry_schema", NULL, NULL, NULL);
    sqlite3_close(handle);
    memory_plan.countdown = saved;
    return open_file();
}

/* SQLite survives some failures by itself: then all must be well. */
static void fail_each(quarry_status (*scenario)(void), bool all_after)
{
    for (long n = 1;; n += n < 300 ? 1 : n / 40) {
        const long before = memory_plan.live;
        quarry_status status;

        arm(n, all_after);
        status = scenario();
        assert_int_equal(memory_plan.live, before);
        if (!memory_plan.fired) {
            assert_int_equal(status, QUARRY_OK);
            assert_true(n > 5);
            break;
        }
        assert_true(status == QUARRY_NO_MEMORY || status == QUARRY_OK);
    }
    arm(0, false);
}

static void test_runtime_memory_fails(void **state)
{
    (void)state;
    quarry_set_allocator(&counted);
    memory_plan.live = 0;
    assert_int_equal(whole_life(), QUARRY_OK);
    fail_each(whole_life, false);
    fail_each(whole_life, true);
    assert_int_equal(memory_plan.live, 0);
    quarry_set_allocator(NULL);
}

static void test_sqlite_memory_fails(void **state)
{
    (void)state;
    quarry_set_allocator(NULL);
    memory_plan.live = 0;
    sqlite3_initialize();
    memory_plan.sqlite_fails = true;
    fail_each(whole_life, false);
    fail_each(whole_life, true);
    temp_path(path);
    assert_int_equal(open_file(), QUARRY_OK);
    fail_each(adopt, false);
    fail_each(adopt, true);
    temp_remove(path);
    memory_plan.sqlite_fails = false;
    assert_int_equal(sqlite3_memory_used(), 0);
}

/* ---- nothing is left open ------------------------------------------------------- */

enum {
    WRITE_SLOT = SAMPLE_CONTAINER_LIST + 1,
    WRITTEN = 20
};

static quarry_status write_row(quarry_db *db, void *row)
{
    return sample_container_insert(db, row);
}

/* Twenty containers, of which the last is there already. */
static quarry_status write_rows(quarry_db *db, bool in_loop)
{
    static const char sql[] = "INSERT INTO containers (id, host_id, name, note, data)"
                              " SELECT c1, c2, c3, c4, c5 FROM quarry_rows_5(?1)";
    static const char names[] = "abcdefghijklmnopqrst";
    sample_container rows[WRITTEN];
    char texts[WRITTEN][2];

    for (int i = 0; i < WRITTEN; i++) {
        texts[i][0] = names[i];
        texts[i][1] = '\0';
        rows[i] = (sample_container){.host_id = "h", .name = texts[i], .note = long_text};
    }
    return quarry_write_many(db, WRITE_SLOT, in_loop ? NULL : sql, &sample_container_type,
                             rows, WRITTEN, write_row);
}

static quarry_db *open_filled(void)
{
    quarry_options options;
    quarry_db *db = NULL;

    quarry_options_init(&options);
    options.ignore_environment = true;
    options.synchronous = QUARRY_SYNCHRONOUS_OFF;
    options.cache_kib = 16; /* so that the rows do not all stay in memory */
    assert_int_equal(quarry_open(&sample_schema, path, &options, &db), QUARRY_OK);
    assert_int_equal(quarry_exec(db, "INSERT OR IGNORE INTO hosts (id, name) VALUES"
                                     " ('h', 'n'); INSERT OR IGNORE INTO containers"
                                     " VALUES (1, 'h', 't', NULL, x'')"),
                     QUARRY_OK);
    return db;
}

static int count_containers(quarry_db *db)
{
    sqlite3_stmt *stmt = NULL;
    int count;

    assert_int_equal(sqlite3_prepare_v2(db->handle, "SELECT count(*) FROM containers", -1,
                                        &stmt, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    count = sqlite3_column_int(stmt, 0);
    sqlite3_finalize(stmt);
    return count;
}

static quarry_status work_that_fails(quarry_db *db, void *in_loop)
{
    return write_rows(db, in_loop != NULL);
}

/* The transaction is the caller's, whole or gone; without one there is none. */
static void expect_as_begun(quarry_db *db, int begun)
{
    int open = !sqlite3_get_autocommit(db->handle);

    assert_int_equal(quarry_in_transaction(db), open ? begun : 0);
    if (open)
        assert_int_equal(count_containers(db), 1);
    for (int i = 0; i < begun; i++)
        assert_int_equal(quarry_rollback(db), QUARRY_OK);
    assert_true(sqlite3_get_autocommit(db->handle));
    assert_int_equal(quarry_rollback(db), QUARRY_MISUSE);
    assert_int_equal(count_containers(db), 1);
}

/* How: bit 0 by the loop, bit 1 in a function's transaction; after `begun` begins. */
static bool try_writing(long n, bool all_after, int how, int begun)
{
    quarry_db *db = open_filled();
    void *in_loop = (how & 1) != 0 ? db : NULL;
    quarry_status status;
    bool was_fired;

    for (int i = 0; i < begun; i++)
        assert_int_equal(quarry_begin(db), QUARRY_OK);
    arm(n, all_after);
    status = (how & 2) != 0 ? quarry_transaction(db, work_that_fails, in_loop)
                            : work_that_fails(db, in_loop);
    was_fired = memory_plan.fired;
    arm(0, false);
    assert_true(status == QUARRY_UNIQUE || (was_fired && status == QUARRY_NO_MEMORY));
    expect_as_begun(db, begun);
    quarry_close(db);
    return was_fired;
}

static void test_no_transaction_is_left_open(void **state)
{
    (void)state;
    quarry_set_allocator(NULL);
    memory_plan.sqlite_fails = true;
    temp_path(path);
    for (int begun = 0; begun <= 2; begun++) {
        for (int how = 0; how < 4; how++) {
            for (int all_after = 0; all_after < 2; all_after++) {
                long n = 1;
                while (try_writing(n, all_after != 0, how, begun))
                    n += n < 40 ? 1 : 1 + n / 16;
                assert_true(n > 5);
            }
        }
    }
    temp_remove(path);
    memory_plan.sqlite_fails = false;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hook),
        cmocka_unit_test(test_arena_sizes),
        cmocka_unit_test(test_arena_small_ones_share_chunks),
        cmocka_unit_test(test_arena_items),
        cmocka_unit_test(test_arena_over),
        cmocka_unit_test(test_runtime_memory_fails),
        cmocka_unit_test(test_sqlite_memory_fails),
        cmocka_unit_test(test_no_transaction_is_left_open),
    };

    if (!replace_sqlite_memory())
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
