/*
 * cli.c: see cli.h.
 */
#include "cli.h"

#include "../render/files.h"
#include "../sql/query.h"
#include "migrations.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int usage_error(const struct command *command, const char *format, ...)
{
    va_list arguments;

    fprintf(stderr, "quarry %s: ", command->name);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, "\nTry `quarry %s --help`.\n", command->name);
    return EXIT_USAGE;
}

int io_error(const char *format, ...)
{
    va_list arguments;

    fputs("quarry: error: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    return EXIT_USAGE;
}

int print_usage(const struct command *command)
{
    fputs(command->usage, stdout);
    return EXIT_GOOD;
}

bool use_color(FILE *stream)
{
    const char *no_color = getenv("NO_COLOR");

    return (no_color == NULL || *no_color == '\0') && isatty(fileno(stream));
}

int print_diags(const struct diags *diags)
{
    size_t errors = diags_errors(diags);

    diags_print(diags, stderr, use_color(stderr));
    if (errors > 0)
        fprintf(stderr, "%zu error%s\n", errors, errors == 1 ? "" : "s");
    return errors > 0 ? EXIT_SCHEMA : EXIT_GOOD;
}

void work_schema(struct work *work, const char *path)
{
    const char *name = strcmp(path, "-") == 0 ? "<stdin>" : path;

    work->schema = model_read_text(&work->arena, work->diags, name, work->text.data,
                                   work->text.length);
}

int work_model(struct work *work, const char *path)
{
    work_schema(work, path);
    if (work->schema != NULL)
        work->schema->history = migrations_make(work, path, true);
    if (work->schema != NULL && diags_errors(work->diags) == 0)
        queries_type(&work->arena, work->diags, work->schema);
    return diags_errors(work->diags) > 0 || work->schema == NULL ? EXIT_SCHEMA
                                                                 : EXIT_GOOD;
}

int work_open(struct work *work, const char *path)
{
    bool input = strcmp(path, "-") == 0;

    *work = (struct work){0};
    buf_init(&work->text);
    work->diags = diags_new(&work->arena);
    errno = 0;
    if (!file_read(path, NODE_BYTES, &work->text))
        return io_error("%s: %s", input ? "standard input" : path, strerror(errno));
    return EXIT_GOOD;
}

int work_load(struct work *work, const char *path)
{
    int status = work_open(work, path);

    return status == EXIT_GOOD ? work_model(work, path) : status;
}

int work_read(struct work *work, const char *path)
{
    int status = work_load(work, path);

    return status == EXIT_USAGE ? status : print_diags(work->diags);
}

void work_release(struct work *work)
{
    buf_release(&work->text);
    arena_release(&work->arena);
}

int finish_output(int status)
{
    if (fflush(stdout) != 0 || ferror(stdout))
        return io_error("standard output: %s", strerror(errno));
    return status;
}
