/*
 * text.c: see text.h.
 */
#include "text.h"

#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SQL_WIDTH = 76,
    RULE_END = 84,
    LITERAL_LIMIT = 4095,
    CHARS_PER_LINE = 16
};

/*
 * The length of a character that changes the direction of what is shown behind it (U+061C,
 * U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069), or 0. In C it could show other code than
 * the compiler sees, and compilers warn.
 */
static size_t bidi_length(const char *text, size_t length)
{
    const unsigned char *c = (const unsigned char *)text;

    if (length >= 2 && c[0] == 0xD8 && c[1] == 0x9C)
        return 2;
    if (length < 3 || c[0] != 0xE2)
        return 0;
    if (c[1] == 0x80 && (c[2] == 0x8E || c[2] == 0x8F || (c[2] >= 0xAA && c[2] <= 0xAE)))
        return 3;
    return c[1] == 0x81 && c[2] >= 0xA6 && c[2] <= 0xA9 ? 3 : 0;
}

static void add_c_char(struct buf *out, unsigned char c, unsigned char before)
{
    switch (c) {
    case '"': buf_adds(out, "\\\""); break;
    case '\\': buf_adds(out, "\\\\"); break;
    case '\n': buf_adds(out, "\\n"); break;
    case '\t': buf_adds(out, "\\t"); break;
    case '\r': buf_adds(out, "\\r"); break;
    case '?': buf_adds(out, before == '?' ? "\\?" : "?"); break;
    default:
        if (c < 0x20 || c == 0x7f)
            buf_addf(out, "\\%03o", c);
        else
            buf_addc(out, (char)c);
    }
}

/* The bytes from the start that stand in a literal as they are; mostly that is all. */
static size_t plain_length(const char *text, size_t length)
{
    static const bool is_not[256] = {['"'] = true,  ['\\'] = true, ['?'] = true,
                                     [0x7f] = true, [0xD8] = true, [0xE2] = true};
    size_t i = 0;

    while (i < length && (unsigned char)text[i] >= ' ' && !is_not[(unsigned char)text[i]])
        i++;
    return i;
}

static void add_octal(struct buf *out, const char *text, size_t length)
{
    size_t i;

    for (i = 0; i < length; i++)
        buf_addf(out, "\\%03o", (unsigned char)text[i]);
}

static void add_c_text(struct buf *out, const char *text, size_t length)
{
    size_t i = 0;

    while (i < length) {
        size_t plain = plain_length(text + i, length - i), bidi;

        buf_add(out, text + i, plain);
        i += plain;
        if (i == length)
            break;
        bidi = bidi_length(text + i, length - i);
        if (bidi > 0) {
            add_octal(out, text + i, bidi);
            i += bidi;
            continue;
        }
        add_c_char(out, (unsigned char)text[i], i > 0 ? (unsigned char)text[i - 1] : 0);
        i++;
    }
}

static const char *keep(struct arena *arena, struct buf *buf)
{
    const char *text = arena_strndup(arena, buf->data, buf->length);

    buf_release(buf);
    return text;
}

const char *text_c_string(struct arena *arena, const char *text, size_t length)
{
    struct buf out;

    buf_init(&out);
    buf_addc(&out, '"');
    add_c_text(&out, text, length);
    buf_addc(&out, '"');
    return keep(arena, &out);
}

const char *text_c_bytes(struct arena *arena, const char *bytes, size_t length)
{
    struct buf out;
    size_t i;

    buf_init(&out);
    buf_addc(&out, '"');
    for (i = 0; i < length; i++) {
        unsigned char c = (unsigned char)bytes[i];

        if (c >= 0x80)
            buf_addf(&out, "\\%03o", c);
        else
            add_c_char(&out, c, i > 0 ? (unsigned char)bytes[i - 1] : 0);
    }
    buf_addc(&out, '"');
    return keep(arena, &out);
}

const char *text_int64(struct arena *arena, int64_t value)
{
    return value == INT64_MIN ? "INT64_MIN" : arena_printf(arena, "%" PRId64, value);
}

const char *text_size(struct arena *arena, size_t value)
{
    return arena_printf(arena, "%zu", value);
}

