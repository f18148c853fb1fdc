/*
 * template_render.c: runs the instructions of a template on a view, see template.h.
 * Sections and partials are frames on a stack of its own, so the depth of a view or
 * template never becomes depth of C calls, and a tag costs some ten nanoseconds.
 */
#include "template_internal.h"

#include "../base/names.h"

#include <stdatomic.h>
#include <string.h>

enum {
    OUTPUT_SIZE = 64 * 1024,
    /* Each partial is a frame and holds at most TEMPLATE_NESTING sections. */
    FRAME_LIMIT = (TEMPLATE_DEPTH + 1) * (TEMPLATE_NESTING + 1),
    NOTES_LIMIT = 3 /* how many "used here" an error shows */
};

/* A section, or a partial: then `template` is where it was called. */
struct frame {
    const struct instruction *entry;
    const struct template *template;
    const struct value *dot;                /* of before */
    const struct value *first, *item, *end; /* of a list */
    size_t contexts, indent_from;           /* of before */
    bool entered;                           /* `dot` is another one inside */
};

struct renderer {
    struct templates *templates;
    struct sink *sink;
    const struct template *template;
    const struct instruction *at;
    const struct value *dot;
    const struct object *contexts[FRAME_LIMIT + 1];
    size_t context_count;
    struct frame frames[FRAME_LIMIT];
    size_t frame_count, partials, steps;
    struct buf indents; /* those of all partials; from indent_from on they apply */
    size_t indent_from;
    bool failed;
    size_t used; /* of output */
    char output[OUTPUT_SIZE];
};

/* --- output ----------------------------------------------------------------------------
 */

static void write_out(struct renderer *r, const char *text, size_t length)
{
    if (length > 0 && !r->failed && !r->sink->write(r->sink, text, length))
        r->failed = true;
}

static void flush(struct renderer *r)
{
    write_out(r, r->output, r->used);
    r->used = 0;
}

static inline void emit(struct renderer *r, const char *text, size_t length)
{
    if (length > OUTPUT_SIZE - r->used) {
        flush(r);
        if (length > OUTPUT_SIZE) {
            write_out(r, text, length);
            return;
        }
    }
    memcpy(r->output + r->used, text, length);
    r->used += length;
}

static void emit_indent(struct renderer *r)
{
    emit(r, r->indents.data + r->indent_from, r->indents.length - r->indent_from);
}

static bool is_empty_line(const char *text, size_t length)
{
    return text[0] == '\n' || (length > 1 && text[0] == '\r' && text[1] == '\n');
}

static void emit_lines(struct renderer *r, const char *text, size_t length,
                       bool line_start)
{
    while (length > 0) {
        const char *end = memchr(text, '\n', length);
        size_t line = end == NULL ? length : (size_t)(end - text) + 1;

        if (line_start && !is_empty_line(text, length))
            emit_indent(r);
        emit(r, text, line);
        text += line;
        length -= line;
        line_start = true;
    }
}

static inline void emit_text(struct renderer *r, const struct instruction *at)
{
    if (r->indent_from == r->indents.length)
        emit(r, at->text, at->length);
    else
        emit_lines(r, at->text, at->length, at->line_start);
}

/* --- errors ----------------------------------------------------------------------------
 */

static struct span place_of(const struct template *template,
                            const struct instruction *instruction)
{
    struct place place = template->places[instruction - template->code];

    return span_at(template->source, place.offset, place.length);
}

/* Where in the view we are: "tables[3].columns[0]". */
static const char *path_of(struct renderer *r)
{
    struct buf path;
    const char *text;
    size_t i;

    buf_init(&path);
    for (i = 0; i < r->frame_count; i++) {
        const struct frame *frame = &r->frames[i];
        const char *name = frame->entered ? frame->entry->name->text : "";

        if (!frame->entered)
            continue;
        if (strcmp(name, ".") != 0)
            buf_addf(&path, "%s%s", path.length > 0 ? "." : "", name);
        if (frame->first != NULL)
            buf_addf(&path, "[%zu]", (size_t)(frame->item - frame->first));
    }
    text = path.length == 0 ? "the view"
                            : arena_printf(r->templates->arena, "`%s`", path.data);
    buf_release(&path);
    return text;
}

static struct diag *complain(struct renderer *r, int code, const char *message,
                             const char *name, const char *what)
{
    struct diag *diag =
        diag_error(r->templates->diags, code, place_of(r->template, r->at), message, name,
                   what, path_of(r));
    size_t i, notes = 0;

    for (i = r->frame_count; i > 0 && notes < NOTES_LIMIT; i--) {
        const struct frame *frame = &r->frames[i - 1];

        if (frame->template != NULL && ++notes > 0)
            diag_note(diag, place_of(frame->template, frame->entry), "used here");
    }
    r->failed = true;
    return diag;
}

