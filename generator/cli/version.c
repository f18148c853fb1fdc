/*
 * version.c: `quarry version`.
 */
#include "cli.h"

static int run(const struct command *command, int argc, char **argv)
{
    (void)argv;
    if (argc > 1)
        return usage_error(command, "takes no arguments");
    puts("quarry 0.1.0");
    return EXIT_GOOD;
}

const struct command command_version = {
    .name = "version",
    .summary = "print the program's version",
    .usage = "Usage: quarry version\n"
             "Print the version of the program.\n",
    .run = run,
};
