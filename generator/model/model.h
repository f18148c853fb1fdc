/*
 * model.h: a schema, typed, resolved and checked: plain structs, owned by one arena. DDL, C
 * and the view are functions of it. After model_read() succeeded it is complete and valid,
 * and no later stage reports an error of the user's. It must not know templates or files.
 *
 * It is made in this order, each step a file of this folder:
 *
 *     language.c   which keys stand where, of which kind (also the JSON Schema)
 *     load.c       nodes → structs; names are still text where they refer to something
 *     resolve.c    mixins, types, references, keys; fills in what the schema leaves out
 *     check.c      rules that a whole schema must keep; names that would clash in C
 *     access.c     which look-ups and lists each table gets
 *     sample.c     rows that are valid, for emitted tests and for the referee; judge.c
 *                  asks SQLite about those of tables with expressions
 *     ddl.c        the SQL, which is kept: the referee, the view and others need all of it
 *     referee.c    SQLite itself executes the SQL and the samples, and may object
 */
#ifndef MODEL_H
#define MODEL_H

#include "../base/arena.h"
#include "../base/diag.h"
#include "../base/map.h"
#include "../read/node.h"
#include "type.h"

#include <stdint.h>

/* A finding of `quarry lint` that is wanted as it is: see findings.h. */
struct allow {
    int code;
    struct span span;
};

struct allows {
    struct allow *items;
    size_t count, capacity;
};

/* A value written in the schema: a default, a bound, an example, a seed. */
enum literal_kind {
    LITERAL_NULL,
    LITERAL_INTEGER, /* also bool (0, 1), integer enums and timestamps, as they are stored */
    LITERAL_REAL,
    LITERAL_TEXT, /* also json, labels, uuid, date, text enums and text timestamps */
    LITERAL_BLOB,
    LITERAL_NOW,   /* `now`: a timestamp's default */
    LITERAL_RANDOM /* `random`: a uuid's default */
};

/* A pair of a labels literal, filled by literal.c beside the JSON text. */
struct label_literal {
    const char *key, *value;
};

struct literal {
    enum literal_kind kind;
    struct span span;
    int64_t integer;
    double real;
    const char *text; /* of a blob: its bytes, written in the schema as hex: "x'00ff'" */
    size_t length;
    const struct enumerator *enumerator; /* where the column's type is an enum */
    const struct label_literal *labels;  /* of TYPE_LABELS: keys sorted by bytes */
    size_t label_count;
};

struct enumerator {
    const char *name; /* snake_case; its constant is SCHEMA_ENUM_NAME */
    const char *text; /* as stored, of a text enum; for an integer enum its name */
    int64_t value;    /* as stored, of an integer enum; else 1, 2, … in order */
    struct span span;
};

struct enumeration {
    const char *name;
    const char *doc;
    struct span span;
    enum storage storage;
    VEC(struct enumerator) values;
    struct allows allows;
    struct map by_text; /* struct enumerator * by `text` */
};

struct column {
    const char *name;     /* in C */
    const char *sql_name; /* in SQL; the same unless the schema says otherwise */
    const char *doc;      /* or NULL */
    struct span span;     /* of its name; of a mixin's column: in the mixin */
    const struct node *node;
    size_t index; /* in table->columns */

    enum type_kind type;
    const struct enumeration *enumeration; /* of TYPE_ENUM */
    enum storage storage;
    const char *sql_type; /* as declared: "TEXT", or the schema's `sql_type` */
    bool nullable;
    bool loose_null;           /* not nullable, but SQL has no NOT NULL */
    const char *null_conflict; /* of NOT NULL: "REPLACE"; NULL: ABORT */
    const char *collation;     /* upper case; NULL: BINARY */

    bool has_default;
    struct literal default_value; /* absent and nullable: NULL */
    const char *default_sql;      /* expression, or NULL: for rows that others write */
    struct span default_sql_span;
    bool touch; /* set to the time at every update */

    bool has_min, has_max; /* LITERAL_INTEGER or LITERAL_REAL as the type is */
    struct literal min, max;
    bool has_min_length, has_max_length;
    size_t min_length, max_length;
    const char *pattern; /* GLOB, or NULL */
    VEC(struct literal) one_of;
    VEC(struct literal) examples; /* valid values that the schema gives for tests */

    const char *generated; /* expression, or NULL */
    struct span generated_span;
    bool stored; /* generated: STORED, else VIRTUAL */

    size_t key_position; /* in the primary key, from 1; 0: not in it */
    bool referenced;     /* by a foreign key that needs a value; see sample.c */
    bool constrained;    /* by what expressions of referring tables say about it */
    struct allows allows;
};

/* How a key compares and sorts one of its columns. */
struct key_term {
    const char *collation; /* upper case; NULL: the column's own */
    bool descending;
};

