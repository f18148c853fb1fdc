/*
 * write_table.c: steps that make and change tables, see write.h.
 */
#include "write_internal.h"

#include "diff.h"

#include "../base/names.h"
#include "../model/language.h"
#include "../sql/token.h"

#include <string.h>

void write_line(struct writer *writer, unsigned more)
{
    buf_repeat(writer->out, ' ', writer->indent + more);
}

void write_step(struct writer *writer, const char *word)
{
    write_line(writer, 0);
    buf_addf(writer->out, "- %s: ", word);
    writer->count++;
}

void write_long_step(struct writer *writer, const char *word)
{
    write_line(writer, 0);
    buf_addf(writer->out, "- %s:\n", word);
    writer->count++;
}

static const struct write_rename *renamed(const struct writer *writer, const char *table,
                                          const char *column)
{
    size_t i;

    for (i = 0; i < writer->renames->list.count; i++) {
        const struct write_rename *rename = &writer->renames->list.items[i];

        if (strcmp(rename->table, table) == 0 &&
            (rename->column == NULL) == (column == NULL) &&
            (column == NULL || strcmp(rename->column, column) == 0))
            return rename;
    }
    return NULL;
}

/* The table of the state that a declared one was, or NULL: it is new. */
const struct table *write_old_table(const struct writer *writer, const char *name)
{
    const struct write_rename *rename = renamed(writer, name, NULL);
    size_t i;

    if (rename != NULL)
        return map_get(&writer->from->tables_by_name, rename->old);
    for (i = 0; i < writer->renames->list.count; i++)
        if (writer->renames->list.items[i].column == NULL &&
            strcmp(writer->renames->list.items[i].old, name) == 0)
            return NULL; /* that one has another name now */
    return map_get(&writer->from->tables_by_name, name);
}

static const struct column *old_column(const struct writer *writer,
                                       const struct table *old, const char *table,
                                       const char *name)
{
    const struct write_rename *rename = renamed(writer, table, name);
    size_t i;

    if (rename != NULL)
        return map_get(&old->by_name, rename->old);
    for (i = 0; i < writer->renames->list.count; i++) {
        const struct write_rename *other = &writer->renames->list.items[i];

        if (other->column != NULL && strcmp(other->table, table) == 0 &&
            strcmp(other->old, name) == 0)
            return NULL;
    }
    return map_get(&old->by_name, name);
}

/* ---- new tables --------------------------------------------------------------- */

static void write_items(struct writer *writer, const struct node *table, const char *key)
{
    const struct node *list = node_get(table, key);
    size_t i;

    if (list == NULL || list->count == 0)
        return;
    write_line(writer, 4);
    buf_addf(writer->out, "%s:\n", key);
    for (i = 0; i < list->count; i++) {
        const struct node *item = list->items[i];

        write_line(writer, 6);
        buf_addf(writer->out, "- %s\n",
                 write_text(writer->stage->arena,
                            item->kind == NODE_MAP
                                ? node_without(writer->stage->arena, item, "lint")
                                : item));
    }
}

static void write_value(struct writer *writer, const struct node *table, const char *key)
{
    const struct node *value = node_get(table, key);

    if (value == NULL)
        return;
    write_line(writer, 4);
    buf_addf(writer->out, "%s: %s\n", key, write_text(writer->stage->arena, value));
}

void write_table(struct writer *writer, const struct table *table)
{
    static const char *const values[] = {"strict", "without_rowid", "sql_name",
                                         "primary_key", "primary_key_on_conflict"};
    static const char *const lists[] = {"unique", "foreign_keys", "checks", "indexes"};
    size_t i;

    write_long_step(writer, "create_table");
    write_line(writer, 4);
    buf_addf(writer->out, "name: %s\n", table->name);
    for (i = 0; i < 3; i++)
        write_value(writer, table->node, values[i]);
    write_line(writer, 4);
    buf_adds(writer->out, "columns:\n");
    for (i = 0; i < table->columns.count; i++) {
        write_line(writer, 6);
        buf_addf(writer->out, "%s: %s\n", table->columns.items[i]->name,
                 write_column(writer->stage->arena, table->columns.items[i]));
    }
    write_value(writer, table->node, values[3]);
    write_value(writer, table->node, values[4]);
    for (i = 0; i < sizeof lists / sizeof *lists; i++)
        write_items(writer, table->node, lists[i]);
}

