/*
 * import.c: `quarry import`: the YAML of an existing database. What it writes is read
 * again and compared with the database, and what still differs is named in comments.
 */
#include "../migrate/import.h"

#include "../base/names.h"
#include "../migrate/diff.h"
#include "../migrate/scratch.h"
#include "structure_source.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

enum {
    OPTION_HELP = 256,
    OPTION_NAME
};

static const struct option options[] = {
    {"help", no_argument, NULL, OPTION_HELP},
    {"name", required_argument, NULL, OPTION_NAME},
    {0},
};

/* The file's name without folder and ending; "imported" where there is none. */
static const char *schema_name(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash != NULL ? slash + 1 : path;
    size_t length = strcspn(base, ".");
    const char *name;

    if (strcmp(path, "-") == 0 || length == 0)
        return "imported";
    name = name_to_snake(arena, arena_strndup(arena, base, length));
    return name_reserved(name) != NULL ? arena_printf(arena, "%s_db", name) : name;
}

static int by_line(const void *a, const void *b)
{
    const struct import_fault *left = a, *right = b;

    if (left->line != right->line)
        return left->line < right->line ? -1 : 1;
    return left->column < right->column ? -1 : left->column > right->column;
}

/* All that `generate` would refuse. */
static size_t find_faults(struct arena *arena, const struct buf *yaml,
                          struct import_fault **faults)
{
    struct work work = {0};
    const char *message;
    struct pos at;
    size_t count;

    buf_init(&work.text);
    buf_add(&work.text, yaml->data, yaml->length);
    work.diags = diags_new(&work.arena);
    work_model(&work, "(imported)");
    *faults = ARENA_ARRAY(arena, struct import_fault, diags_errors(work.diags) + 1);
    for (count = 0; diags_error_at(work.diags, count, &at, &message); count++)
        (*faults)[count] =
            (struct import_fault){at.line, at.column, arena_strdup(arena, message)};
    qsort(*faults, count, sizeof **faults, by_line);
    work_release(&work);
    return count;
}

/* Each round takes something away, so there is a last one. */
static void mend(struct arena *arena, struct buf *yaml)
{
    struct import_fault *faults;
    size_t count;

    do
        count = find_faults(arena, yaml, &faults);
    while (count > 0 && import_mend(arena, faults, count, yaml));
}

/* What differs between the database and what the YAML makes, as comments. EXIT_SCHEMA
 * when the YAML is not valid as it is: its diagnostics say what to change. */
static int add_differences(struct arena *arena, const struct structure *wanted,
                           struct buf *yaml)
{
    struct structure *made;
    const char *error = NULL;
    struct diff *diff;
    size_t i;

    if (structure_yaml(arena, "(imported)", yaml, &made) != EXIT_GOOD)
        return EXIT_SCHEMA;
    diff = diff_structures(arena, made, wanted, NULL, &error);
    for (i = 0; diff != NULL && i < diff->steps.count; i++) {
        const struct step *step = &diff->steps.items[i];
        const char *at;

        buf_adds(yaml, "# still different: ");
        for (at = step->text; *at != '\0'; at++)
            buf_addc(yaml, (unsigned char)*at < 0x20 ? ' ' : *at);
        buf_addc(yaml, '\n');
    }
    return EXIT_GOOD;
}

static int import(struct arena *arena, const char *path, const char *name)
{
    struct structure *structure;
    const char *error;
    sqlite3 *db = NULL;
    struct buf yaml;
    int status = structure_source(arena, path, &structure);

    if (status != EXIT_GOOD)
        return EXIT_USAGE;
    if (strcmp(path, "-") != 0) /* NULL, or without tables, where it is a file of SQL */
        db = structure_open(arena, path, &error);
    buf_init(&yaml);
    import_yaml(arena, structure, db, name != NULL ? name : schema_name(arena, path),
                &yaml);
    sqlite3_close(db);
    mend(arena, &yaml);
    status = add_differences(arena, structure, &yaml);
    fwrite(yaml.data, 1, yaml.length, stdout);
    buf_release(&yaml);
    return status;
}

static int run(const struct command *command, int argc, char **argv)
{
    struct arena arena = {0};
    const char *name = NULL;
    int option, status;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == OPTION_HELP)
            return print_usage(command);
        if (option != OPTION_NAME)
            return usage_error(command, "wrong option");
        name = optarg;
    }
    if (optind + 1 != argc)
        return usage_error(command, "name one database or SQL file");
    status = import(&arena, argv[optind], name);
    arena_release(&arena);
    return status;
}

const struct command command_import = {
    .name = "import",
    .summary = "print the schema of an existing database as YAML",
    .usage =
        "Usage: quarry import [--name NAME] FILE\n"
        "Print the YAML of FILE, a database or SQL; - for SQL on standard input. What "
        "the\n"
        "language cannot say is named in comments; what is still different is told too.\n"
        "Exit status 1: the YAML needs changes by hand, which are named.\n"
        "\n"
        "      --name NAME  the schema's name; else the file's\n"
        "      --help       print this\n",
    .run = run,
};
