/*
 * query_text.h: the text of a query as it is written, with `[[ filters ]]`, `[[order]]` and
 * marks of parameters, and what it is without them: for the parser, for SQLite, and back to
 * places in the schema. It must not know types.
 */
#ifndef SQL_QUERY_TEXT_H
#define SQL_QUERY_TEXT_H

#include "../model/model.h"
#include "infer.h"
#include "query.h"
#include "query_star.h"

/* A part of the text; its bytes are those between the marks. */
struct segment {
    struct range range;
    int filter;    /* from 1; 0: none */
    bool is_order; /* the place of `[[order]]` */
};

struct query_text {
    struct arena *arena;
    const char *sql;
    const struct node *node;
    const struct query *query; /* NULL: a view */
    VEC(struct segment) segments;
    int filters;
    bool has_order;
    bool stopped; /* an attack on it was, because it took too many steps */
};

/* One statement of those that a query stands for; offsets in it are `query_place()`'s. */
struct variant {
    const char *text;
    size_t length;
    unsigned filters;              /* bits of those that are in it */
    size_t order;                  /* the order chosen */
    size_t order_at, order_length; /* where its terms stand */
};

/* False after an error, which is reported. */
bool query_text_read(struct query_text *text, struct arena *arena, struct diags *diags,
                     const struct query *query);
void query_text_view(struct query_text *text, struct arena *arena,
                     const struct view *view);

struct variant query_variant(const struct query_text *text, unsigned filters,
                             size_t order);

/* The place in the schema of a range of the variant's text. */
struct span query_place(const struct query_text *text, const struct variant *variant,
                        struct range range);

/* The offset in the query's own text of one in the variant's, outside the order's terms. */
size_t query_offset(const struct query_text *text, const struct variant *variant,
                    size_t offset);

/* What stands for a parameter. */
enum query_marks {
    MARKS_NAMES,  /* :name; a list becomes a SELECT from quarry_rows_1(:name) */
    MARKS_NUMBERS /* ?2, and the same */
};

/*
 * `sql` for SQLite. `parameters` are those of infer.h, by which they are numbered.
 */
char *query_sql(struct arena *arena, const char *sql, size_t length,
                const struct inferred *inferred, enum query_marks marks);

/*
 * Fills typed->pieces. `statement` is the statement's range in the query's own text:
 * semicolons behind it are left out. `splices` are of it too, in their order. Parameters
 * are numbers where something varies.
 */
void query_pieces(const struct query_text *text, const struct inferred *inferred,
                  struct range statement, const struct splices *splices,
                  struct typed_query *typed);

#endif
