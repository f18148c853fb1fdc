/*
 * yaml.c: node_read(): libyaml's events become nodes. It must not know what the document
 * means. Finished nodes wait on a stack of children until their list or map ends, so that
 * each list gets an array of its exact size and nothing recurses.
 */
#include "bytes.h"
#include "marks.h"
#include "node.h"

#include "../base/map.h"

#include <stdlib.h>
#include <string.h>

/* A list or map that has not ended, and where its children begin. */
struct level {
    struct node *node;
    size_t first;
};

struct reader {
    struct arena *arena;
    struct diags *diags;
    struct marks marks;
    yaml_parser_t parser;
    struct level levels[NODE_DEPTH];
    size_t depth;
    struct node **children; /* of all levels, those of the innermost last */
    size_t child_count, child_capacity;
    size_t node_count;
    struct node *root;
    bool failed;   /* what is read is of no use */
    bool finished; /* nothing more is to be read */
};

static void fail(struct reader *reader)
{
    reader->failed = true;
    reader->finished = true;
}

static void reserve_children(struct reader *reader, size_t capacity)
{
    reader->child_capacity = capacity;
    reader->children =
        must_realloc(reader->children, capacity * sizeof *reader->children);
}

static void add_child(struct reader *reader, struct node *node)
{
    if (reader->depth == 0) {
        reader->root = node;
        return;
    }
    if (reader->child_count == reader->child_capacity)
        reserve_children(reader, reader->child_capacity * 2);
    reader->children[reader->child_count++] = node;
}

static struct node *new_node(struct reader *reader, enum node_kind kind,
                             const yaml_event_t *event)
{
    struct node *node = ARENA_NEW(reader->arena, struct node);

    node->kind = kind;
    node->span = marks_span(&reader->marks, event->start_mark, event->end_mark);
    if (++reader->node_count == NODE_COUNT + 1) {
        diag_hint(diag_error(reader->diags, 11, node->span,
                             "more than %d values in a file", NODE_COUNT),
                  "split it and name the parts in `include`");
        fail(reader);
    }
    return node;
}

static void check_properties(struct reader *reader, const yaml_event_t *event,
                             const yaml_char_t *anchor, const yaml_char_t *tag)
{
    struct span span;

    if (anchor == NULL && tag == NULL)
        return;
    span = marks_span(&reader->marks, event->start_mark, event->end_mark);
    if (anchor != NULL)
        diag_hint(diag_error(reader->diags, 15, span, "anchors (&) are not allowed"),
                  "shared columns go in `mixins`");
    if (tag != NULL)
        diag_hint(diag_error(reader->diags, 17, span, "tags (!) are not allowed"),
                  "put text that begins with `!` in quotes");
}

static bool is_null(const struct node *node)
{
    static const char *const words[] = {"", "~", "null", "Null", "NULL"};
    size_t i;

    if (node->quoted || node->length > 4)
        return false;
    for (i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(node->text, words[i]) == 0)
            return true;
    return false;
}

/* Only an escape can bring a NUL here; replaced, so that the text ends at its length. */
static void replace_nul(struct reader *reader, struct node *node)
{
    size_t i;

    if (memchr(node->text, '\0', node->length) == NULL)
        return;
    diag_error(reader->diags, 20, node->span, "the text contains a NUL (`\\0`)");
    for (i = 0; i < node->length; i++)
        if (node->text[i] == '\0')
            ((char *)node->text)[i] = '?';
}

static size_t count_spaces(const char *text, size_t length)
{
    size_t count = 0;

    while (count < length && text[count] == ' ')
        count++;
    return count;
}

/* Leading empty lines of a block stand as line feeds in its text, one each. */
static unsigned block_indent(const struct node *node)
{
    size_t empty = 0, length, spaces;
    const char *line;

    while (empty < node->length && node->text[empty] == '\n')
        empty++;
    if (empty == node->length)
        return 0;
    line = source_line(node->span.at.source, node->span.at.line + 1 + (unsigned)empty,
                       &length);
    spaces = count_spaces(node->text + empty, node->length - empty);
    length = count_spaces(line, length);
    return length > spaces ? (unsigned)(length - spaces) : 0;
}

static void read_scalar(struct reader *reader, const yaml_event_t *event)
{
    struct node *node = new_node(reader, NODE_SCALAR, event);
    yaml_scalar_style_t style = event->data.scalar.style;

    check_properties(reader, event, event->data.scalar.anchor, event->data.scalar.tag);
    node->length = event->data.scalar.length;
    node->text = arena_strndup(reader->arena, (const char *)event->data.scalar.value,
                               node->length);
    node->quoted = style != YAML_PLAIN_SCALAR_STYLE;
    node->block = style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE;
    replace_nul(reader, node);
    if (node->block) {
        node->indent = block_indent(node);
        node->span.length = node->span.length > 0 ? 1 : 0;
    }
    if (is_null(node)) {
        node->kind = NODE_NULL;
        node->text = NULL;
        node->length = 0;
    }
    add_child(reader, node);
}

static void read_alias(struct reader *reader, const yaml_event_t *event)
{
    struct node *node = new_node(reader, NODE_NULL, event);

    diag_hint(diag_error(reader->diags, 16, node->span, "aliases (*) are not allowed"),
              "shared columns go in `mixins`; put text that begins with `*` in quotes");
    add_child(reader, node);
}

static void begin(struct reader *reader, enum node_kind kind, const yaml_event_t *event,
                  const yaml_char_t *anchor, const yaml_char_t *tag)
{
    struct node *node = new_node(reader, kind, event);

    if (node->span.length > 1)
        node->span.length = 1;
    check_properties(reader, event, anchor, tag);
    if (reader->depth == NODE_DEPTH) {
        diag_error(reader->diags, 10, node->span, "lists and maps nested over %d deep",
                   NODE_DEPTH);
        fail(reader);
        return;
    }
    reader->levels[reader->depth++] =
        (struct level){.node = node, .first = reader->child_count};
}

