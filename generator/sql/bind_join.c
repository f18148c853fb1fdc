/*
 * bind_join.c: what names mean where tables are joined, by the rules of SQLite's
 * selectExpander(), sqlite3ProcessJoin() and lookupName(): USING and NATURAL make one column
 * of two, brackets are a subquery that still shows its tables' names. It must not know types.
 */
#include "infer_internal.h"

#include "../base/names.h"

/* ---- columns of what is joined ------------------------------------------------------- */

void joins_show(struct infer *infer, struct scope *scope, struct source *source)
{
    struct joined *joined = ARENA_NEW(infer->arena, struct joined);

    joined->name = source->name;
    joined->source = source;
    *VEC_ADD(infer->arena, &scope->all) = joined;
}

size_t joined_count(const struct joined *joined)
{
    if (joined == NULL)
        return 0;
    return joined->source != NULL ? joined->source->relation->count : joined->shown.count;
}

const char *joined_name(const struct joined *joined, size_t index)
{
    return joined->source != NULL ? joined->source->relation->columns[index].name
                                  : joined->shown.items[index].unique;
}

bool joined_is_of(const struct joined *joined, size_t index, const char *table)
{
    const char *of =
        joined->source != NULL ? joined->name : joined->shown.items[index].table;

    return of != NULL && name_same(of, table);
}

static struct binding *bind_to(struct infer *infer, struct scope *scope,
                               struct source *source, int column)
{
    struct binding *binding = binding_new(infer, scope, BIND_COLUMN);

    binding->source = source;
    binding->column = column;
    return binding;
}

struct binding *joined_binding(struct infer *infer, struct scope *scope,
                               const struct joined *joined, size_t index)
{
    return joined->source != NULL ? bind_to(infer, scope, joined->source, (int)index)
                                  : joined->shown.items[index].binding;
}

bool joined_is_hidden(const struct joined *joined, size_t index)
{
    return joined->source != NULL && joined->source->relation->columns[index].hidden;
}

/* By the name outside; COLUMN_NONE: none. */
static int find_column(const struct joined *joined, const char *name, bool with_hidden)
{
    size_t count = joined_count(joined), i;

    for (i = 0; i < count; i++)
        if (name_same(joined_name(joined, i), name))
            return joined_is_hidden(joined, i) && !with_hidden ? COLUMN_NONE : (int)i;
    return COLUMN_NONE;
}

const struct pair *joined_pair(const struct joined *joined, const char *name)
{
    size_t i;

    for (i = 0; i < joined->pairs.count; i++)
        if (name_same(joined->pairs.items[i].name, name))
            return &joined->pairs.items[i];
    return NULL;
}

/* ---- looking up ---------------------------------------------------------------------- */

struct match {
    struct binding *binding;
    size_t count;
    size_t merged; /* how many of them FULL joins make one of */
};

/*
 * One more column of the name. By a USING, an INNER or LEFT join shows the first one's, a
 * RIGHT join the last one's, a FULL join whichever is not NULL.
 */
static bool meet(struct infer *infer, struct scope *scope, const struct joined *joined,
                 const char *name, struct binding *found, struct match *match)
{
    const struct pair *pair = joined_pair(joined, name);

    if (match->count > 0 && pair == NULL) {
        match->merged = 0;
    } else if (match->count > 0) {
        if (joined->item->join == JOIN_RIGHT) {
            match->count = match->merged = 0;
        } else if (joined->item->join == JOIN_FULL) {
            match->merged++;
            found = binding_new(infer, scope, BIND_MERGED);
            found->merged = pair->merged;
        } else {
            return false;
        }
    }
    match->count++;
    match->binding = found;
    return true;
}

static bool is_shown_as(const struct shown *shown, const struct expr *expr)
{
    if (!name_same(shown->name, expr->name))
        return false;
    if (expr->table == NULL)
        return true;
    return shown->table != NULL && name_same(shown->table, expr->table) &&
           (expr->schema == NULL || name_same(shown->schema, expr->schema));
}

