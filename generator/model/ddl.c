/*
 * ddl.c: see ddl.h. One column per line; what would make a line too long (references,
 * generated expressions, checks) goes to lines of its own below it.
 */
#include "ddl.h"

#include "../base/names.h"
#include "sqltext.h"

#include <string.h>

enum {
    WIDTH = 90,
    INDENT = 4,
    CONTINUED = 8
};

/* Writes one CREATE statement. `line` is the column at hand, cut at `breaks` where need
 * be. */
struct writer {
    struct arena *scratch; /* for names and the like; given up when all is written */
    const struct table *table;
    const struct schema *schema;
    struct buf *out;
    struct buf line;
    VEC(size_t) breaks;
    bool first;
};

static void add_name(struct writer *writer, struct buf *out, const char *name)
{
    buf_adds(out, name_sql(writer->scratch, name));
}

static void add_columns(struct writer *writer, struct buf *out,
                        const struct columns *columns)
{
    buf_addc(out, '(');
    for (size_t i = 0; i < columns->count; i++) {
        buf_adds(out, i > 0 ? ", " : "");
        add_name(writer, out, columns->items[i]->sql_name);
    }
    buf_addc(out, ')');
}

/* The same of a key, with collations and directions. */
static void add_key_columns(struct writer *writer, struct buf *out,
                            const struct columns *columns)
{
    buf_addc(out, '(');
    for (size_t i = 0; i < columns->count; i++) {
        const struct key_term *term =
            columns->terms != NULL ? &columns->terms[i] : &(struct key_term){0};

        buf_adds(out, i > 0 ? ", " : "");
        add_name(writer, out, columns->items[i]->sql_name);
        if (term->collation != NULL)
            buf_addf(out, " COLLATE %s", name_sql(writer->scratch, term->collation));
        buf_adds(out, term->descending ? " DESC" : "");
    }
    buf_addc(out, ')');
}

static void add_conflict(struct buf *out, const char *conflict)
{
    if (conflict != NULL)
        buf_addf(out, " ON CONFLICT %s", conflict);
}

const char *ddl_or_abort(const struct table *table)
{
    return table->has_conflicts ? " OR ABORT" : "";
}

/* ---- columns -------------------------------------------------------------------- */

/* Starts what may stand on a line of its own. */
static void part(struct writer *writer)
{
    *VEC_ADD(writer->scratch, &writer->breaks) = writer->line.length;
}

static void flush(struct writer *writer)
{
    struct buf *line = &writer->line;
    bool broken = line->length + writer->breaks.count + INDENT + 1 > WIDTH ||
                  strchr(line->data, '\n') != NULL;
    size_t from = 0;

    buf_adds(writer->out, writer->first ? "\n" : ",\n");
    buf_repeat(writer->out, ' ', INDENT);
    for (size_t i = 0; i <= writer->breaks.count; i++) {
        size_t to = i < writer->breaks.count ? writer->breaks.items[i] : line->length;

        if (i > 0)
            buf_adds(writer->out, broken ? "\n        " : " ");
        buf_add(writer->out, line->data + from, to - from);
        from = to;
    }
    writer->first = false;
    writer->breaks.count = 0;
    buf_clear(line);
}

static const char *action_sql(enum fk_action action)
{
    static const char *const names[] = {[FK_NO_ACTION] = "NO ACTION",
                                        [FK_RESTRICT] = "RESTRICT",
                                        [FK_SET_NULL] = "SET NULL",
                                        [FK_SET_DEFAULT] = "SET DEFAULT",
                                        [FK_CASCADE] = "CASCADE"};

    return names[action];
}

static void add_references(struct writer *writer, const struct foreign_key *key)
{
    struct buf *out = &writer->line;

    buf_adds(out, "REFERENCES ");
    add_name(writer, out, key->parent->sql_name);
    buf_addc(out, ' ');
    add_columns(writer, out, &key->parent_columns);
    if (key->on_delete != FK_NO_ACTION)
        buf_addf(out, " ON DELETE %s", action_sql(key->on_delete));
    if (key->on_update != FK_NO_ACTION)
        buf_addf(out, " ON UPDATE %s", action_sql(key->on_update));
    if (key->deferrable)
        buf_adds(out, " DEFERRABLE INITIALLY DEFERRED");
}

/* The name that a constraint has when the schema gives none. */
static bool has_default_name(struct writer *writer, const char *name,
                             const struct columns *columns, const char *suffix)
{
    struct arena *arena = writer->scratch;
    char *expected = arena_strdup(arena, writer->table->name);

    for (size_t i = 0; i < columns->count; i++)
        expected = arena_printf(arena, "%s_%s", expected, columns->items[i]->name);
    return name == NULL ||
           strcmp(name, arena_printf(arena, "%s_%s", expected, suffix)) == 0;
}

