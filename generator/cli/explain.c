/*
 * explain.c: `quarry explain`: what a statement takes and yields, and why. It reads, infers,
 * lets SQLite object, prints; it decides nothing about types.
 */
#include "explain_print.h"
#include "explain_source.h"

#include "../base/names.h"
#include "../sql/query.h"
#include "../sql/referee_query.h"
#include "../sql/selects.h"
#include "../sql/smells.h"

#include <getopt.h>
#include <string.h>

enum {
    OPTION_HELP = 256,
    OPTION_JSON,
    OPTION_SQL
};

static const struct option options[] = {
    {"help", no_argument, NULL, OPTION_HELP},
    {"json", no_argument, NULL, OPTION_JSON},
    {"sql", required_argument, NULL, OPTION_SQL},
    {0},
};

struct explain {
    struct explain_source source;
    struct diags *diags;
    struct lint lint; /* of the schema, for advice */
    bool json;
    size_t printed;
    struct buf out;
};

static const char *kind_name(enum statement_kind kind)
{
    static const char *const names[] = {
        [STATEMENT_SELECT] = "select",
        [STATEMENT_INSERT] = "insert",
        [STATEMENT_UPDATE] = "update",
        [STATEMENT_DELETE] = "delete",
    };

    return names[kind];
}

static void report(struct explain *explain, const struct source *source,
                   const struct sql_error *error)
{
    struct diag *diag = diag_error(
        explain->diags, 901,
        span_at(source, error->range.start, error->range.end - error->range.start), "%s",
        error->message);

    if (error->hint != NULL)
        diag_hint(diag, "%s", error->hint);
}

/* More than that SQLite would take seconds to prepare, or hours. */
static bool has_few_selects(struct explain *explain, struct statement *statement,
                            struct sql_error *error)
{
    struct selects selects = {.arena = &explain->source.work.arena};

    selects_add_all(&selects, explain->source.db);
    if (selects_of_statement(&selects, statement) <= SELECTS_MOST)
        return true;
    *error = (struct sql_error){
        .range = statement->range,
        .message = arena_printf(
            selects.arena,
            "this is more than %d SELECTs once SQLite has put in what it names",
            SELECTS_MOST),
    };
    return false;
}

static void print(struct explain *explain, const struct explained *explained)
{
    if (explain->printed++ > 0)
        buf_adds(&explain->out, explain->json ? ",\n" : "\n");
    if (explain->json)
        explain_print_json(&explain->out, &explain->lint, explained);
    else
        explain_print(&explain->out, &explain->lint, explained);
}

/* Columns can have other names outside of the view. */
static bool name_columns(struct explain *explain, const struct catalog_table *view,
                         struct relation *columns, struct sql_error *error)
{
    struct arena *arena = &explain->source.work.arena;
    const char *sql =
        arena_printf(arena, "SELECT * FROM %s.%s", name_sql(arena, view->schema),
                     name_sql(arena, view->name));
    struct statement *statement =
        parse_statement(arena, sql, strlen(sql), 0, NULL, error);
    struct inferred inferred;
    size_t i;

    if (statement == NULL || !infer_statement(arena, &explain->source.catalog, sql,
                                              strlen(sql), statement, &inferred, error))
        return false;
    for (i = 0; i < columns->count && i < inferred.columns->count; i++)
        columns->columns[i].name = inferred.columns->columns[i].name;
    return true;
}

/* What a statement is, besides its text. */
struct subject {
    const char *name;                 /* or NULL */
    const struct catalog_table *view; /* whose SELECT it is, or NULL */
    const struct inferred
        *typed; /* a query's types, which the schema can narrow; or NULL */
};

static bool explain_statement(struct explain *explain, const struct subject *subject,
                              const char *text, size_t length,
                              struct statement *statement, struct sql_error *error)
{
    struct arena *arena = &explain->source.work.arena;
    struct adviser adviser = lint_adviser(&explain->lint);
    struct inferred own;
    const struct inferred *inferred = subject->typed != NULL ? subject->typed : &own;
    struct query_plan plan;
    struct explained explained;

    /* Its own text: parameters are numbered from 1 in each statement. */
    if (!has_few_selects(explain, statement, error) ||
        !infer_statement(arena, &explain->source.catalog, text, length, statement, &own,
                         error) ||
        !referee_query(arena, explain->source.db, text, statement->range, &own, error) ||
        (subject->view != NULL &&
         !name_columns(explain, subject->view, own.columns, error)))
        return false;
    explained = (struct explained){
        .name = subject->name,
        .kind = subject->view != NULL ? "view" : kind_name(statement->kind),
        .text = text,
        .columns = inferred->columns->columns,
        .column_count = inferred->columns->count,
        .parameters = inferred->parameters,
        .parameter_count = inferred->parameter_count,
    };
    tables_used(arena, &explain->source.catalog, statement, &explained.tables);
    if (advise(&adviser, text, statement, &plan, &explained.advices))
        explained.plan = &plan;
    smells_find(arena, &explain->source.catalog, text, statement, &explained.advices);
    print(explain, &explained);
    return true;
}

/* ---- a text given on the spot -------------------------------------------------------- */

/* Blanks before a statement of a script keep the places of what follows right. */
static char *only_statement(struct arena *arena, const char *text, size_t start,
                            size_t end)
{
    char *only = arena_strndup(arena, text, end);
    size_t i;

    for (i = 0; i < start; i++)
        if (only[i] != '\n')
            only[i] = ' ';
    return only;
}

