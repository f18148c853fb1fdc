/*
 * view_sample_value.c: values of the emitted tests as C and as SQL: samples, values past
 * the usual ones, and SQL that puts a value into the table which no C value could. It
 * must not know which tests there are.
 */
#include "view_sample.h"

#include "../base/names.h"
#include "../model/calendar.h"
#include "../model/ddl.h"
#include "../model/sample.h"
#include "../model/sample_value.h"
#include "text.h"

#include <float.h>
#include <string.h>

enum {
    LINE = 60,
    WIDE_TEXT = 1000,
    STRANGE_TEXT = 200,
    MS_A_SECOND = 1000
};

static const char *copy_of(struct arena *arena, struct buf *out)
{
    const char *text = arena_strndup(arena, out->data, out->length);

    buf_release(out);
    return text;
}

static bool is_optional(const struct column *column)
{
    enum c_shape shape = type_table[column->type].shape;

    return column->nullable && (shape == C_NUMBER || shape == C_STRUCT);
}

/* ---- as C ----------------------------------------------------------------------- */

/* Long texts that samples repeat have names in the head of the emitted file. */
struct repeated {
    const char *name, *unit;
    size_t count;
};

static const char strange[] = "\xc3\xa9\xe6\x97\xa5\xf0\x9d\x84\x9eZ'\"\\% \xc3\x9f";
static const struct repeated repeats[] = {
    {"STRANGE_200", strange, 20}, {"STRANGE_50", strange, 5}, {"STRANGE_10", strange, 1},
    {"WIDE_1000", "a", 1000},     {"WIDE_500", "a", 500},     {"WIDE_100", "a", 100},
};

/* How many bytes it takes of the text, 0 where the text does not begin so. */
static size_t repeated_bytes(const struct repeated *repeated, const char *text,
                             size_t length)
{
    size_t size = strlen(repeated->unit), i;

    if (length < size * repeated->count)
        return 0;
    for (i = 0; i < repeated->count; i++)
        if (memcmp(text + i * size, repeated->unit, size) != 0)
            return 0;
    return size * repeated->count;
}

static void add_break(struct buf *out, size_t indent)
{
    buf_addc(out, '\n');
    buf_repeat(out, ' ', indent);
}

/* The names that the text begins with; the bytes that they stand for. */
static size_t add_repeated(struct buf *out, const char *text, size_t length,
                           size_t indent)
{
    size_t at = 0, line = 0, bytes, i;

    for (i = 0; i < sizeof repeats / sizeof *repeats;) {
        bytes = repeated_bytes(&repeats[i], text + at, length - at);
        if (bytes == 0) {
            i++;
            continue;
        }
        if (out->length - line > LINE) {
            add_break(out, indent);
            line = out->length;
        } else if (at > 0) {
            buf_addc(out, ' ');
        }
        buf_adds(out, repeats[i].name);
        at += bytes;
    }
    return at;
}

/* The end of the character that is `width` bytes on. */
static size_t piece_end(const char *text, size_t length, size_t from)
{
    size_t end = from + LINE;

    if (end >= length)
        return length;
    while (end > from && ((unsigned char)text[end] & 0xc0) == 0x80)
        end--;
    return end;
}

static const char *c_text(struct arena *arena, const char *text, size_t length,
                          size_t indent)
{
    struct buf out;
    size_t from;

    if (length == 0)
        return "\"\"";
    buf_init(&out);
    from = add_repeated(&out, text, length, indent);
    while (from < length) {
        size_t end = piece_end(text, length, from);

        if (from > 0)
            add_break(&out, indent);
        buf_adds(&out, text_c_string(arena, text + from, end - from));
        from = end;
    }
    return copy_of(arena, &out);
}

/* Whether the bytes go down from 255, as those of long samples do: BYTES_256. */
static bool is_descending(const struct literal *literal)
{
    size_t i;

    for (i = 0; i < literal->length; i++)
        if ((unsigned char)literal->text[i] != 255 - i % 256)
            return false;
    return literal->length > LINE / 4;
}

