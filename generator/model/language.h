/*
 * language.h: the schema language as data: which keys stand in which place, of which
 * kind, with a line of documentation. The loader refuses unknown keys with it, the JSON
 * Schema is printed from it, and the reference in docs/ is held against it. It knows no
 * model.
 */
#ifndef LANGUAGE_H
#define LANGUAGE_H

#include "../base/buf.h"
#include "../read/node.h"

/* The places that have keys of their own. */
enum place {
    PLACE_SCHEMA,   /* the top of a schema file */
    PLACE_FRAGMENT, /* the top of an included file */
    PLACE_OPTIONS,
    PLACE_ENUM, /* the map form of an enum */
    PLACE_TABLE,
    PLACE_COLUMN,
    PLACE_GENERATED,   /* of a column */
    PLACE_UNIQUE,      /* the map form of a unique constraint */
    PLACE_FOREIGN_KEY, /* an item of a table's foreign_keys */
    PLACE_CHECK,       /* the map form of a check */
    PLACE_INDEX,       /* the map form of an index */
    PLACE_VIRTUAL_TABLE,
    PLACE_VIEW,
    PLACE_QUERY,
    PLACE_LINT, /* what the linter is told */
    PLACE_TRIGGER,
    PLACE_MIGRATION, /* an item of `migrations`, or the top of a migration's file */
    PLACE_STEP,      /* of a migration; what stands under its keys follows */
    PLACE_CREATE_TABLE,
    PLACE_RENAME_TABLE,
    PLACE_ALTER_TABLE,
    PLACE_STEP_COLUMN, /* add_column, alter_column */
    PLACE_DROP_COLUMN,
    PLACE_RENAME_COLUMN,
    PLACE_CREATE_INDEX,
    PLACE_ADD_FOREIGN_KEY,
    PLACE_ADD_UNIQUE,
    PLACE_ADD_CHECK,
    PLACE_DROP_RULE, /* drop_index, drop_foreign_key, drop_unique, drop_check */
    PLACE_CREATE_VIEW,
    PLACE_CREATE_TRIGGER,
    PLACE_CREATE_VIRTUAL_TABLE,
    PLACE_DROP_OBJECT, /* drop_table, drop_view, drop_trigger, drop_virtual_table */
    PLACE_INSERT,
    PLACE_UPDATE,
    PLACE_DELETE,
    PLACE_COUNT
};

