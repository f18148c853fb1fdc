/*
 * infer_query.c: random schemas and queries; see fuzz_infer.h. Names are few, so that they
 * hide each other, are ambiguous, and join.
 */
#include "fuzz_infer.h"

#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array)     (sizeof(array) / sizeof *(array))
#define ONE_OF(g, array) ((array)[adversary_pick((g)->chance, COUNT(array))])

/* What is in scope: "t1.a"; names of tables. */
struct frame {
    struct frame *outer;
    char columns[64][40];
    size_t count;
    bool grouped;
};

struct generator {
    struct adversary *chance;
    const struct catalog *catalog;
    struct buf out;
    int depth, aliases, selects;
    struct frame *frame;
    char ctes[4][16];
    size_t cte_columns[4];
    size_t cte_count;
};

static size_t pick(struct generator *g, size_t count)
{
    return adversary_pick(g->chance, count);
}

static bool often(struct generator *g)
{
    return pick(g, 3) != 0;
}

static bool rarely(struct generator *g)
{
    return pick(g, 6) == 0;
}

static void add(struct generator *g, const char *text)
{
    buf_adds(&g->out, text);
}

/* ---- schemas ------------------------------------------------------------------------- */

static const char *const column_names[] = {"id", "a", "b", "c", "d", "e"};

static void add_type(struct generator *g, bool strict)
{
    static const char *const strict_types[] = {"INTEGER", "INT",  "TEXT",
                                               "REAL",    "BLOB", "ANY"};
    static const char *const loose_types[] = {
        "INTEGER",  "TEXT",   "REAL",        "BLOB",   "NUMERIC",
        "BOOLEAN",  "BIGINT", "VARCHAR(20)", "DOUBLE", "DECIMAL(10,2)",
        "DATETIME", "",       "INTEGER",     "TEXT"};

    add(g, strict ? ONE_OF(g, strict_types) : ONE_OF(g, loose_types));
}

static void add_column(struct generator *g, size_t index, bool strict, bool *has_key)
{
    static const char *const keys[] = {"INTEGER PRIMARY KEY", "INTEGER PRIMARY KEY DESC",
                                       "INT PRIMARY KEY", "TEXT PRIMARY KEY",
                                       "INTEGER NOT NULL PRIMARY KEY"};

    buf_addf(&g->out, "%s%s ", index == 0 ? "" : ", ", column_names[index]);
    if (index == 0 && often(g)) {
        add(g, ONE_OF(g, keys));
        *has_key = true;
        return;
    }
    add_type(g, strict);
    if (pick(g, 2) == 0)
        add(g, " NOT NULL");
    if (rarely(g))
        add(g, " UNIQUE");
    if (rarely(g))
        add(g, pick(g, 2) == 0 ? " DEFAULT 1" : " DEFAULT NULL");
}

static void make_table(struct generator *g, sqlite3 *db, int number)
{
    size_t count = 2 + pick(g, 5), i;
    bool strict = pick(g, 3) == 0, has_key = false;

    buf_clear(&g->out);
    buf_addf(&g->out, "CREATE TABLE t%d (", number);
    for (i = 0; i < count && i < COUNT(column_names); i++)
        add_column(g, i, strict, &has_key);
    if (rarely(g))
        buf_addf(&g->out, ", g INTEGER AS (length(%s))", column_names[0]);
    if (!has_key && pick(g, 3) == 0)
        has_key = (add(g, ", PRIMARY KEY (id, a)"), true);
    add(g, ")");
    if (strict)
        add(g, " STRICT");
    if (has_key && pick(g, 3) == 0)
        add(g, strict ? ", WITHOUT ROWID" : " WITHOUT ROWID");
    sqlite3_exec(db, g->out.data, NULL, NULL, NULL);
}

static void add_select(struct generator *g, size_t columns);

