/*
 * message.c: see message.h.
 */
#include "message.h"

#include <string.h>

const char *message_word(struct arena *arena, const char *message)
{
    const char *from = strstr(message, "near \""), *to;

    if (from != NULL) {
        from += strlen("near \"");
        to = strchr(from, '"');
        return to != NULL ? arena_strndup(arena, from, (size_t)(to - from)) : NULL;
    }
    from = strrchr(message, ':');
    if (from == NULL)
        return NULL;
    from += strspn(from, ": ");
    to = strrchr(from, '.');
    return to != NULL ? to + 1 : from;
}
