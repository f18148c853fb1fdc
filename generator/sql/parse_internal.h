/*
 * parse_internal.h: what the parser's files share. The grammar of an expression is in
 * parse_expr.c, of what is called in parse_call.c, of SELECT in parse_select.c, of FROM in
 * parse_from.c, of the rest in parse_change.c.
 */
#ifndef SQL_PARSE_INTERNAL_H
#define SQL_PARSE_INTERNAL_H

#include "parse.h"

struct expr *expr_new(struct parser *parser, enum expr_kind kind, size_t start);

/* Sets the end, and the depth from its parts; too deep is an error. */
struct expr *expr_done(struct parser *parser, struct expr *expr);

/* Counts nesting; false, and an error, when it is too deep. After true: parser_leave(). */
bool parser_enter(struct parser *parser);
void parser_leave(struct parser *parser);
void parser_too_deep(struct parser *parser);

struct expr *parse_call(struct parser *parser);     /* at a name that `(` follows */
struct expr *parse_case(struct parser *parser);     /* behind CASE */
struct expr *parse_cast(struct parser *parser);     /* behind CAST */
struct expr *parse_raise(struct parser *parser);    /* behind RAISE */
const char *parse_type_name(struct parser *parser); /* perhaps "" */
void parse_window(struct parser *parser, struct window *window); /* at `(` */

bool parser_at_select(const struct parser *parser);        /* SELECT, VALUES or WITH */
void parse_from(struct parser *parser, struct from *from); /* behind FROM */
void parse_indexed(struct parser *parser, struct from_item *item);
void parse_name_list(struct parser *parser, struct names *names); /* ( a, b ) */
void parse_results(struct parser *parser, struct results *results);
struct with *parse_with(struct parser *parser); /* at WITH */
void parse_limit(struct parser *parser, struct expr **limit, struct expr **offset);

struct statement *parse_change(struct parser *parser, struct with *with);

#endif
