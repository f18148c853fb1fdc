/*
 * list_table.c: see list_table.h. Declared, planned and empty as in runtime/bulk.c: plans
 * and affinities must be those of the emitted code.
 */
#include "list_table.h"

#include <string.h>

static const char pointer_type[] = "quarry_rows";

enum {
    COLUMN_SOURCE = 1 /* hidden: the argument */
};

struct cursor {
    sqlite3_vtab_cursor base; /* must be the first */
    const struct list_values *list;
    size_t index;
};

static struct cursor *cursor_of(sqlite3_vtab_cursor *base)
{
    return (struct cursor *)(void *)base;
}

static int connect(sqlite3 *db, void *nothing, int argc, const char *const *argv,
                   sqlite3_vtab **table, char **message)
{
    int code = sqlite3_declare_vtab(db, "CREATE TABLE x(c1, source HIDDEN)");

    (void)nothing, (void)argc, (void)argv, (void)message;
    if (code != SQLITE_OK)
        return code;
    *table = sqlite3_malloc(sizeof **table);
    if (*table == NULL)
        return SQLITE_NOMEM;
    memset(*table, 0, sizeof **table);
    return sqlite3_vtab_config(db, SQLITE_VTAB_DIRECTONLY);
}

static int disconnect(sqlite3_vtab *table)
{
    sqlite3_free(table);
    return SQLITE_OK;
}

static int plan(sqlite3_vtab *table, sqlite3_index_info *info)
{
    bool seen = false;
    int i;

    (void)table;
    for (i = 0; i < info->nConstraint; i++) {
        const struct sqlite3_index_constraint *constraint = &info->aConstraint[i];

        if (constraint->iColumn != COLUMN_SOURCE ||
            constraint->op != SQLITE_INDEX_CONSTRAINT_EQ)
            continue;
        seen = true;
        if (!constraint->usable)
            continue;
        info->aConstraintUsage[i].argvIndex = 1;
        info->aConstraintUsage[i].omit = 1;
        info->idxNum = 1;
        info->estimatedCost = 100;
        info->estimatedRows = 100;
        return SQLITE_OK;
    }
    return seen ? SQLITE_CONSTRAINT : SQLITE_OK;
}

static int open_cursor(sqlite3_vtab *table, sqlite3_vtab_cursor **base)
{
    struct cursor *cursor = sqlite3_malloc(sizeof *cursor);

    (void)table;
    if (cursor == NULL)
        return SQLITE_NOMEM;
    memset(cursor, 0, sizeof *cursor);
    *base = &cursor->base;
    return SQLITE_OK;
}

static int close_cursor(sqlite3_vtab_cursor *base)
{
    sqlite3_free(base);
    return SQLITE_OK;
}

static int filter(sqlite3_vtab_cursor *base, int number, const char *name, int argc,
                  sqlite3_value **argv)
{
    struct cursor *cursor = cursor_of(base);

    (void)name, (void)argc;
    cursor->list = number == 0 ? NULL : sqlite3_value_pointer(argv[0], pointer_type);
    cursor->index = 0;
    return SQLITE_OK;
}

static int next(sqlite3_vtab_cursor *base)
{
    cursor_of(base)->index++;
    return SQLITE_OK;
}

static int at_end(sqlite3_vtab_cursor *base)
{
    const struct cursor *cursor = cursor_of(base);

    return cursor->list == NULL || cursor->index >= cursor->list->count;
}

static int give(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
    const struct cursor *cursor = cursor_of(base);

    if (column < COLUMN_SOURCE)
        sqlite3_result_value(context, cursor->list->values[cursor->index]);
    return SQLITE_OK;
}

static int give_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *rowid)
{
    *rowid = (sqlite3_int64)cursor_of(base)->index;
    return SQLITE_OK;
}

bool list_table_register(sqlite3 *db)
{
    static const sqlite3_module module = {
        .xConnect = connect,
        .xBestIndex = plan,
        .xDisconnect = disconnect,
        .xOpen = open_cursor,
        .xClose = close_cursor,
        .xFilter = filter,
        .xNext = next,
        .xEof = at_end,
        .xColumn = give,
        .xRowid = give_rowid,
    };

    return sqlite3_create_module_v2(db, "quarry_rows_1", &module, NULL, NULL) ==
           SQLITE_OK;
}

void list_bind(sqlite3_stmt *statement, int index, struct list_values *list)
{
    sqlite3_bind_pointer(statement, index, list, pointer_type, NULL);
}

void list_release(struct list_values *list)
{
    while (list->count > 0)
        sqlite3_value_free(list->values[--list->count]);
}
