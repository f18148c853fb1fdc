/*
 * check.c: the rules of columns, as a row's validate function calls them.
 *
 * Each check that holds costs a comparison or one look at the text. It knows the value,
 * its column's name and the place for the error; neither statements nor connections.
 */
#include "internal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How much of a text a message shows, in bytes. */
enum {
    SHOWN = 60,
    SHOWN_SIZE = SHOWN + 4
};

static void fail(quarry_checker *checker, int column, quarry_status status,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));

static void fail(quarry_checker *checker, int column, quarry_status status,
                 const char *format, ...)
{
    char rule[QUARRY_MESSAGE_SIZE];
    const char *table = checker->type->table;
    const char *name = checker->type->columns[column].name;
    va_list arguments;
    checker->status = status;
    if (checker->error == NULL)
        return;
    va_start(arguments, format);
    vsnprintf(rule, sizeof rule, format, arguments);
    va_end(arguments);
    quarry_error_set(checker->error, status, table, name, "%s.%s: %s", table, name, rule);
}

/* The text as a message shows it: cut at the end of a character where it is long. */
static const char *shown(const char *text, char buffer[SHOWN_SIZE])
{
    size_t size = strlen(text);
    if (size <= SHOWN)
        return text;
    size = SHOWN;
    while (size > 0 && ((unsigned char)text[size] & 0xC0) == 0x80)
        size--;
    memcpy(buffer, text, size);
    memcpy(buffer + size, "...", 4);
    return buffer;
}

/* A number so that it reads back as the same one, in as few digits as that takes. */
static const char *shown_double(double value, char buffer[SHOWN_SIZE])
{
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(buffer, SHOWN_SIZE, "%.*g", digits, value);
        if (strtod(buffer, NULL) >= value && strtod(buffer, NULL) <= value)
            break;
    }
    return buffer;
}

/* ---- text and blobs ------------------------------------------------------------ */

static void fail_length(quarry_checker *checker, int column, size_t length,
                        const char *unit, size_t min, size_t max)
{
    if (length < min)
        fail(checker, column, QUARRY_CHECK, "has %zu %s, at least %zu are needed", length,
             unit, min);
    else
        fail(checker, column, QUARRY_CHECK, "has %zu %s, at most %zu are allowed", length,
             unit, max);
}

/* NULL, or no valid UTF-8. */
APART static void refuse_text(quarry_checker *checker, int column, const char *text)
{
    if (checker->status != QUARRY_OK)
        return;
    if (text == NULL)
        fail(checker, column, QUARRY_NOT_NULL, "must not be NULL");
    else
        fail(checker, column, QUARRY_INVALID, "is not valid UTF-8");
}

void quarry_check_any_text(quarry_checker *checker, int column, const char *text,
                           int required)
{
    if (text == NULL ? required != QUARRY_NULLABLE : !quarry_utf8_valid(text))
        refuse_text(checker, column, text);
}

void quarry_check_text(quarry_checker *checker, int column, const char *text,
                       int required, size_t min, size_t max)
{
    size_t length;
    if (text == NULL || !quarry_utf8_length(text, &length)) {
        if (text != NULL || required)
            refuse_text(checker, column, text);
    } else if ((length < min || length > max) && checker->status == QUARRY_OK) {
        fail_length(checker, column, length, "characters", min, max);
    }
}

/*
 * NULL data is the empty blob in a column that needs one, and NULL in any other, which
 * every rule passes; generated code calls this for the latter only where data is set.
 */
void quarry_check_blob(quarry_checker *checker, int column, quarry_blob blob, size_t min,
                       size_t max)
{
    if (checker->status != QUARRY_OK)
        return;
    if (blob.data == NULL && blob.size > 0)
        fail(checker, column, QUARRY_INVALID, "has %zu bytes, but no data", blob.size);
    else if (blob.size < min || blob.size > max)
        fail_length(checker, column, blob.size, "bytes", min, max);
}

void quarry_check_pattern(quarry_checker *checker, int column, const char *text,
                          const char *glob)
{
    char buffer[SHOWN_SIZE];
    if (checker->status != QUARRY_OK || text == NULL || sqlite3_strglob(glob, text) == 0)
        return;
    fail(checker, column, QUARRY_CHECK, "'%s' does not match the pattern '%s'",
         shown(text, buffer), glob);
}

/* ---- numbers ------------------------------------------------------------------- */

