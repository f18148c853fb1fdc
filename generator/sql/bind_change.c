/*
 * bind_change.c: INSERT, UPDATE and DELETE: what the names in them mean. Types are given by
 * type_change.c.
 */
#include "infer_internal.h"

#include "../base/names.h"

static struct source *add_target(struct infer *infer, struct scope *scope,
                                 struct from_item *target)
{
    struct catalog_table *table =
        catalog_find(infer->catalog, target->schema, target->name);
    struct relation *relation;
    struct source *source;

    if (table == NULL) /* a common table can't be changed: report as a missing table */
        relation =
            bind_table(infer, NULL, target->schema, target->name, target->name_range);
    else
        relation = relation_of_table(infer, table, target->name_range);
    source = scope_add(infer, scope, target->alias == NULL ? target->name : target->alias,
                       relation);
    source->item = target;
    joins_show(infer, scope, source);
    return source;
}

static void check_names(struct infer *infer, const struct relation *relation,
                        const struct names *names)
{
    size_t i, k;

    for (i = 0; i < names->count && !infer_failed(infer); i++) {
        const struct name *name = &names->items[i];
        struct suggestion suggestion;

        if (relation_find(relation, name->text) != COLUMN_NONE ||
            relation_is_rowid(relation, name->text))
            continue;
        suggest_init(&suggestion, name->text);
        for (k = 0; k < relation->count; k++)
            suggest_try(&suggestion, relation->columns[k].name);
        infer_fail(infer, name->range, suggestion.best, "no column `%s` in `%s`",
                   name->text, relation->table == NULL ? "" : relation->table->name);
    }
}

static void bind_set(struct infer *infer, struct scope *scope,
                     const struct relation *relation, struct assignments *set)
{
    size_t i;

    for (i = 0; i < set->count; i++) {
        check_names(infer, relation, &set->items[i].columns);
        bind_expr(infer, scope, set->items[i].value);
    }
}

static void bind_upsert(struct infer *infer, struct scope *scope,
                        const struct source *target, struct upsert *upsert)
{
    struct scope *inner = scope_new(infer, scope->parent, NULL);
    struct source *excluded;

    *VEC_ADD(infer->arena, &inner->sources) = scope->sources.items[0];
    joins_show(infer, inner, scope->sources.items[0]);
    bind_terms(infer, inner, &upsert->target);
    bind_expr(infer, inner, upsert->target_where);
    excluded = scope_add(infer, inner, "excluded", target->relation);
    excluded->qualified_only = true;
    joins_show(infer, inner, excluded);
    upsert->scope = inner;
    bind_set(infer, inner, target->relation, &upsert->set);
    bind_expr(infer, inner, upsert->where);
}

static void bind_insert(struct infer *infer, struct scope *scope,
                        struct statement *statement)
{
    struct source *target = add_target(infer, scope, &statement->target);
    size_t i;

    check_names(infer, target->relation, &statement->columns);
    if (statement->select != NULL)
        bind_select(infer, scope->parent, statement->select, NULL);
    for (i = 0; i < statement->upserts.count; i++)
        bind_upsert(infer, scope, target, &statement->upserts.items[i]);
}

static void bind_update(struct infer *infer, struct scope *scope,
                        struct statement *statement)
{
    struct source *target = add_target(infer, scope, &statement->target);

    bind_update_from(infer, scope, &statement->from);
    bind_set(infer, scope, target->relation, &statement->set);
}

/* Nothing holds a view to its types: RETURNING shows what was given to it, else NULL. */
static struct relation *written_view(struct infer *infer, const struct relation *view)
{
    struct relation *relation = ARENA_NEW(infer->arena, struct relation);
    size_t i;

    relation->bound = true;
    for (i = 0; i < view->count; i++) {
        struct output *output = relation_add(infer, relation, view->columns[i].name);

        output->type = (struct type){
            .classes = CLASS_ANY | CLASS_OVERFLOW,
            .nullable = true,
            .reason = {"a view takes anything", {0, 0}},
        };
    }
    return relation;
}

/* RETURNING sees the changed table alone, by its own name. */
static struct scope *bind_returning(struct infer *infer, struct scope *outer,
                                    const struct statement *statement)
{
    struct scope *scope = scope_new(infer, outer, NULL);
    struct source *target = statement->scope->sources.items[0];

    if (target->relation->table == NULL && statement->kind != STATEMENT_DELETE)
        target =
            scope_add(infer, scope, target->name, written_view(infer, target->relation));
    else
        *VEC_ADD(infer->arena, &scope->sources) = target;
    joins_show(infer, scope, target);
    return scope;
}

void bind_change(struct infer *infer, struct statement *statement,
                 struct relation *returning)
{
    struct scope *outer = bind_with(infer, NULL, statement->with);
    struct scope *scope = scope_new(infer, outer, NULL);

    statement->scope = scope;
    if (statement->kind == STATEMENT_INSERT)
        bind_insert(infer, scope, statement);
    else if (statement->kind == STATEMENT_UPDATE)
        bind_update(infer, scope, statement);
    else
        add_target(infer, scope, &statement->target);
    bind_expr(infer, scope, statement->where);
    bind_terms(infer, scope, &statement->order);
    bind_expr(infer, outer, statement->limit);
    bind_expr(infer, outer, statement->offset);
    if (infer_failed(infer))
        return;
    statement->returning_scope = bind_returning(infer, outer, statement);
    bind_results(infer, statement->returning_scope, &statement->returning, returning,
                 NAMING_RESULT);
}
