/*
 * row_insert.c: see row_insert.h.
 */
#include "row_insert.h"

#include "../base/buf.h"
#include "../base/names.h"
#include "ddl.h"

static void add_insert(struct arena *arena, const struct table *table, struct buf *sql)
{
    size_t count = 0;

    buf_addf(sql, "INSERT%s INTO %s (", ddl_or_abort(table),
             name_sql(arena, table->sql_name));
    for (size_t i = 0; i < table->columns.count; i++) {
        const struct column *column = table->columns.items[i];

        if (column->generated != NULL)
            continue;
        buf_adds(sql, count++ > 0 ? ", " : "");
        buf_adds(sql, name_sql(arena, column->sql_name));
    }
    buf_adds(sql, ") VALUES (");
    for (size_t i = 0; i < count; i++)
        buf_adds(sql, i > 0 ? ", ?" : "?");
    buf_addc(sql, ')');
}

sqlite3_stmt *row_insert_prepare(struct arena *arena, sqlite3 *db,
                                 const struct table *table)
{
    sqlite3_stmt *stmt = NULL;
    struct buf sql;

    buf_init(&sql);
    add_insert(arena, table, &sql);
    sqlite3_prepare_v2(db, sql.data, (int)sql.length, &stmt, NULL);
    buf_release(&sql);
    return stmt;
}

static void bind(sqlite3_stmt *stmt, int parameter, const struct literal *value)
{
    switch (value->kind) {
    case LITERAL_INTEGER: sqlite3_bind_int64(stmt, parameter, value->integer); break;
    case LITERAL_REAL: sqlite3_bind_double(stmt, parameter, value->real); break;
    case LITERAL_TEXT:
        sqlite3_bind_text64(stmt, parameter, value->text, value->length, SQLITE_STATIC,
                            SQLITE_UTF8);
        break;
    case LITERAL_BLOB:
        sqlite3_bind_blob64(stmt, parameter, value->text, value->length, SQLITE_STATIC);
        break;
    case LITERAL_NULL:
    case LITERAL_NOW:
    case LITERAL_RANDOM: sqlite3_bind_null(stmt, parameter); break;
    }
}

int row_insert_run(sqlite3_stmt *stmt, const struct table *table,
                   const struct literal *values)
{
    int parameter = 0;

    for (size_t i = 0; i < table->columns.count; i++)
        if (table->columns.items[i]->generated == NULL)
            bind(stmt, ++parameter, &values[i]);
    sqlite3_step(stmt);
    return sqlite3_reset(stmt);
}
