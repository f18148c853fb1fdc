/*
 * order.h: the order in which tables are created and filled: parents before children. It
 * must not know columns' types.
 */
#ifndef ORDER_H
#define ORDER_H

#include "model.h"

/* True where a row can't be inserted before the row it refers to: NOT NULL, not deferred.
 */
bool order_is_hard(const struct foreign_key *key);

/*
 * Fills schema->creation, table->depth and table->refers_to_itself. In a cycle, parents
 * behind hard foreign keys come first. A cycle of hard foreign keys only, which no row
 * can ever enter, is an error.
 */
void order_tables(struct arena *arena, struct diags *diags, struct schema *schema);

/* Puts views behind those that they name; SQLite refuses what goes in a circle. */
void order_views(struct arena *arena, struct schema *schema);

#endif
