/*
 * read.c: makes C values of what a result row holds, and refuses what the schema
 * excludes.
 *
 * A reader has SQLite's values of one row. It must not know how rows are fetched or which
 * struct they end up in.
 */
#include "internal.h"

#include <inttypes.h>
#include <string.h>

static inline sqlite3_value *value_at(const quarry_reader *reader, int column)
{
    return reader->values[column];
}

/* ---- failures ------------------------------------------------------------------ */

enum {
    SHOWN = 40,
    SHOWN_SIZE = SHOWN + 8
};

/* The value as a message shows it. */
static const char *shown(sqlite3_value *value, char text[SHOWN_SIZE])
{
    const char *data;
    size_t length;
    switch (sqlite3_value_type(value)) {
    case SQLITE_NULL: return "NULL";
    case SQLITE_INTEGER:
        return sqlite3_snprintf(SHOWN_SIZE, text, "%lld", sqlite3_value_int64(value));
    case SQLITE_FLOAT:
        return sqlite3_snprintf(SHOWN_SIZE, text, "%!.15g", sqlite3_value_double(value));
    case SQLITE_BLOB:
        return sqlite3_snprintf(SHOWN_SIZE, text, "a blob of %d bytes",
                                sqlite3_value_bytes(value));
    default: break;
    }
    data = (const char *)sqlite3_value_text(value);
    if (data == NULL || !quarry_utf8_measure(data, strlen(data), &length))
        return sqlite3_snprintf(SHOWN_SIZE, text, "a text of %d bytes",
                                sqlite3_value_bytes(value));
    if (strlen(data) <= SHOWN)
        return sqlite3_snprintf(SHOWN_SIZE, text, "'%s'", data);
    return sqlite3_snprintf(SHOWN_SIZE, text, "'%.*s...'",
                            (int)quarry_utf8_cut(data, SHOWN), data);
}

/* Sets the integer key of the row; false where it has none that can be named. */
static bool find_rowid(const quarry_reader *reader, int64_t *rowid)
{
    int key = reader->type->key_column;
    if (key < 0 || sqlite3_value_type(value_at(reader, key)) != SQLITE_INTEGER)
        return false;
    *rowid = sqlite3_value_int64(value_at(reader, key));
    return true;
}

void quarry_mismatch(quarry_reader *reader, int column, const char *what)
{
    char text[SHOWN_SIZE], row[40] = "";
    const char *table = reader->type->table;
    const char *name = reader->type->columns[column].name;
    int64_t rowid = 0;
    if (reader->status != QUARRY_OK)
        return;
    if (find_rowid(reader, &rowid))
        sqlite3_snprintf(sizeof row, row, " of row %lld", (sqlite3_int64)rowid);
    reader->status =
        quarry_fail(reader->db, QUARRY_MISMATCH, table, name, "%s.%s%s: %s %s", table,
                    name, row, shown(value_at(reader, column), text), what);
    reader->db->error.rowid = rowid;
}

static void no_memory(quarry_reader *reader, int column)
{
    const char *table = reader->type->table;
    const char *name = reader->type->columns[column].name;
    if (reader->status == QUARRY_OK)
        reader->status =
            quarry_fail(reader->db, QUARRY_NO_MEMORY, table, name,
                        "memory ran out while %s.%s was being read", table, name);
}

APART static void wrong_kind(quarry_reader *reader, int column, const char *what)
{
    if (sqlite3_value_type(value_at(reader, column)) == SQLITE_NULL)
        what = "in a column that is NOT NULL";
    quarry_mismatch(reader, column, what);
}

bool quarry_read_is_null(quarry_reader *reader, int column)
{
    return sqlite3_value_type(value_at(reader, column)) == SQLITE_NULL;
}

/* ---- numbers ------------------------------------------------------------------- */

int64_t quarry_read_int64(quarry_reader *reader, int column)
{
    sqlite3_value *value = value_at(reader, column);
    if (sqlite3_value_type(value) == SQLITE_INTEGER)
        return sqlite3_value_int64(value);
    wrong_kind(reader, column, "is no integer");
    return 0;
}

