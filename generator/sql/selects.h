/*
 * selects.h: how many SELECTs SQLite makes of a statement when it puts in the views and
 * common tables that the statement names. A few views, each of which names the one before
 * it twice, are thousands; SQLite copies them whenever the statement is prepared, and takes
 * more than proportionally longer. It must not know types.
 */
#ifndef SQL_SELECTS_H
#define SQL_SELECTS_H

#include "parse.h"

#include "../base/map.h"

#include <sqlite3.h>

/* Half a second to prepare; people write hundreds at most. */
enum {
    SELECTS_MOST = 5000
};

struct selects {
    struct arena *arena;
    struct map views; /* by name in lower case */
};

/* A view, and its SELECT, perhaps behind CREATE VIEW … AS. What can't be parsed counts 1. */
void selects_add(struct selects *selects, const char *view, const char *sql);

/* All views of a database; it is only asked for their text. */
void selects_add_all(struct selects *selects, sqlite3 *db);

/* SELECTS_MOST + 1 where there are more. */
size_t selects_of_view(struct selects *selects, const char *view);
size_t selects_of_statement(struct selects *selects, struct statement *statement);

/* The first view of the database that is more than SELECTS_MOST; NULL: none. */
const char *selects_too_many(struct arena *arena, sqlite3 *db);

#endif
