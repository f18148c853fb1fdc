/*
 * json_schema.c: `quarry json-schema`: the language's JSON Schema, for editors.
 */
#include "../model/language.h"
#include "cli.h"

#include <string.h>

static int run(const struct command *command, int argc, char **argv)
{
    struct buf out;

    if (argc == 2 && strcmp(argv[1], "--help") == 0)
        return print_usage(command);
    if (argc > 1)
        return usage_error(command, "takes no arguments");
    buf_init(&out);
    language_json_schema(&out);
    fwrite(out.data, 1, out.length, stdout);
    buf_release(&out);
    return EXIT_GOOD;
}

const struct command command_json_schema = {
    .name = "json-schema",
    .summary = "print the JSON Schema of the schema language",
    .usage =
        "Usage: quarry json-schema\n"
        "Print the JSON Schema of the schema language, with which editors complete and\n"
        "check schemas. It is the same text as schema/quarry.schema.json.\n",
    .run = run,
};
