/*
 * quarry.h: the runtime's public interface, for programs that use generated code.
 *
 * A program opens a database with the generated NAME_open(), works with the generated
 * functions, and closes it with quarry_close(). Everything here works on any quarry_db.
 *
 * Names of generated code, for a schema NAME with a table whose row is ROW:
 *
 *     NAME_ROW               the row as a struct; text and blobs are const pointers
 *     NAME_ROW_verb()        a function on rows of the table: NAME_ROW_insert()
 *     NAME_ROW_list          rows with all their strings, freed by NAME_ROW_list_free()
 *     NAME_ROW_cursor        reads row by row in constant memory
 *     NAME_ENUM, NAME_ENUM_VALUE   an enum of the schema and its constants
 *     NAME_ROW_COLUMN        a column's number: QUARRY_BIT(HOST_NAME) | QUARRY_BIT(HOST_PORT)
 *                            is a mask for NAME_ROW_update_columns()
 *
 * Threads: a quarry_db and everything that came from it belongs to one thread at a time.
 * The runtime has no global state that a call changes, so threads with a quarry_db each
 * need no lock, except for quarry_set_allocator(), which comes before everything else.
 *
 * Ownership, in one sentence: what a function hands out through a `NAME_ROW **` or a
 * `NAME_ROW_list **` is the caller's to free with one call; every other pointer is borrowed.
 *
 * NULL: `*_free(NULL)`, `*_close(NULL)` do nothing; a NULL where a database, a row or a
 * place for the result is needed gives QUARRY_MISUSE.
 */
#ifndef QUARRY_H
#define QUARRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of the interface between generated code and the runtime. */
#define QUARRY_ABI 2

/* ---- statuses ------------------------------------------------------------------- */

typedef enum quarry_status {
    QUARRY_OK = 0,
    QUARRY_NOT_FOUND,   /* no row has that key */
    QUARRY_UNIQUE,      /* a primary key or unique constraint would be violated */
    QUARRY_FOREIGN_KEY, /* a referenced row is missing, or a row is still referenced */
    QUARRY_NOT_NULL,    /* a value is missing in a column that needs one */
    QUARRY_CHECK,       /* a value breaks a rule of its column or a check of its table */
    QUARRY_INVALID,     /* a value no column can hold: text that is not UTF-8, NaN */
    QUARRY_CONSTRAINT,  /* another constraint of the database, RAISE() of a trigger */
    QUARRY_MISMATCH,    /* the database holds a value that the schema excludes */
    QUARRY_BUSY,        /* another connection holds a lock, busy_timeout is over */
    QUARRY_READ_ONLY,   /* the database can't be written */
    QUARRY_FULL,        /* the disk is full */
    QUARRY_IO,          /* reading or writing the file failed */
    QUARRY_CORRUPT,     /* the file is no database or is damaged */
    QUARRY_CANNOT_OPEN, /* no such file or folder, or no permission */
    QUARRY_NO_MEMORY,   /* an allocation failed */
    QUARRY_TOO_BIG,     /* a value or statement exceeds a limit of SQLite */
    QUARRY_INTERRUPTED, /* quarry_interrupt() was called */
    QUARRY_DRIFT,       /* the tables of the file are not those of the schema, or what was
                           migrated there is not what the program would have migrated */
    QUARRY_NEWER,       /* the file was made by a newer version of the schema */
    QUARRY_PENDING,     /* the file is of an older version and was not to be migrated */
    QUARRY_MIGRATION,   /* a migration failed; the file is at the version before it */
    QUARRY_MISUSE,      /* a NULL where none may be, a commit without begin, … */
    QUARRY_ERROR        /* any other error of SQLite: see quarry_error.message */
} quarry_status;

/* The name of a status as a word: "not found". Never NULL, also for an unknown number. */
const char *quarry_status_name(quarry_status status);

enum {
    QUARRY_MESSAGE_SIZE = 512
};

