/*
 * message.h: reads messages of SQLite's, to find the place that they are about. It must
 * not know what was compiled.
 */
#ifndef BASE_MESSAGE_H
#define BASE_MESSAGE_H

#include "arena.h"

/*
 * The word that a message names: x in `near "x": …` and in `no such column: t.x`. NULL
 * where there is none; what it points to may be a part of `message`.
 */
const char *message_word(struct arena *arena, const char *message);

#endif
