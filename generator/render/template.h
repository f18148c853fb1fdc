/*
 * template.h: Mustache as its specification says
 * (https://mustache.github.io/mustache.5.html and the specs of mustache/spec: comments,
 * delimiters, interpolation, inverted, partials, sections), on the view, and strict: an
 * unknown name, an unclosed or crossed section, a partial that nobody defines are errors
 * at template:line:column. It knows the view's values and text, not the model, not C and
 * not files.
 *
 * Different from the specification, because the output is C and not HTML: {{x}} is not
 * escaped ({{{x}}} and {{&x}} mean the same). No lambdas. Dotted names work.
 *
 * A name that no object on the stack has is an error when it is reached; absent fields
 * (VALUE_ABSENT) are there and empty. A list or object as text is an error.
 *
 * Where the specification is silent, or we differ: names are [A-Za-z_][A-Za-z0-9_]*,
 * joined by dots, or `.` alone; names of partials are [A-Za-z0-9_][A-Za-z0-9_.-]*. A true
 * flag's section leaves `.` as it is; text, objects and items become `.`. A flag as text
 * is `true` or `false`. Indentation of a standalone partial is not put before its empty
 * lines.
 */
#ifndef TEMPLATE_H
#define TEMPLATE_H

#include "../base/buf.h"
#include "../base/diag.h"
#include "../view/value.h"

struct templates;

/* Finds the source of a template or partial by name, or NULL; asked once per name. */
typedef const struct source *template_find(void *context, const char *name);

struct templates *templates_new(struct arena *arena, struct diags *diags,
                                template_find *find, void *context);

/*
 * Parses `name` and all partials it names, once. NULL after errors in any of them, which
 * are reported (the first time). Sections nest at most TEMPLATE_NESTING deep.
 */
enum {
    TEMPLATE_NESTING = 32
};
struct template *template_parse(struct templates *templates, const char *name);

/* How many texts and tags it has with all partials that it uses: about what it costs. */
size_t template_size(const struct template *template);

/* The first of `names` that no parsed template is or uses, or NULL. */
const char *templates_unused(const struct templates *templates, const char *const *names,
                             size_t count);

/* Where a rendering goes, in pieces of many KiB but the last. */
struct sink {
    bool (*write)(struct sink *sink, const char *text, size_t length); /* false: stop */
};

/*
 * The same templates for a thread of its own: what it renders takes memory from `arena` and
 * reports to `diags`. While it is used nothing may be parsed, with none of the two.
 */
struct templates *templates_share(const struct templates *templates, struct arena *arena,
                                  struct diags *diags);

/* A sink that collects. */
struct buf_sink {
    struct sink sink;
    struct buf *buf;
};
void buf_sink_init(struct buf_sink *sink, struct buf *buf);

/*
 * Renders `view`, an object. False after an error, reported at the template's place with
 * the path of the value ("tables[3].columns[0]"), or when the sink stopped. Partial
 * recursion deeper than TEMPLATE_DEPTH is an error, and so are more than `steps`
 * sections, items and partials entered in one rendering (a template that would take
 * hours): TEMPLATE_STEPS, unless templates_limit() says another number.
 */
enum {
    TEMPLATE_DEPTH = 64,
    TEMPLATE_STEPS = 1000000000
};
void templates_limit(struct templates *templates, size_t steps);
bool template_render(struct templates *templates, const struct template *template,
                     const struct value *view, struct sink *sink);

#endif
