/*
 * state.c: see state.h.
 */
#include "state.h"

#include "diff.h"
#include "import.h"
#include "scratch.h"

#include "../base/names.h"
#include "../model/ddl.h"
#include "../sql/token.h"

#include <string.h>

struct state *state_new(const struct stage *stage)
{
    return ARENA_NEW(stage->arena, struct state);
}

static void copy_programs(struct arena *arena, struct state_programs *to,
                          const struct state_programs *from)
{
    size_t i;

    to->items = ARENA_ARRAY(arena, struct state_program, from->count + 1);
    to->count = from->count;
    to->capacity = from->count + 1;
    for (i = 0; i < from->count; i++)
        to->items[i] = from->items[i];
}

struct state *state_copy(const struct stage *stage, const struct state *state)
{
    struct state *copy = ARENA_NEW(stage->arena, struct state);
    size_t i;

    *copy = *state;
    copy->tables.items =
        ARENA_ARRAY(stage->arena, struct state_table, state->tables.count + 1);
    copy->tables.capacity = state->tables.count + 1;
    for (i = 0; i < state->tables.count; i++)
        copy->tables.items[i] = state->tables.items[i];
    copy_programs(stage->arena, &copy->virtual_tables, &state->virtual_tables);
    copy_programs(stage->arena, &copy->views, &state->views);
    copy_programs(stage->arena, &copy->triggers, &state->triggers);
    return copy;
}

void state_touch(struct state *state)
{
    state->model = NULL;
    state->structure = NULL;
}

struct state_table *state_table(const struct state *state, const char *name)
{
    size_t i;

    for (i = 0; i < state->tables.count; i++)
        if (strcmp(state->tables.items[i].name, name) == 0)
            return &state->tables.items[i];
    return NULL;
}

struct state_program *state_program(const struct state_programs *programs,
                                    const char *name)
{
    size_t i;

    for (i = 0; i < programs->count; i++)
        if (name_same(programs->items[i].name, name))
            return &programs->items[i];
    return NULL;
}

/* ---- the model ---------------------------------------------------------------- */

static struct node *options_node(const struct stage *stage)
{
    static const char *const times[] = {"unix_ms", "unix", "text"};
    const struct options *options = &stage->schema->options;
    struct span none = {.length = 0};
    struct node *strict =
        node_text(stage->arena, options->strict ? "true" : "false", none);
    struct node *map = node_with(stage->arena, NULL, "strict", strict);

    return node_with(stage->arena, map, "timestamp",
                     node_text(stage->arena, times[options->timestamp], none));
}

static struct node *tables_node(const struct stage *stage, const struct state *state)
{
    struct span none = {.length = 0};
    struct node *map = node_map(stage->arena, none);
    size_t i;

    map->entries = ARENA_ARRAY(stage->arena, struct entry, state->tables.count + 1);
    map->count = state->tables.count;
    for (i = 0; i < map->count; i++) {
        const struct state_table *table = &state->tables.items[i];

        map->entries[i].key = node_text(stage->arena, table->name, table->span);
        map->entries[i].value = (struct node *)table->node;
    }
    return map;
}

struct schema *state_model_with(const struct stage *stage, const struct state *state,
                                const struct node *triggers)
{
    struct arena *arena = stage->arena;
    struct span none = {.length = 0};
    size_t errors = diags_errors(stage->diags);
    bool muted = diags_mute_warnings(stage->diags, true);
    struct node *root = node_with(arena, NULL, "quarry", node_text(arena, "1", none));
    struct schema *model;

    root = node_with(arena, root, "name", node_text(arena, stage->schema->name, none));
    root = node_with(arena, root, "options", options_node(stage));
    root = node_with(arena, root, "tables", tables_node(stage, state));
    if (triggers != NULL)
        root = node_with(arena, root, "triggers", triggers);
    model = load_schema(arena, stage->diags, root, "-");
    if (model != NULL && diags_errors(stage->diags) == errors)
        check_sql(arena, stage->diags, model);
    diags_mute_warnings(stage->diags, muted);
    return diags_errors(stage->diags) == errors ? model : NULL;
}

struct schema *state_model(const struct stage *stage, struct state *state)
{
    if (state->model == NULL)
        state->model = state_model_with(stage, state, NULL);
    return state->model;
}

/* ---- the structure ------------------------------------------------------------ */

