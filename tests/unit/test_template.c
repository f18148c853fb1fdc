/*
 * test_template.c: what our templates add to Mustache: strictness, where errors are,
 * limits, sinks. What the specification says is in test_mustache.c.
 */
#include "trial.h"

#include <pthread.h>

static const struct test failures[] = {
    {"unknown name",
     "a\n {{#o}}{{nmae}}{{/o}}",
     "{\"o\": {\"name\": \"x\"}}",
     "t:2:10: error: nothing is called `nmae` in `o` or around it [Q0620]",
     {{0}}},
    {"with a suggestion", "{{nmae}}", "{\"name\": \"x\"}", "did you mean `name`?", {{0}}},
    {"with a path",
     "{{#t}}{{#c}}{{x.y}}{{q}}{{/c}}{{/t}}",
     "{\"x\": {\"y\": \"\"}, \"t\": [{\"c\": []}, {\"c\": [{}, {}]}]}",
     "in `t[1].c[0]` or",
     {{0}}},
    {"path, items of items",
     "{{#l}}{{#.}}{{q}}{{/.}}{{/l}}",
     "{\"l\": [[], [\"x\"]]}",
     "in `l[1][0]` or",
     {{0}}},
    {"path, at the top", "{{#f}}{{q}}{{/f}}", "{\"f\": true}", "in the view or", {{0}}},
    {"not in inverted sections",
     "{{^q}}{{/q}}",
     "{}",
     "t:1:4: error: nothing is called",
     {{0}}},
    {"not in sections",
     "{{#q}}{{/q}}",
     "{}",
     "t:1:4: error: nothing is called `q`",
     {{0}}},
    {"broken chain",
     "{{a.b.c}}",
     "{\"a\": {\"d\": \"\"}}",
     "t:1:3: error: in `a.b.c` there is no field `b`",
     {{0}}},
    {"broken chain, not elsewhere",
     "{{#a}}{{b.c}}{{/a}}",
     "{\"a\": {\"b\": {}}, \"b\": {\"c\": \"ERROR\"}}",
     "there is no field `c`",
     {{0}}},
    {"chain through text",
     "{{a.b}}",
     "{\"a\": \"\"}",
     "what is before `.b` is text and has no fields (in the view) [Q0622]",
     {{0}}},
    {"chain through a list", "{{a.b}}", "{\"a\": []}", "is a list and has", {{0}}},
    {"a list as text",
     "{{a}}",
     "{\"a\": []}",
     "`a` is a list, not text (in the view) [Q0621]",
     {{0}}},
    {"an object as text", "{{a}}", "{\"a\": {}}", "`a` is an object, not text", {{0}}},
    {"the view as text", "{{.}}", "{}", "`.` is an object, not text", {{0}}},
    {"an error in a partial",
     "\n {{>p}}\n",
     "{}",
     "p:1:3: error: nothing is called `q`",
     {{"p", "{{q}}"}}},
    {"an error in a partial, where used",
     "\n {{>p}}\n",
     "{}",
     "t:2:5: note: used here",
     {{"p", "{{q}}"}}},
    {"a partial without end",
     "{{>p}}",
     "{}",
     "p:1:4: error: partial `p` is used inside itself too deep",
     {{"p", "{{>p}}{{>p}}"}}},
    {"unclosed tag",
     "a\n {{b",
     "{}",
     "t:2:2: error: this tag is not closed [Q0600]",
     {{0}}},
    {"unclosed tag at the end",
     "{{",
     "{}",
     "t:1:1: error: this tag is not closed",
     {{0}}},
    {"unclosed comment", "{{! a }", "{}", "t:1:1: error: this tag is not closed", {{0}}},
    {"unclosed three braces", "{{{a}}", "{\"a\": \"\"}", "`}}}` is missing", {{0}}},
    {"unclosed set delimiters", "{{=a b}}", "{}", "`=}}` is missing", {{0}}},
    {"empty tag", "{{}}", "{}", "t:1:1: error: an empty tag [Q0601]", {{0}}},
    {"empty section", " {{# }}", "{}", "t:1:2: error: an empty tag", {{0}}},
    {"empty close", "{{/}}", "{}", "t:1:1: error: an empty tag", {{0}}},
    {"empty partial", "{{>}}", "{}", "t:1:1: error: an empty tag", {{0}}},
    {"empty braces", "{{{}}}", "{}", "t:1:1: error: an empty tag", {{0}}},
    {"bad name", "{{a b}}", "{}", "t:1:3: error: `a b` is not a name [Q0602]", {{0}}},
    {"bad name, digit", "{{0}}", "{}", "`0` is not a name", {{0}}},
    {"bad name, dots", "{{a..b}}", "{}", "`a..b` is not a name", {{0}}},
    {"bad name, dot at the end", "{{a.}}", "{}", "`a.` is not a name", {{0}}},
    {"bad name, dot in front", "{{.a}}", "{}", "`.a` is not a name", {{0}}},
    {"bad name of a section", "{{#a-b}}{{/a-b}}", "{}", "`a-b` is not a name", {{0}}},
    {"bad name of a partial",
     "{{>../x}}",
     "{}",
     "`../x` is not the name of a partial",
     {{0}}},
    {"delimiters, one",
     "{{=a=}}",
     "{}",
     "t:1:1: error: these are not two delimiters [Q0603]",
     {{0}}},
    {"delimiters, none", "{{==}}", "{}", "not two delimiters", {{0}}},
    {"delimiters, three", "{{=a b c=}}", "{}", "not two delimiters", {{0}}},
    {"delimiters, equals sign", "{{=a= =b=}}", "{}", "not two delimiters", {{0}}},
    {"unclosed section",
     "a\n{{#b}}\n",
     "{\"b\": true}",
     "t:2:4: error: section `b` is not closed [Q0604]",
     {{0}}},
    {"unclosed inverted section",
     "{{^b}}",
     "{\"b\": true}",
     "section `b` is not closed",
     {{0}}},
    {"crossed",
     "{{#a}}{{#b}}{{/a}}{{/b}}",
     "{}",
     "t:1:16: error: section `a` ends while another one is open [Q0605]",
     {{0}}},
    {"crossed, where",
     "{{#a}}{{#b}}{{/a}}{{/b}}",
     "{}",
     "t:1:10: note: this one is to be closed first",
     {{0}}},
    {"stray close",
     "a{{/b}}",
     "{}",
     "t:1:5: error: no section `b` is open here [Q0606]",
     {{0}}},
    {"stray close, misspelt",
     "{{#name}}{{/nmae}}{{/name}}",
     "{}",
     "the open one is `name`",
     {{0}}},
    {"sections don't reach into partials",
     "{{#a}}{{>p}}",
     "{\"a\": true}",
     "p:1:4: error: no section `a` is open here",
     {{"p", "{{/a}}"}}},
    {"unknown partial", " {{>p}}", "{}", "t:1:5: error: no partial `p` [Q0608]", {{0}}},
    {"all at once",
     "{{/a}}\n{{>p}}\n{{x y}}\n{{#z}}",
     "{}",
     "t:4:4: error: section `z` is not closed",
     {{0}}},
};

