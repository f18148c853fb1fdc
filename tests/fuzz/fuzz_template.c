/*
 * fuzz_template.c: libFuzzer on templates: any text, with a partial `p` behind the first
 * 0x01 byte and a partial `q` behind the second, on a fixed view with every kind of
 * value. Nothing may crash or leak, and what takes too long ends with an error. What
 * renders twice renders the same.
 */
#include "../../generator/render/template.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    STEPS = 20000,
    OUTPUT_LIMIT = 1 << 20
};

static const char *const outer_names[] = {"a", "b", "l", "o", "t", "n", "e", NULL};
static const char *const inner_names[] = {"a", "x", "l", NULL};
static const char *const base_names[] = {"c", "x", NULL};
static struct shape outer_shape = {.names = outer_names};
static struct shape inner_shape = {.names = inner_names};
static struct shape base_shape = {.names = base_names};

/* A sink with an end, so that long output costs no memory; it sums up what it gets. */
struct sum_sink {
    struct sink sink;
    size_t length;
    uint64_t sum;
};

static bool sum_write(struct sink *sink, const char *text, size_t length)
{
    struct sum_sink *self = (struct sum_sink *)(void *)sink;
    size_t i;

    for (i = 0; i < length; i++)
        self->sum = (self->sum ^ (unsigned char)text[i]) * 1099511628211u;
    self->length += length;
    return self->length < OUTPUT_LIMIT;
}

static struct value fixed_view(void)
{
    static struct value base[2], inner[2][3], outer[7], items[4], texts[3], none[1];
    static struct object base_object = {&base_shape, NULL, base};
    static struct object inner_objects[2] = {{&inner_shape, &base_object, inner[0]},
                                             {&inner_shape, NULL, inner[1]}};
    static struct object outer_object = {&outer_shape, NULL, outer};
    static struct list item_list = {items, 4}, text_list = {texts, 3},
                       no_list = {none, 0};

    base[0] = value_text("base\nlines\n");
    base[1] = value_text("hidden");
    texts[0] = value_text("one");
    texts[1] = value_text("");
    texts[2] = value_text("{{a}}");
    inner[0][0] = inner[1][0] = value_text("A");
    inner[0][1] = value_flag(true);
    inner[1][1] = value_absent();
    inner[0][2] = (struct value){.kind = VALUE_LIST, .list = &text_list};
    inner[1][2] = (struct value){.kind = VALUE_LIST, .list = &no_list};
    items[0] = value_object(&inner_objects[0]);
    items[1] = value_object(&inner_objects[1]);
    items[2] = value_text("text");
    items[3] = inner[0][2];
    outer[0] = value_text("a");
    outer[1] = value_flag(false);
    outer[2] = (struct value){.kind = VALUE_LIST, .list = &item_list};
    outer[3] = items[0];
    outer[4] = value_flag(true);
    outer[5] = value_absent();
    outer[6] = inner[1][2];
    return value_object(&outer_object);
}

struct input {
    struct diags *diags;
    const char *texts[3];
    size_t lengths[3], count;
};

/* "t" is the first part, "p" and "q" are the others. */
static const struct source *find(void *context, const char *name)
{
    static const char names[] = "tpq";
    struct input *input = context;
    const char *at = name[0] != '\0' && name[1] == '\0' ? strchr(names, name[0]) : NULL;
    size_t part = at == NULL ? input->count : (size_t)(at - names);

    if (part >= input->count)
        return NULL;
    return diags_source(input->diags, name, input->texts[part], input->lengths[part]);
}

static void split(struct input *input, const char *data, size_t size)
{
    const char *end = data + size;

    while (input->count < 3) {
        const char *next = memchr(data, 1, (size_t)(end - data));

        if (next == NULL || input->count == 2)
            next = end;
        input->texts[input->count] = data;
        input->lengths[input->count++] = (size_t)(next - data);
        if (next == end)
            return;
        data = next + 1;
    }
}

static struct sum_sink render(struct templates *templates, struct template *template,
                              bool *done)
{
    struct sum_sink sink = {{sum_write}, 0, 0};
    struct value view = fixed_view();

    *done = template_render(templates, template, &view, &sink.sink);
    return sink;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct input input = {.diags = diags_new(&arena)};
    struct templates *templates = templates_new(&arena, input.diags, find, &input);
    char *copy = malloc(size + 1);
    struct template *template;
    bool first, second;

    memcpy(copy, data, size);
    copy[size] = '\0';
    split(&input, copy, size);
    templates_limit(templates, STEPS);
    template = template_parse(templates, "t");
    if (template == NULL && diags_errors(input.diags) == 0)
        abort();
    if (template != NULL) {
        struct sum_sink one = render(templates, template, &first);
        struct sum_sink two = render(templates, template, &second);

        if (first != second ||
            (first && (one.sum != two.sum || one.length != two.length)))
            abort();
    }
    arena_release(&arena);
    free(copy);
    return 0;
}