/* By the names of the tables in the brackets. */
static bool match_shown(struct infer *infer, struct scope *scope,
                        const struct joined *joined, const struct expr *expr,
                        struct match *match)
{
    bool hit = false;
    size_t i;

    for (i = 0; i < joined->shown.count; i++) {
        const struct shown *shown = &joined->shown.items[i];

        if (!is_shown_as(shown, expr) ||
            !meet(infer, scope, joined, expr->name, shown->binding, match))
            continue;
        hit = true;
        if (shown->is_joined)
            break;
    }
    return hit;
}

static bool is_named(const struct joined *joined, const struct expr *expr)
{
    const struct catalog_table *table;

    if (expr->table == NULL)
        return joined->source == NULL || !joined->source->qualified_only;
    if (joined->name == NULL || !name_same(joined->name, expr->table))
        return false;
    if (expr->schema == NULL)
        return true;
    table = joined->source == NULL ? NULL : joined->source->relation->table;
    return table != NULL && name_same(table->schema, expr->schema);
}

static void match_joined(struct infer *infer, struct scope *scope,
                         const struct joined *joined, const struct expr *expr,
                         struct match *match)
{
    int column;

    if (joined == NULL)
        return;
    if (joined->source == NULL &&
        (match_shown(infer, scope, joined, expr, match) || expr->table == NULL))
        return;
    column = is_named(joined, expr) ? find_column(joined, expr->name, true) : COLUMN_NONE;
    if (column >= 0)
        meet(infer, scope, joined, expr->name,
             joined_binding(infer, scope, joined, (size_t)column), match);
}

size_t joins_match(struct infer *infer, struct scope *scope, const struct joins *joins,
                   size_t count, const struct expr *expr, struct binding **binding)
{
    struct match match = {0};
    size_t i;

    for (i = 0; i < count; i++)
        match_joined(infer, scope, joins->items[i], expr, &match);
    if (match.count > 0)
        *binding = match.binding;
    return match.merged > 0 && match.merged == match.count - 1 ? 1 : match.count;
}

/* What the name alone means there; NULL: nothing, or several columns. */
static struct binding *match_name(struct infer *infer, struct scope *scope,
                                  const struct joins *joins, size_t count,
                                  const char *name)
{
    struct expr expr = {.kind = EXPR_COLUMN, .name = name};
    struct binding *binding = NULL;

    return joins_match(infer, scope, joins, count, &expr, &binding) == 1 ? binding : NULL;
}

/* ---- rowid --------------------------------------------------------------------------- */

/* What has a rowid, or what SQLite can be built to think that it has one. */
static bool has_rowid(const struct joined *joined, const struct expr *expr, bool *real)
{
    const struct relation *relation;

    if (joined->source == NULL || !is_named(joined, expr) || !name_is_rowid(expr->name))
        return false;
    relation = joined->source->relation;
    *real = relation->table != NULL && relation->table->kind != CATALOG_VIEW;
    return *real ? relation->table->has_rowid : relation->cte == NULL;
}

size_t joins_match_rowid(struct infer *infer, struct scope *scope,
                         const struct joins *joins, const struct expr *expr,
                         struct rowids *met, struct binding **binding)
{
    const struct joined *found = NULL;
    size_t i;

    for (i = 0; i < joins->count; i++) {
        bool real;

        if (!has_rowid(joins->items[i], expr, &real))
            continue;
        if (real)
            met->real++;
        else
            met->unreal++;
        if (found == NULL || real)
            found = joins->items[i];
    }
    if (found == NULL || (met->real != 1 && met->real + met->unreal != 1))
        return 0;
    *binding = bind_to(infer, scope, found->source, COLUMN_ROWID);
    if (met->real == 0 || (met->unreal > 0 && expr->quoted))
        (*binding)->kind = BIND_NO_ROWID;
    return 1;
}

/* ---- USING and NATURAL --------------------------------------------------------------- */

