/*
 * prove_trigger.c: whether SQLite compiles the declared triggers, see prove.h. It looks
 * into a trigger's SQL only when a row is written, so each kind of write is compiled.
 */
#include "prove.h"

#include "scratch.h"

#include "../base/steps.h"
#include "../model/ddl.h"
#include "../base/message.h"
#include "../sql/token.h"

#include <string.h>

/* The first token of the scalar that is the word; false: there is none. */
static bool find_word(struct arena *arena, const struct node *node, const char *word,
                      struct span *span)
{
    struct token token;

    if (node == NULL || word == NULL)
        return false;
    for (token = token_at(node->text, node->length, 0); token.kind != TOKEN_END;
         token = token_at(node->text, node->length, token.offset + token.length))
        if (name_same(token_value(arena, node->text, token), word)) {
            *span = node_span_at(node, token.offset, token.length);
            return true;
        }
    return false;
}

static void report(const struct stage *stage, const struct trigger *trigger,
                   const char *message)
{
    const char *word = message_word(stage->arena, message);
    struct span span = trigger->sql->span;

    if (!find_word(stage->arena, trigger->sql, word, &span))
        find_word(stage->arena, trigger->condition, word, &span);
    diag_error(stage->diags, 417, span, "SQLite refuses the trigger `%s`: %s",
               trigger->name, message);
}

static const char *event_of(const struct trigger *trigger)
{
    if (strstr(trigger->when, "insert") != NULL)
        return "INSERT";
    return strstr(trigger->when, "update") != NULL ? "UPDATE" : "DELETE";
}

/* Each is tried alone, so that an error is its own. */
static bool try_trigger(const struct stage *stage, sqlite3 *db,
                        const struct trigger *trigger)
{
    const char *fault = NULL, *error;
    struct buf sql;

    buf_init(&sql);
    ddl_trigger(trigger, &sql);
    sqlite3_exec(db, "SAVEPOINT one", NULL, NULL, NULL);
    if (!scratch_run(stage->arena, db, sql.data, &error))
        fault = steps_message(stage->arena, db);
    else
        fault = scratch_change_fault(stage->arena, db, trigger->on, event_of(trigger));
    sqlite3_exec(db, "ROLLBACK TO one; RELEASE one", NULL, NULL, NULL);
    buf_release(&sql);
    if (fault != NULL)
        report(stage, trigger, fault);
    return fault == NULL;
}

bool prove_triggers(const struct stage *stage)
{
    const struct schema *schema = stage->schema;
    const char *error;
    sqlite3 *db;
    bool good = true;
    size_t i;

    if (schema->triggers.count == 0)
        return true;
    db = scratch_open();
    /* as the runtime opens: text in double quotes is no text there */
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    for (i = 0; i < schema->ddl_count; i++)
        if (schema->ddl[i].seed == NULL && schema->ddl[i].trigger == NULL)
            scratch_run(stage->arena, db, schema->ddl[i].sql, &error);
    for (i = 0; i < schema->triggers.count; i++)
        good = try_trigger(stage, db, schema->triggers.items[i]) && good;
    sqlite3_close(db);
    return good;
}
