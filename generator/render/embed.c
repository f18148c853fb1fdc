/*
 * embed.c: a program of the build, no part of quarry: `embed OUT.c DIR` writes all files
 * DIR/NAME.mustache as the arrays that embedded.h declares. The same files give the same
 * bytes, whatever order the folder has. It needs no other file of the generator.
 */
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char suffix[] = ".mustache";

/* What is written so far is removed, so that no make takes it for complete. */
static const char *unfinished;

/* Devices stay: a test writes to /dev/full, perhaps as root. */
static void remove_file(const char *path)
{
    struct stat status;

    if (lstat(path, &status) == 0 && S_ISREG(status.st_mode))
        remove(path);
}

static _Noreturn void die(const char *path, const char *what)
{
    fprintf(stderr, "embed: error: %s: %s\n", path, what);
    if (unfinished != NULL)
        remove_file(unfinished);
    exit(2);
}

static void *grow(void *memory, size_t size)
{
    memory = realloc(memory, size);
    if (memory == NULL)
        die("memory", "none left");
    return memory;
}

/* The name without its suffix; NULL for other files, and for hidden ones. */
static char *template_name(const char *file)
{
    size_t length = strlen(file), end = sizeof suffix - 1;
    char *name;

    if (length <= end || file[0] == '.' || strcmp(file + length - end, suffix) != 0)
        return NULL;
    name = grow(NULL, length);
    memcpy(name, file, length - end);
    name[length - end] = '\0';
    if (strspn(name,
               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") !=
        length - end)
        die(file, "not a name that a template can use");
    return name;
}

static int compare_names(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;

    return strcmp(*x, *y);
}

static char **list_templates(const char *folder, size_t *count)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    char **names = NULL;

    if (dir == NULL)
        die(folder, strerror(errno));
    *count = 0;
    while ((entry = readdir(dir)) != NULL) {
        char *name = template_name(entry->d_name);

        if (name == NULL)
            continue;
        names = grow(names, (*count + 1) * sizeof *names);
        names[(*count)++] = name;
    }
    closedir(dir);
    if (*count == 0)
        die(folder, "no templates");
    qsort(names, *count, sizeof *names, compare_names);
    return names;
}

/* The file's bytes as numbers, a NUL behind them. The count of bytes. */
static size_t write_bytes(FILE *out, const char *path)
{
    FILE *in = fopen(path, "rb");
    size_t count = 0;
    int c;

    if (in == NULL)
        die(path, strerror(errno));
    while ((c = getc(in)) != EOF)
        fprintf(out, "%d,%s", c, ++count % 24 == 0 ? "\n" : "");
    if (ferror(in))
        die(path, "cannot be read");
    fclose(in);
    fputs("0", out);
    return count;
}

static void write_all(FILE *out, const char *folder, char **names, size_t count)
{
    size_t *lengths = grow(NULL, count * sizeof *lengths), i;

    fputs("/* Made by embed.c from the templates. Don't edit. */\n"
          "#include \"embedded.h\"\n\n",
          out);
    for (i = 0; i < count; i++) {
        size_t size = strlen(folder) + strlen(names[i]) + sizeof suffix + 1;
        char *path = grow(NULL, size);

        snprintf(path, size, "%s/%s%s", folder, names[i], suffix);
        fprintf(out, "static const unsigned char text_%zu[] = {\n", i);
        lengths[i] = write_bytes(out, path);
        fputs("};\n\n", out);
        free(path);
    }
    fputs("const struct embedded embedded_templates[] = {\n", out);
    for (i = 0; i < count; i++)
        fprintf(out, "    {\"%s\", (const char *)text_%zu, %zu},\n", names[i], i,
                lengths[i]);
    fprintf(out, "};\nconst size_t embedded_count = %zu;\n", count);
    free(lengths);
}

int main(int argc, char **argv)
{
    char **names;
    size_t count;
    FILE *out;

    if (argc != 3) {
        fputs("usage: embed OUT.c DIR\n", stderr);
        return 2;
    }
    names = list_templates(argv[2], &count);
    out = fopen(argv[1], "wb");
    if (out == NULL)
        die(argv[1], strerror(errno));
    unfinished = argv[1];
    write_all(out, argv[2], names, count);
    if (ferror(out) || fclose(out) != 0)
        die(argv[1], "cannot be written");
    while (count > 0)
        free(names[--count]);
    free(names);
    return 0;
}
