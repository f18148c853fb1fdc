/*
 * history_run.c: consecutive steps that change the structure as one plan, see history.h:
 * what is renamed, and where such a run must end because the difference between its two
 * ends would mean something else.
 */
#include "history.h"

#include "edit.h"

#include "../sql/token.h"

#include <string.h>

/* A name of a table, or "table.column", in the schema. */
struct run_names {
    VEC(const char *) list;
};

struct run_hint {
    const char *table, *column; /* in the source, in SQL; column NULL: the table */
    const char *now;            /* its name by now */
};

struct run {
    const struct stage *stage;
    struct state *before, *after;
    struct run_names made, dropped; /* by steps of this run */
    VEC(struct run_hint) hints;
};

/* ---- where a run ends --------------------------------------------------------- */

static const char *step_name(struct arena *arena, const struct migration_step *step)
{
    const char *table = step->values[0]->text;

    switch (step->word) {
    case STEP_KEY_ADD_COLUMN:
    case STEP_KEY_ALTER_COLUMN:
        return step->values[STEP_COLUMN_COLUMN]->count == 0
                   ? table
                   : arena_printf(arena, "%s.%s", table,
                                  step->values[STEP_COLUMN_COLUMN]->entries[0].key->text);
    case STEP_KEY_DROP_COLUMN:
    case STEP_KEY_RENAME_COLUMN:
        return arena_printf(arena, "%s.%s", table,
                            step->values[DROP_COLUMN_COLUMN]->text);
    default: return table;
    }
}

static bool has_name(const struct run_names *names, const char *name)
{
    size_t i;

    for (i = 0; i < names->list.count; i++)
        if (strcmp(names->list.items[i], name) == 0)
            return true;
    return false;
}

/* The name that a table of now had in the source. */
static const char *source_table(const struct run *run, const char *now)
{
    size_t i;

    for (i = 0; i < run->hints.count; i++)
        if (run->hints.items[i].column == NULL &&
            strcmp(run->hints.items[i].now, now) == 0)
            return run->hints.items[i].table;
    return now;
}

/* True where the table that a step drops, or a column of it, was renamed in this run. */
static bool table_was_renamed(const struct run *run, const struct migration_step *step)
{
    const char *name = step->values[DROP_OBJECT_NAME]->text;
    const struct state_table *table = state_table(run->after, name);
    const struct node *sql_name =
        table != NULL ? node_get(table->node, "sql_name") : NULL;
    const char *source = source_table(run, sql_name != NULL ? sql_name->text : name);
    size_t i;

    for (i = 0; i < run->hints.count; i++)
        if (name_same(run->hints.items[i].table, source))
            return true;
    return false;
}

/* True where the column that a step drops has its name by a rename of this run. */
static bool was_renamed(const struct run *run, const struct migration_step *step)
{
    const struct state_table *table =
        state_table(run->after, step->values[DROP_COLUMN_TABLE]->text);
    const char *name = step->values[DROP_COLUMN_COLUMN]->text;
    const struct node *sql_name =
        table == NULL
            ? NULL
            : node_get(node_get(node_get(table->node, "columns"), name), "sql_name");
    size_t i;

    for (i = 0; i < run->hints.count; i++)
        if (run->hints.items[i].column != NULL &&
            name_same(run->hints.items[i].now, sql_name != NULL ? sql_name->text : name))
            return true;
    return false;
}

/* A thing dropped and made again would look as if it had stayed, and so on. */
static bool begins_another(const struct run *run, const struct migration_step *step)
{
    const char *name;

    if (step_is_data(step->word))
        return true;
    name = step_name(run->stage->arena, step);
    switch (step->word) {
    case STEP_KEY_CREATE_TABLE:
    case STEP_KEY_ADD_COLUMN: return has_name(&run->dropped, name);
    case STEP_KEY_ALTER_COLUMN: return has_name(&run->made, name);
    case STEP_KEY_RENAME_TABLE:
    case STEP_KEY_RENAME_COLUMN:
        return has_name(&run->made, name) || has_name(&run->made, step->values[0]->text);
    case STEP_KEY_DROP_TABLE:
        return table_was_renamed(run, step) || has_name(&run->made, name);
    case STEP_KEY_DROP_COLUMN:
        return was_renamed(run, step) || has_name(&run->made, name);
    default: return false;
    }
}

