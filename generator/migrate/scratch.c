/*
 * scratch.c: see scratch.h.
 */
#include "scratch.h"

#include "../base/buf.h"
#include "../base/names.h"
#include "../base/steps.h"

#include <string.h>

/* ---- functions and collations that are not ours ----------------------------------- */

static int compare_bytes(void *context, int a_length, const void *a, int b_length,
                         const void *b)
{
    size_t length = (size_t)(a_length < b_length ? a_length : b_length);
    int order = length > 0 ? memcmp(a, b, length) : 0;

    (void)context;
    return order != 0 ? order : a_length - b_length;
}

static void need_collation(void *context, sqlite3 *db, int encoding, const char *name)
{
    (void)context;
    (void)encoding;
    sqlite3_create_collation(db, name, SQLITE_UTF8, NULL, compare_bytes);
}

static void give_null(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    (void)values;
    sqlite3_result_null(context);
}

static bool register_function(sqlite3 *db, const char *name)
{
    return sqlite3_create_function(db, name, -1,
                                   SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
                                   NULL, give_null, NULL, NULL) == SQLITE_OK;
}

/* The list of them is kept as what a function of the connection gives. */
#define LIST "quarry_scratch_functions"

static void give_list(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    (void)values;
    sqlite3_result_text(context, sqlite3_user_data(context), -1, SQLITE_TRANSIENT);
}

static void set_list(sqlite3 *db, const char *names)
{
    char *copy = sqlite3_mprintf("%s", names);

    if (copy == NULL ||
        sqlite3_create_function_v2(db, LIST, 0, SQLITE_UTF8, copy, give_list, NULL, NULL,
                                   sqlite3_free) != SQLITE_OK)
        out_of_memory();
}

