/*
 * view_sample_plan.c: facts about a table's sample rows that the emitted tests rely on:
 * what may change without what, which tables come first, in which order rows are listed.
 * It computes, and must not know C or views.
 */
#include "view_sample.h"

#include "../model/sample_value.h"
#include "../model/sqltext.h"
#include "../model/sample.h"

#include <string.h>

size_t sample_ordinary(const struct table *table)
{
    return table->sample_count - 1;
}

/* ---- what may change ------------------------------------------------------------ */

struct mover {
    const struct table *table;
    enum sample_move *moves;
    bool changed;
};

static void lower(struct mover *mover, size_t column, enum sample_move move)
{
    if (mover->moves[column] > move) {
        mover->moves[column] = move;
        mover->changed = true;
    }
}

/* The columns of a foreign key move together; to a row of their own table they don't, nor
 * does what they refer to. */
static void move_foreign_key(struct mover *mover, const struct foreign_key *key)
{
    enum sample_move move = key->columns.count > 1 ? SAMPLE_JOINT : SAMPLE_FREE;
    size_t i;

    if (key->parent == mover->table)
        move = SAMPLE_FIXED;
    for (i = 0; i < key->columns.count && key->columns.count > 1; i++)
        if (mover->moves[key->columns.items[i]->index] == SAMPLE_FIXED)
            move = SAMPLE_FIXED;
    for (i = 0; i < key->columns.count; i++) {
        lower(mover, key->columns.items[i]->index, move);
        if (key->parent == mover->table)
            lower(mover, key->parent_columns.items[i]->index, move);
    }
}

size_t sample_mentions(const struct table *table, const char *sql)
{
    size_t count = 0, i;

    for (i = 0; i < table->columns.count; i++)
        count += sql_mentions(sql, table->columns.items[i]->sql_name);
    return count;
}

static void move_expression(struct mover *mover, const char *sql)
{
    const struct table *table = mover->table;
    enum sample_move move = SAMPLE_JOINT;
    size_t i;

    if (sql == NULL || sample_mentions(table, sql) < 2)
        return;
    for (i = 0; i < table->columns.count; i++)
        if (mover->moves[i] == SAMPLE_FIXED &&
            sql_mentions(sql, table->columns.items[i]->sql_name))
            move = SAMPLE_FIXED;
    for (i = 0; i < table->columns.count; i++)
        if (sql_mentions(sql, table->columns.items[i]->sql_name))
            lower(mover, i, move);
}

/* In a circle, rows that a row needs may refer to the row by any of its columns. */
static void fix_referenced(struct mover *mover, const struct sample_tables *ancestors)
{
    size_t i, k, c;

    for (i = 0; i < ancestors->count; i++)
        for (k = 0; k < ancestors->items[i]->foreign_keys.count; k++) {
            const struct foreign_key *key = &ancestors->items[i]->foreign_keys.items[k];

            for (c = 0; key->parent == mover->table && c < key->columns.count; c++)
                mover->moves[key->parent_columns.items[c]->index] = SAMPLE_FIXED;
        }
}

enum sample_move *sample_moves(struct arena *arena, const struct table *table,
                               const struct sample_tables *ancestors)
{
    struct mover mover = {
        table, ARENA_ARRAY(arena, enum sample_move, table->columns.count), true};
    size_t i;

    for (i = 0; i < table->columns.count; i++) {
        const struct column *column = table->columns.items[i];

        mover.moves[i] = column->key_position > 0 || column->generated != NULL
                             ? SAMPLE_FIXED
                             : SAMPLE_FREE;
    }
    fix_referenced(&mover, ancestors);
    while (mover.changed) {
        mover.changed = false;
        for (i = 0; i < table->foreign_keys.count; i++)
            move_foreign_key(&mover, &table->foreign_keys.items[i]);
        for (i = 0; i < table->checks.count; i++)
            move_expression(&mover, table->checks.items[i].sql);
        for (i = 0; i < table->columns.count; i++)
            move_expression(&mover, table->columns.items[i]->generated);
    }
    return mover.moves;
}

static bool key_mentioned(const struct table *table, const char *sql)
{
    size_t i;

    for (i = 0; sql != NULL && i < table->key.columns.count; i++)
        if (sql_mentions(sql, table->key.columns.items[i]->sql_name))
            return true;
    return false;
}

