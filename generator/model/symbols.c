/*
 * symbols.c: see symbols.h. The fixed names of a table stand in one list; what its
 * columns, enums and look-ups make is added to them.
 */
#include "symbols.h"

#include "../base/names.h"
#include "migration.h"
#include "sqltext.h"

#include <string.h>

enum {
    LONGEST_SYMBOL = 1023
};

/* What follows the row's name; the first is the row's type itself. */
static const char *const table_names[] = {
    "",      "_list",     "_list_all", "_column",      "_cursor",         "_mask",
    "_init", "_validate", "_insert",   "_insert_many", "_upsert",         "_upsert_many",
    "_get",  "_get_many", "_exists",   "_update",      "_update_columns", "_delete",
    "_each", "_next",     "_close",    "_count",       "_free",           "_list_free"};

static const char *const enum_names[] = {"", "_to_string", "_from_string"};
static const char *const schema_names[] = {"_open", "_migrations"};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct collector {
    struct arena *arena;
    struct symbols *symbols;
    struct symbol_maker now;
    const struct symbol_maker *kept; /* `now` in the arena; NULL: not yet */
};

static const char *join(struct arena *arena, const char *const *parts, size_t count)
{
    size_t length = 0;
    char *name, *at;

    for (size_t i = 0; i < count; i++)
        length += strlen(parts[i]);
    at = name = arena_alloc(arena, length + 1);
    for (size_t i = 0; i < count; i++) {
        length = strlen(parts[i]);
        memcpy(at, parts[i], length);
        at += length;
    }
    return name;
}

#define JOIN(arena, ...)                                                                 \
    join((arena), (const char *const[]){__VA_ARGS__},                                    \
         COUNT(((const char *const[]){__VA_ARGS__})))

static void add(struct collector *collector, const char *name)
{
    if (collector->kept == NULL) {
        struct symbol_maker *maker = ARENA_NEW(collector->arena, struct symbol_maker);

        *maker = collector->now;
        collector->kept = maker;
    }
    *VEC_ADD(collector->arena, &collector->symbols->list) =
        (struct symbol){name, collector->kept};
}

static void made_by(struct collector *collector, struct span span, const char *kind,
                    const char *item)
{
    collector->now.span = span;
    collector->now.kind = kind;
    collector->now.item = item;
    collector->kept = NULL;
}

/*
 * Names of file scope in NAME.c, a row's or an enum's name and an ending. They meet the
 * public names, which begin with the schema's, only where that name does too.
 */
static void collect_statics(struct collector *collector, const char *schema,
                            const char *name)
{
    static const char *const endings[] = {
        "bind",     "bind_all", "bind_key",   "check",        "checks",
        "columns",  "fetch",    "fetch_list", "foreign_keys", "insert_one",
        "list_of",  "prepare",  "read",       "read_back",    "read_back_key",
        "read_opt", "stamp",    "type",       "updatable",    "upsert_one"};
    size_t length = strlen(schema);

    if (strncmp(name, schema, length) != 0 ||
        (name[length] != '\0' && name[length] != '_'))
        return;
    for (size_t i = 0; i < COUNT(endings); i++)
        add(collector, JOIN(collector->arena, name, "_", endings[i]));
}

static void collect_enum(struct collector *collector, const struct schema *schema,
                         const struct enumeration *enumeration)
{
    struct arena *arena = collector->arena;
    const char *name = JOIN(arena, schema->name, "_", enumeration->name);
    const char *upper = name_to_upper(arena, name);

    collector->now.enumeration = enumeration;
    made_by(collector, enumeration->span, "enum", enumeration->name);
    for (size_t i = 0; i < COUNT(enum_names); i++)
        add(collector, JOIN(arena, name, enum_names[i]));
    add(collector, JOIN(arena, schema->name, "_opt_", enumeration->name));
    collect_statics(collector, schema->name, enumeration->name);
    for (size_t i = 0; i < enumeration->values.count; i++) {
        const struct enumerator *value = &enumeration->values.items[i];

        made_by(collector, value->span, "value", value->name);
        add(collector, JOIN(arena, upper, "_", name_to_upper(arena, value->name)));
    }
    collector->now.enumeration = NULL;
}

