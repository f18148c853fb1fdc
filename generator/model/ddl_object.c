/*
 * ddl_object.c: CREATE VIEW and CREATE VIRTUAL TABLE, formatted for people. It must not
 * know what a SELECT or a module means, but for fts5: what it is an index of.
 */
#include "ddl.h"

#include "../base/names.h"
#include "sqltext.h"

#include <string.h>
#include <strings.h>

enum {
    WIDTH = 90
};

/* ---- views ---------------------------------------------------------------------- */

static const char *without_semicolon(const char *sql, size_t *length)
{
    sql = sql_trim(sql, length);
    while (*length > 0 && strchr("; \t\r\n", sql[*length - 1]) != NULL)
        --*length;
    return sql;
}

void ddl_view(const struct view *view, struct buf *out)
{
    struct arena scratch = {0};
    size_t length;
    const char *sql = without_semicolon(view->sql, &length);

    buf_addf(out, "CREATE VIEW %s", name_sql(&scratch, view->name));
    for (size_t i = 0; view->columns != NULL && i < view->columns->count; i++)
        buf_addf(out, "%s%s%s", i == 0 ? " (" : ", ",
                 name_sql(&scratch, view->columns->items[i]->text),
                 i + 1 == view->columns->count ? ")" : "");
    buf_adds(out, " AS\n");
    buf_add(out, sql, length);
    if (sql_has_line_comment(sql))
        buf_addc(out, '\n'); /* a semicolon may follow */
    arena_release(&scratch);
}

/* ---- virtual tables ------------------------------------------------------------- */

void ddl_virtual_table(const struct virtual_table *table, struct buf *out)
{
    const struct node *list = table->arguments;
    size_t count = list != NULL ? list->count : 0, width = 0, i, length;
    struct arena scratch = {0};
    bool broken;

    for (i = 0; i < count; i++)
        width += list->items[i]->length + 2;
    buf_addf(out, "CREATE VIRTUAL TABLE %s USING %s", name_sql(&scratch, table->name),
             name_sql(&scratch, table->module));
    broken = width + strlen(table->name) + strlen(table->module) + 30 > WIDTH;
    for (i = 0; i < count; i++) {
        const char *text = sql_trim(list->items[i]->text, &length);

        buf_adds(out, i == 0 ? " (" : broken ? "," : ", ");
        buf_adds(out, broken ? "\n    " : "");
        buf_add(out, text, length);
    }
    if (count > 0)
        buf_adds(out, broken ? "\n)" : ")");
    arena_release(&scratch);
}

/* True for `content=notes`, the table of which an fts5 table is the index; not for ''. */
static bool is_content(const char *argument)
{
    struct sql_token token = sql_word(argument);

    if (!sql_is(token, "content"))
        return false;
    token = sql_word(token.text + token.length);
    if (!sql_is(token, "="))
        return false;
    token = sql_word(token.text + token.length);
    return token.kind != SQL_END && !(token.kind == SQL_STRING && token.length == 2) &&
           !(token.kind == SQL_NAME && token.length == 2);
}

bool ddl_fill(const struct virtual_table *table, struct buf *out)
{
    const struct node *list = table->arguments;
    struct arena scratch = {0};
    const char *name = name_sql(&scratch, table->name);
    bool fills = false;

    for (size_t i = 0; list != NULL && i < list->count; i++)
        fills = fills || is_content(list->items[i]->text);
    fills = fills && strcasecmp(table->module, "fts5") == 0;
    if (fills)
        buf_addf(out, "INSERT INTO %s (%s)\n    VALUES ('rebuild')", name, name);
    arena_release(&scratch);
    return fills;
}
