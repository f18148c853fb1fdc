/*
 * plan.c: the order of a plan's statements, its warnings, and its trial in a scratch
 * database; see plan.h.
 */
#include "plan.h"

#include "scratch.h"

#include "../base/names.h"
#include "../sql/token.h"

#include <stdarg.h>
#include <string.h>

const char *warning_word(enum warning_kind kind)
{
    static const char *const words[] = {
        [WARNING_DATA_LOSS] = "data_loss",
        [WARNING_SLOW] = "slow",
        [WARNING_CAN_FAIL] = "can_fail",
        [WARNING_BROKEN] = "broken",
    };

    return words[kind];
}

void plan_add(struct arena *arena, struct plan *plan, const char *about,
              const char *format, ...)
{
    struct plan_statement *statement = VEC_ADD(arena, &plan->statements);
    va_list arguments;

    va_start(arguments, format);
    statement->sql = arena_vprintf(arena, format, arguments);
    va_end(arguments);
    statement->about = about;
}

/* ---- the order -------------------------------------------------------------------- */

static void drop_programs(struct arena *arena, struct plan *plan,
                          const struct program_plan *programs)
{
    const struct structure *from = plan->diff->from;
    size_t i;

    for (i = 0; i < from->triggers.count; i++)
        if (programs->drop_triggers[i])
            plan_add(arena, plan, NULL, "DROP TRIGGER %s",
                     name_sql(arena, from->triggers.items[i]->name));
    for (i = 0; i < from->views.count; i++)
        if (programs->drop_views[i])
            plan_add(arena, plan, NULL, "DROP VIEW %s",
                     name_sql(arena, from->views.items[i]->name));
}

static void drop_indexes(struct arena *arena, struct plan *plan)
{
    size_t i;

    for (i = 0; i < plan->diff->steps.count; i++)
        if (plan->diff->steps.items[i].kind == STEP_DROP_INDEX)
            plan_add(arena, plan, NULL, "DROP INDEX %s",
                     name_sql(arena, plan->diff->steps.items[i].name));
}

static void drop_tables(struct arena *arena, struct plan *plan)
{
    size_t i;

    for (i = 0; i < plan->diff->dropped.count; i++) {
        plan_add(arena, plan, NULL, "DROP TABLE %s",
                 name_sql(arena, plan->diff->dropped.items[i]->name));
        plan->foreign_keys_off = true;
    }
}

static void rename_all(struct arena *arena, struct plan *plan)
{
    struct sql_list statements = {0};
    size_t i;

    rename_statements(arena, plan->diff, &statements);
    for (i = 0; i < statements.count; i++)
        plan_add(arena, plan, NULL, "%s", statements.items[i]);
}

static void alter_tables(struct arena *arena, struct plan *plan)
{
    size_t i;

    for (i = 0; i < plan->diff->tables.count; i++)
        if (plan_way(&plan->diff->tables.items[i]) == WAY_ALTER)
            plan_alter(arena, plan, &plan->diff->tables.items[i]);
}

/* Without legacy_alter_table the last RENAME would fail on any view that names the table.
 */
static void rebuild_tables(struct arena *arena, struct plan *plan)
{
    size_t i, before = plan->rebuilt.count;

    for (i = 0; i < plan->diff->tables.count; i++)
        if (plan_way(&plan->diff->tables.items[i]) == WAY_REBUILD) {
            if (plan->rebuilt.count == before)
                plan_add(arena, plan, NULL, "PRAGMA legacy_alter_table = ON");
            plan_rebuild(arena, plan, &plan->diff->tables.items[i]);
        }
    if (plan->rebuilt.count > before) {
        plan_add(arena, plan, NULL, "PRAGMA legacy_alter_table = OFF");
        plan->foreign_keys_off = true;
    }
}

static void make_anew(struct arena *arena, struct plan *plan)
{
    size_t i;
    bool begun = false;

    for (i = 0; i < plan->diff->tables.count; i++) {
        if (plan_way(&plan->diff->tables.items[i]) != WAY_ANEW)
            continue;
        if (!begun)
            plan_add(arena, plan, NULL, "PRAGMA legacy_alter_table = ON");
        begun = true;
        plan_anew(arena, plan, &plan->diff->tables.items[i]);
    }
    if (begun) {
        plan_add(arena, plan, NULL, "PRAGMA legacy_alter_table = OFF");
        plan->foreign_keys_off = true;
    }
}

