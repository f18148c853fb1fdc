/*
 * format.c: see format.h. What it does not know (a width, a precision but `.*`, floating
 * point, a NULL string) makes it give the whole format to vsnprintf().
 */
#include "format.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct output {
    char *to;
    size_t size;
    size_t length; /* of all that was put, also of what had no room */
};

static void put(struct output *out, const char *text, size_t length)
{
    size_t room = out->length < out->size ? out->size - out->length : 0;

    if (room > 0)
        memcpy(out->to + out->length, text, length < room ? length : room);
    out->length += length;
}

static void put_number(struct output *out, uint64_t number, bool negative)
{
    char digits[24];
    size_t at = sizeof digits;

    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    if (negative)
        digits[--at] = '-';
    put(out, digits + at, sizeof digits - at);
}

static void put_signed(struct output *out, int64_t number)
{
    put_number(out, number < 0 ? -(uint64_t)number : (uint64_t)number, number < 0);
}

/* "%03o" of a byte, as emitted blobs have them by the thousand. */
static bool put_octal(struct output *out, unsigned byte)
{
    const char digits[] = {(char)('0' + (byte >> 6 & 7)), (char)('0' + (byte >> 3 & 7)),
                           (char)('0' + (byte & 7))};

    if (byte <= 0777)
        put(out, digits, sizeof digits);
    return byte <= 0777;
}

static bool put_string(struct output *out, const char *text)
{
    if (text != NULL)
        put(out, text, strlen(text));
    return text != NULL;
}

/* "%.*s", with `precision` bytes at most and not beyond a NUL. */
static bool put_part(struct output *out, int precision, const char *text)
{
    const char *end;

    if (text == NULL || precision < 0)
        return false;
    end = memchr(text, '\0', (size_t)precision);
    put(out, text, end != NULL ? (size_t)(end - text) : (size_t)precision);
    return true;
}

static bool starts(const char *format, const char *with)
{
    return strncmp(format, with, strlen(with)) == 0;
}

/* The directive behind a `%`; the bytes of it, or 0 where it is not known here. */
static size_t put_directive(struct output *out, const char *format, va_list *arguments)
{
    char c;

    switch (*format) {
    case 's': return put_string(out, va_arg(*arguments, const char *)) ? 1 : 0;
    case 'd': put_signed(out, va_arg(*arguments, int)); return 1;
    case 'u': put_number(out, va_arg(*arguments, unsigned), false); return 1;
    case '%': put(out, "%", 1); return 1;
    case 'c':
        c = (char)va_arg(*arguments, int);
        put(out, &c, 1);
        return 1;
    default: break;
    }
    if (starts(format, "zu")) {
        put_number(out, va_arg(*arguments, size_t), false);
        return 2;
    }
    if (starts(format, "ld")) {
        put_signed(out, va_arg(*arguments, long));
        return 2;
    }
    if (starts(format, "lld")) {
        put_signed(out, va_arg(*arguments, long long));
        return 3;
    }
    if (starts(format, "03o"))
        return put_octal(out, va_arg(*arguments, unsigned)) ? 3 : 0;
    if (starts(format, ".*s")) {
        int precision = va_arg(*arguments, int);

        return put_part(out, precision, va_arg(*arguments, const char *)) ? 3 : 0;
    }
    return 0;
}

static bool put_all(struct output *out, const char *format, va_list *arguments)
{
    const char *percent = strchr(format, '%');

    while (percent != NULL) {
        size_t size;

        put(out, format, (size_t)(percent - format));
        size = put_directive(out, percent + 1, arguments);
        if (size == 0)
            return false;
        format = percent + 1 + size;
        percent = strchr(format, '%');
    }
    put(out, format, strlen(format));
    return out->length <= INT_MAX;
}

int format_text(char *to, size_t size, const char *format, va_list arguments)
{
    struct output out = {to, size, 0};
    va_list copy;
    bool known;

    va_copy(copy, arguments);
    known = put_all(&out, format, &copy);
    va_end(copy);
    if (!known)
        return vsnprintf(to, size, format, arguments);
    if (size > 0)
        to[out.length < size ? out.length : size - 1] = '\0';
    return (int)out.length;
}
