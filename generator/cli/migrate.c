/*
 * migrate.c: `quarry migrate`: finds the part of the command and its options. The parts
 * are in migrate_new.c and migrate_report.c.
 */
#include "migrate.h"

#include <getopt.h>
#include <string.h>

enum {
    OPTION_HELP = 256,
    OPTION_RENAME,
    OPTION_ACCEPT,
    OPTION_STDOUT
};

static const struct option options[] = {
    {"help", no_argument, NULL, OPTION_HELP},
    {"rename", required_argument, NULL, OPTION_RENAME},
    {"accept", required_argument, NULL, OPTION_ACCEPT},
    {"stdout", no_argument, NULL, OPTION_STDOUT},
    {0},
};

static const struct {
    const char *name;
    int least, most; /* arguments */
    int (*run)(struct migrate_request *request, char **arguments, int count);
} parts[] = {
    {"new", 2, 2, migrate_new},
    {"plan", 1, 3, migrate_plan},
    {"lint", 1, 1, migrate_lint},
    {"release", 1, 1, migrate_release},
};

static int take_option(struct migrate_request *request, int option)
{
    switch (option) {
    case OPTION_HELP: request->help = true; break;
    case OPTION_STDOUT: request->to_stdout = true; break;
    case OPTION_RENAME: *VEC_ADD(&request->arena, &request->renames) = optarg; break;
    case OPTION_ACCEPT:
        if (strcmp(optarg, "data_loss") != 0)
            return usage_error(request->command, "--accept takes data_loss, not `%s`",
                               optarg);
        request->accept_data_loss = true;
        break;
    default: return usage_error(request->command, "wrong option");
    }
    return EXIT_GOOD;
}

static int run_part(struct migrate_request *request, char **arguments, int count)
{
    size_t i;

    if (count == 0)
        return usage_error(request->command, "say what: new, plan, lint or release");
    for (i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (strcmp(parts[i].name, arguments[0]) != 0)
            continue;
        if (count - 1 < parts[i].least || count - 1 > parts[i].most)
            return usage_error(request->command, "%s: wrong number of arguments",
                               parts[i].name);
        return parts[i].run(request, arguments + 1, count - 1);
    }
    return usage_error(request->command, "there is no `%s`", arguments[0]);
}

static int run(const struct command *command, int argc, char **argv)
{
    struct migrate_request request = {.command = command};
    int option, status = EXIT_GOOD;

    while (status == EXIT_GOOD &&
           (option = getopt_long(argc, argv, "", options, NULL)) != -1)
        status = take_option(&request, option);
    if (status == EXIT_GOOD && request.help)
        status = print_usage(command);
    else if (status == EXIT_GOOD)
        status = run_part(&request, argv + optind, argc - optind);
    arena_release(&request.arena);
    return status;
}

const struct command command_migrate = {
    .name = "migrate",
    .summary = "write, show, check and release migrations",
    .usage =
        "Usage: quarry migrate new NAME SCHEMA [OPTION]...\n"
        "       quarry migrate plan SCHEMA [FROM [TO]]\n"
        "       quarry migrate lint SCHEMA\n"
        "       quarry migrate release SCHEMA\n"
        "new: write a migration from the last one to the declared tables, into the "
        "schema's\n"
        "list or folder. plan: print the SQL from version FROM (default 0) to version "
        "TO\n"
        "(default the newest), down where TO is less. lint: name what destroys data, is "
        "slow\n"
        "or can fail on rows that are there; exit status 1 where a migration does not "
        "accept\n"
        "it. release: write the checksums of all migrations to schema.lock beside the "
        "schema,\n"
        "after which they can't be changed.\n"
        "\n"
        "      --rename OLD:NEW   new: a table was renamed; TABLE.OLD:NEW: a column "
        "was;\n"
        "                         the key `was` in the schema says the same\n"
        "      --accept data_loss new: write steps that destroy data\n"
        "      --stdout           new: print the migration, write no file\n"
        "      --help             print this\n",
    .run = run,
};
