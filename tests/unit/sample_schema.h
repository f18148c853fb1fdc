/*
 * sample_schema.h: a small schema as the generator would emit it, written by hand, for
 * the tests of the runtime. Two tables: hosts (text key, unique name, checks) and
 * containers (assigned integer key, foreign key, composite unique). It must know no
 * internals.
 */
#ifndef SAMPLE_SCHEMA_H
#define SAMPLE_SCHEMA_H

#include "../../runtime/quarry_emit.h"

#include <string.h>

typedef struct sample_host {
    const char *id;
    const char *name;
    int64_t port;
    quarry_opt_double load;
} sample_host;

typedef struct sample_container {
    int64_t id;
    const char *host_id;
    const char *name;
    const char *note;
    quarry_blob data;
} sample_container;

enum {
    SAMPLE_HOST_INSERT,
    SAMPLE_HOST_GET,
    SAMPLE_HOST_UPDATE,
    SAMPLE_HOST_DELETE,
    SAMPLE_HOST_LIST,
    SAMPLE_CONTAINER_INSERT,
    SAMPLE_CONTAINER_GET,
    SAMPLE_CONTAINER_UPDATE,
    SAMPLE_CONTAINER_DELETE,
    SAMPLE_CONTAINER_LIST,
    SAMPLE_SLOTS = 40 /* the rest is for the tests */
};

static const char *const sample_ddl[] = {
    "CREATE TABLE hosts (\n"
    "    id TEXT NOT NULL PRIMARY KEY,\n"
    "    name TEXT NOT NULL UNIQUE,\n"
    "    port INTEGER NOT NULL DEFAULT 2375,\n"
    "    load REAL,\n"
    "    CONSTRAINT hosts_port_range CHECK (port BETWEEN 1 AND 65535),\n"
    "    CONSTRAINT hosts_sane CHECK (length(id) + length(name) > 0)\n"
    ") STRICT",
    "CREATE TABLE containers (\n"
    "    id INTEGER NOT NULL PRIMARY KEY,\n"
    "    host_id TEXT NOT NULL,\n"
    "    name TEXT NOT NULL,\n"
    "    note TEXT,\n"
    "    data BLOB NOT NULL,\n"
    "    CONSTRAINT containers_host FOREIGN KEY (host_id) REFERENCES hosts (id),\n"
    "    UNIQUE (host_id, name)\n"
    ") STRICT",
    "CREATE INDEX containers_note ON containers (note COLLATE NOCASE, name DESC)",
    NULL,
};

static const quarry_column sample_host_columns[] = {
    {.name = "id"}, {.name = "name"}, {.name = "port"}, {.name = "load"}};

static const quarry_check_name sample_host_checks[] = {{"hosts_port_range", 2},
                                                       {"hosts_sane", -1}};

static const quarry_column sample_container_columns[] = {{.name = "id"},
                                                         {.name = "host_id"},
                                                         {.name = "name"},
                                                         {.name = "note"},
                                                         {.name = "data"}};

static const int sample_container_host_columns[] = {1};
static const char *const sample_container_host_parent[] = {"id"};
static const quarry_foreign_key sample_container_keys[] = {
    {.name = "containers_host",
     .columns = sample_container_host_columns,
     .parent = "hosts",
     .parent_columns = sample_container_host_parent,
     .count = 1}};

static inline void sample_host_bind(quarry_stmt *stmt, const void *of)
{
    const sample_host *row = of;

    quarry_bind_text(stmt, 1, row->id);
    quarry_bind_text(stmt, 2, row->name);
    quarry_bind_int64(stmt, 3, row->port);
    quarry_bind_opt_double(stmt, 4, row->load);
}

static inline void sample_host_read(quarry_reader *reader, void *to)
{
    sample_host *row = to;

    row->id = quarry_read_text(reader, 0);
    row->name = quarry_read_text(reader, 1);
    row->port = quarry_read_int64(reader, 2);
    row->load = quarry_read_opt_double(reader, 3);
}

static inline void sample_container_bind(quarry_stmt *stmt, const void *of)
{
    const sample_container *row = of;

    quarry_bind_key(stmt, 1, row->id);
    quarry_bind_text(stmt, 2, row->host_id);
    quarry_bind_text(stmt, 3, row->name);
    quarry_bind_text(stmt, 4, row->note);
    quarry_bind_blob(stmt, 5, row->data);
}

static inline void sample_container_read(quarry_reader *reader, void *to)
{
    sample_container *row = to;

    row->id = quarry_read_int64(reader, 0);
    row->host_id = quarry_read_text(reader, 1);
    row->name = quarry_read_text(reader, 2);
    row->note = quarry_read_opt_text(reader, 3);
    row->data = quarry_read_blob(reader, 4);
}

static const quarry_row_type sample_host_type = {
    .table = "hosts",
    .columns = sample_host_columns,
    .column_count = 4,
    .key_column = -1,
    .size = sizeof(sample_host),
    .bind = sample_host_bind,
    .read = sample_host_read,
    .checks = sample_host_checks,
    .check_count = 2,
};

static const quarry_row_type sample_container_type = {
    .table = "containers",
    .columns = sample_container_columns,
    .column_count = 5,
    .key_column = 0,
    .size = sizeof(sample_container),
    .assigns_key = true,
    .key_offset = offsetof(sample_container, id),
    .bind = sample_container_bind,
    .read = sample_container_read,
    .foreign_keys = sample_container_keys,
    .foreign_key_count = 1,
};

static const quarry_row_type *const sample_tables[] = {&sample_host_type,
                                                       &sample_container_type};

static const quarry_schema sample_schema = {
    .abi = QUARRY_ABI,
    .name = "sample",
    .environment = "SAMPLE_",
    .version = 1,
    .fingerprint = "sample-fingerprint-1",
    .ddl = sample_ddl,
    .tables = sample_tables,
    .table_count = 2,
    .statement_count = SAMPLE_SLOTS,
};

/* An open in-memory database with the sample schema, or NULL. */
static inline quarry_db *sample_open(void)
{
    quarry_options options;
    quarry_db *db = NULL;

    quarry_options_init(&options);
    options.ignore_environment = true;
    if (quarry_open(&sample_schema, ":memory:", &options, &db) != QUARRY_OK) {
        quarry_close(db);
        return NULL;
    }
    return db;
}

static inline quarry_status sample_host_insert(quarry_db *db, sample_host *row)
{
    quarry_stmt *stmt = quarry_prepare(
        db, SAMPLE_HOST_INSERT,
        "INSERT INTO hosts (id, name, port, load) VALUES (?1, ?2, ?3, ?4)");

    sample_host_bind(stmt, row);
    return quarry_run_insert(stmt, &sample_host_type, row);
}

static inline quarry_status sample_host_delete(quarry_db *db, const char *id)
{
    quarry_stmt *stmt = quarry_prepare_delete(
        db, SAMPLE_HOST_DELETE, "DELETE FROM hosts WHERE id = ?1", &sample_host_type);

    quarry_bind_text(stmt, 1, id);
    return quarry_run_change(stmt, &sample_host_type, NULL);
}

static inline quarry_status sample_container_insert(quarry_db *db, sample_container *row)
{
    quarry_stmt *stmt =
        quarry_prepare(db, SAMPLE_CONTAINER_INSERT,
                       "INSERT INTO containers (id, host_id, name, note, data)"
                       " VALUES (?1, ?2, ?3, ?4, ?5)");

    sample_container_bind(stmt, row);
    return quarry_run_insert(stmt, &sample_container_type, row);
}

#endif
