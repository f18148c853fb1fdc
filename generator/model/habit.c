/*
 * habit.c: see habit.h.
 */
#include "habit.h"

#include "../base/names.h"

#include <string.h>
#include <strings.h>

struct habit {
    const char *word, *hint;
};

#define NULLABLE "`?` behind the type makes it nullable: `text?`"
#define NOT_NULL "NOT NULL is the default; `?` behind the type makes it nullable"
#define KEY      "write `primary_key: true`"
#define LIST                                                                             \
    "write `one_of: [a, b]`, or declare an enum under `enums` and name it as the type"

static const struct habit keys[] = {
    {"not_null", NOT_NULL},
    {"notnull", NOT_NULL},
    {"nullable", NULLABLE},
    {"null", NULLABLE},
    {"allow_null", NULLABLE},
    {"required", "every column is, unless `?` stands behind its type"},
    {"optional", NULLABLE},
    {"foreign_key", "write `references: table.column`"},
    {"fk", "write `references: table.column`"},
    {"ref", "write `references: table.column`"},
    {"table", "write `references: table.column`"},
    {"index", "indexes stand in `indexes` of the table"},
    {"check",
     "checks stand in `checks` of the table; bounds are `min`, `max` and the like"},
    {"auto_increment", "write `autoincrement`"},
    {"length", "write `max_length`"},
    {"size", "write `max_length`"},
    {"maxlength", "write `max_length`"},
    {"minlength", "write `min_length`"},
    {"minimum", "write `min`"},
    {"maximum", "write `max`"},
    {"regex", "write `pattern`, with SQLite's GLOB: `[a-z]*`"},
    {"match", "write `pattern`, with SQLite's GLOB: `[a-z]*`"},
    {"enum", LIST},
    {"values", LIST},
    {"choices", LIST},
    {"primary", KEY},
    {"pk", KEY},
    {"key", KEY},
    {"comment", "write `doc`"},
    {"description", "write `doc`"},
    {"collate", "write `collation`"},
    {"on_update_now", "write `touch: true`"},
    {"computed", "write `generated`"},
    {"server_default", "write `default`, or `default_sql` for an expression"},
};

static const struct habit types[] = {
    {"string", "text"},         {"varchar", "text"},   {"char", "text"},
    {"nvarchar", "text"},       {"character", "text"}, {"str", "text"},
    {"clob", "text"},           {"int", "integer"},    {"bigint", "integer"},
    {"int64", "integer"},       {"long", "integer"},   {"int64_t", "integer"},
    {"uint64", "integer"},      {"smallint", "int32"}, {"tinyint", "int32"},
    {"int32_t", "int32"},       {"uint32", "integer"}, {"int16", "int32"},
    {"boolean", "bool"},        {"float", "real"},     {"double", "real"},
    {"number", "real"},         {"float64", "real"},   {"bytes", "blob"},
    {"binary", "blob"},         {"varbinary", "blob"}, {"datetime", "timestamp"},
    {"date_time", "timestamp"}, {"time", "timestamp"}, {"timestamptz", "timestamp"},
    {"jsonb", "json"},          {"object", "json"},    {"array", "json"},
    {"list", "json"},           {"guid", "uuid"},      {"uuid4", "uuid"},
    {"map", "labels"},          {"dict", "labels"},
};

static const struct habit special_types[] = {
    {"enum", "declare the enum under `enums` and write its name as the type"},
    {"set", "declare the enum under `enums` and write its name as the type"},
    {"serial", "write `integer` with `primary_key: true`: SQLite gives the numbers"},
    {"bigserial", "write `integer` with `primary_key: true`: SQLite gives the numbers"},
    {"decimal", "write `real`; for money `integer`, in the smallest unit"},
    {"numeric", "write `real`; for money `integer`, in the smallest unit"},
    {"money", "write `integer`, in the smallest unit"},
};

static const char *find(const struct habit *habits, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(habits[i].word, word) == 0)
            return habits[i].hint;
    return NULL;
}

#define FIND(habits, word) find((habits), sizeof(habits) / sizeof *(habits), (word))

const char *habit_key(const char *key)
{
    return FIND(keys, key);
}

/* ---- types ---------------------------------------------------------------------- */

/* The number in VARCHAR(40), or 0. */
static size_t size_of_type(const char *type)
{
    const char *open = strchr(type, '(');
    size_t size = 0;

    if (open == NULL)
        return 0;
    for (open++; *open >= '0' && *open <= '9' && size < 100000000; open++)
        size = size * 10 + (size_t)(*open - '0');
    return *open == ')' && open[1] == '\0' ? size : 0;
}

