/*
 * scratch_image.c: scratch databases as bytes, see scratch.h. SQLite looks through its
 * whole schema at each CREATE, so a large one takes long to build and no time to copy.
 */
#include "scratch.h"

#include <string.h>

struct scratch_image {
    const void *bytes;
    sqlite3_int64 size;
    const char *functions; /* those that were registered because SQL named them */
};

const struct scratch_image *scratch_image(struct arena *arena, sqlite3 *db)
{
    struct scratch_image *image = ARENA_NEW(arena, struct scratch_image);
    unsigned char *bytes = sqlite3_serialize(db, "main", &image->size, 0);

    if (bytes == NULL && image->size > 0)
        out_of_memory();
    if (bytes != NULL)
        image->bytes =
            memcpy(arena_alloc(arena, (size_t)image->size), bytes, (size_t)image->size);
    sqlite3_free(bytes);
    image->functions = scratch_functions(arena, db);
    return image;
}

sqlite3 *scratch_from(struct arena *arena, const struct scratch_image *image)
{
    sqlite3 *db = scratch_open();
    unsigned char *bytes;

    scratch_add_functions(arena, db, image->functions);
    if (image->size == 0)
        return db;
    bytes = sqlite3_malloc64((sqlite3_uint64)image->size);
    if (bytes == NULL)
        out_of_memory();
    memcpy(bytes, image->bytes, (size_t)image->size);
    if (sqlite3_deserialize(db, "main", bytes, image->size, image->size,
                            SQLITE_DESERIALIZE_FREEONCLOSE |
                                SQLITE_DESERIALIZE_RESIZEABLE) != SQLITE_OK)
        out_of_memory();
    return db;
}

sqlite3 *scratch_of(struct arena *arena, const struct structure *structure,
                    const char **error)
{
    sqlite3 *db;

    if (structure->image != NULL && *structure->image != NULL)
        return scratch_from(arena, *structure->image);
    db = scratch_open();
    if (!scratch_build(arena, db, structure, true, error)) {
        sqlite3_close(db);
        return NULL;
    }
    if (structure->image != NULL)
        *structure->image = scratch_image(arena, db);
    return db;
}
