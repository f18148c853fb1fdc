/*
 * referee_query.c: see referee_query.h.
 */
#include "referee_query.h"

#include <stdlib.h>
#include <string.h>

struct query_referee {
    struct arena *arena;
    struct range range;
    struct sql_error *error;
};

static bool object(struct query_referee *referee, struct range range, const char *message)
{
    *referee->error = (struct sql_error){range, message, NULL};
    return false;
}

/* In double quotes stands a name: the runtime's connections take it for no text. */
static bool refused(struct query_referee *referee, sqlite3 *db, const char *text)
{
    int offset = sqlite3_error_offset(db);
    struct range range = referee->range;

    if (offset >= 0 && range.start + (size_t)offset < range.end) {
        struct token token = token_at(text, range.end, range.start + (size_t)offset);

        range = (struct range){token.offset, token.offset + token.length};
    }
    object(referee, range,
           arena_printf(referee->arena, "SQLite: %s", sqlite3_errmsg(db)));
    if (text[range.start] == '"' &&
        strncmp(sqlite3_errmsg(db), "no such column", 14) == 0)
        referee->error->hint = "text stands in single quotes";
    return false;
}

/* SQLite's declared type is that of the column a value is copied from. */
static bool same_origin(sqlite3_stmt *statement, int column, const struct type *type)
{
    const char *declared = sqlite3_column_decltype(statement, column);

    return declared == NULL || type->origin == NULL || type->combined ||
           sqlite3_stricmp(declared, type->origin->declared) == 0;
}

/* Of the fifth column of a name on, SQLite puts a random number behind it. */
static bool same_name(const char *theirs, const char *ours)
{
    size_t length = strcspn(ours, ":");

    if (strcmp(theirs, ours) == 0)
        return true;
    return ours[length] == ':' && atoi(ours + length + 1) >= 4 &&
           strncmp(theirs, ours, length + 1) == 0;
}

static bool check_columns(struct query_referee *referee, sqlite3_stmt *statement,
                          const struct relation *columns)
{
    int i, count = sqlite3_column_count(statement);

    if (count != (int)columns->count)
        return object(referee, referee->range,
                      arena_printf(referee->arena,
                                   "internal error: SQLite sees %d columns, Quarry %zu",
                                   count, columns->count));
    for (i = 0; i < count; i++) {
        const char *name = sqlite3_column_name(statement, i);
        const char *ours = columns->columns[i].name;

        if (name == NULL || !same_name(name, ours))
            return object(
                referee, referee->range,
                arena_printf(referee->arena,
                             "internal error: SQLite calls column %d `%s`, Quarry `%s`",
                             i + 1, name == NULL ? "" : name, ours));
        if (!same_origin(statement, i, &columns->columns[i].type))
            return object(
                referee, referee->range,
                arena_printf(
                    referee->arena,
                    "internal error: column `%s` is declared %s to SQLite, %s to "
                    "Quarry",
                    ours, sqlite3_column_decltype(statement, i),
                    columns->columns[i].type.origin->declared));
    }
    return true;
}

static bool check_parameters(struct query_referee *referee, sqlite3_stmt *statement,
                             const struct inferred *inferred)
{
    int last = 0;

    if (inferred->parameter_count > 0)
        last = inferred->parameters[inferred->parameter_count - 1]->index;
    if (sqlite3_bind_parameter_count(statement) == last)
        return true;
    return object(referee, referee->range,
                  arena_printf(referee->arena,
                               "internal error: SQLite sees %d parameters, Quarry %d",
                               sqlite3_bind_parameter_count(statement), last));
}

bool referee_query(struct arena *arena, sqlite3 *db, const char *text, struct range range,
                   const struct inferred *inferred, struct sql_error *error)
{
    struct query_referee referee = {arena, range, error};
    char *sql = infer_plain_sql(arena, text + range.start, range.end - range.start);
    sqlite3_stmt *statement = NULL;
    bool good;

    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        return refused(&referee, db, text);
    good = inferred == NULL || (check_columns(&referee, statement, inferred->columns) &&
                                check_parameters(&referee, statement, inferred));
    sqlite3_finalize(statement);
    return good;
}

bool referee_emitted(struct arena *arena, sqlite3 *db, const char *sql,
                     struct range range, const struct inferred *inferred,
                     sqlite3_stmt **made, struct sql_error *error)
{
    struct query_referee referee = {arena, range, error};

    *made = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, made, NULL) != SQLITE_OK)
        return object(&referee, range,
                      arena_printf(arena, "internal error: SQLite refuses `%s`: %s", sql,
                                   sqlite3_errmsg(db)));
    if (check_columns(&referee, *made, inferred->columns))
        return true;
    sqlite3_finalize(*made);
    *made = NULL;
    return false;
}
