/*
 * model.c: see model.h. Runs the steps in their order and stops after the first one that
 * found an error, since the later ones rely on what the earlier ones promise.
 */
#include "model.h"

#include "ddl.h"
#include "load.h"
#include "sample.h"

#include <string.h>

static struct schema *model_of(struct arena *arena, struct diags *diags,
                               const struct node *root, const char *path)
{
    struct schema *schema;

    if (root == NULL)
        return NULL;
    schema = load_schema(arena, diags, root, path);
    if (schema == NULL || diags_errors(diags) > 0)
        return NULL;
    check_schema(arena, diags, schema);
    if (diags_errors(diags) > 0)
        return NULL;
    sample_plan(arena, diags, schema);
    if (diags_errors(diags) > 0)
        return NULL;
    schema->ddl_count = ddl_schema(arena, schema, &schema->ddl);
    referee_schema(arena, diags, schema);
    return diags_errors(diags) > 0 ? NULL : schema;
}

struct schema *model_read(struct arena *arena, struct diags *diags, const char *path)
{
    const struct span nowhere = {.length = 0};

    return model_of(arena, diags, load_document(arena, diags, path, nowhere), path);
}

struct schema *model_read_text(struct arena *arena, struct diags *diags, const char *path,
                               const char *text, size_t length)
{
    const struct source *source = diags_source(diags, path, text, length);

    return model_of(arena, diags, node_read(arena, diags, source), path);
}

const char *columns_collation(const struct columns *columns, size_t index)
{
    const char *own = columns->items[index]->collation;
    const char *collation =
        columns->terms != NULL ? columns->terms[index].collation : NULL;

    if (collation == NULL || strcmp(collation, own != NULL ? own : "BINARY") == 0)
        return NULL;
    return collation;
}

bool columns_descend(const struct columns *columns, size_t index)
{
    return columns->terms != NULL && columns->terms[index].descending;
}
