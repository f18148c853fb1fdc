/*
 * import_mend.c: takes out of an imported schema what the language refuses, and leaves it as
 * a comment, see import.h. It works on the lines that import*.c write and knows no rule of
 * the language: the faults that reading the YAML found say what has to go.
 */
#include "import.h"

#include <string.h>

struct line {
    const char *text;  /* without its end */
    const char *fault; /* it goes, for this reason; or NULL */
    bool told;         /* the reason stands above: it is one of several lines */
};

struct page {
    struct arena *arena;
    VEC(struct line) lines;
    bool changed;
};

static void read_lines(struct page *page, const struct buf *yaml)
{
    const char *at = yaml->data, *end = yaml->data + yaml->length;

    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t length = stop != NULL ? (size_t)(stop - at) : (size_t)(end - at);
        struct line *line = VEC_ADD(page->arena, &page->lines);

        *line = (struct line){arena_strndup(page->arena, at, length), NULL, false};
        at += length + 1;
    }
}

static size_t indent_of(const struct line *line)
{
    return strspn(line->text, " ");
}

static bool starts(const struct line *line, const char *start)
{
    return strncmp(line->text, start, strlen(start)) == 0;
}

static void take_out(struct page *page, size_t first, size_t end, const char *fault)
{
    size_t i;

    for (i = first; i < end; i++) {
        page->lines.items[i].fault = fault;
        page->lines.items[i].told = i > first;
    }
    page->changed = true;
}

/* The virtual table, view or trigger in which a line is goes as a whole. */
static bool take_out_program(struct page *page, size_t at, const char *fault)
{
    size_t first = at, end = at + 1, top;

    while (first > 0 && indent_of(&page->lines.items[first]) > 2)
        first--;
    for (top = first; top > 0 && indent_of(&page->lines.items[top]) > 0; top--)
        continue;
    if (!starts(&page->lines.items[top], "virtual_tables:") &&
        !starts(&page->lines.items[top], "views:") &&
        !starts(&page->lines.items[top], "triggers:"))
        return false;
    while (end < page->lines.count && indent_of(&page->lines.items[end]) > 2)
        end++;
    take_out(page, first, end, fault);
    return true;
}

/* Where the property ends that begins at `at`: a comma or the last brace. */
static size_t property_end(const char *text, size_t at)
{
    unsigned depth = 0;

    for (; text[at] != '\0'; at++) {
        if (text[at] == '"') {
            for (at++; text[at] != '"' && text[at] != '\0'; at++)
                if (text[at] == '\\' && text[at + 1] != '\0')
                    at++;
            if (text[at] == '\0')
                break;
        } else if (text[at] == '{' || text[at] == '[') {
            depth++;
        } else if (text[at] == '}' || text[at] == ']') {
            if (depth-- == 0)
                break;
        } else if (text[at] == ',' && depth == 0) {
            break;
        }
    }
    return at;
}

/* A property of a column goes, but not its type, which is the first. */
static bool take_out_property(struct page *page, size_t number, size_t column,
                              const char *fault)
{
    struct line *line = &page->lines.items[number];
    const char *text = line->text, *open = strstr(text, ": {type: ");
    size_t from, to = 0;

    if (open == NULL || indent_of(line) != 6)
        return false;
    from = property_end(text, (size_t)(open - text) + 3);
    while (text[from] == ',') {
        to = property_end(text, from + 1);
        if (column > from && column <= to)
            break;
        from = to;
    }
    if (text[from] != ',')
        return false;
    line->text = arena_printf(page->arena, "%.*s%s", (int)from, text, text + to);
    *VEC_ADD(page->arena, &page->lines) = (struct line){0};
    memmove(&page->lines.items[number + 1], &page->lines.items[number],
            (page->lines.count - 1 - number) * sizeof(struct line));
    page->lines.items[number] = (struct line){
        arena_printf(page->arena, "      %.*s", (int)(to - from - 2), text + from + 2),
        fault, false};
    page->changed = true;
    return true;
}

static void mend_line(struct page *page, const struct import_fault *fault)
{
    struct line *line = &page->lines.items[fault->line - 1];

    if (line->fault != NULL)
        return;
    if (starts(line, "      - {") || starts(line, "    primary_key: "))
        take_out(page, fault->line - 1, fault->line, fault->message);
    else if (!take_out_program(page, fault->line - 1, fault->message))
        take_out_property(page, fault->line - 1, fault->column - 1, fault->message);
}

/* A heading under which nothing stays. */
static bool is_empty_heading(const struct page *page, size_t number)
{
    const struct line *line = &page->lines.items[number];
    size_t i, indent = indent_of(line), length = strlen(line->text);

    if ((indent != 0 && indent != 4) || length == 0 || line->text[length - 1] != ':' ||
        line->fault != NULL || line->text[indent] == '#')
        return false;
    for (i = number + 1; i < page->lines.count; i++) {
        const struct line *below = &page->lines.items[i];

        if (*below->text == '\0' || below->text[indent_of(below)] == '#' ||
            below->fault != NULL)
            continue;
        return indent_of(below) <= indent;
    }
    return true;
}

/* One line, however many the message has. */
static void add_reason(struct buf *out, size_t indent, const char *fault)
{
    buf_addf(out, "%*s# not expressed: ", (int)indent, "");
    for (; *fault != '\0'; fault++)
        buf_addc(out, (unsigned char)*fault < 0x20 ? ' ' : *fault);
    buf_addc(out, '\n');
}

static void write_lines(const struct page *page, struct buf *out)
{
    size_t i;

    for (i = 0; i < page->lines.count; i++) {
        const struct line *line = &page->lines.items[i];
        size_t indent = indent_of(line);

        if (line->fault == NULL) {
            if (!is_empty_heading(page, i))
                buf_addf(out, "%s\n", line->text);
            continue;
        }
        if (!line->told)
            add_reason(out, indent, line->fault);
        buf_addf(out, "%*s#   %s\n", (int)indent, "", line->text + indent);
    }
}

bool import_mend(struct arena *arena, const struct import_fault *faults, size_t count,
                 struct buf *yaml)
{
    struct page page = {.arena = arena};
    size_t i;

    read_lines(&page, yaml);
    for (i = count; i > 0; i--) /* from below: lines are added above */
        if (faults[i - 1].line > 0 && faults[i - 1].line <= page.lines.count)
            mend_line(&page, &faults[i - 1]);
    if (!page.changed)
        return false;
    buf_clear(yaml);
    write_lines(&page, yaml);
    return true;
}
