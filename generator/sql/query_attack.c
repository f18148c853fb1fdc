/*
 * query_attack.c: all typed statements run on random valid rows, which are the same for
 * all of them: the tables are filled once for each seed. Rows come from the schema's
 * samples (boundary values, enums, keys that meet), shuffled and mixed with others; what
 * a constraint refuses is left out.
 */
#include "../base/names.h"
#include "../base/steps.h"
#include "../model/ddl.h"
#include "../model/sample.h"
#include "query_internal.h"

#include <string.h>

enum {
    STEPS_AGAIN = STEPS_TRIAL / 100 /* of a query that was stopped before */
};

static void run(sqlite3 *db, const char *sql)
{
    sqlite3_exec(db, sql, NULL, NULL, NULL);
}

/* ---- values -------------------------------------------------------------------------- */

static bool bind_literal(sqlite3_stmt *statement, int index,
                         const struct literal *literal)
{
    switch (literal->kind) {
    case LITERAL_INTEGER: sqlite3_bind_int64(statement, index, literal->integer); break;
    case LITERAL_REAL: sqlite3_bind_double(statement, index, literal->real); break;
    case LITERAL_TEXT:
        sqlite3_bind_text(statement, index, literal->text, (int)literal->length,
                          SQLITE_STATIC);
        break;
    case LITERAL_BLOB:
        sqlite3_bind_blob(statement, index, literal->text, (int)literal->length,
                          SQLITE_STATIC);
        break;
    case LITERAL_NULL: sqlite3_bind_null(statement, index); break;
    case LITERAL_NOW:
    case LITERAL_RANDOM: return false;
    }
    return true;
}

static void bind_enumerator(struct adversary *adversary, sqlite3_stmt *statement,
                            int index, const struct enumeration *enumeration)
{
    const struct enumerator *value =
        &enumeration->values.items[adversary_pick(adversary, enumeration->values.count)];

    if (enumeration->storage == STORE_INTEGER)
        sqlite3_bind_int64(statement, index, value->value);
    else
        sqlite3_bind_text(statement, index, value->text, -1, SQLITE_STATIC);
}

static bool in_foreign_key(const struct table *table, const struct column *column)
{
    size_t i, k;

    for (i = 0; i < table->foreign_keys.count; i++)
        for (k = 0; k < table->foreign_keys.items[i].columns.count; k++)
            if (table->foreign_keys.items[i].columns.items[k] == column)
                return true;
    return false;
}

/* A column that any number or text suits, as far as its table's checks let it. */
static bool is_free(const struct table *table, const struct column *column)
{
    return (column->type == TYPE_INTEGER || column->type == TYPE_REAL ||
            column->type == TYPE_TEXT || column->type == TYPE_BLOB) &&
           !in_foreign_key(table, column);
}

static void bind_column(struct adversary *adversary, sqlite3_stmt *statement, int index,
                        const struct table *table, const struct column *column,
                        size_t row)
{
    const struct literal *value;

    if (column->nullable && adversary_pick(adversary, 3) == 0)
        return;
    if (column->type == TYPE_ENUM && adversary_pick(adversary, 2) == 0) {
        bind_enumerator(adversary, statement, index, column->enumeration);
        return;
    }
    if (is_free(table, column) && adversary_pick(adversary, 2) == 0) {
        static const unsigned classes[] = {CLASS_INTEGER, CLASS_REAL, CLASS_TEXT,
                                           CLASS_BLOB};

        adversary_bind_random(adversary, statement, index, classes[column->storage],
                              NULL);
        return;
    }
    if (adversary_pick(adversary, 3) == 0)
        row = adversary_pick(adversary, SAMPLE_ROWS);
    value = &table->samples[row].values[column->index];
    if (value->kind == LITERAL_NULL && !column->nullable)
        return;
    bind_literal(statement, index, value);
}

/* ---- rows ---------------------------------------------------------------------------- */

static sqlite3_stmt *prepare_insert(struct typer *typer, const struct table *table)
{
    sqlite3_stmt *statement = NULL;
    struct buf names, values;
    size_t i, count = 0;

    buf_init(&names);
    buf_init(&values);
    for (i = 0; i < table->columns.count; i++) {
        const struct column *column = table->columns.items[i];

        if (column->generated != NULL)
            continue;
        buf_addf(&names, "%s%s", count == 0 ? "" : ", ",
                 name_sql(typer->arena, column->sql_name));
        buf_addf(&values, "%s?%zu", count++ == 0 ? "" : ", ", i + 1);
    }
    sqlite3_prepare_v2(
        typer->db,
        arena_printf(typer->arena, "INSERT OR IGNORE INTO main.%s (%s) VALUES (%s)",
                     name_sql(typer->arena, table->sql_name), names.data, values.data),
        -1, &statement, NULL);
    buf_release(&names);
    buf_release(&values);
    return statement;
}

/* The first trigger that an INSERT fires; it may be one that this fires, which never ends. */
static const struct trigger *trigger_of(const struct typer *typer,
                                        const struct table *table)
{
    size_t i;

    for (i = 0; i < typer->schema->triggers.count; i++) {
        const struct trigger *trigger = typer->schema->triggers.items[i];

        if (trigger->table == table && strstr(trigger->when, "insert") != NULL)
            return trigger;
    }
    return NULL;
}

static void report_trigger(const struct typer *typer, const struct table *table)
{
    const struct trigger *trigger = trigger_of(typer, table);

    diag_error(typer->diags, 319, trigger != NULL ? trigger->span : table->span,
               "a row inserted into `%s` was stopped after %d steps of SQLite",
               table->name, STEPS_TRIAL);
}

