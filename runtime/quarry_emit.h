/*
 * quarry_emit.h: what generated code calls, and nobody else.
 *
 * It is the narrow interface behind which the database engine stands: prepare, bind, run,
 * fetch. Nothing here names a type or function of SQLite, so another engine can implement
 * this header and be chosen when a program is linked.
 *
 * Errors are sticky: quarry_prepare() never returns NULL, a bind on a statement that
 * failed does nothing, and the call that runs it returns the first error. So generated
 * functions are straight lines with one check at the end.
 */
#ifndef QUARRY_EMIT_H
#define QUARRY_EMIT_H

#include "quarry.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct quarry_reader quarry_reader;

/* ---- descriptions --------------------------------------------------------------- */

/* A foreign key of a table. Columns are indexes into quarry_row_type.columns. */
typedef struct quarry_foreign_key {
    const char *name;
    const int *columns;
    const char *parent;                /* SQL name of the table referred to */
    const char *const *parent_columns; /* as many SQL names as columns */
    int count;
} quarry_foreign_key;

/* A named CHECK; `column` is -1 where it concerns the table as a whole. */
typedef struct quarry_check_name {
    const char *name;
    int column;
} quarry_check_name;

/* What is unique besides the primary key: a constraint, or an index on columns. */
typedef struct quarry_unique {
    const char *name;
    const int *columns; /* indexes into quarry_row_type.columns */
    int count;
} quarry_unique;

/* One column as the runtime needs it: the error messages and the size of a row. */
typedef struct quarry_column {
    const char *name; /* SQL name */
    bool labels;      /* read as quarry_labels: takes more memory than its text */
    bool fixed;       /* a number or a UUID: takes no memory besides the struct */
    const char *key_collation; /* by which the primary key compares it; NULL: its own */
} quarry_column;

/*
 * What the runtime must know of a table's row. `bind` sets parameter I + 1 for each column
 * I of `columns`, except generated ones; `read` reads result column I for each column I.
 */
struct quarry_row_type {
    const char *table; /* SQL name */
    const quarry_column *columns;
    int column_count;
    int key_column;    /* the integer primary key, which is the rowid; or -1 */
    size_t size;       /* sizeof the row's struct */
    size_t inside;     /* of a query's row: what structs that it points to take at most */
    bool assigns_key;  /* true: key 0 means that the database assigns one */
    size_t key_offset; /* of the int64_t of key_column in the struct */
    bool or_abort;     /* rules have conflict clauses, which are not for our statements */
    quarry_status (*prepare)(quarry_db *db, void *row); /* sets stamps, validates */
    void (*bind)(quarry_stmt *stmt, const void *row);
    void (*read)(quarry_reader *reader, void *row);
    const quarry_foreign_key *foreign_keys;
    int foreign_key_count;
    const quarry_check_name *checks;
    int check_count;
    const quarry_unique *uniques;
    int unique_count;
};

/*
 * One step of a migration: statements or a function. Statements stand one by one, without
 * semicolons; none of them begins or ends a transaction. The only PRAGMAs of use are
 * legacy_alter_table, which is OFF at the beginning and is put back after the migration,
 * and defer_foreign_keys. A function runs inside the transaction with the context of
 * quarry_migrate_options; it may change rows, but not tables, for these are proved by
 * running the statements alone. It may run more than once, each time after a rollback.
 */
typedef struct quarry_migration_step {
    const char *text;       /* "add column hosts.alias": for progress and errors */
    const char *const *sql; /* ends with NULL; or NULL, and … */
    quarry_work *call;      /* … this */
} quarry_migration_step;

typedef struct quarry_migration {
    int version;      /* 1 or more; need not be without gaps */
    const char *name; /* "add_alias" */
    /* Hexadecimal, of the version, the name and all statements of up and down of this and
       of all before it, and of the chain before: one row of history proves all. */
    const char *checksum;
    const quarry_migration_step *up;
    int up_count;
    const quarry_migration_step *down; /* in the order in which they are run */
    int down_count;
    const char *irreversible; /* why `down` can't be; NULL: `down` undoes it, also with
                                 down_count 0, where there is nothing to undo */
    bool destroys;            /* loses data, which the schema accepts */
    /* A table is rebuilt: foreign keys are off meanwhile, and before the commit no more
       rows may be without parent than were before. Else they are enforced. */
    bool up_foreign_keys_off;
    bool down_foreign_keys_off;
} quarry_migration;

/*
 * A named query, and the tables that it reads and writes, also through views, triggers and
 * foreign keys: SQL names; each list ends with NULL.
 */
