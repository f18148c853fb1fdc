/*
 * marks.c: see marks.h. A mark's index counts characters from behind the byte order mark;
 * the walk from the last mark to the next makes all conversions together linear.
 */
#include "marks.h"

#include "bytes.h"

void marks_init(struct marks *marks, const struct source *source, bool ascii)
{
    size_t first = bytes_mark(source);

    *marks = (struct marks){.source = source,
                            .ascii = ascii,
                            .first = first,
                            .character = 0,
                            .offset = first};
}

static bool continues(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

size_t marks_offset(struct marks *marks, yaml_mark_t mark)
{
    const char *text = marks->source->text;
    size_t end = marks->source->length;

    if (marks->ascii)
        return mark.index < end - marks->first ? marks->first + mark.index : end;
    while (marks->character < mark.index && marks->offset < end) {
        for (marks->offset++; marks->offset < end && continues(text[marks->offset]);)
            marks->offset++;
        marks->character++;
    }
    while (marks->character > mark.index) {
        for (marks->offset--; continues(text[marks->offset]);)
            marks->offset--;
        marks->character--;
    }
    return marks->offset;
}

/* A mark's line is ours too, because bytes_check() let no other line ends pass. */
static bool is_on_line(const struct source *source, size_t offset, size_t line)
{
    return line < source->line_count && source->lines[line] <= offset &&
           (line + 1 == source->line_count || offset < source->lines[line + 1]);
}

struct span marks_span(struct marks *marks, yaml_mark_t begin, yaml_mark_t end)
{
    const struct source *source = marks->source;
    size_t from = marks_offset(marks, begin), to = marks_offset(marks, end), left;
    struct span span = {.at = {.source = source}};

    if (!is_on_line(source, from, begin.line))
        return span_at(source, from, to > from ? to - from : 0);
    span.at.line = (unsigned)begin.line + 1;
    span.at.column = (unsigned)(from - source->lines[begin.line]) + 1;
    if (end.line != begin.line) {
        source_line(source, span.at.line, &left);
        left = left >= span.at.column ? left - span.at.column + 1 : 0;
        to = to > from + left ? from + left : to;
    }
    span.length = to > from ? (unsigned)(to - from) : 0;
    return span;
}
