/*
 * rename.c: which tables and columns keep their data under another name, see diff.h:
 * those that the user names, and those whose names differ only in the case of their
 * letters, which are one name to SQLite. It never guesses.
 */
#include "diff.h"

#include "../base/names.h"
#include "../sql/token.h"

#include <string.h>

struct rename_reader {
    struct arena *arena;
    struct diff *diff;
    const char *error;
};

/* ---- reading what the user says --------------------------------------------------- */

static const struct rename_hint *find_hint(const struct diff *diff, const char *table,
                                           const char *column)
{
    size_t i;

    for (i = 0; i < diff->renames.count; i++) {
        const struct rename_hint *hint = &diff->renames.items[i];

        if (!name_same(hint->table, table) || (hint->column == NULL) != (column == NULL))
            continue;
        if (column == NULL || name_same(hint->column, column))
            return hint;
    }
    return NULL;
}

/* The name in the target of a table of the source: as told, or the same. */
static const char *target_name(const struct diff *diff, const char *table)
{
    const struct rename_hint *hint = find_hint(diff, table, NULL);

    return hint != NULL ? hint->to : table;
}

static bool is_target_of_hint(const struct diff *diff, const char *name)
{
    size_t i;

    for (i = 0; i < diff->renames.count; i++)
        if (diff->renames.items[i].column == NULL &&
            name_same(diff->renames.items[i].to, name))
            return true;
    return false;
}

static void add_hint(struct rename_reader *reader, const char *table, const char *column,
                     const char *to)
{
    struct rename_hint *hint;
    const struct rename_hint *old = find_hint(reader->diff, table, column);

    if (old != NULL) {
        if (strcmp(old->to, to) != 0 && reader->error == NULL)
            reader->error =
                arena_printf(reader->arena, "%s%s%s is renamed twice", table,
                             column != NULL ? "." : "", column != NULL ? column : "");
        return;
    }
    hint = VEC_ADD(reader->arena, &reader->diff->renames);
    *hint = (struct rename_hint){table, column, to};
}

/* A table's rename; also accepts, without a hint, that of a thing without data. */
static bool read_object(struct rename_reader *reader, const char *old, const char *new)
{
    const struct structure *from = reader->diff->from, *to = reader->diff->to;
    const struct table_def *table = structure_table(from, old);
    const struct table_def *target = structure_table(to, new);

    if (table != NULL && target != NULL) {
        add_hint(reader, table->name, NULL, target->name);
        return true;
    }
    return (structure_index(from, old) != NULL && structure_index(to, new) != NULL) ||
           (structure_view(from, old) != NULL && structure_view(to, new) != NULL) ||
           (structure_trigger(from, old) != NULL && structure_trigger(to, new) != NULL);
}

/* The source's table of that name, in the source or after its own rename. */
static const struct table_def *source_table(const struct diff *diff, const char *name)
{
    const struct table_def *table = structure_table(diff->from, name);
    size_t i;

    for (i = 0; table == NULL && i < diff->renames.count; i++)
        if (diff->renames.items[i].column == NULL &&
            name_same(diff->renames.items[i].to, name))
            table = structure_table(diff->from, diff->renames.items[i].table);
    return table;
}

/* `old` is "table.column"; both may hold dots themselves. */
static bool read_column(struct rename_reader *reader, const char *old, const char *new)
{
    const char *dot;

    for (dot = strchr(old, '.'); dot != NULL; dot = strchr(dot + 1, '.')) {
        const struct table_def *table = source_table(
            reader->diff, arena_strndup(reader->arena, old, (size_t)(dot - old)));
        const struct table_def *target;
        size_t from, to;

        if (table == NULL)
            continue;
        target =
            structure_table(reader->diff->to, target_name(reader->diff, table->name));
        from = table_def_column(table, dot + 1);
        to = target != NULL ? table_def_column(target, new) : NO_COLUMN;
        if (from == NO_COLUMN || to == NO_COLUMN)
            continue;
        add_hint(reader, table->name, table->columns.items[from].name,
                 target->columns.items[to].name);
        return true;
    }
    return false;
}

