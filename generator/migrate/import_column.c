/*
 * import_column.c: the columns of an imported table, see import.h.
 */
#include "import_internal.h"

#include "../base/names.h"
#include "../model/json.h"
#include "../sql/token.h"

#include <string.h>
#include <strings.h>

/* ---- columns ---------------------------------------------------------------------- */

/* The primary key, where the column says it; else NULL. */
static const struct key_def *single_key(const struct table_def *table, const char *column)
{
    const struct key_def *key = table_def_primary_key(table);

    if (key == NULL || !import_key_is_column(table, key) ||
        key->terms.items[0].name == NULL || !name_same(key->terms.items[0].name, column))
        return NULL;
    return key;
}

static bool in_key(const struct table_def *table, const char *column)
{
    const struct key_def *key = table_def_primary_key(table);
    size_t i;

    for (i = 0; key != NULL && i < key->terms.count; i++)
        if (key->terms.items[i].name != NULL &&
            name_same(key->terms.items[i].name, column))
            return true;
    return false;
}

/* SQLite takes a name as a text here: https://www.sqlite.org/quirks.html, section 8. */
static bool is_name_as_text(const char *text, struct token value)
{
    return value.kind == TOKEN_QUOTED ||
           (value.kind == TOKEN_WORD && value.keyword == KEYWORD_NONE &&
            strncasecmp(text + value.offset, "true", 4) != 0 &&
            strncasecmp(text + value.offset, "false", 5) != 0);
}

/* A literal of the column's type as YAML; false: it is none. */
static bool add_default(const struct importer *importer, const char *type,
                        const struct column_def *column)
{
    const char *text = column->value.text;
    struct token token = token_at(text, strlen(text), 0);
    bool sign = token.kind == TOKEN_MINUS || token.kind == TOKEN_PLUS;
    struct token value =
        sign ? token_at(text, strlen(text), token.offset + token.length) : token;

    if (token_at(text, strlen(text), value.offset + value.length).kind != TOKEN_END)
        return false;
    if ((value.kind == TOKEN_INTEGER &&
         (strcmp(type, "integer") == 0 || strcmp(type, "real") == 0)) ||
        (value.kind == TOKEN_REAL && strcmp(type, "real") == 0)) {
        buf_addf(importer->out, ", default: %s%.*s", token.kind == TOKEN_MINUS ? "-" : "",
                 (int)value.length, text + value.offset);
    } else if (!sign && value.kind == TOKEN_STRING && strcmp(type, "text") == 0) {
        buf_adds(importer->out, ", default: ");
        json_string(importer->out, token_value(importer->arena, text, value));
    } else if (!sign && is_name_as_text(text, value) && strcmp(type, "text") == 0) {
        buf_adds(importer->out, ", default: ");
        json_string(importer->out, token_value(importer->arena, text, value));
    } else if (!sign && value.kind == TOKEN_BLOB && strcmp(type, "blob") == 0) {
        buf_addf(importer->out, ", default: x'%s'",
                 token_value(importer->arena, text, value));
    } else {
        return false;
    }
    return true;
}

static bool is_usual_type(const char *type, const struct column_def *column)
{
    const char *declared = column->type.text != NULL ? column->type.text : "";
    static const char *const usual[][2] = {
        {"integer", "INTEGER"}, {"real", "REAL"}, {"text", "TEXT"}, {"blob", "BLOB"}};
    size_t i;

    for (i = 0; i < sizeof usual / sizeof *usual; i++)
        if (strcmp(type, usual[i][0]) == 0)
            return name_same(declared, usual[i][1]);
    return false;
}

static const char *const actions[] = {"no_action", "restrict", "set_null", "set_default",
                                      "cascade"};

void import_actions(const struct importer *importer, const struct foreign_key_def *key)
{
    if (key->on_delete != ACTION_NO_ACTION)
        buf_addf(importer->out, ", on_delete: %s", actions[key->on_delete]);
    if (key->on_update != ACTION_NO_ACTION)
        buf_addf(importer->out, ", on_update: %s", actions[key->on_update]);
    if (key->deferred)
        buf_adds(importer->out, ", deferrable: true");
}

static bool is_checked(const struct table_def *table, const char *column)
{
    size_t i;

    for (i = 0; i < table->checks.count; i++)
        if (sql_piece_mentions(&table->checks.items[i].sql, column))
            return true;
    return false;
}

/* One value as YAML; the query gives numbers and text only. */
static void add_value(struct buf *out, sqlite3_stmt *statement)
{
    const char *text = (const char *)sqlite3_column_text(statement, 0);

    if (sqlite3_column_type(statement, 0) == SQLITE_TEXT)
        json_string(out, text);
    else
        buf_adds(out, text);
}

static bool fits(const struct token *token, const char *type)
{
    if (strcmp(type, "text") == 0)
        return token->kind == TOKEN_STRING;
    return token->kind == TOKEN_INTEGER ||
           (token->kind == TOKEN_REAL && strcmp(type, "real") == 0);
}

