/*
 * history_drop.c: which tables and columns SQL of a migration drops although nothing has
 * read their rows before, see history_internal.h. SQLite says what a statement reads and
 * drops while it compiles it. Whether what is dropped was the user's is not known here.
 */
#include "history_internal.h"

#include "../sql/token.h"

#include <string.h>

/* The name that a table had when the step began. */
static const char *first_name(const struct data_maker *data, const char *table)
{
    size_t i;

    for (i = data->renamed.count; i > 0; i--)
        if (name_same(data->renamed.items[i - 1].now, table))
            return data->renamed.items[i - 1].first;
    return table;
}

/* `column` NULL: the table itself. */
static void add_name(const struct data_maker *data, struct data_names *names,
                     const char *table, const char *column)
{
    struct arena *arena = data->maker->stage->arena;
    struct data_name *name = VEC_ADD(arena, names);

    name->table = arena_strdup(arena, first_name(data, table));
    name->column = column != NULL ? arena_strdup(arena, column) : NULL;
}

/* `any`: any of its columns will do. */
static bool has(const struct data_names *names, const char *table, const char *column,
                bool any)
{
    size_t i;

    for (i = 0; i < names->count; i++) {
        const struct data_name *name = &names->items[i];

        if (name_same(name->table, table) &&
            (any || name->column == NULL ||
             (column != NULL && name_same(name->column, column))))
            return true;
    }
    return false;
}

void history_note(struct data_maker *data, int action, const char *table,
                  const char *column)
{
    if (table == NULL || strncmp(table, "sqlite_", 7) == 0)
        return;
    switch (action) {
    case SQLITE_READ:
        if (data->making == NULL || !name_same(data->making, table))
            add_name(data, &data->reading, table, column);
        break;
    case SQLITE_INSERT: data->copies = true; break;
    case SQLITE_UPDATE: data->writes = true; break;
    case SQLITE_CREATE_TABLE:
    case SQLITE_CREATE_TEMP_TABLE:
        data->making = arena_strdup(data->maker->stage->arena, table);
        data->writes = true;
        break;
    case SQLITE_DROP_TABLE:
        if (!has(&data->moved, first_name(data, table), NULL, true))
            add_name(data, &data->dropped, table, NULL);
        break;
    default: break;
    }
}

/* ALTER TABLE t RENAME TO u, ALTER TABLE t DROP COLUMN c: SQLite tells the table alone. */
static void note_alter(struct data_maker *data, const char *sql)
{
    struct arena *arena = data->maker->stage->arena;
    size_t count;
    const struct token *tokens = token_list(arena, sql, strlen(sql), &count);
    const char *first, *last;

    if (count < 5 || tokens[0].keyword != KEYWORD_ALTER)
        return;
    tokens += tokens[3].kind == TOKEN_DOT ? 4 : 2;
    first = first_name(data, token_value(arena, sql, tokens[0]));
    for (count = 1; tokens[count + 1].kind != TOKEN_END; count++)
        ;
    last = token_value(arena, sql, tokens[count]);
    if (tokens[1].keyword == KEYWORD_RENAME && tokens[2].keyword == KEYWORD_TO)
        *VEC_ADD(arena, &data->renamed) = (struct data_rename){first, last};
    else if (tokens[1].keyword == KEYWORD_DROP && !has(&data->moved, first, last, false))
        *VEC_ADD(arena, &data->dropped) = (struct data_name){first, last};
}

/* From now on the name is that of a table which held nothing when the step began. */
static void note_made(struct data_maker *data, const char *sql)
{
    struct arena *arena = data->maker->stage->arena;
    size_t i, count;
    const struct token *tokens = token_list(arena, sql, strlen(sql), &count);

    for (i = 0; i < 4 && i < count; i++)
        if (tokens[i].keyword == KEYWORD_IF)
            return; /* IF NOT EXISTS: perhaps it was there */
    *VEC_ADD(arena, &data->renamed) = (struct data_rename){"", data->making};
}

/* "INSERT INTO t SELECT * FROM u" can copy records whole, and then SQLite tells no READ. */
static void note_from(struct data_maker *data, const char *sql)
{
    struct arena *arena = data->maker->stage->arena;
    size_t i, count;
    const struct token *tokens = token_list(arena, sql, strlen(sql), &count);

    for (i = 0; tokens[i].kind != TOKEN_END; i++) {
        if (tokens[i].keyword != KEYWORD_FROM)
            continue;
        i += tokens[i + 1].kind != TOKEN_END && tokens[i + 2].kind == TOKEN_DOT ? 2 : 0;
        if (tokens[i + 1].kind != TOKEN_END)
            add_name(data, &data->moved, token_value(arena, sql, tokens[i + 1]), NULL);
    }
}

void history_noted(struct data_maker *data, const char *sql)
{
    size_t i;

    note_alter(data, sql);
    if (data->making != NULL)
        note_made(data, sql);
    if (data->copies)
        note_from(data, sql);
    for (i = 0; (data->writes || data->copies) && i < data->reading.count; i++)
        *VEC_ADD(data->maker->stage->arena, &data->moved) = data->reading.items[i];
    data->reading.count = 0;
    data->writes = data->copies = false;
    data->making = NULL;
}

bool history_dropped(const struct data_maker *data, const char *table, const char *column)
{
    return has(&data->dropped, table, column, false);
}
