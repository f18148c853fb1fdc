/*
 * syntax.c: says in plain words, and at the place that needs a change, why libyaml could
 * not go on. What it says stands in libyaml's sources; a sentence not known here is
 * passed on.
 */
#include "marks.h"

#include "../base/arena.h"

#include <string.h>

enum {
    TAB = 8,
    SYNTAX = 9,
    ANCHOR = 15,
    ALIAS = 16,
    TAG = 17,
    DIRECTIVE = 18
};

enum place {
    AT_PROBLEM,
    AT_CONTEXT
};

static const struct rule {
    const char *problem; /* libyaml's words, or the beginning of them */
    enum place place;
    const char *message, *hint;
} rules[] = {
    {"could not find expected ':'", AT_CONTEXT, "expected `:` and a value after this key",
     NULL},
    {"mapping values are not allowed", AT_PROBLEM, "this `:` can't begin a value here",
     "put text that contains `: ` in quotes; a map begins on its own line"},
    {"block sequence entries are not", AT_PROBLEM, "a list can't begin here",
     "begin it on its own line, or write it as [a, b]"},
    {"mapping keys are not allowed", AT_PROBLEM, "a key can't begin here", NULL},
    {"did not find expected key", AT_PROBLEM, "expected a key of the map here",
     "keys of one map are indented alike"},
    {"did not find expected '-' indicator", AT_PROBLEM, "expected `- ` of the list here",
     "items of one list are indented alike"},
    {"did not find expected ',' or ']'", AT_PROBLEM, "expected `,` or `]` here", NULL},
    {"did not find expected ',' or '}'", AT_PROBLEM, "expected `,` or `}` here", NULL},
    {"did not find expected node content", AT_PROBLEM, "expected a value here", NULL},
    {"did not find expected <document start>", AT_PROBLEM,
     "unexpected text after the end of the document", NULL},
    {"found unexpected end of stream", AT_CONTEXT,
     "the closing quote of this text is missing", NULL},
    {"found unexpected document indicator", AT_CONTEXT,
     "the closing quote of this text is missing before `---` or `...`", NULL},
    {"found unknown escape character", AT_PROBLEM, "unknown escape in double quotes",
     "write a backslash as `\\\\`, or use single quotes"},
    {"did not find expected hexdecimal number", AT_PROBLEM,
     "expected hexadecimal digits of an escape here",
     "as in \\x41, \\u00e4, \\U0001f600"},
    {"found invalid Unicode character escape code", AT_PROBLEM,
     "this escape is not a Unicode character", NULL},
    {"found character that cannot start any token", AT_PROBLEM,
     "this character can't begin a text", "put the text in quotes"},
    {"found unexpected ':'", AT_PROBLEM, "unexpected `:` in a text",
     "put the text in quotes"},
    {"did not find expected comment or line break", AT_PROBLEM,
     "expected the end of the line here", "the text of a block begins on the next line"},
    {"found an indentation indicator equal to 0", AT_PROBLEM,
     "the indentation of a block is 1 to 9", NULL},
};

static const struct {
    const char *context, *words;
} contexts[] = {
    {"while parsing a flow sequence", "the list begins here"},
    {"while parsing a block collection", "the list begins here"},
    {"while parsing a flow mapping", "the map begins here"},
    {"while parsing a block mapping", "the map begins here"},
    {"while scanning a quoted scalar", "the text begins here"},
    {"while parsing a quoted scalar", "the text begins here"},
    {"while scanning a block scalar", "the block begins here"},
};

/* Things that the language does not have: that is said, not how they are misspelt. */
static const struct {
    const char *in_context;
    int code;
    const char *message, *hint;
} refused[] = {
    {"directive", DIRECTIVE, "directives (%) are not allowed", "remove this line"},
    {"incompatible", DIRECTIVE, "directives (%) are not allowed", "remove this line"},
    {"alias", ALIAS, "aliases (*) are not allowed",
     "put text that begins with `*` in quotes"},
    {"anchor", ANCHOR, "anchors (&) are not allowed",
     "put text that begins with `&` in quotes"},
    {"tag", TAG, "tags (!) are not allowed", "put text that begins with `!` in quotes"},
};

/* [A-Z]* is a list and then something. */
static bool follows_list(struct span span)
{
    size_t offset = pos_offset(span.at);

    return offset > 0 && span.at.source->text[offset - 1] == ']';
}

static const char quote_it[] =
    "a text that begins with `[` needs quotes: \"[A-Z]*\"; without them it is a list";

static bool report_refused(struct diags *diags, struct span span, const char *words)
{
    size_t i;

    for (i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct diag *diag;

        if (strstr(words, refused[i].in_context) == NULL)
            continue;
        diag = diag_error(diags, refused[i].code, span, "%s", refused[i].message);
        if (follows_list(span))
            diag_hint(diag, "%s", quote_it);
        else if (refused[i].hint != NULL)
            diag_hint(diag, "%s", refused[i].hint);
        return true;
    }
    return false;
}

static bool is_tab(const struct span *span, const char *problem)
{
    const struct source *source = span->at.source;
    size_t offset = pos_offset(span->at);

    if (strstr(problem, "tab character") != NULL)
        return true;
    return strstr(problem, "cannot start any token") != NULL && offset < source->length &&
           source->text[offset] == '\t';
}

static const struct rule *find_rule(const char *problem)
{
    size_t i;

    for (i = 0; i < sizeof rules / sizeof *rules; i++)
        if (strncmp(problem, rules[i].problem, strlen(rules[i].problem)) == 0)
            return &rules[i];
    return NULL;
}

static void add_context(struct diag *diag, struct span span, const char *context)
{
    size_t i;

    for (i = 0; i < sizeof contexts / sizeof *contexts; i++)
        if (strcmp(context, contexts[i].context) == 0)
            diag_note(diag, span, "%s", contexts[i].words);
}

void syntax_report(struct diags *diags, struct marks *marks, const yaml_parser_t *parser)
{
    const char *problem = parser->problem != NULL ? parser->problem : "unknown error";
    const char *context = parser->context != NULL ? parser->context : "";
    struct span at = span_at(marks->source, marks_offset(marks, parser->problem_mark), 1);
    struct span begin =
        span_at(marks->source, marks_offset(marks, parser->context_mark), 1);
    const struct rule *rule = find_rule(problem);
    struct diag *diag;

    if (parser->error == YAML_MEMORY_ERROR)
        out_of_memory();
    if (is_tab(&at, problem)) {
        diag_hint(diag_error(diags, TAB, at, "a tab where only spaces can stand"),
                  "indent with spaces");
        return;
    }
    if (rule == NULL && *context != '\0' && report_refused(diags, begin, context))
        return;
    if (rule == NULL && report_refused(diags, at, problem))
        return;
    if (rule == NULL) {
        diag_error(diags, SYNTAX, at, "bad YAML: %s", problem);
        return;
    }
    diag = diag_error(diags, SYNTAX, rule->place == AT_CONTEXT ? begin : at, "%s",
                      rule->message);
    if (follows_list(at))
        diag_hint(diag, "%s", quote_it);
    else if (rule->hint != NULL)
        diag_hint(diag, "%s", rule->hint);
    if (rule->place == AT_PROBLEM)
        add_context(diag, begin, context);
}
