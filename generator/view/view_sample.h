/*
 * view_sample.h: what the emitted tests need of a table: rows as C initializers, values
 * that break rules, which columns can change alone, the order in which lists come. It is
 * apart from the rest of the view, and nothing else in the view may use it.
 */
#ifndef VIEW_SAMPLE_H
#define VIEW_SAMPLE_H

#include "../model/sample_sets.h"
#include "build.h"

/* The lists of accesses of a table's view. */
struct sample_accesses {
    struct value gets, lists, orders;
};

/* The field `test` of a table that has sample rows, an object. */
struct value view_sample(struct table_builder *table,
                         const struct sample_accesses *accesses);

/* The field `test` of the schema: which helpers its tests need, and what its seeds are.
 */
struct value view_sample_schema(struct builder *builder);

/* A number that the enum has not, as C. */
const char *view_sample_undeclared(struct builder *builder,
                                   const struct enumeration *enumeration);

/*
 * FREE: may take the value of any other row alone. JOINT: together with all others that
 * are not FIXED. FIXED: belongs to the key or hangs on it.
 */
enum sample_move {
    SAMPLE_FIXED,
    SAMPLE_JOINT,
    SAMPLE_FREE
};
/* The tables that must be filled before another, in that order. */
struct sample_tables {
    const struct table **items;
    size_t count;
};
/* ---- view_sample.c -------------------------------------------------------------- */

/* A table whose tests are planned, and what is known of it before. */
struct tester {
    struct table_builder *table;
    struct builder *builder;
    struct arena *arena;
    const struct table *t;
    size_t ordinary;         /* the row of ordinary values */
    enum sample_move *moves; /* per column */
    struct sample_tables ancestors;
    struct sample_sets sets;
    bool deferred; /* in a circle: its tests run where keys are checked at the commit */
};

typedef VEC(struct value) value_vec;
struct value tester_list(struct tester *tester, const value_vec *vec);

/* An object with the fields given; more fields come from `base` (or NULL). */
struct value tester_object(struct tester *tester, struct shape *shape,
                           const struct object *base, const struct value *fields,
                           size_t count);

/* The object of a column in the table's view. */
const struct object *tester_column(struct tester *tester, const struct column *column);

/* Whether a check or a computed column names the column; whether a foreign key has it. */
bool tester_mentions(const struct table *table, const struct column *column);
bool tester_is_foreign(const struct table *table, const struct column *column);
bool tester_contains(const struct columns *columns, const struct column *column);

/* Whether the row itself, or in a circle a row that it needs, may refer to the column. */
bool tester_is_own_parent(const struct tester *tester, const struct column *column);

/* A time of creation: an upsert of a row that is there keeps it. */
bool tester_is_created(const struct column *column);

/* Whether a row refers to another by the key. */
bool sample_is_parent(const struct foreign_key *key, const struct literal *child,
                      const struct literal *parent);

/* The sample row of the key's parent that a sample row refers to, or how many there are. */
size_t tester_parent(const struct tester *tester, const struct foreign_key *key,
                     size_t row);

/*
 * Whether an update can't be planned, as the time to which it sets a column has to meet a
 * check, or be unique; whether an upsert can't either, as it keeps the time of creation,
 * which can't stay alone.
 */
bool tester_touch_is_bound(const struct tester *tester);
bool tester_upsert_is_bound(const struct tester *tester);

/* ---- view_sample_mix.c ----------------------------------------------------------- */

/* A sample row to be changed; one with the columns that can move of another row. */
struct literal *tester_copy(struct tester *tester, size_t row);
struct literal *tester_mix(struct tester *tester, size_t key, size_t rest);

/* Gives columns the values of a sample row; those that upserts keep. */
void tester_set(struct tester *tester, struct literal *values,
                const struct columns *columns, size_t row);
void tester_keep_created(struct tester *tester, struct literal *values, size_t row);

/*
 * Whether two rows may be the same in a key or unique columns. With `new_key` one of them
 * gets a key from SQLite.
 */