static void make_view(struct generator *g, sqlite3 *db, int number)
{
    struct arena arena = {0};
    struct catalog catalog;
    size_t columns = 1 + pick(g, 3);

    catalog_read(&catalog, &arena, db);
    g->catalog = &catalog;
    buf_clear(&g->out);
    buf_addf(&g->out, "CREATE VIEW v%d%s AS ", number,
             columns == 1   ? "(a)"
             : columns == 2 ? "(a, id)"
                            : "(b, a, c)");
    add_select(g, columns);
    sqlite3_exec(db, g->out.data, NULL, NULL, NULL);
    arena_release(&arena);
    /* One that cannot be queried is none. */
    buf_clear(&g->out);
    buf_addf(&g->out, "SELECT * FROM v%d", number);
    {
        sqlite3_stmt *statement = NULL;
        char drop[32];

        snprintf(drop, sizeof drop, "DROP VIEW v%d", number);
        if (sqlite3_prepare_v2(db, g->out.data, -1, &statement, NULL) != SQLITE_OK)
            sqlite3_exec(db, drop, NULL, NULL, NULL);
        sqlite3_finalize(statement);
    }
}

void fuzz_schema(struct adversary *chance, sqlite3 *db)
{
    struct generator g = {.chance = chance};
    int i;

    buf_init(&g.out);
    for (i = 0; i < 3; i++)
        make_table(&g, db, i + 1);
    for (i = 0; i < 2; i++)
        make_view(&g, db, i + 1);
    buf_release(&g.out);
}

/* ---- expressions --------------------------------------------------------------------- */

static void add_expr(struct generator *g);

static void add_literal(struct generator *g)
{
    static const char *const literals[] = {
        "0",     "1",     "2",    "-1",
        "NULL",  "''",    "'a'",  "'1'",
        "1.5",   "x'61'", "100",  "TRUE",
        "0.0",   "'abc'", "NULL", "'2022-02-28'",
        "'now'", "'b'",   "3",    "9223372036854775807",
        "'$.a'", "'[1]'"};

    add(g, ONE_OF(g, literals));
}

static void add_column_name(struct generator *g)
{
    const struct frame *frame = g->frame;

    while (frame != NULL && (frame->count == 0 || (rarely(g) && frame->outer != NULL)))
        frame = frame->outer;
    if (frame == NULL)
        add_literal(g);
    else
        add(g, frame->columns[pick(g, frame->count)]);
}

static void add_parameter(struct generator *g)
{
    static const char *const parameters[] = {"?1", "?2", ":x", ":y", ":z?", "@n"};

    add(g, ONE_OF(g, parameters));
}

static void add_leaf(struct generator *g)
{
    size_t which = pick(g, 10);

    if (which < 7)
        add_column_name(g);
    else if (which < 9)
        add_literal(g);
    else
        add_parameter(g);
}

static void add_binary(struct generator *g)
{
    static const char *const operators[] = {
        " + ",    " - ",        " * ",   " / ",  " % ",
        " || ",   " = ",        " <> ",  " < ",  " >= ",
        " IS ",   " IS NOT ",   " AND ", " OR ", " & ",
        " << ",   " AND ",      " OR ",  " = ",  " IS DISTINCT FROM ",
        " LIKE ", " NOT LIKE ", " GLOB "};

    add(g, "(");
    add_expr(g);
    add(g, ONE_OF(g, operators));
    add_expr(g);
    add(g, ")");
}

static void add_unary(struct generator *g)
{
    static const char *const before[] = {"-", "+", "~", "NOT "};
    static const char *const after[] = {" IS NULL",     " IS NOT NULL",    " ISNULL",
                                        " NOTNULL",     " COLLATE NOCASE", " IS TRUE",
                                        " IS NOT FALSE"};

    add(g, "(");
    if (pick(g, 2) == 0) {
        add(g, ONE_OF(g, before));
        add_expr(g);
    } else {
        add_expr(g);
        add(g, ONE_OF(g, after));
    }
    add(g, ")");
}

