/*
 * literal.c: see literal.h. One reader per type; each says in its own words what it
 * needs.
 */
#include "literal.h"

#include "../base/names.h"
#include "calendar.h"
#include "json.h"
#include "habit.h"

#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum {
    SHOWN_LENGTH = 40
};

/* One value on its way from a node to a literal. */
struct reading {
    const struct literal_reader *reader;
    const struct column *column;
    const struct node *node;
    struct literal *literal;
};

static bool refuse(const struct reading *r, const char *wanted)
{
    const struct node *node = r->node;
    struct diags *diags = r->reader->diags;
    const char *hint =
        node->kind == NODE_SCALAR ? habit_value(r->column->type, node->text) : NULL;
    struct diag *diag;

    if (node->kind == NODE_SCALAR && node->length <= SHOWN_LENGTH)
        diag = diag_error(diags, 140, node->span, "`%s` needs %s, not %s`%s`",
                          r->column->name, wanted, node->quoted ? "the text " : "",
                          node->text);
    else
        diag = diag_error(diags, 140, node->span, "`%s` needs %s, not %s",
                          r->column->name, wanted,
                          node->kind == NODE_SCALAR ? "this text" : node_kind_name(node));
    if (hint != NULL)
        diag_hint(diag, "%s", hint);
    return false;
}

static bool set_text(const struct reading *r, const char *text)
{
    r->literal->kind = LITERAL_TEXT;
    r->literal->text = text;
    r->literal->length = strlen(text);
    return true;
}

static bool set_integer(const struct reading *r, int64_t integer)
{
    r->literal->kind = LITERAL_INTEGER;
    r->literal->integer = integer;
    return true;
}

/* Digits with a sign: so a number, if one that is too large. */
static bool looks_like_integer(const struct node *node)
{
    const char *text = node->text;

    text += *text == '-' || *text == '+';
    if (text[0] == '0' && text[1] == 'x')
        return text[2] != '\0' &&
               text[2 + strspn(text + 2, "0123456789abcdefABCDEF")] == '\0';
    return *text != '\0' && text[strspn(text, "0123456789")] == '\0';
}

static bool out_of_range(const struct reading *r, int64_t min, int64_t max)
{
    diag_hint(diag_error(r->reader->diags, 141, r->node->span,
                         "too large or small for `%s`", r->column->name),
              "from %lld to %lld", (long long)min, (long long)max);
    return false;
}

static bool read_integer(const struct reading *r, int64_t min, int64_t max)
{
    long long number;

    if (r->node->kind != NODE_SCALAR || r->node->quoted)
        return refuse(r, "a whole number");
    if (!node_int64(r->node, &number))
        return looks_like_integer(r->node) ? out_of_range(r, min, max)
                                           : refuse(r, "a whole number");
    if (number < min || number > max)
        return out_of_range(r, min, max);
    return set_integer(r, number);
}

static bool read_real(const struct reading *r)
{
    double real;

    if (r->node->kind != NODE_SCALAR || r->node->quoted)
        return refuse(r, "a number");
    if (!node_double(r->node, &real) || !isfinite(real)) {
        if (strspn(r->node->text, "-0123456789") == 0 || !json_valid(r->node->text))
            return refuse(r, "a number");
        diag_error(r->reader->diags, 141, r->node->span, "too large or small for `%s`",
                   r->column->name);
        return false;
    }
    r->literal->kind = LITERAL_REAL;
    r->literal->real = real + 0.0; /* no negative zero: SQLite doesn't keep it */
    return true;
}

static bool read_bool(const struct reading *r)
{
    bool flag;

    if (r->node->kind != NODE_SCALAR || !node_bool(r->node, &flag))
        return refuse(r, "true or false");
    return set_integer(r, flag);
}

static bool read_text(const struct reading *r)
{
    return r->node->kind == NODE_SCALAR ? set_text(r, r->node->text) : refuse(r, "text");
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *found = c == '\0' ? NULL : strchr(digits, c);

    return found == NULL ? -1 : (int)((found - digits) % 16);
}

static bool read_blob(const struct reading *r)
{
    static const char wanted[] = "bytes in hex, as x'00ff'";
    const struct node *node = r->node;
    size_t i, count;
    char *bytes;

    if (node->kind != NODE_SCALAR || node->length < 3 || node->length % 2 == 0 ||
        strchr("xX", node->text[0]) == NULL || node->text[1] != '\'' ||
        node->text[node->length - 1] != '\'')
        return refuse(r, wanted);
    count = (node->length - 3) / 2;
    bytes = arena_alloc(r->reader->arena, count + 1);
    for (i = 0; i < count; i++) {
        int high = hex_digit(node->text[2 + 2 * i]),
            low = hex_digit(node->text[3 + 2 * i]);

        if (high < 0 || low < 0)
            return refuse(r, wanted);
        bytes[i] = (char)(high << 4 | low);
    }
    r->literal->kind = LITERAL_BLOB;
    r->literal->text = bytes;
    r->literal->length = count;
    return true;
}

