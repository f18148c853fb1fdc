/*
 * test_workers.c: every task is done once, whatever the number of workers, also where no
 * thread can be made. `make test-threads` runs this and more under ThreadSanitizer.
 */
#include "../../generator/base/workers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

enum {
    MANY = 10000
};

struct done {
    atomic_int times[MANY];
    atomic_int busy[WORKERS_LIMIT]; /* more than 1: a worker has two tasks */
    atomic_bool wrong;
    pthread_t caller;
    atomic_size_t elsewhere; /* tasks on other threads */
};

static void count(void *context, size_t task, size_t worker)
{
    struct done *done = context;

    if (task >= MANY || worker >= workers_count()) {
        atomic_store(&done->wrong, true);
        return;
    }
    if (atomic_fetch_add(&done->busy[worker], 1) != 0)
        atomic_store(&done->wrong, true);
    if (!pthread_equal(pthread_self(), done->caller))
        atomic_fetch_add(&done->elsewhere, 1);
    atomic_fetch_add(&done->times[task], 1);
    atomic_fetch_sub(&done->busy[worker], 1);
}

/* How many tasks others than the caller did; SIZE_MAX: it went wrong. */
static size_t run(size_t tasks)
{
    static struct done done;
    bool good = true;
    size_t i;

    for (i = 0; i < MANY; i++)
        atomic_store(&done.times[i], 0);
    atomic_store(&done.elsewhere, 0);
    done.caller = pthread_self();
    workers_run(tasks, count, &done);
    for (i = 0; i < MANY; i++)
        good = good && atomic_load(&done.times[i]) == (i < tasks);
    return good && !atomic_load(&done.wrong) ? atomic_load(&done.elsewhere) : SIZE_MAX;
}

static void every_task_is_done_once(void **state)
{
    static const size_t limits[] = {1,        2, 3, WORKERS_LIMIT, WORKERS_LIMIT + 1,
                                    SIZE_MAX, 0};
    static const size_t tasks[] = {0, 1, 2, WORKERS_LIMIT, MANY};
    size_t i, k;

    (void)state;
    for (i = 0; i < sizeof limits / sizeof *limits; i++) {
        workers_limit(limits[i]);
        assert_in_range(workers_count(), 1, WORKERS_LIMIT);
        for (k = 0; k < sizeof tasks / sizeof *tasks; k++)
            assert_true(run(tasks[k]) <= tasks[k]);
    }
}

static void one_worker_is_the_caller(void **state)
{
    (void)state;
    workers_limit(1);
    assert_int_equal(workers_count(), 1);
    assert_int_equal(run(MANY), 0);
    workers_limit(WORKERS_LIMIT);
    assert_int_equal(run(1), 0); /* one task needs no thread */
}

static pthread_barrier_t meeting;

static void meet(void *context, size_t task, size_t worker)
{
    (void)context;
    (void)task;
    (void)worker;
    pthread_barrier_wait(&meeting);
}

/* With one thread fewer this would wait forever. */
static void tasks_run_at_once(void **state)
{
    (void)state;
    workers_limit(4);
    assert_int_equal(pthread_barrier_init(&meeting, NULL, 4), 0);
    alarm(60);
    workers_run(4, meet, NULL);
    alarm(0);
    pthread_barrier_destroy(&meeting);
}

/* A sanitizer needs terabytes of addresses. (cmocka's skip() counts as a failure in TAP.) */
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define SANITIZED 1
#elif defined __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

#ifndef SANITIZED
/* In a process that may have no more memory a thread gets no stack. It comes first: later
 * the C library has stacks of earlier threads at hand. */
static void without_threads_the_caller_does_all(void **state)
{
    pid_t child;
    int status;

    (void)state;
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const struct rlimit none = {1024 * 1024, 1024 * 1024};

        workers_limit(8);
        if (setrlimit(RLIMIT_AS, &none) != 0)
            _exit(2);
        _exit(run(MANY) == 0 ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
#ifndef SANITIZED
        cmocka_unit_test(without_threads_the_caller_does_all),
#endif
        cmocka_unit_test(every_task_is_done_once),
        cmocka_unit_test(one_worker_is_the_caller),
        cmocka_unit_test(tasks_run_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
