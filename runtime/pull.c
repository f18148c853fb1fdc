/*
 * pull.c: hands the rows of a SELECT over to C as the arguments of an SQL function.
 *
 * SQLite gives a function all values of a row as one array, whose values take a third of
 * the time that asking a statement for column after column does. So a SELECT is wrapped in
 * one that calls quarry_pull, an aggregate function that sees all rows in one step, or
 * quarry_row, which sees one row a step. Order is never at stake: what can't be wrapped is
 * stepped through. This file must not know where rows end up.
 */
#include "internal.h"

#include <string.h>

quarry_status quarry_rows_no_memory(quarry_db *db, const quarry_row_type *type)
{
    return quarry_fail(db, QUARRY_NO_MEMORY, type->table, NULL,
                       "memory ran out while rows of %s were being read", type->table);
}

/* ---- the functions ------------------------------------------------------------- */

/* The last column comes first, see add_arguments(). */
static void take_arguments(sqlite3_context *context, int count, sqlite3_value **values)
{
    const quarry_db *db = sqlite3_user_data(context);
    struct quarry_pull *pull = db->pull;
    if (pull == NULL || count != pull->reader.type->column_count) {
        sqlite3_result_error(context, "this function is the runtime's own", -1);
        return;
    }
    memcpy(pull->reader.values, values + 1, (size_t)(count - 1) * sizeof *values);
    pull->reader.values[count - 1] = values[0];
    pull->calls++;
    if (!pull->take(pull))
        sqlite3_result_error(context, "a row was refused", -1);
}

static void pull_final(sqlite3_context *context)
{
    sqlite3_result_null(context);
}

static quarry_status register_functions(quarry_db *db)
{
    const int flags = SQLITE_UTF8 | SQLITE_DIRECTONLY;
    if (db->pull_function)
        return QUARRY_OK;
    int code = sqlite3_create_function_v2(db->handle, "quarry_pull", -1, flags, db, NULL,
                                          take_arguments, pull_final, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_create_function_v2(db->handle, "quarry_row", -1, flags, db,
                                          take_arguments, NULL, NULL, NULL);
    if (code != SQLITE_OK)
        return quarry_fail_sqlite(db, code, NULL);
    db->pull_function = true;
    return QUARRY_OK;
}

/* ---- wrapping ------------------------------------------------------------------ */

static void add_names(sqlite3_str *sql, int count)
{
    for (int i = 1; i <= count; i++)
        sqlite3_str_appendf(sql, i == 1 ? "(c%d" : ", c%d", i);
    sqlite3_str_appendchar(sql, 1, ')');
}

/*
 * SQLite decodes the header of a record up to the column that it is asked for, and goes on
 * from there at the next one. Asked for the last one first, it decodes it in one go, which
 * saves a tenth of the time of a row of eleven columns.
 */
static void add_arguments(sqlite3_str *sql, int count)
{
    sqlite3_str_appendf(sql, "(c%d", count);
    for (int i = 1; i < count; i++)
        sqlite3_str_appendf(sql, ", c%d", i);
    sqlite3_str_appendchar(sql, 1, ')');
}

/* ---- its order ----------------------------------------------------------------- */

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_' || (unsigned char)c >= 0x80;
}

static size_t word_length(const char *text)
{
    size_t length = 0;
    while (is_word(text[length]))
        length++;
    return length;
}

/* Bytes that `name` takes at `text` as SQL, quoted or bare; 0: it is not there. */
static size_t name_length(const char *text, const char *name)
{
    size_t length = strlen(name);
    if (text[0] != '"')
        return word_length(text) == length &&
                       sqlite3_strnicmp(text, name, (int)length) == 0
                   ? length
                   : 0;
    for (length = 1; *name != '\0'; length++, name++) {
        if (text[length] != *name || (*name == '"' && text[++length] != '"'))
            return 0;
    }
    return text[length] == '"' ? length + 1 : 0;
}

/* The result column whose name stands at `text`, the name's bytes in *length; or -1. */
static int column_at(const quarry_row_type *type, const char *text, size_t *length)
{
    for (int i = 0; i < type->column_count; i++) {
        *length = name_length(text, type->columns[i].name);
        if (*length > 0)
            return i;
    }
    return -1;
}

/* Appends the terms of an ORDER BY by result columns. False where there is another. */
static bool add_order(sqlite3_str *sql, const char *terms, const quarry_row_type *type)
{
    for (const char *before = " ORDER BY ";; before = ", ", terms += 2) {
        size_t length;
        int column = column_at(type, terms, &length);
        if (column < 0)
            return false;
        terms += length;
        bool down = strncmp(terms, " DESC", 5) == 0;
        terms += down ? 5 : 0;
        sqlite3_str_appendf(sql, "%sc%d%s", before, column + 1, down ? " DESC" : "");
        if (terms[0] == '\0')
            return true;
        if (terms[0] != ',' || terms[1] != ' ')
            return false;
    }
}

