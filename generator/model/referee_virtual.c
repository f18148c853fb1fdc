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

static void blame(struct referee *referee, const struct virtual_table *table)
{
    const char *message = arena_strdup(referee->arena, sqlite3_errmsg(referee->db));
    struct suggestion suggestion;
    struct diag *diag;

    if (has_module(referee, table->module, &suggestion)) {
        diag_error(referee->diags, 248, table->span,
                   "SQLite refuses the virtual table `%s`: %s", table->name, message);
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

void referee_virtual_tables(struct referee *referee)
{
    const struct schema *schema = referee->schema;

    if (sqlite3_open(":memory:", &referee->db) != SQLITE_OK)
        out_of_memory();
    sqlite3_db_config(referee->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    for (size_t i = 0; i < schema->ddl_count; i++) {
        const struct ddl_statement *statement = &schema->ddl[i];

        if (statement->seed == NULL && statement->view == NULL &&
            statement->trigger == NULL &&
            sqlite3_exec(referee->db, statement->sql, NULL, NULL, NULL) != SQLITE_OK &&
            statement->virtual_table != NULL)
            blame(referee, statement->virtual_table);
    }
    sqlite3_close(referee->db);
    referee->db = NULL;
}
