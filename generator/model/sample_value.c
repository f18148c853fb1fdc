/*
 * sample_value.c: see sample_value.h. One function per type; the range of a number is
 * walked from its least, its greatest, or an ordinary value on.
 */
#include "sample_value.h"

#include "../base/buf.h"
#include "calendar.h"
#include "glob.h"
#include "json.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum {
    LONGEST = 200,
    LIMIT = 100000
};

struct request {
    struct arena *arena;
    const struct schema *schema;
    const struct column *column;
    enum sample_style style;
    size_t variant;
};

static struct literal integer(int64_t value)
{
    return (struct literal){.kind = LITERAL_INTEGER, .integer = value};
}

static struct literal text(const struct request *request, const char *value)
{
    return (struct literal){.kind = LITERAL_TEXT,
                            .text = arena_strdup(request->arena, value),
                            .length = strlen(value)};
}

/* ---- numbers -------------------------------------------------------------------- */

/* The value `steps` after `from`, starting again at `low` after `high`. */
static int64_t walk(int64_t low, int64_t high, int64_t from, uint64_t steps)
{
    uint64_t span = (uint64_t)high - (uint64_t)low;
    uint64_t at = (uint64_t)from - (uint64_t)low;

    if (span != UINT64_MAX)
        at = (at + steps % (span + 1)) % (span + 1);
    else
        at += steps;
    return (int64_t)((uint64_t)low + at);
}

static int64_t clamp(int64_t value, int64_t low, int64_t high)
{
    return value < low ? low : value > high ? high : value;
}

static int64_t between(const struct request *request, int64_t low, int64_t high,
                       int64_t ordinary)
{
    uint64_t variant = request->variant;

    if (low > high)
        return low;
    switch (request->style) {
    case SAMPLE_LEAST: return walk(low, high, low, variant);
    case SAMPLE_GREATEST: {
        uint64_t span = (uint64_t)high - (uint64_t)low;

        return (int64_t)((uint64_t)high -
                         (span == UINT64_MAX ? variant : variant % (span + 1)));
    }
    case SAMPLE_ORDINARY: break;
    }
    return walk(low, high, clamp(ordinary, low, high), variant);
}

static struct literal integer_value(const struct request *request)
{
    const struct column *column = request->column;
    bool narrow = column->type == TYPE_INT32;
    int64_t low = column->has_min ? column->min.integer : narrow ? INT32_MIN : INT64_MIN;
    int64_t high = column->has_max ? column->max.integer : narrow ? INT32_MAX : INT64_MAX;

    return integer(between(request, low, high, 1 + (int64_t)column->index));
}

static double bound(const struct literal *literal)
{
    return literal->kind == LITERAL_REAL ? literal->real : (double)literal->integer;
}

static struct literal real_value(const struct request *request)
{
    const struct column *column = request->column;
    double low = column->has_min ? bound(&column->min) : -DBL_MAX;
    double high = column->has_max ? bound(&column->max) : DBL_MAX;
    double variant = (double)request->variant;
    double value = 1.5 + (double)column->index + variant;

    if (request->style == SAMPLE_LEAST)
        value = low / (column->has_min ? 1 : variant + 1) +
                (column->has_min ? (fmin(high, low + 1000) - low) * variant / 64 : 0);
    else if (request->style == SAMPLE_GREATEST)
        value = high / (column->has_max ? 1 : variant + 1) -
                (column->has_max ? (high - fmax(low, high - 1000)) * variant / 64 : 0);
    else if (value < low || value > high)
        value = column->has_min
                    ? low + (fmin(high, low + 1000) - low) * (variant + 1) / 64
                    : high - (variant + 1);
    return (struct literal){.kind = LITERAL_REAL, .real = value};
}

/* ---- texts ---------------------------------------------------------------------- */

static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz0123456789";

static char letter(size_t variant)
{
    return alphabet[variant % (sizeof alphabet - 1)];
}

struct limits {
    size_t min, max;
};

static struct limits limits_of(const struct column *column)
{
    struct limits limits = {0, LONGEST};

