/*
 * fuzz_infer.c: the differential fuzzer of the resolver: random schemas, random rows, random
 * queries. What SQLite prepares must be parsed and resolved, with the same columns and
 * names, and no value that comes out may be one that the inferred type excludes.
 *
 *     fuzz_infer [--seconds N] [--seed N] [--rounds N] [--failures N] [--verbose]
 *
 * Prints each failure as a script for sqlite3, and exits 1 where there was any; stops at 20
 * failures, or N.
 */
#include "fuzz_infer.h"

#include "base/buf.h"
#include "sql/adversary.h"
#include "sql/referee_query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    QUERIES = 60, /* per schema */
    FILLS = 4     /* per query */
};

struct fuzzer {
    uint64_t seed;
    size_t rounds, queries, refused, rows, failures, columns, nullable, untyped;
    bool verbose;
    const char *sql; /* what runs; and that with what was bound, to be freed */
    char *expanded;
};

/* Virtual tables make those that they keep their rows in themselves. */
static void print_schema(sqlite3 *db)
{
    sqlite3_stmt *statement = NULL;

    sqlite3_prepare_v2(db,
                       "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL "
                       "AND name NOT LIKE 'f1!_%' ESCAPE '!'",
                       -1, &statement, NULL);
    while (sqlite3_step(statement) == SQLITE_ROW)
        printf("%s;\n", (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
}

/* As .dump of the shell does. */
static void print_rows(sqlite3 *db, const struct catalog_table *table)
{
    struct buf names, sql;
    sqlite3_stmt *statement = NULL;
    size_t i;

    buf_init(&names);
    buf_init(&sql);
    for (i = 0; i < table->column_count; i++) {
        const struct catalog_column *column = &table->columns[i];

        if (column->generated || column->hidden)
            continue;
        buf_addf(&sql, "%squote(\"%s\")", sql.length == 0 ? "SELECT " : "||', '||",
                 column->name);
        buf_addf(&names, "%s\"%s\"", names.length == 0 ? "" : ", ", column->name);
    }
    buf_addf(&sql, " FROM %s", table->name);
    sqlite3_prepare_v2(db, sql.data, -1, &statement, NULL);
    while (sqlite3_step(statement) == SQLITE_ROW)
        printf("INSERT INTO %s (%s) VALUES (%s);\n", table->name, names.data,
               (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    buf_release(&names);
    buf_release(&sql);
}

/* Remembers the statement with what is bound to it. */
static int remember(unsigned what, void *context, void *statement, void *text)
{
    struct fuzzer *fuzzer = context;
    const char *sql = sqlite3_sql(statement);

    (void)what;
    (void)text;
    if (fuzzer->sql != NULL && sql != NULL && strcmp(sql, fuzzer->sql) == 0) {
        sqlite3_free(fuzzer->expanded);
        fuzzer->expanded = sqlite3_expanded_sql(statement);
    }
    return 0;
}

static void fail(struct fuzzer *fuzzer, sqlite3 *db, const char *sql, const char *message)
{
    fuzzer->failures++;
    printf("-- seed %llu: %s\n", (unsigned long long)fuzzer->seed, message);
    print_schema(db);
    printf("%s;\n", sql);
    fflush(stdout);
}

static void fail_run(struct fuzzer *fuzzer, sqlite3 *db, const struct catalog *catalog,
                     const char *sql, const char *message)
{
    size_t i;

    fail(fuzzer, db, sql, message);
    for (i = 0; i < catalog->tables.count; i++)
        if (adversary_fills(catalog->tables.items[i]))
            print_rows(db, catalog->tables.items[i]);
    if (fuzzer->expanded != NULL)
        printf("%s;\n", fuzzer->expanded);
    fflush(stdout);
}

static bool sqlite_accepts(sqlite3 *db, const char *sql)
{
    struct arena arena = {0};
    sqlite3_stmt *statement = NULL;
    bool good = sqlite3_prepare_v2(db, infer_plain_sql(&arena, sql, strlen(sql)), -1,
                                   &statement, NULL) == SQLITE_OK;

    sqlite3_finalize(statement);
    arena_release(&arena);
    return good;
}

static void count_columns(struct fuzzer *fuzzer, const struct inferred *inferred)
{
    size_t i;

    for (i = 0; i < inferred->columns->count; i++) {
        fuzzer->columns++;
        fuzzer->nullable += inferred->columns->columns[i].type.nullable;
        fuzzer->untyped +=
            strcmp(type_storage(&inferred->columns->columns[i].type), "any") == 0;
    }
}

/*
 * SQLite does not look at names where it knows before that the value is not needed: ON beside
 * a constant WHERE, and DO UPDATE where there can be no conflict. We do.
 */
static bool has_unseen(const char *sql)
{
    return strstr(sql, "ON 0") != NULL || strstr(sql, "WHERE 0") != NULL ||
           strstr(sql, "0 AND") != NULL || strstr(sql, "AND 0") != NULL ||
           strstr(sql, "IN ()") != NULL || strstr(sql, "DO UPDATE SET") != NULL;
}

static bool is_of_unseen(const struct catalog *catalog, const char *sql,
                         const struct sql_error *error)
{
    static const char *const names[] = {"no column `", "no table `",
                                        "must be in the tables on both sides",
                                        "could be a column of two tables"};
    bool found = false;
    size_t i;

    for (i = 0; i < sizeof names / sizeof *names; i++)
        found = found || strstr(error->message, names[i]) != NULL;
    if (!found || strncmp(error->message, "view `", 6) != 0)
        return found && has_unseen(sql);
    for (i = 0; i < catalog->tables.count; i++)
        if (catalog->tables.items[i]->kind == CATALOG_VIEW &&
            has_unseen(catalog->tables.items[i]->sql))
            return true;
    return false;
}

/* A list of none, one and two values in place of each `:l...`, whose dots are blanks. */
static const char *with_lists(struct arena *arena, const char *plain, size_t count)
{
    static const char *const lists[] = {"(SELECT %.2s WHERE 0)", "(%.2s)",
                                        "(%.2s, %.2s)"};
    struct buf out;
    const char *at, *sql;

    if (strstr(plain, "   )") == NULL)
        return plain;
    buf_init(&out);
    for (at = strchr(plain, '('); at != NULL; at = strchr(at + 1, '(')) {
        bool list = at[1] == ':' && strncmp(at + 3, "   )", 4) == 0;

        buf_add(&out, plain, (size_t)(at - plain) + !list);
        if (list)
            buf_addf(&out, lists[count], at + 1, at + 1);
        plain = at + (list ? 7 : 1);
    }
    buf_adds(&out, plain);
    sql = arena_strndup(arena, out.data, out.length);
    buf_release(&out);
    return sql;
}

static void attack(struct fuzzer *fuzzer, struct adversary *adversary, sqlite3 *db,
                   struct catalog *catalog, const char *sql)
{
    struct arena arena = {0};
    struct sql_error error = {0};
    struct inferred inferred;
    const char *plain;
    struct statement *statement =
        parse_statement(&arena, sql, strlen(sql), 0, NULL, &error);
    size_t i;

    if (statement == NULL || !infer_statement(&arena, catalog, sql, strlen(sql),
                                              statement, &inferred, &error)) {
        if (!is_of_unseen(catalog, sql, &error))
            fail(fuzzer, db, sql, error.message);
        arena_release(&arena);
        return;
    }
    if (!referee_query(&arena, db, sql, statement->range, &inferred, &error)) {
        fail(fuzzer, db, sql, error.message);
        arena_release(&arena);
        return;
    }
    count_columns(fuzzer, &inferred);
    plain = infer_plain_sql(&arena, sql, strlen(sql));
    for (i = 0; i < FILLS; i++) {
        size_t before = fuzzer->rows;

        adversary_fill(adversary, db, catalog, i == 0 ? 0 : i * 2);
        fuzzer->sql = with_lists(&arena, plain, i % 3);
        if (!adversary_run(adversary, &arena, db, fuzzer->sql, &inferred, &fuzzer->rows,
                           &error)) {
            fail_run(fuzzer, db, catalog, sql, error.message);
            break;
        }
        if (inferred.at_most_one && fuzzer->rows > before + 1) {
            fail_run(fuzzer, db, catalog, sql, "more than one row came out");
            break;
        }
    }
    fuzzer->sql = NULL;
    arena_release(&arena);
}

static void round_of(struct fuzzer *fuzzer)
{
    struct adversary adversary;
    struct arena arena = {0};
    struct catalog catalog;
    sqlite3 *db = NULL;
    int i;

    sqlite3_open(":memory:", &db);
    sqlite3_trace_v2(db, SQLITE_TRACE_STMT, remember, fuzzer);
    adversary_init(&adversary, fuzzer->seed);
    fuzz_schema(&adversary, db);
    if (!catalog_read(&catalog, &arena, db))
        fail(fuzzer, db, "", sqlite3_errmsg(db));
    for (i = 0; i < QUERIES; i++) {
        char *sql = fuzz_query(&adversary, &catalog);

        fuzzer->queries++;
        if (fuzzer->verbose)
            printf("%s\n", sql);
        if (sqlite_accepts(db, sql))
            attack(fuzzer, &adversary, db, &catalog, sql);
        else
            fuzzer->refused++;
        if (fuzzer->verbose && !sqlite_accepts(db, sql))
            printf("    %s\n", sqlite3_errmsg(db));
        free(sql);
    }
    sqlite3_close(db);
    arena_release(&arena);
    fuzzer->rounds++;
}

int main(int argc, char **argv)
{
    struct fuzzer fuzzer = {.seed = 1};
    unsigned long long seconds = 10, rounds = 0, failures = 20;
    time_t start = time(NULL);
    int i;

    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--seconds") == 0 && i + 1 < argc)
            seconds = strtoull(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--seed") == 0 && i + 1 < argc)
            fuzzer.seed = strtoull(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--rounds") == 0 && i + 1 < argc)
            rounds = strtoull(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--failures") == 0 && i + 1 < argc)
            failures = strtoull(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--verbose") == 0)
            fuzzer.verbose = true;
    }
    while (rounds > 0 ? fuzzer.rounds < rounds
                      : (unsigned long long)(time(NULL) - start) < seconds) {
        round_of(&fuzzer);
        fuzzer.seed++;
        if (fuzzer.failures >= failures)
            break;
    }
    printf("%zu schemas, %zu queries (%zu refused by SQLite), %zu rows, %zu columns (%zu "
           "nullable, %zu any), %zu failures; next seed %llu\n",
           fuzzer.rounds, fuzzer.queries, fuzzer.refused, fuzzer.rows, fuzzer.columns,
           fuzzer.nullable, fuzzer.untyped, fuzzer.failures,
           (unsigned long long)fuzzer.seed);
    sqlite3_free(fuzzer.expanded);
    return fuzzer.failures > 0;
}
