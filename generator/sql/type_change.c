/*
 * type_change.c: INSERT, UPDATE and DELETE: what the columns they write say of parameters,
 * and what RETURNING yields.
 */
#include "infer_internal.h"

/* ---- INSERT -------------------------------------------------------------------------- */

/* Columns of a view may come from nowhere. */
static bool is_generated(const struct output *output)
{
    return output->type.origin != NULL && output->type.origin->generated;
}

/* The column that the value at `index` goes into; COLUMN_NONE: too many values. */
static int target_column(const struct statement *statement,
                         const struct relation *relation, size_t index)
{
    size_t i;

    if (statement->has_columns)
        return index < statement->columns.count
                   ? relation_find(relation, statement->columns.items[index].text)
                   : COLUMN_NONE;
    for (i = 0; i < relation->count; i++) {
        if (relation->columns[i].hidden || is_generated(&relation->columns[i]))
            continue;
        if (index-- == 0)
            return (int)i;
    }
    return COLUMN_NONE;
}

static void hint_value(struct infer *infer, const struct statement *statement,
                       const struct relation *relation, size_t index,
                       const struct expr *value)
{
    int column = target_column(statement, relation, index);

    if (column >= 0)
        type_hint(infer, value, &relation->columns[column].type);
}

static void hint_core(struct infer *infer, const struct statement *statement,
                      const struct relation *relation, const struct core *core)
{
    size_t i, k;

    for (i = 0; i < core->values.count; i++)
        for (k = 0; k < core->values.items[i].count; k++)
            hint_value(infer, statement, relation, k, core->values.items[i].items[k]);
    for (i = 0; i < core->results.count; i++) {
        if (core->results.items[i].expr == NULL)
            break; /* a star: who knows how many columns */
        hint_value(infer, statement, relation, i, core->results.items[i].expr);
    }
}

/* Of a column that is named twice the first value counts. */
static size_t target_first(const struct statement *statement,
                           const struct relation *relation, int column)
{
    size_t i = 0;

    while (target_column(statement, relation, i) != column)
        i++;
    return i;
}

/* A column into which no row puts NULL is not NULL in what RETURNING sees. */
static void insert_facts(struct infer *infer, const struct statement *statement,
                         struct source *target, struct facts *facts)
{
    const struct relation *values = statement->select->relation;
    size_t i;

    if (target->relation->table == NULL || target->relation->table->kind != CATALOG_TABLE)
        return;
    for (i = 0; i < values->count; i++) {
        int column = target_column(statement, target->relation, i);

        if (column >= 0 && !values->columns[i].type.nullable &&
            target_first(statement, target->relation, column) == i)
            facts_add_column(infer, facts, target, column, statement->select->range);
    }
}

static void type_set(struct infer *infer, struct scope *scope,
                     const struct relation *relation, struct assignments *set)
{
    size_t i, k;

    for (i = 0; i < set->count; i++) {
        struct assignment *assignment = &set->items[i];

        type_expr(infer, scope, assignment->value);
        for (k = 0; k < assignment->columns.count; k++) {
            int column = relation_find(relation, assignment->columns.items[k].text);
            const struct expr *value = assignment->value;

            if (value->kind == EXPR_ROW && assignment->is_row)
                value = k < value->list.count ? value->list.items[k] : NULL;
            if (column >= 0 && value != NULL)
                type_hint(infer, value, &relation->columns[column].type);
        }
    }
}

static void type_insert(struct infer *infer, struct statement *statement,
                        struct source *target, struct facts *after)
{
    bool updates = false;
    size_t i;

    if (statement->select != NULL) {
        type_select(infer, statement->select, statement->scope->parent);
        for (i = 0; i < statement->select->core_count; i++)
            hint_core(infer, statement, target->relation, statement->select->cores[i]);
    }
    for (i = 0; i < statement->upserts.count; i++) {
        struct upsert *upsert = &statement->upserts.items[i];

        updates = updates || !upsert->nothing;
        type_terms(infer, upsert->scope, &upsert->target);
        type_expr(infer, upsert->scope, upsert->target_where);
        type_set(infer, upsert->scope, target->relation, &upsert->set);
        type_expr(infer, upsert->scope, upsert->where);
    }
    if (statement->select != NULL && !updates)
        insert_facts(infer, statement, target, after);
}

