/*
 * load_lint.c: `lint: {allow: […]}`: which findings are wanted as they are. It must not know
 * what is looked for.
 */
#include "load.h"

#include "../base/findings.h"
#include "../base/names.h"

static void unknown_code(struct loader *loader, const struct node *node)
{
    struct diag *diag =
        diag_error(loader->diags, 160, node->span, "`%s` is no finding", node->text);
    struct suggestion suggestion;
    int i;

    suggest_init(&suggestion, node->text);
    for (i = 0; finding_at(i) != 0; i++)
        suggest_try(&suggestion,
                    arena_printf(loader->arena, "L%03d", finding_at(i) - FINDING_BASE));
    if (suggestion.best != NULL)
        diag_hint(diag, "did you mean `%s`?", suggestion.best);
    else
        diag_hint(diag, "a code of docs/lint.md: L101");
}

void load_allows(struct loader *loader, const struct node *lint, struct allows *allows)
{
    const struct node *values[LINT_KEYS], *list;
    struct map listed = {0};
    size_t i;

    if (lint == NULL)
        return;
    language_read(loader->diags, PLACE_LINT, lint, values);
    list = values[LINT_ALLOW];
    for (i = 0; list != NULL && i < list->count; i++) {
        int code;

        if (load_is_repeated(loader, &listed, list->items[i], "the code"))
            continue;
        if (finding_find(list->items[i]->text, &code))
            *VEC_ADD(loader->arena, allows) = (struct allow){code, list->items[i]->span};
        else
            unknown_code(loader, list->items[i]);
    }
}
