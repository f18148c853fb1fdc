/*
 * prove_loss.c: what triggers destroy while a migration changes rows, see prove.h. A
 * trigger may delete and put back, so what counts is how many rows each table has before
 * and after a statement. It must not know the SQL.
 */
#include "prove.h"

#include "scratch.h"

#include "../base/names.h"
#include "../sql/token.h"

#include <string.h>

struct row_count {
    const char *table;
    long long rows;
};

struct row_counts {
    VEC(struct row_count) list;
};

struct watcher {
    const struct stage *stage;
    struct history_version *version;
    sqlite3 *db;
    bool deletes;       /* the statement is a DELETE … */
    const char *target; /* … of this table; NULL: nothing was changed yet */
};

static struct row_counts count_rows(struct watcher *watcher)
{
    static const char tables[] = "SELECT name FROM pragma_table_list WHERE schema = "
                                 "'main' AND type = 'table' AND name NOT GLOB 'sqlite_*'";
    struct arena *arena = watcher->stage->arena;
    struct row_counts counts = {0};
    sqlite3_stmt *statement = NULL, *count = NULL;

    if (sqlite3_prepare_v2(watcher->db, tables, -1, &statement, NULL) == SQLITE_OK)
        while (sqlite3_step(statement) == SQLITE_ROW) {
            struct row_count *one = VEC_ADD(arena, &counts.list);

            one->table =
                arena_strdup(arena, (const char *)sqlite3_column_text(statement, 0));
            if (sqlite3_prepare_v2(watcher->db,
                                   arena_printf(arena, "SELECT count(*) FROM main.%s",
                                                name_sql(arena, one->table)),
                                   -1, &count, NULL) == SQLITE_OK &&
                sqlite3_step(count) == SQLITE_ROW)
                one->rows = sqlite3_column_int64(count, 0);
            sqlite3_finalize(count);
        }
    sqlite3_finalize(statement);
    return counts;
}

static int note_target(void *context, int action, const char *table, const char *column,
                       const char *database, const char *program)
{
    struct watcher *watcher = context;

    (void)column;
    (void)database;
    (void)program;
    if (watcher->target == NULL && table != NULL && strncmp(table, "sqlite_", 7) != 0 &&
        (action == SQLITE_INSERT || action == SQLITE_UPDATE || action == SQLITE_DELETE)) {
        watcher->target = arena_strdup(watcher->stage->arena, table);
        watcher->deletes = action == SQLITE_DELETE;
    }
    return SQLITE_OK;
}

static bool run_watched(struct watcher *watcher, const char *sql)
{
    const char *error;
    bool good;

    watcher->target = NULL;
    watcher->deletes = false;
    sqlite3_set_authorizer(watcher->db, note_target, watcher);
    good = scratch_run(watcher->stage->arena, watcher->db, sql, &error);
    sqlite3_set_authorizer(watcher->db, NULL, NULL);
    return good;
}

/* What is known of a table already (foreign keys, REPLACE) need not be said twice. */
static bool is_said(const struct script *script, const char *table)
{
    size_t i;

    for (i = 0; i < script->losses.count; i++)
        if (script->losses.items[i].table != NULL &&
            name_same(script->losses.items[i].table, table))
            return true;
    return false;
}

static void compare_counts(struct watcher *watcher, const struct script_step *step,
                           const struct row_counts *before,
                           const struct row_counts *after)
{
    struct script *script = &watcher->version->up;
    size_t i, k;

    for (i = 0; i < before->list.count; i++) {
        const char *table = before->list.items[i].table;

        if (watcher->target == NULL || is_said(script, table) ||
            (watcher->deletes && name_same(table, watcher->target)))
            continue;
        for (k = 0; k < after->list.count; k++)
            if (strcmp(after->list.items[k].table, table) == 0 &&
                after->list.items[k].rows < before->list.items[i].rows)
                history_add_loss(watcher->stage, script, table, step->span, NULL,
                                 "a change of %s deletes rows of %s", watcher->target,
                                 table);
    }
}

static bool run_step(struct watcher *watcher, const struct script_step *step)
{
    size_t i;

    for (i = 0; i < step->sql.count; i++) {
        struct row_counts before = {0}, after;

        if (step->data)
            before = count_rows(watcher);
        if (!run_watched(watcher, step->sql.items[i]))
            return false; /* prove_data() finds out why */
        if (!step->data)
            continue;
        after = count_rows(watcher);
        compare_counts(watcher, step, &before, &after);
    }
    return true;
}

static bool changes_rows(const struct script *script)
{
    size_t i;

    for (i = 0; i < script->steps.count; i++)
        if (script->steps.items[i].data && script->steps.items[i].sql.count > 0)
            return true;
    return false;
}

bool prove_losses(const struct stage *stage, struct history_version *version)
{
    struct watcher watcher = {.stage = stage, .version = version};
    size_t i, known = version->up.losses.count, errors = diags_errors(stage->diags);

    if (!changes_rows(&version->up))
        return true;
    watcher.db = prove_rows(stage, version->before);
    if (watcher.db == NULL)
        return false;
    sqlite3_exec(watcher.db,
                 version->up.foreign_keys_off ? "PRAGMA foreign_keys = OFF"
                                              : "PRAGMA foreign_keys = ON",
                 NULL, NULL, NULL);
    sqlite3_exec(watcher.db, "BEGIN", NULL, NULL, NULL);
    for (i = 0; i < version->up.steps.count; i++)
        if (!run_step(&watcher, &version->up.steps.items[i]))
            break;
    sqlite3_close(watcher.db);
    history_report_losses(stage, version, known);
    return diags_errors(stage->diags) == errors;
}
