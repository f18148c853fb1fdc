/*
 * files.c: see files.h. A file is compared with what stands in its place as it comes;
 * only from the first difference on it is written (or kept, for a diff), with what was
 * equal copied from the old one. So an unchanged file costs no write, and no file is held
 * in memory unless its diff is to be printed. What stood there is replaced by rename(2),
 * by others too, so the old file that we have open doesn't change under us.
 */
#include "files.h"

#include "../base/map.h"
#include "diff.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    CHUNK = 64 * 1024,
    TEMPORARY_TRIES = 1000
};

struct file {
    const char *target;    /* dir/path */
    const char *temporary; /* NULL while there is none */
    struct buf text;       /* FILES_CHECK: the new text from the first difference on */
    size_t length;         /* of the new text so far */
    bool was_there, changed;
};

/* What can go wrong, with the first of it per file. */
struct failure {
    const char *path, *message;
};

struct file_set {
    struct sink sink; /* of the file at hand */
    struct arena *arena;
    enum file_mode mode;
    VEC(struct file *) files;
    VEC(const char *) made; /* folders, in the order of their making */
    VEC(struct failure) failures;
    struct map targets;
    struct file *open; /* the file at hand, NULL once it failed */
    int old, new;      /* its descriptors, or -1 */
    char chunk[CHUNK];
};

/* --- errors ----------------------------------------------------------------------------
 */

static void fail_with(struct file_set *set, const char *path, const char *message)
{
    struct failure *failure = VEC_ADD(set->arena, &set->failures);

    failure->path = path;
    failure->message = message;
    set->open = NULL;
}

static bool fail(struct file_set *set, const char *path)
{
    fail_with(set, path, arena_strdup(set->arena, strerror(errno)));
    return false;
}

static void print_failures(const struct file_set *set)
{
    size_t i;

    for (i = 0; i < set->failures.count; i++)
        fprintf(stderr, "quarry: error: %s: %s\n", set->failures.items[i].path,
                set->failures.items[i].message);
}

/* --- bytes -----------------------------------------------------------------------------
 */

static bool write_all(int fd, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t written = write(fd, text, length);

        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        text += written;
        length -= (size_t)written;
    }
    return true;
}

/* Reads until `length` bytes or the end. The count, or -1. */
static ssize_t read_all(int fd, char *into, size_t length)
{
    size_t have = 0;

    while (have < length) {
        ssize_t got = read(fd, into + have, length - have);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        have += (size_t)got;
    }
    return (ssize_t)have;
}

static void close_both(struct file_set *set)
{
    if (set->old >= 0)
        close(set->old);
    if (set->new >= 0)
        close(set->new);
    set->old = set->new = -1;
}

/* --- folders ---------------------------------------------------------------------------
 */

static bool make_folder(struct file_set *set, const char *path)
{
    struct stat status;

    if (mkdir(path, 0777) == 0) {
        *VEC_ADD(set->arena, &set->made) = path;
        return true;
    }
    if (errno == EEXIST && stat(path, &status) == 0 && !S_ISDIR(status.st_mode))
        errno = ENOTDIR;
    else if (errno == EEXIST)
        return true;
    return fail(set, path);
}

/* Makes the folders above `target`. */
static bool make_folders(struct file_set *set, const char *target)
{
    const char *slash = target;
    struct stat status;

    while ((slash = strchr(slash + 1, '/')) != NULL) {
        char *folder = arena_strndup(set->arena, target, (size_t)(slash - target));

        if (stat(folder, &status) == 0 && S_ISDIR(status.st_mode))
            continue;
        if (!make_folder(set, folder))
            return false;
    }
    return true;
}

/* Those that hold a file by now stay, because rmdir(2) refuses. */
static void remove_made(struct file_set *set)
{
    for (; set->made.count > 0; set->made.count--)
        rmdir(set->made.items[set->made.count - 1]);
}

/* --- one file --------------------------------------------------------------------------
 */

/* ".quarry-PID-N.tmp" beside `target`: short, because a long name may leave no room. */
static char *temporary_name(struct file_set *set, const char *target, unsigned try)
{
    const char *slash = strrchr(target, '/');
    int folder = slash == NULL ? 0 : (int)(slash + 1 - target);

    return arena_printf(set->arena, "%.*s.quarry-%ld-%zu-%u.tmp", folder, target,
                        (long)getpid(), set->files.count, try);
}

/* A name that is taken belongs to a process of another container, or one that was killed.
 */