static bool is_inline_unique(struct writer *writer, const struct unique *unique)
{
    return unique->columns.count == 1 && unique->columns.terms == NULL &&
           has_default_name(writer, unique->name, &unique->columns, "unique");
}

/* The one that stands in the column's line; others of the same columns are apart. */
static const struct unique *inline_unique(struct writer *writer,
                                          const struct column *column)
{
    for (size_t i = 0; i < writer->table->uniques.count; i++) {
        const struct unique *unique = &writer->table->uniques.items[i];

        if (unique->is_constraint && unique->columns.items[0] == column &&
            is_inline_unique(writer, unique))
            return unique;
    }
    return NULL;
}

static void add_constraint(struct writer *writer, const char *name)
{
    buf_adds(&writer->line, "CONSTRAINT ");
    add_name(writer, &writer->line, name);
    buf_addc(&writer->line, ' ');
}

static void add_check(struct writer *writer, const char *name, const char *sql,
                      size_t indent)
{
    if (name != NULL)
        add_constraint(writer, name);
    buf_adds(&writer->line, "CHECK ");
    sql_add_block(&writer->line, sql, indent);
}

/* A collation can't stand there; a direction must, or SQLite would make a rowid of it. */
static bool is_inline_key(const struct primary_key *key)
{
    return key->columns.count == 1 &&
           (key->columns.terms == NULL || key->columns.terms[0].collation == NULL);
}

static void add_key(struct writer *writer, const struct column *column)
{
    const struct table *table = writer->table;
    const struct unique *unique;

    if (column->key_position > 0 && is_inline_key(&table->key)) {
        buf_adds(&writer->line, " PRIMARY KEY");
        if (columns_descend(&table->key.columns, 0))
            buf_adds(&writer->line, " DESC");
        add_conflict(&writer->line, table->key.on_conflict);
        if (table->key.autoincrement)
            buf_adds(&writer->line, " AUTOINCREMENT");
    }
    unique = inline_unique(writer, column);
    if (unique == NULL)
        return;
    buf_adds(&writer->line, " UNIQUE");
    add_conflict(&writer->line, unique->on_conflict);
}

static void add_foreign_keys(struct writer *writer, const struct column *column)
{
    for (size_t i = 0; i < writer->table->foreign_keys.count; i++) {
        const struct foreign_key *key = &writer->table->foreign_keys.items[i];

        if (key->columns.count != 1 || key->columns.items[0] != column)
            continue;
        part(writer);
        if (!has_default_name(writer, key->name, &key->columns, "fkey"))
            add_constraint(writer, key->name);
        add_references(writer, key);
    }
}

static void add_column_parts(struct writer *writer, const struct column *column)
{
    const struct column_check *checks;
    size_t count;

    add_foreign_keys(writer, column);
    if (column->generated != NULL) {
        part(writer);
        buf_adds(&writer->line, "GENERATED ALWAYS AS ");
        sql_add_block(&writer->line, column->generated, CONTINUED);
        buf_adds(&writer->line, column->stored ? " STORED" : " VIRTUAL");
    }
    count = ddl_column_checks(writer->scratch, writer->table, column, writer->schema,
                              &checks);
    for (size_t i = 0; i < count; i++) {
        part(writer);
        add_check(writer, checks[i].name, checks[i].sql, CONTINUED);
    }
}

static void add_column(struct writer *writer, const struct column *column)
{
    struct buf *line = &writer->line;
    bool is_rowid = column->key_position > 0 && writer->table->key.is_rowid;

    add_name(writer, line, column->sql_name);
    if (column->sql_type != NULL && column->sql_type[0] != '\0')
        buf_addf(line, " %s", column->sql_type);
    if ((!column->nullable || column->key_position > 0) && !is_rowid &&
        !column->loose_null) {
        buf_adds(line, " NOT NULL");
        add_conflict(line, column->null_conflict);
    }
    if (column->has_default && column->default_value.kind != LITERAL_NULL) {
        buf_adds(line, " DEFAULT ");
        ddl_value(column, &column->default_value, writer->schema, line);
    } else if (column->default_sql != NULL) {
        buf_adds(line, " DEFAULT ");
        sql_add_block(line, column->default_sql, CONTINUED);
    }
    if (column->collation != NULL && strcmp(column->collation, "BINARY") != 0) {
        buf_adds(line, " COLLATE ");
        add_name(writer, line, column->collation);
    }
    add_key(writer, column);
    add_column_parts(writer, column);
    flush(writer);
}

/* ---- tables --------------------------------------------------------------------- */

