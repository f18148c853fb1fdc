/*
 * history_loss.c: what steps that change rows destroy beyond what they say, see history.h.
 * Judge is SQLite: which rows of other tables a statement deletes by foreign keys, and
 * which values there it sets, is known from what it compiles. That REPLACE deletes the row
 * in its way SQLite tells nobody, so it is known from the statement and the table's keys.
 * Where foreign keys are off, what they would have done is a risk.
 */
#include "history.h"

#include "scratch.h"

#include "../sql/token.h"

#include <stdarg.h>
#include <string.h>

/* ---- losses ------------------------------------------------------------------- */

static bool is_known(const struct script *script, struct span span, const char *text)
{
    size_t i;

    for (i = 0; i < script->losses.count; i++)
        if (strcmp(script->losses.items[i].text, text) == 0 &&
            script->losses.items[i].span.at.line == span.at.line)
            return true;
    return false;
}

void history_add_loss(const struct stage *stage, struct script *script, const char *table,
                      struct span span, const char *hint, const char *format, ...)
{
    const char *text;
    va_list values;

    va_start(values, format);
    text = arena_vprintf(stage->arena, format, values);
    va_end(values);
    script->destroys = true;
    if (!is_known(script, span, text))
        *VEC_ADD(stage->arena, &script->losses) =
            (struct script_loss){table, text, hint, span};
}

static bool same_place(struct span a, struct span b)
{
    return a.at.source == b.at.source && a.at.line == b.at.line &&
           a.at.column == b.at.column;
}

/* One error for a place, with all losses there. */
static void report_at(const struct stage *stage, const struct script *script,
                      size_t first)
{
    const struct script_loss *loss = &script->losses.items[first];
    struct buf list;
    size_t i;

    buf_init(&list);
    for (i = first; i < script->losses.count; i++)
        if (same_place(loss->span, script->losses.items[i].span))
            buf_addf(&list, "%s%s", list.length > 0 ? "; " : "",
                     script->losses.items[i].text);
    diag_hint(
        diag_error(stage->diags, 414, loss->span, "this destroys data: %s", list.data),
        loss->hint != NULL
            ? "write %s, or `accept: data_loss` in the migration if it is meant"
            : "write `accept: data_loss` in the migration if it is meant",
        loss->hint);
    buf_release(&list);
}

void history_report_losses(const struct stage *stage,
                           const struct history_version *version, size_t first)
{
    const struct script *script = &version->up;
    size_t i, k;

    for (i = first; i < script->losses.count && !version->migration->accept_data_loss;
         i++) {
        for (k = first; k < i; k++)
            if (same_place(script->losses.items[i].span, script->losses.items[k].span))
                break;
        if (k == i)
            report_at(stage, script, i);
    }
}

/* ---- whose rows they are ------------------------------------------------------ */

/* The name of the table before a plan. */
static const char *name_before(const struct plan *plan, const char *name)
{
    size_t i;

    for (i = 0; i < plan->diff->tables.count; i++)
        if (name_same(plan->diff->tables.items[i].to->name, name))
            return plan->diff->tables.items[i].was;
    return name;
}

bool history_is_old(const struct stage *stage, const struct history_version *version,
                    size_t part, const char *table)
{
    const struct structure *before = state_structure(stage, version->before);

    while (part-- > 0)
        if (version->parts.items[part].plan != NULL)
            table = name_before(version->parts.items[part].plan, table);
    return before != NULL && structure_table(before, table) != NULL;
}

/* ---- one statement ------------------------------------------------------------ */

struct changed_column {
    const char *table, *column;
};

struct loss_finder {
    const struct stage *stage;
    struct history_version *version;
    size_t part;
    sqlite3 *db;
    struct span span;
    int action;             /* of the statement: SQLITE_INSERT, _UPDATE, _DELETE, or 0 */
    const char *target;     /* the table that it names */
    VEC(const char *) gone; /* tables that rows are deleted from by foreign keys */
    VEC(struct changed_column) changed; /* by the statement or by foreign keys */
};

static bool is_old(const struct loss_finder *finder, const char *table)
{
    return history_is_old(finder->stage, finder->version, finder->part, table);
}

/* The first change is the statement's own. What a trigger deletes it may put back, so that
 * is judged with rows, in prove_loss.c; a foreign key deletes for good. */
