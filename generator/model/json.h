/*
 * json.h: JSON text: whether a text is some, and YAML nodes written as some. As RFC 8259
 * has it, which every version of SQLite takes. It must not know types or columns.
 */
#ifndef JSON_H
#define JSON_H

#include "../base/buf.h"
#include "../read/node.h"

/* Deeper nesting than JSON_DEPTH is refused, as SQLite refuses it at 1,000. */
enum {
    JSON_DEPTH = 500
};
bool json_valid(const char *text);

/* Text as a JSON string with its quotes. */
void json_string(struct buf *out, const char *text);

/*
 * A node as compact JSON, keys in the document's order. Plain scalars that look like
 * numbers, true, false and null are those; all others are strings. False for .inf and
 * .nan, which JSON has not; then *culprit is the node.
 */
bool json_node(struct buf *out, const struct node *node, const struct node **culprit);

#endif