static bool is_new(const struct plan *plan, const struct table_def *table)
{
    size_t i;

    for (i = 0; i < plan->diff->created.count; i++)
        if (plan->diff->created.items[i] == table)
            return true;
    for (i = 0; i < plan->diff->tables.count; i++)
        if (plan->diff->tables.items[i].to == table)
            return plan_way(&plan->diff->tables.items[i]) == WAY_ANEW;
    return false;
}

/* Where content is that of another table or of a view, which has its new form by now. */
static void fill_virtual(struct arena *arena, struct plan *plan)
{
    const struct structure *to = plan->diff->to;
    size_t i;

    for (i = 0; i < to->tables.count; i++)
        if (to->tables.items[i]->is_virtual &&
            (is_new(plan, to->tables.items[i]) ||
             plan_is_stale(arena, plan->diff, to->tables.items[i])))
            plan_fill(arena, plan, to->tables.items[i]);
}

static bool is_rebuilt(const struct plan *plan, const char *table)
{
    size_t i;

    for (i = 0; i < plan->diff->tables.count; i++)
        if (name_same(plan->diff->tables.items[i].to->name, table))
            return plan_way(&plan->diff->tables.items[i]) >= WAY_REBUILD;
    return false;
}

static bool is_created(const struct plan *plan, const char *index)
{
    size_t i;

    for (i = 0; i < plan->diff->steps.count; i++)
        if (plan->diff->steps.items[i].kind == STEP_CREATE_INDEX &&
            name_same(plan->diff->steps.items[i].name, index))
            return true;
    return false;
}

static void create_objects(struct arena *arena, struct plan *plan,
                           const struct program_plan *programs)
{
    const struct structure *to = plan->diff->to;
    size_t i;

    for (i = 0; i < plan->diff->created.count; i++)
        plan_add(arena, plan, NULL, "%s", plan->diff->created.items[i]->text);
    for (i = 0; i < to->indexes.count; i++)
        if (is_created(plan, to->indexes.items[i]->name) ||
            is_rebuilt(plan, to->indexes.items[i]->table))
            plan_add(arena, plan, NULL, "%s", to->indexes.items[i]->text);
    for (i = 0; i < to->views.count; i++)
        if (programs->create_views[i])
            plan_add(arena, plan, NULL, "%s", to->views.items[i]->text);
    fill_virtual(arena, plan);
    for (i = 0; i < to->triggers.count; i++)
        if (programs->create_triggers[i])
            plan_add(arena, plan, NULL, "%s", to->triggers.items[i]->text);
}

/* DROP TABLE takes what ANALYZE had found out. */
static void analyze(struct arena *arena, struct plan *plan)
{
    size_t i;

    for (i = 0; plan->diff->from->analyzed && i < plan->rebuilt.count; i++)
        plan_add(arena, plan, NULL, "ANALYZE %s",
                 name_sql(arena, plan->rebuilt.items[i]));
}

static void order_statements(struct arena *arena, struct plan *plan)
{
    struct program_plan programs;

    plan_programs(arena, plan->diff, &programs);
    drop_programs(arena, plan, &programs);
    drop_indexes(arena, plan);
    drop_tables(arena, plan);
    rename_all(arena, plan);
    alter_tables(arena, plan);
    rebuild_tables(arena, plan);
    make_anew(arena, plan);
    create_objects(arena, plan, &programs);
    analyze(arena, plan);
}

/* ---- warnings --------------------------------------------------------------------- */

static void warn(struct arena *arena, struct plan *plan, enum warning_kind kind,
                 const char *table, const char *text)
{
    struct plan_warning *warning = VEC_ADD(arena, &plan->warnings);

    *warning = (struct plan_warning){kind, table, text};
}

