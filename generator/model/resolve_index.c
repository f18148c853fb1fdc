/*
 * resolve_index.c: indexes and their terms: a column with its order and collation, or an
 * SQL expression. It must not know other tables.
 */
#include "resolve.h"

#include "../base/names.h"

#include <string.h>
#include <strings.h>

enum {
    TERM_WORDS = 4
}; /* column collate x desc */

/* A term's words, where it is made of words only. */
struct words {
    char *items[TERM_WORDS + 1];
    size_t count;
};

static bool is_word_char(char c, bool first)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (!first && c >= '0' && c <= '9');
}

static bool split(struct loader *loader, const char *text, struct words *words)
{
    words->count = 0;
    text += strspn(text, " \t\r\n");
    while (*text != '\0') {
        size_t length = 0;

        while (is_word_char(text[length], length == 0))
            length++;
        if (length == 0 || words->count == TERM_WORDS)
            return false;
        words->items[words->count++] = arena_strndup(loader->arena, text, length);
        text += length;
        if (*text != '\0' && strchr(" \t\r\n", *text) == NULL)
            return false;
        text += strspn(text, " \t\r\n");
    }
    return words->count > 0;
}

static bool is(const char *word, const char *keyword)
{
    return strcasecmp(word, keyword) == 0;
}

static void take_direction(struct words *words, struct index_term *term)
{
    const char *last = words->items[words->count - 1];

    if (words->count < 2 || (!is(last, "asc") && !is(last, "desc")))
        return;
    term->descending = is(last, "desc");
    words->count--;
}

static void take_collation(struct loader *loader, const char *word,
                           struct index_term *term)
{
    static const char *const names[] = {"BINARY", "NOCASE", "RTRIM"};
    struct suggestion suggestion;
    struct diag *diag;
    size_t i;

    suggest_init(&suggestion, word);
    for (i = 0; i < sizeof names / sizeof *names; i++) {
        if (is(word, names[i])) {
            term->collation = names[i];
            return;
        }
        suggest_try(&suggestion, language_collations[i]);
    }
    diag = diag_error(loader->diags, 148, term->span, "there is no collation `%s`", word);
    if (suggestion.best != NULL)
        diag_hint(diag, "did you mean `%s`?", suggestion.best);
    else
        diag_hint(diag, "binary, nocase or rtrim");
}

/* column [collate x] [asc|desc]; false: it is no such term. */
static bool column_term(struct loader *loader, const struct draft *draft,
                        struct words *words, struct index_term *term)
{
    take_direction(words, term);
    if (words->count != 1 && (words->count != 3 || !is(words->items[1], "collate")))
        return false;
    term->column = resolve_column(loader, draft, words->items[0], term->span);
    if (words->count == 3)
        take_collation(loader, words->items[2], term);
    return true;
}

bool resolve_term(struct loader *loader, const struct draft *draft,
                  const struct node *node, struct index_term *term)
{
    struct words words;

    *term = (struct index_term){.span = node->span};
    return split(loader, node->text, &words) && column_term(loader, draft, &words, term);
}

/* The length of `text` without the word and the space before it; 0: it does not end so.
 */
static size_t without_last(const char *text, size_t length, const char *word)
{
    size_t size = strlen(word);

    if (length <= size + 1 || strncasecmp(text + length - size, word, size) != 0 ||
        strchr(" \t\r\n)", text[length - size - 1]) == NULL)
        return 0;
    length -= size;
    while (length > 0 && strchr(" \t\r\n", text[length - 1]) != NULL)
        length--;
    return length;
}

static void expression_term(struct loader *loader, const char *text,
                            struct index_term *term)
{
    size_t length = strlen(text), shorter;

    while (length > 0 && strchr(" \t\r\n", text[length - 1]) != NULL)
        length--;
    shorter = without_last(text, length, "desc");
    term->descending = shorter > 0;
    if (shorter == 0)
        shorter = without_last(text, length, "asc");
    term->sql = arena_strndup(loader->arena, text, shorter > 0 ? shorter : length);
}

/* A column that is there twice sorts rows only with another collation. */
static bool is_listed(struct loader *loader, struct map *listed,
                      const struct index_term *term)
{
    const char *own = term->column->collation, *key;

    if (term->collation == NULL ||
        strcmp(term->collation, own != NULL ? own : "BINARY") == 0)
        return resolve_is_listed(loader, listed, term->column, term->span);
    key = arena_printf(loader->arena, "%s %s", term->column->name, term->collation);
    if (load_first(loader, listed, key, term->span) == NULL)
        return false;
    diag_error(loader->diags, 124, term->span, "the column `%s` is listed twice",
               term->column->name);
    return true;
}

