/*
 * test_value.c: symbols, fields with their bases, truth, and the view as JSON, for which
 * Python's parser is the judge where it is installed.
 */
#include "../../generator/view/value.h"

#include "view_text.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

static const char *const column_names[] = {"name", "type", NULL};
static struct shape column_shape = {.names = column_names};
static const char *const item_names[] = {"comma", "type", NULL};
static struct shape item_shape = {.names = item_names};
static const char *const no_names[] = {NULL};
static struct shape empty_shape = {.names = no_names};

static void test_symbols(void **state)
{
    char name[] = "symbol_a";
    unsigned a = value_symbol("symbol_a"), b = value_symbol("symbol_b");

    (void)state;
    assert_int_not_equal(a, 0);
    assert_int_not_equal(a, b);
    assert_int_equal(value_symbol(name), a);
    assert_int_equal(value_symbol_find(name), a);
    assert_int_equal(value_symbol_find("symbol_nobody_made"), 0);
    assert_string_equal(value_symbol_name(a), "symbol_a");
    assert_string_equal(value_symbol_name(0), "");
    assert_string_equal(value_symbol_name(1000000), "");
}

static void test_many_symbols(void **state)
{
    unsigned last = 0;
    size_t i;

    (void)state;
    for (i = 0; i < 5000; i++) {
        const char *name = arena_printf(&view_arena, "many_%zu", i);
        unsigned symbol = value_symbol(name);

        assert_int_not_equal(symbol, last);
        assert_string_equal(value_symbol_name(symbol), name);
        last = symbol;
    }
}

static void test_fields(void **state)
{
    struct value column[2], item[2];
    struct object base = {&column_shape, NULL, column};
    struct object object = {&item_shape, &base, item};
    struct object empty = {&empty_shape, NULL, NULL},
                  over = {&empty_shape, &object, NULL};

    (void)state;
    column[0] = value_text("id");
    column[1] = value_text("text");
    item[0] = value_flag(true);
    item[1] = value_text("other");
    assert_ptr_equal(value_field(&base, value_symbol("name")), &column[0]);
    assert_null(value_field(&base, value_symbol("comma")));
    assert_ptr_equal(value_field(&object, value_symbol("comma")), &item[0]);
    assert_ptr_equal(value_field(&object, value_symbol("name")), &column[0]);
    assert_ptr_equal(value_field(&object, value_symbol("type")), &item[1]);
    assert_ptr_equal(value_field(&over, value_symbol("name")), &column[0]);
    assert_null(value_field(&empty, value_symbol("name")));
    assert_null(value_field(&object, 0));
    assert_null(value_field(&object, value_symbol("made_after_the_shape")));
    assert_null(value_field(&object, UINT32_MAX));
    value_shape_ready(&column_shape); /* again: nothing happens */
    assert_int_equal(column_shape.count, 2);
}

static const char *const raced_names[] = {"raced_a", "raced_b", "raced_c", NULL};
static struct shape raced_shape = {.names = raced_names};

static void *race(void *missed)
{
    const struct value fields[] = {value_text("a"), value_text("b"), value_text("c")};
    const struct object object = {&raced_shape, NULL, fields};
    size_t i;

    for (i = 0; i < 3; i++)
        if (value_field(&object, value_symbol(raced_names[i])) != &fields[i])
            *(bool *)missed = true;
    return NULL;
}

/* Of threads that look up fields of a new shape, each finds them. */
static void test_threads(void **state)
{
    pthread_t threads[8];
    bool missed[8] = {false};
    size_t i;

    (void)state;
    for (i = 0; i < 8; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, race, &missed[i]), 0);
    for (i = 0; i < 8; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_false(missed[i]);
    }
}