bool tester_clashes(const struct tester *tester, const struct literal *a,
                    const struct literal *b, bool new_key);

/* Whether they are the same in these columns for sure, and in no others. */
bool tester_clashes_only(const struct tester *tester, const struct columns *columns,
                         const struct literal *a, const struct literal *b);

/* Whether an expression of an index, or its WHERE, names the column. */
bool tester_in_expression(const struct tester *tester, const struct column *column);

/* ---- view_sample_refuse.c ------------------------------------------------------- */

/* Values, SQL, stored values, keys and parents that are refused: lists of objects. */
struct value tester_bad(struct tester *tester);
struct value tester_bad_sql(struct tester *tester);
struct value tester_mismatches(struct tester *tester);
struct value tester_uniques(struct tester *tester);
struct value tester_missing(struct tester *tester);

/*
 * Whether the unique columns can have the values of another row while all others stay;
 * the ordinary row has values in all of them.
 */
bool tester_can_take(struct tester *tester, const struct columns *columns);

/* ---- view_sample_access.c ------------------------------------------------------- */

/* What a delete of the parent does, per foreign key; look-ups; lists with what they find.
 */
struct value tester_deletes(struct tester *tester);
struct value tester_finds(struct tester *tester, const struct value *gets);
struct value tester_lists_by(struct tester *tester, const struct value *lists);
struct value tester_sorted(struct tester *tester, const struct value *orders);

/* ---- view_sample_value.c -------------------------------------------------------------
 */

/*
 * A literal as what follows `.field = ` in a static initializer: "a", {true, 5}. Text
 * that is long stands on several lines, each but the first indented by `indent`.
 */
const char *sample_initializer(struct builder *builder, const struct column *column,
                               const struct literal *literal, size_t indent);

/* The same as an expression for an assignment: (quarry_opt_int64){true, 5}. */
const char *sample_expression(struct builder *builder, const struct column *column,
                              const struct literal *literal);

/* UPDATE of all rows that sets the column to an SQL expression, as a C string. */
const char *sample_update(struct table_builder *table, const struct column *column,
                          const char *expression);

/* Further valid values of a column that are easily got wrong; false: no more of them. */
bool sample_extreme(struct builder *builder, const struct column *column, size_t number,
                    struct literal *value);

/* SQL expressions that the column's checks must refuse, NULL after the last. */
const char *sample_refused_sql(struct builder *builder, const struct column *column,
                               size_t number);

/* One that the reading function must refuse once it is stored, or NULL. */
const char *sample_mismatch_sql(struct builder *builder, const struct table *table,
                                const struct column *column);

/* ---- view_sample_plan.c ---------------------------------------------------------------
 */

/* `ancestors` are the tables of which there are rows already. */
enum sample_move *sample_moves(struct arena *arena, const struct table *table,
                               const struct sample_tables *ancestors);

/* Whether the key can be changed without any other column. */
bool sample_key_is_free(const struct table *table);

/* The row of ordinary values that can be in the table together with row 0. */
size_t sample_ordinary(const struct table *table);

/* Whether one of the first `rows` rows refers to a row by this key; NULL keys don't. */
bool sample_refers(const struct table *table, const struct foreign_key *key, size_t rows);

struct sample_tables sample_ancestors(struct arena *arena, const struct schema *schema,
                                      const struct table *table);

/* Whether rows of the table can only be written where foreign keys are checked later. */
bool sample_is_deferred(const struct schema *schema, const struct table *table,
                        const struct sample_tables *ancestors);

/* Whether the expression names one of the table's columns, or more than one. */
size_t sample_mentions(const struct table *table, const char *sql);

/*
 * The numbers of the rows that an access finds, as C: "2, 0, 1", and how many; for a list
 * those that have the columns of row `like`. False where SQL decides that.
 */
bool sample_order(struct arena *arena, const struct table *table,
                  const struct access *access, size_t like, const char **numbers,
                  size_t *count);

#endif
