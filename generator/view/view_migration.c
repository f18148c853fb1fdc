/*
 * view_migration.c: the migrations for NAME_migrations.c: each statement as an object of
 * SQL, the steps that they belong to, and what there is to say of a migration.
 */
#include "../migrate/history.h"
#include "build.h"
#include "text.h"

#include <string.h>

enum {
    DOC_WIDTH = 84
};

/* clang-format off */
#define MIGRATION_FIELDS(X)                                                              \
    X(migration) X(migration_c) X(number) X(checksum) X(has_doc) X(doc_lines)            \
    X(up) X(down) X(up_count) X(down_count) X(has_up) X(has_down)                        \
    X(irreversible_c) X(destroys) X(losses) X(up_foreign_keys_off)                       \
    X(down_foreign_keys_off) X(rule) X(rows) X(has_rows) X(counts_c)
/* clang-format on */
#define MIGRATION_NUMBER(field) MIGRATION_##field,
#define FIELD_NAME(field)       #field,
enum {
    MIGRATION_FIELDS(MIGRATION_NUMBER) MIGRATION_FIELD_COUNT
};
static const char *const migration_names[] = {MIGRATION_FIELDS(FIELD_NAME) NULL};
static struct shape migration_shape = {.names = migration_names};

/* ---- steps -------------------------------------------------------------------- */

static struct value view_statements(struct arena *arena, const struct script_step *step,
                                    const char *variable)
{
    struct value *items = ARENA_ARRAY(arena, struct value, step->sql.count + 1);
    size_t i;

    for (i = 0; i < step->sql.count; i++)
        items[i] = text_sql_object(arena, arena_printf(arena, "%s_%zu", variable, i + 1),
                                   step->sql.items[i]);
    return value_list(arena, items, step->sql.count);
}

static struct value view_step(struct builder *builder, const struct script_step *step,
                              const char *array)
{
    static const char *const names[] = {"array", "text_c",     "comment",
                                        "call",  "statements", NULL};
    static struct shape shape = {.names = names};
    struct arena *arena = builder->arena;
    struct value *f = ARENA_ARRAY(arena, struct value, 5);

    f[0] = value_text(array);
    f[1] = value_text(text_c_string(arena, step->text, strlen(step->text)));
    f[2] = value_text(text_comment_safe(arena, step->text));
    f[3] =
        value_text(step->call == NULL
                       ? NULL
                       : arena_printf(arena, "%s_%s", builder->schema->name, step->call));
    f[4] = view_statements(arena, step, array);
    return value_new(arena, &shape, NULL, f);
}

static struct value view_script(struct builder *builder, const struct script *script,
                                int version, const char *way)
{
    struct arena *arena = builder->arena;
    struct value *items = ARENA_ARRAY(arena, struct value, script->steps.count + 1);
    size_t i;

    for (i = 0; i < script->steps.count; i++)
        items[i] = view_step(builder, &script->steps.items[i],
                             arena_printf(arena, "%s_%d_%zu", way, version, i + 1));
    return value_list(arena, items, script->steps.count);
}

/* ---- migrations --------------------------------------------------------------- */

/* What a migration destroys, in words, as lines of a comment. */
static struct value view_losses(struct arena *arena, const struct script *script)
{
    struct value *items;
    size_t i, k, count = 0;

    for (i = 0; i < script->plans.count; i++)
        count += script->plans.items[i]->warnings.count;
    count += script->losses.count;
    items = ARENA_ARRAY(arena, struct value, count + 1);
    count = 0;
    for (i = 0; i < script->plans.count; i++)
        for (k = 0; k < script->plans.items[i]->warnings.count; k++) {
            const struct plan_warning *warning =
                &script->plans.items[i]->warnings.items[k];

            if (warning->kind == WARNING_DATA_LOSS)
                items[count++] = value_text(text_comment_safe(arena, warning->text));
        }
    for (i = 0; i < script->losses.count; i++)
        items[count++] =
            value_text(text_comment_safe(arena, script->losses.items[i].text));
    return value_list(arena, items, count);
}

/* The rows that emitted tests insert at this version. */
static struct value view_rows(struct arena *arena, const struct history_version *version)
{
    struct value *items = ARENA_ARRAY(arena, struct value, version->rows.count + 1);
    size_t i;

    for (i = 0; i < version->rows.count; i++)
        items[i] = text_sql_object(
            arena, arena_printf(arena, "row_%d_%zu", version->migration->version, i + 1),
            version->rows.items[i]);
    return value_list(arena, items, version->rows.count);
}

