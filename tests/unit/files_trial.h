/*
 * files_trial.h: a folder for each test of emitted files, and what reads and writes in
 * it.
 */
#ifndef FILES_TRIAL_H
#define FILES_TRIAL_H

#include "../../generator/render/files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static char base[] = "/tmp/quarry-files-XXXXXX";
static char dir[sizeof base + 10];
static struct arena arena;
static struct file_set *set;
static struct buf messages, output; /* what went to stderr and stdout */

/* --- helpers ---------------------------------------------------------------------------
 */

static const char *path(const char *name)
{
    return arena_printf(&arena, "%s/%s", dir, name);
}

static void shell(const char *command)
{
    assert_int_equal(system(arena_printf(&arena, "cd %s && %s", dir, command)), 0);
}

static void put(const char *name, const char *text, size_t length)
{
    FILE *file = fopen(path(name), "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, length, file), length);
    fclose(file);
}

static void expect_bytes(const char *name, const char *text, size_t length)
{
    struct buf found;

    buf_init(&found);
    assert_true(file_read(path(name), SIZE_MAX, &found));
    assert_int_equal(found.length, length);
    assert_memory_equal(found.data, text, length);
    buf_release(&found);
}

static void expect(const char *name, const char *text)
{
    expect_bytes(name, text, strlen(text));
}

/* The names in a folder but . and .., so a temporary file left behind is seen. */
static size_t count_entries(const char *name)
{
    DIR *folder = opendir(path(name));
    size_t count = 0;

    assert_non_null(folder);
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count - 2;
}

static void begin(enum file_mode mode)
{
    set = files_new(&arena, mode);
}

static bool add(const char *name, const char *text)
{
    struct sink *sink = file_begin(set, dir, name);

    return sink->write(sink, text, strlen(text));
}

static void capture(int fd, const char *name, int *saved)
{
    int file =
        open(arena_printf(&arena, "%s/%s", base, name), O_RDWR | O_CREAT | O_TRUNC, 0666);

    assert_true(file >= 0);
    *saved = dup(fd);
    dup2(file, fd);
    close(file);
}

static void uncapture(int fd, const char *name, int saved, struct buf *into)
{
    char *file = arena_printf(&arena, "%s/%s", base, name);

    dup2(saved, fd);
    close(saved);
    assert_true(file_read(file, SIZE_MAX, into));
    unlink(file);
}

/* files_finish() with what it prints in `messages` and `output`. */
static bool finish(void)
{
    int out, err;
    bool done;

    fflush(stdout);
    capture(STDOUT_FILENO, "stdout", &out);
    capture(STDERR_FILENO, "stderr", &err);
    done = files_finish(set);
    uncapture(STDERR_FILENO, "stderr", err, &messages);
    uncapture(STDOUT_FILENO, "stdout", out, &output);
    return done;
}

static void expect_message(const char *name, const char *what)
{
    const char *line = arena_printf(&arena, "quarry: error: %s: %s\n", path(name), what);

    if (strstr(messages.data, line) == NULL)
        fail_msg("expected <<%s>>, got <<%s>>", line, messages.data);
}

static struct stat status_of(const char *name)
{
    struct stat status;

    assert_int_equal(stat(path(name), &status), 0);
    return status;
}

/* A million lines or so, as a template would give them: in pieces that fit no buffer. */
static char *large(size_t length)
{
    char *text = malloc(length + 1);
    size_t i;

    for (i = 0; i < length; i++)
        text[i] = i % 61 == 60 ? '\n' : (char)('a' + i % 26);
    text[length] = '\0';
    return text;
}

static bool add_in_pieces(const char *name, const char *text, size_t length, size_t piece)
{
    struct sink *sink = file_begin(set, dir, name);
    size_t at;

    for (at = 0; at < length; at += piece)
        if (!sink->write(sink, text + at, length - at < piece ? length - at : piece))
            return false;
    return true;
}

/* --- folders ---------------------------------------------------------------------------
 */

static int setup(void **state)
{
    (void)state;
    snprintf(dir, sizeof dir, "%s/t", base);
    buf_init(&messages);
    buf_init(&output);
    return mkdir(dir, 0755);
}

static int teardown(void **state)
{
    int failed;

    (void)state;
    /* The disk is there only when its test has failed. */
    failed =
        system(arena_printf(&arena, "umount %s/disk 2>/dev/null; rm -rf %s", dir, dir));
    buf_release(&messages);
    buf_release(&output);
    arena_release(&arena);
    return failed;
}

static int make_base(void **state)
{
    (void)state;
    return mkdtemp(base) == NULL;
}

static int remove_base(void **state)
{
    (void)state;
    return rmdir(base);
}

#endif
