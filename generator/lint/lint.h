/*
 * lint.h: what is not wrong but regretted: rules over a schema, each finding a warning with
 * a code of findings.h and a place. It works on any database's catalog; where there is a
 * YAML schema behind it, places are in the YAML and what that allows is left out. It must
 * not know files or how findings are printed.
 */
#ifndef LINT_H
#define LINT_H

#include "../base/findings.h"
#include "../migrate/lock.h"
#include "../model/model.h"
#include "../sql/advise.h"
#include "../sql/table_shape.h"

enum {
    ALLOW_LEVELS = 4
};

struct lint {
    struct arena *arena;
    struct diags *diags;
    struct catalog *catalog;
    const struct schema *schema; /* NULL: SQL or a database */
    const struct source *source; /* of these: the SQL; of a database only its name */
    const struct lock *lock; /* released migrations, which can't be bettered; or NULL */

    struct map tables; /* of the schema, struct table * by lower case SQL name */
    VEC(const struct allow *) used; /* what has allowed something */
};

/* A place, and what is allowed there: of the thing itself, of what it is in, … */
struct lint_place {
    struct span span;
    const struct allows *allows[ALLOW_LEVELS];
};

/* Sets up the rest; `catalog`, `schema`, `source`, `arena` and `diags` are set. */
void lint_init(struct lint *lint);

/* All rules about tables, keys and indexes. */
void lint_tables(struct lint *lint);

/* All rules about views, queries and statements of triggers. */
void lint_queries(struct lint *lint);

/* Migrations that are not released: what they destroy, and where they are slow or can fail. */
void lint_migrations(struct lint *lint);

/* An adviser that knows what the schema says of its tables' rows. */
struct adviser lint_adviser(struct lint *lint);

/*
 * Has the database believe the schema about how many rows its tables have. To be called
 * before plans are asked for.
 */
void lint_set_rows(struct lint *lint);

/* What to do about an advice: what it says, or the indexes to add; NULL: nothing. */
const char *lint_advice_hint(struct lint *lint, const struct advice *advice);

/* What was allowed and not found; to be called when all else is done. */
void lint_allows(struct lint *lint);

/* ---- places (place.c) ---------------------------------------------------------------- */

/* The schema's table; NULL: there is no schema, or Quarry made the table itself. */
const struct table *lint_model(const struct lint *lint, const struct table_shape *shape);

struct lint_place lint_at_table(struct lint *lint, const struct table_shape *shape);
struct lint_place lint_at_column(struct lint *lint, const struct table_shape *shape,
                                 const char *column);
struct lint_place lint_at_index(struct lint *lint, const struct index_shape *index);
struct lint_place lint_at_key(struct lint *lint, const struct table_shape *shape,
                              const struct foreign_key_def *key);
struct lint_place lint_at_view(struct lint *lint, const struct catalog_table *view);
struct lint_place lint_at_trigger(struct lint *lint, const char *name);
/*
 * Where the text of a view or trigger, as SQLite keeps it, stands in the SQL: `shift` is what
 * is to be added to an offset in it. False: nowhere, or otherwise.
 */
bool lint_created_shift(const struct lint *lint, enum keyword what, const char *name,
                        const char *sql, size_t *shift);
struct lint_place lint_at_span(const struct lint *lint, struct span span,
                               const struct allows *allows);

/* True where the schema allows the finding there: then there is none. */
bool lint_allowed(struct lint *lint, const struct lint_place *place, int code);

/* ---- rules --------------------------------------------------------------------------- */

void lint_indexes(struct lint *lint, const struct table_shape *shape);
void lint_keys(struct lint *lint, const struct table_shape *shape);
void lint_columns(struct lint *lint, const struct table_shape *shape);
void lint_unused(struct lint *lint);

/* ---- words --------------------------------------------------------------------------- */

/* Columns as a list: "host_id, name desc". */
const char *lint_terms(struct lint *lint, const struct term_defs *terms);
const char *lint_names(struct lint *lint, const struct name_list *names);

/* How indexes are added here: YAML, or CREATE INDEX where there is no schema. */
const char *lint_index_hint(struct lint *lint, const struct advised_index *indexes,
                            size_t count);

#endif
