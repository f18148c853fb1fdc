/*
 * structure_source.c: see structure_source.h.
 */
#include "structure_source.h"

#include "../migrate/scratch.h"
#include "../model/ddl.h"
#include "../render/files.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static const char magic[] = "SQLite format 3"; /* with its NUL */

bool structure_is_database(const struct buf *text)
{
    return text->length >= sizeof magic && memcmp(text->data, magic, sizeof magic) == 0;
}

static bool ends_with(const char *path, const char *end)
{
    size_t length = strlen(path), wanted = strlen(end);

    return length >= wanted && strcmp(path + length - wanted, end) == 0;
}

bool structure_is_yaml(const char *path, const char *text)
{
    if (ends_with(path, ".yaml") || ends_with(path, ".yml"))
        return true;
    if (ends_with(path, ".sql"))
        return false;
    return strncmp(text, "quarry:", 7) == 0 || strstr(text, "\nquarry:") != NULL;
}

static int wrong(const char *path, const char *error)
{
    fprintf(stderr, "%s: error: %s\n", strcmp(path, "-") == 0 ? "<stdin>" : path, error);
    return EXIT_SCHEMA;
}

/* The path as part of a URI. */
static void add_escaped(struct buf *out, const char *path)
{
    for (; *path != '\0'; path++)
        if (*path == '%' || *path == '?' || *path == '#')
            buf_addf(out, "%%%02x", (unsigned)(unsigned char)*path);
        else
            buf_addc(out, *path);
}

static bool has_beside(struct arena *arena, const char *path, const char *end)
{
    return access(arena_printf(arena, "%s%s", path, end), F_OK) == 0;
}

static int open_uri(const char *path, const char *options, sqlite3 **db)
{
    struct buf uri;
    int rc;

    buf_init(&uri);
    buf_adds(&uri, *path == '/' ? "file://" : "file:");
    add_escaped(&uri, path);
    buf_adds(&uri, options);
    rc = sqlite3_open_v2(uri.data, db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);
    buf_release(&uri);
    return rc;
}

/*
 * A -wal without -shm: who wrote it is gone, or has the file to itself. The index of the -wal
 * is then made in memory, where it would become a -shm file, and nothing is written back.
 */
static int open_left_behind(const char *path, sqlite3 **db)
{
    int rc = open_uri(path, "?mode=ro&vfs=unix-none", db);

    if (rc != SQLITE_OK)
        return rc;
    sqlite3_db_config(*db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    return sqlite3_exec(*db, "PRAGMA locking_mode=EXCLUSIVE", NULL, NULL, NULL);
}

/*
 * A reader of a database in WAL mode leaves -wal and -shm files behind. Where there is no
 * -wal file nobody is writing, and it can be read as a file that does not change.
 */
static int open_unchanged(struct arena *arena, const char *path, sqlite3 **db)
{
    bool wal = has_beside(arena, path, "-wal");

    if (!wal && !has_beside(arena, path, "-journal"))
        return open_uri(path, "?mode=ro&immutable=1", db);
    if (wal && !has_beside(arena, path, "-shm"))
        return open_left_behind(path, db);
    return open_uri(path, "?mode=ro", db);
}

sqlite3 *structure_open(struct arena *arena, const char *path, const char **error)
{
    sqlite3 *db = NULL;

    if (open_unchanged(arena, path, &db) == SQLITE_OK) {
        sqlite3_exec(db, "SELECT 1 FROM sqlite_schema", NULL, NULL, NULL);
        if (sqlite3_extended_errcode(db) != SQLITE_READONLY_ROLLBACK)
            return db;
        *error =
            "its last transaction was interrupted, and to undo that the file would have "
            "to be written: open it once with the program that uses it";
    } else {
        *error = arena_strdup(arena, db != NULL ? sqlite3_errmsg(db) : "out of memory");
    }
    sqlite3_close(db);
    return NULL;
}

static int read_database(struct arena *arena, const char *path,
                         struct structure **structure)
{
    const char *error = NULL;
    sqlite3 *db = structure_open(arena, path, &error);

    if (db != NULL)
        *structure = structure_read(arena, db, &error);
    sqlite3_close(db);
    return error != NULL ? io_error("%s: %s", path, error) : EXIT_GOOD;
}

static int read_sql(struct arena *arena, const char *path, const struct buf *text,
                    struct structure **structure)
{
    const char *error = NULL;

    if (memchr(text->data, '\0', text->length) != NULL)
        return wrong(path, "there is a NUL byte in it");
    *structure = scratch_structure(arena, text->data, &error);
    return *structure == NULL ? wrong(path, error) : EXIT_GOOD;
}

static int run_schema(struct arena *arena, const struct work *work, const char *path,
                      struct structure **structure)
{
    const struct ddl_statement *statements = work->schema->ddl;
    const char *error = NULL;
    struct buf sql;
    size_t i;

    buf_init(&sql);
    for (i = 0; i < work->schema->ddl_count; i++)
        if (statements[i].seed == NULL)
            buf_addf(&sql, "%s\n;\n", statements[i].sql);
    *structure = scratch_structure(arena, sql.data, &error);
    buf_release(&sql);
    return *structure == NULL ? wrong(path, error) : EXIT_GOOD;
}

int structure_yaml(struct arena *arena, const char *path, const struct buf *text,
                   struct structure **structure)
{
    struct work work = {0};
    int status;

    buf_init(&work.text);
    work.diags = diags_new(&work.arena);
    work.schema = model_read_text(&work.arena, work.diags,
                                  strcmp(path, "-") == 0 ? "<stdin>" : path, text->data,
                                  text->length);
    status = print_diags(work.diags);
    if (status == EXIT_GOOD && work.schema != NULL)
        status = run_schema(arena, &work, path, structure);
    work_release(&work);
    return status;
}

int structure_source(struct arena *arena, const char *path, struct structure **structure)
{
    struct buf text;
    int status;

    *structure = NULL;
    buf_init(&text);
    errno = 0;
    /* A database may be larger than the limit: its first bytes are enough. */
    if (!file_read(path, NODE_BYTES, &text) && errno != EFBIG)
        status = io_error("%s: %s", strcmp(path, "-") == 0 ? "standard input" : path,
                          strerror(errno));
    else if (structure_is_database(&text))
        status = strcmp(path, "-") == 0
                     ? io_error("standard input: a database must be named as a file")
                     : read_database(arena, path, structure);
    else if (structure_is_yaml(path, text.data))
        status = structure_yaml(arena, path, &text, structure);
    else
        status = read_sql(arena, path, &text, structure);
    buf_release(&text);
    return status;
}
