/*
 * lint.c: `quarry lint`: runs the rules and prints what they find. It knows no rule.
 */
#include "../lint/lint.h"
#include "explain_source.h"
#include "migrations.h"

#include <getopt.h>

enum {
    OPTION_HELP = 256,
    OPTION_JSON,
    OPTION_CODES
};

static const struct option options[] = {
    {"help", no_argument, NULL, OPTION_HELP},
    {"json", no_argument, NULL, OPTION_JSON},
    {"codes", no_argument, NULL, OPTION_CODES},
    {0},
};

static void find(struct explain_source *source, const char *path)
{
    struct lock lock = {0};
    struct lint lint = {.arena = &source->work.arena,
                        .diags = source->work.diags,
                        .catalog = &source->catalog,
                        .schema = source->work.schema,
                        .source = source->text};

    if (source->work.schema != NULL && source->work.schema->migrations != NULL &&
        migrations_read_lock(&source->work, path, &lock))
        lint.lock = &lock;
    lint_init(&lint);
    lint_tables(&lint);
    lint_queries(&lint);
    lint_migrations(&lint);
    lint_allows(&lint);
}

/* What is wrong with the schema goes where other commands print it, findings to stdout. */
static int print(const struct diags *diags, bool json)
{
    size_t findings = diags_warnings(diags);

    if (json) {
        diags_print_json(diags, stdout);
    } else if (diags_errors(diags) > 0) {
        print_diags(diags);
    } else {
        diags_print(diags, stdout, use_color(stdout));
        if (findings > 0)
            printf("%zu finding%s\n", findings, findings == 1 ? "" : "s");
    }
    return findings + diags_errors(diags) > 0 ? EXIT_SCHEMA : EXIT_GOOD;
}

static int lint_one(const char *path, bool json)
{
    struct explain_source source;
    int status = explain_load(&source, path);

    if (status == EXIT_GOOD)
        find(&source, path);
    if (status == EXIT_GOOD || diags_errors(source.work.diags) > 0)
        status = print(source.work.diags, json);
    explain_close(&source);
    return status;
}

static int print_codes(void)
{
    int i;

    for (i = 0; finding_at(i) != 0; i++)
        printf("L%03d  %s\n", finding_at(i) - FINDING_BASE, finding_title(finding_at(i)));
    return EXIT_GOOD;
}

static int run(const struct command *command, int argc, char **argv)
{
    int status = EXIT_GOOD, option, i;
    bool json = false;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case OPTION_HELP: return print_usage(command);
        case OPTION_CODES: return print_codes();
        case OPTION_JSON: json = true; break;
        default: return usage_error(command, "wrong option");
        }
    }
    if (optind == argc)
        return usage_error(command, "name a schema");
    for (i = optind; i < argc; i++) {
        int one = lint_one(argv[i], json);

        status = one > status ? one : status;
    }
    return status;
}

const struct command command_lint = {
    .name = "lint",
    .summary = "find what is not wrong but regretted, for CI",
    .usage =
        "Usage: quarry lint [OPTION]... SCHEMA...\n"
        "Look for what works and is regretted later: foreign keys without an index,\n"
        "indexes that do nothing, types that mislead and more. SCHEMA is a YAML schema, "
        "a\n"
        "file of SQL or a database file, which is not changed. docs/lint.md describes "
        "each\n"
        "finding; `lint: {allow: [L101]}` in a schema leaves one out. Exit status: 0 "
        "when\n"
        "nothing was found, 1 when something was, 2 after an error.\n"
        "\n"
        "      --json    print the findings as a JSON array for each SCHEMA\n"
        "      --codes   list all findings that there are\n"
        "      --help    print this\n",
    .run = run,
};
