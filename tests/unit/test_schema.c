/*
 * test_schema.c: a new database gets the schema's tables, any other is compared with
 * them. Each way in which a file can differ is made with SQLite's own statements and must
 * be named; each way that does not matter must pass.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../runtime/internal.h"
#include "sample_schema.h"
#include "temp_file.h"

static char path[TEMP_PATH_SIZE];

static int make_path(void **state)
{
    (void)state;
    temp_path(path);
    return 0;
}

static int remove_path(void **state)
{
    (void)state;
    temp_remove(path);
    return 0;
}

static quarry_options plain(void)
{
    quarry_options options;

    quarry_options_init(&options);
    options.ignore_environment = true;
    return options;
}

static void run(const char *sql)
{
    sqlite3 *handle = NULL;
    char *error = NULL;

    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    if (sqlite3_exec(handle, sql, NULL, NULL, &error) != SQLITE_OK)
        fail_msg("%s: %s", error, sql);
    sqlite3_close(handle);
}

static int64_t ask(const char *sql)
{
    sqlite3 *handle = NULL;
    sqlite3_stmt *stmt = NULL;
    int64_t value;

    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(handle, sql, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    value = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    sqlite3_close(handle);
    return value;
}

static quarry_status open_with(const quarry_schema *schema, const quarry_options *options,
                               const char *message)
{
    quarry_db *db = NULL;
    const quarry_status status = quarry_open(schema, path, options, &db);

    if (status != QUARRY_OK && strstr(quarry_last_error(db)->message, message) == NULL)
        fail_msg("got: %s", quarry_last_error(db)->message);
    quarry_close(db);
    return status;
}

static quarry_status open_sample(const char *message)
{
    const quarry_options options = plain();

    return open_with(&sample_schema, &options, message);
}

/* ---- creating ------------------------------------------------------------------- */

static void test_creates_and_remembers(void **state)
{
    (void)state;
    assert_int_equal(open_sample(""), QUARRY_OK);
    assert_int_equal(ask("SELECT count(*) FROM sqlite_schema WHERE name IN"
                         " ('hosts', 'containers', 'containers_note')"),
                     3);
    assert_int_equal(ask("PRAGMA user_version"), 1);
    assert_int_equal(ask("SELECT cookie = (SELECT schema_version FROM"
                         " pragma_schema_version) AND fingerprint ="
                         " 'sample-fingerprint-1' AND version = 1 FROM quarry_schema"
                         " WHERE name = 'sample'"),
                     1);
    assert_int_equal(open_sample(""), QUARRY_OK);
}

/* What was found right is not compared again: a lie in the row is believed. */
static void test_known_file_is_not_compared(void **state)
{
    (void)state;
    assert_int_equal(open_sample(""), QUARRY_OK);
    run("DROP TABLE containers; UPDATE quarry_schema SET cookie ="
        " (SELECT schema_version FROM pragma_schema_version)");
    assert_int_equal(open_sample(""), QUARRY_OK);
    run("UPDATE quarry_schema SET cookie = cookie - 1");
    assert_int_equal(open_sample("table containers: is missing"), QUARRY_DRIFT);
}

static void test_bad_ddl_leaves_nothing(void **state)
{
    static const char *const ddl[] = {"CREATE TABLE a (x)", "CREATE TABLE b (", NULL};
    const quarry_options options = plain();
    quarry_schema bad = sample_schema;

    (void)state;
    bad.ddl = ddl;
    assert_int_equal(open_with(&bad, &options, "incomplete input"), QUARRY_ERROR);
    assert_int_equal(ask("SELECT count(*) FROM sqlite_schema"), 0);
    assert_int_equal(open_sample(""), QUARRY_OK);
}

static void test_empty_and_read_only(void **state)
{
    quarry_options options = plain();

    (void)state;
    run("PRAGMA user_version = 0; VACUUM");
    options.read_only = true;
    assert_int_equal(open_with(&sample_schema, &options, "has no tables"), QUARRY_DRIFT);
    assert_int_equal(open_sample(""), QUARRY_OK);
    assert_int_equal(open_with(&sample_schema, &options, ""), QUARRY_OK);
}

/* ---- versions ------------------------------------------------------------------- */