static bool add_term(struct loader *loader, const struct draft *draft,
                     struct index *index, struct map *listed, const struct node *node)
{
    struct index_term *term;

    if (node->kind != NODE_SCALAR || node->text[strspn(node->text, " \t\r\n")] == '\0') {
        language_wrong_kind(loader->diags, node, "an index",
                            "columns or SQL expressions");
        return false;
    }
    term = VEC_ADD(loader->arena, &index->terms);
    if (!resolve_term(loader, draft, node, term)) {
        *term = (struct index_term){.span = node->span};
        expression_term(loader, node->text, term);
    }
    if (term->column != NULL && is_listed(loader, listed, term))
        return false;
    return term->column != NULL || term->sql != NULL;
}

static char *default_name(struct loader *loader, const struct table *table,
                          const struct index *index)
{
    struct buf buf;
    char *name;
    size_t i;

    buf_init(&buf);
    buf_addf(&buf, "idx_%s", table->name);
    for (i = 0; i < index->terms.count; i++)
        buf_addf(&buf, "_%s",
                 index->terms.items[i].column != NULL ? index->terms.items[i].column->name
                                                      : "expr");
    name = arena_strndup(loader->arena, buf.data, buf.length);
    buf_release(&buf);
    return name;
}

/* Equality in the index is equality of the columns themselves. */
static bool has_own_collations(const struct index *index)
{
    size_t i;

    for (i = 0; i < index->terms.count; i++) {
        const struct index_term *term = &index->terms.items[i];
        const char *own;

        if (term->column == NULL)
            return false;
        own = term->column->collation != NULL ? term->column->collation : "BINARY";
        if (term->collation != NULL && strcmp(term->collation, own) != 0)
            return false;
    }
    return true;
}

static void add_unique(struct loader *loader, struct draft *draft,
                       const struct index *index)
{
    const struct table *table = draft->table;
    struct unique *unique = VEC_ADD(loader->arena, &draft->table->uniques);
    size_t i, count = index->terms.count;

    unique->name = index->name;
    unique->span = index->span;
    unique->allows = index->allows;
    unique->columns.items = ARENA_ARRAY(loader->arena, struct column *, count);
    unique->columns.count = count;
    for (i = 0; i < count; i++)
        unique->columns.items[i] =
            table->columns.items[index->terms.items[i].column->index];
    load_first(loader, &draft->sets, resolve_set(loader, &unique->columns), unique->span);
}

static bool load_terms(struct loader *loader, const struct draft *draft,
                       struct index *index, const struct node *list)
{
    bool good = list->count > 0;
    struct map listed = {.count = 0};
    size_t i;

    if (!good)
        diag_error(loader->diags, 125, list->span, "an index needs a column");
    for (i = 0; i < list->count; i++)
        good = add_term(loader, draft, index, &listed, list->items[i]) && good;
    return good;
}

static void load_index(struct loader *loader, struct draft *draft,
                       const struct node *item)
{
    const struct node *values[INDEX_KEYS] = {item};
    struct index index = {.span = item->span};

    if (item->kind == NODE_MAP)
        language_read(loader->diags, PLACE_INDEX, item, values);
    else if (item->kind != NODE_LIST) {
        diag_hint(language_wrong_kind(
                      loader->diags, item, "an index",
                      "a list of columns or a map {columns, where, unique, name}"),
                  "each index is a list of its own: `[[a, b]]`");
        values[INDEX_COLUMNS] = NULL;
    }
    load_allows(loader, values[INDEX_LINT], &index.allows);
    index.unique = load_flag(values[INDEX_UNIQUE]);
    if (values[INDEX_COLUMNS] == NULL ||
        !load_terms(loader, draft, &index, values[INDEX_COLUMNS])) {
        draft->incomplete_keys = true;
        return;
    }
    if (values[INDEX_WHERE] != NULL) {
        index.where = values[INDEX_WHERE]->text;
        index.where_span = values[INDEX_WHERE]->span;
    }
    if (values[INDEX_NAME] != NULL)
        index.span = values[INDEX_NAME]->span;
    index.name = values[INDEX_NAME] != NULL ? values[INDEX_NAME]->text
                                            : default_name(loader, draft->table, &index);
    *VEC_ADD(loader->arena, &draft->table->indexes) = index;
    if (index.unique && index.where == NULL && has_own_collations(&index))
        add_unique(loader, draft, &index);
}

void resolve_indexes(struct loader *loader, struct draft *draft)
{
    const struct node *list = draft->values[TABLE_INDEXES];
    size_t i;

    for (i = 0; list != NULL && i < list->count; i++)
        load_index(loader, draft, list->items[i]);
}