bool sample_key_is_free(const struct table *table)
{
    size_t i, c;

    for (i = 0; i < table->foreign_keys.count; i++)
        for (c = 0; c < table->foreign_keys.items[i].columns.count; c++)
            if (table->foreign_keys.items[i].columns.items[c]->key_position > 0)
                return false;
    for (i = 0; i < table->checks.count; i++)
        if (key_mentioned(table, table->checks.items[i].sql))
            return false;
    for (i = 0; i < table->columns.count; i++)
        if (key_mentioned(table, table->columns.items[i]->generated))
            return false;
    return true;
}

/* ---- which tables come first ---------------------------------------------------- */

bool sample_refers(const struct table *table, const struct foreign_key *key, size_t rows)
{
    size_t row, i;

    for (row = 0; row < rows; row++) {
        bool set = true;

        for (i = 0; i < key->columns.count; i++)
            set = set && table->samples[row].values[key->columns.items[i]->index].kind !=
                             LITERAL_NULL;
        if (set)
            return true;
    }
    return false;
}

static size_t position(const struct schema *schema, const struct table *table)
{
    size_t i = 0;

    while (schema->creation.items[i] != table)
        i++;
    return i;
}

static void mark_parents(const struct schema *schema, const struct table *table,
                         bool *marked)
{
    size_t i;

    for (i = 0; i < table->foreign_keys.count; i++) {
        const struct foreign_key *key = &table->foreign_keys.items[i];
        size_t parent = position(schema, key->parent);

        if (marked[parent] || !sample_refers(table, key, SAMPLE_ROWS))
            continue;
        marked[parent] = true;
        mark_parents(schema, key->parent, marked);
    }
}

struct sample_tables sample_ancestors(struct arena *arena, const struct schema *schema,
                                      const struct table *table)
{
    struct sample_tables tables = {0};
    bool *marked;
    size_t i;

    if (table->foreign_keys.count == 0)
        return tables;
    marked = ARENA_ARRAY(arena, bool, schema->creation.count);
    mark_parents(schema, table, marked);
    tables.items = ARENA_ARRAY(arena, const struct table *, schema->creation.count);
    for (i = 0; i < schema->creation.count; i++)
        if (marked[i] && schema->creation.items[i] != table)
            tables.items[tables.count++] = schema->creation.items[i];
    return tables;
}

static bool refers_ahead(const struct schema *schema, const struct table *table)
{
    size_t i;

    for (i = 0; i < table->foreign_keys.count; i++) {
        const struct foreign_key *key = &table->foreign_keys.items[i];

        if (key->parent != table && sample_refers(table, key, SAMPLE_ROWS) &&
            position(schema, key->parent) > position(schema, table))
            return true;
    }
    return false;
}

bool sample_is_deferred(const struct schema *schema, const struct table *table,
                        const struct sample_tables *ancestors)
{
    bool ahead = refers_ahead(schema, table);
    size_t i;

    for (i = 0; i < ancestors->count; i++)
        ahead = ahead || refers_ahead(schema, ancestors->items[i]);
    return ahead;
}

/* ---- orders --------------------------------------------------------------------- */

static char folded(const char *collation, char c)
{
    return strcmp(collation, "NOCASE") == 0 && c >= 'A' && c <= 'Z'
               ? (char)(c - 'A' + 'a')
               : c;
}

static size_t length_of(const char *collation, const struct literal *literal)
{
    size_t length = literal->length;

    while (strcmp(collation, "RTRIM") == 0 && length > 0 &&
           literal->text[length - 1] == ' ')
        length--;
    return length;
}

static int compare_text(const char *collation, const struct literal *a,
                        const struct literal *b)
{
    size_t length = length_of(collation, a), other = length_of(collation, b), i;

    for (i = 0; i < length && i < other; i++) {
        unsigned char x = (unsigned char)folded(collation, a->text[i]);
        unsigned char y = (unsigned char)folded(collation, b->text[i]);

        if (x != y)
            return x < y ? -1 : 1;
    }
    return length < other ? -1 : length > other;
}

static double number_of(const struct literal *literal)
{
    return literal->kind == LITERAL_REAL ? literal->real : (double)literal->integer;
}