typedef struct quarry_query {
    const char *name;
    const char *const *reads;
    const char *const *writes;
} quarry_query;

/* A schema: what NAME_open() hands to the runtime. */
typedef struct quarry_schema {
    int abi; /* QUARRY_ABI of the generator */
    const char *name;
    const char *environment; /* prefix of its environment variables: "DOCKSTAT_" */
    int version; /* written to user_version; higher in a file: QUARRY_NEWER. Where there are
                    migrations, that of the newest */
    const char *fingerprint; /* changes with the schema's DDL */
    const char *const *ddl;  /* the statements that create it, in order; ends with NULL */
    const quarry_row_type *const *tables;
    int table_count;
    int statement_count; /* slots are 0 to this less 1 */
    bool
        trusts_schema; /* now, or at a version that migrations pass through, its checks call
                            json_valid() or another function of JSON, or it has virtual
                            tables, for triggers and views: many versions of SQLite allow
                            both only with trusted_schema on */
    bool uses_lists;   /* queries have lists: see quarry_bind_list() */
    /* By version, lowest first. With them a new file is made by all `up` and not by `ddl`,
       and every other is brought up. Without: count 0. */
    const quarry_migration *migrations;
    int migration_count;
    const quarry_query *queries;
    int query_count;
} quarry_schema;

/*
 * Opens, creates the tables in an empty database or migrates it, checks them in any other.
 * `options` NULL: the defaults. On failure *db is a connection that holds the error and
 * nothing else: quarry_last_error() tells it, quarry_close() frees it, every other call
 * gives QUARRY_MISUSE and leaves the error as it is. It is NULL only where memory ran out,
 * or `schema` is NULL.
 */
quarry_status quarry_open(const quarry_schema *schema, const char *path,
                          const quarry_options *options, quarry_db **db);

/* ---- statements ----------------------------------------------------------------- */

/*
 * The statement of `slot`, prepared at first use and kept until the connection closes.
 * `sql` is the same text at every call for a slot. Parameters are ?1, ?2, …
 */
quarry_stmt *quarry_prepare(quarry_db *db, int slot, const char *sql);

/* As quarry_prepare() for a DELETE of a row of `type` by its key, which it remembers for the
   error of a foreign key that refers to it. */
quarry_stmt *quarry_prepare_delete(quarry_db *db, int slot, const char *sql,
                                   const quarry_row_type *type);

/*
 * UPDATE of the columns whose bits are in `mask`: "UPDATE table SET c2 = ?3 WHERE key = ?1".
 * Kept per mask in a small cache of the slot. `keys` are the key columns, `key_count` of
 * them. `slot` must be used for nothing else.
 */
quarry_stmt *quarry_prepare_update(quarry_db *db, int slot, const quarry_row_type *type,
                                   const int *keys, int key_count, uint64_t mask);

/* The same where a table has more than 64 columns: those that are `chosen`; not kept. */
quarry_stmt *quarry_prepare_update_list(quarry_db *db, int slot,
                                        const quarry_row_type *type, const int *keys,
                                        int key_count, const bool *chosen);

/* Values must stay as they are until the statement was run. */
void quarry_bind_null(quarry_stmt *stmt, int parameter);
void quarry_bind_int64(quarry_stmt *stmt, int parameter, int64_t value);
void quarry_bind_double(quarry_stmt *stmt, int parameter, double value);
void quarry_bind_text(quarry_stmt *stmt, int parameter,
                      const char *text); /* NULL: NULL */
void quarry_bind_blob(quarry_stmt *stmt, int parameter,
                      quarry_blob blob); /* NULL: empty */
void quarry_bind_opt_blob(quarry_stmt *stmt, int parameter, quarry_blob blob);
void quarry_bind_opt_int64(quarry_stmt *stmt, int parameter, quarry_opt_int64 value);
void quarry_bind_opt_int32(quarry_stmt *stmt, int parameter, quarry_opt_int32 value);
void quarry_bind_opt_bool(quarry_stmt *stmt, int parameter, quarry_opt_bool value);
void quarry_bind_opt_double(quarry_stmt *stmt, int parameter, quarry_opt_double value);
void quarry_bind_key(quarry_stmt *stmt, int parameter, int64_t key); /* 0: NULL */
void quarry_bind_uuid(quarry_stmt *stmt, int parameter, const quarry_uuid *uuid);
void quarry_bind_opt_uuid(quarry_stmt *stmt, int parameter, const quarry_opt_uuid *uuid);
void quarry_bind_labels(quarry_stmt *stmt, int parameter, quarry_labels labels);
void quarry_bind_opt_labels(quarry_stmt *stmt, int parameter, quarry_opt_labels labels);
/* A timestamp (milliseconds) stored as seconds (floored) or as text; ms use int64. */
void quarry_bind_time_seconds(quarry_stmt *stmt, int parameter, quarry_timestamp time);
void quarry_bind_time_text(quarry_stmt *stmt, int parameter, quarry_timestamp time);
void quarry_bind_opt_time_seconds(quarry_stmt *stmt, int parameter,
                                  quarry_opt_int64 time);
