/*
 * chain_schema.h: a schema with ten migrations as the generator would emit it, written by
 * hand, for the tests of migrating: tables that are rebuilt, among them a parent whose
 * rows cascade, AUTOINCREMENT, WITHOUT ROWID, indexes, views, triggers, rows that are
 * changed, and a function. It must know no internals.
 */
#ifndef CHAIN_SCHEMA_H
#define CHAIN_SCHEMA_H

#include "../../runtime/quarry_emit.h"

enum {
    CHAIN_COUNT = 10,
    CHAIN_SLOTS = 4,
    CHAIN_CONTAINERS = 240 /* rows of the table after the second migration */
};

#define SQL(...)                                                                         \
    (const char *const[])                                                                \
    {                                                                                    \
        __VA_ARGS__, NULL                                                                \
    }

/* A function of the program: gives hosts a rank by their names. */
static inline quarry_status chain_rank_hosts(quarry_db *db, void *context)
{
    quarry_status status = quarry_begin(db);

    if (context != NULL)
        ++*(int *)context;
    if (status == QUARRY_OK)
        status =
            quarry_exec(db, "UPDATE hosts SET rank = (SELECT count(*) FROM hosts AS h"
                            " WHERE h.name < hosts.name)");
    if (status != QUARRY_OK) {
        quarry_rollback(db);
        return status;
    }
    return quarry_commit(db);
}

static const quarry_migration_step chain_up_1[] = {
    {"create table hosts",
     SQL("CREATE TABLE hosts (\n"
         "    id TEXT NOT NULL PRIMARY KEY,\n"
         "    name TEXT NOT NULL UNIQUE\n"
         ") STRICT"),
     NULL},
    {"create table containers",
     SQL("CREATE TABLE containers (\n"
         "    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,\n"
         "    host_id TEXT NOT NULL REFERENCES hosts (id) ON DELETE CASCADE,\n"
         "    name TEXT NOT NULL\n"
         ") STRICT",
         "CREATE INDEX containers_host ON containers (host_id)"),
     NULL},
};
static const quarry_migration_step chain_down_1[] = {
    {"drop table containers", SQL("DROP TABLE containers"), NULL},
    {"drop table hosts", SQL("DROP TABLE hosts"), NULL},
};

static const quarry_migration_step chain_up_2[] = {
    {"insert rows of hosts",
     SQL("INSERT INTO hosts (id, name) VALUES ('a', 'Alpha'), ('b', 'beta'),"
         " ('c', 'Gamma')"),
     NULL},
    {"insert rows of containers",
     SQL("INSERT INTO containers (host_id, name)\n"
         "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
         "250)\n"
         "SELECT substr('abc', 1 + i % 3, 1), 'container ' || i || ' of some length'\n"
         "  FROM n",
         "DELETE FROM containers WHERE id > 240"),
     NULL},
};
static const quarry_migration_step chain_down_2[] = {
    {"delete the rows",
     SQL("DELETE FROM hosts", "DELETE FROM sqlite_sequence WHERE name = 'containers'"),
     NULL},
};

static const quarry_migration_step chain_up_3[] = {
    {"add column containers.note", SQL("ALTER TABLE containers ADD COLUMN note TEXT"),
     NULL},
    {"create view placed",
     SQL("CREATE VIEW placed AS SELECT c.id, c.note, h.name FROM containers AS c"
         " JOIN hosts AS h ON h.id = c.host_id"),
     NULL},
};
static const quarry_migration_step chain_down_3[] = {
    {"drop view placed", SQL("DROP VIEW placed"), NULL},
    {"drop column containers.note", SQL("ALTER TABLE containers DROP COLUMN note"), NULL},
};

#define KEEP_COUNTER(old, new)                                                           \
    "INSERT INTO sqlite_sequence (name, seq) SELECT '" new "', 0 WHERE NOT EXISTS"       \
                                                           " (SELECT 1 FROM "            \
                                                           "sqlite_sequence WHERE name " \
                                                           "= '" new "')",               \
        "UPDATE sqlite_sequence SET seq = max(seq, ifnull((SELECT max(seq) FROM"         \
        " sqlite_sequence WHERE name = '" old "'), 0)) WHERE name = '" new "'"