/* ---- UPDATE, DELETE ------------------------------------------------------------------ */

static bool is_assigned(const struct statement *statement, const char *name)
{
    size_t i;

    for (i = 0; i < statement->set.count; i++)
        if (names_have(&statement->set.items[i].columns, name))
            return true;
    return false;
}

/* Generated columns follow what is assigned, so nothing is known of them. */
static bool is_kept(const struct statement *statement, const struct relation *relation,
                    int column)
{
    if (statement->kind == STATEMENT_DELETE || column < 0)
        return true;
    return !is_generated(&relation->columns[column]) &&
           !is_assigned(statement, relation->columns[column].name);
}

/* What WHERE says holds in RETURNING too, but for what was written since. */
static void keep_facts(struct infer *infer, const struct statement *statement,
                       const struct source *target, struct facts *after)
{
    const struct facts *facts = &statement->scope->facts;
    const struct relation *relation = target->relation;
    size_t i;

    if (relation->table == NULL || relation->table->has_triggers ||
        relation->table->kind != CATALOG_TABLE)
        return;
    for (i = 0; i < facts->count; i++) {
        const struct fact *fact = &facts->items[i];

        if (fact->source == target && is_kept(statement, relation, fact->column))
            facts_add_column(infer, after, target, fact->column, fact->because);
    }
}

/* Of a column that is assigned twice the last value counts. */
static bool is_last(const struct statement *statement, size_t index, const char *name)
{
    while (++index < statement->set.count)
        if (names_have(&statement->set.items[index].columns, name))
            return false;
    return true;
}

static void set_facts(struct infer *infer, const struct statement *statement,
                      const struct source *target, struct facts *after)
{
    size_t i;

    if (target->relation->table == NULL || target->relation->table->has_triggers ||
        target->relation->table->kind != CATALOG_TABLE)
        return;
    for (i = 0; i < statement->set.count; i++) {
        const struct assignment *assignment = &statement->set.items[i];
        const struct name *name = &assignment->columns.items[0];
        int column = relation_find(target->relation, name->text);

        if (!assignment->is_row && column >= 0 && !assignment->value->type->nullable &&
            is_last(statement, i, name->text))
            facts_add_column(infer, after, target, column, name->range);
    }
}

static void type_where(struct infer *infer, struct statement *statement)
{
    struct scope *scope = statement->scope;

    type_expr(infer, scope, statement->where);
    if (statement->where != NULL)
        facts_of_true(infer, statement->where, &scope->facts);
    type_terms(infer, scope, &statement->order);
    type_expr(infer, scope->parent, statement->limit);
    type_expr(infer, scope->parent, statement->offset);
    if (statement->limit != NULL)
        type_want(infer, statement->limit, CLASS_INTEGER);
    if (statement->offset != NULL)
        type_want(infer, statement->offset, CLASS_INTEGER);
}

/*
 * Whether a column can be NULL, SQLite 3.40 asks in RETURNING of the first one of the table:
 * where that is NOT NULL, IS NOT NULL is true of any other, and IN (SELECT …) can be too.
 */
static bool conditions_lie(const struct source *target)
{
    const struct catalog_table *table = target->relation->table;

    return table != NULL && table->kind == CATALOG_TABLE && table->column_count > 0 &&
           table->columns[0].says_not_null;
}

void type_change(struct infer *infer, struct statement *statement,
                 struct relation *returning)
{
    struct scope *scope = statement->scope, *after = statement->returning_scope;
    struct source *target = scope->sources.items[0];
    size_t i;

    for (i = 0; statement->with != NULL && i < statement->with->count; i++)
        statement->with->items[i].relation->typed = false;
    scope->facts.count = after->facts.count = 0;
    if (statement->kind == STATEMENT_INSERT) {
        type_insert(infer, statement, target, &after->facts);
    } else {
        type_from(infer, scope, &statement->from);
        type_where(infer, statement);
        type_set(infer, scope, target->relation, &statement->set);
        keep_facts(infer, statement, target, &after->facts);
        set_facts(infer, statement, target, &after->facts);
    }
    infer->ignores_facts = conditions_lie(target);
    type_results(infer, after, &statement->returning, returning->columns);
    infer->ignores_facts = false;
}
