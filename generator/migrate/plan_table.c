/*
 * plan_table.c: how one table is brought from one form to another, see plan.h: by ALTER
 * TABLE or by a rebuild. Renames are done by then. What ALTER TABLE can do is decided by
 * rules, not by the SQLite at hand.
 */
#include "plan.h"

#include "../base/names.h"
#include "../sql/token.h"

#include <string.h>

/* ---- what ALTER TABLE can do ------------------------------------------------------ */

static bool is_added(const struct table_change *change, size_t column)
{
    return column < change->to->columns.count &&
           change->columns[column].origin == NO_COLUMN;
}

static bool has_default(const struct column_def *column)
{
    return column->value.text != NULL && !column->value_is_null;
}

static bool refers(const struct table_def *table, const char *column)
{
    size_t i, j;

    for (i = 0; i < table->foreign_keys.count; i++)
        for (j = 0; j < table->foreign_keys.items[i].columns.count; j++)
            if (name_same(table->foreign_keys.items[i].columns.items[j], column))
                return true;
    return false;
}

static bool can_add(const struct table_def *table, const struct column_def *column)
{
    if (column->generated.text != NULL)
        return !column->stored && !column->not_null;
    if (column->not_null && !has_default(column))
        return false;
    if (column->value.text != NULL && !column->value_is_constant)
        return false;
    return !(has_default(column) && refers(table, column->name));
}

/* Some expression of the table that does not go with the column names it. */
static bool is_used(const struct table_def *table, size_t column)
{
    const char *name = table->columns.items[column].name;
    size_t i;

    for (i = 0; i < table->checks.count; i++)
        if (table->checks.items[i].column != column &&
            sql_piece_mentions(&table->checks.items[i].sql, name))
            return true;
    for (i = 0; i < table->columns.count; i++)
        if (i != column && sql_piece_mentions(&table->columns.items[i].generated, name))
            return true;
    return false;
}

/* The last added column that a check of the target names, or NO_COLUMN. */
static size_t check_carrier(const struct table_change *change,
                            const struct check_def *check)
{
    size_t i, carrier = NO_COLUMN;

    if (is_added(change, check->column))
        return check->column;
    for (i = 0; i < change->to->columns.count; i++)
        if (is_added(change, i) &&
            sql_piece_mentions(&check->sql, change->to->columns.items[i].name))
            carrier = i;
    return carrier;
}

/* The added column on which a foreign key of the target alone is, or NO_COLUMN. */
static size_t foreign_key_carrier(const struct table_change *change,
                                  const struct foreign_key_def *key)
{
    size_t column;

    if (key->columns.count != 1)
        return NO_COLUMN;
    column = table_def_column(change->to, key->columns.items[0]);
    return is_added(change, column) ? column : NO_COLUMN;
}

static bool is_dropped(const struct table_change *change, size_t column)
{
    size_t i;

    for (i = 0; i < change->dropped.count; i++)
        if (change->dropped.items[i] == column)
            return true;
    return false;
}

static bool rules_can_alter(const struct table_change *change)
{
    size_t i;

    if (change->added_keys.count + change->dropped_keys.count > 0)
        return false;
    for (i = 0; i < change->added_checks.count; i++)
        if (check_carrier(change, change->added_checks.items[i]) == NO_COLUMN)
            return false;
    for (i = 0; i < change->dropped_checks.count; i++)
        if (!is_dropped(change, change->dropped_checks.items[i]->column))
            return false;
    for (i = 0; i < change->added_foreign_keys.count; i++)
        if (foreign_key_carrier(change, change->added_foreign_keys.items[i]) == NO_COLUMN)
            return false;
    for (i = 0; i < change->dropped_foreign_keys.count; i++) {
        const struct foreign_key_def *key = change->dropped_foreign_keys.items[i];

        if (!key->on_column ||
            !is_dropped(change, table_def_column(change->from, key->columns.items[0])))
            return false;
    }
    return true;
}

