/*
 * migrate_keys.c: rows whose foreign key finds no parent, counted before and after a
 * migration that runs with foreign keys off. A file may hold such rows from earlier days:
 * what counts is that there are no more of them. It must not know migrations.
 */
#include "migrate.h"

#include <string.h>

/* Rows of a table without their row in a parent. */
struct quarry_orphan {
    const char *table;
    const char *parent; /* NULL: SQLite can't check the table's keys */
    int64_t count;
    bool matched; /* while two lists are compared */
};

static const char list_tables[] =
    "SELECT name FROM main.sqlite_schema AS t WHERE type = 'table'"
    " AND EXISTS (SELECT 1 FROM pragma_foreign_key_list(t.name, 'main'))";

/* A parent that isn't there at all is how the schema is, and not what its rows are. */
static const char count_orphans[] =
    "SELECT parent, count(*) FROM pragma_foreign_key_check(?1, 'main')"
    " WHERE EXISTS (SELECT 1 FROM main.sqlite_schema"
    "                WHERE type = 'table' AND name = parent COLLATE NOCASE)"
    " GROUP BY parent COLLATE NOCASE";

/* ---- counting ------------------------------------------------------------------- */

/* False: out of memory. */
static bool add(quarry_orphans *orphans, const char *table, const char *parent,
                int64_t count)
{
    const size_t size = (orphans->count + 1) * sizeof *orphans->items;
    struct quarry_orphan *items = quarry_arena_items(orphans->arena, size);
    struct quarry_orphan orphan = {.count = count};

    if (items == NULL)
        return false;
    orphans->items = items;
    orphan.table = quarry_arena_copy(orphans->arena, table);
    orphan.parent = parent == NULL ? NULL : quarry_arena_copy(orphans->arena, parent);
    items[orphans->count++] = orphan;
    return orphan.table != NULL && (parent == NULL || orphan.parent != NULL);
}

/* `check` is count_orphans. A parent key that is not unique is an SQLITE_ERROR. */
static quarry_status count_in(quarry_db *db, sqlite3_stmt *check, const char *table,
                              quarry_orphans *orphans)
{
    bool memory = true;
    int code;

    sqlite3_bind_text(check, 1, table, -1, SQLITE_STATIC);
    while (memory && sqlite3_step(check) == SQLITE_ROW)
        memory = add(orphans, table, (const char *)sqlite3_column_text(check, 0),
                     sqlite3_column_int64(check, 1));
    code = sqlite3_reset(check);
    if (memory && code == SQLITE_ERROR)
        memory = add(orphans, table, NULL, 1);
    else if (code != SQLITE_OK)
        return quarry_fail_sqlite(db, code, count_orphans);
    return memory ? QUARRY_OK : quarry_no_memory(db, "foreign keys were being checked");
}

static quarry_status count_all(quarry_db *db, sqlite3_stmt *tables, sqlite3_stmt *check,
                               quarry_orphans *orphans)
{
    quarry_status status = QUARRY_OK;
    int code = SQLITE_DONE;

    while (status == QUARRY_OK && (code = sqlite3_step(tables)) == SQLITE_ROW) {
        const char *table = (const char *)sqlite3_column_text(tables, 0);

        status = table == NULL ? quarry_no_memory(db, "foreign keys were being checked")
                               : count_in(db, check, table, orphans);
    }
    if (status == QUARRY_OK && code != SQLITE_DONE)
        status = quarry_fail_sqlite(db, code, list_tables);
    return status;
}

quarry_status quarry_orphans_read(quarry_db *db, quarry_orphans *orphans)
{
    sqlite3_stmt *tables = NULL;
    sqlite3_stmt *check = NULL;
    quarry_status status;
    int code;

    memset(orphans, 0, sizeof *orphans);
    orphans->arena = quarry_arena_new();
    if (orphans->arena == NULL)
        return quarry_no_memory(db, "foreign keys were being checked");
    code = sqlite3_prepare_v2(db->handle, list_tables, -1, &tables, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_prepare_v2(db->handle, count_orphans, -1, &check, NULL);
    status = code == SQLITE_OK ? count_all(db, tables, check, orphans)
                               : quarry_fail_sqlite(db, code, count_orphans);
    sqlite3_finalize(tables);
    sqlite3_finalize(check);
    if (status != QUARRY_OK)
        quarry_orphans_release(orphans);
    return status;
}

void quarry_orphans_release(quarry_orphans *orphans)
{
    quarry_arena_free(orphans->arena);
    memset(orphans, 0, sizeof *orphans);
}

/* ---- comparing ------------------------------------------------------------------ */

static bool same_name(const char *left, const char *right)
{
    if (left == NULL || right == NULL)
        return left == right;
    return sqlite3_stricmp(left, right) == 0;
}

static struct quarry_orphan *find_same(const quarry_orphans *orphans,
                                       const struct quarry_orphan *wanted)
{
    for (size_t i = 0; i < orphans->count; i++) {
        struct quarry_orphan *orphan = &orphans->items[i];

        if (same_name(orphan->table, wanted->table) &&
            same_name(orphan->parent, wanted->parent))
            return orphan;
    }
    return NULL;
}

/* A table may have been renamed: then its orphans are those that were there under a name
   that has none now, at least as many. */
static struct quarry_orphan *find_renamed(const quarry_orphans *before,
                                          const struct quarry_orphan *wanted)
{
    for (size_t i = 0; i < before->count; i++) {
        struct quarry_orphan *orphan = &before->items[i];

        if (!orphan->matched && orphan->count >= wanted->count &&
            (orphan->parent == NULL) == (wanted->parent == NULL))
            return orphan;
    }
    return NULL;
}

static quarry_status more(quarry_db *db, const struct quarry_orphan *orphan, int64_t by)
{
    const quarry_row_type *type = quarry_find_type(db->schema, orphan->table);
    const char *table = type == NULL ? NULL : type->table;

    if (orphan->parent == NULL)
        return quarry_fail(db, QUARRY_FOREIGN_KEY, table, NULL,
                           "the foreign keys of %.200s can't be checked: what one of "
                           "them refers to is not unique",
                           orphan->table);
    return quarry_fail(db, QUARRY_FOREIGN_KEY, table, NULL,
                       "%lld row%s of %.200s would have no row in %.200s to refer to",
                       (long long)by, by == 1 ? "" : "s", orphan->table, orphan->parent);
}

static void match_same(const quarry_orphans *before, const quarry_orphans *after)
{
    for (size_t i = 0; i < after->count; i++) {
        struct quarry_orphan *same = find_same(before, &after->items[i]);

        if (same != NULL)
            same->matched = true;
    }
}

quarry_status quarry_orphans_compare(quarry_db *db, const quarry_orphans *before,
                                     const quarry_orphans *after)
{
    match_same(before, after);
    for (size_t i = 0; i < after->count; i++) {
        const struct quarry_orphan *orphan = &after->items[i];
        const struct quarry_orphan *same = find_same(before, orphan);
        struct quarry_orphan *renamed;

        if (same != NULL && same->count >= orphan->count)
            continue;
        if (same != NULL)
            return more(db, orphan, orphan->count - same->count);
        renamed = find_renamed(before, orphan);
        if (renamed == NULL)
            return more(db, orphan, orphan->count);
        renamed->matched = true;
    }
    return QUARRY_OK;
}
