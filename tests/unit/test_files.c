/*
 * test_files.c: emitted files on a real file system: all or nothing, untouched when
 * equal, nothing left behind after any error. Each test has a folder of its own.
 */
#include "files_trial.h"

#include <pthread.h>

/* --- tests -----------------------------------------------------------------------------
 */

static void test_new_files(void **state)
{
    bool changed;

    (void)state;
    begin(FILES_WRITE);
    assert_true(add("a.h", "one\n"));
    assert_true(add("deep/er/b.c", "two\n"));
    assert_true(add("empty", ""));
    assert_int_equal(access(path("a.h"), F_OK), -1);
    assert_true(finish());
    expect("a.h", "one\n");
    expect("deep/er/b.c", "two\n");
    expect("empty", "");
    assert_int_equal(count_entries("."), 3);
    assert_int_equal(count_entries("deep/er"), 1);
    assert_int_equal(files_count(set), 3);
    assert_int_equal(files_changed(set), 3);
    assert_string_equal(files_path(set, 1, &changed), path("deep/er/b.c"));
    assert_true(changed);
    assert_string_equal(files_path(set, 2, NULL), path("empty"));
    assert_string_equal(messages.data, "");
}

static void test_mode_follows_umask(void **state)
{
    mode_t before = umask(027);

    (void)state;
    begin(FILES_WRITE);
    add("a", "x");
    assert_true(finish());
    umask(before);
    assert_int_equal(status_of("a").st_mode & 0777, 0640);
}

static void test_equal_is_untouched(void **state)
{
    struct stat before, after;
    bool changed;

    (void)state;
    put("a", "same\n", 5);
    put("b", "old\n", 4);
    put("empty", "", 0);
    before = status_of("a");
    begin(FILES_WRITE);
    add("a", "same\n");
    add("b", "new\n");
    add("empty", "");
    assert_true(finish());
    after = status_of("a");
    assert_int_equal(before.st_ino, after.st_ino);
    assert_int_equal(before.st_ctim.tv_nsec, after.st_ctim.tv_nsec);
    assert_int_equal(files_changed(set), 1);
    files_path(set, 0, &changed);
    assert_false(changed);
    expect("b", "new\n");
    assert_int_equal(count_entries("."), 3);
}