/* The keys of each place, in the order in which they are documented. */
enum top_key {
    TOP_QUARRY,
    TOP_DOC,
    TOP_INCLUDE,
    TOP_ENUMS,
    TOP_MIXINS,
    TOP_TABLES,
    TOP_VIRTUAL_TABLES,
    TOP_VIEWS,
    TOP_QUERIES,
    TOP_TRIGGERS,
    TOP_FRAGMENT_KEYS, /* an included file has the keys before, a schema those after too
                        */
    TOP_NAME = TOP_FRAGMENT_KEYS,
    TOP_OPTIONS,
    TOP_LINT,
    TOP_MIGRATIONS,
    TOP_KEYS
};
enum options_key {
    OPTIONS_STRICT,
    OPTIONS_TIMESTAMP,
    OPTIONS_KEYS
};
enum enum_key {
    ENUM_DOC,
    ENUM_STORAGE,
    ENUM_VALUES,
    ENUM_LINT,
    ENUM_KEYS
};
enum table_key {
    TABLE_ROW,
    TABLE_DOC,
    TABLE_USE,
    TABLE_COLUMNS,
    TABLE_PRIMARY_KEY,
    TABLE_PRIMARY_KEY_ON_CONFLICT,
    TABLE_UNIQUE,
    TABLE_FOREIGN_KEYS,
    TABLE_CHECKS,
    TABLE_INDEXES,
    TABLE_STRICT,
    TABLE_WITHOUT_ROWID,
    TABLE_SQL_NAME,
    TABLE_SEED,
    TABLE_ROWS,
    TABLE_LINT,
    TABLE_WAS,
    TABLE_KEYS
};
enum column_key {
    COLUMN_TYPE,
    COLUMN_DOC,
    COLUMN_PRIMARY_KEY,
    COLUMN_AUTOINCREMENT,
    COLUMN_UNIQUE,
    COLUMN_DEFAULT,
    COLUMN_DEFAULT_SQL,
    COLUMN_TOUCH,
    COLUMN_MIN,
    COLUMN_MAX,
    COLUMN_MIN_LENGTH,
    COLUMN_MAX_LENGTH,
    COLUMN_PATTERN,
    COLUMN_ONE_OF,
    COLUMN_EXAMPLES,
    COLUMN_REFERENCES,
    COLUMN_ON_DELETE,
    COLUMN_ON_UPDATE,
    COLUMN_DEFERRABLE,
    COLUMN_COLLATION,
    COLUMN_GENERATED,
    COLUMN_SQL_TYPE,
    COLUMN_SQL_NOT_NULL,
    COLUMN_NOT_NULL_ON_CONFLICT,
    COLUMN_SQL_NAME,
    COLUMN_LINT,
    COLUMN_WAS,
    COLUMN_KEYS
};
enum generated_key {
    GENERATED_SQL,
    GENERATED_STORED,
    GENERATED_KEYS
};
enum unique_key {
    UNIQUE_COLUMNS,
    UNIQUE_ON_CONFLICT,
    UNIQUE_NAME,
    UNIQUE_LINT,
    UNIQUE_KEYS
};
enum foreign_key_key {
    FOREIGN_COLUMNS,
    FOREIGN_REFERENCES,
    FOREIGN_ON_DELETE,
    FOREIGN_ON_UPDATE,
    FOREIGN_DEFERRABLE,
    FOREIGN_NAME,
    FOREIGN_LINT,
    FOREIGN_KEYS
};
enum check_key {
    CHECK_SQL,
    CHECK_NAME,
    CHECK_KEYS
};
enum index_key {
    INDEX_COLUMNS,
    INDEX_WHERE,
    INDEX_UNIQUE,
    INDEX_NAME,
    INDEX_LINT,
    INDEX_KEYS
};
enum lint_key {
    LINT_ALLOW,
    LINT_KEYS
};

enum virtual_table_key {
    VIRTUAL_MODULE,
    VIRTUAL_ARGUMENTS,
    VIRTUAL_DOC,
    VIRTUAL_KEYS
};
enum view_key {
    VIEW_COLUMNS,
    VIEW_SQL,
    VIEW_DOC,
    VIEW_ROW,
    VIEW_LINT,
    VIEW_KEYS
};
enum query_key {
    QUERY_SQL,
    QUERY_RETURNS,
    QUERY_DOC,
    QUERY_ROW,
    QUERY_PARAMS,
    QUERY_COLUMNS,
    QUERY_ORDER,
    QUERY_EMBED,
    QUERY_LINT,
    QUERY_KEYS
};

