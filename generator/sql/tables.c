/*
 * tables.c: see tables.h. A walk over the tree of a statement, then over what its changes
 * lead to. Each change of a table by the same columns is followed once, so cycles of
 * triggers and foreign keys end.
 */
#include "tables.h"

#include "table_shape.h"

#include <stdlib.h>
#include <string.h>

struct ctes { /* the common tables that can be seen */
    const struct ctes *around;
    const struct with *with;
};

struct walk {
    struct arena *arena;
    struct catalog *catalog;
    struct table_uses *uses;
    const char *through;                 /* what is being followed, or NULL */
    const struct table_shape *triggered; /* whose trigger is followed: OLD and NEW */
    bool sees_column;                    /* an expression names a column of a table */
    bool replaces; /* a REPLACE is going on: triggers' changes replace too */
    VEC(const struct cte *) seen;
    struct map done; /* views and changes */
};

static void walk_select(struct walk *walk, const struct select *select,
                        const struct ctes *ctes);
static void walk_expr(struct walk *walk, const struct expr *expr,
                      const struct ctes *ctes);
static void walk_statement(struct walk *walk, const struct statement *statement);

/* ---- what is found ------------------------------------------------------------------- */

static struct table_use *use_of(struct walk *walk, const struct catalog_table *table)
{
    struct table_use *use;
    size_t i;

    for (i = 0; i < walk->uses->list.count; i++) {
        use = &walk->uses->list.items[i];
        if (use->table != table)
            continue;
        if (walk->through == NULL)
            use->through = NULL;
        return use;
    }
    use = VEC_ADD(walk->arena, &walk->uses->list);
    use->table = table;
    use->through = walk->through;
    return use;
}

/* False: it has been followed. `columns` NULL: all. */
static bool begin(struct walk *walk, const struct catalog_table *table, const char *what,
                  const struct names *columns)
{
    const char *key = arena_printf(walk->arena, "%s %s%s", what, table->name,
                                   walk->replaces ? " replace" : "");
    size_t i;

    for (i = 0; columns != NULL && i < columns->count; i++)
        key = arena_printf(walk->arena, "%s,%s", key, columns->items[i].text);
    if (map_get(&walk->done, key) != NULL)
        return false;
    map_put(walk->arena, &walk->done, key, walk);
    return true;
}

/* What `outer` was, unless the statement itself was being looked at. */
static const char *enter(struct walk *walk, const char *what, const char *name)
{
    const char *outer = walk->through;

    if (outer == NULL)
        walk->through = arena_printf(walk->arena, "%s `%s`", what, name);
    return outer;
}

/* ---- reading ------------------------------------------------------------------------- */

/* A name in the header that is AS stands in quotes. */
size_t view_select_at(struct arena *arena, const char *sql)
{
    struct parser parser;

    parser_init(&parser, arena, sql, strlen(sql), 0);
    while (!parser_at(&parser, TOKEN_END) && !parser_is(&parser, KEYWORD_AS))
        parser_next(&parser);
    parser_next(&parser);
    return parser.token.offset;
}

static void read_view(struct walk *walk, const struct catalog_table *view)
{
    const char *outer;
    struct parser parser;
    struct select *select;

    if (view->sql == NULL || !begin(walk, view, "view", NULL))
        return;
    outer = enter(walk, "view", view->name);
    parser_init(&parser, walk->arena, view->sql, strlen(view->sql),
                view_select_at(walk->arena, view->sql));
    select = parser_select(&parser);
    if (!parser_failed(&parser))
        walk_select(walk, select, NULL);
    walk->through = outer;
}

static void read_table(struct walk *walk, const struct catalog_table *table)
{
    if (table->kind == CATALOG_VIEW)
        read_view(walk, table);
    else if (shape_of(walk->catalog, table) != NULL)
        use_of(walk, table)->reads = true;
}

/* A common table that nobody names is not looked at, neither by SQLite. */
static void read_cte(struct walk *walk, const struct cte *cte, const struct ctes *ctes)
{
    size_t i;

    for (i = 0; i < walk->seen.count; i++)
        if (walk->seen.items[i] == cte)
            return;
    *VEC_ADD(walk->arena, &walk->seen) = cte;
    walk_select(walk, cte->select, ctes);
}

static void read_name(struct walk *walk, const char *schema, const char *name,
                      const struct ctes *ctes)
{
    const struct catalog_table *table;
    size_t i;

    for (; schema == NULL && ctes != NULL; ctes = ctes->around)
        for (i = 0; ctes->with != NULL && i < ctes->with->count; i++)
            if (name_same(ctes->with->items[i].name, name)) {
                read_cte(walk, &ctes->with->items[i], ctes);
                return;
            }
    table = catalog_find(walk->catalog, schema, name);
    if (table != NULL)
        read_table(walk, table);
}

