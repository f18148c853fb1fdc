/*
 * query_type.c: see query.h. The order: the schema in a database in memory, views, queries
 * in all their variants, then random rows against all of them. Later steps are left out
 * after errors.
 */
#include "query_internal.h"

#include "../model/ddl.h"
#include "list_table.h"
#include "query_values.h"
#include "referee_query.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

size_t query_variants(const struct query *query)
{
    size_t orders = query->orders.count > 0 ? query->orders.count : 1;

    return orders << query->typed->filters;
}

/* ---- errors -------------------------------------------------------------------------- */

struct diag *typing_fail(const struct typing *typing, int code, struct range range,
                         const char *format, ...)
{
    char message[512];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return diag_error(typing->typer->diags, code,
                      query_place(typing->text, &typing->variant, range), "%s", message);
}

static void report(const struct typing *typing, int code, const struct sql_error *error)
{
    struct diag *diag = typing_fail(typing, code, error->range, "%s", error->message);

    if (error->hint != NULL)
        diag_hint(diag, "%s", error->hint);
}

/* ---- one statement ------------------------------------------------------------------- */

static void refuse_size(const struct typer *typer, struct span span)
{
    diag_error(typer->diags, 320, span,
               "this is more than %d SELECTs once SQLite has put in what it names",
               SELECTS_MOST);
}

/* False: SQLite would take seconds to prepare it, or hours. */
static bool check_selects(const struct typing *typing)
{
    struct typer *typer = typing->typer;

    if (typing->query == NULL ||
        selects_of_statement(&typer->selects, typing->statement) <= SELECTS_MOST)
        return true;
    refuse_size(typer, typing->text->node->span);
    return false;
}

/* A query that is one statement has no second one behind a semicolon. */
static bool check_alone(const struct typing *typing)
{
    const struct variant *variant = &typing->variant;
    struct token token = token_at(variant->text, variant->length, 0);
    bool ended = false;

    for (; token.kind != TOKEN_END;
         token = token_at(variant->text, variant->length, token.offset + token.length)) {
        if (ended && token.kind != TOKEN_SEMICOLON) {
            diag_hint(
                typing_fail(typing, 300,
                            (struct range){token.offset, token.offset + token.length},
                            "a second statement begins here"),
                "a query is one statement: make it a query of its own");
            return false;
        }
        ended = ended || token.kind == TOKEN_SEMICOLON;
    }
    return true;
}

/* Parses and infers typing->variant. False after errors. */
static bool infer(struct typing *typing)
{
    const struct variant *variant = &typing->variant;
    struct typer *typer = typing->typer;
    struct sql_error error = {{0, 0}, NULL, NULL};

    if (!check_alone(typing))
        return false;
    typing->inferred = ARENA_NEW(typer->arena, struct inferred);
    typing->statement =
        parse_statement(typer->arena, variant->text, variant->length, 0, NULL, &error);
    if (typing->statement == NULL ||
        !infer_statement_given(typer->arena, &typer->catalog, variant->text,
                               variant->length, typing->statement, typing->given.items,
                               typing->given.count, typing->inferred, &error)) {
        report(typing, 300, &error);
        return false;
    }
    if (!check_selects(typing))
        return false;
    if (referee_query(typer->arena, typer->db, variant->text, typing->statement->range,
                      typing->inferred, &error))
        return true;
    report(typing, 301, &error);
    return false;
}

static bool has_lists(const struct inferred *inferred)
{
    size_t i;

    for (i = 0; i < inferred->parameter_count; i++)
        if (inferred->parameters[i]->is_list)
            return true;
    return false;
}

static struct proof *add_proof(const struct typing *typing)
{
    struct typer *typer = typing->typer;
    struct proof *proof = VEC_ADD(typer->arena, &typer->proofs);

    *proof = (struct proof){
        .text = typing->text,
        .variant = typing->variant,
        .inferred = typing->inferred,
        .has_lists = has_lists(typing->inferred),
    };
    return proof;
}

/* SQLite has to take what is emitted, and that is what will be attacked. */
static bool prove_sql(const struct typing *typing, struct proof *proof, const char *sql)
{
    struct typer *typer = typing->typer;
    struct sql_error error;

    if (referee_emitted(typer->arena, typer->db, sql, typing->statement->range,
                        proof->inferred, &proof->emitted, &error))
        return true;
    report(typing, 301, &error);
    return false;
}