/* Bytes as octal escapes of three digits, so that none runs into the next. */
static const char *c_bytes(struct arena *arena, const struct literal *literal,
                           size_t indent)
{
    struct buf out;
    size_t i;

    buf_init(&out);
    if (is_descending(literal)) {
        for (i = 0; i < literal->length; i += 256)
            buf_adds(&out, i == 0 ? "{BYTES_256" : " BYTES_256");
        buf_addf(&out, ", %zu}", literal->length);
        return copy_of(arena, &out);
    }
    buf_adds(&out, "{\"");
    for (i = 0; i < literal->length; i++) {
        if (i > 0 && i % (LINE / 4) == 0) {
            buf_addc(&out, '"');
            add_break(&out, indent + 1);
            buf_addc(&out, '"');
        }
        buf_addf(&out, "\\%03o", (unsigned)(unsigned char)literal->text[i]);
    }
    buf_addf(&out, "\", %zu}", literal->length);
    return copy_of(arena, &out);
}

static const char *c_labels(struct arena *arena, const struct literal *literal)
{
    struct buf out;
    size_t i;

    if (literal->label_count == 0)
        return "{NULL, 0}";
    buf_init(&out);
    buf_adds(&out, "{(const quarry_label[]){");
    for (i = 0; i < literal->label_count; i++) {
        const char *key = literal->labels[i].key, *value = literal->labels[i].value;

        buf_addf(&out, "%s{%s, %s}", i > 0 ? ", " : "",
                 text_c_string(arena, key, strlen(key)),
                 text_c_string(arena, value, strlen(value)));
    }
    buf_addf(&out, "}, %zu}", literal->label_count);
    return copy_of(arena, &out);
}

/* Milliseconds, however the literal is stored. */
static int64_t moment_of(const struct builder *builder, const struct literal *literal)
{
    int64_t time = literal->integer;

    if (literal->kind == LITERAL_TEXT)
        calendar_moment(literal->text, &time);
    else if (builder->schema->options.timestamp == TIME_UNIX)
        time *= MS_A_SECOND;
    return time;
}

static const char *c_number(struct builder *builder, const struct column *column,
                            const struct literal *literal)
{
    struct arena *arena = builder->arena;

    switch (column->type) {
    case TYPE_REAL:
        return text_double(arena, literal->kind == LITERAL_REAL
                                      ? literal->real
                                      : (double)literal->integer);
    case TYPE_BOOL: return literal->integer != 0 ? "true" : "false";
    case TYPE_TIMESTAMP: return text_int64(arena, moment_of(builder, literal));
    case TYPE_ENUM:
        if (literal->enumerator != NULL)
            return view_constant(builder, column->enumeration, literal->enumerator);
        return arena_printf(arena, "(%s_%s)%s", builder->schema->name,
                            column->enumeration->name,
                            text_int64(arena, literal->integer));
    default: return text_int64(arena, literal->integer);
    }
}

/* The value alone, as if the column were not nullable. */
static const char *c_value(struct builder *builder, const struct column *column,
                           const struct literal *literal, size_t indent)
{
    struct arena *arena = builder->arena;

    switch (type_table[column->type].shape) {
    case C_POINTER:
        return literal->kind == LITERAL_NULL
                   ? "NULL"
                   : c_text(arena, literal->text, literal->length, indent);
    case C_BLOB:
        return literal->kind == LITERAL_NULL ? "{NULL, 0}"
                                             : c_bytes(arena, literal, indent);
    case C_NUMBER: return c_number(builder, column, literal);
    case C_STRUCT: break;
    }
    if (column->type == TYPE_LABELS)
        return c_labels(arena, literal);
    if (literal->kind != LITERAL_TEXT)
        return "{\"\"}";
    return arena_printf(arena, "{%s}",
                        text_c_string(arena, literal->text, literal->length));
}

const char *sample_initializer(struct builder *builder, const struct column *column,
                               const struct literal *literal, size_t indent)
{
    if (!is_optional(column))
        return c_value(builder, column, literal, indent);
    if (literal->kind == LITERAL_NULL)
        return "{.has = false}";
    return arena_printf(builder->arena, "{true, %s}",
                        c_value(builder, column, literal, indent));
}

