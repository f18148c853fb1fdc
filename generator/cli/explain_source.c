/*
 * explain_source.c: see explain_source.h.
 */
#include "explain_source.h"

#include "../migrate/scratch.h"
#include "../model/ddl.h"
#include "../render/files.h"
#include "../sql/selects.h"
#include "../sql/query.h"
#include "structure_source.h"

#include <errno.h>
#include <string.h>

static int fail(const char *path, const char *error)
{
    io_error("%s: %s", path, error);
    return EXIT_SCHEMA;
}

static int run(struct explain_source *source, const char *path, const char *sql)
{
    const char *error = NULL;

    if (scratch_run(&source->work.arena, source->db, sql, &error))
        return EXIT_GOOD;
    return fail(path, error);
}

/* ---- a YAML schema ------------------------------------------------------------------- */

static int read_yaml(struct explain_source *source, const char *path)
{
    struct work *work = &source->work;
    size_t i;
    int status;

    status = work_model(work, path);
    for (i = 0; status == EXIT_GOOD && i < work->schema->ddl_count; i++)
        status = run(source, path, work->schema->ddl[i].sql);
    return status;
}

/* ---- a database file ----------------------------------------------------------------- */

/* Only what the schema says: shadow tables come with their virtual tables. */
static const char copied[] =
    "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%'"
    " ESCAPE '\\' AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = "
    "'shadow'"
    " AND schema = 'main') ORDER BY CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 "
    "WHEN"
    " 'view' THEN 2 ELSE 3 END, rowid";

/* Without a table of a module that only the application has, the others can be explained. */
static int copy_one(struct explain_source *source, const char *path, const char *sql)
{
    const char *error = NULL;

    if (scratch_run(&source->work.arena, source->db, sql, &error))
        return EXIT_GOOD;
    if (strstr(error, "no such module:") == NULL)
        return fail(path, error);
    fprintf(stderr, "%s: warning: a virtual table is left out: %s\n", path,
            strstr(error, "no such module:"));
    return EXIT_GOOD;
}

static int copy_schema(struct explain_source *source, sqlite3 *file, const char *path)
{
    sqlite3_stmt *statement = NULL;
    int status = EXIT_GOOD;

    if (sqlite3_prepare_v2(file, copied, -1, &statement, NULL) != SQLITE_OK)
        return fail(path, sqlite3_errmsg(file));
    while (status == EXIT_GOOD && sqlite3_step(statement) == SQLITE_ROW)
        status = copy_one(source, path, (const char *)sqlite3_column_text(statement, 0));
    if (sqlite3_finalize(statement) != SQLITE_OK && status == EXIT_GOOD)
        status = fail(path, sqlite3_errmsg(file));
    return status;
}

static void copy_row(sqlite3_stmt *from, sqlite3_stmt *to)
{
    int i;

    for (i = 0; i < 3; i++)
        sqlite3_bind_value(to, i + 1, sqlite3_column_value(from, i));
    sqlite3_step(to);
    sqlite3_reset(to);
}

/* What ANALYZE has found, where it was run: plans are then those of the file itself. */
static void copy_statistics(struct explain_source *source, sqlite3 *file)
{
    sqlite3_stmt *from = NULL, *to = NULL;

    if (sqlite3_prepare_v2(file, "SELECT tbl, idx, stat FROM sqlite_stat1", -1, &from,
                           NULL) != SQLITE_OK)
        return;
    sqlite3_exec(source->db, "ANALYZE", NULL, NULL, NULL);
    sqlite3_prepare_v2(source->db, "INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", -1, &to,
                       NULL);
    while (to != NULL && sqlite3_step(from) == SQLITE_ROW)
        copy_row(from, to);
    sqlite3_finalize(from);
    sqlite3_finalize(to);
    sqlite3_exec(source->db, "ANALYZE sqlite_schema", NULL, NULL, NULL);
}

static int read_database(struct explain_source *source, const char *path)
{
    const char *error = NULL;
    sqlite3 *file = structure_open(&source->work.arena, path, &error);
    int status = file == NULL ? fail(path, error) : copy_schema(source, file, path);

    if (status == EXIT_GOOD)
        copy_statistics(source, file);
    source->text = diags_source(source->work.diags, path, "", 0);
    sqlite3_close(file);
    return status;
}

/* ---- SQL ----------------------------------------------------------------------------- */

static int read_sql(struct explain_source *source, const char *path)
{
    const struct buf *text = &source->work.text;

    if (strlen(text->data) != text->length)
        return fail(path, "there are NUL characters in it: it is no SQL, and no SQLite "
                          "database unless it is encrypted");
    source->text = diags_source(source->work.diags, path, text->data, text->length);
    return run(source, path, text->data);
}

/* ---- any of them --------------------------------------------------------------------- */

/* SQLite would take hours to look into such a view. */
static int check_views(struct explain_source *source, const char *path)
{
    const char *view = selects_too_many(&source->work.arena, source->db);

    if (view == NULL)
        return EXIT_GOOD;
    return fail(path,
                arena_printf(&source->work.arena,
                             "the view `%s` is more than %d SELECTs once SQLite has "
                             "put in what it names",
                             view, SELECTS_MOST));
}

int explain_load(struct explain_source *source, const char *path)
{
    bool input = strcmp(path, "-") == 0;
    struct buf *text = &source->work.text;
    const char *name = input ? "<stdin>" : path;
    int status;

    *source = (struct explain_source){.db = scratch_open()};
    source->work.diags = diags_new(&source->work.arena);
    buf_init(text);
    errno = 0;
    /* A database may be larger than the limit: its first bytes are enough. */
    if (!file_read(path, NODE_BYTES, text) && errno != EFBIG)
        return io_error("%s: %s", input ? "standard input" : path, strerror(errno));
    if (structure_is_database(text))
        status = input ? io_error("standard input: a database must be named as a file")
                       : read_database(source, path);
    else if (structure_is_yaml(path, text->data))
        status = read_yaml(source, path);
    else
        status = read_sql(source, name);
    if (status == EXIT_GOOD)
        status = check_views(source, name);
    if (status == EXIT_GOOD &&
        !catalog_read(&source->catalog, &source->work.arena, source->db))
        status = fail(name, sqlite3_errmsg(source->db));
    if (status == EXIT_GOOD && source->work.schema != NULL)
        queries_annotate(&source->catalog, source->work.schema);
    return status;
}

int explain_open(struct explain_source *source, const char *path)
{
    int status = explain_load(source, path);

    print_diags(source->work.diags);
    return status;
}

void explain_close(struct explain_source *source)
{
    sqlite3_close(source->db);
    work_release(&source->work);
}
