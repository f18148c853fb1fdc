/*
 * import.c: see import.h.
 */
#include "import_internal.h"

#include "../base/names.h"
#include "../model/json.h"
#include "../sql/token.h"

#include <string.h>

/* ---- names ------------------------------------------------------------------------ */

static bool is_taken(const struct named_list *list, const char *name)
{
    size_t i;

    for (i = 0; i < list->count; i++)
        if (strcmp(list->items[i].name, name) == 0)
            return true;
    return false;
}

static void choose_name(struct arena *arena, struct named_list *list, const char *sql)
{
    const char *name = name_to_snake(arena, sql), *base;
    struct named *named;
    unsigned i;

    if (name_reserved(name) != NULL)
        name = arena_printf(arena, "%s_value", name);
    base = name;
    for (i = 2; is_taken(list, name); i++)
        name = arena_printf(arena, "%s_%u", base, i);
    named = VEC_ADD(arena, list);
    *named = (struct named){sql, name};
}

static void choose_names(struct importer *importer)
{
    const struct structure *structure = importer->structure;
    size_t i, j;

    importer->columns =
        ARENA_ARRAY(importer->arena, struct named_list, structure->tables.count + 1);
    for (i = 0; i < structure->tables.count; i++) {
        const struct table_def *table = structure->tables.items[i];

        choose_name(importer->arena, &importer->tables, table->name);
        for (j = 0; j < table->columns.count; j++)
            choose_name(importer->arena, &importer->columns[i],
                        table->columns.items[j].name);
    }
}

const char *import_name(const struct named_list *list, const char *sql)
{
    size_t i;

    for (i = 0; i < list->count; i++)
        if (name_same(list->items[i].sql, sql))
            return list->items[i].name;
    return NULL;
}

size_t import_table(const struct importer *importer, const char *name)
{
    size_t i;

    for (i = 0; i < importer->structure->tables.count; i++)
        if (name_same(importer->structure->tables.items[i]->name, name))
            return i;
    return NO_COLUMN;
}

/* ---- types ------------------------------------------------------------------------ */

static bool has(const char *text, const char *part)
{
    return strstr(text, part) != NULL;
}

static const char *declared_type(const struct column_def *column)
{
    const char *type = column->type.key != NULL ? column->type.key : "";

    if (has(type, "int") || has(type, "bool"))
        return "integer";
    if (has(type, "blob"))
        return "blob";
    if (has(type, "real") || has(type, "floa") || has(type, "doub") || has(type, "dec") ||
        has(type, "num"))
        return "real";
    return "text";
}

unsigned import_classes_found(const struct importer *importer,
                              const struct table_def *table,
                              const struct column_def *column)
{
    static const char *const classes[] = {"integer", "real", "text", "blob"};
    const char *sql = arena_printf(
        importer->arena, "SELECT DISTINCT typeof(%s) FROM main.%s WHERE %s IS NOT NULL",
        name_sql(importer->arena, column->name), name_sql(importer->arena, table->name),
        name_sql(importer->arena, column->name));
    sqlite3_stmt *statement = NULL;
    unsigned found = 0, i;

    if (importer->db == NULL || table->strict ||
        sqlite3_prepare_v2(importer->db, sql, -1, &statement, NULL) != SQLITE_OK)
        return 0;
    while (sqlite3_step(statement) == SQLITE_ROW)
        for (i = 0; i < sizeof classes / sizeof *classes; i++)
            if (strcmp((const char *)sqlite3_column_text(statement, 0), classes[i]) == 0)
                found |= 1u << i;
    sqlite3_finalize(statement);
    return found;
}

static const char *choose_type(const struct importer *importer,
                               const struct table_def *table,
                               const struct column_def *column)
{
    const char *declared = declared_type(column);
    unsigned found = import_classes_found(importer, table, column);

    switch (found) {
    case 1: return strcmp(declared, "real") == 0 ? declared : "integer";
    case 2:
    case 3: return "real";
    case 4: return "text";
    case 8: return "blob";
    default: return declared;
    }
}

static void choose_types(struct importer *importer)
{
    const struct structure *structure = importer->structure;
    size_t i, j;

    importer->types =
        ARENA_ARRAY(importer->arena, const char **, structure->tables.count + 1);
    for (i = 0; i < structure->tables.count; i++) {
        const struct table_def *table = structure->tables.items[i];

        importer->types[i] =
            ARENA_ARRAY(importer->arena, const char *, table->columns.count + 1);
        for (j = 0; j < table->columns.count; j++)
            importer->types[i][j] =
                choose_type(importer, table, &table->columns.items[j]);
    }
}

/* ---- text ------------------------------------------------------------------------- */