static void collect_accesses(struct collector *collector, const struct table *table,
                             const char *row)
{
    struct arena *arena = collector->arena;

    for (size_t i = 0; i < table->accesses.count; i++) {
        const struct access *access = &table->accesses.items[i];

        made_by(collector, access->span, access->because, NULL);
        switch (access->kind) {
        case ACCESS_GET:
            add(collector, JOIN(arena, row, "_get_by_", access->name));
            add(collector, JOIN(arena, row, "_upsert_by_", access->name));
            break;
        case ACCESS_LIST:
            add(collector, JOIN(arena, row, "_list_by_", access->name));
            break;
        case ACCESS_ORDER:
            add(collector, JOIN(arena, row, "_list_ordered_by_", access->name));
            break;
        }
    }
}

/* What follows the noun of a view's or query's row. */
static const char *const row_names[] = {"",       "_list", "_cursor",   "_next",
                                        "_close", "_free", "_list_free"};

static void collect_row(struct collector *collector, const char *schema, const char *row)
{
    size_t i;

    for (i = 0; i < COUNT(row_names); i++)
        add(collector, JOIN(collector->arena, schema, "_", row, row_names[i]));
    collect_statics(collector, schema, row);
}

static void collect_view(struct collector *collector, const struct schema *schema,
                         const struct view *view)
{
    static const char *const names[] = {"_list_all", "_each", "_count"};
    size_t i;

    made_by(collector, view->span, "view", view->name);
    collect_row(collector, schema->name, view->row);
    for (i = 0; i < COUNT(names); i++)
        add(collector, JOIN(collector->arena, schema->name, "_", view->row, names[i]));
}

/* A row that is given a name may be that of another query, or of a table. */
static void collect_query(struct collector *collector, const struct schema *schema,
                          const struct query *query)
{
    static const char *const names[] = {"", "_each", "_params", "_params_init", "_order"};
    struct arena *arena = collector->arena;
    const char *name = JOIN(arena, schema->name, "_", query->name);
    size_t i;

    made_by(collector, query->span, "query", query->name);
    for (i = 0; i < COUNT(names); i++)
        add(collector, JOIN(arena, name, names[i]));
    for (i = 0; i < query->orders.count; i++) {
        const struct query_order *order = &query->orders.items[i];

        made_by(collector, order->span, "order", order->name);
        add(collector, JOIN(arena, name_to_upper(arena, name), "_",
                            name_to_upper(arena, order->name)));
    }
}

/* Rows that have names of their own; see sql/query.h for the others. */
static void collect_rows(struct collector *collector, const struct schema *schema)
{
    struct map seen = {0};
    size_t i;

    for (i = 0; i < schema->tables.count; i++)
        map_put(collector->arena, &seen, schema->tables.items[i]->row, collector);
    for (i = 0; i < schema->views.count; i++)
        map_put(collector->arena, &seen, schema->views.items[i]->row, collector);
    for (i = 0; i < schema->queries.count; i++) {
        const struct query *query = schema->queries.items[i];
        const char *row =
            query->row != NULL ? query->row : JOIN(collector->arena, query->name, "_row");

        if (map_get(&seen, row) != NULL)
            continue;
        map_put(collector->arena, &seen, row, collector);
        made_by(collector, query->row_span, "row of the query", query->name);
        collect_row(collector, schema->name, row);
    }
}

static void collect_table(struct collector *collector, const struct schema *schema,
                          const struct table *table)
{
    struct arena *arena = collector->arena;
    const char *row = JOIN(arena, schema->name, "_", table->row);
    const char *upper = name_to_upper(arena, row);

    collector->now.table = table;
    made_by(collector, table->span, "table", table->name);
    for (size_t i = 0; i < COUNT(table_names); i++)
        add(collector, JOIN(arena, row, table_names[i]));
    if (table->key.columns.count > 1)
        add(collector, JOIN(arena, row, "_key"));
    for (size_t i = 0; i < table->columns.count; i++) {
        const struct column *column = table->columns.items[i];

        made_by(collector, column->span, "column", column->name);
        add(collector, JOIN(arena, upper, "_", name_to_upper(arena, column->name)));
    }
    collect_accesses(collector, table, row);
    made_by(collector, table->span, "table", table->name);
    collect_statics(collector, schema->name, table->row);
    collector->now.table = NULL;
}

