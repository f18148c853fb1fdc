/*
 * rules_query.c: what the adviser says of views, queries and statements of triggers, at their
 * places. See lint.h.
 */
#include "lint.h"

#include "../sql/parse_trigger.h"
#include "../sql/query_text.h"
#include "../sql/smells.h"
#include "../sql/tables.h"

#include <string.h>

/* A statement, and where it stands. */
struct lint_text {
    struct lint *lint;
    const char *sql;
    size_t length;
    const struct query_text *query; /* of a query or view of a schema: it and … */
    const struct variant *variant;  /* … which of its statements; NULL: in SQL … */
    const struct node *node;        /* … or the SQL of its trigger, or … */
    bool is_found;                  /* … where `shift` says … */
    size_t shift;
    struct lint_place place; /* … or here */
};

static struct lint_place place_of(const struct lint_text *text, struct range range)
{
    struct lint_place place = text->place;

    if (text->query != NULL)
        place.span = query_place(text->query, text->variant, range);
    else if (text->node != NULL)
        place.span = node_span_at(text->node, range.start, range.end - range.start);
    else if (text->is_found)
        place.span = span_at(text->lint->source, range.start + text->shift,
                             range.end - range.start);
    return place;
}

static bool is_filtered(const struct lint_text *text)
{
    return text->variant != NULL && text->variant->filters != 0;
}

static void report(const struct lint_text *text, const struct advice *advice)
{
    struct lint_place place = place_of(text, advice->at);
    const char *hint = lint_advice_hint(text->lint, advice);
    struct diag *diag;

    if (advice->code == 0 || (advice->code == FINDING_SORT && is_filtered(text)) ||
        lint_allowed(text->lint, &place, advice->code))
        return;
    diag =
        diag_warning(text->lint->diags, advice->code, place.span, "%s", advice->message);
    if (hint != NULL)
        diag_hint(diag, "%s", hint);
}

/* What cannot be read or typed other commands report. */
static void lint_text(const struct lint_text *text)
{
    struct lint *lint = text->lint;
    struct adviser adviser = lint_adviser(lint);
    struct sql_error error = {0};
    struct query_plan plan;
    struct inferred inferred;
    struct advices advices;
    struct statement *statement =
        parse_statement(lint->arena, text->sql, text->length, 0, NULL, &error);
    size_t i;

    if (statement == NULL || !infer_statement(lint->arena, lint->catalog, text->sql,
                                              text->length, statement, &inferred, &error))
        return;
    advise(&adviser, text->sql, statement, &plan, &advices);
    smells_find(lint->arena, lint->catalog, text->sql, statement, &advices);
    for (i = 0; i < advices.list.count; i++)
        report(text, &advices.list.items[i]);
}

static void lint_created_view(struct lint *lint, const struct catalog_table *view)
{
    struct lint_text text = {.lint = lint};

    if (view->kind != CATALOG_VIEW || view->sql == NULL)
        return;
    text.sql = view->sql + view_select_at(lint->arena, view->sql);
    text.length = strlen(text.sql);
    text.is_found =
        lint_created_shift(lint, KEYWORD_VIEW, view->name, view->sql, &text.shift);
    text.shift += (size_t)(text.sql - view->sql);
    text.place = lint_at_view(lint, view);
    lint_text(&text);
}

/* ---- triggers ------------------------------------------------------------------------ */

static bool is_row(const char *sql, struct token token)
{
    return token.kind == TOKEN_WORD && token.length == 3 &&
           (sqlite3_strnicmp(sql + token.offset, "new", 3) == 0 ||
            sqlite3_strnicmp(sql + token.offset, "old", 3) == 0);
}

/*
 * One statement of a trigger as one that stands alone: all around it is blank, and `new.id` is
 * `:ew_id`. To a plan both are a value that is known, and all offsets stay.
 */
static const char *alone(struct arena *arena, const char *sql, struct range range)
{
    char *text = arena_strdup(arena, sql);
    struct token token = token_at(sql, range.end, range.start);

    memset(text, ' ', range.start);
    text[range.end] = '\0';
    for (; token.kind != TOKEN_END;
         token = token_at(sql, range.end, token.offset + token.length)) {
        char *dot = text + token.offset + 3;

        if (!is_row(sql, token) || *dot != '.')
            continue;
        text[token.offset] = ':';
        *dot = '_';
    }
    return text;
}

