/*
 * value.c: the kinds of text that columns hold: UTF-8, UUIDs, timestamps and dates.
 *
 * Pure functions from text to values and back. They know neither statements nor
 * connections; SQLite is used for its random numbers only.
 */
#include "internal.h"

#include <string.h>
#include <time.h>

/* ---- UTF-8 ----------------------------------------------------------------------------
 */

static bool is_continuation(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

/*
 * The length of the sequence at `p`, 0 where it is none (RFC 3629: nothing overlong, no
 * surrogates, nothing above U+10FFFF). The NUL at the end is no continuation, so the
 * bytes are looked at one after another and never beyond it.
 */
static size_t sequence_length(const unsigned char *p)
{
    unsigned char low = 0x80, high = 0xBF;
    if (p[0] < 0x80)
        return 1;
    if (p[0] < 0xC2 || p[0] > 0xF4)
        return 0;
    if (p[0] < 0xE0)
        return is_continuation(p[1]) ? 2 : 0;
    if (p[0] == 0xE0)
        low = 0xA0;
    else if (p[0] == 0xED)
        high = 0x9F;
    else if (p[0] == 0xF0)
        low = 0x90;
    else if (p[0] == 0xF4)
        high = 0x8F;
    if (p[1] < low || p[1] > high || !is_continuation(p[2]))
        return 0;
    if (p[0] < 0xF0)
        return 3;
    return is_continuation(p[3]) ? 4 : 0;
}

static bool is_ascii(uint64_t word)
{
    return (word & UINT64_C(0x8080808080808080)) == 0;
}

/* At least so many bytes from the start are ASCII; in most texts that is all of them. */
static size_t ascii_length(const char *text, size_t size)
{
    size_t at = 0;
    for (; size - at >= 32; at += 32) {
        const char *p = text + at;
        if (!is_ascii(quarry_word_at(p) | quarry_word_at(p + 8) | quarry_word_at(p + 16) |
                      quarry_word_at(p + 24)))
            break;
    }
    for (; size - at >= 8; at += 8) {
        if (!is_ascii(quarry_word_at(text + at)))
            break;
    }
    if (size >= 8 && size - at < 8 && is_ascii(quarry_word_at(text + size - 8)))
        return size;
    while (at < size && (unsigned char)text[at] < 0x80)
        at++;
    return at;
}

bool quarry_utf8_measure(const char *text, size_t bytes, size_t *length)
{
    const unsigned char *p = (const unsigned char *)text;
    const unsigned char *end = p + bytes;
    size_t more = 0; /* bytes that begin no character */
    for (;;) {
        p += ascii_length((const char *)p, (size_t)(end - p));
        if (p >= end)
            break;
        size_t size = sequence_length(p);
        if (size == 0)
            return false;
        more += size - 1;
        p += size;
    }
    *length = bytes - more;
    return true;
}

/* The bits of all bytes together; the last words overlap. */
static inline uint64_t all_bits(const char *text, size_t size)
{
    const char *end = text + size;
    uint64_t bits = 0;
    if (size < sizeof bits)
        return quarry_short_word(text, size);
    for (; end - text > 32; text += 32)
        bits |= quarry_word_at(text) | quarry_word_at(text + 8) |
                quarry_word_at(text + 16) | quarry_word_at(text + 24);
    for (; end - text > 8; text += 8)
        bits |= quarry_word_at(text);
    return bits | quarry_word_at(end - 8);
}

bool quarry_utf8_valid(const char *text)
{
    size_t size = strlen(text), length;
    return is_ascii(all_bits(text, size)) || quarry_utf8_measure(text, size, &length);
}

/* Most texts are ASCII, which is as long as its bytes. */
bool quarry_utf8_length(const char *text, size_t *length)
{
    *length = strlen(text);
    return is_ascii(all_bits(text, *length)) ||
           quarry_utf8_measure(text, *length, length);
}

/* ---- UUIDs ----------------------------------------------------------------------------
 */

static bool is_dash_place(size_t place)
{
    return place == 8 || place == 13 || place == 18 || place == 23;
}

quarry_uuid quarry_uuid_random(void)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char bytes[16];
    quarry_uuid uuid;
    sqlite3_randomness((int)sizeof bytes, bytes);
    bytes[6] = (unsigned char)((bytes[6] & 0x0F) | 0x40); /* version 4 */
    bytes[8] = (unsigned char)((bytes[8] & 0x3F) | 0x80); /* the variant of RFC 9562 */
    size_t place = 0;
    for (size_t i = 0; i < sizeof bytes; i++) {
        if (is_dash_place(place))
            uuid.text[place++] = '-';
        uuid.text[place++] = digits[bytes[i] >> 4];
        uuid.text[place++] = digits[bytes[i] & 0x0F];
    }
    uuid.text[place] = '\0';
    return uuid;
}

/* The digit in lower case, or NUL where `c` is none. */
static char hex_digit(char c)
{
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))
        return c;
    return c >= 'A' && c <= 'F' ? (char)(c - 'A' + 'a') : '\0';
}

bool quarry_uuid_parse(const char *text, quarry_uuid *uuid)
{
    quarry_uuid parsed;
    if (text == NULL || uuid == NULL)
        return false;
    for (size_t i = 0; i < 36; i++) {
        char c = is_dash_place(i) ? (text[i] == '-' ? '-' : '\0') : hex_digit(text[i]);
        if (c == '\0')
            return false;
        parsed.text[i] = c;
    }
    if (text[36] != '\0')
        return false;
    parsed.text[36] = '\0';
    *uuid = parsed;
    return true;
}

/* ---- timestamps and dates -------------------------------------------------------------
 */

