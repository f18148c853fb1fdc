/*
 * parse_ddl_internal.h: what the files of parse_ddl share: a statement being read token
 * by token, and the forming of keys. Only parse_ddl*.c may include it.
 */
#ifndef PARSE_DDL_INTERNAL_H
#define PARSE_DDL_INTERNAL_H

#include "parse_ddl.h"
#include "token.h"

#include "../base/buf.h"

struct ddl_reader {
    struct arena *arena;
    const char *text;
    const struct token *tokens; /* the last is TOKEN_END */
    size_t count;
    size_t at;
    bool failed;
    const struct map *names; /* see ddl_key(); NULL: all in double quotes are names */
    const char *own;         /* the table whose qualifier is left out of keys, or NULL */
};

void ddl_open(struct ddl_reader *reader, struct arena *arena, const char *text);

/* The tokens from `first` to before `end` as a key. */
char *ddl_key(const struct ddl_reader *reader, size_t first, size_t end);

/* Narrows a range by the parentheses that stand around all of it. */
void ddl_strip(const struct ddl_reader *reader, size_t *first, size_t *end);

/* The text of the tokens from `first` to before `end`, as it was written. */
char *ddl_source(const struct ddl_reader *reader, size_t first, size_t end);

/* Fills text and key of a piece whose first and end are set. Parentheses are stripped. */
void ddl_complete(const struct ddl_reader *reader, struct sql_piece *piece);

/* ---- moving on -------------------------------------------------------------------- */

const struct token *ddl_token(const struct ddl_reader *reader);
bool ddl_is(const struct ddl_reader *reader, enum keyword keyword);
bool ddl_accept(struct ddl_reader *reader, enum keyword keyword);
void ddl_expect(struct ddl_reader *reader, enum keyword keyword);
bool ddl_take(struct ddl_reader *reader, enum token_kind kind);
void ddl_need(struct ddl_reader *reader, enum token_kind kind);

/* True where a token can be a name: a word that may be one, or anything quoted. */
bool ddl_is_name(const struct token *token);

/* A name; "" and failure where there is none. */
char *ddl_name(struct ddl_reader *reader);

/* Moves behind the `)` that closes the `(` at hand; the range is what is inside. */
void ddl_parenthesised(struct ddl_reader *reader, size_t *first, size_t *end);

/* IF NOT EXISTS and a schema's name are passed over. */
char *ddl_object_name(struct ddl_reader *reader);

/* ON CONFLICT …, if there. */
enum def_conflict ddl_conflict(struct ddl_reader *reader);

/* The terms in a range, split at commas. */
void ddl_terms(struct ddl_reader *reader, size_t first, size_t end,
               struct term_defs *terms);

/* " (a, lower(b) collate nocase desc)" for a constraint's or index's key. */
void ddl_terms_key(const struct term_defs *terms, struct buf *out);

#endif
