/*
 * import_type.c: types and rules of the language found again behind the CHECKs and defaults
 * that they make in SQL. A guess counts only if ddl.h makes of it exactly the checks that
 * the column has, so that nothing is lost by writing the type in their place.
 */
#include "import_internal.h"

#include "../base/names.h"
#include "../model/ddl.h"
#include "../sql/token.h"

#include <stdlib.h>
#include <string.h>

/* A column at which types are tried. */
struct trial {
    const struct importer *importer;
    const struct table_def *def;
    const struct column_def *column_def;
    struct table table; /* only its name counts here */
    struct own_type *own;
    bool *is_own;         /* by check */
    const bool *is_plain; /* a foreign key needs the type that is declared */
};

/* ---- checks ------------------------------------------------------------------------- */

static const struct check_def *check_named(const struct trial *trial, const char *suffix)
{
    const char *name = arena_printf(trial->importer->arena, "%s_%s_%s", trial->table.name,
                                    trial->own->column.name, suffix);
    size_t i;

    for (i = 0; i < trial->def->checks.count; i++)
        if (trial->def->checks.items[i].name != NULL &&
            strcmp(trial->def->checks.items[i].name, name) == 0)
            return &trial->def->checks.items[i];
    return NULL;
}

/* What the one table that `sql` creates consists of. */
static const struct table_def *parsed(const struct trial *trial, const char *rule)
{
    struct arena *arena = trial->importer->arena;

    return table_def_parse(arena,
                           arena_printf(arena, "CREATE TABLE %s (%s %s)",
                                        name_sql(arena, trial->def->name),
                                        name_sql(arena, trial->column_def->name), rule));
}

static bool is_same_check(const struct trial *trial, const struct column_check *made,
                          const struct check_def *check)
{
    const struct table_def *def;

    if (check->name == NULL || strcmp(check->name, made->name) != 0)
        return false;
    def = parsed(trial, arena_printf(trial->importer->arena, "CHECK (%s\n)", made->sql));
    return def != NULL && def->checks.count == 1 && check->sql.key != NULL &&
           def->checks.items[0].sql.key != NULL &&
           strcmp(def->checks.items[0].sql.key, check->sql.key) == 0;
}

/* True where each check that the column as tried makes is there; marks them. */
static bool makes_checks(const struct trial *trial)
{
    const struct importer *importer = trial->importer;
    const struct column_check *made;
    size_t i, j,
        count = ddl_column_checks(importer->arena, &trial->table, &trial->own->column,
                                  &importer->model, &made);
    bool *marks = ARENA_ARRAY(importer->arena, bool, trial->def->checks.count + 1);

    for (i = 0; i < count; i++) {
        for (j = 0; j < trial->def->checks.count; j++)
            if (is_same_check(trial, &made[i], &trial->def->checks.items[j]))
                break;
        if (j == trial->def->checks.count)
            return false;
        marks[j] = true;
    }
    for (j = 0; j < trial->def->checks.count; j++)
        trial->is_own[j] = trial->is_own[j] || marks[j];
    return true;
}

/* ---- values in a check -------------------------------------------------------------- */

static bool read_literal(const struct trial *trial, const char *key,
                         const struct token *tokens, size_t *at, struct literal *literal)
{
    bool minus = tokens[*at].kind == TOKEN_MINUS;
    const struct token *token = &tokens[*at + (minus ? 1 : 0)];
    const char *value = token_value(trial->importer->arena, key, *token);

    memset(literal, 0, sizeof *literal);
    if (token->kind == TOKEN_STRING && !minus) {
        literal->kind = LITERAL_TEXT;
        literal->text = value;
        literal->length = strlen(value);
    } else if (token->kind == TOKEN_INTEGER) {
        literal->kind = LITERAL_INTEGER;
        literal->integer = strtoll(
            minus ? arena_printf(trial->importer->arena, "-%s", value) : value, NULL, 10);
    } else if (token->kind == TOKEN_REAL) {
        literal->kind = LITERAL_REAL;
        literal->real = minus ? -strtod(value, NULL) : strtod(value, NULL);
    } else {
        return false;
    }
    *at += minus ? 2 : 1;
    return true;
}

/* The literals of a check, in their order, and what stands before the first. */
static struct literals read_literals(const struct trial *trial,
                                     const struct check_def *check,
                                     const struct token **before)
{
    const char *key = check->sql.key;
    struct literals found = {0};
    struct token *tokens;
    size_t count, i = 0;

    *before = NULL;
    if (key == NULL)
        return found;
    tokens = token_list(trial->importer->arena, key, strlen(key), &count);
    while (i < count && tokens[i].kind != TOKEN_END) {
        struct literal literal;
        size_t first = i;

        if (!read_literal(trial, key, tokens, &i, &literal)) {
            i++;
            continue;
        }
        if (found.count == 0 && first > 0)
            *before = &tokens[first - 1];
        *VEC_ADD(trial->importer->arena, &found) = literal;
    }
    return found;
}

