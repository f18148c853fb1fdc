/*
 * migration.h: migrations as the schema has them: numbered lists of steps, each with its
 * keys sorted. What the steps do is the business of generator/migrate; here only their
 * form is known.
 */
#ifndef MIGRATION_H
#define MIGRATION_H

#include "language.h"
#include "model.h"

enum {
    STEP_VALUES = CREATE_TABLE_KEYS /* no step has more keys */
};

struct migration_steps {
    struct migration_step *items;
    size_t count, capacity;
};

struct migration_step {
    enum step_key word;
    struct span span; /* of the word */
    const struct node *value;
    const struct node *values[STEP_VALUES]; /* by the keys of step_place(word) */
    const struct migration_steps *down;     /* what undoes it; NULL: not given */
};

struct migration {
    int version;
    const char *name, *doc; /* doc: or NULL */
    struct span span;       /* of its name, or of the whole */
    struct migration_steps up;
    const struct migration_steps *down; /* NULL: to be derived */
    const char *irreversible;           /* why, or NULL */
    bool accept_data_loss, accept_slow, accept_can_fail;
};

/* Where the migrations of a schema stand. */
struct migrations {
    VEC(struct migration *) list; /* by version, from 1, without gaps */
    struct span span;             /* of the value of `migrations` */
    const struct node *node;
    const char *folder; /* with a file for each; NULL: a list in the schema */
};

/* What may stand under a word; PLACE_COUNT: `sql` and `call`, which have a text. */
enum place step_place(enum step_key word);

/* True where a step changes rows and not tables: its undoing can't be derived. */
bool step_is_data(enum step_key word);

/*
 * Reads one migration, the map of a file, as the next one of the schema. NULL after
 * errors. The schema's list stays as it is.
 */
struct migration *migration_read(struct arena *arena, struct diags *diags,
                                 struct schema *schema, const struct node *root);

/* The text of a key's value, or NULL. */
const char *step_text(const struct migration_step *step, int key);

#endif
