/*
 * import_own.c: how the types and rules that import_type.c found are written.
 */
#include "import_internal.h"

#include "../base/names.h"
#include "../model/ddl.h"
#include "../model/json.h"

#include <stdio.h>
#include <string.h>

/* ---- enums -------------------------------------------------------------------------- */

bool import_same_values(const struct enumeration *a, const struct enumeration *b)
{
    size_t i;

    if (a->storage != b->storage || a->values.count != b->values.count)
        return false;
    for (i = 0; i < a->values.count; i++)
        if (a->storage == STORE_TEXT
                ? strcmp(a->values.items[i].text, b->values.items[i].text) != 0
                : a->values.items[i].value != b->values.items[i].value)
            return false;
    return true;
}

/* An enum with these values that is there already, or NULL. */
static const struct enumeration *known_enum(const struct importer *importer,
                                            const struct enumeration *enumeration)
{
    size_t i;

    for (i = 0; i < importer->enums.count; i++)
        if (import_same_values(importer->enums.items[i], enumeration))
            return importer->enums.items[i];
    return NULL;
}

/* What C has of each table: an enum ROW_count would be taken for the function. */
static bool is_of_table(const char *name)
{
    static const char *const names[] = {
        "init",   "validate", "insert", "upsert", "get",  "exists", "update", "delete",
        "each",   "next",     "close",  "count",  "free", "list",   "key",    "cursor",
        "column", "columns",  "row",    "type",   "read", "bind",   "prepare"};
    size_t i;

    for (i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static const char *new_name(const struct importer *importer, size_t table,
                            const struct column *column)
{
    const char *base = arena_printf(
        importer->arena, is_of_table(column->name) ? "%s_%s_value" : "%s_%s",
        name_singular(importer->arena, importer->tables.items[table].name), column->name);
    const char *name = base;
    unsigned i;
    size_t j;

    for (i = 2;; i++) {
        for (j = 0; j < importer->enums.count; j++)
            if (strcmp(importer->enums.items[j]->name, name) == 0)
                break;
        if (j == importer->enums.count)
            return name;
        name = arena_printf(importer->arena, "%s_%u", base, i);
    }
}

/* Names for the values: those of text from the text, those of numbers from the number. */
static void name_values(const struct importer *importer, struct enumeration *enumeration)
{
    struct map taken = {0};
    size_t i;
    unsigned next;

    for (i = 0; i < enumeration->values.count; i++) {
        struct enumerator *value = &enumeration->values.items[i];
        const char *base =
            enumeration->storage == STORE_TEXT
                ? name_to_snake(importer->arena, value->text)
                : arena_printf(importer->arena,
                               value->value < 0 ? "minus_%llu" : "value_%llu",
                               value->value < 0 ? 0 - (unsigned long long)value->value
                                                : (unsigned long long)value->value);

        value->name = base;
        for (next = 2; map_get(&taken, value->name) != NULL; next++)
            value->name = arena_printf(importer->arena, "%s_%u", base, next);
        map_put(importer->arena, &taken, value->name, value);
    }
}

/* True where each text is its own name. */
static bool is_named_by_text(const struct enumeration *enumeration)
{
    size_t i;

    for (i = 0; i < enumeration->values.count; i++)
        if (enumeration->storage != STORE_TEXT ||
            strcmp(enumeration->values.items[i].name,
                   enumeration->values.items[i].text) != 0)
            return false;
    return true;
}

static void add_values(const struct importer *importer,
                       const struct enumeration *enumeration)
{
    bool is_list = is_named_by_text(enumeration);
    struct buf *out = importer->out;
    size_t i;

    buf_addc(out, is_list ? '[' : '{');
    for (i = 0; i < enumeration->values.count; i++) {
        const struct enumerator *value = &enumeration->values.items[i];

        buf_adds(out, i > 0 ? ", " : "");
        if (!is_list)
            buf_addf(out, "%s: ", value->name);
        if (enumeration->storage == STORE_TEXT)
            json_string(out, value->text);
        else
            buf_addf(out, "%lld", (long long)value->value);
    }
    buf_addc(out, is_list ? ']' : '}');
}

static void add_enum(struct importer *importer, size_t table, struct own_type *own)
{
    struct enumeration *copy;
    const struct enumeration *known = known_enum(importer, own->column.enumeration);

    if (known != NULL) {
        own->enum_name = known->name;
        own->column.enumeration = known;
        return;
    }
    copy = ARENA_NEW(importer->arena, struct enumeration);
    *copy = *own->column.enumeration;
    name_values(importer, copy);
    copy->name = own->enum_name = new_name(importer, table, &own->column);
    buf_addf(importer->out,
             "%s  %s: {%svalues: ", importer->enums.count == 0 ? "\nenums:\n" : "",
             copy->name, copy->storage == STORE_INTEGER ? "storage: integer, " : "");
    add_values(importer, copy);
    buf_adds(importer->out, "}\n");
    own->column.enumeration = copy;
    *VEC_ADD(importer->arena, &importer->enums) = copy;
}

void import_enums(struct importer *importer)
{
    size_t i, j;

    for (i = 0; i < importer->structure->tables.count; i++)
        for (j = 0; j < importer->structure->tables.items[i]->columns.count; j++) {
            struct own_type *own = &importer->own[i][j];

            if (own->found && own->column.type == TYPE_ENUM)
                add_enum(importer, i, own);
        }
}

/* ---- columns ------------------------------------------------------------------------ */

bool import_is_own(const struct own_type *own)
{
    const struct column *column = &own->column;
    bool is_plain = column->type == TYPE_INTEGER || column->type == TYPE_REAL ||
                    column->type == TYPE_TEXT || column->type == TYPE_BLOB;

    return own->found && column->type != TYPE_KINDS &&
           (!is_plain || column->has_min || column->has_max || column->has_min_length ||
            column->has_max_length || column->pattern != NULL ||
            column->one_of.count > 0);
}

const char *import_own_name(const struct own_type *own)
{
    return own->column.type == TYPE_ENUM ? own->enum_name
                                         : type_table[own->column.type].name;
}

static void add_literal(struct buf *out, const struct literal *literal)
{
    if (literal->kind == LITERAL_TEXT)
        json_string(out, literal->text);
    else
        ddl_literal(literal, out);
}

void import_rules(const struct importer *importer, const struct own_type *own)
{
    const struct column *column = &own->column;
    struct buf *out = importer->out;
    size_t i;

    if (column->has_min)
        buf_adds(out, ", min: "), add_literal(out, &column->min);
    if (column->has_max)
        buf_adds(out, ", max: "), add_literal(out, &column->max);
    if (column->has_min_length)
        buf_addf(out, ", min_length: %zu", column->min_length);
    if (column->has_max_length)
        buf_addf(out, ", max_length: %zu", column->max_length);
    if (column->pattern != NULL) {
        buf_adds(out, ", pattern: ");
        json_string(out, column->pattern);
    }
    for (i = 0; i < column->one_of.count; i++) {
        buf_adds(out, i == 0 ? ", one_of: [" : ", ");
        add_literal(out, &column->one_of.items[i]);
    }
    if (column->one_of.count > 0)
        buf_addc(out, ']');
}

/* The value of an integer enum by its name. */
static bool add_enumerator(struct buf *out, const struct enumeration *enumeration,
                           const char *key)
{
    size_t i;

    for (i = 0; i < enumeration->values.count; i++) {
        long long value = enumeration->values.items[i].value;
        char text[32]; /* as a key has it, where the sign is a token of its own */

        snprintf(text, sizeof text, "%s%llu", value < 0 ? "- " : "",
                 value < 0 ? 0 - (unsigned long long)value : (unsigned long long)value);
        if (enumeration->storage == STORE_INTEGER && strcmp(text, key) == 0) {
            buf_addf(out, ", default: %s", enumeration->values.items[i].name);
            return true;
        }
    }
    return false;
}

/* A default of a type whose values are not written as SQL writes them; false: none. */
bool import_own_default(const struct importer *importer, const struct own_type *own,
                        const char *key)
{
    struct buf *out = importer->out;
    size_t length = strlen(key);

    if (own->default_word != NULL) {
        buf_addf(out, ", default: %s", own->default_word);
        return true;
    }
    switch (own->column.type) {
    case TYPE_BOOL:
        if (strcmp(key, "0") != 0 && strcmp(key, "1") != 0)
            return false;
        buf_addf(out, ", default: %s", key[0] == '1' ? "true" : "false");
        return true;
    case TYPE_JSON:
    case TYPE_LABELS:
        if (strcmp(key, "'{}'") != 0 && strcmp(key, "'[]'") != 0)
            return false;
        buf_addf(out, ", default: %.*s", (int)(length - 2), key + 1);
        return true;
    case TYPE_ENUM: return add_enumerator(out, own->column.enumeration, key);
    default: return false;
    }
}
