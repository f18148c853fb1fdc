/*
 * prove.c: see prove.h: all ways up on an empty database, compared with the declared
 * tables.
 */
#include "prove.h"

#include "scratch.h"

#include "../base/names.h"
#include "../model/ddl.h"
#include "../sql/token.h"

#include <string.h>

/* ---- the declared tables ------------------------------------------------------ */

struct structure *prove_declared(const struct stage *stage)
{
    const struct ddl_statement *statements;
    size_t count = ddl_schema(stage->arena, stage->schema, &statements), i;
    const struct scratch_image *image;
    struct structure *structure = NULL;
    const char *error = NULL;
    struct buf sql;
    sqlite3 *db = NULL;
    bool good = true;

    buf_init(&sql);
    for (i = 0; i < count; i++)
        if (statements[i].seed == NULL)
            buf_addf(&sql, "%s;\n", statements[i].sql);
    image = stage_image(stage, sql.data);
    buf_release(&sql);
    db = image != NULL ? scratch_from(stage->arena, image) : scratch_open();
    for (i = 0; i < count && good && image == NULL; i++)
        if (statements[i].seed == NULL &&
            !scratch_run(stage->arena, db, statements[i].sql, &error)) {
            diag_error(stage->diags, 244, statements[i].span, "SQLite refuses this: %s",
                       error);
            good = false;
        }
    if (good)
        structure = structure_read(stage->arena, db, &error);
    if (good && structure == NULL)
        diag_error(stage->diags, 244, stage->schema->span, "%s", error);
    sqlite3_close(db);
    return structure;
}

/* ---- differences -------------------------------------------------------------- */

static struct span last_span(const struct stage *stage)
{
    const struct migrations *migrations = stage->schema->migrations;

    return migrations->list.count > 0
               ? migrations->list.items[migrations->list.count - 1]->span
               : migrations->span;
}

/* Where in the schema the difference can be seen. */
static struct span step_span(const struct stage *stage, const struct step *step)
{
    const struct schema *schema = stage->schema;
    size_t i;

    for (i = 0; step->kind == STEP_CREATE_TRIGGER && i < schema->triggers.count; i++)
        if (name_same(schema->triggers.items[i]->name, step->name))
            return schema->triggers.items[i]->span;
    for (i = 0; step->table != NULL && i < schema->tables.count; i++)
        if (name_same(schema->tables.items[i]->sql_name, step->table))
            return schema->tables.items[i]->span;
    return last_span(stage);
}

static bool same_span(struct span a, struct span b)
{
    return a.at.source == b.at.source && a.at.line == b.at.line &&
           a.at.column == b.at.column;
}

/* One error for each place, with all steps that are about it. */
static void report_at(const struct stage *stage, const struct diff *diff, size_t first)
{
    struct span span = step_span(stage, &diff->steps.items[first]);
    struct diag *diag;
    struct buf list;
    size_t i;

    for (i = 0; i < first; i++)
        if (same_span(span, step_span(stage, &diff->steps.items[i])))
            return;
    buf_init(&list);
    for (i = first; i < diff->steps.count; i++)
        if (same_span(span, step_span(stage, &diff->steps.items[i])))
            buf_addf(&list, "%s%s", list.length > 0 ? "; " : "",
                     diff->steps.items[i].text);
    diag = diag_error(stage->diags, 420, span,
                      "the migrations do not lead here; still to do: %s", list.data);
    diag_hint(diag, "`quarry migrate new NAME SCHEMA` writes the steps");
    buf_release(&list);
}

static bool compare(const struct stage *stage, const struct structure *reached)
{
    const struct structure *declared = prove_declared(stage);
    const char *error = NULL;
    struct diff *diff;
    size_t i;

    if (declared == NULL)
        return false;
    diff = diff_structures(stage->arena, reached, declared, NULL, &error);
    if (diff == NULL) {
        diag_error(stage->diags, 420, last_span(stage), "%s", error);
        return false;
    }
    for (i = 0; i < diff->steps.count; i++)
        report_at(stage, diff, i);
    return diff->steps.count == 0;
}

/* ---- seeds -------------------------------------------------------------------- */