static bool read_moment_number(const struct reading *r)
{
    /* In C a moment is in milliseconds, and the least int64_t is QUARRY_NOW. */
    if (r->reader->options->timestamp == TIME_UNIX)
        return read_integer(r, -(INT64_MAX / 1000), INT64_MAX / 1000);
    return read_integer(r, -INT64_MAX, INT64_MAX);
}

static bool set_moment(const struct reading *r, int64_t milliseconds)
{
    char text[CALENDAR_SIZE];

    switch (r->reader->options->timestamp) {
    case TIME_UNIX_MS: break;
    case TIME_UNIX:
        if (milliseconds % 1000 != 0)
            return refuse(r, "a whole second (the schema stores seconds)");
        return set_integer(r, milliseconds / 1000);
    case TIME_TEXT:
        calendar_format(milliseconds, text);
        return set_text(r, arena_strdup(r->reader->arena, text));
    }
    return set_integer(r, milliseconds);
}

static bool read_moment(const struct reading *r)
{
    int64_t milliseconds;

    if (r->node->kind == NODE_SCALAR && calendar_moment(r->node->text, &milliseconds))
        return set_moment(r, milliseconds);
    if (r->node->kind == NODE_SCALAR && !r->node->quoted && looks_like_integer(r->node) &&
        r->reader->options->timestamp != TIME_TEXT)
        return read_moment_number(r);
    return refuse(r, "a moment as 2024-01-15T10:00:00Z");
}

static bool read_date(const struct reading *r)
{
    if (r->node->kind != NODE_SCALAR || !calendar_date(r->node->text))
        return refuse(r, "a date as 2024-01-15");
    return set_text(r, r->node->text);
}

static bool read_uuid(const struct reading *r)
{
    const char *form = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    char *text;
    size_t i;

    if (r->node->kind != NODE_SCALAR || r->node->length != strlen(form))
        return refuse(r, "a UUID of 36 characters");
    text = arena_strdup(r->reader->arena, r->node->text);
    for (i = 0; form[i] != '\0'; i++) {
        if (form[i] == '-' ? text[i] != '-' : hex_digit(text[i]) < 0)
            return refuse(r, "a UUID of 36 characters");
        if (text[i] >= 'A' && text[i] <= 'F')
            text[i] = (char)(text[i] - 'A' + 'a');
    }
    return set_text(r, text);
}

static bool keep(const struct reading *r, struct buf *json)
{
    set_text(r, arena_strndup(r->reader->arena, json->data, json->length));
    buf_release(json);
    return true;
}

static bool read_json(const struct reading *r)
{
    const struct node *culprit = NULL;
    struct buf json;

    if (r->node->kind == NODE_SCALAR) {
        if (json_valid(r->node->text))
            return set_text(r, r->node->text);
        diag_hint(diag_error(r->reader->diags, 140, r->node->span,
                             "`%s` needs JSON, which this text isn't", r->column->name),
                  "a JSON string has double quotes of its own: '\"…\"'");
        return false;
    }
    buf_init(&json);
    if (json_node(&json, r->node, &culprit))
        return keep(r, &json);
    buf_release(&json);
    diag_error(r->reader->diags, 140, culprit->span,
               "JSON has no infinite number and no NaN");
    return false;
}

static int compare_entries(const void *a, const void *b)
{
    const struct entry *const *x = a, *const *y = b;

    return strcmp((*x)->key->text, (*y)->key->text);
}

static bool labels_are_texts(const struct reading *r)
{
    size_t i;

    for (i = 0; i < r->node->count; i++) {
        const struct node *value = r->node->entries[i].value;

        if (value->kind == NODE_SCALAR)
            continue;
        diag_error(r->reader->diags, 140, value->span, "a label needs text, not %s",
                   node_kind_name(value));
        return false;
    }
    return true;
}

static void set_labels(const struct reading *r, const struct entry **sorted, size_t count)
{
    struct label_literal *labels =
        ARENA_ARRAY(r->reader->arena, struct label_literal, count);
    size_t i;

    for (i = 0; i < count; i++)
        labels[i] = (struct label_literal){sorted[i]->key->text, sorted[i]->value->text};
    r->literal->labels = labels;
    r->literal->label_count = count;
}

/* A JSON object, its keys sorted: as the runtime writes labels. */
static bool read_labels(const struct reading *r)
{
    const struct node *node = r->node;
    const struct entry **sorted;
    struct buf json;
    size_t i;

    if (node->kind != NODE_MAP)
        return refuse(r, "a map from texts to texts, as {a: b}");
    if (!labels_are_texts(r))
        return false;
    sorted = ARENA_ARRAY(r->reader->arena, const struct entry *, node->count);
    for (i = 0; i < node->count; i++)
        sorted[i] = &node->entries[i];
    if (node->count > 1)
        qsort(sorted, node->count, sizeof *sorted, compare_entries);
    buf_init(&json);
    for (i = 0; i < node->count; i++) {
        buf_addc(&json, i == 0 ? '{' : ',');
        json_string(&json, sorted[i]->key->text);
        buf_addc(&json, ':');
        json_string(&json, sorted[i]->value->text);
    }
    buf_adds(&json, node->count == 0 ? "{}" : "}");
    keep(r, &json);
    set_labels(r, sorted, node->count);
    return true;
}

