/*
 * prove_rows.c: fills the tables of a state with rows, see prove.h: those that emitted
 * tests would insert. Rows that SQLite refuses are left out, then those without parents.
 */
#include "prove.h"

#include "scratch.h"

#include "../base/names.h"
#include "../model/ddl.h"
#include "../model/sample.h"

#include <string.h>

/* Rowids that a copy without care would change. */
static const long rowids[SAMPLE_ROWS] = {7, 100, 5000};

static bool shows_rowid(const struct table *table)
{
    size_t i;

    if (table->without_rowid || table->key.is_rowid)
        return false;
    for (i = 0; i < table->columns.count; i++)
        if (sqlite3_stricmp(table->columns.items[i]->sql_name, "rowid") == 0)
            return false;
    return true;
}

static void insert_row(const struct stage *stage, sqlite3 *db, const struct table *table,
                       size_t row)
{
    const char *separator = "";
    struct buf sql, values;
    size_t i;

    buf_init(&sql);
    buf_init(&values);
    buf_addf(&sql, "INSERT%s INTO %s (", ddl_or_abort(table),
             name_sql(stage->arena, table->sql_name));
    if (shows_rowid(table)) {
        buf_adds(&sql, "rowid");
        buf_addf(&values, "%ld", rowids[row]);
        separator = ", ";
    }
    for (i = 0; i < table->columns.count; i++) {
        const struct column *column = table->columns.items[i];

        if (column->generated != NULL)
            continue;
        buf_addf(&sql, "%s%s", separator, name_sql(stage->arena, column->sql_name));
        buf_adds(&values, separator);
        ddl_literal(&table->samples[row].values[i], &values);
        separator = ", ";
    }
    buf_addf(&sql, ") VALUES (%s)", values.data);
    sqlite3_exec(db, sql.data, NULL, NULL, NULL);
    buf_release(&sql);
    buf_release(&values);
}

/* Removes a row without parent that foreign_key_check names; false: there is none. */
static bool remove_orphan(const struct stage *stage, sqlite3 *db)
{
    sqlite3_stmt *statement = NULL;
    const char *sql = NULL;

    if (sqlite3_prepare_v2(db, "PRAGMA foreign_key_check", -1, &statement, NULL) ==
            SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW) {
        const char *table =
            name_sql(stage->arena, (const char *)sqlite3_column_text(statement, 0));

        sql = sqlite3_column_type(statement, 1) == SQLITE_NULL
                  ? arena_printf(stage->arena, "DELETE FROM %s", table)
                  : arena_printf(stage->arena, "DELETE FROM %s WHERE rowid = %lld", table,
                                 (long long)sqlite3_column_int64(statement, 1));
    }
    sqlite3_finalize(statement);
    return sql != NULL && sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

void prove_remove_orphans(const struct stage *stage, sqlite3 *db)
{
    while (remove_orphan(stage, db))
        continue;
}

/* What the sampler thinks of the rules of a table of the past concerns nobody. */
static void make_samples(const struct stage *stage, struct schema *model)
{
    if (model->tables.count > 0 && model->tables.items[0]->samples == NULL)
        sample_plan(stage->arena, diags_new(stage->arena), model);
}

static void fill(const struct stage *stage, sqlite3 *db, const struct schema *model)
{
    size_t i, row;

    for (i = 0; i < model->creation.count; i++) {
        const struct table *table = model->creation.items[i];

        for (row = 0;
             table->samples != NULL && row < table->sample_count && row < SAMPLE_ROWS;
             row++)
            insert_row(stage, db, table, row);
    }
    prove_remove_orphans(stage, db);
}

sqlite3 *prove_rows(const struct stage *stage, struct state *state)
{
    struct state *silent = state_copy(stage, state);
    struct schema *model = state_model(stage, state);
    const char *error;
    sqlite3 *db;
    size_t i;

    silent->triggers.count = 0; /* none fires while rows are made */
    if (model == NULL)
        return NULL;
    make_samples(stage, model);
    db = state_database(stage, silent);
    if (db == NULL)
        return NULL;
    fill(stage, db, model);
    for (i = 0; i < state->triggers.count; i++)
        scratch_run(stage->arena, db, state->triggers.items[i].sql, &error);
    return db;
}