/* ---- the tree ------------------------------------------------------------------------ */

static void walk_exprs(struct walk *walk, const struct exprs *exprs,
                       const struct ctes *ctes)
{
    size_t i;

    for (i = 0; i < exprs->count; i++)
        walk_expr(walk, exprs->items[i], ctes);
}

static void walk_terms(struct walk *walk, const struct terms *terms,
                       const struct ctes *ctes)
{
    size_t i;

    for (i = 0; i < terms->count; i++)
        walk_expr(walk, terms->items[i].expr, ctes);
}

static void walk_window(struct walk *walk, const struct window *window,
                        const struct ctes *ctes)
{
    if (window == NULL)
        return;
    walk_exprs(walk, &window->partition, ctes);
    walk_terms(walk, &window->order, ctes);
    walk_expr(walk, window->start_expr, ctes);
    walk_expr(walk, window->end_expr, ctes);
}

static void walk_column(struct walk *walk, const struct expr *expr)
{
    const char *table = expr->table;
    bool row = table != NULL && (name_same(table, "new") || name_same(table, "old"));

    if (row && walk->triggered != NULL)
        read_table(walk, walk->triggered->table);
    else if (table == NULL || !name_same(table, "excluded"))
        walk->sees_column = true;
}

static void walk_expr(struct walk *walk, const struct expr *expr, const struct ctes *ctes)
{
    if (expr == NULL)
        return;
    if (expr->kind == EXPR_COLUMN)
        walk_column(walk, expr);
    if (expr->kind == EXPR_IN && !expr->is_list && expr->select == NULL)
        read_name(walk, expr->schema, expr->name, ctes);
    walk_expr(walk, expr->left, ctes);
    walk_expr(walk, expr->right, ctes);
    walk_expr(walk, expr->extra, ctes);
    walk_expr(walk, expr->filter, ctes);
    walk_exprs(walk, &expr->list, ctes);
    walk_terms(walk, &expr->order, ctes);
    walk_window(walk, expr->over, ctes);
    walk_select(walk, expr->select, ctes);
}

static void walk_from(struct walk *walk, const struct from *from, const struct ctes *ctes)
{
    size_t i;

    for (i = 0; i < from->count; i++) {
        const struct from_item *item = &from->items[i];

        switch (item->kind) {
        case FROM_TABLE: read_name(walk, item->schema, item->name, ctes); break;
        case FROM_CALL: break;
        case FROM_SELECT: walk_select(walk, item->select, ctes); break;
        case FROM_GROUP: walk_from(walk, item->group, ctes); break;
        }
        walk_exprs(walk, &item->arguments, ctes);
        walk_expr(walk, item->on, ctes);
    }
}

static void walk_results(struct walk *walk, const struct results *results,
                         const struct ctes *ctes)
{
    size_t i;

    for (i = 0; i < results->count; i++)
        walk_expr(walk, results->items[i].expr, ctes);
}

static void walk_core(struct walk *walk, const struct core *core, const struct ctes *ctes)
{
    size_t i;

    for (i = 0; i < core->values.count; i++)
        walk_exprs(walk, &core->values.items[i], ctes);
    walk_results(walk, &core->results, ctes);
    walk_from(walk, &core->from, ctes);
    walk_expr(walk, core->where, ctes);
    walk_exprs(walk, &core->group, ctes);
    walk_expr(walk, core->having, ctes);
    for (i = 0; i < core->windows.count; i++)
        walk_window(walk, core->windows.items[i], ctes);
}

static void walk_select(struct walk *walk, const struct select *select,
                        const struct ctes *ctes)
{
    struct ctes inner;
    size_t i;

    if (select == NULL)
        return;
    inner = (struct ctes){ctes, select->with};
    for (i = 0; i < select->core_count; i++)
        walk_core(walk, select->cores[i], &inner);
    walk_terms(walk, &select->order, &inner);
    walk_expr(walk, select->limit, &inner);
    walk_expr(walk, select->offset, &inner);
}

/* ---- what a change leads to ---------------------------------------------------------- */

static void change(struct walk *walk, const struct catalog_table *table,
                   enum change event, const struct names *columns);

static bool has_column(const struct table_shape *shape, const struct names *columns,
                       const char *name)
{
    size_t i;

    for (i = 0; i < columns->count; i++)
        if (name_same(columns->items[i].text, name) ||
            (shape_column_is_rowid(shape, name) &&
             shape_column_is_rowid(shape, columns->items[i].text)))
            return true;
    return false;
}

