/*
 * infer_change.c: random INSERT, UPSERT, UPDATE, UPDATE FROM and DELETE, with RETURNING.
 */
#include "infer_gen.h"

static const struct catalog_table *pick_table(struct generator *g)
{
    const struct catalog_table *table;

    do
        table = g->catalog->tables.items[gen_pick(g, g->catalog->tables.count)];
    while ((table->kind != CATALOG_TABLE && gen_pick(g, 10) != 0) ||
           table->kind == CATALOG_VIRTUAL || strncmp(table->name, "sqlite_", 7) == 0);
    return table;
}

static void show_table(struct generator *g, struct frame *frame,
                       const struct catalog_table *table, const char *name)
{
    size_t i;

    for (i = 0; i < table->column_count; i++)
        gen_show(g, frame, name, table->columns[i].name);
    if (table->kind == CATALOG_VIEW)
        gen_show(g, frame, name, "a");
}

static void add_name(struct generator *g, const struct catalog_table *table)
{
    if (table->kind == CATALOG_VIEW)
        gen_add(g, "a");
    else
        buf_addf(&g->out, "\"%s\"",
                 table->columns[gen_pick(g, table->column_count)].name);
}

static void add_rows(struct generator *g, size_t columns)
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

static void add_set(struct generator *g, const struct catalog_table *table)
{
    gen_add(g, " SET ");
    if (gen_rarely(g)) {
        gen_add(g, "(");
        add_name(g, table);
        gen_add(g, ", ");
        add_name(g, table);
        gen_add(g, ") = (");
        gen_expr(g);
        gen_add(g, ", ");
        gen_leaf(g);
        gen_add(g, ")");
        return;
    }
    add_name(g, table);
    gen_add(g, " = ");
    gen_expr(g);
    if (gen_rarely(g)) {
        gen_add(g, ", ");
        add_name(g, table);
        gen_add(g, " = ");
        gen_leaf(g);
    }
}

static void add_upsert(struct generator *g, struct frame *frame,
                       const struct catalog_table *table)
{
    gen_add(g, " ON CONFLICT");
    if (gen_pick(g, 2) == 0) {
        gen_add(g, " DO NOTHING");
        return;
    }
    show_table(g, frame, table, "excluded");
    g->frame = frame;
    gen_add(g, gen_pick(g, 2) == 0 ? " (id) DO UPDATE" : " DO UPDATE");
    add_set(g, table);
    if (gen_rarely(g)) {
        gen_add(g, " WHERE ");
        gen_condition(g);
    }
    g->frame = NULL;
}

static void add_insert(struct generator *g, struct frame *frame,
                       const struct catalog_table *table)
{
    static const char *const verbs[] = {"INSERT", "INSERT OR IGNORE", "INSERT OR REPLACE",
                                        "REPLACE", "INSERT OR IGNORE"};

    buf_addf(&g->out, "%s INTO %s (", ONE_OF(g, verbs), table->name);
    add_name(g, table);
    gen_add(g, ", ");
    add_name(g, table);
    gen_add(g, ") ");
    if (gen_pick(g, 3) == 0)
        gen_select(g, 2);
    else
        add_rows(g, 2);
    if (gen_pick(g, 2) == 0)
        add_upsert(g, frame, table);
}

static void add_where(struct generator *g)
{
    if (!gen_often(g))
        return;
    gen_add(g, " WHERE ");
    if (gen_pick(g, 2) == 0)
        gen_condition(g);
    else
        gen_expr(g);
}

static void add_update(struct generator *g, struct frame *frame,
                       const struct catalog_table *table)
{
    struct buf whole = g->out, from;

    buf_init(&g->out);
    if (gen_pick(g, 3) == 0)
        gen_from(g, frame);
    from = g->out;
    g->out = whole;
    g->frame = frame;
    buf_addf(&g->out, "UPDATE OR IGNORE %s", table->name);
    add_set(g, table);
    if (from.length > 0)
        buf_addf(&g->out, " FROM %s", from.data);
    add_where(g);
    g->frame = NULL;
    buf_release(&from);
}

static void add_delete(struct generator *g, struct frame *frame,
                       const struct catalog_table *table)
{
    g->frame = frame;
    buf_addf(&g->out, "DELETE FROM %s", table->name);
    add_where(g);
    g->frame = NULL;
}

void gen_change(struct generator *g)
{
    const struct catalog_table *table = pick_table(g);
    struct frame frame = {0}, returning = {0};

    show_table(g, &frame, table, table->name);
    show_table(g, &returning, table, table->name);
    if (gen_rarely(g))
        gen_with(g);
    switch (gen_pick(g, 3)) {
    case 0: add_insert(g, &frame, table); break;
    case 1: add_update(g, &frame, table); break;
    default: add_delete(g, &frame, table); break;
    }
    g->frame = &returning;
    gen_add(g, " RETURNING *, ");
    gen_expr(g);
    g->frame = NULL;
    g->cte_count = 0;
}