/* Values that a check of the form `column IN (…)` or `column BETWEEN … AND …` lists. */
static bool add_listed(const struct importer *importer, const struct check_def *check,
                       const struct column_def *column, const char *type)
{
    const char *key = check->sql.key, *separator = ", examples: [";
    struct token *tokens;
    size_t count, i;

    tokens = token_list(importer->arena, key, strlen(key), &count);
    if (count < 4 ||
        !name_same(token_value(importer->arena, key, tokens[0]), column->name) ||
        (tokens[1].keyword != KEYWORD_IN && tokens[1].keyword != KEYWORD_BETWEEN))
        return false;
    for (i = 2; i < count; i++) {
        const char *value = token_value(importer->arena, key, tokens[i]);

        if (!fits(&tokens[i], type))
            continue;
        buf_adds(importer->out, separator);
        if (tokens[i].kind == TOKEN_STRING)
            json_string(importer->out, value);
        else
            buf_addf(importer->out, "%s%s", tokens[i - 1].kind == TOKEN_MINUS ? "-" : "",
                     value);
        separator = ", ";
    }
    if (strcmp(separator, ", ") != 0)
        return false;
    buf_addc(importer->out, ']');
    return true;
}

static bool add_examples_of_checks(const struct importer *importer,
                                   const struct table_def *table,
                                   const struct column_def *column, const char *type)
{
    size_t i;

    for (i = 0; i < table->checks.count; i++)
        if (add_listed(importer, &table->checks.items[i], column, type))
            return true;
    return false;
}

/* Values for the emitted tests, where a check makes it hard to invent some. */
static void add_examples(const struct importer *importer, const struct table_def *table,
                         const struct column_def *column, const char *type)
{
    const char *name = name_sql(importer->arena, column->name);
    const char *sql =
        arena_printf(importer->arena,
                     "SELECT DISTINCT %s FROM main.%s WHERE typeof(%s) = '%s' "
                     "ORDER BY 1 LIMIT 3",
                     name, name_sql(importer->arena, table->name), name, type);
    sqlite3_stmt *statement = NULL;
    const char *separator = ", examples: [";

    if (strcmp(type, "blob") != 0 && column->generated.text == NULL &&
        add_examples_of_checks(importer, table, column, type))
        return;
    if (importer->db == NULL || strcmp(type, "blob") == 0 ||
        column->generated.text != NULL || !is_checked(table, column->name) ||
        sqlite3_prepare_v2(importer->db, sql, -1, &statement, NULL) != SQLITE_OK)
        return;
    while (sqlite3_step(statement) == SQLITE_ROW) {
        buf_adds(importer->out, separator);
        add_value(importer->out, statement);
        separator = ", ";
    }
    if (strcmp(separator, ", ") == 0)
        buf_addc(importer->out, ']');
    sqlite3_finalize(statement);
}

static void add_generated(const struct importer *importer, const struct table_def *table,
                          const struct column_def *column)
{
    if (column->generated.text == NULL)
        return;
    buf_adds(importer->out, column->stored ? ", generated: {sql: " : ", generated: ");
    json_string(importer->out, import_sql(importer, table, column->generated.text));
    buf_adds(importer->out, column->stored ? ", stored: true}" : "");
}

/* True where a default is written as in SQL. */
static bool writes_plainly(const struct column *column)
{
    switch (column->type) {
    case TYPE_INTEGER:
    case TYPE_INT32:
    case TYPE_REAL:
    case TYPE_TEXT:
    case TYPE_BLOB:
    case TYPE_DATE: return true;
    case TYPE_ENUM: return column->storage == STORE_TEXT;
    default: return false;
    }
}

void import_column(const struct importer *importer, size_t table, size_t index)
{
    const struct table_def *def = importer->structure->tables.items[table];
    const struct column_def *column = &def->columns.items[index];
    const struct named *named = &importer->columns[table].items[index];
    const struct own_type *own = &importer->own[table][index];
    bool is_own = import_is_own(own);
    const char *type = importer->types[table][index]; /* as its values are written */
    const struct key_def *key = single_key(def, column->name);
    bool can_default_null = !column->not_null && !in_key(def, column->name);
    struct buf *out = importer->out;

    buf_adds(out, "      ");
    import_text(out, named->name); /* "null" is a key with quotes only */
    buf_addf(out, ": {type: %s%s", is_own ? import_own_name(own) : type,
             column->not_null || in_key(def, column->name) ? "" : "?");
    if (key != NULL)
        buf_addf(out, ", primary_key: true%s",
                 key->autoincrement ? ", autoincrement: true" : "");
    if (column->value.text != NULL && (!column->value_is_null || can_default_null) &&
        !(is_own && import_own_default(importer, own, column->value.key)) &&
        !((!is_own || writes_plainly(&own->column)) &&
          add_default(importer, type, column))) {
        buf_adds(out, ", default_sql: ");
        json_string(out, column->value.text);
    }
    if (column->collation != NULL)
        buf_addf(out, ", collation: %s", column->collation);
    if (!column->not_null && in_key(def, column->name) && !def->without_rowid &&
        table_def_rowid(def) != index)
        buf_adds(out, ", sql_not_null: false");
    if (import_conflict(column->not_null_conflict) != NULL)
        buf_addf(out, ", not_null_on_conflict: %s",
                 import_conflict(column->not_null_conflict));
    if (is_own)
        import_rules(importer, own);
    else
        add_examples(importer, def, column, type);
    add_generated(importer, def, column);
    if (!is_own && !is_usual_type(type, column)) {
        buf_adds(out, ", sql_type: ");
        json_string(out, column->type.text != NULL ? column->type.text : "");
    }
    if (strcmp(named->name, named->sql) != 0) {
        buf_adds(out, ", sql_name: ");
        json_string(out, named->sql);
    }
    buf_adds(out, "}\n");
}
