/*
 * emit.c: see emit.h.
 */
#include "emit.h"

#include "../render/embedded.h"
#include "../render/wrap.h"
#include "../view/view.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

static const char suffix[] = ".mustache";
static const char prefix[] = "schema";

/* A template that makes a file. */
struct output {
    const char *ending; /* what follows the schema's name: ".h", "_test.c" */
    const struct template *template;
};

struct emitter {
    struct arena *arena;
    struct diags *diags;
    struct emit_options options;
    struct templates *templates;
    VEC(struct output) outputs;
    VEC(const char *) names; /* of the templates in options.templates, sorted */
    VEC(const char *) files;
};

static const struct source *find_template(void *context, const char *name)
{
    struct emitter *emitter = context;
    const struct embedded *embedded;
    struct buf text;
    char *path;

    if (emitter->options.templates != NULL) {
        path = arena_printf(emitter->arena, "%s/%s%s", emitter->options.templates, name,
                            suffix);
        buf_init(&text);
        if (file_read(path, NODE_BYTES, &text)) {
            const char *copy = arena_strndup(emitter->arena, text.data, text.length);
            size_t length = text.length;

            buf_release(&text);
            *VEC_ADD(emitter->arena, &emitter->files) = path;
            return diags_source(emitter->diags, path, copy, length);
        }
        buf_release(&text);
    }
    embedded = embedded_find(name);
    if (embedded == NULL)
        return NULL;
    return diags_source(emitter->diags,
                        arena_printf(emitter->arena, "templates/%s%s", name, suffix),
                        embedded->text, embedded->length);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names of the templates in the user's folder. False: it can't be read. */
static bool list_folder(struct emitter *emitter)
{
    DIR *folder = opendir(emitter->options.templates);
    struct dirent *entry;

    if (folder == NULL)
        return false;
    while ((entry = readdir(folder)) != NULL) {
        size_t length = strlen(entry->d_name), end = strlen(suffix);

        if (length > end && strcmp(entry->d_name + length - end, suffix) == 0)
            *VEC_ADD(emitter->arena, &emitter->names) =
                arena_strndup(emitter->arena, entry->d_name, length - end);
    }
    closedir(folder);
    if (emitter->names.count > 1)
        qsort(emitter->names.items, emitter->names.count, sizeof *emitter->names.items,
              compare_names);
    return true;
}

static void list_embedded(struct emitter *emitter)
{
    size_t i;

    for (i = 0; i < embedded_count; i++)
        *VEC_ADD(emitter->arena, &emitter->names) = embedded_templates[i].name;
}

static void parse_outputs(struct emitter *emitter)
{
    size_t i;

    for (i = 0; i < emitter->names.count; i++) {
        const char *name = emitter->names.items[i];
        const struct template *template;

        if (strncmp(name, prefix, strlen(prefix)) != 0)
            continue;
        template = template_parse(emitter->templates, name);
        if (template != NULL)
            *VEC_ADD(emitter->arena, &emitter->outputs) =
                (struct output){name + strlen(prefix), template};
    }
}

struct emitter *emitter_new(struct arena *arena, const struct emit_options *options,
                            int *status)
{
    struct emitter *emitter = ARENA_NEW(arena, struct emitter);

    emitter->arena = arena;
    emitter->options = *options;
    emitter->diags = diags_new(arena);
    emitter->templates = templates_new(arena, emitter->diags, find_template, emitter);
    if (options->templates == NULL) {
        list_embedded(emitter);
    } else if (!list_folder(emitter)) {
        *status = io_error("%s: %s", options->templates, strerror(errno));
        return NULL;
    }
    parse_outputs(emitter);
    *status = print_diags(emitter->diags);
    if (*status == EXIT_GOOD && emitter->outputs.count == 0)
        *status =
            io_error("%s: no template here begins with `%s`", options->templates, prefix);
    return *status == EXIT_GOOD ? emitter : NULL;
}

static bool is_c(const char *ending)
{
    size_t length = strlen(ending);

    return length >= 2 && (strcmp(ending + length - 2, ".c") == 0 ||
                           strcmp(ending + length - 2, ".h") == 0);
}

/* C goes through the sink that breaks long lines; other text goes as it is. */
static bool render(struct emitter *emitter, const struct output *output,
                   const struct value *view, struct sink *sink)
{
    struct wrap_sink wrap;
    bool rendered;

    if (!is_c(output->ending))
        return template_render(emitter->templates, output->template, view, sink);
    wrap_init(&wrap, sink);
    rendered = template_render(emitter->templates, output->template, view, &wrap.sink);
    return wrap_finish(&wrap) && rendered;
}

int emit_schema(struct emitter *emitter, struct file_set *set, struct work *work,
                bool *write_failed)
{
    const char *name = work->schema->name;
    struct value view = view_build(&work->arena, work->schema);
    size_t i;

    for (i = 0; i < emitter->outputs.count; i++) {
        const struct output *output = &emitter->outputs.items[i];
        const char *file = arena_printf(&work->arena, "%s%s", name, output->ending);
        struct value data = view_for_file(&work->arena, &view, file);
        struct sink *sink;

        if (emitter->options.only != NULL && fnmatch(emitter->options.only, file, 0) != 0)
            continue;
        sink = file_begin(set, emitter->options.output,
                          arena_printf(emitter->arena, "%s/%s", name, file));
        if (!render(emitter, output, &data, sink)) {
            *write_failed = diags_errors(emitter->diags) == 0;
            return *write_failed ? EXIT_USAGE : print_diags(emitter->diags);
        }
    }
    return EXIT_GOOD;
}

const char *const *emitter_files(const struct emitter *emitter, size_t *count)
{
    *count = emitter->files.count;
    return emitter->files.items;
}