    if (column->has_min_length)
        limits.min = column->min_length < LIMIT ? column->min_length : LIMIT;
    if (column->has_max_length && column->max_length < LONGEST)
        limits.max = column->max_length;
    if (limits.max < limits.min)
        limits.max = limits.min;
    return limits;
}

static void least_text(struct limits limits, size_t variant, struct buf *out)
{
    buf_repeat(out, 'a', limits.min);
    if (variant == 0)
        return;
    if (limits.min < limits.max)
        buf_addc(out, letter(variant));
    else if (limits.min > 0)
        out->data[out->length - 1] = letter(variant);
}

static void greatest_text(struct limits limits, size_t variant, struct buf *out)
{
    static const char *const characters[] = {"é",  "日", "𝄞", "Z", "'",
                                             "\"", "\\", "%", " ", "ß"};
    size_t count = sizeof characters / sizeof characters[0];

    for (size_t i = 0; i < limits.max; i++) {
        if (i == 0 && variant > 0)
            buf_addc(out, letter(variant));
        else
            buf_adds(out, characters[i % count]);
    }
}

static void ordinary_text(const struct column *column, struct limits limits,
                          size_t variant, struct buf *out)
{
    buf_addf(out, "%s %zu", column->name, variant + 1);
    for (size_t i = 0; i < out->length; i++)
        if (out->data[i] == '_')
            out->data[i] = ' ';
    if (out->length > limits.max) {
        buf_clear(out);
        buf_addf(out, "%zu", variant + 1);
    }
    if (out->length > limits.max) {
        buf_clear(out);
        for (size_t i = 0; i < limits.max; i++)
            buf_addc(out, letter(variant));
    }
    if (out->length < limits.min)
        buf_repeat(out, 'x', limits.min - out->length);
}

static struct literal text_value(const struct request *request)
{
    const struct column *column = request->column;
    struct limits limits = limits_of(column);
    struct literal value;
    struct buf out;
    size_t wanted = request->style == SAMPLE_LEAST      ? limits.min
                    : request->style == SAMPLE_GREATEST ? limits.max
                                                        : limits.min + 1;

    buf_init(&out);
    if (wanted > limits.max)
        wanted = limits.max;
    if (request->style != SAMPLE_GREATEST && request->variant > 0 && wanted < 4)
        wanted = limits.max < 4 ? limits.max : 4;
    if (column->pattern == NULL ||
        !glob_sample(column->pattern, wanted, request->variant, &out)) {
        if (request->style == SAMPLE_LEAST)
            least_text(limits, request->variant, &out);
        else if (request->style == SAMPLE_GREATEST)
            greatest_text(limits, request->variant, &out);
        else
            ordinary_text(column, limits, request->variant, &out);
    }
    value = text(request, out.data);
    buf_release(&out);
    return value;
}

static struct literal blob_value(const struct request *request)
{
    struct limits limits = limits_of(request->column);
    size_t length = request->style == SAMPLE_LEAST      ? limits.min
                    : request->style == SAMPLE_GREATEST ? limits.max
                                                        : limits.min + 4;
    char *bytes;

    if (request->style == SAMPLE_LEAST && request->variant > 0)
        length++;
    if (length > limits.max)
        length = limits.max;
    bytes = arena_alloc(request->arena, length + 1);
    for (size_t i = 0; i < length; i++)
        bytes[i] = (char)(request->style == SAMPLE_LEAST ? 0 : 255 - i % 256);
    if (length > 0 && request->variant > 0)
        bytes[length - 1] = (char)request->variant;
    return (struct literal){.kind = LITERAL_BLOB, .text = bytes, .length = length};
}

/* ---- types that are text -------------------------------------------------------- */

enum {
    MS_A_DAY = 86400000
};
static const int64_t first_moment =
    INT64_C(-62167219200000); /* 0000-01-01T00:00:00.000Z */
static const int64_t last_moment =
    INT64_C(253402300799999); /* 9999-12-31T23:59:59.999Z */
static const int64_t ordinary_moment =
    INT64_C(1709200800000); /* 2024-02-29T10:00:00.000Z */

