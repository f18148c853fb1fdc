/*
 * language_step.h: the keys of views, triggers, migrations and their steps, as language.c
 * lists them among all places, and the pieces of JSON Schema that these files use. Only
 * language*.c may include it.
 */
#ifndef LANGUAGE_STEP_H
#define LANGUAGE_STEP_H

#include "language.h"

#define JSON_NAME   "{\"$ref\": \"#/$defs/name\"}"
#define JSON_TEXT   "{\"type\": \"string\", \"minLength\": 1}"
#define JSON_SCALAR "{\"type\": [\"string\", \"number\", \"boolean\"]}"
#define JSON_NAMES  "{\"type\": \"array\", \"items\": " JSON_TEXT ", \"minItems\": 1}"
#define JSON_LIST_OF(definition)                                                         \
    "{\"type\": \"array\", \"items\": {\"$ref\": \"#/$defs/" definition "\"}}"
#define JSON_ANY_MAP_OF(definition) /* by any name of SQL */                             \
    "{\"type\": \"object\", \"additionalProperties\": {\"$ref\": \"#/$defs/" definition  \
    "\"}}"
#define JSON_MAP_OF(definition)                                                          \
    "{\"type\": \"object\", \"propertyNames\": " JSON_NAME                               \
    ", \"additionalProperties\": {\"$ref\": \"#/$defs/" definition "\"}}"

#define JSON_REF(definition) "{\"$ref\": \"#/$defs/" definition "\"}"

/* What the linter is told of the place that it stands in. */
#define LINT_KEY                                                                         \
    {                                                                                    \
        .name = "lint", .kind = KEY_MAP,                                                 \
        .doc = "What `quarry lint` is to leave as it is.",                               \
        .schema_json = "{\"$ref\": \"#/$defs/lint\"}",                                   \
    }

/* An array that another file defines does not tell how long it is. */
#define STEP_PLACE(array, length) .keys = (array), .count = (length)

extern const struct language_key unique_keys[UNIQUE_KEYS];
extern const struct language_key foreign_key_keys[FOREIGN_KEYS];
extern const struct language_key check_keys[CHECK_KEYS];
extern const struct language_key index_keys[INDEX_KEYS];
extern const struct language_key virtual_table_keys[VIRTUAL_KEYS];
extern const struct language_key view_keys[VIEW_KEYS];
extern const struct language_key trigger_keys[TRIGGER_KEYS];
extern const struct language_key migration_keys[MIGRATION_KEYS];
extern const struct language_key step_keys[STEP_KEYS];
extern const struct language_key create_table_keys[CREATE_TABLE_KEYS];
extern const struct language_key rename_table_keys[RENAME_TABLE_KEYS];
extern const struct language_key alter_table_keys[ALTER_TABLE_KEYS];
extern const struct language_key step_column_keys[STEP_COLUMN_KEYS];
extern const struct language_key drop_column_keys[DROP_COLUMN_KEYS];
extern const struct language_key rename_column_keys[RENAME_COLUMN_KEYS];
extern const struct language_key create_index_keys[CREATE_INDEX_KEYS];
extern const struct language_key add_foreign_key_keys[ADD_FOREIGN_KEY_KEYS];
extern const struct language_key add_unique_keys[ADD_UNIQUE_KEYS];
extern const struct language_key add_check_keys[ADD_CHECK_KEYS];
extern const struct language_key drop_rule_keys[DROP_RULE_KEYS];
extern const struct language_key create_view_keys[CREATE_VIEW_KEYS];
extern const struct language_key create_trigger_keys[CREATE_TRIGGER_KEYS];
extern const struct language_key create_virtual_table_keys[CREATE_VIRTUAL_KEYS];
extern const struct language_key drop_object_keys[DROP_OBJECT_KEYS];
extern const struct language_key insert_keys[INSERT_KEYS];
extern const struct language_key update_keys[UPDATE_KEYS];
extern const struct language_key delete_keys[DELETE_KEYS];

#endif