/*
 * What went wrong. `table`, `column`, `constraint` and `sql` are NULL where they don't
 * apply; they live until the next error or the end of the connection. Where several columns make up a violated
 * constraint, `column` is its first and the message names all.
 */
typedef struct quarry_error {
    quarry_status status;
    int sqlite_code;    /* SQLite's extended result code; 0: found before SQLite */
    const char *table;  /* SQL name of the table concerned */
    const char *column; /* SQL name of the column concerned */
    const char
        *constraint; /* the violated check, unique constraint, index or foreign key */
    const char *sql; /* the statement that failed */
    size_t row;      /* in *_many calls: index of the row that failed */
    int64_t rowid;   /* QUARRY_MISMATCH: integer primary key of the row, or 0 */
    /* Of a migration, whatever the status; else NULL and 0: */
    const char *migration; /* the name of the one that failed or differs */
    int version;           /* its version */
    int step;              /* 1 to its number of steps; 0: before or after its steps */
    quarry_status cause;   /* QUARRY_MIGRATION: what the step's error was by itself */
    char message[QUARRY_MESSAGE_SIZE]; /* one English sentence, cut at the end if long */
} quarry_error;

typedef struct quarry_db quarry_db;

/*
 * The error of the last call on `db` that did not return QUARRY_OK. A successful call does
 * not clear it. Never NULL. QUARRY_NOT_FOUND is a status only and leaves it as it is.
 */
const quarry_error *quarry_last_error(const quarry_db *db);

/* ---- opening -------------------------------------------------------------------- */

typedef enum quarry_synchronous {
    QUARRY_SYNCHRONOUS_OFF = 0,
    QUARRY_SYNCHRONOUS_NORMAL = 1,
    QUARRY_SYNCHRONOUS_FULL = 2,
    QUARRY_SYNCHRONOUS_EXTRA = 3
} quarry_synchronous;

/* What NAME_open() does with migrations that the file has not had. */
typedef enum quarry_pending {
    QUARRY_PENDING_MIGRATE = 0, /* applies them */
    QUARRY_PENDING_REFUSE,      /* QUARRY_PENDING, and nothing is written */
    QUARRY_PENDING_IGNORE       /* opens the file as it is, without looking at its history
                                   or tables: for programs that call quarry_migrate() */
} quarry_pending;

typedef struct quarry_migrate_options quarry_migrate_options;

/* https://www.sqlite.org/pragma.html describes what each does. */
typedef struct quarry_options {
    bool read_only;    /* false; true: never writes, never creates, needs the file */
    bool must_exist;   /* false; true: QUARRY_CANNOT_OPEN where there is no file */
    bool wal;          /* true: journal_mode=WAL; false: the file keeps its mode */
    bool foreign_keys; /* true */
    bool check_schema; /* true: QUARRY_DRIFT unless the tables are the schema's */
    bool ignore_environment;        /* false; true: the variables below are not read */
    int busy_timeout_ms;            /* 5000; 0: QUARRY_BUSY at once */
    int cache_kib;                  /* 65536; 0: SQLite's default of 2 MiB */
    int64_t mmap_bytes;             /* 0: no memory mapping */
    quarry_synchronous synchronous; /* NORMAL: safe with WAL against a crash of the
                                       program; FULL: also against loss of power */
    quarry_pending pending;         /* MIGRATE */
    int baseline; /* 0; else: a file that has tables and no history of migrations is taken
                     as being at this version, see quarry_migrate_baseline() */
    const quarry_migrate_options *migrate; /* NULL; progress and context of migrating */
} quarry_options;

/* Sets the defaults named above. Call it first, then change what you need. */
void quarry_options_init(quarry_options *options);

