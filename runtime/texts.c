/*
 * texts.c: remembers texts of a long list, so that equal ones stand in its arena once: in
 * most tables the texts of a column repeat. It must not know databases or rows.
 *
 * Each hash has one place, so that a look-up is one comparison; a text whose place another
 * has taken is copied again. Where few are found, none is looked for any more.
 */
#include "internal.h"

enum {
    PLACE_BITS = 12,
    TRIES = 8192, /* after so many … */
    RARELY = 4    /* … fewer than one in so many were found */
};

struct quarry_texts {
    unsigned tries;
    unsigned found;
    bool useless;
    quarry_known_text places[1 << PLACE_BITS];
};

quarry_texts *quarry_texts_new(void)
{
    quarry_texts *texts = quarry_allocate(sizeof *texts);

    if (texts != NULL)
        memset(texts, 0, sizeof *texts);
    return texts;
}

/* Of the first, the middle and the last eight bytes: ids, times and paths differ there. */
static size_t place_of(const char *text, size_t size)
{
    const uint64_t first = quarry_word_at(text);
    const uint64_t middle = quarry_word_at(text + size / 2 - 4);
    const uint64_t last = quarry_word_at(text + size - 8);
    const uint64_t mixed = (first ^ (middle << 23 | middle >> 41)) + last * 31 + size;

    return (size_t)(mixed * UINT64_C(0x9E3779B97F4A7C15) >> (64 - PLACE_BITS));
}

/* Texts of a window are counted, because those of a list may change along the way. */
static void take_stock(quarry_texts *texts)
{
    texts->useless = texts->found < TRIES / RARELY;
    texts->tries = 0;
    texts->found = 0;
}

quarry_known_text *quarry_texts_find(quarry_texts *texts, const char *text, size_t size)
{
    quarry_known_text *place;

    if (size < QUARRY_SHARED_TEXT || texts->useless)
        return NULL;
    place = &texts->places[place_of(text, size)];
    if (++texts->tries > TRIES)
        take_stock(texts);
    if (place->size == size && memcmp(place->text, text, size) == 0)
        texts->found++;
    else
        *place = (quarry_known_text){NULL, 0};
    return place;
}
