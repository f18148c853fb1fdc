/*
 * utf8.h: UTF-8 as RFC 3629 has it: shortest forms only, no surrogates, at most U+10FFFF.
 * It must not know what the text means.
 */
#ifndef UTF8_H
#define UTF8_H

#include <stddef.h>

/*
 * The width in bytes (1 to 4) of the code point at `text`, of which `length` bytes may be
 * read; 0 where there is no valid one. NUL is valid, width 1. `code` may be NULL.
 */
size_t utf8_decode(const char *text, size_t length, unsigned *code);

/* The offset of the first byte that does not belong to valid UTF-8; `length` if all do. */
size_t utf8_first_bad(const char *text, size_t length);

/*
 * The largest offset <= `at` that does not cut a code point in two, for shortening text.
 * In invalid text it goes back at most 3 bytes.
 */
size_t utf8_floor(const char *text, size_t at);

/*
 * True for what has no visible shape and must not reach a terminal: control characters
 * (tab and line ends too), line and paragraph separators, marks that turn the direction.
 */
int utf8_is_control(unsigned code);

#endif