/*
 * Environment variables read by NAME_open(), first with the schema's name in capitals and
 * an underscore before them (DOCKSTAT_DATABASE_PATH), then without:
 *
 *     DATABASE_PATH          the path, whatever the program passed
 *     DATABASE_WAL_MODE      true, false, 1, 0, on, off, yes, no
 *     DATABASE_BUSY_TIMEOUT  milliseconds; DATABASE_TIMEOUT is read where it is not set
 *     DATABASE_READ_ONLY     as WAL_MODE
 *     DATABASE_SYNCHRONOUS   off, normal, full, extra
 *     DATABASE_CACHE_KIB, DATABASE_MMAP_BYTES   numbers
 *     DATABASE_MIGRATIONS    migrate, refuse, ignore
 *
 * A value that can't be read is QUARRY_MISUSE and names the variable. An empty variable
 * counts as not set.
 */

/*
 * Closes `db` and frees all that belongs to it; open cursors end, an open transaction is
 * rolled back. Rows and lists that were handed out stay valid.
 */
void quarry_close(quarry_db *db);

/* The path as opened, or ":memory:". Lives as long as `db`. */
const char *quarry_path(const quarry_db *db);

/* The underlying sqlite3 handle, for what Quarry does not cover. Still owned by `db`. */
struct sqlite3;
struct sqlite3 *quarry_sqlite(quarry_db *db);

/* Makes the call under way in another thread return QUARRY_INTERRUPTED. */
void quarry_interrupt(quarry_db *db);

/* ---- transactions --------------------------------------------------------------- */

/*
 * A transaction, or a savepoint inside the one that is open: calls nest, and each begin
 * has its commit or rollback. The outermost takes the write lock at once
 * (BEGIN IMMEDIATE), so a conflict shows here and not half way.
 */
quarry_status quarry_begin(quarry_db *db);

/* As quarry_begin(), but the outermost takes no lock before it needs one. For reading. */
quarry_status quarry_begin_deferred(quarry_db *db);

/*
 * Ends the innermost. Where commit fails the transaction is still open, except after an
 * error at which SQLite itself rolls back (quarry_in_transaction() tells).
 */
quarry_status quarry_commit(quarry_db *db);
quarry_status quarry_rollback(quarry_db *db);

/* The number of begins that are open; 0 outside a transaction. */
int quarry_in_transaction(const quarry_db *db);

/*
 * Runs `work` inside a transaction: commits when it returns QUARRY_OK, else rolls back and
 * returns its status. Where the outermost begin or commit is busy, it starts again, at
 * most `QUARRY_RETRIES` times, each after the busy timeout: `work` may run more than once.
 */
enum {
    QUARRY_RETRIES = 5
};
typedef quarry_status quarry_work(quarry_db *db, void *context);
quarry_status quarry_transaction(quarry_db *db, quarry_work *work, void *context);

/* Runs SQL without parameters or results, several statements at once if need be. */
quarry_status quarry_exec(quarry_db *db, const char *sql);

/* ---- values --------------------------------------------------------------------- */

/*
 * Nullable numbers are a flag and a value; nullable text is a NULL pointer, a nullable
 * blob has NULL data.
 */
typedef struct quarry_opt_int64 {
    bool has;
    int64_t value;
} quarry_opt_int64;

typedef struct quarry_opt_int32 {
    bool has;
    int32_t value;
} quarry_opt_int32;

typedef struct quarry_opt_bool {
    bool has;
    bool value;
} quarry_opt_bool;

typedef struct quarry_opt_double {
    bool has;
    double value;
} quarry_opt_double;

/*
 * Bytes. An empty blob that is not NULL has any non-NULL `data` and `size` 0; in a column
 * that is NOT NULL, NULL data with size 0 is the empty blob too.
 */
typedef struct quarry_blob {
    const void *data;
    size_t size;
} quarry_blob;

/* A UUID in its canonical form, 36 characters and a NUL; all zero bytes: not set. */
typedef struct quarry_uuid {
    char text[37];
} quarry_uuid;

typedef struct quarry_opt_uuid {
    bool has;
    quarry_uuid value;
} quarry_opt_uuid;

/* A new random UUID (version 4, RFC 9562), from sqlite3_randomness(). */
quarry_uuid quarry_uuid_random(void);

