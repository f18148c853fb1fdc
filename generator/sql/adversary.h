/*
 * adversary.h: random rows and random parameters against what infer.h says: a NULL or a
 * storage class that the inferred type excludes is a mistake of ours (or of the data: a
 * declared type that nothing enforces), shown with the row. All randomness comes from a
 * fixed seed, so the same schema and query always meet the same rows.
 */
#ifndef SQL_ADVERSARY_H
#define SQL_ADVERSARY_H

#include "infer.h"

struct adversary;

/* Binds a value that suits the type; false: it has none, and a random one is taken. */
typedef bool adversary_bind(struct adversary *adversary, sqlite3_stmt *statement,
                            int index, const struct type *type);

/* xorshift: the same on every machine. `state` is never 0. */
struct adversary {
    uint64_t state;
    adversary_bind *bind; /* for parameters, or NULL */
    void *context;        /* … of that function */
    int lists;    /* lists are list_table.h's, of so many values; -1: are a value */
    int steps;    /* after so many a statement is interrupted (steps.h) */
    bool stopped; /* the last one was */
};

void adversary_init(struct adversary *adversary, uint64_t seed);
uint64_t adversary_random(struct adversary *adversary);
size_t adversary_pick(struct adversary *adversary, size_t count);

/*
 * Empties all tables of `catalog` and gives each up to `rows` rows: values of the declared
 * types with their boundaries, NULL where a column takes it. Rows that a constraint refuses
 * are left out. Foreign keys are not looked at.
 */
void adversary_fill(struct adversary *adversary, sqlite3 *db,
                    const struct catalog *catalog, size_t rows);

/* True for the tables that adversary_fill() gives rows. */
bool adversary_fills(const struct catalog_table *table);

/*
 * Runs one statement with random parameters, inside a savepoint that is undone. False and
 * *error (its range is that of the column) where a value is not what was inferred. Errors
 * of execution (an overflow, a constraint) are no findings. Adds the rows seen to *seen.
 * Where a change was interrupted, SQLite has rolled back the whole transaction.
 */
bool adversary_try(struct adversary *adversary, struct arena *arena,
                   sqlite3_stmt *statement, const struct inferred *inferred, size_t *seen,
                   struct sql_error *error);

/* The same for SQL; what SQLite does not prepare is no finding. */
bool adversary_run(struct adversary *adversary, struct arena *arena, sqlite3 *db,
                   const char *sql, const struct inferred *inferred, size_t *seen,
                   struct sql_error *error);

/* A random value of these classes. */
void adversary_bind_random(struct adversary *adversary, sqlite3_stmt *statement,
                           int index, unsigned classes, const char *semantic);

/* Fills and runs a few times, the first time with empty tables; undoes all. */
bool adversary_attack(struct arena *arena, sqlite3 *db, const struct catalog *catalog,
                      const char *sql, const struct inferred *inferred,
                      struct sql_error *error);

#endif
