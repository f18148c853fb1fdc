/*
 * structure_diff.c: `quarry diff`: the difference between two structures as steps, as SQL
 * or as JSON.
 */
#include "../migrate/plan.h"
#include "../view/value.h"
#include "structure_source.h"

#include <getopt.h>
#include <string.h>

enum {
    OPTION_HELP = 256,
    OPTION_SQL,
    OPTION_JSON,
    OPTION_REVERSE,
    OPTION_RENAME,
    OPTION_ACCEPT
};

static const struct option options[] = {
    {"help", no_argument, NULL, OPTION_HELP},
    {"sql", no_argument, NULL, OPTION_SQL},
    {"json", no_argument, NULL, OPTION_JSON},
    {"reverse", no_argument, NULL, OPTION_REVERSE},
    {"rename", required_argument, NULL, OPTION_RENAME},
    {"accept", required_argument, NULL, OPTION_ACCEPT},
    {0},
};

struct request {
    struct arena arena;
    bool sql, json, reverse, accept_data_loss;
    VEC(const char *) renames;
    struct plan *plan, *back;
};

/* ---- as text ---------------------------------------------------------------------- */

static void print_warnings(const struct request *request, FILE *out, const char *prefix)
{
    size_t i;

    for (i = 0; i < request->plan->warnings.count; i++) {
        const struct plan_warning *warning = &request->plan->warnings.items[i];

        fprintf(out, "%s%s: %s\n", prefix, warning_word(warning->kind), warning->text);
    }
}

static void print_steps(const struct request *request)
{
    const struct diff *diff = request->plan->diff;
    size_t i;

    for (i = 0; i < diff->steps.count; i++)
        printf("%s\n", diff->steps.items[i].text);
    print_warnings(request, stdout, "warning: ");
}

static int print_sql(const struct request *request)
{
    struct buf out;

    print_warnings(request, stderr, "warning: ");
    if (request->plan->destroys && !request->accept_data_loss) {
        fputs(
            "quarry: error: this destroys data; pass --accept data_loss to get the SQL\n",
            stderr);
        return EXIT_SCHEMA;
    }
    buf_init(&out);
    plan_script(request->plan, &out);
    fwrite(out.data, 1, out.length, stdout);
    buf_release(&out);
    return EXIT_GOOD;
}

/* ---- as JSON ---------------------------------------------------------------------- */

static struct value step_values(struct arena *arena, const struct diff *diff)
{
    static const char *const names[] = {"kind",     "table", "name", "to", "text",
                                        "destroys", "loss",  "risk", NULL};
    static struct shape shape = {.names = names};
    struct value *items = ARENA_ARRAY(arena, struct value, diff->steps.count + 1);
    size_t i;

    for (i = 0; i < diff->steps.count; i++) {
        const struct step *step = &diff->steps.items[i];
        struct value *fields = ARENA_ARRAY(arena, struct value, 8);

        fields[0] = value_text(step_word(step->kind));
        fields[1] = value_text(step->table);
        fields[2] = value_text(step->name);
        fields[3] = value_text(step->to);
        fields[4] = value_text(step->text);
        fields[5] = value_flag(step->destroys);
        fields[6] = value_text(step->loss);
        fields[7] = value_text(step->risk);
        items[i] = value_new(arena, &shape, NULL, fields);
    }
    return value_list(arena, items, diff->steps.count);
}

static struct value warning_values(struct arena *arena, const struct plan *plan)
{
    static const char *const names[] = {"kind", "table", "text", NULL};
    static struct shape shape = {.names = names};
    struct value *items = ARENA_ARRAY(arena, struct value, plan->warnings.count + 1);
    size_t i;

    for (i = 0; i < plan->warnings.count; i++) {
        struct value *fields = ARENA_ARRAY(arena, struct value, 3);

        fields[0] = value_text(warning_word(plan->warnings.items[i].kind));
        fields[1] = value_text(plan->warnings.items[i].table);
        fields[2] = value_text(plan->warnings.items[i].text);
        items[i] = value_new(arena, &shape, NULL, fields);
    }
    return value_list(arena, items, plan->warnings.count);
}

static struct value plan_value(struct arena *arena, const struct plan *plan)
{
    static const char *const names[] = {"steps",    "statements", "script",
                                        "warnings", "destroys",   "foreign_keys_off",
                                        NULL};
    static struct shape shape = {.names = names};
    struct value *fields = ARENA_ARRAY(arena, struct value, 6);
    struct value *items = ARENA_ARRAY(arena, struct value, plan->statements.count + 1);
    struct buf script;
    size_t i;

    for (i = 0; i < plan->statements.count; i++)
        items[i] = value_text(plan->statements.items[i].sql);
    buf_init(&script);
    plan_script(plan, &script);
    fields[0] = step_values(arena, plan->diff);
    fields[1] = value_list(arena, items, plan->statements.count);
    fields[2] = value_text(arena_strndup(arena, script.data, script.length));
    fields[3] = warning_values(arena, plan);
    fields[4] = value_flag(plan->destroys);
    fields[5] = value_flag(plan->foreign_keys_off);
    buf_release(&script);
    return value_new(arena, &shape, NULL, fields);
}

