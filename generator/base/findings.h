/*
 * findings.h: the codes of what `quarry lint` finds. A schema allows a finding by its code,
 * docs/lint.md has a line for each. It must not know how anything is found.
 */
#ifndef FINDINGS_H
#define FINDINGS_H

#include <stdbool.h>

/* X(name, number, what is found in few words). Numbers are never used again. */
/* clang-format off */
#define FINDINGS(X)                                                                      \
    X(ALLOW_UNUSED,        1, "an allowed finding that is not found")                     \
    X(KEY_WITHOUT_INDEX, 101, "a foreign key without an index on its columns")            \
    X(INDEX_IS_PREFIX,   102, "an index that another one begins with")                    \
    X(INDEX_TWICE,       103, "an index on what a key or another index has already")      \
    X(UNIQUE_IMPLIED,    104, "a unique constraint that another one implies")             \
    X(NO_PRIMARY_KEY,    105, "a table without a primary key")                            \
    X(INDEX_ON_BOOL,     106, "an index on a bool alone")                                 \
    X(UNIQUE_WITH_NULL,  107, "a unique constraint that NULLs evade")                     \
    X(BOOL_AS_INTEGER,   108, "an integer that is only 0 or 1")                           \
    X(ENUM_UNUSED,       109, "an enum that no column has")                               \
    X(MIXIN_UNUSED,      110, "a mixin that no table uses")                               \
    X(TYPE_MISLEADS,     111, "a declared type that means another one to SQLite")         \
    X(KEY_CAN_BE_NULL,   112, "a primary key that can be NULL")                           \
    X(KEY_NOT_ROWID,     113, "an integer key that is not the rowid")                     \
    X(KEY_MISMATCH,      114, "a foreign key that SQLite refuses to use")                 \
    X(KEY_TYPES_DIFFER,  115, "a foreign key of another type than its parent")            \
    X(ACTION_IN_VAIN,    116, "an action of a foreign key that must fail")                \
    X(EQUALS_NULL,       201, "a comparison with NULL, which is never true")              \
    X(NOT_IN_NULL,       202, "NOT IN with a subquery that can yield NULL")               \
    X(OUTER_AS_INNER,    203, "an outer join that a condition makes an inner one")        \
    X(TEXT_AS_NAME,      204, "a text in double quotes")                                  \
    X(LIMIT_UNORDERED,   205, "a LIMIT without an order")                                 \
    X(CROSS_PRODUCT,     206, "tables joined without a condition")                        \
    X(BARE_COLUMN,       207, "a column of any row of its group")                         \
    X(SCAN,              301, "a table is read whole where an index could find the rows") \
    X(JOIN_SCAN,         302, "a table is read whole, or indexed anew, for a join")       \
    X(SORT,              303, "rows are sorted where an index could have the order")      \
    X(BIG_SCAN,          304, "a big table is read whole")                                \
    X(EXPRESSION,        305, "an index does not help, because of a function")            \
    X(LIKE_CASE,         306, "an index does not help LIKE, which ignores case")          \
    X(OR_SCAN,           307, "an index does not help, because of an OR")                 \
    X(COLLATION,         308, "an index does not help, because of a collation")           \
    X(MIGRATION_SLOW,    401, "a migration that rewrites a table")                        \
    X(MIGRATION_FAILS,   402, "a migration that can fail on rows that are there")
/* clang-format on */

enum {
    FINDING_BASE = 10000 /* diagnostics with codes from here on are findings: L101 */
};

#define FINDING_CODE(name, number, title) FINDING_##name = FINDING_BASE + (number),
enum finding_code {
    FINDINGS(FINDING_CODE)
};
#undef FINDING_CODE

/* "L101", in any case, to its code. */
bool finding_find(const char *word, int *code);

/* In few words; NULL: no such code. */
const char *finding_title(int code);

/* All codes in order; 0 is behind the last. */
int finding_at(int index);

#endif
