/*
 * test_access.c: which look-ups and lists a table gets, in which order and with which
 * name; each list's SQL is planned by SQLite, which must find an index for it.
 */
#include "modelling.h"

/* All accesses of a table as lines: "list host_id: created DESC, id [where] because". */
static char *accesses(struct modelling *m, const char *name)
{
    static const char *const kinds[] = {"get", "list", "order"};
    struct table *table = modelling_table(m, name);
    struct buf text;
    char *copy;
    size_t i;

    buf_init(&text);
    for (i = 0; i < table->accesses.count; i++) {
        const struct access *access = &table->accesses.items[i];

        buf_addf(&text, "%s %s", kinds[access->kind], access->name);
        if (access->order_by != NULL)
            buf_addf(&text, ": %s", access->order_by);
        if (access->where != NULL)
            buf_addf(&text, " where %s", access->where);
        buf_addf(&text, " (%s)\n", access->because);
    }
    copy = arena_strdup(&m->arena, text.data);
    buf_release(&text);
    return copy;
}

static void expect(const char *columns_and_rest, const char *expected)
{
    char text[1024];
    struct modelling m;

    snprintf(text, sizeof text, "tables:\n  ts:\n%s", columns_and_rest);
    m = modelling(text);
    assert_non_null(m.schema);
    assert_string_equal(accesses(&m, "ts"), expected);
    modelling_free(&m);
}

static void test_gets(void **state)
{
    (void)state;
    expect(
        "    columns: {id: {type: integer, primary_key: true}, a: {type: text, unique: "
        "true}, b: text, c: text}\n"
        "    unique: [[b, c], {columns: [c, b], name: turned}]\n",
        "get a (unique constraint ts_a_unique)\n"
        "get b_and_c (unique constraint ts_b_c_unique)\n");
    expect("    columns: {a: text, b: text}\n"
           "    primary_key: [a, b]\n"
           "    unique: [[b, a]]\n",
           "");
}

static void test_unique_indexes(void **state)
{
    (void)state;
    expect("    columns: {id: {type: integer, primary_key: true}, a: text, b: text}\n"
           "    indexes: [{columns: [a], unique: true}, {columns: [b], where: a > 'x', "
           "unique: "
           "true}]\n",
           "get a (unique index idx_ts_a)\n"
           "order a: a, id (index idx_ts_a)\n"
           "order ts_b: b, id where a > 'x' (index idx_ts_b)\n");
}

static void test_lists(void **state)
{
    (void)state;
    expect("    columns: {id: {type: integer, primary_key: true}, a: text, b: text, c: "
           "text}\n"
           "    indexes: [[a], [b, c desc], [c, a, b collate nocase], [lower(a)], [b, a "
           "|| c]]\n",
           "list a: id (index idx_ts_a)\n"
           "list b: c DESC, id (index idx_ts_b_c)\n"
           "list c_and_a: b COLLATE NOCASE, id (index idx_ts_c_a_b)\n"
           "list c: a, b COLLATE NOCASE, id (index idx_ts_c_a_b)\n"
           "order a: a, id (index idx_ts_a)\n"
           "order b_and_c_desc: b, c DESC, id (index idx_ts_b_c)\n"
           "order c_and_a_and_b: c, a, b COLLATE NOCASE, id (index idx_ts_c_a_b)\n"
           "order ts_expr: lower(a), id (index idx_ts_expr)\n"
           "order ts_b_expr: b, a || c, id (index idx_ts_b_expr)\n");
}

/* A column compared with another collation than its own is no key of the index. */
static void test_collations(void **state)
{
    (void)state;
    expect(
        "    columns: {id: {type: integer, primary_key: true}, a: text, b: {type: text, "
        "collation: nocase}}\n"
        "    indexes: [[a collate nocase, b], [b collate nocase, a]]\n",
        "list b: a, id (index idx_ts_b_a)\n"
        "order a_and_b: a COLLATE NOCASE, b, id (index idx_ts_a_b)\n"
        "order b_and_a: b COLLATE NOCASE, a, id (index idx_ts_b_a)\n");
}

