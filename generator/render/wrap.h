/*
 * wrap.h: a sink that gives C source its last form before it reaches another sink: long
 * lines break where a person would break them, blanks at the end of lines and double
 * blank lines vanish. Templates can then be written without knowing how long names are.
 * It knows the look of C (parentheses, strings, comments), not its meaning.
 */
#ifndef WRAP_H
#define WRAP_H

#include "template.h"

enum {
    WRAP_WIDTH = 90
};

struct wrap_sink {
    struct sink sink;
    struct sink *next;
    struct buf line; /* the part of a line that has come so far */
    struct buf out;
    bool blank; /* the last line written was empty */
};

void wrap_init(struct wrap_sink *wrap, struct sink *next);

/* Writes what is left and frees. False where the next sink stopped. */
bool wrap_finish(struct wrap_sink *wrap);

#endif
