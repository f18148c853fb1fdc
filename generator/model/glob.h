/*
 * glob.h: patterns as SQLite's GLOB reads them: *, ?, [set], [^set], ranges, by
 * characters of UTF-8. Matching, and making texts that match. It must not know the model.
 */
#ifndef GLOB_H
#define GLOB_H

#include "../base/buf.h"

#include <stdbool.h>

bool glob_match(const char *pattern, const char *text);

/*
 * Adds a text that matches, of `length` characters where the pattern leaves a choice,
 * else as near to it as possible. Other variants give other texts, as far as there are
 * any. False, and nothing added, where none was found.
 */
bool glob_sample(const char *pattern, size_t length, size_t variant, struct buf *out);

/* Characters of UTF-8 text; a byte that belongs to none counts as one. */
size_t glob_length(const char *text);

#endif
