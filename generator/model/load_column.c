/*
 * load_column.c: one column: its type, what it says of keys and defaults, and which of
 * its keys exclude each other. It must not know its table: mixins have columns too.
 */
#include "load.h"

#include "../base/names.h"
#include "habit.h"

#include <string.h>

static const char *suggest_type(struct loader *loader, const char *name)
{
    struct suggestion suggestion;
    enum type_kind kind;
    size_t i;

    suggest_init(&suggestion, name);
    for (kind = TYPE_INTEGER; kind < TYPE_ENUM; kind++)
        suggest_try(&suggestion, type_table[kind].name);
    for (i = 0; i < loader->schema->enums.count && !diags_full(loader->diags); i++)
        suggest_try(&suggestion, loader->schema->enums.items[i]->name);
    return suggestion.best;
}

static void unknown_type(struct loader *loader, const struct node *node, const char *name)
{
    struct diag *diag;
    const char *best;

    if (loader->incomplete && name_is_snake(name))
        return;
    diag =
        diag_error(loader->diags, 110, node->span, "`%s` is no type and no enum", name);
    best = suggest_type(loader, name);
    if (habit_type(loader->arena, name) != NULL)
        diag_hint(diag, "%s", habit_type(loader->arena, name));
    else if (best != NULL)
        diag_hint(diag, "did you mean `%s`?", best);
    else if (strchr(name, '(') != NULL)
        diag_hint(diag, "give a type of the language, and this one as `sql_type`");
}

/* Leaves TYPE_KINDS in a column whose type can't be known. */
static void load_type(struct loader *loader, struct column *column,
                      const struct node *node)
{
    char *name;

    column->type = TYPE_KINDS;
    if (node == NULL)
        return;
    if (node->kind != NODE_SCALAR) {
        language_wrong_kind(loader->diags, node, "`type`", "the name of a type");
        return;
    }
    name = arena_strdup(loader->arena, node->text);
    if (node->length > 0 && name[node->length - 1] == '?') {
        name[node->length - 1] = '\0';
        column->nullable = true;
    }
    column->type = type_find(name);
    if (column->type != TYPE_KINDS || map_get(&loader->broken_enums, name) != NULL)
        return;
    column->enumeration = map_get(&loader->schema->enums_by_name, name);
    if (column->enumeration != NULL)
        column->type = TYPE_ENUM;
    else
        unknown_type(loader, node, name);
}

static void load_storage(struct loader *loader, struct column *column)
{
    static const char *const sql_types[] = {"INTEGER", "REAL", "TEXT", "BLOB"};

    if (column->type == TYPE_KINDS)
        return;
    column->storage = type_table[column->type].storage;
    if (column->type == TYPE_ENUM)
        column->storage = column->enumeration->storage;
    if (column->type == TYPE_TIMESTAMP && loader->schema->options.timestamp == TIME_TEXT)
        column->storage = STORE_TEXT;
    column->sql_type = sql_types[column->storage];
}

void load_column_type(struct loader *loader, struct column *column,
                      const struct node *node)
{
    load_type(loader, column, node);
    load_storage(loader, column);
}

static void load_generated(struct loader *loader, struct draft_column *draft)
{
    const struct node *values[GENERATED_KEYS], *node = draft->values[COLUMN_GENERATED];
    struct column *column = draft->column;

    if (node == NULL)
        return;
    if (node->kind == NODE_MAP) {
        language_read(loader->diags, PLACE_GENERATED, node, values);
        column->stored = load_flag(values[GENERATED_STORED]);
        node = values[GENERATED_SQL];
        if (node == NULL)
            return;
    } else if (node->kind != NODE_SCALAR ||
               node->text[strspn(node->text, " \t\r\n")] == '\0') {
        language_wrong_kind(loader->diags, node, "`generated`",
                            "an SQL expression or a map {sql, stored}");
        return;
    }
    column->generated = node->text;
    column->generated_span = node->span;
}

