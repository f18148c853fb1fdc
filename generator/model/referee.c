/*
 * referee.c: SQLite itself executes the DDL, then the seeds, then the sample rows, and
 * may object. It never decides what is emitted. Tables that refer to each other are tried
 * in one database; as SQLite's CREATE TABLE takes the longer the more tables there are,
 * others get databases of their own, a batch in each.
 */
#include "referee.h"

#include "../base/steps.h"
#include "../base/workers.h"
#include "row_insert.h"
#include "sample.h"

#include <string.h>

enum {
    BATCH = 50
};

/* A table and its statements. */
struct unit {
    const struct table *table;
    const struct ddl_statement *statements;
    size_t count;
    const struct ddl_statement *seeds;
    size_t seed_count;
    size_t group; /* union-find over foreign keys: index of another member, or its own */
    struct unit *next; /* of the same group, in order of creation */
};

struct group {
    struct unit *first, *last;
    size_t count;
};

struct batch {
    VEC(struct unit *) units;
    bool whole; /* every parent is in it: foreign keys can be judged */
    struct arena arena;
    struct diags *diags;
};

/* Batches know nothing of each other, so several are tried at once. */
struct trial {
    const struct schema *schema;
    VEC(struct batch) batches;
};

/* ---- which tables go together ------------------------------------------------- */

static size_t find_group(struct unit *units, size_t index)
{
    while (units[index].group != index) {
        units[index].group = units[units[index].group].group;
        index = units[index].group;
    }
    return index;
}

static struct unit *make_units(struct arena *arena, const struct schema *schema,
                               struct map *by_name)
{
    const struct ddl_statement *list = schema->ddl;
    size_t tables = schema->creation.count;
    struct unit *units = ARENA_ARRAY(arena, struct unit, tables);

    for (size_t i = 0; i < tables; i++) {
        units[i].table = schema->creation.items[i];
        units[i].group = i;
        map_put(arena, by_name, units[i].table->name, &units[i]);
    }
    for (size_t i = 0; i < schema->ddl_count; i++) {
        struct unit *unit =
            list[i].table == NULL ? NULL : map_get(by_name, list[i].table->name);
        bool seed = list[i].seed != NULL;

        if (unit == NULL)
            continue; /* a view: sql/query.h looks at it; or a trigger */
        if (seed && unit->seed_count++ == 0)
            unit->seeds = &list[i];
        else if (!seed && unit->count++ == 0)
            unit->statements = &list[i];
    }
    return units;
}

/* The smaller index is the root, so that groups come in the order of creation. */
static void join_groups(struct unit *units, size_t count, const struct map *by_name)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < units[i].table->foreign_keys.count; k++) {
            const struct table *parent = units[i].table->foreign_keys.items[k].parent;
            struct unit *other = map_get(by_name, parent->name);
            size_t a = find_group(units, i);
            size_t b = find_group(units, (size_t)(other - units));

            if (a < b)
                units[b].group = a;
            else
                units[a].group = b;
        }
}

static struct group *make_groups(struct arena *arena, struct unit *units, size_t count)
{
    struct group *groups = ARENA_ARRAY(arena, struct group, count);

    for (size_t i = 0; i < count; i++) {
        struct group *group = &groups[find_group(units, i)];

        if (group->last == NULL)
            group->first = &units[i];
        else
            group->last->next = &units[i];
        group->last = &units[i];
        group->count++;
    }
    return groups;
}

/* ---- one batch ---------------------------------------------------------------- */