void quarry_bind_opt_time_text(quarry_stmt *stmt, int parameter, quarry_opt_int64 time);

/* ---- running: each resets the statement ----------------------------------------- */

/* INSERT, upsert, UPDATE. `type` and `row` are for the error; either may be NULL. */
quarry_status quarry_run(quarry_stmt *stmt, const quarry_row_type *type, const void *row);

/* As quarry_run(), but QUARRY_NOT_FOUND where no row was changed. */
quarry_status quarry_run_change(quarry_stmt *stmt, const quarry_row_type *type,
                                const void *row);

/* INSERT or upsert on the key, where `type->assigns_key`: sets a key of 0 in `row`. */
quarry_status quarry_run_insert(quarry_stmt *stmt, const quarry_row_type *type,
                                void *row);

/* INSERT or UPDATE … RETURNING: `read` reads the returned columns into `row`. */
quarry_status quarry_run_returning(quarry_stmt *stmt, const quarry_row_type *type,
                                   void *row,
                                   void (*read)(quarry_reader *reader, void *row));

/* ---- fetching ------------------------------------------------------------------- */

/* The first row with its strings in one allocation, or QUARRY_NOT_FOUND and *row NULL. */
quarry_status quarry_fetch_one(quarry_stmt *stmt, const quarry_row_type *type,
                               void **row);

/* All rows. On any error `rows` is empty and there is nothing to free. */
typedef struct quarry_rows {
    void *items; /* `count` structs of type->size bytes, never NULL on success */
    size_t count;
    quarry_arena *arena; /* owns items and all that they point to */
    void *list;          /* room in the arena for a NAME_ROW_list, three words */
} quarry_rows;

/*
 * As quarry_prepare(), for a SELECT whose rows quarry_fetch_rows() fetches: where it has no
 * ORDER BY they are handed over in one step, which is faster. An ORDER BY is best a last line
 * of its own, of names and DESC. The result columns are those of `type`, in that order,
 * whatever their names. `sql` ends without a semicolon.
 */
quarry_stmt *quarry_prepare_rows(quarry_db *db, int slot, const char *sql,
                                 const quarry_row_type *type);

/*
 * The same for a SELECT whose rows are fetched one by one: by quarry_fetch_one(), which takes
 * a statement of quarry_prepare() too, or by a cursor.
 */
quarry_stmt *quarry_prepare_row(quarry_db *db, int slot, const char *sql,
                                const quarry_row_type *type);

quarry_status quarry_fetch_rows(quarry_stmt *stmt, const quarry_row_type *type,
                                quarry_rows *rows);

/*
 * The same, in the order of the rows' integer key. The SELECT has no ORDER BY, so that it
 * is the faster kind, but reads "FROM t NOT INDEXED": then the rows come in that order
 * anyway, which is checked, and they are sorted here should they not.
 */
quarry_status quarry_fetch_rows_by_key(quarry_stmt *stmt, const quarry_row_type *type,
                                       quarry_rows *rows);

quarry_status quarry_fetch_exists(quarry_stmt *stmt, bool *exists);
quarry_status quarry_fetch_int64(quarry_stmt *stmt, int64_t *value);

/* Memory that lives as long as the rows; NULL when there is no more. */
void *quarry_arena_allocate(quarry_arena *arena, size_t size);
void quarry_arena_free(quarry_arena *arena);

/* Frees a row of quarry_fetch_one(). */
void quarry_free(void *row);

/* ---- cursors -------------------------------------------------------------------- */

/* quarry_cursor stands in quarry.h, because generated cursors hold one. */

/* Prepares `sql` for the cursor; bind its parameters on the statement returned. */
quarry_stmt *quarry_cursor_open(quarry_cursor *cursor, quarry_db *db, int slot,
                                const char *sql, const quarry_row_type *type);
bool quarry_cursor_next(quarry_cursor *cursor, void *row);

