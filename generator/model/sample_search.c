/*
 * sample_search.c: see sample_search.h. A hill is climbed: of the columns that are in
 * trouble one, then two, then three are changed, and what leaves fewer rules broken is
 * kept. Columns of foreign keys change together, to the values of another parent row.
 */
#include "sample_search.h"

#include "sample.h"
#include "sample_choices.h"
#include "sample_value.h"
#include "sqltext.h"

#include <string.h>

enum {
    BUDGET = 6000, /* of looks at a row */
    ROUNDS = 16,
    TOGETHER = 3,
    MOST_PARTS = 12,
    MOST_CHOICES = 1024 /* of keys that share columns */
};

/* What changes as a whole: a column, or the columns of foreign keys that share some. */
struct part {
    size_t *columns;
    size_t column_count;
    struct literal **choices; /* each one value per column */
    size_t choice_count;
    struct literal *kept; /* the values while others are tried */
};

struct search {
    struct sampler *sampler;
    const struct table *table;
    struct literal *values; /* of the row */
    size_t row, before, budget;
    bool *trouble; /* per column */
    bool *failed;  /* per check */
    struct part parts[MOST_PARTS];
    size_t part_count;
};

bool sample_is_filled(const struct table *table, const struct foreign_key *key)
{
    return key->parent != table && key->parent->samples != NULL &&
           key->parent->sample_count > 0;
}

/* ---- looking at a row ----------------------------------------------------------- */

static bool is_own_key(const struct table *table, const struct foreign_key *key)
{
    for (size_t i = 0; i < key->columns.count; i++)
        if (key->columns.items[i]->nullable ||
            key->parent_columns.items[i]->generated != NULL)
            return false;
    return key->parent == table;
}

/* A row that must refer to its own table refers to itself. */
static void point_to_itself(struct search *search)
{
    for (size_t i = 0; i < search->table->foreign_keys.count; i++) {
        const struct foreign_key *key = &search->table->foreign_keys.items[i];

        if (!is_own_key(search->table, key))
            continue;
        for (size_t c = 0; c < key->columns.count; c++)
            search->values[key->columns.items[c]->index] =
                search->values[key->parent_columns.items[c]->index];
    }
}

static void mark(struct search *search, const struct columns *columns)
{
    for (size_t i = 0; i < columns->count; i++)
        search->trouble[columns->items[i]->index] = true;
}

static void mark_mentioned(struct search *search, const char *sql)
{
    for (size_t i = 0; i < search->table->columns.count; i++) {
        const struct column *column = search->table->columns.items[i];

        if (!sql_mentions(sql, column->sql_name) || search->trouble[i])
            continue;
        search->trouble[i] = true;
        if (column->generated != NULL)
            mark_mentioned(search, column->generated);
    }
}

static bool has_parent(const struct search *search, const struct foreign_key *key)
{
    for (size_t row = 0; row < key->parent->sample_count; row++) {
        const struct literal *parent = key->parent->samples[row].values;
        bool same = true;

        for (size_t i = 0; same && i < key->columns.count; i++)
            same = sample_equal(key->parent_columns.items[i],
                                &parent[key->parent_columns.items[i]->index],
                                &search->values[key->columns.items[i]->index]);
        if (same)
            return true;
    }
    return false;
}

static bool is_null(const struct search *search, const struct foreign_key *key)
{
    for (size_t i = 0; i < key->columns.count; i++)
        if (search->values[key->columns.items[i]->index].kind == LITERAL_NULL)
            return true;
    return false;
}

static size_t look_at_keys(struct search *search)
{
    size_t broken = 0;

    for (size_t i = 0; i < search->table->foreign_keys.count; i++) {
        const struct foreign_key *key = &search->table->foreign_keys.items[i];

        if (key->parent == search->table || key->parent->samples == NULL ||
            is_null(search, key) || has_parent(search, key))
            continue;
        mark(search, &key->columns);
        broken++;
    }
    return broken;
}

