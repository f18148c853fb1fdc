/*
 * failing_memory.h: an allocator for tests that counts the blocks that live and fails
 * when told to, for the runtime's hook and for SQLite itself: arm(3, false) makes the
 * third allocation from here fail, arm(3, true) it and all after it. Each test program
 * has one of its own.
 */
#ifndef FAILING_MEMORY_H
#define FAILING_MEMORY_H

#include "../../runtime/quarry.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdlib.h>

static struct failing_memory {
    long live;         /* blocks that are not released */
    long countdown;    /* the allocation that fails, counted from arm(); 0: none */
    bool stays;        /* … and all after it */
    bool fired;        /* it did */
    bool sqlite_fails; /* what fails is SQLite's, not the hook's, where both call */
    sqlite3_mem_methods standard;
} memory_plan;

static inline void arm(long n, bool all_after)
{
    memory_plan.countdown = n;
    memory_plan.stays = all_after;
    memory_plan.fired = false;
}

static inline bool allocation_fails(void)
{
    if (memory_plan.fired && memory_plan.stays)
        return true;
    if (memory_plan.countdown == 0 || --memory_plan.countdown > 0)
        return false;
    memory_plan.fired = true;
    return true;
}

static inline void *counted_allocate(size_t size)
{
    void *memory = allocation_fails() ? NULL : malloc(size);

    memory_plan.live += memory != NULL;
    return memory;
}

static inline void *counted_reallocate(void *memory, size_t size)
{
    void *moved = allocation_fails() ? NULL : realloc(memory, size);

    memory_plan.live += memory == NULL && moved != NULL;
    return moved;
}

static inline void counted_release(void *memory)
{
    memory_plan.live -= memory != NULL;
    free(memory);
}

static const quarry_allocator counted = {counted_allocate, counted_reallocate,
                                         counted_release};

static inline void *sqlite_malloc_or_fail(int size)
{
    return memory_plan.sqlite_fails && allocation_fails()
               ? NULL
               : memory_plan.standard.xMalloc(size);
}

static inline void *sqlite_realloc_or_fail(void *memory, int size)
{
    return memory_plan.sqlite_fails && allocation_fails()
               ? NULL
               : memory_plan.standard.xRealloc(memory, size);
}

/* Before SQLite is initialised; false: SQLite refused. */
static inline bool replace_sqlite_memory(void)
{
    sqlite3_mem_methods methods;

    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &memory_plan.standard) != SQLITE_OK)
        return false;
    methods = memory_plan.standard;
    methods.xMalloc = sqlite_malloc_or_fail;
    methods.xRealloc = sqlite_realloc_or_fail;
    return sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) == SQLITE_OK;
}

#endif
