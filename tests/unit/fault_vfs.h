/*
 * fault_vfs.h: a file system for SQLite that counts what it is asked, and at the n-th
 * change of a file kills the process, writes half, or fails. Everything else it hands to
 * the real one; fault_install() makes it the default. A flush is counted but not done: no
 * power fails in a test.
 */
#ifndef FAULT_VFS_H
#define FAULT_VFS_H

#include <signal.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum fault_kind {
    FAULT_NONE,  /* counts only */
    FAULT_KILL,  /* SIGKILL instead of the change */
    FAULT_TEAR,  /* half of the bytes are written, then SIGKILL */
    FAULT_ERROR, /* SQLITE_IOERR, SQLITE_CANTOPEN of the change */
    FAULT_FULL   /* SQLITE_FULL of writes, else as FAULT_ERROR */
};

static struct {
    sqlite3_vfs *real;
    enum fault_kind kind;
    long at;      /* the change that it happens to, from 1 */
    bool stays;   /* … and to all after it */
    long changes; /* so many there were */
    long reads;   /* of files, and the bytes of them */
    long read_bytes;
} fault;

struct fault_file {
    sqlite3_file base;
    sqlite3_file *real;
};

static inline sqlite3_file *fault_real(sqlite3_file *file)
{
    return ((struct fault_file *)file)->real;
}

/* True where the change that comes now is to fail. The killing doesn't return. */
static inline bool fault_hits(void)
{
    fault.changes++;
    if (fault.kind == FAULT_NONE || fault.changes < fault.at ||
        (fault.changes > fault.at && !fault.stays))
        return false;
    if (fault.kind == FAULT_KILL)
        raise(SIGKILL);
    return true;
}

/* ---- files ---------------------------------------------------------------------- */

static inline int fault_close(sqlite3_file *file)
{
    return fault_real(file)->pMethods->xClose(fault_real(file));
}

static inline int fault_read(sqlite3_file *file, void *to, int size, sqlite3_int64 at)
{
    fault.reads++;
    fault.read_bytes += size;
    return fault_real(file)->pMethods->xRead(fault_real(file), to, size, at);
}

static inline int fault_write(sqlite3_file *file, const void *from, int size,
                              sqlite3_int64 at)
{
    sqlite3_file *real = fault_real(file);

    if (fault_hits()) {
        if (fault.kind == FAULT_TEAR && size > 1) {
            real->pMethods->xWrite(real, from, size / 2, at);
            raise(SIGKILL);
        }
        if (fault.kind == FAULT_TEAR)
            raise(SIGKILL);
        return fault.kind == FAULT_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    }
    return real->pMethods->xWrite(real, from, size, at);
}

static inline int fault_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    if (fault_hits()) {
        if (fault.kind == FAULT_TEAR)
            raise(SIGKILL);
        return SQLITE_IOERR_TRUNCATE;
    }
    return fault_real(file)->pMethods->xTruncate(fault_real(file), size);
}

static inline int fault_sync(sqlite3_file *file, int flags)
{
    (void)file;
    (void)flags;
    if (!fault_hits())
        return SQLITE_OK;
    if (fault.kind == FAULT_TEAR)
        raise(SIGKILL);
    return SQLITE_IOERR_FSYNC;
}

static inline int fault_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return fault_real(file)->pMethods->xFileSize(fault_real(file), size);
}

static inline int fault_lock(sqlite3_file *file, int level)
{
    return fault_real(file)->pMethods->xLock(fault_real(file), level);
}

static inline int fault_unlock(sqlite3_file *file, int level)
{
    return fault_real(file)->pMethods->xUnlock(fault_real(file), level);
}

static inline int fault_reserved(sqlite3_file *file, int *is)
{
    return fault_real(file)->pMethods->xCheckReservedLock(fault_real(file), is);
}

static inline int fault_control(sqlite3_file *file, int what, void *argument)
{
    return fault_real(file)->pMethods->xFileControl(fault_real(file), what, argument);
}

