/*
 * language_object.c: the keys of views and triggers, as data; see language.h. It must not
 * know what their SQL means.
 */
#include "language_step.h"

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
