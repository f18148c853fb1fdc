/*
 * fuzz_advise.c: random schemas and queries for what stands around the resolver: tables.h
 * must name all tables that SQLite tells its authorizer of, advice must leave
 * the database as it was and be enough where it is followed, and nothing may crash.
 *
 *     fuzz_advise [--seconds N] [--seed N]
 *
 * Prints each failure as a script for sqlite3, and exits 1 where there was any.
 */
#include "fuzz_infer.h"

#include "sql/advise.h"
#include "sql/parse.h"
#include "sql/smells.h"
#include "sql/tables.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    QUERIES = 60, /* per schema */
    SEEN = 64
};

struct fuzzer {
    uint64_t seed;
    size_t queries, failures, advised, smelled, more;
    sqlite3 *db;
    struct catalog catalog;
    const char *sql;
};

static void fail(struct fuzzer *fuzzer, const char *message, const char *what)
{
    sqlite3_stmt *row = NULL;

    fuzzer->failures++;
    printf("-- seed %llu: %s %s\n", (unsigned long long)fuzzer->seed, message, what);
    sqlite3_prepare_v2(fuzzer->db, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL",
                       -1, &row, NULL);
    while (sqlite3_step(row) == SQLITE_ROW)
        printf("%s;\n", (const char *)sqlite3_column_text(row, 0));
    sqlite3_finalize(row);
    printf("%s;\n\n", fuzzer->sql);
}

static bool prepares(struct fuzzer *fuzzer, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    bool good = sqlite3_prepare_v2(fuzzer->db, sql, -1, &statement, NULL) == SQLITE_OK;

    sqlite3_finalize(statement);
    return good;
}

/* ---- tables -------------------------------------------------------------------------- */

struct seen {
    char names[SEEN][64];
    size_t count;
};

static int see(void *context, int action, const char *table, const char *b, const char *c,
               const char *d)
{
    struct seen *seen = context;
    size_t i;

    (void)b;
    (void)c;
    (void)d;
    if (action != SQLITE_READ || table == NULL)
        return SQLITE_OK;
    for (i = 0; i < seen->count; i++)
        if (sqlite3_stricmp(seen->names[i], table) == 0)
            return SQLITE_OK;
    if (seen->count < SEEN)
        snprintf(seen->names[seen->count++], sizeof *seen->names, "%s", table);
    return SQLITE_OK;
}

static bool is_used(const struct table_uses *uses, const char *name)
{
    size_t i;

    for (i = 0; i < uses->list.count; i++)
        if (sqlite3_stricmp(uses->list.items[i].table->name, name) == 0)
            return uses->list.items[i].reads;
    return false;
}

static void check_tables(struct fuzzer *fuzzer, struct arena *arena,
                         const struct statement *statement)
{
    struct table_uses uses;
    struct seen seen = {.count = 0};
    size_t i, matched = 0;

    tables_used(arena, &fuzzer->catalog, statement, &uses);
    sqlite3_set_authorizer(fuzzer->db, see, &seen);
    prepares(fuzzer, fuzzer->sql);
    sqlite3_set_authorizer(fuzzer->db, NULL, NULL);
    for (i = 0; i < seen.count; i++) {
        const struct catalog_table *table =
            catalog_find(&fuzzer->catalog, "main", seen.names[i]);

        if (table == NULL || table->kind != CATALOG_TABLE)
            continue;
        matched++;
        if (!is_used(&uses, seen.names[i]))
            fail(fuzzer, "SQLite reads, and we say nothing of", seen.names[i]);
    }
    /* SQLite leaves out what its optimizer sees that it will not read. */
    for (i = 0; i < uses.list.count; i++)
        matched -= uses.list.items[i].table->kind == CATALOG_TABLE;
    fuzzer->more += matched != 0;
}

/* ---- advice -------------------------------------------------------------------------- */

static int objects(struct fuzzer *fuzzer)
{
    sqlite3_stmt *row = NULL;
    int count;

    sqlite3_prepare_v2(fuzzer->db, "SELECT count(*) FROM sqlite_schema", -1, &row, NULL);
    sqlite3_step(row);
    count = sqlite3_column_int(row, 0);
    sqlite3_finalize(row);
    return count;
}

