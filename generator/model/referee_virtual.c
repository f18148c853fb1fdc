/*
 * referee_virtual.c: SQLite makes the virtual tables, behind all tables, since a module may
 * look at these. It must not know what a module does.
 */
#include "referee.h"

#include "../base/names.h"
#include "../base/steps.h"

#include <string.h>

static bool has_module(struct referee *referee, const char *name,
                       struct suggestion *suggestion)
{
    sqlite3_stmt *stmt = NULL;
    bool found = false;

    suggest_init(suggestion, name);
    if (sqlite3_prepare_v2(referee->db, "SELECT name FROM pragma_module_list ORDER BY 1",
                           -1, &stmt, NULL) == SQLITE_OK)
        while (sqlite3_step(stmt) == SQLITE_ROW) {
            const char *module =
                arena_strdup(referee->arena, (const char *)sqlite3_column_text(stmt, 0));

            suggest_try(suggestion, module);
            found = found || sqlite3_stricmp(module, name) == 0;
        }
    sqlite3_finalize(stmt);
    return found;
}

/*
 * Reading finds what making does not: that the content of an index is not there, or has other
 * columns. The message, or NULL. Of other modules than fts5 nothing is known.
 */
static const char *reading_fault(struct referee *referee,
                                 const struct virtual_table *table)
{
    const char *message = NULL;
    char *sql;

    if (sqlite3_stricmp(table->module, "fts5") != 0)
        return NULL;
    sql = sqlite3_mprintf("SELECT * FROM \"%w\"", table->name);
    if (sql == NULL)
        out_of_memory();
    if (sqlite3_exec(referee->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        message = arena_strdup(referee->arena, sqlite3_errmsg(referee->db));
    sqlite3_free(sql);
    return message;
}

static void refuse(struct referee *referee, const struct virtual_table *table,
                   const char *message)
{
    diag_error(referee->diags, 248, table->span,
               "SQLite refuses the virtual table `%s`: %s", table->name, message);
}

static void blame(struct referee *referee, const struct virtual_table *table,
                  const char *message)
{
    struct suggestion suggestion;
    struct diag *diag;

    if (has_module(referee, table->module, &suggestion)) {
        refuse(referee, table, message);
        return;
    }
    diag =
        diag_error(referee->diags, 247, table->module_span,
                   "the SQLite that quarry runs with has no module `%s`", table->module);
    if (suggestion.best != NULL)
        diag_hint(diag, "did you mean `%s`?", suggestion.best);
    else
        diag_hint(diag, "virtual tables are tried here: their module must be built in");
}

static bool is_made(struct referee *referee, const struct virtual_table *table)
{
    return sqlite3_table_column_metadata(referee->db, NULL, table->name, NULL, NULL, NULL,
                                         NULL, NULL, NULL) == SQLITE_OK;
}

/* Makes tables, virtual tables and views; those that are wrong are reported, into `faulty`. */
static void make_all(struct referee *referee, struct map *faulty)
{
    const struct schema *schema = referee->schema;

    for (size_t i = 0; i < schema->ddl_count; i++) {
        const struct ddl_statement *statement = &schema->ddl[i];
        const struct virtual_table *table = statement->virtual_table;
        const char *message;

        if (statement->seed != NULL || statement->trigger != NULL ||
            (table != NULL && map_get(faulty, table->name) != NULL) ||
            sqlite3_exec(referee->db, statement->sql, NULL, NULL, NULL) == SQLITE_OK ||
            table == NULL)
            continue;
        message = arena_strdup(referee->arena, sqlite3_errmsg(referee->db));
        if (is_made(referee, table) && reading_fault(referee, table) != NULL)
            continue; /* it was filled in vain: reading says why */
        blame(referee, table, message);
        map_put(referee->arena, faulty, table->name, faulty);
    }
}

void referee_virtual_tables(struct referee *referee)
{
    const struct schema *schema = referee->schema;
    struct map faulty = {0};

    if (sqlite3_open(":memory:", &referee->db) != SQLITE_OK)
        out_of_memory();
    sqlite3_db_config(referee->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    make_all(referee, &faulty);
    for (size_t i = 0; i < schema->virtual_tables.count; i++) {
        const struct virtual_table *table = schema->virtual_tables.items[i];
        const char *message =
            map_get(&faulty, table->name) == NULL ? reading_fault(referee, table) : NULL;

        if (message != NULL)
            refuse(referee, table, message);
    }
    sqlite3_close(referee->db);
    referee->db = NULL;
}
