/*
 * sample_choices.c: see sample_choices.h. The nearest to the made-up value come first.
 */
#include "sample_choices.h"

#include "../base/buf.h"
#include "calendar.h"
#include "glob.h"
#include "sample.h"
#include "sample_value.h"
#include "sqltext.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    MOST = 64,
    VARIANTS = 6,
    LONG_TEXT = 300
};

struct chooser {
    const struct sample_request *request;
    const struct column *column;
    struct arena *arena;
    VEC(struct literal) list;
};

bool sample_takes(const struct column *column, const struct literal *value)
{
    bool listed = column->one_of.count == 0 || value->kind == LITERAL_NULL;

    for (size_t i = 0; i < column->one_of.count; i++)
        listed =
            listed || sample_equal(&(struct column){0}, &column->one_of.items[i], value);
    return listed && sample_satisfies(column, value);
}

static bool is_same(const struct literal *a, const struct literal *b)
{
    if (a->kind == LITERAL_NULL || b->kind == LITERAL_NULL)
        return a->kind == b->kind;
    return sample_equal(&(struct column){0}, a, b);
}

static void add(struct chooser *chooser, struct literal value)
{
    if (chooser->list.count >= MOST || !sample_takes(chooser->column, &value))
        return;
    for (size_t i = 0; i < chooser->list.count; i++)
        if (is_same(&chooser->list.items[i], &value))
            return;
    *VEC_ADD(chooser->arena, &chooser->list) = value;
}

/* ---- numbers -------------------------------------------------------------------- */

/* 0 as a key that SQLite assigns means: assign one. */
static bool is_assigned(const struct chooser *chooser)
{
    return chooser->column->key_position > 0 && chooser->request->table->key.assigned;
}

static void add_integer(struct chooser *chooser, int64_t value)
{
    const struct column *column = chooser->column;
    struct literal literal = {.kind = LITERAL_INTEGER, .integer = value};
    int64_t most = chooser->request->schema->options.timestamp == TIME_UNIX
                       ? INT64_C(253402300799)
                       : INT64_C(253402300799999);

    switch (column->type) {
    case TYPE_INT32:
        if (value < INT32_MIN || value > INT32_MAX)
            return;
        break;
    case TYPE_INTEGER:
        if (value == 0 && is_assigned(chooser))
            return;
        break;
    case TYPE_BOOL:
        if (value != 0 && value != 1)
            return;
        break;
    case TYPE_TIMESTAMP:
        if (column->storage != STORE_INTEGER || value < -most / 5 || value > most)
            return;
        break;
    case TYPE_REAL:
        literal = (struct literal){.kind = LITERAL_REAL, .real = (double)value};
        break;
    default: return;
    }
    add(chooser, literal);
}

/* The number itself first, then what is next to it. */
static void add_near(struct chooser *chooser, int64_t value)
{
    add_integer(chooser, value);
    if (value > INT64_MIN)
        add_integer(chooser, value - 1);
    if (value < INT64_MAX)
        add_integer(chooser, value + 1);
}

static void add_real(struct chooser *chooser, double value)
{
    if (chooser->column->type != TYPE_REAL)
        return;
    add(chooser, (struct literal){.kind = LITERAL_REAL, .real = value});
    add(chooser, (struct literal){.kind = LITERAL_REAL, .real = value - 0.5});
    add(chooser, (struct literal){.kind = LITERAL_REAL, .real = value + 0.5});
}

/* ---- texts ---------------------------------------------------------------------- */

static void add_text(struct chooser *chooser, const char *text, size_t length)
{
    struct literal literal = {.kind = LITERAL_TEXT,
                              .text = arena_strndup(chooser->arena, text, length),
                              .length = length};
    int64_t moment;

    switch (chooser->column->type) {
    case TYPE_TEXT:
    case TYPE_JSON: break;
    case TYPE_DATE:
        if (length != strlen("YYYY-MM-DD") || !calendar_moment(literal.text, &moment))
            return;
        break;
    case TYPE_TIMESTAMP:
        if (chooser->column->storage != STORE_TEXT || length != CALENDAR_SIZE - 1 ||
            !calendar_moment(literal.text, &moment))
            return;
        break;
    default: return;
    }
    add(chooser, literal);
}