static void add_call(struct generator *g)
{
    static const struct {
        const char *name;
        int count;
    } calls[] = {
        {"abs", 1},        {"coalesce", 2},     {"coalesce", 3},
        {"ifnull", 2},     {"iif", 3},          {"length", 1},
        {"lower", 1},      {"upper", 1},        {"trim", 1},
        {"substr", 2},     {"substr", 3},       {"replace", 3},
        {"hex", 1},        {"typeof", 1},       {"quote", 1},
        {"nullif", 2},     {"min", 2},          {"max", 3},
        {"instr", 2},      {"round", 1},        {"round", 2},
        {"sign", 1},       {"unicode", 1},      {"char", 1},
        {"printf", 2},     {"date", 1},         {"datetime", 2},
        {"julianday", 1},  {"strftime", 2},     {"json_array", 2},
        {"json_valid", 1}, {"json_quote", 1},   {"json_type", 2},
        {"ceil", 1},       {"floor", 1},        {"sqrt", 1},
        {"sin", 1},        {"atan2", 2},        {"pi", 0},
        {"degrees", 1},    {"likely", 1},       {"unlikely", 1},
        {"zeroblob", 1},   {"time", 0},         {"unixepoch", 1},
        {"soundex", 1},    {"like", 2},         {"glob", 2},
        {"ltrim", 2},      {"json_extract", 2}, {"json_object", 2},
        {"pow", 2},        {"mod", 2},          {"ln", 1},
        {"log", 2},        {"trunc", 1},        {"atan", 1},
        {"format", 1},     {"json", 1},         {"json_array_length", 1},
        {"strftime", 1},   {"rtrim", 1},        {"tanh", 1},
        {"radians", 1},
    };
    size_t which = pick(g, COUNT(calls));
    int i;

    buf_addf(&g->out, "%s(", calls[which].name);
    for (i = 0; i < calls[which].count; i++) {
        add(g, i == 0 ? "" : ", ");
        add_expr(g);
    }
    add(g, ")");
}

static void add_case(struct generator *g)
{
    size_t count = 1 + pick(g, 2);
    bool base = pick(g, 3) == 0;

    add(g, "CASE ");
    if (base)
        add_expr(g);
    while (count-- > 0) {
        add(g, " WHEN ");
        add_expr(g);
        add(g, " THEN ");
        add_expr(g);
    }
    if (often(g)) {
        add(g, " ELSE ");
        add_expr(g);
    }
    add(g, " END");
}

static void add_in(struct generator *g)
{
    size_t count = pick(g, 4);

    add(g, "(");
    add_expr(g);
    add(g, pick(g, 2) == 0 ? " IN (" : " NOT IN (");
    if (pick(g, 3) == 0 && g->selects < 4) {
        add_select(g, 1);
    } else {
        while (count-- > 0) {
            add_expr(g);
            add(g, count > 0 ? ", " : "");
        }
    }
    add(g, "))");
}

static void add_row_value(struct generator *g)
{
    static const char *const operators[] = {" = ", " < ", " IS ", " <> ", " IS NOT "};

    add(g, "((");
    add_expr(g);
    add(g, ", ");
    add_expr(g);
    add(g, ")");
    if (pick(g, 3) == 0 && g->selects < 4) {
        add(g, pick(g, 2) == 0 ? " IN (" : " NOT IN (");
        add_select(g, 2);
        add(g, "))");
        return;
    }
    add(g, ONE_OF(g, operators));
    add(g, "(");
    add_expr(g);
    add(g, ", ");
    add_expr(g);
    add(g, "))");
}

static void add_subquery(struct generator *g)
{
    if (g->selects > 4) {
        add_leaf(g);
        return;
    }
    switch (pick(g, 3)) {
    case 0:
        add(g, "EXISTS (");
        add_select(g, 1 + pick(g, 2));
        break;
    case 1:
        add(g, "NOT EXISTS (");
        add_select(g, 1);
        break;
    default:
        add(g, "(");
        add_select(g, 1);
        break;
    }
    add(g, ")");
}

