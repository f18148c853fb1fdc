/*
 * catalog.h: what a database has that a query can name: tables, views, virtual tables, with
 * the facts about columns that typing needs. Read through SQLite, so that what SQLite makes
 * of a schema is what is believed. It must not know queries.
 */
#ifndef SQL_CATALOG_H
#define SQL_CATALOG_H

#include "../base/arena.h"
#include "../base/map.h"

#include <sqlite3.h>
#include <stdbool.h>

/* The storage classes that a value can have, NULL apart; a set of them. */
enum class {
    CLASS_INTEGER = 1,
    CLASS_REAL = 2,
    CLASS_TEXT = 4,
    CLASS_BLOB = 8,
    CLASS_OVERFLOW = 16, /* beside INTEGER: REAL where 64 bits were not enough */
    CLASS_NUMBER = CLASS_INTEGER | CLASS_REAL,
    CLASS_ANY = CLASS_INTEGER | CLASS_REAL | CLASS_TEXT | CLASS_BLOB
};

enum affinity {
    AFFINITY_NONE, /* of an expression: no affinity at all */
    AFFINITY_BLOB,
    AFFINITY_TEXT,
    AFFINITY_NUMERIC,
    AFFINITY_INTEGER,
    AFFINITY_REAL
};

struct catalog_table;

struct catalog_column {
    const char *name;
    const char *declared; /* the declared type, "" without */
    const char *semantic; /* bool, date, time, timestamp, json, uuid; NULL: none */
    const struct catalog_table *table;
    enum affinity affinity;
    unsigned classes; /* taking the declared type at its word; see catalog.c */
    bool not_null;
    bool says_not_null;  /* by NOT NULL, not by what it is */
    const char *because; /* why it is not null, or can be: "NOT NULL", "PRIMARY KEY …" */
    bool hidden;         /* of a virtual table: not in SELECT * */
    bool generated;
    bool has_default;
    bool is_rowid;
};

enum catalog_kind {
    CATALOG_TABLE,
    CATALOG_VIEW,
    CATALOG_VIRTUAL
};

struct catalog_table {
    const char *schema; /* main, temp, … */
    const char *name;
    enum catalog_kind kind;
    const char *sql; /* of a view: the whole CREATE VIEW; else NULL */
    bool strict, has_rowid, has_triggers;
    bool is_shadow; /* a virtual table keeps its data there */
    struct catalog_column *columns;
    size_t column_count;
    struct catalog_column rowid; /* rowid, oid, _rowid_: where has_rowid */

    struct relation *relation; /* the resolver's, once it looked at the table */
    bool busy;                 /* a view that is being resolved: it may name itself */
};

struct catalog {
    struct arena *arena;
    sqlite3 *db;
    VEC(struct catalog_table *) tables;
    struct map by_name;    /* key: lower case; and "schema.name" */
    bool failed;           /* SQLite would not say; see sqlite3_errmsg(db) */
    struct shapes *shapes; /* of table_shape.h, once it was asked */
};

/* Reads all tables of `db`, which must stay open as long as the catalog is used. */
bool catalog_read(struct catalog *catalog, struct arena *arena, sqlite3 *db);

/*
 * The table of that name; NULL: none. `schema` may be NULL. Virtual tables that exist
 * without being created (json_each, pragma_table_info) are looked up when first named.
 */
struct catalog_table *catalog_find(struct catalog *catalog, const char *schema,
                                   const char *name);

enum affinity catalog_affinity(const char *declared);
unsigned catalog_classes(const char *declared);
const char *catalog_semantic(const char *declared);

#endif
