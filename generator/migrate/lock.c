/*
 * lock.c: see lock.h. A line is: the schema's name, version, name, checksum; lines that
 * begin with # are comments.
 */
#include "lock.h"

#include "../base/names.h"

#include <stdlib.h>
#include <string.h>

static const char heading[] =
    "# The migrations that are released: a line for each, with its checksum. Written by\n"
    "# `quarry migrate release`; commit it. An edited migration is refused.\n";

/* ---- reading ------------------------------------------------------------------ */

enum {
    WORDS = 4
};

/* Splits a line at blanks; false: it has not so many words. */
static bool split(struct arena *arena, const char *line, size_t length,
                  char *words[WORDS])
{
    const char *end = line + length;
    size_t i;

    for (i = 0; i < WORDS; i++) {
        const char *from;

        while (line < end && *line == ' ')
            line++;
        for (from = line; line < end && *line != ' '; line++)
            continue;
        if (line == from)
            return false;
        words[i] = arena_strndup(arena, from, (size_t)(line - from));
    }
    while (line < end && *line == ' ')
        line++;
    return line == end;
}

/* The number of a version, from 1 on; 0: it is none. */
static int version_of(const char *text)
{
    size_t digits = strspn(text, "0123456789");

    return digits > 0 && digits < 10 && text[digits] == '\0' ? atoi(text) : 0;
}

static bool is_checksum(const char *text)
{
    return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

/* A merge of two branches may leave a line twice; two that differ are a conflict. */
static bool add_entry(const struct stage *stage, struct lock *lock,
                      struct lock_entry entry)
{
    size_t i;

    for (i = 0; i < lock->entries.count; i++) {
        const struct lock_entry *other = &lock->entries.items[i];

        if (other->version != entry.version || strcmp(other->schema, entry.schema) != 0)
            continue;
        if (strcmp(other->name, entry.name) == 0 &&
            strcmp(other->checksum, entry.checksum) == 0)
            return true;
        diag_note(diag_error(stage->diags, 432, entry.span,
                             "version %d of `%s` is released here as something else",
                             entry.version, entry.schema),
                  other->span, "it was released here");
        return false;
    }
    *VEC_ADD(stage->arena, &lock->entries) = entry;
    return true;
}

static bool read_line(const struct stage *stage, const struct source *source,
                      unsigned number, struct lock *lock)
{
    size_t length;
    const char *line = source_line(source, number, &length);
    char *words[WORDS];
    struct span span = {{source, number, 1}, (unsigned)length};

    if (length == 0 || line[0] == '#')
        return true;
    if (!split(stage->arena, line, length, words) || !name_is_snake(words[0]) ||
        version_of(words[1]) == 0 || !name_is_snake(words[2]) || !is_checksum(words[3])) {
        diag_hint(diag_error(stage->diags, 432, span, "this is no line of a lock file"),
                  "schema, version, name, checksum; `quarry migrate release` writes it");
        return false;
    }
    return add_entry(
        stage, lock,
        (struct lock_entry){words[0], version_of(words[1]), words[2], words[3], span});
}

bool lock_read(const struct stage *stage, const struct source *source, struct lock *lock)
{
    bool good = true;
    unsigned i;

    for (i = 1; i <= source->line_count; i++)
        good = read_line(stage, source, i, lock) && good;
    return good;
}

/* ---- checking ----------------------------------------------------------------- */

static const struct lock_entry *find(const struct stage *stage, const struct lock *lock,
                                     int version)
{
    size_t i;

    for (i = 0; i < lock->entries.count; i++)
        if (lock->entries.items[i].version == version &&
            strcmp(lock->entries.items[i].schema, stage->schema->name) == 0)
            return &lock->entries.items[i];
    return NULL;
}

static bool check_entry(const struct stage *stage, const struct history *history,
                        const struct lock_entry *entry)
{
    const struct history_version *version;

    if ((size_t)entry->version > history->versions.count) {
        diag_note(diag_error(stage->diags, 431, stage->schema->migrations->span,
                             "migration %d, `%s`, was released and is missing",
                             entry->version, entry->name),
                  entry->span, "it was released here");
        return false;
    }
    version = &history->versions.items[entry->version - 1];
    if (strcmp(entry->checksum, version->checksum) == 0)
        return true;
    diag_note(
        diag_error(stage->diags, 430, version->migration->span,
                   strcmp(entry->name, version->migration->name) == 0
                       ? "migration %d, `%s`, was changed after its release: it has the "
                         "checksum %s and was released with %s"
                       : "migration %d is `%s`, checksum %s, but another was released "
                         "with this version, checksum %s",
                   entry->version, version->migration->name, version->checksum,
                   entry->checksum),
        entry->span, "it was released here");
    return false;
}

/* A later checksum covers those before: the first that differs is the one that changed. */
bool lock_check(const struct stage *stage, const struct history *history,
                const struct lock *lock)
{
    size_t i;

    for (i = 0; i < lock->entries.count; i++)
        if (strcmp(lock->entries.items[i].schema, stage->schema->name) == 0 &&
            !check_entry(stage, history, &lock->entries.items[i]))
            return false;
    return true;
}

size_t lock_missing(const struct stage *stage, const struct history *history,
                    const struct lock *lock)
{
    size_t i, missing = 0;

    for (i = 0; i < history->versions.count; i++)
        missing += find(stage, lock, (int)i + 1) == NULL;
    return missing;
}

/* ---- writing ------------------------------------------------------------------ */

static int by_schema(const void *a, const void *b)
{
    const struct lock_entry *left = a, *right = b;
    int order = strcmp(left->schema, right->schema);

    return order != 0
               ? order
               : (left->version > right->version) - (left->version < right->version);
}

void lock_write(const struct stage *stage, const struct history *history,
                const struct lock *lock, struct buf *out)
{
    size_t count = lock->entries.count + history->versions.count, i;
    struct lock_entry *entries = ARENA_ARRAY(stage->arena, struct lock_entry, count + 1);

    count = 0;
    for (i = 0; i < lock->entries.count; i++)
        if (strcmp(lock->entries.items[i].schema, stage->schema->name) != 0)
            entries[count++] = lock->entries.items[i];
    for (i = 0; i < history->versions.count; i++) {
        const struct history_version *version = &history->versions.items[i];

        entries[count++] = (struct lock_entry){
            .schema = stage->schema->name,
            .version = version->migration->version,
            .name = version->migration->name,
            .checksum = version->checksum,
        };
    }
    if (count > 1)
        qsort(entries, count, sizeof *entries, by_schema);
    buf_adds(out, heading);
    for (i = 0; i < count; i++)
        buf_addf(out, "%s %d %s %s\n", entries[i].schema, entries[i].version,
                 entries[i].name, entries[i].checksum);
}
