/*
 * bytes.c: see bytes.h. libyaml looks at bytes too, but says neither line nor column, and
 * it takes three Unicode characters for line ends, which YAML 1.2 does not.
 */
#include "bytes.h"

#include "../base/utf8.h"
#include "node.h"

#include <string.h>

size_t bytes_mark(const struct source *source)
{
    return source->length >= 3 && memcmp(source->text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

static struct span no_line(const struct source *source)
{
    return (struct span){.at = {.source = source}};
}

static bool is_too_large(struct diags *diags, const struct source *source)
{
    if (source->length <= NODE_BYTES)
        return false;
    diag_hint(diag_error(diags, 1, no_line(source),
                         "the file has %zu bytes; the limit is %d MiB", source->length,
                         NODE_BYTES / 1024 / 1024),
              "split it and name the parts in `include`");
    return true;
}

/* UTF-16 and UTF-32, by byte order mark or by a NUL beside the first character. */
static bool is_wide(struct diags *diags, const struct source *source)
{
    const unsigned char *text = (const unsigned char *)source->text;
    const char *what = NULL;

    if (source->length < 2)
        return false;
    if ((text[0] == 0xFF && text[1] == 0xFE) || (text[0] == 0xFE && text[1] == 0xFF))
        what = source->length >= 4 && text[2] == 0 && text[3] == 0 ? "UTF-32" : "UTF-16";
    else if (source->length >= 4 && memcmp(text, "\0\0\xFE\xFF", 4) == 0)
        what = "UTF-32";
    else if ((text[0] == 0) != (text[1] == 0))
        what = "UTF-16";
    if (what == NULL)
        return false;
    diag_hint(diag_error(diags, 2, no_line(source), "the file is %s, not UTF-8", what),
              "save it as UTF-8");
    return true;
}

static void report_line_end(struct diags *diags, struct span span, unsigned code)
{
    struct diag *diag = diag_error(
        diags, 6, span, "U+%04X is not a line end that every reader knows", code);

    if (code == '\r')
        diag_hint(diag, "end lines with a line feed, or carriage return and line feed");
    else
        diag_hint(diag, "write it as `%s` in double quotes",
                  code == 0x85     ? "\\N"
                  : code == 0x2028 ? "\\L"
                                   : "\\P");
}

static void report(struct diags *diags, struct span span, size_t width, unsigned code)
{
    if (width == 0)
        diag_hint(diag_error(diags, 3, span, "this byte is not UTF-8: 0x%02X",
                             (unsigned char)span.at.source->text[pos_offset(span.at)]),
                  "save the file as UTF-8");
    else if (code == 0)
        diag_error(diags, 4, span, "a NUL byte");
    else if (code == '\r' || code == 0x85 || code == 0x2028 || code == 0x2029)
        report_line_end(diags, span, code);
    else
        diag_hint(diag_error(diags, 5, span, "the control character U+%04X", code),
                  "remove it, or write it as an escape in double quotes");
}

/*
 * What YAML calls not printable, and the byte order mark inside a text, which nobody
 * sees.
 */
static bool is_refused(unsigned code)
{
    return (code < 0x20 && code != '\t' && code != '\n') ||
           (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029 ||
           code == 0xFEFF || code == 0xFFFE || code == 0xFFFF;
}

static bool check_all(struct diags *diags, const struct source *source, bool *ascii)
{
    const char *text = source->text;
    size_t at = bytes_mark(source), width;
    unsigned bad_line = 0;

    *ascii = true;
    for (; at < source->length && !diags_full(diags); at += width) {
        unsigned code = 0;
        struct pos pos;

        width = 1;
        if (text[at] >= ' ' && text[at] < 0x7F)
            continue;
        width = utf8_decode(text + at, source->length - at, &code);
        if (width > 1)
            *ascii = false;
        if (width > 0 && !is_refused(code))
            continue;
        if (code == '\r' && at + 1 < source->length && text[at + 1] == '\n')
            continue;
        pos = pos_at(source, at);
        if (pos.line != bad_line)
            report(diags, span_at(source, at, width > 0 ? width : 1), width, code);
        bad_line = pos.line;
        width = width > 0 ? width : 1;
    }
    return bad_line == 0;
}

bool bytes_check(struct diags *diags, const struct source *source, bool *ascii)
{
    *ascii = true;
    if (is_too_large(diags, source) || is_wide(diags, source))
        return false;
    return check_all(diags, source, ascii);
}
