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
    PLACE_VIEW,
    PLACE_QUERY,
    PLACE_LINT, /* what the linter is told */
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
    TOP_VIEWS,
    TOP_QUERIES,
    TOP_FRAGMENT_KEYS, /* an included file has the keys before, a schema those after too
                        */
    TOP_NAME = TOP_FRAGMENT_KEYS,
    TOP_OPTIONS,
    TOP_LINT,
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
    COLUMN_SQL_NAME,
    COLUMN_LINT,
    COLUMN_KEYS
};
enum generated_key {
    GENERATED_SQL,
    GENERATED_STORED,
    GENERATED_KEYS
};
enum unique_key {
    UNIQUE_COLUMNS,
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

enum view_key {
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

enum {
    LANGUAGE_KEYS = COLUMN_KEYS
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
extern const char *const language_timestamps[];
extern const char *const language_storages[];
extern const char *const language_returns[]; /* as enum query_returns */

/*
 * Sorts the values of `map` into `values`, which has an element for each key of `place`:
 * NULL where the key is absent or its value is of another kind than the key's. Reports
 * what is wrong: unknown keys, values of a wrong kind, required keys that are absent.
 * True if nothing was.
 */
bool language_read(struct diags *diags, enum place place, const struct node *map,
                   const struct node **values);

/* Reports that `node` is not `wanted` ("a list of columns"). `what`: "`unique`". */
void language_wrong_kind(struct diags *diags, const struct node *node, const char *what,
                         const char *wanted);

/* The position of a word in a list of words, or -1. */
int language_choice(const char *const *choices, const char *word);

/* The JSON Schema (draft 2020-12) of the whole language. */
void language_json_schema(struct buf *out);

#endif
