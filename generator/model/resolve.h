/*
 * resolve.h: from what was loaded to a whole: mixins, columns, keys, references, indexes,
 * seeds; names that refer become pointers, and what the schema leaves out is filled in.
 * Inside of load and resolve only.
 */
#ifndef RESOLVE_H
#define RESOLVE_H

#include "load.h"

/* Runs all of the following for all tables. */
void resolve_schema(struct loader *loader);

/* ---- resolve_mixin.c: mixins and the columns of tables ------------------------ */

void resolve_mixins(struct loader *loader);

/* The columns of a table: its own and those of its mixins, in their order. */
void resolve_columns(struct loader *loader, struct draft *draft);

/* ---- resolve_type.c ----------------------------------------------------------- */

/* Whether the declared type that the schema gives a column suits it. */
void resolve_sql_type(struct loader *loader, struct draft *draft,
                      const struct draft_column *column);

/* ---- resolve_key.c ------------------------------------------------------------ */

void resolve_primary_key(struct loader *loader, struct draft *draft);
void resolve_uniques(struct loader *loader, struct draft *draft);
void resolve_checks(struct loader *loader, struct draft *draft);

/* ---- resolve_index.c, resolve_reference.c, resolve_seed.c --------------------- */

void resolve_indexes(struct loader *loader, struct draft *draft);

/*
 * Reads a term "column [collate x] [asc|desc]". False: it is none. Its column is NULL
 * where that is unknown, which was reported.
 */
bool resolve_term(struct loader *loader, const struct draft *draft,
                  const struct node *node, struct index_term *term);

/* After the keys and indexes of all tables. */
void resolve_references(struct loader *loader, struct draft *draft);

/* After the keys of the table. */
void resolve_seeds(struct loader *loader, struct draft *draft);

/* ---- load_trigger.c ----------------------------------------------------------- */

/* After the columns of all tables. */
void resolve_triggers(struct loader *loader);

/* ---- resolve_names.c: for all of these ---------------------------------------- */

/* The column that `name` names, or NULL after reporting it at `span`. */
struct column *resolve_column(struct loader *loader, const struct draft *draft,
                              const char *name, struct span span);

/* A list of one or more different columns. False: reported. `what`: "a primary key". */
bool resolve_column_list(struct loader *loader, const struct draft *draft,
                         const struct node *list, const char *what,
                         struct columns *columns);

/*
 * The same of a key, whose columns may have a collation and a direction: "name collate
 * nocase desc".
 */
bool resolve_key_list(struct loader *loader, const struct draft *draft,
                      const struct node *list, const char *what, struct columns *columns);

/* True where `listed` has the column already, which is reported; else it is added. */
bool resolve_is_listed(struct loader *loader, struct map *listed,
                       const struct column *column, struct span span);

/* The table, or NULL after reporting it at `span`. */
struct draft *resolve_table_name(struct loader *loader, const char *name,
                                 struct span span);

/* The names of columns joined by '_'. */
char *resolve_joined(struct loader *loader, const struct columns *columns);

/*
 * A text that is the same for columns of a table in any order that are compared in the same
 * way.
 */
char *resolve_set(struct loader *loader, const struct columns *columns);

#endif