const char *sample_expression(struct builder *builder, const struct column *column,
                              const struct literal *literal)
{
    const char *value = sample_initializer(builder, column, literal, LINE / 4);
    const char *type = view_c_type(builder, column, column->nullable);

    if (*value != '{')
        return value;
    return arena_printf(builder->arena, "(%.*s)%s", (int)strlen(type) - 1, type, value);
}

/* ---- values that are easily got wrong ------------------------------------------- */

static bool integer_is(struct literal *value, int64_t integer)
{
    *value = (struct literal){.kind = LITERAL_INTEGER, .integer = integer};
    return true;
}

static bool text_is(struct literal *value, enum literal_kind kind, const char *text,
                    size_t length)
{
    *value = (struct literal){.kind = kind, .text = text, .length = length};
    return true;
}

static bool extreme_integer(const struct column *column, size_t number,
                            struct literal *value)
{
    static const int64_t wide[] = {INT64_MIN, INT64_MAX, 0, -1};
    static const int64_t narrow[] = {INT32_MIN, INT32_MAX, 0, -1};

    return integer_is(value, column->type == TYPE_INT32 ? narrow[number] : wide[number]);
}

static bool extreme_real(size_t number, struct literal *value)
{
    static const double reals[] = {-0.0, DBL_MAX, 4.9406564584124654e-324, 0.1};

    *value = (struct literal){.kind = LITERAL_REAL, .real = reals[number]};
    return true;
}

static bool extreme_text(struct arena *arena, size_t number, struct literal *value)
{
    static const char quotes[] = "'); DROP TABLE x; -- \"?1\" %s \\ \t\r\n\x7f";
    static const char beyond[] = "\xf4\x8f\xbf\xbf \xf0\x9d\x84\x9e";
    char *wide;

    switch (number) {
    case 0: return text_is(value, LITERAL_TEXT, "", 0);
    case 1: return text_is(value, LITERAL_TEXT, quotes, sizeof quotes - 1);
    case 2: return text_is(value, LITERAL_TEXT, beyond, sizeof beyond - 1);
    default: break;
    }
    wide = arena_alloc(arena, WIDE_TEXT + 1);
    memset(wide, 'a', WIDE_TEXT);
    return text_is(value, LITERAL_TEXT, wide, WIDE_TEXT);
}

static bool extreme_blob(size_t number, struct literal *value)
{
    static const char *const bytes[] = {"", "\0a\0", "\0", "'\xff\0\x80"};
    static const size_t sizes[] = {0, 3, 1, 4};

    return text_is(value, LITERAL_BLOB, bytes[number], sizes[number]);
}

static bool extreme_time(const struct builder *builder, size_t number,
                         struct literal *value)
{
    static const int64_t seconds[] = {-1, 0, 951782400, 253402300799};
    int64_t time = seconds[number];
    char *text;

    if (builder->schema->options.timestamp == TIME_UNIX)
        return integer_is(value, time);
    if (builder->schema->options.timestamp == TIME_UNIX_MS)
        return integer_is(value, number == 0 ? -1 : time * MS_A_SECOND);
    text = arena_alloc(builder->arena, CALENDAR_SIZE);
    calendar_format(number == 0 ? -1 : time * MS_A_SECOND, text);
    return text_is(value, LITERAL_TEXT, text, strlen(text));
}

static bool extreme_words(enum type_kind type, size_t number, struct literal *value)
{
    static const char *const dates[] = {"0000-01-01", "1969-12-31", "2000-02-29",
                                        "9999-12-31"};
    static const char *const json[] = {"[]", "{\"a\":[{\"b\":null}]}",
                                       "\"\\u0000 \xf0\x9d\x84\x9e\"", "-1.5e300"};
    const char *text = type == TYPE_DATE ? dates[number] : json[number];

    return text_is(value, LITERAL_TEXT, text, strlen(text));
}