/* SQLite's DROP COLUMN cuts the text of the table, and can cut it inside a comment. */
static bool has_comments(const struct table_change *change)
{
    size_t i;

    for (i = 0; i < change->to->columns.count; i++)
        if (is_added(change, i) && sql_has_comment(change->to->columns.items[i].text))
            return true;
    return sql_has_comment(change->from->text);
}

/*
 * True where the name stands in double quotes: SQLite took it as a string as long as there
 * was no such column, and would take it as the column afterwards.
 */
static bool is_quoted_in(const char *sql, const char *name)
{
    struct arena arena = {0};
    size_t count, i;
    const struct token *tokens = token_list(&arena, sql, strlen(sql), &count);
    bool found = false;

    for (i = 0; i < count && !found; i++)
        found = tokens[i].kind == TOKEN_QUOTED && sql[tokens[i].offset] == '"' &&
                name_same(token_value(&arena, sql, tokens[i]), name);
    arena_release(&arena);
    return found;
}

static bool columns_can_alter(const struct table_change *change)
{
    size_t i;

    for (i = 0; i < change->to->columns.count; i++) {
        const struct column_change *column = &change->columns[i];
        const struct column_def *to = &change->to->columns.items[i];

        if (column->origin == NO_COLUMN) {
            if (!can_add(change->to, to) || is_quoted_in(change->from->text, to->name))
                return false;
        } else if (column->type || column->not_null || column->value ||
                   column->collation || column->generated) {
            return false;
        }
    }
    for (i = 0; i < change->dropped.count; i++)
        if (is_used(change->from, change->dropped.items[i]))
            return false;
    return change->dropped.count == 0 || !has_comments(change);
}

enum table_way plan_way(const struct table_change *change)
{
    if (!change->any)
        return WAY_NONE;
    if (change->module)
        return WAY_ANEW;
    if (change->options || change->reordered || !rules_can_alter(change) ||
        !columns_can_alter(change))
        return WAY_REBUILD;
    return WAY_ALTER;
}

/* ---- ALTER TABLE ------------------------------------------------------------------ */

static void add_names(struct arena *arena, struct buf *out, const struct name_list *names)
{
    size_t i;

    for (i = 0; i < names->count; i++)
        buf_addf(out, "%s%s", i == 0 ? "(" : ", ", name_sql(arena, names->items[i]));
    if (names->count > 0)
        buf_addc(out, ')');
}

static void add_constraint_name(struct arena *arena, struct buf *out, const char *name)
{
    if (name != NULL)
        buf_addf(out, " CONSTRAINT %s", name_sql(arena, name));
}

static void add_references(struct arena *arena, struct buf *out,
                           const struct foreign_key_def *key)
{
    static const char *const actions[] = {"NO ACTION", "RESTRICT", "SET NULL",
                                          "SET DEFAULT", "CASCADE"};

    add_constraint_name(arena, out, key->name);
    buf_addf(out, " REFERENCES %s", name_sql(arena, key->parent));
    add_names(arena, out, &key->parent_columns);
    if (key->on_delete != ACTION_NO_ACTION)
        buf_addf(out, " ON DELETE %s", actions[key->on_delete]);
    if (key->on_update != ACTION_NO_ACTION)
        buf_addf(out, " ON UPDATE %s", actions[key->on_update]);
    if (key->deferred)
        buf_adds(out, " DEFERRABLE INITIALLY DEFERRED");
}

/* The column as it is written, and the rules written apart that only it can bring. */
static void add_definition(struct arena *arena, struct buf *out,
                           const struct table_change *change, size_t column)
{
    size_t i;

    buf_adds(out, change->to->columns.items[column].text);
    for (i = 0; i < change->added_foreign_keys.count; i++) {
        const struct foreign_key_def *key = change->added_foreign_keys.items[i];

        if (!key->on_column && foreign_key_carrier(change, key) == column)
            add_references(arena, out, key);
    }
    for (i = 0; i < change->added_checks.count; i++) {
        const struct check_def *check = change->added_checks.items[i];

        if (check->column == column || check_carrier(change, check) != column)
            continue;
        add_constraint_name(arena, out, check->name);
        buf_addf(out, " CHECK (%s\n)", check->sql.text);
    }
}

