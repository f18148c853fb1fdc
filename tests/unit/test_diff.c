/*
 * test_diff.c: unified diffs. The judges are patch(1), which must turn the old text into
 * the new one by our diff, and diff(1), which must not find a shorter one.
 */
#include "../../generator/render/diff.h"

#include <setjmp.h>
#include <stdbool.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

static char folder[] = "/tmp/quarry-diff-XXXXXX";

static struct text text(const char *data)
{
    return (struct text){data, strlen(data)};
}

static void check(const char *old, const char *new, const char *expected)
{
    struct buf out;

    buf_init(&out);
    diff_unified("o", text(old), "n", text(new), &out);
    assert_string_equal(out.data, expected);
    buf_release(&out);
}

static void test_exact(void **state)
{
    (void)state;
    check("", "", "");
    check("a\n", "a\n", "");
    check("", "a\n", "--- o\n+++ n\n@@ -0,0 +1 @@\n+a\n");
    check("a\nb\n", "", "--- o\n+++ n\n@@ -1,2 +0,0 @@\n-a\n-b\n");
    check("a\n", "b\n", "--- o\n+++ n\n@@ -1 +1 @@\n-a\n+b\n");
    check("a", "a\n",
          "--- o\n+++ n\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n");
    check("a\nb", "c\nb",
          "--- o\n+++ n\n@@ -1,2 +1,2 @@\n-a\n+c\n b\n\\ No newline at end of file\n");
    check("1\n2\n3\n4\n5\n6\n7\n8\n", "1\n2\n3\n4\nx\n5\n6\n7\n8\n",
          "--- o\n+++ n\n@@ -2,6 +2,7 @@\n 2\n 3\n 4\n+x\n 5\n 6\n 7\n");
}

/* Six equal lines between two changes join their hunks, seven don't. */
static void test_hunks(void **state)
{
    (void)state;
    check("a\n1\n2\n3\n4\n5\n6\nb\n", "c\n1\n2\n3\n4\n5\n6\nd\n",
          "--- o\n+++ n\n@@ -1,8 +1,8 @@\n-a\n+c\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+d\n");
    check(
        "a\n1\n2\n3\n4\n5\n6\n7\nb\n", "c\n1\n2\n3\n4\n5\n6\n7\nd\n",
        "--- o\n+++ n\n@@ -1,4 +1,4 @@\n-a\n+c\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n"
        "-b\n+d\n");
}

static void write_file(const char *name, const char *data, size_t length)
{
    char path[100];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, length, file), length);
    fclose(file);
}

/* Runs `command` in the folder; its exit status. */
static int run(const char *command)
{
    char line[300];

    snprintf(line, sizeof line, "cd %s && { %s; } >/dev/null 2>&1", folder, command);
    return system(line);
}

static void add_random(struct buf *buf, unsigned seed, size_t lines, unsigned kinds)
{
    size_t i;

    srand(seed);
    for (i = 0; i < lines; i++)
        buf_addf(buf, "%u\n", (unsigned)rand() % kinds);
    if (rand() % 3 == 0)
        buf_addc(buf, 'x'); /* the last line doesn't end */
}

/* Some lines of `from` changed, dropped or doubled. */
static void add_edited(struct buf *to, const struct buf *from)
{
    const char *at = from->data;

    while (*at != '\0') {
        size_t length = strcspn(at, "\n") + (strchr(at, '\n') != NULL);
        int what = rand() % 12;

        if (what != 0)
            buf_add(to, at, length);
        if (what == 1)
            buf_add(to, at, length);
        if (what == 2)
            buf_adds(to, "new\n");
        at += length;
    }
}

static size_t count_signs(const char *diff)
{
    size_t count = 0;

    while (*diff != '\0') {
        count += *diff == '+' || *diff == '-';
        diff += strcspn(diff, "\n");
        diff += *diff == '\n';
    }
    return count;
}

