/*
 * type.h: the types of the language and every fact about each, in one table indexed by
 * the kind. Nothing else in the generator switches on a type where a fact here would do.
 */
#ifndef TYPE_H
#define TYPE_H

#include <stdbool.h>

enum type_kind {
    TYPE_INTEGER,
    TYPE_INT32,
    TYPE_BOOL,
    TYPE_REAL,
    TYPE_TEXT,
    TYPE_BLOB,
    TYPE_TIMESTAMP, /* stored as options.timestamp says */
    TYPE_DATE,
    TYPE_JSON,
    TYPE_LABELS,
    TYPE_UUID,
    TYPE_ENUM, /* stored as its enumeration says */
    TYPE_KINDS
};

enum storage {
    STORE_INTEGER,
    STORE_REAL,
    STORE_TEXT,
    STORE_BLOB
};

/* What the C value of a column is; decides how it is passed, compared and made nullable.
 */
enum c_shape {
    C_NUMBER,  /* by value; nullable: {has, value} */
    C_POINTER, /* const char *; nullable: NULL */
    C_BLOB,    /* quarry_blob; nullable: data NULL */
    C_STRUCT   /* quarry_uuid, quarry_labels by value; nullable: {has, value} */
};

struct type_info {
    const char *name;       /* in the language */
    const char *c_type;     /* NULL for an enum: it has its own */
    const char *c_optional; /* of a nullable column */
    enum storage storage;   /* of an enum or timestamp: the default */
    enum c_shape shape;
    const char *access; /* suffix of quarry_bind_, quarry_read_: "int64" */
    bool has_range;     /* takes min, max */
    bool has_length;    /* takes min_length, max_length */
    bool has_pattern;   /* takes pattern */
    bool has_one_of;
    bool can_be_key; /* may stand in a key, an index or a foreign key */
    const char *doc; /* one line for the reference */
};

extern const struct type_info type_table[TYPE_KINDS];

/* The kind of a name ("text"), or TYPE_KINDS. Enums are not names of types. */
enum type_kind type_find(const char *name);

#endif
