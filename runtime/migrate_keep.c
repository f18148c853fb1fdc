/*
 * migrate_keep.c: indexes and triggers that somebody else has put on the schema's tables.
 * A table that is rebuilt loses all it had; the migration makes those of the schema
 * again, and this file the others. It must not know how a migration is run.
 */
#include "migrate.h"

#include <string.h>

/* An index or a trigger as it was. */
struct quarry_kept_item {
    const char *type;
    const char *name;
    const char *table;
    const char *sql;
};

static const char list_items[] =
    "SELECT type, name, tbl_name, sql FROM main.sqlite_schema"
    " WHERE type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY rowid";

/* 1 where the object is there; else NULL where its table is not, either. */
static const char find_item[] =
    "SELECT (SELECT 1 FROM main.sqlite_schema WHERE type = ?1 AND name = ?2"
    "         COLLATE NOCASE),"
    "       (SELECT 1 FROM main.sqlite_schema WHERE type IN ('table', 'view')"
    "         AND name = ?3 COLLATE NOCASE)";

/* ---- noting --------------------------------------------------------------------- */

static bool add(quarry_kept *kept, sqlite3_stmt *stmt)
{
    const size_t size = (kept->count + 1) * sizeof *kept->items;
    struct quarry_kept_item *items = quarry_arena_items(kept->arena, size);
    struct quarry_kept_item *item;

    if (items == NULL)
        return false;
    kept->items = items;
    item = &items[kept->count++];
    item->type = quarry_copy_column(kept->arena, stmt, 0);
    item->name = quarry_copy_column(kept->arena, stmt, 1);
    item->table = quarry_copy_column(kept->arena, stmt, 2);
    item->sql = quarry_copy_column(kept->arena, stmt, 3);
    return item->type != NULL && item->name != NULL && item->table != NULL &&
           item->sql != NULL;
}

quarry_status quarry_kept_note(quarry_db *db, quarry_kept *kept)
{
    sqlite3_stmt *stmt = NULL;
    bool memory;
    int code;

    if (kept->arena == NULL)
        kept->arena = quarry_arena_new();
    memory = kept->arena != NULL;
    code = sqlite3_prepare_v2(db->handle, list_items, -1, &stmt, NULL);
    while (code == SQLITE_OK && memory && sqlite3_step(stmt) == SQLITE_ROW)
        memory = add(kept, stmt);
    code = stmt == NULL ? code : sqlite3_finalize(stmt);
    if (code != SQLITE_OK)
        return quarry_fail_sqlite(db, code, list_items);
    return memory ? QUARRY_OK
                  : quarry_no_memory(db, "indexes and triggers were being listed");
}

void quarry_kept_release(quarry_kept *kept)
{
    quarry_arena_free(kept->arena);
    memset(kept, 0, sizeof *kept);
}

/* ---- making again ---------------------------------------------------------------------- */

struct restoring {
    quarry_db *db;
    int position;   /* before the migration */
    sqlite3 *model; /* what the schema had there; made when it is needed first */
};

/* *is: the object is in the database; *table: its table is. */
static int look(sqlite3 *handle, const struct quarry_kept_item *item, bool *is,
                bool *table)
{
    sqlite3_stmt *stmt = NULL;
    int code = sqlite3_prepare_v2(handle, find_item, -1, &stmt, NULL);

    if (code != SQLITE_OK)
        return code;
    sqlite3_bind_text(stmt, 1, item->type, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 2, item->name, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 3, item->table, -1, SQLITE_STATIC);
    if (sqlite3_step(stmt) == SQLITE_ROW) {
        *is = sqlite3_column_type(stmt, 0) != SQLITE_NULL;
        *table = sqlite3_column_type(stmt, 1) != SQLITE_NULL;
    }
    return sqlite3_finalize(stmt);
}

/* What the schema had and the migration has dropped is meant to be gone. */
static quarry_status is_of_schema(struct restoring *r,
                                  const struct quarry_kept_item *item, bool *is)
{
    quarry_status status = QUARRY_OK;
    bool table;

    if (r->model == NULL)
        status = quarry_model_open(r->db, r->position, &r->model);
    if (status != QUARRY_OK || look(r->model, item, is, &table) == SQLITE_OK)
        return status;
    return quarry_no_memory(r->db, "indexes and triggers were being listed");
}

static quarry_status make_again(quarry_db *db, const struct quarry_kept_item *item)
{
    const quarry_status status = quarry_exec(db, item->sql);
    char message[QUARRY_MESSAGE_SIZE + 4];

    if (status == QUARRY_OK)
        return status;
    sqlite3_snprintf(sizeof message, message,
                     "%s %.80s on %.80s, which is not the schema's, can't be made again: "
                     "%s",
                     item->type, item->name, item->table, db->error.message);
    message[quarry_utf8_cut(message, QUARRY_MESSAGE_SIZE - 1)] = '\0';
    memcpy(db->error.message, message, strlen(message) + 1);
    return status;
}

static quarry_status restore(struct restoring *r, const struct quarry_kept_item *item)
{
    quarry_status status;
    bool is = true;
    bool table = false;
    const int code = look(r->db->handle, item, &is, &table);

    if (code != SQLITE_OK)
        return quarry_fail_sqlite(r->db, code, find_item);
    if (is || !table)
        return QUARRY_OK;
    status = is_of_schema(r, item, &is);
    if (status != QUARRY_OK || is)
        return status;
    return make_again(r->db, item);
}

/* From the last noted: a table may have been renamed in between, and an index that is noted
   twice is found there the second time. */
quarry_status quarry_kept_restore(quarry_db *db, const quarry_kept *kept, int position)
{
    struct restoring r = {.db = db, .position = position};
    quarry_status status = QUARRY_OK;

    for (size_t i = kept->count; status == QUARRY_OK && i > 0; i--)
        status = restore(&r, &kept->items[i - 1]);
    sqlite3_close(r.model);
    return status;
}