/* The first difference at every interesting place of a long file. */
static void test_differences(void **state)
{
    static const size_t sizes[] = {0, 1, 65535, 65536, 65537, 200000};
    static const size_t pieces[] = {1000, 65536, 70000, 1000000};
    size_t i, k, place;

    (void)state;
    for (i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (k = 0; k < sizeof pieces / sizeof *pieces; k++)
            for (place = 0; place <= 4; place++) {
                char *text = large(sizes[i] + 1);
                size_t old = place == 4   ? sizes[i] + 1
                             : place == 3 ? sizes[i] / 2
                                          : sizes[i];

                put("f", text, old);
                if (place < 3 && sizes[i] > 0)
                    text[place == 0 ? 0 : place == 1 ? sizes[i] / 2 : sizes[i] - 1] = '!';
                begin(FILES_WRITE);
                assert_true(add_in_pieces("f", text, sizes[i], pieces[k]));
                assert_true(finish());
                assert_int_equal(files_changed(set), sizes[i] > 0 || place == 4);
                expect_bytes("f", text, sizes[i]);
                assert_int_equal(count_entries("."), 1);
                free(text);
            }
}

static void test_abort(void **state)
{
    (void)state;
    put("a", "old\n", 4);
    begin(FILES_WRITE);
    add("a", "new\n");
    add("x/y/b", "new\n");
    add("x/c", "new\n");
    files_abort(set);
    expect("a", "old\n");
    assert_int_equal(count_entries("."), 1);
}

static void test_dry_run(void **state)
{
    (void)state;
    put("a", "old\n", 4);
    begin(FILES_DRY_RUN);
    add("a", "new\n");
    add("x/b", "new\n");
    assert_true(finish());
    assert_int_equal(files_changed(set), 2);
    expect("a", "old\n");
    assert_int_equal(count_entries("."), 1);
    assert_string_equal(output.data, "");
}

static void test_check(void **state)
{
    (void)state;
    put("a", "1\n2\n3\n", 6);
    put("b", "same\n", 5);
    put("c", "long\nold", 8);
    begin(FILES_CHECK);
    add("a", "1\nx\n3\n");
    add("b", "same\n");
    add("c", "long\n");
    add("d", "1\n");
    assert_true(finish());
    assert_string_equal(
        output.data,
        arena_printf(&arena,
                     "--- %s\n+++ %s (generated)\n@@ -1,3 +1,3 @@\n 1\n-2\n+x\n"
                     " 3\n--- %s\n+++ %s (generated)\n@@ -1,2 +1 @@\n long\n"
                     "-old\n\\ No newline at end of file\n--- /dev/null\n"
                     "+++ %s (generated)\n@@ -0,0 +1 @@\n+1\n",
                     path("a"), path("a"), path("c"), path("c"), path("d")));
    assert_int_equal(files_changed(set), 3);
    expect("a", "1\n2\n3\n");
    assert_int_equal(count_entries("."), 3);
}

static void test_check_full_output(void **state)
{
    int saved = dup(STDOUT_FILENO), full = open("/dev/full", O_WRONLY);

    (void)state;
    if (full < 0)
        skip();
    begin(FILES_CHECK);
    add("a", "1\n");
    fflush(stdout);
    dup2(full, STDOUT_FILENO);
    assert_false(files_finish(set));
    clearerr(stdout);
    dup2(saved, STDOUT_FILENO);
    close(saved);
    close(full);
}

/* One file can't be written: none is. */
static void fails(const char *name, const char *what)
{
    put("good", "old\n", 4);
    begin(FILES_WRITE);
    assert_true(add("good", "new\n"));
    assert_false(add(name, "new\n"));
    add("new/other", "new\n");
    assert_false(finish());
    expect_message(name, what);
    expect("good", "old\n");
    assert_int_equal(access(path("new"), F_OK), -1);
    unlink(path("good"));
}

static void test_place_is_a_folder(void **state)
{
    (void)state;
    shell("mkdir a");
    fails("a", "Is a directory");
    assert_int_equal(count_entries("."), 1);
}

static void test_folder_is_a_file(void **state)
{
    (void)state;
    put("a", "text", 4);
    fails("a/b", "Not a directory");
    expect("a", "text");
    assert_int_equal(count_entries("."), 1);
}

static void test_place_is_no_file(void **state)
{
    (void)state;
    shell("mkfifo pipe");
    fails("pipe", "Is not a regular file");
    assert_int_equal(count_entries("."), 1);
}

static void test_device(void **state)
{
    struct sink *sink;

    (void)state;
    begin(FILES_WRITE);
    sink = file_begin(set, "/dev", "full");
    assert_false(sink->write(sink, "x", 1));
    assert_false(finish());
    assert_non_null(strstr(messages.data, "/dev/full: Is not a regular file"));
    assert_int_equal(access("/dev/full", F_OK), 0);
}

static void test_name_too_long(void **state)
{
    char name[300];

    (void)state;
    memset(name, 'n', 256);
    name[256] = '\0';
    fails(name, "File name too long");
    name[255] = '\0'; /* the longest: its temporary name must not be longer */
    begin(FILES_WRITE);
    assert_true(add(name, "x"));
    assert_true(finish());
    expect(name, "x");
}

static void test_twice(void **state)
{
    (void)state;
    begin(FILES_WRITE);
    assert_true(add("a", "1"));
    assert_false(add("a", "2"));
    assert_false(finish());
    expect_message("a", "Would be written twice");
    assert_int_equal(count_entries("."), 0);
}

/* Runs as nobody where the tests run as root, whom no permission stops. */
static bool be_nobody(void)
{
    return geteuid() != 0 || (chmod(base, 0755) == 0 && seteuid(65534) == 0);
}

static void be_root_again(void)
{
    if (getuid() == 0)
        assert_int_equal(seteuid(0), 0);
}

static void test_no_permission(void **state)
{
    (void)state;
    shell("mkdir closed unreadable; echo old >closed/a; chmod 555 closed; chmod 777 "
          "unreadable; "
          "echo old >unreadable/a; chmod 0 unreadable/a");
    if (!be_nobody())
        skip();
    begin(FILES_WRITE);
    add("closed/a", "new\n");
    add("closed/new", "new\n");
    add("closed/x/y", "new\n");
    add("unreadable/a", "new\n");
    add("unreadable/b", "new\n");
    assert_false(
        files_finish(set)); /* into the test's own output: nobody owns no file here */
    be_root_again();
    shell("chmod 755 closed; chmod 644 unreadable/a");
    expect("closed/a", "old\n");
    expect("unreadable/a", "old\n");
    assert_int_equal(count_entries("closed"), 1);
    assert_int_equal(count_entries("unreadable"), 1);
}

/* A limit on the size of files stands for a full disk: the write fails in the middle. */
static void test_no_space(void **state)
{
    struct rlimit before, limit;
    char *text = large(300000);

    (void)state;
    put("a", text, 200000);
    put("good", "old\n", 4);
    text[0] = '!';
    getrlimit(RLIMIT_FSIZE, &before);
    limit = before;
    limit.rlim_cur = 250000;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    begin(FILES_WRITE);
    assert_true(add("good", "new\n"));
    assert_false(add_in_pieces("x/a", text, 300000, 65536));
    assert_false(add_in_pieces("a", text, 300000, 65536));
    assert_false(finish());
    setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, SIG_DFL);
    expect_message("a", "File too large");
    expect_message("x/a", "File too large");
    expect("good", "old\n");
    text[0] = 'a';
    expect_bytes("a", text, 200000);
    assert_int_equal(count_entries("."), 2);
    free(text);
}

