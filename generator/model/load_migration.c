/*
 * load_migration.c: the list or folder of migrations: files, versions, names, and each
 * step with its keys. It must not know what steps do, nor the tables.
 */
#include "migration.h"

#include "../base/names.h"
#include "load.h"

#include <dirent.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum {
    VERSION_LIMIT = 2147483646 /* user_version has 32 bits */
};

static const enum place places[STEP_KEY_WORDS] = {
    [STEP_KEY_CREATE_TABLE] = PLACE_CREATE_TABLE,
    [STEP_KEY_DROP_TABLE] = PLACE_DROP_OBJECT,
    [STEP_KEY_RENAME_TABLE] = PLACE_RENAME_TABLE,
    [STEP_KEY_ALTER_TABLE] = PLACE_ALTER_TABLE,
    [STEP_KEY_ADD_COLUMN] = PLACE_STEP_COLUMN,
    [STEP_KEY_DROP_COLUMN] = PLACE_DROP_COLUMN,
    [STEP_KEY_RENAME_COLUMN] = PLACE_RENAME_COLUMN,
    [STEP_KEY_ALTER_COLUMN] = PLACE_STEP_COLUMN,
    [STEP_KEY_CREATE_INDEX] = PLACE_CREATE_INDEX,
    [STEP_KEY_DROP_INDEX] = PLACE_DROP_RULE,
    [STEP_KEY_ADD_FOREIGN_KEY] = PLACE_ADD_FOREIGN_KEY,
    [STEP_KEY_DROP_FOREIGN_KEY] = PLACE_DROP_RULE,
    [STEP_KEY_ADD_UNIQUE] = PLACE_ADD_UNIQUE,
    [STEP_KEY_DROP_UNIQUE] = PLACE_DROP_RULE,
    [STEP_KEY_ADD_CHECK] = PLACE_ADD_CHECK,
    [STEP_KEY_DROP_CHECK] = PLACE_DROP_RULE,
    [STEP_KEY_CREATE_VIEW] = PLACE_CREATE_VIEW,
    [STEP_KEY_DROP_VIEW] = PLACE_DROP_OBJECT,
    [STEP_KEY_CREATE_TRIGGER] = PLACE_CREATE_TRIGGER,
    [STEP_KEY_DROP_TRIGGER] = PLACE_DROP_OBJECT,
    [STEP_KEY_CREATE_VIRTUAL_TABLE] = PLACE_CREATE_VIRTUAL_TABLE,
    [STEP_KEY_DROP_VIRTUAL_TABLE] = PLACE_DROP_OBJECT,
    [STEP_KEY_INSERT] = PLACE_INSERT,
    [STEP_KEY_UPDATE] = PLACE_UPDATE,
    [STEP_KEY_DELETE] = PLACE_DELETE,
    [STEP_KEY_SQL] = PLACE_COUNT,
    [STEP_KEY_CALL] = PLACE_COUNT,
};

enum place step_place(enum step_key word)
{
    return places[word];
}

bool step_is_data(enum step_key word)
{
    return word == STEP_KEY_INSERT || word == STEP_KEY_UPDATE ||
           word == STEP_KEY_DELETE || word == STEP_KEY_SQL || word == STEP_KEY_CALL;
}

const char *step_text(const struct migration_step *step, int key)
{
    return load_text(step->values[key]);
}

/* ---- steps -------------------------------------------------------------------- */

/* Where steps are read, and whether they may undo themselves. */
struct step_reader {
    struct loader *loader;
    unsigned depth;
};

static bool load_steps(struct step_reader *reader, const struct node *list,
                       struct migration_steps *steps);

/* What stands under the word, sorted by the keys of its place. */
static bool load_step_values(struct loader *loader, struct migration_step *step)
{
    enum place place = step_place(step->word);

    if (place == PLACE_COUNT) {
        step->values[0] = step->value;
        return true;
    }
    if (place == PLACE_DROP_OBJECT && step->value->kind == NODE_SCALAR) {
        step->values[DROP_OBJECT_NAME] = step->value;
        return true;
    }
    if (step->value->kind == NODE_MAP)
        return language_read(loader->diags, place, step->value, step->values);
    language_wrong_kind(loader->diags, step->value, language[place].name,
                        place == PLACE_DROP_OBJECT ? "a name" : "a map");
    return false;
}