static void end_list(struct reader *reader, struct node *list, struct node **children,
                     size_t count)
{
    list->items = ARENA_ARRAY(reader->arena, struct node *, count);
    list->count = count;
    if (count > 0)
        memcpy(list->items, children, count * sizeof *children);
}

/* A key's entry is left out where the key is of no use. */
static bool check_key(struct reader *reader, const struct node *key)
{
    if (key->kind != NODE_SCALAR) {
        diag_hint(diag_error(reader->diags, 13, key->span, "a key must be text, not %s",
                             node_kind_name(key)),
                  key->kind == NODE_NULL
                      ? "columns are NOT NULL unless `?` stands behind their type; a key "
                        "`null` needs quotes"
                      : "put the text in quotes if it is meant as one");
        return false;
    }
    if (!key->quoted && strcmp(key->text, "<<") == 0) {
        diag_hint(
            diag_error(reader->diags, 14, key->span, "merge keys (<<) are not allowed"),
            "shared columns go in `mixins`");
        return false;
    }
    return true;
}

/* The key before, for a few by comparing all, for many by a map. */
static struct node *find_key(const struct node *map, const struct map *keys,
                             const struct node *key)
{
    enum {
        FEW = 16
    };
    size_t i;

    if (map->count > FEW)
        return map_get(keys, key->text);
    for (i = 0; i < map->count; i++)
        if (map->entries[i].key->length == key->length &&
            memcmp(map->entries[i].key->text, key->text, key->length) == 0)
            return map->entries[i].key;
    return NULL;
}

static void end_map(struct reader *reader, struct node *map, struct node **children,
                    size_t count)
{
    struct arena scratch = {0};
    struct map keys = {0};
    size_t i;

    map->entries = ARENA_ARRAY(reader->arena, struct entry, count / 2);
    for (i = 0; i + 1 < count; i += 2) {
        struct node *key = children[i], *first;

        if (!check_key(reader, key))
            continue;
        first = find_key(map, &keys, key);
        if (first != NULL) {
            diag_note(
                diag_error(reader->diags, 12, key->span, "duplicate key `%s`", key->text),
                first->span, "first defined here");
            continue;
        }
        if (count > 32)
            map_put(&scratch, &keys, key->text, key);
        map->entries[map->count++] = (struct entry){.key = key, .value = children[i + 1]};
    }
    arena_release(&scratch);
}

static void end(struct reader *reader)
{
    struct level level = reader->levels[--reader->depth];
    struct node **children = reader->children + level.first;
    size_t count = reader->child_count - level.first;

    if (level.node->kind == NODE_LIST)
        end_list(reader, level.node, children, count);
    else
        end_map(reader, level.node, children, count);
    reader->child_count = level.first;
    add_child(reader, level.node);
}

static bool is_empty(const struct node *root)
{
    return root == NULL || (root->kind == NODE_NULL && root->span.length == 0);
}

static void begin_document(struct reader *reader, const yaml_event_t *event)
{
    struct span span = marks_span(&reader->marks, event->start_mark, event->end_mark);

    if (reader->root != NULL) {
        diag_hint(diag_error(reader->diags, 19, span, "a second document in one file"),
                  "a file holds one schema");
        reader->finished = true;
        reader->failed = is_empty(reader->root);
        return;
    }
    if (event->data.document_start.version_directive != NULL ||
        event->data.document_start.tag_directives.start !=
            event->data.document_start.tag_directives.end)
        diag_hint(diag_error(reader->diags, 18, span, "directives (%%) are not allowed"),
                  "remove this line");
}

static void handle(struct reader *reader, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT: begin_document(reader, event); break;
    case YAML_SCALAR_EVENT: read_scalar(reader, event); break;
    case YAML_ALIAS_EVENT: read_alias(reader, event); break;
    case YAML_SEQUENCE_START_EVENT:
        begin(reader, NODE_LIST, event, event->data.sequence_start.anchor,
              event->data.sequence_start.tag);
        break;
    case YAML_MAPPING_START_EVENT:
        begin(reader, NODE_MAP, event, event->data.mapping_start.anchor,
              event->data.mapping_start.tag);
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT: end(reader); break;
    case YAML_STREAM_END_EVENT: reader->finished = true; break;
    default: break;
    }
}

static void read_events(struct reader *reader)
{
    while (!reader->finished) {
        yaml_event_t event;

        if (!yaml_parser_parse(&reader->parser, &event)) {
            syntax_report(reader->diags, &reader->marks, &reader->parser);
            fail(reader);
            return;
        }
        handle(reader, &event);
        yaml_event_delete(&event);
        if (diags_full(reader->diags))
            fail(reader);
    }
}

struct node *node_read(struct arena *arena, struct diags *diags,
                       const struct source *source)
{
    struct reader reader = {.arena = arena, .diags = diags};
    bool ascii;

    if (!bytes_check(diags, source, &ascii))
        return NULL;
    marks_init(&reader.marks, source, ascii);
    if (!yaml_parser_initialize(&reader.parser))
        out_of_memory();
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser,
                                 (const unsigned char *)source->text + bytes_mark(source),
                                 source->length - bytes_mark(source));
    reserve_children(&reader, 256);
    read_events(&reader);
    yaml_parser_delete(&reader.parser);
    free(reader.children);
    if (!reader.failed && is_empty(reader.root)) {
        diag_hint(diag_error(diags, 7, (struct span){.at = {.source = source}},
                             "the document is empty"),
                  "a schema begins with `quarry: 1`");
        return NULL;
    }
    return reader.failed ? NULL : reader.root;
}
