/*
 * state.h: what the tables are between two steps of a history of migrations: the nodes of
 * each table as `tables:` would have them, and the SQL of virtual tables, views and triggers. The same
 * code that reads `tables:` makes a model of it, so a state has the DDL that the tables
 * would have. A state is copied, then changed; nodes are never changed in place. It must
 * not know steps.
 */
#ifndef MIGRATE_STATE_H
#define MIGRATE_STATE_H

#include "structure.h"

#include "../base/map.h"
#include "../model/model.h"

struct state_table {
    const char *name; /* in the schema */
    struct span span; /* of the step that made it */
    const struct node *node;
};

struct state_program {
    const char *name, *sql; /* CREATE VIEW, CREATE TRIGGER or CREATE VIRTUAL TABLE */
    const char *table;      /* of a trigger: what it is on, in SQL; else NULL */
    struct span span;
};

struct state_programs {
    struct state_program *items;
    size_t count, capacity;
};

struct state {
    VEC(struct state_table) tables;
    struct state_programs virtual_tables, views, triggers;
    struct schema *model;        /* made when asked for, see state_model() */
    struct structure *structure; /* the same, see state_structure() */
};

/* What all states of a history share. */
struct stage {
    struct arena *arena;
    struct diags *diags;
    const struct schema *schema; /* as declared: its name and options hold */
    struct map *databases; /* images of scratch.h by the SQL that makes them; or NULL */
};

struct state *state_new(const struct stage *stage);
struct state *state_copy(const struct stage *stage, const struct state *state);

/* Forgets what was made of the state, because it changes. */
void state_touch(struct state *state);

/* By its name in the schema, or NULL. */
struct state_table *state_table(const struct state *state, const char *name);
struct state_program *state_program(const struct state_programs *programs,
                                    const char *name);

/*
 * The tables as a model with its order of creation; NULL after errors, which are reported
 * at the steps. `trigger`, a map of one trigger as `triggers:` has it, may be NULL.
 */
struct schema *state_model(const struct stage *stage, struct state *state);
struct schema *state_model_with(const struct stage *stage, const struct state *state,
                                const struct node *triggers);

/* What the state is in SQL, or NULL after errors. */
struct structure *state_structure(const struct stage *stage, struct state *state);

/*
 * A new database in memory with the state's tables, views and triggers; NULL after
 * errors. To be closed by sqlite3_close().
 */
sqlite3 *state_database(const struct stage *stage, struct state *state);

/*
 * A database that statements make is made once in a stage and then copied: the image that
 * `sql`, all of them, has made, or NULL; keeps one.
 */
const struct scratch_image *stage_image(const struct stage *stage, const char *sql);
void stage_keep_image(const struct stage *stage, const char *sql,
                      const struct scratch_image *image);

/*
 * Takes over a structure that SQL of the user's made of the state: what differs is read
 * back from it. False: it cannot be expressed, and that was reported at `span`.
 */
bool state_adopt(const struct stage *stage, struct state *state,
                 const struct structure *structure, struct span span);

/* Takes over the texts of views and triggers only, after a rename. */
void state_adopt_programs(const struct stage *stage, struct state *state,
                          const struct structure *structure);

/* ---- nodes ---------------------------------------------------------------------- */

/* New nodes that share what they do not change. */
struct node *node_text(struct arena *arena, const char *text, struct span span);
struct node *node_map(struct arena *arena, struct span span);
struct node *node_list(struct arena *arena, struct span span);

/* A copy of a map with `key` set to `value`, at the end where it is new; `map` may be
 * NULL. */
struct node *node_with(struct arena *arena, const struct node *map, const char *key,
                       const struct node *value);
struct node *node_without(struct arena *arena, const struct node *map, const char *key);

/* A copy of a list with one more item, or less; `list` may be NULL in the first. */
struct node *node_list_with(struct arena *arena, const struct node *list,
                            const struct node *item);
struct node *node_list_without(struct arena *arena, const struct node *list,
                               size_t index);

#endif