/* Tries every colon, because names may hold one. */
static bool read_text(struct rename_reader *reader, const char *text, bool columns)
{
    const char *colon;

    for (colon = strchr(text, ':'); colon != NULL; colon = strchr(colon + 1, ':')) {
        char *old = arena_strndup(reader->arena, text, (size_t)(colon - text));

        if (columns ? read_column(reader, old, colon + 1)
                    : read_object(reader, old, colon + 1))
            return true;
    }
    return false;
}

/* Tables first: a column's table may be named as it was or as it will be. */
static void read_texts(struct rename_reader *reader, const struct rename_text *texts)
{
    bool *done = ARENA_ARRAY(reader->arena, bool, texts->count + 1);
    size_t i;

    for (i = 0; i < texts->count; i++)
        done[i] = read_text(reader, texts->items[i], false);
    for (i = 0; i < texts->count && reader->error == NULL; i++)
        if (!done[i] && !read_text(reader, texts->items[i], true))
            reader->error =
                arena_printf(reader->arena,
                             "rename `%s`: no such table or column; it is old:new or "
                             "table.column:new, "
                             "old as in the first schema, new as in the second",
                             texts->items[i]);
}

/* ---- names that differ in case ---------------------------------------------------- */

static void find_column_spellings(struct rename_reader *reader,
                                  const struct table_def *from,
                                  const struct table_def *to)
{
    size_t i;

    for (i = 0; i < from->columns.count; i++) {
        const char *name = from->columns.items[i].name;
        size_t column = table_def_column(to, name);

        if (column != NO_COLUMN && find_hint(reader->diff, from->name, name) == NULL &&
            strcmp(to->columns.items[column].name, name) != 0)
            add_hint(reader, from->name, name, to->columns.items[column].name);
    }
}

static void find_spellings(struct rename_reader *reader)
{
    const struct diff *diff = reader->diff;
    size_t i;

    for (i = 0; i < diff->from->tables.count; i++) {
        const struct table_def *from = diff->from->tables.items[i];
        const struct table_def *to =
            structure_table(diff->to, target_name(diff, from->name));

        if (to == NULL)
            continue;
        if (find_hint(diff, from->name, NULL) == NULL) {
            if (is_target_of_hint(diff, from->name))
                continue;
            if (strcmp(from->name, to->name) != 0)
                add_hint(reader, from->name, NULL, to->name);
        }
        find_column_spellings(reader, from, to);
    }
}

/* Two old names for one new one. */
static void check_twice(struct rename_reader *reader)
{
    const struct diff *diff = reader->diff;
    size_t i, j;

    for (i = 0; i < diff->renames.count; i++)
        for (j = 0; j < i && reader->error == NULL; j++) {
            const struct rename_hint *a = &diff->renames.items[i];
            const struct rename_hint *b = &diff->renames.items[j];

            if ((a->column == NULL) != (b->column == NULL) || !name_same(a->to, b->to))
                continue;
            if (a->column == NULL || name_same(a->table, b->table))
                reader->error =
                    arena_printf(reader->arena, "two renames lead to %s", a->to);
        }
}

bool rename_find(struct arena *arena, struct diff *diff, const struct rename_text *texts,
                 const char **error)
{
    struct rename_reader reader = {arena, diff, NULL};

    read_texts(&reader, texts);
    if (reader.error == NULL)
        find_spellings(&reader);
    check_twice(&reader);
    *error = reader.error;
    return reader.error == NULL;
}

/* ---- statements ------------------------------------------------------------------- */

/* A thing among others whose names must stay distinct while they are renamed. */
struct moving {
    const char *now;
    const char *to; /* NULL: stays, or is dropped later */
};

struct mover {
    struct arena *arena;
    const char *table; /* whose columns are moving; NULL: tables are */
    struct moving *items;
    size_t count;
    struct sql_list *statements;
};