/* What is equal up to the limit and then longer: the copy of the old part fails. */
static void test_no_space_in_copy(void **state)
{
    struct rlimit before, limit;
    char *text = large(300000);

    (void)state;
    put("a", text, 200000);
    getrlimit(RLIMIT_FSIZE, &before);
    limit = before;
    limit.rlim_cur = 100000;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    begin(FILES_WRITE);
    assert_false(add_in_pieces("a", text, 300000, 65536));
    assert_false(finish());
    setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, SIG_DFL);
    expect_message("a", "File too large");
    expect_bytes("a", text, 200000);
    assert_int_equal(count_entries("."), 1);
    free(text);
}

/* A disk of 64 KiB, where the tests may mount one. */
static void test_full_disk(void **state)
{
    char *text = large(300000);

    (void)state;
    shell("mkdir disk");
    if (system(arena_printf(&arena, "mount -t tmpfs -o size=64k none %s 2>/dev/null",
                            path("disk"))) != 0) {
        free(text);
        skip();
    }
    begin(FILES_WRITE);
    assert_true(add("disk/small", "x"));
    assert_false(add_in_pieces("disk/a", text, 300000, 65536));
    assert_false(finish());
    expect_message("disk/a", "No space left on device");
    assert_int_equal(count_entries("disk"), 0);
    shell("umount disk");
    free(text);
}

/* The rename itself fails, after an earlier one: it says so, and leaves no rubbish. */
static void test_rename_fails(void **state)
{
    (void)state;
    put("a", "old\n", 4);
    begin(FILES_WRITE);
    add("a", "new\n");
    add("b", "new\n");
    add("c/d", "new\n");
    file_begin(set, dir, "e");
    shell("mkdir b");
    assert_false(finish());
    expect_message("b", "Is a directory");
    assert_non_null(strstr(
        messages.data, arena_printf(&arena, "quarry: note: %s was already", path("a"))));
    expect("a", "new\n");
    assert_int_equal(count_entries("."), 2);
}

static void test_stale_temporary(void **state)
{
    char *stale = arena_printf(&arena, ".quarry-%ld-1-0.tmp", (long)getpid());

    (void)state;
    put(stale, "another's", 9);
    begin(FILES_WRITE);
    add("a", "new\n");
    assert_true(finish());
    expect("a", "new\n");
    expect(stale, "another's");
    assert_int_equal(count_entries("."), 2);
}

