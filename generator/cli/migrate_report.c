/*
 * migrate_report.c: `quarry migrate plan`, `lint` and `release`.
 */
#include "../render/files.h"
#include "migrate.h"

#include <stdlib.h>
#include <string.h>

/* ---- plan --------------------------------------------------------------------- */

static void print_comment(const char *text)
{
    fputs("-- ", stdout);
    for (; *text != '\0'; text++)
        putchar(*text == '\n' || *text == '\r' ? ' ' : *text);
    putchar('\n');
}

static void print_warnings(const struct script *script)
{
    size_t i, k;

    for (i = 0; i < script->plans.count; i++)
        for (k = 0; k < script->plans.items[i]->warnings.count; k++) {
            const struct plan_warning *warning =
                &script->plans.items[i]->warnings.items[k];

            printf("-- %s: ", warning_word(warning->kind));
            printf("%s\n", warning->text);
        }
}

static void print_script(const struct script *script)
{
    size_t i, k;

    print_warnings(script);
    if (script->foreign_keys_off)
        puts("PRAGMA foreign_keys = OFF;");
    puts("BEGIN IMMEDIATE;");
    for (i = 0; i < script->steps.count; i++) {
        const struct script_step *step = &script->steps.items[i];

        print_comment(step->text);
        for (k = 0; k < step->sql.count; k++)
            printf("%s%s\n", step->sql.items[k],
                   strstr(step->sql.items[k], "--") != NULL ? "\n;" : ";");
    }
    if (script->foreign_keys_off)
        puts("PRAGMA foreign_key_check;");
    puts("COMMIT;");
    if (script->foreign_keys_off)
        puts("PRAGMA foreign_keys = ON;");
}

static int print_version(const struct history_version *version, bool up)
{
    const struct migration *migration = version->migration;

    if (!up && !version->has_down) {
        fprintf(stderr, "quarry: error: migration %d, %s, is irreversible: %s\n",
                migration->version, migration->name, migration->irreversible);
        return EXIT_SCHEMA;
    }
    printf("%s-- %d %s, %s\n", up && migration->version == 1 ? "" : "\n",
           migration->version, migration->name, up ? "up" : "down");
    print_script(up ? &version->up : &version->down);
    return EXIT_GOOD;
}

static int print_plan(const struct history *history, size_t from, size_t to)
{
    int status = EXIT_GOOD;

    for (; from < to && status == EXIT_GOOD; from++)
        status = print_version(&history->versions.items[from], true);
    for (; from > to && status == EXIT_GOOD; from--)
        status = print_version(&history->versions.items[from - 1], false);
    return status;
}

/* A version as an argument; false: it is none of the history's. */
static bool read_version(const char *text, const struct history *history, size_t *version)
{
    char *end;
    unsigned long number = strtoul(text, &end, 10);

    if (*text < '0' || *text > '9' || *end != '\0' || number > history->versions.count)
        return false;
    *version = number;
    return true;
}

static int no_migrations(const struct migrate_request *request, const char *path)
{
    (void)request;
    return io_error("%s: the schema has no migrations", path);
}

int migrate_plan(struct migrate_request *request, char **arguments, int count)
{
    struct history *history;
    struct work work;
    int status = migrations_open(&work, arguments[0], &history);
    size_t from = 0, to;

    if (status == EXIT_GOOD && history == NULL)
        status = no_migrations(request, arguments[0]);
    if (status == EXIT_GOOD && history != NULL) {
        to = history->versions.count;
        if ((count > 1 && !read_version(arguments[1], history, &from)) ||
            (count > 2 && !read_version(arguments[2], history, &to)))
            status = usage_error(request->command, "versions are 0 to %zu",
                                 history->versions.count);
        else
            status = print_plan(history, from, to);
    }
    work_release(&work);
    return status;
}

/* ---- lint --------------------------------------------------------------------- */

static void print_warning(void *context, const struct history_version *version,
                          const struct plan_warning *warning)
{
    const struct pos at = version->migration->span.at;
    size_t *findings = context;

    printf("%s:%u:%u: %s: %s\n", at.source->name, at.line, at.column,
           warning_word(warning->kind), warning->text);
    (*findings)++;
}

int migrate_lint(struct migrate_request *request, char **arguments, int count)
{
    struct history *history;
    struct work work;
    int status = migrations_open(&work, arguments[0], &history);
    size_t findings = 0;

    (void)count;
    if (status == EXIT_GOOD && history == NULL)
        status = no_migrations(request, arguments[0]);
    if (status == EXIT_GOOD && history != NULL)
        history_warnings(history, print_warning, &findings);
    if (findings > 0) {
        printf("%zu finding%s\n", findings, findings == 1 ? "" : "s");
        status = EXIT_SCHEMA;
    }
    work_release(&work);
    return status;
}

/* ---- release ------------------------------------------------------------------ */

static int write_lock(struct work *work, const char *path, const struct history *history,
                      const struct lock *lock)
{
    struct stage stage = {&work->arena, work->diags, work->schema, NULL};
    const char *file = migrations_lock_path(&work->arena, path);
    const char *slash = strrchr(file, '/');
    struct file_set *set = files_new(&work->arena, FILES_WRITE);
    size_t missing = lock_missing(&stage, history, lock);
    struct sink *sink;
    struct buf text;
    int status;

    sink = file_begin(
        set,
        slash == NULL ? "." : arena_strndup(&work->arena, file, (size_t)(slash - file)),
        slash == NULL ? file : slash + 1);
    buf_init(&text);
    lock_write(&stage, history, lock, &text);
    sink->write(sink, text.data, text.length);
    buf_release(&text);
    status = files_finish(set) ? EXIT_GOOD : EXIT_USAGE;
    if (status == EXIT_GOOD)
        printf("%s: %zu migration%s released, %zu of them now\n", file,
               history->versions.count, history->versions.count == 1 ? "" : "s", missing);
    return status;
}

int migrate_release(struct migrate_request *request, char **arguments, int count)
{
    struct lock lock;
    struct work work;
    int status;

    (void)count;
    if (strcmp(arguments[0], "-") == 0)
        return usage_error(request->command, "release needs a file");
    status = work_read(&work, arguments[0]); /* with the proof */
    if (status == EXIT_GOOD && work.schema->history == NULL)
        status = no_migrations(request, arguments[0]);
    if (status == EXIT_GOOD) {
        migrations_read_lock(&work, arguments[0], &lock);
        status = write_lock(&work, arguments[0], work.schema->history, &lock);
    }
    work_release(&work);
    return status;
}