struct columns {
    struct column **items;
    size_t count;
    const struct key_term *terms; /* of a key, as many; NULL: none says anything */
};

/* The collation by which the key compares column `index`; NULL: the column's own. */
const char *columns_collation(const struct columns *columns, size_t index);
bool columns_descend(const struct columns *columns, size_t index);

struct primary_key {
    struct columns columns;
    struct span span;
    bool autoincrement;
    const char *on_conflict; /* "REPLACE"; NULL: ABORT */
    bool is_rowid;           /* INTEGER PRIMARY KEY: the column is the rowid … */
    bool assigned; /* … and of type `integer`: 0 in C means that SQLite assigns it */
};

/* A UNIQUE constraint, or a unique index on plain columns without a WHERE. */
struct unique {
    const char *name;
    struct columns columns;
    struct span span;
    const char *on_conflict; /* "REPLACE"; NULL: ABORT */
    bool is_constraint;      /* stands in CREATE TABLE */
    struct allows allows;
};

enum fk_action {
    FK_NO_ACTION,
    FK_RESTRICT,
    FK_SET_NULL,
    FK_SET_DEFAULT,
    FK_CASCADE
};

struct foreign_key {
    const char *name;
    struct columns columns;
    struct table *parent;
    struct columns parent_columns; /* a primary key or unique columns of parent */
    enum fk_action on_delete, on_update;
    bool deferrable; /* DEFERRABLE INITIALLY DEFERRED */
    struct span span;
    struct allows allows; /* that of a column has its own */
};

struct check {
    const char *name; /* or NULL: it has none in SQL */
    const char *sql;  /* an expression */
    struct span span; /* of the expression */
    const struct node *node;
};

struct index_term {
    const struct column *column; /* or NULL … */
    const char *sql;             /* … and the expression */
    const char *collation;
    bool descending;
    struct span span;
};

struct index {
    const char *name;
    VEC(struct index_term) terms;
    const char *where; /* or NULL */
    struct span span, where_span;
    bool unique;
    struct allows allows;
};

struct seed {
    struct literal *values; /* one per column of the table; unset ones as the default */
    bool *given;
    struct span span;
};

/*
 * A look-up or list that a table gets besides those of its primary key. `columns` are its
 * parameters; `name` is what follows get_by_, list_by_, list_ordered_by_: "host_id_and_name".
 */
enum access_kind {
    ACCESS_GET,  /* unique columns: get_by_, upsert_by_ */
    ACCESS_LIST, /* equal leading columns of an index or a foreign key: list_by_ */
    ACCESS_ORDER /* all rows in an index's order: list_ordered_by_; a partial index: its rows */
};

struct access {
    enum access_kind kind;
    const char *name;
    struct columns columns;
    const char
        *order_by;       /* SQL, ends with the primary key so that it is total; or NULL */
    const char *where;   /* SQL of a partial index, or NULL */
    const char *because; /* for its doc: "index idx_hosts_name", "foreign key host_id" */
    struct span span;    /* of that */
};

/* Result columns that are a row of a table. */
struct embed {
    const char *name; /* of the field */
    const struct table *table;
    size_t first;  /* its columns are those from here on */
    bool nullable; /* an outer join may have no row */
    size_t key;    /* … then this column of the result is NULL */
};

struct table {
    const char *name; /* snake_case */
    const char *sql_name;
    const char *row; /* the noun of its C names */
    const char *doc;
    struct span span;
    const struct node *node;

    bool strict;
    bool without_rowid;
    bool has_conflicts; /* a rule of it has a conflict clause */
    size_t rows;        /* about how many there will be; 0: not told */
    struct allows allows;
    VEC(struct column *) columns;
    struct map by_name;     /* columns by `name` */
    struct primary_key key; /* count 0: none */
    VEC(struct unique) uniques;
    VEC(struct foreign_key) foreign_keys;
    VEC(struct check) checks;
    VEC(struct index) indexes;
    VEC(struct seed) seeds;

    VEC(struct access) accesses;
    bool is_result;           /* a row of a query or view: `name` says whose */
    bool refers_to_itself;    /* a foreign key to its own table: no bulk statement */
    size_t depth;             /* in creation order: after all its parents, cycles apart */
    VEC(struct embed) embeds; /* of a query's row: structs inside it */
    struct sample *samples;   /* SAMPLE_ROWS of them, see sample.h … */
    size_t sample_count; /* … of which the first so many can be there together; 0: none
                            was found, no test is emitted … */
    const struct table *lacks_parent; /* … as this parent has none, or else NULL */
};

/* A table that a module of SQLite's makes. It is kept, and read and written by SQL only. */
struct virtual_table {
    const char *name; /* in SQL */
    const char *doc;  /* or NULL */
    struct span span;
    const char *module;
    struct span module_span;
    const struct node *arguments; /* a list of texts, or NULL */
};

