/*
 * migrate_new.c: `quarry migrate new`: the steps from the last migration to the declared
 * tables, proved before a byte is written; into the list of the schema's file, of which
 * nothing else is changed, or as a file of the folder.
 */
#include "../base/names.h"
#include "../migrate/prove.h"
#include "../migrate/write.h"
#include "../render/files.h"
#include "migrate.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

struct author {
    struct migrate_request *request;
    struct work work;
    struct stage stage;
    struct history *history; /* of the migrations that there are, or NULL */
    const char *path, *name;
    int version;
    const char *text; /* the migration as a file has it */
};

/* ---- the text ----------------------------------------------------------------- */

static struct state *last_state(struct author *author)
{
    struct history *history = author->history;

    return history != NULL && history->versions.count > 0
               ? history->versions.items[history->versions.count - 1].after
               : state_new(&author->stage);
}

static const char *compose(struct author *author, const char *steps, const char *losses)
{
    struct arena *arena = &author->work.arena;
    const char *accept =
        losses == NULL
            ? ""
            : arena_printf(arena,
                           "accept: data_loss\nirreversible: what it destroys does not "
                           "come back\n");

    return arena_printf(arena, "version: %d\nname: %s\n%sup:\n%s", author->version,
                        author->name, accept, steps);
}

/* ---- the proof ---------------------------------------------------------------- */

/* The history with the new migration, or NULL after errors. */
static struct history *try_text(struct author *author, const char *text)
{
    struct work *work = &author->work;
    const struct source *source =
        diags_source(work->diags, "(the new migration)", text, strlen(text));
    const struct node *root = node_read(&work->arena, work->diags, source);
    struct migration *migration =
        root == NULL ? NULL
                     : migration_read(&work->arena, work->diags, work->schema, root);
    struct migrations *migrations = work->schema->migrations;

    if (migration == NULL)
        return NULL;
    if (migrations == NULL) {
        migrations = ARENA_NEW(&work->arena, struct migrations);
        migrations->span = work->schema->span;
        work->schema->migrations = migrations;
    }
    migrations->list.count = (size_t)author->version - 1; /* without one tried before */
    *VEC_ADD(&work->arena, &migrations->list) = migration;
    return history_make(&author->stage);
}

static const char *find_losses(struct author *author, const struct history *history)
{
    const struct script *script =
        &history->versions.items[history->versions.count - 1].up;
    const char *losses = NULL;
    struct buf list;
    size_t i, k;

    buf_init(&list);
    for (i = 0; i < script->plans.count; i++)
        for (k = 0; k < script->plans.items[i]->warnings.count; k++)
            if (script->plans.items[i]->warnings.items[k].kind == WARNING_DATA_LOSS)
                buf_addf(&list, "  %s\n", script->plans.items[i]->warnings.items[k].text);
    for (i = 0; i < script->losses.count; i++)
        buf_addf(&list, "  %s\n", script->losses.items[i].text);
    if (list.length > 0)
        losses = arena_strndup(&author->work.arena, list.data, list.length);
    buf_release(&list);
    return losses;
}

/*
 * Written as if losses were accepted; where there are none, again without saying so.
 */
static int make_text(struct author *author, const char *steps)
{
    struct history *history;
    const char *losses;

    author->text = compose(author, steps, "");
    history = try_text(author, author->text);
    if (history == NULL)
        return print_diags(author->work.diags);
    losses = find_losses(author, history);
    if (losses == NULL) {
        author->text = compose(author, steps, NULL);
        history = try_text(author, author->text);
    } else if (!author->request->accept_data_loss) {
        fprintf(stderr,
                "quarry: error: this would destroy data:\n%s"
                "Say what was renamed (--rename), or pass --accept data_loss.\n",
                losses);
        return EXIT_SCHEMA;
    }
    if (history == NULL || !prove_history(&author->stage, history))
        return print_diags(author->work.diags);
    return EXIT_GOOD;
}

/* ---- the place ---------------------------------------------------------------- */

