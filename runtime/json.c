/*
 * json.c: JSON as columns hold it: a validator, and the string maps that `labels` are.
 *
 * Pure functions over text. They know neither statements nor connections. The validator
 * never recurses, so what it is given cannot exhaust the stack.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

enum {
    MAX_DEPTH = 1000
};

/* ---- the parts of JSON --------------------------------------------------------- */

static const char *skip_space(const char *p)
{
    while (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r')
        p++;
    return p;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The value of a hexadecimal digit, or -1. */
static int hex_value(char c)
{
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The four digits of \uXXXX, or -1. */
static int32_t hex_unit(const char *p)
{
    int32_t unit = 0;
    for (int i = 0; i < 4; i++) {
        int value = hex_value(p[i]);
        if (value < 0)
            return -1;
        unit = unit * 16 + value;
    }
    return unit;
}

/* Behind the escape whose backslash `p` is at, or NULL. */
static const char *skip_escape(const char *p)
{
    if (p[1] == 'u')
        return hex_unit(p + 2) < 0 ? NULL : p + 6;
    return p[1] != '\0' && strchr("\"\\/bfnrt", p[1]) != NULL ? p + 2 : NULL;
}

/* Behind the string whose opening quote `p` is at, or NULL. */
static const char *skip_string(const char *p)
{
    for (p++; *p != '"';) {
        if ((unsigned char)*p < 0x20)
            return NULL; /* the NUL at the end is one of them */
        if (*p != '\\') {
            p++;
            continue;
        }
        p = skip_escape(p);
        if (p == NULL)
            return NULL;
    }
    return p + 1;
}

static const char *skip_digits(const char *p)
{
    if (!is_digit(*p))
        return NULL;
    while (is_digit(*p))
        p++;
    return p;
}

static const char *skip_number(const char *p)
{
    if (*p == '-')
        p++;
    p = *p == '0' ? p + 1 : skip_digits(p);
    if (p != NULL && *p == '.')
        p = skip_digits(p + 1);
    if (p != NULL && (*p == 'e' || *p == 'E')) {
        p++;
        if (*p == '+' || *p == '-')
            p++;
        p = skip_digits(p);
    }
    return p;
}

static const char *skip_word(const char *p, const char *word)
{
    size_t size = strlen(word);
    return strncmp(p, word, size) == 0 ? p + size : NULL;
}

/* Behind a value that is neither object nor array, or NULL. */
static const char *skip_scalar(const char *p)
{
    switch (*p) {
    case '"': return skip_string(p);
    case 't': return skip_word(p, "true");
    case 'f': return skip_word(p, "false");
    case 'n': return skip_word(p, "null");
    default: return skip_number(p);
    }
}

/* ---- the validator ------------------------------------------------------------- */

/* The objects and arrays that are open, one bit each: 1 is an object. */
typedef struct nesting {
    int depth;
    unsigned char objects[(MAX_DEPTH + 7) / 8];
} nesting;

static bool open_nesting(nesting *open, bool object)
{
    if (open->depth == MAX_DEPTH)
        return false;
    unsigned char bit = (unsigned char)(1u << (open->depth % 8));
    unsigned char *byte = &open->objects[open->depth / 8];
    if (open->depth % 8 == 0)
        *byte = 0; /* the first bit of a byte that was not used before */
    *byte = (unsigned char)(object ? *byte | bit : *byte & ~bit);
    open->depth++;
    return true;
}

static bool in_object(const nesting *open)
{
    int top = open->depth - 1;
    return (open->objects[top / 8] >> (top % 8) & 1) != 0;
}

/* Behind `"key" :`, at the value, or NULL. */
static const char *skip_key(const char *p)
{
    p = skip_space(p);
    if (*p != '"' || (p = skip_string(p)) == NULL)
        return NULL;
    p = skip_space(p);
    return *p == ':' ? p + 1 : NULL;
}

/* Opens objects and arrays until a scalar or an empty one was passed. */
static const char *skip_first(const char *p, nesting *open)
{
    for (;;) {
        p = skip_space(p);
        if (*p != '{' && *p != '[')
            return skip_scalar(p);
        bool object = *p == '{';
        const char *inside = skip_space(p + 1);
        if (*inside == (object ? '}' : ']'))
            return open->depth < MAX_DEPTH ? inside + 1 : NULL;
        if (!open_nesting(open, object))
            return NULL;
        p = object ? skip_key(inside) : inside;
        if (p == NULL)
            return NULL;
    }
}

/* Behind a value: closes what ends there. At the place of the next value, or of the end.
 */
static const char *skip_closing(const char *p, nesting *open)
{
    for (p = skip_space(p); open->depth > 0; p = skip_space(p + 1)) {
        bool object = in_object(open);
        if (*p == ',')
            return object ? skip_key(p + 1) : p + 1;
        if (*p != (object ? '}' : ']'))
            return NULL;
        open->depth--;
    }
    return p;
}

bool quarry_json_valid(const char *text)
{
    nesting open;
    size_t length;
    open.depth = 0;
    if (text == NULL || !quarry_utf8_length(text, &length))
        return false;
    const char *p = text;
    do {
        p = skip_first(p, &open);
        if (p != NULL)
            p = skip_closing(p, &open);
    } while (p != NULL && open.depth > 0);
    return p != NULL && *p == '\0';
}

/* ---- labels to JSON ------------------------------------------------------------ */

static int compare_labels(const void *a, const void *b)
{
    const quarry_label *left = a, *right = b;
    return strcmp(left->key, right->key);
}

static bool labels_sorted(const quarry_label *items, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (strcmp(items[i - 1].key, items[i].key) > 0)
            return false;
    }
    return true;
}

/* The letter of a short escape, 'u' for a long one, NUL where `c` needs none. */
static char escape_of(unsigned char c)
{
    switch (c) {
    case '"': return '"';
    case '\\': return '\\';
    case '\b': return 'b';
    case '\f': return 'f';
    case '\n': return 'n';
    case '\r': return 'r';
    case '\t': return 't';
    default: return c < 0x20 ? 'u' : '\0';
    }
}

static size_t quoted_size(const char *text)
{
    size_t size = 2;
    for (; *text != '\0'; text++) {
        char escape = escape_of((unsigned char)*text);
        size += escape == '\0' ? 1 : escape == 'u' ? 6 : 2;
    }
    return size;
}

static char *put_quoted(char *p, const char *text)
{
    static const char digits[] = "0123456789abcdef";
    *p++ = '"';
    for (; *text != '\0'; text++) {
        char escape = escape_of((unsigned char)*text);
        if (escape == '\0') {
            *p++ = *text;
            continue;
        }
        *p++ = '\\';
        *p++ = escape;
        if (escape == 'u') {
            *p++ = '0';
            *p++ = '0';
            *p++ = digits[*text >> 4];
            *p++ = digits[*text & 0x0F];
        }
    }
    *p++ = '"';
    return p;
}

static bool format_sorted(const quarry_label *items, size_t count, char **json,
                          size_t *size)
{
    size_t total = 2 + (count > 1 ? count - 1 : 0);
    for (size_t i = 0; i < count; i++)
        total += quoted_size(items[i].key) + 1 + quoted_size(items[i].value);
    char *p = quarry_allocate(total + 1);
    if (p == NULL)
        return false;
    *json = p;
    *size = total;
    *p++ = '{';
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            *p++ = ',';
        p = put_quoted(p, items[i].key);
        *p++ = ':';
        p = put_quoted(p, items[i].value);
    }
    *p++ = '}';
    *p = '\0';
    return true;
}

/* A copy of the labels with NULL as the empty string, which validation refuses before. */
static quarry_label *copy_labels(quarry_labels labels)
{
    quarry_label *copy = quarry_allocate(labels.count * sizeof *copy);
    for (size_t i = 0; copy != NULL && i < labels.count; i++) {
        copy[i].key = labels.items[i].key != NULL ? labels.items[i].key : "";
        copy[i].value = labels.items[i].value != NULL ? labels.items[i].value : "";
    }
    return copy;
}

static bool labels_ready(quarry_labels labels)
{
    for (size_t i = 0; i < labels.count; i++) {
        if (labels.items[i].key == NULL || labels.items[i].value == NULL)
            return false;
    }
    return labels_sorted(labels.items, labels.count);
}

bool quarry_labels_format(quarry_labels labels, char **json, size_t *size)
{
    if (labels.items == NULL)
        labels.count = 0;
    if (labels_ready(labels))
        return format_sorted(labels.items, labels.count, json, size);
    quarry_label *copy = copy_labels(labels);
    if (copy == NULL)
        return false;
    qsort(copy, labels.count, sizeof *copy, compare_labels);
    bool done = format_sorted(copy, labels.count, json, size);
    quarry_release(copy);
    return done;
}

/* ---- JSON to labels ------------------------------------------------------------ */

size_t quarry_labels_bytes(size_t size)
{
    /* A label is at least `"":"",`; its strings are no longer than they are in JSON. */
    return (size / 6 + 1) * sizeof(quarry_label) + size + sizeof(max_align_t);
}

static char *put_utf8(char *p, uint32_t c)
{
    if (c < 0x80) {
        *p++ = (char)c;
    } else if (c < 0x800) {
        *p++ = (char)(0xC0 | c >> 6);
        *p++ = (char)(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        *p++ = (char)(0xE0 | c >> 12);
        *p++ = (char)(0x80 | (c >> 6 & 0x3F));
        *p++ = (char)(0x80 | (c & 0x3F));
    } else {
        *p++ = (char)(0xF0 | c >> 18);
        *p++ = (char)(0x80 | (c >> 12 & 0x3F));
        *p++ = (char)(0x80 | (c >> 6 & 0x3F));
        *p++ = (char)(0x80 | (c & 0x3F));
    }
    return p;
}

/* Decodes the \uXXXX, or pair of them, at `*from`. NULL: half a pair, or U+0000. */
static char *decode_unicode(const char **from, char *to)
{
    int32_t high = hex_unit(*from + 2);
    *from += 6;
    if (high <= 0 || (high >= 0xDC00 && high < 0xE000))
        return NULL;
    if (high < 0xD800 || high >= 0xE000)
        return put_utf8(to, (uint32_t)high);
    if ((*from)[0] != '\\' || (*from)[1] != 'u')
        return NULL;
    int32_t low = hex_unit(*from + 2);
    *from += 6;
    if (low < 0xDC00 || low >= 0xE000)
        return NULL;
    return put_utf8(to, (uint32_t)(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)));
}

static char decode_letter(char letter)
{
    switch (letter) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return letter;
    }
}

