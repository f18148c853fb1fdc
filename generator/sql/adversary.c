/*
 * adversary.c: see adversary.h.
 */
#include "adversary.h"

#include "list_table.h"

#include "../base/buf.h"
#include "../base/names.h"
#include "../base/steps.h"

#include <string.h>

enum {
    ROWS_SEEN = 1000
};

/* ---- chance -------------------------------------------------------------------------- */

void adversary_init(struct adversary *adversary, uint64_t seed)
{
    *adversary = (struct adversary){.lists = -1, .steps = STEPS_TRIAL};
    adversary->state = seed * 0x9E3779B97F4A7C15u + 0x2545F4914F6CDD1Du;
    if (adversary->state == 0)
        adversary->state = 1;
}

uint64_t adversary_random(struct adversary *adversary)
{
    uint64_t x = adversary->state;

    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    adversary->state = x;
    return x * 0x2545F4914F6CDD1Du >> 16;
}

size_t adversary_pick(struct adversary *adversary, size_t count)
{
    return (size_t)(adversary_random(adversary) % count);
}

/* ---- values -------------------------------------------------------------------------- */

/* Few different ones, so that joins and groups find partners. Nothing that becomes
 * infinite: infinity less infinity is NULL, which no type could ever exclude. */
static const int64_t integers[] = {0, 1, 2, 3, -1, 1, 2, 0, 7, 100, INT64_MAX, INT64_MIN};
static const double reals[] = {0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 1e10, 1.5};
static const char *const texts[] = {"",           "a",          "b",     "abc",
                                    "1",          "1.5",        "A%",    "NULL",
                                    "2022-02-28", "{\"a\": 1}", "[1,2]", "\xC3\xA9"};
static const char *const dates[] = {"2022-02-28", "1999-12-31 23:59:59", "0000-01-01"};
static const char *const blobs[] = {"", "a", "1", "\x01\x02", "\xFF"};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static enum class pick_class(struct adversary *adversary, unsigned classes) {
    static const enum class all[] = {CLASS_INTEGER, CLASS_REAL, CLASS_TEXT, CLASS_BLOB};
        enum class class;

        if ((classes & CLASS_ANY) == 0) return CLASS_INTEGER;
        do class = all[adversary_pick(adversary, COUNT(all))];
        while ((classes & class) == 0); return class;
}

static int64_t pick_integer(struct adversary *adversary, const char *semantic)
{
    if (semantic != NULL && strcmp(semantic, "bool") == 0)
        return (int64_t)adversary_pick(adversary, 2);
    return integers[adversary_pick(adversary, COUNT(integers))];
}

static const char *pick_text(struct adversary *adversary, const char *semantic)
{
    if (semantic != NULL && strcmp(semantic, "json") == 0)
        return adversary_pick(adversary, 2) == 0 ? "{\"a\": 1}" : "[1, null]";
    if (semantic != NULL && strcmp(semantic, "uuid") != 0)
        return dates[adversary_pick(adversary, COUNT(dates))];
    return texts[adversary_pick(adversary, COUNT(texts))];
}

void adversary_bind_random(struct adversary *adversary, sqlite3_stmt *statement,
                           int index, unsigned classes, const char *semantic)
{
    const char *text;

    switch (pick_class(adversary, classes)) {
    case CLASS_REAL:
        sqlite3_bind_double(statement, index,
                            reals[adversary_pick(adversary, COUNT(reals))]);
        break;
    case CLASS_TEXT:
        sqlite3_bind_text(statement, index, pick_text(adversary, semantic), -1,
                          SQLITE_STATIC);
        break;
    case CLASS_BLOB:
        text = blobs[adversary_pick(adversary, COUNT(blobs))];
        sqlite3_bind_blob(statement, index, text, (int)strlen(text), SQLITE_STATIC);
        break;
    default:
        sqlite3_bind_int64(statement, index, pick_integer(adversary, semantic));
        break;
    }
}

/* ---- rows ---------------------------------------------------------------------------- */

static void run_sql(sqlite3 *db, const char *sql)
{
    sqlite3_exec(db, sql, NULL, NULL, NULL);
}

static char *qualified(struct arena *arena, const struct catalog_table *table)
{
    return arena_printf(arena, "%s.%s", name_sql(arena, table->schema),
                        name_sql(arena, table->name));
}

