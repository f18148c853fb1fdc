/*
 * fuzz_infer.h: random schemas and queries for fuzz_infer.c. Most queries are ones that
 * SQLite accepts; the rest cost nothing.
 */
#ifndef FUZZ_INFER_H
#define FUZZ_INFER_H

#include "sql/adversary.h"

void fuzz_schema(struct adversary *chance, sqlite3 *db);

/* To be freed. */
char *fuzz_query(struct adversary *chance, const struct catalog *catalog);

#endif
