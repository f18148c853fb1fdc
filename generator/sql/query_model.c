/*
 * query_model.c: between the types of the schema and those of inference. The catalog is
 * told what the schema knows (that an INTEGER is a timestamp, a TEXT an enum), inference
 * carries it along, and here it is found again.
 */
#include "query_internal.h"

#include <string.h>

static const unsigned classes_of[] = {
    [STORE_INTEGER] = CLASS_INTEGER,
    [STORE_REAL] = CLASS_REAL,
    [STORE_TEXT] = CLASS_TEXT,
    [STORE_BLOB] = CLASS_BLOB,
};

static const char *semantic_of(const struct column *column)
{
    switch (column->type) {
    case TYPE_INTEGER:
    case TYPE_REAL:
    case TYPE_TEXT:
    case TYPE_BLOB: return NULL;
    case TYPE_ENUM: return column->enumeration->name;
    default: return type_table[column->type].name;
    }
}

static const char *lower(struct arena *arena, const char *name)
{
    char *copy = arena_strdup(arena, name);
    size_t i;

    for (i = 0; copy[i] != '\0'; i++)
        if (copy[i] >= 'A' && copy[i] <= 'Z')
            copy[i] = (char)(copy[i] - 'A' + 'a');
    return copy;
}

static const struct column *find_column(const struct table *table, const char *name)
{
    size_t i;

    for (i = 0; i < table->columns.count; i++)
        if (name_same(table->columns.items[i]->sql_name, name))
            return table->columns.items[i];
    return NULL;
}

/* ---- what the schema knows ----------------------------------------------------------- */

static void annotate_column(struct catalog_column *told, const struct column *column)
{
    told->semantic = semantic_of(column);
    told->classes = classes_of[column->storage];
    if (column->nullable || told->not_null)
        return;
    told->not_null = true;
    told->because = "the schema says that it is never NULL";
}

static void annotate(struct catalog *catalog, const struct table *table)
{
    struct catalog_table *told = catalog_find(catalog, NULL, table->sql_name);
    size_t i;

    for (i = 0; told != NULL && i < told->column_count; i++) {
        const struct column *column = find_column(table, told->columns[i].name);

        if (column != NULL)
            annotate_column(&told->columns[i], column);
    }
}

void queries_annotate(struct catalog *catalog, const struct schema *schema)
{
    size_t i;

    for (i = 0; i < schema->tables.count; i++)
        annotate(catalog, schema->tables.items[i]);
}

void model_annotate(struct typer *typer)
{
    size_t i;

    queries_annotate(&typer->catalog, typer->schema);
    for (i = 0; i < typer->schema->tables.count; i++) {
        struct table *table = typer->schema->tables.items[i];

        map_put(typer->arena, &typer->tables, lower(typer->arena, table->sql_name),
                table);
    }
}

/* ---- and finding it again ------------------------------------------------------------ */

struct table *model_table(const struct typer *typer, const struct catalog_table *table)
{
    return table == NULL ? NULL
                         : map_get(&typer->tables, lower(typer->arena, table->name));
}

const struct column *model_column(const struct typer *typer, const struct type *type)
{
    const struct table *table =
        type->origin == NULL ? NULL : model_table(typer, type->origin->table);

    return table == NULL ? NULL : find_column(table, type->origin->name);
}

static bool set_plain(struct column *column, const struct type *type)
{
    static const struct {
        const char *name;
        enum type_kind type;
    } plain[] = {{"integer", TYPE_INTEGER},
                 {"real", TYPE_REAL},
                 {"text", TYPE_TEXT},
                 {"blob", TYPE_BLOB}};
    const char *storage = type_storage(type);
    size_t i;

    for (i = 0; i < sizeof plain / sizeof *plain; i++)
        if (strcmp(plain[i].name, storage) == 0) {
            column->type = plain[i].type;
            column->storage = type_table[plain[i].type].storage;
            return true;
        }
    return false;
}

/* A meaning that the schema gave: only where the value is stored as its type is. */
static bool set_semantic(const struct typer *typer, struct column *column,
                         const struct type *type)
{
    const struct schema *schema = typer->schema;
    enum type_kind kind = type_find(type->semantic);
    const struct enumeration *enumeration =
        map_get(&schema->enums_by_name, type->semantic);
    enum storage storage;

    if (kind == TYPE_KINDS && enumeration == NULL)
        return false;
    storage = enumeration != NULL ? enumeration->storage : type_table[kind].storage;
    if (kind == TYPE_TIMESTAMP && schema->options.timestamp == TIME_TEXT)
        storage = STORE_TEXT;
    if ((type->classes & ~(unsigned)CLASS_OVERFLOW) != classes_of[storage])
        return false;
    column->type = enumeration != NULL ? TYPE_ENUM : kind;
    column->enumeration = enumeration;
    column->storage = storage;
    return true;
}

bool model_set(const struct typer *typer, struct column *column, const struct type *type)
{
    column->nullable = type->nullable;
    if (type->untyped && (type->classes & CLASS_ANY) == CLASS_ANY)
        return false;
    return (type->semantic != NULL && set_semantic(typer, column, type)) ||
           set_plain(column, type);
}

struct type model_type(const struct column *column)
{
    return (struct type){
        .classes = classes_of[column->storage],
        .nullable = column->nullable,
        .semantic = semantic_of(column),
    };
}
