/*
 * bytes.h: whether a text can be YAML at all: UTF-8, no control characters, line ends that
 * every reader agrees on, not too large. It must not know YAML's syntax.
 */
#ifndef BYTES_H
#define BYTES_H

#include "../base/diag.h"

/*
 * Reports what is wrong (Q0001 to Q0006), at most once a line. `ascii` says whether each
 * byte (but a leading byte order mark) is a character.
 */
bool bytes_check(struct diags *diags, const struct source *source, bool *ascii);

/* How many bytes UTF-8's byte order mark takes at the beginning: 3 or 0. */
size_t bytes_mark(const struct source *source);

#endif
