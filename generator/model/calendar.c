/*
 * calendar.c: see calendar.h. Days are counted by the usual trick of years that begin in
 * March, so that the leap day is a year's last.
 */
#include "calendar.h"

#include <stdio.h>
#include <string.h>

enum {
    MS_PER_SECOND = 1000,
    MS_PER_DAY = 86400000,
    DAYS_PER_ERA = 146097
};
enum {
    EPOCH = 719468
}; /* days from 0000-03-01 to 1970-01-01 */

/* `count` digits at *text as a number; moves on. */
static bool digits(const char **text, int count, int *number)
{
    int i;

    *number = 0;
    for (i = 0; i < count; i++, ++*text) {
        if (**text < '0' || **text > '9')
            return false;
        *number = *number * 10 + (**text - '0');
    }
    return true;
}

static bool literally(const char **text, char c)
{
    if (**text != c)
        return false;
    ++*text;
    return true;
}

static int days_of_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return month == 2 && leap ? 29 : days[month - 1];
}

static int64_t days_since_epoch(int year, int month, int day)
{
    int y = month <= 2 ? year - 1 : year;
    int era = (y >= 0 ? y : y - 399) / 400;
    int year_of_era = y - era * 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return (int64_t)era * DAYS_PER_ERA + year_of_era * 365 + year_of_era / 4 -
           year_of_era / 100 + day_of_year - EPOCH;
}

static bool read_date(const char **text, int64_t *days)
{
    int year, month, day;

    if (!digits(text, 4, &year) || !literally(text, '-') || !digits(text, 2, &month) ||
        !literally(text, '-') || !digits(text, 2, &day))
        return false;
    if (month < 1 || month > 12 || day < 1 || day > days_of_month(year, month))
        return false;
    *days = days_since_epoch(year, month, day);
    return true;
}

bool calendar_date(const char *text)
{
    int64_t days;

    return read_date(&text, &days) && *text == '\0';
}

/* ".25" as milliseconds; nothing there is 0. */
static bool read_fraction(const char **text, int *milliseconds)
{
    int digit, scale = 100;

    *milliseconds = 0;
    if (!literally(text, '.'))
        return true;
    if (!digits(text, 1, milliseconds))
        return false;
    *milliseconds *= scale;
    while (scale > 1 && digits(text, 1, &digit)) {
        scale /= 10;
        *milliseconds += digit * scale;
    }
    return true;
}

static bool read_time(const char **text, int *milliseconds)
{
    int hour, minute, second, fraction;

    if (!literally(text, 'T') || !digits(text, 2, &hour) || !literally(text, ':') ||
        !digits(text, 2, &minute) || !literally(text, ':') || !digits(text, 2, &second) ||
        !read_fraction(text, &fraction) || !literally(text, 'Z'))
        return false;
    *milliseconds = ((hour * 60 + minute) * 60 + second) * MS_PER_SECOND + fraction;
    return hour < 24 && minute < 60 && second < 60;
}

bool calendar_moment(const char *text, int64_t *milliseconds)
{
    int64_t days;
    int time = 0;

    if (!read_date(&text, &days))
        return false;
    if (*text != '\0' && (!read_time(&text, &time) || *text != '\0'))
        return false;
    *milliseconds = days * MS_PER_DAY + time;
    return true;
}

void calendar_format(int64_t milliseconds, char text[CALENDAR_SIZE])
{
    int64_t days = milliseconds / MS_PER_DAY - (milliseconds % MS_PER_DAY < 0);
    unsigned time = (unsigned)(milliseconds - days * MS_PER_DAY);
    unsigned day_of_all =
        (unsigned)(days + EPOCH + DAYS_PER_ERA); /* an era more: not negative */
    unsigned era = day_of_all / DAYS_PER_ERA, day_of_era = day_of_all % DAYS_PER_ERA;
    unsigned year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    unsigned day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    unsigned shifted = (5 * day_of_year + 2) / 153;
    unsigned month = shifted < 10 ? shifted + 3 : shifted - 9;
    unsigned year = year_of_era + era * 400 - 400 + (month <= 2);
    unsigned second = time / MS_PER_SECOND;

    snprintf(text, CALENDAR_SIZE, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ", year % 10000,
             month % 100, (day_of_year - (153 * shifted + 2) / 5 + 1) % 100,
             second / 3600 % 24, second / 60 % 60, second % 60, time % MS_PER_SECOND);
}
