/*
 * advise_trial.c: indexes on trial: made in the database, judged by SQLite's plan, and kept
 * until the statement is done where that gets better. See advise_internal.h.
 */
#include "advise_internal.h"

#include "../base/buf.h"
#include "../base/names.h"

/* ---- indexes in the database --------------------------------------------------------- */

const char *advised_terms_sql(struct arena *arena, const struct advised_index *index)
{
    const char *text;
    struct buf out;
    size_t i;

    buf_init(&out);
    for (i = 0; i < index->terms.count; i++) {
        const struct advised_term *term = &index->terms.items[i];

        buf_addf(&out, "%s%s", i == 0 ? "" : ", ",
                 term->column != NULL ? name_sql(arena, term->column) : term->expression);
        if (term->collation != NULL)
            buf_addf(&out, " COLLATE %s", name_sql(arena, term->collation));
        if (term->descending)
            buf_adds(&out, " DESC");
    }
    text = arena_strndup(arena, out.data, out.length);
    buf_release(&out);
    return text;
}

static bool run(const struct trial *trial, const char *sql)
{
    return sqlite3_exec(trial->adviser->catalog->db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

static const char *trial_name(const struct trial *trial, size_t number)
{
    return arena_printf(trial->adviser->arena, "quarry_advice_%zu_", number);
}

static bool create(struct trial *trial, const struct advised_index *index)
{
    struct arena *arena = trial->adviser->arena;

    if (!run(trial, arena_printf(arena, "CREATE INDEX %s ON %s (%s)",
                                 trial_name(trial, trial->created),
                                 name_sql(arena, index->table->table->name),
                                 advised_terms_sql(arena, index))))
        return false;
    trial->created++;
    return true;
}

void trial_drop(struct trial *trial, size_t count)
{
    while (trial->created > count)
        run(trial, arena_printf(trial->adviser->arena, "DROP INDEX %s",
                                trial_name(trial, --trial->created)));
}

bool trial_finds(const struct query_plan *plan, const struct query_plan *old)
{
    return plan->scans + plan->automatic < old->scans + old->automatic;
}

/* True where the plan gets better and all of the indexes are used: then they stay. */
bool trial_try(struct trial *trial, const struct advised_index *indexes, size_t count,
               enum wanted wanted, struct query_plan *before)
{
    size_t first = trial->created, i;
    struct query_plan plan;
    bool good = true;

    for (i = 0; good && i < count; i++)
        good = create(trial, &indexes[i]);
    good = good &&
           query_plan_read(trial->adviser->arena, trial->adviser->catalog->db,
                           trial->text, trial->range, &plan) &&
           query_plan_is_better(&plan, &trial->plan) &&
           (wanted == WANT_ANY || trial_finds(&plan, &trial->plan));
    for (i = first; good && i < trial->created; i++)
        good = query_plan_uses(&plan, trial_name(trial, i));
    if (!good) {
        trial_drop(trial, first);
        return false;
    }
    *before = trial->plan;
    trial->plan = plan;
    return true;
}

/* ---- what is known of a table -------------------------------------------------------- */

size_t trial_rows(const struct trial *trial, const struct table_shape *shape)
{
    return trial->adviser->rows == NULL
               ? 0
               : trial->adviser->rows(trial->adviser->context, shape);
}

bool trial_is_small(const struct trial *trial, const struct table_shape *shape)
{
    size_t rows = trial_rows(trial, shape);

    return rows > 0 && rows <= ADVISE_SMALL;
}

/* True where an index begins with the column, whatever its collation. */
bool trial_is_indexed(const struct table_shape *shape, const char *column)
{
    size_t i;

    for (i = 0; i < shape->indexes.count; i++) {
        const struct index_shape *index = &shape->indexes.items[i];

        if (index->terms->items[0].name != NULL && index->where == NULL &&
            name_same(index->terms->items[0].name, column))
            return true;
    }
    return false;
}

struct advice *trial_tell(struct trial *trial, int code, struct range at)
{
    struct advice *advice = VEC_ADD(trial->adviser->arena, &trial->advices->list);

    *advice = (struct advice){.code = code, .at = at};
    return advice;
}

void trial_add_index(struct trial *trial, struct advice *advice,
                     const struct advised_index *index)
{
    *VEC_ADD(trial->adviser->arena, &advice->indexes) = *index;
}
