/*
 * template_parse.c: Mustache text to instructions, see template.h. One pass from tag to
 * tag; what is between them becomes text. It must not know the view's values: names are
 * resolved to symbols and looked up when they are rendered.
 */
#include "template_internal.h"

#include <string.h>

struct tag {
    char kind;                 /* one of # ^ / > ! = & or v, a plain variable */
    size_t start, end;         /* from its opening to behind its closing delimiter */
    size_t content, length;    /* what it says, without blanks around it */
    bool standalone;           /* alone on its line, which vanishes: */
    size_t line_start, behind; /* from here to here */
};

struct parser {
    struct templates *templates;
    struct template *template;
    const char *text;
    size_t begin, length; /* it begins behind a byte order mark */
    size_t at;            /* where the next tag is searched */
    size_t from;          /* where the text before it starts */
    const char *open, *close;
    size_t open_length, close_length;
    VEC(struct instruction) code;
    VEC(struct place) places;
    size_t sections[TEMPLATE_NESTING]; /* the instructions that opened them */
    size_t depth;
};

static struct diag *complain(struct parser *parser, int code, size_t offset,
                             size_t length, const char *message, const char *name)
{
    struct span span = span_at(parser->template->source, offset, length);

    parser->template->broken = true;
    return diag_error(parser->templates->diags, code, span, message, name);
}

static char *tag_text(struct parser *parser, const struct tag *tag)
{
    return arena_strndup(parser->templates->arena, parser->text + tag->content,
                         tag->length);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_space(char c)
{
    return is_blank(c) || c == '\n' || c == '\r';
}

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_';
}

static bool is_at(const struct parser *parser, size_t at, const char *what, size_t length)
{
    return parser->length - at >= length && memcmp(parser->text + at, what, length) == 0;
}

/* The offset of `what` from `at` on, or the text's length. */
static size_t find_text(const struct parser *parser, size_t at, const char *what,
                        size_t length)
{
    while (at < parser->length) {
        const char *first = memchr(parser->text + at, what[0], parser->length - at);

        if (first == NULL)
            break;
        at = (size_t)(first - parser->text);
        if (is_at(parser, at, what, length))
            return at;
        at++;
    }
    return parser->length;
}

static struct instruction *add(struct parser *parser, enum op op, size_t offset,
                               size_t length)
{
    struct arena *arena = parser->templates->arena;
    struct instruction *instruction = VEC_ADD(arena, &parser->code);

    *VEC_ADD(arena, &parser->places) = (struct place){offset, length};
    instruction->op = (uint8_t)op;
    return instruction;
}

static bool starts_line(const struct parser *parser, size_t offset)
{
    return offset == parser->begin || parser->text[offset - 1] == '\n';
}

static void add_text(struct parser *parser, size_t from, size_t to)
{
    struct instruction *instruction;

    if (from >= to)
        return;
    instruction = add(parser, OP_TEXT, from, to - from);
    instruction->line_start = starts_line(parser, from);
    instruction->text = parser->text + from;
    instruction->length = to - from;
}

/* --- tags ------------------------------------------------------------------------------
 */

/* The offset of the closing delimiter, with `before` in front of it if that isn't 0. */
static size_t find_close(const struct parser *parser, size_t at, char before)
{
    for (;; at++) {
        at = find_text(parser, at, parser->close, parser->close_length);
        if (before == 0 || at >= parser->length || parser->text[at - 1] == before)
            return at;
    }
}

static void trim(const struct parser *parser, struct tag *tag)
{
    while (tag->length > 0 && is_space(parser->text[tag->content])) {
        tag->content++;
        tag->length--;
    }
    while (tag->length > 0 && is_space(parser->text[tag->content + tag->length - 1]))
        tag->length--;
}

/* Standalone: nothing but blanks around it on its line (or lines, for a long comment). */
static void find_line(const struct parser *parser, struct tag *tag)
{
    size_t start = tag->start, end = tag->end;

    if (tag->kind == 'v' || tag->kind == '&')
        return;
    while (start > parser->begin && is_blank(parser->text[start - 1]))
        start--;
    while (end < parser->length && is_blank(parser->text[end]))
        end++;
    tag->line_start = start;
    if (!starts_line(parser, start))
        return;
    if (end == parser->length)
        tag->behind = end;
    else if (parser->text[end] == '\n')
        tag->behind = end + 1;
    else if (is_at(parser, end, "\r\n", 2))
        tag->behind = end + 2;
    else
        return;
    tag->standalone = true;
}

