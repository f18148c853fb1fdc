/*
 * resolve_key.c: the primary key, unique constraints and checks of a table. It must not
 * know other tables.
 */
#include "resolve.h"

#include <string.h>
#include <strings.h>

/* ---- the primary key ---------------------------------------------------------- */

/* `list` is NULL for a column that says so itself. */
static void second_key(struct loader *loader, const struct table *table, struct span at,
                       const struct node *list)
{
    struct diag *diag = diag_error(
        loader->diags, 120, at, "the table `%s` has a primary key already", table->name);

    if (list != NULL && list->count == 1 && list->items[0]->kind == NODE_SCALAR &&
        strcmp(list->items[0]->text, table->key.columns.items[0]->name) == 0)
        diag_hint(diag, "the column says it already: once is enough");
    else
        diag_hint(diag,
                  "for a key of several columns: `primary_key: [a, b]` in the table");
    diag_note(diag, table->key.span, "the first is here");
}

static void key_of_column(struct loader *loader, struct draft *draft)
{
    struct primary_key *key = &draft->table->key;
    size_t i;

    for (i = 0; i < draft->columns.list.count; i++) {
        const struct draft_column *column = &draft->columns.list.items[i];

        if (!load_flag(column->values[COLUMN_PRIMARY_KEY]))
            continue;
        if (key->columns.count > 0) {
            second_key(loader, draft->table, column->values[COLUMN_PRIMARY_KEY]->span,
                       NULL);
            continue;
        }
        key->columns.items = ARENA_NEW(loader->arena, struct column *);
        key->columns.items[0] = column->column;
        key->columns.count = 1;
        key->span = column->values[COLUMN_PRIMARY_KEY]->span;
    }
}

static void key_of_table(struct loader *loader, struct draft *draft)
{
    const struct node *list = draft->values[TABLE_PRIMARY_KEY];
    struct primary_key *key = &draft->table->key;
    struct columns columns;

    if (list == NULL)
        return;
    if (key->columns.count > 0) {
        second_key(loader, draft->table, list->span, list);
        return;
    }
    if (!resolve_key_list(loader, draft, list, "a primary key", &columns))
        draft->incomplete = true; /* so that nobody asks for the key's columns */
    key->columns = columns;
    key->span = list->span;
}

static struct span type_span(const struct draft *draft, const struct column *column)
{
    const struct node *type =
        draft->columns.list.items[column->index].values[COLUMN_TYPE];

    return type != NULL ? type->span : column->span;
}

static void check_key_columns(struct loader *loader, struct draft *draft)
{
    const struct primary_key *key = &draft->table->key;
    size_t i;

    for (i = 0; i < key->columns.count; i++) {
        struct column *column = key->columns.items[i];

        column->key_position = i + 1;
        if (column->nullable)
            diag_note(diag_error(loader->diags, 121, type_span(draft, column),
                                 "`%s` is in the primary key and can't be nullable",
                                 column->name),
                      key->span, "the key is here");
        if (column->touch)
            diag_note(diag_error(loader->diags, 150, column->span,
                                 "`%s` is in the primary key and can't be touched: every "
                                 "update would look for a row of another key",
                                 column->name),
                      key->span, "the key is here");
        if (column->generated != NULL && draft->values[TABLE_PRIMARY_KEY] != NULL)
            diag_note(diag_error(loader->diags, 126, key->span,
                                 "`%s` is generated and can't be in the primary key",
                                 column->name),
                      column->generated_span, "it is generated here");
    }
}

/*
 * SQLite makes the rowid of a single column that is declared exactly INTEGER, but not of
 * INTEGER PRIMARY KEY DESC: https://www.sqlite.org/lang_createtable.html#rowid
 */
