/*
 * referee_blame.c: finds what in the schema an objection of SQLite's is about. A
 * statement is taken apart: each check, generated expression and index term is tried
 * alone.
 */
#include "referee.h"

#include "../base/names.h"
#include "../base/message.h"
#include "sample.h"
#include "sqltext.h"

#include <string.h>

/* An expression of the user's and where it stands. */
struct suspect {
    const char *sql;
    const struct node *node; /* its scalar, or NULL */
    struct span span;
    const char *what; /* "the check `x`" */
};

/* ---- places ------------------------------------------------------------------- */

/* The token of `sql` at `offset`, or the first that is `word`; of no length: none. */
static struct sql_token find_token(const char *sql, int offset, const char *word)
{
    struct sql_token token = sql_word(sql);

    for (; token.kind != SQL_END; token = sql_word(token.text + token.length)) {
        if (offset >= 0 && (size_t)(token.text - sql) + token.length > (size_t)offset)
            return token;
        if (offset < 0 && word != NULL &&
            (sql_names(token, word) || (token.length == strlen(word) &&
                                        memcmp(token.text, word, token.length) == 0)))
            return token;
    }
    token.length = 0;
    return token;
}

static struct span token_span(const struct suspect *suspect, struct sql_token token)
{
    size_t offset = (size_t)(token.text - suspect->sql);
    struct span span = suspect->span;
    const char *in_node;

    if (token.length == 0)
        return span;
    if (suspect->node != NULL && suspect->node->kind == NODE_SCALAR) {
        in_node = strstr(suspect->node->text, suspect->sql);
        if (in_node != NULL)
            return node_span_at(suspect->node,
                                (size_t)(in_node - suspect->node->text) + offset,
                                token.length);
    }
    if (offset + token.length <= span.length && strlen(suspect->sql) == span.length) {
        span.at.column += (unsigned)offset;
        span.length = (unsigned)token.length;
    }
    return span;
}

/* Offset of the last error in the statement, or -1: since SQLite 3.38. */
static int error_offset(sqlite3 *db)
{
#if SQLITE_VERSION_NUMBER >= 3038000
    return sqlite3_error_offset(db);
#else
    (void)db;
    return -1;
#endif
}

/* Reports the error that SQLite just gave for a statement with the suspect from `prefix`
 * on. */
static void report(struct referee *referee, const struct suspect *suspect, size_t prefix,
                   int code)
{
    const char *message = arena_strdup(referee->arena, sqlite3_errmsg(referee->db));
    int offset = error_offset(referee->db);
    size_t length = strlen(suspect->sql);
    struct sql_token token;

    if (offset >= 0 && (size_t)offset >= prefix && (size_t)offset - prefix <= length)
        offset -= (int)prefix;
    else
        offset = -1;
    token = find_token(suspect->sql, offset, message_word(referee->arena, message));
    diag_error(referee->diags, code, token_span(suspect, token), "SQLite refuses %s: %s",
               suspect->what, message);
}

/* ---- trying ------------------------------------------------------------------- */

/* Runs what is in referee->sql and takes it back. The error stays readable in the db. */
static bool accepted(struct referee *referee)
{
    sqlite3_stmt *stmt = NULL;
    bool good;

    sqlite3_exec(referee->db, "SAVEPOINT trial", NULL, NULL, NULL);
    good = sqlite3_prepare_v2(referee->db, referee->sql.data, -1, &stmt, NULL) ==
               SQLITE_OK &&
           sqlite3_step(stmt) == SQLITE_DONE;
    if (good) {
        sqlite3_finalize(stmt);
        sqlite3_exec(referee->db, "ROLLBACK TO trial; RELEASE trial", NULL, NULL, NULL);
    } else {
        sqlite3_finalize(stmt);
    }
    return good;
}

static void after_refusal(struct referee *referee)
{
    sqlite3_exec(referee->db, "ROLLBACK TO trial; RELEASE trial", NULL, NULL, NULL);
}

/* CREATE TABLE with all columns but without any rule; `skipped` comes as it is declared.
 */
static void start_table(struct referee *referee, const struct table *table,
                        const struct column *skipped)
{
    struct buf *sql = &referee->sql;
    bool first = true;

    buf_clear(sql);
    buf_addf(sql, "CREATE TABLE %s (", name_sql(referee->arena, table->sql_name));
    for (size_t i = 0; i < table->columns.count; i++) {
        const struct column *column = table->columns.items[i];

        if (column == skipped)
            continue;
        buf_addf(sql, "%s%s %s", first ? "" : ", ",
                 name_sql(referee->arena, column->sql_name),
                 column->sql_type != NULL ? column->sql_type : "");
        first = false;
    }
    if (skipped != NULL)
        buf_addf(sql, "%s%s ", first ? "" : ", ",
                 name_sql(referee->arena, skipped->sql_name));
}

