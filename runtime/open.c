/*
 * open.c: opens and closes connections: options, environment, and what SQLite is told
 * before the first statement. It must not know the tables; whether the file has the right
 * ones is schema.c's question.
 */
#include "internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void quarry_options_init(quarry_options *options)
{
    if (options == NULL)
        return;
    *options = (quarry_options){
        .wal = true,
        .foreign_keys = true,
        .check_schema = true,
        .busy_timeout_ms = 5000,
        .cache_kib = 65536,
        .synchronous = QUARRY_SYNCHRONOUS_NORMAL,
    };
}

/* ---- environment ----------------------------------------------------------------------
 */

enum {
    VARIABLE_SIZE = 160
};

/* A variable that was found: its name, for the error, and its value. */
struct variable {
    char name[VARIABLE_SIZE];
    const char *value; /* NULL: not set */
};

/* An empty variable counts as not set, as `VARIABLE= program` is often meant. */
static bool look_up(struct variable *variable, const char *prefix, const char *name)
{
    const int length =
        snprintf(variable->name, sizeof variable->name, "%s%s", prefix, name);

    variable->value = NULL;
    if (length > 0 && (size_t)length < sizeof variable->name)
        variable->value = getenv(variable->name);
    if (variable->value != NULL && variable->value[0] == '\0')
        variable->value = NULL;
    return variable->value != NULL;
}

static bool find_variable(struct variable *variable, const quarry_schema *schema,
                          const char *name, const char *also)
{
    return look_up(variable, schema->environment, name) ||
           (also != NULL && look_up(variable, schema->environment, also)) ||
           look_up(variable, "", name) || (also != NULL && look_up(variable, "", also));
}

static quarry_status bad_value(quarry_db *db, const struct variable *variable,
                               const char *wanted)
{
    const int length = (int)quarry_utf8_cut(variable->value, 100);

    return quarry_fail(db, QUARRY_MISUSE, NULL, NULL,
                       "environment variable %s: '%.*s' is not %s", variable->name,
                       length, variable->value, wanted);
}

/* The position of a word in a list that ends with NULL, in any case; -1: not in it. */
static int word_index(const char *word, const char *const *words)
{
    for (int i = 0; words[i] != NULL; i++) {
        if (sqlite3_stricmp(word, words[i]) == 0)
            return i;
    }
    return -1;
}

static quarry_status read_bool(quarry_db *db, const char *name, bool *to)
{
    static const char *const words[] = {"false", "true", "0",   "1", "off",
                                        "on",    "no",   "yes", NULL};
    struct variable variable;
    int index;

    if (!find_variable(&variable, db->schema, name, NULL))
        return QUARRY_OK;
    index = word_index(variable.value, words);
    if (index < 0)
        return bad_value(db, &variable, "one of true, false, 1, 0, on, off, yes, no");
    *to = index % 2 == 1;
    return QUARRY_OK;
}

/* Sets *index where the variable is set; `wanted` tells the words in the error. */
static quarry_status read_word(quarry_db *db, const char *name, const char *const *words,
                               const char *wanted, int *index)
{
    struct variable variable;
    int found;

    if (!find_variable(&variable, db->schema, name, NULL))
        return QUARRY_OK;
    found = word_index(variable.value, words);
    if (found < 0)
        return bad_value(db, &variable, wanted);
    *index = found;
    return QUARRY_OK;
}

static quarry_status read_words(quarry_db *db, quarry_options *options)
{
    static const char *const modes[] = {"off", "normal", "full", "extra", NULL};
    static const char *const habits[] = {"migrate", "refuse", "ignore", NULL};
    int synchronous = (int)options->synchronous;
    int pending = (int)options->pending;
    quarry_status status = read_word(db, "DATABASE_SYNCHRONOUS", modes,
                                     "one of off, normal, full, extra", &synchronous);

    if (status == QUARRY_OK)
        status = read_word(db, "DATABASE_MIGRATIONS", habits,
                           "one of migrate, refuse, ignore", &pending);
    options->synchronous = (quarry_synchronous)synchronous;
    options->pending = (quarry_pending)pending;
    return status;
}

/* Digits only: strtoll alone would take blanks, signs and an empty text. */
static bool parse_number(const char *text, long long max, long long *value)
{
    if (text[strspn(text, "0123456789")] != '\0')
        return false;
    errno = 0;
    *value = strtoll(text, NULL, 10);
    return errno == 0 && *value <= max;
}

