/*
 * token.h: SQL text as tokens, as SQLite's own tokenizer cuts it, with byte offsets. Also
 * Quarry's two additions to parameters: `:name?` (may be NULL) and `:name...` (a list). It
 * knows keywords but no grammar.
 */
#ifndef SQL_TOKEN_H
#define SQL_TOKEN_H

#include "../base/arena.h"

#include <stdbool.h>

enum token_kind {
    TOKEN_END,
    TOKEN_WORD,      /* a bare name or a keyword: see `keyword` */
    TOKEN_QUOTED,    /* "name", [name] or `name` */
    TOKEN_STRING,    /* 'text' */
    TOKEN_BLOB,      /* x'00ff' */
    TOKEN_INTEGER,   /* 12 or 0x1f */
    TOKEN_REAL,      /* 1.5, .5, 1e3 */
    TOKEN_PARAMETER, /* ?, ?7, :a, @a, $a, $a::b(c), #a, :a?, :a... */
    TOKEN_LEFT,      /* ( */
    TOKEN_RIGHT,     /* ) */
    TOKEN_COMMA,
    TOKEN_DOT,
    TOKEN_SEMICOLON,
    TOKEN_PLUS,
    TOKEN_MINUS,
    TOKEN_STAR,
    TOKEN_SLASH,
    TOKEN_PERCENT,
    TOKEN_CONCAT,  /* || */
    TOKEN_EQUAL,   /* = and == */
    TOKEN_UNEQUAL, /* <> and != */
    TOKEN_LESS,
    TOKEN_LESS_EQUAL,
    TOKEN_GREATER,
    TOKEN_GREATER_EQUAL,
    TOKEN_SHIFT_LEFT,
    TOKEN_SHIFT_RIGHT,
    TOKEN_AND_BITS,   /* & */
    TOKEN_OR_BITS,    /* | */
    TOKEN_NOT_BITS,   /* ~ */
    TOKEN_ARROW,      /* -> */
    TOKEN_LONG_ARROW, /* ->> */
    TOKEN_BROKEN      /* what SQLite refuses: see token_fault() */
};