static bool open_temporary(struct file_set *set, struct file *file)
{
    unsigned try;

    if (!make_folders(set, file->target))
        return false;
    for (try = 0; try < TEMPORARY_TRIES; try++) {
        char *name = temporary_name(set, file->target, try);

        set->new = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (set->new >= 0) {
            file->temporary = name;
            return true;
        }
        if (errno != EEXIST)
            break;
    }
    return fail(set, file->target);
}

/* Writes what was equal up to here, from the old file, which is read once more. */
static bool copy_equal(struct file_set *set, struct file *file)
{
    size_t left = file->length;

    if (left > 0 && lseek(set->old, 0, SEEK_SET) < 0)
        return fail(set, file->target);
    while (left > 0) {
        ssize_t got = read_all(set->old, set->chunk, left < CHUNK ? left : CHUNK);

        if (got <= 0) {
            errno = got == 0 ? EIO : errno;
            return fail(set, file->target);
        }
        if (set->mode == FILES_CHECK)
            buf_add(&file->text, set->chunk, (size_t)got);
        else if (!write_all(set->new, set->chunk, (size_t)got))
            return fail(set, file->target);
        left -= (size_t)got;
    }
    return true;
}

/* From here on the file is another one. */
static bool differ(struct file_set *set, struct file *file)
{
    file->changed = true;
    if (set->mode == FILES_DRY_RUN)
        return true;
    if (set->mode == FILES_WRITE && !open_temporary(set, file))
        return false;
    return copy_equal(set, file);
}

/* Compares with the old file as far as it is equal; the count of equal bytes, or -1. */
static ssize_t compare_next(struct file_set *set, struct file *file, const char *text,
                            size_t length)
{
    size_t wanted = length < CHUNK ? length : CHUNK;
    ssize_t got = read_all(set->old, set->chunk, wanted);

    if (got < 0) {
        fail(set, file->target);
        return -1;
    }
    return (size_t)got == wanted && memcmp(set->chunk, text, wanted) == 0
               ? (ssize_t)wanted
               : 0;
}

static bool add_different(struct file_set *set, struct file *file, const char *text,
                          size_t length)
{
    file->length += length;
    if (set->mode == FILES_CHECK)
        buf_add(&file->text, text, length);
    if (set->mode == FILES_WRITE && !write_all(set->new, text, length))
        return fail(set, file->target);
    return true;
}

static bool file_write(struct sink *sink, const char *text, size_t length)
{
    struct file_set *set = (struct file_set *)(void *)sink;
    struct file *file = set->open;

    if (file == NULL)
        return false;
    while (length > 0 && !file->changed) {
        ssize_t equal = compare_next(set, file, text, length);

        if (equal < 0 || (equal == 0 && !differ(set, file)))
            return false;
        file->length += (size_t)equal;
        text += equal;
        length -= (size_t)equal;
    }
    return length == 0 || add_different(set, file, text, length);
}

/* The file at hand is complete: what the old one has more is a difference too. */
static void finish_file(struct file_set *set)
{
    struct file *file = set->open;

    if (file != NULL && !file->changed) {
        ssize_t more = read_all(set->old, set->chunk, 1);

        if (more < 0)
            fail(set, file->target);
        else if (more > 0)
            differ(set, file);
    }
    if (set->new >= 0 && close(set->new) != 0 && set->open != NULL)
        fail(set, file->target);
    set->new = -1;
    close_both(set);
    set->open = NULL;
}