static bool run(const struct stage *stage, sqlite3 *db, const char *sql, struct span span)
{
    const char *error;

    if (scratch_run(stage->arena, db, sql, &error))
        return true;
    diag_error(stage->diags, 413, span, "SQLite refuses this: %s",
               strncmp(error, "line 1: ", 8) == 0 ? error + 8 : error);
    return false;
}

static bool run_programs(const struct stage *stage, sqlite3 *db,
                         const struct state_programs *programs)
{
    size_t i;

    for (i = 0; i < programs->count; i++)
        if (!run(stage, db, programs->items[i].sql, programs->items[i].span))
            return false;
    return true;
}

/* The referee finds the place inside of an expression. */
static void blame(const struct stage *stage, struct schema *model)
{
    bool muted = diags_mute_warnings(stage->diags, true);

    model->ddl_count = ddl_schema(stage->arena, model, &model->ddl);
    referee_schema(stage->arena, stage->diags, model);
    diags_mute_warnings(stage->diags, muted);
}

static bool run_tables(const struct stage *stage, sqlite3 *db, struct schema *model)
{
    const struct ddl_statement *statements;
    size_t count = ddl_schema(stage->arena, model, &statements), i;
    const char *error;

    for (i = 0; i < count; i++) {
        size_t errors = diags_errors(stage->diags);

        if (scratch_run(stage->arena, db, statements[i].sql, &error))
            continue;
        blame(stage, model);
        return diags_errors(stage->diags) == errors
                   ? run(stage, db, statements[i].sql, statements[i].span)
                   : false;
    }
    return true;
}

const struct scratch_image *stage_image(const struct stage *stage, const char *sql)
{
    return stage->databases != NULL ? map_get(stage->databases, sql) : NULL;
}

void stage_keep_image(const struct stage *stage, const char *sql,
                      const struct scratch_image *image)
{
    if (stage->databases != NULL)
        map_put(stage->arena, stage->databases, sql, (void *)image);
}

static void add_programs(struct buf *sql, const struct state_programs *programs)
{
    size_t i;

    for (i = 0; i < programs->count; i++)
        buf_addf(sql, "%s;\n", programs->items[i].sql);
}

/* All statements that make the state. */
static const char *all_sql(const struct stage *stage, const struct state *state,
                           const struct schema *model)
{
    const struct ddl_statement *statements;
    size_t count = ddl_schema(stage->arena, model, &statements), i;
    const char *text;
    struct buf sql;

    buf_init(&sql);
    for (i = 0; i < count; i++)
        buf_addf(&sql, "%s;\n", statements[i].sql);
    add_programs(&sql, &state->virtual_tables);
    add_programs(&sql, &state->views);
    add_programs(&sql, &state->triggers);
    text = arena_strndup(stage->arena, sql.data, sql.length);
    buf_release(&sql);
    return text;
}

sqlite3 *state_database(const struct stage *stage, struct state *state)
{
    struct schema *model = state_model(stage, state);
    const struct scratch_image *image;
    const char *sql;
    sqlite3 *db;

    if (model == NULL)
        return NULL;
    sql = all_sql(stage, state, model);
    image = stage_image(stage, sql);
    if (image != NULL)
        return scratch_from(stage->arena, image);
    db = scratch_open();
    if (run_tables(stage, db, model) && run_programs(stage, db, &state->virtual_tables) &&
        run_programs(stage, db, &state->views) &&
        run_programs(stage, db, &state->triggers)) {
        stage_keep_image(stage, sql, scratch_image(stage->arena, db));
        return db;
    }
    sqlite3_close(db);
    return NULL;
}

struct structure *state_structure(const struct stage *stage, struct state *state)
{
    const char *error = NULL;
    sqlite3 *db;

    if (state->structure != NULL)
        return state->structure;
    db = state_database(stage, state);
    if (db == NULL)
        return NULL;
    state->structure = structure_read(stage->arena, db, &error);
    if (state->structure == NULL)
        diag_error(stage->diags, 413, stage->schema->span, "%s", error);
    else
        *state->structure->image = scratch_image(stage->arena, db);
    sqlite3_close(db);
    return state->structure;
}

/* ---- what SQL of the user's made ---------------------------------------------- */

static void adopt_list(struct arena *arena, struct state_programs *programs,
                       struct program_def *const *defs, size_t count, struct span span)
{
    struct state_programs old = *programs;
    size_t i;