/* Proofs from `first` on are of the query's statements. */
static void prove_emitted(const struct typing *typing, size_t first)
{
    struct typer *typer = typing->typer;
    bool good = true;
    size_t i;

    for (i = first; good && i < typer->proofs.count; i++) {
        struct proof *proof = &typer->proofs.items[i];

        good = prove_sql(typing, proof,
                         query_joined(typer->arena, typing->typed, proof->variant.filters,
                                      proof->variant.order));
    }
}

/* ---- views --------------------------------------------------------------------------- */

static struct typing new_typing(struct typer *typer)
{
    struct typing typing = {.typer = typer};

    typing.text = ARENA_NEW(typer->arena, struct query_text);
    return typing;
}

/* The names that the view gives its columns; false: they are more or fewer. */
static bool name_columns(const struct typing *typing, const struct view *view)
{
    const struct relation *columns = typing->inferred->columns;
    size_t i;

    if (view->columns == NULL)
        return true;
    if (view->columns->count != columns->count) {
        diag_error(typing->typer->diags, 330, view->columns->span,
                   "the SELECT has %zu columns, here are %zu names", columns->count,
                   view->columns->count);
        return false;
    }
    for (i = 0; i < columns->count; i++)
        columns->columns[i].name = view->columns->items[i]->text;
    return true;
}

static void type_view(struct typer *typer, struct view *view)
{
    struct typing typing = new_typing(typer);

    query_text_view(typing.text, typer->arena, view);
    typing.variant = query_variant(typing.text, 0, 0);
    if (!infer(&typing) || !values_check(&typing) ||
        !prove_sql(&typing, add_proof(&typing), typing.variant.text) ||
        !name_columns(&typing, view))
        return;
    row_of_view(&typing, view);
}

/* ---- queries ------------------------------------------------------------------------- */

/* A column is what it is in any of the variants. */
static void unite(struct inferred *all, const struct inferred *other)
{
    size_t i;

    for (i = 0; i < all->columns->count && i < other->columns->count; i++) {
        struct type *type = &all->columns->columns[i].type;

        type->nullable = type->nullable || other->columns->columns[i].type.nullable;
        type->classes |= other->columns->columns[i].type.classes;
    }
    all->columns->has_row = all->columns->has_row && other->columns->has_row;
}

/* All but the first, which has all filters. */
static bool infer_variants(struct typing *main)
{
    size_t orders = main->query->orders.count, order;
    unsigned all = (1u << main->text->filters) - 1, filters;

    for (order = 0; order < (orders > 0 ? orders : 1); order++)
        for (filters = 0; filters <= all; filters++) {
            struct typing typing = *main;

            if (order == 0 && filters == all)
                continue;
            typing.variant = query_variant(main->text, filters, order);
            if (!infer(&typing))
                return false;
            unite(main->inferred, typing.inferred);
            typing.inferred = main->inferred;
            add_proof(&typing);
        }
    return true;
}

static bool refuse_order(const struct typing *typing, const struct query_order *order,
                         size_t offset, size_t length, const char *message)
{
    diag_error(typing->typer->diags, 312, node_span_at(order->node, offset, length), "%s",
               message);
    return false;
}

/* A comment could swallow what stands behind the terms. */
static bool has_comment(const struct query_order *order, size_t from, size_t to,
                        size_t *at)
{
    for (*at = from; *at + 1 < to; ++*at)
        if (strncmp(order->sql + *at, "--", 2) == 0 ||
            strncmp(order->sql + *at, "/*", 2) == 0)
            return true;
    return false;
}

/* The caller chooses among orders that are the schema's: none has a value of its own. */
static bool check_order(const struct typing *typing, const struct query_order *order)
{
    size_t length = strlen(order->sql), end = 0, depth = 0, comment;

    for (;;) {
        struct token token = token_at(order->sql, length, end);

        if (has_comment(order, end, token.offset, &comment))
            return refuse_order(typing, order, comment, 2, "an order has no comments");
        if (token.kind == TOKEN_END)
            break;
        if (token.kind == TOKEN_PARAMETER)
            return refuse_order(typing, order, token.offset, token.length,
                                "an order has no parameters");
        depth += token.kind == TOKEN_LEFT;
        if (token.kind == TOKEN_SEMICOLON ||
            (token.kind == TOKEN_RIGHT && depth-- == 0) ||
            (token.keyword == KEYWORD_LIMIT && depth == 0))
            return refuse_order(typing, order, token.offset, token.length,
                                "an order is the terms of ORDER BY and nothing else");
        end = token.offset + token.length;
    }
    return depth == 0 || refuse_order(typing, order, 0, length,
                                      "a bracket of this order is not closed");
}

