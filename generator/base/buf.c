/*
 * buf.c: see buf.h. Capacity doubles, so that appending costs the same at every size.
 */
#include "buf.h"

#include "arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char empty[1];

void buf_init(struct buf *buf)
{
    *buf = (struct buf){.data = empty};
}

void buf_release(struct buf *buf)
{
    if (buf->capacity > 0)
        free(buf->data);
    buf_init(buf);
}

void buf_clear(struct buf *buf)
{
    buf->length = 0;
    if (buf->capacity > 0)
        buf->data[0] = '\0';
}

static void reserve(struct buf *buf, size_t more)
{
    size_t needed = more < SIZE_MAX - buf->length ? buf->length + more + 1 : SIZE_MAX;
    size_t capacity = buf->capacity > 0 ? buf->capacity : 128;

    if (needed <= buf->capacity)
        return;
    while (capacity < needed)
        capacity = capacity > SIZE_MAX / 2 ? needed : capacity * 2;
    buf->data = must_realloc(buf->capacity > 0 ? buf->data : NULL, capacity);
    buf->capacity = capacity;
}

void buf_add(struct buf *buf, const char *text, size_t length)
{
    if (length == 0)
        return;
    reserve(buf, length);
    memcpy(buf->data + buf->length, text, length);
    buf->length += length;
    buf->data[buf->length] = '\0';
}

void buf_adds(struct buf *buf, const char *text)
{
    buf_add(buf, text, strlen(text));
}

void buf_addc(struct buf *buf, char c)
{
    buf_add(buf, &c, 1);
}

void buf_repeat(struct buf *buf, char c, size_t count)
{
    if (count == 0)
        return;
    reserve(buf, count);
    memset(buf->data + buf->length, c, count);
    buf->length += count;
    buf->data[buf->length] = '\0';
}

void buf_addf(struct buf *buf, const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length <= 0)
        return;
    reserve(buf, (size_t)length);
    va_start(arguments, format);
    vsnprintf(buf->data + buf->length, (size_t)length + 1, format, arguments);
    va_end(arguments);
    buf->length += (size_t)length;
}

char *buf_detach(struct buf *buf, size_t *length)
{
    char *text;

    reserve(buf, 0);
    text = buf->data;
    text[buf->length] = '\0';
    if (length != NULL)
        *length = buf->length;
    buf_init(buf);
    return text;
}