static bool unknown_enumerator(const struct reading *r)
{
    const struct enumeration *enumeration = r->column->enumeration;
    struct suggestion suggestion;
    struct diag *diag;
    size_t i;

    if (r->node->kind != NODE_SCALAR)
        return refuse(r, "a value of its enum");
    diag =
        diag_error(r->reader->diags, 143, r->node->span,
                   "`%s` is no value of the enum `%s`", r->node->text, enumeration->name);
    suggest_init(&suggestion, r->node->text);
    for (i = 0; i < enumeration->values.count && !diags_full(r->reader->diags); i++)
        suggest_try(&suggestion, enumeration->values.items[i].text);
    for (i = 0; i < enumeration->values.count && !diags_full(r->reader->diags); i++)
        if (strcmp(enumeration->values.items[i].name, r->node->text) == 0)
            suggestion.best = enumeration->values.items[i].text;
    if (suggestion.best != NULL)
        diag_hint(diag, "did you mean `%s`?", suggestion.best);
    diag_note(diag, enumeration->span, "the enum is defined here");
    return false;
}

static bool read_enumerator(const struct reading *r)
{
    const struct enumeration *enumeration = r->column->enumeration;
    const struct enumerator *enumerator = NULL;

    if (r->node->kind == NODE_SCALAR)
        enumerator = map_get(&enumeration->by_text, r->node->text);
    if (enumerator == NULL)
        return unknown_enumerator(r);
    r->literal->enumerator = enumerator;
    return enumeration->storage == STORE_TEXT ? set_text(r, enumerator->text)
                                              : set_integer(r, enumerator->value);
}

static bool is_word(const struct node *node, const char *word)
{
    return node->kind == NODE_SCALAR && !node->quoted && strcmp(node->text, word) == 0;
}

static bool read_null(const struct reading *r, enum literal_use use)
{
    r->literal->kind = LITERAL_NULL;
    if (use != LITERAL_OF_RULE && r->column->nullable)
        return true;
    diag_hint(diag_error(r->reader->diags, 144, r->node->span, "`%s` can't be null here",
                         r->column->name),
              use == LITERAL_OF_RULE ? "give a value"
                                     : "a `?` behind its type makes it nullable");
    return false;
}

static bool refuse_now(const struct reading *r, const char *word, const char *type)
{
    diag_error(r->reader->diags, 145, r->node->span,
               "`%s` is the default of a %s only, and `%s` is none", word, type,
               r->column->name);
    return false;
}

static bool read_value(const struct reading *r)
{
    switch (r->column->type) {
    case TYPE_INTEGER: return read_integer(r, INT64_MIN, INT64_MAX);
    case TYPE_INT32: return read_integer(r, INT32_MIN, INT32_MAX);
    case TYPE_BOOL: return read_bool(r);
    case TYPE_REAL: return read_real(r);
    case TYPE_TEXT: return read_text(r);
    case TYPE_BLOB: return read_blob(r);
    case TYPE_TIMESTAMP: return read_moment(r);
    case TYPE_DATE: return read_date(r);
    case TYPE_JSON: return read_json(r);
    case TYPE_LABELS: return read_labels(r);
    case TYPE_UUID: return read_uuid(r);
    case TYPE_ENUM: return read_enumerator(r);
    case TYPE_KINDS: break;
    }
    return false;
}

bool literal_read(const struct literal_reader *reader, const struct column *column,
                  const struct node *node, enum literal_use use, struct literal *literal)
{
    const struct reading r = {reader, column, node, literal};
    bool is_default = use == LITERAL_OF_DEFAULT;

    *literal = (struct literal){.span = node->span};
    if (node->kind == NODE_NULL)
        return read_null(&r, use);
    if (column->type == TYPE_TIMESTAMP && is_default && is_word(node, "now")) {
        literal->kind = LITERAL_NOW;
        return true;
    }
    if (column->type == TYPE_UUID && is_default && is_word(node, "random")) {
        literal->kind = LITERAL_RANDOM;
        return true;
    }
    /* A text may well be "now"; anything else that says so means the clock. */
    if (is_default && column->type != TYPE_TEXT && column->type != TYPE_ENUM) {
        if (is_word(node, "now"))
            return refuse_now(&r, "now", "timestamp");
        if (is_word(node, "random"))
            return refuse_now(&r, "random", "uuid");
    }
    return read_value(&r);
}

bool literal_equal(const struct literal *a, const struct literal *b)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case LITERAL_INTEGER: return a->integer == b->integer;
    case LITERAL_REAL: return a->real >= b->real && a->real <= b->real;
    case LITERAL_TEXT:
    case LITERAL_BLOB:
        return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
    case LITERAL_NULL:
    case LITERAL_NOW:
    case LITERAL_RANDOM: break;
    }
    return true;
}

int literal_compare(const struct literal *a, const struct literal *b)
{
    if (a->kind == LITERAL_REAL)
        return (a->real > b->real) - (a->real < b->real);
    return (a->integer > b->integer) - (a->integer < b->integer);
}