/* ---- changed tables ----------------------------------------------------------- */

/* The list of a table's node whose items became rules, and the names of these. */
struct rules {
    const char *key;        /* "indexes" */
    const char *add, *drop; /* the steps */
    const struct node *list;
    const char **names; /* of the items */
};

/* Names of uniques and foreign keys begin with those that columns make. */
static void find_rules(struct arena *arena, const struct table *table, unsigned kind,
                       struct rules *rules)
{
    static const struct rules kinds[] = {
        {.key = "indexes", .add = "create_index", .drop = "drop_index"},
        {.key = "foreign_keys", .add = "add_foreign_key", .drop = "drop_foreign_key"},
        {.key = "unique", .add = "add_unique", .drop = "drop_unique"},
        {.key = "checks", .add = "add_check", .drop = "drop_check"},
    };
    size_t total = table->indexes.count + table->foreign_keys.count +
                   table->uniques.count + table->checks.count;
    const char **names = ARENA_ARRAY(arena, const char *, total + 1);
    size_t i, count = 0, listed;

    *rules = kinds[kind];
    rules->list = node_get(table->node, rules->key);
    for (i = 0; kind == 0 && i < table->indexes.count; i++)
        names[count++] = table->indexes.items[i].name;
    for (i = 0; kind == 1 && i < table->foreign_keys.count; i++)
        names[count++] = table->foreign_keys.items[i].name;
    for (i = 0; kind == 2 && i < table->uniques.count; i++)
        if (table->uniques.items[i].is_constraint)
            names[count++] = table->uniques.items[i].name;
    for (i = 0; kind == 3 && i < table->checks.count; i++)
        names[count++] = table->checks.items[i].name;
    listed = rules->list != NULL ? rules->list->count : 0;
    rules->names = names + (count >= listed ? count - listed : 0);
}

static const char *rule_text(struct arena *arena, const struct node *item)
{
    if (item->kind == NODE_LIST)
        item = node_with(arena, NULL, "columns", item);
    else if (item->kind == NODE_SCALAR)
        item = node_with(arena, NULL, "sql", item);
    return write_text(arena, node_without(arena, item, "lint"));
}

static bool has_rule(struct arena *arena, const struct rules *rules,
                     const struct node *item)
{
    const char *text = rule_text(arena, item);
    size_t i;

    for (i = 0; rules->list != NULL && i < rules->list->count; i++)
        if (strcmp(rule_text(arena, rules->list->items[i]), text) == 0)
            return true;
    return false;
}

/* The condition of a check, in either form. */
static const struct node *check_sql_node(const struct node *check)
{
    return check->kind == NODE_SCALAR ? check : node_get(check, "sql");
}

/* How a step names a rule: by its own name, its condition or its columns, which don't
 * change when others go; else by the name that it has by default. */
static const char *rule_handle(struct arena *arena, const struct node *item,
                               const char *name)
{
    const struct node *own = node_get(item, "name"), *sql = check_sql_node(item);
    const struct node *columns =
        item->kind == NODE_LIST ? item : node_get(item, "columns");
    struct span none = {.length = 0};
    size_t i;

    if (own != NULL && own->kind == NODE_SCALAR)
        return arena_printf(arena, "name: %s", write_text(arena, own));
    if (sql != NULL)
        return arena_printf(arena, "sql: %s", write_text(arena, sql));
    for (i = 0; columns != NULL && i < columns->count; i++)
        if (strpbrk(columns->items[i]->text, " (") != NULL)
            break;
    if (columns != NULL && i == columns->count)
        return arena_printf(arena, "columns: %s", write_text(arena, columns));
    return arena_printf(arena, "name: %s",
                        write_text(arena, node_text(arena, name, none)));
}

static void drop_rules(struct writer *writer, const struct table *old,
                       const struct table *new, unsigned kind)
{
    struct arena *arena = writer->stage->arena;
    struct rules before, after;
    size_t i;

    find_rules(arena, old, kind, &before);
    find_rules(arena, new, kind, &after);
    for (i = 0; before.list != NULL && i < before.list->count; i++) {
        if (has_rule(arena, &after, before.list->items[i]))
            continue;
        write_step(writer, before.drop);
        buf_addf(writer->out, "{table: %s, %s}\n", old->name,
                 rule_handle(arena, before.list->items[i], before.names[i]));
    }
}