APART static void refuse_int64(quarry_checker *checker, int column, int64_t value,
                               int64_t min, int64_t max)
{
    if (checker->status != QUARRY_OK)
        return;
    if (max == INT64_MAX)
        fail(checker, column, QUARRY_CHECK, "%" PRId64 " is less than %" PRId64, value,
             min);
    else if (min == INT64_MIN)
        fail(checker, column, QUARRY_CHECK, "%" PRId64 " is more than %" PRId64, value,
             max);
    else
        fail(checker, column, QUARRY_CHECK,
             "%" PRId64 " is not from %" PRId64 " to %" PRId64, value, min, max);
}

void quarry_check_int64(quarry_checker *checker, int column, int64_t value, int64_t min,
                        int64_t max)
{
    if (value < min || value > max)
        refuse_int64(checker, column, value, min, max);
}

APART static void refuse_double(quarry_checker *checker, int column, double value,
                                double min, double max)
{
    char shown_value[SHOWN_SIZE], low[SHOWN_SIZE], high[SHOWN_SIZE];
    if (checker->status != QUARRY_OK)
        return;
    if (value != value) {
        fail(checker, column, QUARRY_INVALID, "NaN is no number that can be stored");
        return;
    }
    shown_double(value, shown_value);
    shown_double(min, low);
    shown_double(max, high);
    if (value < min)
        fail(checker, column, QUARRY_CHECK, "%s is less than %s", shown_value, low);
    else
        fail(checker, column, QUARRY_CHECK, "%s is more than %s", shown_value, high);
}

/* NaN is neither. */
void quarry_check_double(quarry_checker *checker, int column, double value, double min,
                         double max)
{
    if (!(value >= min && value <= max))
        refuse_double(checker, column, value, min, max);
}

/* ---- one of a few -------------------------------------------------------------- */

/* A list for a message: appends while it fits, then dots. */
typedef struct list_text {
    char text[200];
    size_t length;
    bool full;
} list_text;

static void list_add(list_text *list, const char *item, const char *quote)
{
    const char *comma = list->length > 0 ? ", " : "";
    size_t needed = strlen(comma) + strlen(item) + 2 * strlen(quote);
    if (list->full)
        return;
    if (list->length + needed + sizeof ", ..." > sizeof list->text) {
        list->full = true;
        item = "...";
        quote = "";
    }
    int size = snprintf(list->text + list->length, sizeof list->text - list->length,
                        "%s%s%s%s", comma, quote, item, quote);
    list->length += (size_t)size;
}

void quarry_check_one_of(quarry_checker *checker, int column, const char *text,
                         const char *const *values, size_t count)
{
    char buffer[SHOWN_SIZE];
    list_text list = {.length = 0};
    if (checker->status != QUARRY_OK || text == NULL)
        return;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(text, values[i]) == 0)
            return;
    }
    for (size_t i = 0; i < count; i++)
        list_add(&list, values[i], "'");
    fail(checker, column, QUARRY_CHECK, "'%s' is not one of %s", shown(text, buffer),
         list.text);
}

void quarry_check_one_of_int64(quarry_checker *checker, int column, int64_t value,
                               const int64_t *values, size_t count)
{
    char item[SHOWN_SIZE];
    list_text list = {.length = 0};
    if (checker->status != QUARRY_OK)
        return;
    for (size_t i = 0; i < count; i++) {
        if (value == values[i])
            return;
    }
    for (size_t i = 0; i < count; i++) {
        snprintf(item, sizeof item, "%" PRId64, values[i]);
        list_add(&list, item, "");
    }
    fail(checker, column, QUARRY_CHECK, "%" PRId64 " is not one of %s", value, list.text);
}

void quarry_check_one_of_double(quarry_checker *checker, int column, double value,
                                const double *values, size_t count)
{
    char item[SHOWN_SIZE];
    list_text list = {.length = 0};
    if (checker->status != QUARRY_OK)
        return;
    for (size_t i = 0; i < count; i++) {
        if (value >= values[i] && value <= values[i])
            return;
    }
    if (value != value) {
        fail(checker, column, QUARRY_INVALID, "NaN is no number that can be stored");
        return;
    }
    for (size_t i = 0; i < count; i++)
        list_add(&list, shown_double(values[i], item), "");
    fail(checker, column, QUARRY_CHECK, "%s is not one of %s", shown_double(value, item),
         list.text);
}

void quarry_check_enum(quarry_checker *checker, int column, const char *name,
                       const char *enum_name)
{
    if (checker->status == QUARRY_OK && name == NULL)
        fail(checker, column, QUARRY_CHECK, "the value is no %s", enum_name);
}

/* ---- texts with a form --------------------------------------------------------- */

void quarry_check_json(quarry_checker *checker, int column, const char *text)
{
    char buffer[SHOWN_SIZE];
    size_t length;
    if (checker->status != QUARRY_OK || text == NULL || quarry_json_valid(text))
        return;
    if (!quarry_utf8_length(text, &length))
        fail(checker, column, QUARRY_INVALID, "is not valid UTF-8");
    else
        fail(checker, column, QUARRY_CHECK, "'%s' is not valid JSON",
             shown(text, buffer));
}

