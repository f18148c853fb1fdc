/*
 * language.c: see language.h. The tables of all keys, and the reading of one map with
 * them. What a value means is the loader's business; here only its kind counts.
 */
#include "language_step.h"

#include "../base/names.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

const char *const language_collations[] = {"binary", "nocase", "rtrim", NULL};
const char *const language_actions[] = {"no_action",   "restrict", "set_null",
                                        "set_default", "cascade",  NULL};
const char *const language_conflicts[] = {"abort",  "rollback", "fail",
                                          "ignore", "replace",  NULL};
const char *const language_timestamps[] = {"unix_ms", "unix", "text", NULL};
const char *const language_storages[] = {"text", "integer", NULL};
const char *const language_returns[] = {"one", "optional", "many", "exec", "count", NULL};
const char *const language_moments[] = {"before insert",     "before update",
                                        "before delete",     "after insert",
                                        "after update",      "after delete",
                                        "instead of insert", "instead of update",
                                        "instead of delete", NULL};

#define QUARRY_KEY(is_required)                                                          \
    {                                                                                    \
        .name = "quarry", .kind = KEY_OTHER, .required = (is_required),                  \
        .doc = "The version of the language: 1.", .schema_json = "{\"const\": 1}",       \
    }
#define FILE_KEYS                                                                        \
    [TOP_DOC] = {.name = "doc",                                                          \
                 .kind = KEY_TEXT,                                                       \
                 .doc = "What the schema is for; becomes comments."},                    \
    [TOP_INCLUDE] = {.name = "include",                                                  \
                     .kind = KEY_TEXTS,                                                  \
                     .doc = "Further files, relative to this one, each read once."},     \
    [TOP_ENUMS] = {.name = "enums",                                                      \
                   .kind = KEY_MAP,                                                      \
                   .doc = "Types with a fixed set of values, by name.",                  \
                   .schema_json = JSON_MAP_OF("enum")},                                  \
    [TOP_MIXINS] = {.name = "mixins",                                                    \
                    .kind = KEY_MAP,                                                     \
                    .doc = "Columns that several tables share, by name.",                \
                    .schema_json = JSON_MAP_OF("mixin")},                                \
    [TOP_TABLES] =                                                                       \
        {                                                                                \
            .name = "tables",                                                            \
            .kind = KEY_MAP,                                                             \
            .doc = "The tables, by name.",                                               \
            .schema_json = JSON_MAP_OF("table"),                                         \
    },                                                                                   \
    [TOP_VIRTUAL_TABLES] = {.name = "virtual_tables",                                    \
                            .kind = KEY_MAP,                                             \
                            .doc = "Tables of SQLite's modules, as fts5, by name.",      \
                            .schema_json = JSON_ANY_MAP_OF("virtual_table")},            \
    [TOP_VIEWS] = {.name = "views",                                                      \
                   .kind = KEY_MAP,                                                      \
                   .doc = "Views: typed tables that are only read, by name.",            \
                   .schema_json = JSON_ANY_MAP_OF("view")},                              \
    [TOP_QUERIES] = {.name = "queries",                                                  \
                     .kind = KEY_MAP,                                                    \
                     .doc = "Statements that become typed functions, by name.",          \
                     .schema_json = JSON_MAP_OF("query")},                               \
    [TOP_TRIGGERS] = {                                                                   \
        .name = "triggers",                                                              \
        .kind = KEY_MAP,                                                                 \
        .doc = "SQL that runs when rows of a table are written, by name.",               \
        .schema_json = JSON_ANY_MAP_OF("trigger"),                                       \
    }

static const struct language_key schema_keys[] = {
    [TOP_QUARRY] = QUARRY_KEY(true),
    FILE_KEYS,
    [TOP_NAME] = {.name = "name",
                  .kind = KEY_NAME,
                  .required = true,
                  .doc = "The prefix of every generated name, and the folder's name."},
    [TOP_OPTIONS] = {.name = "options",
                     .kind = KEY_MAP,
                     .doc = "What holds for the whole schema.",
                     .schema_json = "{\"$ref\": \"#/$defs/options\"}"},
    [TOP_LINT] = LINT_KEY,
    [TOP_MIGRATIONS] = {.name = "migrations",
                        .kind = KEY_OTHER,
                        .doc = "The steps that made the tables what they are: a list, or "
                               "a folder with a file for each.",
                        .schema_json = "{\"anyOf\": [" JSON_TEXT
                                       ", " JSON_LIST_OF("migration") "]}"},
};

