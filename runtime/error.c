/*
 * error.c: makes a status and one English sentence of what went wrong. It reads table,
 * column and constraint out of SQLite's messages, with the schema's names at hand, for
 * SQLite reports them nowhere else. It must not know how statements are kept or run.
 */
#include "internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *quarry_status_name(quarry_status status)
{
    static const char *const names[] = {
        [QUARRY_OK] = "ok",
        [QUARRY_NOT_FOUND] = "not found",
        [QUARRY_UNIQUE] = "unique",
        [QUARRY_FOREIGN_KEY] = "foreign key",
        [QUARRY_NOT_NULL] = "not null",
        [QUARRY_CHECK] = "check",
        [QUARRY_INVALID] = "invalid",
        [QUARRY_CONSTRAINT] = "constraint",
        [QUARRY_MISMATCH] = "mismatch",
        [QUARRY_BUSY] = "busy",
        [QUARRY_READ_ONLY] = "read only",
        [QUARRY_FULL] = "full",
        [QUARRY_IO] = "input/output",
        [QUARRY_CORRUPT] = "corrupt",
        [QUARRY_CANNOT_OPEN] = "cannot open",
        [QUARRY_NO_MEMORY] = "no memory",
        [QUARRY_TOO_BIG] = "too big",
        [QUARRY_INTERRUPTED] = "interrupted",
        [QUARRY_DRIFT] = "drift",
        [QUARRY_NEWER] = "newer",
        [QUARRY_PENDING] = "pending",
        [QUARRY_MIGRATION] = "migration",
        [QUARRY_MISUSE] = "misuse",
        [QUARRY_ERROR] = "error",
    };
    const size_t number = (size_t)status;

    return number < sizeof names / sizeof *names ? names[number] : "unknown status";
}

const quarry_error *quarry_last_error(const quarry_db *db)
{
    static const quarry_error nothing = {
        .status = QUARRY_MISUSE,
        .message =
            "there is no connection: it is NULL, or memory ran out as it was opened"};

    return db == NULL ? &nothing : &db->error;
}

quarry_error *quarry_error_of(quarry_db *db)
{
    return db == NULL ? NULL : &db->error;
}

/* ---- names ---------------------------------------------------------------------- */

const quarry_row_type *quarry_find_type(const quarry_schema *schema, const char *table)
{
    for (int i = 0; table != NULL && i < schema->table_count; i++) {
        if (sqlite3_stricmp(schema->tables[i]->table, table) == 0)
            return schema->tables[i];
    }
    return NULL;
}

int quarry_find_column(const quarry_row_type *type, const char *column)
{
    for (int i = 0; column != NULL && i < type->column_count; i++) {
        if (sqlite3_stricmp(type->columns[i].name, column) == 0)
            return i;
    }
    return -1;
}

size_t quarry_utf8_cut(const char *text, size_t max)
{
    size_t length = 0;

    while (length < max && text[length] != '\0')
        length++;
    if (text[length] == '\0')
        return length;
    while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80)
        length--;
    return length;
}

/* ---- errors found here ---------------------------------------------------------- */

/* `text` may stand in the error itself, so it is copied before the error is emptied. */
static void set_error(quarry_error *error, quarry_status status, const char *table,
                      const char *column, const char *format, va_list arguments)
{
    char message[QUARRY_MESSAGE_SIZE + 4];
    size_t length;

    if (vsnprintf(message, sizeof message, format, arguments) < 0)
        message[0] = '\0';
    length = quarry_utf8_cut(message, QUARRY_MESSAGE_SIZE - 1);
    memset(error, 0, sizeof *error);
    error->status = status;
    error->table = table;
    error->column = column;
    memcpy(error->message, message, length);
}

void quarry_error_set(quarry_error *error, quarry_status status, const char *table,
                      const char *column, const char *format, ...)
{
    va_list arguments;

    if (error == NULL)
        return;
    va_start(arguments, format);
    set_error(error, status, table, column, format, arguments);
    va_end(arguments);
}

/* A connection that did not open keeps the reason, whatever is tried with it. */
quarry_status quarry_fail(quarry_db *db, quarry_status status, const char *table,
                          const char *column, const char *format, ...)
{
    va_list arguments;

    if (db == NULL || (db->handle == NULL && db->error.status != QUARRY_OK))
        return status;
    va_start(arguments, format);
    set_error(&db->error, status, table, column, format, arguments);
    va_end(arguments);
    return status;
}

