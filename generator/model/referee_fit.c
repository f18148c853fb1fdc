/*
 * referee_fit.c: whether the value of a default, or of a generated column that needs no
 * other column, ever fits its own column: its type, its rules, NOT NULL. SQLite looks at
 * neither before a row is written. Judge is a table of that column alone.
 */
#include "referee.h"

#include "../base/names.h"
#include "sqltext.h"

enum {
    TRIES = 100 /* the value may be random */
};

static bool mentions_columns(const struct table *table, const char *sql)
{
    for (size_t i = 0; i < table->columns.count; i++)
        if (sql_mentions(sql, table->columns.items[i]->sql_name))
            return true;
    return sql_mentions(sql, "rowid") || sql_mentions(sql, "oid") ||
           sql_mentions(sql, "_rowid_");
}

/* CREATE TABLE of the column and one that a row can be inserted by. */
static void write_trial(struct referee *referee, const struct table *table,
                        const struct column *column)
{
    const struct column_check *checks;
    size_t count =
        ddl_column_checks(referee->arena, table, column, referee->schema, &checks);

    buf_clear(&referee->sql);
    buf_addf(&referee->sql, "CREATE TEMP TABLE %s (quarry_row INTEGER, %s %s",
             name_sql(referee->arena, table->sql_name),
             name_sql(referee->arena, column->sql_name), column->sql_type);
    if (!column->nullable && !column->loose_null)
        buf_adds(&referee->sql, " NOT NULL");
    if (column->collation != NULL)
        buf_addf(&referee->sql, " COLLATE %s",
                 name_sql(referee->arena, column->collation));
    if (column->generated != NULL)
        buf_addf(&referee->sql, " GENERATED ALWAYS AS (%s\n)", column->generated);
    else
        buf_addf(&referee->sql, " DEFAULT (%s\n)", column->default_sql);
    for (size_t i = 0; i < count; i++)
        buf_addf(&referee->sql, ", CHECK (%s)", checks[i].sql);
    buf_addf(&referee->sql, ")%s", table->strict ? " STRICT" : "");
}

/* What SQLite does not look at in a generated column of a STRICT table: NULL, or what is
 * wrong with the type of its value. */
static const char *wrong_type(struct referee *referee, const struct table *table,
                              const struct column *column)
{
    const char *name = name_sql(referee->arena, column->sql_name), *wrong = NULL;
    const char *sql = arena_printf(
        referee->arena,
        "SELECT typeof(%s) FROM temp.%s WHERE typeof(%s) NOT IN ('null', lower(%s)) AND "
        "lower(%s) IN ('integer', 'real', 'text', 'blob')",
        name, name_sql(referee->arena, table->sql_name), name,
        text_sql(referee->arena, column->sql_type),
        text_sql(referee->arena, column->sql_type));
    sqlite3_stmt *stmt = NULL;

    if (sqlite3_prepare_v2(referee->db, sql, -1, &stmt, NULL) == SQLITE_OK &&
        sqlite3_step(stmt) == SQLITE_ROW)
        wrong =
            arena_printf(referee->arena, "it is of type %s, not %s",
                         (const char *)sqlite3_column_text(stmt, 0), column->sql_type);
    sqlite3_finalize(stmt);
    return wrong;
}

/* Runs what is in referee->sql, then inserts until a row is taken. NULL: one was, or the
 * trial itself cannot be done; else SQLite's message. */
static const char *try_rows(struct referee *referee, const struct table *table,
                            const struct column *column)
{
    const char *insert =
        arena_printf(referee->arena, "INSERT INTO temp.%s (quarry_row) VALUES (1)",
                     name_sql(referee->arena, table->sql_name));
    const char *message = NULL;
    int rc = SQLITE_CONSTRAINT;

    if (sqlite3_exec(referee->db, referee->sql.data, NULL, NULL, NULL) != SQLITE_OK)
        return NULL;
    for (int i = 0; i < TRIES && rc == SQLITE_CONSTRAINT; i++)
        rc = sqlite3_exec(referee->db, insert, NULL, NULL, NULL);
    if (rc == SQLITE_CONSTRAINT)
        message = arena_strdup(referee->arena, sqlite3_errmsg(referee->db));
    else if (rc == SQLITE_OK && column->generated != NULL && table->strict)
        message = wrong_type(referee, table, column);
    return message;
}

static bool fits(struct referee *referee, const struct table *table,
                 const struct column *column)
{
    bool generated = column->generated != NULL;
    const char *message;

    if (generated ? mentions_columns(table, column->generated)
                  : column->default_sql == NULL)
        return true;
    write_trial(referee, table, column);
    sqlite3_exec(referee->db, "SAVEPOINT fit", NULL, NULL, NULL);
    message = try_rows(referee, table, column);
    sqlite3_exec(referee->db, "ROLLBACK TO fit; RELEASE fit", NULL, NULL, NULL);
    if (message == NULL)
        return true;
    diag_error(referee->diags, generated ? 241 : 246,
               generated ? column->generated_span : column->default_sql_span,
               "%s `%s` never fits the column: %s",
               generated ? "the value of the generated column" : "the default of",
               column->name, message);
    return false;
}

bool referee_try_fit(struct referee *referee, const struct table *table)
{
    bool good = true;

    for (size_t i = 0; i < table->columns.count; i++)
        good = fits(referee, table, table->columns.items[i]) && good;
    return good;
}