int32_t quarry_read_int32(quarry_reader *reader, int column)
{
    int64_t value = quarry_read_int64(reader, column);
    if (value >= INT32_MIN && value <= INT32_MAX)
        return (int32_t)value;
    quarry_mismatch(reader, column, "does not fit into 32 bits");
    return 0;
}

bool quarry_read_bool(quarry_reader *reader, int column)
{
    int64_t value = quarry_read_int64(reader, column);
    if (value == 0 || value == 1)
        return value == 1;
    quarry_mismatch(reader, column, "is neither 0 nor 1");
    return false;
}

double quarry_read_double(quarry_reader *reader, int column)
{
    sqlite3_value *value = value_at(reader, column);
    int kind = sqlite3_value_type(value);
    if (kind == SQLITE_FLOAT || kind == SQLITE_INTEGER)
        return sqlite3_value_double(value);
    wrong_kind(reader, column, "is no number");
    return 0;
}

quarry_opt_int64 quarry_read_opt_int64(quarry_reader *reader, int column)
{
    quarry_opt_int64 result = {.has = false};
    if (!quarry_read_is_null(reader, column)) {
        result.value = quarry_read_int64(reader, column);
        result.has = true;
    }
    return result;
}

quarry_opt_int32 quarry_read_opt_int32(quarry_reader *reader, int column)
{
    quarry_opt_int32 result = {.has = false};
    if (!quarry_read_is_null(reader, column)) {
        result.value = quarry_read_int32(reader, column);
        result.has = true;
    }
    return result;
}

quarry_opt_bool quarry_read_opt_bool(quarry_reader *reader, int column)
{
    quarry_opt_bool result = {.has = false};
    if (!quarry_read_is_null(reader, column)) {
        result.value = quarry_read_bool(reader, column);
        result.has = true;
    }
    return result;
}

quarry_opt_double quarry_read_opt_double(quarry_reader *reader, int column)
{
    quarry_opt_double result = {.has = false};
    if (!quarry_read_is_null(reader, column)) {
        result.value = quarry_read_double(reader, column);
        result.has = true;
    }
    return result;
}

/* ---- times --------------------------------------------------------------------- */

quarry_timestamp quarry_read_time_seconds(quarry_reader *reader, int column)
{
    int64_t seconds = quarry_read_int64(reader, column);
    if (seconds >= INT64_MIN / 1000 && seconds <= INT64_MAX / 1000)
        return seconds * 1000;
    quarry_mismatch(reader, column, "is too far away for a time in seconds");
    return 0;
}

quarry_timestamp quarry_read_time_text(quarry_reader *reader, int column)
{
    quarry_timestamp time = 0;
    const char *text = quarry_peek_text(reader, column);
    if (reader->status == QUARRY_OK && !quarry_timestamp_parse(text, &time))
        quarry_mismatch(reader, column, "is no time in ISO 8601");
    return time;
}

quarry_opt_int64 quarry_read_opt_time_seconds(quarry_reader *reader, int column)
{
    quarry_opt_int64 result = {.has = false};
    if (!quarry_read_is_null(reader, column)) {
        result.value = quarry_read_time_seconds(reader, column);
        result.has = true;
    }
    return result;
}

quarry_opt_int64 quarry_read_opt_time_text(quarry_reader *reader, int column)
{
    quarry_opt_int64 result = {.has = false};
    if (!quarry_read_is_null(reader, column)) {
        result.value = quarry_read_time_text(reader, column);
        result.has = true;
    }
    return result;
}

/* ---- texts and blobs ----------------------------------------------------------- */

/* Room for bytes that need no alignment; the usual case without a call. */
static char *allocate_bytes(quarry_arena *arena, size_t size)
{
    char *memory = arena->next;
    if (memory == NULL || size > (size_t)(arena->end - memory))
        return quarry_arena_allocate_text(arena, size);
    arena->next = memory + size;
    return memory;
}