static void test_failures(void **state)
{
    (void)state;
    CHECK_ALL(failures, check_failure);
}

/* {{#a}} `depth` times, `inside`, {{/a}} as often. */
static char *nested(size_t depth, const char *inside)
{
    struct buf text;
    size_t i;

    buf_init(&text);
    for (i = 0; i < depth; i++)
        buf_adds(&text, "{{#a}}");
    buf_adds(&text, inside);
    for (i = 0; i < depth; i++)
        buf_adds(&text, "{{/a}}");
    return buf_detach(&text, NULL);
}

static void test_nesting(void **state)
{
    char *deepest = nested(TEMPLATE_NESTING, "{{.}}");
    char *deeper = nested(TEMPLATE_NESTING + 1, "{{.}}");
    struct test good = {"deepest", deepest, "{\"a\": \"x\"}", "x", {{0}}};
    struct test bad = {"deeper",
                       deeper,
                       "{\"a\": \"x\"}",
                       "t:1:193: error: sections nest too deep [Q0607]",
                       {{0}}};

    (void)state;
    check(&good);
    check_failure(&bad);
    free(deepest);
    free(deeper);
}

/* As many frames as can be: each partial calls itself inside the deepest sections. */
static void test_deepest_stack(void **state)
{
    char *around = nested(TEMPLATE_NESTING, "{{>p}}");
    struct test test = {"deepest stack",
                        NULL,
                        "{\"a\": {}}",
                        "partial `p` is used inside itself too deep",
                        {{0}}};

    (void)state;
    test.template = around;
    test.partials[0] = (struct partial){"p", around};
    check_failure(&test);
    free(around);
}