static void add_other(struct generator *g)
{
    static const char *const types[] = {"INTEGER", "TEXT", "REAL", "NUMERIC", "BLOB"};

    switch (pick(g, 4)) {
    case 0:
        add(g, "CAST(");
        add_expr(g);
        buf_addf(&g->out, " AS %s)", ONE_OF(g, types));
        break;
    case 1:
        add(g, "(");
        add_expr(g);
        add(g, pick(g, 2) == 0 ? " BETWEEN " : " NOT BETWEEN ");
        add_expr(g);
        add(g, " AND ");
        add_expr(g);
        add(g, ")");
        break;
    case 2: add_row_value(g); break;
    default: add_in(g); break;
    }
}

static void add_expr(struct generator *g)
{
    if (++g->depth > 4 || pick(g, 3) == 0) {
        add_leaf(g);
        g->depth--;
        return;
    }
    switch (pick(g, 12)) {
    case 0:
    case 1:
    case 2:
    case 3: add_binary(g); break;
    case 4:
    case 5: add_unary(g); break;
    case 6:
    case 7: add_call(g); break;
    case 8: add_case(g); break;
    case 9: add_subquery(g); break;
    default: add_other(g); break;
    }
    g->depth--;
}

/* ---- aggregates and windows ---------------------------------------------------------- */

static void add_filter(struct generator *g)
{
    if (!rarely(g))
        return;
    add(g, " FILTER (WHERE ");
    add_expr(g);
    add(g, ")");
}

static void add_aggregate(struct generator *g)
{
    static const char *const names[] = {
        "count", "sum", "avg", "min", "max", "total", "group_concat", "json_group_array"};

    if (rarely(g)) {
        add(g, "count(*)");
    } else {
        buf_addf(&g->out, "%s(%s", ONE_OF(g, names), rarely(g) ? "DISTINCT " : "");
        add_expr(g);
        add(g, ")");
    }
    add_filter(g);
}

static void add_bound(struct generator *g, bool start)
{
    static const char *const starts[] = {"UNBOUNDED PRECEDING", "1 PRECEDING",
                                         "CURRENT ROW", "1 FOLLOWING", "0 PRECEDING"};
    static const char *const ends[] = {"UNBOUNDED FOLLOWING", "1 PRECEDING",
                                       "CURRENT ROW", "1 FOLLOWING", "0 FOLLOWING"};

    add(g, start ? ONE_OF(g, starts) : ONE_OF(g, ends));
}

static void add_frame(struct generator *g)
{
    static const char *const units[] = {" ROWS", " RANGE", " GROUPS"};
    static const char *const excludes[] = {" EXCLUDE CURRENT ROW", " EXCLUDE GROUP",
                                           " EXCLUDE TIES", " EXCLUDE NO OTHERS"};

    add(g, ONE_OF(g, units));
    add(g, " BETWEEN ");
    add_bound(g, true);
    add(g, " AND ");
    add_bound(g, false);
    if (rarely(g))
        add(g, ONE_OF(g, excludes));
}

static void add_window(struct generator *g)
{
    static const char *const functions[] = {"row_number()", "rank()",
                                            "dense_rank()", "percent_rank()",
                                            "cume_dist()",  "ntile(2)"};
    static const char *const values[] = {
        "lag", "lead", "first_value", "last_value",   "sum",  "count",
        "min", "max",  "avg",         "group_concat", "total"};

    if (pick(g, 4) == 0) {
        add(g, ONE_OF(g, functions));
    } else {
        const char *name = ONE_OF(g, values);

        buf_addf(&g->out, "%s(", name);
        add_leaf(g);
        if (name[0] == 'l' && name[1] == 'e' && pick(g, 2) == 0) {
            add(g, ", 1, ");
            add_leaf(g);
        }
        add(g, ")");
        if (strchr("scmat", name[0]) != NULL)
            add_filter(g);
    }
    add(g, " OVER (");
    if (pick(g, 3) == 0) {
        add(g, "PARTITION BY ");
        add_leaf(g);
    }
    if (pick(g, 2) == 0) {
        add(g, " ORDER BY ");
        add_column_name(g);
        if (pick(g, 2) == 0)
            add_frame(g);
    } else if (rarely(g)) {
        add(g, " ROWS 1 PRECEDING");
    }
    add(g, ")");
}

