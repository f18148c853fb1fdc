/*
 * token.c: see token.h. It follows sqlite3GetToken(): what SQLite takes as one token is one
 * here, what it calls an unrecognized token is TOKEN_BROKEN. It knows no grammar.
 */
#include "token.h"

#include <stdlib.h>
#include <string.h>

struct keyword_entry {
    const char *name;
    bool plain;
};

#define TOKEN_KEYWORD(name, plain) [KEYWORD_##name] = {#name, plain},
static const struct keyword_entry keywords[] = {TOKEN_KEYWORDS(TOKEN_KEYWORD)};
#undef TOKEN_KEYWORD

/* The text that is being cut, and how far. */
struct cutter {
    const char *text;
    size_t length, at;
};

static int peek(const struct cutter *cutter, size_t ahead)
{
    size_t at = cutter->at + ahead;

    return at < cutter->length ? (unsigned char)cutter->text[at] : -1;
}

static bool is_space(int c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static bool is_digit(int c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(int c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_letter(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
}

/* What can stand in a name, behind its first character. */
static bool is_name(int c)
{
    return is_letter(c) || is_digit(c) || c == '$';
}

static int lower(int c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

bool name_same(const char *a, const char *b)
{
    while (*a != '\0' && lower((unsigned char)*a) == lower((unsigned char)*b)) {
        a++;
        b++;
    }
    return lower((unsigned char)*a) == lower((unsigned char)*b);
}

/* ---- keywords ------------------------------------------------------------------------ */

const char *keyword_name(enum keyword keyword)
{
    return keywords[keyword].name;
}

bool keyword_is_plain(enum keyword keyword)
{
    return keywords[keyword].plain;
}

/* <0, 0, >0 as a keyword sorts before, is, or sorts behind the word. */
static int keyword_compare(const char *name, const char *word, size_t length)
{
    size_t i;

    for (i = 0; i < length && name[i] != '\0'; i++) {
        int a = lower((unsigned char)name[i]), b = lower((unsigned char)word[i]);

        if (a != b)
            return a - b;
    }
    if (i < length)
        return -1;
    return name[i] == '\0' ? 0 : 1;
}

enum keyword keyword_find(const char *word, size_t length)
{
    int low = KEYWORD_NONE + 1, high = KEYWORD_COUNT - 1;

    while (low <= high) {
        int middle = (low + high) / 2;
        int order = keyword_compare(keywords[middle].name, word, length);

        if (order == 0)
            return (enum keyword)middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle - 1;
    }
    return KEYWORD_NONE;
}

/* ---- blanks and comments ------------------------------------------------------------- */

static void skip_line(struct cutter *cutter)
{
    while (cutter->at < cutter->length && cutter->text[cutter->at] != '\n')
        cutter->at++;
}

static void skip_comment(struct cutter *cutter)
{
    cutter->at += 3;
    while (cutter->at < cutter->length &&
           !(cutter->text[cutter->at] == '/' && cutter->text[cutter->at - 1] == '*'))
        cutter->at++;
    if (cutter->at < cutter->length)
        cutter->at++;
    else
        cutter->at = cutter->length;
}

/* A slash and star that are the last two characters are operators, as in SQLite. */
static bool skip_one(struct cutter *cutter)
{
    int c = peek(cutter, 0);

    if (is_space(c))
        cutter->at++;
    else if (c == '-' && peek(cutter, 1) == '-')
        skip_line(cutter);
    else if (c == '/' && peek(cutter, 1) == '*' && peek(cutter, 2) > 0)
        skip_comment(cutter);
    else if (c == 0xEF && peek(cutter, 1) == 0xBB && peek(cutter, 2) == 0xBF)
        cutter->at += 3;
    else
        return false;
    return true;
}

/* ---- tokens: each takes the length of the token at cutter->at ------------------------ */

static enum token_kind cut_quoted(struct cutter *cutter, int quote, enum token_kind kind)
{
    for (cutter->at++; cutter->at < cutter->length; cutter->at++) {
        if (peek(cutter, 0) == 0)
            return TOKEN_BROKEN;
        if (peek(cutter, 0) != quote)
            continue;
        if (quote == ']' || peek(cutter, 1) != quote) {
            cutter->at++;
            return kind;
        }
        cutter->at++;
    }
    return TOKEN_BROKEN;
}

static enum token_kind cut_blob(struct cutter *cutter)
{
    size_t digits = 0;

    for (cutter->at += 2; is_hex(peek(cutter, 0)); cutter->at++)
        digits++;
    if (peek(cutter, 0) == '\'') {
        cutter->at++;
        return digits % 2 == 0 ? TOKEN_BLOB : TOKEN_BROKEN;
    }
    while (peek(cutter, 0) > 0 && peek(cutter, 0) != '\'')
        cutter->at++;
    if (peek(cutter, 0) == '\'')
        cutter->at++;
    return TOKEN_BROKEN;
}

static void cut_digits(struct cutter *cutter)
{
    while (is_digit(peek(cutter, 0)))
        cutter->at++;
}

static bool has_exponent(const struct cutter *cutter)
{
    int sign = peek(cutter, 1);

    if (lower(peek(cutter, 0)) != 'e')
        return false;
    return is_digit(sign) || ((sign == '+' || sign == '-') && is_digit(peek(cutter, 2)));
}

static enum token_kind cut_decimal(struct cutter *cutter)
{
    enum token_kind kind = TOKEN_INTEGER;

    cut_digits(cutter);
    if (peek(cutter, 0) == '.') {
        cutter->at++;
        cut_digits(cutter);
        kind = TOKEN_REAL;
    }
    if (has_exponent(cutter)) {
        cutter->at += 2;
        cut_digits(cutter);
        kind = TOKEN_REAL;
    }
    return kind;
}

static enum token_kind cut_number(struct cutter *cutter)
{
    enum token_kind kind = TOKEN_INTEGER;

    if (peek(cutter, 0) == '0' && lower(peek(cutter, 1)) == 'x' &&
        is_hex(peek(cutter, 2)))
        for (cutter->at += 2; is_hex(peek(cutter, 0)); cutter->at++)
            continue;
    else
        kind = cut_decimal(cutter);
    if (!is_name(peek(cutter, 0)))
        return kind;
    while (is_name(peek(cutter, 0)))
        cutter->at++;
    return TOKEN_BROKEN;
}

/* Tcl's array element behind a $name: (anything but blanks). False: it does not end. */
static bool cut_element(struct cutter *cutter)
{
    do
        cutter->at++;
    while (peek(cutter, 0) > 0 && !is_space(peek(cutter, 0)) && peek(cutter, 0) != ')');
    if (peek(cutter, 0) != ')')
        return false;
    cutter->at++;
    return true;
}

/* Quarry's marks behind a parameter's name. */
static void cut_mark(struct cutter *cutter)
{
    if (peek(cutter, 0) == '?' && !is_digit(peek(cutter, 1)))
        cutter->at++;
    else if (peek(cutter, 0) == '.' && peek(cutter, 1) == '.' && peek(cutter, 2) == '.')
        cutter->at += 3;
}

static enum token_kind cut_parameter(struct cutter *cutter)
{
    bool colon = peek(cutter, 0) == ':';
    size_t letters = 0;

    for (cutter->at++;; cutter->at++) {
        if (is_name(peek(cutter, 0))) {
            letters++;
        } else if (peek(cutter, 0) == '(' && letters > 0) {
            return cut_element(cutter) ? TOKEN_PARAMETER : TOKEN_BROKEN;
        } else if (peek(cutter, 0) == ':' && peek(cutter, 1) == ':') {
            cutter->at++;
        } else {
            break;
        }
    }
    if (colon && letters > 0)
        cut_mark(cutter);
    return letters > 0 ? TOKEN_PARAMETER : TOKEN_BROKEN;
}

static enum token_kind take(struct cutter *cutter, size_t length, enum token_kind kind)
{
    cutter->at += length;
    return kind;
}

static enum token_kind cut_minus(struct cutter *cutter)
{
    if (peek(cutter, 1) != '>')
        return take(cutter, 1, TOKEN_MINUS);
    if (peek(cutter, 2) == '>')
        return take(cutter, 3, TOKEN_LONG_ARROW);
    return take(cutter, 2, TOKEN_ARROW);
}

static enum token_kind cut_less(struct cutter *cutter)
{
    switch (peek(cutter, 1)) {
    case '=': return take(cutter, 2, TOKEN_LESS_EQUAL);
    case '>': return take(cutter, 2, TOKEN_UNEQUAL);
    case '<': return take(cutter, 2, TOKEN_SHIFT_LEFT);
    default: return take(cutter, 1, TOKEN_LESS);
    }
}

static enum token_kind cut_greater(struct cutter *cutter)
{
    switch (peek(cutter, 1)) {
    case '=': return take(cutter, 2, TOKEN_GREATER_EQUAL);
    case '>': return take(cutter, 2, TOKEN_SHIFT_RIGHT);
    default: return take(cutter, 1, TOKEN_GREATER);
    }
}

static enum token_kind cut_operator(struct cutter *cutter)
{
    switch (peek(cutter, 0)) {
    case '(': return take(cutter, 1, TOKEN_LEFT);
    case ')': return take(cutter, 1, TOKEN_RIGHT);
    case ',': return take(cutter, 1, TOKEN_COMMA);
    case ';': return take(cutter, 1, TOKEN_SEMICOLON);
    case '+': return take(cutter, 1, TOKEN_PLUS);
    case '-': return cut_minus(cutter);
    case '*': return take(cutter, 1, TOKEN_STAR);
    case '/': return take(cutter, 1, TOKEN_SLASH);
    case '%': return take(cutter, 1, TOKEN_PERCENT);
    case '&': return take(cutter, 1, TOKEN_AND_BITS);
    case '~': return take(cutter, 1, TOKEN_NOT_BITS);
    case '<': return cut_less(cutter);
    case '>': return cut_greater(cutter);
    case '=': return take(cutter, peek(cutter, 1) == '=' ? 2 : 1, TOKEN_EQUAL);
    case '|':
        return peek(cutter, 1) == '|' ? take(cutter, 2, TOKEN_CONCAT)
                                      : take(cutter, 1, TOKEN_OR_BITS);
    case '!':
        return peek(cutter, 1) == '=' ? take(cutter, 2, TOKEN_UNEQUAL)
                                      : take(cutter, 1, TOKEN_BROKEN);
    case '.':
        return is_digit(peek(cutter, 1)) ? cut_number(cutter)
                                         : take(cutter, 1, TOKEN_DOT);
    default: return take(cutter, 1, TOKEN_BROKEN);
    }
}

static enum token_kind cut_question(struct cutter *cutter)
{
    cutter->at++;
    cut_digits(cutter);
    return TOKEN_PARAMETER;
}

static enum token_kind cut_word(struct cutter *cutter)
{
    while (is_name(peek(cutter, 0)))
        cutter->at++;
    return TOKEN_WORD;
}

static enum token_kind cut(struct cutter *cutter)
{
    int c = peek(cutter, 0);

    if (c < 0)
        return TOKEN_END;
    if (lower(c) == 'x' && peek(cutter, 1) == '\'')
        return cut_blob(cutter);
    if (is_letter(c))
        return cut_word(cutter);
    if (is_digit(c))
        return cut_number(cutter);
    switch (c) {
    case '\'': return cut_quoted(cutter, '\'', TOKEN_STRING);
    case '"':
    case '`': return cut_quoted(cutter, c, TOKEN_QUOTED);
    case '[': return cut_quoted(cutter, ']', TOKEN_QUOTED);
    case '?': return cut_question(cutter);
    case ':':
    case '@':
    case '$':
    case '#': return cut_parameter(cutter);
    default: return cut_operator(cutter);
    }
}

struct token token_at(const char *text, size_t length, size_t offset)
{
    struct cutter cutter = {text, length, offset};
    struct token token = {0};

    while (skip_one(&cutter))
        continue;
    token.offset = cutter.at;
    token.kind = cut(&cutter);
    token.length = cutter.at - token.offset;
    if (token.kind == TOKEN_WORD)
        token.keyword = keyword_find(text + token.offset, token.length);
    return token;
}

struct token *token_list(struct arena *arena, const char *text, size_t length,
                         size_t *count)
{
    VEC(struct token) tokens = {0};
    struct token token;
    size_t at = 0;

    do {
        token = token_at(text, length, at);
        at = token.offset + token.length;
        *VEC_ADD(arena, &tokens) = token;
    } while (token.kind != TOKEN_END);
    *count = tokens.count;
    return tokens.items;
}

/* ---- what tokens mean ---------------------------------------------------------------- */

const char *token_fault(const char *text, struct token token)
{
    switch (text[token.offset]) {
    case '\0': return "a NUL character";
    case '\'': return "a string that does not end";
    case '"':
    case '`':
    case '[': return "a quoted name that does not end";
    case 'x':
    case 'X': return "a blob literal with a wrong or odd number of hex digits";
    case ':':
    case '@':
    case '$':
    case '#': return "a parameter without a name";
    case '!': return "a lone `!`";
    default: break;
    }
    if (is_digit((unsigned char)text[token.offset]) || text[token.offset] == '.')
        return "a number with letters behind it";
    return "a character that SQL does not know";
}

static char *unquote(struct arena *arena, const char *text, size_t length)
{
    char quote = text[0] == '[' ? ']' : text[0];
    char *value = arena_alloc(arena, length);
    size_t from, to = 0;

    for (from = 1; from + 1 < length; from++) {
        value[to++] = text[from];
        if (text[from] == quote && quote != ']')
            from++;
    }
    value[to] = '\0';
    return value;
}

char *token_value(struct arena *arena, const char *text, struct token token)
{
    const char *start = text + token.offset;

    switch (token.kind) {
    case TOKEN_STRING:
    case TOKEN_QUOTED: return unquote(arena, start, token.length);
    case TOKEN_BLOB: return arena_strndup(arena, start + 2, token.length - 3);
    default: return arena_strndup(arena, start, token.length);
    }
}
