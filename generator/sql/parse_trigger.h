/*
 * parse_trigger.h: CREATE TRIGGER as a tree: what it waits for and the statements that it
 * runs. The text must be one that SQLite accepted. It must not know any schema.
 */
#ifndef SQL_PARSE_TRIGGER_H
#define SQL_PARSE_TRIGGER_H

#include "parse.h"

enum change {
    CHANGE_INSERT,
    CHANGE_UPDATE,
    CHANGE_DELETE
};

struct trigger_tree {
    const char *name, *table;
    enum change event;
    struct names columns; /* UPDATE OF these; none: of any */
    struct expr *when;    /* or NULL */
    VEC(struct statement *) statements;
};

/* NULL and *error where it cannot be read. */
struct trigger_tree *parse_trigger(struct arena *arena, const char *sql,
                                   struct sql_error *error);

#endif
