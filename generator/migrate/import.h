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

#endif