quarry_status quarry_no_memory(quarry_db *db, const char *what)
{
    return quarry_fail(db, QUARRY_NO_MEMORY, NULL, NULL, "memory ran out while %s", what);
}

quarry_status quarry_misuse(quarry_db *db, const char *message)
{
    return quarry_fail(db, QUARRY_MISUSE, NULL, NULL, "%s", message);
}

/* ---- SQLite's codes ------------------------------------------------------------- */

static quarry_status constraint_status(int code)
{
    switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID: return QUARRY_UNIQUE;
    case SQLITE_CONSTRAINT_FOREIGNKEY: return QUARRY_FOREIGN_KEY;
    case SQLITE_CONSTRAINT_NOTNULL: return QUARRY_NOT_NULL;
    case SQLITE_CONSTRAINT_CHECK:
    case SQLITE_CONSTRAINT_DATATYPE: return QUARRY_CHECK;
    default: return QUARRY_CONSTRAINT;
    }
}

/* SQLITE_LOCKED is a conflict within one connection unless a cache is shared: no waiting
   helps, so it is not QUARRY_BUSY. */
static quarry_status status_of(int code)
{
    if (code == SQLITE_IOERR_NOMEM)
        return QUARRY_NO_MEMORY;
    if (code == SQLITE_LOCKED_SHAREDCACHE)
        return QUARRY_BUSY;
    switch (code & 0xFF) {
    case SQLITE_CONSTRAINT: return constraint_status(code);
    case SQLITE_MISMATCH: return QUARRY_CHECK;
    case SQLITE_BUSY: return QUARRY_BUSY;
    case SQLITE_READONLY: return QUARRY_READ_ONLY;
    case SQLITE_FULL: return QUARRY_FULL;
    case SQLITE_IOERR: return QUARRY_IO;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return QUARRY_CORRUPT;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM: return QUARRY_CANNOT_OPEN;
    case SQLITE_NOMEM: return QUARRY_NO_MEMORY;
    case SQLITE_TOOBIG: return QUARRY_TOO_BIG;
    case SQLITE_INTERRUPT: return QUARRY_INTERRUPTED;
    case SQLITE_MISUSE:
    case SQLITE_RANGE: return QUARRY_MISUSE;
    default: return QUARRY_ERROR;
    }
}

/* The sentence before SQLite's own words. Those about columns follow the columns' names.
 */
static const char *sentence_of(quarry_status status)
{
    switch (status) {
    case QUARRY_UNIQUE: return "another row has this value";
    case QUARRY_FOREIGN_KEY:
        return "a row that is referred to is missing, or this row is still referred to";
    case QUARRY_NOT_NULL: return "must not be NULL";
    case QUARRY_CHECK: return "breaks a check";
    case QUARRY_CONSTRAINT: return "the database refuses this change";
    case QUARRY_BUSY: return "another connection holds a lock";
    case QUARRY_READ_ONLY: return "the database can't be written";
    case QUARRY_FULL: return "the disk is full";
    case QUARRY_IO: return "reading or writing the database file failed";
    case QUARRY_CORRUPT: return "the file is no SQLite database or is damaged";
    case QUARRY_CANNOT_OPEN: return "the database file can't be opened";
    case QUARRY_NO_MEMORY: return "memory ran out";
    case QUARRY_TOO_BIG: return "a value or statement exceeds a limit of SQLite";
    case QUARRY_INTERRUPTED: return "the call was interrupted";
    case QUARRY_MISUSE: return "SQLite was called in a wrong way";
    default: return "SQLite reports an error";
    }
}

/* ---- reading SQLite's messages -------------------------------------------------------
 */

/* What a message names. Each text is a range of it, or empty (`length` 0). */
struct range {
    const char *text;
    size_t length;
};

struct named {
    const quarry_row_type *type; /* or NULL where the schema has no such table */
    int column;                  /* of `type`, or -1 */
    struct range table_text;
    struct range column_text;
    struct range constraint;
    struct range subject; /* all columns as SQLite lists them */
    bool several;
};

static bool skip(const char **text, const char *prefix)
{
    const size_t length = strlen(prefix);

    if (strncmp(*text, prefix, length) != 0)
        return false;
    *text += length;
    return true;
}

static bool skip_name(const char **text, const char *name)
{
    const int length = (int)strlen(name);

    if (sqlite3_strnicmp(*text, name, length) != 0)
        return false;
    *text += length;
    return true;
}