static void explain_text(struct explain *explain, const char *text)
{
    struct arena *arena = &explain->source.work.arena;
    const struct source *source =
        diags_source(explain->diags, "--sql", text, strlen(text));
    const struct subject nothing = {0};
    size_t length = strlen(text), start = 0, end = 0;
    struct sql_error error = {0};
    bool good = true;

    while (good && (start == 0 || token_at(text, length, start).kind != TOKEN_END)) {
        struct statement *statement =
            parse_statement(arena, text, length, start, &end, &error);

        good =
            statement != NULL &&
            explain_statement(explain, &nothing, only_statement(arena, text, start, end),
                              end, statement, &error);
        start = end;
    }
    if (!good)
        report(explain, source, &error);
}

/* ---- views and queries --------------------------------------------------------------- */

static void explain_named(struct explain *explain, const struct subject *subject,
                          const char *sql, size_t length)
{
    struct arena *arena = &explain->source.work.arena;
    struct sql_error error = {0};
    struct statement *statement = parse_statement(arena, sql, length, 0, NULL, &error);

    if (statement == NULL ||
        !explain_statement(explain, subject, sql, length, statement, &error))
        report(explain, diags_source(explain->diags, subject->name, sql, length), &error);
}

/* As the schema has it; of SQL the text up to the SELECT is blanks, so that places stay. */
static const char *select_of_view(struct explain *explain,
                                  const struct catalog_table *view)
{
    struct arena *arena = &explain->source.work.arena;
    const struct schema *schema = explain->source.work.schema;
    const struct view *model =
        schema == NULL ? NULL : map_get(&schema->views_by_name, view->name);

    return model != NULL
               ? model->sql
               : only_statement(arena, view->sql, view_select_at(arena, view->sql),
                                strlen(view->sql));
}

static void explain_view(struct explain *explain, const struct catalog_table *view)
{
    const struct subject subject = {.name = view->name, .view = view};
    const char *sql = select_of_view(explain, view);

    explain_named(explain, &subject, sql, strlen(sql));
}

/* All views and queries, or those of that name; false: there is none. */
static bool explain_all(struct explain *explain, const char *name)
{
    const struct catalog *catalog = &explain->source.catalog;
    const struct schema *schema = explain->source.work.schema;
    bool found = name == NULL;
    size_t i;

    for (i = 0; i < catalog->tables.count; i++) {
        const struct catalog_table *table = catalog->tables.items[i];

        if (table->kind != CATALOG_VIEW ||
            (name != NULL && !name_same(table->name, name)))
            continue;
        explain_view(explain, table);
        found = true;
    }
    for (i = 0; schema != NULL && i < schema->queries.count; i++) {
        const struct query *query = schema->queries.items[i];
        const struct subject subject = {.name = query->name,
                                        .typed = query->typed->inferred};

        if (name != NULL && strcmp(query->name, name) != 0)
            continue;
        explain_named(explain, &subject, query->typed->text, query->typed->length);
        found = true;
    }
    return found;
}

/* ---- the command --------------------------------------------------------------------- */

static int print_all(struct explain *explain, bool many)
{
    int status = print_diags(explain->diags);

    if (status == EXIT_GOOD && explain->json)
        printf(many ? "[\n%s\n]\n" : "%s\n", explain->out.data);
    else if (status == EXIT_GOOD)
        fputs(explain->out.data, stdout);
    return status;
}

static int explain_schema(struct explain *explain, const char *path, const char *query,
                          const char *sql)
{
    int status = explain_open(&explain->source, path);

    if (status == EXIT_GOOD) {
        explain->diags = diags_new(&explain->source.work.arena);
        explain->lint = (struct lint){.arena = &explain->source.work.arena,
                                      .diags = explain->diags,
                                      .catalog = &explain->source.catalog,
                                      .schema = explain->source.work.schema};
        lint_init(&explain->lint);
        lint_set_rows(&explain->lint);
        if (sql != NULL)
            explain_text(explain, sql);
        else if (!explain_all(explain, query))
            status = io_error("%s: no query or view `%s`", path, query);
    }
    if (status == EXIT_GOOD)
        status =
            print_all(explain, explain->printed != 1 || (sql == NULL && query == NULL));
    explain_close(&explain->source);
    return status;
}

static int run(const struct command *command, int argc, char **argv)
{
    struct explain explain = {0};
    const char *sql = NULL;
    int option, status;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case OPTION_HELP: return print_usage(command);
        case OPTION_JSON: explain.json = true; break;
        case OPTION_SQL: sql = optarg; break;
        default: return usage_error(command, "wrong option");
        }
    }
    if (optind == argc)
        return usage_error(command, "name a schema");
    if (argc - optind > (sql == NULL ? 2 : 1))
        return usage_error(command, "too many arguments");
    buf_init(&explain.out);
    status = explain_schema(&explain, argv[optind],
                            optind + 1 < argc ? argv[optind + 1] : NULL, sql);
    buf_release(&explain.out);
    return status;
}

const struct command command_explain = {
    .name = "explain",
    .summary = "show the types of a query's parameters and columns, and why",
    .usage =
        "Usage: quarry explain [OPTION]... SCHEMA [NAME]\n"
        "Show what statements take and yield: each parameter and column with its type,\n"
        "whether it can be NULL, and the rule that says so; the tables that they read "
        "and\n"
        "write; the plan of SQLite, and what would make it faster. SCHEMA is a YAML "
        "schema, a\n"
        "file of SQL or a database file, which is not changed. Without NAME and --sql "
        "all\n"
        "views and queries are explained.\n"
        "\n"
        "      --sql TEXT  explain this statement\n"
        "      --json      print JSON: an object, or a list of them where there are\n"
        "                  several statements or no NAME\n"
        "      --help      print this\n",
    .run = run,
};
