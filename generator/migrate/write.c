/*
 * write.c: see write.h. Tables are compared by what is written of them; the structure
 * says which have changed at all.
 */
#include "write_internal.h"

#include "diff.h"
#include "prove.h"

#include "../base/names.h"
#include "../model/ddl.h"
#include "../model/json.h"
#include "../sql/token.h"

#include <string.h>

/* ---- text --------------------------------------------------------------------- */

static void name_step(struct writer *writer, const char *word, const char *name)
{
    struct span none = {.length = 0};

    write_step(writer, word);
    buf_addf(
        writer->out, "%s\n",
        write_text(writer->stage->arena, node_text(writer->stage->arena, name, none)));
}

/* Of SQL that may have several lines: a block; else quoted where need be. */
static void sql_text(struct writer *writer, const char *sql, unsigned more)
{
    struct span none = {.length = 0};
    const char *end;

    if (strchr(sql, '\n') == NULL || strchr(sql, '\t') != NULL || sql[0] == ' ') {
        write_node(writer->out, node_text(writer->stage->arena, sql, none));
        buf_addc(writer->out, '\n');
        return;
    }
    buf_adds(writer->out, "|\n");
    for (; *sql != '\0'; sql = *end == '\0' ? end : end + 1) {
        end = strchr(sql, '\n');
        if (end == NULL)
            end = sql + strlen(sql);
        if (end > sql)
            write_line(writer, more);
        buf_add(writer->out, sql, (size_t)(end - sql));
        buf_addc(writer->out, '\n');
    }
}

/* ---- renames ------------------------------------------------------------------ */

static void write_sql_name(struct writer *writer, const char *name, const char *sql_name)
{
    struct span none = {.length = 0};

    if (strcmp(name, sql_name) == 0)
        return;
    buf_adds(writer->out, ", sql_name: ");
    write_node(writer->out, node_text(writer->stage->arena, sql_name, none));
}

static void rename_step(struct writer *writer, const struct write_rename *rename,
                        const char *old, const char *new, bool last)
{
    const struct table *table =
        map_get(&writer->stage->schema->tables_by_name, rename->table);

    if (rename->column == NULL) {
        write_step(writer, "rename_table");
        buf_addf(writer->out, "{table: %s, to: %s", old, new);
        if (last)
            write_sql_name(writer, table->name, table->sql_name);
    } else {
        const struct column *column = map_get(&table->by_name, rename->column);

        write_step(writer, "rename_column");
        buf_addf(writer->out, "{table: %s, column: %s, to: %s", rename->table, old, new);
        if (last)
            write_sql_name(writer, column->name, column->sql_name);
    }
    buf_adds(writer->out, "}\n");
}

static const char *new_name(const struct write_rename *rename)
{
    return rename->column != NULL ? rename->column : rename->table;
}

/* True where the new name is that of another thing that is yet to be renamed. */
static bool is_crossed(const struct writer *writer, const struct write_rename *rename)
{
    size_t i;

    for (i = 0; i < writer->renames->list.count; i++) {
        const struct write_rename *other = &writer->renames->list.items[i];

        if (other != rename && (other->column == NULL) == (rename->column == NULL) &&
            (other->column == NULL || strcmp(other->table, rename->table) == 0) &&
            strcmp(other->old, new_name(rename)) == 0)
            return true;
    }
    return false;
}

/* Tables before columns; names that are exchanged go by a third one. */
static void write_kind(struct writer *writer, bool columns)
{
    struct arena *arena = writer->stage->arena;
    size_t i;

    for (i = 0; i < writer->renames->list.count; i++) {
        const struct write_rename *rename = &writer->renames->list.items[i];

        if ((rename->column != NULL) == columns && is_crossed(writer, rename))
            rename_step(writer, rename, rename->old,
                        arena_printf(arena, "%s_renamed", new_name(rename)), false);
    }
    for (i = 0; i < writer->renames->list.count; i++) {
        const struct write_rename *rename = &writer->renames->list.items[i];

        if ((rename->column != NULL) == columns)
            rename_step(writer, rename,
                        is_crossed(writer, rename)
                            ? arena_printf(arena, "%s_renamed", new_name(rename))
                            : rename->old,
                        new_name(rename), true);
    }
}

static void write_renames(struct writer *writer)
{
    write_kind(writer, false);
    write_kind(writer, true);
}

/* ---- all tables --------------------------------------------------------------- */

static bool is_kept(const struct writer *writer, const struct table *old)
{
    const struct schema *schema = writer->stage->schema;
    size_t i;

    for (i = 0; i < schema->tables.count; i++)
        if (write_old_table(writer, schema->tables.items[i]->name) == old)
            return true;
    return false;
}

