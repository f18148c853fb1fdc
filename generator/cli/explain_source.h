/*
 * explain_source.h: the schema that `quarry explain` and `quarry lint` look at, from a YAML
 * schema, a file of SQL or a database file, as an empty copy in memory and a catalog of it.
 * It must not know queries.
 */
#ifndef EXPLAIN_SOURCE_H
#define EXPLAIN_SOURCE_H

#include "../sql/catalog.h"
#include "cli.h"

struct explain_source {
    struct work work; /* its arena holds all; its schema is NULL but for YAML */
    const struct source
        *text; /* in work.diags: of SQL its text, of a database its name */
    sqlite3 *db;
    struct catalog catalog;
};

/*
 * Returns an exit status; errors and warnings are printed. To be closed in any case.
 * explain_load() leaves those of a YAML schema in work.diags.
 */
int explain_open(struct explain_source *source, const char *path);
int explain_load(struct explain_source *source, const char *path);
void explain_close(struct explain_source *source);

#endif