static void warn_steps(struct arena *arena, struct plan *plan)
{
    size_t i;

    for (i = 0; i < plan->diff->steps.count; i++) {
        const struct step *step = &plan->diff->steps.items[i];

        if (step->destroys) {
            plan->destroys = true;
            warn(arena, plan, WARNING_DATA_LOSS, step->table,
                 arena_printf(arena, "%s: loses %s", step->text, step->loss));
        }
        if (step->risk != NULL)
            warn(arena, plan, WARNING_CAN_FAIL, step->table,
                 arena_printf(arena, "%s: %s", step->text, step->risk));
    }
}

static void warn_slow(struct arena *arena, struct plan *plan)
{
    size_t i;

    for (i = 0; i < plan->diff->tables.count; i++) {
        const struct table_change *change = &plan->diff->tables.items[i];
        enum table_way way = plan_way(change);

        if (way == WAY_REBUILD)
            warn(arena, plan, WARNING_SLOW, change->to->name,
                 arena_printf(arena, "table %s is rebuilt: every row is copied",
                              change->to->name));
        else if (way == WAY_ALTER && change->dropped.count > 0)
            warn(arena, plan, WARNING_SLOW, change->to->name,
                 arena_printf(arena, "dropping a column of %s writes every row anew",
                              change->to->name));
    }
}

static void warn_faults(struct arena *arena, struct plan *plan)
{
    size_t i;

    for (i = 0; i < plan->faults.count; i++) {
        const struct plan_fault *fault = &plan->faults.items[i];
        const char *text;

        if (strcmp(fault->event, "SELECT") == 0)
            text = arena_printf(arena, "view %s does not compile in the target",
                                fault->name);
        else if (strcmp(fault->event, "PARENT") == 0)
            text = arena_printf(
                arena, "a foreign key of %s has no parent, or none that is unique",
                fault->name);
        else
            text = arena_printf(arena, "%s on %s does not compile in the target",
                                fault->event, fault->name);
        warn(arena, plan, WARNING_BROKEN, fault->name, text);
    }
}

/* ---- the trial -------------------------------------------------------------------- */

static bool has_unknown_module(struct arena *arena, sqlite3 *db,
                               const struct structure *structure)
{
    const char *error;
    struct structure *built = structure_read(arena, db, &error);
    size_t i;

    for (i = 0; i < structure->tables.count; i++)
        if (built == NULL ||
            structure_table(built, structure->tables.items[i]->name) == NULL)
            return true;
    return false;
}

static bool reaches_target(struct arena *arena, sqlite3 *db, const struct plan *plan,
                           const char **error)
{
    struct structure *reached = structure_read(arena, db, error);
    struct diff *rest;

    if (reached == NULL)
        return false;
    rest = diff_structures(arena, reached, plan->diff->to, NULL, error);
    if (rest == NULL)
        return false;
    if (rest->steps.count == 0)
        return true;
    *error = arena_printf(arena, "the plan would leave a difference: %s",
                          rest->steps.items[0].text);
    return false;
}

static bool is_empty(const struct structure *structure)
{
    return structure->tables.count == 0 && structure->views.count == 0;
}

static bool try_plan(struct arena *arena, struct plan *plan, const char **error)
{
    sqlite3 *db = scratch_of(arena, plan->diff->from, error);
    bool good = db != NULL;
    size_t i;

    if (good && has_unknown_module(arena, db, plan->diff->from)) {
        sqlite3_close(db); /* it cannot be tried here */
        return true;
    }
    for (i = 0; good && i < plan->statements.count; i++) {
        good = scratch_run(arena, db, plan->statements.items[i].sql, error);
        if (!good)
            *error = arena_printf(arena, "SQLite refuses `%s`: %s",
                                  plan->statements.items[i].sql, *error);
    }
    good = good && reaches_target(arena, db, plan, error);
    if (good && is_empty(plan->diff->from))
        plan->reached = scratch_image(arena, db);
    sqlite3_close(db);
    return good;
}

struct plan *plan_make(struct arena *arena, const struct diff *diff, const char **error)
{
    struct plan *plan = ARENA_NEW(arena, struct plan);

    plan->diff = diff;
    *error = NULL;
    if (diff->steps.count == 0)
        return plan;
    order_statements(arena, plan);
    plan_find_faults(arena, diff->to, plan);
    warn_steps(arena, plan);
    warn_slow(arena, plan);
    warn_faults(arena, plan);
    return try_plan(arena, plan, error) ? plan : NULL;
}

