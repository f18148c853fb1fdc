/*
 * fuzz_sql.c: any bytes as SQL, for libFuzzer: parsed, resolved and typed against a small
 * schema. What is accepted must be what SQLite accepts, with the same columns and
 * parameters; nothing may crash, hang or leak.
 */
#include "sql/infer.h"
#include "sql/parse_ddl.h"
#include "sql/referee_query.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char schema[] =
    "CREATE TABLE a (id INTEGER PRIMARY KEY, x INTEGER NOT NULL, n TEXT) STRICT;"
    "CREATE TABLE b (id INTEGER, x TEXT, m REAL, PRIMARY KEY (id, x)) WITHOUT ROWID;"
    "CREATE VIEW v (x, y) AS SELECT a.x, b.m FROM a LEFT JOIN b USING (id);"
    "CREATE VIRTUAL TABLE f USING fts5(t, u);";

/* Made once, and reachable until the end. */
static struct catalog *shared_catalog(void)
{
    static struct arena arena;
    static struct catalog catalog;
    sqlite3 *db = NULL;

    if (catalog.db != NULL)
        return &catalog;
    if (sqlite3_open(":memory:", &db) != SQLITE_OK ||
        sqlite3_exec(db, schema, NULL, NULL, NULL) != SQLITE_OK ||
        !catalog_read(&catalog, &arena, db))
        abort();
    return &catalog;
}

static void check(struct arena *arena, const char *text, size_t length)
{
    struct catalog *catalog = shared_catalog();
    struct sql_error error = {0};
    struct inferred inferred;
    struct statement *statement = parse_statement(arena, text, length, 0, NULL, &error);

    if (statement == NULL)
        return;
    if (!infer_statement(arena, catalog, text, length, statement, &inferred, &error)) {
        if (error.message == NULL || error.range.end > length)
            abort();
        return;
    }
    if (referee_query(arena, catalog->db, text, statement->range, &inferred, &error))
        return;
    /* SQLite refuses more: a misused aggregate, a limit. It must not see other columns. */
    if (strncmp(error.message, "internal error", 14) == 0) {
        fprintf(stderr, "%s\n%.*s\n", error.message, (int)length, text);
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    char *text;

    if (size > 4000 || memchr(data, 0, size) != NULL)
        return 0;
    text = arena_strndup(&arena, (const char *)data, size);
    check(&arena, text, size);
    arena_release(&arena);
    return 0;
}