static void follow(struct fuzzer *fuzzer, struct arena *arena,
                   const struct advices *advices)
{
    size_t i, k;

    for (i = 0; i < advices->list.count; i++)
        for (k = 0; k < advices->list.items[i].indexes.count; k++) {
            const struct advised_index *index = &advices->list.items[i].indexes.items[k];
            const char *sql =
                arena_printf(arena, "CREATE INDEX advised_%zu_%zu ON \"%s\" (%s)", i, k,
                             index->table->table->name, advised_terms_sql(arena, index));

            fuzzer->advised++;
            if (sqlite3_exec(fuzzer->db, sql, NULL, NULL, NULL) != SQLITE_OK)
                fail(fuzzer, "what is advised is refused:", sql);
        }
}

static void check_advice(struct fuzzer *fuzzer, struct arena *arena,
                         struct statement *statement)
{
    const struct adviser adviser = {arena, &fuzzer->catalog, NULL, NULL};
    struct query_plan plan, better;
    struct advices advices;
    int before = objects(fuzzer);
    bool good = advise(&adviser, fuzzer->sql, statement, &plan, &advices);

    if (!good)
        fail(fuzzer, "no plan:", sqlite3_errmsg(fuzzer->db));
    if (objects(fuzzer) != before)
        fail(fuzzer, "an index is left behind", "");
    if (!good || advices.list.count == 0)
        return;
    sqlite3_exec(fuzzer->db, "SAVEPOINT s", NULL, NULL, NULL);
    follow(fuzzer, arena, &advices);
    query_plan_read(arena, fuzzer->db, fuzzer->sql, statement->range, &better);
    if (objects(fuzzer) > before && !query_plan_is_better(&better, &plan))
        fail(fuzzer, "the advice does not help", "");
    sqlite3_exec(fuzzer->db, "ROLLBACK TO s; RELEASE s", NULL, NULL, NULL);
}

/* ---- rounds -------------------------------------------------------------------------- */

static void check(struct fuzzer *fuzzer)
{
    struct arena arena = {0};
    struct advices smells = {0};
    struct inferred inferred;
    struct sql_error error = {0};
    struct statement *statement =
        parse_statement(&arena, fuzzer->sql, strlen(fuzzer->sql), 0, NULL, &error);

    if (statement != NULL &&
        infer_statement(&arena, &fuzzer->catalog, fuzzer->sql, strlen(fuzzer->sql),
                        statement, &inferred, &error)) {
        check_tables(fuzzer, &arena, statement);
        check_advice(fuzzer, &arena, statement);
        smells_find(&arena, &fuzzer->catalog, fuzzer->sql, statement, &smells);
        fuzzer->smelled += smells.list.count;
    }
    arena_release(&arena);
}

static void round_of(struct fuzzer *fuzzer)
{
    struct adversary chance;
    struct arena arena = {0};
    int i;

    sqlite3_open(":memory:", &fuzzer->db);
    adversary_init(&chance, fuzzer->seed);
    fuzz_schema(&chance, fuzzer->db);
    catalog_read(&fuzzer->catalog, &arena, fuzzer->db);
    for (i = 0; i < QUERIES; i++) {
        char *sql = fuzz_query(&chance, &fuzzer->catalog);

        fuzzer->sql = sql;
        if (prepares(fuzzer, sql)) {
            fuzzer->queries++;
            check(fuzzer);
        }
        free(sql);
    }
    sqlite3_close(fuzzer->db);
    arena_release(&arena);
}

int main(int argc, char **argv)
{
    struct fuzzer fuzzer = {.seed = 1};
    unsigned long long seconds = 10;
    time_t start = time(NULL);
    int i;

    for (i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--seconds") == 0)
            seconds = strtoull(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--seed") == 0)
            fuzzer.seed = strtoull(argv[i + 1], NULL, 10);
    }
    while ((unsigned long long)(time(NULL) - start) < seconds && fuzzer.failures < 20) {
        round_of(&fuzzer);
        fuzzer.seed++;
    }
    printf(
        "%zu queries (%zu name more tables than SQLite reads), %zu indexes advised, %zu "
        "smells, %zu failures; next seed %llu\n",
        fuzzer.queries, fuzzer.more, fuzzer.advised, fuzzer.smelled, fuzzer.failures,
        (unsigned long long)fuzzer.seed);
    return fuzzer.failures > 0;
}
