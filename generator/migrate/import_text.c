/*
 * import_text.c: SQL of an imported database in which text stands in "double quotes". SQLite
 * takes that as text where no name fits, but generated code opens without it: it is written
 * in 'single quotes'.
 */
#include "import_internal.h"

#include "../base/names.h"
#include "../sql/token.h"
#include "scratch.h"

#include <string.h>

struct text {
    struct arena *arena;
    const char *sql;
    const struct token *tokens;
    size_t count;
};

static bool is_doubtful(const struct text *text, size_t at)
{
    return text->tokens[at].kind == TOKEN_QUOTED &&
           text->sql[text->tokens[at].offset] == '"';
}

static const char *value(const struct text *text, size_t at)
{
    return token_value(text->arena, text->sql, text->tokens[at]);
}

static bool is_column(const struct table_def *table, const char *name)
{
    return table_def_column(table, name) != NO_COLUMN || name_same(name, "rowid") ||
           name_same(name, "oid") || name_same(name, "_rowid_") ||
           name_same(name, table->name);
}

/* With each token in single quotes that is text, as `is_text` says of its value. */
static const char *replaced(struct arena *arena, const char *sql,
                            bool (*is_text)(const void *context, const char *name),
                            const void *context)
{
    struct text text = {.arena = arena, .sql = sql};
    size_t i, done = 0;
    const char *result;
    struct buf out;

    text.tokens = token_list(arena, sql, strlen(sql), &text.count);
    buf_init(&out);
    for (i = 0; i + 1 < text.count; i++) {
        const struct token *token = &text.tokens[i];

        if (!is_doubtful(&text, i) || !is_text(context, value(&text, i)))
            continue;
        buf_add(&out, sql + done, token->offset - done);
        buf_adds(&out, text_sql(arena, value(&text, i)));
        done = token->offset + token->length;
    }
    buf_adds(&out, sql + done);
    result = done == 0 ? sql : arena_strndup(arena, out.data, out.length);
    buf_release(&out);
    return result;
}

static bool is_no_column(const void *context, const char *name)
{
    return !is_column(context, name);
}

const char *import_sql(const struct importer *importer, const struct table_def *table,
                       const char *sql)
{
    return replaced(importer->arena, sql, is_no_column, table);
}

/* ---- views and triggers -------------------------------------------------------------- */

static bool is_that(const void *context, const char *name)
{
    return name_same(context, name);
}

/* The name that SQLite looks for in vain, or NULL. */
static const char *missing_column(struct arena *arena, sqlite3 *db,
                                  const struct program_def *program, bool trigger)
{
    static const char prefix[] = "no such column: ";
    static const char *const events[] = {"INSERT", "UPDATE", "DELETE"};
    const char *fault = NULL, *at;
    size_t i;

    if (!trigger)
        fault = scratch_view_fault(arena, db, program->name);
    for (i = 0; trigger && fault == NULL && i < sizeof events / sizeof *events; i++)
        fault = scratch_change_fault(arena, db, program->table, events[i]);
    at = fault != NULL ? strstr(fault, prefix) : NULL;
    return at != NULL ? at + sizeof prefix - 1 : NULL;
}

/* False: there is nothing to replace. */
static bool replace_text(struct arena *arena, sqlite3 *db,
                         const struct program_def *program, bool trigger,
                         const char **text)
{
    const char *missing = missing_column(arena, db, program, trigger), *better, *error;

    if (missing == NULL)
        return false;
    better = replaced(arena, *text, is_that, missing);
    if (better == *text)
        return false;
    *text = better;
    return scratch_run(arena, db,
                       arena_printf(arena, "DROP %s %s;\n%s",
                                    trigger ? "TRIGGER" : "VIEW",
                                    name_sql(arena, program->name), better),
                       &error);
}

static bool replace_all(struct arena *arena, sqlite3 *db,
                        struct program_def *const *programs, size_t count, bool trigger,
                        const char **texts)
{
    bool changed = false;
    size_t i;

    for (i = 0; i < count; i++)
        while (replace_text(arena, db, programs[i], trigger, &texts[i]))
            changed = true;
    return changed;
}

static const char **texts_of(struct arena *arena, struct program_def *const *programs,
                             size_t count)
{
    const char **texts = ARENA_ARRAY(arena, const char *, count + 1);
    size_t i;

    for (i = 0; i < count; i++)
        texts[i] = programs[i]->text;
    return texts;
}

/* One that is broken hides those behind it, so they are looked at again. */
void import_program_texts(struct importer *importer)
{
    const struct structure *structure = importer->structure;
    size_t views = structure->views.count, triggers = structure->triggers.count;
    const char *error;
    sqlite3 *db;

    importer->views = texts_of(importer->arena, structure->views.items, views);
    importer->triggers = texts_of(importer->arena, structure->triggers.items, triggers);
    if (views + triggers == 0 ||
        (db = scratch_of(importer->arena, structure, &error)) == NULL)
        return;
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    while (replace_all(importer->arena, db, structure->views.items, views, false,
                       importer->views) ||
           replace_all(importer->arena, db, structure->triggers.items, triggers, true,
                       importer->triggers))
        continue;
    sqlite3_close(db);
}