static sqlite3_stmt *prepare_insert(struct arena *arena, sqlite3 *db,
                                    const struct catalog_table *table)
{
    sqlite3_stmt *statement = NULL;
    struct buf names, values;
    size_t i, count = 0;

    buf_init(&names);
    buf_init(&values);
    for (i = 0; i < table->column_count; i++) {
        if (table->columns[i].generated || table->columns[i].hidden)
            continue;
        buf_addf(&names, "%s%s", count == 0 ? "" : ", ",
                 name_sql(arena, table->columns[i].name));
        buf_adds(&values, count++ == 0 ? "?" : ", ?");
    }
    sqlite3_prepare_v2(db,
                       arena_printf(arena, "INSERT OR IGNORE INTO %s (%s) VALUES (%s)",
                                    qualified(arena, table), names.data, values.data),
                       -1, &statement, NULL);
    buf_release(&names);
    buf_release(&values);
    return statement;
}

static void insert_row(struct adversary *adversary, sqlite3_stmt *statement,
                       const struct catalog_table *table)
{
    int index = 0;
    size_t i;

    sqlite3_clear_bindings(statement);
    for (i = 0; i < table->column_count; i++) {
        const struct catalog_column *column = &table->columns[i];

        if (column->generated || column->hidden)
            continue;
        index++;
        if ((!column->not_null || column->is_rowid) && adversary_pick(adversary, 3) == 0)
            continue;
        adversary_bind_random(adversary, statement, index, column->classes,
                              column->semantic);
    }
    sqlite3_step(statement);
    sqlite3_reset(statement);
}

bool adversary_fills(const struct catalog_table *table)
{
    return table->kind != CATALOG_VIEW && !table->is_shadow &&
           strncmp(table->name, "sqlite_", 7) != 0 &&
           strncmp(table->name, "json_", 5) != 0 &&
           strncmp(table->name, "pragma_", 7) != 0;
}

static void fill_table(struct adversary *adversary, struct arena *arena, sqlite3 *db,
                       const struct catalog_table *table, size_t rows)
{
    sqlite3_stmt *statement;

    run_sql(db, arena_printf(arena, "DELETE FROM %s", qualified(arena, table)));
    statement = rows == 0 ? NULL : prepare_insert(arena, db, table);
    while (statement != NULL && rows-- > 0)
        insert_row(adversary, statement, table);
    sqlite3_finalize(statement);
}

void adversary_fill(struct adversary *adversary, sqlite3 *db,
                    const struct catalog *catalog, size_t rows)
{
    struct arena arena = {0};
    size_t i;

    for (i = 0; i < catalog->tables.count; i++)
        if (adversary_fills(catalog->tables.items[i]))
            fill_table(adversary, &arena, db, catalog->tables.items[i],
                       rows == 0 ? 0 : adversary_pick(adversary, rows + 1));
    arena_release(&arena);
}

/* ---- running ------------------------------------------------------------------------- */

static void bind_value(struct adversary *adversary, sqlite3_stmt *statement, int index,
                       const struct type *type)
{
    if (adversary->bind == NULL || !adversary->bind(adversary, statement, index, type))
        adversary_bind_random(adversary, statement, index, type->classes, type->semantic);
}

/* Values are bound to a statement that yields them. */
static void make_list(struct adversary *adversary, sqlite3 *db, const struct type *type,
                      struct list_values *list)
{
    sqlite3_stmt *value = NULL;

    if (sqlite3_prepare_v2(db, "SELECT ?1", -1, &value, NULL) != SQLITE_OK)
        return;
    while (list->count < (size_t)adversary->lists) {
        bind_value(adversary, value, 1, type);
        if (sqlite3_step(value) != SQLITE_ROW)
            break;
        list->values[list->count] = sqlite3_value_dup(sqlite3_column_value(value, 0));
        if (list->values[list->count++] == NULL)
            out_of_memory();
        sqlite3_reset(value);
    }
    sqlite3_finalize(value);
}

static void bind_parameters(struct adversary *adversary, sqlite3_stmt *statement,
                            const struct inferred *inferred, struct list_values *lists)
{
    size_t i;

    for (i = 0; i < inferred->parameter_count; i++) {
        const struct parameter *parameter = inferred->parameters[i];

        if (parameter->is_list && adversary->lists >= 0) {
            make_list(adversary, sqlite3_db_handle(statement), &parameter->type,
                      &lists[i]);
            list_bind(statement, parameter->index, &lists[i]);
        } else if (!parameter->can_be_null || adversary_pick(adversary, 4) != 0) {
            bind_value(adversary, statement, parameter->index, &parameter->type);
        }
    }
}

/*
 * What a change writes need not be of the declared type: where the table is not STRICT,
 * SQLite stores it all the same, and RETURNING computes with it. RETURNING of SQLite 3.40
 * also mixes up integers and reals. So only NULLs of columns are looked at.
 */
static bool is_written(const struct inferred *inferred, const struct type *type,
                       int observed)
{
    if (inferred->statement->kind == STATEMENT_SELECT)
        return false;
    return observed != SQLITE_NULL || (type->origin == NULL && inferred->writes_loosely);
}

