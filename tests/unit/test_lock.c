/*
 * test_lock.c: checksums of migrations and schema.lock.
 */
#include "../../generator/migrate/checksum.h"
#include "../../generator/migrate/lock.h"
#include "history_trial.h"

/* ---- checksums --------------------------------------------------------------------- */

static const char *checksum_of(struct arena *arena, const char *steps)
{
    struct trial t;
    const char *checksum;

    trial(&t,
          arena_printf(arena,
                       "  - version: 2\n    name: two\n    irreversible: x\n    up:\n%s",
                       steps));
    if (t.history == NULL)
        fail_msg("%s\n%s", steps, t.m.report);
    checksum = arena_strdup(arena, t.history->versions.items[1].checksum);
    modelling_free(&t.m);
    return checksum;
}

static void test_checksum_formatting(void **state)
{
    struct arena arena = {0};
    const char *plain = checksum_of(
        &arena, "      - add_column: {table: dogs, column: {a: {type: text?, max_length: "
                "3}}}\n      - sql: UPDATE dogs SET a = 'x'\n");

    (void)state;
    assert_int_equal(strlen(plain), 64);
    assert_string_equal(plain,
                        checksum_of(&arena, "      # why\n"
                                            "      - add_column:\n"
                                            "          column:\n"
                                            "            a:\n"
                                            "              max_length: 3\n"
                                            "              doc: what it is\n"
                                            "              type: \"text?\"\n"
                                            "          table: 'dogs'\n"
                                            "      - sql: |\n"
                                            "          UPDATE dogs -- all of them\n"
                                            "             SET a = 'x';\n"));
    assert_string_not_equal(
        plain, checksum_of(&arena, "      - add_column: {table: dogs, column: {a: {type: "
                                   "text?, max_length: 4}}}\n"
                                   "      - sql: UPDATE dogs SET a = 'x'\n"));
    assert_string_not_equal(
        plain, checksum_of(&arena, "      - add_column: {table: dogs, column: {a: {type: "
                                   "text?, max_length: 3}}}\n"
                                   "      - sql: UPDATE dogs SET a = 'X'\n"));
    assert_string_not_equal(
        checksum_of(&arena, "      - update: {table: keyless, set: {t: \"1\"}}\n"),
        checksum_of(&arena, "      - update: {table: keyless, set: {t: \"2\"}}\n"));
    assert_string_equal(
        checksum_of(&arena, "      - add_column: {table: dogs, column: {a: text?}}\n"),
        checksum_of(&arena,
                    "      - add_column: {table: dogs, column: {a: {type: text?}}}\n"));
    arena_release(&arena);
}

/* The order of columns is the order in the table. */
static void test_checksum_order(void **state)
{
    struct arena arena = {0};

    (void)state;
    assert_string_not_equal(
        checksum_of(&arena,
                    "      - create_table: {name: x, columns: {a: text, b: text}}\n"),
        checksum_of(&arena,
                    "      - create_table: {name: x, columns: {b: text, a: text}}\n"));
    arena_release(&arena);
}

/* ---- the lock ---------------------------------------------------------------------- */

static struct lock lock_of(struct trial *t, const char *text)
{
    const struct source *source =
        diags_source(t->m.diags, "schema.lock", text, strlen(text));
    struct lock lock = {.entries = {0}};

    lock_read(&t->stage, source, &lock);
    return lock;
}

#define NO_SUM "0000000000000000000000000000000000000000000000000000000000000000"

static void test_lock_round_trip(void **state)
{
    struct trial t;
    struct lock lock;
    struct buf text, again;

    (void)state;
    trial(&t, "");
    lock = lock_of(&t, "# x\n\nother 1 a " NO_SUM "\n");
    buf_init(&text);
    buf_init(&again);
    assert_true(lock_check(&t.stage, t.history, &lock));
    assert_int_equal(lock_missing(&t.stage, t.history, &lock), 1);
    lock_write(&t.stage, t.history, &lock, &text);
    assert_non_null(strstr(text.data, "\nother 1 a 000"));
    assert_non_null(strstr(text.data, "\nt 1 one "));
    lock = lock_of(&t, text.data);
    assert_true(lock_check(&t.stage, t.history, &lock));
    assert_int_equal(lock_missing(&t.stage, t.history, &lock), 0);
    lock_write(&t.stage, t.history, &lock, &again);
    assert_string_equal(text.data, again.data);
    buf_release(&text);
    buf_release(&again);
    modelling_free(&t.m);
}