static quarry_status read_number(quarry_db *db, const char *name, const char *also,
                                 long long max, long long *to)
{
    struct variable variable;
    char wanted[64];

    if (!find_variable(&variable, db->schema, name, also))
        return QUARRY_OK;
    if (parse_number(variable.value, max, to))
        return QUARRY_OK;
    snprintf(wanted, sizeof wanted, "a number from 0 to %lld", max);
    return bad_value(db, &variable, wanted);
}

static quarry_status read_int(quarry_db *db, const char *name, const char *also, int *to)
{
    long long value = *to;
    const quarry_status status = read_number(db, name, also, INT32_MAX, &value);

    if (status == QUARRY_OK)
        *to = (int)value;
    return status;
}

static quarry_status read_mmap(quarry_db *db, int64_t *to)
{
    long long value = *to;
    const quarry_status status =
        read_number(db, "DATABASE_MMAP_BYTES", NULL, INT64_MAX, &value);

    if (status == QUARRY_OK)
        *to = value;
    return status;
}

static quarry_status read_environment(quarry_db *db, quarry_options *options,
                                      const char **path)
{
    struct variable variable;
    quarry_status status = read_bool(db, "DATABASE_WAL_MODE", &options->wal);

    if (find_variable(&variable, db->schema, "DATABASE_PATH", NULL))
        *path = variable.value;
    if (status == QUARRY_OK)
        status = read_bool(db, "DATABASE_READ_ONLY", &options->read_only);
    if (status == QUARRY_OK)
        status = read_int(db, "DATABASE_BUSY_TIMEOUT", "DATABASE_TIMEOUT",
                          &options->busy_timeout_ms);
    if (status == QUARRY_OK)
        status = read_int(db, "DATABASE_CACHE_KIB", NULL, &options->cache_kib);
    if (status == QUARRY_OK)
        status = read_words(db, options);
    if (status == QUARRY_OK)
        status = read_mmap(db, &options->mmap_bytes);
    return status;
}

static quarry_status check_options(quarry_db *db, const quarry_options *options,
                                   const char *path)
{
    if (path == NULL || path[0] == '\0')
        return quarry_misuse(db, "open needs the path of a database");
    if (options->busy_timeout_ms < 0 || options->cache_kib < 0 || options->mmap_bytes < 0)
        return quarry_misuse(db, "an option of open is negative");
    if ((unsigned)options->synchronous > QUARRY_SYNCHRONOUS_EXTRA)
        return quarry_misuse(db, "the option `synchronous` of open has no such value");
    if ((unsigned)options->pending > QUARRY_PENDING_IGNORE)
        return quarry_misuse(db, "the option `pending` of open has no such value");
    return QUARRY_OK;
}

/* ---- write-ahead logging -------------------------------------------------------- */

/* Runs a PRAGMA and tells whether its answer is one of two words. */
static int journal_mode(quarry_db *db, const char *sql, bool *settled)
{
    sqlite3_stmt *stmt = NULL;
    int code = sqlite3_prepare_v2(db->handle, sql, -1, &stmt, NULL);

    if (code != SQLITE_OK)
        return code;
    *settled = false;
    if (sqlite3_step(stmt) == SQLITE_ROW) {
        const char *mode = (const char *)sqlite3_column_text(stmt, 0);

        *settled = mode != NULL &&
                   (sqlite3_stricmp(mode, "wal") == 0 || strcmp(mode, "memory") == 0);
    }
    code = sqlite3_finalize(stmt);
    return code;
}

static int try_wal(quarry_db *db, bool *settled)
{
    const int code = journal_mode(db, "PRAGMA main.journal_mode", settled);

    if (code != SQLITE_OK || *settled)
        return code;
    return journal_mode(db, "PRAGMA main.journal_mode = WAL", settled);
}

/* The switch can answer SQLITE_BUSY without asking the busy handler, so it waits here. */
static quarry_status switch_to_wal(quarry_db *db)
{
    bool settled = false;
    const quarry_timestamp end = quarry_now() + db->busy_timeout_ms;
    int code = try_wal(db, &settled);

    for (int pause = 1; (code & 0xFF) == SQLITE_BUSY && quarry_now() < end;) {
        sqlite3_sleep(pause);
        pause = pause < 32 ? pause * 2 : 50;
        code = try_wal(db, &settled);
    }
    if (code != SQLITE_OK)
        return quarry_fail_sqlite(db, code, "PRAGMA journal_mode = WAL");
    if (!settled)
        return quarry_fail(db, QUARRY_CANNOT_OPEN, NULL, NULL,
                           "%s: SQLite can't switch this file to write-ahead logging; "
                           "open it with the option `wal` false",
                           db->path);
    return QUARRY_OK;
}

