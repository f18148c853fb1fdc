/*
 * test_names.c: names, plurals, reserved words and suggestions. SQLite itself judges the
 * SQL keywords, quoted names and literals.
 */
#include "../../generator/base/names.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static char *repeat(char c, size_t count)
{
    char *text = arena_alloc(&arena, count + 1);

    memset(text, c, count);
    return text;
}

static void snake_names(void **state)
{
    static const char *const good[] = {"a", "a1", "host_id", "a_1", "n2nd"};
    static const char *const bad[] = {"",       "_",  "_a",  "a_", "a__b", "A",
                                      "hostId", "1a", "a-b", "ä",  "a b"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(name_is_snake(good[i]));
    for (i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(name_is_snake(bad[i]));
    assert_true(name_is_snake(repeat('a', NAME_LIMIT)));
    assert_false(name_is_snake(repeat('a', NAME_LIMIT + 1)));
}

static void any_text_becomes_snake(void **state)
{
    static const char *const cases[][2] = {
        {"Order Details", "order_details"},
        {"hostId", "host_id"},
        {"HTTPServer", "http_server"},
        {"HTTP2Server", "http2_server"},
        {"userID", "user_id"},
        {"host_id", "host_id"},
        {"__a--b  c__", "a_b_c"},
        {"2nd", "n2nd"},
        {"42", "n42"},
        {"café", "caf"},
        {"naïve Größe", "nave_gre"},
        {"", "unnamed"},
        {"日本", "unnamed"},
        {"-", "unnamed"},
        {"X", "x"},
        {"aB", "a_b"},
    };
    size_t i, length;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(name_to_snake(&arena, cases[i][0]), cases[i][1]);
    for (length = 60; length < 70; length++) {
        char *mixed = repeat('a', length);

        assert_true(name_is_snake(name_to_snake(&arena, mixed)));
        for (i = 1; i < length; i += 2)
            mixed[i] = i % 4 == 1 ? 'B' : '-';
        assert_true(name_is_snake(name_to_snake(&arena, mixed)));
    }
    assert_string_equal(name_to_snake(&arena, repeat('a', NAME_LIMIT)),
                        repeat('a', NAME_LIMIT));
    assert_string_equal(name_to_upper(&arena, "a_1z"), "A_1Z");
    assert_string_equal(name_to_upper(&arena, ""), "");
}

/* A word that stands alone stays as it is. */
static const char *const plural_and_singular[] = {
    "statuses status",
    "indices index",
    "children child",
    "people person",
    "series series",
    "news news",
    "data data",
    "media media",
    "addresses address",
    "boxes box",
    "histories history",
    "movies movie",
    "leaves leaf",
    "knives knife",
    "heroes hero",
    "analyses analysis",
    "status status",
    "bus bus",
    "buses bus",
    "hosts host",
    "host_stats host_stat",
    "container_stats container_stat",
    "categories category",
    "matches match",
    "dishes dish",
    "quizzes quiz",
    "processes process",
    "classes class",
    "aliases alias",
    "databases database",
    "releases release",
    "caches cache",
    "images image",
    "houses house",
    "causes cause",
    "keys key",
    "days day",
    "ids id",
    "apis api",
    "cpus cpu",
    "dns dns",
    "bytes byte",
    "archives archive",
    "shoes shoe",
    "sizes size",
    "queries query",
    "policies policy",
    "entries entry",
    "devices device",
    "services service",
    "indexes index",
    "vertices vertex",
    "matrices matrix",
    "criteria criterion",
    "women woman",
    "metadata metadata",
    "equipment equipment",
    "analysis analysis",
    "access access",
    "s s",
    "as as",
    "is is",
    "",
    "_",
    "a_",
    "user_addresses user_address",
    "ties tie",
    "lenses lens",
    "wolves wolf",
    "zombies zombie",
    "licenses license",
};

static void plurals(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof plural_and_singular / sizeof *plural_and_singular; i++) {
        char *plural = arena_strdup(&arena, plural_and_singular[i]),
             *singular = strchr(plural, ' ');

        if (singular == NULL)
            singular = plural;
        else
            *singular++ = '\0';
        assert_string_equal(name_singular(&arena, plural), singular);
        plural = arena_printf(&arena, "big_%s", plural);
        assert_string_equal(name_singular(&arena, plural),
                            arena_printf(&arena, "big_%s", singular));
    }
}

static void each_word_is_reserved(const char *list, const char *by)
{
    char *words = arena_strdup(&arena, list), *word, *rest = NULL;

    for (word = strtok_r(words, " ", &rest); word != NULL;
         word = strtok_r(NULL, " ", &rest)) {
        assert_non_null(name_reserved(word));
        assert_string_equal(name_reserved(word), by);
    }
}

static void reserved_words(void **state)
{
    (void)state;
    each_word_is_reserved(
        "_Alignas _Alignof _Atomic _BitInt _Bool _Complex _Decimal128 _Decimal32 "
        "_Decimal64 "
        "_Generic _Imaginary _Noreturn _Static_assert _Thread_local alignas alignof auto "
        "bool "
        "break case char const constexpr continue default do double else enum extern "
        "false "
        "float for goto if inline int long nullptr register restrict return short signed "
        "sizeof static static_assert struct switch thread_local true typedef typeof "
        "typeof_unqual union unsigned void volatile while",
        "C");
    each_word_is_reserved("and and_eq bitand bitor catch char16_t char32_t char8_t class "
                          "co_await co_return "
                          "co_yield compl concept const_cast consteval constinit "
                          "decltype delete dynamic_cast "
                          "explicit export friend mutable namespace new noexcept not "
                          "not_eq operator or or_eq "
                          "private protected public reinterpret_cast requires "
                          "static_cast template this throw "
                          "try typeid typename using virtual wchar_t xor xor_eq",
                          "C++");
    each_word_is_reserved(
        "NULL EOF errno assert stdin stdout stderr offsetof size_t int64_t "
        "time_t isnan complex linux unix va_arg FILE setjmp",
        "the C library");
    assert_null(name_reserved(""));
    assert_null(name_reserved("time"));
    assert_null(name_reserved("index"));
    assert_null(name_reserved("host"));
    assert_null(name_reserved("INT"));
    assert_null(name_reserved("clas"));
    assert_null(name_reserved("classs"));
}

static void sqlite_knows_the_same_keywords(void **state)
{
    int i, count = sqlite3_keyword_count();

    (void)state;
    for (i = 0; i < count; i++) {
        const char *word;
        int length, j;
        char *copy;

        assert_int_equal(sqlite3_keyword_name(i, &word, &length), SQLITE_OK);
        copy = arena_strndup(&arena, word, (size_t)length);
        assert_true(name_is_sql_keyword(copy));
        for (j = 0; j < length; j += 2)
            copy[j] = (char)(copy[j] == '_' ? '_' : copy[j] + ('a' - 'A'));
        assert_true(name_is_sql_keyword(copy));
        copy[length - 1] = '0';
        assert_false(name_is_sql_keyword(copy));
    }
    assert_false(name_is_sql_keyword(""));
    assert_false(name_is_sql_keyword("hosts"));
    assert_false(name_is_sql_keyword(repeat('a', 1000)));
}

static const char *const awkward[] = {
    "a",    "A_1",  "order", "Order", "1a",  "a b", "it's", "\"", "",
    "a\"b", "käse", "-",     "rowid", "a.b", "[x]", "`",    "_x", "current_time"};

static void sqlite_reads_names_back(void **state)
{
    sqlite3 *db;
    size_t i;

    (void)state;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    for (i = 0; i < sizeof awkward / sizeof *awkward; i++) {
        const char *name = name_sql(&arena, awkward[i]);
        sqlite3_stmt *statement;

        assert_int_equal(sqlite3_prepare_v2(db,
                                            arena_printf(&arena, "SELECT 1 AS %s", name),
                                            -1, &statement, NULL),
                         SQLITE_OK);
        assert_string_equal(sqlite3_column_name(statement, 0), awkward[i]);
        sqlite3_finalize(statement);
    }
    sqlite3_close(db);
    assert_string_equal(name_sql(&arena, "host_id"), "host_id");
    assert_string_equal(name_sql(&arena, "order"), "\"order\"");
    assert_string_equal(name_sql(&arena, "käse"), "\"käse\"");
}

static void sqlite_reads_text_back(void **state)
{
    sqlite3 *db;
    size_t i;

    (void)state;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    for (i = 0; i < sizeof awkward / sizeof *awkward; i++) {
        char *sql = arena_printf(&arena, "SELECT %s", text_sql(&arena, awkward[i]));
        sqlite3_stmt *statement;

        assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
        assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
        assert_string_equal((const char *)sqlite3_column_text(statement, 0), awkward[i]);
        sqlite3_finalize(statement);
    }
    sqlite3_close(db);
    assert_string_equal(text_sql(&arena, "it''s"), "'it''''s'");
}

static const char *suggest(const char *name, const char *candidates)
{
    char *words = arena_strdup(&arena, candidates), *word, *rest = NULL;
    struct suggestion suggestion;

    suggest_init(&suggestion, name);
    for (word = strtok_r(words, " ", &rest); word != NULL;
         word = strtok_r(NULL, " ", &rest))
        suggest_try(&suggestion, word);
    return suggestion.best != NULL ? suggestion.best : "none";
}

static void suggestions(void **state)
{
    (void)state;
    assert_string_equal(suggest("on_delte", "on_update on_delete"), "on_delete");
    assert_string_equal(suggest("tpye", "text type"), "type");
    assert_string_equal(suggest("ab", "ba bb"), "none");
    assert_string_equal(suggest("abc", "acb xbc"), "acb");
    assert_string_equal(suggest("abc", "xbc acb"), "xbc");
    assert_string_equal(suggest("TEXT", "test text"), "text");
    assert_string_equal(suggest("abcdef", "abxyef"), "abxyef");
    assert_string_equal(suggest("abcdef", "axyzef"), "none");
    assert_string_equal(suggest("colums", "column columns"), "column");
    assert_string_equal(suggest("", "a"), "none");
    assert_string_equal(suggest("abc", ""), "none");
    assert_string_equal(suggest(repeat('a', 64), repeat('a', 63)), repeat('a', 63));
    assert_string_equal(suggest(repeat('a', 64), repeat('a', 65)), "none");
    assert_string_equal(suggest(repeat('a', 65), repeat('a', 64)), "none");
    assert_string_equal(suggest(repeat('a', 1000000), "a"), "none");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(snake_names),
        cmocka_unit_test(any_text_becomes_snake),
        cmocka_unit_test(plurals),
        cmocka_unit_test(reserved_words),
        cmocka_unit_test(sqlite_knows_the_same_keywords),
        cmocka_unit_test(sqlite_reads_names_back),
        cmocka_unit_test(sqlite_reads_text_back),
        cmocka_unit_test(suggestions),
    };

    return cmocka_run_group_tests(tests, NULL, teardown);
}