static size_t look_at_columns(struct search *search)
{
    size_t broken = 0;

    for (size_t i = 0; i < search->table->columns.count; i++) {
        const struct column *column = search->table->columns.items[i];
        const struct literal *value = &search->values[i];
        bool zero = value->kind == LITERAL_INTEGER && value->integer == 0;
        bool asks = zero && column->key_position > 0 && search->table->key.assigned;

        if (column->generated != NULL || (sample_takes(column, value) && !asks))
            continue;
        search->trouble[i] = true;
        broken++;
    }
    return broken;
}

static size_t look_at_sets(struct search *search)
{
    const struct sample_sets *sets = &search->sampler->sets;
    size_t broken = 0;

    for (size_t i = 0; i < sets->count; i++)
        for (size_t row = 0; row < search->before && sets->items[i].exact; row++) {
            if (sample_clash(search->table, &sets->items[i], search->values,
                             search->table->samples[row].values) != CLASH_SURE)
                continue;
            mark(search, &sets->items[i].columns);
            broken++;
        }
    return broken;
}

/* What no single rule explains concerns all columns that an expression or a set has. */
static size_t mark_all(struct search *search)
{
    for (size_t i = 0; i < search->table->columns.count; i++)
        if (search->sampler->plain[i])
            search->trouble[i] = true;
    for (size_t i = 0; i < search->sampler->sets.count; i++)
        if (!search->sampler->sets.items[i].exact)
            mark(search, &search->sampler->sets.items[i].columns);
    return 1;
}

static size_t look_at_checks(struct search *search)
{
    size_t broken = 0;

    if (!judge_row(search->sampler->judge, search->values, search->failed))
        return mark_all(search);
    for (size_t i = 0; i < search->table->checks.count; i++)
        if (search->failed[i]) {
            mark_mentioned(search, search->table->checks.items[i].sql);
            broken++;
        }
    return broken;
}

static bool all_together(struct search *search)
{
    const struct literal *rows[SAMPLE_ROWS];

    for (size_t i = 0; i < search->before; i++)
        rows[i] = search->table->samples[i].values;
    rows[search->before] = search->values;
    return judge_rows(search->sampler->judge, rows, search->before + 1);
}

/* How many rules the row breaks; marks the columns that they are about. */
static size_t look(struct search *search)
{
    size_t broken;

    point_to_itself(search);
    memset(search->trouble, 0, search->table->columns.count * sizeof *search->trouble);
    broken = look_at_keys(search) + look_at_columns(search) + look_at_sets(search);
    if (!search->sampler->judged || (broken == 0 && all_together(search)))
        return broken;
    broken += look_at_checks(search);
    return broken == 0 ? mark_all(search) : broken;
}

/* ---- parts ---------------------------------------------------------------------- */

/* The values of the key's columns in a row of the parent, then NULL, into `choice`. */
static bool set_choice(const struct foreign_key *key, size_t number, size_t row,
                       struct literal *choice, bool *set)
{
    size_t rows = key->parent->sample_count;
    bool any = false;

    for (size_t i = 0; i < key->columns.count; i++) {
        const struct column *column = key->columns.items[i];
        struct literal value = {.kind = LITERAL_NULL};

        if (number < rows)
            value = key->parent->samples[(row + number) % rows]
                        .values[key->parent_columns.items[i]->index];
        else if (!column->nullable || column->key_position > 0)
            continue;
        any = true;
        if (set[column->index] && value.kind != choice[column->index].kind)
            return false;
        if (set[column->index] && value.kind != LITERAL_NULL &&
            !sample_equal(&(struct column){0}, &value, &choice[column->index]))
            return false;
        set[column->index] = true;
        choice[column->index] = value;
    }
    return any;
}

struct key_group {
    const struct foreign_key **keys;
    size_t count;
    bool *members; /* per column */
};

static bool touches(const struct key_group *group, const struct foreign_key *key)
{
    for (size_t i = 0; i < key->columns.count; i++)
        if (group->members[key->columns.items[i]->index])
            return true;
    return false;
}

static void join(struct key_group *group, const struct foreign_key *key)
{
    group->keys[group->count++] = key;
    for (size_t i = 0; i < key->columns.count; i++)
        group->members[key->columns.items[i]->index] = true;
}

