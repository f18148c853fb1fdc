/*
 * advice.c: what the adviser (sql/advise.h) needs to know of a schema, and its advice in the
 * words of the schema: lines of YAML, or CREATE INDEX where there is none. See lint.h.
 */
#include "lint.h"

#include "../base/buf.h"
#include "../base/names.h"

/* ---- rows ---------------------------------------------------------------------------- */

/* What ANALYZE has found; 0: it was not run, or found nothing. */
static size_t counted_rows(struct lint *lint, const struct table_shape *table)
{
    sqlite3_stmt *row = NULL;
    size_t rows = 0;

    if (sqlite3_prepare_v2(lint->catalog->db,
                           "SELECT max(CAST(stat AS INTEGER)) FROM sqlite_stat1"
                           " WHERE tbl = ?1 COLLATE NOCASE",
                           -1, &row, NULL) != SQLITE_OK)
        return 0;
    sqlite3_bind_text(row, 1, table->table->name, -1, SQLITE_STATIC);
    if (sqlite3_step(row) == SQLITE_ROW && sqlite3_column_int64(row, 0) > 0)
        rows = (size_t)sqlite3_column_int64(row, 0);
    sqlite3_finalize(row);
    return rows;
}

static size_t rows_of(void *context, const struct table_shape *table)
{
    struct lint *lint = context;
    const struct table *model = lint_model(lint, table);

    if (lint->schema == NULL)
        return counted_rows(lint, table);
    return model == NULL ? 0 : model->rows;
}

struct adviser lint_adviser(struct lint *lint)
{
    return (struct adviser){
        .arena = lint->arena, .catalog = lint->catalog, .rows = rows_of, .context = lint};
}

static void run(struct lint *lint, const char *sql)
{
    sqlite3_exec(lint->catalog->db, sql, NULL, NULL, NULL);
}

/* As ANALYZE would find it. Where this fails plans are those of tables of unknown size. */
void lint_set_rows(struct lint *lint)
{
    bool any = false;
    size_t i;

    for (i = 0; lint->schema != NULL && i < lint->schema->tables.count; i++) {
        const struct table *table = lint->schema->tables.items[i];

        if (table->rows == 0)
            continue;
        if (!any)
            run(lint, "ANALYZE");
        any = true;
        run(lint, arena_printf(lint->arena,
                               "INSERT INTO sqlite_stat1 (tbl, stat) VALUES (%s, '%zu')",
                               text_sql(lint->arena, table->sql_name), table->rows));
    }
    if (any)
        run(lint, "ANALYZE sqlite_schema");
}

/* ---- indexes ------------------------------------------------------------------------- */

/* As the column is named where the advice is to be followed. */
static const char *name_here(struct lint *lint, const struct table *model,
                             const char *name)
{
    size_t i;

    for (i = 0; model != NULL && i < model->columns.count; i++)
        if (name_same(model->columns.items[i]->sql_name, name))
            return model->columns.items[i]->name;
    return model != NULL ? name : name_sql(lint->arena, name);
}

static void add_terms(struct lint *lint, struct buf *out, const struct table *model,
                      const struct advised_index *index)
{
    size_t i;

    for (i = 0; i < index->terms.count; i++) {
        const struct advised_term *term = &index->terms.items[i];

        buf_adds(out, i == 0 ? "" : ", ");
        if (term->column != NULL)
            buf_adds(out, name_here(lint, model, term->column));
        else
            buf_addf(out, model != NULL ? "\"%s\"" : "%s", term->expression);
        if (term->collation != NULL)
            buf_addf(out, " collate %s", term->collation);
        if (term->descending)
            buf_adds(out, " desc");
    }
}

const char *lint_index_hint(struct lint *lint, const struct advised_index *indexes,
                            size_t count)
{
    const struct table_shape *shape = indexes[0].table;
    const struct table *model = lint_model(lint, shape);
    const char *text;
    struct buf out;
    size_t i;

    buf_init(&out);
    if (model != NULL)
        buf_addf(&out, "add to `indexes` of `%s`:", model->name);
    for (i = 0; i < count; i++) {
        if (model != NULL)
            buf_adds(&out, i == 0 ? " - [" : " and - [");
        else
            buf_addf(&out, "%sCREATE INDEX … ON %s (", i == 0 ? "" : "; ",
                     name_sql(lint->arena, shape->table->name));
        add_terms(lint, &out, model, &indexes[i]);
        buf_addc(&out, model != NULL ? ']' : ')');
    }
    text = arena_strndup(lint->arena, out.data, out.length);
    buf_release(&out);
    return text;
}

const char *lint_advice_hint(struct lint *lint, const struct advice *advice)
{
    if (advice->hint != NULL || advice->indexes.count == 0)
        return advice->hint;
    return lint_index_hint(lint, advice->indexes.items, advice->indexes.count);
}
