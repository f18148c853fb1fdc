/*
 * language_object.c: the keys of virtual tables, views and triggers, as data; see language.h. It must not
 * know what their SQL means.
 */
#include "language_step.h"

#define JSON_ARGUMENTS "{\"type\": \"array\", \"items\": " JSON_SCALAR "}"
/* clang-format off */
#define VIRTUAL_TABLE_KEYS(first)                                                        \
    [(first) + VIRTUAL_MODULE] = {.name = "module",                                      \
                                  .kind = KEY_SQL_NAME,                                  \
                                  .required = true,                                      \
                                  .doc = "The module that makes it: `fts5`, `rtree` or another."},     \
    [(first) + VIRTUAL_ARGUMENTS] = {.name = "arguments",                                \
                                     .kind = KEY_LIST,                                   \
                                     .doc = "What the module is given, as written.",     \
                                     .schema_json = JSON_ARGUMENTS},                     \
    [(first) + VIRTUAL_DOC] = {.name = "doc",                                            \
                               .kind = KEY_TEXT,                                         \
                               .doc = "What it is for."}
/* clang-format on */

const struct language_key virtual_table_keys[VIRTUAL_KEYS] = {VIRTUAL_TABLE_KEYS(0)};
const struct language_key create_virtual_table_keys[CREATE_VIRTUAL_KEYS] = {
    [CREATE_VIRTUAL_NAME] = {.name = "name",
                             .kind = KEY_SQL_NAME,
                             .required = true,
                             .doc = "The name of the virtual table."},
    VIRTUAL_TABLE_KEYS(1)};

const struct language_key view_keys[VIEW_KEYS] = {
    [VIEW_COLUMNS] = {.name = "columns",
                      .kind = KEY_TEXTS,
                      .doc =
                          "The names of its columns; default: as the SELECT names them.",
                      .schema_json = JSON_NAMES},
    [VIEW_SQL] = {.name = "sql", .kind = KEY_SQL, .required = true, .doc = "The SELECT."},
    [VIEW_DOC] = {.name = "doc",
                  .kind = KEY_TEXT,
                  .doc = "What a row is; becomes a comment."},
    [VIEW_ROW] =
        {.name = "row",
         .kind = KEY_NAME,
         .doc = "The noun of the C names; default: the singular of the view's name."},
    [VIEW_LINT] = LINT_KEY,
};

const struct language_key trigger_keys[TRIGGER_KEYS] = {
    [TRIGGER_ON] = {.name = "on",
                    .kind = KEY_TEXT,
                    .required = true,
                    .doc = "The table or view.",
                    .schema_json = JSON_TEXT},
    [TRIGGER_WHEN] =
        {.name = "when",
         .kind = KEY_ONE_OF,
         .required = true,
         .choices = language_moments,
         .doc = "`before`, `after` or `instead of`, and `insert`, `update` or `delete`."},
    [TRIGGER_COLUMNS] = {.name = "columns",
                         .kind = KEY_LIST,
                         .doc = "Of an update: only where these columns are set.",
                         .schema_json = JSON_NAMES},
    [TRIGGER_CONDITION] = {.name = "condition",
                           .kind = KEY_SQL,
                           .doc = "Only for rows that meet it."},
    [TRIGGER_SQL] = {.name = "sql",
                     .kind = KEY_SQL,
                     .required = true,
                     .doc = "The statements, separated by semicolons."},
    [TRIGGER_DOC] = {.name = "doc",
                     .kind = KEY_TEXT,
                     .doc = "What the trigger is for; becomes a comment."},
};