static bool load_step_down(struct step_reader *reader, struct migration_step *step,
                           const struct node *node)
{
    struct step_reader inner = {reader->loader, reader->depth + 1};
    struct migration_steps *down;

    if (node == NULL)
        return true;
    if (!step_is_data(step->word) || reader->depth > 0) {
        diag_hint(diag_error(reader->loader->diags, 404, node->span,
                             "this step takes no `down`"),
                  "only insert, update, delete, sql and call do: the rest is derived");
        return false;
    }
    down = ARENA_NEW(reader->loader->arena, struct migration_steps);
    step->down = down;
    return load_steps(&inner, node, down);
}

static bool load_step(struct step_reader *reader, const struct node *node,
                      struct migration_steps *steps)
{
    const struct node *values[STEP_KEYS];
    struct migration_step step = {.word = STEP_KEY_WORDS};
    size_t i, words = 0;

    if (node->kind != NODE_MAP) {
        language_wrong_kind(reader->loader->diags, node, "a step", "a map");
        return false;
    }
    if (!language_read(reader->loader->diags, PLACE_STEP, node, values))
        return false;
    for (i = 0; i < STEP_KEY_WORDS; i++)
        if (values[i] != NULL && words++ == 0)
            step.word = (enum step_key)i;
    if (words != 1) {
        diag_error(reader->loader->diags, 404, node->span,
                   words == 0 ? "the step does nothing"
                              : "a step does one thing: begin a new item of the list");
        return false;
    }
    for (i = 0; i < node->count; i++)
        if (node->entries[i].value == values[step.word])
            step.span = node->entries[i].key->span;
    step.value = values[step.word];
    if (!load_step_values(reader->loader, &step) ||
        !load_step_down(reader, &step, values[STEP_KEY_DOWN]))
        return false;
    steps->items = vec_grow(reader->loader->arena, steps->items, steps->count,
                            &steps->capacity, sizeof *steps->items);
    steps->items[steps->count++] = step;
    return true;
}

static bool load_steps(struct step_reader *reader, const struct node *list,
                       struct migration_steps *steps)
{
    bool good = true;
    size_t i;

    for (i = 0; i < list->count; i++)
        good = load_step(reader, list->items[i], steps) && good;
    return good;
}

/* ---- one migration ------------------------------------------------------------ */

static bool accept_word(struct loader *loader, struct migration *migration,
                        const struct node *node)
{
    bool *accepted[] = {&migration->accept_data_loss, &migration->accept_slow,
                        &migration->accept_can_fail};
    static const char *const words[] = {"data_loss", "slow", "can_fail", NULL};
    int word;

    if (node->kind != NODE_SCALAR) {
        language_wrong_kind(loader->diags, node, "`accept`", "words");
        return false;
    }
    word = language_choice(words, node->text);
    if (word >= 0)
        *accepted[word] = true;
    else
        diag_hint(diag_error(loader->diags, 106, node->span,
                             "`%s` is no value of `accept`", node->text),
                  "write data_loss, slow or can_fail");
    return word >= 0;
}

static bool load_accept(struct loader *loader, struct migration *migration,
                        const struct node *node)
{
    bool good = true;
    size_t i;

    if (node == NULL)
        return true;
    if (node->kind != NODE_LIST)
        return accept_word(loader, migration, node);
    for (i = 0; i < node->count; i++)
        good = accept_word(loader, migration, node->items[i]) && good;
    return good;
}

static bool load_down(struct loader *loader, struct migration *migration,
                      const struct node *const *values)
{
    struct step_reader reader = {loader, 1};
    struct migration_steps *down;

    if (values[MIGRATION_DOWN] == NULL)
        return true;
    if (values[MIGRATION_IRREVERSIBLE] != NULL) {
        diag_note(diag_error(loader->diags, 405, values[MIGRATION_IRREVERSIBLE]->span,
                             "a migration with `down` is not irreversible"),
                  values[MIGRATION_DOWN]->span, "the way back is here");
        return false;
    }
    down = ARENA_NEW(loader->arena, struct migration_steps);
    migration->down = down;
    return load_steps(&reader, values[MIGRATION_DOWN], down);
}

static bool load_version(struct loader *loader, const struct node *node, int *version)
{
    long long number;

    if (node == NULL)
        return true;
    if (node->kind == NODE_SCALAR && node_int64(node, &number) && number >= 1 &&
        number <= VERSION_LIMIT) {
        *version = (int)number;
        return true;
    }
    diag_error(loader->diags, 102, node->span,
               "`version` needs a whole number from 1 to %d, not this",
               (int)VERSION_LIMIT);
    return false;
}