static void check_by_patch(const struct buf *old, const struct buf *new, bool shortest)
{
    struct buf out;
    char command[200];

    buf_init(&out);
    diff_unified("o", (struct text){old->data, old->length}, "n (generated)",
                 (struct text){new->data, new->length}, &out);
    write_file("o", old->data, old->length);
    write_file("n", new->data, new->length);
    write_file("d", out.data, out.length);
    snprintf(command, sizeof command, "test $(diff -u -d o n | grep -c '^[-+]') -ge %zu",
             shortest ? count_signs(out.data) : 0);
    assert_int_equal(run(command), 0);
    if (out.length > 0)
        assert_int_equal(run("patch -s --posix o d"), 0);
    assert_int_equal(run("cmp o n"), 0);
    buf_release(&out);
}

static void test_patch(void **state)
{
    unsigned seed;

    (void)state;
    if (run("patch --version && diff --version") != 0)
        skip();
    for (seed = 1; seed <= 60; seed++) {
        struct buf old, new;

        buf_init(&old);
        buf_init(&new);
        add_random(&old, seed, seed % 5 == 0 ? 0 : seed * 2, 2 + seed % 7 * 20);
        if (seed % 4 == 0)
            add_random(&new, seed + 1000, seed * 2, 2 + seed % 7 * 20);
        else
            add_edited(&new, &old);
        check_by_patch(&old, &new, true);
        buf_release(&old);
        buf_release(&new);
    }
}

/* So much of it differs that the search gives up on the shortest way. */
static void test_hard(void **state)
{
    struct buf old, new;
    clock_t start;

    (void)state;
    if (run("patch --version && diff --version") != 0)
        skip();
    buf_init(&old);
    buf_init(&new);
    add_random(&old, 1, 20000, 5);
    add_random(&new, 2, 20000, 5);
    start = clock();
    check_by_patch(&old, &new, false);
    assert_true(clock() - start < 20 * CLOCKS_PER_SEC);
    buf_release(&old);
    buf_release(&new);
}

/* 100,000 lines, few differences: time is linear. */
static void test_long(void **state)
{
    struct buf old, new;
    clock_t start;
    size_t i;

    (void)state;
    if (run("patch --version && diff --version") != 0)
        skip();
    buf_init(&old);
    buf_init(&new);
    for (i = 0; i < 100000; i++) {
        buf_addf(&old, "line %zu\n}\n", i % 30000);
        buf_addf(&new, i % 9973 == 7 ? "other %zu\n}\n" : "line %zu\n}\n", i % 30000);
    }
    start = clock();
    check_by_patch(&old, &new, true);
    assert_true(clock() - start < 5 * CLOCKS_PER_SEC);
    buf_release(&old);
    buf_release(&new);
}

static void test_bytes(void **state)
{
    static const char old[] = "a\0b\n\xFF\n", new[] = "a\0c\n\xFF\n";
    struct buf out;

    (void)state;
    buf_init(&out);
    diff_unified("o", (struct text){old, 6}, "n", (struct text){new, 6}, &out);
    assert_int_equal(out.length, strlen("--- o\n+++ n\n@@ -1,2 +1,2 @@\n") + 5 + 5 + 3);
    buf_clear(&out);
    diff_unified("o", (struct text){NULL, 0}, "n", (struct text){NULL, 0}, &out);
    assert_int_equal(out.length, 0);
    diff_unified("o", (struct text){NULL, 0}, "n", text("a\n"), &out);
    assert_string_equal(out.data, "--- o\n+++ n\n@@ -0,0 +1 @@\n+a\n");
    buf_release(&out);
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    (void)state;
    run("rm -f o n d o.orig o.rej");
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact), cmocka_unit_test(test_hunks),
        cmocka_unit_test(test_patch), cmocka_unit_test(test_hard),
        cmocka_unit_test(test_long),  cmocka_unit_test(test_bytes),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
