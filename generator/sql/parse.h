/*
 * parse.h: SQL text → trees of ast.h, by the grammar of SQLite 3.40. What SQLite's parser
 * accepts is accepted, and little more; what names mean is the resolver's business. It must
 * not know any schema.
 */
#ifndef SQL_PARSE_H
#define SQL_PARSE_H

#include "ast.h"

/* What is wrong, and the bytes where. message NULL: nothing. */
struct sql_error {
    struct range range;
    const char *message; /* "expected an expression, found `FROM`" */
    const char *hint;    /* "did you mean `hosts`?", or NULL */
};

/*
 * One statement; a semicolon and blanks may follow. NULL after an error. `end` is set to
 * where the next statement of a script would begin, and may be NULL when none may follow.
 */
struct statement *parse_statement(struct arena *arena, const char *text, size_t length,
                                  size_t start, size_t *end, struct sql_error *error);

/* A whole text that is one expression, as in CHECK, or one SELECT, as in a view. */
struct expr *parse_expression(struct arena *arena, const char *text, size_t length,
                              struct sql_error *error);
struct select *parse_select(struct arena *arena, const char *text, size_t length,
                            struct sql_error *error);

/* ---- for parsers of further statements (parse_ddl.c) ---------------------------------- */

struct parser {
    struct arena *arena;
    const char *text;
    size_t length;
    struct token token;  /* the next one */
    size_t last_end;     /* the end of the one before it */
    bool previous_right; /* the one before it was `)`: OVER and FILTER depend on it */
    unsigned depth;
    struct sql_error error; /* the first; later ones are not recorded */
};

void parser_init(struct parser *parser, struct arena *arena, const char *text,
                 size_t length, size_t start);
void parser_next(struct parser *parser);
struct token parser_peek(const struct parser *parser); /* the one behind parser->token */

/*
 * After an error all calls go on, at the end of the text: callers need not look, but loops
 * must end at what is not there. Returned nodes are never NULL.
 */
bool parser_failed(const struct parser *parser);
void parser_fail(struct parser *parser, const char *expected);
void parser_refuse(struct parser *parser, struct range range, const char *message);

bool parser_is(const struct parser *parser, enum keyword keyword);
bool parser_at(const struct parser *parser, enum token_kind kind);
bool parser_accept(struct parser *parser, enum keyword keyword);
bool parser_take(struct parser *parser, enum token_kind kind);
void parser_expect(struct parser *parser, enum keyword keyword);
void parser_need(struct parser *parser, enum token_kind kind, const char *what);

/* A name where SQLite has `nm`, `id` or `ids`; "" after an error. */
enum name_class {
    NAME_ANY,   /* nm: bare, quoted, a string, CROSS, LEFT, … */
    NAME_ALIAS, /* ids: bare, quoted or a string: an alias without AS */
    NAME_BARE   /* id: bare or quoted */
};
bool parser_at_name(const struct parser *parser, enum name_class class);
const char *parser_name(struct parser *parser, enum name_class class, const char *what);

/*
 * "CREATE … VIEW IF NOT EXISTS main.name", from the start of a statement to behind the
 * name, which is returned; `what`: KEYWORD_VIEW or KEYWORD_TRIGGER.
 */
const char *parser_created(struct parser *parser, enum keyword what);

struct expr *parser_expression(struct parser *parser);
struct select *parser_select(struct parser *parser);
void parser_order(struct parser *parser, struct terms *terms); /* a, b DESC NULLS LAST */
void parser_expressions(struct parser *parser, struct exprs *list); /* at least one */

#endif