/* Reads into `migration` what the map says; a file may have given version and name. */
static bool load_migration(struct loader *loader, const struct node *node,
                           struct migration *migration)
{
    const struct node *values[MIGRATION_KEYS];
    struct step_reader reader = {loader, 0};
    bool good;

    if (node->kind != NODE_MAP) {
        language_wrong_kind(loader->diags, node, "a migration", "a map");
        return false;
    }
    good = language_read(loader->diags, PLACE_MIGRATION, node, values);
    migration->span =
        values[MIGRATION_NAME] != NULL ? values[MIGRATION_NAME]->span : node->span;
    good = load_version(loader, values[MIGRATION_VERSION], &migration->version) && good;
    if (values[MIGRATION_NAME] != NULL)
        migration->name = values[MIGRATION_NAME]->text;
    migration->doc = load_text(values[MIGRATION_DOC]);
    migration->irreversible = load_text(values[MIGRATION_IRREVERSIBLE]);
    good = load_accept(loader, migration, values[MIGRATION_ACCEPT]) && good;
    if (values[MIGRATION_UP] != NULL)
        good = load_steps(&reader, values[MIGRATION_UP], &migration->up) && good;
    return load_down(loader, migration, values) && good;
}

static void missing_key(struct loader *loader, const struct node *node, const char *key)
{
    diag_error(loader->diags, 103, node->span, "%s needs the key `%s`",
               language[PLACE_MIGRATION].name, key);
}

static void load_item(struct loader *loader, const struct node *node)
{
    struct migration *migration = ARENA_NEW(loader->arena, struct migration);

    if (!load_migration(loader, node, migration))
        return;
    if (migration->name == NULL)
        missing_key(loader, node, "name");
    else if (migration->version == 0)
        missing_key(loader, node, "version");
    else
        *VEC_ADD(loader->arena, &loader->schema->migrations->list) = migration;
}

/* ---- a folder ----------------------------------------------------------------- */

static const char yaml_end[] = ".yaml";

/* "0012_host_alias.yaml": 12 and host_alias. */
static bool split_name(struct loader *loader, const char *file, int *version,
                       const char **name)
{
    size_t digits = strspn(file, "0123456789"), length = strlen(file);
    long number = digits >= 1 && digits <= 10 ? strtol(file, NULL, 10) : 0;

    if (number < 1 || number > VERSION_LIMIT || file[digits] != '_' ||
        length <= digits + sizeof yaml_end)
        return false;
    *version = (int)number;
    *name = arena_strndup(loader->arena, file + digits + 1,
                          length - digits - sizeof yaml_end);
    return name_is_snake(*name);
}

