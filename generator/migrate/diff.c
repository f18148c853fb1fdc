/*
 * diff.c: see diff.h. Renames are done first, in a scratch database: what SQLite then
 * shows is what the rest is compared with, so that expressions, indexes and foreign keys
 * need no rewriting of our own.
 */
#include "diff.h"

#include "scratch.h"

#include "../sql/token.h"

#include <stdarg.h>
#include <string.h>

const char *step_word(enum step_kind kind)
{
    static const char *const words[] = {
        [STEP_DROP_TRIGGER] = "drop_trigger",
        [STEP_DROP_VIEW] = "drop_view",
        [STEP_DROP_INDEX] = "drop_index",
        [STEP_DROP_TABLE] = "drop_table",
        [STEP_RENAME_TABLE] = "rename_table",
        [STEP_RENAME_COLUMN] = "rename_column",
        [STEP_ADD_COLUMN] = "add_column",
        [STEP_ALTER_COLUMN] = "alter_column",
        [STEP_DROP_COLUMN] = "drop_column",
        [STEP_REORDER_COLUMNS] = "reorder_columns",
        [STEP_ADD_CONSTRAINT] = "add_constraint",
        [STEP_DROP_CONSTRAINT] = "drop_constraint",
        [STEP_ALTER_TABLE] = "alter_table",
        [STEP_CREATE_TABLE] = "create_table",
        [STEP_CREATE_INDEX] = "create_index",
        [STEP_CREATE_VIEW] = "create_view",
        [STEP_CREATE_TRIGGER] = "create_trigger",
    };

    return words[kind];
}

struct step *diff_step(struct arena *arena, struct diff *diff, enum step_kind kind,
                       const char *table, const char *name, const char *format, ...)
{
    struct step *step = VEC_ADD(arena, &diff->steps);
    va_list arguments;

    va_start(arguments, format);
    step->text = arena_vprintf(arena, format, arguments);
    va_end(arguments);
    step->kind = kind;
    step->table = table;
    step->name = name;
    return step;
}

/* ---- which tables belong together ------------------------------------------------- */

static const struct rename_hint *table_hint(const struct diff *diff, const char *from)
{
    size_t i;

    for (i = 0; i < diff->renames.count; i++)
        if (diff->renames.items[i].column == NULL &&
            name_same(diff->renames.items[i].table, from))
            return &diff->renames.items[i];
    return NULL;
}

/* The source's name of a table of the target, or NULL: it is created. */
static const char *source_name(const struct diff *diff, const char *to)
{
    const struct table_def *table;
    size_t i;

    for (i = 0; i < diff->renames.count; i++)
        if (diff->renames.items[i].column == NULL &&
            name_same(diff->renames.items[i].to, to))
            return diff->renames.items[i].table;
    table = structure_table(diff->from, to);
    return table != NULL && table_hint(diff, table->name) == NULL ? table->name : NULL;
}

static void pair_tables(struct arena *arena, struct diff *diff)
{
    struct map kept = {0};
    size_t i;

    for (i = 0; i < diff->to->tables.count; i++) {
        const char *was = source_name(diff, diff->to->tables.items[i]->name);

        if (was == NULL) {
            const struct table_def **created = VEC_ADD(arena, &diff->created);

            *created = diff->to->tables.items[i];
        } else {
            struct table_change *change = VEC_ADD(arena, &diff->tables);

            change->to = diff->to->tables.items[i];
            change->was = was;
            map_put(arena, &kept, name_lower(arena, was), change);
        }
    }
    for (i = 0; i < diff->from->tables.count; i++)
        if (map_get(&kept, name_lower(arena, diff->from->tables.items[i]->name)) ==
            NULL) {
            const struct table_def **dropped = VEC_ADD(arena, &diff->dropped);

            *dropped = diff->from->tables.items[i];
        }
}

/* ---- after the renames ------------------------------------------------------------ */

static bool is_dropped(const struct diff *diff, const char *table)
{
    size_t i;

    for (i = 0; i < diff->dropped.count; i++)
        if (name_same(diff->dropped.items[i]->name, table))
            return true;
    return false;
}

/* The source without what is dropped, views and triggers. */
static struct structure *reduced(struct arena *arena, const struct diff *diff)
{
    struct structure *rest = ARENA_NEW(arena, struct structure);
    size_t i;

    for (i = 0; i < diff->from->tables.count; i++)
        if (!is_dropped(diff, diff->from->tables.items[i]->name)) {
            struct table_def **table = VEC_ADD(arena, &rest->tables);

            *table = diff->from->tables.items[i];
        }
    for (i = 0; i < diff->from->indexes.count; i++)
        if (!is_dropped(diff, diff->from->indexes.items[i]->table)) {
            struct index_def **index = VEC_ADD(arena, &rest->indexes);

            *index = diff->from->indexes.items[i];
        }
    return rest;
}