/* Writes the string at `*from`, which skip_string() passed, and a NUL. NULL: mismatch. */
static char *decode_string(const char **from, char *to)
{
    const char *p = *from + 1;
    while (*p != '"') {
        if (*p != '\\') {
            *to++ = *p++;
        } else if (p[1] != 'u') {
            *to++ = decode_letter(p[1]);
            p += 2;
        } else if ((to = decode_unicode(&p, to)) == NULL) {
            return NULL;
        }
    }
    *to++ = '\0';
    *from = p + 1;
    return to;
}

/* Behind `"key": "value"` and the comma after it, or NULL. */
static const char *skip_label(const char *p)
{
    p = skip_key(p);
    if (p == NULL)
        return NULL;
    p = skip_space(p);
    if (*p != '"' || (p = skip_string(p)) == NULL)
        return NULL;
    p = skip_space(p);
    if (*p != ',')
        return *p == '}' ? p : NULL;
    p = skip_space(p + 1);
    return *p == '"' ? p : NULL;
}

/* Counts the labels of the object in `json`, at whose first label *first then is. */
static bool count_labels(const char *json, size_t size, const char **first, size_t *count)
{
    const char *p = skip_space(json);
    if (*p != '{')
        return false;
    p = *first = skip_space(p + 1);
    for (*count = 0; *p != '}'; ++*count) {
        p = skip_label(p);
        if (p == NULL)
            return false;
    }
    /* Stopped by a NUL before the end, it is no object either. */
    return skip_space(p + 1) == json + size;
}