static bool check_orders(const struct typing *typing)
{
    bool good = true;
    size_t i;

    for (i = 0; i < typing->query->orders.count; i++)
        good = check_order(typing, &typing->query->orders.items[i]) && good;
    return good;
}

static struct range own_range(const struct typing *typing, struct range range)
{
    return (struct range){query_offset(typing->text, &typing->variant, range.start),
                          query_offset(typing->text, &typing->variant, range.end)};
}

static void set_pieces(struct typing *typing)
{
    struct splices splices = {0};
    size_t i;

    query_stars(typing->typer->arena, typing->statement, &splices);
    for (i = 0; i < splices.count; i++)
        splices.items[i].range = own_range(typing, splices.items[i].range);
    query_pieces(typing->text, typing->inferred,
                 own_range(typing, typing->statement->range), &splices, typing->typed);
}

static void set_facts(struct typing *typing)
{
    struct typed_query *typed = typing->typed;
    struct typer *typer = typing->typer;

    typed->filters = typing->text->filters;
    typed->is_change = typing->statement->kind != STATEMENT_SELECT;
    typed->is_alone = typing->inferred->at_most_one;
    typed->has_row = !typed->is_change && typing->inferred->columns->has_row;
    if (typed->is_change)
        typed->target = map_get(&typer->tables, typing->statement->target.name);
    tables_used(typer->arena, &typer->catalog, typing->statement, &typed->uses);
    set_pieces(typing);
}

static void type_query(struct typer *typer, struct query *query)
{
    struct typing typing = new_typing(typer);
    size_t first = typer->proofs.count;

    typing.query = query;
    typing.typed = query->typed = ARENA_NEW(typer->arena, struct typed_query);
    if (!query_text_read(typing.text, typer->arena, typer->diags, query) ||
        !check_orders(&typing))
        return;
    typing.variant = query_variant(typing.text, (1u << typing.text->filters) - 1, 0);
    if (!params_given(&typing) || !infer(&typing) || !values_check(&typing) ||
        !params_set(&typing) || !infer_variants(&typing) || !row_overrides(&typing))
        return;
    add_proof(&typing);
    set_facts(&typing);
    prove_emitted(&typing, first);
    typing.typed->text = typing.variant.text;
    typing.typed->length = typing.variant.length;
    typing.typed->inferred = typing.inferred;
    row_of_query(&typing);
}

/* ---- the database -------------------------------------------------------------------- */

static void refuse(struct typer *typer, struct span span, const char *what)
{
    diag_error(typer->diags, 301, span, "SQLite refuses %s: %s", what,
               sqlite3_errmsg(typer->db));
}

/* Why SQLite takes no view of that text, as far as the text says it. */
static void refuse_view(struct typer *typer, const struct view *view)
{
    size_t length = strlen(view->sql);
    struct sql_error error = {{0, 0}, NULL, NULL};
    const struct statement *statement =
        parse_statement(typer->arena, view->sql, length, 0, NULL, &error);
    struct token token = token_at(view->sql, length, 0);

    if (statement == NULL) {
        diag_error(typer->diags, 300,
                   node_span_at(view->node, error.range.start,
                                error.range.end - error.range.start),
                   "%s", error.message);
        return;
    }
    if (statement->kind != STATEMENT_SELECT) {
        diag_error(typer->diags, 302,
                   node_span_at(view->node, token.offset, token.length),
                   "a view is a SELECT");
        return;
    }
    while (token.kind != TOKEN_END && token.kind != TOKEN_PARAMETER)
        token = token_at(view->sql, length, token.offset + token.length);
    if (token.kind == TOKEN_PARAMETER)
        diag_hint(diag_error(typer->diags, 302,
                             node_span_at(view->node, token.offset, token.length),
                             "a view has no parameters"),
                  "make it a query");
    else
        refuse(typer, view->span, "the view");
}