static struct literal date_value(const struct request *request)
{
    int64_t ordinary = ordinary_moment / MS_A_DAY + (int64_t)request->column->index;
    int64_t day =
        between(request, first_moment / MS_A_DAY, last_moment / MS_A_DAY, ordinary);
    char moment[CALENDAR_SIZE];

    calendar_format(day * MS_A_DAY, moment);
    moment[strlen("YYYY-MM-DD")] = '\0';
    return text(request, moment);
}

static struct literal time_value(const struct request *request)
{
    int64_t unit = request->schema->options.timestamp == TIME_UNIX ? 1000 : 1;
    int64_t ordinary = ordinary_moment + (int64_t)request->column->index * 1000;
    int64_t time =
        between(request, first_moment / unit, last_moment / unit, ordinary / unit);
    char moment[CALENDAR_SIZE];

    if (request->column->storage != STORE_TEXT)
        return integer(time);
    calendar_format(time, moment);
    return text(request, moment);
}

static struct literal uuid_value(const struct request *request)
{
    unsigned long long variant = request->variant;
    static const char *const formats[] = {"00000000-0000-0000-0000-%012llx",
                                          "ffffffff-ffff-ffff-ffff-%012llx",
                                          "01234567-89ab-4cde-8f01-%012llx"};

    if (request->style == SAMPLE_GREATEST)
        variant = 0xffffffffffffULL - variant;
    else if (request->style == SAMPLE_ORDINARY)
        variant += 0x23456789ab01ULL;
    switch (request->style) {
    case SAMPLE_LEAST:
        return text(request, arena_printf(request->arena, formats[0], variant));
    case SAMPLE_GREATEST:
        return text(request, arena_printf(request->arena, formats[1], variant));
    case SAMPLE_ORDINARY: break;
    }
    return text(request, arena_printf(request->arena, formats[2], variant));
}

static struct literal json_value(const struct request *request)
{
    size_t variant = request->variant;

    if (request->style == SAMPLE_LEAST && variant == 0)
        return text(request, "null");
    if (request->style == SAMPLE_GREATEST)
        return text(request, arena_printf(request->arena,
                                          "{\"list\":[1,2.5,\"é\",null,true],\"n\":%zu}",
                                          variant));
    return text(request, arena_printf(request->arena, "{\"n\":%zu}", variant + 1));
}

static struct literal labels_of(const struct request *request,
                                const struct label_literal *labels, size_t count)
{
    struct literal literal;
    struct buf out;

    buf_init(&out);
    buf_addc(&out, '{');
    for (size_t i = 0; i < count; i++) {
        buf_adds(&out, i > 0 ? "," : "");
        json_string(&out, labels[i].key);
        buf_addc(&out, ':');
        json_string(&out, labels[i].value);
    }
    buf_addc(&out, '}');
    literal = text(request, out.data);
    buf_release(&out);
    literal.labels = labels;
    literal.label_count = count;
    return literal;
}

/* Keys are sorted by bytes. */
static struct literal labels_value(const struct request *request)
{
    enum {
        MOST = 3
    };
    struct label_literal *labels =
        ARENA_ARRAY(request->arena, struct label_literal, MOST);
    const char *number = arena_printf(request->arena, "%zu", request->variant + 1);

    if (request->style == SAMPLE_LEAST && request->variant == 0)
        return labels_of(request, labels, 0);
    labels[0] =
        (struct label_literal){"env", arena_printf(request->arena, "test %s", number)};
    if (request->style != SAMPLE_GREATEST)
        return labels_of(request, labels, 1);
    labels[0] = (struct label_literal){"a", number};
    labels[1] = (struct label_literal){"b", ""};
    labels[2] = (struct label_literal){"é", "日 \"𝄞\\"};
    return labels_of(request, labels, MOST);
}

/* ---- values of a list ----------------------------------------------------------- */

static size_t pick(const struct request *request, size_t count)
{
    if (request->style == SAMPLE_LEAST)
        return request->variant % count;
    if (request->style == SAMPLE_GREATEST)
        return count - 1 - request->variant % count;
    return (count > 1 ? 1 + request->variant : 0) % count;
}

