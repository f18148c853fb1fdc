/*
 * explain_source.c: see explain_source.h. What a file is, its first bytes and its name say:
 * "SQLite format 3", *.yaml; everything else is SQL.
 */
#include "explain_source.h"

#include "../model/ddl.h"
#include "../render/files.h"

#include <errno.h>
#include <string.h>

enum {
    SQL_BYTES = 64 * 1024 * 1024
};

static int fail(const char *path, sqlite3 *db)
{
    io_error("%s: %s", path, sqlite3_errmsg(db));
    return EXIT_SCHEMA;
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);

    return length >= tail && strcmp(text + length - tail, end) == 0;
}

/* ---- a YAML schema ------------------------------------------------------------------- */

static int open_yaml(struct explain_source *source, const char *path)
{
    const struct schema *schema;
    size_t i;
    int status;

    status = work_read(&source->work, path);
    if (status != EXIT_GOOD)
        return status;
    schema = source->work.schema;
    for (i = 0; i < schema->ddl_count; i++)
        if (sqlite3_exec(source->db, schema->ddl[i].sql, NULL, NULL, NULL) != SQLITE_OK)
            return fail(path, source->db);
    return EXIT_GOOD;
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

static int copy_schema(struct explain_source *source, sqlite3 *file, const char *path)
{
    sqlite3_stmt *statement = NULL;
    int status = EXIT_GOOD;

    if (sqlite3_prepare_v2(file, copied, -1, &statement, NULL) != SQLITE_OK)
        return fail(path, file);
    while (status == EXIT_GOOD && sqlite3_step(statement) == SQLITE_ROW)
        if (sqlite3_exec(source->db, (const char *)sqlite3_column_text(statement, 0),
                         NULL, NULL, NULL) != SQLITE_OK)
            status = fail(path, source->db);
    if (sqlite3_finalize(statement) != SQLITE_OK)
        return fail(path, file);
    return status;
}

static int open_database(struct explain_source *source, const char *path)
{
    sqlite3 *file = NULL;
    int status;

    if (sqlite3_open_v2(path, &file, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
        status = fail(path, file);
    else
        status = copy_schema(source, file, path);
    sqlite3_close(file);
    return status;
}

/* ---- SQL ----------------------------------------------------------------------------- */

static int open_sql(struct explain_source *source, const char *path, const char *sql)
{
    if (sqlite3_exec(source->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        return fail(path, source->db);
    return EXIT_GOOD;
}

static int open_other(struct explain_source *source, const char *path)
{
    static const char magic[] = "SQLite format 3";
    struct buf *text = &source->work.text;

    source->work = (struct work){0};
    buf_init(text);
    errno = 0;
    if (!file_read(path, SQL_BYTES, text))
        return io_error("%s: %s", path, strerror(errno));
    if (text->length >= sizeof magic && memcmp(text->data, magic, sizeof magic) == 0)
        return open_database(source, path);
    if (strlen(text->data) != text->length) {
        io_error("%s: SQL with a NUL character in it", path);
        return EXIT_SCHEMA;
    }
    return open_sql(source, path, text->data);
}

int explain_open(struct explain_source *source, const char *path)
{
    bool yaml = ends_with(path, ".yaml") || ends_with(path, ".yml");
    int status;

    *source = (struct explain_source){0};
    if (sqlite3_open(":memory:", &source->db) != SQLITE_OK)
        out_of_memory();
    status = yaml ? open_yaml(source, path) : open_other(source, path);
    if (status == EXIT_GOOD &&
        !catalog_read(&source->catalog, &source->work.arena, source->db))
        status = fail(path, source->db);
    return status;
}

void explain_close(struct explain_source *source)
{
    sqlite3_close(source->db);
    work_release(&source->work);
}