/* Functions of the program that migrations call; several may call the same. */
static void collect_calls(struct collector *collector, const struct schema *schema,
                          const struct migration_steps *steps, struct map *seen)
{
    for (size_t i = 0; steps != NULL && i < steps->count; i++) {
        const struct migration_step *step = &steps->items[i];

        if (step->word == STEP_KEY_CALL && map_get(seen, step->value->text) == NULL) {
            map_put(collector->arena, seen, step->value->text, collector);
            made_by(collector, step->value->span, "call", step->value->text);
            add(collector, JOIN(collector->arena, schema->name, "_", step->value->text));
        }
        collect_calls(collector, schema, step->down, seen);
    }
}

static void collect_migrations(struct collector *collector, const struct schema *schema)
{
    struct map seen = {0};
    size_t count = schema->migrations != NULL ? schema->migrations->list.count : 0;

    for (size_t i = 0; i < count; i++) {
        const struct migration *migration = schema->migrations->list.items[i];

        collect_calls(collector, schema, &migration->up, &seen);
        collect_calls(collector, schema, migration->down, &seen);
    }
}

void symbols_collect(struct arena *arena, const struct schema *schema,
                     struct symbols *symbols)
{
    struct collector collector = {.arena = arena, .symbols = symbols};

    made_by(&collector, schema->span, "schema", schema->name);
    for (size_t i = 0; i < COUNT(schema_names); i++)
        add(&collector, JOIN(arena, schema->name, schema_names[i]));
    add(&collector, JOIN(arena, name_to_upper(arena, schema->name), "_H"));
    for (size_t i = 0; i < schema->enums.count; i++)
        collect_enum(&collector, schema, schema->enums.items[i]);
    for (size_t i = 0; i < schema->tables.count; i++)
        collect_table(&collector, schema, schema->tables.items[i]);
    for (size_t i = 0; i < schema->views.count; i++)
        collect_view(&collector, schema, schema->views.items[i]);
    for (size_t i = 0; i < schema->queries.count; i++)
        collect_query(&collector, schema, schema->queries.items[i]);
    collect_rows(&collector, schema);
    collect_migrations(&collector, schema);
}

/* ---- checking ------------------------------------------------------------------- */

/* Columns of two tables with one noun: the tables' own names are reported. */
static bool follows(const struct symbol_maker *maker, const struct symbol_maker *other)
{
    const struct table *a = maker->table, *b = other->table;

    return a != NULL && b != NULL && a != b && strcmp(a->row, b->row) == 0 &&
           (maker->span.at.line != a->span.at.line ||
            maker->span.at.column != a->span.at.column);
}

/* "the column `name` of the table `hosts`". */
static const char *described(struct arena *arena, const struct symbol_maker *maker)
{
    const char *text = JOIN(arena, "the ", maker->kind);

    if (maker->item != NULL)
        text = JOIN(arena, text, " `", maker->item, "`");
    if (maker->table != NULL && maker->item != maker->table->name)
        text = JOIN(arena, text, " of the table `", maker->table->name, "`");
    if (maker->enumeration != NULL && maker->item != maker->enumeration->name)
        text = JOIN(arena, text, " of the enum `", maker->enumeration->name, "`");
    return text;
}

static void check_clashes(struct arena *arena, struct diags *diags,
                          const struct symbols *symbols)
{
    struct map first = {0};

    map_reserve(arena, &first, symbols->list.count);
    for (size_t i = 0; i < symbols->list.count && !diags_full(diags); i++) {
        struct symbol *symbol = &symbols->list.items[i];
        const struct symbol *other = map_get(&first, symbol->name);
        struct diag *diag;

        if (strlen(symbol->name) > LONGEST_SYMBOL)
            diag_hint(diag_error(diags, 203, symbol->by->span,
                                 "a name in C has more than %d characters",
                                 LONGEST_SYMBOL),
                      "it comes from %.100s", described(arena, symbol->by));
        if (other == NULL) {
            map_put(arena, &first, symbol->name, symbol);
            continue;
        }
        if (follows(symbol->by, other->by))
            continue;
        diag = diag_error(diags, 200, symbol->by->span,
                          "%s makes the name `%s` in C, which %s makes too",
                          described(arena, symbol->by), symbol->name,
                          described(arena, other->by));
        diag_hint(diag, "rename one; a table's noun in C is its key `row`");
        diag_note(diag, other->by->span, "`%s` is made here first", symbol->name);
    }
}