/* ---- configuring ---------------------------------------------------------------- */

/* Sets a switch of the connection and reads it back. */
static quarry_status set_switch(quarry_db *db, int which, bool on)
{
    int got = -1;
    const int code = sqlite3_db_config(db->handle, which, (int)on, &got);

    if (code == SQLITE_OK && got == (int)on)
        return QUARRY_OK;
    return quarry_fail(db, QUARRY_ERROR, NULL, NULL,
                       "this build of SQLite can't set switch %d of a connection", which);
}

static quarry_status set_switches(quarry_db *db, const quarry_options *options)
{
    const struct {
        int which;
        bool on;
    } switches[] = {
        {SQLITE_DBCONFIG_ENABLE_FKEY, options->foreign_keys},
        {SQLITE_DBCONFIG_TRUSTED_SCHEMA, db->schema->trusts_schema},
        {SQLITE_DBCONFIG_DEFENSIVE, true},
        {SQLITE_DBCONFIG_DQS_DDL, false},
        {SQLITE_DBCONFIG_DQS_DML, false},
    };
    quarry_status status = QUARRY_OK;

    for (size_t i = 0; status == QUARRY_OK && i < sizeof switches / sizeof *switches; i++)
        status = set_switch(db, switches[i].which, switches[i].on);
    return status;
}

static quarry_status set_pragmas(quarry_db *db, const quarry_options *options)
{
    char sql[160];

    snprintf(sql, sizeof sql,
             "PRAGMA synchronous = %d; PRAGMA cache_size = %d; PRAGMA mmap_size = %lld",
             (int)options->synchronous,
             options->cache_kib == 0 ? -2000 : -options->cache_kib,
             (long long)options->mmap_bytes);
    return quarry_exec(db, sql);
}

/* SQLite opens a file that can't be written for reading, and says so at the first write.
 */
static quarry_status check_writable(quarry_db *db)
{
    if (db->read_only || sqlite3_db_readonly(db->handle, "main") == 0)
        return QUARRY_OK;
    return quarry_fail(db, QUARRY_READ_ONLY, NULL, NULL,
                       "%s: the file can't be written; to read it, open it with the "
                       "option `read_only`",
                       db->path);
}

static quarry_status configure(quarry_db *db, const quarry_options *options)
{
    quarry_status status;

    sqlite3_busy_timeout(db->handle, options->busy_timeout_ms);
    status = set_switches(db, options);
    if (status == QUARRY_OK)
        status = check_writable(db);
    if (status == QUARRY_OK && options->wal && !options->read_only)
        status = switch_to_wal(db);
    if (status == QUARRY_OK)
        status = set_pragmas(db, options);
    return status;
}

/* ---- closing -------------------------------------------------------------------- */

/* Open cursors end here: their statements are about to go. */
static void end_cursors(quarry_db *db)
{
    while (db->cursors != NULL) {
        quarry_cursor *cursor = db->cursors;

        quarry_cursor_close(cursor);
        cursor->status = QUARRY_MISUSE;
        if (db->cursors == cursor)
            db->cursors = cursor->next;
    }
}

/*
 * Leaves the connection with its error only. Statements that the caller made on the raw
 * handle keep that alive until they are finalized (sqlite3_close_v2), so an open
 * transaction is ended here and not with them.
 */
void quarry_release_handle(quarry_db *db)
{
    end_cursors(db);
    for (int i = 0; i < db->slot_count; i++)
        quarry_stmt_release(&db->slots[i]);
    quarry_release(db->slots);
    if (db->key_cells != NULL)
        quarry_cells_clear(db->key_cells, db->key_cell_count);
    quarry_release(db->key_cells);
    for (int i = 0; i < QUARRY_SQL_COUNT; i++)
        sqlite3_finalize(db->fixed[i]);
    memset(db->fixed, 0, sizeof db->fixed);
    if (db->handle != NULL && !sqlite3_get_autocommit(db->handle))
        sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
    sqlite3_close_v2(db->handle);
    db->slots = NULL;
    db->key_cells = NULL;
    db->handle = NULL;
    db->slot_count = 0;
    db->depth = 0;
}

