/*
 * parse_ddl_key.c: the keys of SQL text (see parse_ddl.h) and the moving through a
 * statement's tokens. It must not know which statement it is.
 */
#include "parse_ddl_internal.h"

#include <stdlib.h>
#include <string.h>

void ddl_open(struct ddl_reader *reader, struct arena *arena, const char *text)
{
    *reader = (struct ddl_reader){.arena = arena, .text = text};
    reader->tokens = token_list(arena, text, strlen(text), &reader->count);
}

char *name_lower(struct arena *arena, const char *name)
{
    char *lower = arena_strdup(arena, name), *at;

    for (at = lower; *at != '\0'; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at - 'A' + 'a');
    return lower;
}

/* ---- keys ------------------------------------------------------------------------- */

static bool is_word_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
           (unsigned char)c >= 0x80;
}

/*
 * True where a name without quotes would be read as something else: keywords that cannot
 * be names, and words that are values.
 */
static bool changes_bare(const char *lower)
{
    static const char *const values[] = {"current_date", "current_time",
                                         "current_timestamp", "true", "false"};
    enum keyword keyword = keyword_find(lower, strlen(lower));
    size_t i;

    for (i = 0; i < sizeof values / sizeof *values; i++)
        if (strcmp(lower, values[i]) == 0)
            return true;
    return keyword != KEYWORD_NONE && !keyword_is_plain(keyword);
}

static void add_quoted(struct buf *out, const char *value, char quote)
{
    buf_addc(out, quote);
    for (; *value != '\0'; value++) {
        if (*value == quote)
            buf_addc(out, quote);
        buf_addc(out, *value);
    }
    buf_addc(out, quote);
}

static void add_name(struct buf *out, const char *lower)
{
    const char *at = lower;

    while (is_word_character(*at))
        at++;
    if (*at != '\0' || at == lower || (*lower >= '0' && *lower <= '9') || *lower == '$' ||
        changes_bare(lower))
        add_quoted(out, lower, '"');
    else
        buf_adds(out, lower);
}

/* "x" is a string where no name x is known and the grammar allows one. */
static bool is_string(const struct ddl_reader *reader, size_t at, const char *lower)
{
    if (reader->names == NULL || reader->text[reader->tokens[at].offset] != '"')
        return false;
    if (at > 0 && reader->tokens[at - 1].kind == TOKEN_DOT)
        return false;
    if (reader->tokens[at + 1].kind == TOKEN_DOT ||
        reader->tokens[at + 1].kind == TOKEN_LEFT)
        return false;
    return map_get(reader->names, lower) == NULL;
}

static void add_quoted_token(const struct ddl_reader *reader, size_t at, struct buf *out)
{
    char *value = token_value(reader->arena, reader->text, reader->tokens[at]);
    char *lower = name_lower(reader->arena, value);

    if (is_string(reader, at, lower))
        add_quoted(out, value, '\'');
    else
        add_name(out, lower);
}

/* In lower case. */
static void add_letters(const char *text, size_t length, struct buf *out)
{
    size_t i;

    for (i = 0; i < length; i++)
        buf_addc(out, text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] - 'A' + 'a')
                                                       : text[i]);
}

static void add_lower(const struct ddl_reader *reader, size_t at, struct buf *out)
{
    const struct token *token = &reader->tokens[at];

    add_letters(reader->text + token->offset, token->length, out);
}

static void add_token(const struct ddl_reader *reader, size_t at, struct buf *out)
{
    switch (reader->tokens[at].kind) {
    case TOKEN_QUOTED: add_quoted_token(reader, at, out); break;
    case TOKEN_STRING:
        add_quoted(out, token_value(reader->arena, reader->text, reader->tokens[at]),
                   '\'');
        break;
    case TOKEN_EQUAL: buf_addc(out, '='); break;
    case TOKEN_UNEQUAL: buf_adds(out, "<>"); break;
    default: add_lower(reader, at, out); break;
    }
}

/* The table's own name before a column's in its own expressions says nothing. */
static bool is_own_qualifier(const struct ddl_reader *reader, size_t at)
{
    if (reader->own == NULL || reader->tokens[at + 1].kind != TOKEN_DOT)
        return false;
    if (at > 0 && reader->tokens[at - 1].kind == TOKEN_DOT)
        return false;
    return name_same(token_value(reader->arena, reader->text, reader->tokens[at]),
                     reader->own);
}

