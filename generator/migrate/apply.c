/*
 * apply.c: see apply.h.
 */
#include "apply.h"

#include "scratch.h"

#include "../base/steps.h"
#include "../sql/token.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* How often rows of a table lack their parent. */
struct violation {
    const char *table, *parent;
    size_t count;
};

struct violations {
    struct violation *items;
    size_t count, capacity;
};

struct applier {
    struct arena *arena;
    const struct plan *plan;
    sqlite3 *db;
    struct violations before;
    const char *error;
};

static void fail(struct applier *applier, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void fail(struct applier *applier, const char *format, ...)
{
    va_list arguments;

    if (applier->error != NULL)
        return;
    va_start(arguments, format);
    applier->error = arena_vprintf(applier->arena, format, arguments);
    va_end(arguments);
}

static bool run(struct applier *applier, const char *sql)
{
    if (applier->error != NULL)
        return false;
    if (sqlite3_exec(applier->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail(applier, "%s, in: %s", steps_message(applier->arena, applier->db), sql);
    return applier->error == NULL;
}

/* ---- settings of the connection --------------------------------------------------- */

static int setting(struct applier *applier, const char *pragma)
{
    sqlite3_stmt *statement = NULL;
    int value = 0;

    if (sqlite3_prepare_v2(applier->db, pragma, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        value = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

static void turn_off_foreign_keys(struct applier *applier)
{
    if (!applier->plan->foreign_keys_off)
        return;
    run(applier, "PRAGMA foreign_keys = OFF");
    if (setting(applier, "PRAGMA foreign_keys") != 0)
        fail(applier, "foreign keys cannot be turned off on this connection");
}

/* ---- foreign keys ----------------------------------------------------------------- */

static bool has_fault(const struct plan *plan, const char *name, const char *event)
{
    size_t i;

    for (i = 0; i < plan->faults.count; i++)
        if (name_same(plan->faults.items[i].name, name) &&
            strcmp(plan->faults.items[i].event, event) == 0)
            return true;
    return false;
}

static void count_violation(struct arena *arena, struct violations *violations,
                            const char *table, const char *parent)
{
    struct violation *violation;
    size_t i;

    for (i = 0; i < violations->count; i++)
        if (name_same(violations->items[i].table, table) &&
            name_same(violations->items[i].parent, parent)) {
            violations->items[i].count++;
            return;
        }
    violation = VEC_ADD(arena, violations);
    *violation =
        (struct violation){arena_strdup(arena, table), arena_strdup(arena, parent), 1};
}

/* False: SQLite cannot check the table's keys at all. */
static bool check_table(struct applier *applier, const char *table,
                        struct violations *violations)
{
    sqlite3_stmt *statement = NULL;
    char *sql = sqlite3_mprintf("PRAGMA main.foreign_key_check(%Q)", table);
    int rc;

    if (sql == NULL)
        out_of_memory();
    rc = sqlite3_prepare_v2(applier->db, sql, -1, &statement, NULL);
    sqlite3_free(sql);
    while (rc == SQLITE_OK && (rc = sqlite3_step(statement)) == SQLITE_ROW) {
        const char *parent = (const char *)sqlite3_column_text(statement, 2);

        count_violation(applier->arena, violations, table, parent != NULL ? parent : "");
        rc = SQLITE_OK;
    }
    sqlite3_finalize(statement);
    return rc == SQLITE_DONE;
}

static const char *new_table_name(const struct diff *diff, const char *name)
{
    size_t i;

    for (i = 0; i < diff->renames.count; i++)
        if (diff->renames.items[i].column == NULL &&
            name_same(diff->renames.items[i].table, name))
            return diff->renames.items[i].to;
    return name;
}

static void check_before(struct applier *applier)
{
    const struct diff *diff = applier->plan->diff;
    size_t i;

    if (!applier->plan->foreign_keys_off)
        return;
    for (i = 0; i < diff->from->tables.count; i++)
        if (diff->from->tables.items[i]->foreign_keys.count > 0)
            check_table(applier, diff->from->tables.items[i]->name, &applier->before);
    for (i = 0; i < applier->before.count; i++) {
        struct violation *violation = &applier->before.items[i];

        violation->table = new_table_name(diff, violation->table);
        violation->parent = new_table_name(diff, violation->parent);
    }
}

static size_t count_before(const struct applier *applier, const struct violation *after)
{
    size_t i;

    for (i = 0; i < applier->before.count; i++)
        if (name_same(applier->before.items[i].table, after->table) &&
            name_same(applier->before.items[i].parent, after->parent))
            return applier->before.items[i].count;
    return 0;
}

/* A parent that is not in the target cannot be missed by this plan. */
static void compare_violations(struct applier *applier, const struct violations *after)
{
    size_t i;

    for (i = 0; i < after->count; i++) {
        const struct violation *violation = &after->items[i];
        size_t before = count_before(applier, violation);

        if (violation->count > before &&
            structure_table(applier->plan->diff->to, violation->parent) != NULL)
            fail(applier, "%zu row%s of %s would have no parent in %s",
                 violation->count - before, violation->count - before == 1 ? "" : "s",
                 violation->table, violation->parent);
    }
}

static void check_after(struct applier *applier)
{
    const struct structure *to = applier->plan->diff->to;
    struct violations after = {0};
    size_t i;

    if (!applier->plan->foreign_keys_off)
        return;
    for (i = 0; i < to->tables.count && applier->error == NULL; i++) {
        const struct table_def *table = to->tables.items[i];

        if (table->foreign_keys.count > 0 && !check_table(applier, table->name, &after) &&
            !has_fault(applier->plan, table->name, "PARENT"))
            fail(applier, "the foreign keys of %s cannot be checked: %s", table->name,
                 sqlite3_errmsg(applier->db));
    }
    compare_violations(applier, &after);
}

/* ---- what must hold at the end ---------------------------------------------------- */

static void check_programs(struct applier *applier)
{
    static const char *const events[] = {"INSERT", "UPDATE", "DELETE"};
    const struct structure *to = applier->plan->diff->to;
    const char *fault;
    size_t i, j;

    for (i = 0; i < to->views.count && applier->error == NULL; i++) {
        fault = scratch_view_fault(applier->arena, applier->db, to->views.items[i]->name);
        if (fault != NULL &&
            !has_fault(applier->plan, to->views.items[i]->name, "SELECT"))
            fail(applier, "view %s would not compile: %s", to->views.items[i]->name,
                 fault);
    }
    for (i = 0; i < to->triggers.count && applier->error == NULL; i++)
        for (j = 0; j < sizeof events / sizeof *events; j++) {
            const char *table = to->triggers.items[i]->table;

            fault = scratch_change_fault(applier->arena, applier->db, table, events[j]);
            if (fault != NULL && !has_fault(applier->plan, table, events[j]))
                fail(applier, "%s on %s would not compile: %s", events[j], table, fault);
        }
}

static void check_structure(struct applier *applier, const struct structure *expected,
                            const char *message)
{
    const char *error = NULL;
    struct structure *found;

    if (applier->error != NULL)
        return;
    found = structure_read(applier->arena, applier->db, &error);
    if (found == NULL)
        fail(applier, "%s", error);
    else if (!structure_equal(found, expected))
        fail(applier, "%s", message);
}

/* ---- the whole -------------------------------------------------------------------- */

/* ON CONFLICT ROLLBACK in a schema ends the transaction behind our back. */
static void run_statements(struct applier *applier)
{
    size_t i;

    for (i = 0; i < applier->plan->statements.count && applier->error == NULL; i++) {
        run(applier, applier->plan->statements.items[i].sql);
        if (sqlite3_get_autocommit(applier->db) != 0)
            fail(applier, "the transaction ended at: %s",
                 applier->plan->statements.items[i].sql);
    }
}

static void apply_inside(struct applier *applier)
{
    check_structure(applier, applier->plan->diff->from,
                    "the database is not the one that the plan was made for");
    if (applier->error == NULL)
        check_before(applier);
    run_statements(applier);
    check_structure(applier, applier->plan->diff->to,
                    "the plan did not reach its target");
    if (applier->error == NULL) {
        check_programs(applier);
        check_after(applier);
    }
    run(applier, "COMMIT");
    if (sqlite3_get_autocommit(applier->db) == 0)
        sqlite3_exec(applier->db, "ROLLBACK", NULL, NULL, NULL);
}

static bool may_begin(struct applier *applier, const struct apply_options *options)
{
    if (applier->plan->destroys && !options->accept_data_loss)
        fail(applier, "the plan destroys data, which is not accepted");
    if (sqlite3_get_autocommit(applier->db) == 0)
        fail(applier, "a transaction is open");
    return applier->error == NULL;
}

bool plan_apply(struct arena *arena, const struct plan *plan, sqlite3 *db,
                const struct apply_options *options, const char **error)
{
    struct applier applier = {.arena = arena, .plan = plan, .db = db};
    int foreign_keys, legacy;

    *error = NULL;
    if (plan->statements.count == 0)
        return true;
    if (may_begin(&applier, options)) {
        foreign_keys = setting(&applier, "PRAGMA foreign_keys");
        legacy = setting(&applier, "PRAGMA legacy_alter_table");
        turn_off_foreign_keys(&applier);
        run(&applier, "PRAGMA legacy_alter_table = OFF");
        if (run(&applier, "BEGIN IMMEDIATE"))
            apply_inside(&applier);
        sqlite3_exec(db,
                     legacy ? "PRAGMA legacy_alter_table = ON"
                            : "PRAGMA legacy_alter_table = OFF",
                     NULL, NULL, NULL);
        sqlite3_exec(
            db, foreign_keys ? "PRAGMA foreign_keys = ON" : "PRAGMA foreign_keys = OFF",
            NULL, NULL, NULL);
    }
    *error = applier.error;
    return applier.error == NULL;
}
