/* sha256.h - SHA-256 as FIPS 180-4 defines it, for file and artifact digests */
#ifndef RELVER_SHA256_H
#define RELVER_SHA256_H

#include <stddef.h>
#include <stdint.h>

struct sha256 {
    uint32_t h[8];
    uint64_t len; /* bytes so far */
    unsigned char block[64];
};

void sha256_init(struct sha256 *s);
void sha256_add(struct sha256 *s, const void *p, size_t n);

/* The digest as 64 lower-case hex digits and a NUL; the context is used up. */
void sha256_hex(struct sha256 *s, char out[65]);

#endif
