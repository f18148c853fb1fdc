/*
 * workers.c: see workers.h. Threads live only as long as one workers_run(): making one
 * costs some 20 microseconds, and nothing has to be shut down.
 */
#include "workers.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum {
    STACK = 8 * 1024 * 1024 /* what the first thread has nearly everywhere */
};

struct team {
    workers_task *task;
    void *context;
    size_t count;
    atomic_size_t next;
};

struct worker {
    struct team *team;
    size_t number;
    pthread_t thread;
};

static size_t limit; /* 0: as many as there are processors */

void workers_limit(size_t count)
{
    limit = count;
}

size_t workers_count(void)
{
    long online = limit > 0 ? 0 : sysconf(_SC_NPROCESSORS_ONLN);
    size_t count = online > 0 ? (size_t)online : limit;

    if (count == 0)
        return 1;
    return count < WORKERS_LIMIT ? count : WORKERS_LIMIT;
}

static void *work(void *argument)
{
    const struct worker *worker = argument;
    struct team *team = worker->team;
    size_t task;

    while ((task = atomic_fetch_add(&team->next, 1)) < team->count)
        team->task(team->context, task, worker->number);
    return NULL;
}

/* How many threads could be made; they are workers[1] and on. */
static size_t start(struct worker *workers, size_t count)
{
    pthread_attr_t attributes;
    size_t made = 1;

    if (pthread_attr_init(&attributes) != 0)
        return 0;
    pthread_attr_setstacksize(&attributes, STACK);
    while (made < count &&
           pthread_create(&workers[made].thread, &attributes, work, &workers[made]) == 0)
        made++;
    pthread_attr_destroy(&attributes);
    return made - 1;
}

void workers_run(size_t count, workers_task *task, void *context)
{
    struct team team = {.task = task, .context = context, .count = count};
    struct worker workers[WORKERS_LIMIT];
    size_t wanted = workers_count(), started, i;

    if (wanted > count)
        wanted = count;
    for (i = 0; i < WORKERS_LIMIT; i++)
        workers[i] = (struct worker){.team = &team, .number = i};
    started = wanted > 1 ? start(workers, wanted) : 0;
    work(&workers[0]);
    for (i = 1; i <= started; i++)
        pthread_join(workers[i].thread, NULL);
}
