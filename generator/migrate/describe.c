/*
 * describe.c: the differences of one table as steps with words, what they destroy and how
 * they can fail. It decides nothing about how they are done.
 */
#include "diff.h"

#include "../base/names.h"
#include "../sql/token.h"

#include "../base/buf.h"

#include <sqlite3.h>
#include <string.h>

struct description {
    struct arena *arena;
    struct diff *diff;
    const struct table_change *change;
};

static const char *table_name(const struct description *description)
{
    return description->change->to->name;
}

/* ---- columns ---------------------------------------------------------------------- */

static const char *type_of(const struct column_def *column)
{
    return column->type.text != NULL ? column->type.text : "no type";
}

static const char *default_of(const struct column_def *column)
{
    return column->value.text != NULL ? column->value.text : "none";
}

static bool gives_value(const struct column_def *column)
{
    return column->value.text != NULL && !column->value_is_null;
}

static void add_column(const struct description *description, size_t index)
{
    const struct column_def *column = &description->change->to->columns.items[index];
    struct step *step = diff_step(
        description->arena, description->diff, STEP_ADD_COLUMN, table_name(description),
        column->name, "add column %s.%s: %s%s%s%s%s%s", table_name(description),
        column->name, type_of(column), column->not_null ? " not null" : "",
        column->value.text != NULL ? " default " : "",
        column->value.text != NULL ? column->value.text : "",
        column->generated.text != NULL ? " generated as " : "",
        column->generated.text != NULL ? column->generated.text : "");

    if (column->not_null && !gives_value(column) && column->generated.text == NULL)
        step->risk = "fails where the table has rows: not null, without a default";
    else
        step->risk = describe_rows_risk(description->arena, description->diff,
                                        description->change, index);
}

static void drop_column(const struct description *description,
                        const struct column_def *column)
{
    struct step *step = diff_step(
        description->arena, description->diff, STEP_DROP_COLUMN, table_name(description),
        column->name, "drop column %s.%s", table_name(description), column->name);

    if (column->generated.text != NULL)
        return;
    step->destroys = true;
    step->loss = arena_printf(description->arena, "all values of %s.%s",
                              table_name(description), column->name);
}

static bool is_number(const char *affinity)
{
    return strcmp(affinity, "TEXT") != 0 && strcmp(affinity, "BLOB") != 0;
}

/* Which values do not come back when the type is changed back, or NULL. */
static const char *conversion_loss(const struct column_def *from,
                                   const struct column_def *to)
{
    const char *before = column_affinity(from), *after = column_affinity(to);

    if (strcmp(before, after) == 0)
        return NULL;
    if (!is_number(before) && is_number(after))
        return "the spelling of text that looks like a number ('007' becomes 7), and "
               "empty text (it becomes NULL)";
    if (strcmp(after, "REAL") == 0)
        return "digits of integers beyond 2^53";
    if (strcmp(after, "TEXT") == 0 && is_number(before) && strcmp(before, "INTEGER") != 0)
        return "digits of reals beyond the 15th";
    return NULL;
}

static void alter_words(struct buf *words, const struct column_def *from,
                        const struct column_def *to, const struct column_change *change)
{
    if (change->type)
        buf_addf(words, ", type %s to %s", type_of(from), type_of(to));
    if (change->not_null)
        buf_addf(words, ", %s", to->not_null ? "not null" : "nullable");
    if (change->value)
        buf_addf(words, ", default %s to %s", default_of(from), default_of(to));
    if (change->collation)
        buf_addf(words, ", collation %s to %s",
                 from->collation != NULL ? from->collation : "binary",
                 to->collation != NULL ? to->collation : "binary");
    if (change->generated)
        buf_addf(words, ", generated %s to %s%s",
                 from->generated.text != NULL ? from->generated.text : "no",
                 to->generated.text != NULL ? to->generated.text : "no",
                 to->stored ? " stored" : "");
}