/* Bare where YAML surely reads the same, else a JSON string, which is YAML too. */
void import_text(struct buf *out, const char *text)
{
    if (name_is_snake(text) && strcmp(text, "null") != 0 && strcmp(text, "true") != 0 &&
        strcmp(text, "false") != 0 && strcmp(text, "yes") != 0 &&
        strcmp(text, "no") != 0 && strcmp(text, "on") != 0 && strcmp(text, "off") != 0 &&
        strcmp(text, "y") != 0 && strcmp(text, "n") != 0)
        buf_adds(out, text);
    else
        json_string(out, text);
}

void import_comment(struct buf *out, const char *indent, const char *about,
                    const char *text)
{
    buf_addf(out, "%s# not expressed: %s ", indent, about);
    for (; *text != '\0'; text++) {
        if (*text == '\n')
            buf_addf(out, "\n%s#   ", indent);
        else if ((unsigned char)*text >= 0x20 || *text == '\t')
            buf_addc(out, *text);
    }
    buf_addc(out, '\n');
}

void import_names(const struct importer *importer, const struct named_list *columns,
                  const struct name_list *names)
{
    size_t i;

    buf_addc(importer->out, '[');
    for (i = 0; i < names->count; i++) {
        const char *name = import_name(columns, names->items[i]);

        buf_adds(importer->out, i > 0 ? ", " : "");
        import_text(importer->out, name != NULL ? name : names->items[i]);
    }
    buf_addc(importer->out, ']');
}

/* ---- rules ------------------------------------------------------------------------ */

static void add_term(const struct importer *importer, size_t table,
                     const struct term_def *term)
{
    const char *name =
        term->name != NULL ? import_name(&importer->columns[table], term->name) : NULL;
    const char *text = arena_printf(
        importer->arena, "%s%s%s%s", name != NULL ? name : term->sql.text,
        term->collation != NULL ? " collate " : "",
        term->collation != NULL ? term->collation : "", term->descending ? " desc" : "");

    import_text(importer->out, text);
}

static void add_terms(const struct importer *importer, size_t table,
                      const struct term_defs *terms)
{
    size_t i;

    buf_addc(importer->out, '[');
    for (i = 0; i < terms->count; i++) {
        buf_adds(importer->out, i > 0 ? ", " : "");
        add_term(importer, table, &terms->items[i]);
    }
    buf_addc(importer->out, ']');
}

const char *import_conflict(enum def_conflict conflict)
{
    static const char *const words[] = {NULL, "rollback", "fail", "ignore", "replace"};

    return words[conflict];
}

bool import_key_is_column(const struct table_def *table, const struct key_def *key)
{
    const struct term_def *term = &key->terms.items[0];

    return key->terms.count == 1 && (table_def_rowid(table) != NO_COLUMN ||
                                     (term->collation == NULL && !term->descending));
}

static void add_primary_key(const struct importer *importer, size_t table)
{
    const struct table_def *def = importer->structure->tables.items[table];
    const struct key_def *key = table_def_primary_key(def);
    const char *conflict = key != NULL ? import_conflict(key->conflict) : NULL;

    if (key != NULL && !import_key_is_column(def, key)) {
        buf_adds(importer->out, "    primary_key: ");
        add_terms(importer, table, &key->terms);
        buf_addc(importer->out, '\n');
    }
    if (conflict != NULL)
        buf_addf(importer->out, "    primary_key_on_conflict: %s\n", conflict);
}

void import_heading(struct buf *out, const char *heading, bool *begun)
{
    if (!*begun)
        buf_addf(out, "    %s:\n", heading);
    *begun = true;
}

void import_name_key(struct buf *out, const char *name)
{
    if (name == NULL)
        return;
    buf_adds(out, ", name: ");
    json_string(out, name);
}

static void add_uniques(const struct importer *importer, size_t table)
{
    const struct table_def *def = importer->structure->tables.items[table];
    bool begun = false;
    size_t i;

    for (i = 0; i < def->keys.count; i++) {
        const struct key_def *key = &def->keys.items[i];
        const char *conflict = import_conflict(key->conflict);

        if (key->primary)
            continue;
        import_heading(importer->out, "unique", &begun);
        buf_adds(importer->out, "      - {columns: ");
        add_terms(importer, table, &key->terms);
        if (conflict != NULL)
            buf_addf(importer->out, ", on_conflict: %s", conflict);
        import_name_key(importer->out, key->name);
        buf_adds(importer->out, "}\n");
    }
}

/* True for a check with a name that none before it has. */
static bool has_own_name(const struct table_def *table, size_t index)
{
    const char *name = table->checks.items[index].name;
    size_t i;

    for (i = 0; name != NULL && i < index; i++)
        if (table->checks.items[i].name != NULL &&
            name_same(table->checks.items[i].name, name))
            return false;
    return name != NULL;
}

