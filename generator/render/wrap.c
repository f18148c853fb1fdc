/*
 * wrap.c: see wrap.h. A line of code breaks behind a comma or before an operator, as far
 * out of the parentheses as possible, and goes on under the parenthesis that is open
 * there.
 */
#include "wrap.h"

#include <stdint.h>
#include <string.h>

enum {
    INDENT = 4,
    DEPTH_LIMIT = 32,
    DEEPEST_ALIGNMENT = 60
};

/* A place where a line may break, and the column at which it then goes on. */
struct place {
    size_t at;   /* of the first byte that moves to the next line; 0: none */
    size_t rank; /* less is better */
    size_t indent;
};

/* Eight bytes at a time: bytes that go on a character have 10 as their highest bits. */
static size_t columns(const char *text, size_t length)
{
    size_t count = length, i = 0;

    for (; length - i >= sizeof(uint64_t); i += sizeof(uint64_t)) {
        uint64_t word;

        memcpy(&word, text + i, sizeof word);
        if ((word & UINT64_C(0x8080808080808080)) == 0)
            continue;
        for (size_t k = i; k < i + sizeof word; k++)
            count -= ((unsigned char)text[k] & 0xc0) == 0x80;
    }
    for (; i < length; i++)
        count -= ((unsigned char)text[i] & 0xc0) == 0x80;
    return count;
}

static size_t leading(const char *text, size_t length)
{
    size_t count = 0;

    while (count < length && text[count] == ' ')
        count++;
    return count;
}

/* The end of a string or character literal that starts at `i`. */
static size_t skip_literal(const char *text, size_t length, size_t i)
{
    char quote = text[i++];

    while (i < length && text[i] != quote)
        i += text[i] == '\\' ? 2 : 1;
    return i < length ? i + 1 : length;
}

/*
 * Where a break may come: behind a comma or an operator, before the parts of a
 * conditional. `rank` says how much it would hurt inside the same parentheses.
 */
struct breakable {
    const char *text;
    size_t size;
    size_t stays; /* bytes of it that stay on the line */
    size_t rank;
};

static const struct breakable breakables[] = {
    {", ", 2, 2, 0},  {" && ", 4, 4, 1}, {" || ", 4, 4, 1}, {" | ", 3, 3, 2},
    {" ? ", 3, 1, 3}, {" : ", 3, 1, 3},  {" = ", 3, 3, 3},
};
enum {
    BREAKABLES = sizeof breakables / sizeof *breakables,
    RANKS = 4
};

/* The rank of a break behind the parenthesis that opens a list of arguments. */
enum {
    LAST_RESORT = 1000
};

/* Most blanks and commas are neither of these, which their second byte tells. */
static const struct breakable *breakable_at(const char *text, size_t length, size_t i)
{
    static const bool second[256] = {[' '] = true, ['&'] = true, ['|'] = true,
                                     ['?'] = true, [':'] = true, ['='] = true};
    size_t k;

    if ((text[i] != ' ' && text[i] != ',') || length - i < 2 ||
        !second[(unsigned char)text[i + 1]])
        return NULL;
    for (k = 0; k < BREAKABLES; k++) {
        const struct breakable *breakable = &breakables[k];

        if (text[i] == breakable->text[0] && text[i + 1] == breakable->text[1] &&
            length - i > breakable->size &&
            memcmp(text + i, breakable->text, breakable->size) == 0)
            return breakable;
    }
    return NULL;
}

/* Whether the byte may be a break, a parenthesis or a literal; the others are plain. */
static bool means(char c)
{
    static const bool meaning[256] = {
        [' '] = true, [','] = true, ['('] = true,
        [')'] = true, ['"'] = true, ['\''] = true,
    };

    return meaning[(unsigned char)c];
}

/* Where the plain bytes from `i` on end; their columns are added to `column`. */
static size_t skip_plain(const char *text, size_t length, size_t i, size_t *column)
{
    size_t start = i;
    unsigned char all = 0;

    for (; i < length && !means(text[i]); i++)
        all |= (unsigned char)text[i];
    *column += all < 0x80 ? i - start : columns(text + start, i - start);
    return i;
}

