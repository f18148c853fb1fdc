/*
 * internal.h: what the runtime's files share. It knows SQLite; it is not for users and
 * not for generated code, which must not depend on how a connection or a statement looks.
 */
#ifndef QUARRY_INTERNAL_H
#define QUARRY_INTERNAL_H

#include "quarry_emit.h"

#include <sqlite3.h>
#include <string.h>

/*
 * What is rarely needed stands apart, so that the usual case need not save registers for
 * it. Compilers that inline it would undo that.
 */
#if defined(__GNUC__)
#define APART __attribute__((noinline))
#else
#define APART
#endif

/* ---- memory.c: the allocation hook, arenas ------------------------------------------
 */

void *
quarry_allocate(size_t size); /* NULL: out of memory; size 0 gives a valid pointer */
void *quarry_reallocate(void *memory, size_t size);
void quarry_release(void *memory);

/*
 * Memory in chunks of about 64 KiB, which stay below malloc's threshold for mapping
 * pages. One further block, `items`, grows by doubling and holds the rows of a list.
 */
struct quarry_arena {
    struct quarry_chunk *chunks;
    char *next; /* free space of the newest chunk … */
    char *end;  /* … and its end */
    char *items;
    size_t items_capacity; /* in bytes */
};

/* An arena over memory that the caller owns, for rows of one allocation; then chunks. */
void quarry_arena_over(quarry_arena *arena, void *memory, size_t size);
/* Releases chunks and items of quarry_arena_over(), not the caller's memory. */
void quarry_arena_release(quarry_arena *arena);
quarry_arena *quarry_arena_new(void);
void *quarry_arena_allocate_text(quarry_arena *arena, size_t size); /* not aligned */
char *quarry_arena_copy(quarry_arena *arena, const char *text); /* NULL: out of memory */
/* Makes room for `size` bytes of items; they may move. NULL: out of memory. */
void *quarry_arena_items(quarry_arena *arena, size_t size);

/* ---- statements -----------------------------------------------------------------------
 */

/* A value on its way into SQLite: of a row in a bulk write, or a key that is remembered.
 */
typedef struct quarry_cell {
    int kind;   /* SQLITE_INTEGER, SQLITE_FLOAT, SQLITE_TEXT, SQLITE_BLOB, SQLITE_NULL */
    bool owned; /* `data` is the cell's to release */
    int64_t integer;
    double real;
    const void *data;
    size_t size;
    char small[40]; /* where short texts that are made here stand: UUIDs, timestamps */
} quarry_cell;

/* How a statement gives its rows. */
typedef enum quarry_mode {
    QUARRY_STEPPED, /* as its columns */
    QUARRY_EACH,    /* to quarry_row(), one at each step */
    QUARRY_AT_ONCE  /* to quarry_pull(), all at the first step */
} quarry_mode;

/*
 * A bind goes to `handle` where there is one and to `cells` where there are some: a bulk
 * write has cells only, a DELETE both, everything else a handle only.
 */
struct quarry_stmt {
    quarry_db *db;
    sqlite3_stmt *handle;
    const char *sql;    /* what `handle` was prepared from; lives as long as it */
    unsigned direct;    /* binds of ?1 to this one go to `handle` and nowhere else */
    quarry_cell *cells; /* cell_count of them */
    int cell_count;
    quarry_status
        status;         /* sticky; set by prepare or bind, cleared by the next prepare */
    bool busy;          /* running, or taken by a cursor, which owns it now */
    bool transient;     /* belongs to one call or cursor: finalized after use */
    bool fires;         /* a bulk write whose table has triggers, see bulk.c */
    size_t rows_before; /* the last fetch of all rows gave so many: room for the next */
    quarry_mode mode;   /* how its rows come, see pull.c */
    sqlite3_value **values; /* of the row at which it stands: room for value_count */
    int value_count;
    bool barren;   /* a DELETE of a table that no foreign key refers to: no cells */
    bool partial;  /* an UPDATE of some columns: binds of others are left out */
    uint64_t mask; /* … whose bits are these; 0: all */
    struct quarry_update_cache *updates; /* slots of quarry_prepare_update() */
};

