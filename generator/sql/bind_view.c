/*
 * bind_view.c: what tables and views yield. A view is resolved once, in a text of its own,
 * and kept in the catalog; places inside it mean nothing to who uses it, so reasons keep
 * their words and name the view.
 */
#include "infer_internal.h"

#include <string.h>

static void add_column(struct infer *infer, struct relation *relation,
                       const struct catalog_column *column)
{
    struct output *output = relation_add(infer, relation, column->name);

    output->hidden = column->hidden;
    output->type = (struct type){
        .classes = column->classes,
        .nullable = !column->not_null,
        .semantic = column->semantic,
        .affinity = column->affinity,
        .origin = column,
        .reason = {column->because, {0, 0}},
    };
}

static struct relation *table_relation(struct infer *infer, struct catalog_table *table)
{
    struct relation *relation = ARENA_NEW(infer->arena, struct relation);
    size_t i;

    relation->table = table;
    relation->bound = true;
    for (i = 0; i < table->column_count; i++)
        add_column(infer, relation, &table->columns[i]);
    bind_table_expressions(infer, relation);
    return relation;
}

/* Behind CREATE TEMP VIEW IF NOT EXISTS schema.name, at `(` or AS. */
static struct select *parse_view(struct infer *infer, const char *sql,
                                 struct names *names)
{
    struct parser parser;
    struct select *select;

    parser_init(&parser, infer->arena, sql, strlen(sql), 0);
    parser_created(&parser, KEYWORD_VIEW);
    while (parser_at(&parser, TOKEN_LEFT) || parser_at(&parser, TOKEN_COMMA)) {
        struct name *name = VEC_ADD(infer->arena, names);

        parser_next(&parser);
        name->text = parser_name(&parser, NAME_ANY, "a column's name");
    }
    parser_take(&parser, TOKEN_RIGHT);
    parser_expect(&parser, KEYWORD_AS);
    select = parser_select(&parser);
    if (parser_failed(&parser))
        infer->error = parser.error;
    return select;
}

static void export_column(struct infer *infer, const struct catalog_table *table,
                          struct output *output, const struct output *inner,
                          const char *name)
{
    output->name = name;
    output->type = inner->type;
    output->type.reason.at = (struct range){0, 0};
    if (inner->type.reason.at.end > 0)
        output->type.reason.text = arena_printf(infer->arena, "%s (in view `%s`)",
                                                inner->type.reason.text, table->name);
}

static struct relation *view_relation(struct infer *infer, struct catalog_table *table)
{
    struct relation *relation = ARENA_NEW(infer->arena, struct relation);
    struct names names = {0};
    struct scope *outside = scope_new(infer, NULL, NULL);
    struct select *select;
    size_t i;

    outside->is_view = true;
    infer->text = table->sql == NULL ? "" : table->sql;
    select = parse_view(infer, infer->text, &names);
    if (!infer_failed(infer))
        bind_select(infer, outside, select, NULL);
    if (!infer_failed(infer))
        type_select(infer, select, outside);
    for (i = 0; !infer_failed(infer) && i < select->relation->count; i++) {
        const struct output *inner = &select->relation->columns[i];

        export_column(infer, table, relation_add(infer, relation, inner->name), inner,
                      i < names.count ? names.items[i].text : inner->name);
    }
    relation->bound = true;
    relation->has_row = !infer_failed(infer) && select->relation->has_row;
    return relation;
}

/* In a resolver of its own: nothing of the query around is seen by a view. */
static struct relation *resolve_view(struct infer *infer, struct catalog_table *table,
                                     struct range range)
{
    struct infer inside = {.arena = infer->catalog->arena, .catalog = infer->catalog};
    struct relation *relation;

    table->busy = true;
    relation = view_relation(&inside, table);
    table->busy = false;
    if (infer_failed(&inside))
        infer_fail(infer, range, NULL, "view `%s` cannot be used: %s", table->name,
                   inside.error.message);
    return relation;
}

struct relation *relation_of_table(struct infer *infer, struct catalog_table *table,
                                   struct range range)
{
    struct arena *arena = infer->arena;

    if (table->relation != NULL)
        return table->relation;
    if (table->busy) {
        infer_fail(infer, range, NULL, "view `%s` is defined by itself", table->name);
        return ARENA_NEW(infer->arena, struct relation);
    }
    if (table->kind == CATALOG_VIEW) {
        struct relation *relation = resolve_view(infer, table, range);

        if (infer_failed(infer))
            return relation;
        table->relation = relation;
    } else {
        infer->arena = infer->catalog->arena;
        table->relation = table_relation(infer, table);
        infer->arena = arena;
    }
    return table->relation;
}