/* A table that goes makes room for one that gets its name. */
static bool is_in_the_way(const struct writer *writer, const struct table *old)
{
    size_t i;

    for (i = 0; i < writer->renames->list.count; i++)
        if (writer->renames->list.items[i].column == NULL &&
            strcmp(writer->renames->list.items[i].table, old->name) == 0)
            return true;
    return false;
}

/* Tables that go and refer to each other in a circle let go of `old` first. */
static void release(struct writer *writer, const struct table *old, size_t left)
{
    size_t i, k, c;

    for (i = 0; i < left; i++) {
        const struct table *other = writer->from->creation.items[i];

        for (k = 0; k < other->foreign_keys.count && !is_kept(writer, other); k++) {
            const struct foreign_key *key = &other->foreign_keys.items[k];

            if (key->parent != old)
                continue;
            write_step(writer, "drop_foreign_key");
            buf_addf(writer->out, "{table: %s, columns: [", other->name);
            for (c = 0; c < key->columns.count; c++)
                buf_addf(writer->out, "%s%s", c > 0 ? ", " : "",
                         key->columns.items[c]->name);
            buf_adds(writer->out, "]}\n");
        }
    }
}

static void drop_tables(struct writer *writer, bool in_the_way)
{
    size_t i;

    for (i = writer->from->creation.count; i-- > 0;) {
        const struct table *old = writer->from->creation.items[i];

        if (is_kept(writer, old) || is_in_the_way(writer, old) != in_the_way)
            continue;
        release(writer, old, i);
        name_step(writer, "drop_table", old->name);
    }
}

/* What goes from each table that stays and differs. */
static void write_all_drops(struct writer *writer)
{
    const struct schema *schema = writer->stage->schema;
    size_t i;

    for (i = 0; i < schema->tables.count; i++) {
        const struct table *new = schema->tables.items[i];
        const struct table *old = write_old_table(writer, new->name);

        if (old != NULL && write_differs(writer, old, new))
            write_drops(writer, old, new);
    }
}

static bool same_columns(const struct columns *a, const struct columns *b)
{
    size_t i, k, same = 0;

    for (i = 0; i < a->count; i++)
        for (k = 0; k < b->count; k++)
            same += strcmp(a->items[i]->name, b->items[k]->name) == 0;
    return a->count == b->count && same == a->count;
}

static bool has_key(const struct table *table, const struct columns *columns)
{
    size_t i;

    if (same_columns(&table->key.columns, columns))
        return true;
    for (i = 0; i < table->uniques.count; i++)
        if (same_columns(&table->uniques.items[i].columns, columns))
            return true;
    return false;
}

/* Whether what a new table refers to is there only once other tables have changed;
 * `waiting`: tables that do, so far. */
static bool must_wait(const struct writer *writer, const struct table *table,
                      const struct map *waiting)
{
    size_t i;

    for (i = 0; i < table->foreign_keys.count; i++) {
        const struct foreign_key *key = &table->foreign_keys.items[i];
        const struct table *old = write_old_table(writer, key->parent->name);

        if (map_get(waiting, key->parent->name) != NULL ||
            (old != NULL && !has_key(old, &key->parent_columns)))
            return true;
    }
    return false;
}

/* New tables first, so that others can refer to them, but for those that must wait. */
static void write_creations_and_changes(struct writer *writer)
{
    const struct schema *schema = writer->stage->schema;
    struct map waiting = {0};
    size_t i;

    for (i = 0; i < schema->creation.count; i++) {
        struct table *table = schema->creation.items[i];

        if (write_old_table(writer, table->name) != NULL)
            continue;
        if (must_wait(writer, table, &waiting))
            map_put(writer->stage->arena, &waiting, table->name, table);
        else
            write_table(writer, table);
    }
    for (i = 0; i < schema->creation.count; i++) {
        const struct table *table = schema->creation.items[i];
        const struct table *old = write_old_table(writer, table->name);

        if (map_get(&waiting, table->name) != NULL)
            write_table(writer, table);
        else if (old != NULL && write_differs(writer, old, table))
            write_change(writer, old, table);
    }
}

static void write_tables(struct writer *writer)
{
    write_all_drops(writer);
    drop_tables(writer, true);
    write_renames(writer);
    write_creations_and_changes(writer);
    drop_tables(writer, false);
}

/* ---- views, triggers, seeds --------------------------------------------------- */

static const struct table_def *virtual_of(const struct structure *structure,
                                          const char *name)
{
    const struct table_def *table = structure_table(structure, name);

    return table != NULL && table->is_virtual ? table : NULL;
}

