/*
 * selects.c: see selects.h. Each view and common table is counted once; then a name counts
 * as many as what it stands for.
 */
#include "selects.h"

#include "parse_ddl.h"
#include "tables.h"
#include "walk.h"

#include <string.h>

/* A view, or a common table of the statement that is looked at. */
struct named {
    struct select *select; /* NULL: it can't be read */
    size_t count;          /* 0: not counted yet */
    bool busy;             /* it names itself, and that is no copy */
};

/* Common tables are found by name, wherever they are declared: this is an estimate. */
struct count {
    struct selects *selects;
    struct map *ctes;
    size_t found;
};

static void add(struct count *count, size_t more)
{
    count->found += more;
    if (count->found > SELECTS_MOST)
        count->found = SELECTS_MOST + 1;
}

static size_t count_statement(struct selects *selects, struct map *ctes,
                              struct statement *statement);

static size_t count_named(struct selects *selects, struct map *ctes, struct named *named)
{
    struct statement statement = {.kind = STATEMENT_SELECT};

    if (named == NULL || named->busy)
        return 0;
    if (named->count > 0 || named->select == NULL)
        return named->count;
    named->busy = true;
    statement.select = named->select;
    named->count = count_statement(selects, ctes, &statement);
    named->busy = false;
    return named->count;
}

static void count_name(struct count *count, const char *schema, const char *name)
{
    const char *key = name_lower(count->selects->arena, name);
    struct named *cte = schema == NULL ? map_get(count->ctes, key) : NULL;
    struct map none = {0};

    if (cte != NULL)
        add(count, count_named(count->selects, count->ctes, cte));
    else
        add(count,
            count_named(count->selects, &none, map_get(&count->selects->views, key)));
}

static void count_from(struct count *count, const struct from *from)
{
    size_t i;

    for (i = 0; i < from->count; i++) {
        if (from->items[i].kind == FROM_TABLE)
            count_name(count, from->items[i].schema, from->items[i].name);
        if (from->items[i].group != NULL)
            count_from(count, from->items[i].group);
    }
}

static void see_core(void *context, struct select *select, struct core *core)
{
    struct count *count = context;

    (void)select;
    add(count, 1);
    count_from(count, &core->from);
}

static void see_expr(void *context, struct expr *expr)
{
    if (expr->kind == EXPR_IN && !expr->is_list && expr->select == NULL &&
        expr->name != NULL)
        count_name(context, expr->schema, expr->name);
}

static void add_ctes(struct selects *selects, struct map *ctes, const struct with *with)
{
    size_t i;

    for (i = 0; with != NULL && i < with->count; i++) {
        const char *name = name_lower(selects->arena, with->items[i].name);
        struct named *named = map_get(ctes, name);

        if (named != NULL)
            continue;
        named = ARENA_NEW(selects->arena, struct named);
        named->select = with->items[i].select;
        map_put(selects->arena, ctes, name, named);
    }
}

static void see_select(void *context, struct select *select)
{
    struct count *count = context;

    add_ctes(count->selects, count->ctes, select->with);
}

static size_t count_statement(struct selects *selects, struct map *ctes,
                              struct statement *statement)
{
    struct count count = {selects, ctes, 0};
    struct walker walker = {&count, see_select, see_core, see_expr};

    add_ctes(selects, ctes, statement->with);
    count_from(&count, &statement->from);
    walk_statement(&walker, statement);
    return count.found;
}

void selects_add(struct selects *selects, const char *view, const char *sql)
{
    struct named *named = ARENA_NEW(selects->arena, struct named);
    struct parser parser;
    size_t start = view_select_at(selects->arena, sql);

    parser_init(&parser, selects->arena, sql, strlen(sql),
                start >= strlen(sql) ? 0 : start);
    named->select = parser_select(&parser);
    if (parser_failed(&parser))
        named->select = NULL;
    map_put(selects->arena, &selects->views, name_lower(selects->arena, view), named);
}

void selects_add_all(struct selects *selects, sqlite3 *db)
{
    sqlite3_stmt *row = NULL;

    if (sqlite3_prepare_v2(db, "SELECT name, sql FROM sqlite_schema WHERE type = 'view'",
                           -1, &row, NULL) == SQLITE_OK)
        while (sqlite3_step(row) == SQLITE_ROW)
            selects_add(
                selects,
                arena_strdup(selects->arena, (const char *)sqlite3_column_text(row, 0)),
                arena_strdup(selects->arena, (const char *)sqlite3_column_text(row, 1)));
    sqlite3_finalize(row);
}

size_t selects_of_view(struct selects *selects, const char *view)
{
    struct map ctes = {0};

    return count_named(selects, &ctes,
                       map_get(&selects->views, name_lower(selects->arena, view)));
}

size_t selects_of_statement(struct selects *selects, struct statement *statement)
{
    struct map ctes = {0};

    return count_statement(selects, &ctes, statement);
}

const char *selects_too_many(struct arena *arena, sqlite3 *db)
{
    struct selects selects = {.arena = arena};
    const char *found = NULL;
    sqlite3_stmt *row = NULL;

    selects_add_all(&selects, db);
    if (sqlite3_prepare_v2(db, "SELECT name FROM sqlite_schema WHERE type = 'view'", -1,
                           &row, NULL) == SQLITE_OK)
        while (found == NULL && sqlite3_step(row) == SQLITE_ROW) {
            const char *name = (const char *)sqlite3_column_text(row, 0);

            if (selects_of_view(&selects, name) > SELECTS_MOST)
                found = arena_strdup(arena, name);
        }
    sqlite3_finalize(row);
    return found;
}
