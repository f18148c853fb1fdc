/*
 * migrations.h: the migrations of a schema that a command works on: made, held against
 * schema.lock, proved. It must not know what the command prints.
 */
#ifndef CLI_MIGRATIONS_H
#define CLI_MIGRATIONS_H

#include "../migrate/lock.h"
#include "cli.h"

/* The path of schema.lock beside a schema. */
const char *migrations_lock_path(struct arena *arena, const char *schema_path);

/*
 * Reads the lock beside the schema into `lock`; a file that is not there is an empty one.
 * False after errors, which are in the work's diagnostics.
 */
bool migrations_read_lock(struct work *work, const char *schema_path, struct lock *lock);

/*
 * Looks at the triggers; makes the history of the work's schema, holds it against the lock
 * and, where `prove` is set, proves it. NULL: there are no migrations, or there were errors.
 */
struct history *migrations_make(struct work *work, const char *schema_path, bool prove);

/* Reads a schema and makes its history without the proof. Prints what is wrong. */
int migrations_open(struct work *work, const char *path, struct history **history);

#endif
