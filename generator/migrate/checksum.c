/*
 * checksum.c: see checksum.h. The canonical form says each node's kind and length, so
 * that two different trees never have the same; keys are sorted, because their order
 * means nothing but for columns; SQL counts by its tokens. It must not know what steps do.
 */
#include "checksum.h"

#include "../base/buf.h"
#include "../base/sha256.h"
#include "../sql/token.h"

#include <stdlib.h>
#include <string.h>

struct canon {
    struct arena *arena;
    struct buf out;
    bool uses_time, uses_strict;
};

static void add_text(struct canon *canon, char kind, const char *text, size_t length)
{
    buf_addf(&canon->out, "%c%zu:", kind, length);
    buf_add(&canon->out, text, length);
}

/* Tokens without blanks and comments between them. */
static void add_sql(struct canon *canon, const struct node *node)
{
    size_t count, i, end;
    struct token *tokens = token_list(canon->arena, node->text, node->length, &count);

    for (end = count - 1; end > 0 && tokens[end - 1].kind == TOKEN_SEMICOLON;)
        end--;
    buf_addc(&canon->out, 'q');
    for (i = 0; i < end; i++)
        add_text(canon, 't', node->text + tokens[i].offset, tokens[i].length);
    buf_addc(&canon->out, '.');
}

static bool is_sql_key(const char *key)
{
    static const char *const keys[] = {"sql", "where", "condition", "generated"};
    size_t i;

    for (i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(key, keys[i]) == 0)
            return true;
    return false;
}

/* What is for readers, or for tests. */
static bool means_nothing(const char *key)
{
    return strcmp(key, "doc") == 0 || strcmp(key, "row") == 0 ||
           strcmp(key, "examples") == 0 || strcmp(key, "was") == 0 ||
           strcmp(key, "lint") == 0;
}

static int by_key(const void *a, const void *b)
{
    const struct entry *left = a, *right = b;

    return strcmp(left->key->text, right->key->text);
}

/* What the keys of a map are. */
enum keys {
    KEYS_WORDS,  /* words of the language */
    KEYS_NAMES,  /* names of columns, with values */
    KEYS_COLUMNS /* names of columns, with definitions */
};

static void add_node(struct canon *canon, const struct node *node, const char *key,
                     enum keys keys);

static enum keys keys_under(const char *key)
{
    if (strcmp(key, "columns") == 0 || strcmp(key, "column") == 0)
        return KEYS_COLUMNS;
    return strcmp(key, "set") == 0 || strcmp(key, "where") == 0 ? KEYS_NAMES : KEYS_WORDS;
}

/* The short form of a column, `text?`, is {type: text?}. */
static void add_value(struct canon *canon, const struct entry *entry, enum keys keys)
{
    const char *name = entry->key->text;

    add_text(canon, 'k', name, strlen(name));
    if (keys == KEYS_COLUMNS && entry->value->kind == NODE_SCALAR) {
        buf_adds(&canon->out, "m1:");
        add_text(canon, 'k', "type", 4);
        add_node(canon, entry->value, "type", KEYS_WORDS);
    } else if (keys == KEYS_WORDS) {
        add_node(canon, entry->value, name, keys_under(name));
    } else {
        add_node(canon, entry->value, "", KEYS_WORDS);
    }
}

static void add_map(struct canon *canon, const struct node *map, const char *key,
                    enum keys keys)
{
    struct entry *entries = ARENA_ARRAY(canon->arena, struct entry, map->count + 1);
    size_t i, count = 0;

    for (i = 0; i < map->count; i++)
        if (keys != KEYS_WORDS || !means_nothing(map->entries[i].key->text))
            entries[count++] = map->entries[i];
    if (count > 0 && strcmp(key, "columns") != 0)
        qsort(entries, count, sizeof *entries, by_key);
    buf_addf(&canon->out, "m%zu:", count);
    for (i = 0; i < count; i++)
        add_value(canon, &entries[i], keys);
}

/* Quotes count only where the text would be something else without them. */
static bool is_text(const struct node *node)
{
    bool flag;
    double number;

    return node->quoted ||
           (!node_bool(node, &flag) && !node_double(node, &number) &&
            strncmp(node->text, "0x", 2) != 0 && strncmp(node->text, "x'", 2) != 0 &&
            strcmp(node->text, "now") != 0 && strcmp(node->text, "random") != 0);
}

static void add_scalar(struct canon *canon, const struct node *node, const char *key)
{
    if (strcmp(key, "type") == 0 && strncmp(node->text, "timestamp", 9) == 0)
        canon->uses_time = true;
    if (is_sql_key(key))
        add_sql(canon, node);
    else
        add_text(canon, is_text(node) ? 's' : 'p', node->text, node->length);
}

static void add_node(struct canon *canon, const struct node *node, const char *key,
                     enum keys keys)
{
    size_t i;

    switch (node->kind) {
    case NODE_NULL: buf_addc(&canon->out, 'n'); break;
    case NODE_SCALAR: add_scalar(canon, node, key); break;
    case NODE_MAP: add_map(canon, node, key, keys); break;
    case NODE_LIST:
        buf_addf(&canon->out, "l%zu:", node->count);
        for (i = 0; i < node->count; i++)
            add_node(canon, node->items[i], strcmp(key, "checks") == 0 ? "sql" : "",
                     strcmp(key, "rows") == 0 ? KEYS_NAMES : KEYS_WORDS);
        break;
    }
}

static void add_steps(struct canon *canon, const struct migration_steps *steps)
{
    size_t i;

    if (steps == NULL) {
        buf_addc(&canon->out, '-');
        return;
    }
    buf_addf(&canon->out, "S%zu:", steps->count);
    for (i = 0; i < steps->count; i++) {
        const struct migration_step *step = &steps->items[i];
        const char *word = language[PLACE_STEP].keys[step->word].name;

        if (step->word == STEP_KEY_CREATE_TABLE &&
            step->values[CREATE_TABLE_STRICT] == NULL)
            canon->uses_strict = true;
        add_text(canon, 'w', word, strlen(word));
        add_node(canon, step->value, word, KEYS_WORDS);
        add_steps(canon, step->down);
    }
}

const char *checksum_migration(struct arena *arena, const struct schema *schema,
                               const struct migration *migration, const char *chain)
{
    struct canon canon = {.arena = arena};
    char hex[SHA256_HEX];

    buf_init(&canon.out);
    buf_addf(&canon.out, "quarry migration 1 %s %d", chain, migration->version);
    add_text(&canon, 's', migration->name, strlen(migration->name));
    add_steps(&canon, &migration->up);
    add_steps(&canon, migration->down);
    buf_addc(&canon.out, migration->irreversible != NULL ? 'i' : '-');
    if (canon.uses_time)
        buf_addf(&canon.out, "time%d", (int)schema->options.timestamp);
    if (canon.uses_strict)
        buf_addf(&canon.out, "strict%d", (int)schema->options.strict);
    sha256_hex(canon.out.data, canon.out.length, hex);
    buf_release(&canon.out);
    return arena_strdup(arena, hex);
}