enum trigger_key {
    TRIGGER_ON,
    TRIGGER_WHEN,
    TRIGGER_COLUMNS,
    TRIGGER_CONDITION,
    TRIGGER_SQL,
    TRIGGER_DOC,
    TRIGGER_KEYS
};
enum migration_key {
    MIGRATION_VERSION,
    MIGRATION_NAME,
    MIGRATION_DOC,
    MIGRATION_UP,
    MIGRATION_DOWN,
    MIGRATION_IRREVERSIBLE,
    MIGRATION_ACCEPT,
    MIGRATION_KEYS
};
enum step_key {
    STEP_KEY_CREATE_TABLE,
    STEP_KEY_DROP_TABLE,
    STEP_KEY_RENAME_TABLE,
    STEP_KEY_ALTER_TABLE,
    STEP_KEY_ADD_COLUMN,
    STEP_KEY_DROP_COLUMN,
    STEP_KEY_RENAME_COLUMN,
    STEP_KEY_ALTER_COLUMN,
    STEP_KEY_CREATE_INDEX,
    STEP_KEY_DROP_INDEX,
    STEP_KEY_ADD_FOREIGN_KEY,
    STEP_KEY_DROP_FOREIGN_KEY,
    STEP_KEY_ADD_UNIQUE,
    STEP_KEY_DROP_UNIQUE,
    STEP_KEY_ADD_CHECK,
    STEP_KEY_DROP_CHECK,
    STEP_KEY_CREATE_VIEW,
    STEP_KEY_DROP_VIEW,
    STEP_KEY_CREATE_TRIGGER,
    STEP_KEY_DROP_TRIGGER,
    STEP_KEY_CREATE_VIRTUAL_TABLE,
    STEP_KEY_DROP_VIRTUAL_TABLE,
    STEP_KEY_INSERT,
    STEP_KEY_UPDATE,
    STEP_KEY_DELETE,
    STEP_KEY_SQL,
    STEP_KEY_CALL,
    STEP_KEY_WORDS, /* a step has one of the keys before */
    STEP_KEY_DOWN = STEP_KEY_WORDS,
    STEP_KEYS
};
enum create_table_key { /* as enum table_key has them */
    CREATE_TABLE_NAME,
    CREATE_TABLE_ROW,
    CREATE_TABLE_DOC,
    CREATE_TABLE_COLUMNS,
    CREATE_TABLE_PRIMARY_KEY,
    CREATE_TABLE_PRIMARY_KEY_ON_CONFLICT,
    CREATE_TABLE_UNIQUE,
    CREATE_TABLE_FOREIGN_KEYS,
    CREATE_TABLE_CHECKS,
    CREATE_TABLE_INDEXES,
    CREATE_TABLE_STRICT,
    CREATE_TABLE_WITHOUT_ROWID,
    CREATE_TABLE_SQL_NAME,
    CREATE_TABLE_KEYS
};
enum rename_table_key {
    RENAME_TABLE_TABLE,
    RENAME_TABLE_TO,
    RENAME_TABLE_SQL_NAME,
    RENAME_TABLE_KEYS
};
enum alter_table_key {
    ALTER_TABLE_TABLE,
    ALTER_TABLE_STRICT,
    ALTER_TABLE_WITHOUT_ROWID,
    ALTER_TABLE_PRIMARY_KEY,
    ALTER_TABLE_PRIMARY_KEY_ON_CONFLICT,
    ALTER_TABLE_KEYS
};
enum step_column_key {
    STEP_COLUMN_TABLE,
    STEP_COLUMN_COLUMN,
    STEP_COLUMN_BEFORE,
    STEP_COLUMN_AFTER,
    STEP_COLUMN_KEYS
};
enum drop_column_key {
    DROP_COLUMN_TABLE,
    DROP_COLUMN_COLUMN,
    DROP_COLUMN_KEYS
};
enum rename_column_key {
    RENAME_COLUMN_TABLE,
    RENAME_COLUMN_COLUMN,
    RENAME_COLUMN_TO,
    RENAME_COLUMN_SQL_NAME,
    RENAME_COLUMN_KEYS
};
/* In the following the keys of an index, a foreign key … up to the name follow on the
 * table. */
