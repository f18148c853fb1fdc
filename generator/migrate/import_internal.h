/*
 * import_internal.h: what the files of the import share. Only import*.c may include it.
 */
#ifndef IMPORT_INTERNAL_H
#define IMPORT_INTERNAL_H

#include "import.h"

/* A table or column and what it is called in the schema. */
struct named {
    const char *sql, *name;
};

struct named_list {
    struct named *items;
    size_t count, capacity;
};

struct importer {
    struct arena *arena;
    const struct structure *structure;
    sqlite3 *db;
    struct buf *out;
    struct named_list tables;
    struct named_list *columns; /* by table */
    const char ***types;        /* by table, then column */
    struct map rows;            /* nouns taken */
};

/* "# not expressed: ABOUT TEXT", a comment on each line. */
void import_comment(struct buf *out, const char *indent, const char *about,
                    const char *text);

/* Adds ", on_delete: cascade" and the like, where the key has such. */
void import_actions(const struct importer *importer, const struct foreign_key_def *key);

/* Adds a column's line, and comments on what it cannot say. */
void import_column(const struct importer *importer, size_t table, size_t index);

#endif
