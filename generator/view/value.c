/*
 * value.c: see value.h. Symbols are small numbers in the order in which names appear, so
 * a shape finds a field by indexing an array of its own with the symbol. The symbols are
 * the program's one global table: shapes are static, and so is what they are made of. The
 * lock is for making; who only looks fields up takes none.
 */
#include "value.h"

#include "../base/map.h"
#include "../base/utf8.h"

#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
    struct arena arena;
    struct map by_name; /* to the symbol, as a pointer */
    VEC(const char *) names;
} symbols;

static unsigned find(const char *name)
{
    return (unsigned)(uintptr_t)map_get(&symbols.by_name, name);
}

static unsigned find_or_make(const char *name)
{
    unsigned symbol = find(name);

    if (symbol != 0)
        return symbol;
    *VEC_ADD(&symbols.arena, &symbols.names) = name;
    symbol = (unsigned)symbols.names.count;
    map_put(&symbols.arena, &symbols.by_name, name, (void *)(uintptr_t)symbol);
    return symbol;
}

unsigned value_symbol_find(const char *name)
{
    unsigned symbol;

    pthread_mutex_lock(&lock);
    symbol = find(name);
    pthread_mutex_unlock(&lock);
    return symbol;
}

unsigned value_symbol(const char *name)
{
    unsigned symbol;

    pthread_mutex_lock(&lock);
    symbol = find_or_make(name);
    pthread_mutex_unlock(&lock);
    return symbol;
}

const char *value_symbol_name(unsigned symbol)
{
    const char *name = "";

    pthread_mutex_lock(&lock);
    if (symbol != 0 && symbol <= symbols.names.count)
        name = symbols.names.items[symbol - 1];
    pthread_mutex_unlock(&lock);
    return name;
}

/* A shape has more fields than a slot can number only by a mistake in the generator. */
static size_t count_names(const struct shape *shape)
{
    size_t count = 0;

    while (shape->names[count] != NULL)
        count++;
    if (count >= USHRT_MAX)
        abort();
    return count;
}

static const unsigned short *ready_slots(const struct shape *shape)
{
    return atomic_load_explicit(&shape->slots, memory_order_acquire);
}

static void make_ready(struct shape *shape)
{
    unsigned short *slots;
    unsigned largest = 0;
    size_t i;

    shape->count = count_names(shape);
    shape->symbols = ARENA_ARRAY(&symbols.arena, unsigned, shape->count);
    for (i = 0; i < shape->count; i++) {
        shape->symbols[i] = find_or_make(shape->names[i]);
        if (shape->symbols[i] > largest)
            largest = shape->symbols[i];
    }
    slots = ARENA_ARRAY(&symbols.arena, unsigned short, (size_t)largest + 1);
    for (i = shape->count; i > 0; i--)
        slots[shape->symbols[i - 1]] = (unsigned short)i;
    shape->slot_count = largest + 1;
    atomic_store_explicit(&shape->slots, slots, memory_order_release);
}

void value_shape_ready(struct shape *shape)
{
    if (ready_slots(shape) != NULL)
        return;
    pthread_mutex_lock(&lock);
    if (ready_slots(shape) == NULL)
        make_ready(shape);
    pthread_mutex_unlock(&lock);
}

const char *value_kind_name(const struct value *value)
{
    static const char *const names[] = {
        [VALUE_ABSENT] = "nothing", [VALUE_TEXT] = "text",        [VALUE_FLAG] = "a flag",
        [VALUE_LIST] = "a list",    [VALUE_OBJECT] = "an object",
    };

    return names[value->kind];
}

static void json_escape(struct buf *out, unsigned char c)
{
    static const char plain[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    const char *at = strchr(plain, c);

    if (at != NULL) {
        buf_addc(out, '\\');
        buf_addc(out, letters[at - plain]);
    } else {
        buf_addf(out, "\\u%04x", (unsigned)c);
    }
}

static void json_text(struct buf *out, const char *text)
{
    const char *end = text + strlen(text);

    buf_addc(out, '"');
    while (text < end) {
        unsigned code = 0;
        size_t width = utf8_decode(text, (size_t)(end - text), &code);

        if (width == 0)
            buf_adds(out, "\\ufffd");
        else if (code < 0x20 || code == '"' || code == '\\' || code == 0x7F)
            json_escape(out, (unsigned char)code);
        else
            buf_add(out, text, width);
        text += width == 0 ? 1 : width;
    }
    buf_addc(out, '"');
}

static void json_line(struct buf *out, size_t depth)
{
    buf_addc(out, '\n');
    buf_repeat(out, ' ', depth * 2);
}

static void json_value(const struct value *value, struct buf *out, size_t depth);

static void json_list(const struct list *list, struct buf *out, size_t depth)
{
    size_t i;

    buf_addc(out, '[');
    for (i = 0; i < list->count; i++) {
        if (i > 0)
            buf_addc(out, ',');
        json_line(out, depth + 1);
        json_value(&list->items[i], out, depth + 1);
    }
    if (list->count > 0)
        json_line(out, depth);
    buf_addc(out, ']');
}

/* The fields of `part`, which is `object` or a base of it, as far as `object` shows them.
 */
static size_t json_fields(const struct object *object, const struct object *part,
                          struct buf *out, size_t depth)
{
    size_t written = part->base == NULL ? 0 : json_fields(object, part->base, out, depth),
           i;

    value_shape_ready(part->shape);
    for (i = 0; i < part->shape->count; i++) {
        if (value_field(object, part->shape->symbols[i]) != &part->fields[i])
            continue;
        if (written++ > 0)
            buf_addc(out, ',');
        json_line(out, depth + 1);
        json_text(out, part->shape->names[i]);
        buf_adds(out, ": ");
        json_value(&part->fields[i], out, depth + 1);
    }
    return written;
}

static void json_object(const struct object *object, struct buf *out, size_t depth)
{
    buf_addc(out, '{');
    if (json_fields(object, object, out, depth) > 0)
        json_line(out, depth);
    buf_addc(out, '}');
}

static void json_value(const struct value *value, struct buf *out, size_t depth)
{
    switch (value->kind) {
    case VALUE_ABSENT: buf_adds(out, "null"); break;
    case VALUE_TEXT: json_text(out, value->text); break;
    case VALUE_FLAG: buf_adds(out, value->flag ? "true" : "false"); break;
    case VALUE_LIST: json_list(value->list, out, depth); break;
    case VALUE_OBJECT: json_object(value->object, out, depth); break;
    }
}

void value_json(const struct value *value, struct buf *out)
{
    json_value(value, out, 0);
}

struct value value_copy(struct arena *arena, struct shape *shape,
                        const struct object *base, const struct value *fields,
                        size_t count)
{
    struct value *kept = ARENA_ARRAY(arena, struct value, count);

    memcpy(kept, fields, count * sizeof *fields);
    return value_new(arena, shape, base, kept);
}