void plan_alter(struct arena *arena, struct plan *plan, const struct table_change *change)
{
    const char *table = name_sql(arena, change->to->name);
    size_t i;
    struct buf definition;

    buf_init(&definition);
    for (i = 0; i < change->to->columns.count; i++)
        if (is_added(change, i)) {
            buf_clear(&definition);
            add_definition(arena, &definition, change, i);
            plan_add(arena, plan, NULL, "ALTER TABLE %s ADD COLUMN %s", table,
                     definition.data);
        }
    buf_release(&definition);
    for (i = 0; i < change->dropped.count; i++)
        plan_add(
            arena, plan, NULL, "ALTER TABLE %s DROP COLUMN %s", table,
            name_sql(arena, change->from->columns.items[change->dropped.items[i]].name));
}

/* ---- the rebuild ------------------------------------------------------------------ */

/* A name by which both versions know their rowid, or NULL. */
static const char *rowid_name(const struct table_change *change)
{
    static const char *const names[] = {"rowid", "_rowid_", "oid"};
    size_t i;

    if (change->from->without_rowid || change->to->without_rowid)
        return NULL;
    for (i = 0; i < sizeof names / sizeof *names; i++)
        if (table_def_column(change->from, names[i]) == NO_COLUMN &&
            table_def_column(change->to, names[i]) == NO_COLUMN)
            return names[i];
    return NULL;
}

static bool becomes_number(const struct column_def *from, const struct column_def *to)
{
    const char *before = column_affinity(from), *after = column_affinity(to);

    return strcmp(before, "TEXT") == 0 &&
           (strcmp(after, "INTEGER") == 0 || strcmp(after, "REAL") == 0);
}

/* The value of a column of the target from a row of the source. */
static const char *copied_value(struct arena *arena, const struct column_def *from,
                                const struct column_def *to)
{
    const char *value = name_sql(arena, from->name);

    if (becomes_number(from, to) && (!to->not_null || has_default(to)))
        value = arena_printf(arena, "nullif(%s, '')", value);
    if (to->not_null && has_default(to) && (!from->not_null || becomes_number(from, to)))
        value = arena_printf(arena, "ifnull(%s, %s)", value, to->value.text);
    return value;
}

struct copy {
    struct buf into, values;
    size_t count;
};

static void copy_value(struct copy *copy, const char *into, const char *value)
{
    const char *separator = copy->count++ > 0 ? ", " : "";

    buf_addf(&copy->into, "%s%s", separator, into);
    buf_addf(&copy->values, "%s%s", separator, value);
}

/* SQLite would invent a rowid for NULL; this makes it refuse the row instead. */
static const char *copied_rowid(struct arena *arena, const struct table_change *change,
                                size_t origin)
{
    const struct column_def *from = &change->from->columns.items[origin];
    const char *name = name_sql(arena, from->name);

    return from->not_null ? name : arena_printf(arena, "ifnull(%s, 'NULL')", name);
}

/* A column that is new takes the rowid where it is the rowid; else its default. */
static void copy_columns(struct arena *arena, const struct table_change *change,
                         struct copy *copy)
{
    const char *rowid = rowid_name(change);
    size_t alias = table_def_rowid(change->to), i;

    if (rowid != NULL && alias == NO_COLUMN)
        copy_value(copy, rowid, rowid);
    for (i = 0; i < change->to->columns.count; i++) {
        const struct column_def *to = &change->to->columns.items[i];
        size_t origin = change->columns[i].origin;

        if (to->generated.text != NULL)
            continue;
        if (origin != NO_COLUMN && i == alias)
            copy_value(copy, name_sql(arena, to->name),
                       copied_rowid(arena, change, origin));
        else if (origin != NO_COLUMN)
            copy_value(copy, name_sql(arena, to->name),
                       copied_value(arena, &change->from->columns.items[origin], to));
        else if (i == alias && rowid != NULL)
            copy_value(copy, name_sql(arena, to->name), rowid);
    }
}

