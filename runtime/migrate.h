/*
 * migrate.h: what schema.c, history.c and the files of migrations share: where a file
 * stands among its program's migrations, and how it gets from there to the next. A
 * position is the number of migrations applied: 0 to schema->migration_count. It is not
 * for users and not for generated code.
 */
#ifndef QUARRY_MIGRATE_H
#define QUARRY_MIGRATE_H

#include "internal.h"

/* ---- schema.c: what the file says about itself ---------------------------------- */

typedef struct quarry_file_state {
    int64_t user_version;
    int64_t cookie;   /* PRAGMA schema_version: changes with every change of a table */
    int64_t objects;  /* tables, indexes, views, triggers besides the two of Quarry's own;
                         -1: not counted, because `known` */
    bool bookkeeping; /* there is a table quarry_schema … */
    bool history;     /* … and quarry_migrations */
    int64_t version;  /* of our row in quarry_schema; 0: none */
    int position;     /* where that row says that the tables were found right and have not
                         changed since; -1: nowhere */
    bool known;       /* that is where the program wants them */
} quarry_file_state;

quarry_status quarry_state_read(quarry_db *db, quarry_file_state *state);

/* The version and the fingerprint of a position; without migrations, the schema's own. */
int quarry_position_version(const quarry_schema *schema, int position);
const char *quarry_position_fingerprint(const quarry_schema *schema, int position);

/* Makes the tables of the bookkeeping, inside a transaction. Returns SQLite's code. */
int quarry_bookkeeping_create(quarry_db *db);

/*
 * Writes version and fingerprint of the position, inside a transaction and after the last
 * change of a table. `right`: the tables were found right, and need no look when the file
 * is opened. Returns SQLite's code.
 */
int quarry_bookkeeping_write(quarry_db *db, int position, bool right);

/* QUARRY_DRIFT where the tables are not those of the position. To be called inside a
   transaction, so that all questions see the same tables. */
quarry_status quarry_compare_tables(quarry_db *db, int position);

/*
 * Remembers that the tables are right, outside a transaction. No opening must fail or wait
 * for that: where another connection writes, the next opening compares again.
 */
void quarry_remember(quarry_db *db, const quarry_file_state *state, int position);

/* True where one of the tables of the schema's newest version is in the file. */
bool quarry_has_tables(quarry_db *db);

/* ---- history.c: the table quarry_migrations ------------------------------------- */

/* The text of a column that is no NULL, in the arena; NULL: out of memory. */
const char *quarry_copy_column(quarry_arena *arena, sqlite3_stmt *stmt, int column);

/* One row. Texts are never NULL. */
typedef struct quarry_applied {
    int64_t version;
    const char *name;
    const char *checksum;
    int64_t applied_at;
    int64_t duration_ms; /* -1: recorded by a baseline */
} quarry_applied;

typedef struct quarry_history {
    quarry_applied *rows; /* by version */
    int count;
    quarry_arena *arena;
} quarry_history;

/* The rows; none where the table is not there. On success the caller releases it. */
quarry_status quarry_history_read(quarry_db *db, bool exists, quarry_history *history);
void quarry_history_release(quarry_history *history);

/*
 * The position that the rows and user_version say. QUARRY_NEWER, or QUARRY_DRIFT where
 * they are not the first migrations of the program, each with its checksum.
 */
quarry_status quarry_history_position(quarry_db *db, const quarry_file_state *state,
                                      int *position);

/*
 * Inside the lock: true where the file is still at `position`. It reads one row, whose
 * checksum proves those before it. *right: the tables are known to be right, too.
 */
quarry_status quarry_history_is_at(quarry_db *db, int position, bool *at, bool *right);

/* The statements that record one migration, or forget it. NULL: out of memory; else to
   be freed with sqlite3_free(). `duration` -1: a baseline. */
char *quarry_history_insert(const quarry_migration *migration, int64_t duration);
char *quarry_history_delete(const quarry_migration *migration);
extern const char quarry_history_table[];

/* ---- migrate_keys.c: rows without parent ---------------------------------------- */

typedef struct quarry_orphans {
    struct quarry_orphan *items;
    size_t count;
    quarry_arena *arena;
} quarry_orphans;

/* Counts them, by table and parent. On success the caller releases them. */
quarry_status quarry_orphans_read(quarry_db *db, quarry_orphans *orphans);
void quarry_orphans_release(quarry_orphans *orphans);

/* QUARRY_FOREIGN_KEY where there are more in `after` than in `before`. */
quarry_status quarry_orphans_compare(quarry_db *db, const quarry_orphans *before,
                                     const quarry_orphans *after);

/* ---- migrate_keep.c: indexes and triggers that are not the schema's --------------- */

typedef struct quarry_kept {
    struct quarry_kept_item *items;
    size_t count;
    quarry_arena *arena;
} quarry_kept;

/* Notes those that the file has now, before a table is dropped. `kept` begins as zeros, and
   the caller releases it. */
quarry_status quarry_kept_note(quarry_db *db, quarry_kept *kept);
void quarry_kept_release(quarry_kept *kept);

/* Makes those again that were noted and are gone while their table is there, except what
   the schema had at `position`, where the migration began. */
quarry_status quarry_kept_restore(quarry_db *db, const quarry_kept *kept, int position);

/* ---- migrate_programs.c: views and triggers that don't compile ------------------- */

typedef struct quarry_faults {
    struct quarry_fault *items;
    size_t count;
    quarry_arena *arena;
} quarry_faults;

/* Those of the file. On success the caller releases them. */
quarry_status quarry_faults_read(quarry_db *db, quarry_faults *faults);
void quarry_faults_release(quarry_faults *faults);

/* QUARRY_ERROR with the first that was not there before, and that the schema does not have
   either at `position`, to which the migration has led. */
quarry_status quarry_faults_compare(quarry_db *db, const quarry_faults *before,
                                    int position);

/* ---- drift.c --------------------------------------------------------------------- */

/* A database in memory with the tables of the position. Also after an error the caller
   closes what *model is. */
quarry_status quarry_model_open(quarry_db *db, int position, sqlite3 **model);

/* ---- migrate_run.c: one migration ----------------------------------------------- */

/*
 * Takes the file from `position` to the next, or with `down` to the one before, in a
 * transaction of its own. *moved: another process was faster, and nothing was done.
 */
quarry_status quarry_migration_run(quarry_db *db, const quarry_migrate_options *options,
                                   int position, bool down, bool *moved);

/* Tells options->sql, and runs it unless it is a dry run. */
quarry_status quarry_migration_sql(quarry_db *db, const quarry_migrate_options *options,
                                   const char *sql);

/* ---- migrate.c ------------------------------------------------------------------ */

/* What NAME_open() does where the schema has migrations. */
quarry_status quarry_migrate_opened(quarry_db *db, const quarry_options *options);

#endif