const char *scratch_functions(struct arena *arena, sqlite3 *db)
{
    sqlite3_stmt *statement = NULL;
    const char *names = "";

    if (sqlite3_prepare_v2(db, "SELECT " LIST "()", -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        names = arena_strdup(arena, (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    return names;
}

void scratch_add_functions(struct arena *arena, sqlite3 *db, const char *names)
{
    const char *rest = names;

    if (*names == '\0')
        return;
    set_list(db, names);
    for (; *rest != '\0'; rest += strcspn(rest, "\n") + 1)
        register_function(db, arena_strndup(arena, rest, strcspn(rest, "\n")));
}

/* Registers the function that an error message says is missing; false: it is another. */
static bool add_function(sqlite3 *db, struct map *added, struct arena *arena)
{
    static const char prefix[] = "no such function: ";
    const char *at = strstr(sqlite3_errmsg(db), prefix);
    char *name;

    if (at == NULL)
        return false;
    name = arena_strdup(arena, at + sizeof prefix - 1);
    if (map_get(added, name) != NULL)
        return false;
    map_put(arena, added, name, name);
    set_list(db, arena_printf(arena, "%s%s\n", scratch_functions(arena, db), name));
    return register_function(db, name);
}

sqlite3 *scratch_open(void)
{
    sqlite3 *db = NULL;

    if (sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                        NULL) != SQLITE_OK)
        out_of_memory();
    sqlite3_collation_needed(db, NULL, need_collation);
    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
    steps_limit(db, STEPS_MOST);
    sqlite3_exec(
        db,
        "PRAGMA page_size = 1024; PRAGMA foreign_keys = OFF; PRAGMA trusted_schema = ON",
        NULL, NULL, NULL);
    return db;
}

/* ---- running ---------------------------------------------------------------------- */

static int prepare(struct arena *arena, sqlite3 *db, const char *sql,
                   sqlite3_stmt **statement, const char **tail)
{
    struct map added = {0};
    int rc;

    do
        rc = sqlite3_prepare_v2(db, sql, -1, statement, tail);
    while (rc != SQLITE_OK && add_function(db, &added, arena));
    return rc;
}

static int run_one(struct arena *arena, sqlite3 *db, const char *sql, const char **tail)
{
    struct map added = {0};
    int rc;

    do {
        sqlite3_stmt *statement = NULL;

        rc = prepare(arena, db, sql, &statement, tail);
        if (rc != SQLITE_OK)
            return rc;
        while (statement != NULL && sqlite3_step(statement) == SQLITE_ROW)
            continue;
        rc = sqlite3_finalize(statement);
    } while (rc != SQLITE_OK && add_function(db, &added, arena));
    return rc;
}

static unsigned line_of(const char *text, const char *at)
{
    unsigned line = 1;

    for (; text < at; text++)
        line += *text == '\n';
    return line;
}

static const char *skip_blanks(const char *sql)
{
    while (*sql == ' ' || *sql == '\t' || *sql == '\n' || *sql == '\r' || *sql == '\f')
        sql++;
    return sql;
}

bool scratch_run(struct arena *arena, sqlite3 *db, const char *sql, const char **error)
{
    const char *at = skip_blanks(sql), *tail = at;

    while (*at != '\0') {
        if (run_one(arena, db, at, &tail) != SQLITE_OK) {
            *error = arena_printf(arena, "line %u: %s", line_of(sql, at),
                                  steps_message(arena, db));
            return false;
        }
        at = skip_blanks(tail);
    }
    return true;
}

static bool create(struct arena *arena, sqlite3 *db, const char *kind, const char *name,
                   const char *sql, const char **error)
{
    const char *tail;

    if (run_one(arena, db, sql, &tail) == SQLITE_OK)
        return true;
    *error = arena_printf(arena, "%s %s: %s", kind, name, steps_message(arena, db));
    return false;
}

static bool build_tables(struct arena *arena, sqlite3 *db,
                         const struct structure *structure, const char **error)
{
    size_t i;

    for (i = 0; i < structure->tables.count; i++) {
        const struct table_def *table = structure->tables.items[i];

        if (!create(arena, db, "table", table->name, table->text, error) &&
            !table->is_virtual)
            return false;
    }
    for (i = 0; i < structure->indexes.count; i++)
        if (!create(arena, db, "index", structure->indexes.items[i]->name,
                    structure->indexes.items[i]->text, error))
            return false;
    return true;
}

bool scratch_build(struct arena *arena, sqlite3 *db, const struct structure *structure,
                   bool programs, const char **error)
{
    size_t i;

    if (!build_tables(arena, db, structure, error))
        return false;
    for (i = 0; programs && i < structure->views.count; i++)
        if (!create(arena, db, "view", structure->views.items[i]->name,
                    structure->views.items[i]->text, error))
            return false;
    for (i = 0; programs && i < structure->triggers.count; i++)
        if (!create(arena, db, "trigger", structure->triggers.items[i]->name,
                    structure->triggers.items[i]->text, error))
            return false;
    return true;
}

struct structure *scratch_structure(struct arena *arena, const char *sql,
                                    const char **error)
{
    sqlite3 *db = scratch_open();
    struct structure *structure = NULL;

    if (scratch_run(arena, db, sql, error))
        structure = structure_read(arena, db, error);
    sqlite3_close(db);
    return structure;
}

/* ---- what does not compile -------------------------------------------------------- */

/* What only the application's own connection has is no fault of the schema's; nor is that
 * a view takes only the changes for which it has triggers. */
static bool is_foreign(const char *message)
{
    return strncmp(message, "no such function:", 17) == 0 ||
           strncmp(message, "no such collation sequence:", 27) == 0 ||
           strncmp(message, "no such module:", 15) == 0 ||
           strstr(message, "because it is a view") != NULL;
}

static const char *fault(struct arena *arena, sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    const char *message = NULL;

    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK &&
        !is_foreign(sqlite3_errmsg(db)))
        message = arena_strdup(arena, sqlite3_errmsg(db));
    sqlite3_finalize(statement);
    return message;
}

const char *scratch_view_fault(struct arena *arena, sqlite3 *db, const char *view)
{
    return fault(arena, db,
                 arena_printf(arena, "SELECT * FROM main.%s", name_sql(arena, view)));
}

/* "a = a, b = b": every column, so that every UPDATE OF trigger is compiled. */
static void add_assignments(struct arena *arena, sqlite3 *db, const char *table,
                            struct buf *out)
{
    sqlite3_stmt *statement = NULL;
    const char *separator = "";

    if (sqlite3_prepare_v2(db, "SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0",
                           -1, &statement, NULL) == SQLITE_OK) {
        sqlite3_bind_text(statement, 1, table, -1, SQLITE_STATIC);
        while (sqlite3_step(statement) == SQLITE_ROW) {
            const char *name =
                name_sql(arena, (const char *)sqlite3_column_text(statement, 0));

            buf_addf(out, "%s%s = %s", separator, name, name);
            separator = ", ";
        }
    }
    sqlite3_finalize(statement);
}

static const char *update_fault(struct arena *arena, sqlite3 *db, const char *table)
{
    struct buf sql;
    const char *message;

    buf_init(&sql);
    buf_addf(&sql, "EXPLAIN UPDATE main.%s SET ", name_sql(arena, table));
    add_assignments(arena, db, table, &sql);
    message = fault(arena, db, sql.data);
    buf_release(&sql);
    return message;
}

const char *scratch_change_fault(struct arena *arena, sqlite3 *db, const char *table,
                                 const char *event)
{
    const char *name = name_sql(arena, table);

    if (strcmp(event, "INSERT") == 0)
        return fault(
            arena, db,
            arena_printf(arena, "EXPLAIN INSERT INTO main.%s DEFAULT VALUES", name));
    if (strcmp(event, "DELETE") == 0)
        return fault(arena, db, arena_printf(arena, "EXPLAIN DELETE FROM main.%s", name));
    return update_fault(arena, db, table);
}