/* True where an UPDATE of `columns` changes one of the names; NULL: of all. */
static bool touches(const struct table_shape *shape, const struct names *columns,
                    const struct name_list *names)
{
    size_t i;

    for (i = 0; columns != NULL && i < names->count; i++)
        if (has_column(shape, columns, names->items[i]))
            return true;
    return columns == NULL;
}

static bool fires(const struct trigger_tree *trigger, enum change event,
                  const struct names *columns)
{
    size_t i, k;

    if (trigger->event != event)
        return false;
    if (columns == NULL || trigger->columns.count == 0)
        return true;
    for (i = 0; i < trigger->columns.count; i++)
        for (k = 0; k < columns->count; k++)
            if (name_same(trigger->columns.items[i].text, columns->items[k].text))
                return true;
    return false;
}

static void fire(struct walk *walk, const struct table_shape *shape, enum change event,
                 const struct names *columns)
{
    const struct table_shape *outer_triggered = walk->triggered;
    size_t i, k;

    for (i = 0; i < shape->triggers.count; i++) {
        const struct trigger_tree *trigger = shape->triggers.items[i];
        const char *outer;

        if (!fires(trigger, event, columns))
            continue;
        outer = enter(walk, "trigger", trigger->name);
        walk->triggered = shape;
        walk_expr(walk, trigger->when, NULL);
        for (k = 0; k < trigger->statements.count; k++)
            walk_statement(walk, trigger->statements.items[k]);
        walk->through = outer;
    }
    walk->triggered = outer_triggered;
}

/* An inserted or changed reference is looked up in its parent. */
static void look_up_parents(struct walk *walk, const struct table_shape *shape,
                            enum change event, const struct names *columns)
{
    size_t i;

    for (i = 0; event != CHANGE_DELETE && i < shape->as_child.count; i++) {
        const struct link *link = shape->as_child.items[i];
        const char *outer;

        if (event == CHANGE_UPDATE && !touches(shape, columns, &link->key->columns))
            continue;
        outer = enter(walk, "foreign key of", shape->table->name);
        read_table(walk, link->parent->table);
        walk->through = outer;
    }
}

static void act(struct walk *walk, const struct link *link, enum def_action action)
{
    struct names columns = {0};
    size_t i;

    for (i = 0; i < link->key->columns.count; i++)
        *VEC_ADD(walk->arena, &columns) =
            (struct name){.text = link->key->columns.items[i]};
    if (action == ACTION_SET_NULL || action == ACTION_SET_DEFAULT)
        change(walk, link->child->table, CHANGE_UPDATE, &columns);
}

static void follow_children(struct walk *walk, const struct table_shape *shape,
                            enum change event, const struct names *columns)
{
    bool replaces = walk->replaces; /* an action never does */
    size_t i;

    walk->replaces = false;
    for (i = 0; event != CHANGE_INSERT && i < shape->as_parent.count; i++) {
        const struct link *link = shape->as_parent.items[i];
        const char *outer;

        if (event == CHANGE_UPDATE && !touches(shape, columns, link->parent_columns))
            continue;
        outer = enter(walk, "foreign key of", link->child->table->name);
        read_table(walk, link->child->table);
        if (event == CHANGE_DELETE && link->key->on_delete == ACTION_CASCADE)
            change(walk, link->child->table, CHANGE_DELETE, NULL);
        else if (event == CHANGE_DELETE)
            act(walk, link, link->key->on_delete);
        else if (link->key->on_update == ACTION_CASCADE)
            act(walk, link, ACTION_SET_NULL);
        else
            act(walk, link, link->key->on_update);
        walk->through = outer;
    }
    walk->replaces = replaces;
}

static void mark(struct walk *walk, const struct catalog_table *table, enum change event)
{
    struct table_use *use = use_of(walk, table);

    switch (event) {
    case CHANGE_INSERT: use->inserts = true; break;
    case CHANGE_UPDATE: use->updates = true; break;
    case CHANGE_DELETE: use->deletes = true; break;
    }
}

/* The rows that are in the way; their triggers don't fire. */
static void replace(struct walk *walk, const struct table_shape *shape)
{
    mark(walk, shape->table, CHANGE_DELETE);
    follow_children(walk, shape, CHANGE_DELETE, NULL);
}

static void change(struct walk *walk, const struct catalog_table *table,
                   enum change event, const struct names *columns)
{
    static const char *const words[] = {"insert", "update", "delete"};
    const struct table_shape *shape = shape_of(walk->catalog, table);