static bool is_allowed(const struct type *type, int observed)
{
    switch (observed) {
    case SQLITE_NULL: return type->nullable;
    case SQLITE_INTEGER: return (type->classes & CLASS_INTEGER) != 0;
    case SQLITE_FLOAT: return (type->classes & (CLASS_REAL | CLASS_OVERFLOW)) != 0;
    case SQLITE_TEXT: return (type->classes & CLASS_TEXT) != 0;
    default: return (type->classes & CLASS_BLOB) != 0;
    }
}

/* A row as people can read it: id = 1, name = 'a', … */
static char *show_row(struct arena *arena, sqlite3_stmt *statement)
{
    struct buf out;
    char *shown;
    int i, count = sqlite3_column_count(statement);

    buf_init(&out);
    for (i = 0; i < count && out.length < 1000; i++) {
        const char *text = (const char *)sqlite3_column_text(statement, i);

        buf_addf(&out, "%s%s = %s", i == 0 ? "" : ", ", sqlite3_column_name(statement, i),
                 text == NULL ? "NULL" : text_sql(arena, text));
    }
    shown = arena_strndup(arena, out.data, out.length);
    buf_release(&out);
    return shown;
}

static bool check_row(struct arena *arena, sqlite3_stmt *statement,
                      const struct inferred *inferred, struct sql_error *error)
{
    static const char *const names[] = {"",       "an integer", "a real",
                                        "a text", "a blob",     "NULL"};
    size_t i;

    for (i = 0; i < inferred->columns->count; i++) {
        const struct output *column = &inferred->columns->columns[i];
        int observed = sqlite3_column_type(statement, (int)i);

        if (is_allowed(&column->type, observed) ||
            is_written(inferred, &column->type, observed))
            continue;
        *error = (struct sql_error){
            column->range,
            arena_printf(arena, "column `%s` is %s%s, but %s was found in: %s",
                         column->name, type_storage(&column->type),
                         column->type.nullable ? "?" : "", names[observed],
                         show_row(arena, statement)),
            NULL};
        return false;
    }
    return true;
}

static bool try_rows(struct arena *arena, sqlite3_stmt *statement,
                     const struct inferred *inferred, size_t *seen,
                     struct sql_error *error)
{
    int rows;

    for (rows = 0; rows < ROWS_SEEN && sqlite3_step(statement) == SQLITE_ROW; rows++) {
        if (!check_row(arena, statement, inferred, error))
            return false;
        (*seen)++;
    }
    return true;
}

bool adversary_try(struct adversary *adversary, struct arena *arena,
                   sqlite3_stmt *statement, const struct inferred *inferred, size_t *seen,
                   struct sql_error *error)
{
    sqlite3 *db = sqlite3_db_handle(statement);
    struct list_values *lists =
        ARENA_ARRAY(arena, struct list_values, inferred->parameter_count + 1);
    bool good;
    size_t i;

    run_sql(db, "SAVEPOINT quarry_adversary");
    sqlite3_clear_bindings(statement);
    bind_parameters(adversary, statement, inferred, lists);
    sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1); /* counts from 0 */
    steps_limit(db, adversary->steps);
    good = try_rows(arena, statement, inferred, seen, error);
    adversary->stopped = sqlite3_reset(statement) == SQLITE_INTERRUPT;
    steps_limit(db, 0);
    for (i = 0; i < inferred->parameter_count; i++)
        list_release(&lists[i]);
    run_sql(db, "ROLLBACK TO quarry_adversary; RELEASE quarry_adversary");
    return good;
}

bool adversary_run(struct adversary *adversary, struct arena *arena, sqlite3 *db,
                   const char *sql, const struct inferred *inferred, size_t *seen,
                   struct sql_error *error)
{
    sqlite3_stmt *statement = NULL;
    bool good = true;

    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK)
        good = adversary_try(adversary, arena, statement, inferred, seen, error);
    sqlite3_finalize(statement);
    return good;
}

bool adversary_attack(struct arena *arena, sqlite3 *db, const struct catalog *catalog,
                      const char *sql, const struct inferred *inferred,
                      struct sql_error *error)
{
    static const size_t rows[] = {0, 1, 2, 8, 8};
    struct adversary adversary;
    bool good = true;
    size_t seen = 0, i;

    adversary_init(&adversary, 1);
    run_sql(db, "SAVEPOINT quarry_attack");
    for (i = 0; good && i < COUNT(rows); i++) {
        adversary_fill(&adversary, db, catalog, rows[i]);
        good = adversary_run(&adversary, arena, db, sql, inferred, &seen, error);
    }
    run_sql(db, "ROLLBACK TO quarry_attack; RELEASE quarry_attack");
    return good;
}