static int note_change(void *context, int action, const char *table, const char *column,
                       const char *database, const char *program)
{
    struct loss_finder *finder = context;
    struct arena *arena = finder->stage->arena;

    (void)database;
    if (table == NULL || program != NULL || strncmp(table, "sqlite_", 7) == 0 ||
        (action != SQLITE_INSERT && action != SQLITE_UPDATE && action != SQLITE_DELETE))
        return SQLITE_OK;
    if (finder->action == 0) {
        finder->action = action;
        finder->target = arena_strdup(arena, table);
    } else if (action == SQLITE_DELETE && !name_same(table, finder->target)) {
        *VEC_ADD(arena, &finder->gone) = arena_strdup(arena, table);
    }
    if (action == SQLITE_UPDATE && column != NULL)
        *VEC_ADD(arena, &finder->changed) = (struct changed_column){
            arena_strdup(arena, table), arena_strdup(arena, column)};
    return SQLITE_OK;
}

/*
 * The token after INSERT, REPLACE or UPDATE and their OR; NULL: it is none of them. *way
 * is what the statement does with a row in the way: KEYWORD_REPLACE, another word of OR,
 * or KEYWORD_NONE, where the clauses of the table say it.
 */
static const struct token *after_verb(const struct token *tokens, enum keyword *way)
{
    size_t depth = 0;

    for (*way = KEYWORD_NONE; tokens->kind != TOKEN_END; tokens++) {
        depth += tokens->kind == TOKEN_LEFT;
        depth -= tokens->kind == TOKEN_RIGHT && depth > 0;
        if (depth > 0)
            continue;
        if (tokens->keyword == KEYWORD_REPLACE) {
            *way = KEYWORD_REPLACE;
            return tokens + 1;
        }
        if (tokens->keyword == KEYWORD_INSERT || tokens->keyword == KEYWORD_UPDATE) {
            if (tokens[1].keyword != KEYWORD_OR)
                return tokens + 1;
            *way = tokens[2].keyword;
            return tokens + 3;
        }
        if (tokens->keyword == KEYWORD_DELETE || tokens->keyword == KEYWORD_SELECT)
            return NULL;
    }
    return NULL;
}

/* How many columns "INTO t (a, b)" names; all of the table where there is no list. */
static size_t named_columns(const struct token *into, size_t all)
{
    size_t count = 1;

    while (into->kind == TOKEN_WORD || into->kind == TOKEN_QUOTED ||
           into->kind == TOKEN_DOT || into->kind == TOKEN_STRING) {
        if (into->keyword == KEYWORD_VALUES || into->keyword == KEYWORD_SELECT)
            return all;
        if (into->keyword == KEYWORD_DEFAULT)
            return 0;
        into++;
    }
    if (into->kind != TOKEN_LEFT)
        return all;
    for (; into->kind != TOKEN_RIGHT && into->kind != TOKEN_END; into++)
        count += into->kind == TOKEN_COMMA;
    return count;
}

static size_t count_columns(const struct table_def *table)
{
    size_t i, count = 0;

    for (i = 0; i < table->columns.count; i++)
        count += table->columns.items[i].generated.text == NULL;
    return count;
}

/* How many keys a new row can meet: the primary key, UNIQUE, unique indexes. */
static size_t count_keys(const struct structure *structure, const struct table_def *table)
{
    size_t i, count = table->keys.count;

    for (i = 0; i < structure->indexes.count; i++)
        count += structure->indexes.items[i]->unique &&
                 name_same(structure->indexes.items[i]->table, table->name);
    return count;
}

static bool is_parent(const struct structure *structure, const char *table)
{
    size_t i, k;

    for (i = 0; i < structure->tables.count; i++)
        for (k = 0; k < structure->tables.items[i]->foreign_keys.count; k++)
            if (name_same(structure->tables.items[i]->foreign_keys.items[k].parent,
                          table))
                return true;
    return false;
}

static bool is_changed(const struct loss_finder *finder, const char *column)
{
    size_t i;

    for (i = 0; i < finder->changed.count; i++)
        if (name_same(finder->changed.items[i].table, finder->target) &&
            name_same(finder->changed.items[i].column, column))
            return true;
    return false;
}

