/*
 * build.h: what the files that build the view share. An object is an array of values
 * whose fields are numbered by an enum; enum and names come from one list, so they can't
 * disagree. Here too nothing is known of templates.
 */
#ifndef VIEW_BUILD_H
#define VIEW_BUILD_H

#include "../model/model.h"
#include "value.h"

/* The schema that is viewed and what many names are made of. */
struct builder {
    struct arena *arena;
    const struct schema *schema;
    const char *upper; /* the schema's name in capitals */
    bool uses_math;    /* set when a table needs math.h */
    /* Set when tests need such helpers, and when a table has tests at all; view.c puts
     * those of its workers together. */
    bool tests_many, tests_defer, tests_errors, tests_copy, tests_blob, tests_labels;
    bool tests_any;
    struct map
        prefixes; /* what names of file scope begin with: rows, enums, "quarry", … */
};

/* A table on its way into the view; columns[i] is the object of column i. */
struct table_builder {
    struct builder *builder;
    const struct table *table;
    const char *type;  /* dockstat_host */
    const char *upper; /* DOCKSTAT_HOST */
    struct value *columns;
};

/* ---- view_column.c -------------------------------------------------------------------
 */

/* The object of a column as a field of the row's struct. */
struct value view_column(struct table_builder *table, const struct column *column);

/* Where a value to bind stands: decides the text in front of its name. */
enum view_place {
    VIEW_PARAMETER,
    VIEW_KEY_FIELD,
    VIEW_KEY_ELEMENT,
    VIEW_PARAMS /* a field of a query's params */
};

/*
 * Columns as parameters of a look-up, numbered from 1, on the objects of the columns.
 * `sep` is ", ", `or` is " | " and `comma` is "," but for the last.
 */
struct value view_parameters(struct table_builder *table, const struct columns *columns,
                             enum view_place place);

/* The C type of a column as a parameter, ending so that a name can follow: "const char
 * *". */
const char *view_c_type(struct builder *builder, const struct column *column,
                        bool nullable);

/* A literal as C: text in quotes, a number, an enum's constant, true, QUARRY_NOW. */
const char *view_c_literal(struct builder *builder, const struct column *column,
                           const struct literal *literal);

const char *view_constant(struct builder *builder, const struct enumeration *enumeration,
                          const struct enumerator *value);

/* ---- view_table.c, view_access.c ------------------------------------------------------
 */

struct value view_table(struct builder *builder, const struct table *table);

/* The unique look-ups, lists and orders of a table: three lists. */
void view_accesses(struct table_builder *table, struct value *gets, struct value *lists,
                   struct value *orders);

/* ---- view_unique.c ---------------------------------------------------------------
 */

/* What of a table is unique besides its primary key, with names and columns: a list. */
struct value view_unique_names(struct table_builder *table);

/* ---- view_migration.c ------------------------------------------------------------------
 */

/* The migrations, and the functions of the program's that they call: two lists. */
void view_migrations(struct builder *builder, struct value *migrations,
                     struct value *calls);

/* The query that counts the rows of all tables, and whether all migrations have a way
 * back. */
struct value view_migration_counts(struct arena *arena, const struct schema *schema);
bool view_migrations_reversible(const struct schema *schema);

/* True where a statement of a migration holds the text. */
bool view_migrations_mention(const struct schema *schema, const char *text);

/* SLOT_HOST_GET */
const char *view_slot(struct table_builder *table, const char *verb);

/* The texts of an access: "name and address". */
const char *view_column_names(struct table_builder *table, const struct columns *columns);

/* ---- view_result.c, view_query.c ------------------------------------------------------
 */

/* What queries and views yield and have functions for; each of the schema's, by index. */
struct value view_result_row(struct builder *builder, size_t index);
struct value view_view(struct builder *builder, size_t index);
struct value view_query(struct builder *builder, size_t index);

/* True where some query has a list. */
bool view_uses_lists(const struct schema *schema);

/* True where a query gives one row or one value of a row. */
bool view_has_single(const struct schema *schema);

#endif
