/*
 * checksum.h: what a migration is, as one number that changes when, and only when, what
 * it does changes: not with the formatting of the YAML, comments, or the order of keys.
 */
#ifndef MIGRATE_CHECKSUM_H
#define MIGRATE_CHECKSUM_H

#include "../model/migration.h"

/*
 * SHA-256 in hexadecimal over a canonical form of version, name, steps up and down, the
 * schema's options as far as the steps depend on them, and `chain`, the checksum of the
 * migration before ("": it is the first).
 */
const char *checksum_migration(struct arena *arena, const struct schema *schema,
                               const struct migration *migration, const char *chain);

#endif
