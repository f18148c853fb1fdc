/*
 * node.c: see node.h; reading is in yaml.c. Numbers are checked here before the C library
 * converts them, because it takes more (hexadecimal floats, "inf", blanks) than YAML
 * does.
 */
#include "node.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct node *node_get(const struct node *map, const char *key)
{
    size_t i;

    if (map == NULL || map->kind != NODE_MAP)
        return NULL;
    for (i = 0; i < map->count; i++)
        if (strcmp(map->entries[i].key->text, key) == 0)
            return map->entries[i].value;
    return NULL;
}

const char *node_kind_name(const struct node *node)
{
    static const char *const names[] = {[NODE_NULL] = "nothing",
                                        [NODE_SCALAR] = "text",
                                        [NODE_LIST] = "a list",
                                        [NODE_MAP] = "a map"};

    return node == NULL ? names[NODE_NULL] : names[node->kind];
}

/* True where the source has the same bytes at `from` as the text at `at`. */
static bool stands_at(const struct source *source, size_t from, const char *text,
                      size_t length)
{
    return from <= source->length && length <= source->length - from &&
           memcmp(source->text + from, text, length) == 0 &&
           memchr(text, '\n', length) == NULL;
}

/* Each line of a literal block's text is a line of the source, less its indentation. */
static struct span literal_span(const struct node *scalar, size_t offset, size_t length)
{
    const struct source *source = scalar->span.at.source;
    const char *line = scalar->text, *next;
    struct pos pos = {.source = source, .line = scalar->span.at.line + 1, .column = 1};
    size_t column, line_length, from;

    while ((next = memchr(line, '\n', offset - (size_t)(line - scalar->text))) != NULL) {
        line = next + 1;
        pos.line++;
    }
    column = offset - (size_t)(line - scalar->text);
    source_line(source, pos.line, &line_length);
    from =
        pos_offset(pos) + (line_length < scalar->indent ? line_length : scalar->indent);
    if (pos.line > source->line_count || !stands_at(source, from, line, column))
        return scalar->span;
    return span_at(source, from + column, length);
}

struct span node_span_at(const struct node *scalar, size_t offset, size_t length)
{
    const struct source *source = scalar->span.at.source;
    size_t from;

    if (scalar->kind != NODE_SCALAR || source == NULL || scalar->span.at.line == 0)
        return scalar->span;
    if (offset > scalar->length)
        offset = scalar->length;
    if (length > scalar->length - offset)
        length = scalar->length - offset;
    from = pos_offset(scalar->span.at);
    if (scalar->block)
        return from < source->length && source->text[from] == '|'
                   ? literal_span(scalar, offset, length)
                   : scalar->span;
    from += scalar->quoted ? 1 : 0;
    if (!stands_at(source, from, scalar->text, offset))
        return scalar->span;
    return span_at(source, from + offset, length);
}

static bool is_plain(const struct node *node)
{
    return node != NULL && node->kind == NODE_SCALAR && !node->quoted;
}

bool node_bool(const struct node *node, bool *value)
{
    if (!is_plain(node))
        return false;
    *value = strcmp(node->text, "true") == 0;
    return *value || strcmp(node->text, "false") == 0;
}

static size_t count_digits(const char *text, const char *digits)
{
    return strspn(text, digits);
}

static bool has_extra_zero(const char *digits, size_t count)
{
    return count > 1 && digits[0] == '0';
}

static bool is_hexadecimal(const char *text)
{
    size_t count;

    if (strncmp(text, "0x", 2) != 0)
        return false;
    count = count_digits(text + 2, "0123456789abcdefABCDEF");
    return count > 0 && text[2 + count] == '\0';
}

static bool is_decimal(const char *text)
{
    size_t count;

    text += *text == '-' || *text == '+';
    count = count_digits(text, "0123456789");
    return count > 0 && !has_extra_zero(text, count) && text[count] == '\0';
}

bool node_int64(const struct node *node, long long *value)
{
    bool hexadecimal;

    if (!is_plain(node))
        return false;
    hexadecimal = is_hexadecimal(node->text);
    if (!hexadecimal && !is_decimal(node->text))
        return false;
    errno = 0;
    *value = strtoll(node->text, NULL, hexadecimal ? 16 : 10);
    return errno == 0;
}

static bool is_real(const char *text)
{
    size_t whole, fraction = 0, exponent;

    text += *text == '-' || *text == '+';
    whole = count_digits(text, "0123456789");
    if (has_extra_zero(text, whole))
        return false;
    text += whole;
    if (*text == '.') {
        fraction = count_digits(text + 1, "0123456789");
        text += 1 + fraction;
    }
    if (whole + fraction == 0)
        return false;
    if (*text != 'e' && *text != 'E')
        return *text == '\0';
    text++;
    text += *text == '-' || *text == '+';
    exponent = count_digits(text, "0123456789");
    return exponent > 0 && text[exponent] == '\0';
}

/* strtod() follows the locale's decimal point; the program never leaves the "C" locale.
 */
bool node_double(const struct node *node, double *value)
{
    long long integer;

    if (node_int64(node, &integer)) {
        *value = (double)integer;
        return true;
    }
    if (!is_plain(node) || !is_real(node->text))
        return false;
    *value = strtod(node->text, NULL);
    return !isinf(*value);
}
