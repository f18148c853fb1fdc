/*
 * diff.h: two texts as a unified diff, as `diff -u` prints and `patch` reads it. It must
 * not know where the texts come from.
 */
#ifndef DIFF_H
#define DIFF_H

#include "../base/buf.h"

#include <stddef.h>

struct text {
    const char *data;
    size_t length;
};

/*
 * Appends the diff with three lines of context; nothing where the texts are the same. It
 * is the shortest one unless the texts differ in thousands of places; its time grows with
 * the length of the texts times the number of differences, and for those linearly.
 */
void diff_unified(const char *old_name, struct text old, const char *new_name,
                  struct text new, struct buf *out);

#endif