/* Where a list of the schema's file ends: the offset behind its last line. */
static size_t list_end(const struct source *source, unsigned line)
{
    unsigned end = line, i;

    for (i = line + 1; i <= source->line_count; i++) {
        size_t length;
        const char *text = source_line(source, i, &length);
        bool blank = strspn(text, " \t") >= length;

        if (!blank && *text != ' ' && *text != '-' && *text != '#')
            break;
        if (!blank && *text != '#')
            end = i;
    }
    return end < source->line_count ? source->lines[end] : source->length;
}

/* Adds the migration as an item, `indent` spaces before its dash. */
static void add_item(struct buf *out, const char *text, unsigned indent)
{
    bool first = true;

    while (*text != '\0') {
        size_t length = strcspn(text, "\n");

        buf_repeat(out, ' ', indent);
        buf_adds(out, first ? "- " : length > 0 ? "  " : "");
        buf_add(out, text, length);
        buf_addc(out, '\n');
        text += length + (text[length] == '\n');
        first = false;
    }
}

/* The blanks before the dash of the list's first item. */
static unsigned item_indent(const struct node *list)
{
    const struct source *source = list->items[0]->span.at.source;
    size_t length;
    const char *line = source_line(source, list->items[0]->span.at.line, &length);

    return (unsigned)strspn(line, " ");
}

static bool is_block_list(const struct node *list)
{
    const struct source *source;
    size_t length;
    const char *line;

    if (list->count == 0)
        return false;
    source = list->items[0]->span.at.source;
    line = source_line(source, list->items[0]->span.at.line, &length);
    return line[strspn(line, " ")] == '-';
}

static int edit_schema(struct author *author, struct buf *out)
{
    const struct migrations *migrations = author->work.schema->migrations;
    const struct node *list = migrations->node;
    const char *text = author->work.text.data;
    size_t length = author->work.text.length, end = length;
    unsigned indent = 2;

    if (list != NULL && !is_block_list(list))
        return io_error("%s:%u: write `migrations` as a list with a line for each item",
                        author->path, list->span.at.line);
    if (list != NULL) {
        indent = item_indent(list);
        end = list_end(list->span.at.source, list->items[list->count - 1]->span.at.line);
    }
    buf_add(out, text, end);
    if (end > 0 && text[end - 1] != '\n')
        buf_addc(out, '\n');
    buf_adds(out, list == NULL ? "\nmigrations:\n" : "\n");
    add_item(out, author->text, indent);
    buf_add(out, text + end, length - end);
    return EXIT_GOOD;
}

static int write_file(struct author *author, const char *path, const struct buf *text)
{
    const char *slash = strrchr(path, '/');
    struct file_set *set = files_new(&author->work.arena, FILES_WRITE);
    struct sink *sink = file_begin(
        set,
        slash == NULL ? "."
                      : arena_strndup(&author->work.arena, path, (size_t)(slash - path)),
        slash == NULL ? path : slash + 1);

    sink->write(sink, text->data, text->length);
    if (!files_finish(set))
        return EXIT_USAGE;
    printf("%s: migration %d, %s\n", path, author->version, author->name);
    return EXIT_GOOD;
}

static int put(struct author *author)
{
    const char *folder = author->work.schema->migrations->folder;
    struct buf out;
    int status = EXIT_GOOD;

    if (author->request->to_stdout) {
        fputs(author->text, stdout);
        return EXIT_GOOD;
    }
    buf_init(&out);
    if (folder != NULL && mkdir(folder, 0777) != 0 && errno != EEXIST) {
        status = io_error("%s: %s", folder, strerror(errno));
    } else if (folder != NULL) {
        buf_adds(&out, author->text);
        status = write_file(author,
                            arena_printf(&author->work.arena, "%s/%04d_%s.yaml", folder,
                                         author->version, author->name),
                            &out);
    } else {
        status = edit_schema(author, &out);
        if (status == EXIT_GOOD)
            status = write_file(author, author->path, &out);
    }
    buf_release(&out);
    return status;
}

/* ---- seeds -------------------------------------------------------------------- */

