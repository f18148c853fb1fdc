/*
 * load_virtual.c: virtual tables as they are written: a module and its arguments, whose
 * meaning only the module knows.
 */
#include "load.h"

#include "sqltext.h"

#include <strings.h>

/* An argument must not end the list that it stands in. */
static bool check_argument(struct diags *diags, const struct node *argument)
{
    const char *wrong;

    if (argument->kind != NODE_SCALAR || load_is_blank(argument)) {
        language_wrong_kind(diags, argument, "`arguments`", "texts");
        return false;
    }
    wrong = sql_unbalanced(argument->text);
    if (wrong == NULL && !sql_has_line_comment(argument->text))
        return true;
    diag_error(diags, 215, argument->span, "this is not one argument: %s",
               wrong != NULL ? wrong : "a `--` comment");
    return false;
}

struct virtual_table *virtual_table_read(struct arena *arena, struct diags *diags,
                                         const struct node *name,
                                         const struct node *const *values)
{
    const struct node *arguments = values[VIRTUAL_ARGUMENTS];
    struct virtual_table *table = ARENA_NEW(arena, struct virtual_table);
    bool good = values[VIRTUAL_MODULE] != NULL;
    size_t i;

    for (i = 0; arguments != NULL && i < arguments->count; i++)
        good = check_argument(diags, arguments->items[i]) && good;
    if (!good)
        return NULL;
    table->name = name->text;
    table->span = name->span;
    table->doc = load_text(values[VIRTUAL_DOC]);
    table->module = values[VIRTUAL_MODULE]->text;
    table->module_span = values[VIRTUAL_MODULE]->span;
    table->arguments = arguments;
    return table;
}

void load_virtual_table(struct loader *loader, const struct entry *entry)
{
    const struct node *values[VIRTUAL_KEYS] = {NULL};
    struct virtual_table *table;
    size_t i;

    if (load_is_blank(entry->key))
        load_name(loader, entry->key); /* any other will do: C knows none of them */
    for (i = 0; i < loader->schema->virtual_tables.count; i++) {
        table = loader->schema->virtual_tables.items[i];
        if (strcasecmp(table->name, entry->key->text) == 0) {
            load_twice(loader, entry->key, "virtual table", table->span);
            return;
        }
    }
    if (entry->value->kind != NODE_MAP) {
        language_wrong_kind(loader->diags, entry->value, "a virtual table",
                            "a map {module, arguments}");
        return;
    }
    language_read(loader->diags, PLACE_VIRTUAL_TABLE, entry->value, values);
    table = virtual_table_read(loader->arena, loader->diags, entry->key, values);
    if (table != NULL)
        *VEC_ADD(loader->arena, &loader->schema->virtual_tables) = table;
}