    *programs = (struct state_programs){0};
    for (i = 0; i < count; i++) {
        struct state_program *known = state_program(&old, defs[i]->name);
        struct state_program *program = VEC_ADD(arena, programs);

        program->name = defs[i]->name;
        program->sql = defs[i]->text;
        program->table = defs[i]->table;
        program->span = known != NULL ? known->span : span;
    }
}

static void adopt_programs(const struct stage *stage, struct state *state,
                           const struct structure *structure, struct span span)
{
    adopt_list(stage->arena, &state->views, structure->views.items,
               structure->views.count, span);
    adopt_list(stage->arena, &state->triggers, structure->triggers.items,
               structure->triggers.count, span);
}

void state_adopt_programs(const struct stage *stage, struct state *state,
                          const struct structure *structure)
{
    struct span none = {.length = 0};

    adopt_programs(stage, state, structure, none);
}

static void adopt_virtual(const struct stage *stage, const struct state *old,
                          struct state *state, const struct table_def *def,
                          struct span span)
{
    const struct state_program *known = state_program(&old->virtual_tables, def->name);
    struct state_program *program = VEC_ADD(stage->arena, &state->virtual_tables);

    program->name = def->name;
    program->sql = def->text;
    program->table = NULL;
    program->span = known != NULL ? known->span : span;
}

/* The tables of a structure as nodes, or NULL where that failed. */
static const struct node *imported_tables(const struct stage *stage,
                                          const struct structure *structure)
{
    const struct source *source;
    struct buf yaml;
    const char *text;
    size_t length;

    buf_init(&yaml);
    import_yaml(stage->arena, structure, NULL, stage->schema->name, &yaml);
    length = yaml.length;
    text = arena_strndup(stage->arena, yaml.data, length);
    buf_release(&yaml);
    source = diags_source(stage->diags, "(tables made by SQL)", text, length);
    return node_get(node_read(stage->arena, stage->diags, source), "tables");
}

/* The table of the state that has this name in SQL, or NULL. */
static const struct state_table *table_by_sql(const struct state *state,
                                              const char *sql_name)
{
    size_t i;

    for (i = 0; state->model != NULL && i < state->model->tables.count; i++)
        if (name_same(state->model->tables.items[i]->sql_name, sql_name))
            return state_table(state, state->model->tables.items[i]->name);
    return NULL;
}

static bool is_same_table(const struct stage *stage, const struct structure *from,
                          const struct structure *to, const struct table_def *table)
{
    struct table_change change = {.from = structure_table(from, table->name),
                                  .to = table};
    size_t i;

    if (change.from == NULL || strcmp(change.from->name, table->name) != 0)
        return false;
    change.was = change.from->name;
    compare_tables(stage->arena, from, to, &change);
    if (change.any)
        return false;
    for (i = 0; i < to->indexes.count; i++) {
        const struct index_def *index = to->indexes.items[i];
        const struct index_def *old = structure_index(from, index->name);

        if (name_same(index->table, table->name) &&
            (old == NULL || strcmp(old->key, index->key) != 0))
            return false;
    }
    for (i = 0; i < from->indexes.count; i++)
        if (name_same(from->indexes.items[i]->table, table->name) &&
            structure_index(to, from->indexes.items[i]->name) == NULL)
            return false;
    return true;
}

bool state_adopt(const struct stage *stage, struct state *state,
                 const struct structure *structure, struct span span)
{
    const struct structure *before = state_structure(stage, state);
    const struct node *tables = imported_tables(stage, structure);
    struct state adopted = {0};
    size_t i, next = 0;

    if (before == NULL || tables == NULL)
        return false;
    for (i = 0; i < structure->tables.count; i++) {
        const struct table_def *def = structure->tables.items[i];
        const struct state_table *known = table_by_sql(state, def->name);
        struct state_table *table;

        if (def->is_virtual) {
            adopt_virtual(stage, state, &adopted, def, span);
            continue;
        }
        if (next == tables->count) {
            diag_error(stage->diags, 413, span, "the table `%s` can't be read back",
                       def->name);
            return false;
        }
        table = VEC_ADD(stage->arena, &adopted.tables);
        if (known != NULL && is_same_table(stage, before, structure, def)) {
            *table = *known;
        } else {
            table->name = known != NULL ? known->name : tables->entries[next].key->text;
            table->span = span;
            table->node = tables->entries[next].value;
        }
        next++;
    }
    adopted.views = state->views;
    adopted.triggers = state->triggers;
    adopt_programs(stage, &adopted, structure, span);
    *state = adopted;
    return true;
}