static const struct language_key fragment_keys[] = {
    [TOP_QUARRY] = QUARRY_KEY(false),
    FILE_KEYS,
};

static const struct language_key options_keys[] = {
    [OPTIONS_STRICT] =
        {.name = "strict",
         .kind = KEY_BOOL,
         .doc = "Whether tables are STRICT where they don't say; default true."},
    [OPTIONS_TIMESTAMP] = {.name = "timestamp",
                           .kind = KEY_ONE_OF,
                           .choices = language_timestamps,
                           .doc =
                               "How `timestamp` is stored: milliseconds or seconds since "
                               "1970, or ISO-8601 text; default unix_ms."},
};

static const struct language_key enum_keys[] = {
    [ENUM_DOC] = {.name = "doc",
                  .kind = KEY_TEXT,
                  .doc = "What the enum is; becomes a comment."},
    [ENUM_STORAGE] = {.name = "storage",
                      .kind = KEY_ONE_OF,
                      .choices = language_storages,
                      .doc =
                          "Whether the values are stored as text (default) or integers."},
    [ENUM_VALUES] =
        {.name = "values",
         .kind = KEY_OTHER,
         .required = true,
         .doc = "A list of the texts, or a map from names to what is stored.",
         .schema_json =
             "{\"anyOf\": [{\"type\": \"array\", \"items\": " JSON_SCALAR
             ", \"minItems\": 1}, {\"type\": \"object\", \"propertyNames\": " JSON_NAME
             ", \"additionalProperties\": " JSON_SCALAR ", \"minProperties\": 1}]}"},
    [ENUM_LINT] = LINT_KEY,
};

static const struct language_key table_keys[] = {
    [TABLE_ROW] =
        {.name = "row",
         .kind = KEY_NAME,
         .doc = "The noun of the C names; default: the singular of the table's name."},
    [TABLE_DOC] = {.name = "doc",
                   .kind = KEY_TEXT,
                   .doc = "What a row is; becomes a comment."},
    [TABLE_USE] = {.name = "use",
                   .kind = KEY_TEXTS,
                   .doc = "Mixins whose columns the table gets."},
    [TABLE_COLUMNS] = {.name = "columns",
                       .kind = KEY_MAP,
                       .doc = "The columns, by name.",
                       .schema_json = JSON_MAP_OF("column")},
    [TABLE_PRIMARY_KEY] = {.name = "primary_key",
                           .kind = KEY_LIST,
                           .doc = "The columns of a composite primary key.",
                           .schema_json = JSON_NAMES},
    [TABLE_PRIMARY_KEY_ON_CONFLICT] =
        {.name = "primary_key_on_conflict",
         .kind = KEY_ONE_OF,
         .choices = language_conflicts,
         .doc = "What SQL of others does with a row whose key is taken."},
    [TABLE_UNIQUE] = {.name = "unique",
                      .kind = KEY_LIST,
                      .doc = "Columns that are unique together.",
                      .schema_json = JSON_LIST_OF("unique")},
    [TABLE_FOREIGN_KEYS] = {.name = "foreign_keys",
                            .kind = KEY_LIST,
                            .doc = "Foreign keys, of several columns above all.",
                            .schema_json = JSON_LIST_OF("foreign_key")},
    [TABLE_CHECKS] = {.name = "checks",
                      .kind = KEY_LIST,
                      .doc = "Conditions in SQL that every row must meet.",
                      .schema_json = JSON_LIST_OF("check")},
    [TABLE_INDEXES] = {.name = "indexes",
                       .kind = KEY_LIST,
                       .doc = "Indexes; each also gives typed lists.",
                       .schema_json = JSON_LIST_OF("index")},
    [TABLE_STRICT] =
        {.name = "strict",
         .kind = KEY_BOOL,
         .doc = "Whether SQLite itself checks types; default: the option `strict`."},
    [TABLE_WITHOUT_ROWID] =
        {.name = "without_rowid",
         .kind = KEY_BOOL,
         .doc = "Stores the rows in the primary key's order; default false."},
    [TABLE_SQL_NAME] = {.name = "sql_name",
                        .kind = KEY_SQL_NAME,
                        .doc = "The name in SQL, where it is another than in C."},
    [TABLE_SEED] = {.name = "seed",
                    .kind = KEY_LIST,
                    .doc = "Rows that are in every new database.",
                    .schema_json =
                        "{\"type\": \"array\", \"items\": {\"type\": \"object\", "
                        "\"propertyNames\": " JSON_NAME "}}"},
    [TABLE_ROWS] = {.name = "rows",
                    .kind = KEY_LENGTH,
                    .doc = "About how many rows the table will have, for advice."},
    [TABLE_LINT] = LINT_KEY,
    [TABLE_WAS] = {.name = "was",
                   .kind = KEY_NAME,
                   .doc = "The name that the table has in the last migration."},
};

