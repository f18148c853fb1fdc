/*
 * test_read.c: what each read function accepts of a column that may hold anything, and
 * what it says of the rest: through a statement, through quarry_pull and through a
 * cursor.
 */
#include "../../runtime/internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* One row with one value, read as whatever the test wants. */
typedef struct thing {
    int64_t id;
    bool null;
    quarry_opt_int64 integer;
    quarry_opt_double real;
    char text[64];
    const char *string;
    quarry_blob blob;
    quarry_labels labels;
} thing;

typedef void read_value(quarry_reader *reader, thing *row);
static read_value *reads;

static void read_thing(quarry_reader *reader, void *to)
{
    thing *row = to;
    memset(row, 0, sizeof *row);
    row->id = quarry_read_int64(reader, 0);
    reads(reader, row);
}

static const quarry_column columns[] = {{.name = "id"}, {.name = "v", .labels = true}};
static const quarry_row_type type = {.table = "things",
                                     .columns = columns,
                                     .column_count = 2,
                                     .key_column = 0,
                                     .size = sizeof(thing),
                                     .key_offset = offsetof(thing, id),
                                     .read = read_thing};
static const quarry_row_type *const tables[] = {&type};
static const char *const ddl[] = {"CREATE TABLE things (id INTEGER PRIMARY KEY, v)",
                                  NULL};
static const quarry_schema schema = {.abi = QUARRY_ABI,
                                     .name = "things",
                                     .environment = "THINGS_",
                                     .version = 1,
                                     .fingerprint = "things",
                                     .ddl = ddl,
                                     .tables = tables,
                                     .table_count = 1,
                                     .statement_count = 4};
static quarry_db *db;

static int open_db(void **state)
{
    quarry_options options;
    (void)state;
    quarry_options_init(&options);
    options.ignore_environment = true;
    return quarry_open(&schema, ":memory:", &options, &db) == QUARRY_OK ? 0 : -1;
}

static int close_db(void **state)
{
    (void)state;
    quarry_close(db);
    return 0;
}

static void store(const char *expression)
{
    char sql[300];
    snprintf(sql, sizeof sql, "REPLACE INTO things VALUES (17, %s)", expression);
    assert_int_equal(quarry_exec(db, sql), QUARRY_OK);
}

static const char select_all[] = "SELECT id, v FROM things";

static quarry_status read_one(thing *row)
{
    void *got;
    quarry_status status =
        quarry_fetch_one(quarry_prepare(db, 0, select_all), &type, &got);
    if (status == QUARRY_OK)
        *row = *(thing *)got;
    else
        assert_null(got);
    if (row->string != NULL && status == QUARRY_OK) {
        snprintf(row->text, sizeof row->text, "%s", row->string);
        row->string = row->text;
    }
    quarry_free(got);
    return status;
}

static quarry_status read_list(void)
{
    quarry_rows rows;
    quarry_status status =
        quarry_fetch_rows(quarry_prepare_rows(db, 1, select_all, &type), &type, &rows);
    assert_int_equal(rows.count, status == QUARRY_OK ? 1 : 0);
    quarry_arena_free(rows.arena);
    return status;
}

static quarry_status read_cursor(void)
{
    quarry_cursor cursor;
    thing row;
    quarry_cursor_open(&cursor, db, 2, select_all, &type);
    while (quarry_cursor_next(&cursor, &row))
        assert_int_equal(row.id, 17);
    return quarry_cursor_close(&cursor);
}

static thing accepts(read_value *how, const char *expression)
{
    thing row = {0};
    reads = how;
    store(expression);
    quarry_status status = read_one(&row);
    if (status != QUARRY_OK)
        fail_msg("%s: %s", expression, quarry_last_error(db)->message);
    assert_int_equal(read_list(), QUARRY_OK);
    assert_int_equal(read_cursor(), QUARRY_OK);
    return row;
}

static void refuses(read_value *how, const char *expression, const char *what)
{
    char message[200];
    thing row = {0};
    const quarry_error *error = quarry_last_error(db);
    quarry_status statuses[3];
    reads = how;
    store(expression);
    snprintf(message, sizeof message, "things.v of row 17: %s", what);
    for (int i = 0; i < 3; i++) {
        statuses[i] = i == 0 ? read_one(&row) : i == 1 ? read_list() : read_cursor();
        assert_int_equal(statuses[i], QUARRY_MISMATCH);
        assert_int_equal(error->status, QUARRY_MISMATCH);
        assert_string_equal(error->message, message);
        assert_string_equal(error->table, "things");
        assert_string_equal(error->column, "v");
        assert_int_equal(error->rowid, 17);
    }
}