/* Returns QUARRY_OK, or the error at which the cursor ended. May be called twice. */
quarry_status quarry_cursor_close(quarry_cursor *cursor);

/* ---- bulk ----------------------------------------------------------------------- */

/*
 * Writes `count` structs that stand one after another as one statement over
 * quarry_rows_N(?1), N = type->column_count, whose columns are c1 … cN as `type->bind` sets
 * them. All or nothing. Means what a loop over `write_one` inside a transaction means: on an
 * error the loop is run to find the row, and the error is its error.
 * `sql` NULL: run the loop only (where one statement would mean something else).
 */
quarry_status quarry_write_many(quarry_db *db, int slot, const char *sql,
                                const quarry_row_type *type, void *rows, size_t count,
                                quarry_status (*write_one)(quarry_db *db, void *row));

/*
 * Fetches the rows of `count` keys of `key_size` bytes each, in their order, keys without a
 * row left out. `sql` selects from quarry_rows_K(?1), K = key_columns, as `bind_key` sets it.
 */
quarry_status quarry_fetch_many(quarry_db *db, int slot, const char *sql,
                                const quarry_row_type *type, const void *keys,
                                size_t count, size_t key_size, int key_columns,
                                void (*bind_key)(quarry_stmt *stmt, const void *key),
                                quarry_rows *rows);

/* ---- queries -------------------------------------------------------------------- */

/* A part of a statement: of one filter (from 1), of one order (from 1), or of all (0, 0). */
typedef struct quarry_piece {
    const char *sql;
    int filter;
    int order;
} quarry_piece;

/* A query that stands for several statements: 1 << filters for each of its orders. */
typedef struct quarry_pieces {
    const quarry_piece *items;
    int count;
    int filters;
    int orders; /* at least 1 */
} quarry_pieces;

/* What a statement is prepared for: quarry_prepare(), _prepare_row(), _prepare_rows(). */
typedef enum quarry_way {
    QUARRY_WAY_RUN,
    QUARRY_WAY_ROW,
    QUARRY_WAY_ROWS
} quarry_way;

/*
 * The statement with the pieces of the `filters` whose bits are set (bit 0: filter 1) and
 * of `order` (from 0), put together at its first use. It has all slots from `slot` on, as
 * many as there are statements. `type` is not needed for QUARRY_WAY_RUN.
 */
quarry_stmt *quarry_prepare_pieces(quarry_db *db, int slot, const quarry_pieces *pieces,
                                   unsigned filters, int order,
                                   const quarry_row_type *type, quarry_way way);

/*
 * Binds `count` values of `size` bytes each, which `bind` binds as parameter 1, to a
 * parameter that stands as "SELECT c1 FROM quarry_rows_1(?N)". A NULL among them is an
 * error when the statement runs. The schema has `uses_lists`.
 */
void quarry_bind_list(quarry_stmt *stmt, int parameter, const void *items, size_t count,
                      size_t size, void (*bind)(quarry_stmt *stmt, const void *item));

/*
 * The only row: as quarry_fetch_one(), but QUARRY_MISMATCH where there is a second one, and
 * then a change has not happened. `alone`: there can't be.
 */
quarry_status quarry_fetch_single(quarry_stmt *stmt, const quarry_row_type *type,
                                  void **row, bool alone);

/* The same into `value`, which type->read() fills, of columns that need no memory. */
quarry_status quarry_fetch_value(quarry_stmt *stmt, const quarry_row_type *type,
                                 void *value, bool alone);

/* As quarry_run(), and the number of rows changed. */
quarry_status quarry_run_count(quarry_stmt *stmt, const quarry_row_type *type,
                               int64_t *count);

/* The cursor reads the rows of a statement of quarry_prepare_pieces(). */
quarry_stmt *quarry_cursor_over(quarry_cursor *cursor, quarry_db *db, quarry_stmt *stmt,
                                const quarry_row_type *type);

/* ---- reading, inside quarry_row_type.read --------------------------------------- */

/*
 * Each gives the value of result column `column`; where it is not of that kind, or NULL
 * without `opt`, or out of range, a zero value, and the whole fetch is QUARRY_MISMATCH.
 */
