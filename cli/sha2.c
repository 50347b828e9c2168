#include "sha2.h"

#include <string.h>

/* FIPS 180-4, 4.2.3 and 5.3.5: the first bits of the fractional parts of the cube roots of 80
   primes, and of the square roots of the first eight. SHA-256 has the upper halves of the first 64,
   and of all eight. */
static const uint64_t K[80] = {
    0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc,
    0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
    0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
    0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694,
    0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
    0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
    0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4,
    0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70,
    0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
    0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
    0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30,
    0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
    0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8,
    0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
    0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
    0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b,
    0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178,
    0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
    0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c,
    0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
}, H[8] = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
};

static uint64_t turn(uint64_t x, unsigned n, bool wide)
{
    uint32_t low = (uint32_t)x;
    return wide ? x >> n | x << (64 - n) : low >> n | (uint32_t)(low << (32 - n));
}

/* 4.1.2 and 4.1.3: by how much a word is turned for SHA-256, and for SHA-512. The upper halves of
   SHA-256's words are what they overflowed by: nothing asks for them. */
#define TURN(x, n, of_512) turn(x, wide ? (of_512) : (n), wide)
#define SHIFT(x, n, of_512) (wide ? (x) >> (of_512) : (uint32_t)(x) >> (n))

#if defined(__GNUC__)
__attribute__((always_inline)) /* so that each of the two has code of its own: twice as fast */
#endif
static inline void mix_as(struct sha2 *s, const unsigned char *p, bool wide)
{
    size_t size = wide ? 8 : 4, rounds = wide ? 80 : 64;
    uint64_t w[80] = {0};
    for (size_t i = 0; i < 16 * size; i++)
        w[i / size] = w[i / size] << 8 | p[i];
    for (size_t i = 16; i < rounds; i++) {
        uint64_t x = w[i - 15], y = w[i - 2];
        w[i] = w[i - 16] + (TURN(x, 7, 1) ^ TURN(x, 18, 8) ^ SHIFT(x, 3, 7))
             + w[i - 7] + (TURN(y, 17, 19) ^ TURN(y, 19, 61) ^ SHIFT(y, 10, 6));
    }
    uint64_t a = s->h[0], b = s->h[1], c = s->h[2], d = s->h[3];
    uint64_t e = s->h[4], f = s->h[5], g = s->h[6], h = s->h[7];
    for (size_t i = 0; i < rounds; i++) {
        uint64_t t1 = h + (TURN(e, 6, 14) ^ TURN(e, 11, 18) ^ TURN(e, 25, 41))
                    + ((e & f) ^ (~e & g)) + (wide ? K[i] : K[i] >> 32) + w[i];
        uint64_t t2 = (TURN(a, 2, 28) ^ TURN(a, 13, 34) ^ TURN(a, 22, 39))
                    + ((a & b) ^ (a & c) ^ (b & c));
        h = g, g = f, f = e, e = d + t1;
        d = c, c = b, b = a, a = t1 + t2;
    }
    s->h[0] += a, s->h[1] += b, s->h[2] += c, s->h[3] += d;
    s->h[4] += e, s->h[5] += f, s->h[6] += g, s->h[7] += h;
}

static void mix(struct sha2 *s, const unsigned char *p)
{
    if (s->wide)
        mix_as(s, p, true);
    else
        mix_as(s, p, false);
}

void sha2_init(struct sha2 *s, bool wide)
{
    memset(s, 0, sizeof *s);
    s->wide = wide;
    for (size_t i = 0; i < 8; i++)
        s->h[i] = wide ? H[i] : H[i] >> 32;
}

static size_t block_size(const struct sha2 *s)
{
    return s->wide ? 128 : 64;
}

void sha2_add(struct sha2 *s, const void *data, size_t n)
{
    const unsigned char *p = data;
    size_t size = block_size(s), used = s->len % size;
    s->len += n;
    if (used) {
        size_t take = n < size - used ? n : size - used;
        memcpy(s->block + used, p, take);
        p += take;
        n -= take;
        if (used + take < size)
            return;
        mix(s, s->block);
    }
    for (; n >= size; p += size, n -= size)
        mix(s, p);
    if (n)
        memcpy(s->block, p, n);
}

/* The length's own field is 8 or 16 bytes; no text is so long that its upper half is used. */
static void end(struct sha2 *s, unsigned char out[64])
{
    static const unsigned char pad[136] = {0x80};
    unsigned char bits[8];
    size_t size = block_size(s), used = s->len % size, room = size - size / 8, word = size / 16;
    for (size_t i = 0; i < 8; i++)
        bits[i] = (unsigned char)(s->len * 8 >> (56 - 8 * i));
    sha2_add(s, pad, (used < room ? size : 2 * size) - used - 8);
    sha2_add(s, bits, 8);
    for (size_t i = 0; i < 8 * word; i++)
        out[i] = (unsigned char)(s->h[i / word] >> (8 * (word - 1 - i % word)));
}

void sha2_hex(struct sha2 *s, char out[65])
{
    unsigned char d[64];
    end(s, d);
    for (size_t i = 0; i < 32; i++) {
        out[2 * i] = "0123456789abcdef"[d[i] >> 4];
        out[2 * i + 1] = "0123456789abcdef"[d[i] & 15];
    }
    out[64] = 0;
}

void sha2_base64(struct sha2 *s, char out[89])
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned char d[66] = {0};
    end(s, d);
    for (size_t i = 0; i < 88; i++) {
        unsigned three = (unsigned)(d[i / 4 * 3] << 16 | d[i / 4 * 3 + 1] << 8 | d[i / 4 * 3 + 2]);
        out[i] = i < 86 ? digits[three >> (18 - 6 * (i % 4)) & 63] : '=';
    }
    out[88] = 0;
}
