/*
 * language_read.c: reads one map with the tables of language.c. It says what is wrong
 * with keys and with the kinds of their values, and knows nothing of what they mean.
 */
#include "language.h"

#include "../base/names.h"
#include "habit.h"

#include <string.h>

int language_choice(const char *const *choices, const char *word)
{
    int i;

    for (i = 0; choices[i] != NULL; i++)
        if (strcmp(choices[i], word) == 0)
            return i;
    return -1;
}

struct diag *language_wrong_kind(struct diags *diags, const struct node *node,
                                 const char *what, const char *wanted)
{
    return diag_error(diags, 102, node->span, "%s needs %s, not %s", what, wanted,
                      node_kind_name(node));
}

static const struct language_key *find_key(enum place place, const char *name)
{
    size_t i;

    for (i = 0; i < language[place].count; i++)
        if (strcmp(language[place].keys[i].name, name) == 0)
            return &language[place].keys[i];
    return NULL;
}

/* In {doc: One, two} the second half is a key without a value. */
static bool is_rest_of_text(const struct node *key, const struct node *value)
{
    return value->kind == NODE_NULL && !key->quoted && strchr(key->text, ' ') != NULL;
}

static void unknown_key(struct diags *diags, enum place place, const struct node *key,
                        const struct node *value)
{
    struct diag *diag = diag_error(diags, 101, key->span, "unknown key `%s` in %s",
                                   key->text, language[place].name);
    struct suggestion suggestion;
    size_t i;

    suggest_init(&suggestion, key->text);
    for (i = 0; i < language[place].count; i++)
        suggest_try(&suggestion, language[place].keys[i].name);
    if ((place == PLACE_COLUMN || place == PLACE_FOREIGN_KEY) &&
        habit_key(key->text) != NULL)
        diag_hint(diag, "%s", habit_key(key->text));
    else if (suggestion.best != NULL)
        diag_hint(diag, "did you mean `%s`?", suggestion.best);
    else if (place == PLACE_FRAGMENT && find_key(PLACE_SCHEMA, key->text) != NULL)
        diag_hint(diag, "it belongs to the file that includes this one");
    else if (is_rest_of_text(key, value))
        diag_hint(diag, "inside of braces a text with a comma needs quotes");
}

/* What a word would be where a list, or true or false is wanted. */
static void hint_form(struct diag *diag, const struct language_key *key,
                      const struct node *value)
{
    struct arena scratch = {0};
    const char *hint = NULL;

    if (value->kind != NODE_SCALAR)
        return;
    if (key->kind == KEY_BOOL)
        hint = habit_value(TYPE_BOOL, value->text);
    else if (key->kind == KEY_LIST || key->kind == KEY_TEXTS)
        hint = habit_list(&scratch, key->name, value->text);
    if (hint != NULL && key->kind == KEY_BOOL)
        diag_hint(diag, "%s", hint);
    else if (hint != NULL)
        diag_hint(diag, "write `%s: %s`", key->name, hint);
    arena_release(&scratch);
}

static bool wrong(struct diags *diags, const struct language_key *key,
                  const struct node *value, const char *wanted)
{
    struct diag *diag = diag_error(
        diags, 102, value->span, "`%s` needs %s, not %s", key->name, wanted,
        value->kind == NODE_SCALAR && !value->block ? "this" : node_kind_name(value));

    hint_form(diag, key, value);
    if (value->kind == NODE_MAP && strcmp(key->name, "references") == 0)
        diag_hint(diag, "write `references: table.column`");
    return false;
}

static bool check_name(struct diags *diags, const struct language_key *key,
                       const struct node *value)
{
    struct arena scratch = {0};

    if (value->kind != NODE_SCALAR)
        return wrong(diags, key, value, "a name");
    if (name_is_snake(value->text))
        return true;
    diag_hint(diag_error(diags, 105, value->span, "`%s` is no name", value->text),
              "lower case letters, digits and single underscores: `%s`",
              name_to_snake(&scratch, value->text));
    arena_release(&scratch);
    return false;
}