static void add_rules(struct writer *writer, const struct table *old,
                      const struct table *new, unsigned kind)
{
    struct arena *arena = writer->stage->arena;
    struct rules before, after;
    size_t i;

    find_rules(arena, old, kind, &before);
    find_rules(arena, new, kind, &after);
    for (i = 0; after.list != NULL && i < after.list->count; i++) {
        if (has_rule(arena, &before, after.list->items[i]))
            continue;
        write_step(writer, after.add);
        buf_addf(writer->out, "{table: %s, %s\n", new->name,
                 rule_text(arena, after.list->items[i]) + 1);
    }
}

/* Columns as they come to stand, while steps are written. */
struct places {
    VEC(const char *) names; /* as declared */
};

static void insert_place(struct writer *writer, struct places *places, size_t at,
                         const char *name)
{
    size_t i;

    *VEC_ADD(writer->stage->arena, &places->names) = name;
    for (i = places->names.count - 1; i > at; i--)
        places->names.items[i] = places->names.items[i - 1];
    places->names.items[at] = name;
}

static void remove_place(struct places *places, const char *name)
{
    size_t i, kept = 0;

    for (i = 0; i < places->names.count; i++)
        if (strcmp(places->names.items[i], name) != 0)
            places->names.items[kept++] = places->names.items[i];
    places->names.count = kept;
}

static void column_step(struct writer *writer, const char *word,
                        const struct table *table, const struct column *column,
                        const struct places *places, bool moves)
{
    write_step(writer, word);
    buf_addf(writer->out, "{table: %s, column: {%s: %s}", table->name, column->name,
             write_column(writer->stage->arena, column));
    if (moves && column->index == 0 && places->names.count > 0)
        buf_addf(writer->out, ", before: %s", places->names.items[0]);
    else if (moves && column->index > 0)
        buf_addf(writer->out, ", after: %s",
                 table->columns.items[column->index - 1]->name);
    buf_adds(writer->out, "}\n");
}

static void write_columns(struct writer *writer, const struct table *old,
                          const struct table *new, struct places *places)
{
    struct arena *arena = writer->stage->arena;
    size_t i;

    for (i = 0; i < new->columns.count; i++) {
        const struct column *column = new->columns.items[i];
        const struct column *was = old_column(writer, old, new->name, column->name);
        bool here =
            i < places->names.count && strcmp(places->names.items[i], column->name) == 0;

        if (was == NULL) {
            column_step(writer, "add_column", new, column, places,
                        i < places->names.count);
            insert_place(writer, places, i, column->name);
        } else if (!here ||
                   strcmp(write_column(arena, was), write_column(arena, column)) != 0) {
            if (!here)
                remove_place(places, column->name);
            column_step(writer, "alter_column", new, column, places, !here);
            if (!here)
                insert_place(writer, places, i, column->name);
        }
    }
}

static const char *new_name(struct writer *writer, const struct table *old,
                            const struct table *new, const struct column *column)
{
    size_t i;

    for (i = 0; i < new->columns.count; i++)
        if (old_column(writer, old, new->name, new->columns.items[i]->name) == column)
            return new->columns.items[i]->name;
    return NULL;
}

/* The columns that stay, in the order that they have, under their new names. */
static void keep_places(struct writer *writer, const struct table *old,
                        const struct table *new, struct places *places)
{
    size_t i;

    for (i = 0; i < old->columns.count; i++) {
        const char *name = new_name(writer, old, new, old->columns.items[i]);

        if (name != NULL)
            *VEC_ADD(writer->stage->arena, &places->names) = name;
    }
}

/* A column that goes makes room for one that gets its name. */
static bool is_in_the_way(const struct writer *writer, const struct table *new,
                          const char *name)
{
    size_t i;

    for (i = 0; i < writer->renames->list.count; i++) {
        const struct write_rename *rename = &writer->renames->list.items[i];

        if (rename->column != NULL && strcmp(rename->table, new->name) == 0 &&
            strcmp(rename->column, name) == 0)
            return true;
    }
    return false;
}

