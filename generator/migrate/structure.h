/*
 * structure.h: what a database consists of: its tables, indexes, views and triggers, each
 * parsed, in the order of their creation. It is read from an open database; scratch.h
 * makes one of SQL text. It must not know YAML, nor what is done with a difference.
 */
#ifndef STRUCTURE_H
#define STRUCTURE_H

#include "../base/arena.h"
#include "../base/map.h"
#include "../sql/parse_ddl.h"

#include <sqlite3.h>

struct scratch_image;

struct structure {
    VEC(struct table_def *) tables; /* without those of SQLite and of virtual tables */
    VEC(struct index_def *) indexes;
    VEC(struct program_def *) views;
    VEC(struct program_def *) triggers;
    struct map names;      /* of all objects and columns, lower case */
    struct map by_name;    /* tables, lower case; complete where it has as many */
    struct map index_name; /* the same of indexes */
    const struct scratch_image **image; /* where a database of it is kept: scratch.h */
    bool analyzed;                      /* ANALYZE has been run */
};

/*
 * Reads the structure of the main database. NULL after an error, which is then in `error`
 * (in the arena): SQLite's, or that a statement of the schema cannot be understood.
 */
struct structure *structure_read(struct arena *arena, sqlite3 *db, const char **error);

/* By name in any case, or NULL. */
struct table_def *structure_table(const struct structure *structure, const char *name);
struct index_def *structure_index(const struct structure *structure, const char *name);
struct program_def *structure_view(const struct structure *structure, const char *name);
struct program_def *structure_trigger(const struct structure *structure,
                                      const char *name);

/*
 * A foreign key to be compared: "(a, b) parent (x, y) cascade …", where a key that names
 * no columns of its parent has those of the parent's primary key.
 */
const char *structure_foreign_key(struct arena *arena, const struct structure *structure,
                                  const struct foreign_key_def *key);

#endif