static void lint_trigger_statement(struct lint_text text, const char *sql,
                                   const struct statement *statement)
{
    text.sql = alone(text.lint->arena, sql, statement->range);
    text.length = statement->range.end;
    lint_text(&text);
}

static void lint_created_trigger(struct lint *lint, const char *name, const char *sql)
{
    struct lint_text text = {.lint = lint};
    struct sql_error error = {0};
    const struct trigger_tree *trigger = parse_trigger(lint->arena, sql, &error);
    size_t i;

    text.is_found = lint_created_shift(lint, KEYWORD_TRIGGER, name, sql, &text.shift);
    text.place = lint_at_trigger(lint, name);
    for (i = 0; trigger != NULL && i < trigger->statements.count; i++)
        lint_trigger_statement(text, sql, trigger->statements.items[i]);
}

static void lint_created_triggers(struct lint *lint)
{
    sqlite3_stmt *row = NULL;

    if (sqlite3_prepare_v2(lint->catalog->db,
                           "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'",
                           -1, &row, NULL) == SQLITE_OK)
        while (sqlite3_step(row) == SQLITE_ROW)
            lint_created_trigger(
                lint,
                arena_strdup(lint->arena, (const char *)sqlite3_column_text(row, 0)),
                arena_strdup(lint->arena, (const char *)sqlite3_column_text(row, 1)));
    sqlite3_finalize(row);
}

static void lint_trigger(struct lint *lint, const struct trigger *trigger)
{
    struct lint_text text = {.lint = lint, .node = trigger->sql};
    const struct table *table = trigger->table;
    size_t length = strlen(trigger->sql->text), at = 0;
    struct sql_error error = {0};

    text.place = lint_at_span(lint, trigger->span, table == NULL ? NULL : &table->allows);
    while (token_at(trigger->sql->text, length, at).kind != TOKEN_END) {
        struct statement *statement =
            parse_statement(lint->arena, trigger->sql->text, length, at, &at, &error);

        if (statement == NULL)
            return;
        lint_trigger_statement(text, trigger->sql->text, statement);
    }
}

/* ---- views and queries of a schema --------------------------------------------------- */

static void lint_variant(struct lint *lint, const struct query_text *query,
                         unsigned filters, size_t order, struct lint_place place)
{
    struct variant variant = query_variant(query, filters, order);
    struct lint_text text = {.lint = lint,
                             .sql = variant.text,
                             .length = variant.length,
                             .query = query,
                             .variant = &variant,
                             .place = place};

    lint_text(&text);
}

static void lint_view(struct lint *lint, const struct view *view)
{
    struct query_text text = {0};

    query_text_view(&text, lint->arena, view);
    lint_variant(lint, &text, 0, 0, lint_at_span(lint, view->span, &view->allows));
}

/*
 * Without its filters in each order, and with each filter alone: then only for how its rows
 * are found, since which filters are given together nobody knows.
 */
static void lint_query(struct lint *lint, const struct query *query)
{
    struct lint_place place = lint_at_span(lint, query->span, &query->allows);
    struct query_text text = {0};
    size_t order;
    int filter;

    if (!query_text_read(&text, lint->arena, lint->diags, query))
        return;
    for (order = 0; order == 0 || order < query->orders.count; order++)
        lint_variant(lint, &text, 0, order, place);
    for (filter = 0; filter < text.filters; filter++)
        lint_variant(lint, &text, 1u << filter, 0, place);
}

void lint_queries(struct lint *lint)
{
    size_t i;

    lint_set_rows(lint);
    for (i = 0; lint->schema == NULL && i < lint->catalog->tables.count; i++)
        lint_created_view(lint, lint->catalog->tables.items[i]);
    if (lint->schema == NULL)
        lint_created_triggers(lint);
    for (i = 0; lint->schema != NULL && i < lint->schema->triggers.count; i++)
        lint_trigger(lint, lint->schema->triggers.items[i]);
    for (i = 0; lint->schema != NULL && i < lint->schema->views.count; i++)
        lint_view(lint, lint->schema->views.items[i]);
    for (i = 0; lint->schema != NULL && i < lint->schema->queries.count; i++)
        lint_query(lint, lint->schema->queries.items[i]);
}
