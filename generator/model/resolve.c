/*
 * resolve.c: see resolve.h. The order of resolving: columns, keys and indexes of all
 * tables first, so that references find what they refer to, whatever the order of the
 * tables.
 */
#include "resolve.h"

static void each_table(struct loader *loader,
                       void (*resolve)(struct loader *loader, struct draft *draft))
{
    size_t i;

    for (i = 0; i < loader->drafts.count; i++)
        resolve(loader, loader->drafts.items[i]);
}

static void resolve_table(struct loader *loader, struct draft *draft)
{
    resolve_columns(loader, draft);
    resolve_primary_key(loader, draft);
    resolve_uniques(loader, draft);
    resolve_checks(loader, draft);
    resolve_indexes(loader, draft);
}

void resolve_schema(struct loader *loader)
{
    resolve_mixins(loader);
    each_table(loader, resolve_table);
    each_table(loader, resolve_references);
    each_table(loader, resolve_seeds);
    resolve_triggers(loader);
}