static bool is_joined(const struct key_group *group, const struct foreign_key *key)
{
    for (size_t i = 0; i < group->count; i++)
        if (group->keys[i] == key)
            return true;
    return false;
}

/* All keys that share columns with the column, or with each other. */
static struct key_group group_of(struct search *search, size_t column)
{
    const struct table *table = search->table;
    struct arena *arena = search->sampler->arena;
    struct key_group group = {
        ARENA_ARRAY(arena, const struct foreign_key *, table->foreign_keys.count), 0,
        ARENA_ARRAY(arena, bool, table->columns.count)};
    bool more = true;

    group.members[column] = true;
    while (more) {
        more = false;
        for (size_t i = 0; i < table->foreign_keys.count; i++) {
            const struct foreign_key *key = &table->foreign_keys.items[i];

            if (!sample_is_filled(table, key) || is_joined(&group, key) ||
                !touches(&group, key))
                continue;
            join(&group, key);
            more = true;
        }
    }
    return group;
}

static struct sample_choices choices_of(struct search *search,
                                        const struct column *column)
{
    struct sample_request request = {
        .arena = search->sampler->arena,
        .schema = search->sampler->schema,
        .table = search->table,
        .column = column,
        .values = search->values,
        .row = search->row,
        .may_be_null = column->nullable && !column->referenced,
    };

    return sample_choices(&request);
}

static void add_choice(struct part *part, const struct literal *row,
                       struct literal *choice)
{
    for (size_t i = 0; i < part->column_count; i++)
        choice[i] = row[part->columns[i]];
    part->choices[part->choice_count++] = choice;
}

/* Where all keys are NULL, what is left of their columns is free. */
static void add_free_choices(struct search *search, struct part *part,
                             const struct key_group *group)
{
    struct arena *arena = search->sampler->arena;
    size_t columns = search->table->columns.count;
    struct literal *row = ARENA_ARRAY(arena, struct literal, columns);
    bool *set = ARENA_ARRAY(arena, bool, columns);

    memcpy(row, search->values, columns * sizeof *row);
    for (size_t i = 0; i < group->count; i++)
        if (!set_choice(group->keys[i], group->keys[i]->parent->sample_count, search->row,
                        row, set))
            return;
    for (size_t i = 0; i < part->column_count; i++) {
        size_t column = part->columns[i];
        struct sample_choices choices;
        struct literal was = row[column];

        if (set[column])
            continue;
        choices = choices_of(search, search->table->columns.items[column]);
        for (size_t c = 0; c < choices.count && part->choice_count < MOST_CHOICES; c++) {
            row[column] = choices.items[c];
            add_choice(part, row, ARENA_ARRAY(arena, struct literal, columns));
        }
        row[column] = was;
    }
}

/* Each combination of parent rows in which the keys agree about their columns. */
static void add_key_choices(struct search *search, struct part *part,
                            const struct key_group *group)
{
    struct arena *arena = search->sampler->arena;
    size_t columns = search->table->columns.count, total = 1;

    for (size_t i = 0; i < group->count && total < MOST_CHOICES / 4; i++)
        total *= group->keys[i]->parent->sample_count + 1;
    part->choices = ARENA_ARRAY(arena, struct literal *, MOST_CHOICES);
    for (size_t number = 0; number < total; number++) {
        struct literal *choice = ARENA_ARRAY(arena, struct literal, columns);
        bool *set = ARENA_ARRAY(arena, bool, columns);
        size_t rest = number;
        bool good = true;

        for (size_t i = 0; i < columns; i++)
            choice[i] = search->values[i];
        for (size_t i = 0; good && i < group->count; i++) {
            size_t count = group->keys[i]->parent->sample_count + 1;

            good = set_choice(group->keys[i], rest % count, search->row, choice, set);
            rest /= count;
        }
        if (good)
            add_choice(part, choice, ARENA_ARRAY(arena, struct literal, columns));
    }
    add_free_choices(search, part, group);
}