static inline int fault_sector(sqlite3_file *file)
{
    return fault_real(file)->pMethods->xSectorSize(fault_real(file));
}

static inline int fault_device(sqlite3_file *file)
{
    return fault_real(file)->pMethods->xDeviceCharacteristics(fault_real(file));
}

/* Makes or enlarges the index of the log, where `extend`. */
static inline int fault_shm_map(sqlite3_file *file, int page, int size, int extend,
                                void volatile **memory)
{
    if (extend && fault_hits()) {
        if (fault.kind == FAULT_TEAR)
            raise(SIGKILL);
        return fault.kind == FAULT_FULL ? SQLITE_FULL : SQLITE_IOERR_SHMMAP;
    }
    return fault_real(file)->pMethods->xShmMap(fault_real(file), page, size, extend,
                                               memory);
}

static inline int fault_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
    return fault_real(file)->pMethods->xShmLock(fault_real(file), offset, count, flags);
}

static inline void fault_shm_barrier(sqlite3_file *file)
{
    fault_real(file)->pMethods->xShmBarrier(fault_real(file));
}

static inline int fault_shm_unmap(sqlite3_file *file, int remove)
{
    return fault_real(file)->pMethods->xShmUnmap(fault_real(file), remove);
}

static const sqlite3_io_methods fault_methods = {
    .iVersion = 2,
    .xClose = fault_close,
    .xRead = fault_read,
    .xWrite = fault_write,
    .xTruncate = fault_truncate,
    .xSync = fault_sync,
    .xFileSize = fault_size,
    .xLock = fault_lock,
    .xUnlock = fault_unlock,
    .xCheckReservedLock = fault_reserved,
    .xFileControl = fault_control,
    .xSectorSize = fault_sector,
    .xDeviceCharacteristics = fault_device,
    .xShmMap = fault_shm_map,
    .xShmLock = fault_shm_lock,
    .xShmBarrier = fault_shm_barrier,
    .xShmUnmap = fault_shm_unmap,
};

/* ---- the file system ------------------------------------------------------------ */

/* Opening counts where it may make a file. */
static inline int fault_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file,
                             int flags, int *got)
{
    struct fault_file *opened = (struct fault_file *)file;
    int code;

    (void)vfs;
    opened->base.pMethods = NULL;
    opened->real = (sqlite3_file *)(opened + 1);
    if ((flags & SQLITE_OPEN_CREATE) != 0 && fault_hits()) {
        if (fault.kind == FAULT_TEAR)
            raise(SIGKILL);
        return SQLITE_CANTOPEN;
    }
    code = fault.real->xOpen(fault.real, name, opened->real, flags, got);
    if (opened->real->pMethods != NULL)
        opened->base.pMethods = &fault_methods;
    return code;
}

static inline int fault_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    (void)vfs;
    (void)sync;
    if (fault_hits()) {
        if (fault.kind == FAULT_TEAR)
            raise(SIGKILL);
        return SQLITE_IOERR_DELETE;
    }
    return fault.real->xDelete(fault.real, name, 0);
}

static sqlite3_vfs fault_vfs;

static inline void fault_install(void)
{
    fault.real = sqlite3_vfs_find(NULL);
    fault_vfs = *fault.real;
    fault_vfs.zName = "fault";
    fault_vfs.pNext = NULL;
    fault_vfs.szOsFile = (int)sizeof(struct fault_file) + fault.real->szOsFile;
    fault_vfs.xOpen = fault_open;
    fault_vfs.xDelete = fault_delete;
    sqlite3_vfs_register(&fault_vfs, 1);
}

static inline void fault_arm(enum fault_kind kind, long at, bool stays)
{
    fault.kind = kind;
    fault.at = at;
    fault.stays = stays;
    fault.changes = 0;
    fault.reads = 0;
    fault.read_bytes = 0;
}

#endif