/* Finalizes the statement and frees what it holds, but not the struct. */
void quarry_stmt_clear(quarry_stmt *stmt);

/*
 * Gives the statement back: resets it, or finalizes and frees it where it is transient.
 * Whoever runs a statement calls it once, also where its status is not QUARRY_OK.
 */
void quarry_stmt_done(quarry_stmt *stmt);

/*
 * The slot's statement, or a transient one where a cursor has it. Its `handle` is NULL
 * where nothing was prepared yet: then quarry_stmt_compile() follows. Never NULL; check
 * its status. quarry_prepare() is these two.
 */
quarry_stmt *quarry_slot(quarry_db *db, int slot);
quarry_status quarry_stmt_compile(quarry_stmt *stmt, const char *sql); /* copies `sql` */

/* Finalizes what a statement of a slot holds, for quarry_close(). */
void quarry_stmt_release(quarry_stmt *stmt);

/* Empties cells, frees what they own. */
void quarry_cells_clear(quarry_cell *cells, int count);

/* Binds a cell's value to a parameter of any statement; returns SQLite's code. */
int quarry_cell_bind(const quarry_cell *cell, sqlite3_stmt *handle, int parameter);

/* ---- the connection ------------------------------------------------------------------
 */

/* Statements of transaction.c, prepared at first use. */
enum {
    QUARRY_SQL_IMMEDIATE,
    QUARRY_SQL_DEFERRED,
    QUARRY_SQL_COMMIT,
    QUARRY_SQL_ROLLBACK,
    QUARRY_SQL_COUNT
};

struct quarry_db {
    sqlite3 *handle; /* NULL: it did not open and holds nothing but the error */
    const quarry_schema *schema;
    char *path;
    quarry_stmt *slots;
    int slot_count; /* schema->statement_count; 0 where `handle` is NULL */
    int busy_timeout_ms;
    bool read_only;
    bool check_schema;
    quarry_stmt
        failed; /* what quarry_prepare() returns where it can return nothing else */
    quarry_cell
        *key_cells; /* of quarry_prepare_delete(), as many as any table has columns */
    int key_cell_count;
    bool inside; /* the outermost begin is a savepoint in the program's own BEGIN */
    int depth;   /* open quarry_begin()s */
    int lost;    /* begins that SQLite ended by itself and nobody has ended since */
    sqlite3_stmt *fixed[QUARRY_SQL_COUNT];
    int rows_modules;   /* quarry_rows_1 … up to this many columns are registered, see
                           bulk.c */
    bool pull_function; /* quarry_pull and quarry_row are registered, see pull.c */
    struct quarry_pull *pull;      /* where rows go that are handed over, see pull.c */
    struct quarry_cursor *cursors; /* open ones */
    char *error_text; /* the texts of `error` that no schema holds, in one block */
    quarry_error error;
};

/* ---- error.c --------------------------------------------------------------------------
 */

/*
 * Turns the error of SQLite on `db` into a status and fills db->error: table, column and
 * constraint come from SQLite's message and from the schema. `sql` may be NULL.
 */
quarry_status quarry_fail_sqlite(quarry_db *db, int code, const char *sql);

/* The same after a statement on rows of `type`, which may be NULL: it says whose check.
 */
quarry_status quarry_fail_row(quarry_db *db, int code, const char *sql,
                              const quarry_row_type *type);

/* The table of that name, or NULL; and the index of a column in it, or -1. Any case. */
const quarry_row_type *quarry_find_type(const quarry_schema *schema, const char *table);
int quarry_find_column(const quarry_row_type *type, const char *column);

/* `max` or less: where UTF-8 text can be cut without breaking a character. */
size_t quarry_utf8_cut(const char *text, size_t max);