static void note_names(struct run *run, const struct migration_step *step)
{
    struct arena *arena = run->stage->arena;

    if (step->word == STEP_KEY_CREATE_TABLE || step->word == STEP_KEY_ADD_COLUMN)
        *VEC_ADD(arena, &run->made.list) = step_name(arena, step);
    if (step->word == STEP_KEY_DROP_TABLE || step->word == STEP_KEY_DROP_COLUMN)
        *VEC_ADD(arena, &run->dropped.list) = step_name(arena, step);
}

/* ---- renames ------------------------------------------------------------------ */

static void note_rename(struct run *run, const struct edit_rename *rename)
{
    const char *table = source_table(run, rename->table);
    const char *now = rename->column != NULL ? rename->column : rename->table;
    struct run_hint *hint;
    size_t i;

    for (i = 0; i < run->hints.count; i++) {
        hint = &run->hints.items[i];
        if ((hint->column == NULL) == (rename->column == NULL) &&
            strcmp(hint->table, table) == 0 && strcmp(hint->now, now) == 0) {
            hint->now = rename->to;
            return;
        }
    }
    hint = VEC_ADD(run->stage->arena, &run->hints);
    *hint = (struct run_hint){table, rename->column, rename->to};
}

static struct rename_text rename_texts(const struct run *run)
{
    struct arena *arena = run->stage->arena;
    const char **items = ARENA_ARRAY(arena, const char *, run->hints.count + 1);
    size_t i, count = 0;

    for (i = 0; i < run->hints.count; i++) {
        const struct run_hint *hint = &run->hints.items[i];

        if (hint->column == NULL && strcmp(hint->table, hint->now) != 0)
            items[count++] = arena_printf(arena, "%s:%s", hint->table, hint->now);
        else if (hint->column != NULL && strcmp(hint->column, hint->now) != 0)
            items[count++] =
                arena_printf(arena, "%s.%s:%s", hint->table, hint->column, hint->now);
    }
    return (struct rename_text){items, count};
}

/* ---- the plan ----------------------------------------------------------------- */

static bool starts(const char *sql, const char *words)
{
    return strncmp(sql, words, strlen(words)) == 0;
}

/* The name that a token is, as it stands in SQL. */
static const char *name_at(struct arena *arena, const char *sql, struct token token)
{
    return arena_strndup(arena, sql + token.offset, token.length);
}

/* ALTER TABLE t …: "add column t.c", "rename column t.c to d", "rename table t to u". */
static const char *alter_text(struct arena *arena, const char *sql,
                              const struct token *tokens)
{
    const char *table = name_at(arena, sql, tokens[2]);

    if (tokens[3].keyword == KEYWORD_ADD)
        return arena_printf(arena, "add column %s.%s", table,
                            name_at(arena, sql, tokens[5]));
    if (tokens[3].keyword == KEYWORD_DROP)
        return arena_printf(arena, "drop column %s.%s", table,
                            name_at(arena, sql, tokens[5]));
    if (tokens[4].keyword == KEYWORD_TO)
        return arena_printf(arena, "rename table %s to %s", table,
                            name_at(arena, sql, tokens[5]));
    return arena_printf(arena, "rename column %s.%s to %s", table,
                        name_at(arena, sql, tokens[5]), name_at(arena, sql, tokens[7]));
}

/* What a statement of a plan does, in words: "create index idx_hosts_name". */
static const char *statement_text(struct arena *arena, const char *sql)
{
    struct token *tokens;
    size_t count, i, words = 2;
    struct buf out;
    const char *text;

    tokens = token_list(arena, sql, strlen(sql), &count);
    if (count > 6 && tokens[0].keyword == KEYWORD_ALTER)
        return alter_text(arena, sql, tokens);
    if (count > 2 && tokens[1].keyword == KEYWORD_UNIQUE)
        words = 3;
    if (tokens[0].keyword == KEYWORD_ANALYZE)
        words = 1;
    buf_init(&out);
    for (i = 0; i <= words && i + 1 < count; i++) {
        const char *word = name_at(arena, sql, tokens[i]);

        buf_addf(&out, "%s%s", i > 0 ? " " : "",
                 i < words ? name_lower(arena, word) : word);
    }
    text = arena_strndup(arena, out.data, out.length);
    buf_release(&out);
    return text;
}

/* PRAGMA legacy_alter_table: ON belongs to the rebuild that follows, OFF to that before. */
static bool is_pragma(const char *sql, const char *value)
{
    return starts(sql, "PRAGMA") && strstr(sql, value) != NULL;
}

