/*
 * drift.c: compares the tables of a file with those of the schema. The schema's
 * statements are run in a database in memory, and SQLite describes both in the same
 * words; what no pragma shows is compared in the CREATE statements, token by token. It
 * changes nothing, and must not know the bookkeeping of schema.c.
 */
#include "migrate.h"

#include <ctype.h>
#include <string.h>

/* ---- CREATE statements, token by token ------------------------------------------------
 */

enum token_kind {
    TOKEN_END,
    TOKEN_WORD,
    TOKEN_NAME,
    TOKEN_STRING,
    TOKEN_SIGN
};

struct token {
    enum token_kind kind;
    const char *text; /* without quotes */
    size_t length;
    char quote; /* doubled inside the text; 0: none */
};

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

static const char *skip_comment(const char *text)
{
    const char *end = text[0] == '-' ? strchr(text, '\n') : strstr(text + 2, "*/");

    if (end == NULL)
        return text + strlen(text);
    return end + (text[0] == '-' ? 1 : 2);
}

static const char *skip_blank(const char *text)
{
    for (;;) {
        if (*text != '\0' && strchr(" \t\r\n\f", *text) != NULL)
            text++;
        else if ((text[0] == '-' && text[1] == '-') || (text[0] == '/' && text[1] == '*'))
            text = skip_comment(text);
        else
            return text;
    }
}

/* From the opening quote; a doubled closing one stands for itself, except for "]". */
static const char *read_quoted(const char *text, struct token *token)
{
    const char close = *text == '[' ? ']' : *text;
    const char *end = text + 1;

    while (*end != '\0' && (*end != close || (close != ']' && end[1] == close)))
        end += *end == close ? 2 : 1;
    token->kind = close == '\'' ? TOKEN_STRING : TOKEN_NAME;
    token->quote = close;
    token->text = text + 1;
    token->length = (size_t)(end - text - 1);
    return *end == '\0' ? end : end + 1;
}

static const char *read_token(const char *text, struct token *token)
{
    size_t length = 0;

    text = skip_blank(text);
    *token = (struct token){.kind = TOKEN_END, .text = text};
    if (*text == '\0')
        return text;
    if (strchr("\"'`[", *text) != NULL)
        return read_quoted(text, token);
    while (is_word(text[length]))
        length++;
    token->kind = length > 0 ? TOKEN_WORD : TOKEN_SIGN;
    token->length = length > 0 ? length : 1;
    return text + token->length;
}

/* The next character of a token, with doubled quotes as one; 0 at its end. */
static char next_char(const struct token *token, size_t *at)
{
    char c;

    if (*at >= token->length)
        return '\0';
    c = token->text[(*at)++];
    if (c == token->quote && token->quote != ']')
        (*at)++;
    return c;
}

/* Words and names are the same in any case and with any quotes; strings are not. */
static bool same_token(const struct token *left, const struct token *right)
{
    const bool exact = left->kind == TOKEN_STRING || right->kind == TOKEN_STRING;
    const bool signs = left->kind == TOKEN_SIGN || right->kind == TOKEN_SIGN;
    size_t i = 0;
    size_t j = 0;

    if ((exact || signs) && left->kind != right->kind)
        return false;
    if ((left->kind == TOKEN_END) != (right->kind == TOKEN_END))
        return false;
    for (;;) {
        const char a = next_char(left, &i);
        const char b = next_char(right, &j);

        if (a != b && (exact || tolower((unsigned char)a) != tolower((unsigned char)b)))
            return false;
        if (a == '\0')
            return true;
    }
}

/* Reads both to the first token that differs; false where there is one. */
static bool compare_sql(const char *left, const char *right, struct token *of_left,
                        struct token *of_right)
{
    do {
        left = read_token(left, of_left);
        right = read_token(right, of_right);
        if (!same_token(of_left, of_right))
            return false;
    } while (of_left->kind != TOKEN_END);
    return true;
}

bool quarry_same_sql(const char *left, const char *right)
{
    struct token of_left;
    struct token of_right;

    return compare_sql(left, right, &of_left, &of_right);
}

/* ---- what is compared ----------------------------------------------------------- */

/*
 * Each question gives rows of label, column or NULL, then descriptions; ordered by label.
 * A label that only the file has is a difference where `exact`. ?1 is a table's name.
 */
struct question {
    const char *sql;
    bool exact;
    bool is_sql; /* descriptions are CREATE statements */
};