const char *text_double(struct arena *arena, double value)
{
    char *text = arena_printf(arena, "%.15g", value);
    char *point;

    if (strtod(text, NULL) != value)
        text = arena_printf(arena, "%.17g", value);
    point = strpbrk(text, localeconv()->decimal_point);
    if (point != NULL)
        *point = '.';
    else if (strpbrk(text, "eni") == NULL)
        text = arena_printf(arena, "%s.0", text);
    return text;
}

/* ---- comments ------------------------------------------------------------------------
 */

struct lines {
    struct arena *arena;
    VEC(struct value) list;
};

static void add_line(struct lines *lines, const char *text, size_t length)
{
    while (length > 0 && text[length - 1] == ' ')
        length--;
    *VEC_ADD(lines->arena, &lines->list) =
        value_text(arena_strndup(lines->arena, text, length));
}

/* What means something in a comment is pulled apart; tabs and control characters go. */
const char *text_comment_safe(struct arena *arena, const char *text)
{
    struct buf out;

    buf_init(&out);
    while (*text != '\0') {
        unsigned char c = (unsigned char)*text;
        size_t bidi = bidi_length(text, 3); /* it looks behind no NUL */

        if (bidi > 0) {
            text += bidi;
            continue;
        }
        buf_addc(&out, c == '\n' || c >= 0x20 ? (char)c : ' ');
        if ((c == '*' && text[1] == '/') || (c == '/' && text[1] == '*') ||
            (c == '?' && text[1] == '?'))
            buf_addc(&out, ' ');
        text++;
    }
    return keep(arena, &out);
}

static size_t characters(const char *text, size_t length)
{
    size_t count = 0, i;

    for (i = 0; i < length; i++)
        count += ((unsigned char)text[i] & 0xc0) != 0x80;
    return count;
}

/* The bytes of `text` that go on a line of `width`: up to a space where there is one. */
static size_t fit(const char *text, size_t length, size_t width)
{
    size_t end = 0, count = 0, i;

    for (i = 0; i <= length; i++) {
        if (i > 0 && (i == length || text[i] == ' ')) {
            if (count > width && end > 0)
                break;
            end = i;
        }
        if (i < length)
            count += ((unsigned char)text[i] & 0xc0) != 0x80;
    }
    return end;
}

static void wrap(struct lines *lines, const char *text, size_t length, size_t width)
{
    while (length > 0) {
        size_t end = fit(text, length, width);

        add_line(lines, text, end);
        while (end < length && text[end] == ' ')
            end++;
        text += end;
        length -= end;
    }
}

/* The end of a paragraph: at an empty line, at an indented line, or after an indented
 * one. */
static const char *paragraph_end(const char *text)
{
    const char *end = strchr(text, '\n');

    if (*text == '\n') /* an empty line is one by itself */
        return text;
    if (*text == ' ')
        return end == NULL ? text + strlen(text) : end;
    while (end != NULL && end[1] != '\n' && end[1] != ' ' && end[1] != '\0')
        end = strchr(end + 1, '\n');
    return end == NULL ? text + strlen(text) : end;
}

static void add_prose(struct lines *lines, const char *text, size_t width)
{
    while (*text != '\0') {
        const char *end = paragraph_end(text);
        char *joined = arena_strndup(lines->arena, text, (size_t)(end - text));
        char *p;

        for (p = joined; *p != '\0'; p++)
            if (*p == '\n')
                *p = ' ';
        if (*joined == '\0')
            add_line(lines, "", 0);
        else
            wrap(lines, joined, strlen(joined), width);
        text = *end == '\0' ? end : end + 1;
    }
    while (lines->list.count > 0 &&
           *lines->list.items[lines->list.count - 1].text == '\0')
        lines->list.count--;
}

struct value text_comment(struct arena *arena, const char *text, size_t width)
{
    struct lines lines = {.arena = arena};

    add_prose(&lines, text_comment_safe(arena, text), width);
    return value_list(arena, lines.list.items, lines.list.count);
}

struct value text_field_comment(struct arena *arena, const char *text, size_t width)
{
    static const char *const names[] = {"open", "text", "close", NULL};
    static struct shape shape = {.names = names};
    const struct list *lines = text_comment(arena, text, width).list;
    struct value *items = ARENA_ARRAY(arena, struct value, lines->count);
    size_t i;

