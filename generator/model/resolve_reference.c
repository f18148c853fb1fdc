/*
 * resolve_reference.c: foreign keys: from "table.column" to tables and columns, with all
 * that SQLite itself would only say when rows are written. It must not know seeds.
 */
#include "resolve.h"
#include "habit.h"

#include <string.h>

/* A foreign key as the schema has it, on a column or on the table. */
struct reference {
    struct loader *loader;
    struct draft *draft, *parent;
    struct foreign_key key;
    const struct node *on_delete, *on_update;
};

static bool malformed(struct loader *loader, const struct node *node)
{
    const struct draft *draft = map_get(&loader->drafts_by_name, node->text);
    struct diag *diag = diag_error(loader->diags, 128, node->span,
                                   "a reference is written `table.column`");

    if (habit_reference(loader->arena, node->text) != NULL)
        diag_hint(diag, "did you mean `%s`?", habit_reference(loader->arena, node->text));
    else if (draft != NULL && draft->table->key.columns.count == 1)
        diag_hint(diag, "did you mean `%s.%s`?", node->text,
                  draft->table->key.columns.items[0]->name);
    return false;
}

/* "table.column"; the table must be that of the references before. */
static bool read_target(struct reference *r, const struct node *node)
{
    const char *dot = strchr(node->text, '.');
    struct draft *parent;
    struct column *column;
    size_t length;
    char *name;

    if (dot == NULL || dot == node->text || dot[1] == '\0')
        return malformed(r->loader, node);
    length = (size_t)(dot - node->text);
    name = arena_strndup(r->loader->arena, node->text, length);
    parent = resolve_table_name(r->loader, name, node_span_at(node, 0, length));
    if (parent == NULL)
        return false;
    if (r->parent != NULL && r->parent != parent) {
        diag_error(r->loader->diags, 129, node->span,
                   "a foreign key refers to one table only");
        return false;
    }
    r->parent = parent;
    column = resolve_column(r->loader, parent, dot + 1,
                            node_span_at(node, length + 1, node->length - length - 1));
    if (column == NULL)
        return false;
    r->key.parent_columns.items[r->key.parent_columns.count++] = column;
    return true;
}

static bool types_agree(const struct reference *r)
{
    bool good = true;
    size_t i;

    for (i = 0; i < r->key.columns.count; i++) {
        const struct column *child = r->key.columns.items[i];
        const struct column *parent = r->key.parent_columns.items[i];

        if (child->type == TYPE_KINDS || parent->type == TYPE_KINDS)
            return false;
        if (child->type == parent->type && child->enumeration == parent->enumeration)
            continue;
        good = false;
        diag_note(diag_error(r->loader->diags, 130, r->key.span,
                             "`%s` and `%s.%s` have different types", child->name,
                             r->parent->table->name, parent->name),
                  parent->span, "the referenced column is here");
    }
    return good;
}

static bool parent_is_unique(const struct reference *r)
{
    const struct table *parent = r->parent->table;
    struct diag *diag;

    if (map_get(&r->parent->sets, resolve_set(r->loader, &r->key.parent_columns)) !=
            NULL ||
        r->parent->incomplete || r->parent->incomplete_keys)
        return true;
    diag =
        diag_error(r->loader->diags, 131, r->key.span,
                   "what a foreign key refers to must be unique in `%s`", parent->name);
    diag_hint(diag, "make it the primary key or `unique`");
    diag_note(diag, r->key.parent_columns.items[0]->span,
              "the referenced column is here");
    return false;
}

static enum fk_action read_action(const struct node *node)
{
    return node == NULL ? FK_NO_ACTION
                        : (enum fk_action)language_choice(language_actions, node->text);
}

/* What an action writes into the columns must be allowed there. */
static void check_action(const struct reference *r, enum fk_action action,
                         const struct node *node, bool writes_key)
{
    size_t i;

    for (i = 0; i < r->key.columns.count; i++) {
        const struct column *column = r->key.columns.items[i];

        if (action == FK_SET_NULL && !column->nullable)
            diag_hint(diag_error(r->loader->diags, 133, node->span,
                                 "`%s` can't be set to null: it is not nullable",
                                 column->name),
                      "a `?` behind its type makes it nullable");
        else if (action == FK_SET_DEFAULT && !column->nullable && !column->has_default &&
                 column->default_sql == NULL)
            diag_error(r->loader->diags, 133, node->span,
                       "`%s` can't be set to its default: it has none", column->name);
        else if (column->generated != NULL &&
                 (action == FK_SET_NULL || action == FK_SET_DEFAULT ||
                  (writes_key && action == FK_CASCADE)))
            diag_error(r->loader->diags, 133, node->span,
                       "`%s` is generated: nothing can be written into it", column->name);
    }
}