/* Reads 36 characters, upper case too. False, and *uuid as it was, for anything else. */
bool quarry_uuid_parse(const char *text, quarry_uuid *uuid);

/* A map from strings to strings, kept as a JSON object. Keys come sorted from a read. */
typedef struct quarry_label {
    const char *key;
    const char *value;
} quarry_label;

typedef struct quarry_labels {
    const quarry_label *items;
    size_t count;
} quarry_labels;

typedef struct quarry_opt_labels {
    bool has;
    quarry_labels value;
} quarry_opt_labels;

/* The value of `key`, or NULL. */
const char *quarry_labels_get(quarry_labels labels, const char *key);

/*
 * Timestamps are milliseconds since 1970-01-01T00:00:00Z, however the schema stores them.
 * QUARRY_NOW in a column whose default is `now` means: the time at which it is written.
 */
#define QUARRY_NOW INT64_MIN
typedef int64_t quarry_timestamp;

quarry_timestamp quarry_now(void);

/* "2024-01-15T10:00:00.000Z" from years 0000 to 9999; false outside them. */
enum {
    QUARRY_TIMESTAMP_SIZE = 25
};
bool quarry_timestamp_format(quarry_timestamp time, char text[QUARRY_TIMESTAMP_SIZE]);

/*
 * Reads "YYYY-MM-DD", then nothing or "T" or a space and "HH:MM", ":SS", ".S…", then
 * nothing, "Z" or "+HH:MM". Without a zone it is UTC. False for anything else and for
 * days that don't exist.
 */
bool quarry_timestamp_parse(const char *text, quarry_timestamp *time);

/* True for "YYYY-MM-DD" of a day that exists. */
bool quarry_date_valid(const char *text);

/* ---- migrations ----------------------------------------------------------------- */

/*
 * For schemas that have migrations; NAME_open() calls what is needed by itself, these are
 * for programs that want more. Each migration is one transaction with its row of the table
 * `quarry_migrations`: at any moment, also after a crash, the file is at one version, whole.
 * Several processes may do this at once: each migration is applied by one of them.
 *
 * Everything here is QUARRY_MISUSE inside a transaction, while a cursor is open or a
 * statement of the raw handle is running, and QUARRY_READ_ONLY on a connection that can't
 * write. While a migration runs foreign keys are enforced, or off where it rebuilds a
 * table, whatever the connection's setting is, which is restored after. A commit hook that
 * the program has set on the raw handle is gone afterwards. Prepared statements of
 * generated functions are made anew; at an older version those that name what is not
 * there yet fail.
 *
 * Errors: QUARRY_MIGRATION where a step fails by itself; quarry_error tells version,
 * step, SQL and cause. Where the surroundings fail, their own status: QUARRY_BUSY,
 * QUARRY_FULL, QUARRY_IO, QUARRY_NO_MEMORY, QUARRY_INTERRUPTED. In all cases the file is
 * at the version before the migration that failed; those before that stay.
 */

/* The version of the newest migration that the program knows. */
#define QUARRY_LATEST INT32_MAX

/* Where a migration is: told before each step, and once more when it is committed. */
typedef struct quarry_progress {
    int version;
    const char *name;
    bool down;        /* it is being undone */
    int step;         /* 1 to step_count; step_count + 1: it is committed */
    int step_count;   /* 0: nothing but its row in the history */
    const char *text; /* the step in words: "add column hosts.alias" */
} quarry_progress;

struct quarry_migrate_options {
    bool dry_run; /* changes nothing: `sql` gets what would be run */
    /* Each statement that changes the file, in order, without its semicolon, and comments
       ("-- add column hosts.alias"). NULL: not wanted. */
    void (*sql)(const char *sql, void *context);
    /* False: stop; the migration is rolled back, QUARRY_INTERRUPTED. NULL: not wanted. */
    bool (*progress)(const quarry_progress *progress, void *context);
    void *context; /* for these two, and for the program's functions in migrations */
};