/* True where the table is there before and after, and is the same. */
static bool same_virtual(struct writer *writer, const char *name)
{
    struct table_change change = {.from = virtual_of(writer->before, name),
                                  .to = virtual_of(writer->after, name)};

    if (change.from == NULL || change.to == NULL ||
        strcmp(change.from->name, change.to->name) != 0)
        return false;
    change.was = change.from->name;
    compare_tables(writer->stage->arena, writer->before, writer->after, &change);
    return !change.any;
}

/* True where it names something that is renamed: SQLite would rewrite its text. */
static bool mentions_renamed(const struct writer *writer,
                             const struct program_def *program)
{
    size_t i, k;

    for (i = 0; i < writer->renames->list.count; i++) {
        const struct write_rename *rename = &writer->renames->list.items[i];
        const struct table *table = map_get(&writer->from->tables_by_name,
                                            rename->column == NULL ? rename->old : "");
        const char *old = table != NULL ? table->sql_name : rename->old;

        for (k = 0; k < program->mentions.count; k++)
            if (name_same(program->mentions.items[k], old))
                return true;
    }
    return false;
}

/* True where it names a view or virtual table that is dropped before the renames. */
static bool mentions_absent(const struct writer *writer,
                            const struct program_def *program)
{
    size_t i;

    for (i = 0; i < program->mentions.count; i++) {
        const char *name = program->mentions.items[i];
        const struct program_def *view = structure_view(writer->before, name);
        const struct table_def *table = virtual_of(writer->before, name);

        if ((view != NULL && map_get(&writer->absent, view->name) != NULL) ||
            (table != NULL && map_get(&writer->absent, table->name) != NULL))
            return true;
    }
    return false;
}

static bool same_program(const struct writer *writer, const struct program_def *a,
                         const struct program_def *b)
{
    return a != NULL && b != NULL && strcmp(a->key, b->key) == 0 &&
           !mentions_renamed(writer, a) && !mentions_renamed(writer, b) &&
           !mentions_absent(writer, a);
}

/*
 * At a rename SQLite reads all views and triggers: those that name what is dropped before go
 * with it, and those that name these.
 */
static void find_absent(struct writer *writer)
{
    const struct structure *before = writer->before;
    size_t i, found = 1;

    if (writer->renames->list.count == 0)
        return;
    for (i = 0; i < before->tables.count; i++) {
        struct table_def *table = before->tables.items[i];

        if (table->is_virtual && !same_virtual(writer, table->name))
            map_put(writer->stage->arena, &writer->absent, table->name, table);
    }
    while (found > 0)
        for (i = found = 0; i < before->views.count; i++) {
            struct program_def *view = before->views.items[i];

            if (map_get(&writer->absent, view->name) == NULL &&
                !same_program(writer, view, structure_view(writer->after, view->name))) {
                map_put(writer->stage->arena, &writer->absent, view->name, view);
                found++;
            }
        }
}

static void drop_programs(struct writer *writer)
{
    size_t i;

    for (i = 0; i < writer->before->triggers.count; i++) {
        const struct program_def *program = writer->before->triggers.items[i];

        if (!same_program(writer, program,
                          structure_trigger(writer->after, program->name)))
            name_step(writer, "drop_trigger", program->name);
    }
    for (i = writer->before->views.count; i-- > 0;) {
        const struct program_def *program = writer->before->views.items[i];

        if (!same_program(writer, program, structure_view(writer->after, program->name)))
            name_step(writer, "drop_view", program->name);
    }
}

static void write_name(struct writer *writer, const char *key, const char *name)
{
    struct arena *arena = writer->stage->arena;
    struct span none = {.length = 0};

    buf_addf(writer->out, "%s: %s\n", key,
             write_text(arena, node_text(arena, name, none)));
}

/* ---- virtual tables ----------------------------------------------------------- */

static void drop_virtual_tables(struct writer *writer)
{
    size_t i;

    for (i = writer->before->tables.count; i-- > 0;) {
        const struct table_def *table = writer->before->tables.items[i];

        if (table->is_virtual && !same_virtual(writer, table->name))
            name_step(writer, "drop_virtual_table", table->name);
    }
}

static void write_virtual_tables(struct writer *writer)
{
    const struct schema *schema = writer->stage->schema;
    size_t i;

    for (i = 0; i < schema->virtual_tables.count; i++) {
        const struct virtual_table *table = schema->virtual_tables.items[i];

        if (same_virtual(writer, table->name))
            continue;
        write_long_step(writer, "create_virtual_table");
        write_line(writer, 4);
        write_name(writer, "name", table->name);
        write_line(writer, 4);
        write_name(writer, "module", table->module);
        if (table->arguments == NULL)
            continue;
        write_line(writer, 4);
        buf_addf(writer->out, "arguments: %s\n",
                 write_text(writer->stage->arena, table->arguments));
    }
}

