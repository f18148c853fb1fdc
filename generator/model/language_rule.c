/*
 * language_rule.c: the keys of unique constraints, foreign keys, checks and indexes, as
 * data; see language.h. It must not know tables.
 */
#include "language_step.h"

const struct language_key unique_keys[UNIQUE_KEYS] = {
    [UNIQUE_COLUMNS] = {.name = "columns",
                        .kind = KEY_LIST,
                        .required = true,
                        .doc = "The columns.",
                        .schema_json = JSON_NAMES},
    [UNIQUE_ON_CONFLICT] = {.name = "on_conflict",
                            .kind = KEY_ONE_OF,
                            .choices = language_conflicts,
                            .doc = "What SQL of others does with a row that is there."},
    [UNIQUE_NAME] = {.name = "name",
                     .kind = KEY_SQL_NAME,
                     .doc = "The constraint's name; default <table>_<columns>_unique."},
    [UNIQUE_LINT] = LINT_KEY,
};

const struct language_key foreign_key_keys[FOREIGN_KEYS] = {
    [FOREIGN_COLUMNS] = {.name = "columns",
                         .kind = KEY_LIST,
                         .required = true,
                         .doc = "The columns that refer.",
                         .schema_json = JSON_NAMES},
    [FOREIGN_REFERENCES] = {.name = "references",
                            .kind = KEY_LIST,
                            .required = true,
                            .doc =
                                "What they refer to: `table.column`, all of one table.",
                            .schema_json = JSON_LIST_OF("reference")},
    [FOREIGN_ON_DELETE] =
        {.name = "on_delete",
         .kind = KEY_ONE_OF,
         .choices = language_actions,
         .doc = "What deleting the referenced row does; default no_action."},
    [FOREIGN_ON_UPDATE] =
        {.name = "on_update",
         .kind = KEY_ONE_OF,
         .choices = language_actions,
         .doc = "What changing the referenced key does; default no_action."},
    [FOREIGN_DEFERRABLE] =
        {.name = "deferrable",
         .kind = KEY_BOOL,
         .doc = "The reference is checked at commit only; default false."},
    [FOREIGN_NAME] = {.name = "name",
                      .kind = KEY_SQL_NAME,
                      .doc = "The constraint's name; default <table>_<columns>_fkey."},
    [FOREIGN_LINT] = LINT_KEY,
};

const struct language_key check_keys[CHECK_KEYS] = {
    [CHECK_SQL] = {.name = "sql",
                   .kind = KEY_SQL,
                   .required = true,
                   .doc = "The condition."},
    [CHECK_NAME] = {.name = "name",
                    .kind = KEY_SQL_NAME_OR_NULL,
                    .doc = "The constraint's name; default <table>_check_<number>; null: "
                           "it has none."},
};

const struct language_key index_keys[INDEX_KEYS] = {
    [INDEX_COLUMNS] = {.name = "columns",
                       .kind = KEY_LIST,
                       .required = true,
                       .doc =
                           "The terms: `column [collate x] [asc|desc]` or an expression.",
                       .schema_json = JSON_NAMES},
    [INDEX_WHERE] = {.name = "where",
                     .kind = KEY_SQL,
                     .doc = "The condition of a partial index."},
    [INDEX_UNIQUE] = {.name = "unique",
                      .kind = KEY_BOOL,
                      .doc = "No two rows of the index are equal; default false."},
    [INDEX_NAME] = {.name = "name",
                    .kind = KEY_SQL_NAME,
                    .doc = "The index's name; default idx_<table>_<columns>."},
    [INDEX_LINT] = LINT_KEY,
};