/* A conflict clause of the new table must not drop rows in silence. */
static bool has_conflict_clause(const struct table_def *table)
{
    size_t i;

    for (i = 0; i < table->keys.count; i++)
        if (table->keys.items[i].conflict != CONFLICT_ABORT)
            return true;
    for (i = 0; i < table->columns.count; i++)
        if (table->columns.items[i].not_null_conflict != CONFLICT_ABORT)
            return true;
    return false;
}

/* The column that makes a row of defaults where it is given NULL. */
static const char *new_row(struct arena *arena, const struct table_change *change)
{
    size_t alias = table_def_rowid(change->to);

    return alias != NO_COLUMN ? name_sql(arena, change->to->columns.items[alias].name)
                              : "rowid";
}

static void copy_rows(struct arena *arena, struct plan *plan,
                      const struct table_change *change, const char *new)
{
    struct copy copy = {0};

    buf_init(&copy.into);
    buf_init(&copy.values);
    copy_columns(arena, change, &copy);
    if (copy.count == 0 && !change->to->without_rowid)
        copy_value(&copy, new_row(arena, change), "NULL");
    if (copy.count > 0)
        plan_add(arena, plan, NULL, "INSERT%s INTO %s (%s)\nSELECT %s\n  FROM %s",
                 has_conflict_clause(change->to) ? " OR ABORT" : "", new, copy.into.data,
                 copy.values.data, name_sql(arena, change->from->name));
    buf_release(&copy.into);
    buf_release(&copy.values);
}

static bool has_autoincrement(const struct table_def *table)
{
    const struct key_def *key = table_def_primary_key(table);

    return key != NULL && key->autoincrement;
}

/* The copy has set the counter to the largest id; the old one may have been beyond it. */
static void keep_counter(struct arena *arena, struct plan *plan,
                         const struct table_change *change, const char *new)
{
    const char *old = text_sql(arena, change->from->name);

    if (!has_autoincrement(change->from) || !has_autoincrement(change->to))
        return;
    new = text_sql(arena, new);
    plan_add(arena, plan, NULL,
             "INSERT INTO sqlite_sequence (name, seq)\nSELECT %s, 0\n WHERE NOT EXISTS "
             "(SELECT 1 FROM sqlite_sequence WHERE name = %s)",
             new, new);
    plan_add(arena, plan, NULL,
             "UPDATE sqlite_sequence\n   SET seq = max(seq, ifnull((SELECT max(seq) FROM "
             "sqlite_sequence WHERE name = %s), 0))\n WHERE name = %s",
             old, new);
}

static bool is_taken(const struct structure *structure, const char *name)
{
    return structure_table(structure, name) != NULL ||
           structure_index(structure, name) != NULL ||
           structure_view(structure, name) != NULL ||
           structure_trigger(structure, name) != NULL;
}

const char *plan_free_name(struct arena *arena, const struct plan *plan,
                           const char *wanted)
{
    const char *name = wanted;
    unsigned i;

    for (i = 2; is_taken(plan->diff->from, name) || is_taken(plan->diff->to, name); i++)
        name = arena_printf(arena, "%s_%u", wanted, i);
    return name;
}

const char *plan_new_name(struct arena *arena, const struct plan *plan, const char *table)
{
    return plan_free_name(arena, plan, arena_printf(arena, "__new_%s", table));
}

void plan_rebuild(struct arena *arena, struct plan *plan,
                  const struct table_change *change)
{
    const char *name = plan_new_name(arena, plan, change->to->name);
    const char *new = name_sql(arena, name);
    const char *table = name_sql(arena, change->to->name);
    const char **rebuilt = VEC_ADD(arena, &plan->rebuilt);

    *rebuilt = change->to->name;
    plan_add(arena, plan, arena_printf(arena, "rebuild table %s", change->to->name), "%s",
             table_def_renamed(arena, change->to, new));
    copy_rows(arena, plan, change, new);
    keep_counter(arena, plan, change, name);
    plan_add(arena, plan, NULL, "DROP TABLE %s", table);
    plan_add(arena, plan, NULL, "ALTER TABLE %s RENAME TO %s", new, table);
}