static void test_links(void **state)
{
    struct stat status;

    (void)state;
    shell("echo same >target; ln -s target equal; ln -s target differs; ln -s none "
          "dangling");
    begin(FILES_WRITE);
    add("equal", "same\n");
    add("differs", "new\n");
    add("dangling", "new\n");
    assert_true(finish());
    assert_int_equal(files_changed(set), 2);
    expect("target", "same\n");
    expect("differs", "new\n");
    assert_int_equal(lstat(path("equal"), &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    assert_int_equal(lstat(path("differs"), &status), 0);
    assert_true(S_ISREG(status.st_mode));
    assert_int_equal(access(path("none"), F_OK), -1);
}

static void test_paths(void **state)
{
    (void)state;
    begin(FILES_WRITE);
    file_begin(set, arena_printf(&arena, "%s/", dir), "a");
    file_begin(set, "", path("x//b"));
    assert_true(finish());
    expect("a", "");
    expect("x/b", "");
}

enum {
    WRITERS = 6,
    WRITTEN = 3 * 1024 * 1024 + 17
};

struct writer {
    struct sink *sink;
    const char *text;
    bool good;
};

static void *write_file(void *context)
{
    struct writer *writer = context;
    size_t at, piece = 1021;

    writer->good = true;
    for (at = 0; at < WRITTEN && writer->good; at += piece)
        writer->good = writer->sink->write(writer->sink, writer->text + at,
                                           WRITTEN - at < piece ? WRITTEN - at : piece);
    writer->good = file_end(writer->sink) && writer->good;
    return NULL;
}

/* Files 0 and 1 are new, 2 is equal, 3 differs at its end, 4 may be none, 5 differs early. */
static void write_several(const char *text, bool good)
{
    struct writer writers[WRITERS];
    pthread_t threads[WRITERS];
    size_t i;

    begin(FILES_WRITE);
    for (i = 0; i < WRITERS; i++)
        writers[i] = (struct writer){
            file_begin(set, dir, arena_printf(&arena, i < 2 ? "new/%zu" : "%zu", i)),
            text, false};
    for (i = 0; i < WRITERS; i++)
        pthread_create(&threads[i], NULL, write_file, &writers[i]);
    for (i = 0; i < WRITERS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(writers[i].good, good || i != 4);
    }
    assert_int_equal(finish(), good);
}

static void test_several_writers(void **state)
{
    char *text = large(WRITTEN), *old = large(WRITTEN);

    (void)state;
    old[WRITTEN - 1] ^= 1;
    put("2", text, WRITTEN);
    put("3", old, WRITTEN);
    put("5", "early", 5);
    shell("mkdir 4");
    write_several(text, false);
    expect_message("4", "Is a directory");
    assert_int_equal(count_entries("."), 4);
    expect_bytes("3", old, WRITTEN);
    expect("5", "early");
    rmdir(path("4"));
    write_several(text, true);
    assert_int_equal(files_changed(set), 5);
    expect_bytes("new/1", text, WRITTEN);
    for (const char *name = "2\0003\0004\0005\0"; *name != '\0'; name += 2)
        expect_bytes(name, text, WRITTEN);
    free(text);
    free(old);
}

/* A file takes nothing after its end, and those that nobody ended are ended. */
static void test_end(void **state)
{
    struct sink *first, *second;

    (void)state;
    begin(FILES_WRITE);
    first = file_begin(set, dir, "a");
    second = file_begin(set, dir, "b");
    assert_true(second->write(second, "b1", 2));
    assert_true(first->write(first, "a1", 2));
    assert_true(file_end(first));
    assert_true(file_end(first));
    assert_false(first->write(first, "late", 4));
    assert_true(second->write(second, "b2", 2));
    assert_true(finish());
    expect("a", "a1");
    expect("b", "b1b2");
}

static void test_read(void **state)
{
    char *text = large(100000);
    struct buf found;

    (void)state;
    buf_init(&found);
    put("a", text, 100000);
    put("nul", "a\0b", 3);
    put("empty", "", 0);
    assert_true(file_read(path("a"), 100000, &found));
    assert_int_equal(found.length, 100000);
    assert_false(file_read(path("a"), 99999, &found));
    assert_int_equal(errno, EFBIG);
    assert_true(file_read(path("nul"), 3, &found));
    assert_int_equal(found.length, 3);
    assert_memory_equal(found.data, "a\0b", 4);
    assert_true(file_read(path("empty"), 0, &found));
    assert_int_equal(found.length, 0);
    assert_false(file_read(path("none"), 10, &found));
    assert_int_equal(errno, ENOENT);
    assert_false(file_read(dir, 10, &found));
    assert_int_equal(errno, EISDIR);
    buf_release(&found);
    free(text);
}

static void test_read_stdin(void **state)
{
    int saved = dup(STDIN_FILENO), file;
    struct buf found;

    (void)state;
    buf_init(&found);
    put("a", "text", 4);
    file = open(path("a"), O_RDONLY);
    dup2(file, STDIN_FILENO);
    close(file);
    assert_true(file_read("-", 10, &found));
    assert_string_equal(found.data, "text");
    dup2(saved, STDIN_FILENO);
    close(saved);
    buf_release(&found);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_new_files),
        TEST(test_mode_follows_umask),
        TEST(test_equal_is_untouched),
        TEST(test_differences),
        TEST(test_abort),
        TEST(test_dry_run),
        TEST(test_check),
        TEST(test_check_full_output),
        TEST(test_place_is_a_folder),
        TEST(test_folder_is_a_file),
        TEST(test_place_is_no_file),
        TEST(test_device),
        TEST(test_name_too_long),
        TEST(test_twice),
        TEST(test_no_permission),
        TEST(test_no_space),
        TEST(test_no_space_in_copy),
        TEST(test_full_disk),
        TEST(test_rename_fails),
        TEST(test_stale_temporary),
        TEST(test_links),
        TEST(test_paths),
        TEST(test_several_writers),
        TEST(test_end),
        TEST(test_read),
        TEST(test_read_stdin),
    };

    return cmocka_run_group_tests(tests, make_base, remove_base);
}
