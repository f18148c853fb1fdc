/*
 * test_habit.c: what is known of other tools' words, and what is not taken for them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../generator/model/habit.h"

#include <string.h>

static void expect_text(const char *found, const char *wanted)
{
    if (wanted == NULL)
        assert_null(found);
    else
        assert_true(found != NULL && strstr(found, wanted) != NULL);
}

static void types_of_other_languages(void **state)
{
    static const char *const cases[][2] = {
        {"varchar(40)", "write `text` with `max_length: 40`"},
        {"VARBINARY(16)", "write `blob` with `max_length: 16`"},
        {"varchar()", "did you mean `text`?"},
        {"varchar(-1)", "did you mean `text`?"},
        {"varchar(99999999999999999999)", "did you mean `text`?"},
        {"bigint(20)", "did you mean `integer`?"},
        {"TEXT", "did you mean `text`?"},
        {"Decimal(10, 2)", "in the smallest unit"},
        {"enum('a')", "declare the enum under `enums`"},
        {"", NULL},
        {"(", NULL},
        {"hosts", NULL}};
    struct arena arena = {0};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_text(habit_type(&arena, cases[i][0]), cases[i][1]);
    arena_release(&arena);
}

static void values_by_type(void **state)
{
    (void)state;
    expect_text(habit_value(TYPE_TIMESTAMP, "Current_Timestamp"), "write `now`");
    expect_text(habit_value(TYPE_TIMESTAMP, "now"), NULL);
    expect_text(habit_value(TYPE_TEXT, "now()"), NULL);
    expect_text(habit_value(TYPE_UUID, "uuid()"), "write `random`");
    expect_text(habit_value(TYPE_BOOL, "YES"), "write `true`");
    expect_text(habit_value(TYPE_BOOL, "0"), "write `false`");
    expect_text(habit_value(TYPE_BOOL, "2"), NULL);
    expect_text(habit_value(TYPE_INTEGER, "0"), NULL);
}

static void regular_expressions(void **state)
{
    static const char *const expressions[] = {
        "^a", "a$", "[0-9]+", "[a-z]{2}", "(ab)+", "\\d", "a\\.b", ".*", ".+@", "(?i)a"};
    static const char *const globs[] = {"",      "$",    "*",     "*.*",     "a?",
                                        "[^a]*", "a^b",  "$*",    "v1.*",    "a+b",
                                        "\\",    "C:\\", "[[]a]", "[0-9]*.?"};

    (void)state;
    for (size_t i = 0; i < sizeof expressions / sizeof *expressions; i++)
        assert_non_null(habit_pattern(expressions[i]));
    for (size_t i = 0; i < sizeof globs / sizeof *globs; i++)
        assert_null(habit_pattern(globs[i]));
}

static void references_and_lists(void **state)
{
    struct arena arena = {0};

    (void)state;
    expect_text(habit_reference(&arena, "hosts(id)"), "hosts.id");
    expect_text(habit_reference(&arena, "hosts (id)"), "hosts.id");
    expect_text(habit_reference(&arena, "hosts"), NULL);
    expect_text(habit_reference(&arena, "hosts()"), NULL);
    expect_text(habit_reference(&arena, "hosts(a, b)"), NULL);
    expect_text(habit_reference(&arena, "(id)"), NULL);
    expect_text(habit_reference(&arena, ""), NULL);
    expect_text(habit_list(&arena, "use", "stamps"), "[stamps]");
    expect_text(habit_list(&arena, "unique", "a"), "[[a]]");
    expect_text(habit_list(&arena, "use", "a, b"), NULL);
    expect_text(habit_list(&arena, "use", ""), NULL);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_of_other_languages), cmocka_unit_test(values_by_type),
        cmocka_unit_test(regular_expressions), cmocka_unit_test(references_and_lists)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