/* From the table `*which` on. */
static bool find_left(const struct joins *joins, size_t count, const char *name,
                      bool natural, size_t *which, int *column)
{
    for (; *which < count; ++*which) {
        *column = find_column(joins->items[*which], name, !natural);
        if (*column >= 0)
            return true;
    }
    return false;
}

/* All columns that both sides show. */
static void find_natural(struct infer *infer, const struct joins *joins, size_t index,
                         struct names *names)
{
    const struct joined *joined = joins->items[index];
    size_t i;

    for (i = 0; i < joined_count(joined); i++) {
        const char *name = joined_name(joined, i);
        size_t which = 0;
        int column;

        if (joined_is_hidden(joined, i) ||
            !find_left(joins, index, name, true, &which, &column))
            continue;
        *VEC_ADD(infer->arena, names) = (struct name){name, joined->item->range};
    }
}

/* The left side of the condition: where a RIGHT or FULL join comes before or later, the
 * first that is not NULL of all columns of the name. */
static struct binding *find_equal(struct infer *infer, struct scope *scope,
                                  const struct joins *joins, size_t index,
                                  const struct name *name, bool natural)
{
    size_t which = 0;
    int column;
    struct binding *binding;

    if (!find_left(joins, index, name->text, natural, &which, &column)) {
        infer_fail(infer, name->range, NULL,
                   "column `%s` of USING must be in the tables on both sides",
                   name->text);
        return NULL;
    }
    binding = joined_binding(infer, scope, joins->items[which], (size_t)column);
    if (!joins->items[0]->left_of_right)
        return binding;
    while (++which, find_left(joins, index, name->text, natural, &which, &column)) {
        if (joined_pair(joins->items[which], name->text) == NULL)
            infer_fail(infer, name->range, NULL, "`%s` could be a column of two tables",
                       name->text);
        binding = NULL;
    }
    return binding;
}

/* In brackets several columns can be of that name: all of them are merged. */
static void find_right(struct infer *infer, struct scope *scope,
                       const struct joined *joined, const char *name,
                       struct merged *merged)
{
    const struct expr expr = {.kind = EXPR_COLUMN, .name = name};
    size_t i;

    for (i = 0; i < joined->shown.count; i++) {
        const struct shown *shown = &joined->shown.items[i];

        if (!is_shown_as(shown, &expr))
            continue;
        *VEC_ADD(infer->arena, &merged->right) = shown->binding;
        if (shown->is_joined)
            break;
    }
    if (merged->right.count == 0) /* a table's, or one that brackets gave a number */
        *VEC_ADD(infer->arena, &merged->right) =
            joined_binding(infer, scope, joined, (size_t)find_column(joined, name, true));
}

static struct merged *merge(struct infer *infer, struct scope *scope,
                            const struct joins *joins, size_t index, const char *name)
{
    struct merged *merged = ARENA_NEW(infer->arena, struct merged);

    merged->left = match_name(infer, scope, joins, index, name);
    merged->first = joins->items[0]->first;
    merged->end = joins->items[index]->end;
    find_right(infer, scope, joins->items[index], name, merged);
    *VEC_ADD(infer->arena, &scope->merged) = merged;
    return merged;
}

static void add_pair(struct infer *infer, struct scope *scope, const struct joins *joins,
                     size_t index, const struct name *name, bool natural)
{
    struct joined *joined = joins->items[index];
    int column = find_column(joined, name->text, true);
    struct pair pair = {.name = name->text, .range = name->range};

    if (column < 0) {
        infer_fail(infer, name->range, NULL,
                   "column `%s` of USING must be in the tables on both sides",
                   name->text);
        return;
    }
    pair.left = find_equal(infer, scope, joins, index, name, natural);
    pair.right = joined_binding(infer, scope, joined, (size_t)column);
    pair.with_outer = joins->items[0]->left_of_right || joined->item->join == JOIN_LEFT;
    if (joined->item->join == JOIN_FULL)
        pair.merged = merge(infer, scope, joins, index, name->text);
    *VEC_ADD(infer->arena, &joined->pairs) = pair;
}

