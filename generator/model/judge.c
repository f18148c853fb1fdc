/*
 * judge.c: see judge.h. One table at a time, in two databases: one as it is, and, once a
 * row was refused, one that ignores checks, so that each can be asked about a row. Rows are tried in a
 * transaction that is rolled back.
 */
#include "judge.h"

#include "../base/buf.h"
#include "../base/names.h"
#include "../base/steps.h"
#include "ddl.h"
#include "row_insert.h"

struct court {
    sqlite3 *db;
    sqlite3_stmt *insert;
};

struct judge {
    struct arena *arena;
    const struct schema *schema;
    const struct table *table; /* that is in the databases, or NULL */
    struct court strict, loose;
    sqlite3_stmt *checks; /* of `loose` */
};

struct judge *judge_new(struct arena *arena, const struct schema *schema)
{
    struct judge *judge = ARENA_NEW(arena, struct judge);

    judge->arena = arena;
    judge->schema = schema;
    return judge;
}

static bool run(sqlite3 *db, const char *sql)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

static void drop(struct judge *judge, struct court *court)
{
    sqlite3_finalize(court->insert);
    court->insert = NULL;
    if (judge->table != NULL && court->db != NULL)
        run(court->db, arena_printf(judge->arena, "DROP TABLE IF EXISTS %s",
                                    name_sql(judge->arena, judge->table->sql_name)));
}

static void drop_table(struct judge *judge)
{
    sqlite3_finalize(judge->checks);
    judge->checks = NULL;
    drop(judge, &judge->strict);
    drop(judge, &judge->loose);
    judge->table = NULL;
}

void judge_free(struct judge *judge)
{
    drop_table(judge);
    sqlite3_close(judge->strict.db);
    sqlite3_close(judge->loose.db);
    judge->strict.db = judge->loose.db = NULL;
}

bool judge_is_needed(const struct table *table)
{
    if (table->checks.count > 0)
        return true;
    for (size_t i = 0; i < table->columns.count; i++)
        if (table->columns.items[i]->generated != NULL)
            return true;
    for (size_t i = 0; i < table->indexes.count; i++) {
        const struct index *index = &table->indexes.items[i];

        if (index->where != NULL)
            return true;
        for (size_t t = 0; t < index->terms.count; t++)
            if (index->terms.items[t].column == NULL)
                return true;
    }
    return false;
}

/* ---- the table ------------------------------------------------------------------ */

static bool open_court(struct court *court, const char *setting)
{
    if (court->db != NULL)
        return true;
    if (sqlite3_open_v2(":memory:", &court->db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                        NULL) != SQLITE_OK)
        return false;
    /* as the runtime opens: text in double quotes is no text there */
    sqlite3_db_config(court->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(court->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    steps_limit(court->db, STEPS_MOST);
    return run(court->db, "PRAGMA foreign_keys = OFF") && run(court->db, setting);
}

static bool create(struct judge *judge, struct court *court, const struct table *table)
{
    struct buf sql;
    bool good;

    buf_init(&sql);
    ddl_table(table, judge->schema, &sql);
    good = run(court->db, sql.data);
    for (size_t i = 0; good && i < table->indexes.count; i++) {
        buf_clear(&sql);
        ddl_index(table, &table->indexes.items[i], &sql);
        good = run(court->db, sql.data);
    }
    buf_release(&sql);
    if (good)
        court->insert = row_insert_prepare(judge->arena, court->db, table);
    return court->insert != NULL;
}

/* SELECT (check) IS NOT 0, … FROM table: a row of its answers; NULL passes. */
static sqlite3_stmt *prepare_checks(struct judge *judge, const struct table *table)
{
    sqlite3_stmt *stmt = NULL;
    struct buf sql;

    buf_init(&sql);
    buf_adds(&sql, "SELECT 1");
    for (size_t i = 0; i < table->checks.count; i++)
        buf_addf(&sql, ", coalesce(CAST((%s\n) AS NUMERIC) <> 0, 1)",
                 table->checks.items[i].sql);
    buf_addf(&sql, " FROM %s", name_sql(judge->arena, table->sql_name));
    sqlite3_prepare_v2(judge->loose.db, sql.data, (int)sql.length, &stmt, NULL);
    buf_release(&sql);
    return stmt;
}

bool judge_take(struct judge *judge, const struct table *table)
{
    if (judge->table == table)
        return judge->strict.insert != NULL;
    drop_table(judge);
    if (!open_court(&judge->strict, "BEGIN"))
        return false;
    judge->table = table;
    return create(judge, &judge->strict, table);
}

/* Only where a row was refused it is asked why. */
static bool take_loose(struct judge *judge)
{
    if (judge->checks != NULL)
        return true;
    if (!open_court(&judge->loose, "PRAGMA ignore_check_constraints = ON; BEGIN") ||
        judge->loose.insert != NULL)
        return false;
    if (create(judge, &judge->loose, judge->table))
        judge->checks = prepare_checks(judge, judge->table);
    return judge->checks != NULL;
}

/* ---- rows ----------------------------------------------------------------------- */

static bool look_at_checks(struct judge *judge, bool *failed)
{
    bool good = sqlite3_step(judge->checks) == SQLITE_ROW;

    for (size_t i = 0; good && i < judge->table->checks.count; i++)
        failed[i] = sqlite3_column_int(judge->checks, (int)i + 1) == 0;
    sqlite3_reset(judge->checks);
    return good;
}

bool judge_row(struct judge *judge, const struct literal *values, bool *failed)
{
    const struct court *court = &judge->loose;
    bool good;

    for (size_t i = 0; i < judge->table->checks.count; i++)
        failed[i] = false;
    if (!take_loose(judge))
        return false;
    run(court->db, "SAVEPOINT trial");
    good = row_insert_run(court->insert, judge->table, values) == SQLITE_OK &&
           look_at_checks(judge, failed);
    run(court->db, "ROLLBACK TO trial; RELEASE trial");
    return good;
}

bool judge_rows(struct judge *judge, const struct literal *const *rows, size_t count)
{
    const struct court *court = &judge->strict;
    bool good = true;

    run(court->db, "SAVEPOINT trial");
    for (size_t i = 0; good && i < count; i++)
        good = row_insert_run(court->insert, judge->table, rows[i]) == SQLITE_OK;
    run(court->db, "ROLLBACK TO trial; RELEASE trial");
    return good;
}
