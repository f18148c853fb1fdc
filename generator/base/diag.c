/*
 * diag.c: see diag.h. Keeps diagnostics in the order found and sorts them when it prints.
 * At most DIAGS_LIMIT of a kind are kept, so looking for one at the same place stays
 * cheap.
 */
#include "diag.h"

#include "findings.h"
#include "utf8.h"

#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum {
    SHOWN_BYTES = 160,  /* of a source line */
    BEFORE_CARET = 60,  /* of them before the caret, in a longer line */
    MESSAGE_BYTES = 600 /* of a message, which may name a user's very long key */
};

enum severity {
    ERROR,
    WARNING,
    SEVERITIES
};

struct note {
    struct span span;
    const char *message;
};

struct diag {
    struct diags *owner; /* NULL: dropped, nothing is added to it */
    enum severity severity;
    int code;
    size_t sequence;
    struct span span;
    const char *message, *hint;
    VEC(struct note) notes;
};

struct diags {
    struct arena *arena;
    struct diag dropped;
    VEC(struct diag *) list;
    size_t sources;
    size_t kept[SEVERITIES], more[SEVERITIES];
    bool muted; /* warnings are */
};

struct diags *diags_new(struct arena *arena)
{
    struct diags *diags = ARENA_NEW(arena, struct diags);

    diags->arena = arena;
    return diags;
}