/* As SQLite orders: NULL, numbers, text, blobs. Values of one column are of one kind. */
static int compare(const char *collation, const struct literal *a,
                   const struct literal *b)
{
    if (a->kind == LITERAL_NULL || b->kind == LITERAL_NULL)
        return (b->kind == LITERAL_NULL) - (a->kind == LITERAL_NULL);
    if (a->kind == LITERAL_INTEGER && b->kind == LITERAL_INTEGER)
        return a->integer < b->integer ? -1 : a->integer > b->integer;
    if (a->kind == LITERAL_INTEGER || a->kind == LITERAL_REAL)
        return number_of(a) < number_of(b) ? -1 : number_of(a) > number_of(b);
    return compare_text(a->kind == LITERAL_BLOB ? "BINARY" : collation, a, b);
}

struct term {
    const struct column *column;
    const char *collation;
    bool descending;
};

struct sorter {
    const struct table *table;
    VEC(struct term) terms;
};

static const char *collation_of(const struct column *column, const char *collation)
{
    if (collation != NULL)
        return collation;
    return column->collation != NULL ? column->collation : "BINARY";
}

static int compare_rows(const struct sorter *sorter, size_t a, size_t b)
{
    const struct sample *samples = sorter->table->samples;
    size_t i;

    for (i = 0; i < sorter->terms.count; i++) {
        const struct term *term = &sorter->terms.items[i];
        size_t column = term->column->index;
        int order = compare(term->collation, &samples[a].values[column],
                            &samples[b].values[column]);

        if (order != 0)
            return term->descending ? -order : order;
    }
    return a < b ? -1 : 1;
}

/* Adds a term; false where the column is computed, so that its value isn't known here. */
static bool add_term(struct arena *arena, struct sorter *sorter,
                     const struct column *column, const char *collation, bool descending)
{
    if (column == NULL || column->generated != NULL)
        return false;
    *VEC_ADD(arena, &sorter->terms) =
        (struct term){column, collation_of(column, collation), descending};
    return true;
}

static const struct index *index_of(const struct table *table,
                                    const struct access *access)
{
    static const char because[] = "index ";
    size_t i;

    for (i = 0; strncmp(access->because, because, sizeof because - 1) == 0 &&
                i < table->indexes.count;
         i++)
        if (strcmp(table->indexes.items[i].name, access->because + sizeof because - 1) ==
            0)
            return &table->indexes.items[i];
    return NULL;
}

static bool add_terms(struct arena *arena, struct sorter *sorter,
                      const struct access *access)
{
    const struct table *table = sorter->table;
    const struct index *index = access == NULL ? NULL : index_of(table, access);
    size_t i;

    if (index != NULL && index->where != NULL)
        return false;
    for (i = 0; index != NULL && i < index->terms.count; i++)
        if (!add_term(arena, sorter, index->terms.items[i].column,
                      index->terms.items[i].collation, index->terms.items[i].descending))
            return false;
    for (i = 0; i < table->key.columns.count; i++)
        if (!add_term(arena, sorter, table->key.columns.items[i],
                      columns_collation(&table->key.columns, i),
                      access == NULL && columns_descend(&table->key.columns, i)))
            return false;
    return true;
}

static bool matches(const struct table *table, const struct columns *columns, size_t row,
                    size_t like)
{
    size_t i;

    for (i = 0; i < columns->count; i++) {
        const struct column *column = columns->items[i];

        if (compare(collation_of(column, columns_collation(columns, i)),
                    &table->samples[row].values[column->index],
                    &table->samples[like].values[column->index]) != 0)
            return false;
    }
    return true;
}

/* Access NULL: all rows by primary key. */
bool sample_order(struct arena *arena, const struct table *table,
                  const struct access *access, size_t like, const char **numbers,
                  size_t *count)
{
    static const struct columns none = {0};
    const struct columns *columns = access == NULL ? &none : &access->columns;
    struct sorter sorter = {.table = table};
    size_t rows[SAMPLE_ROWS], row, i;

    for (i = 0; i < columns->count; i++)
        if (columns->items[i]->generated != NULL)
            return false;
    if (!add_terms(arena, &sorter, access))
        return false;
    *count = 0;
    for (row = 0; row < table->sample_count; row++) {
        if (!matches(table, columns, row, like))
            continue;
        for (i = (*count)++; i > 0 && compare_rows(&sorter, rows[i - 1], row) > 0; i--)
            rows[i] = rows[i - 1];
        rows[i] = row;
    }
    *numbers = "";
    for (i = 0; i < *count; i++)
        *numbers = arena_printf(arena, "%s%s%zu", *numbers, i > 0 ? ", " : "", rows[i]);
    return true;
}