/* Whether the statement, which has no OR, meets a key that says ON CONFLICT REPLACE. */
static bool meets_clause(const struct loss_finder *finder, const struct table_def *table)
{
    size_t i, k;

    for (i = 0; i < table->keys.count; i++) {
        const struct key_def *key = &table->keys.items[i];

        if (key->conflict != CONFLICT_REPLACE)
            continue;
        if (finder->action != SQLITE_UPDATE)
            return true;
        for (k = 0; k < key->terms.count; k++)
            if (key->terms.items[k].name != NULL &&
                is_changed(finder, key->terms.items[k].name))
                return true;
    }
    return false;
}

/* ON CONFLICT … DO …, which goes before the clause of the table's only key. */
static bool has_upsert(const struct token *tokens)
{
    while (tokens->kind != TOKEN_END && tokens->keyword != KEYWORD_CONFLICT)
        tokens++;
    return tokens->kind != TOKEN_END;
}

/*
 * REPLACE is an update where the row has one key, nothing refers to it, and all of its
 * columns are given. Else a row, or what stood in it, is lost. NULL: nothing is; else what
 * says REPLACE.
 */
static const char *replaces(const struct loss_finder *finder,
                            const struct structure *structure, const struct token *tokens)
{
    const struct table_def *table = structure_table(structure, finder->target);
    enum keyword way;
    const struct token *into = after_verb(tokens, &way);
    size_t keys = table != NULL ? count_keys(structure, table) : 0;

    if (into == NULL || keys == 0 || !is_old(finder, finder->target) ||
        (way != KEYWORD_REPLACE && way != KEYWORD_NONE))
        return NULL;
    if (way == KEYWORD_NONE &&
        (!meets_clause(finder, table) || (keys == 1 && has_upsert(into))))
        return NULL;
    if (finder->action == SQLITE_UPDATE || keys > 1 ||
        is_parent(structure, finder->target) ||
        named_columns(into + 1, count_columns(table)) < count_columns(table))
        return way == KEYWORD_REPLACE ? "REPLACE" : "ON CONFLICT REPLACE of the table";
    return NULL;
}

static const char *instead_of(const struct loss_finder *finder, const char *replace)
{
    bool update = finder->action == SQLITE_UPDATE;

    if (finder->action == SQLITE_DELETE)
        return NULL;
    if (replace != NULL && strcmp(replace, "REPLACE") != 0)
        return update ? "UPDATE OR ABORT" : "INSERT OR ABORT";
    return update ? "UPDATE without OR REPLACE"
                  : "`INSERT … ON CONFLICT (…) DO UPDATE SET …`";
}

static bool empties(enum def_action action)
{
    return action == ACTION_SET_NULL || action == ACTION_SET_DEFAULT;
}

/*
 * Whether a foreign key of the column gives its value up when the statement deletes rows,
 * or changes keys.
 */
static bool is_emptied(const struct structure *structure,
                       const struct changed_column *changed, bool deletes, bool updates)
{
    const struct table_def *table = structure_table(structure, changed->table);
    size_t i, k;

    for (i = 0; table != NULL && i < table->foreign_keys.count; i++) {
        const struct foreign_key_def *key = &table->foreign_keys.items[i];

        if (!(deletes && empties(key->on_delete)) &&
            !(updates && empties(key->on_update)))
            continue;
        for (k = 0; k < key->columns.count; k++)
            if (name_same(key->columns.items[k], changed->column))
                return true;
    }
    return false;
}

/* SET NULL and SET DEFAULT: the statement itself names only columns of its own table. */
static void judge_changed(struct loss_finder *finder, const struct structure *structure,
                          const char *replace)
{
    bool own = finder->action == SQLITE_DELETE, deletes = own || replace != NULL;
    size_t i;

    for (i = 0; i < finder->changed.count; i++) {
        const struct changed_column *changed = &finder->changed.items[i];

        if ((own || !name_same(changed->table, finder->target)) &&
            is_emptied(structure, changed, deletes, !own) &&
            is_old(finder, changed->table))
            history_add_loss(finder->stage, &finder->version->up, changed->table,
                             finder->span, NULL, "values of %s.%s go with %s of %s",
                             changed->table, changed->column, deletes ? "rows" : "keys",
                             finder->target);
    }
}

