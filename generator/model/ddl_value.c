/*
 * ddl_value.c: values as SQL writes them, the same in every locale; see ddl.h. It must not
 * know what they are for.
 */
#include "ddl.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_real(double value, struct buf *out)
{
    char text[40];

    snprintf(text, sizeof text, "%.15g", value);
    if (strtod(text, NULL) != value)
        snprintf(text, sizeof text, "%.17g", value);
    if (!isfinite(value)) {
        buf_adds(out, value > 0 ? "9e999" : value < 0 ? "-9e999" : "NULL");
        return;
    }
    for (char *c = text; *c != '\0'; c++)
        if (strchr("+-0123456789eE", *c) == NULL)
            *c = '.'; /* a locale's decimal comma */
    buf_adds(out, text);
    if (strpbrk(text, ".eE") == NULL)
        buf_adds(out, ".0");
}

static void add_text(const char *text, size_t length, struct buf *out)
{
    buf_addc(out, '\'');
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\'')
            buf_addc(out, '\'');
        buf_addc(out, text[i]);
    }
    buf_addc(out, '\'');
}

static void add_blob(const char *bytes, size_t length, struct buf *out)
{
    static const char digits[] = "0123456789abcdef";

    buf_adds(out, "x'");
    for (size_t i = 0; i < length; i++) {
        buf_addc(out, digits[(unsigned char)bytes[i] >> 4]);
        buf_addc(out, digits[(unsigned char)bytes[i] & 15]);
    }
    buf_addc(out, '\'');
}

void ddl_literal(const struct literal *literal, struct buf *out)
{
    switch (literal->kind) {
    case LITERAL_INTEGER: buf_addf(out, "%lld", (long long)literal->integer); break;
    case LITERAL_REAL: add_real(literal->real, out); break;
    case LITERAL_TEXT: add_text(literal->text, literal->length, out); break;
    case LITERAL_BLOB: add_blob(literal->text, literal->length, out); break;
    case LITERAL_NULL:
    case LITERAL_NOW:
    case LITERAL_RANDOM: buf_adds(out, "NULL"); break;
    }
}

static const char *now_sql(const struct column *column, const struct schema *schema)
{
    if (column->storage == STORE_TEXT)
        return "(strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))";
    if (schema->options.timestamp == TIME_UNIX)
        return "(CAST(strftime('%s', 'now') AS INTEGER))";
    return "(CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER))";
}

/* A UUID of version 4: the bits that RFC 9562 fixes are the 4 and the 8, 9, a or b. */
static const char random_uuid[] =
    "(lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || "
    "substr(hex(randomblob(2)), 2) || '-' || substr('89ab', (random() & 3) + 1, 1) || "
    "substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))))";

void ddl_value(const struct column *column, const struct literal *literal,
               const struct schema *schema, struct buf *out)
{
    if (literal->kind == LITERAL_NOW)
        buf_adds(out, now_sql(column, schema));
    else if (literal->kind == LITERAL_RANDOM)
        buf_adds(out, random_uuid);
    else
        ddl_literal(literal, out);
}
