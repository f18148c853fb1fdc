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

/* ---- text that stands in the source in another form ---------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Behind blanks and line ends, also those that are escapes in double quotes. */
static size_t skip_blanks(const struct source *source, size_t at, char quote)
{
    while (at < source->length) {
        char next = at + 1 < source->length ? source->text[at + 1] : '\0';

        if (is_blank(source->text[at]))
            at++;
        else if (quote == '"' && source->text[at] == '\\' && next != '\0' &&
                 strchr("ntr \n\r\t", next) != NULL)
            at += 2;
        else
            break;
    }
    return at;
}

/* What a character takes in the source; 0: another one stands there. */
static size_t source_bytes(const struct source *source, size_t at, char quote,
                           const char *text)
{
    const char *from = source->text + at;
    size_t left = source->length - at;

    if (quote == '"' && left > 1 && from[0] == '\\')
        return from[1] == 'x' ? 4 : from[1] == 'u' ? 6 : from[1] == 'U' ? 10 : 2;
    if (quote == '\'' && left > 1 && from[0] == '\'' && from[1] == '\'')
        return 2;
    return left > 0 && from[0] == *text ? 1 : 0;
}

static size_t escaped_bytes(const char *text)
{
    size_t count = 1;

    while (((unsigned char)text[count] & 0xC0) == 0x80)
        count++;
    return count;
}

/*
 * Folding, quotes and escapes change blanks and single characters, never their order: so
 * the source is read along with the text, blanks apart.
 */
static struct span aligned_span(const struct node *scalar, size_t from, size_t offset,
                                size_t length, char quote)
{
    const struct source *source = scalar->span.at.source;
    size_t at = from, i = 0;

    while (i < offset) {
        size_t bytes;

        if (is_blank(scalar->text[i])) {
            i++;
            continue;
        }
        at = skip_blanks(source, at, quote);
        bytes = source_bytes(source, at, quote, scalar->text + i);
        if (bytes == 0)
            return scalar->span;
        i += bytes > 2 || (bytes == 2 && source->text[at] == '\\')
                 ? escaped_bytes(scalar->text + i)
                 : 1;
        at += bytes;
    }
    at = skip_blanks(source, at, quote);
    if (at >= source->length ||
        source_bytes(source, at, quote, scalar->text + offset) == 0)
        return scalar->span;
    return span_at(source, at, length);
}

/* The line behind the header of a block. */
static size_t block_start(const struct node *scalar)
{
    struct pos pos = scalar->span.at;

    pos.line++;
    pos.column = 1;
    return pos.line > pos.source->line_count ? pos.source->length : pos_offset(pos);
}

struct span node_span_at(const struct node *scalar, size_t offset, size_t length)
{
    const struct source *source = scalar->span.at.source;
    size_t from;
    char quote;

    if (scalar->kind != NODE_SCALAR || source == NULL || scalar->span.at.line == 0)
        return scalar->span;
    if (offset > scalar->length)
        offset = scalar->length;
    if (length > scalar->length - offset)
        length = scalar->length - offset;
    from = pos_offset(scalar->span.at);
    quote = from < source->length ? source->text[from] : '\0';
    if (scalar->block)
        return quote == '|'
                   ? literal_span(scalar, offset, length)
                   : aligned_span(scalar, block_start(scalar), offset, length, 0);
    quote = scalar->quoted ? quote : '\0';
    from += scalar->quoted ? 1 : 0;
    if (!stands_at(source, from, scalar->text, offset))
        return aligned_span(scalar, from, offset, length, quote);
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
