/*
 * leftover.h: temporary files of runs that were killed. It must not know what is written.
 */
#ifndef LEFTOVER_H
#define LEFTOVER_H

/* How files.c names its temporary files: process, number of the file, try. */
#define LEFTOVER_FORMAT ".quarry-%ld-%zu-%u.tmp"

/*
 * Removes such files from a folder where their process is gone and they are older than
 * ten minutes: a process of another container seems to be gone as well. What can't be
 * read or removed is left; no error is printed.
 */
void leftover_remove(const char *folder);

#endif