/* Where the last line of `sql` is its ORDER BY: the start of that line, or the end. */
static size_t order_at(const char *sql)
{
    static const char order[] = "\nORDER BY ";
    const char *line = strrchr(sql, '\n');
    bool is_order = line != NULL && strncmp(line, order, sizeof order - 1) == 0;
    return is_order ? (size_t)(line - sql) : strlen(sql);
}

/* True where the names of the result columns are those of the type. */
static bool has_names(quarry_db *db, const char *sql, const quarry_row_type *type)
{
    sqlite3_stmt *stmt = NULL;
    sqlite3_prepare_v2(db->handle, sql, -1, &stmt, NULL);
    bool same = sqlite3_column_count(stmt) == type->column_count;
    for (int i = 0; i < type->column_count && same; i++) {
        const char *name = sqlite3_column_name(stmt, i);
        same = name != NULL && strcmp(name, type->columns[i].name) == 0;
    }
    sqlite3_finalize(stmt);
    return same;
}

/* ---- the whole ----------------------------------------------------------------- */

/*
 * The SELECT as a common table expression, whose columns get names of our own. An ORDER BY
 * is taken out of it, because SQLite would sort first and then call functions, for which
 * it runs what has one as a coroutine. NULL: it can't be wrapped, or no memory.
 */
static char *wrap(quarry_db *db, const char *sql, const char *function,
                  const quarry_row_type *type)
{
    static const char order[] = "\nORDER BY ";
    size_t length = order_at(sql);
    bool good = sql[length] == '\0' || has_names(db, sql, type);
    sqlite3_str *wrapped = sqlite3_str_new(NULL);
    sqlite3_str_appendall(wrapped, "WITH quarry_pulled");
    add_names(wrapped, type->column_count);
    sqlite3_str_appendall(wrapped, " AS (");
    sqlite3_str_append(wrapped, sql, (int)length);
    sqlite3_str_appendf(wrapped, "\n) SELECT %s", function);
    add_arguments(wrapped, type->column_count);
    sqlite3_str_appendall(wrapped, " FROM quarry_pulled");
    if (good && sql[length] != '\0')
        good = add_order(wrapped, sql + length + sizeof order - 1, type);
    char *text = sqlite3_str_finish(wrapped);
    if (good)
        return text;
    sqlite3_free(text);
    return NULL;
}

/* ---- which way ----------------------------------------------------------------- */

static bool is_one_of(const char *opcode, const char *const *opcodes)
{
    while (*opcodes != NULL && strcmp(opcode, *opcodes) != 0)
        opcodes++;
    return *opcodes != NULL;
}

bool quarry_program_has(quarry_db *db, const char *sql, const char *const *opcodes)
{
    sqlite3_stmt *program = NULL;
    char *text = sqlite3_mprintf("EXPLAIN %s", sql);
    bool has = text == NULL || sqlite3_prepare_v2(db->handle, text, -1, &program, NULL);
    while (!has && sqlite3_step(program) == SQLITE_ROW) {
        const char *found = (const char *)sqlite3_column_text(program, 1);
        has = found == NULL || is_one_of(found, opcodes);
    }
    sqlite3_finalize(program);
    sqlite3_free(text);
    return has;
}

/* A way in which rows can come: the function, and what its program must not have. */
struct way {
    quarry_mode mode;
    const char *function;
    const char *const *opcodes;
};

/*
 * The text of `sql` for a way, or NULL where it is not to be used. An aggregate function
 * has one result, which there is nothing to order of. A SELECT that does not become one with
 * what is around it, such as a compound, would run as a coroutine and copy each row, which
 * is slower than stepping.
 */
static char *try_way(quarry_db *db, const char *sql, const quarry_row_type *type,
                     const struct way *way)
{
    int limit = sqlite3_limit(db->handle, SQLITE_LIMIT_FUNCTION_ARG, -1);
    char *wrapped;
    if (type->column_count > limit ||
        (way->mode == QUARRY_AT_ONCE && sql[order_at(sql)] != '\0'))
        return NULL;
    wrapped = wrap(db, sql, way->function, type);
    if (wrapped == NULL || !quarry_program_has(db, wrapped, way->opcodes))
        return wrapped;
    sqlite3_free(wrapped);
    return NULL;
}

