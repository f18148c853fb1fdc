/*
 * edit.h: what one step of a migration makes of a state: the same that a person would do
 * to `tables:` by hand. It must not know how the database follows.
 */
#ifndef MIGRATE_EDIT_H
#define MIGRATE_EDIT_H

#include "state.h"

#include "../model/migration.h"

/* A table or column (`column` not NULL) that got another name, in SQL's names. */
struct edit_rename {
    const char *table;  /* before, as the database knows it just then */
    const char *column; /* before; NULL: the table itself */
    const char *to;
};

/*
 * Applies one step that is not step_is_data() to the state. `rename` is filled by
 * rename_table and rename_column where a name in SQL changes, else its `table` is NULL.
 * False: it cannot be done, and that was reported at the step; the state is then of no
 * use.
 */
bool edit_state(const struct stage *stage, struct state *state,
                const struct migration_step *step, struct edit_rename *rename);

/* ---- parts (edit_table.c, edit_rule.c, edit_rename.c, edit_program.c) --------------- */

struct editor {
    const struct stage *stage;
    struct state *state;
    const struct migration_step *step;
    struct edit_rename *rename;
};

/* The table that the step names, or NULL after reporting that there is none. */
struct state_table *edit_table(struct editor *editor);

/* Puts `value` under `key` of the table; NULL: removes the key. */
void edit_set(struct editor *editor, struct state_table *table, const char *key,
              const struct node *value);

/* The columns of a table, a map. */
const struct node *edit_columns(const struct state_table *table);

/* True where the table has the column that `name` holds; else it is reported. */
bool edit_has_column(struct editor *editor, const struct state_table *table,
                     const struct node *name);

bool edit_create_table(struct editor *editor);
bool edit_drop_table(struct editor *editor);
bool edit_alter_table(struct editor *editor);
bool edit_add_column(struct editor *editor);
bool edit_alter_column(struct editor *editor);
bool edit_drop_column(struct editor *editor);
bool edit_rename_table(struct editor *editor);
bool edit_rename_column(struct editor *editor);
bool edit_add_rule(struct editor *editor);
bool edit_drop_rule(struct editor *editor);
bool edit_create_view(struct editor *editor);
bool edit_create_trigger(struct editor *editor);
bool edit_drop_view(struct editor *editor);
bool edit_drop_trigger(struct editor *editor);
bool edit_create_virtual_table(struct editor *editor);
bool edit_drop_virtual_table(struct editor *editor);

/* The key's words in a column: its map, or one made of the short form. */
struct node *edit_long_form(struct arena *arena, const struct node *column);

#endif
