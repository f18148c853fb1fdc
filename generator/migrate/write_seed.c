/*
 * write_seed.c: the steps that lead from the rows that the migrations made to the declared
 * seeds, see write.h: rows are inserted, updated by their key or deleted, each with its way
 * back. It must not know how the tables came to be.
 */
#include "write.h"

#include "../base/names.h"
#include "../model/ddl.h"
#include "../model/literal.h"

#include <string.h>

struct seeder {
    const struct stage *stage;
    sqlite3 *db;
    struct buf *out;
    unsigned indent;
    size_t count;
    const struct table *table;
    const char *gone; /* "no row of the seeds", as SQL */
};

/* A row as it is in the database, one literal per column. */
struct found_row {
    struct literal *values;
    bool *given;
};

struct found_rows {
    VEC(struct found_row) list;
};

/* ---- values ------------------------------------------------------------------- */

/* A value in the language of migrations, where an enum is what it stores. */
static void add_value(struct buf *out, const struct column *column,
                      const struct literal *literal)
{
    struct node text = {.kind = NODE_SCALAR,
                        .text = literal->text,
                        .length = literal->length,
                        .quoted = true};

    if (literal->kind == LITERAL_TEXT && column->type == TYPE_LABELS)
        buf_adds(out, literal->text);
    else if (literal->kind == LITERAL_TEXT)
        write_node(out, &text);
    else if (literal->kind == LITERAL_BLOB)
        buf_addc(out, '"');
    if (literal->kind == LITERAL_INTEGER && column->type == TYPE_BOOL)
        buf_adds(out, literal->integer != 0 ? "true" : "false");
    else if (literal->kind == LITERAL_NULL)
        buf_adds(out, "null");
    else if (literal->kind != LITERAL_TEXT)
        ddl_literal(literal, out);
    if (literal->kind == LITERAL_BLOB)
        buf_addc(out, '"');
}

/* "{id: 3, name: x}" of the columns that are chosen. */
static void add_row(struct seeder *seeder, const struct literal *values,
                    const bool *chosen)
{
    const char *separator = "{";
    size_t i;

    for (i = 0; i < seeder->table->columns.count; i++) {
        const struct column *column = seeder->table->columns.items[i];

        if (!chosen[i])
            continue;
        buf_addf(seeder->out, "%s%s: ", separator, column->name);
        add_value(seeder->out, column, &values[i]);
        separator = ", ";
    }
    buf_adds(seeder->out, *separator == '{' ? "{}" : "}");
}

/* "a IS 1 AND b IS 'x'". */
static void add_match(struct seeder *seeder, const struct literal *values,
                      const bool *chosen, struct buf *sql)
{
    const char *separator = "";
    size_t i;

    for (i = 0; i < seeder->table->columns.count; i++) {
        if (!chosen[i])
            continue;
        buf_addf(
            sql, "%s%s IS ", separator,
            name_sql(seeder->stage->arena, seeder->table->columns.items[i]->sql_name));
        ddl_literal(&values[i], sql);
        separator = " AND ";
    }
    buf_adds(sql, *separator == '\0' ? "1" : "");
}

/* ---- keys --------------------------------------------------------------------- */

static bool choose(const struct table *table, const struct columns *columns,
                   const struct literal *values, const bool *given, bool *chosen)
{
    size_t i, k;

    memset(chosen, 0, table->columns.count * sizeof *chosen);
    for (i = 0; i < table->columns.count; i++)
        for (k = 0; k < columns->count; k++)
            if (columns->items[k] == table->columns.items[i])
                chosen[i] = given[i] && values[i].kind != LITERAL_NULL;
    for (i = 0, k = 0; i < table->columns.count; i++)
        k += chosen[i];
    return k > 0 && k == columns->count;
}

/* The columns that say which row it is: a key whose values are given, or NULL. */
static const bool *find_key(struct seeder *seeder, const struct literal *values,
                            const bool *given)
{
    const struct table *table = seeder->table;
    bool *chosen = ARENA_ARRAY(seeder->stage->arena, bool, table->columns.count + 1);
    size_t i;

    if (choose(table, &table->key.columns, values, given, chosen))
        return chosen;
    for (i = 0; i < table->uniques.count; i++)
        if (choose(table, &table->uniques.items[i].columns, values, given, chosen))
            return chosen;
    return NULL;
}

