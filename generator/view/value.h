/*
 * value.h: the view, a tree of strings, flags, lists and objects and nothing else. It is
 * what templates see and what `quarry view` prints. It must not know the model.
 *
 * Objects of one kind share a `shape`, the static list of their field names, so that a
 * thousand tables cost a thousand arrays of values and no names. Field names are looked
 * up as symbols, which are made once per name (value_symbol). All functions here may be
 * called by several threads at once.
 */
#ifndef VALUE_H
#define VALUE_H

#include "../base/arena.h"
#include "../base/buf.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

enum value_kind {
    VALUE_ABSENT, /* an optional text that isn't there: false for a section, "" as text */
    VALUE_TEXT,
    VALUE_FLAG,
    VALUE_LIST,
    VALUE_OBJECT
};

struct value {
    enum value_kind kind;
    unsigned length; /* of a text: up to its first NUL */
    union {
        const char *text; /* NUL-terminated, borrowed from an arena */
        bool flag;
        const struct list *list;
        const struct object *object;
    };
};

struct list {
    const struct value *items;
    size_t count;
};

/*
 * `names` are the fields in the order of `fields`; it ends with NULL; all differ. The
 * rest is filled by value_shape_ready(): `struct shape table_shape = {.names =
 * table_names}`.
 */
struct shape {
    const char *const *names;
    unsigned *symbols; /* of the names */
    size_t count;
    unsigned slot_count; /* symbols from here on are not in the shape */
    /* By symbol: the field's index + 1, or 0. Set last: who sees it sees the rest. */
    const unsigned short *_Atomic slots;
};

/*
 * `base`: what is not found among the fields is looked up there: an item of a list adds
 * `comma` or `last` to a column that several lists share.
 */
struct object {
    struct shape *shape;
    const struct object *base; /* or NULL */
    const struct value *fields;
};

/* A name's number, the same for the whole run; 0 is no symbol. Names are borrowed. */
unsigned value_symbol(const char *name);
const char *value_symbol_name(unsigned symbol);

/* The number of a name that has one, else 0; the name needs not outlive the call. */
unsigned value_symbol_find(const char *name);

/*
 * Fills what follows from the names. Lookups do it for a shape that isn't ready, so
 * calling it is never needed; but `count` is 0 before.
 */
void value_shape_ready(struct shape *shape);

/* The field, or NULL where neither the object nor its base has such a field. Templates
 * look up all they write with it. */
static inline const struct value *value_field(const struct object *object,
                                              unsigned symbol)
{
    for (; object != NULL; object = object->base) {
        struct shape *shape = object->shape;
        const unsigned short *slots =
            atomic_load_explicit(&shape->slots, memory_order_acquire);

        if (slots == NULL) {
            value_shape_ready(shape);
            slots = atomic_load_explicit(&shape->slots, memory_order_acquire);
        }
        if (symbol < shape->slot_count && slots[symbol] != 0)
            return &object->fields[slots[symbol] - 1];
    }
    return NULL;
}

/* False, "", absent and the empty list are false; everything else is true. */
static inline bool value_is_true(const struct value *value)
{
    switch (value->kind) {
    case VALUE_ABSENT: return false;
    case VALUE_TEXT: return value->length > 0;
    case VALUE_FLAG: return value->flag;
    case VALUE_LIST: return value->list->count > 0;
    case VALUE_OBJECT: break;
    }
    return true;
}

/* "text", "a flag", "a list", "an object", "nothing": for messages. */
const char *value_kind_name(const struct value *value);

/*
 * Pretty-printed JSON, fields of the base first (unless the object has them too), two
 * spaces of indent, no newline at the end. Absent is null; bytes that are no UTF-8 become
 * U+FFFD.
 */
void value_json(const struct value *value, struct buf *out);

/* Values as expressions. */
static inline struct value value_absent(void)
{
    return (struct value){.kind = VALUE_ABSENT};
}

static inline struct value value_text(const char *text) /* NULL: absent */
{
    return text == NULL ? value_absent()
                        : (struct value){.kind = VALUE_TEXT,
                                         .length = (unsigned)strlen(text),
                                         .text = text};
}

static inline struct value value_flag(bool flag)
{
    return (struct value){.kind = VALUE_FLAG, .flag = flag};
}

static inline struct value value_object(const struct object *object) /* NULL: absent */
{
    return object == NULL ? value_absent()
                          : (struct value){.kind = VALUE_OBJECT, .object = object};
}

/* A list of `items`, which are borrowed. */
static inline struct value value_list(struct arena *arena, const struct value *items,
                                      size_t count)
{
    struct list *list = ARENA_NEW(arena, struct list);

    *list = (struct list){items, count};
    return (struct value){.kind = VALUE_LIST, .list = list};
}

/* An object on `base` (or NULL) whose `fields` are borrowed. */
static inline struct value value_new(struct arena *arena, struct shape *shape,
                                     const struct object *base,
                                     const struct value *fields)
{
    struct object *object = ARENA_NEW(arena, struct object);

    *object = (struct object){shape, base, fields};
    return value_object(object);
}

/* The same with a copy of `fields`. */
struct value value_copy(struct arena *arena, struct shape *shape,
                        const struct object *base, const struct value *fields,
                        size_t count);

#endif