static void test_newer(void **state)
{
    (void)state;
    assert_int_equal(open_sample(""), QUARRY_OK);
    run("PRAGMA user_version = 2");
    assert_int_equal(open_sample("version 2 of the schema"), QUARRY_NEWER);
    run("PRAGMA user_version = 1; UPDATE quarry_schema SET version = 7");
    assert_int_equal(open_sample("version 7 of the schema"), QUARRY_NEWER);
    run("UPDATE quarry_schema SET version = 1");
    assert_int_equal(open_sample(""), QUARRY_OK);
    run("PRAGMA user_version = 2147483647");
    assert_int_equal(open_sample("version 2147483647"), QUARRY_NEWER);
}

static void test_newer_before_anything_is_written(void **state)
{
    (void)state;
    run("PRAGMA user_version = 9");
    assert_int_equal(open_sample("version 9"), QUARRY_NEWER);
    assert_int_equal(ask("SELECT count(*) FROM sqlite_schema"), 0);
}

static void test_same_tables_of_a_later_version(void **state)
{
    const quarry_options options = plain();
    quarry_schema later = sample_schema;

    (void)state;
    assert_int_equal(open_sample(""), QUARRY_OK);
    later.version = 2;
    later.fingerprint = "other";
    assert_int_equal(open_with(&later, &options, ""), QUARRY_OK);
    assert_int_equal(ask("PRAGMA user_version"), 2);
    assert_int_equal(ask("SELECT fingerprint = 'other' AND version = 2"
                         " FROM quarry_schema"),
                     1);
    assert_int_equal(open_sample("version 2"), QUARRY_NEWER);
}

/* ---- adopting ------------------------------------------------------------------- */

/* The sample's tables as another hand would have written them. */
static const char by_hand[] =
    "create table [HOSTS](\"ID\" text not null primary key, -- the key\n"
    " `name` TEXT NOT NULL UNIQUE, port integer not null default 2375, load real,\n"
    " constraint hosts_port_range check(port between 1 and 65535), /* ports */\n"
    " constraint hosts_sane check(length(id)+length(name)>0)) strict;"
    "CREATE TABLE containers (id INTEGER NOT NULL PRIMARY KEY, host_id TEXT NOT NULL,"
    " name TEXT NOT NULL, note TEXT, data BLOB NOT NULL,"
    " CONSTRAINT containers_host FOREIGN KEY (host_id) REFERENCES hosts (id),"
    " UNIQUE (host_id, name)) STRICT;"
    "CREATE INDEX containers_note ON containers(note collate nocase, name DESC);";

static void test_adopts_what_is_the_same(void **state)
{
    quarry_options options = plain();

    (void)state;
    run(by_hand);
    options.read_only = true;
    assert_int_equal(open_with(&sample_schema, &options, ""), QUARRY_OK);
    assert_int_equal(open_sample(""), QUARRY_OK);
    assert_int_equal(ask("SELECT count(*) FROM quarry_schema"), 1);
}

