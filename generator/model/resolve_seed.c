/*
 * resolve_seed.c: seed rows as values of their table's columns. Constraints over several
 * columns or rows are left to the referee.
 */
#include "resolve.h"

static bool is_needed(const struct table *table, const struct column *column)
{
    return column->type != TYPE_KINDS && !column->nullable && !column->has_default &&
           column->generated == NULL &&
           !(table->key.assigned && table->key.columns.items[0] == column);
}

static void set_value(struct loader *loader, const struct draft *draft, struct seed *seed,
                      const struct entry *entry)
{
    const struct column *column =
        resolve_column(loader, draft, entry->key->text, entry->key->span);
    struct literal *value;

    if (column == NULL)
        return;
    seed->given[column->index] = true;
    value = &seed->values[column->index];
    if (column->generated != NULL)
        diag_note(diag_error(loader->diags, 147, entry->key->span,
                             "`%s` is generated: a seed can't give it", column->name),
                  column->generated_span, "it is generated here");
    else if (column->type != TYPE_KINDS &&
             literal_read(&loader->reader, column, entry->value, LITERAL_OF_SEED, value))
        literal_check(&loader->reader, column, value, "the value");
}

static void fill_in(struct loader *loader, const struct draft *draft, struct seed *seed)
{
    const struct table *table = draft->table;
    size_t i;

    for (i = 0; i < table->columns.count; i++) {
        const struct column *column = table->columns.items[i];

        if (seed->given[i])
            continue;
        seed->values[i] = column->default_value;
        if (is_needed(table, column) && !draft->incomplete)
            diag_note(diag_error(loader->diags, 146, seed->span,
                                 "the seed gives no `%s`, which has no default",
                                 column->name),
                      column->span, "the column is here");
    }
}

static void load_seed(struct loader *loader, struct draft *draft, const struct node *node)
{
    size_t i, count = draft->table->columns.count;
    struct seed seed = {.span = node->span};

    if (node->kind != NODE_MAP) {
        language_wrong_kind(loader->diags, node, "a seed",
                            "a map from columns to values");
        return;
    }
    seed.values = ARENA_ARRAY(loader->arena, struct literal, count);
    seed.given = ARENA_ARRAY(loader->arena, bool, count);
    for (i = 0; i < node->count; i++)
        set_value(loader, draft, &seed, &node->entries[i]);
    fill_in(loader, draft, &seed);
    *VEC_ADD(loader->arena, &draft->table->seeds) = seed;
}

void resolve_seeds(struct loader *loader, struct draft *draft)
{
    const struct node *list = draft->values[TABLE_SEED];
    size_t i;

    for (i = 0; list != NULL && i < list->count; i++)
        load_seed(loader, draft, list->items[i]);
}