/* SQLite looks into a view only when it is used: a broken one is created as any other. */
static bool create(struct typer *typer)
{
    size_t i;

    for (i = 0; i < typer->schema->ddl_count; i++) {
        const struct ddl_statement *statement = &typer->schema->ddl[i];

        if (statement->seed != NULL ||
            sqlite3_exec(typer->db, statement->sql, NULL, NULL, NULL) == SQLITE_OK)
            continue;
        if (statement->view != NULL)
            refuse_view(typer, statement->view);
        else
            refuse(typer, statement->span, "this");
    }
    return diags_errors(typer->diags) == 0;
}

/* Before SQLite looks into one. The first is enough: others are larger because of it. */
static bool check_views(struct typer *typer)
{
    const struct schema *schema = typer->schema;
    size_t i;

    for (i = 0; i < schema->views.count; i++)
        selects_add(&typer->selects, schema->views.items[i]->name,
                    schema->views.items[i]->sql);
    for (i = 0; i < schema->views.count; i++)
        if (selects_of_view(&typer->selects, schema->views.items[i]->name) >
            SELECTS_MOST) {
            refuse_size(typer, schema->views.items[i]->node->span);
            return false;
        }
    return true;
}

/* A view that SQLite can't read would keep the catalog from being read. */
static void drop_broken_views(struct typer *typer)
{
    size_t i;

    for (i = 0; i < typer->schema->views.count; i++) {
        const char *name = typer->schema->views.items[i]->name;
        char *sql = sqlite3_mprintf("SELECT * FROM \"%w\"", name);
        sqlite3_stmt *statement = NULL;

        if (sqlite3_prepare_v2(typer->db, sql, -1, &statement, NULL) != SQLITE_OK) {
            sqlite3_free(sql);
            sql = sqlite3_mprintf("DROP VIEW \"%w\"", name);
            sqlite3_exec(typer->db, sql, NULL, NULL, NULL);
        }
        sqlite3_finalize(statement);
        sqlite3_free(sql);
    }
}

/* Views can't read every module, as dbstat: SQLite only says so when they are read. */
static void check_safety(struct typer *typer)
{
    static const char unsafe[] = "unsafe use of virtual table";
    size_t i;

    for (i = 0; i < typer->schema->views.count; i++) {
        const struct view *view = typer->schema->views.items[i];
        char *sql = sqlite3_mprintf("SELECT * FROM \"%w\"", view->name);
        sqlite3_stmt *statement = NULL;

        if (sqlite3_prepare_v2(typer->db, sql, -1, &statement, NULL) != SQLITE_OK &&
            strncmp(sqlite3_errmsg(typer->db), unsafe, sizeof unsafe - 1) == 0)
            diag_hint(diag_error(typer->diags, 301, view->node->span,
                                 "SQLite refuses the view: %s",
                                 sqlite3_errmsg(typer->db)),
                      "views can't read this module; a query can");
        sqlite3_finalize(statement);
        sqlite3_free(sql);
    }
}

static void type_all(struct typer *typer)
{
    struct schema *schema = typer->schema;
    size_t i;

    model_annotate(typer);
    for (i = 0; i < schema->views.count && !diags_full(typer->diags); i++)
        type_view(typer, schema->views.items[i]);
    if (diags_errors(typer->diags) > 0)
        return;
    for (i = 0; i < schema->queries.count && !diags_full(typer->diags); i++)
        type_query(typer, schema->queries.items[i]);
    if (diags_errors(typer->diags) == 0)
        proofs_attack(typer);
}

void queries_type(struct arena *arena, struct diags *diags, struct schema *schema)
{
    struct typer typer = {
        .arena = arena, .diags = diags, .schema = schema, .selects = {.arena = arena}};

    if (schema->views.count == 0 && schema->queries.count == 0)
        return;
    if (sqlite3_open(":memory:", &typer.db) != SQLITE_OK ||
        !list_table_register(typer.db))
        out_of_memory();
    /* as the runtime opens: text in double quotes is no text there */
    sqlite3_db_config(typer.db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(typer.db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    if (create(&typer) && check_views(&typer)) {
        if (schema->virtual_tables.count > 0)
            check_safety(&typer);
        drop_broken_views(&typer);
        if (catalog_read(&typer.catalog, arena, typer.db))
            type_all(&typer);
        else
            refuse(&typer, schema->span, "the schema");
    }
    proofs_end(&typer);
    sqlite3_close(typer.db);
}