    for (i = 0; i < lines->count; i++) {
        struct value *fields = ARENA_ARRAY(arena, struct value, 3);

        fields[0] = value_text(i == 0                          ? "/* "
                               : *lines->items[i].text == '\0' ? ""
                                                               : "   ");
        fields[1] = lines->items[i];
        fields[2] = value_text(i + 1 == lines->count ? " */" : "");
        items[i] = value_new(arena, &shape, NULL, fields);
    }
    return value_list(arena, items, lines->count);
}

/* ---- SQL -----------------------------------------------------------------------------
 */

struct pieces {
    struct arena *arena;
    VEC(struct value) list;
};

static void add_piece(struct pieces *pieces, const char *text, size_t length,
                      bool newline, bool last)
{
    static const char *const names[] = {"text", "end", NULL};
    static struct shape shape = {.names = names};
    struct value *fields = ARENA_ARRAY(pieces->arena, struct value, 2);
    struct buf out;

    buf_init(&out);
    add_c_text(&out, text, length);
    if (newline)
        buf_adds(&out, "\\n");
    fields[0] = value_text(keep(pieces->arena, &out));
    fields[1] = value_text(last ? ";" : "");
    *VEC_ADD(pieces->arena, &pieces->list) =
        value_new(pieces->arena, &shape, NULL, fields);
}

/* As fit(), but behind the last comma where that leaves more than half of the line. */
static size_t fit_sql(const char *text, size_t length)
{
    size_t end = fit(text, length, SQL_WIDTH), comma = end;

    if (end == length)
        return end;
    while (comma > end / 2 && text[comma - 1] != ',')
        comma--;
    return comma > end / 2 ? comma : end;
}

/* One line of SQL as one or more pieces; a break goes behind a space. */
static void add_sql_line(struct pieces *pieces, const char *text, size_t length,
                         bool newline, bool last)
{
    while (characters(text, length) > SQL_WIDTH) {
        size_t end = fit_sql(text, length);

        if (end == length)
            break;
        add_piece(pieces, text, end + 1, false, false);
        text += end + 1;
        length -= end + 1;
    }
    add_piece(pieces, text, length, newline, last);
}

static struct value sql_lines(struct arena *arena, const char *sql)
{
    struct pieces pieces = {.arena = arena};

    for (;;) {
        const char *end = strchr(sql, '\n');
        size_t length = end == NULL ? strlen(sql) : (size_t)(end - sql);

        add_sql_line(&pieces, sql, length, end != NULL, end == NULL);
        if (end == NULL)
            break;
        sql = end + 1;
    }
    return value_list(arena, pieces.list.items, pieces.list.count);
}

/* The bytes as numbers, sixteen to a line, with the NUL at the end. */
static struct value sql_chars(struct arena *arena, const char *sql)
{
    size_t length = strlen(sql), i;
    struct lines lines = {.arena = arena};
    struct buf out;

    buf_init(&out);
    for (i = 0; length > LITERAL_LIMIT && i <= length; i++) {
        unsigned char c = (unsigned char)sql[i];

        /* beyond ASCII the number depends on the sign of char, the constant does not */
        buf_adds(&out, out.length == 0 ? "" : ", ");
        buf_addf(&out, c < 0x80 ? "%d" : "'\\%03o'", c);
        if (i % CHARS_PER_LINE == CHARS_PER_LINE - 1 || i == length) {
            add_line(&lines, out.data, out.length);
            buf_clear(&out);
        }
    }
    buf_release(&out);
    return value_list(arena, lines.list.items, lines.list.count);
}

struct value text_sql_object(struct arena *arena, const char *variable, const char *sql)
{
    static const char *const names[] = {"variable", "lines", "too_long", "chars", NULL};
    static struct shape shape = {.names = names};
    struct value *fields = ARENA_ARRAY(arena, struct value, 4);

    fields[0] = value_text(variable);
    fields[1] = sql_lines(arena, sql);
    fields[2] = value_flag(strlen(sql) > LITERAL_LIMIT);
    fields[3] = sql_chars(arena, sql);
    return value_new(arena, &shape, NULL, fields);
}

const char *text_rule(struct arena *arena, const char *name)
{
    size_t used = strlen("/* ---- ") + strlen(name) + 1;
    size_t count = used + 4 < RULE_END ? RULE_END - used : 4;
    char *rule = arena_alloc(arena, count + 1);

    memset(rule, '-', count);
    return rule;
}
