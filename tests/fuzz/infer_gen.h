/*
 * infer_gen.h: what the files that make random SQL share: the generator and its state, and
 * who writes what. Names are few, so that they hide each other, are ambiguous, and join.
 */
#ifndef INFER_GEN_H
#define INFER_GEN_H

#include "fuzz_infer.h"

#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array)     (sizeof(array) / sizeof *(array))
#define ONE_OF(g, array) ((array)[adversary_pick((g)->chance, COUNT(array))])

/* The columns in scope, as they can be written: a, t1.a, "order". */
struct frame {
    struct frame *outer;
    char columns[64][40];
    size_t count;
};

struct generator {
    struct adversary *chance;
    const struct catalog *catalog;
    struct buf out;
    int depth, aliases, selects;
    struct frame *frame;
    char ctes[4][16];
    size_t cte_columns[4];
    size_t cte_count;
};

static inline size_t gen_pick(struct generator *g, size_t count)
{
    return adversary_pick(g->chance, count);
}

static inline bool gen_often(struct generator *g)
{
    return gen_pick(g, 3) != 0;
}

static inline bool gen_rarely(struct generator *g)
{
    return gen_pick(g, 6) == 0;
}

static inline void gen_add(struct generator *g, const char *text)
{
    buf_adds(&g->out, text);
}

/* The column names of tables; of views and queries they are a, b, c. */
enum {
    GEN_NAMES = 8
};
extern const char *const gen_names[GEN_NAMES];

/* infer_expr.c */
void gen_literal(struct generator *g);
void gen_column(struct generator *g); /* or a literal, where none is in scope */
void gen_leaf(struct generator *g);
void gen_expr(struct generator *g);
void gen_condition(struct generator *g); /* such as people write, of columns */
void gen_filter(struct generator *g);
void gen_aggregate(struct generator *g);
void gen_window(struct generator *g);

/* infer_query.c */
void gen_select(struct generator *g, size_t columns);
void gen_from(struct generator *g, struct frame *frame);
void gen_with(struct generator *g);
void gen_show(struct generator *g, struct frame *frame, const char *alias,
              const char *column);

/* infer_change.c */
void gen_change(struct generator *g);

#endif