static bool ends_group(const char *sql)
{
    return starts(sql, "ALTER TABLE") && strstr(sql, " RENAME TO ") != NULL;
}

/* The steps of a script while a plan's statements are added. */
struct grouping {
    struct arena *arena;
    struct script *script;
    struct span span;
    const char *pending; /* a PRAGMA that the next group begins with */
    bool open;           /* the last step takes further statements */
};

static void add_sql(struct grouping *grouping, const char *sql)
{
    struct script_step *step =
        &grouping->script->steps.items[grouping->script->steps.count - 1];

    *VEC_ADD(grouping->arena, &step->sql) = sql;
}

static void add_step(struct grouping *grouping, const char *text)
{
    struct script_step *step = VEC_ADD(grouping->arena, &grouping->script->steps);

    step->text = text;
    step->span = grouping->span;
    if (grouping->pending != NULL)
        add_sql(grouping, grouping->pending);
    grouping->pending = NULL;
}

static void add_statement(struct grouping *grouping,
                          const struct plan_statement *statement)
{
    const char *sql = statement->sql;

    if (is_pragma(sql, "ON")) {
        grouping->pending = sql;
        return;
    }
    if (is_pragma(sql, "OFF")) {
        add_sql(grouping, sql);
        return;
    }
    if (statement->about != NULL || !grouping->open) {
        add_step(grouping, statement->about != NULL
                               ? statement->about
                               : statement_text(grouping->arena, sql));
        grouping->open = statement->about != NULL;
    }
    add_sql(grouping, sql);
    if (ends_group(sql))
        grouping->open = false;
}

void history_add_plan(const struct stage *stage, struct script *script,
                      const struct plan *plan, struct span span)
{
    struct grouping grouping = {stage->arena, script, span, NULL, false};
    size_t i;

    *VEC_ADD(stage->arena, &script->plans) = plan;
    script->foreign_keys_off = script->foreign_keys_off || plan->foreign_keys_off;
    script->destroys = script->destroys || plan->destroys;
    for (i = 0; i < plan->statements.count; i++)
        add_statement(&grouping, &plan->statements.items[i]);
}

static const struct plan *make_plan(struct run *run, const struct migration_step *first)
{
    struct rename_text renames = rename_texts(run);
    const struct structure *from = state_structure(run->stage, run->before);
    const struct structure *to =
        from != NULL ? state_structure(run->stage, run->after) : NULL;
    const struct plan *plan = NULL;
    const char *error = NULL;
    struct diff *diff;

    if (to == NULL)
        return NULL;
    diff = diff_structures(run->stage->arena, from, to, &renames, &error);
    if (diff != NULL)
        plan = plan_make(run->stage->arena, diff, &error);
    if (plan == NULL)
        diag_error(run->stage->diags, 413, first->span, "this cannot be done: %s", error);
    return plan;
}

/* A view or trigger that does not compile would block later renames. */
static bool is_whole(const struct run *run, const struct plan *plan,
                     const struct migration_step *first)
{
    size_t i;

    for (i = 0; i < plan->warnings.count; i++)
        if (plan->warnings.items[i].kind == WARNING_BROKEN) {
            diag_error(run->stage->diags, 416, first->span, "after this step %s",
                       plan->warnings.items[i].text);
            return false;
        }
    return true;
}

size_t history_run(struct history_maker *maker, const struct migration_step *steps,
                   size_t count)
{
    struct run run = {.stage = maker->stage, .before = maker->state};
    struct edit_rename rename;
    struct history_part *part;
    const struct plan *plan;
    size_t i;

    run.after = state_copy(maker->stage, maker->state);
    for (i = 0; i < count && (i == 0 || !begins_another(&run, &steps[i])); i++) {
        if (!edit_state(maker->stage, run.after, &steps[i], &rename))
            return 0;
        note_names(&run, &steps[i]);
        if (rename.table != NULL)
            note_rename(&run, &rename);
    }
    plan = make_plan(&run, steps);
    if (plan == NULL || !is_whole(&run, plan, steps))
        return 0;
    history_add_plan(maker->stage, maker->script, plan, steps->span);
    if (maker->keep_parts) {
        part = VEC_ADD(maker->stage->arena, &maker->version->parts);
        *part = (struct history_part){run.before, run.after, steps, i, plan, false, 0};
    }
    maker->state = run.after;
    return i;
}
