/*
 * infer_query.c: random FROMs, SELECTs, compounds and common tables.
 */
#include "infer_gen.h"

/* ---- FROM ---------------------------------------------------------------------------- */

/* In quotes where it must be, and sometimes; sometimes in capitals. */
static void spell(struct generator *g, char *out, size_t size, const char *name)
{
    bool plain = strcmp(name, "order") != 0 && strchr(name, ' ') == NULL;

    if (plain && gen_pick(g, 12) != 0)
        snprintf(out, size, "%.15s", name);
    else
        snprintf(out, size, gen_pick(g, 2) == 0 ? "\"%.15s\"" : "[%.15s]", name);
    if (plain && gen_pick(g, 20) == 0)
        out[0] = out[0] >= 'a' && out[0] <= 'z' ? (char)(out[0] - 'a' + 'A') : out[0];
}

void gen_show(struct generator *g, struct frame *frame, const char *alias,
              const char *column)
{
    char spelt[20];

    if (frame->count == COUNT(frame->columns))
        return;
    spell(g, spelt, sizeof spelt, column);
    if (gen_pick(g, 4) == 0)
        snprintf(frame->columns[frame->count++], 40, "%.20s", spelt);
    else
        snprintf(frame->columns[frame->count++], 40, "%.15s.%.20s", alias, spelt);
}

static void add_table(struct generator *g, struct frame *frame)
{
    const struct catalog *catalog = g->catalog;
    const struct catalog_table *table;
    char alias[16];
    size_t i;

    do
        table = catalog->tables.items[gen_pick(g, catalog->tables.count)];
    while (strncmp(table->name, "sqlite_", 7) == 0 ||
           strncmp(table->name, "json_", 5) == 0);
    snprintf(alias, sizeof alias, "x%d", ++g->aliases);
    buf_addf(&g->out, "%s%s AS %s", table->name,
             table->kind == CATALOG_VIRTUAL && gen_pick(g, 2) == 0 ? "('a')" : "", alias);
    for (i = 0; i < table->column_count; i++)
        gen_show(g, frame, alias, table->columns[i].name);
    for (i = 0; table->kind == CATALOG_VIEW && i < 3; i++)
        gen_show(g, frame, alias, gen_names[i]);
    if (table->has_rowid && gen_rarely(g))
        gen_show(g, frame, alias, "rowid");
}

static void add_derived(struct generator *g, struct frame *frame)
{
    static const char *const names[] = {"a", "b", "c"};
    size_t columns = 1 + gen_pick(g, 3), i;
    struct frame *saved = g->frame;
    char alias[16];

    g->frame = frame->outer;
    gen_add(g, "(");
    gen_select(g, columns);
    snprintf(alias, sizeof alias, "x%d", ++g->aliases);
    buf_addf(&g->out, ") AS %s", alias);
    g->frame = saved;
    for (i = 0; i < columns; i++)
        gen_show(g, frame, alias, names[i]);
}

static void add_cte_use(struct generator *g, struct frame *frame)
{
    static const char *const names[] = {"a", "b", "c"};
    size_t which = gen_pick(g, g->cte_count), i;
    char alias[16];

    snprintf(alias, sizeof alias, "x%d", ++g->aliases);
    buf_addf(&g->out, "%s AS %s", g->ctes[which], alias);
    for (i = 0; i < g->cte_columns[which]; i++)
        gen_show(g, frame, alias, names[i]);
}

static void add_function(struct generator *g, struct frame *frame)
{
    static const char *const calls[] = {"json_each('[1,null,\"a\",{\"b\":2}]')",
                                        "json_tree('{\"a\":[1,null,\"a\",2.5]}')",
                                        "json_each('[true,\"x\"]', '$')"};
    static const char *const columns[] = {"value", "key", "type", "atom", "parent", "id"};
    char alias[16];
    size_t i;

    snprintf(alias, sizeof alias, "x%d", ++g->aliases);
    if (frame->count > 0 && gen_pick(g, 4) == 0)
        buf_addf(&g->out, "json_each(json_array(%s, 1)) AS %s",
                 frame->columns[gen_pick(g, frame->count)], alias);
    else
        buf_addf(&g->out, "%s AS %s", ONE_OF(g, calls), alias);
    for (i = 0; i < COUNT(columns); i++)
        gen_show(g, frame, alias, columns[i]);
}

