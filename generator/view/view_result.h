/*
 * view_result.h: what queries and views yield, as types: rows of their own, and views with
 * their functions. Beside that what their functions need too.
 */
#ifndef VIEW_RESULT_H
#define VIEW_RESULT_H

#include "build.h"

/* The slot of a statement that is prepared once: STATEMENT_NAMEVERB. */
const char *view_statement_slot(struct arena *arena, const char *name, const char *verb);

/* A doc (or NULL) as lines of a comment. */
struct value view_doc_lines(struct arena *arena, const char *doc);

/* The columns of a row, or parameters as columns, as templates see them. */
struct table_builder view_row_builder(struct builder *builder, const struct table *table);

#endif
