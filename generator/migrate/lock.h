/*
 * lock.h: schema.lock: which migrations are released, each with its checksum, so that one
 * that was released and then edited is found. It must not know how the file is written.
 */
#ifndef MIGRATE_LOCK_H
#define MIGRATE_LOCK_H

#include "history.h"

struct lock_entry {
    const char *schema;
    int version;
    const char *name, *checksum;
    struct span span;
};

struct lock {
    VEC(struct lock_entry) entries; /* as they stand in the file */
};

/*
 * Reads the text of a lock file: comments, empty lines, lines twice and ends of lines of
 * other systems are no fault. False: a line is none of its lines, or contradicts another,
 * which is reported.
 */
bool lock_read(const struct stage *stage, const struct source *source, struct lock *lock);

/*
 * Whether the migrations of the schema are those that were released, and new ones come
 * after them. What is not is reported at the migration.
 */
bool lock_check(const struct stage *stage, const struct history *history,
                const struct lock *lock);

/* How many migrations of the history are not in the lock. */
size_t lock_missing(const struct stage *stage, const struct history *history,
                    const struct lock *lock);

/* The text of the file with all migrations of the history, sorted by schema and version. */
void lock_write(const struct stage *stage, const struct history *history,
                const struct lock *lock, struct buf *out);

#endif
