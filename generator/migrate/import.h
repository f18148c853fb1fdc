/*
 * import.h: a structure as YAML in the language of schemas. What the language cannot say
 * is written as a comment at its place. It must not know files or the command line.
 */
#ifndef MIGRATE_IMPORT_H
#define MIGRATE_IMPORT_H

#include "structure.h"

#include "../base/buf.h"

/*
 * Adds the YAML of `structure` as schema `name`. Types are those declared; where a table
 * is not STRICT and `db` is given, the values found in it decide. `db` may be NULL.
 */
void import_yaml(struct arena *arena, const struct structure *structure, sqlite3 *db,
                 const char *name, struct buf *out);

/* What is wrong with imported YAML; line and column count from 1, by line. */
struct import_fault {
    unsigned line, column;
    const char *message;
};

/*
 * Turns what is wrong into comments: rules, indexes, properties of columns, whole views and
 * triggers. False, and nothing changes, where no fault is in such a place. Read it again
 * after: what names what is gone is a fault then.
 */
bool import_mend(struct arena *arena, const struct import_fault *faults, size_t count,
                 struct buf *yaml);

#endif