char *ddl_key(const struct ddl_reader *reader, size_t first, size_t end)
{
    struct buf out;
    char *key;

    buf_init(&out);
    for (; first < end; first++) {
        if (is_own_qualifier(reader, first)) {
            first++;
            continue;
        }
        if (out.length > 0)
            buf_addc(&out, ' ');
        add_token(reader, first, &out);
    }
    key = arena_strndup(reader->arena, out.data, out.length);
    buf_release(&out);
    return key;
}

/* The token behind the `)` that closes the `(` at `at`; reader->count where none does. */
static size_t behind_parenthesis(const struct ddl_reader *reader, size_t at)
{
    size_t depth = 0;

    for (; at < reader->count; at++) {
        if (reader->tokens[at].kind == TOKEN_LEFT)
            depth++;
        if (reader->tokens[at].kind == TOKEN_RIGHT && --depth == 0)
            return at + 1;
    }
    return reader->count;
}

void ddl_strip(const struct ddl_reader *reader, size_t *first, size_t *end)
{
    while (*first + 2 < *end && reader->tokens[*first].kind == TOKEN_LEFT &&
           behind_parenthesis(reader, *first) == *end) {
        (*first)++;
        (*end)--;
    }
}

char *ddl_source(const struct ddl_reader *reader, size_t first, size_t end)
{
    const struct token *last;

    if (first >= end)
        return arena_strdup(reader->arena, "");
    last = &reader->tokens[end - 1];
    return arena_strndup(reader->arena, reader->text + reader->tokens[first].offset,
                         last->offset + last->length - reader->tokens[first].offset);
}

void ddl_complete(const struct ddl_reader *reader, struct sql_piece *piece)
{
    if (piece->first >= piece->end)
        return;
    ddl_strip(reader, &piece->first, &piece->end);
    piece->text = ddl_source(reader, piece->first, piece->end);
    piece->key = ddl_key(reader, piece->first, piece->end);
}

bool sql_piece_mentions(const struct sql_piece *piece, const char *name)
{
    struct arena arena = {0};
    struct token *tokens;
    size_t count, i;
    bool found = false;

    if (piece->key == NULL)
        return false;
    tokens = token_list(&arena, piece->key, strlen(piece->key), &count);
    for (i = 0; i < count && !found; i++)
        found = ddl_is_name(&tokens[i]) && tokens[i].kind != TOKEN_STRING &&
                name_same(token_value(&arena, piece->key, tokens[i]), name);
    arena_release(&arena);
    return found;
}

bool sql_has_comment(const char *sql)
{
    size_t length = strlen(sql), end = 0;
    struct token token;

    do {
        token = token_at(sql, length, end);
        for (; end + 1 < token.offset; end++)
            if ((sql[end] == '-' && sql[end + 1] == '-') ||
                (sql[end] == '/' && sql[end + 1] == '*'))
                return true;
        end = token.offset + token.length;
    } while (token.kind != TOKEN_END);
    return false;
}

/* ---- moving on -------------------------------------------------------------------- */

const struct token *ddl_token(const struct ddl_reader *reader)
{
    return &reader->tokens[reader->at];
}

static void advance(struct ddl_reader *reader)
{
    if (reader->at + 1 < reader->count)
        reader->at++;
}

bool ddl_is(const struct ddl_reader *reader, enum keyword keyword)
{
    return ddl_token(reader)->kind == TOKEN_WORD && ddl_token(reader)->keyword == keyword;
}

bool ddl_accept(struct ddl_reader *reader, enum keyword keyword)
{
    if (!ddl_is(reader, keyword))
        return false;
    advance(reader);
    return true;
}

void ddl_expect(struct ddl_reader *reader, enum keyword keyword)
{
    if (!ddl_accept(reader, keyword))
        reader->failed = true;
}

bool ddl_take(struct ddl_reader *reader, enum token_kind kind)
{
    if (ddl_token(reader)->kind != kind)
        return false;
    advance(reader);
    return true;
}

void ddl_need(struct ddl_reader *reader, enum token_kind kind)
{
    if (!ddl_take(reader, kind))
        reader->failed = true;
}

bool ddl_is_name(const struct token *token)
{
    if (token->kind == TOKEN_QUOTED || token->kind == TOKEN_STRING)
        return true;
    return token->kind == TOKEN_WORD &&
           (token->keyword == KEYWORD_NONE || keyword_is_plain(token->keyword));
}

char *ddl_name(struct ddl_reader *reader)
{
    const struct token *token = ddl_token(reader);

    /* INDEXED and the words of joins can be names too. */
    if (!ddl_is_name(token) && token->kind != TOKEN_WORD) {
        reader->failed = true;
        return arena_strdup(reader->arena, "");
    }
    advance(reader);
    return token_value(reader->arena, reader->text, *token);
}