/* Virtual tables whose module is not known here cannot be built, but they are there. */
static void keep_virtual(struct arena *arena, const struct structure *from,
                         struct structure *renamed)
{
    size_t i;

    for (i = 0; i < from->tables.count; i++)
        if (from->tables.items[i]->is_virtual &&
            structure_table(renamed, from->tables.items[i]->name) == NULL) {
            struct table_def **table = VEC_ADD(arena, &renamed->tables);

            *table = from->tables.items[i];
        }
}

static bool run_renames(struct arena *arena, struct diff *diff, sqlite3 *db,
                        const char **error)
{
    struct sql_list statements = {0};
    struct structure *rest = reduced(arena, diff), *renamed;
    size_t i;

    if (!scratch_build(arena, db, rest, false, error))
        return false;
    rename_statements(arena, diff, &statements);
    for (i = 0; i < statements.count; i++)
        if (!scratch_run(arena, db, statements.items[i], error))
            return false;
    renamed = structure_read(arena, db, error);
    if (renamed == NULL)
        return false;
    if (diff->renames.count == 0)
        keep_virtual(arena, rest, renamed);
    diff->renamed = renamed;
    return true;
}

static bool apply_renames(struct arena *arena, struct diff *diff, const char **error)
{
    sqlite3 *db;
    bool done;

    diff->renamed = diff->from;
    if (diff->renames.count == 0)
        return true;
    db = scratch_open();
    done = run_renames(arena, diff, db, error);
    if (!done)
        *error = arena_printf(arena, "the renames cannot be done: %s", *error);
    sqlite3_close(db);
    return done;
}

/* ---- steps ------------------------------------------------------------------------ */

bool diff_same_program(struct arena *arena, const struct diff *diff,
                       const struct program_def *from, const struct program_def *to,
                       bool trigger)
{
    const struct program_def *then;

    if (to == NULL || from == NULL || strcmp(from->name, to->name) != 0 ||
        strcmp(from->key, to->key) != 0)
        return false;
    if (strchr(from->text, '"') == NULL)
        return true;
    then = program_def_parse(arena, from->text, trigger, &diff->to->names);
    return then != NULL && strcmp(then->key, to->key) == 0;
}

static void drop_programs(struct arena *arena, struct diff *diff)
{
    size_t i;

    for (i = 0; i < diff->from->triggers.count; i++) {
        const struct program_def *from = diff->from->triggers.items[i];
        const struct program_def *to = structure_trigger(diff->to, from->name);

        if (!diff_same_program(arena, diff, from, to, true))
            diff_step(arena, diff, STEP_DROP_TRIGGER, from->table, from->name,
                      "drop trigger %s", from->name);
    }
    for (i = 0; i < diff->from->views.count; i++) {
        const struct program_def *from = diff->from->views.items[i];
        const struct program_def *to = structure_view(diff->to, from->name);

        if (!diff_same_program(arena, diff, from, to, false))
            diff_step(arena, diff, STEP_DROP_VIEW, NULL, from->name, "drop view %s",
                      from->name);
    }
}

static bool same_index(const struct index_def *a, const struct index_def *b)
{
    return strcmp(a->name, b->name) == 0 && strcmp(a->key, b->key) == 0;
}

/* `renamed` has no indexes of dropped tables where renames were done; skip them if not.
 */
static void drop_indexes(struct arena *arena, struct diff *diff)
{
    size_t i;

    for (i = 0; i < diff->renamed->indexes.count; i++) {
        const struct index_def *from = diff->renamed->indexes.items[i];
        const struct index_def *to = structure_index(diff->to, from->name);

        if (diff->renamed == diff->from && is_dropped(diff, from->table))
            continue;
        if (to == NULL || !same_index(from, to))
            diff_step(arena, diff, STEP_DROP_INDEX, from->table, from->name,
                      "drop index %s", from->name);
    }
}

static void drop_tables(struct arena *arena, struct diff *diff)
{
    size_t i;

    for (i = 0; i < diff->dropped.count; i++) {
        const struct table_def *table = diff->dropped.items[i];
        struct step *step = diff_step(arena, diff, STEP_DROP_TABLE, table->name, NULL,
                                      "drop table %s", table->name);

        if (plan_is_index(arena, table))
            continue;
        step->destroys = true;
        step->loss = arena_printf(arena, "all rows of %s", table->name);
    }
}

static void describe_renames(struct arena *arena, struct diff *diff)
{
    size_t i;

    for (i = 0; i < diff->renames.count; i++) {
        const struct rename_hint *hint = &diff->renames.items[i];
        const struct rename_hint *table = table_hint(diff, hint->table);
        const char *name = table != NULL ? table->to : hint->table;
        struct step *step;

        if (hint->column == NULL)
            step = diff_step(arena, diff, STEP_RENAME_TABLE, hint->to, hint->table,
                             "rename table %s to %s", hint->table, hint->to);
        else
            step = diff_step(arena, diff, STEP_RENAME_COLUMN, name, hint->column,
                             "rename column %s.%s to %s", name, hint->column, hint->to);
        step->to = hint->to;
    }
}

