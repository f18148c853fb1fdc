/*
 * leftover.c: see leftover.h.
 */
#include "leftover.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    SECONDS_OLD = 600
};

/* The process of ".quarry-PID-N-M.tmp", or 0. */
static pid_t process_of(const char *name)
{
    static const char begin[] = ".quarry-", digits[] = "0123456789";
    const char *at = name + sizeof begin - 1;
    long process;

    if (strncmp(name, begin, sizeof begin - 1) != 0)
        return 0;
    process = strtol(at, NULL, 10);
    for (int i = 0; i < 3; i++) {
        size_t count = strspn(at, digits);

        if (count == 0 || at[count] != (i < 2 ? '-' : '.'))
            return 0;
        at += count + 1;
    }
    return strcmp(at, "tmp") == 0 && process > 0 ? (pid_t)process : 0;
}

static bool is_gone(pid_t process)
{
    return process != getpid() && kill(process, 0) != 0 && errno == ESRCH;
}

void leftover_remove(const char *path)
{
    DIR *folder = opendir(path);
    struct dirent *entry;

    if (folder == NULL)
        return;
    while ((entry = readdir(folder)) != NULL) {
        pid_t process = process_of(entry->d_name);
        struct stat status;

        if (process > 0 && is_gone(process) &&
            fstatat(dirfd(folder), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(status.st_mode) && time(NULL) - status.st_mtime > SECONDS_OLD)
            unlinkat(dirfd(folder), entry->d_name, 0);
    }
    closedir(folder);
}
