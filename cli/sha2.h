/* sha2.h - SHA-256 and SHA-512 as FIPS 180-4 defines them, for file and artifact digests */
#ifndef RELVER_SHA2_H
#define RELVER_SHA2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sha2 {
    uint64_t h[8];
    uint64_t len; /* bytes so far */
    unsigned char block[128];
    bool wide; /* SHA-512 */
};

void sha2_init(struct sha2 *s, bool wide);
void sha2_add(struct sha2 *s, const void *p, size_t n);

/* The digest of SHA-256 as 64 lower-case hex digits, of SHA-512 in base64, and a NUL; the context
   is used up. */
void sha2_hex(struct sha2 *s, char out[65]);
void sha2_base64(struct sha2 *s, char out[89]);

#endif
