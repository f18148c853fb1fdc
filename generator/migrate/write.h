/*
 * write.h: the steps that lead from the last migration to the declared tables, as YAML in
 * the language of migrations. It never guesses that something was renamed. It must not
 * know files.
 */
#ifndef MIGRATE_WRITE_H
#define MIGRATE_WRITE_H

#include "state.h"

#include "../base/buf.h"

/*
 * What was renamed, in the schema's names: "old:new" of a table, "table.old:new" of a
 * column, with the table's new name.
 */
struct write_rename {
    const char *table;  /* as declared */
    const char *column; /* NULL: the table itself */
    const char *old;
};

struct write_renames {
    VEC(struct write_rename) list;
};

/*
 * Reads `--rename` texts and the keys `was` of the declared tables. False and `error`
 * where one names nothing.
 */
bool write_find_renames(const struct stage *stage, struct state *state,
                        const char *const *texts, size_t count,
                        struct write_renames *renames, const char **error);

/*
 * Adds the list of steps, each a line that begins with "- ", lines of one indented by
 * `indent` spaces. Returns how many; `error` where the states have no structure.
 */
size_t write_steps(const struct stage *stage, struct state *state,
                   const struct write_renames *renames, unsigned indent, struct buf *out);

/*
 * The same for the rows of `seed`, from those of `db`, which is at the declared tables with
 * the rows that migrations made: inserts and updates by a key, parents first; deletes,
 * children first. Each has its `down`. In tables without seeds rows are left alone
 * (write_seed.c).
 */
size_t write_seeds_put(const struct stage *stage, sqlite3 *db, unsigned indent,
                       struct buf *out);
size_t write_seeds_drop(const struct stage *stage, sqlite3 *db, unsigned indent,
                        struct buf *out);

/* ---- parts (write_node.c) ----------------------------------------------------------- */

/* A node in flow style, on one line where no text in it has lines. */
void write_node(struct buf *out, const struct node *node);

/*
 * The definition of a column as a migration has it: without what SQL does not know, an
 * enum as the values that it stores. In flow style.
 */
const char *write_column(struct arena *arena, const struct column *column);

/* A node as write_node() writes it; NULL: "". */
const char *write_text(struct arena *arena, const struct node *node);

#endif
