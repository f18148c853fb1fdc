/*
 * test_language.c: the parser, the reference in docs/ and the JSON Schema say the same:
 * each key of each place stands in all three, and no other does. Runs in the repository's
 * root.
 */
#include "../../generator/model/language.h"
#include "../../generator/model/type.h"
#include "loading.h"

static struct arena arena;

static char *read_all(const char *path)
{
    FILE *file = fopen(path, "rb");
    struct buf buf;
    char *text;
    int c;

    if (file == NULL)
        fail_msg("can't open %s; run this in the root of the repository", path);
    buf_init(&buf);
    while ((c = getc(file)) != EOF)
        buf_addc(&buf, (char)c);
    fclose(file);
    text = arena_strdup(&arena, buf.data);
    buf_release(&buf);
    return text;
}

static bool place_has(enum place place, const char *key)
{
    size_t i;

    for (i = 0; i < language[place].count; i++)
        if (strcmp(language[place].keys[i].name, key) == 0)
            return true;
    return false;
}

/* ---- the reference ------------------------------------------------------------ */

/* The text of the section with this heading, up to the next of its kind. */
static char *section(const char *reference, const char *title)
{
    const char *start = strstr(reference, arena_printf(&arena, "\n## %s\n", title)), *end;

    if (start == NULL) {
        fail_msg("docs/schema-reference.md has no section `%s`", title);
        return NULL; /* fail_msg() does not come back, which gcc can't know */
    }
    end = strstr(start + 1, "\n## ");
    return arena_strndup(&arena, start,
                         end == NULL ? strlen(start) : (size_t)(end - start));
}

static void test_reference_has_all_keys(void **state)
{
    const char *reference = read_all("docs/schema-reference.md");
    enum place place;
    size_t i;

    (void)state;
    for (place = PLACE_SCHEMA; place < PLACE_COUNT; place++) {
        const char *text = section(reference, language[place].title);

        for (i = 0; i < language[place].count; i++)
            if (strstr(text, arena_printf(&arena, "\n| `%s` | ",
                                          language[place].keys[i].name)) == NULL)
                fail_msg("%s: no row of `%s`", language[place].title,
                         language[place].keys[i].name);
    }
}

static void test_reference_has_no_other_keys(void **state)
{
    const char *reference = read_all("docs/schema-reference.md");
    enum place place;

    (void)state;
    for (place = PLACE_SCHEMA; place < PLACE_COUNT; place++) {
        char *at = section(reference, language[place].title), *end;
        char *sub = strstr(at, "\n### ");

        if (sub != NULL)
            *sub = '\0'; /* tables of types and values */
        while ((at = strstr(at, "\n| `")) != NULL) {
            at += 4;
            end = strchr(at, '`');
            if (!place_has(place, arena_strndup(&arena, at, (size_t)(end - at))))
                fail_msg("%s: `%.*s` is no key", language[place].title, (int)(end - at),
                         at);
        }
    }
}

static void test_reference_has_types_and_words(void **state)
{
    const char *reference = read_all("docs/schema-reference.md");
    const char *const *lists[] = {language_collations, language_actions,
                                  language_timestamps, language_storages};
    enum type_kind kind;
    size_t i, k;

    (void)state;
    for (kind = TYPE_INTEGER; kind < TYPE_ENUM; kind++) {
        if (strstr(reference,
                   arena_printf(&arena, "\n| `%s` | ", type_table[kind].name)) == NULL)
            fail_msg("no row of the type `%s`", type_table[kind].name);
        assert_non_null(strstr(reference, type_table[kind].c_type));
    }
    for (i = 0; i < sizeof lists / sizeof *lists; i++)
        for (k = 0; lists[i][k] != NULL; k++)
            if (strstr(reference, arena_printf(&arena, "`%s`", lists[i][k])) == NULL)
                fail_msg("the reference has no `%s`", lists[i][k]);
}

/* ---- the JSON Schema ---------------------------------------------------------- */

static const struct node *json_schema(void)
{
    struct diags *diags = diags_new(&arena);
    const char *text = read_all("schema/quarry.schema.json");
    const struct node *root =
        node_read(&arena, diags, diags_source(diags, "json", text, strlen(text)));

    assert_int_equal(diags_errors(diags), 0);
    return node_get(root, "$defs");
}

static void test_json_schema_is_printed(void **state)
{
    const char *text = read_all("schema/quarry.schema.json");
    struct buf printed;

    (void)state;
    buf_init(&printed);
    language_json_schema(&printed);
    assert_string_equal(printed.data, text); /* else: quarry json-schema > that file */
    buf_release(&printed);
}

static const struct node *definition(enum place place)
{
    const struct node *node = node_get(json_schema(), language[place].definition);

    assert_non_null(node);
    if (language[place].short_json != NULL)
        node = node_get(node, "anyOf")->items[1];
    assert_string_equal(node_get(node, "additionalProperties")->text, "false");
    return node;
}