/* Takes a place that fits and is no worse; the first place in any case. */
static void consider(struct place *best, struct place place, size_t column)
{
    bool fits = column <= WRAP_WIDTH + 1;

    if (best->at == 0 || (fits && place.rank <= best->rank))
        *best = place;
}

/* Whether a part behind `at` that can't be broken takes more than `room` columns. */
static bool has_longer_part(const char *text, size_t length, size_t at, size_t room)
{
    size_t start = at, i = at, ignored = 0;

    while (length - start > room) { /* what is shorter in bytes is so in columns */
        bool literal = text[i] == '"' || text[i] == '\'';
        bool ends = !literal && breakable_at(text, length, i) != NULL;

        i = literal ? skip_literal(text, length, i) : i + 1;
        if (!ends)
            i = skip_plain(text, length, i, &ignored);
        if (!ends && i < length)
            continue;
        if (i - start > room && columns(text + start, i - start) > room)
            return true;
        start = i;
    }
    return false;
}

/*
 * The best place to break the line so that its first part fits. `outer` is the column at
 * which what stands in no parenthesis of this line goes on.
 */
static struct place find_place(const char *text, size_t length, size_t outer)
{
    size_t open[DEPTH_LIMIT], depth = 0, i = leading(text, length), column = i;
    struct place best = {0};

    while (i < length && (best.at == 0 || column < WRAP_WIDTH)) {
        const struct breakable *breakable;

        if (!means(text[i])) {
            i = skip_plain(text, length, i, &column);
            continue;
        }
        if (text[i] == '"' || text[i] == '\'') {
            size_t next = skip_literal(text, length, i);

            column += columns(text + i, next - i);
            i = next;
            continue;
        }
        if (text[i] == '(' && depth < DEPTH_LIMIT) {
            if (i > 0 && text[i - 1] != ' ' && text[i - 1] != '(')
                consider(&best, (struct place){i + 1, LAST_RESORT, outer}, column + 1);
            open[depth++] = column + 1;
        } else if (text[i] == ')' && depth > 0)
            depth--;
        breakable = breakable_at(text, length, i);
        if (breakable != NULL)
            consider(&best,
                     (struct place){i + breakable->stays, depth * RANKS + breakable->rank,
                                    depth > 0 ? open[depth - 1] : outer},
                     column + breakable->stays);
        column++; /* what is not plain is ASCII */
        i++;
    }
    if (best.at > 0 && (best.indent > WRAP_WIDTH ||
                        has_longer_part(text, length, best.at, WRAP_WIDTH - best.indent)))
        best.indent = outer;
    return best;
}

static void add_line(struct wrap_sink *wrap, size_t indent, const char *prefix,
                     const char *text, size_t length)
{
    struct buf *out = &wrap->out;

    while (length > 0 && text[length - 1] == ' ')
        length--;
    if (length == 0 && *prefix == '\0') {
        if (!wrap->blank)
            buf_addc(out, '\n');
        wrap->blank = true;
        return;
    }
    wrap->blank = false;
    buf_repeat(out, ' ', indent);
    buf_adds(out, prefix);
    buf_add(out, text, length);
    while (out->data[out->length - 1] == ' ')
        out->data[--out->length] = '\0';
    buf_addc(out, '\n');
}

static void wrap_code(struct wrap_sink *wrap, const char *text, size_t length)
{
    size_t outer = leading(text, length) + INDENT;
    struct buf rest;

    buf_init(&rest);
    while (length > WRAP_WIDTH && columns(text, length) > WRAP_WIDTH) {
        struct place place = find_place(text, length, outer);
        struct buf next;

        if (place.at == 0)
            break;
        add_line(wrap, 0, "", text, place.at);
        buf_init(&next);
        outer = place.indent;
        buf_repeat(&next, ' ', outer);
        buf_add(&next, text + place.at, length - place.at);
        buf_release(&rest);
        rest = next;
        text = rest.data;
        length = rest.length;
    }
    add_line(wrap, 0, "", text, length);
    buf_release(&rest);
}