/*
 * Up or down to `version`, which is 0, a migration's or QUARRY_LATEST. `options` NULL:
 * all false and NULL. Going down, an irreversible migration on the way is
 * QUARRY_MIGRATION before anything is done.
 */
quarry_status quarry_migrate(quarry_db *db, int version,
                             const quarry_migrate_options *options);

/* Undoes the newest `steps` migrations; fewer where there are no more. */
quarry_status quarry_migrate_back(quarry_db *db, int steps,
                                  const quarry_migrate_options *options);

/* Undoes all; and applies all again. With them the rows go. */
quarry_status quarry_migrate_reset(quarry_db *db, const quarry_migrate_options *options);
quarry_status quarry_migrate_refresh(quarry_db *db,
                                     const quarry_migrate_options *options);

/*
 * Takes a file that has tables but no history, such as one made before the schema had
 * migrations: records those up to `version` as applied, without running them. The tables
 * must be those of that version, else QUARRY_DRIFT with the first difference; for version
 * 0 none of the schema's may be there. QUARRY_MISUSE where the file has a history.
 */
quarry_status quarry_migrate_baseline(quarry_db *db, int version,
                                      const quarry_migrate_options *options);

/* The version of the file: that of the newest migration applied, 0 where there is none. */
quarry_status quarry_schema_version(quarry_db *db, int *version);

/* One migration, of the program or the file or both. */
typedef struct quarry_migration_state {
    int version;
    const char *name;
    bool known;                  /* the program has it; else it is in the file only */
    bool applied;                /* it is in the file's history */
    quarry_timestamp applied_at; /* 0 where not applied */
    int64_t duration_ms;         /* -1 where not applied, or recorded by a baseline */
    const char *checksum;        /* the program's; NULL where not known */
    const char
        *applied_checksum;    /* the file's; NULL where not applied; should be equal */
    bool destroys;            /* applying it loses data, which the schema accepts */
    const char *irreversible; /* why it can't be undone; NULL: it can, or not known */
} quarry_migration_state;

typedef struct quarry_migration_list {
    quarry_migration_state *rows; /* by version */
    size_t count;
} quarry_migration_list;

/*
 * What is applied, pending or unknown. It judges nothing: a file that differs is no error
 * here. On success *list is the caller's, to free with one call.
 */
quarry_status quarry_migrate_status(quarry_db *db, quarry_migration_list **list);
void quarry_migration_list_free(quarry_migration_list *list);

/* ---- parts of generated structs ------------------------------------------------- */

/* What generated structs hold and programs leave alone. */
typedef struct quarry_stmt quarry_stmt;
typedef struct quarry_arena quarry_arena;
typedef struct quarry_row_type quarry_row_type;

/*
 * Inside every NAME_ROW_cursor. Its strings are borrowed until the next call on it. The
 * statement belongs to the cursor until it is closed.
 */
typedef struct quarry_cursor {
    quarry_stmt *stmt; /* NULL when closed */
    const quarry_row_type *type;
    quarry_status status;
    void *scratch; /* the strings of the current row */
    size_t scratch_size;
    struct quarry_cursor *next; /* the connection's list of open cursors … */
    struct quarry_cursor **previous;
} quarry_cursor;

/* The bit of a column in the mask of NAME_ROW_update_columns(). */
#define QUARRY_BIT(column) (UINT64_C(1) << (column))
#define QUARRY_ALL_COLUMNS UINT64_MAX

/* ---- memory --------------------------------------------------------------------- */

/*
 * All memory of the runtime comes through these three; SQLite's own does not (see
 * https://www.sqlite.org/malloc.html for that). They behave as malloc, realloc and free.
 * To be set once, before the first call of the runtime; NULL: the C library's.
 */
typedef struct quarry_allocator {
    void *(*allocate)(size_t size);
    void *(*reallocate)(void *memory, size_t size);
    void (*release)(void *memory);
} quarry_allocator;

void quarry_set_allocator(const quarry_allocator *allocator);

#ifdef __cplusplus
}
#endif

#endif