void quarry_check_date(quarry_checker *checker, int column, const char *text)
{
    char buffer[SHOWN_SIZE];
    size_t length;
    if (checker->status != QUARRY_OK || text == NULL || quarry_date_valid(text))
        return;
    if (!quarry_utf8_length(text, &length))
        fail(checker, column, QUARRY_INVALID, "is not valid UTF-8");
    else
        fail(checker, column, QUARRY_CHECK, "'%s' is no day as YYYY-MM-DD",
             shown(text, buffer));
}

void quarry_check_uuid(quarry_checker *checker, int column, const quarry_uuid *uuid)
{
    quarry_uuid parsed;
    char text[sizeof uuid->text + 1];
    size_t length;
    if (checker->status != QUARRY_OK || uuid == NULL)
        return;
    memcpy(text, uuid->text, sizeof uuid->text);
    text[sizeof uuid->text] = '\0'; /* what is no UUID may lack its NUL */
    if (text[0] == '\0')
        fail(checker, column, QUARRY_NOT_NULL, "the UUID is not set");
    else if (!quarry_utf8_length(text, &length))
        fail(checker, column, QUARRY_INVALID, "is not valid UTF-8");
    else if (!quarry_uuid_parse(text, &parsed))
        fail(checker, column, QUARRY_CHECK, "'%s' is no UUID", text);
    else if (memcmp(parsed.text, text, sizeof parsed.text) != 0)
        fail(checker, column, QUARRY_CHECK, "'%s' is no UUID in lower case", text);
}

void quarry_check_time_text(quarry_checker *checker, int column, quarry_timestamp time)
{
    char text[QUARRY_TIMESTAMP_SIZE];
    if (checker->status == QUARRY_OK && !quarry_timestamp_format(time, text))
        fail(checker, column, QUARRY_CHECK,
             "%" PRId64 " is not in the years 0000 to 9999", time);
}

/* ---- labels -------------------------------------------------------------------- */

static bool check_label(quarry_checker *checker, int column, const quarry_label *label)
{
    char buffer[SHOWN_SIZE];
    size_t length;
    if (label->key == NULL)
        fail(checker, column, QUARRY_NOT_NULL, "a key must not be NULL");
    else if (!quarry_utf8_length(label->key, &length))
        fail(checker, column, QUARRY_INVALID, "a key is not valid UTF-8");
    else if (label->value == NULL)
        fail(checker, column, QUARRY_NOT_NULL, "the value of '%s' must not be NULL",
             shown(label->key, buffer));
    else if (!quarry_utf8_length(label->value, &length))
        fail(checker, column, QUARRY_INVALID, "the value of '%s' is not valid UTF-8",
             shown(label->key, buffer));
    return checker->status == QUARRY_OK;
}

static int compare_keys(const void *a, const void *b)
{
    const char *const *left = a, *const *right = b;
    return strcmp(*left, *right);
}

/* Looks for a key that is there twice, once it is known that they are not in order. */
static void check_keys(quarry_checker *checker, int column, quarry_labels labels)
{
    char buffer[SHOWN_SIZE];
    const char **keys = quarry_allocate(labels.count * sizeof *keys);
    if (keys == NULL) {
        fail(checker, column, QUARRY_NO_MEMORY, "out of memory");
        return;
    }
    for (size_t i = 0; i < labels.count; i++)
        keys[i] = labels.items[i].key;
    qsort(keys, labels.count, sizeof *keys, compare_keys);
    for (size_t i = 1; i < labels.count && checker->status == QUARRY_OK; i++) {
        if (strcmp(keys[i - 1], keys[i]) == 0)
            fail(checker, column, QUARRY_CHECK, "the key '%s' is there twice",
                 shown(keys[i], buffer));
    }
    quarry_release(keys);
}

void quarry_check_labels(quarry_checker *checker, int column, quarry_labels labels)
{
    bool sorted = true;
    if (checker->status != QUARRY_OK)
        return;
    if (labels.items == NULL && labels.count > 0) {
        fail(checker, column, QUARRY_INVALID, "has %zu labels, but no items",
             labels.count);
        return;
    }
    for (size_t i = 0; i < labels.count; i++) {
        if (!check_label(checker, column, &labels.items[i]))
            return;
        if (i > 0 && strcmp(labels.items[i - 1].key, labels.items[i].key) >= 0)
            sorted = false;
    }
    if (!sorted)
        check_keys(checker, column, labels);
}
