/*
 * temp_file.h: a database file of its own for each test of the runtime, removed with its
 * -wal and -shm afterwards. To be included after cmocka.h. It must know no schema.
 */
#ifndef TEMP_FILE_H
#define TEMP_FILE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    TEMP_PATH_SIZE = 128
};

/* Sets `path` to a file that does not exist, in a folder that does. */
static inline void temp_path(char path[TEMP_PATH_SIZE])
{
    char folder[] = "/tmp/quarry-test-XXXXXX";

    if (mkdtemp(folder) == NULL)
        abort();
    snprintf(path, TEMP_PATH_SIZE, "%s/test.db", folder);
}

static inline void temp_remove(char path[TEMP_PATH_SIZE])
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};

    for (int i = 0; i < 4; i++) {
        char name[TEMP_PATH_SIZE + 16];

        snprintf(name, sizeof name, "%s%s", path, suffixes[i]);
        unlink(name);
    }
    *strrchr(path, '/') = '\0';
    rmdir(path);
}

#endif
