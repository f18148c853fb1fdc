/*
 * utf8.c: see utf8.h.
 */
#include "utf8.h"

/* The width that a first byte announces and the smallest code point that needs it. */
static size_t announced(unsigned char first, unsigned *smallest)
{
    *smallest = 0;
    if (first < 0x80)
        return 1;
    if (first >= 0xC2 && first < 0xE0) {
        *smallest = 0x80;
        return 2;
    }
    if (first >= 0xE0 && first < 0xF0) {
        *smallest = 0x800;
        return 3;
    }
    *smallest = 0x10000;
    return first >= 0xF0 && first < 0xF5 ? 4 : 0;
}

size_t utf8_decode(const char *text, size_t length, unsigned *code)
{
    static const unsigned char mask[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    unsigned smallest, value;
    size_t width, i;

    if (length == 0)
        return 0;
    width = announced((unsigned char)text[0], &smallest);
    if (width == 0 || width > length)
        return 0;
    value = (unsigned char)text[0] & mask[width];
    for (i = 1; i < width; i++) {
        if (((unsigned char)text[i] & 0xC0) != 0x80)
            return 0;
        value = value << 6 | ((unsigned char)text[i] & 0x3F);
    }
    if (value < smallest || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return 0;
    if (code != NULL)
        *code = value;
    return width;
}

size_t utf8_first_bad(const char *text, size_t length)
{
    size_t at = 0;

    while (at < length) {
        size_t width = utf8_decode(text + at, length - at, NULL);

        if (width == 0)
            return at;
        at += width;
    }
    return length;
}

size_t utf8_floor(const char *text, size_t at)
{
    size_t back;

    for (back = 0; back < 3 && back < at; back++)
        if (((unsigned char)text[at - back] & 0xC0) != 0x80)
            break;
    return at - back;
}

int utf8_is_control(unsigned code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x061C ||
           (code >= 0x200E && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
           (code >= 0x2066 && code <= 0x2069) || code == 0xFEFF;
}
