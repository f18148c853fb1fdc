/*
 * view_text.h: views for tests, written as JSON without numbers: text_view("{\"a\":
 * [true]}"). Its memory lasts until the program ends, because the symbols of values
 * borrow names. What is no JSON aborts. Each test program has one of its own.
 */
#ifndef VIEW_TEXT_H
#define VIEW_TEXT_H

#include "../../generator/view/value.h"

#include <stdlib.h>
#include <string.h>

static struct arena view_arena;

static inline char view_peek(const char **at)
{
    *at += strspn(*at, " \n,:");
    return **at;
}

static inline bool view_word(const char **at, const char *word)
{
    size_t length = strlen(word);

    if (strncmp(*at, word, length) != 0)
        return false;
    *at += length;
    return true;
}

/* Escapes: \n, \r, \t, and any other character as itself. */
static inline const char *view_string(const char **at)
{
    struct buf text;
    const char *copy;

    buf_init(&text);
    for (++*at; **at != '"'; ++*at) {
        char c = **at;

        if (c == '\0')
            abort();
        if (c == '\\') {
            c = *++*at;
            c = c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
        }
        buf_addc(&text, c);
    }
    ++*at;
    copy = arena_strdup(&view_arena, text.data);
    buf_release(&text);
    return copy;
}

static inline struct value view_parse(const char **at);

static inline struct value view_list(const char **at)
{
    VEC(struct value) items = {0};

    for (++*at; view_peek(at) != ']';) {
        struct value item = view_parse(at);

        *VEC_ADD(&view_arena, &items) = item;
    }
    ++*at;
    return value_list(&view_arena, items.items, items.count);
}

static inline struct value view_object(const char **at)
{
    struct shape *shape = ARENA_NEW(&view_arena, struct shape);
    VEC(const char *) names = {0};
    VEC(struct value) fields = {0};

    for (++*at; view_peek(at) != '}';) {
        *VEC_ADD(&view_arena, &names) = view_string(at);
        view_peek(at);
        struct value field = view_parse(at);
        *VEC_ADD(&view_arena, &fields) = field;
    }
    ++*at;
    *VEC_ADD(&view_arena, &names) = NULL;
    shape->names = names.items;
    return value_new(&view_arena, shape, NULL, fields.items);
}

static inline struct value view_parse(const char **at)
{
    switch (view_peek(at)) {
    case '{': return view_object(at);
    case '[': return view_list(at);
    case '"': return value_text(view_string(at));
    default: break;
    }
    if (view_word(at, "true"))
        return value_flag(true);
    if (view_word(at, "false"))
        return value_flag(false);
    if (!view_word(at, "null"))
        abort();
    return value_absent();
}

static inline struct value text_view(const char *text)
{
    return view_parse(&text);
}

#endif