static void add_table_constraints(struct writer *writer)
{
    const struct table *table = writer->table;

    if (table->key.columns.count > 0 && !is_inline_key(&table->key)) {
        buf_adds(&writer->line, "PRIMARY KEY ");
        add_key_columns(writer, &writer->line, &table->key.columns);
        add_conflict(&writer->line, table->key.on_conflict);
        flush(writer);
    }
    for (size_t i = 0; i < table->uniques.count; i++) {
        const struct unique *unique = &table->uniques.items[i];

        if (!unique->is_constraint ||
            unique == inline_unique(writer, unique->columns.items[0]))
            continue;
        if (unique->name != NULL)
            add_constraint(writer, unique->name);
        buf_adds(&writer->line, "UNIQUE ");
        add_key_columns(writer, &writer->line, &unique->columns);
        add_conflict(&writer->line, unique->on_conflict);
        flush(writer);
    }
    for (size_t i = 0; i < table->foreign_keys.count; i++) {
        const struct foreign_key *key = &table->foreign_keys.items[i];

        if (key->columns.count == 1)
            continue;
        if (key->name != NULL)
            add_constraint(writer, key->name);
        buf_adds(&writer->line, "FOREIGN KEY ");
        add_columns(writer, &writer->line, &key->columns);
        part(writer);
        add_references(writer, key);
        flush(writer);
    }
    for (size_t i = 0; i < table->checks.count; i++) {
        add_check(writer, table->checks.items[i].name, table->checks.items[i].sql,
                  INDENT);
        flush(writer);
    }
}

static struct writer writer_of(struct arena *scratch, const struct table *table,
                               struct buf *out)
{
    struct writer writer = {
        .scratch = scratch, .table = table, .out = out, .first = true};

    buf_init(&writer.line);
    return writer;
}

static void write_table(struct arena *scratch, const struct table *table,
                        const struct schema *schema, struct buf *out)
{
    struct writer writer = writer_of(scratch, table, out);

    writer.schema = schema;
    buf_adds(out, "CREATE TABLE ");
    add_name(&writer, out, table->sql_name);
    buf_adds(out, " (");
    for (size_t i = 0; i < table->columns.count; i++)
        add_column(&writer, table->columns.items[i]);
    add_table_constraints(&writer);
    buf_adds(out, "\n)");
    if (table->strict)
        buf_adds(out, " STRICT");
    if (table->without_rowid)
        buf_adds(out, table->strict ? ", WITHOUT ROWID" : " WITHOUT ROWID");
    buf_release(&writer.line);
}

static void add_term(struct writer *writer, const struct index_term *term)
{
    size_t length;
    const char *sql;

    if (term->column != NULL) {
        add_name(writer, &writer->line, term->column->sql_name);
    } else {
        sql = sql_trim(term->sql, &length);
        buf_add(&writer->line, sql, length);
    }
    if (term->collation != NULL) {
        buf_adds(&writer->line, " COLLATE ");
        add_name(writer, &writer->line, term->collation);
    }
    if (term->descending)
        buf_adds(&writer->line, " DESC");
}

