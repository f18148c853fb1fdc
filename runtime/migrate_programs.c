/*
 * migrate_programs.c: views and triggers that would no longer work. SQLite lets a table go
 * or change under them and says nothing until they are used; compiling what uses them is
 * the only way to see it. The generator has seen to those of the schema, so this is about
 * the others. It must not know migrations.
 */
#include "migrate.h"

#include <string.h>

/* A statement that does not compile, and which object is at fault. */
struct quarry_fault {
    const char *what; /* "view mine" */
    const char *name; /* of the view, or the triggers' table */
    const char *sql;
    const char *reason; /* of SQLite */
};

static const char list_programs[] =
    "SELECT 'view', name FROM main.sqlite_schema WHERE type = 'view'"
    " UNION SELECT 'trigger', tbl_name FROM main.sqlite_schema WHERE type = 'trigger'";

/* Every column, so that each trigger UPDATE OF is compiled. */
static const char list_columns[] =
    "SELECT group_concat(printf('\"%w\" = \"%w\"', name, name), ', ')"
    "  FROM pragma_table_xinfo(?1, 'main') WHERE hidden = 0";

/* ---- finding -------------------------------------------------------------------- */

static bool add(quarry_faults *faults, const char *what, const char *name,
                const char *sql, const char *reason)
{
    const size_t size = (faults->count + 1) * sizeof *faults->items;
    struct quarry_fault *items = quarry_arena_items(faults->arena, size);
    char *label = sqlite3_mprintf("%s %s", what, name);
    struct quarry_fault fault = {NULL, NULL, NULL, NULL};

    if (items != NULL && label != NULL) {
        fault.what = quarry_arena_copy(faults->arena, label);
        fault.name = quarry_arena_copy(faults->arena, name);
        fault.sql = quarry_arena_copy(faults->arena, sql);
        fault.reason = quarry_arena_copy(faults->arena, reason);
        faults->items = items;
        items[faults->count++] = fault;
    }
    sqlite3_free(label);
    return fault.what != NULL && fault.name != NULL && fault.sql != NULL &&
           fault.reason != NULL;
}

static int compile(sqlite3 *handle, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    const int code = sqlite3_prepare_v2(handle, sql, -1, &stmt, NULL);

    sqlite3_finalize(stmt);
    return code;
}

/* Takes text from sqlite3_mprintf(), which it frees. */
static quarry_status try_statement(quarry_db *db, const char *what, const char *name,
                                   char *sql, quarry_faults *faults)
{
    bool memory = sql != NULL;
    int code = SQLITE_OK;

    if (memory)
        code = compile(db->handle, sql);
    if (code == SQLITE_ERROR)
        memory = add(faults, what, name, sql, sqlite3_errmsg(db->handle));
    else if (code != SQLITE_OK)
        quarry_fail_sqlite(db, code, sql);
    sqlite3_free(sql);
    if (code != SQLITE_OK && code != SQLITE_ERROR)
        return db->error.status;
    return memory ? QUARRY_OK
                  : quarry_no_memory(db, "views and triggers were being checked");
}

/* The columns of a view that can't be compiled can't be listed: that is told of the view. */
static quarry_status try_update(quarry_db *db, const char *table, quarry_faults *faults)
{
    quarry_status status = QUARRY_OK;
    sqlite3_stmt *stmt = NULL;
    int code = sqlite3_prepare_v2(db->handle, list_columns, -1, &stmt, NULL);

    if (code == SQLITE_OK)
        code = sqlite3_bind_text(stmt, 1, table, -1, SQLITE_STATIC);
    if (code == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW &&
        sqlite3_column_type(stmt, 0) != SQLITE_NULL)
        status = try_statement(db, "triggers on", table,
                               sqlite3_mprintf("EXPLAIN UPDATE main.\"%w\" SET %s", table,
                                               sqlite3_column_text(stmt, 0)),
                               faults);
    code = stmt == NULL ? code : sqlite3_finalize(stmt);
    if (status == QUARRY_OK && code != SQLITE_OK && code != SQLITE_ERROR)
        status = quarry_fail_sqlite(db, code, list_columns);
    return status;
}

static quarry_status try_triggers(quarry_db *db, const char *table, quarry_faults *faults)
{
    quarry_status status = try_statement(
        db, "triggers on", table,
        sqlite3_mprintf("EXPLAIN INSERT INTO main.\"%w\" DEFAULT VALUES", table), faults);

    if (status == QUARRY_OK)
        status = try_statement(db, "triggers on", table,
                               sqlite3_mprintf("EXPLAIN DELETE FROM main.\"%w\"", table),
                               faults);
    return status == QUARRY_OK ? try_update(db, table, faults) : status;
}