/* ---- the readers ---------------------------------------------------------------- */

static void as_int64(quarry_reader *reader, thing *row)
{
    row->integer.value = quarry_read_int64(reader, 1);
}

static void as_opt_int64(quarry_reader *reader, thing *row)
{
    row->null = quarry_read_is_null(reader, 1);
    row->integer = quarry_read_opt_int64(reader, 1);
}

static void as_int32(quarry_reader *reader, thing *row)
{
    row->integer.value = quarry_read_int32(reader, 1);
}

static void as_opt_int32(quarry_reader *reader, thing *row)
{
    quarry_opt_int32 value = quarry_read_opt_int32(reader, 1);
    row->integer = (quarry_opt_int64){value.has, value.value};
}

static void as_bool(quarry_reader *reader, thing *row)
{
    row->integer.value = quarry_read_bool(reader, 1);
}

static void as_opt_bool(quarry_reader *reader, thing *row)
{
    quarry_opt_bool value = quarry_read_opt_bool(reader, 1);
    row->integer = (quarry_opt_int64){value.has, value.value};
}

static void as_double(quarry_reader *reader, thing *row)
{
    row->real.value = quarry_read_double(reader, 1);
}

static void as_opt_double(quarry_reader *reader, thing *row)
{
    row->real = quarry_read_opt_double(reader, 1);
}

static void as_text(quarry_reader *reader, thing *row)
{
    row->string = quarry_read_text(reader, 1);
    assert_non_null(row->string);
}

static void as_opt_text(quarry_reader *reader, thing *row)
{
    row->string = quarry_read_opt_text(reader, 1);
}

static void as_peek(quarry_reader *reader, thing *row)
{
    snprintf(row->text, sizeof row->text, "%s", quarry_peek_text(reader, 1));
}

static void as_enum(quarry_reader *reader, thing *row)
{
    (void)row;
    if (strcmp(quarry_peek_text(reader, 1), "running") != 0)
        quarry_mismatch(reader, 1, "is no container_state");
}

/* The data lives in the row's block, which is gone when the test looks. */
static void keep_blob(quarry_blob blob, thing *row)
{
    row->integer = (quarry_opt_int64){blob.data != NULL, (int64_t)blob.size};
    if (blob.size > 0 && blob.size < sizeof row->text)
        memcpy(row->text, blob.data, blob.size);
}

static void as_blob(quarry_reader *reader, thing *row)
{
    keep_blob(quarry_read_blob(reader, 1), row);
}

static void as_opt_blob(quarry_reader *reader, thing *row)
{
    keep_blob(quarry_read_opt_blob(reader, 1), row);
}

static void as_uuid(quarry_reader *reader, thing *row)
{
    snprintf(row->text, sizeof row->text, "%s", quarry_read_uuid(reader, 1).text);
}

static void as_opt_uuid(quarry_reader *reader, thing *row)
{
    quarry_opt_uuid uuid = quarry_read_opt_uuid(reader, 1);
    row->integer.has = uuid.has;
    snprintf(row->text, sizeof row->text, "%s", uuid.value.text);
}

static void keep_labels(quarry_labels labels, thing *row)
{
    row->integer.value = (int64_t)labels.count;
    if (labels.count > 0)
        snprintf(row->text, sizeof row->text, "%s=%s", labels.items[0].key,
                 labels.items[0].value);
}

static void as_labels(quarry_reader *reader, thing *row)
{
    keep_labels(quarry_read_labels(reader, 1), row);
}

static void as_opt_labels(quarry_reader *reader, thing *row)
{
    quarry_opt_labels labels = quarry_read_opt_labels(reader, 1);
    row->integer.has = labels.has;
    if (labels.has)
        keep_labels(labels.value, row);
    else
        assert_null(labels.value.items);
}

static void as_seconds(quarry_reader *reader, thing *row)
{
    row->integer.value = quarry_read_time_seconds(reader, 1);
}

static void as_opt_seconds(quarry_reader *reader, thing *row)
{
    row->integer = quarry_read_opt_time_seconds(reader, 1);
}

static void as_time(quarry_reader *reader, thing *row)
{
    row->integer.value = quarry_read_time_text(reader, 1);
}

static void as_opt_time(quarry_reader *reader, thing *row)
{
    row->integer = quarry_read_opt_time_text(reader, 1);
}

/* ---- the tests ------------------------------------------------------------------ */

static const char null_refused[] = "NULL in a column that is NOT NULL";