/* Reads "t.a, t.b" to its end with the columns of `type`; *first is that of "t.a". Names
   may hold dots and commas, so only a reading that comes out even counts. */
static bool read_columns(const quarry_row_type *type, const char *text, int *first)
{
    if (!skip_name(&text, type->table) || *text++ != '.')
        return false;
    for (int i = 0; i < type->column_count; i++) {
        const char *rest = text;
        int other;

        if (!skip_name(&rest, type->columns[i].name))
            continue;
        if (*rest == '\0' || (skip(&rest, ", ") && read_columns(type, rest, &other))) {
            *first = i;
            return true;
        }
    }
    return false;
}

/* Where the schema has no such columns: up to the first dot, and from there to the comma.
 */
static void split_columns(const char *text, struct named *named)
{
    const char *dot = strchr(text, '.');

    if (dot == NULL)
        return;
    named->table_text = (struct range){text, (size_t)(dot - text)};
    named->column_text = (struct range){dot + 1, strcspn(dot + 1, ",")};
}

static void name_columns(const quarry_schema *schema, const char *text,
                         struct named *named)
{
    named->subject = (struct range){text, strlen(text)};
    named->several = strstr(text, ", ") != NULL;
    for (int i = 0; i < schema->table_count; i++) {
        if (read_columns(schema->tables[i], text, &named->column)) {
            named->type = schema->tables[i];
            return;
        }
    }
    split_columns(text, named);
}

/* True where `text` is "t.a, t.b", the columns of `unique` in their order. */
static bool is_of(const quarry_row_type *type, const quarry_unique *unique,
                  const char *text)
{
    for (int i = 0; i < unique->count; i++) {
        if ((i > 0 && !skip(&text, ", ")) || !skip_name(&text, type->table) ||
            !skip(&text, ".") ||
            !skip_name(&text, type->columns[unique->columns[i]].name))
            return false;
    }
    return *text == '\0';
}

/* SQLite names the columns only; the schema knows what they make unique. */
static void name_unique(const quarry_schema *schema, const char *text,
                        struct named *named)
{
    const quarry_row_type *type;

    name_columns(schema, text, named);
    type = named->type;
    for (int i = 0; type != NULL && i < type->unique_count; i++) {
        const char *name = type->uniques[i].name;

        if (!is_of(type, &type->uniques[i], text))
            continue;
        named->constraint = (struct range){name, strlen(name)};
        return;
    }
}

static bool find_check(const quarry_row_type *type, const char *name, struct named *named)
{
    for (int i = 0; i < type->check_count; i++) {
        if (sqlite3_stricmp(type->checks[i].name, name) == 0) {
            named->type = type;
            named->column = type->checks[i].column;
            return true;
        }
    }
    return false;
}

/* The same name may stand in several tables: the table of the statement goes first. An
   unnamed check is named by its expression, which is no name. */
static void name_check(const quarry_schema *schema, const quarry_row_type *type,
                       const char *name, struct named *named)
{
    bool found = type != NULL && find_check(type, name, named);

    for (int i = 0; !found && i < schema->table_count; i++)
        found = find_check(schema->tables[i], name, named);
    if (found)
        named->constraint = (struct range){name, strlen(name)};
}

/* "index 'name'": an index over expressions. Its quotes are not doubled. */
static void name_index(const char *text, struct named *named)
{
    const size_t length = strlen(text);

    if (length > 0 && text[length - 1] == '\'')
        named->constraint = (struct range){text, length - 1};
}

static void read_message(const quarry_schema *schema, const quarry_row_type *type,
                         const char *text, struct named *named)
{
    const char *column;

    if (skip(&text, "UNIQUE constraint failed: index '"))
        name_index(text, named);
    else if (skip(&text, "UNIQUE constraint failed: "))
        name_unique(schema, text, named);
    else if (skip(&text, "NOT NULL constraint failed: "))
        name_columns(schema, text, named);
    else if (skip(&text, "CHECK constraint failed: "))
        name_check(schema, type, text, named);
    else if (skip(&text, "cannot store ") && (column = strstr(text, " column ")) != NULL)
        name_columns(schema, column + strlen(" column "), named);
}

/* ---- filling the error ----------------------------------------------------------------
 */

static const char *copy_range(char **to, struct range range)
{
    const char *copy = *to;

    if (range.length == 0)
        return NULL;
    memcpy(*to, range.text, range.length);
    (*to)[range.length] = '\0';
    *to += range.length + 1;
    return copy;
}