/* ---- FROM ---------------------------------------------------------------------------- */

static void show_column(struct generator *g, struct frame *frame, const char *alias,
                        const char *column)
{
    if (frame->count == COUNT(frame->columns))
        return;
    if (pick(g, 4) == 0)
        snprintf(frame->columns[frame->count++], 40, "%.20s", column);
    else
        snprintf(frame->columns[frame->count++], 40, "%.15s.%.20s", alias, column);
}

static void add_table(struct generator *g, struct frame *frame)
{
    const struct catalog *catalog = g->catalog;
    const struct catalog_table *table;
    char alias[16];
    size_t i;

    do
        table = catalog->tables.items[pick(g, catalog->tables.count)];
    while (strncmp(table->name, "sqlite_", 7) == 0 ||
           strncmp(table->name, "json_", 5) == 0);
    snprintf(alias, sizeof alias, "x%d", ++g->aliases);
    buf_addf(&g->out, "%s AS %s", table->name, alias);
    for (i = 0; i < table->column_count; i++)
        show_column(g, frame, alias, table->columns[i].name);
    if (table->has_rowid && rarely(g))
        show_column(g, frame, alias, "rowid");
}

static void add_derived(struct generator *g, struct frame *frame)
{
    static const char *const names[] = {"a", "b", "c"};
    size_t columns = 1 + pick(g, 3), i;
    struct frame *saved = g->frame;
    char alias[16];

    g->frame = frame->outer;
    add(g, "(");
    add_select(g, columns);
    snprintf(alias, sizeof alias, "x%d", ++g->aliases);
    buf_addf(&g->out, ") AS %s", alias);
    g->frame = saved;
    for (i = 0; i < columns; i++)
        show_column(g, frame, alias, names[i]);
}

static void add_cte_use(struct generator *g, struct frame *frame)
{
    static const char *const names[] = {"a", "b", "c"};
    size_t which = pick(g, g->cte_count), i;
    char alias[16];

    snprintf(alias, sizeof alias, "x%d", ++g->aliases);
    buf_addf(&g->out, "%s AS %s", g->ctes[which], alias);
    for (i = 0; i < g->cte_columns[which]; i++)
        show_column(g, frame, alias, names[i]);
}

static void add_source(struct generator *g, struct frame *frame)
{
    if (g->cte_count > 0 && pick(g, 3) == 0) {
        add_cte_use(g, frame);
    } else if (pick(g, 5) == 0 && g->selects < 4) {
        add_derived(g, frame);
    } else if (rarely(g)) {
        char alias[16];

        snprintf(alias, sizeof alias, "x%d", ++g->aliases);
        buf_addf(&g->out, "json_each('[1,null,\"a\",{\"b\":2}]') AS %s", alias);
        show_column(g, frame, alias, "value");
        show_column(g, frame, alias, "key");
        show_column(g, frame, alias, "type");
        show_column(g, frame, alias, "atom");
        show_column(g, frame, alias, "parent");
    } else {
        add_table(g, frame);
    }
}

static void add_from(struct generator *g, struct frame *frame);