/* ---- rows --------------------------------------------------------------------- */

static struct literal read_value(struct seeder *seeder, sqlite3_stmt *statement,
                                 int column)
{
    struct arena *arena = seeder->stage->arena;
    struct literal literal = {.kind = LITERAL_NULL};
    const void *bytes = sqlite3_column_blob(statement, column);

    literal.length = (size_t)sqlite3_column_bytes(statement, column);
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
        literal.kind = LITERAL_INTEGER;
        literal.integer = sqlite3_column_int64(statement, column);
        break;
    case SQLITE_FLOAT:
        literal.kind = LITERAL_REAL;
        literal.real = sqlite3_column_double(statement, column);
        break;
    case SQLITE_TEXT: literal.kind = LITERAL_TEXT; break;
    case SQLITE_BLOB: literal.kind = LITERAL_BLOB; break;
    default: break;
    }
    if (literal.kind == LITERAL_TEXT || literal.kind == LITERAL_BLOB)
        literal.text = arena_strndup(arena, bytes != NULL ? bytes : "", literal.length);
    return literal;
}

static void take_row(struct seeder *seeder, sqlite3_stmt *statement,
                     struct found_rows *rows)
{
    struct arena *arena = seeder->stage->arena;
    size_t count = seeder->table->columns.count, i;
    struct found_row *row = VEC_ADD(arena, &rows->list);

    row->values = ARENA_ARRAY(arena, struct literal, count + 1);
    row->given = ARENA_ARRAY(arena, bool, count + 1);
    for (i = 0; i < count; i++) {
        row->values[i] = read_value(seeder, statement, (int)i);
        row->given[i] = seeder->table->columns.items[i]->generated == NULL;
    }
}

static struct found_rows find_rows(struct seeder *seeder, const char *where)
{
    struct arena *arena = seeder->stage->arena;
    struct found_rows rows = {.list = {0}};
    sqlite3_stmt *statement = NULL;
    const char *separator = "SELECT ";
    struct buf sql;
    size_t i;

    buf_init(&sql);
    for (i = 0; i < seeder->table->columns.count; i++) {
        buf_addf(&sql, "%s%s", separator,
                 name_sql(arena, seeder->table->columns.items[i]->sql_name));
        separator = ", ";
    }
    buf_addf(&sql, " FROM %s WHERE %s", name_sql(arena, seeder->table->sql_name), where);
    if (sqlite3_prepare_v2(seeder->db, sql.data, -1, &statement, NULL) == SQLITE_OK)
        while (sqlite3_step(statement) == SQLITE_ROW)
            take_row(seeder, statement, &rows);
    sqlite3_finalize(statement);
    buf_release(&sql);
    return rows;
}

static struct found_rows find_match(struct seeder *seeder, const struct literal *values,
                                    const bool *chosen)
{
    struct found_rows rows;
    struct buf sql;

    buf_init(&sql);
    add_match(seeder, values, chosen, &sql);
    rows = find_rows(seeder, sql.data);
    buf_release(&sql);
    return rows;
}

/* ---- steps -------------------------------------------------------------------- */

static void begin_line(struct seeder *seeder, const char *text)
{
    buf_repeat(seeder->out, ' ', seeder->indent);
    buf_adds(seeder->out, text);
}

static void write_insert(struct seeder *seeder, const char *lead,
                         const struct literal *values, const bool *given)
{
    begin_line(seeder, lead);
    buf_addf(seeder->out, "insert: {table: %s, rows: [", seeder->table->name);
    add_row(seeder, values, given);
    buf_adds(seeder->out, "]}\n");
}

static void write_delete(struct seeder *seeder, const char *lead,
                         const struct literal *values, const bool *given)
{
    const bool *key = find_key(seeder, values, given);

    begin_line(seeder, lead);
    buf_addf(seeder->out, "delete: {table: %s, where: ", seeder->table->name);
    add_row(seeder, values, key != NULL ? key : given);
    buf_adds(seeder->out, "}\n");
}

