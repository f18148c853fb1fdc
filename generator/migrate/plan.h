/*
 * plan.h: a difference as exact SQL. A table is changed by ALTER TABLE where every SQLite
 * from 3.37 on can do that on a table with rows; else it is rebuilt once, by SQLite's own
 * procedure: rowids, AUTOINCREMENT counters, indexes, triggers, views and the foreign
 * keys of other tables survive, and no trigger fires. It must not know files or the
 * command line.
 */
#ifndef MIGRATE_PLAN_H
#define MIGRATE_PLAN_H

#include "diff.h"

#include "../base/buf.h"

struct plan_statement {
    const char *sql;   /* without a semicolon */
    const char *about; /* a heading where a group of statements begins: "rebuild dogs" */
};

enum warning_kind {
    WARNING_DATA_LOSS, /* needs `accept: data_loss` */
    WARNING_SLOW,      /* reads and writes all rows of a table */
    WARNING_CAN_FAIL,  /* on rows that are there; nothing is changed then */
    WARNING_BROKEN     /* the target itself has something that does not compile */
};

struct plan_warning {
    enum warning_kind kind;
    const char *table; /* or NULL */
    const char *text;
};

/* The word for machines: "data_loss". */
const char *warning_word(enum warning_kind kind);

/* What does not compile in the target either, so that it is no fault of the plan's. */
struct plan_fault {
    const char *name; /* of a view, or of a table with triggers */
    const char
        *event; /* "SELECT", "INSERT", "UPDATE", "DELETE"; "PARENT": foreign keys */
};

struct plan {
    const struct diff *diff;
    VEC(struct plan_statement) statements; /* without BEGIN and COMMIT; none: no change */
    VEC(struct plan_warning) warnings;
    VEC(struct plan_fault) faults;
    VEC(const char *) rebuilt; /* tables of the target */
    bool foreign_keys_off;     /* must be off while it runs, and is checked at its end */
    bool destroys;
    const struct scratch_image *reached; /* from nothing, when it was tried; else NULL */
};

/*
 * NULL and `error` when SQLite refuses the plan in an empty database, or when it does not
 * reach the target there: that is a bug, found before any data is touched.
 */
struct plan *plan_make(struct arena *arena, const struct diff *diff, const char **error);

/* The whole as a script to run: PRAGMAs, BEGIN IMMEDIATE … COMMIT, a comment per group.
 */
void plan_script(const struct plan *plan, struct buf *out);

/* ---- parts (plan_table.c, plan_program.c) ----------------------------------------- */

enum table_way {
    WAY_NONE,
    WAY_ALTER,
    WAY_REBUILD,
    WAY_ANEW
};

/* How a table is brought to its new form. */
enum table_way plan_way(const struct table_change *change);

void plan_add(struct arena *arena, struct plan *plan, const char *about,
              const char *format, ...) __attribute__((format(printf, 4, 5)));

void plan_alter(struct arena *arena, struct plan *plan,
                const struct table_change *change);
void plan_rebuild(struct arena *arena, struct plan *plan,
                  const struct table_change *change);

/* `wanted`, or that with a number, so that nothing on either side has it. */
const char *plan_free_name(struct arena *arena, const struct plan *plan,
                           const char *wanted);

/* A name for the new form of a table that nothing has. */
const char *plan_new_name(struct arena *arena, const struct plan *plan,
                          const char *table);

/* Virtual tables: made anew, filled from the content they are on, and whether rows stay.
 */
void plan_anew(struct arena *arena, struct plan *plan, const struct table_change *change);
void plan_fill(struct arena *arena, struct plan *plan, const struct table_def *table);

/* True for an index on the content of a table or view whose values the change makes others. */
bool plan_is_stale(struct arena *arena, const struct diff *diff,
                   const struct table_def *table);

/* Which views and triggers of the source are dropped, and which of the target created. */
struct program_plan {
    bool *drop_views, *drop_triggers;     /* by index in diff->from */
    bool *create_views, *create_triggers; /* by index in diff->to */
};
void plan_programs(struct arena *arena, const struct diff *diff,
                   struct program_plan *programs);

/* Finds what does not compile in a structure. */
void plan_find_faults(struct arena *arena, const struct structure *structure,
                      struct plan *plan);

#endif