enum {
    RULE_TABLE,
    CREATE_INDEX_KEYS = 2 + INDEX_NAME,
    ADD_FOREIGN_KEY_KEYS = 2 + FOREIGN_NAME,
    ADD_UNIQUE_KEYS = 2 + UNIQUE_NAME,
    ADD_CHECK_KEYS = 2 + CHECK_NAME
};
enum drop_rule_key {
    DROP_RULE_TABLE,
    DROP_RULE_COLUMNS,
    DROP_RULE_NAME,
    DROP_RULE_SQL,
    DROP_RULE_KEYS
};
enum create_view_key {
    CREATE_VIEW_NAME,
    CREATE_VIEW_COLUMNS,
    CREATE_VIEW_SQL,
    CREATE_VIEW_DOC,
    CREATE_VIEW_KEYS
};
enum {
    CREATE_TRIGGER_NAME,
    CREATE_TRIGGER_KEYS = 1 + TRIGGER_KEYS
};
enum {
    CREATE_VIRTUAL_NAME,
    CREATE_VIRTUAL_KEYS = 1 + VIRTUAL_KEYS
};
enum drop_object_key {
    DROP_OBJECT_NAME,
    DROP_OBJECT_KEYS
};
enum insert_key {
    INSERT_TABLE,
    INSERT_ROWS,
    INSERT_KEYS
};
enum update_key {
    UPDATE_TABLE,
    UPDATE_SET,
    UPDATE_WHERE,
    UPDATE_KEYS
};
enum delete_key {
    DELETE_TABLE,
    DELETE_WHERE,
    DELETE_KEYS
};

enum {
    LANGUAGE_KEYS = (int)COLUMN_KEYS > (int)STEP_KEYS ? (int)COLUMN_KEYS : (int)STEP_KEYS
}; /* no place has more */

enum key_kind {
    KEY_TEXT,
    KEY_SQL,      /* text that isn't blank */
    KEY_NAME,     /* snake_case */
    KEY_SQL_NAME, /* any text that isn't blank */
    KEY_SQL_NAME_OR_NULL,
    KEY_BOOL,
    KEY_LENGTH, /* a whole number from 0 to LENGTH_LIMIT */
    KEY_VALUE,  /* any value: its meaning depends on the column's type */
    KEY_ONE_OF, /* a word among `choices` */
    KEY_TEXTS,  /* a list of text */
    KEY_LIST,   /* a list; the loader looks at its items */
    KEY_MAP,    /* a map; the loader looks at its values */
    KEY_OTHER   /* has several forms; the loader looks at it */
};

enum {
    LENGTH_LIMIT = 1000000000
}; /* SQLite's own limit for a value */

struct language_key {
    const char *name;
    enum key_kind kind;
    bool required;
    const char *const *choices; /* of KEY_ONE_OF; ends with NULL */
    const char *doc;            /* one sentence */
    const char *schema_json;    /* of KEY_VALUE, KEY_LIST, KEY_MAP and KEY_OTHER */
};

struct language_place {
    const char *name;       /* for messages: "a column" */
    const char *title;      /* the heading of docs/schema-reference.md */
    const char *definition; /* its name under $defs of the JSON Schema */
    const char *short_json; /* a short form it has besides the map, or NULL */
    const struct language_key *keys;
    size_t count;
};

extern const struct language_place language[PLACE_COUNT];
extern const char
    *const language_collations[]; /* ends with NULL, as all lists of words */
extern const char *const language_actions[];
extern const char *const language_conflicts[];
extern const char *const language_timestamps[];
extern const char *const language_storages[];
extern const char *const language_returns[]; /* as enum query_returns */
extern const char *const language_moments[]; /* of triggers: "after update" */

/*
 * Sorts the values of `map` into `values`, which has an element for each key of `place`:
 * NULL where the key is absent or its value is of another kind than the key's. Reports
 * what is wrong: unknown keys, values of a wrong kind, required keys that are absent.
 * True if nothing was.
 */
bool language_read(struct diags *diags, enum place place, const struct node *map,
                   const struct node **values);

/* Reports that `node` is not `wanted` ("a list of columns"). `what`: "`unique`". */
struct diag *language_wrong_kind(struct diags *diags, const struct node *node,
                                 const char *what, const char *wanted);

/* The position of a word in a list of words, or -1. */
int language_choice(const char *const *choices, const char *word);

/* The JSON Schema (draft 2020-12) of the whole language. */
void language_json_schema(struct buf *out);

#endif
