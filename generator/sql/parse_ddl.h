/*
 * parse_ddl.h: what a CREATE statement of sqlite_schema says, as structs: the parts that
 * no pragma shows too (constraint names, conflict clauses, collations, CHECKs,
 * expressions). Every piece of SQL is kept as it was written and as a key, the one form
 * in which it is compared. The text must be one that SQLite accepted: this is no judge of
 * grammar, and answers NULL for what it cannot read. It must not know a database.
 */
#ifndef PARSE_DDL_H
#define PARSE_DDL_H

#include "../base/arena.h"
#include "../base/map.h"

#include <stdbool.h>

/*
 * SQL text and its key: one space between tokens, no comments, words and plain names in
 * lower case whatever their quotes, no parentheses around the whole. Two texts with the
 * same key mean the same; the reverse need not hold. Both are NULL where there is no SQL.
 */
struct sql_piece {
    const char *text;
    const char *key;
    size_t first, end; /* in the statement's list of tokens */
};

enum def_conflict {
    CONFLICT_ABORT, /* also: none is written */
    CONFLICT_ROLLBACK,
    CONFLICT_FAIL,
    CONFLICT_IGNORE,
    CONFLICT_REPLACE
};

enum def_action {
    ACTION_NO_ACTION, /* also: none is written */
    ACTION_RESTRICT,
    ACTION_SET_NULL,
    ACTION_SET_DEFAULT,
    ACTION_CASCADE
};

struct column_def {
    const char *name;
    const char *text; /* the whole definition, as ALTER TABLE … ADD COLUMN takes it */
    struct sql_piece type; /* NULL: none declared */
    bool not_null;
    enum def_conflict not_null_conflict;
    struct sql_piece value; /* DEFAULT, without parentheses around it */
    bool value_is_constant; /* ADD COLUMN accepts it whatever rows there are */
    bool value_is_null;
    const char *collation;      /* lower case; NULL: BINARY */
    struct sql_piece generated; /* the expression */
    bool stored;                /* else VIRTUAL */
};

/* A column or expression in a key or an index. */
struct term_def {
    const char *name;      /* of a column, or NULL */
    struct sql_piece sql;  /* without COLLATE at its end and direction */
    const char *collation; /* lower case, NULL: the column's */
    bool descending;
};

struct term_defs {
    struct term_def *items;
    size_t count, capacity;
};

struct key_def {
    const char *name; /* of the constraint, or NULL */
    bool primary;     /* else UNIQUE */
    bool on_column;   /* written in a column's definition */
    bool autoincrement;
    enum def_conflict conflict;
    struct term_defs terms;
    const char *key; /* all of it but the name, to be compared */
};

/* Names of columns. */
struct name_list {
    const char **items;
    size_t count, capacity;
};

struct foreign_key_def {
    const char *name;
    bool on_column;
    struct name_list columns;
    const char *parent;
    struct name_list parent_columns; /* none: the parent's primary key */
    enum def_action on_delete, on_update;
    bool deferred; /* DEFERRABLE INITIALLY DEFERRED: all else means the same */
};

struct check_def {
    const char *name;
    size_t column; /* in whose definition it is written, or NO_COLUMN */
    struct sql_piece sql;
};

enum {
    NO_COLUMN = 0x7fffffff
};

struct table_def {
    const char *name;
    const char *text;            /* CREATE TABLE … */
    size_t name_at, name_length; /* where in `text` its name is, with its quotes */
    bool is_virtual;
    struct sql_piece module; /* of a virtual table: "fts5(title, body)" */
    bool strict, without_rowid;
    VEC(struct column_def) columns;
    VEC(struct key_def) keys; /* at most one is primary */
    VEC(struct foreign_key_def) foreign_keys;
    VEC(struct check_def) checks;
};

struct index_def {
    const char *name, *table;
    const char *text; /* CREATE INDEX … */
    bool unique;
    struct term_defs terms;
    struct sql_piece where;
    const char *key; /* all but the name, to be compared */
};

/* A view or a trigger. */
struct program_def {
    const char *name;
    const char *table; /* of a trigger: the table or view that it is on */
    const char *text;
    const char *key;           /* all but the name, to be compared */
    struct name_list mentions; /* every name in it, lower case, each once */
};

/* NULL: not a statement of this kind, or one that SQLite would not have accepted. */
struct table_def *table_def_parse(struct arena *arena, const char *sql);

/* `table` tells the columns, so that "x" is known as a name or as a string; may be NULL.
 */
struct index_def *index_def_parse(struct arena *arena, const char *sql,
                                  const struct table_def *table);

/*
 * CREATE VIEW or CREATE TRIGGER. `names` holds all names of the database in lower case:
 * what stands in "double quotes" and is none of them, nor used without them here, is a
 * string. NULL: everything in double quotes is a name.
 */
struct program_def *program_def_parse(struct arena *arena, const char *sql, bool trigger,
                                      const struct map *names);

/* The column, by name in any case, or NO_COLUMN. */
size_t table_def_column(const struct table_def *table, const char *name);

/* The primary key, or NULL. */
const struct key_def *table_def_primary_key(const struct table_def *table);

/* The column that is the rowid (INTEGER PRIMARY KEY), or NO_COLUMN. */
size_t table_def_rowid(const struct table_def *table);

/* True where the expression has `name` as a name; its key is looked at. */
bool sql_piece_mentions(const struct sql_piece *piece, const char *name);

/* True where there is a comment between the tokens of a text. */
bool sql_has_comment(const char *sql);

/*
 * The CREATE TABLE with another name, given as SQL, for the table. Where a CHECK
 * qualifies a column with the table's own name that is left out, because SQLite would
 * refuse it.
 */
char *table_def_renamed(struct arena *arena, const struct table_def *table,
                        const char *name);

/* In lower case (ASCII), as names are compared. */
char *name_lower(struct arena *arena, const char *name);

#endif