static void null_is_refused_or_absent(void **state)
{
    static read_value *const strict[] = {as_int64,  as_int32,   as_bool, as_double,
                                         as_text,   as_peek,    as_blob, as_uuid,
                                         as_labels, as_seconds, as_time, as_enum};
    static read_value *const optional[] = {
        as_opt_int64, as_opt_int32, as_opt_bool,   as_opt_double,  as_opt_text,
        as_opt_blob,  as_opt_uuid,  as_opt_labels, as_opt_seconds, as_opt_time};
    (void)state;
    for (size_t i = 0; i < sizeof strict / sizeof *strict; i++)
        refuses(strict[i], "NULL", null_refused);
    for (size_t i = 0; i < sizeof optional / sizeof *optional; i++) {
        thing row = accepts(optional[i], "NULL");
        assert_false(row.integer.has);
        assert_false(row.real.has);
        assert_null(row.string);
    }
    assert_true(accepts(as_opt_int64, "NULL").null);
    assert_false(accepts(as_opt_int64, "0").null);
}

static void integers(void **state)
{
    (void)state;
    assert_true(accepts(as_int64, "-9223372036854775808").integer.value == INT64_MIN);
    assert_true(accepts(as_int64, "9223372036854775807").integer.value == INT64_MAX);
    assert_true(accepts(as_opt_int64, "0").integer.has);
    refuses(as_int64, "1.0", "1.0 is no integer");
    refuses(as_int64, "'1'", "'1' is no integer");
    refuses(as_int64, "x'31'", "a blob of 1 bytes is no integer");
    refuses(as_opt_int64, "'x'", "'x' is no integer");
    assert_true(accepts(as_int32, "-2147483648").integer.value == INT32_MIN);
    assert_true(accepts(as_int32, "2147483647").integer.value == INT32_MAX);
    assert_true(accepts(as_opt_int32, "-1").integer.value == -1);
    refuses(as_int32, "2147483648", "2147483648 does not fit into 32 bits");
    refuses(as_int32, "5000000000", "5000000000 does not fit into 32 bits");
    refuses(as_opt_int32, "-2147483649", "-2147483649 does not fit into 32 bits");
    assert_true(accepts(as_bool, "1").integer.value == 1);
    assert_true(accepts(as_opt_bool, "0").integer.has);
    refuses(as_bool, "2", "2 is neither 0 nor 1");
    refuses(as_opt_bool, "-1", "-1 is neither 0 nor 1");
}

static void doubles(void **state)
{
    (void)state;
    assert_true(accepts(as_double, "1.5").real.value > 1.4);
    assert_true(accepts(as_double, "3").real.value > 2.9);
    assert_true(accepts(as_opt_double, "-1e308").real.value < -9e307);
    assert_true(accepts(as_double, "9e999").real.value > 1.7e308);
    refuses(as_double, "'1.5'", "'1.5' is no number");
    refuses(as_opt_double, "x''", "a blob of 0 bytes is no number");
}

/* Bytes with `before` characters before them, and some after: CAST stores anything. */
static const char *around(const char *hex, int before)
{
    static const char x[] = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
    static char expression[160];
    snprintf(expression, sizeof expression, "CAST('%.*s' || x'%s' || '%.*s' AS TEXT)",
             before, x, hex, before % 3, x);
    return expression;
}

/* At each place of the words in which texts are looked at, in short ones and long ones. */
static void utf8_at_every_place(void **state)
{
    static const char *const good[] = {"c3a9", "e282ac", "f09f9880", "7f", "efbfbf"};
    static const char *const bad[] = {"80",   "c3",       "c0af",   "eda080",
                                      "e282", "f4908080", "f09f98", "ff"};
    char what[80];
    (void)state;
    for (int before = 0; before < 41; before++) {
        for (size_t i = 0; i < sizeof good / sizeof *good; i++)
            assert_int_equal(strlen(accepts(as_text, around(good[i], before)).text),
                             before + (int)strlen(good[i]) / 2 + before % 3);
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
            snprintf(what, sizeof what, "a text of %d bytes is not valid UTF-8",
                     before + (int)strlen(bad[i]) / 2 + before % 3);
            refuses(before % 2 == 0 ? as_text : as_peek, around(bad[i], before), what);
        }
        snprintf(what, sizeof what, "'%.*s' is a text with a NUL inside", before,
                 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
        refuses(as_text, around("00", before), what);
    }
}

static void texts(void **state)
{
    (void)state;
    assert_string_equal(accepts(as_text, "''").text, "");
    assert_string_equal(accepts(as_text, "'\xC3\xA9'").text, "\xC3\xA9");
    assert_string_equal(accepts(as_opt_text, "'a'").text, "a");
    assert_string_equal(accepts(as_peek, "'abc'").text, "abc");
    refuses(as_text, "1", "1 is no text");
    refuses(as_text, "x'61'", "a blob of 1 bytes is no text");
    refuses(as_text, "'ab' || char(0) || 'c'", "'ab' is a text with a NUL inside");
    refuses(as_opt_text, "char(0)", "'' is a text with a NUL inside");
    refuses(as_enum, "'rnuning'", "'rnuning' is no container_state");
    accepts(as_enum, "'running'");
    refuses(as_enum, "printf('%.*c', 100, 'x')",
            "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...' is no container_state");
}