static void test_truth(void **state)
{
    struct value none = value_list(&view_arena, NULL, 0), one = value_absent();
    struct value list = value_list(&view_arena, &one, 1);
    struct object empty = {&empty_shape, NULL, NULL};
    struct value values[] = {
        value_absent(), value_text(NULL),    value_text(""),  value_flag(false),
        none,           value_object(NULL),  value_text("0"), value_flag(true),
        list,           value_object(&empty)};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof values / sizeof *values; i++)
        assert_int_equal(value_is_true(&values[i]), i > 5);
    assert_string_equal(value_kind_name(&values[0]), "nothing");
    assert_string_equal(value_kind_name(&values[2]), "text");
    assert_string_equal(value_kind_name(&values[9]), "an object");
}

static void check_json(const struct value *value, const char *expected)
{
    struct buf out;

    buf_init(&out);
    value_json(value, &out);
    assert_string_equal(out.data, expected);
    buf_release(&out);
}

static void test_json(void **state)
{
    struct value view = text_view("{\"a\": null, \"b\": [true, false, \"x\", [], {}], "
                                  "\"c\": {\"d\": \"\"}}");

    (void)state;
    check_json(&view, "{\n  \"a\": null,\n  \"b\": [\n    true,\n    false,\n    \"x\",\n"
                      "    [],\n    {}\n  ],\n  \"c\": {\n    \"d\": \"\"\n  }\n}");
}

static void test_json_base(void **state)
{
    struct value column[2], item[2];
    struct object base = {&column_shape, NULL, column};
    struct object object = {&item_shape, &base, item},
                  over = {&empty_shape, &object, NULL};
    struct value value = value_object(&over);

    (void)state;
    column[0] = value_text("id");
    column[1] = value_text("hidden");
    item[0] = value_flag(true);
    item[1] = value_text("shown");
    check_json(&value,
               "{\n  \"name\": \"id\",\n  \"comma\": true,\n  \"type\": \"shown\"\n}");
}

static void test_json_text(void **state)
{
    static const struct {
        const char *text, *json;
    } cases[] = {
        {"", "\"\""},
        {"\"\\/", "\"\\\"\\\\/\""},
        {"\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\""},
        {"\x01\x1F\x7F", "\"\\u0001\\u001f\\u007f\""},
        {"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80",
         "\"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\""},
        {"a\xFFz", "\"a\\ufffdz\""},
        {"\xC0\xAF", "\"\\ufffd\\ufffd\""},
        {"\xED\xA0\x80", "\"\\ufffd\\ufffd\\ufffd\""},
        {"\xF4\x90\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\""},
        {"\xE2\x82", "\"\\ufffd\\ufffd\""},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct value value = value_text(cases[i].text);

        check_json(&value, cases[i].json);
    }
}

/* Every byte but NUL, alone and in a row: Python reads it, or Python isn't here. */
static void test_json_python(void **state)
{
    char bytes[256];
    struct value values[256];
    struct value list;
    struct buf out;
    FILE *judge;
    size_t i;

    (void)state;
    if (system("python3 -c 1 2>/dev/null") != 0)
        skip();
    for (i = 1; i < 256; i++) {
        bytes[i - 1] = (char)i;
        values[i] = value_text(arena_strndup(&view_arena, &bytes[i - 1], 1));
    }
    bytes[255] = '\0';
    values[0] = value_text(bytes);
    list = value_list(&view_arena, values, 256);
    buf_init(&out);
    value_json(&list, &out);
    judge = popen("python3 -c 'import json,sys; l=json.loads(sys.stdin.buffer.read()); "
                  "r=lambda b: b.decode(\"utf-8\",\"replace\"); "
                  "sys.exit(l != [r(bytes(range(1,256)))] + "
                  "[r(bytes([i])) for i in range(1,256)])'",
                  "w");
    assert_non_null(judge);
    fwrite(out.data, 1, out.length, judge);
    assert_int_equal(pclose(judge), 0);
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_symbols),     cmocka_unit_test(test_many_symbols),
        cmocka_unit_test(test_fields),      cmocka_unit_test(test_truth),
        cmocka_unit_test(test_threads),     cmocka_unit_test(test_json),
        cmocka_unit_test(test_json_base),   cmocka_unit_test(test_json_text),
        cmocka_unit_test(test_json_python),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
