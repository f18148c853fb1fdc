/*
 * node.h: a YAML document as a tree, each node with its place. Nothing after this stage
 * knows YAML, and nothing here knows what the document means.
 */
#ifndef NODE_H
#define NODE_H

#include "../base/diag.h"

enum node_kind {
    NODE_NULL,   /* empty, ~ or null */
    NODE_SCALAR, /* any other plain or quoted text */
    NODE_LIST,
    NODE_MAP
};

struct node {
    enum node_kind kind;
    struct span span; /* of a scalar: its text with quotes, as far as its first line goes;
                          of a block its | or >; of a list or map its first character */
    bool quoted;      /* a scalar in quotes or a block: never a number, bool or null */
    bool block;       /* a literal or folded block scalar (| or >) */
    unsigned indent;  /* of a block: the column less 1 at which its text starts; else 0 */
    const char *text; /* of a scalar; valid UTF-8 without NUL */
    size_t length;
    struct node **items;   /* of a list */
    struct entry *entries; /* of a map, in the document's order, keys unique */
    size_t count;          /* items or entries */
};

struct entry {
    struct node *key; /* a NODE_SCALAR */
    struct node *value;
};

/* The value of `key` in a map, or NULL; NULL too for what is no map. Looks at each entry. */
struct node *node_get(const struct node *map, const char *key);

/* "a map", "a list", "text", "nothing": for messages. */
const char *node_kind_name(const struct node *node);

/*
 * The place of byte `offset` of a scalar's text, and of `length` bytes from it on the same
 * line: exact in literal and folded blocks, in plain text and in quotes, also over several
 * lines and behind escapes; else the scalar's own place.
 */
struct span node_span_at(const struct node *scalar, size_t offset, size_t length);

/*
 * Scalars as values. False where the text is none of it, is quoted, or is out of range. A
 * number with a leading zero (017) is none: YAML 1.1 and 1.2 read it differently.
 */
bool node_bool(const struct node *node, bool *value); /* true, false */
bool node_int64(const struct node *node,
                long long *value); /* decimal, or 0x and no sign */
bool node_double(const struct node *node,
                 double *value); /* integers too; no .inf, .nan */

/*
 * Reads one document. Reports, with codes Q0001 to Q0099: bad syntax, duplicate keys,
 * anchors, aliases, merge keys, tags, several documents, tabs, bad UTF-8, NUL, a byte order
 * mark other than UTF-8's, nesting over NODE_DEPTH, keys that are no scalars, a text over
 * NODE_BYTES, more than NODE_COUNT nodes, an empty document. Returns NULL after an error in
 * the syntax or a limit; after other errors the tree is what could be: an alias is a
 * NODE_NULL, of two equal keys the first counts, a bad key's entry is left out.
 */
enum {
    NODE_DEPTH = 64,
    NODE_BYTES = 64 * 1024 * 1024,
    NODE_COUNT = 4 * 1024 * 1024
};
struct node *node_read(struct arena *arena, struct diags *diags,
                       const struct source *source);

#endif
