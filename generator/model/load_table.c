/*
 * load_table.c: what a table says of itself. Its columns, keys and constraints wait for
 * resolve.c, since they need all enums and mixins. It must not know other tables.
 */
#include "load.h"

#include "../base/names.h"

static struct table *new_table(struct loader *loader, const struct entry *entry)
{
    struct table *table = ARENA_NEW(loader->arena, struct table);

    table->name = entry->key->text;
    table->sql_name = table->name;
    table->span = entry->key->span;
    table->node = entry->value;
    table->strict = loader->schema->options.strict;
    return table;
}

/* Of a KEY_LENGTH; NULL: 0. */
static size_t load_count(const struct node *value)
{
    long long number = 0;

    return value != NULL && node_int64(value, &number) ? (size_t)number : 0;
}

static void load_facts(struct loader *loader, struct draft *draft)
{
    const struct node *const *values = draft->values;
    struct table *table = draft->table;

    table->doc = load_text(values[TABLE_DOC]);
    table->row = values[TABLE_ROW] != NULL ? values[TABLE_ROW]->text
                                           : name_singular(loader->arena, table->name);
    if (values[TABLE_STRICT] != NULL)
        table->strict = load_flag(values[TABLE_STRICT]);
    table->without_rowid = load_flag(values[TABLE_WITHOUT_ROWID]);
    table->rows = load_count(values[TABLE_ROWS]);
    load_allows(loader, values[TABLE_LINT], &table->allows);
    if (values[TABLE_SQL_NAME] != NULL)
        table->sql_name = values[TABLE_SQL_NAME]->text;
}

void load_table(struct loader *loader, const struct entry *entry)
{
    const struct table *first =
        map_get(&loader->schema->tables_by_name, entry->key->text);
    struct draft *draft;

    if (first != NULL) {
        load_twice(loader, entry->key, "table", first->span);
        return;
    }
    load_name(loader, entry->key);
    draft = ARENA_NEW(loader->arena, struct draft);
    draft->table = new_table(loader, entry);
    *VEC_ADD(loader->arena, &loader->drafts) = draft;
    *VEC_ADD(loader->arena, &loader->schema->tables) = draft->table;
    map_put(loader->arena, &loader->drafts_by_name, draft->table->name, draft);
    map_put(loader->arena, &loader->schema->tables_by_name, draft->table->name,
            draft->table);
    if (entry->value->kind == NODE_MAP) {
        language_read(loader->diags, PLACE_TABLE, entry->value, draft->values);
        draft->incomplete = load_is_partial(entry->value, draft->values, TABLE_KEYS);
    } else {
        language_wrong_kind(loader->diags, entry->value, "a table", "a map");
        draft->incomplete = true;
    }
    load_facts(loader, draft);
}