static void test_lock_refuses(void **state)
{
    struct trial t;
    struct lock lock;

    (void)state;
    trial(&t, "");
    lock = lock_of(&t, "t 1 one " NO_SUM "\n");
    assert_false(lock_check(&t.stage, t.history, &lock));
    lock = lock_of(&t, "t 2 two " NO_SUM "\n");
    assert_false(lock_check(&t.stage, t.history, &lock));
    assert_int_equal(diags_errors(t.m.diags), 2);
    lock_of(&t, "t 1 one\n");
    lock_of(&t, "t 0 one " NO_SUM "\n");
    lock_of(&t, "t 1 one g" NO_SUM "\n");
    assert_int_equal(diags_errors(t.m.diags), 5);
    modelling_free(&t.m);
}

/* What editors, merges and other systems leave. */
static void test_lock_forms(void **state)
{
    static const char *const good[] = {
        "",
        "\n\n",
        "# x\r\n\r\nt 1 one " NO_SUM "\r\n",
        "t 1 one " NO_SUM,
        "\xef\xbb\xbft 1 one " NO_SUM "\n",
        "t 1 one " NO_SUM "\nt 1 one " NO_SUM "\n",
        "t  1 one   " NO_SUM "  \n",
        "t 1 one " NO_SUM "\nu 1 two " NO_SUM "\nt 2 one " NO_SUM "\n",
    };
    static const char *const bad[] = {
        "t 1 one " NO_SUM " x\n",
        "t 1x one " NO_SUM "\n",
        "t -1 one " NO_SUM "\n",
        "t +1 one " NO_SUM "\n",
        "t 4294967297 one " NO_SUM "\n",
        "t 99999999999999999999 one " NO_SUM "\n",
        "t\t1\tone\t" NO_SUM "\n",
        "T 1 one " NO_SUM "\n",
        "t 1 One " NO_SUM "\n",
        "t 1 one\n" NO_SUM "\n",
        "<<<<<<< HEAD\n",
        "t 1 one " NO_SUM "\nt 1 two " NO_SUM "\n",
        "t 1 one " NO_SUM "\nt 1 one a" NO_SUM "\n",
    };
    struct trial t;
    size_t i;

    (void)state;
    trial(&t, "");
    for (i = 0; i < sizeof good / sizeof *good; i++) {
        lock_of(&t, good[i]);
        if (diags_errors(t.m.diags) != 0)
            fail_msg("%s is refused", good[i]);
    }
    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        size_t errors = diags_errors(t.m.diags);

        lock_of(&t, bad[i]);
        if (diags_errors(t.m.diags) == errors)
            fail_msg("%s is taken", bad[i]);
    }
    modelling_free(&t.m);
}

/* A line twice is one line when the file is written. */
static void test_lock_line_twice(void **state)
{
    struct trial t;
    struct lock lock;
    struct buf text;

    (void)state;
    trial(&t, "");
    lock = lock_of(&t, "u 1 one " NO_SUM "\r\nu 1 one " NO_SUM "\r\n");
    buf_init(&text);
    lock_write(&t.stage, t.history, &lock, &text);
    assert_non_null(strstr(text.data, "\nu 1 one " NO_SUM "\n"));
    assert_null(strstr(strstr(text.data, "\nu 1 one") + 1, "\nu 1 one"));
    assert_null(strchr(text.data, '\r'));
    buf_release(&text);
    modelling_free(&t.m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_checksum_formatting),
        cmocka_unit_test(test_checksum_order),
        cmocka_unit_test(test_lock_round_trip),
        cmocka_unit_test(test_lock_refuses),
        cmocka_unit_test(test_lock_forms),
        cmocka_unit_test(test_lock_line_twice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