/* A SELECT with a name, read like a table. `row` is the noun of its C names. */
struct view {
    const char *name; /* in SQL and in C */
    const char *row;
    const char *doc; /* or NULL */
    struct span span;
    const struct node *columns; /* a list of names for its columns, or NULL */
    const char *sql;            /* as written */
    const struct node *node;    /* its scalar */
    struct table *result; /* what a row is, one of schema.rows; sql/query.h sets it */
    struct allows allows;
};

enum query_returns {
    RETURNS_ONE,      /* a row; none is QUARRY_NOT_FOUND, two are an error */
    RETURNS_OPTIONAL, /* the same, but none is what is expected at times */
    RETURNS_MANY,
    RETURNS_EXEC, /* nothing */
    RETURNS_COUNT /* the number of rows changed, or the only value */
};

struct column_list {
    struct column **items;
    size_t count, capacity;
};

/* One of the orders that a caller chooses among. */
struct query_order {
    const char *name;
    const char *sql; /* the terms of ORDER BY */
    struct span span;
    const struct node *node;
};

/* A table whose columns become a struct inside the row. */
struct query_embed {
    const char *name; /* of the table or its alias in the statement; the field's name */
    struct span span;
};

/* A statement with a name. What it takes and yields is inferred later: sql/query.h. */
struct query {
    const char *name;
    const char *row; /* NULL: none was given */
    const char *doc; /* or NULL */
    struct span span, row_span, returns_span;
    const char *sql; /* as written */
    const struct node *node;
    enum query_returns returns;
    struct column_list params;  /* types that the schema gives: name, type, nullable */
    struct column_list columns; /* the same of result columns */
    VEC(struct query_order) orders;
    VEC(struct query_embed) embeds;
    struct allows allows;
    struct typed_query *typed; /* sql/query.h; NULL before it was typed */
};

struct mixin_use {
    const char *name;
    struct span span;
    bool used; /* by a table, perhaps through other mixins */
};

/* ON, WHEN and so on as SQL has them. */
struct trigger {
    const char *name;
    const char *doc; /* or NULL */
    struct span span;
    const struct table *table; /* NULL: it is on a view */
    const char *on;            /* the name of either in SQL */
    struct span on_span;
    const char *when; /* "after update" */
    struct columns columns;
    const struct node *condition; /* or NULL */
    const struct node *sql;
};

struct migrations; /* migration.h */

struct options {
    bool strict;
    enum {
        TIME_UNIX_MS,
        TIME_UNIX,
        TIME_TEXT
    } timestamp;
};

struct schema {
    const char *name;
    const char *doc;
    struct span span;
    struct options options;
    struct allows allows;
    VEC(struct mixin_use) mixins;
    VEC(struct enumeration *) enums;
    VEC(struct table *) tables;   /* as declared */
    VEC(struct table *) creation; /* parents before children, where no cycle forbids */
    VEC(struct virtual_table *) virtual_tables; /* as declared */
    VEC(struct view *) views;    /* those that others name come before them */
    VEC(struct query *) queries; /* as declared */

    /*
     * What queries and views yield, where it is no table's row: described as tables are,
     * with `columns` and nothing that is about writing. sql/query.h fills it.
     */
    VEC(struct table *) rows;
    struct map enums_by_name, tables_by_name, views_by_name, queries_by_name;
    VEC(struct trigger *) triggers;
    struct migrations *migrations;   /* NULL: the schema has none */
    const struct history *history;   /* migrate/history.h; NULL before they were proved */
    VEC(const char *) files;         /* all sources read, for the depfile */
    const struct ddl_statement *ddl; /* what creates it, see ddl.h */
    size_t ddl_count;
};

/*
 * Reads the schema in `path` ("-": standard input) with its includes. NULL after any error,
 * all of which are in `diags`; an I/O error of the first file too.
 */
struct schema *model_read(struct arena *arena, struct diags *diags, const char *path);

/* The same of a text that is in memory already; includes are looked up beside `path`. */
struct schema *model_read_text(struct arena *arena, struct diags *diags, const char *path,
                               const char *text, size_t length);

/* ---- the steps, in their order; each reports into `diags` ----------------------- */

/* `root` is a document's top map. Reads its includes, loads and resolves. NULL: nothing could be. */
struct schema *load_schema(struct arena *arena, struct diags *diags,
                           const struct node *root, const char *path);
void check_schema(struct arena *arena, struct diags *diags, struct schema *schema);

/* The part of check_schema() that is about SQL; fills schema->creation. */
void check_sql(struct arena *arena, struct diags *diags, struct schema *schema);
void access_plan(struct arena *arena, struct schema *schema);
void referee_schema(struct arena *arena, struct diags *diags,
                    const struct schema *schema);

#endif
