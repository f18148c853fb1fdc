/*
 * buf.c: see buf.h. Capacity doubles, so that appending costs the same at every size.
 */
#include "buf.h"

#include "arena.h"
#include "format.h"

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

static void grow(struct buf *buf, size_t more)
{
    size_t needed = more < SIZE_MAX - buf->length ? buf->length + more + 1 : SIZE_MAX;
    size_t capacity = buf->capacity > 0 ? buf->capacity : 256;

    while (capacity < needed)
        capacity = capacity > SIZE_MAX / 2 ? needed : capacity * 2;
    buf->data = must_realloc(buf->capacity > 0 ? buf->data : NULL, capacity);
    buf->capacity = capacity;
}

/* Room for `more` bytes and the NUL. */
static inline void reserve(struct buf *buf, size_t more)
{
    if (more >= buf->capacity - buf->length)
        grow(buf, more);
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
    reserve(buf, 1);
    buf->data[buf->length++] = c;
    buf->data[buf->length] = '\0';
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

/* Into the room that there is; only where that was too little, a second time. */
void buf_addf(struct buf *buf, const char *format, ...)
{
    va_list arguments;
    int length;

    reserve(buf, 64);
    va_start(arguments, format);
    length = format_text(buf->data + buf->length, buf->capacity - buf->length, format,
                         arguments);
    va_end(arguments);
    if (length > 0 && (size_t)length >= buf->capacity - buf->length) {
        reserve(buf, (size_t)length);
        va_start(arguments, format);
        format_text(buf->data + buf->length, (size_t)length + 1, format, arguments);
        va_end(arguments);
    }
    if (length > 0)
        buf->length += (size_t)length;
    buf->data[buf->length] = '\0';
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