static const quarry_migration_step chain_up_4[] = {
    {"add column containers.state, rebuild the table",
     SQL("PRAGMA legacy_alter_table = ON",
         "CREATE TABLE new_containers (\n"
         "    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,\n"
         "    host_id TEXT NOT NULL REFERENCES hosts (id) ON DELETE CASCADE,\n"
         "    name TEXT NOT NULL,\n"
         "    note TEXT,\n"
         "    state TEXT NOT NULL CHECK (state IN ('new', 'old'))\n"
         ") STRICT",
         "INSERT INTO new_containers (id, host_id, name, note, state)\n"
         "SELECT id, host_id, name, note, 'old' FROM containers",
         KEEP_COUNTER("containers", "new_containers"), "DROP TABLE containers",
         "ALTER TABLE new_containers RENAME TO containers",
         "PRAGMA legacy_alter_table = OFF",
         "CREATE INDEX containers_host ON containers (host_id)",
         "CREATE UNIQUE INDEX containers_name ON containers (name) WHERE state = 'old'"),
     NULL},
};
static const quarry_migration_step chain_down_4[] = {
    {"drop column containers.state, rebuild the table",
     SQL("PRAGMA legacy_alter_table = ON",
         "CREATE TABLE new_containers (\n"
         "    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,\n"
         "    host_id TEXT NOT NULL REFERENCES hosts (id) ON DELETE CASCADE,\n"
         "    name TEXT NOT NULL,\n"
         "    note TEXT\n"
         ") STRICT",
         "INSERT INTO new_containers (id, host_id, name, note)\n"
         "SELECT id, host_id, name, note FROM containers",
         KEEP_COUNTER("containers", "new_containers"), "DROP TABLE containers",
         "ALTER TABLE new_containers RENAME TO containers",
         "PRAGMA legacy_alter_table = OFF",
         "CREATE INDEX containers_host ON containers (host_id)"),
     NULL},
};

static const quarry_migration_step chain_up_5[] = {
    {"create table audit",
     SQL("CREATE TABLE audit (\n"
         "    container_id INTEGER NOT NULL,\n"
         "    what TEXT NOT NULL,\n"
         "    PRIMARY KEY (container_id, what)\n"
         ") STRICT, WITHOUT ROWID"),
     NULL},
    {"create trigger containers_noted",
     SQL("CREATE TRIGGER containers_noted AFTER UPDATE OF note ON containers BEGIN"
         " INSERT INTO audit VALUES (new.id, 'noted ' || new.note); END"),
     NULL},
    {"fill containers.note",
     SQL("UPDATE containers SET note = 'n' || id WHERE id % 5 = 0"), NULL},
};
static const quarry_migration_step chain_down_5[] = {
    {"drop trigger containers_noted", SQL("DROP TRIGGER containers_noted"), NULL},
    {"drop table audit", SQL("DROP TABLE audit"), NULL},
    {"empty containers.note", SQL("UPDATE containers SET note = NULL WHERE id % 5 = 0"),
     NULL},
};

static const quarry_migration_step chain_up_6[] = {
    {"add column hosts.rank", SQL("ALTER TABLE hosts ADD COLUMN rank INTEGER"), NULL},
    {"call chain_rank_hosts", NULL, chain_rank_hosts},
};
static const quarry_migration_step chain_down_6[] = {
    {"drop column hosts.rank", SQL("ALTER TABLE hosts DROP COLUMN rank"), NULL},
};

static const quarry_migration_step chain_up_7[] = {
    {"alter column hosts.name, rebuild the table",
     SQL("PRAGMA legacy_alter_table = ON",
         "CREATE TABLE new_hosts (\n"
         "    id TEXT NOT NULL PRIMARY KEY,\n"
         "    name TEXT NOT NULL COLLATE NOCASE UNIQUE,\n"
         "    rank INTEGER\n"
         ") STRICT",
         "INSERT INTO new_hosts (rowid, id, name, rank)\n"
         "SELECT rowid, id, name, rank FROM hosts",
         "DROP TABLE hosts", "ALTER TABLE new_hosts RENAME TO hosts",
         "PRAGMA legacy_alter_table = OFF"),
     NULL},
};
static const quarry_migration_step chain_down_7[] = {
    {"alter column hosts.name, rebuild the table",
     SQL("PRAGMA legacy_alter_table = ON",
         "CREATE TABLE new_hosts (\n"
         "    id TEXT NOT NULL PRIMARY KEY,\n"
         "    name TEXT NOT NULL UNIQUE,\n"
         "    rank INTEGER\n"
         ") STRICT",
         "INSERT INTO new_hosts (rowid, id, name, rank)\n"
         "SELECT rowid, id, name, rank FROM hosts",
         "DROP TABLE hosts", "ALTER TABLE new_hosts RENAME TO hosts",
         "PRAGMA legacy_alter_table = OFF"),
     NULL},
};

