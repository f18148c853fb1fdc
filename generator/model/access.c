/*
 * access.c: which look-ups and lists a table gets besides those of its primary key. Only
 * what an index makes fast is offered, so that no generated list scans a table unseen.
 */
#include "model.h"

#include "../base/buf.h"
#include "../base/names.h"
#include "sqltext.h"

#include <string.h>

struct planner {
    struct arena *arena;
    struct table *table;
    struct buf text;
};

static bool contains(const struct columns *columns, const struct column *column)
{
    for (size_t i = 0; i < columns->count; i++)
        if (columns->items[i] == column)
            return true;
    return false;
}

static bool same_columns(const struct columns *a, const struct columns *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!contains(b, a->items[i]))
            return false;
    return true;
}

static const struct access *find(const struct planner *planner, enum access_kind kind,
                                 const struct columns *columns)
{
    for (size_t i = 0; i < planner->table->accesses.count; i++) {
        const struct access *access = &planner->table->accesses.items[i];

        if (access->kind == kind && same_columns(&access->columns, columns))
            return access;
    }
    return NULL;
}

static const char *take(struct planner *planner)
{
    const char *text =
        arena_strndup(planner->arena, planner->text.data, planner->text.length);

    buf_clear(&planner->text);
    return text;
}

static const char *joined(struct planner *planner, const struct columns *columns,
                          const char *separator)
{
    for (size_t i = 0; i < columns->count; i++) {
        buf_adds(&planner->text, i > 0 ? separator : "");
        buf_adds(&planner->text, columns->items[i]->name);
    }
    return take(planner);
}

static struct access *add(struct planner *planner, enum access_kind kind,
                          const struct columns *columns, const char *because,
                          const char *of)
{
    struct access *access = VEC_ADD(planner->arena, &planner->table->accesses);

    *access = (struct access){.kind = kind, .columns = *columns};
    access->name = joined(planner, columns, "_and_");
    access->because = arena_printf(planner->arena, "%s %s", because, of);
    return access;
}

/* ---- orders --------------------------------------------------------------------- */

static void add_order(struct planner *planner, const char *sql, const char *collation,
                      bool descending)
{
    size_t length;

    buf_adds(&planner->text, planner->text.length > 0 ? ", " : "");
    sql = sql_trim(sql, &length);
    buf_add(&planner->text, sql, length);
    if (collation != NULL)
        buf_addf(&planner->text, " COLLATE %s", name_sql(planner->arena, collation));
    if (descending)
        buf_adds(&planner->text, " DESC");
}

static bool orders_by(const struct index *index, size_t from, const struct column *column)
{
    for (size_t i = from; index != NULL && i < index->terms.count; i++)
        if (index->terms.items[i].column == column)
            return true;
    return false;
}

/* A name of the rowid that no column hides; NULL where the table has none. */
static const char *rowid_name(const struct table *table)
{
    static const char *const names[] = {"rowid", "_rowid_", "oid"};

    for (size_t n = 0; n < 3 && !table->without_rowid; n++) {
        bool hidden = false;
        struct sql_token token = {SQL_WORD, names[n], strlen(names[n])};

        for (size_t i = 0; i < table->columns.count; i++)
            hidden = hidden || sql_names(token, table->columns.items[i]->sql_name);
        if (!hidden)
            return names[n];
    }
    return NULL;
}

/*
 * The terms of `index` (or NULL) from the one numbered `from`, then the primary key, so
 * that no two rows tie. Columns in `equal` are the same in all rows and left out.
 */
static const char *order(struct planner *planner, const struct index *index, size_t from,
                         const struct columns *equal)
{
    const struct table *table = planner->table;

    for (size_t i = from; index != NULL && i < index->terms.count; i++) {
        const struct index_term *term = &index->terms.items[i];

        if (term->column == NULL)
            add_order(planner, term->sql, term->collation, term->descending);
        else if (!contains(equal, term->column))
            add_order(planner, name_sql(planner->arena, term->column->sql_name),
                      term->collation, term->descending);
    }
    for (size_t i = 0; i < table->key.columns.count; i++) {
        const struct column *column = table->key.columns.items[i];

        if (!contains(equal, column) && !orders_by(index, from, column))
            add_order(planner, name_sql(planner->arena, column->sql_name),
                      columns_collation(&table->key.columns, i), false);
    }
    if (table->key.columns.count == 0 && rowid_name(table) != NULL)
        add_order(planner, rowid_name(table), NULL, false);
    return planner->text.length > 0 ? take(planner) : NULL;
}

/* ---- the three kinds ------------------------------------------------------------ */

