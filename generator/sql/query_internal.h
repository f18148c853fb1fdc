/*
 * query_internal.h: what the files share that type views and queries. One database in
 * memory holds the schema; all statements are typed against it, then all are attacked.
 */
#ifndef SQL_QUERY_INTERNAL_H
#define SQL_QUERY_INTERNAL_H

#include "adversary.h"
#include "query.h"
#include "query_text.h"
#include "selects.h"

/* A statement that was typed and is still to be attacked. */
struct proof {
    struct query_text *text;
    struct variant variant;
    const struct inferred *inferred;
    sqlite3_stmt *emitted; /* the statement as it is emitted; proofs_end() ends it */
    bool has_lists;
};

struct typer {
    struct arena *arena;
    struct diags *diags;
    struct schema *schema;
    sqlite3 *db;
    struct catalog catalog;
    struct map tables; /* of the model, by name in SQL in lower case */
    struct selects selects;
    struct map rows; /* of queries and views, by noun: struct table * */
    VEC(struct proof) proofs;
};

/* A query that is being typed. */
struct typing {
    struct typer *typer;
    struct query *query; /* NULL: a view */
    struct typed_query *typed;
    struct query_text *text;
    struct variant variant; /* with all filters, the first order */
    struct statement *statement;
    struct inferred *inferred;
    VEC(struct given) given;
};

/* ---- query_type.c -------------------------------------------------------------------- */

struct diag *typing_fail(const struct typing *typing, int code, struct range range,
                         const char *format, ...) __attribute__((format(printf, 4, 5)));

/* ---- query_model.c: types of SQL as types of the schema ------------------------------ */

/* What the schema knows of its tables is put into the catalog. */
void model_annotate(struct typer *typer);

/* The column of the schema that a value is copied from or compared with, or NULL. */
const struct column *model_column(const struct typer *typer, const struct type *type);
struct table *model_table(const struct typer *typer, const struct catalog_table *table);

/* Sets the type of `column`; false: it has none that C has too. */
bool model_set(const struct typer *typer, struct column *column, const struct type *type);

/* A type that the schema gives, as inference has types. */
struct type model_type(const struct column *column);

/* ---- query_params.c ------------------------------------------------------------------ */

/* typing->given, from `params`; then typed->params. False after errors. */
bool params_given(struct typing *typing);
bool params_set(struct typing *typing);

/* ---- query_row.c --------------------------------------------------------------------- */

/* Applies `columns` to what was inferred. False after errors. */
bool row_overrides(struct typing *typing);

/* The row of a view. */
void row_of_view(struct typing *typing, struct view *view);

/* Sets typed->row and typed->result. */
void row_of_query(struct typing *typing);

/* ---- query_embed.c ------------------------------------------------------------------- */

/* Sets row->embeds. False after errors. */
bool row_embeds(const struct typing *typing, struct table *row);

/* The struct that the column is in, or NULL. */
const struct embed *row_embed_at(const struct table *row, size_t column);

/* ---- query_attack.c ------------------------------------------------------------------ */

void proofs_attack(struct typer *typer);
void proofs_end(struct typer *typer);

#endif
