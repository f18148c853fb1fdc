/*
 * migrations.c: see migrations.h.
 */
#include "migrations.h"

#include "../migrate/prove.h"
#include "../model/load.h"
#include "../render/files.h"

#include <errno.h>
#include <string.h>

const char *migrations_lock_path(struct arena *arena, const char *schema_path)
{
    return load_join(arena, schema_path, "schema.lock");
}

static struct stage stage_of(struct work *work)
{
    return (struct stage){&work->arena, work->diags, work->schema,
                          ARENA_NEW(&work->arena, struct map)};
}

bool migrations_read_lock(struct work *work, const char *schema_path, struct lock *lock)
{
    const char *path = migrations_lock_path(&work->arena, schema_path);
    struct stage stage = stage_of(work);
    struct buf text;
    const struct source *source;
    bool good = false;

    *lock = (struct lock){0};
    if (strcmp(schema_path, "-") == 0)
        return true;
    buf_init(&text);
    errno = 0;
    if (file_read(path, NODE_BYTES, &text)) {
        source = diags_source(work->diags, path,
                              arena_strndup(&work->arena, text.data, text.length),
                              text.length);
        *VEC_ADD(&work->arena, &work->schema->files) = path;
        good = lock_read(&stage, source, lock);
    } else if (errno == ENOENT) {
        good = true;
    } else {
        diag_error(work->diags, 100, work->schema->migrations->span,
                   "can't read `%s`: %s", path, strerror(errno));
    }
    buf_release(&text);
    return good;
}

struct history *migrations_make(struct work *work, const char *schema_path, bool prove)
{
    struct stage stage = stage_of(work);
    struct history *history;
    struct lock lock;

    if (!prove_triggers(&stage) || work->schema->migrations == NULL)
        return NULL;
    if (work->schema->migrations->list.count == 0) {
        if (prove)
            diag_hint(diag_error(work->diags, 420, work->schema->migrations->span,
                                 "there is no migration yet"),
                      "`quarry migrate new NAME SCHEMA` writes the first");
        return NULL;
    }
    if (!migrations_read_lock(work, schema_path, &lock))
        return NULL;
    history = history_make(&stage);
    if (history == NULL || !lock_check(&stage, history, &lock))
        return NULL;
    return !prove || prove_history(&stage, history) ? history : NULL;
}

int migrations_open(struct work *work, const char *path, struct history **history)
{
    int status = work_open(work, path);

    *history = NULL;
    if (status != EXIT_GOOD)
        return status;
    work_schema(work, path);
    if (work->schema != NULL)
        *history = migrations_make(work, path, false);
    return print_diags(work->diags);
}
