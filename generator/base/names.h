/*
 * names.h: what can be a name, and what a name becomes: case, singular, reserved words,
 * suggestions for a misspelt one. It must not know the model.
 */
#ifndef NAMES_H
#define NAMES_H

#include "arena.h"

#include <stdbool.h>

/* [a-z][a-z0-9_]*, no double or trailing underscore, at most NAME_LIMIT characters. */
enum {
    NAME_LIMIT = 63
};
bool name_is_snake(const char *name);

/*
 * Any text as the nearest snake_case name: "Order Details" → "order_details", "hostId" →
 * "host_id", "2nd" → "n2nd". What is not ASCII is dropped. Never empty, always a
 * name_is_snake(), but perhaps reserved.
 */
char *name_to_snake(struct arena *arena, const char *text);
char *name_to_upper(struct arena *arena, const char *name);

/* The singular of an English plural's last word: host_stats → host_stat; else the same. */
char *name_singular(struct arena *arena, const char *name);

/*
 * Where `name` can't be a member or a parameter in C or C++, by whom it is reserved: "C",
 * "C++" or "the C library"; else NULL. The lists are our own, in words.c.
 */
const char *name_reserved(const char *name);

/* True for a keyword of SQL as SQLite knows it, any case: such a name must be quoted. */
bool name_is_sql_keyword(const char *name);

/* An identifier as SQL text: bare where that is safe, else in double quotes. */
char *name_sql(struct arena *arena, const char *name);

/* Text as an SQL string literal: 'it''s'. */
char *text_sql(struct arena *arena, const char *text);

/*
 * The candidate nearest to `name`, or NULL when none is near: at most a third of its
 * letters differ, a swap of two neighbours counts once, case does not count. Of several
 * the first tried. Names are borrowed; those over 64 bytes have no suggestion.
 */
struct suggestion {
    const char *name;
    const char *best; /* NULL: none */
    size_t distance;
};
void suggest_init(struct suggestion *suggestion, const char *name);
void suggest_try(struct suggestion *suggestion, const char *candidate);

#endif