static bool extreme_labels(size_t number, struct literal *value)
{
    static const struct label_literal empty[] = {{"", ""}, {" ", "\t\n\x01"}};

    *value = (struct literal){
        .kind = LITERAL_TEXT, .text = "", .labels = empty, .label_count = number};
    return number <= 2;
}

bool sample_extreme(struct builder *builder, const struct column *column, size_t number,
                    struct literal *value)
{
    enum {
        COUNT = 4
    };

    if (number >= COUNT || column->one_of.count > 0)
        return false;
    switch (column->type) {
    case TYPE_INTEGER:
    case TYPE_INT32: extreme_integer(column, number, value); break;
    case TYPE_REAL: extreme_real(number, value); break;
    case TYPE_TEXT: extreme_text(builder->arena, number, value); break;
    case TYPE_BLOB: extreme_blob(number, value); break;
    case TYPE_TIMESTAMP: return extreme_time(builder, number, value);
    case TYPE_DATE:
    case TYPE_JSON: return extreme_words(column->type, number, value);
    case TYPE_LABELS: return extreme_labels(number, value);
    default: return false;
    }
    return sample_satisfies(column, value);
}

/* ---- values that only SQL can write --------------------------------------------- */

const char *sample_update(struct table_builder *table, const struct column *column,
                          const char *expression)
{
    struct arena *arena = table->builder->arena;
    const char *sql =
        arena_printf(arena, "UPDATE%s %s SET %s = %s", ddl_or_abort(table->table),
                     name_sql(arena, table->table->sql_name),
                     name_sql(arena, column->sql_name), expression);

    return text_c_string(arena, sql, strlen(sql));
}

/* What breaks the check of the type, apart from rules; a NULL text is no bad value in C.
 */
static const char *wrong_type(const struct builder *builder, const struct column *column)
{
    switch (column->type) {
    case TYPE_INT32: return "2147483648";
    case TYPE_BOOL: return "2";
    case TYPE_LABELS: return "'[]'";
    case TYPE_UUID: return "'01234567-89ab'";
    case TYPE_DATE: return "'2024-02-30'";
    case TYPE_JSON: return "'{'";
    case TYPE_ENUM:
        return column->storage == STORE_TEXT ? "'no such value'" : "123456789";
    case TYPE_TIMESTAMP:
        return builder->schema->options.timestamp == TIME_TEXT ? "'yesterday'" : NULL;
    default: return NULL;
    }
}

static const char *of_bad_values(struct builder *builder, const struct column *column,
                                 size_t number)
{
    const struct bad_value *bad;
    size_t count = sample_bad_values(builder->arena, builder->schema, column, &bad), i;

    for (i = 0; i < count; i++) {
        struct buf out;

        if (bad[i].value.kind == LITERAL_NULL || column->type == TYPE_ENUM ||
            bad[i].value.length > 2 * LINE || number-- > 0)
            continue;
        buf_init(&out);
        ddl_literal(&bad[i].value, &out);
        return copy_of(builder->arena, &out);
    }
    return NULL;
}

const char *sample_refused_sql(struct builder *builder, const struct column *column,
                               size_t number)
{
    const char *wrong = wrong_type(builder, column);

    if (!column->nullable && !column->loose_null && number-- == 0)
        return "NULL";
    if (wrong != NULL && number-- == 0)
        return wrong;
    return of_bad_values(builder, column, number);
}

const char *sample_mismatch_sql(struct builder *builder, const struct table *table,
                                const struct column *column)
{
    if (column->loose_null)
        return "NULL";
    switch (column->type) {
    case TYPE_TEXT: return "CAST(x'610062' AS TEXT)";
    case TYPE_INTEGER:
    case TYPE_REAL:
    case TYPE_BLOB:
        return table->strict || column->key_position > 0 ? NULL : "'nothing of the kind'";
    case TYPE_DATE:
    case TYPE_JSON: return NULL;
    case TYPE_TIMESTAMP:
        if (builder->schema->options.timestamp == TIME_UNIX)
            return "9223372036854775807";
        break;
    default: break;
    }
    return wrong_type(builder, column);
}