/* In the first way that it can be used; else plainly, where errors of `sql` come up. */
static void compile(quarry_stmt *stmt, const char *sql, const quarry_row_type *type,
                    const struct way *ways, int count)
{
    quarry_db *db = stmt->db;
    char *wrapped = NULL;
    stmt->status = register_functions(db);
    for (int i = 0; i < count && stmt->status == QUARRY_OK && wrapped == NULL; i++) {
        wrapped = try_way(db, sql, type, &ways[i]);
        stmt->mode = wrapped != NULL ? ways[i].mode : QUARRY_STEPPED;
    }
    if (stmt->status == QUARRY_OK)
        quarry_stmt_compile(stmt, wrapped != NULL ? wrapped : sql);
    sqlite3_free(wrapped);
    if (stmt->status != QUARRY_OK || stmt->mode != QUARRY_STEPPED ||
        sqlite3_column_count(stmt->handle) == type->column_count)
        return;
    sqlite3_finalize(stmt->handle);
    stmt->handle = NULL;
    stmt->direct = 0;
    stmt->status = quarry_misuse(db, "a SELECT has not the columns of its type");
}

/* Where rows are sorted after quarry_row has seen them, it has seen them too early. */
static const char *const not_at_once[] = {"InitCoroutine", NULL};
static const char *const not_each[] = {"InitCoroutine", "SorterOpen", "OpenEphemeral",
                                       NULL};

static const struct way ways[] = {{QUARRY_AT_ONCE, "quarry_pull", not_at_once},
                                  {QUARRY_EACH, "quarry_row", not_each}};

quarry_stmt *quarry_prepare_rows(quarry_db *db, int slot, const char *sql,
                                 const quarry_row_type *type)
{
    quarry_stmt *stmt = quarry_slot(db, slot);
    if (stmt->status == QUARRY_OK && stmt->handle == NULL)
        compile(stmt, sql, type, ways, 2);
    return stmt;
}

quarry_stmt *quarry_prepare_row(quarry_db *db, int slot, const char *sql,
                                const quarry_row_type *type)
{
    quarry_stmt *stmt = quarry_slot(db, slot);
    if (stmt->status == QUARRY_OK && stmt->handle == NULL)
        compile(stmt, sql, type, &ways[1], 1);
    return stmt;
}

/* ---- stepping ------------------------------------------------------------------ */

sqlite3_value **quarry_row_room(quarry_stmt *stmt, int count)
{
    if (count <= stmt->value_count)
        return stmt->values;
    sqlite3_value **values =
        quarry_reallocate(stmt->values, (size_t)count * sizeof(sqlite3_value *));
    if (values == NULL)
        return NULL;
    stmt->values = values;
    stmt->value_count = count;
    return values;
}

void quarry_row_values(const quarry_stmt *stmt, int count)
{
    for (int i = 0; i < count; i++)
        stmt->values[i] = sqlite3_column_value(stmt->handle, i);
}

static int step_plainly(quarry_stmt *stmt, struct quarry_pull *pull)
{
    int code = sqlite3_step(stmt->handle);
    if (code != SQLITE_ROW)
        return code;
    quarry_row_values(stmt, pull->reader.type->column_count);
    return pull->take(pull) ? SQLITE_ROW : SQLITE_ERROR;
}

/*
 * One call a row means that each row was taken when it came: the row at which the first
 * step ended can only be that of the first call, and so on.
 */
static int step_each(quarry_stmt *stmt, struct quarry_pull *pull)
{
    int code = sqlite3_step(stmt->handle);
    if (code == SQLITE_ROW && pull->calls != 1) {
        pull->reader.status = quarry_misuse(stmt->db, "rows were not taken one by one");
        code = SQLITE_MISUSE;
    }
    return code;
}

static int step_at_once(quarry_stmt *stmt)
{
    int code = sqlite3_step(stmt->handle);
    return code == SQLITE_ROW ? sqlite3_step(stmt->handle) : code;
}

int quarry_pull_next(quarry_stmt *stmt, struct quarry_pull *pull)
{
    quarry_db *db = stmt->db;
    struct quarry_pull *outer =
        db->pull;      /* a fetch whose SQL calls a user's function … */
    stmt->busy = true; /* … which may fetch from the same slot */
    pull->reader.values = quarry_row_room(stmt, pull->reader.type->column_count);
    pull->calls = 0;
    if (pull->reader.values == NULL) {
        pull->reader.status = quarry_rows_no_memory(db, pull->reader.type);
        return SQLITE_NOMEM;
    }
    if (stmt->mode == QUARRY_STEPPED)
        return step_plainly(stmt, pull);
    db->pull = pull;
    int code = stmt->mode == QUARRY_EACH ? step_each(stmt, pull) : step_at_once(stmt);
    db->pull = outer;
    return code;
}
