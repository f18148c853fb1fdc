/*
 * generate.c: `quarry generate` and `quarry check`, which differ in what happens to the
 * files at the end.
 */
#include "../base/workers.h"
#include "emit.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

enum {
    OPTION_HELP = 256,
    OPTION_DEPFILE,
    OPTION_DEPFILE_TARGET,
    OPTION_DRY_RUN,
    OPTION_TEMPLATES,
    OPTION_ONLY
};

static const struct option generate_options[] = {
    {"output", required_argument, NULL, 'o'},
    {"depfile", required_argument, NULL, OPTION_DEPFILE},
    {"depfile-target", required_argument, NULL, OPTION_DEPFILE_TARGET},
    {"dry-run", no_argument, NULL, OPTION_DRY_RUN},
    {"templates", required_argument, NULL, OPTION_TEMPLATES},
    {"only", required_argument, NULL, OPTION_ONLY},
    {"jobs", required_argument, NULL, 'j'},
    {"verbose", no_argument, NULL, 'v'},
    {"help", no_argument, NULL, OPTION_HELP},
    {0},
};

static const struct option check_options[] = {
    {"output", required_argument, NULL, 'o'},
    {"templates", required_argument, NULL, OPTION_TEMPLATES},
    {"only", required_argument, NULL, OPTION_ONLY},
    {"jobs", required_argument, NULL, 'j'},
    {"help", no_argument, NULL, OPTION_HELP},
    {0},
};

/* What the command line asks for. */
struct request {
    const struct command *command;
    struct emit_options emit;
    enum file_mode mode;
    const char *depfile;
    const char *depfile_target; /* in the place of the files; NULL: the files */
    bool verbose;
    bool help;
    char **schemas;
    int schema_count;
};

/* A run over all schemas. */
struct run {
    const struct request *request;
    struct arena arena;
    struct emitter *emitter;
    struct file_set *set;
    VEC(const char *) sources; /* for the depfile */
    struct map names;          /* of the schemas that were emitted → their paths */
    bool write_failed;
};

/* From 1; more than workers.h allows are as many as it allows. */
static bool set_jobs(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    unsigned long count = strtoul(text, NULL, 10);

    workers_limit(count);
    return digits > 0 && text[digits] == '\0' && count > 0;
}

static bool set_option(struct request *request, int option)
{
    switch (option) {
    case 'o': request->emit.output = optarg; return true;
    case 'j': return set_jobs(optarg);
    case 'v': request->verbose = true; return true;
    case OPTION_DEPFILE: request->depfile = optarg; return true;
    case OPTION_DEPFILE_TARGET: request->depfile_target = optarg; return true;
    case OPTION_DRY_RUN: request->mode = FILES_DRY_RUN; return true;
    case OPTION_TEMPLATES: request->emit.templates = optarg; return true;
    case OPTION_ONLY: request->emit.only = optarg; return true;
    case OPTION_HELP: request->help = true; return true;
    default: return false;
    }
}

static int parse(struct request *request, const struct option *options, int argc,
                 char **argv)
{
    int option;

    while ((option = getopt_long(argc, argv, "j:o:v", options, NULL)) != -1)
        if (!set_option(request, option))
            return usage_error(request->command, option == 'j'
                                                     ? "--jobs takes a number from 1"
                                                     : "wrong option");
    request->schemas = argv + optind;
    request->schema_count = argc - optind;
    if (request->help)
        return EXIT_GOOD;
    if (request->schema_count == 0)
        return usage_error(request->command, "name a schema");
    if (request->emit.output == NULL || *request->emit.output == '\0')
        return usage_error(request->command, "name the folder to write to with -o");
    return EXIT_GOOD;
}

static int refuse_same_name(struct run *run, const struct work *work, const char *path)
{
    const char *name = arena_strdup(&run->arena, work->schema->name);
    const char *before = map_get(&run->names, name);

    if (before != NULL)
        return io_error("%s and %s are both named `%s`", before, path, name);
    map_put(&run->arena, &run->names, name, arena_strdup(&run->arena, path));
    return EXIT_GOOD;
}

static int run_schema(struct run *run, const char *path)
{
    struct work work;
    int status = work_read(&work, path);
    size_t i;

    if (status == EXIT_GOOD)
        status = refuse_same_name(run, &work, path);
    if (status == EXIT_GOOD)
        status = emit_schema(run->emitter, run->set, &work, &run->write_failed);
    for (i = 0; status == EXIT_GOOD && i < work.schema->files.count; i++)
        *VEC_ADD(&run->arena, &run->sources) =
            arena_strdup(&run->arena, work.schema->files.items[i]);
    work_release(&work);
    return status;
}

/* All schemas are read, so that all that is wrong is reported; the worst status counts.
 */
static int run_schemas(struct run *run)
{
    int worst = EXIT_GOOD, i;

    for (i = 0; i < run->request->schema_count; i++) {
        int status = run_schema(run, run->request->schemas[i]);

        worst = status > worst ? status : worst;
    }
    return worst;
}

/* ---- the depfile ----------------------------------------------------------------------
 */

/* A path as make reads it. */
static void add_path(struct buf *out, const char *path)
{
    for (; *path != '\0'; path++) {
        if (strchr(" \t#\\:%", *path) != NULL)
            buf_addc(out, '\\');
        else if (*path == '$')
            buf_addc(out, '$');
        buf_addc(out, *path);
    }
}

