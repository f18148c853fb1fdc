/*
 * ddl_trigger.c: CREATE TRIGGER, formatted for people: the statements of the trigger on
 * lines of their own, indented as they were written.
 */
#include "ddl.h"

#include "../base/names.h"
#include "sqltext.h"

#include <string.h>

static void add_upper(struct buf *out, const char *words)
{
    for (; *words != '\0'; words++)
        buf_addc(out,
                 *words >= 'a' && *words <= 'z' ? (char)(*words - 'a' + 'A') : *words);
}

static void add_event(struct arena *scratch, const struct trigger *trigger,
                      struct buf *out)
{
    buf_adds(out, "\n    ");
    add_upper(out, trigger->when);
    for (size_t i = 0; i < trigger->columns.count; i++)
        buf_addf(out, "%s%s", i > 0 ? ", " : " OF ",
                 name_sql(scratch, trigger->columns.items[i]->sql_name));
    buf_addf(out, " ON %s", name_sql(scratch, trigger->on));
}

/* True where a line end of the text stands inside of a quoted name or string. */
static bool has_line_in_quotes(const char *sql)
{
    struct sql_token token = sql_token(sql);

    for (; token.kind != SQL_END; token = sql_token(token.text + token.length))
        if ((token.kind == SQL_NAME || token.kind == SQL_STRING) &&
            memchr(token.text, '\n', token.length) != NULL)
            return true;
    return false;
}

/* Adds the lines of the SQL, indented; what is inside of quotes must stay as it is. */
static void add_body(const char *sql, struct buf *out)
{
    bool indent = !has_line_in_quotes(sql);
    size_t length;
    const char *text = sql_trim(sql, &length), *end = text + length;

    buf_adds(out, "\n    ");
    for (; text < end; text++) {
        buf_addc(out, *text);
        if (*text == '\n' && indent && text + 1 < end && text[1] != '\n')
            buf_adds(out, "    ");
    }
}

static bool ends_with_semicolon(const char *sql)
{
    struct sql_token token = sql_word(sql), last = token;

    for (; token.kind != SQL_END; token = sql_word(token.text + token.length))
        last = token;
    return last.kind != SQL_END && sql_is(last, ";");
}

void ddl_trigger(const struct trigger *trigger, struct buf *out)
{
    struct arena scratch = {0};
    const char *sql = trigger->sql->text;

    buf_addf(out, "CREATE TRIGGER %s", name_sql(&scratch, trigger->name));
    add_event(&scratch, trigger, out);
    if (trigger->condition != NULL) {
        buf_adds(out, "\n    WHEN ");
        sql_add_block(out, trigger->condition->text, 4);
    }
    buf_adds(out, "\nBEGIN");
    add_body(sql, out);
    if (!ends_with_semicolon(sql))
        buf_adds(out, sql_has_line_comment(sql) ? "\n;" : ";");
    buf_adds(out, "\nEND");
    arena_release(&scratch);
}