/* Macros of the C library and of compilers that no member or parameter can be called. */
const char *symbols_taken(const char *name)
{
    static const char *const macros[] = {"assert",
                                         "d_fileno",
                                         "errno",
                                         "h_addr",
                                         "h_errno",
                                         "i386",
                                         "linux",
                                         "s6_addr",
                                         "s_addr",
                                         "sa_handler",
                                         "sa_sigaction",
                                         "sched_priority",
                                         "si_addr",
                                         "si_band",
                                         "si_fd",
                                         "si_int",
                                         "si_overrun",
                                         "si_pid",
                                         "si_ptr",
                                         "si_status",
                                         "si_stime",
                                         "si_timerid",
                                         "si_uid",
                                         "si_utime",
                                         "si_value",
                                         "sigev_notify_attributes",
                                         "sigev_notify_function",
                                         "st_atime",
                                         "st_birthtime",
                                         "st_ctime",
                                         "st_mtime",
                                         "stderr",
                                         "stdin",
                                         "stdout",
                                         "unix"};
    const char *by = name_reserved(name);

    for (size_t i = 0; i < COUNT(macros) && by == NULL; i++)
        if (strcmp(name, macros[i]) == 0)
            by = "the C library";
    return by;
}

static void check_columns(struct diags *diags, const struct table *table)
{
    for (size_t i = 0; i < table->columns.count; i++) {
        const struct column *column = table->columns.items[i];
        const char *by = symbols_taken(column->name);
        struct diag *diag;

        if (by == NULL)
            continue;
        diag = diag_error(diags, 201, column->span,
                          "the column's name `%s` is taken by %s", column->name, by);
        diag_hint(diag,
                  "give it another name, with `sql_name: %s` to keep this one in SQL",
                  column->name);
    }
}

/* `quarry_…` belongs to the runtime: its functions, and what emitted files are made of.
 */
static void refuse_ours(struct diags *diags, const char *name, struct span span,
                        const char *what)
{
    struct diag *diag;

    if (strcmp(name, "quarry") != 0 && strncmp(name, "quarry_", strlen("quarry_")) != 0)
        return;
    diag = diag_error(diags, 205, span,
                      "%s can't be called `%s`: the runtime has such names", what, name);
    diag_hint(diag, "put a word before it");
}

static void check_ours(struct diags *diags, const struct schema *schema)
{
    refuse_ours(diags, schema->name, schema->span, "a schema");
    for (size_t i = 0; i < schema->tables.count; i++)
        refuse_ours(diags, schema->tables.items[i]->row, schema->tables.items[i]->span,
                    "a table's row");
    for (size_t i = 0; i < schema->enums.count; i++)
        refuse_ours(diags, schema->enums.items[i]->name, schema->enums.items[i]->span,
                    "an enum");
}

/* Names whose header or functions another library has. */
static void check_schema_name(struct diags *diags, const struct schema *schema)
{
    static const char *const taken[] = {
        "assert",   "complex", "ctype",    "errno",  "fenv",        "float",
        "inttypes", "limits",  "locale",   "math",   "pthread",     "setjmp",
        "signal",   "sqlite3", "stdalign", "stdarg", "stdatomic",   "stdbool",
        "stddef",   "stdint",  "stdio",    "stdlib", "stdnoreturn", "string",
        "strings",  "tgmath",  "threads",  "time",   "uchar",       "unistd",
        "wchar",    "wctype"};
    struct diag *diag;

    for (size_t i = 0; i < COUNT(taken); i++)
        if (strcmp(schema->name, taken[i]) == 0) {
            diag =
                diag_error(diags, 202, schema->span,
                           "a schema can't be called `%s`: its header would be taken for "
                           "another `%s.h`",
                           schema->name, schema->name);
            diag_hint(diag, "add a word to the name: `%s_db`", schema->name);
        }
}

/* The names are many, and nobody needs them afterwards: they get an arena of their own.
 */
void symbols_check(struct diags *diags, const struct schema *schema)
{
    struct symbols symbols = {0};
    struct arena arena = {0};

    check_schema_name(diags, schema);
    check_ours(diags, schema);
    for (size_t i = 0; i < schema->tables.count; i++)
        check_columns(diags, schema->tables.items[i]);
    symbols_collect(&arena, schema, &symbols);
    check_clashes(&arena, diags, &symbols);
    arena_release(&arena);
}
