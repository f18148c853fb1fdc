/*
 * calendar.h: dates and moments as the schema writes them. Proleptic Gregorian, UTC, no
 * leap seconds, years 0000 to 9999. It must not know types or columns.
 */
#ifndef CALENDAR_H
#define CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

/* "2024-01-15". */
bool calendar_date(const char *text);

/*
 * "2024-01-15", "2024-01-15T10:00:00Z" or "2024-01-15T10:00:00.250Z" (one to three
 * digits) as milliseconds since 1970.
 */
bool calendar_moment(const char *text, int64_t *milliseconds);

/* The long form, with three digits behind the second; of a moment that was read. */
enum {
    CALENDAR_SIZE = 25
};
void calendar_format(int64_t milliseconds, char text[CALENDAR_SIZE]);

#endif