/* True where a STRICT table takes not every value that the column could have. */
static bool strict_refuses(const struct column_def *from, const struct column_def *to)
{
    const char *before = column_affinity(from), *after = column_affinity(to);

    if (sqlite3_stricmp(type_of(to), "ANY") == 0)
        return false;
    if (strcmp(after, "TEXT") == 0 || strcmp(after, "BLOB") == 0)
        return strcmp(before, after) != 0 &&
               (strcmp(before, "BLOB") == 0 || strcmp(after, "BLOB") == 0);
    return !is_number(before) ||
           (strcmp(after, "INTEGER") == 0 && strcmp(before, "INTEGER") != 0);
}

static void alter_risks(struct step *step, const struct column_def *from,
                        const struct column_def *to, const struct column_change *change,
                        bool strict)
{
    const char *loss = change->type ? conversion_loss(from, to) : NULL;

    if (change->generated && to->generated.text != NULL && from->generated.text == NULL)
        loss = "the stored values, as it is computed from now on";
    else if (to->generated.text != NULL)
        loss = NULL;
    else if (loss == NULL && !from->not_null && to->not_null && gives_value(to))
        loss = "which rows had NULL: they get the default";
    step->loss = loss;
    step->destroys = loss != NULL;
    if (!from->not_null && to->not_null && !gives_value(to))
        step->risk = "rows with NULL make it fail";
    else if (strict && change->type && to->generated.text == NULL &&
             strict_refuses(from, to))
        step->risk = "values that the type does not take make it fail";
}

static void alter_column(const struct description *description, size_t index)
{
    const struct table_change *table = description->change;
    const struct column_change *change = &table->columns[index];
    const struct column_def *from = &table->from->columns.items[change->origin];
    const struct column_def *to = &table->to->columns.items[index];
    struct buf words;
    struct step *step;

    if (!change->type && !change->not_null && !change->value && !change->collation &&
        !change->generated)
        return;
    buf_init(&words);
    alter_words(&words, from, to, change);
    step = diff_step(description->arena, description->diff, STEP_ALTER_COLUMN,
                     table_name(description), to->name, "alter column %s.%s: %s",
                     table_name(description), to->name, words.data + 2);
    buf_release(&words);
    alter_risks(step, from, to, change, table->to->strict);
    if (step->risk == NULL)
        step->risk =
            describe_rows_risk(description->arena, description->diff, table, index);
}

/* ---- constraints ------------------------------------------------------------------ */

static void rule_step(const struct description *description, bool add, const char *name,
                      const char *text, const char *risk)
{
    struct step *step = diff_step(description->arena, description->diff,
                                  add ? STEP_ADD_CONSTRAINT : STEP_DROP_CONSTRAINT,
                                  table_name(description), name, "%s %s %s %s%s%s%s",
                                  add ? "add" : "drop", text, add ? "to" : "from",
                                  table_name(description), name != NULL ? " (named " : "",
                                  name != NULL ? name : "", name != NULL ? ")" : "");

    if (add)
        step->risk = risk;
}

static const char *foreign_key_text(struct arena *arena,
                                    const struct foreign_key_def *key)
{
    static const char *const actions[] = {"", "restrict", "set null", "set default",
                                          "cascade"};
    struct buf out;
    const char *text;
    size_t i;

    buf_init(&out);
    buf_adds(&out, "foreign key (");
    for (i = 0; i < key->columns.count; i++)
        buf_addf(&out, "%s%s", i > 0 ? ", " : "", key->columns.items[i]);
    buf_addf(&out, ") references %s", key->parent);
    for (i = 0; i < key->parent_columns.count; i++)
        buf_addf(&out, "%s%s%s", i == 0 ? " (" : ", ", key->parent_columns.items[i],
                 i + 1 == key->parent_columns.count ? ")" : "");
    if (key->on_delete != ACTION_NO_ACTION)
        buf_addf(&out, " on delete %s", actions[key->on_delete]);
    if (key->on_update != ACTION_NO_ACTION)
        buf_addf(&out, " on update %s", actions[key->on_update]);
    if (key->deferred)
        buf_adds(&out, " deferred");
    text = arena_strndup(arena, out.data, out.length);
    buf_release(&out);
    return text;
}

