/*
 * files.h: how emitted files reach the disk. A set of files is all written or nothing is
 * touched: each goes to a temporary name beside its place, and only when all are complete
 * they are renamed, and only those whose bytes changed. It must not know what is in them.
 *
 * A symbolic link in a file's place is read through; where the bytes differ it is
 * replaced, as rename(2) does, and what it points to stays as it is. Folders, devices and
 * what else is no regular file are never replaced. The mode is 0666 less the umask,
 * whatever it was before.
 */
#ifndef FILES_H
#define FILES_H

#include "../base/arena.h"
#include "../base/buf.h"
#include "template.h"

#include <stdbool.h>

struct file_set;

/* What happens to the files of a set when it is finished. */
enum file_mode {
    FILES_WRITE,   /* replaced where the bytes differ */
    FILES_DRY_RUN, /* nothing; files_changed() tells what would be */
    FILES_CHECK /* nothing; a unified diff of each that differs goes to stdout, at the end
                 */
};

struct file_set *files_new(struct arena *arena, enum file_mode mode);

/*
 * Begins a file: `path` below the folder `dir`, both with '/'. Folders are made as needed
 * (and removed again on abort if they were made here). The sink is valid until the set's
 * end; what it cannot write is an error that files_finish() reports.
 * In the modes that don't write, the bytes are compared as they come. After an error its
 * write returns false, so a rendering stops: if that reported no diagnostic, call
 * files_finish(), which prints what happened. The same path twice in a set is an error.
 *
 * Several files of a set may be written at once, each by one thread; everything else is
 * for the thread that owns the set, while no other writes.
 */
struct sink *file_begin(struct file_set *set, const char *dir, const char *path);

/*
 * The file is complete: its descriptors are closed, its sink takes no more. False after an
 * error, which files_finish() reports. Files that nobody ended are ended by
 * files_finish(); each open one needs two descriptors.
 */
bool file_end(struct sink *sink);

/*
 * Completes the set. False after an I/O error, which is printed to stderr as
 * "quarry: error: PATH: No space left on device": then no file has changed and no
 * temporary file or new folder is left. Only a failure of rename(2) itself, after all was
 * written, can come when some files have been replaced; then they are named. The set may
 * still be asked what changed.
 */
bool files_finish(struct file_set *set); /* also removes what killed runs left there */

/* Drops the set: nothing was touched. */
void files_abort(struct file_set *set);

/* After files_finish(): how many files differ from what stood there, or were missing. */
size_t files_changed(const struct file_set *set);
/* Each path in order, with whether it changed (`changed` may be NULL). */
size_t files_count(const struct file_set *set);
const char *files_path(const struct file_set *set, size_t index, bool *changed);

/* Reads a whole file, "-": standard input. Errno is set on false, EFBIG over `limit`
 * bytes. */
bool file_read(const char *path, size_t limit, struct buf *out);

#endif