/* ---- as a script ------------------------------------------------------------------ */

/* A comment at the end of a statement would swallow its semicolon. */
static void add_statement(struct buf *out, const char *sql)
{
    size_t length = strlen(sql);
    struct token last = token_at(sql, length, 0), token;

    for (token = last; token.kind != TOKEN_END;
         token = token_at(sql, length, token.offset + token.length))
        last = token;
    buf_adds(out, sql);
    buf_adds(out, last.offset + last.length < length ? "\n;\n" : ";\n");
}

/* A name with a line end must not end the comment. */
static void add_comment(struct buf *out, const char *text)
{
    buf_adds(out, "-- ");
    for (; *text != '\0'; text++)
        buf_addc(out, *text == '\n' || *text == '\r' ? ' ' : *text);
    buf_addc(out, '\n');
}

static bool has_parents(const struct plan *plan, const struct table_def *table)
{
    size_t i;

    for (i = 0; i < plan->faults.count; i++)
        if (strcmp(plan->faults.items[i].event, "PARENT") == 0 &&
            name_same(plan->faults.items[i].name, table->name))
            return false;
    return true;
}

/*
 * How many foreign keys are violated, as SQL. SQLite stops with an error at a key whose
 * parent has no such key: such tables are left out.
 */
static const char *violations(struct arena *arena, const struct structure *structure,
                              const struct plan *plan)
{
    const char *sql = NULL;
    size_t i;

    for (i = 0; i < structure->tables.count; i++) {
        const struct table_def *table = structure->tables.items[i];

        if (table->foreign_keys.count == 0 || !has_parents(plan, table))
            continue;
        sql =
            arena_printf(arena, "%s%s(SELECT count(*) FROM pragma_foreign_key_check(%s))",
                         sql != NULL ? sql : "", sql != NULL ? "\n  + " : "",
                         text_sql(arena, table->name));
    }
    return sql != NULL ? sql : "0";
}

static void start_check(struct arena *arena, const struct plan *plan, const char *counts,
                        struct buf *out)
{
    struct plan before = {0};

    plan_find_faults(arena, plan->diff->from, &before);
    buf_adds(out, "-- stops below where more foreign keys are violated than here\n");
    add_statement(
        out,
        arena_printf(arena,
                     "CREATE TEMP TABLE %s (before INTEGER, after INTEGER,\n"
                     "    CONSTRAINT foreign_keys_are_violated CHECK (after <= before))",
                     counts));
    add_statement(out, arena_printf(arena, "INSERT INTO temp.%s VALUES (%s, 0)", counts,
                                    violations(arena, plan->diff->from, &before)));
}

static void end_check(struct arena *arena, const struct plan *plan, const char *counts,
                      struct buf *out)
{
    add_statement(out, arena_printf(arena, "UPDATE temp.%s SET after = %s", counts,
                                    violations(arena, plan->diff->to, plan)));
    add_statement(out, arena_printf(arena, "DROP TABLE temp.%s", counts));
}

void plan_script(const struct plan *plan, struct buf *out)
{
    struct arena arena = {0};
    const char *counts;
    size_t i;

    if (plan->statements.count == 0)
        return;
    counts = plan_free_name(&arena, plan, "quarry_violations");
    buf_adds(out,
             "-- Stop at the first error (sqlite3 -bail): to go on and commit would lose "
             "rows.\n");
    if (plan->foreign_keys_off)
        add_statement(out, "PRAGMA foreign_keys = OFF");
    add_statement(out, "BEGIN IMMEDIATE");
    if (plan->foreign_keys_off)
        start_check(&arena, plan, counts, out);
    for (i = 0; i < plan->statements.count; i++) {
        if (plan->statements.items[i].about != NULL)
            add_comment(out, plan->statements.items[i].about);
        add_statement(out, plan->statements.items[i].sql);
    }
    if (plan->foreign_keys_off)
        end_check(&arena, plan, counts, out);
    add_statement(out, "COMMIT");
    if (plan->foreign_keys_off)
        add_statement(out, "PRAGMA foreign_keys = ON");
    arena_release(&arena);
}
