/*
 * trial.h: a template, its partials and a view, and what has to come out. Each test
 * program that includes it has one of its own.
 */
#ifndef TRIAL_H
#define TRIAL_H

#include "../../generator/render/template.h"

#include "view_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#define PARTIALS 3

struct partial {
    const char *name, *text;
};

struct test {
    const char *name, *template, *view, *expected;
    struct partial partials[PARTIALS];
};

/* One rendering with all its memory. */
struct trial {
    struct arena arena;
    struct diags *diags;
    struct templates *templates;
    const struct test *test;
    struct buf out;
    char *messages;
};

static const struct source *find(void *context, const char *name)
{
    struct trial *trial = context;
    const struct test *test = trial->test;
    size_t i;

    if (strcmp(name, "t") == 0)
        return diags_source(trial->diags, "t", test->template, strlen(test->template));
    for (i = 0; i < PARTIALS && test->partials[i].name != NULL; i++)
        if (strcmp(name, test->partials[i].name) == 0)
            return diags_source(trial->diags, test->partials[i].name,
                                test->partials[i].text, strlen(test->partials[i].text));
    return NULL;
}

static void begin(struct trial *trial, const struct test *test)
{
    *trial = (struct trial){.test = test};
    buf_init(&trial->out);
    trial->diags = diags_new(&trial->arena);
    trial->templates = templates_new(&trial->arena, trial->diags, find, trial);
}

static bool render(struct trial *trial)
{
    struct value view = text_view(trial->test->view);
    struct template *template = template_parse(trial->templates, "t");
    struct buf_sink sink;

    buf_sink_init(&sink, &trial->out);
    return template != NULL &&
           template_render(trial->templates, template, &view, &sink.sink);
}

static const char *messages(struct trial *trial)
{
    size_t size;
    FILE *stream = open_memstream(&trial->messages, &size);

    diags_print(trial->diags, stream, false);
    fclose(stream);
    return trial->messages;
}

static void end(struct trial *trial)
{
    free(trial->messages);
    buf_release(&trial->out);
    arena_release(&trial->arena);
}

static inline void check(const struct test *test)
{
    struct trial trial;

    begin(&trial, test);
    if (!render(&trial) || strcmp(trial.out.data, test->expected) != 0)
        fail_msg("%s: expected <<%s>>, got <<%s>>\n%s", test->name, test->expected,
                 trial.out.data, messages(&trial));
    assert_int_equal(diags_errors(trial.diags), 0);
    end(&trial);
}

/* `expected` is a piece of the messages: "t:1:3: error: …". */
static inline void check_failure(const struct test *test)
{
    struct trial trial;

    begin(&trial, test);
    if (render(&trial) || strstr(messages(&trial), test->expected) == NULL)
        fail_msg("%s: expected <<%s>>, got <<%s>> and <<%s>>", test->name, test->expected,
                 trial.messages ? trial.messages : "", trial.out.data);
    end(&trial);
}

static inline void check_all(const struct test *tests, size_t count,
                             void (*check_one)(const struct test *))
{
    size_t i;

    for (i = 0; i < count; i++)
        check_one(&tests[i]);
}
#define CHECK_ALL(tests, one) check_all(tests, sizeof(tests) / sizeof *(tests), one)

#endif
