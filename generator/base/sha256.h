/*
 * sha256.h: SHA-256 as FIPS 180-4 defines it. It must not know what is hashed.
 */
#ifndef SHA256_H
#define SHA256_H

#include <stddef.h>

enum {
    SHA256_HEX = 65 /* 64 digits and a NUL */
};

/* The hash of `length` bytes as lower case hexadecimal digits. */
void sha256_hex(const void *data, size_t length, char hex[SHA256_HEX]);

#endif