const char *habit_type(struct arena *arena, const char *type)
{
    const char *word =
        name_to_snake(arena, arena_strndup(arena, type, strcspn(type, "(")));
    const char *own = FIND(types, word), *special = FIND(special_types, word);
    size_t size = size_of_type(type);

    if (special != NULL)
        return special;
    if (own == NULL && type_find(word) != TYPE_KINDS)
        own = word;
    if (own == NULL)
        return NULL;
    if (size > 0 && (strcmp(own, "text") == 0 || strcmp(own, "blob") == 0))
        return arena_printf(arena, "write `%s` with `max_length: %zu`", own, size);
    return arena_printf(arena, "did you mean `%s`?", own);
}

/* ---- values --------------------------------------------------------------------- */

static bool is_one_of(const char *value, const char *const *words)
{
    for (; *words != NULL; words++)
        if (strcasecmp(value, *words) == 0)
            return true;
    return false;
}

const char *habit_value(enum type_kind type, const char *value)
{
    static const char *const now[] = {"now()",
                                      "current_timestamp",
                                      "current_timestamp()",
                                      "(current_timestamp)",
                                      "datetime()",
                                      "(datetime())",
                                      "datetime('now')",
                                      "(datetime('now'))",
                                      "getdate()",
                                      "sysdate",
                                      "utcnow",
                                      "unixepoch()",
                                      "(unixepoch())",
                                      "strftime('%s','now')",
                                      "time.now",
                                      "'now'",
                                      NULL};
    static const char *const today[] = {"current_date", "now",           "now()", "today",
                                        "date('now')",  "(date('now'))", NULL};
    static const char *const random[] = {"uuid()",
                                         "uuid_generate_v4()",
                                         "gen_random_uuid()",
                                         "newid()",
                                         "uuid4()",
                                         "uuid",
                                         "auto",
                                         "uuid.uuid4",
                                         NULL};
    static const char *const yes[] = {"1", "yes", "on", "y", "t", "true", NULL};
    static const char *const no[] = {"0", "no", "off", "n", "f", "false", NULL};

    if (type == TYPE_TIMESTAMP && is_one_of(value, now))
        return "write `now`";
    if (type == TYPE_DATE && is_one_of(value, today))
        return "a `timestamp` has the default `now`; a date has none of the kind";
    if (type == TYPE_UUID && is_one_of(value, random))
        return "write `random`";
    if (type == TYPE_BOOL && is_one_of(value, yes))
        return "write `true`";
    if (type == TYPE_BOOL && is_one_of(value, no))
        return "write `false`";
    return NULL;
}

/* ---- patterns ------------------------------------------------------------------- */

const char *habit_pattern(const char *pattern)
{
    static const struct {
        const char *sign, *special;
    } signs[] = {{"]+", "+"}, {"]{", "{"}, {")+", "+"}, {")*", "("},
                 {")?", "("}, {"(?", "("}, {".+", "."}};
    size_t length = strlen(pattern);

    if (*pattern == '^')
        return "^";
    if (length > 1 && pattern[length - 1] == '$')
        return "$";
    for (const char *c = strchr(pattern, '\\'); c != NULL; c = strchr(c + 1, '\\'))
        if (c[1] != '\0' && strchr("dDwWsSbB.+*?()[]", c[1]) != NULL)
            return "\\";
    if (strncmp(pattern, ".*", 2) == 0)
        return ".";
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (strstr(pattern, signs[i].sign) != NULL)
            return signs[i].special;
    return NULL;
}

/* ---- references and lists ------------------------------------------------------- */

const char *habit_reference(struct arena *arena, const char *reference)
{
    size_t table = strcspn(reference, "( "), length = strlen(reference);
    const char *column = reference + table;

    column += strspn(column, "( ");
    if (table == 0 || reference[length - 1] != ')' || *column == ')' ||
        strpbrk(column, ", ") != NULL)
        return NULL;
    return arena_printf(arena, "%.*s.%.*s", (int)table, reference,
                        (int)(length - 1 - (size_t)(column - reference)), column);
}

const char *habit_list(struct arena *arena, const char *key, const char *text)
{
    bool nested = strcmp(key, "unique") == 0 || strcmp(key, "indexes") == 0;
    size_t length = strlen(text);

    if (length == 0 || length > 40 || strcspn(text, ",[]{}:#\"'`\n") < length)
        return NULL;
    return arena_printf(arena, nested ? "[[%s]]" : "[%s]", text);
}