static void add_source(struct generator *g, struct frame *frame)
{
    if (g->cte_count > 0 && gen_pick(g, 3) == 0) {
        add_cte_use(g, frame);
    } else if (gen_pick(g, 5) == 0 && g->selects < 4) {
        add_derived(g, frame);
    } else if (gen_rarely(g)) {
        add_function(g, frame);
    } else {
        add_table(g, frame);
    }
}

static void add_join(struct generator *g, struct frame *frame)
{
    static const char *const joins[] = {" JOIN ",      " LEFT JOIN ",  " RIGHT JOIN ",
                                        " FULL JOIN ", " CROSS JOIN ", ", ",
                                        " LEFT JOIN ", " INNER JOIN "};
    static const char *const naturals[] = {" NATURAL JOIN ", " NATURAL LEFT JOIN ",
                                           " NATURAL FULL JOIN ", " NATURAL RIGHT JOIN "};
    bool natural = gen_rarely(g);

    gen_add(g, natural ? ONE_OF(g, naturals) : ONE_OF(g, joins));
    if (gen_rarely(g) && g->aliases < 8) {
        gen_add(g, "(");
        gen_from(g, frame);
        gen_add(g, ")");
    } else {
        add_source(g, frame);
    }
    if (natural)
        return;
    if (gen_pick(g, 4) == 0) {
        buf_addf(&g->out, " USING (%s)", gen_names[gen_pick(g, 4)]);
    } else if (gen_often(g)) {
        gen_add(g, " ON ");
        if (gen_often(g))
            gen_condition(g);
        else
            gen_expr(g);
    }
}

void gen_from(struct generator *g, struct frame *frame)
{
    size_t joins = gen_pick(g, 3);

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
        gen_add(g, i == 0 ? "" : ", ");
        if (mode == 1 && gen_often(g))
            gen_aggregate(g);
        else if (mode == 2 && gen_often(g))
            gen_window(g);
        else if (mode == 3)
            gen_column(g);
        else
            gen_expr(g);
        buf_addf(&g->out, " AS %s", names[i]);
    }
}

static void add_tail(struct generator *g, int mode)
{
    static const char *const windows[] = {
        " WINDOW n AS ()", " WINDOW n AS (PARTITION BY 1)", " WINDOW n AS (ORDER BY 1)",
        " WINDOW n AS (m), m AS (ORDER BY 1)", " WINDOW n AS (ROWS 1 PRECEDING)"};

    if (mode == 1 && gen_pick(g, 2) == 0) {
        gen_add(g, gen_rarely(g) ? " GROUP BY 1, " : " GROUP BY ");
        gen_leaf(g);
        if (gen_rarely(g)) {
            gen_add(g, ", ");
            gen_column(g);
        }
    }
    if (mode == 1 && gen_pick(g, 3) == 0) {
        gen_add(g, " HAVING ");
        if (gen_pick(g, 2) == 0) {
            gen_condition(g);
        } else {
            gen_aggregate(g);
            gen_add(g, gen_pick(g, 2) == 0 ? " IS NOT NULL" : " > 0");
        }
    }
    if (mode == 2 && gen_often(g))
        gen_add(g, ONE_OF(g, windows));
}

/* The FROM is written first, for its names, and moved behind the results. */
static void add_core(struct generator *g, size_t columns)
{
    struct frame frame = {.outer = g->frame};
    int mode = (int)gen_pick(g, 4);
    struct buf whole = g->out, from;

    g->frame = &frame;
    buf_init(&g->out);
    if (gen_often(g))
        gen_from(g, &frame);
    from = g->out;
    g->out = whole;
    gen_add(g, gen_rarely(g) ? "SELECT DISTINCT " : "SELECT ");
    if (g->selects == 1 && gen_rarely(g) && from.length > 0 && columns == 3)
        gen_add(g, "*");
    else
        add_results(g, columns, mode);
    if (from.length > 0) {
        gen_add(g, " FROM ");
        gen_add(g, from.data);
    }
    if (gen_pick(g, 2) == 0) {
        gen_add(g, " WHERE ");
        if (mode == 3 || gen_pick(g, 3) == 0)
            gen_condition(g);
        else
            gen_expr(g);
    }
    add_tail(g, mode);
    buf_release(&from);
    g->frame = frame.outer;
}