/* Whether a row is there that has all values that the seed gives. */
static bool has_seed(const struct stage *stage, sqlite3 *db, const struct table *table,
                     const struct seed *seed)
{
    sqlite3_stmt *statement = NULL;
    const char *separator = " WHERE ";
    struct buf sql;
    bool found;
    size_t i;

    buf_init(&sql);
    buf_addf(&sql, "SELECT 1 FROM %s", name_sql(stage->arena, table->sql_name));
    for (i = 0; i < table->columns.count; i++)
        if (seed->given[i]) {
            buf_addf(&sql, "%s%s IS ", separator,
                     name_sql(stage->arena, table->columns.items[i]->sql_name));
            ddl_literal(&seed->values[i], &sql);
            separator = " AND ";
        }
    found = sqlite3_prepare_v2(db, sql.data, -1, &statement, NULL) == SQLITE_OK &&
            sqlite3_step(statement) == SQLITE_ROW;
    sqlite3_finalize(statement);
    buf_release(&sql);
    return found;
}

static bool check_seeds(const struct stage *stage, sqlite3 *db)
{
    bool good = true;
    size_t i, k;

    for (i = 0; i < stage->schema->tables.count; i++) {
        const struct table *table = stage->schema->tables.items[i];

        for (k = 0; k < table->seeds.count; k++) {
            if (has_seed(stage, db, table, &table->seeds.items[k]))
                continue;
            good = false;
            diag_hint(diag_error(stage->diags, 421, table->seeds.items[k].span,
                                 "no migration inserts this row of `%s`", table->name),
                      "`quarry migrate new NAME SCHEMA` writes the steps");
        }
    }
    return good;
}

/* ---- all ---------------------------------------------------------------------- */

static bool run_up(const struct stage *stage, sqlite3 *db,
                   const struct history_version *version)
{
    struct prove_fault fault;

    if (prove_run(stage, db, &version->up, &fault))
        return true;
    diag_error(stage->diags, 424,
               fault.step != NULL ? fault.step->span : version->migration->span,
               "SQLite refuses this in an empty database: %s", fault.message);
    return false;
}

sqlite3 *prove_reached(const struct stage *stage, const struct history *history)
{
    sqlite3 *db = scratch_open();
    struct prove_fault fault;
    size_t i;

    for (i = 0; i < history->versions.count; i++)
        if (!prove_run(stage, db, &history->versions.items[i].up, &fault)) {
            sqlite3_close(db);
            return NULL;
        }
    return db;
}

/* What the first way up reached when its plan was tried, where it is nothing else. */
static const struct scratch_image *first_reached(const struct history *history)
{
    const struct history_version *first = &history->versions.items[0];
    size_t i;

    for (i = 0; i < first->up.steps.count; i++)
        if (first->up.steps.items[i].data)
            return NULL;
    return first->up.plans.count == 1 ? first->up.plans.items[0]->reached : NULL;
}

/* All ways up; NULL: one fails. */
static sqlite3 *run_all(const struct stage *stage, struct history *history)
{
    const struct scratch_image *first = first_reached(history);
    sqlite3 *db = first != NULL ? scratch_from(stage->arena, first) : scratch_open();
    size_t i;

    for (i = 0; i < history->versions.count; i++) {
        struct history_version *version = &history->versions.items[i];

        if ((i > 0 || first == NULL) && !run_up(stage, db, version)) {
            sqlite3_close(db);
            return NULL;
        }
        version->reached = scratch_image(stage->arena, db);
    }
    return db;
}

bool prove_history(const struct stage *stage, struct history *history)
{
    const struct structure *reached = NULL;
    sqlite3 *db = run_all(stage, history);
    const char *error = NULL;
    bool good = db != NULL;
    size_t i;

    if (good)
        reached = structure_read(stage->arena, db, &error);
    good = reached != NULL && compare(stage, reached) && check_seeds(stage, db);
    sqlite3_close(db);
    for (i = 0; i < history->versions.count && good; i++)
        good = prove_losses(stage, &history->versions.items[i]) &&
               prove_data(stage, &history->versions.items[i]);
    if (good)
        prove_samples(stage, history);
    return good;
}
