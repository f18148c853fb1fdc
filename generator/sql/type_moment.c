/*
 * type_moment.c: whether date('now', '+1 day') is sure to be a moment: constants that SQLite
 * documents, and nothing that could run out of its range of years.
 */
#include "infer_internal.h"

#include <string.h>

/* d: a digit; everything else is itself. */
static bool has_shape(const char *text, const char *shape)
{
    for (; *shape != '\0'; shape++, text++)
        if (*shape == 'd' ? *text < '0' || *text > '9' : *text != *shape)
            return false;
    return *text == '\0';
}

static int number(const char *text)
{
    return (text[0] - '0') * 10 + text[1] - '0';
}

static bool time_is_valid(const char *text)
{
    if (!has_shape(text, "dd:dd") && !has_shape(text, "dd:dd:dd"))
        return false;
    return number(text) < 24 && number(text + 3) < 60 &&
           (text[5] == '\0' || number(text + 6) < 60);
}

/* Days up to 28 exist in every month; SQLite takes up to 31 in all. */
static bool date_is_valid(const char *text)
{
    char day[11] = {0};

    if (strlen(text) < 10)
        return false;
    memcpy(day, text, 10);
    if (!has_shape(day, "dddd-dd-dd") || number(day + 5) < 1 || number(day + 5) > 12 ||
        number(day + 8) < 1 || number(day + 8) > 31)
        return false;
    if (text[10] == '\0')
        return true;
    return (text[10] == ' ' || text[10] == 'T') && time_is_valid(text + 11);
}

static bool moment(const struct expr *expr)
{
    if (expr->kind == EXPR_NOW)
        return true;
    return expr->kind == EXPR_STRING &&
           (name_same(expr->text, "now") || date_is_valid(expr->text) ||
            time_is_valid(expr->text));
}

/* +N days and so on, with at most three digits. */
static bool is_step(const char *text)
{
    static const char *const units[] = {"second", "minute", "hour",
                                        "day",    "month",  "year"};
    size_t digits, i, length;

    if (*text == '+' || *text == '-')
        text++;
    digits = strspn(text, "0123456789");
    if (digits < 1 || digits > 3 || text[digits] != ' ')
        return false;
    text += digits + 1;
    length = strlen(text);
    if (length > 0 && text[length - 1] == 's')
        length--;
    for (i = 0; i < sizeof units / sizeof *units; i++)
        if (strlen(units[i]) == length && strncmp(units[i], text, length) == 0)
            return true;
    return false;
}

static bool modifier(const struct expr *expr)
{
    static const char *const words[] = {"start of month", "start of year", "start of day",
                                        "localtime",      "utc",           "weekday 0",
                                        "weekday 1",      "weekday 2",     "weekday 3",
                                        "weekday 4",      "weekday 5",     "weekday 6"};
    size_t i;

    if (expr->kind != EXPR_STRING)
        return false;
    for (i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(expr->text, words[i]) == 0)
            return true;
    return is_step(expr->text);
}

bool moment_is_valid(const struct exprs *arguments, size_t first)
{
    size_t i;

    if (arguments->count <= first)
        return true; /* now */
    if (!moment(arguments->items[first]))
        return false;
    for (i = first + 1; i < arguments->count; i++)
        if (!modifier(arguments->items[i]))
            return false;
    return true;
}
