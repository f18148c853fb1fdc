/*
 * rules_migration.c: what `quarry migrate lint` says, as findings: one of each kind for a
 * migration. See lint.h.
 */
#include "lint.h"

#include <string.h>

/* Of the migration that comes by. */
struct gathered {
    struct lint *lint;
    const struct migration *migration; /* NULL: none yet */
    const char *slow, *fails;          /* NULL: nothing of this kind */
};

static bool is_released(const struct lint *lint, const struct migration *migration)
{
    size_t i;

    for (i = 0; lint->lock != NULL && i < lint->lock->entries.count; i++)
        if (lint->lock->entries.items[i].version == migration->version &&
            strcmp(lint->lock->entries.items[i].schema, lint->schema->name) == 0)
            return true;
    return false;
}

static void report(const struct gathered *gathered, int code, const char *text,
                   const char *accept)
{
    struct lint *lint = gathered->lint;
    struct lint_place place;

    if (text == NULL)
        return;
    place = lint_at_span(lint, gathered->migration->span, NULL);
    if (!lint_allowed(lint, &place, code))
        diag_hint(diag_warning(lint->diags, code, place.span, "the migration `%s`: %s",
                               gathered->migration->name, text),
                  "where that is meant: `accept: %s`", accept);
}

static void report_both(const struct gathered *gathered)
{
    report(gathered, FINDING_MIGRATION_SLOW, gathered->slow, warning_word(WARNING_SLOW));
    report(gathered, FINDING_MIGRATION_FAILS, gathered->fails,
           warning_word(WARNING_CAN_FAIL));
}

/* The other kinds are errors when the migrations are read. */
static void gather(void *context, const struct history_version *version,
                   const struct plan_warning *warning)
{
    struct gathered *gathered = context;
    const char **text;

    if (is_released(gathered->lint, version->migration) ||
        (warning->kind != WARNING_SLOW && warning->kind != WARNING_CAN_FAIL))
        return;
    if (gathered->migration != version->migration) {
        report_both(gathered);
        *gathered = (struct gathered){gathered->lint, version->migration, NULL, NULL};
    }
    text = warning->kind == WARNING_SLOW ? &gathered->slow : &gathered->fails;
    *text = *text == NULL
                ? warning->text
                : arena_printf(gathered->lint->arena, "%s; %s", *text, warning->text);
}

void lint_migrations(struct lint *lint)
{
    struct gathered gathered = {.lint = lint};

    if (lint->schema == NULL || lint->schema->history == NULL)
        return;
    history_warnings(lint->schema->history, gather, &gathered);
    report_both(&gathered);
}