static void find_rowid(struct loader *loader, struct draft *draft)
{
    struct primary_key *key = &draft->table->key;
    const struct column *column;

    if (key->columns.count != 1)
        return;
    column = key->columns.items[0];
    key->is_rowid = column->type != TYPE_KINDS && !draft->table->without_rowid &&
                    strcasecmp(column->sql_type, "INTEGER") == 0 &&
                    !columns_descend(&key->columns, 0);
    if (key->is_rowid) {
        key->columns.items[0]->loose_null = false; /* SQLite lets no NULL in */
        key->columns.terms = NULL;                 /* a collation means nothing */
    }
    key->assigned = key->is_rowid && column->type == TYPE_INTEGER;
    if (key->is_rowid && (column->has_default || column->default_sql != NULL))
        diag_error(loader->diags, 139,
                   draft->columns.list.items[column->index]
                       .values[column->has_default ? COLUMN_DEFAULT : COLUMN_DEFAULT_SQL]
                       ->span,
                   "`%s` is the rowid, for which SQLite ignores a default", column->name);
}

static void check_autoincrement(struct loader *loader, struct draft *draft)
{
    struct primary_key *key = &draft->table->key;
    size_t i;

    for (i = 0; i < draft->columns.list.count; i++) {
        const struct draft_column *column = &draft->columns.list.items[i];
        const struct node *node = column->values[COLUMN_AUTOINCREMENT];

        if (!load_flag(node) || column->column->type == TYPE_KINDS)
            continue;
        if (key->assigned && key->columns.items[0] == column->column)
            key->autoincrement = true;
        else if (!draft->incomplete && column->column->generated == NULL)
            diag_hint(
                diag_error(loader->diags, 122, node->span,
                           "`%s` can't be autoincremented", column->column->name),
                "only an `integer` that is the whole primary key of a table with rowid");
    }
}

static void key_conflict(struct loader *loader, struct draft *draft)
{
    const struct node *node = draft->values[TABLE_PRIMARY_KEY_ON_CONFLICT];
    struct table *table = draft->table;

    if (node == NULL)
        return;
    table->key.on_conflict = load_conflict(node);
    if (table->key.on_conflict != NULL && table->key.columns.count == 0 &&
        !draft->incomplete)
        diag_error(loader->diags, 132, node->span,
                   "`primary_key_on_conflict` needs a primary key");
    table->has_conflicts |= table->key.on_conflict != NULL;
}

/* A column that can hold NULL in SQL has no rule that could be broken. */
static void null_conflicts(struct loader *loader, struct draft *draft)
{
    size_t i;

    for (i = 0; i < draft->columns.list.count; i++) {
        const struct draft_column *list = &draft->columns.list.items[i];
        const struct node *node = list->values[COLUMN_NOT_NULL_ON_CONFLICT];
        struct column *column = list->column;

        if (node == NULL)
            continue;
        if (column->nullable || column->loose_null ||
            (column->key_position > 0 && draft->table->key.is_rowid))
            diag_error(loader->diags, 134, node->span,
                       "`not_null_on_conflict` has no meaning for `%s`, which is not "
                       "declared NOT NULL",
                       column->name);
        column->null_conflict = load_conflict(node);
        draft->table->has_conflicts |= column->null_conflict != NULL;
    }
}

void resolve_primary_key(struct loader *loader, struct draft *draft)
{
    key_of_column(loader, draft);
    key_of_table(loader, draft);
    key_conflict(loader, draft);
    check_key_columns(loader, draft);
    if (draft->table->key.columns.count > 0)
        load_first(loader, &draft->sets, resolve_set(loader, &draft->table->key.columns),
                   draft->table->key.span);
    find_rowid(loader, draft);
    check_autoincrement(loader, draft);
    null_conflicts(loader, draft);
}

/* ---- unique constraints ------------------------------------------------------- */

static void warn_twice(struct loader *loader, struct draft *draft,
                       const struct unique *unique)
{
    const struct span *first = load_first(
        loader, &draft->sets, resolve_set(loader, &unique->columns), unique->span);

    if (first != NULL)
        diag_note(diag_warning(loader->diags, 190, unique->span,
                               "these columns are unique already"),
                  *first, "the first is here");
}

static struct unique *add_unique(struct loader *loader, struct draft *draft,
                                 struct columns columns, const struct node *name,
                                 struct span span)
{
    struct unique *unique = VEC_ADD(loader->arena, &draft->table->uniques);

