/*
 * diff.h: the difference between two structures as steps, each a thing that a person
 * would say: add column users.name. What is compared is meaning, never text. A thing
 * whose name changed is a drop and an add unless a rename is told. It must not know how a
 * step is done: that is plan.h.
 */
#ifndef MIGRATE_DIFF_H
#define MIGRATE_DIFF_H

#include "structure.h"

enum step_kind {
    STEP_DROP_TRIGGER,
    STEP_DROP_VIEW,
    STEP_DROP_INDEX,
    STEP_DROP_TABLE,
    STEP_RENAME_TABLE,
    STEP_RENAME_COLUMN,
    STEP_ADD_COLUMN,
    STEP_ALTER_COLUMN,
    STEP_DROP_COLUMN,
    STEP_REORDER_COLUMNS,
    STEP_ADD_CONSTRAINT,
    STEP_DROP_CONSTRAINT,
    STEP_ALTER_TABLE, /* STRICT, WITHOUT ROWID */
    STEP_CREATE_TABLE,
    STEP_CREATE_INDEX,
    STEP_CREATE_VIEW,
    STEP_CREATE_TRIGGER
};

/* The word for machines: "add_column". */
const char *step_word(enum step_kind kind);

struct step {
    enum step_kind kind;
    const char *table; /* in the target, of a DROP_TABLE in the source; NULL: none */
    const char *name;  /* column, index, view or trigger; a rename's old name; or NULL */
    const char *to;    /* a rename's new name, or NULL */
    const char *text;  /* in words: "add column users.name: TEXT NOT NULL" */
    bool destroys;     /* data is lost: needs `accept: data_loss` … */
    const char *loss;  /* … and which, or NULL */
    const char *risk;  /* why it can fail where there are rows, or NULL */
};

/* What the user says was renamed: "old:new" of a table, "table.column:new" of a column.
 */
struct rename_hint {
    const char *table;  /* in the source */
    const char *column; /* or NULL: the table itself */
    const char *to;
};

/* How a column of the target was found in the source. */
struct column_change {
    size_t origin; /* index in the source, or NO_COLUMN: it is added */
    bool type, not_null, value, collation, generated; /* what changed */
};

/* A table that is in both. */
struct table_change {
    const struct table_def *from, *to;
    const char *was;               /* its name in the source */
    struct column_change *columns; /* one per column of `to` */
    VEC(size_t) dropped;           /* columns of `from` */
    VEC(const struct check_def *) added_checks, dropped_checks;
    VEC(const struct key_def *) added_keys, dropped_keys;
    VEC(const struct foreign_key_def *) added_foreign_keys, dropped_foreign_keys;
    bool reordered, options, module;
    bool any; /* there is a difference */
};

struct diff {
    const struct structure *from, *to;
    const struct structure *renamed; /* `from` after the renames; else `from` itself */
    VEC(struct rename_hint) renames; /* with those that only change letters' case */
    VEC(struct table_change) tables; /* in the order of `to` */
    VEC(const struct table_def *) created, dropped; /* dropped: of `from` */
    VEC(struct step) steps;
};

/*
 * The words of --rename, "old:new" or "table.column:new". `hint` NULL after `error`. A
 * rename of an index, view or trigger is accepted and needs no hint: they hold no data.
 */
struct rename_text {
    const char *const *items;
    size_t count;
};

/* NULL and `error` when a rename names nothing, or SQLite cannot build the source. */
struct diff *diff_structures(struct arena *arena, const struct structure *from,
                             const struct structure *to,
                             const struct rename_text *renames, const char **error);

/* The renames that lead back. */
struct rename_text diff_reverse_renames(struct arena *arena, const struct diff *diff);

/* True where nothing differs. */
bool structure_equal(const struct structure *a, const struct structure *b);

/* ---- parts (compare.c, describe.c, rename.c) -------------------------------------- */

/* Fills a change whose `from` and `to` are set. */
void compare_tables(struct arena *arena, const struct structure *from,
                    const struct structure *to, struct table_change *change);

/* Adds the steps of a change. */
void describe_table(struct arena *arena, struct diff *diff,
                    const struct table_change *change);

/* True where a rebuild can make values of a column of the target others, or compare them in
 * another way (describe_rows.c). */
bool diff_values_change(const struct table_change *change, size_t column);

/*
 * How rows that are there can refuse what becomes of a column of the target: NULL where
 * they can't, or where another step says it (describe_rows.c).
 */
const char *describe_rows_risk(struct arena *arena, const struct diff *diff,
                               const struct table_change *change, size_t column);

struct step *diff_step(struct arena *arena, struct diff *diff, enum step_kind kind,
                       const char *table, const char *name, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

/*
 * True where a view or trigger of the source can stay as it is: also with the names of the
 * target, by which what stands in double quotes may become a name. Either may be NULL.
 */
bool diff_same_program(struct arena *arena, const struct diff *diff,
                       const struct program_def *from, const struct program_def *to,
                       bool trigger);

/* True for a virtual table that holds nothing but an index of another table's rows. */
bool plan_is_index(struct arena *arena, const struct table_def *table);

/* True where a virtual table that changes keeps all its rows (plan_virtual.c). */
bool plan_keeps_rows(struct arena *arena, const struct table_change *change);

/* INTEGER, REAL, NUMERIC, TEXT or BLOB, by SQLite's rules for a declared type. */
const char *column_affinity(const struct column_def *column);

/* Reads hints and finds names that differ in case; false after `error`. */
bool rename_find(struct arena *arena, struct diff *diff, const struct rename_text *texts,
                 const char **error);

/* The ALTER TABLE statements that rename, with detours where names are taken. */
struct sql_list {
    const char **items;
    size_t count, capacity;
};
void rename_statements(struct arena *arena, const struct diff *diff,
                       struct sql_list *statements);

#endif
