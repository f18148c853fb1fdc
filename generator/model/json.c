/*
 * json.c: see json.h. The check is a recursive descent that moves a pointer on; its depth
 * is bounded by JSON_DEPTH, that of nodes by NODE_DEPTH.
 */
#include "json.h"

#include <stdio.h>
#include <string.h>

static bool value(const char **at, int depth);

static void skip_space(const char **at)
{
    *at += strspn(*at, " \t\r\n");
}

static bool take(const char **at, char c)
{
    if (**at != c)
        return false;
    ++*at;
    return true;
}

static bool take_word(const char **at, const char *word)
{
    size_t length = strlen(word);

    if (strncmp(*at, word, length) != 0)
        return false;
    *at += length;
    return true;
}

static bool take_digits(const char **at)
{
    size_t count = strspn(*at, "0123456789");

    *at += count;
    return count > 0;
}

static bool number(const char **at)
{
    take(at, '-');
    if (!take(at, '0') && !take_digits(at))
        return false;
    if (take(at, '.') && !take_digits(at))
        return false;
    if (!take(at, 'e') && !take(at, 'E'))
        return true;
    if (!take(at, '+'))
        take(at, '-');
    return take_digits(at);
}

static bool escape(const char **at)
{
    if (take(at, 'u')) {
        if (strspn(*at, "0123456789abcdefABCDEF") < 4)
            return false;
        *at += 4;
        return true;
    }
    if (**at == '\0' || strchr("\"\\/bfnrt", **at) == NULL)
        return false;
    ++*at;
    return true;
}

static bool string(const char **at)
{
    if (!take(at, '"'))
        return false;
    while (!take(at, '"')) {
        if ((unsigned char)**at < 0x20)
            return false;
        if (*(*at)++ == '\\' && !escape(at))
            return false;
    }
    return true;
}

static bool member(const char **at, int depth, bool named)
{
    if (named) {
        skip_space(at);
        if (!string(at))
            return false;
        skip_space(at);
        if (!take(at, ':'))
            return false;
    }
    return value(at, depth);
}

/* The members of an array or object behind its opening bracket. */
static bool members(const char **at, int depth, char end)
{
    if (depth >= JSON_DEPTH)
        return false;
    skip_space(at);
    if (take(at, end))
        return true;
    do {
        if (!member(at, depth + 1, end == '}'))
            return false;
    } while (take(at, ','));
    return take(at, end);
}

static bool value(const char **at, int depth)
{
    bool good;

    skip_space(at);
    if (take(at, '{'))
        good = members(at, depth, '}');
    else if (take(at, '['))
        good = members(at, depth, ']');
    else if (**at == '"')
        good = string(at);
    else
        good = take_word(at, "true") || take_word(at, "false") || take_word(at, "null") ||
               number(at);
    skip_space(at);
    return good;
}

bool json_valid(const char *text)
{
    return value(&text, 0) && *text == '\0';
}

void json_string(struct buf *out, const char *text)
{
    static const char short_from[] = "\"\\\b\f\n\r\t", short_to[] = "\"\\bfnrt";
    const char *c, *found;

    buf_addc(out, '"');
    for (c = text; *c != '\0'; c++) {
        found = strchr(short_from, *c);
        if (found != NULL) {
            buf_addc(out, '\\');
            buf_addc(out, short_to[found - short_from]);
        } else if ((unsigned char)*c < 0x20) {
            buf_addf(out, "\\u%04x", (unsigned)(unsigned char)*c);
        } else {
            buf_addc(out, *c);
        }
    }
    buf_addc(out, '"');
}

static bool is_json_number(const char *text)
{
    return number(&text) && *text == '\0';
}

/* The shortest text that reads back as the same number; the program's locale is "C". */
static void add_double(struct buf *out, const struct node *node, double real)
{
    char text[32];

    if (is_json_number(node->text)) {
        buf_adds(out, node->text);
        return;
    }
    snprintf(text, sizeof text, "%.17g", real);
    buf_adds(out, text);
}

static bool is_infinite_word(const struct node *node)
{
    static const char *const words[] = {".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"};
    const char *text = node->text + (node->text[0] == '-' || node->text[0] == '+');
    size_t i;

    for (i = 0; i < sizeof words / sizeof *words; i++)
        if (!node->quoted && strcmp(text, words[i]) == 0)
            return true;
    return false;
}

static bool add_scalar(struct buf *out, const struct node *node,
                       const struct node **culprit)
{
    long long integer;
    double real;
    bool flag;

    if (is_infinite_word(node)) {
        *culprit = node;
        return false;
    }
    if (node_bool(node, &flag))
        buf_adds(out, flag ? "true" : "false");
    else if (!node->quoted && is_json_number(node->text))
        buf_adds(out, node->text);
    else if (node_int64(node, &integer))
        buf_addf(out, "%lld", integer);
    else if (node_double(node, &real))
        add_double(out, node, real);
    else
        json_string(out, node->text);
    return true;
}

static bool add_list(struct buf *out, const struct node *node,
                     const struct node **culprit)
{
    size_t i;

    buf_addc(out, '[');
    for (i = 0; i < node->count; i++) {
        if (i > 0)
            buf_addc(out, ',');
        if (!json_node(out, node->items[i], culprit))
            return false;
    }
    buf_addc(out, ']');
    return true;
}

static bool add_map(struct buf *out, const struct node *node, const struct node **culprit)
{
    size_t i;

    buf_addc(out, '{');
    for (i = 0; i < node->count; i++) {
        if (i > 0)
            buf_addc(out, ',');
        json_string(out, node->entries[i].key->text);
        buf_addc(out, ':');
        if (!json_node(out, node->entries[i].value, culprit))
            return false;
    }
    buf_addc(out, '}');
    return true;
}

bool json_node(struct buf *out, const struct node *node, const struct node **culprit)
{
    switch (node->kind) {
    case NODE_NULL: buf_adds(out, "null"); break;
    case NODE_SCALAR: return add_scalar(out, node, culprit);
    case NODE_LIST: return add_list(out, node, culprit);
    case NODE_MAP: return add_map(out, node, culprit);
    }
    return true;
}