static void write_index(struct arena *scratch, const struct table *table,
                        const struct index *index, struct buf *out)
{
    struct writer writer = writer_of(scratch, table, out);
    struct buf *line = &writer.line;

    buf_adds(line, index->unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ");
    add_name(&writer, line, index->name);
    buf_adds(line, " ON ");
    add_name(&writer, line, table->sql_name);
    buf_adds(line, " (");
    for (size_t i = 0; i < index->terms.count; i++) {
        buf_adds(line, i > 0 ? ", " : "");
        add_term(&writer, &index->terms.items[i]);
    }
    buf_addc(line, ')');
    if (index->where != NULL) {
        size_t length;
        const char *where = sql_trim(index->where, &length);

        buf_adds(line, line->length + length + 7 > WIDTH ? "\n    WHERE " : " WHERE ");
        buf_add(line, where, length);
    }
    buf_add(out, line->data, line->length);
    buf_release(&writer.line);
}

static void write_seed(struct arena *scratch, const struct table *table,
                       const struct seed *seed, struct buf *out)
{
    struct writer writer = writer_of(scratch, table, out);
    struct buf *values = &writer.line;
    size_t given = 0;

    buf_addf(out, "INSERT%s INTO ", ddl_or_abort(table));
    add_name(&writer, out, table->sql_name);
    for (size_t i = 0; i < table->columns.count; i++) {
        if (!seed->given[i])
            continue;
        buf_adds(out, given > 0 ? ", " : " (");
        add_name(&writer, out, table->columns.items[i]->sql_name);
        buf_adds(values, given > 0 ? ", " : "");
        ddl_literal(&seed->values[i], values);
        given++;
    }
    if (given == 0) {
        buf_adds(out, " DEFAULT VALUES");
    } else {
        buf_adds(out, ")\n    VALUES (");
        buf_add(out, values->data, values->length);
        buf_addc(out, ')');
    }
    buf_release(&writer.line);
}

void ddl_table(const struct table *table, const struct schema *schema, struct buf *out)
{
    struct arena scratch = {0};

    write_table(&scratch, table, schema, out);
    arena_release(&scratch);
}

void ddl_index(const struct table *table, const struct index *index, struct buf *out)
{
    struct arena scratch = {0};

    write_index(&scratch, table, index, out);
    arena_release(&scratch);
}

void ddl_seed(const struct table *table, const struct seed *seed, struct buf *out)
{
    struct arena scratch = {0};

    write_seed(&scratch, table, seed, out);
    arena_release(&scratch);
}

/* ---- the schema ----------------------------------------------------------------- */

struct statements {
    struct arena *arena;
    struct arena scratch;
    struct buf sql;
    VEC(struct ddl_statement) list;
};

static struct ddl_statement *keep(struct statements *statements,
                                  const struct table *table, struct span span)
{
    struct ddl_statement *statement = VEC_ADD(statements->arena, &statements->list);

    statement->sql =
        arena_strndup(statements->arena, statements->sql.data, statements->sql.length);
    statement->table = table;
    statement->span = span;
    buf_clear(&statements->sql);
    return statement;
}

static void table_statements(struct statements *statements, const struct table *table,
                             const struct schema *schema)
{
    write_table(&statements->scratch, table, schema, &statements->sql);
    keep(statements, table, table->span);
    for (size_t i = 0; i < table->indexes.count; i++) {
        write_index(&statements->scratch, table, &table->indexes.items[i],
                    &statements->sql);
        keep(statements, table, table->indexes.items[i].span)->index =
            &table->indexes.items[i];
    }
}

static void virtual_statements(struct statements *statements, const struct schema *schema)
{
    for (size_t i = 0; i < schema->virtual_tables.count; i++) {
        ddl_virtual_table(schema->virtual_tables.items[i], &statements->sql);
        keep(statements, NULL, schema->virtual_tables.items[i]->span)->virtual_table =
            schema->virtual_tables.items[i];
    }
}

/* What a virtual table is an index of has its seeds by now. */
static void fill_statements(struct statements *statements, const struct schema *schema)
{
    bool seeded = false;

    for (size_t i = 0; i < schema->tables.count; i++)
        seeded = seeded || schema->tables.items[i]->seeds.count > 0;
    for (size_t i = 0; seeded && i < schema->virtual_tables.count; i++)
        if (ddl_fill(schema->virtual_tables.items[i], &statements->sql))
            keep(statements, NULL, schema->virtual_tables.items[i]->span)->virtual_table =
                schema->virtual_tables.items[i];
}

static void view_statements(struct statements *statements, const struct schema *schema)
{
    for (size_t i = 0; i < schema->views.count; i++) {
        ddl_view(schema->views.items[i], &statements->sql);
        keep(statements, NULL, schema->views.items[i]->span)->view =
            schema->views.items[i];
    }
}

static void seed_statements(struct statements *statements, const struct table *table)
{
    for (size_t i = 0; i < table->seeds.count; i++) {
        write_seed(&statements->scratch, table, &table->seeds.items[i], &statements->sql);
        keep(statements, table, table->seeds.items[i].span)->seed =
            &table->seeds.items[i];
    }
}

size_t ddl_schema(struct arena *arena, const struct schema *schema,
                  const struct ddl_statement **list)
{
    struct statements statements = {.arena = arena};

    buf_init(&statements.sql);
    for (size_t i = 0; i < schema->creation.count; i++)
        table_statements(&statements, schema->creation.items[i], schema);
    virtual_statements(&statements, schema);
    view_statements(&statements, schema);
    for (size_t i = 0; i < schema->creation.count; i++)
        seed_statements(&statements, schema->creation.items[i]);
    fill_statements(&statements, schema);
    for (size_t i = 0; i < schema->triggers.count; i++) {
        const struct trigger *trigger = schema->triggers.items[i];

        ddl_trigger(trigger, &statements.sql);
        keep(&statements, NULL, trigger->span)->trigger = trigger;
    }
    buf_release(&statements.sql);
    arena_release(&statements.scratch);
    *list = statements.list.items;
    return statements.list.count;
}

const char *ddl_fingerprint(struct arena *arena, const struct schema *schema)
{
    uint64_t hash = UINT64_C(14695981039346656037);

    for (size_t i = 0; i < schema->ddl_count; i++) {
        /* The NUL is hashed too, so that statements can't run into each other. */
        for (const char *c = schema->ddl[i].sql;; c++) {
            hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
            if (*c == '\0')
                break;
        }
    }
    return arena_printf(arena, "%016llx", (unsigned long long)hash);
}