static void load_file(struct loader *loader, const char *folder, const char *file)
{
    struct migration *migration = ARENA_NEW(loader->arena, struct migration);
    const char *path = arena_printf(loader->arena, "%s/%s", folder, file), *name;
    struct migrations *migrations = loader->schema->migrations;
    const struct node *root;
    int version;

    if (!split_name(loader, file, &version, &name)) {
        diag_hint(diag_error(loader->diags, 401, migrations->span,
                             "`%s` is no name of a migration's file", path),
                  "version and name: 0001_initial_schema.yaml");
        return;
    }
    *VEC_ADD(loader->arena, &loader->schema->files) = path;
    root = load_document(loader->arena, loader->diags, path, migrations->span);
    if (root == NULL || !load_migration(loader, root, migration))
        return;
    if ((migration->version != 0 && migration->version != version) ||
        (migration->name != NULL && strcmp(migration->name, name) != 0)) {
        diag_error(loader->diags, 401, migration->span,
                   "the file's name says version %d, `%s`", version, name);
        return;
    }
    migration->version = version;
    migration->name = name;
    *VEC_ADD(loader->arena, &migrations->list) = migration;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool ends_in(const char *name, const char *end)
{
    size_t length = strlen(name), most = strlen(end);

    return length >= most && sqlite3_stricmp(name + length - most, end) == 0;
}

/* Files that nobody takes for a migration: of editors, of version control, to be read. */
static bool is_bystander(const char *file)
{
    static const char *const ends[] = {"~", "#", ".swp", ".swo", ".md", ".txt"};
    size_t i;

    for (i = 0; i < sizeof ends / sizeof *ends; i++)
        if (ends_in(file, ends[i]))
            return true;
    return file[0] == '.' || strcmp(file, "README") == 0 || strcmp(file, "CVS") == 0;
}

/* A file that is not read must not look as if it were. */
static void report_stranger(struct loader *loader, const char *path, const char *file)
{
    const struct migrations *migrations = loader->schema->migrations;

    if (is_bystander(file))
        return;
    if (ends_in(file, ".yml") || ends_in(file, yaml_end))
        diag_hint(diag_error(loader->diags, 401, migrations->span,
                             "`%s/%s` is no name of a migration's file", path, file),
                  "a migration's file ends in `.yaml`");
    else
        diag_hint(diag_warning(loader->diags, 491, migrations->span,
                               "`%s/%s` is no migration and is not read", path, file),
                  "only files like 0001_initial_schema.yaml are");
}

/* Names of files sorted, so that messages do not depend on the folder's order. */
struct file_names {
    VEC(const char *) list;
};

static void read_names(struct loader *loader, DIR *folder, struct file_names *names)
{
    struct dirent *entry;

    while ((entry = readdir(folder)) != NULL)
        *VEC_ADD(loader->arena, &names->list) =
            arena_strdup(loader->arena, entry->d_name);
    if (names->list.count > 1)
        qsort(names->list.items, names->list.count, sizeof *names->list.items, by_text);
}

static bool is_yaml(const char *file)
{
    size_t length = strlen(file), end = strlen(yaml_end);

    return length > end && file[0] != '.' && strcmp(file + length - end, yaml_end) == 0;
}

static void load_folder(struct loader *loader, const char *path)
{
    DIR *folder = opendir(path);
    struct file_names names = {.list = {0}};
    size_t i;

    if (folder == NULL && errno == ENOENT)
        return; /* `quarry migrate new` makes it with the first */
    if (folder == NULL) {
        diag_error(loader->diags, 100, loader->schema->migrations->span,
                   "can't read `%s`: %s", path, strerror(errno));
        return;
    }
    read_names(loader, folder, &names);
    closedir(folder);
    for (i = 0; i < names.list.count; i++)
        if (is_yaml(names.list.items[i]))
            load_file(loader, path, names.list.items[i]);
        else
            report_stranger(loader, path, names.list.items[i]);
}

/* ---- numbers ------------------------------------------------------------------ */

static int by_version(const void *a, const void *b)
{
    const struct migration *left = *(struct migration *const *)a;
    const struct migration *right = *(struct migration *const *)b;

    return (left->version > right->version) - (left->version < right->version);
}

/* From 1 on, each once; a list is also written in this order. */
static void check_versions(struct loader *loader)
{
    struct migrations *migrations = loader->schema->migrations;
    size_t i;

    if (migrations->folder != NULL && migrations->list.count > 1)
        qsort(migrations->list.items, migrations->list.count,
              sizeof *migrations->list.items, by_version);
    for (i = 0; i < migrations->list.count; i++) {
        const struct migration *migration = migrations->list.items[i];
        const struct migration *before = i > 0 ? migrations->list.items[i - 1] : NULL;
        struct diag *diag;

        if (migration->version == (int)i + 1)
            continue;
        diag = diag_error(loader->diags, 402, migration->span,
                          "`%s` has version %d, but the next one is %zu", migration->name,
                          migration->version, i + 1);
        if (before != NULL)
            diag_note(diag, before->span, "version %d is here", before->version);
        return; /* the others follow from it */
    }
}

void load_migrations(struct loader *loader, const struct node *node, const char *path)
{
    struct migrations *migrations;
    size_t i, errors = diags_errors(loader->diags);

    if (node == NULL)
        return;
    migrations = ARENA_NEW(loader->arena, struct migrations);
    migrations->span = node->span;
    migrations->node = node;
    loader->schema->migrations = migrations;
    if (node->kind == NODE_SCALAR) {
        char *folder = load_join(loader->arena, path, node->text);
        size_t length = strlen(folder);

        if (length > 1 && folder[length - 1] == '/')
            folder[length - 1] = '\0';
        migrations->folder = folder;
        *VEC_ADD(loader->arena, &loader->schema->files) = folder;
        load_folder(loader, folder);
    } else if (node->kind == NODE_LIST) {
        for (i = 0; i < node->count; i++)
            load_item(loader, node->items[i]);
    } else {
        language_wrong_kind(loader->diags, node, "`migrations`", "a list or a folder");
    }
    if (diags_errors(loader->diags) == errors)
        check_versions(loader);
}

struct migration *migration_read(struct arena *arena, struct diags *diags,
                                 struct schema *schema, const struct node *root)
{
    struct loader loader = {.arena = arena, .diags = diags, .schema = schema};
    struct migration *migration = ARENA_NEW(arena, struct migration);

    return load_migration(&loader, root, migration) ? migration : NULL;
}