static void test_steps(void **state)
{
    struct test test = {"steps",
                        "{{#l}}{{#l}}{{.}}{{/l}}{{/l}}",
                        "{\"l\": [\"1\", \"2\", \"3\"]}",
                        "",
                        {{0}}};
    struct trial trial;

    (void)state;
    begin(&trial, &test);
    templates_limit(trial.templates, 12);
    assert_true(render(&trial));
    assert_string_equal(trial.out.data, "123123123");
    templates_limit(trial.templates, 11);
    assert_false(render(&trial));
    assert_non_null(strstr(messages(&trial), "[Q0624]"));
    end(&trial);
}

static void test_unknown_template(void **state)
{
    struct test test = {"unknown", "", "{}", "", {{0}}};
    struct trial trial;

    (void)state;
    begin(&trial, &test);
    assert_null(template_parse(trial.templates, "other"));
    assert_non_null(strstr(messages(&trial), "no template `other` [Q0609]"));
    end(&trial);
}

/* One template's errors make what uses it unusable, and nothing else; each is told once.
 */
static void test_errors_stay_where_they_are(void **state)
{
    struct test test = {"",
                        "{{>good}}",
                        "{}",
                        "",
                        {{"good", "x"}, {"user", "{{>bad}}"}, {"bad", "{{}}"}}};
    struct trial trial;

    (void)state;
    begin(&trial, &test);
    assert_null(template_parse(trial.templates, "user"));
    assert_null(template_parse(trial.templates, "user"));
    assert_null(template_parse(trial.templates, "bad"));
    assert_int_equal(diags_errors(trial.diags), 1);
    assert_true(render(&trial));
    assert_string_equal(trial.out.data, "x");
    end(&trial);
}

static void test_unused(void **state)
{
    const char *const names[] = {"t", "p", "q"};
    struct test test = {"", "{{>p}}", "{}", "", {{"p", "x"}, {"q", "y"}}};
    struct trial trial;

    (void)state;
    begin(&trial, &test);
    assert_non_null(template_parse(trial.templates, "t"));
    assert_null(templates_unused(trial.templates, names, 2));
    assert_string_equal(templates_unused(trial.templates, names, 3), "q");
    end(&trial);
}

/* What the name of a field means is found out even if its shape is made after the
 * parsing. */
static void test_late_shape(void **state)
{
    struct test test = {"late", "{{late_field}}{{o.late_inner}}", "{}", "", {{0}}};
    struct trial trial;
    struct template *template;
    struct buf_sink sink;
    struct value view;

    (void)state;
    begin(&trial, &test);
    template = template_parse(trial.templates, "t");
    view = text_view("{\"late_field\": \"x\", \"o\": {\"late_inner\": \"y\"}}");
    buf_sink_init(&sink, &trial.out);
    assert_true(template_render(trial.templates, template, &view, &sink.sink));
    assert_string_equal(trial.out.data, "xy");
    end(&trial);
}

/* A NUL is a byte of the text like others, and not of a name. */
static const struct source *find_nul(void *diags, const char *name)
{
    static const char text[] = "a\0{{x}}\0\n", bad[] = "{{x\0}}";

    return strcmp(name, "good") == 0 ? diags_source(diags, "good", text, sizeof text - 1)
                                     : diags_source(diags, "bad", bad, sizeof bad - 1);
}

static void test_nul(void **state)
{
    struct test test = {"nul", "", "{}", "", {{0}}};
    struct value view = text_view("{\"x\": \"b\"}");
    struct templates *templates;
    struct buf_sink sink;
    struct trial trial;

    (void)state;
    begin(&trial, &test);
    buf_sink_init(&sink, &trial.out);
    templates = templates_new(&trial.arena, trial.diags, find_nul, trial.diags);
    assert_true(
        template_render(templates, template_parse(templates, "good"), &view, &sink.sink));
    assert_int_equal(trial.out.length, 5);
    assert_memory_equal(trial.out.data, "a\0b\0\n", 5);
    assert_null(template_parse(templates, "bad"));
    end(&trial);
}

/* A sink that takes only so much. */
struct short_sink {
    struct sink sink;
    size_t calls, room;
};

static bool short_write(struct sink *sink, const char *text, size_t length)
{
    struct short_sink *self = (struct short_sink *)(void *)sink;

    (void)text;
    self->calls++;
    if (length > self->room)
        return false;
    self->room -= length;
    return true;
}