static quarry_status try_program(quarry_db *db, sqlite3_stmt *list, quarry_faults *faults)
{
    const char *type = (const char *)sqlite3_column_text(list, 0);
    const char *name = (const char *)sqlite3_column_text(list, 1);

    if (type == NULL || name == NULL)
        return quarry_no_memory(db, "views and triggers were being checked");
    if (strcmp(type, "trigger") == 0)
        return try_triggers(db, name, faults);
    return try_statement(db, type, name,
                         sqlite3_mprintf("SELECT * FROM main.\"%w\"", name), faults);
}

quarry_status quarry_faults_read(quarry_db *db, quarry_faults *faults)
{
    quarry_status status = QUARRY_OK;
    sqlite3_stmt *list = NULL;
    int code;

    memset(faults, 0, sizeof *faults);
    faults->arena = quarry_arena_new();
    if (faults->arena == NULL)
        return quarry_no_memory(db, "views and triggers were being checked");
    code = sqlite3_prepare_v2(db->handle, list_programs, -1, &list, NULL);
    while (code == SQLITE_OK && status == QUARRY_OK && sqlite3_step(list) == SQLITE_ROW)
        status = try_program(db, list, faults);
    code = list == NULL ? code : sqlite3_finalize(list);
    if (status == QUARRY_OK && code != SQLITE_OK)
        status = quarry_fail_sqlite(db, code, list_programs);
    if (status != QUARRY_OK)
        quarry_faults_release(faults);
    return status;
}

void quarry_faults_release(quarry_faults *faults)
{
    quarry_arena_free(faults->arena);
    memset(faults, 0, sizeof *faults);
}

/* ---- comparing ------------------------------------------------------------------ */

static bool was_there(const quarry_faults *before, const struct quarry_fault *fault)
{
    for (size_t i = 0; i < before->count; i++) {
        if (strcmp(before->items[i].what, fault->what) == 0)
            return true;
    }
    return false;
}

/* True where the schema itself has it, and there it does not compile either. */
static bool is_of_schema(sqlite3 *model, const struct quarry_fault *fault)
{
    sqlite3_stmt *stmt = NULL;
    bool is = false;

    if (sqlite3_prepare_v2(model,
                           "SELECT 1 FROM sqlite_schema WHERE name = ?1 COLLATE NOCASE",
                           -1, &stmt, NULL) == SQLITE_OK &&
        sqlite3_bind_text(stmt, 1, fault->name, -1, SQLITE_STATIC) == SQLITE_OK)
        is = sqlite3_step(stmt) == SQLITE_ROW;
    sqlite3_finalize(stmt);
    return is && compile(model, fault->sql) == SQLITE_ERROR;
}

/* What the connection's settings refuse is refused in the model, too. */
static quarry_status open_model(quarry_db *db, int position, sqlite3 **model)
{
    const quarry_status status = quarry_model_open(db, position, model);

    if (status != QUARRY_OK)
        return status;
    sqlite3_db_config(*model, SQLITE_DBCONFIG_TRUSTED_SCHEMA,
                      (int)db->schema->trusts_schema, NULL);
    sqlite3_db_config(*model, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(*model, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    return status;
}

static quarry_status judge(quarry_db *db, const quarry_faults *before,
                           const quarry_faults *after, int position)
{
    quarry_status status = QUARRY_OK;
    sqlite3 *model = NULL;

    for (size_t i = 0; status == QUARRY_OK && i < after->count; i++) {
        const struct quarry_fault *fault = &after->items[i];

        if (was_there(before, fault))
            continue;
        if (model == NULL)
            status = open_model(db, position, &model);
        if (status == QUARRY_OK && !is_of_schema(model, fault))
            status = quarry_fail(db, QUARRY_ERROR, NULL, NULL,
                                 "%.150s would no longer work: %.250s", fault->what,
                                 fault->reason);
    }
    sqlite3_close(model);
    return status;
}

quarry_status quarry_faults_compare(quarry_db *db, const quarry_faults *before,
                                    int position)
{
    quarry_faults after;
    quarry_status status = quarry_faults_read(db, &after);

    if (status != QUARRY_OK)
        return status;
    status = judge(db, before, &after, position);
    quarry_faults_release(&after);
    return status;
}