static const char table_question[] =
    "SELECT 'table ' || lower(name), NULL, 'a ' || type,"
    "       CASE strict WHEN 0 THEN 'not STRICT' ELSE 'STRICT' END,"
    "       CASE wr WHEN 0 THEN 'with a rowid' ELSE 'WITHOUT ROWID' END"
    "  FROM pragma_table_list WHERE schema = 'main' AND name = ?1 COLLATE NOCASE";

static const char column_question[] =
    "SELECT 'column ' || lower(?1) || '.' || lower(name), name,"
    "       coalesce(nullif(upper(type), ''), 'without a type'),"
    "       CASE \"notnull\" WHEN 0 THEN 'nullable' ELSE 'NOT NULL' END,"
    "       coalesce('DEFAULT ' || dflt_value, 'without a default'),"
    "       CASE pk WHEN 0 THEN 'outside the primary key'"
    "               ELSE 'number ' || pk || ' in the primary key' END,"
    "       CASE hidden WHEN 0 THEN 'an ordinary column' WHEN 1 THEN 'hidden'"
    "               WHEN 2 THEN 'GENERATED VIRTUAL' ELSE 'GENERATED STORED' END"
    "  FROM pragma_table_xinfo(?1) ORDER BY 1 COLLATE NOCASE";

static const char key_question[] =
    "SELECT 'foreign key ' || lower(?1) || '(' || lower(columns) || ')', NULL,"
    "       'REFERENCES ' || lower(parent) || coalesce('(' || lower(refers) || ')', ''),"
    "       'ON DELETE ' || on_delete, 'ON UPDATE ' || on_update"
    "  FROM (SELECT id, \"table\" AS parent, on_delete, on_update,"
    "               group_concat(\"from\", ', ') AS columns,"
    "               group_concat(\"to\", ', ') AS refers"
    "          FROM (SELECT * FROM pragma_foreign_key_list(?1) ORDER BY id, seq)"
    "         GROUP BY id)"
    " ORDER BY 1 COLLATE NOCASE, 3, 4, 5";

#define INDEX_COLUMNS                                                                    \
    "(SELECT group_concat(coalesce(lower(name), 'an expression')"                        \
    "               || CASE coll WHEN 'BINARY' THEN '' ELSE ' COLLATE ' || coll END"     \
    "               || CASE \"desc\" WHEN 0 THEN '' ELSE ' DESC' END, ', ')"             \
    "   FROM (SELECT * FROM pragma_index_xinfo(i.name) WHERE key = 1 ORDER BY seqno))"

/* Indexes that SQLite makes for constraints are named by their columns, the others by
   their names, and of these only unique ones are asked for in both databases. */
static const char constraint_question[] =
    "SELECT CASE origin WHEN 'pk' THEN 'primary key ' ELSE 'unique constraint ' END"
    "       || lower(?1) || '(' || " INDEX_COLUMNS " || ')', NULL, 'unique'"
    "  FROM pragma_index_list(?1) AS i WHERE origin <> 'c' ORDER BY 1 COLLATE NOCASE";

static const char unique_question[] =
    "SELECT 'unique index ' || lower(name), NULL, 'on (' || " INDEX_COLUMNS " || ')',"
    "       CASE partial WHEN 0 THEN 'for all rows' ELSE 'partial' END"
    "  FROM pragma_index_list(?1) AS i WHERE origin = 'c' AND \"unique\" = 1"
    " ORDER BY 1 COLLATE NOCASE";

static const char index_question[] =
    "SELECT 'index ' || lower(name), NULL, 'on (' || " INDEX_COLUMNS " || ')',"
    "       CASE partial WHEN 0 THEN 'for all rows' ELSE 'partial' END"
    "  FROM pragma_index_list(?1) AS i WHERE origin = 'c' AND \"unique\" = 0"
    " ORDER BY 1 COLLATE NOCASE";

static const char text_question[] =
    "SELECT type || ' ' || lower(name), NULL, sql FROM sqlite_schema"
    " WHERE tbl_name = ?1 COLLATE NOCASE AND sql IS NOT NULL ORDER BY 1 COLLATE NOCASE";

static const struct question questions[] = {
    {table_question, true, false},  {column_question, true, false},
    {key_question, true, false},    {constraint_question, true, false},
    {unique_question, true, false}, {index_question, false, false},
    {text_question, false, true},
};

static const char view_question[] =
    "SELECT type || ' ' || lower(name), NULL, sql FROM sqlite_schema"
    " WHERE type = 'view' ORDER BY 1 COLLATE NOCASE";

/* ---- comparing ------------------------------------------------------------------ */

/* One question under way in both databases. */
struct comparison {
    quarry_db *db;
    sqlite3 *model;
    const char *table;
    sqlite3_stmt *declared; /* what the schema says */
    sqlite3_stmt *found;    /* what the file holds */
    const struct question *question;
};