static void suggest_fields(struct suggestion *suggestion, const struct object *object)
{
    size_t i;

    for (; object != NULL; object = object->base)
        for (i = 0; object->shape->names[i] != NULL; i++)
            suggest_try(suggestion, object->shape->names[i]);
}

static void hint(struct diag *diag, const struct suggestion *suggestion)
{
    if (suggestion->best != NULL)
        diag_hint(diag, "did you mean `%s`?", suggestion->best);
}

static void unknown_name(struct renderer *r, const char *name)
{
    struct suggestion suggestion;
    size_t i;

    suggest_init(&suggestion, name);
    for (i = r->context_count; i > 0; i--)
        suggest_fields(&suggestion, r->contexts[i - 1]);
    hint(complain(r, NAME_UNKNOWN, "nothing is called `%s`%s in %s or around it", name,
                  ""),
         &suggestion);
}

static void unknown_field(struct renderer *r, const char *name, const char *part,
                          const struct object *object)
{
    struct suggestion suggestion;

    suggest_init(&suggestion, part);
    suggest_fields(&suggestion, object);
    hint(complain(r, NAME_UNKNOWN, "in `%s` there is no field `%s` (in %s)", name, part),
         &suggestion);
}

/* --- lookup ----------------------------------------------------------------------------
 */

static const struct value absent = {.kind = VALUE_ABSENT};

static inline const struct value *search(const struct renderer *r, unsigned symbol)
{
    size_t i;

    for (i = r->context_count; i > 0; i--) {
        const struct value *value = value_field(r->contexts[i - 1], symbol);

        if (value != NULL)
            return value;
    }
    return NULL;
}

static inline unsigned symbol_of(const struct name_part *part)
{
    return atomic_load_explicit(&part->symbol, memory_order_relaxed);
}

/* After a search, which has made all shapes in reach ready: now the name has a symbol or
 * never. */
static unsigned find_symbol(struct name_part *part)
{
    unsigned symbol = symbol_of(part);

    if (symbol == 0)
        symbol = value_symbol_find(part->text);
    atomic_store_explicit(&part->symbol, symbol, memory_order_relaxed);
    return symbol;
}

static const struct value *search_again(struct renderer *r, struct name_part *part)
{
    unsigned symbol = find_symbol(part);

    return symbol == 0 ? NULL : search(r, symbol);
}

static const struct value *field_of(struct renderer *r, const struct name *name,
                                    struct name_part *part, const struct value *value)
{
    const struct value *field;

    if (value->kind == VALUE_ABSENT)
        return value;
    if (value->kind != VALUE_OBJECT) {
        complain(r, NAME_NO_FIELDS,
                 "what is before `.%s` is %s and has no fields (in %s)", part->text,
                 value_kind_name(value));
        return NULL;
    }
    field = value_field(value->object, symbol_of(part));
    if (field == NULL && symbol_of(part) == 0)
        field = value_field(value->object, find_symbol(part));
    if (field == NULL)
        unknown_field(r, name->text, part->text, value->object);
    return field;
}

/* The value of a name, absent after an error. */
static inline const struct value *look_up(struct renderer *r, struct name *name)
{
    const struct value *value;
    size_t i;

    if (name->count == 0)
        return r->dot;
    value = search(r, symbol_of(&name->parts[0]));
    if (value == NULL)
        value = search_again(r, &name->parts[0]);
    if (value == NULL)
        unknown_name(r, name->parts[0].text);
    for (i = 1; i < name->count && value != NULL; i++)
        value = field_of(r, name, &name->parts[i], value);
    return value == NULL ? &absent : value;
}

/* --- tags ------------------------------------------------------------------------------
 */

static inline void variable(struct renderer *r)
{
    const struct value *value = look_up(r, r->at->name);

    switch (value->kind) {
    case VALUE_ABSENT: break;
    case VALUE_TEXT: emit(r, value->text, value->length); break;
    case VALUE_FLAG: emit(r, value->flag ? "true" : "false", value->flag ? 4 : 5); break;
    case VALUE_LIST:
    case VALUE_OBJECT:
        complain(r, NAME_NOT_TEXT, "`%s` is %s, not text (in %s)", r->at->name->text,
                 value_kind_name(value));
        break;
    }
}

static void step(struct renderer *r)
{
    if (r->steps++ < r->templates->steps)
        return;
    complain(r, RENDER_TOO_LONG,
             "this takes too long%s%s: sections in sections without end", "", "");
}

static inline void enter(struct renderer *r, const struct value *value)
{
    r->dot = value;
    if (value->kind == VALUE_OBJECT)
        r->contexts[r->context_count++] = value->object;
    step(r);
}

