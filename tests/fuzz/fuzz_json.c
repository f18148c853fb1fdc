/*
 * fuzz_json.c: a libFuzzer target for the JSON of the runtime. The judge of the validator
 * is SQLite's json_valid(); labels that were read must be the same when they were written
 * and read again. Links with json.c, value.c, memory.c and SQLite, and nothing else.
 */
#include "../../runtime/internal.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static bool sqlite_says_valid(const char *text)
{
    static sqlite3_stmt *stmt;
    static sqlite3 *db;
    if (stmt == NULL) {
        demand(sqlite3_open(":memory:", &db) == SQLITE_OK);
        demand(sqlite3_prepare_v2(db, "SELECT json_valid(?1)", -1, &stmt, NULL) ==
               SQLITE_OK);
    }
    sqlite3_bind_text(stmt, 1, text, -1, SQLITE_STATIC);
    demand(sqlite3_step(stmt) == SQLITE_ROW);
    bool valid = sqlite3_column_int(stmt, 0) == 1;
    sqlite3_reset(stmt);
    return valid;
}

/* SQLite 3.40 takes {{"a":"b"}:1} for JSON: an object or array where a key belongs. */
static bool may_have_odd_key(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text != '{' && *text != ',')
            continue;
        const char *next = text + 1 + strspn(text + 1, " \t\r\n");
        if (*next == '{' || *next == '[')
            return true;
    }
    return false;
}

/* SQLite also accepts what is not UTF-8, and in 3.40 nests to 2,000. */
static void check_valid(const char *text)
{
    size_t length;
    bool ours = quarry_json_valid(text);
    bool theirs = sqlite_says_valid(text);
    if (ours)
        demand(theirs);
    else if (theirs && strlen(text) <= 1000 && !may_have_odd_key(text))
        demand(!quarry_utf8_length(text, &length));
}

static void demand_same(quarry_labels a, quarry_labels b)
{
    demand(a.count == b.count);
    for (size_t i = 0; i < a.count; i++) {
        demand(strcmp(a.items[i].key, b.items[i].key) == 0);
        demand(strcmp(a.items[i].value, b.items[i].value) == 0);
    }
}

/* The memory is as large as promised, so that the sanitizer sees where it is not enough.
 */
static void check_labels(const char *text, size_t size)
{
    quarry_arena arena, again;
    quarry_labels labels, copy;
    char *json = NULL;
    size_t json_size = 0;
    size_t room = quarry_labels_bytes(size);
    char *memory = malloc(room);
    demand(memory != NULL);
    quarry_arena_over(&arena, memory, room);
    if (quarry_labels_parse(text, size, &arena, &labels) == QUARRY_OK) {
        demand(arena.chunks == NULL);
        demand(sqlite_says_valid(text));
        demand(quarry_labels_format(labels, &json, &json_size));
        demand(json_size == strlen(json) && sqlite_says_valid(json));
        quarry_arena_over(&again, NULL, 0);
        demand(quarry_labels_parse(json, json_size, &again, &copy) == QUARRY_OK);
        demand_same(labels, copy);
        quarry_arena_release(&again);
        quarry_release(json);
    }
    quarry_arena_release(&arena);
    free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    demand(text != NULL);
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    check_valid(text);
    check_labels(text, size);
    free(text);
    return 0;
}
