/*
 * test_yaml.c: what YAML becomes, where each part stands, and every diagnostic of
 * reading, Q0001 to Q0020, each by an input that has nothing else wrong.
 */
#include "../../generator/read/node.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static struct arena arena;
static struct diags *diags;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static char *printed(void)
{
    char *text = NULL, *copy;
    size_t length;
    FILE *out = open_memstream(&text, &length);

    diags_print(diags, out, false);
    fclose(out);
    copy = arena_strndup(&arena, text, length);
    free(text);
    return copy;
}

static struct node *read_bytes(const char *text, size_t length)
{
    /* A copy without a NUL behind it, so that reading over the end is seen. */
    char *copy = malloc(length > 0 ? length : 1);
    struct node *root;

    memcpy(copy, text, length);
    diags = diags_new(&arena);
    root = node_read(&arena, diags, diags_source(diags, "t", copy, length));
    printed();
    free(copy);
    return root;
}

static struct node *read_text(const char *text)
{
    diags = diags_new(&arena);
    return node_read(&arena, diags, diags_source(diags, "t", text, strlen(text)));
}

static struct node *read_good(const char *text)
{
    struct node *root = read_text(text);

    if (diags_errors(diags) > 0)
        diags_print(diags, stderr, false);
    assert_int_equal(diags_errors(diags), 0);
    assert_non_null(root);
    return root;
}

/* A tree in one line: plain text bare, quoted text in quotes, nothing as ~. */
static void show(FILE *out, const struct node *node)
{
    size_t i;

    switch (node->kind) {
    case NODE_NULL: fputc('~', out); break;
    case NODE_SCALAR: fprintf(out, node->quoted ? "'%s'" : "%s", node->text); break;
    case NODE_LIST:
        fputc('[', out);
        for (i = 0; i < node->count; i++) {
            fputs(i > 0 ? "," : "", out);
            show(out, node->items[i]);
        }
        fputc(']', out);
        break;
    case NODE_MAP:
        fputc('{', out);
        for (i = 0; i < node->count; i++) {
            fputs(i > 0 ? "," : "", out);
            show(out, node->entries[i].key);
            fputc(':', out);
            show(out, node->entries[i].value);
        }
        fputc('}', out);
        break;
    }
}

static char *shown(const struct node *node)
{
    char *text = NULL, *copy;
    size_t length;
    FILE *out = open_memstream(&text, &length);

    if (node != NULL)
        show(out, node);
    fclose(out);
    copy = arena_strndup(&arena, text, length);
    free(text);
    return copy;
}

