/*
 * functions.c: the table of functions.h, by SQLite 3.40's documentation and source; those of
 * later versions too, where they are harmless. Sorted by name for people only.
 */
#include "functions.h"

#include "../base/names.h"
#include "catalog.h"
#include "token.h"

enum {
    I = CLASS_INTEGER,
    R = CLASS_REAL,
    T = CLASS_TEXT,
    B = CLASS_BLOB,
    N = CLASS_NUMBER,
    ANY = CLASS_ANY
};

#define SCALAR(name, least, most, null, classes, hints)                                  \
    {                                                                                    \
        name, least, most, FUNCTION_SCALAR, null, RESULT_FIXED, classes, hints, false,   \
            false                                                                        \
    }
#define UNBOUNDED(name, least, most, null, classes, hints)                               \
    {                                                                                    \
        name, least, most, FUNCTION_SCALAR, null, RESULT_FIXED, classes, hints, false,   \
            true                                                                         \
    }
#define VARYING(name, least, most, null, classes, hints)                                 \
    {                                                                                    \
        name, least, most, FUNCTION_SCALAR, null, RESULT_FIXED, classes, hints, true,    \
            false                                                                        \
    }
#define DERIVED(name, least, most, null, result, classes, hints)                         \
    {                                                                                    \
        name, least, most, FUNCTION_SCALAR, null, result, classes, hints, false, false   \
    }
#define AGGREGATE(name, least, most, null, result, classes, hints)                       \
    {                                                                                    \
        name, least, most, FUNCTION_AGGREGATE, null, result, classes, hints, false,      \
            false                                                                        \
    }
#define JOINING(name, least, most, null, result, classes, hints)                         \
    {                                                                                    \
        name, least, most, FUNCTION_AGGREGATE, null, result, classes, hints, false, true \
    }
#define WINDOW(name, least, most, null, result, classes, hints)                          \
    {                                                                                    \
        name, least, most, FUNCTION_WINDOW, null, result, classes, hints, false, false   \
    }