static void warn_twice(const struct reference *r)
{
    const char *set = arena_printf(r->loader->arena, "%s:%s:%s", r->key.parent->name,
                                   resolve_set(r->loader, &r->key.columns),
                                   resolve_set(r->loader, &r->key.parent_columns));
    const struct span *first =
        load_first(r->loader, &r->draft->references, set, r->key.span);

    if (first != NULL)
        diag_note(diag_warning(r->loader->diags, 191, r->key.span,
                               "these columns refer to `%s` already",
                               r->key.parent->name),
                  *first, "the first is here");
}

static void finish(struct reference *r, const struct node *name)
{
    struct table *table = r->draft->table;

    if (!types_agree(r) || !parent_is_unique(r))
        return;
    r->key.parent = r->parent->table;
    r->key.on_delete = read_action(r->on_delete);
    r->key.on_update = read_action(r->on_update);
    check_action(r, r->key.on_delete, r->on_delete, false);
    check_action(r, r->key.on_update, r->on_update, true);
    r->key.name = name != NULL ? name->text
                               : arena_printf(r->loader->arena, "%s_%s_fkey", table->name,
                                              resolve_joined(r->loader, &r->key.columns));
    warn_twice(r);
    *VEC_ADD(r->loader->arena, &table->foreign_keys) = r->key;
}

static void reference_of_column(struct loader *loader, struct draft *draft,
                                const struct draft_column *column)
{
    const struct node *const *values = column->values;
    struct reference r = {.loader = loader,
                          .draft = draft,
                          .on_delete = values[COLUMN_ON_DELETE],
                          .on_update = values[COLUMN_ON_UPDATE]};

    if (values[COLUMN_REFERENCES] == NULL)
        return;
    r.key.span = values[COLUMN_REFERENCES]->span;
    r.key.deferrable = load_flag(values[COLUMN_DEFERRABLE]);
    r.key.columns.items = ARENA_NEW(loader->arena, struct column *);
    r.key.columns.items[0] = column->column;
    r.key.columns.count = 1;
    r.key.parent_columns.items = ARENA_NEW(loader->arena, struct column *);
    if (read_target(&r, values[COLUMN_REFERENCES]))
        finish(&r, NULL);
}

static bool read_targets(struct reference *r, const struct node *list)
{
    bool good = true;
    size_t i;

    r->key.parent_columns.items =
        ARENA_ARRAY(r->loader->arena, struct column *, list->count);
    for (i = 0; i < list->count; i++) {
        if (list->items[i]->kind != NODE_SCALAR) {
            language_wrong_kind(r->loader->diags, list->items[i], "`references`",
                                "texts as table.column");
            good = false;
        } else {
            good = read_target(r, list->items[i]) && good;
        }
    }
    return good;
}

static bool counts_agree(const struct reference *r, const struct node *list)
{
    if (r->key.columns.count == list->count)
        return true;
    diag_error(r->loader->diags, 129, list->span, "%zu columns can't refer to %zu",
               r->key.columns.count, list->count);
    return false;
}

static void reference_of_table(struct loader *loader, struct draft *draft,
                               const struct node *item)
{
    const struct node *values[FOREIGN_KEYS];
    struct reference r = {.loader = loader, .draft = draft};
    bool good;

    if (item->kind != NODE_MAP) {
        language_wrong_kind(loader->diags, item, "a foreign key", "a map");
        return;
    }
    language_read(loader->diags, PLACE_FOREIGN_KEY, item, values);
    if (values[FOREIGN_COLUMNS] == NULL || values[FOREIGN_REFERENCES] == NULL)
        return;
    r.on_delete = values[FOREIGN_ON_DELETE];
    r.on_update = values[FOREIGN_ON_UPDATE];
    r.key.deferrable = load_flag(values[FOREIGN_DEFERRABLE]);
    r.key.span = values[FOREIGN_REFERENCES]->span;
    load_allows(loader, values[FOREIGN_LINT], &r.key.allows);
    good = resolve_column_list(loader, draft, values[FOREIGN_COLUMNS], "a foreign key",
                               &r.key.columns);
    good = read_targets(&r, values[FOREIGN_REFERENCES]) && good;
    if (good && counts_agree(&r, values[FOREIGN_REFERENCES]))
        finish(&r, values[FOREIGN_NAME]);
}

void resolve_references(struct loader *loader, struct draft *draft)
{
    const struct node *list = draft->values[TABLE_FOREIGN_KEYS];
    size_t i;

    for (i = 0; i < draft->columns.list.count; i++)
        reference_of_column(loader, draft, &draft->columns.list.items[i]);
    for (i = 0; list != NULL && i < list->count; i++)
        reference_of_table(loader, draft, list->items[i]);
}