static void drop_columns(struct writer *writer, const struct table *old,
                         const struct table *new, const char *table, bool in_the_way)
{
    size_t i;

    for (i = 0; i < old->columns.count; i++) {
        const char *name = old->columns.items[i]->name;

        if (new_name(writer, old, new, old->columns.items[i]) != NULL ||
            is_in_the_way(writer, new, name) != in_the_way)
            continue;
        write_step(writer, "drop_column");
        buf_addf(writer->out, "{table: %s, column: %s}\n", table, name);
    }
}

void write_drops(struct writer *writer, const struct table *old, const struct table *new)
{
    unsigned kind;

    for (kind = 0; kind < 4; kind++)
        drop_rules(writer, old, new, kind);
    drop_columns(writer, old, new, old->name, true);
}

/* The word of the language for a conflict clause in SQL; NULL: none is written. */
static const char *conflict_word(const char *conflict)
{
    size_t i;

    for (i = 0; conflict != NULL && language_conflicts[i] != NULL; i++)
        if (sqlite3_stricmp(language_conflicts[i], conflict) == 0)
            return language_conflicts[i];
    return language_conflicts[0];
}

static void alter_table(struct writer *writer, const struct table *old,
                        const struct table *new)
{
    struct arena *arena = writer->stage->arena;
    const struct node *key = node_get(new->node, "primary_key");
    const struct node *was = node_get(old->node, "primary_key");
    bool none = new->key.columns.count == 0 && was != NULL;
    bool keys = none || (key != NULL &&
                         strcmp(write_text(arena, key), write_text(arena, was)) != 0);
    const char *conflict = conflict_word(new->key.on_conflict);
    bool conflicts = conflict != conflict_word(old->key.on_conflict);

    if (old->strict == new->strict && old->without_rowid == new->without_rowid && !keys &&
        !conflicts)
        return;
    write_step(writer, "alter_table");
    buf_addf(writer->out, "{table: %s", new->name);
    if (old->strict != new->strict)
        buf_addf(writer->out, ", strict: %s", new->strict ? "true" : "false");
    if (old->without_rowid != new->without_rowid)
        buf_addf(writer->out, ", without_rowid: %s",
                 new->without_rowid ? "true" : "false");
    if (keys)
        buf_addf(writer->out, ", primary_key: %s", none ? "[]" : write_text(arena, key));
    if (conflicts)
        buf_addf(writer->out, ", primary_key_on_conflict: %s", conflict);
    buf_adds(writer->out, "}\n");
}

void write_change(struct writer *writer, const struct table *old, const struct table *new)
{
    struct places places = {.names = {0}};
    unsigned kind;

    keep_places(writer, old, new, &places);
    write_columns(writer, old, new, &places);
    alter_table(writer, old, new);
    drop_columns(writer, old, new, new->name, false);
    for (kind = 4; kind-- > 0;)
        add_rules(writer, old, new, kind);
}

/* True where the table or its indexes differ in SQL, once it has its new name. */
bool write_differs(struct writer *writer, const struct table *old,
                   const struct table *new)
{
    struct table_change change = {.from = structure_table(writer->before, old->sql_name),
                                  .to = structure_table(writer->after, new->sql_name)};
    size_t i;

    if (change.from == NULL || change.to == NULL ||
        strcmp(change.from->name, change.to->name) != 0)
        return true;
    for (i = 0; i < writer->renames->list.count; i++)
        if (strcmp(writer->renames->list.items[i].table, new->name) == 0)
            return true;
    change.was = change.from->name;
    compare_tables(writer->stage->arena, writer->before, writer->after, &change);
    if (change.any)
        return true;
    for (i = 0; i < writer->before->indexes.count; i++) {
        const struct index_def *index = writer->before->indexes.items[i];
        const struct index_def *other = structure_index(writer->after, index->name);

        if (name_same(index->table, old->sql_name) &&
            (other == NULL || strcmp(index->key, other->key) != 0))
            return true;
    }
    for (i = 0; i < writer->after->indexes.count; i++)
        if (name_same(writer->after->indexes.items[i]->table, new->sql_name) &&
            structure_index(writer->before, writer->after->indexes.items[i]->name) ==
                NULL)
            return true;
    return false;
}
