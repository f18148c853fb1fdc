/*
 * prove_data.c: rows through a migration, see prove.h. What survives by definition is
 * every column that is on both sides and whose type and nullability stay, in tables whose
 * rows no step changes; it must come back byte for byte, with its rowids.
 */
#include "prove.h"

#include "scratch.h"

#include "../base/names.h"
#include "../sql/token.h"

#include <string.h>

/* A column that a migration keeps, or, with `column` NULL, a table. */
struct survivor {
    const char *from_table, *from; /* before it, in SQL */
    const char *to_table, *to;     /* after it */
    bool rowid;                    /* compare the rowids too */
};

struct survivors {
    VEC(struct survivor) list;
};

/* ---- what survives ------------------------------------------------------------ */

static bool has_hidden_rowid(const struct table_def *table)
{
    return !table->without_rowid && !table->is_virtual &&
           table_def_rowid(table) == NO_COLUMN &&
           table_def_column(table, "rowid") == NO_COLUMN;
}

static void begin(const struct stage *stage, const struct structure *structure,
                  struct survivors *survivors)
{
    size_t i, k;

    for (i = 0; i < structure->tables.count; i++) {
        const struct table_def *table = structure->tables.items[i];

        for (k = 0; k < table->columns.count && !table->is_virtual; k++) {
            const char *name = table->columns.items[k].name;

            *VEC_ADD(stage->arena, &survivors->list) = (struct survivor){
                table->name, name, table->name, name, has_hidden_rowid(table)};
        }
    }
}

/* Follows a survivor through a plan; false: it ends here. */
static bool follow(const struct plan *plan, struct survivor *survivor)
{
    const struct diff *diff = plan->diff;
    size_t i, k;

    for (i = 0; i < diff->tables.count; i++) {
        const struct table_change *change = &diff->tables.items[i];
        const struct table_def *was = structure_table(diff->from, change->was);
        size_t origin;

        if (!name_same(change->was, survivor->to_table) || was == NULL)
            continue;
        origin = table_def_column(was, survivor->to);
        for (k = 0; origin != NO_COLUMN && k < change->to->columns.count; k++) {
            const struct column_change *column = &change->columns[k];

            if (column->origin != origin)
                continue;
            survivor->to_table = change->to->name;
            survivor->to = change->to->columns.items[k].name;
            survivor->rowid = survivor->rowid && has_hidden_rowid(change->to);
            return !column->type && !column->not_null && !column->generated;
        }
        return false;
    }
    return false;
}

static bool is_listed(const char *const *names, size_t count, const char *name)
{
    size_t i;

    for (i = 0; i < count; i++)
        if (name_same(names[i], name))
            return true;
    return false;
}

/* Rows of a table go with those of its parents. */
static bool is_written(const struct structure *structure, const struct script *script,
                       const char *name, unsigned depth)
{
    const struct table_def *table = structure_table(structure, name);
    size_t i;

    if (script->written.count == 0)
        return false;
    if (is_listed(script->written.items, script->written.count, name))
        return true;
    for (i = 0; table != NULL && depth < 10 && i < table->foreign_keys.count; i++)
        if (!name_same(table->foreign_keys.items[i].parent, name) &&
            is_written(structure, script, table->foreign_keys.items[i].parent, depth + 1))
            return true;
    return false;
}

static bool survives(const struct stage *stage, const struct history_version *version,
                     struct survivor *survivor)
{
    const struct structure *after;
    size_t i;

    for (i = 0; i < version->parts.count; i++) {
        const struct history_part *part = &version->parts.items[i];

        if (part->plan != NULL) {
            if (part->plan->statements.count > 0 && !follow(part->plan, survivor))
                return false;
            continue;
        }
        after = state_structure(stage, part->after);
        if (after == NULL || structure_table(after, survivor->to_table) == NULL ||
            table_def_column(structure_table(after, survivor->to_table), survivor->to) ==
                NO_COLUMN)
            return false;
        if (is_written(after, &version->up, survivor->to_table, 0) ||
            is_written(after, &version->down, survivor->to_table, 0))
            return false;
    }
    return true;
}

static struct survivors find_survivors(const struct stage *stage,
                                       const struct history_version *version)
{
    struct survivors all = {0}, found = {0};
    const struct structure *before = state_structure(stage, version->before);
    size_t i;

    if (before == NULL)
        return found;
    begin(stage, before, &all);
    for (i = 0; i < all.list.count; i++)
        if (survives(stage, version, &all.list.items[i]))
            *VEC_ADD(stage->arena, &found.list) = all.list.items[i];
    return found;
}

/* ---- dumps -------------------------------------------------------------------- */