static struct value view_migration(struct builder *builder,
                                   const struct history_version *version)
{
    struct arena *arena = builder->arena;
    const struct migration *migration = version->migration;
    const char *why = migration->irreversible;
    struct value *f = ARENA_ARRAY(arena, struct value, MIGRATION_FIELD_COUNT);

    f[MIGRATION_migration] = value_text(migration->name);
    f[MIGRATION_migration_c] =
        value_text(text_c_string(arena, migration->name, strlen(migration->name)));
    f[MIGRATION_number] = value_text(text_int64(arena, migration->version));
    f[MIGRATION_checksum] = value_text(version->checksum);
    f[MIGRATION_has_doc] = value_flag(migration->doc != NULL && *migration->doc != '\0');
    f[MIGRATION_doc_lines] =
        text_comment(arena, migration->doc == NULL ? "" : migration->doc, DOC_WIDTH);
    f[MIGRATION_up] = view_script(builder, &version->up, migration->version, "up");
    f[MIGRATION_down] = view_script(builder, &version->down, migration->version, "down");
    f[MIGRATION_up_count] = value_text(text_size(arena, version->up.steps.count));
    f[MIGRATION_down_count] = value_text(text_size(arena, version->down.steps.count));
    f[MIGRATION_has_up] = value_flag(version->up.steps.count > 0);
    f[MIGRATION_has_down] = value_flag(version->down.steps.count > 0);
    f[MIGRATION_irreversible_c] =
        value_text(why == NULL ? NULL : text_c_string(arena, why, strlen(why)));
    f[MIGRATION_destroys] = value_flag(version->up.destroys);
    f[MIGRATION_losses] = view_losses(arena, &version->up);
    f[MIGRATION_up_foreign_keys_off] = value_flag(version->up.foreign_keys_off);
    f[MIGRATION_down_foreign_keys_off] = value_flag(version->down.foreign_keys_off);
    f[MIGRATION_rule] = value_text(text_rule(
        arena, arena_printf(arena, "%d %s", migration->version, migration->name)));
    f[MIGRATION_rows] = view_rows(arena, version);
    f[MIGRATION_has_rows] = value_flag(version->rows.count > 0);
    f[MIGRATION_counts_c] =
        value_text(version->counts == NULL
                       ? NULL
                       : text_c_string(arena, version->counts, strlen(version->counts)));
    return value_new(arena, &migration_shape, NULL, f);
}

/* ---- calls -------------------------------------------------------------------- */

struct calls {
    struct map seen;
    VEC(struct value) list;
};

static void add_calls(struct builder *builder, const struct history_version *version,
                      const struct script *script, struct calls *calls)
{
    static const char *const names[] = {"call", "version", NULL};
    static struct shape shape = {.names = names};
    struct arena *arena = builder->arena;
    size_t i;

    for (i = 0; i < script->steps.count; i++) {
        const char *call = script->steps.items[i].call;
        struct value *f;

        if (call == NULL || map_get(&calls->seen, call) != NULL)
            continue;
        map_put(arena, &calls->seen, call, calls);
        f = ARENA_ARRAY(arena, struct value, 2);
        f[0] = value_text(arena_printf(arena, "%s_%s", builder->schema->name, call));
        f[1] = value_text(text_int64(arena, version->migration->version));
        *VEC_ADD(arena, &calls->list) = value_new(arena, &shape, NULL, f);
    }
}

void view_migrations(struct builder *builder, struct value *migrations,
                     struct value *calls)
{
    const struct history *history = builder->schema->history;
    struct arena *arena = builder->arena;
    size_t count = history != NULL ? history->versions.count : 0, i;
    struct value *items = ARENA_ARRAY(arena, struct value, count + 1);
    struct calls found = {.list = {0}};

    for (i = 0; i < count; i++) {
        const struct history_version *version = &history->versions.items[i];

        items[i] = view_migration(builder, version);
        add_calls(builder, version, &version->up, &found);
        add_calls(builder, version, &version->down, &found);
    }
    *migrations = value_list(arena, items, count);
    *calls = value_list(arena, found.list.items, found.list.count);
}

static bool script_mentions(const struct script *script, const char *text)
{
    size_t i, k;

    for (i = 0; i < script->steps.count; i++)
        for (k = 0; k < script->steps.items[i].sql.count; k++)
            if (strstr(script->steps.items[i].sql.items[k], text) != NULL)
                return true;
    return false;
}

bool view_migrations_mention(const struct schema *schema, const char *text)
{
    const struct history *history = schema->history;
    size_t i;

    for (i = 0; history != NULL && i < history->versions.count; i++)
        if (script_mentions(&history->versions.items[i].up, text) ||
            script_mentions(&history->versions.items[i].down, text))
            return true;
    return false;
}

struct value view_migration_counts(struct arena *arena, const struct schema *schema)
{
    const char *sql = schema->history != NULL ? schema->history->counts_sql : NULL;

    return text_sql_object(arena, "count_rows", sql != NULL ? sql : "SELECT ''");
}

bool view_migrations_reversible(const struct schema *schema)
{
    const struct history *history = schema->history;
    size_t i;

    for (i = 0; history != NULL && i < history->versions.count; i++)
        if (!history->versions.items[i].has_down)
            return false;
    return true;
}