static void plan_gets(struct planner *planner)
{
    struct table *table = planner->table;

    for (size_t i = 0; i < table->uniques.count; i++) {
        const struct unique *unique = &table->uniques.items[i];

        if (same_columns(&unique->columns, &table->key.columns) ||
            find(planner, ACCESS_GET, &unique->columns) != NULL)
            continue;
        add(planner, ACCESS_GET, &unique->columns,
            unique->is_constraint ? "unique constraint" : "unique index",
            unique->name != NULL ? unique->name : joined(planner, &unique->columns, ", "))
            ->span = unique->span;
    }
}

static bool listable(struct planner *planner, const struct columns *columns)
{
    return columns->count > 0 && !same_columns(columns, &planner->table->key.columns) &&
           find(planner, ACCESS_GET, columns) == NULL &&
           find(planner, ACCESS_LIST, columns) == NULL;
}

static bool is_plain(const struct index_term *term)
{
    const char *own;

    if (term->column == NULL)
        return false;
    own = term->column->collation != NULL ? term->column->collation : "BINARY";
    return term->collation == NULL || strcmp(term->collation, own) == 0;
}

/*
 * The columns that the longest list of `index` compares: all but the last, or the only
 * one. Shorter lists compare fewer.
 */
static struct columns leading(struct planner *planner, const struct index *index)
{
    struct columns columns = {0};
    size_t count = 0;

    while (count < index->terms.count && is_plain(&index->terms.items[count]))
        count++;
    if (count == index->terms.count && count > 1)
        count--;
    columns.items = ARENA_ARRAY(planner->arena, struct column *, count);
    for (; columns.count < count; columns.count++) {
        const struct column *column = index->terms.items[columns.count].column;

        columns.items[columns.count] = planner->table->columns.items[column->index];
    }
    return columns;
}

static void plan_lists(struct planner *planner)
{
    struct table *table = planner->table;

    for (size_t i = 0; i < table->indexes.count; i++) {
        const struct index *index = &table->indexes.items[i];
        struct columns columns = leading(planner, index);

        for (; index->where == NULL && columns.count > 0; columns.count--) {
            struct access *access;

            if (!listable(planner, &columns))
                continue;
            access = add(planner, ACCESS_LIST, &columns, "index", index->name);
            access->order_by = order(planner, index, columns.count, &columns);
            access->span = index->span;
        }
    }
    for (size_t i = 0; i < table->foreign_keys.count; i++) {
        const struct foreign_key *key = &table->foreign_keys.items[i];
        struct access *access;

        if (!listable(planner, &key->columns))
            continue;
        access = add(planner, ACCESS_LIST, &key->columns, "foreign key",
                     joined(planner, &key->columns, ", "));
        access->order_by = order(planner, NULL, 0, &key->columns);
        access->span = key->span;
    }
}

/* "host_id_and_created_desc"; of an index that is partial or has expressions its own. */
static const char *order_name(struct planner *planner, const struct index *index)
{
    bool own = index->where != NULL;

    for (size_t i = 0; i < index->terms.count; i++)
        own = own || index->terms.items[i].column == NULL;
    if (own) {
        const char *name = name_to_snake(planner->arena, index->name);

        return strncmp(name, "idx_", 4) == 0 && name[4] != '\0' ? name + 4 : name;
    }
    for (size_t i = 0; i < index->terms.count; i++) {
        const struct index_term *term = &index->terms.items[i];

        buf_adds(&planner->text, i > 0 ? "_and_" : "");
        buf_adds(&planner->text, term->column->name);
        buf_adds(&planner->text, term->descending ? "_desc" : "");
    }
    return take(planner);
}

static bool has_order(const struct planner *planner, const char *name)
{
    for (size_t i = 0; i < planner->table->accesses.count; i++) {
        const struct access *access = &planner->table->accesses.items[i];

        if (access->kind == ACCESS_ORDER && strcmp(access->name, name) == 0)
            return true;
    }
    return false;
}

static void plan_orders(struct planner *planner)
{
    static const struct columns none = {0};
    struct table *table = planner->table;

    for (size_t i = 0; i < table->indexes.count; i++) {
        const struct index *index = &table->indexes.items[i];
        const char *name = order_name(planner, index);
        struct access *access;

        /* The same columns with another collation: the first index has the name. */
        if (index->terms.count == 0 || has_order(planner, name))
            continue;
        access = add(planner, ACCESS_ORDER, &none, "index", index->name);
        access->name = name;
        access->order_by = order(planner, index, 0, &none);
        access->where = index->where;
        access->span = index->span;
    }
}

void access_plan(struct arena *arena, struct schema *schema)
{
    struct planner planner = {.arena = arena};

    buf_init(&planner.text);
    for (size_t i = 0; i < schema->tables.count; i++) {
        planner.table = schema->tables.items[i];
        planner.table->accesses.count = 0;
        plan_gets(&planner);
        plan_lists(&planner);
        plan_orders(&planner);
    }
    buf_release(&planner.text);
}
