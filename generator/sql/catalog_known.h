/*
 * catalog_known.h: what the columns of SQLite's own tables hold, by their documentation: they
 * declare little or nothing. It must not know a database.
 */
#ifndef SQL_CATALOG_KNOWN_H
#define SQL_CATALOG_KNOWN_H

#include "catalog.h"

/*
 * Of json_each, json_tree, pragma_… and sqlite_schema, by the table's name; others stay.
 * It must be SQLite's own: users can give some of these names too.
 */
void catalog_set_known(struct catalog_table *table);

/* Of a table of the module rtree. */
void catalog_set_rtree(struct catalog_table *table);

#endif