static void add_checks(const struct importer *importer, size_t number)
{
    const struct table_def *table = importer->structure->tables.items[number];
    bool begun = false;
    size_t i;

    for (i = 0; i < table->checks.count; i++) {
        const struct check_def *check = &table->checks.items[i];

        if (importer->is_own[number][i])
            continue;
        import_heading(importer->out, "checks", &begun);
        buf_adds(importer->out, "      - {sql: ");
        json_string(importer->out, import_sql(importer, table, check->sql.text));
        if (has_own_name(table, i)) /* errors say which check failed by its name */
            import_name_key(importer->out, check->name);
        else
            buf_adds(importer->out, ", name: null");
        buf_adds(importer->out, "}\n");
    }
}

static void add_index(const struct importer *importer, size_t table,
                      const struct index_def *index)
{
    buf_adds(importer->out, "      - {columns: ");
    add_terms(importer, table, &index->terms);
    if (index->where.text != NULL) {
        buf_adds(importer->out, ", where: ");
        json_string(importer->out,
                    import_sql(importer, importer->structure->tables.items[table],
                               index->where.text));
    }
    if (index->unique)
        buf_adds(importer->out, ", unique: true");
    import_name_key(importer->out, index->name);
    buf_adds(importer->out, "}\n");
}

static void add_indexes(const struct importer *importer, size_t table)
{
    const char *name = importer->structure->tables.items[table]->name;
    bool begun = false;
    size_t i;

    for (i = 0; i < importer->structure->indexes.count; i++)
        if (name_same(importer->structure->indexes.items[i]->table, name)) {
            import_heading(importer->out, "indexes", &begun);
            add_index(importer, table, importer->structure->indexes.items[i]);
        }
}

/* ---- the whole -------------------------------------------------------------------- */

/* A noun X makes X_list too. */
bool import_row_is_taken(const struct importer *importer, const char *row)
{
    size_t length = strlen(row), list = sizeof "_list" - 1;

    return map_get(&importer->rows, row) != NULL || name_reserved(row) != NULL ||
           map_get(&importer->rows, arena_printf(importer->arena, "%s_list", row)) !=
               NULL ||
           (length > list && strcmp(row + length - list, "_list") == 0 &&
            map_get(&importer->rows,
                    arena_strndup(importer->arena, row, length - list)) != NULL);
}

/* Two tables must not have one noun: then the second's is its whole name. */
static void add_row(struct importer *importer, const char *name)
{
    const char *row = name_singular(importer->arena, name);

    if (import_row_is_taken(importer, row)) {
        row = arena_printf(importer->arena, "%s_row", name);
        buf_addf(importer->out, "    row: %s\n", row);
    }
    map_put(importer->arena, &importer->rows, row, importer);
}

static void add_table(struct importer *importer, size_t table)
{
    const struct table_def *def = importer->structure->tables.items[table];
    const struct named *named = &importer->tables.items[table];
    size_t i;

    if (def->is_virtual)
        return;
    buf_adds(importer->out, "  ");
    import_text(importer->out, named->name); /* "null" is a key with quotes only */
    buf_adds(importer->out, ":\n");
    add_row(importer, named->name);
    if (strcmp(named->name, named->sql) != 0) {
        buf_adds(importer->out, "    sql_name: ");
        json_string(importer->out, named->sql);
        buf_addc(importer->out, '\n');
    }
    if (!def->strict)
        buf_adds(importer->out, "    strict: false\n");
    if (def->without_rowid)
        buf_adds(importer->out, "    without_rowid: true\n");
    buf_adds(importer->out, "    columns:\n");
    for (i = 0; i < def->columns.count; i++)
        import_column(importer, table, i);
    add_primary_key(importer, table);
    add_uniques(importer, table);
    import_foreign_keys(importer, table);
    add_checks(importer, table);
    add_indexes(importer, table);
}

static void add_options(const struct importer *importer)
{
    if (importer->model.options.timestamp != TIME_UNIX_MS)
        buf_addf(importer->out, "options: {timestamp: %s}\n",
                 importer->model.options.timestamp == TIME_TEXT ? "text" : "unix");
}

void import_yaml(struct arena *arena, const struct structure *structure, sqlite3 *db,
                 const char *name, struct buf *out)
{
    struct importer importer = {
        .arena = arena, .structure = structure, .db = db, .out = out};
    size_t i, tables = 0;

    choose_names(&importer);
    choose_types(&importer);
    import_agree_types(&importer);
    import_find_types(&importer);
    buf_adds(out, "quarry: 1\nname: ");
    import_text(out, name_to_snake(arena, name));
    buf_addc(out, '\n');
    add_options(&importer);
    import_enums(&importer);
    for (i = 0; i < structure->tables.count; i++)
        tables += !structure->tables.items[i]->is_virtual;
    buf_addf(out, "\ntables:%s\n", tables == 0 ? " {}" : "");
    for (i = 0; i < structure->tables.count; i++)
        add_table(&importer, i);
    import_programs(&importer);
}