static struct moving *holder(const struct mover *mover, const char *name)
{
    size_t i;

    for (i = 0; i < mover->count; i++)
        if (name_same(mover->items[i].now, name))
            return &mover->items[i];
    return NULL;
}

static void move(struct mover *mover, struct moving *item, const char *to)
{
    struct arena *arena = mover->arena;
    const char **statement = VEC_ADD(arena, mover->statements);

    if (mover->table == NULL)
        *statement = arena_printf(arena, "ALTER TABLE %s RENAME TO %s",
                                  name_sql(arena, item->now), name_sql(arena, to));
    else
        *statement = arena_printf(arena, "ALTER TABLE %s RENAME COLUMN %s TO %s",
                                  name_sql(arena, mover->table),
                                  name_sql(arena, item->now), name_sql(arena, to));
    item->now = to;
}

static const char *spare_name(const struct mover *mover, const char *prefix,
                              const char *name)
{
    char *spare = arena_printf(mover->arena, "%s%s", prefix, name);
    unsigned i;

    for (i = 2; holder(mover, spare) != NULL; i++)
        spare = arena_printf(mover->arena, "%s%s_%u", prefix, name, i);
    return spare;
}

/* SQLite refuses to rename a table to the same letters in another case. */
static void move_all(struct mover *mover)
{
    size_t i;

    for (i = 0; i < mover->count; i++) {
        struct moving *item = &mover->items[i], *other;

        if (item->to == NULL || strcmp(item->now, item->to) == 0)
            continue;
        other = holder(mover, item->to);
        if (other != NULL && other != item && other->to == NULL) {
            move(mover, other, spare_name(mover, "__old_", other->now));
            other = NULL;
        }
        if (other != NULL && (other != item || mover->table == NULL))
            move(mover, item, spare_name(mover, "__new_", item->to));
        else
            move(mover, item, item->to);
    }
    for (i = 0; i < mover->count; i++)
        if (mover->items[i].to != NULL &&
            strcmp(mover->items[i].now, mover->items[i].to) != 0)
            move(mover, &mover->items[i], mover->items[i].to);
}

static bool is_dropped(const struct diff *diff, const struct table_def *table)
{
    size_t i;

    for (i = 0; i < diff->dropped.count; i++)
        if (diff->dropped.items[i] == table)
            return true;
    return false;
}

static void move_tables(struct arena *arena, const struct diff *diff,
                        struct sql_list *statements)
{
    struct mover mover = {arena, NULL, NULL, 0, statements};
    size_t i;

    mover.items = ARENA_ARRAY(arena, struct moving, diff->from->tables.count + 1);
    for (i = 0; i < diff->from->tables.count; i++) {
        const struct table_def *table = diff->from->tables.items[i];
        const struct rename_hint *hint = find_hint(diff, table->name, NULL);

        if (!is_dropped(diff, table))
            mover.items[mover.count++] =
                (struct moving){table->name, hint != NULL ? hint->to : NULL};
    }
    move_all(&mover);
}

static void move_columns(struct arena *arena, const struct diff *diff,
                         const struct table_def *table, struct sql_list *statements)
{
    struct mover mover = {arena, target_name(diff, table->name), NULL, 0, statements};
    size_t i;

    mover.items = ARENA_ARRAY(arena, struct moving, table->columns.count + 1);
    for (i = 0; i < table->columns.count; i++) {
        const char *name = table->columns.items[i].name;
        const struct rename_hint *hint = find_hint(diff, table->name, name);

        mover.items[mover.count++] =
            (struct moving){name, hint != NULL ? hint->to : NULL};
    }
    move_all(&mover);
}

void rename_statements(struct arena *arena, const struct diff *diff,
                       struct sql_list *statements)
{
    size_t i;

    move_tables(arena, diff, statements);
    for (i = 0; i < diff->from->tables.count; i++)
        if (!is_dropped(diff, diff->from->tables.items[i]))
            move_columns(arena, diff, diff->from->tables.items[i], statements);
}
