/*
 * emit.c: see emit.h.
 */
#include "emit.h"

#include "../base/workers.h"
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
static bool render(struct templates *templates, const struct output *output,
                   const struct value *view, struct sink *sink)
{
    struct wrap_sink wrap;
    bool rendered;

    if (!is_c(output->ending))
        return template_render(templates, output->template, view, sink);
    wrap_init(&wrap, sink);
    rendered = template_render(templates, output->template, view, &wrap.sink);
    return wrap_finish(&wrap) && rendered;
}

/* A file on its way, with what its rendering needs for itself. */
struct job {
    const struct output *output;
    struct value view;
    struct sink *sink;
    struct arena arena;
    struct diags *diags;
    struct templates *templates;
    bool rendered;
};

static void add_job(struct emitter *emitter, struct file_set *set, struct work *work,
                    const struct output *output, const struct value *view,
                    struct job *job)
{
    const char *name = work->schema->name;
    const char *file = arena_printf(&work->arena, "%s%s", name, output->ending);

    job->output = output;
    if (work->schema->history == NULL && strncmp(output->ending, "_migrations", 11) == 0)
        return; /* there is nothing to be in it */
    if (emitter->options.only != NULL && fnmatch(emitter->options.only, file, 0) != 0)
        return;
    job->view = view_for_file(&work->arena, view, file);
    job->sink = file_begin(set, emitter->options.output,
                           arena_printf(emitter->arena, "%s/%s", name, file));
    job->diags = diags_new(&job->arena);
    job->templates = templates_share(emitter->templates, &job->arena, job->diags);
}

static void run_job(void *context, size_t task, size_t worker)
{
    struct job *const *jobs = context;
    struct job *job = jobs[task];

    (void)worker;
    if (job->sink != NULL)
        job->rendered = render(job->templates, job->output, &job->view, job->sink) &&
                        file_end(job->sink);
}

static int by_size(const void *a, const void *b)
{
    const struct output *left = (*(struct job *const *)a)->output,
                        *right = (*(struct job *const *)b)->output;
    size_t more = template_size(left->template), less = template_size(right->template);

    if (more != less)
        return more < less ? 1 : -1;
    return strcmp(left->ending, right->ending);
}

/* Large templates first, so that no large file is begun when the others are done. */
static void run_jobs(struct arena *arena, struct job *jobs, size_t count)
{
    struct job **order = ARENA_ARRAY(arena, struct job *, count);
    size_t i;

    for (i = 0; i < count; i++)
        order[i] = &jobs[i];
    qsort(order, count, sizeof *order, by_size);
    workers_run(count, run_job, order);
}

/* What the files in their order came to: what the first one that failed says counts. */
static int finish_jobs(struct emitter *emitter, struct job *jobs, size_t count,
                       bool *write_failed)
{
    int status = EXIT_GOOD;
    size_t i;

    for (i = 0; i < count && status == EXIT_GOOD; i++) {
        if (jobs[i].sink == NULL || jobs[i].rendered)
            continue;
        *write_failed = diags_errors(jobs[i].diags) == 0;
        status = *write_failed ? EXIT_USAGE : print_diags(jobs[i].diags);
    }
    for (i = 0; i < count; i++)
        arena_join(emitter->arena, &jobs[i].arena);
    return status;
}

int emit_schema(struct emitter *emitter, struct file_set *set, struct work *work,
                bool *write_failed)
{
    struct value view = view_build(&work->arena, work->schema);
    size_t count = emitter->outputs.count, i;
    struct job *jobs = ARENA_ARRAY(&work->arena, struct job, count);

    for (i = 0; i < count; i++)
        add_job(emitter, set, work, &emitter->outputs.items[i], &view, &jobs[i]);
    run_jobs(&work->arena, jobs, count);
    return finish_jobs(emitter, jobs, count, write_failed);
}

const char *const *emitter_files(const struct emitter *emitter, size_t *count)
{
    *count = emitter->files.count;
    return emitter->files.items;
}