/* Texts of so many letters or digits, others for other rows. */
static void add_length(struct chooser *chooser, int64_t length)
{
    static const char first[] = {'a', 'A', '1'};
    char letters[LONG_TEXT + 1];

    if (length < 0 || length > LONG_TEXT)
        return;
    for (size_t i = 0; i < sizeof first; i++) {
        memset(letters, first[i], sizeof letters);
        if (length > 0)
            letters[length - 1] = (char)(first[i] + (int)chooser->request->row);
        if (chooser->column->type == TYPE_TEXT)
            add_text(chooser, letters, (size_t)length);
        if (chooser->column->type == TYPE_BLOB)
            add(chooser, (struct literal){.kind = LITERAL_BLOB,
                                          .text = arena_strndup(chooser->arena, letters,
                                                                (size_t)length),
                                          .length = (size_t)length});
    }
}

static void add_words(struct chooser *chooser)
{
    static const char *const texts[] = {"a", "A", "1", "abc", "ABC", "12", "{}", "a@b.c"};
    static const char *const json[] = {"{}",   "[]",      "[1]",       "null",
                                       "true", "\"red\"", "{\"a\":1}", "1"};
    bool is_json = chooser->column->type == TYPE_JSON;

    if (!is_json && chooser->column->type != TYPE_TEXT)
        return;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *text = is_json ? json[i] : texts[i];

        add_text(chooser, text, strlen(text));
    }
}

static void add_enumerators(struct chooser *chooser)
{
    const struct enumeration *enumeration = chooser->column->enumeration;

    for (size_t i = 0; enumeration != NULL && i < enumeration->values.count; i++)
        add(chooser, sample_value(chooser->arena, chooser->request->schema,
                                  chooser->column, SAMPLE_LEAST, i));
}

/* ---- what expressions name ------------------------------------------------------ */

/* 'it''s' without its quotes. */
static const char *unquoted(struct chooser *chooser, struct sql_token token)
{
    char *text = arena_strndup(chooser->arena, token.text + 1, token.length - 2);
    char *to = text;

    for (const char *from = text; *from != '\0'; from++) {
        *to++ = *from;
        if (from[0] == '\'' && from[1] == '\'')
            from++;
    }
    *to = '\0';
    return text;
}

/* With as many letters behind it as the column's length needs. */
static const char *filled(struct chooser *chooser, const char *text)
{
    const struct column *column = chooser->column;
    size_t length = glob_length(text);
    struct buf out;

    if (!column->has_min_length || column->min_length <= length ||
        column->min_length > LONG_TEXT)
        return text;
    buf_init(&out);
    buf_adds(&out, text);
    buf_repeat(&out, 'x', column->min_length - length);
    text = arena_strndup(chooser->arena, out.data, out.length);
    buf_release(&out);
    return text;
}

static void add_string(struct chooser *chooser, struct sql_token token)
{
    const char *text = filled(chooser, unquoted(chooser, token));
    const char *more = arena_printf(chooser->arena, "%s1", text);
    struct buf out;

    if (chooser->column->type == TYPE_JSON)
        return;
    add_text(chooser, text, strlen(text));
    if (chooser->column->type != TYPE_TEXT)
        return;
    buf_init(&out);
    for (size_t variant = 0; variant < 3; variant++) {
        buf_clear(&out);
        if (glob_sample(text, strlen(text) + 1, variant, &out))
            add_text(chooser, out.data, out.length);
    }
    buf_release(&out);
    add_text(chooser, more, strlen(more));
}

static void add_number(struct chooser *chooser, struct sql_token token)
{
    const char *text = arena_strndup(chooser->arena, token.text, token.length);
    char *end;
    long long integer;

    errno = 0;
    integer = strtoll(text, &end, 0);
    if (*end == '\0' && errno == 0) {
        add_near(chooser, integer);
        add_integer(chooser, -integer);
        add_length(chooser, integer);
        add_length(chooser, integer + 1);
        add_length(chooser, integer - 1);
    }
    add_real(chooser, strtod(text, NULL));
}

/* What two numbers of an expression give together: `a * 2 = b AND b > 100`. */
static void add_pair(struct chooser *chooser, int64_t a, int64_t b)
{
    enum {
        SMALL = 1000000
    };

    if (a < -SMALL || a > SMALL || b < -SMALL || b > SMALL)
        return;
    add_near(chooser, a + b);
    add_near(chooser, a - b);
    add_near(chooser, a * b);
    if (b != 0)
        add_near(chooser, a / b);
}

