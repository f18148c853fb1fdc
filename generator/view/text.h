/*
 * text.h: text as C and SQL source: literals, comments, wrapped lines. It knows neither
 * the model nor templates.
 */
#ifndef VIEW_TEXT_H
#define VIEW_TEXT_H

#include "value.h"

#include <stdint.h>

/*
 * A C string literal with its quotes; trigraphs, control characters and those that change the
 * direction of writing are escaped.
 */
const char *text_c_string(struct arena *arena, const char *text, size_t length);

/* The same for bytes that are no text: all beyond ASCII is escaped. */
const char *text_c_bytes(struct arena *arena, const char *bytes, size_t length);

/*
 * Text that can stand inside a C comment: no end or begin of one, no trigraph, nothing that
 * changes the direction of writing.
 */
const char *text_comment_safe(struct arena *arena, const char *text);

/* Numbers as C and SQL have them, the same in every locale. */
const char *text_int64(struct arena *arena, int64_t value); /* INT64_MIN by name */
const char *text_double(struct arena *arena, double value); /* reads back the same */
const char *text_size(struct arena *arena, size_t value);

/*
 * Prose as lines of at most `width` characters, safe inside a C comment. Blank lines
 * stay; other line breaks don't, except before an indented line. A list of texts.
 */
struct value text_comment(struct arena *arena, const char *text, size_t width);

/* As text_comment(), each line as {open, text, close} of one comment over all lines. */
struct value text_field_comment(struct arena *arena, const char *text, size_t width);

/*
 * SQL as an object {variable, lines: [{text, end}], too_long, chars}: `lines` are the
 * contents of C strings. A newline in `sql` stays one, because it may stand in a name or
 * end a comment, and starts a new line; long lines break at spaces. `chars` is for what is
 * longer than the 4,095 characters of a string that C11 (5.2.4.1) promises, else empty.
 */
struct value text_sql_object(struct arena *arena, const char *variable, const char *sql);

/* The dashes behind `name` in a heading, so that all headings are equally long. */
const char *text_rule(struct arena *arena, const char *name);

#endif
