/*
 * symbols.h: every C name that a schema makes, each with the place that makes it. Two
 * places that make the same name are an error here, not in the user's compiler.
 */
#ifndef SYMBOLS_H
#define SYMBOLS_H

#include "model.h"

/* What makes names; a column or a table makes many. */
struct symbol_maker {
    struct span span;          /* of the table, column, enum … that makes it */
    const char *kind;          /* "column", "unique constraint hosts_name_unique" */
    const char *item;          /* its name in the schema, or NULL */
    const struct table *table; /* that it belongs to, or NULL */
    const struct enumeration *enumeration; /* the same of an enum */
};

struct symbol {
    const char *name; /* dockstat_host_insert */
    const struct symbol_maker *by;
};

struct symbols {
    VEC(struct symbol) list;
};

/* All names in the order of the schema; accesses must be planned. */
void symbols_collect(struct arena *arena, const struct schema *schema,
                     struct symbols *symbols);

/* By whom a name is taken that can't be a member or a parameter in C; or NULL. */
const char *symbols_taken(const char *name);

/*
 * Reports clashes, and names that C, C++ or the C library has taken (Q0200 to Q0209).
 * Accesses must be planned.
 */
void symbols_check(struct diags *diags, const struct schema *schema);

#endif
