/*
 * sqltext.h: SQL expressions of the user's as tokens, as far as the model must look into
 * them: to indent them, to see which columns they name, to find a word that SQLite
 * objects to. It knows no grammar; the SQL parser is a later stage's.
 */
#ifndef SQLTEXT_H
#define SQLTEXT_H

#include "../base/buf.h"

#include <stdbool.h>

enum sql_kind {
    SQL_END,
    SQL_WORD,   /* a keyword or a bare name */
    SQL_NAME,   /* a name in "", [] or `` */
    SQL_STRING, /* 'text' */
    SQL_BLOB,   /* x'00' */
    SQL_NUMBER,
    SQL_OPERATOR, /* one or two characters: ||, <=, ( */
    SQL_COMMENT,
    SQL_BROKEN /* a quote or comment that does not end */
};

struct sql_token {
    enum sql_kind kind;
    const char *text;
    size_t length;
};

/* The token at or after `text`, blanks skipped; the next one starts at text + length. */
struct sql_token sql_token(const char *text);

/* The same, comments skipped. */
struct sql_token sql_word(const char *text);

/* True for a word or operator that is `word`; letters of any case. */
bool sql_is(struct sql_token token, const char *word);

/* True where a bare or quoted name is `name`, letters of any case, as SQLite compares. */
bool sql_names(struct sql_token token, const char *name);

/* True where `name` stands in `sql` as a name of its own. */
bool sql_mentions(const char *sql, const char *name);

/* True for text with a comment that goes on to the end of its line. */
bool sql_has_line_comment(const char *sql);

/* NULL, or what makes `sql` no single expression: "a `)` too many". */
const char *sql_unbalanced(const char *sql);

/* The text without blanks around it. */
const char *sql_trim(const char *sql, size_t *length);

/*
 * Adds `sql` in parentheses. Text of several lines, or with a comment, gets lines of its
 * own, indented by `indent` + 4; line ends inside quotes stay as they are.
 */
void sql_add_block(struct buf *out, const char *sql, size_t indent);

#endif
