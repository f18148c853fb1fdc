/*
 * migrate.h: what the parts of `quarry migrate` share. Only migrate*.c may include it.
 */
#ifndef CLI_MIGRATE_H
#define CLI_MIGRATE_H

#include "cli.h"
#include "migrations.h"

struct migrate_request {
    const struct command *command;
    struct arena arena;
    VEC(const char *) renames;
    bool accept_data_loss, to_stdout, help;
};

/* Each gets the arguments that follow its name, and returns an exit status. */
int migrate_new(struct migrate_request *request, char **arguments, int count);
int migrate_plan(struct migrate_request *request, char **arguments, int count);
int migrate_lint(struct migrate_request *request, char **arguments, int count);
int migrate_release(struct migrate_request *request, char **arguments, int count);

#endif