static void test_adopts_without_waiting_for_a_writer(void **state)
{
    quarry_options options = plain();
    sqlite3 *writer = NULL;

    (void)state;
    run(by_hand);
    run("PRAGMA journal_mode = WAL");
    assert_int_equal(sqlite3_open(path, &writer), SQLITE_OK);
    sqlite3_exec(writer, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    options.busy_timeout_ms = 1000000;
    assert_int_equal(open_with(&sample_schema, &options, ""), QUARRY_OK);
    sqlite3_close(writer);
}

static void test_other_tables(void **state)
{
    (void)state;
    run("CREATE TABLE notes (x)");
    assert_int_equal(open_sample("holds other tables and none of schema sample"),
                     QUARRY_DRIFT);
    assert_int_equal(ask("SELECT count(*) FROM sqlite_schema"), 1);
}

static void test_unchecked(void **state)
{
    quarry_options options = plain();

    (void)state;
    run("CREATE TABLE hosts (x)");
    options.check_schema = false;
    assert_int_equal(open_with(&sample_schema, &options, ""), QUARRY_OK);
    assert_int_equal(open_sample("hosts"), QUARRY_DRIFT);
}

/* ---- differences ---------------------------------------------------------------- */

struct change {
    const char *name;
    const char *from;    /* of by_hand … */
    const char *to;      /* … replaced by this */
    const char *message; /* NULL: no difference */
};

static const struct change changes[] = {
    {"type", "port integer", "port TEXT",
     "column hosts.port: declared TEXT, the schema says INTEGER"},
    {"not null", "name TEXT NOT NULL, note", "name TEXT, note",
     "column containers.name: declared nullable, the schema says NOT NULL"},
    {"default", "default 2375", "default 2376",
     "column hosts.port: declared DEFAULT 2376, the schema says DEFAULT 2375"},
    {"no default", "default 2375", "",
     "declared without a default, the schema says DEFAULT 2375"},
    {"missing column", " load real,", "", "column hosts.load: is missing"},
    {"further column", " note TEXT,", "note TEXT, more TEXT,",
     "column containers.more: is not in the schema"},
    {"generated", "load real", "load real AS (port)",
     "column hosts.load: declared GENERATED VIRTUAL, the schema says an ordinary column"},
    {"loose", "name)>0)) strict", "name)>0))",
     "table hosts: declared not STRICT, the schema says STRICT"},
    {"without rowid", "name)>0)) strict", "name)>0)) strict, without rowid",
     "declared WITHOUT ROWID, the schema says with a rowid"},
    {"key", "id INTEGER NOT NULL PRIMARY KEY", "id INTEGER NOT NULL",
     "column containers.id: declared outside the primary key"},
    {"foreign key", "REFERENCES hosts (id)", "REFERENCES hosts (id) ON DELETE CASCADE",
     "foreign key containers(host_id): declared ON DELETE CASCADE, the schema says ON "
     "DELETE NO ACTION"},
    {"no foreign key",
     "CONSTRAINT containers_host FOREIGN KEY (host_id) REFERENCES hosts "
     "(id),",
     "", "foreign key containers(host_id): is missing"},
    {"other parent", "REFERENCES hosts (id)", "REFERENCES hosts (name)",
     "declared REFERENCES hosts(name), the schema says REFERENCES hosts(id)"},
    {"no unique", "UNIQUE (host_id, name)", "CHECK (1)",
     "unique constraint containers(host_id, name): is missing"},
    {"unique order", "UNIQUE (host_id, name)", "UNIQUE (name, host_id)",
     "unique constraint"},
    {"further unique", "load real,", "load real UNIQUE,",
     "unique constraint hosts(load): is not in the schema"},
    {"check", "between 1 and 65535", "between 0 and 65535",
     "table hosts: its CREATE statement says `0 and 65535"},
    {"check's name", "hosts_sane", "hosts_insane", "table hosts: its CREATE statement"},
    {"collation", "load real", "load real COLLATE NOCASE", "COLLATE NOCASE"},
    {"deferrable", "REFERENCES hosts (id)", "REFERENCES hosts (id) DEFERRABLE",
     "DEFERRABLE"},
    {"index order", "name DESC", "name",
     "index containers_note: declared on (note COLLATE"},
    {"index collation", "note collate nocase", "note", "index containers_note"},
    {"partial index", "name DESC)", "name DESC) WHERE id > 5",
     "index containers_note: declared partial, the schema says for all rows"},
    {"no index",
     "CREATE INDEX containers_note ON containers(note collate nocase, name DESC);", "",
     "index containers_note: is missing"},
    {"unique index", "CREATE INDEX", "CREATE UNIQUE INDEX",
     "unique index containers_note"},
    {"more that is no matter", "CREATE TABLE containers",
     "CREATE TABLE t (x UNIQUE); CREATE VIEW v AS SELECT 1 AS one;"
     "CREATE INDEX more ON hosts (load);"
     "CREATE TRIGGER tr AFTER INSERT ON hosts BEGIN SELECT 1; END;"
     "CREATE TABLE containers",
     NULL},
};

/* by_hand with one change. */
static char *changed(const struct change *change)
{
    const char *at = strstr(by_hand, change->from);
    char *sql = malloc(sizeof by_hand + strlen(change->to) + 1);

    assert_non_null(sql);
    if (at == NULL) {
        strcpy(sql, by_hand);
        return sql;
    }
    memcpy(sql, by_hand, (size_t)(at - by_hand));
    strcpy(sql + (at - by_hand), change->to);
    strcat(sql, at + strlen(change->from));
    return sql;
}

static void test_each_difference_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        const struct change *change = &changes[i];
        char *sql = changed(change);
        const char *message = change->message == NULL ? "" : change->message;
        const quarry_status wanted = change->message == NULL ? QUARRY_OK : QUARRY_DRIFT;
        quarry_status status;

        run(sql);
        status = open_sample(message);
        if (status != wanted)
            fail_msg("%s: %s", change->name, quarry_status_name(status));
        free(sql);
        temp_remove(path);
        temp_path(path);
    }
}