static void print_json(struct request *request)
{
    static const char *const names[] = {"equal", "accepted", "up", "down", NULL};
    static struct shape shape = {.names = names};
    struct value fields[4], value;
    struct buf out;

    fields[0] = value_flag(request->plan->diff->steps.count == 0);
    fields[1] = value_flag(!request->plan->destroys || request->accept_data_loss);
    fields[2] = plan_value(&request->arena, request->plan);
    fields[3] = plan_value(&request->arena, request->back);
    value = value_new(&request->arena, &shape, NULL, fields);
    buf_init(&out);
    value_json(&value, &out);
    fwrite(out.data, 1, out.length, stdout);
    putchar('\n');
    buf_release(&out);
}

/* ---- the command ------------------------------------------------------------------ */

static struct plan *make_plan(struct arena *arena, const struct structure *from,
                              const struct structure *to,
                              const struct rename_text *renames, const char **error)
{
    struct diff *diff = diff_structures(arena, from, to, renames, error);

    return diff != NULL ? plan_make(arena, diff, error) : NULL;
}

/* Both ways; --reverse exchanges them. */
static int make_plans(struct request *request, const struct structure *a,
                      const struct structure *b)
{
    struct rename_text renames = {request->renames.items, request->renames.count};
    const char *error = NULL;

    request->plan = make_plan(&request->arena, a, b, &renames, &error);
    if (request->plan == NULL)
        return io_error("%s", error);
    if (!request->json && !request->reverse)
        return EXIT_GOOD;
    renames = diff_reverse_renames(&request->arena, request->plan->diff);
    request->back = make_plan(&request->arena, b, a, &renames, &error);
    if (request->back == NULL)
        return io_error("the way back: %s", error);
    if (request->reverse) {
        struct plan *plan = request->plan;

        request->plan = request->back;
        request->back = plan;
    }
    return EXIT_GOOD;
}

static int print(struct request *request)
{
    if (request->json)
        print_json(request);
    else if (request->sql)
        print_sql(request);
    else
        print_steps(request);
    return request->plan->diff->steps.count > 0 ? EXIT_SCHEMA : EXIT_GOOD;
}

static int compare(struct request *request, const char *from, const char *to)
{
    struct structure *a, *b;
    int status = structure_source(&request->arena, from, &a);

    if (status == EXIT_GOOD)
        status = structure_source(&request->arena, to, &b);
    if (status != EXIT_GOOD)
        return EXIT_USAGE; /* 1 is for a difference */
    status = make_plans(request, a, b);
    return status == EXIT_GOOD ? print(request) : status;
}

static int take_option(const struct command *command, struct request *request, int option)
{
    const char **rename;

    switch (option) {
    case OPTION_SQL: request->sql = true; break;
    case OPTION_JSON: request->json = true; break;
    case OPTION_REVERSE: request->reverse = true; break;
    case OPTION_RENAME:
        rename = VEC_ADD(&request->arena, &request->renames);
        *rename = optarg;
        break;
    case OPTION_ACCEPT:
        if (strcmp(optarg, "data_loss") != 0)
            return usage_error(command, "--accept takes data_loss, not `%s`", optarg);
        request->accept_data_loss = true;
        break;
    default: return usage_error(command, "wrong option");
    }
    return EXIT_GOOD;
}

static int run(const struct command *command, int argc, char **argv)
{
    struct request request = {0};
    int option, status = EXIT_GOOD;

    while (status == EXIT_GOOD &&
           (option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == OPTION_HELP) {
            arena_release(&request.arena);
            return print_usage(command);
        }
        status = take_option(command, &request, option);
    }
    if (status == EXIT_GOOD && argc - optind != 2)
        status = usage_error(command, "name two schemas, databases or SQL files");
    if (status == EXIT_GOOD)
        status = compare(&request, argv[optind], argv[optind + 1]);
    arena_release(&request.arena);
    return status;
}

const struct command command_diff = {
    .name = "diff",
    .summary = "compare two schemas, databases or SQL files; the steps between them",
    .usage =
        "Usage: quarry diff [OPTION]... A B\n"
        "Print the steps that change the structure of A into that of B, each a YAML "
        "schema,\n"
        "a database file or a file of SQL; - for standard input. Meaning is compared, "
        "not\n"
        "text. Exit status: 0 no difference, 1 a difference, 2 an error.\n"
        "\n"
        "      --sql              print the exact SQL instead, as a script\n"
        "      --json             print steps, SQL and warnings, both ways, as JSON\n"
        "      --reverse          from B to A; renames are still told from A to B\n"
        "      --rename OLD:NEW   a table of A has another name in B; TABLE.OLD:NEW: a\n"
        "                         column has; without it that is a drop and an add\n"
        "      --accept data_loss print SQL that destroys data\n"
        "      --help             print this\n",
    .run = run,
};