static bool check_choice(struct diags *diags, const struct language_key *key,
                         const struct node *value)
{
    struct suggestion suggestion;
    struct diag *diag;
    size_t i;

    if (value->kind != NODE_SCALAR)
        return wrong(diags, key, value, "a word");
    if (language_choice(key->choices, value->text) >= 0)
        return true;
    diag = diag_error(diags, 106, value->span, "`%s` is no value of `%s`", value->text,
                      key->name);
    suggest_init(&suggestion, value->text);
    for (i = 0; key->choices[i] != NULL; i++)
        suggest_try(&suggestion, key->choices[i]);
    if (suggestion.best != NULL)
        diag_hint(diag, "did you mean `%s`?", suggestion.best);
    else
        diag_hint(diag, "write %s, %s%s%s", key->choices[0], key->choices[1],
                  key->choices[2] != NULL ? ", " : "",
                  key->choices[2] != NULL ? "… : see docs/schema-reference.md" : "");
    return false;
}

static bool check_length(struct diags *diags, const struct language_key *key,
                         const struct node *value)
{
    long long number;

    if (value->kind == NODE_SCALAR && node_int64(value, &number) && number >= 0 &&
        number <= LENGTH_LIMIT)
        return true;
    return wrong(diags, key, value, "a whole number from 0 to 1000000000");
}

static bool check_texts(struct diags *diags, const struct language_key *key,
                        const struct node *value)
{
    bool good = true;
    size_t i;

    if (value->kind != NODE_LIST)
        return wrong(diags, key, value, "a list of texts");
    for (i = 0; i < value->count; i++)
        if (value->items[i]->kind != NODE_SCALAR)
            good = wrong(diags, key, value->items[i], "a list of texts");
    return good;
}

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

static bool check_value(struct diags *diags, const struct language_key *key,
                        const struct node *value)
{
    bool flag;

    switch (key->kind) {
    case KEY_TEXT: return value->kind == NODE_SCALAR || wrong(diags, key, value, "text");
    case KEY_SQL:
        return (value->kind == NODE_SCALAR && !is_blank(value->text)) ||
               wrong(diags, key, value, "SQL text");
    case KEY_SQL_NAME:
        return (value->kind == NODE_SCALAR && !is_blank(value->text)) ||
               wrong(diags, key, value, "a name");
    case KEY_SQL_NAME_OR_NULL:
        return value->kind == NODE_NULL ||
               (value->kind == NODE_SCALAR && !is_blank(value->text)) ||
               wrong(diags, key, value, "a name or null");
    case KEY_BOOL:
        return (value->kind == NODE_SCALAR && node_bool(value, &flag)) ||
               wrong(diags, key, value, "true or false");
    case KEY_LIST: return value->kind == NODE_LIST || wrong(diags, key, value, "a list");
    case KEY_MAP: return value->kind == NODE_MAP || wrong(diags, key, value, "a map");
    case KEY_NAME: return check_name(diags, key, value);
    case KEY_LENGTH: return check_length(diags, key, value);
    case KEY_ONE_OF: return check_choice(diags, key, value);
    case KEY_TEXTS: return check_texts(diags, key, value);
    case KEY_VALUE:
    case KEY_OTHER: break;
    }
    return true;
}

/* A key that stands there misspelt was reported as that. */
static bool is_misspelt(enum place place, const struct node *map, const char *key)
{
    size_t i;

    for (i = 0; i < map->count; i++) {
        const char *name = map->entries[i].key->text;
        struct suggestion suggestion;

        suggest_init(&suggestion, name);
        suggest_try(&suggestion, key);
        if (find_key(place, name) == NULL && suggestion.best != NULL)
            return true;
    }
    return false;
}

static bool check_required(struct diags *diags, enum place place, const struct node *map)
{
    bool good = true;
    size_t i;

    for (i = 0; i < language[place].count; i++) {
        const struct language_key *key = &language[place].keys[i];

        if (!key->required || node_get(map, key->name) != NULL ||
            is_misspelt(place, map, key->name))
            continue;
        diag_error(diags, 103, map->span, "%s needs the key `%s`", language[place].name,
                   key->name);
        good = false;
    }
    return good;
}

bool language_read(struct diags *diags, enum place place, const struct node *map,
                   const struct node **values)
{
    bool good = true;
    size_t i;

    memset(values, 0, language[place].count * sizeof *values);
    for (i = 0; i < map->count; i++) {
        const struct node *name = map->entries[i].key, *value = map->entries[i].value;
        const struct language_key *key = find_key(place, name->text);

        if (key == NULL)
            unknown_key(diags, place, name, value);
        else if (check_value(diags, key, value)) {
            values[key - language[place].keys] = value;
            continue;
        }
        good = false;
    }
    return check_required(diags, place, map) && good;
}
