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
    write_step(writer, word);
    buf_addf(writer->out, "%s\n", name);
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

static void write_renames(struct writer *writer)
{
    const struct schema *schema = writer->stage->schema;
    size_t i;

    for (i = 0; i < writer->renames->list.count; i++) {
        const struct write_rename *rename = &writer->renames->list.items[i];
        const struct table *table = map_get(&schema->tables_by_name, rename->table);

        if (rename->column == NULL) {
            write_step(writer, "rename_table");
            buf_addf(writer->out, "{table: %s, to: %s", rename->old, rename->table);
            write_sql_name(writer, table->name, table->sql_name);
        } else {
            const struct column *column = map_get(&table->by_name, rename->column);

            write_step(writer, "rename_column");
            buf_addf(writer->out, "{table: %s, column: %s, to: %s", rename->table,
                     rename->old, rename->column);
            write_sql_name(writer, column->name, column->sql_name);
        }
        buf_adds(writer->out, "}\n");
    }
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

static void write_tables(struct writer *writer)
{
    const struct schema *schema = writer->stage->schema;
    size_t i;

    for (i = 0; i < schema->creation.count; i++)
        if (write_old_table(writer, schema->creation.items[i]->name) == NULL)
            write_table(writer, schema->creation.items[i]);
    for (i = 0; i < schema->tables.count; i++) {
        const struct table *new = schema->tables.items[i];
        const struct table *old = write_old_table(writer, new->name);

        if (old != NULL && write_differs(writer, old, new))
            write_change(writer, old, new);
    }
    for (i = writer->from->creation.count; i-- > 0;)
        if (!is_kept(writer, writer->from->creation.items[i]))
            name_step(writer, "drop_table", writer->from->creation.items[i]->name);
}

/* ---- views, triggers, seeds --------------------------------------------------- */

static bool same_program(const struct program_def *a, const struct program_def *b)
{
    return a != NULL && b != NULL && strcmp(a->key, b->key) == 0;
}

static void drop_programs(struct writer *writer)
{
    size_t i;

    for (i = 0; i < writer->before->triggers.count; i++) {
        const struct program_def *program = writer->before->triggers.items[i];

        if (!same_program(program, structure_trigger(writer->after, program->name)))
            name_step(writer, "drop_trigger", program->name);
    }
    for (i = writer->before->views.count; i-- > 0;) {
        const struct program_def *program = writer->before->views.items[i];

        if (!same_program(program, structure_view(writer->after, program->name)))
            name_step(writer, "drop_view", program->name);
    }
}

static void write_view(struct writer *writer, const struct view *view)
{
    write_long_step(writer, "create_view");
    write_line(writer, 4);
    buf_addf(writer->out, "name: %s\n", view->name);
    write_line(writer, 4);
    buf_adds(writer->out, "sql: ");
    sql_text(writer, view->sql, 6);
}

static void write_trigger(struct writer *writer, const struct trigger *trigger)
{
    size_t i;

    write_long_step(writer, "create_trigger");
    write_line(writer, 4);
    buf_addf(writer->out, "name: %s\n", trigger->name);
    write_line(writer, 4);
    buf_addf(writer->out, "on: %s\n",
             trigger->table != NULL ? trigger->table->name : trigger->on);
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

        if (!same_program(structure_view(writer->before, name),
                          structure_view(writer->after, name)))
            write_view(writer, schema->views.items[i]);
    }
    for (i = 0; i < schema->triggers.count; i++) {
        const char *name = schema->triggers.items[i]->name;

        if (!same_program(structure_trigger(writer->before, name),
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

/* The seeds of a new table: those of others are told by Q0421. */
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
    drop_programs(&writer);
    write_renames(&writer);
    write_tables(&writer);
    write_programs(&writer);
    write_seeds(&writer);
    return writer.count;
}

/* ---- what was renamed --------------------------------------------------------- */

static void add_rename(const struct stage *stage, struct write_renames *renames,
                       const char *table, const char *column, const char *old)
{
    size_t i;

    for (i = 0; i < renames->list.count; i++) {
        const struct write_rename *known = &renames->list.items[i];

        if (strcmp(known->table, table) == 0 &&
            (known->column == NULL) == (column == NULL) &&
            (column == NULL || strcmp(known->column, column) == 0))
            return;
    }
    *VEC_ADD(stage->arena, &renames->list) = (struct write_rename){table, column, old};
}

/* The name before that a declared table had. */
static const char *table_before(const struct write_renames *renames, const char *table)
{
    size_t i;

    for (i = 0; i < renames->list.count; i++)
        if (renames->list.items[i].column == NULL &&
            strcmp(renames->list.items[i].table, table) == 0)
            return renames->list.items[i].old;
    return table;
}

/* A key `was` that names what is not there any more has done its work. */
static void read_was(const struct stage *stage, const struct state *state,
                     struct write_renames *renames)
{
    size_t i, k;

    for (i = 0; i < stage->schema->tables.count; i++) {
        const struct table *table = stage->schema->tables.items[i];
        const struct node *was = node_get(table->node, "was");
        const struct state_table *before;

        if (was != NULL && state_table(state, was->text) != NULL)
            add_rename(stage, renames, table->name, NULL, was->text);
        before = state_table(state, table_before(renames, table->name));
        for (k = 0; before != NULL && k < table->columns.count; k++) {
            const struct column *column = table->columns.items[k];

            was = node_get(column->node, "was");
            if (was != NULL &&
                node_get(node_get(before->node, "columns"), was->text) != NULL)
                add_rename(stage, renames, table->name, column->name, was->text);
        }
    }
}

static bool read_rename(const struct stage *stage, const struct state *state,
                        const char *text, struct write_renames *renames)
{
    struct arena *arena = stage->arena;
    const char *colon = strchr(text, ':'), *dot = strchr(text, '.');
    const char *old, *table;
    const struct table *declared;

    if (colon == NULL)
        return false;
    if (dot == NULL || dot > colon) {
        old = arena_strndup(arena, text, (size_t)(colon - text));
        if (state_table(state, old) == NULL ||
            map_get(&stage->schema->tables_by_name, colon + 1) == NULL)
            return false;
        add_rename(stage, renames, arena_strdup(arena, colon + 1), NULL, old);
        return true;
    }
    table = arena_strndup(arena, text, (size_t)(dot - text));
    old = arena_strndup(arena, dot + 1, (size_t)(colon - dot - 1));
    declared = map_get(&stage->schema->tables_by_name, table);
    if (declared == NULL || map_get(&declared->by_name, colon + 1) == NULL)
        return false;
    add_rename(stage, renames, table, arena_strdup(arena, colon + 1), old);
    return state_table(state, table_before(renames, table)) != NULL &&
           node_get(node_get(state_table(state, table_before(renames, table))->node,
                             "columns"),
                    old) != NULL;
}

bool write_find_renames(const struct stage *stage, const struct state *state,
                        const char *const *texts, size_t count,
                        struct write_renames *renames, const char **error)
{
    size_t i;

    for (i = 0; i < count; i++)
        if (!read_rename(stage, state, texts[i], renames)) {
            *error = arena_printf(stage->arena,
                                  "--rename %s: it is OLD:NEW of a table or "
                                  "TABLE.OLD:NEW of a column, old as in the last "
                                  "migration, TABLE and NEW as in the schema",
                                  texts[i]);
            return false;
        }
    read_was(stage, state, renames);
    return true;
}