static void test_keys(void **state)
{
    (void)state;
    /* The key's columns that are equal in all rows, or ordered by already, don't order.
     */
    expect("    columns: {a: text, b: text, c: text}\n"
           "    primary_key: [a, b]\n"
           "    indexes: [[c, b desc], [b]]\n",
           "list c: b DESC, a (index idx_ts_c_b)\n"
           "list b: a (index idx_ts_b)\n"
           "order c_and_b_desc: c, b DESC, a (index idx_ts_c_b)\n"
           "order b: b, a (index idx_ts_b)\n");
    expect("    columns: {rowid: text, c: text}\n"
           "    indexes: [[c]]\n",
           "list c: _rowid_ (index idx_ts_c)\n"
           "order c: c, _rowid_ (index idx_ts_c)\n");
}

static void test_foreign_keys(void **state)
{
    struct modelling m =
        modelling_good("tables:\n"
                       "  as: {row: a, columns: {id: {type: integer, primary_key: true}, "
                       "k: text, l: text}, "
                       "unique: [[k, l]]}\n"
                       "  bs:\n"
                       "    columns:\n"
                       "      id: {type: integer, primary_key: true, references: as.id}\n"
                       "      a_id: {type: integer, references: as.id}\n"
                       "      b_id: {type: integer?, references: bs.id}\n"
                       "      k: text\n"
                       "      l: text\n"
                       "      made: timestamp\n"
                       "    foreign_keys: [{columns: [k, l], references: [as.k, as.l]}]\n"
                       "    indexes: [[a_id, made desc]]\n");

    (void)state;
    assert_string_equal(accesses(&m, "bs"),
                        "list a_id: made DESC, id (index idx_bs_a_id_made)\n"
                        "list b_id: id (foreign key b_id)\n"
                        "list k_and_l: id (foreign key k, l)\n"
                        "order a_id_and_made_desc: a_id, made DESC, id (index "
                        "idx_bs_a_id_made)\n");
    modelling_free(&m);
}

/* "SELECT … WHERE … ORDER BY …" of each access is found by an index and needs no sorting.
 */
static void test_plans(void **state)
{
    struct modelling m = modelling_good(
        "tables:\n"
        "  ts:\n"
        "    columns: {id: {type: integer, primary_key: true}, a: text, b: integer?, c: "
        "{type: text, collation: nocase}}\n"
        "    unique: [[a, b]]\n"
        "    indexes:\n"
        "      - [c, b desc]\n"
        "      - [b]\n"
        "      - {columns: [a desc], where: b > 5}\n"
        "      - [lower(a), b]\n");
    struct table *table = modelling_table(&m, "ts");
    sqlite3 *db = modelling_database(&m);
    size_t i, c;

    (void)state;
    assert_true(table->accesses.count >= 6);
    for (i = 0; i < table->accesses.count; i++) {
        const struct access *access = &table->accesses.items[i];
        sqlite3_stmt *stmt = NULL;
        struct buf sql;

        buf_init(&sql);
        buf_adds(&sql, "EXPLAIN QUERY PLAN SELECT * FROM ts WHERE ");
        for (c = 0; c < access->columns.count; c++)
            buf_addf(&sql, "%s IS ?%zu AND ", access->columns.items[c]->sql_name, c + 1);
        buf_adds(&sql, access->where != NULL ? access->where : "1");
        if (access->order_by != NULL)
            buf_addf(&sql, " ORDER BY %s", access->order_by);
        assert_int_equal(sqlite3_prepare_v2(db, sql.data, -1, &stmt, NULL), SQLITE_OK);
        while (sqlite3_step(stmt) == SQLITE_ROW) {
            const char *detail = (const char *)sqlite3_column_text(stmt, 3);

            if (strstr(detail, "USING INDEX") == NULL)
                fail_msg("%s\n%s", sql.data, detail);
        }
        sqlite3_finalize(stmt);
        buf_release(&sql);
    }
    sqlite3_close(db);
    modelling_free(&m);
}

static void test_twice(void **state)
{
    struct modelling m =
        modelling_good("tables: {ts: {columns: {a: text}, indexes: [[a]]}}\n");
    char *before = accesses(&m, "ts");

    (void)state;
    access_plan(&m.arena, m.schema);
    assert_string_equal(accesses(&m, "ts"), before);
    modelling_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gets),  cmocka_unit_test(test_unique_indexes),
        cmocka_unit_test(test_lists), cmocka_unit_test(test_collations),
        cmocka_unit_test(test_keys),  cmocka_unit_test(test_foreign_keys),
        cmocka_unit_test(test_plans), cmocka_unit_test(test_twice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