static bool decode_labels(const char *p, quarry_label *items, size_t count, char *text)
{
    for (size_t i = 0; i < count; i++) {
        p = skip_space(p);
        items[i].key = text;
        if ((text = decode_string(&p, text)) == NULL)
            return false;
        p = strchr(p, '"'); /* between key and value stand spaces and a colon */
        items[i].value = text;
        if ((text = decode_string(&p, text)) == NULL)
            return false;
        p = skip_space(p) + 1;
    }
    return true;
}

/* False where a key is there twice: to drop one would lose data. */
static bool sort_labels(quarry_label *items, size_t count)
{
    if (!labels_sorted(items, count))
        qsort(items, count, sizeof *items, compare_labels);
    for (size_t i = 1; i < count; i++) {
        if (strcmp(items[i - 1].key, items[i].key) == 0)
            return false;
    }
    return true;
}

quarry_status quarry_labels_parse(const char *json, size_t size, quarry_arena *arena,
                                  quarry_labels *labels)
{
    const char *first;
    size_t count;
    labels->items = NULL;
    labels->count = 0;
    if (!count_labels(json, size, &first, &count))
        return QUARRY_MISMATCH;
    /* One block, so that one check and one alignment do: the items, then the strings. */
    char *block = quarry_arena_allocate(arena, count * sizeof(quarry_label) + size);
    if (block == NULL)
        return QUARRY_NO_MEMORY;
    quarry_label *items = (quarry_label *)(void *)block;
    if (!decode_labels(first, items, count, block + count * sizeof *items) ||
        !sort_labels(items, count))
        return QUARRY_MISMATCH;
    labels->items = items;
    labels->count = count;
    return QUARRY_OK;
}

const char *quarry_labels_get(quarry_labels labels, const char *key)
{
    if (key == NULL || labels.items == NULL)
        return NULL;
    for (size_t i = 0; i < labels.count; i++) {
        if (labels.items[i].key != NULL && strcmp(labels.items[i].key, key) == 0)
            return labels.items[i].value;
    }
    return NULL;
}
