/*
 * check.c: the rules that a schema must keep as a whole, after everything in it is
 * resolved: names in SQL, keys, indexes, actions; and the order of its tables. What
 * SQLite alone can judge is left to the referee.
 */
#include "model.h"

#include "../base/names.h"
#include "order.h"
#include "sqltext.h"
#include "symbols.h"

#include <string.h>

enum {
    SQLITE_COLUMNS = 2000
};

struct checker {
    struct arena *arena;
    struct diags *diags;
    const struct schema *schema;
    struct map sql_names; /* of tables and indexes, lower case → struct taken */
};

struct taken {
    const char *what;
    const char *name;
    struct span span;
};

/* ---- names in SQL --------------------------------------------------------------- */

/* As SQLite compares names: ASCII letters of any case are the same. */
static const char *folded(struct arena *arena, const char *name)
{
    char *copy = arena_strdup(arena, name);

    for (char *c = copy; *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return copy;
}

static void check_prefix(struct checker *checker, const char *name, const char *what,
                         struct span span)
{
    static const char *const prefixes[] = {"sqlite_", "quarry_"};
    const char *lower = folded(checker->arena, name);

    for (size_t i = 0; i < 2; i++)
        if (strncmp(lower, prefixes[i], strlen(prefixes[i])) == 0)
            diag_error(checker->diags, 211, span,
                       "%s `%s`: names in SQL that start with `%s` are reserved", what,
                       name, prefixes[i]);
}

static void claim(struct checker *checker, const char *name, const char *what,
                  struct span span)
{
    const char *lower = folded(checker->arena, name);
    struct taken *taken = map_get(&checker->sql_names, lower);
    struct diag *diag;

    check_prefix(checker, name, what, span);
    if (taken == NULL) {
        taken = ARENA_NEW(checker->arena, struct taken);
        *taken = (struct taken){what, name, span};
        map_put(checker->arena, &checker->sql_names, lower, taken);
        return;
    }
    if (strcmp(what, taken->what) == 0 && strcmp(name, taken->name) == 0)
        diag =
            diag_error(checker->diags, 210, span, "%s `%s` is there twice", what, name);
    else
        diag = diag_error(checker->diags, 210, span,
                          "%s `%s` has in SQL the name of %s `%s`; case does not count",
                          what, name, taken->what, taken->name);
    if (strcmp(what, "the index") == 0 && strcmp(taken->what, what) == 0)
        diag_hint(diag, "give one of them a `name`");
    diag_note(diag, taken->span, "first named here");
}

static void check_names(struct checker *checker)
{
    const struct schema *schema = checker->schema;

    for (size_t i = 0; i < schema->tables.count; i++)
        claim(checker, schema->tables.items[i]->sql_name, "the table",
              schema->tables.items[i]->span);
    for (size_t i = 0; i < schema->tables.count; i++) {
        const struct table *table = schema->tables.items[i];

        for (size_t k = 0; k < table->indexes.count; k++)
            claim(checker, table->indexes.items[k].name, "the index",
                  table->indexes.items[k].span);
    }
    for (size_t i = 0; i < schema->virtual_tables.count; i++)
        claim(checker, schema->virtual_tables.items[i]->name, "the virtual table",
              schema->virtual_tables.items[i]->span);
    for (size_t i = 0; i < schema->triggers.count; i++)
        check_prefix(checker, schema->triggers.items[i]->name, "the trigger",
                     schema->triggers.items[i]->span);
}

static void check_columns(struct checker *checker, const struct table *table)
{
    struct map names = {0};

    if (table->columns.count > SQLITE_COLUMNS)
        diag_error(checker->diags, 213, table->span,
                   "the table `%s` has %zu columns; SQLite takes %d", table->name,
                   table->columns.count, SQLITE_COLUMNS);
    for (size_t i = 0; i < table->columns.count; i++) {
        struct column *column = table->columns.items[i];
        const char *lower = folded(checker->arena, column->sql_name);
        const struct column *other = map_get(&names, lower);

        if (other == NULL) {
            map_put(checker->arena, &names, lower, column);
            continue;
        }
        diag_note(diag_error(checker->diags, 212, column->span,
                             "the column `%s` has in SQL the name of the column `%s`",
                             column->name, other->name),
                  other->span, "first named here");
    }
}

static void claim_check(struct checker *checker, struct map *names, const char *name,
                        struct span span)
{
    const char *lower = folded(checker->arena, name);
    struct span *first = map_get(names, lower);

    if (first == NULL) {
        first = ARENA_NEW(checker->arena, struct span);
        *first = span;
        map_put(checker->arena, names, lower, first);
        return;
    }
    diag_note(diag_error(checker->diags, 214, span, "two checks are called `%s`", name),
              *first, "first named here");
}

static void check_checks(struct checker *checker, const struct table *table)
{
    struct map names = {0};

    for (size_t i = 0; i < table->checks.count; i++)
        if (table->checks.items[i].name != NULL)
            claim_check(checker, &names, table->checks.items[i].name,
                        table->checks.items[i].span);
}

/* ---- expressions ---------------------------------------------------------------- */

static void check_expression(struct checker *checker, const char *sql, struct span span)
{
    const char *why = sql != NULL ? sql_unbalanced(sql) : NULL;

    if (why != NULL)
        diag_error(checker->diags, 215, span, "this is not one SQL expression: %s", why);
}

/* In statements that are made of it more stands on the same line. */
static void check_inline(struct checker *checker, const char *sql, struct span span)
{
    check_expression(checker, sql, span);
    if (sql != NULL && sql_has_line_comment(sql))
        diag_hint(diag_error(checker->diags, 216, span,
                             "a `--` comment can't stand in an index"),
                  "write it as /* comment */");
}

/* SQLite would name what stands behind them. */
static void check_trigger(struct checker *checker, const struct trigger *trigger)
{
    if (trigger->condition != NULL && trigger->condition->kind == NODE_SCALAR)
        check_expression(checker, trigger->condition->text, trigger->condition->span);
    if (trigger->sql != NULL && trigger->sql->kind == NODE_SCALAR &&
        sql_word(trigger->sql->text).kind == SQL_END)
        diag_error(checker->diags, 417, trigger->sql->span,
                   "the trigger `%s` has no statement", trigger->name);
}

static void check_expressions(struct checker *checker, const struct table *table)
{
    for (size_t i = 0; i < table->checks.count; i++)
        check_expression(checker, table->checks.items[i].sql,
                         table->checks.items[i].span);
    for (size_t i = 0; i < table->columns.count; i++) {
        const struct column *column = table->columns.items[i];

        check_expression(checker, column->generated, column->generated_span);
        check_expression(checker, column->default_sql, column->default_sql_span);
    }
    for (size_t i = 0; i < table->indexes.count; i++) {
        const struct index *index = &table->indexes.items[i];

        check_inline(checker, index->where, index->where_span);
        for (size_t t = 0; t < index->terms.count; t++)
            if (index->terms.items[t].column == NULL)
                check_inline(checker, index->terms.items[t].sql,
                             index->terms.items[t].span);
    }
}

/* ---- keys ----------------------------------------------------------------------- */

static void check_without_rowid(struct checker *checker, const struct table *table)
{
    if (table->without_rowid && table->key.columns.count == 0)
        diag_hint(diag_error(checker->diags, 220, table->span,
                             "the table `%s` is without rowid and needs a primary key",
                             table->name),
                  "add `primary_key: true` to a column, or leave out `without_rowid`");
}

static void check_key_types(struct checker *checker, const struct columns *columns,
                            const char *what, struct span span)
{
    for (size_t i = 0; i < columns->count; i++) {
        const struct column *column = columns->items[i];
        struct diag *diag;

        if (type_table[column->type].can_be_key)
            continue;
        diag =
            diag_error(checker->diags, 222, span, "`%s` can't be in %s: it is of type %s",
                       column->name, what, type_table[column->type].name);
        diag_note(diag, column->span, "its type is written here");
    }
}

static void check_keys(struct checker *checker, const struct table *table)
{
    check_key_types(checker, &table->key.columns, "a primary key", table->key.span);
    for (size_t i = 0; i < table->uniques.count; i++)
        check_key_types(checker, &table->uniques.items[i].columns, "a unique key",
                        table->uniques.items[i].span);
    for (size_t i = 0; i < table->foreign_keys.count; i++)
        check_key_types(checker, &table->foreign_keys.items[i].columns, "a foreign key",
                        table->foreign_keys.items[i].span);
}

/* ---- indexes -------------------------------------------------------------------- */

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool same_index(const struct index *a, const struct index *b)
{
    if (a->terms.count != b->terms.count || !same_text(a->where, b->where))
        return false;
    for (size_t i = 0; i < a->terms.count; i++) {
        const struct index_term *left = &a->terms.items[i], *right = &b->terms.items[i];

        if (left->column != right->column || left->descending != right->descending ||
            !same_text(left->collation, right->collation) ||
            (left->column == NULL && !same_text(left->sql, right->sql)))
            return false;
    }
    return true;
}

static bool is_index_on(const struct index *index, const struct columns *columns)
{
    if (index->where != NULL || index->terms.count != columns->count)
        return false;
    for (size_t i = 0; i < columns->count; i++)
        if (index->terms.items[i].column != columns->items[i] ||
            !same_text(index->terms.items[i].collation, columns_collation(columns, i)))
            return false;
    return true;
}

/* SQLite keeps an index of its own for every key. */
static void warn_of_key(struct checker *checker, const struct table *table,
                        const struct index *index)
{
    const char *key = NULL;
    struct span span = {0};

    if (is_index_on(index, &table->key.columns)) {
        key = "the primary key";
        span = table->key.span;
    }
    for (size_t i = 0; i < table->uniques.count && key == NULL; i++)
        if (table->uniques.items[i].is_constraint &&
            is_index_on(index, &table->uniques.items[i].columns)) {
            key = "a unique constraint";
            span = table->uniques.items[i].span;
        }
    if (key == NULL)
        return;
    diag_note(
        diag_warning(checker->diags, 291, index->span,
                     "the index `%s` has the columns of %s, which has its own index",
                     index->name, key),
        span, "the key is here");
}

static void check_indexes(struct checker *checker, const struct table *table)
{
    for (size_t i = 0; i < table->indexes.count; i++) {
        const struct index *index = &table->indexes.items[i];

        for (size_t t = 0; t < index->terms.count; t++) {
            struct column *column = (struct column *)index->terms.items[t].column;

            if (column != NULL)
                check_key_types(checker, &(struct columns){.items = &column, .count = 1},
                                "an index", index->terms.items[t].span);
        }
        for (size_t other = 0; other < i; other++)
            if (same_index(index, &table->indexes.items[other])) {
                diag_note(diag_warning(checker->diags, 290, index->span,
                                       "the index `%s` is the same as `%s`", index->name,
                                       table->indexes.items[other].name),
                          table->indexes.items[other].span, "first defined here");
                break;
            }
        warn_of_key(checker, table, index);
    }
}

void check_sql(struct arena *arena, struct diags *diags, struct schema *schema)
{
    struct checker checker = {.arena = arena, .diags = diags, .schema = schema};

    check_names(&checker);
    for (size_t i = 0; i < schema->tables.count && !diags_full(diags); i++) {
        const struct table *table = schema->tables.items[i];

        check_columns(&checker, table);
        check_checks(&checker, table);
        check_expressions(&checker, table);
        check_without_rowid(&checker, table);
        check_keys(&checker, table);
        check_indexes(&checker, table);
    }
    for (size_t i = 0; i < schema->triggers.count; i++)
        check_trigger(&checker, schema->triggers.items[i]);
    order_tables(arena, diags, schema);
    order_views(arena, schema);
}

void check_schema(struct arena *arena, struct diags *diags, struct schema *schema)
{
    check_sql(arena, diags, schema);
    access_plan(arena, schema);
    symbols_check(diags, schema);
}