static void mark_left_of_right(const struct joins *joins)
{
    bool found = false;
    size_t i;

    for (i = joins->count; i-- > 0;) {
        const struct from_item *item = joins->items[i]->item;

        joins->items[i]->left_of_right = found;
        found = found || (i > 0 && item != NULL &&
                          (item->join == JOIN_RIGHT || item->join == JOIN_FULL));
    }
}

void joins_pair(struct infer *infer, struct scope *scope, const struct joins *joins)
{
    size_t i, k;

    mark_left_of_right(joins);
    for (i = 1; i < joins->count; i++) {
        const struct from_item *item = joins->items[i]->item;
        struct names natural = {0};
        const struct names *names = &item->using_names;

        if (item->natural) {
            find_natural(infer, joins, i, &natural);
            names = &natural;
        }
        for (k = 0; k < names->count && !infer_failed(infer); k++)
            add_pair(infer, scope, joins, i, &names->items[k], item->natural);
    }
}

/* ---- brackets ------------------------------------------------------------------------ */

/* Adds it under a name that is not taken yet. */
static void show(struct infer *infer, struct joined *brackets, struct relation *taken,
                 struct shown shown, const char *name)
{
    bool meets_joined = false;

    shown.unique = name_in_subquery(infer, taken, name, &meets_joined);
    shown.unlisted = shown.unlisted || meets_joined;
    relation_add(infer, taken, shown.unique)->joined = shown.is_joined;
    if (shown.binding != NULL) {
        struct binding *binding = binding_new(infer, NULL, BIND_COLUMN);

        *binding = *shown.binding;
        binding->name = shown.unique;
        shown.binding = binding;
    }
    *VEC_ADD(infer->arena, &brackets->shown) = shown;
}

/* Before a table that is joined by USING: each such column, which stands for all. */
static void show_pairs(struct infer *infer, struct scope *scope,
                       const struct joins *joins, size_t index, struct joined *brackets,
                       struct relation *taken)
{
    const struct joined *next = joins->items[index + 1];
    size_t i;

    for (i = 0; i < next->pairs.count; i++) {
        const char *name = next->pairs.items[i].name;
        struct shown shown = {
            .name = name,
            .binding = match_name(infer, scope, joins, joins->count, name),
            .is_joined = true,
        };

        if (shown.binding == NULL)
            infer_fail(infer, next->pairs.items[i].range, NULL,
                       "`%s` could be a column of two tables", name);
        show(infer, brackets, taken, shown, name);
    }
}

static struct shown shown_column(struct infer *infer, struct scope *scope,
                                 const struct joined *joined, size_t index)
{
    const struct catalog_table *table;

    if (joined->source == NULL) {
        struct shown shown = joined->shown.items[index];

        shown.is_joined = false;
        return shown;
    }
    table = joined->source->relation->table;
    return (struct shown){
        .schema = table == NULL ? "*" : table->schema,
        .table = joined->name,
        .name = joined_name(joined, index),
        .binding = joined_binding(infer, scope, joined, index),
    };
}

void joins_enclose(struct infer *infer, struct scope *scope, const struct joins *joins,
                   struct joined *brackets)
{
    struct relation taken = {0};
    size_t i, k;

    for (i = 0; i < joins->count && !infer_failed(infer); i++) {
        const struct joined *joined = joins->items[i];
        const struct joined *next = i + 1 < joins->count ? joins->items[i + 1] : NULL;

        if (next != NULL)
            show_pairs(infer, scope, joins, i, brackets, &taken);
        for (k = 0; k < joined_count(joined); k++) {
            const char *name = joined_name(joined, k);
            struct shown shown = shown_column(infer, scope, joined, k);

            if (joined_is_hidden(joined, k))
                continue;
            shown.unlisted = shown.unlisted || joined_pair(joined, name) != NULL ||
                             (next != NULL && joined_pair(next, name) != NULL);
            show(infer, brackets, &taken, shown, name);
        }
    }
}