/* Reads the tag that opens at `start`; false where it doesn't end. */
static bool read_tag(struct parser *parser, size_t start, struct tag *tag)
{
    size_t inner = start + parser->open_length, close;
    char kind = inner < parser->length ? parser->text[inner] : '\0';
    char before = kind == '{' ? '}' : kind == '=' ? '=' : '\0';

    *tag = (struct tag){.kind = 'v', .start = start};
    if (kind != '\0' && strchr("#^/>!=&{", kind) != NULL) {
        tag->kind = kind == '{' ? 'v' : kind;
        inner++;
    }
    close = find_close(parser, before == 0 ? inner : inner + 1, before);
    if (close >= parser->length) {
        diag_hint(complain(parser, TAG_UNCLOSED, start, parser->open_length,
                           "this tag is not closed%s", ""),
                  "`%s%.*s` is missing",
                  kind == '{'   ? "}"
                  : kind == '=' ? "="
                                : "",
                  (int)parser->close_length, parser->close);
        return false;
    }
    tag->content = inner;
    tag->length = close - inner - (before != 0 ? 1 : 0);
    tag->end = close + parser->close_length;
    trim(parser, tag);
    find_line(parser, tag);
    return true;
}

/* --- names -----------------------------------------------------------------------------
 */

/* The parts of a name as text; 0 where it isn't one. */
static size_t count_parts(const char *text)
{
    size_t count = 1;

    for (;; text++, count++) {
        if (!is_name_char(*text) || (*text >= '0' && *text <= '9'))
            return 0;
        while (is_name_char(*text))
            text++;
        if (*text != '.')
            return *text == '\0' ? count : 0;
    }
}

static void split_name(struct arena *arena, struct name *name, size_t count)
{
    const char *at = name->text;
    size_t i;

    name->parts = ARENA_ARRAY(arena, struct name_part, count);
    name->count = count;
    for (i = 0; i < count; i++) {
        size_t length = strcspn(at, ".");

        name->parts[i].text = arena_strndup(arena, at, length);
        name->parts[i].symbol = value_symbol_find(name->parts[i].text);
        at += length + 1;
    }
}

static bool require_content(struct parser *parser, const struct tag *tag)
{
    if (tag->length == 0)
        complain(parser, TAG_EMPTY, tag->start, tag->end - tag->start, "an empty tag%s",
                 "");
    return tag->length > 0;
}

static struct name *read_name(struct parser *parser, const struct tag *tag)
{
    struct name *name = ARENA_NEW(parser->templates->arena, struct name);
    size_t count;

    if (!require_content(parser, tag))
        return NULL;
    name->text = tag_text(parser, tag);
    if (strcmp(name->text, ".") == 0 && tag->length == 1)
        return name;
    count = count_parts(name->text);
    if (count == 0 || strlen(name->text) != tag->length) {
        diag_hint(complain(parser, TAG_BAD_NAME, tag->content, tag->length,
                           "`%s` is not a name", name->text),
                  "names are letters, digits and `_`, joined by dots");
        return NULL;
    }
    split_name(parser->templates->arena, name, count);
    return name;
}

static bool is_partial_name(const char *name, size_t length)
{
    size_t i;

    for (i = 0; i < length; i++)
        if (!is_name_char(name[i]) && (i == 0 || (name[i] != '.' && name[i] != '-')))
            return false;
    return true;
}

/* --- what tags mean --------------------------------------------------------------------
 */

static void add_named(struct parser *parser, enum op op, const struct tag *tag)
{
    struct name *name = read_name(parser, tag);

    if (name != NULL)
        add(parser, op, tag->content, tag->length)->name = name;
}

static void open_section(struct parser *parser, enum op op, const struct tag *tag)
{
    size_t before = parser->code.count;

    if (parser->depth == TEMPLATE_NESTING) {
        complain(parser, SECTION_TOO_DEEP, tag->start, tag->end - tag->start,
                 "sections nest too deep%s", "");
        parser->at = parser->length; /* or each one inside would be reported */
        parser->depth = 0;
        return;
    }
    add_named(parser, op, tag);
    if (parser->code.count ==
        before) /* a bad name: keep the pair, to see what it closes */
        add(parser, op, tag->content, tag->length)->name =
            ARENA_NEW(parser->templates->arena, struct name);
    parser->sections[parser->depth++] = before;
}

static struct instruction *top_section(struct parser *parser)
{
    return &parser->code.items[parser->sections[parser->depth - 1]];
}

