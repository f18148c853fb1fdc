/*
 * load.h: what load and resolve share and nobody else sees: the nodes that a table was
 * read from, mixins, and which parts are broken, so that one mistake is reported once. It
 * must not know the rules that check.c keeps.
 */
#ifndef LOAD_H
#define LOAD_H

#include "language.h"
#include "literal.h"
#include "model.h"

/* A column and the values of its keys. A column whose type is TYPE_KINDS is broken. */
struct draft_column {
    struct column *column;
    const struct node **values; /* by enum column_key */
};

struct draft_columns {
    VEC(struct draft_column) list;
};

enum {
    MIXIN_DEPTH = 100
};

struct mixin {
    const char *name;
    struct span span;
    const struct node *node;
    struct draft_columns columns; /* its own */
    VEC(struct mixin *) used;     /* no cycles */
    bool incomplete; /* something in it is broken: it may have more columns */
    unsigned visit;  /* the last walk that came by */
    unsigned height; /* of the longest way down through `used` */
    enum {
        MIXIN_NEW,
        MIXIN_OPEN,
        MIXIN_DONE
    } state;
};

struct draft {
    struct table *table;
    const struct node *values[TABLE_KEYS];
    struct draft_columns columns; /* as table->columns */
    bool incomplete;              /* something is broken: it may have more columns */
    bool incomplete_keys;         /* it may have more unique columns */
    struct map sets;              /* struct span *, by resolve_set() of unique columns */
    struct map references;        /* the same of foreign keys */
};

struct draft_trigger {
    struct trigger *trigger;
    const struct node *values[TRIGGER_KEYS];
};

struct loader {
    struct arena *arena;
    struct diags *diags;
    struct schema *schema;
    struct literal_reader reader;
    VEC(struct mixin *) mixins;
    struct map mixins_by_name;
    VEC(struct draft *) drafts;
    struct map drafts_by_name; /* of tables */
    struct map broken_enums;   /* some of their values are missing */
    VEC(struct draft_trigger) triggers;
    struct map triggers_by_name; /* struct span * */
    unsigned visits, mixin_depth;
    struct include_chain *last_read; /* of load_file.c */
    bool incomplete; /* something was not read: unknown names may stand there */
};

/* ---- load_file.c -------------------------------------------------------------- */

/*
 * Reads a file for its document's top map. NULL: it could not, and `at` (in the including
 * file; or no place at all) was told so.
 */
const struct node *load_document(struct arena *arena, struct diags *diags,
                                 const char *path, struct span at);

/* The path of `include` as seen from where the file `path` is. */
char *load_join(struct arena *arena, const char *path, const char *include);

/* Reads the files that the first file, `path`, includes, each once: load_top() for each.
 */
void load_included(struct loader *loader, const struct node *list, const char *path);

/* ---- load.c ------------------------------------------------------------------- */

/* What a file declares, after its includes. `values`: the first `count` of enum top_key.
 */
void load_top(struct loader *loader, const struct node *root,
              const struct node *const *values, size_t count);

/* The place that `map` has for `key`, or NULL; then `span` is put there. */
const struct span *load_first(struct loader *loader, struct map *map, const char *key,
                              struct span span);

/* True where `map` has the text of `node` already, which is reported; else it is added.
 */
bool load_is_repeated(struct loader *loader, struct map *map, const struct node *node,
                      const char *what);

/* True where a key of `map` has no place among the `count` values: something is missing.
 */
bool load_is_partial(const struct node *map, const struct node *const *values,
                     size_t count);

/* Reports a name that is not snake_case. */
bool load_name(struct loader *loader, const struct node *key);

/* True for a name without a letter to be seen. */
bool load_is_blank(const struct node *key);

/* Of values of their kind. */
bool load_flag(const struct node *value);        /* NULL: false */
const char *load_text(const struct node *value); /* NULL: NULL */

/* A conflict clause as SQL has it: "REPLACE"; NULL: ABORT, as without one. */
const char *load_conflict(const struct node *value);

/* Reports `node`, defined a second time. `what`: "table". */
void load_twice(struct loader *loader, const struct node *node, const char *what,
                struct span first);

/* ---- load_lint.c --------------------------------------------------------------- */

/* What `lint` allows; NULL: nothing. */
void load_allows(struct loader *loader, const struct node *lint, struct allows *allows);

/* ---- load_enum.c, load_column.c, load_rules.c --------------------------------- */

void load_virtual_table(struct loader *loader, const struct entry *entry);

/* What a map says, by enum virtual_table_key; NULL after errors. */
struct virtual_table *virtual_table_read(struct arena *arena, struct diags *diags,
                                         const struct node *name,
                                         const struct node *const *values);

void load_enum(struct loader *loader, const struct entry *entry);
struct draft_column load_column(struct loader *loader, const struct entry *entry);
void load_rules(struct loader *loader, struct draft_column *draft);

/* Sets what `node`, "integer?", says of a column: TYPE_KINDS where it can't be known. */
void load_column_type(struct loader *loader, struct column *column,
                      const struct node *node);

/* ---- load_trigger.c, load_migration.c ----------------------------------------- */

void load_trigger(struct loader *loader, const struct entry *entry);

/* The value of `migrations` in the file `path`: fills schema->migrations. */
void load_migrations(struct loader *loader, const struct node *node, const char *path);

/* ---- load_table.c ------------------------------------------------------------- */

void load_table(struct loader *loader, const struct entry *entry);

/* ---- load_query.c ------------------------------------------------------------- */

void load_view(struct loader *loader, const struct entry *entry);
void load_query(struct loader *loader, const struct entry *entry);

#endif