static const struct language_key column_keys[] = {
    [COLUMN_TYPE] = {.name = "type",
                     .kind = KEY_OTHER,
                     .required = true,
                     .doc =
                         "A type or an enum; a `?` behind it makes the column nullable.",
                     .schema_json = "{\"$ref\": \"#/$defs/type\"}"},
    [COLUMN_DOC] = {.name = "doc",
                    .kind = KEY_TEXT,
                    .doc = "What the column holds; becomes a comment."},
    [COLUMN_PRIMARY_KEY] = {.name = "primary_key",
                            .kind = KEY_BOOL,
                            .doc = "The column is the primary key; default false."},
    [COLUMN_AUTOINCREMENT] = {.name = "autoincrement",
                              .kind = KEY_BOOL,
                              .doc =
                                  "Keys of deleted rows are never given again; default "
                                  "false."},
    [COLUMN_UNIQUE] = {.name = "unique",
                       .kind = KEY_BOOL,
                       .doc = "No two rows have the same value; default false."},
    [COLUMN_DEFAULT] = {.name = "default",
                        .kind = KEY_VALUE,
                        .doc = "The value where none is given; `now` for a timestamp, "
                               "`random` for a uuid.",
                        .schema_json = "true"},
    [COLUMN_DEFAULT_SQL] = {.name = "default_sql",
                            .kind = KEY_SQL,
                            .doc = "An SQL expression for rows that are written without "
                                   "the column, which generated C never does."},
    [COLUMN_TOUCH] = {.name = "touch",
                      .kind = KEY_BOOL,
                      .doc = "A timestamp that every update sets; default false."},
    [COLUMN_MIN] = {.name = "min",
                    .kind = KEY_VALUE,
                    .doc = "The least number allowed.",
                    .schema_json = "{\"type\": \"number\"}"},
    [COLUMN_MAX] = {.name = "max",
                    .kind = KEY_VALUE,
                    .doc = "The greatest number allowed.",
                    .schema_json = "{\"type\": \"number\"}"},
    [COLUMN_MIN_LENGTH] = {.name = "min_length",
                           .kind = KEY_LENGTH,
                           .doc = "The fewest characters of a text or bytes of a blob."},
    [COLUMN_MAX_LENGTH] = {.name = "max_length",
                           .kind = KEY_LENGTH,
                           .doc = "The most characters of a text or bytes of a blob."},
    [COLUMN_PATTERN] = {.name = "pattern",
                        .kind = KEY_TEXT,
                        .doc =
                            "A GLOB pattern that a text matches: *, ?, [a-z], [^a-z]."},
    [COLUMN_ONE_OF] = {.name = "one_of",
                       .kind = KEY_LIST,
                       .doc = "The only values allowed.",
                       .schema_json = "{\"type\": \"array\", \"items\": " JSON_SCALAR
                                      ", \"minItems\": 1}"},
    [COLUMN_EXAMPLES] = {.name = "examples",
                         .kind = KEY_LIST,
                         .doc = "Valid values for the emitted tests, where rules are too "
                                "special to guess some.",
                         .schema_json = "{\"type\": \"array\", \"minItems\": 1}"},
    [COLUMN_REFERENCES] = {.name = "references",
                           .kind = KEY_TEXT,
                           .doc = "The column that this one refers to: `table.column`.",
                           .schema_json = "{\"$ref\": \"#/$defs/reference\"}"},
    [COLUMN_ON_DELETE] =
        {.name = "on_delete",
         .kind = KEY_ONE_OF,
         .choices = language_actions,
         .doc = "What deleting the referenced row does; default no_action."},
    [COLUMN_ON_UPDATE] =
        {.name = "on_update",
         .kind = KEY_ONE_OF,
         .choices = language_actions,
         .doc = "What changing the referenced key does; default no_action."},
    [COLUMN_DEFERRABLE] = {.name = "deferrable",
                           .kind = KEY_BOOL,
                           .doc =
                               "The reference is checked at commit only; default false."},
    [COLUMN_COLLATION] = {.name = "collation",
                          .kind = KEY_ONE_OF,
                          .choices = language_collations,
                          .doc = "How texts compare; default binary."},
    [COLUMN_GENERATED] = {.name = "generated",
                          .kind = KEY_OTHER,
                          .doc = "An SQL expression that computes the column.",
                          .schema_json = "{\"$ref\": \"#/$defs/generated\"}"},
    [COLUMN_SQL_TYPE] = {.name = "sql_type",
                         .kind = KEY_TEXT,
                         .doc =
                             "The declared type in SQL, where it is another than usual."},
    [COLUMN_SQL_NOT_NULL] =
        {.name = "sql_not_null",
         .kind = KEY_BOOL,
         .doc =
             "False: a column that is not nullable is declared without NOT NULL in SQL; "
             "default true."},
    [COLUMN_NOT_NULL_ON_CONFLICT] =
        {.name = "not_null_on_conflict",
         .kind = KEY_ONE_OF,
         .choices = language_conflicts,
         .doc = "What SQL of others does with a row without a value."},
    [COLUMN_SQL_NAME] = {.name = "sql_name",
                         .kind = KEY_SQL_NAME,
                         .doc = "The name in SQL, where it is another than in C."},
    [COLUMN_LINT] = LINT_KEY,
    [COLUMN_WAS] = {.name = "was",
                    .kind = KEY_NAME,
                    .doc = "The name that the column has in the last migration."},
};

