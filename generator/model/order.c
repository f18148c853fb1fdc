/*
 * order.c: see order.h. Tarjan's strongly connected components, without recursion, twice:
 * over all foreign keys, then inside each cycle over the hard ones alone.
 */
#include "order.h"

#include "sqltext.h"

#include <stdint.h>

struct vertex {
    struct table *table;
    size_t number; /* of its visit, from 1; 0: not visited */
    size_t low;
    size_t component; /* of the first run, from 1 */
    size_t next_key;  /* the foreign key to follow next */
    bool on_stack;
};

struct graph {
    struct arena *arena;
    struct diags *diags;
    struct vertex *vertices;
    size_t count;
    struct map by_name;
    bool hard_only; /* the second run */
    size_t visits, components;
    size_t *stack, depth; /* of vertices whose component is not known */
    size_t *path, path_length;
    size_t *order, ordered;
};

bool order_is_hard(const struct foreign_key *key)
{
    if (key->deferrable)
        return false;
    for (size_t i = 0; i < key->columns.count; i++)
        if (key->columns.items[i]->nullable)
            return false;
    return true;
}

static struct vertex *parent_of(const struct graph *graph, const struct vertex *vertex,
                                const struct foreign_key *key)
{
    struct vertex *parent;

    if (key->parent == NULL || key->parent == vertex->table)
        return NULL;
    parent = map_get(&graph->by_name, key->parent->name);
    if (parent == NULL || !graph->hard_only)
        return parent;
    return order_is_hard(key) && parent->component == vertex->component ? parent : NULL;
}

static void visit(struct graph *graph, size_t index)
{
    struct vertex *vertex = &graph->vertices[index];

    vertex->number = vertex->low = ++graph->visits;
    vertex->next_key = 0;
    vertex->on_stack = true;
    graph->stack[graph->depth++] = index;
    graph->path[graph->path_length++] = index;
}

/* Every table of such a cycle waits for the next one: names it all once, at its first. */
static void report_cycle(struct graph *graph, size_t from)
{
    struct diag *diag = NULL;

    for (size_t i = from; i < graph->depth; i++) {
        const struct vertex *vertex = &graph->vertices[graph->stack[i]];

        for (size_t k = 0; k < vertex->table->foreign_keys.count; k++) {
            const struct foreign_key *key = &vertex->table->foreign_keys.items[k];
            const struct vertex *parent = parent_of(graph, vertex, key);

            if (parent == NULL || !parent->on_stack)
                continue;
            if (diag == NULL) {
                diag = diag_error(graph->diags, 230, key->span,
                                  "no row can ever be inserted: `%s` and `%s` need each "
                                  "other's rows first",
                                  vertex->table->name, key->parent->name);
                diag_hint(diag,
                          "make one of the foreign keys nullable or `deferrable: true`");
            } else {
                diag_note(diag, key->span, "`%s` needs a row of `%s`",
                          vertex->table->name, key->parent->name);
            }
            break;
        }
    }
}

static void close_component(struct graph *graph, size_t root)
{
    size_t from = graph->depth;

    while (graph->stack[--from] != root)
        continue;
    if (graph->hard_only && graph->depth - from > 1)
        report_cycle(graph, from);
    graph->components++;
    for (size_t i = from; i < graph->depth; i++) {
        graph->vertices[graph->stack[i]].on_stack = false;
        if (!graph->hard_only)
            graph->vertices[graph->stack[i]].component = graph->components;
    }
    /* What was reached last is referred to by what was reached before it. */
    while (graph->depth > from)
        graph->order[graph->ordered++] = graph->stack[--graph->depth];
}

static void lower(struct vertex *vertex, size_t low)
{
    if (low < vertex->low)
        vertex->low = low;
}

/* Follows one foreign key of the last vertex of the path, or leaves the vertex. */
static void step(struct graph *graph)
{
    size_t index = graph->path[graph->path_length - 1];
    struct vertex *vertex = &graph->vertices[index];
    struct vertex *parent;

    if (vertex->next_key < vertex->table->foreign_keys.count) {
        parent = parent_of(graph, vertex,
                           &vertex->table->foreign_keys.items[vertex->next_key++]);
        if (parent == NULL)
            return;
        if (parent->number == 0)
            visit(graph, (size_t)(parent - graph->vertices));
        else if (parent->on_stack)
            lower(vertex, parent->number);
        return;
    }
    graph->path_length--;
    if (graph->path_length > 0)
        lower(&graph->vertices[graph->path[graph->path_length - 1]], vertex->low);
    if (vertex->low == vertex->number)
        close_component(graph, index);
}