static void test_json_schema_has_the_keys(void **state)
{
    enum place place;
    size_t i;

    (void)state;
    for (place = PLACE_SCHEMA; place < PLACE_COUNT; place++) {
        const struct node *properties = node_get(definition(place), "properties");

        assert_int_equal(properties->count, language[place].count);
        for (i = 0; i < properties->count; i++)
            assert_true(place_has(place, properties->entries[i].key->text));
    }
}

static void test_json_schema_requires_the_same(void **state)
{
    enum place place;
    size_t i, k;

    (void)state;
    for (place = PLACE_SCHEMA; place < PLACE_COUNT; place++) {
        const struct node *required = node_get(definition(place), "required");

        for (i = 0, k = 0; i < language[place].count; i++)
            if (language[place].keys[i].required)
                assert_string_equal(required->items[k++]->text,
                                    language[place].keys[i].name);
        assert_int_equal(k, required->count);
    }
}

static void test_json_schema_refers_to_definitions(void **state)
{
    const char *text = read_all("schema/quarry.schema.json"), *at = text;
    const struct node *definitions = json_schema();

    (void)state;
    while ((at = strstr(at, "#/$defs/")) != NULL) {
        at += strlen("#/$defs/");
        assert_non_null(
            node_get(definitions, arena_strndup(&arena, at, strcspn(at, "\""))));
    }
}

/* ---- the parser --------------------------------------------------------------- */

/* A value of the kind that a key wants. */
static const char *value_of(const struct language_key *key)
{
    switch (key->kind) {
    case KEY_BOOL: return "true";
    case KEY_LENGTH: return "5";
    case KEY_ONE_OF: return key->choices[0];
    case KEY_TEXTS:
    case KEY_LIST: return "[]";
    case KEY_MAP: return "{}";
    case KEY_TEXT:
    case KEY_SQL:
    case KEY_SQL_NAME:
    case KEY_SQL_NAME_OR_NULL:
    case KEY_NAME:
    case KEY_VALUE:
    case KEY_OTHER: break;
    }
    return "x";
}

static const struct node *node_of(struct diags *diags, const char *text)
{
    return node_read(&arena, diags, diags_source(diags, "t", text, strlen(text)));
}

static void test_parser_takes_each_key(void **state)
{
    const struct node *values[LANGUAGE_KEYS];
    enum place place;
    size_t i;

    (void)state;
    for (place = PLACE_SCHEMA; place < PLACE_COUNT; place++) {
        struct diags *diags = diags_new(&arena);
        char *text = arena_strdup(&arena, "");

        for (i = 0; i < language[place].count; i++)
            text = arena_printf(&arena, "%s%s: %s\n", text, language[place].keys[i].name,
                                value_of(&language[place].keys[i]));
        assert_true(language_read(diags, place, node_of(diags, text), values));
        for (i = 0; i < language[place].count; i++)
            assert_non_null(values[i]);
    }
}

/* A wrong kind is an error and leaves the value out; a wrong one besides doesn't hide
 * others. */
static void test_parser_refuses_other_kinds(void **state)
{
    const struct node *values[LANGUAGE_KEYS];
    enum place place;
    size_t i;

    (void)state;
    for (place = PLACE_SCHEMA; place < PLACE_COUNT; place++)
        for (i = 0; i < language[place].count; i++) {
            const struct language_key *key = &language[place].keys[i];
            struct diags *diags = diags_new(&arena);
            bool any = key->kind == KEY_VALUE || key->kind == KEY_OTHER;
            const char *wrong = key->kind == KEY_MAP ? "[]" : "{}";

            language_read(
                diags, place,
                node_of(diags, arena_printf(&arena, "%s: %s", key->name, wrong)), values);
            assert_true(any == (values[i] != NULL));
        }
}

static void test_every_key_has_a_sentence(void **state)
{
    enum place place;
    size_t i;

    (void)state;
    for (place = PLACE_SCHEMA; place < PLACE_COUNT; place++) {
        assert_true(language[place].count <= LANGUAGE_KEYS);
        for (i = 0; i < language[place].count; i++) {
            const char *doc = language[place].keys[i].doc;

            assert_true(doc != NULL && doc[strlen(doc) - 1] == '.');
        }
    }
}

static int release(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reference_has_all_keys),
        cmocka_unit_test(test_reference_has_no_other_keys),
        cmocka_unit_test(test_reference_has_types_and_words),
        cmocka_unit_test(test_json_schema_is_printed),
        cmocka_unit_test(test_json_schema_has_the_keys),
        cmocka_unit_test(test_json_schema_requires_the_same),
        cmocka_unit_test(test_json_schema_refers_to_definitions),
        cmocka_unit_test(test_parser_takes_each_key),
        cmocka_unit_test(test_parser_refuses_other_kinds),
        cmocka_unit_test(test_every_key_has_a_sentence),
    };

    return cmocka_run_group_tests(tests, NULL, release);
}
