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
#include "leftover.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
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

/* What went wrong first with a file. No message: nothing. */
struct failure {
    const char *path, *message;
};

struct file {
    struct sink sink;
    struct file_set *set;
    size_t number;         /* in the set */
    const char *target;    /* dir/path */
    const char *temporary; /* NULL while there is none */
    struct failure failure;
    struct buf text; /* FILES_CHECK: the new text from the first difference on */
    size_t length;   /* of the new text so far */
    bool was_there, changed, ended;
    int old, new; /* descriptors, or -1 */
    char *chunk;  /* CHUNK bytes read from the old file, while there is one to compare */
};

struct file_set {
    struct arena *arena;
    enum file_mode mode;
    pthread_mutex_t lock; /* of the arena and `made`, while files are written */
    VEC(struct file *) files;
    VEC(const char *) made; /* folders, in the order of their making */
    bool over;              /* finished or aborted */
    struct map targets;
};

/* --- errors ----------------------------------------------------------------------------
 */

static bool fail_with(struct file *file, const char *path, const char *message)
{
    if (file->failure.message == NULL)
        file->failure = (struct failure){path, message};
    return false;
}

/* What errno says of `path`, the file's or a folder's. The set is locked, or only one
 * thread is left: strerror() has one buffer. */
static bool fail_locked(struct file *file, const char *path)
{
    return fail_with(file, path, arena_strdup(file->set->arena, strerror(errno)));
}

static bool fail(struct file *file)
{
    int error = errno;

    pthread_mutex_lock(&file->set->lock);
    errno = error;
    fail_locked(file, file->target);
    pthread_mutex_unlock(&file->set->lock);
    return false;
}

static void print_failure(const char *path, const char *message)
{
    fprintf(stderr, "quarry: error: %s: %s\n", path, message);
}

