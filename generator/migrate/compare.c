/*
 * compare.c: what differs between two versions of a table, see diff.h. Where a constraint
 * is written (with its column or apart), in which order, and how names are quoted does
 * not matter. The names of UNIQUE, foreign and primary keys are never seen in an error or
 * a pragma: they count only where both sides give one.
 */
#include "diff.h"

#include "../sql/token.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define EXACT 9007199254740992.0 /* 2 to the power 53: below it doubles are exact */

struct number {
    bool is_integer;
    long long integer;
    double real;
};

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* ---- columns ---------------------------------------------------------------------- */

static const char *lower_type(const struct column_def *column)
{
    return column->type.key != NULL ? column->type.key : "";
}

const char *column_affinity(const struct column_def *column)
{
    const char *type = lower_type(column);

    if (strstr(type, "int") != NULL)
        return "INTEGER";
    if (strstr(type, "char") != NULL || strstr(type, "clob") != NULL ||
        strstr(type, "text") != NULL)
        return "TEXT";
    if (*type == '\0' || strstr(type, "blob") != NULL)
        return "BLOB";
    if (strstr(type, "real") != NULL || strstr(type, "floa") != NULL ||
        strstr(type, "doub") != NULL)
        return "REAL";
    return "NUMERIC";
}

/* Reads a number, perhaps with a sign, that is all of a key. */
static bool read_number(const char *key, struct number *number)
{
    size_t length = strlen(key);
    struct token token = token_at(key, length, 0);
    bool minus = token.kind == TOKEN_MINUS;
    int base;

    if (minus || token.kind == TOKEN_PLUS)
        token = token_at(key, length, token.offset + token.length);
    if ((token.kind != TOKEN_INTEGER && token.kind != TOKEN_REAL) ||
        token.offset + token.length != length)
        return false;
    base = token.length > 1 && (key[token.offset + 1] | 32) == 'x' ? 16 : 10;
    errno = 0;
    number->integer = strtoll(key + token.offset, NULL, base);
    number->is_integer = token.kind == TOKEN_INTEGER && errno == 0;
    number->real =
        number->is_integer ? (double)number->integer : strtod(key + token.offset, NULL);
    if (minus) {
        number->integer = number->is_integer ? -number->integer : 0;
        number->real = -number->real;
    }
    return true;
}

/* DEFAULT NULL is what SQLite has anyway. */
static const char *default_key(const struct column_def *column)
{
    return column->value_is_null ? NULL : column->value.key;
}

/* A column with a number's affinity stores 0, 0.0 and 0x0 as one value. */
static bool same_default(const struct column_def *from, const struct column_def *to)
{
    const char *affinity = column_affinity(to);
    struct number a, b;

    if (same_text(default_key(from), default_key(to)))
        return true;
    if (from->value.key == NULL || to->value.key == NULL ||
        strcmp(affinity, "TEXT") == 0 || strcmp(affinity, "BLOB") == 0 ||
        strcmp(affinity, column_affinity(from)) != 0 ||
        !read_number(from->value.key, &a) || !read_number(to->value.key, &b))
        return false;
    if (a.is_integer && b.is_integer)
        return a.integer == b.integer;
    return a.real == b.real && fabs(a.real) < EXACT;
}

static void compare_column(const struct column_def *from, const struct column_def *to,
                           struct column_change *change)
{
    change->type = !same_text(from->type.key, to->type.key);
    change->not_null = from->not_null != to->not_null ||
                       from->not_null_conflict != to->not_null_conflict;
    change->value = !same_default(from, to);
    change->collation = !same_text(from->collation, to->collation);
    change->generated =
        !same_text(from->generated.key, to->generated.key) || from->stored != to->stored;
}

/* True where the columns that stay are not in the same order, or new ones not behind. */
static bool is_reordered(const struct table_change *change)
{
    size_t i, last = 0;
    bool added = false, any = false;

    for (i = 0; i < change->to->columns.count; i++) {
        size_t origin = change->columns[i].origin;

        if (origin == NO_COLUMN) {
            added = true;
            continue;
        }
        if (added || (any && origin < last))
            return true;
        last = origin;
        any = true;
    }
    return false;
}

static void compare_columns(struct arena *arena, struct table_change *change)
{
    const struct table_def *from = change->from, *to = change->to;
    size_t i;

    change->columns = ARENA_ARRAY(arena, struct column_change, to->columns.count + 1);
    for (i = 0; i < to->columns.count; i++) {
        struct column_change *column = &change->columns[i];

        column->origin = table_def_column(from, to->columns.items[i].name);
        if (column->origin == NO_COLUMN) {
            change->any = true;
            continue;
        }
        compare_column(&from->columns.items[column->origin], &to->columns.items[i],
                       column);
        change->any = change->any || column->type || column->not_null || column->value ||
                      column->collation || column->generated;
    }
    for (i = 0; i < from->columns.count; i++)
        if (table_def_column(to, from->columns.items[i].name) == NO_COLUMN) {
            size_t *place = VEC_ADD(arena, &change->dropped);

            *place = i;
            change->any = true;
        }
    change->reordered = is_reordered(change);
    change->any = change->any || change->reordered;
}

/* ---- constraints ------------------------------------------------------------------ */

/* A constraint of any kind, to be matched. */
struct rule {
    const char *name, *key;
    bool matched;
    const void *def;
};

static bool rules_match(const struct rule *a, const struct rule *b, bool need_name,
                        bool same_name)
{
    if (b->matched || strcmp(a->key, b->key) != 0)
        return false;
    if (a->name != NULL && b->name != NULL)
        return name_same(a->name, b->name);
    if (need_name)
        return a->name == b->name;
    return !same_name || a->name == b->name;
}