static void add_own_choices(struct search *search, struct part *part,
                            const struct column *column)
{
    struct arena *arena = search->sampler->arena;
    struct sample_choices choices = choices_of(search, column);

    part->choices = ARENA_ARRAY(arena, struct literal *, choices.count);
    part->choice_count = choices.count;
    for (size_t i = 0; i < choices.count; i++) {
        part->choices[i] = ARENA_NEW(arena, struct literal);
        *part->choices[i] = choices.items[i];
    }
}

static void add_part(struct search *search, size_t column, bool *done)
{
    const struct table *table = search->table;
    struct key_group group = group_of(search, column);
    struct part *part = &search->parts[search->part_count++];

    *part = (struct part){
        .columns = ARENA_ARRAY(search->sampler->arena, size_t, table->columns.count)};
    for (size_t i = 0; i < table->columns.count; i++)
        if (group.members[i]) {
            done[i] = true;
            part->columns[part->column_count++] = i;
        }
    part->kept = ARENA_ARRAY(search->sampler->arena, struct literal, part->column_count);
    if (group.count > 0)
        add_key_choices(search, part, &group);
    else
        add_own_choices(search, part, table->columns.items[column]);
}

static void find_parts(struct search *search)
{
    const struct table *table = search->table;
    bool *done = ARENA_ARRAY(search->sampler->arena, bool, table->columns.count);

    search->part_count = 0;
    for (size_t i = 0; i < table->columns.count && search->part_count < MOST_PARTS; i++)
        if (search->trouble[i] && !done[i] && !search->sampler->unset[i] &&
            table->columns.items[i]->generated == NULL)
            add_part(search, i, done);
}

/* ---- climbing ------------------------------------------------------------------- */

static void set_part(struct search *search, const struct part *part,
                     const struct literal *choice)
{
    for (size_t i = 0; i < part->column_count; i++)
        if (!search->sampler->unset[part->columns[i]])
            search->values[part->columns[i]] = choice[i];
}

static void keep_part(const struct search *search, struct part *part)
{
    for (size_t i = 0; i < part->column_count; i++)
        part->kept[i] = search->values[part->columns[i]];
}

/*
 * Tries all values of `count` parts from the one numbered `first` on. True: fewer rules
 * are broken than `broken`, and the values stay.
 */
static bool change(struct search *search, size_t first, size_t count, size_t *broken)
{
    for (size_t p = first; p < search->part_count; p++) {
        struct part *part = &search->parts[p];

        keep_part(search, part);
        for (size_t i = 0; i < part->choice_count && search->budget > 0; i++) {
            size_t now;

            set_part(search, part, part->choices[i]);
            if (count > 1) {
                if (change(search, p + 1, count - 1, broken))
                    return true;
                continue;
            }
            search->budget--;
            now = look(search);
            if (now < *broken) {
                *broken = now;
                return true;
            }
        }
        set_part(search, part, part->kept);
    }
    return false;
}

static bool improve(struct search *search, size_t *broken)
{
    find_parts(search);
    for (size_t count = 1; count <= TOGETHER && count <= search->part_count; count++)
        if (change(search, 0, count, broken))
            return true;
    return false;
}

static struct search start(struct sampler *sampler, size_t row, size_t before)
{
    const struct table *table = sampler->table;

    return (struct search){
        .sampler = sampler,
        .table = table,
        .values = table->samples[row].values,
        .row = row,
        .before = before,
        .budget = BUDGET,
        .trouble = ARENA_ARRAY(sampler->arena, bool, table->columns.count),
        .failed = ARENA_ARRAY(sampler->arena, bool, table->checks.count + 1),
    };
}

bool sample_search(struct sampler *sampler, size_t row, size_t before)
{
    struct search search = start(sampler, row, before);
    size_t broken = look(&search);

    for (size_t round = 0; round < ROUNDS && broken > 0; round++) {
        if (!improve(&search, &broken))
            break;
        look(&search); /* the marks of the values that stay */
    }
    return broken == 0;
}

bool sample_is_good(struct sampler *sampler, size_t row, size_t before)
{
    struct search search = start(sampler, row, before);

    return look(&search) == 0;
}