/* Adds "before (expression) after" and tries it. True: it was refused, and reported. */
static bool convict(struct referee *referee, const struct suspect *suspect,
                    const char *before, const char *after, int code)
{
    size_t prefix;

    buf_adds(&referee->sql, before);
    prefix = referee->sql.length;
    buf_addf(&referee->sql, "%s%s", suspect->sql, after);
    if (accepted(referee))
        return false;
    report(referee, suspect, prefix, code);
    after_refusal(referee);
    return true;
}

static const char *trimmed(struct referee *referee, const char *sql)
{
    size_t length;

    sql = sql_trim(sql, &length);
    return arena_strndup(referee->arena, sql, length);
}

static bool blame_types(struct referee *referee, const struct table *table)
{
    bool found = false;

    for (size_t i = 0; i < table->columns.count; i++) {
        const struct column *column = table->columns.items[i];
        struct suspect suspect = {.span = column->span};

        suspect.sql = column->sql_type != NULL ? column->sql_type : "";
        suspect.what = arena_printf(referee->arena, "the type of `%s`", column->name);
        buf_clear(&referee->sql);
        buf_addf(&referee->sql, "CREATE TABLE %s (%s ",
                 name_sql(referee->arena, table->sql_name),
                 name_sql(referee->arena, column->sql_name));
        found = convict(referee, &suspect, "", table->strict ? ") STRICT" : ")", 243) ||
                found;
    }
    return found;
}

static bool blame_checks(struct referee *referee, const struct table *table)
{
    bool found = false;

    for (size_t i = 0; i < table->checks.count; i++) {
        const struct check *check = &table->checks.items[i];
        struct suspect suspect = {.node = check->node, .span = check->span};

        suspect.sql = trimmed(referee, check->sql);
        suspect.what = arena_printf(referee->arena, "the check `%s`", check->name);
        start_table(referee, table, NULL);
        found = convict(referee, &suspect, ", CHECK (", "\n))", 240) || found;
    }
    return found;
}

static const struct node *generated_node(const struct column *column)
{
    const struct node *node = NULL;

    if (column->node != NULL && column->node->kind == NODE_MAP)
        node = node_get(column->node, "generated");
    if (node != NULL && node->kind == NODE_MAP)
        node = node_get(node, "sql");
    return node;
}

static bool blame_generated(struct referee *referee, const struct table *table)
{
    bool found = false;

    for (size_t i = 0; i < table->columns.count; i++) {
        const struct column *column = table->columns.items[i];
        struct suspect suspect = {.span = column->generated_span};

        if (column->generated == NULL)
            continue;
        suspect.sql = trimmed(referee, column->generated);
        suspect.node = generated_node(column);
        suspect.what =
            arena_printf(referee->arena, "the generated column `%s`", column->name);
        start_table(referee, table, column);
        found = convict(referee, &suspect, "GENERATED ALWAYS AS (",
                        column->stored ? "\n) STORED)" : "\n) VIRTUAL)", 241) ||
                found;
    }
    return found;
}

static void start_index(struct referee *referee, const struct table *table,
                        const struct index *index)
{
    buf_clear(&referee->sql);
    buf_addf(&referee->sql, "CREATE INDEX %s ON %s ",
             name_sql(referee->arena, index->name),
             name_sql(referee->arena, table->sql_name));
}

static bool blame_index(struct referee *referee, const struct table *table,
                        const struct index *index)
{
    bool found = false;

    for (size_t i = 0; i < index->terms.count; i++) {
        const struct index_term *term = &index->terms.items[i];
        struct suspect suspect = {.span = term->span};

        suspect.sql = term->sql != NULL
                          ? trimmed(referee, term->sql)
                          : name_sql(referee->arena, term->column->sql_name);
        suspect.what = arena_printf(referee->arena, "the index `%s`", index->name);
        start_index(referee, table, index);
        found = convict(referee, &suspect, "(",
                        term->collation == NULL
                            ? "\n)"
                            : arena_printf(referee->arena, " COLLATE %s)",
                                           name_sql(referee->arena, term->collation)),
                        242) ||
                found;
    }
    if (index->where != NULL) {
        struct suspect suspect = {.span = index->where_span};

        suspect.sql = trimmed(referee, index->where);
        suspect.what = arena_printf(referee->arena, "the index `%s`", index->name);
        start_index(referee, table, index);
        buf_addf(&referee->sql, "(%s) ",
                 name_sql(referee->arena, table->columns.items[0]->sql_name));
        found = convict(referee, &suspect, "WHERE ", "", 242) || found;
    }
    return found;
}