int64_t quarry_read_int64(quarry_reader *reader, int column);
int32_t quarry_read_int32(quarry_reader *reader, int column);
bool quarry_read_bool(quarry_reader *reader, int column);
double quarry_read_double(quarry_reader *reader, int column); /* integers too */
const char *quarry_read_text(quarry_reader *reader, int column);
quarry_blob quarry_read_blob(quarry_reader *reader, int column);
quarry_uuid quarry_read_uuid(quarry_reader *reader, int column);
quarry_labels quarry_read_labels(quarry_reader *reader, int column);
quarry_timestamp quarry_read_time_seconds(quarry_reader *reader, int column);
quarry_timestamp quarry_read_time_text(quarry_reader *reader, int column);
quarry_opt_int64 quarry_read_opt_int64(quarry_reader *reader, int column);
quarry_opt_int32 quarry_read_opt_int32(quarry_reader *reader, int column);
quarry_opt_bool quarry_read_opt_bool(quarry_reader *reader, int column);
quarry_opt_double quarry_read_opt_double(quarry_reader *reader, int column);
const char *quarry_read_opt_text(quarry_reader *reader, int column);
quarry_blob quarry_read_opt_blob(quarry_reader *reader, int column);
quarry_opt_uuid quarry_read_opt_uuid(quarry_reader *reader, int column);
quarry_opt_labels quarry_read_opt_labels(quarry_reader *reader, int column);
quarry_opt_int64 quarry_read_opt_time_seconds(quarry_reader *reader, int column);
quarry_opt_int64 quarry_read_opt_time_text(quarry_reader *reader, int column);

/*
 * A row of `type` whose columns are those of the result from `first` on: into `row`, or into
 * memory that lives as long as the row around it (NULL after an error).
 */
void quarry_read_into(quarry_reader *reader, int first, const quarry_row_type *type,
                      void *row);
void *quarry_read_row(quarry_reader *reader, int first, const quarry_row_type *type);

/* What such memory takes at most, for quarry_row_type.inside. */
#define QUARRY_INSIDE(type) (sizeof(type) + 2 * sizeof(long double))

/* True where the column is NULL. For enums, which generated code reads itself. */
bool quarry_read_is_null(quarry_reader *reader, int column);

/* Borrowed text for a look-up: valid during `read` only. Never NULL. */
const char *quarry_peek_text(quarry_reader *reader, int column);

/* Reports a value that the schema excludes. `what` says why: "is no container_state". */
void quarry_mismatch(quarry_reader *reader, int column, const char *what);

/* ---- validating ----------------------------------------------------------------- */

/* Sticky as the statements are: the first failure stays. `error` may be NULL. */
typedef struct quarry_checker {
    const quarry_row_type *type;
    quarry_error *error;
    quarry_status status;
} quarry_checker;

enum {
    QUARRY_NULLABLE = 0,
    QUARRY_REQUIRED = 1
};

/* Lengths of text are in characters, of blobs in bytes; SIZE_MAX: no maximum. */
void quarry_check_text(quarry_checker *checker, int column, const char *text,
                       int required, size_t min, size_t max);
/* Of any length. */
void quarry_check_any_text(quarry_checker *checker, int column, const char *text,
                           int required);
void quarry_check_blob(quarry_checker *checker, int column, quarry_blob blob, size_t min,
                       size_t max);
void quarry_check_int64(quarry_checker *checker, int column, int64_t value, int64_t min,
                        int64_t max);
void quarry_check_double(quarry_checker *checker, int column, double value, double min,
                         double max); /* refuses NaN */
void quarry_check_pattern(quarry_checker *checker, int column, const char *text,
                          const char *glob); /* as SQLite's GLOB; NULL text passes */
void quarry_check_one_of(quarry_checker *checker, int column, const char *text,
                         const char *const *values, size_t count);
void quarry_check_one_of_int64(quarry_checker *checker, int column, int64_t value,
                               const int64_t *values, size_t count);
void quarry_check_one_of_double(quarry_checker *checker, int column, double value,
                                const double *values, size_t count);
/* `name` is the enum's constant as text, or NULL where the value is none of it. */
void quarry_check_enum(quarry_checker *checker, int column, const char *name,
                       const char *enum_name);
void quarry_check_json(quarry_checker *checker, int column, const char *text);
void quarry_check_date(quarry_checker *checker, int column, const char *text);
void quarry_check_uuid(quarry_checker *checker, int column, const quarry_uuid *uuid);
void quarry_check_labels(quarry_checker *checker, int column, quarry_labels labels);
void quarry_check_time_text(quarry_checker *checker, int column, quarry_timestamp time);

/* The error to validate into: that of `db`. */
quarry_error *quarry_error_of(quarry_db *db);

/* QUARRY_MISUSE with `message`, set in `db` (which may be NULL). */
quarry_status quarry_misuse(quarry_db *db, const char *message);

#ifdef __cplusplus
}
#endif

#endif