static struct frame *push(struct renderer *r)
{
    struct frame *frame = &r->frames[r->frame_count++];

    frame->entry = r->at;
    frame->template = NULL;
    frame->dot = r->dot;
    frame->first = frame->item = frame->end = NULL;
    frame->contexts = r->context_count;
    frame->indent_from = r->indent_from;
    frame->entered = false;
    return frame;
}

/* Goes to the first instruction inside, or behind the section. */
static const struct instruction *section(struct renderer *r)
{
    const struct value *value = look_up(r, r->at->name);
    struct frame *frame;

    if (!value_is_true(value))
        return r->template->code + r->at->jump;
    frame = push(r);
    if (value->kind == VALUE_LIST) {
        frame->first = frame->item = value->list->items;
        frame->end = frame->item + value->list->count;
        value = frame->item;
    } else if (value->kind == VALUE_FLAG) {
        step(r);
        return r->at + 1;
    }
    frame->entered = true;
    enter(r, value);
    return r->at + 1;
}

static const struct instruction *close_section(struct renderer *r)
{
    struct frame *frame = &r->frames[r->frame_count - 1];

    r->context_count = frame->contexts;
    if (frame->item != frame->end && ++frame->item != frame->end) {
        enter(r, frame->item);
        return r->template->code + r->at->jump;
    }
    r->dot = frame->dot;
    r->frame_count--;
    return r->at + 1;
}

/* Inside a partial that is not alone on its line, lines are not indented. */
static const struct instruction *call_partial(struct renderer *r)
{
    const struct call *call = r->at->call;
    struct frame *frame;

    if (r->partials == TEMPLATE_DEPTH) {
        complain(r, PARTIAL_TOO_DEEP,
                 "partial `%s` is used inside itself too deep%s (in %s)",
                 call->partial->name, "");
        return r->at;
    }
    step(r);
    frame = push(r);
    frame->template = r->template;
    if (call->indent == NULL)
        r->indent_from = r->indents.length;
    else
        buf_add(&r->indents, call->indent, call->indent_length);
    r->partials++;
    r->template = call->partial;
    return call->partial->code;
}

/* Back to behind the partial's tag; NULL at the end of all. */
static const struct instruction *end_template(struct renderer *r)
{
    const struct frame *frame;
    const struct call *call;

    if (r->frame_count == 0)
        return NULL;
    frame = &r->frames[--r->frame_count];
    call = frame->entry->call;
    if (call->indent_length > 0) {
        r->indents.length -= call->indent_length;
        r->indents.data[r->indents.length] = '\0';
    }
    r->indent_from = frame->indent_from;
    r->template = frame->template;
    r->partials--;
    return frame->entry + 1;
}

static void run(struct renderer *r)
{
    while (!r->failed && r->at != NULL) {
        const struct instruction *next = r->at + 1;

        switch ((enum op)r->at->op) {
        case OP_TEXT: emit_text(r, r->at); break;
        case OP_INDENT: emit_indent(r); break;
        case OP_VARIABLE: variable(r); break;
        case OP_SECTION: next = section(r); break;
        case OP_INVERTED:
            if (value_is_true(look_up(r, r->at->name)))
                next = r->template->code + r->at->jump;
            break;
        case OP_CLOSE: next = close_section(r); break;
        case OP_PARTIAL: next = call_partial(r); break;
        case OP_END: next = end_template(r); break;
        }
        r->at = next;
    }
}

struct templates *templates_share(const struct templates *templates, struct arena *arena,
                                  struct diags *diags)
{
    struct templates *shared = ARENA_NEW(arena, struct templates);

    *shared = *templates;
    shared->arena = arena;
    shared->diags = diags;
    shared->renderer = NULL;
    return shared;
}

bool template_render(struct templates *templates, const struct template *template,
                     const struct value *view, struct sink *sink)
{
    struct renderer *r = templates->renderer;

    if (r == NULL)
        r = templates->renderer = ARENA_NEW(templates->arena, struct renderer);
    r->templates = templates;
    r->sink = sink;
    r->template = template;
    r->at = template->code;
    r->dot = view;
    r->context_count = r->frame_count = r->partials = r->steps = r->used = 0;
    r->indent_from = 0;
    r->failed = false;
    if (view->kind == VALUE_OBJECT)
        r->contexts[r->context_count++] = view->object;
    buf_init(&r->indents);
    run(r);
    flush(r);
    buf_release(&r->indents);
    return !r->failed;
}

static bool buf_write(struct sink *sink, const char *text, size_t length)
{
    buf_add(((struct buf_sink *)(void *)sink)->buf, text, length);
    return true;
}

void buf_sink_init(struct buf_sink *sink, struct buf *buf)
{
    sink->sink.write = buf_write;
    sink->buf = buf;
}
