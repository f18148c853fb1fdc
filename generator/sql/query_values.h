/*
 * query_values.h: constants in a statement that the schema's columns can never have: a state
 * that the enum does not declare, a date where a timestamp is a number; and rows that lack a
 * column. SQLite takes all of it, and finds no row, or refuses each row at run time. It must
 * not know C.
 */
#ifndef SQL_QUERY_VALUES_H
#define SQL_QUERY_VALUES_H

#include "query_internal.h"

/* False after errors. The statement has been typed. */
bool values_check(const struct typing *typing);

#endif
