/*
 * query_plan.c: see query_plan.h.
 */
#include "query_plan.h"

#include "infer.h"

#include <string.h>

static bool begins(const char *text, const char *word)
{
    return strncmp(text, word, strlen(word)) == 0;
}

/* Where min() or max() looks for its first row without an index, SQLite says SEARCH. */
static bool is_scan(const char *text)
{
    return (begins(text, "SCAN ") && !begins(text, "SCAN CONSTANT ROW")) ||
           (begins(text, "SEARCH ") && strstr(text, " USING ") == NULL);
}

static void count(struct query_plan *plan, const char *text)
{
    if (is_scan(text))
        plan->scans++;
    if (strstr(text, "USING AUTOMATIC ") != NULL)
        plan->automatic++;
    if (begins(text, "USE TEMP B-TREE"))
        plan->sorts++;
}

static unsigned depth_of(const struct query_plan *plan, int parent)
{
    size_t i;

    for (i = plan->lines.count; i > 0; i--)
        if (plan->lines.items[i - 1].id == parent)
            return plan->lines.items[i - 1].depth + 1;
    return 0;
}

static void add(struct arena *arena, struct query_plan *plan, sqlite3_stmt *row)
{
    struct plan_line line = {
        .id = sqlite3_column_int(row, 0),
        .parent = sqlite3_column_int(row, 1),
        .depth = depth_of(plan, sqlite3_column_int(row, 1)),
        .text = arena_strdup(arena, (const char *)sqlite3_column_text(row, 3)),
    };

    *VEC_ADD(arena, &plan->lines) = line;
    count(plan, line.text);
}

bool query_plan_read(struct arena *arena, sqlite3 *db, const char *text,
                     struct range range, struct query_plan *plan)
{
    const char *sql =
        arena_printf(arena, "EXPLAIN QUERY PLAN %s",
                     infer_plain_sql(arena, text + range.start, range.end - range.start));
    sqlite3_stmt *row = NULL;
    int rc;

    *plan = (struct query_plan){0};
    if (sqlite3_prepare_v2(db, sql, -1, &row, NULL) != SQLITE_OK)
        return false;
    while ((rc = sqlite3_step(row)) == SQLITE_ROW)
        add(arena, plan, row);
    sqlite3_finalize(row);
    return rc == SQLITE_DONE;
}

/* Behind "SCAN " or "SEARCH ". */
static bool is_of(const char *text, const char *name)
{
    size_t length = strlen(name);

    return sqlite3_strnicmp(text, name, (int)length) == 0 &&
           (text[length] == '\0' || text[length] == ' ');
}

bool query_plan_scans(const struct query_plan *plan, const char *name)
{
    size_t i;

    for (i = 0; i < plan->lines.count; i++)
        if (is_scan(plan->lines.items[i].text) &&
            is_of(strchr(plan->lines.items[i].text, ' ') + 1, name))
            return true;
    return false;
}

bool query_plan_is_automatic(const struct query_plan *plan, const char *name)
{
    size_t i;

    for (i = 0; i < plan->lines.count; i++)
        if (begins(plan->lines.items[i].text, "SEARCH ") &&
            is_of(plan->lines.items[i].text + 7, name) &&
            strstr(plan->lines.items[i].text, "USING AUTOMATIC ") != NULL)
            return true;
    return false;
}

bool query_plan_uses(const struct query_plan *plan, const char *index)
{
    size_t i;

    for (i = 0; i < plan->lines.count; i++)
        if (strstr(plan->lines.items[i].text, index) != NULL)
            return true;
    return false;
}

bool query_plan_is_better(const struct query_plan *plan, const struct query_plan *old)
{
    return plan->scans <= old->scans && plan->automatic <= old->automatic &&
           plan->sorts <= old->sorts &&
           plan->scans + plan->automatic + plan->sorts <
               old->scans + old->automatic + old->sorts;
}