static bool run(struct referee *referee, const char *sql)
{
    return sqlite3_exec(referee->db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

static bool create(struct referee *referee, const struct unit *unit)
{
    bool good = true;

    for (size_t i = 0; i < unit->count; i++) {
        if (run(referee, unit->statements[i].sql))
            continue;
        referee_blame(referee, &unit->statements[i]);
        good = false;
        if (i == 0)
            break; /* no table, no index */
    }
    return good && referee_try_defaults(referee, unit->table, true) &&
           referee_try_fit(referee, unit->table);
}

static const struct foreign_key *find_key(struct referee *referee,
                                          const struct table *table, int number)
{
    const struct foreign_key *found = NULL;
    sqlite3_stmt *stmt = NULL;

    sqlite3_prepare_v2(referee->db,
                       "SELECT \"from\" FROM pragma_foreign_key_list(?1) WHERE id = ?2"
                       " AND seq = 0",
                       -1, &stmt, NULL);
    sqlite3_bind_text(stmt, 1, table->sql_name, -1, SQLITE_STATIC);
    sqlite3_bind_int(stmt, 2, number);
    if (sqlite3_step(stmt) == SQLITE_ROW) {
        const char *from = (const char *)sqlite3_column_text(stmt, 0);

        for (size_t i = 0; i < table->foreign_keys.count && from != NULL; i++)
            if (strcmp(table->foreign_keys.items[i].columns.items[0]->sql_name, from) ==
                0)
                found = &table->foreign_keys.items[i];
    }
    sqlite3_finalize(stmt);
    return found;
}

static const struct table *find_table(const struct batch *batch, const char *sql_name)
{
    for (size_t i = 0; i < batch->units.count; i++)
        if (strcmp(batch->units.items[i]->table->sql_name, sql_name) == 0)
            return batch->units.items[i]->table;
    return NULL;
}

/* Reports each foreign key whose parent row is missing. */
static void check_foreign_keys(struct referee *referee, const struct batch *batch,
                               int code, const char *rows)
{
    sqlite3_stmt *stmt = NULL;
    int status =
        sqlite3_prepare_v2(referee->db, "PRAGMA foreign_key_check", -1, &stmt, NULL);

    while (status == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(stmt, 0);
        const struct table *table = name != NULL ? find_table(batch, name) : NULL;
        const struct foreign_key *key =
            table != NULL ? find_key(referee, table, sqlite3_column_int(stmt, 3)) : NULL;

        if (key != NULL)
            diag_error(referee->diags, code, key->span,
                       "%s of `%s` refer to a row of `%s` that does not exist", rows,
                       table->name, key->parent->name);
    }
    if (sqlite3_finalize(stmt) != SQLITE_OK)
        diag_error(referee->diags, code, batch->units.items[0]->table->span,
                   "SQLite can't check the foreign keys: %s",
                   sqlite3_errmsg(referee->db));
}

static bool insert_seeds(struct referee *referee, const struct unit *unit)
{
    bool good = true;

    for (size_t i = 0; i < unit->seed_count; i++)
        if (!run(referee, unit->seeds[i].sql)) {
            referee_blame_row(referee, unit->table, unit->seeds[i].seed);
            good = false;
        }
    return good;
}

static bool insert_samples(struct referee *referee, const struct table *table)
{
    sqlite3_stmt *stmt = row_insert_prepare(referee->arena, referee->db, table);
    bool good = stmt != NULL;

    if (!good)
        referee_blame_row(referee, table, NULL);
    for (size_t row = 0; row < table->sample_count && good; row++) {
        good = row_insert_run(stmt, table, table->samples[row].values) == SQLITE_OK;
        if (!good)
            referee_blame_row(referee, table, NULL);
    }
    sqlite3_finalize(stmt);
    return good;
}

/* No row was found: what SQLite says to the one that came nearest tells why. */
static void blame_nearest(struct referee *referee, const struct table *table)
{
    sqlite3_stmt *stmt;

    run(referee, "SAVEPOINT nearest");
    stmt = row_insert_prepare(referee->arena, referee->db, table);
    if (stmt != NULL)
        row_insert_run(stmt, table, table->samples[0].values);
    referee_blame_row(referee, table, NULL);
    sqlite3_finalize(stmt);
    run(referee, "ROLLBACK TO nearest; RELEASE nearest");
}

static void try_seeds(struct referee *referee, const struct batch *batch)
{
    bool good = true, any = false;

    for (size_t i = 0; i < batch->units.count; i++)
        any = any || batch->units.items[i]->seed_count > 0;
    if (!any)
        return;
    run(referee, "SAVEPOINT seeds");
    for (size_t i = 0; i < batch->units.count; i++)
        good = insert_seeds(referee, batch->units.items[i]) && good;
    if (good && batch->whole)
        check_foreign_keys(referee, batch, 252, "seed rows");
    run(referee, "ROLLBACK TO seeds");
    run(referee, "RELEASE seeds");
}

static void try_samples(struct referee *referee, const struct batch *batch)
{
    bool good = true;

    for (size_t i = 0; i < batch->units.count; i++) {
        const struct table *table = batch->units.items[i]->table;

        if (table->samples == NULL || table->lacks_parent != NULL)
            continue;
        if (table->sample_count == 0)
            blame_nearest(referee, table);
        else
            good = insert_samples(referee, table) && good;
    }
    if (good && batch->whole)
        check_foreign_keys(referee, batch, 253,
                           "the rows that tests insert into columns");
}

/*
 * Foreign keys are off and looked at afterwards, so that the order of rows does not
 * matter. Nothing is inserted where a table is missing: what then fails follows from
 * that.
 */
static void try_batch(struct referee *referee, const struct batch *batch)
{
    bool good;

    good =
        sqlite3_open_v2(":memory:", &referee->db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                        NULL) == SQLITE_OK;
    if (!good)
        diag_error(referee->diags, 245, referee->schema->span,
                   "SQLite can't open a database in memory: %s",
                   sqlite3_errmsg(referee->db));
    /* as the runtime opens: text in double quotes is no text there */
    sqlite3_db_config(referee->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(referee->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    steps_limit(referee->db, STEPS_MOST);
    run(referee, "PRAGMA foreign_keys = OFF; BEGIN");
    for (size_t i = 0; i < batch->units.count; i++)
        good = create(referee, batch->units.items[i]) && good;
    if (good) {
        try_seeds(referee, batch);
        try_samples(referee, batch);
    }
    sqlite3_close(referee->db);
}

static void try_one(void *context, size_t task, size_t worker)
{
    struct trial *trial = context;
    struct batch *batch = &trial->batches.items[task];
    struct referee referee = {.arena = &batch->arena, .schema = trial->schema};

    (void)worker;
    referee.diags = batch->diags = diags_new(&batch->arena);
    buf_init(&referee.sql);
    try_batch(&referee, batch);
    buf_release(&referee.sql);
}

/* ---- all batches -------------------------------------------------------------- */

/* A batch that is not whole goes on in the next one. */
static struct batch *next_batch(struct arena *arena, struct trial *trial, bool whole)
{
    struct batch *batch = VEC_ADD(arena, &trial->batches);

    batch->whole = whole;
    return batch;
}

static void add_group(struct arena *arena, struct trial *trial, const struct group *group)
{
    struct batch *batch = &trial->batches.items[trial->batches.count - 1];

    if (batch->units.count > 0 && batch->units.count + group->count > BATCH)
        batch = next_batch(arena, trial, true);
    for (struct unit *unit = group->first; unit != NULL; unit = unit->next) {
        if (batch->units.count == BATCH) {
            batch->whole = false;
            batch = next_batch(arena, trial, false);
        }
        *VEC_ADD(arena, &batch->units) = unit;
    }
}

static void make_batches(struct arena *arena, struct trial *trial)
{
    size_t count = trial->schema->creation.count;
    struct map by_name = {0};
    struct unit *units = make_units(arena, trial->schema, &by_name);
    struct group *groups;

    join_groups(units, count, &by_name);
    groups = make_groups(arena, units, count);
    next_batch(arena, trial, true);
    for (size_t i = 0; i < count; i++)
        add_group(arena, trial, &groups[i]);
}

/* An SQLite that was built without mutexes is for one thread. */
static void try_batches(struct trial *trial)
{
    size_t count = trial->batches.count;

    if (sqlite3_threadsafe() != 0)
        workers_run(count, try_one, trial);
    else
        for (size_t i = 0; i < count; i++)
            try_one(trial, i, 0);
}

/* What the batches found is reported in their order, whatever the order of trying was. */
void referee_schema(struct arena *arena, struct diags *diags, const struct schema *schema)
{
    struct trial trial = {.schema = schema};
    struct referee referee = {.arena = arena, .diags = diags, .schema = schema};
    size_t errors = diags_errors(diags);

    make_batches(arena, &trial);
    if (schema->creation.count > 0)
        try_batches(&trial);
    for (size_t i = 0; i < trial.batches.count; i++) {
        struct batch *batch = &trial.batches.items[i];

        if (batch->diags != NULL && !diags_full(diags))
            diags_join(diags, batch->diags);
        arena_join(arena, &batch->arena);
    }
    if (schema->virtual_tables.count > 0 && diags_errors(diags) == errors)
        referee_virtual_tables(&referee);
}
