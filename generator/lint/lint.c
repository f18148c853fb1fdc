/*
 * lint.c: the rules in their order, and what is said of allowances. See lint.h.
 */
#include "lint.h"

#include "../base/buf.h"
#include "../base/names.h"

void lint_init(struct lint *lint)
{
    size_t i;

    for (i = 0; lint->schema != NULL && i < lint->schema->tables.count; i++) {
        struct table *table = lint->schema->tables.items[i];

        map_put(lint->arena, &lint->tables, name_lower(lint->arena, table->sql_name),
                table);
    }
}

/* Tables of SQLite, and those that Quarry makes itself, are not the user's. */
static bool is_linted(const struct lint *lint, const struct table_shape *shape)
{
    if (shape->def == NULL || sqlite3_strnicmp(shape->table->name, "sqlite_", 7) == 0)
        return false;
    return lint->schema == NULL || lint_model(lint, shape) != NULL;
}

void lint_tables(struct lint *lint)
{
    size_t count, i;
    struct table_shape *const *shapes = shapes_all(lint->catalog, &count);

    for (i = 0; i < count; i++) {
        if (!is_linted(lint, shapes[i]))
            continue;
        lint_keys(lint, shapes[i]);
        lint_indexes(lint, shapes[i]);
        lint_columns(lint, shapes[i]);
    }
    if (lint->schema != NULL)
        lint_unused(lint);
}

/* ---- allowances ---------------------------------------------------------------------- */

static bool is_used(const struct lint *lint, const struct allow *allow)
{
    size_t i;

    for (i = 0; i < lint->used.count; i++)
        if (lint->used.items[i] == allow)
            return true;
    return false;
}

static bool allows(struct lint *lint, const struct allows *allows, int code)
{
    size_t i;

    for (i = 0; allows != NULL && i < allows->count; i++)
        if (allows->items[i].code == code) {
            if (!is_used(lint, &allows->items[i]))
                *VEC_ADD(lint->arena, &lint->used) = &allows->items[i];
            return true;
        }
    return false;
}

/* The innermost allowance counts as the one that is used. */
bool lint_allowed(struct lint *lint, const struct lint_place *place, int code)
{
    int i;

    for (i = 0; i < ALLOW_LEVELS; i++)
        if (allows(lint, place->allows[i], code))
            return true;
    return false;
}

static void check_used(struct lint *lint, const struct allows *allows)
{
    size_t i;

    for (i = 0; i < allows->count; i++)
        if (!is_used(lint, &allows->items[i]))
            diag_hint(diag_warning(lint->diags, FINDING_ALLOW_UNUSED,
                                   allows->items[i].span,
                                   "L%03d is allowed here and not found",
                                   allows->items[i].code - FINDING_BASE),
                      "remove it");
}

static void check_table(struct lint *lint, const struct table *table)
{
    size_t i;

    check_used(lint, &table->allows);
    for (i = 0; i < table->columns.count; i++)
        check_used(lint, &table->columns.items[i]->allows);
    for (i = 0; i < table->uniques.count; i++)
        if (table->uniques.items[i].is_constraint)
            check_used(lint, &table->uniques.items[i].allows);
    for (i = 0; i < table->indexes.count; i++)
        check_used(lint, &table->indexes.items[i].allows);
    for (i = 0; i < table->foreign_keys.count; i++)
        check_used(lint, &table->foreign_keys.items[i].allows);
}

void lint_allows(struct lint *lint)
{
    size_t i;

    if (lint->schema == NULL)
        return;
    check_used(lint, &lint->schema->allows);
    for (i = 0; i < lint->schema->enums.count; i++)
        check_used(lint, &lint->schema->enums.items[i]->allows);
    for (i = 0; i < lint->schema->tables.count; i++)
        check_table(lint, lint->schema->tables.items[i]);
    for (i = 0; i < lint->schema->views.count; i++)
        check_used(lint, &lint->schema->views.items[i]->allows);
    for (i = 0; i < lint->schema->queries.count; i++)
        check_used(lint, &lint->schema->queries.items[i]->allows);
}

/* ---- words --------------------------------------------------------------------------- */

static const char *finish(struct lint *lint, struct buf *out)
{
    const char *text = arena_strndup(lint->arena, out->data, out->length);

    buf_release(out);
    return text;
}

const char *lint_terms(struct lint *lint, const struct term_defs *terms)
{
    struct buf out;
    size_t i;

    buf_init(&out);
    for (i = 0; i < terms->count; i++) {
        const struct term_def *term = &terms->items[i];

        buf_addf(&out, "%s%s", i == 0 ? "" : ", ",
                 term->name != NULL ? term->name : term->sql.text);
        if (term->collation != NULL)
            buf_addf(&out, " collate %s", term->collation);
        if (term->descending)
            buf_adds(&out, " desc");
    }
    return finish(lint, &out);
}

const char *lint_names(struct lint *lint, const struct name_list *names)
{
    struct buf out;
    size_t i;

    buf_init(&out);
    for (i = 0; i < names->count; i++)
        buf_addf(&out, "%s%s", i == 0 ? "" : ", ", names->items[i]);
    return finish(lint, &out);
}