void ddl_parenthesised(struct ddl_reader *reader, size_t *first, size_t *end)
{
    size_t behind = behind_parenthesis(reader, reader->at);

    *first = *end = 0;
    if (ddl_token(reader)->kind != TOKEN_LEFT || behind == reader->count) {
        reader->failed = true;
        return;
    }
    *first = reader->at + 1;
    *end = behind - 1;
    reader->at = behind;
}

char *ddl_object_name(struct ddl_reader *reader)
{
    char *name;

    if (ddl_is(reader, KEYWORD_IF) &&
        reader->tokens[reader->at + 1].keyword == KEYWORD_NOT)
        reader->at += 3;
    if (reader->at >= reader->count) {
        reader->at = reader->count - 1;
        reader->failed = true;
    }
    name = ddl_name(reader);
    if (ddl_take(reader, TOKEN_DOT))
        name = ddl_name(reader);
    return name;
}

enum def_conflict ddl_conflict(struct ddl_reader *reader)
{
    static const struct {
        enum keyword keyword;
        enum def_conflict conflict;
    } all[] = {{KEYWORD_ABORT, CONFLICT_ABORT},
               {KEYWORD_ROLLBACK, CONFLICT_ROLLBACK},
               {KEYWORD_FAIL, CONFLICT_FAIL},
               {KEYWORD_IGNORE, CONFLICT_IGNORE},
               {KEYWORD_REPLACE, CONFLICT_REPLACE}};
    size_t i;

    if (!ddl_is(reader, KEYWORD_ON) ||
        reader->tokens[reader->at + 1].keyword != KEYWORD_CONFLICT)
        return CONFLICT_ABORT;
    reader->at += 2;
    for (i = 0; i < sizeof all / sizeof *all; i++)
        if (ddl_accept(reader, all[i].keyword))
            return all[i].conflict;
    reader->failed = true;
    return CONFLICT_ABORT;
}

/* ---- terms ------------------------------------------------------------------------ */

static bool keyword_at(const struct ddl_reader *reader, size_t at, enum keyword keyword)
{
    return reader->tokens[at].kind == TOKEN_WORD && reader->tokens[at].keyword == keyword;
}

static void read_term(struct ddl_reader *reader, size_t first, size_t end,
                      struct term_defs *terms)
{
    struct term_def *term = VEC_ADD(reader->arena, terms);

    if (end > first && keyword_at(reader, end - 1, KEYWORD_AUTOINCREMENT))
        end--;
    if (end > first + 1 && keyword_at(reader, end - 1, KEYWORD_ASC))
        end--;
    else if (end > first + 1 && keyword_at(reader, end - 1, KEYWORD_DESC)) {
        term->descending = true;
        end--;
    }
    if (end > first + 2 && keyword_at(reader, end - 2, KEYWORD_COLLATE)) {
        term->collation =
            name_lower(reader->arena,
                       token_value(reader->arena, reader->text, reader->tokens[end - 1]));
        end -= 2;
    }
    ddl_strip(reader, &first, &end);
    if (end == first + 1 && ddl_is_name(&reader->tokens[first]))
        term->name = token_value(reader->arena, reader->text, reader->tokens[first]);
    term->sql.first = first;
    term->sql.end = end;
    ddl_complete(reader, &term->sql);
    if (first >= end)
        reader->failed = true;
}

void ddl_terms(struct ddl_reader *reader, size_t first, size_t end,
               struct term_defs *terms)
{
    size_t depth = 0, at;

    for (at = first; at < end; at++) {
        if (reader->tokens[at].kind == TOKEN_LEFT)
            depth++;
        if (reader->tokens[at].kind == TOKEN_RIGHT)
            depth--;
        if (reader->tokens[at].kind == TOKEN_COMMA && depth == 0) {
            read_term(reader, first, at, terms);
            first = at + 1;
        }
    }
    read_term(reader, first, end, terms);
}

void ddl_terms_key(const struct term_defs *terms, struct buf *out)
{
    struct buf lower;
    size_t i;

    buf_init(&lower);
    for (i = 0; i < terms->count; i++) {
        const struct term_def *term = &terms->items[i];

        buf_adds(out, i == 0 ? " (" : ", ");
        if (term->name != NULL) {
            buf_clear(&lower);
            add_letters(term->name, strlen(term->name), &lower);
            add_name(out, lower.data);
        } else {
            buf_adds(out, term->sql.key != NULL ? term->sql.key : "");
        }
        if (term->collation != NULL)
            buf_addf(out, " collate %s", term->collation);
        if (term->descending)
            buf_adds(out, " desc");
    }
    buf_release(&lower);
    buf_addc(out, ')');
}