/* Files: sources; and each source without a rule, so that a removed one does no harm. */
static void make_depfile(const struct run *run, struct buf *out)
{
    size_t template_count, i;
    const char *const *templates = emitter_files(run->emitter, &template_count);
    size_t sources = run->sources.count;

    if (run->request->depfile_target != NULL)
        add_path(out, run->request->depfile_target);
    for (i = 0; run->request->depfile_target == NULL && i < files_count(run->set); i++) {
        buf_adds(out, i == 0 ? "" : " \\\n ");
        add_path(out, files_path(run->set, i, NULL));
    }
    buf_addc(out, ':');
    for (i = 0; i < sources + template_count; i++) {
        buf_adds(out, " \\\n ");
        add_path(out, i < sources ? run->sources.items[i] : templates[i - sources]);
    }
    buf_addc(out, '\n');
    for (i = 0; i < sources + template_count; i++) {
        buf_addc(out, '\n');
        add_path(out, i < sources ? run->sources.items[i] : templates[i - sources]);
        buf_adds(out, ":\n");
    }
}

static int write_depfile(struct run *run)
{
    const char *path = run->request->depfile, *slash = strrchr(path, '/');
    const char *dir = slash == NULL
                          ? "."
                          : arena_strndup(&run->arena, path,
                                          slash == path ? 1 : (size_t)(slash - path));
    struct file_set *set = files_new(&run->arena, FILES_WRITE);
    struct sink *sink = file_begin(set, dir, slash == NULL ? path : slash + 1);
    struct buf text;

    buf_init(&text);
    make_depfile(run, &text);
    sink->write(sink, text.data, text.length);
    buf_release(&text);
    return files_finish(set) ? EXIT_GOOD : EXIT_USAGE;
}

/* ---- the end of a run ----------------------------------------------------------- */

static void print_changes(const struct run *run)
{
    const char *verb = run->request->mode == FILES_DRY_RUN ? "would write" : "wrote";
    size_t i;

    for (i = 0; i < files_count(run->set); i++) {
        bool changed;
        const char *path = files_path(run->set, i, &changed);

        if (changed)
            printf("%s %s\n", verb, path);
    }
}

static int finish(struct run *run, int status)
{
    const struct request *request = run->request;

    if (run->write_failed) { /* finishing says what could not be written */
        files_finish(run->set);
        return EXIT_USAGE;
    }
    if (status != EXIT_GOOD) {
        files_abort(run->set);
        return status;
    }
    if (request->emit.only != NULL && files_count(run->set) == 0) {
        files_abort(run->set);
        return io_error("--only: no file's name matches `%s`", request->emit.only);
    }
    if (!files_finish(run->set))
        return EXIT_USAGE;
    if (request->mode == FILES_DRY_RUN || request->verbose)
        print_changes(run);
    if (request->mode == FILES_CHECK && files_changed(run->set) > 0)
        return EXIT_SCHEMA;
    if (request->mode == FILES_WRITE && request->depfile != NULL)
        return write_depfile(run);
    return EXIT_GOOD;
}

static int run_request(const struct request *request)
{
    struct run run = {.request = request};
    int status;

    run.emitter = emitter_new(&run.arena, &request->emit, &status);
    if (run.emitter != NULL) {
        run.set = files_new(&run.arena, request->mode);
        status = finish(&run, run_schemas(&run));
    }
    arena_release(&run.arena);
    return status;
}

static int run_generate(const struct command *command, int argc, char **argv)
{
    struct request request = {.command = command, .mode = FILES_WRITE};
    int status = parse(&request, generate_options, argc, argv);

    if (status != EXIT_GOOD)
        return status;
    return request.help ? print_usage(command) : run_request(&request);
}

static int run_check(const struct command *command, int argc, char **argv)
{
    struct request request = {.command = command, .mode = FILES_CHECK};
    int status = parse(&request, check_options, argc, argv);

    if (status != EXIT_GOOD)
        return status;
    return request.help ? print_usage(command) : run_request(&request);
}

const struct command command_generate = {
    .name = "generate",
    .summary = "write the C and SQL of schemas",
    .usage =
        "Usage: quarry generate [OPTION]... SCHEMA... -o DIR\n"
        "Write the files of each SCHEMA to DIR/NAME, NAME being the schema's. Files "
        "whose\n"
        "bytes would be the same are left alone. After any error nothing is written.\n"
        "\n"
        "  -o, --output=DIR      the folder to write to; made where it is missing\n"
        "      --depfile=FILE    write the dependencies of the files for make\n"
        "      --depfile-target=NAME  name this there, a stamp, in place of the files\n"
        "      --dry-run         write nothing, print the files that would change\n"
        "      --templates=DIR   use the templates schema*.mustache of DIR\n"
        "      --only=PATTERN    only files whose name matches PATTERN: '*.h'\n"
        "  -j, --jobs=N          work on N processors at most; all there are\n"
        "  -v, --verbose         print the files that changed\n"
        "      --help            print this\n",
    .run = run_generate,
};

const struct command command_check = {
    .name = "check",
    .summary = "compare files with what would be generated",
    .usage = "Usage: quarry check [OPTION]... SCHEMA... -o DIR\n"
             "Print a unified diff of each file in DIR that `quarry generate` would "
             "change, and\n"
             "exit with 1 if there is any. Nothing is written.\n"
             "\n"
             "  -o, --output=DIR      the folder to compare with\n"
             "      --templates=DIR   use the templates schema*.mustache of DIR\n"
             "      --only=PATTERN    only files whose name matches PATTERN: '*.h'\n"
             "  -j, --jobs=N          work on N processors at most; all there are\n"
             "      --help            print this\n",
    .run = run_check,
};
