/*
 * edit_program.c: steps that make and drop views, triggers and virtual tables, see edit.h.
 */
#include "edit.h"

#include "../model/ddl.h"
#include "../model/load.h"

#include <string.h>

/* ---- dropping ----------------------------------------------------------------- */

static bool drop(struct editor *editor, struct state_programs *programs, const char *what)
{
    const struct node *name = editor->step->values[DROP_OBJECT_NAME];
    struct state_program *program = state_program(programs, name->text);
    size_t at;

    if (program == NULL) {
        diag_error(editor->stage->diags, 410, name->span,
                   "at this step there is no %s `%s`", what, name->text);
        return false;
    }
    at = (size_t)(program - programs->items);
    memmove(program, program + 1, (programs->count - at - 1) * sizeof *program);
    programs->count--;
    return true;
}

bool edit_drop_view(struct editor *editor)
{
    return drop(editor, &editor->state->views, "view");
}

bool edit_drop_trigger(struct editor *editor)
{
    return drop(editor, &editor->state->triggers, "trigger");
}

bool edit_drop_virtual_table(struct editor *editor)
{
    return drop(editor, &editor->state->virtual_tables, "virtual table");
}

/* ---- creating ----------------------------------------------------------------- */

static bool add(struct editor *editor, struct state_programs *programs,
                const struct node *name, const char *table, const char *sql)
{
    const struct state_program *first = state_program(programs, name->text);
    struct state_program *program;

    if (first != NULL) {
        struct diag *diag =
            diag_error(editor->stage->diags, 411, name->span,
                       "at this step there is a `%s` already", name->text);

        if (first->span.at.line != 0)
            diag_note(diag, first->span, "it was made here");
        return false;
    }
    program = VEC_ADD(editor->stage->arena, programs);
    program->name = name->text;
    program->table = table;
    program->sql = sql;
    program->span = name->span;
    return true;
}

bool edit_create_view(struct editor *editor)
{
    const struct node *name = editor->step->values[CREATE_VIEW_NAME];
    const struct node *sql = editor->step->values[CREATE_VIEW_SQL];
    struct view view = {.name = name->text,
                        .columns = editor->step->values[CREATE_VIEW_COLUMNS],
                        .sql = sql->text,
                        .node = sql};
    struct buf text;
    bool good;

    buf_init(&text);
    ddl_view(&view, &text);
    good = add(editor, &editor->state->views, name, NULL,
               arena_strndup(editor->stage->arena, text.data, text.length));
    buf_release(&text);
    return good;
}

bool edit_create_trigger(struct editor *editor)
{
    const struct node *name = editor->step->values[CREATE_TRIGGER_NAME];
    struct arena *arena = editor->stage->arena;
    struct node *map = node_with(arena, NULL, name->text,
                                 node_without(arena, editor->step->value, "name"));
    const struct schema *model;
    struct buf sql;
    bool good;

    map->entries[0].key = (struct node *)name;
    model = state_model_with(editor->stage, editor->state, map);
    if (model == NULL || model->triggers.count == 0)
        return false;
    buf_init(&sql);
    ddl_trigger(model->triggers.items[0], &sql);
    good = add(editor, &editor->state->triggers, name, model->triggers.items[0]->on,
               arena_strndup(arena, sql.data, sql.length));
    buf_release(&sql);
    return good;
}

bool edit_create_virtual_table(struct editor *editor)
{
    const struct node *name = editor->step->values[CREATE_VIRTUAL_NAME];
    const struct virtual_table *table =
        virtual_table_read(editor->stage->arena, editor->stage->diags, name,
                           editor->step->values + CREATE_VIRTUAL_NAME + 1);
    struct buf sql;
    bool good;

    if (table == NULL)
        return false;
    buf_init(&sql);
    ddl_virtual_table(table, &sql);
    good = add(editor, &editor->state->virtual_tables, name, NULL,
               arena_strndup(editor->stage->arena, sql.data, sql.length));
    buf_release(&sql);
    return good;
}