static void add_values(struct generator *g, size_t columns)
{
    size_t rows = 1 + gen_pick(g, 2), i;

    gen_add(g, "VALUES ");
    while (rows-- > 0) {
        gen_add(g, "(");
        for (i = 0; i < columns; i++) {
            gen_add(g, i == 0 ? "" : ", ");
            gen_leaf(g);
        }
        gen_add(g, rows > 0 ? "), " : ")");
    }
}

void gen_with(struct generator *g)
{
    static const char *const recursive[] = {
        "SELECT 1, NULL UNION ALL SELECT a + 1, b FROM %s WHERE a < 4",
        "SELECT 1, 'a' UNION SELECT a + 1, NULL FROM %s WHERE a < 4",
        "SELECT id, a FROM t1 UNION SELECT a + 1, b || 'x' FROM %s WHERE a < 3 LIMIT 20",
        "SELECT NULL, 0 UNION SELECT coalesce(a, b), b + 1 FROM %s WHERE b < 3",
        "VALUES (1, 'x') UNION ALL SELECT a * 2, substr(b, 2) FROM %s WHERE a < 9 LIMIT "
        "5",
        "SELECT 1, 1 UNION ALL SELECT a + 1, CASE WHEN a > 2 THEN 1.5 ELSE b END FROM %s"
        " WHERE a < 5",
    };
    char *name = g->ctes[g->cte_count];
    size_t columns = 1 + gen_pick(g, 3);

    static const char *const hints[] = {"", "", "MATERIALIZED ", "NOT MATERIALIZED "};

    snprintf(name, sizeof g->ctes[0], "w%d", ++g->aliases);
    if (gen_pick(g, 3) == 0) {
        columns = 2;
        buf_addf(&g->out, "WITH %s (a, b) AS %s(", name, ONE_OF(g, hints));
        {
            const char *format = ONE_OF(g, recursive);
            const char *at = strstr(format, "%s");

            buf_add(&g->out, format, (size_t)(at - format));
            gen_add(g, name);
            gen_add(g, at + 2);
        }
    } else {
        buf_addf(&g->out, "WITH %s AS %s(", name, ONE_OF(g, hints));
        gen_select(g, columns);
    }
    gen_add(g, ") ");
    g->cte_columns[g->cte_count++] = columns;
}

void gen_select(struct generator *g, size_t columns)
{
    static const char *const compounds[] = {" UNION ", " UNION ALL ", " INTERSECT ",
                                            " EXCEPT "};
    static const char *const limits[] = {" LIMIT 2", " LIMIT 3 OFFSET 1", " LIMIT 1",
                                         " LIMIT :n OFFSET :o", " LIMIT 1, 1 + 1"};
    static const char *const orders[] = {" ORDER BY 1", " ORDER BY a DESC",
                                         " ORDER BY a + 1, 1", " ORDER BY count(*)",
                                         " ORDER BY max(a)"};
    int depth = g->depth;
    size_t with = 0;

    g->selects++;
    g->depth = g->selects > 2 ? 3 : 1;
    if (gen_rarely(g) && g->cte_count < 3 && g->selects < 4) {
        gen_with(g);
        with = 1;
    }
    if (gen_rarely(g) && !g->out.length)
        add_values(g, columns);
    else
        add_core(g, columns);
    if (gen_rarely(g)) {
        do {
            gen_add(g, ONE_OF(g, compounds));
            add_core(g, columns);
        } while (gen_rarely(g));
    } else if (gen_rarely(g)) {
        gen_add(g, ONE_OF(g, orders));
    }
    if (gen_rarely(g))
        gen_add(g, ONE_OF(g, limits));
    g->cte_count -= with;
    g->depth = depth;
    g->selects--;
}

char *fuzz_query(struct adversary *chance, const struct catalog *catalog)
{
    struct generator g = {.chance = chance, .catalog = catalog};
    size_t length;

    buf_init(&g.out);
    if (gen_pick(&g, 6) == 0)
        gen_change(&g);
    else
        gen_select(&g, 1 + gen_pick(&g, 3));
    return buf_detach(&g.out, &length);
}