static void add_pairs(struct chooser *chooser, const char *sql)
{
    enum {
        NUMBERS = 6
    };
    int64_t numbers[NUMBERS];
    size_t count = 0;
    struct sql_token token;

    for (token = sql_word(sql); token.kind != SQL_END && token.kind != SQL_BROKEN;
         token = sql_word(token.text + token.length))
        if (token.kind == SQL_NUMBER && count < NUMBERS)
            numbers[count++] = strtoll(token.text, NULL, 10);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count; k++)
            if (i != k)
                add_pair(chooser, numbers[i], numbers[k]);
}

static void add_constants(struct chooser *chooser, const char *sql)
{
    struct sql_token token;

    if (sql == NULL || !sql_mentions(sql, chooser->column->sql_name))
        return;
    for (token = sql_word(sql); token.kind != SQL_END && token.kind != SQL_BROKEN;
         token = sql_word(token.text + token.length)) {
        if (token.kind == SQL_STRING)
            add_string(chooser, token);
        else if (token.kind == SQL_NUMBER)
            add_number(chooser, token);
    }
    if (chooser->column->type <= TYPE_REAL)
        add_pairs(chooser, sql);
}

static void add_all_constants(struct chooser *chooser)
{
    const struct table *table = chooser->request->table;

    for (size_t i = 0; i < table->checks.count; i++)
        add_constants(chooser, table->checks.items[i].sql);
    for (size_t i = 0; i < table->columns.count; i++)
        add_constants(chooser, table->columns.items[i]->generated);
    for (size_t i = 0; i < table->indexes.count; i++) {
        const struct index *index = &table->indexes.items[i];

        add_constants(chooser, index->where);
        for (size_t t = 0; t < index->terms.count; t++)
            add_constants(chooser, index->terms.items[t].sql);
    }
}

/* ---- made-up values and those of other columns ---------------------------------- */

static void add_made_up(struct chooser *chooser)
{
    static const enum sample_style styles[] = {SAMPLE_ORDINARY, SAMPLE_LEAST,
                                               SAMPLE_GREATEST};
    const struct sample_request *request = chooser->request;

    for (size_t s = 0; s < sizeof styles / sizeof *styles; s++)
        for (size_t variant = 0; variant < VARIANTS; variant++) {
            struct literal value =
                sample_value(request->arena, request->schema, chooser->column, styles[s],
                             variant + (s == 0 ? request->row : 0));

            if (value.kind != LITERAL_INTEGER || value.integer != 0 ||
                !is_assigned(chooser))
                add(chooser, value);
        }
}

static void add_of_others(struct chooser *chooser)
{
    const struct table *table = chooser->request->table;

    for (size_t i = 0; i < table->columns.count; i++) {
        const struct column *other = table->columns.items[i];
        const struct literal *value = &chooser->request->values[i];

        if (other == chooser->column || other->type != chooser->column->type ||
            other->enumeration != chooser->column->enumeration)
            continue;
        if (value->kind == LITERAL_INTEGER)
            add_near(chooser, value->integer);
        else if (value->kind != LITERAL_NULL)
            add(chooser, *value);
    }
}

struct sample_choices sample_choices(const struct sample_request *request)
{
    struct chooser chooser = {
        .request = request, .column = request->column, .arena = request->arena};
    const struct column *column = request->column;

    for (size_t i = 0; i < column->examples.count; i++)
        add(&chooser,
            column->examples.items[(i + request->row) % column->examples.count]);
    if (request->may_be_null)
        add(&chooser, (struct literal){.kind = LITERAL_NULL});
    add_enumerators(&chooser);
    for (size_t i = 0; i < column->one_of.count; i++)
        add(&chooser, column->one_of.items[(i + request->row) % column->one_of.count]);
    add_all_constants(&chooser);
    add_of_others(&chooser);
    add_made_up(&chooser);
    for (int64_t number = 0; number <= 3; number++)
        add_near(&chooser, number);
    add_words(&chooser);
    return (struct sample_choices){chooser.list.items, chooser.list.count};
}
