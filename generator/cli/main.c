/*
 * main.c: finds the command that is asked for and runs it.
 */
#include "cli.h"

#include <sqlite3.h>
#include <string.h>

static const struct command *const commands[] = {
    &command_generate,    &command_check,   &command_validate, &command_view,
    &command_json_schema, &command_version, &command_diff,     &command_import,
    &command_explain,     &command_migrate, &command_lint,
};
enum {
    COMMAND_COUNT = sizeof commands / sizeof *commands
};

static void print_help(FILE *out)
{
    size_t i;

    fputs("Usage: quarry COMMAND [OPTION]... [SCHEMA]...\n"
          "Generate typed C for SQLite from schemas written in YAML.\n"
          "\n"
          "Commands:\n",
          out);
    for (i = 0; i < COMMAND_COUNT; i++)
        fprintf(out, "  %-12s %s\n", commands[i]->name, commands[i]->summary);
    fputs(
        "\n"
        "`quarry COMMAND --help` describes a command. SCHEMA is a file, or - for "
        "standard\n"
        "input. Exit status: 0 good; 1 a schema is wrong, or check found a difference;\n"
        "2 wrong usage, or a file could not be read or written.\n",
        out);
}

static const struct command *find_command(const char *name)
{
    size_t i;

    for (i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static int help(int argc, char **argv)
{
    const struct command *command = argc > 2 ? find_command(argv[2]) : NULL;

    if (argc > 2 && command == NULL)
        return io_error("unknown command `%s`; see `quarry --help`", argv[2]);
    if (command != NULL)
        return print_usage(command);
    print_help(stdout);
    return EXIT_GOOD;
}

/*
 * Each connection is used by one worker at a time, but there are several workers. Nobody
 * asks how much memory is in use: counting it takes a tenth of the time.
 */
static void configure_sqlite(void)
{
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_initialize();
}

int main(int argc, char **argv)
{
    const struct command *command;

    configure_sqlite();
    if (argc < 2) {
        print_help(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0)
        return finish_output(help(argc, argv));
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0)
        return finish_output(command_version.run(&command_version, 1, argv));
    command = find_command(argv[1]);
    if (command == NULL)
        return io_error("unknown command `%s`; see `quarry --help`", argv[1]);
    return finish_output(command->run(command, argc - 1, argv + 1));
}
