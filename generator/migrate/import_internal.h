/*
 * import_internal.h: what the files of the import share. Only import*.c may include it.
 */
#ifndef IMPORT_INTERNAL_H
#define IMPORT_INTERNAL_H

#include "import.h"

#include "../model/model.h"

/* A table or column and what it is called in the schema. */
struct named {
    const char *sql, *name;
};

struct named_list {
    struct named *items;
    size_t count, capacity;
};

struct literals {
    struct literal *items;
    size_t count, capacity;
};

/* What a column is in the language, as far as its checks and its default tell. */
struct own_type {
    bool found;           /* the checks of `column` are all there */
    struct column column; /* its type and its rules */
    const char *enum_name;
    const char *default_word; /* now, random; or NULL */
};

struct importer {
    struct arena *arena;
    const struct structure *structure;
    sqlite3 *db;
    struct buf *out;
    struct named_list tables;
    struct named_list *columns; /* by table */
    const char ***types;        /* by table, then column */
    struct own_type **own;      /* by table, then column */
    bool **is_own;              /* by table, then check: a type or a rule makes it */
    bool **is_plain; /* by table, then column: no type behind its checks is looked for */
    VEC(struct enumeration *) enums; /* written so far */
    struct schema model;             /* only its options count */
    struct map rows;                 /* nouns taken */
    const char **views, **triggers;  /* their statements, by index in the structure */
};

/* "# not expressed: ABOUT TEXT", a comment on each line. */
void import_comment(struct buf *out, const char *indent, const char *about,
                    const char *text);

/* Adds ", on_delete: cascade" and the like, where the key has such. */
void import_actions(const struct importer *importer, const struct foreign_key_def *key);

/* Bare where YAML surely reads the same, else a JSON string, which is YAML too. */
void import_text(struct buf *out, const char *text);

/* The name in the schema of a column, or NULL; a table's place, or NO_COLUMN. */
const char *import_name(const struct named_list *list, const char *sql);
size_t import_table(const struct importer *importer, const char *name);

/* "[a, b]" */
void import_names(const struct importer *importer, const struct named_list *columns,
                  const struct name_list *names);

/* "    unique:" where `begun` is false, which then is true; ", name: "…"", if there is one. */
void import_heading(struct buf *out, const char *heading, bool *begun);
void import_name_key(struct buf *out, const char *name);

/*
 * What refers and what is referred to are of one type in the language: where one was found
 * behind the checks of one of them only, both are to stay plain. True where that is new.
 */
bool import_equal_types(struct importer *importer);
bool import_same_values(const struct enumeration *a, const struct enumeration *b);

/* Adds `foreign_keys:`, and comments on what it cannot say. */
void import_foreign_keys(const struct importer *importer, size_t table);

/* A conflict clause in the language; NULL: none. */
const char *import_conflict(enum def_conflict conflict);

/* True where `primary_key: true` on a column says all of a primary key's columns. */
bool import_key_is_column(const struct table_def *table, const struct key_def *key);

/*
 * Which storage classes the column's values have: bits 1 integer, 2 real, 4 text, 8 blob;
 * 0 where there are none, or no database.
 */
unsigned import_classes_found(const struct importer *importer,
                              const struct table_def *table,
                              const struct column_def *column);

/* The columns of the parent that a key refers to; none: unknown. */
struct name_list import_parent_columns(const struct importer *importer,
                                       const struct foreign_key_def *key);

/* Makes the types on both sides of each foreign key one (import_agree.c). */
void import_agree_types(struct importer *importer);

/*
 * SQL of a rule or index of `table` with the text in "double quotes" that it has in single
 * ones; fills `views` and `triggers` with such SQL (import_text.c).
 */
const char *import_sql(const struct importer *importer, const struct table_def *table,
                       const char *sql);
void import_program_texts(struct importer *importer);

/* True for a noun that would clash in C with one that is taken. */
bool import_row_is_taken(const struct importer *importer, const char *row);

/* Fills `own`, `is_own` and the options. Names must be chosen. */
void import_find_types(struct importer *importer);

/* The `enums:` that the types found need, each with a name. */
void import_enums(struct importer *importer);

/* True where the type found says more than the one declared; its name in the language. */
bool import_is_own(const struct own_type *own);
const char *import_own_name(const struct own_type *own);

/* Adds ", min: 1" and the like. */
void import_rules(const struct importer *importer, const struct own_type *own);

/* Adds ", default: true" for a default with this key; false: the usual way does it. */
bool import_own_default(const struct importer *importer, const struct own_type *own,
                        const char *key);

/* Adds `views:` and `triggers:`. */
void import_programs(struct importer *importer);

/* Adds a column's line, and comments on what it cannot say. */
void import_column(const struct importer *importer, size_t table, size_t index);

#endif
