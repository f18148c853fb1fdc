/*
 * habit.h: what people write who come from SQL, from YAML of other tools or from regular
 * expressions, and what the language has instead: hints, nothing more. It must not know
 * where they are printed.
 */
#ifndef HABIT_H
#define HABIT_H

#include "type.h"

#include "../base/arena.h"

/* A key of a column (or of a foreign key) that the language hasn't; NULL: nothing known. */
const char *habit_key(const char *key);

/* A type in other languages: "string", "VARCHAR(40)", "enum". NULL: nothing known. */
const char *habit_type(struct arena *arena, const char *type);

/* A value of a column of the type: CURRENT_TIMESTAMP, now(), 0 of a bool. NULL: nothing. */
const char *habit_value(enum type_kind type, const char *value);

/* What in a pattern belongs to regular expressions and not to GLOB; NULL: nothing. */
const char *habit_pattern(const char *pattern);

/* hosts(id) → hosts.id; NULL: it isn't written so. */
const char *habit_reference(struct arena *arena, const char *reference);

/* "a" → "[a]", for a key that takes a list; NULL: the text is no simple word. */
const char *habit_list(struct arena *arena, const char *key, const char *text);

#endif