/* What can't stand beside `generated`. */
static void check_generated(struct loader *loader, const struct draft_column *draft)
{
    static const enum column_key excluded[] = {COLUMN_DEFAULT, COLUMN_DEFAULT_SQL,
                                               COLUMN_TOUCH, COLUMN_PRIMARY_KEY,
                                               COLUMN_AUTOINCREMENT};
    size_t i;

    for (i = 0; i < sizeof excluded / sizeof *excluded; i++) {
        const struct node *node = draft->values[excluded[i]];

        if (node == NULL)
            continue;
        diag_note(diag_error(loader->diags, 126, node->span,
                             "a generated column can't have `%s`",
                             language[PLACE_COLUMN].keys[excluded[i]].name),
                  draft->values[COLUMN_GENERATED]->span, "it is generated here");
    }
}

/* Keys that say something of `references`. */
static void check_reference_keys(struct loader *loader, const struct draft_column *draft)
{
    static const enum column_key needing[] = {COLUMN_ON_DELETE, COLUMN_ON_UPDATE,
                                              COLUMN_DEFERRABLE};
    size_t i;

    if (node_get(draft->column->node, "references") != NULL)
        return;
    for (i = 0; i < sizeof needing / sizeof *needing; i++)
        if (draft->values[needing[i]] != NULL)
            diag_error(loader->diags, 132, draft->values[needing[i]]->span,
                       "`%s` needs `references`",
                       language[PLACE_COLUMN].keys[needing[i]].name);
}

static const char *load_collation(const struct node *node)
{
    static const char *const names[] = {NULL, "NOCASE", "RTRIM"};

    return node == NULL ? NULL : names[language_choice(language_collations, node->text)];
}

static void load_loose_null(struct loader *loader, struct draft_column *draft)
{
    const struct node *node = draft->values[COLUMN_SQL_NOT_NULL];

    if (node == NULL)
        return;
    draft->column->loose_null = !load_flag(node);
    if (draft->column->nullable)
        diag_error(loader->diags, 134, node->span,
                   "`sql_not_null` has no meaning for `%s`, which is nullable",
                   draft->column->name);
}

static void load_facts(struct loader *loader, struct draft_column *draft)
{
    const struct node **values = draft->values;
    struct column *column = draft->column;

    column->doc = load_text(values[COLUMN_DOC]);
    column->has_default =
        values[COLUMN_DEFAULT] != NULL; /* also where it turns out wrong */
    column->default_sql = load_text(values[COLUMN_DEFAULT_SQL]);
    if (column->default_sql != NULL)
        column->default_sql_span = values[COLUMN_DEFAULT_SQL]->span;
    if (column->default_sql != NULL && values[COLUMN_DEFAULT] != NULL)
        diag_note(diag_error(loader->diags, 151, column->default_sql_span,
                             "a column can't have `default` and `default_sql`"),
                  values[COLUMN_DEFAULT]->span, "`default` is here");
    column->touch = load_flag(values[COLUMN_TOUCH]);
    column->collation = load_collation(values[COLUMN_COLLATION]);
    load_allows(loader, values[COLUMN_LINT], &column->allows);
    if (values[COLUMN_SQL_NAME] != NULL)
        column->sql_name = values[COLUMN_SQL_NAME]->text;
    if (values[COLUMN_SQL_TYPE] != NULL)
        column->sql_type = values[COLUMN_SQL_TYPE]->text;
    load_loose_null(loader, draft);
    load_generated(loader, draft);
    if (values[COLUMN_GENERATED] != NULL)
        check_generated(loader, draft);
    check_reference_keys(loader, draft);
    if (column->type != TYPE_KINDS)
        load_rules(loader, draft);
}

struct draft_column load_column(struct loader *loader, const struct entry *entry)
{
    struct draft_column draft;
    struct column *column = ARENA_NEW(loader->arena, struct column);

    load_name(loader, entry->key);
    column->name = entry->key->text;
    column->sql_name = column->name;
    column->span = entry->key->span;
    column->node = entry->value;
    column->type = TYPE_KINDS;
    draft.column = column;
    draft.values = ARENA_ARRAY(loader->arena, const struct node *, COLUMN_KEYS);
    if (entry->value->kind == NODE_MAP)
        language_read(loader->diags, PLACE_COLUMN, entry->value, draft.values);
    else if (entry->value->kind == NODE_SCALAR)
        draft.values[COLUMN_TYPE] = entry->value;
    else
        language_wrong_kind(loader->diags, entry->value, "a column", "a type or a map");
    load_column_type(loader, column, draft.values[COLUMN_TYPE]);
    if (entry->value->kind == NODE_MAP)
        load_facts(loader, &draft);
    return draft;
}