static bool names_section(const struct parser *parser, const struct tag *tag,
                          size_t instruction)
{
    struct place place = parser->places.items[instruction];

    return place.length == tag->length &&
           memcmp(parser->text + place.offset, parser->text + tag->content,
                  tag->length) == 0;
}

static bool is_open(const struct parser *parser, const struct tag *tag)
{
    size_t i;

    for (i = 0; i < parser->depth; i++)
        if (names_section(parser, tag, parser->sections[i]))
            return true;
    return false;
}

static void cross_section(struct parser *parser, const struct tag *tag)
{
    struct place place = parser->places.items[parser->sections[parser->depth - 1]];
    struct diag *diag =
        complain(parser, SECTION_CROSSED, tag->content, tag->length,
                 "section `%s` ends while another one is open", tag_text(parser, tag));

    diag_note(diag, span_at(parser->template->source, place.offset, place.length),
              "this one is to be closed first");
    while (!names_section(parser, tag, parser->sections[parser->depth - 1]))
        parser->depth--;
}

static void close_section(struct parser *parser, const struct tag *tag)
{
    size_t opened;

    if (!require_content(parser, tag))
        return;
    if (!is_open(parser, tag)) {
        struct diag *diag =
            complain(parser, SECTION_STRAY_CLOSE, tag->content, tag->length,
                     "no section `%s` is open here", tag_text(parser, tag));

        if (parser->depth > 0 && top_section(parser)->name->text != NULL)
            diag_hint(diag, "the open one is `%s`", top_section(parser)->name->text);
        return;
    }
    if (!names_section(parser, tag, parser->sections[parser->depth - 1]))
        cross_section(parser, tag);
    opened = parser->sections[--parser->depth];
    if (parser->code.items[opened].op == OP_SECTION)
        add(parser, OP_CLOSE, tag->content, tag->length)->jump = (uint32_t)opened + 1;
    parser->code.items[opened].jump = (uint32_t)parser->code.count;
}

static struct template *named(struct templates *templates, const char *name);

static void add_partial(struct parser *parser, const struct tag *tag)
{
    struct arena *arena = parser->templates->arena;
    struct call *call = ARENA_NEW(arena, struct call);
    char *name;

    if (!require_content(parser, tag))
        return;
    name = tag_text(parser, tag);
    if (!is_partial_name(name, tag->length)) {
        complain(parser, TAG_BAD_NAME, tag->content, tag->length,
                 "`%s` is not the name of a partial", name);
        return;
    }
    call->partial = named(parser->templates, name);
    if (call->partial->source == NULL) {
        complain(parser, PARTIAL_UNKNOWN, tag->content, tag->length, "no partial `%s`",
                 name);
        return;
    }
    if (tag->standalone) {
        call->indent = parser->text + tag->line_start;
        call->indent_length = tag->start - tag->line_start;
    }
    add(parser, OP_PARTIAL, tag->content, tag->length)->call = call;
    *VEC_ADD(arena, &parser->template->partials) = call->partial;
}

/* {{=<% %>=}}: two words without blanks or `=`. */
static void set_delimiters(struct parser *parser, const struct tag *tag)
{
    const char *at = parser->text + tag->content, *end = at + tag->length, *close;
    const char *space = at;

    while (space < end && !is_space(*space))
        space++;
    close = space;
    while (close < end && is_space(*close))
        close++;
    parser->open_length = (size_t)(space - at);
    parser->close_length = (size_t)(end - close);
    if (close == end || memchr(at, '=', tag->length) != NULL ||
        memchr(close, ' ', parser->close_length) != NULL ||
        memchr(close, '\t', parser->close_length) != NULL ||
        memchr(close, '\n', parser->close_length) != NULL ||
        memchr(close, '\r', parser->close_length) != NULL) {
        diag_hint(complain(parser, TAG_BAD_DELIMITERS, tag->start, tag->end - tag->start,
                           "these are not two delimiters%s", ""),
                  "as in `{{=<%% %%>=}}`: two words without `=`");
        parser->at = parser->length; /* nothing behind it can be understood */
        parser->depth = 0;
        return;
    }
    parser->open = at;
    parser->close = close;
}

static void add_tag(struct parser *parser, const struct tag *tag)
{
    switch (tag->kind) {
    case '#': open_section(parser, OP_SECTION, tag); break;
    case '^': open_section(parser, OP_INVERTED, tag); break;
    case '/': close_section(parser, tag); break;
    case '>': add_partial(parser, tag); break;
    case '=': set_delimiters(parser, tag); break;
    case '!': break;
    default: add_named(parser, OP_VARIABLE, tag); break;
    }
}