void quarry_close(quarry_db *db)
{
    if (db == NULL)
        return;
    quarry_release_handle(db);
    quarry_release(db->path);
    quarry_release(db->error_text);
    quarry_release(db);
}

/* ---- opening -------------------------------------------------------------------- */

static char *copy_text(const char *text)
{
    const size_t size = strlen(text) + 1;
    char *copy = quarry_allocate(size);

    if (copy != NULL)
        memcpy(copy, text, size);
    return copy;
}

static quarry_status make_slots(quarry_db *db)
{
    const size_t size = (size_t)db->schema->statement_count * sizeof *db->slots;

    db->slots = quarry_allocate(size);
    if (db->slots == NULL)
        return quarry_no_memory(db, "the database was being opened");
    memset(db->slots, 0, size);
    for (int i = 0; i < db->schema->statement_count; i++)
        db->slots[i].db = db;
    db->slot_count = db->schema->statement_count;
    db->key_cell_count = 1;
    for (int i = 0; i < db->schema->table_count; i++) {
        if (db->key_cell_count < db->schema->tables[i]->column_count)
            db->key_cell_count = db->schema->tables[i]->column_count;
    }
    return QUARRY_OK;
}

static quarry_status open_handle(quarry_db *db, const quarry_options *options)
{
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    int code;

    flags |= options->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    if (!options->read_only && !options->must_exist)
        flags |= SQLITE_OPEN_CREATE;
    code = sqlite3_open_v2(db->path, &db->handle, flags, NULL);
    if (code != SQLITE_OK) {
        const quarry_status status = quarry_fail_sqlite(db, code, NULL);
        char message[QUARRY_MESSAGE_SIZE];

        memcpy(message, db->error.message, sizeof message);
        sqlite3_snprintf(sizeof message, db->error.message, "%.*s: %s",
                         (int)quarry_utf8_cut(db->path, 300), db->path, message);
        return status;
    }
    return QUARRY_OK;
}

static quarry_status open_schema(quarry_db *db, quarry_options *options, const char *path)
{
    quarry_status status = QUARRY_OK;

    if (db->schema->abi != QUARRY_ABI)
        return quarry_fail(db, QUARRY_MISUSE, NULL, NULL,
                           "the code was generated for interface %d of the runtime, and "
                           "this is %d: generate it again",
                           db->schema->abi, QUARRY_ABI);
    if (!options->ignore_environment)
        status = read_environment(db, options, &path);
    if (status == QUARRY_OK)
        status = check_options(db, options, path);
    if (status != QUARRY_OK)
        return status;
    db->read_only = options->read_only;
    db->check_schema = options->check_schema;
    db->busy_timeout_ms = options->busy_timeout_ms;
    db->path = copy_text(path);
    status = db->path == NULL ? quarry_no_memory(db, "the database was being opened")
                              : open_handle(db, options);
    if (status == QUARRY_OK)
        status = make_slots(db);
    if (status == QUARRY_OK)
        status = configure(db, options);
    if (status == QUARRY_OK && db->schema->uses_lists)
        status = quarry_rows_register(db, 1);
    if (status == QUARRY_OK)
        status = quarry_schema_ensure(db, options);
    return status;
}

quarry_status quarry_open(const quarry_schema *schema, const char *path,
                          const quarry_options *options, quarry_db **result)
{
    quarry_options chosen;
    quarry_status status;
    quarry_db *db;

    if (result == NULL)
        return QUARRY_MISUSE;
    *result = NULL;
    if (schema == NULL)
        return QUARRY_MISUSE;
    db = quarry_allocate(sizeof *db);
    if (db == NULL)
        return QUARRY_NO_MEMORY;
    memset(db, 0, sizeof *db);
    db->schema = schema;
    quarry_options_init(&chosen);
    if (options != NULL)
        chosen = *options;
    status = open_schema(db, &chosen, path);
    if (status != QUARRY_OK)
        quarry_release_handle(db);
    else
        memset(&db->error, 0, sizeof db->error);
    *result = db;
    return status;
}

/* ---- asking --------------------------------------------------------------------- */

const char *quarry_path(const quarry_db *db)
{
    return db == NULL ? NULL : db->path;
}

struct sqlite3 *quarry_sqlite(quarry_db *db)
{
    return db == NULL ? NULL : db->handle;
}

void quarry_interrupt(quarry_db *db)
{
    if (db != NULL && db->handle != NULL)
        sqlite3_interrupt(db->handle);
}