static void blobs(void **state)
{
    thing row;
    (void)state;
    row = accepts(as_blob, "x''");
    assert_true(row.integer.has && row.integer.value == 0);
    row = accepts(as_opt_blob, "x''");
    assert_true(row.integer.has && row.integer.value == 0);
    row = accepts(as_blob, "x'00ff00'");
    assert_true(row.integer.value == 3);
    assert_memory_equal(row.text, "\0\xFF", 3);
    row = accepts(as_blob, "zeroblob(5000000)");
    assert_true(row.integer.value == 5000000);
    refuses(as_blob, "'a'", "'a' is no blob");
    refuses(as_opt_blob, "0", "0 is no blob");
}

static void uuids(void **state)
{
    (void)state;
    assert_string_equal(accepts(as_uuid, "'F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6'").text,
                        "f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
    assert_true(
        accepts(as_opt_uuid, "'f81d4fae-7dec-11d0-a765-00a0c91e6bf6'").integer.has);
    refuses(as_uuid, "''", "'' is no UUID");
    refuses(as_opt_uuid, "'f81d4fae-7dec-11d0-a765-00a0c91e6bf'",
            "'f81d4fae-7dec-11d0-a765-00a0c91e6bf' is no UUID");
    refuses(as_uuid, "x'00'", "a blob of 1 bytes is no text");
}

static void labels(void **state)
{
    thing row;
    (void)state;
    row = accepts(as_labels, "'{\"b\":\"2\",\"a\":\"1\"}'");
    assert_true(row.integer.value == 2);
    assert_string_equal(row.text, "a=1");
    assert_true(accepts(as_opt_labels, "'{}'").integer.has);
    refuses(as_labels, "'[]'", "'[]' is no JSON object of strings, each key once");
    refuses(as_opt_labels, "'{\"a\":1}'",
            "'{\"a\":1}' is no JSON object of strings, each key once");
    refuses(as_labels, "5", "5 is no text");
}

static void times(void **state)
{
    (void)state;
    assert_true(accepts(as_seconds, "-1").integer.value == -1000);
    assert_true(accepts(as_opt_seconds, "9223372036854775").integer.value ==
                INT64_C(9223372036854775000));
    refuses(as_seconds, "9223372036854776",
            "9223372036854776 is too far away for a time in seconds");
    refuses(as_opt_seconds, "-9223372036854776",
            "-9223372036854776 is too far away for a time in seconds");
    refuses(as_seconds, "1.5", "1.5 is no integer");
    assert_true(accepts(as_time, "'1970-01-01T00:00:01.000Z'").integer.value == 1000);
    assert_true(accepts(as_opt_time, "'1969-12-31'").integer.value == -86400000);
    refuses(as_time, "'yesterday'", "'yesterday' is no time in ISO 8601");
    refuses(as_opt_time, "1705312800", "1705312800 is no text");
}

static void both(quarry_reader *reader, thing *row)
{
    as_int64(reader, row);
    as_blob(reader, row);
}

static void the_first_mismatch_stays(void **state)
{
    (void)state;
    refuses(both, "'x'", "'x' is no integer");
}

/* Where the key itself is what is wrong, no row is named. */
static void a_row_without_key(void **state)
{
    quarry_rows rows;
    quarry_stmt *stmt = quarry_prepare_rows(db, 3, "SELECT 'k', 1", &type);
    (void)state;
    reads = as_int64;
    assert_int_equal(quarry_fetch_rows(stmt, &type, &rows), QUARRY_MISMATCH);
    assert_string_equal(quarry_last_error(db)->message, "things.id: 'k' is no integer");
    assert_int_equal(quarry_last_error(db)->rowid, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(null_is_refused_or_absent),
        cmocka_unit_test(integers),
        cmocka_unit_test(doubles),
        cmocka_unit_test(texts),
        cmocka_unit_test(utf8_at_every_place),
        cmocka_unit_test(blobs),
        cmocka_unit_test(uuids),
        cmocka_unit_test(labels),
        cmocka_unit_test(times),
        cmocka_unit_test(the_first_mismatch_stays),
        cmocka_unit_test(a_row_without_key),
    };
    return cmocka_run_group_tests(tests, open_db, close_db);
}