/* SQLite looks at the functions of a default only when it is needed. */
bool referee_try_defaults(struct referee *referee, const struct table *table,
                          bool is_created)
{
    bool found = false;

    for (size_t i = 0; i < table->columns.count; i++) {
        const struct column *column = table->columns.items[i];
        struct suspect suspect = {.span = column->default_sql_span};

        if (column->default_sql == NULL)
            continue;
        suspect.sql = trimmed(referee, column->default_sql);
        suspect.node = node_get(column->node, "default_sql");
        suspect.what = arena_printf(referee->arena, "the default of `%s`", column->name);
        buf_clear(&referee->sql);
        if (!is_created)
            start_table(referee, table, column);
        found = convict(referee, &suspect, is_created ? "SELECT (" : "DEFAULT (",
                        is_created ? "\n) LIMIT 0" : "\n))", 246) ||
                found;
    }
    return !found;
}

void referee_blame(struct referee *referee, const struct ddl_statement *statement)
{
    const char *message = arena_strdup(referee->arena, sqlite3_errmsg(referee->db));
    const struct table *table = statement->table;
    bool found;

    if (statement->index != NULL)
        found = blame_index(referee, table, statement->index);
    else
        found = blame_types(referee, table) || blame_checks(referee, table) ||
                blame_generated(referee, table) ||
                !referee_try_defaults(referee, table, false);
    if (!found)
        diag_error(referee->diags, 244, statement->span, "SQLite refuses %s `%s`: %s",
                   statement->index != NULL ? "the index" : "the table",
                   statement->index != NULL ? statement->index->name : table->name,
                   message);
}

/* ---- rows --------------------------------------------------------------------- */

static const struct check *find_check(const struct table *table, const char *name)
{
    for (size_t i = 0; i < table->checks.count; i++)
        if (table->checks.items[i].name != NULL &&
            strcmp(table->checks.items[i].name, name) == 0)
            return &table->checks.items[i];
    return NULL;
}

/* The column whose own check has the name "hosts_port_range". */
static const struct column *find_column(struct referee *referee,
                                        const struct table *table, const char *check)
{
    for (size_t i = 0; i < table->columns.count; i++) {
        const struct column_check *checks;
        size_t count = ddl_column_checks(referee->arena, table, table->columns.items[i],
                                         referee->schema, &checks);

        for (size_t c = 0; c < count; c++)
            if (strcmp(checks[c].name, check) == 0)
                return table->columns.items[i];
    }
    return NULL;
}

/* "name = '', port = 1": the values of the row that the expression is about. */
static const char *row_text(struct referee *referee, const struct table *table,
                            const struct literal *values, const char *sql)
{
    struct buf text;
    const char *copy;

    buf_init(&text);
    for (size_t i = 0; i < table->columns.count; i++) {
        const struct column *column = table->columns.items[i];

        if (column->generated != NULL || !sql_mentions(sql, column->sql_name))
            continue;
        buf_addf(&text, "%s%s = ", text.length > 0 ? ", " : "", column->name);
        if (values[i].length > 40)
            buf_addf(&text, "%s of %zu bytes",
                     values[i].kind == LITERAL_BLOB ? "a blob" : "a text",
                     values[i].length);
        else
            ddl_literal(&values[i], &text);
    }
    copy = arena_strdup(referee->arena, text.length > 0 ? text.data : "no column");
    buf_release(&text);
    return copy;
}

/* SQLite sees that generated columns need each other only when a row is written. */
static bool blame_loop(struct referee *referee, const struct table *table,
                       const char *message)
{
    static const char loop[] = "generated column loop on ";
    struct sql_token name = {.length = 0};

    if (strncmp(message, loop, strlen(loop)) == 0)
        name = sql_word(message + strlen(loop));
    for (size_t i = 0; i < table->columns.count && name.length > 0; i++) {
        const struct column *column = table->columns.items[i];

        if (column->generated == NULL || !sql_names(name, column->sql_name))
            continue;
        diag_error(referee->diags, 241, column->generated_span,
                   "the generated column `%s` needs its own value", column->name);
        return true;
    }
    return false;
}

