/*
 * names.c: see names.h. The words that are reserved are in words.c.
 */
#include "names.h"

#include "buf.h"

#include <stdlib.h>
#include <string.h>

enum {
    SUGGEST_LIMIT = 64
};

/* ASCII only: what is emitted must not depend on the locale. */
static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char to_lower(char c)
{
    return is_upper(c) ? (char)(c - 'A' + 'a') : c;
}

static char to_upper(char c)
{
    return is_lower(c) ? (char)(c - 'a' + 'A') : c;
}

bool name_is_snake(const char *name)
{
    size_t i;

    if (!is_lower(name[0]))
        return false;
    for (i = 1; name[i] != '\0'; i++) {
        if (i == NAME_LIMIT)
            return false;
        if (!is_lower(name[i]) && !is_digit(name[i]) && name[i] != '_')
            return false;
        if (name[i] == '_' && name[i - 1] == '_')
            return false;
    }
    return name[i - 1] != '_';
}

/* True where a capital begins a word: hostId, and the S of HTTPServer. */
static bool begins_word(const char *text, size_t at)
{
    if (at == 0 || !is_upper(text[at]))
        return false;
    return is_lower(text[at - 1]) || is_digit(text[at - 1]) ||
           (is_upper(text[at - 1]) && is_lower(text[at + 1]));
}

char *name_to_snake(struct arena *arena, const char *text)
{
    char name[NAME_LIMIT + 1];
    size_t length = 0, i;
    bool gap = false;

    for (i = 0; text[i] != '\0'; i++) {
        const char *before = "";

        if (!is_lower(text[i]) && !is_upper(text[i]) && !is_digit(text[i])) {
            gap = gap || (unsigned char)text[i] < 0x80;
            continue;
        }
        if (length == 0)
            before = is_digit(text[i]) ? "n" : "";
        else if (gap || begins_word(text, i))
            before = "_";
        if (length + strlen(before) + 1 > NAME_LIMIT)
            break;
        if (*before != '\0')
            name[length++] = *before;
        name[length++] = to_lower(text[i]);
        gap = false;
    }
    return length > 0 ? arena_strndup(arena, name, length)
                      : arena_strdup(arena, "unnamed");
}

char *name_to_upper(struct arena *arena, const char *name)
{
    char *upper = arena_strdup(arena, name), *c;

    for (c = upper; *c != '\0'; c++)
        *c = to_upper(*c);
    return upper;
}

/* Plurals that no rule below gets right, and words that only look like plurals. */
static const char *const irregular[][2] = {
    {"addenda", "addendum"},
    {"aliases", "alias"},
    {"analyses", "analysis"},
    {"antennae", "antenna"},
    {"apis", "api"},
    {"apparatuses", "apparatus"},
    {"appendices", "appendix"},
    {"atlases", "atlas"},
    {"aws", "aws"},
    {"axes", "axis"},
    {"biases", "bias"},
    {"bonuses", "bonus"},
    {"buses", "bus"},
    {"caches", "cache"},
    {"calories", "calorie"},
    {"calves", "calf"},
    {"campuses", "campus"},
    {"canvas", "canvas"},
    {"canvases", "canvas"},
    {"cargoes", "cargo"},
    {"censuses", "census"},
    {"children", "child"},
    {"clis", "cli"},
    {"cookies", "cookie"},
    {"cpus", "cpu"},
    {"crises", "crisis"},
    {"criteria", "criterion"},
    {"diagnoses", "diagnosis"},
    {"dies", "die"},
    {"dns", "dns"},
    {"echoes", "echo"},
    {"ellipses", "ellipsis"},
    {"elves", "elf"},
    {"embargoes", "embargo"},
    {"emphases", "emphasis"},
    {"feet", "foot"},
    {"focuses", "focus"},
    {"gas", "gas"},
    {"gases", "gas"},
    {"geese", "goose"},
    {"gps", "gps"},
    {"gpus", "gpu"},
    {"guis", "gui"},
    {"halves", "half"},
    {"headaches", "headache"},
    {"heroes", "hero"},
    {"hooves", "hoof"},
    {"hypotheses", "hypothesis"},
    {"indices", "index"},
    {"knives", "knife"},
    {"kpis", "kpi"},
    {"kudos", "kudos"},
    {"leaves", "leaf"},
    {"lens", "lens"},
    {"lenses", "lens"},
    {"lies", "lie"},
    {"lives", "life"},
    {"loaves", "loaf"},
    {"matrices", "matrix"},
    {"means", "means"},
    {"men", "man"},
    {"menus", "menu"},
    {"mice", "mouse"},
    {"mosquitoes", "mosquito"},
    {"movies", "movie"},
    {"news", "news"},
    {"nexuses", "nexus"},
    {"oases", "oasis"},
    {"oxen", "ox"},
    {"parentheses", "parenthesis"},
    {"people", "person"},
    {"phenomena", "phenomenon"},
    {"pies", "pie"},
    {"pis", "pi"},
    {"potatoes", "potato"},
    {"prognoses", "prognosis"},
    {"quizzes", "quiz"},
    {"scarves", "scarf"},
    {"selfies", "selfie"},
    {"selves", "self"},
    {"series", "series"},
    {"shelves", "shelf"},
    {"sms", "sms"},
    {"species", "species"},
    {"statuses", "status"},
    {"syllabuses", "syllabus"},
    {"synopses", "synopsis"},
    {"teeth", "tooth"},
    {"theses", "thesis"},
    {"thieves", "thief"},
    {"ties", "tie"},
    {"tls", "tls"},
    {"tomatoes", "tomato"},
    {"torpedoes", "torpedo"},
    {"uris", "uri"},
    {"vertices", "vertex"},
    {"vetoes", "veto"},
    {"viruses", "virus"},
    {"wives", "wife"},
    {"wolves", "wolf"},
    {"women", "woman"},
    {"zombies", "zombie"},
};

