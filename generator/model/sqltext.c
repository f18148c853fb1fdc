/*
 * sqltext.c: see sqltext.h. The tokens are those of SQLite's tokenizer, as its
 * documentation of the syntax describes them.
 */
#include "sqltext.h"

#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '$' || (unsigned char)c >= 0x80;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* The length of what starts with `text[0]` and ends with `close`, which is doubled
 * inside. */
static size_t quoted_length(const char *text, char close)
{
    size_t i = 1;

    while (text[i] != '\0') {
        if (text[i] != close)
            i++;
        else if (text[i + 1] == close && close != ']')
            i += 2;
        else
            return i + 1;
    }
    return 0;
}

static struct sql_token quoted(const char *text, enum sql_kind kind, size_t prefix,
                               char close)
{
    size_t length = quoted_length(text + prefix, close);

    if (length == 0)
        return (struct sql_token){SQL_BROKEN, text, strlen(text)};
    return (struct sql_token){kind, text, prefix + length};
}

static struct sql_token comment(const char *text)
{
    const char *end;

    if (text[0] == '-')
        return (struct sql_token){SQL_COMMENT, text, strcspn(text, "\n")};
    end = strstr(text + 2, "*/");
    if (end == NULL)
        return (struct sql_token){SQL_BROKEN, text, strlen(text)};
    return (struct sql_token){SQL_COMMENT, text, (size_t)(end + 2 - text)};
}

static struct sql_token number(const char *text)
{
    size_t i = 0;

    if (text[0] == '0' && lower(text[1]) == 'x') {
        for (i = 2; is_word(text[i]);)
            i++;
        return (struct sql_token){SQL_NUMBER, text, i};
    }
    while (is_word(text[i]) || text[i] == '.' ||
           (i > 0 && lower(text[i - 1]) == 'e' && (text[i] == '+' || text[i] == '-')))
        i++;
    return (struct sql_token){SQL_NUMBER, text, i};
}

static struct sql_token operator_token(const char *text)
{
    static const char *const pairs[] = {
        "||", "<=", ">=", "<>", "==", "!=", "<<", ">>", "->"};

    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        if (strncmp(text, pairs[i], 2) == 0)
            return (struct sql_token){SQL_OPERATOR, text,
                                      strncmp(text, "->>", 3) == 0 ? 3u : 2u};
    return (struct sql_token){SQL_OPERATOR, text, 1};
}

struct sql_token sql_token(const char *text)
{
    while (is_blank(*text))
        text++;
    switch (*text) {
    case '\0': return (struct sql_token){SQL_END, text, 0};
    case '\'': return quoted(text, SQL_STRING, 0, '\'');
    case '"': return quoted(text, SQL_NAME, 0, '"');
    case '`': return quoted(text, SQL_NAME, 0, '`');
    case '[': return quoted(text, SQL_NAME, 0, ']');
    default: break;
    }
    if (lower(text[0]) == 'x' && text[1] == '\'')
        return quoted(text, SQL_BLOB, 1, '\'');
    if ((text[0] == '-' && text[1] == '-') || (text[0] == '/' && text[1] == '*'))
        return comment(text);
    if (is_digit(text[0]) || (text[0] == '.' && is_digit(text[1])))
        return number(text);
    if (is_word(text[0])) {
        size_t length = 1;

        while (is_word(text[length]))
            length++;
        return (struct sql_token){SQL_WORD, text, length};
    }
    return operator_token(text);
}

struct sql_token sql_word(const char *text)
{
    struct sql_token token = sql_token(text);

    while (token.kind == SQL_COMMENT)
        token = sql_token(token.text + token.length);
    return token;
}

static bool equal(const char *text, size_t length, const char *name)
{
    size_t i;

    for (i = 0; i < length && name[i] != '\0'; i++)
        if (lower(text[i]) != lower(name[i]))
            return false;
    return i == length && name[i] == '\0';
}

bool sql_is(struct sql_token token, const char *word)
{
    return (token.kind == SQL_WORD || token.kind == SQL_OPERATOR) &&
           equal(token.text, token.length, word);
}

/* A quoted name with its doubled quotes is compared character by character. */
static bool quoted_names(struct sql_token token, const char *name)
{
    char close = token.text[token.length - 1];
    size_t i = 1;

    while (i + 1 < token.length) {
        if (*name == '\0' || lower(token.text[i]) != lower(*name))
            return false;
        i += close != ']' && token.text[i] == close ? 2u : 1u;
        name++;
    }
    return *name == '\0';
}

bool sql_names(struct sql_token token, const char *name)
{
    if (token.kind == SQL_WORD)
        return equal(token.text, token.length, name);
    return token.kind == SQL_NAME && quoted_names(token, name);
}

bool sql_mentions(const char *sql, const char *name)
{
    struct sql_token token = sql_word(sql);

    while (token.kind != SQL_END) {
        if (sql_names(token, name))
            return true;
        token = sql_word(token.text + token.length);
    }
    return false;
}

const char *sql_unbalanced(const char *sql)
{
    struct sql_token token = sql_word(sql);
    size_t depth = 0;

    if (token.kind == SQL_END)
        return "it is empty";
    for (; token.kind != SQL_END; token = sql_word(token.text + token.length)) {
        if (token.kind == SQL_BROKEN)
            return *token.text == '/' ? "a comment does not end" : "a quote does not end";
        if (sql_is(token, "("))
            depth++;
        if (sql_is(token, ")") && depth-- == 0)
            return "there is a `)` too many";
        if (sql_is(token, ";"))
            return "there is a `;` in it";
        if (sql_is(token, ",") && depth == 0)
            return "there is a `,` outside parentheses";
    }
    return depth > 0 ? "a `)` is missing" : NULL;
}

const char *sql_trim(const char *sql, size_t *length)
{
    while (is_blank(*sql))
        sql++;
    *length = strlen(sql);
    while (*length > 0 && is_blank(sql[*length - 1]))
        (*length)--;
    return sql;
}

bool sql_has_line_comment(const char *sql)
{
    for (;;) {
        struct sql_token token = sql_token(sql);

        if (token.kind == SQL_END)
            return false;
        if (token.kind == SQL_COMMENT && token.text[0] == '-')
            return true;
        sql = token.text + token.length;
    }
}

static void add_blanks(struct buf *out, const char *from, const char *to, size_t indent)
{
    for (; from < to; from++) {
        if (*from != '\r')
            buf_addc(out, *from);
        if (*from == '\n' && from + 1 < to && from[1] != '\n' && from[1] != '\r')
            buf_repeat(out, ' ', indent);
        else if (*from == '\n' && from + 1 == to)
            buf_repeat(out, ' ', indent);
    }
}

void sql_add_block(struct buf *out, const char *sql, size_t indent)
{
    size_t length;
    const char *at = sql_trim(sql, &length);
    const char *end = at + length;

    buf_addc(out, '(');
    if (memchr(at, '\n', length) == NULL && !sql_has_line_comment(at)) {
        buf_add(out, at, length);
        buf_addc(out, ')');
        return;
    }
    buf_addc(out, '\n');
    buf_repeat(out, ' ', indent + 4);
    while (at < end) {
        struct sql_token token = sql_token(at);

        if (token.text >= end)
            break;
        add_blanks(out, at, token.text, indent + 4);
        buf_add(out, token.text,
                token.text + token.length > end ? (size_t)(end - token.text)
                                                : token.length);
        at = token.text + token.length;
    }
    buf_addc(out, '\n');
    buf_repeat(out, ' ', indent);
    buf_addc(out, ')');
}
