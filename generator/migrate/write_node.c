/*
 * write_node.c: nodes and columns as YAML in flow style, see write.h.
 */
#include "write.h"

#include "../model/json.h"

#include <string.h>

/* ---- nodes -------------------------------------------------------------------- */

/* Words that YAML 1.1 or 1.2 reads as something else than text, or we do. */
static bool is_word_of_yaml(const char *text)
{
    static const char *const words[] = {"true", "false", "yes",  "no",  "on",    "off",
                                        "y",    "n",     "null", "now", "random"};
    size_t i;

    for (i = 0; i < sizeof words / sizeof *words; i++)
        if (sqlite3_stricmp(text, words[i]) == 0)
            return true;
    return strchr("0123456789.+-=<?~ ", text[0]) != NULL || strncmp(text, "x'", 2) == 0;
}

/* True where the text can stand without quotes between braces and is read as it was. */
static bool is_plain(const struct node *node)
{
    const char *text = node->text;
    double number;

    if (node->length == 0)
        return false;
    if (strpbrk(text, ",[]{}#:&*!|>'\"%@`\\\n\r\t") != NULL ||
        text[node->length - 1] == ' ')
        return false;
    if (!node->quoted && (node_double(node, &number) || strncmp(text, "0x", 2) == 0))
        return true;
    return !is_word_of_yaml(text) ||
           (!node->quoted && strchr("0123456789.+-=<?~ ", text[0]) == NULL);
}

static void write_list(struct buf *out, const struct node *list)
{
    size_t i;

    buf_addc(out, '[');
    for (i = 0; i < list->count; i++) {
        buf_adds(out, i > 0 ? ", " : "");
        write_node(out, list->items[i]);
    }
    buf_addc(out, ']');
}

static void write_map(struct buf *out, const struct node *map)
{
    size_t i;

    buf_addc(out, '{');
    for (i = 0; i < map->count; i++) {
        buf_addf(out, "%s", i > 0 ? ", " : "");
        write_node(out, map->entries[i].key);
        buf_adds(out, ": ");
        write_node(out, map->entries[i].value);
    }
    buf_addc(out, '}');
}

void write_node(struct buf *out, const struct node *node)
{
    switch (node->kind) {
    case NODE_NULL: buf_adds(out, "null"); break;
    case NODE_SCALAR:
        if (is_plain(node))
            buf_adds(out, node->text);
        else
            json_string(out, node->text);
        break;
    case NODE_LIST: write_list(out, node); break;
    case NODE_MAP: write_map(out, node); break;
    }
}

const char *write_text(struct arena *arena, const struct node *node)
{
    const char *text = "";
    struct buf out;

    buf_init(&out);
    if (node != NULL) {
        write_node(&out, node);
        text = arena_strndup(arena, out.data, out.length);
    }
    buf_release(&out);
    return text;
}

/* ---- columns ------------------------------------------------------------------ */

static struct node *plain(struct arena *arena, const char *text, bool quoted)
{
    struct span none = {.length = 0};
    struct node *node = node_text(arena, text, none);

    node->quoted = quoted;
    return node;
}

/* The values of an enum as they are stored: what `one_of` lists. */
static struct node *stored_values(struct arena *arena, const struct enumeration *e)
{
    struct span none = {.length = 0};
    struct node *list = node_list(arena, none);
    size_t i;

    for (i = 0; i < e->values.count; i++) {
        const struct enumerator *value = &e->values.items[i];
        bool text = e->storage == STORE_TEXT;

        list = node_list_with(
            arena, list,
            plain(arena,
                  text ? value->text
                       : arena_printf(arena, "%lld", (long long)value->value),
                  text));
    }
    return list;
}

/* {type: state?, default: open} → {type: text?, default: open, one_of: […]}. */
static struct node *without_enum(struct arena *arena, const struct column *column,
                                 struct node *node)
{
    const struct enumeration *e = column->enumeration;
    const char *type = e->storage == STORE_TEXT ? "text" : "integer";

    node = node_with(arena, node, "type",
                     plain(arena,
                           arena_printf(arena, "%s%s", type, column->nullable ? "?" : ""),
                           false));
    if (column->has_default && column->default_value.enumerator != NULL &&
        e->storage != STORE_TEXT)
        node = node_with(
            arena, node, "default",
            plain(arena,
                  arena_printf(arena, "%lld", (long long)column->default_value.integer),
                  false));
    node = node_without(arena, node, "examples");
    return node_with(arena, node, "one_of", stored_values(arena, e));
}

const char *write_column(struct arena *arena, const struct column *column)
{
    static const char *const other[] = {"doc", "touch", "was", "lint"};
    struct node *node;
    size_t i;

    node = column->node->kind == NODE_MAP ? (struct node *)column->node
                                          : node_with(arena, NULL, "type", column->node);
    for (i = 0; i < sizeof other / sizeof *other; i++)
        node = node_without(arena, node, other[i]);
    if (column->enumeration != NULL)
        node = without_enum(arena, column, node);
    return write_text(arena, node->count == 1 ? node->entries[0].value : node);
}