static const char *column_text(sqlite3_stmt *stmt, int column)
{
    const char *text = (const char *)sqlite3_column_text(stmt, column);

    return text == NULL ? "" : text;
}

/* Reports with the schema's names of table and column, which live long enough. */
static quarry_status report(struct comparison *c, const char *label, const char *column,
                            const char *what)
{
    const quarry_row_type *type = quarry_find_type(c->db->schema, c->table);
    const int index = type == NULL ? -1 : quarry_find_column(type, column);

    return quarry_fail(c->db, QUARRY_DRIFT, type == NULL ? NULL : type->table,
                       index < 0 ? NULL : type->columns[index].name,
                       "the file differs from schema %s: %.200s: %.260s",
                       c->db->schema->name, label, what);
}

static quarry_status report_value(struct comparison *c, int value)
{
    const char *label = column_text(c->declared, 0);
    const char *column = (const char *)sqlite3_column_text(c->declared, 1);
    char what[240];

    sqlite3_snprintf(sizeof what, what, "declared %.100s, the schema says %.100s",
                     column_text(c->found, value), column_text(c->declared, value));
    return report(c, label, column, what);
}

static quarry_status report_token(struct comparison *c, const struct token *declared,
                                  const struct token *found)
{
    const int max = 60;
    char what[240];

    sqlite3_snprintf(sizeof what, what,
                     "its CREATE statement says `%.*s` where the schema says `%.*s`",
                     (int)quarry_utf8_cut(found->text, (size_t)max), found->text,
                     (int)quarry_utf8_cut(declared->text, (size_t)max), declared->text);
    return report(c, column_text(c->declared, 0), NULL, what);
}

/* Both statements stand on the same label. */
static quarry_status compare_row(struct comparison *c)
{
    struct token declared;
    struct token found;

    for (int i = 2; i < sqlite3_column_count(c->declared); i++) {
        const char *left = column_text(c->declared, i);
        const char *right = column_text(c->found, i);

        if (c->question->is_sql) {
            if (!compare_sql(left, right, &declared, &found))
                return report_token(c, &declared, &found);
        } else if (sqlite3_stricmp(left, right) != 0) {
            return report_value(c, i);
        }
    }
    return QUARRY_OK;
}

/* Walks both in the order of their labels, as a merge does. */
static quarry_status compare_rows(struct comparison *c)
{
    int declared = sqlite3_step(c->declared);
    int found = sqlite3_step(c->found);
    quarry_status status = QUARRY_OK;

    while (status == QUARRY_OK && (declared == SQLITE_ROW || found == SQLITE_ROW)) {
        int order = declared == SQLITE_ROW ? -1 : 1;

        if (declared == SQLITE_ROW && found == SQLITE_ROW)
            order =
                sqlite3_stricmp(column_text(c->declared, 0), column_text(c->found, 0));
        if (order < 0)
            return report(c, column_text(c->declared, 0),
                          (const char *)sqlite3_column_text(c->declared, 1),
                          "is missing in the file");
        if (order > 0 && c->question->exact)
            return report(c, column_text(c->found, 0), NULL, "is not in the schema");
        if (order == 0) {
            status = compare_row(c);
            declared = sqlite3_step(c->declared);
        }
        found = sqlite3_step(c->found);
    }
    return status;
}

static int prepare_question(sqlite3 *handle, const struct comparison *c,
                            sqlite3_stmt **stmt)
{
    int code = sqlite3_prepare_v2(handle, c->question->sql, -1, stmt, NULL);

    if (code == SQLITE_OK && sqlite3_bind_parameter_count(*stmt) > 0)
        code = sqlite3_bind_text(*stmt, 1, c->table, -1, SQLITE_STATIC);
    return code;
}

static quarry_status model_failed(quarry_db *db, sqlite3 *model, const char *sql)
{
    if (sqlite3_errcode(model) == SQLITE_NOMEM)
        return quarry_no_memory(db, "the schema was being compared");
    return quarry_fail(db, QUARRY_ERROR, NULL, NULL,
                       "schema %s can't be created: %s: %.200s", db->schema->name,
                       sqlite3_errmsg(model), sql);
}

