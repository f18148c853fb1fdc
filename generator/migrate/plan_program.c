/*
 * plan_program.c: which views and triggers must go and come back around the change of
 * tables, and what does not compile. SQLite refuses RENAME and DROP COLUMN as long as any
 * view or trigger does not compile, and DROP TABLE takes a table's triggers along.
 */
#include "plan.h"

#include "scratch.h"

#include "../sql/token.h"

#include <string.h>

/* ---- what does not compile -------------------------------------------------------- */

static void add_fault(struct arena *arena, struct plan *plan, const char *name,
                      const char *event)
{
    struct plan_fault *fault = VEC_ADD(arena, &plan->faults);

    fault->name = name;
    fault->event = event;
}

static void find_trigger_faults(struct arena *arena, sqlite3 *db,
                                const struct structure *structure, struct plan *plan)
{
    static const char *const events[] = {"INSERT", "UPDATE", "DELETE"};
    struct map seen = {0};
    size_t i, j;

    for (i = 0; i < structure->triggers.count; i++) {
        const char *table = structure->triggers.items[i]->table;

        if (map_get(&seen, name_lower(arena, table)) != NULL)
            continue;
        map_put(arena, &seen, name_lower(arena, table), plan);
        for (j = 0; j < sizeof events / sizeof *events; j++)
            if (scratch_change_fault(arena, db, table, events[j]) != NULL)
                add_fault(arena, plan, table, events[j]);
    }
}