static void test_sink_stops(void **state)
{
    struct test test = {"",
                        "{{#l}}{{#l}}{{#l}}{{#l}}{{a}}{{/l}}{{/l}}{{/l}}{{/l}}",
                        "{\"l\": [\"\", \"\", \"\", \"\", \"\", \"\", \"\", \"\"], "
                        "\"a\": \"0123456789012345678901234567890123456789\"}",
                        "",
                        {{0}}};
    struct short_sink sink = {{short_write}, 0, 100000};
    struct value view = text_view(test.view);
    struct template *template;
    struct trial trial;

    (void)state;
    begin(&trial, &test);
    template = template_parse(trial.templates, "t");
    assert_false(template_render(trial.templates, template, &view, &sink.sink));
    assert_int_equal(sink.calls, 2);
    assert_int_equal(diags_errors(trial.diags), 0);
    sink = (struct short_sink){{short_write}, 0, 8 * 8 * 8 * 8 * 40};
    assert_true(template_render(trial.templates, template, &view, &sink.sink));
    assert_int_equal(sink.room, 0);
    assert_true(sink.calls <= 3);
    end(&trial);
}

/* Values and text around and over the size of the buffer. */
static void test_long_values(void **state)
{
    static const size_t lengths[] = {65535, 65536, 65537, 300000};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        char *value = malloc(lengths[i] + 1);
        struct buf view, expected, template;
        struct test test = {"long", NULL, NULL, NULL, {{0}}};

        memset(value, 'v', lengths[i]);
        value[lengths[i]] = '\0';
        buf_init(&view);
        buf_init(&expected);
        buf_init(&template);
        buf_addf(&view, "{\"a\": \"%s\"}", value);
        buf_addf(&template, "x{{a}}%s{{a}}", value);
        buf_addf(&expected, "x%s%s%s", value, value, value);
        test.view = view.data;
        test.template = template.data;
        test.expected = expected.data;
        check(&test);
        buf_release(&view);
        buf_release(&expected);
        buf_release(&template);
        free(value);
    }
}

struct sharer {
    struct templates *templates;
    const struct template *template;
    const struct value *view;
    struct arena arena;
    struct diags *diags;
    struct buf out;
    bool rendered;
};

static void *render_shared(void *context)
{
    struct sharer *sharer = context;
    struct buf_sink sink;

    buf_sink_init(&sink, &sharer->out);
    sharer->rendered =
        template_render(sharer->templates, sharer->template, sharer->view, &sink.sink);
    return NULL;
}

/* Several threads render the same templates; the error of one is reported to it alone. */
static void test_shared(void **state)
{
    static const struct test test = {
        "shared",
        "{{#l}}{{>p}}{{.}};{{/l}}{{shared_late}}{{#bad}}{{nobody}}{{/bad}}",
        "{\"l\": [\"a\", \"b\"], \"shared_late\": \"c\", \"bad\": false}",
        "",
        {{"p", "{{shared_late}}"}}};
    struct trial trial;
    struct sharer sharers[8] = {{0}};
    pthread_t threads[8];
    struct value good, bad;
    size_t i;

    (void)state;
    begin(&trial, &test);
    good = text_view(test.view);
    bad = text_view("{\"l\": [], \"shared_late\": \"d\", \"bad\": true}");
    for (i = 0; i < 8; i++) {
        sharers[i].diags = diags_new(&sharers[i].arena);
        sharers[i].template = template_parse(trial.templates, "t");
        sharers[i].view = i == 5 ? &bad : &good;
        sharers[i].templates =
            templates_share(trial.templates, &sharers[i].arena, sharers[i].diags);
        buf_init(&sharers[i].out);
    }
    for (i = 0; i < 8; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, render_shared, &sharers[i]),
                         0);
    for (i = 0; i < 8; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(sharers[i].rendered, i != 5);
        assert_int_equal(diags_errors(sharers[i].diags), i == 5);
        assert_string_equal(sharers[i].out.data, i == 5 ? "" : "ca;cb;c");
        buf_release(&sharers[i].out);
        arena_release(&sharers[i].arena);
    }
    assert_int_equal(diags_errors(trial.diags), 0);
    end(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_nesting),
        cmocka_unit_test(test_shared),
        cmocka_unit_test(test_deepest_stack),
        cmocka_unit_test(test_steps),
        cmocka_unit_test(test_unknown_template),
        cmocka_unit_test(test_errors_stay_where_they_are),
        cmocka_unit_test(test_unused),
        cmocka_unit_test(test_late_shape),
        cmocka_unit_test(test_nul),
        cmocka_unit_test(test_sink_stops),
        cmocka_unit_test(test_long_values),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    arena_release(&view_arena);
    return failed;
}
