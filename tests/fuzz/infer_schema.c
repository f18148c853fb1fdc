/*
 * infer_schema.c: random tables, views over tables and views, triggers, full-text tables.
 */
#include "infer_gen.h"

const char *const gen_names[GEN_NAMES] = {"id", "a", "b", "c", "d", "e", "order", "A b"};

static void add_type(struct generator *g, bool strict)
{
    static const char *const strict_types[] = {"INTEGER", "INT",  "TEXT",
                                               "REAL",    "BLOB", "ANY"};
    static const char *const loose_types[] = {
        "INTEGER",  "TEXT",   "REAL",        "BLOB",   "NUMERIC",
        "BOOLEAN",  "BIGINT", "VARCHAR(20)", "DOUBLE", "DECIMAL(10,2)",
        "DATETIME", "",       "INTEGER",     "TEXT"};

    gen_add(g, strict ? ONE_OF(g, strict_types) : ONE_OF(g, loose_types));
}

static void add_constraints(struct generator *g, const char *name)
{
    static const char *const defaults[] = {" DEFAULT 1", " DEFAULT NULL", " DEFAULT ''",
                                           " DEFAULT (1 + 1)"};

    if (gen_pick(g, 2) == 0)
        gen_add(g, " NOT NULL");
    if (gen_rarely(g))
        gen_add(g, " UNIQUE");
    if (gen_rarely(g))
        gen_add(g, ONE_OF(g, defaults));
    if (gen_pick(g, 12) == 0)
        buf_addf(&g->out, " CHECK (\"%s\" <> 7)", name);
    if (gen_pick(g, 12) == 0)
        gen_add(g, " COLLATE NOCASE");
}

static void add_column(struct generator *g, size_t index, bool strict, bool *has_key)
{
    static const char *const keys[] = {"INTEGER PRIMARY KEY", "INTEGER PRIMARY KEY DESC",
                                       "INT PRIMARY KEY", "TEXT PRIMARY KEY",
                                       "INTEGER NOT NULL PRIMARY KEY"};

    buf_addf(&g->out, "%s\"%s\" ", index == 0 ? "" : ", ", gen_names[index]);
    if (index == 0 && gen_often(g)) {
        gen_add(g, ONE_OF(g, keys));
        *has_key = true;
        return;
    }
    add_type(g, strict);
    add_constraints(g, gen_names[index]);
}

static void add_generated(struct generator *g)
{
    static const char *const generated[] = {
        ", g INTEGER AS (length(id))", ", g TEXT GENERATED ALWAYS AS (a || 'x') STORED",
        ", g INTEGER NOT NULL AS (coalesce(length(a), 0))", ", g REAL AS (a * 1.5)"};

    if (gen_rarely(g))
        gen_add(g, ONE_OF(g, generated));
}

static void make_table(struct generator *g, sqlite3 *db, int number)
{
    size_t count = 2 + gen_pick(g, GEN_NAMES - 1), i;
    bool strict = gen_pick(g, 3) == 0, has_key = false;

    buf_clear(&g->out);
    buf_addf(&g->out, "CREATE TABLE t%d (", number);
    for (i = 0; i < count; i++)
        add_column(g, i, strict, &has_key);
    add_generated(g);
    if (!has_key && gen_pick(g, 3) == 0)
        has_key = (gen_add(g, ", PRIMARY KEY (id, a)"), true);
    gen_add(g, ")");
    if (strict)
        gen_add(g, " STRICT");
    if (has_key && gen_pick(g, 3) == 0)
        gen_add(g, strict ? ", WITHOUT ROWID" : " WITHOUT ROWID");
    sqlite3_exec(db, g->out.data, NULL, NULL, NULL);
}

/* One that cannot be queried is none. */
static void drop_broken(struct generator *g, sqlite3 *db, int number)
{
    sqlite3_stmt *statement = NULL;

    buf_clear(&g->out);
    buf_addf(&g->out, "SELECT * FROM v%d", number);
    if (sqlite3_prepare_v2(db, g->out.data, -1, &statement, NULL) != SQLITE_OK) {
        buf_clear(&g->out);
        buf_addf(&g->out, "DROP VIEW v%d", number);
        sqlite3_exec(db, g->out.data, NULL, NULL, NULL);
    }
    sqlite3_finalize(statement);
}

static void make_view(struct generator *g, sqlite3 *db, int number)
{
    static const char *const names[] = {"(a)", "(a, id)", "(b, a, c)"};
    struct arena arena = {0};
    struct catalog catalog;
    size_t columns = 1 + gen_pick(g, 3);

    catalog_read(&catalog, &arena, db);
    g->catalog = &catalog;
    buf_clear(&g->out);
    buf_addf(&g->out, "CREATE VIEW v%d%s AS ", number,
             gen_often(g) ? names[columns - 1] : "");
    gen_select(g, columns);
    sqlite3_exec(db, g->out.data, NULL, NULL, NULL);
    arena_release(&arena);
    drop_broken(g, db, number);
}

static void make_others(struct generator *g, sqlite3 *db)
{
    static const char *const triggers[] = {
        "CREATE TRIGGER r1 AFTER INSERT ON t1 BEGIN UPDATE t1 SET a = NULL; END",
        "CREATE TRIGGER r1 BEFORE UPDATE ON t1 BEGIN UPDATE t1 SET a = NULL; END",
        "CREATE TRIGGER r1 AFTER UPDATE OF a ON t1 BEGIN DELETE FROM t2; END",
        "CREATE TRIGGER r1 INSTEAD OF INSERT ON v1 BEGIN SELECT 1; END",
        "CREATE TRIGGER r1 INSTEAD OF UPDATE ON v1 BEGIN SELECT new.a; END",
    };

    if (gen_pick(g, 3) == 0)
        sqlite3_exec(db, ONE_OF(g, triggers), NULL, NULL, NULL);
    if (gen_pick(g, 3) == 0)
        sqlite3_exec(db, "CREATE VIRTUAL TABLE f1 USING fts5(a, b UNINDEXED)", NULL, NULL,
                     NULL);
}

void fuzz_schema(struct adversary *chance, sqlite3 *db)
{
    struct generator g = {.chance = chance};
    int i;

    buf_init(&g.out);
    for (i = 0; i < 3; i++)
        make_table(&g, db, i + 1);
    for (i = 0; i < 3; i++)
        make_view(&g, db, i + 1);
    make_others(&g, db);
    buf_release(&g.out);
}
