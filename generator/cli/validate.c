/*
 * validate.c: `quarry validate`: reads schemas and reports what is wrong; writes nothing.
 */
#include "cli.h"

#include <getopt.h>

enum {
    OPTION_HELP = 256,
    OPTION_JSON
};

static const struct option options[] = {
    {"help", no_argument, NULL, OPTION_HELP},
    {"json", no_argument, NULL, OPTION_JSON},
    {0},
};

/* As work_read(), with the diagnostics as JSON on stdout. */
static int validate_one(const char *path, bool json)
{
    struct work work;
    int status;

    status = json ? work_load(&work, path) : work_read(&work, path);
    if (json && status != EXIT_USAGE)
        diags_print_json(work.diags, stdout);
    work_release(&work);
    return status;
}

static int run(const struct command *command, int argc, char **argv)
{
    int status = EXIT_GOOD, option, i;
    bool json = false;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == OPTION_HELP)
            return print_usage(command);
        if (option != OPTION_JSON)
            return usage_error(command, "wrong option");
        json = true;
    }
    if (optind == argc)
        return usage_error(command, "name a schema");
    for (i = optind; i < argc; i++) {
        int one = validate_one(argv[i], json);

        status = one > status ? one : status;
    }
    return status;
}

const struct command command_validate = {
    .name = "validate",
    .summary = "report what is wrong in schemas, write nothing",
    .usage =
        "Usage: quarry validate [OPTION]... SCHEMA...\n"
        "Read each SCHEMA, check it, and run its SQL in an empty database in memory.\n"
        "\n"
        "      --json    print the diagnostics to standard output as a JSON array\n"
        "                for each schema\n"
        "      --help    print this\n",
    .run = run,
};