static void create_tables(struct arena *arena, struct diff *diff)
{
    size_t i;

    for (i = 0; i < diff->created.count; i++)
        diff_step(arena, diff, STEP_CREATE_TABLE, diff->created.items[i]->name, NULL,
                  "create table %s", diff->created.items[i]->name);
}

static void create_indexes(struct arena *arena, struct diff *diff)
{
    size_t i;

    for (i = 0; i < diff->to->indexes.count; i++) {
        const struct index_def *to = diff->to->indexes.items[i];
        const struct index_def *from = structure_index(diff->renamed, to->name);
        struct step *step;

        if (from != NULL && same_index(from, to) &&
            !(diff->renamed == diff->from && is_dropped(diff, from->table)))
            continue;
        step = diff_step(arena, diff, STEP_CREATE_INDEX, to->table, to->name,
                         "create %sindex %s on %s", to->unique ? "unique " : "", to->name,
                         to->table);
        if (to->unique)
            step->risk = "rows with equal values make it fail";
    }
}

static void create_programs(struct arena *arena, struct diff *diff)
{
    size_t i;

    for (i = 0; i < diff->to->views.count; i++) {
        const struct program_def *to = diff->to->views.items[i];
        const struct program_def *from = structure_view(diff->from, to->name);

        if (!diff_same_program(arena, diff, from, to, false))
            diff_step(arena, diff, STEP_CREATE_VIEW, NULL, to->name, "create view %s",
                      to->name);
    }
    for (i = 0; i < diff->to->triggers.count; i++) {
        const struct program_def *to = diff->to->triggers.items[i];
        const struct program_def *from = structure_trigger(diff->from, to->name);

        if (!diff_same_program(arena, diff, from, to, true))
            diff_step(arena, diff, STEP_CREATE_TRIGGER, to->table, to->name,
                      "create trigger %s on %s", to->name, to->table);
    }
}

static void describe(struct arena *arena, struct diff *diff)
{
    size_t i;

    drop_programs(arena, diff);
    drop_indexes(arena, diff);
    drop_tables(arena, diff);
    describe_renames(arena, diff);
    for (i = 0; i < diff->tables.count; i++)
        describe_table(arena, diff, &diff->tables.items[i]);
    create_tables(arena, diff);
    create_indexes(arena, diff);
    create_programs(arena, diff);
}

static void compare_all(struct arena *arena, struct diff *diff)
{
    size_t i;

    for (i = 0; i < diff->tables.count; i++) {
        struct table_change *change = &diff->tables.items[i];
        bool same = diff->renamed == diff->from;

        change->from =
            structure_table(diff->renamed, same ? change->was : change->to->name);
        if (change->from == NULL) /* a virtual table that could not be built */
            change->from = structure_table(diff->from, change->was);
        compare_tables(arena, diff->renamed, diff->to, change);
    }
}

struct diff *diff_structures(struct arena *arena, const struct structure *from,
                             const struct structure *to,
                             const struct rename_text *renames, const char **error)
{
    static const struct rename_text none = {NULL, 0};
    struct diff *diff = ARENA_NEW(arena, struct diff);

    diff->from = from;
    diff->to = to;
    *error = NULL;
    if (!rename_find(arena, diff, renames != NULL ? renames : &none, error))
        return NULL;
    pair_tables(arena, diff);
    if (!apply_renames(arena, diff, error))
        return NULL;
    compare_all(arena, diff);
    describe(arena, diff);
    return diff;
}

struct rename_text diff_reverse_renames(struct arena *arena, const struct diff *diff)
{
    const char **items = ARENA_ARRAY(arena, const char *, diff->renames.count + 1);
    size_t i;

    for (i = 0; i < diff->renames.count; i++) {
        const struct rename_hint *hint = &diff->renames.items[i];
        const struct rename_hint *table = table_hint(diff, hint->table);

        if (hint->column == NULL)
            items[i] = arena_printf(arena, "%s:%s", hint->to, hint->table);
        else
            items[i] =
                arena_printf(arena, "%s.%s:%s", table != NULL ? table->to : hint->table,
                             hint->to, hint->column);
    }
    return (struct rename_text){items, diff->renames.count};
}

bool structure_equal(const struct structure *a, const struct structure *b)
{
    struct arena arena = {0};
    const char *error;
    struct diff *diff = diff_structures(&arena, a, b, NULL, &error);
    bool equal = diff != NULL && diff->steps.count == 0;

    arena_release(&arena);
    return equal;
}