/* The bounds that a check with BETWEEN, >= or <= gives. */
static void read_bounds(const struct trial *trial, const struct check_def *check,
                        struct literal *min, bool *has_min, struct literal *max,
                        bool *has_max)
{
    const struct token *before;
    struct literals values = read_literals(trial, check, &before);

    *has_min = *has_max = false;
    if (before == NULL || values.count == 0 || values.count > 2)
        return;
    *has_min = before->kind != TOKEN_LESS_EQUAL;
    *has_max = values.count == 2 || before->kind != TOKEN_GREATER_EQUAL;
    *min = values.items[0];
    *max = values.items[values.count - 1];
}

/* ---- rules -------------------------------------------------------------------------- */

static void read_range(const struct trial *trial)
{
    struct column *column = &trial->own->column;
    const struct check_def *check = check_named(trial, "range");

    if (check != NULL)
        read_bounds(trial, check, &column->min, &column->has_min, &column->max,
                    &column->has_max);
}

static void read_length(const struct trial *trial)
{
    struct column *column = &trial->own->column;
    const struct check_def *check = check_named(trial, "length");
    struct literal min = {0}, max = {0};

    if (check == NULL)
        return;
    read_bounds(trial, check, &min, &column->has_min_length, &max,
                &column->has_max_length);
    column->min_length = (size_t)min.integer;
    column->max_length = (size_t)max.integer;
}

static void read_pattern(const struct trial *trial)
{
    const struct check_def *check = check_named(trial, "pattern");
    const struct token *before;
    struct literals values;

    if (check == NULL)
        return;
    values = read_literals(trial, check, &before);
    if (values.count == 1 && values.items[0].kind == LITERAL_TEXT)
        trial->own->column.pattern = values.items[0].text;
}

/* ---- types -------------------------------------------------------------------------- */

/* An enum of the values that a check lists; NULL: it is no such list. */
static struct enumeration *read_enum(const struct trial *trial,
                                     const struct check_def *check)
{
    struct arena *arena = trial->importer->arena;
    struct enumeration *enumeration = ARENA_NEW(arena, struct enumeration);
    const struct token *before;
    struct literals values = read_literals(trial, check, &before);
    bool is_text = trial->own->column.storage == STORE_TEXT;
    size_t i;

    if (values.count == 0 || (!is_text && trial->own->column.storage != STORE_INTEGER))
        return NULL;
    enumeration->storage = is_text ? STORE_TEXT : STORE_INTEGER;
    for (i = 0; i < values.count; i++) {
        const struct literal *literal = &values.items[i];
        struct enumerator *value = VEC_ADD(arena, &enumeration->values);

        if (literal->kind != (is_text ? LITERAL_TEXT : LITERAL_INTEGER))
            return NULL;
        *value = (struct enumerator){.text = literal->text, .value = literal->integer};
    }
    return enumeration;
}

static bool try_type(const struct trial *trial, enum type_kind type)
{
    struct column *column = &trial->own->column;
    const struct check_def *check = check_named(trial, "type");
    const struct column_check *made;

    if (type == TYPE_TIMESTAMP && trial->importer->model.options.timestamp != TIME_TEXT)
        return false;
    column->type = type;
    return ddl_column_checks(trial->importer->arena, &trial->table, column,
                             &trial->importer->model, &made) > 0 &&
           is_same_check(trial, &made[0], check);
}

/* Only text has a collation in the language; other columns are to stay as declared. */
static bool stays_plain(const struct trial *trial)
{
    return *trial->is_plain || trial->own->column.collation != NULL;
}

/* Finds the type behind the check that a type makes. */
static void read_type(const struct trial *trial)
{
    static const enum type_kind of_text[] = {TYPE_DATE, TYPE_JSON,      TYPE_LABELS,
                                             TYPE_UUID, TYPE_TIMESTAMP, TYPE_KINDS};
    static const enum type_kind of_integer[] = {TYPE_BOOL, TYPE_INT32, TYPE_KINDS};
    struct column *column = &trial->own->column;
    const struct check_def *check = check_named(trial, "type");
    const enum type_kind plain = column->type, *kind;

    if (check == NULL || stays_plain(trial))
        return;
    kind = column->storage == STORE_TEXT ? of_text : of_integer;
    for (; *kind != TYPE_KINDS; kind++)
        if (try_type(trial, *kind))
            return;
    column->type = plain;
}

/* Listed texts and integers are an enum; others `one_of`. */
static void read_one_of(const struct trial *trial)
{
    struct column *column = &trial->own->column;
    const struct check_def *check = check_named(trial, "one_of");
    bool is_plain = column->type == TYPE_TEXT || column->type == TYPE_INTEGER;
    const struct token *before;
    struct literals values;
    size_t i;

    if (check == NULL)
        return;
    column->enumeration =
        is_plain && !stays_plain(trial) ? read_enum(trial, check) : NULL;
    if (column->enumeration != NULL) {
        column->type = TYPE_ENUM;
        return;
    }
    values = read_literals(trial, check, &before);
    for (i = 0; i < values.count; i++)
        *VEC_ADD(trial->importer->arena, &column->one_of) = values.items[i];
}

/* ---- defaults ----------------------------------------------------------------------- */