/* Endings, the first that fits: how many bytes go, and what comes instead. */
static const struct {
    const char *ending;
    size_t cut;
    const char *instead;
} endings[] = {
    {"ss", 0, ""},   {"us", 0, ""},   {"is", 0, ""},  {"ies", 3, "y"}, {"sses", 2, ""},
    {"shes", 2, ""}, {"ches", 2, ""}, {"xes", 2, ""}, {"zzes", 2, ""}, {"s", 1, ""},
};

static int compare_plurals(const void *key, const void *pair)
{
    return strcmp(key, *(const char *const *)pair);
}

static bool ends_with(const char *text, size_t length, const char *ending)
{
    size_t tail = strlen(ending);

    return length > tail && memcmp(text + length - tail, ending, tail) == 0;
}

char *name_singular(struct arena *arena, const char *name)
{
    const char *underscore = strrchr(name, '_');
    const char *word = underscore != NULL ? underscore + 1 : name;
    size_t length = strlen(word), i;
    int before = (int)(word - name);
    const char *const *pair =
        bsearch(word, irregular, sizeof irregular / sizeof *irregular, sizeof *irregular,
                compare_plurals);

    if (pair != NULL)
        return arena_printf(arena, "%.*s%s", before, name, pair[1]);
    for (i = 0; length > 2 && i < sizeof endings / sizeof *endings; i++)
        if (ends_with(word, length, endings[i].ending))
            return arena_printf(arena, "%.*s%s", (int)(strlen(name) - endings[i].cut),
                                name, endings[i].instead);
    return arena_strdup(arena, name);
}

char *name_sql(struct arena *arena, const char *name)
{
    size_t i;
    bool bare = !is_digit(name[0]) && name[0] != '\0';
    struct buf quoted;
    char *sql;

    for (i = 0; bare && name[i] != '\0'; i++)
        bare =
            is_lower(name[i]) || is_upper(name[i]) || is_digit(name[i]) || name[i] == '_';
    if (bare && !name_is_sql_keyword(name))
        return arena_strdup(arena, name);
    buf_init(&quoted);
    buf_addc(&quoted, '"');
    for (i = 0; name[i] != '\0'; i++) {
        if (name[i] == '"')
            buf_addc(&quoted, '"');
        buf_addc(&quoted, name[i]);
    }
    buf_addc(&quoted, '"');
    sql = arena_strndup(arena, quoted.data, quoted.length);
    buf_release(&quoted);
    return sql;
}

char *text_sql(struct arena *arena, const char *text)
{
    size_t quotes = 0, length, i;
    char *sql, *out;

    for (length = 0; text[length] != '\0'; length++)
        quotes += text[length] == '\'';
    out = sql = arena_alloc(arena, length + quotes + 3);
    *out++ = '\'';
    for (i = 0; i < length; i++) {
        if (text[i] == '\'')
            *out++ = '\'';
        *out++ = text[i];
    }
    *out = '\'';
    return sql;
}

void suggest_init(struct suggestion *suggestion, const char *name)
{
    size_t length = strlen(name);

    *suggestion = (struct suggestion){.name = name};
    if (length <= SUGGEST_LIMIT)
        suggestion->distance =
            length / 3 + 1; /* what is tried must be nearer than that */
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment; three rows of its table are enough. */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t rows[3][SUGGEST_LIMIT + 1], i, j;

    for (j = 0; j <= b_length; j++)
        rows[0][j] = j;
    for (i = 1; i <= a_length; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];

        row[0] = i;
        for (j = 1; j <= b_length; j++) {
            char x = to_lower(a[i - 1]), y = to_lower(b[j - 1]);

            row[j] = least(above[j - 1] + (x != y), least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && x == to_lower(b[j - 2]) && y == to_lower(a[i - 2]))
                row[j] = least(row[j], two_above[j - 2] + 1);
        }
    }
    return rows[a_length % 3][b_length];
}

void suggest_try(struct suggestion *suggestion, const char *candidate)
{
    size_t length, other, gap, found;

    if (suggestion->distance == 0)
        return;
    length = strlen(suggestion->name);
    other = strlen(candidate);
    gap = length > other ? length - other : other - length;
    if (other > SUGGEST_LIMIT || gap >= suggestion->distance)
        return;
    found = distance(suggestion->name, length, candidate, other);
    if (found < suggestion->distance) {
        suggestion->best = candidate;
        suggestion->distance = found;
    }
}