/* Sets an error that was found here. `table`, `column` may be NULL; they are borrowed. */
quarry_status quarry_fail(quarry_db *db, quarry_status status, const char *table,
                          const char *column, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* QUARRY_NO_MEMORY: "memory ran out while …". */
quarry_status quarry_no_memory(quarry_db *db, const char *what);

/* Fills any error, such as the one handed to a validate function. `error` may be NULL. */
void quarry_error_set(quarry_error *error, quarry_status status, const char *table,
                      const char *column, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* ---- blame.c: after SQLITE_CONSTRAINT_FOREIGNKEY, which names nothing ----------- */

/* True where a foreign key of the schema refers to the table. */
bool quarry_is_parent(const quarry_schema *schema, const quarry_row_type *type);

/* The row's foreign keys are looked up, those with a column in `mask`; 0: all. */
void quarry_blame_parent(quarry_db *db, const quarry_row_type *type, const void *row,
                         uint64_t mask);
/* Looks for rows that refer to those that the DELETE would remove. */
void quarry_blame_child(quarry_db *db, const quarry_row_type *type,
                        const quarry_stmt *deleting);

/* ---- open.c --------------------------------------------------------------------- */

/* Closes the connection to the file; `db` stays, with its error. */
void quarry_release_handle(quarry_db *db);

/* ---- transaction.c -------------------------------------------------------------- */

/* Notes in `db` where SQLite has ended the transaction by itself. */
void quarry_notice_rollback(quarry_db *db);

/*
 * Rolls back to `depth` begins and leaves the error as it is. Never fails: where memory is
 * short for the end of a savepoint, the whole transaction is rolled back, as SQLite does it
 * by itself after some errors, and the caller's commit will say so.
 */
void quarry_abandon(quarry_db *db, int depth);

/*
 * Rolls back the transaction that is open, if one is. Returns `status` and leaves the error
 * as it is. Where even that fails, for want of memory, the connection is closed rather
 * than left inside a transaction that nobody ends: it holds nothing but its error then.
 */
quarry_status quarry_end_transaction(quarry_db *db, quarry_status status);

/* ---- texts.c: equal texts of a list ----------------------------------------------- */

typedef struct quarry_texts quarry_texts;

/* A text that stands in a list's arena, valid and with its NUL; NULL: none does yet. */
typedef struct quarry_known_text {
    const char *text;
    size_t size;
} quarry_known_text;

enum {
    QUARRY_SHARED_TEXT = 16 /* bytes of the shortest text that is looked for */
};

/* 64 KiB, which quarry_release() frees; NULL: out of memory. */
quarry_texts *quarry_texts_new(void);

/*
 * The place of a text: it holds an equal one, or is for the caller to fill with the copy
 * that he makes. NULL: this one is not looked for.
 */
quarry_known_text *quarry_texts_find(quarry_texts *texts, const char *text, size_t size);

/* ---- read.c ---------------------------------------------------------------------------
 */

/*
 * Reads one row from SQLite's values of it. Strings go to `arena`; NULL: borrowed.
 */
struct quarry_reader {
    sqlite3_value **values; /* type->column_count of them */
    quarry_arena *arena;
    quarry_texts *texts; /* that stand in `arena`; NULL: each is copied */
    quarry_db *db;
    const quarry_row_type *type;
    quarry_status status; /* sticky */
};

/* The bytes that strings, blobs and labels of a row of values take in an arena at most.
 */
size_t quarry_row_bytes(sqlite3_value **values, const quarry_row_type *type);

/* ---- pull.c --------------------------------------------------------------------- */

/* Who gets the rows of a SELECT. Whoever needs more puts it behind this. */
struct quarry_pull {
    quarry_reader reader;
    /* Reads the reader's row; false: refused, for the reason in reader.status. */
    bool (*take)(struct quarry_pull *pull);
    size_t calls; /* of `take` in this step */
};

/*
 * For the statement of quarry_prepare_rows(), of quarry_prepare_row()
 * or of quarry_prepare(): steps, and lets `pull` take the next row or all. SQLITE_ROW where
 * it took one and there may be more, SQLITE_DONE, or an error, which is the reader's where its
 * status is not QUARRY_OK, and else SQLite's.
 */
int quarry_pull_next(quarry_stmt *stmt, struct quarry_pull *pull);

/* stmt->values, with room for `count`; NULL: out of memory. */
sqlite3_value **quarry_row_room(quarry_stmt *stmt, int count);

/* Asks for the columns of the row at which `stmt` stands; valid until the next step. */
void quarry_row_values(const quarry_stmt *stmt, int count);

/* QUARRY_NO_MEMORY while rows were read. */
quarry_status quarry_rows_no_memory(quarry_db *db, const quarry_row_type *type);

/* True where the program of `sql` has one of the opcodes, a list that ends with NULL, or
   where there is no telling. */
bool quarry_program_has(quarry_db *db, const char *sql, const char *const *opcodes);

/* As quarry_fetch_one(), and leaves the statement as it is: quarry_stmt_done() follows. */
quarry_status quarry_fetch_block(quarry_stmt *stmt, const quarry_row_type *type,
                                 void **row);

/* ---- bulk.c ---------------------------------------------------------------------------
 */

/* Registers the table-valued function quarry_rows_N. */
quarry_status quarry_rows_register(quarry_db *db, int columns);

/* ---- value.c, json.c: no database ----------------------------------------------- */

/* Eight bytes as they stand in memory. */
static inline uint64_t quarry_word_at(const char *text)
{
    uint64_t word;

    memcpy(&word, text, sizeof word);
    return word;
}

/* All bytes of a text of less than eight, with spaces behind; some may be there twice. */
static inline uint64_t quarry_short_word(const char *text, size_t size)
{
    uint32_t first, last;

    if (size >= sizeof first) {
        memcpy(&first, text, sizeof first);
        memcpy(&last, text + size - sizeof last, sizeof last);
        return (uint64_t)first << 32 | last;
    }
    if (size == 0)
        return UINT64_C(0x2020202020202020);
    return UINT64_C(0x2020202020000000) | (uint64_t)(unsigned char)text[0] << 16 |
           (uint64_t)(unsigned char)text[size / 2] << 8 | (unsigned char)text[size - 1];
}

bool quarry_utf8_valid(const char *text);
/* The number of characters, or false where `text` is no valid UTF-8. */
bool quarry_utf8_length(const char *text, size_t *length);
/* The same for `size` bytes without NUL, which a NUL follows. */
bool quarry_utf8_measure(const char *text, size_t size, size_t *length);

/* RFC 8259, nesting up to 1,000. */
bool quarry_json_valid(const char *text);

/* The JSON object of `labels`, keys sorted; allocated. False: out of memory. */
bool quarry_labels_format(quarry_labels labels, char **json, size_t *size);

/* Memory that quarry_labels_parse() needs at most for `size` bytes of JSON. */
size_t quarry_labels_bytes(size_t size);

/* QUARRY_MISMATCH where `json` is no object of strings, QUARRY_NO_MEMORY. */
quarry_status quarry_labels_parse(const char *json, size_t size, quarry_arena *arena,
                                  quarry_labels *labels);

/* ---- schema.c -------------------------------------------------------------------------
 */

/* Creates the schema in an empty database, or checks the file's against it. */
quarry_status quarry_schema_ensure(quarry_db *db, const quarry_options *options);

/* ---- drift.c --------------------------------------------------------------------------
 */

/*
 * QUARRY_DRIFT with the first difference between the file's tables and those that the
 * first `position` migrations make; where there are none, those of the schema.
 */
quarry_status quarry_drift_check(quarry_db *db, int position);

/* True where two CREATE statements are the same but for layout, case and quotes. */
bool quarry_same_sql(const char *left, const char *right);

#endif