static const struct function functions[] = {
    SCALAR("->", 2, 2, NULL_ALWAYS, T, "t*"),
    UNBOUNDED("->>", 2, 2, NULL_ALWAYS, I | R | T, "t*"),
    DERIVED("abs", 1, 1, NULL_ANY, RESULT_NUMBER, R, "n"),
    SCALAR("acos", 1, 1, NULL_ALWAYS, R, "r"),
    SCALAR("acosh", 1, 1, NULL_ALWAYS, R, "r"),
    SCALAR("asin", 1, 1, NULL_ALWAYS, R, "r"),
    SCALAR("asinh", 1, 1, NULL_NUMBER, R, "r"),
    SCALAR("atan", 1, 1, NULL_NUMBER, R, "r"),
    SCALAR("atan2", 2, 2, NULL_NUMBER, R, "r"),
    UNBOUNDED("atanh", 1, 1, NULL_ALWAYS, R, "r"),
    AGGREGATE("avg", 1, 1, NULL_GROUP, RESULT_FIXED, R, "n"),
    SCALAR("bm25", 1, -1, NULL_NEVER, R, "*r"),
    DERIVED("ceil", 1, 1, NULL_NUMBER, RESULT_NUMBER, N, "r"),
    DERIVED("ceiling", 1, 1, NULL_NUMBER, RESULT_NUMBER, N, "r"),
    VARYING("changes", 0, 0, NULL_NEVER, I, ""),
    UNBOUNDED("char", 0, -1, NULL_NEVER, T, "i"),
    DERIVED("coalesce", 2, -1, NULL_ALL, RESULT_UNION, 0, "="),
    UNBOUNDED("concat", 1, -1, NULL_NEVER, T, "t"),
    UNBOUNDED("concat_ws", 2, -1, NULL_FIRST, T, "t"),
    SCALAR("cos", 1, 1, NULL_WAVE, R, "r"),
    UNBOUNDED("cosh", 1, 1, NULL_NUMBER, R, "r"),
    AGGREGATE("count", 0, 1, NULL_NEVER, RESULT_FIXED, I, "*"),
    WINDOW("cume_dist", 0, 0, NULL_NEVER, RESULT_FIXED, R, ""),
    VARYING("current_date", 0, 0, NULL_NEVER, T, ""),
    VARYING("current_time", 0, 0, NULL_NEVER, T, ""),
    VARYING("current_timestamp", 0, 0, NULL_NEVER, T, ""),
    SCALAR("date", 0, -1, NULL_DATE, T, "t"),
    SCALAR("datetime", 0, -1, NULL_DATE, T, "t"),
    SCALAR("degrees", 1, 1, NULL_NUMBER, R, "r"),
    WINDOW("dense_rank", 0, 0, NULL_NEVER, RESULT_FIXED, I, ""),
    UNBOUNDED("exp", 1, 1, NULL_NUMBER, R, "r"),
    WINDOW("first_value", 1, 1, NULL_FRAME, RESULT_FIRST, 0, "*"),
    DERIVED("floor", 1, 1, NULL_NUMBER, RESULT_NUMBER, N, "r"),
    UNBOUNDED("format", 0, -1, NULL_FORMAT, T, "t*"),
    SCALAR("fts3_tokenizer", 1, 2, NULL_ALWAYS, B, "t*"),
    SCALAR("fts5_source_id", 0, 0, NULL_NEVER, T, ""),
    SCALAR("glob", 2, 2, NULL_ANY, I, "t"),
    JOINING("group_concat", 1, 2, NULL_CONCAT, RESULT_FIXED, T, "*t"),
    UNBOUNDED("hex", 1, 1, NULL_NEVER, T, "b"),
    SCALAR("highlight", 4, 4, NULL_ALWAYS, T, "*itt"),
    DERIVED("ifnull", 2, 2, NULL_ALL, RESULT_UNION, 0, "="),
    DERIVED("iif", 2, 3, NULL_BRANCH, RESULT_BRANCHES, 0, "*=="),
    SCALAR("instr", 2, 2, NULL_ANY, I, "t"),
    SCALAR("json", 1, 1, NULL_ANY, T, "t"),
    SCALAR("json_array", 0, -1, NULL_NEVER, T, "*"),
    SCALAR("json_array_length", 1, 2, NULL_JSON_PART, I, "t"),
    UNBOUNDED("json_extract", 1, -1, NULL_ALWAYS, I | R | T, "t"),
    AGGREGATE("json_group_array", 1, 1, NULL_NEVER, RESULT_FIXED, T, "*"),
    AGGREGATE("json_group_object", 2, 2, NULL_NEVER, RESULT_FIXED, T, "t*"),
    DERIVED("json_insert", 1, -1, NULL_JSON_EDIT, RESULT_JSON, T, "tt*"),
    SCALAR("json_object", 0, -1, NULL_NEVER, T, "*"),
    SCALAR("json_patch", 2, 2, NULL_ANY, T, "t"),
    UNBOUNDED("json_quote", 1, 1, NULL_NEVER, T, "*"),
    DERIVED("json_remove", 1, -1, NULL_JSON_EDIT, RESULT_JSON, T, "t"),
    DERIVED("json_replace", 1, -1, NULL_JSON_EDIT, RESULT_JSON, T, "tt*"),
    DERIVED("json_set", 1, -1, NULL_JSON_EDIT, RESULT_JSON, T, "tt*"),
    SCALAR("json_type", 1, 2, NULL_JSON_PART, T, "t"),
    SCALAR("json_valid", 1, 2, NULL_ANY, I, "t"),
    SCALAR("julianday", 0, -1, NULL_DATE, R, "t"),
    WINDOW("lag", 1, 3, NULL_NEIGHBOUR, RESULT_LAG, 0, "*i="),
    VARYING("last_insert_rowid", 0, 0, NULL_NEVER, I, ""),
    WINDOW("last_value", 1, 1, NULL_FRAME, RESULT_FIRST, 0, "*"),
    WINDOW("lead", 1, 3, NULL_NEIGHBOUR, RESULT_LAG, 0, "*i="),
    SCALAR("length", 1, 1, NULL_ANY, I, "t"),
    SCALAR("like", 2, 3, NULL_ANY, I, "t"),
    DERIVED("likelihood", 2, 2, NULL_FIRST, RESULT_FIRST, 0, "*r"),
    DERIVED("likely", 1, 1, NULL_FIRST, RESULT_FIRST, 0, "*"),
    SCALAR("ln", 1, 1, NULL_ALWAYS, R, "r"),
    VARYING("load_extension", 1, 2, NULL_ALWAYS, ANY, "t"),
    UNBOUNDED("log", 1, 2, NULL_ALWAYS, R, "r"),
    SCALAR("log10", 1, 1, NULL_ALWAYS, R, "r"),
    SCALAR("log2", 1, 1, NULL_ALWAYS, R, "r"),
    SCALAR("lower", 1, 1, NULL_ANY, T, "t"),
    SCALAR("ltrim", 1, 2, NULL_ANY, T, "t"),
    SCALAR("match", 2, 2, NULL_ALWAYS, ANY, "t"),
    SCALAR("matchinfo", 1, 2, NULL_ALWAYS, B, "*t"),
    AGGREGATE("max", 1, 1, NULL_GROUP, RESULT_FIRST, 0, "*"),
    DERIVED("max", 2, -1, NULL_ANY, RESULT_UNION, 0, "="),
    AGGREGATE("min", 1, 1, NULL_GROUP, RESULT_FIRST, 0, "*"),
    DERIVED("min", 2, -1, NULL_ANY, RESULT_UNION, 0, "="),
    SCALAR("mod", 2, 2, NULL_ALWAYS, R, "r"),
    WINDOW("nth_value", 2, 2, NULL_ALWAYS, RESULT_FIRST, 0, "*i"),
    WINDOW("ntile", 1, 1, NULL_NEVER, RESULT_FIXED, I, "i"),
    DERIVED("nullif", 2, 2, NULL_NULLIF, RESULT_FIRST, 0, "="),
    SCALAR("octet_length", 1, 1, NULL_ANY, I, "*"),
    SCALAR("offsets", 1, 1, NULL_ALWAYS, T, "*"),
    SCALAR("optimize", 1, 1, NULL_ALWAYS, T, "*"),
    WINDOW("percent_rank", 0, 0, NULL_NEVER, RESULT_FIXED, R, ""),
    SCALAR("pi", 0, 0, NULL_NEVER, R, ""),
    UNBOUNDED("pow", 2, 2, NULL_ALWAYS, R, "r"),
    UNBOUNDED("power", 2, 2, NULL_ALWAYS, R, "r"),
    UNBOUNDED("printf", 0, -1, NULL_FORMAT, T, "t*"),
    SCALAR("quote", 1, 1, NULL_NEVER, T, "*"),
    SCALAR("radians", 1, 1, NULL_NUMBER, R, "r"),
    VARYING("random", 0, 0, NULL_NEVER, I, ""),
    VARYING("randomblob", 1, 1, NULL_NEVER, B, "i"),
    WINDOW("rank", 0, 0, NULL_NEVER, RESULT_FIXED, I, ""),
    SCALAR("regexp", 2, 2, NULL_ALWAYS, ANY, "t"),
    DERIVED("replace", 3, 3, NULL_ANY, RESULT_REPLACE, T, "t"),
    SCALAR("round", 1, 2, NULL_ANY, R, "ri"),
    WINDOW("row_number", 0, 0, NULL_NEVER, RESULT_FIXED, I, ""),
    SCALAR("rtreecheck", 1, 2, NULL_NEVER, T, "t"),
    SCALAR("rtreedepth", 1, 1, NULL_ALWAYS, I, "b"),
    SCALAR("rtreenode", 2, 2, NULL_ALWAYS, T, "ib"),
    SCALAR("rtrim", 1, 2, NULL_ANY, T, "t"),
    SCALAR("sign", 1, 1, NULL_NUMBER, I, "n"),
    SCALAR("sin", 1, 1, NULL_WAVE, R, "r"),
    UNBOUNDED("sinh", 1, 1, NULL_NUMBER, R, "r"),
    SCALAR("snippet", 1, 6, NULL_ALWAYS, T, "*"),
    SCALAR("soundex", 1, 1, NULL_NEVER, T, "t"),
    SCALAR("sqlite_compileoption_get", 1, 1, NULL_ALWAYS, T, "i"),
    SCALAR("sqlite_compileoption_used", 1, 1, NULL_ANY, I, "t"),
    VARYING("sqlite_log", 2, 2, NULL_ALWAYS, 0, "it"),
    SCALAR("sqlite_offset", 1, 1, NULL_ALWAYS, I, "*"),
    SCALAR("sqlite_source_id", 0, 0, NULL_NEVER, T, ""),
    SCALAR("sqlite_version", 0, 0, NULL_NEVER, T, ""),
    SCALAR("sqrt", 1, 1, NULL_ALWAYS, R, "r"),
    SCALAR("strftime", 1, -1, NULL_DATE, T, "t"),
    JOINING("string_agg", 2, 2, NULL_CONCAT, RESULT_FIXED, T, "*t"),
    DERIVED("substr", 2, 3, NULL_SUBSTR, RESULT_SUBSTR, 0, "ti"),
    DERIVED("substring", 2, 3, NULL_SUBSTR, RESULT_SUBSTR, 0, "ti"),
    SCALAR("subtype", 1, 1, NULL_NEVER, I, "*"),
    AGGREGATE("sum", 1, 1, NULL_GROUP, RESULT_NUMBER, N, "n"),
    SCALAR("tan", 1, 1, NULL_WAVE, R, "r"),
    SCALAR("tanh", 1, 1, NULL_NUMBER, R, "r"),
    SCALAR("time", 0, -1, NULL_DATE, T, "t"),
    SCALAR("timediff", 2, 2, NULL_ALWAYS, T, "t"),
    AGGREGATE("total", 1, 1, NULL_TOTAL, RESULT_FIXED, R, "n"),
    VARYING("total_changes", 0, 0, NULL_NEVER, I, ""),
    SCALAR("trim", 1, 2, NULL_ANY, T, "t"),
    DERIVED("trunc", 1, 1, NULL_NUMBER, RESULT_NUMBER, N, "r"),
    SCALAR("typeof", 1, 1, NULL_NEVER, T, "*"),
    SCALAR("unhex", 1, 2, NULL_ALWAYS, B, "t"),
    SCALAR("unicode", 1, 1, NULL_ALWAYS, I, "t"),
    SCALAR("unixepoch", 0, -1, NULL_DATE, I, "t"),
    DERIVED("unlikely", 1, 1, NULL_FIRST, RESULT_FIRST, 0, "*"),
    SCALAR("upper", 1, 1, NULL_ANY, T, "t"),
    SCALAR("zeroblob", 1, 1, NULL_NEVER, B, "i"),
};
enum {
    FUNCTIONS = sizeof functions / sizeof *functions
};

const struct function *function_find(const char *name, size_t arguments, bool *known)
{
    size_t i;

    *known = false;
    for (i = 0; i < FUNCTIONS; i++) {
        const struct function *function = &functions[i];

        if (!name_same(function->name, name))
            continue;
        *known = true;
        if (arguments >= (size_t)function->least &&
            (function->most < 0 || arguments <= (size_t)function->most))
            return function;
    }
    return NULL;
}

const char *function_suggest(const char *name)
{
    struct suggestion suggestion;
    size_t i;

    suggest_init(&suggestion, name);
    for (i = 0; i < FUNCTIONS; i++)
        suggest_try(&suggestion, functions[i].name);
    return suggestion.best;
}