/* Offsets are 32 bits; what is beyond counts as one last line. */
static void split_lines(struct arena *arena, struct source *source)
{
    const char *text = source->text, *end = text;
    size_t limit = source->length < UINT_MAX ? source->length : UINT_MAX;
    size_t count = 1;
    unsigned *lines;

    while (limit > 0 && (end = memchr(end, '\n', limit - (size_t)(end - text))) != NULL) {
        count++;
        end++;
    }
    lines = ARENA_ARRAY(arena, unsigned, count);
    if (source->length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        lines[0] = 3;
    for (end = text, source->line_count = 1; source->line_count < count; end++) {
        end = memchr(end, '\n', limit - (size_t)(end - text));
        lines[source->line_count++] = (unsigned)(end - text + 1);
    }
    source->lines = lines;
}

const struct source *diags_source(struct diags *diags, const char *name, const char *text,
                                  size_t length)
{
    struct source *source = ARENA_NEW(diags->arena, struct source);

    source->name = name;
    source->text = text;
    source->length = length;
    source->order = diags->sources++;
    split_lines(diags->arena, source);
    return source;
}

struct pos pos_at(const struct source *source, size_t offset)
{
    size_t low = 0, high = source->line_count;
    size_t column;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;

        if (source->lines[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    column = offset < source->lines[low] ? 1 : offset - source->lines[low] + 1;
    return (struct pos){.source = source,
                        .line = (unsigned)(low + 1),
                        .column = column > UINT_MAX ? UINT_MAX : (unsigned)column};
}

const char *source_line(const struct source *source, unsigned line, size_t *length)
{
    size_t begin, end;

    *length = 0;
    if (source == NULL || line == 0 || line > source->line_count)
        return "";
    begin = source->lines[line - 1];
    end = line < source->line_count ? source->lines[line] : source->length;
    if (end > begin && source->text[end - 1] == '\n')
        end--;
    if (end > begin && source->text[end - 1] == '\r')
        end--;
    *length = end - begin;
    return source->text + begin;
}

size_t pos_offset(struct pos pos)
{
    if (pos.source == NULL || pos.line == 0 || pos.line > pos.source->line_count)
        return 0;
    return pos.source->lines[pos.line - 1] + (pos.column > 0 ? pos.column - 1 : 0);
}

struct span span_at(const struct source *source, size_t offset, size_t length)
{
    struct span span = {.at = pos_at(source, offset)};
    size_t line_length, left;

    source_line(source, span.at.line, &line_length);
    left = span.at.column - 1 < line_length ? line_length - (span.at.column - 1) : 0;
    if (length > left)
        length = left;
    span.length = length > UINT_MAX ? UINT_MAX : (unsigned)length;
    return span;
}

static const char *format_message(struct arena *arena, const char *format,
                                  va_list arguments)
{
    char *text = arena_vprintf(arena, format, arguments);

    if (strlen(text) > MESSAGE_BYTES)
        memcpy(text + utf8_floor(text, MESSAGE_BYTES - 3), "…", sizeof "…");
    return text;
}

static bool same_place(struct pos a, struct pos b)
{
    return a.line != 0 && a.source == b.source && a.line == b.line &&
           a.column == b.column;
}

static bool is_repeated(const struct diags *diags, enum severity severity, int code,
                        struct pos at)
{
    size_t i;

    for (i = 0; i < diags->list.count; i++) {
        const struct diag *other = diags->list.items[i];

        if (other->severity == severity && (severity == ERROR || other->code == code) &&
            same_place(other->span.at, at))
            return true;
    }
    return false;
}

static struct diag *add(struct diags *diags, enum severity severity, int code,
                        struct span span)
{
    struct diag *diag;

    if (is_repeated(diags, severity, code, span.at) ||
        (severity == WARNING && diags->muted))
        return &diags->dropped;
    if (diags->kept[severity] == DIAGS_LIMIT) {
        diags->more[severity]++;
        return &diags->dropped;
    }
    diags->kept[severity]++;
    diag = ARENA_NEW(diags->arena, struct diag);
    diag->owner = diags;
    diag->severity = severity;
    diag->code = code;
    diag->span = span;
    diag->sequence = diags->list.count;
    *VEC_ADD(diags->arena, &diags->list) = diag;
    return diag;
}

struct diag *diag_error(struct diags *diags, int code, struct span span,
                        const char *format, ...)
{
    struct diag *diag = add(diags, ERROR, code, span);
    va_list arguments;

    if (diag->owner != NULL) {
        va_start(arguments, format);
        diag->message = format_message(diags->arena, format, arguments);
        va_end(arguments);
    }
    return diag;
}

struct diag *diag_warning(struct diags *diags, int code, struct span span,
                          const char *format, ...)
{
    struct diag *diag = add(diags, WARNING, code, span);
    va_list arguments;

    if (diag->owner != NULL) {
        va_start(arguments, format);
        diag->message = format_message(diags->arena, format, arguments);
        va_end(arguments);
    }
    return diag;
}

void diag_hint(struct diag *diag, const char *format, ...)
{
    va_list arguments;

    if (diag->owner == NULL)
        return;
    va_start(arguments, format);
    diag->hint = format_message(diag->owner->arena, format, arguments);
    va_end(arguments);
}

void diag_note(struct diag *diag, struct span span, const char *format, ...)
{
    struct note *note;
    va_list arguments;

    if (diag->owner == NULL)
        return;
    note = VEC_ADD(diag->owner->arena, &diag->notes);
    note->span = span;
    va_start(arguments, format);
    note->message = format_message(diag->owner->arena, format, arguments);
    va_end(arguments);
}

bool diags_mute_warnings(struct diags *diags, bool muted)
{
    bool before = diags->muted;

    diags->muted = muted;
    return before;
}

bool diags_error_at(const struct diags *diags, size_t index, struct pos *at,
                    const char **message)
{
    size_t i;

    for (i = 0; i < diags->list.count; i++) {
        const struct diag *diag = diags->list.items[i];

        if (diag->severity != ERROR || index-- > 0)
            continue;
        *at = diag->span.at;
        *message = diag->message;
        return true;
    }
    return false;
}

size_t diags_errors(const struct diags *diags)
{
    return diags->kept[ERROR] + diags->more[ERROR];
}

size_t diags_warnings(const struct diags *diags)
{
    return diags->kept[WARNING] + diags->more[WARNING];
}

bool diags_full(const struct diags *diags)
{
    return diags->kept[ERROR] == DIAGS_LIMIT;
}

void diags_join(struct diags *diags, const struct diags *from)
{
    size_t i;

    for (i = 0; i < from->list.count; i++) {
        const struct diag *other = from->list.items[i];
        struct diag *diag = add(diags, other->severity, other->code, other->span);

        if (diag->owner == NULL)
            continue;
        diag->message = other->message;
        diag->hint = other->hint;
        diag->notes.items = other->notes.items;
        diag->notes.count = diag->notes.capacity = other->notes.count;
    }
    for (i = 0; i < SEVERITIES; i++)
        diags->more[i] += from->more[i];
}

static int compare(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

static int by_place(const void *left, const void *right)
{
    const struct diag *a = *(struct diag *const *)left, *b = *(struct diag *const *)right;
    const struct source *from_a = a->span.at.source, *from_b = b->span.at.source;
    int order = compare(from_a != NULL ? from_a->order + 1 : 0,
                        from_b != NULL ? from_b->order + 1 : 0);

    if (order == 0)
        order = compare(a->span.at.line, b->span.at.line);
    if (order == 0)
        order = compare(a->span.at.column, b->span.at.column);
    return order != 0 ? order : compare(a->sequence, b->sequence);
}

/* To be freed by the caller. */
static struct diag **sorted(const struct diags *diags)
{
    size_t size = diags->list.count * sizeof(struct diag *);
    struct diag **list = must_realloc(NULL, size);

    if (size > 0) {
        memcpy(list, diags->list.items, size);
        qsort(list, diags->list.count, sizeof *list, by_place);
    }
    return list;
}

/*
 * Text that may hold anything, so that it can't garble a terminal. `blank` prints only
 * the room that it takes. Returns the characters printed.
 */
static size_t print_text(FILE *out, const char *text, size_t length, bool blank)
{
    size_t at = 0, count = 0;

    for (; at < length; count++) {
        unsigned code = 0;
        size_t width = utf8_decode(text + at, length - at, &code);

        if (text[at] == '\t')
            fputc('\t', out);
        else if (blank)
            fputc(' ', out);
        else if (width == 0 || utf8_is_control(code))
            fputc('?', out);
        else
            fwrite(text + at, 1, width, out);
        at += width > 0 ? width : 1;
    }
    return count;
}

static size_t count_characters(const char *text, size_t length)
{
    size_t at = 0, count = 0;

    for (; at < length; count++) {
        size_t width = utf8_decode(text + at, length - at, NULL);

        at += width > 0 ? width : 1;
    }
    return count;
}

/* The part of a line that is shown: bytes `from` to `to`. */
static void choose_window(const char *line, size_t length, size_t caret, size_t *from,
                          size_t *to)
{
    *from = 0;
    *to = length;
    if (length <= SHOWN_BYTES)
        return;
    *from = caret > BEFORE_CARET ? caret - BEFORE_CARET : 0;
    if (*from > length - SHOWN_BYTES)
        *from = length - SHOWN_BYTES;
    *to = *from + SHOWN_BYTES;
    if (*from > 0)
        *from = utf8_floor(line, *from);
    if (*to < length)
        *to = utf8_floor(line, *to);
}

static void print_caret(FILE *out, size_t characters, bool color)
{
    fputs(color ? "\033[1;32m^" : "^", out);
    while (characters-- > 1)
        fputc('~', out);
    fputs(color ? "\033[0m" : "", out);
}

static void print_excerpt(FILE *out, struct span span, const char *hint, bool color)
{
    size_t length, from, to, caret = span.at.column > 0 ? span.at.column - 1 : 0, end;
    int gutter;
    const char *line = source_line(span.at.source, span.at.line, &length);

    if (caret > length)
        caret = length;
    choose_window(line, length, caret, &from, &to);
    gutter = fprintf(out, "%5u", span.at.line);
    fprintf(out, " | %s", from > 0 ? "…" : "");
    print_text(out, line + from, to - from, false);
    fprintf(out, "%s\n%*s | %s", to < length ? "…" : "", gutter, "", from > 0 ? " " : "");
    print_text(out, line + from, caret - from, true);
    end = span.length < to - caret ? caret + span.length : to;
    print_caret(out, count_characters(line + caret, end - caret), color);
    if (hint != NULL) {
        fputc(' ', out);
        print_text(out, hint, strlen(hint), false);
    }
    fputc('\n', out);
}

static void print_place(FILE *out, struct pos at)
{
    const char *name = at.source != NULL ? at.source->name : "quarry";

    print_text(out, name, strlen(name), false);
    if (at.source != NULL && at.line > 0)
        fprintf(out, ":%u:%u", at.line, at.column);
    fputs(": ", out);
}

/* Q0104, or L101 of a finding. */
static void print_code(FILE *out, int code)
{
    if (code >= FINDING_BASE)
        fprintf(out, "L%03d", code - FINDING_BASE);
    else
        fprintf(out, "Q%04d", code);
}

static void print_source(FILE *out, struct span span, const char *hint, bool color)
{
    if (span.at.source != NULL && span.at.line > 0) {
        print_excerpt(out, span, hint, color);
    } else if (hint != NULL) {
        fputs("      | ", out);
        print_text(out, hint, strlen(hint), false);
        fputc('\n', out);
    }
}

static void print_one(FILE *out, const struct diag *diag, bool color)
{
    static const char *const words[] = {[ERROR] = "error", [WARNING] = "warning"};
    static const char *const colors[] = {
        [ERROR] = "\033[1;31m", [WARNING] = "\033[1;35m"};
    size_t i;

    print_place(out, diag->span.at);
    fprintf(out, "%s%s:%s ", color ? colors[diag->severity] : "", words[diag->severity],
            color ? "\033[0m" : "");
    print_text(out, diag->message, strlen(diag->message), false);
    fputs(" [", out);
    print_code(out, diag->code);
    fputs("]\n", out);
    print_source(out, diag->span, diag->hint, color);
    for (i = 0; i < diag->notes.count; i++) {
        const struct note *note = &diag->notes.items[i];

        print_place(out, note->span.at);
        fputs("note: ", out);
        print_text(out, note->message, strlen(note->message), false);
        fputc('\n', out);
        print_source(out, note->span, NULL, color);
    }
}

static void print_more(FILE *out, size_t more, const char *what)
{
    if (more > 0)
        fprintf(out, "quarry: %zu more %s%s not shown\n", more, what,
                more == 1 ? "" : "s");
}

void diags_print(const struct diags *diags, FILE *out, bool color)
{
    struct diag **list = sorted(diags);
    size_t i;

    for (i = 0; i < diags->list.count; i++)
        print_one(out, list[i], color);
    print_more(out, diags->more[ERROR], "error");
    print_more(out, diags->more[WARNING], "warning");
    free(list);
}

static void json_text(FILE *out, const char *text)
{
    size_t at = 0, length = strlen(text);

    fputc('"', out);
    while (at < length) {
        unsigned code = 0xFFFD;
        size_t width = utf8_decode(text + at, length - at, &code);

        if (code == '"' || code == '\\')
            fprintf(out, "\\%c", (char)code);
        else if (utf8_is_control(code) || width == 0)
            fprintf(out, "\\u%04x", code);
        else
            fwrite(text + at, 1, width, out);
        at += width > 0 ? width : 1;
    }
    fputc('"', out);
}

static void json_place(FILE *out, struct span span)
{
    fputs("{\"file\": ", out);
    if (span.at.source != NULL)
        json_text(out, span.at.source->name);
    else
        fputs("null", out);
    fprintf(out, ", \"line\": %u, \"column\": %u, \"length\": %u", span.at.line,
            span.at.column, span.length);
}

static void json_one(FILE *out, const struct diag *diag)
{
    size_t i;

    json_place(out, diag->span);
    fprintf(out, ", \"severity\": \"%s\", \"code\": \"",
            diag->severity == ERROR ? "error" : "warning");
    print_code(out, diag->code);
    fputs("\", \"message\": ", out);
    json_text(out, diag->message);
    fputs(", \"hint\": ", out);
    if (diag->hint != NULL)
        json_text(out, diag->hint);
    else
        fputs("null", out);
    fputs(", \"notes\": [", out);
    for (i = 0; i < diag->notes.count; i++) {
        fputs(i > 0 ? ", " : "", out);
        json_place(out, diag->notes.items[i].span);
        fputs(", \"message\": ", out);
        json_text(out, diag->notes.items[i].message);
        fputc('}', out);
    }
    fputs("]}", out);
}

void diags_print_json(const struct diags *diags, FILE *out)
{
    struct diag **list = sorted(diags);
    size_t i;

    fputc('[', out);
    for (i = 0; i < diags->list.count; i++) {
        fputs(i > 0 ? ",\n " : "", out);
        json_one(out, list[i]);
    }
    fputs("]\n", out);
    free(list);
}
