/*
 * workers.h: independent tasks on several processors. Tasks are numbered; a caller keeps
 * what each makes by its number, so that no result depends on who did what when. A task
 * has its own arena and diagnostics, or those of its worker, and only reads what others
 * read. It must not know what tasks do.
 */
#ifndef WORKERS_H
#define WORKERS_H

#include <stddef.h>

enum {
    WORKERS_LIMIT = 16
};

/* `worker` is below workers_count(); one worker does one task at a time. */
typedef void workers_task(void *context, size_t task, size_t worker);

/* How many workers workers_run() has at most: the processors that are online, or less. */
size_t workers_count(void);

/* Sets it, from 1; 0: as many as there are processors. For the whole program: call it
 * while nothing runs. */
void workers_limit(size_t count);

/*
 * Does the tasks 0 to count - 1, in this order as far as they are begun, and returns when
 * all are done. The caller is one of the workers, so where no thread can be made it does
 * them all itself.
 */
void workers_run(size_t count, workers_task *task, void *context);

#endif
