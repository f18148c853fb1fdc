/*
 * resolve_type.c: whether a declared type of the user's own can hold what the column
 * holds. STRICT tables take six types; in others SQLite derives an affinity from the
 * words.
 */
#include "resolve.h"

#include "../base/names.h"

#include <string.h>
#include <strings.h>

enum affinity {
    AFFINITY_INTEGER,
    AFFINITY_TEXT,
    AFFINITY_BLOB,
    AFFINITY_REAL,
    AFFINITY_NUMERIC
};

static bool holds_word(const char *type, const char *word)
{
    size_t length = strlen(word);

    for (; *type != '\0'; type++)
        if (strncasecmp(type, word, length) == 0)
            return true;
    return false;
}

/* https://www.sqlite.org/datatype3.html, section 3.1, in its order. */
static enum affinity affinity_of(const char *type)
{
    if (holds_word(type, "INT"))
        return AFFINITY_INTEGER;
    if (holds_word(type, "CHAR") || holds_word(type, "CLOB") || holds_word(type, "TEXT"))
        return AFFINITY_TEXT;
    if (holds_word(type, "BLOB") || *type == '\0')
        return AFFINITY_BLOB;
    if (holds_word(type, "REAL") || holds_word(type, "FLOA") || holds_word(type, "DOUB"))
        return AFFINITY_REAL;
    return AFFINITY_NUMERIC;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static size_t word_length(const char *at)
{
    size_t length = 0;

    while (is_letter(at[length]) ||
           (length > 0 && at[length] >= '0' && at[length] <= '9'))
        length++;
    return length;
}

/* "(10)", "(10, 2)" up to the end of the text. */
static bool is_size(const char *at)
{
    at += strspn(at, "0123456789+-. ,(");
    return at[0] == ')' && at[1] == '\0';
}

/* Words that are no keywords, then perhaps a size: nothing that could end the type. */
static bool is_type_text(struct loader *loader, const char *type)
{
    const char *at = type;

    while (*at != '\0') {
        size_t length = word_length(at);

        if (length == 0)
            return at > type && *at == '(' && strchr(at + 1, '(') == NULL && is_size(at);
        if (name_is_sql_keyword(arena_strndup(loader->arena, at, length)))
            return false;
        at += length;
        at += *at == ' ';
    }
    return true;
}

static bool strict_takes(const char *type, enum storage storage)
{
    static const char *const types[][3] = {[STORE_INTEGER] = {"INTEGER", "INT", "ANY"},
                                           [STORE_REAL] = {"REAL", "ANY", "ANY"},
                                           [STORE_TEXT] = {"TEXT", "ANY", "ANY"},
                                           [STORE_BLOB] = {"BLOB", "ANY", "ANY"}};
    size_t i;

    for (i = 0; i < 3; i++)
        if (strcasecmp(types[storage][i], type) == 0)
            return true;
    return false;
}

static void check_strict(struct loader *loader, const struct column *column,
                         const struct node *node)
{
    static const char *const fitting[] = {[STORE_INTEGER] = "INTEGER or INT",
                                          [STORE_REAL] = "REAL",
                                          [STORE_TEXT] = "TEXT",
                                          [STORE_BLOB] = "BLOB"};

    if (strict_takes(column->sql_type, column->storage))
        return;
    diag_hint(diag_error(loader->diags, 138, node->span,
                         "`%s` can't be declared `%s` in a STRICT table", column->name,
                         column->sql_type),
              "%s or ANY; or `strict: false` on the table", fitting[column->storage]);
}

static void check_affinity(struct loader *loader, const struct column *column,
                           const struct node *node)
{
    enum affinity affinity = affinity_of(column->sql_type);
    bool is_number = column->storage == STORE_INTEGER || column->storage == STORE_REAL;
    bool any_text = column->type == TYPE_TEXT || column->type == TYPE_JSON ||
                    (column->type == TYPE_ENUM && column->storage == STORE_TEXT);

    if (is_number && affinity == AFFINITY_TEXT)
        diag_error(loader->diags, 138, node->span,
                   "`%s` holds numbers, which a column declared `%s` turns into text",
                   column->name, column->sql_type);
    else if (column->type == TYPE_JSON && affinity != AFFINITY_TEXT &&
             affinity != AFFINITY_BLOB)
        diag_hint(diag_error(loader->diags, 138, node->span,
                             "`%s` holds JSON, but a column declared `%s` turns the text "
                             "'7' into a number",
                             column->name, column->sql_type),
                  "TEXT, or a name with CHAR, CLOB or TEXT in it");
    else if (any_text && affinity != AFFINITY_TEXT && affinity != AFFINITY_BLOB)
        diag_warning(loader->diags, 192, node->span,
                     "`%s` holds text, but a column declared `%s` turns '007' into 7",
                     column->name, column->sql_type);
}

void resolve_sql_type(struct loader *loader, struct draft *draft,
                      const struct draft_column *column)
{
    const struct node *node = column->values[COLUMN_SQL_TYPE];

    if (node == NULL || column->column->type == TYPE_KINDS)
        return;
    if (!is_type_text(loader, node->text))
        diag_hint(diag_error(loader->diags, 138, node->span, "`%s` is no declared type",
                             node->text),
                  "words, perhaps with a size: VARCHAR(40)");
    else if (draft->table->strict)
        check_strict(loader, column->column, node);
    else
        check_affinity(loader, column->column, node);
}
