/*
 * view_command.c: `quarry view`: the data that templates see, as JSON.
 */
#include "../view/view.h"
#include "cli.h"

#include <getopt.h>

enum {
    OPTION_HELP = 256
};

static const struct option options[] = {
    {"help", no_argument, NULL, OPTION_HELP},
    {0},
};

static void print_view(struct work *work)
{
    struct value view = view_build(&work->arena, work->schema);
    struct buf out;

    buf_init(&out);
    value_json(&view, &out);
    fwrite(out.data, 1, out.length, stdout);
    putchar('\n');
    buf_release(&out);
}

static int run(const struct command *command, int argc, char **argv)
{
    struct work work;
    int status, option;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == OPTION_HELP)
            return print_usage(command);
        return usage_error(command, "wrong option");
    }
    if (optind + 1 != argc)
        return usage_error(command, "name one schema");
    status = work_read(&work, argv[optind]);
    if (status == EXIT_GOOD)
        print_view(&work);
    work_release(&work);
    return status;
}

const struct command command_view = {
    .name = "view",
    .summary = "print the data that templates see as JSON",
    .usage = "Usage: quarry view SCHEMA\n"
             "Print the view of SCHEMA, the data that templates see, as JSON.\n"
             "\n"
             "      --help    print this\n",
    .run = run,
};
