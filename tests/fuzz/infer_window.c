/*
 * infer_window.c: random aggregates and window functions.
 */
#include "infer_gen.h"

/* ---- aggregates and windows ---------------------------------------------------------- */

void gen_filter(struct generator *g)
{
    if (!gen_rarely(g))
        return;
    gen_add(g, " FILTER (WHERE ");
    if (gen_pick(g, 2) == 0)
        gen_condition(g);
    else
        gen_expr(g);
    gen_add(g, ")");
}

void gen_aggregate(struct generator *g)
{
    static const char *const names[] = {
        "count", "sum", "avg", "min", "max", "total", "group_concat", "json_group_array"};

    if (gen_rarely(g)) {
        gen_add(g, "count(*)");
    } else {
        buf_addf(&g->out, "%s(%s", ONE_OF(g, names), gen_rarely(g) ? "DISTINCT " : "");
        gen_expr(g);
        gen_add(g, ")");
    }
    gen_filter(g);
}

static void add_bound(struct generator *g, bool start)
{
    static const char *const starts[] = {"UNBOUNDED PRECEDING", "1 PRECEDING",
                                         "CURRENT ROW", "1 FOLLOWING", "0 PRECEDING"};
    static const char *const ends[] = {"UNBOUNDED FOLLOWING", "1 PRECEDING",
                                       "CURRENT ROW", "1 FOLLOWING", "0 FOLLOWING"};

    gen_add(g, start ? ONE_OF(g, starts) : ONE_OF(g, ends));
}

static void add_frame(struct generator *g)
{
    static const char *const units[] = {" ROWS", " RANGE", " GROUPS"};
    static const char *const excludes[] = {" EXCLUDE CURRENT ROW", " EXCLUDE GROUP",
                                           " EXCLUDE TIES", " EXCLUDE NO OTHERS"};

    gen_add(g, ONE_OF(g, units));
    gen_add(g, " BETWEEN ");
    add_bound(g, true);
    gen_add(g, " AND ");
    add_bound(g, false);
    if (gen_rarely(g))
        gen_add(g, ONE_OF(g, excludes));
}

void gen_window(struct generator *g)
{
    static const char *const functions[] = {"row_number()", "rank()",
                                            "dense_rank()", "percent_rank()",
                                            "cume_dist()",  "ntile(2)"};
    static const char *const values[] = {
        "lag", "lead", "first_value", "last_value",   "sum",   "count",
        "min", "max",  "avg",         "group_concat", "total", "nth_value"};

    if (gen_pick(g, 4) == 0) {
        gen_add(g, ONE_OF(g, functions));
    } else {
        const char *name = ONE_OF(g, values);

        buf_addf(&g->out, "%s(", name);
        gen_leaf(g);
        if (name[0] == 'l' && name[1] == 'e' && gen_pick(g, 2) == 0) {
            gen_add(g, ", 1, ");
            gen_leaf(g);
        } else if (name[0] == 'n') {
            gen_add(g, ", 2");
        }
        gen_add(g, ")");
        if (strchr("scmat", name[0]) != NULL)
            gen_filter(g);
    }
    if (gen_rarely(g)) {
        gen_add(g, gen_pick(g, 2) == 0 ? " OVER n" : " OVER (n ORDER BY 1)");
        return;
    }
    gen_add(g, " OVER (");
    if (gen_pick(g, 3) == 0) {
        gen_add(g, "PARTITION BY ");
        gen_leaf(g);
    }
    if (gen_pick(g, 2) == 0) {
        gen_add(g, " ORDER BY ");
        gen_column(g);
        if (gen_pick(g, 2) == 0)
            add_frame(g);
    } else if (gen_rarely(g)) {
        gen_add(g, " ROWS 1 PRECEDING");
    }
    gen_add(g, ")");
}