/* A byte of 0 or above 0x7F sets the highest bit of some byte here. */
static inline uint64_t special_bits(uint64_t word)
{
    return ((word - UINT64_C(0x0101010101010101)) | word) & UINT64_C(0x8080808080808080);
}

/* True for ASCII without NUL, which is what most texts are. The last words overlap. */
static inline bool is_plain(const char *text, size_t size)
{
    const char *end = text + size;
    uint64_t special = 0;
    if (size < sizeof special)
        return special_bits(quarry_short_word(text, size)) == 0;
    for (; end - text > 32; text += 32)
        special |= special_bits(quarry_word_at(text)) |
                   special_bits(quarry_word_at(text + 8)) |
                   special_bits(quarry_word_at(text + 16)) |
                   special_bits(quarry_word_at(text + 24));
    for (; end - text > 8; text += 8)
        special |= special_bits(quarry_word_at(text));
    return (special | special_bits(quarry_word_at(end - 8))) == 0;
}

/* SQLite's own copy of a text, its size without the NUL in *size; NULL after an error. */
static const char *borrow_text(quarry_reader *reader, int column, size_t *size)
{
    sqlite3_value *value = value_at(reader, column);
    if (sqlite3_value_type(value) != SQLITE_TEXT) {
        wrong_kind(reader, column, "is no text");
        return NULL;
    }
    /* The text first: asking for the size before would be for another encoding. */
    const char *text = (const char *)sqlite3_value_text(value);
    if (text == NULL)
        no_memory(reader, column);
    else
        *size = (size_t)sqlite3_value_bytes(value);
    return text;
}

/* SQLite stores what it is given as text, also what is none. */
APART static bool look_closer(quarry_reader *reader, int column, const char *text,
                              size_t size)
{
    size_t length;
    if (memchr(text, '\0', size) != NULL)
        quarry_mismatch(reader, column, "is a text with a NUL inside");
    else if (!quarry_utf8_measure(text, size, &length))
        quarry_mismatch(reader, column, "is not valid UTF-8");
    else
        return true;
    return false;
}

static inline bool check_text(quarry_reader *reader, int column, const char *text,
                              size_t size)
{
    return is_plain(text, size) || look_closer(reader, column, text, size);
}

const char *quarry_peek_text(quarry_reader *reader, int column)
{
    size_t size;
    const char *text = borrow_text(reader, column, &size);
    return text != NULL && check_text(reader, column, text, size) ? text : "";
}

/* With the NUL that SQLite has put behind it; NULL: out of memory. */
static inline const char *copy_text(quarry_reader *reader, int column, const char *text,
                                    size_t size)
{
    char *copy = allocate_bytes(reader->arena, size + 1);
    if (copy != NULL)
        return memcpy(copy, text, size + 1);
    no_memory(reader, column);
    return NULL;
}

/* What equals a text that was checked need not be. */
APART static const char *share_text(quarry_reader *reader, int column, const char *text,
                                    size_t size)
{
    quarry_known_text *known = quarry_texts_find(reader->texts, text, size);
    if (known != NULL && known->text != NULL)
        return known->text;
    if (!check_text(reader, column, text, size))
        return "";
    text = copy_text(reader, column, text, size);
    if (text != NULL && known != NULL)
        *known = (quarry_known_text){text, size};
    return text != NULL ? text : "";
}

const char *quarry_read_text(quarry_reader *reader, int column)
{
    size_t size;
    const char *text = borrow_text(reader, column, &size);
    if (text == NULL)
        return "";
    if (reader->texts != NULL)
        return share_text(reader, column, text, size);
    if (!check_text(reader, column, text, size))
        return "";
    if (reader->arena == NULL)
        return text;
    text = copy_text(reader, column, text, size);
    return text != NULL ? text : "";
}

const char *quarry_read_opt_text(quarry_reader *reader, int column)
{
    return quarry_read_is_null(reader, column) ? NULL : quarry_read_text(reader, column);
}