/* Adds the rows of a table, one line each, of the survivors from `first` on. */
static size_t dump_table(const struct stage *stage, sqlite3 *db,
                         const struct survivors *survivors, size_t first, bool after,
                         struct buf *out)
{
    const struct survivor *head = &survivors->list.items[first];
    sqlite3_stmt *statement = NULL;
    struct buf sql;
    size_t i;

    buf_init(&sql);
    buf_adds(&sql, head->rowid ? "SELECT rowid" : "SELECT ''");
    for (i = first; i < survivors->list.count; i++) {
        const struct survivor *survivor = &survivors->list.items[i];

        if (strcmp(survivor->from_table, head->from_table) != 0)
            break;
        buf_addf(&sql, " || ',' || quote(%s)",
                 name_sql(stage->arena, after ? survivor->to : survivor->from));
    }
    buf_addf(&sql, " FROM %s ORDER BY 1",
             name_sql(stage->arena, after ? head->to_table : head->from_table));
    buf_addf(out, "%s\n", head->from_table);
    if (sqlite3_prepare_v2(db, sql.data, -1, &statement, NULL) != SQLITE_OK)
        buf_addf(out, "%s\n", sqlite3_errmsg(db));
    while (statement != NULL && sqlite3_step(statement) == SQLITE_ROW)
        buf_addf(out, "  %s\n", (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    buf_release(&sql);
    return i;
}

static const char *dump(const struct stage *stage, sqlite3 *db,
                        const struct survivors *survivors, bool after)
{
    const char *text;
    struct buf out;
    size_t i = 0;

    buf_init(&out);
    while (i < survivors->list.count)
        i = dump_table(stage, db, survivors, i, after, &out);
    text = arena_strndup(stage->arena, out.data, out.length);
    buf_release(&out);
    return text;
}

/* The first line in which two dumps differ, and the table that it is in. */
static const char *difference(const struct stage *stage, const char *a, const char *b)
{
    const char *table = a;

    while (*a != '\0' && *b != '\0') {
        size_t left = strcspn(a, "\n"), right = strcspn(b, "\n");

        if (*a != ' ')
            table = a;
        if (left != right || strncmp(a, b, left) != 0)
            break;
        a += left + 1;
        b += right + 1;
    }
    return arena_printf(
        stage->arena, "in `%.*s`, %.*s became %.*s", (int)strcspn(table, "\n"), table,
        *a == ' ' ? (int)strcspn(a, "\n") - 2 : 7, *a == ' ' ? a + 2 : "nothing",
        *b == ' ' ? (int)strcspn(b, "\n") - 2 : 7, *b == ' ' ? b + 2 : "nothing");
}

/* ---- one migration ------------------------------------------------------------ */

struct prover {
    const struct stage *stage;
    const struct history_version *version;
    struct survivors survivors;
    sqlite3 *db;
};

/* The name, before the script, of a table that has this one after its plan `plan`. */
static const char *name_at_start(const struct script *script, size_t plan,
                                 const char *name)
{
    size_t i, k;

    for (i = plan + 1; i-- > 0;)
        for (k = 0; k < script->plans.items[i]->diff->tables.count; k++) {
            const struct table_change *change =
                &script->plans.items[i]->diff->tables.items[k];

            if (name_same(change->to->name, name)) {
                name = change->was;
                break;
            }
        }
    return name;
}

/* Tables that may refuse rows, or in whose rows steps may meet what they insert. */
static bool clear_risky(struct prover *prover, const struct script *script)
{
    struct arena *arena = prover->stage->arena;
    bool any = false;
    size_t i, k;

    for (i = 0; i < script->plans.count; i++)
        for (k = 0; k < script->plans.items[i]->warnings.count; k++) {
            const struct plan_warning *warning =
                &script->plans.items[i]->warnings.items[k];

            if (warning->kind != WARNING_CAN_FAIL || warning->table == NULL)
                continue;
            any = true;
            sqlite3_exec(
                prover->db,
                arena_printf(arena, "DELETE FROM %s",
                             name_sql(arena, name_at_start(script, i, warning->table))),
                NULL, NULL, NULL);
        }
    for (i = 0; i < script->written.count; i++) {
        any = true;
        sqlite3_exec(prover->db,
                     arena_printf(arena, "DELETE FROM %s",
                                  name_sql(arena, script->written.items[i])),
                     NULL, NULL, NULL);
    }
    prove_remove_orphans(prover->stage, prover->db);
    return any;
}

/* SQL that fails for these rows may fail for the user's. A row that `insert` meets is no
 * wonder: those of the proof have keys from 1 on too. */
static void warn_of_fault(struct prover *prover, const struct prove_fault *fault,
                          const char *way)
{
    if (fault->step != NULL && fault->step->data && !fault->step->inserts)
        diag_warning(prover->stage->diags, 490, fault->step->span,
                     "with rows in the tables the way %s fails, without them it does "
                     "not: %s",
                     way, fault->message);
}

/*
 * With the rows that migrations made and no others: where those of the proof are gone, rows
 * may be missing that steps refer to. False: it fails also then, or changes no rows.
 */
static bool run_with_own(struct prover *prover, const struct script *script, bool up,
                         struct prove_fault *fault)
{
    const struct history_version *version = prover->version;
    const struct scratch_image *image = version->reached;

    if (up)
        image = version->migration->version > 1 ? (version - 1)->reached : NULL;
    if (script->written.count == 0 || image == NULL)
        return false;
    sqlite3_close(prover->db);
    prover->db = scratch_from(prover->stage->arena, image);
    return prove_run(prover->stage, prover->db, script, fault);
}

/* After `fault`: false where it fails also once the rows that may be why are gone. */
static bool run_without(struct prover *prover, const struct script *script,
                        const char *way, struct prove_fault fault)
{
    const struct prove_fault first = fault;
    bool up = script == &prover->version->up;

    if ((clear_risky(prover, script) &&
         prove_run(prover->stage, prover->db, script, &fault)) ||
        run_with_own(prover, script, up, &fault)) {
        warn_of_fault(prover, &first, way);
        return true;
    }
    diag_error(prover->stage->diags, 424,
               fault.step != NULL ? fault.step->span : prover->version->migration->span,
               "with rows in the tables the way %s fails: %s", way, fault.message);
    return false;
}

static bool has_structure(struct prover *prover, struct state *state, const char *way)
{
    const struct stage *stage = prover->stage;
    const struct structure *wanted = state_structure(stage, state);
    const char *error = NULL;
    struct structure *found = structure_read(stage->arena, prover->db, &error);
    struct diff *diff = NULL;

    if (wanted == NULL)
        return false;
    if (found != NULL)
        diff = diff_structures(stage->arena, found, wanted, NULL, &error);
    if (diff != NULL && diff->steps.count == 0)
        return true;
    diag_error(stage->diags, 422, prover->version->migration->span,
               "the way %s does not lead to the tables of version %d; still to do: %s",
               way,
               state == prover->version->after ? prover->version->migration->version
                                               : prover->version->migration->version - 1,
               diff != NULL ? diff->steps.items[0].text : error);
    return false;
}

static bool keeps(struct prover *prover, const char *before, bool after, const char *way)
{
    const char *now = dump(prover->stage, prover->db, &prover->survivors, after);

    if (strcmp(before, now) == 0)
        return true;
    diag_error(prover->stage->diags, 423, prover->version->migration->span,
               "the way %s changes rows that it should keep: %s", way,
               difference(prover->stage, before, now));
    return false;
}

/* Where a way had to be tried without some rows, what is there by then is what counts. */
static bool go(struct prover *prover, bool up, const char *way)
{
    const struct history_version *version = prover->version;
    const struct script *script = up ? &version->up : &version->down;
    struct prove_fault fault;
    const char *before = dump(prover->stage, prover->db, &prover->survivors, !up);

    if (!prove_run(prover->stage, prover->db, script, &fault)) {
        if (!run_without(prover, script, way, fault))
            return false;
        before = NULL;
    }
    return has_structure(prover, up ? version->after : version->before, way) &&
           (before == NULL || keeps(prover, before, up, way));
}

/* From rows of the version before: up; from there, or from rows of this one: down, up. */
static bool prove_from(struct prover *prover, struct state *start)
{
    const struct history_version *version = prover->version;
    bool good = true;

    prover->db = prove_rows(prover->stage, start);
    if (prover->db == NULL)
        return false;
    if (start == version->before)
        good = go(prover, true, "up");
    if (good && version->has_down)
        good = go(prover, false, "down") && go(prover, true, "up again");
    sqlite3_close(prover->db);
    return good;
}

/* From nothing there are no rows to look after, and the way up has been gone already. What
 * only makes tables leaves nothing that the rows of the version itself would not show. */
static bool prove_first(struct prover *prover)
{
    bool good;

    if (!prover->version->has_down || prover->version->parts.count < 2)
        return true;
    prover->db = scratch_from(prover->stage->arena, prover->version->reached);
    good = go(prover, false, "down");
    sqlite3_close(prover->db);
    return good;
}

bool prove_data(const struct stage *stage, const struct history_version *version)
{
    struct prover prover = {.stage = stage, .version = version};

    prover.survivors = find_survivors(stage, version);
    if (version->reached != NULL && version->migration->version == 1)
        return prove_first(&prover) && prove_from(&prover, version->after);
    return prove_from(&prover, version->before) && prove_from(&prover, version->after);
}