/* Foreign keys whose parent is missing or has no such key: SQLite cannot check them. */
static void find_parent_faults(struct arena *arena, sqlite3 *db,
                               const struct structure *structure, struct plan *plan)
{
    size_t i, j;

    for (i = 0; i < structure->tables.count; i++) {
        const struct table_def *table = structure->tables.items[i];
        bool missing = false;
        char *sql;

        if (table->foreign_keys.count == 0)
            continue;
        for (j = 0; j < table->foreign_keys.count; j++)
            if (structure_table(structure, table->foreign_keys.items[j].parent) == NULL)
                missing = true;
        sql = sqlite3_mprintf("PRAGMA main.foreign_key_check(%Q)", table->name);
        if (sql == NULL)
            out_of_memory();
        if (missing || sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
            add_fault(arena, plan, table->name, "PARENT");
        sqlite3_free(sql);
    }
}

void plan_find_faults(struct arena *arena, const struct structure *structure,
                      struct plan *plan)
{
    const char *error;
    sqlite3 *db = scratch_of(arena, structure, &error);
    size_t i;

    if (db != NULL) {
        for (i = 0; i < structure->views.count; i++)
            if (scratch_view_fault(arena, db, structure->views.items[i]->name) != NULL)
                add_fault(arena, plan, structure->views.items[i]->name, "SELECT");
        find_trigger_faults(arena, db, structure, plan);
        find_parent_faults(arena, db, structure, plan);
    }
    sqlite3_close(db);
}

/* ---- what must go and come back --------------------------------------------------- */

struct program_finder {
    struct arena *arena;
    const struct diff *diff;
    struct program_plan *programs;
    struct map
        moved; /* tables renamed, with a column renamed or dropped; views on them */
    struct map emptied; /* tables whose triggers go with them: rebuilt, made anew */
    bool alters;        /* there is a RENAME or DROP COLUMN */
};

static void mark(struct program_finder *finder, struct map *map, const char *name)
{
    map_put(finder->arena, map, name_lower(finder->arena, name), finder);
}

static bool is_marked(const struct program_finder *finder, const struct map *map,
                      const char *name)
{
    return map_get(map, name_lower(finder->arena, name)) != NULL;
}

static void mark_tables(struct program_finder *finder)
{
    const struct diff *diff = finder->diff;
    size_t i;

    for (i = 0; i < diff->renames.count; i++) {
        mark(finder, &finder->moved, diff->renames.items[i].table);
        if (diff->renames.items[i].column == NULL)
            mark(finder, &finder->moved, diff->renames.items[i].to);
    }
    for (i = 0; i < diff->tables.count; i++) {
        const struct table_change *change = &diff->tables.items[i];
        enum table_way way = plan_way(change);

        if (way == WAY_ALTER && change->dropped.count > 0)
            mark(finder, &finder->moved, change->was);
        if (way == WAY_REBUILD || way == WAY_ANEW)
            mark(finder, &finder->emptied, change->was);
    }
    finder->alters = finder->moved.count > 0;
}

static bool depends(const struct program_finder *finder,
                    const struct program_def *program)
{
    size_t i;

    for (i = 0; i < program->mentions.count; i++)
        if (map_get(&finder->moved, program->mentions.items[i]) != NULL)
            return true;
    return false;
}

static bool is_faulty(const struct plan *faults, const char *name, bool view)
{
    size_t i;

    for (i = 0; i < faults->faults.count; i++)
        if (name_same(faults->faults.items[i].name, name) &&
            strcmp(faults->faults.items[i].event, "PARENT") != 0 &&
            (strcmp(faults->faults.items[i].event, "SELECT") == 0) == view)
            return true;
    return false;
}

/* Until nothing is added: a view may be on a view that goes. */
static void choose_views(struct program_finder *finder, const struct plan *faults)
{
    const struct structure *from = finder->diff->from;
    bool more = true;
    size_t i;

    while (more) {
        more = false;
        for (i = 0; i < from->views.count; i++) {
            const struct program_def *view = from->views.items[i];

            if (finder->programs->drop_views[i] || !finder->alters)
                continue;
            if (!depends(finder, view) && !is_faulty(faults, view->name, true))
                continue;
            finder->programs->drop_views[i] = more = true;
            mark(finder, &finder->moved, view->name);
        }
    }
    for (i = 0; i < from->views.count; i++)
        if (!diff_same_program(
                finder->arena, finder->diff, from->views.items[i],
                structure_view(finder->diff->to, from->views.items[i]->name), false))
            finder->programs->drop_views[i] = true;
}

static bool view_goes(const struct program_finder *finder, const char *name)
{
    size_t i;

    for (i = 0; i < finder->diff->from->views.count; i++)
        if (finder->programs->drop_views[i] &&
            name_same(finder->diff->from->views.items[i]->name, name))
            return true;
    return false;
}

static void choose_triggers(struct program_finder *finder, const struct plan *faults)
{
    const struct structure *from = finder->diff->from;
    size_t i;

    for (i = 0; i < from->triggers.count; i++) {
        const struct program_def *trigger = from->triggers.items[i];
        bool moved = is_marked(finder, &finder->moved, trigger->table) ||
                     depends(finder, trigger) || is_faulty(faults, trigger->table, false);

        finder->programs->drop_triggers[i] =
            (finder->alters && moved) || view_goes(finder, trigger->table) ||
            is_marked(finder, &finder->emptied, trigger->table) ||
            !diff_same_program(finder->arena, finder->diff, trigger,
                               structure_trigger(finder->diff->to, trigger->name), true);
    }
}

/* What is not there any more by then is created. */
static void choose_creations(struct program_finder *finder)
{
    const struct structure *from = finder->diff->from, *to = finder->diff->to;
    size_t i, j;

    for (i = 0; i < to->views.count; i++) {
        finder->programs->create_views[i] = true;
        for (j = 0; j < from->views.count; j++)
            if (!finder->programs->drop_views[j] &&
                name_same(from->views.items[j]->name, to->views.items[i]->name))
                finder->programs->create_views[i] = false;
    }
    for (i = 0; i < to->triggers.count; i++) {
        finder->programs->create_triggers[i] = true;
        for (j = 0; j < from->triggers.count; j++)
            if (!finder->programs->drop_triggers[j] &&
                name_same(from->triggers.items[j]->name, to->triggers.items[i]->name))
                finder->programs->create_triggers[i] = false;
    }
}

void plan_programs(struct arena *arena, const struct diff *diff,
                   struct program_plan *programs)
{
    struct program_finder finder = {.arena = arena, .diff = diff, .programs = programs};
    struct plan faults = {0};

    programs->drop_views = ARENA_ARRAY(arena, bool, diff->from->views.count + 1);
    programs->drop_triggers = ARENA_ARRAY(arena, bool, diff->from->triggers.count + 1);
    programs->create_views = ARENA_ARRAY(arena, bool, diff->to->views.count + 1);
    programs->create_triggers = ARENA_ARRAY(arena, bool, diff->to->triggers.count + 1);
    mark_tables(&finder);
    if (finder.alters)
        plan_find_faults(arena, diff->from, &faults);
    choose_views(&finder, &faults);
    choose_triggers(&finder, &faults);
    choose_creations(&finder);
}