static const struct language_key generated_keys[] = {
    [GENERATED_SQL] = {.name = "sql",
                       .kind = KEY_SQL,
                       .required = true,
                       .doc = "The expression."},
    [GENERATED_STORED] =
        {.name = "stored",
         .kind = KEY_BOOL,
         .doc = "Computed at a write and stored; default false: at a read."},
};

static const struct language_key lint_keys[] = {
    [LINT_ALLOW] = {.name = "allow",
                    .kind = KEY_TEXTS,
                    .doc = "Codes of findings that are wanted here: [L101]."},
};

#define JSON_TYPES                                                                       \
    "{\"type\": \"object\", \"additionalProperties\": {\"$ref\": \"#/$defs/type\"}}"

static const struct language_key query_keys[] = {
    [QUERY_SQL] = {.name = "sql",
                   .kind = KEY_SQL,
                   .required = true,
                   .doc = "One statement: SELECT, VALUES, INSERT, UPDATE or DELETE."},
    [QUERY_RETURNS] = {.name = "returns",
                       .kind = KEY_ONE_OF,
                       .required = true,
                       .choices = language_returns,
                       .doc = "What the function gives: one row, one or none, all, "
                              "nothing, or a number."},
    [QUERY_DOC] = {.name = "doc",
                   .kind = KEY_TEXT,
                   .doc = "What the query is for; becomes a comment."},
    [QUERY_ROW] = {.name = "row",
                   .kind = KEY_NAME,
                   .doc = "The noun of the row's C names, which several queries can "
                          "share; default <query>_row."},
    [QUERY_PARAMS] = {.name = "params",
                      .kind = KEY_MAP,
                      .doc =
                          "Types of parameters, where the statement does not say them.",
                      .schema_json = JSON_TYPES},
    [QUERY_COLUMNS] = {.name = "columns",
                       .kind = KEY_MAP,
                       .doc = "Types of columns, where more is known than can be proved.",
                       .schema_json = JSON_TYPES},
    [QUERY_ORDER] = {.name = "order",
                     .kind = KEY_MAP,
                     .doc = "Orders that the caller chooses among, by name: the terms of "
                            "an ORDER BY.",
                     .schema_json = "{\"type\": \"object\", \"propertyNames\": " JSON_NAME
                                    ", \"additionalProperties\": " JSON_TEXT "}"},
    [QUERY_EMBED] = {.name = "embed",
                     .kind = KEY_TEXTS,
                     .doc = "Tables whose `x.*` becomes a struct inside the row.",
                     .schema_json = JSON_NAMES},
    [QUERY_LINT] = LINT_KEY,
};

