/*
 * template_internal.h: what the parser of templates hands to the renderer: a flat array
 * of instructions, in which sections are jumps. Only template_parse.c and
 * template_render.c include it.
 */
#ifndef TEMPLATE_INTERNAL_H
#define TEMPLATE_INTERNAL_H

#include "template.h"

#include "../base/map.h"

#include <stdint.h>

/* The diagnostics of templates, see docs/diagnostics.md. */
enum {
    TAG_UNCLOSED = 600,
    TAG_EMPTY,
    TAG_BAD_NAME,
    TAG_BAD_DELIMITERS,
    SECTION_UNCLOSED,
    SECTION_CROSSED,
    SECTION_STRAY_CLOSE,
    SECTION_TOO_DEEP,
    PARTIAL_UNKNOWN,
    TEMPLATE_UNKNOWN,
    NAME_UNKNOWN = 620,
    NAME_NOT_TEXT,
    NAME_NO_FIELDS,
    PARTIAL_TOO_DEEP,
    RENDER_TOO_LONG
};

enum op {
    OP_TEXT,     /* text, length; line_start: its first byte starts a line */
    OP_INDENT,   /* a line starts here with what is no text */
    OP_VARIABLE, /* name */
    OP_SECTION,  /* name; jump: behind its OP_CLOSE */
    OP_INVERTED, /* name; jump: behind it */
    OP_CLOSE,    /* of a section; jump: the first instruction inside */
    OP_PARTIAL,  /* call */
    OP_END
};

/*
 * A part of a dotted name. `symbol` 0: no shape had such a field when it was looked up.
 * Renderings that run at once may set it, all to the same number.
 */
struct name_part {
    const char *text;
    _Atomic unsigned symbol;
};

/* A name: `.` has no parts. */
struct name {
    const char *text;
    struct name_part *parts;
    size_t count;
};

/* A partial and the blanks before it, where it stands alone on its line. */
struct call {
    struct template *partial;
    const char *indent;
    size_t indent_length;
};

struct instruction {
    uint8_t op;
    bool line_start; /* OP_TEXT */
    uint32_t jump;
    union {
        const char *text;
        struct name *name;
        struct call *call;
    };
    size_t length; /* OP_TEXT */
};

/* Where an instruction stands in the source, for messages. */
struct place {
    size_t offset, length;
};

struct template
{
    const char *name;
    const struct source *source;
    struct instruction *code;
    struct place *places; /* of each instruction */
    size_t count;
    VEC(struct template *) partials;
    bool parsed, broken;
    unsigned visited; /* the last walk of partials that came here */
    size_t size;      /* template_size() of what template_parse() returned */
};

struct templates {
    struct arena *arena;
    struct diags *diags;
    template_find *find;
    void *context;
    struct map by_name;
    VEC(struct template *) all; /* in the order in which they were named */
    unsigned walks;
    size_t steps;
    struct renderer *renderer; /* made by the first rendering */
};

#endif