static void add_join(struct generator *g, struct frame *frame)
{
    static const char *const joins[] = {" JOIN ",      " LEFT JOIN ",  " RIGHT JOIN ",
                                        " FULL JOIN ", " CROSS JOIN ", ", ",
                                        " LEFT JOIN ", " INNER JOIN "};
    static const char *const naturals[] = {" NATURAL JOIN ", " NATURAL LEFT JOIN ",
                                           " NATURAL FULL JOIN ", " NATURAL RIGHT JOIN "};
    bool natural = rarely(g);

    add(g, natural ? ONE_OF(g, naturals) : ONE_OF(g, joins));
    if (rarely(g) && g->aliases < 8) {
        add(g, "(");
        add_from(g, frame);
        add(g, ")");
    } else {
        add_source(g, frame);
    }
    if (natural)
        return;
    if (pick(g, 4) == 0) {
        buf_addf(&g->out, " USING (%s)", ONE_OF(g, column_names));
    } else if (often(g)) {
        add(g, " ON ");
        add_expr(g);
    }
}

static void add_from(struct generator *g, struct frame *frame)
{
    size_t joins = pick(g, 3);

    add_source(g, frame);
    while (joins-- > 0 && g->aliases < 10)
        add_join(g, frame);
}

/* ---- SELECT -------------------------------------------------------------------------- */

static void add_results(struct generator *g, size_t columns, int mode)
{
    static const char *const names[] = {"a", "b", "c"};
    size_t i;

    for (i = 0; i < columns; i++) {
        add(g, i == 0 ? "" : ", ");
        if (mode == 1 && often(g))
            add_aggregate(g);
        else if (mode == 2 && often(g))
            add_window(g);
        else
            add_expr(g);
        buf_addf(&g->out, " AS %s", names[i]);
    }
}

static void add_tail(struct generator *g, int mode)
{
    if (mode == 1 && pick(g, 2) == 0) {
        add(g, " GROUP BY ");
        add_leaf(g);
        if (pick(g, 3) == 0) {
            add(g, " HAVING ");
            add_aggregate(g);
            add(g, pick(g, 2) == 0 ? " IS NOT NULL" : " > 0");
        }
    }
}

/* The FROM is written first, for its names, and moved behind the results. */
static void add_core(struct generator *g, size_t columns)
{
    struct frame frame = {.outer = g->frame};
    int mode = (int)pick(g, 4);
    struct buf whole = g->out, from;

    g->frame = &frame;
    buf_init(&g->out);
    if (often(g))
        add_from(g, &frame);
    from = g->out;
    g->out = whole;
    add(g, rarely(g) ? "SELECT DISTINCT " : "SELECT ");
    if (g->selects == 1 && rarely(g) && from.length > 0 && columns == 3)
        add(g, "*");
    else
        add_results(g, columns, mode);
    if (from.length > 0) {
        add(g, " FROM ");
        add(g, from.data);
    }
    if (pick(g, 2) == 0) {
        add(g, " WHERE ");
        add_expr(g);
    }
    add_tail(g, mode);
    buf_release(&from);
    g->frame = frame.outer;
}

static void add_values(struct generator *g, size_t columns)
{
    size_t rows = 1 + pick(g, 2), i;

    add(g, "VALUES ");
    while (rows-- > 0) {
        add(g, "(");
        for (i = 0; i < columns; i++) {
            add(g, i == 0 ? "" : ", ");
            add_leaf(g);
        }
        add(g, rows > 0 ? "), " : ")");
    }
}

static void add_with(struct generator *g, size_t *count)
{
    static const char *const recursive[] = {
        "SELECT 1, NULL UNION ALL SELECT a + 1, b FROM %s WHERE a < 4",
        "SELECT 1, 'a' UNION SELECT a + 1, NULL FROM %s WHERE a < 4",
        "SELECT id, a FROM t1 UNION SELECT a + 1, b || 'x' FROM %s WHERE a < 3 LIMIT 20",
        "SELECT 1, 1 UNION ALL SELECT a + 1, CASE WHEN a > 2 THEN 1.5 ELSE b END FROM %s"
        " WHERE a < 5",
    };
    char *name = g->ctes[g->cte_count];
    size_t columns = 1 + pick(g, 3);

    snprintf(name, sizeof g->ctes[0], "w%d", ++g->aliases);
    if (pick(g, 3) == 0) {
        columns = 2;
        buf_addf(&g->out, "WITH %s (a, b) AS (", name);
        {
            const char *format = ONE_OF(g, recursive);
            const char *at = strstr(format, "%s");

            buf_add(&g->out, format, (size_t)(at - format));
            add(g, name);
            add(g, at + 2);
        }
    } else {
        buf_addf(&g->out, "WITH %s AS (", name);
        add_select(g, columns);
    }
    add(g, ") ");
    g->cte_columns[g->cte_count++] = columns;
    (*count)++;
}