/* Marks equal pairs: first those whose names are equal too. */
static void match_rules(struct rule *from, size_t from_count, struct rule *to,
                        size_t to_count, bool need_name)
{
    size_t i, j;
    int pass;

    for (pass = 0; pass < 2; pass++)
        for (i = 0; i < from_count; i++)
            for (j = 0; j < to_count && !from[i].matched; j++)
                if (rules_match(&from[i], &to[j], need_name, pass == 0))
                    from[i].matched = to[j].matched = true;
}

/* Adds the unmatched rules of each side to a list of the change. */
#define ADD_UNMATCHED(arena, change, rules, count, list, type)                           \
    do {                                                                                 \
        size_t unmatched;                                                                \
        for (unmatched = 0; unmatched < (count); unmatched++)                            \
            if (!(rules)[unmatched].matched) {                                           \
                const struct type **place = VEC_ADD((arena), &(list));                   \
                *place = (rules)[unmatched].def;                                         \
                (change)->any = true;                                                    \
            }                                                                            \
    } while (0)

static struct rule *check_rules(struct arena *arena, const struct table_def *table)
{
    struct rule *rules = ARENA_ARRAY(arena, struct rule, table->checks.count + 1);
    size_t i;

    for (i = 0; i < table->checks.count; i++)
        rules[i] = (struct rule){
            table->checks.items[i].name,
            table->checks.items[i].sql.key != NULL ? table->checks.items[i].sql.key : "",
            false, &table->checks.items[i]};
    return rules;
}

static void compare_checks(struct arena *arena, struct table_change *change)
{
    struct rule *from = check_rules(arena, change->from);
    struct rule *to = check_rules(arena, change->to);

    match_rules(from, change->from->checks.count, to, change->to->checks.count, true);
    ADD_UNMATCHED(arena, change, from, change->from->checks.count, change->dropped_checks,
                  check_def);
    ADD_UNMATCHED(arena, change, to, change->to->checks.count, change->added_checks,
                  check_def);
}

static struct rule *key_rules(struct arena *arena, const struct table_def *table)
{
    struct rule *rules = ARENA_ARRAY(arena, struct rule, table->keys.count + 1);
    bool alias = table_def_rowid(table) != NO_COLUMN;
    size_t i;

    for (i = 0; i < table->keys.count; i++) {
        const struct key_def *key = &table->keys.items[i];

        rules[i] = (struct rule){key->name, key->key, false, key};
        /* INTEGER PRIMARY KEY DESC is none; in one that is, direction and collation mean
         * nothing. */
        if (key->primary && alias)
            rules[i].key = arena_printf(arena, "rowid %s %d %d", key->terms.items[0].name,
                                        (int)key->conflict, (int)key->autoincrement);
    }
    return rules;
}

static void compare_keys(struct arena *arena, struct table_change *change)
{
    struct rule *from = key_rules(arena, change->from);
    struct rule *to = key_rules(arena, change->to);

    match_rules(from, change->from->keys.count, to, change->to->keys.count, false);
    ADD_UNMATCHED(arena, change, from, change->from->keys.count, change->dropped_keys,
                  key_def);
    ADD_UNMATCHED(arena, change, to, change->to->keys.count, change->added_keys, key_def);
}

static struct rule *foreign_key_rules(struct arena *arena,
                                      const struct structure *structure,
                                      const struct table_def *table)
{
    struct rule *rules = ARENA_ARRAY(arena, struct rule, table->foreign_keys.count + 1);
    size_t i;

    for (i = 0; i < table->foreign_keys.count; i++) {
        const struct foreign_key_def *key = &table->foreign_keys.items[i];

        rules[i] = (struct rule){key->name, structure_foreign_key(arena, structure, key),
                                 false, key};
    }
    return rules;
}

static void compare_foreign_keys(struct arena *arena, const struct structure *from_all,
                                 const struct structure *to_all,
                                 struct table_change *change)
{
    struct rule *from = foreign_key_rules(arena, from_all, change->from);
    struct rule *to = foreign_key_rules(arena, to_all, change->to);

    match_rules(from, change->from->foreign_keys.count, to,
                change->to->foreign_keys.count, false);
    ADD_UNMATCHED(arena, change, from, change->from->foreign_keys.count,
                  change->dropped_foreign_keys, foreign_key_def);
    ADD_UNMATCHED(arena, change, to, change->to->foreign_keys.count,
                  change->added_foreign_keys, foreign_key_def);
}

/* "module" and "module ( )" are the same. */
static size_t module_length(const struct table_def *table)
{
    const char *key = table->module.key != NULL ? table->module.key : "";
    size_t length = strlen(key);

    return length > 4 && strcmp(key + length - 4, " ( )") == 0 ? length - 4 : length;
}

static bool same_module(const struct table_def *a, const struct table_def *b)
{
    size_t length = module_length(a);

    return length == module_length(b) &&
           (length == 0 || memcmp(a->module.key, b->module.key, length) == 0);
}

void compare_tables(struct arena *arena, const struct structure *from,
                    const struct structure *to, struct table_change *change)
{
    if (change->from->is_virtual || change->to->is_virtual) {
        change->module = change->from->is_virtual != change->to->is_virtual ||
                         !same_module(change->from, change->to);
        change->any = change->module;
        return;
    }
    change->options = change->from->strict != change->to->strict ||
                      change->from->without_rowid != change->to->without_rowid;
    change->any = change->options;
    compare_columns(arena, change);
    compare_checks(arena, change);
    compare_keys(arena, change);
    compare_foreign_keys(arena, from, to, change);
}