/* False where that never ends. */
static bool fill_table(struct adversary *adversary, struct typer *typer,
                       const struct table *table, size_t rows)
{
    int code = SQLITE_OK;
    sqlite3_stmt *statement = prepare_insert(typer, table);
    size_t i, n;

    for (n = 0; statement != NULL && n < rows && code != SQLITE_INTERRUPT; n++) {
        size_t sample = adversary_pick(adversary, SAMPLE_ROWS);

        sqlite3_clear_bindings(statement);
        for (i = 0; i < table->columns.count; i++)
            if (table->columns.items[i]->generated == NULL)
                bind_column(adversary, statement, (int)i + 1, table,
                            table->columns.items[i], sample);
        sqlite3_step(statement);
        code = sqlite3_reset(statement);
    }
    sqlite3_finalize(statement);
    if (code == SQLITE_INTERRUPT)
        report_trigger(typer, table);
    return code != SQLITE_INTERRUPT;
}

static bool fill(struct adversary *adversary, struct typer *typer, size_t rows)
{
    bool good = true;
    size_t i;

    steps_limit(typer->db, STEPS_TRIAL);
    for (i = 0; good && rows > 0 && i < typer->schema->creation.count; i++)
        good = fill_table(adversary, typer, typer->schema->creation.items[i],
                          adversary_pick(adversary, rows + 1));
    steps_limit(typer->db, 0);
    return good;
}

/* ---- parameters ---------------------------------------------------------------------- */

/* Mostly a value that the column has: else few conditions would ever be true. */
static bool bind_parameter(struct adversary *adversary, sqlite3_stmt *statement,
                           int index, const struct type *type)
{
    const struct typer *typer = adversary->context;
    const struct column *column = model_column(typer, type);
    const struct enumeration *enumeration =
        type->semantic == NULL ? NULL
                               : map_get(&typer->schema->enums_by_name, type->semantic);
    const struct literal *value;

    if (enumeration != NULL) {
        bind_enumerator(adversary, statement, index, enumeration);
        return true;
    }
    if (column == NULL || column->generated != NULL || adversary_pick(adversary, 4) == 0)
        return false;
    value = &model_table(typer, type->origin->table)
                 ->samples[adversary_pick(adversary, SAMPLE_ROWS)]
                 .values[column->index];
    /* NULL is no value of a parameter, also where the column has it */
    return value->kind != LITERAL_NULL && bind_literal(statement, index, value);
}

/* ---- attacking ----------------------------------------------------------------------- */

static void report(struct typer *typer, const struct proof *proof,
                   const struct sql_error *error)
{
    diag_hint(diag_error(typer->diags, 317,
                         query_place(proof->text, &proof->variant, error->range), "%s",
                         error->message),
              "random valid rows show it");
}

/* A query that was stopped once gets few steps from then on, in all its variants. */
static void note_stop(struct typer *typer, struct proof *proof)
{
    proof->text->stopped = true;
    diag_hint(diag_warning(typer->diags, 318, proof->text->node->span,
                           "this was stopped after %d steps of SQLite on a few rows",
                           STEPS_TRIAL),
              "it may never end; what it gives is not proved");
}

/* An attack: the tables are full, the transaction is open. */
struct attack {
    struct adversary adversary;
    struct typer *typer;
    size_t round, rows;
};

/* Gives the tables their rows again: what interrupts a change rolls back everything. */
static bool begin(struct attack *attack)
{
    struct adversary chance;

    adversary_init(&chance, attack->round + 1);
    run(attack->typer->db, "BEGIN");
    return fill(&chance, attack->typer, attack->rows);
}

/* False where the statement was found not to be what was inferred. `length`: of lists. */
static bool try_proof(struct attack *attack, struct proof *proof, int length)
{
    struct typer *typer = attack->typer;
    struct adversary *adversary = &attack->adversary;
    struct sql_error error = {{0, 0}, NULL, NULL};
    size_t seen = 0;
    bool good;

    adversary->steps = proof->text->stopped ? STEPS_AGAIN : STEPS_TRIAL;
    adversary->lists = length;
    good = adversary_try(adversary, typer->arena, proof->emitted, proof->inferred, &seen,
                         &error);
    if (!good)
        report(typer, proof, &error);
    if (adversary->stopped && !proof->text->stopped)
        note_stop(typer, proof);
    if (adversary->stopped && sqlite3_get_autocommit(typer->db))
        begin(attack);
    return good;
}

static void attack_proof(struct attack *attack, struct proof *proof)
{
    int length, longest = proof->has_lists ? 2 : 0;

    for (length = 0; length <= longest; length++)
        if (!try_proof(attack, proof, length))
            return;
}

void proofs_attack(struct typer *typer)
{
    static const size_t rows[] = {0, 1, 2, 8, 8};
    struct attack attack = {.typer = typer};
    size_t i, errors = diags_errors(typer->diags);

    run(typer->db, "PRAGMA foreign_keys = ON");
    for (; attack.round < sizeof rows / sizeof *rows; attack.round++) {
        adversary_init(&attack.adversary, ~(uint64_t)attack.round);
        attack.adversary.bind = bind_parameter;
        attack.adversary.context = typer;
        attack.rows = rows[attack.round];
        if (begin(&attack))
            for (i = 0; i < typer->proofs.count && !diags_full(typer->diags); i++)
                attack_proof(&attack, &typer->proofs.items[i]);
        run(typer->db, "ROLLBACK");
        if (diags_errors(typer->diags) > errors)
            return;
    }
}

void proofs_end(struct typer *typer)
{
    size_t i;

    for (i = 0; i < typer->proofs.count; i++)
        sqlite3_finalize(typer->proofs.items[i].emitted);
}
