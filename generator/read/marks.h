/*
 * marks.h: libyaml's marks, which count characters, as places in the source, which count
 * bytes; and libyaml's errors as diagnostics. Only yaml.c, marks.c and syntax.c know libyaml.
 */
#ifndef MARKS_H
#define MARKS_H

#include "../base/diag.h"

#include <yaml.h>

/* Remembers the last mark converted: the next one is near. */
struct marks {
    const struct source *source;
    bool ascii;
    size_t first; /* the offset of character 0 */
    size_t character, offset;
};

void marks_init(struct marks *marks, const struct source *source, bool ascii);
size_t marks_offset(struct marks *marks, yaml_mark_t mark);

/* What is between two marks, as far as its first line goes. */
struct span marks_span(struct marks *marks, yaml_mark_t begin, yaml_mark_t end);

/* Reports why yaml_parser_parse() failed. */
void syntax_report(struct diags *diags, struct marks *marks, const yaml_parser_t *parser);

#endif