static void write_view(struct writer *writer, const struct view *view)
{
    write_long_step(writer, "create_view");
    write_line(writer, 4);
    write_name(writer, "name", view->name);
    if (view->columns != NULL) {
        write_line(writer, 4);
        buf_addf(writer->out, "columns: %s\n",
                 write_text(writer->stage->arena, view->columns));
    }
    write_line(writer, 4);
    buf_adds(writer->out, "sql: ");
    sql_text(writer, view->sql, 6);
}

static void write_trigger(struct writer *writer, const struct trigger *trigger)
{
    size_t i;

    write_long_step(writer, "create_trigger");
    write_line(writer, 4);
    write_name(writer, "name", trigger->name);
    write_line(writer, 4);
    write_name(writer, "on", trigger->table != NULL ? trigger->table->name : trigger->on);
    write_line(writer, 4);
    buf_addf(writer->out, "when: %s\n", trigger->when);
    for (i = 0; i < trigger->columns.count; i++) {
        if (i == 0) {
            write_line(writer, 4);
            buf_adds(writer->out, "columns: [");
        }
        buf_addf(writer->out, "%s%s", i > 0 ? ", " : "", trigger->columns.items[i]->name);
    }
    buf_adds(writer->out, i > 0 ? "]\n" : "");
    if (trigger->condition != NULL) {
        write_line(writer, 4);
        buf_adds(writer->out, "condition: ");
        sql_text(writer, trigger->condition->text, 6);
    }
    write_line(writer, 4);
    buf_adds(writer->out, "sql: ");
    sql_text(writer, trigger->sql->text, 6);
}

static void write_programs(struct writer *writer)
{
    const struct schema *schema = writer->stage->schema;
    size_t i;

    for (i = 0; i < schema->views.count; i++) {
        const char *name = schema->views.items[i]->name;

        if (!same_program(writer, structure_view(writer->before, name),
                          structure_view(writer->after, name)))
            write_view(writer, schema->views.items[i]);
    }
    for (i = 0; i < schema->triggers.count; i++) {
        const char *name = schema->triggers.items[i]->name;

        if (!same_program(writer, structure_trigger(writer->before, name),
                          structure_trigger(writer->after, name)))
            write_trigger(writer, schema->triggers.items[i]);
    }
}

/* A seed with the values of integer enums as they are stored. */
static const struct node *seed_row(struct writer *writer, const struct table *table,
                                   const struct node *row, const struct seed *seed)
{
    struct arena *arena = writer->stage->arena;
    struct span none = {.length = 0};
    size_t i;

    for (i = 0; i < table->columns.count; i++) {
        const struct column *column = table->columns.items[i];

        if (column->enumeration != NULL && seed->given[i] &&
            seed->values[i].kind == LITERAL_INTEGER)
            row = node_with(
                arena, row, column->name,
                node_text(arena,
                          arena_printf(arena, "%lld", (long long)seed->values[i].integer),
                          none));
    }
    return row;
}

/* The seeds of a new table: those of others are in write_seed.c. */
static void write_seeds(struct writer *writer)
{
    const struct schema *schema = writer->stage->schema;
    size_t i, k;

    for (i = 0; i < schema->creation.count; i++) {
        const struct table *table = schema->creation.items[i];
        const struct node *list = node_get(table->node, "seed");

        if (table->seeds.count == 0 || write_old_table(writer, table->name) != NULL)
            continue;
        write_long_step(writer, "insert");
        write_line(writer, 4);
        buf_addf(writer->out, "table: %s\n", table->name);
        write_line(writer, 4);
        buf_adds(writer->out, "rows:\n");
        for (k = 0; list != NULL && k < list->count; k++) {
            write_line(writer, 6);
            buf_addf(
                writer->out, "- %s\n",
                write_text(writer->stage->arena, seed_row(writer, table, list->items[k],
                                                          &table->seeds.items[k])));
        }
    }
}

size_t write_steps(const struct stage *stage, struct state *state,
                   const struct write_renames *renames, unsigned indent, struct buf *out)
{
    struct writer writer = {
        .stage = stage, .renames = renames, .state = state, .indent = indent, .out = out};

    writer.from = state_model(stage, state);
    writer.before = writer.from != NULL ? state_structure(stage, state) : NULL;
    writer.after = writer.before != NULL ? prove_declared(stage) : NULL;
    if (writer.after == NULL)
        return 0;
    find_absent(&writer);
    drop_programs(&writer);
    drop_virtual_tables(&writer);
    write_tables(&writer);
    write_virtual_tables(&writer);
    write_programs(&writer);
    write_seeds(&writer);
    return writer.count;
}