/* Orders all vertices; roots are tried in the order of `roots`, or as declared. */
static void run(struct graph *graph, const size_t *roots)
{
    graph->ordered = 0;
    graph->visits = 0;
    for (size_t i = 0; i < graph->count; i++)
        graph->vertices[i].number = 0;
    for (size_t i = 0; i < graph->count; i++) {
        size_t root = roots != NULL ? roots[i] : i;

        if (graph->vertices[root].number == 0)
            visit(graph, root);
        while (graph->path_length > 0)
            step(graph);
    }
}

static void set_depth(struct graph *graph, struct table *table)
{
    table->depth = 0;
    table->refers_to_itself = false;
    for (size_t i = 0; i < table->foreign_keys.count; i++) {
        const struct table *parent = table->foreign_keys.items[i].parent;
        struct vertex *vertex =
            parent != NULL ? map_get(&graph->by_name, parent->name) : NULL;

        if (parent == table)
            table->refers_to_itself = true;
        else if (vertex != NULL && vertex->on_stack && table->depth <= parent->depth)
            table->depth = parent->depth + 1;
    }
}

/* Here `on_stack` says that the table is in schema->creation already. */
static void keep_order(struct graph *graph, struct schema *schema)
{
    schema->creation.count = 0;
    for (size_t i = 0; i < graph->count; i++) {
        struct vertex *vertex = &graph->vertices[graph->order[i]];

        set_depth(graph, vertex->table);
        vertex->on_stack = true;
        *VEC_ADD(graph->arena, &schema->creation) = vertex->table;
    }
}

void order_tables(struct arena *arena, struct diags *diags, struct schema *schema)
{
    struct graph graph = {.arena = arena, .diags = diags, .count = schema->tables.count};
    size_t *first = ARENA_ARRAY(arena, size_t, graph.count);

    graph.vertices = ARENA_ARRAY(arena, struct vertex, graph.count);
    graph.stack = ARENA_ARRAY(arena, size_t, graph.count);
    graph.path = ARENA_ARRAY(arena, size_t, graph.count);
    graph.order = first;
    for (size_t i = 0; i < graph.count; i++) {
        graph.vertices[i].table = schema->tables.items[i];
        map_put(arena, &graph.by_name, schema->tables.items[i]->name, &graph.vertices[i]);
    }
    run(&graph, NULL);
    graph.hard_only = true;
    graph.order = ARENA_ARRAY(arena, size_t, graph.count);
    run(&graph, first);
    keep_order(&graph, schema);
}

/* ---- views ---------------------------------------------------------------------- */

struct view_order {
    struct arena *arena;
    struct map by_name; /* folded */
    struct map seen;
    VEC(struct view *) ordered;
};

static char *folded(struct arena *arena, const char *name)
{
    char *copy = arena_strdup(arena, name), *c;

    for (c = copy; *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return copy;
}

/* The view that a token names, in any case, or NULL. A quote inside of a name is two. */
static struct view *view_of(struct view_order *order, struct sql_token token)
{
    size_t quotes = token.kind == SQL_NAME ? 1 : 0, from, to = 0;
    char *name =
        arena_strndup(order->arena, token.text + quotes, token.length - 2 * quotes);

    for (from = 0; name[from] != '\0'; from++) {
        name[to++] = name[from];
        if (quotes > 0 && name[from] == token.text[0] && name[from + 1] == name[from])
            from++;
    }
    name[to] = '\0';
    return map_get(&order->by_name, folded(order->arena, name));
}

/* The views that `sql` names, each before this one. Names only: a view more is no harm. */
static void put_view(struct view_order *order, struct view *view)
{
    struct sql_token token;

    if (map_get(&order->seen, view->name) != NULL)
        return;
    map_put(order->arena, &order->seen, view->name, view);
    for (token = sql_word(view->sql); token.kind != SQL_END;
         token = sql_word(token.text + token.length)) {
        struct view *named = token.kind == SQL_WORD || token.kind == SQL_NAME
                                 ? view_of(order, token)
                                 : NULL;

        if (named != NULL)
            put_view(order, named);
    }
    *VEC_ADD(order->arena, &order->ordered) = view;
}

void order_views(struct arena *arena, struct schema *schema)
{
    struct view_order order = {.arena = arena};
    size_t i;

    for (i = 0; i < schema->views.count; i++)
        map_put(arena, &order.by_name, folded(arena, schema->views.items[i]->name),
                schema->views.items[i]);
    for (i = 0; i < schema->views.count; i++)
        put_view(&order, schema->views.items[i]);
    for (i = 0; i < order.ordered.count; i++)
        schema->views.items[i] = order.ordered.items[i];
}
