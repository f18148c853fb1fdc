/*
 * language_json.c: prints the tables of language.c as a JSON Schema, by which editors
 * complete and check. It is as strict as language_read() and no stricter: what depends on
 * other parts of a schema is beyond it.
 */
#include "language.h"

#include "../base/names.h"
#include "json.h"
#include "type.h"

#include <string.h>

static void add_words(struct buf *out, const char *const *words)
{
    size_t i;

    buf_adds(out, "{\"enum\": [");
    for (i = 0; words[i] != NULL; i++)
        buf_addf(out, "%s\"%s\"", i > 0 ? ", " : "", words[i]);
    buf_adds(out, "]}");
}

static void add_kind(struct buf *out, const struct language_key *key)
{
    switch (key->kind) {
    case KEY_TEXT:
        buf_adds(out,
                 key->schema_json != NULL ? key->schema_json : "{\"type\": \"string\"}");
        break;
    case KEY_SQL:
    case KEY_SQL_NAME:
        buf_adds(out, "{\"type\": \"string\", \"pattern\": \"\\\\S\"}");
        break;
    case KEY_SQL_NAME_OR_NULL:
        buf_adds(out, "{\"type\": [\"string\", \"null\"], \"pattern\": \"\\\\S\"}");
        break;
    case KEY_NAME: buf_adds(out, "{\"$ref\": \"#/$defs/name\"}"); break;
    case KEY_BOOL: buf_adds(out, "{\"type\": \"boolean\"}"); break;
    case KEY_LENGTH:
        buf_addf(out, "{\"type\": \"integer\", \"minimum\": 0, \"maximum\": %d}",
                 (int)LENGTH_LIMIT);
        break;
    case KEY_ONE_OF: add_words(out, key->choices); break;
    case KEY_TEXTS:
        buf_adds(out, "{\"type\": \"array\", \"items\": {\"type\": \"string\"}}");
        break;
    case KEY_VALUE:
    case KEY_LIST:
    case KEY_MAP:
    case KEY_OTHER: buf_adds(out, key->schema_json); break;
    }
}

/* What a key takes, with its sentence: {"description": "…", "type": "string"}. */
static void add_property(struct buf *out, const struct language_key *key)
{
    struct buf kind;

    buf_init(&kind);
    add_kind(&kind, key);
    buf_addf(out, "        \"%s\": {\"description\": ", key->name);
    json_string(out, key->doc);
    if (kind.data[0] == '{')
        buf_addf(out, ", %s", kind.data + 1);
    else
        buf_addc(out, '}'); /* true: any value */
    buf_release(&kind);
}

static void add_required(struct buf *out, const struct language_place *place)
{
    const char *separator = "";
    size_t i;

    buf_adds(out, "      \"required\": [");
    for (i = 0; i < place->count; i++) {
        if (!place->keys[i].required)
            continue;
        buf_addf(out, "%s\"%s\"", separator, place->keys[i].name);
        separator = ", ";
    }
    buf_adds(out, "],\n");
}

static void add_object(struct buf *out, const struct language_place *place)
{
    size_t i;

    buf_adds(out, "      \"type\": \"object\",\n");
    buf_adds(out, "      \"additionalProperties\": false,\n");
    add_required(out, place);
    buf_adds(out, "      \"properties\": {\n");
    for (i = 0; i < place->count; i++) {
        add_property(out, &place->keys[i]);
        buf_adds(out, i + 1 < place->count ? ",\n" : "\n");
    }
    buf_adds(out, "      }\n");
}

static void add_place(struct buf *out, const struct language_place *place)
{
    buf_addf(out, ",\n    \"%s\": {\n", place->definition);
    if (place->short_json != NULL)
        buf_addf(out, "      \"anyOf\": [%s, {\n", place->short_json);
    add_object(out, place);
    buf_adds(out, place->short_json != NULL ? "      }]\n    }" : "    }");
}

static void add_type(struct buf *out)
{
    enum type_kind kind;

    buf_adds(out, ",\n    \"type\": {\"anyOf\": [{\"enum\": [");
    for (kind = TYPE_INTEGER; kind < TYPE_ENUM; kind++)
        buf_addf(out, "%s\"%s\", \"%s?\"", kind > TYPE_INTEGER ? ", " : "",
                 type_table[kind].name, type_table[kind].name);
    buf_adds(out, "]},\n      {\"description\": \"An enum of the schema.\", \"type\": "
                  "\"string\", \"pattern\": \"^[a-z][a-z0-9_]*[?]?$\"}]}");
}

void language_json_schema(struct buf *out)
{
    enum place place;

    buf_adds(out, "{\n"
                  "  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
                  "  \"title\": \"A schema of Quarry\",\n"
                  "  \"if\": {\"anyOf\": [{\"required\": [\"name\"]}, "
                  "{\"required\": [\"options\"]}]},\n"
                  "  \"then\": {\"$ref\": \"#/$defs/schema\"},\n"
                  "  \"else\": {\"$ref\": \"#/$defs/fragment\"},\n"
                  "  \"$defs\": {\n");
    buf_addf(out,
             "    \"name\": {\"type\": \"string\", \"maxLength\": %d, "
             "\"pattern\": \"^[a-z][a-z0-9]*(_[a-z0-9]+)*$\"},\n",
             (int)NAME_LIMIT);
    buf_adds(out,
             "    \"reference\": {\"type\": \"string\", \"pattern\": "
             "\"^[^.]+[.].+$\"},\n"
             "    \"mixin\": {\"type\": \"object\", \"propertyNames\": "
             "{\"$ref\": \"#/$defs/name\"},\n"
             "      \"properties\": {\"use\": {\"anyOf\": [{\"type\": \"array\", "
             "\"items\": {\"type\": \"string\"}}, {\"$ref\": \"#/$defs/column\"}]}},\n"
             "      \"additionalProperties\": {\"$ref\": \"#/$defs/column\"}}");
    add_type(out);
    for (place = PLACE_SCHEMA; place < PLACE_COUNT; place++)
        add_place(out, &language[place]);
    buf_adds(out, "\n  }\n}\n");
}
