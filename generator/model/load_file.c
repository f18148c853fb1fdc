/*
 * load_file.c: reads files and follows `include`. A file that is reached on two ways is
 * read once; one that includes itself, on whatever way, is an error. It must not know
 * what stands in the files.
 */
#include "load.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum {
    INCLUDE_DEPTH = 100
};

/* The files that are being read, innermost first. */
struct include_chain {
    struct include_chain *outer;
    struct include_chain *before; /* in the list of all that were read */
    const char *path;
    unsigned depth;
    struct stat identity;
    bool has_identity;
};

struct text {
    char *data;
    size_t length;
};

/* A byte more than NODE_BYTES, so that node_read() sees that the text is too long. */
static bool read_stream(struct arena *arena, FILE *file, struct text *text)
{
    struct buf buf;
    char chunk[16384];
    size_t got;

    buf_init(&buf);
    while (buf.length <= NODE_BYTES && (got = fread(chunk, 1, sizeof chunk, file)) > 0)
        buf_add(&buf, chunk, got);
    if (ferror(file)) {
        buf_release(&buf);
        return false;
    }
    text->data = arena_strndup(arena, buf.data, buf.length);
    text->length = buf.length;
    buf_release(&buf);
    return true;
}

static bool read_file(struct arena *arena, const char *path, bool is_stdin,
                      struct text *text)
{
    FILE *file;
    bool good;
    int error;

    if (is_stdin)
        return read_stream(arena, stdin, text);
    file = fopen(path, "rb");
    if (file == NULL)
        return false;
    good = read_stream(arena, file, text);
    error = errno;
    fclose(file);
    errno = error;
    return good;
}

const struct node *load_document(struct arena *arena, struct diags *diags,
                                 const char *path, struct span at)
{
    bool is_stdin = at.at.source == NULL && strcmp(path, "-") == 0; /* never included */
    const char *name = is_stdin ? "<stdin>" : path;
    struct text text;

    errno = 0;
    if (!read_file(arena, path, is_stdin, &text)) {
        const char *why = errno != 0 ? strerror(errno) : "it is no file";

        if (at.at.source == NULL)
            at.at.source = diags_source(diags, name, "", 0);
        diag_error(diags, 100, at, "can't read `%s`: %s", path, why);
        return NULL;
    }
    return node_read(arena, diags, diags_source(diags, name, text.data, text.length));
}

char *load_join(struct arena *arena, const char *path, const char *include)
{
    const char *slash = strrchr(path, '/');

    if (include[0] == '/' || slash == NULL)
        return arena_strdup(arena, include);
    return arena_printf(arena, "%.*s%s", (int)(slash - path + 1), path, include);
}

static bool is_same(const struct include_chain *a, const struct include_chain *b)
{
    if (a->has_identity && b->has_identity)
        return a->identity.st_dev == b->identity.st_dev &&
               a->identity.st_ino == b->identity.st_ino;
    return strcmp(a->path, b->path) == 0;
}

static bool is_being_read(const struct include_chain *file)
{
    const struct include_chain *outer;

    for (outer = file->outer; outer != NULL; outer = outer->outer)
        if (is_same(file, outer))
            return true;
    return false;
}

static bool was_read(const struct loader *loader, const struct include_chain *file)
{
    const struct include_chain *earlier;

    for (earlier = loader->last_read; earlier != NULL; earlier = earlier->before)
        if (is_same(file, earlier))
            return true;
    return false;
}

static struct include_chain *identify(struct loader *loader, const char *path,
                                      struct include_chain *outer)
{
    struct include_chain *chain = ARENA_NEW(loader->arena, struct include_chain);

    chain->outer = outer;
    chain->path = path;
    chain->depth = outer == NULL ? 0 : outer->depth + 1;
    chain->has_identity = stat(path, &chain->identity) == 0;
    return chain;
}

static void load_includes(struct loader *loader, const struct node *list,
                          struct include_chain *outer);

static void load_include(struct loader *loader, const struct node *node,
                         struct include_chain *file)
{
    const struct node *values[TOP_FRAGMENT_KEYS];
    size_t errors = diags_errors(loader->diags);
    const struct node *root;

    file->before = loader->last_read;
    loader->last_read = file;
    *VEC_ADD(loader->arena, &loader->schema->files) = file->path;
    root = load_document(loader->arena, loader->diags, file->path, node->span);
    if (root == NULL || diags_errors(loader->diags) != errors)
        loader->incomplete = true;
    if (root == NULL)
        return;
    if (root->kind != NODE_MAP) {
        language_wrong_kind(loader->diags, root, "an included file", "a map");
        loader->incomplete = true;
        return;
    }
    language_read(loader->diags, PLACE_FRAGMENT, root, values);
    load_includes(loader, values[TOP_INCLUDE], file);
    load_top(loader, root, values, TOP_FRAGMENT_KEYS);
}

static void load_includes(struct loader *loader, const struct node *list,
                          struct include_chain *outer)
{
    struct map listed = {.count = 0};
    size_t i;

    for (i = 0; list != NULL && i < list->count; i++) {
        const struct node *node = list->items[i];
        struct include_chain *file =
            identify(loader, load_join(loader->arena, outer->path, node->text), outer);

        if (load_is_repeated(loader, &listed, node, "included file"))
            continue;
        if (file->depth > INCLUDE_DEPTH)
            diag_error(loader->diags, 108, node->span, "files include files over %d deep",
                       (int)INCLUDE_DEPTH);
        else if (is_being_read(file))
            diag_error(loader->diags, 107, node->span, "`%s` includes itself",
                       file->path);
        else if (!was_read(loader, file))
            load_include(loader, node, file);
    }
}

void load_included(struct loader *loader, const struct node *list, const char *path)
{
    if (strcmp(path, "-") != 0)
        *VEC_ADD(loader->arena, &loader->schema->files) =
            arena_strdup(loader->arena, path);
    load_includes(loader, list, identify(loader, path, NULL));
}