static const quarry_migration_step chain_up_8[] = {
    {"create table tags",
     SQL("CREATE TABLE tags (\n"
         "    container_id INTEGER NOT NULL REFERENCES containers (id) ON DELETE "
         "CASCADE,\n"
         "    tag TEXT NOT NULL,\n"
         "    PRIMARY KEY (container_id, tag)\n"
         ") STRICT, WITHOUT ROWID"),
     NULL},
    {"insert rows of tags",
     SQL("INSERT INTO tags SELECT id, 'tag ' || (id % 7) FROM containers"), NULL},
};
static const quarry_migration_step chain_down_8[] = {
    {"drop table tags", SQL("DROP TABLE tags"), NULL},
};

static const quarry_migration_step chain_up_9[] = {
    {"drop view placed", SQL("DROP VIEW placed"), NULL},
    {"rename column containers.note to remark",
     SQL("ALTER TABLE containers RENAME COLUMN note TO remark"), NULL},
    {"create view placed",
     SQL("CREATE VIEW placed AS SELECT c.id, c.remark, h.name FROM containers AS c"
         " JOIN hosts AS h ON h.id = c.host_id"),
     NULL},
};
static const quarry_migration_step chain_down_9[] = {
    {"drop view placed", SQL("DROP VIEW placed"), NULL},
    {"rename column containers.remark to note",
     SQL("ALTER TABLE containers RENAME COLUMN remark TO note"), NULL},
    {"create view placed",
     SQL("CREATE VIEW placed AS SELECT c.id, c.note, h.name FROM containers AS c"
         " JOIN hosts AS h ON h.id = c.host_id"),
     NULL},
};

static const quarry_migration_step chain_up_10[] = {
    {"add column tags.place, rebuild the table",
     SQL("PRAGMA legacy_alter_table = ON",
         "CREATE TABLE new_tags (\n"
         "    container_id INTEGER NOT NULL REFERENCES containers (id) ON DELETE "
         "CASCADE,\n"
         "    tag TEXT NOT NULL,\n"
         "    place INTEGER NOT NULL CHECK (place >= 0),\n"
         "    PRIMARY KEY (container_id, tag)\n"
         ") STRICT, WITHOUT ROWID",
         "INSERT INTO new_tags (container_id, tag, place)\n"
         "SELECT container_id, tag, container_id % 3 FROM tags",
         "DROP TABLE tags", "ALTER TABLE new_tags RENAME TO tags",
         "PRAGMA legacy_alter_table = OFF", "CREATE INDEX tags_place ON tags (place)"),
     NULL},
};
static const quarry_migration_step chain_down_10[] = {
    {"drop column tags.place, rebuild the table",
     SQL("PRAGMA legacy_alter_table = ON",
         "CREATE TABLE new_tags (\n"
         "    container_id INTEGER NOT NULL REFERENCES containers (id) ON DELETE "
         "CASCADE,\n"
         "    tag TEXT NOT NULL,\n"
         "    PRIMARY KEY (container_id, tag)\n"
         ") STRICT, WITHOUT ROWID",
         "INSERT INTO new_tags (container_id, tag) SELECT container_id, tag FROM tags",
         "DROP TABLE tags", "ALTER TABLE new_tags RENAME TO tags",
         "PRAGMA legacy_alter_table = OFF"),
     NULL},
};

#define STEPS(n)                                                                         \
    .up = chain_up_##n, .up_count = sizeof chain_up_##n / sizeof *chain_up_##n,          \
    .down = chain_down_##n, .down_count = sizeof chain_down_##n / sizeof *chain_down_##n