static const int64_t DAY_MS = 86400000;
static const int64_t FIRST_MS = INT64_C(-62167219200000); /* 0000-01-01T00:00:00.000Z */
static const int64_t LAST_MS = INT64_C(253402300799999);  /* 9999-12-31T23:59:59.999Z */

quarry_timestamp quarry_now(void)
{
    struct timespec now;

    if (timespec_get(&now, TIME_UTC) != TIME_UTC)
        return 0;
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/*
 * Days since 1970-01-01 in the proleptic Gregorian calendar. Years begin in March here,
 * so that the leap day is the last of its year; an era is the 400 years after which the
 * calendar repeats.
 */
static int64_t days_from_date(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static void date_from_days(int64_t days, int64_t *year, int64_t *month, int64_t *day)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t march_month = (5 * day_of_year + 2) / 153;
    *day = day_of_year - (153 * march_month + 2) / 5 + 1;
    *month = march_month + (march_month < 10 ? 3 : -9);
    *year = year_of_era + era * 400 + (*month <= 2);
}

static int64_t days_of_month(int64_t year, int64_t month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap);
}

static char *put_digits(char *p, int64_t number, int width)
{
    for (int i = width - 1; i >= 0; i--) {
        p[i] = (char)('0' + number % 10);
        number /= 10;
    }
    return p + width;
}

bool quarry_timestamp_format(quarry_timestamp time, char text[QUARRY_TIMESTAMP_SIZE])
{
    int64_t year, month, day;
    if (time < FIRST_MS || time > LAST_MS)
        return false;
    int64_t ms = time % DAY_MS;
    if (ms < 0)
        ms += DAY_MS;
    date_from_days((time - ms) / DAY_MS, &year, &month, &day);
    char *p = put_digits(text, year, 4);
    *p++ = '-';
    p = put_digits(p, month, 2);
    *p++ = '-';
    p = put_digits(p, day, 2);
    *p++ = 'T';
    p = put_digits(p, ms / 3600000, 2);
    *p++ = ':';
    p = put_digits(p, ms / 60000 % 60, 2);
    *p++ = ':';
    p = put_digits(p, ms / 1000 % 60, 2);
    *p++ = '.';
    p = put_digits(p, ms % 1000, 3);
    *p++ = 'Z';
    *p = '\0';
    return true;
}

/* Reads exactly `width` digits that make `low` to `high`. */
static bool take_number(const char **p, int width, int64_t low, int64_t high,
                        int64_t *number)
{
    int64_t value = 0;
    for (int i = 0; i < width; i++) {
        char c = (*p)[i];
        if (c < '0' || c > '9')
            return false;
        value = value * 10 + (c - '0');
    }
    if (value < low || value > high)
        return false;
    *p += width;
    *number = value;
    return true;
}

static bool take_char(const char **p, char c)
{
    if (**p != c)
        return false;
    *p += 1;
    return true;
}

static bool take_date(const char **p, int64_t *days)
{
    int64_t year, month, day;
    if (!take_number(p, 4, 0, 9999, &year) || !take_char(p, '-') ||
        !take_number(p, 2, 1, 12, &month) || !take_char(p, '-') ||
        !take_number(p, 2, 1, days_of_month(year, month), &day))
        return false;
    *days = days_from_date(year, month, day);
    return true;
}

/* The digits after the point; those beyond the third are read and dropped. */
static bool take_fraction(const char **p, int64_t *ms)
{
    int64_t unit = 100;
    if (**p < '0' || **p > '9')
        return false;
    for (; **p >= '0' && **p <= '9'; *p += 1) {
        *ms += (**p - '0') * unit;
        unit /= 10;
    }
    return true;
}

static bool take_time(const char **p, int64_t *ms)
{
    int64_t hour, minute, second = 0;
    if (!take_number(p, 2, 0, 23, &hour) || !take_char(p, ':') ||
        !take_number(p, 2, 0, 59, &minute))
        return false;
    *ms = 0;
    if (take_char(p, ':')) {
        if (!take_number(p, 2, 0, 59, &second))
            return false;
        if (take_char(p, '.') && !take_fraction(p, ms))
            return false;
    }
    *ms += ((hour * 60 + minute) * 60 + second) * 1000;
    return true;
}

/* Nothing, "Z", "+HH:MM" or "-HH:MM": what to take from the time to have UTC. */
static bool take_zone(const char **p, int64_t *ms)
{
    int64_t hour, minute, sign = **p == '-' ? -1 : 1;
    *ms = 0;
    if (**p == '\0' || take_char(p, 'Z'))
        return true;
    if (!take_char(p, '+') && !take_char(p, '-'))
        return false;
    if (!take_number(p, 2, 0, 23, &hour) || !take_char(p, ':') ||
        !take_number(p, 2, 0, 59, &minute))
        return false;
    *ms = sign * (hour * 60 + minute) * 60000;
    return true;
}

bool quarry_timestamp_parse(const char *text, quarry_timestamp *time)
{
    int64_t days, ms = 0, zone = 0;
    if (text == NULL || time == NULL || !take_date(&text, &days))
        return false;
    if (*text != '\0') {
        if (!take_char(&text, 'T') && !take_char(&text, ' '))
            return false;
        if (!take_time(&text, &ms) || !take_zone(&text, &zone) || *text != '\0')
            return false;
    }
    int64_t result = days * DAY_MS + ms - zone;
    if (result < FIRST_MS || result > LAST_MS)
        return false; /* the zone moved it out of the years that can be written */
    *time = result;
    return true;
}

bool quarry_date_valid(const char *text)
{
    int64_t days;
    return text != NULL && take_date(&text, &days) && *text == '\0';
}