static struct literal enum_value(const struct request *request)
{
    const struct enumeration *enumeration = request->column->enumeration;
    const struct enumerator *value =
        &enumeration->values.items[pick(request, enumeration->values.count)];
    struct literal literal = enumeration->storage == STORE_TEXT
                                 ? text(request, value->text)
                                 : integer(value->value);

    literal.enumerator = value;
    return literal;
}

static bool one_of_value(const struct request *request, struct literal *value)
{
    const struct column *column = request->column;
    size_t count = 0, wanted;

    for (size_t i = 0; i < column->one_of.count; i++)
        count += sample_satisfies(column, &column->one_of.items[i]);
    if (count == 0)
        return false;
    wanted = pick(request, count);
    for (size_t i = 0;; i++) {
        if (!sample_satisfies(column, &column->one_of.items[i]))
            continue;
        if (wanted-- == 0) {
            *value = column->one_of.items[i];
            return true;
        }
    }
}

struct literal sample_value(struct arena *arena, const struct schema *schema,
                            const struct column *column, enum sample_style style,
                            size_t variant)
{
    struct request request = {arena, schema, column, style, variant};
    struct literal value;

    if (one_of_value(&request, &value))
        return value;
    switch (column->type) {
    case TYPE_INTEGER:
    case TYPE_INT32: return integer_value(&request);
    case TYPE_BOOL: return integer(pick(&request, 2) == 1);
    case TYPE_REAL: return real_value(&request);
    case TYPE_BLOB: return blob_value(&request);
    case TYPE_TIMESTAMP: return time_value(&request);
    case TYPE_DATE: return date_value(&request);
    case TYPE_UUID: return uuid_value(&request);
    case TYPE_JSON: return json_value(&request);
    case TYPE_LABELS: return labels_value(&request);
    case TYPE_ENUM: return enum_value(&request);
    case TYPE_TEXT:
    case TYPE_KINDS: break;
    }
    return text_value(&request);
}

/* ---- judging -------------------------------------------------------------------- */

static bool in_range(const struct column *column, const struct literal *value)
{
    if (value->kind == LITERAL_INTEGER && column->type != TYPE_REAL)
        return (!column->has_min || value->integer >= column->min.integer) &&
               (!column->has_max || value->integer <= column->max.integer);
    return (!column->has_min || bound(value) >= bound(&column->min)) &&
           (!column->has_max || bound(value) <= bound(&column->max));
}

bool sample_satisfies(const struct column *column, const struct literal *value)
{
    size_t length = value->length;

    if (value->kind == LITERAL_NULL)
        return column->nullable;
    if (value->kind == LITERAL_INTEGER || value->kind == LITERAL_REAL)
        return in_range(column, value);
    if (value->kind == LITERAL_TEXT)
        length = glob_length(value->text);
    return (!column->has_min_length || length >= column->min_length) &&
           (!column->has_max_length || length <= column->max_length) &&
           (column->pattern == NULL || glob_match(column->pattern, value->text));
}

static char folded(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool equal_text(const char *collation, const struct literal *a,
                       const struct literal *b)
{
    bool nocase = collation != NULL && strcmp(collation, "NOCASE") == 0;
    bool rtrim = collation != NULL && strcmp(collation, "RTRIM") == 0;
    size_t length = a->length, other = b->length;

    while (rtrim && length > 0 && a->text[length - 1] == ' ')
        length--;
    while (rtrim && other > 0 && b->text[other - 1] == ' ')
        other--;
    if (length != other)
        return false;
    for (size_t i = 0; i < length; i++)
        if (nocase ? folded(a->text[i]) != folded(b->text[i]) : a->text[i] != b->text[i])
            return false;
    return true;
}

bool sample_equal(const struct column *column, const struct literal *a,
                  const struct literal *b)
{
    if (a->kind == LITERAL_NULL || b->kind == LITERAL_NULL)
        return false;
    if (a->kind == LITERAL_INTEGER && b->kind == LITERAL_INTEGER)
        return a->integer == b->integer;
    if (a->kind == LITERAL_INTEGER || a->kind == LITERAL_REAL)
        return b->kind != LITERAL_TEXT && b->kind != LITERAL_BLOB && bound(a) == bound(b);
    return a->kind == b->kind && equal_text(column->collation, a, b);
}