/* What the migrations make together with one of these steps, or NULL. */
static sqlite3 *reached_with(struct author *author, const char *steps)
{
    bool muted = diags_mute_warnings(author->work.diags, true);
    struct history *history = author->history;

    if (*steps != '\0')
        history = try_text(author, compose(author, steps, ""));
    diags_mute_warnings(author->work.diags, muted);
    return history != NULL ? prove_reached(&author->stage, history) : NULL;
}

static const char *joined(struct author *author, const struct buf *steps,
                          const struct buf *changes)
{
    return arena_printf(&author->work.arena, "%s%s", steps->data, changes->data);
}

/* Whether the seeds are there once these steps are done. */
static bool has_seeds(struct author *author, const char *steps)
{
    sqlite3 *db = reached_with(author, steps);
    struct buf rest;
    bool has;

    buf_init(&rest);
    has = db != NULL && write_seeds_put(&author->stage, db, 2, &rest) +
                                write_seeds_drop(&author->stage, db, 2, &rest) ==
                            0;
    buf_release(&rest);
    sqlite3_close(db);
    return has;
}

/* A new row may have a unique value of one that goes, so that goes first; what goes with it
 * comes again. */
static size_t drop_first(struct author *author, sqlite3 *db, const struct buf *steps,
                         struct buf *changes)
{
    size_t added = write_seeds_drop(&author->stage, db, 2, changes);
    sqlite3 *rest = reached_with(author, joined(author, steps, changes));

    if (rest != NULL)
        added += write_seeds_put(&author->stage, rest, 2, changes);
    sqlite3_close(rest);
    return added;
}

/* Adds the steps of seeds that changed to those of tables; returns how many. Rows that go
 * do so last, so that nothing refers to them any more. */
static size_t add_seeds(struct author *author, struct buf *steps)
{
    sqlite3 *db = reached_with(author, steps->data);
    struct buf changes;
    size_t added = 0;

    if (db == NULL)
        return 0;
    buf_init(&changes);
    added = write_seeds_put(&author->stage, db, 2, &changes);
    added += write_seeds_drop(&author->stage, db, 2, &changes);
    if (added > 0 && !has_seeds(author, joined(author, steps, &changes))) {
        buf_clear(&changes);
        added = drop_first(author, db, steps, &changes);
    }
    buf_adds(steps, changes.data);
    buf_release(&changes);
    sqlite3_close(db);
    return added;
}

/* ---- the command -------------------------------------------------------------- */

static int compose_steps(struct author *author)
{
    struct state *state = last_state(author);
    struct write_renames renames = {.list = {0}};
    const char *error = NULL;
    struct buf steps;
    size_t written;
    int status;

    if (!write_find_renames(&author->stage, state, author->request->renames.items,
                            author->request->renames.count, &renames, &error))
        return usage_error(author->request->command, "%s", error);
    buf_init(&steps);
    written = write_steps(&author->stage, state, &renames, 2, &steps);
    if (diags_errors(author->work.diags) == 0)
        written += add_seeds(author, &steps);
    if (written == 0 || diags_errors(author->work.diags) > 0) {
        status = print_diags(author->work.diags);
        if (status == EXIT_GOOD) {
            fputs("quarry: the migrations lead to the declared tables already\n", stderr);
            status = EXIT_SCHEMA;
        }
    } else {
        status = make_text(author, steps.data);
    }
    buf_release(&steps);
    return status == EXIT_GOOD ? put(author) : status;
}

int migrate_new(struct migrate_request *request, char **arguments, int count)
{
    struct author author = {
        .request = request, .name = arguments[0], .path = arguments[1]};
    int status;

    (void)count;
    if (!name_is_snake(author.name))
        return usage_error(request->command, "`%s` is no name: write `%s`", author.name,
                           name_to_snake(&request->arena, author.name));
    status = migrations_open(&author.work, author.path, &author.history);
    author.stage =
        (struct stage){&author.work.arena, author.work.diags, author.work.schema, NULL};
    author.version = author.history != NULL ? (int)author.history->versions.count + 1 : 1;
    if (strcmp(author.path, "-") == 0)
        request->to_stdout = true;
    if (status == EXIT_GOOD)
        status = compose_steps(&author);
    work_release(&author.work);
    return status;
}