    unique->columns = columns;
    unique->span = span;
    unique->is_constraint = true;
    unique->name = name != NULL
                       ? name->text
                       : arena_printf(loader->arena, "%s_%s_unique", draft->table->name,
                                      resolve_joined(loader, &columns));
    warn_twice(loader, draft, unique);
    return unique;
}

static void finish_unique(struct loader *loader, struct draft *draft,
                          const struct node *const *values, struct unique *unique)
{
    load_allows(loader, values[UNIQUE_LINT], &unique->allows);
    unique->on_conflict = load_conflict(values[UNIQUE_ON_CONFLICT]);
    draft->table->has_conflicts |= unique->on_conflict != NULL;
}

static void unique_of_item(struct loader *loader, struct draft *draft,
                           const struct node *item)
{
    const struct node *values[UNIQUE_KEYS] = {item};
    struct columns columns;

    if (item->kind == NODE_MAP)
        language_read(loader->diags, PLACE_UNIQUE, item, values);
    else if (item->kind != NODE_LIST) {
        diag_hint(language_wrong_kind(loader->diags, item, "`unique`",
                                      "lists of columns or maps {columns, name}"),
                  "what is unique together is a list of its own: `[[a, b]]`");
        values[UNIQUE_COLUMNS] = NULL;
    }
    if (values[UNIQUE_COLUMNS] == NULL ||
        !resolve_key_list(loader, draft, values[UNIQUE_COLUMNS], "a unique constraint",
                          &columns))
        draft->incomplete_keys = true;
    else
        finish_unique(loader, draft, values,
                      add_unique(loader, draft, columns, values[UNIQUE_NAME],
                                 values[UNIQUE_COLUMNS]->span));
}

void resolve_uniques(struct loader *loader, struct draft *draft)
{
    const struct node *list = draft->values[TABLE_UNIQUE];
    size_t i;

    for (i = 0; i < draft->columns.list.count; i++) {
        const struct draft_column *column = &draft->columns.list.items[i];
        struct columns columns = {.count = 1};

        if (!load_flag(column->values[COLUMN_UNIQUE]))
            continue;
        columns.items = ARENA_NEW(loader->arena, struct column *);
        columns.items[0] = column->column;
        add_unique(loader, draft, columns, NULL, column->values[COLUMN_UNIQUE]->span);
    }
    for (i = 0; list != NULL && i < list->count; i++)
        unique_of_item(loader, draft, list->items[i]);
}

/* ---- checks ------------------------------------------------------------------- */

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

static void add_check(struct loader *loader, struct table *table, struct map *names,
                      const struct node *sql, const struct node *name)
{
    struct check *check = VEC_ADD(loader->arena, &table->checks);
    struct span span = name != NULL ? name->span : sql->span;
    const struct span *first;

    check->sql = sql->text;
    check->span = sql->span;
    check->node = sql;
    if (name != NULL && name->kind == NODE_NULL)
        return;
    check->name = name != NULL ? name->text
                               : arena_printf(loader->arena, "%s_check_%zu", table->name,
                                              table->checks.count);
    first = load_first(loader, names, check->name, span);
    if (first != NULL)
        diag_note(diag_error(loader->diags, 109, span, "check `%s` is there twice",
                             check->name),
                  *first, "the first is here");
}

void resolve_checks(struct loader *loader, struct draft *draft)
{
    const struct node *list = draft->values[TABLE_CHECKS];
    struct map names = {.count = 0};
    size_t i;

    for (i = 0; list != NULL && i < list->count; i++) {
        const struct node *item = list->items[i], *values[CHECK_KEYS] = {item, NULL};

        if (item->kind == NODE_MAP)
            language_read(loader->diags, PLACE_CHECK, item, values);
        else if (item->kind != NODE_SCALAR || is_blank(item->text)) {
            language_wrong_kind(loader->diags, item, "a check",
                                "SQL text or a map {sql, name}");
            continue;
        }
        if (values[CHECK_SQL] != NULL)
            add_check(loader, draft->table, &names, values[CHECK_SQL],
                      values[CHECK_NAME]);
    }
}
