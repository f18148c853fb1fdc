/*
 * cli.h: what the commands share: their table, exit statuses, and how a schema is read
 * for one. A command parses its arguments, calls the stages in order and prints; it
 * decides nothing about schemas or output.
 */
#ifndef CLI_H
#define CLI_H

#include "../base/buf.h"
#include "../model/model.h"

#include <stdio.h>

enum {
    EXIT_GOOD = 0,
    EXIT_SCHEMA = 1, /* the schema is wrong, or `check` found a difference */
    EXIT_USAGE = 2   /* wrong arguments, or a file can't be read or written */
};

struct command {
    const char *name;
    const char *summary; /* one line, for `quarry --help` */
    const char *usage;   /* all of `quarry NAME --help` */
    int (*run)(const struct command *command, int argc, char **argv);
};

extern const struct command command_generate, command_check, command_validate,
    command_view, command_json_schema, command_version, command_diff, command_explain,
    command_import, command_migrate, command_lint;

/* Prints "quarry NAME: message" and where to find help; returns EXIT_USAGE. */
int usage_error(const struct command *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Prints "quarry: error: message"; returns EXIT_USAGE. */
int io_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints what --help prints; returns EXIT_GOOD. */
int print_usage(const struct command *command);

/* True on a terminal, unless NO_COLOR is set (https://no-color.org). */
bool use_color(FILE *stream);

/* A schema that is being worked on, with all memory that belongs to it. */
struct work {
    struct arena arena;
    struct diags *diags;
    struct buf text; /* of the file */
    struct schema *schema;
};

/*
 * Reads the schema in `path` and prints its diagnostics to stderr. Returns an exit
 * status; on EXIT_GOOD work->schema is complete. To be released in any case.
 */
int work_read(struct work *work, const char *path);

/*
 * The parts of work_load(): begins the work and reads the file into work->text, which may
 * fail: EXIT_USAGE, and that was printed; reads the schema of that text, without its
 * migrations and queries, NULL after errors.
 */
int work_open(struct work *work, const char *path);
void work_schema(struct work *work, const char *path);

/*
 * The model of work->text, which was read from `path` ("-": standard input), into
 * work->schema; work_load() without reading the file.
 */
int work_model(struct work *work, const char *path);

/* The same without printing: EXIT_SCHEMA after errors, which are in work->diags. */
int work_load(struct work *work, const char *path);
void work_release(struct work *work);

/* Prints diagnostics and, after errors, how many there were; returns an exit status. */
int print_diags(const struct diags *diags);

/* Flushes stdout; EXIT_USAGE and a message where what was printed got lost, else
 * `status`. */
int finish_output(int status);

#endif
