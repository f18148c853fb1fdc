/*
 * load_trigger.c: triggers, from nodes to structs that refer to tables and columns. What
 * SQLite thinks of their SQL is the referee's business.
 */
#include "resolve.h"

#include "sqltext.h"

#include <string.h>

void load_trigger(struct loader *loader, const struct entry *entry)
{
    struct draft_trigger *draft;
    struct trigger *trigger;

    if (load_is_repeated(loader, &loader->triggers_by_name, entry->key, "trigger"))
        return;
    if (load_is_blank(entry->key))
        load_name(loader, entry->key); /* any other will do: C knows no triggers */
    if (entry->value->kind != NODE_MAP) {
        language_wrong_kind(loader->diags, entry->value, "a trigger", "a map");
        return;
    }
    draft = VEC_ADD(loader->arena, &loader->triggers);
    if (!language_read(loader->diags, PLACE_TRIGGER, entry->value, draft->values)) {
        loader->triggers.count--;
        return;
    }
    trigger = draft->trigger = ARENA_NEW(loader->arena, struct trigger);
    trigger->name = entry->key->text;
    trigger->span = entry->key->span;
    trigger->doc = load_text(draft->values[TRIGGER_DOC]);
    trigger->on = draft->values[TRIGGER_ON]->text;
    trigger->on_span = draft->values[TRIGGER_ON]->span;
    trigger->when = draft->values[TRIGGER_WHEN]->text;
    trigger->condition = draft->values[TRIGGER_CONDITION];
    trigger->sql = draft->values[TRIGGER_SQL];
}

static void resolve_trigger_columns(struct loader *loader, struct trigger *trigger,
                                    const struct draft *table, const struct node *list)
{
    if (list == NULL)
        return;
    if (strstr(trigger->when, "update") == NULL) {
        diag_error(loader->diags, 419, list->span,
                   "only a trigger on an update has `columns`");
        return;
    }
    if (table != NULL)
        resolve_column_list(loader, table, list, "`columns`", &trigger->columns);
}

/* An END where a statement begins would end the trigger, and what follows run at once. */
static void check_body(struct loader *loader, const struct trigger *trigger)
{
    const char *sql = trigger->sql->text;
    struct sql_token token = sql_word(sql);
    bool begins = true;

    for (; token.kind != SQL_END; token = sql_word(token.text + token.length)) {
        if (begins && sql_is(token, "end")) {
            diag_error(
                loader->diags, 217,
                node_span_at(trigger->sql, (size_t)(token.text - sql), token.length),
                "the trigger ends here, but its text goes on");
            return;
        }
        begins = sql_is(token, ";");
    }
}

/* The word of OR IGNORE and the like, or of REPLACE INTO, at `token`; else SQL_END. */
static struct sql_token override_at(struct sql_token token)
{
    struct sql_token next = sql_word(token.text + token.length);
    size_t i;

    for (i = 0; sql_is(token, "or") && language_conflicts[i] != NULL; i++)
        if (sql_is(next, language_conflicts[i]))
            return next;
    if (sql_is(token, "replace") && sql_is(next, "into"))
        return token;
    return (struct sql_token){.kind = SQL_END};
}

/*
 * An OR of the statement that fires a trigger counts instead of those in the trigger:
 * https://www.sqlite.org/lang_createtrigger.html. Ours have one where the table has conflict
 * clauses.
 */
static void warn_of_override(struct loader *loader, const struct trigger *trigger)
{
    const char *sql = trigger->sql->text;
    struct sql_token token;

    if (trigger->table == NULL || !trigger->table->has_conflicts ||
        strstr(trigger->when, "delete") != NULL)
        return;
    for (token = sql_word(sql); token.kind != SQL_END;
         token = sql_word(token.text + token.length)) {
        struct sql_token word = override_at(token);

        if (word.kind == SQL_END)
            continue;
        diag_hint(diag_warning(
                      loader->diags, 194,
                      node_span_at(trigger->sql, (size_t)(word.text - sql), word.length),
                      "generated functions write `%s` with OR ABORT, which counts "
                      "inside its triggers too",
                      trigger->table->name),
                  "INSERT … ON CONFLICT DO NOTHING or DO UPDATE holds");
        return;
    }
}

void resolve_triggers(struct loader *loader)
{
    size_t i;

    for (i = 0; i < loader->triggers.count; i++) {
        struct draft_trigger *draft = &loader->triggers.items[i];
        struct trigger *trigger = draft->trigger;
        bool on_view = strncmp(trigger->when, "instead of", 10) == 0;
        struct draft *table = map_get(&loader->drafts_by_name, trigger->on);

        check_body(loader, trigger);
        if (!on_view && table == NULL)
            table = resolve_table_name(loader, trigger->on, trigger->on_span);
        if (on_view && table != NULL)
            diag_error(loader->diags, 419, draft->values[TRIGGER_WHEN]->span,
                       "only a view has triggers `instead of` a change");
        if (!on_view && table == NULL)
            continue;
        if (table != NULL) {
            trigger->table = table->table;
            trigger->on = table->table->sql_name;
        }
        warn_of_override(loader, trigger);
        resolve_trigger_columns(loader, trigger, table, draft->values[TRIGGER_COLUMNS]);
        *VEC_ADD(loader->arena, &loader->schema->triggers) = trigger;
    }
}