static void add_select(struct generator *g, size_t columns)
{
    static const char *const compounds[] = {" UNION ", " UNION ALL ", " INTERSECT ",
                                            " EXCEPT "};
    int depth = g->depth;
    size_t with = 0;

    g->selects++;
    g->depth = g->selects > 2 ? 3 : 1;
    if (rarely(g) && g->cte_count < 3 && g->selects < 4)
        add_with(g, &with);
    if (rarely(g) && !g->out.length)
        add_values(g, columns);
    else
        add_core(g, columns);
    if (rarely(g)) {
        add(g, ONE_OF(g, compounds));
        add_core(g, columns);
    } else if (rarely(g)) {
        add(g, pick(g, 2) == 0 ? " ORDER BY 1" : " ORDER BY a DESC");
    }
    if (rarely(g))
        add(g, pick(g, 2) == 0 ? " LIMIT 2" : " LIMIT 3 OFFSET 1");
    g->cte_count -= with;
    g->depth = depth;
    g->selects--;
}

/* ---- changes ------------------------------------------------------------------------- */

static const struct catalog_table *pick_table(struct generator *g)
{
    const struct catalog_table *table;

    do
        table = g->catalog->tables.items[pick(g, g->catalog->tables.count)];
    while (table->kind != CATALOG_TABLE || strncmp(table->name, "sqlite_", 7) == 0);
    return table;
}

static void show_table(struct frame *frame, const struct catalog_table *table)
{
    size_t i;

    for (i = 0; i < table->column_count; i++)
        snprintf(frame->columns[frame->count++], 40, "%.20s", table->columns[i].name);
}

static void add_change(struct generator *g)
{
    const struct catalog_table *table = pick_table(g);
    struct frame frame = {0};
    const char *a = table->columns[pick(g, table->column_count)].name;
    const char *b = table->columns[pick(g, table->column_count)].name;

    switch (pick(g, 3)) {
    case 0:
        buf_addf(&g->out, "INSERT OR IGNORE INTO %s (%s, %s) VALUES (", table->name, a,
                 b);
        add_leaf(g);
        add(g, ", ");
        add_leaf(g);
        add(g, ")");
        show_table(&frame, table);
        g->frame = &frame;
        if (rarely(g)) {
            buf_addf(&g->out, " ON CONFLICT DO UPDATE SET %s = ", a);
            add_expr(g);
        }
        break;
    case 1:
        show_table(&frame, table);
        g->frame = &frame;
        buf_addf(&g->out, "UPDATE OR IGNORE %s SET %s = ", table->name, a);
        add_expr(g);
        break;
    default:
        show_table(&frame, table);
        g->frame = &frame;
        buf_addf(&g->out, "DELETE FROM %s", table->name);
        break;
    }
    if (strncmp(g->out.data, "INSERT", 6) != 0 && often(g)) {
        add(g, " WHERE ");
        add_expr(g);
    }
    add(g, " RETURNING *, ");
    add_expr(g);
    g->frame = NULL;
}

char *fuzz_query(struct adversary *chance, const struct catalog *catalog)
{
    struct generator g = {.chance = chance, .catalog = catalog};
    size_t length;

    buf_init(&g.out);
    if (pick(&g, 8) == 0)
        add_change(&g);
    else
        add_select(&g, 1 + pick(&g, 3));
    return buf_detach(&g.out, &length);
}