/* Whether the key has something to do for its rows when the statement has run. */
static bool must_act(const struct loss_finder *finder, const struct foreign_key_def *key)
{
    enum def_action action =
        finder->action == SQLITE_DELETE ? key->on_delete : key->on_update;
    size_t i;

    if (!name_same(key->parent, finder->target) ||
        (action != ACTION_CASCADE && !empties(action)))
        return false;
    for (i = 0; finder->action == SQLITE_UPDATE && i < key->parent_columns.count; i++)
        if (is_changed(finder, key->parent_columns.items[i]))
            return true;
    return finder->action == SQLITE_DELETE;
}

/* Foreign keys are off where tables are rebuilt: what they should do is not done. */
static void judge_idle(struct loss_finder *finder, const struct structure *structure)
{
    struct arena *arena = finder->stage->arena;
    bool deletes = finder->action == SQLITE_DELETE;
    size_t i, k;

    if (!finder->version->up.foreign_keys_off ||
        (!deletes && finder->action != SQLITE_UPDATE) || !is_old(finder, finder->target))
        return;
    for (i = 0; i < structure->tables.count; i++) {
        const struct table_def *child = structure->tables.items[i];

        for (k = 0; k < child->foreign_keys.count; k++)
            if (must_act(finder, &child->foreign_keys.items[k]) &&
                is_old(finder, child->name))
                *VEC_ADD(arena, &finder->version->up.risks) = (struct plan_warning){
                    WARNING_CAN_FAIL, child->name,
                    arena_printf(
                        arena,
                        "%s %s: foreign keys are off while the migration rebuilds "
                        "tables, so %s of %s does nothing, and rows that refer "
                        "to what is %s make it fail: give it a migration of "
                        "its own",
                        deletes ? "delete from" : "update of", finder->target,
                        deletes ? "on_delete" : "on_update", child->name,
                        deletes ? "deleted" : "changed")};
    }
}

static void judge(struct loss_finder *finder, const char *sql)
{
    struct script *script = &finder->version->up;
    struct arena *arena = finder->stage->arena;
    const char *instead, *replace, *error = NULL;
    const struct structure *structure;
    size_t i, count;

    structure = finder->action != 0 ? structure_read(arena, finder->db, &error) : NULL;
    if (structure == NULL)
        return;
    replace = replaces(finder, structure, token_list(arena, sql, strlen(sql), &count));
    instead = instead_of(finder, replace);
    if (replace != NULL)
        history_add_loss(finder->stage, script, finder->target, finder->span, instead,
                         "%s deletes rows of %s that are in the way", replace,
                         finder->target);
    for (i = 0; i < finder->gone.count; i++)
        if (is_old(finder, finder->gone.items[i]))
            history_add_loss(finder->stage, script, finder->gone.items[i], finder->span,
                             instead, "rows of %s go with rows of %s",
                             finder->gone.items[i], finder->target);
    judge_changed(finder, structure, replace);
    judge_idle(finder, structure);
}

/* ---- a step ------------------------------------------------------------------- */

static void find_in(struct loss_finder *finder, const char *sql)
{
    sqlite3 *db = finder->db;
    const char *error;

    finder->action = 0;
    finder->gone.count = 0;
    finder->changed.count = 0;
    sqlite3_set_authorizer(db, note_change, finder);
    scratch_run(finder->stage->arena, db, sql,
                &error); /* it ran before, and was judged */
    sqlite3_set_authorizer(db, NULL, NULL);
    judge(finder, sql);
}

static void find_in_part(struct loss_finder *finder, const struct history_part *part)
{
    const struct script_step *step = &finder->version->up.steps.items[part->made];
    sqlite3 *db = state_database(finder->stage, part->before);
    size_t i;

    if (db == NULL)
        return;
    finder->db = db;
    if (!finder->version->up.foreign_keys_off)
        sqlite3_exec(db, "PRAGMA foreign_keys = ON", NULL, NULL, NULL);
    finder->span =
        part->step->word == STEP_KEY_SQL ? part->step->value->span : part->step->span;
    for (i = 0; i < step->sql.count; i++)
        find_in(finder, step->sql.items[i]);
    sqlite3_close(db);
}

void history_find_losses(const struct stage *stage, struct history_version *version)
{
    struct loss_finder finder = {.stage = stage, .version = version};

    for (; finder.part < version->parts.count; finder.part++) {
        const struct history_part *part = &version->parts.items[finder.part];

        if (part->plan == NULL && part->step->word != STEP_KEY_CALL &&
            part->step->word != STEP_KEY_INSERT)
            find_in_part(&finder, part);
    }
}