/* All keywords of SQLite 3.40: X(name, can also be a plain name where no keyword fits). */
/* clang-format off */
#define TOKEN_KEYWORDS(X)                                                                \
    X(ABORT, 1) X(ACTION, 1) X(ADD, 0) X(AFTER, 1) X(ALL, 0) X(ALTER, 0) X(ALWAYS, 1)     \
    X(ANALYZE, 1) X(AND, 0) X(AS, 0) X(ASC, 1) X(ATTACH, 1) X(AUTOINCREMENT, 0)           \
    X(BEFORE, 1) X(BEGIN, 1) X(BETWEEN, 0) X(BY, 1) X(CASCADE, 1) X(CASE, 0) X(CAST, 1)   \
    X(CHECK, 0) X(COLLATE, 0) X(COLUMN, 1) X(COMMIT, 0) X(CONFLICT, 1) X(CONSTRAINT, 0)   \
    X(CREATE, 0) X(CROSS, 0) X(CURRENT, 1) X(CURRENT_DATE, 1) X(CURRENT_TIME, 1)          \
    X(CURRENT_TIMESTAMP, 1) X(DATABASE, 1) X(DEFAULT, 0) X(DEFERRABLE, 0) X(DEFERRED, 1)  \
    X(DELETE, 0) X(DESC, 1) X(DETACH, 1) X(DISTINCT, 0) X(DO, 1) X(DROP, 0) X(EACH, 1)    \
    X(ELSE, 0) X(END, 1) X(ESCAPE, 0) X(EXCEPT, 0) X(EXCLUDE, 1) X(EXCLUSIVE, 1)          \
    X(EXISTS, 0) X(EXPLAIN, 1) X(FAIL, 1) X(FILTER, 0) X(FIRST, 1) X(FOLLOWING, 1)        \
    X(FOR, 1) X(FOREIGN, 0) X(FROM, 0) X(FULL, 0) X(GENERATED, 1) X(GLOB, 1) X(GROUP, 0)  \
    X(GROUPS, 1) X(HAVING, 0) X(IF, 1) X(IGNORE, 1) X(IMMEDIATE, 1) X(IN, 0) X(INDEX, 0)  \
    X(INDEXED, 0) X(INITIALLY, 1) X(INNER, 0) X(INSERT, 0) X(INSTEAD, 1) X(INTERSECT, 0)  \
    X(INTO, 0) X(IS, 0) X(ISNULL, 0) X(JOIN, 0) X(KEY, 1) X(LAST, 1) X(LEFT, 0)           \
    X(LIKE, 1) X(LIMIT, 0) X(MATCH, 1) X(MATERIALIZED, 1) X(NATURAL, 0) X(NO, 1)          \
    X(NOT, 0) X(NOTHING, 0) X(NOTNULL, 0) X(NULL, 0) X(NULLS, 1) X(OF, 1) X(OFFSET, 1)    \
    X(ON, 0) X(OR, 0) X(ORDER, 0) X(OTHERS, 1) X(OUTER, 0) X(OVER, 0) X(PARTITION, 1)     \
    X(PLAN, 1) X(PRAGMA, 1) X(PRECEDING, 1) X(PRIMARY, 0) X(QUERY, 1) X(RAISE, 1)         \
    X(RANGE, 1) X(RECURSIVE, 1) X(REFERENCES, 0) X(REGEXP, 1) X(REINDEX, 1)               \
    X(RELEASE, 1) X(RENAME, 1) X(REPLACE, 1) X(RESTRICT, 1) X(RETURNING, 0) X(RIGHT, 0)   \
    X(ROLLBACK, 1) X(ROW, 1) X(ROWS, 1) X(SAVEPOINT, 1) X(SELECT, 0) X(SET, 0)            \
    X(TABLE, 0) X(TEMP, 1) X(TEMPORARY, 1) X(THEN, 0) X(TIES, 1) X(TO, 0)                 \
    X(TRANSACTION, 0) X(TRIGGER, 1) X(UNBOUNDED, 1) X(UNION, 0) X(UNIQUE, 0)              \
    X(UPDATE, 0) X(USING, 0) X(VACUUM, 1) X(VALUES, 0) X(VIEW, 1) X(VIRTUAL, 1)           \
    X(WHEN, 0) X(WHERE, 0) X(WINDOW, 0) X(WITH, 1) X(WITHOUT, 1)
/* clang-format on */

#define TOKEN_KEYWORD(name, plain) KEYWORD_##name,
enum keyword {
    KEYWORD_NONE, /* a bare name that is no keyword, or no word at all */
    TOKEN_KEYWORDS(TOKEN_KEYWORD) KEYWORD_COUNT
};
#undef TOKEN_KEYWORD

struct token {
    enum token_kind kind;
    enum keyword keyword;
    size_t offset, length;
};

/*
 * The token at or after `offset`, blanks and comments skipped. `text` needs no NUL at its
 * end; one inside it is a TOKEN_BROKEN. A comment that is not closed ends with the text, as
 * in SQLite. At the end: TOKEN_END of length 0, offset `length`.
 */
struct token token_at(const char *text, size_t length, size_t offset);

/* All tokens, the TOKEN_END too. A TOKEN_BROKEN does not end the list. */
struct token *token_list(struct arena *arena, const char *text, size_t length,
                         size_t *count);

/* Why a TOKEN_BROKEN is broken: "a string that does not end". */
const char *token_fault(const char *text, struct token token);

/*
 * What the token means: a name or string without its quotes and with doubled quotes
 * halved; a word, number, operator or parameter as it stands; a blob as its hex digits.
 */
char *token_value(struct arena *arena, const char *text, struct token token);

/* A keyword's spelling, "SELECT"; whether it can be a name where no keyword fits. */
const char *keyword_name(enum keyword keyword);
bool keyword_is_plain(enum keyword keyword);

/* The keyword that a word is; KEYWORD_NONE for others. */
enum keyword keyword_find(const char *word, size_t length);

/* Compares names as SQLite does: letters of ASCII in any case. */
bool name_same(const char *a, const char *b);

#endif