static void write_update(struct seeder *seeder, const char *lead,
                         const struct literal *values, const bool *set,
                         const struct literal *now, const bool *key)
{
    begin_line(seeder, lead);
    buf_addf(seeder->out, "update: {table: %s, set: ", seeder->table->name);
    add_row(seeder, values, set);
    buf_adds(seeder->out, ", where: ");
    add_row(seeder, now, key);
    buf_adds(seeder->out, "}\n");
}

static void delete_gone(struct seeder *seeder)
{
    struct found_rows rows = find_rows(seeder, seeder->gone);
    size_t i;

    for (i = 0; i < rows.list.count; i++) {
        const struct found_row *row = &rows.list.items[i];

        write_delete(seeder, "- ", row->values, row->given);
        begin_line(seeder, "  down:\n");
        write_insert(seeder, "    - ", row->values, row->given);
        seeder->count++;
    }
}

/* The row of the seed is there, with other values. */
static void update_row(struct seeder *seeder, const struct seed *seed,
                       const struct found_row *row, const bool *key)
{
    size_t columns = seeder->table->columns.count, i;
    bool *set = ARENA_ARRAY(seeder->stage->arena, bool, columns + 1), any = false;

    for (i = 0; i < columns; i++) {
        set[i] = seed->given[i] && !key[i] &&
                 !literal_equal(&seed->values[i], &row->values[i]);
        any = any || set[i];
    }
    if (!any)
        return;
    write_update(seeder, "- ", seed->values, set, seed->values, key);
    begin_line(seeder, "  down:\n");
    write_update(seeder, "    - ", row->values, set, seed->values, key);
    seeder->count++;
}

static void write_seed(struct seeder *seeder, const struct seed *seed)
{
    const bool *key = find_key(seeder, seed->values, seed->given);
    struct found_rows rows =
        find_match(seeder, seed->values, key != NULL ? key : seed->given);

    if (rows.list.count > 0 && key != NULL) {
        update_row(seeder, seed, &rows.list.items[0], key);
    } else if (rows.list.count == 0) {
        write_insert(seeder, "- ", seed->values, seed->given);
        begin_line(seeder, "  down:\n");
        write_delete(seeder, "    - ", seed->values, seed->given);
        seeder->count++;
    }
}

/* ---- tables ------------------------------------------------------------------- */

/* Rows that none of the seeds is. */
static const char *gone_rows(struct seeder *seeder)
{
    const char *text;
    struct buf sql;
    size_t i;

    buf_init(&sql);
    buf_adds(&sql, "1");
    for (i = 0; i < seeder->table->seeds.count; i++) {
        const struct seed *seed = &seeder->table->seeds.items[i];
        const bool *key = find_key(seeder, seed->values, seed->given);

        buf_adds(&sql, " AND NOT (");
        add_match(seeder, seed->values, key != NULL ? key : seed->given, &sql);
        buf_addc(&sql, ')');
    }
    text = arena_strndup(seeder->stage->arena, sql.data, sql.length);
    buf_release(&sql);
    return text;
}

size_t write_seeds_drop(const struct stage *stage, sqlite3 *db, unsigned indent,
                        struct buf *out)
{
    struct seeder seeder = {.stage = stage, .db = db, .out = out, .indent = indent};
    size_t i;

    for (i = stage->schema->creation.count; i-- > 0;) {
        seeder.table = stage->schema->creation.items[i];
        seeder.gone = gone_rows(&seeder);
        if (seeder.table->seeds.count > 0)
            delete_gone(&seeder);
    }
    return seeder.count;
}

size_t write_seeds_put(const struct stage *stage, sqlite3 *db, unsigned indent,
                       struct buf *out)
{
    struct seeder seeder = {.stage = stage, .db = db, .out = out, .indent = indent};
    size_t i, k;

    for (i = 0; i < stage->schema->creation.count; i++) {
        seeder.table = stage->schema->creation.items[i];
        for (k = 0; k < seeder.table->seeds.count; k++)
            write_seed(&seeder, &seeder.table->seeds.items[k]);
    }
    return seeder.count;
}