    if (shape == NULL)
        return;
    if (table->kind != CATALOG_VIEW)
        mark(walk, table, event);
    if (!begin(walk, table, words[event], columns))
        return;
    if (table->kind == CATALOG_TABLE && event != CHANGE_DELETE &&
        (walk->replaces || shape->replaces))
        replace(walk, shape);
    look_up_parents(walk, shape, event, columns);
    follow_children(walk, shape, event, columns);
    fire(walk, shape, event, columns);
}

/* ---- statements ---------------------------------------------------------------------- */

static struct names assigned(struct walk *walk, const struct assignments *set)
{
    struct names columns = {0};
    size_t i, k;

    for (i = 0; i < set->count; i++)
        for (k = 0; k < set->items[i].columns.count; k++)
            *VEC_ADD(walk->arena, &columns) = set->items[i].columns.items[k];
    return columns;
}

static void walk_set(struct walk *walk, const struct assignments *set,
                     const struct ctes *ctes)
{
    size_t i;

    for (i = 0; i < set->count; i++)
        walk_expr(walk, set->items[i].value, ctes);
}

static void walk_parts(struct walk *walk, const struct statement *statement,
                       const struct ctes *ctes)
{
    size_t i;

    walk_set(walk, &statement->set, ctes);
    walk_from(walk, &statement->from, ctes);
    walk_expr(walk, statement->where, ctes);
    walk_results(walk, &statement->returning, ctes);
    walk_terms(walk, &statement->order, ctes);
    walk_expr(walk, statement->limit, ctes);
    walk_expr(walk, statement->offset, ctes);
    for (i = 0; i < statement->upserts.count; i++) {
        walk_terms(walk, &statement->upserts.items[i].target, ctes);
        walk_set(walk, &statement->upserts.items[i].set, ctes);
        walk_expr(walk, statement->upserts.items[i].where, ctes);
    }
}

static void walk_changes(struct walk *walk, const struct statement *statement,
                         const struct catalog_table *target)
{
    struct names columns = assigned(walk, &statement->set);
    size_t i;

    switch (statement->kind) {
    case STATEMENT_INSERT: change(walk, target, CHANGE_INSERT, NULL); break;
    case STATEMENT_UPDATE: change(walk, target, CHANGE_UPDATE, &columns); break;
    default: change(walk, target, CHANGE_DELETE, NULL); break;
    }
    for (i = 0; i < statement->upserts.count; i++) {
        columns = assigned(walk, &statement->upserts.items[i].set);
        if (columns.count > 0)
            change(walk, target, CHANGE_UPDATE, &columns);
    }
}

/* The table itself is read where an expression looks at its rows. */
static void walk_target(struct walk *walk, const struct statement *statement,
                        const struct ctes *ctes)
{
    const struct from_item *item = &statement->target;
    const struct catalog_table *target =
        catalog_find(walk->catalog, item->schema, item->name);
    bool replaces = walk->replaces;

    if (target == NULL)
        return;
    walk->sees_column = false;
    walk_parts(walk, statement, ctes);
    if (walk->sees_column || statement->has_returning)
        read_table(walk, target);
    walk->replaces = replaces || statement->conflict == KEYWORD_REPLACE;
    walk_changes(walk, statement, target);
    walk->replaces = replaces;
}

static void walk_statement(struct walk *walk, const struct statement *statement)
{
    struct ctes ctes = {NULL, statement->with};

    walk_select(walk, statement->select, &ctes);
    if (statement->kind != STATEMENT_SELECT)
        walk_target(walk, statement, &ctes);
}

/* ---- the whole ----------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
    const struct table_use *x = a, *y = b;

    return strcmp(x->table->name, y->table->name);
}

static void sort(struct table_uses *uses)
{
    if (uses->list.count > 1)
        qsort(uses->list.items, uses->list.count, sizeof *uses->list.items, by_name);
}

void tables_used(struct arena *arena, struct catalog *catalog,
                 const struct statement *statement, struct table_uses *uses)
{
    struct walk walk = {.arena = arena, .catalog = catalog, .uses = uses};

    *uses = (struct table_uses){0};
    walk_statement(&walk, statement);
    sort(uses);
}

void tables_of_view(struct arena *arena, struct catalog *catalog,
                    const struct catalog_table *view, struct table_uses *uses)
{
    struct walk walk = {.arena = arena, .catalog = catalog, .uses = uses};

    *uses = (struct table_uses){0};
    read_table(&walk, view);
    sort(uses);
}

bool table_use_writes(const struct table_use *use)
{
    return use->inserts || use->updates || use->deletes;
}