/* Opens what stands in the file's place. Anything but a file is not to be replaced. */
static bool open_old(struct file_set *set, struct file *file)
{
    struct stat status;

    set->old = open(file->target, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (set->old < 0 && (errno != ENOENT || file->target[0] == '\0'))
        return fail(set, file->target);
    if (set->old < 0)
        return differ(set, file);
    if (fstat(set->old, &status) != 0)
        return fail(set, file->target);
    if (S_ISREG(status.st_mode)) {
        file->was_there = true;
        return true;
    }
    if (S_ISDIR(status.st_mode)) {
        errno = EISDIR;
        return fail(set, file->target);
    }
    fail_with(set, file->target, "Is not a regular file");
    return false;
}

/* --- sets ------------------------------------------------------------------------------
 */

struct file_set *files_new(struct arena *arena, enum file_mode mode)
{
    struct file_set *set = ARENA_NEW(arena, struct file_set);

    set->sink.write = file_write;
    set->arena = arena;
    set->mode = mode;
    set->old = set->new = -1;
    return set;
}

static const char *join(struct arena *arena, const char *dir, const char *path)
{
    size_t length = strlen(dir);

    if (length == 0)
        return arena_strdup(arena, path);
    return arena_printf(arena, dir[length - 1] == '/' ? "%s%s" : "%s/%s", dir, path);
}

struct sink *file_begin(struct file_set *set, const char *dir, const char *path)
{
    struct file *file = ARENA_NEW(set->arena, struct file);

    finish_file(set);
    buf_init(&file->text);
    file->target = join(set->arena, dir, path);
    set->open = file;
    if (map_get(&set->targets, file->target) != NULL) {
        fail_with(set, file->target, "Would be written twice");
        return &set->sink;
    }
    *VEC_ADD(set->arena, &set->files) = file;
    map_put(set->arena, &set->targets, file->target, file);
    open_old(set, file);
    return &set->sink;
}

void files_abort(struct file_set *set)
{
    size_t i;

    close_both(set);
    set->open = NULL;
    for (i = 0; i < set->files.count; i++) {
        struct file *file = set->files.items[i];

        buf_release(&file->text);
        if (file->temporary != NULL)
            unlink(file->temporary);
        file->temporary = NULL;
    }
    remove_made(set);
}

/* All complete files take their places. What can be foreseen was seen by open_old(). */
static bool rename_all(struct file_set *set)
{
    size_t i, k;

    for (i = 0; i < set->files.count; i++) {
        struct file *file = set->files.items[i];

        if (file->temporary == NULL)
            continue;
        if (rename(file->temporary, file->target) != 0) {
            fail(set, file->target);
            break;
        }
        file->temporary = NULL;
    }
    if (i == set->files.count)
        return true;
    print_failures(set);
    for (k = 0; k < i; k++)
        if (set->files.items[k]->changed)
            fprintf(stderr, "quarry: note: %s was already replaced\n",
                    set->files.items[k]->target);
    return false;
}

static bool print_diff(struct file_set *set, struct file *file)
{
    char *name = arena_printf(set->arena, "%s (generated)", file->target);
    struct text new = {file->text.data, file->text.length};
    struct buf old, out;
    bool done;

    buf_init(&old);
    buf_init(&out);
    done = !file->was_there || file_read(file->target, SIZE_MAX, &old);
    if (!done)
        fail(set, file->target);
    else
        diff_unified(file->was_there ? file->target : "/dev/null",
                     (struct text){old.data, old.length}, name, new, &out);
    if (done && fwrite(out.data, 1, out.length, stdout) != out.length)
        done = fail(set, "standard output");
    buf_release(&old);
    buf_release(&out);
    return done;
}

static bool print_diffs(struct file_set *set)
{
    bool done = true;
    size_t i;

    for (i = 0; i < set->files.count && done; i++)
        if (set->files.items[i]->changed)
            done = print_diff(set, set->files.items[i]);
    if (done && fflush(stdout) != 0)
        done = fail(set, "standard output");
    if (!done)
        print_failures(set);
    return done;
}

bool files_finish(struct file_set *set)
{
    bool done;

    finish_file(set);
    if (set->failures.count > 0) {
        print_failures(set);
        files_abort(set);
        return false;
    }
    done = set->mode == FILES_CHECK ? print_diffs(set) : rename_all(set);
    files_abort(set); /* what is left: memory, and temporary files after an error */
    return done;
}

size_t files_changed(const struct file_set *set)
{
    size_t count = 0, i;

    for (i = 0; i < set->files.count; i++)
        count += set->files.items[i]->changed;
    return count;
}

size_t files_count(const struct file_set *set)
{
    return set->files.count;
}

const char *files_path(const struct file_set *set, size_t index, bool *changed)
{
    if (changed != NULL)
        *changed = set->files.items[index]->changed;
    return set->files.items[index]->target;
}

/* --- reading ---------------------------------------------------------------------------
 */

static bool read_fd(int fd, size_t limit, struct buf *out)
{
    char chunk[16 * 1024];

    for (;;) {
        ssize_t got = read_all(fd, chunk, sizeof chunk);

        if (got < 0)
            return false;
        if ((size_t)got > limit - out->length) {
            errno = EFBIG;
            return false;
        }
        buf_add(out, chunk, (size_t)got);
        if ((size_t)got < sizeof chunk)
            return true;
    }
}

bool file_read(const char *path, size_t limit, struct buf *out)
{
    int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    bool done;
    int error;

    buf_clear(out);
    if (fd < 0)
        return false;
    done = read_fd(fd, limit, out);
    error = errno;
    if (fd != STDIN_FILENO)
        close(fd);
    errno = error;
    return done;
}