/* Versions have a gap, as they may. */
static const quarry_migration chain_migrations[CHAIN_COUNT] = {
    {.version = 1, .name = "initial", .checksum = "c01", STEPS(1)},
    {.version = 2, .name = "rows", .checksum = "c02", STEPS(2)},
    {.version = 3, .name = "notes", .checksum = "c03", STEPS(3)},
    {.version = 4,
     .name = "states",
     .checksum = "c04",
     STEPS(4),
     .up_foreign_keys_off = true,
     .down_foreign_keys_off = true},
    {.version = 5, .name = "audit", .checksum = "c05", STEPS(5)},
    {.version = 6, .name = "ranks", .checksum = "c06", STEPS(6)},
    {.version = 7,
     .name = "nocase",
     .checksum = "c07",
     STEPS(7),
     .up_foreign_keys_off = true,
     .down_foreign_keys_off = true},
    {.version = 8, .name = "tags", .checksum = "c08", STEPS(8)},
    {.version = 9, .name = "it's renamed", .checksum = "c09", STEPS(9)},
    {.version = 12,
     .name = "places",
     .checksum = "c12",
     STEPS(10),
     .destroys = true,
     .up_foreign_keys_off = true,
     .down_foreign_keys_off = true},
};

#undef STEPS
#undef KEEP_COUNTER

/* What the tables section of the schema would say. */
static const char *const chain_ddl[] = {
    "CREATE TABLE hosts (\n"
    "    id TEXT NOT NULL PRIMARY KEY,\n"
    "    name TEXT NOT NULL COLLATE NOCASE UNIQUE,\n"
    "    rank INTEGER\n"
    ") STRICT",
    "CREATE TABLE containers (\n"
    "    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,\n"
    "    host_id TEXT NOT NULL REFERENCES hosts (id) ON DELETE CASCADE,\n"
    "    name TEXT NOT NULL,\n"
    "    remark TEXT,\n"
    "    state TEXT NOT NULL CHECK (state IN ('new', 'old'))\n"
    ") STRICT",
    "CREATE TABLE audit (\n"
    "    container_id INTEGER NOT NULL,\n"
    "    what TEXT NOT NULL,\n"
    "    PRIMARY KEY (container_id, what)\n"
    ") STRICT, WITHOUT ROWID",
    "CREATE TABLE tags (\n"
    "    container_id INTEGER NOT NULL,\n"
    "    tag TEXT NOT NULL,\n"
    "    place INTEGER NOT NULL CHECK (place >= 0),\n"
    "    PRIMARY KEY (container_id, tag),\n"
    "    FOREIGN KEY (container_id) REFERENCES containers (id) ON DELETE CASCADE\n"
    ") STRICT, WITHOUT ROWID",
    "CREATE INDEX containers_host ON containers (host_id)",
    "CREATE UNIQUE INDEX containers_name ON containers (name) WHERE state = 'old'",
    "CREATE INDEX tags_place ON tags (place)",
    "CREATE VIEW placed AS SELECT c.id, c.remark, h.name FROM containers AS c"
    " JOIN hosts AS h ON h.id = c.host_id",
    "CREATE TRIGGER containers_noted AFTER UPDATE OF remark ON containers BEGIN"
    " INSERT INTO audit VALUES (new.id, 'noted ' || new.remark); END",
    NULL,
};

static const quarry_column chain_host_columns[] = {
    {.name = "id"}, {.name = "name"}, {.name = "rank", .fixed = true}};
static const quarry_row_type chain_host_type = {
    .table = "hosts", .columns = chain_host_columns, .column_count = 3, .key_column = -1};
static const quarry_row_type *const chain_tables[] = {&chain_host_type};

static const quarry_schema chain_schema = {
    .abi = QUARRY_ABI,
    .name = "chain",
    .environment = "CHAIN_",
    .version = 12,
    .fingerprint = "chain-fingerprint",
    .ddl = chain_ddl,
    .tables = chain_tables,
    .table_count = 1,
    .statement_count = CHAIN_SLOTS,
    .migrations = chain_migrations,
    .migration_count = CHAIN_COUNT,
};

/* The version after the first `position` migrations. */
static inline int chain_version(int position)
{
    return position == 0 ? 0 : chain_migrations[position - 1].version;
}

#endif