static void trees(void **state)
{
    static const char *const cases[][2] = {
        {"a", "a"},
        {"a: 1\nb: [x, {y: z}]\n", "{a:1,b:[x,{y:z}]}"},
        {"a:\n- 1\n-\n- 'q'\n- \"d\"\n", "{a:[1,~,'q','d']}"},
        {"- - - a\n    - b\n", "[[[a,b]]]"},
        {"a:\nb: ~\nc: null\nd: Null\ne: NULL\nf: nULL\ng: '~'\nh: 'null'\ni: ''\n",
         "{a:~,b:~,c:~,d:~,e:~,f:nULL,g:'~',h:'null',i:''}"},
        {"{a, b: , c: 1}", "{a:~,b:~,c:1}"},
        {"[]", "[]"},
        {"{}", "{}"},
        {"--- a\n...\n", "a"},
        {"# c\n---\na: b # c\n", "{a:b}"},
        {"a: b\n  c\n", "{a:b c}"},
        {"? a\n: b\n", "{a:b}"},
        {"'<<': 1\n", "{'<<':1}"},
        {"'': 1\n", "{'':1}"},
        {"a: |\n  x\n  y\n", "{a:'x\ny\n'}"},
        {"a: >-\n  x\n  y\n", "{a:'x y'}"},
        {"a: text?\n", "{a:text?}"},
        {"a: [text?, b?]\n", "{a:[text?,b?]}"},
        {"a: \"\\u00e4\\x41\\n\\N\"\n", "{a:'äA\n\xC2\x85'}"},
        {"\xEF\xBB\xBF"
         "a: b",
         "{a:b}"},
        {"a: 1\r\nb: |\r\n  x\r\n  y\r\n", "{a:1,b:'x\ny\n'}"},
        {"yes: no\n", "{yes:no}"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(shown(read_good(cases[i][0])), cases[i][1]);
}

static const struct node *child(const struct node *node, const char *key)
{
    const struct node *value = node_get(node, key);

    assert_non_null(value);
    return value;
}

static void is_at(struct span span, unsigned line, unsigned column, unsigned length)
{
    assert_int_equal(span.at.line, line);
    assert_int_equal(span.at.column, column);
    assert_int_equal(span.length, length);
}

static void places_are_exact(void **state)
{
    const struct node *root = read_good("\xEF\xBB\xBF"
                                        "äö: 'ü'\n"
                                        "list: [a, bcd]\n"
                                        "none:\n"
                                        "block: |\n"
                                        "  text\n"
                                        "long: 'a\n"
                                        "  b'\n"
                                        "map:\n"
                                        "  x: \"😀\" # c\n"
                                        "items:\n"
                                        "- y\n");

    (void)state;
    is_at(root->span, 1, 1, 0);
    is_at(root->entries[0].key->span, 1, 1, 4);
    is_at(child(root, "äö")->span, 1, 7, 4);
    is_at(child(root, "list")->span, 2, 7, 1);
    is_at(child(root, "list")->items[1]->span, 2, 11, 3);
    is_at(child(root, "none")->span, 3, 6, 0);
    is_at(child(root, "block")->span, 4, 8, 1);
    is_at(child(root, "long")->span, 6, 7, 2);
    is_at(child(root, "map")->span, 9, 3, 0);
    is_at(child(child(root, "map"), "x")->span, 9, 6, 6);
    is_at(child(root, "items")->span, 11, 1, 1);
    is_at(child(root, "items")->items[0]->span, 11, 3, 1);
}

/* One error: its place and code, what remains of the tree, and that the rest is silent.
 */
static const struct {
    const char *text, *error, *tree;
} refusals[] = {
    {"a: b\xFF\n", "t:1:5: error: this byte is not UTF-8: 0xFF [Q0003]", ""},
    {"a: \xE4\n", "t:1:4: error: this byte is not UTF-8: 0xE4 [Q0003]", ""},
    {"a: \xED\xA0\x80\n", "t:1:4: error: this byte is not UTF-8: 0xED [Q0003]", ""},
    {"é: \x01\n", "t:1:5: error: the control character U+0001 [Q0005]", ""},
    {"a: \x7F\n", "t:1:4: error: the control character U+007F [Q0005]", ""},
    {"a: \xEF\xBB\xBF\n", "t:1:4: error: the control character U+FEFF [Q0005]", ""},
    {"a: x\rb: y\n", "t:1:5: error: U+000D is not a line end", ""},
    {"a: x\r", "t:1:5: error: U+000D is not a line end", ""},
    {"a: \xC2\x85\n", "t:1:4: error: U+0085 is not a line end", ""},
    {"a: \xE2\x80\xA8\n", "t:1:4: error: U+2028 is not a line end", ""},
    {"", "t: error: the document is empty [Q0007]", ""},
    {" \n# nothing\n", "t: error: the document is empty [Q0007]", ""},
    {"---\n...\n", "t: error: the document is empty [Q0007]", ""},
    {"\xEF\xBB\xBF", "t: error: the document is empty [Q0007]", ""},
    {"a:\n\tb: 1\n", "t:2:1: error: a tab where only spaces can stand [Q0008]", ""},
    {"a:\n  b: 1\n\tc: 1\n", "t:3:1: error: a tab where only spaces can stand [Q0008]",
     ""},
    {"a: |\n\tx\n", "t:2:1: error: a tab where only spaces can stand [Q0008]", ""},
    {"-\tb: 1\n", "t:1:2: error: a tab where only spaces can stand [Q0008]", ""},
    {"a: 1\na: 2\n", "t:2:1: error: duplicate key `a` [Q0012]", "{a:1}"},
    {"a: 1\n'a': 2\nb: 3\n", "t:2:1: error: duplicate key `a` [Q0012]", "{a:1,b:3}"},
    {"{a: {b, b: 1}}", "t:1:9: error: duplicate key `b` [Q0012]", "{a:{b:~}}"},
    {"[a]: 1\nb: 2\n", "t:1:1: error: a key must be text, not a list [Q0013]", "{b:2}"},
    {"{a: 1}: 1\n", "t:1:1: error: a key must be text, not a map [Q0013]", "{}"},
    {"null: 1\n", "t:1:1: error: a key must be text, not nothing [Q0013]", "{}"},
    {"?\n: 1\n", "t:1:2: error: a key must be text, not nothing [Q0013]", "{}"},
    {"<<: {a: 1}\nb: 2\n", "t:1:1: error: merge keys (<<) are not allowed [Q0014]",
     "{b:2}"},
    {"a: &x 1\n", "t:1:4: error: anchors (&) are not allowed [Q0015]", "{a:1}"},
    {"a: &x [1]\n", "t:1:4: error: anchors (&) are not allowed [Q0015]", "{a:[1]}"},
    {"a: &x {b: 1}\n", "t:1:4: error: anchors (&) are not allowed [Q0015]", "{a:{b:1}}"},
    {"a: & 1\n", "t:1:4: error: anchors (&) are not allowed [Q0015]", ""},
    {"a: *x\n", "t:1:4: error: aliases (*) are not allowed [Q0016]", "{a:~}"},
    {"a: *.c\n", "t:1:4: error: aliases (*) are not allowed [Q0016]", ""},
    {"a: !!str 1\n", "t:1:4: error: tags (!) are not allowed [Q0017]", "{a:1}"},
    {"a: !x [1]\n", "t:1:4: error: tags (!) are not allowed [Q0017]", "{a:[1]}"},
    {"a: ! 1\n", "t:1:4: error: tags (!) are not allowed [Q0017]", "{a:1}"},
    {"a: !e!x 1\n", "t:1:4: error: tags (!) are not allowed [Q0017]", ""},
    {"a: !<x 1\n", "t:1:4: error: tags (!) are not allowed [Q0017]", ""},
    {"%YAML 1.1\n---\na: 1\n", "t:1:1: error: directives (%) are not allowed [Q0018]",
     "{a:1}"},
    {"%TAG ! !x\n---\na: 1\n", "t:1:1: error: directives (%) are not allowed [Q0018]",
     "{a:1}"},
    {"%FOO\n---\na: 1\n", "t:1:1: error: directives (%) are not allowed [Q0018]", ""},
    {"%YAML 3.0\n---\na\n", "t:1:1: error: directives (%) are not allowed [Q0018]", ""},
    {"a: 1\n---\nb: 2\n", "t:2:1: error: a second document in one file [Q0019]", "{a:1}"},
    {"---\n---\nb: 2\n", "t:2:1: error: a second document in one file [Q0019]", ""},
    {"a: \"x\\0y\"\n", "t:1:4: error: the text contains a NUL (`\\0`) [Q0020]",
     "{a:'x?y'}"},
};

static void refused(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        const char *tree = shown(read_text(refusals[i].text)), *out = printed();

        if (strstr(out, refusals[i].error) == NULL || diags_errors(diags) != 1)
            fprintf(stderr, "case %zu: %s\n", i, out);
        assert_non_null(strstr(out, refusals[i].error));
        assert_int_equal(diags_errors(diags), 1);
        assert_string_equal(tree, refusals[i].tree);
    }
}

static void bad_syntax(void **state)
{
    static const char *const cases[][2] = {
        {"a: 1\nb\nc: 2\n", "t:2:1: error: expected `:` and a value after this key"},
        {"a: b: c\n", "t:1:5: error: this `:` can't begin a value here"},
        {"a: - b\n", "t:1:4: error: a list can't begin here"},
        {"a: ? b\n", "t:1:4: error: a key can't begin here"},
        {"a: 1\n b: 2\n", "t:2:3: error: this `:` can't begin a value here"},
        {"a:\n  b: 1\n c: 1\n", "t:3:2: error: expected a key of the map here"},
        {"- a\nb: 1\n", "t:2:1: error: expected `- ` of the list here"},
        {"a: [b\nc: 1\n", "t:2:2: error: expected `,` or `]` here"},
        {"a: [b, c", "t:1:9: error: expected `,` or `]` here"},
        {"a: {b: 1\n", "t:2:1: error: expected `,` or `}` here"},
        {"[,]", "t:1:2: error: expected a value here"},
        {"[a]\nb\n", "t:2:1: error: unexpected text after the end"},
        {"a: 'b\nc: d\n", "t:1:4: error: the closing quote of this text is missing"},
        {"a: \"b\n---\n",
         "t:1:4: error: the closing quote of this text is missing before"},
        {": 1\n", "t:1:1: error: expected a key of the map here"},
        {"a: \"\\q\"\n", "t:1:5: error: unknown escape in double quotes"},
        {"a: \"\\xZZ\"\n", "expected hexadecimal digits of an escape here"},
        {"a: \"\\uD800\"\n", "this escape is not a Unicode character"},
        {"a: @b\n", "t:1:4: error: this character can't begin a text"},
        {"a: `b\n", "t:1:4: error: this character can't begin a text"},
        {"a: | x\n", "t:1:6: error: expected the end of the line here"},
        {"a: |0\n", "the indentation of a block is 1 to 9"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *out;

        assert_null(read_text(cases[i][0]));
        out = printed();
        if (strstr(out, cases[i][1]) == NULL || strstr(out, "[Q0009]") == NULL)
            fprintf(stderr, "case %zu: %s\n", i, out);
        assert_non_null(strstr(out, cases[i][1]));
        assert_non_null(strstr(out, "[Q0009]"));
        assert_int_equal(diags_errors(diags), 1);
    }
}

static void errors_look_as_documented(void **state)
{
    (void)state;
    read_text("hosts: 1\nother: 2\nhosts: 3\n");
    assert_string_equal(printed(), "t:3:1: error: duplicate key `hosts` [Q0012]\n"
                                   "    3 | hosts: 3\n"
                                   "      | ^~~~~\n"
                                   "t:1:1: note: first defined here\n"
                                   "    1 | hosts: 1\n"
                                   "      | ^~~~~\n");
    read_text("a:\n  b: 1\n c: 2\n");
    assert_string_equal(printed(),
                        "t:3:2: error: expected a key of the map here [Q0009]\n"
                        "    3 |  c: 2\n"
                        "      |  ^ keys of one map are indented alike\n"
                        "t:1:1: note: the map begins here\n"
                        "    1 | a:\n"
                        "      | ^\n");
}

static void bytes_with_nuls(void **state)
{
    static const struct {
        const char *text;
        size_t length;
        const char *error;
    } cases[] = {
        {"abc: d\0e\n", 9, "t:1:7: error: a NUL byte [Q0004]"},
        {"\0", 1, "t:1:1: error: a NUL byte [Q0004]"},
        {"\0\0\0", 3, "t:1:1: error: a NUL byte [Q0004]"},
        {"\xFF\xFE"
         "a\0",
         4, "t: error: the file is UTF-16, not UTF-8 [Q0002]"},
        {"\xFE\xFF\0a", 4, "t: error: the file is UTF-16, not UTF-8 [Q0002]"},
        {"a\0:\0", 4, "t: error: the file is UTF-16, not UTF-8 [Q0002]"},
        {"\0a\0:", 4, "t: error: the file is UTF-16, not UTF-8 [Q0002]"},
        {"\xFF\xFE\0\0a\0\0\0", 8, "t: error: the file is UTF-32, not UTF-8 [Q0002]"},
        {"\0\0\xFE\xFF\0\0\0a", 8, "t: error: the file is UTF-32, not UTF-8 [Q0002]"},
        {"a: \xE2\x82", 5, "t:1:4: error: this byte is not UTF-8: 0xE2 [Q0003]"},
        {"\xFF", 1, "t:1:1: error: this byte is not UTF-8: 0xFF [Q0003]"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        diags = diags_new(&arena);
        assert_null(node_read(&arena, diags,
                              diags_source(diags, "t", cases[i].text, cases[i].length)));
        if (strstr(printed(), cases[i].error) == NULL)
            fprintf(stderr, "case %zu: %s\n", i, printed());
        assert_non_null(strstr(printed(), cases[i].error));
        assert_int_equal(diags_errors(diags), 1);
    }
}

static void nothing_is_read_over_the_end(void **state)
{
    static const char *const texts[] = {"a: b",   "a: |\n  b",    "'a",   "a: \xE2\x82",
                                        "a:\n  ", "\xEF\xBB\xBF", "\xEF", "a\r",
                                        "[a",     "- ",           "!",    "&"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof texts / sizeof *texts; i++)
        read_bytes(texts[i], strlen(texts[i]));
}

static char *nested(size_t depth, const char *open, const char *close)
{
    size_t width = strlen(open), i;
    char *text = arena_alloc(&arena, depth * (width + strlen(close)) + 2), *out = text;

    for (i = 0; i < depth; i++, out += width)
        memcpy(out, open, width);
    *out++ = 'x';
    for (i = 0; i < depth; i++, out += strlen(close))
        memcpy(out, close, strlen(close));
    return text;
}

static void depth_is_limited(void **state)
{
    static const char *const kinds[][2] = {{"[", "]"}, {"{a: ", "}"}, {"- ", ""}};
    size_t i;

    (void)state;
    for (i = 0; i < 3; i++) {
        read_good(nested(NODE_DEPTH, kinds[i][0], kinds[i][1]));
        assert_null(read_text(nested(NODE_DEPTH + 1, kinds[i][0], kinds[i][1])));
        assert_non_null(strstr(printed(), "lists and maps nested over 64 deep [Q0010]"));
        assert_null(read_text(nested(300000, kinds[i][0], kinds[i][1])));
        assert_int_equal(diags_errors(diags), 1);
    }
}

static void size_is_limited(void **state)
{
    size_t size = NODE_BYTES;
    char *text = malloc(size + 1);

    (void)state;
    memset(text, ' ', size + 1);
    text[0] = 'a';
    diags = diags_new(&arena);
    assert_non_null(node_read(&arena, diags, diags_source(diags, "t", text, size)));
    diags = diags_new(&arena);
    assert_null(node_read(&arena, diags, diags_source(diags, "t", text, size + 1)));
    assert_non_null(strstr(printed(),
                           "t: error: the file has 67108865 bytes; the limit is "
                           "64 MiB [Q0001]"));
    free(text);
}

static void values_are_limited(void **state)
{
    size_t size = 2 * (size_t)NODE_COUNT + 4, i;
    char *text = malloc(size);

    (void)state;
    for (i = 0; i < size; i += 2)
        memcpy(text + i, "a,", 2);
    text[0] = '[';
    text[1] = 'a';
    text[2] = ',';
    text[size - 1] = ']';
    for (i = 3; i < size - 1; i++)
        text[i] = i % 2 == 1 ? 'a' : ',';
    diags = diags_new(&arena);
    assert_null(node_read(&arena, diags, diags_source(diags, "t", text, size)));
    assert_non_null(strstr(printed(), "more than 4194304 values in a file [Q0011]"));
    free(text);
}

/* Many keys in one map, in a time that only a linear search for duplicates can't reach.
 */
static void many_keys_are_linear(void **state)
{
    enum {
        COUNT = 100000
    };
    char *text = malloc(COUNT * 16 + 100), *out = text;
    struct node *root;
    clock_t begin = clock();
    int i;

    (void)state;
    for (i = 0; i < COUNT; i++)
        out += sprintf(out, "k%d: %d\n", i, i);
    strcpy(out, "k77: 1\nk99999: 2\n");
    root = read_text(text);
    assert_int_equal(root->count, COUNT);
    assert_int_equal(diags_errors(diags), 2);
    assert_true((double)(clock() - begin) / CLOCKS_PER_SEC < 5);
    assert_non_null(strstr(printed(), "t:100001:1: error: duplicate key `k77`"));
    assert_non_null(strstr(printed(), "t:78:1: note: first defined here"));
    free(text);
}

static void thousands_of_errors_end(void **state)
{
    enum {
        COUNT = 200000
    };
    char *text = malloc(COUNT * 8 + 1), *out = text;
    int i;

    (void)state;
    for (i = 0; i < COUNT; i++)
        out += sprintf(out, "- &a 1\n");
    assert_null(read_text(text));
    assert_true(diags_full(diags));
    memset(text, '\x01', COUNT);
    for (i = 1; i < COUNT; i += 2)
        text[i] = '\n';
    text[COUNT] = '\0';
    assert_null(read_text(text));
    assert_true(diags_full(diags));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trees),
        cmocka_unit_test(places_are_exact),
        cmocka_unit_test(refused),
        cmocka_unit_test(bad_syntax),
        cmocka_unit_test(errors_look_as_documented),
        cmocka_unit_test(bytes_with_nuls),
        cmocka_unit_test(nothing_is_read_over_the_end),
        cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(size_is_limited),
        cmocka_unit_test(values_are_limited),
        cmocka_unit_test(many_keys_are_linear),
        cmocka_unit_test(thousands_of_errors_end),
    };

    return cmocka_run_group_tests(tests, NULL, teardown);
}
