/*
 * format.h: vsnprintf() for the directives that this program uses all the time. The C
 * library's takes a fifth of the generator's time on a large schema, most of it for
 * setting up a stream. It must not know where the text goes.
 */
#ifndef FORMAT_H
#define FORMAT_H

#include <stdarg.h>
#include <stddef.h>

/* As vsnprintf(): the result, the NUL and the length that was needed are the same. */
int format_text(char *to, size_t size, const char *format, va_list arguments);

#endif
