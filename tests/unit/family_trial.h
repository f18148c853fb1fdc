/*
 * family_trial.h: tables that hang together by keys, views and triggers, with rows, for the
 * tests of what a plan must keep.
 */
#ifndef FAMILY_TRIAL_H
#define FAMILY_TRIAL_H

#include "plan_trial.h"

static const char *const family =
    "CREATE TABLE p(id INTEGER PRIMARY KEY AUTOINCREMENT, n TEXT, z);"
    "CREATE TABLE c(id INTEGER PRIMARY KEY, pid INT REFERENCES p(id) ON DELETE CASCADE);"
    "CREATE TABLE log(what);"
    "CREATE INDEX pn ON p(lower(n)) WHERE n IS NOT NULL;"
    "CREATE VIEW v AS SELECT n FROM p; CREATE VIEW w AS SELECT n FROM v;"
    "CREATE TRIGGER pi AFTER INSERT ON p BEGIN INSERT INTO log VALUES ('insert'); END;"
    "CREATE TRIGGER pd BEFORE DELETE ON p BEGIN INSERT INTO log VALUES ('delete'); END;"
    "CREATE TRIGGER ci AFTER INSERT ON c BEGIN UPDATE p SET n = 'c' WHERE id = new.pid; "
    "END;"
    "CREATE TRIGGER vi INSTEAD OF INSERT ON v BEGIN INSERT INTO p(n) VALUES (new.n); "
    "END;";

static inline void make_family(void)
{
    run("PRAGMA foreign_keys = ON");
    run(family);
    run("INSERT INTO p(id, n) VALUES (3, 'a'), (7, 'b'), (20, 'gone');"
        "DELETE FROM p WHERE id = 20; INSERT INTO c(id, pid) VALUES (1, 3), (2, 3), (3, "
        "7);"
        "DELETE FROM log; UPDATE p SET n = 'n' || id");
}

/* `family` with the table p replaced. */
static inline const char *family_with(const char *table, const char *rest)
{
    return arena_printf(&arena, "%s;%s", table,
                        rest != NULL ? rest : strstr(family, "CREATE TABLE c"));
}

#endif