/* --- templates -------------------------------------------------------------------------
 */

static void report_open(struct parser *parser)
{
    while (parser->depth > 0) {
        struct place place = parser->places.items[parser->sections[--parser->depth]];
        struct tag tag = {.content = place.offset, .length = place.length};

        complain(parser, SECTION_UNCLOSED, place.offset, place.length,
                 "section `%s` is not closed", tag_text(parser, &tag));
    }
}

static void parse_text(struct parser *parser)
{
    struct tag tag;

    for (;;) {
        size_t start = find_text(parser, parser->at, parser->open, parser->open_length);

        if (start >= parser->length || !read_tag(parser, start, &tag))
            break;
        add_text(parser, parser->from, tag.standalone ? tag.line_start : start);
        if (!tag.standalone && starts_line(parser, start))
            add(parser, OP_INDENT, start, 0);
        parser->at = parser->from = tag.standalone ? tag.behind : tag.end;
        add_tag(parser, &tag);
    }
    if (!parser->template->broken)
        add_text(parser, parser->from, parser->length);
    report_open(parser);
    add(parser, OP_END, parser->length, 0);
}

/* Text that starts with a byte order mark is read from behind it. */
static void parse_one(struct templates *templates, struct template *template)
{
    const struct source *source = template->source;
    size_t mark =
        source->length >= 3 && memcmp(source->text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    struct parser parser = {.templates = templates,
                            .template = template,
                            .text = source->text,
                            .begin = mark,
                            .length = source->length,
                            .at = mark,
                            .from = mark,
                            .open = "{{",
                            .close = "}}",
                            .open_length = 2,
                            .close_length = 2};

    template->parsed = true;
    parse_text(&parser);
    template->code = parser.code.items;
    template->places = parser.places.items;
    template->count = parser.code.count;
}

struct templates *templates_new(struct arena *arena, struct diags *diags,
                                template_find *find, void *context)
{
    struct templates *templates = ARENA_NEW(arena, struct templates);

    templates->arena = arena;
    templates->diags = diags;
    templates->find = find;
    templates->context = context;
    templates->steps = TEMPLATE_STEPS;
    return templates;
}

void templates_limit(struct templates *templates, size_t steps)
{
    templates->steps = steps;
}

/* The template of that name, asked for if it is new; without a source if there is none.
 */
static struct template *named(struct templates *templates, const char *name)
{
    struct template *template = map_get(&templates->by_name, name);

    if (template != NULL)
        return template;
    template = ARENA_NEW(templates->arena, struct template);
    template->name = arena_strdup(templates->arena, name);
    template->source = templates->find(templates->context, template->name);
    template->parsed = template->broken = template->source == NULL;
    map_put(templates->arena, &templates->by_name, template->name, template);
    *VEC_ADD(templates->arena, &templates->all) = template;
    return template;
}

/*
 * True if neither the template nor what it uses has errors. Visits each template once, and
 * adds up how large they are.
 */
static bool is_whole(struct templates *templates, struct template *first)
{
    VEC(struct template *) queue = {0};
    bool whole = true;
    size_t i, k;

    templates->walks++;
    first->visited = templates->walks;
    first->size = 0;
    *VEC_ADD(templates->arena, &queue) = first;
    for (i = 0; i < queue.count; i++) {
        struct template *template = queue.items[i];

        whole = whole && !template->broken;
        first->size += template->count;
        for (k = 0; k < template->partials.count; k++) {
            struct template *partial = template->partials.items[k];

            if (partial->visited != templates->walks)
                *VEC_ADD(templates->arena, &queue) = partial;
            partial->visited = templates->walks;
        }
    }
    return whole;
}

struct template *template_parse(struct templates *templates, const char *name)
{
    struct template *first = named(templates, name);
    size_t i;

    if (first->source == NULL) {
        diag_error(templates->diags, TEMPLATE_UNKNOWN, (struct span){0},
                   "no template `%s`", name);
        return NULL;
    }
    for (i = 0; i < templates->all.count; i++) /* partials are added at the end */
        if (!templates->all.items[i]->parsed)
            parse_one(templates, templates->all.items[i]);
    return is_whole(templates, first) ? first : NULL;
}

size_t template_size(const struct template *template)
{
    return template->size;
}

const char *templates_unused(const struct templates *templates, const char *const *names,
                             size_t count)
{
    size_t i;

    for (i = 0; i < count; i++)
        if (map_get(&templates->by_name, names[i]) == NULL)
            return names[i];
    return NULL;
}