/* An error that ended a statement early comes out when it is finalized. */
static quarry_status ask(struct comparison *c, const struct question *question)
{
    quarry_status status = QUARRY_OK;
    int code;

    c->question = question;
    c->declared = c->found = NULL;
    if (prepare_question(c->model, c, &c->declared) != SQLITE_OK)
        status = model_failed(c->db, c->model, question->sql);
    if (status == QUARRY_OK &&
        (code = prepare_question(c->db->handle, c, &c->found)) != SQLITE_OK)
        status = quarry_fail_sqlite(c->db, code, question->sql);
    if (status == QUARRY_OK)
        status = compare_rows(c);
    code = sqlite3_finalize(c->found);
    if (code != SQLITE_OK && (status == QUARRY_OK || status == QUARRY_DRIFT))
        status = quarry_fail_sqlite(c->db, code, question->sql);
    code = sqlite3_finalize(c->declared);
    if (code != SQLITE_OK && (status == QUARRY_OK || status == QUARRY_DRIFT))
        status = model_failed(c->db, c->model, question->sql);
    return status;
}

static quarry_status compare_table(struct comparison *c)
{
    quarry_status status = QUARRY_OK;

    for (size_t i = 0; status == QUARRY_OK && i < sizeof questions / sizeof *questions;
         i++)
        status = ask(c, &questions[i]);
    return status;
}

/* ---- the model ------------------------------------------------------------------ */

/* In the place of a position: what the statements of the schema itself make. */
enum {
    DECLARED = -1
};

static quarry_status run_in_model(quarry_db *db, sqlite3 *model, const char *const *sql)
{
    for (; sql != NULL && *sql != NULL; sql++) {
        if (sqlite3_exec(model, *sql, NULL, NULL, NULL) != SQLITE_OK)
            return model_failed(db, model, *sql);
    }
    return QUARRY_OK;
}

/* Functions of the program are left out: they change no tables. */
static quarry_status migrate_model(quarry_db *db, sqlite3 *model, int position)
{
    quarry_status status = QUARRY_OK;

    for (int i = 0; i < position; i++) {
        const quarry_migration *migration = &db->schema->migrations[i];

        for (int j = 0; status == QUARRY_OK && j < migration->up_count; j++)
            status = run_in_model(db, model, migration->up[j].sql);
    }
    return status;
}

quarry_status quarry_model_open(quarry_db *db, int position, sqlite3 **model)
{
    int code = sqlite3_open_v2(":memory:", model,
                               SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);

    if (code != SQLITE_OK)
        return quarry_no_memory(db, "the schema was being compared");
    sqlite3_db_config(*model, SQLITE_DBCONFIG_ENABLE_FKEY, 0, NULL);
    sqlite3_exec(*model, "BEGIN", NULL, NULL, NULL);
    if (position == DECLARED)
        return run_in_model(db, *model, db->schema->ddl);
    return migrate_model(db, *model, position);
}

static quarry_status compare_tables(quarry_db *db, sqlite3 *model)
{
    /* A virtual table's own tables are its module's business, and differ by its version. */
    static const char sql[] = "SELECT name FROM sqlite_schema WHERE type = 'table'"
                              " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
                              " AND name NOT IN (SELECT name FROM pragma_table_list"
                              " WHERE schema = 'main' AND type = 'shadow')";
    static const struct question views = {view_question, false, true};
    struct comparison c = {.db = db, .model = model};
    sqlite3_stmt *tables = NULL;
    quarry_status status = QUARRY_OK;

    if (sqlite3_prepare_v2(model, sql, -1, &tables, NULL) != SQLITE_OK)
        return model_failed(db, model, sql);
    while (status == QUARRY_OK && sqlite3_step(tables) == SQLITE_ROW) {
        c.table = column_text(tables, 0);
        status = compare_table(&c);
    }
    if (sqlite3_finalize(tables) != SQLITE_OK && status == QUARRY_OK)
        status = model_failed(db, model, sql);
    c.table = "";
    return status == QUARRY_OK ? ask(&c, &views) : status;
}

static quarry_status compare_with(quarry_db *db, int position)
{
    sqlite3 *model = NULL;
    quarry_status status = quarry_model_open(db, position, &model);

    if (status == QUARRY_OK)
        status = compare_tables(db, model);
    sqlite3_close(model);
    return status;
}

/*
 * Tables that were migrated are written down otherwise than those that were declared, with
 * the same meaning: the newest version may look like either.
 */
quarry_status quarry_drift_check(quarry_db *db, int position)
{
    const int last = db->schema->migration_count;
    quarry_error before = db->error;
    quarry_status status;

    if (last == 0)
        return compare_with(db, DECLARED);
    status = compare_with(db, position);
    if (status != QUARRY_DRIFT || position != last)
        return status;
    if (compare_with(db, DECLARED) == QUARRY_OK) {
        db->error = before;
        return QUARRY_OK;
    }
    return db->error.status;
}