#define KEYS(array) .keys = (array), .count = COUNT(array)

const struct language_place language[PLACE_COUNT] = {
    [PLACE_SCHEMA] = {.name = "a schema",
                      .title = "A schema",
                      .definition = "schema",
                      KEYS(schema_keys)},
    [PLACE_FRAGMENT] = {.name = "an included file",
                        .title = "An included file",
                        .definition = "fragment",
                        KEYS(fragment_keys)},
    [PLACE_OPTIONS] = {.name = "the options",
                       .title = "Options",
                       .definition = "options",
                       KEYS(options_keys)},
    [PLACE_ENUM] = {.name = "an enum",
                    .title = "An enum",
                    .definition = "enum",
                    .short_json = "{\"type\": \"array\", \"items\": " JSON_SCALAR
                                  ", \"minItems\": 1}",
                    KEYS(enum_keys)},
    [PLACE_TABLE] = {.name = "a table",
                     .title = "A table",
                     .definition = "table",
                     KEYS(table_keys)},
    [PLACE_COLUMN] = {.name = "a column",
                      .title = "A column",
                      .definition = "column",
                      .short_json = "{\"$ref\": \"#/$defs/type\"}",
                      KEYS(column_keys)},
    [PLACE_GENERATED] = {.name = "`generated`",
                         .title = "A generated column",
                         .definition = "generated",
                         .short_json = JSON_TEXT,
                         KEYS(generated_keys)},
    [PLACE_UNIQUE] = {.name = "a unique constraint",
                      .title = "A unique constraint",
                      .definition = "unique",
                      .short_json = JSON_NAMES,
                      STEP_PLACE(unique_keys, UNIQUE_KEYS)},
    [PLACE_FOREIGN_KEY] = {.name = "a foreign key",
                           .title = "A foreign key",
                           .definition = "foreign_key",
                           STEP_PLACE(foreign_key_keys, FOREIGN_KEYS)},
    [PLACE_CHECK] = {.name = "a check",
                     .title = "A check",
                     .definition = "check",
                     .short_json = JSON_TEXT,
                     STEP_PLACE(check_keys, CHECK_KEYS)},
    [PLACE_INDEX] = {.name = "an index",
                     .title = "An index",
                     .definition = "index",
                     .short_json = JSON_NAMES,
                     STEP_PLACE(index_keys, INDEX_KEYS)},
    [PLACE_VIRTUAL_TABLE] = {.name = "a virtual table",
                             .title = "A virtual table",
                             .definition = "virtual_table",
                             STEP_PLACE(virtual_table_keys, VIRTUAL_KEYS)},
    [PLACE_VIEW] = {.name = "a view",
                    .title = "A view",
                    .definition = "view",
                    STEP_PLACE(view_keys, VIEW_KEYS)},
    [PLACE_QUERY] = {.name = "a query",
                     .title = "A query",
                     .definition = "query",
                     KEYS(query_keys)},
    [PLACE_LINT] = {.name = "`lint`",
                    .title = "Lint",
                    .definition = "lint",
                    KEYS(lint_keys)},
    [PLACE_TRIGGER] = {.name = "a trigger",
                       .title = "A trigger",
                       .definition = "trigger",
                       STEP_PLACE(trigger_keys, TRIGGER_KEYS)},
    [PLACE_MIGRATION] = {.name = "a migration",
                         .title = "A migration",
                         .definition = "migration",
                         STEP_PLACE(migration_keys, MIGRATION_KEYS)},
    [PLACE_STEP] = {.name = "a step",
                    .title = "A step",
                    .definition = "step",
                    STEP_PLACE(step_keys, STEP_KEYS)},
    [PLACE_CREATE_TABLE] = {.name = "`create_table`",
                            .title = "create_table",
                            .definition = "create_table",
                            STEP_PLACE(create_table_keys, CREATE_TABLE_KEYS)},
    [PLACE_RENAME_TABLE] = {.name = "`rename_table`",
                            .title = "rename_table",
                            .definition = "rename_table",
                            STEP_PLACE(rename_table_keys, RENAME_TABLE_KEYS)},
    [PLACE_ALTER_TABLE] = {.name = "`alter_table`",
                           .title = "alter_table",
                           .definition = "alter_table",
                           STEP_PLACE(alter_table_keys, ALTER_TABLE_KEYS)},
    [PLACE_STEP_COLUMN] = {.name = "a step that gives a column",
                           .title = "add_column and alter_column",
                           .definition = "step_column",
                           STEP_PLACE(step_column_keys, STEP_COLUMN_KEYS)},
    [PLACE_DROP_COLUMN] = {.name = "`drop_column`",
                           .title = "drop_column",
                           .definition = "drop_column",
                           STEP_PLACE(drop_column_keys, DROP_COLUMN_KEYS)},
    [PLACE_RENAME_COLUMN] = {.name = "`rename_column`",
                             .title = "rename_column",
                             .definition = "rename_column",
                             STEP_PLACE(rename_column_keys, RENAME_COLUMN_KEYS)},
    [PLACE_CREATE_INDEX] = {.name = "`create_index`",
                            .title = "create_index",
                            .definition = "create_index",
                            STEP_PLACE(create_index_keys, CREATE_INDEX_KEYS)},
    [PLACE_ADD_FOREIGN_KEY] = {.name = "`add_foreign_key`",
                               .title = "add_foreign_key",
                               .definition = "add_foreign_key",
                               STEP_PLACE(add_foreign_key_keys, ADD_FOREIGN_KEY_KEYS)},
    [PLACE_ADD_UNIQUE] = {.name = "`add_unique`",
                          .title = "add_unique",
                          .definition = "add_unique",
                          STEP_PLACE(add_unique_keys, ADD_UNIQUE_KEYS)},
    [PLACE_ADD_CHECK] = {.name = "`add_check`",
                         .title = "add_check",
                         .definition = "add_check",
                         STEP_PLACE(add_check_keys, ADD_CHECK_KEYS)},
    [PLACE_DROP_RULE] = {.name = "a step that drops",
                         .title =
                             "drop_index, drop_foreign_key, drop_unique and drop_check",
                         .definition = "drop_rule",
                         STEP_PLACE(drop_rule_keys, DROP_RULE_KEYS)},
    [PLACE_CREATE_VIEW] = {.name = "`create_view`",
                           .title = "create_view",
                           .definition = "create_view",
                           STEP_PLACE(create_view_keys, CREATE_VIEW_KEYS)},
    [PLACE_CREATE_TRIGGER] = {.name = "`create_trigger`",
                              .title = "create_trigger",
                              .definition = "create_trigger",
                              STEP_PLACE(create_trigger_keys, CREATE_TRIGGER_KEYS)},
    [PLACE_CREATE_VIRTUAL_TABLE] = {.name = "`create_virtual_table`",
                                    .title = "create_virtual_table",
                                    .definition = "create_virtual_table",
                                    STEP_PLACE(create_virtual_table_keys,
                                               CREATE_VIRTUAL_KEYS)},
    [PLACE_DROP_OBJECT] = {.name = "a step that drops",
                           .title = "drop_table, drop_view, drop_trigger and "
                                    "drop_virtual_table",
                           .definition = "drop_object",
                           .short_json = JSON_TEXT,
                           STEP_PLACE(drop_object_keys, DROP_OBJECT_KEYS)},
    [PLACE_INSERT] = {.name = "`insert`",
                      .title = "insert",
                      .definition = "insert",
                      STEP_PLACE(insert_keys, INSERT_KEYS)},
    [PLACE_UPDATE] = {.name = "`update`",
                      .title = "update",
                      .definition = "update",
                      STEP_PLACE(update_keys, UPDATE_KEYS)},
    [PLACE_DELETE] = {.name = "`delete`",
                      .title = "delete",
                      .definition = "delete",
                      STEP_PLACE(delete_keys, DELETE_KEYS)},
};
