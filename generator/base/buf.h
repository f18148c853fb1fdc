/*
 * buf.h: text that grows. `data` is never NULL and always ends with a NUL; it may hold NULs.
 * It is handed over only by buf_detach(). It must not know what the text means.
 */
#ifndef BUF_H
#define BUF_H

#include <stddef.h>

struct buf {
    char *data;
    size_t length;
    size_t capacity; /* 0: data is the shared empty string */
};

void buf_init(struct buf *buf);
void buf_release(struct buf *buf); /* frees; the buf is empty and can be used again */
void buf_clear(struct buf *buf);   /* keeps the memory */

void buf_add(struct buf *buf, const char *text, size_t length);
void buf_adds(struct buf *buf, const char *text);
void buf_addc(struct buf *buf, char c);
void buf_repeat(struct buf *buf, char c, size_t count);
void buf_addf(struct buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The text, to be freed by the caller; the buf is empty. */
char *buf_detach(struct buf *buf, size_t *length);

#endif