/* False: there was none. */
static bool print_failures(const struct file_set *set)
{
    bool any = false;
    size_t i;

    for (i = 0; i < set->files.count; i++) {
        const struct failure *failure = &set->files.items[i]->failure;

        if (failure->message != NULL)
            print_failure(failure->path, failure->message);
        any = any || failure->message != NULL;
    }
    return any;
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

static void close_both(struct file *file)
{
    if (file->old >= 0)
        close(file->old);
    if (file->new >= 0)
        close(file->new);
    file->old = file->new = -1;
    free(file->chunk);
    file->chunk = NULL;
}

/* --- folders ---------------------------------------------------------------------------
 */

static bool make_folder(struct file *file, const char *path)
{
    struct file_set *set = file->set;
    struct stat status;

    if (mkdir(path, 0777) == 0) {
        *VEC_ADD(set->arena, &set->made) = path;
        return true;
    }
    if (errno == EEXIST && stat(path, &status) == 0 && !S_ISDIR(status.st_mode))
        errno = ENOTDIR;
    else if (errno == EEXIST)
        return true;
    return fail_locked(file, path);
}

/* Makes the folders above the file. */
static bool make_folders(struct file *file)
{
    const char *slash = file->target;
    struct stat status;

    while ((slash = strchr(slash + 1, '/')) != NULL) {
        char *folder =
            arena_strndup(file->set->arena, file->target, (size_t)(slash - file->target));

        if (stat(folder, &status) == 0 && S_ISDIR(status.st_mode))
            continue;
        if (!make_folder(file, folder))
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
static char *temporary_name(const struct file *file, unsigned try)
{
    const char *target = file->target, *slash = strrchr(target, '/');
    int folder = slash == NULL ? 0 : (int)(slash + 1 - target);

    return arena_printf(file->set->arena, "%.*s" LEFTOVER_FORMAT, folder, target,
                        (long)getpid(), file->number, try);
}

/* A name that is taken belongs to a process of another container, or one that was killed.
 */
static bool make_temporary(struct file *file)
{
    unsigned try;

    if (!make_folders(file))
        return false;
    for (try = 0; try < TEMPORARY_TRIES; try++) {
        char *name = temporary_name(file, try);

        file->new = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (file->new >= 0) {
            file->temporary = name;
            return true;
        }
        if (errno != EEXIST)
            break;
    }
    return fail_locked(file, file->target);
}

static bool open_temporary(struct file *file)
{
    bool done;

    pthread_mutex_lock(&file->set->lock);
    done = make_temporary(file);
    pthread_mutex_unlock(&file->set->lock);
    return done;
}

/* Writes what was equal up to here, from the old file, which is read once more. */
static bool copy_equal(struct file *file)
{
    size_t left = file->length;

    if (left > 0 && lseek(file->old, 0, SEEK_SET) < 0)
        return fail(file);
    while (left > 0) {
        ssize_t got = read_all(file->old, file->chunk, left < CHUNK ? left : CHUNK);

        if (got <= 0) {
            errno = got == 0 ? EIO : errno;
            return fail(file);
        }
        if (file->set->mode == FILES_CHECK)
            buf_add(&file->text, file->chunk, (size_t)got);
        else if (!write_all(file->new, file->chunk, (size_t)got))
            return fail(file);
        left -= (size_t)got;
    }
    return true;
}

/* From here on the file is another one. */
static bool differ(struct file *file)
{
    file->changed = true;
    if (file->set->mode == FILES_DRY_RUN)
        return true;
    if (file->set->mode == FILES_WRITE && !open_temporary(file))
        return false;
    return copy_equal(file);
}

/* Compares with the old file as far as it is equal; the count of equal bytes, or -1. */
static ssize_t compare_next(struct file *file, const char *text, size_t length)
{
    size_t wanted = length < CHUNK ? length : CHUNK;
    ssize_t got = read_all(file->old, file->chunk, wanted);

    if (got < 0) {
        fail(file);
        return -1;
    }
    return (size_t)got == wanted && memcmp(file->chunk, text, wanted) == 0
               ? (ssize_t)wanted
               : 0;
}

static bool add_different(struct file *file, const char *text, size_t length)
{
    file->length += length;
    if (file->set->mode == FILES_CHECK)
        buf_add(&file->text, text, length);
    if (file->set->mode == FILES_WRITE && !write_all(file->new, text, length))
        return fail(file);
    return true;
}

static bool file_write(struct sink *sink, const char *text, size_t length)
{
    struct file *file = (struct file *)(void *)sink;

    if (file->failure.message != NULL || file->ended)
        return false;
    while (length > 0 && !file->changed) {
        ssize_t equal = compare_next(file, text, length);

        if (equal < 0 || (equal == 0 && !differ(file)))
            return false;
        file->length += (size_t)equal;
        text += equal;
        length -= (size_t)equal;
    }
    return length == 0 || add_different(file, text, length);
}

/* What the old file has more is a difference too. */
static void finish_file(struct file *file)
{
    bool good = file->failure.message == NULL;

    if (good && !file->changed) {
        ssize_t more = read_all(file->old, file->chunk, 1);

        if (more < 0)
            fail(file);
        else if (more > 0)
            differ(file);
    }
    if (file->new >= 0 && close(file->new) != 0 && file->failure.message == NULL)
        fail(file);
    file->new = -1;
    close_both(file);
}

bool file_end(struct sink *sink)
{
    struct file *file = (struct file *)(void *)sink;

    if (!file->ended)
        finish_file(file);
    file->ended = true;
    return file->failure.message == NULL;
}

/* Opens what stands in the file's place. Anything but a file is not to be replaced. */
static bool open_old(struct file *file)
{
    struct stat status;

    file->old = open(file->target, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (file->old < 0 && (errno != ENOENT || file->target[0] == '\0'))
        return fail(file);
    if (file->old < 0)
        return differ(file);
    if (fstat(file->old, &status) != 0)
        return fail(file);
    if (S_ISREG(status.st_mode)) {
        file->was_there = true;
        file->chunk = must_realloc(NULL, CHUNK);
        return true;
    }
    if (S_ISDIR(status.st_mode)) {
        errno = EISDIR;
        return fail(file);
    }
    return fail_with(file, file->target, "Is not a regular file");
}

/* --- sets ------------------------------------------------------------------------------
 */

struct file_set *files_new(struct arena *arena, enum file_mode mode)
{
    struct file_set *set = ARENA_NEW(arena, struct file_set);

    set->arena = arena;
    set->mode = mode;
    pthread_mutex_init(&set->lock, NULL);
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

    file->sink.write = file_write;
    file->set = set;
    file->old = file->new = -1;
    buf_init(&file->text);
    file->target = join(set->arena, dir, path);
    *VEC_ADD(set->arena, &set->files) = file;
    file->number = set->files.count;
    if (map_get(&set->targets, file->target) != NULL)
        fail_with(file, file->target, "Would be written twice");
    else
        open_old(file);
    map_put(set->arena, &set->targets, file->target, file);
    return &file->sink;
}

void files_abort(struct file_set *set)
{
    size_t i;

    for (i = 0; i < set->files.count; i++) {
        struct file *file = set->files.items[i];

        close_both(file);
        file->ended = true;
        buf_release(&file->text);
        if (file->temporary != NULL)
            unlink(file->temporary);
        file->temporary = NULL;
    }
    remove_made(set);
    if (!set->over)
        pthread_mutex_destroy(&set->lock);
    set->over = true;
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
            fail_locked(file, file->target);
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

static bool print_diff(struct file *file)
{
    char *name = arena_printf(file->set->arena, "%s (generated)", file->target);
    struct text new = {file->text.data, file->text.length};
    struct buf old, out;
    bool done;

    buf_init(&old);
    buf_init(&out);
    done = !file->was_there || file_read(file->target, SIZE_MAX, &old);
    if (!done)
        fail_locked(file, file->target);
    else
        diff_unified(file->was_there ? file->target : "/dev/null",
                     (struct text){old.data, old.length}, name, new, &out);
    if (done && fwrite(out.data, 1, out.length, stdout) != out.length)
        done = fail_locked(file, "standard output");
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
            done = print_diff(set->files.items[i]);
    if (done && fflush(stdout) != 0) {
        print_failure("standard output", strerror(errno));
        return false;
    }
    if (!done)
        print_failures(set);
    return done;
}

/* Of each folder once; files of one folder come in sequence. */
static void remove_leftovers(struct file_set *set)
{
    const char *before = "";
    size_t i;

    for (i = 0; i < set->files.count; i++) {
        const char *target = set->files.items[i]->target, *slash = strrchr(target, '/');
        const char *folder = "/";

        if (slash != target)
            folder = slash == NULL
                         ? "."
                         : arena_strndup(set->arena, target, (size_t)(slash - target));
        if (strcmp(folder, before) != 0)
            leftover_remove(folder);
        before = folder;
    }
}

bool files_finish(struct file_set *set)
{
    bool done;
    size_t i;

    for (i = 0; i < set->files.count; i++)
        file_end(&set->files.items[i]->sink);
    done = !print_failures(set) &&
           (set->mode == FILES_CHECK ? print_diffs(set) : rename_all(set));
    if (done && set->mode == FILES_WRITE)
        remove_leftovers(set);
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
