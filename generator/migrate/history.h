/*
 * history.h: the migrations of a schema as SQL, both ways, and the state of the tables
 * after each. Consecutive steps that change the structure become one plan, so a table is
 * rebuilt once. The way back is derived where it can be. It must not know how the result
 * is proved (prove.h) or emitted.
 */
#ifndef MIGRATE_HISTORY_H
#define MIGRATE_HISTORY_H

#include "plan.h"
#include "state.h"

#include "../model/migration.h"

/* What is emitted as one step: statements, or a function to call. */
struct script_step {
    const char *text;    /* in words: "rebuild table hosts" */
    struct sql_list sql; /* without semicolons; of a call: none */
    const char *call;    /* the function's name in the schema, or NULL */
    struct span span;    /* of the step in the schema that it is made for */
    bool data;           /* made of a step that changes rows */
    bool inserts;        /* made of `insert` */
};

/* What steps that change rows destroy, beyond what they say. */
struct script_loss {
    const char *table, *text; /* "rows of containers go with those of hosts" */
    const char *hint;         /* what to write instead, or NULL */
    struct span span;
};

struct script {
    VEC(struct script_step) steps;
    VEC(const struct plan *) plans; /* those that it is made of, for their warnings */
    VEC(const char *) written;      /* tables whose rows steps change, names in SQL */
    VEC(struct script_loss) losses; /* a cause of `destroys` beside the plans */
    VEC(struct plan_warning) risks; /* what can fail beside the plans */
    bool foreign_keys_off, destroys;
};

/* Consecutive steps that change the structure, or one that changes rows. */
struct history_part {
    struct state *before, *after;
    const struct migration_step *step; /* the first */
    size_t count;                      /* of steps */
    const struct plan *plan;           /* of steps that change the structure, else NULL */
    bool undone; /* rows: they are only in tables that the migration itself makes */
    size_t made; /* rows: their index in the steps of the script */
};

/* A migration with the states on both sides. */
struct history_version {
    const struct migration *migration;
    struct state *before, *after;
    VEC(struct history_part) parts;
    struct script up, down;
    bool has_down; /* else it is irreversible */
    const char *checksum;
    const struct scratch_image *reached; /* by all ways up, in a proof; else NULL */
    struct sql_list rows; /* for emitted tests: INSERTs that the version takes … */
    const char *counts; /* … and how many rows each table then has in the end, or NULL */
};

struct history {
    VEC(struct history_version) versions;
    struct state *empty;    /* before the first */
    const char *counts_sql; /* gives `counts` of a version; NULL before they were made */
};

/*
 * Makes the SQL of all migrations of `stage->schema`. NULL after errors, which are
 * reported at the steps.
 */
struct history *history_make(const struct stage *stage);

/*
 * What is to be known of each way up before it runs (history_warning.c): that it destroys
 * data, is slow, can fail on rows that are there. What the migration accepts is left out.
 */
typedef void history_take(void *context, const struct history_version *version,
                          const struct plan_warning *warning);
void history_warnings(const struct history *history, history_take *take, void *context);

/* Adds a loss, once for a place and text; the script destroys then. `hint` may be NULL. */
void history_add_loss(const struct stage *stage, struct script *script, const char *table,
                      struct span span, const char *hint, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

/* Reports the losses from `first` on that the migration does not accept. */
void history_report_losses(const struct stage *stage,
                           const struct history_version *version, size_t first);

/*
 * True where rows of the table, as it is called before the part, may be the user's: it, or
 * what it was renamed from, is there before the migration.
 */
bool history_is_old(const struct stage *stage, const struct history_version *version,
                    size_t part, const char *table);

/* ---- parts (history_run.c, history_data.c, history_loss.c) -------------------------- */

/* Steps on their way to parts; `state` is before the next one. */
struct history_maker {
    const struct stage *stage;
    struct history_version *version;
    struct state *state;
    struct script *script;
    bool keep_parts; /* of the way up: from them the way back is derived */
};

/*
 * Takes as many steps as make one plan from `steps` on, at least one; returns how many,
 * or 0 after an error.
 */
size_t history_run(struct history_maker *maker, const struct migration_step *steps,
                   size_t count);

/* Adds a plan's statements to a script, grouped into steps. */
void history_add_plan(const struct stage *stage, struct script *script,
                      const struct plan *plan, struct span span);

/*
 * Finds what the steps of a way up that change rows destroy beyond what they say: REPLACE
 * deletes the row that is in the way, and rows of other tables go with deleted ones. Call
 * it once the way is whole: whether foreign keys are on is known then.
 */
void history_find_losses(const struct stage *stage, struct history_version *version);

/* One step that changes rows. */
bool history_data(struct history_maker *maker, const struct migration_step *step);

/* The name of a step for messages: "create_table". */
const char *history_word(const struct migration_step *step);

#endif
