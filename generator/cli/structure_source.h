/*
 * structure_source.h: the structure in what a user names: a YAML schema, a database file
 * or a file of SQL. It must not know what is done with it.
 */
#ifndef STRUCTURE_SOURCE_H
#define STRUCTURE_SOURCE_H

#include "../migrate/structure.h"
#include "cli.h"

/*
 * What a file is, is told by its content (a database begins with a mark of its own), then
 * by its name: .yaml and .yml, .sql; else by whether a line begins with `quarry:`. "-" is
 * standard input, YAML or SQL. An empty file is an empty database. The structure is in
 * `arena`, which must stay. EXIT_GOOD, or an exit status after a message on stderr.
 */
int structure_source(struct arena *arena, const char *path, struct structure **structure);

/* The same of a schema's text that is in memory. */
int structure_yaml(struct arena *arena, const char *path, const struct buf *text,
                   struct structure **structure);

/* What the content, and else the name, of a file say of it. */
bool structure_is_database(const struct buf *text);
bool structure_is_yaml(const char *path, const char *text);

/*
 * Opens a database to be read, leaving no file beside it that was not there. NULL and
 * `error` where that fails; to be closed by sqlite3_close().
 */
sqlite3 *structure_open(struct arena *arena, const char *path, const char **error);

#endif
