/*
 * glob.c: see glob.h. A pattern is walked item by item; what an item accepts is found by
 * trying characters, so that sets need no other representation than their text.
 */
#include "glob.h"

#include <string.h>

static size_t width(const char *text)
{
    unsigned char c = (unsigned char)*text;
    size_t wanted = c < 0xc0 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    size_t i;

    for (i = 1; i < wanted && ((unsigned char)text[i] & 0xc0) == 0x80;)
        i++;
    return i;
}

/* The character at *text, which advances. */
static unsigned long next(const char **text)
{
    static const unsigned char masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    size_t count = width(*text);
    unsigned long c = (unsigned char)**text & masks[count];

    for (size_t i = 1; i < count; i++)
        c = c << 6 | ((unsigned char)(*text)[i] & 0x3f);
    *text += count;
    return c;
}

size_t glob_length(const char *text)
{
    size_t length = 0;

    for (; *text != '\0'; length++)
        text += width(text);
    return length;
}

/* Just after the item that starts here; NULL where a set does not end. */
static const char *item_end(const char *pattern)
{
    if (*pattern != '[')
        return pattern + width(pattern);
    pattern++;
    if (*pattern == '^')
        pattern++;
    if (*pattern == ']')
        pattern++;
    while (*pattern != ']' && *pattern != '\0')
        pattern++;
    return *pattern == ']' ? pattern + 1 : NULL;
}

static bool set_accepts(const char *item, const char *end, unsigned long wanted)
{
    bool inverted = item[1] == '^';
    bool seen = false;
    unsigned long before = 0;

    item += inverted ? 2 : 1;
    end--;
    if (*item == ']') { /* the first is a member, and starts no range */
        seen = wanted == ']';
        item++;
    }
    while (item < end) {
        if (*item == '-' && item + 1 < end && before != 0) {
            unsigned long last;

            item++;
            last = next(&item);
            seen = seen || (wanted >= before && wanted <= last);
            before = 0;
        } else {
            before = next(&item);
            seen = seen || before == wanted;
        }
    }
    return seen != inverted;
}

static bool accepts(const char *item, const char *end, unsigned long c)
{
    if (*item == '?')
        return true;
    if (*item == '[')
        return set_accepts(item, end, c);
    return next(&item) == c;
}

bool glob_match(const char *pattern, const char *text)
{
    const char *star = NULL, *retry = NULL;

    for (;;) {
        if (*pattern == '*') {
            star = ++pattern;
            retry = text;
            continue;
        }
        if (*pattern == '\0' && *text == '\0')
            return true;
        if (*pattern != '\0' && *text != '\0') {
            const char *end = item_end(pattern);
            const char *after = text;

            if (end == NULL)
                return false;
            if (accepts(pattern, end, next(&after))) {
                pattern = end;
                text = after;
                continue;
            }
        }
        if (star == NULL || *retry == '\0')
            return false;
        next(&retry);
        pattern = star;
        text = retry;
    }
}

/* ---- making --------------------------------------------------------------------- */

static const char letters[] =
    "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

static void add_char(struct buf *out, unsigned long c)
{
    if (c < 0x80) {
        buf_addc(out, (char)c);
    } else if (c < 0x800) {
        buf_addc(out, (char)(0xc0 | c >> 6));
        buf_addc(out, (char)(0x80 | (c & 0x3f)));
    } else if (c < 0x10000) {
        buf_addc(out, (char)(0xe0 | c >> 12));
        buf_addc(out, (char)(0x80 | (c >> 6 & 0x3f)));
        buf_addc(out, (char)(0x80 | (c & 0x3f)));
    } else {
        buf_addc(out, (char)(0xf0 | c >> 18));
        buf_addc(out, (char)(0x80 | (c >> 12 & 0x3f)));
        buf_addc(out, (char)(0x80 | (c >> 6 & 0x3f)));
        buf_addc(out, (char)(0x80 | (c & 0x3f)));
    }
}

/* The characters that are tried for a set, numbered: letters, other ASCII, the set's own.
 */
static unsigned long candidate(const char *item, const char *end, size_t number)
{
    size_t count = sizeof letters - 1;

    if (number < count)
        return (unsigned char)letters[number];
    number -= count;
    if (number < 0x7f - ' ')
        return ' ' + number;
    number -= 0x7f - ' ';
    for (item++; item < end - 1; number--) {
        unsigned long c = next(&item);

        if (number == 0)
            return c;
    }
    return number == 0 ? 0xe9 : 0;
}

/* The choice numbered *variant of an item, which is divided by the number of choices. */
static bool choose(const char *item, const char *end, size_t *variant, struct buf *out)
{
    unsigned long found[64];
    size_t count = 0;

    for (size_t number = 0; count < 64; number++) {
        unsigned long c = candidate(item, end, number);
        bool known = false;

        if (c == 0)
            break;
        for (size_t i = 0; i < count; i++)
            known = known || found[i] == c;
        if (!known && accepts(item, end, c))
            found[count++] = c;
    }
    if (count == 0)
        return false;
    add_char(out, found[*variant % count]);
    *variant /= count;
    return true;
}

/* `length` characters that differ with the variant. */
static void fill(size_t length, size_t *variant, struct buf *out)
{
    for (size_t i = 0; i < length; i++) {
        buf_addc(out, letters[*variant % (sizeof letters - 1)]);
        *variant /= sizeof letters - 1;
    }
}

static size_t fixed_items(const char *pattern)
{
    size_t count = 0;

    while (pattern != NULL && *pattern != '\0') {
        count += *pattern != '*';
        pattern = item_end(pattern);
    }
    return count;
}

static bool build(const char *pattern, size_t spare, size_t variant, struct buf *out)
{
    while (*pattern != '\0') {
        const char *end = item_end(pattern);

        if (end == NULL)
            return false;
        if (*pattern == '*') {
            fill(spare, &variant, out);
            spare = 0;
        } else if (*pattern == '?' || *pattern == '[') {
            if (!choose(pattern, end, &variant, out))
                return false;
        } else {
            buf_add(out, pattern, (size_t)(end - pattern));
        }
        pattern = end;
    }
    return true;
}

bool glob_sample(const char *pattern, size_t length, size_t variant, struct buf *out)
{
    size_t before = out->length;
    size_t fixed = fixed_items(pattern);

    if (build(pattern, length > fixed ? length - fixed : 0, variant, out) &&
        glob_match(pattern, out->data + before))
        return true;
    out->length = before;
    out->data[before] = '\0';
    return false;
}