/* So it is with the current time in a check, which changes its answer. */
static bool blame_time(struct referee *referee, const struct table *table,
                       const char *message)
{
    static const char time[] = "non-deterministic use of ";
    struct sql_token name = {.length = 0};

    if (strncmp(message, time, strlen(time)) == 0)
        name = sql_word(message + strlen(time));
    for (size_t i = 0; i < table->checks.count && name.length > 0; i++) {
        const struct check *check = &table->checks.items[i];
        struct suspect suspect = {.node = check->node, .span = check->span};
        const char *function = arena_strndup(referee->arena, name.text, name.length);

        suspect.sql = trimmed(referee, check->sql);
        if (!sql_mentions(suspect.sql, function))
            continue;
        diag_error(referee->diags, 240,
                   token_span(&suspect, find_token(suspect.sql, -1, function)),
                   "SQLite refuses the check `%s`: %s", check->name, message);
        return true;
    }
    return false;
}

/* The tables that can't be tested as they need rows of this one. */
static void note_children(struct referee *referee, const struct table *table,
                          struct diag *diag)
{
    for (size_t i = 0; i < referee->schema->tables.count; i++) {
        const struct table *child = referee->schema->tables.items[i];

        if (child->lacks_parent == table)
            diag_note(diag, child->span, "`%s` needs its rows and has no tests either",
                      child->name);
    }
}

static struct diag *warn_of_check(struct referee *referee, const struct table *table,
                                  const struct check *check)
{
    struct diag *diag =
        diag_warning(referee->diags, 250, check->span,
                     "no tests of `%s`: no row was found that satisfies the check `%s`",
                     table->name, check->name);

    diag_hint(diag, "with %s: give these columns `examples` that satisfy it",
              row_text(referee, table, table->samples[0].values, check->sql));
    return diag;
}

/* The column whose type does not take a value: "cannot store TEXT value in INTEGER column
 * t.c"; NULL: the message is another. */
static const struct column *misfit(const struct table *table, const char *message)
{
    const char *name = strrchr(message, '.');

    if (strncmp(message, "cannot store ", 13) != 0 || name == NULL)
        return NULL;
    for (size_t i = 0; i < table->columns.count; i++)
        if (strcmp(table->columns.items[i]->sql_name, name + 1) == 0)
            return table->columns.items[i];
    return NULL;
}

/*
 * Of what makes no row valid, a computed column that needs itself and the current time in
 * a check are errors; a row that was not found is none.
 */
static void blame_sample(struct referee *referee, const struct table *table,
                         const char *message)
{
    static const char failed[] = "CHECK constraint failed: ";
    const struct check *check = NULL;
    const struct column *column = misfit(table, message);
    struct diag *diag;

    if (blame_loop(referee, table, message) || blame_time(referee, table, message))
        return;
    if (strncmp(message, failed, strlen(failed)) == 0) {
        check = find_check(table, message + strlen(failed));
        column =
            check == NULL ? find_column(referee, table, message + strlen(failed)) : NULL;
    }
    if (check != NULL) {
        diag = warn_of_check(referee, table, check);
    } else if (column != NULL && column->generated != NULL) {
        diag = diag_warning(referee->diags, 250, column->generated_span,
                            "no tests of `%s`: no row was found in which the value of "
                            "the generated column `%s` fits it: %s",
                            table->name, column->name, message);
    } else if (column != NULL) {
        diag = diag_warning(referee->diags, 250, column->span,
                            "no tests of `%s`: no value was found that satisfies the "
                            "rules of `%s`",
                            table->name, column->name);
        diag_hint(diag, "give the column `examples`");
    } else {
        diag = diag_warning(referee->diags, 250, table->span,
                            "no tests of `%s`: no row was found that satisfies its rules",
                            table->name);
        diag_hint(diag, "give its columns `examples`");
    }
    note_children(referee, table, diag);
}

void referee_blame_row(struct referee *referee, const struct table *table,
                       const struct seed *seed)
{
    const char *message = arena_strdup(referee->arena, sqlite3_errmsg(referee->db));

    if (seed == NULL)
        blame_sample(referee, table, message);
    else
        diag_error(referee->diags, 251, seed->span, "SQLite refuses this row of `%s`: %s",
                   table->name, message);
}