/* Copies what must outlive the message. Without memory the texts stay NULL. */
static void keep_texts(quarry_db *db, const struct named *named, const char *sql)
{
    const struct range statement = {sql, sql == NULL ? 0 : strlen(sql)};
    quarry_error *error = &db->error;
    char *to = quarry_allocate(named->table_text.length + named->column_text.length +
                               named->constraint.length + statement.length + 4);

    quarry_release(db->error_text);
    db->error_text = to;
    if (to == NULL)
        return;
    error->table = copy_range(&to, named->table_text);
    error->column = copy_range(&to, named->column_text);
    error->constraint = copy_range(&to, named->constraint);
    error->sql = copy_range(&to, statement);
}

static void describe(quarry_error *error, const struct named *named, const char *reason)
{
    const bool plural = error->status == QUARRY_UNIQUE && named->several;
    const char *sentence =
        plural ? "another row has these values" : sentence_of(error->status);
    const int length = (int)quarry_utf8_cut(named->subject.text, 200);
    char message[QUARRY_MESSAGE_SIZE + 4];

    if (length > 0)
        sqlite3_snprintf(sizeof message, message, "%.*s: %s (%s)", length,
                         named->subject.text, sentence, reason);
    else if (error->column != NULL)
        sqlite3_snprintf(sizeof message, message, "%s.%s: %s (%s)", error->table,
                         error->column, sentence, reason);
    else if (error->table != NULL)
        sqlite3_snprintf(sizeof message, message, "%s: %s (%s)", error->table, sentence,
                         reason);
    else
        sqlite3_snprintf(sizeof message, message, "%s (%s)", sentence, reason);
    message[quarry_utf8_cut(message, QUARRY_MESSAGE_SIZE - 1)] = '\0';
    memcpy(error->message, message, strlen(message) + 1);
}

/* The table of an index over expressions, which SQLite's message leaves out. */
static void find_index_table(quarry_db *db)
{
    sqlite3_stmt *stmt = NULL;

    if (db->error.constraint == NULL || db->error.table != NULL)
        return;
    if (sqlite3_prepare_v2(db->handle,
                           "SELECT tbl_name FROM sqlite_schema"
                           " WHERE type = 'index' AND name = ?1",
                           -1, &stmt, NULL) != SQLITE_OK)
        return;
    sqlite3_bind_text(stmt, 1, db->error.constraint, -1, SQLITE_STATIC);
    if (sqlite3_step(stmt) == SQLITE_ROW) {
        const quarry_row_type *type =
            quarry_find_type(db->schema, (const char *)sqlite3_column_text(stmt, 0));

        db->error.table = type == NULL ? NULL : type->table;
    }
    sqlite3_finalize(stmt);
}

static const char foreign_key_reason[] = "FOREIGN KEY constraint failed";

quarry_status quarry_fail_row(quarry_db *db, int code, const char *sql,
                              const quarry_row_type *type)
{
    char reason[QUARRY_MESSAGE_SIZE];
    struct named named = {.column = -1, .subject = {"", 0}};

    /* A copy: what follows may run statements, which replace SQLite's message. */
    sqlite3_snprintf(sizeof reason, reason, "%s",
                     db->handle != NULL &&
                             (sqlite3_errcode(db->handle) & 0xFF) == (code & 0xFF)
                         ? sqlite3_errmsg(db->handle)
                         : sqlite3_errstr(code));
    reason[quarry_utf8_cut(reason, sizeof reason - 2)] = '\0';
    memset(&db->error, 0, sizeof db->error);
    db->error.status = status_of(code);
    db->error.sqlite_code = code;
    /* ON DELETE RESTRICT fails as a trigger does, but says what it is. */
    if (code == SQLITE_CONSTRAINT_TRIGGER && strcmp(reason, foreign_key_reason) == 0)
        db->error.status = QUARRY_FOREIGN_KEY;
    if ((code & 0xFF) == SQLITE_CONSTRAINT)
        read_message(db->schema, type, reason, &named);
    keep_texts(db, &named, sql);
    if (named.type != NULL)
        db->error.table = named.type->table;
    if (named.type != NULL && named.column >= 0)
        db->error.column = named.type->columns[named.column].name;
    if (db->error.status == QUARRY_UNIQUE)
        find_index_table(db);
    describe(&db->error, &named, reason);
    quarry_notice_rollback(db);
    return db->error.status;
}

quarry_status quarry_fail_sqlite(quarry_db *db, int code, const char *sql)
{
    return quarry_fail_row(db, code, sql, NULL);
}