static void test_error_names_table_and_column(void **state)
{
    const quarry_options options = plain();
    quarry_db *db = NULL;

    (void)state;
    assert_int_equal(open_sample(""), QUARRY_OK);
    run("ALTER TABLE hosts DROP COLUMN load; ALTER TABLE hosts ADD COLUMN load TEXT");
    assert_int_equal(quarry_open(&sample_schema, path, &options, &db), QUARRY_DRIFT);
    assert_string_equal(quarry_last_error(db)->table, "hosts");
    assert_string_equal(quarry_last_error(db)->column, "load");
    quarry_close(db);
}

static void test_renamed_back_is_the_same(void **state)
{
    (void)state;
    assert_int_equal(open_sample(""), QUARRY_OK);
    run("ALTER TABLE hosts RENAME TO h2; ALTER TABLE h2 RENAME TO hosts;"
        "ALTER TABLE containers RENAME COLUMN note TO n2;"
        "ALTER TABLE containers RENAME COLUMN n2 TO note; VACUUM; ANALYZE");
    assert_int_equal(open_sample(""), QUARRY_OK);
}

/* ---- views and triggers of the schema ------------------------------------------- */

static void test_views_and_triggers(void **state)
{
    static const char *const ddl[] = {
        "CREATE TABLE hosts (id TEXT NOT NULL PRIMARY KEY, name TEXT, port INTEGER,"
        " load REAL) STRICT",
        "CREATE VIEW big AS SELECT id FROM hosts WHERE port > 10",
        "CREATE TRIGGER stay BEFORE DELETE ON hosts BEGIN SELECT RAISE(ABORT, 'no'); END",
        NULL};
    const quarry_options options = plain();
    quarry_schema schema = sample_schema;

    (void)state;
    schema.ddl = ddl;
    schema.table_count = 1;
    assert_int_equal(open_with(&schema, &options, ""), QUARRY_OK);
    run("DROP VIEW big; CREATE VIEW big AS SELECT id FROM hosts WHERE port > 11");
    assert_int_equal(open_with(&schema, &options, "view big: its CREATE statement"),
                     QUARRY_DRIFT);
    run("DROP VIEW big; CREATE VIEW BIG as select [id] from hosts where port>10");
    assert_int_equal(open_with(&schema, &options, ""), QUARRY_OK);
    run("DROP TRIGGER stay");
    assert_int_equal(open_with(&schema, &options, "trigger stay: is missing"),
                     QUARRY_DRIFT);
}

/* ---- tokens --------------------------------------------------------------------- */

static void test_same_sql(void **state)
{
    static const char *const same[][2] = {
        {"", " -- nothing"},  {"a b", "A\n\t\"b\" /* c */"}, {"a(b)", "[a] ( `b` )"},
        {"x'00'", "x'00'"},   {"\"a\"\"b\"", "`a\"b`"},      {"'it''s'", "  'it''s'"},
        {"\"a]b\"", "`a]b`"},
    };
    static const char *const other[][2] = {
        {"a b", "ab"},     {"'a'", "'A'"},     {"'a'", "\"a\""}, {"a", "a b"},
        {"a b", "a"},      {"1 + 2", "1 - 2"}, {"\"(\"", "("},   {"'a", "'a b"},
        {"a /* b", "a b"}, {"\"\"", ""},       {"''", ""},       {"x", "'x'"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        assert_true(quarry_same_sql(same[i][0], same[i][1]));
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        assert_false(quarry_same_sql(other[i][0], other[i][1]));
        assert_false(quarry_same_sql(other[i][1], other[i][0]));
    }
}

#define FILES(test) cmocka_unit_test_setup_teardown(test, make_path, remove_path)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FILES(test_creates_and_remembers),
        FILES(test_known_file_is_not_compared),
        FILES(test_bad_ddl_leaves_nothing),
        FILES(test_empty_and_read_only),
        FILES(test_newer),
        FILES(test_newer_before_anything_is_written),
        FILES(test_same_tables_of_a_later_version),
        FILES(test_adopts_what_is_the_same),
        FILES(test_adopts_without_waiting_for_a_writer),
        FILES(test_other_tables),
        FILES(test_unchecked),
        FILES(test_each_difference_is_named),
        FILES(test_error_names_table_and_column),
        FILES(test_renamed_back_is_the_same),
        FILES(test_views_and_triggers),
        cmocka_unit_test(test_same_sql),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