/* Words as lines that begin with `prefix`. */
static void wrap_words(struct wrap_sink *wrap, size_t indent, const char *prefix,
                       const char *text, size_t length)
{
    size_t width = WRAP_WIDTH - indent - strlen(prefix);

    while (length > 0) {
        size_t end = 0, i;

        for (i = 1; i <= length; i++) {
            if (i < length && text[i] != ' ')
                continue;
            if (columns(text, i) > width && end > 0)
                break;
            end = i;
        }
        add_line(wrap, indent, prefix, text, end);
        while (end < length && text[end] == ' ')
            end++;
        text += end;
        length -= end;
    }
}

static bool starts_with(const char *text, size_t length, const char *start)
{
    return length >= strlen(start) && memcmp(text, start, strlen(start)) == 0;
}

static void wrap_line(struct wrap_sink *wrap, const char *text, size_t length)
{
    size_t indent = leading(text, length);
    const char *body = text + indent;
    size_t size = length - indent;

    if (length <= WRAP_WIDTH || columns(text, length) <= WRAP_WIDTH) {
        add_line(wrap, 0, "", text, length);
    } else if (starts_with(body, size, "/* ") &&
               memcmp(text + length - 3, " */", 3) == 0) {
        add_line(wrap, indent, "/*", "", 0);
        wrap_words(wrap, indent, " * ", body + 3, size - 6);
        add_line(wrap, indent, " */", "", 0);
    } else if (starts_with(body, size, "* ")) {
        wrap_words(wrap, indent, "* ", body + 2, size - 2);
    } else {
        wrap_code(wrap, text, length);
    }
}

static bool flush(struct wrap_sink *wrap)
{
    bool went = wrap->out.length == 0 ||
                wrap->next->write(wrap->next, wrap->out.data, wrap->out.length);

    buf_clear(&wrap->out);
    return went;
}

/*
 * The bytes of the lines from `text` on that go as they are, up to the first that needs
 * work or is not complete. Nearly all lines do, so they are looked at only once and go
 * together.
 */
static size_t plain_lines(struct wrap_sink *wrap, const char *text, const char *end)
{
    const char *at = text, *newline;

    while (at < end && (newline = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        bool empty = newline == at;

        if (empty ? wrap->blank : newline - at > WRAP_WIDTH || newline[-1] == ' ')
            break;
        wrap->blank = empty;
        at = newline + 1;
    }
    return (size_t)(at - text);
}

/* The line up to `newline`, of which a part may have come before. */
static void finish_line(struct wrap_sink *wrap, const char *text, const char *newline)
{
    if (wrap->line.length == 0) {
        wrap_line(wrap, text, (size_t)(newline - text));
        return;
    }
    buf_add(&wrap->line, text, (size_t)(newline - text));
    wrap_line(wrap, wrap->line.data, wrap->line.length);
    buf_clear(&wrap->line);
}

static bool wrap_write(struct sink *sink, const char *text, size_t length)
{
    struct wrap_sink *wrap = (struct wrap_sink *)sink;
    const char *end = text + length;

    while (text < end) {
        size_t plain = wrap->line.length == 0 ? plain_lines(wrap, text, end) : 0;
        const char *newline;

        buf_add(&wrap->out, text, plain);
        text += plain;
        newline = memchr(text, '\n', (size_t)(end - text));
        if (newline == NULL) {
            buf_add(&wrap->line, text, (size_t)(end - text));
            break;
        }
        finish_line(wrap, text, newline);
        text = newline + 1;
    }
    return flush(wrap);
}

void wrap_init(struct wrap_sink *wrap, struct sink *next)
{
    *wrap = (struct wrap_sink){.sink = {wrap_write}, .next = next};
    buf_init(&wrap->line);
    buf_init(&wrap->out);
}

bool wrap_finish(struct wrap_sink *wrap)
{
    bool went;

    if (wrap->line.length > 0)
        wrap_line(wrap, wrap->line.data, wrap->line.length);
    went = flush(wrap);
    buf_release(&wrap->line);
    buf_release(&wrap->out);
    return went;
}