static bool has_default(const struct trial *trial, enum type_kind type,
                        enum literal_kind kind)
{
    struct literal literal = {.kind = kind};
    struct column column = trial->own->column;
    const struct table_def *def;
    struct buf sql;

    if (trial->column_def->value.key == NULL)
        return false;
    column.type = type;
    buf_init(&sql);
    buf_adds(&sql, "DEFAULT ");
    ddl_value(&column, &literal, &trial->importer->model, &sql);
    def = parsed(trial, arena_strndup(trial->importer->arena, sql.data, sql.length));
    buf_release(&sql);
    return def != NULL && def->columns.count == 1 &&
           def->columns.items[0].value.key != NULL &&
           strcmp(def->columns.items[0].value.key, trial->column_def->value.key) == 0;
}

static void read_moment(const struct trial *trial)
{
    struct column *column = &trial->own->column;

    if (stays_plain(trial))
        return;
    if (column->type == TYPE_UUID && has_default(trial, TYPE_UUID, LITERAL_RANDOM))
        trial->own->default_word = "random";
    if ((column->type == TYPE_TIMESTAMP || column->type == TYPE_INTEGER) &&
        has_default(trial, TYPE_TIMESTAMP, LITERAL_NOW)) {
        column->type = TYPE_TIMESTAMP;
        trial->own->default_word = "now";
    }
}

/* ---- columns ------------------------------------------------------------------------ */

/* The type that a declared type is usual for; TYPE_KINDS: for none. */
static enum type_kind usual_type(const struct column_def *column)
{
    static const enum type_kind kinds[] = {TYPE_INTEGER, TYPE_REAL, TYPE_TEXT, TYPE_BLOB};
    size_t i;

    for (i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (column->type.text != NULL &&
            name_same(column->type.text, type_table[kinds[i]].name))
            return kinds[i];
    return TYPE_KINDS;
}

static void find_type(struct importer *importer, size_t table, size_t index)
{
    const struct table_def *def = importer->structure->tables.items[table];
    struct own_type *own = &importer->own[table][index];
    struct trial trial = {.importer = importer,
                          .def = def,
                          .column_def = &def->columns.items[index],
                          .own = own,
                          .is_own = importer->is_own[table],
                          .is_plain = &importer->is_plain[table][index]};
    struct column *column = &own->column;

    trial.table.name = importer->tables.items[table].name;
    column->name = importer->columns[table].items[index].name;
    column->sql_name = trial.column_def->name;
    column->type = usual_type(trial.column_def);
    column->nullable = !trial.column_def->not_null;
    if (trial.column_def->collation != NULL)
        column->collation = name_to_upper(importer->arena, trial.column_def->collation);
    if (column->type == TYPE_KINDS)
        return;
    column->storage = type_table[column->type].storage;
    read_type(&trial);
    read_range(&trial);
    read_length(&trial);
    read_pattern(&trial);
    read_one_of(&trial);
    read_moment(&trial);
    own->found = makes_checks(&trial);
}

/* How timestamps are stored: as text where a column has the check of such. */
static void find_timestamps(struct importer *importer)
{
    static const int ways[] = {TIME_UNIX_MS, TIME_UNIX, TIME_TEXT};
    const struct structure *structure = importer->structure;
    size_t way, i, j;

    for (way = 0; way < sizeof ways / sizeof *ways; way++) {
        importer->model.options.timestamp = ways[way];
        for (i = 0; i < structure->tables.count; i++)
            for (j = 0; j < structure->tables.items[i]->columns.count; j++) {
                struct own_type *own = &importer->own[i][j];

                memset(own, 0, sizeof *own);
                find_type(importer, i, j);
                if (own->found && own->column.type == TYPE_TIMESTAMP)
                    return;
            }
    }
    importer->model.options.timestamp = TIME_UNIX_MS;
}

static void find_types(struct importer *importer)
{
    const struct structure *structure = importer->structure;
    size_t i, j;

    find_timestamps(importer);
    for (i = 0; i < structure->tables.count; i++) {
        const struct table_def *def = structure->tables.items[i];

        memset(importer->is_own[i], 0, def->checks.count * sizeof(bool));
        for (j = 0; j < def->columns.count; j++) {
            memset(&importer->own[i][j], 0, sizeof importer->own[i][j]);
            find_type(importer, i, j);
        }
    }
}

void import_find_types(struct importer *importer)
{
    const struct structure *structure = importer->structure;
    struct arena *arena = importer->arena;
    size_t i, count = structure->tables.count;

    importer->own = ARENA_ARRAY(arena, struct own_type *, count + 1);
    importer->is_own = ARENA_ARRAY(arena, bool *, count + 1);
    importer->is_plain = ARENA_ARRAY(arena, bool *, count + 1);
    for (i = 0; i < count; i++) {
        const struct table_def *def = structure->tables.items[i];

        importer->own[i] = ARENA_ARRAY(arena, struct own_type, def->columns.count + 1);
        importer->is_own[i] = ARENA_ARRAY(arena, bool, def->checks.count + 1);
        importer->is_plain[i] = ARENA_ARRAY(arena, bool, def->columns.count + 1);
    }
    do
        find_types(importer);
    while (import_equal_types(importer));
}