quarry_blob quarry_read_blob(quarry_reader *reader, int column)
{
    const quarry_blob empty = {"", 0};
    sqlite3_value *value = value_at(reader, column);
    if (sqlite3_value_type(value) != SQLITE_BLOB) {
        wrong_kind(reader, column, "is no blob");
        return empty;
    }
    const void *data = sqlite3_value_blob(value);
    quarry_blob blob = {data, (size_t)sqlite3_value_bytes(value)};
    if (blob.size == 0)
        return empty; /* for which SQLite gives NULL */
    if (data != NULL && reader->arena == NULL)
        return blob;
    blob.data = data != NULL ? allocate_bytes(reader->arena, blob.size) : NULL;
    if (blob.data == NULL) {
        no_memory(reader, column);
        return empty;
    }
    memcpy((void *)blob.data, data, blob.size);
    return blob;
}

quarry_blob quarry_read_opt_blob(quarry_reader *reader, int column)
{
    if (quarry_read_is_null(reader, column))
        return (quarry_blob){NULL, 0};
    return quarry_read_blob(reader, column);
}

/* ---- UUIDs and labels ---------------------------------------------------------- */

quarry_uuid quarry_read_uuid(quarry_reader *reader, int column)
{
    quarry_uuid uuid = {{0}};
    const char *text = quarry_peek_text(reader, column);
    if (reader->status == QUARRY_OK && !quarry_uuid_parse(text, &uuid))
        quarry_mismatch(reader, column, "is no UUID");
    return uuid;
}

quarry_opt_uuid quarry_read_opt_uuid(quarry_reader *reader, int column)
{
    quarry_opt_uuid result = {.has = false};
    if (!quarry_read_is_null(reader, column)) {
        result.value = quarry_read_uuid(reader, column);
        result.has = true;
    }
    return result;
}

quarry_labels quarry_read_labels(quarry_reader *reader, int column)
{
    size_t size;
    quarry_labels labels = {NULL, 0};
    quarry_arena *arena = reader->arena;
    const char *text = borrow_text(reader, column, &size);
    if (text == NULL || !check_text(reader, column, text, size))
        return labels;
    quarry_status status = arena == NULL
                               ? QUARRY_NO_MEMORY
                               : quarry_labels_parse(text, size, arena, &labels);
    if (status == QUARRY_NO_MEMORY)
        no_memory(reader, column);
    else if (status != QUARRY_OK)
        quarry_mismatch(reader, column, "is no JSON object of strings, each key once");
    return labels;
}

quarry_opt_labels quarry_read_opt_labels(quarry_reader *reader, int column)
{
    quarry_opt_labels result = {.has = false};
    if (!quarry_read_is_null(reader, column)) {
        result.value = quarry_read_labels(reader, column);
        result.has = true;
    }
    return result;
}

/* ---- a row --------------------------------------------------------------------- */

size_t quarry_row_bytes(sqlite3_value **values, const quarry_row_type *type)
{
    size_t total = type->inside;
    for (int i = 0; i < type->column_count; i++) {
        if (type->columns[i].fixed)
            continue;
        int kind = sqlite3_value_type(values[i]);
        if (kind != SQLITE_TEXT && kind != SQLITE_BLOB)
            continue;
        size_t size = (size_t)sqlite3_value_bytes(values[i]);
        total += type->columns[i].labels ? quarry_labels_bytes(size) : size + 1;
    }
    return total;
}

/* ---- rows inside rows ---------------------------------------------------------- */

void quarry_read_into(quarry_reader *reader, int first, const quarry_row_type *type,
                      void *row)
{
    quarry_reader inner = *reader;
    inner.values += first;
    inner.type = type;
    type->read(&inner, row);
    reader->status = inner.status;
}

void *quarry_read_row(quarry_reader *reader, int first, const quarry_row_type *type)
{
    void *row = quarry_arena_allocate(reader->arena, type->size);
    if (row == NULL) {
        no_memory(reader, first);
        return NULL;
    }
    quarry_read_into(reader, first, type, row);
    return row;
}
