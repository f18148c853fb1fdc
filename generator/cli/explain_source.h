/*
 * explain_source.h: the schema that `quarry explain` looks at, from a YAML schema, a file of
 * SQL or a database file, as an empty copy in memory and a catalog of it. It must not know
 * queries.
 */
#ifndef EXPLAIN_SOURCE_H
#define EXPLAIN_SOURCE_H

#include "../sql/catalog.h"
#include "cli.h"

struct explain_source {
    struct work work; /* its arena holds all; its schema is NULL but for YAML */
    sqlite3 *db;
    struct catalog catalog;
};

/* Returns an exit status; errors are printed. To be closed in any case. */
int explain_open(struct explain_source *source, const char *path);
void explain_close(struct explain_source *source);

#endif
