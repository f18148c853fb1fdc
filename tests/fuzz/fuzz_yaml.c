/*
 * fuzz_yaml.c: libFuzzer target: any bytes as a YAML document. Walks what was read and
 * prints what was reported, so that every place in the tree and in the diagnostics is
 * touched.
 *
 *     clang -g -O1 -fsanitize=fuzzer,address,undefined tests/fuzz/fuzz_yaml.c \
 *         generator/base/?*.c generator/read/?*.c -lyaml -lm -o fuzz_yaml
 *     ./fuzz_yaml -max_total_time=600 NEW_INPUTS tests/fuzz/corpus/yaml
 */
#include "../../generator/read/node.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool condition)
{
    if (!condition)
        abort();
}

static void walk_scalar(const struct node *node)
{
    long long integer;
    double real;
    bool truth;
    size_t i;

    check(strlen(node->text) == node->length);
    node_bool(node, &truth);
    node_int64(node, &integer);
    node_double(node, &real);
    for (i = 0; i <= node->length && i < 200; i++) {
        struct span span = node_span_at(node, i, 3);

        check(pos_offset(span.at) + span.length <= span.at.source->length);
    }
}

/* Recursion is bounded: the tree is at most NODE_DEPTH deep. */
static void walk(const struct node *node, int depth)
{
    size_t i;

    check(depth <= NODE_DEPTH);
    check(node->span.at.line >= 1 && node->span.at.column >= 1);
    check(pos_offset(node->span.at) + node->span.length <= node->span.at.source->length);
    if (node->kind == NODE_SCALAR)
        walk_scalar(node);
    for (i = 0; i < node->count; i++) {
        if (node->kind == NODE_LIST) {
            walk(node->items[i], depth + 1);
            continue;
        }
        check(node->entries[i].key->kind == NODE_SCALAR);
        check(node_get(node, node->entries[i].key->text) == node->entries[i].value);
        walk(node->entries[i].key, depth + 1);
        walk(node->entries[i].value, depth + 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static FILE *null;
    struct arena arena = {0};
    struct diags *diags = diags_new(&arena);
    const struct source *source = diags_source(diags, "fuzz", (const char *)data, size);
    struct node *root = node_read(&arena, diags, source);

    if (null == NULL)
        null = fopen("/dev/null", "w");
    check(root != NULL || diags_errors(diags) > 0);
    if (root != NULL)
        walk(root, 0);
    diags_print(diags, null, true);
    diags_print_json(diags, null);
    arena_release(&arena);
    return 0;
}
