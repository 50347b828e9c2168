/* block.h - what tests of bytes share: exact-size copies, and random numbers that are the same at
   every run. */
#ifndef BLOCK_H
#define BLOCK_H

#include "../relver.h"
#include "check.h"
#include <stdint.h>
#include <stdlib.h>

/* A copy without a spare byte, so that a sanitizer sees a read past either end. */
UNUSED static relver_str block(relver_str s)
{
    char *copy = malloc(s.len > 0 ? s.len : 1);
    if (copy == NULL)
        exit(2);
    if (s.len > 0)
        memcpy(copy, s.ptr, s.len);
    return relver_sn(copy, s.len);
}

UNUSED static void drop(relver_str s)
{
    free((void *)(uintptr_t)s.ptr);
}

/* Whether a view is absent or lies inside doc. */
UNUSED static bool inside(relver_str doc, relver_str s)
{
    return s.ptr == NULL || (s.ptr >= doc.ptr && s.len <= (size_t)(doc.ptr + doc.len - s.ptr));
}

/* 0 .. below - 1 */
UNUSED static size_t roll(size_t below)
{
    static uint64_t state = 20261121;
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(state >> 33) % below;
}

#endif