/*
 * True for a check of new columns only that their defaults meet: then it holds in each row
 * that is there. SQLite is asked; it does not know the other columns.
 */
static bool holds_for_new(const struct description *description,
                          const struct check_def *check)
{
    const struct table_change *change = description->change;
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    struct buf sql;
    bool any = false, holds = false;
    size_t i;

    buf_init(&sql);
    buf_addf(&sql, "SELECT (%s\n) FROM (SELECT", check->sql.text);
    for (i = 0; i < change->to->columns.count; i++) {
        const struct column_def *column = &change->to->columns.items[i];

        if (change->columns[i].origin != NO_COLUMN || column->generated.text != NULL)
            continue;
        buf_addf(&sql, "%s (%s\n) AS %s", any ? "," : "",
                 column->value.text != NULL ? column->value.text : "NULL",
                 name_sql(description->arena, column->name));
        any = true;
    }
    buf_addc(&sql, ')');
    if (any &&
        sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
        sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(db, sql.data, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        holds = sqlite3_column_type(statement, 0) == SQLITE_NULL ||
                sqlite3_column_double(statement, 0) != 0;
    sqlite3_finalize(statement);
    sqlite3_close(db);
    buf_release(&sql);
    return holds;
}

struct value_list {
    const char *text;
    struct token *tokens; /* column IN ( value , value ) END */
    size_t count;
};

/* False where the check is anything else than a column and the values it can have. */
static bool read_list(struct arena *arena, const char *text, struct value_list *list)
{
    size_t i;

    list->text = text;
    list->tokens = token_list(arena, text, strlen(text), &list->count);
    if (list->count < 6 || list->tokens[1].keyword != KEYWORD_IN ||
        list->tokens[2].kind != TOKEN_LEFT ||
        list->tokens[list->count - 2].kind != TOKEN_RIGHT)
        return false;
    for (i = 3; i < list->count - 2; i++)
        if (i % 2 == 0 ? list->tokens[i].kind != TOKEN_COMMA
                       : list->tokens[i].kind != TOKEN_STRING &&
                             list->tokens[i].kind != TOKEN_INTEGER)
            return false;
    return true;
}

static bool same_token(const struct value_list *a, size_t i, const struct value_list *b,
                       size_t k)
{
    return a->tokens[i].length == b->tokens[k].length &&
           memcmp(a->text + a->tokens[i].offset, b->text + b->tokens[k].offset,
                  a->tokens[i].length) == 0;
}

static bool has_all(const struct value_list *wide, const struct value_list *narrow)
{
    size_t i, k;

    if (!same_token(wide, 0, narrow, 0))
        return false;
    for (i = 3; i < narrow->count - 2; i += 2) {
        for (k = 3; k < wide->count - 2 && !same_token(wide, k, narrow, i); k += 2) {
        }
        if (k >= wide->count - 2)
            return false;
    }
    return true;
}

/* True where the column is there before and after, and its values compare as before. */
static bool is_same_column(const struct table_change *change, const char *name)
{
    size_t to = table_def_column(change->to, name);
    const struct column_change *column = &change->columns[to == NO_COLUMN ? 0 : to];

    return to != NO_COLUMN && column->origin != NO_COLUMN && !column->type &&
           !column->collation && !column->generated && !column->not_null &&
           name_same(change->from->columns.items[column->origin].name, name);
}

/* Rows hold one of the values of a list that goes: they fit one that has them all. */
static bool is_wider(const struct description *description, const struct check_def *check)
{
    const struct table_change *change = description->change;
    struct arena *arena = description->arena;
    struct value_list wide, narrow;
    size_t i;

    if (!read_list(arena, check->sql.key, &wide) ||
        !is_same_column(change, token_value(arena, wide.text, wide.tokens[0])))
        return false;
    for (i = 0; i < change->dropped_checks.count; i++)
        if (read_list(arena, change->dropped_checks.items[i]->sql.key, &narrow) &&
            has_all(&wide, &narrow))
            return true;
    return false;
}

static void describe_checks(const struct description *description, bool add)
{
    const struct table_change *change = description->change;
    size_t i, count = add ? change->added_checks.count : change->dropped_checks.count;

    for (i = 0; i < count; i++) {
        const struct check_def *check =
            add ? change->added_checks.items[i] : change->dropped_checks.items[i];

        rule_step(
            description, add, check->name,
            arena_printf(description->arena, "check (%s)", check->sql.key),
            add && (holds_for_new(description, check) || is_wider(description, check))
                ? NULL
                : "rows that break it make it fail");
    }
}

static void describe_keys(const struct description *description, bool add)
{
    const struct table_change *change = description->change;
    size_t i, count = add ? change->added_keys.count : change->dropped_keys.count;

    for (i = 0; i < count; i++) {
        const struct key_def *key =
            add ? change->added_keys.items[i] : change->dropped_keys.items[i];

        rule_step(description, add, key->name, key->key,
                  "rows with equal values make it fail");
    }
}

/* A key on a new column without a default has only NULLs to check. */
static bool has_rows(const struct table_change *change, const struct foreign_key_def *key)
{
    size_t i;

    for (i = 0; i < key->columns.count; i++) {
        size_t column = table_def_column(change->to, key->columns.items[i]);

        if (column != NO_COLUMN && change->columns[column].origin == NO_COLUMN &&
            !gives_value(&change->to->columns.items[column]))
            return false;
    }
    return true;
}

static void describe_foreign_keys(const struct description *description, bool add)
{
    const struct table_change *change = description->change;
    size_t i, count = add ? change->added_foreign_keys.count
                          : change->dropped_foreign_keys.count;

    for (i = 0; i < count; i++) {
        const struct foreign_key_def *key = add ? change->added_foreign_keys.items[i]
                                                : change->dropped_foreign_keys.items[i];

        rule_step(description, add, key->name, foreign_key_text(description->arena, key),
                  has_rows(change, key) ? "rows without a parent make it fail" : NULL);
    }
}

static void describe_options(const struct description *description)
{
    const struct table_def *from = description->change->from;
    const struct table_def *to = description->change->to;
    struct step *step = diff_step(
        description->arena, description->diff, STEP_ALTER_TABLE, to->name, NULL,
        "alter table %s: %s%s%s", to->name,
        from->strict == to->strict ? "" : (to->strict ? "strict" : "not strict"),
        from->strict != to->strict && from->without_rowid != to->without_rowid ? ", "
                                                                               : "",
        from->without_rowid == to->without_rowid
            ? ""
            : (to->without_rowid ? "without rowid" : "with rowid"));

    if (to->strict && !from->strict)
        step->risk = "values of another type than their column's make it fail";
}

static void describe_module(const struct description *description)
{
    struct step *step = diff_step(description->arena, description->diff, STEP_ALTER_TABLE,
                                  table_name(description), NULL,
                                  "create table %s anew: its module or arguments differ",
                                  table_name(description));

    if (plan_keeps_rows(description->arena, description->change))
        return;
    step->destroys = true;
    step->loss = arena_printf(description->arena, "rows or columns of %s",
                              table_name(description));
}

void describe_table(struct arena *arena, struct diff *diff,
                    const struct table_change *change)
{
    struct description description = {arena, diff, change};
    size_t i;

    if (!change->any)
        return;
    if (change->module) {
        describe_module(&description);
        return;
    }
    if (change->options)
        describe_options(&description);
    describe_checks(&description, false);
    describe_foreign_keys(&description, false);
    describe_keys(&description, false);
    for (i = 0; i < change->dropped.count; i++)
        drop_column(&description, &change->from->columns.items[change->dropped.items[i]]);
    for (i = 0; i < change->to->columns.count; i++) {
        if (change->columns[i].origin == NO_COLUMN)
            add_column(&description, i);
        else
            alter_column(&description, i);
    }
    if (change->reordered)
        diff_step(arena, diff, STEP_REORDER_COLUMNS, change->to->name, NULL,
                  "reorder the columns of %s", change->to->name);
    describe_keys(&description, true);
    describe_foreign_keys(&description, true);
    describe_checks(&description, true);
}
